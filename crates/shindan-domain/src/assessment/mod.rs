//! 脆弱性診断: security assessments of applications and services (SPEC.md section 4, ③-1 to ③-3).

pub mod checks;
pub mod fingerprint;
pub mod report;
pub mod severity;

pub use checks::{ApplicationKind, Check, CheckPack, Way};
pub use fingerprint::{Fingerprint, IdentityBasis, NotAFingerprint};
pub use report::{Completion, LONGEST_TEXT, LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult, Tool};
pub use severity::{Level, Rated, RatedBy, SeverityTable};

use crate::term::Term;

/// Every term that assessments can show, for the test of words.
pub fn terms() -> Vec<Term> {
    let mut all: Vec<Term> = ScanFormat::terms().collect();
    all.extend(Completion::terms());
    all.extend(LeftOut::terms());
    all.extend(IdentityBasis::terms());
    all.extend(ApplicationKind::terms());
    all.extend(Way::terms());
    all.extend(Level::terms());
    all.extend(RatedBy::terms());
    all
}
