//! 照会票: what a provider is asked, as a form to be filled in – one row for each question, words to choose from, and
//! nothing else that can be changed. The provider needs nothing but a spreadsheet program.
//!
//! What the program needs to read it back stands in a hidden sheet: which row is which question, and a digest of what was
//! asked, so that an answer to another question is noticed.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};
use shindan_domain::inquiry::{Affected, MayPatch};

use super::style::{self, Styles};
use crate::words::Words;

/// What the first cell of the hidden sheet holds.
pub const SCHEMA: &str = "shindan.inquiry-form/1";
/// Name of the hidden sheet.
pub const HIDDEN_SHEET: &str = "shindan";
/// Where who answers is named: row and column, from 0.
pub const ANSWERED_BY: (u32, u16) = (8, 3);
/// Row of the headings, from 0; the questions follow.
pub const HEAD_ROW: u32 = 10;

/// Columns of the form, from 0.
pub mod columns {
    /// What it is about.
    pub const SUBJECT: u16 = 3;
    /// What is asked.
    pub const QUESTION: u16 = 5;
    /// Whether it is affected.
    pub const AFFECTED: u16 = 6;
    /// Whether the patch may be applied.
    pub const MAY_PATCH: u16 = 7;
    /// What is done instead.
    pub const ALTERNATIVE: u16 = 8;
    /// Until when.
    pub const ALTERNATIVE_UNTIL: u16 = 9;
    /// When it will be repaired, or answered again.
    pub const NEXT: u16 = 10;
    /// Why, and what else is said.
    pub const REMARKS: u16 = 11;
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRow {
    /// Id of the inquiry.
    pub inquiry: String,
    /// Key of the question.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// Name of the system.
    pub system: String,
    /// What it is about.
    pub subject: String,
    /// Identifiers of the vulnerabilities.
    pub vulnerabilities: Vec<String>,
    /// What is asked.
    pub question: String,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryForm {
    /// Who is asked.
    pub provider: String,
    /// Until when an answer is expected, a day in Japan.
    pub due: Date,
    /// When it was made.
    pub made: Timestamp,
    /// The questions.
    pub rows: Vec<FormRow>,
    /// Digest of what is asked, in hexadecimal.
    pub digest: String,
}

/// The form as the bytes of a workbook.
///
/// # Errors
/// What the writer of workbooks reports.
pub fn inquiry_form(form: &InquiryForm, words: &Words) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let looks = Looks::new(words);
    book.set_default_format(&looks.styles.base, style::ROW_PIXELS, style::COLUMN_PIXELS)?;
    let created = ExcelDateTime::from_timestamp(form.made.as_second())?;
    let title = words.t("form-inquiry-title");
    book.set_properties(&DocProperties::new().set_title(&title).set_creation_datetime(&created));
    let sheet = book.add_worksheet().set_name(words.t("form-inquiry-sheet"))?;
    head(sheet, form, words, &looks)?;
    for (index, row) in (HEAD_ROW + 1..).zip(&form.rows) {
        question(sheet, index, row, words, &looks)?;
    }
    let last = HEAD_ROW + u32::try_from(form.rows.len()).unwrap_or(u32::MAX - HEAD_ROW);
    choices(sheet, last, words)?;
    page(sheet)?;
    hidden(&mut book, form)?;
    book.save_to_buffer()
}

struct Looks {
    styles: Styles,
    fixed: Format,
    open: Format,
    day: Format,
    head_open: Format,
}

impl Looks {
    fn new(words: &Words) -> Looks {
        let styles = Styles::new(words.lang());
        let framed = styles
            .base
            .clone()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00b6_bfc9));
        // Cells to be filled in are light yellow, as on the forms that hospitals know; the instructions say so in words.
        let open = framed.clone().set_unlocked().set_background_color(Color::RGB(0x00ff_fbe6));
        let day = open.clone().set_num_format("yyyy\\-mm\\-dd");
        let head_open = styles.head.clone().set_background_color(Color::RGB(0x00ff_f0b3));
        Looks { styles, fixed: framed, open, day, head_open }
    }
}

fn head(sheet: &mut Worksheet, form: &InquiryForm, words: &Words, looks: &Looks) -> Result<(), XlsxError> {
    let due = form.due.to_string();
    sheet.write_with_format(0, 0, words.t("form-inquiry-title"), &looks.styles.title)?;
    let lead = words.get(
        "form-inquiry-lead",
        &[("provider", form.provider.as_str().into()), ("due", due.as_str().into())],
    );
    sheet.write_with_format(1, 0, lead, &looks.styles.base)?;
    for (row, key) in (2..).zip([
        "form-inquiry-how-cells",
        "form-inquiry-how-affected",
        "form-inquiry-how-patch",
        "form-inquiry-how-reason",
        "form-inquiry-how-return",
    ]) {
        sheet.write_with_format(row, 0, words.t(key), &looks.styles.lead)?;
    }
    let (row, column) = ANSWERED_BY;
    sheet.write_with_format(row, 0, words.t("form-inquiry-answered-by"), &looks.styles.section)?;
    sheet.merge_range(row, column, row, column + 2, "", &looks.open)?;
    let heads = [
        "key",
        "case",
        "system",
        "subject",
        "vulnerabilities",
        "question",
        "affected",
        "may-patch",
        "alternative",
        "alternative-until",
        "next",
        "remarks",
    ];
    for (column, key) in (0..).zip(heads) {
        let look = if column < columns::AFFECTED { &looks.styles.head } else { &looks.head_open };
        sheet.write_with_format(HEAD_ROW, column, words.t(&format!("form-inquiry-col-{key}")), look)?;
    }
    for (column, width) in (0..).zip([6, 16, 20, 26, 20, 36, 14, 22, 34, 13, 13, 40]) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_row_height(HEAD_ROW, 42)?;
    Ok(())
}

fn question(
    sheet: &mut Worksheet,
    at: u32,
    row: &FormRow,
    words: &Words,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let asked =
        if row.question.trim().is_empty() { words.t("form-inquiry-question") } else { row.question.clone() };
    let vulnerabilities = row.vulnerabilities.join("\n");
    let fixed = [&row.key, &row.case, &row.system, &row.subject, &vulnerabilities, &asked];
    let mut lines = 2;
    for (column, text) in (0..).zip(fixed) {
        sheet.write_string_with_format(at, column, text, &looks.fixed)?;
        lines = lines.max(text.lines().count().max(text.chars().count() / 17 + 1));
    }
    for column in columns::AFFECTED..=columns::REMARKS {
        let is_day = matches!(column, columns::ALTERNATIVE_UNTIL | columns::NEXT);
        sheet.write_blank(at, column, if is_day { &looks.day } else { &looks.open })?;
    }
    let height = u32::try_from(lines.min(20)).unwrap_or(20);
    sheet.set_row_height_pixels(at, height * style::ROW_PIXELS)?;
    Ok(())
}

/// Words to choose from, and days that are days.
fn choices(sheet: &mut Worksheet, last: u32, words: &Words) -> Result<(), XlsxError> {
    let first = HEAD_ROW + 1;
    let affected: Vec<String> = Affected::ALL.iter().map(|value| words.term(value.term())).collect();
    let may_patch: Vec<String> = MayPatch::ALL.iter().map(|value| words.term(value.term())).collect();
    for (column, list) in [(columns::AFFECTED, affected), (columns::MAY_PATCH, may_patch)] {
        let choice = DataValidation::new()
            .allow_list_strings(&list)?
            .set_error_message(words.t("form-inquiry-choose"))?;
        sheet.add_data_validation(first, column, last, column, &choice)?;
    }
    for column in [columns::ALTERNATIVE_UNTIL, columns::NEXT] {
        let day = DataValidation::new()
            .allow_date_formula(DataValidationRule::GreaterThan(Formula::new("36526")))
            .set_error_message(words.t("form-inquiry-day"))?;
        sheet.add_data_validation(first, column, last, column, &day)?;
    }
    Ok(())
}

fn page(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(HEAD_ROW + 1, 0)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW)?;
    // Protection without a password: it keeps from slips, it hides nothing.
    sheet.protect();
    Ok(())
}

fn hidden(book: &mut Workbook, form: &InquiryForm) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet().set_name(HIDDEN_SHEET)?;
    sheet.set_hidden(true);
    sheet.write_string(0, 0, SCHEMA)?;
    sheet.write_string(1, 0, &form.digest)?;
    for (index, row) in (0..).zip(&form.rows) {
        let shown = HEAD_ROW + 2 + index;
        sheet.write_string(3 + index, 0, shown.to_string())?;
        sheet.write_string(3 + index, 1, &row.inquiry)?;
        sheet.write_string(3 + index, 2, &row.key)?;
    }
    sheet.protect();
    Ok(())
}
