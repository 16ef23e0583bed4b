//! Reads a provider's answers from the form that this program made. Errors are told with their cells, all at once.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use shindan_domain::alternative::Alternative;
use shindan_domain::evidence::Document;
use shindan_domain::inquiry::{Affected, Answer, MayPatch};
use shindan_domain::process::{Reason, ReasonCode, Refusal};
use shindan_domain::record_id::InquiryId;
use shindan_domain::term::Term;
use shindan_formats::sheet::{Cell, Content, Row, Sheet, column_letters, read_workbook, workbook_kind};
use shindan_report::excel::inquiry::{ANSWERED_BY, HIDDEN_SHEET, SCHEMA, columns};
use shindan_report::{Lang, Words};

use super::RecordsError;
use crate::error::AppError;

/// A form that was filled in.
#[derive(Debug)]
pub(super) struct Filled {
    /// Digest of what was asked.
    pub digest: String,
    /// Who answered; empty if the cell is.
    pub answered_by: String,
    /// Every question of the form.
    pub rows: Vec<FilledRow>,
}

/// A row of the form.
#[derive(Debug)]
pub(super) struct FilledRow {
    /// The inquiry.
    pub inquiry: InquiryId,
    /// Key of the question.
    pub key: String,
    /// Number of the row at the edge of the sheet.
    pub number: u32,
    cells: BTreeMap<u16, Cell>,
}

/// The cell in which who answered is named.
pub(super) fn answered_by_cell() -> String {
    address(ANSWERED_BY.1, ANSWERED_BY.0 + 1)
}

fn address(column: u16, row: u32) -> String {
    format!("{}{row}", column_letters(u32::from(column)))
}

/// Reads a form.
///
/// # Errors
/// [`ReasonCode::FormNotOurs`] if it is none of this program's; what the reader of workbooks reports.
pub(super) fn read(bytes: &[u8], path: &Path) -> Result<Filled, RecordsError> {
    let not_ours = || RecordsError::refused(None, Refusal::new(ReasonCode::FormNotOurs));
    let kind = workbook_kind(bytes).ok_or_else(not_ours)?;
    let book = read_workbook(bytes, kind, &path.display().to_string())
        .map_err(|diagnostic| RecordsError::App(AppError::NothingReadable(vec![diagnostic])))?;
    let hidden = book.sheets.iter().find(|sheet| sheet.name == HIDDEN_SHEET).ok_or_else(not_ours)?;
    let form = book.sheets.iter().find(|sheet| sheet.name != HIDDEN_SHEET).ok_or_else(not_ours)?;
    if text_at(hidden, 1, 0) != SCHEMA {
        return Err(not_ours());
    }
    let mut rows = Vec::new();
    for row in hidden.rows.iter().filter(|row| row.number >= 4) {
        let text = |column| row.cell(column).map(|cell| cell.text.trim().to_owned()).unwrap_or_default();
        let number: u32 = text(0).parse().map_err(|_| not_ours())?;
        let inquiry: InquiryId = text(1).parse().map_err(|_| not_ours())?;
        let cells = row_of(form, number).map(cells_of).unwrap_or_default();
        rows.push(FilledRow { inquiry, key: text(2), number, cells });
    }
    if rows.is_empty() {
        return Err(not_ours());
    }
    let answered_by = text_at(form, ANSWERED_BY.0 + 1, ANSWERED_BY.1);
    Ok(Filled { digest: text_at(hidden, 2, 0), answered_by, rows })
}

fn row_of(sheet: &Sheet, number: u32) -> Option<&Row> {
    sheet.rows.iter().find(|row| row.number == number)
}

fn cells_of(row: &Row) -> BTreeMap<u16, Cell> {
    let cells = row.cells.iter().filter(|(_, cell)| !cell.text.trim().is_empty());
    cells.filter_map(|(column, cell)| Some((u16::try_from(*column).ok()?, cell.clone()))).collect()
}

fn text_at(sheet: &Sheet, number: u32, column: u16) -> String {
    let cell = row_of(sheet, number).and_then(|row| row.cell(u32::from(column)));
    cell.map(|cell| cell.text.trim().to_owned()).unwrap_or_default()
}

impl FilledRow {
    /// What a column of the row shows.
    pub fn text(&self, column: u16) -> &str {
        self.cells.get(&column).map(|cell| cell.text.trim()).unwrap_or_default()
    }

    /// Address of a cell of the row.
    pub fn cell(&self, column: u16) -> String {
        address(column, self.number)
    }

    /// True if nothing was filled in: the question is not answered.
    pub fn is_blank(&self) -> bool {
        (columns::AFFECTED..=columns::REMARKS).all(|column| !self.cells.contains_key(&column))
    }

    /// The answer, or everything that is wrong with it.
    pub fn answer(&self, document: &Document) -> Result<Answer, Vec<Reason>> {
        let mut wrong = Vec::new();
        let affected = self.chosen::<Affected>(columns::AFFECTED, Affected::ALL, Affected::term, &mut wrong);
        let may_patch =
            self.chosen::<MayPatch>(columns::MAY_PATCH, MayPatch::ALL, MayPatch::term, &mut wrong);
        let alternative_until = self.day(columns::ALTERNATIVE_UNTIL, &mut wrong);
        let until = self.day(columns::NEXT, &mut wrong);
        let text = self.text(columns::ALTERNATIVE);
        let alternative = match (text.is_empty(), alternative_until) {
            (true, None) => None,
            (false, Some(until)) => {
                Some(Alternative { text: text.to_owned(), until, document: Some(document.clone()) })
            }
            (false, None) => {
                // A day that cannot be understood was told already.
                if self.text(columns::ALTERNATIVE_UNTIL).is_empty() {
                    wrong.push(self.missing(columns::ALTERNATIVE_UNTIL));
                }
                None
            }
            (true, Some(_)) => {
                wrong.push(self.missing(columns::ALTERNATIVE));
                None
            }
        };
        match (affected, may_patch) {
            (Some(affected), Some(may_patch)) if wrong.is_empty() => Ok(Answer {
                question: self.key.clone(),
                affected,
                may_patch,
                alternative,
                until,
                text: self.text(columns::REMARKS).to_owned(),
            }),
            _ => Err(wrong),
        }
    }

    fn missing(&self, column: u16) -> Reason {
        Reason::new(ReasonCode::FormCellMissing).with("cell", self.cell(column))
    }

    /// A word that was chosen, in either language.
    fn chosen<T: Copy>(
        &self,
        column: u16,
        all: &[T],
        term: fn(T) -> Term,
        wrong: &mut Vec<Reason>,
    ) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            wrong.push(self.missing(column));
            return None;
        }
        let means = |value: &T| {
            let term = term(*value);
            text == term.value || Lang::ALL.iter().any(|lang| Words::new(*lang).term(term) == text)
        };
        let found = all.iter().copied().find(means);
        if found.is_none() {
            let reason = Reason::new(ReasonCode::FormWordUnknown).with("cell", self.cell(column));
            wrong.push(reason.with("value", text));
        }
        found
    }

    fn day(&self, column: u16, wrong: &mut Vec<Reason>) -> Option<Date> {
        let cell = self.cells.get(&column)?;
        let found = day_of(cell);
        if found.is_none() {
            wrong.push(self.wrong_day(column));
        }
        found
    }

    /// That the cell holds no day that can be used.
    pub fn wrong_day(&self, column: u16) -> Reason {
        let reason = Reason::new(ReasonCode::FormDayInvalid).with("cell", self.cell(column));
        reason.with("value", self.text(column))
    }
}

/// The day of a cell: a date, or a text such as 2027-03-31, 2027/3/31, 2027年3月31日.
fn day_of(cell: &Cell) -> Option<Date> {
    let text = cell.text.trim();
    if let Content::Number { .. } = cell.content {
        return None;
    }
    let numbers: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty()).take(3).collect();
    let [year, month, day] = numbers.as_slice() else { return None };
    if year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}
