//! `shindan.kb-status/1`, and the knowledge part of a check.

use std::collections::BTreeMap;
use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;
use shindan_domain::knowledge::{KnowledgeSummary, SourceSummary};

use super::views::{DiagnosticView, time};
use super::write_line;

/// Writes what the knowledge base says about itself, as one line of JSON.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_kb_status<W: Write>(knowledge: &KnowledgeSummary, writer: W) -> Result<(), serde_json::Error> {
    let view = StatusView {
        schema: "shindan.kb-status/1",
        generation: knowledge.generation,
        built_at: knowledge.built_at,
        newest: knowledge.newest,
        documents: knowledge.documents,
        advisories: knowledge.advisories,
        vulnerabilities: knowledge.vulnerabilities,
        rejected: knowledge.rejected,
        sources: knowledge.sources.iter().map(SourceStatusView::from).collect(),
    };
    write_line(writer, &view)
}

#[derive(Serialize)]
struct StatusView<'a> {
    schema: &'static str,
    generation: u64,
    #[serde(serialize_with = "time")]
    built_at: Option<Timestamp>,
    #[serde(serialize_with = "time")]
    newest: Option<Timestamp>,
    documents: u64,
    advisories: u64,
    vulnerabilities: u64,
    rejected: u64,
    sources: Vec<SourceStatusView<'a>>,
}

#[derive(Serialize)]
struct SourceStatusView<'a> {
    #[serde(flatten)]
    source: SourceView<'a>,
    rejections: Vec<DiagnosticView<'a>>,
    warnings: &'a BTreeMap<String, u64>,
}

impl<'a> From<&'a SourceSummary> for SourceStatusView<'a> {
    fn from(source: &'a SourceSummary) -> Self {
        SourceStatusView {
            source: SourceView::from(source),
            rejections: source.rejections.iter().map(DiagnosticView::from).collect(),
            warnings: &source.warnings,
        }
    }
}

/// The knowledge part of a check: what it rests on, without the particulars of rejected documents.
#[derive(Serialize)]
pub(super) struct KnowledgeView<'a> {
    generation: u64,
    #[serde(serialize_with = "time")]
    built_at: Option<Timestamp>,
    #[serde(serialize_with = "time")]
    newest: Option<Timestamp>,
    documents: u64,
    advisories: u64,
    vulnerabilities: u64,
    rejected: u64,
    sources: Vec<SourceView<'a>>,
}

impl<'a> From<&'a KnowledgeSummary> for KnowledgeView<'a> {
    fn from(knowledge: &'a KnowledgeSummary) -> Self {
        KnowledgeView {
            generation: knowledge.generation,
            built_at: knowledge.built_at,
            newest: knowledge.newest,
            documents: knowledge.documents,
            advisories: knowledge.advisories,
            vulnerabilities: knowledge.vulnerabilities,
            rejected: knowledge.rejected,
            sources: knowledge.sources.iter().map(SourceView::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct SourceView<'a> {
    name: &'a str,
    formats: &'a [String],
    documents: u64,
    advisories: u64,
    rejected: u64,
    #[serde(serialize_with = "time")]
    newest: Option<Timestamp>,
}

impl<'a> From<&'a SourceSummary> for SourceView<'a> {
    fn from(source: &'a SourceSummary) -> Self {
        SourceView {
            name: &source.name,
            formats: &source.formats,
            documents: source.documents,
            advisories: source.advisories,
            rejected: source.rejected,
            newest: source.newest,
        }
    }
}
