//! The table of `docs/accuracy.md` about reports of scanners, one row a file: `cargo run -p shindan-formats --example scan_accuracy`
//!
//! It prints what the reader says. That this is right is held by `src/scan/genuine_tests*.rs`, against numbers that were counted in the
//! files by other means.

// What prints a table prints.
#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};

use shindan_domain::assessment::LeftOut;
use shindan_domain::diagnostic::Severity;
use shindan_formats::limits::Limits;
use shindan_formats::scan;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = shindan_testdata::path("scans").ok_or("there are no genuine reports here")?;
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let (mut read, mut findings_of_all) = (0_u64, 0_u64);
    println!("| file | read as | findings | repeated | told beside |\n|---|---|---:|---:|---|");
    for path in &files {
        let name = path.strip_prefix(&root)?.display();
        match scan::read(&std::fs::read(path)?, &path.display().to_string(), None, &Limits::DEFAULT) {
            Ok(reports) => {
                read += 1;
                let formats: Vec<&str> = reports.first().map(|one| one.format.as_str()).into_iter().collect();
                let findings: u64 = reports.iter().map(|one| one.results.len() as u64).sum();
                findings_of_all += findings;
                let repeated: u64 =
                    reports.iter().filter_map(|one| one.left_out.get(&LeftOut::Repeated)).sum();
                println!(
                    "| `{name}` | {} | {findings} | {repeated} | {} |",
                    formats.join(" "),
                    told(&reports)
                );
            }
            Err(why) => {
                let first = why.iter().find(|one| one.severity() == Severity::Error).or(why.first());
                let code = first.map_or("no reason", |one| one.code.as_str());
                println!("| `{name}` | refused: `{code}` | | | |");
            }
        }
    }
    println!(
        "\n{} files, {read} read with {findings_of_all} findings, {} refused",
        files.len(),
        files.len() as u64 - read
    );
    Ok(())
}

/// Codes of what is told beside the findings, notes left aside.
fn told(reports: &[shindan_domain::assessment::ScanReport]) -> String {
    let all = reports.iter().flat_map(|one| &one.diagnostics);
    let graver = all.filter(|one| one.severity() != Severity::Note);
    let mut codes: Vec<String> = graver.map(|one| format!("`{}`", one.code)).collect();
    codes.sort();
    codes.dedup();
    codes.join(", ")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
