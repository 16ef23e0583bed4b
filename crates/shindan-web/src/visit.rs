//! How a request becomes a page: cookies, language, address, the session; then the work with open records, then the answer.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, HeaderMap, HeaderName, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{Response, Uri};
use shindan_app::records::figures::CaseTimes;
use shindan_app::records::{accounts, today};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Role;
use shindan_domain::record_id::PersonId;
use shindan_report::words::{Calendar, Lang, Words};
use shindan_server::Peer;
use shindan_server::command::Session;
use shindan_server::desk::Desk;
use shindan_server::problem::Problem;

use crate::answer::Answer;
use crate::frame::{Area, Frame, Signed};
use crate::{guard, pages};

/// The cookie of the session.
pub(crate) const SESSION: &str = "shindan_session";
/// The port that an address without one means to this program, and to tests.
const PORT: u16 = 0;
/// The cookie of the language.
pub(crate) const LANGUAGE: &str = "shindan_lang";
/// The cookie of light and dark.
pub(crate) const THEME: &str = "shindan_theme";
/// Sent by htmx with every request of its own.
const HTMX: HeaderName = HeaderName::from_static("hx-request");

/// How pages are served.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether clients come by TLS: cookies are then only sent by it.
    pub secure: bool,
    /// The code by which somebody may set the server up while there are no records; `None`: nobody may, by pages.
    pub setup: Option<String>,
}

/// How cases went, as far as the ledger was read: each visit reads on from where the last one stopped.
pub(crate) type CaseHistory = Arc<Mutex<CaseTimes>>;

/// What all visits share.
#[derive(Debug, Clone)]
pub(crate) struct Web {
    pub desk: Desk,
    pub options: Options,
    pub history: CaseHistory,
    /// Long work that goes on while nobody looks.
    pub jobs: crate::jobs::Jobs,
}

/// What a request says, before anybody is known.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Path and what follows it.
    pub uri: Uri,
    /// The language of the answer.
    pub lang: Lang,
    /// `light`, `dark`, or nothing: as the system has it.
    pub theme: String,
    /// The secret of the session.
    pub session: Option<String>,
    /// The name of the cookie of the session: cookies do not tell ports of one host apart, names do.
    pub session_name: String,
    /// Whether a part of a page is asked for.
    pub htmx: bool,
    /// Whether the browser says that a page of this server asks.
    pub same_origin: bool,
    /// Whose connection it came by.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub agent: String,
    cookies: BTreeMap<String, String>,
}

impl Asked {
    pub(crate) fn of(parts: &Parts) -> Asked {
        let headers = &parts.headers;
        let cookies = cookies(headers);
        let lang = cookies.get(LANGUAGE).and_then(|lang| lang.parse().ok());
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let theme = cookies.get(THEME).filter(|theme| matches!(theme.as_str(), "light" | "dark"));
        let peer = parts.extensions.get::<Peer>().copied();
        let session_name = format!("{SESSION}_{}", peer.map_or(PORT, |peer| peer.local.port()));
        Asked {
            uri: parts.uri.clone(),
            lang: lang.unwrap_or_else(|| wanted(text(&ACCEPT_LANGUAGE))),
            theme: theme.cloned().unwrap_or_default(),
            session: cookies.get(&session_name).filter(|text| !text.is_empty()).cloned(),
            session_name,
            htmx: text(&HTMX) == Some("true"),
            same_origin: guard::same_origin(headers),
            address: peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.client.ip()),
            agent: text(&USER_AGENT).unwrap_or_default().chars().take(200).collect(),
            cookies,
        }
    }

    /// The words of the language, with days as pages have them for who is not known.
    pub(crate) fn words(&self) -> Words {
        Words::new(self.lang).dated(Calendar::Western)
    }

    /// A cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// A value of the address; of several with one name the first, empty ones do not count.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let pairs = crate::visit::pairs(self.uri.query().unwrap_or_default());
        pairs.into_iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value)
    }

    /// Path and query, as text.
    pub(crate) fn here(&self) -> String {
        self.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
    }
}

/// Japanese unless the browser wants English more.
fn wanted(accept: Option<&str>) -> Lang {
    let Some(accept) = accept else { return Lang::Ja };
    let place =
        |lang: &str| accept.split(',').position(|range| range.trim().to_ascii_lowercase().starts_with(lang));
    match (place("ja"), place("en")) {
        (None, Some(_)) => Lang::En,
        (Some(ja), Some(en)) if en < ja => Lang::En,
        _ => Lang::Ja,
    }
}

fn cookies(headers: &HeaderMap) -> BTreeMap<String, String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

/// Names and values of `a=b&c=d`, decoded.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = tail;
            let hex = |at: usize| tail.get(at).and_then(|digit| (*digit as char).to_digit(16));
            match (first, hex(0), hex(1)) {
                (b'%', Some(high), Some(low)) => {
                    bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                    rest = tail.get(2..).unwrap_or_default();
                }
                (b'+', ..) => bytes.push(b' '),
                (other, ..) => bytes.push(*other),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(n, v)| (decode(n), decode(v)))
        .collect()
}

/// A text as a part of an address.
pub(crate) fn encoded(text: &str) -> String {
    let mut coded = String::new();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' | b'~' => {
                coded.push(char::from(byte))
            }
            other => coded.push_str(&format!("%{other:02X}")),
        }
    }
    coded
}

/// A visit of a person who is known.
pub(crate) struct Visit<'v, 'r> {
    /// Records, person, call, uploads.
    pub session: &'v mut Session<'r>,
    /// What was asked for.
    pub asked: &'v Asked,
    /// Words of the language.
    pub w: Words,
    /// The token of the session for forms.
    pub csrf: String,
    /// The desk, for the data folder.
    pub desk: &'v Desk,
    /// How the person wants pages, by name (`shindan_app::records::accounts::prefer`).
    pub prefers: BTreeMap<String, String>,
}

/// What a preference is called that says how days are written.
pub(crate) const CALENDAR: &str = "calendar";
/// Its value for the years of eras.
pub(crate) const ERA: &str = "era";

impl Visit<'_, '_> {
    /// The frame of a page.
    pub(crate) fn frame(&self, area: Area, title: impl Into<String>) -> Frame {
        let who = &self.session.who;
        let person = Signed {
            name: self.session.records.name(who.person()).unwrap_or_default(),
            roles: who.roles.iter().map(|role| self.w.term(role.term())).collect::<Vec<_>>().join(", "),
        };
        let mut frame = Frame::new(self.asked, area, title.into());
        frame.person = Some(person);
        frame.w = self.w;
        frame.csrf.clone_from(&self.csrf);
        let at = shindan_report::dates::minute(self.session.call.now, &self.w);
        frame.made = self.w.get("web-zone", &[("at", (&at).into())]);
        frame.counts = self.counts();
        frame
    }

    /// What waits in the areas. A number that cannot be told is none: the page itself is not held up by it.
    fn counts(&self) -> [u64; 6] {
        let (records, who) = (&*self.session.records, &self.session.who);
        let Ok(found) = today::counts(records, who, self.session.call.now) else { return [0; 6] };
        let mut counts = [found.today.records, 0, 0, 0, 0, 0];
        counts.iter_mut().skip(1).zip(found.areas).for_each(|(count, area)| *count = area.records);
        counts
    }

    /// Whether the person has one of these roles.
    pub(crate) fn has(&self, roles: &[Role]) -> bool {
        self.session.who.roles.iter().any(|role| roles.contains(role))
    }

    /// The record that the address means.
    pub(crate) fn find(&self, kind: Kind, called: &str) -> Result<Stream, Problem> {
        self.session.find(kind, called)
    }
}

/// The address of a record's page.
pub(crate) fn address(stream: Stream) -> String {
    format!("/records/{}/{}", stream.kind, stream.id)
}

/// A key for a form: sent twice, it is done once. It need not be a secret.
pub(crate) fn once(visit: &Visit<'_, '_>) -> String {
    let now = visit.session.call.now.as_nanosecond();
    let seed = format!("{now} {} {}", visit.session.who.person(), visit.asked.here());
    format!("web-{}", Hash::of(seed.as_bytes()).to_string().get(..32).unwrap_or_default())
}

impl Web {
    /// Answers a person who is known with a page; others are shown the log-in.
    pub(crate) async fn visit(
        &self,
        parts: &Parts,
        work: impl FnOnce(&mut Visit<'_, '_>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Response<Body> {
        let asked = Asked::of(parts);
        let Some(secret) = asked.session.clone() else { return pages::login::first(&asked) };
        let (desk, of_visit) = (self.desk.clone(), asked.clone());
        let answer = self
            .desk
            .enter(secret, move |session, entered| {
                if let Some(must) = entered.must.filter(|_| !of_visit.uri.path().starts_with("/account")) {
                    return Ok(Answer::see(pages::account::first(must)));
                }
                let prefers = accounts::preferences(session.records, &session.who);
                let prefers = prefers.map_err(|error| session.problem(error))?;
                let w = match prefers.get(CALENDAR).map(String::as_str) {
                    Some(ERA) => of_visit.words().dated(Calendar::Era),
                    _ => of_visit.words(),
                };
                let csrf = entered.csrf.clone();
                work(&mut Visit { session, asked: &of_visit, w, csrf, desk: &desk, prefers })
            })
            .await;
        answered(answer, &asked)
    }

    /// Carries out a form: only if a page of this server asks, with the token of the session.
    pub(crate) async fn change(
        &self,
        request: Request,
        work: impl FnOnce(&mut Visit<'_, '_>, &Form) -> Result<Answer, Problem> + Send + 'static,
    ) -> Response<Body> {
        self.changed(request, false, work).await
    }

    /// As [`Web::change`], with a password that is looked at or chosen, for which there are few places.
    pub(crate) async fn change_by_password(
        &self,
        request: Request,
        work: impl FnOnce(&mut Visit<'_, '_>, &Form) -> Result<Answer, Problem> + Send + 'static,
    ) -> Response<Body> {
        self.changed(request, true, work).await
    }

    async fn changed(
        &self,
        request: Request,
        hashes: bool,
        work: impl FnOnce(&mut Visit<'_, '_>, &Form) -> Result<Answer, Problem> + Send + 'static,
    ) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let asked = Asked::of(&parts);
        let form = match Form::read(body).await {
            Ok(form) => form,
            Err(problem) => return answered(Err(problem), &asked),
        };
        let place = match hashes {
            true => self.desk.place_to_hash().await.map(Some),
            false => Ok(None),
        };
        let place = match place {
            Ok(place) => place,
            Err(problem) => return answered(Err(problem), &asked),
        };
        self.visit(&parts, move |visit| {
            let _until_done = place;
            if !visit.asked.same_origin || !guard::same_secret(form.text("csrf"), &visit.csrf) {
                return Err(Problem::new("form-foreign", 403));
            }
            work(visit, &form)
        })
        .await
    }
}

/// Who sends a form, before it is read.
#[derive(Debug)]
pub(crate) struct Door {
    pub person: PersonId,
    /// The session's token of forms.
    pub csrf: String,
    /// Whether they may send files.
    pub may_send: Result<(), Problem>,
}

impl Web {
    /// Who sends a form.
    ///
    /// # Errors
    /// Status 401 if nobody is logged in.
    pub(crate) async fn door(&self, asked: &Asked) -> Result<Door, Problem> {
        let secret = asked.session.clone().ok_or_else(|| Problem::new("token-missing", 401))?;
        let door = self.desk.enter(secret, |session, entered| {
            let may_send = session.before_uploads();
            Ok(Door { person: session.who.person(), csrf: entered.csrf.clone(), may_send })
        });
        door.await
    }
}

pub(crate) fn answered(answer: Result<Answer, Problem>, asked: &Asked) -> Response<Body> {
    match answer {
        Ok(answer) => answer.into_response(&[], asked.htmx),
        Err(problem) if problem.status() == 401 => pages::login::first(asked),
        Err(problem) => pages::trouble::page(&problem, asked),
    }
}

/// Fields of a form, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(pub Vec<(String, String)>);

impl Form {
    /// Bytes of a form at most; files come another way.
    const LIMIT: usize = 1 << 20;

    pub(crate) async fn read(body: Body) -> Result<Form, Problem> {
        let too_large = || Problem::new("body-too-large", 413).with("limit", Form::LIMIT.to_string());
        let bytes = axum::body::to_bytes(body, Form::LIMIT).await.map_err(|_| too_large())?;
        Ok(Form(pairs(&String::from_utf8_lossy(&bytes))))
    }

    /// A field; empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_whatever_they_hold() {
        let of = |text: &str| pairs(text).into_iter().next().unwrap_or_default();
        assert_eq!(of("a=%E9%9B%BB%E5%AD%90+%26"), ("a".to_owned(), "電子 &".to_owned()));
        assert_eq!(of("a"), ("a".to_owned(), String::new()));
        assert_eq!(of("a=%"), ("a".to_owned(), "%".to_owned()));
        assert_eq!(of("a=%4"), ("a".to_owned(), "%4".to_owned()));
        assert_eq!(of("a=%FF").1, "\u{fffd}");
        assert_eq!(pairs("&&"), []);
        assert_eq!(pairs(&format!("x={}", encoded("電子 &=+%")))[0].1, "電子 &=+%");
    }

    #[test]
    fn japanese_unless_english_is_wanted_more() {
        assert_eq!(wanted(None), Lang::Ja);
        assert_eq!(wanted(Some("fr")), Lang::Ja);
        assert_eq!(wanted(Some("en-US,en;q=0.9")), Lang::En);
        assert_eq!(wanted(Some("en;q=0.9, ja")), Lang::En);
        assert_eq!(wanted(Some("ja, en")), Lang::Ja);
    }
}
