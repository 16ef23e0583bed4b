//! `shindan.explain/1`: the answer of `check --explain`.

use std::io::Write;

use serde::Serialize;
use shindan_domain::diagnostic::Params;
use shindan_domain::explanation::{Applied, Candidate, ExplainedComponent, Explanation, TriedIdentity};
use shindan_domain::finding::{Finding, NotAffected, Undetermined};

use super::check::{ComponentView, InputView, ReasonView, StepView, asset_id};
use super::knowledge::KnowledgeView;
use super::views::{DiagnosticView, OpinionView};
use super::write_line;
use crate::words::{EnglishText, code_text, rule_text};

/// Writes the explanation as one line of JSON.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_explain<W: Write>(explanation: &Explanation, writer: W) -> Result<(), serde_json::Error> {
    let view = ExplanationView {
        schema: "shindan.explain/1",
        as_of: explanation.as_of.to_string(),
        asked: &explanation.asked,
        knowledge: KnowledgeView::from(&explanation.knowledge),
        inputs: explanation.inputs.iter().map(InputView::from).collect(),
        components: explanation.components.iter().map(|it| ExplainedView::of(explanation, it)).collect(),
        remarks: explanation.remarks.iter().map(DiagnosticView::from).collect(),
    };
    write_line(writer, &view)
}

#[derive(Serialize)]
struct ExplanationView<'a> {
    schema: &'static str,
    as_of: String,
    asked: &'a str,
    knowledge: KnowledgeView<'a>,
    inputs: Vec<InputView<'a>>,
    components: Vec<ExplainedView<'a>>,
    remarks: Vec<DiagnosticView<'a>>,
}

#[derive(Serialize)]
struct ExplainedView<'a> {
    component: ComponentView<'a>,
    asset: Option<&'a str>,
    input: &'a str,
    identities: Vec<IdentityView<'a>>,
    passed_over: Vec<RuleView<'a>>,
    candidates: Vec<CandidateView<'a>>,
    merges: Vec<RuleView<'a>>,
    findings: Vec<FindingView<'a>>,
    not_affected: Vec<DeniedView<'a>>,
    undetermined: Vec<OpenView<'a>>,
}

impl<'a> ExplainedView<'a> {
    fn of(whole: &'a Explanation, it: &'a ExplainedComponent) -> Self {
        ExplainedView {
            component: ComponentView::from(it.component.view()),
            asset: asset_id(it.asset.as_deref()),
            input: whole.inputs.get(it.input).map_or("", |input| input.path.as_str()),
            identities: it.identities.iter().map(IdentityView::from).collect(),
            passed_over: it.passed_over.iter().map(RuleView::from).collect(),
            candidates: it.candidates.iter().map(CandidateView::from).collect(),
            merges: it.merges.iter().map(RuleView::from).collect(),
            findings: it.findings.iter().map(FindingView::from).collect(),
            not_affected: it.not_affected.iter().map(DeniedView::from).collect(),
            undetermined: it.undetermined.iter().map(OpenView::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct IdentityView<'a> {
    method: &'static str,
    written: &'a str,
    looked_up: &'a str,
    statements: usize,
    rule: RuleView<'a>,
}

impl<'a> From<&'a TriedIdentity> for IdentityView<'a> {
    fn from(identity: &'a TriedIdentity) -> Self {
        IdentityView {
            method: identity.method.as_str(),
            written: &identity.written,
            looked_up: &identity.looked_up,
            statements: identity.statements,
            rule: RuleView::from(&identity.rule),
        }
    }
}

/// A rule with its particulars; `reason` where something could not be told.
#[derive(Serialize)]
struct RuleView<'a> {
    code: &'static str,
    params: &'a Params,
    text: EnglishText<'a>,
    reason: Option<WhyView<'a>>,
}

impl<'a> From<&'a Applied> for RuleView<'a> {
    fn from(applied: &'a Applied) -> Self {
        RuleView {
            code: applied.rule.as_str(),
            params: &applied.params,
            text: rule_text(applied),
            reason: applied.reason.as_ref().map(|(code, params)| WhyView {
                code: code.as_str(),
                params,
                text: code_text(*code, params),
            }),
        }
    }
}

#[derive(Serialize)]
struct WhyView<'a> {
    code: &'static str,
    params: &'a Params,
    text: EnglishText<'a>,
}

#[derive(Serialize)]
struct CandidateView<'a> {
    outcome: &'static str,
    vulnerability: &'a str,
    advisory: &'a str,
    source: &'a str,
    place: &'a str,
    method: &'static str,
    identifier: &'a str,
    status: &'static str,
    versions: &'a str,
    rules: Vec<RuleView<'a>>,
}

impl<'a> From<&'a Candidate> for CandidateView<'a> {
    fn from(candidate: &'a Candidate) -> Self {
        CandidateView {
            outcome: candidate.outcome.as_str(),
            vulnerability: &candidate.vulnerability,
            advisory: &candidate.advisory,
            source: &candidate.source,
            place: &candidate.place,
            method: candidate.method.as_str(),
            identifier: &candidate.identifier,
            status: candidate.status.as_str(),
            versions: &candidate.versions,
            rules: candidate.rules.iter().map(RuleView::from).collect(),
        }
    }
}

/// A finding with the path to its priority.
#[derive(Serialize)]
struct FindingView<'a> {
    vulnerability: &'a str,
    aliases: &'a [String],
    priority: &'static str,
    path: Vec<StepView<'a>>,
    disputed: Vec<OpinionView<'a>>,
}

impl<'a> From<&'a Finding> for FindingView<'a> {
    fn from(finding: &'a Finding) -> Self {
        FindingView {
            vulnerability: &finding.vulnerability.id,
            aliases: &finding.vulnerability.aliases,
            priority: finding.priority().as_str(),
            path: finding.path().iter().map(StepView::from).collect(),
            disputed: finding.grounds.disputed.iter().map(OpinionView::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct DeniedView<'a> {
    #[serde(flatten)]
    finding: FindingView<'a>,
    opinions: Vec<OpinionView<'a>>,
}

impl<'a> From<&'a NotAffected> for DeniedView<'a> {
    fn from(denied: &'a NotAffected) -> Self {
        DeniedView {
            finding: FindingView::from(&denied.finding),
            opinions: denied.opinions.iter().map(OpinionView::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct OpenView<'a> {
    vulnerability: Option<&'a str>,
    advisory: Option<&'a str>,
    #[serde(flatten)]
    reason: ReasonView<'a>,
}

impl<'a> From<&'a Undetermined> for OpenView<'a> {
    fn from(entry: &'a Undetermined) -> Self {
        OpenView {
            vulnerability: entry.vulnerability.as_deref().map(|facts| facts.id.as_str()),
            advisory: entry.advisory.as_deref(),
            reason: ReasonView::of(entry),
        }
    }
}
