//! What counts as a proof, and what does not. Random walks stand beside those of changes (`change/tests`).

use super::{EffectProof, Genuineness, Patch, PatchParticulars, PatchState};
use crate::approval::Word;
use crate::model::{History, by, document, id, party, word};
use crate::process::{ReasonCode, Refusal};
use crate::record_id::{CaseId, EnvironmentId};
use crate::verification::{Check, CheckOutcome, Method, Outcome, Verdict, VerificationCode};

fn particulars() -> PatchParticulars {
    PatchParticulars {
        name: "firmware 7.0.2".to_owned(),
        maker: party(1),
        cases: vec![CaseId(id(80))],
        vulnerabilities: vec!["CVE-2026-1".to_owned()],
        expected: Vec::new(),
    }
}

fn registered() -> History<Patch> {
    let mut patch = History::new();
    let event = Patch::register(particulars(), document(0), "support portal".parse().unwrap(), false);
    patch.record(&event.unwrap(), by(0, 0));
    patch
}

fn check(method: Method, outcome: CheckOutcome, channel: Option<&str>) -> Check {
    let mut check = Check::new(method, outcome, VerificationCode::DigestEqual);
    check.channel = channel.map(|channel| channel.parse().unwrap());
    check
}

fn verdict(checks: Vec<Check>) -> Verdict {
    Verdict::conclude(checks, document(0).sha256.to_string(), document(0).size)
}

fn verified(patch: &mut History<Patch>, checks: Vec<Check>) -> PatchState {
    let event = patch.state().verify(verdict(checks)).unwrap();
    patch.record(&event, by(0, 1));
    patch.state().state()
}

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> ReasonCode {
    answer.unwrap_err().reason.code
}

#[test]
fn an_empty_set_of_checks_is_no_proof() {
    let mut patch = registered();
    assert_eq!(verified(&mut patch, Vec::new()), PatchState::NoMeans);
    let forged = Verdict { outcome: Outcome::Genuine, ..verdict(Vec::new()) };
    assert_eq!(code(patch.state().verify(forged)), ReasonCode::VerdictInconsistent);
}

#[test]
fn a_value_that_came_with_the_file_proves_nothing() {
    let patch = registered();
    let with =
        |channel| patch.state().verify(verdict(vec![check(Method::Sha256, CheckOutcome::Passed, channel)]));
    assert_eq!(code(with(None)), ReasonCode::ChannelMissing);
    assert_eq!(code(with(Some("support portal"))), ReasonCode::ChannelMissing);
    assert!(with(Some("fax of the maker")).is_ok());
    let signed = verdict(vec![check(Method::OpenPgpDetached, CheckOutcome::Passed, None)]);
    assert!(patch.state().verify(signed).is_ok(), "a signature rests on its key");
}

#[test]
fn a_verdict_about_another_file_is_refused() {
    let patch = registered();
    let passed = vec![check(Method::Minisign, CheckOutcome::Passed, None)];
    let other = Verdict::conclude(passed, document(1).sha256.to_string(), 2);
    assert_eq!(code(patch.state().verify(other)), ReasonCode::FileDifferent);
}

#[test]
fn a_bad_key_is_not_mended_by_leaving_the_signature_away() {
    let mut patch = registered();
    let bad = check(Method::OpenPgpDetached, CheckOutcome::KeyNotAcceptable, None);
    assert_eq!(verified(&mut patch, vec![bad]), PatchState::KeyNotAcceptable);
    assert_eq!(verified(&mut patch, Vec::new()), PatchState::KeyNotAcceptable);
    let proposed = patch.state().propose_alternative("by telephone".to_owned(), vec![document(3)]);
    assert_eq!(proposed.unwrap_err().missing[0].code, ReasonCode::PatchKeyNotAcceptable);
    let good = check(Method::OpenPgpDetached, CheckOutcome::Passed, None);
    assert_eq!(verified(&mut patch, vec![good]), PatchState::EffectToProve);
}

#[test]
fn quarantine_is_left_only_by_another_file() {
    let mut patch = registered();
    let differs = check(Method::Sha256, CheckOutcome::Mismatch, Some("fax"));
    assert_eq!(verified(&mut patch, vec![differs]), PatchState::Quarantined);
    let good = verdict(vec![check(Method::Minisign, CheckOutcome::Passed, None)]);
    assert_eq!(code(patch.state().verify(good)), ReasonCode::PatchQuarantined);
    let portal = || "support portal".parse().unwrap();
    let again = patch.state().replace_file(document(0), portal(), "again".to_owned(), false);
    assert_eq!(code(again), ReasonCode::PatchQuarantined);
    let other = patch.state().replace_file(document(1), portal(), "fetched anew".to_owned(), false).unwrap();
    patch.record(&other, by(0, 5));
    assert_eq!(patch.state().state(), PatchState::Registered);
    assert_eq!(patch.state().quarantined().collect::<Vec<_>>(), [&document(0)]);
    let back = patch.state().replace_file(document(0), portal(), "back".to_owned(), false);
    assert_eq!(code(back), ReasonCode::PatchQuarantined);
    let elsewhere = Patch::register(particulars(), document(0), portal(), true);
    assert_eq!(code(elsewhere), ReasonCode::PatchQuarantined);
}

#[test]
fn an_alternative_needs_another_person_also_on_paper() {
    let mut patch = registered();
    verified(&mut patch, Vec::new());
    assert_eq!(
        code(
            patch.state().propose_alternative("compared with the maker by telephone".to_owned(), Vec::new())
        ),
        ReasonCode::DocumentMissing
    );
    let proposed = patch.state().propose_alternative("compared".to_owned(), vec![document(3)]).unwrap();
    patch.record(&proposed, by(1, 2));
    for (same, spoken) in [(1, Word::Software), (0, Word::Software), (2, word(2, Some(1)))] {
        assert_eq!(code(patch.state().approve_alternative(spoken, &by(same, 3))), ReasonCode::SamePerson);
    }
    let approved = patch.state().approve_alternative(word(2, Some(2)), &by(1, 3)).unwrap();
    patch.record(&approved, by(1, 3));
    assert_eq!(patch.state().state(), PatchState::EffectToProve);
    assert!(matches!(patch.state().genuineness, Genuineness::AlternativeApproved { .. }));
}

#[test]
fn installed_is_not_effective() {
    let mut patch = registered();
    let statement = || EffectProof::Statement { text: "installed".to_owned(), document: document(4) };
    let early = patch.state().prove_effect(statement(), None, &by(0, 1)).unwrap_err();
    assert_eq!(early.missing[0].code, ReasonCode::PatchNotVerified);
    verified(&mut patch, vec![check(Method::Minisign, CheckOutcome::Passed, None)]);
    let rematch = |remaining| EffectProof::Rematch {
        environment: EnvironmentId(id(70)),
        knowledge: 3,
        matched_at: by(0, 2).at,
        remaining,
        inventory: document(5),
    };
    let unknown = patch.state().prove_effect(rematch(0), None, &by(0, 3));
    assert_eq!(code(unknown), ReasonCode::TestEnvironmentNeeded);
    let test = crate::change::test_environment();
    let left =
        patch.state().prove_effect(rematch(2), Some((EnvironmentId(id(70)), &test)), &by(0, 3)).unwrap();
    patch.record(&left, by(0, 3));
    assert_eq!(patch.state().state(), PatchState::NotEffective);
    let gone =
        patch.state().prove_effect(rematch(0), Some((EnvironmentId(id(70)), &test)), &by(0, 4)).unwrap();
    patch.record(&gone, by(0, 4));
    assert!(patch.state().is_usable());
    // For another vulnerability nothing was shown.
    let more = PatchParticulars { vulnerabilities: vec!["CVE-2026-2".to_owned()], ..particulars() };
    let changed = patch.state().change(more, "another one".to_owned()).unwrap();
    patch.record(&changed, by(0, 5));
    assert_eq!(patch.state().state(), PatchState::EffectToProve);
    patch.check_fold();
}
