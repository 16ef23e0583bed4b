//! What is written as CycloneDX VEX reads back as what was meant, by the reader that reads everybody else's.

#![allow(clippy::expect_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use shindan_app::demo;
use shindan_app::progress::Silent;
use shindan_domain::advisory::{Advisory, Justification, Status};
use shindan_domain::diagnostic::Severity;
use shindan_domain::finding::{CheckResult, NotAffected, VexOpinion};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::Inventory;
use shindan_formats::inventory;
use shindan_formats::limits::Limits;
use shindan_report::{Lang, Words, vex};

/// A folder for one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("shindan-vex-test-{}-{name}", std::process::id()));
        // A test that was killed may have left one behind under a process number that is used again.
        let _ = std::fs::remove_dir_all(&path);
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Failing to clean up must not hide why a test failed.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn answer(folder: &Path) -> CheckResult {
    demo::run(folder, &Silent).expect("the demo runs").checked.result
}

fn read_back(result: &CheckResult, lang: Lang) -> Inventory {
    let mut bytes = Vec::new();
    vex::check(result, &Words::new(lang), &mut bytes).expect("writes");
    inventory::read(&bytes, "answer.vex.json", &Limits::DEFAULT).expect("reads")
}

/// Vulnerability, package without version, status, over everything that an opinion says.
fn said(opinions: &[Advisory]) -> BTreeSet<(String, String, &'static str)> {
    let mut said = BTreeSet::new();
    for opinion in opinions {
        for affected in &opinion.affected {
            let product = &affected.product;
            let name = product.purl.clone().or_else(|| product.bom_link.clone()).unwrap_or_default();
            for vulnerability in &opinion.vulnerabilities {
                said.insert((vulnerability.id.clone(), name.clone(), affected.status.as_str()));
            }
        }
    }
    said
}

fn unversioned(purl: &str) -> String {
    let end = purl.rfind('@').unwrap_or(purl.len());
    purl.get(..end).unwrap_or(purl).to_owned()
}

#[test]
fn findings_read_back_as_under_investigation() {
    let folder = Folder::new("findings");
    let result = answer(&folder.0);
    for lang in Lang::ALL {
        let read = read_back(&result, lang);
        let worse: Vec<_> = read.diagnostics.iter().filter(|d| d.severity() > Severity::Note).collect();
        assert!(worse.is_empty(), "{worse:#?}");
        let said = said(&read.opinions);
        let mut packages = 0;
        for finding in &result.findings {
            if finding.vulnerability.kind == FindingKind::EndOfLife {
                continue;
            }
            let id = finding.vulnerability.id.as_str();
            let status = Status::UnderInvestigation.as_str();
            match finding.component.purl.as_deref() {
                Some(purl) => {
                    packages += 1;
                    let wanted = (id.to_owned(), unversioned(purl), status);
                    assert!(said.contains(&wanted), "{wanted:?} is not among {said:#?}");
                }
                // A device has no package URL: its reference leads to the element with its maker and model.
                None => assert!(said.iter().any(|(i, _, s)| i == id && *s == status), "{id}"),
            }
        }
        assert!(packages > 5, "packages were looked at");
    }
}

/// Scores, names and components survive; nothing that could not be judged is lost.
#[test]
fn scores_and_components_survive() {
    let folder = Folder::new("scores");
    let result = answer(&folder.0);
    let read = read_back(&result, Lang::Ja);
    for finding in &result.findings {
        let Some(cvss) = &finding.vulnerability.cvss else { continue };
        let found = read.opinions.iter().flat_map(|opinion| &opinion.vulnerabilities).any(|vulnerability| {
            vulnerability.id == finding.vulnerability.id
                && vulnerability.cvss.iter().any(|opinion| opinion.vector == cvss.vector)
        });
        assert!(found, "{} with {}", finding.vulnerability.id, cvss.vector);
    }
    let listed = |name: &str| read.components.iter().any(|component| component.name.contains(name));
    for entry in &result.undetermined {
        let component = entry.component.as_ref();
        let name = component.model.as_deref().unwrap_or(&component.name);
        assert!(listed(name) || component.bom_link.is_some(), "{name}");
    }
}

#[test]
fn statements_read_back_with_their_reason() {
    let folder = Folder::new("statements");
    let mut result = answer(&folder.0);
    let at = |result: &CheckResult, from: usize| {
        let mut rest = result.findings.iter().enumerate().skip(from);
        rest.find(|(_, finding)| finding.component.purl.is_some()).map(|(at, _)| at).expect("a package")
    };
    let first = at(&result, 0);
    let cleared = result.findings.remove(first);
    let second = at(&result, first);
    let fixed = result.findings.remove(second);
    let opinion = |status, justification, impact: &str| VexOpinion {
        status,
        update: None,
        justification,
        impact: impact.to_owned(),
        identifier: String::new(),
        advisory: "SAMPLE-VEX-1".to_owned(),
        source: "株式会社サンプル提供".to_owned(),
        place: "vex.json#/statements/0".to_owned(),
    };
    let reason = Justification::VulnerableCodeNotInExecutePath;
    let wanted = [
        (cleared.vulnerability.id.clone(), Status::NotAffected, Some(reason)),
        (fixed.vulnerability.id.clone(), Status::Fixed, None),
    ];
    result.not_affected = vec![
        NotAffected {
            finding: cleared,
            opinions: vec![opinion(Status::NotAffected, Some(reason), "呼び出していない。")],
        },
        NotAffected { finding: fixed, opinions: vec![opinion(Status::Fixed, None, "")] },
    ];
    let read = read_back(&result, Lang::Ja);
    for (id, status, justification) in wanted {
        let statement = read
            .opinions
            .iter()
            .filter(|opinion| opinion.vulnerabilities.iter().any(|v| v.id == id))
            .flat_map(|opinion| &opinion.affected)
            .find(|affected| affected.status == status)
            .unwrap_or_else(|| panic!("{id} is nowhere {}", status.as_str()));
        assert_eq!(statement.justification, justification);
        assert!(statement.impact.contains("株式会社サンプル提供"), "{}", statement.impact);
    }
}

#[test]
fn links_into_the_sbom_read_back_as_links() {
    let folder = Folder::new("links");
    let mut result = answer(&folder.0);
    let link = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#core";
    let finding = result.findings.iter_mut().find(|f| f.component.purl.is_some()).expect("a package");
    let mut component = finding.component.as_ref().clone();
    component.bom_link = Some(link.to_owned());
    finding.component = component.into();
    let id = finding.vulnerability.id.clone();
    let read = read_back(&result, Lang::En);
    let linked = read.opinions.iter().any(|opinion| {
        opinion.vulnerabilities.iter().any(|v| v.id == id)
            && opinion.affected.iter().any(|affected| affected.product.bom_link.as_deref() == Some(link))
    });
    assert!(linked, "{id}");
}
