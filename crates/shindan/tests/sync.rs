//! `sync` and `sources mail` through the real executable: how the network is reached, how it is stopped, and what a person drops in.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use common::{Folder, Said, follows, run, text};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use shindan_mirror::{Fault, Mirror, Page};

struct Office(Folder);

impl Office {
    fn new() -> Office {
        let office = Office(Folder::new());
        let (data, token) = (office.0.join("data"), office.0.join("token"));
        let setup =
            ["setup", "--prefix", "MED", "--name", "運用 太郎", "--role", "operator", "--role", "manager"];
        let places = ["--data-dir", text(&data), "--token-to", text(&token)];
        run(setup.iter().chain(&places)).ends(0);
        office
    }

    fn arguments(&self, arguments: &[&str]) -> Vec<String> {
        let (data, token) = (self.0.join("data"), self.0.join("token"));
        let places = ["--data-dir", text(&data), "--token-file", text(&token)];
        arguments.iter().chain(&places).map(|one| (*one).to_owned()).collect()
    }

    #[track_caller]
    fn say(&self, arguments: &[&str]) -> Said {
        run(self.arguments(arguments))
    }

    fn add(&self, name: &str, kind: &str, address: Option<&str>) {
        let add = ["sources", "add", "--name", name, "--title", name, "--kind", kind];
        let address = address.map(|address| vec!["--address", address]).unwrap_or_default();
        self.say(&[&add[..], &address].concat()).ends(0);
    }

    /// Why the only source could not be looked at.
    #[track_caller]
    fn failure(&self, more: &[&str]) -> String {
        let answer = self.say(&[&["sync", "--all", "--format", "json"], more].concat()).ends(3).json();
        follows("sync-1.json", &answer);
        answer["sources"][0]["outcome"]["failure"].as_str().unwrap().to_owned()
    }
}

const NEWS: &str = "<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
    <channel rdf:about=\"https://www.example.jp/\"><title>x</title></channel>\
    <item rdf:about=\"https://www.example.jp/a\"><title>a</title><link>https://www.example.jp/a</link></item></rdf:RDF>";

/// A source over TLS whose certificate an authority signed that nobody else trusts (made for the tests of shindan-fetch).
fn over_tls() -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = include_bytes!("../../shindan-fetch/tests/tls/source.key.der").to_vec();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
    let chain = vec![CertificateDer::from(include_bytes!("../../shindan-fetch/tests/tls/good.der").to_vec())];
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{NEWS}", NEWS.len());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream);
            let mut head = [0; 4096];
            // A client that does not like the certificate hangs up: that is what the test is about.
            if stream.read(&mut head).is_ok() {
                drop(stream.write_all(answer.as_bytes()));
                stream.conn.send_close_notify();
                drop(stream.flush());
            }
        }
    });
    address
}

#[test]
fn an_authority_is_trusted_if_its_certificate_is_named() {
    let office = Office::new();
    office.add("inside", "feed", Some(&format!("https://{}/news.rdf", over_tls())));
    assert_eq!(office.failure(&[]), "tls");
    let ca = concat!(env!("CARGO_MANIFEST_DIR"), "/../shindan-fetch/tests/tls/ca.pem");
    let answer = office.say(&["sync", "--all", "--ca", ca, "--format", "json"]).ends(0).json();
    assert_eq!(answer["sources"][0]["outcome"]["result"], "new-items");
    let nothing = office.0.write("empty.pem", "no certificate");
    office.say(&["sync", "--all", "--ca", text(&nothing)]).ends(5).complains(&["empty.pem"]);
}

#[test]
fn a_proxy_is_asked_for_what_is_not_on_this_computer() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let heard = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 4096];
            let read = stream.read(&mut head).unwrap_or(0);
            heard.lock().unwrap().push(String::from_utf8_lossy(&head[..read]).into_owned());
            drop(
                stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            );
        }
    });
    let office = Office::new();
    office.add("outside", "feed", Some("https://source.invalid/news.rdf"));
    assert_eq!(office.failure(&["--proxy", &proxy]), "proxy");
    let asked = asked.lock().unwrap().join("\n");
    assert!(asked.starts_with("CONNECT source.invalid:443 "), "{asked}");
    let refused = office.say(&["sync", "--all", "--proxy", "http://taro:geheim@"]).ends(5);
    assert!(!refused.to_string().contains("geheim"), "{refused}");
}

/// Ctrl-C stops a look that hangs; that somebody stopped it is recorded, and nothing of it is in force.
#[cfg(unix)]
#[test]
fn a_look_that_is_stopped_is_recorded_as_stopped() {
    let page = Page::new("/news.rdf", NEWS);
    let mirror = Mirror::start(vec![page]).unwrap();
    let rest = std::time::Duration::from_millis(300);
    mirror.always("/news.rdf", Fault::Slow { piece: 1, rest });
    let office = Office::new();
    office.add("slow", "feed", Some(&mirror.url("/news.rdf")));
    let arguments = office.arguments(&["sync", "--all", "--format", "json"]);
    let child = common::command(arguments)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    for _ in 0..600 {
        if !mirror.all_seen().is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(!mirror.all_seen().is_empty(), "the source was never asked");
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let answer = common::said(child.wait_with_output().unwrap()).ends(3).json();
    assert_eq!(answer["sources"][0]["outcome"]["failure"], "cancelled", "{answer:#}");
    let status = office.say(&["sources", "status", "--format", "json"]).ends(0).json();
    assert_eq!(status["sources"][0]["last_good"], serde_json::Value::Null);
    assert!(!office.0.join("data/sources/slow/00-news.rdf").exists());
}

#[test]
fn a_paused_source_is_refused_in_its_own_words() {
    let mirror = Mirror::start(vec![Page::new("/news.rdf", NEWS)]).unwrap();
    let office = Office::new();
    office.add("news", "feed", Some(&mirror.url("/news.rdf")));
    office.say(&["sources", "pause", "news", "--reason", "休業"]).ends(0);
    office.say(&["sync", "news", "--lang", "en"]).ends(5).complains(&["paused", "sources resume"]);
    office.say(&["sources", "end", "news", "--reason", "契約終了"]).ends(0);
    let ended = office.say(&["sync", "news", "--lang", "en"]).ends(5);
    assert!(!ended.stderr.contains("paused"), "{ended}");
    assert!(mirror.all_seen().is_empty());
}

#[test]
fn a_key_that_cannot_be_read_is_told_before_anything_is_asked() {
    let mirror = Mirror::start(vec![Page::new("/news.rdf", NEWS)]).unwrap();
    let office = Office::new();
    office.add("news", "feed", Some(&mirror.url("/news.rdf")));
    office.say(&["sync", "--all", "--nvd-key-file", "no-such-file"]).ends(5).complains(&["no-such-file"]);
    let key = office.0.write("key", "two words");
    let refused = office.say(&["sync", "--all", "--nvd-key-file", text(&key)]).ends(5);
    assert!(!refused.to_string().contains("two words"), "{refused}");
    assert!(mirror.all_seen().is_empty());
}

fn mail(id: &str, subject: &str) -> String {
    format!(
        "From: PSIRT <psirt@maker.example>\r\nTo: a@b.example\r\nSubject: {subject}\r\nMessage-ID: <{id}@maker.example>\r\n\
         Date: Fri, 20 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         CVE-2026-1234 concerns the pump.\r\n"
    )
}

#[test]
fn mails_that_a_person_drops_in_are_a_look_by_hand_with_notices() {
    let office = Office::new();
    office.add("list", "mail", None);
    office.add("phone", "hand", None);
    let (first, second) =
        (office.0.write("1.eml", mail("m1", "Pump: alert")), office.0.write("2.eml", mail("m2", "Lamp")));
    office.say(&["sources", "mail", "list", text(&first), text(&second)]).ends(0);
    let notices = office.say(&["notice", "list", "--format", "json"]).ends(0).json();
    assert_eq!(notices["records"].as_array().unwrap().len(), 2, "{notices:#}");
    let status = office.say(&["sources", "status", "--format", "json"]).ends(0).json();
    assert_eq!(status["sources"][0]["last"]["result"], "new-items", "{status:#}");
    // The same mail again brings nothing, and is a look all the same.
    office.say(&["sources", "mail", "list", text(&first)]).ends(0);
    let status = office.say(&["sources", "status", "--format", "json"]).ends(0).json();
    assert_eq!(status["sources"][0]["last"]["result"], "nothing-new", "{status:#}");
    let checks = office.say(&["sources", "checks", "--format", "json"]).ends(0).json();
    let number = checks["records"][0]["number"].as_str().unwrap();
    let shown = office.say(&["sources", "checked", number]).ends(0).stdout;
    assert!(shown.contains("1.eml"), "{shown}");
    office
        .say(&["sources", "mail", "phone", text(&first), "--lang", "en"])
        .ends(5)
        .complains(&["takes no mails"]);
    let none = office.0.write("none.eml", "no headers here");
    office.say(&["sources", "mail", "list", text(&second), text(&none)]).ends(3).complains(&["none.eml"]);
    office.say(&["sources", "mail", "list"]).ends(2);
    let (checks, data) =
        (office.say(&["sources", "checks", "--format", "json"]).ends(0).json(), office.0.join("data"));
    assert_eq!(checks["records"].as_array().unwrap().len(), 2, "what was refused left nothing");
    run(["ledger", "verify", "--states", "--data-dir", text(&data)]).ends(0);
}
