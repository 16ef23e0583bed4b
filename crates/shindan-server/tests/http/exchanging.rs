//! A sealed file goes over HTTP from one server to another, and its receipt comes back.

use serde_json::json;
use shindan_domain::ledger::Hash;

use crate::hospital::{Hospital, id};

/// The card of a side, and what is read aloud.
pub fn card(side: &Hospital, name: &str) -> (Vec<u8>, String) {
    let made = side.by(&side.manager, "exchange-card", json!({"name": name})).body;
    let text = |field: &str| made[field].as_str().unwrap().to_owned();
    (text("card").into_bytes(), text("read_aloud"))
}

/// One side takes the other's card in, and another person confirms it.
pub fn knows(side: &Hospital, party: &str, (card, digits): &(Vec<u8>, String)) -> String {
    let card = side.send("their.card", card);
    let partner = id(&side.operate("exchange", json!({"party": party, "card": card})));
    let confirm = json!({"fingerprint": digits, "by": "voice"});
    let path = format!("/api/v1/exchange/{partner}/confirm");
    let own = side.served.post(&path, &confirm);
    assert_eq!((own.status, &own.body["reason"]["code"]), (422, &json!("same-person")));
    side.by(&side.manager, &format!("exchange/{partner}/confirm"), confirm);
    partner
}

#[test]
fn a_sealed_file_goes_over_and_its_receipt_comes_back() {
    let (provider, hospital) = (Hospital::new(), Hospital::new());
    let cards = (card(&provider, "カルテ工業"), card(&hospital, "中央病院"));
    let to = knows(&provider, "中央病院", &cards.1);
    knows(&hospital, "カルテ工業", &cards.0);
    let list = provider.list("sbom.json", "1.2.0");
    let sealed = provider.operate(&format!("exchange/{to}/seal"), json!({"files": [list], "encrypt": true}));
    let hash = sealed.body["sealed"].as_str().unwrap().to_owned();
    let (status, _, bytes) = provider.served.bytes(&format!("/api/v1/documents/{hash}"));
    assert_eq!(status, 200);

    let import = |side: &Hospital, name: &str, bytes: &[u8]| {
        let file = side.send(name, bytes);
        side.served.post("/api/v1/exchange-import", &json!({"file": file}))
    };
    let mut changed = bytes.clone();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    let refused = import(&hospital, "changed.shindan", &changed);
    assert_eq!((refused.status, &refused.body["reason"]["code"]), (422, &json!("sealed-cannot-decrypt")));
    let accepted = import(&hospital, "1.shindan", &bytes);
    assert_eq!((accepted.status, &accepted.body["number"]), (200, &json!(1)), "{accepted:?}");
    let again = import(&hospital, "1.shindan", &bytes);
    assert_eq!((again.status, &again.body["reason"]["code"]), (422, &json!("sealed-replay")));

    let receipt = accepted.body["receipt"].as_str().unwrap();
    assert_eq!(import(&provider, "1.receipt", receipt.as_bytes()).status, 200);
    let shown = provider.served.get(&format!("/api/v1/exchange/{to}"));
    assert_eq!(shown.body["state"], "confirmed", "nothing is outstanding: {}", shown.body);
    let void = json!({"number": 1, "reason": "too late"});
    let settled = provider.served.post(&format!("/api/v1/exchange/{to}/void-sent"), &void);
    assert_eq!((settled.status, &settled.body["reason"]["code"]), (422, &json!("file-settled")));
}

/// Somebody with one role, and their token.
pub fn person(side: &Hospital, role: &str, scope: &str) -> String {
    let person = side.served.register(&format!("{role} {scope}"), &[role]);
    side.served.token_of(&person, scope)
}

#[test]
fn a_card_is_made_once_and_given_out() {
    let side = Hospital::new();
    let absent = side.served.get("/api/v1/exchange-card");
    assert_eq!((absent.status, &absent.body["code"]), (404, &json!("record-unknown")));
    let make = |token: &str, body| side.served.post_as(token, "/api/v1/exchange-card", &[], &body);
    let auditor = person(&side, "auditor", "write");
    let reading = person(&side, "manager", "read");
    let named = json!({"name": "中央病院"});
    assert_eq!(make(&auditor, named.clone()).body["reason"]["code"], json!("role-missing"));
    assert_eq!(make(&reading, named.clone()).body["reason"]["code"], json!("token-reads-only"));
    assert_eq!(make(&side.manager, json!({"to": "/etc/card"})).body["code"], json!("body-invalid"));
    assert_eq!(side.served.get("/api/v1/exchange-card").status, 404, "nothing of it made one");
    let made = make(&side.manager, named);
    assert_eq!((made.status, &made.body["party"]), (200, &json!("中央病院")));

    let path = "/api/v1/exchange-card?name=%E4%B8%AD%E5%A4%AE%E7%97%85%E9%99%A2";
    assert_eq!(side.served.get_as(&side.manager, path).body, made.body, "the same again");
    assert_eq!(side.served.get_as(&auditor, path).status, 403);
    assert_eq!(side.served.get("/api/v1/exchange-card?to=x").body["code"], json!("query-invalid"));
    let file = path.replace('?', "/file?");
    let (status, headers, bytes) = side.served.bytes_as(&side.manager, &file);
    assert_eq!((status, bytes), (200, made.body["card"].as_str().unwrap().as_bytes().to_vec()));
    assert_eq!(headers["content-disposition"], "attachment; filename=\"shindan.card\"");
    assert_eq!(side.served.bytes_as(&auditor, &file).0, 403);
}

#[test]
fn what_went_and_what_came_is_given_out_and_looked_at() {
    let (provider, hospital) = (Hospital::new(), Hospital::new());
    let cards = (card(&provider, "カルテ工業"), card(&hospital, "中央病院"));
    let to = knows(&provider, "中央病院", &cards.1);
    let from = knows(&hospital, "カルテ工業", &cards.0);
    let letter = provider.send("%E5%90%8C%E6%84%8F.txt", b"agreed");
    provider.operate(&format!("exchange/{to}/seal"), json!({"files": [letter]}));

    let sent = format!("/api/v1/exchange/{to}/sent/1");
    let (status, headers, bytes) = provider.served.bytes(&sent);
    assert_eq!((status, headers["content-type"].as_str()), (200, "application/octet-stream"));
    assert_eq!(headers["content-disposition"], "attachment; filename=\"MED-000001.shindan\"");
    for (path, status, code) in [
        (sent.replace("sent/1", "sent/2"), 422, "refused"),
        (sent.replace("sent/1", "sent/x"), 404, "path-unknown"),
        (sent.replace("sent/1", "sent/-1"), 404, "path-unknown"),
        (sent.replace("exchange", "party"), 404, "path-unknown"),
        (sent.replace(&to, "nobody"), 404, "record-unknown"),
    ] {
        let answer = provider.served.get(&path);
        assert_eq!((answer.status, &answer.body["code"]), (status, &json!(code)), "{path}");
    }

    let verify = |side: &Hospital, token: &str, file: &str| {
        side.served.post_as(token, "/api/v1/exchange-verification", &[], &json!({"file": file}))
    };
    let operator = hospital.served.token.clone();
    let file = hospital.send("1.shindan", &bytes);
    let good = verify(&hospital, &operator, &file);
    assert_eq!((good.status, &good.body["accepted"]), (200, &json!(true)), "{good:?}");
    assert_eq!(good.body["manifest"]["contents"][0]["path"], json!("同意.txt"));
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    let bad = verify(&hospital, &operator, &hospital.send("1.shindan", &changed));
    assert_eq!((bad.status, &bad.body["reason"]["code"]), (200, &json!("sealed-tampered")));
    let unknown = verify(&hospital, &operator, &Hash::of(b"never sent").to_string());
    assert_eq!((unknown.status, &unknown.body["params"]["field"]), (400, &json!("upload")));
    let junk = verify(&hospital, &operator, &hospital.send("x", b"x"));
    assert_eq!(junk.body["reason"]["code"], json!("sealed-unrecognised"));
    let list = hospital.served.get(&format!("/api/v1/exchange/{from}/received/1"));
    assert_eq!(list.body["reason"]["code"], json!("item-unknown"), "looking takes nothing in");

    let imported = hospital.operate("exchange-import", json!({"file": file}));
    let received = format!("/api/v1/exchange/{from}/received/1");
    let list = hospital.served.get(&received);
    assert_eq!(list.body["contents"][0]["sha256"], json!(Hash::of(b"agreed")), "{list:?}");
    let (_, headers, content) = hospital.served.bytes(&format!("{received}/contents/1"));
    assert_eq!(content, b"agreed");
    assert!(
        headers["content-disposition"].ends_with("filename*=UTF-8''%E5%90%8C%E6%84%8F.txt"),
        "{headers:?}"
    );
    for place in ["0", "2", "18446744073709551615"] {
        let answer = hospital.served.get(&format!("{received}/contents/{place}"));
        assert_eq!(answer.body["reason"]["code"], json!("item-unknown"), "{place}");
    }
    assert_eq!(hospital.served.get(&format!("{received}/contents/a")).status, 404);
    let (_, _, receipt) = hospital.served.bytes(&format!("{received}/receipt"));
    assert_eq!(receipt, imported.body["receipt"].as_str().unwrap().as_bytes());

    let auditor = person(&hospital, "auditor", "read");
    assert_eq!(hospital.served.get_as(&auditor, &received).status, 200, "an auditor reads");
    let signs = hospital.served.get_as(&auditor, &format!("{received}/receipt"));
    assert_eq!(signs.body["reason"]["code"], json!("role-missing"), "and signs nothing");
    let outsider = person(&hospital, "partner", "write");
    for path in [received.clone(), format!("{received}/contents/1"), sent.replace(&to, &from)] {
        assert_eq!(hospital.served.get_as(&outsider, &path).status, 403, "{path}");
    }
    assert_eq!(verify(&hospital, &outsider, &file).status, 400, "somebody else's upload is none of theirs");
}

#[test]
fn what_is_said_to_be_too_large_is_refused_before_it_is_read() {
    let hospital = Hospital::new();
    let bearer = format!("Bearer {}", hospital.served.token);
    let send = |query: &str, size: u64| {
        let size = size.to_string();
        let headers = [("authorization", bearer.as_str()), ("content-length", size.as_str())];
        hospital.served.send("POST", &format!("/api/v1/uploads?name=x{query}"), &headers, b"")
    };
    for (query, limit) in
        [("", 256_u64 << 20), ("&sealed=true", (2 << 30) + (68 << 20)), ("&patch=true", 16 << 30)]
    {
        let answer = send(query, limit + 1);
        assert_eq!((answer.status, &answer.body["code"]), (413, &json!("body-too-large")), "{query}");
        assert_eq!(answer.body["params"]["limit"], json!(limit.to_string()), "{query}");
    }
    assert_eq!(send("&sealed=true&patch=true", 0).body["code"], json!("query-invalid"));
}
