//! The answer as CSV: one row for each finding, statement and open question, for spreadsheets and for sorting by hand.
//!
//! UTF-8 with a byte order mark and CRLF (RFC 4180), so that Excel shows Japanese; the words above the columns are in
//! the reader's language, the columns and their order are not (`docs/formats.md` lists them). The second row holds the
//! coverage line. Rows are made while they are written: nothing of the answer is held twice.

use std::io::{self, BufWriter, Write};

use shindan_domain::finding::CheckResult;

use crate::coverage::CoverageLine;
use crate::record::{self, Cell, Cells, Column};
use crate::words::Words;

/// Characters with which a spreadsheet lets a formula begin; the full-width ones in Japanese.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Writes the answer.
///
/// # Errors
/// Only what `writer` reports.
pub fn check<W: Write>(result: &CheckResult, words: &Words, writer: W) -> io::Result<()> {
    let mut writer = BufWriter::with_capacity(1 << 16, writer);
    let mut line = String::from("\u{feff}");
    row(&mut line, Column::ALL.iter().map(|column| words.t(column.key())));
    let coverage = CoverageLine::of(result, words).whole(words);
    row(
        &mut line,
        Column::ALL.iter().map(|column| match column {
            Column::Kind => words.t("record-coverage"),
            Column::Explanation => coverage.clone(),
            Column::Code => "coverage".to_owned(),
            _ => String::new(),
        }),
    );
    writer.write_all(line.as_bytes())?;
    let cells = Cells::new(result, words);
    for record in record::all(result) {
        line.clear();
        row(&mut line, Column::ALL.iter().map(|column| Shown(cells.cell(record, *column))));
        writer.write_all(line.as_bytes())?;
    }
    writer.flush()
}

/// A cell as text.
struct Shown<'a>(Cell<'a>);

impl AsRef<str> for Shown<'_> {
    fn as_ref(&self) -> &str {
        self.0.text()
    }
}

/// Adds one row.
pub(crate) fn row<T: AsRef<str>>(out: &mut String, cells: impl IntoIterator<Item = T>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        add_cell(out, cell.as_ref());
    }
    out.push_str("\r\n");
}

/// RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe, because all text of an answer is
/// foreign; control characters and marks that reorder a line are replaced.
fn add_cell(out: &mut String, cell: &str) {
    let formula = cell.starts_with(FORMULA);
    let quoted = formula || cell.contains([',', '"', '\n', '\r']);
    if !quoted {
        out.extend(cell.chars().map(shown));
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    let mut characters = cell.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => out.push_str("\"\""),
            '\r' if characters.peek() == Some(&'\n') => {}
            other => out.push(shown(other)),
        }
    }
    out.push('"');
}

fn shown(character: char) -> char {
    let allowed = matches!(character, '\n' | '\t') || !crate::table::is_harmful(character);
    if allowed { character } else { '\u{fffd}' }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::words::Lang;

    fn csv(result: &CheckResult, lang: Lang) -> String {
        let mut bytes = Vec::new();
        check(result, &Words::new(lang), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// Rows and cells as any reader of CSV finds them.
    fn rows(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn rows_are_what_they_were() {
        for lang in Lang::ALL {
            insta::assert_snapshot!(format!("csv-{lang}"), csv(&sample::stated(), lang).replace('\r', "␍"));
        }
    }

    #[test]
    fn one_row_each_in_the_same_columns() {
        let result = sample::stated();
        let text = csv(&result, Lang::En);
        assert!(text.starts_with("\u{feff}Record,Priority,Vulnerability,"));
        let rows = rows(text.trim_start_matches('\u{feff}'));
        let count = |kind: &str| rows.iter().filter(|row| row[0] == kind).count();
        assert_eq!(count("Coverage"), 1);
        assert_eq!(rows[1][0], "Coverage", "it comes first");
        assert_eq!(count("Finding"), result.findings.len());
        assert_eq!(count("Stated not affected"), result.not_affected.len());
        assert_eq!(count("Undetermined"), result.undetermined.len());
        assert_eq!(count("unreadable"), 1, "an input that could not be read");
        assert_eq!(
            rows.len(),
            1 + 1 + 1 + result.findings.len() + result.not_affected.len() + result.undetermined.len()
        );
    }

    #[test]
    fn foreign_text_starts_no_formula() {
        for (given, written) in [
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\u{fffd}=1\""),
            ("＝１", "\"'＝１\""),
            ("a=1", "a=1"),
            ("a\"b", "\"a\"\"b\""),
            ("a\r\nb", "\"a\nb\""),
            ("a\u{202e}b\u{7}", "a\u{fffd}b\u{fffd}"),
            ("", ""),
        ] {
            let mut out = String::new();
            row(&mut out, [given]);
            assert_eq!(out, format!("{written}\r\n"), "{given:?}");
        }
        let mut result = sample::stated();
        let mut component = result.findings[0].component.as_ref().clone();
        component.name = "=cmd|' /C calc'!A0".to_owned();
        result.findings[0].component = component.into();
        let text = csv(&result, Lang::Ja);
        assert!(text.contains("\"'=cmd|' /C calc'!A0\"") && !text.contains(",=cmd"));
    }

    #[test]
    fn the_documents_name_every_column_in_both_languages() {
        let formats = include_str!("../../../docs/formats.md");
        for lang in Lang::ALL {
            let words = Words::new(lang);
            for column in Column::ALL {
                let word = words.t(column.key());
                assert!(formats.contains(&word), "docs/formats.md does not name {word} ({column:?})");
            }
        }
    }

    #[test]
    fn findings_for_the_same_reason_are_rows_of_their_own() {
        let result = sample::many(2_000);
        let text = csv(&result, Lang::Ja);
        assert_eq!(text.matches("\r\n該当,").count(), 2_000);
    }
}
