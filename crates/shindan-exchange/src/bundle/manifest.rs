//! What is signed of a bundle. Fields stand in the order of RFC 8785.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shindan_domain::collect::{CheckResult, Failure, SourceKind};
use shindan_domain::exchange::{BundleArrival, BundleRef};
use shindan_domain::ledger::Hash;
use shindan_domain::process::Reason;

use super::BundleLimits;
use crate::ManifestSender;
use crate::head::{oversize, tampered};
use crate::names::check_names;
use crate::statement::Statement;

/// A file of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleFile {
    /// Its name among the files of the source: relative, with `/` between folders.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// Size in bytes.
    pub size: u64,
    /// Short name of the source.
    pub source: String,
}

impl BundleFile {
    /// `SOURCE/PATH`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.source, self.path)
    }
}

/// A file that the source no longer has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovedFile {
    /// Its name among the files of the source.
    pub path: String,
    /// Short name of the source.
    pub source: String,
}

/// The compressed bytes that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packed {
    /// SHA-256 of them.
    pub sha256: Hash,
    /// How many.
    pub size: u64,
}

/// The last time that the sender looked at a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastCheck {
    /// When it ended, UTC.
    pub at: Timestamp,
    /// Why it failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// What came of it.
    pub result: CheckResult,
}

/// A source, as it stands at the sender's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleSource {
    /// Where the sender fetches it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// After how many hours it is looked at again; absent: only when a person does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_hours: Option<u32>,
    /// What it is.
    pub kind: SourceKind,
    /// The last time that the sender looked; absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_check: Option<LastCheck>,
    /// When the last check ended that did not fail, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_good: Option<Timestamp>,
    /// Its files are not in the bundle, and this is why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
    /// Under which terms its content may be passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Its terms are unclear.
    pub may_leave_out: bool,
    /// Short name.
    pub name: String,
    /// The newest date in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Timestamp>,
    /// Rows of all that stands in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// The sender did not look at it in time, or could not.
    pub stale: bool,
    /// What people call it.
    pub title: String,
}

/// What stands at the head of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleManifest {
    /// When it was made, UTC.
    pub created: Timestamp,
    /// From when on it is old, UTC.
    pub expires: Timestamp,
    /// The files that follow, in this order.
    pub files: Vec<BundleFile>,
    /// [`Statement::FORMAT`].
    pub format: u32,
    /// What they are packed in.
    pub packed: Packed,
    /// The bundle before it; absent in the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<BundleRef>,
    /// Files that the sources no longer have; only in one that holds what changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<RemovedFile>,
    /// Who made it.
    pub sender: ManifestSender,
    /// Its number among the bundles of this sender: from 1.
    pub sequence: u64,
    /// It holds what changed since this bundle; absent: everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<BundleRef>,
    /// All sources of the sender that are fetched.
    pub sources: Vec<BundleSource>,
    /// Files that the receiver has, because they did not change; only in one that holds what changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unchanged: Vec<BundleFile>,
}

impl Statement for BundleManifest {
    const TYPE: &'static str = "application/vnd.shindan.bundle+json";
    const FORMAT: u32 = 1;

    fn key(&self) -> &str {
        &self.sender.key
    }
}

impl BundleManifest {
    /// What is judged of it. `payload`: the exact bytes that were signed.
    pub fn arrival(&self, payload: &[u8]) -> BundleArrival {
        BundleArrival {
            sender: self.sender.installation,
            key: self.sender.key.clone(),
            sequence: self.sequence,
            manifest: Hash::of(payload),
            previous: self.previous,
            since: self.since,
            created: self.created,
            expires: self.expires,
        }
    }

    /// Everything that a source has when the bundle was taken in.
    pub fn whole<'m>(&'m self, source: &'m str) -> impl Iterator<Item = &'m BundleFile> {
        self.files.iter().chain(&self.unchanged).filter(move |file| file.source == source)
    }

    /// A signed manifest can still be one that no program writes.
    pub(super) fn check(&self, limits: &BundleLimits) -> Result<(), Reason> {
        let named = self.files.len().saturating_add(self.unchanged.len()).saturating_add(self.removed.len());
        if named > limits.files {
            return Err(oversize("files", limits.files as u64));
        }
        if self.sources.len() > limits.sources {
            return Err(oversize("sources", limits.sources as u64));
        }
        self.check_size(limits)?;
        let files: Vec<String> = self.files.iter().chain(&self.unchanged).map(BundleFile::name).collect();
        let removed = self.removed.iter().map(|gone| format!("{}/{}", gone.source, gone.path));
        let all: Vec<String> = files.into_iter().chain(removed).collect();
        check_names(all.iter().map(String::as_str))?;
        check_names(self.sources.iter().map(|source| source.name.as_str()))?;
        if self.fits_together() { Ok(()) } else { Err(tampered("manifest")) }
    }

    fn check_size(&self, limits: &BundleLimits) -> Result<(), Reason> {
        if self.packed.size > limits.packed {
            return Err(oversize("packed", limits.packed));
        }
        let total = self.files.iter().try_fold(0_u64, |sum, file| sum.checked_add(file.size));
        let total =
            total.filter(|total| *total <= limits.total).ok_or_else(|| oversize("total", limits.total))?;
        if total / limits.ratio.max(1) > self.packed.size {
            return Err(oversize("ratio", limits.ratio));
        }
        Ok(())
    }

    fn fits_together(&self) -> bool {
        let (mut brought, mut left_out) = (BTreeSet::new(), BTreeSet::new());
        for source in &self.sources {
            let place = if source.left_out.is_none() { &mut brought } else { &mut left_out };
            place.insert(source.name.as_str());
        }
        let is_brought = |file: &BundleFile| brought.contains(file.source.as_str());
        let counted = match (&self.previous, self.sequence) {
            (None, 1) => true,
            (Some(before), number) => before.sequence.checked_add(1) == Some(number) && before.sequence > 0,
            (None, _) => false,
        };
        let part = match &self.since {
            None => self.unchanged.is_empty() && self.removed.is_empty(),
            Some(since) => since.sequence > 0 && since.sequence < self.sequence,
        };
        counted
            && part
            && self.created < self.expires
            && self.files.iter().chain(&self.unchanged).all(is_brought)
            && !self.sources.iter().any(|source| source.name.contains('/'))
            && self.removed.iter().all(|gone| !left_out.contains(gone.source.as_str()))
    }
}
