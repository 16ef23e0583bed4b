//! Single cases that a reader can follow.

use jiff::civil::date;

use super::super::{
    Change, ChangeKind, ChangeState, Consent, Gate, Impact, Notice, Path, PlannedTest, Proof, TestPlace,
    TestReport, TestResult,
};
use super::world::{ASSETS, plan, verdict};
use crate::alternative::Alternative;
use crate::approval::Word;
use crate::model::{History, by, document, id, minute, party};
use crate::patch::{EffectProof, Patch, PatchAtHand, PatchParticulars};
use crate::process::ReasonCode;
use crate::record_id::{CaseId, PatchId};
use crate::step::Spoken;

fn assets() -> Vec<String> {
    ASSETS.map(str::to_owned).to_vec()
}

fn usable_patch(what: u8) -> History<Patch> {
    let mut patch: History<Patch> = History::new();
    let particulars = PatchParticulars {
        name: "KB1".to_owned(),
        maker: party(3),
        cases: vec![CaseId(id(80))],
        vulnerabilities: Vec::new(),
        expected: Vec::new(),
    };
    let registered = Patch::register(particulars, document(0), "portal".parse().unwrap(), false).unwrap();
    patch.record(&registered, by(0, 0));
    let verified = patch.state().verify(verdict(document(0).sha256, what)).unwrap();
    patch.record(&verified, by(0, 1));
    let proof = EffectProof::Statement { text: "seen".to_owned(), document: document(6) };
    if let Ok(tested) = patch.state().prove_effect(proof, None, &by(0, 2)) {
        patch.record(&tested, by(0, 2));
        let confirmed = patch.state().confirm_effect(Word::Software, &by(1, 3)).unwrap();
        patch.record(&confirmed, by(1, 3));
    }
    patch
}

fn at_hand(patch: &Patch) -> PatchAtHand<'_> {
    PatchAtHand { id: PatchId(id(50)), patch, hash_now: Some(document(0).sha256) }
}

fn codes(gate: &Gate) -> Vec<ReasonCode> {
    match gate {
        Gate::Open(_) => Vec::new(),
        Gate::Blocked(reasons) => reasons.iter().map(|reason| reason.code).collect(),
    }
}

/// A change that is ready, planned by 0, tested by 0, confirmed by 1, consented by 2.
fn ready(kind: ChangeKind, patch: Option<PatchAtHand<'_>>) -> History<Change> {
    let mut change: History<Change> = History::new();
    change.record(&Change::plan(plan(kind)).unwrap(), by(0, 0));
    let impact = Impact { text: "stops".to_owned(), stop_minutes: 5, documents: Vec::new() };
    change.record(&change.state().assess_impact(impact).unwrap(), by(0, 1));
    let test = PlannedTest { name: "starts".to_owned(), expected: "starts".to_owned(), mandatory: true };
    change.record(&change.state().plan_tests(vec![test]).unwrap(), by(0, 2));
    let report = TestReport {
        test: "starts".to_owned(),
        result: TestResult::Passed,
        place: TestPlace::Elsewhere("at the provider".to_owned()),
        documents: Vec::new(),
        note: String::new(),
    };
    change.record(&change.state().run_test(report, None, patch).unwrap(), by(0, 10));
    let own = change.state().confirm_results(Word::Software, patch, &by(0, 11)).unwrap_err();
    assert_eq!(own.reason.code, ReasonCode::SamePerson);
    change.record(&change.state().confirm_results(Word::Software, patch, &by(1, 11)).unwrap(), by(1, 11));
    let consent =
        Consent { from: minute(0), until: minute(1000), stop_minutes: 5, roll_back: "snapshot".to_owned() };
    let of = |party| Spoken { word: Word::Software, giver_party: Some(party) };
    let other = change.state().consent(consent.clone(), of(party(1)), &by(2, 12)).unwrap_err();
    assert_eq!(other.reason.code, ReasonCode::OtherParty);
    change.record(&change.state().consent(consent, of(party(0)), &by(2, 12)).unwrap(), by(2, 12));
    change
}

#[test]
fn a_patch_goes_from_plan_to_closing() {
    let patch = usable_patch(0);
    let hand = at_hand(patch.state());
    let mut change = ready(ChangeKind::Patch, Some(hand));
    let when = by(0, 20);
    assert_eq!(change.state().gate(Some(hand), &when), Gate::Open(Path::Regular));
    change.record(&change.state().apply_to(assets(), Some(hand), &when).unwrap(), when);
    assert_eq!(change.state().state(), ChangeState::Applied);
    let early = change.state().close().unwrap_err();
    assert_eq!(early.missing.len(), 2, "both assets are to be confirmed: {early:?}");
    let old = Proof::Rematched { knowledge: 1, at: minute(19), remaining: 0 };
    let refused = change.state().confirm_after(assets(), old, Word::Software, &by(0, 30)).unwrap_err();
    assert_eq!(refused.reason.code, ReasonCode::ProofTooOld);
    let proof = Proof::Rematched { knowledge: 1, at: minute(25), remaining: 0 };
    let confirmed = change.state().confirm_after(assets(), proof, Word::Software, &by(0, 30)).unwrap();
    change.record(&confirmed, by(0, 30));
    assert_eq!(change.state().proofs().count(), 2);
    change.record(&change.state().close().unwrap(), by(0, 31));
    assert_eq!(change.state().state(), ChangeState::Closed);
    change.check_fold();
}

#[test]
fn the_gate_names_every_blocker_at_once() {
    let patch = usable_patch(4);
    let mut change: History<Change> = History::new();
    change.record(&Change::plan(plan(ChangeKind::Patch)).unwrap(), by(0, 0));
    let hand = PatchAtHand { hash_now: Some(document(1).sha256), ..at_hand(patch.state()) };
    let blockers = codes(&change.state().gate(Some(hand), &by(0, 5)));
    for expected in [
        ReasonCode::FileDifferent,
        ReasonCode::PatchQuarantined,
        ReasonCode::PatchEffectNotProven,
        ReasonCode::ImpactNotAssessed,
        ReasonCode::TestsNotPlanned,
        ReasonCode::TestsNotConfirmed,
        ReasonCode::ConsentMissing,
    ] {
        assert!(blockers.contains(&expected), "{expected:?} in {blockers:?}");
    }
    assert_eq!(codes(&change.state().gate(None, &by(0, 5)))[0], ReasonCode::PatchMissing);
}

#[test]
fn a_file_that_changed_after_the_tests_is_not_applied() {
    let patch = usable_patch(0);
    let change = ready(ChangeKind::Patch, Some(at_hand(patch.state())));
    let changed = PatchAtHand { hash_now: Some(document(1).sha256), ..at_hand(patch.state()) };
    assert_eq!(codes(&change.state().gate(Some(changed), &by(0, 20))), [ReasonCode::FileDifferent]);
    let unread = PatchAtHand { hash_now: None, ..at_hand(patch.state()) };
    assert_eq!(codes(&change.state().gate(Some(unread), &by(0, 20))), [ReasonCode::FileNotHashed]);
    let late = change.state().gate(Some(at_hand(patch.state())), &by(0, 1000));
    assert_eq!(codes(&late), [ReasonCode::OutsideConsent]);
}

#[test]
fn an_emergency_needs_an_approver_and_a_genuine_file_and_is_made_up_for() {
    let patch = usable_patch(0);
    let hand = at_hand(patch.state());
    let mut change: History<Change> = History::new();
    change.record(&Change::plan(plan(ChangeKind::Patch)).unwrap(), by(0, 0));
    let notice = Notice { told: "ward office".to_owned(), how: "telephone".to_owned(), at: minute(1) };
    let declared = change.state().declare_emergency("exploited".to_owned(), notice, &by(1, 2)).unwrap();
    change.record(&declared, by(1, 2));
    assert_eq!(codes(&change.state().gate(Some(hand), &by(0, 3)))[0], ReasonCode::EmergencyNotApproved);
    for same in [0, 1] {
        let refused = change.state().approve_emergency(Word::Software, &by(same, 3)).unwrap_err();
        assert_eq!(refused.reason.code, ReasonCode::SamePerson);
    }
    let approved = change.state().approve_emergency(Word::Software, &by(2, 3)).unwrap();
    change.record(&approved, by(2, 3));
    let tampered = usable_patch(4);
    let blocked = change.state().gate(Some(at_hand(tampered.state())), &by(0, 4));
    assert_eq!(codes(&blocked), [ReasonCode::PatchQuarantined], "no emergency for a tampered file");
    change.record(&change.state().apply_to(assets(), Some(hand), &by(0, 4)).unwrap(), by(0, 4));
    assert!(change.state().is_emergency());
    let proof = Proof::FixedBuild { document: document(3), text: "build 7".to_owned() };
    let confirmed = change.state().confirm_after(assets(), proof, Word::Software, &by(0, 6)).unwrap();
    change.record(&confirmed, by(0, 6));
    let missing: Vec<_> =
        change.state().close().unwrap_err().missing.iter().map(|reason| reason.code).collect();
    assert_eq!(
        missing,
        [ReasonCode::ImpactNotAssessed, ReasonCode::TestsNotPlanned, ReasonCode::TestsNotConfirmed]
    );
}

#[test]
fn cannot_be_applied_is_an_answer_with_an_alternative_and_an_end() {
    let mut change: History<Change> = History::new();
    change.record(&Change::plan(plan(ChangeKind::Patch)).unwrap(), by(0, 0));
    let alternative =
        Alternative { text: "closed port".to_owned(), until: date(2026, 11, 26), document: None };
    let today = change.state().cannot_apply("no".to_owned(), alternative.clone(), Word::Software, &by(1, 1));
    assert_eq!(today.unwrap_err().reason.code, ReasonCode::DateNotInFuture);
    let alternative = Alternative { until: date(2027, 3, 31), ..alternative };
    let answer = change.state().cannot_apply(
        "maker forbids".to_owned(),
        alternative.clone(),
        Word::Software,
        &by(1, 1),
    );
    change.record(&answer.unwrap(), by(1, 1));
    assert_eq!(change.state().state(), ChangeState::CannotApply);
    assert_eq!(change.state().alternative().unwrap().alternative, alternative);
}

#[test]
fn a_mitigation_is_proven_by_its_effect_and_a_second_person() {
    let mut change = ready(ChangeKind::Mitigation, None);
    change.record(&change.state().apply_to(assets(), None, &by(0, 20)).unwrap(), by(0, 20));
    let proof =
        Proof::Effect { text: "not reachable".to_owned(), document: document(1), review: date(2027, 1, 31) };
    let same = change.state().confirm_after(assets(), proof.clone(), Word::Software, &by(0, 21)).unwrap_err();
    assert_eq!(same.reason.code, ReasonCode::SamePerson);
    let wrong = Proof::Rematched { knowledge: 1, at: minute(22), remaining: 0 };
    let wrong = change.state().confirm_after(assets(), wrong, Word::Software, &by(1, 23)).unwrap_err();
    assert_eq!(wrong.reason.code, ReasonCode::ProofOfOtherKind);
    let confirmed = change.state().confirm_after(assets(), proof, Word::Software, &by(1, 23)).unwrap();
    change.record(&confirmed, by(1, 23));
    assert_eq!(change.state().state(), ChangeState::ConfirmedAfter);
}
