//! The answer of `check` and `who` on the terminal: what hits, what to do first, what is not known.

use shindan_domain::diagnostic::{Code, Diagnostic, Severity};
use shindan_domain::finding::{CheckResult, Finding, Undetermined};
use shindan_domain::priority::Decision;

use super::Style;
use super::layout::{self, Meaning, colored, heading, line, paint, plain, put};
use crate::coverage::CoverageLine;
use crate::digest::{self, Age, Work};
use crate::words::{Words, severity_key};
use crate::{dates, phrases};

/// So many pieces of work are listed under "what to do first"; the rest is in the table of findings.
const FIRST_WORKS: usize = 10;
/// So many examples of each reason for *undetermined*; the count says how many there are.
const EXAMPLES: usize = 3;

/// The answer as text for the terminal.
pub fn check(result: &CheckResult, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    head(&mut out, &words.t("report-title"), result, words, style);
    first(&mut out, result, words, style);
    body(&mut out, result, words, style);
    out
}

/// Who is hit by one vulnerability, as text for the terminal. `result` holds only what concerns it.
pub fn who(id: &str, result: &CheckResult, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    head(&mut out, &words.get("who-title", &[("id", id.into())]), result, words, style);
    body(&mut out, result, words, style);
    out
}

fn body(out: &mut String, result: &CheckResult, words: &Words, style: &Style) {
    findings(out, result, words, style);
    not_affected(out, result, words, style);
    undetermined(out, result, words, style);
    coverage(out, result, words, style);
    super::knowledge::freshness(out, result, words, style);
    inputs(out, result, words, style);
    out.push('\n');
    line(out, &words.t("table-see-more"));
}

fn head(out: &mut String, title: &str, result: &CheckResult, words: &Words, style: &Style) {
    line(out, title);
    line(out, &words.get("as-of", &[("time", (&dates::moment(result.as_of, words)).into())]));
    for text in CoverageLine::of(result, words).sentences() {
        line(out, text);
    }
    if digest::has_unreadable_input(result) {
        line_in(out, &format!("! {}", words.t("banner-unreadable")), Meaning::Immediate, style);
    }
    for remark in &result.remarks {
        let text = words.code(remark.code, &remark.params);
        line_in(out, &format!("! {text}"), Meaning::from(remark.severity()), style);
    }
    out.push('\n');
    line(out, &phrases::headline(result, words));
    if let Some(text) = phrases::headline_undetermined(result, words) {
        line_in(out, &text, Meaning::Undetermined, style);
    }
    if let Some(text) = phrases::headline_not_affected(result, words) {
        line_in(out, &text, Meaning::Defer, style);
    }
    let counts = result.summary().by_priority;
    for decision in Decision::ALL {
        let label = words.label("priority", decision.as_str());
        let count = words.get("count", &[("n", counts[decision.rank()].into())]);
        let act = words.label("act", decision.as_str());
        let painted = paint(&pad(&label, 12), decision.into(), style);
        out.push_str(&format!("  {painted} {}  {act}\n", pad_left(&count, 9)));
    }
}

/// Pads to a width in terminal columns.
fn pad(text: &str, width: usize) -> String {
    let used = unicode_width::UnicodeWidthStr::width(text);
    format!("{text}{}", " ".repeat(width.saturating_sub(used)))
}

fn pad_left(text: &str, width: usize) -> String {
    let used = unicode_width::UnicodeWidthStr::width(text);
    format!("{}{text}", " ".repeat(width.saturating_sub(used)))
}

fn line_in(out: &mut String, text: &str, meaning: Meaning, style: &Style) {
    out.push_str(&paint(&layout::clean(text), meaning, style));
    out.push('\n');
}

fn first(out: &mut String, result: &CheckResult, words: &Words, style: &Style) {
    let works = digest::works(result);
    if result.findings.is_empty() {
        return;
    }
    heading(out, &words.t("first-title"));
    if works.is_empty() {
        line(out, &words.t("first-nothing-urgent"));
        return;
    }
    let columns = ["col-priority", "col-component", "col-place", "col-hits", "col-do"].map(|k| words.t(k));
    let mut table = layout::table(&columns, style);
    layout::widen(&mut table, 4, 30);
    for work in works.iter().take(FIRST_WORKS) {
        table.add_row(vec![
            colored(words.label("priority", work.priority.as_str()), work.priority.into()),
            plain(phrases::component(work.component, words)),
            plain(phrases::some_of(&work.places, EXAMPLES, words)),
            plain(hits(work, words)),
            plain(phrases::what_to_do(work, words)),
        ]);
    }
    put(out, &table);
    if works.len() > FIRST_WORKS {
        line(out, &words.get("first-more", &[("n", (works.len() - FIRST_WORKS).into())]));
    }
}

fn hits(work: &Work<'_>, words: &Words) -> String {
    let ids: Vec<&str> = work.distinct().into_iter().map(|f| f.vulnerability.id.as_str()).collect();
    // One a line: wrapping would tear an identifier apart.
    let mut text = ids.iter().take(EXAMPLES).copied().collect::<Vec<_>>().join("\n");
    if ids.len() > EXAMPLES {
        text.push('\n');
        text.push_str(&words.get("and-more", &[("n", (ids.len() - EXAMPLES).into())]));
    }
    if work.exploited {
        text.push('\n');
        text.push_str(&words.t("exploited"));
    }
    text
}

fn findings(out: &mut String, result: &CheckResult, words: &Words, style: &Style) {
    heading(out, &words.get("findings-title", &[("n", result.findings.len().into())]));
    if result.findings.is_empty() {
        line(out, &phrases::headline(result, words));
        return;
    }
    let columns = ["col-priority", "col-vulnerability", "col-component", "col-place", "col-fixed", "col-why"]
        .map(|k| words.t(k));
    let mut table = layout::table(&columns, style);
    layout::widen(&mut table, 1, 28);
    for finding in &result.findings {
        table.add_row(vec![
            colored(words.label("priority", finding.priority().as_str()), finding.priority().into()),
            plain(what(finding, words)),
            plain(phrases::component(&finding.component, words)),
            plain(place(result, finding)),
            plain(fixed(finding, words)),
            plain(why(finding, words)),
        ]);
    }
    put(out, &table);
}

fn what(finding: &Finding, words: &Words) -> String {
    let facts = &finding.vulnerability;
    let mut text = format!("{}\n{}", facts.id, phrases::title(facts, words));
    let scores = phrases::scores(facts, words);
    if !scores.is_empty() {
        text.push('\n');
        text.push_str(&scores);
    }
    text
}

fn place(result: &CheckResult, finding: &Finding) -> String {
    let mut text = digest::place_of(result, finding).to_owned();
    if let Some(place) = finding.asset.as_deref().and_then(|a| a.place.as_deref()) {
        text.push('\n');
        text.push_str(place);
    }
    text
}

fn fixed(finding: &Finding, words: &Words) -> String {
    if finding.fixed_versions().is_empty() {
        words.t(phrases::no_fix(&finding.vulnerability))
    } else {
        finding.fixed_versions().join(", ")
    }
}

fn why(finding: &Finding, words: &Words) -> String {
    let Some(basis) = finding.bases().first() else { return String::new() };
    let method = words.label("method", basis.method.as_str());
    let confidence = phrases::confidence(basis.confidence, words);
    let mut text = format!("{}\n{method}\n{confidence}", phrases::range(&basis.range, words));
    if let Some(reading) = basis.reading {
        text.push('\n');
        text.push_str(&words.label("reading-of-name", reading.as_str()));
        text.push('\n');
        text.push_str(&basis.identifier);
    }
    if finding.path().iter().any(|s| s.defaulted) {
        text.push('\n');
        text.push_str(&words.t("has-defaults"));
    }
    for opinion in &finding.grounds.disputed {
        let lines = phrases::opinion(opinion, words);
        text.push('\n');
        text.push_str(&words.get("disputed", &[("opinion", (&lines.join(" ")).into())]));
    }
    text
}

/// What is denied stands apart, in grey, and is left out where there is nothing.
fn not_affected(out: &mut String, result: &CheckResult, words: &Words, style: &Style) {
    if result.not_affected.is_empty() {
        return;
    }
    heading(out, &words.get("not-affected-title", &[("n", result.not_affected.len().into())]));
    line_in(out, &words.t("not-affected-lead"), Meaning::Defer, style);
    let columns = ["col-status", "col-vulnerability", "col-component", "col-place", "col-said"];
    let columns = columns.map(|k| words.t(k));
    let mut table = layout::table(&columns, style);
    layout::widen(&mut table, 4, 32);
    for denied in &result.not_affected {
        let finding = &denied.finding;
        let said: Vec<String> =
            denied.opinions.iter().map(|o| phrases::opinion(o, words).join("\n")).collect();
        let status = denied.opinions.first().map(|o| words.label("status", o.status.as_str()));
        table.add_row(vec![
            colored(status.unwrap_or_default(), Meaning::Defer),
            plain(what(finding, words)),
            plain(phrases::component(&finding.component, words)),
            plain(place(result, finding)),
            plain(said.join("\n")),
        ]);
    }
    put(out, &table);
}

fn undetermined(out: &mut String, result: &CheckResult, words: &Words, style: &Style) {
    heading(out, &words.get("undetermined-title", &[("n", result.undetermined.len().into())]));
    if result.undetermined.is_empty() {
        line(out, &phrases::nothing_undetermined(result, words));
        return;
    }
    line(out, &words.t("undetermined-lead"));
    let columns = ["col-reason", "col-count", "col-next", "col-examples"].map(|k| words.t(k));
    let mut table = layout::table(&columns, style);
    for reason in digest::reasons(result) {
        let names: Vec<String> = reason.entries.iter().take(EXAMPLES).map(|e| example(e, words)).collect();
        let mut examples = names.join("\n");
        if reason.entries.len() > EXAMPLES {
            examples.push('\n');
            examples.push_str(&words.get("and-more", &[("n", (reason.entries.len() - EXAMPLES).into())]));
        }
        table.add_row(vec![
            colored(phrases::reason(reason.code, words), Meaning::Undetermined),
            plain(words.get("count", &[("n", reason.entries.len().into())])),
            plain(phrases::next_step(reason.code, words)),
            plain(examples),
        ]);
    }
    put(out, &table);
}

fn example(entry: &Undetermined, words: &Words) -> String {
    let component = phrases::component(&entry.component, words);
    let asset = entry.asset.as_deref().map(|a| a.asset_id.as_str()).filter(|id| !id.is_empty());
    match asset {
        Some(asset) => format!("{asset}: {component}"),
        None => component,
    }
}

fn coverage(out: &mut String, result: &CheckResult, words: &Words, style: &Style) {
    let coverage = &result.coverage;
    heading(out, &words.t("coverage-title"));
    line(out, &phrases::coverage(coverage, words));
    if coverage.patched_by_unsettled > 0 {
        let text = words.get("patched-by-unsettled", &[("n", coverage.patched_by_unsettled.into())]);
        line_in(out, &text, Meaning::OutOfCycle, style);
    }
    if !coverage.by_method.is_empty() {
        let columns = ["col-method", "col-judged"].map(|k| words.t(k));
        let mut table = layout::table(&columns, style);
        for (method, count) in &coverage.by_method {
            let count = words.get("count", &[("n", (*count).into())]);
            table.add_row(vec![plain(words.label("method", method)), plain(count)]);
        }
        put(out, &table);
    }
    for ecosystem in coverage.ecosystems.iter().filter(|e| e.lacks_advisories()) {
        let values = [("name", ecosystem.name.as_str().into()), ("n", ecosystem.components.into())];
        line_in(out, &words.get("ecosystem-not-covered", &values), Meaning::Undetermined, style);
    }
}

fn inputs(out: &mut String, result: &CheckResult, words: &Words, style: &Style) {
    heading(out, &words.t("inputs-title"));
    for input in &result.inputs {
        let kind = phrases::input_kind(input, words);
        let count = words.get("components", &[("n", input.components.into())]);
        line(out, &format!("{}  {kind}  {count}", input.path));
        // Without it, "0 components" would look like a file that tells nothing.
        for joined in input.diagnostics.iter().filter(|d| d.code == Code::HostJoined) {
            line(out, &format!("  {}", words.code(joined.code, &joined.params)));
        }
        let noted = |d: &&Diagnostic| d.severity() == Severity::Note && d.code != Code::HostJoined;
        let notes = input.diagnostics.iter().filter(noted).count();
        for diagnostic in input.diagnostics.iter().filter(|d| d.severity() != Severity::Note) {
            let severity = words.label("severity", severity_key(diagnostic.severity()));
            let text = words.code(diagnostic.code, &diagnostic.params);
            let place = diagnostic.place.to_string();
            line_in(out, &format!("  [{severity}] {place}: {text}"), diagnostic.severity().into(), style);
        }
        if notes > 0 {
            line(out, &format!("  {}", words.get("notes-not-shown", &[("n", notes.into())])));
        }
    }
}

/// How old a source is, in words.
pub(super) fn age(age: Age, words: &Words) -> (String, Option<Meaning>) {
    match age {
        Age::Days(days) => (words.get("age-days", &[("n", days.into())]), None),
        Age::Stale(days) => (words.get("age-stale", &[("n", days.into())]), Some(Meaning::OutOfCycle)),
        Age::Unknown => (words.t("age-unknown"), Some(Meaning::Undetermined)),
    }
}
