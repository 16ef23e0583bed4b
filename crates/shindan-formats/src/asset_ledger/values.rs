//! From the cells of one row to an asset. What a cell says that it should not say is told with its address.

use std::collections::BTreeMap;

use shindan_domain::asset_ledger::LedgerColumn;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::inventory::{Asset, AssetKind, Exposure};
use unicode_normalization::UnicodeNormalization;

use super::mapping::LedgerMapping;
use super::{content, rows, words};
use crate::sheet::{Cell, Content, Sheet};
use crate::text::shorten;

/// Longest value that is kept of a cell, in characters. Remarks are the longest; a version of a page is none.
const LONGEST: usize = 2_000;
/// Serial numbers of days between the years 1990 and 2119.
const DAYS: std::ops::Range<f64> = 32_874.0..80_354.0;

/// What all cells of a row share.
pub(super) struct Context<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) mapping: Option<&'a LedgerMapping>,
    /// Place of the row.
    pub(super) place: Place,
    /// Folded headings by column.
    pub(super) headings: &'a BTreeMap<u32, String>,
}

/// An asset that is being filled.
pub(super) struct Values<'a> {
    context: &'a Context<'a>,
    row: u32,
    asset: Asset,
    os_version: Option<String>,
    problems: Vec<Diagnostic>,
}

impl<'a> Values<'a> {
    pub(super) fn new(context: &'a Context<'a>, row: u32) -> Self {
        Values { context, row, asset: Asset::default(), os_version: None, problems: Vec::new() }
    }

    /// The asset, and what is wrong with its cells.
    pub(super) fn finish(mut self) -> (Asset, Vec<Diagnostic>) {
        if let Some(version) = self.os_version {
            let os = self.asset.os.take().unwrap_or_default();
            let whole = if os.contains(&version) { os } else { format!("{os} {version}") };
            self.asset.os = Some(whole.trim().to_owned());
        }
        (self.asset, self.problems)
    }

    /// Takes in one cell.
    pub(super) fn put(&mut self, column: LedgerColumn, at: u32, cell: &Cell) {
        if matches!(cell.content, Content::Error | Content::Uncalculated) {
            return self.problem(Code::CellError, column, at, &cell.text);
        }
        if words::is_ditto(&cell.text) {
            return self.invalid(column, at, &cell.text, "");
        }
        let value = self.cleaned(column, at, &cell.text);
        // 「なし」 leaves a cell open, but it answers whether there is a way in from outside.
        let answers = column == LedgerColumn::Exposure && words::is_no(&value);
        if words::is_placeholder(&value) && !answers {
            return;
        }
        let narrow = || narrow(&value);
        match column {
            LedgerColumn::AssetId => self.asset.asset_id = narrow(),
            LedgerColumn::Name => self.asset.name = Some(value),
            LedgerColumn::Host => self.asset.host = Some(narrow()),
            LedgerColumn::Maker => self.asset.maker = Some(value),
            LedgerColumn::Model => self.asset.model = Some(value),
            LedgerColumn::Serial => self.asset.serial = Some(narrow()),
            LedgerColumn::Firmware => self.firmware(at, cell, narrow()),
            LedgerColumn::Os => self.asset.os = Some(narrow()),
            LedgerColumn::OsVersion => self.os_version = Some(narrow()),
            LedgerColumn::Address => {
                self.asset.address = Some(narrow());
                if !content::is_address(&narrow()) {
                    self.invalid(column, at, &value, "192.168.1.10");
                }
            }
            LedgerColumn::Mac => {
                self.asset.mac = Some(narrow());
                if !content::is_mac(&narrow()) {
                    self.invalid(column, at, &value, "00:11:22:AA:BB:CC");
                }
            }
            LedgerColumn::Place => {
                let place = self.asset.place.take().map(|before| format!("{before} "));
                self.asset.place = Some(format!("{}{value}", place.unwrap_or_default()));
            }
            LedgerColumn::Zone => self.asset.zone = Some(value),
            LedgerColumn::PatchedBy => self.asset.patched_by = Some(value),
            LedgerColumn::Owner => self.asset.owner = Some(value),
            LedgerColumn::Remarks => self.asset.remarks = Some(value),
            LedgerColumn::SupportEnd => self.asset.support_end = Some(self.date(column, at, cell, &value)),
            LedgerColumn::Introduced => self.asset.introduced = Some(self.date(column, at, cell, &value)),
            LedgerColumn::Confirmed => self.asset.confirmed = Some(self.date(column, at, cell, &value)),
            LedgerColumn::Kind => self.kind(at, value),
            LedgerColumn::Exposure => self.exposure(at, value),
            LedgerColumn::State => self.state(at, value),
        }
    }

    /// The text without control characters and with white space folded.
    fn cleaned(&mut self, column: LedgerColumn, at: u32, text: &str) -> String {
        let hidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if text.contains(hidden) {
            self.tolerated(column, at, text, "no control characters");
        }
        let visible = text.replace(char::is_control, " ");
        let value = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        if value.chars().count() > LONGEST {
            self.tolerated(column, at, &value, &format!("{LONGEST} characters"));
            return value.chars().take(LONGEST).collect();
        }
        value
    }

    fn firmware(&mut self, at: u32, cell: &Cell, value: String) {
        match cell.content {
            Content::Date => self.problem(Code::VersionIsDate, LedgerColumn::Firmware, at, &value),
            Content::Number { exact: false, .. } => {
                self.problem(Code::VersionIsNumber, LedgerColumn::Firmware, at, &value);
                self.asset.firmware = Some(value);
            }
            _ => self.asset.firmware = Some(value),
        }
    }

    fn kind(&mut self, at: u32, value: String) {
        let own = self.context.mapping.and_then(|mapping| mapping.kinds.get(&words::folded(&value)).copied());
        self.asset.kind = own.or_else(|| words::kind(&value));
        if self.asset.kind.is_none() {
            let expected = AssetKind::ALL.map(AssetKind::as_str).join(", ");
            self.tolerated(LedgerColumn::Kind, at, &value, &expected);
        }
        self.asset.kind_text = Some(value);
    }

    fn exposure(&mut self, at: u32, value: String) {
        let own =
            self.context.mapping.and_then(|mapping| mapping.exposures.get(&words::folded(&value)).copied());
        let heading = self.context.headings.get(&at).map(String::as_str).unwrap_or_default();
        self.asset.exposure = own.or_else(|| words::exposure_under(&value, heading));
        if self.asset.exposure.is_none() {
            let expected =
                [Exposure::Small, Exposure::Controlled, Exposure::Open].map(Exposure::as_str).join(", ");
            self.tolerated(LedgerColumn::Exposure, at, &value, &expected);
        }
        self.asset.exposure_text = Some(value);
    }

    fn state(&mut self, at: u32, value: String) {
        let own =
            self.context.mapping.and_then(|mapping| mapping.states.get(&words::folded(&value)).copied());
        let heading = self.context.headings.get(&at).map(String::as_str).unwrap_or_default();
        self.asset.retired = own.unwrap_or_else(|| words::is_retired(&value, heading));
        self.asset.state = Some(value);
    }

    /// `YYYY-MM-DD` if it could be understood, else as written.
    fn date(&mut self, column: LedgerColumn, at: u32, cell: &Cell, value: &str) -> String {
        if let Content::Number { value: serial, .. } = cell.content
            && DAYS.contains(&serial)
            && let Some(date) = self.context.sheet.date(serial)
        {
            self.tolerated(column, at, value, &format!("YYYY-MM-DD ({date})"));
            return date;
        }
        match words::date(value) {
            Some(understood) => {
                // A month is enough for when something was bought; for the end of support the last day was chosen.
                if understood.whole_month && column == LedgerColumn::SupportEnd {
                    self.tolerated(column, at, value, &format!("YYYY-MM-DD ({})", understood.iso));
                }
                understood.iso
            }
            None => {
                self.problem(Code::DateInvalid, column, at, value);
                value.to_owned()
            }
        }
    }

    fn tolerated(&mut self, column: LedgerColumn, at: u32, value: &str, expected: &str) {
        let told = self.told(Code::FieldTolerated, column, at, value);
        self.problems.push(told.with("expected", expected));
    }

    fn invalid(&mut self, column: LedgerColumn, at: u32, value: &str, expected: &str) {
        let told = self.told(Code::CellInvalid, column, at, value);
        self.problems.push(told.with("expected", expected));
    }

    fn problem(&mut self, code: Code, column: LedgerColumn, at: u32, value: &str) {
        let told = self.told(code, column, at, value);
        self.problems.push(told);
    }

    fn told(&self, code: Code, column: LedgerColumn, at: u32, value: &str) -> Diagnostic {
        let cell = rows::address(self.row, at);
        let mut place = self.context.place.clone();
        if place.line.is_none() {
            place.field = Some(cell.clone());
        }
        Diagnostic::new(code, place)
            .with("cell", cell)
            .with("field", super::title(column))
            .with("value", shorten(value, 100))
    }
}

/// Full-width letters and digits as ASCII. Nothing else is touched.
fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '！'..='～' => std::iter::once(c).nfkc().next().unwrap_or(c),
            '\u{3000}' => ' ',
            _ => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::narrow;

    #[test]
    fn full_width_letters_become_narrow() {
        assert_eq!(narrow("Ｖ６．０．４　ビルドⅡ"), "V6.0.4 ビルドⅡ");
    }
}
