//! Cases from findings of an assessment: one decision for many places, and only a re-test tells that they are gone.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::*;
use crate::assessment::{Fingerprint, ScanPlace, ScanResult};
use crate::case::found::{Gone, Progress, RemediationKind, Retest, Score};
use crate::case::proof::PatchBasis;
use crate::case::settle::ReopenReason;
use crate::case::{AssessedFinding, CaseState, assessed_place};
use crate::identifier::FindingKind;
use crate::process::ReasonCode;
use crate::record_id::{AssessmentId, AssessmentPlanId, ChangeId};

fn plan() -> AssessmentPlanId {
    AssessmentPlanId(Uuid::from_u128(500))
}

fn fingerprint(number: u32) -> Fingerprint {
    let place = ScanPlace { path: Some(format!("/{number}")), ..ScanPlace::default() };
    Fingerprint::of("zap", &ScanResult::new("10038", "t", FindingKind::Misconfiguration, place))
}

pub(super) fn place(number: u32) -> String {
    assessed_place(plan(), fingerprint(number))
}

pub(super) fn finding(number: u32) -> AssessedFinding {
    AssessedFinding {
        fingerprint: fingerprint(number),
        tool: "zap".to_owned(),
        rule: "10038".to_owned(),
        identifiers: BTreeSet::new(),
        kind: FindingKind::Misconfiguration,
        title: "CSP header not set".to_owned(),
        place_label: format!("https://emr.example/{number}"),
        component: None,
        priority: Decision::Scheduled,
        cvss: None,
        fixed_version: None,
    }
}

pub(super) fn retest(run: u128, day: i64) -> Retest {
    Retest { assessment: AssessmentId(Uuid::from_u128(run)), at: time(day), document: document() }
}

pub(super) fn opened(findings: &[AssessedFinding]) -> Told {
    let event = Case::open_for_assessment(system(), "10038".to_owned(), findings, plan(), None, time(0));
    Told::first(event.unwrap(), &by(0, 0))
}

/// Judged by 0, analysed by 1, decided by 2, approved by 3 on day 4.
fn approved(treatment: Treatment) -> Told {
    let mut told = opened(&[finding(1), finding(2)]);
    told.step(told.case.judge(affected()), &by(0, 1));
    told.step(told.case.analyse(inputs(&told.case), None), &by(1, 2));
    told.step(told.case.decide(decision(treatment, 30), &by(2, 3)), &by(2, 3));
    told.step(told.case.approve(Word::Software, &by(3, 4)), &by(3, 4));
    told
}

fn keys(numbers: &[u32]) -> BTreeSet<String> {
    numbers.iter().map(|number| place(*number)).collect()
}

/// Takes in a report of a scan that began on `day`; answers with how many events it made.
fn look(told: &mut Told, seen: &[u32], gone: &[u32], day: i64, when: &Occurrence) -> usize {
    let events = told.case.retested(&keys(seen), &keys(gone), &retest(day as u128, day), when).unwrap();
    for event in &events {
        told.tell(event.clone(), when);
    }
    events.len()
}

fn codes(case: &Case) -> Vec<ReasonCode> {
    case.missing_proof().iter().map(|reason| reason.code).collect()
}

fn code(result: Result<CaseEvent, Refusal>) -> ReasonCode {
    result.unwrap_err().reason.code
}

#[test]
fn one_case_holds_every_place_and_follows_the_most_urgent() {
    let urgent = AssessedFinding { priority: Decision::OutOfCycle, ..finding(2) };
    let findings = [finding(1), urgent, finding(3)];
    let policy = due_policy();
    let event =
        Case::open_for_assessment(system(), "10038".to_owned(), &findings, plan(), Some(&policy), time(0));
    let told = Told::first(event.unwrap(), &by(0, 0));
    let case = &told.case;
    assert_eq!(case.remediation.kind, RemediationKind::Assessment);
    assert_eq!((case.priority, case.places.len()), (Decision::OutOfCycle, 3));
    assert_eq!(case.due, crate::case::Due::of(&policy, Decision::OutOfCycle, time(0)));
    assert!(case.due.is_some() && case.is_assessed() && !case.is_stated());
    let ids: Vec<&String> = case.vulnerabilities.keys().collect();
    assert_eq!(ids, ["zap:10038"]);
    assert_eq!(case.title(), "10038");
    told.check();
    assert_eq!(Case::open_for_assessment(system(), "x".to_owned(), &[], plan(), None, time(0)), None);
}

#[test]
fn identifiers_that_mean_the_same_are_one_and_several_cves_are_several() {
    let score = |score_x10| {
        let severity = "high".to_owned();
        Some(Score { version: "3.1".to_owned(), score_x10, severity, vector: String::new() })
    };
    let names = |identifiers: &[&str]| -> BTreeSet<String> {
        identifiers.iter().map(|identifier| (*identifier).to_owned()).collect()
    };
    let component = Some(("lodash".to_owned(), Some("4.17.10".to_owned())));
    let one = AssessedFinding {
        identifiers: names(&["cve-2026-0001", "GHSA-aaaa-bbbb-cccc", "RHSA-2026:1"]),
        component: component.clone(),
        cvss: score(70),
        fixed_version: Some("4.17.21".to_owned()),
        ..finding(1)
    };
    let again = AssessedFinding {
        identifiers: names(&["CVE-2026-0001"]),
        component: component.clone(),
        cvss: score(98),
        ..finding(2)
    };
    let case = opened(&[one, again]).case;
    assert_eq!(case.title(), "lodash → 10038");
    let fact = &case.vulnerabilities["CVE-2026-0001"];
    assert_eq!(case.vulnerabilities.len(), 1);
    assert_eq!(fact.aliases, names(&["CVE-2026-0001", "GHSA-aaaa-bbbb-cccc"]));
    assert_eq!(fact.advisories, names(&["RHSA-2026:1"]));
    assert_eq!(fact.cvss.as_ref().map(|score| score.score_x10), Some(98));
    assert_eq!(fact.fixed_versions, names(&["4.17.21"]));
    assert_eq!(case.places[&place(1)].found.components["lodash"], names(&["4.17.10"]));

    let several = AssessedFinding {
        identifiers: names(&["CVE-2026-0001", "CVE-2026-0002", "GHSA-aaaa-bbbb-cccc"]),
        ..finding(1)
    };
    let case = opened(&[several]).case;
    assert_eq!(case.vulnerabilities.len(), 3, "which of the two CVEs the GHSA is, nobody knows");
    assert!(case.vulnerabilities.iter().all(|(id, fact)| fact.aliases == names(&[id])));
    assert_eq!(case.hitting().len(), 3);
}

#[test]
fn a_re_test_after_the_approval_proves_every_measure_but_an_acceptance() {
    for treatment in Treatment::ALL.iter().copied().filter(|treatment| *treatment != Treatment::Accept) {
        let mut told = approved(treatment);
        assert_eq!(codes(&told.case), [ReasonCode::RetestMissing; 2], "{treatment}");
        assert_eq!(look(&mut told, &[2], &[1], 6, &by(1, 6)), 1);
        assert_eq!(told.case.state(), CaseState::InProgress, "{treatment}");
        assert_eq!(told.case.places[&place(1)].progress, Progress::Done);
        assert_eq!(codes(&told.case), [ReasonCode::RetestMissing], "the second is still there");
        assert_eq!(code(told.case.close()), ReasonCode::StepOutOfOrder);
        assert_eq!(look(&mut told, &[], &[1, 2], 8, &by(1, 8)), 1);
        let review = treatment.needs_effect().then(|| on(90));
        assert_eq!(code(told.case.confirm(Word::Software, review, &by(1, 9))), ReasonCode::SamePerson);
        told.step(told.case.confirm(Word::Software, review, &by(3, 9)), &by(3, 9));
        told.step(told.case.close(), &by(0, 10));
        assert_eq!(told.case.state(), CaseState::Closed);
        told.check();
    }
    let mut told = approved(Treatment::Accept);
    look(&mut told, &[], &[1, 2], 6, &by(1, 6));
    assert!(told.case.all_gone());
    assert_eq!(code(told.case.close()), ReasonCode::AcceptedNeverCloses);
    assert_eq!(told.case.state(), CaseState::Accepted);
    told.check();
}

#[test]
fn a_re_test_before_the_approval_closes_nothing() {
    // Its report is taken in before, and after.
    for taken_in in [3, 7] {
        let mut told = opened(&[finding(1)]);
        told.step(told.case.judge(affected()), &by(0, 1));
        told.step(told.case.analyse(inputs(&told.case), None), &by(1, 2));
        if taken_in == 3 {
            look(&mut told, &[], &[1], 3, &by(1, 3));
        }
        told.step(told.case.decide(decision(Treatment::Patch, 30), &by(2, 3)), &by(2, 3));
        told.step(told.case.approve(Word::Software, &by(3, 4)), &by(3, 4));
        if taken_in == 7 {
            look(&mut told, &[], &[1], 3, &by(1, 7));
        }
        assert!(told.case.all_gone());
        assert_eq!(codes(&told.case), [ReasonCode::RetestTooEarly], "{taken_in}");
        let every = BTreeSet::from([place(1)]);
        told.step(told.case.progress(every, Progress::Done, None), &by(1, 7));
        assert_eq!(code(told.case.confirm(Word::Software, None, &by(3, 8))), ReasonCode::ProofMissing);
        assert_eq!(code(told.case.close()), ReasonCode::StepOutOfOrder);
        // At the very moment of the approval is not after it.
        assert_eq!(look(&mut told, &[], &[1], 4, &by(1, 8)), 0);
        assert_eq!(
            look(&mut told, &[], &[1], 8, &by(1, 8)),
            1,
            "a later one proves it, although it was gone"
        );
        assert_eq!(look(&mut told, &[], &[1], 8, &by(1, 8)), 0, "the same report twice changes nothing");
        assert_eq!(look(&mut told, &[], &[1], 9, &by(1, 9)), 0, "one proof is enough");
        assert!(told.case.missing_proof().is_empty());
        told.check();
    }
}

#[test]
fn a_new_decision_needs_a_new_re_test() {
    let mut told = approved(Treatment::Mitigation);
    look(&mut told, &[], &[1, 2], 6, &by(1, 6));
    assert!(told.case.missing_proof().is_empty());
    told.step(told.case.reopen("again".to_owned()), &by(0, 7));
    told.step(told.case.judge(affected()), &by(0, 7));
    told.step(told.case.analyse(inputs(&told.case), None), &by(1, 7));
    told.step(told.case.decide(decision(Treatment::Mitigation, 30), &by(2, 8)), &by(2, 8));
    told.step(told.case.approve(Word::Software, &by(3, 9)), &by(3, 9));
    assert_eq!(codes(&told.case), [ReasonCode::RetestTooEarly; 2]);
    look(&mut told, &[], &[1, 2], 10, &by(1, 10));
    assert!(told.case.missing_proof().is_empty());
    told.check();
}

#[test]
fn what_is_found_again_begins_again() {
    let mut told = approved(Treatment::Patch);
    look(&mut told, &[], &[1, 2], 6, &by(1, 6));
    told.step(told.case.confirm(Word::Software, None, &by(3, 7)), &by(3, 7));
    // Not yet closed: the confirmation does not cover it any more.
    let mut confirmed = told.clone();
    assert_eq!(look(&mut confirmed, &[1], &[2], 8, &by(1, 8)), 1);
    assert_eq!(confirmed.case.state(), CaseState::InProgress);
    assert_eq!(codes(&confirmed.case), [ReasonCode::RetestMissing]);
    confirmed.check();
    // Closed: opened again.
    told.step(told.case.close(), &by(0, 8));
    assert_eq!(
        look(&mut told, &[1], &[], 5, &by(1, 9)),
        0,
        "an older scan that still saw it tells nothing new"
    );
    assert_eq!(look(&mut told, &[1], &[1, 2], 9, &by(1, 9)), 2, "what is in both is there");
    assert_eq!(told.case.state(), CaseState::Reopened);
    assert_eq!(told.case.past.last().and_then(|past| past.because), Some(ReopenReason::MatchedAgain));
    let again = &told.case.places[&place(1)];
    assert_eq!((again.gone.as_ref(), again.progress), (None, Progress::Waiting));
    assert_eq!(again.found.vulnerabilities, ["zap:10038".to_owned()].into());
    assert_eq!(look(&mut told, &[1], &[], 9, &by(1, 9)), 0, "twice");
    assert_eq!(look(&mut told, &[], &[1], 8, &by(1, 10)), 0, "an older scan does not clear it");
    told.check();
}

#[test]
fn a_scan_that_still_found_it_is_not_undone_by_an_older_one() {
    let mut told = approved(Treatment::Patch);
    assert_eq!(look(&mut told, &[1, 2], &[], 10, &by(1, 10)), 1, "still there after the decision");
    assert_eq!(look(&mut told, &[], &[1, 2], 8, &by(1, 11)), 0);
    assert_eq!(codes(&told.case), [ReasonCode::RetestMissing; 2]);
    assert_eq!(look(&mut told, &[1, 2], &[], 10, &by(1, 11)), 0);
    assert_eq!(told.case.state(), CaseState::Approved, "finding it is no treatment");
    // A scan from before the case was opened cannot say that anything is gone, not even for what is said to be fixed.
    let mut fixed = opened(&[finding(1)]);
    fixed.step(fixed.case.judge(order(Applicability::Fixed)), &by(0, 1));
    assert_eq!(look(&mut fixed, &[], &[1], 0, &by(1, 2)), 0);
    assert_eq!(codes_after_approval(&mut fixed), [ReasonCode::ProofOfFixMissing]);
    assert_eq!(look(&mut fixed, &[], &[1], 3, &by(1, 3)), 1);
    fixed.step(fixed.case.close(), &by(0, 4));
    fixed.check();
}

fn codes_after_approval(told: &mut Told) -> Vec<ReasonCode> {
    told.step(told.case.approve(Word::Software, &by(3, 2)), &by(3, 2));
    codes(&told.case)
}

#[test]
fn the_proof_of_the_measure_itself_closes_as_well() {
    let change = Some(ChangeId(Uuid::from_u128(5)));
    let mut told = approved(Treatment::Patch);
    let rematched = PatchBasis::Rematched { rematch: Rematch { knowledge: 8, at: time(6) } };
    look(&mut told, &[], &[2], 3, &by(1, 5));
    for number in [1, 2] {
        let refused = told.case.prove_patch(place(number), change, time(5), rematched.clone(), &by(1, 6));
        assert_eq!(code(refused), ReasonCode::RetestMissing, "an inventory tells nothing about it");
        let basis = PatchBasis::FixedBuild { document: document() };
        told.step(told.case.prove_patch(place(number), change, time(5), basis, &by(1, 6)), &by(1, 6));
    }
    told.step(told.case.confirm(Word::Software, None, &by(3, 7)), &by(3, 7));
    told.step(told.case.close(), &by(0, 8));
    told.check();

    let mut told = approved(Treatment::ConfigurationChange);
    let every = told.case.places.keys().cloned().collect();
    told.step(told.case.show_effect(every, document(), "set".to_owned()), &by(1, 5));
    told.step(told.case.confirm(Word::Software, Some(on(60)), &by(3, 6)), &by(3, 6));
    told.step(told.case.close(), &by(0, 7));
    told.check();
}

#[test]
fn no_comparison_clears_what_an_assessment_found_nor_joins_it() {
    let finding = AssessedFinding {
        identifiers: BTreeSet::from([cve(1)]),
        kind: FindingKind::Vulnerability,
        component: Some(("viewer".to_owned(), Some("1.0".to_owned()))),
        ..finding(1)
    };
    let mut told = opened(&[finding]);
    // Everything was judged, even a place of that very name.
    let mut everything = judged([1], 2);
    everything.assets.insert(place(1).into());
    let fact = told.case.vulnerabilities[&cve(1)].clone();
    assert!(!everything.covers(&place(1), &fact));
    let plan = told.refresh(&[], &everything, 2);
    assert_eq!((plan.unchanged, plan.gone, plan.change), (vec![case_id(1)], Vec::new(), Vec::new()));
    // The same CVE of the same component on an asset is another decision.
    let plan = told.refresh(&[hit(1, 1)], &everything, 2);
    assert_eq!((plan.open.len(), plan.unchanged, plan.change), (1, vec![case_id(1)], Vec::new()));
    // Not even an asset whose key looks like a place of an assessment.
    let mut same_key = matched(&[hit(1, 1)]);
    same_key[0].place = place(1).into();
    let existing = [(case_id(1), &told.case)];
    let plan = refresh(system(), &existing, &same_key, &everything, &Settings::default(), time(2));
    assert_eq!((plan.open.len(), plan.change), (1, Vec::new()));
    // Written into the ledger by whatever means, it does not fold.
    let gone = [(place(1), BTreeSet::from([cve(1)]))].into();
    let rematch = Some(everything.rematch);
    let refreshed = crate::case::Refreshed { gone, rematch, ..Default::default() };
    let event = CaseEvent::Refreshed(Box::new(refreshed.clone()));
    assert!(Case::apply(Some(told.case.clone()), &event, &by(0, 3)).is_err());
    let unproven = crate::case::Refreshed { rematch: None, ..refreshed.clone() };
    let event = CaseEvent::Refreshed(Box::new(unproven));
    assert!(Case::apply(Some(told.case.clone()), &event, &by(0, 3)).is_err());
    let later = crate::case::Refreshed { rematch: None, retest: Some(retest(1, 9)), ..refreshed.clone() };
    let event = CaseEvent::Refreshed(Box::new(later));
    assert!(Case::apply(Some(told.case.clone()), &event, &by(0, 3)).is_err(), "a scan of the future");
    // And a re-test says nothing about what matching found.
    let matched = Told::open(&[hit(1, 1)], None);
    let keys = matched.case.places.keys().cloned().collect();
    assert_eq!(matched.case.retested(&BTreeSet::new(), &keys, &retest(1, 1), &by(0, 2)), Ok(Vec::new()));
    told.check();
}

#[test]
fn an_empty_report_and_a_scan_of_the_future_are_refused() {
    let told = approved(Treatment::Patch);
    let empty = Retest { document: Document { size: 0, ..document() }, ..retest(1, 5) };
    let refused = |retest: &Retest| {
        told.case.retested(&BTreeSet::new(), &keys(&[1]), retest, &by(1, 6)).unwrap_err().reason.code
    };
    assert_eq!(refused(&empty), ReasonCode::DocumentMissing);
    assert_eq!(refused(&retest(1, 7)), ReasonCode::DateInFuture);
    // Places of other cases are passed over.
    assert_eq!(told.case.retested(&keys(&[8]), &keys(&[9]), &retest(1, 5), &by(1, 6)), Ok(Vec::new()));
}

#[test]
fn what_was_stored_before_there_were_assessments_still_reads() {
    let place = |gone: &str| {
        let found = r#"{"label":"PC","components":{},"vulnerabilities":[],"priority":"defer"}"#;
        format!(r#"{{"found":{found},"gone":{gone},"progress":"waiting"}}"#)
    };
    let old = r#"{"knowledge":7,"at":"2026-09-23T00:00:00Z"}"#;
    let read: crate::case::found::Place = serde_json::from_str(&place(old)).unwrap();
    let at = "2026-09-23T00:00:00Z".parse().unwrap();
    assert_eq!(read.gone, Some(Gone::Rematched(Rematch { knowledge: 7, at })));
    let retested = Gone::Retested { retest: retest(3, 1), recorded_by: person(1) };
    let text = serde_json::to_string(&retested).unwrap();
    assert_eq!(serde_json::from_str::<Gone>(&text).unwrap(), retested);
    let old =
        r#"{"gone":{"id:PC-001":["CVE-2026-0001"]},"rematch":{"knowledge":7,"at":"2026-09-23T00:00:00Z"}}"#;
    let read: crate::case::Refreshed = serde_json::from_str(old).unwrap();
    assert_eq!((read.rematch, read.retest.as_ref()), (Some(Rematch { knowledge: 7, at }), None));
    assert_eq!(serde_json::to_string(&read).unwrap(), old, "and is written as before");
}
