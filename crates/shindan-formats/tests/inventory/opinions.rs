//! Statements about vulnerabilities in genuine CycloneDX documents, against what the test reads out of the JSON itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use shindan_domain::advisory::Status;

use crate::genuine::files;
use crate::read;

/// The status that a state stands for. Source: CycloneDX 1.6, `impactAnalysisState`.
fn expected(state: Option<&str>) -> Status {
    match state {
        None | Some("exploitable") => Status::Affected,
        Some("in_triage") => Status::UnderInvestigation,
        Some("resolved" | "resolved_with_pedigree") => Status::Fixed,
        Some("not_affected" | "false_positive") => Status::NotAffected,
        Some(other) => panic!("{other} is no state"),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// BOM-Links of every component below a folder.
fn links(folder: &Path) -> BTreeSet<String> {
    let inventories =
        files(folder, ".json").into_iter().map(|path| read(&std::fs::read(path).expect("readable"), "x"));
    inventories.flatten().flat_map(|inventory| inventory.components).filter_map(|one| one.bom_link).collect()
}

#[test]
fn every_entry_becomes_an_opinion() {
    let Some(folder) = shindan_testdata::path("sbom") else { return };
    let links = links(&folder);
    let mut statuses: BTreeMap<&str, u32> = BTreeMap::new();
    let (mut documents, mut entries, mut found, mut elsewhere) = (0, 0, 0, BTreeSet::new());
    for path in files(&folder, ".json") {
        let bytes = std::fs::read(&path).expect("readable");
        let Ok(document) = serde_json::from_slice::<Value>(&bytes) else { continue };
        let Ok(inventory) = read(&bytes, "x") else { continue };
        assert_eq!(
            list(&document["vulnerabilities"]).count(),
            inventory.opinions.len(),
            "{}",
            path.display()
        );
        documents += u32::from(!inventory.opinions.is_empty());
        for (entry, opinion) in list(&document["vulnerabilities"]).zip(&inventory.opinions) {
            entries += 1;
            let state = entry["analysis"]["state"].as_str();
            assert_eq!(opinion.exploitability, state.is_some());
            let targets: BTreeSet<&str> =
                list(&entry["affects"]).filter_map(|target| target["ref"].as_str()).collect();
            let told: BTreeSet<&str> =
                opinion.affected.iter().map(|statement| statement.pointer.as_str()).collect();
            assert_eq!(targets.len(), told.len(), "{} {}", path.display(), opinion.id);
            let unaffected = entry["affects"].to_string().contains("unaffected");
            for statement in &opinion.affected {
                let by_version = unaffected && statement.status == Status::NotAffected;
                assert!(
                    by_version || statement.status == expected(state),
                    "{} {statement:?}",
                    path.display()
                );
                *statuses.entry(statement.status.as_str()).or_default() += 1;
                let justified = entry["analysis"]["justification"].is_string();
                assert_eq!(
                    statement.justification.is_some(),
                    justified && statement.status == Status::NotAffected
                );
                match &statement.product.bom_link {
                    Some(link) if links.contains(link) => found += 1,
                    Some(link) => drop(elsewhere.insert(link.clone())),
                    None => {}
                }
            }
        }
    }
    eprintln!(
        "{documents} documents, {entries} entries, {statuses:?}; {found} links found, not at hand: {elsewhere:#?}"
    );
    assert!(entries >= 119 && found >= 79, "{entries} entries, {found} links");
}
