//! What a command answered besides having been done: things that are shown once, verdicts, and what became of many records.

use serde_json::Value;
use shindan_domain::exchange::{CheckMade, SealedCheck};
use shindan_report::words::{self, Words};

use crate::frame::Link;

/// What is shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    /// A text that is shown once, or that somebody else needs: its name, the text, what to do with it.
    pub texts: Vec<(String, String, String)>,
    /// Whether a patch is genuine: the words, their tone, and what to do. It must not look like any other fact.
    pub verdict: Option<(String, &'static str, String)>,
    /// Short facts.
    pub facts: Vec<(String, String)>,
    /// Lists: title, lines.
    pub lists: Vec<(String, Vec<Line>)>,
    /// A file that was made.
    pub file: Option<Link>,
    /// Nothing was done: the same form had been sent before.
    pub repeated: bool,
}

/// A line of a list.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub text: String,
    pub address: Option<String>,
    pub why: String,
}

impl Given {
    fn is_empty(&self) -> bool {
        self.texts.is_empty()
            && self.verdict.is_none()
            && self.facts.is_empty()
            && self.lists.is_empty()
            && self.file.is_none()
    }
}

/// Texts that are shown once or handed on.
const TEXTS: [&str; 4] = ["token", "receipt", "card", "read_aloud"];
/// Short facts, as they are.
const FACTS: [&str; 4] = ["number", "fingerprint", "party", "installation"];
/// Numbers of a comparison.
const SUMMARY: [&str; 10] = [
    "components",
    "findings",
    "opened",
    "reopened",
    "changed",
    "unchanged",
    "gone",
    "deferred",
    "undetermined",
    "unreadable",
];

/// What of an answer has to be shown; `None`: that it was done says everything.
pub(crate) fn given(answer: &Value, w: &Words) -> Option<Given> {
    let label = |name: &str| w.t(&format!("given-{}", name.replace('_', "-")));
    let mut given = Given { repeated: answer["repeated"] == true, ..Given::default() };
    for name in TEXTS {
        if let Some(text) = answer[name].as_str() {
            given.texts.push((
                label(name),
                text.to_owned(),
                w.t(&format!("given-{}-hint", name.replace('_', "-"))),
            ));
        }
    }
    // A record says the rest itself.
    let of_record = answer["record"].is_object();
    for name in FACTS.into_iter().filter(|name| !of_record || *name == "number") {
        match &answer[name] {
            Value::String(text) => given.facts.push((label(name), text.clone())),
            Value::Number(number) => given.facts.push((label(name), number.to_string())),
            _ => {}
        }
    }
    if let Some(verdict) = answer["verdict"].as_str() {
        let tone = match verdict {
            "genuine" => "proven",
            "tampered" => "immediate",
            _ => "undetermined",
        };
        let advice = w.known(&format!("verify-advice-{verdict}")).unwrap_or_default();
        given.verdict = Some((w.t(&format!("verify-outcome-{verdict}")), tone, advice));
    }
    if let Some(hash) = answer["sealed"].as_str() {
        given.file = Some(Link::new(w.t("given-sealed"), format!("/documents/{hash}")));
    }
    diagnostics(answer, w, &mut given);
    sealed(answer, w, &mut given);
    many(answer, w, &mut given);
    (!given.is_empty()).then_some(given)
}

fn diagnostics(answer: &Value, w: &Words, given: &mut Given) {
    let Some(found) = answer["diagnostics"].as_array().filter(|found| !found.is_empty()) else { return };
    let line = |one: &Value| {
        let params = one["params"].as_object().into_iter().flatten();
        let params: Vec<(&str, words::Value<'_>)> =
            params.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?.into()))).collect();
        let text = w.get(&format!("code-{}", text_of(one, &["code"])), &params);
        let place = ["file", "member", "field"].map(|name| text_of(one, &[name]));
        let place = place.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" / ");
        let why = one["line"].as_u64().map_or_else(|| place.clone(), |line| format!("{place}:{line}"));
        Line { text, address: None, why }
    };
    given.lists.push((w.t("given-diagnostics"), found.iter().map(line).collect()));
}

/// What looking at a sealed file found.
fn sealed(answer: &Value, w: &Words, given: &mut Given) {
    let Some(accepted) = answer["accepted"].as_bool() else { return };
    given.facts.push((w.t("given-accepted"), w.t(if accepted { "given-yes" } else { "given-no" })));
    if let Some(reason) = coded(&answer["reason"], w) {
        given.facts.push((w.t("given-reason"), reason));
    }
    let checks = answer["checks"].as_object().into_iter().flatten();
    let line = |(name, result): (&String, &Value)| Line {
        text: w.t(&format!("term-{}-{name}", SealedCheck::SET)),
        address: None,
        why: w.t(&format!("term-{}-{}", CheckMade::SET, result.as_str().unwrap_or_default())),
    };
    given.lists.push((w.t("given-checks"), checks.map(line).collect()));
}

/// What became of several records.
fn many(answer: &Value, w: &Words, given: &mut Given) {
    for name in ["decided", "refused", "ended", "sources"] {
        let Some(all) = answer[name].as_array() else { continue };
        given.facts.push((w.t(&format!("given-{name}")), all.len().to_string()));
        if !all.is_empty() {
            given.lists.push((w.t(&format!("given-{name}")), all.iter().map(|one| line(one, w)).collect()));
        }
    }
    let report = &answer["report"];
    for name in SUMMARY {
        if let Some(number) = report["summary"][name].as_u64() {
            given.facts.push((w.t(&format!("given-{name}")), number.to_string()));
        }
    }
    if let Some(cases) = report["cases"].as_array().filter(|cases| !cases.is_empty()) {
        given.lists.push((w.t("given-cases"), cases.iter().map(|one| case(one, w)).collect()));
    }
    if let Some(rebuilt) = answer["knowledge_rebuilt"].as_bool() {
        given
            .facts
            .push((w.t("given-knowledge-rebuilt"), w.t(if rebuilt { "given-yes" } else { "given-no" })));
    }
}

fn text_of(value: &Value, names: &[&str]) -> String {
    names
        .iter()
        .find_map(|name| value[*name].as_str().filter(|text| !text.is_empty()))
        .unwrap_or_default()
        .to_owned()
}

fn line(one: &Value, w: &Words) -> Line {
    let record = if one["record"].is_object() { &one["record"] } else { one };
    let address =
        record["kind"].as_str().zip(record["id"].as_str()).map(|(kind, id)| format!("/records/{kind}/{id}"));
    let why = match one["outcome"].as_str() {
        Some(outcome) => {
            w.known(&format!("term-check-result-{outcome}")).unwrap_or_else(|| outcome.to_owned())
        }
        None => coded(&one["reason"], w).unwrap_or_default(),
    };
    let address =
        address.or_else(|| one["check"].as_str().map(|check| format!("/records/source-check/{check}")));
    Line { text: text_of(record, &["number", "name", "id"]), address, why }
}

fn case(one: &Value, w: &Words) -> Line {
    let id = text_of(one, &["id"]);
    let address = (!id.is_empty()).then(|| format!("/records/case/{id}"));
    let text = format!("{} {}", text_of(one, &["number"]), text_of(one, &["title"]));
    let why = w.known(&format!("term-case-state-{}", text_of(one, &["state"]))).unwrap_or_default();
    Line { text: text.trim().to_owned(), address, why }
}

/// A reason in words.
fn coded(reason: &Value, w: &Words) -> Option<String> {
    let reason = serde_json::from_value(reason.clone()).ok()?;
    Some(w.reason(&reason))
}
