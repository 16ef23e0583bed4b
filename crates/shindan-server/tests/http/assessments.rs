//! Security assessments: plans, what may be scanned and what never is, and reports that are no reports.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shindan_app::data_folder::DataFolder;
use shindan_app::register::{self, ImportOptions};
use shindan_domain::comparison::KeptPart;

use crate::client::Answer;
use crate::evidence::upload;
use crate::hospital::{Hospital, id};

/// 検証環境, as an address holds it.
const TEST: &str = "%E6%A4%9C%E8%A8%BC%E7%92%B0%E5%A2%83";

pub fn refused(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.body["reason"]["code"].as_str().unwrap_or_default())
}

pub fn problem(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.body["code"].as_str().unwrap_or_default())
}

/// A plan of this kind with one deliverable whose source cannot be had.
pub fn plan_of(hospital: &Hospital, name: &str, kind: &str) -> String {
    let plan = json!({"name": name, "system": "病棟システム", "kind": kind, "interval_days": 365, "notice_days": 60,
        "first_due": "2020-01-01", "exposure": "controlled"});
    let plan = hospital.keep("assessment-plan", plan);
    let request = hospital.send("request.txt", b"may we have the source?");
    let answer = hospital.send("answer.txt", b"no");
    let stated =
        json!({"name": "viewer 3.2", "why": "the maker refuses", "request": request, "answer": answer});
    hospital.operate(&format!("assessment-plan/{plan}/state-deliverable"), stated);
    plan
}

/// A run from outside; the answer to the plan for it.
pub fn run_of(hospital: &Hospital, plan: &str, environment: &str, target: &str) -> Answer {
    let run = json!({"plan": plan, "way": "outside", "environment": environment, "targets": [target],
        "deliverables": ["viewer 3.2"], "version": "3.2.1",
        "planned_for": "2026-11-27"});
    hospital.served.post("/api/v1/assessment", &run)
}

pub fn permit(hospital: &Hospital, token: &str, environment: &str, target: &str) -> Answer {
    let body = json!({"target": target, "note": "virtual machine for tests"});
    let path = format!("/api/v1/environment/{environment}/permit-target");
    hospital.served.post_as(token, &path, &[], &body)
}

#[test]
fn a_plan_is_laid_down_by_a_manager_and_falls_due() {
    let hospital = Hospital::new();
    let get = |path: &str| hospital.served.get(&format!("/api/v1/{path}"));
    let checks = get("assessment-checks?kind=medical-device").body;
    let checks = checks["checks"].as_array().unwrap();
    assert!(checks.len() > 3 && checks.iter().all(|check| !check["ways"].to_string().contains("outside")));
    assert_eq!(problem(&get("assessment-checks?kind=nothing")), (400, "query-invalid"));

    let body = json!({"name": "ward", "system": "病棟システム", "kind": "web", "interval_days": 365, "notice_days": 60,
        "first_due": "2099-01-01", "exposure": "open", "merge_rules": ["same-identifier"]});
    let with = |field: &str, value: Value| {
        let mut body = body.clone();
        body[field] = value;
        hospital.served.post_as(&hospital.manager, "/api/v1/assessment-plan", &[], &body)
    };
    assert_eq!(refused(&hospital.served.post("/api/v1/assessment-plan", &body)), (403, "role-missing"));
    assert_eq!(problem(&with("release", json!("1"))), (400, "value-invalid"), "two subjects");
    assert_eq!(refused(&with("checks", json!(["no-such-check"]))), (422, "item-unknown"));
    assert_eq!(refused(&with("notice_days", json!(365))), (422, "plan-interval-invalid"));
    assert_eq!(problem(&with("exposure", json!("everywhere"))), (400, "body-invalid"));
    let plan = hospital.keep("assessment-plan", body);
    let later = plan_of(&hospital, "overdue", "web");

    let called = |answer: &Answer| -> Vec<String> {
        let plans = answer.body["plans"].as_array().unwrap();
        plans.iter().map(|plan| plan["name"].as_str().unwrap().to_owned()).collect()
    };
    let all = get("assessment-timing");
    assert_eq!(
        (called(&all), &all.body["counting"]),
        (vec!["overdue".to_owned(), "ward".to_owned()], &json!(2))
    );
    let never = json!([{"deliverable": "viewer 3.2", "way": "outside"}]);
    assert_eq!(
        (&all.body["plans"][0]["never_assessed"], &all.body["plans"][0]["id"]),
        (&never, &json!(later))
    );
    assert_eq!(called(&get("assessment-timing?timing=in-time")), ["ward"]);
    assert_eq!(called(&get("assessment-timing?timing=due,overdue")), ["overdue"]);
    assert_eq!(problem(&get("assessment-timing?timing=soon")), (400, "query-invalid"));

    let post = |command: &str, body: Value| {
        hospital.served.post(&format!("/api/v1/assessment-plan/{plan}/{command}"), &body)
    };
    let half = json!({"name": "viewer", "why": "no", "request": hospital.send("r.txt", b"please")});
    assert_eq!(post("state-deliverable", half).body["params"]["field"], "answer");
    let both = json!({"name": "viewer", "why": "no", "place": "git"});
    assert_eq!(post("state-deliverable", both).body["params"]["field"], "place");
    assert_eq!(post("state-deliverable", json!({"name": "viewer", "place": "git"})).status, 200);
    let release = json!({"release": "3.3", "due": "2026-12-24"});
    assert_eq!(refused(&post("trigger", release.clone())), (422, "plan-not-on-release"));
    let change = |seen: &str, key: &str| {
        let headers = [("if-match", seen), ("idempotency-key", key)];
        let path = format!("/api/v1/assessment-plan/{plan}/change");
        let wanted = json!({"on_release": true, "reason": "contract"});
        hospital.served.post_as(&hospital.manager, &path, &headers, &wanted)
    };
    assert_eq!(problem(&change("\"1\"", "a")), (412, "revision-differs"));
    assert_eq!(
        (change("\"2\"", "b").body["repeated"].clone(), change("\"2\"", "b").body["repeated"].clone()),
        (json!(false), json!(true))
    );
    assert_eq!(post("trigger", release).status, 200);
    let timed = get("assessment-timing?timing=due");
    assert_eq!(
        (&timed.body["plans"][0]["release"], &timed.body["plans"][0]["due"]),
        (&json!("3.3"), &json!("2026-12-24"))
    );
    assert_eq!(post("drop-deliverable", json!({"name": "viewer", "reason": "replaced"})).status, 200);
    hospital.by(
        &hospital.manager,
        &format!("assessment-plan/{later}/end"),
        json!({"reason": "switched off"}),
    );
    assert_eq!(get("assessment-timing").body["counting"], 1);
}

#[test]
fn targets_are_permitted_by_a_manager_and_never_what_care_depends_on() {
    let hospital = Hospital::new();
    let ledger = hospital.served.folder.join("ledger.csv");
    let table =
        "管理番号,種別,メーカー,型番,IPアドレス,状態\nCT-01,医療機器,Example,Tomo 64,192.0.2.50,使用中\n";
    std::fs::write(&ledger, table).unwrap();
    let data = DataFolder::new(&hospital.served.folder);
    hospital.change_beside(KeptPart::Register, |author, now| {
        register::import(&data, &ledger, &ImportOptions::default(), Some(author), now).map(drop)
    });
    let manager = &hospital.manager;
    let marked = json!({"name": "ward network", "range": "198.51.100.0/24", "note": "monitors"});
    assert_eq!(refused(&hospital.served.post("/api/v1/clinical-network", &marked)), (403, "role-missing"));
    let network = hospital.keep("clinical-network", marked);
    let list = hospital.served.get("/api/v1/clinical-network").body;
    assert_eq!(list["records"][0]["id"], json!(network));

    assert_eq!(
        refused(&permit(&hospital, &hospital.served.token, TEST, "192.0.2.10")),
        (403, "role-missing")
    );
    assert_eq!(refused(&permit(&hospital, &hospital.approver, TEST, "192.0.2.10")), (403, "role-missing"));
    for protected in ["192.0.2.50", "192.0.2.0/24", "https://198.51.100.7/", "198.51.100.0/28"] {
        assert_eq!(
            refused(&permit(&hospital, manager, TEST, protected)),
            (422, "target-protected"),
            "{protected}"
        );
    }
    assert_eq!(refused(&permit(&hospital, manager, TEST, "0.0.0.0/0")), (422, "target-too-wide"));
    let odd = permit(&hospital, manager, TEST, "ftp://192.0.2.10");
    assert_eq!((problem(&odd), &odd.body["params"]["field"]), ((400, "value-invalid"), &json!("target")));
    let none_yet = hospital.served.get(&format!("/api/v1/scan-targets/{TEST}"));
    assert_eq!(problem(&none_yet), (404, "record-unknown"), "nothing was permitted");

    let done = permit(&hospital, manager, TEST, "192.0.2.8/29");
    assert_eq!(
        (done.status, &done.body["record"]["kind"], &done.body["revision"]),
        (200, &json!("scan-targets"), &json!(1))
    );
    assert_eq!(refused(&permit(&hospital, manager, TEST, "192.0.2.8/29")), (422, "nothing-changes"));
    let seen = |seen: &str, key: &str| {
        let body = json!({"target": "https://192.0.2.20/app", "note": "web"});
        let headers = [("if-match", seen), ("idempotency-key", key)];
        hospital.served.post_as(
            manager,
            &format!("/api/v1/environment/{TEST}/permit-target"),
            &headers,
            &body,
        )
    };
    assert_eq!(problem(&seen("\"7\"", "a")), (412, "revision-differs"));
    assert_eq!((seen("\"1\"", "b").status, seen("\"1\"", "b").body["repeated"].clone()), (200, json!(true)));
    let shown = hospital.served.get(&format!("/api/v1/scan-targets/{TEST}"));
    assert_eq!(
        (shown.headers["etag"].as_str(), shown.body["lists"].to_string().contains("https://192.0.2.20")),
        ("\"2\"", true)
    );

    let remove = json!({"target": "192.0.2.8/29", "reason": "gone"});
    let path = format!("environment/{TEST}/remove-target");
    assert_eq!(refused(&hospital.served.post(&format!("/api/v1/{path}"), &remove)), (403, "role-missing"));
    hospital.by(manager, &path, remove);

    let unmark = format!("clinical-network/{network}/unmark");
    let reason = json!({"reason": "the ward moved"});
    let by_manager = hospital.served.post_as(manager, &format!("/api/v1/{unmark}"), &[], &reason);
    assert_eq!(refused(&by_manager), (403, "role-missing"));
    hospital.by(&hospital.approver, &unmark, reason);
    assert_eq!(permit(&hospital, manager, TEST, "198.51.100.0/28").status, 200);
}

#[test]
fn production_waits_for_an_exception_and_a_medical_device_is_never_scanned() {
    let hospital = Hospital::new();
    let live = json!({"system": "病棟システム", "name": "live", "purpose": "production"});
    hospital.keep("environment", live);
    assert_eq!(permit(&hospital, &hospital.manager, "live", "192.0.2.10").status, 200);
    let medical = plan_of(&hospital, "infusion pump", "medical-device");
    assert_eq!(refused(&run_of(&hospital, &medical, "live", "192.0.2.10")), (422, "medical-never-scanned"));
    let web = plan_of(&hospital, "ward", "web");
    assert_eq!(refused(&run_of(&hospital, &web, "live", "192.0.2.11")), (422, "target-not-permitted"));
    assert_eq!(problem(&run_of(&hospital, &web, "live", "not a target")), (400, "value-invalid"));
    let planned = run_of(&hospital, &web, "live", "192.0.2.10");
    assert_eq!(planned.status, 201, "{planned:?}");
    let run = id(&planned);
    let post = |token: &str, command: &str, body: Value| {
        hospital.served.post_as(token, &format!("/api/v1/assessment/{run}/{command}"), &[], &body)
    };
    let operator = hospital.served.token.as_str();
    assert_eq!(refused(&post(operator, "start", json!({}))), (422, "exception-missing"));
    let mut exception = json!({"reason": "no test system; at night", "institution": "中央病院", "notice": "00".repeat(32),
        "from": "2020-01-01", "until": "2099-01-01"});
    assert_eq!(post(operator, "ask-exception", exception.clone()).body["params"]["field"], "upload");
    exception["notice"] = json!(hospital.send("notice.txt", b"we scan on Sunday"));
    assert_eq!(post(operator, "ask-exception", exception).status, 200);
    assert_eq!(
        refused(&post(operator, "start", json!({}))),
        (422, "exception-missing"),
        "nobody approved it"
    );
    assert_eq!(refused(&post(operator, "approve-exception", json!({}))), (403, "role-missing"));
    assert_eq!(post(&hospital.approver, "approve-exception", json!({})).status, 200);
    assert_eq!(post(operator, "start", json!({})).status, 200);
    let closing = post(&hospital.manager, "close", json!({"note": "done"}));
    assert_eq!(
        (refused(&closing), &closing.body["missing"][0]["code"]),
        ((422, "run-incomplete"), &json!("report-missing"))
    );
    assert_eq!(refused(&post(operator, "close", json!({"note": "done"}))), (403, "role-missing"));
    assert_eq!(post(operator, "cancel", json!({"reason": "broken off"})).status, 200);
    assert_eq!(hospital.served.get(&format!("/api/v1/assessment/{run}")).body["state"], "cancelled");
}

#[test]
fn what_is_no_report_is_refused_by_name_and_nothing_is_written() {
    let hospital = Hospital::new();
    permit(&hospital, &hospital.manager, TEST, "192.0.2.10");
    let plan = plan_of(&hospital, "ward", "web");
    let run = id(&run_of(&hospital, &plan, "検証環境", "192.0.2.10"));
    hospital.operate(&format!("assessment/{run}/start"), json!({}));
    let entries = || hospital.served.get("/api/v1/ledger/verification").body["entries"].clone();
    let before = entries();
    let import = |files: Value| {
        hospital.served.post(&format!("/api/v1/assessment/{run}/import-reports"), &json!({"files": files}))
    };
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
        <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><nmaprun>&c;</nmaprun>";
    let hostile: [(&str, Vec<u8>); 7] = [
        ("empty.json", Vec::new()),
        ("blank.xml", b" \n\t\n".to_vec()),
        ("archive.zip", [b"PK\x03\x04\x14\x00\x00\x00\x08\x00".as_slice(), &[0; 4096]].concat()),
        ("entities.xml", bomb.as_bytes().to_vec()),
        ("deep.json", [b"[".repeat(200_000), b"]".repeat(200_000)].concat()),
        ("other.json", b"{\"hello\": \"world\"}".to_vec()),
        ("noise.bin", (0..=255).cycle().take(10_000).collect()),
    ];
    for (name, bytes) in &hostile {
        let sent = hospital.send(name, bytes);
        let answer = import(json!([sent]));
        assert_eq!(
            (problem(&answer), &answer.body["params"]["file"]),
            ((422, "file-unreadable"), &json!(name)),
            "{answer:?}"
        );
        assert!(!answer.body["params"]["reason"].as_str().unwrap().is_empty(), "{answer:?}");
        assert!(!answer.body.to_string().contains(&sent), "where it lies is not told: {answer:?}");
    }
    assert_eq!(import(json!([])).body["params"]["field"], "files");
    let sent = hospital.send("one.json", b"{}");
    assert_eq!(import(json!(vec![sent; 65])).body["params"]["field"], "files");
    assert_eq!(import(json!(["00".repeat(32)])).body["params"]["field"], "upload");
    let others = upload(&hospital.served, &hospital.manager, "theirs.json", b"{\"theirs\": 1}");
    assert_eq!(import(json!([others.body["sha256"]])).body["params"]["field"], "upload", "somebody else's");
    assert_eq!(entries(), before);
    assert_eq!(hospital.served.get(&format!("/api/v1/assessment/{run}")).body["state"], "started");
    let findings = hospital.served.get(&format!("/api/v1/assessment-plan/{plan}/findings"));
    assert_eq!((&findings.body["reports_read"], &findings.body["findings"]), (&json!(false), &json!([])));
}

#[test]
fn an_auditor_only_reads_and_a_partner_sees_nothing() {
    let hospital = Hospital::new();
    permit(&hospital, &hospital.manager, TEST, "192.0.2.10");
    let plan = plan_of(&hospital, "ward", "web");
    let run = id(&run_of(&hospital, &plan, "検証環境", "192.0.2.10"));
    let token = |name: &str, role: &str| {
        let person = hospital.served.register(name, &[role]);
        hospital.served.token_of(&person, "write")
    };
    let (auditor, partner) = (token("監査 四郎", "auditor"), token("外部 五郎", "partner"));
    let reading = [
        "assessment-checks".to_owned(),
        "assessment-timing".to_owned(),
        "assessment-plan".to_owned(),
        format!("assessment-plan/{plan}"),
        format!("assessment-plan/{plan}/findings"),
        format!("assessment/{run}"),
        format!("scan-targets/{TEST}"),
        "clinical-network".to_owned(),
        "scan-finding".to_owned(),
    ];
    for path in reading {
        let get = |token: &str| {
            let bearer = format!("Bearer {token}");
            hospital.served.send("GET", &format!("/api/v1/{path}"), &[("authorization", &bearer)], b"")
        };
        assert_eq!(get(&auditor).status, 200, "{path}");
        assert_eq!(refused(&get(&partner)), (403, "role-missing"), "{path}");
    }
    let unknown = hospital.served.get(&format!("/api/v1/assessment/{run}/findings"));
    assert_eq!(problem(&unknown), (404, "path-unknown"), "only plans have findings");
    let changing = [
        (format!("assessment-plan/{plan}/end"), json!({"reason": "x"})),
        (format!("environment/{TEST}/permit-target"), json!({"target": "192.0.2.11", "note": "x"})),
        ("clinical-network".to_owned(), json!({"name": "x", "range": "192.0.2.0/30", "note": "x"})),
        (format!("assessment/{run}/start"), json!({})),
        (format!("assessment/{run}/cancel"), json!({"reason": "x"})),
        (format!("assessment-plan/{plan}/join"), json!({"primary": "0000", "other": "1111", "reason": "x"})),
    ];
    let mut answers = BTreeSet::new();
    for (path, body) in changing {
        for token in [&auditor, &partner] {
            let answer = hospital.served.post_as(token, &format!("/api/v1/{path}"), &[], &body);
            answers.insert((answer.status, answer.body["code"].to_string()));
        }
    }
    assert_eq!(answers, [(403, "\"forbidden\"".to_owned())].into());
}
