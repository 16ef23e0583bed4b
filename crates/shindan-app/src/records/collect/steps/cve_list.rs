//! The CVE List, version 5: the archive of all records once, then the archives of what changed, a day and an hour at a time.
//!
//! Source: CVEProject/cvelistV5, `README.md` ("Releases"). The address answers with one release or with a list of them, as
//! JSON; a list reaches back some days, so that what changed since the last look is in it. Where it does not reach, all records
//! are fetched again. The archives may lie on further hosts: those of the other addresses of the source.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use shindan_domain::collect::{Failure, SourceDraft, redacted};
use shindan_domain::diagnostic::Diagnostic;
use shindan_formats::archive::Archive;
use shindan_formats::collect::cve_delta::{self, Asset, AssetKind};
use shindan_formats::collect::locations;
use shindan_formats::limits::Limits;

use super::super::files::Position;
use super::{Remains, Rest, Role, Step, Steps, Unseen, Wanted, unread};

/// See the module.
pub(super) struct CveList {
    addresses: Vec<String>,
    hosts: Vec<String>,
    in_force: BTreeSet<String>,
    wanted: BTreeSet<String>,
}

/// What an archive is called here. The names sort by time.
fn file_of(asset: Asset) -> String {
    match asset.kind {
        AssetKind::All => format!("all-{}.zip", asset.day),
        AssetKind::DeltaOfDay => format!("day-{}.zip", asset.day),
        AssetKind::Delta(hour) => format!("hour-{}T{hour:02}.zip", asset.day),
    }
}

/// The day at whose beginning everything is in force with the archive of all records and those of whole days behind it.
fn covered(files: &BTreeSet<String>) -> Option<Date> {
    let day = |name: &str, prefix: &str| -> Option<Date> {
        name.strip_prefix(prefix)?.strip_suffix(".zip")?.parse().ok()
    };
    let mut until = files.iter().filter_map(|name| day(name, "all-")).max()?;
    while files.contains(&format!("day-{until}.zip")) {
        until = until.tomorrow().ok()?;
    }
    Some(until)
}

/// The archives that lead from the beginning of a day to the newest state; `None` if one of them is not there.
fn onwards(from: Date, assets: &BTreeMap<Asset, String>) -> Option<Vec<Asset>> {
    let has = |day: Date, kind: AssetKind| assets.contains_key(&Asset { day, kind });
    let newest = assets.keys().map(|asset| asset.day).max()?;
    let mut day = from;
    let mut all = Vec::new();
    while day < newest || has(day, AssetKind::DeltaOfDay) {
        if !has(day, AssetKind::DeltaOfDay) {
            return None;
        }
        all.push(Asset { day, kind: AssetKind::DeltaOfDay });
        day = day.tomorrow().ok()?;
    }
    // Each archive of an hour holds everything since the day began.
    all.extend(assets.keys().filter(|one| one.day == day && matches!(one.kind, AssetKind::Delta(_))).max());
    Some(all)
}

impl CveList {
    pub(super) fn new(draft: &SourceDraft, position: Option<Position>) -> CveList {
        CveList {
            addresses: draft.addresses.clone(),
            hosts: draft.addresses.iter().filter_map(|address| locations::host(address)).collect(),
            in_force: position.map(|position| position.files).unwrap_or_default(),
            wanted: BTreeSet::new(),
        }
    }

    fn choose(&mut self, list: &Wanted, bytes: &[u8]) -> Result<Vec<Wanted>, Unseen> {
        let hosts: Vec<&str> = self.hosts.iter().map(String::as_str).collect();
        let assets = cve_delta::assets(bytes, &list.url, &hosts, &Limits::DEFAULT)
            .map_err(|problem| unread(&problem, &list.url))?;
        let go_on = covered(&self.in_force).and_then(|day| onwards(day, &assets));
        let chosen = match go_on {
            Some(chosen) => {
                // What is in force stays, but for the hours before the last one and those of days that are whole now.
                self.wanted.extend(self.in_force.iter().filter(|name| !name.starts_with("hour-")).cloned());
                chosen
            }
            None => {
                let newest = assets.keys().filter(|one| one.kind == AssetKind::All).max().copied();
                let begun = newest.and_then(|all| Some((all, onwards(all.day, &assets)?)));
                let Some((all, rest)) = begun else {
                    let params = vec![("reason", "release".to_owned()), ("value", redacted(&list.url))];
                    return Err((Failure::Incomplete, params));
                };
                [vec![all], rest].concat()
            }
        };
        let mut next = Vec::new();
        for asset in chosen {
            let file = file_of(asset);
            self.wanted.insert(file.clone());
            if let (false, Some(url)) = (self.in_force.contains(&file), assets.get(&asset)) {
                next.push(Wanted { url: url.clone(), file, sha256: None, role: Role::Knowledge });
            }
        }
        Ok(next)
    }
}

/// The inner one of an archive that holds nothing but an archive.
fn inner(bytes: &[u8], path: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
    let inner = Archive::open(bytes, path, &Limits::DEFAULT)?.inner()?;
    if let Some(inner) = &inner {
        Archive::open(inner, path, &Limits::DEFAULT)?;
    }
    Ok(inner)
}

impl Steps for CveList {
    fn first(&mut self) -> Vec<Wanted> {
        let url = self.addresses.first().cloned().unwrap_or_default();
        vec![Wanted { url, file: "releases.json".to_owned(), sha256: None, role: Role::List }]
    }

    fn came(&mut self, wanted: &Wanted, bytes: &[u8]) -> Result<Step, Unseen> {
        if wanted.role == Role::List {
            return self.choose(wanted, bytes).map(Step::then);
        }
        let in_place = inner(bytes, &wanted.url).map_err(|problem| unread(&problem, &wanted.url))?;
        Ok(Step { in_place, ..Step::default() })
    }

    fn end(&mut self) -> Result<Rest, Unseen> {
        let gone = self.in_force.iter().filter(|name| !self.wanted.contains(*name)).cloned().collect();
        Ok(Rest {
            remains: Remains::AllBut(gone),
            position: Some(Position { addresses: self.addresses.clone(), ..Position::default() }),
            ..Rest::default()
        })
    }

    fn asks_for_changes(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn assets(names: &[&str]) -> BTreeMap<Asset, String> {
        names.iter().map(|name| (cve_delta::asset(name).expect("an asset"), (*name).to_owned())).collect()
    }

    #[test]
    fn what_leads_from_a_day_to_the_newest_state() {
        let found = assets(&[
            "2026-10-07_delta_CVEs_at_end_of_day.zip",
            "2026-10-07_delta_CVEs_at_2300Z.zip",
            "2026-10-08_all_CVEs_at_midnight.zip.zip",
            "2026-10-08_delta_CVEs_at_0300Z.zip",
            "2026-10-08_delta_CVEs_at_1400Z.zip",
        ]);
        let names = |from: &str| {
            let chosen = onwards(day(from), &found)?;
            Some(chosen.into_iter().map(file_of).collect::<Vec<_>>())
        };
        assert_eq!(names("2026-10-08"), Some(vec!["hour-2026-10-08T14.zip".to_owned()]));
        let two = vec!["day-2026-10-07.zip".to_owned(), "hour-2026-10-08T14.zip".to_owned()];
        assert_eq!(names("2026-10-07"), Some(two));
        assert_eq!(names("2026-10-06"), None, "the end of that day is not in the list");
    }

    #[test]
    fn what_is_covered_ends_at_the_first_day_that_is_not_whole() {
        let files = |names: &[&str]| covered(&names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(files(&["day-2026-10-07.zip"]), None, "nothing without all records");
        assert_eq!(files(&["all-2026-10-07.zip", "hour-2026-10-07T14.zip"]), Some(day("2026-10-07")));
        let whole = ["all-2026-10-07.zip", "day-2026-10-07.zip", "day-2026-10-09.zip"];
        assert_eq!(files(&whole), Some(day("2026-10-08")));
    }
}
