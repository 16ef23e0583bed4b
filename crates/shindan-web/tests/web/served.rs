//! A server with pages in a folder of its own, and a client that keeps cookies as a browser does. The tests of this crate's inside use
//! it, too.
// Each of the two programs that it is a part of needs something else of it.
#![allow(dead_code)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::demo::{self, DemoAccount};
use shindan_app::progress::Silent;
use shindan_app::records::accounts::SecretText;
use shindan_app::records::collect::sync::Reach;
use shindan_app::records::people::TokenWanted;
use shindan_app::records::{Call, setup};
use shindan_domain::people::{Role, Scope};
use shindan_server::{Limits, Server};
use shindan_web::Options;

pub const PASSWORD: &str = "correct horse battery";

pub struct Served {
    address: SocketAddr,
    pub folder: PathBuf,
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// An answer.
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

    /// The first header of this name; empty if there is none.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|all| all.first()).cloned().unwrap_or_default()
    }

    /// Where it leads, if that is an address of this server.
    pub fn leads_own(&self) -> Option<String> {
        Some(self.location()).filter(|to| to.starts_with('/'))
    }

    /// Where it leads.
    pub fn location(&self) -> String {
        self.header("location")
    }

    /// The value of a hidden field.
    pub fn field(&self, name: &str) -> String {
        field(&self.text(), name)
    }
}

/// A folder without records.
pub fn empty_folder() -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = format!("shindan-web-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(name);
    // It is there only if a former run had the same number.
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

/// The demo hospital, made once for all tests of a program.
fn demo_folder() -> &'static (Mutex<()>, PathBuf) {
    static DEMO: OnceLock<(Mutex<()>, PathBuf)> = OnceLock::new();
    DEMO.get_or_init(|| {
        let folder = empty_folder();
        demo::run(&folder, &Silent).unwrap();
        (Mutex::new(()), folder)
    })
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

impl Served {
    pub fn new(folder: PathBuf, code: Option<&str>) -> Served {
        Served::with(folder.clone(), folder, code, Limits::default())
    }

    /// An empty folder, on a server with these limits.
    pub fn empty_within(code: &str, limits: Limits) -> Served {
        let folder = empty_folder();
        Served::with(folder.clone(), folder, Some(code), limits)
    }

    /// The demo hospital in a folder of its own.
    pub fn demo() -> Served {
        Served::demo_within(Limits::default())
    }

    /// The demo hospital in a folder of its own, on a server with these limits.
    pub fn demo_within(limits: Limits) -> Served {
        let (one_at_a_time, demo) = demo_folder();
        let folder = empty_folder();
        let copying = one_at_a_time.lock();
        copy(&demo.join("data"), &folder.join("data"));
        copy(&demo.join("tokens"), &folder.join("tokens"));
        drop(copying);
        Served::with(folder.join("data"), folder, None, limits)
    }

    /// The demo hospital for all tests that are content with what the others leave.
    pub fn shared() -> &'static Served {
        static SHARED: OnceLock<Served> = OnceLock::new();
        SHARED.get_or_init(Served::demo)
    }

    fn with(data: PathBuf, folder: PathBuf, code: Option<&str>, limits: Limits) -> Served {
        let options = Options { setup: code.map(str::to_owned), ..Options::default() };
        let pages = |desk| Some(shindan_web::router(desk, options));
        let any = "127.0.0.1:0".parse().unwrap();
        let data = DataFolder::new(&data);
        let server = Server::bind_with_pages(any, data, limits, Reach::default(), pages).unwrap();
        let address = server.address();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::spawn(move || {
            server.run_until(async move {
                let _sender_dropped = tokio::task::spawn_blocking(move || ended.recv()).await;
            });
        });
        Served { address, folder, end: Some(end), thread: Some(thread) }
    }

    /// The data folder.
    pub fn data(&self) -> DataFolder {
        let inside = self.folder.join("data");
        DataFolder::new(if inside.is_dir() { inside } else { self.folder.clone() })
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { served: self, cookies: RefCell::default(), language: "ja" }
    }

    /// The person of this role of the demo hospital, logged in.
    pub fn person(&self, role: Role) -> Browser<'_> {
        let account = demo::accounts().into_iter().find(|account| account.role == role).unwrap();
        let DemoAccount { name, password, .. } = account;
        let browser = self.browser();
        let answer = browser.post("/login", &[("name", name), ("password", &password)]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        browser
    }

    /// The token of somebody of the demo hospital, for REST.
    pub fn token(&self, name: &str) -> String {
        let path = self.folder.join("tokens").join(format!("{name}.token"));
        std::fs::read_to_string(path).unwrap().trim().to_owned()
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        stream.write_all(head.as_bytes()).unwrap();
        // A server that refuses early need not read all.
        let _closed = stream.write_all(body);
        read(&mut stream)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // A server that panicked was noticed by the test that asked it.
            let _joined = thread.join();
        }
    }
}

pub struct Browser<'s> {
    served: &'s Served,
    pub cookies: RefCell<BTreeMap<String, String>>,
    pub language: &'static str,
}

impl Browser<'_> {
    pub fn send(&self, method: &str, path: &str, more: &[(&str, &str)], body: &[u8]) -> Answer {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut headers = vec![("accept-language", self.language)];
        if !cookies.is_empty() {
            headers.push(("cookie", &cookies));
        }
        headers.extend_from_slice(more);
        let answer = self.served.send(method, path, &headers, body);
        for cookie in answer.headers.get("set-cookie").into_iter().flatten() {
            let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// A page that there is.
    pub fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from(path, fields, &[("sec-fetch-site", "same-origin")])
    }

    /// With these headers, which say where the form comes from.
    pub fn post_from(&self, path: &str, fields: &[(&str, &str)], more: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend_from_slice(more);
        self.send("POST", path, &headers, body.join("&").as_bytes())
    }

    /// Sends fields and one file, as a browser does.
    pub fn post_file(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (name, file, bytes): (&str, &str, &[u8]),
    ) -> Answer {
        let mut body = Vec::new();
        let part = "--b0undary\r\ncontent-disposition: form-data; name=";
        for (name, value) in fields {
            body.extend(format!("{part}\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        let media = "content-type: application/octet-stream";
        body.extend(format!("{part}\"{name}\"; filename=\"{file}\"\r\n{media}\r\n\r\n").bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--b0undary--\r\n");
        let headers =
            [("content-type", "multipart/form-data; boundary=b0undary"), ("sec-fetch-site", "same-origin")];
        self.send("POST", path, &headers, &body)
    }

    /// Logs the first person in.
    pub fn log_in(&self) {
        let answer = self.post("/login", &[("name", "山田 花子"), ("password", PASSWORD)]);
        assert_eq!(answer.status, 303, "{}", answer.text());
    }

    /// The token of forms on a page.
    pub fn csrf(&self, path: &str) -> String {
        self.get(path).field("csrf")
    }

    /// Waits for a work until it ended; its page.
    pub fn ended(&self, path: &str) -> String {
        for _ in 0..600 {
            let page = self.page(path);
            if !page.contains("hx-trigger=\"every") {
                return page;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{path} did not end");
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
    let mut body = Vec::new();
    reader.read_to_end(&mut body).unwrap();
    if headers.get("transfer-encoding").is_some_and(|all| all.iter().any(|one| one == "chunked")) {
        body = unchunked(&body);
    }
    Answer { status, headers, body }
}

fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap().trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        whole.extend_from_slice(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + 4 + size..];
    }
    whole
}
