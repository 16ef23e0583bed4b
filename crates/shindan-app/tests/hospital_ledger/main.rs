//! A hospital's ledger of 300 rows goes in as it is: what is in it is found, what is wrong with it is told cell by cell, and
//! what could not be judged is a short list.
//!
//! The advisories are the demo's; what they hit is worked out from `demo/README.md`.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod ledger;
mod one_command;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shindan_app::author::Author;
use shindan_app::check::{self, CheckOptions, Checked};
use shindan_app::data_folder::DataFolder;
use shindan_app::knowledge::{self, BuildOptions};
use shindan_app::progress::Silent;
use shindan_app::register::{self, ImportOptions};
use shindan_domain::asset_ledger::Unsettled;
use shindan_domain::inventory::InventoryKind;
use shindan_domain::register::ImportReport;

/// A folder for one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("shindan-hospital-{}-{name}", std::process::id()));
        // A test that was killed may have left one behind under a process number that is used again.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("folder");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Failing to clean up must not hide why a test failed.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn now() -> Timestamp {
    "2024-10-15T00:00:00Z".parse().expect("a time")
}

fn author(folder: &DataFolder) -> Author {
    Author::before_setup(folder, "test").expect("no ledger")
}

fn import(folder: &DataFolder, path: &Path) -> ImportReport {
    register::import(folder, path, &ImportOptions::default(), Some(&author(folder)), now()).expect("imported")
}

/// The ledger, imported.
fn imported(name: &str) -> (Folder, DataFolder, ledger::Ledger, ImportReport) {
    let folder = Folder::new(name);
    let ledger = ledger::hospital();
    let path = folder.0.join("資産台帳_2026年11月.xlsx");
    std::fs::write(&path, &ledger.bytes).expect("written");
    let data = DataFolder::new(folder.0.join("data"));
    let report = import(&data, &path);
    (folder, data, ledger, report)
}

#[test]
fn every_row_is_read_and_what_is_wrong_is_told_by_cell() {
    let (_folder, data, ledger, report) = imported("read");
    let reading = &report.reading;
    assert_eq!(
        (reading.table.sheet.as_deref(), reading.table.first_row, reading.table.last_row),
        (Some("機器一覧"), 4, 5)
    );
    let columns: Vec<String> = reading
        .columns
        .iter()
        .map(|c| format!("{}={}", c.letters, c.column.map_or("-", |column| column.as_str())))
        .collect();
    assert_eq!(
        columns.join(" "),
        "A=- B=asset_id C=kind D=maker E=model F=serial G=firmware H=os I=address J=exposure K=place L=- \
         M=support_end N=patched_by O=state P=remarks"
    );
    assert_eq!(reading.rows.len(), 300);
    assert_eq!(ledger.devices.len(), 300);
    assert_eq!(reading.left_out.len(), ledger.other_rows);
    for (row, device) in reading.rows.iter().zip(&ledger.devices) {
        let asset = &row.asset;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        assert_eq!(asset.asset_id, device.id, "row {}", row.row);
        assert_eq!(
            (text(&asset.maker).as_str(), text(&asset.model).as_str()),
            (device.maker, device.model),
            "{}",
            device.id
        );
        assert_eq!(text(&asset.firmware), device.version, "{}", device.id);
        assert_eq!(
            (text(&asset.os).as_str(), text(&asset.place).as_str()),
            (device.os, device.place),
            "{}",
            device.id
        );
        assert!(asset.kind.is_some(), "{}: {:?}", device.id, asset.kind_text);
    }
    let bad: Vec<&str> = reading
        .cells
        .iter()
        .filter(|cell| cell.code.as_str() != "field-tolerated")
        .map(|cell| cell.params["cell"].as_str())
        .collect();
    assert_eq!(bad, ledger.bad_cells.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(bad.len() >= 8, "{bad:?}");
    let dates: BTreeSet<&str> =
        reading.rows.iter().filter_map(|row| row.asset.support_end.as_deref()).collect();
    assert_eq!(
        dates.into_iter().collect::<Vec<_>>(),
        ["2025/13/45", "2029-03-31"],
        "four calendars and a typo"
    );
    let registered = register::load(&data).expect("readable");
    let open = |wanted: Unsettled| {
        let assets = registered.assets.values().filter(|a| Unsettled::of(&a.asset).contains(&wanted));
        assets.map(|a| a.asset.asset_id.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(open(Unsettled::PatchedBy), ledger.unpatched.iter().cloned().collect());
    let gone: Vec<&str> =
        registered.assets.values().filter(|a| a.asset.retired).map(|a| a.asset.asset_id.as_str()).collect();
    assert_eq!(gone.len(), ledger.retired.len());
}

#[test]
fn the_same_ledger_again_changes_nothing_and_undo_takes_it_back() {
    let (folder, data, _, _) = imported("again");
    let before = register::load(&data).expect("readable");
    let path = folder.0.join("資産台帳_2026年11月.xlsx");
    let again = import(&data, &path);
    assert_eq!((again.changes.unchanged, again.changes.added.len(), again.follows), (300, 0, Some(1)));
    let options = ImportOptions::default();
    // Next year's file has another name and other rows: the first hundred are gone.
    let workbook = shindan_app_ledger_without_network(&folder);
    let next = register::import(&data, &workbook, &options, Some(&author(&data)), now()).expect("imported");
    assert_eq!(next.changes.missing.len(), 40, "the network devices are no longer there, and are kept");
    assert_eq!(register::load(&data).expect("readable").assets.len(), 300);
    let is_imported = || register::is_imported(&data).expect("readable");
    assert!(is_imported());
    register::undo(&data, &author(&data), now()).expect("undone");
    assert!(is_imported(), "the one before is in force again");
    let after = register::load(&data).expect("readable");
    assert!(after.assets.values().all(|asset| asset.missing_since.is_none()));
    assert_eq!(after.assets.len(), before.assets.len());
    while register::undo(&data, &author(&data), now()).is_ok() {}
    assert!(!is_imported());
}

/// The register as a CSV of its own, without the devices of the network.
fn shindan_app_ledger_without_network(folder: &Folder) -> PathBuf {
    let ledger = ledger::hospital();
    let mut text = String::from("管理番号,種別,メーカー,型番,バージョン,設置場所\n");
    for device in ledger.devices.iter().filter(|device| !device.id.starts_with("NW")) {
        text.push_str(&format!(
            "{},{},{},{},{},{}\n",
            device.id, device.kind, device.maker, device.model, device.version, device.place
        ));
    }
    let path = folder.0.join("台帳2027.csv");
    std::fs::write(&path, text).expect("written");
    path
}

fn judged(data: &DataFolder, paths: &[PathBuf]) -> Checked {
    let advisories = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/advisories");
    knowledge::build(data, &[advisories], BuildOptions::default(), &author(data), now(), &Silent)
        .expect("built");
    let options = CheckOptions {
        now: now(),
        max_age_days: None,
        allow_stale: false,
        only: None,
        register: paths.is_empty(),
    };
    check::check(data, paths, &options).expect("checked")
}

#[test]
fn what_hits_is_found_and_what_stays_open_is_short() {
    let (folder, data, ledger, _) = imported("check");
    let checked = judged(&data, &[]);
    let result = &checked.result;
    assert_eq!(result.inputs[0].kind, Some(InventoryKind::Register));
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in &result.findings {
        let asset = finding.asset.as_ref().expect("an asset");
        found.entry(asset.asset_id.clone()).or_default().insert(finding.vulnerability.id.clone());
    }
    let mut wrong = Vec::new();
    for device in &ledger.devices {
        let expected: BTreeSet<String> = device.hits.iter().map(|id| (*id).to_owned()).collect();
        let got = found.remove(&device.id).unwrap_or_default();
        if got != expected {
            wrong.push(format!(
                "{} {} {} {}: {got:?}, expected {expected:?}",
                device.id, device.model, device.version, device.os
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(result.findings.len() > 80, "{}", result.findings.len());

    // What stays open: few reasons, each about few models.
    let mut groups: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for entry in &result.undetermined {
        groups.entry(entry.code.as_str()).or_default().insert(entry.component.name.clone());
    }
    let names: usize = groups.values().map(BTreeSet::len).sum();
    eprintln!("{} findings, {} open, {groups:#?}", result.findings.len(), result.undetermined.len());
    assert!(groups.len() <= 6, "{groups:#?}");
    assert!(names <= 40, "{names}: {groups:#?}");
    assert_eq!(result.coverage.patched_by_unsettled, ledger.unpatched.len());

    // The workbook itself says the same as the register.
    let direct = judged(&data, &[folder.0.join("資産台帳_2026年11月.xlsx")]);
    assert_eq!(direct.result.findings.len(), result.findings.len());
    assert_eq!(direct.result.inputs[0].kind, Some(InventoryKind::DeviceList));
}
