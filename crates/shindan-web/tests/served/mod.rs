//! A server with pages in a folder of its own, and a client that keeps cookies as a browser does.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::accounts::SecretText;
use shindan_app::records::collect::sync::Reach;
use shindan_app::records::people::TokenWanted;
use shindan_app::records::{Call, setup};
use shindan_domain::people::{Role, Scope};
use shindan_server::{Limits, Server};
use shindan_web::Options;

pub const PASSWORD: &str = "correct horse battery";

pub struct Served {
    pub address: SocketAddr,
    pub folder: PathBuf,
    end: Option<std::sync::mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, Vec<String>>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn location(&self) -> String {
        self.headers.get("location").and_then(|all| all.first()).cloned().unwrap_or_default()
    }
}

/// A folder without records.
pub fn empty_folder() -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = format!("web-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _absent = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A folder with one person: 山田 花子, administrator, manager and operator.
pub fn set_up_folder() -> PathBuf {
    let folder = empty_folder();
    let first = setup::First {
        prefix: "MED".to_owned(),
        name: "山田 花子".to_owned(),
        roles: [Role::Manager, Role::Operator].into(),
        token: TokenWanted { purpose: "test".to_owned(), scope: Scope::Write, days: 1 },
        password: Some(SecretText::new(PASSWORD)),
    };
    setup::set_up(&DataFolder::new(&folder), &Call::at(clock::now()), first).unwrap();
    folder
}

impl Served {
    pub fn new(folder: PathBuf, code: Option<&str>) -> Served {
        let options = Options { setup: code.map(str::to_owned), ..Options::default() };
        let pages = |desk| Some(shindan_web::router(desk, options));
        let data = DataFolder::new(&folder);
        let server = Server::bind_with_pages(
            "127.0.0.1:0".parse().unwrap(),
            data,
            Limits::default(),
            Reach::default(),
            pages,
        )
        .unwrap();
        let address = server.address();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::spawn(move || {
            server.run_until(async move {
                let _sender_dropped = tokio::task::spawn_blocking(move || ended.recv()).await;
            });
        });
        Served { address, folder, end: Some(end), thread: Some(thread) }
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { served: self, cookies: BTreeMap::new(), language: "ja" }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        let _may_be_gone = std::fs::remove_dir_all(&self.folder);
    }
}

pub struct Browser<'s> {
    served: &'s Served,
    pub cookies: BTreeMap<String, String>,
    pub language: &'static str,
}

impl Browser<'_> {
    pub fn send(&mut self, method: &str, path: &str, media: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.served.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nsec-fetch-site: same-origin\r\naccept-language: {}\r\n",
            self.served.address, self.language
        );
        if !cookies.is_empty() {
            head.push_str(&format!("cookie: {}\r\n", cookies.join("; ")));
        }
        if method == "POST" {
            head.push_str(&format!("content-type: {media}\r\ncontent-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        // A server that refuses early need not read all.
        let _closed = stream.write_all(body);
        let answer = read(&mut stream);
        for cookie in answer.headers.get("set-cookie").into_iter().flatten() {
            let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, "", b"")
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        self.send("POST", path, "application/x-www-form-urlencoded", body.join("&").as_bytes())
    }

    /// Posts a file behind the token of the form.
    pub fn post_file(&mut self, path: &str, csrf: &str, name: &str, bytes: &[u8]) -> Answer {
        let mut body = format!(
            "--b0undary\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b0undary\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--b0undary--\r\n");
        self.send("POST", path, "multipart/form-data; boundary=b0undary", &body)
    }

    /// Logs the first person in.
    pub fn log_in(&mut self) {
        let answer = self.post("/login", &[("name", "山田 花子"), ("password", PASSWORD)]);
        assert_eq!(answer.status, 303, "{}", answer.text());
    }

    /// The token of forms on a page.
    pub fn csrf(&mut self, path: &str) -> String {
        field(&self.get(path).text(), "csrf")
    }
}

/// The value of a hidden field.
pub fn field(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let from = page.find(&mark).unwrap_or_else(|| panic!("no {name} in {page}")) + mark.len();
    page[from..].split('"').next().unwrap().replace("&#38;", "&")
}

pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn read(stream: &mut TcpStream) -> Answer {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).unwrap_or_else(|| panic!("no status: {line:?}")).parse().unwrap();
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.entry(name.to_ascii_lowercase()).or_default().push(value.to_owned());
    }
    let length: usize = headers["content-length"][0].parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Answer { status, headers, body }
}
