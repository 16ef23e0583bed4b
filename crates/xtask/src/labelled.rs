//! The labelled set, asked of the product as it is installed and of trivy: who finds what people labelled.
//!
//! trivy reads SBOMs only, and its database is filled from the OSV records of a set. What it cannot read counts for
//! nobody: only labels of components in SBOMs are compared. Its silence is "not affected"; the product may also say
//! *undetermined*, which counts as not found.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Failure;
use crate::measure::CommandLine;
use crate::osv::Record;
use crate::peers::Trivy;
use crate::workspace;

/// Pairs of component ("name version") and any identifier of a vulnerability.
type Found = BTreeSet<(String, String)>;

struct Label {
    component: String,
    vulnerability: String,
    truth: String,
}

/// Prints one row for each set and program.
///
/// # Errors
/// When the product cannot be built or a set cannot be read.
pub fn run() -> Result<(), Failure> {
    let product = workspace::product(None, "release")?;
    println!("{:<20}{:<10}{:>8}{:>8}{:>8}{:>8}  ", "set", "program", "labels", "found", "missed", "false");
    for set in sets()? {
        let name = set.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let sboms = sboms(&set.join("inventory"))?;
        let components = components(&sboms)?;
        let labels: Vec<Label> =
            labels(&set)?.into_iter().filter(|label| components.contains(&label.component)).collect();
        if labels.is_empty() {
            println!("{name:<20}{:<10}no SBOM in this set: trivy reads none of its inputs", "trivy");
            continue;
        }
        print_row(&name, "shindan", &labels, &ask_product(&product.shindan, &set, &name)?);
        let records = records(&set.join("advisories"))?;
        if records.is_empty() {
            println!("{name:<20}{:<10}no OSV record in this set: nothing to fill its database from", "trivy");
            continue;
        }
        match ask_trivy(&name, &records, &sboms, &labels)? {
            Ok(found) => print_row(&name, "trivy", &labels, &found),
            Err(reason) => println!("{name:<20}{:<10}{reason}", "trivy"),
        }
    }
    Ok(())
}

fn print_row(set: &str, program: &str, labels: &[Label], found: &Found) {
    let hit = |label: &&Label| found.contains(&(label.component.clone(), label.vulnerability.clone()));
    let truly = |truth: &'static str| labels.iter().filter(move |label| label.truth == truth);
    let affected = truly("affected").count();
    let right = truly("affected").filter(hit).count();
    let wrong = truly("not-affected").filter(hit).count();
    println!("{set:<20}{program:<10}{:>8}{right:>8}{:>8}{wrong:>8}", labels.len(), affected - right);
    for label in truly("affected").filter(|label| !hit(label)) {
        println!("{:<30}missed {} {}", "", label.component, label.vulnerability);
    }
    for label in truly("not-affected").filter(hit) {
        println!("{:<30}false alarm {} {}", "", label.component, label.vulnerability);
    }
}

fn sets() -> Result<Vec<PathBuf>, Failure> {
    let folder = workspace::root().join("crates/shindan-app/tests/accuracy/labelled/sets");
    let mut sets: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    sets.sort();
    Ok(sets)
}

fn labels(set: &Path) -> Result<Vec<Label>, Failure> {
    let text = fs::read_to_string(set.join("labels.csv"))?;
    let mut labels = Vec::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.splitn(5, ',').collect();
        let [component, vulnerability, truth, _, _] = fields[..] else {
            return Err(format!("{line}: not five columns").into());
        };
        labels.push(Label {
            component: component.to_owned(),
            vulnerability: vulnerability.to_owned(),
            truth: truth.to_owned(),
        });
    }
    Ok(labels)
}

fn sboms(inventory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut sboms = Vec::new();
    for entry in fs::read_dir(inventory)? {
        let path = entry?.path();
        let name = path.to_string_lossy().into_owned();
        if name.ends_with(".cdx.json") || name.ends_with(".spdx.json") || name.ends_with(".spdx") {
            sboms.push(path);
        }
    }
    sboms.sort();
    Ok(sboms)
}

/// Every component that the SBOMs list, as labels call them.
fn components(sboms: &[PathBuf]) -> Result<BTreeSet<String>, Failure> {
    let mut components = BTreeSet::new();
    for sbom in sboms {
        let text = fs::read_to_string(sbom)?;
        let Ok(json) = serde_json::from_str::<Value>(&text) else {
            let field = |name: &str| {
                let lines = text.lines().filter_map(move |line| line.strip_prefix(name));
                lines.map(str::trim).map(str::to_owned).collect::<Vec<_>>()
            };
            let pairs = field("PackageName:").into_iter().zip(field("PackageVersion:"));
            components.extend(pairs.map(|(name, version)| format!("{name} {version}")));
            continue;
        };
        for (list, version) in [("components", "version"), ("packages", "versionInfo")] {
            for one in json[list].as_array().map_or(&[][..], Vec::as_slice) {
                let text = |name: &str| one[name].as_str().unwrap_or_default();
                components.insert(format!("{} {}", text("name"), text(version)));
            }
        }
    }
    Ok(components)
}

fn records(advisories: &Path) -> Result<Vec<Record>, Failure> {
    let mut records = Vec::new();
    for entry in fs::read_dir(advisories)? {
        let Ok(json) = serde_json::from_slice::<Value>(&fs::read(entry?.path())?) else { continue };
        if let (Some(id), true) = (json["id"].as_str(), json["affected"].is_array()) {
            records.push(Record { id: id.to_owned(), json: json.clone() });
        }
    }
    Ok(records)
}

fn run_in(words: Vec<String>, folder: &Path, output: &str) -> Result<PathBuf, Failure> {
    let stdout = folder.join(output);
    let command =
        CommandLine { words, folder: folder.display().to_string(), stdout: stdout.display().to_string() };
    command.run()?;
    Ok(stdout)
}

fn ask_product(shindan: &Path, set: &Path, name: &str) -> Result<Found, Failure> {
    let folder = workspace::folder(&format!("labelled-{name}"))?;
    let program = shindan.display().to_string();
    let words = |parts: &[&str]| {
        std::iter::once(program.clone()).chain(parts.iter().map(|p| (*p).to_owned())).collect::<Vec<_>>()
    };
    let advisories = set.join("advisories").display().to_string();
    let inventory = set.join("inventory").display().to_string();
    run_in(words(&["kb", "build", "--data-dir", "data", &advisories]), &folder, "build.txt")?;
    let check = words(&["check", "--data-dir", "data", "--format", "json", &inventory]);
    let answer: Value = serde_json::from_slice(&fs::read(run_in(check, &folder, "answer.json")?)?)?;
    let mut found = Found::new();
    let findings = answer["findings"].as_array().ok_or("the answer has no findings")?;
    for finding in findings {
        let component = &finding["component"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let name = format!("{} {}", text(&component["name"]), text(&component["version"]));
        found.insert((name, text(&finding["vulnerability"])));
    }
    Ok(found)
}

/// What trivy finds; why it was not asked.
fn ask_trivy(
    name: &str,
    records: &[Record],
    sboms: &[PathBuf],
    labels: &[Label],
) -> Result<Result<Found, String>, Failure> {
    let trivy = Trivy::new(&format!("labelled-trivy-{name}"), records)?;
    let mut found = Found::new();
    for sbom in sboms {
        let contender = trivy.row("sbom", sbom);
        let command = match contender.command {
            Ok(command) => command,
            Err(reason) => return Ok(Err(reason)),
        };
        let run = command.run()?;
        if run.code != Some(0) {
            println!("{:<30}{} refused: {}", "", sbom.display(), command.complaint());
            continue;
        }
        let answer: Value = serde_json::from_slice(&fs::read(&command.stdout)?)?;
        for result in answer["Results"].as_array().map_or(&[][..], Vec::as_slice) {
            for one in result["Vulnerabilities"].as_array().map_or(&[][..], Vec::as_slice) {
                found.extend(pairs_of(one, records, labels));
            }
        }
    }
    Ok(Ok(found))
}

/// The labelled pairs that one answer of trivy means: it names components in its own way, and advisories by their own
/// identifiers.
fn pairs_of(one: &Value, records: &[Record], labels: &[Label]) -> Vec<(String, String)> {
    let text = |name: &str| one[name].as_str().unwrap_or_default();
    let mut ids = vec![text("VulnerabilityID").to_owned()];
    for record in records.iter().filter(|record| record.id == text("VulnerabilityID")) {
        for list in ["aliases", "upstream"] {
            let named = record.json[list].as_array().map_or(&[][..], Vec::as_slice);
            ids.extend(named.iter().filter_map(Value::as_str).map(str::to_owned));
        }
    }
    let (package, version) = (text("PkgName"), text("InstalledVersion"));
    let short = package.rsplit(['/', ':']).next().unwrap_or(package);
    let meant = |label: &&Label| {
        let (name, of) = label.component.rsplit_once(' ').unwrap_or((&label.component, ""));
        let same_name = name == package || name == short || name.rsplit([':']).next() == Some(package);
        same_name
            && of.trim_start_matches('v') == version.trim_start_matches('v')
            && ids.contains(&label.vulnerability)
    };
    labels.iter().filter(meant).map(|l| (l.component.clone(), l.vulnerability.clone())).collect()
}
