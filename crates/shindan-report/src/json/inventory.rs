//! `shindan.inventory-import/1`, `shindan.inventory-imports/1`, `shindan.inventory/1`, `shindan.inventory-map/1`: the
//! register of assets.

use std::io::Write;

use serde::Serialize;
use shindan_domain::asset_ledger::{LedgerTable, LeftOut, MappedColumn, Unsettled};
use shindan_domain::devices::{ConfirmedIdentity, PublishedProduct};
use shindan_domain::inventory::Asset;
use shindan_domain::register::{
    AssetChange, ConfirmedEntry, ImportEntry, ImportReport, LedgerSource, Register, RegisteredAsset,
    SuggestedProduct, UnresolvedModel,
};

use super::views::{DiagnosticView, filled};
use super::write_line;

/// Writes what an import did, or what its preview says.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_import<W: Write>(report: &ImportReport, writer: W) -> Result<(), serde_json::Error> {
    let reading = &report.reading;
    let keyed = reading.rows.iter().zip(&report.changes.keys);
    let view = ImportView {
        schema: "shindan.inventory-import/1",
        record: report.record,
        ledger: &report.ledger,
        follows: report.follows,
        source: SourceView::from(&report.source),
        table: TableView::from(&reading.table),
        other_tables: reading.others.iter().map(TableView::from).collect(),
        columns: reading.columns.iter().map(ColumnView::from).collect(),
        rows: keyed
            .map(|(row, key)| RowView { row: row.row, key, asset: AssetView::from(&row.asset) })
            .collect(),
        left_out: reading.left_out.iter().map(LeftOutView::from).collect(),
        cells: reading.cells.iter().map(DiagnosticView::from).collect(),
        diagnostics: reading.diagnostics.iter().map(DiagnosticView::from).collect(),
        changes: ChangesView {
            added: report.changes.added.iter().map(|(key, row)| AddedView { key, row: *row }).collect(),
            changed: report.changes.changed.iter().map(ChangeView::from).collect(),
            unchanged: report.changes.unchanged,
            missing: &report.changes.missing,
            returned: &report.changes.returned,
            repeated: report
                .changes
                .repeated
                .iter()
                .map(|(mark, first, row)| RepeatedView { mark, first: *first, row: *row })
                .collect(),
        },
    };
    write_line(writer, &view)
}

/// Writes the list of imports.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_imports<W: Write>(register: &Register, writer: W) -> Result<(), serde_json::Error> {
    let imports = register.imports.iter().map(ImportEntryView::from).collect();
    write_line(writer, &ImportsView { schema: "shindan.inventory-imports/1", imports })
}

/// Writes assets of the register.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_assets<W: Write>(assets: &[&RegisteredAsset], writer: W) -> Result<(), serde_json::Error> {
    let assets = assets.iter().map(|asset| RegisteredView::from(*asset)).collect();
    write_line(writer, &AssetsView { schema: "shindan.inventory/1", assets })
}

/// Writes models that could not be found and what makers and models were said to be.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_map<W: Write>(
    unresolved: &[UnresolvedModel],
    confirmed: &[ConfirmedEntry],
    writer: W,
) -> Result<(), serde_json::Error> {
    let view = MapView {
        schema: "shindan.inventory-map/1",
        unresolved: unresolved.iter().map(UnresolvedView::from).collect(),
        confirmed: confirmed.iter().map(ConfirmedView::from).collect(),
    };
    write_line(writer, &view)
}

#[derive(Serialize)]
struct ImportView<'a> {
    schema: &'static str,
    record: Option<u64>,
    ledger: &'a str,
    follows: Option<u64>,
    source: SourceView<'a>,
    table: TableView<'a>,
    other_tables: Vec<TableView<'a>>,
    columns: Vec<ColumnView<'a>>,
    rows: Vec<RowView<'a>>,
    left_out: Vec<LeftOutView<'a>>,
    cells: Vec<DiagnosticView<'a>>,
    diagnostics: Vec<DiagnosticView<'a>>,
    changes: ChangesView<'a>,
}

#[derive(Serialize)]
struct SourceView<'a> {
    path: &'a str,
    sha256: &'a str,
    size: u64,
}

impl<'a> From<&'a LedgerSource> for SourceView<'a> {
    fn from(source: &'a LedgerSource) -> Self {
        SourceView { path: &source.path, sha256: &source.sha256, size: source.size }
    }
}

#[derive(Serialize)]
struct TableView<'a> {
    sheet: Option<&'a str>,
    hidden: bool,
    first_row: u32,
    last_row: u32,
    rows: usize,
    known: usize,
    score: u32,
}

impl<'a> From<&'a LedgerTable> for TableView<'a> {
    fn from(table: &'a LedgerTable) -> Self {
        TableView {
            sheet: table.sheet.as_deref(),
            hidden: table.hidden,
            first_row: table.first_row,
            last_row: table.last_row,
            rows: table.rows,
            known: table.known,
            score: table.score,
        }
    }
}

#[derive(Serialize)]
struct ColumnView<'a> {
    letters: &'a str,
    heading: &'a str,
    meaning: Option<&'static str>,
    by: Option<&'static str>,
    confidence: Option<&'static str>,
}

impl<'a> From<&'a MappedColumn> for ColumnView<'a> {
    fn from(column: &'a MappedColumn) -> Self {
        ColumnView {
            letters: &column.letters,
            heading: &column.heading,
            meaning: column.column.map(|column| column.as_str()),
            by: column.by.map(|by| by.as_str()),
            confidence: column.confidence.map(|confidence| confidence.as_str()),
        }
    }
}

#[derive(Serialize)]
struct RowView<'a> {
    row: u32,
    key: &'a str,
    asset: AssetView<'a>,
}

#[derive(Serialize)]
struct AssetView<'a> {
    asset_id: Option<&'a str>,
    name: Option<&'a str>,
    host: Option<&'a str>,
    kind: Option<&'static str>,
    kind_text: Option<&'a str>,
    maker: Option<&'a str>,
    model: Option<&'a str>,
    serial: Option<&'a str>,
    firmware: Option<&'a str>,
    os: Option<&'a str>,
    address: Option<&'a str>,
    mac: Option<&'a str>,
    place: Option<&'a str>,
    zone: Option<&'a str>,
    exposure: Option<&'static str>,
    exposure_text: Option<&'a str>,
    patched_by: Option<&'a str>,
    support_end: Option<&'a str>,
    introduced: Option<&'a str>,
    state: Option<&'a str>,
    retired: bool,
    owner: Option<&'a str>,
    confirmed: Option<&'a str>,
    remarks: Option<&'a str>,
    unsettled: Vec<&'static str>,
}

impl<'a> From<&'a Asset> for AssetView<'a> {
    fn from(asset: &'a Asset) -> Self {
        AssetView {
            asset_id: filled(&asset.asset_id),
            name: asset.name.as_deref(),
            host: asset.host.as_deref(),
            kind: asset.kind.map(|kind| kind.as_str()),
            kind_text: asset.kind_text.as_deref(),
            maker: asset.maker.as_deref(),
            model: asset.model.as_deref(),
            serial: asset.serial.as_deref(),
            firmware: asset.firmware.as_deref(),
            os: asset.os.as_deref(),
            address: asset.address.as_deref(),
            mac: asset.mac.as_deref(),
            place: asset.place.as_deref(),
            zone: asset.zone.as_deref(),
            exposure: asset.exposure.map(|exposure| exposure.as_str()),
            exposure_text: asset.exposure_text.as_deref(),
            patched_by: asset.patched_by.as_deref(),
            support_end: asset.support_end.as_deref(),
            introduced: asset.introduced.as_deref(),
            state: asset.state.as_deref(),
            retired: asset.retired,
            owner: asset.owner.as_deref(),
            confirmed: asset.confirmed.as_deref(),
            remarks: asset.remarks.as_deref(),
            unsettled: Unsettled::of(asset).into_iter().map(Unsettled::as_str).collect(),
        }
    }
}

#[derive(Serialize)]
struct LeftOutView<'a> {
    row: u32,
    reason: &'static str,
    text: &'a str,
}

impl<'a> From<&'a LeftOut> for LeftOutView<'a> {
    fn from(left: &'a LeftOut) -> Self {
        LeftOutView { row: left.row, reason: left.reason.as_str(), text: &left.text }
    }
}

#[derive(Serialize)]
struct ChangesView<'a> {
    added: Vec<AddedView<'a>>,
    changed: Vec<ChangeView<'a>>,
    unchanged: usize,
    missing: &'a [String],
    returned: &'a [String],
    repeated: Vec<RepeatedView<'a>>,
}

#[derive(Serialize)]
struct AddedView<'a> {
    key: &'a str,
    row: u32,
}

#[derive(Serialize)]
struct RepeatedView<'a> {
    mark: &'a str,
    first: u32,
    row: u32,
}

#[derive(Serialize)]
struct ChangeView<'a> {
    key: &'a str,
    row: u32,
    fields: Vec<FieldView<'a>>,
}

#[derive(Serialize)]
struct FieldView<'a> {
    field: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

impl<'a> From<&'a AssetChange> for ChangeView<'a> {
    fn from(change: &'a AssetChange) -> Self {
        let fields = change.fields.iter().map(|field| FieldView {
            field: &field.field,
            before: filled(&field.before),
            after: filled(&field.after),
        });
        ChangeView { key: &change.key, row: change.row, fields: fields.collect() }
    }
}

#[derive(Serialize)]
struct ImportsView<'a> {
    schema: &'static str,
    imports: Vec<ImportEntryView<'a>>,
}

#[derive(Serialize)]
struct ImportEntryView<'a> {
    record: u64,
    at: String,
    by: &'a str,
    ledger: &'a str,
    source: SourceView<'a>,
    sheet: Option<&'a str>,
    assets: usize,
    added: usize,
    changed: usize,
    missing: usize,
    cells: usize,
    undone_by: Option<u64>,
}

impl<'a> From<&'a ImportEntry> for ImportEntryView<'a> {
    fn from(import: &'a ImportEntry) -> Self {
        ImportEntryView {
            record: import.number,
            at: import.at.to_string(),
            by: &import.by,
            ledger: &import.ledger,
            source: SourceView::from(&import.source),
            sheet: import.source.sheet.as_deref(),
            assets: import.assets,
            added: import.added,
            changed: import.changed,
            missing: import.missing,
            cells: import.cells,
            undone_by: import.undone_by,
        }
    }
}

#[derive(Serialize)]
struct AssetsView<'a> {
    schema: &'static str,
    assets: Vec<RegisteredView<'a>>,
}

#[derive(Serialize)]
struct RegisteredView<'a> {
    key: &'a str,
    ledger: &'a str,
    sheet: Option<&'a str>,
    row: u32,
    since: u64,
    seen: u64,
    missing_since: Option<u64>,
    #[serde(flatten)]
    asset: AssetView<'a>,
}

impl<'a> From<&'a RegisteredAsset> for RegisteredView<'a> {
    fn from(asset: &'a RegisteredAsset) -> Self {
        RegisteredView {
            key: &asset.key,
            ledger: &asset.ledger,
            sheet: asset.sheet.as_deref(),
            row: asset.row,
            since: asset.since,
            seen: asset.seen,
            missing_since: asset.missing_since,
            asset: AssetView::from(&asset.asset),
        }
    }
}

#[derive(Serialize)]
struct MapView<'a> {
    schema: &'static str,
    unresolved: Vec<UnresolvedView<'a>>,
    confirmed: Vec<ConfirmedView<'a>>,
}

#[derive(Serialize)]
struct UnresolvedView<'a> {
    maker: &'a str,
    model: &'a str,
    assets: usize,
    examples: &'a [String],
    suggestions: Vec<SuggestionView<'a>>,
}

impl<'a> From<&'a UnresolvedModel> for UnresolvedView<'a> {
    fn from(model: &'a UnresolvedModel) -> Self {
        UnresolvedView {
            maker: &model.maker,
            model: &model.model,
            assets: model.assets,
            examples: &model.examples,
            suggestions: model.suggestions.iter().map(SuggestionView::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct SuggestionView<'a> {
    vendor: &'a str,
    product: &'a str,
    advisories: u32,
    why: &'a [&'static str],
}

impl<'a> From<&'a SuggestedProduct> for SuggestionView<'a> {
    fn from(suggested: &'a SuggestedProduct) -> Self {
        SuggestionView {
            vendor: &suggested.vendor,
            product: &suggested.product,
            advisories: suggested.advisories,
            why: &suggested.why,
        }
    }
}

#[derive(Serialize)]
struct ConfirmedView<'a> {
    maker: &'a str,
    model: &'a str,
    products: Vec<String>,
    reason: Option<&'a str>,
    by: &'a str,
    at: String,
}

impl<'a> From<&'a ConfirmedEntry> for ConfirmedView<'a> {
    fn from(entry: &'a ConfirmedEntry) -> Self {
        let said = &entry.confirmation;
        let (products, reason) = match &said.identity {
            ConfirmedIdentity::Products(products) => {
                (products.iter().map(PublishedProduct::to_string).collect(), None)
            }
            ConfirmedIdentity::JudgedByHand { reason } => (Vec::new(), Some(reason.as_str())),
        };
        ConfirmedView {
            maker: &said.maker,
            model: &said.model,
            products,
            reason,
            by: &entry.by,
            at: entry.at.to_string(),
        }
    }
}
