//! The forms of answers about security assessments.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

/// Checks that are specific to kinds of applications.
#[derive(Debug, ToSchema)]
pub struct AssessmentChecksShape {
    /// `shindan.assessment-checks/1`
    pub schema: String,
    /// The pack.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Each check: `key`, `kinds`, `title`, `text` (each `ja` and `en`), `ways`, `references`.
    pub checks: Vec<BTreeMap<String, Value>>,
}

/// A deliverable that was never assessed.
#[derive(Debug, ToSchema)]
pub struct NeverAssessedShape {
    /// What was delivered.
    pub deliverable: String,
    /// By which way it is due.
    pub way: String,
}

/// A plan of assessments on a day.
#[derive(Debug, ToSchema)]
pub struct PlanTimedShape {
    /// Which.
    pub id: String,
    /// Its display number.
    #[schema(required = true)]
    pub number: Option<String>,
    /// What is assessed.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// `in-time`, `due` or `overdue`.
    pub timing: String,
    /// Until when the next assessment is due, a day in Japan.
    pub due: String,
    /// The release that asks for one.
    #[schema(required = true)]
    pub release: Option<String>,
    /// Id of who sees to it.
    pub responsible: String,
    /// How many deliverables are known; 0: it is not known what has to be assessed.
    pub deliverables: u64,
    /// Deliverables that were never assessed by the way that is due.
    pub never_assessed: Vec<NeverAssessedShape>,
}

/// Which assessments are in time, due or overdue.
#[derive(Debug, ToSchema)]
pub struct AssessmentTimingShape {
    /// `shindan.assessment-timing/1`
    pub schema: String,
    /// The day in Japan.
    pub as_of: String,
    /// How many plans count. 0: nothing is planned, which is no sign that nothing is due.
    pub counting: u64,
    /// Those that were asked for, the first due first.
    pub plans: Vec<PlanTimedShape>,
}

/// Findings of a plan.
#[derive(Debug, ToSchema)]
pub struct FindingsShape {
    /// `shindan.findings/1`
    pub schema: String,
    /// What the plan is called.
    pub plan: String,
    /// False: no report was read yet, and nothing is known.
    pub reports_read: bool,
    /// How many findings are known, also those that are gone.
    pub all: u64,
    /// About how many of them something has to be decided.
    pub open: u64,
    /// How many of them were asked for, on all pages.
    pub fitting: u64,
    /// A page of them, the most urgent first: `finding` (its identity), `level`, `rated_by`, `priority`, `presence`, `open`, `decided`,
    /// `decision`, `same_as`, `tool`, `rule`, `titles` (`ja` and `en`; those of scanners in the language of the scanner), `place`, `result`,
    /// `first`, `last`, `gone`.
    pub findings: Vec<BTreeMap<String, Value>>,
    /// The cursor of the next page; `null` after the last.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// What is told about a file that was read.
#[derive(Debug, ToSchema)]
pub struct DiagnosticShape {
    /// Stable.
    pub code: String,
    /// `error`: a part could not be read. `warning`: read with a tolerance. `note`: worth knowing.
    pub severity: String,
    /// Particulars.
    pub params: BTreeMap<String, String>,
    /// The name of the file.
    pub file: String,
    /// Entry inside an archive.
    #[schema(required = true)]
    pub member: Option<String>,
    /// Line, counted from 1.
    #[schema(required = true)]
    pub line: Option<u64>,
    /// Column, counted from 1, in characters.
    #[schema(required = true)]
    pub column: Option<u64>,
    /// JSON pointer, XML path or column name.
    #[schema(required = true)]
    pub field: Option<String>,
}
