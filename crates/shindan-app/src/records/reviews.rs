//! Use cases on reviews of operational items about vulnerabilities (企画管理編 15).

use std::path::PathBuf;

use jiff::civil::Date;
use shindan_domain::calendar::day;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::ReviewId;
use shindan_domain::review::{Finding, Review, ReviewItem};

use super::confirmations::{Again, Interval};
use super::step::nothing;
use super::words_given::WordGiven;
use super::{Call, Done, Entered, Records, RecordsError};

/// Enters an operational item with the first day on which it is reviewed. `item.interval_days` is set from `again`.
///
/// # Errors
/// Refused without title and content, and without an approved policy if the interval is to come from one.
pub fn plan(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    mut item: ReviewItem,
    due: Date,
    again: Again,
) -> Result<Done, RecordsError> {
    records.begin::<Review>(who, call, Action::Manage, |records, _| {
        item.interval_days = records.interval(again, Interval::Review)?;
        Review::plan(item, due).map_err(|refusal| RecordsError::refused(None, refusal))
    })
}

/// Records a review: a change, or *no change* with its reason.
///
/// # Errors
/// Refused without a reason, and while a review waits for approval.
pub fn review(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ReviewId,
    finding: Finding,
    documents: &[PathBuf],
) -> Result<Done, RecordsError> {
    records.step::<Review, _>(
        who,
        call,
        Action::Manage,
        id,
        |records, by| records.take_in_all(documents, by.at),
        |state, documents, _| state.review(finding, documents),
    )
}

/// Approves the review. `next`: when it is reviewed again; else the day that the interval leads to.
///
/// # Errors
/// Refused for who reviewed, and if no next day is known.
pub fn approve(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ReviewId,
    next: Option<Date>,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    records.step::<Review, _>(
        who,
        call,
        word.action(Action::Approve),
        id,
        |records, by| records.word(word, Action::Approve, Stream::new(Kind::Review, id), by),
        |state, word, by| {
            let next = next.or_else(|| state.proposed_next(day(by.at)));
            let next = next.ok_or_else(|| Refusal::new(ReasonCode::NextDateMissing))?;
            state.approve(word, next, by)
        },
    )
}

/// Sends the review back.
///
/// # Errors
/// Refused without a reason, and if none waits for approval.
pub fn send_back(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ReviewId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Review, _>(who, call, Action::Approve, id, nothing, |state, (), _| state.send_back(reason))
}

/// Ends it: the item is no longer operated.
///
/// # Errors
/// Refused without a reason.
pub fn end(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ReviewId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Review, _>(who, call, Action::Manage, id, nothing, |state, (), _| state.end(reason))
}
