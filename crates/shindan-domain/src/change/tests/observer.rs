//! What is known from outside: accepted steps, and who made them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::approval::Word;
use crate::change::{ChangeEvent, ChangeKind, Path, Proof, TestResult};
use crate::ledger::Hash;
use crate::patch::{EffectProof, PatchEvent};
use crate::process::Occurrence;
use crate::record_id::PersonId;
use crate::verification::Outcome;

#[derive(Default)]
pub struct Observer {
    // The patch.
    pub file: Option<Hash>,
    pub quarantine: BTreeSet<Hash>,
    genuine: bool,
    bad_key: bool,
    approved_alternative: bool,
    proposer: Option<PersonId>,
    stated_by: Option<PersonId>,
    effective: bool,
    withdrawn: bool,
    // The change.
    planner: Option<PersonId>,
    assessed: bool,
    mandatory: BTreeSet<String>,
    passed: BTreeMap<String, (bool, Option<Hash>)>,
    testers: BTreeSet<PersonId>,
    confirmed: bool,
    consent: Option<(Timestamp, Timestamp)>,
    declared_by: Option<PersonId>,
    emergency_approved: bool,
    applied: BTreeMap<String, (PersonId, Timestamp)>,
    proven: BTreeSet<String>,
    emergency_used: bool,
    // What the walk reached.
    pub applied_regularly: u32,
    pub applied_in_emergency: u32,
    pub refused_while_tampered: u32,
}

/// Whose word it is.
fn giver(word: &Word, when: &Occurrence) -> Option<PersonId> {
    match word {
        Word::Software => Some(when.actor.person),
        Word::Paper { person, .. } => *person,
        Word::PartnerFile { .. } => None,
    }
}

impl Observer {
    pub fn believed(&self) -> bool {
        !self.withdrawn
            && (self.genuine || self.approved_alternative)
            && self.file.is_some_and(|file| !self.quarantine.contains(&file))
    }

    pub fn usable(&self) -> bool {
        self.believed() && self.effective
    }

    pub fn tampered(&self) -> bool {
        self.file.is_some_and(|file| self.quarantine.contains(&file))
    }

    pub fn patch_event(&mut self, event: &PatchEvent, when: &Occurrence) {
        assert!(!self.withdrawn, "nothing follows a withdrawal");
        match event {
            PatchEvent::Registered { document, .. } | PatchEvent::FileReplaced { document, .. } => {
                assert!(!self.quarantine.contains(&document.sha256), "a tampered file does not come back");
                self.file = Some(document.sha256);
                (self.genuine, self.bad_key, self.approved_alternative) = (false, false, false);
                self.effective = false;
            }
            PatchEvent::ParticularsChanged { .. } => self.effective = false,
            PatchEvent::Verified { verdict } => {
                assert!(!self.tampered(), "what is in quarantine is not verified into freedom");
                match verdict.outcome {
                    Outcome::Genuine => {
                        assert!(!verdict.checks.is_empty(), "no check is no proof");
                        (self.genuine, self.bad_key) = (true, false);
                    }
                    Outcome::Tampered => {
                        self.quarantine.extend(self.file);
                        (self.genuine, self.approved_alternative) = (false, false);
                    }
                    Outcome::KeyNotAcceptable => {
                        (self.genuine, self.approved_alternative, self.bad_key) = (false, false, true);
                    }
                    Outcome::NoMeans | Outcome::Unreadable => {}
                }
            }
            PatchEvent::AlternativeProposed { documents, .. } => {
                assert!(!self.genuine && !self.bad_key && !self.tampered() && !documents.is_empty());
                self.proposer = Some(when.actor.person);
            }
            PatchEvent::AlternativeApproved { word } => {
                assert_ne!(giver(word, when), self.proposer, "two people for an alternative");
                assert!(!self.bad_key && !self.tampered());
                self.approved_alternative = true;
            }
            PatchEvent::EffectTested { proof } => {
                assert!(self.believed(), "nothing unproven is installed, not even for a test");
                self.effective = matches!(proof, EffectProof::Rematch { remaining: 0, .. });
                self.stated_by = Some(when.actor.person);
            }
            PatchEvent::EffectConfirmed { word } => {
                assert_ne!(giver(word, when), self.stated_by, "two people for a stated effect");
                self.effective = true;
            }
            PatchEvent::EffectRejected { .. } => self.effective = false,
            PatchEvent::AlternativeRejected { .. } => {}
            PatchEvent::Withdrawn { .. } => self.withdrawn = true,
        }
    }

    pub fn change_event(&mut self, kind: ChangeKind, disk: Hash, event: &ChangeEvent, when: &Occurrence) {
        match event {
            ChangeEvent::Planned { .. } => self.planner = Some(when.actor.person),
            ChangeEvent::ImpactAssessed { .. } => self.assessed = true,
            ChangeEvent::TestsPlanned { tests } => {
                assert!(self.assessed, "impact before tests");
                let mandatory = tests.iter().filter(|test| test.mandatory).map(|test| test.name.clone());
                let mandatory: BTreeSet<String> = mandatory.collect();
                assert!(!mandatory.is_empty());
                if !self.passed.is_empty() {
                    assert!(self.mandatory.is_subset(&mandatory), "no test is dropped once tests ran");
                }
                self.mandatory = mandatory;
                (self.confirmed, self.consent) = (false, None);
            }
            ChangeEvent::TestRun { test, result, file, .. } => {
                if kind == ChangeKind::Patch {
                    assert!(self.believed(), "nothing unproven is installed, not even for a test");
                    assert_eq!(*file, self.file);
                    assert_eq!(self.file, Some(disk), "what is tested is what is registered");
                }
                self.passed.insert(test.clone(), (*result == TestResult::Passed, *file));
                self.testers.insert(when.actor.person);
                (self.confirmed, self.consent) = (false, None);
            }
            ChangeEvent::ResultsConfirmed { word } => {
                self.check_tests(kind);
                let giver = giver(word, when);
                assert!(giver.is_none_or(|giver| !self.testers.contains(&giver)), "testers do not confirm");
                self.confirmed = true;
            }
            ChangeEvent::Consented { consent, word } => {
                assert!(self.confirmed, "consent follows the confirmed result");
                assert_ne!(giver(word, when), self.planner);
                self.consent = Some((consent.from, consent.until));
            }
            ChangeEvent::ConsentWithdrawn { .. } => self.consent = None,
            ChangeEvent::EmergencyDeclared { .. } => self.declared_by = Some(when.actor.person),
            ChangeEvent::EmergencyApproved { word } => {
                assert!(self.declared_by.is_some());
                assert_ne!(giver(word, when), self.declared_by, "two people for an emergency");
                self.emergency_approved = true;
            }
            ChangeEvent::Applied { assets, path, file } => {
                self.check_applied(kind, disk, assets, *path, *file, when)
            }
            ChangeEvent::ConfirmedAfter { assets, proof, word } => {
                for asset in assets {
                    self.check_proof(kind, asset, proof, giver(word, when));
                    self.proven.insert(asset.clone());
                }
            }
            ChangeEvent::RolledBack { assets, .. } => {
                for asset in assets {
                    assert!(self.applied.remove(asset).is_some(), "only what was applied is taken back");
                    self.proven.remove(asset);
                }
            }
            ChangeEvent::Closed => {
                let open = self.applied.keys().filter(|asset| !self.proven.contains(*asset)).count();
                assert_eq!(open, 0, "nothing is closed without its proof");
                if self.emergency_used && !self.proven.is_empty() {
                    self.check_tests(kind);
                    assert!(self.confirmed, "tests afterwards, confirmed by somebody else");
                }
            }
            ChangeEvent::CannotApply { word, .. } => {
                assert!(self.applied.is_empty());
                assert_ne!(giver(word, when), self.planner);
            }
            ChangeEvent::Cancelled { .. } => assert!(self.applied.is_empty()),
            // An attempt that failed may be left out; it gives the case no proof.
            ChangeEvent::LeftOut { assets, .. } => {
                for asset in assets {
                    assert!(!self.proven.contains(asset));
                    self.applied.remove(asset);
                }
            }
            ChangeEvent::PatchChosen { .. } | ChangeEvent::Failed { .. } => {}
        }
    }

    fn check_tests(&self, kind: ChangeKind) {
        assert!(!self.mandatory.is_empty());
        for test in &self.mandatory {
            let run = self.passed.get(test);
            assert!(run.is_some_and(|(passed, _)| *passed), "{test} passed");
            if kind == ChangeKind::Patch {
                assert!(run.is_some_and(|(_, file)| file.is_some()), "{test} says which file it tested");
            }
        }
    }

    fn check_applied(
        &mut self,
        kind: ChangeKind,
        disk: Hash,
        assets: &[String],
        path: Path,
        file: Option<Hash>,
        when: &Occurrence,
    ) {
        if kind == ChangeKind::Patch {
            assert!(self.believed(), "only a file that is proven genuine, or approved");
            assert_eq!(self.file, Some(disk), "hashed again at the moment of application");
            assert_eq!(file, Some(disk), "and the hash is recorded");
        }
        match path {
            Path::Regular => {
                assert!(kind != ChangeKind::Patch || self.effective, "effective, not only genuine");
                self.check_tests(kind);
                if kind == ChangeKind::Patch {
                    let same = |test: &String| self.passed.get(test).is_some_and(|run| run.1 == self.file);
                    assert!(self.mandatory.iter().all(same), "what was tested is what is applied");
                }
                assert!(self.confirmed, "confirmed by somebody other than the testers");
                let (from, until) = self.consent.expect("no application without consent");
                assert!(from <= when.at && when.at < until, "within what the institution consented to");
                self.applied_regularly += 1;
            }
            Path::Emergency => {
                assert!(self.emergency_approved, "an emergency has an approver");
                self.emergency_used = true;
                self.applied_in_emergency += 1;
            }
        }
        for asset in assets {
            self.applied.insert(asset.clone(), (when.actor.person, when.at));
        }
    }

    fn check_proof(&self, kind: ChangeKind, asset: &str, proof: &Proof, confirmer: Option<PersonId>) {
        let (applier, at) = self.applied[asset];
        match (kind, proof) {
            (ChangeKind::Patch, Proof::Rematched { remaining, at: matched, .. })
            | (ChangeKind::Replacement, Proof::Replaced { remaining, at: matched, .. }) => {
                assert!(*remaining == 0 && *matched >= at);
            }
            (ChangeKind::Patch, Proof::FixedBuild { document, .. }) => assert!(document.size > 0),
            (
                ChangeKind::Configuration | ChangeKind::Mitigation | ChangeKind::Isolation,
                Proof::Effect { .. },
            ) => assert_ne!(confirmer, Some(applier), "a second person confirms the effect"),
            _ => panic!("{kind} is not proven by {proof:?}"),
        }
    }
}
