//! What is said about the run as a whole: how it ended, what it covered, what could not be read.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::finding::CheckResult;

use super::Message;
use super::places::PhysicalView;
use crate::coverage::CoverageLine;
use crate::json::{field, raw};
use crate::record;
use crate::words::Words;

/// Writes the one invocation (§3.20).
pub(super) fn write_invocation(
    result: &CheckResult,
    words: &Words,
    exit_code: u8,
    out: &mut impl Write,
) -> Result<(), serde_json::Error> {
    // §3.20.14: what was asked for was done. A part that could not be read, or knowledge that may not be used, is not.
    let successful = exit_code <= 1;
    raw(out, b"{\"executionSuccessful\":")?;
    raw(out, if successful { b"true" } else { b"false" })?;
    field(out, "exitCode", &exit_code)?;
    field(out, "exitCodeDescription", &words.t(exit_key(exit_code)))?;
    raw(out, b",\"toolExecutionNotifications\":[")?;
    let coverage = NoteView {
        descriptor: DescriptorView { id: "coverage" },
        level: "note",
        message: Message { text: CoverageLine::of(result, words).whole(words) },
        locations: Vec::new(),
    };
    serde_json::to_writer(&mut *out, &coverage)?;
    for diagnostic in record::troubles(result) {
        raw(out, b",")?;
        serde_json::to_writer(&mut *out, &NoteView::of(diagnostic, words))?;
    }
    raw(out, b"]}")
}

fn exit_key(exit_code: u8) -> &'static str {
    match exit_code {
        0 => "exit-done",
        1 => "exit-fail-on",
        3 => "exit-unreadable",
        4 => "exit-knowledge",
        _ => "unknown",
    }
}

/// A notification (§3.58).
#[derive(Serialize)]
struct NoteView<'a> {
    descriptor: DescriptorView<'a>,
    level: &'static str,
    message: Message<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<NoteLocation<'a>>,
}

#[derive(Serialize)]
struct DescriptorView<'a> {
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoteLocation<'a> {
    physical_location: PhysicalView<'a>,
}

impl<'a> NoteView<'a> {
    fn of(diagnostic: &'a Diagnostic, words: &Words) -> Self {
        let place = &diagnostic.place;
        let physical = (!place.path.is_empty()).then(|| PhysicalView::of(&place.path, None, place.line));
        NoteView {
            descriptor: DescriptorView { id: diagnostic.code.as_str() },
            level: match diagnostic.severity() {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            message: Message { text: words.code(diagnostic.code, &diagnostic.params) },
            locations: physical
                .into_iter()
                .map(|physical_location| NoteLocation { physical_location })
                .collect(),
        }
    }
}

/// Properties of the run (§3.8): the coverage line and its numbers, the sources, the time the answer holds for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunView<'a> {
    coverage_line: String,
    as_of: String,
    components: usize,
    judged: usize,
    undetermined: usize,
    by_method: &'a BTreeMap<&'static str, usize>,
    sources: Vec<SourceView<'a>>,
}

#[derive(Serialize)]
struct SourceView<'a> {
    name: &'a str,
    newest: Option<String>,
}

impl<'a> RunView<'a> {
    pub fn of(result: &'a CheckResult, words: &Words) -> Self {
        let coverage = &result.coverage;
        let sources = result.knowledge.sources.iter();
        RunView {
            coverage_line: CoverageLine::of(result, words).whole(words),
            as_of: result.as_of.to_string(),
            components: coverage.components,
            judged: coverage.judged,
            undetermined: coverage.undetermined,
            by_method: &coverage.by_method,
            sources: sources
                .map(|source| SourceView {
                    name: &source.name,
                    newest: source.newest.map(|time| time.to_string()),
                })
                .collect(),
        }
    }
}
