//! 適用後確認: what shows that a measure works where it was applied. The proof depends on the measure (SPEC.md, ②-4).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ChangeKind;
use crate::calendar::{in_future, not_in_future};
use crate::evidence::Document;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::terms;

terms! {
    /// What a proof rests on.
    pub enum ProofBasis ("proof-basis") {
        /// 再照合
        Rematched = "rematched",
        /// 修正済みビルド
        FixedBuild = "fixed-build",
        /// 効果の証跡
        Effect = "effect",
        /// 更改
        Replaced = "replaced",
    }
}

/// What shows that a measure works on an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "kebab-case")]
pub enum Proof {
    /// The new inventory was matched again and nothing is left; computed by the program.
    Rematched {
        /// Generation of the knowledge that it was matched with.
        knowledge: u64,
        /// When it was matched: after the application.
        at: Timestamp,
        /// Findings that are left.
        remaining: u32,
    },
    /// The installed build or update is one that the maker repaired (back-ports).
    FixedBuild {
        /// What shows the installed build.
        document: Document,
        /// Which build or update repairs it, and who says so.
        text: String,
    },
    /// Evidence of the effect of a setting, a mitigation, an isolation. A second person confirms it.
    Effect {
        /// What shows the effect.
        text: String,
        /// What it rests on.
        document: Document,
        /// When it is looked at again, a day in Japan.
        review: Date,
    },
    /// The old asset is retired and the new one was matched.
    Replaced {
        /// What shows that the old one is retired.
        retired: Document,
        /// Key of the new asset in the register.
        successor: String,
        /// Generation of the knowledge that the new one was matched with.
        knowledge: u64,
        /// When it was matched.
        at: Timestamp,
        /// Findings of the new one that are left.
        remaining: u32,
    },
}

impl Proof {
    /// What it rests on.
    pub fn basis(&self) -> ProofBasis {
        match self {
            Proof::Rematched { .. } => ProofBasis::Rematched,
            Proof::FixedBuild { .. } => ProofBasis::FixedBuild,
            Proof::Effect { .. } => ProofBasis::Effect,
            Proof::Replaced { .. } => ProofBasis::Replaced,
        }
    }

    /// Whether a second person has to confirm it.
    pub fn needs_second_person(&self) -> bool {
        matches!(self, Proof::Effect { .. })
    }

    /// The document that it rests on.
    pub fn document(&self) -> Option<&Document> {
        match self {
            Proof::Rematched { .. } => None,
            Proof::FixedBuild { document, .. }
            | Proof::Effect { document, .. }
            | Proof::Replaced { retired: document, .. } => Some(document),
        }
    }

    /// Refuses a proof that does not belong to the measure, is older than the application, or proves nothing.
    pub(super) fn check(
        &self,
        kind: ChangeKind,
        applied_at: Timestamp,
        by: &Occurrence,
    ) -> Result<(), Refusal> {
        let fits = match self {
            Proof::Rematched { .. } | Proof::FixedBuild { .. } => kind == ChangeKind::Patch,
            Proof::Replaced { .. } => kind == ChangeKind::Replacement,
            Proof::Effect { .. } => {
                matches!(kind, ChangeKind::Configuration | ChangeKind::Mitigation | ChangeKind::Isolation)
            }
        };
        if !fits {
            let reason = Reason::new(ReasonCode::ProofOfOtherKind).with("kind", kind);
            return Err(reason.with("basis", self.basis()).into());
        }
        self.document().map_or(Ok(()), Document::check)?;
        match self {
            Proof::Rematched { at, remaining, .. } => matched(*at, *remaining, applied_at, by),
            Proof::FixedBuild { text, .. } => text_given(Label::Note.as_str(), text),
            Proof::Effect { text, review, .. } => {
                text_given(Label::Note.as_str(), text)?;
                in_future(Label::ReviewOn, *review, by)
            }
            Proof::Replaced { successor, at, remaining, .. } => {
                text_given(Label::Successor.as_str(), successor)?;
                matched(*at, *remaining, applied_at, by)
            }
        }
    }
}

fn matched(at: Timestamp, remaining: u32, applied_at: Timestamp, by: &Occurrence) -> Result<(), Refusal> {
    not_in_future(Label::At, at, by)?;
    if at < applied_at {
        return Err(Reason::new(ReasonCode::ProofTooOld).with("applied", applied_at).with("date", at).into());
    }
    if remaining > 0 {
        return Err(Reason::new(ReasonCode::WeaknessRemains).with("remaining", remaining).into());
    }
    Ok(())
}
