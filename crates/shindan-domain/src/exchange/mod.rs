//! 相手方との交換: the sealed files that go to another installation of the program and come from it (SPEC.md section 4,
//! "Exchange between parties"; ③-1, integrity of exchanges).
//!
//! One record for each partner installation. What is cryptography (signature, hashes, encryption) is found out by
//! `shindan-exchange`; whether a genuine file may be accepted – whose key it is, whether it is for us, in its turn, in time –
//! is decided here and nowhere else.
//!
//! ```text
//! card added ─► confirmed (fingerprint read aloud, by another person) ─► replaced by the next card, or revoked
//! sent:      1, 2, 3 … each follows the one before by its hash ─► acknowledged by a signed receipt, or void
//! received:  1, 2, 3 … the same order; a gap is refused until the partner or an approver says that the number is void
//! ```
//!
//! What holds for every history: what was accepted is, number for number, what the partner sent, except for numbers that
//! somebody explicitly called void.

#[cfg(test)]
mod bundle_tests;
mod bundles;
mod card;
mod event;
mod keys;
mod receiving;
mod sending;
mod shown;

#[cfg(test)]
mod tests;

pub use bundles::{BundleArrival, BundleRef, Bundles, InTime, RefusedBundle, TakenBundle};
pub use card::{Card, Compared, KeyConfirmed, KeyRevoked, KeyState, PartnerKey};
pub use event::ExchangeEvent;
pub use receiving::{
    Arrival, CheckMade, KeptContent, Own, ReceivedFile, Receiving, RefusedImport, SealedCheck, VoidNumber,
    checks,
};
pub use sending::{ReceiptGiven, SealDraft, Sending, SentFile, SentState, SentVoid};

use serde::{Deserialize, Serialize};

use crate::evidence::Document;
use crate::ledger::{Hash, Kind};
use crate::process::{Filed, Occurrence, OutOfOrder, Process, View};
use crate::record_id::{InstallationId, PartyId};
use crate::terms;

terms! {
    /// How the exchange with a partner installation stands.
    pub enum ExchangeState ("exchange-state") {
        /// The fingerprint of their first card was not confirmed yet.
        Unconfirmed = "unconfirmed",
        /// Files can go and come; nothing is outstanding.
        Confirmed = "confirmed",
        /// Files can go and come; receipts for some that were sent are outstanding.
        Waiting = "waiting",
        /// The key was revoked; a new card is needed.
        Revoked = "revoked",
    }
}

terms! {
    /// What a file in a sealed file is.
    pub enum ContentType ("content-type") {
        /// Software bill of materials.
        Sbom = "sbom",
        /// Advisory (CSAF).
        Csaf = "csaf",
        /// Statement that something is affected or not (VEX).
        Vex = "vex",
        /// 照会
        Inquiry = "inquiry",
        /// Answer to an inquiry.
        Answer = "answer",
        /// Which patch, with its hashes.
        PatchManifest = "patch-manifest",
        /// 役割分担合意
        Agreement = "agreement",
        /// A consent or confirmation that names a record.
        Confirmation = "confirmation",
        /// Security information of a maker (MDS, SDS, MDS2).
        Mds = "mds",
        /// Anything else.
        Document = "document",
        /// That a sealed file was accepted.
        Receipt = "receipt",
    }
}

/// A file in a sealed file, as its manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Its name: relative, with `/` between folders.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// Size in bytes.
    pub size: u64,
    /// What it is.
    #[serde(rename = "type")]
    pub content_type: ContentType,
}

/// 相手方との交換 with one installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The organisation.
    pub party: PartyId,
    /// Their installation.
    pub installation: InstallationId,
    /// Their cards, the oldest first; at most one counts.
    pub keys: Vec<PartnerKey>,
    /// What went to them.
    pub sending: Sending,
    /// What came from them.
    pub receiving: Receiving,
    /// Bundles for closed networks that came from them.
    #[serde(default, skip_serializing_if = "Bundles::is_empty")]
    pub bundles: Bundles,
}

impl Exchange {
    /// How it stands.
    pub fn state(&self) -> ExchangeState {
        match (self.current_key(), self.proposed_key()) {
            (Some(_), _) if self.unacknowledged().next().is_some() => ExchangeState::Waiting,
            (Some(_), _) => ExchangeState::Confirmed,
            (None, Some(_)) => ExchangeState::Unconfirmed,
            (None, None) => ExchangeState::Revoked,
        }
    }

    fn begun(party: PartyId, card: &Card, document: &Document, when: &Occurrence) -> Exchange {
        Exchange {
            party,
            installation: card.installation,
            keys: vec![PartnerKey::added(card, document, when)],
            sending: Sending::default(),
            receiving: Receiving::default(),
            bundles: Bundles::default(),
        }
    }
}

impl Process for Exchange {
    const KIND: Kind = Kind::Exchange;
    type Event = ExchangeEvent;

    fn apply(state: Option<Self>, event: &ExchangeEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (None, ExchangeEvent::PartnerAdded { party, card, document }) => {
                Ok(Exchange::begun(*party, card, document, when))
            }
            (Some(exchange), event) => exchange.changed(event, when),
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

impl Exchange {
    fn changed(mut self, event: &ExchangeEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        use ExchangeEvent as E;
        let state = self.state();
        let fits = match event {
            E::PartnerAdded { .. } => false,
            E::CardChanged { .. } | E::KeyConfirmed { .. } | E::KeyRevoked { .. } => {
                self.key_changed(event, when)
            }
            E::Sealed { .. } | E::SentVoided { .. } | E::Acknowledged { .. } => {
                self.sending.changed(event, when)
            }
            E::Received { .. } | E::ImportRefused { .. } | E::GapAccepted { .. } => {
                self.receiving.changed(event, when)
            }
            E::BundleTaken { .. } | E::BundleRefused { .. } => self.bundles.changed(event, when),
        };
        if fits { Ok(self) } else { Err(OutOfOrder::new(event, state)) }
    }
}

/// Every set of terms of this process.
pub fn terms() -> Vec<crate::term::Term> {
    let mut all: Vec<_> = ExchangeState::terms().collect();
    all.extend(ContentType::terms());
    all.extend(KeyState::terms());
    all.extend(Compared::terms());
    all.extend(SentState::terms());
    all.extend(SealedCheck::terms());
    all.extend(CheckMade::terms());
    all
}
