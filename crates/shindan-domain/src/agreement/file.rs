//! 合意書ファイル: an agreement as one installation hands it to another (`docs/schemas/agreement-1.json`).

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::content::Content;
use super::{Agreement, AgreementState};
use crate::approval::{Given, Means};
use crate::ledger::Hash;

/// The `schema` of the file.
pub const FILE_SCHEMA: &str = "shindan.agreement/1";

/// An agreement, self-contained: what it says, and who has confirmed that. No name of a person is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementFile {
    /// `shindan.agreement/1`
    pub schema: String,
    /// What is agreed.
    pub content: Content,
    /// Its hash; both sides compute the same.
    pub content_hash: Hash,
    /// How far it has come where the file was made.
    pub state: AgreementState,
    /// Who has confirmed this content there.
    #[serde(default)]
    pub confirmations: Vec<FileConfirmation>,
    /// What was said about each duty there, for information.
    #[serde(default)]
    pub discussion: Vec<FileDiscussion>,
    /// When the file was made, UTC.
    pub made: Timestamp,
    /// Number of the record there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
}

/// A party's confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileConfirmation {
    /// Name of the party.
    pub party: String,
    /// What it confirmed.
    pub content_hash: Hash,
    /// When, UTC.
    pub at: Timestamp,
    /// By what means.
    pub means: Means,
}

/// How far a duty is discussed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDiscussion {
    /// Key of the duty.
    pub duty: String,
    /// 初回確認日
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Date>,
    /// 完了日
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<Date>,
    /// Names of the parties that agree.
    #[serde(default)]
    pub agreed: BTreeSet<String>,
}

impl AgreementFile {
    /// True if the file says that a party confirmed exactly its content.
    pub fn confirmed_by(&self, party: &str) -> bool {
        self.confirmations.iter().any(|one| one.party == party && one.content_hash == self.content_hash)
    }
}

impl Agreement {
    /// The content as it is now, with who has confirmed it.
    pub fn to_file(&self, record: Option<String>, made: Timestamp) -> AgreementFile {
        let content_hash = self.content.hash();
        let one = |(party, given): (&String, &Given)| FileConfirmation {
            party: party.clone(),
            content_hash,
            at: given.at,
            means: given.word.means(),
        };
        let working = self.confirmed().into_iter().flatten().map(|(name, word)| one((name, &word.given)));
        let last = self.versions.last().filter(|version| version.hash == content_hash);
        let confirmations = working.chain(last.iter().flat_map(|version| &version.confirmed).map(one));
        let discussion = self.discussion.iter().map(|(duty, said)| FileDiscussion {
            duty: duty.clone(),
            first: said.first,
            completed: said.completed,
            agreed: said.agreed.clone(),
        });
        AgreementFile {
            schema: FILE_SCHEMA.to_owned(),
            content: self.content.clone(),
            content_hash,
            state: self.state(),
            confirmations: confirmations.collect(),
            discussion: discussion.collect(),
            made,
            record,
        }
    }
}
