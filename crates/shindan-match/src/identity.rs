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

struct Forest<'a> {
    names: Vec<&'a str>,
    number: FxHashMap<&'a str, usize>,
    parent: Vec<usize>,
    /// The CVE of each root.
    cve: Vec<Option<usize>>,
}

impl<'a> Forest<'a> {
    fn node(&mut self, name: &'a str) -> usize {
        if let Some(&n) = self.number.get(name) {
            return n;
        }
        let n = self.names.len();
        self.names.push(name);
        self.number.insert(name, n);
        self.parent.push(n);
        self.cve.push((family(name) == Family::Cve).then_some(n));
        n
    }

    fn root(&mut self, mut n: usize) -> usize {
        while self.parent[n] != n {
            self.parent[n] = self.parent[self.parent[n]];
            n = self.parent[n];
        }
        n
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
}

/// Groups the vulnerabilities of all advisories.
pub fn merge(advisories: &[Advisory]) -> Merged {
    let mut forest = Forest { names: vec![], number: FxHashMap::default(), parent: vec![], cve: vec![] };
    let mut order: Vec<usize> = (0..advisories.len()).collect();
    // The outcome of a refused fusion must not depend on the order of the input. Records that name the CVE
    // themselves come first: they are the better witnesses.
    order.sort_by_cached_key(|&n| {
        let a = &advisories[n];
        (a.vulnerabilities.first().is_none_or(|v| family(&v.id) != Family::Cve), &a.id, &a.source)
    });
    let mut refused: BTreeMap<(String, String), String> = BTreeMap::new();
    for &n in &order {
        let advisory = &advisories[n];
        for vulnerability in &advisory.vulnerabilities {
            let own = forest.node(&vulnerability.id);
            for alias in &vulnerability.aliases {
                let alias = forest.node(alias);
                // A withdrawn record's word does not count.
                if advisory.withdrawn.is_none()
                    && let Err((x, y)) = forest.fuse(own, alias)
                {
                    let mut pair = [forest.names[x].to_owned(), forest.names[y].to_owned()];
                    pair.sort();
                    let [first, second] = pair;
                    refused.entry((first, second)).or_insert_with(|| advisory.id.clone());
                }
            }
        }
    }
    let diagnostics = refused
        .into_iter()
        .map(|((first, second), through)| {
            Diagnostic::new(Code::AliasFusionRefused, Place::default())
                .with("first", first)
                .with("second", second)
                .with("through", through)
        })
        .collect();
    collect(advisories, forest, diagnostics)
}

fn collect(advisories: &[Advisory], mut forest: Forest<'_>, diagnostics: Vec<Diagnostic>) -> Merged {
    let mut by_root: BTreeMap<usize, Cluster> = BTreeMap::new();
    for n in 0..forest.names.len() {
        let root = forest.root(n);
        let name = forest.names[n].to_owned();
        by_root
            .entry(root)
            .or_insert_with(|| Cluster { id: String::new(), identifiers: vec![], members: vec![] })
            .identifiers
            .push(name);
    }
    for (n, advisory) in advisories.iter().enumerate() {
        for (v, vulnerability) in advisory.vulnerabilities.iter().enumerate() {
            let node = forest.number.get(vulnerability.id.as_str()).copied();
            if let Some(cluster) = node.map(|n| forest.root(n)).and_then(|r| by_root.get_mut(&r)) {
                cluster.members.push((n as u32, v as u32));
            }
        }
    }
    let mut clusters: Vec<Cluster> = by_root.into_values().filter(|c| !c.members.is_empty()).collect();
    for cluster in &mut clusters {
        cluster.identifiers.sort();
        cluster.id =
            cluster.identifiers.iter().min_by_key(|id| (family(id), *id)).cloned().unwrap_or_default();
    }
    clusters.sort_by(|a, b| a.id.cmp(&b.id));
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
    use super::*;
    use shindan_domain::advisory::{AdvisedVulnerability, AdvisoryFormat};

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

    #[test]
    fn a_withdrawn_record_does_not_fuse() {
        let mut withdrawn = advisory("GHSA-a", &[("CVE-2020-0001", &["GHSA-a"])]);
        withdrawn.withdrawn = jiff::Timestamp::from_second(0).ok();
        let merged = merge(&[withdrawn, advisory("X", &[("GHSA-a", &[])])]);
        assert_eq!(merged.clusters.len(), 2);
    }
}
