//! Ruby advisory database: one YAML file for each gem and vulnerability.
//!
//! Source: ruby-advisory-db, README ("Schema"); bundler-audit, `Bundler::Audit::Advisory`.
//!
//! A version is vulnerable if it matches neither `patched_versions` nor `unaffected_versions`; both lists are optional,
//! and a file without either speaks of every version, as bundler-audit reads it. Scores without vectors (`cvss_v3:
//! 9.8`) are not taken over: the score used is always computed from a vector.

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, ProductRef, Status,
};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::is_cve;
use shindan_domain::version::VersionClaim;

use super::requirement::{Dialect, claim_of_lists};
use super::{Reading, dates, package};
use crate::limits::Limits;
use crate::text::shorten;
use crate::yaml::{self, Node, Value};

const SOURCE: &str = "Ruby Advisory Database";
const ECOSYSTEM: &str = "RubyGems";
/// Longest summary that is kept, in characters.
const SUMMARY: usize = 400;
/// Most references that are kept.
const REFERENCES: usize = 8;

/// Reads one advisory.
pub fn read(text: &str, path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::RubyAdvisory, SOURCE);
    let document = yaml::read(text, path, limits);
    // A damaged file may have lost its versions: nothing of it is used.
    if let Some(diagnostic) = document.diagnostic {
        reading.reject(diagnostic);
        return reading;
    }
    for node in &document.documents {
        add(node, path, &mut reading);
    }
    reading
}

fn add(node: &Node, path: &str, reading: &mut Reading) {
    let place = Place::file(path).at_line(node.line);
    let Some(gem) = node.text_of("gem").filter(|gem| !gem.is_empty()) else {
        reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "gem"));
        return;
    };
    let Some(identity) = Identity::of(node) else {
        let diagnostic = Diagnostic::new(Code::FieldMissing, place);
        reading.reject(diagnostic.with("field", "cve, ghsa, osvdb, url"));
        return;
    };
    // One vulnerability has a file for each gem that it is in.
    let id = format!("{gem}/{}", identity.first());
    let mut advisory = Advisory::new(&id, SOURCE, AdvisoryFormat::RubyAdvisory);
    advisory.language = Some("en".to_owned());
    advisory.title = node.text_of("title").unwrap_or_default().to_owned();
    advisory.published = dates::field(node.text_of("date"), "date", &place, &mut reading.diagnostics);
    advisory.references = references(node);
    let summary = [node.text_of("title"), node.text_of("description")];
    let summary = summary.into_iter().flatten().find(|text| !text.trim().is_empty()).unwrap_or_default();
    advisory.vulnerabilities =
        vec![AdvisedVulnerability { summary: shorten(summary, SUMMARY), ..identity.vulnerability(&id) }];
    advisory.affected = vec![statement(node, gem, &place, &mut reading.diagnostics)];
    reading.seen(advisory.published);
    reading.advisories.push(advisory);
}

/// What an advisory is known by.
struct Identity {
    cve: Option<String>,
    ghsa: Option<String>,
    /// `OSVDB-100524`, or the address of the advisory, where there is nothing else.
    other: Option<String>,
}

impl Identity {
    fn of(node: &Node) -> Option<Self> {
        let text = |key: &str| node.text_of(key).map(str::trim).filter(|text| !text.is_empty());
        let prefixed = |key: &str, prefix: &str| {
            text(key).map(|id| if id.starts_with(prefix) { id.to_owned() } else { format!("{prefix}{id}") })
        };
        let cve = prefixed("cve", "CVE-").filter(|id| is_cve(id));
        let ghsa = prefixed("ghsa", "GHSA-");
        let other = prefixed("osvdb", "OSVDB-").or_else(|| text("url").map(str::to_owned));
        (cve.is_some() || ghsa.is_some() || other.is_some()).then_some(Identity { cve, ghsa, other })
    }

    fn first(&self) -> &str {
        let ids = [&self.cve, &self.ghsa, &self.other];
        ids.into_iter().flatten().next().map_or("", String::as_str)
    }

    fn vulnerability(&self, advisory: &str) -> AdvisedVulnerability {
        let (id, aliases) = match (&self.cve, &self.ghsa) {
            (Some(cve), ghsa) => (cve.clone(), ghsa.iter().cloned().collect()),
            (None, Some(ghsa)) => (ghsa.clone(), Vec::new()),
            (None, None) => (advisory.to_owned(), Vec::new()),
        };
        AdvisedVulnerability { id, aliases, ..AdvisedVulnerability::default() }
    }
}

fn references(node: &Node) -> Vec<String> {
    let related = node.get("related").and_then(|related| related.get("url"));
    let own = node.text_of("url").into_iter();
    let others = related.map(Node::items).unwrap_or_default().iter().filter_map(Node::text);
    own.chain(others).take(REFERENCES).map(str::to_owned).collect()
}

fn statement(node: &Node, gem: &str, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Affected {
    let product = ProductRef {
        ecosystem: Some(ECOSYSTEM.to_owned()),
        package: Some(gem.to_owned()),
        purl: package::derive_purl(ECOSYSTEM, gem),
        ..ProductRef::default()
    };
    let mut list = |key: &str| requirements(node, key, place, diagnostics);
    let (patched, unaffected) = (list("patched_versions"), list("unaffected_versions"));
    let (claim, fixed_versions, text) = match (patched, unaffected) {
        (Some(patched), Some(unaffected)) => {
            claim_of_lists(&patched, &unaffected, Dialect::Gem, place, diagnostics)
        }
        _ => (VersionClaim::undetermined_text(""), Vec::new(), String::new()),
    };
    let platform = node.text_of("platform").map(|platform| format!("platform: {}", shorten(platform, 80)));
    Affected {
        fixed_versions,
        text,
        impact: platform.unwrap_or_default(),
        ..Affected::new(product, Status::Affected, claim)
    }
}

/// The requirements of a list; `None` if what stands there is no list of texts.
fn requirements<'n>(
    node: &'n Node,
    key: &str,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<&'n str>> {
    let Some(list) = node.get(key) else { return Some(Vec::new()) };
    let texts = match &list.value {
        Value::Null => Some(Vec::new()),
        Value::Text(one) => Some(vec![one.as_str()]),
        Value::List(items) => items.iter().map(Node::text).collect(),
        Value::Map(_) => None,
    };
    if texts.is_none() {
        diagnostics.push(
            Diagnostic::new(Code::FieldInvalid, place.clone().at_line(list.line))
                .with("field", key)
                .with("value", shorten(list.shape(), 80))
                .with("expected", "[\">= 1.0\", …]"),
        );
    }
    texts
}

#[cfg(test)]
mod tests;
