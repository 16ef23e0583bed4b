//! Use cases `check` and `who`: inventories against the knowledge base.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;
use shindan_domain::cvss;
use shindan_domain::diagnostic::{Code, Diagnostic, Place, Severity};
use shindan_domain::finding::{
    CheckResult, Coverage, EcosystemCoverage, Finding, InputReport, VulnerabilityFacts,
};
use shindan_domain::inventory::{Asset, Inventory};
use shindan_domain::knowledge::KnowledgeSummary;
use shindan_domain::priority::{Decision, PathStep, PriorityInputs, decide};
use shindan_formats::inventory;
use shindan_formats::limits::Limits;
use shindan_match::check::{self, Outcome};

use crate::data_folder::DataFolder;
use crate::embedded::{self, Prioritisation};
use crate::error::AppError;
use crate::ingest;

/// How to check.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// The time the answer holds for.
    pub now: Timestamp,
    /// The newest document may be this old.
    pub max_age_days: Option<u32>,
    /// Use older knowledge all the same, and say so.
    pub allow_stale: bool,
    /// Ask about one vulnerability only (`who`): any identifier of it.
    pub only: Option<String>,
}

/// The answer, and whether all inputs could be read.
#[derive(Debug)]
pub struct Checked {
    /// The answer.
    pub result: CheckResult,
    /// True if some input, or a part of it, could not be read.
    pub unreadable: bool,
    /// True if the knowledge is older than allowed.
    pub stale: bool,
}

/// Checks inventories: files, or folders of them.
///
/// # Errors
/// [`AppError::KnowledgeMissing`], [`AppError::Index`], or [`AppError::NotFound`] for an unknown `only`.
pub fn check(folder: &DataFolder, paths: &[PathBuf], options: &CheckOptions) -> Result<Checked, AppError> {
    let mapped = folder.map()?;
    let (index, meta) = mapped.open()?;
    let only = match &options.only {
        None => None,
        Some(id) => match index.find(id).map_err(|e| mapped.error(e))? {
            Some(found) => Some(found.vulnerabilities),
            None => return Err(AppError::NotFound(id.clone())),
        },
    };
    let prioritisation = embedded::prioritisation()?;
    let prioritise =
        |facts: &VulnerabilityFacts, asset: Option<&Asset>| prioritise(&prioritisation, facts, asset);
    let inputs = read_inventories(paths);
    let outcomes: Vec<Option<Outcome>> = inputs
        .par_iter()
        .enumerate()
        .map(|(number, input)| {
            let Ok(inventory) = &input.inventory else { return Ok(None) };
            check::check(index, &meta.ecosystems, inventory, number, &prioritise, only.as_deref()).map(Some)
        })
        .collect::<Result<_, _>>()
        .map_err(|e| mapped.error(e))?;
    let mut result = CheckResult {
        as_of: options.now,
        knowledge: meta.summary,
        inputs: inputs.iter().map(InputRead::report).collect(),
        findings: Vec::new(),
        undetermined: Vec::new(),
        coverage: Coverage::default(),
        remarks: Vec::new(),
    };
    for outcome in outcomes.into_iter().flatten() {
        result.findings.extend(outcome.findings);
        result.undetermined.extend(outcome.undetermined);
        add_coverage(&mut result.coverage, outcome.coverage);
    }
    result.findings.sort_by(|a, b| urgency(a).cmp(&urgency(b)));
    let stale = remark_on_age(&mut result, options);
    let unreadable = result
        .inputs
        .iter()
        .any(|i| i.kind.is_none() || i.diagnostics.iter().any(|d| d.severity() == Severity::Error));
    Ok(Checked { result, unreadable, stale })
}

struct InputRead {
    path: PathBuf,
    inventory: Result<Inventory, Vec<Diagnostic>>,
}

impl InputRead {
    fn report(&self) -> InputReport {
        let path = self.path.display().to_string();
        match &self.inventory {
            Ok(inventory) => InputReport {
                path,
                kind: Some(inventory.kind),
                subject: inventory.subject.clone(),
                components: inventory.components.len(),
                diagnostics: inventory.diagnostics.clone(),
            },
            Err(diagnostics) => InputReport {
                path,
                kind: None,
                subject: None,
                components: 0,
                diagnostics: diagnostics.clone(),
            },
        }
    }
}

fn read_inventories(paths: &[PathBuf]) -> Vec<InputRead> {
    let limits = Limits::DEFAULT;
    let (files, diagnostics) = ingest::files(paths);
    let mut inputs: Vec<InputRead> = files
        .into_par_iter()
        .map(|path| {
            let inventory = ingest::read_file(&path, &limits)
                .map_err(|d| vec![d])
                .and_then(|bytes| inventory::read(&bytes, &path.display().to_string(), &limits));
            InputRead { path, inventory }
        })
        .collect();
    for diagnostic in diagnostics {
        inputs.push(InputRead {
            path: PathBuf::from(&diagnostic.place.path),
            inventory: Err(vec![diagnostic]),
        });
    }
    inputs
}

fn prioritise(
    prioritisation: &Prioritisation,
    facts: &VulnerabilityFacts,
    asset: Option<&Asset>,
) -> (Decision, Vec<PathStep>) {
    // A vector that cannot be read was reported when the knowledge base was built; then the policy's default applies.
    let attack = facts.cvss.as_ref().and_then(|c| cvss::vector_points(&c.vector).ok());
    let inputs = PriorityInputs {
        kind: facts.kind,
        kev: facts.kev.as_ref(),
        epss: facts.epss.as_ref().map(|e| e.score.as_str()),
        ssvc: facts.ssvc.as_ref(),
        attack: attack.as_ref(),
        asset_kind: asset.and_then(|a| a.kind),
        asset_kind_text: asset.and_then(|a| a.kind_text.as_deref()),
        exposure: asset.and_then(|a| a.exposure),
        exposure_text: asset.and_then(|a| a.exposure_text.as_deref()),
    };
    decide(&inputs, &prioritisation.policy, &prioritisation.table)
}

/// Most urgent first; then by known exploitation, score and names, so that the order never depends on chance.
fn urgency(finding: &Finding) -> impl Ord + '_ {
    let facts = &finding.vulnerability;
    let score = facts.cvss.as_ref().map_or(0, |c| c.score_x10);
    (
        finding.priority,
        facts.kev.is_none(),
        std::cmp::Reverse(score),
        finding.input,
        finding.component.name.as_str(),
        facts.id.as_str(),
        finding.component.pointer.as_str(),
    )
}

fn add_coverage(total: &mut Coverage, part: Coverage) {
    total.components += part.components;
    total.judged += part.judged;
    total.undetermined += part.undetermined;
    total.patched_by_unsettled += part.patched_by_unsettled;
    for (method, count) in part.by_method {
        *total.by_method.entry(method).or_default() += count;
    }
    for EcosystemCoverage { name, components, advisories } in part.ecosystems {
        match total.ecosystems.iter_mut().find(|e| e.name == name) {
            Some(known) => known.components += components,
            None => total.ecosystems.push(EcosystemCoverage { name, components, advisories }),
        }
    }
}

/// Compares the newest document with `now`. Knowledge without any date is as good as old.
fn remark_on_age(result: &mut CheckResult, options: &CheckOptions) -> bool {
    let Some(limit) = options.max_age_days else { return false };
    let newest = result.knowledge.newest;
    let age = age(&result.knowledge, options.now);
    if age.is_some_and(|age| age <= SignedDuration::from_hours(24 * i64::from(limit))) {
        return false;
    }
    let code = if options.allow_stale { Code::KnowledgeStaleAllowed } else { Code::KnowledgeStale };
    let days = age.map_or_else(|| "?".to_owned(), |age| (age.as_hours() / 24).to_string());
    let newest = newest.map_or_else(|| "?".to_owned(), |t| t.to_string());
    result.remarks.push(
        Diagnostic::new(code, Place::default())
            .with("newest", newest)
            .with("days", days)
            .with("limit", limit),
    );
    !options.allow_stale
}

fn age(knowledge: &KnowledgeSummary, now: Timestamp) -> Option<SignedDuration> {
    knowledge.newest.map(|newest| now.duration_since(newest))
}
