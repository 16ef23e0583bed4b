//! Which rows of the catalogues one `check` run evidences, and what it leaves open. Codes and parameters only.
//!
//! A check run is never more than *partial* evidence: it shows what was looked at and what came out, not that anybody
//! did it regularly, decided or acted.

use jiff::Timestamp;

use super::Crosswalk;
use crate::diagnostic::Params;
use crate::finding::{CheckResult, Tally};

/// What a `check` run can contribute; a pack names these in `check_evidence`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckEvidence {
    /// Software, third-party software included, was compared with published vulnerability information.
    ComponentsCompared,
    /// Sources of vulnerability information were consulted.
    SourcesConsulted,
    /// Every finding has a priority with its path: input for the risk analysis.
    PrioritiesComputed,
    /// Devices were compared with published vulnerability information.
    DevicesJudged,
}

impl CheckEvidence {
    /// All.
    pub const ALL: [CheckEvidence; 4] = [
        CheckEvidence::ComponentsCompared,
        CheckEvidence::SourcesConsulted,
        CheckEvidence::PrioritiesComputed,
        CheckEvidence::DevicesJudged,
    ];

    /// The stable text form, as in packs.
    pub fn as_str(self) -> &'static str {
        match self {
            CheckEvidence::ComponentsCompared => "components-compared",
            CheckEvidence::SourcesConsulted => "sources-consulted",
            CheckEvidence::PrioritiesComputed => "priorities-computed",
            CheckEvidence::DevicesJudged => "devices-judged",
        }
    }
}

macro_rules! evidence_codes {
    ($($(#[$meta:meta])* $name:ident = $text:literal;)*) => {
        /// What a check run shows, or does not show. Stable; words are added at the edge.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EvidenceCode {
            $($(#[$meta])* $name,)*
        }

        impl EvidenceCode {
            /// All codes. The words of each language are tested against this.
            pub const ALL: &'static [EvidenceCode] = &[$(EvidenceCode::$name,)*];

            /// The stable text form, as in JSON output.
            pub fn as_str(self) -> &'static str {
                match self { $(EvidenceCode::$name => $text,)* }
            }
        }
    };
}

evidence_codes! {
    // ---- what is shown ---------------------------------------------------------------------------
    /// Params: `components`, `judged`, `undetermined`, `findings`, `data_as_of` (date; empty if unknown).
    ComponentsCompared = "components-compared";
    /// Params: `sources`, `documents`, `advisories`, `newest` (date; empty if unknown).
    SourcesConsulted = "sources-consulted";
    /// One per source. Params: `source`, `advisories`, `newest` (date; empty if unknown).
    SourceState = "source-state";
    /// Params: `findings`, `immediate`, `out-of-cycle`, `scheduled`, `defer`.
    PrioritiesComputed = "priorities-computed";
    /// Params: `devices`, `judged`, `undetermined`, `data_as_of` (date; empty if unknown).
    DevicesJudged = "devices-judged";

    // ---- what is left open -----------------------------------------------------------------------
    /// A check run is no evidence for this row at all.
    NoEvidenceFromCheck = "no-evidence-from-check";
    /// The inventories list no component.
    NoComponents = "no-components";
    /// Components are listed, none could be judged. Params: `components`.
    NothingJudged = "nothing-judged";
    /// Nothing was found, so there is no priority that could be an input.
    NoFindings = "no-findings";
    /// The inventories list no device.
    NoDevices = "no-devices";
    /// The knowledge base holds no source.
    NoSources = "no-sources";
    /// Some could not be judged. Params: `undetermined`.
    UndeterminedRemain = "undetermined-remain";
    /// The knowledge base does not tell how old it is.
    DataDateUnknown = "data-date-unknown";
    /// Parts of the sources could not be read. Params: `rejected`.
    SourcesPartlyUnreadable = "sources-partly-unreadable";
    /// One run does not show that it is done regularly.
    RegularityNotShown = "regularity-not-shown";
    /// A run shows what is affected, not that somebody acted promptly.
    PromptActionNotShown = "prompt-action-not-shown";
    /// A priority is an input: no risk analysis was approved and no measure decided.
    DecisionNotTaken = "decision-not-taken";
    /// No operating rule (運用管理規程) and no way of applying updates is shown.
    OperatingRuleNotShown = "operating-rule-not-shown";
    /// Devices that are stopped or no longer used but still connected were not looked for.
    RetiredDevicesNotShown = "retired-devices-not-shown";
    /// Devices without a party who patches them. Params: `count`.
    PatchedByUnsettled = "patched-by-unsettled";
}

/// A code with its particulars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceItem {
    /// What.
    pub code: EvidenceCode,
    /// With which particulars; numbers in plain decimal, dates as `YYYY-MM-DD`.
    pub params: Params,
}

impl EvidenceItem {
    fn new(code: EvidenceCode) -> Self {
        EvidenceItem { code, params: Params::new() }
    }

    fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

/// How far a run goes. There is no *met*: a person decides that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceStatus {
    /// Some of what the row asks is shown; `open` says what is not.
    Partial,
    /// Nothing is shown.
    None,
}

impl EvidenceStatus {
    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            EvidenceStatus::Partial => "partial",
            EvidenceStatus::None => "none",
        }
    }
}

/// What a run evidences of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlEvidence {
    /// Which catalogue.
    pub catalog: String,
    /// ASCII id of the control or requirement.
    pub id: String,
    /// The number as printed: `④-1`, `システム運用編 8`.
    pub number: String,
    /// How far.
    pub status: EvidenceStatus,
    /// What is shown; empty if `status` is *none*.
    pub shown: Vec<EvidenceItem>,
    /// What is left open; never empty.
    pub open: Vec<EvidenceItem>,
}

/// The facts of a run that count as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckFacts {
    /// Components in all inputs, devices included.
    pub components: usize,
    /// Of these, judged by at least one method without reservation.
    pub judged: usize,
    /// Of these, with at least one undetermined entry.
    pub undetermined: usize,
    /// Findings.
    pub findings: usize,
    /// Findings by priority, most urgent first.
    pub by_priority: [usize; 4],
    /// Devices in all inputs.
    pub devices: usize,
    /// Of these, with at least one undetermined entry.
    pub devices_undetermined: usize,
    /// Assets without a party who patches them.
    pub patched_by_unsettled: usize,
    /// Documents in the knowledge base.
    pub documents: u64,
    /// Date of the newest document.
    pub newest: Option<Timestamp>,
    /// Documents or records that could not be read.
    pub rejected: u64,
    /// Sources in the knowledge base.
    pub sources: Vec<SourceFacts>,
}

/// One source of the knowledge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFacts {
    /// Its name.
    pub name: String,
    /// Advisories or rows kept.
    pub advisories: u64,
    /// Newest date in it.
    pub newest: Option<Timestamp>,
}

impl CheckFacts {
    /// Takes the facts from a result.
    pub fn from_result(result: &CheckResult) -> CheckFacts {
        CheckFacts::counted(result, &result.tally())
    }

    /// Takes them from a result whose findings, and what goes with them, were counted and given away.
    pub fn counted(result: &CheckResult, tally: &Tally) -> CheckFacts {
        let coverage = &result.coverage;
        let devices = coverage.ecosystems.iter().filter(|ecosystem| ecosystem.name == "device");
        CheckFacts {
            components: coverage.components,
            judged: coverage.judged,
            undetermined: coverage.undetermined,
            findings: tally.findings,
            by_priority: tally.by_priority,
            devices: devices.map(|ecosystem| ecosystem.components).sum(),
            devices_undetermined: tally.devices_undetermined(),
            patched_by_unsettled: coverage.patched_by_unsettled,
            documents: result.knowledge.documents,
            newest: result.knowledge.newest,
            rejected: result.knowledge.rejected,
            sources: result
                .knowledge
                .sources
                .iter()
                .map(|source| SourceFacts {
                    name: source.name.clone(),
                    advisories: source.advisories,
                    newest: source.newest,
                })
                .collect(),
        }
    }
}

/// A control or requirement, with what a check can contribute to its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvidenceRow<'c> {
    /// Which catalogue.
    pub catalog: &'c str,
    /// ASCII id of the control or requirement.
    pub id: &'c str,
    /// The number as printed: `④-1`, `システム運用編 8`.
    pub number: &'c str,
    /// What a check can contribute.
    pub from_check: &'c [CheckEvidence],
}

impl Crosswalk {
    /// Every control and requirement of the loaded catalogues, in their order, as far as evidence asks for it.
    pub fn evidence_rows(&self) -> impl Iterator<Item = EvidenceRow<'_>> {
        self.catalogs().iter().flat_map(|catalog| {
            let row = |id, number, from_check| EvidenceRow { catalog: &catalog.id, id, number, from_check };
            let controls = catalog.controls.iter().map(move |it| row(&it.id, &it.number, &it.check_evidence));
            let requirements =
                catalog.requirements.iter().map(move |it| row(&it.id, &it.number, &it.check_evidence));
            controls.chain(requirements)
        })
    }
}

/// Goes through every control and requirement of the loaded catalogues, in their order, and says what the run shows of
/// it. Every row is in the answer: silence would look like an omission.
pub fn evidence_of_check(facts: &CheckFacts, crosswalk: &Crosswalk) -> Vec<ControlEvidence> {
    evidence_of_rows(facts, crosswalk.evidence_rows())
}

/// As [`evidence_of_check`], of these rows.
pub fn evidence_of_rows<'c>(
    facts: &CheckFacts,
    rows: impl IntoIterator<Item = EvidenceRow<'c>>,
) -> Vec<ControlEvidence> {
    rows.into_iter()
        .map(|row| {
            let mut shown = Vec::new();
            let mut open = Vec::new();
            for contribution in row.from_check {
                contribute(*contribution, facts, &mut shown, &mut open);
            }
            if row.from_check.is_empty() {
                open.push(EvidenceItem::new(EvidenceCode::NoEvidenceFromCheck));
            }
            let status = if shown.is_empty() { EvidenceStatus::None } else { EvidenceStatus::Partial };
            let [catalog, id, number] = [row.catalog, row.id, row.number].map(str::to_owned);
            ControlEvidence { catalog, id, number, status, shown, open }
        })
        .collect()
}

fn contribute(
    contribution: CheckEvidence,
    facts: &CheckFacts,
    shown: &mut Vec<EvidenceItem>,
    open: &mut Vec<EvidenceItem>,
) {
    match contribution {
        CheckEvidence::ComponentsCompared => components_compared(facts, shown, open),
        CheckEvidence::SourcesConsulted => sources_consulted(facts, shown, open),
        CheckEvidence::PrioritiesComputed => priorities_computed(facts, shown, open),
        CheckEvidence::DevicesJudged => devices_judged(facts, shown, open),
    }
}

fn components_compared(facts: &CheckFacts, shown: &mut Vec<EvidenceItem>, open: &mut Vec<EvidenceItem>) {
    if facts.components == 0 {
        open.push(EvidenceItem::new(EvidenceCode::NoComponents));
    } else if facts.judged == 0 {
        open.push(EvidenceItem::new(EvidenceCode::NothingJudged).with("components", facts.components));
    } else {
        shown.push(
            EvidenceItem::new(EvidenceCode::ComponentsCompared)
                .with("components", facts.components)
                .with("judged", facts.judged)
                .with("undetermined", facts.undetermined)
                .with("findings", facts.findings)
                .with("data_as_of", date(facts.newest)),
        );
    }
    data_limits(facts, facts.undetermined, open);
    open.push(EvidenceItem::new(EvidenceCode::PromptActionNotShown));
}

fn sources_consulted(facts: &CheckFacts, shown: &mut Vec<EvidenceItem>, open: &mut Vec<EvidenceItem>) {
    let used: Vec<&SourceFacts> = facts.sources.iter().filter(|source| source.advisories > 0).collect();
    if used.is_empty() {
        open.push(EvidenceItem::new(EvidenceCode::NoSources));
    } else {
        shown.push(
            EvidenceItem::new(EvidenceCode::SourcesConsulted)
                .with("sources", used.len())
                .with("documents", facts.documents)
                .with("advisories", used.iter().map(|source| source.advisories).sum::<u64>())
                .with("newest", date(facts.newest)),
        );
        for source in used {
            shown.push(
                EvidenceItem::new(EvidenceCode::SourceState)
                    .with("source", &source.name)
                    .with("advisories", source.advisories)
                    .with("newest", date(source.newest)),
            );
        }
    }
    if facts.rejected > 0 {
        open.push(EvidenceItem::new(EvidenceCode::SourcesPartlyUnreadable).with("rejected", facts.rejected));
    }
    data_limits(facts, 0, open);
    open.push(EvidenceItem::new(EvidenceCode::RegularityNotShown));
}

fn priorities_computed(facts: &CheckFacts, shown: &mut Vec<EvidenceItem>, open: &mut Vec<EvidenceItem>) {
    if facts.findings > 0 {
        let [immediate, out_of_cycle, scheduled, defer] = facts.by_priority;
        shown.push(
            EvidenceItem::new(EvidenceCode::PrioritiesComputed)
                .with("findings", facts.findings)
                .with("immediate", immediate)
                .with("out-of-cycle", out_of_cycle)
                .with("scheduled", scheduled)
                .with("defer", defer),
        );
    } else if facts.judged == 0 {
        open.push(EvidenceItem::new(EvidenceCode::NothingJudged).with("components", facts.components));
    } else {
        open.push(EvidenceItem::new(EvidenceCode::NoFindings));
    }
    if facts.undetermined > 0 {
        open.push(
            EvidenceItem::new(EvidenceCode::UndeterminedRemain).with("undetermined", facts.undetermined),
        );
    }
    open.push(EvidenceItem::new(EvidenceCode::DecisionNotTaken));
}

fn devices_judged(facts: &CheckFacts, shown: &mut Vec<EvidenceItem>, open: &mut Vec<EvidenceItem>) {
    let judged = facts.devices.saturating_sub(facts.devices_undetermined);
    if facts.devices == 0 {
        open.push(EvidenceItem::new(EvidenceCode::NoDevices));
    } else if judged == 0 {
        open.push(EvidenceItem::new(EvidenceCode::NothingJudged).with("components", facts.devices));
    } else {
        shown.push(
            EvidenceItem::new(EvidenceCode::DevicesJudged)
                .with("devices", facts.devices)
                .with("judged", judged)
                .with("undetermined", facts.devices_undetermined)
                .with("data_as_of", date(facts.newest)),
        );
    }
    data_limits(facts, facts.devices_undetermined, open);
    if facts.patched_by_unsettled > 0 {
        open.push(
            EvidenceItem::new(EvidenceCode::PatchedByUnsettled).with("count", facts.patched_by_unsettled),
        );
    }
    open.push(EvidenceItem::new(EvidenceCode::OperatingRuleNotShown));
    open.push(EvidenceItem::new(EvidenceCode::RetiredDevicesNotShown));
}

fn data_limits(facts: &CheckFacts, undetermined: usize, open: &mut Vec<EvidenceItem>) {
    if undetermined > 0 {
        open.push(EvidenceItem::new(EvidenceCode::UndeterminedRemain).with("undetermined", undetermined));
    }
    if facts.newest.is_none() {
        open.push(EvidenceItem::new(EvidenceCode::DataDateUnknown));
    }
}

fn date(time: Option<Timestamp>) -> String {
    time.map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}
