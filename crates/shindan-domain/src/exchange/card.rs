//! 名刺: who a partner installation is – its keys, and the fingerprint that people compare by another way than the file.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::approval::Given;
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::process::Occurrence;
use crate::record_id::{InstallationId, PersonId};
use crate::terms;

/// Digits of the fingerprint that are read aloud: 128 of its 256 bits.
const READ_ALOUD: usize = 32;

terms! {
    /// How far a partner's card has come.
    pub enum KeyState ("partner-key-state") {
        /// Taken in; its fingerprint was not compared yet.
        Proposed = "proposed",
        /// Its signatures count.
        Confirmed = "confirmed",
        /// A newer card was confirmed.
        Replaced = "replaced",
        /// Its signatures count no longer, and must not have counted for some time perhaps.
        Revoked = "revoked",
    }
}

terms! {
    /// By which other way the fingerprint was learnt.
    pub enum Compared ("fingerprint-compared") {
        /// Read aloud on the telephone, to a person known by their voice or called at a known number.
        Voice = "voice",
        /// On paper that the party handed over or sent.
        Paper = "paper",
        /// In a meeting.
        Meeting = "meeting",
    }
}

/// What an installation says of itself, signed with its own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The installation.
    pub installation: InstallationId,
    /// Its Ed25519 key: 64 lower-case hexadecimal digits.
    pub key: String,
    /// Name of the organisation, as it calls itself.
    pub party: String,
    /// To whom files are encrypted: an age recipient (`age1…`).
    pub recipient: String,
}

impl Card {
    /// SHA-256 over installation, key and recipient. The name is not in it: a new name needs no new comparison.
    pub fn fingerprint(&self) -> Hash {
        let Card { installation, key, party: _, recipient } = self;
        Hash::of(format!("shindan card 1\n{installation}\n{key}\n{recipient}\n").as_bytes())
    }

    /// The part of the fingerprint that is read aloud: `8A3F 09C1 …`, eight groups of four digits.
    pub fn read_aloud(&self) -> String {
        let digits = self.fingerprint().to_string().to_ascii_uppercase();
        let digits: Vec<char> = digits.chars().take(READ_ALOUD).collect();
        let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join(" ")
    }

    /// Whether a person typed this card's fingerprint: the eight groups, or all 64 digits. Spaces, hyphens and colons
    /// between digits are skipped; anything shorter proves too little.
    pub fn is_called(&self, typed: &str) -> bool {
        let skipped = |letter: &char| !letter.is_whitespace() && !matches!(letter, '-' | ':');
        let typed: String = typed.chars().filter(skipped).collect::<String>().to_ascii_lowercase();
        let whole = self.fingerprint().to_string();
        typed == whole || Some(typed.as_str()) == whole.get(..READ_ALOUD)
    }
}

/// That a card's fingerprint was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyConfirmed {
    /// How.
    pub compared: Compared,
    /// Whose word it is.
    pub given: Given,
}

/// That a card counts no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRevoked {
    /// Why.
    pub reason: String,
    /// Who revoked it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A partner's card and what was done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerKey {
    /// The card.
    pub card: Card,
    /// Its file.
    pub document: Document,
    /// Who took it in.
    pub added_by: PersonId,
    /// When.
    pub added_at: Timestamp,
    /// That its fingerprint was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<KeyConfirmed>,
    /// Since when a newer card counts in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Timestamp>,
    /// That it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<KeyRevoked>,
}

impl PartnerKey {
    pub(super) fn added(card: &Card, document: &Document, when: &Occurrence) -> PartnerKey {
        PartnerKey {
            card: card.clone(),
            document: document.clone(),
            added_by: when.actor.person,
            added_at: when.at,
            confirmed: None,
            replaced: None,
            revoked: None,
        }
    }

    /// How far it has come.
    pub fn state(&self) -> KeyState {
        match (&self.revoked, &self.replaced, &self.confirmed) {
            (Some(_), _, _) => KeyState::Revoked,
            (None, Some(_), _) => KeyState::Replaced,
            (None, None, Some(_)) => KeyState::Confirmed,
            (None, None, None) => KeyState::Proposed,
        }
    }
}
