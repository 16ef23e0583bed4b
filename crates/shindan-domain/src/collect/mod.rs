//! 情報収集: where vulnerability information comes from, the proof that somebody looked, and what was found that has to be judged
//! (SPEC.md section 4, ④-2).
//!
//! ```text
//! Source 情報源 ── is checked by plan or for a reason ──► SourceCheck 収集記録 ── brings ──► Notice 注意喚起等 ──► judged
//!    └─ timing: in time / due / overdue                     └─ alarms: what it brought is suspicious
//! ```
//!
//! Two things are never confused: *nothing new* needs an answer of the source or a person's word, and a check that failed is no
//! check. What was missed is derived from the plan, so that it shows although nobody recorded it.

mod address;
mod alarm;
mod check;
mod check_event;
mod check_shown;
mod defaults;
mod month;
mod notice;
mod notice_event;
mod notice_shown;
mod schedule;
mod source;
mod source_event;
mod source_shown;
#[cfg(test)]
mod tests;
mod timing;

pub use address::{AddressProblem, check_address, redacted};
pub use alarm::{Alarm, AlarmKind, CheckFacts, alarms};
pub use check::{
    Carried, CheckBy, CheckConfirmed, CheckDraft, CheckOutcome, CheckResult, Counts, Failure, FetchMade,
    HandMade, HandMeans, SourceCheck,
};
pub use check_event::SourceCheckEvent;
pub use defaults::{DefaultSource, SourcePack};
pub use month::{Cell, CellState, CheckedOn, MonthGrid, MonthRow, calendar};
pub use notice::{Concerns, Notice, NoticeClass, NoticeContent, NoticeJudgement, NoticeState};
pub use notice_event::NoticeEvent;
pub use schedule::next_look;
pub use source::{FormerSource, Pause, Source, SourceDraft, SourceEnd, SourceKind, SourceState, Thresholds};
pub use source_event::SourceEvent;
pub use timing::{PlanSpan, SourceTiming, due_at, timing};

use crate::term::Term;

/// Every term that sources, checks and notices can show, for the test of words.
pub fn terms() -> Vec<Term> {
    let mut all: Vec<Term> = SourceKind::terms().collect();
    all.extend(SourceState::terms());
    all.extend(SourceTiming::terms());
    all.extend(CheckBy::terms());
    all.extend(CheckResult::terms());
    all.extend(Failure::terms());
    all.extend(HandMeans::terms());
    all.extend(AlarmKind::terms());
    all.extend(CellState::terms());
    all.extend(NoticeClass::terms());
    all.extend(NoticeState::terms());
    all.extend(Concerns::terms());
    all
}
