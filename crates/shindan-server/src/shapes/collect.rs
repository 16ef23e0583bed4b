//! The forms of answers about sources of vulnerability information.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

/// Sources and whether they are looked at.
#[derive(Debug, ToSchema)]
pub struct SourceStatusShape {
    /// `shindan.source-status/1`
    pub schema: String,
    /// The time for which it holds.
    pub as_of: String,
    /// Each source that has not ended: `id`, `number`, `name`, `title`, `kind`, `state`, `timing`, `interval_hours`, `responsible`,
    /// `last`, `last_good`, `alarms`, `unconfirmed`, `troubles`.
    pub sources: Vec<BTreeMap<String, Value>>,
}

/// A month of looks at sources.
#[derive(Debug, ToSchema)]
pub struct SourceCalendarShape {
    /// `shindan.source-calendar/1`
    pub schema: String,
    /// The time for which it holds.
    pub as_of: String,
    /// The month, `2026-11`.
    pub month: String,
    /// Each source: `id`, `title`, `days` (each `date`, `state`, `new_items`, `checks`).
    pub sources: Vec<BTreeMap<String, Value>>,
}

/// Sources that ship as proposals.
#[derive(Debug, ToSchema)]
pub struct SourceProposalsShape {
    /// `shindan.source-proposals/1`
    pub schema: String,
    /// The pack.
    pub pack: String,
    /// Its version.
    pub version: String,
    /// Each proposal: `name`, `title`, `kind`, `addresses`, `interval_hours`, `reminder_days`, `confirm_days`, `thresholds`,
    /// `licence`, `may_leave_out`, `proposed`, `unchecked`.
    pub sources: Vec<BTreeMap<String, Value>>,
}

/// What looking at sources brought.
#[derive(Debug, ToSchema)]
pub struct SyncShape {
    /// `shindan.sync/1`
    pub schema: String,
    /// Whether the knowledge base was built anew.
    pub knowledge_rebuilt: bool,
    /// Each source that was looked at: `id`, `name`, `check` (number of the record), `outcome`, `alarms`.
    pub sources: Vec<BTreeMap<String, Value>>,
}

/// The record of collection of a month.
#[derive(Debug, ToSchema)]
pub struct CollectionShape {
    /// `shindan.collection/1`
    pub schema: String,
    /// The month, `2026-11`.
    pub month: String,
    /// When it was made, which is the time for which it holds.
    pub made: String,
    /// Which installation.
    pub installation: String,
    /// Entries of the ledger that count.
    pub entries: u64,
    /// Each source: `id`, `number`, `name`, `title`, `kind`, `state`, `interval_hours`, `responsible`, `summary`, `days`.
    pub sources: Vec<BTreeMap<String, Value>>,
    /// Each look: `id`, `number`, `source`, `name`, `started`, `ended`, `by`, `recorded_by`, `reason`, `outcome`, `by_hand`, `records`,
    /// `newest`, `fetches`, `alarms`, `to_be_confirmed`, `confirmed`.
    pub checks: Vec<BTreeMap<String, Value>>,
    /// Each notice: `id`, `number`, `source`, `named`, `title`, `link`, `class`, `published`, `received`, `vulnerabilities`, `state`,
    /// `judgement`.
    pub notices: Vec<BTreeMap<String, Value>>,
}
