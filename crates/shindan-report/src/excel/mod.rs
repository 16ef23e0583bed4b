//! The answer as an Excel workbook (Office Open XML, ECMA-376): one sheet for each question that somebody has to answer.
//!
//! What every sheet has: what it answers, a frozen head with filters, wrapped text in columns as wide as Japanese needs,
//! dates and numbers as such, A4 landscape with the head on every page and page numbers. Colours repeat what a word
//! says. Text is never a formula, and there are no links and no macros: it opens without a question.
//!
//! A sheet holds 1,048,576 rows; what is more goes on on another sheet, and both say so. A cell holds 32,767
//! characters; a longer text is cut off, and says so.

mod assets;
mod collection;
mod evidence;
pub mod inquiry;
mod layout;
mod lists;
mod overview;
pub(crate) mod paper;
mod sources;
mod style;
mod support;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod works;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use shindan_domain::crosswalk::{ControlEvidence, Crosswalk};
use shindan_domain::finding::CheckResult;

pub use collection::collection;

use crate::dates;
use crate::words::Words;
use style::Styles;
use table::Table;

/// Rows of a sheet. Source: Excel specifications and limits.
const ROWS: u32 = 1_048_576;

/// What the workbook should take into account besides the answer itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// The allowed age of sources in days, to mark older ones; none marked if unknown.
    pub max_age_days: Option<u64>,
    /// The loaded guideline packs and what the answer evidences of their rows; left out if `None`.
    pub evidence: Option<(&'a Crosswalk, &'a [ControlEvidence])>,
}

/// The answer as the bytes of a workbook.
///
/// # Errors
/// What the writer of workbooks reports; no answer makes it report anything.
pub fn check(result: &CheckResult, words: &Words, options: &Options<'_>) -> Result<Vec<u8>, XlsxError> {
    with_rows(result, words, options, ROWS)
}

/// As [`check`], with so many rows to a sheet.
fn with_rows(
    result: &CheckResult,
    words: &Words,
    options: &Options<'_>,
    rows: u32,
) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new(words.lang());
    let mut book = Workbook::new();
    book.set_default_format(&styles.base, style::ROW_PIXELS, style::COLUMN_PIXELS)?;
    book.set_properties(&properties(result, words)?);
    // The overview comes first and tells how many rows the others have: its place is kept.
    book.add_worksheet().set_name(words.t("sheet-overview"))?;
    let mut context = Context { book, styles, result, words, options, rows, sheets: Vec::new() };
    works::write(&mut context)?;
    lists::findings(&mut context)?;
    lists::undetermined(&mut context)?;
    lists::not_affected(&mut context)?;
    assets::write(&mut context)?;
    support::write(&mut context)?;
    sources::write(&mut context)?;
    evidence::write(&mut context)?;
    overview::write(&mut context)?;
    context.book.save_to_buffer()
}

/// What every sheet is made with.
struct Context<'a> {
    book: Workbook,
    styles: Styles,
    result: &'a CheckResult,
    words: &'a Words,
    options: &'a Options<'a>,
    rows: u32,
    sheets: Vec<Made>,
}

/// A sheet that is there, for the list of sheets.
struct Made {
    name: String,
    question: String,
    rows: u64,
}

impl Context<'_> {
    /// Begins a sheet with a table, under the key of its name.
    fn table(&mut self, key: &str, heads: Vec<table::Head>) -> Result<Table<'_>, XlsxError> {
        let question = self.words.t(&format!("{key}-question"));
        let ground = table::Ground {
            book: &mut self.book,
            styles: &self.styles,
            sheets: &mut self.sheets,
            words: self.words,
            rows: self.rows,
            paper: self.words.t("report-title"),
        };
        Table::begin_on(ground, self.words.t(key), question, heads)
    }
}

fn properties(result: &CheckResult, words: &Words) -> Result<DocProperties, XlsxError> {
    // The writer's own default is the clock; the answer has a time of its own.
    let seconds = result.as_of.as_second();
    let created = ExcelDateTime::from_timestamp(seconds)?;
    Ok(DocProperties::new()
        .set_title(words.t("report-title"))
        .set_subject(dates::moment(result.as_of, words))
        .set_comment(words.t("footer-workbook"))
        .set_creation_datetime(&created))
}
