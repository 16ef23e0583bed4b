//! Sources, checks and notices, with nothing but requests; the source that is fetched is on this machine.

use serde_json::{Value, json};
use shindan_mirror::{Fault, Mirror, Page};

use crate::hospital::{Hospital, id};

const FEED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="ja">
 <channel rdf:about="https://www.example.jp/rss.rdf"><title>例</title><link>https://www.example.jp/</link></channel>
 <item rdf:about="https://www.example.jp/at/2026/at260031.html">
  <title>例のVPN機器の脆弱性（CVE-2026-11111）に関する注意喚起 (公開)</title>
  <link>https://www.example.jp/at/2026/at260031.html</link><dc:date>2026-11-25T10:00:00+09:00</dc:date>
 </item>
</rdf:RDF>
"#;

fn status(hospital: &Hospital) -> Value {
    let answer = hospital.served.get("/api/v1/source-status");
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["sources"].clone()
}

/// States of the days of the first source that are not blank.
fn days(hospital: &Hospital) -> Vec<String> {
    let answer = hospital.served.get("/api/v1/source-calendar");
    let days = answer.body["sources"][0]["days"].as_array().unwrap().clone();
    let states = days.iter().map(|day| day["state"].as_str().unwrap().to_owned());
    states.filter(|state| !["none-planned", "ahead"].contains(&state.as_str())).collect()
}

#[test]
fn a_source_is_looked_at_confirmed_judged_and_stands_in_the_record() {
    let hospital = Hospital::new();
    let page = Page::new("/alerts.rdf", FEED).content_type("application/rdf+xml");
    let mirror = Mirror::start(vec![page]).unwrap();
    let source = id(&hospital.operate(
        "source",
        json!({"name": "jpcert", "title": "JPCERT/CC 注意喚起", "kind": "jpcert-rss",
            "addresses": [mirror.url("/alerts.rdf")], "interval_hours": 12}),
    ));
    assert_eq!(status(&hospital)[0]["troubles"], json!(["never"]));
    let synced = hospital.operate("sync", json!({"sources": ["jpcert"], "reason": "攻撃の報道"})).body;
    assert_eq!(synced["sources"][0]["outcome"], json!({"result": "new-items", "count": 1}));
    assert_eq!(days(&hospital), ["done-new"]);

    let notices = hospital.served.get("/api/v1/notice").body;
    let notice = notices["records"][0]["id"].as_str().unwrap().to_owned();
    let nobody = hospital
        .served
        .post(&format!("/api/v1/notice/{notice}/judge"), &json!({"concerns": "us", "because": " "}));
    assert_eq!((nobody.status, &nobody.body["reason"]["code"]), (422, &json!("text-missing")));
    hospital
        .operate(&format!("notice/{notice}/judge"), json!({"concerns": "not-us", "because": "該当機器なし"}));
    let check = synced["sources"][0]["check"].as_str().unwrap();
    hospital.operate(&format!("source-check/{check}/confirm"), json!({"note": "一覧を見た"}));
    assert_eq!(status(&hospital)[0]["troubles"], json!([]));

    mirror.always("/alerts.rdf", Fault::Html);
    let failed = hospital.operate("sync", json!({})).body;
    assert_eq!(failed["sources"][0]["outcome"]["result"], "failed", "{failed}");
    assert_eq!(status(&hospital)[0]["troubles"], json!(["failed", "alarm", "unconfirmed"]));

    let change = |body: Value| hospital.served.post(&format!("/api/v1/source/{source}/change"), &body);
    let both = change(json!({"interval_hours": 6, "no_interval": true, "reason": "x"}));
    assert_eq!(both.status, 400, "{both:?}");
    let changed = change(json!({"thresholds": {"drop_percent": 30}, "reason": "見直し"}));
    assert_eq!(changed.status, 200, "{changed:?}");
    let shown = hospital.served.get(&format!("/api/v1/source/{source}")).body;
    assert_eq!(shown["facts"]["drop-percent"], 30);
    hospital.operate(&format!("source/{source}/pause"), json!({"reason": "休止"}));
    let paused = hospital.served.post("/api/v1/sync", &json!({"sources": ["jpcert"]}));
    assert_eq!(paused.status, 422, "{paused:?}");
    hospital.operate(&format!("source/{source}/resume"), json!({}));

    let record = hospital.served.get("/api/v1/collection");
    assert_eq!(record.status, 200, "{record:?}");
    assert_eq!(record.body["checks"].as_array().unwrap().len(), 2);
    assert_eq!(record.body["notices"][0]["judgement"]["because"], "該当機器なし");
    for wrong in ["2026-13", "2026-1", "x", "2999-01"] {
        let answer = hospital.served.get(&format!("/api/v1/collection?month={wrong}"));
        assert_eq!((answer.status, &answer.body["code"]), (400, &json!("query-invalid")), "{wrong}");
    }
    hospital.by(&hospital.manager, &format!("source/{source}/end"), json!({"reason": "不要"}));
    assert_eq!(status(&hospital), json!([]));
}

#[test]
fn a_person_looks_and_what_was_not_reached_is_failed() {
    let hospital = Hospital::new();
    let source = json!({"name": "phone", "title": "保守業者への電話", "kind": "hand", "interval_hours": 24});
    let source = id(&hospital.operate("source", source));
    let path = format!("source/{source}/check");
    let check = |body: Value| hospital.served.post(&format!("/api/v1/{path}"), &body);
    let nothing =
        check(json!({"means": "telephone", "text": "誰も出ない", "not_reached": true, "new_items": 1}));
    assert_eq!(nothing.body["reason"]["code"], "check-not-reached-is-nothing", "{nothing:?}");
    hospital.operate(&path, json!({"means": "telephone", "text": "誰も出ない", "not_reached": true}));
    assert_eq!(days(&hospital), ["day-failed"]);
    assert_eq!(status(&hospital)[0]["troubles"], json!(["never", "failed", "unconfirmed"]));
    let told =
        json!({"means": "telephone", "text": "更新の案内", "notices": ["FortiOS CVE-2026-1234 の更新"]});
    hospital.operate(&path, told);
    assert_eq!(days(&hospital), ["done-new"], "somebody reached it later on the day");
    let notices = hospital.served.get("/api/v1/notice?relation=vulnerability&target=CVE-2026-1234").body;
    assert_eq!(notices["records"].as_array().map(Vec::len), Some(1), "{notices}");
}

#[test]
fn proposals_are_shown_and_added_by_those_who_may() {
    let hospital = Hospital::new();
    let pack = hospital.served.get("/api/v1/source-proposals").body;
    assert!(pack["sources"].as_array().unwrap().iter().any(|one| one["name"] == "jpcert"));
    let wanted = json!({"names": ["jpcert", "kev"], "language": "en"});
    let refused = hospital.served.post_as(&hospital.approver, "/api/v1/source-proposals", &[], &wanted);
    assert_eq!((refused.status, &refused.body["reason"]["code"]), (403, &json!("role-missing")));
    let odd = hospital.served.post("/api/v1/source-proposals", &json!({"language": "fr"}));
    assert_eq!(odd.status, 400, "{odd:?}");
    hospital.operate("source-proposals", wanted);
    let names: Vec<Value> =
        status(&hospital).as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["jpcert", "kev"]);
    let refused = hospital.served.post_as(&hospital.approver, "/api/v1/sync", &[], &json!({}));
    assert_eq!((refused.status, &refused.body["reason"]["code"]), (403, &json!("role-missing")));
    let unknown = hospital.served.get("/api/v1/source-status?month=2026-11");
    assert_eq!((unknown.status, &unknown.body["code"]), (400, &json!("query-invalid")));
}
