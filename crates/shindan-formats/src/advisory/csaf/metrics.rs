//! Scores and decisions: `scores` (2.0) and `metrics` (2.1).
//!
//! Source: CSAF 2.0, section 3.2.3.13; CSAF 2.1, `metrics`: the same inside `content`, with EPSS and SSVC beside CVSS.

use serde_json::Value;
use shindan_domain::advisory::{CvssOpinion, EpssEntry, SsvcPoints};
use shindan_domain::cvss;
use shindan_domain::diagnostic::Code;

use super::tree::Report;
use crate::advisory::dates::{self, DateText};
use crate::advisory::decimal::plain_decimal;
use crate::advisory::walk::{items, tenths, text};
use crate::text::shorten;

/// The versions of CVSS by their keys.
pub(super) const CVSS: [&str; 3] = ["cvss_v4", "cvss_v3", "cvss_v2"];

/// One entry.
pub(super) struct Metric<'a> {
    /// Holds `products`, and in 2.1 `source`.
    pub(super) entry: &'a Value,
    /// Holds the scores.
    pub(super) content: &'a Value,
    /// Place of the entry.
    pub(super) pointer: String,
    /// Place of the content.
    pub(super) inside: String,
}

/// The entries of a vulnerability.
pub(super) fn of<'a>(value: &'a Value, pointer: &str) -> Vec<Metric<'a>> {
    let old = items(value, "scores").enumerate().map(|(index, entry)| {
        let pointer = format!("{pointer}/scores/{index}");
        Metric { entry, content: entry, inside: pointer.clone(), pointer }
    });
    let new = items(value, "metrics").enumerate().filter_map(|(index, entry)| {
        let pointer = format!("{pointer}/metrics/{index}");
        Some(Metric { entry, content: entry.get("content")?, inside: format!("{pointer}/content"), pointer })
    });
    old.chain(new).collect()
}

/// The CVSS vectors, each once.
pub(super) fn vectors(metrics: &[Metric<'_>], report: &mut Report<'_>) -> Vec<CvssOpinion> {
    let mut out: Vec<CvssOpinion> = Vec::new();
    for (metric, key) in metrics.iter().flat_map(|metric| CVSS.map(|key| (metric, key))) {
        let Some(score) = metric.content.get(key) else { continue };
        let pointer = format!("{}/{key}", metric.inside);
        let Some(vector) = text(score, "vectorString") else {
            report.push(
                Code::CvssInvalid,
                &pointer,
                &[("vector", ""), ("reason", "vectorString is missing")],
            );
            continue;
        };
        let plausible = match key {
            "cvss_v4" => vector.starts_with("CVSS:4"),
            "cvss_v3" => vector.starts_with("CVSS:3"),
            _ => vector.starts_with("AV:"),
        };
        let reason = match cvss::score(vector) {
            _ if !plausible => Some("of another version".to_owned()),
            Err(error) => Some(error.to_string()),
            Ok(_) => None,
        };
        if let Some(reason) = reason {
            let pointer = format!("{pointer}/vectorString");
            report.push(Code::CvssInvalid, &pointer, &[("vector", vector), ("reason", &reason)]);
        }
        let opinion = CvssOpinion { vector: vector.to_owned(), printed_x10: tenths(score.get("baseScore")) };
        if !out.contains(&opinion) {
            out.push(opinion);
        }
    }
    out
}

/// The EPSS scores that the document repeats, with their days.
pub(super) fn epss(metrics: &[Metric<'_>], cve: &str, report: &mut Report<'_>) -> Vec<EpssEntry> {
    let mut out: Vec<EpssEntry> = Vec::new();
    for metric in metrics {
        let Some(value) = metric.content.get("epss") else { continue };
        let number = |key: &str| text(value, key).and_then(plain_decimal);
        let Some(score) = number("probability") else {
            let found = value.get("probability").map(Value::to_string).unwrap_or_default();
            let params = [("field", "epss.probability"), ("value", found.as_str()), ("expected", "0 … 1")];
            report.push(Code::FieldTolerated, &format!("{}/epss", metric.inside), &params);
            continue;
        };
        let date = text(value, "timestamp").and_then(|time| time.get(..10)).unwrap_or_default().to_owned();
        let percentile = number("percentile").unwrap_or_default();
        let entry = EpssEntry { cve: cve.to_owned(), score, percentile, date };
        if !out.contains(&entry) {
            out.push(entry);
        }
    }
    out
}

/// The newest SSVC decision. That the vulnerability is exploited (`first_known_exploitation_dates`) is the decision
/// point *exploitation* by another name.
pub(super) fn ssvc(metrics: &[Metric<'_>], value: &Value) -> Option<SsvcPoints> {
    let decisions = metrics.iter().filter_map(|metric| {
        // Final form, and the form of the first drafts.
        let selected = metric.content.get("ssvc_v2").or_else(|| metric.content.get("ssvc_v1"))?;
        points(selected)
    });
    let mut newest = decisions.max_by_key(|points| points.timestamp);
    let known = items(value, "first_known_exploitation_dates");
    if let Some(time) =
        known.filter_map(|entry| time(entry, "date").or(time(entry, "exploitation_date"))).max()
    {
        let points = newest.get_or_insert_default();
        points.exploitation = Some("active".to_owned());
        points.timestamp = points.timestamp.max(Some(time));
    }
    newest
}

fn time(value: &Value, key: &str) -> Option<jiff::Timestamp> {
    match dates::parse(text(value, key)?) {
        DateText::At(time) => Some(time),
        DateText::Absent | DateText::Unreadable => None,
    }
}

/// Source: SSVC, `SelectionList_2_0_0` (keys and values as letters) and `Decision_Point_Value_Selection-1-0-1` (names).
/// Several values of one point mean that it is not decided.
fn points(selected: &Value) -> Option<SsvcPoints> {
    let mut points = SsvcPoints { timestamp: time(selected, "timestamp"), ..SsvcPoints::default() };
    for selection in items(selected, "selections").filter(|one| text(one, "namespace") == Some("ssvc")) {
        let mut values = items(selection, "values");
        let (Some(value), None) = (values.next(), values.next()) else { continue };
        let value = value.as_str().or_else(|| text(value, "key")).or_else(|| text(value, "name"));
        let value = value.unwrap_or_default().to_ascii_lowercase();
        let point = text(selection, "key").or_else(|| text(selection, "name")).unwrap_or_default();
        match point.to_ascii_lowercase().as_str() {
            "e" | "exploitation" => points.exploitation = named(&value, &["none", "public poc", "active"]),
            "a" | "automatable" => points.automatable = named(&value, &["no", "yes"]),
            "ti" | "technical impact" => points.technical_impact = named(&value, &["partial", "total"]),
            _ => {}
        }
    }
    let decided =
        points.exploitation.is_some() || points.automatable.is_some() || points.technical_impact.is_some();
    decided.then_some(points)
}

/// The value that a letter or name stands for, as it is stored.
fn named(value: &str, names: &[&str]) -> Option<String> {
    let found = names.iter().find(|name| **name == value || name.get(..1) == Some(value));
    let found = found.or_else(|| names.iter().find(|name| name.ends_with(value) && value == "poc"));
    found.map(|name| name.strip_prefix("public ").unwrap_or(name).to_owned()).map(|name| shorten(&name, 40))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(points: Option<SsvcPoints>) -> String {
        let Some(points) = points else { return "none".to_owned() };
        let parts = [points.exploitation, points.automatable, points.technical_impact];
        let time = points.timestamp.map(|time| time.to_string()).unwrap_or_default();
        parts.map(|part| part.unwrap_or_else(|| "-".to_owned())).join(" ") + " " + &time
    }

    fn selection(key: &str, values: Value) -> Value {
        json!({"namespace": "ssvc", "key": key, "version": "1.0.0", "values": values})
    }

    #[test]
    fn decisions_in_both_forms() {
        let letters = json!({"timestamp": "2026-05-01T00:00:00Z", "selections": [
            selection("E", json!([{"key": "P"}])), selection("A", json!([{"key": "Y"}])), selection("TI", json!([{"key": "T"}]))]});
        let names = json!({"timestamp": "2026-06-01T00:00:00Z", "selections": [
            {"namespace": "ssvc", "name": "Exploitation", "values": ["Active"]},
            {"namespace": "ssvc", "name": "Automatable", "values": ["Yes", "No"]},
            {"namespace": "x_other", "name": "Technical Impact", "values": ["Total"]}]});
        let value = json!({"metrics": [{"content": {"ssvc_v2": letters}}]});
        assert_eq!(shown(ssvc(&of(&value, ""), &value)), "poc yes total 2026-05-01T00:00:00Z");
        let value = json!({"metrics": [{"content": {"ssvc_v2": letters}}, {"content": {"ssvc_v1": names}}]});
        assert_eq!(shown(ssvc(&of(&value, ""), &value)), "active - - 2026-06-01T00:00:00Z", "the newest");
        assert_eq!(shown(ssvc(&[], &json!({}))), "none");
        let exploited = json!({"first_known_exploitation_dates": [
            {"date": "2026-07-01T00:00:00Z", "exploitation_date": "2026-01-01T00:00:00Z"}]});
        assert_eq!(shown(ssvc(&[], &exploited)), "active - - 2026-07-01T00:00:00Z");
    }

    #[test]
    fn epss_is_repeated_with_its_day() {
        let mut report = Report { path: "f", diagnostics: Vec::new() };
        let value = json!({"metrics": [
            {"content": {"epss": {"probability": "0.00012", "percentile": "0.1", "timestamp": "2026-05-01T12:00:00Z"}}},
            {"content": {"epss": {"probability": "lots"}}}]});
        let found = epss(&of(&value, "/v"), "CVE-2026-0001", &mut report);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].score.as_str(), found[0].date.as_str()), ("0.00012", "2026-05-01"));
        assert_eq!(report.diagnostics[0].place.field.as_deref(), Some("/v/metrics/1/content/epss"));
    }
}
