//! What the gate lists, the emergency path, and *cannot be applied*.

use jiff::civil::Date;
use shindan_app::records::changes;
use shindan_app::records::rollouts::{self, AlternativeGiven, Shown};
use shindan_app::records::{Call, WordGiven};
use shindan_domain::case::settle::AlternativeSource;
use shindan_domain::case::{CaseState, Treatment};
use shindan_domain::change::{ChangeKind, ChangeState, Gate, Notice, Path, TestResult};
use shindan_domain::process::ReasonCode;

use crate::hospital::{code, refusal};
use crate::works::{Works, approver, auditor, colleague, missing, operator};

#[test]
fn the_gate_names_everything_that_is_missing() {
    let mut works = Works::new("gate", Treatment::Patch);
    let file = works.file.clone();
    let patch = works.register(&file).unwrap();
    let change = works.plan(ChangeKind::Patch, Some(patch)).unwrap();
    let all = [
        ReasonCode::FileNotHashed,
        ReasonCode::PatchNotVerified,
        ReasonCode::PatchEffectNotProven,
        ReasonCode::ImpactNotAssessed,
        ReasonCode::ConsentMissing,
    ];
    let refused = refusal(works.apply(change, None));
    assert_eq!(refused.reason.code, ReasonCode::GateBlocked);
    for code in all {
        assert!(missing(&refused).contains(&code), "{code:?} in {refused:?}");
    }
    // Reading the gate takes no role that changes, writes nothing, and says the same.
    let before = works.hospital.records.store().head().unwrap();
    let gate =
        works.by(auditor, |records, who, call| changes::gate(records, who, call, change, None)).unwrap();
    let Gate::Blocked(blockers) = gate else { panic!("open") };
    assert_eq!(blockers, refused.missing);
    assert_eq!(works.hospital.records.store().head().unwrap(), before);
    // The refusal of the application is logged.
    let log = works.hospital.records.store().refusals(None, 10).unwrap();
    assert!(log.iter().any(|one| one.step.refusal == refused), "{log:?}");

    works.verify(patch, &file).unwrap();
    let repaired = works.repaired("test.json");
    works.effect(patch, repaired).unwrap();
    works.assess(change);
    let environment = works.live;
    let in_production = works.run_test(change, environment, Some(file.clone()), TestResult::Passed);
    assert_eq!(code(in_production), ReasonCode::TestEnvironmentNeeded);
    let environment = works.test;
    works.run_test(change, environment, Some(file.clone()), TestResult::Failed).unwrap();
    let refused = refusal(works.confirm_tests(change));
    assert!(missing(&refused).contains(&ReasonCode::TestFailed), "{refused:?}");
    works.run_test(change, environment, Some(file.clone()), TestResult::Passed).unwrap();
    let own = works.by(operator, |records, who, call| {
        changes::confirm_results(records, who, call, change, &WordGiven::Software)
    });
    assert_eq!(code(own), ReasonCode::SamePerson);
    works.confirm_tests(change).unwrap();
    works.consent(change).unwrap();
    let gate = works
        .by(auditor, |records, who, call| changes::gate(records, who, call, change, Some(&file)))
        .unwrap();
    assert_eq!(gate, Gate::Open(Path::Regular));
    // A day later the consent has passed.
    works.hospital.later(2);
    let refused = refusal(works.apply(change, Some(file)));
    assert_eq!(missing(&refused), [ReasonCode::OutsideConsent].into(), "{refused:?}");
}

#[test]
fn a_consent_is_the_word_of_the_institution() {
    let mut works = Works::new("consent", Treatment::Patch);
    let patch = works.usable_patch();
    let change = works.plan(ChangeKind::Patch, Some(patch)).unwrap();
    works.assess(change);
    let (environment, file) = (works.test, works.file.clone());
    works.run_test(change, environment, Some(file), TestResult::Passed).unwrap();
    works.confirm_tests(change).unwrap();
    let consent = shindan_domain::change::Consent {
        from: works.hospital.now,
        until: "2027-03-01T00:00:00Z".parse().unwrap(),
        stop_minutes: 0,
        roll_back: "戻す".to_owned(),
    };
    // A person who works for nobody in particular does not speak for the institution.
    let nobody = works.by(colleague, |records, who, call| {
        changes::consent(records, who, call, change, consent.clone(), &WordGiven::Software)
    });
    assert_eq!(code(nobody), ReasonCode::OtherParty);
    works.consent(change).unwrap();
    works
        .by(colleague, |records, who, call| {
            changes::withdraw_consent(records, who, call, change, "手術が入った".to_owned())
        })
        .unwrap();
    let file = works.file.clone();
    let refused = refusal(works.apply(change, Some(file)));
    assert_eq!(missing(&refused), [ReasonCode::ConsentIsWithdrawn].into(), "{refused:?}");
}

#[test]
fn an_emergency_needs_an_approver_and_its_tests_afterwards() {
    let mut works = Works::new("emergency", Treatment::Patch);
    let file = works.file.clone();
    let patch = works.register(&file).unwrap();
    works.verify(patch, &file).unwrap();
    let change = works.plan(ChangeKind::Patch, Some(patch)).unwrap();
    let notice =
        Notice { told: "医療情報部".to_owned(), how: "電話".to_owned(), at: works.hospital.now };
    works
        .by(operator, |records, who, call| {
            changes::declare_emergency(records, who, call, change, "悪用が始まった".to_owned(), notice)
        })
        .unwrap();
    let refused = refusal(works.apply(change, Some(file.clone())));
    assert!(missing(&refused).contains(&ReasonCode::EmergencyNotApproved), "{refused:?}");
    let own = works.by(operator, |records, who, call| {
        changes::approve_emergency(records, who, call, change, &WordGiven::Software)
    });
    assert_eq!(code(own), ReasonCode::RoleMissing);
    works
        .by(approver, |records, who, call| {
            changes::approve_emergency(records, who, call, change, &WordGiven::Software)
        })
        .unwrap();
    works.apply(change, Some(file.clone())).unwrap();
    let repaired = works.repaired("after.json");
    works.confirm_after(change, repaired).unwrap();
    let refused =
        refusal(works.by(operator, |records, who, call| rollouts::close(records, who, call, change)));
    assert!(missing(&refused).contains(&ReasonCode::ImpactNotAssessed), "{refused:?}");
    works.assess(change);
    let environment = works.test;
    works.run_test(change, environment, Some(file), TestResult::Passed).unwrap();
    works.confirm_tests(change).unwrap();
    works.by(operator, |records, who, call| rollouts::close(records, who, call, change)).unwrap();
    let closed = works.change(change);
    assert_eq!(closed.state(), ChangeState::Closed);
    assert!(closed.is_emergency(), "it is shown for ever");
    works.is_whole();
}

#[test]
fn what_cannot_be_applied_returns_to_the_decision_with_the_alternative() {
    let mut works = Works::new("cannot", Treatment::Patch);
    let patch = works.usable_patch();
    let change = works.plan(ChangeKind::Patch, Some(patch)).unwrap();
    let until: Date = "2027-03-31".parse().unwrap();
    let alternative =
        || AlternativeGiven { text: "病棟の網を分ける".to_owned(), until, document: None };
    let own = works.by(operator, |records, who, call| {
        let reason = "装置の保証が切れる".to_owned();
        rollouts::cannot_apply(records, who, call, change, reason, alternative(), &WordGiven::Software)
    });
    assert_eq!(code(own), ReasonCode::SamePerson);
    works
        .by(colleague, |records, who, call| {
            let reason = "装置の保証が切れる".to_owned();
            rollouts::cannot_apply(records, who, call, change, reason, alternative(), &WordGiven::Software)
        })
        .unwrap();
    assert_eq!(works.change(change).state(), ChangeState::CannotApply);
    let case = works.hospital.case(works.case);
    assert_eq!(case.state(), CaseState::Analysed);
    let agreed = case.alternative.unwrap();
    assert_eq!((agreed.source, agreed.until), (AlternativeSource::Change(change), until));
    works.is_whole();
}

#[test]
fn a_change_carries_out_what_its_case_decided_and_nothing_else() {
    let mut works = Works::new("other-kind", Treatment::Isolation);
    let patch = works.usable_patch();
    let change = works.plan(ChangeKind::Patch, Some(patch)).unwrap();
    works.prepare(change);
    let file = works.file.clone();
    let refused = refusal(works.apply(change, Some(file)));
    assert_eq!(missing(&refused), [ReasonCode::CaseAsksOtherwise].into(), "{refused:?}");

    let isolation = works.plan(ChangeKind::Isolation, None).unwrap();
    works.assess(isolation);
    let environment = works.test;
    works.run_test(isolation, environment, None, TestResult::Passed).unwrap();
    works.confirm_tests(isolation).unwrap();
    works.consent(isolation).unwrap();
    works.apply(isolation, None).unwrap();
    let evidence = works.hospital.file("switch.txt", "port 7: shutdown");
    let shown = || Shown::Effect {
        file: evidence.clone(),
        text: "病棟から届かない".to_owned(),
        review: "2027-05-01".parse().unwrap(),
    };
    let own = works.by(operator, |records, who, call| {
        rollouts::confirm_after(records, who, call, isolation, Vec::new(), shown(), &WordGiven::Software)
    });
    assert_eq!(code(own), ReasonCode::SamePerson);
    works
        .by(colleague, |records, who, call| {
            rollouts::confirm_after(records, who, call, isolation, Vec::new(), shown(), &WordGiven::Software)
        })
        .unwrap();
    assert!(works.hospital.case(works.case).missing_proof().is_empty());
    works.is_whole();
}

#[test]
fn somebody_elses_change_is_never_overwritten() {
    let mut works = Works::new("conflict", Treatment::Patch);
    let change = works.plan(ChangeKind::Patch, None).unwrap();
    works.assess(change);
    let stale = Call { seen: Some(1), ..works.hospital.call() };
    let who = works.hospital.operator.clone();
    let outcome = changes::cancel(&mut works.hospital.records, &who, &stale, change, "取りやめ".to_owned());
    assert!(
        matches!(outcome, Err(shindan_app::records::RecordsError::Conflict { expected: 1, found: 3, .. })),
        "{outcome:?}"
    );
}
