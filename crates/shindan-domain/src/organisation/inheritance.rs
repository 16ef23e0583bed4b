//! Which deployments inherit the decisions that were made for a release (SPEC.md section 3).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Deployment, MasterData};
use crate::ledger::{Kind, Stream};
use crate::process::Shown;
use crate::record_id::{CaseId, DeploymentId, PersonId, ReleaseId};

/// A decision of the release that does not hold at a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The case of the release.
    pub case: CaseId,
    /// Why it does not hold here.
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
    /// Who said so.
    pub by: PersonId,
}

impl Override {
    pub(super) fn row(&self) -> Vec<Option<Shown>> {
        vec![
            Some(Stream::new(Kind::Case, self.case).into()),
            Some((&self.reason).into()),
            Some(self.by.into()),
            Some(self.at.into()),
        ]
    }
}

/// What a decision for a release means for a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inheritance {
    /// It holds there.
    Inherited,
    /// The site decides for itself.
    Overridden(Override),
    /// Another release runs there, or the deployment has ended.
    NotConcerned,
}

/// What a decision that was made in `case` for `release` means for a deployment.
pub fn inheritance(case: CaseId, release: ReleaseId, deployment: &MasterData<Deployment>) -> Inheritance {
    if deployment.ended.is_some() || deployment.particulars.release != release {
        return Inheritance::NotConcerned;
    }
    match deployment.particulars.overrides.iter().find(|item| item.case == case) {
        Some(item) => Inheritance::Overridden(item.clone()),
        None => Inheritance::Inherited,
    }
}

/// The deployments for which a decision for `release` holds.
pub fn inherited_by<'a>(
    case: CaseId,
    release: ReleaseId,
    deployments: impl IntoIterator<Item = (DeploymentId, &'a MasterData<Deployment>)>,
) -> Vec<DeploymentId> {
    let inherits = |deployment| inheritance(case, release, deployment) == Inheritance::Inherited;
    deployments.into_iter().filter(|(_, deployment)| inherits(deployment)).map(|(id, _)| id).collect()
}
