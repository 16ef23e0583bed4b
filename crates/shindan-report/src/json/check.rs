//! `shindan.check/1`: the answer of `check` and `who`.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;
use shindan_domain::crosswalk::ControlEvidence;
use shindan_domain::diagnostic::Params;
use shindan_domain::finding::{
    CheckResult, Coverage, EcosystemCoverage, Finding, InputReport, MatchBasis, Summary, Undetermined,
};
use shindan_domain::inventory::{Asset, Component};
use shindan_domain::priority::PathStep;

use super::crosswalk::EvidenceView;
use super::knowledge::KnowledgeView;
use super::views::{CvssView, DiagnosticView, EpssView, KevView, filled};
use super::{Each, write_line};
use crate::digest;
use crate::words::{EnglishText, code_text};

/// Writes the answer as one line of JSON. `evidence` is what it shows of the rows of the loaded guideline packs; empty
/// if none was asked for (`who`).
///
/// # Errors
/// Only what `writer` reports.
pub fn write_check<W: Write>(
    result: &CheckResult,
    evidence: &[ControlEvidence],
    writer: W,
) -> Result<(), serde_json::Error> {
    let view = CheckView {
        schema: "shindan.check/1",
        as_of: result.as_of.to_string(),
        knowledge: KnowledgeView::from(&result.knowledge),
        inputs: Each(result.inputs.iter().map(InputView::from)),
        findings: Each(result.findings.iter().map(|f| FindingView::of(result, f))),
        undetermined: Each(result.undetermined.iter().map(|u| UndeterminedView::of(result, u))),
        coverage: CoverageView::from(&result.coverage),
        evidence: Each(evidence.iter().map(EvidenceView::from)),
        remarks: Each(result.remarks.iter().map(DiagnosticView::from)),
        summary: SummaryView::from(result.summary()),
    };
    write_line(writer, &view)
}

#[derive(Serialize)]
struct CheckView<'a, I: Serialize, F: Serialize, U: Serialize, E: Serialize, R: Serialize> {
    schema: &'static str,
    as_of: String,
    knowledge: KnowledgeView<'a>,
    inputs: I,
    findings: F,
    undetermined: U,
    coverage: CoverageView<'a>,
    evidence: E,
    remarks: R,
    summary: SummaryView,
}

#[derive(Serialize)]
struct InputView<'a> {
    path: &'a str,
    kind: Option<&'static str>,
    subject: Option<&'a str>,
    components: usize,
    diagnostics: Vec<DiagnosticView<'a>>,
}

impl<'a> From<&'a InputReport> for InputView<'a> {
    fn from(input: &'a InputReport) -> Self {
        InputView {
            path: &input.path,
            kind: input.kind.map(|k| k.as_str()),
            subject: input.subject.as_deref(),
            components: input.components,
            diagnostics: input.diagnostics.iter().map(DiagnosticView::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct FindingView<'a> {
    vulnerability: &'a str,
    title: &'a str,
    title_ja: Option<&'a str>,
    aliases: &'a [String],
    advisories: &'a [String],
    kind: &'static str,
    component: ComponentView<'a>,
    asset: Option<&'a str>,
    asset_detail: Option<AssetView<'a>>,
    input: &'a str,
    basis: Option<BasisView<'a>>,
    bases: Vec<BasisView<'a>>,
    fixed_versions: &'a [String],
    cvss: Option<CvssView<'a>>,
    kev: Option<KevView<'a>>,
    epss: Option<EpssView<'a>>,
    priority: &'static str,
    path: Vec<StepView<'a>>,
}

impl<'a> FindingView<'a> {
    fn of(result: &'a CheckResult, finding: &'a Finding) -> Self {
        let facts = finding.vulnerability.as_ref();
        FindingView {
            vulnerability: &facts.id,
            title: &facts.title,
            title_ja: facts.title_ja.as_deref(),
            aliases: &facts.aliases,
            advisories: &finding.advisories,
            kind: facts.kind.as_str(),
            component: ComponentView::from(finding.component.as_ref()),
            asset: asset_id(finding.asset.as_deref()),
            asset_detail: finding.asset.as_deref().map(AssetView::from),
            input: digest::path_of(result, finding.input),
            basis: finding.bases.first().map(BasisView::from),
            bases: finding.bases.iter().map(BasisView::from).collect(),
            fixed_versions: &finding.fixed_versions,
            cvss: facts.cvss.as_ref().map(CvssView::from),
            kev: facts.kev.as_ref().map(KevView::from),
            epss: facts.epss.as_ref().map(EpssView::from),
            priority: finding.priority.as_str(),
            path: finding.path.iter().map(StepView::from).collect(),
        }
    }
}

fn asset_id(asset: Option<&Asset>) -> Option<&str> {
    filled(&asset?.asset_id)
}

#[derive(Serialize)]
struct ComponentView<'a> {
    name: &'a str,
    version: Option<&'a str>,
    purl: Option<&'a str>,
    cpe: Option<&'a str>,
    maker: Option<&'a str>,
    model: Option<&'a str>,
    firmware: Option<&'a str>,
    /// Where it stands in the input.
    pointer: &'a str,
}

impl<'a> From<&'a Component> for ComponentView<'a> {
    fn from(component: &'a Component) -> Self {
        ComponentView {
            name: &component.name,
            version: component.version.as_deref(),
            purl: component.purl.as_deref(),
            cpe: component.cpe.as_deref(),
            maker: component.maker.as_deref(),
            model: component.model.as_deref(),
            firmware: component.firmware.as_deref(),
            pointer: &component.pointer,
        }
    }
}

#[derive(Serialize)]
struct AssetView<'a> {
    asset_id: Option<&'a str>,
    kind: Option<&'static str>,
    serial: Option<&'a str>,
    place: Option<&'a str>,
    zone: Option<&'a str>,
    exposure: Option<&'static str>,
    patched_by: Option<&'a str>,
    support_end: Option<&'a str>,
}

impl<'a> From<&'a Asset> for AssetView<'a> {
    fn from(asset: &'a Asset) -> Self {
        AssetView {
            asset_id: filled(&asset.asset_id),
            kind: asset.kind.map(|k| k.as_str()),
            serial: asset.serial.as_deref(),
            place: asset.place.as_deref(),
            zone: asset.zone.as_deref(),
            exposure: asset.exposure.map(|e| e.as_str()),
            patched_by: asset.patched_by.as_deref(),
            support_end: asset.support_end.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct BasisView<'a> {
    method: &'static str,
    identifier: &'a str,
    range: &'a str,
    source: &'a str,
    confidence: &'static str,
    advisory: &'a str,
    place: &'a str,
}

impl<'a> From<&'a MatchBasis> for BasisView<'a> {
    fn from(basis: &'a MatchBasis) -> Self {
        BasisView {
            method: basis.method.as_str(),
            identifier: &basis.identifier,
            range: &basis.range,
            source: &basis.source,
            confidence: basis.confidence.as_str(),
            advisory: &basis.advisory,
            place: &basis.place,
        }
    }
}

#[derive(Serialize)]
struct StepView<'a> {
    point: &'static str,
    value: &'static str,
    origin: &'static str,
    evidence: &'a str,
    defaulted: bool,
}

impl<'a> From<&'a PathStep> for StepView<'a> {
    fn from(step: &'a PathStep) -> Self {
        StepView {
            point: step.point,
            value: step.value,
            origin: step.origin,
            evidence: &step.evidence,
            defaulted: step.defaulted,
        }
    }
}

#[derive(Serialize)]
struct UndeterminedView<'a> {
    component: ComponentView<'a>,
    asset: Option<&'a str>,
    input: &'a str,
    vulnerability: Option<&'a str>,
    advisory: Option<&'a str>,
    code: &'static str,
    params: &'a Params,
    text: EnglishText<'a>,
}

impl<'a> UndeterminedView<'a> {
    fn of(result: &'a CheckResult, entry: &'a Undetermined) -> Self {
        UndeterminedView {
            component: ComponentView::from(entry.component.as_ref()),
            asset: asset_id(entry.asset.as_deref()),
            input: digest::path_of(result, entry.input),
            vulnerability: entry.vulnerability.as_deref().map(|v| v.id.as_str()),
            advisory: entry.advisory.as_deref(),
            code: entry.code.as_str(),
            params: &entry.params,
            text: code_text(entry.code, &entry.params),
        }
    }
}

#[derive(Serialize)]
struct CoverageView<'a> {
    components: usize,
    judged: usize,
    undetermined: usize,
    by_method: &'a BTreeMap<&'static str, usize>,
    ecosystems: Vec<EcosystemView<'a>>,
    patched_by_unsettled: usize,
}

impl<'a> From<&'a Coverage> for CoverageView<'a> {
    fn from(coverage: &'a Coverage) -> Self {
        CoverageView {
            components: coverage.components,
            judged: coverage.judged,
            undetermined: coverage.undetermined,
            by_method: &coverage.by_method,
            ecosystems: coverage.ecosystems.iter().map(EcosystemView::from).collect(),
            patched_by_unsettled: coverage.patched_by_unsettled,
        }
    }
}

#[derive(Serialize)]
struct EcosystemView<'a> {
    name: &'a str,
    components: usize,
    advisories: u64,
}

impl<'a> From<&'a EcosystemCoverage> for EcosystemView<'a> {
    fn from(ecosystem: &'a EcosystemCoverage) -> Self {
        EcosystemView {
            name: &ecosystem.name,
            components: ecosystem.components,
            advisories: ecosystem.advisories,
        }
    }
}

#[derive(Serialize)]
struct SummaryView {
    components: usize,
    findings: usize,
    undetermined: usize,
    by_priority: PriorityCounts,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct PriorityCounts {
    immediate: usize,
    out_of_cycle: usize,
    scheduled: usize,
    defer: usize,
}

impl From<Summary> for SummaryView {
    fn from(summary: Summary) -> Self {
        let [immediate, out_of_cycle, scheduled, defer] = summary.by_priority;
        SummaryView {
            components: summary.components,
            findings: summary.findings,
            undetermined: summary.undetermined,
            by_priority: PriorityCounts { immediate, out_of_cycle, scheduled, defer },
        }
    }
}
