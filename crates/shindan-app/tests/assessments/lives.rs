//! From the plan to the proof: findings, decisions, cases, re-tests, and what the status of controls makes of them.

use shindan_app::records::assessments::{cases as finding_cases, findings, runs};
use shindan_app::records::{WordGiven, cases, control};
use shindan_domain::assessment::{Decided, Presence, RunState, ScanFinding, Way};
use shindan_domain::case::{Applicability, Case, CaseState, Treatment};
use shindan_domain::control::{ControlStatus, Verdict};
use shindan_domain::ledger::Kind;
use shindan_domain::people::Role;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::{CaseId, ScanFindingId};

use crate::hospital::{code, refusal};
use crate::world::{PORTAL, SITE, World, approver, operator};

fn status(world: &World, control: &str) -> ControlStatus {
    let (records, now) = (&world.hospital.records, world.hospital.now);
    let report = control::report(records, &world.hospital.auditor, None, now).unwrap();
    report.lines.into_iter().map(|line| line.status).find(|status| status.control == control).unwrap()
}

fn gaps(status: &ControlStatus) -> Vec<ReasonCode> {
    status.gaps.iter().map(|statement| statement.reason.code).collect()
}

fn open_case(world: &mut World, rule: &str) -> CaseId {
    let (plan, named) = (world.plan, vec![world.finding(rule).0]);
    let done = world
        .by(operator, |records, who, call| finding_cases::open_cases(records, who, call, plan, &named))
        .unwrap();
    assert_eq!(done.stream.kind, Kind::Case);
    CaseId(done.stream.id)
}

fn close_case(world: &mut World, case: CaseId) {
    world.by(approver, |records, who, call| {
        let review = None;
        cases::confirm(records, who, call, case, review, &WordGiven::Software).unwrap();
    });
    world.by(operator, |records, who, call| cases::close(records, who, call, case)).unwrap();
    assert_eq!(world.hospital.case(case).state(), CaseState::Closed);
}

#[test]
fn from_the_plan_to_the_proof_by_a_re_test() {
    let mut world = World::new("whole");
    assert!(gaps(&status(&world, "3-1")).contains(&ReasonCode::ControlPlansNeverAssessed));
    let run = world.started();
    let report = world.zap(&[(SITE, &[("40012", "/login", 3), ("10038", "/", 2), ("10049", "/", 0)])]);
    world.import(run, &[report]).unwrap();
    assert_eq!(world.run(run).state(), RunState::Reported);
    assert!(!world.finding("10049").2, "what the tool calls informational is noted, not decided");
    let early = refusal(world.close(run));
    assert_eq!(early.missing.iter().map(|one| one.code).collect::<Vec<_>>(), [ReasonCode::FindingsUndecided]);

    // One is a false positive: somebody else says so, too.
    let both = world.person("兼務 五郎", &[Role::Operator, Role::Approver]);
    let csp = world.finding("10038").0;
    let proposed = world.propose(&both, &[&csp], "2027-03-31").unwrap();
    assert_eq!(proposed.stream.kind, Kind::ScanFinding);
    let id = ScanFindingId(proposed.stream.id);
    assert!(world.finding("10038").2, "what is proposed decides nothing");
    assert_eq!(code(world.approve_finding(&both, id)), ReasonCode::SamePerson);
    let (operator_now, approver_now) = (world.hospital.operator.clone(), world.hospital.approver.clone());
    assert_eq!(code(world.approve_finding(&operator_now, id)), ReasonCode::RoleMissing);
    world.approve_finding(&approver_now, id).unwrap();
    assert!(!world.finding("10038").2);

    // The other one becomes a case, which a re-test proves.
    let case = open_case(&mut world, "40012");
    assert_eq!(world.finding("40012").3, Decided::Case(case));
    world.close(run).unwrap();
    assert!(
        status(&world, "3-1").gaps.iter().all(|one| one.reason.code != ReasonCode::ControlPlansNeverAssessed)
    );
    assert_eq!(status(&world, "3-2").verdict, Verdict::Met);
    world.hospital.settle(case, Treatment::Patch, None);
    let again = world.started();
    let fixed = world.zap(&[(SITE, &[("10038", "/", 2)])]);
    world.import(again, &[fixed]).unwrap();
    assert_eq!(world.finding("40012").1, Presence::Gone);
    assert!(world.hospital.case(case).all_gone());
    close_case(&mut world, case);
    world.close(again).unwrap();
    let three = status(&world, "3-3");
    assert_eq!((three.verdict, gaps(&three)), (Verdict::Met, Vec::new()), "{three:?}");
    assert!(!gaps(&status(&world, "3-1")).contains(&ReasonCode::ControlFindingsUndecided));
    world.check_ledger();
}

#[test]
fn what_comes_back_opens_its_closed_case_again() {
    let mut world = World::new("back");
    let run = world.started();
    let found = world.zap(&[(SITE, &[("40012", "/login", 3)])]);
    world.import(run, std::slice::from_ref(&found)).unwrap();
    let case = open_case(&mut world, "40012");
    let named = vec![world.finding("40012").0];
    let plan = world.plan;
    let again =
        world.by(operator, |records, who, call| finding_cases::open_cases(records, who, call, plan, &named));
    assert_eq!(code(again), ReasonCode::FindingInCase);
    world.hospital.settle(case, Treatment::Patch, None);
    let second = world.started();
    let fixed = world.zap(&[(SITE, &[])]);
    world.import(second, &[fixed]).unwrap();
    close_case(&mut world, case);
    world.hospital.later(30);
    let third = world.started();
    let found_again = world.zap(&[(SITE, &[("40012", "/login", 3)])]);
    world.import(third, &[found_again]).unwrap();
    assert_eq!(world.finding("40012").1, Presence::Back);
    assert_ne!(world.hospital.case(case).state(), CaseState::Closed, "it is there again");
    world.check_ledger();
}

/// A report that is older than the run proves nothing, though it is read after the approval.
#[test]
fn an_old_report_is_no_re_test() {
    let mut world = World::new("old");
    let run = world.started();
    let found = world.zap(&[(SITE, &[("40012", "/login", 3)])]);
    world.import(run, &[found]).unwrap();
    let case = open_case(&mut world, "40012");
    world.hospital.settle(case, Treatment::Patch, None);
    let second = world.started();
    let text = r#"{"@programName":"ZAP","@version":"2.15.0","@generated":"2026-10-01T00:00:00Z",
        "site":[{"@name":"https://test.example","alerts":[]}]}"#;
    let old = world.hospital.file("old.json", text);
    world.import(second, std::slice::from_ref(&old)).unwrap();
    assert!(!world.hospital.case(case).all_gone(), "the scan was made before anything was repaired");
    let refused = refusal(world.close(second));
    assert!(refused.missing.iter().any(|one| one.code == ReasonCode::ReportBeforeStart), "{refused:?}");
}

#[test]
fn a_decision_ends_on_its_day_and_the_finding_is_open_again() {
    let mut world = World::new("expiry");
    let run = world.started();
    let report = world.zap(&[(SITE, &[("10038", "/", 2)])]);
    world.import(run, &[report]).unwrap();
    let (operator_now, approver_now) = (world.hospital.operator.clone(), world.hospital.approver.clone());
    let csp = world.finding("10038").0;
    assert_eq!(code(world.propose(&operator_now, &[&csp], "2026-11-01")), ReasonCode::DateNotInFuture);
    let short = world.propose(&operator_now, &["abc"], "2026-12-01");
    assert_eq!(code(short), ReasonCode::FindingUnknown, "three digits could mean anything");
    let twice = [csp.as_str(), &csp[..8]];
    world.propose(&operator_now, &twice, "2026-12-01").unwrap();
    let all = all_decisions(&world);
    assert_eq!(all.len(), 1, "named twice is named once");
    world.approve_finding(&approver_now, all[0]).unwrap();
    assert!(!world.finding("10038").2);
    world.close(run).unwrap();
    world.hospital.later(28);
    assert!(!world.finding("10038").2, "on its last day it counts");
    world.hospital.later(2);
    assert!(world.finding("10038").2);
    assert!(gaps(&status(&world, "3-1")).contains(&ReasonCode::ControlFindingsUndecided));
    // Another word about it begins anew.
    world.propose(&operator_now, &[&csp], "2027-01-31").unwrap();
    world.approve_finding(&approver_now, all[0]).unwrap();
    assert!(!world.finding("10038").2);
    world
        .by(operator, |records, who, call| findings::withdraw(records, who, call, all[0], "誤り".to_owned()))
        .unwrap();
    assert!(world.finding("10038").2);
    world.check_ledger();
}

fn all_decisions(world: &World) -> Vec<ScanFindingId> {
    let mut all = Vec::new();
    let mut take = |stream: shindan_domain::ledger::Stream, state: &[u8]| {
        let _: ScanFinding = serde_json::from_slice(state).unwrap();
        all.push(ScanFindingId(stream.id));
    };
    world.hospital.records.store().each_state(Kind::ScanFinding, &mut take).unwrap();
    all
}

#[test]
fn source_that_cannot_be_had_needs_both_documents_and_turns_the_way() {
    let mut world = World::new("source");
    let plan = world.plan();
    assert_eq!(plan.way_due(&plan.deliverables[PORTAL]), Way::Outside);
    let (request, empty) = (world.hospital.file("r.txt", "依頼"), world.hospital.file("empty.txt", ""));
    for (request, answer) in [(&request, &empty), (&empty, &request)] {
        let stated = shindan_app::records::assessments::SourceStated::NotObtainable {
            why: "契約".to_owned(),
            request: request.clone(),
            answer: answer.clone(),
        };
        world.state_source("other.war", &stated).unwrap_err();
    }
    assert!(!world.plan().deliverables.contains_key("other.war"), "nothing was written");
    world.available(PORTAL).unwrap();
    let plan = world.plan();
    assert_eq!(plan.way_due(&plan.deliverables[PORTAL]), Way::Source);
    // A run from outside no longer answers what is due.
    let asked = world.asked(Some(world.test), Way::Outside, &[SITE]);
    assert_eq!(code(world.plan_run(operator, asked)), ReasonCode::PlanWithoutDeliverables);
    let run = world.source_run();
    let clean = world.sarif("semgrep", &[&[]]);
    world.import(run, &[clean]).unwrap();
    world.close(run).unwrap();
    assert!(world.plan().never_assessed().is_empty());
    world.not_obtainable(PORTAL).unwrap();
    assert_eq!(
        world.plan().never_assessed(),
        [(PORTAL, Way::Outside)],
        "the other way is due, and was never gone"
    );
    world.check_ledger();
}

#[test]
fn a_run_waits_for_what_it_found_even_if_a_later_one_found_it_again() {
    let mut world = World::new("two-runs");
    let (first, second) = (world.started(), world.started());
    for run in [first, second] {
        let report = world.zap(&[(SITE, &[("40012", "/login", 3)])]);
        world.import(run, &[report]).unwrap();
    }
    for run in [first, second] {
        assert_eq!(refusal(world.close(run)).missing[0].code, ReasonCode::FindingsUndecided);
    }
    open_case(&mut world, "40012");
    world.close(first).unwrap();
    world.close(second).unwrap();
    assert_eq!(refusal(world.close(second)).reason.code, ReasonCode::StepOutOfOrder);
    let cancelled =
        world.by(operator, |records, who, call| runs::cancel(records, who, call, first, "later".to_owned()));
    assert_eq!(code(cancelled), ReasonCode::StepOutOfOrder);
}

/// What two tools say of one weakness is decided once, and can be taken apart again.
#[test]
fn two_findings_that_are_one_share_a_decision() {
    let mut world = World::new("joined");
    world.available(PORTAL).unwrap();
    let run = world.source_run();
    for tool in ["semgrep", "codeql"] {
        let rule = format!("{tool}-sql");
        let report = world.sarif(tool, &[&[(rule.as_str(), "src/login.java", "query(name)")]]);
        world.import(run, &[report]).unwrap();
    }
    let (one, other) = (world.finding("semgrep-sql").0, world.finding("codeql-sql").0);
    let join = |world: &mut World, same| {
        let (plan, one, other) = (world.plan, one.clone(), other.clone());
        world.by(operator, |records, who, call| {
            findings::join(records, who, call, plan, (&one, &other), (same, "同じ行".to_owned()))
        })
    };
    join(&mut world, true).unwrap();
    let (operator_now, approver_now) = (world.hospital.operator.clone(), world.hospital.approver.clone());
    let done = world.propose(&operator_now, &[&one], "2027-01-31").unwrap();
    world.approve_finding(&approver_now, ScanFindingId(done.stream.id)).unwrap();
    assert!(!world.finding("codeql-sql").2, "decided with the one that it is one with");
    join(&mut world, false).unwrap();
    assert!(world.finding("codeql-sql").2 && !world.finding("semgrep-sql").2);
    join(&mut world, true).unwrap();
    assert!(world.finding("codeql-sql").2, "joining to what was approved before decides nothing");
    world.check_ledger();
}

#[test]
fn every_open_finding_goes_into_cases_by_what_repairs_it() {
    let mut world = World::new("all-cases");
    let run = world.started();
    let report = world
        .zap(&[(SITE, &[("40012", "/a", 3), ("40012", "/b", 3), ("40018", "/c", 3), ("10049", "/", 0)])]);
    world.import(run, &[report]).unwrap();
    let plan = world.plan;
    world
        .by(operator, |records, who, call| finding_cases::open_cases(records, who, call, plan, &[]))
        .unwrap();
    let sizes: Vec<usize> =
        ["40012", "40018"].map(|rule| world.hospital.case(world.hospital.case_of(rule)).places.len()).into();
    assert_eq!(sizes, [2, 1]);
    let none =
        world.by(operator, |records, who, call| finding_cases::open_cases(records, who, call, plan, &[]));
    assert_eq!(code(none), ReasonCode::NothingChanges);
    let case = world.hospital.case_of("40018");
    world.hospital.judge(case, Applicability::Affected).unwrap();
    let state: Case = world.state(case);
    assert!(state.is_assessed());
    world.check_ledger();
}
