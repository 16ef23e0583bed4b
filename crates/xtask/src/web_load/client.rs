//! A small HTTP/1.1 client over one connection that stays open: enough for the pages of this server, and nothing that costs time.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::Failure;

/// Longer than anything that is still an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection, and the cookies of a browser.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    cookies: String,
    stream: Option<BufReader<TcpStream>>,
}

/// An answer, with when its first and its last byte came.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: String,
    /// From the request to the first byte.
    pub first_byte: Duration,
}

impl Answer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a hidden field.
    pub fn field(&self, name: &str) -> Option<String> {
        let rest = self.body.split_once(&format!("name=\"{name}\" value=\""))?.1;
        Some(rest.split_once('"')?.0.replace("&#38;", "&"))
    }

    /// Addresses that the page links to.
    pub fn links(&self) -> impl Iterator<Item = String> {
        let parts = self.body.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
        parts.map(|(link, _)| link.replace("&#38;", "&").replace("&amp;", "&"))
    }
}

impl Client {
    /// Nobody yet.
    pub fn new(address: SocketAddr) -> Client {
        Client { address, cookies: String::new(), stream: None }
    }

    /// The same person on a connection of its own.
    pub fn another(&self) -> Client {
        Client { address: self.address, cookies: self.cookies.clone(), stream: None }
    }

    /// Logs somebody in.
    ///
    /// # Errors
    /// When the server does not let them in.
    pub fn log_in(&mut self, name: &str, password: &str) -> Result<(), Failure> {
        let answer = self.post("/login", &[("name", name), ("password", password)])?;
        if answer.status != 303 {
            return Err(format!("the log-in was answered with {}", answer.status).into());
        }
        let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
        let pairs: Vec<&str> = cookies.filter_map(|(_, value)| value.split(';').next()).collect();
        self.cookies = pairs.join("; ");
        Ok(())
    }

    /// Asks for a page.
    ///
    /// # Errors
    /// When the connection breaks or what comes is no answer.
    pub fn get(&mut self, path: &str) -> Result<Answer, Failure> {
        self.ask("GET", path, "")
    }

    /// Sends a form.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Failure> {
        let pairs = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        self.ask("POST", path, &pairs.collect::<Vec<_>>().join("&"))
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<Answer, Failure> {
        let answer = self.try_ask(method, path, body);
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    #[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
    fn try_ask(&mut self, method: &str, path: &str, body: &str) -> Result<Answer, Failure> {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\n", self.address);
        if !self.cookies.is_empty() {
            request.push_str(&format!("cookie: {}\r\n", self.cookies));
        }
        if method == "POST" {
            let length = body.len();
            request.push_str(&format!(
                "content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n"
            ));
        }
        request.push_str("\r\n");
        request.push_str(body);
        let stream = match &mut self.stream {
            Some(stream) => stream,
            absent => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                absent.insert(BufReader::new(stream))
            }
        };
        let began = Instant::now();
        stream.get_mut().write_all(request.as_bytes())?;
        if stream.fill_buf()?.is_empty() {
            return Err("the server closed the connection".into());
        }
        let first_byte = began.elapsed();
        let (status, headers) = head(stream)?;
        let mut answer = Answer { status, headers, body: String::new(), first_byte };
        let body = match answer.header("content-length") {
            Some(length) => exactly(stream, length.parse()?)?,
            None if answer.header("transfer-encoding") == Some("chunked") => chunks(stream)?,
            None => Vec::new(),
        };
        answer.body = String::from_utf8_lossy(&body).into_owned();
        if answer.header("connection") == Some("close") {
            self.stream = None;
        }
        Ok(answer)
    }
}

/// A text as a part of an address.
pub fn encoded(text: &str) -> String {
    let code = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(code).collect()
}

type Head = (u16, Vec<(String, String)>);

fn head(stream: &mut BufReader<TcpStream>) -> Result<Head, Failure> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).ok_or("no status")?.parse()?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.to_owned())),
            None => return Ok((status, headers)),
        }
    }
}

fn exactly(stream: &mut BufReader<TcpStream>, length: usize) -> Result<Vec<u8>, Failure> {
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(body)
}

fn chunks(stream: &mut BufReader<TcpStream>) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let length = usize::from_str_radix(line.trim(), 16)?;
        body.extend(exactly(stream, length)?);
        exactly(stream, 2)?;
        if length == 0 {
            return Ok(body);
        }
    }
}
