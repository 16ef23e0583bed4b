//! What is stated about each vulnerability: where it was found, and what is known about its effect there.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Serialize;
use shindan_domain::advisory::{Justification, Status};
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::finding::{
    CheckResult, CvssScore, Finding, NotAffected, Undetermined, VulnerabilityFacts,
};
use shindan_domain::identifier::FindingKind;
use shindan_domain::priority::Decision;

use super::Property;
use super::subjects::Subjects;
use crate::json::raw;
use crate::json::views::tenths;
use crate::words::Words;
use crate::{links, phrases};

/// Statements that can be one: the same vulnerability, the same state, the same reason.
#[derive(PartialEq, Eq, Hash)]
enum Likeness<'a> {
    Found { id: &'a str, fixed: &'a [String], advisories: &'a [String] },
    Stated { id: &'a str, state: &'static str, detail: String },
    Open { id: &'a str, code: Code, params: *const Params },
}

/// One entry of `vulnerabilities`.
struct Statement<'a> {
    facts: &'a VulnerabilityFacts,
    finding: Option<&'a Finding>,
    state: &'static str,
    justification: Option<Justification>,
    detail: String,
    priority: Option<Decision>,
    subjects: Vec<usize>,
}

/// Every statement of an answer.
#[derive(Default)]
pub(super) struct Statements<'a> {
    list: Vec<Statement<'a>>,
    known: FxHashMap<Likeness<'a>, usize>,
}

impl<'a> Statements<'a> {
    /// Gathers the statements, and what they are about into `subjects`.
    pub fn of(result: &'a CheckResult, subjects: &mut Subjects<'a>, words: &Words) -> Self {
        let mut statements = Statements::default();
        for finding in &result.findings {
            let number = subjects.number(&finding.component, finding.asset.as_ref(), finding.input);
            if finding.vulnerability.kind == FindingKind::EndOfLife {
                subjects.end(number, finding.vulnerability.support_end.as_deref().unwrap_or_default());
            } else {
                statements.found(finding, number);
            }
        }
        for stated in &result.not_affected {
            let finding = &stated.finding;
            let number = subjects.number(&finding.component, finding.asset.as_ref(), finding.input);
            statements.stated(stated, number, words);
        }
        for entry in &result.undetermined {
            let number = subjects.number(&entry.component, entry.asset.as_ref(), entry.input);
            match entry.vulnerability.as_deref() {
                Some(facts) => statements.open(entry, facts, number, words),
                None => subjects.ask(number, entry),
            }
        }
        // Several files may list the same package; a statement names it once.
        for statement in &mut statements.list {
            statement.subjects.sort_unstable();
            statement.subjects.dedup();
        }
        statements
    }

    fn found(&mut self, finding: &'a Finding, subject: usize) {
        let likeness = Likeness::Found {
            id: &finding.vulnerability.id,
            fixed: finding.fixed_versions(),
            advisories: finding.advisories(),
        };
        let statement = self.join(likeness, subject, || Statement {
            finding: Some(finding),
            priority: Some(finding.priority()),
            ..Statement::about(&finding.vulnerability)
        });
        if let Some(statement) = statement {
            statement.priority = statement.priority.min(Some(finding.priority()));
        }
    }

    fn stated(&mut self, stated: &'a NotAffected, subject: usize, words: &Words) {
        let finding = &stated.finding;
        let first = stated.opinions.first();
        let state = match first.map(|opinion| opinion.status) {
            Some(Status::Fixed) => "resolved",
            Some(_) => "not_affected",
            // Without an opinion nobody has decided anything.
            None => "in_triage",
        };
        let detail = phrases::opinions(stated, words);
        let id = finding.vulnerability.id.as_str();
        let likeness = Likeness::Stated { id, state, detail: detail.clone() };
        self.join(likeness, subject, || Statement {
            finding: Some(finding),
            state,
            justification: first
                .and_then(|opinion| opinion.justification)
                .filter(|_| state == "not_affected"),
            detail,
            ..Statement::about(&finding.vulnerability)
        });
    }

    fn open(
        &mut self,
        entry: &'a Undetermined,
        facts: &'a VulnerabilityFacts,
        subject: usize,
        words: &Words,
    ) {
        let likeness = Likeness::Open { id: &facts.id, code: entry.code, params: Arc::as_ptr(&entry.params) };
        self.join(likeness, subject, || Statement {
            detail: words
                .get("vex-undetermined", &[("reason", (&words.code(entry.code, &entry.params)).into())]),
            ..Statement::about(facts)
        });
    }

    /// Adds a subject to the statement that is alike, which is made if there is none.
    fn join(
        &mut self,
        likeness: Likeness<'a>,
        subject: usize,
        make: impl FnOnce() -> Statement<'a>,
    ) -> Option<&mut Statement<'a>> {
        let next = self.list.len();
        let number = *self.known.entry(likeness).or_insert(next);
        if number == next {
            self.list.push(make());
        }
        let statement = self.list.get_mut(number)?;
        // The same component comes several times in a row, for the most part.
        if statement.subjects.last() != Some(&subject) {
            statement.subjects.push(subject);
        }
        Some(statement)
    }

    /// Writes them, the most urgent first, as the answer has them.
    pub fn write(
        &self,
        subjects: &Subjects<'a>,
        words: &Words,
        out: &mut impl Write,
    ) -> Result<(), serde_json::Error> {
        let mut times: FxHashMap<&str, usize> = FxHashMap::default();
        for (index, statement) in self.list.iter().enumerate() {
            let times = times.entry(&statement.facts.id).and_modify(|n| *n += 1).or_insert(1);
            if index > 0 {
                raw(out, b",")?;
            }
            serde_json::to_writer(&mut *out, &EntryView::of(statement, *times, subjects, words))?;
        }
        Ok(())
    }
}

impl<'a> Statement<'a> {
    fn about(facts: &'a VulnerabilityFacts) -> Self {
        Statement {
            facts,
            finding: None,
            state: "in_triage",
            justification: None,
            detail: String::new(),
            priority: None,
            subjects: Vec::new(),
        }
    }

    /// What is known about the effect, in words.
    fn detail(&self, words: &Words) -> String {
        let (Some(finding), Some(priority)) = (self.finding, self.priority) else {
            return self.detail.clone();
        };
        let basis = finding.bases().first();
        let range = basis.map_or_else(|| words.t("unknown"), |b| phrases::range(&b.range, words));
        let method = basis.map_or_else(|| words.t("unknown"), |b| words.label("method", b.method.as_str()));
        words.get(
            "vex-finding",
            &[
                ("range", (&range).into()),
                ("method", (&method).into()),
                ("priority", (&words.label("priority", priority.as_str())).into()),
            ],
        )
    }
}

/// The neighbour of a standard justification. Source: CycloneDX, `impactAnalysisJustification`.
fn justification(reason: Justification) -> &'static str {
    match reason {
        Justification::ComponentNotPresent | Justification::VulnerableCodeNotPresent => "code_not_present",
        Justification::VulnerableCodeNotInExecutePath => "code_not_reachable",
        Justification::VulnerableCodeCannotBeControlledByAdversary => "requires_environment",
        Justification::InlineMitigationsAlreadyExist => "protected_by_mitigating_control",
    }
}

#[derive(Serialize)]
struct EntryView<'a> {
    #[serde(rename = "bom-ref")]
    reference: String,
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<ReferenceView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ratings: Vec<RatingView<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    recommendation: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    advisories: Vec<AdvisoryView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    analysis: AnalysisView,
    affects: Vec<TargetView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property<'a>>,
}

#[derive(Serialize)]
struct SourceView<'a> {
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct ReferenceView<'a> {
    id: &'a str,
    source: SourceView<'a>,
}

#[derive(Serialize)]
struct AdvisoryView<'a> {
    title: &'a str,
    url: String,
}

#[derive(Serialize)]
struct RatingView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceView<'a>>,
    score: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vector: Option<&'a str>,
}

#[derive(Serialize)]
struct AnalysisView {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'static str>,
    detail: String,
}

#[derive(Serialize)]
struct TargetView<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
}

impl<'a> EntryView<'a> {
    fn of(statement: &'a Statement<'a>, times: usize, subjects: &'a Subjects<'a>, words: &Words) -> Self {
        let facts = statement.facts;
        let finding = statement.finding;
        let others = facts.aliases.iter().map(String::as_str).filter(|alias| *alias != facts.id);
        let (linked, unlinked): (Vec<&str>, Vec<&str>) = others.partition(|id| links::page_of(id).is_some());
        let advisories = finding.map_or(&[] as &[String], |finding| finding.advisories());
        let mut properties: Vec<Property<'a>> = Vec::new();
        let mut add = |name, value: &'a str| properties.push(Property::new(name, value));
        unlinked.into_iter().for_each(|alias| add("shindan:alias", alias));
        advisories
            .iter()
            .filter(|id| links::page_of(id).is_none())
            .for_each(|id| add("shindan:advisory", id));
        if facts.kind != FindingKind::Vulnerability {
            add("shindan:finding-kind", facts.kind.as_str());
        }
        if let Some(kev) = &facts.kev {
            add("shindan:known-exploited-since", &kev.date_added);
        }
        if let Some(priority) = statement.priority {
            add("shindan:priority", priority.as_str());
        }
        EntryView {
            reference: if times == 1 { facts.id.clone() } else { format!("{}/{times}", facts.id) },
            id: &facts.id,
            source: source(&facts.id, finding),
            references: linked.into_iter().filter_map(reference).collect(),
            ratings: ratings(facts),
            description: phrases::title(facts, words),
            recommendation: finding
                .filter(|finding| !finding.fixed_versions().is_empty() && statement.priority.is_some())
                .map(|finding| phrases::action(finding, words)),
            advisories: advisories.iter().filter_map(|id| advisory(id)).collect(),
            published: facts.published.map(|time| time.to_string()),
            analysis: AnalysisView {
                state: statement.state,
                justification: statement.justification.map(justification),
                detail: statement.detail(words),
            },
            affects: statement
                .subjects
                .iter()
                .map(|number| TargetView { reference: subjects.reference(*number) })
                .collect(),
            properties,
        }
    }
}

fn source<'a>(id: &str, finding: Option<&'a Finding>) -> Option<SourceView<'a>> {
    if let Some(page) = links::page_of(id) {
        return Some(SourceView { name: Cow::Borrowed(page.publisher), url: Some(page.url) });
    }
    let name = finding?.bases().first().map(|basis| basis.source.as_str()).filter(|name| !name.is_empty())?;
    Some(SourceView { name: Cow::Borrowed(name), url: None })
}

fn reference(id: &str) -> Option<ReferenceView<'_>> {
    let page = links::page_of(id)?;
    let source = SourceView { name: Cow::Borrowed(page.publisher), url: Some(page.url) };
    Some(ReferenceView { id, source })
}

fn advisory(id: &str) -> Option<AdvisoryView<'_>> {
    Some(AdvisoryView { title: id, url: links::page_of(id)?.url })
}

fn ratings(facts: &VulnerabilityFacts) -> Vec<RatingView<'_>> {
    let cvss = facts.cvss.as_ref().map(|cvss| RatingView {
        source: None,
        score: tenths(cvss.score_x10),
        severity: severity(cvss),
        method: match cvss.version.as_str() {
            "2.0" => "CVSSv2",
            "3.0" => "CVSSv3",
            "3.1" => "CVSSv31",
            "4.0" => "CVSSv4",
            _ => "other",
        },
        vector: Some(&cvss.vector),
    });
    let epss = facts.epss.as_ref().and_then(|epss| {
        Some(RatingView {
            source: Some(SourceView { name: Cow::Borrowed("FIRST EPSS"), url: None }),
            score: epss.score.parse().ok().filter(|score: &f64| score.is_finite())?,
            severity: None,
            method: "other",
            vector: None,
        })
    });
    cvss.into_iter().chain(epss).collect()
}

fn severity(cvss: &CvssScore) -> Option<&'static str> {
    ["none", "low", "medium", "high", "critical"].into_iter().find(|name| *name == cvss.severity)
}
