//! A data folder of one test, with the inventories it asks about; removed at the end.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jiff::Timestamp;
use serde_json::Value;
use shindan_app::author::Author;
use shindan_app::check::{self, CheckOptions};
use shindan_app::data_folder::DataFolder;
use shindan_app::knowledge::{self, BuildOptions, Built, Shown};
use shindan_app::progress::Silent;
use shindan_domain::finding::CheckResult;

/// The time of every answer in these tests.
pub const NOW: &str = "2026-11-22T00:00:00Z";

/// A folder of a test.
pub struct Workbench {
    root: PathBuf,
}

impl Workbench {
    /// An empty folder; `name` is the test's own.
    pub fn new(name: &str) -> Self {
        let root =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("accuracy-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        Workbench { root }
    }

    /// A folder with a knowledge base of `paths`.
    pub fn with(name: &str, paths: &[PathBuf]) -> Self {
        let bench = Workbench::new(name);
        bench.build(paths);
        bench
    }

    /// Writes a file of the test.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn folder(&self) -> DataFolder {
        DataFolder::new(self.root.join("data"))
    }

    pub fn author(&self) -> Author {
        Author::before_setup(&self.folder(), "test").unwrap()
    }

    pub fn build(&self, paths: &[PathBuf]) -> Built {
        let now: Timestamp = NOW.parse().unwrap();
        knowledge::build(&self.folder(), paths, BuildOptions::default(), &self.author(), now, &Silent)
            .unwrap()
    }

    pub fn check(&self, inventory: &Path) -> CheckResult {
        check_in(&self.folder(), inventory, None)
    }

    /// The findings and the undetermined of one vulnerability (`who`).
    pub fn who(&self, id: &str, inventory: &Path) -> CheckResult {
        check_in(&self.folder(), inventory, Some(id))
    }

    /// What `kb show --format json` prints.
    pub fn show(&self, id: &str) -> Value {
        json_of(&knowledge::show(&self.folder(), id).unwrap())
    }
}

impl Drop for Workbench {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.root) {
            eprintln!("{} stays behind: {error}", self.root.display());
        }
    }
}

fn check_in(folder: &DataFolder, inventory: &Path, only: Option<&str>) -> CheckResult {
    let options = CheckOptions {
        now: NOW.parse().unwrap(),
        max_age_days: None,
        allow_stale: false,
        only: only.map(str::to_owned),
        register: false,
    };
    check::check(folder, &[inventory.to_owned()], &options).unwrap().result
}

/// The JSON form of one answer of `kb show`, one line of `kb export`.
pub fn json_of(shown: &Shown) -> Value {
    let mut line = Vec::new();
    shindan_report::json::write_kb_show(&shown.facts, shown.opinions(), &mut line).unwrap();
    assert_eq!(line.iter().filter(|b| **b == b'\n').count(), 1, "one line");
    serde_json::from_slice(&line).unwrap()
}

/// The knowledge base of all genuine data, built once for all tests that ask it and never removed by one of them.
/// `None` (with a line on standard error) where the data is absent.
pub fn everything() -> Option<&'static Workbench> {
    static BUILT: OnceLock<Option<Workbench>> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            let paths: Option<Vec<PathBuf>> = EVERYTHING.iter().map(|p| shindan_testdata::path(p)).collect();
            paths.map(|paths| Workbench::with("everything", &paths))
        })
        .as_ref()
}

/// Everything of the test data that `kb build` reads.
pub const EVERYTHING: [&str; 12] = [
    "osv/crates.io/all.zip",
    "osv/PyPI/all.zip",
    "csaf/cisa-2017-2021.zip",
    "cve5/vulnrichment-half.zip",
    "jvn/feeds/detail",
    "jvn/feeds/rss",
    "jvn/myjvn/examples/hnd",
    "kev/known_exploited_vulnerabilities.json",
    "epss",
    "vendor/fortinet",
    "vendor/microsoft/csaf",
    "vendor/redhat",
];

/// A file of facts that is part of this repository.
pub fn committed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accuracy/data").join(name)
}

/// Every JSON document of an archive of the test data, with its name.
pub fn members(archive: &Path) -> Vec<(String, Value)> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(archive).unwrap()).unwrap();
    let mut out = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        if name.ends_with(".json") {
            out.push((name, serde_json::from_slice(&bytes).unwrap()));
        }
    }
    out
}

/// A field of a CSV line, quoted.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
