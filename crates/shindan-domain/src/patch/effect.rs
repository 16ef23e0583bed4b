//! 有効性検証: whether the weakness is gone in the test environment – not whether the patch is "installed".

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::approval::Given;
use crate::evidence::Document;
use crate::organisation::{Environment, MasterData, Purpose};
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::{EnvironmentId, PersonId};
use crate::terms;

terms! {
    /// How an effect was shown.
    pub enum EffectTest ("effect-test") {
        /// 再照合: the inventory of the test environment was matched again, by the program.
        Rematch = "rematch",
        /// 再診断: the test environment was scanned again.
        Rescan = "rescan",
        /// 説明: stated, with a document.
        Statement = "statement",
    }
}

/// How it was shown that the weakness is gone, or that it is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "kebab-case")]
pub enum EffectProof {
    /// The inventory after the patch was matched again; the program computed what is left.
    Rematch {
        /// The test environment.
        environment: EnvironmentId,
        /// Generation of the knowledge that it was matched with.
        knowledge: u64,
        /// When it was matched.
        matched_at: Timestamp,
        /// Findings of the vulnerabilities in question that are left.
        remaining: u32,
        /// The inventory.
        inventory: Document,
    },
    /// The test environment was scanned again.
    Rescan {
        /// The test environment.
        environment: EnvironmentId,
        /// Findings in question that are left, as read from the scan.
        remaining: u32,
        /// The scan.
        document: Document,
    },
    /// A stated proof, where neither is possible.
    Statement {
        /// What shows that the weakness is gone.
        text: String,
        /// The document that it rests on.
        document: Document,
    },
}

/// Where it was tested: the record of the environment, as it is now.
pub type TestedIn<'a> = (EnvironmentId, &'a MasterData<Environment>);

impl EffectProof {
    /// By what means.
    pub fn test(&self) -> EffectTest {
        match self {
            EffectProof::Rematch { .. } => EffectTest::Rematch,
            EffectProof::Rescan { .. } => EffectTest::Rescan,
            EffectProof::Statement { .. } => EffectTest::Statement,
        }
    }

    /// Findings that are left.
    pub fn remaining(&self) -> u32 {
        match self {
            EffectProof::Rematch { remaining, .. } | EffectProof::Rescan { remaining, .. } => *remaining,
            EffectProof::Statement { .. } => 0,
        }
    }

    /// The document that it rests on.
    pub fn document(&self) -> &Document {
        match self {
            EffectProof::Rematch { inventory: document, .. }
            | EffectProof::Rescan { document, .. }
            | EffectProof::Statement { document, .. } => document,
        }
    }

    pub(super) fn check(&self, tested_in: Option<TestedIn<'_>>, by: &Occurrence) -> Result<(), Refusal> {
        self.document().check()?;
        let environment = match self {
            EffectProof::Statement { text, .. } => return text_given(Label::Note.as_str(), text),
            EffectProof::Rematch { matched_at, environment, .. } => {
                crate::calendar::not_in_future(Label::At, *matched_at, by)?;
                environment
            }
            EffectProof::Rescan { environment, .. } => environment,
        };
        let is_test = tested_in.is_some_and(|(id, record)| {
            id == *environment && record.ended.is_none() && record.particulars.purpose == Purpose::Test
        });
        if is_test { Ok(()) } else { Err(Reason::new(ReasonCode::TestEnvironmentNeeded).into()) }
    }
}

/// Whether a patch removes the weakness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing was tested.
    NotTested,
    /// A person read or stated that the weakness is gone; another one has to confirm it.
    Stated {
        /// What was stated.
        proof: EffectProof,
        /// Who stated it.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
    /// The weakness is still there.
    NotEffective {
        /// What showed it.
        proof: EffectProof,
        /// Who tested.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
    /// The weakness is gone.
    Effective {
        /// What showed it.
        proof: EffectProof,
        /// Who tested or stated.
        by: PersonId,
        /// When.
        at: Timestamp,
        /// The word of the second person, where the program did not compute it itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confirmed: Option<Given>,
    },
}

impl Effect {
    /// What a proof leads to: only what the program computed stands without a second person.
    pub(super) fn shown_by(proof: EffectProof, by: PersonId, at: Timestamp) -> Effect {
        if proof.remaining() > 0 {
            return Effect::NotEffective { proof, by, at };
        }
        match proof {
            EffectProof::Rematch { .. } => Effect::Effective { proof, by, at, confirmed: None },
            EffectProof::Rescan { .. } | EffectProof::Statement { .. } => Effect::Stated { proof, by, at },
        }
    }

    /// The proof, if there is one.
    pub fn proof(&self) -> Option<(&EffectProof, PersonId, Timestamp)> {
        match self {
            Effect::NotTested => None,
            Effect::Stated { proof, by, at }
            | Effect::NotEffective { proof, by, at }
            | Effect::Effective { proof, by, at, .. } => Some((proof, *by, *at)),
        }
    }
}
