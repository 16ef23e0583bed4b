//! The workloads: what is prepared, who runs, and what is compared. `bench/README.md` says why each exists.

use std::path::{Path, PathBuf};

use crate::bench::{self, Table};
use crate::contender::{Contender, Measured, Repeats};
use crate::measure::CommandLine;
use crate::osv::{self, Record};
use crate::peers::{self, CargoAudit, Trivy};
use crate::results::{self, Reason};
use crate::sbom::{self, Package, Source};
use crate::workspace::{self, Product};
use crate::{Failure, contender, floor, machine};

/// The time the answers hold for, so that no answer depends on the day.
const NOW: &str = "2026-11-22T00:00:00Z";

/// How many copies of OSV the large store holds.
const COPIES: usize = 20;

/// Differences that are understood. An entry here is a claim about the peer; remove it when it is no longer needed.
const REASONS: &[Reason] = &[
    Reason {
        peer: "trivy",
        only_peer: false,
        applies: |component, _| {
            let version = component.strip_prefix("pkg:pypi/").and_then(|rest| rest.rsplit_once('@'));
            version.is_some_and(|(_, version)| !peers::is_pep440(version))
        },
        text: "trivy judges no version outside PEP 440, though the advisory enumerates it",
    },
    Reason {
        peer: "trivy",
        only_peer: false,
        applies: |component, advisory| component == "pkg:pypi/wagtail@2.11.6" && advisory == "PYSEC-2021-114",
        text: "the record enumerates 2.11.6 as affected and names it as a fix; trivy believes the latter",
    },
];

/// What all workloads share.
#[derive(Debug)]
pub struct Bench {
    /// The test data.
    pub data: PathBuf,
    /// The executables.
    pub product: Product,
    /// How often.
    pub repeats: Repeats,
    /// The largest W3 that peers are asked for.
    pub peers_up_to: usize,
    /// Tables whose answers differ without a reason.
    pub differing: Vec<String>,
}

impl Bench {
    pub fn archives(&self) -> [PathBuf; 2] {
        ["osv/crates.io/all.zip", "osv/PyPI/all.zip"].map(|p| self.data.join(p))
    }

    /// Everything there is to know: OSV, CVE 5, CSAF, KEV, EPSS, JVN.
    pub fn everything(&self) -> Vec<PathBuf> {
        let rest = [
            "cve5/vulnrichment-half.zip",
            "csaf",
            "kev/known_exploited_vulnerabilities.json",
            "epss",
            "jvn/feeds/detail",
            "jvn/feeds/rss",
        ];
        self.archives().into_iter().chain(rest.map(|p| self.data.join(p))).collect()
    }

    pub fn records(&self) -> Result<Vec<Record>, Failure> {
        let mut all = Vec::new();
        for archive in self.archives() {
            all.extend(osv::read(&archive)?);
        }
        Ok(all)
    }

    /// OSV twenty times over, as archives.
    fn large_archives(&self) -> Result<(Vec<PathBuf>, Vec<Record>), Failure> {
        let (mut paths, mut all) = (Vec::new(), Vec::new());
        for archive in self.archives() {
            let records = osv::multiplied(&osv::read(&archive)?, COPIES);
            let name = archive.parent().and_then(Path::file_name).unwrap_or_default();
            let path = workspace::folder("osv-x20")?.join(name).with_extension("zip");
            osv::write(&path, &records)?;
            paths.push(path);
            all.extend(records);
        }
        Ok((paths, all))
    }

    fn row(&self, name: &str, output: &str, words: &[&str], compared: bool) -> Result<Contender, Failure> {
        let folder = workspace::folder("product")?;
        let shindan = self.product.shindan.display().to_string();
        let words = std::iter::once(shindan.as_str()).chain(words.iter().copied());
        Ok(Contender {
            name: name.to_owned(),
            command: Ok(CommandLine {
                words: words.map(str::to_owned).collect(),
                stdout: folder.join(output).display().to_string(),
                folder: folder.display().to_string(),
            }),
            done: &[0],
            answer: compared.then_some(results::shindan as contender::ReadAnswer),
        })
    }

    pub fn build_row(&self, name: &str, data: &Path, inputs: &[PathBuf]) -> Result<Contender, Failure> {
        let texts: Vec<String> = inputs.iter().map(|p| p.display().to_string()).collect();
        let data = data.display().to_string();
        let mut words = vec!["kb", "build", "--data-dir", &data];
        words.extend(texts.iter().map(String::as_str));
        let row = self.row(name, "build.txt", &words, false)?;
        // 3: some files of the JVN feeds are no advisories (check lists and pages lie beside them).
        Ok(Contender { done: &[0, 3], ..row })
    }

    /// The bare work on one core ([`floor`]).
    fn floor_row(&self, name: &str, keeps: &str, archives: &[PathBuf]) -> Result<Contender, Failure> {
        let folder = workspace::folder("w1-floor")?;
        let database = folder.join(format!("{keeps}.db")).display().to_string();
        let own = std::env::current_exe()?.display().to_string();
        let mut words = vec![own, floor::VERB.to_owned(), database, keeps.to_owned()];
        words.extend(archives.iter().map(|archive| archive.display().to_string()));
        let stdout = folder.join("floor.txt").display().to_string();
        let command = CommandLine { words, folder: folder.display().to_string(), stdout };
        Ok(Contender { name: name.to_owned(), command: Ok(command), done: &[0], answer: None })
    }

    /// A knowledge base for a workload; built anew, because the product may have changed.
    pub fn knowledge(&self, name: &str, inputs: &[PathBuf]) -> Result<String, Failure> {
        let data = workspace::folder(name)?;
        let row = self.build_row(name, &data, inputs)?;
        let command = row.command?;
        eprintln!("  building the knowledge base {name}");
        let run = command.run()?;
        if !run.code.is_some_and(|code| row.done.contains(&code)) {
            return Err(format!("kb build failed: {}", command.complaint()).into());
        }
        Ok(data.display().to_string())
    }

    pub fn check_row(
        &self,
        name: &str,
        data: &str,
        input: &Path,
        compared: bool,
    ) -> Result<Contender, Failure> {
        let input = input.display().to_string();
        let output = format!("{}.json", name.replace([' ', ',', '/'], "-"));
        let words = ["check", &input, "--data-dir", data, "--format", "json", "--now", NOW];
        self.row(name, &output, &words, compared)
    }

    fn measure(
        &mut self,
        title: &str,
        contenders: Vec<Contender>,
        remarks: Vec<String>,
    ) -> Result<(), Failure> {
        self.measure_with(title, contenders, |_| remarks)
    }

    fn measure_with(
        &mut self,
        title: &str,
        contenders: Vec<Contender>,
        remarks: impl FnOnce(&[Measured]) -> Vec<String>,
    ) -> Result<(), Failure> {
        eprintln!("{title}");
        let before = machine::load();
        let measured = contender::run(contenders, self.repeats)?;
        let load = (before, machine::load());
        let remarks = remarks(&measured);
        let table = Table { title, remarks, load, measured, reasons: REASONS };
        self.differing.extend(bench::print(&table));
        Ok(())
    }
}

/// W1: advisories become queryable and durable.
///
/// # Errors
/// When a build fails.
pub fn w1(bench: &mut Bench) -> Result<(), Failure> {
    let (large, records) = bench.large_archives()?;
    let small: Vec<PathBuf> = bench.archives().into();
    let small_count = bench.records()?.len();
    let rows = vec![
        bench.build_row("kb build, OSV", &workspace::folder("w1-osv")?, &small)?,
        bench.build_row("kb build, OSV × 20", &workspace::folder("w1-osv-x20")?, &large)?,
        bench.floor_row("the bare work, rows only, OSV × 20", "rows", &large)?,
        bench.floor_row("the bare work, with records, OSV × 20", "records", &large)?,
        bench.build_row("kb build, everything", &workspace::folder("w1-everything")?, &bench.everything())?,
    ];
    let counts = [small_count, records.len(), records.len(), records.len()];
    bench.measure_with("W1: knowledge base from archives, written and synced", rows, |measured| {
        let rate = |(measured, count): (&Measured, usize)| {
            let runs = measured.runs.as_ref().ok()?;
            let per_second = |d: std::time::Duration| count as f64 / d.as_secs_f64().max(1e-9);
            let (wall, user) = (bench::median(runs, |r| r.wall), bench::median(runs, |r| r.user + r.system));
            let (wall, cpu) = (per_second(wall), per_second(user));
            Some(format!("{}: {count} advisories, {wall:.0} a second, {cpu:.0} a CPU second.", measured.name))
        };
        measured.iter().zip(counts).filter_map(rate).collect()
    })
}

/// W2: one lock file, cold process.
///
/// # Errors
/// When a program fails.
pub fn w2(bench: &mut Bench) -> Result<(), Failure> {
    let lock = bench.data.join("lock/Cargo.lock");
    let records = bench.records()?;
    let osv = bench.knowledge("kb-osv", &bench.archives())?;
    let everything = bench.knowledge("kb-everything", &bench.everything())?;
    let cargo_audit = CargoAudit::new("cargo-audit-db", &records)?;
    let trivy = Trivy::new("trivy-osv", &records)?;
    let mut rows = vec![
        bench.check_row("shindan check, OSV", &osv, &lock, true)?,
        bench.check_row("shindan check, everything", &everything, &lock, false)?,
        cargo_audit.row(&lock, false)?,
        cargo_audit.row(&lock, true)?,
        trivy.row("fs", &lock),
    ];
    rows.extend(peers::without_adapter());
    let remarks = vec!["Target: at most 10 ms and 20 MB.".into()];
    bench.measure("W2: lock file of 883 packages, cold process", rows, remarks)?;

    let requirements = workspace::folder("inputs")?.join("requirements.txt");
    sbom::write_requirements(&requirements, Source::new(&records).python(500))?;
    let rows = vec![
        bench.check_row("shindan check, OSV", &osv, &requirements, true)?,
        trivy.row("fs", &requirements),
    ];
    bench.measure("W2: requirements of 500 lines, half of them from advisories", rows, Vec::new())
}

/// W3: one SBOM against everything.
///
/// # Errors
/// When a program fails.
pub fn w3(bench: &mut Bench, sizes: &[usize]) -> Result<(), Failure> {
    let records = bench.records()?;
    let source = Source::new(&records);
    let osv = bench.knowledge("kb-osv", &bench.archives())?;
    let everything = bench.knowledge("kb-everything", &bench.everything())?;
    let trivy = Trivy::new("trivy-osv", &records)?;
    for &size in sizes {
        let input = workspace::folder("inputs")?.join(format!("sbom-{size}.cdx.json"));
        sbom::write_cyclonedx(&input, source.packages(size))?;
        let megabytes = std::fs::metadata(&input)?.len() as f64 / 1e6;
        let mut rows = vec![
            bench.check_row("shindan check, OSV", &osv, &input, true)?,
            bench.check_row("shindan check, everything", &everything, &input, false)?,
        ];
        if size <= bench.peers_up_to {
            rows.push(trivy.row("sbom", &input));
        } else {
            rows.push(peers::absent("trivy", "not asked at this size (--peers-up-to)"));
        }
        rows.extend(peers::without_adapter().filter(|peer| peer.name != "pip-audit"));
        let mut remarks =
            vec![format!("Input: {megabytes:.1} MB, 5 % of the components from advisory events.")];
        if size == 100_000 {
            remarks.push("Target: at most 200 ms.".into());
        }
        bench.measure(&format!("W3: SBOM of {size} components"), rows, remarks)?;
    }
    Ok(())
}

/// W4: from start to the first answer, in a store twenty times as large.
///
/// # Errors
/// When a program fails.
pub fn w4(bench: &mut Bench) -> Result<(), Failure> {
    let (archives, records) = bench.large_archives()?;
    let data = bench.knowledge("kb-osv-x20", &archives)?;
    let (id, package) = one_hit(&records)?;
    let folder = workspace::folder("inputs")?;
    let (input, lock) = (folder.join("one.cdx.json"), folder.join("one/Cargo.lock"));
    std::fs::create_dir_all(folder.join("one"))?;
    sbom::write_cyclonedx(&input, std::iter::once(package.clone()))?;
    sbom::write_cargo_lock(&lock, &package)?;
    let who = input.display().to_string();
    let who = ["who", &id, &who, "--data-dir", &data, "--format", "json", "--now", NOW];
    let rows = vec![
        bench.check_row("shindan check", &data, &input, true)?,
        bench.row("shindan who", "who.json", &who, false)?,
        CargoAudit::new("cargo-audit-db-x20", &records)?.row(&lock, false)?,
        Trivy::new("trivy-osv-x20", &records)?.row("sbom", &input),
    ];
    let lookup = match &bench.product.lookup {
        None => "In-process lookup: not measured, a foreign executable was given.".to_owned(),
        Some(lookup) => {
            let output = std::process::Command::new(lookup).args([&data, &id]).output()?;
            if !output.status.success() {
                return Err(format!("lookup: {}", String::from_utf8_lossy(&output.stderr)).into());
            }
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
    };
    let remarks = vec![
        format!("Store: {} advisories. Asked: {} and {id}.", records.len(), package.purl()),
        lookup,
        "Target: at most 5 ms.".into(),
    ];
    bench.measure("W4: start to first answer, OSV × 20", rows, remarks)
}

/// An advisory and a package that it hits: the first RustSec record whose first interval begins at a version.
fn one_hit(records: &[Record]) -> Result<(String, Package), Failure> {
    let wanted = records.iter().filter(|r| !r.withdrawn()).find_map(|record| {
        let affected = record.affected().into_iter().find(|a| a.ecosystem == "crates.io")?;
        let version = affected.intervals.first()?.introduced.clone()?;
        let package = Package { kind: "cargo", namespace: None, name: affected.package, version };
        affected.informational.is_none().then(|| (record.id.clone(), package))
    });
    wanted.ok_or_else(|| "no record with an introduced version".into())
}
