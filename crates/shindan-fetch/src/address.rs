//! Addresses: what may be asked, and how an address is shown.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

use crate::error::{AddressFault, FetchError};

/// Parts of the names of parameters whose values are secrets: `apiKey`, `access_token`, `X-Amz-Signature` …
const SECRET_PART: &[&str] = &[
    "apikey",
    "api_key",
    "api-key",
    "token",
    "secret",
    "passw",
    "pwd",
    "signature",
    "credential",
    "authoriz",
];

/// Whole names of parameters whose values are secrets. (`keyword` is none, and it is worth recording.)
const SECRET_NAME: &[&str] = &["key", "pass", "sig", "auth", "code"];

/// An address as it may be shown, logged and recorded: without user, password, fragment and the values of secret parameters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RedactedUrl(String);

impl RedactedUrl {
    /// Redacts an address, readable or not.
    #[must_use]
    pub fn of(url: &str) -> RedactedUrl {
        let url = url.split('#').next().unwrap_or_default();
        let (place, query) = url.split_once('?').map_or((url, None), |(place, query)| (place, Some(query)));
        let mut shown = without_user(place);
        if let Some(query) = query {
            let parameters: Vec<String> = query.split('&').map(without_secret).collect();
            shown.push('?');
            shown.push_str(&parameters.join("&"));
        }
        RedactedUrl(shown)
    }

    /// Scheme and host of an address alone, readable or not: the path of a webhook is a secret.
    #[must_use]
    pub fn host_of(url: &str) -> RedactedUrl {
        let RedactedUrl(shown) = RedactedUrl::of(url.split('?').next().unwrap_or_default());
        // What is no address may be all secret.
        let Some(start) = shown.find("//") else { return RedactedUrl("…".to_owned()) };
        let (scheme, rest) = shown.split_at(start + 2);
        match rest.find(['/', '\\']) {
            Some(end) => RedactedUrl(format!("{scheme}{}/…", rest.get(..end).unwrap_or_default())),
            None => RedactedUrl(shown),
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RedactedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RedactedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// An `@` may stand in a path; in the part before it, up to the last one, it ends a user and a password.
fn without_user(place: &str) -> String {
    let start = place.find("//").map_or(0, |at| at + 2);
    let (scheme, rest) = place.split_at(start);
    let end = rest.find(['/', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}…@{host}{path}"),
        None => place.to_owned(),
    }
}

fn without_secret(parameter: &str) -> String {
    let Some((name, _)) = parameter.split_once('=') else { return parameter.to_owned() };
    let small = name.to_ascii_lowercase();
    // A name that is written with percent signs may be any name.
    let secret = SECRET_PART.iter().any(|part| small.contains(part)) || SECRET_NAME.contains(&small.as_str());
    if secret || small.contains('%') {
        return format!("{name}=…");
    }
    parameter.to_owned()
}

/// An address that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) uri: Uri,
    pub(crate) shown: RedactedUrl,
    /// Host in small letters.
    pub(crate) host: String,
    pub(crate) secure: bool,
}

impl Address {
    /// Reads an address and says whether it may be asked.
    pub(crate) fn read(url: &str, clear_text_hosts: &BTreeSet<String>) -> Result<Address, FetchError> {
        let shown = RedactedUrl::of(url);
        let refuse = |fault| FetchError::Address { url: shown.clone(), fault };
        let uri: Uri = url.parse().map_err(|_| refuse(AddressFault::Unreadable))?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(_) => return Err(refuse(AddressFault::Scheme)),
            None => return Err(refuse(AddressFault::Unreadable)),
        };
        let authority = uri.authority().ok_or_else(|| refuse(AddressFault::Unreadable))?;
        if authority.as_str().contains('@') {
            return Err(refuse(AddressFault::Credentials));
        }
        let host = authority.host().to_ascii_lowercase();
        if host.is_empty()
            || (authority.as_str().contains(':') && authority.port().is_none() && !host.contains(':'))
        {
            return Err(refuse(AddressFault::Unreadable));
        }
        let named = clear_text_hosts.iter().any(|named| named.eq_ignore_ascii_case(&host));
        if !secure && !named && !is_this_computer(&host) {
            return Err(refuse(AddressFault::ClearText));
        }
        Ok(Address { uri, shown, host, secure })
    }

    /// Host and port, for the pause between requests and for secrets in headers.
    pub(crate) fn place(&self) -> (String, u16) {
        let usual = if self.secure { 443 } else { 80 };
        (self.host.clone(), self.uri.port_u16().unwrap_or(usual))
    }

    pub(crate) fn is_this_computer(&self) -> bool {
        is_this_computer(&self.host)
    }
}

fn is_this_computer(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(url: &str) -> Option<AddressFault> {
        match Address::read(url, &BTreeSet::from(["mirror.hospital.example".to_owned()])) {
            Ok(_) => None,
            Err(FetchError::Address { fault, .. }) => Some(fault),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_may_be_asked_is_told_from_what_may_not() {
        for good in [
            "https://jvn.jp/rss/jvn.rdf",
            "https://jvn.jp",
            "http://127.0.0.1:8080/a",
            "http://[::1]:8080/a",
            "http://localhost/a",
            "http://Mirror.hospital.example/a",
            "https://jvn.jp/@x?y=a@b",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        for (bad, why) in [
            ("", AddressFault::Unreadable),
            ("jvn.jp", AddressFault::Unreadable),
            ("/rss/jvn.rdf", AddressFault::Unreadable),
            ("https://", AddressFault::Unreadable),
            ("https://jvn.jp/a b", AddressFault::Unreadable),
            ("https://jvn.jp:99999/", AddressFault::Unreadable),
            ("https://脆弱性.jp/", AddressFault::Unreadable),
            ("file:///etc/passwd", AddressFault::Unreadable),
            ("ftp://jvn.jp/", AddressFault::Scheme),
            ("https://user:secret@jvn.jp/", AddressFault::Credentials),
            ("https://user@jvn.jp/", AddressFault::Credentials),
            ("http://127.0.0.1@jvn.jp/", AddressFault::Credentials),
            ("http://jvn.jp/", AddressFault::ClearText),
            ("http://127.0.0.1.jvn.jp/", AddressFault::ClearText),
            ("http://10.0.0.1/", AddressFault::ClearText),
        ] {
            assert_eq!(fault(bad), Some(why), "{bad}");
        }
    }

    #[test]
    fn no_secret_is_shown() {
        for (url, shown) in [
            ("https://u:p@h/x?apiKey=1&y=2#f", "https://…@h/x?apiKey=…&y=2"),
            ("https://u:p@q@h/x", "https://…@h/x"),
            ("https://h/x?X-Amz-Signature=1", "https://h/x?X-Amz-Signature=…"),
            ("https://h/x?api%4Bey=1", "https://h/x?api%4Bey=…"),
            ("https://h/x?access_token=a=b", "https://h/x?access_token=…"),
            ("https://h/x?keywordSearch=a&key=b", "https://h/x?keywordSearch=a&key=…"),
            ("https://h/@x?a&b=c", "https://h/@x?a&b=c"),
            ("u:p@h", "…@h"),
        ] {
            assert_eq!(RedactedUrl::of(url).as_str(), shown);
        }
        for (url, shown) in [
            ("https://hooks.example.org/T0/B0/secret?x=1", "https://hooks.example.org/…"),
            ("https://u:p@h/secret", "https://…@h/…"),
            ("https://h", "https://h"),
            ("h/secret", "…"),
        ] {
            assert_eq!(RedactedUrl::host_of(url).as_str(), shown);
        }
    }
}
