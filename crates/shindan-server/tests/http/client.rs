//! A served installation in a folder of its own, and a client that holds every answer against the description.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::people::TokenWanted;
use shindan_app::records::{Call, setup};
use shindan_domain::people::{Role, Scope};
use shindan_server::{Limits, Server, openapi};

pub struct Served {
    pub address: SocketAddr,
    pub folder: PathBuf,
    /// The first person's token: administrator and operator.
    pub token: String,
    /// The first person.
    pub person: String,
    end: Option<std::sync::mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Value,
}

impl Served {
    pub fn new() -> Served {
        Served::within(Limits::default())
    }

    pub fn within(limits: Limits) -> Served {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("server-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _absent = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let data = DataFolder::new(&folder);
        let first = setup::First {
            prefix: "MED".to_owned(),
            name: "山田 花子".to_owned(),
            roles: [Role::Operator].into(),
            token: TokenWanted { purpose: "test".to_owned(), scope: Scope::Write, days: 1 },
            password: None,
        };
        let set_up = setup::set_up(&data, &Call::at(clock::now()), first).unwrap();
        let (token, person) = (set_up.token.clone(), set_up.person.to_string());
        drop(set_up);
        let server = Server::bind("127.0.0.1:0".parse().unwrap(), data, limits).unwrap();
        let address = server.address();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::spawn(move || {
            server.run_until(async move {
                let _sender_dropped = tokio::task::spawn_blocking(move || ended.recv()).await;
            });
        });
        Served { address, folder, token, person, end: Some(end), thread: Some(thread) }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends a request with exactly these headers, and reads the answer.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(&request(method, path, headers, body)).unwrap();
        let answer = read_answer(&mut stream);
        described(method, path, &answer);
        answer
    }

    /// What is answered with bytes that are no JSON: status, headers, bytes.
    pub fn bytes(&self, path: &str) -> (u16, BTreeMap<String, String>, Vec<u8>) {
        self.bytes_as(&self.token, path)
    }

    /// The same for somebody else.
    pub fn bytes_as(&self, token: &str, path: &str) -> (u16, BTreeMap<String, String>, Vec<u8>) {
        let bearer = format!("Bearer {token}");
        let mut stream = self.connect();
        stream.write_all(&request("GET", path, &[("authorization", &bearer)], b"")).unwrap();
        read_bytes(&mut stream)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[("authorization", &format!("Bearer {}", self.token))], b"")
    }

    pub fn get_as(&self, token: &str, path: &str) -> Answer {
        self.send("GET", path, &[("authorization", &format!("Bearer {token}"))], b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_as(&self.token, path, &[], body)
    }

    pub fn post_as(&self, token: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let mut all = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send("POST", path, &all, body.to_string().as_bytes())
    }

    /// Enters a person; answers their id.
    pub fn register(&self, name: &str, roles: &[&str]) -> String {
        let answer = self.post("/api/v1/person", &json!({"name": name, "roles": roles}));
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["record"]["id"].as_str().unwrap().to_owned()
    }

    /// A token of a person.
    pub fn token_of(&self, person: &str, scope: &str) -> String {
        let wanted = json!({"purpose": "test", "scope": scope, "days": 2});
        let answer = self.post(&format!("/api/v1/person/{person}/issue-token"), &wanted);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["token"].as_str().unwrap().to_owned()
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

/// The bytes of a request.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n").into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    if !body.is_empty() {
        bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// Reads one answer.
pub fn read_answer(stream: &mut impl Read) -> Answer {
    let (status, headers, body) = read_bytes(stream);
    Answer { status, headers, body: serde_json::from_slice(&body).unwrap() }
}

fn read_bytes(stream: &mut impl Read) -> (u16, BTreeMap<String, String>, Vec<u8>) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).unwrap_or_else(|| panic!("no status: {line:?}")).parse().unwrap();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length: usize = headers["content-length"].parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (status, headers, body)
}

/// The path of the description that an address belongs to, with this method.
fn template(method: &str, address: &str) -> Option<&'static str> {
    let address = address.split('?').next().unwrap();
    let given: Vec<&str> = address.split('/').collect();
    let paths = openapi::document()["paths"].as_object().unwrap();
    let method = method.to_ascii_lowercase();
    let with_method = paths.iter().filter(|(_, item)| item.get(&method).is_some()).map(|(path, _)| path);
    let matching = with_method.filter(|path| {
        let parts: Vec<&str> = path.split('/').collect();
        parts.len() == given.len()
            && parts.iter().zip(&given).all(|(part, given)| part.starts_with('{') || part == given)
    });
    // The one with the fewest placeholders.
    matching.min_by_key(|path| path.matches('{').count()).map(String::as_str)
}

/// Holds an answer against the description of its operation.
pub fn described(method: &str, path: &str, answer: &Answer) {
    let document = openapi::document();
    let operation = template(method, path).map(|path| &document["paths"][path][method.to_ascii_lowercase()]);
    let operation = operation.filter(|operation| operation.is_object());
    let is_problem = answer.status >= 400;
    let media = if is_problem { "application/problem+json" } else { "application/json" };
    assert_eq!(answer.headers["content-type"], media);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let schema = match operation {
        Some(operation) => {
            let responses = &operation["responses"];
            let response =
                if is_problem { &responses["default"] } else { &responses[answer.status.to_string()] };
            assert!(response.is_object(), "{method} {path}: {} is not described", answer.status);
            response["content"][media]["schema"].clone()
        }
        None => {
            assert!(is_problem, "{method} {path} is not described");
            json!({"$ref": "#/components/schemas/ProblemShape"})
        }
    };
    if schema.is_null() {
        return;
    }
    let whole = json!({"allOf": [schema], "components": document["components"]});
    let validator = jsonschema::validator_for(&whole).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&answer.body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{method} {path}: {errors:?}\n{}", answer.body);
    if is_problem {
        assert_eq!(answer.body["status"], json!(answer.status));
        assert_eq!(
            answer.body["type"],
            json!(format!("urn:shindan:problem:{}", answer.body["code"].as_str().unwrap()))
        );
    }
}
