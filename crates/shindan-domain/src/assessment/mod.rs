//! 脆弱性診断: security assessments of applications and services (SPEC.md section 4, ③-1 to ③-3).

pub mod fingerprint;
pub mod outside;
pub mod report;

pub use fingerprint::{Fingerprint, IdentityBasis, NotAFingerprint};
pub use outside::{OutsideRule, OutsideRules, OutsideSeverity, RuleText, RulesWithoutText};
pub use report::{Completion, LONGEST_TEXT, LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult, Tool};

use crate::term::Term;

/// Every term that assessments can show, for the test of words.
pub fn terms() -> Vec<Term> {
    let mut all: Vec<Term> = ScanFormat::terms().collect();
    all.extend(Completion::terms());
    all.extend(LeftOut::terms());
    all.extend(IdentityBasis::terms());
    all
}
