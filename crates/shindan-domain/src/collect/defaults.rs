//! Sources that ship with the program (`catalog/collect/sources.toml`). Nobody has to use them, and each is added by a person.

use super::{SourceDraft, SourceKind, Thresholds};
use crate::localised::Localised;
use crate::record_id::PersonId;

/// A proposed source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultSource {
    /// Short name.
    pub name: String,
    /// What people call it.
    pub title: Localised,
    /// What it is.
    pub kind: SourceKind,
    /// Where it is fetched.
    pub addresses: Vec<String>,
    /// After how many hours; `None`: only when a person looks.
    pub interval_hours: Option<u32>,
    /// So many days after the interval it is overdue.
    pub reminder_days: u16,
    /// Within how many days a person confirms.
    pub confirm_days: u16,
    /// From when on it is suspicious.
    pub thresholds: Thresholds,
    /// Under which terms its content may be passed on.
    pub licence: Localised,
    /// Its terms are unclear.
    pub may_leave_out: bool,
    /// It is proposed together with the others; the rest is for those who need it.
    pub proposed: bool,
    /// What nobody could check about it.
    pub unchecked: Option<Localised>,
}

impl DefaultSource {
    /// As a source that a person can add or change before. `language`: `ja`, or English for every other tag.
    pub fn draft(&self, language: &str, responsible: Option<PersonId>) -> SourceDraft {
        SourceDraft {
            name: self.name.clone(),
            title: self.title.get(language).to_owned(),
            kind: self.kind,
            addresses: self.addresses.clone(),
            interval_hours: self.interval_hours,
            responsible,
            reminder_days: self.reminder_days,
            confirm_days: self.confirm_days,
            thresholds: self.thresholds,
            licence: Some(self.licence.get(language).to_owned()),
            may_leave_out: self.may_leave_out,
        }
    }
}

/// The pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePack {
    /// Its identifier.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: Localised,
    /// The sources, in the order of the file; names differ.
    pub sources: Vec<DefaultSource>,
}
