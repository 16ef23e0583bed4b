//! The published description: committed, complete, and true.

use std::path::Path;

use serde_json::json;
use shindan_server::openapi;

use crate::client::Served;

/// `SHINDAN_BLESS=1` writes it anew.
#[test]
fn the_committed_description_is_this_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let text = format!("{}\n", serde_json::to_string_pretty(openapi::document()).unwrap());
    if std::env::var_os("SHINDAN_BLESS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == text,
        "docs/openapi.json is not what the program describes; SHINDAN_BLESS=1 writes it anew"
    );
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_a_name() {
    let document = openapi::document();
    assert_eq!(document["openapi"], "3.1.0");
    let text = document.to_string();
    let mut seen = 0;
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        seen += 1;
    }
    assert!(seen > 30, "{seen} references");
    let mut names = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap_or_default();
            assert!(!name.is_empty() && names.insert(name), "{method} {path}: {name}");
            assert!(
                operation["summary"].as_str().is_some_and(|summary| summary.len() > 4),
                "{method} {path}"
            );
            assert!(operation["responses"]["default"].is_object(), "{method} {path}");
        }
    }
    assert!(names.len() >= 17, "{}", names.len());
}

/// Every described operation is there, and asks for a token before anything else.
#[test]
fn every_described_operation_is_there_and_needs_a_token() {
    let served = Served::new();
    let open = served.send("GET", "/api/openapi.json", &[], b"");
    assert_eq!((open.status, &open.body), (200, openapi::document()));
    for (path, item) in openapi::document()["paths"].as_object().unwrap() {
        let path = path.replace("{kind}", "person").replace("{record}", &served.person);
        let path = path.replace("{sha256}", &"00".repeat(32));
        let path = path.replace("{number}", "1").replace("{place}", "1");
        for method in item.as_object().unwrap().keys().filter(|_| !path.ends_with("openapi.json")) {
            let answer = served.send(&method.to_uppercase(), &path, &[], b"");
            assert_eq!(
                (answer.status, &answer.body["code"]),
                (401, &json!("token-missing")),
                "{method} {path}"
            );
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
            let wrong =
                served.send(&method.to_uppercase(), &path, &[("authorization", "Bearer shindan_00")], b"");
            assert_eq!(
                (wrong.status, &wrong.body["code"]),
                (401, &json!("token-unknown")),
                "{method} {path}"
            );
        }
    }
}
