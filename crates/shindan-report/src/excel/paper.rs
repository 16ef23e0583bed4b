//! A paper as a workbook: a first sheet with all that is not in a table, and a sheet for each table.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use shindan_domain::priority::Decision;

use super::style::{self, Styles, Tone};
use super::table::{Entry, Ground, Head, Table, put};
use super::{ROWS, layout};
use crate::paper::{self, Block, Cell, Column, Paper};
use crate::words::Words;

/// Characters of the name of a sheet. Source: Excel specifications and limits (31), less those of the number of a further sheet.
const NAME: usize = 24;
/// Widths of the two columns of the first sheet, in half-width characters.
const COVER: [u16; 2] = [28, 100];
/// Half-width characters that the columns of a sheet share on lying paper.
const ACROSS: usize = 170;

/// A paper as the bytes of a workbook; `made` is the time that stands in its properties.
///
/// # Errors
/// What the writer of workbooks reports; no paper makes it report anything.
pub fn workbook(paper: &Paper, words: &Words, made: Timestamp) -> Result<Vec<u8>, XlsxError> {
    with_rows(paper, words, made, ROWS)
}

/// As [`workbook`], with so many rows to a sheet.
fn with_rows(paper: &Paper, words: &Words, made: Timestamp, rows: u32) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::dated(words);
    let mut book = Workbook::new();
    book.set_default_format(&styles.base, style::ROW_PIXELS, style::COLUMN_PIXELS)?;
    let created = ExcelDateTime::from_timestamp(made.as_second())?;
    let properties = DocProperties::new().set_title(&paper.title).set_subject(&paper.subject);
    book.set_properties(&properties.set_creation_datetime(&created));
    let mut taken = BTreeSet::new();
    let cover = name(&words.t("paper-sheet-first"), &mut taken, words);
    let tables: Vec<(String, &paper::Table)> =
        paper.tables().map(|table| (name(&table.title, &mut taken, words), table)).collect();
    let names: Vec<&str> = tables.iter().map(|(name, _)| name.as_str()).collect();
    Cover::begin(&mut book, &styles, words, cover)?.write(paper, &names)?;
    let mut sheets = Vec::new();
    for (name, table) in &tables {
        let ground = Ground {
            book: &mut book,
            styles: &styles,
            sheets: &mut sheets,
            words,
            rows,
            paper: paper.title.clone(),
        };
        let lead = format!("{}  {}", table.title, paper.subject);
        sheet(ground, name, lead.trim_end().to_owned(), table)?;
    }
    book.save_to_buffer()
}

/// A name of a sheet that Excel takes and that no other sheet has.
fn name(title: &str, taken: &mut BTreeSet<String>, words: &Words) -> String {
    let allowed = |character: &char| {
        !matches!(character, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !character.is_control()
    };
    let clean: String = title.chars().filter(allowed).collect();
    let mut units = 0;
    let fits = |character: &char| {
        units += character.len_utf16();
        units <= NAME
    };
    let short: String = clean.trim().chars().take_while(fits).collect();
    // Excel keeps the name History for itself.
    let short = match short.trim() {
        "" | "History" | "history" => words.t("paper-sheet-table"),
        short => short.to_owned(),
    };
    let mut chosen = short.clone();
    let mut number = 1;
    // Names that differ in case only are the same for Excel.
    while !taken.insert(chosen.to_lowercase()) {
        number += 1;
        chosen = format!("{short} #{number}");
    }
    chosen
}

fn tone(tone: paper::Tone) -> Tone {
    match tone {
        paper::Tone::Plain => Tone::Plain,
        paper::Tone::Immediate => Tone::Priority(Decision::Immediate),
        paper::Tone::Late => Tone::Priority(Decision::OutOfCycle),
        paper::Tone::Scheduled => Tone::Priority(Decision::Scheduled),
        paper::Tone::Quiet => Tone::Priority(Decision::Defer),
        paper::Tone::Undetermined => Tone::Open,
        paper::Tone::Proven => Tone::Proven,
    }
}

fn sheet(ground: Ground<'_>, name: &str, lead: String, table: &paper::Table) -> Result<(), XlsxError> {
    let shares = table.percentages();
    let head = |index: usize| {
        let share = shares.get(index).map_or(20, |share| usize::from(*share));
        let word = table.columns.get(index).map(|column| column.title.clone()).unwrap_or_default();
        Head { word, most: u16::try_from((share * ACROSS / 100).clamp(8, 90)).unwrap_or(90) }
    };
    let days: Vec<bool> = (0..table.width()).map(|column| holds_days(table, column)).collect();
    let mut sheet = Table::begin_on(ground, name.to_owned(), lead, (0..table.width()).map(head).collect())?;
    for row in &table.rows {
        let cells = row.iter().zip(&days).enumerate();
        sheet.row(cells.map(|(index, (cell, days))| entry(cell, table.columns.get(index), *days)))?;
    }
    sheet.end(&table.empty)
}

/// Whether all that stands in a column is days: only then they are written as such, so that they can be sorted.
fn holds_days(table: &paper::Table, column: usize) -> bool {
    let mut texts = table.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.text.as_str());
    texts.all(|text| text.is_empty() || text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10)
}

fn entry<'a>(cell: &'a Cell, column: Option<&Column>, days: bool) -> Entry<'a> {
    let text = cell.text.as_str();
    if let Some(when) = cell.when.filter(|_| !text.is_empty()) {
        return Entry::when(when, text).toned(tone(cell.tone));
    }
    let entry = match text {
        "" => Entry::empty(),
        text if days => Entry::day(text),
        text if column.is_some_and(|column| column.numbers) => number(text),
        text => Entry::text(text),
    };
    entry.toned(tone(cell.tone))
}

/// `1,234` as a count, `9.8` as a number, anything else as it stands.
fn number(text: &str) -> Entry<'_> {
    match text.replace(',', "").parse::<u64>() {
        // Above this a spreadsheet would round.
        Ok(count) if count < 1 << 53 => Entry::large_count(count),
        _ => Entry::number(text),
    }
}

/// The first sheet in the making.
struct Cover<'c> {
    sheet: &'c mut Worksheet,
    styles: &'c Styles,
    words: &'c Words,
    row: u32,
}

impl<'c> Cover<'c> {
    fn begin(
        book: &'c mut Workbook,
        styles: &'c Styles,
        words: &'c Words,
        name: String,
    ) -> Result<Self, XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(&name)?;
        for (column, width) in (0u16..).zip(COVER) {
            sheet.set_column_width(column, f64::from(width))?;
        }
        Ok(Cover { sheet, styles, words, row: 0 })
    }

    fn write(mut self, paper: &Paper, names: &[&str]) -> Result<(), XlsxError> {
        layout::print_set_up(self.sheet, &paper.title, &paper.subject);
        self.sheet.write_string_with_format(0, 0, &paper.title, &self.styles.title)?;
        self.sheet.set_row_height_pixels(0, 28)?;
        self.sheet.write_string_with_format(1, 0, &paper.subject, &self.styles.section)?;
        self.row = 2;
        for (key, lines, tone) in
            [("paper-about", &paper.about, Tone::Plain), ("paper-cautions", &paper.cautions, Tone::Warning)]
        {
            for line in lines {
                self.pair(&self.words.t(key), line, tone)?;
            }
        }
        let mut names = names.iter();
        for block in &paper.blocks {
            match block {
                Block::Heading(_, text) => self.heading(text)?,
                Block::Text(text) => self.pair("", text, Tone::Plain)?,
                Block::Notice(said) => self.pair("", &said.text, tone(said.tone))?,
                Block::Facts(facts) => {
                    for (label, value) in facts {
                        self.pair(label, &value.text, tone(value.tone))?;
                    }
                }
                Block::Table(table) => {
                    let values = [
                        ("name", names.next().copied().unwrap_or_default().into()),
                        ("count", table.rows.len().into()),
                    ];
                    let there = self.words.get("paper-sheet-see", &values);
                    let said = if table.rows.is_empty() { &table.empty } else { &there };
                    self.pair(&table.title, said, Tone::Plain)?;
                }
                Block::Signatures(fields) => {
                    for field in fields {
                        let lines: Vec<String> = ["paper-sign-date", "paper-sign-title", "paper-sign-name"]
                            .map(|key| format!("{}:", self.words.t(key)))
                            .into();
                        self.pair(&self.words.t("paper-sign"), field, Tone::Strong)?;
                        self.pair("", &format!("{}\n ", lines.join("\n ")), Tone::Plain)?;
                    }
                }
                Block::NewPage => self.row += 1,
            }
        }
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.sheet.write_string_with_format(
            self.row,
            0,
            super::table::fitting(text).as_ref(),
            &self.styles.section,
        )?;
        self.row += 1;
        Ok(())
    }

    fn pair(&mut self, label: &str, text: &str, tone: Tone) -> Result<(), XlsxError> {
        let label = Entry::text(label).toned(if label.is_empty() { Tone::Plain } else { Tone::Strong });
        let text = Entry::text(text).toned(tone);
        let lines = label.lines(COVER[0]).max(text.lines(COVER[1]));
        put(self.sheet, self.styles, self.row, 0, &label)?;
        put(self.sheet, self.styles, self.row, 1, &text)?;
        layout::set_height(self.sheet, self.row, lines)?;
        self.row += 1;
        Ok(())
    }
}
