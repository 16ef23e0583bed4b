//! Files that are sent for commands, and a review from end to end: two people, evidence, a gate.

use serde_json::json;
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::confirmations::Again;
use shindan_app::records::{Call, Records, reviews};
use shindan_domain::ledger::Hash;
use shindan_domain::review::ReviewItem;

use crate::client::{Answer, Served};

pub fn upload(served: &Served, token: &str, name: &str, bytes: &[u8]) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/octet-stream")];
    served.send("POST", &format!("/api/v1/uploads?name={name}"), &headers, bytes)
}

#[test]
fn a_file_is_sent_and_named_by_its_hash() {
    let served = Served::new();
    let bytes = vec![7; 3_000_000];
    let sent = upload(&served, &served.token, "..%2F..%2Fscan.pdf", &bytes);
    assert_eq!(
        (sent.status, &sent.body["name"], &sent.body["size"]),
        (201, &json!("scan.pdf"), &json!(3_000_000))
    );
    assert_eq!(sent.body["sha256"], json!(Hash::of(&bytes)));
    assert_eq!(upload(&served, &served.token, "again.pdf", &bytes).status, 201);
    let reading = served.token_of(&served.person, "read");
    assert_eq!(upload(&served, &reading, "x", b"x").body["reason"]["code"], "token-reads-only");
    let nobody = upload(&served, "shindan_00", "x", b"x");
    assert_eq!(nobody.body["code"], "token-unknown");
    let left: Vec<_> =
        std::fs::read_dir(served.folder.join("uploads").join(&served.person)).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half is left: {left:?}");
}

#[test]
fn a_review_takes_evidence_and_two_people() {
    let served = Served::new();
    let granted =
        served.post(&format!("/api/v1/person/{}/grant", served.person), &json!({"role": "manager"}));
    assert_eq!(granted.status, 200);
    let granted =
        served.post(&format!("/api/v1/person/{}/grant", served.person), &json!({"role": "approver"}));
    assert_eq!(granted.status, 200);
    let review = plan(&served);

    let path = |command: &str| format!("/api/v1/review/{review}/{command}");
    let finding = json!({"result": "no-change", "reason": "the rule is still right"});
    let missing = json!({"finding": finding, "documents": [Hash::of(b"never sent")]});
    let answer = served.post(&path("review"), &missing);
    assert_eq!((answer.status, &answer.body["code"]), (400, &json!("value-invalid")));
    let sent = upload(&served, &served.token, "minutes.pdf", b"minutes of the meeting");
    let with_file = json!({"finding": finding, "documents": [sent.body["sha256"]]});
    let answer = served.post(&path("review"), &with_file);
    assert_eq!(answer.status, 200, "{answer:?}");
    let shown = served.get(&format!("/api/v1/review/{review}"));
    assert!(shown.body.to_string().contains("minutes.pdf"), "the file's name is kept: {}", shown.body);

    let own = served.post(&path("approve"), &json!({"next": "2099-01-01"}));
    assert_eq!((own.status, &own.body["reason"]["code"]), (422, &json!("same-person")), "{own:?}");
    let other = served.register("部長", &["approver"]);
    let token = served.token_of(&other, "write");
    let approved = served.post_as(&token, &path("approve"), &[], &json!({"next": "2099-01-01"}));
    assert_eq!(approved.status, 200, "{approved:?}");
    let verified = served.get("/api/v1/ledger/verification?states=true");
    assert_eq!((&verified.body["whole"], &verified.body["differences"]), (&json!(true), &json!([])));
}

/// Plans the review of an item, as `review plan` does.
fn plan(served: &Served) -> String {
    let mut records = Records::open(&DataFolder::new(&served.folder)).unwrap();
    let now = clock::now();
    let who = records.enter(&served.token, now).unwrap();
    let item = ReviewItem {
        title: "パスワード".to_owned(),
        content: "changed every year".to_owned(),
        requirements: Vec::new(),
        system: None,
        responsible: who.person(),
        interval_days: None,
    };
    let due = clock::day_in_japan(now).tomorrow().unwrap();
    let done = reviews::plan(&mut records, &who, &Call::at(now), item, due, Again::Days(365)).unwrap();
    done.stream.id.to_string()
}
