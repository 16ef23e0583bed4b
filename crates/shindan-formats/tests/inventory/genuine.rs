//! Documents that we did not write. They are not part of the repository; see `shindan-testdata`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use shindan_domain::diagnostic::{Code, Severity};
use shindan_domain::inventory::{Inventory, InventoryKind};

use crate::{codes, diagnostics, has_error, line, read};

/// Files below `folder` whose name ends so, sorted.
pub fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("folder of the test data") {
            let path = entry.expect("entry of the test data").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(end) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no {end} in {}", folder.display());
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What is rightly said about valid documents: the schemas forbid neither that a component depends on itself nor a
/// vulnerability that affects nothing, and both are odd all the same.
fn is_expected(complaint: &str) -> bool {
    complaint.contains("valid-bom-1.") && complaint.contains("reference-cycle")
        || complaint.contains("valid-compositions-1.") && complaint.contains("advisory-without-product")
        // The specification's own example writes the vector as `AN/AC:L/…`.
        || complaint.contains("valid-vulnerability-1.") && complaint.contains("cvss-invalid")
}

/// Every document that the specification calls valid is read, and nothing worse than a note is said about it.
#[test]
fn valid_documents_of_the_specification() {
    let Some(folder) = shindan_testdata::path("sbom/cyclonedx-spec") else { return };
    let (mut read_count, mut components, mut empty) = (0, 0, 0);
    let mut complaints = Vec::new();
    let notations = [(".json", InventoryKind::CyclonedxJson), (".xml", InventoryKind::CyclonedxXml)];
    let all =
        notations.iter().flat_map(|(end, kind)| files(&folder, end).into_iter().map(|path| (path, *kind)));
    for (path, kind) in all {
        if !name(&path).starts_with("valid-") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("readable");
        let outcome = read(&bytes, &path.to_string_lossy());
        let inventory = outcome.as_ref().unwrap_or_else(|errors| panic!("{}: {errors:?}", path.display()));
        assert_eq!(inventory.kind, kind);
        read_count += 1;
        components += inventory.components.len();
        let none = codes(&outcome).contains(&Code::InventoryEmpty);
        assert_eq!(none, inventory.components.is_empty(), "{}", path.display());
        empty += usize::from(none);
        complaints.extend(
            diagnostics(&outcome)
                .iter()
                .filter(|d| d.severity() > Severity::Note && d.code != Code::InventoryEmpty)
                .map(line),
        );
    }
    eprintln!("valid: {read_count} documents read, {components} components, {empty} list nothing");
    for complaint in &complaints {
        eprintln!("  {complaint}");
    }
    assert!(read_count >= 197, "{read_count}");
    complaints.retain(|complaint| !is_expected(complaint));
    assert!(complaints.is_empty(), "{} complaints about valid documents", complaints.len());
}

/// Every document that the specification calls invalid gives a diagnostic that is about the defect: that it lists
/// nothing, or a note, does not count.
#[test]
fn invalid_documents_of_the_specification() {
    let Some(folder) = shindan_testdata::path("sbom/cyclonedx-spec") else { return };
    let mut count = 0;
    let mut silent = Vec::new();
    for path in files(&folder, ".json").into_iter().chain(files(&folder, ".xml")) {
        if !name(&path).contains("invalid-") {
            continue;
        }
        count += 1;
        let bytes = std::fs::read(&path).expect("readable");
        let outcome = read(&bytes, &name(&path));
        let said: Vec<String> = diagnostics(&outcome)
            .iter()
            .filter(|d| d.severity() > Severity::Note && d.code != Code::InventoryEmpty)
            .map(line)
            .collect();
        if said.is_empty() {
            silent.push(name(&path));
        }
        for said in said {
            eprintln!("  {said}");
        }
    }
    eprintln!("invalid: {count} documents, {} without a diagnostic", silent.len());
    assert!(count >= 115, "{count}");
    assert!(silent.is_empty(), "no diagnostic for {silent:?}");
}

/// SBOMs of real applications.
#[test]
fn genuine_sboms() {
    let Some(folder) = shindan_testdata::path("sbom/cyclonedx") else { return };
    let mut total = 0;
    for path in files(&folder, ".json").into_iter().chain(files(&folder, ".xml")) {
        let bytes = std::fs::read(&path).expect("readable");
        let outcome = read(&bytes, &path.to_string_lossy());
        let relative = path.strip_prefix(&folder).expect("below").to_string_lossy().into_owned();
        let inventory = outcome.as_ref().unwrap_or_else(|errors| panic!("{relative}: {errors:?}"));
        total += inventory.components.len();
        eprintln!("{relative}: {} components, {:?}", inventory.components.len(), codes(&outcome));
        for diagnostic in diagnostics(&outcome) {
            if diagnostic.severity() > Severity::Note {
                eprintln!("    {}", line(diagnostic));
            }
        }
    }
    eprintln!("{total} components");
}

/// Counts that anyone can verify: all `components` at any depth, and one for the subject, which has a purl in each.
#[test]
fn genuine_counts() {
    for (file, components) in [
        ("keycloak-10.0.2/bom.json", 903 + 1),
        ("dropwizard-1.3.15/bom.json", 167 + 1),
        ("laravel-7.12.0/bom.1.4.json", 62 + 1),
    ] {
        let Some(path) = shindan_testdata::path(&format!("sbom/cyclonedx/{file}")) else { return };
        let outcome = read(&std::fs::read(path).expect("readable"), file);
        let inventory = outcome.expect("read");
        assert_eq!(inventory.components.len(), components, "{file}");
        assert!(inventory.components.iter().all(|component| component.purl.is_some()), "{file}");
    }
}

#[test]
fn genuine_cargo_lock() {
    let Some(path) = shindan_testdata::path("lock/Cargo.lock") else { return };
    let inventory = read(&std::fs::read(path).expect("readable"), "any name").expect("read");
    assert_eq!(inventory.kind, InventoryKind::CargoLock);
    assert_eq!(inventory.diagnostics, []);
    assert_eq!(inventory.components.len(), 883);
    let with_purl = inventory.components.iter().filter(|component| component.purl.is_some()).count();
    let own = inventory.components.iter().filter(|component| component.own).count();
    // 859 from the registry, 3 from git, the rest is the workspace.
    assert_eq!((with_purl, own), (859, 21));
}

/// Name, version and package URL of each component, sorted.
fn packages(inventory: &Inventory) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut list: Vec<String> = inventory
        .components
        .iter()
        .map(|component| format!("{} {} {}", component.name, text(&component.version), text(&component.purl)))
        .collect();
    list.sort();
    list
}

/// The examples of the SPDX project, in every notation that is read.
#[test]
fn spdx_examples() {
    let Some(folder) = shindan_testdata::path("sbom/spdx") else { return };
    let (mut by_kind, mut compared) = (BTreeMap::new(), 0);
    for path in files(&folder, ".spdx").into_iter().chain(files(&folder, ".json")) {
        let outcome = read(&std::fs::read(&path).expect("readable"), &path.to_string_lossy());
        let inventory = outcome.as_ref().unwrap_or_else(|errors| panic!("{}: {errors:?}", path.display()));
        let (documents, components, identified) = by_kind.entry(inventory.kind.as_str()).or_insert((0, 0, 0));
        *documents += 1;
        *components += inventory.components.len();
        *identified +=
            inventory.components.iter().filter(|one| one.purl.is_some() || one.cpe.is_some()).count();
        for diagnostic in diagnostics(&outcome) {
            eprintln!("  {}", line(diagnostic));
        }
        // Its SPDX 3 form lists files only.
        let empty = name(&path) == "example7-bin.spdx3.json";
        assert_eq!(inventory.components.is_empty(), empty, "{}", path.display());
        assert_eq!(has_error(&outcome), empty, "{}", path.display());
        // The same document in SPDX 3 says the same; those of example 7 were written anew.
        let version_3 =
            path.to_string_lossy().replace("/spdx2.2/", "/spdx3.0/").replace("/spdx2.3/", "/spdx3.0/");
        let version_3 = PathBuf::from(version_3.replace(".spdx.json", ".spdx3.json"));
        if version_3 != path && version_3.exists() && !name(&path).starts_with("example7-") {
            let newer = read(&std::fs::read(&version_3).expect("readable"), "x").expect("read");
            assert_eq!(newer.kind, InventoryKind::Spdx3Json);
            assert_eq!(packages(inventory), packages(&newer), "{}", path.display());
            compared += 1;
        }
    }
    eprintln!("{by_kind:?} (documents, components, identified), {compared} compared with SPDX 3");
    assert_eq!(compared, 8);
}

/// Reports of scanners in CycloneDX: read as inventories, whatever scanner wrote them.
#[test]
fn scanner_reports_in_cyclonedx() {
    let Some(folder) = shindan_testdata::path("scans/cyclonedx") else { return };
    for path in files(&folder, "") {
        let bytes = std::fs::read(&path).expect("readable");
        let outcome = read(&bytes, &name(&path));
        eprintln!("{}: {:?}", name(&path), codes(&outcome));
        assert!(outcome.is_ok(), "{}", path.display());
    }
}

/// Files of other kinds are refused by name or as unknown. None is read as an inventory.
#[test]
fn other_genuine_files_are_refused() {
    let mut count = 0;
    for folder in ["scans", "csaf", "kev", "epss", "nvd", "ssvc", "jvn"] {
        let Some(folder) = shindan_testdata::path(folder) else { return };
        for path in files(&folder, "") {
            let bytes = std::fs::read(&path).expect("readable");
            let shown = path.to_string_lossy().into_owned();
            if shown.contains("cyclonedx") {
                continue;
            }
            count += 1;
            match read(&bytes, &shown) {
                Ok(inventory) => panic!("{shown} was read as {:?}", inventory.kind),
                Err(diagnostics) => {
                    assert!(has_error(&Err(diagnostics)), "{shown}");
                }
            }
        }
    }
    eprintln!("{count} files refused");
}
