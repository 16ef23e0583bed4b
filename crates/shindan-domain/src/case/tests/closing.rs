//! What closes a case, treatment by treatment (SPEC.md ②-4), and what does not.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::*;
use crate::case::CaseState;
use crate::case::found::Progress;
use crate::case::proof::PatchBasis;
use crate::case::settle::{Alternative, AlternativeSource, ReopenReason};
use crate::process::ReasonCode;
use crate::record_id::{ChangeId, DeploymentId, InquiryId};

fn change() -> Option<ChangeId> {
    Some(ChangeId(Uuid::from_u128(5)))
}

fn rematched(day: i64) -> PatchBasis {
    PatchBasis::Rematched { rematch: Rematch { knowledge: 8, at: time(day) } }
}

fn code(result: Result<CaseEvent, Refusal>) -> ReasonCode {
    result.unwrap_err().reason.code
}

fn all(places: &[u32]) -> BTreeSet<String> {
    places.iter().map(|place| key(*place)).collect()
}

#[test]
fn a_patch_needs_proof_for_every_place() {
    let hits = [hit(1, 1), hit(1, 2)];
    let mut told = Told::approved(&hits, Treatment::Patch);
    let refusal = told.case.close().unwrap_err();
    let missing: Vec<_> =
        refusal.missing.iter().filter(|reason| reason.code == ReasonCode::ProofOfPatchMissing).collect();
    assert!(missing.iter().any(|reason| reason.params.get("place").is_some_and(|place| place == "PC-001")));
    assert!(missing.iter().any(|reason| reason.params.get("place").is_some_and(|place| place == "PC-002")));

    let result = told.case.prove_patch(key(1), change(), time(5), rematched(6), &by(1, 6));
    assert_eq!(code(result), ReasonCode::StillMatched);
    told.refresh(&[hit(1, 2)], &judged([1, 2], 6), 6);
    let result = told.case.prove_patch(key(1), None, time(5), rematched(6), &by(1, 6));
    assert_eq!(code(result), ReasonCode::ProofOfPatchMissing, "a patch needs its verified change");
    let result = told.case.prove_patch(key(1), change(), time(5), rematched(4), &by(1, 6));
    assert_eq!(code(result), ReasonCode::RematchTooOld);
    told.step(told.case.prove_patch(key(1), change(), time(5), rematched(6), &by(1, 6)), &by(1, 6));
    assert_eq!(told.case.state(), CaseState::InProgress);
    assert_eq!(code(told.case.confirm(Word::Software, None, &by(3, 7))), ReasonCode::ProofMissing);

    // The second is a back-port: it still matches by its version.
    let basis = PatchBasis::FixedBuild { document: document() };
    told.step(told.case.prove_patch(key(2), change(), time(5), basis, &by(1, 7)), &by(1, 7));
    assert_eq!(code(told.case.confirm(Word::Software, None, &by(1, 7))), ReasonCode::SamePerson);
    assert_eq!(code(told.case.confirm(paper(1), None, &by(3, 7))), ReasonCode::SamePerson);
    told.step(told.case.confirm(Word::Software, None, &by(3, 7)), &by(3, 7));
    told.step(told.case.close(), &by(0, 8));
    assert_eq!(told.case.state(), CaseState::Closed);
    let times = told.case.times();
    assert_eq!(
        (times.hours_to_notice(), times.hours_to_decide(), times.hours_to_done()),
        (Some(72), Some(96), Some(192))
    );
    told.check();
}

#[test]
fn what_returns_takes_its_proof_away() {
    let mut told = Told::approved(&[hit(1, 1)], Treatment::Patch);
    told.refresh(&[], &judged([1], 5), 5);
    told.step(told.case.prove_patch(key(1), change(), time(5), rematched(5), &by(1, 5)), &by(1, 5));
    told.step(told.case.confirm(Word::Software, None, &by(3, 6)), &by(3, 6));
    told.refresh(&[hit(1, 1)], &judged([1], 7), 7);
    assert_eq!(told.case.state(), CaseState::InProgress, "a confirmation does not cover what came later");
    assert!(!told.case.missing_proof().is_empty());
    told.check();
}

#[test]
fn a_measure_needs_effect_a_second_person_and_a_review_date() {
    for treatment in [Treatment::ConfigurationChange, Treatment::Mitigation, Treatment::Isolation] {
        let mut told = Told::approved(&[hit(1, 1), hit(1, 2)], treatment);
        let result = told.case.prove_patch(key(1), change(), time(4), rematched(4), &by(1, 4));
        assert_eq!(code(result), ReasonCode::OtherTreatment);
        told.step(told.case.progress(all(&[1]), Progress::Working, None), &by(1, 5));
        told.step(told.case.show_effect(all(&[1]), document(), "blocked".to_owned()), &by(1, 5));
        assert_eq!(
            code(told.case.confirm(Word::Software, Some(on(90)), &by(3, 6))),
            ReasonCode::ProofMissing
        );
        told.step(told.case.show_effect(all(&[2]), document(), "blocked".to_owned()), &by(2, 5));
        assert_eq!(code(told.case.confirm(Word::Software, Some(on(90)), &by(2, 6))), ReasonCode::SamePerson);
        assert_eq!(code(told.case.confirm(Word::Software, None, &by(3, 6))), ReasonCode::ReviewDateMissing);
        assert_eq!(
            code(told.case.confirm(Word::Software, Some(on(6)), &by(3, 6))),
            ReasonCode::DateNotInFuture
        );
        told.step(told.case.confirm(Word::Software, Some(on(90)), &by(3, 6)), &by(3, 6));
        told.step(told.case.close(), &by(3, 6));
        assert_eq!(code(told.case.expire(&by(0, 90))), ReasonCode::NothingChanges);
        told.step(told.case.expire(&by(0, 91)), &by(0, 91));
        assert_eq!(told.case.state(), CaseState::Reopened);
        assert_eq!(told.case.past.last().unwrap().because, Some(ReopenReason::ReviewDue));
        told.check();
    }
}

#[test]
fn a_replacement_needs_the_old_one_retired_and_the_new_one_judged() {
    let mut told = Told::approved(&[hit(1, 1), hit(1, 2)], Treatment::Replacement);
    let matched = Rematch { knowledge: 9, at: time(6) };
    assert_eq!(
        code(told.case.replace(key(1), document(), key(2), matched)),
        ReasonCode::SuccessorIsPlace,
        "the new one is hit itself"
    );
    let empty = Document { size: 0, ..document() };
    assert_eq!(code(told.case.replace(key(1), empty, key(9), matched)), ReasonCode::DocumentMissing);
    told.step(told.case.replace(key(1), document(), key(9), matched), &by(1, 6));
    told.step(told.case.replace(key(2), document(), key(9), matched), &by(1, 6));
    assert_eq!(code(told.case.confirm(Word::Software, None, &by(1, 6))), ReasonCode::SamePerson);
    told.step(told.case.confirm(Word::Software, None, &by(2, 6)), &by(2, 6));
    told.step(told.case.close(), &by(2, 6));
    told.check();
}

#[test]
fn an_accepted_risk_is_never_closed_and_ends() {
    let mut told = Told::approved(&[hit(1, 1)], Treatment::Accept);
    assert_eq!(told.case.state(), CaseState::Accepted);
    assert_eq!(code(told.case.close()), ReasonCode::AcceptedNeverCloses);
    assert_eq!(told.case.next_due(), Some(on(30)));
    told.refresh(&[], &judged([1], 10), 10);
    assert_eq!(code(told.case.close()), ReasonCode::AcceptedNeverCloses, "not even when nothing hits");
    told.step(told.case.expire(&by(0, 31)), &by(0, 31));
    assert_eq!(told.case.state(), CaseState::Reopened);
    told.check();
}

#[test]
fn not_affected_needs_a_justification_and_an_approval() {
    let mut told = Told::open(&[hit(1, 1)], None);
    let bare = JudgementOrder { justification: None, ..order(Applicability::NotAffected) };
    assert_eq!(code(told.case.judge(bare)), ReasonCode::JustificationMissing);
    let wrong =
        JudgementOrder { applicability: Applicability::Affected, ..order(Applicability::NotAffected) };
    assert_eq!(code(told.case.judge(wrong)), ReasonCode::JustificationNotNeeded);
    told.step(told.case.judge(order(Applicability::NotAffected)), &by(0, 1));
    assert_eq!(code(told.case.close()), ReasonCode::StepOutOfOrder);
    assert_eq!(code(told.case.approve(Word::Software, &by(0, 1))), ReasonCode::SamePerson);
    told.step(told.case.approve(paper(4), &by(0, 2)), &by(0, 2));
    told.step(told.case.close(), &by(0, 2));
    assert_eq!(told.case.stage.approved().unwrap().1.giver(), Some(person(4)));
    told.check();
}

#[test]
fn fixed_already_needs_a_rematch_or_evidence_of_the_build() {
    let mut told = Told::open(&[hit(1, 1), hit(1, 2)], None);
    told.step(told.case.judge(order(Applicability::Fixed)), &by(0, 1));
    told.step(told.case.approve(Word::Software, &by(1, 1)), &by(1, 1));
    let refusal = told.case.close().unwrap_err();
    assert_eq!(refusal.missing.len(), 2, "{refusal:?}");
    told.refresh(&[hit(1, 2)], &judged([1, 2], 2), 2);
    let basis = PatchBasis::FixedBuild { document: document() };
    told.step(told.case.prove_patch(key(2), None, time(0), basis, &by(1, 3)), &by(1, 3));
    told.step(told.case.close(), &by(1, 3));
    told.check();
}

#[test]
fn an_agreed_alternative_returns_the_case_to_the_decision() {
    let mut told = Told::approved(&[hit(1, 1)], Treatment::Mitigation);
    told.step(told.case.show_effect(all(&[1]), document(), "n".to_owned()), &by(1, 5));
    let source = AlternativeSource::Inquiry(InquiryId(Uuid::from_u128(3)));
    let alternative = |until| Alternative { source, note: "remote line off".to_owned(), until: on(until) };
    assert_eq!(code(told.case.agree_alternative(alternative(5), &by(1, 5))), ReasonCode::DateNotInFuture);
    told.step(told.case.agree_alternative(alternative(40), &by(1, 5)), &by(1, 5));
    assert_eq!(told.case.state(), CaseState::Analysed);
    assert_eq!(told.case.past.len(), 1);
    told.step(told.case.decide(decision(Treatment::Isolation, 0), &by(2, 6)), &by(2, 6));
    told.step(told.case.approve(Word::Software, &by(3, 6)), &by(3, 6));
    assert_eq!(told.case.missing_proof().len(), 1, "evidence of another measure does not prove this one");
    assert_eq!(told.case.next_due(), Some(on(40)));
    told.step(told.case.expire(&by(0, 41)), &by(0, 41));
    assert_eq!(told.case.past.last().unwrap().because, Some(ReopenReason::AlternativeEnded));
    told.check();
}

#[test]
fn a_deployment_inherits_and_a_site_overrides_with_a_reason() {
    let provider = {
        let mut told = Told::approved(&[hit(1, 1), hit(2, 1)], Treatment::Patch);
        told.case.subject = release();
        told.case
    };
    let opened = |hits: &[Hit]| {
        let subject = Subject::Deployment(DeploymentId(Uuid::from_u128(79)));
        let plan = refresh(subject, &[], &matched(hits), &judged([], 0), &Settings::default(), time(0));
        Told::first(plan.open.into_iter().next().unwrap(), &by(0, 0))
    };
    let other = opened(&[hit(1, 5), hit(3, 5)]);
    let refusal = other.case.inherit(case_id(1), &provider, &by(0, 5)).unwrap_err();
    assert_eq!(refusal.missing.len(), 1, "CVE 3 was never decided on: {refusal:?}");

    let mut told = opened(&[hit(1, 5)]);
    let unsettled = Told::open(&[hit(1, 1)], None).case;
    assert_eq!(code(told.case.inherit(case_id(1), &unsettled, &by(0, 5))), ReasonCode::InheritanceSubject);
    assert_eq!(code(told.case.override_inherited("r".to_owned())), ReasonCode::NotInherited);
    told.step(told.case.inherit(case_id(1), &provider, &by(0, 5)), &by(0, 5));
    assert_eq!(told.case.state(), CaseState::Approved);
    assert!(!told.case.missing_proof().is_empty(), "the proof is the site's own");
    assert_eq!(told.case.times().decided, Some(time(5)), "decided here when it was inherited");
    assert_eq!(code(told.case.follow_provider(&provider)), ReasonCode::NothingChanges);
    assert!(told.case.follow_provider(&unsettled).is_ok(), "the provider began again");
    assert_eq!(code(told.case.override_inherited(" ".to_owned())), ReasonCode::TextMissing);
    told.step(told.case.override_inherited("our network differs".to_owned()), &by(1, 6));
    assert_eq!(told.case.state(), CaseState::Reopened);
    let again = told.case.inherit(case_id(1), &provider, &by(0, 7));
    assert_eq!(code(again), ReasonCode::InheritanceOverridden);
    told.check();
}

#[test]
fn one_reason_decides_many_cases_and_each_answers_for_itself() {
    let mut ready = Told::open(&[hit(1, 1)], None);
    ready.step(ready.case.judge(affected()), &by(0, 1));
    ready.step(ready.case.analyse(inputs(&ready.case), None), &by(0, 1));
    let detected = Told::open(&[hit(2, 1)], None);
    let cases = [(case_id(1), &ready.case), (case_id(2), &detected.case)];
    let answers = crate::case::decide_all(&cases, &decision(Treatment::Patch, 0), &by(0, 2));
    assert!(answers[0].1.is_ok() && answers[1].1.is_err());
}

#[test]
fn due_dates_come_from_an_approved_policy_and_follow_the_analysis() {
    let policy = due_policy();
    let mut told = Told::open(&[hit(1, 1)], Some(&policy));
    let due = told.case.due.unwrap();
    assert_eq!((due.decide, due.done, due.policy.policy), (on(30), on(90), policy_id()));
    told.step(told.case.judge(affected()), &by(0, 1));
    let urgent = AnalysisInputs { outcome: Decision::Immediate, ..inputs(&told.case) };
    told.step(told.case.analyse(urgent, Some(&policy)), &by(0, 1));
    assert_eq!(told.case.due.unwrap().decide, on(1));
    assert!(told.case.is_overdue(on(2)) && !told.case.is_overdue(on(1)));

    let mut without = Told::open(&[hit(1, 1)], None);
    assert_eq!((without.case.due, without.case.next_due()), (None, None));
    without.step(without.case.set_due(&policy), &by(0, 3));
    assert_eq!(without.case.due.unwrap().decide, on(30), "counted from when it was noticed");
    assert_eq!(code(without.case.set_due(&policy)), ReasonCode::NothingChanges);
    told.check();
}

#[test]
fn an_analysis_leaves_nothing_out() {
    let mut told = Told::open(&[hit(1, 1), hit(2, 1)], None);
    assert_eq!(code(told.case.analyse(inputs(&told.case), None)), ReasonCode::StepOutOfOrder);
    told.step(told.case.judge(order(Applicability::UnderInvestigation)), &by(0, 1));
    assert_eq!(code(told.case.analyse(inputs(&told.case), None)), ReasonCode::StepOutOfOrder);
    told.step(told.case.judge(affected()), &by(0, 1));
    let mut partly = inputs(&told.case);
    partly.vulnerabilities.remove(&cve(2));
    assert_eq!(code(told.case.analyse(partly, None)), ReasonCode::AnalysisIncomplete);
    let mut bare = inputs(&told.case);
    bare.path.clear();
    assert_eq!(code(told.case.analyse(bare, None)), ReasonCode::AnalysisIncomplete);
    assert!(told.case.analyse(inputs(&told.case), None).is_ok());
}
