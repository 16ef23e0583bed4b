//! The typed context of the report page.

use askama::Template;
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::finding::{CheckResult, Undetermined};
use shindan_domain::priority::Decision;

use super::Options;
use super::chart::Chart;
use super::evidence::{EvidenceView, evidence};
use super::rows::{Denied, Row, denied, rows};
use crate::coverage::CoverageLine;
use crate::digest::{self, Age};
use crate::labels::Labels;
use crate::words::{Words, severity_key};
use crate::{dates, phrases};

/// So many pieces of work are named under "what to do first".
const FIRST_WORKS: usize = 20;
/// So many vulnerabilities are named for one piece of work; the rest is counted.
const NAMED_HITS: usize = 8;
/// So many entries are listed under one reason; the count says how many there are.
const LISTED_ENTRIES: usize = 200;
/// So many remarks are listed for one input.
const LISTED_DIAGNOSTICS: usize = 100;

/// The page.
#[derive(Template)]
#[template(path = "check.html")]
pub(super) struct Report<'a> {
    result: &'a CheckResult,
    w: &'a Words,
    labels: Labels<'a>,
    as_of: String,
    style: &'static str,
    script: &'static str,
    headline: String,
    headline_undetermined: Option<String>,
    headline_not_affected: Option<String>,
    coverage_line: CoverageLine,
    banners: Vec<Banner>,
    cards: Vec<Card>,
    works: Vec<WorkView>,
    works_more: Option<String>,
    nothing_undetermined: String,
    reasons: Vec<ReasonView>,
    inputs: Vec<InputView>,
    coverage: String,
    uncovered: Vec<String>,
    unsettled: Option<String>,
    charts: Charts,
    evidence: Vec<EvidenceView>,
}

struct Charts {
    priority: Chart,
    coverage: Chart,
    freshness: Option<Chart>,
}

/// A sentence that must be read before anything else.
struct Banner {
    class: &'static str,
    text: String,
    items: Vec<String>,
}

struct Card {
    class: &'static str,
    label: String,
    count: String,
    note: String,
    link: String,
}

struct WorkView {
    class: &'static str,
    priority: String,
    component: String,
    places: String,
    place_count: String,
    hits: Vec<String>,
    exploited: bool,
    action: String,
}

struct ReasonView {
    code: &'static str,
    name: String,
    next: String,
    count: String,
    entries: Vec<EntryView>,
    more: Option<String>,
}

struct EntryView {
    component: String,
    place: String,
    vulnerability: String,
    text: String,
}

struct InputView {
    path: String,
    kind: String,
    subject: String,
    components: String,
    unreadable: bool,
    diagnostics: Vec<(&'static str, String, String, String)>,
    more: Option<String>,
}

impl<'a> Report<'a> {
    pub fn of(result: &'a CheckResult, words: &'a Words, options: &Options<'a>) -> Self {
        let works = digest::works(result);
        let more = works.len().saturating_sub(FIRST_WORKS);
        Report {
            result,
            w: words,
            labels: Labels::new(words),
            as_of: dates::moment(result.as_of, words),
            style: include_str!("../../templates/report.css"),
            script: include_str!("../../templates/report.js"),
            headline: phrases::headline(result, words),
            headline_undetermined: phrases::headline_undetermined(result, words),
            headline_not_affected: phrases::headline_not_affected(result, words),
            coverage_line: CoverageLine::of(result, words),
            banners: banners(result, words),
            cards: cards(result, words),
            works: works.iter().take(FIRST_WORKS).map(|w| work_view(w, words)).collect(),
            nothing_undetermined: phrases::nothing_undetermined(result, words),
            works_more: (more > 0).then(|| words.get("first-more", &[("n", more.into())])),
            reasons: digest::reasons(result).iter().map(|r| reason_view(result, r, words)).collect(),
            inputs: result.inputs.iter().map(|i| input_view(i, words)).collect(),
            coverage: phrases::coverage(&result.coverage, words),
            uncovered: uncovered(result, words),
            unsettled: unsettled(result, words),
            charts: Charts {
                priority: priority_chart(result, words),
                coverage: coverage_chart(result, words),
                freshness: freshness_chart(result, words, options.max_age_days),
            },
            evidence: options
                .evidence
                .map(|(crosswalk, rows)| evidence(crosswalk, rows, words))
                .unwrap_or_default(),
        }
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        rows(self.result, &self.labels)
    }

    fn denied(&self) -> impl Iterator<Item = Denied<'_>> {
        denied(self.result, &self.labels)
    }
}

fn banners(result: &CheckResult, words: &Words) -> Vec<Banner> {
    let mut banners = Vec::new();
    if digest::has_unreadable_input(result) {
        let errors = result.inputs.iter().flat_map(|i| &i.diagnostics);
        let errors: Vec<&Diagnostic> = errors.filter(|d| d.severity() == Severity::Error).collect();
        let mut items: Vec<String> = errors
            .iter()
            .take(5)
            .map(|d| format!("{}: {}", d.place, words.code(d.code, &d.params)))
            .collect();
        if errors.len() > items.len() {
            items.push(words.get("and-more", &[("n", (errors.len() - items.len()).into())]));
        }
        banners.push(Banner { class: "b-red", text: words.t("banner-unreadable"), items });
    }
    for remark in &result.remarks {
        let class = match remark.severity() {
            Severity::Error => "b-red",
            Severity::Warning => "b-orange",
            Severity::Note => "b-grey",
        };
        banners.push(Banner { class, text: words.code(remark.code, &remark.params), items: Vec::new() });
    }
    banners
}

/// The class that carries the colour of a priority.
pub(super) fn class(decision: Decision) -> &'static str {
    match decision {
        Decision::Immediate => "p0",
        Decision::OutOfCycle => "p1",
        Decision::Scheduled => "p2",
        Decision::Defer => "p3",
    }
}

fn cards(result: &CheckResult, words: &Words) -> Vec<Card> {
    let counts = result.summary().by_priority;
    let mut cards: Vec<Card> = Decision::ALL
        .into_iter()
        .map(|decision| {
            let count = counts[decision.rank()];
            Card {
                class: class(decision),
                label: words.label("priority", decision.as_str()),
                count: words.get("count", &[("n", count.into())]),
                note: words.label("act", decision.as_str()),
                link: if count > 0 { format!("#{}", class(decision)) } else { "#findings".to_owned() },
            }
        })
        .collect();
    cards.push(Card {
        class: "un",
        label: words.t("undetermined"),
        count: words.get("count", &[("n", result.undetermined.len().into())]),
        note: words.t("card-undetermined"),
        link: "#undetermined".to_owned(),
    });
    cards
}

fn work_view(work: &digest::Work<'_>, words: &Words) -> WorkView {
    let distinct = work.distinct();
    let named = distinct.iter().take(NAMED_HITS);
    let mut hits: Vec<String> = named
        .map(|f| format!("{} {}", f.vulnerability.id, phrases::title(&f.vulnerability, words)))
        .collect();
    if distinct.len() > NAMED_HITS {
        hits.push(words.get("and-more", &[("n", (distinct.len() - NAMED_HITS).into())]));
    }
    WorkView {
        class: class(work.priority),
        priority: words.label("priority", work.priority.as_str()),
        component: phrases::component(work.component, words),
        places: phrases::some_of(&work.places, 5, words),
        place_count: words.get("places", &[("n", work.places.len().into())]),
        hits,
        exploited: work.exploited,
        action: phrases::what_to_do(work, words),
    }
}

fn reason_view(result: &CheckResult, reason: &digest::Reason<'_>, words: &Words) -> ReasonView {
    let total = reason.entries.len();
    let listed = reason.entries.iter().take(LISTED_ENTRIES);
    ReasonView {
        code: reason.code.as_str(),
        name: phrases::reason(reason.code, words),
        next: phrases::next_step(reason.code, words),
        count: words
            .get("entries-of-components", &[("n", total.into()), ("components", reason.components.into())]),
        entries: listed.map(|e| entry_view(result, e, words)).collect(),
        more: (total > LISTED_ENTRIES)
            .then(|| words.get("undetermined-more", &[("n", (total - LISTED_ENTRIES).into())])),
    }
}

fn entry_view(result: &CheckResult, entry: &Undetermined, words: &Words) -> EntryView {
    let asset = entry.asset.as_deref().map(|a| a.asset_id.as_str()).filter(|id| !id.is_empty());
    let named = [entry.vulnerability.as_deref().map(|v| v.id.as_str()), entry.advisory.as_deref()];
    EntryView {
        component: phrases::component(&entry.component, words),
        place: asset.unwrap_or_else(|| digest::name_of(result, entry.input)).to_owned(),
        vulnerability: named.into_iter().flatten().collect::<Vec<_>>().join(" / "),
        text: words.code(entry.code, &entry.params),
    }
}

fn input_view(input: &shindan_domain::finding::InputReport, words: &Words) -> InputView {
    let total = input.diagnostics.len();
    let listed = input.diagnostics.iter().take(LISTED_DIAGNOSTICS);
    InputView {
        path: input.path.clone(),
        kind: phrases::input_kind(input, words),
        subject: input.subject.clone().unwrap_or_default(),
        components: words.get("components", &[("n", input.components.into())]),
        unreadable: input.kind.is_none(),
        diagnostics: listed
            .map(|d| {
                let severity = severity_key(d.severity());
                let label = words.label("severity", severity);
                (severity, label, d.place.to_string(), words.code(d.code, &d.params))
            })
            .collect(),
        more: (total > LISTED_DIAGNOSTICS)
            .then(|| words.get("diagnostics-more", &[("n", (total - LISTED_DIAGNOSTICS).into())])),
    }
}

fn uncovered(result: &CheckResult, words: &Words) -> Vec<String> {
    let uncovered = result.coverage.ecosystems.iter().filter(|e| e.lacks_advisories());
    uncovered
        .map(|e| {
            words.get("ecosystem-not-covered", &[("name", (&e.name).into()), ("n", e.components.into())])
        })
        .collect()
}

fn unsettled(result: &CheckResult, words: &Words) -> Option<String> {
    let count = result.coverage.patched_by_unsettled;
    (count > 0).then(|| words.get("patched-by-unsettled", &[("n", count.into())]))
}

fn priority_chart(result: &CheckResult, words: &Words) -> Chart {
    let counts = result.summary().by_priority;
    let count = |n: usize| words.get("count", &[("n", n.into())]);
    let mut values: Vec<_> = Decision::ALL
        .into_iter()
        .map(|d| {
            let n = counts[d.rank()];
            (words.label("priority", d.as_str()), count(n), class(d), n as u64)
        })
        .collect();
    let open = result.undetermined.len();
    values.push((words.t("undetermined"), count(open), "un", open as u64));
    let full = values.iter().map(|v| v.3).max().unwrap_or(0);
    Chart::new("chart-priority", words.t("chart-priority"), values, full)
}

fn coverage_chart(result: &CheckResult, words: &Words) -> Chart {
    let coverage = &result.coverage;
    let count = |n: usize| words.get("count", &[("n", n.into())]);
    let mut values = vec![
        (words.t("components-all"), count(coverage.components), "nt", coverage.components as u64),
        (words.t("judged"), count(coverage.judged), "nt", coverage.judged as u64),
    ];
    for (method, n) in &coverage.by_method {
        values.push((format!("― {}", words.label("method", method)), count(*n), "nt", *n as u64));
    }
    values.push((words.t("undetermined"), count(coverage.undetermined), "un", coverage.undetermined as u64));
    Chart::new("chart-coverage", words.t("chart-coverage"), values, coverage.components as u64)
}

fn freshness_chart(result: &CheckResult, words: &Words, max_age_days: Option<u64>) -> Option<Chart> {
    let limit = digest::max_age(result, max_age_days);
    let bar = |source: &shindan_domain::knowledge::SourceSummary| {
        let (text, class, days) = match digest::age(source.newest, result.as_of, limit) {
            Age::Days(days) => (words.get("age-days", &[("n", days.into())]), "nt", days),
            Age::Stale(days) => (words.get("age-stale", &[("n", days.into())]), "p1", days),
            Age::Unknown => (words.t("age-unknown"), "un", 0),
        };
        let day = source.newest.map(|t| dates::day(t, words)).unwrap_or_default();
        (source.name.clone(), format!("{day} {text}").trim().to_owned(), class, days)
    };
    let values: Vec<_> = result.knowledge.sources.iter().map(bar).collect();
    let full = values.iter().map(|v| v.3).max().unwrap_or(0);
    let title = words.t("chart-freshness");
    (!values.is_empty()).then(|| Chart::new("chart-freshness", title, values, full))
}
