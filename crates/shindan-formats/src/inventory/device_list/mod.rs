//! Device lists (資産台帳) as CSV, in UTF-8, UTF-16 or CP932.
//!
//! The columns are ours; they are part of the command line's contract. Each row is one asset and one component that
//! points to it.

mod words;

use std::borrow::Cow;
use std::collections::BTreeSet;

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Asset, AssetKind, Component, Exposure, Inventory, InventoryKind};

use super::collector::Collector;
use super::table::{Row, Rows};
use crate::text::shorten;

/// How many rows may stand above the header (a title, a date).
const ABOVE_HEADER: usize = 10;

/// A column of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    AssetId,
    Kind,
    Maker,
    Model,
    Serial,
    Firmware,
    Place,
    Zone,
    Exposure,
    PatchedBy,
    SupportEnd,
}

/// Every column with its English and its Japanese header.
const COLUMNS: [(Column, &str, &str); 11] = [
    (Column::AssetId, "asset_id", "管理番号"),
    (Column::Kind, "kind", "種別"),
    (Column::Maker, "maker", "メーカー"),
    (Column::Model, "model", "型番"),
    (Column::Serial, "serial", "製造番号"),
    (Column::Firmware, "firmware", "バージョン"),
    (Column::Place, "place", "設置場所"),
    (Column::Zone, "zone", "ネットワーク"),
    (Column::Exposure, "exposure", "公開範囲"),
    (Column::PatchedBy, "patched_by", "更新責任者"),
    (Column::SupportEnd, "support_end", "サポート終了日"),
];

/// The columns without which no device can be matched.
const NEEDED: [Column; 3] = [Column::Maker, Column::Model, Column::Firmware];

impl Column {
    fn of(header: &str) -> Option<Column> {
        let folded = words::folded(header);
        COLUMNS
            .iter()
            .find(|(_, english, japanese)| folded == *english || folded == *japanese)
            .map(|(column, _, _)| *column)
    }

    /// `maker|メーカー`, as the contract names it.
    fn title(self) -> String {
        COLUMNS
            .iter()
            .find(|(column, _, _)| *column == self)
            .map(|(_, english, japanese)| format!("{english}|{japanese}"))
            .unwrap_or_default()
    }
}

/// Where the header stands and what separates cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    delimiter: u8,
    /// Number of rows above the header.
    above: usize,
    /// How many columns of the header are known.
    pub(super) known: usize,
}

/// Looks for a header among the first rows. `None` if no row names a known column.
pub(super) fn recognise(text: &str) -> Option<Shape> {
    let mut best: Option<Shape> = None;
    for delimiter in [b',', b'\t', b';'] {
        for (above, row) in Rows::new(text, delimiter).take(ABOVE_HEADER).enumerate() {
            let known =
                row.map_or(0, |row| row.cells.iter().filter(|cell| Column::of(cell).is_some()).count());
            if known > best.map_or(0, |shape| shape.known) {
                best = Some(Shape { delimiter, above, known });
            }
        }
    }
    best
}

/// Reads a device list of the recognised shape.
pub(super) fn read(text: &str, shape: Shape, mut found: Collector<'_>) -> Inventory {
    let mut ledger =
        Ledger { columns: Vec::new(), width: 0, ids: BTreeSet::new(), assets: vec![], components: vec![] };
    for (index, row) in Rows::new(text, shape.delimiter).enumerate() {
        match row {
            Err(broken) => {
                found.push(found.at_line(Code::CsvInvalid, broken.line).with("reason", broken.reason));
            }
            Ok(row) if row.is_blank() => {}
            Ok(row) if index < shape.above => above_header(&row, &mut found),
            Ok(row) if index == shape.above => ledger.header(&row, &mut found),
            Ok(row) => ledger.row(&row, &mut found),
        }
    }
    Inventory {
        path: found.path().to_owned(),
        kind: InventoryKind::DeviceList,
        subject: None,
        about: None,
        components: ledger.components,
        assets: ledger.assets,
        opinions: Vec::new(),
        diagnostics: found.finish(),
    }
}

fn above_header(row: &Row<'_>, found: &mut Collector<'_>) {
    found.push(
        found
            .at_line(Code::FieldTolerated, row.line)
            .with("field", "header")
            .with("value", shorten(&row.cells.join(" "), 200))
            .with("expected", "maker|メーカー, model|型番, firmware|バージョン"),
    );
}

struct Ledger {
    /// For each column of the file, which one it is.
    columns: Vec<Option<Column>>,
    /// Number of cells in the header, without empty ones at its end.
    width: usize,
    ids: BTreeSet<String>,
    assets: Vec<Asset>,
    components: Vec<Component>,
}

impl Ledger {
    fn header(&mut self, row: &Row<'_>, found: &mut Collector<'_>) {
        for cell in &row.cells {
            let column = Column::of(cell);
            let title = shorten(cell, 100);
            match column {
                Some(known) if self.columns.contains(&Some(known)) => {
                    found.push(
                        found
                            .at_line(Code::DuplicateIdentifier, row.line)
                            .with("field", "header")
                            .with("value", title),
                    );
                    self.columns.push(None);
                    continue;
                }
                None if !title.is_empty() => {
                    found.push(found.at_line(Code::ColumnUnknown, row.line).with("column", title));
                }
                _ => {}
            }
            self.columns.push(column);
        }
        self.width = row.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        for needed in NEEDED {
            if !self.columns.contains(&Some(needed)) {
                found.push(found.at_line(Code::FieldMissing, row.line).with("field", needed.title()));
            }
        }
    }

    fn row(&mut self, row: &Row<'_>, found: &mut Collector<'_>) {
        if !self.fits(row, found) {
            return;
        }
        let mut asset = Asset::default();
        for (column, cell) in self.columns.iter().zip(&row.cells) {
            if let Some(column) = column {
                let value = clean(cell, *column, row.line, found);
                fill(&mut asset, *column, &value, row.line, found);
            }
        }
        if !asset.asset_id.is_empty() && !self.ids.insert(asset.asset_id.clone()) {
            found.push(
                found
                    .at_line(Code::DuplicateIdentifier, row.line)
                    .with("field", Column::AssetId.title())
                    .with("value", &asset.asset_id),
            );
        }
        self.report_gaps(&asset, row.line, found);
        let index = u32::try_from(self.assets.len()).ok();
        self.components.push(component(&asset, index, row.line));
        self.assets.push(asset);
    }

    /// Reports a row of another width. A longer row is not used: its values stand in the wrong columns.
    fn fits(&self, row: &Row<'_>, found: &mut Collector<'_>) -> bool {
        let filled = row.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        let longer = filled > self.columns.len().max(self.width);
        if longer || row.cells.len() < self.width {
            let used = if longer { "row not used" } else { "missing cells taken as empty" };
            found.push(found.at_line(Code::CsvInvalid, row.line).with(
                "reason",
                format_args!("{} cells, header has {}; {used}", row.cells.len(), self.width),
            ));
        }
        !longer
    }

    /// Names the needed cells that are empty; a needed column that is absent was reported once, at the header.
    fn report_gaps(&self, asset: &Asset, line: u64, found: &mut Collector<'_>) {
        let values = [&asset.maker, &asset.model, &asset.firmware];
        for (column, value) in NEEDED.into_iter().zip(values) {
            if value.is_none() && self.columns.contains(&Some(column)) {
                found.push(
                    found
                        .at_line(Code::DeviceFieldMissing, line)
                        .with("row", line)
                        .with("field", column.title()),
                );
            }
        }
    }
}

/// The cell without control characters and with white space folded.
fn clean(cell: &str, column: Column, line: u64, found: &mut Collector<'_>) -> String {
    let hidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if cell.contains(hidden) {
        found.push(
            found
                .at_line(Code::FieldTolerated, line)
                .with("field", column.title())
                .with("value", shorten(cell, 100))
                .with("expected", "no control characters"),
        );
    }
    let visible: Cow<'_, str> = if cell.contains(char::is_control) {
        cell.replace(char::is_control, " ").into()
    } else {
        cell.into()
    };
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn fill(asset: &mut Asset, column: Column, value: &str, line: u64, found: &mut Collector<'_>) {
    if words::is_placeholder(value) {
        return;
    }
    let text = Some(value.to_owned());
    match column {
        Column::AssetId => value.clone_into(&mut asset.asset_id),
        Column::Maker => asset.maker = text,
        Column::Model => asset.model = text,
        Column::Serial => asset.serial = text,
        Column::Firmware => asset.firmware = text,
        Column::Place => asset.place = text,
        Column::Zone => asset.zone = text,
        Column::PatchedBy => asset.patched_by = text,
        Column::SupportEnd => asset.support_end = Some(support_end(value, line, found)),
        Column::Kind => {
            asset.kind = words::kind(value);
            asset.kind_text = text;
            if asset.kind.is_none() {
                let expected = AssetKind::ALL.map(AssetKind::as_str).join(", ");
                found.push(not_understood(column, value, &expected, line, found));
            }
        }
        Column::Exposure => {
            asset.exposure = words::exposure(value);
            asset.exposure_text = text;
            if asset.exposure.is_none() {
                let expected =
                    [Exposure::Small, Exposure::Controlled, Exposure::Open].map(Exposure::as_str).join(", ");
                found.push(not_understood(column, value, &expected, line, found));
            }
        }
    }
}

fn support_end(value: &str, line: u64, found: &mut Collector<'_>) -> String {
    match words::date(value) {
        Some(understood) => {
            if understood.whole_month {
                found.push(not_understood(
                    Column::SupportEnd,
                    value,
                    &format!("YYYY-MM-DD ({})", understood.iso),
                    line,
                    found,
                ));
            }
            understood.iso
        }
        None => {
            found.push(
                found
                    .at_line(Code::DateInvalid, line)
                    .with("field", Column::SupportEnd.title())
                    .with("value", shorten(value, 100)),
            );
            value.to_owned()
        }
    }
}

fn not_understood(
    column: Column,
    value: &str,
    expected: &str,
    line: u64,
    found: &Collector<'_>,
) -> Diagnostic {
    found
        .at_line(Code::FieldTolerated, line)
        .with("field", column.title())
        .with("value", shorten(value, 100))
        .with("expected", expected)
}

fn component(asset: &Asset, index: Option<u32>, line: u64) -> Component {
    let parts: Vec<&str> = [&asset.maker, &asset.model].into_iter().flatten().map(String::as_str).collect();
    let name = if parts.is_empty() { asset.asset_id.clone() } else { parts.join(" ") };
    Component {
        name,
        version: asset.firmware.clone(),
        maker: asset.maker.clone(),
        model: asset.model.clone(),
        firmware: asset.firmware.clone(),
        asset: index,
        pointer: format!("line {line}"),
        ..Component::default()
    }
}
