//! What the program knows about systems at a moment: versions, open cases, end of support, last confirmation. A report of a
//! periodic confirmation rests on it; nobody types it (企画管理編 9).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::calendar;
use shindan_domain::confirmation::{AssetLine, Snapshot};
use shindan_domain::inventory::Asset as Listed;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, MasterData};
use shindan_domain::process::Relation;
use shindan_domain::record_id::SystemId;
use shindan_store::Row;

use super::{Records, RecordsError};
use crate::data_folder::DataFolder;
use crate::register;

impl Records {
    /// What is known of these systems now.
    ///
    /// # Errors
    /// Those of reading the register, the knowledge and the store.
    pub(super) fn snapshot(&self, systems: &[SystemId], at: Timestamp) -> Result<Snapshot, RecordsError> {
        let folder = DataFolder::new(self.root());
        let register = register::load(&folder)?;
        let knowledge = folder.current()?;
        let doubts = match knowledge {
            Some(_) if register.last > 0 => self.match_again(&[], true, at)?.doubts_by_place(),
            _ => BTreeMap::new(),
        };
        let mut assets = Vec::new();
        for (_, record) in self.all::<MasterData<Asset>>()? {
            let asset = &record.particulars;
            let concerned = asset.system.is_some_and(|system| systems.contains(&system));
            if record.ended.is_some() || !concerned {
                continue;
            }
            let listed = register.assets.get(&asset.key).map(|known| &known.asset);
            let cases = self.open_cases(Relation::Asset, &asset.key)?;
            assets.push(AssetLine {
                asset: asset.key.clone(),
                name: asset.name.clone(),
                version: listed.and_then(version),
                support_end: listed.and_then(|listed| day(listed.support_end.as_deref()?)),
                last_seen: listed.and_then(|listed| moment(day(listed.confirmed.as_deref()?)?)),
                open_cases: u32::try_from(cases.len()).unwrap_or(u32::MAX),
                undetermined: doubts.get(asset.key.as_str()).copied().unwrap_or_default(),
            });
        }
        let mut open: BTreeMap<Stream, Row> = BTreeMap::new();
        for system in systems {
            let target = Stream::new(Kind::System, *system).id.hyphenated().to_string();
            let rows = self.open_cases(Relation::Subject, &target)?;
            open.extend(rows.into_iter().map(|row| (row.stream, row)));
        }
        for line in &assets {
            let rows = self.open_cases(Relation::Asset, &line.asset)?;
            open.extend(rows.into_iter().map(|row| (row.stream, row)));
        }
        let today = calendar::day(at);
        let overdue = open.values().filter(|row| row.due.is_some_and(|due| due < today)).count();
        Ok(Snapshot {
            at,
            knowledge,
            assets,
            open_cases: u32::try_from(open.len()).unwrap_or(u32::MAX),
            overdue_cases: u32::try_from(overdue).unwrap_or(u32::MAX),
        })
    }

    fn open_cases(&self, relation: Relation, target: &str) -> Result<Vec<Row>, RecordsError> {
        let mut rows = self.store().linked(relation, target)?;
        rows.retain(|row| row.stream.kind == Kind::Case && row.open);
        Ok(rows)
    }
}

fn version(listed: &Listed) -> Option<String> {
    let given = [&listed.firmware, &listed.os].into_iter().flatten();
    let texts: Vec<&str> = given.map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    (!texts.is_empty()).then(|| texts.join(" / "))
}

/// A whole day, as the register has it; a month alone is none.
fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// The beginning of a day in Japan.
fn moment(day: Date) -> Option<Timestamp> {
    jiff::tz::offset(9).to_timestamp(day.at(0, 0, 0, 0)).ok()
}
