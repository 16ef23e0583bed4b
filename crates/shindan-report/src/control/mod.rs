//! 対策項目の状況: what the records of a day show about each control, for the terminal, programs and print.

mod html;
mod json;
mod table;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::control::ControlStatus;
use shindan_domain::localised::Localised;
use shindan_domain::record_id::InstallationId;

pub use html::control_html;
pub use json::write_control;
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
    /// What the records show.
    pub status: ControlStatus,
}

fn text_of(line: &ControlLine, words: &Words) -> String {
    let text = line.text.as_ref().map(|text| match words.lang() {
        Lang::Ja => text.ja.clone(),
        Lang::En => text.en.clone(),
    });
    text.unwrap_or_else(|| words.t("unknown"))
}
