//! Statements about products, each once: sources repeat themselves per platform and per container.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use shindan_domain::advisory::Affected;
use shindan_domain::version::VersionClaim;

/// A list of statements in which equal ones are merged.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    list: Vec<Affected>,
    /// Positions in `list` by fingerprint, so that thousands of statements are not compared pairwise.
    positions: BTreeMap<u64, Vec<usize>>,
}

impl Statements {
    /// Adds a statement, or merges it into an equal one: fixed versions and texts are united, the first place stays.
    pub(crate) fn add(&mut self, statement: Affected) {
        let known = self.positions.entry(fingerprint(&statement)).or_default();
        for position in known.iter() {
            if let Some(other) = self.list.get_mut(*position)
                && same(other, &statement)
            {
                merge(other, statement);
                return;
            }
        }
        known.push(self.list.len());
        self.list.push(statement);
    }

    /// The statements, in the order in which they were first made.
    pub(crate) fn into_list(self) -> Vec<Affected> {
        self.list
    }
}

fn same(a: &Affected, b: &Affected) -> bool {
    a.status == b.status
        && a.product == b.product
        && a.versions == b.versions
        && a.platforms == b.platforms
        && a.vulnerabilities == b.vulnerabilities
}

fn merge(into: &mut Affected, from: Affected) {
    for version in from.fixed_versions {
        if !into.fixed_versions.contains(&version) {
            into.fixed_versions.push(version);
        }
    }
    if into.text.is_empty() {
        into.text = from.text;
    }
}

fn fingerprint(statement: &Affected) -> u64 {
    // Fixed keys: the same input gives the same fingerprint in every run.
    let mut hasher = DefaultHasher::new();
    let product = &statement.product;
    statement.status.hash(&mut hasher);
    (&product.ecosystem, &product.package, &product.purl, &product.cpes).hash(&mut hasher);
    (&product.vendor, &product.product, &statement.platforms).hash(&mut hasher);
    match &statement.versions {
        VersionClaim::All => 0_u8.hash(&mut hasher),
        VersionClaim::Ranged { ranges, except } => (ranges, except).hash(&mut hasher),
        VersionClaim::Undetermined { code, params } => (code, params).hash(&mut hasher),
    }
    hasher.finish()
}
