//! What the records say about assets of the register: who patches them, their dossiers, their cases.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, MasterData, Patcher};
use shindan_domain::people::Action;
use shindan_domain::process::Relation;
use shindan_domain::register::Register;
use shindan_store::Row;

use super::{Entered, Records, RecordsError};

/// What the records say about one asset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfAsset {
    /// The record of the asset, unless it has ended.
    pub asset: Option<Stream>,
    /// Who patches it, by that record.
    pub patcher: Option<PatchedBy>,
    /// The system that it belongs to, and its name.
    pub system: Option<(Stream, String)>,
    /// Its dossiers, and what they are called.
    pub devices: Vec<(Stream, String)>,
    /// Cases that concern it, the latest last.
    pub cases: Vec<Row>,
}

/// Who patches an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatchedBy {
    /// This party.
    Party(Stream, String),
    /// To be settled until this day in Japan.
    ToBeSettled(Date),
}

impl OfAsset {
    /// How many cases are open.
    pub fn open_cases(&self) -> usize {
        self.cases.iter().filter(|case| case.open).count()
    }
}

/// How many cases are open about each asset of the register, by its key there; assets without any are left out.
///
/// # Errors
/// Refused if the person may not read.
pub fn open_cases_of_register(
    records: &Records,
    who: &Entered,
    register: &Register,
) -> Result<BTreeMap<String, u64>, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let keys = register.assets.keys().map(String::as_str);
    Ok(records.store().open_linked(Kind::Case, Relation::Asset, keys)?)
}

/// Keys of the assets of the register which, by the records, a party patches.
///
/// # Errors
/// Refused if the person may not read; stored states that this program cannot have written.
pub fn patched_of_register(records: &Records, who: &Entered) -> Result<BTreeSet<String>, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let mut patched = BTreeSet::new();
    let mut unreadable = None;
    records.store().each_state(Kind::Asset, &mut |_, state| {
        match serde_json::from_slice::<MasterData<Asset>>(state) {
            Ok(asset) if asset.ended.is_some() => {}
            // Of several records of one asset the last one counts, as it does where one asset is shown.
            Ok(asset) => match asset.particulars.patcher {
                Patcher::Party(_) => drop(patched.insert(asset.particulars.key)),
                Patcher::ToBeSettled(_) => drop(patched.remove(&asset.particulars.key)),
            },
            Err(error) => unreadable = Some(error),
        }
    })?;
    match unreadable {
        Some(error) => Err(RecordsError::stored(error)),
        None => Ok(patched),
    }
}

/// What the records say about the asset with this key of the register.
///
/// # Errors
/// Refused if the person may not read; those of reading.
pub fn of_register(records: &Records, who: &Entered, key: &str) -> Result<OfAsset, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let mut found = OfAsset::default();
    for row in records.store().linked(Relation::Asset, key)? {
        match row.stream.kind {
            Kind::Case => found.cases.push(row),
            Kind::Asset => {
                let Some((_, asset)) = records.state::<MasterData<Asset>>(row.stream.id)? else { continue };
                if asset.ended.is_some() {
                    continue;
                }
                found.asset = Some(row.stream);
                found.patcher = Some(match asset.particulars.patcher {
                    Patcher::Party(party) => {
                        let party = Stream::new(Kind::Party, party);
                        PatchedBy::Party(party, records.called(party).unwrap_or_default())
                    }
                    Patcher::ToBeSettled(day) => PatchedBy::ToBeSettled(day),
                });
                found.system = asset.particulars.system.map(|system| {
                    let system = Stream::new(Kind::System, system);
                    (system, records.called(system).unwrap_or_default())
                });
                let devices =
                    records.store().linked(Relation::PartOf, &row.stream.id.hyphenated().to_string())?;
                let devices = devices.into_iter().filter(|device| device.stream.kind == Kind::Device);
                found.devices.extend(devices.map(|row| (row.stream, row.number.unwrap_or(row.title))));
            }
            _ => {}
        }
    }
    Ok(found)
}
