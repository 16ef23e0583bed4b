//! Which vulnerabilities an id and its aliases stand for.
//!
//! Aliases are one-to-one only while they hold at most one CVE. A record whose aliases name several is a bundle: it links
//! to each, and neither its own id nor the GHSAs among the aliases belong to any single one of them.
//! Source: SPEC ④-1 "Identity".

use shindan_domain::identifier::{Family, family};

/// An identifier and its one-to-one aliases.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub id: String,
    pub aliases: Vec<String>,
}

/// The vulnerabilities of a record of a database that gives one id to one vulnerability.
pub(super) fn of_aliases(own: &str, aliases: &[&str]) -> Vec<Identity> {
    let mut cves: Vec<String> = Vec::new();
    for id in std::iter::once(own).chain(aliases.iter().copied()) {
        if family(id) == Family::Cve && !cves.iter().any(|cve| cve == id) {
            cves.push(id.to_owned());
        }
    }
    one_or_linked(own, aliases, cves)
}

/// The vulnerabilities behind an id and aliases that hold these CVE numbers.
pub(super) fn one_or_linked(own: &str, aliases: &[&str], mut cves: Vec<String>) -> Vec<Identity> {
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

/// One vulnerability for each CVE number, with nothing else to its name.
pub(super) fn linked(cves: Vec<String>) -> Vec<Identity> {
    cves.into_iter().map(|id| Identity { id, aliases: Vec::new() }).collect()
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
