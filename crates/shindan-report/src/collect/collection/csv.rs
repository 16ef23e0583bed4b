//! 収集実施記録 as CSV: one row for each look, missed day and notice, for spreadsheets.

use std::io::{self, Write};

use super::{CollectionReport, Line, checks, head, notices};
use crate::csv::row;
use crate::words::Words;

/// Writes the record: UTF-8 with a byte order mark and CRLF, so that Excel shows Japanese. The second row says what it is about.
///
/// # Errors
/// Only what `writer` reports.
pub fn collection_csv<W: Write>(report: &CollectionReport, words: &Words, mut writer: W) -> io::Result<()> {
    let mut text = String::from("\u{feff}");
    row(&mut text, Line::COLUMNS.map(|key| words.t(key)));
    let about = head(report, words).join(" ");
    let about = Line { what: words.t("collection-title"), said: about, ..Line::default() };
    row(&mut text, about.cells());
    for line in checks(report, words).iter().chain(&notices(report, words)) {
        row(&mut text, line.cells());
    }
    writer.write_all(text.as_bytes())?;
    writer.flush()
}
