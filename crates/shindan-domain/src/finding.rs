//! Results of matching: what hits, why, and what could not be judged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::advisory::{Justification, KevEntry, Status};
use crate::diagnostic::{Code, Diagnostic, Params};
use crate::identifier::FindingKind;
use crate::inventory::{Asset, InventoryKind, SharedComponent};
use crate::knowledge::KnowledgeSummary;
use crate::priority::{Decision, PathStep};

/// By which identity a component was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchMethod {
    /// Package URL against package advisories (OSV, CVE 5 packages).
    Purl,
    /// CPE 2.3 name matching (NISTIR 7696).
    Cpe,
    /// Maker and product name, as the advisory writes them, after normalisation.
    DeviceProduct,
    /// Maker and model number.
    DeviceModel,
    /// Hardware → software dictionary: the device runs the product.
    HardwareSoftware,
    /// The support end date in the ledger.
    SupportEnd,
    /// A person said once which product the maker and model are (`inventory map`).
    ConfirmedIdentity,
    /// The advisory points to the very element of the SBOM (BOM-Link).
    BomLink,
}

impl MatchMethod {
    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchMethod::Purl => "purl",
            MatchMethod::Cpe => "cpe",
            MatchMethod::DeviceProduct => "device-product",
            MatchMethod::DeviceModel => "device-model",
            MatchMethod::HardwareSoftware => "hardware-software",
            MatchMethod::SupportEnd => "support-end",
            MatchMethod::ConfirmedIdentity => "confirmed-identity",
            MatchMethod::BomLink => "bom-link",
        }
    }
}

/// How sure the match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A name was similar, or a text was interpreted: look before acting.
    Low,
    /// Names equal after normalisation, or a version of no declared scheme.
    Medium,
    /// Exact identifier and declared version order.
    High,
}

impl Confidence {
    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// One way in which the match was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchBasis {
    /// By which identity.
    pub method: MatchMethod,
    /// The identifier of the advisory's side: purl, CPE, "vendor / product".
    pub identifier: String,
    /// The range that contains the version, as text (`>=6.0.0 <=6.0.4`), or `*`.
    pub range: String,
    /// The advisory that says so.
    pub advisory: String,
    /// Its source.
    pub source: String,
    /// Document and place inside it.
    pub place: String,
    /// How sure.
    pub confidence: Confidence,
    /// How the name in `identifier` was read to mean the device; `None` where it is the same name.
    pub reading: Option<NameReading>,
}

/// How an advisory's product name was read to mean a device of another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameReading {
    /// The name contains the model, or lists it among others.
    NameContains,
    /// The model lies in a range of models that the name gives: MX800 in `MX400-MX850`.
    ModelInRange,
    /// The model belongs by its number to a series that the name gives: PA-440 to `PA-400 series`.
    ModelInSeries,
}

impl NameReading {
    /// All.
    pub const ALL: [NameReading; 3] =
        [NameReading::NameContains, NameReading::ModelInRange, NameReading::ModelInSeries];

    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            NameReading::NameContains => "name-contains",
            NameReading::ModelInRange => "model-in-range",
            NameReading::ModelInSeries => "model-in-series",
        }
    }
}

/// A CVSS score computed from its vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CvssScore {
    /// `2.0`, `3.0`, `3.1`, `4.0`
    pub version: String,
    /// Score × 10.
    pub score_x10: u8,
    /// `none`, `low`, `medium`, `high`, `critical`
    pub severity: String,
    /// The vector as given.
    pub vector: String,
}

/// EPSS as decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpssScore {
    /// 0 to 1.
    pub score: String,
    /// 0 to 1; empty if unknown.
    pub percentile: String,
    /// `YYYY-MM-DD`; empty if unknown.
    pub date: String,
}

/// What is known about a vulnerability, gathered from every opinion. Shared by all findings that name it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VulnerabilityFacts {
    /// The CVE if there is one, else the first one-to-one identifier.
    pub id: String,
    /// Every one-to-one identifier, `id` included, sorted.
    pub aliases: Vec<String>,
    /// Title in the best language available.
    pub title: String,
    /// Japanese title, if JVN gave one.
    pub title_ja: Option<String>,
    /// The kind of finding it makes.
    pub kind: FindingKind,
    /// The newest CVSS version's highest score.
    pub cvss: Option<CvssScore>,
    /// Known to be exploited.
    pub kev: Option<KevEntry>,
    /// Probability of exploitation.
    pub epss: Option<EpssScore>,
    /// CISA's SSVC points.
    pub ssvc: Option<crate::advisory::SsvcPoints>,
    /// First published, over all opinions.
    pub published: Option<Timestamp>,
    /// For [`FindingKind::EndOfLife`]: the first day without support, `YYYY-MM-DD`.
    pub support_end: Option<String>,
}

/// A vulnerability hits a component. 該当
///
/// An answer may hold hundreds of thousands of findings, which repeat few facts, grounds and decisions: those are
/// shared, and whoever prints them may print each of them once.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What.
    pub vulnerability: Arc<VulnerabilityFacts>,
    /// Which component.
    pub component: SharedComponent,
    /// On which asset.
    pub asset: Option<Arc<Asset>>,
    /// Index into [`CheckResult::inputs`].
    pub input: usize,
    /// Why it is meant.
    pub grounds: Arc<Grounds>,
    /// What to do first, and why.
    pub decided: Arc<Decided>,
}

/// Why a component is meant by a vulnerability.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grounds {
    /// Every advisory behind the finding, sorted: GHSA, RUSTSEC, JVNDB, ICSMA …
    pub advisories: Vec<String>,
    /// Every way the match was made, the surest first; never empty in a finding.
    pub bases: Vec<MatchBasis>,
    /// Versions that contain the fix, as the sources write them.
    pub fixed_versions: Vec<String>,
    /// Who says that it does not apply, and is contradicted by somebody of the same weight: the finding stands, and
    /// both opinions are shown.
    pub disputed: Vec<VexOpinion>,
}

/// A finding that somebody who knows the product calls not affected or fixed. Kept and shown, with who says so and why.
#[derive(Debug, Clone, PartialEq)]
pub struct NotAffected {
    /// The finding as it would stand without the opinion.
    pub finding: Finding,
    /// Who says that it does not apply, and why; never empty.
    pub opinions: Vec<VexOpinion>,
}

/// A statement that a component is not affected, or contains the fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VexOpinion {
    /// [`Status::NotAffected`] or [`Status::Fixed`].
    pub status: Status,
    /// Why, if the source gives a reason of the standard list.
    pub justification: Option<Justification>,
    /// What the source says about it, as written.
    pub impact: String,
    /// How the source names the product.
    pub identifier: String,
    /// The document.
    pub advisory: String,
    /// Whose document.
    pub source: String,
    /// Document and place inside it.
    pub place: String,
    /// The installed update that brings the fix, where that is the proof: `KB5034122`.
    pub update: Option<String>,
}

/// A priority with the path to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What to do first.
    pub priority: Decision,
    /// How the priority came about.
    pub path: Vec<PathStep>,
}

impl Finding {
    /// Every advisory behind the finding.
    pub fn advisories(&self) -> &[String] {
        &self.grounds.advisories
    }

    /// Every way the match was made, the surest first.
    pub fn bases(&self) -> &[MatchBasis] {
        &self.grounds.bases
    }

    /// Versions that contain the fix.
    pub fn fixed_versions(&self) -> &[String] {
        &self.grounds.fixed_versions
    }

    /// What to do first.
    pub fn priority(&self) -> Decision {
        self.decided.priority
    }

    /// How the priority came about.
    pub fn path(&self) -> &[PathStep] {
        &self.decided.path
    }
}

/// Something that could not be judged. Counted and shown, never treated as safe. 判定不能
#[derive(Debug, Clone, PartialEq)]
pub struct Undetermined {
    /// Which component.
    pub component: SharedComponent,
    /// On which asset.
    pub asset: Option<Arc<Asset>>,
    /// Index into [`CheckResult::inputs`].
    pub input: usize,
    /// Which vulnerability, if the question was about one; `None`: nothing at all could be judged.
    pub vulnerability: Option<Arc<VulnerabilityFacts>>,
    /// The advisory whose statement could not be judged, if one.
    pub advisory: Option<String>,
    /// Why.
    pub code: Code,
    /// Particulars; shared, because tens of thousands of components may be in doubt for the same reason.
    pub params: Arc<Params>,
}

/// One inventory file in the result.
#[derive(Debug, Clone, PartialEq)]
pub struct InputReport {
    /// Path as given.
    pub path: String,
    /// What it was recognised as; `None` if it could not be read.
    pub kind: Option<InventoryKind>,
    /// The system it describes, if it tells.
    pub subject: Option<String>,
    /// How many components it lists.
    pub components: usize,
    /// The assets it lists, in its order, whether or not anything was found about them.
    pub assets: Vec<Asset>,
    /// What was odd or unreadable.
    pub diagnostics: Vec<Diagnostic>,
}

/// How much of the inventory the answer covers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Components in all inputs.
    pub components: usize,
    /// Components for which at least one method could be applied without reservation.
    pub judged: usize,
    /// Components with at least one undetermined entry.
    pub undetermined: usize,
    /// Judged components by the method applied (`purl`, `cpe`, `device-product` …).
    pub by_method: BTreeMap<&'static str, usize>,
    /// Components by purl type or `device`, with whether the knowledge base covers that ecosystem.
    pub ecosystems: Vec<EcosystemCoverage>,
    /// Assets without a named person or party who patches them.
    pub patched_by_unsettled: usize,
}

/// Coverage of one ecosystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcosystemCoverage {
    /// OSV ecosystem, `cpe`, `device`, or the purl type if it is unknown; [`NO_IDENTIFIER`](Self::NO_IDENTIFIER) and
    /// [`OWN`](Self::OWN) for what belongs to none.
    pub name: String,
    /// Components of it.
    pub components: usize,
    /// Advisories for it in the knowledge base.
    pub advisories: u64,
}

impl EcosystemCoverage {
    /// Components without an identifier to match by.
    pub const NO_IDENTIFIER: &'static str = "-";
    /// Parts of the inventory's own subject, which nobody else publishes.
    pub const OWN: &'static str = "own";

    /// True if loading advisories would help: it is an ecosystem, and there are none for it.
    pub fn lacks_advisories(&self) -> bool {
        self.advisories == 0 && ![Self::NO_IDENTIFIER, Self::OWN].contains(&self.name.as_str())
    }
}

/// Counts for the head of every output.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Components.
    pub components: usize,
    /// Findings.
    pub findings: usize,
    /// Findings that somebody who knows the product denies; not among `findings`.
    pub not_affected: usize,
    /// Undetermined entries.
    pub undetermined: usize,
    /// Findings by priority, in the order immediate, out-of-cycle, scheduled, defer.
    pub by_priority: [usize; 4],
}

/// What is counted of findings and of what goes with them: of a whole answer, or of a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Findings.
    pub findings: usize,
    /// Findings that somebody who knows the product denies; not among `findings`.
    pub not_affected: usize,
    /// Undetermined entries.
    pub undetermined: usize,
    /// Findings by priority, in the order immediate, out-of-cycle, scheduled, defer.
    pub by_priority: [usize; 4],
    /// Devices with undetermined entries: input and pointer. One of several components may stand in another part than the others.
    devices_undetermined: BTreeSet<(usize, String)>,
}

impl Tally {
    /// Counts.
    pub fn of(findings: &[Finding], not_affected: &[NotAffected], undetermined: &[Undetermined]) -> Tally {
        let of_devices = undetermined.iter().filter(|entry| entry.asset.is_some());
        Tally {
            findings: findings.len(),
            not_affected: not_affected.len(),
            undetermined: undetermined.len(),
            by_priority: by_priority(findings),
            devices_undetermined: of_devices
                .map(|entry| (entry.input, entry.component.view().pointer.to_string()))
                .collect(),
        }
    }

    /// Adds what was counted of another part.
    pub fn add(&mut self, other: &Tally) {
        self.findings += other.findings;
        self.not_affected += other.not_affected;
        self.undetermined += other.undetermined;
        self.devices_undetermined.extend(other.devices_undetermined.iter().cloned());
        for (sum, count) in self.by_priority.iter_mut().zip(other.by_priority) {
            *sum += count;
        }
    }

    /// Devices with undetermined entries, each counted once however many there are of it.
    pub fn devices_undetermined(&self) -> usize {
        self.devices_undetermined.len()
    }

    /// With how many components this was found, the counts for the head of every output.
    pub fn summary(&self, components: usize) -> Summary {
        let Tally { findings, not_affected, undetermined, by_priority, .. } = *self;
        Summary { components, findings, not_affected, undetermined, by_priority }
    }
}

/// Findings by priority, in the order immediate, out-of-cycle, scheduled, defer.
fn by_priority(findings: &[Finding]) -> [usize; 4] {
    let (mut immediate, mut out_of_cycle, mut scheduled, mut defer) = (0, 0, 0, 0);
    for finding in findings {
        match finding.priority() {
            Decision::Immediate => immediate += 1,
            Decision::OutOfCycle => out_of_cycle += 1,
            Decision::Scheduled => scheduled += 1,
            Decision::Defer => defer += 1,
        }
    }
    [immediate, out_of_cycle, scheduled, defer]
}

/// The whole answer of `check` and `who`.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckResult {
    /// The time the answer holds for.
    pub as_of: Timestamp,
    /// With which knowledge.
    pub knowledge: KnowledgeSummary,
    /// Which inputs.
    pub inputs: Vec<InputReport>,
    /// What hits, most urgent first.
    pub findings: Vec<Finding>,
    /// What would hit, and does not by the word of somebody who knows the product (VEX).
    pub not_affected: Vec<NotAffected>,
    /// What could not be judged.
    pub undetermined: Vec<Undetermined>,
    /// How much was covered.
    pub coverage: Coverage,
    /// Remarks about the answer as a whole (stale knowledge allowed, …).
    pub remarks: Vec<Diagnostic>,
}

impl CheckResult {
    /// Counts for the head of every output.
    pub fn summary(&self) -> Summary {
        Summary {
            components: self.coverage.components,
            findings: self.findings.len(),
            not_affected: self.not_affected.len(),
            undetermined: self.undetermined.len(),
            by_priority: by_priority(&self.findings),
        }
    }

    /// What is counted of its lists.
    pub fn tally(&self) -> Tally {
        Tally::of(&self.findings, &self.not_affected, &self.undetermined)
    }
}

#[cfg(test)]
mod tests {
    use super::EcosystemCoverage;

    #[test]
    fn only_ecosystems_can_lack_advisories() {
        for (name, advisories, lacks) in
            [("npm", 0, true), ("npm", 1, false), ("device", 0, true), ("-", 0, false), ("own", 0, false)]
        {
            let coverage = EcosystemCoverage { name: name.to_owned(), components: 1, advisories };
            assert_eq!(coverage.lacks_advisories(), lacks, "{name} {advisories}");
        }
    }
}
