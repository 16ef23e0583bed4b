//! Clients that leave, stop or dawdle.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use serde_json::json;
use shindan_server::Limits;

use crate::client::{Served, read_answer, request};

/// A command whose client leaves right after asking is done as a whole or not begun.
#[test]
fn a_client_that_leaves_leaves_no_half_command() {
    let served = Served::new();
    let bearer = format!("Bearer {}", served.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    for number in 0..40_u64 {
        let body = json!({"name": format!("gone {number}"), "roles": ["operator", "approver"]}).to_string();
        let bytes = request("POST", "/api/v1/person", &headers, body.as_bytes());
        let mut stream = served.connect();
        // Every other one leaves before its body is complete.
        let sent = if number % 2 == 0 { bytes.len() } else { bytes.len() - 5 };
        stream.write_all(&bytes[..sent]).unwrap();
        std::thread::sleep(Duration::from_micros(50 * number));
        drop(stream);
    }
    // What was asked for completely may still be at work; nothing else is.
    std::thread::sleep(Duration::from_millis(300));
    let verified = served.get("/api/v1/ledger/verification?states=true");
    assert_eq!((&verified.body["whole"], &verified.body["differences"]), (&json!(true), &json!([])));
    let people = served.get("/api/v1/person?limit=1000&open=false");
    let rows = people.body["records"].as_array().unwrap();
    let done: Vec<&str> =
        rows.iter().filter_map(|row| row["title"].as_str()).filter(|t| t.starts_with("gone")).collect();
    assert_eq!(verified.body["entries"], json!(2 + done.len()), "each with its one entry: {done:?}");
    assert!(done.len() <= 20 && !done.is_empty(), "{done:?}");
    let odd = |title: &&&str| title.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() % 2 == 1;
    assert_eq!(done.iter().filter(odd).count(), 0, "one that was never asked for completely was done");
}

fn hasty() -> Served {
    Served::within(Limits { receiving: Duration::from_millis(300), ..Limits::default() })
}

#[test]
#[allow(clippy::disallowed_methods)]
fn who_never_ends_the_headers_is_disconnected() {
    let served = hasty();
    let begun = Instant::now();
    let mut stream = served.connect();
    stream.write_all(b"GET /api/v1/me HTTP/1.1\r\nhost: x\r\n").unwrap();
    let mut rest = Vec::new();
    let _reset_or_end = stream.read_to_end(&mut rest);
    assert!(begun.elapsed() < Duration::from_secs(10));
    let answer = String::from_utf8_lossy(&rest);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[test]
fn who_never_ends_the_body_is_told() {
    let served = hasty();
    let bearer = format!("Bearer {}", served.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let bytes = request("POST", "/api/v1/person", &headers, b"{\"name\":\"x\",\"roles\":[\"admin\"]}");
    let mut stream = served.connect();
    stream.write_all(&bytes[..bytes.len() - 1]).unwrap();
    let answer = read_answer(&mut stream);
    assert_eq!((answer.status, &answer.body["code"]), (408, &json!("too-slow")));
    assert_eq!(served.get("/api/v1/person").body["records"].as_array().unwrap().len(), 1);
}

#[test]
fn noise_is_no_request() {
    let served = Served::new();
    for noise in [b"\x16\x03\x01\x02\x00\x01\x00".as_slice(), b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"] {
        let mut stream = served.connect();
        stream.write_all(noise).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut rest = Vec::new();
        let _reset_or_end = stream.read_to_end(&mut rest);
        let answer = String::from_utf8_lossy(&rest);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.1 5"),
            "{answer}"
        );
    }
    let large = format!("GET /api/v1/me HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "y".repeat(100_000));
    let mut stream = served.connect();
    let _may_be_closed_early = stream.write_all(large.as_bytes());
    let mut rest = Vec::new();
    let _reset_or_end = stream.read_to_end(&mut rest);
    assert!(!String::from_utf8_lossy(&rest).starts_with("HTTP/1.1 2"));
    assert_eq!(served.get("/api/v1/me").status, 200, "others are served");
}

#[test]
fn a_server_needs_records_and_a_free_address() {
    let served = Served::new();
    let data = shindan_app::data_folder::DataFolder::new(&served.folder);
    let taken = shindan_server::Server::bind(served.address, data, Limits::default());
    assert!(matches!(taken, Err(shindan_server::ServeError::Address { .. })));
    let empty = shindan_app::data_folder::DataFolder::new(served.folder.join("nothing"));
    let nothing = shindan_server::Server::bind("127.0.0.1:0".parse().unwrap(), empty, Limits::default());
    assert!(matches!(nothing, Err(shindan_server::ServeError::Records(_))));
}
