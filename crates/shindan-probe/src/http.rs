//! One request and its answer, read within limits. Answers are hostile input.

use std::io::{Read, Write};

use crate::connection::{Session, Trouble};
use crate::target::{Scheme, Target};
use crate::tls;

/// Largest head of an answer, in bytes.
const LARGEST_HEAD: usize = 64 << 10;
/// Most headers of an answer.
const MOST_HEADERS: usize = 128;

/// What a server answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// What was asked for.
    pub(crate) target: Target,
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// False if the body did not come to its end within the limits.
    pub(crate) whole: Result<(), Trouble>,
}

impl Answer {
    /// Every value of a header, in order.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The body as text; what is not UTF-8 is replaced.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where it redirects to, as given.
    pub(crate) fn location(&self) -> Option<&str> {
        if (300..400).contains(&self.status) { self.header("location") } else { None }
    }
}

/// Sends a request without a body and reads the answer.
pub(crate) fn exchange(
    session: &mut Session<'_>,
    target: &Target,
    method: &str,
    extra: &[(&str, &str)],
) -> Result<Answer, Trouble> {
    let mut request = format!(
        "{method} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: shindan-outside/{}\r\nAccept: */*\r\nAccept-Encoding: identity\r\n",
        target.path,
        target.authority(),
        env!("CARGO_PKG_VERSION"),
    );
    for (name, value) in extra {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("Connection: close\r\n\r\n");
    let most = session.bytes();
    let mut stream = session.connect(target)?;
    session.touched.insert(target.to_string());
    let found = match target.scheme {
        Scheme::Http => speak(&mut stream, &request, method, most),
        Scheme::Https => {
            let mut encrypted = tls::client::Encrypted::open(stream, target)?;
            let found = speak(&mut encrypted, &request, method, most);
            stream = encrypted.into_inner();
            found
        }
    };
    let head = found.map_err(|broken| broken.trouble(|error| stream.trouble(error)))?;
    let whole = match head.broken {
        None => Ok(()),
        Some(broken) => match broken.trouble(|error| stream.trouble(error)) {
            Trouble::Cancelled => return Err(Trouble::Cancelled),
            other => Err(other),
        },
    };
    Ok(Answer { target: target.clone(), status: head.status, headers: head.headers, body: head.body, whole })
}

/// Why reading ended.
enum Broken {
    Io(std::io::Error),
    Trouble(Trouble),
}

impl Broken {
    fn trouble(self, of: impl Fn(&std::io::Error) -> Trouble) -> Trouble {
        match self {
            Broken::Io(error) => of(&error),
            Broken::Trouble(trouble) => trouble,
        }
    }
}

struct Raw {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    broken: Option<Broken>,
}

fn speak(stream: &mut (impl Read + Write), request: &str, method: &str, most: usize) -> Result<Raw, Broken> {
    stream.write_all(request.as_bytes()).map_err(Broken::Io)?;
    stream.flush().map_err(Broken::Io)?;
    let mut bytes = Vec::new();
    loop {
        if let Some((length, status, headers)) = head(&bytes)? {
            bytes.drain(..length);
            if (100..200).contains(&status) && status != 101 {
                continue;
            }
            let empty = method == "HEAD" || matches!(status, 204 | 304);
            let (body, broken) = if empty { (Vec::new(), None) } else { body(stream, &headers, bytes, most) };
            return Ok(Raw { status, headers, body, broken });
        }
        if bytes.len() > LARGEST_HEAD {
            return Err(Broken::Trouble(Trouble::TooLarge));
        }
        if more(stream, &mut bytes).map_err(Broken::Io)? == 0 {
            return Err(Broken::Trouble(if bytes.is_empty() {
                Trouble::BrokenOff
            } else {
                Trouble::NotHttp
            }));
        }
    }
}

fn more(stream: &mut impl Read, bytes: &mut Vec<u8>) -> std::io::Result<usize> {
    let mut buffer = [0; 16 << 10];
    let length = stream.read(&mut buffer)?;
    bytes.extend_from_slice(buffer.get(..length).unwrap_or_default());
    Ok(length)
}

type Head = (usize, u16, Vec<(String, String)>);

fn head(bytes: &[u8]) -> Result<Option<Head>, Broken> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    match response.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => {
            let status = response.code.unwrap_or(0);
            let one = |header: &httparse::Header<'_>| {
                (header.name.to_owned(), String::from_utf8_lossy(header.value).trim().to_owned())
            };
            Ok(Some((length, status, response.headers.iter().map(one).collect())))
        }
        Ok(httparse::Status::Partial) => Ok(None),
        Err(_) => Err(Broken::Trouble(Trouble::NotHttp)),
    }
}

fn body(
    stream: &mut impl Read,
    headers: &[(String, String)],
    mut bytes: Vec<u8>,
    most: usize,
) -> (Vec<u8>, Option<Broken>) {
    let value =
        |name: &str| headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, v)| v);
    let chunked = value("transfer-encoding").is_some_and(|v| v.to_ascii_lowercase().contains("chunked"));
    let length: Option<usize> = value("content-length").and_then(|v| v.parse().ok()).filter(|_| !chunked);
    loop {
        if let Some(length) = length.filter(|length| bytes.len() >= *length && *length <= most) {
            bytes.truncate(length);
            return (bytes, None);
        }
        if chunked && let (decoded, true) = unchunk(&bytes) {
            return (decoded, None);
        }
        let broken = if bytes.len() > most {
            Broken::Trouble(Trouble::TooLarge)
        } else {
            match more(stream, &mut bytes) {
                Ok(0) if length.is_none() && !chunked => return (bytes, None),
                Ok(0) => Broken::Trouble(Trouble::BrokenOff),
                Ok(_) => continue,
                // Many servers close an encrypted connection without saying so.
                Err(error)
                    if error.kind() == std::io::ErrorKind::UnexpectedEof && length.is_none() && !chunked =>
                {
                    return (bytes, None);
                }
                Err(error) => Broken::Io(error),
            }
        };
        let mut kept = if chunked { unchunk(&bytes).0 } else { bytes };
        kept.truncate(most);
        return (kept, Some(broken));
    }
}

/// What the chunks hold, and whether the last one was there.
fn unchunk(mut bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut decoded = Vec::new();
    loop {
        let Some(end) = bytes.windows(2).take(64).position(|pair| pair == b"\r\n") else {
            return (decoded, false);
        };
        let size = bytes.get(..end).and_then(|line| std::str::from_utf8(line).ok()).unwrap_or_default();
        let size = size.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(size, 16) else { return (decoded, false) };
        let rest = bytes.get(end + 2..).unwrap_or_default();
        if size == 0 {
            return (decoded, true);
        }
        let chunk = rest.get(..size.min(rest.len())).unwrap_or_default();
        decoded.extend_from_slice(chunk);
        let Some(next) = size.checked_add(2).and_then(|skip| rest.get(skip..)) else {
            return (decoded, false);
        };
        bytes = next;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    struct Canned(Cursor<Vec<u8>>);
    impl Read for Canned {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let some = buffer.len().min(7);
            self.0.read(&mut buffer[..some])
        }
    }
    impl Write for Canned {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn ask(answer: &str) -> Result<Raw, Broken> {
        speak(&mut Canned(Cursor::new(answer.as_bytes().to_vec())), "GET / HTTP/1.1\r\n\r\n", "GET", 100)
    }

    #[test]
    fn bodies_end_where_they_say() {
        for (answer, body, whole) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", "abc", true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "abc", false),
            ("HTTP/1.1 200 OK\r\n\r\nabc", "abc", true),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nabc", "abc", true),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x\r\nc\r\n0\r\n\r\n",
                "abc",
                true,
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nab", "ab", false),
            ("HTTP/1.1 204 No\r\n\r\nabc", "", true),
        ] {
            let raw = ask(answer).ok().unwrap();
            assert_eq!(String::from_utf8_lossy(&raw.body), body, "{answer}");
            assert_eq!(raw.broken.is_none(), whole, "{answer}");
        }
        let long = ask(&format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(5000))).ok().unwrap();
        assert_eq!(long.body.len(), 100);
        assert!(matches!(long.broken, Some(Broken::Trouble(Trouble::TooLarge))));
    }

    #[test]
    fn what_is_not_http_is_said_to_be_so() {
        for answer in ["SSH-2.0-OpenSSH_9\r\n", "HTTP/1.1 2", "\u{0}\u{1}\u{2}", "HTTP/1.1 abc OK\r\n\r\n"] {
            assert!(matches!(ask(answer), Err(Broken::Trouble(Trouble::NotHttp))), "{answer}");
        }
        let endless = format!("HTTP/1.1 200 OK\r\nA: {}", "x".repeat(200_000));
        assert!(matches!(ask(&endless), Err(Broken::Trouble(Trouble::TooLarge))));
        assert!(matches!(ask(""), Err(Broken::Trouble(Trouble::BrokenOff))));
    }
}
