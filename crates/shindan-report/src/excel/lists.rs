//! 該当一覧, 判定不能, 影響なしの表明: the records of the answer, each in the columns that its question needs.

use rust_xlsxwriter::XlsxError;
use shindan_domain::finding::Undetermined;

use super::Context;
use super::style::Tone;
use super::table::{Entry, Head};
use crate::digest;
use crate::record::{Cell, Cells, Column, Record};
use crate::words::Words;

const FINDINGS: &[Column] = &[
    Column::Priority,
    Column::Vulnerability,
    Column::Title,
    Column::Component,
    Column::Version,
    Column::Place,
    Column::Site,
    Column::Next,
    Column::Exploited,
    Column::CvssScore,
    Column::PatchedBy,
    Column::Epss,
    Column::Fixed,
    Column::FindingKind,
    Column::Range,
    Column::Method,
    Column::Confidence,
    Column::Explanation,
    Column::AssetKind,
    Column::Exposure,
    Column::Advisories,
    Column::Aliases,
    Column::Source,
    Column::Document,
    Column::Input,
    Column::Pointer,
    Column::Purl,
    Column::Cpe,
    Column::CvssVector,
];

/// Columns of the findings that are printed.
const FINDINGS_PRINTED: usize = 11;

const UNDETERMINED: &[Column] = &[
    Column::Reason,
    Column::Next,
    Column::Component,
    Column::Version,
    Column::Place,
    Column::Site,
    Column::Vulnerability,
    Column::Explanation,
    Column::Advisories,
    Column::PatchedBy,
    Column::Input,
    Column::Pointer,
    Column::Purl,
    Column::Cpe,
    Column::Code,
];

/// Columns of what is undetermined that are printed.
const UNDETERMINED_PRINTED: usize = 8;

const NOT_AFFECTED: &[Column] = &[
    Column::Reason,
    Column::Vulnerability,
    Column::Title,
    Column::Component,
    Column::Version,
    Column::Place,
    Column::Site,
    Column::Explanation,
    Column::Source,
    Column::Advisories,
    Column::Document,
    Column::Priority,
    Column::CvssScore,
    Column::Exploited,
    Column::Range,
    Column::Fixed,
    Column::Input,
    Column::Pointer,
];

/// Columns of the statements that are printed.
const NOT_AFFECTED_PRINTED: usize = 10;

/// All findings.
pub(super) fn findings(context: &mut Context<'_>) -> Result<(), XlsxError> {
    let records = context.result.findings.iter().map(Record::Finding);
    let nothing = crate::phrases::headline(context.result, context.words);
    list(context, "sheet-findings", (FINDINGS, FINDINGS_PRINTED), records, &nothing)
}

/// What could not be judged, the most frequent reason first.
pub(super) fn undetermined(context: &mut Context<'_>) -> Result<(), XlsxError> {
    let reasons = digest::reasons(context.result);
    let entries: Vec<&Undetermined> = reasons.into_iter().flat_map(|reason| reason.entries).collect();
    let nothing = crate::phrases::nothing_undetermined(context.result, context.words);
    list(
        context,
        "sheet-undetermined",
        (UNDETERMINED, UNDETERMINED_PRINTED),
        entries.into_iter().map(Record::Undetermined),
        &nothing,
    )
}

/// What somebody who knows the product calls not affected or fixed.
pub(super) fn not_affected(context: &mut Context<'_>) -> Result<(), XlsxError> {
    let records = context.result.not_affected.iter().map(Record::NotAffected);
    let nothing = context.words.t("not-affected-none");
    list(context, "sheet-not-affected", (NOT_AFFECTED, NOT_AFFECTED_PRINTED), records, &nothing)
}

fn list<'a>(
    context: &mut Context<'a>,
    key: &str,
    (columns, printed): (&'static [Column], usize),
    records: impl Iterator<Item = Record<'a>>,
    nothing: &str,
) -> Result<(), XlsxError> {
    let (result, words) = (context.result, context.words);
    let cells = Cells::new(result, words);
    let mut table = context.table(key, heads(columns, words))?.printed(printed);
    for record in records {
        let entry = |column: &Column| entry(record, *column, cells.cell(record, *column));
        table.row(columns.iter().map(entry))?;
    }
    table.end(nothing)
}

fn heads(columns: &[Column], words: &Words) -> Vec<Head> {
    // What makes the first column of statements is their state, not a reason for being in doubt.
    let stated = columns == NOT_AFFECTED;
    let key = |column: &Column| if stated && *column == Column::Reason { "col-status" } else { column.key() };
    columns.iter().map(|column| Head { word: words.t(key(column)), most: column.width() }).collect()
}

fn entry<'e>(record: Record<'_>, column: Column, cell: Cell<'e>) -> Entry<'e> {
    let tone = match (record, column) {
        (Record::Finding(finding), Column::Priority) => Tone::Priority(finding.priority()),
        (Record::Finding(_), Column::Exploited) if cell != Cell::Empty => Tone::Alarm,
        (Record::Undetermined(_), Column::Reason) => Tone::Open,
        (Record::Finding(finding), Column::PatchedBy)
            if finding.asset.as_deref().is_some_and(|asset| asset.patched_by.is_none()) =>
        {
            Tone::Open
        }
        (_, Column::Vulnerability | Column::Component) => Tone::Strong,
        _ => Tone::Plain,
    };
    let entry = match cell {
        Cell::Empty => Entry::empty(),
        Cell::Text(text) => Entry::text(text),
        Cell::Shared(text) => Entry::text(text.to_string()),
        Cell::Number(text) => Entry::number(text),
        Cell::Day(text) => Entry::day(text),
    };
    entry.toned(tone)
}
