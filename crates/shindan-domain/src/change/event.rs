//! What can happen to a change.

use serde::{Deserialize, Serialize};

use super::{Consent, Impact, Notice, Path, PlanDraft, PlannedTest, Proof, TestPlace, TestResult};
use crate::alternative::Alternative;
use crate::approval::Word;
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::process::Event;
use crate::record_id::PatchId;

/// What can happen to a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeEvent {
    /// Was planned.
    Planned {
        /// What is to be done.
        draft: PlanDraft,
    },
    /// The patch is chosen.
    PatchChosen {
        /// Which.
        patch: PatchId,
    },
    /// The impact was assessed.
    ImpactAssessed {
        /// What it is.
        impact: Impact,
    },
    /// The tests were planned.
    TestsPlanned {
        /// Which.
        tests: Vec<PlannedTest>,
    },
    /// A test was run.
    TestRun {
        /// Name of the test.
        test: String,
        /// What it came to.
        result: TestResult,
        /// Where.
        place: TestPlace,
        /// SHA-256 of the file that was tested.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<Hash>,
        /// Protocols.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        documents: Vec<Document>,
        /// What was seen.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// The results were confirmed.
    ResultsConfirmed {
        /// The confirmer's word.
        word: Word,
    },
    /// The institution consented.
    Consented {
        /// To what.
        consent: Consent,
        /// The institution's word.
        word: Word,
    },
    /// The institution withdrew its consent.
    ConsentWithdrawn {
        /// Why.
        reason: String,
    },
    /// An emergency was declared.
    EmergencyDeclared {
        /// Why.
        reason: String,
        /// How the institution was told.
        notice: Notice,
    },
    /// The emergency was approved.
    EmergencyApproved {
        /// The approver's word.
        word: Word,
    },
    /// It was applied.
    Applied {
        /// To which assets.
        assets: Vec<String>,
        /// On which path through the gate.
        path: Path,
        /// SHA-256 of the file at that moment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<Hash>,
    },
    /// It did not work on an asset.
    Failed {
        /// Which.
        asset: String,
        /// What went wrong.
        reason: String,
    },
    /// It is not applied to some assets.
    LeftOut {
        /// Which.
        assets: Vec<String>,
        /// Why.
        reason: String,
        /// What is done instead.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alternative: Option<Alternative>,
    },
    /// It was confirmed that it works.
    ConfirmedAfter {
        /// Where.
        assets: Vec<String>,
        /// What shows it.
        proof: Proof,
        /// The confirmer's word.
        word: Word,
    },
    /// It was taken back.
    RolledBack {
        /// Where.
        assets: Vec<String>,
        /// Why.
        reason: String,
    },
    /// It cannot be applied at all; an alternative was agreed.
    CannotApply {
        /// Why.
        reason: String,
        /// What is done instead.
        alternative: Alternative,
        /// The word of who agreed.
        word: Word,
    },
    /// It was given up.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// Nothing is left to be done.
    Closed,
}

impl Event for ChangeEvent {}
