//! 脆弱性診断: findings and plans as lists, and 診断実施報告 for print, in a full form and in a short one to hand out (SPEC.md
//! section 4, ③-1 to ③-3).
//!
//! Nothing here says "safe": what was not looked at is told beside what was found.

mod blocks;
mod checks;
mod findings;
mod full;
mod json;
mod paper;
mod plan_list;
mod report;
mod runs;
mod scanners;
mod short;
mod summary;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::assessment::{Assessment, AssessmentPlan, CheckPack, FindingRow, SeverityTable};
use shindan_domain::ledger::Checkpoint;
use shindan_domain::record_id::{AssessmentId, AssessmentPlanId};

pub use checks::{checks, write_checks};
pub use findings::{finding, finding_holds, findings, write_findings};
pub use json::{write_assessment_report, write_plans};
pub use paper::assessment_paper;
pub use plan_list::plans_table;
pub use report::{Form, assessment_html, assessment_table};
pub use scanners::{ScannerLine, scanners, write_scanners};

use crate::records::Names;

/// One plan of a list.
#[derive(Debug, Clone, Copy)]
pub struct PlanLine<'a> {
    /// The plan.
    pub id: AssessmentPlanId,
    /// Its display number.
    pub number: &'a str,
    /// As it stands.
    pub plan: &'a AssessmentPlan,
}

/// What was assessed of one system or service, and what came of it.
#[derive(Debug, Clone)]
pub struct AssessmentReport<'a> {
    /// What the system or service is called.
    pub service: &'a str,
    /// The day in Japan for which it holds.
    pub as_of: Date,
    /// When it was made.
    pub made: Timestamp,
    /// Its plans.
    pub plans: Vec<PlanPart<'a>>,
    /// The list of checks, for their titles.
    pub checks: &'a CheckPack,
    /// By what findings were rated.
    pub severities: &'a SeverityTable,
    /// How far the ledger had come.
    pub checkpoint: Option<&'a Checkpoint>,
    /// Names of people and records; a person whose name was erased has none.
    pub names: &'a Names,
}

/// One plan of a report.
#[derive(Debug, Clone)]
pub struct PlanPart<'a> {
    /// The plan.
    pub id: AssessmentPlanId,
    /// Its display number.
    pub number: &'a str,
    /// As it stands.
    pub plan: &'a AssessmentPlan,
    /// Its runs, oldest first, those that were given up included.
    pub runs: Vec<RunPart<'a>>,
    /// All of its findings, the most urgent first.
    pub rows: &'a [FindingRow<'a>],
}

/// One run of a report.
#[derive(Debug, Clone, Copy)]
pub struct RunPart<'a> {
    /// The run.
    pub id: AssessmentId,
    /// Its display number.
    pub number: &'a str,
    /// As it stands.
    pub run: &'a Assessment,
    /// What its environment is called.
    pub environment: Option<&'a str>,
}
