//! `sources`, `notice` and `sync` through the real executable: what a source tells is fetched, confirmed, judged and stands in
//! the calendar; what fails is failed and never "nothing new". The sources are on this machine.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use common::{Folder, Said, follows, run, text};
use serde_json::Value;
use shindan_mirror::{Fault, Mirror, Page};

const FEED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="ja">
 <channel rdf:about="https://www.example.jp/rss/alerts.rdf">
  <title>例の注意喚起</title><link>https://www.example.jp/</link><description>例</description>
  <items><rdf:Seq>
   <rdf:li rdf:resource="https://www.example.jp/at/2026/at260031.html"/>
   <rdf:li rdf:resource="https://www.example.jp/wr/2026/wr261125.html"/>
  </rdf:Seq></items>
 </channel>
 <item rdf:about="https://www.example.jp/at/2026/at260031.html">
  <title>注意喚起: 例のVPN機器の脆弱性（CVE-2026-11111）に関する注意喚起 (公開)</title>
  <link>https://www.example.jp/at/2026/at260031.html</link>
  <dc:date>2026-11-25T10:00:00+09:00</dc:date>
 </item>
 <item rdf:about="https://www.example.jp/wr/2026/wr261125.html">
  <title>Weekly Report: 例のブラウザーに複数の脆弱性</title>
  <link>https://www.example.jp/wr/2026/wr261125.html</link>
  <dc:date>2026-11-24T10:00:00+09:00</dc:date>
 </item>
</rdf:RDF>
"#;

struct Office {
    folder: Folder,
    mirror: Mirror,
}

impl Office {
    fn new() -> Office {
        let page = Page::new("/alerts.rdf", FEED).content_type("application/rdf+xml");
        let office = Office { folder: Folder::new(), mirror: Mirror::start(vec![page]).unwrap() };
        let (data, token) = (office.folder.join("data"), office.folder.join("token"));
        let setup =
            ["setup", "--prefix", "MED", "--name", "運用 太郎", "--role", "operator", "--role", "manager"];
        let places = ["--data-dir", text(&data), "--token-to", text(&token)];
        run(setup.iter().chain(&places)).ends(0);
        office
    }

    #[track_caller]
    fn say(&self, arguments: &[&str]) -> Said {
        let (data, token) = (self.folder.join("data"), self.folder.join("token"));
        run(arguments.iter().chain(&["--data-dir", text(&data), "--token-file", text(&token)]))
    }

    fn add(&self) {
        let address = self.mirror.url("/alerts.rdf");
        let add = ["sources", "add", "--name", "jpcert", "--title", "JPCERT/CC 注意喚起", "--kind"];
        let rest = ["jpcert-rss", "--address", &address, "--interval", "12", "--responsible", "運用 太郎"];
        self.say(&[&add[..], &rest].concat()).ends(0);
    }

    fn status(&self) -> Value {
        let answer = self.say(&["sources", "status", "--format", "json"]).ends(0).json();
        follows("source-status-1.json", &answer);
        answer["sources"].clone()
    }

    /// States of the days of the present month that are not blank.
    fn days(&self) -> Vec<String> {
        let answer = self.say(&["sources", "calendar", "--format", "json"]).ends(0).json();
        follows("source-calendar-1.json", &answer);
        let days = answer["sources"][0]["days"].as_array().unwrap();
        let states = days.iter().map(|day| day["state"].as_str().unwrap().to_owned());
        states.filter(|state| !["none-planned", "ahead"].contains(&state.as_str())).collect()
    }
}

#[test]
fn what_a_source_tells_is_fetched_confirmed_judged_and_stands_in_the_calendar() {
    let office = Office::new();
    office.say(&["sources", "status"]).ends(0);
    office.add();
    let status = office.status();
    assert_eq!((&status[0]["timing"], &status[0]["last"]), (&"source-due".into(), &Value::Null));

    let synced = office.say(&["sync", "jpcert", "--format", "json"]).ends(0).json();
    follows("sync-1.json", &synced);
    assert_eq!(synced["sources"][0]["outcome"], serde_json::json!({"result": "new-items", "count": 2}));
    let check = synced["sources"][0]["check"].as_str().unwrap().to_owned();
    assert_eq!(office.days(), ["done-new"]);
    assert_eq!(office.status()[0]["unconfirmed"], 1);
    office.say(&["sources", "status", "--fail-on", "unconfirmed"]).ends(1);
    office.say(&["sources", "checked", &check]).ends(0);
    office.say(&["sources", "confirm", &check, "--note", "一覧を見た"]).ends(0);
    office.say(&["sources", "confirm", &check]).ends(5);
    office.say(&["sources", "status", "--fail-on", "unconfirmed", "--fail-on", "failed"]).ends(0);

    let shown = office.say(&["sync", "--all", "--reason", "確認", "--lang", "en"]).ends(0).stdout;
    assert!(shown.contains("jpcert") && shown.contains("nothing new"), "{shown}");
    assert_eq!(office.days(), ["done-new"], "a later check with nothing new does not hide what was new");

    let notices = office.say(&["notice", "list", "--format", "json"]).ends(0).json();
    let numbers: Vec<String> = notices["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["number"].as_str().unwrap().into())
        .collect();
    assert_eq!(numbers.len(), 2, "{notices:#}");
    let judge = |number: &str, more: &[&str]| {
        office.say(&[&["notice", "judge", number, "--because", "該当機器なし"], more].concat())
    };
    judge(&numbers[0], &[]).ends(2);
    judge(&numbers[0], &["--us", "--not-us"]).ends(2);
    judge(&numbers[0], &["--not-us", "--case", "MED-2026-9999"]).ends(2);
    judge(&numbers[0], &["--not-us"]).ends(0);
    let left = office.say(&["notice", "list", "--format", "json"]).ends(0).json();
    assert_eq!(left["records"].as_array().unwrap().len(), 1);
    office.say(&["notice", "show", &numbers[0]]).ends(0);
    let data = office.folder.join("data");
    run(["ledger", "verify", "--states", "--data-dir", text(&data)]).ends(0);
}

#[test]
fn what_fails_is_a_failed_check_with_exit_code_3_and_a_cross() {
    for (fault, failure) in
        [(Fault::Status(500), "status"), (Fault::Html, "html"), (Fault::CutAfter(200), "cut")]
    {
        let office = Office::new();
        office.add();
        office.mirror.always("/alerts.rdf", fault.clone());
        let said = office.say(&["sync", "--all", "--format", "json"]).ends(3);
        let synced = said.json();
        follows("sync-1.json", &synced);
        let outcome = &synced["sources"][0]["outcome"];
        assert_eq!(
            (&outcome["result"], &outcome["failure"]),
            (&"failed".into(), &failure.into()),
            "{fault:?}"
        );
        assert_eq!(office.days(), ["day-failed"], "{fault:?}");
        let shown = office.say(&["sources", "calendar"]).ends(0).stdout;
        let row = shown.lines().find(|line| line.starts_with("JPCERT/CC")).unwrap();
        assert!(row.contains('Ｘ') && !row.contains('〇') && !row.contains('・'), "{shown}");
        let status = office.say(&["sources", "status", "--fail-on", "failed"]).ends(1).stdout;
        assert!(status.contains("失敗"), "{status}");
        assert_eq!(office.status()[0]["last_good"], Value::Null);
        let notices = office.say(&["notice", "list", "--format", "json"]).ends(0).json();
        assert_eq!(notices["records"], serde_json::json!([]));
    }
}

#[test]
fn a_person_can_look_instead_and_a_source_can_rest() {
    let office = Office::new();
    let add = ["sources", "add", "--name", "phone", "--title", "保守業者への電話", "--kind", "hand"];
    office.say(&add).ends(0);
    office.say(&add).ends(5).complains(&["phone"]);
    let check = ["sources", "check", "phone", "--means", "telephone", "--text", "新しい案内はないとのこと"];
    office.say(&check).ends(0);
    assert_eq!(office.days(), ["done-nothing"]);
    office.say(&[&check[..], &["--new", "3"]].concat()).ends(0);
    assert_eq!(office.days(), ["done-new"]);

    let change =
        |more: &[&str]| office.say(&[&["sources", "change", "phone", "--reason", "見直し"], more].concat());
    change(&["--skew-minutes", "none", "--unchanged-days", "30"]).ends(0);
    let shown = office.say(&["sources", "show", "phone", "--lang", "en"]).ends(0).stdout;
    assert!(shown.contains("30"), "{shown}");
    change(&["--drop-percent", "300"]).ends(2).complains(&["drop-percent", "300"]);
    change(&["--drop-percent", "many"]).ends(2).complains(&["none"]);
    office.say(&["sources", "pause", "phone", "--reason", "休業"]).ends(0);
    assert_eq!(office.status()[0]["state"], "paused");
    office.say(&["sources", "resume", "phone"]).ends(0);
    office.say(&["sources", "end", "phone", "--reason", "契約終了"]).ends(0);
    change(&["--skew-minutes", "5"]).ends(5);
    office.say(&["sources", "list", "--all"]).ends(0);
    office.say(&["sources", "checks"]).ends(0);
}

#[test]
fn proposals_are_shown_and_added_by_name_and_wrong_usage_is_told() {
    let office = Office::new();
    let pack = run(["sources", "proposals", "--format", "json"]).ends(0).json();
    follows("source-proposals-1.json", &pack);
    assert!(run(["sources", "proposals"]).ends(0).stdout.contains("jpcert"));
    office.say(&["sources", "add", "--proposed", "jpcert", "ipa-alerts"]).ends(0);
    let status = office.status();
    let names: Vec<&str> =
        status.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ipa-alerts", "jpcert"]);
    office.say(&["sources", "add", "--proposed", "nothing-like-it"]).ends(5).complains(&["nothing-like-it"]);
    office.say(&["sources", "add", "--proposed", "kev", "--title", "x"]).ends(2);
    office.say(&["sources", "add", "--name", "x"]).ends(2);
    office.say(&["sync"]).ends(2);
    office.say(&["sync", "jpcert", "--all"]).ends(2);
    office.say(&["sync", "unknown-source"]).ends(2);
    office.say(&["sources", "calendar", "--month", "2026-13"]).ends(2).complains(&["2026-11"]);
    assert!(office.mirror.all_seen().is_empty(), "nothing was fetched");
}
