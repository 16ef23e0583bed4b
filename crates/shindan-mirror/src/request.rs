//! What a client asked.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;

/// The longest head of a request that is read.
const LONGEST_HEAD: usize = 64 * 1024;

/// The longest body that is read.
const LONGEST_BODY: usize = 1 << 20;

/// One request, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `GET`, or what else was sent.
    pub method: String,
    /// Path and query, or what else stood there.
    pub target: String,
    /// Names in small letters, and values, in order.
    pub headers: Vec<(String, String)>,
    /// What was sent with it, as long as its `Content-Length` says.
    pub body: Vec<u8>,
}

impl Seen {
    /// The path without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }

    /// True if it asked for this page: the same path, and every field of the page's query. Further fields may be anything.
    pub(crate) fn fits(&self, page: &str) -> bool {
        let (path, query) = page.split_once('?').unwrap_or((page, ""));
        let asked = self.target.split_once('?').map_or("", |(_, query)| query);
        let mut fields = query.split('&').filter(|field| !field.is_empty());
        path == self.path() && fields.all(|field| asked.split('&').any(|one| one == field))
    }

    /// The value of a header, named in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// Reads one request: its head, and a body if its length is stated.
pub(crate) fn read(mut stream: &TcpStream) -> io::Result<Seen> {
    let mut head = Vec::new();
    let mut byte = [0_u8; 1];
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LONGEST_HEAD || stream.read(&mut byte)? == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "no request"));
        }
        if head.is_empty() && !byte[0].is_ascii_alphabetic() {
            // A server without TLS that is greeted over TLS says so, as real ones do.
            stream.write_all(b"HTTP/1.1 400 No HTTP\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")?;
            return Err(io::Error::new(io::ErrorKind::InvalidData, "no HTTP"));
        }
        head.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let mut lines = text.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let method = first.next().unwrap_or_default().to_owned();
    let target = first.next().unwrap_or_default().to_owned();
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut seen = Seen { method, target, headers, body: Vec::new() };
    let length: usize = seen.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    if length > LONGEST_BODY {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "too long a body"));
    }
    seen.body.resize(length, 0);
    stream.read_exact(&mut seen.body)?;
    Ok(seen)
}
