//! 根拠: which rows of the guidelines the answer is a record for, and what it does not show.

use rust_xlsxwriter::XlsxError;

use super::Context;
use super::style::Tone;
use super::table::{Entry, Head};
use crate::html::evidence::evidence;

pub(super) fn write(context: &mut Context<'_>) -> Result<(), XlsxError> {
    let words = context.words;
    let heads = [
        ("col-control", 18),
        ("col-control-text", 50),
        ("col-evidence", 60),
        ("col-open", 60),
        ("col-catalog", 36),
    ];
    let heads = heads.map(|(key, most)| Head { word: words.t(key), most });
    let rows = context.options.evidence.map(|(packs, rows)| evidence(packs, rows, words)).unwrap_or_default();
    let mut table = context.table("sheet-evidence", heads.into())?;
    for row in &rows {
        let shown = row.shown.join("\n");
        table.row([
            Entry::text(row.number.as_str()).toned(Tone::Strong),
            Entry::text(row.text.as_str()),
            if shown.is_empty() {
                Entry::text(words.t("nothing-shown")).toned(Tone::Open)
            } else {
                Entry::text(shown)
            },
            Entry::text(row.open.join("\n")),
            Entry::text(row.catalog.as_str()),
        ])?;
    }
    table.end(&words.t("evidence-none"))
}
