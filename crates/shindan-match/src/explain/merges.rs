//! Why identifiers mean the same vulnerability, or do not: the words of the sources.

use std::collections::BTreeSet;

use shindan_domain::advisory::{AdvisedVulnerability, Advisory};
use shindan_domain::explanation::{Applied, Rule};
use shindan_domain::finding::VulnerabilityFacts;

use super::trace::Seen;
use crate::index::layout::IndexError;
use crate::known::Known;

/// Every word of a source that puts identifiers of the candidates' vulnerabilities together.
pub(super) fn of(known: Known<'_>, seen: &[Seen<'_>]) -> Result<Vec<Applied>, IndexError> {
    let vulnerabilities: BTreeSet<u32> = seen.iter().map(|seen| seen.vulnerability).collect();
    let own: BTreeSet<u32> =
        seen.iter().map(|seen| seen.advisory).filter(|advisory| known.is_own(*advisory)).collect();
    let mut merges = Vec::new();
    for number in vulnerabilities {
        let facts = known.vulnerability(number)?;
        let mut advisories = own.clone();
        if let Some(found) = known.index.find(&facts.id)? {
            advisories.extend(found.advisories);
        }
        for advisory in advisories {
            let advisory = known.advisory(advisory)?;
            for vulnerability in &advisory.vulnerabilities {
                merges.extend(words(&facts, &advisory, vulnerability));
            }
        }
    }
    merges.sort_by(|a, b| (a.rule, &a.params).cmp(&(b.rule, &b.params)));
    merges.dedup();
    Ok(merges)
}

fn words(
    facts: &VulnerabilityFacts,
    advisory: &Advisory,
    vulnerability: &AdvisedVulnerability,
) -> Vec<Applied> {
    if !facts.aliases.contains(&vulnerability.id) {
        return Vec::new();
    }
    let others = vulnerability.aliases.iter().filter(|alias| **alias != vulnerability.id);
    others
        .map(|alias| {
            let rule = match (&advisory.withdrawn, facts.aliases.contains(alias)) {
                (Some(_), _) => Rule::AliasWithdrawn,
                (None, true) => Rule::AliasMerged,
                (None, false) => Rule::AliasRefused,
            };
            Applied::new(rule)
                .with("first", &vulnerability.id)
                .with("second", alias)
                .with("advisory", &advisory.id)
                .with("source", &advisory.source)
        })
        .collect()
}
