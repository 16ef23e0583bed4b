//! The official wording of controls and requirements, as it was read from a page that the user has.
//!
//! Packs hold our own words. What a page says literally stays in the user's data folder. Every text is made of pieces
//! of the page, in the order that was found or concluded; a piece that could not be placed is listed, never dropped.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Certainty;

/// What one text tells about the packs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wording {
    /// Rows that some pack knows, in the order of the page.
    pub controls: Vec<WordedControl>,
    /// Requirements that some pack knows, in the order of the packs.
    pub requirements: Vec<WordedRequirement>,
    /// What the page does not tell, or what could not be made out.
    pub unreadable: Vec<Unreadable>,
    /// Row numbers and chapters that no pack knows.
    pub unknown: Vec<UnknownEntry>,
}

/// A text that was imported, with where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordingRecord {
    /// Path as given.
    pub path: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// When it was imported.
    pub imported_at: Timestamp,
    /// What it told.
    pub wording: Wording,
}

/// The wording in force of a control: that of the newest record that has one.
pub fn of_control<'r>(
    records: &'r [WordingRecord],
    catalog: &str,
    number: &str,
) -> Option<(&'r WordedControl, &'r WordingRecord)> {
    let all = records.iter().flat_map(|r| r.wording.controls.iter().map(move |c| (c, r)));
    all.filter(|(c, _)| c.catalog == catalog && c.number == number && c.text.is_some())
        .max_by_key(|(_, r)| r.imported_at)
}

/// The wording in force of a requirement: that of the newest record that has one.
pub fn of_requirement<'r>(
    records: &'r [WordingRecord],
    catalog: &str,
    number: &str,
) -> Option<(&'r WordedRequirement, &'r WordingRecord)> {
    let all = records.iter().flat_map(|r| r.wording.requirements.iter().map(move |q| (q, r)));
    all.filter(|(q, _)| q.catalog == catalog && q.number == number && q.text.is_some())
        .max_by_key(|(_, r)| r.imported_at)
}

/// The official wording of a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordedControl {
    /// Pack: `mic-meti-provider-1.1-annex2-p30`.
    pub catalog: String,
    /// As printed: `③-1`.
    pub number: String,
    /// The text; `None` exactly if it is unreadable.
    pub text: Option<String>,
    /// *Read* if the page alone gives the order of its pieces, *inferred* if it was concluded.
    pub certainty: Certainty,
    /// Other wordings of the same row.
    pub variants: Vec<String>,
    /// The risk scenario that stands beside it, if one was made out.
    pub risk: Option<String>,
    /// Lines of the text, from 1.
    pub lines: Vec<u32>,
}

/// The official wording of a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordedRequirement {
    /// Pack: `mhlw-6.0`.
    pub catalog: String,
    /// As the pack numbers it: `企画管理編 9`.
    pub number: String,
    /// `企画管理編`
    pub volume: String,
    /// `9`
    pub chapter: String,
    /// Heading as printed, without its number.
    pub title: Option<String>,
    /// The text; `None` exactly if it is unreadable.
    pub text: Option<String>,
    /// As for controls.
    pub certainty: Certainty,
    /// The other wordings on the page.
    pub variants: Vec<String>,
    /// Lines of the text, from 1.
    pub lines: Vec<u32>,
}

/// What kind of thing could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnreadablePart {
    /// 区分 (◎, ○) of a row.
    Mark,
    /// The title of a section: not on the page, or cut off.
    SectionTitle,
    /// The text of a row whose number is on the page.
    ControlText,
    /// A row of the pack that is not on the page.
    Control,
    /// Number of the 遵守事項.
    ItemNumber,
    /// A requirement of the packs that is not on the page.
    Requirement,
    /// A piece of text that could not be placed, or that is cut off.
    Piece,
}

impl UnreadablePart {
    /// All.
    pub const ALL: [UnreadablePart; 7] = [
        UnreadablePart::Mark,
        UnreadablePart::SectionTitle,
        UnreadablePart::ControlText,
        UnreadablePart::Control,
        UnreadablePart::ItemNumber,
        UnreadablePart::Requirement,
        UnreadablePart::Piece,
    ];

    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            UnreadablePart::Mark => "mark",
            UnreadablePart::SectionTitle => "section-title",
            UnreadablePart::ControlText => "control-text",
            UnreadablePart::Control => "control",
            UnreadablePart::ItemNumber => "item-number",
            UnreadablePart::Requirement => "requirement",
            UnreadablePart::Piece => "piece",
        }
    }
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// What kind of thing.
    pub part: UnreadablePart,
    /// Number of the row, section or requirement it belongs to, if it belongs to one.
    pub number: Option<String>,
    /// The text as it stands there; empty if nothing does.
    pub text: String,
    /// Lines, from 1; empty if it is not on the page.
    pub lines: Vec<u32>,
}

/// A number on the page that no pack knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownEntry {
    /// As printed: `⑥-1`, `7.`.
    pub number: String,
    /// Line, from 1.
    pub line: u32,
}
