//! The address of a web target, checked before anything is sent or handed to another program.

use std::fmt;
use std::str::FromStr;

/// `http` or `https`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Not encrypted.
    Http,
    /// Encrypted.
    Https,
}

impl Scheme {
    /// As in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    /// The port that need not be written.
    pub fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

/// The address of a web target: `https://host:8443/path?query`. It holds no blank, no control character, no name and password,
/// and its path has no segment `..`; the host is in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// How it is spoken to.
    pub(crate) scheme: Scheme,
    /// Name or address without brackets.
    pub(crate) host: String,
    /// Port.
    pub(crate) port: u16,
    /// Path and query; begins with `/`.
    pub(crate) path: String,
}

/// Longest address that is taken.
const LONGEST: usize = 2000;

/// Not the address of a web target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a target: {reason}")]
pub struct NotATarget {
    /// As given.
    pub text: String,
    /// What is wrong.
    pub reason: &'static str,
}

impl Target {
    /// Name or address, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How it is spoken to.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The path without its query.
    pub fn bare_path(&self) -> &str {
        self.path.split('?').next().unwrap_or("/")
    }

    /// Another path at the same place.
    pub(crate) fn with_path(&self, path: &str) -> Target {
        Target { path: path.to_owned(), ..self.clone() }
    }

    /// The folder of its path, with a `/` at the end.
    pub(crate) fn folder(&self) -> &str {
        let path = self.bare_path();
        path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or("/")
    }

    /// `host:port` as in the `Host` header; the default port is left out.
    pub(crate) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port == self.scheme.default_port() { host } else { format!("{host}:{}", self.port) }
    }

    /// Where a `Location` leads.
    pub(crate) fn join(&self, location: &str) -> Result<Target, NotATarget> {
        let location = location.trim();
        let lower = location.to_ascii_lowercase();
        if lower.starts_with("http://") || lower.starts_with("https://") {
            return location.parse();
        }
        if location.starts_with("//") {
            return format!("{}:{location}", self.scheme.as_str()).parse();
        }
        if location.split(['/', '?', '#']).next().is_some_and(|head| head.contains(':')) {
            return Err(refused(location, "another scheme than http and https"));
        }
        let path = match location.chars().next() {
            None => self.path.clone(),
            Some('/') => location.to_owned(),
            Some('?' | '#') => format!("{}{location}", self.bare_path()),
            Some(_) => format!("{}{location}", self.folder()),
        };
        format!("{}://{}{path}", self.scheme.as_str(), self.authority()).parse()
    }
}

fn refused(text: &str, reason: &'static str) -> NotATarget {
    NotATarget { text: text.chars().take(200).collect(), reason }
}

impl FromStr for Target {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        let wrong = |reason| refused(text, reason);
        if text.len() > LONGEST {
            return Err(wrong("it is too long"));
        }
        if !text.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
            return Err(wrong("blanks, control characters and other than ASCII must be escaped"));
        }
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong("http:// or https:// is missing"))?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return Err(wrong("another scheme than http and https")),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(wrong("names and passwords do not belong into an address"));
        }
        let (host, port) =
            split_port(authority).ok_or_else(|| wrong("the port is not a number from 1 to 65535"))?;
        let host = host_of(host).ok_or_else(|| wrong("the host is neither a name nor an address"))?;
        if climbs(path) {
            return Err(wrong("its path has a segment .. or a backslash"));
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Ok(Target { scheme, host, port: port.unwrap_or(scheme.default_port()), path })
    }
}

fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let inside = authority.rfind(']').unwrap_or(0);
    match authority.rfind(':').filter(|colon| *colon > inside) {
        Some(colon) => {
            let (host, port) = authority.split_at(colon);
            let port = port.get(1..)?.parse().ok().filter(|port| *port > 0)?;
            Some((host, Some(port)))
        }
        None => Some((authority, None)),
    }
}

/// A host without brackets, in lower case: a name, or an address.
pub(crate) fn host_of(text: &str) -> Option<String> {
    if let Some(inner) = text.strip_prefix('[') {
        let address: std::net::Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
        return Some(address.to_string());
    }
    let name = text.to_ascii_lowercase();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let labels =
        name.split('.').all(|label| !label.is_empty() && label.len() <= 63 && !label.starts_with('-'));
    (labels && name.len() <= 253 && name.bytes().all(fits)).then_some(name)
}

/// A server may take such a path for another one than this program does.
fn climbs(path: &str) -> bool {
    let plain = path.split('?').next().unwrap_or_default().to_ascii_lowercase();
    let plain = plain.replace("%2e", ".").replace("%2f", "/").replace("%5c", "\\");
    plain.contains('\\') || plain.split('/').any(|segment| matches!(segment, "." | ".."))
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme.as_str(), self.authority(), self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written() {
        for (text, written) in [
            ("https://Portal.example.jp", "https://portal.example.jp/"),
            ("http://192.0.2.1:8080/a?b=c#d", "http://192.0.2.1:8080/a?b=c"),
            ("https://[2001:DB8::1]:443/", "https://[2001:db8::1]/"),
            ("http://host:80?x", "http://host/?x"),
        ] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), written);
            assert_eq!(written.parse::<Target>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn what_could_mislead_another_program_is_refused() {
        for text in [
            "",
            "-oN",
            "portal",
            "ftp://host/",
            "file:///etc/passwd",
            "http://",
            "http://-oN/",
            "http://a b/",
            "http://a\n/",
            "http://user:pw@host/",
            "http://host:0/",
            "http://host:99999/",
            "http://host/../x",
            "http://host/%2E%2e/x",
            "http://host/a\\b",
            "http://ho$t/",
            "http://[::1",
            "http://病院/",
            "http://a..b/",
        ] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }

    #[test]
    fn redirects_are_joined() {
        let from: Target = "https://host:8443/app/login?x".parse().unwrap();
        for (location, to) in [
            ("/", "https://host:8443/"),
            ("home", "https://host:8443/app/home"),
            ("?y", "https://host:8443/app/login?y"),
            ("//other/z", "https://other/z"),
            ("HTTP://other:81/", "http://other:81/"),
            ("", "https://host:8443/app/login?x"),
        ] {
            assert_eq!(from.join(location).unwrap().to_string(), to, "{location}");
        }
        for location in ["javascript:alert(1)", "../up", "http://a@b/"] {
            assert!(from.join(location).is_err(), "{location}");
        }
    }
}
