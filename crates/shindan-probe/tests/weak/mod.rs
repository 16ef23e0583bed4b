//! A deliberately weak web application on the loopback device, and a hardened one for which every check passes.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, dead_code)] // each test file uses some of it

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};
use shindan_domain::assessment::{OutsideRule, OutsideRules, OutsideSeverity, RuleText};
use shindan_domain::localised::Localised;
use shindan_probe::{Clock, Limits, Permit};

pub const EXPIRED: &[u8] = include_bytes!("expired-rsa1024-sha1.der");
pub const NOT_YET_VALID: &[u8] = include_bytes!("not-yet-valid.der");
const SOON: (&[u8], &[u8]) =
    (include_bytes!("soon-self-signed.der"), include_bytes!("soon-self-signed.key.der"));
const HARDENED: (&[u8], &[u8]) = (include_bytes!("hardened.der"), include_bytes!("hardened.key.der"));

/// What an application does with a connection whose request was read; it answers with bytes.
pub type Page = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// A server on the loopback device that lives as long as the test.
pub struct App {
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl App {
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn http(&self) -> String {
        format!("http://{}/", self.address)
    }

    pub fn https(&self) -> String {
        format!("https://{}/", self.address)
    }
}

/// Answers each connection on a thread of its own.
pub fn listen(at: &str, answer: impl Fn(TcpStream) + Send + Sync + 'static) -> App {
    let listener = TcpListener::bind((at, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let (counted, answer) = (connections.clone(), Arc::new(answer));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            let answer = answer.clone();
            std::thread::spawn(move || answer(stream));
        }
    });
    App { address, connections }
}

fn request(stream: &mut impl Read) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(length) if length > 0 => bytes.extend_from_slice(&buffer[..length]),
            _ => return None,
        }
    }
    String::from_utf8(bytes).ok()
}

fn speak(stream: &mut (impl Read + Write), page: &Page) {
    if let Some(request) = request(stream) {
        // The other side may have gone: that is what some tests are about.
        drop(stream.write_all(page(&request).as_bytes()));
        drop(stream.flush());
    }
}

pub fn plain(page: Page) -> App {
    listen("127.0.0.1", move |mut stream| speak(&mut stream, &page))
}

fn encrypted(identity: (&[u8], &[u8]), versions: &[&'static SupportedProtocolVersion]) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.1.to_vec()));
    let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
    let chain = vec![CertificateDer::from(identity.0.to_vec())];
    Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap())
}

fn speak_encrypted(stream: TcpStream, config: &Arc<ServerConfig>, page: &Page) {
    let connection = ServerConnection::new(config.clone()).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    speak(&mut stream, page);
    stream.conn.send_close_notify();
    drop(stream.flush());
}

/// The hardened application: TLS 1.2 and 1.3, every header, and nothing else.
pub fn hardened() -> App {
    let config = encrypted(HARDENED, &[&rustls::version::TLS12, &rustls::version::TLS13]);
    let page: Page = Arc::new(hardened_page);
    listen("127.0.0.1", move |stream| speak_encrypted(stream, &config, &page))
}

fn hardened_page(request: &str) -> String {
    let status = match request.split("\r\n").next().unwrap_or_default() {
        "GET / HTTP/1.1" => "200 OK",
        line if line.starts_with("TRACE") => "405 Method Not Allowed",
        _ => "404 Not Found",
    };
    let body = "<html><title>Portal</title></html>";
    format!(
        "HTTP/1.1 {status}\r\nServer: web\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n\
         Content-Security-Policy: default-src 'self'; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n\
         Referrer-Policy: no-referrer\r\nSet-Cookie: SID=1; Secure; HttpOnly; SameSite=Lax\r\n\
         Access-Control-Allow-Origin: *\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Redirects everything to another place.
pub fn redirecting(to: String) -> App {
    plain(Arc::new(move |_| format!("HTTP/1.1 301 Moved\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n")))
}

/// The weak application, plain.
pub fn weak() -> App {
    plain(Arc::new(weak_page))
}

/// The weak application over TLS 1.2, and SSL 3 to TLS 1.1 as far as anybody looks.
pub fn weak_encrypted() -> App {
    let config = encrypted(SOON, &[&rustls::version::TLS12]);
    let page: Page = Arc::new(weak_page);
    listen("127.0.0.1", move |stream| match asked_version(&stream) {
        Some(version @ 0x0300..=0x0302) => old_handshake(stream, version),
        Some(_) => speak_encrypted(stream, &config, &page),
        None => {}
    })
}

/// A server that speaks TLS 1.0 alone.
pub fn ancient() -> App {
    listen("127.0.0.1", |mut stream| match asked_version(&stream) {
        Some(0x0301) => old_handshake(stream, 0x0301),
        _ => drop(stream.write_all(&[21, 3, 1, 0, 2, 2, 70])),
    })
}

fn asked_version(stream: &TcpStream) -> Option<u16> {
    let mut head = [0; 11];
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    while stream.peek(&mut head).ok().filter(|length| *length > 0)? < head.len() {
        std::thread::sleep(Duration::from_millis(5));
    }
    Some(u16::from_be_bytes([head[9], head[10]]))
}

/// As much of an old handshake as is sent in the clear: `ServerHello`, `Certificate`, `ServerHelloDone`.
fn old_handshake(mut stream: TcpStream, version: u16) {
    let certificate = if version == 0x0302 { NOT_YET_VALID } else { EXPIRED };
    let three = |length: usize| u32::try_from(length).unwrap().to_be_bytes()[1..].to_vec();
    let message = |kind: u8, body: Vec<u8>| [vec![kind], three(body.len()), body].concat();
    let hello = [version.to_be_bytes().to_vec(), vec![9; 32], vec![0, 0, 0x2f, 0]].concat();
    let chain = [three(certificate.len() + 3), three(certificate.len()), certificate.to_vec()].concat();
    let messages = [message(2, hello), message(11, chain), message(14, Vec::new())].concat();
    for part in messages.chunks(300) {
        let length = u16::try_from(part.len()).unwrap().to_be_bytes();
        let record = [&[22][..], &version.to_be_bytes(), &length, part].concat();
        drop(stream.write_all(&record));
    }
}

fn weak_page(request: &str) -> String {
    let line = request.split("\r\n").next().unwrap_or_default();
    let path = line.split(' ').nth(1).unwrap_or_default();
    let listing = "<html><head><title>Index of /</title><meta name=\"generator\" content=\"WordPress 5.8\"></head>\
                   <body><a href=\"/login?user=a\">login</a> <a href=\"backup/\">backup/</a></body></html>";
    let body = match path {
        _ if line.starts_with("TRACE") => request,
        "/.git/HEAD" => "ref: refs/heads/main\n",
        "/.env" => "DB_PASSWORD=not-shown\n",
        _ => listing,
    };
    let extra = if path.starts_with("/short/") { "Strict-Transport-Security: max-age=60\r\n" } else { "" };
    format!(
        "HTTP/1.1 200 OK\r\nServer: Apache/2.4.49 (Unix)\r\nX-Powered-By: PHP/7.4.3\r\nX-AspNet-Version: 4.0.30319\r\n\
         Set-Cookie: SID=not-shown\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Credentials: true\r\n\
         Content-Type: text/html\r\n{extra}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Words for every rule; the real ones stand in the pack, which another crate reads.
pub fn rules() -> OutsideRules {
    let text = |rule: OutsideRule| RuleText {
        title: Localised::new("題", rule.as_str()),
        advice: Localised::new("策", "advice"),
        severity: OutsideSeverity::Low,
        cwe: vec![1],
    };
    let all: BTreeMap<_, _> = OutsideRule::ALL.iter().map(|rule| (*rule, text(*rule))).collect();
    OutsideRules::new(all).unwrap()
}

/// A clock whose day is fixed, so that certificates neither expire nor ripen while tests are kept.
pub fn clock() -> Clock {
    Clock { timestamp: || "2026-12-01T00:00:00Z".parse().unwrap(), instant: Instant::now }
}

/// Limits for tests: quick to give up, in no way slow to ask.
pub fn limits() -> Limits {
    Limits {
        timeout: Duration::from_millis(700),
        total: Duration::from_secs(5),
        bytes: 64 << 10,
        per_second: 10_000,
    }
}

pub fn permit(addresses: &[&str], urls: &[String]) -> Permit {
    Permit {
        addresses: addresses.iter().map(|one| one.parse().unwrap()).collect(),
        urls: urls.iter().map(|one| one.parse().unwrap()).collect(),
    }
}

pub fn loopback() -> Permit {
    Permit { addresses: vec![IpAddr::from([127, 0, 0, 1]).into()], urls: Vec::new() }
}
