//! ③ as of any day, and the report of what was assessed.

use std::collections::BTreeSet;

use shindan_app::records::assessments::runs::RunAsked;
use shindan_app::records::assessments::told::ReportAsked;
use shindan_app::records::assessments::{
    self, PlanOrder, SourceStated, findings, findings::VerdictAsked, reports, runs, told,
};
use shindan_app::records::{WordGiven, control};
use shindan_domain::assessment::{ApplicationKind, FindingVerdict, Way};
use shindan_domain::case::Subject;
use shindan_domain::control::{ControlStatus, Statement, Verdict};
use shindan_domain::inventory::Exposure;
use shindan_domain::ledger::Kind;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::{AssessmentId, AssessmentPlanId, ScanFindingId};
use shindan_report::assessments::{Form, assessment_html, write_assessment_report};
use shindan_report::{Lang, Words};

use crate::hospital::Hospital;

const BANDIT: &str = r#"{"errors": [], "generated_at": "2026-11-02T00:10:00Z", "metrics": {}, "results": [{
  "code": "12 subprocess.run(text, shell=True)\n", "filename": "./src/export.py", "issue_confidence": "HIGH",
  "issue_cwe": {"id": 78, "link": "https://cwe.mitre.org/data/definitions/78.html"}, "issue_severity": "HIGH",
  "issue_text": "subprocess call with shell=True identified", "line_number": 12, "line_range": [12],
  "more_info": "", "test_id": "B602", "test_name": "subprocess_popen_with_shell_equals_true"}]}"#;

fn status(hospital: &Hospital, control: &str, day: &str) -> ControlStatus {
    let day = Some(day.parse().unwrap());
    let report = control::report(&hospital.records, &hospital.auditor, day, hospital.now).unwrap();
    report.lines.into_iter().find(|line| line.status.control == control).unwrap().status
}

fn codes(statements: &[Statement]) -> Vec<ReasonCode> {
    statements.iter().map(|one| one.reason.code).collect()
}

fn no_name(_: &str) -> Option<BTreeSet<core::net::IpAddr>> {
    None
}

/// A plan for an application whose source is available.
fn planned(hospital: &mut Hospital) -> AssessmentPlanId {
    let (manager, operator) = (hospital.manager.clone(), hospital.operator.clone());
    let order = PlanOrder {
        name: "電子カルテ帳票".to_owned(),
        subject: Subject::System(hospital.system),
        application: ApplicationKind::Desktop,
        checks: BTreeSet::new(),
        interval_days: 365,
        notice_days: 30,
        on_release: false,
        responsible: manager.person(),
        first_due: "2026-12-31".parse().unwrap(),
        exposure: Exposure::Controlled,
        affects_patients: true,
        merge_rules: BTreeSet::new(),
    };
    let call = hospital.call();
    let done = assessments::lay_down(&mut hospital.records, &manager, &call, order).unwrap();
    let plan = AssessmentPlanId(done.stream.id);
    let stated = SourceStated::Available { place: "社内リポジトリ".to_owned() };
    let call = hospital.call();
    assessments::state_deliverable(
        &mut hospital.records,
        &operator,
        &call,
        plan,
        "forms".to_owned(),
        &stated,
    )
    .unwrap();
    plan
}

/// A run of its source with a report that names one finding.
fn assessed(hospital: &mut Hospital, plan: AssessmentPlanId) -> AssessmentId {
    let operator = hospital.operator.clone();
    let asked = RunAsked {
        plan,
        way: Way::Source,
        environment: None,
        deliverables: BTreeSet::new(),
        targets: BTreeSet::new(),
        version: "1.4.0".to_owned(),
        planned_for: "2026-11-02".parse().unwrap(),
        tester: None,
    };
    let call = hospital.call();
    let done = runs::plan(&mut hospital.records, &operator, &call, asked, &no_name).unwrap();
    let run = AssessmentId(done.stream.id);
    let call = hospital.call();
    runs::start(&mut hospital.records, &operator, &call, run, &no_name).unwrap();
    let file = hospital.file("bandit.json", BANDIT);
    let call = hospital.call();
    reports::import(
        &mut hospital.records,
        &operator,
        &call,
        run,
        reports::Handed { files: &[file], ..Default::default() },
    )
    .unwrap();
    run
}

/// The finding is called a false positive until a day, and another person approves.
fn decided(hospital: &mut Hospital, plan: AssessmentPlanId) {
    let (operator, approver) = (hospital.operator.clone(), hospital.approver.clone());
    let today = "2026-11-03".parse().unwrap();
    let named = findings::list(&hospital.records, &operator, plan, today, |_, rows| {
        rows.iter().map(|row| row.fingerprint.to_string()).collect::<Vec<_>>()
    });
    let asked = VerdictAsked {
        findings: named.unwrap(),
        verdict: FindingVerdict::FalsePositive,
        reason: "文字列は固定値".to_owned(),
        until: "2027-06-01".parse().unwrap(),
        documents: Vec::new(),
    };
    assert_eq!(asked.findings.len(), 1);
    let call = hospital.call();
    let done = findings::propose(&mut hospital.records, &operator, &call, plan, &asked).unwrap();
    assert_eq!(done.stream.kind, Kind::ScanFinding);
    let call = hospital.call();
    let id = ScanFindingId(done.stream.id);
    findings::approve(&mut hospital.records, &approver, &call, id, &WordGiven::Software).unwrap();
}

#[test]
fn what_was_undecided_on_a_day_stays_undecided_on_that_day() {
    let mut hospital = Hospital::new("assessments");
    let nothing = status(&hospital, "3-1", "2026-11-02");
    assert!(codes(&nothing.undetermined).contains(&ReasonCode::ControlPlansNone), "{nothing:?}");
    let plan = planned(&mut hospital);
    let run = assessed(&mut hospital, plan);
    hospital.later(1);
    decided(&mut hospital, plan);
    let (call, manager) = (hospital.call(), hospital.manager.clone());
    runs::close(&mut hospital.records, &manager, &call, run, String::new()).unwrap();

    let first = status(&hospital, "3-1", "2026-11-02");
    let gaps = [ReasonCode::ControlPlansNeverAssessed, ReasonCode::ControlFindingsUndecided];
    assert_eq!(codes(&first.gaps), gaps, "as it stood then");
    assert_eq!(codes(&status(&hospital, "3-3", "2026-11-02").gaps), [ReasonCode::ControlWayMissing]);
    let second = status(&hospital, "3-1", "2026-11-03");
    assert!(second.gaps.is_empty(), "{second:?}");
    assert!(codes(&second.shown).contains(&ReasonCode::ControlPlansInTime));
    assert_eq!(status(&hospital, "3-3", "2026-11-03").verdict, Verdict::Met);
    let environments = status(&hospital, "3-2", "2026-11-03");
    assert_eq!(codes(&environments.undetermined), [ReasonCode::ControlRunsNoneInTest]);

    hospital.later(400);
    let late = status(&hospital, "3-1", "2027-12-01");
    let gaps = [ReasonCode::ControlPlansOverdue, ReasonCode::ControlFindingsUndecided];
    assert_eq!(codes(&late.gaps), gaps, "the verdict has ended, and nobody assessed again");
}

#[test]
fn the_report_of_a_system_has_its_plans_and_names_and_of_another_none() {
    let mut hospital = Hospital::new("assessment-report");
    let plan = planned(&mut hospital);
    assessed(&mut hospital, plan);
    let asked =
        |subject| ReportAsked { subject, service: "電子カルテ", checkpoint: None, now: hospital.now };
    let subject = Some(Subject::System(hospital.system));
    let html = |form| {
        told::report(&hospital.records, &hospital.auditor, asked(subject), |report| {
            assessment_html(report, form, &Words::new(Lang::Ja)).unwrap()
        })
        .unwrap()
    };
    let (full, short) = (html(Form::Full), html(Form::Short));
    for inside in ["src/export.py", "運用 一郎", "企画 花子", "bandit.json"] {
        assert!(full.contains(inside) && !short.contains(inside), "{inside}");
    }
    assert!(short.contains("電子カルテ帳票"));
    let mut plans = Vec::new();
    for subject in [subject, None, Some(Subject::System(shindan_domain::record_id::SystemId(plan.0)))] {
        let mut bytes = Vec::new();
        told::report(&hospital.records, &hospital.auditor, asked(subject), |report| {
            write_assessment_report(&mut bytes, report).unwrap();
        })
        .unwrap();
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        plans.push(value["plans"].as_array().unwrap().len());
    }
    assert_eq!(plans, [1, 1, 0]);
}
