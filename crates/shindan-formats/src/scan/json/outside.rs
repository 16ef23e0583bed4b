//! The report of this program's own outside check, as it is kept: `shindan.outside-check/1`. What is written here is read here, so
//! that what is known of findings can be derived again from what is kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shindan_domain::assessment::{Completion, LeftOut, ScanFormat, ScanReport, ScanResult, Tool};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::json;
use crate::limits::Limits;

/// The `schema` of the file.
const SCHEMA: &str = "shindan.outside-check/1";

/// The kind of tool under which its findings are recognised again.
const TOOL_KEY: &str = "shindan-outside";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    schema: String,
    tool: Tool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<Timestamp>,
    completion: Completion,
    touched: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rules: Option<BTreeSet<String>>,
    results: Vec<ScanResult>,
    #[serde(default)]
    left_out: BTreeMap<LeftOut, u64>,
    /// What could not be checked, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<Diagnostic>,
}

/// Writes the report of an outside check.
///
/// # Errors
/// Those of JSON, which are defects.
pub fn write_outside(report: &ScanReport) -> Result<Vec<u8>, serde_json::Error> {
    let kept = Kept {
        schema: SCHEMA.to_owned(),
        tool: report.tool.clone(),
        started: report.started,
        ended: report.ended,
        completion: report.completion,
        touched: report.touched.clone(),
        rules: report.rules.clone(),
        results: report.results.clone(),
        left_out: report.left_out.clone(),
        diagnostics: report.diagnostics.clone(),
    };
    serde_json::to_vec_pretty(&kept)
}

/// True if the text is such a file.
pub(super) fn is(text: &str) -> bool {
    let head: String = text.chars().take(200).collect();
    head.contains(SCHEMA)
}

/// Reads it.
///
/// # Errors
/// Those of JSON; `format-unsupported` for another edition.
pub(super) fn read(text: &str, path: &str, limits: &Limits) -> Result<ScanReport, Diagnostic> {
    let kept: Kept = json::parse(text, path, limits)?;
    if kept.schema != SCHEMA {
        let refused = Diagnostic::new(Code::FormatUnsupported, Place::file(path));
        return Err(refused.with("format", ScanFormat::Outside).with("version", kept.schema));
    }
    // Under no other key: a file that calls itself ours must not speak for another tool.
    let mut report = ScanReport::new(ScanFormat::Outside, &kept.tool.name, TOOL_KEY);
    report.tool.version = kept.tool.version;
    report.started = kept.started;
    report.ended = kept.ended;
    report.completion = kept.completion;
    report.touched = kept.touched;
    report.rules = kept.rules;
    report.results = kept.results;
    report.left_out = kept.left_out;
    report.diagnostics = kept.diagnostics;
    Ok(report)
}

#[cfg(test)]
mod tests {
    use shindan_domain::assessment::ScanPlace;
    use shindan_domain::identifier::FindingKind;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut report = ScanReport::new(ScanFormat::Outside, "shindan", "shindan-outside");
        report.tool.version = Some("0.1.0".into());
        report.completion = Completion::Finished;
        report.touched.extend(["https://test.example/".to_owned(), "test.example".to_owned()]);
        report.rules = Some(BTreeSet::from(["outside/tls-1.0".to_owned()]));
        report.leave_out(LeftOut::Passed);
        let place = ScanPlace { host: Some("test.example".into()), port: Some(443), ..ScanPlace::default() };
        report.results.push(ScanResult::new(
            "outside/tls-1.0",
            "TLS 1.0",
            FindingKind::Misconfiguration,
            place,
        ));
        let bytes = write_outside(&report).unwrap();
        let read = crate::scan::read(&bytes, "x", None, &Limits::DEFAULT).unwrap();
        assert_eq!(read, [report]);
        let other = String::from_utf8(bytes).unwrap().replace("check/1", "check/2");
        assert!(crate::scan::read(other.as_bytes(), "x", None, &Limits::DEFAULT).is_err());
    }
}
