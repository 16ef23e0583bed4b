//! Genuine reports through the use case: each is read or refused with a reason, and pairs of them are held against each other.

use std::path::{Path, PathBuf};

use shindan_app::error::AppError;
use shindan_app::records::RecordsError;
use shindan_domain::assessment::{Presence, ScanReport, Way};
use shindan_formats::limits::Limits;

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
                let first = found.first().map(|one| one.code);
                assert!(first.is_some(), "{}: refused without a reason", path.display());
                eprintln!("refused: {} {first:?}", path.display());
                assert_eq!(world.run(run).reports.len(), before);
            }
            Err(other) => panic!("{}: {other:?}", path.display()),
        }
    }
    eprintln!("{read} read, {refused} refused, {} findings", world.rows().len());
    assert!(read > 50 && read > refused, "{read} read, {refused} refused");
    world.check_ledger();
}

fn reports_in(path: &Path) -> Vec<ScanReport> {
    let bytes = std::fs::read(path).unwrap();
    shindan_formats::scan::read(&bytes, "report", None, &Limits::DEFAULT).unwrap()
}

/// Imports files one run after the other, and says after each how many findings are in which presence.
fn series(name: &str, relative: &[&str]) -> Option<Vec<[usize; 4]>> {
    let paths: Option<Vec<PathBuf>> = relative.iter().map(|one| shindan_testdata::path(one)).collect();
    let mut world = World::new(name);
    world.available(PORTAL).unwrap();
    let mut told = Vec::new();
    for path in paths? {
        let run = world.source_run();
        let tells = matches!(reports_in(&path).as_slice(), [one] if one.taken().is_some());
        if tells { world.import(run, &[path]) } else { world.import_made_now(run, &[path]) }.unwrap();
        let rows = world.rows();
        let count = |presence| rows.iter().filter(|row| row.2 == presence).count();
        told.push([Presence::Fresh, Presence::Still, Presence::Back, Presence::Gone].map(count));
    }
    world.check_ledger();
    Some(told)
}

/// Another fingerprint of the tool is another finding and closes the old one: so say the tests from which these files come.
#[test]
fn genuine_findings_of_semgrep_come_and_go() {
    let (first, third) = (
        "scans/semgrep/close_old_findings_report_line31.json",
        "scans/semgrep/close_old_findings_report_third_run_different_unique_id.json",
    );
    let Some(told) = series("semgrep", &[first, third, first, first]) else { return };
    assert_eq!(told, [[1, 0, 0, 0], [1, 0, 0, 1], [0, 0, 1, 1], [0, 1, 0, 1]]);
}

/// The same genuine report with all lines moved, by another version of the tool.
#[test]
fn a_genuine_finding_is_the_same_in_another_line() {
    let Some(path) = shindan_testdata::path("scans/semgrep/close_old_findings_report_line31.json") else {
        return;
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let moved = text.replace("\"line\": 31", "\"line\": 40").replace("\"1.97.0\"", "\"1.99.0\"");
    assert_ne!(text, moved);
    let mut world = World::new("semgrep-moved");
    world.available(PORTAL).unwrap();
    let moved = world.hospital.file("moved.json", &moved);
    for (path, presence) in [(path, Presence::Fresh), (moved, Presence::Still)] {
        let run = world.source_run();
        world.import(run, &[path]).unwrap();
        let all: Vec<Presence> = world.rows().into_iter().map(|row| row.2).collect();
        assert_eq!(all, [presence]);
    }
}

/// What a tool suppresses is there until a person decides.
#[test]
fn genuine_suppressions_are_findings() {
    let (current, other) = ("scans/sarif/SuppressionTestCurrent.sarif", "scans/sarif/suppression_test.sarif");
    let Some(told) = series("suppressed", &[current, other, current]) else { return };
    assert_eq!(told, [[4, 0, 0, 0], [1, 4, 0, 0], [0, 4, 0, 1]]);
}

#[test]
fn a_genuine_report_of_nuclei_read_again_is_still_there() {
    let third = "scans/nuclei/many_findings_third.json";
    let Some(told) = series("nuclei", &[third, third]) else { return };
    assert_eq!(told, [[2, 0, 0, 0], [0, 2, 0, 0]]);
}
