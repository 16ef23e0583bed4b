//! CycloneDX with vulnerabilities (VDR, VEX), JSON, 1.4 to 1.7. One finding for every component that a vulnerability affects.
//!
//! `inventory::cyclonedx` reads the same entries as opinions on versions, for matching. Here they are findings of the tool that
//! wrote the document, as it states them; what its analysis calls not affected is kept, with that mark.

use std::collections::BTreeMap;

use serde::Deserialize;
use shindan_domain::assessment::{ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, text, title};
use super::value::{Many, Object, Word, Words};
use crate::scan::names;
use crate::scan::tools::cyclonedx;
use crate::text::shorten;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Component {
    #[serde(rename = "bom-ref")]
    reference: Word,
    group: Word,
    name: Word,
    version: Word,
    purl: Word,
    components: Many<Component>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Vulnerability {
    id: Word,
    source: Option<Source>,
    references: Many<Reference>,
    ratings: Many<Rating>,
    cwes: Words,
    description: Word,
    detail: Word,
    recommendation: Word,
    workaround: Word,
    advisories: Many<Page>,
    analysis: Option<Analysis>,
    affects: Many<Affected>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Source {
    url: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reference {
    id: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Page {
    url: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rating {
    severity: Word,
    score: Word,
    method: Word,
    vector: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Analysis {
    state: Word,
    justification: Word,
    detail: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Affected {
    #[serde(rename = "ref")]
    reference: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    name: Word,
    version: Word,
}

/// Reads a document.
pub(super) fn read(object: &Object<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::CyclonedxVdr, "CycloneDX", "cyclonedx");
    let mut known = BTreeMap::new();
    if let Some(metadata) = object.object("metadata") {
        filling.found.report.ended =
            filling.time("metadata/timestamp", metadata.word("timestamp").as_deref());
        // Until 1.4 a list of tools, since then an object that holds them as components.
        let inner = metadata.object("tools").and_then(|tools| tools.raw("components"));
        let tools: Many<Named> =
            filling.one("/metadata/tools", inner.or(metadata.raw("tools"))).unwrap_or_default();
        if let Some(name) = tools.first().and_then(|tool| tool.name.get()) {
            filling.found.report.tool.name = shorten(name, 200);
            filling.found.report.tool.key = shorten(&name.to_ascii_lowercase(), 200).replace(' ', "-");
            filling.found.report.tool.version = tools.first().and_then(|tool| tool.version.0.clone());
        }
        if let Some(subject) = filling.one::<Component>("/metadata/component", metadata.raw("component")) {
            filling.touched(subject.name.text());
            collect(subject, &mut known);
        }
    }
    filling.each("/components", object.raw("components"), |_, one: Component, _| collect(one, &mut known));
    filling.each("/vulnerabilities", object.raw("vulnerabilities"), |filling, one: Vulnerability, at| {
        vulnerability(filling, &known, &one, at);
    });
    filling.finish()
}

fn collect(component: Component, known: &mut BTreeMap<String, ScanPlace>) {
    let (group, name) = (component.group.text(), component.name.text());
    let place = cyclonedx::component(group, name, component.version.text(), component.purl.text());
    if let Some(reference) = component.reference.0 {
        known.insert(reference, place);
    }
    component.components.0.into_iter().for_each(|one| collect(one, known));
}

fn vulnerability(
    filling: &mut Filling<'_>,
    known: &BTreeMap<String, ScanPlace>,
    one: &Vulnerability,
    at: &str,
) {
    let Some(id) = one.id.get() else { return filling.unreadable(at, "no id") };
    if one.affects.is_empty() {
        return filling.push(finding(one, id, ScanPlace::default()));
    }
    for affected in one.affects.iter() {
        let reference = affected.reference.text();
        let place = known.get(reference).cloned().unwrap_or_else(|| cyclonedx::elsewhere(reference));
        filling.push(finding(one, id, place));
    }
}

fn finding(one: &Vulnerability, id: &str, place: ScanPlace) -> ScanResult {
    let headline = place.component.as_deref().map_or_else(|| id.to_owned(), |name| format!("{id} in {name}"));
    let mut result = ScanResult::new(shorten(id, 200), title(&headline), FindingKind::Vulnerability, place);
    result.text = text(one.description.get().unwrap_or(one.detail.text()));
    result.advice = text(one.recommendation.get().unwrap_or(one.workaround.text()));
    result.cwe = one.cwes.iter().flat_map(names::cwe).collect();
    for name in std::iter::once(id).chain(one.references.iter().map(|one| one.id.text())) {
        names::identify(&mut result, name);
    }
    for rating in one.ratings.iter() {
        if result.severity.is_empty() {
            result.severity = rating.severity.text().to_owned();
        }
        names::add_vector(&mut result, &whole_vector(rating));
        result.score_x10 = result.score_x10.or(rating.score.get().and_then(names::score_unless_zero));
    }
    let source = one.source.iter().map(|source| source.url.text());
    for page in source.chain(one.advisories.iter().map(|page| page.url.text())) {
        names::reference(&mut result, page);
    }
    if let Some(analysis) = &one.analysis {
        let (state, why) = (analysis.state.text(), analysis.justification.text());
        result.suppressed = cyclonedx::suppressed(state, why, analysis.detail.text());
    }
    result
}

/// The vector with the prefix of its version, which `method` tells where the vector leaves it out.
fn whole_vector(rating: &Rating) -> String {
    let vector = rating.vector.text().trim_matches(['(', ')']);
    let prefix = match rating.method.text() {
        "CVSSv3" => "CVSS:3.0/",
        "CVSSv31" => "CVSS:3.1/",
        "CVSSv4" => "CVSS:4.0/",
        _ => "",
    };
    if vector.starts_with("CVSS:") || vector.is_empty() {
        vector.to_owned()
    } else {
        format!("{prefix}{vector}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, refused, summary};

    #[test]
    fn every_affected_component_is_a_finding() {
        let report = only(include_str!("samples/cyclonedx.json"));
        assert_eq!(
            summary(&report),
            "snyk-cli 1.7 not-told\n\
             SNYK-1 critical vulnerability g/x 1 cwe 184 CVE-2018-7489,SNYK-1\n\
             SNYK-1 critical vulnerability y cwe 184 CVE-2018-7489,SNYK-1\n\
             SNYK-1 critical vulnerability urn:cdx:z/1#q cwe 184 CVE-2018-7489,SNYK-1\n\
             CVE-2020-1 - vulnerability CVE-2020-1 suppressed not_affected: code_not_reachable\n\
             scan-entry-unreadable\n"
        );
        assert_eq!(report.results[0].cvss, ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"]);
    }

    #[test]
    fn a_list_of_components_is_an_inventory() {
        assert_eq!(refused(r#"{"bomFormat":"CycloneDX","components":[]}"#), ["scan-read-elsewhere"]);
    }
}
