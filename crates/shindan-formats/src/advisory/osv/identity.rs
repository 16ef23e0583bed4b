//! Which vulnerabilities an OSV record is about, and under which one-to-one identifiers.
//!
//! `aliases` are one-to-one only while they hold at most one CVE. A record whose aliases name several is a bundle: it
//! links to each, and neither its own id nor the GHSAs among the aliases belong to any single one of them.
//! Source: SPEC ④-1 "Identity"; OSV schema, `aliases`, `upstream`, `related`.

use shindan_domain::identifier::{Family, family};

use super::model::Record;
use crate::advisory::one_to_one::{Identity, linked, one_or_linked};
use crate::json::Str;

/// The vulnerabilities of a record, in the order in which it names them; never empty.
pub(super) fn identities(record: &Record<'_>) -> Vec<Identity> {
    let own = record.id.as_str();
    let mut cves = cves_of(&record.aliases);
    if family(own) == Family::Cve && !cves.iter().any(|cve| cve == own) {
        cves.insert(0, own.to_owned());
    }
    if family(own) == Family::Document {
        return document_identities(record, cves);
    }
    let aliases: Vec<&str> = record.aliases.iter().map(Str::as_str).collect();
    one_or_linked(own, &aliases, cves)
}

/// A distribution's notice is a document: it names vulnerabilities, as `upstream`, formerly as `aliases` or `related`,
/// and is none itself.
fn document_identities(record: &Record<'_>, mut cves: Vec<String>) -> Vec<Identity> {
    for cve in cves_of(&record.upstream) {
        if !cves.contains(&cve) {
            cves.push(cve);
        }
    }
    if cves.is_empty() {
        cves = cves_of(&record.related);
    }
    if cves.is_empty() {
        return vec![Identity { id: record.id.as_str().to_owned(), aliases: Vec::new() }];
    }
    linked(cves)
}

fn cves_of(ids: &[Str<'_>]) -> Vec<String> {
    let mut cves: Vec<String> = Vec::new();
    for id in ids {
        if family(id) == Family::Cve && !cves.iter().any(|cve| cve == id.as_str()) {
            cves.push(id.as_str().to_owned());
        }
    }
    cves
}

/// Who publishes records with this prefix.
pub(super) fn source_of(id: &str) -> &'static str {
    let upper = id.to_ascii_uppercase();
    match upper.split('-').next().unwrap_or_default() {
        "RUSTSEC" => "RustSec",
        "PYSEC" => "PyPA",
        "GHSA" => "GitHub",
        "GO" => "Go",
        "DSA" | "DLA" | "DTSA" | "DEBIAN" => "Debian",
        "UBUNTU" | "USN" | "LSN" => "Ubuntu",
        "MAL" => "OpenSSF",
        _ => "OSV",
    }
}
