//! Policies by versions, exclusions, and the status of controls as of any day.

use shindan_app::records::{RecordsError, WordGiven, control, exclusions, policies};
use shindan_domain::case::Treatment;
use shindan_domain::control::Verdict;
use shindan_domain::policy::{Policy, PolicyState};
use shindan_domain::process::ReasonCode;
use shindan_report::control::{ControlReport, control_html, write_control};
use shindan_report::{Lang, Words};

use crate::hospital::{DUE_DATES, Hospital, code};

fn verdict(report: &ControlReport, control: &str) -> Verdict {
    report.lines.iter().find(|line| line.status.control == control).unwrap().status.verdict
}

fn report(hospital: &Hospital, day: Option<&str>) -> ControlReport {
    let day = day.map(|day| day.parse().unwrap());
    control::report(&hospital.records, &hospital.auditor, day, hospital.now).unwrap()
}

#[test]
fn a_policy_is_approved_by_another_person_and_takes_the_place_of_the_one_before() {
    let mut hospital = Hospital::new("policy");
    let file = hospital.file("due.toml", DUE_DATES);
    let (call, manager) = (hospital.call(), hospital.manager.clone());
    let first = policies::propose(&mut hospital.records, &manager, &call, &file, "初版").unwrap();
    let id = shindan_domain::record_id::PolicyId(first.stream.id);
    let call = hospital.call();
    let own = policies::approve(&mut hospital.records, &manager, &call, id, None, &WordGiven::Software);
    assert_eq!(code(own), ReasonCode::RoleMissing);
    let (call, approver) = (hospital.call(), hospital.approver.clone());
    policies::approve(&mut hospital.records, &approver, &call, id, Some(1), &WordGiven::Software).unwrap();

    let second = hospital.approve_policy(&DUE_DATES.replace("immediate = 3", "immediate = 2"));
    assert_eq!(second, id, "a further version of the same policy");
    let record = hospital.records.store().record(first.stream).unwrap().unwrap();
    let policy: Policy = serde_json::from_slice(&record.state).unwrap();
    let states: Vec<PolicyState> = policy.versions.iter().map(|version| version.state).collect();
    assert_eq!(states, [PolicyState::Superseded, PolicyState::Approved]);

    let wrong = hospital.file("wrong.toml", &DUE_DATES.replace("immediate = 1,", "immediate = 90,"));
    let call = hospital.call();
    let answer = policies::propose(&mut hospital.records, &manager, &call, &wrong, "誤り");
    assert_eq!(code(answer), ReasonCode::PolicyContentInvalid);
    let table = hospital.file("table.toml", "schema = \"shindan.policy-proposal/1\"\ntitle = \"表\"\n\n[decision-table]\nrules = \"absent.toml\"\n");
    let call = hospital.call();
    let answer = policies::propose(&mut hospital.records, &manager, &call, &table, "表");
    assert!(matches!(answer, Err(RecordsError::Unreadable { .. })), "{answer:?}");
}

#[test]
fn an_approved_decision_table_gives_the_priorities_and_is_named() {
    let mut hospital = Hospital::new("table");
    let rules = shindan_app::embedded::RULES.1.replace("shindan-default", "our-rules");
    hospital.file("rules.toml", &rules);
    let text = "schema = \"shindan.policy-proposal/1\"\ntitle = \"優先度\"\n\n[decision-table]\nrules = \"rules.toml\"\nsurge-epss = \"0.5\"\n";
    let policy = hospital.approve_policy(text);
    hospital.learn(&[("CVE-2026-1001", "ward-viewer", "1.2.0", true)]);
    let list = hospital.list("karte.json", &[("ward-viewer", "1.0.0")]);
    let refresh = hospital.refresh(&[list]);
    assert_eq!(refresh.rules.rules_id, "our-rules");
    assert_eq!(refresh.rules.policy.unwrap().policy, policy);
    let case = hospital.case_of("ward-viewer");
    hospital.settle(case, Treatment::Patch, None);
    let state = hospital.case(case);
    assert_eq!(state.stage.analysis().unwrap().inputs.rules.rules_id, "our-rules");
}

#[test]
fn the_status_of_a_day_is_what_the_records_showed_on_that_day() {
    let mut hospital = Hospital::new("status");
    let nothing = report(&hospital, None);
    assert_eq!(verdict(&nothing, "2-2"), Verdict::Undetermined);
    assert_eq!(verdict(&nothing, "2-3"), Verdict::Undetermined, "nothing recorded is never met");
    hospital.later(1);
    hospital.approve_policy(DUE_DATES);
    hospital.approve_policy(
        "schema = \"shindan.policy-proposal/1\"\ntitle = \"間隔\"\n\n[confirmation-interval]\nconfirm = 90\nreview = 365\njudge = 30\n",
    );
    hospital.learn(&[("CVE-2026-1001", "ward-viewer", "1.2.0", true)]);
    let list = hospital.list("karte.json", &[("ward-viewer", "1.0.0")]);
    hospital.refresh(std::slice::from_ref(&list));
    let case = hospital.case_of("ward-viewer");
    hospital.settle(case, Treatment::Patch, None);
    let decided = report(&hospital, None);
    assert_eq!(verdict(&decided, "2-2"), Verdict::Met, "{:#?}", decided.lines[0]);
    let records: Vec<_> = decided.lines[0].status.shown.iter().flat_map(|one| &one.records).collect();
    assert!(
        records.iter().any(|record| record.stream.id == case.0 && record.number.starts_with("MED-2026-"))
    );

    hospital.later(40);
    let late = report(&hospital, None);
    assert_eq!(verdict(&late, "4-1"), Verdict::Gaps, "not closed in time, not compared for 40 days");
    let before = report(&hospital, Some("2026-11-03"));
    assert_eq!(before.lines, decided.lines, "the day's records are what they were");
    let empty = report(&hospital, Some("2026-11-02"));
    assert_eq!(empty.lines, nothing.lines);
    let tomorrow = "2030-01-01".parse().unwrap();
    let answer = control::report(&hospital.records, &hospital.auditor, Some(tomorrow), hospital.now);
    assert!(matches!(answer, Err(RecordsError::Invalid { .. })));
}

#[test]
fn an_exclusion_counts_from_its_approval_to_its_last_day() {
    let mut hospital = Hospital::new("exclusion");
    let until = "2027-03-31".parse().unwrap();
    let (call, manager) = (hospital.call(), hospital.manager.clone());
    let unknown = exclusions::propose(&mut hospital.records, &manager, &call, "9-9", ("理由", until));
    assert_eq!(code(unknown), ReasonCode::ControlUnknown);
    let call = hospital.call();
    let done =
        exclusions::propose(&mut hospital.records, &manager, &call, "3-1", ("診断は委託先が行う", until));
    let exclusion = done.unwrap().stream;
    assert_eq!(verdict(&report(&hospital, None), "3-1"), Verdict::Undetermined, "not before the approval");
    let (call, approver) = (hospital.call(), hospital.approver.clone());
    exclusions::approve(&mut hospital.records, &approver, &call, exclusion, &WordGiven::Software).unwrap();
    let excluded = report(&hospital, None);
    assert_eq!(verdict(&excluded, "3-1"), Verdict::NotApplicable);
    let call = hospital.call();
    exclusions::withdraw(&mut hospital.records, &manager, &call, exclusion, "自ら行うことになった").unwrap();
    assert_eq!(verdict(&report(&hospital, None), "3-1"), Verdict::Undetermined);

    let mut json = Vec::new();
    write_control(&mut json, &excluded).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&json).unwrap();
    crate::words::follows("control-1.json", &value);
    for lang in Lang::ALL {
        let page = control_html(&excluded, &Words::new(lang)).unwrap();
        assert!(page.contains("診断は委託先が行う") && !page.contains("{$"), "{lang}");
    }
    let auditor = hospital.auditor.clone();
    let call = hospital.call();
    let answer = exclusions::propose(&mut hospital.records, &auditor, &call, "3-1", ("理由", until));
    assert_eq!(code(answer), ReasonCode::RoleMissing);
}
