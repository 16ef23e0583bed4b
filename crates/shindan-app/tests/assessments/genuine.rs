//! Genuine reports through the use case: each is read or refused with a reason, and pairs of them are held against each other.

use std::path::{Path, PathBuf};

use shindan_app::error::AppError;
use shindan_app::records::RecordsError;
use shindan_domain::assessment::{Presence, Way};

use crate::world::{PORTAL, SITE, World, operator};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn every_genuine_report_is_read_or_refused_with_a_reason() {
    let Some(folder) = shindan_testdata::path("scans") else { return };
    let mut all = Vec::new();
    files(&folder, &mut all);
    all.sort();
    let mut world = World::new("genuine");
    world.available(PORTAL).unwrap();
    world.not_obtainable("other.war").unwrap();
    let outside = {
        let asked = world.asked(Some(world.test), Way::Outside, &[SITE]);
        let run = world.plan_run(operator, asked).unwrap();
        world.start(operator, run).unwrap();
        run
    };
    let source = world.source_run();
    let (mut read, mut refused) = (0, 0);
    for path in &all {
        let network =
            ["nmap", "nikto", "zap", "openvas", "tenable", "testssl", "wapiti", "ssh_audit", "nuclei"];
        let is_network = network.iter().any(|tool| path.components().any(|part| part.as_os_str() == *tool));
        let run = if is_network { outside } else { source };
        let before = world.run(run).reports.len();
        match world.import(run, std::slice::from_ref(path)) {
            Ok(_) => {
                read += 1;
                let reports = world.run(run).reports;
                assert!(reports.len() > before, "{}: taken, and nothing is recorded", path.display());
                if run == outside {
                    // Nobody scanned our site: what names a host is flagged.
                    for report in &reports[before..] {
                        assert!(report.touched == 0 || report.is_flagged(), "{}", path.display());
                    }
                }
            }
            Err(RecordsError::App(AppError::FilesUnreadable(found))) => {
                refused += 1;
                assert!(!found.is_empty(), "{}: refused without a reason", path.display());
                assert_eq!(world.run(run).reports.len(), before);
            }
            Err(other) => panic!("{}: {other:?}", path.display()),
        }
    }
    eprintln!("{read} read, {refused} refused, {} findings", world.rows().len());
    assert!(read > 50 && read > refused, "{read} read, {refused} refused");
    world.check_ledger();
}

/// Imports files one run after the other, and says after each how many findings are in which presence.
fn series(name: &str, relative: &[&str]) -> Option<Vec<[usize; 4]>> {
    let paths: Option<Vec<PathBuf>> = relative.iter().map(|one| shindan_testdata::path(one)).collect();
    let mut world = World::new(name);
    world.available(PORTAL).unwrap();
    let mut told = Vec::new();
    for path in paths? {
        let run = world.source_run();
        world.import(run, &[path]).unwrap();
        let rows = world.rows();
        let count = |presence| rows.iter().filter(|row| row.2 == presence).count();
        told.push([Presence::Fresh, Presence::Still, Presence::Back, Presence::Gone].map(count));
    }
    world.check_ledger();
    Some(told)
}

/// The same code some lines further down, read by another version: it is still there, then gone, then back.
#[test]
fn genuine_findings_of_semgrep_are_recognised_again() {
    let (first, third) = (
        "scans/semgrep/close_old_findings_report_line31.json",
        "scans/semgrep/close_old_findings_report_third_run_different_unique_id.json",
    );
    let Some(told) = series("semgrep", &[first, third, first, first]) else { return };
    eprintln!("{told:?}");
    let all = |row: &[usize; 4]| row.iter().sum::<usize>();
    assert_eq!(told[0][0], all(&told[0]));
    assert!(told[0][0] > 0);
    assert_eq!(told[3][2] + told[3][0], 0, "nothing is new or back in a second reading");
    assert!(told.windows(2).all(|pair| all(&pair[0]) <= all(&pair[1])), "nothing known is lost");
}

#[test]
fn genuine_suppressions_are_findings_of_their_own() {
    let (current, other) = ("scans/sarif/SuppressionTestCurrent.sarif", "scans/sarif/suppression_test.sarif");
    let Some(told) = series("suppressed", &[current, other, current]) else { return };
    eprintln!("{told:?}");
    assert!(told[0][0] > 0, "what a tool suppresses is there until a person decides");
}

#[test]
fn a_genuine_report_of_nuclei_read_again_is_still_there() {
    let third = "scans/nuclei/many_findings_third.json";
    let Some(told) = series("nuclei", &[third, third]) else { return };
    eprintln!("{told:?}");
    assert!(told[0][0] > 0);
    assert_eq!(told[1], [0, told[0][0], 0, 0]);
}
