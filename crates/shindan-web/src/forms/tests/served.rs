//! The demo hospital, served; and a browser that knows cookies, forms and nothing else.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::TryRecvError;
use std::sync::{Arc, LazyLock, Mutex};
use std::task::{Poll, Waker};
use std::thread::JoinHandle;

use shindan_app::data_folder::DataFolder;
use shindan_app::demo::{self, DemoAccount};
use shindan_app::progress::Silent;
use shindan_app::records::collect::sync::Reach;
use shindan_domain::people::Role;
use shindan_server::{Limits, Server};

use crate::visit::encoded;

/// The demo is made once; each test has a copy.
static DEMO: LazyLock<(Mutex<()>, PathBuf)> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("shindan-web-demo-{}", std::process::id()));
    let _absent = std::fs::remove_dir_all(&folder);
    demo::run(&folder, &Silent).unwrap();
    (Mutex::new(()), folder)
});

pub(super) struct Served {
    pub address: SocketAddr,
    folder: PathBuf,
    end: Option<std::sync::mpsc::Sender<()>>,
    waker: Arc<Mutex<Option<Waker>>>,
    thread: Option<JoinHandle<()>>,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, Vec<String>>,
    pub body: String,
}

impl Answer {
    /// Where it leads.
    pub fn leads(&self) -> &str {
        self.headers.get("location").and_then(|all| all.first()).map_or("", String::as_str)
    }

    /// Where it leads, if that is an address of this server.
    pub fn leads_own(&self) -> Option<String> {
        Some(self.leads()).filter(|to| to.starts_with('/')).map(str::to_owned)
    }

    /// The value of a hidden field.
    pub fn field(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.body.split(&start).nth(1).unwrap_or_else(|| panic!("no field {name}: {}", self.body));
        rest.split('"').next().unwrap().to_owned()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to)
        } else {
            let _size = std::fs::copy(&from, &to).unwrap();
        }
    }
}

impl Served {
    pub fn new(name: &str) -> Served {
        Served::with(name, Limits::default())
    }

    pub fn with(name: &str, limits: Limits) -> Served {
        let one = DEMO.0.lock();
        let folder = std::env::temp_dir().join(format!("shindan-web-{name}-{}", std::process::id()));
        let _absent = std::fs::remove_dir_all(&folder);
        copy(&DEMO.1.join("data"), &folder.join("data"));
        copy(&DEMO.1.join("tokens"), &folder.join("tokens"));
        drop(one);
        let data = DataFolder::new(folder.join("data"));
        let pages = |desk| Some(crate::router(desk, crate::Options::default()));
        let any = "127.0.0.1:0".parse().unwrap();
        let server = Server::bind_with_pages(any, data, limits, Reach::default(), pages).unwrap();
        let address = server.address();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let waker: Arc<Mutex<Option<Waker>>> = Arc::default();
        let waits = Arc::clone(&waker);
        let thread = std::thread::spawn(move || {
            server.run_until(std::future::poll_fn(move |cx| {
                *waits.lock().unwrap() = Some(cx.waker().clone());
                match ended.try_recv() {
                    Err(TryRecvError::Disconnected) => Poll::Ready(()),
                    _ => Poll::Pending,
                }
            }));
        });
        Served { address, folder, end: Some(end), waker, thread: Some(thread) }
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The token of somebody, for REST.
    pub fn token(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join("tokens").join(format!("{name}.token")))
            .unwrap()
            .trim()
            .to_owned()
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        read(stream)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(waker) = self.waker.lock().unwrap().take() {
            waker.wake();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        let _may_be_gone = std::fs::remove_dir_all(&self.folder);
    }
}

fn read(stream: TcpStream) -> Answer {
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
    Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
}

/// Somebody in a browser.
pub(super) struct Browser<'s> {
    pub served: &'s Served,
    pub cookies: String,
}

impl Browser<'_> {
    /// Logs the person of this role in.
    pub fn of(served: &Served, role: Role) -> Browser<'_> {
        let account = demo::accounts().into_iter().find(|account| account.role == role).unwrap();
        let DemoAccount { name, password, .. } = account;
        let body = format!("name={}&password={}", encoded(name), encoded(&password));
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let answer = served.send("POST", "/login", &form, body.as_bytes());
        assert_eq!(answer.status, 303, "{}", answer.body);
        let cookies = answer.headers["set-cookie"].iter().map(|cookie| cookie.split(';').next().unwrap());
        Browser { served, cookies: cookies.collect::<Vec<_>>().join("; ") }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.served.send("GET", path, &[("cookie", &self.cookies)], b"")
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from(path, fields, &[])
    }

    pub fn post_from(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let pairs = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let mut all =
            vec![("cookie", self.cookies.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        all.extend_from_slice(headers);
        self.served.send("POST", path, &all, body.as_bytes())
    }

    /// Sends fields and one file, as a browser does.
    pub fn post_file(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (name, file, bytes): (&str, &str, &[u8]),
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--B\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!(
            "--B\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(bytes);
        body.extend(b"\r\n--B--\r\n");
        let all = [("cookie", self.cookies.as_str()), ("content-type", "multipart/form-data; boundary=B")];
        self.served.send("POST", path, &all, &body)
    }
}
