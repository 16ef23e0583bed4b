//! Whether a change was asked for by a page of this server: by its origin, and by the token of the session in the form.

use axum::http::HeaderMap;
use axum::http::header::{HOST, HeaderName, ORIGIN};

/// Where the browser says that a request comes from (Fetch Metadata).
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// True if the browser says that a page of this server asks. Browsers send at least one of the two with every form; a request
/// with neither does not come from a browser's page, and still needs the session's token.
pub(crate) fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(&SITE) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(&ORIGIN) else { return true };
    let host = text(&HOST).unwrap_or_default();
    let of_origin = origin.split_once("://").map(|(_, rest)| rest).unwrap_or_default();
    !host.is_empty() && of_origin == host
}

/// Compares without telling by its time how much is right.
pub(crate) fn same_secret(given: &str, wanted: &str) -> bool {
    let (given, wanted) = (given.as_bytes(), wanted.as_bytes());
    let differences = given.iter().zip(wanted).fold(0u8, |all, (one, other)| all | (one ^ other));
    given.len() == wanted.len() && differences == 0 && !wanted.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), axum::http::HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn another_site_asks_for_nothing() {
        assert!(same_origin(&headers(&[("host", "h:1"), ("origin", "http://h:1")])));
        assert!(same_origin(&headers(&[("host", "h:1"), ("sec-fetch-site", "same-origin")])));
        for wrong in [
            &[("host", "h:1"), ("origin", "http://h:2")][..],
            &[("host", "h:1"), ("origin", "null")],
            &[("origin", "http://h")],
            &[("host", "h:1"), ("origin", "http://h:1"), ("sec-fetch-site", "cross-site")],
            &[("host", "h:1"), ("sec-fetch-site", "same-site")],
        ] {
            assert!(!same_origin(&headers(wrong)), "{wrong:?}");
        }
    }

    #[test]
    fn secrets_are_compared_as_a_whole() {
        assert!(same_secret("abc", "abc"));
        for (given, wanted) in [("abd", "abc"), ("ab", "abc"), ("abcd", "abc"), ("", "")] {
            assert!(!same_secret(given, wanted), "{given} {wanted}");
        }
    }
}
