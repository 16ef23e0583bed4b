//! Papers into files: PDF and workbook.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use jiff::Timestamp;
use shindan_pdf::{MOST_CELLS, PdfError};
use shindan_report::paper::{self, Paper};

pub use crate::cli::policy::PaperForm;
use crate::exit::Exit;
use crate::output::{Face, say};

/// The bytes of a paper that was made at this time.
pub fn bytes(paper: &Paper, form: PaperForm, made: Timestamp, face: &Face) -> io::Result<Vec<u8>> {
    let words = &face.words;
    match form {
        PaperForm::Pdf => shindan_pdf::pdf(paper, words.lang(), made).map_err(|error| match error {
            PdfError::TooLarge { cells } => {
                let values = [("cells", cells.into()), ("most", MOST_CELLS.into())];
                io::Error::other(words.get("paper-pdf-too-large", &values))
            }
            other => io::Error::other(other),
        }),
        PaperForm::Xlsx => paper::excel(paper, words, made).map_err(io::Error::other),
    }
}

/// Writes a paper that was made at this time.
pub fn write(
    out: &mut dyn Write,
    paper: &Paper,
    form: PaperForm,
    made: Timestamp,
    face: &Face,
) -> io::Result<()> {
    out.write_all(&bytes(paper, form, made, face)?)
}

/// Refuses to write what is no text on a terminal.
pub fn refuse_terminal(form: Option<PaperForm>, output: Option<&Path>, face: &Face) -> Result<(), Exit> {
    let key = match form {
        Some(PaperForm::Pdf) => "usage-pdf-on-terminal",
        Some(PaperForm::Xlsx) => "usage-workbook-on-terminal",
        None => return Ok(()),
    };
    if output.is_some() || !io::stdout().is_terminal() {
        return Ok(());
    }
    say!("{}: {}", face.words.t("cli-error"), face.words.t(key));
    Err(Exit::Usage)
}
