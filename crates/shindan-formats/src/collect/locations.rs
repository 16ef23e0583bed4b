//! Addresses that an answer names, and which of them may be followed.
//!
//! An answer is a foreign file: an address in it may lead to another host, out of the folder, or hold a password.

use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::text::shorten;

/// Longest address.
const LONGEST: usize = 2048;

/// Why an address is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not an address: blanks, control characters, no host, too long.
    Unreadable,
    /// Not `https`, and not on this machine.
    NotHttps,
    /// It holds a name or password.
    Credentials,
    /// Its host is not the one of the document that names it.
    OtherHost,
    /// It leads out of the folder: `..`, an absolute path, a backslash, `%2e`.
    LeavesFolder,
}

impl Refusal {
    /// All reasons.
    pub const ALL: [Refusal; 5] = [
        Refusal::Unreadable,
        Refusal::NotHttps,
        Refusal::Credentials,
        Refusal::OtherHost,
        Refusal::LeavesFolder,
    ];

    /// The stable text form, as in the parameter `reason` of `address-refused`.
    pub fn as_str(self) -> &'static str {
        match self {
            Refusal::Unreadable => "unreadable",
            Refusal::NotHttps => "not-https",
            Refusal::Credentials => "credentials",
            Refusal::OtherHost => "other-host",
            Refusal::LeavesFolder => "leaves-folder",
        }
    }

    /// `address-refused` with the address (without a password) and this reason.
    pub(super) fn told(self, address: &str, place: &Place) -> Diagnostic {
        let shown = match (self, address.split_once("://"), address.rsplit_once('@')) {
            (Refusal::Credentials, Some((scheme, _)), Some((_, rest))) => format!("{scheme}://…@{rest}"),
            _ => address.to_owned(),
        };
        let told = Diagnostic::new(Code::AddressRefused, place.clone());
        told.with("value", shorten(&shown, 200)).with("reason", self.as_str())
    }
}

/// The address of a page that a person may open: `http` or `https`, otherwise `None`.
pub(super) fn page(address: &str) -> Option<String> {
    let address = address.trim();
    let parts = split(address)?;
    (matches!(parts.scheme.as_str(), "http" | "https") && !parts.credentials).then(|| address.to_owned())
}

/// The address of a file that the program may fetch: `https` (on this machine also `http`) on one of these hosts, without `..`.
///
/// # Errors
/// The reason why it is not followed.
pub fn fetchable(address: &str, hosts: &[&str]) -> Result<String, Refusal> {
    let address = address.trim();
    let parts = split(address).ok_or(Refusal::Unreadable)?;
    let port = |rest: &str| rest.is_empty() || rest.starts_with(':');
    let on_this_machine = ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|name| parts.host.strip_prefix(name).is_some_and(port));
    if parts.scheme != "https" && !(parts.scheme == "http" && on_this_machine) {
        return Err(Refusal::NotHttps);
    }
    if parts.credentials {
        return Err(Refusal::Credentials);
    }
    if !hosts.iter().any(|host| host.eq_ignore_ascii_case(&parts.host)) {
        return Err(Refusal::OtherHost);
    }
    let path = parts.path.trim_start_matches('/');
    if !path.is_empty() && !stays(path, true) {
        return Err(Refusal::LeavesFolder);
    }
    Ok(address.to_owned())
}

/// The host of an address, with its port if it names one, in lower case; `None` if it is no address.
pub fn host(address: &str) -> Option<String> {
    split(address.trim()).map(|parts| parts.host)
}

/// A file below `folder`, which is an address of its own: `2026/a-1.json` below `https://host/csaf/`.
///
/// # Errors
/// [`Refusal::LeavesFolder`] for whatever is not a plain relative path, [`Refusal::Unreadable`] for no path at all.
pub fn below(folder: &str, file: &str) -> Result<String, Refusal> {
    let file = file.trim();
    if file.is_empty() || file.len() > LONGEST || file.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Refusal::Unreadable);
    }
    if !stays(file, false) {
        return Err(Refusal::LeavesFolder);
    }
    Ok(format!("{}/{file}", folder.trim_end_matches('/')))
}

/// True if the name of a file, which may hold blanks, stays below the folder that it is relative to.
pub(super) fn is_below(file: &str) -> bool {
    !file.is_empty() && file.len() <= LONGEST && !file.chars().any(char::is_control) && stays(file, false)
}

/// True if every step of the path goes down. A query would be another file; an escaped dot or slash is a step in disguise.
fn stays(path: &str, folder_allowed: bool) -> bool {
    let (path, query) = path.split_once('?').map_or((path, false), |(path, _)| (path, true));
    let path = if folder_allowed { path.trim_end_matches('/') } else { path };
    let lower = path.to_ascii_lowercase();
    let mut disguises = ["%2e", "%2f", "%5c", "%00", "\\", "#"].iter();
    // A colon in a relative path could be the end of a drive or of a scheme.
    let disguised = disguises.any(|sign| lower.contains(sign)) || (!folder_allowed && lower.contains(':'));
    let down = |step: &str| !matches!(step, "" | "." | "..");
    (folder_allowed || !query) && !disguised && path.split('/').all(down)
}

struct Parts {
    scheme: String,
    credentials: bool,
    host: String,
    path: String,
}

fn split(address: &str) -> Option<Parts> {
    let odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '\\' | '<' | '>' | '"');
    if address.len() > LONGEST || address.chars().any(odd) {
        return None;
    }
    let (scheme, rest) = address.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let (credentials, host) = match authority.rsplit_once('@') {
        Some((_, host)) => (true, host),
        None => (false, authority),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']' | '_');
    let named = host.chars().any(|c| c.is_ascii_alphanumeric());
    if !named || !host.chars().all(plain) {
        return None;
    }
    Some(Parts {
        scheme: scheme.to_ascii_lowercase(),
        credentials,
        host: host.to_ascii_lowercase(),
        path: path.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_on_the_same_host_is_fetched() {
        let check = |address: &str, expected: Result<(), Refusal>| {
            let got = fetchable(address, &["example.org", "dl.example.org"]).map(drop);
            assert_eq!(got, expected, "{address}");
        };
        check("https://example.org/csaf/2026/a.json", Ok(()));
        check(" HTTPS://EXAMPLE.org/csaf/ ", Ok(()));
        check("https://dl.example.org", Ok(()));
        check("https://example.org/list?page=2", Ok(()));
        check("http://example.org/a.json", Err(Refusal::NotHttps));
        check("file:///etc/passwd", Err(Refusal::Unreadable));
        check("ftp://example.org/a", Err(Refusal::NotHttps));
        check("https://evil.org/a.json", Err(Refusal::OtherHost));
        check("https://example.org.evil.org/a.json", Err(Refusal::OtherHost));
        check("https://example.org:8443/a.json", Err(Refusal::OtherHost));
        check("https://example.org@evil.org/a.json", Err(Refusal::Credentials));
        check("https://example.org\\@evil.org/", Err(Refusal::Unreadable));
        check("https://example.org/../../a", Err(Refusal::LeavesFolder));
        check("https://example.org/a/%2E%2e/b", Err(Refusal::LeavesFolder));
        let here = |address: &str| fetchable(address, &["127.0.0.1:8080", "[::1]:80", "127.0.0.1.evil.org"]);
        assert!(here("http://127.0.0.1:8080/a").is_ok() && here("http://[::1]:80/a").is_ok());
        assert_eq!(here("http://127.0.0.1.evil.org/a"), Err(Refusal::NotHttps));
        check("https://", Err(Refusal::Unreadable));
        check("a.json", Err(Refusal::Unreadable));
    }

    #[test]
    fn files_stay_below_their_folder() {
        assert_eq!(below("https://h/c/", "2026/a-1.json").as_deref(), Ok("https://h/c/2026/a-1.json"));
        for file in [
            "../a",
            "/a",
            "a/../../b",
            "a//b",
            "./a",
            "https://evil.org/a",
            "a\\b",
            "a%2f..%2fb",
            "a?x",
            "a#b",
        ] {
            assert_eq!(below("https://h/c", file), Err(Refusal::LeavesFolder), "{file}");
        }
        for file in ["", "a b", "a\u{0}b"] {
            assert_eq!(below("https://h/c", file), Err(Refusal::Unreadable), "{file:?}");
        }
    }

    #[test]
    fn a_password_is_not_repeated() {
        let told = Refusal::Credentials.told("https://user:geheim@example.org/a", &Place::file("f"));
        assert_eq!(told.params["value"], "https://…@example.org/a");
        assert_eq!(page("https://user:geheim@example.org/a"), None);
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "(https?://)?(\\PC|[./@:%\\\\]){0,30}") {
            // Whatever they answer: that they answer is what is tested.
            let _ = (fetchable(&text, &["a"]), host(&text), page(&text), below("https://a", &text));
            for refusal in Refusal::ALL {
                refusal.told(&text, &Place::file("f"));
            }
        }
    }
}
