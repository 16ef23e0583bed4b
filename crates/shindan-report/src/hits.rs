//! Findings, denials and open questions about one vulnerability, one line each: for pages.

use shindan_domain::finding::{Finding, NotAffected, Undetermined};
use shindan_domain::inventory::{Asset, Component};

use crate::phrases;
use crate::words::Words;

/// A line about a component.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HitLine {
    /// Name and version of the component.
    pub component: String,
    /// Key of the asset; empty where it has none.
    pub asset: String,
    /// Where it stands.
    pub place: String,
    /// The priority, as in `immediate`; empty where nothing was decided.
    pub priority: &'static str,
    /// Why: range and identity for a finding, who says so for a denial, what is not understood for a question.
    pub because: Vec<String>,
    /// What to do about it.
    pub next: String,
}

fn place(asset: Option<&Asset>) -> (String, String) {
    let asset = asset.map(|asset| (asset.asset_id.clone(), asset.place.clone().unwrap_or_default()));
    asset.unwrap_or_default()
}

fn line(component: &Component, asset: Option<&Asset>, words: &Words) -> HitLine {
    let (asset, place) = place(asset);
    HitLine { component: phrases::component(component, words), asset, place, ..HitLine::default() }
}

/// A component that is hit, with the evidence of its version.
pub fn hit(finding: &Finding, words: &Words) -> HitLine {
    let basis = |basis: &shindan_domain::finding::MatchBasis| {
        let (method, confidence) = (words.label("method", basis.method.as_str()), basis.confidence);
        let range = phrases::range(&basis.range, words);
        format!("{}: {range} – {method}, {}", basis.advisory, phrases::confidence(confidence, words))
    };
    HitLine {
        priority: finding.priority().as_str(),
        because: finding.bases().iter().map(basis).collect(),
        next: phrases::action(finding, words),
        ..line(&finding.component, finding.asset.as_deref(), words)
    }
}

/// A component that somebody who knows the product says is not hit.
pub fn denied(stated: &NotAffected, words: &Words) -> HitLine {
    let finding = &stated.finding;
    HitLine {
        because: stated.opinions.iter().map(|opinion| phrases::opinion_text(opinion, words)).collect(),
        ..line(&finding.component, finding.asset.as_deref(), words)
    }
}

/// A component that could not be judged.
pub fn open(question: &Undetermined, words: &Words) -> HitLine {
    HitLine {
        because: vec![words.code(question.code, &question.params)],
        next: phrases::next_step(question.code, words),
        ..line(&question.component, question.asset.as_deref(), words)
    }
}

/// A component of the same name that no statement covers.
pub fn not_covered(component: &Component, asset: Option<&Asset>, words: &Words) -> HitLine {
    line(component, asset, words)
}

/// The title in the reader's language if there is one.
pub fn title(facts: &shindan_domain::finding::VulnerabilityFacts, words: &Words) -> String {
    phrases::title(facts, words).to_owned()
}

/// CVSS, KEV and EPSS in one line; empty if none is known.
pub fn scores(facts: &shindan_domain::finding::VulnerabilityFacts, words: &Words) -> String {
    phrases::scores(facts, words)
}
