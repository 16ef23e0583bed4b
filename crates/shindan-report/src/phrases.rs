//! Short phrases that the terminal and the HTML report share.

use shindan_domain::diagnostic::Code;
use shindan_domain::finding::{
    CheckResult, Confidence, Coverage, Finding, InputReport, NotAffected, VexOpinion, VulnerabilityFacts,
};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::Component;
use shindan_domain::priority::PathStep;

use crate::digest::{self, Work};
use crate::words::{Lang, Words};

/// So many differing fixes are named for one piece of work; the rest is counted, and stands in the list of findings.
const NAMED_FIXES: usize = 6;

/// What was found, never "safe".
pub(crate) fn headline(result: &CheckResult, words: &Words) -> String {
    let judged = result.coverage.judged;
    let values = [("judged", judged.into()), ("findings", result.findings.len().into())];
    match (result.findings.is_empty(), judged) {
        (false, _) => words.get("headline-findings", &values),
        (true, 0) => words.t("headline-nothing-judged"),
        (true, _) => words.get("headline-none", &values),
    }
}

/// What is not known, if anything.
pub(crate) fn headline_undetermined(result: &CheckResult, words: &Words) -> Option<String> {
    let entries = result.undetermined.len();
    let components = result.coverage.undetermined;
    let values = [("entries", entries.into()), ("components", components.into())];
    (entries > 0 || components > 0).then(|| words.get("headline-undetermined", &values))
}

/// Said where nothing is undetermined: never of what was not looked at.
pub(crate) fn nothing_undetermined(result: &CheckResult, words: &Words) -> String {
    words.t(match (result.coverage.judged, digest::has_unreadable_input(result)) {
        (0, _) => "headline-nothing-judged",
        (_, true) => "undetermined-none-readable",
        (_, false) => "undetermined-none",
    })
}

/// What somebody who knows the product denies, if anything: it is not among the findings.
pub(crate) fn headline_not_affected(result: &CheckResult, words: &Words) -> Option<String> {
    let denied = result.not_affected.len();
    (denied > 0).then(|| words.get("headline-not-affected", &[("n", denied.into())]))
}

/// Who says that a component is not affected, and why: the first line says who and what, the others why.
pub(crate) fn opinion(opinion: &VexOpinion, words: &Words) -> Vec<String> {
    let status = words.label("status", opinion.status.as_str());
    let who = [
        ("source", opinion.source.as_str().into()),
        ("advisory", opinion.advisory.as_str().into()),
        ("status", status.as_str().into()),
    ];
    let mut lines = vec![words.get("opinion-says", &who)];
    lines.extend(opinion.justification.map(|reason| words.label("justification", reason.as_str())));
    lines.extend(Some(opinion.impact.clone()).filter(|impact| !impact.is_empty()));
    let update = opinion.update.as_deref();
    lines.extend(update.map(|update| words.get("opinion-update", &[("update", update.into())])));
    if lines.len() == 1 {
        lines.push(words.t("opinion-no-reason"));
    }
    lines
}

/// How much of the inventory was judged.
pub(crate) fn coverage(coverage: &Coverage, words: &Words) -> String {
    words.get(
        "coverage-lead",
        &[
            ("components", coverage.components.into()),
            ("judged", coverage.judged.into()),
            ("undetermined", coverage.undetermined.into()),
        ],
    )
}

/// Name and version; a version that is not known is said.
pub(crate) fn component(component: &Component, words: &Words) -> String {
    match digest::version_of(component) {
        Some(version) => format!("{} {version}", component.name),
        None => words.get("without-version", &[("name", (&component.name).into())]),
    }
}

/// The title in the reader's language if there is one.
pub(crate) fn title<'a>(facts: &'a VulnerabilityFacts, words: &Words) -> &'a str {
    match (words.lang(), &facts.title_ja) {
        (Lang::Ja, Some(title)) => title,
        _ => &facts.title,
    }
}

/// CVSS, KEV and EPSS in one line; empty if none is known.
pub(crate) fn scores(facts: &VulnerabilityFacts, words: &Words) -> String {
    let mut parts = Vec::new();
    if facts.kind != FindingKind::Vulnerability {
        parts.push(words.label("kind", facts.kind.as_str()));
    }
    parts.extend(no_support_since(facts, words));
    if let Some(cvss) = &facts.cvss {
        let score = tenths(cvss.score_x10);
        let severity = words.label("cvss", &cvss.severity);
        parts.push(words.get("cvss-score", &[("score", (&score).into()), ("severity", (&severity).into())]));
    }
    if facts.kev.is_some() {
        parts.push(words.t("exploited"));
    }
    if let Some(epss) = &facts.epss {
        parts.push(format!("EPSS {}", epss.score));
    }
    parts.join(" / ")
}

/// A score × 10 with its decimal point.
pub(crate) fn tenths(score: u8) -> String {
    format!("{}.{}", score / 10, score % 10)
}

/// Since when there is no support, if the finding is about that.
pub(crate) fn no_support_since(facts: &VulnerabilityFacts, words: &Words) -> Option<String> {
    let date = facts.support_end.as_deref().filter(|_| facts.kind == FindingKind::EndOfLife)?;
    Some(words.get("no-support-since", &[("date", date.into())]))
}

/// The key of what is said where no fixed version is known.
pub(crate) fn no_fix(facts: &VulnerabilityFacts) -> &'static str {
    if facts.kind == FindingKind::EndOfLife { "fix-support-ended" } else { "fix-unknown" }
}

/// A range as text, `*` in words.
pub(crate) fn range(range: &str, words: &Words) -> String {
    if range == "*" { words.t("range-all") } else { range.to_owned() }
}

/// `確度 高`
pub(crate) fn confidence(confidence: Confidence, words: &Words) -> String {
    words.get("confidence-is", &[("confidence", (&words.label("confidence", confidence.as_str())).into())])
}

/// Things one after the other.
pub(crate) fn list<T: AsRef<str>>(all: &[T], words: &Words) -> String {
    let separator = if words.lang() == Lang::Ja { "、" } else { ", " };
    all.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(separator)
}

/// What stands between two sentences.
pub(crate) fn between_sentences(words: &Words) -> &'static str {
    if words.lang() == Lang::Ja { "" } else { " " }
}

/// The first few, and how many more there are.
pub(crate) fn some_of(all: &[&str], limit: usize, words: &Words) -> String {
    let mut text = list(all.get(..limit).unwrap_or(all), words);
    if all.len() > limit {
        text.push(' ');
        text.push_str(&words.get("and-more", &[("n", (all.len() - limit).into())]));
    }
    text
}

/// What to do about one piece of work, as far as the sources say; one vulnerability a line where their fixes differ.
pub(crate) fn what_to_do(work: &Work<'_>, words: &Words) -> String {
    let is = |kind| work.findings.iter().any(|f| f.vulnerability.kind == kind);
    if let Some(fix) = work.common_fix() {
        return update_to(fix, words);
    }
    let named: Vec<String> = work
        .fixes
        .iter()
        .filter(|(_, versions)| !versions.is_empty())
        .map(|(id, versions)| format!("{id}: {}", versions.join(", ")))
        .collect();
    if named.is_empty() {
        let kinds = [FindingKind::EndOfLife, FindingKind::Unmaintained, FindingKind::Misconfiguration];
        let kind = kinds.into_iter().find(|kind| is(*kind)).unwrap_or_default();
        return words.t(without_fix(kind));
    }
    let mut text = words.t("do-update-all");
    for line in named.iter().take(NAMED_FIXES) {
        text.push('\n');
        text.push_str(line);
    }
    if named.len() > NAMED_FIXES {
        text.push('\n');
        text.push_str(&words.get("and-more", &[("n", (named.len() - NAMED_FIXES).into())]));
    }
    if named.len() < work.fixes.len() {
        text.push('\n');
        text.push_str(&words.t("do-rest-unknown"));
    }
    text
}

/// What to do about one finding, as far as the sources say.
pub(crate) fn action(finding: &Finding, words: &Words) -> String {
    match finding.fixed_versions() {
        [] => words.t(without_fix(finding.vulnerability.kind)),
        versions => update_to(versions, words),
    }
}

fn update_to<T: AsRef<str>>(versions: &[T], words: &Words) -> String {
    let key = if versions.len() == 1 { "do-update-one" } else { "do-update" };
    let versions = versions.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    words.get(key, &[("versions", (&versions).into())])
}

/// The key of what to do where no fixed version is known.
fn without_fix(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::EndOfLife => "do-replace",
        FindingKind::Unmaintained => "do-succeed",
        FindingKind::Misconfiguration | FindingKind::UseDiffers | FindingKind::IntegrityUnchecked => {
            "do-configure"
        }
        FindingKind::Vulnerability | FindingKind::Unsound => "do-ask",
    }
}

/// The family of labels that the values of a decision point have.
pub(crate) fn value_family(point: &str) -> &'static str {
    match point {
        "exploitation" => "value-exploitation",
        "exposure" => "value-exposure",
        "automatable" => "value-automatable",
        "human-impact" => "value-human-impact",
        "finding-kind" => "value-finding-kind",
        _ => "value",
    }
}

/// The way to a priority, in one line.
pub(crate) fn path(steps: &[PathStep], words: &Words) -> String {
    let steps = steps.iter().map(|step| {
        let mut origin = words.label("origin", step.origin);
        if step.evidence.starts_with(&origin) {
            // `EPSS 0.97567` names its origin itself.
            origin.clone_from(&step.evidence);
        } else if !step.evidence.is_empty() {
            origin.push(' ');
            origin.push_str(&step.evidence);
        }
        words.get(
            "path-step",
            &[
                ("point", (&words.label("point", step.point)).into()),
                ("value", (&words.label(value_family(step.point), step.value)).into()),
                ("origin", (&origin).into()),
            ],
        )
    });
    steps.collect::<Vec<_>>().join(" → ")
}

/// What those who know the product call it: not affected, fixed; each once.
pub(crate) fn status_of(stated: &NotAffected, words: &Words) -> String {
    let mut labels: Vec<String> = Vec::new();
    for label in stated.opinions.iter().map(|opinion| words.label("status", opinion.status.as_str())) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    list(&labels, words)
}

/// Who says that a finding does not apply, and why.
pub(crate) fn opinions(stated: &NotAffected, words: &Words) -> String {
    let opinions = stated.opinions.iter().map(|opinion| opinion_text(opinion, words));
    opinions.collect::<Vec<_>>().join("\n")
}

/// Who says what, and why, as far as it is said.
pub(crate) fn opinion_text(opinion: &VexOpinion, words: &Words) -> String {
    let status = words.label("status", opinion.status.as_str());
    let values = [("source", (&opinion.source).into()), ("status", (&status).into())];
    let mut text = words.get("opinion-states", &values);
    let reason = opinion.justification.map(|reason| words.label("justification", reason.as_str()));
    for part in reason.into_iter().chain(Some(opinion.impact.clone()).filter(|impact| !impact.is_empty())) {
        text.push_str(if words.lang() == Lang::Ja { "：" } else { ": " });
        text.push_str(&part);
    }
    text
}

/// The short name of a reason.
pub(crate) fn reason(code: Code, words: &Words) -> String {
    let label = words.label("reason", code.as_str());
    if label == code.as_str() { format!("{} ({code})", words.t("reason-other")) } else { label }
}

/// What to do about all entries with this reason.
pub(crate) fn next_step(code: Code, words: &Words) -> String {
    let label = words.label("next", code.as_str());
    if label == code.as_str() { words.t("next-other") } else { label }
}

/// What an input was recognised as.
pub(crate) fn input_kind(input: &InputReport, words: &Words) -> String {
    match input.kind {
        Some(kind) => words.label("inventory", kind.as_str()),
        None => words.t("input-unreadable"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::words::Lang;

    #[test]
    fn of_what_was_not_read_nothing_is_said_to_be_clear() {
        let words = Words::new(Lang::En);
        let mut result = sample::nothing_found();
        result.undetermined.clear();
        result.inputs = sample::hospital().inputs;
        assert!(digest::has_unreadable_input(&result), "the sample has an input that could not be read");
        let said = nothing_undetermined(&result, &words);
        assert!(said.contains("could not be read nothing is known"), "{said}");
        result.coverage.judged = 0;
        assert_eq!(nothing_undetermined(&result, &words), words.t("headline-nothing-judged"));
        result.coverage.judged = 1;
        result.inputs.retain(|input| !digest::is_unreadable(input));
        assert_eq!(nothing_undetermined(&result, &words), "Nothing was left undetermined.");
    }
}
