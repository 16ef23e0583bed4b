//! Cases about the use of a device: the gates of ②-2 hold, and no comparison clears them.

use super::*;
use crate::case::found::RemediationKind;
use crate::case::proof::PatchBasis;
use crate::case::settle::ReopenReason;
use crate::case::{CaseState, StatedFinding};
use crate::identifier::FindingKind;
use crate::process::ReasonCode;

fn difference(text: &str) -> StatedFinding {
    StatedFinding {
        kind: FindingKind::UseDiffers,
        subject: system(),
        identifier: "MED-2026-0042".to_owned(),
        place: key(1),
        name: "CT-01".to_owned(),
        text: text.to_owned(),
        priority: Decision::Scheduled,
    }
}

fn opened() -> Case {
    let event = Case::open_for_stated(&difference("shows web pages"), None, time(0));
    Case::apply(None, &event, &by(0, 0)).unwrap()
}

fn then(case: Case, events: &[CaseEvent], when: &Occurrence) -> Case {
    let case = crate::process::fold(Some(case), events, when).unwrap().unwrap();
    for event in events {
        let written = encode::<Case>(event).unwrap();
        assert_eq!(&decode::<Case>(&written.event, written.version, &written.payload).unwrap(), event);
    }
    case
}

fn judged(case: &Case) -> CaseEvent {
    let order = JudgementOrder {
        applicability: Applicability::Affected,
        justification: None,
        note: "it does".to_owned(),
        documents: Vec::new(),
    };
    case.judge(order).unwrap()
}

fn treatment(treatment: Treatment) -> DecisionOrder {
    DecisionOrder { treatment, reason: "because".to_owned(), accept_until: None }
}

/// Judged, analysed, decided as a configuration change, approved by another person.
fn approved() -> Case {
    let case = opened();
    let case = then(case.clone(), &[judged(&case)], &by(1, 1));
    let event = case.analyse(inputs(&case), None).unwrap();
    let case = then(case, &[event], &by(1, 1));
    let event = case.decide(treatment(Treatment::ConfigurationChange), &by(1, 1)).unwrap();
    let case = then(case, &[event], &by(1, 1));
    let same = case.approve(Word::Software, &by(1, 2)).unwrap_err();
    assert_eq!(same.reason.code, ReasonCode::SamePerson, "who analyses does not approve");
    let event = case.approve(Word::Software, &by(2, 2)).unwrap();
    then(case, &[event], &by(2, 2))
}

#[test]
fn a_use_other_than_intended_goes_through_the_gates_of_any_case() {
    let case = opened();
    assert_eq!(case.state(), CaseState::Detected);
    assert_eq!(case.remediation.kind, RemediationKind::Use);
    assert!(case.is_stated() && case.close().is_err());
    let case = approved();
    assert!(case.close().is_err(), "no proof yet");
    let event = case.show_effect([key(1)].into(), document(), "the browser was removed".to_owned()).unwrap();
    let case = then(case, &[event], &by(1, 3));
    let review = Some(on(90));
    let same = case.confirm(Word::Software, review, &by(1, 4)).unwrap_err();
    assert_eq!(same.reason.code, ReasonCode::SamePerson);
    let event = case.confirm(Word::Software, review, &by(2, 4)).unwrap();
    let case = then(case, &[event], &by(2, 4));
    let event = case.close().unwrap();
    assert_eq!(then(case, &[event], &by(1, 5)).state(), CaseState::Closed);
}

#[test]
fn no_patch_remedies_a_use_and_no_comparison_clears_it() {
    let case = opened();
    let case = then(case.clone(), &[judged(&case)], &by(1, 1));
    let event = case.analyse(inputs(&case), None).unwrap();
    let case = then(case, &[event], &by(1, 1));
    let patch = case.decide(treatment(Treatment::Patch), &by(1, 1)).unwrap_err();
    assert_eq!(patch.reason.code, ReasonCode::DeviceUseNotPatched);
    // The device was read and judged completely, and nothing was found there.
    let judged = Judged {
        rematch: Rematch { knowledge: 1, at: time(3) },
        assets: [key(1).into()].into(),
        components_complete: true,
        doubtful_places: Default::default(),
        doubtful: Default::default(),
    };
    let existing = [(case_id(1), &case)];
    let plan = refresh(system(), &existing, &[], &judged, &Settings::default(), time(3));
    assert_eq!((plan.unchanged, plan.gone), (vec![case_id(1)], Vec::new()));
    assert!(plan.change.is_empty() && plan.open.is_empty());
    let rematched = PatchBasis::Rematched { rematch: judged.rematch };
    assert!(case.prove_patch(key(1), None, time(3), rematched, &by(1, 3)).is_err());
    // A vulnerability of the same device is another decision.
    let plan = refresh(system(), &existing, &matched(&[hit(1, 1)]), &judged, &Settings::default(), time(3));
    assert_eq!((plan.open.len(), plan.unchanged), (1, vec![case_id(1)]));
}

#[test]
fn another_use_begins_what_was_approved_again() {
    assert!(approved().use_changed(&difference("shows web pages")).is_empty(), "the same use");
    let case = approved();
    let events = case.use_changed(&difference("prints labels, too"));
    let case = then(case, &events, &by(1, 6));
    assert_eq!(case.state(), CaseState::Reopened);
    assert_eq!(case.past.last().and_then(|past| past.because), Some(ReopenReason::UseChanged));
    let fresh = opened();
    let case = then(fresh.clone(), &[judged(&fresh)], &by(1, 1));
    let event = case.analyse(inputs(&case), None).unwrap();
    let case = then(case, &[event], &by(1, 1));
    let events = case.use_changed(&difference("prints labels, too"));
    let case = then(case, &events, &by(1, 2));
    let outdated = case.decide(treatment(Treatment::Mitigation), &by(1, 2)).unwrap_err();
    assert_eq!(outdated.reason.code, ReasonCode::AnalysisOutdated, "the analysis did not know it");
}
