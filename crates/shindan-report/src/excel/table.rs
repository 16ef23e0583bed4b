//! A sheet that is one table: what it answers, a head that stays, rows with filters, more sheets where one is full.

use std::borrow::Cow;

use rust_xlsxwriter::{ExcelDateTime, IgnoreError, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::style::{Kind, Styles, Tone};
use super::{Made, layout};
use crate::paper::When;
use crate::words::Words;

/// Title, what the sheet answers, head.
const ROWS_ABOVE: u32 = 3;
/// The row of the head.
const HEAD: u32 = ROWS_ABOVE - 1;
/// So many rows are looked at for the width of columns before the first one is written.
const MEASURED: usize = 300;
/// UTF-16 units in a cell. Source: Excel specifications and limits.
const CELL: usize = 32_767;

/// A column: the word above it, and the width it may take in half-width characters.
pub(super) struct Head {
    pub word: String,
    pub most: u16,
}

/// What is not printed makes a row at most so many lines high; it can be opened on the screen.
const LINES_OFF_PAPER: usize = 3;

/// What stands in a cell, and what it means.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    value: Value<'a>,
    tone: Tone,
}

#[derive(Clone)]
enum Value<'a> {
    Empty,
    Text(Cow<'a, str>),
    Count(u64),
    Days(i64),
    Number(f64),
    Day(Cow<'a, str>),
    /// A time, and as what it is shown.
    When(When, Cow<'a, str>),
}

impl<'a> Entry<'a> {
    pub fn empty() -> Self {
        Entry { value: Value::Empty, tone: Tone::Plain }
    }

    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        let value = if text.is_empty() { Value::Empty } else { Value::Text(text) };
        Entry { value, tone: Tone::Plain }
    }

    pub fn count(count: usize) -> Self {
        Entry { value: Value::Count(u64::try_from(count).unwrap_or(u64::MAX)), tone: Tone::Plain }
    }

    pub fn large_count(count: u64) -> Self {
        Entry { value: Value::Count(count), tone: Tone::Plain }
    }

    /// A number of days, which may have passed.
    pub fn days(days: i64) -> Self {
        Entry { value: Value::Days(days), tone: Tone::Plain }
    }

    /// Decimal text as a number; as text if it is none.
    pub fn number(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        match text.parse::<f64>().ok().filter(|number| number.is_finite()) {
            Some(number) => Entry { value: Value::Number(number), tone: Tone::Plain },
            None => Entry::text(text),
        }
    }

    /// `YYYY-MM-DD` as a date; as text if it is none.
    pub fn day(text: impl Into<Cow<'a, str>>) -> Self {
        Entry { value: Value::Day(text.into()), tone: Tone::Plain }
    }

    /// A time that is shown as this text.
    pub fn when(when: When, shown: impl Into<Cow<'a, str>>) -> Self {
        Entry { value: Value::When(when, shown.into()), tone: Tone::Plain }
    }

    pub fn toned(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    fn into_owned(self) -> Entry<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let value = match self.value {
            Value::Empty => Value::Empty,
            Value::Text(text) => Value::Text(owned(text)),
            Value::Count(count) => Value::Count(count),
            Value::Days(days) => Value::Days(days),
            Value::Number(number) => Value::Number(number),
            Value::Day(text) => Value::Day(owned(text)),
            Value::When(when, text) => Value::When(when, owned(text)),
        };
        Entry { value, tone: self.tone }
    }

    /// The greatest width of its lines, in half-width characters.
    fn width(&self) -> usize {
        match &self.value {
            Value::Empty => 0,
            Value::Text(text) | Value::Day(text) | Value::When(_, text) => {
                text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
            }
            Value::Count(count) => crate::words::grouped(*count).len() + 1,
            Value::Number(_) | Value::Days(_) => 8,
        }
    }

    /// How many lines it takes in a column of this width.
    pub fn lines(&self, width: u16) -> usize {
        match &self.value {
            Value::Text(text) => layout::lines_in(text, usize::from(width)),
            _ => 1,
        }
    }
}

/// On what a sheet is made.
pub(super) struct Ground<'c> {
    pub book: &'c mut Workbook,
    pub styles: &'c Styles,
    pub sheets: &'c mut Vec<Made>,
    pub words: &'c Words,
    /// Rows of one sheet at most.
    pub rows: u32,
    /// What the whole is called, above each page on paper.
    pub paper: String,
}

/// A sheet in the making.
pub(super) struct Table<'c> {
    book: &'c mut Workbook,
    styles: &'c Styles,
    sheets: &'c mut Vec<Made>,
    words: &'c Words,
    paper: String,
    name: String,
    question: String,
    heads: Vec<Head>,
    /// Rows of one sheet.
    limit: u32,
    /// Which sheet of this table, from 1.
    page: u32,
    /// The sheet that is written.
    index: usize,
    /// The next row of it.
    row: u32,
    /// Rows that wait until the widths are known.
    waiting: Vec<Vec<Entry<'static>>>,
    /// The width of each column in half-width characters; empty until they are known.
    widths: Vec<u16>,
    /// So many columns are printed; the others are for the screen.
    printed: usize,
    total: u64,
}

impl<'c> Table<'c> {
    /// Begins a sheet.
    pub fn begin_on(
        ground: Ground<'c>,
        name: String,
        question: String,
        heads: Vec<Head>,
    ) -> Result<Self, XlsxError> {
        let mut table = Table {
            printed: heads.len(),
            book: ground.book,
            styles: ground.styles,
            sheets: ground.sheets,
            words: ground.words,
            paper: ground.paper,
            name,
            question,
            heads,
            limit: ground.rows.max(ROWS_ABOVE + 2),
            page: 0,
            index: 0,
            row: 0,
            waiting: Vec::new(),
            widths: Vec::new(),
            total: 0,
        };
        table.next_page()?;
        Ok(table)
    }

    /// Prints the first columns only; on paper all of them would be too small to read.
    pub fn printed(mut self, columns: usize) -> Self {
        self.printed = columns;
        self
    }

    /// Adds a row.
    pub fn row<'e>(&mut self, entries: impl IntoIterator<Item = Entry<'e>>) -> Result<(), XlsxError> {
        self.total += 1;
        if !self.widths.is_empty() {
            return self.write_row(entries);
        }
        self.waiting.push(entries.into_iter().map(Entry::into_owned).collect());
        if self.waiting.len() < MEASURED { Ok(()) } else { self.write_waiting() }
    }

    /// Finds the width of each column, and writes the rows from which it was found.
    fn write_waiting(&mut self) -> Result<(), XlsxError> {
        let rows = std::mem::take(&mut self.waiting);
        self.widths = self
            .heads
            .iter()
            .enumerate()
            .map(|(column, head)| {
                let cells = rows.iter().filter_map(|row| row.get(column));
                let widest = cells.map(Entry::width).max().unwrap_or(0);
                // Room for the arrow of the filter.
                let least = (head.word.width() + 3).min(24);
                u16::try_from(widest + 2)
                    .unwrap_or(u16::MAX)
                    .min(head.most)
                    .max(u16::try_from(least).unwrap_or(24))
            })
            .collect();
        for row in rows {
            self.write_row(row)?;
        }
        Ok(())
    }

    /// The last row of a sheet is kept free for saying that there is another one.
    fn write_row<'e>(&mut self, entries: impl IntoIterator<Item = Entry<'e>>) -> Result<(), XlsxError> {
        if self.row + 1 >= self.limit {
            let text = self.words.get("sheet-goes-on", &[("name", (&self.title(self.page + 1)).into())]);
            self.remark(&text)?;
            self.close_page()?;
            self.next_page()?;
        }
        let row = self.row;
        let sheet = self.book.worksheet_from_index(self.index)?;
        let mut lines = 1;
        for ((entry, column), width) in entries.into_iter().zip(0u16..).zip(&self.widths) {
            put(sheet, self.styles, row, column, &entry)?;
            let own = entry.lines(*width);
            let printed = usize::from(column) < self.printed;
            lines = lines.max(if printed { own } else { own.min(LINES_OFF_PAPER) });
        }
        layout::set_height(sheet, row, lines)?;
        self.row += 1;
        Ok(())
    }

    /// Ends the table; `nothing` is what it says if it has no row.
    pub fn end(mut self, nothing: &str) -> Result<(), XlsxError> {
        self.write_waiting()?;
        if self.total == 0 {
            self.remark(nothing)?;
        }
        self.close_page()?;
        self.sheets.push(Made { name: self.name, question: self.question, rows: self.total });
        Ok(())
    }

    /// A line of its own below the rows.
    fn remark(&mut self, text: &str) -> Result<(), XlsxError> {
        let sheet = self.book.worksheet_from_index(self.index)?;
        sheet.write_string_with_format(self.row, 0, text, &self.styles.lead)?;
        Ok(())
    }

    fn title(&self, page: u32) -> String {
        if page == 1 { self.name.clone() } else { format!("{} ({page})", self.name) }
    }

    fn next_page(&mut self) -> Result<(), XlsxError> {
        self.page += 1;
        let title = self.title(self.page);
        let continued = (self.page > 1)
            .then(|| self.words.get("sheet-continues", &[("name", (&self.title(self.page - 1)).into())]));
        self.index = self.book.worksheets().len();
        let sheet = self.book.add_worksheet();
        sheet.set_name(&title)?;
        sheet.write_string_with_format(0, 0, &title, &self.styles.title)?;
        let lead = continued.as_ref().unwrap_or(&self.question);
        sheet.write_string_with_format(1, 0, lead, &self.styles.lead)?;
        sheet.set_row_height_pixels(0, 28)?;
        for (head, column) in self.heads.iter().zip(0u16..) {
            sheet.write_string_with_format(HEAD, column, &head.word, &self.styles.head)?;
        }
        sheet.set_freeze_panes(ROWS_ABOVE, 0)?;
        layout::print_set_up(sheet, &self.paper, &title);
        sheet.set_repeat_rows(HEAD, HEAD)?;
        self.row = ROWS_ABOVE;
        Ok(())
    }

    fn close_page(&mut self) -> Result<(), XlsxError> {
        let last_column = u16::try_from(self.heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let sheet = self.book.worksheet_from_index(self.index)?;
        for (width, column) in self.widths.iter().zip(0u16..) {
            sheet.set_column_width(column, f64::from(*width))?;
        }
        let last_printed = u16::try_from(self.printed.saturating_sub(1)).unwrap_or(u16::MAX);
        if last_printed < last_column {
            sheet.set_print_area(0, 0, self.row.max(ROWS_ABOVE), last_printed)?;
        }
        if self.row > ROWS_ABOVE {
            sheet.autofilter(HEAD, 0, self.row - 1, last_column)?;
            // A version such as 15 is text on purpose.
            sheet.ignore_error_range(
                ROWS_ABOVE,
                0,
                self.row - 1,
                last_column,
                IgnoreError::NumberStoredAsText,
            )?;
        }
        Ok(())
    }
}

/// Writes a cell.
pub(super) fn put(
    sheet: &mut Worksheet,
    styles: &Styles,
    row: u32,
    column: u16,
    entry: &Entry<'_>,
) -> Result<(), XlsxError> {
    let tone = entry.tone;
    match &entry.value {
        Value::Empty => sheet.write_blank(row, column, styles.of(tone, Kind::Text))?,
        Value::Text(text) => write_text(sheet, styles, row, column, text, tone)?,
        // Counts are far below 2^53.
        Value::Count(count) => {
            sheet.write_number_with_format(row, column, *count as f64, styles.of(tone, Kind::Count))?
        }
        Value::Days(days) => {
            sheet.write_number_with_format(row, column, *days as f64, styles.of(tone, Kind::Count))?
        }
        Value::Number(number) => {
            sheet.write_number_with_format(row, column, *number, styles.of(tone, Kind::Number))?
        }
        Value::Day(text) => match excel_day(text) {
            Some(day) => sheet.write_datetime_with_format(row, column, &day, styles.of(tone, Kind::Day))?,
            None => write_text(sheet, styles, row, column, text, tone)?,
        },
        Value::When(when, text) => match excel_time(*when) {
            Some((time, kind)) => {
                sheet.write_datetime_with_format(row, column, &time, styles.of(tone, kind))?
            }
            None => write_text(sheet, styles, row, column, text, tone)?,
        },
    };
    Ok(())
}

fn write_text<'s>(
    sheet: &'s mut Worksheet,
    styles: &Styles,
    row: u32,
    column: u16,
    text: &str,
    tone: Tone,
) -> Result<&'s mut Worksheet, XlsxError> {
    sheet.write_string_with_format(row, column, fitting(text).as_ref(), styles.of(tone, Kind::Text))
}

/// Excel knows days from 1900 to 9999.
fn excel_day(text: &str) -> Option<ExcelDateTime> {
    excel_date(text.parse().ok()?)
}

fn excel_date(day: jiff::civil::Date) -> Option<ExcelDateTime> {
    let part = |number: i8| u8::try_from(number).ok();
    let year = u16::try_from(day.year()).ok().filter(|year| *year >= 1900)?;
    ExcelDateTime::from_ymd(year, part(day.month())?, part(day.day())?).ok()
}

fn excel_time(when: When) -> Option<(ExcelDateTime, Kind)> {
    match when {
        When::Day(day) => Some((excel_date(day)?, Kind::Day)),
        When::Minute(time) => {
            let (hour, minute) = (u16::try_from(time.hour()).ok()?, u8::try_from(time.minute()).ok()?);
            Some((excel_date(time.date())?.and_hms(hour, minute, 0).ok()?, Kind::Minute))
        }
    }
}

/// Text without control characters, and not longer than a cell.
pub(super) fn fitting(text: &str) -> Cow<'_, str> {
    const CUT: &str = " … [32,767]";
    let text = crate::table::clean(text);
    // A character takes at most two units, so that most texts need not be counted.
    if text.len() <= CELL || text.encode_utf16().count() <= CELL {
        return text;
    }
    let mut room = CELL - CUT.len();
    let kept = text.chars().take_while(|character| {
        room = room.checked_sub(character.len_utf16()).unwrap_or(usize::MAX);
        room != usize::MAX
    });
    let mut kept: String = kept.collect();
    kept.push_str(CUT);
    Cow::Owned(kept)
}
