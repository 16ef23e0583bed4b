//! OWASP Dependency-Check, XML. Source: `dependency-check.1.8.xsd` to `dependency-check.4.1.xsd`.
//!
//! Names of files hold versions, which are no part of the identity of a finding: a component is known by its package URL without
//! the version, else by the name of its file without what looks like one.

use std::collections::BTreeSet;

use shindan_domain::assessment::{LeftOut, ScanFormat, ScanPlace, ScanResult};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::identifier::FindingKind;

use crate::scan::collected::{self, Collected};
use crate::scan::{names, place};
use crate::xml::{Element, Piece, XmlReader};

pub(super) fn new(path: &str) -> Collected {
    Collected::new(ScanFormat::DependencyCheck, "OWASP Dependency-Check", "dependency-check", path)
}

pub(super) fn read(reader: &mut XmlReader<'_>, found: &mut Collected) -> Result<(), Diagnostic> {
    while let Some(piece) = reader.next_piece(|element| element.name.local == "dependencies")? {
        let Piece::Whole(element) = piece else { continue };
        match element.name.local.as_str() {
            "scanInfo" => scan_info(&element, found),
            "projectInfo" => {
                found.touch(element.child_text("name").unwrap_or_default());
                let at = found.time(
                    "reportDate",
                    element.child_text("reportDate").unwrap_or_default(),
                    element.line,
                );
                found.ended(at);
            }
            "dependency" => dependency(&element, found),
            _ => {}
        }
    }
    Ok(())
}

/// Exceptions mean that something was not analysed.
fn scan_info(element: &Element, found: &mut Collected) {
    found.version(element.child_text("engineVersion"));
    let exceptions = element.child("analysisExceptions").into_iter().flat_map(|list| list.all("exception"));
    for exception in exceptions {
        let message = exception.child_text("message").unwrap_or("analysisException");
        found.unfinished(exception.line, message);
    }
}

fn dependency(element: &Element, found: &mut Collected) {
    let file = element.child_text("fileName").or_else(|| element.child_text("filePath")).unwrap_or_default();
    let packages = element.child("identifiers").into_iter().flat_map(|list| list.all("package"));
    let purl = packages.filter_map(|package| package.child_text("id")).find(|id| id.starts_with("pkg:"));
    let (name, version) = match purl.and_then(place::of_purl) {
        Some((name, version)) => (name, version),
        None => without_version(file),
    };
    if name.is_empty() {
        found.unreadable(element.line, "dependency", "there is neither fileName nor package");
        return;
    }
    let spot = ScanPlace {
        component: Some(collected::line(&name)),
        version,
        purl: purl.map(collected::line),
        ..ScanPlace::default()
    };
    let list = element.child("vulnerabilities").map(|list| list.children.as_slice()).unwrap_or_default();
    if list.is_empty() {
        found.leave_out(LeftOut::Passed);
    }
    let path = element.child_text("filePath").unwrap_or(file);
    for entry in list {
        vulnerability(entry, &spot, path, found);
    }
}

/// `log4j-api-2.12.4.jar` is `log4j-api` in version `2.12.4`.
fn without_version(file: &str) -> (String, Option<String>) {
    let name = file.split([':', '/', '\\']).next_back().unwrap_or(file).trim();
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 4 && ending.bytes().all(|b| b.is_ascii_alphabetic()) => stem,
        _ => name,
    };
    let numbered = |at: &usize| stem.as_bytes().get(*at + 1).is_some_and(u8::is_ascii_digit);
    match stem.match_indices('-').map(|(at, _)| at).find(numbered) {
        Some(at) => {
            let (name, version) = stem.split_at(at);
            (name.to_owned(), version.get(1..).map(str::to_owned))
        }
        None => (name.to_owned(), None),
    }
}

fn vulnerability(element: &Element, spot: &ScanPlace, path: &str, found: &mut Collected) {
    let text = |name: &str| element.child_text(name).unwrap_or_default();
    let rule = text("name");
    if rule.is_empty() {
        found.unreadable(element.line, "vulnerability", "there is no name");
        return;
    }
    let mut result = ScanResult::new(rule, collected::line(rule), FindingKind::Vulnerability, spot.clone());
    result.identifiers = names::cves(rule).collect();
    if rule.starts_with("GHSA-") {
        result.identifiers.insert(rule.to_owned());
    }
    let cwes = element.child("cwes").into_iter().flat_map(|list| list.all("cwe"));
    let cwes: BTreeSet<u32> = cwes.flat_map(|one| names::cwe(one.trimmed())).collect();
    result.cwe = cwes.into_iter().chain(names::cwe(text("cwe"))).collect();
    result.text = collected::short(text("description"));
    result.severity = collected::line(text("severity"));
    result.evidence = collected::short(path);
    let rated = |name: &str, score: &str| {
        element.child(name).and_then(|cvss| names::score(cvss.child_text(score).unwrap_or_default()))
    };
    result.score_x10 = rated("cvssV4", "baseScore")
        .or_else(|| rated("cvssV3", "baseScore"))
        .or_else(|| rated("cvssV2", "score"))
        .or_else(|| names::score(text("cvssScore")));
    let references = element.child("references").into_iter().flat_map(|list| list.all("reference"));
    let urls = references.filter_map(|one| one.child_text("url")).filter(|url| url.starts_with("http"));
    result.references = urls.take(20).map(|url| crate::text::shorten(url, 500)).collect();
    if element.name.local == "suppressedVulnerability" {
        let why = if text("notes").is_empty() { "suppressed in Dependency-Check" } else { text("notes") };
        result.suppressed = Some(collected::line(why));
    }
    found.add(result, element.line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_no_part_of_the_name() {
        assert_eq!(without_version("log4j-api-2.12.4.jar"), ("log4j-api".into(), Some("2.12.4".into())));
        assert_eq!(without_version("app.war: jquery.min.js"), ("jquery.min.js".into(), None));
        assert_eq!(without_version(""), (String::new(), None));
    }
}
