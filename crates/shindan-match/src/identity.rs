//! Merging identifiers: only one-to-one identifiers fuse, and never two CVE numbers.
//!
//! Source: SPEC section ④-1 "Identity". The result does not depend on the order of the advisories.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use shindan_domain::advisory::Advisory;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::{Family, family};

/// Identifiers that mean one and the same vulnerability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The CVE if there is one, else the first by family (GHSA, ecosystem, document) and name.
    pub id: String,
    /// Every identifier, sorted, `id` included.
    pub identifiers: Vec<String>,
    /// (advisory, index of the vulnerability inside it), ascending.
    pub members: Vec<(u32, u32)>,
}

/// The result of [`merge`].
#[derive(Debug, Default)]
pub struct Merged {
    /// Clusters, sorted by id.
    pub clusters: Vec<Cluster>,
    /// For each advisory, for each of its vulnerabilities, the cluster.
    pub cluster_of: Vec<Vec<u32>>,
    /// Fusions that were refused.
    pub diagnostics: Vec<Diagnostic>,
}

/// Names, grouped into trees of those that mean the same. A number is a place in `names`, given by `node`; every list is as long
/// as that one, so that a number always stands for an entry.
#[derive(Default)]
struct Forest<'a> {
    names: Vec<&'a str>,
    number: FxHashMap<&'a str, usize>,
    parent: Vec<usize>,
    /// The CVE of each root.
    cve: Vec<Option<usize>>,
    /// Roots under which two CVEs stand, as far as nothing was refused.
    disputed: Vec<bool>,
}

impl<'a> Forest<'a> {
    fn node(&mut self, name: &'a str) -> usize {
        let n = self.names.len();
        let known = *self.number.entry(name).or_insert(n);
        if known == n {
            self.names.push(name);
            self.parent.push(n);
            self.cve.push((family(name) == Family::Cve).then_some(n));
            self.disputed.push(false);
        }
        known
    }

    fn root(&mut self, mut n: usize) -> usize {
        while self.parent[n] != n {
            self.parent[n] = self.parent[self.parent[n]];
            n = self.parent[n];
        }
        n
    }

    /// Puts two trees together, whatever their CVEs; two of them are a dispute.
    fn link(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            let two = matches!((self.cve[a], self.cve[b]), (Some(x), Some(y)) if x != y);
            self.disputed[a] = self.disputed[a] || self.disputed[b] || two;
            self.cve[a] = self.cve[a].or(self.cve[b]);
            self.parent[b] = a;
        }
    }

    /// Fuses two clusters; returns the two CVEs if that is refused.
    fn fuse(&mut self, a: usize, b: usize) -> Result<(), (usize, usize)> {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return Ok(());
        }
        if let (Some(x), Some(y)) = (self.cve[a], self.cve[b])
            && x != y
        {
            return Err((x.min(y), x.max(y)));
        }
        self.cve[a] = self.cve[a].or(self.cve[b]);
        self.parent[b] = a;
        Ok(())
    }

    /// Takes the disputed trees apart again; tells which names stood in one.
    fn take_apart_disputed(&mut self) -> Vec<bool> {
        let roots: Vec<usize> = (0..self.names.len()).map(|n| self.root(n)).collect();
        let disputed: Vec<bool> = roots.into_iter().map(|root| self.disputed[root]).collect();
        for n in (0..self.names.len()).filter(|&n| disputed[n]) {
            self.parent[n] = n;
            self.cve[n] = (family(self.names[n]) == Family::Cve).then_some(n);
        }
        disputed
    }
}

/// Groups the vulnerabilities of all advisories.
pub fn merge(advisories: &[Advisory]) -> Merged {
    let mut forest = Forest::default();
    // The name of each vulnerability, advisory by advisory.
    let mut own = Vec::with_capacity(advisories.len());
    for advisory in advisories {
        for vulnerability in &advisory.vulnerabilities {
            let name = forest.node(&vulnerability.id);
            own.push(name);
            for alias in &vulnerability.aliases {
                let alias = forest.node(alias);
                // A withdrawn record's word does not count.
                if advisory.withdrawn.is_none() {
                    forest.link(name, alias);
                }
            }
        }
    }
    let diagnostics =
        if forest.disputed.contains(&true) { settle(advisories, &own, &mut forest) } else { Vec::new() };
    collect(advisories, &own, forest, diagnostics)
}

/// Fuses again what was linked to more than one CVE, one fusion after the other, and refuses those that would fuse two. `own`: the
/// name of each vulnerability, advisory by advisory.
fn settle<'a>(advisories: &'a [Advisory], own: &[usize], forest: &mut Forest<'a>) -> Vec<Diagnostic> {
    let disputed = forest.take_apart_disputed();
    let mut own = own.iter().copied();
    let named = |advisory| -> (&Advisory, Vec<usize>) {
        let advisory: &Advisory = advisory;
        (advisory, own.by_ref().take(advisory.vulnerabilities.len()).collect())
    };
    let mut order: Vec<(&Advisory, Vec<usize>)> = advisories
        .iter()
        .map(named)
        .filter(|(advisory, names)| advisory.withdrawn.is_none() && names.iter().any(|&name| disputed[name]))
        .collect();
    // The outcome of a refused fusion must not depend on the order of the input. Records that name the CVE
    // themselves come first: they are the better witnesses.
    order.sort_by_cached_key(|(advisory, _)| {
        let first = advisory.vulnerabilities.first();
        (first.is_none_or(|one| family(&one.id) != Family::Cve), &advisory.id, &advisory.source)
    });
    let mut refused: BTreeMap<(String, String), String> = BTreeMap::new();
    for (advisory, names) in order {
        for (vulnerability, name) in advisory.vulnerabilities.iter().zip(names) {
            for alias in &vulnerability.aliases {
                let alias = forest.node(alias);
                if let Err((x, y)) = forest.fuse(name, alias) {
                    let mut pair = [forest.names[x].to_owned(), forest.names[y].to_owned()];
                    pair.sort();
                    let [first, second] = pair;
                    refused.entry((first, second)).or_insert_with(|| advisory.id.clone());
                }
            }
        }
    }
    let told = refused.into_iter().map(|((first, second), through)| {
        Diagnostic::new(Code::AliasFusionRefused, Place::default())
            .with("first", first)
            .with("second", second)
            .with("through", through)
    });
    told.collect()
}

/// The trees as clusters. `own`: the name of each vulnerability, advisory by advisory.
fn collect(
    advisories: &[Advisory],
    own: &[usize],
    mut forest: Forest<'_>,
    diagnostics: Vec<Diagnostic>,
) -> Merged {
    let empty = || Cluster { id: String::new(), identifiers: vec![], members: vec![] };
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut cluster_of_root: Vec<Option<usize>> = vec![None; forest.names.len()];
    for n in 0..forest.names.len() {
        let root = forest.root(n);
        let cluster = *cluster_of_root[root].get_or_insert_with(|| {
            clusters.push(empty());
            clusters.len() - 1
        });
        clusters[cluster].identifiers.push(forest.names[n].to_owned());
    }
    let vulnerabilities = advisories
        .iter()
        .enumerate()
        .flat_map(|(n, advisory)| (0..advisory.vulnerabilities.len()).map(move |v| (n as u32, v as u32)));
    for (member, &name) in vulnerabilities.zip(own) {
        if let Some(cluster) = cluster_of_root[forest.root(name)] {
            clusters[cluster].members.push(member);
        }
    }
    clusters.retain(|cluster| !cluster.members.is_empty());
    for cluster in &mut clusters {
        cluster.identifiers.sort_unstable();
        cluster.id =
            cluster.identifiers.iter().min_by_key(|id| (family(id), *id)).cloned().unwrap_or_default();
    }
    clusters.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    let mut cluster_of: Vec<Vec<u32>> = advisories.iter().map(|a| vec![0; a.vulnerabilities.len()]).collect();
    for (number, cluster) in clusters.iter().enumerate() {
        for &(advisory, vulnerability) in &cluster.members {
            cluster_of[advisory as usize][vulnerability as usize] = number as u32;
        }
    }
    Merged { clusters, cluster_of, diagnostics }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shindan_domain::advisory::{AdvisedVulnerability, AdvisoryFormat};

    use super::*;

    fn advisory(id: &str, vulnerabilities: &[(&str, &[&str])]) -> Advisory {
        Advisory {
            vulnerabilities: vulnerabilities
                .iter()
                .map(|(id, aliases)| AdvisedVulnerability {
                    id: (*id).to_owned(),
                    aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
                    ..AdvisedVulnerability::default()
                })
                .collect(),
            ..Advisory::new(id, "test", AdvisoryFormat::Osv)
        }
    }

    fn names(merged: &Merged) -> Vec<Vec<String>> {
        merged.clusters.iter().map(|c| c.identifiers.clone()).collect()
    }

    #[test]
    fn one_to_one_identifiers_fuse_through_a_chain() {
        let merged = merge(&[
            advisory("RUSTSEC-2021-0003", &[("CVE-2021-25900", &["RUSTSEC-2021-0003", "GHSA-43w2"])]),
            advisory("GHSA-43w2", &[("GHSA-43w2", &["PYSEC-1"])]),
        ]);
        assert_eq!(names(&merged), [["CVE-2021-25900", "GHSA-43w2", "PYSEC-1", "RUSTSEC-2021-0003"]]);
        assert_eq!(merged.clusters[0].id, "CVE-2021-25900");
    }

    #[test]
    fn an_advisory_that_names_several_links_and_never_fuses() {
        let merged = merge(&[advisory(
            "JVNDB-2022-000097",
            &[("CVE-2022-41993", &[]), ("CVE-2022-46287", &[]), ("CVE-2022-46288", &[])],
        )]);
        assert_eq!(merged.clusters.len(), 3);
        assert_eq!(merged.cluster_of, [[0, 1, 2]]);
    }

    #[test]
    fn two_cves_never_fuse_whatever_the_order() {
        let a = advisory("GHSA-a", &[("CVE-2020-0001", &["GHSA-a"])]);
        let b = advisory("PYSEC-b", &[("CVE-2020-0002", &["PYSEC-b", "GHSA-a"])]);
        let forward = merge(&[a.clone(), b.clone()]);
        let backward = merge(&[b, a]);
        assert_eq!(names(&forward), names(&backward));
        assert_eq!(forward.clusters.len(), 2);
        assert_eq!(forward.diagnostics.len(), 1);
        assert_eq!(forward.diagnostics[0].params["through"], "PYSEC-b");
    }

    /// The plain way: all advisories in one order, one fusion after the other.
    fn in_one_order(advisories: &[Advisory]) -> Merged {
        let mut forest = Forest::default();
        let mut order: Vec<&Advisory> = advisories.iter().collect();
        order.sort_by_cached_key(|a| {
            (a.vulnerabilities.first().is_none_or(|v| family(&v.id) != Family::Cve), &a.id, &a.source)
        });
        let mut refused = BTreeMap::new();
        for advisory in order {
            for vulnerability in &advisory.vulnerabilities {
                let own = forest.node(&vulnerability.id);
                for alias in &vulnerability.aliases {
                    let alias = forest.node(alias);
                    if advisory.withdrawn.is_none()
                        && let Err((x, y)) = forest.fuse(own, alias)
                    {
                        let mut pair = [forest.names[x], forest.names[y]];
                        pair.sort_unstable();
                        refused.entry(pair).or_insert(&advisory.id);
                    }
                }
            }
        }
        let told = refused.into_iter().map(|([first, second], through)| {
            Diagnostic::new(Code::AliasFusionRefused, Place::default())
                .with("first", first)
                .with("second", second)
                .with("through", through)
        });
        let diagnostics = told.collect();
        let ids = advisories.iter().flat_map(|advisory| &advisory.vulnerabilities);
        let own: Vec<usize> = ids.map(|one| forest.node(&one.id)).collect();
        collect(advisories, &own, forest, diagnostics)
    }

    proptest! {
        /// As in the plain way, and whatever the order of the advisories, however many CVEs stand in a heap.
        #[test]
        fn links_and_refusals_are_those_of_the_plain_way(
            told in proptest::collection::vec(
                (0..4_usize, any::<bool>(), proptest::collection::vec(
                    (0..9_usize, proptest::collection::vec(0..9_usize, 0..3)), 1..3)),
                0..12,
            ),
            turned in 0..12_usize,
        ) {
            const NAMES: [&str; 9] = ["CVE-2020-0001", "CVE-2020-0002", "CVE-2020-0003", "GHSA-a", "GHSA-b", "PYSEC-1",
                "PYSEC-2", "GO-1", "RUSTSEC-1"];
            let mut all: Vec<Advisory> = told.iter().enumerate().map(|(n, (kind, again, vulnerabilities))| {
                let aliases: Vec<Vec<&str>> = vulnerabilities.iter()
                    .map(|(_, aliases)| aliases.iter().map(|alias| NAMES[*alias]).collect()).collect();
                let named: Vec<(&str, &[&str])> = vulnerabilities.iter().zip(&aliases)
                    .map(|((own, _), aliases)| (NAMES[*own], aliases.as_slice())).collect();
                // Some have the id of others, from another source.
                let mut one = advisory(&format!("A-{}", if *again { n / 2 } else { n }), &named);
                one.source = format!("source {n}");
                one.withdrawn = (*kind == 0).then_some(jiff::Timestamp::UNIX_EPOCH);
                one
            }).collect();
            let merged = merge(&all);
            let plain = in_one_order(&all);
            prop_assert_eq!(&merged.clusters, &plain.clusters);
            prop_assert_eq!(&merged.cluster_of, &plain.cluster_of);
            prop_assert_eq!(&merged.diagnostics, &plain.diagnostics);
            all.reverse();
            let turned = turned.min(all.len());
            all.rotate_left(turned);
            let other = merge(&all);
            prop_assert_eq!(names(&merged), names(&other));
            prop_assert_eq!(merged.diagnostics, other.diagnostics);
        }
    }

    #[test]
    fn a_withdrawn_record_does_not_fuse() {
        let mut withdrawn = advisory("GHSA-a", &[("CVE-2020-0001", &["GHSA-a"])]);
        withdrawn.withdrawn = jiff::Timestamp::from_second(0).ok();
        let merged = merge(&[withdrawn, advisory("X", &[("GHSA-a", &[])])]);
        assert_eq!(merged.clusters.len(), 2);
    }
}
