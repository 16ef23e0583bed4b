//! Why the answer about a component is what it is, on the terminal.

use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::explanation::{Applied, Candidate, CandidateOutcome, ExplainedComponent, Explanation};
use shindan_domain::finding::Finding;
use shindan_domain::priority::PathStep;

use super::Style;
use super::layout::{self, Meaning, colored, heading, line, paint, plain, put};
use crate::words::{Lang, Words};
use crate::{dates, phrases};

/// The explanation as text for the terminal.
pub fn explain(explanation: &Explanation, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let count = explanation.components.len().into();
    let name = explanation.asked.as_str().into();
    line(&mut out, &words.get("explain-title", &[("name", name), ("n", count)]));
    let time = dates::moment(explanation.as_of, words);
    line(&mut out, &words.get("as-of", &[("time", time.as_str().into())]));
    for remark in &explanation.remarks {
        let text = layout::clean(&words.code(remark.code, &remark.params)).into_owned();
        line(&mut out, &paint(&format!("! {text}"), Meaning::from(remark.severity()), style));
    }
    for component in &explanation.components {
        one(&mut out, explanation, component, words, style);
    }
    out
}

fn one(out: &mut String, whole: &Explanation, it: &ExplainedComponent, words: &Words, style: &Style) {
    let asset = it.asset.as_deref().map(|asset| asset.asset_id.as_str()).filter(|id| !id.is_empty());
    let path = whole.inputs.get(it.input).map_or("", |input| input.path.as_str());
    let place: Vec<&str> = asset.into_iter().chain([path, &it.component.pointer]).collect();
    let name = phrases::component(&it.component, words);
    heading(out, &layout::clean(&format!("{}  [{}]", name.trim(), place.join(" ").trim())));
    identities(out, it, words);
    candidates(out, it, words, style);
    if !it.merges.is_empty() {
        title(out, &words.t("explain-merges"));
        it.merges.iter().for_each(|merge| line(out, &format!("  {}", rule(merge, words))));
    }
    priorities(out, it, words);
    if !it.not_affected.is_empty() {
        title(out, &words.t("explain-denials"));
        for denied in &it.not_affected {
            for opinion in &denied.opinions {
                let said = phrases::opinion(opinion, words).join(" ");
                line(out, &format!("  {}  {said}", denied.finding.vulnerability.id));
            }
        }
    }
    title(out, &words.t("explain-open"));
    if it.undetermined.is_empty() {
        line(out, &format!("  {}", words.t("explain-open-none")));
    }
    for entry in &it.undetermined {
        let id = entry.vulnerability.as_deref().map_or("", |facts| facts.id.as_str());
        line(out, format!("  {id}  {}", reason(entry.code, &entry.params, words)).trim_end());
    }
}

fn title(out: &mut String, text: &str) {
    out.push('\n');
    line(out, text);
}

fn identities(out: &mut String, it: &ExplainedComponent, words: &Words) {
    title(out, &words.t("explain-identities"));
    if it.identities.is_empty() {
        line(out, &format!("  {}", words.t("explain-no-identity")));
    }
    for identity in &it.identities {
        let method = words.label("method", identity.method.as_str());
        let values = [
            ("written", identity.written.as_str().into()),
            ("looked", identity.looked_up.as_str().into()),
            ("n", identity.statements.into()),
            ("method", method.as_str().into()),
        ];
        line(out, &format!("  {}", words.get("explain-tried", &values)));
        line(out, &format!("    {}", rule(&identity.rule, words)));
    }
    for passed_over in &it.passed_over {
        line(out, &format!("  {}", rule(passed_over, words)));
    }
}

fn candidates(out: &mut String, it: &ExplainedComponent, words: &Words, style: &Style) {
    title(out, &words.get("explain-candidates", &[("n", it.candidates.len().into())]));
    if it.candidates.is_empty() {
        line(out, &format!("  {}", words.t("explain-no-candidate")));
        return;
    }
    let columns = ["col-outcome", "col-vulnerability", "col-statement", "col-rule"].map(|key| words.t(key));
    let mut table = layout::table(&columns, style);
    layout::widen(&mut table, 3, 40);
    for candidate in &it.candidates {
        let outcome = words.label("candidate", candidate.outcome.as_str());
        let rules: Vec<String> = candidate.rules.iter().map(|applied| rule(applied, words)).collect();
        table.add_row(vec![
            colored(outcome, meaning(candidate.outcome)),
            plain(&candidate.vulnerability),
            plain(statement(candidate, words)),
            plain(rules.join("\n")),
        ]);
    }
    put(out, &table);
}

fn meaning(outcome: CandidateOutcome) -> Meaning {
    match outcome {
        CandidateOutcome::Taken => Meaning::Immediate,
        CandidateOutcome::Open => Meaning::Undetermined,
        CandidateOutcome::Denied | CandidateOutcome::Denies => Meaning::Scheduled,
        CandidateOutcome::Dropped => Meaning::Defer,
    }
}

/// Who says what about which product and versions, and where.
fn statement(candidate: &Candidate, words: &Words) -> String {
    let Candidate { source, advisory, identifier, versions, place, .. } = candidate;
    let status = words.label("status", candidate.status.as_str());
    let versions = if versions.is_empty() { String::new() } else { phrases::range(versions, words) };
    let said = format!("{identifier} {versions}");
    format!("{source} {advisory}\n{}\n{status}\n{place}", said.trim_end())
}

/// The defaults are what a person can replace by better knowledge: they are marked.
fn priorities(out: &mut String, it: &ExplainedComponent, words: &Words) {
    let with_path = |finding: &&Finding| !finding.path().is_empty();
    let denied = it.not_affected.iter().map(|denied| &denied.finding);
    let findings: Vec<&Finding> = it.findings.iter().chain(denied).filter(with_path).collect();
    if findings.is_empty() {
        return;
    }
    title(out, &words.t("explain-priorities"));
    for finding in findings {
        let priority = words.label("priority", finding.priority().as_str());
        line(out, &format!("  {}  {priority}", finding.vulnerability.id));
        finding.path().iter().for_each(|path| line(out, &format!("    {}", step(path, words))));
    }
}

fn step(step: &PathStep, words: &Words) -> String {
    let text = words.get(
        "explain-step",
        &[
            ("point", words.label("point", step.point).as_str().into()),
            ("value", words.label(phrases::value_family(step.point), step.value).as_str().into()),
            ("origin", format!("{} {}", words.label("origin", step.origin), step.evidence).trim().into()),
        ],
    );
    if step.defaulted { words.get("explain-default", &[("step", text.as_str().into())]) } else { text }
}

/// A rule, and why something could not be told if that is its point.
fn rule(applied: &Applied, words: &Words) -> String {
    let text = words.rule(applied);
    match &applied.reason {
        Some((code, params)) => {
            let space = if words.lang() == Lang::Ja { "" } else { " " };
            format!("{text}{space}{}", reason(*code, params, words))
        }
        None => text,
    }
}

fn reason(code: Code, params: &Params, words: &Words) -> String {
    words.code(code, params)
}
