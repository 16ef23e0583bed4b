//! PHP security advisories database (FriendsOfPHP): one YAML file for each package and vulnerability.
//!
//! Source: FriendsOfPHP/security-advisories, README ("Contributing").
//!
//! Each of `branches` lists constraints that hold together; the branches together are what is affected. A constraint
//! is read as it is written: `<1.2` reaches up to 1.2 without it, so that 1.2-RC1 counts as affected. (Composer itself
//! would put the pre-releases of 1.2 on the other side.)

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, ProductRef, Status,
};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::is_cve;
use shindan_domain::version::VersionClaim;

use super::requirement::{self, Dialect, Interval};
use super::{Reading, dates, package};
use crate::limits::Limits;
use crate::text::shorten;
use crate::yaml::{self, Entry, Node};

const SOURCE: &str = "FriendsOfPHP";
const ECOSYSTEM: &str = "Packagist";
/// Longest summary that is kept, in characters.
const SUMMARY: usize = 400;

/// Reads one advisory.
pub fn read(text: &str, path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::PhpAdvisory, SOURCE);
    let document = yaml::read(text, path, limits);
    // A damaged file may have lost branches: nothing of it is used.
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
    let reference = node.text_of("reference").unwrap_or_default().trim();
    let Some(name) = reference.strip_prefix("composer://").filter(|name| name.contains('/')) else {
        let diagnostic = Diagnostic::new(Code::FieldInvalid, place).with("field", "reference");
        let diagnostic = diagnostic.with("value", shorten(reference, 120));
        reading.reject(diagnostic.with("expected", "composer://vendor/package"));
        return;
    };
    let cve = node.text_of("cve").map(str::trim).filter(|cve| is_cve(cve)).map(str::to_ascii_uppercase);
    let link = node.text_of("link").map(str::trim).filter(|link| !link.is_empty());
    let title = node.text_of("title").unwrap_or_default();
    let own = cve.as_deref().or(link).unwrap_or(title);
    if own.is_empty() {
        reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "cve, link, title"));
        return;
    }
    // One vulnerability has a file for each package that it is in.
    let id = format!("{name}/{own}");
    let mut advisory = Advisory::new(&id, SOURCE, AdvisoryFormat::PhpAdvisory);
    advisory.language = Some("en".to_owned());
    advisory.title = title.to_owned();
    advisory.references = link.map(str::to_owned).into_iter().collect();
    advisory.vulnerabilities = vec![AdvisedVulnerability {
        id: cve.unwrap_or_else(|| id.clone()),
        summary: shorten(title, SUMMARY),
        ..AdvisedVulnerability::default()
    }];
    let branches = node.get("branches").map(Node::entries).unwrap_or_default();
    // The times are those of the fixes; the first one is the nearest thing to a date of publication.
    let times = branches.iter().filter_map(|branch| branch.node.text_of("time"));
    let times = times.filter_map(|time| dates::field(Some(time), "time", &place, &mut reading.diagnostics));
    let times: Vec<jiff::Timestamp> = times.collect();
    advisory.published = times.iter().min().copied();
    reading.seen(times.iter().max().copied());
    advisory.affected = statements(branches, name, path, &mut reading.diagnostics);
    if advisory.affected.is_empty() {
        reading.diagnostics.push(Diagnostic::new(Code::AdvisoryWithoutProduct, place).with("id", &id));
    }
    reading.advisories.push(advisory);
}

/// One statement of all branches that are understood, and one for each that is not.
fn statements(
    branches: &[Entry],
    name: &str,
    path: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Affected> {
    let product = ProductRef {
        ecosystem: Some(ECOSYSTEM.to_owned()),
        package: Some(name.to_owned()),
        purl: package::derive_purl(ECOSYSTEM, name),
        ..ProductRef::default()
    };
    let mut understood: Vec<Interval> = Vec::new();
    let mut statements = Vec::new();
    for branch in branches {
        if let Some(interval) = interval(&branch.node) {
            understood.push(interval);
            continue;
        }
        let versions = branch.node.get("versions");
        let written: Vec<&str> = match versions {
            Some(versions) => versions.items().iter().map(Node::shape).collect(),
            None => Vec::new(),
        };
        let text = shorten(&format!("{}: {}", branch.key, written.join(", ")), 200);
        diagnostics.push(
            Diagnostic::new(Code::FieldInvalid, Place::file(path).at_line(branch.line))
                .with("field", format!("branches.{}.versions", shorten(&branch.key, 40)))
                .with("value", shorten(&written.join(", "), 120))
                .with("expected", ">=1.0, <1.2"),
        );
        statements.push(Affected {
            text: text.clone(),
            pointer: format!("branches/{}", shorten(&branch.key, 40)),
            ..Affected::new(product.clone(), Status::Affected, VersionClaim::undetermined_text(&text))
        });
    }
    if !understood.is_empty() {
        let ranges = understood.iter().map(Interval::range).collect();
        let fixed = understood.iter().filter_map(Interval::end).map(str::to_owned).collect();
        let claim = VersionClaim::ranged(ranges);
        statements.insert(
            0,
            Affected {
                fixed_versions: fixed,
                pointer: "branches".to_owned(),
                ..Affected::new(product, Status::Affected, claim)
            },
        );
    }
    statements
}

/// The versions of a branch; `None` if a constraint is not understood, or there is none.
fn interval(branch: &Node) -> Option<Interval> {
    let versions = branch.get("versions")?;
    let constraints: Vec<&str> = match versions.text() {
        Some(one) => vec![one],
        None => versions.items().iter().map(Node::text).collect::<Option<_>>()?,
    };
    if constraints.is_empty() {
        return None;
    }
    requirement::parse(&constraints.join(","), Dialect::Composer)
}

#[cfg(test)]
mod tests;
