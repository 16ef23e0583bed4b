//! 収集実施記録 as a workbook: sources with the days of the month, looks and missed days, notices with their judgement.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::ROWS;
use super::style::{self, Styles, Tone};
use super::table::{Entry, Ground, Head, Table};
use crate::collect::collection::{Line, checks, notices, summary};
use crate::collect::{CollectionReport, collection_head, day_sign};
use crate::words::Words;
use shindan_domain::collect::CellState;

/// The record of a month as the bytes of a workbook.
///
/// # Errors
/// What the writer of workbooks reports; no record makes it report anything.
pub fn collection(report: &CollectionReport, words: &Words) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new(words.lang());
    let mut book = Workbook::new();
    book.set_default_format(&styles.base, style::ROW_PIXELS, style::COLUMN_PIXELS)?;
    let created = ExcelDateTime::from_timestamp(report.made.as_second())?;
    let [about, counts] = collection_head(report, words);
    let properties = DocProperties::new().set_title(words.t("collection-title")).set_subject(&about);
    book.set_properties(&properties.set_creation_datetime(&created));
    let mut sheets = Vec::new();
    let ground = Ground {
        book: &mut book,
        styles: &styles,
        sheets: &mut sheets,
        words,
        rows: ROWS,
        paper: words.t("collection-title"),
    };
    sources(ground, report, words, format!("{about} {counts}"))?;
    for (key, lines) in
        [("collection-checks", checks(report, words)), ("collection-notices", notices(report, words))]
    {
        let ground = Ground {
            book: &mut book,
            styles: &styles,
            sheets: &mut sheets,
            words,
            rows: ROWS,
            paper: words.t("collection-title"),
        };
        part(ground, key, &lines, words, about.clone())?;
    }
    book.save_to_buffer()
}

fn sources(
    ground: Ground<'_>,
    report: &CollectionReport,
    words: &Words,
    about: String,
) -> Result<(), XlsxError> {
    let keys = crate::collect::collection::SUMMARY;
    let widths = [36, 24, 16, 18, 8, 8, 8, 8, 8, 8];
    let mut heads: Vec<Head> =
        keys.iter().zip(widths).map(|(key, most)| Head { word: words.t(key), most }).collect();
    let days = report.grid.rows.first().map_or(0, |row| row.cells.len());
    heads.extend((1..=days).map(|day| Head { word: day.to_string(), most: 5 }));
    let mut table = Table::begin_on(ground, words.t("collection-sources"), about, heads)?;
    for (one, row) in report.sources.iter().zip(&report.grid.rows) {
        let (texts, counts) = summary(report, one, words);
        let mut entries: Vec<Entry<'_>> = texts.into_iter().map(Entry::text).collect();
        let grave = [false, false, true, true, true, true];
        entries.extend(counts.into_iter().zip(grave).map(|(count, grave)| {
            let tone = if grave && count > 0 { Tone::Alarm } else { Tone::Plain };
            Entry::large_count(count).toned(tone)
        }));
        entries.extend(row.cells.iter().map(|cell| {
            let bad = matches!(cell.state, CellState::Failed | CellState::Missed);
            Entry::text(day_sign(cell.state, words)).toned(if bad { Tone::Alarm } else { Tone::Plain })
        }));
        table.row(entries)?;
    }
    table.end(&words.t("collect-no-sources"))
}

fn part(
    ground: Ground<'_>,
    key: &str,
    lines: &[Line],
    words: &Words,
    about: String,
) -> Result<(), XlsxError> {
    let widths = [14, 18, 30, 16, 24, 22, 50, 20, 22, 18, 44];
    let heads = Line::COLUMNS.iter().zip(widths).map(|(key, most)| Head { word: words.t(key), most });
    let mut table = Table::begin_on(ground, words.t(key), about, heads.collect())?;
    for line in lines {
        let cells = line.cells().into_iter().enumerate().map(|(column, cell)| {
            let tone = match column {
                4 if line.is_grave => Tone::Alarm,
                8 if line.is_open => Tone::Warning,
                _ => Tone::Plain,
            };
            Entry::text(cell).toned(tone)
        });
        table.row(cells)?;
    }
    table.end(&words.t("collection-none"))
}
