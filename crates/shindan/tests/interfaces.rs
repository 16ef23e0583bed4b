//! `interface` through the real executable: one without a mechanism is a gap, a test needs evidence, a change voids it.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use common::{Folder, Said, run, text};
use serde_json::Value;

struct Hospital {
    folder: Folder,
}

impl Hospital {
    fn new() -> Hospital {
        let hospital = Hospital { folder: Folder::new() };
        let (data, token) = (hospital.folder.join("data"), hospital.folder.join("token"));
        let setup = ["setup", "--prefix", "MED", "--name", "運用 太郎", "--role", "operator"];
        let places = ["--data-dir", text(&data), "--token-to", text(&token)];
        run(setup.iter().chain(&places)).ends(0);
        for party in [["病院", "institution"], ["検査センター", "contractor"], ["業者", "provider"]]
        {
            let [name, kind] = party;
            hospital.say(&["org", "party", "add", "--name", name, "--kind", kind]).ends(0);
        }
        let system =
            ["--name", "検査システム", "--operator", "病院", "--provider", "業者", "--service", "preparing"];
        hospital.say(&[&["org", "system", "add"], &system[..]].concat()).ends(0);
        hospital
    }

    #[track_caller]
    fn say(&self, arguments: &[&str]) -> Said {
        let (data, token) = (self.folder.join("data"), self.folder.join("token"));
        run(arguments.iter().chain(&["--data-dir", text(&data), "--token-file", text(&token)]))
    }

    /// Row ③-1 of the control status.
    fn row(&self) -> Value {
        let report = self.say(&["report", "control", "--format", "json"]).ends(0).json();
        let controls = report["controls"].as_array().unwrap();
        controls.iter().find(|control| control["id"] == "3-1").unwrap().clone()
    }
}

fn codes(statements: &Value) -> Vec<&str> {
    statements.as_array().unwrap().iter().map(|one| one["reason"]["code"].as_str().unwrap()).collect()
}

#[test]
fn an_interface_without_a_mechanism_is_a_gap_until_a_test_shows_that_it_works() {
    let hospital = Hospital::new();
    assert!(codes(&hospital.row()["undetermined"]).contains(&"control-interfaces-none"));
    let new =
        ["interface", "add", "--name", "検査結果", "--system", "検査システム", "--party", "検査センター"];
    let rest = ["--direction", "receives", "--data", "検査結果", "--protocol", "HL7 v2"];
    let shown = hospital.say(&[&new[..], &rest].concat()).ends(0).stdout;
    assert!(shown.contains("改ざんに気づく仕組みなし") && shown.contains("interface change"), "{shown}");
    assert_eq!(codes(&hospital.row()["gaps"]), ["control-interfaces-without-mechanism"]);
    // It is a finding like any other: a case with the gates of ②-2, which no comparison clears.
    let cases = hospital.say(&["case", "list", "--format", "json"]).ends(0).json();
    let case = cases["records"][0]["number"].as_str().unwrap().to_owned();
    assert!(shown.contains(&case), "{shown}");
    let shown = hospital.say(&["case", "show", &case]).ends(0).stdout;
    assert!(shown.contains("接続の改ざん対策") && shown.contains("検査結果 / HL7 v2"), "{shown}");
    hospital.say(&["case", "decide", &case, "--treatment", "configuration-change", "--reason", "x"]).ends(5);

    let log = hospital.folder.write("log.txt", "MSA|AE|hash mismatch");
    let test = |result: &str, next: &str| {
        let test = ["interface", "test", "検査結果", "--on", "2026-11-01", "--method", "1 バイト改変"];
        hospital.say(&[&test[..], &["--result", result, "--next", next, "--document", text(&log)]].concat())
    };
    test("refused", "2099-11-30").ends(5).complains(&["仕組み"]);
    let mechanism = |mechanism: &str| {
        let change = ["interface", "change", "検査結果", "--mechanism", mechanism, "--reason", "導入"];
        hospital.say(&change).ends(0)
    };
    mechanism("vpn-and-hash");
    assert_eq!(codes(&hospital.row()["gaps"]), ["control-interfaces-untested"]);
    test("refused", "2026-11-02").ends(5).complains(&["2026-11-02"]);
    test("accepted", "2099-11-30").ends(0);
    assert_eq!(codes(&hospital.row()["gaps"]), ["control-interfaces-failed"]);
    test("refused", "2099-11-30").ends(0);
    let row = hospital.row();
    assert_eq!((codes(&row["gaps"]).len(), codes(&row["shown"])), (0, vec!["control-interfaces-tested"]));
    assert_eq!(row["verdict"], "undetermined", "assessments are the other half of the row");

    let drop = ["interface", "change", "検査結果", "--no-mechanism", "--reason", "故障"];
    hospital.say(&drop).ends(0);
    let cases = hospital.say(&["case", "list", "--format", "json"]).ends(0).json();
    assert_eq!(cases["records"].as_array().unwrap().len(), 1, "the open case serves");
    mechanism("signed-messages");
    let shown = hospital.say(&["interface", "show", "検査結果", "--lang", "en"]).ends(0).stdout;
    assert!(
        shown.contains("mechanism not tested") && shown.contains("Tests of what it was before"),
        "{shown}"
    );
    hospital.say(&["interface", "end", "検査結果", "--reason", "廃止"]).ends(0);
    assert!(codes(&hospital.row()["gaps"]).is_empty());
    run(["ledger", "verify", "--states", "--data-dir", text(&hospital.folder.join("data"))]).ends(0);
}
