//! 対策項目の状況: what the records of a day show about each control and requirement (SPEC.md section 1).
//!
//! The software never says that anybody complies. *Met* means: the records show what the row asks, and no gap; a person
//! judges. Nothing is ever met because nothing is recorded: that is *undetermined*, and so is what this version keeps no
//! records about.

mod assessment_rules;
#[cfg(test)]
mod assessment_tests;
mod collect_rules;
#[cfg(test)]
mod collect_tests;
mod exclusion;
mod facts;
mod rules;
#[cfg(test)]
mod tests;

pub use exclusion::{Exclusion, ExclusionEvent, ExclusionState};
pub use facts::{
    AgreementFact, AssessmentFact, AssessmentRunFact, AssetFact, CaseFact, ChangeFact, DeviceFact,
    ExclusionFact, Facts, InquiryFact, InstructionFact, InterfaceFact, JudgedFact, NoticeFact, PatchFact,
    RecordRef, RefusedFileFact, ReviewFact, ServiceFact, SightingFact, SourceFact,
};
pub use rules::{CONTROLS, REQUIREMENTS, evaluate, evaluate_all};

use crate::process::Reason;
use crate::term::Term;
use crate::terms;

terms! {
    /// What the records of a day show about a control.
    pub enum Verdict ("control-verdict") {
        /// The records show what is asked, and no gap.
        Met = "met",
        /// Something is missing; each gap is named.
        Gaps = "gaps",
        /// A person decided that it does not apply, and another approved.
        NotApplicable = "not-applicable",
        /// The records cannot tell.
        Undetermined = "undetermined",
    }
}

terms! {
    /// What this version of the program keeps no records about.
    pub enum Topic ("control-topic") {
        /// 収集記録: checks of sources (④-2)
        SourceChecks = "source-checks",
        /// A row for which there is no rule.
        OtherRow = "other-row",
    }
}

/// A statement about a control, with the records that it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What, with particulars.
    pub reason: Reason,
    /// The records, sorted.
    pub records: Vec<RecordRef>,
}

/// What the records show about one control or requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlStatus {
    /// ASCII identifier within its catalogue: `2-3`, `kikaku-9`.
    pub control: String,
    /// What it comes to.
    pub verdict: Verdict,
    /// What is shown.
    pub shown: Vec<Statement>,
    /// What is missing; *gaps* exactly if there is one.
    pub gaps: Vec<Statement>,
    /// Why nothing, or not everything, can be told.
    pub undetermined: Vec<Statement>,
}

/// Every term that controls can show, for the test of words.
pub fn terms() -> Vec<Term> {
    let mut all: Vec<Term> = Verdict::terms().collect();
    all.extend(ExclusionState::terms());
    all.extend(Topic::terms());
    all
}
