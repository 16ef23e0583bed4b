//! Versions of servers and frameworks that a scan saw, held against the knowledge base (SPEC.md section 4, ③-1 and ④-1).
//!
//! ```text
//! "Server: Apache/2.4.49" ─► apache 2.4.49 ─► CPE names of the product ─► matching ─► one finding for each vulnerability
//!                                  └── no such product, no knowledge, doubt: told, never taken as harmless
//! ```

use std::collections::BTreeMap;

use jiff::Timestamp;
use shindan_domain::assessment::{ScanPlace, ScanReport, ScanResult};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::finding::Finding;
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

use crate::check::{CheckOptions, Checked, check_inventory};
use crate::data_folder::DataFolder;
use crate::embedded;
use crate::error::AppError;
use crate::records::{Records, RecordsError};

/// By which vendor and product advisories know what a server calls itself (CPE dictionary of the NVD). One product can have
/// several.
const PRODUCTS: &[(&str, &[&str])] = &[
    ("apache", &["apache:http_server"]),
    ("apache tomcat", &["apache:tomcat"]),
    ("apache-coyote", &["apache:tomcat"]),
    ("asp.net", &["microsoft:asp.net"]),
    ("drupal", &["drupal:drupal"]),
    ("express", &["openjsf:express"]),
    ("jetty", &["eclipse:jetty"]),
    ("joomla!", &["joomla:joomla\\!"]),
    ("lighttpd", &["lighttpd:lighttpd"]),
    ("microsoft-iis", &["microsoft:internet_information_services", "microsoft:iis"]),
    ("nginx", &["f5:nginx", "nginx:nginx"]),
    ("openresty", &["openresty:openresty"]),
    ("openssl", &["openssl:openssl"]),
    ("perl", &["perl:perl"]),
    ("php", &["php:php"]),
    ("python", &["python:python"]),
    ("tomcat", &["apache:tomcat"]),
    ("wordpress", &["wordpress:wordpress"]),
];

/// The rule of findings that follow from a disclosed version of a product. One for each product: what was not disclosed this
/// time was not looked at.
fn rule(product: &str) -> String {
    format!("outside/known-vulnerability/{product}")
}

/// Holds every version that a report discloses against the knowledge base, and adds what is known to hit it.
///
/// # Errors
/// Those of reading the knowledge base and the rules of priority; a missing knowledge base is told in the report.
pub fn hold_against_knowledge(
    records: &Records,
    report: &mut ScanReport,
    now: Timestamp,
) -> Result<(), RecordsError> {
    let mut seen: BTreeMap<(String, String), ScanPlace> = BTreeMap::new();
    for result in &report.results {
        if let (Some(name), Some(version)) = (&result.place.component, &result.place.version) {
            seen.insert((name.to_lowercase(), version.clone()), result.place.clone());
        }
    }
    let folder = DataFolder::new(records.root());
    for ((name, version), place) in seen {
        let checked = match components(&name, &version) {
            Some(components) => judged(&folder, components, now)?,
            None => None,
        };
        let told = |checked: &Checked| checked.result.undetermined.is_empty() && !checked.stale;
        let Some(checked) = checked else {
            report.diagnostics.push(not_matched(&name, &version));
            continue;
        };
        if told(&checked) {
            report.rules.get_or_insert_default().insert(rule(&name));
        } else {
            report.diagnostics.push(not_matched(&name, &version));
        }
        report.results.extend(checked.result.findings.iter().map(|one| finding(one, &name, &place)));
    }
    Ok(())
}

fn not_matched(name: &str, version: &str) -> Diagnostic {
    Diagnostic::new(Code::ScanVersionNotMatched, Place::default())
        .with("product", name)
        .with("version", version)
}

/// The product under each name that advisories know; `None` if none is known.
fn components(name: &str, version: &str) -> Option<Vec<Component>> {
    let (_, names) = PRODUCTS.iter().find(|(known, _)| *known == name)?;
    // What a server says may hold anything; a CPE name may not.
    let plain = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
    if version.is_empty() || !version.chars().all(plain) {
        return None;
    }
    let component = |cpe: &&str| Component {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        cpe: Some(format!("cpe:2.3:a:{cpe}:{version}:*:*:*:*:*:*:*")),
        pointer: name.to_owned(),
        ..Component::default()
    };
    Some(names.iter().map(component).collect())
}

/// What the knowledge base says; `None` if there is none.
fn judged(
    folder: &DataFolder,
    components: Vec<Component>,
    now: Timestamp,
) -> Result<Option<Checked>, RecordsError> {
    let inventory = Inventory {
        path: "outside-check".to_owned(),
        kind: InventoryKind::CyclonedxJson,
        subject: None,
        about: None,
        components: components.into(),
        assets: Vec::new(),
        opinions: Vec::new(),
        diagnostics: Vec::new(),
    };
    let options = CheckOptions { now, max_age_days: None, allow_stale: false, only: None, register: false };
    match check_inventory(folder, inventory, &options, &embedded::prioritisation()?) {
        Ok(checked) => Ok(Some(checked)),
        Err(AppError::KnowledgeMissing(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn finding(found: &Finding, product: &str, disclosed: &ScanPlace) -> ScanResult {
    let facts = &found.vulnerability;
    let place = ScanPlace { object: Some(facts.id.clone()), ..disclosed.clone() };
    let mut result = ScanResult::new(rule(product), &facts.title, facts.kind, place);
    result.identifiers = facts.aliases.iter().cloned().chain([facts.id.clone()]).collect();
    result.cvss = facts.cvss.iter().map(|score| score.vector.clone()).collect();
    let fixed = &found.grounds.fixed_versions;
    result.fixed_version = (!fixed.is_empty()).then(|| fixed.join(", "));
    result.references = found.grounds.advisories.clone();
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_versions_of_known_products_become_cpe_names() {
        let cpe = |name: &str, version: &str| {
            components(name, version).map(|all| all.into_iter().filter_map(|one| one.cpe).collect::<Vec<_>>())
        };
        assert_eq!(cpe("apache", "2.4.49").unwrap(), ["cpe:2.3:a:apache:http_server:2.4.49:*:*:*:*:*:*:*"]);
        assert_eq!(cpe("nginx", "1.18.0").unwrap().len(), 2);
        assert_eq!(cpe("apache", "2.4:*"), None);
        assert_eq!(cpe("apache", ""), None);
        assert_eq!(cpe("somebody's server", "1.0"), None);
    }
}
