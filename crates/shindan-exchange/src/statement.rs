//! What is signed: manifest, card, receipt. Fields stand in the order of RFC 8785.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shindan_domain::exchange::{Arrival, Card, Content, ReceiptGiven};
use shindan_domain::ledger::Hash;
use shindan_domain::record_id::InstallationId;
use uuid::Uuid;

/// Something that an installation signs.
pub trait Statement: Serialize + DeserializeOwned {
    /// `payloadType` of its envelope.
    const TYPE: &'static str;
    /// The newest form that this program writes and reads.
    const FORMAT: u32;

    /// The key that it says it is signed with: 64 lower-case hexadecimal digits.
    fn key(&self) -> &str;
}

/// Who made a sealed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestSender {
    /// The installation.
    pub installation: InstallationId,
    /// Its Ed25519 key.
    pub key: String,
    /// Name of the organisation, as it calls itself.
    pub party: String,
}

/// For whom a sealed file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestReceiver {
    /// Fingerprint of the card that the sender knows.
    pub fingerprint: Hash,
    /// The installation.
    pub installation: InstallationId,
}

/// What stands at the head of a sealed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The files that follow, in this order.
    pub contents: Vec<Content>,
    /// When it was made, UTC.
    pub created: Timestamp,
    /// From when on it is refused, UTC.
    pub expires: Timestamp,
    /// [`Statement::FORMAT`].
    pub format: u32,
    /// Its identifier.
    pub id: Uuid,
    /// SHA-256 of the payload of the manifest before it, from this sender to this receiver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Hash>,
    /// For whom it is.
    pub receiver: ManifestReceiver,
    /// SHA-256 of the payload of the manifest that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Hash>,
    /// Who made it.
    pub sender: ManifestSender,
    /// Its number, from this sender to this receiver: from 1, without gaps.
    pub sequence: u64,
    /// Earlier numbers that the receiver is not to wait for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub void: Vec<u64>,
}

impl Statement for Manifest {
    const TYPE: &'static str = "application/vnd.shindan.manifest+json";
    const FORMAT: u32 = 1;

    fn key(&self) -> &str {
        &self.sender.key
    }
}

impl Manifest {
    /// What is judged of it. `payload`: the exact bytes that were signed.
    pub fn arrival(&self, payload: &[u8]) -> Arrival {
        Arrival {
            sender: self.sender.installation,
            key: self.sender.key.clone(),
            receiver: self.receiver.installation,
            receiver_fingerprint: self.receiver.fingerprint,
            sequence: self.sequence,
            previous: self.previous,
            manifest: Hash::of(payload),
            created: self.created,
            expires: self.expires,
            void: self.void.clone(),
            reply_to: self.reply_to,
            contents: self.contents.clone(),
        }
    }
}

/// A card, as it is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardStatement {
    /// Who it is.
    pub card: Card,
    /// [`Statement::FORMAT`].
    pub format: u32,
}

impl Statement for CardStatement {
    const TYPE: &'static str = "application/vnd.shindan.card+json";
    const FORMAT: u32 = 1;

    fn key(&self) -> &str {
        &self.card.key
    }
}

/// That a sealed file was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptStatement {
    /// [`Statement::FORMAT`].
    pub format: u32,
    /// Who accepted it and signs.
    pub from: InstallationId,
    /// The key that signs.
    pub key: String,
    /// SHA-256 of the payload of the manifest.
    pub manifest: Hash,
    /// When it was accepted, UTC.
    pub received: Timestamp,
    /// Number of the file.
    pub sequence: u64,
    /// Who sent the file.
    pub to: InstallationId,
}

impl Statement for ReceiptStatement {
    const TYPE: &'static str = "application/vnd.shindan.receipt+json";
    const FORMAT: u32 = 1;

    fn key(&self) -> &str {
        &self.key
    }
}

impl ReceiptStatement {
    /// What is judged of it.
    pub fn given(&self) -> ReceiptGiven {
        let ReceiptStatement { format: _, from, key, manifest, received, sequence, to } = self;
        ReceiptGiven {
            from: *from,
            to: *to,
            key: key.clone(),
            sequence: *sequence,
            manifest: *manifest,
            received: *received,
        }
    }
}
