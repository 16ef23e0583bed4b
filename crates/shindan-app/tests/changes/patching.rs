//! A patch from its file to the closed case.

use shindan_app::patch_verification::VerificationRequest;
use shindan_app::records::patches::{self, EffectShown};
use shindan_app::records::rollouts::{self, Shown};
use shindan_app::records::{WordGiven, cases};
use shindan_domain::case::{CaseState, Treatment};
use shindan_domain::change::{ChangeKind, ChangeState, TestResult};
use shindan_domain::patch::PatchState;
use shindan_domain::process::ReasonCode;
use shindan_domain::verification::Outcome;

use crate::hospital::{code, refusal};
use crate::works::{Key, Works, colleague, missing, operator};

#[test]
fn a_genuine_patch_goes_from_its_file_to_the_closed_case() {
    let mut works = Works::new("walk", Treatment::Patch);
    let patch = works.usable_patch();
    assert_eq!(works.patch(patch).state(), PatchState::Usable);
    let change = works.plan(ChangeKind::Patch, Some(patch)).unwrap();
    works.prepare(change);
    assert_eq!(works.change(change).state(), ChangeState::Consented);
    let file = works.file.clone();
    works.apply(change, Some(file)).unwrap();
    assert_eq!(works.hospital.case(works.case).state(), CaseState::InProgress);

    // The old inventory proves nothing but that it is still there.
    let old = works.hospital.list("again.json", &[("ward-viewer", "1.0.0")]);
    assert_eq!(code(works.confirm_after(change, old)), ReasonCode::WeaknessRemains);
    // Nor does one that does not name what was to be repaired.
    let other = works.hospital.list("other.json", &[("other", "3.0.0")]);
    assert_eq!(code(works.confirm_after(change, other)), ReasonCode::RematchAbsent);

    let repaired = works.repaired("after.json");
    let before = works.hospital.records.store().head().unwrap().sequence;
    works.confirm_after(change, repaired).unwrap();
    let after = works.hospital.records.store().head().unwrap().sequence;
    assert!(after - before >= 3, "change and case in one act: {before} to {after}");
    assert_eq!(works.change(change).state(), ChangeState::ConfirmedAfter);
    let case = works.hospital.case(works.case);
    assert!(case.all_gone() && case.missing_proof().is_empty(), "{:?}", case.missing_proof());
    works.by(operator, |records, who, call| rollouts::close(records, who, call, change)).unwrap();
    let id = works.case;
    works
        .by(colleague, |records, who, call| {
            cases::confirm(records, who, call, id, None, &WordGiven::Software)
        })
        .unwrap();
    works.by(operator, |records, who, call| cases::close(records, who, call, id)).unwrap();
    assert_eq!(works.hospital.case(id).state(), CaseState::Closed);
    works.is_whole();
}

#[test]
fn a_tampered_file_is_quarantined_and_stops_at_the_gate() {
    let mut works = Works::new("tampered", Treatment::Patch);
    let file = works.hospital.root.join("tampered.bin");
    std::fs::write(&file, b"ward-viewer 1.2.0, as published?\n").unwrap();
    let patch = works.register(&file).unwrap();
    assert_eq!(works.verify(patch, &file).unwrap().outcome, Outcome::Tampered);
    assert_eq!(works.patch(patch).state(), PatchState::Quarantined);
    // Nothing leads out of there: no effect, no second registration of the same file.
    let repaired = works.repaired("test.json");
    let refused = refusal(works.effect(patch, repaired));
    assert!(missing(&refused).contains(&ReasonCode::PatchQuarantined), "{refused:?}");
    assert_eq!(code(works.register(&file)), ReasonCode::PatchQuarantined);
    let change = works.plan(ChangeKind::Patch, Some(patch)).unwrap();
    works.assess(change);
    let environment = works.test;
    let refused = refusal(works.run_test(change, environment, Some(file.clone()), TestResult::Passed));
    assert!(missing(&refused).contains(&ReasonCode::PatchQuarantined), "{refused:?}");
    let refused = refusal(works.apply(change, Some(file)));
    assert_eq!(refused.reason.code, ReasonCode::GateBlocked);
    assert!(missing(&refused).contains(&ReasonCode::PatchQuarantined), "{refused:?}");

    // The genuine file in its place is proven anew.
    let genuine = works.file.clone();
    works
        .by(operator, |records, who, call| {
            let from = "メーカーのサイト".parse().unwrap();
            patches::replace_file(records, who, call, patch, &genuine, from, "取り直した".to_owned())
        })
        .unwrap();
    assert_eq!(works.patch(patch).state(), PatchState::Registered);
    assert_eq!(works.verify(patch, &genuine).unwrap().outcome, Outcome::Genuine);
    works.is_whole();
}

#[test]
fn a_file_that_changed_after_its_tests_is_not_applied() {
    let mut works = Works::new("changed", Treatment::Patch);
    let patch = works.usable_patch();
    let change = works.plan(ChangeKind::Patch, Some(patch)).unwrap();
    works.prepare(change);
    let other = works.hospital.file("stick/ward-viewer-1.2.0.bin", "something else");
    let refused = refusal(works.apply(change, Some(other)));
    assert_eq!(missing(&refused), [ReasonCode::FileDifferent].into(), "{refused:?}");
    let refused = refusal(works.apply(change, None));
    assert_eq!(missing(&refused), [ReasonCode::FileNotHashed].into(), "{refused:?}");
    assert_eq!(works.change(change).state(), ChangeState::Consented, "nothing was written");
}

#[test]
fn silence_of_a_test_environment_is_no_effect() {
    let mut works = Works::new("effect", Treatment::Patch);
    let file = works.file.clone();
    let patch = works.register(&file).unwrap();
    let repaired = works.repaired("test.json");
    let refused = refusal(works.effect(patch, repaired.clone()));
    assert!(missing(&refused).contains(&ReasonCode::PatchNotVerified), "{refused:?}");
    works.verify(patch, &file).unwrap();
    let absent = works.hospital.list("absent.json", &[("other", "3.0.0")]);
    assert_eq!(code(works.effect(patch, absent)), ReasonCode::RematchAbsent);
    let broken = works.hospital.file("broken.json", "{\"bomFormat\": \"CycloneDX\", \"components\": [");
    assert_eq!(code(works.effect(patch, broken)), ReasonCode::RematchUnreadable);
    let unknown = works.hospital.list("unknown.json", &[("ward-viewer", "not a version")]);
    assert_eq!(code(works.effect(patch, unknown)), ReasonCode::RematchUndetermined);
    let (live, inventory) = (works.live, repaired.clone());
    let shown = EffectShown::Rematch { environment: live, inventory };
    let in_production =
        works.by(operator, |records, who, call| patches::show_effect(records, who, call, patch, shown));
    assert_eq!(code(in_production), ReasonCode::TestEnvironmentNeeded);
    let old = works.hospital.list("old.json", &[("ward-viewer", "1.1.0")]);
    works.effect(patch, old).unwrap();
    assert_eq!(works.patch(patch).state(), PatchState::NotEffective);
    works.effect(patch, repaired).unwrap();
    assert_eq!(works.patch(patch).state(), PatchState::Usable);
}

#[test]
fn a_stated_effect_and_an_alternative_need_a_second_person() {
    let mut works = Works::new("stated", Treatment::Patch);
    let file = works.file.clone();
    let patch = works.register(&file).unwrap();
    works.verify(patch, &file).unwrap();
    let statement = works.hospital.file("statement.pdf", "メーカーの説明書");
    let shown = EffectShown::Statement {
        text: "版の一覧に修正が載っている".to_owned(), file: statement
    };
    works.by(operator, |records, who, call| patches::show_effect(records, who, call, patch, shown)).unwrap();
    assert_eq!(works.patch(patch).state(), PatchState::EffectToConfirm);
    let own = works.by(operator, |records, who, call| {
        patches::confirm_effect(records, who, call, patch, &WordGiven::Software)
    });
    assert_eq!(code(own), ReasonCode::SamePerson);
    works
        .by(colleague, |records, who, call| {
            patches::confirm_effect(records, who, call, patch, &WordGiven::Software)
        })
        .unwrap();
    assert_eq!(works.patch(patch).state(), PatchState::Usable);
    let denied = works.by(crate::works::auditor, |records, who, call| {
        patches::withdraw(records, who, call, patch, "不要".to_owned())
    });
    assert_eq!(code(denied), ReasonCode::RoleMissing);
}

#[test]
fn a_signature_counts_only_with_the_key_that_is_pinned_for_the_maker() {
    let mut works = Works::new("signature", Treatment::Patch);
    let (file, provider) = (works.file.clone(), works.provider);
    let patch = works.register(&file).unwrap();
    let Some(stranger) = ({
        let institution = works.institution;
        Key::of(&mut works, institution, "stranger")
    }) else {
        return;
    };
    let request = |key: &Key| VerificationRequest {
        file: file.clone(),
        signatures: vec![key.sign(&file)],
        keys: vec![key.public.clone()],
        ..VerificationRequest::default()
    };
    let unpinned = request(&stranger);
    let refused = works.by(operator, |records, who, call| {
        patches::verify(records, who, call, patch, unpinned.clone(), call.now)
    });
    assert_eq!(code(refused), ReasonCode::NoPinnedKey);
    let Some(maker) = Key::of(&mut works, provider, "maker") else { return };
    // Now the maker has a key, and the stranger's is another one.
    let (_, verdict) = works
        .by(operator, |records, who, call| patches::verify(records, who, call, patch, unpinned, call.now))
        .unwrap();
    assert_eq!(verdict.outcome, Outcome::KeyNotAcceptable);
    assert_eq!(works.patch(patch).state(), PatchState::KeyNotAcceptable);
    let signed = request(&maker);
    let (_, verdict) = works
        .by(operator, |records, who, call| patches::verify(records, who, call, patch, signed, call.now))
        .unwrap();
    assert_eq!(verdict.outcome, Outcome::Genuine, "{:?}", verdict.checks);
    assert!(verdict.checks.len() >= 2, "the registered digest was compared, too");
}

#[test]
fn what_is_taken_back_is_not_proven_any_more() {
    let mut works = Works::new("taken-back", Treatment::Patch);
    let patch = works.usable_patch();
    let change = works.plan(ChangeKind::Patch, Some(patch)).unwrap();
    works.prepare(change);
    let file = works.file.clone();
    works.apply(change, Some(file.clone())).unwrap();
    let repaired = works.repaired("after.json");
    works.confirm_after(change, repaired).unwrap();
    assert!(works.hospital.case(works.case).missing_proof().is_empty());
    works
        .by(operator, |records, who, call| {
            let reason = "印刷ができなくなった".to_owned();
            rollouts::roll_back(records, who, call, change, Vec::new(), reason)
        })
        .unwrap();
    let missing = works.hospital.case(works.case).missing_proof();
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(missing[0].code, ReasonCode::ProofOfPatchMissing);
    works.is_whole();
}

#[test]
fn a_back_port_is_proven_by_the_build_and_a_second_person() {
    let mut works = Works::new("back-port", Treatment::Patch);
    let patch = works.usable_patch();
    let change = works.plan(ChangeKind::Patch, Some(patch)).unwrap();
    works.prepare(change);
    let file = works.file.clone();
    works.apply(change, Some(file)).unwrap();
    let build = works.hospital.file("build.txt", "ward-viewer 1.0.0-7 (CVE-2026-2001)");
    let shown = Shown::FixedBuild { file: build, text: "1.0.0-7 に修正が含まれる".to_owned() };
    works
        .by(colleague, |records, who, call| {
            rollouts::confirm_after(records, who, call, change, Vec::new(), shown, &WordGiven::Software)
        })
        .unwrap();
    assert!(works.hospital.case(works.case).missing_proof().is_empty());
    let id = works.case;
    let own = works.by(colleague, |records, who, call| {
        cases::confirm(records, who, call, id, None, &WordGiven::Software)
    });
    assert_eq!(code(own), ReasonCode::SamePerson);
    works.is_whole();
}
