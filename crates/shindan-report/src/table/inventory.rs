//! The register of assets on the terminal: what an import read and did, and what is registered.

use std::collections::BTreeMap;

use shindan_domain::asset_ledger::{
    LedgerColumn, LedgerReading, LedgerTable, LeftOutReason, MappedBy, Unsettled,
};
use shindan_domain::devices::{ConfirmedIdentity, PublishedProduct};
use shindan_domain::diagnostic::Params;
use shindan_domain::inventory::Asset;
use shindan_domain::register::{
    Changes, ConfirmedEntry, ImportEntry, ImportReport, Register, RegisteredAsset, UnresolvedModel,
};

use super::Style;
use super::layout::{self, Meaning, clean, colored, heading, line, plain, put};
use crate::dates::moment;
use crate::words::Words;

/// How many rows of the ledger are shown as they were understood.
const FIRST_ROWS: usize = 5;
/// How many entries of a list are shown; all of them are in the JSON.
const SHOWN: usize = 30;
/// The parameter that holds the address of a cell.
const CELL: &str = "cell";

/// What an import did, or what its preview says.
pub fn import(report: &ImportReport, preview: bool, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let reading = &report.reading;
    put_table(&mut out, report, words);
    put_columns(&mut out, reading, words, style);
    put_first_rows(&mut out, reading, words, style);
    put_left_out(&mut out, reading, words);
    put_cells(&mut out, reading, words, style);
    put_changes(&mut out, &report.changes, reading, words, style);
    let assets: Vec<&Asset> = reading.rows.iter().map(|row| &row.asset).collect();
    put_unsettled(&mut out, &assets, words);
    out.push('\n');
    let outcome = match report.record {
        Some(number) => words.get("inventory-imported", &[("number", number.into())]),
        None if preview => words.t("inventory-preview"),
        None => words.t("inventory-refused"),
    };
    line(&mut out, &outcome);
    out
}

/// Where the table was found.
fn put_table(out: &mut String, report: &ImportReport, words: &Words) {
    let reading = &report.reading;
    let path = clean(&reading.path);
    let place = place_of(&reading.table, words);
    let values =
        [("path", (&*path).into()), ("place", (&*place).into()), ("rows", reading.rows.len().into())];
    line(out, &words.get("inventory-read", &values));
    for other in &reading.others {
        let place = place_of(other, words);
        line(out, &format!("  {}", words.get("inventory-other-table", &[("place", (&*place).into())])));
    }
    let ledger = clean(&report.ledger);
    let text = match report.follows {
        Some(number) => {
            words.get("inventory-ledger-follows", &[("ledger", (&*ledger).into()), ("number", number.into())])
        }
        None => words.get("inventory-ledger-new", &[("ledger", (&*ledger).into())]),
    };
    line(out, &text);
}

fn place_of(table: &LedgerTable, words: &Words) -> String {
    let rows = if table.first_row == table.last_row {
        table.first_row.to_string()
    } else {
        format!("{}-{}", table.first_row, table.last_row)
    };
    match &table.sheet {
        Some(sheet) => {
            let sheet = clean(sheet);
            let key = if table.hidden { "inventory-place-hidden" } else { "inventory-place-sheet" };
            words.get(key, &[("sheet", (&*sheet).into()), ("rows", (&*rows).into())])
        }
        None => words.get("inventory-place-text", &[("rows", (&*rows).into())]),
    }
}

fn put_columns(out: &mut String, reading: &LedgerReading, words: &Words, style: &Style) {
    heading(out, &words.t("inventory-columns"));
    let head =
        ["col-letters", "col-heading", "col-meaning", "col-confidence", "col-by"].map(|key| words.t(key));
    let mut table = layout::table(&head, style);
    for column in &reading.columns {
        let meaning = match column.column {
            Some(meaning) => words.label("ledger", meaning.as_str()),
            None => words.t("inventory-not-used"),
        };
        let confidence = column.confidence.map(|c| words.label("confidence", c.as_str())).unwrap_or_default();
        let by = column.by.map(|by| words.label("mapped-by", MappedBy::as_str(by))).unwrap_or_default();
        table.add_row(vec![
            plain(&column.letters),
            plain(&column.heading),
            plain(meaning),
            plain(confidence),
            plain(by),
        ]);
    }
    put(out, &table);
}

fn put_first_rows(out: &mut String, reading: &LedgerReading, words: &Words, style: &Style) {
    if reading.rows.is_empty() {
        return;
    }
    heading(out, &words.t("inventory-first-rows"));
    let columns = [
        LedgerColumn::AssetId,
        LedgerColumn::Kind,
        LedgerColumn::Maker,
        LedgerColumn::Model,
        LedgerColumn::Firmware,
        LedgerColumn::Place,
        LedgerColumn::PatchedBy,
        LedgerColumn::SupportEnd,
    ];
    let mut head = vec![words.t("col-row")];
    head.extend(columns.iter().map(|column| words.label("ledger", column.as_str())));
    let mut table = layout::table(&head, style);
    for row in reading.rows.iter().take(FIRST_ROWS) {
        let asset = &row.asset;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let kind = asset.kind.map(|kind| words.label("asset-kind", kind.as_str()));
        let version = match (&asset.firmware, &asset.os) {
            (Some(firmware), _) => firmware.clone(),
            (None, os) => text(os),
        };
        table.add_row(vec![
            plain(row.row.to_string()),
            plain(asset.label()),
            plain(kind.unwrap_or_else(|| text(&asset.kind_text))),
            plain(text(&asset.maker)),
            plain(text(&asset.model)),
            plain(version),
            plain(text(&asset.place)),
            plain(text(&asset.patched_by)),
            plain(text(&asset.support_end)),
        ]);
    }
    put(out, &table);
}

fn put_left_out(out: &mut String, reading: &LedgerReading, words: &Words) {
    if reading.left_out.is_empty() {
        return;
    }
    heading(out, &words.t("inventory-left-out"));
    for reason in LeftOutReason::ALL {
        let rows: Vec<String> = reading
            .left_out
            .iter()
            .filter(|left| left.reason == reason)
            .map(|left| left.row.to_string())
            .collect();
        if rows.is_empty() {
            continue;
        }
        let label = words.label("left-out", reason.as_str());
        let shown: Vec<&str> = rows.iter().take(SHOWN).map(String::as_str).collect();
        let more = if rows.len() > SHOWN { ", …" } else { "" };
        let list = format!("{}{more}", shown.join(", "));
        let values = [("reason", (&*label).into()), ("count", rows.len().into()), ("rows", (&*list).into())];
        line(out, &format!("  {}", words.get("inventory-left-out-rows", &values)));
    }
}

/// What is wrong with single cells, each with its address.
fn put_cells(out: &mut String, reading: &LedgerReading, words: &Words, style: &Style) {
    if reading.cells.is_empty() {
        return;
    }
    heading(out, &words.get("inventory-cells", &[("n", reading.cells.len().into())]));
    let head = ["col-cell", "col-explanation"].map(|key| words.t(key));
    let mut table = layout::table(&head, style);
    for cell in reading.cells.iter().take(SHOWN) {
        let address = cell.params.get(CELL).map(String::as_str).unwrap_or_default();
        let text = words.code(cell.code, &in_words(&cell.params, words));
        table.add_row(vec![colored(address, Meaning::from(cell.severity())), plain(text)]);
    }
    put(out, &table);
    more(out, reading.cells.len(), words);
}

/// `firmware|バージョン` in the words of the reader.
fn in_words(params: &Params, words: &Words) -> Params {
    let mut params = params.clone();
    if let Some(field) = params.get_mut("field") {
        *field = words.label("ledger", field.split('|').next().unwrap_or_default());
    }
    params
}

fn put_changes(out: &mut String, changes: &Changes, reading: &LedgerReading, words: &Words, style: &Style) {
    heading(out, &words.t("inventory-changes"));
    let counts = [
        ("added", changes.added.len().into()),
        ("changed", changes.changed.len().into()),
        ("unchanged", changes.unchanged.into()),
        ("missing", changes.missing.len().into()),
        ("returned", changes.returned.len().into()),
    ];
    line(out, &words.get("inventory-change-counts", &counts));
    if !changes.changed.is_empty() {
        let labels: BTreeMap<&str, &str> = changes
            .keys
            .iter()
            .map(String::as_str)
            .zip(reading.rows.iter().map(|row| row.asset.label()))
            .collect();
        let head = ["col-row", "col-place", "col-field", "col-before", "col-after"].map(|key| words.t(key));
        let mut table = layout::table(&head, style);
        let fields = changes.changed.iter().flat_map(|change| change.fields.iter().map(move |f| (change, f)));
        for (change, field) in fields.clone().take(SHOWN) {
            table.add_row(vec![
                plain(change.row.to_string()),
                plain(
                    labels.get(change.key.as_str()).copied().filter(|l| !l.is_empty()).unwrap_or(&change.key),
                ),
                plain(words.label("ledger", &field.field)),
                plain(&field.before),
                plain(&field.after),
            ]);
        }
        put(out, &table);
        more(out, fields.count(), words);
    }
    put_keys(out, "inventory-missing", &changes.missing, words);
    put_keys(out, "inventory-returned", &changes.returned, words);
    for (mark, first, row) in changes.repeated.iter().take(SHOWN) {
        let mark = clean(mark);
        let values =
            [("mark", (&*mark).into()), ("first", u64::from(*first).into()), ("row", u64::from(*row).into())];
        line(out, &format!("  ! {}", words.get("inventory-repeated", &values)));
    }
    more(out, changes.repeated.len(), words);
}

fn put_keys(out: &mut String, key: &str, keys: &[String], words: &Words) {
    if keys.is_empty() {
        return;
    }
    let shown: Vec<&str> =
        keys.iter().take(SHOWN).map(|key| key.split_once(':').map_or(key.as_str(), |(_, k)| k)).collect();
    let list = shown.join(", ");
    let list = clean(&list);
    line(out, &words.get(key, &[("n", keys.len().into()), ("list", (&*list).into())]));
    more(out, keys.len(), words);
}

fn more(out: &mut String, count: usize, words: &Words) {
    if count > SHOWN {
        line(out, &words.get("inventory-more", &[("n", (count - SHOWN).into())]));
    }
}

/// What somebody has to find out, counted by what it is.
fn put_unsettled(out: &mut String, assets: &[&Asset], words: &Words) {
    let mut counts: BTreeMap<Unsettled, Vec<&str>> = BTreeMap::new();
    for asset in assets {
        for unsettled in Unsettled::of(asset) {
            counts.entry(unsettled).or_default().push(asset.label());
        }
    }
    if counts.is_empty() {
        return;
    }
    heading(out, &words.t("inventory-unsettled"));
    for (unsettled, labels) in counts {
        let label = words.label("unsettled", unsettled.as_str());
        let named: Vec<&str> = labels.iter().copied().filter(|label| !label.is_empty()).take(5).collect();
        let more = if named.len() < labels.len() { ", …" } else { "" };
        let list = if named.is_empty() { String::new() } else { format!("{}{more}", named.join(", ")) };
        let list = clean(&list);
        let values = [("label", (&*label).into()), ("n", labels.len().into()), ("list", (&*list).into())];
        let key = if list.is_empty() { "inventory-unsettled-count" } else { "inventory-unsettled-line" };
        line(out, &format!("  {}", words.get(key, &values)));
    }
}

/// The list of imports.
pub fn imports(register: &Register, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    if register.imports.is_empty() {
        line(&mut out, &words.t("inventory-no-imports"));
        return out;
    }
    let head =
        ["col-import-record", "col-when", "col-who", "col-ledger", "col-file", "col-assets", "col-outcome"];
    let mut table = layout::table(&head.map(|key| words.t(key)), style);
    for import in &register.imports {
        table.add_row(vec![
            plain(import.number.to_string()),
            plain(moment(import.at, words)),
            plain(&import.by),
            plain(&import.ledger),
            // The folder would take the room of everything else; the JSON has it.
            plain(import.source.path.rsplit(['/', '\\']).next().unwrap_or_default()),
            plain(import.assets.to_string()),
            plain(outcome(import, words)),
        ]);
    }
    put(&mut out, &table);
    out
}

fn outcome(import: &ImportEntry, words: &Words) -> String {
    if let Some(number) = import.undone_by {
        return words.get("inventory-undone-by", &[("number", number.into())]);
    }
    let counts = [
        ("added", import.added.into()),
        ("changed", import.changed.into()),
        ("missing", import.missing.into()),
    ];
    words.get("inventory-outcome", &counts)
}

/// What was taken back.
pub fn undone(import: &ImportEntry, words: &Words) -> String {
    let mut out = String::new();
    let ledger = clean(&import.ledger);
    let values = [
        ("number", import.number.into()),
        ("ledger", (&*ledger).into()),
        ("record", import.undone_by.unwrap_or_default().into()),
    ];
    line(&mut out, &words.get("inventory-undone", &values));
    out
}

/// Assets of the register.
pub fn assets(assets: &[&RegisteredAsset], words: &Words, style: &Style) -> String {
    let mut out = String::new();
    if assets.is_empty() {
        line(&mut out, &words.t("inventory-no-assets"));
        return out;
    }
    line(&mut out, &words.get("inventory-assets", &[("n", assets.len().into())]));
    let head = ["col-place", "col-product", "col-version", "col-where", "col-patched-by", "col-unsettled"];
    let mut table = layout::table(&head.map(|key| words.t(key)), style);
    for registered in assets {
        let asset = &registered.asset;
        let maker_model: Vec<&str> =
            [&asset.maker, &asset.model].into_iter().flatten().map(String::as_str).collect();
        let product = if maker_model.is_empty() {
            asset.name.clone().unwrap_or_default()
        } else {
            maker_model.join(" ")
        };
        let version: Vec<&str> =
            [&asset.firmware, &asset.os].into_iter().flatten().map(String::as_str).collect();
        table.add_row(vec![
            plain(if asset.label().is_empty() { &registered.key } else { asset.label() }),
            plain(product),
            plain(version.join("\n")),
            plain(asset.place.as_deref().unwrap_or_default()),
            plain(asset.patched_by.as_deref().unwrap_or_default()),
            plain(open_points(registered, words)),
        ]);
    }
    put(&mut out, &table);
    let plain_assets: Vec<&Asset> = assets.iter().map(|registered| &registered.asset).collect();
    put_unsettled(&mut out, &plain_assets, words);
    out
}

fn open_points(registered: &RegisteredAsset, words: &Words) -> String {
    let mut points: Vec<String> =
        Unsettled::of(&registered.asset).into_iter().map(|u| words.label("unsettled", u.as_str())).collect();
    if registered.asset.retired {
        points.push(words.t("inventory-retired"));
    }
    if let Some(number) = registered.missing_since {
        points.push(words.get("inventory-missing-since", &[("number", number.into())]));
    }
    points.join("\n")
}

/// Makers and models that could not be found, and what others were said to be.
pub fn map(
    unresolved: &[UnresolvedModel],
    confirmed: &[ConfirmedEntry],
    words: &Words,
    style: &Style,
) -> String {
    let mut out = String::new();
    line(&mut out, &words.get("map-unresolved", &[("n", unresolved.len().into())]));
    if !unresolved.is_empty() {
        let head = ["col-maker", "col-model", "col-assets", "col-examples", "col-suggestions"];
        let mut table = layout::table(&head.map(|key| words.t(key)), style);
        for model in unresolved {
            let suggestions = model.suggestions.iter().map(|suggested| {
                let product = format!("{}/{}", suggested.vendor, suggested.product);
                let values = [("product", (&*product).into()), ("n", u64::from(suggested.advisories).into())];
                words.get("map-suggestion", &values)
            });
            table.add_row(vec![
                plain(&model.maker),
                plain(&model.model),
                plain(model.assets.to_string()),
                plain(model.examples.join(", ")),
                plain(suggestions.collect::<Vec<_>>().join("\n")),
            ]);
        }
        put(&mut out, &table);
        line(&mut out, &words.t("map-next"));
    }
    if !confirmed.is_empty() {
        heading(&mut out, &words.get("map-confirmed", &[("n", confirmed.len().into())]));
        let head = ["col-maker", "col-model", "col-identity", "col-who", "col-when"];
        let mut table = layout::table(&head.map(|key| words.t(key)), style);
        for entry in confirmed {
            let said = &entry.confirmation;
            table.add_row(vec![
                plain(&said.maker),
                plain(&said.model),
                plain(identity(&said.identity, words)),
                plain(&entry.by),
                plain(moment(entry.at, words)),
            ]);
        }
        put(&mut out, &table);
    }
    out
}

fn identity(identity: &ConfirmedIdentity, words: &Words) -> String {
    match identity {
        ConfirmedIdentity::Products(products) => {
            products.iter().map(PublishedProduct::to_string).collect::<Vec<_>>().join("\n")
        }
        ConfirmedIdentity::JudgedByHand { reason } => {
            let reason = clean(reason);
            words.get("map-by-hand", &[("reason", (&*reason).into())])
        }
    }
}
