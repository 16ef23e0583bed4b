//! What one inventory states itself about vulnerabilities (CycloneDX `vulnerabilities`), filed like the knowledge index
//! and numbered behind it: it holds for that inventory only.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use shindan_domain::advisory::{Advisory, Enrichment};
use shindan_domain::finding::VulnerabilityFacts;
use shindan_domain::identifier::{Family, family};

use super::enriched::Enriched;
use super::facts;
use super::filing::Filing;
use super::layout::IndexError;
use super::read::{AdvisoryHead, Index, List};
use crate::identity::{self, Cluster};

/// Advisories that stand in an inventory.
#[derive(Debug)]
pub struct OwnStatements<'i> {
    path: &'i str,
    advisories: &'i [Advisory],
    lists: FxHashMap<Vec<u8>, (usize, Vec<u8>)>,
    /// Number of the first vulnerability that the index does not know.
    first_vulnerability: u32,
    vulnerabilities: Vec<VulnerabilityFacts>,
    first_advisory: u32,
}

impl<'i> OwnStatements<'i> {
    /// Files the opinions of the inventory at `path`.
    ///
    /// # Errors
    /// [`IndexError`] if the index is damaged where it is read.
    pub fn new(path: &'i str, advisories: &'i [Advisory], index: &Index<'_>) -> Result<Self, IndexError> {
        let mut own = OwnStatements {
            path,
            advisories,
            lists: FxHashMap::default(),
            first_vulnerability: index.vulnerability_count(),
            vulnerabilities: Vec::new(),
            first_advisory: index.advisory_count(),
        };
        let merged = identity::merge(advisories);
        let mut numbers = Vec::with_capacity(merged.clusters.len());
        let mut unknown = Vec::new();
        for cluster in &merged.clusters {
            let known = known_as(cluster, index)?;
            if known.is_empty() {
                numbers.push(vec![own.first_vulnerability + unknown.len() as u32]);
                unknown.push(cluster);
            } else {
                numbers.push(known);
            }
        }
        own.vulnerabilities = described(&unknown, advisories, index)?;
        let mut filing = Filing::new(&index.devices()?, |name| index.update_number(name).ok().flatten());
        for (number, advisory) in advisories.iter().enumerate() {
            let clusters = merged.cluster_of.get(number).map(Vec::as_slice).unwrap_or_default();
            let numbers_of = |v: usize| {
                let cluster = clusters.get(v).and_then(|&cluster| numbers.get(cluster as usize));
                cluster.map(Vec::as_slice).unwrap_or_default()
            };
            filing.file_advisory(own.first_advisory + number as u32, advisory, numbers_of);
        }
        let lists = filing.finish().lists.into_iter();
        own.lists = lists.map(|list| (list.key, (list.count as usize, list.bytes))).collect();
        Ok(own)
    }

    /// The list filed under a product key.
    pub fn list(&self, key: &[u8]) -> Option<List<'_>> {
        self.lists.get(key).map(|(count, bytes)| List::new(*count, bytes))
    }

    /// The facts of a vulnerability that only the inventory knows.
    pub fn vulnerability(&self, number: u32) -> Option<&VulnerabilityFacts> {
        self.vulnerabilities.get(number.checked_sub(self.first_vulnerability)? as usize)
    }

    /// Numbers of the vulnerabilities that only the inventory knows, under this identifier in any case.
    pub fn find(&self, identifier: &str) -> Vec<u32> {
        let identifier = identifier.trim();
        let named = |facts: &VulnerabilityFacts| {
            facts.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(identifier))
        };
        let numbers = (self.first_vulnerability..).zip(&self.vulnerabilities);
        numbers.filter(|(_, facts)| named(facts)).map(|(number, _)| number).collect()
    }

    /// One of the inventory's advisories.
    pub fn advisory(&self, number: u32) -> Option<&'i Advisory> {
        self.advisories.get(number.checked_sub(self.first_advisory)? as usize)
    }

    /// Who says it.
    pub fn advisory_head(&self, number: u32) -> Option<AdvisoryHead<'_>> {
        self.advisory(number).map(|advisory| AdvisoryHead {
            id: &advisory.id,
            source: &advisory.source,
            document: self.path,
            modified: advisory.modified.or(advisory.published),
            exploitability: advisory.exploitability,
        })
    }
}

/// The numbers under which the index knows a vulnerability. No two CVE numbers are ever taken for one.
fn known_as(cluster: &Cluster, index: &Index<'_>) -> Result<Vec<u32>, IndexError> {
    let cve = family(&cluster.id) == Family::Cve;
    let mut documents = Vec::new();
    for identifier in std::iter::once(&cluster.id).chain(&cluster.identifiers) {
        let Some(found) = index.find(identifier)? else { continue };
        for number in found.vulnerabilities {
            let facts = index.vulnerability(number)?;
            let other_cve = cve && family(&facts.id) == Family::Cve && facts.id != cluster.id;
            if other_cve {
                continue;
            }
            if facts.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(identifier)) {
                return Ok(vec![number]);
            }
            // The identifier of a document: what is said of it is said of all that it names.
            documents.push(number);
        }
    }
    documents.sort_unstable();
    documents.dedup();
    Ok(documents)
}

/// The facts of vulnerabilities that no advisory of the index names. The catalogue of exploited vulnerabilities and
/// EPSS may know them all the same.
fn described(
    unknown: &[&Cluster],
    advisories: &[Advisory],
    index: &Index<'_>,
) -> Result<Vec<VulnerabilityFacts>, IndexError> {
    let cves: BTreeSet<&str> =
        unknown.iter().map(|c| c.id.as_str()).filter(|id| family(id) == Family::Cve).collect();
    let rows = if cves.is_empty() { Vec::new() } else { index.enrichments()? };
    let mut enriched = Enriched::of(rows.iter().filter(|row| match row {
        Enrichment::Kev(entry) => cves.contains(entry.cve.as_str()),
        Enrichment::Epss(entry) => cves.contains(entry.cve.as_str()),
    }));
    let mut gather = |cluster: &&Cluster| {
        let (kev, epss) = enriched.take(&cluster.id);
        facts::gather(cluster, advisories, kev, epss)
    };
    Ok(unknown.iter().map(&mut gather).collect())
}
