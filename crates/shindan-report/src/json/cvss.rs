//! One line of `shindan cvss`.

use std::io::Write;

use serde::Serialize;
use shindan_domain::cvss::{CvssError, Scores};

use super::views::tenths;
use super::write_line;

#[derive(Serialize)]
struct CvssLine<'a> {
    vector: &'a str,
    version: Option<&'static str>,
    score: Option<f64>,
    severity: Option<&'static str>,
    base: Option<f64>,
    temporal: Option<f64>,
    threat: Option<f64>,
    environmental: Option<f64>,
    error: Option<String>,
}

/// Writes the scores of a vector, or why it has none, as one line of JSON.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_cvss<W: Write>(
    vector: &str,
    scores: &Result<Scores, CvssError>,
    writer: W,
) -> Result<(), serde_json::Error> {
    let known = scores.as_ref().ok();
    let line = CvssLine {
        vector,
        version: known.map(|s| s.version.as_str()),
        score: known.map(|s| tenths(s.score_x10)),
        severity: known.map(|s| s.severity.as_str()),
        base: known.map(|s| tenths(s.base_x10)),
        temporal: known.and_then(|s| s.temporal_x10).map(tenths),
        threat: known.and_then(|s| s.threat_x10).map(tenths),
        environmental: known.and_then(|s| s.environmental_x10).map(tenths),
        error: scores.as_ref().err().map(ToString::to_string),
    };
    write_line(writer, &line)
}
