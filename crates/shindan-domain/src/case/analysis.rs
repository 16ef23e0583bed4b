//! リスク分析: its inputs are frozen, so that it can be replayed after the sources have moved on (SPEC.md ②-2).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::found::Score;
use crate::advisory::{KevEntry, SsvcPoints};
use crate::cvss::vector_points;
use crate::identifier::FindingKind;
use crate::inventory::{AssetKind, Exposure};
use crate::policy::PolicyRef;
use crate::priority::{Decision, DecisionTable, PathStep, Policy as Rules, PriorityInputs, decide};
use crate::process::{Label, ReasonCode, Refusal, text_given};
use crate::record_id::PersonId;
use crate::terms;

terms! {
    /// Effect on patients or on the institution's work, as the analyst judges it.
    pub enum Effect ("effect") {
        /// None.
        None = "none",
        /// Small: work goes on.
        Minor = "minor",
        /// Noticeable: work goes on with difficulty.
        Serious = "serious",
        /// Care of patients is in danger.
        Critical = "critical",
        /// Nobody could say yet.
        Unknown = "unknown",
    }
}

/// One vulnerability as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenVulnerability {
    /// What it is.
    pub kind: FindingKind,
    /// Scores of every CVSS version that was known (2.0, 3.x, 4.0).
    pub cvss: Vec<Score>,
    /// EPSS probability as decimal text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epss: Option<String>,
    /// Row of CISA's KEV catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kev: Option<KevEntry>,
    /// CISA's SSVC points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssvc: Option<SsvcPoints>,
}

/// One decision point on the path, as it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenStep {
    /// `exploitation`, `exposure` …
    pub point: String,
    /// The value taken.
    pub value: String,
    /// Where it came from.
    pub origin: String,
    /// The fact behind it, untranslated.
    pub evidence: String,
    /// True if the rules' default was taken.
    pub defaulted: bool,
}

impl From<&PathStep> for FrozenStep {
    fn from(step: &PathStep) -> Self {
        FrozenStep {
            point: step.point.to_owned(),
            value: step.value.to_owned(),
            origin: step.origin.to_owned(),
            evidence: step.evidence.clone(),
            defaulted: step.defaulted,
        }
    }
}

/// Which rules and table gave the priority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedRules {
    /// The approved policy that holds them; `None`: those that come with the program, which nobody approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyRef>,
    /// Identifier of the rules.
    pub rules_id: String,
    /// Version of the rules.
    pub rules_version: String,
    /// Identifier of the table (`ssvc:DT_DP:1.0.0`).
    pub table_id: String,
}

/// What the analyst decides on besides the rules' outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorityOverride {
    /// The priority that the analyst gives instead.
    pub priority: Decision,
    /// Why.
    pub reason: String,
}

/// Everything that an analysis rests on. Made by the caller from what it knows at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnalysisInputs {
    /// Every vulnerability of the case, by its identifier there.
    pub vulnerabilities: BTreeMap<String, FrozenVulnerability>,
    /// The vulnerability whose path gave the priority.
    pub leading: String,
    /// 公開範囲
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<Exposure>,
    /// 公開範囲 as the ledger writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure_text: Option<String>,
    /// 種別
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<AssetKind>,
    /// 種別 as the ledger writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_text: Option<String>,
    /// Effect on the safety of patients.
    pub patient_safety: Effect,
    /// Effect on the availability of the service.
    pub availability: Effect,
    /// Rules and table.
    pub rules: UsedRules,
    /// The path to the outcome.
    pub path: Vec<FrozenStep>,
    /// The outcome of the table.
    pub outcome: Decision,
    /// Where the analyst departs from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departs: Option<PriorityOverride>,
    /// In the words of the analyst.
    pub note: String,
}

impl AnalysisInputs {
    /// The priority that counts.
    pub fn priority(&self) -> Decision {
        self.departs.as_ref().map_or(self.outcome, |departs| departs.priority)
    }

    /// Checks that the inputs are complete for these vulnerabilities.
    ///
    /// # Errors
    /// [`ReasonCode::AnalysisIncomplete`] naming what is left out; [`ReasonCode::TextMissing`] for a departure from the table
    /// without a reason.
    pub fn check<'a>(&self, expected: impl IntoIterator<Item = &'a String>) -> Result<(), Refusal> {
        let incomplete = |value: &str| Refusal::new(ReasonCode::AnalysisIncomplete).with("value", value);
        if let Some(left_out) = expected.into_iter().find(|id| !self.vulnerabilities.contains_key(*id)) {
            return Err(incomplete(left_out));
        }
        if !self.vulnerabilities.contains_key(&self.leading) {
            return Err(incomplete(&self.leading));
        }
        if self.path.is_empty() {
            return Err(incomplete(Label::Path.as_str()));
        }
        match &self.departs {
            Some(departs) => text_given(Label::Reason.as_str(), &departs.reason),
            None => Ok(()),
        }
    }
}

/// リスク分析 with who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskAnalysis {
    /// The frozen inputs.
    pub inputs: AnalysisInputs,
    /// Who analysed.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// What a replay of an analysis shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// The same outcome by the same path.
    Same,
    /// Another outcome or path: other rules, or a record that was not made by them.
    Differs {
        /// The outcome now.
        outcome: Decision,
        /// The path now.
        path: Vec<FrozenStep>,
    },
    /// These are not the rules or the table of the analysis.
    OtherRules,
}

impl RiskAnalysis {
    /// Decides once more from the frozen inputs.
    pub fn replay(&self, rules: &Rules, table: &DecisionTable) -> Replay {
        let used = &self.inputs.rules;
        if used.rules_id != rules.id || used.rules_version != rules.version || used.table_id != table.id() {
            return Replay::OtherRules;
        }
        let Some(frozen) = self.inputs.vulnerabilities.get(&self.inputs.leading) else {
            return Replay::OtherRules;
        };
        let newest = frozen.cvss.iter().max_by(|a, b| a.version.cmp(&b.version));
        let attack = newest.and_then(|score| vector_points(&score.vector).ok());
        let inputs = PriorityInputs {
            kind: frozen.kind,
            kev: frozen.kev.as_ref(),
            epss: frozen.epss.as_deref(),
            ssvc: frozen.ssvc.as_ref(),
            attack: attack.as_ref(),
            asset_kind: self.inputs.role,
            asset_kind_text: self.inputs.role_text.as_deref(),
            exposure: self.inputs.exposure,
            exposure_text: self.inputs.exposure_text.as_deref(),
        };
        let (outcome, path) = decide(&inputs, rules, table);
        let path: Vec<FrozenStep> = path.iter().map(FrozenStep::from).collect();
        if outcome == self.inputs.outcome && path == self.inputs.path {
            Replay::Same
        } else {
            Replay::Differs { outcome, path }
        }
    }
}
