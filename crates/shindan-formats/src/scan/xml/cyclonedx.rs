//! CycloneDX XML that states vulnerabilities of its components (VDR): `vulnerabilities` of versions 1.4 to 1.7, and the extension
//! `vulnerability/1.0` that Grype and others put into the components of versions 1.0 to 1.3.
//!
//! A document without vulnerabilities is an inventory, and says nothing of whether anything was looked for.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanResult};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::identifier::FindingKind;

use crate::scan::collected::{self, Collected};
use crate::scan::names;
use crate::scan::tools::cyclonedx;
use crate::xml::{Element, Piece, XmlReader};

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::CyclonedxVdr, "CycloneDX", "cyclonedx", path)
}

/// Components by their `bom-ref`.
type Components = BTreeMap<String, ScanPlace>;

pub(super) fn read(reader: &mut XmlReader<'_>, found: &mut Collected) -> Result<(), Diagnostic> {
    let mut components = Components::new();
    // Entries may stand in front of the components that they name.
    let mut entries = Vec::new();
    let inside = ["components", "vulnerabilities"];
    while let Some(piece) = reader.next_piece(|element| inside.contains(&element.name.local.as_str()))? {
        let Piece::Whole(element) = piece else { continue };
        match element.name.local.as_str() {
            "metadata" => metadata(&element, &mut components, found),
            "component" => component(&element, &mut components, found),
            "vulnerability" => entries.push(element),
            _ => {}
        }
    }
    for entry in entries {
        vulnerability(&entry, &components, found);
    }
    Ok(())
}

fn metadata(element: &Element, components: &mut Components, found: &mut Collected) {
    let at = found.time("timestamp", element.child_text("timestamp").unwrap_or_default(), element.line);
    found.ended(at);
    let tools = element.child("tools");
    let tool = tools.and_then(|tools| {
        tools.child("tool").or_else(|| tools.child("components").and_then(|inner| inner.child("component")))
    });
    if let Some(name) = tool.and_then(|tool| tool.child_text("name")) {
        found.report.tool.name = collected::line(name);
        found.report.tool.key = crate::text::shorten(&name.to_ascii_lowercase().replace(' ', "-"), 60);
    }
    found.version(tool.and_then(|tool| tool.child_text("version")));
    if let Some(subject) = element.child("component") {
        found.touch(subject.child_text("name").unwrap_or_default());
        remember(subject, components);
    }
}

fn remember(element: &Element, components: &mut Components) -> ScanPlace {
    let text = |name: &str| element.child_text(name).unwrap_or_default();
    let spot = cyclonedx::component(text("group"), text("name"), text("version"), text("purl"));
    if let Some(reference) = element.attribute("bom-ref") {
        components.insert(reference.to_owned(), spot.clone());
    }
    spot
}

/// A component with those inside it. The reader limits the depth, so that this recursion ends.
fn component(element: &Element, components: &mut Components, found: &mut Collected) {
    let spot = remember(element, components);
    let stated: Vec<&Element> =
        element.child("vulnerabilities").into_iter().flat_map(|list| list.all("vulnerability")).collect();
    for entry in &stated {
        if let Some(result) = entry_of(entry, spot.clone(), found) {
            found.add(result, entry.line);
        }
    }
    for inner in element.child("components").into_iter().flat_map(|list| list.all("component")) {
        component(inner, components, found);
    }
}

fn vulnerability(element: &Element, components: &Components, found: &mut Collected) {
    let targets = element.child("affects").into_iter().flat_map(|list| list.all("target"));
    let refs: BTreeSet<&str> = targets.filter_map(|target| target.child_text("ref")).collect();
    let places: Vec<ScanPlace> = if refs.is_empty() {
        vec![ScanPlace::default()]
    } else {
        refs.into_iter()
            .map(|one| components.get(one).cloned().unwrap_or_else(|| cyclonedx::elsewhere(one)))
            .collect()
    };
    let analysis = element.child("analysis");
    let told = |name: &str| analysis.and_then(|analysis| analysis.child_text(name)).unwrap_or_default();
    let suppressed = cyclonedx::suppressed(told("state"), told("justification"), told("detail"));
    for spot in places {
        let Some(mut result) = entry_of(element, spot, found) else { continue };
        result.suppressed.clone_from(&suppressed);
        found.add(result, element.line);
    }
}

fn entry_of(element: &Element, spot: ScanPlace, found: &mut Collected) -> Option<ScanResult> {
    let text = |name: &str| element.child_text(name).unwrap_or_default();
    let rule = [text("id"), element.attribute("bom-ref").unwrap_or_default()];
    let Some(rule) = rule.into_iter().find(|rule| !rule.is_empty()) else {
        found.unreadable(element.line, "vulnerability", "there is no id");
        return None;
    };
    let mut result = ScanResult::new(rule, collected::line(rule), FindingKind::Vulnerability, spot);
    let others = element.child("references").into_iter().flat_map(|list| list.all("reference"));
    for name in others.filter_map(|one| one.child_text("id")).chain([rule]) {
        names::identify(&mut result, name);
    }
    let cwes = element.child("cwes").into_iter().flat_map(|list| list.all("cwe"));
    result.cwe = cwes.flat_map(|one| names::cwe(one.trimmed())).collect();
    result.text =
        collected::short(if text("description").is_empty() { text("detail") } else { text("description") });
    let listed = element.child("recommendations").into_iter().flat_map(|list| &list.children);
    let old = listed.map(Element::trimmed).collect::<Vec<_>>().join(" ");
    result.advice =
        collected::short(if text("recommendation").is_empty() { &old } else { text("recommendation") });
    ratings(element, &mut result);
    let advisories = element.child("advisories").into_iter().flat_map(|list| list.all("advisory"));
    let urls =
        advisories.map(|one| one.child_text("url").unwrap_or(one.trimmed())).filter(|url| !url.is_empty());
    result.references = urls.take(20).map(|url| crate::text::shorten(url, 500)).collect();
    Some(result)
}

/// Ratings of both forms. The first word for the severity is taken, as the document puts its own first.
fn ratings(element: &Element, result: &mut ScanResult) {
    for rating in element.child("ratings").into_iter().flat_map(|list| list.all("rating")) {
        if result.severity.is_empty() {
            result.severity = rating.child_text("severity").map(collected::line).unwrap_or_default();
        }
        result.cvss.extend(rating.child_text("vector").and_then(names::vector));
        let score =
            rating.child("score").and_then(|score| score.child_text("base").or(Some(score.trimmed())));
        result.score_x10 = result.score_x10.or_else(|| names::score(score?));
    }
    if !result.cvss.is_empty() {
        result.score_x10 = None;
    }
}
