//! What every form of a check has in common: how is asked, what is said besides the answer, how the process ends.

use shindan_app::check::{CheckOptions, Checked};
use shindan_app::clock;
use shindan_domain::finding::{CheckResult, Summary};

use crate::cli::{Conditions, FailOn};
use crate::exit::Exit;
use crate::output::Face;

/// Tables and pages say it too; on standard error it reaches whoever pipes the output elsewhere.
pub(super) fn tell_remarks(result: &CheckResult, face: &Face) {
    face.tell(result.inputs.iter().flat_map(|input| &input.diagnostics).chain(&result.remarks));
}

/// How to check.
pub(super) fn options(conditions: &Conditions, only: Option<String>, register: bool) -> CheckOptions {
    CheckOptions {
        now: conditions.now.unwrap_or_else(clock::now),
        max_age_days: conditions.max_age,
        allow_stale: conditions.allow_stale,
        only,
        register,
    }
}

/// How the process ends with this answer and what was counted of it.
pub(super) fn exit(checked: &Checked, summary: &Summary, fail_on: &[FailOn]) -> Exit {
    let mut exit = Exit::Done;
    if fail_on.iter().any(|condition| is_met(summary, *condition)) {
        exit = exit.and(Exit::FailOn);
    }
    if checked.unreadable {
        exit = exit.and(Exit::Unreadable);
    }
    if checked.stale {
        exit = exit.and(Exit::Knowledge);
    }
    exit
}

fn is_met(summary: &Summary, condition: FailOn) -> bool {
    match condition {
        FailOn::Priority(priority) => {
            summary.by_priority.iter().take(priority.rank() + 1).any(|count| *count > 0)
        }
        FailOn::Undetermined => summary.undetermined > 0,
    }
}
