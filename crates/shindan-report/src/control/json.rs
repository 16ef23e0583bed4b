//! Schema `shindan.control/1`.

use std::io::Write;

use serde_json::{Error, Value, json};
use shindan_domain::control::{Statement, Verdict};

use super::{ControlLine, ControlReport};
use crate::json::write_line;
use crate::records::reason_json;

/// Writes the status of every control.
///
/// # Errors
/// What writing reports.
pub fn write_control<W: Write>(writer: W, report: &ControlReport) -> Result<(), Error> {
    let count = |verdict: Verdict| report.lines.iter().filter(|line| line.status.verdict == verdict).count();
    let summary: serde_json::Map<String, Value> =
        Verdict::ALL.iter().map(|verdict| (verdict.as_str().to_owned(), json!(count(*verdict)))).collect();
    write_line(
        writer,
        &json!({
            "schema": "shindan.control/1",
            "as_of": report.as_of,
            "until": report.until,
            "made": report.made,
            "installation": report.installation,
            "entries": report.entries,
            "summary": summary,
            "controls": report.lines.iter().map(control).collect::<Vec<_>>(),
        }),
    )
}

fn control(line: &ControlLine) -> Value {
    let status = &line.status;
    let statements = |all: &[Statement]| all.iter().map(statement).collect::<Vec<_>>();
    json!({
        "id": status.control,
        "number": line.number,
        "text": line.text.as_ref().map(|text| json!({"ja": text.ja, "en": text.en})),
        "verdict": status.verdict,
        "gaps": statements(&status.gaps),
        "undetermined": statements(&status.undetermined),
        "shown": statements(&status.shown),
    })
}

fn statement(statement: &Statement) -> Value {
    let records = statement
        .records
        .iter()
        .map(|record| json!({"kind": record.stream.kind, "id": record.stream.id, "number": record.number}));
    json!({"reason": reason_json(&statement.reason), "records": records.collect::<Vec<_>>()})
}
