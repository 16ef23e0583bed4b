//! `shindan.check/1`: the answer of `check` and `who`.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Serialize;
use serde_json::Error;
use shindan_domain::crosswalk::ControlEvidence;
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::finding::{
    CheckResult, Coverage, Decided, EcosystemCoverage, Finding, Grounds, InputReport, MatchBasis,
    NotAffected, Summary, Undetermined, VulnerabilityFacts,
};
use shindan_domain::inventory::{Asset, ComponentRef, Pointer};
use shindan_domain::priority::PathStep;

use super::crosswalk::EvidenceView;
use super::in_order::{Workers, alone};
use super::knowledge::KnowledgeView;
use super::list::write_list;
use super::views::{CvssView, DiagnosticView, EpssView, KevView, OpinionView, filled};
use super::{Each, field, quick, raw};
use crate::words::{EnglishText, code_text};

/// Writes the answer as one line of JSON. `evidence` is what it shows of the rows of the loaded guideline packs; empty
/// if none was asked for (`who`).
///
/// # Errors
/// Only what `writer` reports.
pub fn write_check<W: Write + Send>(
    result: &CheckResult,
    evidence: &[ControlEvidence],
    writer: W,
) -> Result<(), Error> {
    write_check_by(&alone, result, evidence, writer)
}

/// As [`write_check`], with long lists put together by `workers`. The bytes are the same.
///
/// # Errors
/// As [`write_check`].
pub fn write_check_by<W: Write + Send>(
    workers: &Workers<'_>,
    result: &CheckResult,
    evidence: &[ControlEvidence],
    mut writer: W,
) -> Result<(), Error> {
    let out = &mut writer;
    let told = Told::of(result.inputs.iter().map(|input| input.path.clone()).collect())?;
    raw(out, b"{\"schema\":\"shindan.check/1\"")?;
    field(out, "as_of", &result.as_of.to_string())?;
    field(out, "coverage", &CoverageView::from(&result.coverage))?;
    field(out, "summary", &SummaryView::from(&result.summary()))?;
    field(out, "knowledge", &KnowledgeView::from(&result.knowledge))?;
    field(out, "inputs", &Each(result.inputs.iter().map(InputView::from)))?;
    raw(out, b",\"findings\":[")?;
    write_list(&result.findings, workers, out, &|memory, finding, bytes| {
        told.finding(memory, finding, bytes)
    })?;
    raw(out, b"]")?;
    raw(out, b",\"not_affected\":[")?;
    write_list(&result.not_affected, workers, out, &|memory, denied, bytes| {
        told.denied(memory, denied, bytes)
    })?;
    raw(out, b"]")?;
    raw(out, b",\"undetermined\":[")?;
    write_list(&result.undetermined, workers, out, &|memory, entry, bytes| told.entry(memory, entry, bytes))?;
    raw(out, b"]")?;
    field(out, "evidence", &Each(evidence.iter().map(EvidenceView::from)))?;
    field(out, "remarks", &Each(result.remarks.iter().map(DiagnosticView::from)))?;
    raw(out, b"}\n")?;
    out.flush().map_err(serde_json::Error::io)
}

/// What is told, entry by entry, of inputs with these paths.
#[derive(Debug)]
pub(super) struct Told {
    paths: Vec<String>,
    in_json: Vec<Vec<u8>>,
}

impl Told {
    pub(super) fn of(paths: Vec<String>) -> Result<Self, Error> {
        let in_json = paths.iter().map(serde_json::to_vec).collect::<Result<_, _>>()?;
        Ok(Told { paths, in_json })
    }

    fn path(&self, input: usize) -> &str {
        self.paths.get(input).map(String::as_str).unwrap_or_default()
    }

    /// Appends a finding.
    pub(super) fn finding(
        &self,
        known: &mut Pieces,
        finding: &Finding,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        out.push(b'{');
        known.write(finding, self.path(finding.input), out)?;
        out.push(b'}');
        Ok(())
    }

    /// Appends a finding, and behind its keys who denies it.
    pub(super) fn denied(
        &self,
        known: &mut Pieces,
        denied: &NotAffected,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        out.push(b'{');
        known.write(&denied.finding, self.path(denied.finding.input), out)?;
        field(out, "opinions", &Each(denied.opinions.iter().map(OpinionView::from)))?;
        out.push(b'}');
        Ok(())
    }

    /// Appends what could not be judged.
    pub(super) fn entry(
        &self,
        known: &mut Reasons,
        entry: &Undetermined,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let own;
        let reason = match shared(&entry.params) {
            // Nobody else has it: keeping it would only take memory.
            None => {
                own = serde_json::to_vec(&ReasonView::of(entry))?;
                &own
            }
            Some(address) => match known.0.entry((entry.code, address)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(serde_json::to_vec(&ReasonView::of(entry))?),
            },
        };
        out.extend_from_slice(b"{\"component\":");
        quick::component(out, entry.component.view())?;
        out.extend_from_slice(b",\"asset\":");
        quick::optional(out, asset_id(entry.asset.as_deref()))?;
        out.extend_from_slice(b",\"input\":");
        out.extend_from_slice(self.in_json.get(entry.input).map_or(b"\"\"", Vec::as_slice));
        out.extend_from_slice(b",\"vulnerability\":");
        quick::optional(out, entry.vulnerability.as_deref().map(|v| v.id.as_str()))?;
        out.extend_from_slice(b",\"advisory\":");
        quick::optional(out, entry.advisory.as_deref())?;
        // Why not, an object of its own, goes on with the same one.
        out.push(b',');
        out.extend_from_slice(reason.strip_prefix(b"{").unwrap_or(reason));
        Ok(())
    }
}

/// Reasons in JSON, by the address of their particulars, which tens of thousands of components may share. All entries have to live as
/// long as this does.
#[derive(Default)]
pub(super) struct Reasons(FxHashMap<(Code, usize), Vec<u8>>);

/// Pieces of findings in JSON, without the braces around them, found by the address of what they show. Findings repeat few facts, grounds,
/// components and decisions: each of them is put into JSON once and then copied, so that hundreds of thousands of findings cost what
/// copying their bytes costs. What a single finding has is not kept, but for its component.
#[derive(Default)]
pub(super) struct Pieces {
    bytes: Vec<u8>,
    /// Of the finding in hand, what nobody else has.
    own: Vec<u8>,
    facts: Known,
    subjects: Known,
    grounds: Known,
    decided: Known,
}

impl Pieces {
    /// Appends a finding without the braces around it. All findings have to live as long as the pieces do.
    fn write(&mut self, finding: &Finding, path: &str, out: &mut Vec<u8>) -> Result<(), Error> {
        let Finding { vulnerability, grounds, decided, component, .. } = finding;
        let Pieces {
            bytes,
            own,
            facts: known_facts,
            subjects,
            grounds: known_grounds,
            decided: known_decided,
        } = self;
        own.clear();
        let facts =
            known_facts.of(shared(vulnerability), (bytes, own), || FactsView::from(&**vulnerability))?;
        let grounds = known_grounds.of(shared(grounds), (bytes, own), || GroundsView::from(&**grounds))?;
        let decided = known_decided.of(shared(decided), (bytes, own), || DecidedView::from(&**decided))?;
        // A component stands in one input and on one asset.
        let subject =
            subjects.of(Some(component.address()), (bytes, own), || SubjectView::of(finding, path))?;
        for (n, piece) in [facts, subject, grounds, decided].into_iter().enumerate() {
            if n > 0 {
                out.push(b',');
            }
            let piece = match piece {
                Piece::Kept(place) => bytes.get(place),
                Piece::Own(place) => own.get(place),
            };
            out.extend_from_slice(piece.unwrap_or_default());
        }
        Ok(())
    }
}

/// The address of a value that others have, too.
fn shared<T>(value: &Arc<T>) -> Option<usize> {
    (Arc::strong_count(value) > 1).then(|| Arc::as_ptr(value).addr())
}

/// Where a piece stands.
enum Piece {
    /// Among those that are kept.
    Kept(Range<usize>),
    /// Among those of the finding in hand.
    Own(Range<usize>),
}

#[derive(Default)]
struct Known {
    places: FxHashMap<usize, Range<usize>>,
}

impl Known {
    /// The piece for the value at `address`, which is made by `view` the first time; for one without an address, of one finding alone,
    /// it is made in `own`. The findings keep every value alive while this lives, so that an address stands for one value.
    fn of<V: Serialize>(
        &mut self,
        address: Option<usize>,
        (bytes, own): (&mut Vec<u8>, &mut Vec<u8>),
        view: impl FnOnce() -> V,
    ) -> Result<Piece, Error> {
        let Some(address) = address else { return Ok(Piece::Own(append(&view(), own)?)) };
        if let Some(place) = self.places.get(&address) {
            return Ok(Piece::Kept(place.clone()));
        }
        let place = append(&view(), bytes)?;
        self.places.insert(address, place.clone());
        Ok(Piece::Kept(place))
    }
}

/// Appends an object; its content stands between the braces.
fn append(view: &impl Serialize, bytes: &mut Vec<u8>) -> Result<Range<usize>, Error> {
    let start = bytes.len();
    serde_json::to_writer(&mut *bytes, view)?;
    Ok(start + 1..bytes.len().saturating_sub(1))
}

#[derive(Serialize)]
pub(super) struct InputView<'a> {
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

/// What a finding is about.
#[derive(Serialize)]
struct FactsView<'a> {
    vulnerability: &'a str,
    title: &'a str,
    title_ja: Option<&'a str>,
    aliases: &'a [String],
    kind: &'static str,
    cvss: Option<CvssView<'a>>,
    kev: Option<KevView<'a>>,
    epss: Option<EpssView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_end: Option<&'a str>,
}

impl<'a> From<&'a VulnerabilityFacts> for FactsView<'a> {
    fn from(facts: &'a VulnerabilityFacts) -> Self {
        FactsView {
            vulnerability: &facts.id,
            title: &facts.title,
            title_ja: facts.title_ja.as_deref(),
            aliases: &facts.aliases,
            kind: facts.kind.as_str(),
            cvss: facts.cvss.as_ref().map(CvssView::from),
            kev: facts.kev.as_ref().map(KevView::from),
            epss: facts.epss.as_ref().map(EpssView::from),
            support_end: facts.support_end.as_deref(),
        }
    }
}

/// What it hits.
#[derive(Serialize)]
struct SubjectView<'a> {
    component: ComponentView<'a>,
    asset: Option<&'a str>,
    asset_detail: Option<AssetView<'a>>,
    input: &'a str,
}

impl<'a> SubjectView<'a> {
    fn of(finding: &'a Finding, input: &'a str) -> Self {
        SubjectView {
            component: ComponentView::from(finding.component.view()),
            asset: asset_id(finding.asset.as_deref()),
            asset_detail: finding.asset.as_deref().map(AssetView::from),
            input,
        }
    }
}

/// Why it is meant.
#[derive(Serialize)]
struct GroundsView<'a> {
    advisories: &'a [String],
    basis: Option<BasisView<'a>>,
    /// The ways in which the match was made besides `basis`.
    other_bases: Vec<BasisView<'a>>,
    fixed_versions: &'a [String],
    /// Who says that it does not apply, and is contradicted.
    disputed: Vec<OpinionView<'a>>,
}

impl<'a> From<&'a Grounds> for GroundsView<'a> {
    fn from(grounds: &'a Grounds) -> Self {
        GroundsView {
            advisories: &grounds.advisories,
            basis: grounds.bases.first().map(BasisView::from),
            other_bases: grounds.bases.iter().skip(1).map(BasisView::from).collect(),
            fixed_versions: &grounds.fixed_versions,
            disputed: grounds.disputed.iter().map(OpinionView::from).collect(),
        }
    }
}

/// What to do first.
#[derive(Serialize)]
struct DecidedView<'a> {
    priority: &'static str,
    path: Vec<StepView<'a>>,
}

impl<'a> From<&'a Decided> for DecidedView<'a> {
    fn from(decided: &'a Decided) -> Self {
        DecidedView {
            priority: decided.priority.as_str(),
            path: decided.path.iter().map(StepView::from).collect(),
        }
    }
}

pub(super) fn asset_id(asset: Option<&Asset>) -> Option<&str> {
    filled(&asset?.asset_id)
}

#[derive(Serialize)]
pub(super) struct ComponentView<'a> {
    name: &'a str,
    version: Option<&'a str>,
    purl: Option<&'a str>,
    cpe: Option<&'a str>,
    maker: Option<&'a str>,
    model: Option<&'a str>,
    firmware: Option<&'a str>,
    /// Where it stands in the input.
    pointer: Pointer<'a>,
}

impl<'a> From<ComponentRef<'a>> for ComponentView<'a> {
    fn from(component: ComponentRef<'a>) -> Self {
        let ComponentRef { name, version, purl, cpe, maker, model, firmware, pointer } = component;
        ComponentView { name, version, purl, cpe, maker, model, firmware, pointer }
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
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<&'static str>,
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
            reading: basis.reading.map(|reading| reading.as_str()),
        }
    }
}

#[derive(Serialize)]
pub(super) struct StepView<'a> {
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

/// Why not.
#[derive(Serialize)]
pub(super) struct ReasonView<'a> {
    code: &'static str,
    params: &'a Params,
    text: EnglishText<'a>,
}

impl<'a> ReasonView<'a> {
    pub(super) fn of(entry: &'a Undetermined) -> Self {
        ReasonView {
            code: entry.code.as_str(),
            params: &entry.params,
            text: code_text(entry.code, &entry.params),
        }
    }
}

#[derive(Serialize)]
pub(super) struct CoverageView<'a> {
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
pub(super) struct SummaryView {
    components: usize,
    findings: usize,
    not_affected: usize,
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

impl From<&Summary> for SummaryView {
    fn from(summary: &Summary) -> Self {
        let [immediate, out_of_cycle, scheduled, defer] = summary.by_priority;
        SummaryView {
            components: summary.components,
            findings: summary.findings,
            not_affected: summary.not_affected,
            undetermined: summary.undetermined,
            by_priority: PriorityCounts { immediate, out_of_cycle, scheduled, defer },
        }
    }
}
