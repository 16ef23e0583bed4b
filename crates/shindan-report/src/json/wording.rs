//! `shindan.wording/1`: what an imported text told.

use std::io::Write;

use serde::Serialize;
use shindan_domain::crosswalk::wording::{Unreadable, WordedControl, WordedRequirement, WordingRecord};

use super::write_line;

/// Writes what an imported text told as one line of JSON.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_wording<W: Write>(record: &WordingRecord, writer: W) -> Result<(), serde_json::Error> {
    let wording = &record.wording;
    let view = WordingView {
        schema: "shindan.wording/1",
        source: SourceView {
            path: &record.path,
            sha256: &record.sha256,
            imported_at: record.imported_at.to_string(),
        },
        controls: wording.controls.iter().map(ControlView::from).collect(),
        requirements: wording.requirements.iter().map(RequirementView::from).collect(),
        unreadable: wording.unreadable.iter().map(UnreadableView::from).collect(),
        unknown: wording.unknown.iter().map(|u| UnknownView { no: &u.number, line: u.line }).collect(),
    };
    write_line(writer, &view)
}

#[derive(Serialize)]
struct WordingView<'a> {
    schema: &'static str,
    source: SourceView<'a>,
    controls: Vec<ControlView<'a>>,
    requirements: Vec<RequirementView<'a>>,
    unreadable: Vec<UnreadableView<'a>>,
    unknown: Vec<UnknownView<'a>>,
}

#[derive(Serialize)]
struct SourceView<'a> {
    path: &'a str,
    sha256: &'a str,
    imported_at: String,
}

#[derive(Serialize)]
struct ControlView<'a> {
    no: &'a str,
    catalog: &'a str,
    text: Option<&'a str>,
    certainty: &'static str,
    variants: &'a [String],
    risk: Option<&'a str>,
    lines: &'a [u32],
}

impl<'a> From<&'a WordedControl> for ControlView<'a> {
    fn from(control: &'a WordedControl) -> Self {
        ControlView {
            no: &control.number,
            catalog: &control.catalog,
            text: control.text.as_deref(),
            certainty: control.certainty.as_str(),
            variants: &control.variants,
            risk: control.risk.as_deref(),
            lines: &control.lines,
        }
    }
}

#[derive(Serialize)]
struct RequirementView<'a> {
    volume: &'a str,
    chapter: &'a str,
    title: Option<&'a str>,
    catalog: &'a str,
    text: Option<&'a str>,
    certainty: &'static str,
    variants: &'a [String],
    lines: &'a [u32],
}

impl<'a> From<&'a WordedRequirement> for RequirementView<'a> {
    fn from(requirement: &'a WordedRequirement) -> Self {
        RequirementView {
            volume: &requirement.volume,
            chapter: &requirement.chapter,
            title: requirement.title.as_deref(),
            catalog: &requirement.catalog,
            text: requirement.text.as_deref(),
            certainty: requirement.certainty.as_str(),
            variants: &requirement.variants,
            lines: &requirement.lines,
        }
    }
}

#[derive(Serialize)]
struct UnreadableView<'a> {
    part: &'static str,
    no: Option<&'a str>,
    text: &'a str,
    lines: &'a [u32],
}

impl<'a> From<&'a Unreadable> for UnreadableView<'a> {
    fn from(unreadable: &'a Unreadable) -> Self {
        UnreadableView {
            part: unreadable.part.as_str(),
            no: unreadable.number.as_deref(),
            text: &unreadable.text,
            lines: &unreadable.lines,
        }
    }
}

#[derive(Serialize)]
struct UnknownView<'a> {
    no: &'a str,
    line: u32,
}
