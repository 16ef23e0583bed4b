//! 脆弱性診断: security assessments of applications and services (SPEC.md section 4, ③-1 to ③-3).
//!
//! ```text
//! plan ─► run ─► reports ─► standing (all findings, derived) ─► decision about each ─► case ─► re-test
//!  what, how often   where, whether it may be      what is there, gone, back      another person approves
//! ```

pub mod allowed;
pub mod checks;
mod coverage;
pub mod decision;
pub mod fingerprint;
pub mod groups;
pub mod outside;
pub mod overview;
pub mod plan;
mod plan_event;
mod plan_shown;
mod profile;
pub mod report;
pub mod run;
mod run_event;
mod run_missing;
mod run_parts;
mod run_reports;
mod run_shown;
pub mod severity;
pub mod standing;
pub mod targets;
#[cfg(test)]
mod tests;

pub use allowed::{ClinicalNetwork, ScanTargets};
pub use checks::{ApplicationKind, Check, CheckPack, Way};
pub use decision::{Decided, DecisionState, FindingRef, FindingVerdict, Proposal, ScanFinding};
pub use fingerprint::{Fingerprint, IdentityBasis, NotAFingerprint};
pub use groups::Groups;
pub use outside::{OutsideRule, OutsideRules, OutsideSeverity, RuleText, RulesWithoutText};
pub use overview::{FindingRow, overview};
pub use plan::{AssessmentPlan, Availability, MergeRule, PlanDraft, PlanTiming};
pub use plan_event::PlanEvent;
pub use profile::Profile;
pub use report::{
    Completion, Dated, LONGEST_TEXT, LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult, Tool,
};
pub use run::{Assessment, Ground, RunOrder, RunState};
pub use run_event::AssessmentEvent;
pub use run_parts::{
    Counts, Exception, Explained, LONGEST_END, NotReached, ReportRead, Scan, ScanBegun, ScanEnd, ScanEnded,
    ScanHow, Start,
};
pub use severity::{Level, Rated, RatedBy, SeverityTable};
pub use standing::{Known, Presence, RunScope, SeenBy, Standing};
pub use targets::{NotATarget, Protected, ProtectedKind, Resolved, Target, WebTarget};

use crate::inventory::Exposure;
use crate::term::Term;

/// Every term that assessments can show, for the test of words.
pub fn terms() -> Vec<Term> {
    let mut all: Vec<Term> = ScanFormat::terms().collect();
    all.extend(Completion::terms());
    all.extend(Dated::terms());
    all.extend(LeftOut::terms());
    all.extend(IdentityBasis::terms());
    all.extend(ApplicationKind::terms());
    all.extend(Way::terms());
    all.extend([Exposure::Small, Exposure::Controlled, Exposure::Open].map(Exposure::term));
    all.extend(Level::terms());
    all.extend(RatedBy::terms());
    all.extend(ProtectedKind::terms());
    all.extend(allowed::ListState::terms());
    all.extend(PlanTiming::terms());
    all.extend(plan::PlanState::terms());
    all.extend(MergeRule::terms());
    all.extend(RunState::terms());
    all.extend(run::RunStep::terms());
    all.extend(FindingVerdict::terms());
    all.extend(DecisionState::terms());
    all.extend(decision::FindingStep::terms());
    all.extend(Presence::terms());
    all
}
