//! The register of assets: what was imported from ledgers, as a chain of records that are only ever added.
//!
//! A record is an event with type and version, who and when (UTC), and the hash of the record before it, so that a
//! ledger of events can take the chain over as it is. The state is what the records add up to; nothing is changed in
//! place and nothing is forgotten. What an undone import said stays in its record.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::asset_ledger::{LedgerReading, MappedColumn};
use crate::devices::Confirmation;
use crate::diagnostic::Diagnostic;
use crate::inventory::Asset;

/// One record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegisterRecord {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// SHA-256 of the bytes of the record before it, in lower-case hexadecimal; `None` for the first.
    pub previous: Option<String>,
    /// When it was made.
    pub at: Timestamp,
    /// Who made it, as given or as the system calls them.
    pub by: String,
    /// What happened.
    #[serde(flatten)]
    pub event: RegisterEvent,
}

/// What happened. Each type carries the version of its form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum RegisterEvent {
    /// A ledger was imported.
    #[serde(rename = "inventory.imported")]
    Imported(Box<Imported>),
    /// An import was taken back.
    #[serde(rename = "inventory.import-undone")]
    ImportUndone {
        /// Version of this form: 1.
        version: u32,
        /// Number of the record of the import.
        import: u64,
    },
    /// An asset that is no longer in its ledger was taken off the register.
    #[serde(rename = "inventory.asset-removed")]
    AssetRemoved {
        /// Version of this form: 1.
        version: u32,
        /// Its key.
        key: String,
        /// Why, in the words of who did it.
        reason: String,
    },
    /// Somebody said what a maker and model are.
    #[serde(rename = "inventory.identity-confirmed")]
    IdentityConfirmed {
        /// Version of this form: 1.
        version: u32,
        /// What was said.
        confirmation: Confirmation,
    },
    /// What somebody said about a maker and model was taken back.
    #[serde(rename = "inventory.identity-withdrawn")]
    IdentityWithdrawn {
        /// Version of this form: 1.
        version: u32,
        /// Maker, as it was confirmed.
        maker: String,
        /// Model, as it was confirmed.
        model: String,
    },
}

/// An import of a ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// Version of this form: 1.
    pub version: u32,
    /// Name of the ledger: imports of the same ledger follow one another.
    pub ledger: String,
    /// The file.
    pub source: LedgerSource,
    /// How its columns were understood.
    pub columns: Vec<MappedColumn>,
    /// Every asset of the ledger and the row in which it stands.
    pub rows: Vec<(String, u32)>,
    /// Assets that were not in the register.
    pub added: Vec<Keyed>,
    /// Assets that the ledger now describes otherwise.
    pub changed: Vec<Keyed>,
    /// Keys of assets that were in this ledger and no longer are.
    pub missing: Vec<String>,
    /// Keys of assets that had been missing and are there again.
    pub returned: Vec<String>,
    /// Cells that could not be understood.
    pub cells: Vec<Diagnostic>,
}

/// The file of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerSource {
    /// Path as given.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Sheet; `None` in a text.
    pub sheet: Option<String>,
    /// First row of the headings, from 1.
    pub first_row: u32,
    /// Last row of the headings, from 1.
    pub last_row: u32,
    /// The headings in one form.
    pub fingerprint: String,
}

/// An asset with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyed {
    /// Its key: how the register knows it (`id:…`, `serial:…`).
    pub key: String,
    /// What the ledger says.
    pub asset: Asset,
}

/// An asset of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredAsset {
    /// Its key.
    pub key: String,
    /// What the ledger said last.
    pub asset: Asset,
    /// The ledger that described it last.
    pub ledger: String,
    /// Sheet of that ledger.
    pub sheet: Option<String>,
    /// Row of that ledger, from 1.
    pub row: u32,
    /// Number of the import that brought it.
    pub since: u64,
    /// Number of the last import that had it.
    pub seen: u64,
    /// Number of the import from which on it is no longer in its ledger. Kept until somebody decides.
    pub missing_since: Option<u64>,
}

/// An import for the list of imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportEntry {
    /// Number of its record.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// The ledger.
    pub ledger: String,
    /// The file.
    pub source: LedgerSource,
    /// Assets in the ledger.
    pub assets: usize,
    /// How many were new.
    pub added: usize,
    /// How many changed.
    pub changed: usize,
    /// How many were no longer there.
    pub missing: usize,
    /// Cells that could not be understood.
    pub cells: usize,
    /// Number of the record that took it back.
    pub undone_by: Option<u64>,
}

/// What somebody said about a maker and model, with who and when.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfirmedEntry {
    /// What was said.
    pub confirmation: Confirmation,
    /// Who said it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What the records add up to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Register {
    /// Assets by key.
    pub assets: BTreeMap<String, RegisteredAsset>,
    /// Imports in order, undone ones included.
    pub imports: Vec<ImportEntry>,
    /// What makers and models were said to be, in the order in which it was said; the later one counts.
    pub identities: Vec<ConfirmedEntry>,
    /// Number of the last record; 0 if there is none.
    pub last: u64,
}

impl Register {
    /// Adds records up, in order.
    pub fn of(records: &[RegisterRecord]) -> Register {
        let undone: BTreeMap<u64, u64> = records
            .iter()
            .filter_map(|record| match record.event {
                RegisterEvent::ImportUndone { import, .. } => Some((import, record.number)),
                _ => None,
            })
            .collect();
        let mut register = Register::default();
        for record in records {
            register.last = record.number;
            match &record.event {
                RegisterEvent::Imported(import) => {
                    let undone_by = undone.get(&record.number).copied();
                    register.imports.push(entry(record, import, undone_by));
                    if undone_by.is_none() {
                        register.take_in(record.number, import);
                    }
                }
                RegisterEvent::ImportUndone { .. } => {}
                RegisterEvent::AssetRemoved { key, .. } => drop(register.assets.remove(key)),
                RegisterEvent::IdentityConfirmed { confirmation, .. } => {
                    register.identities.retain(|known| !same(&known.confirmation, confirmation));
                    register.identities.push(ConfirmedEntry {
                        confirmation: confirmation.clone(),
                        by: record.by.clone(),
                        at: record.at,
                    });
                }
                RegisterEvent::IdentityWithdrawn { maker, model, .. } => {
                    register.identities.retain(|known| {
                        known.confirmation.maker != *maker || known.confirmation.model != *model
                    });
                }
            }
        }
        register
    }

    fn take_in(&mut self, number: u64, import: &Imported) {
        for keyed in import.added.iter().chain(&import.changed) {
            let since = self.assets.get(&keyed.key).map_or(number, |known| known.since);
            self.assets.insert(
                keyed.key.clone(),
                RegisteredAsset {
                    key: keyed.key.clone(),
                    asset: keyed.asset.clone(),
                    ledger: import.ledger.clone(),
                    sheet: None,
                    row: 0,
                    since,
                    seen: number,
                    missing_since: None,
                },
            );
        }
        for (key, row) in &import.rows {
            if let Some(asset) = self.assets.get_mut(key) {
                asset.row = *row;
                asset.seen = number;
                asset.missing_since = None;
                asset.ledger.clone_from(&import.ledger);
                asset.sheet.clone_from(&import.source.sheet);
            }
        }
        for key in &import.missing {
            if let Some(asset) = self.assets.get_mut(key) {
                asset.missing_since.get_or_insert(number);
            }
        }
    }

    /// The last import that is in force.
    pub fn last_import(&self) -> Option<&ImportEntry> {
        self.imports.iter().rev().find(|import| import.undone_by.is_none())
    }

    /// The last import in force of a ledger.
    pub fn last_import_of(&self, ledger: &str) -> Option<&ImportEntry> {
        self.imports.iter().rev().find(|import| import.undone_by.is_none() && import.ledger == ledger)
    }

    /// The names of all ledgers, in the order of their first import in force.
    pub fn ledgers(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let in_force = self.imports.iter().filter(|import| import.undone_by.is_none());
        in_force.map(|import| import.ledger.as_str()).filter(|ledger| seen.insert(*ledger)).collect()
    }
}

fn same(a: &Confirmation, b: &Confirmation) -> bool {
    a.maker == b.maker && a.model == b.model
}

fn entry(record: &RegisterRecord, import: &Imported, undone_by: Option<u64>) -> ImportEntry {
    ImportEntry {
        number: record.number,
        at: record.at,
        by: record.by.clone(),
        ledger: import.ledger.clone(),
        source: import.source.clone(),
        assets: import.rows.len(),
        added: import.added.len(),
        changed: import.changed.len(),
        missing: import.missing.len(),
        cells: import.cells.len(),
        undone_by,
    }
}

/// One field that a ledger now describes otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Name of the field, as in JSON.
    pub field: String,
    /// What it was; empty if nothing.
    pub before: String,
    /// What it is; empty if nothing.
    pub after: String,
}

/// An asset that changed, with what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetChange {
    /// Its key.
    pub key: String,
    /// The row in which it stands now.
    pub row: u32,
    /// The fields.
    pub fields: Vec<FieldChange>,
}

/// What an import would do, or did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// Key of each row of the reading, in its order.
    pub keys: Vec<String>,
    /// Keys of new assets, with their rows.
    pub added: Vec<(String, u32)>,
    /// Assets that changed.
    pub changed: Vec<AssetChange>,
    /// How many stayed as they were.
    pub unchanged: usize,
    /// Assets that are no longer in the ledger.
    pub missing: Vec<String>,
    /// Assets that are in it again.
    pub returned: Vec<String>,
    /// Keys of rows that look like another row of the same ledger, with both rows: the second is kept apart.
    pub repeated: Vec<(String, u32, u32)>,
}

/// What an import or its preview tells.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportReport {
    /// What was read.
    pub reading: LedgerReading,
    /// The file.
    pub source: LedgerSource,
    /// Name of the ledger.
    pub ledger: String,
    /// Number of the import of the same ledger that this one follows.
    pub follows: Option<u64>,
    /// What it does to the register.
    pub changes: Changes,
    /// Number of its record; `None` for a preview, and for a ledger that was refused.
    pub record: Option<u64>,
}

/// A maker and model that nothing in the knowledge base could be found for, and what it may be.
#[derive(Debug, Clone, PartialEq)]
pub struct UnresolvedModel {
    /// Maker as the register has it most often.
    pub maker: String,
    /// Model as the register has it most often.
    pub model: String,
    /// How many assets.
    pub assets: usize,
    /// Numbers of some of them.
    pub examples: Vec<String>,
    /// What it may be, the likeliest first.
    pub suggestions: Vec<SuggestedProduct>,
}

/// A product that a maker and model may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedProduct {
    /// Vendor as an advisory writes it.
    pub vendor: String,
    /// Product as an advisory writes it.
    pub product: String,
    /// How many advisories name it.
    pub advisories: u32,
    /// In which ways it is similar (`same-name`, `name-within` …).
    pub why: Vec<&'static str>,
}
