//! How much memory the answer about a large SBOM takes, from the file to the last byte of JSON.
//!
//! A test program of its own: the peak is that of the whole process, and no other test may run beside it.
#![cfg(target_os = "linux")] // the peak is read where Linux tells it
#![allow(clippy::unwrap_used)] // helpers outside #[test] functions may fail a test, too

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::json;
use shindan_app::author::Author;
use shindan_app::check::{self, CheckOptions};
use shindan_app::data_folder::DataFolder;
use shindan_app::knowledge::{self, BuildOptions};
use shindan_app::progress::Silent;
use shindan_domain::finding::CheckResult;
use shindan_report::json::write_check;

const NOW: &str = "2026-11-22T00:00:00Z";
const COMPONENTS: usize = 100_000;

/// A folder of this test, removed at its end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{} stays behind: {error}", self.0.display());
        }
    }
}

/// One in twenty is hit, two in three are of an ecosystem that the knowledge base does not cover: as in the benchmarks.
fn write_sbom(path: &Path, count: usize) -> u64 {
    let mut out = BufWriter::new(File::create(path).unwrap());
    out.write_all(b"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"version\":1,\"components\":[")
        .unwrap();
    for number in 0..count {
        let (kind, name) = match number {
            n if n % 20 == 0 => ("pypi", "viewer".to_owned()),
            n if n % 3 == 0 => ("pypi", format!("kashinte-rodanpel{number}")),
            _ => ("npm", format!("kashinte-rodanpel{number}")),
        };
        let version = format!("{}.{}.{}", number % 9, number % 30, number % 17);
        let component = json!({
            "type": "library",
            "bom-ref": format!("c{number}"),
            "name": name,
            "version": version,
            "scope": "required",
            "licenses": [{"license": {"id": "Apache-2.0"}}],
            "purl": format!("pkg:{kind}/{name}@{version}"),
        });
        write!(out, "{}{component}", if number == 0 { "\n" } else { ",\n" }).unwrap();
    }
    out.write_all(b"]}\n").unwrap();
    out.flush().unwrap();
    path.metadata().unwrap().len()
}

fn answer(folder: &DataFolder, sbom: &Path) -> (CheckResult, u64) {
    let options = CheckOptions {
        now: NOW.parse().unwrap(),
        max_age_days: None,
        allow_stale: false,
        only: None,
        register: false,
    };
    let result = check::check(folder, &[sbom.to_owned()], &options).unwrap().result;
    let mut written = Counted(0);
    write_check(&result, &[], BufWriter::new(&mut written)).unwrap();
    (result, written.0)
}

/// Somebody who reads the answer and keeps nothing of it.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A size that the kernel tells of this process, in bytes.
fn of_process(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let number = line.unwrap().trim().trim_end_matches("kB").trim();
    number.parse::<u64>().unwrap() * 1024
}

#[test]
fn a_large_sbom_takes_no_more_than_twice_its_size() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("check-memory-{}", std::process::id()));
    std::fs::create_dir_all(&root).unwrap();
    let here = Folder(root.clone());
    let data = DataFolder::new(root.join("data"));
    let record = root.join("PYSEC-2026-1.json");
    let affected = json!([{"package": {"ecosystem": "PyPI", "name": "viewer"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}]}]);
    let advisory = json!({"id": "PYSEC-2026-1", "modified": NOW, "summary": "s", "affected": affected});
    std::fs::write(&record, advisory.to_string()).unwrap();
    let author = Author::before_setup(&data, "test").unwrap();
    let now: Timestamp = NOW.parse().unwrap();
    knowledge::build(&data, &[record], BuildOptions::default(), &author, now, &Silent).unwrap();

    // Whatever a first answer makes once (threads, tables) is there before the measurement.
    let (small, large) = (root.join("small.cdx.json"), root.join("large.cdx.json"));
    write_sbom(&small, 100);
    let size = write_sbom(&large, COMPONENTS);
    answer(&data, &small);
    // Sets the peak back to what is in use now. Where that is not allowed, the peak so far counts in addition.
    let reset = std::fs::write("/proc/self/clear_refs", "5");
    let before = of_process("VmRSS");
    let (result, written) = answer(&data, &large);
    let peak = of_process("VmHWM").saturating_sub(before);

    assert_eq!(result.findings.len(), COMPONENTS / 20);
    assert!(result.undetermined.len() > COMPONENTS / 2, "{}", result.undetermined.len());
    assert!(written > size, "all of it is printed");
    let ratio = peak as f64 / size as f64;
    eprintln!("{size} bytes of SBOM, {written} of JSON, {peak} of memory: {ratio:.2} × ({reset:?})");
    assert!(peak <= 2 * size, "{ratio:.2} × the file");
    drop(here);
}
