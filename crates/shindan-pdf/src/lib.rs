//! A paper as PDF: A4, with repeated heads of tables, bookmarks and numbered pages, made by the typesetter
//! [typst](https://typst.app) inside this process.
//!
//! The same paper, language and time give the same bytes. The file is PDF/A-2 for keeping: all fonts are inside, and every
//! text can be searched and copied.
//!
//! Invariants, stated as absences: nothing of a paper is ever read as markup, because it reaches the template as data; no
//! file, package, network or clock is within reach of the typesetter; no character vanishes: one that the font does not have
//! is drawn as 〓, and the paper says so.

mod fonts;
mod input;
#[cfg(test)]
mod tests;
mod world;
mod writing;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use shindan_report::paper::Paper;
use shindan_report::{Lang, Words};
use typst::diag::SourceDiagnostic;
use typst::ecow::EcoVec;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use world::PaperWorld;
use writing::Writing;

/// Cells of a paper above which it is refused: setting them takes memory (docs/benchmarks.md), and nobody reads so many pages.
pub const MOST_CELLS: usize = 60_000;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PdfError {
    /// It is too large for paper; a workbook or CSV holds it.
    #[error(
        "the paper has {cells} cells, of which a PDF holds {MOST_CELLS} at most: write it as a workbook or as CSV"
    )]
    TooLarge {
        /// Its cells.
        cells: usize,
    },
    /// A font that is part of the program cannot be read.
    #[error("a font of this program cannot be read")]
    Font,
    /// The time is none that a PDF can hold.
    #[error("{0} cannot stand in a PDF")]
    Time(Timestamp),
    /// The data for the template cannot be written.
    #[error("the paper cannot be handed to the typesetter: {0}")]
    Data(#[from] serde_json::Error),
    /// The typesetter refused.
    #[error("the paper cannot be set: {0}")]
    Typesetting(String),
    /// What was set does not fulfil the standard for keeping.
    #[error("the paper cannot be written as PDF/A: {0}")]
    Writing(String),
}

/// Writes a paper that was made in this language at this time.
///
/// # Errors
/// See [`PdfError`]; no text of a paper makes one, but too many cells do.
pub fn pdf(paper: &Paper, lang: Lang, made: Timestamp) -> Result<Vec<u8>, PdfError> {
    let cells = paper.tables().map(|table| table.width() * table.rows.len()).sum();
    if cells > MOST_CELLS {
        return Err(PdfError::TooLarge { cells });
    }
    // Warnings are about the template, which the tests hold to none.
    let (document, _) = set(paper, lang)?;
    let written = typst_pdf::pdf(&document, &options(paper, lang, made)?);
    // The typesetter keeps what it has computed for a next time; a server would grow with each paper.
    typst::comemo::evict(0);
    written.map_err(|errors| PdfError::Writing(told(&errors)))
}

/// The pages, and what the typesetter finds odd.
fn set(paper: &Paper, lang: Lang) -> Result<(PagedDocument, EcoVec<SourceDiagnostic>), PdfError> {
    let words = Words::new(lang);
    let data = input::of(paper, &words, &mut Writing::new()?);
    let world = PaperWorld::new(serde_json::to_vec(&data)?)?;
    let set = typst::compile::<PagedDocument>(&world);
    let document = set.output.map_err(|errors| PdfError::Typesetting(told(&errors)))?;
    Ok((document, set.warnings))
}

fn options(paper: &Paper, lang: Lang, made: Timestamp) -> Result<PdfOptions, PdfError> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a])
        .map_err(|error| PdfError::Writing(error.message().to_string()))?;
    Ok(PdfOptions {
        ident: Smart::Custom(format!("{} {} {} {made}", paper.title, paper.subject, lang.as_str())),
        creator: Smart::Custom(Some("shindan".to_owned())),
        timestamp: Some(time(made, lang)?),
        standards,
        tagged: true,
        ..PdfOptions::default()
    })
}

/// In the zone of the reader, as it stands in the texts.
fn time(made: Timestamp, lang: Lang) -> Result<typst_pdf::Timestamp, PdfError> {
    let hours = match lang {
        Lang::Ja => 9,
        Lang::En => 0,
    };
    let local = made.to_zoned(TimeZone::fixed(Offset::constant(hours)));
    let part = |number: i8| u8::try_from(number).unwrap_or(0);
    Datetime::from_ymd_hms(
        local.year().into(),
        part(local.month()),
        part(local.day()),
        part(local.hour()),
        part(local.minute()),
        part(local.second()),
    )
    .filter(|_| local.year() >= 0)
    .and_then(|time| typst_pdf::Timestamp::new_local(time, i32::from(hours) * 60))
    .ok_or(PdfError::Time(made))
}

fn told(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; ")
}
