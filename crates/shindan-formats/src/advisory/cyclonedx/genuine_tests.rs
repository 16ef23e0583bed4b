//! Genuine VEX and VDR documents, counted against a reading of the test's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use shindan_domain::advisory::{Advisory, AdvisoryFormat};
use shindan_domain::diagnostic::Code;

use crate::advisory;
use crate::inventory;
use crate::limits::Limits;

fn files(folder: &Path, ending: &str, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, out);
        } else if path.to_string_lossy().ends_with(ending) {
            out.push(path);
        }
    }
    out.sort();
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[test]
fn every_stated_vulnerability_is_an_advisory() {
    let Some(folder) = shindan_testdata::path("sbom") else { return };
    let mut paths = Vec::new();
    files(&folder, ".json", &mut paths);
    let (mut documents, mut entries, mut plain, mut both) = (0, 0, 0, 0);
    let mut statements: BTreeMap<&str, usize> = BTreeMap::new();
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(own) = serde_json::from_slice::<Value>(&bytes) else { continue };
        if own["bomFormat"] != "CycloneDX" {
            continue;
        }
        let reading = advisory::read(&bytes, "x", &Limits::DEFAULT);
        assert_eq!(reading.format, Some(AdvisoryFormat::CyclonedxVex), "{}", path.display());
        let stated = list(&own["vulnerabilities"]);
        // Refused as a whole: damage on purpose.
        if reading.rejected > 0 && reading.advisories.is_empty() {
            assert!(path.to_string_lossy().contains("/invalid-"), "{}", path.display());
            continue;
        }
        assert_eq!(reading.advisories.len(), stated.len(), "{}", path.display());
        let silent = reading.diagnostics.iter().any(|d| d.code == Code::VulnerabilitiesNotStated);
        assert_eq!(silent, stated.is_empty(), "{}", path.display());
        plain += usize::from(stated.is_empty());
        documents += usize::from(!stated.is_empty());
        entries += stated.len();
        for (entry, advisory) in stated.iter().zip(&reading.advisories) {
            let id = entry["id"].as_str().unwrap_or_default();
            assert!(
                id.is_empty()
                    || advisory
                        .vulnerabilities
                        .iter()
                        .any(|v| v.id == id || v.aliases.iter().any(|a| a == id))
            );
            let rated = list(&entry["ratings"]).iter().filter(|rating| rating["vector"].is_string()).count();
            assert!(advisory.vulnerabilities.iter().all(|v| v.cvss.len() <= rated));
            assert_eq!(advisory.vulnerabilities[0].cwe.len(), list(&entry["cwes"]).len());
            for statement in &advisory.affected {
                *statements.entry(statement.status.as_str()).or_default() += 1;
            }
        }
        // The same file as an inventory: it says of its components what it says as an advisory.
        if !stated.is_empty() && !list(&own["components"]).is_empty() {
            let inventory = inventory::read(&bytes, "x", &Limits::DEFAULT).unwrap();
            assert_eq!(inventory.opinions.len(), reading.advisories.len());
            both += 1;
        }
    }
    eprintln!(
        "{documents} documents, {entries} entries, {statements:?}; {both} list components too; {plain} state nothing"
    );
    assert!(documents >= 32 && entries >= 119, "{documents}, {entries}");
}

#[test]
fn xml_states_what_its_json_twin_states() {
    let Some(folder) = shindan_testdata::path("sbom/cyclonedx-spec") else { return };
    let mut paths = Vec::new();
    files(&folder, ".xml", &mut paths);
    let mut documents = 0;
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(twin) = std::fs::read(path.with_extension("json")) else { continue };
        let own: Value = serde_json::from_slice(&twin).unwrap_or_default();
        let entries = list(&own["vulnerabilities"]).len();
        if entries == 0 {
            continue;
        }
        let reading = advisory::read(&bytes, "x", &Limits::DEFAULT);
        assert_eq!(reading.advisories.len(), entries, "{}", path.display());
        let twin = advisory::read(&twin, "x", &Limits::DEFAULT);
        for (xml, json) in reading.advisories.iter().zip(&twin.advisories) {
            let told = |advisory: &Advisory| {
                // One of the XML files has a misprint in a vector (`AN` for `AV:N`).
                let mut vulnerabilities = advisory.vulnerabilities.clone();
                vulnerabilities.iter_mut().flat_map(|v| &mut v.cvss).for_each(|cvss| cvss.vector.truncate(8));
                (vulnerabilities, advisory.exploitability, advisory.references.clone())
            };
            assert_eq!(told(xml), told(json));
            let statuses = |advisory: &Advisory| {
                advisory.affected.iter().map(|a| (a.status, a.versions.clone())).collect::<Vec<_>>()
            };
            assert_eq!(statuses(xml), statuses(json));
        }
        documents += 1;
    }
    eprintln!("{documents} XML documents state vulnerabilities");
    assert!(documents >= 4, "{documents}");
}
