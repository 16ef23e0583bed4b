//! What the headers of a request say: who asks, in which language, what they saw, whether it may be a repetition.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, HeaderName, IF_MATCH};
use shindan_report::words::Lang;

use crate::problem::Problem;

/// Names a request, so that sending it again does not do it again.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Keys are no longer than this.
const LONGEST_KEY: usize = 200;

/// What the headers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    /// The personal token.
    pub token: String,
    /// The key of the request.
    pub key: Option<String>,
    /// The revision that the client saw.
    pub seen: Option<u64>,
}

impl Ask {
    /// Reads the headers.
    ///
    /// # Errors
    /// No token, or a header that cannot be understood.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Ask, Problem> {
        let text = |name: &HeaderName| -> Result<Option<&str>, Problem> {
            let Some(value) = headers.get(name) else { return Ok(None) };
            value.to_str().map(|text| Some(text.trim())).map_err(|_| Problem::header(name.as_str(), "?"))
        };
        let token =
            text(&AUTHORIZATION)?.and_then(bearer).ok_or_else(|| Problem::new("token-missing", 401))?;
        let key = text(&IDEMPOTENCY_KEY)?;
        if let Some(key) = key
            && (key.is_empty() || key.len() > LONGEST_KEY)
        {
            return Err(Problem::header(IDEMPOTENCY_KEY.as_str(), key));
        }
        let seen = match text(&IF_MATCH)? {
            None | Some("*") => None,
            Some(tag) => Some(revision(tag).ok_or_else(|| Problem::header(IF_MATCH.as_str(), tag))?),
        };
        Ok(Ask { token: token.to_owned(), key: key.map(str::to_owned), seen })
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The revision in an entity tag as this server makes them: `"7"`.
fn revision(tag: &str) -> Option<u64> {
    tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// The language that the client wants most of those that there are; English if it does not say.
pub(crate) fn language(headers: &HeaderMap) -> Lang {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (0, Lang::En);
    for range in wanted.split(',') {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let quality = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
        let lang = match tag.split('-').next() {
            Some("ja") => Lang::Ja,
            Some("en") => Lang::En,
            _ => continue,
        };
        if quality > best.0 {
            best = (quality, lang);
        }
    }
    best.1
}

/// `0.8` as 800 (RFC 9110 section 12.4.2: at most three decimals).
fn thousandths(quality: &str) -> u32 {
    let (whole, decimals) = quality.trim().split_once('.').unwrap_or((quality.trim(), ""));
    let digits = format!("{whole}{decimals:0<3}");
    digits.parse().map_or(0, |value: u32| value.min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_language_is_the_one_that_is_wanted_most() {
        let of = |text: &str| language(&headers(&[("accept-language", text)]));
        assert_eq!(language(&HeaderMap::new()), Lang::En);
        assert_eq!(of("ja"), Lang::Ja);
        assert_eq!(of("fr, ja-JP;q=0.8, en;q=0.9"), Lang::En);
        assert_eq!(of("fr, JA-jp;q=0.91, en;q=0.9"), Lang::Ja);
        assert_eq!(of("ja;q=0"), Lang::En);
        assert_eq!(of(";;;,q=x"), Lang::En);
    }

    #[test]
    fn headers_are_read_or_refused() {
        let good = [("authorization", "bearer  abc"), ("if-match", "\"7\""), ("idempotency-key", "k 1")];
        let ask = Ask::of(&headers(&good)).unwrap();
        assert_eq!((ask.token.as_str(), ask.seen, ask.key.as_deref()), ("abc", Some(7), Some("k 1")));
        assert_eq!(Ask::of(&HeaderMap::new()).unwrap_err().code(), "token-missing");
        let with = |name, value: &str| Ask::of(&headers(&[("authorization", "Bearer a"), (name, value)]));
        assert_eq!(with("if-match", "*").unwrap().seen, None);
        for wrong in ["7", "W/\"7\"", "\"x\"", "\""] {
            assert_eq!(with("if-match", wrong).unwrap_err().code(), "header-invalid", "{wrong}");
        }
        assert_eq!(with("idempotency-key", "").unwrap_err().code(), "header-invalid");
        assert_eq!(with("idempotency-key", &"k".repeat(201)).unwrap_err().code(), "header-invalid");
        assert_eq!(Ask::of(&headers(&[("authorization", "Basic abc")])).unwrap_err().status(), 401);
    }
}
