//! 改ざん検証: whether the file is the one that its maker published.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::PatchFile;
use crate::approval::Given;
use crate::evidence::Document;
use crate::process::{ReasonCode, Refusal};
use crate::record_id::PersonId;
use crate::verification::{Check, CheckOutcome, Method, Outcome, Strength, Verdict};

/// A verification that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// What was checked and what came of it.
    pub verdict: Verdict,
    /// Who had it made.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// What is done instead of a proof that the maker gives no means for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofAlternative {
    /// What was done to be sure, in the words of who proposes it.
    pub text: String,
    /// What shows it.
    pub documents: Vec<Document>,
    /// Who proposed it.
    pub proposed_by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// What the verifications of a file come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Genuineness {
    /// Nothing was verified.
    NotVerified,
    /// What was given to verify it could not be read.
    Unreadable,
    /// Signed with a key that does not count. Leaving the signature away does not mend it.
    KeyNotAcceptable,
    /// Nothing strong enough could be checked.
    NoMeans,
    /// An alternative was proposed.
    AlternativeProposed {
        /// The alternative.
        alternative: ProofAlternative,
    },
    /// An alternative was approved by another person.
    AlternativeApproved {
        /// The alternative.
        alternative: ProofAlternative,
        /// The approval.
        approval: Given,
    },
    /// The file is the maker's.
    Genuine,
    /// The file is not the maker's. Nothing leads out of here but another file.
    Quarantined,
}

impl Genuineness {
    /// After another verification of the same file. A verification that decides nothing does not undo one that did.
    pub(super) fn after(self, outcome: Outcome) -> Genuineness {
        match (self, outcome) {
            (Genuineness::Quarantined, _) | (_, Outcome::Tampered) => Genuineness::Quarantined,
            (_, Outcome::Genuine) => Genuineness::Genuine,
            (_, Outcome::KeyNotAcceptable) => Genuineness::KeyNotAcceptable,
            (Genuineness::NotVerified | Genuineness::Unreadable, Outcome::NoMeans) => Genuineness::NoMeans,
            (Genuineness::NotVerified, Outcome::Unreadable) => Genuineness::Unreadable,
            (decided, Outcome::NoMeans | Outcome::Unreadable) => decided,
        }
    }
}

/// Refuses a verdict that is not about this file or not what its checks lead to.
pub(super) fn check_verdict(file: &PatchFile, verdict: &Verdict) -> Result<(), Refusal> {
    if !verdict.holds_together() {
        return Err(Refusal::new(ReasonCode::VerdictInconsistent));
    }
    let registered = file.document.sha256.to_string();
    let unread = verdict.outcome == Outcome::Unreadable && verdict.sha256.is_empty();
    if !unread && !verdict.sha256.eq_ignore_ascii_case(&registered) {
        let refusal = Refusal::new(ReasonCode::FileDifferent).with("expected", registered);
        return Err(refusal.with("found", &verdict.sha256));
    }
    if verdict.outcome == Outcome::Genuine && !verdict.checks.iter().any(|check| independent(check, file)) {
        return Err(Refusal::new(ReasonCode::ChannelMissing));
    }
    Ok(())
}

/// Whether a check rests on something that did not come with the file. A digest proves as much as the way by which it
/// was learnt; a signature rests on its key.
fn independent(check: &Check, file: &PatchFile) -> bool {
    if check.outcome != CheckOutcome::Passed || check.strength != Strength::Strong {
        return false;
    }
    match check.method {
        Method::Sha256 | Method::Sha384 | Method::Sha512 | Method::Sha1 | Method::Md5 => {
            check.channel.as_ref().is_some_and(|channel| *channel != file.obtained_from)
        }
        _ => true,
    }
}
