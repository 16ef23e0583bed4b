//! 完了の証拠: what closes a case depends on its treatment (SPEC.md section 4, ②-4).
//!
//! | treatment | proof, for every place |
//! |---|---|
//! | patch | a verified change, and a re-match of the new inventory or fixed build / KB evidence |
//! | configuration change, mitigation, isolation | evidence of effect, confirmed by a second person, with a review date |
//! | replacement | the old asset retired, the new one matched |
//! | not affected | an approved VEX justification |
//! | fixed already | a re-match, or fixed build / KB evidence |
//! | accept | none: it is never closed, only accepted until a date |
//!
//! In a case from an assessment (③-1) there is one proof more, for every measure but *accept*: a re-test that began after the decision
//! was approved, came to its end and no longer finds it. An inventory proves nothing there, because it does not look for what
//! a scanner found.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::found::{Gone, Place, Rematch};
use super::settle::{Settled, Treatment};
use super::{Applicability, Case};
use crate::evidence::Document;
use crate::process::{Reason, ReasonCode};
use crate::record_id::{ChangeId, PersonId};

/// By what it is known that a place contains the fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum PatchBasis {
    /// The new inventory was judged, and nothing hits any more.
    Rematched {
        /// With which knowledge and when.
        rematch: Rematch,
    },
    /// The build or the installed update contains the fix although its version does not tell (back-port).
    FixedBuild {
        /// The maker's statement, the list of updates.
        document: Document,
    },
}

/// Proof that a place contains the fix. For the treatment *patch* the app takes it from a change that was confirmed
/// afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofOfPatch {
    /// The change that applied it; `None` if the fix was there before (judged *fixed*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeId>,
    /// When it was applied, or found.
    pub at: Timestamp,
    /// Key of the place.
    pub asset: String,
    /// By what.
    pub basis: PatchBasis,
    /// Who recorded it.
    pub recorded_by: PersonId,
}

/// Evidence that a configuration change, mitigation or isolation has its effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// What shows it.
    pub document: Document,
    /// What was done and looked at.
    pub note: String,
    /// Who recorded it; the confirmation is another person's.
    pub recorded_by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// Proof that an asset was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofOfReplacement {
    /// Evidence that the old one was retired.
    pub retired: Document,
    /// Key of the asset that took its place.
    pub successor: String,
    /// The judgement of the new one.
    pub matched: Rematch,
    /// Who recorded it.
    pub recorded_by: PersonId,
}

impl Case {
    /// Everything that is missing before the case could be closed; empty if nothing is.
    pub fn missing_proof(&self) -> Vec<Reason> {
        let Some(settled) = self.stage.settled() else {
            return vec![Reason::new(ReasonCode::DecisionMissing).with("state", self.state())];
        };
        match settled {
            Settled::Judged { judgement } => match judgement.applicability {
                Applicability::NotAffected if judgement.justification.is_none() => {
                    vec![Reason::new(ReasonCode::JustificationMissing)]
                }
                Applicability::NotAffected => Vec::new(),
                _ => self.for_each_place(fixed_missing),
            },
            Settled::Treated { decision, .. } => {
                let missing: fn(&Place) -> Option<ReasonCode> = match decision.treatment {
                    Treatment::Accept => return vec![Reason::new(ReasonCode::AcceptedNeverCloses)],
                    Treatment::Patch => patch_missing,
                    Treatment::ConfigurationChange | Treatment::Mitigation | Treatment::Isolation => {
                        effect_missing
                    }
                    Treatment::Replacement => replacement_missing,
                };
                self.for_each_place(|place| match missing(place) {
                    Some(_) if self.is_assessed() => self.retest_missing(place),
                    code => code,
                })
            }
        }
    }

    fn for_each_place(&self, missing: impl Fn(&Place) -> Option<ReasonCode>) -> Vec<Reason> {
        let missing = |(_, place): (&String, &Place)| {
            missing(place).map(|code| Reason::new(code).with("place", &place.found.label))
        };
        self.places.iter().filter_map(missing).collect()
    }

    /// Where the measure's own proof is missing, a re-test after the decision came into force proves it as well.
    fn retest_missing(&self, place: &Place) -> Option<ReasonCode> {
        match self.decided_at {
            Some(since) if place.is_retested_after(since) => None,
            _ if place.gone.is_some() => Some(ReasonCode::RetestTooEarly),
            _ => Some(ReasonCode::RetestMissing),
        }
    }

    /// Everybody whose evidence needs a second person: what a re-match shows, the program found itself. Who took in the report
    /// of a re-test is one of them: who tests does not confirm the test.
    pub(super) fn recorders(&self) -> Vec<PersonId> {
        let of = |place: &Place| {
            let patch =
                place.patch.as_ref().filter(|proof| matches!(proof.basis, PatchBasis::FixedBuild { .. }));
            let retest = match (&place.gone, self.decided_at) {
                (Some(Gone::Retested { recorded_by, .. }), Some(since)) => {
                    place.is_retested_after(since).then_some(*recorded_by)
                }
                _ => None,
            };
            [
                retest,
                patch.map(|proof| proof.recorded_by),
                place.effect.as_ref().map(|effect| effect.recorded_by),
                place.replacement.as_ref().map(|proof| proof.recorded_by),
            ]
        };
        self.places.values().flat_map(of).flatten().collect()
    }
}

/// A re-match proves nothing while something still hits.
fn basis_missing(place: &Place, basis: &PatchBasis) -> Option<ReasonCode> {
    match basis {
        PatchBasis::Rematched { .. } if place.gone.is_none() => Some(ReasonCode::StillMatched),
        PatchBasis::FixedBuild { document } if document.size == 0 => Some(ReasonCode::DocumentMissing),
        _ => None,
    }
}

fn patch_missing(place: &Place) -> Option<ReasonCode> {
    match &place.patch {
        None => Some(ReasonCode::ProofOfPatchMissing),
        Some(proof) if proof.change.is_none() => Some(ReasonCode::ProofOfPatchMissing),
        Some(proof) => basis_missing(place, &proof.basis),
    }
}

fn fixed_missing(place: &Place) -> Option<ReasonCode> {
    match &place.patch {
        None if place.gone.is_some() => None,
        None => Some(ReasonCode::ProofOfFixMissing),
        Some(proof) => basis_missing(place, &proof.basis),
    }
}

fn effect_missing(place: &Place) -> Option<ReasonCode> {
    place.effect.is_none().then_some(ReasonCode::ProofOfEffectMissing)
}

fn replacement_missing(place: &Place) -> Option<ReasonCode> {
    place.replacement.is_none().then_some(ReasonCode::ProofOfReplacementMissing)
}
