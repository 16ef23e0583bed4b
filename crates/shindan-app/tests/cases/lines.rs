//! The lines of a case: from detection to closing, to an accepted risk that ends, and what is refused on the way.

use shindan_app::records::cases::{self, DecideOrder, JudgeOrder};
use shindan_app::records::refresh::RefreshOrder;
use shindan_app::records::{WordGiven, ledger};
use shindan_domain::advisory::Justification;
use shindan_domain::case::analysis::{Effect, Replay};
use shindan_domain::case::settle::ReopenReason;
use shindan_domain::case::{Applicability, CaseState, Stage, Subject, Treatment};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Party, PartyKind};
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::PersonId;
use shindan_report::cases::CaseChange;

use crate::hospital::{DUE_DATES, Hospital, code, refusal};

const TWO: [(&str, &str, &str, bool); 2] =
    [("CVE-2026-1001", "ward-viewer", "1.2.0", true), ("CVE-2026-1002", "bed-plan", "2.0.0", true)];

fn opened(name: &str) -> (Hospital, std::path::PathBuf) {
    let mut hospital = Hospital::new(name);
    hospital.learn(&TWO);
    hospital.approve_policy(DUE_DATES);
    let list =
        hospital.list("karte.json", &[("ward-viewer", "1.0.0"), ("bed-plan", "1.9.0"), ("calm", "1.0.0")]);
    let report = hospital.refresh(std::slice::from_ref(&list));
    assert_eq!((report.opened(), report.reopened(), report.unchanged), (2, 0, 0), "{report:#?}");
    assert!(report.cases.iter().all(|case| case.number.is_some()), "{report:#?}");
    (hospital, list)
}

#[test]
fn the_same_answer_twice_changes_nothing_but_that_it_was_looked_at() {
    let (mut hospital, list) = opened("twice");
    let before = hospital.records.store().head().unwrap();
    let report = hospital.refresh(&[list]);
    assert_eq!((report.opened(), report.changed(), report.unchanged), (0, 0, 2), "{report:#?}");
    let entry = before.sequence + 1;
    assert_eq!(report.entries, Some((entry, entry)), "one entry: that it was compared");
}

#[test]
fn a_measure_goes_from_detection_to_a_proven_closing() {
    let (mut hospital, list) = opened("closing");
    let case = hospital.case_of("ward-viewer");
    assert!(hospital.case(case).due.is_some(), "by the approved policy");
    // Everything that comes too early is refused with the step that is missing.
    let early = refusal(hospital.decide(case, Treatment::Isolation, None));
    assert_eq!(early.reason.code, ReasonCode::StepOutOfOrder);
    assert_eq!(early.missing[0].code, ReasonCode::ToBeJudged);
    hospital.judge(case, Applicability::Affected).unwrap();
    hospital.analyse(case).unwrap();
    let state = hospital.case(case);
    let analysis = state.stage.analysis().unwrap();
    assert_eq!(analysis.inputs.patient_safety, Effect::Serious);
    assert_eq!(analysis.inputs.rules.policy, None, "named as nobody's: the rules that come with the program");
    let rules = shindan_app::embedded::prioritisation().unwrap();
    assert_eq!(analysis.replay(&rules.policy, &rules.table), Replay::Same);
    hospital.decide(case, Treatment::Isolation, None).unwrap();

    let operator = hospital.operator.clone();
    assert_eq!(code(hospital.approve_as(&operator, case)), ReasonCode::RoleMissing);
    let approver = hospital.approver.clone();
    hospital.approve_as(&approver, case).unwrap();

    let call = hospital.call();
    let close = refusal(cases::close(&mut hospital.records, &operator, &call, case));
    assert!(close.missing.iter().any(|one| one.code == ReasonCode::ProofOfEffectMissing), "{close:#?}");
    let photo = hospital.file("isolated.txt", "VLAN 40, port 7 down");
    let call = hospital.call();
    cases::show_effect(&mut hospital.records, &operator, &call, case, &[], (&photo, "隔離を確認した"))
        .unwrap();
    let review = Some("2027-05-01".parse().unwrap());
    let call = hospital.call();
    let own = cases::confirm(&mut hospital.records, &operator, &call, case, review, &WordGiven::Software);
    assert_eq!(code(own), ReasonCode::SamePerson);
    let (call, colleague) = (hospital.call(), hospital.colleague.clone());
    cases::confirm(&mut hospital.records, &colleague, &call, case, review, &WordGiven::Software).unwrap();
    let call = hospital.call();
    cases::close(&mut hospital.records, &operator, &call, case).unwrap();
    let times = hospital.case(case).times();
    assert!(
        times.hours_to_decide().is_some() && times.hours_to_done().is_some() && times.published.is_some()
    );

    // Its review date passes: the case is opened again by itself.
    hospital.later(200);
    let report = hospital.refresh(&[list]);
    let reopened = report.cases.iter().find(|one| one.stream.id == case.0).unwrap();
    assert_eq!(reopened.changes, [CaseChange::Reopened(ReopenReason::ReviewDue)]);
    whole(&hospital);
}

/// The chain is whole, and every state is what the entries give.
fn whole(hospital: &Hospital) {
    let checked = ledger::verify(&hospital.records, &[], true).unwrap();
    assert!(checked.is_whole(), "{checked:#?}");
}

#[test]
fn an_accepted_risk_ends_on_its_day_and_a_surge_ends_it_at_once() {
    let mut hospital = Hospital::new("accept");
    hospital.learn(&[("CVE-2026-1001", "ward-viewer", "1.2.0", false), TWO[1]]);
    let list = hospital.list("karte.json", &[("ward-viewer", "1.0.0"), ("bed-plan", "1.0.0")]);
    hospital.refresh(std::slice::from_ref(&list));
    let (viewer, plan) = (hospital.case_of("ward-viewer"), hospital.case_of("bed-plan"));
    let without = {
        hospital.judge(plan, Applicability::Affected).unwrap();
        hospital.analyse(plan).unwrap();
        hospital.decide(plan, Treatment::Accept, None)
    };
    assert_eq!(code(without), ReasonCode::AcceptWithoutEnd);
    hospital.decide(plan, Treatment::Accept, Some("2026-12-01")).unwrap();
    let approver = hospital.approver.clone();
    hospital.approve_as(&approver, plan).unwrap();
    hospital.settle(viewer, Treatment::Accept, Some("2027-03-31"));
    let (call, operator) = (hospital.call(), hospital.operator.clone());
    let close = code(cases::close(&mut hospital.records, &operator, &call, viewer));
    assert_eq!(close, ReasonCode::AcceptedNeverCloses);

    hospital.later(35);
    hospital.learn(&TWO); // ward-viewer has entered KEV meanwhile
    let report = hospital.refresh(std::slice::from_ref(&list));
    let reason = |case| match &hospital.case(case).stage {
        Stage::Reopened { reopening } => reopening.because,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(plan), ReopenReason::AcceptanceEnded);
    assert_eq!(reason(viewer), ReopenReason::Surge);
    assert_eq!(report.reopened(), 2);
    assert_eq!(hospital.case(plan).past.len(), 1, "what was approved before is kept");
    assert_eq!(hospital.refresh(&[list]).changed(), 0, "and happens once");
    whole(&hospital);
}

#[test]
fn what_has_ended_is_opened_again_without_a_comparison() {
    let (mut hospital, _) = opened("expire");
    let plan = hospital.case_of("bed-plan");
    hospital.settle(plan, Treatment::Accept, Some("2026-12-01"));
    let operator = hospital.operator.clone();
    for (days, expected) in [(1, 0), (60, 1), (0, 0)] {
        hospital.later(days);
        let call = hospital.call();
        let ended = cases::expire(&mut hospital.records, &operator, &call).unwrap();
        assert_eq!(ended.len(), expected, "{days} days later: {ended:?}");
    }
    assert_eq!(hospital.case(plan).state(), CaseState::Reopened);
}

#[test]
fn an_acceptance_ends_within_what_the_policy_in_force_permits() {
    let (mut hospital, _) = opened("latest");
    let plan = hospital.case_of("bed-plan");
    hospital.judge(plan, Applicability::Affected).unwrap();
    hospital.analyse(plan).unwrap();
    // The policy in force says 180 days; the hospital's first day is 2026-11-02.
    let refused = refusal(hospital.decide(plan, Treatment::Accept, Some("2027-05-02")));
    assert_eq!(refused.reason.code, ReasonCode::ReviewTooLate, "{refused:?}");
    assert_eq!(hospital.case(plan).state(), CaseState::Analysed);
    hospital.decide(plan, Treatment::Accept, Some("2027-05-01")).unwrap();
    hospital.decide(plan, Treatment::Isolation, None).unwrap();
}

#[test]
fn not_affected_needs_a_justification_and_somebody_else() {
    let (mut hospital, _) = opened("vex");
    let case = hospital.case_of("bed-plan");
    assert_eq!(code(hospital.judge(case, Applicability::NotAffected)), ReasonCode::JustificationMissing);
    let order = JudgeOrder {
        applicability: Applicability::NotAffected,
        justification: Some(Justification::VulnerableCodeNotInExecutePath),
        note: "その機能は使っていない".to_owned(),
        documents: vec![hospital.file("setting.txt", "plan.export = off")],
    };
    let (call, operator) = (hospital.call(), hospital.operator.clone());
    cases::judge(&mut hospital.records, &operator, &call, case, &order).unwrap();
    let approver = hospital.approver.clone();
    hospital.approve_as(&approver, case).unwrap();
    let call = hospital.call();
    cases::close(&mut hospital.records, &operator, &call, case).unwrap();
    let case = hospital.case(case);
    let document = &case.stage.judgement().unwrap().documents[0];
    assert!(hospital.records.store().has_document(&document.sha256).unwrap(), "the evidence is kept");
}

#[test]
fn an_approval_on_paper_is_the_signers_and_a_partners_file_is_not_taken_on_trust() {
    let (mut hospital, _) = opened("paper");
    let case = hospital.case_of("bed-plan");
    hospital.judge(case, Applicability::Affected).unwrap();
    hospital.analyse(case).unwrap();
    hospital.decide(case, Treatment::Mitigation, None).unwrap();
    let scan = hospital.file("approval.pdf", "signed");
    let paper = |person: Option<PersonId>| WordGiven::Paper {
        scan: scan.clone(),
        signer: "承認 三郎".to_owned(),
        person,
    };
    let operator = hospital.operator.clone();
    let give = |hospital: &mut Hospital, word: &WordGiven| {
        let call = hospital.call();
        cases::approve(&mut hospital.records, &operator, &call, case, word)
    };
    let own = Some(operator.person());
    let signed =
        |signer: &str, person| WordGiven::Paper { scan: scan.clone(), signer: signer.to_owned(), person };
    let without_role = signed("運用 一郎", own);
    assert_eq!(code(give(&mut hospital, &without_role)), ReasonCode::RoleMissing, "no role for such a word");
    hospital.keep(Party {
        name: "ベンダー".to_owned(),
        kind: PartyKind::Provider,
        contact: None,
        pinned_keys: Vec::new(),
    });
    let partner = WordGiven::PartnerFile {
        file: scan.clone(),
        signature: scan.clone(),
        key: scan.clone(),
        signer: "承認 三郎".to_owned(),
        party: "ベンダー".to_owned(),
    };
    assert_eq!(code(give(&mut hospital, &partner)), ReasonCode::OtherParty, "the vendor runs no system here");
    let approver = Some(hospital.approver.person());
    give(&mut hospital, &paper(approver)).unwrap();
    let state = hospital.case(case);
    let (_, approval) = state.stage.approved().unwrap();
    assert_eq!((approval.giver(), approval.recorded_by), (approver, operator.person()));
    let refused = hospital.records.store().refusals(None, 10).unwrap();
    assert_eq!(refused.len(), 2, "both were logged: {refused:#?}");
    assert!(refused.iter().all(|one| one.step.person == Some(operator.person())));
}

#[test]
fn one_reason_decides_many_and_each_case_answers_for_itself() {
    let (mut hospital, _) = opened("bulk");
    let (viewer, plan) = (hospital.case_of("ward-viewer"), hospital.case_of("bed-plan"));
    hospital.judge(viewer, Applicability::Affected).unwrap();
    hospital.analyse(viewer).unwrap();
    let order =
        DecideOrder { treatment: Treatment::Patch, reason: "まとめて更新".to_owned(), until: None };
    let (call, operator) = (hospital.call(), hospital.operator.clone());
    let bulk = cases::decide(&mut hospital.records, &operator, &call, &[viewer, plan], &order).unwrap();
    assert_eq!(bulk.decided, [Stream::new(Kind::Case, viewer)]);
    assert_eq!(bulk.refused[0].0, Stream::new(Kind::Case, plan));
    assert_eq!(hospital.case(viewer).state(), CaseState::Decided);
    assert_eq!(hospital.case(plan).state(), CaseState::Detected);
    assert_eq!(hospital.records.store().refusals(None, 10).unwrap().len(), 1);
    let auditor = hospital.auditor.clone();
    let call = hospital.call();
    let answer = cases::decide(&mut hospital.records, &auditor, &call, &[viewer], &order);
    assert_eq!(code(answer.map(|bulk| bulk.decided)), ReasonCode::RoleMissing, "an auditor changes nothing");
}

#[test]
fn a_repaired_component_is_gone_and_a_forgotten_list_is_no_repair() {
    let (mut hospital, list) = opened("gone");
    let other = hospital.list("viewer.json", &[("ward-viewer", "1.0.0")]);
    hospital.refresh(&[list.clone(), other.clone()]);
    // karte.json lost its components, but viewer.json is not named: nothing may look repaired, however often.
    let empty = hospital.list("karte.json", &[("calm", "1.0.0")]);
    for _ in 0..2 {
        let report = hospital.refresh(std::slice::from_ref(&empty));
        assert_eq!(report.lists_left_out.iter().collect::<Vec<_>>(), ["viewer.json"]);
        assert!(report.gone.is_empty(), "{report:#?}");
    }
    let report = hospital.refresh(&[empty.clone(), other]);
    assert!(report.lists_left_out.is_empty(), "{report:#?}");
    assert_eq!(report.gone.len(), 1, "bed-plan is gone, ward-viewer is in the other list: {report:#?}");
    let order = RefreshOrder {
        subject: Subject::System(hospital.system),
        paths: vec![empty],
        register: false,
        complete: true,
        as_of: None,
    };
    assert_eq!(hospital.try_refresh(&order).unwrap().gone.len(), 2);
}

#[test]
fn what_cannot_be_compared_is_refused_before_anything_is_written() {
    let (mut hospital, list) = opened("refused");
    let head = hospital.records.store().head().unwrap();
    let system = Subject::System(hospital.system);
    let future = hospital.now.checked_add(jiff::SignedDuration::from_hours(48)).unwrap();
    let release = Subject::Release(shindan_domain::record_id::ReleaseId(uuid::Uuid::nil()));
    for (subject, paths, as_of, expected) in [
        (Subject::Register, vec![list.clone()], None, ReasonCode::SubjectNeeded),
        (release, Vec::new(), None, ReasonCode::ListsNeeded),
        (system, vec![list], Some(future), ReasonCode::DateInFuture),
    ] {
        let order = RefreshOrder { subject, paths, register: false, complete: false, as_of };
        assert_eq!(code(hospital.try_refresh(&order)), expected);
    }
    assert_eq!(hospital.records.store().head().unwrap(), head);
    assert_eq!(hospital.records.store().refusals(None, 10).unwrap().len(), 3, "each was logged");
}
