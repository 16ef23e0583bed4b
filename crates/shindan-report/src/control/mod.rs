//! 対策項目の状況: what the records of a day show about each control, for the terminal, programs and print.

mod html;
mod json;
mod paper;
mod table;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::control::ControlStatus;
use shindan_domain::crosswalk::Certainty;
use shindan_domain::localised::Localised;
use shindan_domain::record_id::InstallationId;

pub use html::control_html;
pub use json::write_control;
pub use paper::control_paper;
pub use table::control_table;

use crate::words::{Lang, Words};

/// The status of every control as of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlReport {
    /// The day in Japan for which it holds.
    pub as_of: Date,
    /// Entries up to this moment were looked at.
    pub until: Timestamp,
    /// When it was made.
    pub made: Timestamp,
    /// Prefix of the installation's display numbers.
    pub prefix: String,
    /// The installation.
    pub installation: InstallationId,
    /// The last entry that was looked at; 0 if there was none.
    pub entries: u64,
    /// Controls and requirements, in the order of the catalogues.
    pub lines: Vec<ControlLine>,
}

/// One control or requirement.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlLine {
    /// Its number as people write it: `②-2`, `企画管理編 9`.
    pub number: String,
    /// What it asks, in our words; `None` if that could not be read.
    pub text: Option<Localised>,
    /// Where it stands in the catalogues; `None` for a row that is in none of them.
    pub place: Option<Place>,
    /// What the records show.
    pub status: ControlStatus,
}

/// Where a control or requirement stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What its catalogue is called.
    pub catalog: Localised,
    /// The group of a control: its number and, if it could be read, its heading.
    pub section: Option<(String, Option<Localised>)>,
    /// What the row is called, for a requirement.
    pub title: Option<Localised>,
    /// The requirements a control is linked to.
    pub requirements: Vec<LinkedRequirement>,
}

/// A requirement of the other guideline that a control is linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedRequirement {
    /// Its number as people write it.
    pub number: String,
    /// What it is called, if that could be read.
    pub title: Option<Localised>,
    /// Whether the link was read in the document, or inferred.
    pub certainty: Certainty,
}

fn text_of(line: &ControlLine, words: &Words) -> String {
    let text = line.text.as_ref().map(|text| match words.lang() {
        Lang::Ja => text.ja.clone(),
        Lang::En => text.en.clone(),
    });
    text.unwrap_or_else(|| words.t("unknown"))
}
