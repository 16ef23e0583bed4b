//! What can happen to a patch.

use serde::{Deserialize, Serialize};

use super::{EffectProof, PatchParticulars};
use crate::approval::Word;
use crate::evidence::Document;
use crate::process::Event;
use crate::verification::{Channel, Verdict};

/// What can happen to a patch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PatchEvent {
    /// A file was taken in.
    Registered {
        /// What it is.
        particulars: PatchParticulars,
        /// The file.
        document: Document,
        /// Where it was fetched.
        obtained_from: Channel,
    },
    /// What it is was corrected or extended.
    ParticularsChanged {
        /// What it is now.
        particulars: PatchParticulars,
        /// Why.
        reason: String,
    },
    /// The file was verified.
    Verified {
        /// What was checked and what came of it.
        verdict: Verdict,
    },
    /// An alternative to the proof was proposed.
    AlternativeProposed {
        /// What was done to be sure.
        text: String,
        /// What shows it.
        documents: Vec<Document>,
    },
    /// The alternative was approved.
    AlternativeApproved {
        /// The approver's word.
        word: Word,
    },
    /// The alternative was rejected.
    AlternativeRejected {
        /// Why.
        reason: String,
    },
    /// The effect was tested or stated.
    EffectTested {
        /// What showed it.
        proof: EffectProof,
    },
    /// A stated effect was confirmed by a second person.
    EffectConfirmed {
        /// Their word.
        word: Word,
    },
    /// A stated effect was not confirmed.
    EffectRejected {
        /// Why.
        reason: String,
    },
    /// Another file took its place; everything is to be proven anew.
    FileReplaced {
        /// The new file.
        document: Document,
        /// Where it was fetched.
        obtained_from: Channel,
        /// Why.
        reason: String,
    },
    /// It is not to be used any more.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

impl Event for PatchEvent {}
