//! 概要: what was covered, how many of what, which sheet answers which question, how to read it.

use rust_xlsxwriter::{Worksheet, XlsxError};
use shindan_domain::diagnostic::Severity;
use shindan_domain::finding::CheckResult;
use shindan_domain::identifier::FindingKind;
use shindan_domain::priority::Decision;

use super::Context;
use super::layout;
use super::style::{Styles, Tone};
use super::table::{self, Entry};
use crate::coverage::CoverageLine;
use crate::words::Words;
use crate::{dates, digest, phrases, record};

/// Widths of the three columns in half-width characters: what, how many, what it means.
const WIDTHS: [u16; 3] = [40, 10, 106];
/// So many troubles are listed here; the list of a million belongs into JSON.
const LISTED: usize = 50;

/// The sheet in the making.
struct Page<'p> {
    sheet: &'p mut Worksheet,
    styles: &'p Styles,
    row: u32,
}

impl Page<'_> {
    fn section(&mut self, title: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.sheet.write_string_with_format(self.row, 0, title, &self.styles.section)?;
        self.sheet.set_row_height_pixels(self.row, 26)?;
        self.row += 1;
        Ok(())
    }

    /// What, how many, what it means.
    fn line(&mut self, what: Entry<'_>, count: Entry<'_>, meaning: Entry<'_>) -> Result<(), XlsxError> {
        let mut lines = 1;
        for ((entry, column), width) in [what, count, meaning].iter().zip(0u16..).zip(WIDTHS) {
            table::put(self.sheet, self.styles, self.row, column, entry)?;
            lines = entry.lines(width).max(lines);
        }
        layout::set_height(self.sheet, self.row, lines)?;
        self.row += 1;
        Ok(())
    }

    fn sentence(&mut self, what: &str, meaning: &str, tone: Tone) -> Result<(), XlsxError> {
        self.line(
            Entry::text(what).toned(if tone == Tone::Plain { Tone::Strong } else { tone }),
            Entry::empty(),
            Entry::text(meaning),
        )
    }
}

pub(super) fn write(context: &mut Context<'_>) -> Result<(), XlsxError> {
    let Context { book, styles, words, .. } = context;
    let name = words.t("sheet-overview");
    let sheet = book.worksheet_from_index(0)?;
    for (column, width) in (0u16..).zip(WIDTHS) {
        sheet.set_column_width(column, f64::from(width))?;
    }
    layout::print_set_up(sheet, &words.t("report-title"), &name);
    sheet.set_screen_gridlines(false);
    sheet.write_string_with_format(0, 0, words.t("report-title"), &styles.title)?;
    sheet.set_row_height_pixels(0, 30)?;
    let as_of = words.get("as-of", &[("time", (&dates::moment(context.result.as_of, words)).into())]);
    sheet.write_string_with_format(1, 0, as_of, &styles.lead)?;
    let mut page = Page { sheet, styles, row: 2 };
    let Context { result, words, sheets, .. } = context;
    coverage(&mut page, result, words)?;
    counts(&mut page, result, words)?;
    reasons(&mut page, result, words)?;
    page.section(&words.t("sheets-title"))?;
    for made in sheets.iter() {
        page.line(
            Entry::text(made.name.as_str()).toned(Tone::Strong),
            Entry::large_count(made.rows),
            Entry::text(made.question.as_str()),
        )?;
    }
    page.sentence("", &words.t("sheets-print"), Tone::Plain)?;
    reading(&mut page, words)?;
    // Last, because there may be hundreds.
    inputs(&mut page, result, words)?;
    // The workbook opens here.
    page.sheet.set_active(true);
    Ok(())
}

fn coverage(page: &mut Page<'_>, result: &CheckResult, words: &Words) -> Result<(), XlsxError> {
    page.row += 1;
    let line = CoverageLine::of(result, words);
    let mut what = words.t("coverage-title");
    for sentence in line.sentences() {
        page.sentence(&what, sentence, Tone::Plain)?;
        what.clear();
    }
    if digest::has_unreadable_input(result) {
        page.sentence(&words.t("severity-error"), &words.t("banner-unreadable"), Tone::Alarm)?;
    }
    let troubles: Vec<_> = record::troubles(result).collect();
    for trouble in troubles.iter().take(LISTED) {
        let (key, tone) = match trouble.severity() {
            Severity::Error => ("severity-error", Tone::Alarm),
            Severity::Warning => ("severity-warning", Tone::Warning),
            Severity::Note => ("severity-note", Tone::Plain),
        };
        let text = words.code(trouble.code, &trouble.params);
        let place = trouble.place.to_string();
        let text = if place.is_empty() { text } else { format!("{place}: {text}") };
        page.sentence(&words.t(key), &text, tone)?;
    }
    if troubles.len() > LISTED {
        let more = words.get("diagnostics-more", &[("n", (troubles.len() - LISTED).into())]);
        page.sentence("", &more, Tone::Plain)?;
    }
    let unsettled = result.coverage.patched_by_unsettled;
    if unsettled > 0 {
        let text = words.get("patched-by-unsettled", &[("n", unsettled.into())]);
        page.sentence(&words.t("unsettled"), &text, Tone::Open)?;
    }
    Ok(())
}

fn counts(page: &mut Page<'_>, result: &CheckResult, words: &Words) -> Result<(), XlsxError> {
    page.section(&words.t("result-title"))?;
    page.line(
        Entry::text(words.t("record-finding")).toned(Tone::Strong),
        Entry::count(result.findings.len()),
        Entry::text(phrases::headline(result, words)),
    )?;
    let counts = result.summary().by_priority;
    for decision in Decision::ALL {
        page.line(
            Entry::text(words.label("priority", decision.as_str())).toned(Tone::Priority(decision)),
            Entry::count(counts.get(decision.rank()).copied().unwrap_or(0)),
            Entry::text(words.label("act", decision.as_str())),
        )?;
    }
    let open = phrases::headline_undetermined(result, words)
        .unwrap_or_else(|| phrases::nothing_undetermined(result, words));
    page.line(
        Entry::text(words.t("undetermined")).toned(Tone::Open),
        Entry::count(result.undetermined.len()),
        Entry::text(open),
    )?;
    page.line(
        Entry::text(words.t("record-not-affected")).toned(Tone::Strong),
        Entry::count(result.not_affected.len()),
        Entry::text(words.t("sheet-not-affected-question")),
    )?;
    let ended = result.findings.iter().filter(|f| f.vulnerability.kind == FindingKind::EndOfLife).count();
    page.line(
        Entry::text(words.label("kind", FindingKind::EndOfLife.as_str())).toned(Tone::Strong),
        Entry::count(ended),
        Entry::text(words.t("support-counted")),
    )
}

fn reasons(page: &mut Page<'_>, result: &CheckResult, words: &Words) -> Result<(), XlsxError> {
    let reasons = digest::reasons(result);
    if reasons.is_empty() {
        return Ok(());
    }
    page.section(&words.t("reasons-title"))?;
    for reason in reasons {
        page.line(
            Entry::text(phrases::reason(reason.code, words)).toned(Tone::Open),
            Entry::count(reason.entries.len()),
            Entry::text(phrases::next_step(reason.code, words)),
        )?;
    }
    Ok(())
}

fn inputs(page: &mut Page<'_>, result: &CheckResult, words: &Words) -> Result<(), XlsxError> {
    page.section(&words.t("inputs-title"))?;
    for input in &result.inputs {
        let tone = if digest::is_unreadable(input) { Tone::Alarm } else { Tone::Strong };
        let kind = phrases::input_kind(input, words);
        let subject = input.subject.as_deref().unwrap_or_default();
        let remarks = input.diagnostics.iter().filter(|d| d.severity() > Severity::Note).count();
        let mut text = [kind.as_str(), subject].join(" ").trim().to_owned();
        if remarks > 0 {
            text.push(' ');
            text.push_str(&words.get("input-remarks", &[("n", remarks.into())]));
        }
        page.line(
            Entry::text(input.path.as_str()).toned(tone),
            Entry::count(input.components),
            Entry::text(text),
        )?;
    }
    Ok(())
}

fn reading(page: &mut Page<'_>, words: &Words) -> Result<(), XlsxError> {
    page.section(&words.t("reading-title"))?;
    for (what, meaning) in [
        ("exploited", "reading-kev"),
        ("col-cvss", "reading-cvss"),
        ("col-epss", "reading-epss"),
        ("col-priority", "reading-path-workbook"),
    ] {
        page.sentence(&words.t(what), &words.t(meaning), Tone::Plain)?;
    }
    for level in ["high", "medium", "low"] {
        let what = words.get("confidence-is", &[("confidence", (&words.label("confidence", level)).into())]);
        page.sentence(&what, &words.label("confidence-note", level), Tone::Plain)?;
    }
    page.sentence(&words.t("reading-limits-title"), &words.t("reading-limits"), Tone::Plain)?;
    page.sentence("", &words.t("footer-workbook"), Tone::Plain)
}
