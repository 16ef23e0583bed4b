//! `shindan.cvss/1`: one line for each vector.

use std::io::Write;

use serde::Serialize;
use shindan_domain::cvss::{CvssError, Scores};

use super::views::tenths;
use super::write_line;

/// Writes what came of one vector as one line of JSON. A vector without a score has `error`, and nothing else.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_cvss<W: Write>(
    vector: &str,
    scores: &Result<Scores, CvssError>,
    writer: W,
) -> Result<(), serde_json::Error> {
    let found = scores.as_ref().ok();
    let view = CvssLine {
        vector,
        version: found.map(|s| s.version.as_str()),
        score: found.map(|s| tenths(s.score_x10)),
        severity: found.map(|s| s.severity.as_str()),
        base: found.map(|s| tenths(s.base_x10)),
        temporal: found.and_then(|s| s.temporal_x10).map(tenths),
        threat: found.and_then(|s| s.threat_x10).map(tenths),
        environmental: found.and_then(|s| s.environmental_x10).map(tenths),
        error: scores.as_ref().err().map(ToString::to_string),
    };
    write_line(writer, &view)
}

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
