//! 修正パッチ: the artefact, never the act (SPEC.md section 4, ②-3).
//!
//! A patch is *usable* if its file is proven genuine, or an alternative to that proof was approved by another person,
//! **and** it is proven effective: the weakness is gone in the test environment. A tampered file stands in quarantine and
//! never leaves it; only another file can take its place.
//!
//! ```text
//!               ┌ genuine ─────────────────────────────┐
//! registered ─► ┤ no means ─► alternative ─► approved ─┴► effect ─► (second person) ─► usable
//!               ├ key not acceptable, unreadable ─► verify anew
//!               └ tampered ─► quarantined ─► another file
//! ```

mod commands;
mod effect;
mod event;
mod genuineness;
mod shown;

#[cfg(test)]
mod tests;

pub use effect::{Effect, EffectProof, EffectTest, TestedIn};
pub use event::PatchEvent;
pub use genuineness::{Genuineness, ProofAlternative, Verified};
pub(crate) use shown::verification_terms;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::evidence::Document;
use crate::ledger::{Hash, Kind};
use crate::process::{Filed, Occurrence, OutOfOrder, Process, Reason, ReasonCode, View};
use crate::record_id::{CaseId, PartyId, PatchId, PersonId};
use crate::terms;
use crate::verification::{Channel, Method};

terms! {
    /// How far a patch is proven.
    pub enum PatchState ("patch-state") {
        /// The file is there; nothing was verified.
        Registered = "registered",
        /// What was given to verify it could not be read.
        Unreadable = "unreadable",
        /// Signed with a key that does not count.
        KeyNotAcceptable = "key-not-acceptable",
        /// The maker offers no means of verification.
        NoMeans = "no-means",
        /// An alternative to the proof was proposed.
        AlternativeProposed = "alternative-proposed",
        /// 隔離: the file is not the maker's.
        Quarantined = "quarantined",
        /// Genuine (or approved); the effect is not proven.
        EffectToProve = "effect-to-prove",
        /// A stated effect waits for a second person.
        EffectToConfirm = "effect-to-confirm",
        /// The weakness is still there.
        NotEffective = "not-effective",
        /// 使用可
        Usable = "usable",
        /// Registered by mistake, or not to be used any more.
        Withdrawn = "withdrawn",
    }
}

/// The file of a patch and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchFile {
    /// The file.
    pub document: Document,
    /// Where it was fetched.
    pub obtained_from: Channel,
    /// Who registered it.
    pub registered_by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A value that the maker published for the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedValue {
    /// How the file is compared with it.
    pub method: Method,
    /// The value: a digest, a fingerprint.
    pub value: String,
    /// Where the value came from: a second way, not the one of the file.
    pub channel: Channel,
}

/// What a patch is, besides its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchParticulars {
    /// What the maker calls it.
    pub name: String,
    /// Who made it.
    pub maker: PartyId,
    /// Cases that it is to remedy; empty: whichever concern its vulnerabilities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CaseId>,
    /// Vulnerabilities that it is to remedy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vulnerabilities: Vec<String>,
    /// What the maker published to verify it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<ExpectedValue>,
}

/// A file that was replaced, and how far it had come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerFile {
    /// The file.
    pub file: PatchFile,
    /// What its verification came to.
    pub genuineness: Genuineness,
    /// Why it was replaced.
    pub reason: String,
    /// When.
    pub until: Timestamp,
}

/// 修正パッチ
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// What it is.
    pub particulars: PatchParticulars,
    /// Its file.
    pub file: PatchFile,
    /// What the verification of the file came to.
    pub genuineness: Genuineness,
    /// Whether the weakness is gone with it.
    pub effect: Effect,
    /// Every verification of the file, oldest first.
    pub verifications: Vec<Verified>,
    /// Files that were replaced.
    pub former: Vec<FormerFile>,
    /// Why it was withdrawn.
    pub withdrawn: Option<String>,
}

/// A patch as it lies before who is to apply it.
#[derive(Debug, Clone, Copy)]
pub struct PatchAtHand<'a> {
    /// Which one.
    pub id: PatchId,
    /// What is recorded of it.
    pub patch: &'a Patch,
    /// SHA-256 of the file, computed at this moment; `None`: it could not be read.
    pub hash_now: Option<Hash>,
}

impl Patch {
    /// How far it is proven.
    pub fn state(&self) -> PatchState {
        if self.withdrawn.is_some() {
            return PatchState::Withdrawn;
        }
        match &self.genuineness {
            Genuineness::NotVerified => PatchState::Registered,
            Genuineness::Unreadable => PatchState::Unreadable,
            Genuineness::KeyNotAcceptable => PatchState::KeyNotAcceptable,
            Genuineness::NoMeans => PatchState::NoMeans,
            Genuineness::AlternativeProposed { .. } => PatchState::AlternativeProposed,
            Genuineness::Quarantined => PatchState::Quarantined,
            Genuineness::Genuine | Genuineness::AlternativeApproved { .. } => match &self.effect {
                Effect::NotTested => PatchState::EffectToProve,
                Effect::Stated { .. } => PatchState::EffectToConfirm,
                Effect::NotEffective { .. } => PatchState::NotEffective,
                Effect::Effective { .. } => PatchState::Usable,
            },
        }
    }

    /// Everything that keeps the file from being believed, whether or not it helps. Empty: genuine, or approved.
    pub fn genuineness_blockers(&self) -> Vec<Reason> {
        let code = match &self.genuineness {
            _ if self.withdrawn.is_some() => ReasonCode::PatchWithdrawn,
            Genuineness::NotVerified => ReasonCode::PatchNotVerified,
            Genuineness::Unreadable => ReasonCode::PatchUnreadable,
            Genuineness::KeyNotAcceptable => ReasonCode::PatchKeyNotAcceptable,
            Genuineness::NoMeans => ReasonCode::PatchWithoutMeans,
            Genuineness::AlternativeProposed { .. } => ReasonCode::PatchAlternativeNotApproved,
            Genuineness::Quarantined => ReasonCode::PatchQuarantined,
            Genuineness::Genuine | Genuineness::AlternativeApproved { .. } => return Vec::new(),
        };
        vec![Reason::new(code).with("patch", &self.particulars.name)]
    }

    /// Everything that keeps it from being used. Empty: usable.
    pub fn blockers(&self) -> Vec<Reason> {
        let mut blockers = self.genuineness_blockers();
        let code = match &self.effect {
            Effect::NotTested => ReasonCode::PatchEffectNotProven,
            Effect::Stated { .. } => ReasonCode::PatchEffectNotConfirmed,
            Effect::NotEffective { .. } => ReasonCode::PatchNotEffective,
            Effect::Effective { .. } => return blockers,
        };
        blockers.push(Reason::new(code).with("patch", &self.particulars.name));
        blockers
    }

    /// Genuine or approved, and effective.
    pub fn is_usable(&self) -> bool {
        self.blockers().is_empty()
    }

    /// Files of this patch that are never to be used.
    pub fn quarantined(&self) -> impl Iterator<Item = &Document> {
        let now = matches!(self.genuineness, Genuineness::Quarantined).then_some(&self.file.document);
        let former = self.former.iter().filter(|former| former.genuineness == Genuineness::Quarantined);
        former.map(|former| &former.file.document).chain(now)
    }
}

impl Process for Patch {
    const KIND: Kind = Kind::Patch;
    type Event = PatchEvent;

    fn apply(state: Option<Self>, event: &PatchEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, PatchEvent::Registered { particulars, document, obtained_from }) => Ok(Patch {
                particulars: particulars.clone(),
                file: PatchFile::at(document, obtained_from, when),
                genuineness: Genuineness::NotVerified,
                effect: Effect::NotTested,
                verifications: Vec::new(),
                former: Vec::new(),
                withdrawn: None,
            }),
            (Some(patch), event) => patch.changed(event, when),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        shown::filed(self)
    }

    fn view(&self) -> View {
        shown::view(self)
    }
}
