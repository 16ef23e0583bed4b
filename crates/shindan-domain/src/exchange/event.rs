//! What can happen in the exchange with a partner.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BundleRef, Card, Compared, Content, KeptContent};
use crate::approval::Word;
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::process::{Event, Reason};
use crate::record_id::PartyId;

/// What can happen in the exchange with a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExchangeEvent {
    /// The first card of a partner installation was taken in.
    PartnerAdded {
        /// The organisation.
        party: PartyId,
        /// The card.
        card: Card,
        /// Its file.
        document: Document,
    },
    /// A new card was taken in; it counts once it is confirmed.
    CardChanged {
        /// The card.
        card: Card,
        /// Its file.
        document: Document,
    },
    /// The fingerprint of the card was compared; the card counts from now on, and none before it.
    KeyConfirmed {
        /// Fingerprint of the card.
        fingerprint: Hash,
        /// How it was compared.
        compared: Compared,
        /// Whose word it is.
        word: Word,
    },
    /// A card counts no longer.
    KeyRevoked {
        /// Fingerprint of the card.
        fingerprint: Hash,
        /// Why.
        reason: String,
    },
    /// A file was sealed for the partner.
    Sealed {
        /// Its number.
        sequence: u64,
        /// SHA-256 of its manifest.
        manifest: Hash,
        /// What is in it.
        contents: Vec<Content>,
        /// When it was made.
        created: Timestamp,
        /// From when on the partner refuses it.
        expires: Timestamp,
        /// Whether only the partner can read it.
        encrypted: bool,
        /// Numbers that it tells the partner not to wait for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        void: Vec<u64>,
        /// Manifest of the file that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Hash>,
        /// The sealed file.
        document: Document,
    },
    /// The partner is not to wait for a file that was sent: it is lost or wrong.
    SentVoided {
        /// Its number.
        sequence: u64,
        /// Why.
        reason: String,
    },
    /// The partner's receipt came back.
    Acknowledged {
        /// Number of the file.
        sequence: u64,
        /// SHA-256 of its manifest.
        manifest: Hash,
        /// When the partner accepted it.
        received: Timestamp,
        /// The receipt.
        document: Document,
    },
    /// A sealed file was accepted.
    Received {
        /// Its number.
        sequence: u64,
        /// SHA-256 of its manifest.
        manifest: Hash,
        /// SHA-256 of the manifest before it, as it states.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        previous: Option<Hash>,
        /// Fingerprint of the card whose key signed it.
        fingerprint: Hash,
        /// What was in it, kept.
        contents: Vec<KeptContent>,
        /// When it was made.
        created: Timestamp,
        /// Until when it could be accepted.
        expires: Timestamp,
        /// Missing numbers before it that it calls void.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        void: Vec<u64>,
        /// Manifest of our file that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Hash>,
        /// The sealed file.
        document: Document,
    },
    /// A file that says it is from this partner was refused.
    ImportRefused {
        /// Why.
        reason: Reason,
        /// The file, as it came.
        document: Document,
        /// Number up to which nothing can be accepted any more that is not here already, if the file proves it: it is
        /// genuine, but came too early or too late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        voidable: Option<u64>,
    },
    /// An approver decided not to wait for missing files.
    GapAccepted {
        /// Numbers up to this one are not waited for.
        through: u64,
        /// Why.
        reason: String,
    },
    /// A bundle for closed networks was taken in.
    BundleTaken {
        /// Which.
        bundle: BundleRef,
        /// Fingerprint of the card whose key signed it.
        fingerprint: Hash,
        /// When it was made.
        created: Timestamp,
        /// Why it was taken in although its time was over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expired_because: Option<String>,
        /// Its manifest.
        document: Document,
    },
    /// A bundle that is signed with the partner's key was refused.
    BundleRefused {
        /// Which.
        bundle: BundleRef,
        /// Why.
        reason: Reason,
    },
}

impl Event for ExchangeEvent {}
