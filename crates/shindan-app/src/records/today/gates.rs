//! Whether a step waits for a person. The processes say so: the command is asked what it would answer, and its answer is thrown
//! away. No rule of separation of duties stands here.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use shindan_domain::agreement::{Agreement, AgreementStage};
use shindan_domain::approval::Word;
use shindan_domain::assessment::{Assessment, ScanFinding};
use shindan_domain::calendar::day;
use shindan_domain::case::Case;
use shindan_domain::change::{Change, Preparation, Stage as ChangeStage};
use shindan_domain::confirmation::{Fitness, Instruction};
use shindan_domain::control::Exclusion;
use shindan_domain::device::Device;
use shindan_domain::exchange::Exchange;
use shindan_domain::inquiry::Inquiry;
use shindan_domain::patch::Patch;
use shindan_domain::policy::Policy;
use shindan_domain::process::{Occurrence, ReasonCode, Refusal};
use shindan_domain::review::Review;

use crate::records::RecordsError;

/// Who would take the step, and when.
pub(super) type By = Occurrence;

/// Whether the step waits for a person, of the stored state of a record.
pub(super) type Gate = fn(&[u8], &By) -> Result<bool, RecordsError>;

fn read<T: DeserializeOwned>(state: &[u8]) -> Result<T, RecordsError> {
    serde_json::from_slice(state).map_err(RecordsError::stored)
}

/// A refusal for who asks, or because the step is not next, means that it does not wait for them. What a person gives with the
/// step (a text, a day, a document) is not missing yet.
fn waits<T>(answer: Result<T, Refusal>) -> bool {
    match answer {
        Ok(_) => true,
        Err(refusal) => !matches!(
            refusal.reason.code,
            ReasonCode::SamePerson
                | ReasonCode::StepOutOfOrder
                | ReasonCode::ProofMissing
                | ReasonCode::AnalysisOutdated
                | ReasonCode::NothingChanges
                | ReasonCode::ExceptionMissing
                | ReasonCode::DeviceNoRuleWaits
                | ReasonCode::DeviceRuleOutOfDate
                | ReasonCode::RecordEnded
        ),
    }
}

fn next_is(case: &Case, codes: &[ReasonCode]) -> bool {
    case.next_steps().iter().any(|reason| codes.contains(&reason.code))
}

/// The state alone says that it waits.
pub(super) fn always(_: &[u8], _: &By) -> Result<bool, RecordsError> {
    Ok(true)
}

pub(super) fn judge_case(state: &[u8], _: &By) -> Result<bool, RecordsError> {
    Ok(next_is(&read(state)?, &[ReasonCode::ToBeJudged]))
}

pub(super) fn analyse_case(state: &[u8], _: &By) -> Result<bool, RecordsError> {
    Ok(next_is(&read(state)?, &[ReasonCode::ToBeAnalysed]))
}

pub(super) fn decide_case(state: &[u8], _: &By) -> Result<bool, RecordsError> {
    Ok(next_is(&read(state)?, &[ReasonCode::ToBeDecided]))
}

pub(super) fn approve_case(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    Ok(waits(read::<Case>(state)?.approve(Word::Software, by)))
}

/// Something is missing before it can be confirmed or closed.
pub(super) fn treat_case(state: &[u8], _: &By) -> Result<bool, RecordsError> {
    let case: Case = read(state)?;
    Ok(!next_is(&case, &[ReasonCode::ToBeConfirmed, ReasonCode::ToBeClosed]))
}

pub(super) fn confirm_case(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    Ok(waits(read::<Case>(state)?.confirm(Word::Software, None, by)))
}

pub(super) fn close_case(state: &[u8], _: &By) -> Result<bool, RecordsError> {
    Ok(next_is(&read(state)?, &[ReasonCode::ToBeClosed]))
}

pub(super) fn approve_patch(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    Ok(waits(read::<Patch>(state)?.approve_alternative(Word::Software, by)))
}

pub(super) fn confirm_effect(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    Ok(waits(read::<Patch>(state)?.confirm_effect(Word::Software, by)))
}

/// The patch at hand is not looked up: that it is there was asked when the tests were made, and is asked again by the step itself.
pub(super) fn confirm_results(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    let change: Change = read(state)?;
    let refusal = match change.confirm_results(Word::Software, None, by) {
        Ok(_) => return Ok(true),
        Err(refusal) => refusal,
    };
    let file_only = !refusal.missing.is_empty()
        && refusal.missing.iter().all(|reason| reason.code == ReasonCode::PatchMissing);
    Ok(file_only && !tested_by(&change, by))
}

/// Whether the person ran one of the tests, which the answer does not say while the file is not at hand.
fn tested_by(change: &Change, by: &By) -> bool {
    let ChangeStage::Preparing(preparation) = &change.stage else { return true };
    match &**preparation {
        Preparation::Tested(tested) => tested.testers().contains(&by.actor.person),
        _ => true,
    }
}

pub(super) fn approve_emergency(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    Ok(waits(read::<Change>(state)?.approve_emergency(Word::Software, by)))
}

pub(super) fn confirm_after(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    let change: Change = read(state)?;
    let ChangeStage::Rollout { rollout, .. } = &change.stage else { return Ok(false) };
    let mut applied = rollout.assets.values().filter_map(|state| state.applied());
    // Somebody else's application can be confirmed in any way, one's own only where the proof speaks for itself.
    Ok(applied.any(|applied| applied.by != by.actor.person))
}

pub(super) fn chase(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    let inquiry: Inquiry = read(state)?;
    Ok(inquiry.correspondence().and_then(|sent| sent.due()).is_some_and(|due| due < day(by.at)))
}

/// An item that waits for judgement, and that the person did not report.
pub(super) fn judge_report(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    let instruction: Instruction = read(state)?;
    let judged = |item: &String| instruction.judge(item.clone(), Fitness::Fit, "-".to_owned(), None, by);
    Ok(instruction.items.keys().any(|item| waits(judged(item))))
}

pub(super) fn close_instruction(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    Ok(waits(read::<Instruction>(state)?.close(None, by)))
}

/// Within two weeks of its day.
pub(super) fn review_soon(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    let review: Review = read(state)?;
    Ok(review.due().is_some_and(|due| (due - day(by.at)).get_days() <= 14))
}

pub(super) fn approve_review(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    let tomorrow = day(by.at).tomorrow().unwrap_or_else(|_| day(by.at));
    Ok(waits(read::<Review>(state)?.approve(Word::Software, tomorrow, by)))
}

pub(super) fn approve_policy(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    let policy: Policy = read(state)?;
    Ok(policy.proposed().is_some_and(|version| waits(policy.approve(version.number, Word::Software, by))))
}

pub(super) fn approve_device_rule(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    Ok(waits(read::<Device>(state)?.approve_rule(Word::Software, by)))
}

pub(super) fn approve_exclusion(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    Ok(waits(read::<Exclusion>(state)?.approve(Word::Software, by)))
}

pub(super) fn approve_verdict(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    Ok(waits(read::<ScanFinding>(state)?.approve(Word::Software, by)))
}

pub(super) fn approve_exception(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    Ok(waits(read::<Assessment>(state)?.approve_exception(Word::Software, by)))
}

/// A card waits, and somebody else took it in.
pub(super) fn confirm_card(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    let exchange: Exchange = read(state)?;
    Ok(exchange.proposed_key().is_some_and(|key| key.added_by != by.actor.person))
}

/// Whose party it is cannot be told from the person: who confirmed for one party is not asked for another.
pub(super) fn confirm_agreement(state: &[u8], by: &By) -> Result<bool, RecordsError> {
    let agreement: Agreement = read(state)?;
    let AgreementStage::Proposed { confirmed, .. } = &agreement.stage else { return Ok(false) };
    Ok(!confirmed.values().any(|one| one.given.giver() == Some(by.actor.person)))
}

/// The occurrence that a step of this person would be.
pub(super) fn occurrence(actor: shindan_domain::ledger::Actor, now: Timestamp) -> By {
    Occurrence { at: now, actor }
}
