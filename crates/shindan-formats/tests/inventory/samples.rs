//! Samples of our own, beside the reader of their format: `samples/NAME` and what is expected, `samples/NAME.expected`.
//!
//! `SHINDAN_BLESS=1` writes what is found; read the difference before committing it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use shindan_domain::advisory::{Advisory, Affected};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::inventory::{Asset, Component, Inventory};
use shindan_domain::version::VersionClaim;

use crate::{line, read};

/// Every folder of samples: a reader without samples beside it is not finished.
pub fn folders() -> Vec<PathBuf> {
    let inventory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/inventory");
    let entries = std::fs::read_dir(&inventory).expect("folder of the readers");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("reader").path().join("samples"))
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

/// Every sample, sorted.
pub fn samples() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = folders()
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())))
        .map(|entry| entry.expect("sample").path())
        .filter(|path| path.extension().is_none_or(|extension| extension != "expected"))
        .collect();
    found.sort();
    found
}

#[test]
fn samples_are_read_as_expected() {
    let bless = std::env::var_os("SHINDAN_BLESS").is_some();
    let mut wrong = Vec::new();
    let samples = samples();
    for path in &samples {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let found = render(&read(&std::fs::read(path).expect("sample"), &name));
        let expected_path = path.with_file_name(format!("{name}.expected"));
        if bless {
            std::fs::write(&expected_path, &found).expect("writable");
        }
        let expected = std::fs::read_to_string(&expected_path).unwrap_or_default();
        if found != expected {
            wrong.push(format!("== {}\n-- expected\n{expected}-- found\n{found}", path.display()));
        }
    }
    assert!(samples.len() >= 40, "{} samples", samples.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn render(outcome: &Result<Inventory, Vec<Diagnostic>>) -> String {
    let mut out = String::new();
    let diagnostics = match outcome {
        Err(diagnostics) => {
            out.push_str("unreadable\n");
            diagnostics
        }
        Ok(inventory) => {
            let subject = inventory.subject.as_deref().unwrap_or("-");
            writeln!(out, "{} subject={subject}", inventory.kind.as_str()).expect("string");
            for component in &inventory.components {
                out.push_str(&component_line(component));
            }
            for (index, asset) in inventory.assets.iter().enumerate() {
                out.push_str(&asset_line(index, asset));
            }
            for advisory in &inventory.opinions {
                out.push_str(&opinion_lines(advisory));
            }
            &inventory.diagnostics
        }
    };
    for diagnostic in diagnostics {
        writeln!(out, "! {}", line(diagnostic)).expect("string");
    }
    out
}

fn component_line(component: &Component) -> String {
    let mut out = format!("{}: {}", component.pointer, component.name);
    let fields = [
        ("version", &component.version),
        ("purl", &component.purl),
        ("cpe", &component.cpe),
        ("maker", &component.maker),
        ("model", &component.model),
        ("firmware", &component.firmware),
        ("link", &component.bom_link),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            write!(out, " | {name}={value}").expect("string");
        }
    }
    if let Some(asset) = component.asset {
        write!(out, " | asset={asset}").expect("string");
    }
    if component.own {
        out.push_str(" | own");
    }
    if component.program {
        out.push_str(" | program");
    }
    if let Some(updates) = &component.updates {
        write!(out, " | updates={}", updates.join(" ")).expect("string");
    }
    out.push('\n');
    out
}

/// An opinion: the advisory, its vulnerabilities, its statements.
fn opinion_lines(advisory: &Advisory) -> String {
    let mut out = format!("opinion {} by {}", advisory.id, advisory.source);
    for (name, set) in [("vex", advisory.exploitability), ("withdrawn", advisory.withdrawn.is_some())] {
        if set {
            write!(out, " | {name}").expect("string");
        }
    }
    if let Some(modified) = advisory.modified {
        write!(out, " | {modified}").expect("string");
    }
    out.push('\n');
    for vulnerability in &advisory.vulnerabilities {
        write!(out, "  {} {:?} {}", vulnerability.id, vulnerability.aliases, vulnerability.cwe.join(" "))
            .expect("string");
        for cvss in &vulnerability.cvss {
            write!(out, " | {} {:?}", cvss.vector, cvss.printed_x10).expect("string");
        }
        for remediation in &vulnerability.remediations {
            write!(out, " | {}: {}", remediation.category, remediation.details).expect("string");
        }
        out.push('\n');
    }
    for statement in &advisory.affected {
        out.push_str(&statement_line(statement));
    }
    out
}

fn statement_line(statement: &Affected) -> String {
    let product = &statement.product;
    let mut out = format!("  {}: {}", statement.pointer, statement.status.as_str());
    for (name, value) in [
        ("purl", &product.purl),
        ("maker", &product.vendor),
        ("product", &product.product),
        ("link", &product.bom_link),
        ("within", &statement.within.as_ref().and_then(|within| within.bom_link.clone())),
        ("why", &statement.justification.map(|why| why.as_str().to_owned())),
        ("impact", &Some(statement.impact.clone()).filter(|impact| !impact.is_empty())),
    ] {
        if let Some(value) = value {
            write!(out, " | {name}={value}").expect("string");
        }
    }
    if !product.cpes.is_empty() {
        write!(out, " | cpe={}", product.cpes.join(" ")).expect("string");
    }
    match &statement.versions {
        VersionClaim::All => out.push_str(" | all versions"),
        VersionClaim::Ranged { ranges, except } => {
            for (word, list) in [("versions", ranges), ("except", except)] {
                let list: Vec<String> = list.iter().map(|one| format!("{}:{one}", one.scheme)).collect();
                if !list.is_empty() {
                    write!(out, " | {word}={}", list.join(" or ")).expect("string");
                }
            }
        }
        VersionClaim::Undetermined { code, params } => write!(out, " | {code} {params:?}").expect("string"),
    }
    if !statement.fixed_versions.is_empty() {
        write!(out, " | fixed={}", statement.fixed_versions.join(" ")).expect("string");
    }
    out.push('\n');
    out
}

fn asset_line(index: usize, asset: &Asset) -> String {
    let mut out = format!("asset {index}: {}", asset.asset_id);
    let kind = asset.kind.map(|kind| kind.as_str().to_owned());
    let exposure = asset.exposure.map(|exposure| exposure.as_str().to_owned());
    let fields = [
        ("kind", &kind),
        ("kind_text", &asset.kind_text),
        ("name", &asset.name),
        ("maker", &asset.maker),
        ("model", &asset.model),
        ("serial", &asset.serial),
        ("firmware", &asset.firmware),
        ("place", &asset.place),
        ("zone", &asset.zone),
        ("exposure", &exposure),
        ("exposure_text", &asset.exposure_text),
        ("patched_by", &asset.patched_by),
        ("support_end", &asset.support_end),
        ("os", &asset.os),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            write!(out, " | {name}={value}").expect("string");
        }
    }
    out.push('\n');
    out
}
