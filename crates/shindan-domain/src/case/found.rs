//! What a case holds: vulnerabilities, the places that they hit, and the remediation that these share.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::proof::{Effect, ProofOfPatch, ProofOfReplacement};
use crate::advisory::SsvcPoints;
use crate::evidence::Document;
use crate::finding::VulnerabilityFacts;
use crate::identifier::FindingKind;
use crate::priority::Decision;
use crate::record_id::{AssessmentId, ChangeId, PersonId};
use crate::terms;

terms! {
    /// By what findings belong to one decision.
    pub enum RemediationKind ("remediation") {
        /// The same update of an operating system (KB).
        Update = "update",
        /// The same fixed version of the same component.
        FixedVersion = "fixed-version",
        /// The same bulletin, which names no fixed version.
        Advisory = "advisory",
        /// Nothing but the vulnerability is known.
        Vulnerability = "vulnerability",
        /// The use of a device is brought back to what its maker intends, or made safe.
        Use = "use",
        /// A data exchange gets a mechanism that notices alteration.
        Integrity = "integrity",
        /// Findings of a security assessment that one rule or identifier names.
        Assessment = "assessment",
    }
}

/// What findings of one case share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Remediation {
    /// By what.
    pub kind: RemediationKind,
    /// The component that is fixed; `None` where a bulletin or vulnerability as a whole is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The update, the fixed versions (joined by `, `), the bulletin or the vulnerability.
    pub target: String,
}

/// A CVSS score at the time it was frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// `2.0`, `3.0`, `3.1`, `4.0`
    pub version: String,
    /// Score × 10.
    pub score_x10: u8,
    /// `none`, `low`, `medium`, `high`, `critical`
    pub severity: String,
    /// The vector as given.
    pub vector: String,
}

/// What is known about a vulnerability of a case. EPSS changes daily: the value is that of the last change which mattered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VulnerabilityFact {
    /// Every one-to-one identifier, sorted.
    pub aliases: BTreeSet<String>,
    /// Title in the best language available, as its source has it.
    pub title: String,
    /// Japanese title, if JVN gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_ja: Option<String>,
    /// What it is.
    pub kind: FindingKind,
    /// The newest CVSS version's highest score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvss: Option<Score>,
    /// Day on which it entered CISA's KEV catalogue, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kev: Option<String>,
    /// Known to be used by ransomware.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ransomware: bool,
    /// EPSS probability as decimal text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epss: Option<String>,
    /// CISA's SSVC points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssvc: Option<SsvcPoints>,
    /// First published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// Versions that contain the fix, as the sources write them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub fixed_versions: BTreeSet<String>,
    /// Every advisory behind it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub advisories: BTreeSet<String>,
}

impl VulnerabilityFact {
    /// Takes over what matching knows. Fixed versions and advisories belong to the finding and are added by the caller.
    pub fn of(facts: &VulnerabilityFacts) -> Self {
        let mut aliases: BTreeSet<String> = facts.aliases.iter().cloned().collect();
        aliases.insert(facts.id.clone());
        VulnerabilityFact {
            aliases,
            title: facts.title.clone(),
            title_ja: facts.title_ja.clone(),
            kind: facts.kind,
            cvss: facts.cvss.as_ref().map(|cvss| Score {
                version: cvss.version.clone(),
                score_x10: cvss.score_x10,
                severity: cvss.severity.clone(),
                vector: cvss.vector.clone(),
            }),
            kev: facts.kev.as_ref().map(|kev| kev.date_added.clone()),
            ransomware: facts.kev.as_ref().is_some_and(|kev| kev.ransomware),
            epss: facts.epss.as_ref().map(|epss| epss.score.clone()),
            ssvc: facts.ssvc.clone(),
            published: facts.published,
            fixed_versions: BTreeSet::new(),
            advisories: BTreeSet::new(),
        }
    }

    /// True if the source itself was revised: another score, another fix, another publication. EPSS and KEV are no revision.
    pub fn is_revised(&self, newer: &VulnerabilityFact) -> bool {
        self.cvss != newer.cvss || self.fixed_versions != newer.fixed_versions
    }
}

/// A place that is hit, as matching found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPlace {
    /// What people call it: number of the asset, or name of the component.
    pub label: String,
    /// Versions by component.
    pub components: BTreeMap<String, BTreeSet<String>>,
    /// Vulnerabilities that hit it.
    pub vulnerabilities: BTreeSet<String>,
    /// The most urgent priority of its findings.
    pub priority: Decision,
}

terms! {
    /// How far the treatment of one asset has come.
    pub enum Progress ("progress") {
        /// Nothing has been done yet.
        Waiting = "waiting",
        /// Is being done.
        Working = "working",
        /// Has been done and is not proven yet.
        Done = "done",
        /// Cannot be done here.
        Impossible = "impossible",
    }
}

/// A re-match: with which knowledge and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rematch {
    /// Generation of the knowledge base.
    pub knowledge: u64,
    /// When it was judged.
    pub at: Timestamp,
}

/// A re-test: a later assessment looked again at what had been found and no longer finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retest {
    /// The assessment run.
    pub assessment: AssessmentId,
    /// When its scan began: it tells nothing about what was done later.
    pub at: Timestamp,
    /// The report.
    pub document: Document,
}

/// Since when nothing hits a place any more, and what shows it. The two forms have no field of their own in common, so that what
/// was stored before there were assessments reads as a re-match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Gone {
    /// A new judgement of an inventory.
    Rematched(Rematch),
    /// A re-test.
    Retested {
        /// Which.
        #[serde(flatten)]
        retest: Retest,
        /// Who took its report in; the confirmation is another person's.
        recorded_by: PersonId,
    },
}

impl Gone {
    /// When it was judged or looked at.
    pub fn at(&self) -> Timestamp {
        match self {
            Gone::Rematched(rematch) => rematch.at,
            Gone::Retested { retest, .. } => retest.at,
        }
    }

    /// The judgement of an inventory, if that shows it.
    pub fn rematch(&self) -> Option<Rematch> {
        match self {
            Gone::Rematched(rematch) => Some(*rematch),
            Gone::Retested { .. } => None,
        }
    }
}

/// A place of a case: an asset, a component of software that belongs to no asset, or a finding of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// As matching found it last. Its vulnerabilities are those that still hit.
    pub found: FoundPlace,
    /// Vulnerabilities that hit it once and no longer do, by a new judgement of the place.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub past: BTreeSet<String>,
    /// Since when nothing hits it any more, by a new judgement or a re-test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
    /// When the scan of the newest re-test that found it began; an older one cannot say that it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Timestamp>,
    /// How far the treatment has come.
    pub progress: Progress,
    /// The change that treats it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeId>,
    /// Proof of a patch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<ProofOfPatch>,
    /// Proof of another measure's effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// Proof of a replacement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<ProofOfReplacement>,
}

impl Place {
    /// A place as it was found.
    pub fn new(found: FoundPlace) -> Self {
        Place {
            found,
            past: BTreeSet::new(),
            gone: None,
            seen: None,
            progress: Progress::Waiting,
            change: None,
            patch: None,
            effect: None,
            replacement: None,
        }
    }

    /// True if a re-test that began after this time no longer found it.
    pub fn is_retested_after(&self, since: Timestamp) -> bool {
        matches!(&self.gone, Some(Gone::Retested { retest, .. }) if retest.at > since)
    }

    /// Forgets progress and proofs: they belonged to what was before.
    pub(super) fn begin_again(&mut self) {
        self.progress = Progress::Waiting;
        self.change = None;
        self.patch = None;
        self.effect = None;
        self.replacement = None;
    }

    /// Forgets what proved a measure that is decided anew. A proof of a patch stays: the fix is there.
    pub(super) fn drop_other_proofs(&mut self) {
        self.effect = None;
        self.replacement = None;
    }
}
