//! What the knowledge base says about itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;

/// The knowledge base as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KnowledgeSummary {
    /// Number of the generation, from 1.
    pub generation: u64,
    /// When it was built.
    pub built_at: Option<Timestamp>,
    /// Date of the newest document: the greatest published, modified or score date in it.
    pub newest: Option<Timestamp>,
    /// Documents read.
    pub documents: u64,
    /// Advisories kept.
    pub advisories: u64,
    /// Vulnerabilities after merging aliases.
    pub vulnerabilities: u64,
    /// Documents or records rejected.
    pub rejected: u64,
    /// Per source, sorted by name.
    pub sources: Vec<SourceSummary>,
}

/// One source within the knowledge base.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceSummary {
    /// `RustSec`, `CISA`, `JVN iPedia`, `CISA KEV`, `FIRST EPSS`, or `unknown` for unreadable documents.
    pub name: String,
    /// Formats seen (`osv`, `csaf` …), sorted.
    pub formats: Vec<String>,
    /// Documents read.
    pub documents: u64,
    /// Advisories (or rows, for KEV and EPSS) kept.
    pub advisories: u64,
    /// Documents or records rejected.
    pub rejected: u64,
    /// Why, at most 100 of them; `rejected` counts all.
    pub rejections: Vec<Diagnostic>,
    /// Warnings counted by code.
    pub warnings: std::collections::BTreeMap<String, u64>,
    /// Greatest date in it.
    pub newest: Option<Timestamp>,
}
