//! From the organisation to the gate of a change, with nothing but requests.

use std::collections::BTreeSet;

use jiff::Span;
use serde_json::{Value, json};
use shindan_app::clock;
use shindan_domain::ledger::Hash;

use crate::client::Answer;
use crate::hospital::{Hospital, PATCH, id};

fn codes(reasons: &Value) -> BTreeSet<&str> {
    reasons.as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

fn refused(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.body["reason"]["code"].as_str().unwrap_or_default())
}

#[test]
fn the_organisation_is_entered_changed_and_ended() {
    let hospital = Hospital::new();
    let site = hospital.keep("site", json!({"party": "中央病院", "name": "本館"}));
    let product = hospital.keep("product", json!({"maker": "カルテ工業", "name": "電子カルテ"}));
    let release = hospital.keep("release", json!({"product": product, "version": "3.2"}));
    let placed = json!({"release": release, "site": "本館", "system": "病棟システム"});
    let deployment = hospital.keep("deployment", placed);
    let shown = hospital.served.get(&format!("/api/v1/deployment/{deployment}"));
    assert!(shown.body["facts"].to_string().contains(&release), "{}", shown.body);

    // What is not named stays; what is named by another command, or makes the record what it is, is not changed.
    let renamed = json!({"name": "本館・救急棟", "reason": "増築"});
    hospital.by(&hospital.manager, &format!("site/{site}/change"), renamed);
    let shown = hospital.served.get(&format!("/api/v1/site/{site}"));
    assert!(shown.body["facts"].to_string().contains("本館・救急棟"), "{}", shown.body);
    let moved = json!({"version": "3.3", "reason": "typing error"});
    let fixed =
        hospital.served.post_as(&hospital.manager, &format!("/api/v1/release/{release}/change"), &[], &moved);
    assert_eq!(refused(&fixed), (422, "field-fixed"));
    let unknown = json!({"party": "nobody", "name": "別館"});
    let unknown = hospital.served.post_as(&hospital.manager, "/api/v1/site", &[], &unknown);
    assert_eq!((unknown.status, &unknown.body["code"]), (404, &json!("record-unknown")));
    let asset = json!({"asset": "A-1", "owner": "中央病院", "patcher": "カルテ工業"});
    let unknown = hospital.served.post_as(&hospital.manager, "/api/v1/asset", &[], &asset);
    assert_eq!((unknown.status, &unknown.body["params"]["called"]), (404, &json!("A-1")));

    let list = hospital.list("3.2.json", "1.0.0");
    let of_the_operator = json!({"document": list, "reason": "出荷時"});
    let foreign = format!("/api/v1/release/{release}/add-sbom");
    let foreign = hospital.served.post_as(&hospital.manager, &foreign, &[], &of_the_operator);
    assert_eq!(
        (foreign.status, &foreign.body["params"]["field"]),
        (400, &json!("upload")),
        "somebody else's"
    );

    let key = "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567";
    let pin = json!({"fingerprint": key, "channel": "契約書別紙", "reason": "契約"});
    let provider = "party/%E3%82%AB%E3%83%AB%E3%83%86%E5%B7%A5%E6%A5%AD";
    hospital.by(&hospital.manager, &format!("{provider}/pin-key"), pin.clone());
    let again = hospital.served.post_as(&hospital.manager, &format!("/api/v1/{provider}/pin-key"), &[], &pin);
    assert_eq!(refused(&again), (422, "nothing-changes"));
    let withdraw = json!({"fingerprint": key, "reason": "鍵の更新"});
    hospital.by(&hospital.manager, &format!("{provider}/withdraw-key"), withdraw);

    let end = format!("/api/v1/site/{site}/end");
    let not_theirs = hospital.served.post_as(&hospital.approver, &end, &[], &json!({"reason": "x"}));
    assert_eq!(refused(&not_theirs), (403, "role-missing"));
    hospital.by(&hospital.manager, &format!("deployment/{deployment}/end"), json!({"reason": "撤去"}));
    assert_eq!(hospital.served.get(&format!("/api/v1/deployment/{deployment}")).body["state"], "ended");
}

#[test]
fn a_case_gets_its_patch_and_the_gate_names_everything_that_is_missing() {
    let hospital = Hospital::new();
    let case = hospital.approved_case();
    assert_eq!(hospital.served.get(&format!("/api/v1/case/{case}")).body["state"], "approved");

    // A tampered file is found, and does not come in again.
    let tampered = hospital.send("ward-viewer.bin", b"ward-viewer 1.2.0, as published?\n");
    let patch = id(&hospital.register(&case, &tampered));
    let published = format!("sha256:{}", Hash::of(PATCH));
    let means = |file: &str| json!({"file": file, "digests": [published], "channel": "メーカーの公開ページ"});
    let verified = hospital.operate(&format!("patch/{patch}/verify"), means(&tampered));
    assert_eq!(verified.body["verdict"], "tampered");
    assert_eq!(refused(&hospital.register(&case, &tampered)), (422, "patch-quarantined"));

    let file = hospital.send("ward-viewer-1.2.0.bin", PATCH);
    let patch = id(&hospital.register(&case, &file));
    let plan = json!({"kind": "patch", "title": "病棟ビューアの更新", "description": "停止、更新、起動",
        "case": case, "system": "病棟システム", "assets": [], "patch": patch, "institution": "中央病院"});
    let change = id(&hospital.operate("change", plan));
    let gate = hospital.served.post(&format!("/api/v1/change/{change}/apply"), &json!({}));
    assert_eq!(refused(&gate), (422, "gate-blocked"));
    let all = [
        "consent-missing",
        "file-not-hashed",
        "impact-not-assessed",
        "patch-effect-not-proven",
        "patch-not-verified",
    ];
    assert!(codes(&gate.body["missing"]).is_superset(&all.into()), "{}", gate.body["missing"]);

    let verified = hospital.operate(&format!("patch/{patch}/verify"), means(&file));
    assert_eq!(verified.body["verdict"], "genuine");
    let repaired = hospital.list("test-environment.json", "1.2.0");
    hospital.operate(
        &format!("patch/{patch}/show-effect"),
        json!({"environment": "検証環境", "rematch": repaired}),
    );
    assert_eq!(hospital.served.get(&format!("/api/v1/patch/{patch}")).body["state"], "usable");
    let gate = hospital.served.post(&format!("/api/v1/change/{change}/apply"), &json!({"file": file}));
    let missing = codes(&gate.body["missing"]);
    assert!(missing.contains("consent-missing") && !missing.contains("patch-not-verified"), "{missing:?}");

    // To look at the gate says the same as to run into it.
    let looked = hospital.served.get(&format!("/api/v1/change/{change}/gate?file={file}"));
    assert_eq!((looked.status, &looked.body["open"]), (200, &json!(false)), "{looked:?}");
    assert_eq!(codes(&looked.body["missing"]), missing);
    let none = hospital.served.get(&format!("/api/v1/case/{case}/gate"));
    assert_eq!((none.status, &none.body["code"]), (404, &json!("path-unknown")));

    // The file is given out by its hash, and only to those who may read.
    let (status, headers, bytes) = hospital.served.bytes(&format!("/api/v1/documents/{file}"));
    assert_eq!((status, bytes.as_slice()), (200, PATCH));
    assert_eq!(headers["content-type"], "application/octet-stream");
    assert!(headers["content-disposition"].starts_with("attachment"));
    let nothing = hospital.served.get(&format!("/api/v1/documents/{}", Hash::of(b"never sent")));
    assert_eq!((nothing.status, &nothing.body["code"]), (404, &json!("record-unknown")));
}

#[test]
fn a_comparison_is_done_once_and_many_cases_are_decided_at_once() {
    let hospital = Hospital::new();
    let list = hospital.list("live.json", "1.0.0");
    let body = json!({"system": "病棟システム", "lists": [list]});
    let send = || {
        let key = [("idempotency-key", "compare-1")];
        hospital.served.post_as(&hospital.served.token, "/api/v1/case-refresh", &key, &body)
    };
    let (first, again) = (send(), send());
    assert_eq!((&first.body["repeated"], &again.body["repeated"]), (&json!(false), &json!(true)));
    assert_eq!(
        (first.body["report"]["summary"]["opened"].as_u64(), &again.body["report"]),
        (Some(1), &Value::Null)
    );
    let case = first.body["report"]["cases"][0]["id"].clone();

    // Nothing is decided before it is judged and analysed.
    let decision = json!({"cases": [case], "treatment": "patch", "reason": "影響が大きい"});
    let early = hospital.served.post("/api/v1/case-decisions", &decision);
    assert_eq!(refused(&early), (422, "step-out-of-order"));
    let subjects = json!({"system": "病棟システム", "release": "3.2", "lists": []});
    let both = hospital.served.post("/api/v1/case-refresh", &subjects);
    assert_eq!((both.status, &both.body["code"]), (400, &json!("value-invalid")));
    let forbidden = hospital.served.post_as(&hospital.approver, "/api/v1/case-refresh", &[], &json!({}));
    assert_eq!(refused(&forbidden), (403, "role-missing"));

    let expired = hospital.operate("case-expiry", json!({}));
    assert_eq!(expired.body["ended"], json!([]));

    // What one case refuses does not stop the other.
    hospital.analyse(case.as_str().unwrap());
    let list = hospital.list_of("live.json", &[("ward-viewer", "1.0.0"), ("lab-viewer", "1.0.0")]);
    let refreshed = hospital.operate("case-refresh", json!({"system": "病棟システム", "lists": [list]}));
    let report = &refreshed.body["report"];
    assert_eq!(report["summary"]["opened"], 1, "{report}");
    let other = report["cases"].as_array().unwrap().iter().map(|one| &one["id"]).find(|id| **id != case);
    let both = json!({"cases": [other, case], "treatment": "patch", "reason": "影響が大きい"});
    let decided = hospital.operate("case-decisions", both);
    assert_eq!(decided.body["decided"][0]["id"], case);
    assert_eq!(decided.body["refused"][0]["record"]["id"], *other.unwrap());
    assert_eq!(decided.body["refused"][0]["reason"]["code"], "step-out-of-order");
}

#[test]
fn the_provider_is_asked_with_a_form_that_can_be_fetched() {
    let hospital = Hospital::new();
    let case = hospital.approved_case();
    let due = "2099-12-31";
    let order = json!({"cases": [case], "provider": "カルテ工業", "due": due, "form": "ja"});
    let inquiry = id(&hospital.operate("inquiry", order));
    let shown = hospital.served.get(&format!("/api/v1/inquiry/{inquiry}"));
    let text = shown.body.to_string();
    let place = text.find("\"sha256\":\"").map(|place| place + "\"sha256\":\"".len()).unwrap();
    let (status, _, form) = hospital.served.bytes(&format!("/api/v1/documents/{}", &text[place..place + 64]));
    assert_eq!((status, form.get(..2)), (200, Some(b"PK".as_slice())), "a workbook");
    // As it was sent, nothing is answered.
    let sent = hospital.send("inquiry.xlsx", &form);
    let empty = hospital.served.post("/api/v1/inquiry-answers", &json!({"form": sent}));
    assert_eq!(empty.status, 422, "{empty:?}");
    let half = json!({"form": sent, "signature": sent});
    let half = hospital.served.post("/api/v1/inquiry-answers", &half);
    assert_eq!((half.status, &half.body["params"]["field"]), (400, &json!("key")));

    let answer = json!({"question": "1", "affected": "affected", "may_patch": "yes", "text": "適用可"});
    let reply = json!({"answered_by": "保守窓口", "way": "telephone", "answers": [answer]});
    hospital.operate(&format!("inquiry/{inquiry}/answer"), reply);
    hospital.by(&hospital.manager, &format!("inquiry/{inquiry}/judge"), json!({"note": "十分"}));
}

#[test]
fn controls_are_shown_by_day_and_excluded_by_two_people() {
    let hospital = Hospital::new();
    let status = hospital.served.get("/api/v1/control-status");
    assert_eq!(status.status, 200, "{status:?}");
    let controls = status.body["controls"].as_array().unwrap();
    assert!(controls.len() > 5);
    let control = controls[0]["id"].clone();
    for wrong in ["2099-01-01", "yesterday"] {
        let answer = hospital.served.get(&format!("/api/v1/control-status?as-of={wrong}"));
        assert_eq!((answer.status, &answer.body["code"]), (400, &json!("query-invalid")), "{wrong}");
    }
    let until = clock::day_in_japan(clock::now()).checked_add(Span::new().days(100)).unwrap();
    let propose = json!({"control": control, "reason": "該当するサービスがない", "until": until});
    let exclusion = hospital.keep("control", propose);
    let approve = format!("/api/v1/control/{exclusion}/approve");
    let own = hospital.served.post_as(&hospital.manager, &approve, &[], &json!({}));
    assert_eq!(refused(&own), (403, "role-missing"));
    hospital.by(&hospital.approver, &format!("control/{exclusion}/approve"), json!({}));
    let with = hospital.served.get("/api/v1/control-status");
    assert_ne!(with.body["controls"][0]["verdict"], controls[0]["verdict"], "{}", with.body["controls"][0]);
    hospital.by(&hospital.manager, &format!("control/{exclusion}/withdraw"), json!({"reason": "再開"}));
    let without = hospital.served.get("/api/v1/control-status");
    assert_eq!(without.body["controls"][0]["verdict"], controls[0]["verdict"]);
    let unknown = json!({"control": "no-such-control", "reason": "x", "until": "2027-01-31"});
    let unknown = hospital.served.post_as(&hospital.manager, "/api/v1/control", &[], &unknown);
    assert_eq!(refused(&unknown), (422, "control-unknown"));
}

#[test]
fn confirmations_and_reviews_are_begun() {
    let hospital = Hospital::new();
    hospital.served.register("運用 二郎", &["operator"]);
    let order = json!({"title": "四半期の確認", "systems": ["病棟システム"], "questions": ["現況", "未対応"],
        "operator": "運用 二郎", "providers": true, "due": "2099-12-31", "every_days": 90});
    let instruction = hospital.keep("instruction", order);
    let shown = hospital.served.get(&format!("/api/v1/instruction/{instruction}"));
    assert_eq!(shown.body["lists"]["items"].as_array().map(Vec::len), Some(4), "{}", shown.body);
    let again = format!("/api/v1/instruction/{instruction}/again");
    let again = hospital.served.post_as(&hospital.manager, &again, &[], &json!({}));
    assert_eq!(refused(&again), (422, "next-date-missing"));

    let item = json!({"title": "パスワード", "content": "毎年変更", "responsible": "運用 二郎",
        "due": "2099-12-31", "by_policy": true});
    let without = hospital.served.post_as(&hospital.manager, "/api/v1/review", &[], &item);
    assert_eq!(refused(&without), (422, "text-missing"), "no policy says the interval");
    let mut item = item;
    item["by_policy"] = json!(false);
    item["every_days"] = json!(365);
    let review = hospital.keep("review", item);
    let finding = json!({"finding": {"result": "no-change", "reason": "今も正しい"}});
    hospital.by(&hospital.manager, &format!("review/{review}/review"), finding);
}

#[test]
fn a_proposal_of_a_policy_reads_no_file_of_the_server() {
    let hospital = Hospital::new();
    let path = json!({"title": "決定表", "reason": "x", "decision_table": {"rules": "/etc/passwd"}});
    let named = hospital.served.post_as(&hospital.manager, "/api/v1/policy", &[], &path);
    assert_eq!((named.status, &named.body["code"]), (400, &json!("body-invalid")));
    let table = upload_as(&hospital, "table.json", b"{\"no\": \"table\"}");
    let odd = json!({"title": "決定表", "reason": "x", "decision_table": {"table": table}});
    let odd = hospital.served.post_as(&hospital.manager, "/api/v1/policy", &[], &odd);
    assert_eq!((odd.status, &odd.body["code"]), (422, &json!("file-unreadable")));
    let shipped = json!({"title": "決定表", "reason": "x", "decision_table": {"surge_epss": "0.5"}});
    hospital.keep("policy", shipped);
    let nothing = hospital.served.post_as(
        &hospital.manager,
        "/api/v1/policy",
        &[],
        &json!({"title": "x", "reason": "y"}),
    );
    assert_eq!((nothing.status, &nothing.body["code"]), (400, &json!("value-invalid")));
}

fn upload_as(hospital: &Hospital, name: &str, bytes: &[u8]) -> Value {
    crate::evidence::upload(&hospital.served, &hospital.manager, name, bytes).body["sha256"].clone()
}
