//! Reports, drawn from what is known at that moment, and measures.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::approval::Given;
use crate::evidence::Document;
use crate::record_id::{PartyId, PersonId};

/// Who reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Respondent {
    /// The system's operator: this person.
    Operator(PersonId),
    /// A provider, or another party.
    Party(PartyId),
}

/// What is known of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetLine {
    /// Its key in the register.
    pub asset: String,
    /// What it is called.
    pub name: String,
    /// Version or firmware, as last imported; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// End of the maker's support; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_end: Option<Date>,
    /// When it was last seen in the network; `None`: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
    /// Open cases that concern it.
    pub open_cases: u32,
    /// Findings that could not be judged.
    pub undetermined: u32,
}

/// What the program knows at the moment of the report. Taken by the program, not typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// When it was taken.
    pub at: Timestamp,
    /// Generation of the knowledge; `None`: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knowledge: Option<u64>,
    /// The assets of the item's scope.
    pub assets: Vec<AssetLine>,
    /// Open cases of the scope.
    pub open_cases: u32,
    /// Of these, past their due day.
    pub overdue_cases: u32,
}

/// 報告 about an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What the program knew.
    pub snapshot: Snapshot,
    /// What the reporter says.
    pub statement: String,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// The reporter's word.
    pub given: Given,
}

/// 処置: a measure because an item is not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What is to be done.
    pub text: String,
    /// Who does it.
    pub responsible: Respondent,
    /// Until when, a day in Japan.
    pub due: Date,
    /// What was done; `None`: not yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Done>,
}

/// That a measure was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// What was done.
    pub text: String,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}
