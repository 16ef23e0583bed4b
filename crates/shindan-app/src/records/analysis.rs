//! リスク分析: what is known is frozen from the case as the newest refresh left it; effects on patients and service are the
//! person's judgement.

use std::collections::BTreeMap;

use shindan_domain::advisory::KevEntry;
use shindan_domain::case::Case;
use shindan_domain::case::analysis::{
    AnalysisInputs, Effect, FrozenStep, FrozenVulnerability, PriorityOverride,
};
use shindan_domain::case::found::{Score, VulnerabilityFact};
use shindan_domain::cvss;
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::Asset;
use shindan_domain::priority::{Decision, PathStep, PriorityInputs, decide};
use shindan_domain::register::Register;
use shindan_match::index::layout::IndexError;
use shindan_match::index::read::Index;

use super::policies::InForce;
use super::{Records, RecordsError};
use crate::data_folder::DataFolder;
use crate::embedded::Prioritisation;
use crate::register;

/// What the analyst says.
#[derive(Debug, Clone)]
pub struct AnalysisOrder {
    /// Effect on the safety of patients.
    pub patient_safety: Effect,
    /// Effect on the availability of the service.
    pub availability: Effect,
    /// In the words of the analyst.
    pub note: String,
    /// Another priority than that of the table, and why.
    pub departs: Option<(Decision, String)>,
}

/// The most urgent outcome so far.
struct Leading<'a> {
    outcome: Decision,
    path: Vec<PathStep>,
    vulnerability: &'a str,
    asset: Option<&'a Asset>,
}

/// Freezes what is known about a case.
pub(super) fn inputs(
    records: &Records,
    case: &Case,
    in_force: &InForce,
    order: &AnalysisOrder,
) -> Result<AnalysisInputs, RecordsError> {
    let (prioritisation, rules) = in_force.prioritisation()?;
    let folder = DataFolder::new(records.root());
    let registered = register::shared(&folder)?;
    let scores = scores(&folder, case)?;
    let frozen: BTreeMap<String, FrozenVulnerability> = case
        .hitting()
        .into_iter()
        .filter_map(|id| Some((id.clone(), freeze(case.vulnerabilities.get(id)?, scores.get(id)))))
        .collect();
    let leading = leading(case, &frozen, &registered, &prioritisation);
    let departs = order.departs.as_ref();
    let departs = departs
        .map(|(priority, reason)| PriorityOverride { priority: *priority, reason: reason.trim().to_owned() });
    let asset = leading.as_ref().and_then(|leading| leading.asset);
    Ok(AnalysisInputs {
        leading: leading.as_ref().map(|one| one.vulnerability.to_owned()).unwrap_or_default(),
        exposure: asset.and_then(|asset| asset.exposure),
        exposure_text: asset.and_then(|asset| asset.exposure_text.clone()),
        role: asset.and_then(|asset| asset.kind),
        role_text: asset.and_then(|asset| asset.kind_text.clone()),
        patient_safety: order.patient_safety,
        availability: order.availability,
        rules,
        path: leading.iter().flat_map(|one| &one.path).map(FrozenStep::from).collect(),
        outcome: leading.as_ref().map_or(case.priority, |one| one.outcome),
        departs,
        note: order.note.trim().to_owned(),
        vulnerabilities: frozen.clone(),
    })
}

/// The outcome of the rules in force for a device that is used otherwise than intended.
///
/// # Errors
/// Those of reading the register and the rules.
pub(super) fn outcome_of_stated(
    records: &Records,
    (kind, key): (FindingKind, &str),
    in_force: &InForce,
) -> Result<Decision, RecordsError> {
    let registered = register::shared(&DataFolder::new(records.root()))?;
    let (prioritisation, _) = in_force.prioritisation()?;
    let facts = FrozenVulnerability { kind, cvss: Vec::new(), epss: None, kev: None, ssvc: None };
    let asset = registered.assets.get(key).map(|known| &known.asset);
    Ok(outcome(&facts, asset, &prioritisation).0)
}

fn freeze(fact: &VulnerabilityFact, others: Option<&Vec<Score>>) -> FrozenVulnerability {
    let mut cvss: Vec<Score> = fact.cvss.iter().cloned().collect();
    let newest = fact.cvss.as_ref().map(|score| score.version.clone());
    // A newer version than that of the case came after the newest refresh and does not count yet.
    let older = |score: &&Score| newest.as_ref().is_some_and(|newest| score.version < *newest);
    cvss.extend(others.into_iter().flatten().filter(older).cloned());
    let cve = || fact.aliases.iter().find(|alias| alias.starts_with("CVE-")).cloned().unwrap_or_default();
    let kev = fact.kev.as_ref().map(|date| KevEntry {
        cve: cve(),
        date_added: date.clone(),
        due_date: String::new(),
        ransomware: fact.ransomware,
    });
    FrozenVulnerability { kind: fact.kind, cvss, epss: fact.epss.clone(), kev, ssvc: fact.ssvc.clone() }
}

fn leading<'a>(
    case: &'a Case,
    frozen: &BTreeMap<String, FrozenVulnerability>,
    registered: &'a Register,
    prioritisation: &Prioritisation,
) -> Option<Leading<'a>> {
    let mut leading: Option<Leading<'a>> = None;
    for (key, place) in &case.places {
        let asset = registered.assets.get(key).map(|known| &known.asset);
        for vulnerability in &place.found.vulnerabilities {
            let Some(facts) = frozen.get(vulnerability) else { continue };
            let (outcome, path) = outcome(facts, asset, prioritisation);
            if leading.as_ref().is_none_or(|known| outcome < known.outcome) {
                leading = Some(Leading { outcome, path, vulnerability, asset });
            }
        }
    }
    leading
}

fn outcome(
    facts: &FrozenVulnerability,
    asset: Option<&Asset>,
    prioritisation: &Prioritisation,
) -> (Decision, Vec<PathStep>) {
    let newest = facts.cvss.iter().max_by(|a, b| a.version.cmp(&b.version));
    let attack = newest.and_then(|score| cvss::vector_points(&score.vector).ok());
    let inputs = PriorityInputs {
        kind: facts.kind,
        kev: facts.kev.as_ref(),
        epss: facts.epss.as_deref(),
        ssvc: facts.ssvc.as_ref(),
        attack: attack.as_ref(),
        asset_kind: asset.and_then(|asset| asset.kind),
        asset_kind_text: asset.and_then(|asset| asset.kind_text.as_deref()),
        exposure: asset.and_then(|asset| asset.exposure),
        exposure_text: asset.and_then(|asset| asset.exposure_text.as_deref()),
    };
    decide(&inputs, &prioritisation.policy, &prioritisation.table)
}

/// The highest score of each CVSS version that the knowledge base has of the case's vulnerabilities. Without a knowledge
/// base there are none: the case holds the newest.
fn scores(folder: &DataFolder, case: &Case) -> Result<BTreeMap<String, Vec<Score>>, RecordsError> {
    if folder.current()?.is_none() {
        return Ok(BTreeMap::new());
    }
    let mapped = folder.map()?;
    let (index, _) = mapped.open()?;
    let read = || -> Result<BTreeMap<String, Vec<Score>>, IndexError> {
        case.hitting().into_iter().map(|id| Ok((id.clone(), of_vulnerability(&index, id)?))).collect()
    };
    read().map_err(|error| RecordsError::App(mapped.error(error)))
}

fn of_vulnerability(index: &Index<'_>, id: &str) -> Result<Vec<Score>, IndexError> {
    let mut best: BTreeMap<String, Score> = BTreeMap::new();
    let found = index.find(id)?;
    for number in found.into_iter().flat_map(|found| found.advisories) {
        let advisory = index.advisory(number)?;
        let about =
            advisory.vulnerabilities.iter().filter(|one| one.id == id || one.aliases.iter().any(|a| a == id));
        for opinion in about.flat_map(|one| &one.cvss) {
            // A vector that cannot be read was reported when the knowledge base was built.
            let Ok(score) = cvss::score(&opinion.vector) else { continue };
            let score = Score {
                version: score.version.as_str().to_owned(),
                score_x10: score.score_x10,
                severity: score.severity.as_str().to_owned(),
                vector: opinion.vector.clone(),
            };
            let known = best.get(&score.version);
            if known.is_none_or(|known| known.score_x10 < score.score_x10) {
                best.insert(score.version.clone(), score);
            }
        }
    }
    Ok(best.into_values().collect())
}
