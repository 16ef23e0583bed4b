//! OSV records. Source: OSV schema 1.7 (any 1.x is read: minor versions only add fields).

use serde_json::value::RawValue;
use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, CvssOpinion, ProductRef, Status,
};
use shindan_domain::diagnostic::{Code, Diagnostic, Params, Place};
use shindan_domain::identifier::FindingKind;
use shindan_domain::version::{VersionClaim, VersionRange};

use super::statements::Statements;
use super::{Reading, dates, informational, package};
use crate::json::{self, Str};
use crate::limits::Limits;
use crate::text::shorten;

mod identity;
mod model;
mod ranges;
mod ubuntu_pro;

use model::{AffectedPackage, Answer, DatabaseSpecific, Record, Severity};

/// Longest summary that is kept, in characters.
const SUMMARY: usize = 400;
/// Most references that are kept.
const REFERENCES: usize = 8;

/// Reads one record, an array of records, or an answer of the OSV API (`{"vulns": […]}`).
pub fn read(text: &str, path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::Osv, "OSV");
    if text.trim_start().starts_with('[') {
        match json::parse::<Vec<&RawValue>>(text, path, limits) {
            Ok(records) => read_list(&records, "", path, limits, &mut reading),
            Err(diagnostic) => reading.reject(diagnostic),
        }
        return reading;
    }
    match json::parse::<Record<'_>>(text, path, limits) {
        Ok(record) => {
            reading.advisories.reserve_exact(1);
            add(&record, String::new(), path, &mut reading);
        }
        Err(diagnostic) => match json::parse::<Answer<'_>>(text, path, limits) {
            // The API's way to say that it knows nothing.
            Ok(answer) if answer.vulns.is_empty() => {
                reading.diagnostics.push(Diagnostic::new(Code::SourcePlaceholder, Place::file(path)));
            }
            Ok(answer) => read_list(&answer.vulns, "/vulns", path, limits, &mut reading),
            Err(_) => reading.reject(diagnostic),
        },
    }
    reading
}

fn read_list(records: &[&RawValue], pointer: &str, path: &str, limits: &Limits, reading: &mut Reading) {
    for (index, raw) in records.iter().enumerate() {
        let pointer = format!("{pointer}/{index}");
        match json::parse::<Record<'_>>(raw.get(), path, limits) {
            Ok(record) => add(&record, pointer, path, reading),
            // Line and column would count from the start of the record.
            Err(diagnostic) => {
                reading.reject(Diagnostic { place: Place::file(path).at_field(pointer), ..diagnostic })
            }
        }
    }
}

fn add(record: &Record<'_>, pointer: String, path: &str, reading: &mut Reading) {
    let place = match pointer.as_str() {
        "" => Place::file(path),
        pointer => Place::file(path).at_field(pointer),
    };
    if record.id.trim().is_empty() {
        reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "id"));
        return;
    }
    let source = identity::source_of(&record.id);
    reading.source = source.to_owned();
    let diagnostics = &mut reading.diagnostics;
    let mut time = |text: &Option<Str<'_>>, name| dates::field(text.as_deref(), name, &place, diagnostics);
    let (modified, published, withdrawn) = (
        time(&record.modified, "modified"),
        time(&record.published, "published"),
        time(&record.withdrawn, "withdrawn"),
    );
    // A withdrawal whose date cannot be read is a withdrawal all the same.
    let withdrawn =
        withdrawn.or(record.withdrawn.as_ref().and(modified.or(Some(jiff::Timestamp::UNIX_EPOCH))));
    if withdrawn.is_some() {
        let diagnostic = Diagnostic::new(Code::AdvisoryWithdrawn, place.clone());
        diagnostics.push(diagnostic.with("id", &record.id));
    }
    let affected = statements(record, &pointer, &place, diagnostics);
    if affected.is_empty() && withdrawn.is_none() {
        let diagnostic = Diagnostic::new(Code::AdvisoryWithoutProduct, place.clone());
        diagnostics.push(diagnostic.with("id", &record.id));
    }
    let vulnerabilities = vulnerabilities(record, &place, diagnostics);
    reading.seen(modified.max(published));
    reading.advisories.push(Advisory {
        id: record.id.as_str().to_owned(),
        source: source.to_owned(),
        format: AdvisoryFormat::Osv,
        title: record.summary.as_deref().unwrap_or_default().to_owned(),
        language: Some("en".to_owned()),
        published,
        modified,
        revision: None,
        withdrawn,
        vulnerabilities,
        affected,
        exploitability: false,
        supersedes: Vec::new(),
        references: references(record),
        document: 0,
        pointer,
    });
}

fn vulnerabilities(
    record: &Record<'_>,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<AdvisedVulnerability> {
    let kind = kind(record, place, diagnostics);
    let cvss = cvss(record, place, diagnostics);
    let text = record.summary.as_deref().filter(|text| !text.trim().is_empty());
    let summary = shorten(text.or(record.details.as_deref()).unwrap_or_default(), SUMMARY);
    let cwe: Vec<String> = record
        .database_specific
        .cwe_ids
        .and_then(|raw| serde_json::from_str(raw.get()).ok())
        .unwrap_or_default();
    identity::identities(record)
        .into_iter()
        .map(|identity| AdvisedVulnerability {
            id: identity.id,
            aliases: identity.aliases,
            kind,
            summary: summary.clone(),
            cvss: cvss.clone(),
            ssvc: None,
            cwe: cwe.clone(),
            remediations: Vec::new(),
            support_end: None,
        })
        .collect()
}

/// RustSec marks what is no vulnerability with `informational`.
fn kind(record: &Record<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> FindingKind {
    let of = |specific: &DatabaseSpecific<'_>| {
        specific
            .informational
            .and_then(|raw| serde_json::from_str::<Option<String>>(raw.get()).ok())
            .flatten()
    };
    let marks = record.affected.iter().flat_map(|affected| {
        [&affected.database_specific, &affected.ecosystem_specific].into_iter().filter_map(of)
    });
    let mark = marks.chain(of(&record.database_specific)).next();
    informational::kind(mark.as_deref(), place, diagnostics)
}

/// The CVSS vectors of the record and of its packages, each once.
fn cvss(record: &Record<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Vec<CvssOpinion> {
    let mut opinions: Vec<CvssOpinion> = Vec::new();
    let packages = record.affected.iter().flat_map(|affected| &affected.severity);
    for Severity { kind, score } in record.severity.iter().chain(packages) {
        let vector = score.trim();
        let fits = match kind.as_str() {
            "CVSS_V2" => vector.contains("AV:") && !vector.starts_with("CVSS:"),
            "CVSS_V3" => vector.starts_with("CVSS:3"),
            "CVSS_V4" => vector.starts_with("CVSS:4"),
            // Words of a distribution (`Ubuntu`), not a vector.
            _ => continue,
        };
        if !fits {
            let reason = format!("not a {kind} vector");
            let diagnostic = Diagnostic::new(Code::CvssInvalid, place.clone());
            diagnostics.push(diagnostic.with("vector", shorten(vector, 120)).with("reason", reason));
        } else if !opinions.iter().any(|opinion| opinion.vector == vector) {
            opinions.push(CvssOpinion { vector: vector.to_owned(), printed_x10: None });
        }
    }
    opinions
}

/// The first references, the advisory's own page before all others.
fn references(record: &Record<'_>) -> Vec<String> {
    let is_own = |kind: &Option<Str<'_>>| kind.as_deref() == Some("ADVISORY");
    let (own, other): (Vec<_>, Vec<_>) = record.references.iter().partition(|link| is_own(&link.kind));
    own.into_iter().chain(other).take(REFERENCES).map(|link| link.url.as_str().to_owned()).collect()
}

fn statements(
    record: &Record<'_>,
    pointer: &str,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Affected> {
    let mut made: Vec<Affected> = Vec::with_capacity(record.affected.len().min(1024));
    for (index, affected) in record.affected.iter().enumerate() {
        let pointer = format!("{pointer}/affected/{index}");
        let place = place.clone().at_field(pointer.clone());
        let product = product(affected, &place, diagnostics);
        let versions = claim(affected, &place, diagnostics);
        made.push(Affected {
            vulnerabilities: Vec::new(),
            product,
            status: Status::Affected,
            versions,
            text: String::new(),
            fixed_versions: fixed_versions(affected),
            platforms: Vec::new(),
            updates: Vec::new(),
            within: None,
            justification: None,
            impact: String::new(),
            pointer,
        });
    }
    ubuntu_pro::complete(&record.affected, &mut made);
    if made.len() < 2 {
        return made;
    }
    let mut statements = Statements::default();
    made.into_iter().for_each(|statement| statements.add(statement));
    statements.into_list()
}

fn product(affected: &AffectedPackage<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> ProductRef {
    let Some(package) = &affected.package else {
        // Records about repositories name no package.
        let repository = affected.ranges.iter().find_map(|range| range.repo.as_deref());
        return ProductRef { product: repository.map(str::to_owned), ..ProductRef::default() };
    };
    if shindan_domain::version::Scheme::of_ecosystem(&package.ecosystem).is_none() {
        let diagnostic = Diagnostic::new(Code::EcosystemUnknown, place.clone());
        diagnostics.push(diagnostic.with("ecosystem", &package.ecosystem));
    }
    let purl = match package.purl.as_deref() {
        Some(purl) if purl.starts_with("pkg:") => Some(package::without_version(purl)),
        Some(purl) => {
            let diagnostic = Diagnostic::new(Code::PurlInvalid, place.clone());
            diagnostics.push(diagnostic.with("purl", shorten(purl, 120)).with("reason", "no pkg: scheme"));
            package::derive_purl(&package.ecosystem, &package.name)
        }
        None => package::derive_purl(&package.ecosystem, &package.name),
    };
    ProductRef {
        ecosystem: Some(package.ecosystem.as_str().to_owned()),
        package: Some(package.name.as_str().to_owned()),
        purl,
        ..ProductRef::default()
    }
}

fn fixed_versions(affected: &AffectedPackage<'_>) -> Vec<String> {
    let mut fixed: Vec<String> = Vec::new();
    let ranges = affected.ranges.iter().filter(|range| range.kind.as_str() != "GIT");
    for version in ranges.flat_map(|range| &range.events).filter_map(|event| event.fixed.as_deref()) {
        if !fixed.iter().any(|known| known == version) {
            fixed.push(version.to_owned());
        }
    }
    fixed
}

/// The union of all ranges and enumerated versions; commits count only where there is nothing else.
fn claim(affected: &AffectedPackage<'_>, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> VersionClaim {
    let ecosystem = affected.package.as_ref().map_or("", |package| package.ecosystem.as_str());
    let mut claimed: Vec<VersionRange> = Vec::new();
    let mut git = None;
    for (index, range) in affected.ranges.iter().enumerate() {
        let declared = match range.kind.as_str() {
            "SEMVER" => true,
            "ECOSYSTEM" => false,
            "GIT" => {
                git = git.or(Some(range.repo.as_deref().unwrap_or_default()));
                continue;
            }
            other => {
                diagnostics.push(
                    Diagnostic::new(Code::FieldInvalid, place.clone())
                        .with("field", format!("ranges/{index}/type"))
                        .with("value", shorten(other, 60))
                        .with("expected", "SEMVER, ECOSYSTEM, GIT"),
                );
                return undetermined(affected);
            }
        };
        let Some(scheme) = package::scheme_of(ecosystem, declared) else {
            return unknown_ecosystem(ecosystem, affected);
        };
        match ranges::intervals(&range.events, scheme) {
            Ok(ranges) => claimed.extend(ranges),
            Err(unclear) => {
                let rule = format!("ranges/{index}/events: {unclear:?}");
                let diagnostic = Diagnostic::new(Code::SpecViolation, place.clone());
                diagnostics.push(diagnostic.with("rule", rule));
                return undetermined(affected);
            }
        }
    }
    let with_package = affected.package.is_some();
    if with_package && !affected.versions.is_empty() {
        let Some(scheme) = package::scheme_of(ecosystem, false) else {
            return unknown_ecosystem(ecosystem, affected);
        };
        let certain = ranges::Certain::of(&claimed);
        let listed: Vec<&Str<'_>> =
            affected.versions.iter().filter(|version| !certain.covers(version)).collect();
        claimed.reserve_exact(listed.len());
        claimed.extend(listed.into_iter().map(|version| VersionRange::exactly(scheme, version.as_str())));
    }
    match git {
        Some(repository) if claimed.is_empty() => {
            let params = Params::from([("repository".to_owned(), repository.to_owned())]);
            VersionClaim::Undetermined { code: Code::RangeGitOnly, params }
        }
        // Neither ranges nor versions: the record says nothing about versions, which is not "all of them".
        _ if claimed.is_empty() => undetermined(affected),
        _ => {
            claimed.dedup();
            VersionClaim::ranged(claimed)
        }
    }
}

fn unknown_ecosystem(ecosystem: &str, affected: &AffectedPackage<'_>) -> VersionClaim {
    let text = version_text(affected);
    let params = Params::from([("ecosystem".to_owned(), ecosystem.to_owned()), ("text".to_owned(), text)]);
    VersionClaim::Undetermined { code: Code::EcosystemUnknown, params }
}

fn undetermined(affected: &AffectedPackage<'_>) -> VersionClaim {
    VersionClaim::undetermined_text(&version_text(affected))
}

/// Events and versions as a person can read them.
fn version_text(affected: &AffectedPackage<'_>) -> String {
    let mut words: Vec<String> = Vec::new();
    for event in affected.ranges.iter().flat_map(|range| &range.events).take(50) {
        let mut add = |name: &str, version: &Option<Str<'_>>| {
            words.extend(version.as_ref().map(|version| format!("{name} {version}")));
        };
        add("introduced", &event.introduced);
        add("fixed", &event.fixed);
        add("last_affected", &event.last_affected);
        add("limit", &event.limit);
    }
    words.extend(affected.versions.iter().take(50).map(|version| version.as_str().to_owned()));
    shorten(&words.join(", "), SUMMARY)
}

#[cfg(test)]
mod tests;
