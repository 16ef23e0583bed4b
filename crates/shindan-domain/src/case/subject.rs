//! What a case is about.

use serde::{Deserialize, Serialize};

use crate::ledger::{Kind, Stream};
use crate::process::{Link, Relation, Shown};
use crate::record_id::{DeploymentId, ReleaseId, SystemId};
use crate::term::Term;
use crate::terms;

terms! {
    /// What a case is about.
    pub enum SubjectKind ("subject") {
        /// 医療情報システム・サービス
        System = "system",
        /// 版 of a product, at its provider.
        Release = "release",
        /// 導入: a release at a site.
        Deployment = "deployment",
        /// The register of assets as a whole.
        Register = "register",
    }
}

/// What a case is about: one decision holds for all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum Subject {
    /// A system.
    System(SystemId),
    /// A release of a product.
    Release(ReleaseId),
    /// A release at a site.
    Deployment(DeploymentId),
    /// The register of assets: devices that belong to no system.
    Register,
}

impl Subject {
    /// What it is.
    pub fn kind(self) -> SubjectKind {
        match self {
            Subject::System(_) => SubjectKind::System,
            Subject::Release(_) => SubjectKind::Release,
            Subject::Deployment(_) => SubjectKind::Deployment,
            Subject::Register => SubjectKind::Register,
        }
    }

    /// The record; `None` for the register, which is no record of its own.
    pub fn stream(self) -> Option<Stream> {
        match self {
            Subject::System(id) => Some(Stream::new(Kind::System, id)),
            Subject::Release(id) => Some(Stream::new(Kind::Release, id)),
            Subject::Deployment(id) => Some(Stream::new(Kind::Deployment, id)),
            Subject::Register => None,
        }
    }

    /// The relation by which lists find the case; for the register the target is `register`.
    pub fn link(self) -> Link {
        match self.stream() {
            Some(stream) => Link::record(Relation::Subject, stream),
            None => Link::to(Relation::Subject, SubjectKind::Register.as_str()),
        }
    }

    /// As people are shown it.
    pub fn shown(self) -> Shown {
        match self.stream() {
            Some(stream) => stream.into(),
            None => self.term().into(),
        }
    }

    /// Its kind as a term.
    pub fn term(self) -> Term {
        self.kind().term()
    }
}
