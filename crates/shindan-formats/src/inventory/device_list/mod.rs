//! Device lists (資産台帳): a workbook or a CSV text, in UTF-8, UTF-16 or CP932.
//!
//! Each row is one asset, with a component for the device and one for its operating system. How tables are found and
//! columns are understood is shared with `inventory import`: see [`crate::asset_ledger`].

use shindan_domain::asset_ledger::LedgerReading;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Inventory, InventoryKind};

use super::collector::Collector;
use crate::asset_ledger::{self as ledger, LedgerFile, TextShape};
use crate::limits::Limits;

/// Looks for headings among the first rows. `None` if no row has any that are understood.
pub(super) fn recognise(text: &str) -> Option<TextShape> {
    ledger::recognise(text)
}

/// Reads a text of the recognised shape.
pub(super) fn read(text: &str, shape: TextShape, found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
    inventory(&LedgerFile::of_text(text, shape.delimiter, found.path()), found)
}

/// Reads a workbook.
pub(super) fn read_workbook(
    bytes: &[u8],
    found: Collector<'_>,
    limits: &Limits,
) -> Result<Inventory, Vec<Diagnostic>> {
    inventory(&LedgerFile::open(bytes, found.path(), limits)?, found)
}

fn inventory(file: &LedgerFile, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
    let chosen = file.choose(None, None).map_err(|diagnostic| {
        let mut all = file.diagnostics().to_vec();
        all.push(diagnostic);
        all
    })?;
    let reading = file.read(&chosen, None);
    let (assets, components) = parts(&reading);
    let retired = assets.iter().filter(|asset| asset.retired).count();
    for diagnostic in in_order(reading.diagnostics, reading.cells) {
        found.push(diagnostic);
    }
    if retired > 0 {
        found.push(Diagnostic::new(Code::AssetsRetired, found.place()).with("count", retired));
    }
    Ok(Inventory {
        path: found.path().to_owned(),
        kind: InventoryKind::DeviceList,
        subject: None,
        about: None,
        components: components.into(),
        assets,
        opinions: Vec::new(),
        diagnostics: found.finish(),
    })
}

fn parts(
    reading: &LedgerReading,
) -> (Vec<shindan_domain::inventory::Asset>, Vec<shindan_domain::inventory::Component>) {
    let mut components = Vec::new();
    let mut assets = Vec::new();
    for row in &reading.rows {
        let pointer = ledger::pointer(reading.table.sheet.as_deref(), row.row, row.line);
        components.extend(ledger::components(&row.asset, u32::try_from(assets.len()).ok(), &pointer));
        assets.push(row.asset.clone());
    }
    (assets, components)
}

/// What is wrong with rows and with their cells, in the order of the lines; what is about the whole stays in front.
fn in_order(diagnostics: Vec<Diagnostic>, cells: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut all = diagnostics;
    all.extend(cells);
    all.sort_by_key(|diagnostic| diagnostic.place.line);
    all
}
