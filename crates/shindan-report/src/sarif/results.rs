//! Results (§3.27): findings, statements about them, open questions.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;

use rustc_hash::FxHashMap;
use serde::Serialize;
use sha2::{Digest, Sha256};
use shindan_domain::diagnostic::Code;
use shindan_domain::finding::{CheckResult, Finding, NotAffected, Undetermined, VexOpinion};
use shindan_domain::inventory::{Asset, Component};
use shindan_domain::priority::Decision;

use super::Message;
use super::places::LocationView;
use super::rules::{Rules, reason_id};
use crate::json::raw;
use crate::labels::Labels;
use crate::words::Words;
use crate::{digest, phrases};

/// The name of our fingerprint: a versioned hierarchical string (§3.5.4.2).
const FINGERPRINT: &str = "shindanFinding/v1";

/// Writes every result.
pub(super) fn write(
    result: &CheckResult,
    rules: &Rules<'_>,
    words: &Words,
    out: &mut impl Write,
) -> Result<(), serde_json::Error> {
    let labels = Labels::new(words);
    let mut fingerprints = Fingerprints::default();
    let mut separator: &[u8] = b"";
    let mut put = |view: &ResultView<'_>| {
        raw(out, separator)?;
        separator = b",";
        serde_json::to_writer(&mut *out, view)
    };
    for finding in &result.findings {
        put(&ResultView::of(result, finding, &[], rules, &labels, &mut fingerprints))?;
    }
    for NotAffected { finding, opinions } in &result.not_affected {
        put(&ResultView::of(result, finding, opinions, rules, &labels, &mut fingerprints))?;
    }
    for entry in &result.undetermined {
        put(&ResultView::of_question(result, entry, rules, &labels, &mut fingerprints))?;
    }
    Ok(())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultView<'a> {
    rule_id: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    kind: &'static str,
    level: &'static str,
    message: Message<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<LocationView<'a>>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    /// §3.27.23: where one result is considered for suppression, all are; none means *not suppressed*.
    suppressions: Vec<SuppressionView<'a>>,
    properties: Properties<'a>,
}

/// What the specification has no place for.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    component: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asset: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    fixed_versions: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    advisories: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<BasisView<'a>>,
}

/// The surest way in which the match was made.
#[derive(Serialize)]
struct BasisView<'a> {
    method: &'static str,
    confidence: &'static str,
    identifier: &'a str,
    range: &'a str,
    source: &'a str,
    document: &'a str,
}

/// §3.35
#[derive(Serialize)]
struct SuppressionView<'a> {
    kind: &'static str,
    status: &'static str,
    justification: String,
    properties: OpinionView<'a>,
}

#[derive(Serialize)]
struct OpinionView<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'static str>,
    source: &'a str,
    advisory: &'a str,
    document: &'a str,
}

impl<'a> ResultView<'a> {
    fn of(
        result: &'a CheckResult,
        finding: &'a Finding,
        opinions: &'a [VexOpinion],
        rules: &Rules<'_>,
        labels: &Labels<'_>,
        fingerprints: &mut Fingerprints,
    ) -> Self {
        let facts = finding.vulnerability.as_ref();
        let asset = finding.asset.as_deref();
        let basis = finding.bases().first().map(|basis| BasisView {
            method: basis.method.as_str(),
            confidence: basis.confidence.as_str(),
            identifier: &basis.identifier,
            range: &basis.range,
            source: &basis.source,
            document: &basis.place,
        });
        ResultView {
            rule_index: rules.index(facts),
            kind: "fail",
            level: level(finding.priority()),
            message: Message { text: message(result, finding, labels) },
            locations: locations(result, finding.input, &finding.component, asset),
            partial_fingerprints: fingerprints.of(
                &facts.id,
                &finding.component,
                asset,
                result,
                finding.input,
            ),
            suppressions: opinions.iter().map(|opinion| suppression(opinion, labels.words())).collect(),
            properties: Properties {
                priority: Some(finding.priority().as_str()),
                fixed_versions: finding.fixed_versions(),
                advisories: finding.advisories(),
                basis,
                ..Properties::of(&finding.component, asset)
            },
            rule_id: Cow::Borrowed(&facts.id),
        }
    }

    fn of_question(
        result: &'a CheckResult,
        entry: &'a Undetermined,
        rules: &Rules<'_>,
        labels: &Labels<'_>,
        fingerprints: &mut Fingerprints,
    ) -> Self {
        let (rule_id, rule_index) = match entry.vulnerability.as_deref() {
            Some(facts) => (Cow::Borrowed(facts.id.as_str()), rules.index(facts)),
            None => (Cow::Owned(reason_id(entry.code)), rules.index_of_reason(entry.code)),
        };
        let asset = entry.asset.as_deref();
        let words = labels.words();
        let text = words.get(
            "sarif-undetermined",
            &[
                ("component", (&phrases::component(&entry.component, words)).into()),
                ("reason", (&words.code(entry.code, &entry.params)).into()),
                ("next", (&phrases::next_step(entry.code, words)).into()),
            ],
        );
        ResultView {
            rule_index,
            kind: question_kind(entry.code),
            level: "none",
            message: Message { text },
            locations: locations(result, entry.input, &entry.component, asset),
            partial_fingerprints: fingerprints.of(&rule_id, &entry.component, asset, result, entry.input),
            suppressions: Vec::new(),
            properties: Properties {
                reason: Some(entry.code.as_str()),
                ..Properties::of(&entry.component, asset)
            },
            rule_id,
        }
    }
}

impl<'a> Properties<'a> {
    fn of(component: &'a Component, asset: Option<&'a Asset>) -> Self {
        Properties {
            component: &component.name,
            version: digest::version_of(component),
            purl: component.purl.as_deref(),
            asset: asset.map(|asset| asset.asset_id.as_str()).filter(|id| !id.is_empty()),
            place: asset.and_then(|asset| asset.place.as_deref()),
            ..Properties::default()
        }
    }
}

/// §3.27.10
fn level(priority: Decision) -> &'static str {
    match priority {
        Decision::Immediate | Decision::OutOfCycle => "error",
        Decision::Scheduled => "warning",
        Decision::Defer => "note",
    }
}

/// §3.27.9: `review` if a person can decide it from what is there, `open` if something is missing.
fn question_kind(code: Code) -> &'static str {
    match code {
        Code::RangeUndetermined
        | Code::RangeGitOnly
        | Code::OrderUnknown
        | Code::ProductAmbiguous
        | Code::PlatformUnknown => "review",
        _ => "open",
    }
}

fn locations<'a>(
    result: &'a CheckResult,
    input: usize,
    component: &'a Component,
    asset: Option<&'a Asset>,
) -> Vec<LocationView<'a>> {
    let location = LocationView::of(result, input, component, asset);
    if location.is_nowhere() { Vec::new() } else { vec![location] }
}

/// What is hit, where, why and what to do (§3.27.11).
fn message(result: &CheckResult, finding: &Finding, labels: &Labels<'_>) -> String {
    let words = labels.words();
    let range = finding.bases().first().map_or("", |basis| basis.range.as_str());
    words.get(
        "sarif-finding",
        &[
            ("component", (&phrases::component(&finding.component, words)).into()),
            ("place", digest::place_of(result, finding).into()),
            ("id", (&finding.vulnerability.id).into()),
            ("title", phrases::title(&finding.vulnerability, words).into()),
            ("range", (&phrases::range(range, words)).into()),
            ("priority", labels.label("priority", finding.priority().as_str()).as_ref().into()),
            ("action", (&phrases::action(finding, words)).into()),
        ],
    )
}

fn suppression<'a>(opinion: &'a VexOpinion, words: &Words) -> SuppressionView<'a> {
    SuppressionView {
        kind: "external",
        status: "accepted",
        justification: phrases::opinion_text(opinion, words),
        properties: OpinionView {
            status: opinion.status.as_str(),
            justification: opinion.justification.map(|reason| reason.as_str()),
            source: &opinion.source,
            advisory: &opinion.advisory,
            document: &opinion.place,
        },
    }
}

/// Counts equal ones: an SBOM may list the same component several times, and each is a result of its own.
#[derive(Default)]
struct Fingerprints {
    seen: FxHashMap<[u8; 16], u32>,
}

impl Fingerprints {
    fn of(
        &mut self,
        rule: &str,
        component: &Component,
        asset: Option<&Asset>,
        result: &CheckResult,
        input: usize,
    ) -> BTreeMap<&'static str, String> {
        let parts = [
            rule,
            component.purl.as_deref().or(component.cpe.as_deref()).unwrap_or(&component.name),
            digest::version_of(component).unwrap_or_default(),
            asset.map_or("", |asset| asset.asset_id.as_str()),
            digest::path_of(result, input),
        ];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
            // No text holds it, so that two lists of parts never run into the same bytes.
            hash.update([0]);
        }
        let whole = hash.finalize();
        let mut short = [0; 16];
        for (to, from) in short.iter_mut().zip(whole) {
            *to = from;
        }
        let times = self.seen.entry(short).and_modify(|times| *times += 1).or_insert(1);
        let text: String = short.iter().map(|byte| format!("{byte:02x}")).collect();
        BTreeMap::from([(FINGERPRINT, format!("{text}:{times}"))])
    }
}
