//! Which vulnerabilities an OSV record is about, and under which one-to-one identifiers.
//!
//! `aliases` are one-to-one only while they hold at most one CVE. A record whose aliases name several is a bundle: it
//! links to each, and neither its own id nor the GHSAs among the aliases belong to any single one of them.
//! Source: SPEC ④-1 "Identity"; OSV schema, `aliases`, `upstream`, `related`.

use shindan_domain::identifier::{Family, family};

use super::model::Record;
use crate::json::Str;

/// An identifier and its one-to-one aliases.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::advisory) struct Identity {
    pub id: String,
    pub aliases: Vec<String>,
}

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

/// The vulnerabilities of a record of a database that gives one id to one vulnerability.
pub(in crate::advisory) fn of_aliases(own: &str, aliases: &[&str]) -> Vec<Identity> {
    let mut cves: Vec<String> = Vec::new();
    for id in std::iter::once(own).chain(aliases.iter().copied()) {
        if family(id) == Family::Cve && !cves.iter().any(|cve| cve == id) {
            cves.push(id.to_owned());
        }
    }
    one_or_linked(own, aliases, cves)
}

fn one_or_linked(own: &str, aliases: &[&str], mut cves: Vec<String>) -> Vec<Identity> {
    match cves.len() {
        0 => vec![Identity { id: own.to_owned(), aliases: one_to_one(own, aliases, own) }],
        1 => {
            let id = cves.remove(0);
            let mut others = one_to_one(own, aliases, &id);
            if own != id {
                others.insert(0, own.to_owned());
            }
            vec![Identity { id, aliases: others }]
        }
        _ => linked(cves),
    }
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

fn linked(cves: Vec<String>) -> Vec<Identity> {
    cves.into_iter().map(|id| Identity { id, aliases: Vec::new() }).collect()
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

/// The aliases that identify vulnerabilities (not documents), without `id`.
fn one_to_one(own: &str, aliases: &[&str], id: &str) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for alias in aliases {
        let known = *alias == id || *alias == own;
        if !known && family(alias) != Family::Document && !kept.iter().any(|other| other == alias) {
            kept.push((*alias).to_owned());
        }
    }
    kept
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
