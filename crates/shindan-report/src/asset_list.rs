//! The register of assets as CSV, in the form of a ledger: what is written can be corrected and imported again.
//!
//! UTF-8 with a byte order mark and CRLF, as [`crate::csv`]; the headings are those that `inventory import` understands in
//! the reader's language.

use shindan_domain::asset_ledger::LedgerColumn;
use shindan_domain::inventory::Asset;
use shindan_domain::register::RegisteredAsset;

use crate::csv;
use crate::words::Words;

/// The columns, in the order of a ledger.
const COLUMNS: [LedgerColumn; 21] = [
    LedgerColumn::AssetId,
    LedgerColumn::Name,
    LedgerColumn::Host,
    LedgerColumn::Kind,
    LedgerColumn::Maker,
    LedgerColumn::Model,
    LedgerColumn::Serial,
    LedgerColumn::Firmware,
    LedgerColumn::Os,
    LedgerColumn::Address,
    LedgerColumn::Mac,
    LedgerColumn::Place,
    LedgerColumn::Zone,
    LedgerColumn::Exposure,
    LedgerColumn::PatchedBy,
    LedgerColumn::SupportEnd,
    LedgerColumn::Introduced,
    LedgerColumn::State,
    LedgerColumn::Owner,
    LedgerColumn::Confirmed,
    LedgerColumn::Remarks,
];

/// The assets, one a row.
pub fn assets(assets: &[&RegisteredAsset], words: &Words) -> String {
    let mut out = String::from("\u{feff}");
    csv::row(&mut out, COLUMNS.iter().map(|column| words.label("ledger", column.as_str())));
    for registered in assets {
        csv::row(&mut out, COLUMNS.iter().map(|column| value(&registered.asset, *column)));
    }
    out
}

/// What an asset says in this column, as its ledger wrote it; empty if nothing.
pub fn value(asset: &Asset, column: LedgerColumn) -> &str {
    let text = match column {
        LedgerColumn::AssetId => return &asset.asset_id,
        // It was joined with the system.
        LedgerColumn::OsVersion => return "",
        LedgerColumn::Name => &asset.name,
        LedgerColumn::Host => &asset.host,
        LedgerColumn::Kind => &asset.kind_text,
        LedgerColumn::Maker => &asset.maker,
        LedgerColumn::Model => &asset.model,
        LedgerColumn::Serial => &asset.serial,
        LedgerColumn::Firmware => &asset.firmware,
        LedgerColumn::Os => &asset.os,
        LedgerColumn::Address => &asset.address,
        LedgerColumn::Mac => &asset.mac,
        LedgerColumn::Place => &asset.place,
        LedgerColumn::Zone => &asset.zone,
        LedgerColumn::Exposure => &asset.exposure_text,
        LedgerColumn::PatchedBy => &asset.patched_by,
        LedgerColumn::SupportEnd => &asset.support_end,
        LedgerColumn::Introduced => &asset.introduced,
        LedgerColumn::State => &asset.state,
        LedgerColumn::Owner => &asset.owner,
        LedgerColumn::Confirmed => &asset.confirmed,
        LedgerColumn::Remarks => &asset.remarks,
    };
    text.as_deref().unwrap_or_default()
}
