//! From inputs to the outcome, with the path.

use super::policy::{ExploitationRule, Policy};
use super::{
    Decision, DecisionPoint, DecisionTable, Exploitation, FINDING_KIND, PathStep, PointValues, Probability,
    origin,
};
use crate::advisory::{KevEntry, SsvcPoints};
use crate::cvss::AttackPoints;
use crate::finding::VulnerabilityFacts;
use crate::identifier::FindingKind;
use crate::inventory::{Asset, AssetKind, Exposure};

/// Everything known about one finding that the decision may use. `None` means *not known*.
#[derive(Debug, Clone, Copy, Default)]
pub struct PriorityInputs<'a> {
    /// What the finding is.
    pub kind: FindingKind,
    /// The row of CISA's KEV catalogue.
    pub kev: Option<&'a KevEntry>,
    /// EPSS probability as plain decimal text.
    pub epss: Option<&'a str>,
    /// CISA's SSVC points.
    pub ssvc: Option<&'a SsvcPoints>,
    /// The way of the attack, from the CVSS vector ([`crate::cvss::vector_points`], once per vulnerability).
    pub attack: Option<&'a AttackPoints>,
    /// 種別 as understood.
    pub asset_kind: Option<AssetKind>,
    /// 種別 as the ledger writes it.
    pub asset_kind_text: Option<&'a str>,
    /// 公開範囲 as understood.
    pub exposure: Option<Exposure>,
    /// 公開範囲 as the ledger writes it.
    pub exposure_text: Option<&'a str>,
}

impl<'a> PriorityInputs<'a> {
    /// The inputs of a finding: facts of the vulnerability, the way of the attack, and the asset if there is one.
    pub fn of(
        facts: &'a VulnerabilityFacts,
        attack: Option<&'a AttackPoints>,
        asset: Option<&'a Asset>,
    ) -> Self {
        PriorityInputs {
            kind: facts.kind,
            kev: facts.kev.as_ref(),
            epss: facts.epss.as_ref().map(|epss| epss.score.as_str()),
            ssvc: facts.ssvc.as_ref(),
            attack,
            asset_kind: asset.and_then(|asset| asset.kind),
            asset_kind_text: asset.and_then(|asset| asset.kind_text.as_deref()),
            exposure: asset.and_then(|asset| asset.exposure),
            exposure_text: asset.and_then(|asset| asset.exposure_text.as_deref()),
        }
    }
}

/// Decides what to do first, and says how it came about: one step per decision point of the table, in its order.
///
/// Findings that are no vulnerabilities are decided by the policy's own rows (`finding-kind`, then `exposure`).
pub fn decide(
    inputs: &PriorityInputs<'_>,
    policy: &Policy,
    table: &DecisionTable,
) -> (Decision, Vec<PathStep>) {
    let (exposure, exposure_step) = exposure(inputs, policy);
    if let Some(decision) = policy.kinds.outcome(inputs.kind, exposure) {
        let step = PathStep {
            point: FINDING_KIND,
            value: inputs.kind.as_str(),
            origin: origin::POLICY_RULE,
            evidence: format!("{} {}", policy.id, policy.version),
            defaulted: false,
        };
        return (decision, vec![step, exposure_step]);
    }
    let (exploitation, exploitation_step) = exploitation(inputs, &policy.exploitation);
    let (automatable, automatable_step) = automatable(inputs, policy);
    let (human_impact, human_impact_step) = human_impact(inputs, policy);
    let values = PointValues { exploitation, exposure, automatable, human_impact };
    let mut steps =
        [Some(exploitation_step), Some(exposure_step), Some(automatable_step), Some(human_impact_step)];
    let path =
        table.points().iter().filter_map(|point| steps.get_mut(position(*point)).and_then(Option::take));
    (table.outcome(&values), path.collect())
}

fn position(point: DecisionPoint) -> usize {
    match point {
        DecisionPoint::Exploitation => 0,
        DecisionPoint::Exposure => 1,
        DecisionPoint::Automatable => 2,
        DecisionPoint::HumanImpact => 3,
    }
}

fn step(point: DecisionPoint, value: &'static str, origin: &'static str, evidence: String) -> PathStep {
    PathStep { point: point.as_str(), value, origin, evidence, defaulted: false }
}

fn default_step(point: DecisionPoint, value: &'static str, evidence: String) -> PathStep {
    PathStep { point: point.as_str(), value, origin: origin::POLICY_DEFAULT, evidence, defaulted: true }
}

fn exploitation(inputs: &PriorityInputs<'_>, rule: &ExploitationRule) -> (Exploitation, PathStep) {
    const POINT: DecisionPoint = DecisionPoint::Exploitation;
    if let Some(kev) = inputs.kev {
        let evidence = format!("KEV {}", kev.date_added);
        return (rule.kev, step(POINT, rule.kev.as_str(), origin::KEV, evidence));
    }
    let stated = inputs.ssvc.and_then(|points| points.exploitation.as_deref());
    let ssvc = stated.and_then(Exploitation::read);
    let epss: Option<Probability> = inputs.epss.and_then(|text| text.parse().ok());
    let likely = epss.is_some_and(|epss| epss >= rule.epss_threshold);
    let raised = rule.epss_at_or_above;
    if let Some(value) = ssvc
        && !(likely && rule.epss_raises_ssvc && raised > value)
    {
        let evidence = format!("CISA SSVC {}", value.as_str());
        return (value, step(POINT, value.as_str(), origin::CISA_SSVC, evidence));
    }
    // Whatever was there and did not decide stays visible.
    let mut evidence = match (inputs.epss, epss) {
        (None, _) => String::new(),
        (Some(text), None) => format!("EPSS \"{text}\" (?)"),
        (Some(text), Some(_)) if likely => format!("EPSS {text} ≥ {}", rule.epss_threshold),
        (Some(text), Some(_)) => format!("EPSS {text} < {}", rule.epss_threshold),
    };
    if let Some(text) = stated {
        let mark = if ssvc.is_some() { "" } else { " (?)" };
        let separator = if evidence.is_empty() { "" } else { ", " };
        evidence.push_str(&format!("{separator}CISA SSVC {text}{mark}"));
    }
    if likely {
        return (raised, step(POINT, raised.as_str(), origin::EPSS, evidence));
    }
    (rule.default, default_step(POINT, rule.default.as_str(), evidence))
}

fn exposure(inputs: &PriorityInputs<'_>, policy: &Policy) -> (Exposure, PathStep) {
    const POINT: DecisionPoint = DecisionPoint::Exposure;
    let written = inputs.exposure_text.unwrap_or_default();
    if let Some(value) = inputs.exposure {
        return (value, step(POINT, value.as_str(), origin::ASSET_EXPOSURE, written.to_owned()));
    }
    // The ledger's text is shown although it was not understood, so that somebody can correct it.
    let not_understood = if written.is_empty() { String::new() } else { format!("\"{written}\" (?)") };
    let by_kind = inputs.asset_kind.and_then(|kind| Some((kind, policy.exposure.by_kind.get(kind)?)));
    match by_kind {
        Some((kind, value)) => {
            let mut evidence = kind_evidence(kind, inputs);
            if !not_understood.is_empty() {
                evidence = format!("{evidence}, {not_understood}");
            }
            let mut step = step(POINT, value.as_str(), origin::ASSET_KIND, evidence);
            step.defaulted = true;
            (value, step)
        }
        None => {
            let value = policy.exposure.default;
            (value, default_step(POINT, value.as_str(), not_understood))
        }
    }
}

fn automatable(inputs: &PriorityInputs<'_>, policy: &Policy) -> (bool, PathStep) {
    const POINT: DecisionPoint = DecisionPoint::Automatable;
    let text = |value: bool| if value { "yes" } else { "no" };
    let stated = inputs.ssvc.and_then(|points| points.automatable.as_deref()).map(str::trim);
    let ssvc = stated
        .and_then(|stated| [true, false].into_iter().find(|value| stated.eq_ignore_ascii_case(text(*value))));
    if let Some(value) = ssvc {
        return (value, step(POINT, text(value), origin::CISA_SSVC, format!("CISA SSVC {}", text(value))));
    }
    if let Some((value, attack)) = inputs.attack.and_then(|attack| Some((attack.is_automatable()?, attack))) {
        return (value, step(POINT, text(value), origin::CVSS, attack.evidence()));
    }
    let value = policy.automatable.default;
    let evidence = match (inputs.attack, stated) {
        (Some(attack), _) => attack.evidence(),
        (None, Some(stated)) => format!("CISA SSVC {stated} (?)"),
        (None, None) => String::new(),
    };
    (value, default_step(POINT, text(value), evidence))
}

fn human_impact(inputs: &PriorityInputs<'_>, policy: &Policy) -> (super::HumanImpact, PathStep) {
    const POINT: DecisionPoint = DecisionPoint::HumanImpact;
    let by_kind = inputs.asset_kind.and_then(|kind| Some((kind, policy.human_impact.by_kind.get(kind)?)));
    if let Some((kind, value)) = by_kind {
        return (value, step(POINT, value.as_str(), origin::ASSET_KIND, kind_evidence(kind, inputs)));
    }
    let value = policy.human_impact.default;
    let evidence = match (inputs.asset_kind, inputs.asset_kind_text) {
        (Some(kind), _) => kind_evidence(kind, inputs),
        (None, Some(text)) => format!("\"{text}\" (?)"),
        (None, None) => String::new(),
    };
    (value, default_step(POINT, value.as_str(), evidence))
}

/// The ledger's own word for the kind, else ours.
fn kind_evidence(kind: AssetKind, inputs: &PriorityInputs<'_>) -> String {
    inputs.asset_kind_text.unwrap_or_else(|| kind.as_str()).to_owned()
}
