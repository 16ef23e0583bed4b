//! An assessment from the reports of scanners to the closed run, with nothing but requests.

use serde_json::{Value, json};

use crate::assessments::{permit, plan_of, problem, refused, run_of};
use crate::client::Answer;
use crate::hospital::{Hospital, id};

/// What a person found by hand.
const TABLE: &str = "番号,重大度,名称,ホスト,パス,パラメーター\n\
    T-1,high,SQL injection,192.0.2.10:443,/q,id\n\
    T-2,medium,Session does not end,192.0.2.10:443,/logout,\n\
    T-3,low,Version is told,192.0.2.10:443,/,\n\
    T-4,info,Old comment,192.0.2.10:443,/help,\n";

/// A scanner that went astray, and found nothing that has to be decided.
const ASTRAY: &str = "<?xml version=\"1.0\"?>\n<OWASPZAPReport programName=\"ZAP\" version=\"2.16.1\">\
    <site name=\"https://192.0.2.99\" host=\"192.0.2.99\" port=\"443\" ssl=\"true\"><alerts><alertitem>\
    <pluginid>10027</pluginid><name>Comments</name><riskcode>0</riskcode><confidence>1</confidence><desc>x</desc>\
    <instances><instance><uri>https://192.0.2.99/a</uri><method>GET</method></instance></instances>\
    </alertitem></alerts></site></OWASPZAPReport>\n";

struct Run {
    hospital: Hospital,
    plan: String,
    run: String,
}

impl Run {
    /// A run that was started.
    fn new() -> Run {
        let hospital = Hospital::new();
        let environment = "%E6%A4%9C%E8%A8%BC%E7%92%B0%E5%A2%83";
        assert_eq!(permit(&hospital, &hospital.manager, environment, "https://192.0.2.10/").status, 200);
        let plan = plan_of(&hospital, "ward", "web");
        let run = id(&run_of(&hospital, &plan, "検証環境", "https://192.0.2.10/"));
        hospital.operate(&format!("assessment/{run}/start"), json!({}));
        Run { hospital, plan, run }
    }

    fn import(&self, headers: &[(&str, &str)], body: &Value) -> Answer {
        let path = format!("/api/v1/assessment/{}/import-reports", self.run);
        self.hospital.served.post_as(&self.hospital.served.token, &path, headers, body)
    }

    fn table(&self) -> Value {
        let file = self.hospital.send("by-hand.csv", TABLE.as_bytes());
        let columns = json!({"rule": "番号", "severity": "重大度", "title": "名称", "host": "ホスト", "path": "パス",
            "parameter": "パラメーター"});
        json!({"files": [file], "mapping": {"tool": "own-list", "columns": columns}})
    }

    fn findings(&self, query: &str) -> Answer {
        self.hospital.served.get(&format!("/api/v1/assessment-plan/{}/findings?{query}", self.plan))
    }

    /// Identities by the rules of the table.
    fn identity(&self, rule: &str) -> String {
        let all = self.findings("open=false").body["findings"].clone();
        let found = all.as_array().unwrap().iter().find(|one| one["result"]["rule"] == rule).unwrap();
        found["finding"].as_str().unwrap().to_owned()
    }

    fn propose(&self, headers: &[(&str, &str)], findings: &[&str]) -> Answer {
        let path = format!("/api/v1/assessment-plan/{}/propose-verdict", self.plan);
        let shown = self.hospital.send("shown.txt", b"looked at by hand");
        let body = json!({"findings": findings, "verdict": "false-positive", "reason": "not reachable", "until": "2099-01-01",
            "documents": [shown]});
        self.hospital.served.post_as(&self.hospital.served.token, &path, headers, &body)
    }

    fn approver(&self, path: &str, body: &Value) -> Answer {
        self.hospital.served.post_as(&self.hospital.approver, &format!("/api/v1/{path}"), &[], body)
    }

    fn close(&self) -> Answer {
        let path = format!("/api/v1/assessment/{}/close", self.run);
        self.hospital.served.post_as(&self.hospital.manager, &path, &[], &json!({"note": "looked through"}))
    }
}

fn rules(answer: &Answer) -> Vec<&str> {
    let all = answer.body["findings"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    all.iter().map(|one| one["result"]["rule"].as_str().unwrap()).collect()
}

#[test]
fn a_table_is_read_once_and_its_findings_come_page_by_page() {
    let run = Run::new();
    let mut body = run.table();
    let mapping = body["mapping"].take();
    let unmapped = run.import(&[], &json!({"files": body["files"]}));
    assert_eq!(
        (problem(&unmapped), &unmapped.body["params"]["reason"]),
        ((422, "file-unreadable"), &json!("scan-mapping-missing"))
    );
    body["mapping"] = mapping;
    let junk = run.hospital.send("junk.bin", b"\x00\x01");
    let mixed = json!({"files": [body["files"][0], junk], "mapping": body["mapping"]});
    assert_eq!(run.import(&[], &mixed).body["params"]["file"], "junk.bin");
    assert_eq!(run.findings("").body["reports_read"], false, "all of them or none");

    let key = [("idempotency-key", "reports")];
    let done = run.import(&key, &body);
    assert_eq!(done.status, 200, "{done:?}");
    let told = &done.body["diagnostics"][0];
    assert_eq!(
        (&told["code"], &told["severity"], &told["file"]),
        (&json!("scan-tool-version-missing"), &json!("note"), &json!("by-hand.csv"))
    );
    let repeated = run.import(&key, &body);
    assert_eq!((&repeated.body["repeated"], &repeated.body["diagnostics"]), (&json!(true), &Value::Null));
    assert_eq!(run.import(&[], &body).body["entries"], Value::Null, "the same file writes nothing");

    let all = run.findings("open=false");
    assert_eq!(rules(&all), ["T-1", "T-2", "T-3", "T-4"], "the most urgent first");
    assert_eq!(
        (&all.body["all"], &all.body["open"], &all.body["next"]),
        (&json!(4), &json!(3), &Value::Null)
    );
    assert_eq!(rules(&run.findings("")), ["T-1", "T-2", "T-3"], "nothing is decided about what only informs");
    assert_eq!(rules(&run.findings("level=low,medium")), ["T-2", "T-3"]);
    assert_eq!(rules(&run.findings("presence=fresh&text=LOGOUT")), ["T-2"]);
    assert_eq!(rules(&run.findings("presence=gone")), [""; 0]);
    assert_eq!((rules(&run.findings("tool=own-list")).len(), rules(&run.findings("tool=zap")).len()), (3, 0));
    for wrong in [
        "level=huge",
        "presence=here",
        "open=perhaps",
        "limit=0",
        "cursor=x",
        "cursor=open-00112233445566778899aabb",
    ] {
        assert_eq!(problem(&run.findings(wrong)), (400, "query-invalid"), "{wrong}");
    }

    let first = run.findings("limit=1");
    assert_eq!((rules(&first), &first.body["fitting"]), (vec!["T-1"], &json!(3)));
    let decided = run.propose(&[], &[&run.identity("T-1")]);
    assert_eq!(decided.body["record"]["kind"], "scan-finding", "{decided:?}");
    let decision = id(&decided);
    assert_eq!(run.approver(&format!("scan-finding/{decision}/approve"), &json!({})).status, 200);
    // What was shown on the page before went behind the others meanwhile; nothing is left out.
    let next = first.body["next"].as_str().unwrap();
    let second = run.findings(&format!("limit=1&cursor={next}"));
    assert_eq!(rules(&second), ["T-2"]);
    let third = run.findings(&format!("limit=1&cursor={}", second.body["next"].as_str().unwrap()));
    assert_eq!((rules(&third), &third.body["next"]), (vec!["T-3"], &Value::Null));
}

#[test]
fn findings_are_decided_by_two_people_and_the_run_is_closed() {
    let run = Run::new();
    assert_eq!(run.import(&[], &run.table()).status, 200);
    let (one, two, three) = (run.identity("T-1"), run.identity("T-2"), run.identity("T-3"));
    let undecided = run.close();
    assert_eq!(
        (refused(&undecided), &undecided.body["missing"][0]["code"]),
        ((422, "run-incomplete"), &json!("findings-undecided"))
    );

    assert_eq!(refused(&run.propose(&[], &["ffffffff"])), (422, "finding-unknown"));
    assert_eq!(run.propose(&[], &[]).body["params"]["field"], "findings");
    assert_eq!(
        problem(&run.propose(&[("if-match", "\"1\"")], &[&one])),
        (412, "revision-differs"),
        "reports were read since"
    );
    let plan = run.hospital.served.get(&format!("/api/v1/assessment-plan/{}", run.plan));
    let seen = plan.headers["etag"].clone();
    let several = run.propose(&[("if-match", &seen), ("idempotency-key", "p")], &[&one[..8], &two, &three]);
    assert_eq!(
        (several.status, &several.body["record"]["kind"]),
        (200, &json!("assessment-plan")),
        "{several:?}"
    );
    let proposed = run.hospital.served.get("/api/v1/scan-finding?state=proposed");
    let decisions: Vec<String> = proposed.body["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(decisions.len(), 3, "{:?}", proposed.body);

    let by_operator =
        run.hospital.served.post(&format!("/api/v1/scan-finding/{}/approve", decisions[0]), &json!({}));
    assert_eq!(refused(&by_operator), (403, "role-missing"));
    assert_eq!(
        refused(&run.approver(&format!("scan-finding/{}/reject", decisions[0]), &json!({"note": " "}))),
        (422, "text-missing")
    );
    assert_eq!(
        run.approver(&format!("scan-finding/{}/reject", decisions[0]), &json!({"note": "look again"})).status,
        200
    );
    for decision in &decisions[1..] {
        assert_eq!(run.approver(&format!("scan-finding/{decision}/approve"), &json!({})).status, 200);
    }
    let shown = run.hospital.served.get(&format!("/api/v1/scan-finding/{}", decisions[0]));
    assert_eq!((shown.status, &shown.body["state"]), (200, &json!("rejected")));
    assert_eq!(refused(&run.close()).1, "run-incomplete", "one was sent back");
    let rest = run.findings("").body["findings"][0]["finding"].as_str().unwrap().to_owned();
    assert_eq!(run.propose(&[], &[&rest]).status, 200);
    assert_eq!(run.approver(&format!("scan-finding/{}/approve", decisions[0]), &json!({})).status, 200);

    let withdraw = format!("scan-finding/{}/withdraw", decisions[1]);
    assert_eq!(refused(&run.approver(&withdraw, &json!({"reason": "x"}))), (403, "role-missing"));
    run.hospital.operate(&withdraw, json!({"reason": "it is real"}));
    assert_eq!(run.findings("").body["open"], 1, "open again");
    let open = run.findings("").body["findings"][0]["finding"].as_str().unwrap().to_owned();
    assert_eq!(run.propose(&[], &[&open]).status, 200);
    assert_eq!(run.approver(&format!("scan-finding/{}/approve", decisions[1]), &json!({})).status, 200);
    let closed = run.close();
    assert_eq!(closed.status, 200, "{closed:?}");
    let late = run.import(&[], &run.table());
    assert_eq!(late.body["entries"], Value::Null, "the same file again");
    let verified = run.hospital.served.get("/api/v1/ledger/verification?states=true");
    assert_eq!((&verified.body["whole"], &verified.body["differences"]), (&json!(true), &json!([])));
}

#[test]
fn findings_are_joined_and_taken_apart_by_a_word() {
    let run = Run::new();
    assert_eq!(run.import(&[], &run.table()).status, 200);
    let (one, two) = (run.identity("T-1"), run.identity("T-2"));
    let word = |command: &str, primary: &str, other: &str| {
        let path = format!("/api/v1/assessment-plan/{}/{command}", run.plan);
        run.hospital.served.post(&path, &json!({"primary": primary, "other": other, "reason": "one cause"}))
    };
    assert_eq!(refused(&word("join", &one, &one)), (422, "finding-same"));
    assert_eq!(refused(&word("join", &one, "abc")), (422, "finding-unknown"), "too short");
    assert_eq!(word("join", &one, &two).status, 200);
    let same = || run.findings("text=session").body["findings"][0]["same_as"].clone();
    assert_eq!(same(), json!(one));
    assert_eq!(word("separate", &one, &two).status, 200);
    assert_eq!(same(), Value::Null);
}

#[test]
fn a_report_about_something_else_is_flagged_until_somebody_explains_it() {
    let run = Run::new();
    let file = run.hospital.send("zap.xml", ASTRAY.as_bytes());
    let done = run.import(&[], &json!({"files": [file]}));
    assert_eq!(done.status, 200, "{done:?}");
    let closing = run.close();
    assert_eq!(refused(&closing), (422, "run-incomplete"));
    let missing = closing.body["missing"].as_array().unwrap();
    let codes: Vec<&Value> = missing.iter().map(|one| &one["code"]).collect();
    // It is about another host, so that nothing was reported about the target either.
    assert_eq!(codes[..2], [&json!("target-not-reported"), &json!("report-flagged")]);
    let path = format!("assessment/{}/explain", run.run);
    let explanation = json!({"report": "zap.xml", "note": "a redirect; the owner was told"});
    let by_tester = run.hospital.served.post(&format!("/api/v1/{path}"), &explanation);
    assert_eq!(refused(&by_tester), (422, "same-person"));
    let unknown = json!({"report": "other.xml", "note": "x"});
    assert_eq!(refused(&run.approver(&path, &unknown)), (422, "item-unknown"));
    assert_eq!(run.approver(&path, &explanation).status, 200);
    let unreached = json!({"target": missing[0]["params"]["value"], "note": "switched off that night"});
    assert_eq!(run.approver(&path, &unreached).status, 200);
    assert_eq!(run.close().status, 200);
}
