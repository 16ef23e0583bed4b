//! Where a result is: the inventory with its line, the element inside it, and the asset.

use std::borrow::Cow;
use std::io::Write;

use serde::Serialize;
use shindan_domain::finding::{CheckResult, InputReport};
use shindan_domain::inventory::{Asset, Component};

use super::Message;
use crate::json::raw;
use crate::words::Words;
use crate::{digest, links, phrases};

/// Writes the inventories as artifacts (§3.24).
pub(super) fn write_artifacts(
    result: &CheckResult,
    words: &Words,
    out: &mut impl Write,
) -> Result<(), serde_json::Error> {
    for (index, input) in result.inputs.iter().enumerate() {
        if index > 0 {
            raw(out, b",")?;
        }
        serde_json::to_writer(&mut *out, &ArtifactView::of(input, words))?;
    }
    Ok(())
}

#[derive(Serialize)]
struct ArtifactView<'a> {
    location: ArtifactLocation<'a>,
    roles: [&'static str; 1],
    description: Message<String>,
}

impl<'a> ArtifactView<'a> {
    fn of(input: &'a InputReport, words: &Words) -> Self {
        let kind = phrases::input_kind(input, words);
        let text = match input.subject.as_deref().filter(|subject| !subject.trim().is_empty()) {
            Some(subject) => format!("{kind}: {subject}"),
            None => kind,
        };
        ArtifactView {
            location: ArtifactLocation { uri: links::reference_to(&input.path), index: None },
            roles: ["analysisTarget"],
            description: Message { text },
        }
    }
}

/// §3.4
#[derive(Serialize)]
struct ArtifactLocation<'a> {
    uri: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
}

/// §3.29
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalView<'a> {
    artifact_location: ArtifactLocation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

/// §3.30; lines count from 1.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
}

impl<'a> PhysicalView<'a> {
    /// A file of the answer, with its number among the artifacts and the line, where they are known.
    pub fn of(path: &'a str, index: Option<usize>, line: Option<u64>) -> Self {
        PhysicalView {
            artifact_location: ArtifactLocation { uri: links::reference_to(path), index },
            region: line.filter(|line| *line > 0).map(|start_line| Region { start_line }),
        }
    }
}

/// §3.28
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LocationView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<PhysicalView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalView<'a>>,
}

/// §3.33; a kind that the specification does not list is one of this tool.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fully_qualified_name: Option<&'a str>,
    kind: &'static str,
}

impl<'a> LocationView<'a> {
    /// Where a component stands: the line of its inventory, or the element, and the asset it is on.
    pub fn of(
        result: &'a CheckResult,
        input: usize,
        component: &'a Component,
        asset: Option<&'a Asset>,
    ) -> Self {
        let path = digest::path_of(result, input);
        let line = line_of(&component.pointer);
        let element = (line.is_none() && !component.pointer.is_empty()).then_some(component.pointer.as_str());
        let mut logical_locations = Vec::with_capacity(2);
        if let Some(element) = element {
            let name = Some(component.name.as_str()).filter(|name| !name.is_empty());
            logical_locations.push(LogicalView { name, fully_qualified_name: Some(element), kind: "object" });
        }
        if let Some(id) = asset.map(|asset| asset.asset_id.as_str()).filter(|id| !id.is_empty()) {
            logical_locations.push(LogicalView { name: Some(id), fully_qualified_name: None, kind: "asset" });
        }
        LocationView {
            physical_location: (!path.is_empty()).then(|| PhysicalView::of(path, Some(input), line)),
            logical_locations,
        }
    }

    /// True if nothing is known about the place.
    pub fn is_nowhere(&self) -> bool {
        self.physical_location.is_none() && self.logical_locations.is_empty()
    }
}

/// `line 12` as a number.
fn line_of(pointer: &str) -> Option<u64> {
    pointer.strip_prefix("line ")?.parse().ok()
}
