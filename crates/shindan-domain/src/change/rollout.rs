//! 適用: progress per asset.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Path, Proof};
use crate::alternative::Alternative;
use crate::approval::Given;
use crate::ledger::Hash;
use crate::record_id::PersonId;
use crate::terms;

terms! {
    /// How far the change has come on an asset.
    pub enum AssetState ("asset-progress") {
        /// 未適用
        Pending = "pending",
        /// 適用済み、確認待ち
        Applied = "applied",
        /// 適用失敗
        Failed = "failed",
        /// 確認済み
        Confirmed = "confirmed",
        /// 切り戻し済み
        RolledBack = "rolled-back",
        /// 適用せず
        LeftOut = "left-out",
    }
}

/// An application to an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedTo {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: PersonId,
    /// On which path through the gate.
    pub path: Path,
    /// SHA-256 of the file at that moment, if a patch was applied.
    pub file: Option<Hash>,
}

/// Progress of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AssetProgress {
    /// Not yet applied.
    Pending,
    /// Applied, to be confirmed.
    Applied(AppliedTo),
    /// It was tried and did not work; it can be tried again, left out or rolled back.
    Failed {
        /// The attempt.
        applied: AppliedTo,
        /// What went wrong.
        reason: String,
    },
    /// It works.
    Confirmed {
        /// The application.
        applied: AppliedTo,
        /// What shows it.
        proof: Proof,
        /// Who confirmed it.
        confirmation: Given,
    },
    /// It was taken back.
    RolledBack {
        /// Why.
        reason: String,
        /// By whom.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
    /// It is not applied to this asset.
    LeftOut {
        /// Why.
        reason: String,
        /// What is done instead, if it needs something.
        alternative: Option<Alternative>,
        /// By whom.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
}

impl AssetProgress {
    /// How far.
    pub fn state(&self) -> AssetState {
        match self {
            AssetProgress::Pending => AssetState::Pending,
            AssetProgress::Applied(_) => AssetState::Applied,
            AssetProgress::Failed { .. } => AssetState::Failed,
            AssetProgress::Confirmed { .. } => AssetState::Confirmed,
            AssetProgress::RolledBack { .. } => AssetState::RolledBack,
            AssetProgress::LeftOut { .. } => AssetState::LeftOut,
        }
    }

    /// True if nothing is to be done about it any more.
    pub fn is_settled(&self) -> bool {
        matches!(self.state(), AssetState::Confirmed | AssetState::RolledBack | AssetState::LeftOut)
    }
}

/// Progress of every asset of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// By key in the register.
    pub assets: BTreeMap<String, AssetProgress>,
}

impl Rollout {
    pub(super) fn of(assets: &[String]) -> Rollout {
        Rollout { assets: assets.iter().map(|asset| (asset.clone(), AssetProgress::Pending)).collect() }
    }

    /// True if nothing is to be done about any asset.
    pub fn settled(&self) -> bool {
        self.assets.values().all(AssetProgress::is_settled)
    }

    /// True if it works on at least one asset.
    pub fn any_confirmed(&self) -> bool {
        self.assets.values().any(|progress| progress.state() == AssetState::Confirmed)
    }

    /// True if something that was applied was not taken back.
    pub fn anything_applied(&self) -> bool {
        let applied = [AssetState::Applied, AssetState::Failed, AssetState::Confirmed];
        self.assets.values().any(|progress| applied.contains(&progress.state()))
    }

    /// What was proven, per asset.
    pub fn proofs(&self) -> impl Iterator<Item = (&str, &Proof)> {
        self.assets.iter().filter_map(|(asset, progress)| match progress {
            AssetProgress::Confirmed { proof, .. } => Some((asset.as_str(), proof)),
            _ => None,
        })
    }

    pub(super) fn set(&mut self, asset: &str, progress: AssetProgress) {
        self.assets.insert(asset.to_owned(), progress);
    }
}
