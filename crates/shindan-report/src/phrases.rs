//! Short phrases that the terminal and the HTML report share.

use shindan_domain::diagnostic::Code;
use shindan_domain::finding::{CheckResult, Confidence, Coverage, InputReport, VulnerabilityFacts};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::Component;

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
    if let Some(cvss) = &facts.cvss {
        let score = format!("{}.{}", cvss.score_x10 / 10, cvss.score_x10 % 10);
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
        let key = if fix.len() == 1 { "do-update-one" } else { "do-update" };
        return words.get(key, &[("versions", (&fix.join(", ")).into())]);
    }
    let named: Vec<String> = work
        .fixes
        .iter()
        .filter(|(_, versions)| !versions.is_empty())
        .map(|(id, versions)| format!("{id}: {}", versions.join(", ")))
        .collect();
    if named.is_empty() {
        let key = if is(FindingKind::EndOfLife) {
            "do-replace"
        } else if is(FindingKind::Unmaintained) {
            "do-succeed"
        } else if is(FindingKind::Misconfiguration) {
            "do-configure"
        } else {
            "do-ask"
        };
        return words.t(key);
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
