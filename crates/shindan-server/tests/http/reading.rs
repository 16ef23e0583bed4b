//! Lists page by page, records, entries, checkpoints.

use serde_json::{Value, json};
use shindan_domain::ledger::{Checkpoint, Entry, Hash};

use crate::client::Served;

fn titles(body: &Value) -> Vec<String> {
    body["records"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_list_is_read_page_by_page() {
    let served = Served::new();
    for number in 0..7 {
        served.register(&format!("p{number}"), &["operator"]);
    }
    let mut path = "/api/v1/person?sort=opened&limit=3".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = served.get(&path);
        assert!(page.body["records"].as_array().unwrap().len() <= 3);
        seen.extend(titles(&page.body));
        let Some(next) = page.body["next"].as_str() else { break };
        path = format!("/api/v1/person?sort=opened&limit=3&cursor={next}");
    }
    assert_eq!(seen.len(), 8, "{seen:?}");
    assert!(seen[0].starts_with("p6") && seen[6].starts_with("p0"), "the last opened first: {seen:?}");
    let filtered = served.get("/api/v1/person?state=inactive&open=false");
    assert_eq!(titles(&filtered.body), [""; 0]);
    let empty = served.get("/api/v1/case?relation=vulnerability&target=CVE-2024-21762");
    assert_eq!((empty.status, titles(&empty.body).len()), (200, 0));
}

#[test]
fn entries_can_be_verified_by_the_reader() {
    let served = Served::new();
    let id = served.register("佐藤", &["operator"]);
    let mut hash = Hash::NONE;
    let mut after = 0;
    loop {
        let page = served.get(&format!("/api/v1/ledger/entries?after={after}&limit=2"));
        for stored in page.body["entries"].as_array().unwrap() {
            let entry: Entry = serde_json::from_value(stored["entry"].clone()).unwrap();
            hash = hash.then(&entry.to_bytes().unwrap());
            assert_eq!(stored["hash"], json!(hash));
        }
        match page.body["next"].as_u64() {
            Some(next) => after = next,
            None => break,
        }
    }
    let made = served.post("/api/v1/ledger/checkpoints", &json!({}));
    assert_eq!(made.status, 201);
    let checkpoint = Checkpoint::from_text(made.body["text"].as_str().unwrap()).unwrap();
    assert_eq!((checkpoint.sequence, checkpoint.hash), (3, hash));
    let verified = served.get("/api/v1/ledger/verification");
    assert_eq!((&verified.body["whole"], &verified.body["covered"]), (&json!(true), &json!(3)));
    assert_eq!(verified.body["differences"], Value::Null);

    let own = served.get(&format!("/api/v1/person/{id}/entries"));
    assert_eq!(own.body["entries"].as_array().unwrap().len(), 1);
    assert_eq!(own.body["entries"][0]["entry"]["type"], "person.registered");
    let shown = served.get(&format!("/api/v1/person/{id}?history=true"));
    assert_eq!(shown.body["history"][0]["person"]["name"], "山田 花子");
}
