//! One attempt: a question, redirects, an answer.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use jiff::Timestamp;
use ureq::Body;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Response, header};

use crate::address::{Address, RedactedUrl};
use crate::body::{self, Limits};
use crate::client::Client;
use crate::error::{FetchError, from_library};
use crate::partial::{Part, facts_of};
use crate::redirect::resolve;
use crate::request::{Expected, Fetched, Request, Validators};
use crate::retry::{http_date, retry_after};

/// Redirects that are followed.
const REDIRECTS: usize = 5;

/// How long a source is left alone that has enough of us and does not say for how long.
const BUSY: Duration = Duration::from_secs(30);

/// What one attempt needs.
pub(crate) struct Exchange<'a> {
    pub(crate) client: &'a Client,
    pub(crate) request: &'a Request,
    pub(crate) headers: &'a [(HeaderName, HeaderValue)],
    pub(crate) into: &'a Path,
    pub(crate) cancelled: &'a AtomicBool,
}

/// What came, before the file is in its place.
pub(crate) struct Answer {
    status: u16,
    url: RedactedUrl,
    head: Head,
    length_stated: bool,
}

/// What the head of an answer says.
struct Head {
    validators: Validators,
    date: Option<Timestamp>,
    skew_seconds: Option<i64>,
    content_type: Option<String>,
    content_encoding: Option<String>,
}

impl Exchange<'_> {
    pub(crate) fn run(
        &self,
        start: &Address,
        part: &mut Part,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Answer, FetchError> {
        let mut address = start.clone();
        let mut been = vec![address.uri.clone()];
        loop {
            let response = self.ask(start, &address, part)?;
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return self.judge(&address, response, part, progress);
            }
            let next = self.follow(&address, response.headers())?;
            if been.contains(&next.uri) {
                return Err(FetchError::RedirectLoop { url: next.shown });
            }
            if been.len() > REDIRECTS {
                return Err(FetchError::TooManyRedirects { url: start.shown.clone() });
            }
            been.push(next.uri.clone());
            address = next;
        }
    }

    fn ask(&self, start: &Address, address: &Address, part: &Part) -> Result<Response<Body>, FetchError> {
        self.client.wait_for_turn(address, self.request.pause, self.cancelled)?;
        let mut question = self.client.agent_for(address).get(&address.uri);
        // A key is for the host it was made for.
        if (address.place(), address.secure) == (start.place(), start.secure) {
            for (name, value) in self.headers {
                question = question.header(name, value);
            }
        }
        if let Some(known) = self.known() {
            if let Some(tag) = &known.etag {
                question = question.header(header::IF_NONE_MATCH, tag);
            }
            if let Some(date) = &known.last_modified {
                question = question.header(header::IF_MODIFIED_SINCE, date);
            }
        }
        if let Some((from, validator)) = part.resume() {
            question = question.header(header::RANGE, format!("bytes={from}-"));
            question = question.header(header::IF_RANGE, validator);
        }
        question.call().map_err(|error| from_library(error, &address.shown, 0))
    }

    /// Validators of a file that is not there are validators of nothing.
    fn known(&self) -> Option<&Validators> {
        let known = self.request.known.as_ref()?;
        let says_something = known.etag.is_some() || known.last_modified.is_some();
        (says_something && self.into.is_file()).then_some(known)
    }

    fn follow(&self, from: &Address, headers: &HeaderMap) -> Result<Address, FetchError> {
        let nowhere = || FetchError::RedirectUnreadable { url: from.shown.clone() };
        let location =
            headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).ok_or_else(nowhere)?;
        let url = resolve(&from.uri, location).ok_or_else(nowhere)?;
        if from.secure && !url.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:")) {
            return Err(FetchError::RedirectInsecure { url: from.shown.clone() });
        }
        Address::read(&url, &self.client.settings.clear_text_hosts)
    }

    fn judge(
        &self,
        address: &Address,
        response: Response<Body>,
        part: &mut Part,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Answer, FetchError> {
        let now = self.client.surroundings.now();
        let url = address.shown.clone();
        let status = response.status().as_u16();
        let head = Head::read(response.headers(), now);
        let asks = retry_after(text(response.headers(), "retry-after").as_deref(), now);
        let total = match status {
            200 => {
                part.restart(&head.validators)?;
                number(response.headers(), "content-length")
            }
            206 if part.resume().is_some() => match rest_of(part, &head, response.headers()) {
                Some(total) => Some(total),
                None => {
                    part.clear()?;
                    return Err(FetchError::OtherPart { url });
                }
            },
            304 if self.known().is_some() => {
                part.clear()?;
                return Ok(Answer { status, url, head: head.or(self.known()), length_stated: true });
            }
            416 if part.resume().is_some() => {
                part.clear()?;
                return Err(FetchError::OtherPart { url });
            }
            429 => return Err(FetchError::RateLimited { url, retry_after: asks }),
            _ if self.request.busy.contains(&status) => {
                let retry_after = asks.or(Some(BUSY));
                return Err(FetchError::RateLimited { url, retry_after });
            }
            _ => return Err(FetchError::Status { url, status, retry_after: asks }),
        };
        let largest = self.request.largest.unwrap_or(self.client.settings.largest);
        let limits = Limits { url: &url, largest, total, cancelled: self.cancelled };
        body::read(response.into_body(), part, &limits, progress)?;
        if self.request.expected == Expected::Data {
            body::is_data(part, &url)?;
        }
        Ok(Answer { status, url, head, length_stated: total.is_some() })
    }
}

/// The length of the whole, if this is the rest of the part: it begins where the part ends, and goes to the end.
fn rest_of(part: &Part, head: &Head, headers: &HeaderMap) -> Option<u64> {
    let range = text(headers, "content-range")?;
    let (range, total) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    let total: u64 = total.parse().ok()?;
    (first == part.length() && last.checked_add(1) == Some(total) && part.fits(&head.validators))
        .then_some(total)
}

impl Head {
    fn read(headers: &HeaderMap, now: Timestamp) -> Head {
        let date = text(headers, "date").and_then(|date| http_date(&date));
        // A cache passes on the date of the answer it keeps, and says how old that is.
        let age = number(headers, "age").and_then(|age| i64::try_from(age).ok()).unwrap_or(0);
        Head {
            validators: Validators {
                etag: text(headers, "etag"),
                last_modified: text(headers, "last-modified"),
            },
            skew_seconds: date.map(|date| date.duration_since(now).as_secs().saturating_add(age)),
            date,
            content_type: text(headers, "content-type"),
            content_encoding: text(headers, "content-encoding"),
        }
    }
}

impl Head {
    /// A 304 need not repeat what the source said about the file.
    fn or(mut self, known: Option<&Validators>) -> Head {
        if let Some(known) = known {
            let own = &mut self.validators;
            own.etag = own.etag.take().or_else(|| known.etag.clone());
            own.last_modified = own.last_modified.take().or_else(|| known.last_modified.clone());
        }
        self
    }
}

impl Answer {
    /// Puts the file in its place, or leaves the one that stands, and says what is the case now.
    pub(crate) fn keep(
        self,
        client: &Client,
        part: Part,
        into: &Path,
        failed_before: Vec<&'static str>,
    ) -> Result<Fetched, FetchError> {
        let not_modified = self.status == 304;
        let (sha256, bytes) = if not_modified {
            part.discard()?;
            facts_of(into)?
        } else {
            let bytes = part.length();
            (part.finish(into)?, bytes)
        };
        let attempts = u32::try_from(failed_before.len()).unwrap_or(u32::MAX).saturating_add(1);
        Ok(Fetched {
            status: self.status,
            final_url: self.url,
            validators: self.head.validators,
            date: self.head.date,
            skew_seconds: self.head.skew_seconds,
            content_type: self.head.content_type,
            content_encoding: self.head.content_encoding,
            sha256,
            bytes,
            length_stated: self.length_stated,
            not_modified,
            attempts,
            failed_before,
            fetched_at: client.surroundings.now(),
        })
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    text(headers, name)?.trim().parse().ok()
}
