//! Use cases on periodic confirmation: instruct, report from live data, judge, act, close, again (企画管理編 9).

use std::path::PathBuf;

use jiff::civil::Date;
use shindan_domain::confirmation::{
    ActionDraft, Fitness, Instruction, InstructionDraft, Item, ReportDraft, Respondent,
};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{MasterData, System};
use shindan_domain::people::Action;
use shindan_domain::policy::Policy;
use shindan_domain::process::{Label, ReasonCode, Refusal};
use shindan_domain::record_id::{InstructionId, PersonId, PolicyId, SystemId};

use super::organisation::needed;
use super::step::nothing;
use super::words_given::WordGiven;
use super::{Call, Done, Entered, Records, RecordsError};

/// What is to be confirmed.
#[derive(Debug, Clone)]
pub struct InstructionOrder {
    /// What it is called in lists.
    pub title: String,
    /// Which systems.
    pub scope: Vec<SystemId>,
    /// What is asked about each of them.
    pub questions: Vec<String>,
    /// The operator who reports.
    pub operator: Option<PersonId>,
    /// Whether the provider of each system reports, too.
    pub providers: bool,
    /// Until when, a day in Japan.
    pub due: Date,
    /// When it is done again.
    pub again: Again,
}

/// When something is done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It is not regular.
    Never,
    /// After so many days, as the manager decides.
    Days(u16),
    /// As the approved policy says.
    Policy,
}

/// Which interval of the policy is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interval {
    /// Of periodic confirmation.
    Confirm,
    /// Of reviews.
    Review,
}

impl Records {
    /// The days after which something is done again.
    pub(super) fn interval(&self, again: Again, which: Interval) -> Result<Option<u16>, RecordsError> {
        let days = match again {
            Again::Never => return Ok(None),
            Again::Days(days) => return Ok(Some(days)),
            Again::Policy => self.all::<Policy>()?.into_iter().find_map(|(id, policy)| {
                let (_, days) = policy.intervals(PolicyId(id))?;
                Some(match which {
                    Interval::Confirm => days.confirm,
                    Interval::Review => days.review,
                })
            }),
        };
        needed(days, Label::IntervalDays).map(Some)
    }
}

/// Instructs: one item for each system, question and who is to report.
///
/// # Errors
/// Refused if nobody is to report, for a day that is not in the future, and without an approved policy if the interval is to
/// come from one.
pub fn instruct(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    order: InstructionOrder,
) -> Result<Done, RecordsError> {
    records.begin::<Instruction>(who, call, Action::Manage, |records, by| {
        if order.operator.is_none() && !order.providers {
            needed(None::<PersonId>, Label::Respondent)?;
        }
        let mut items = Vec::new();
        for system in &order.scope {
            let provider = records.existing::<MasterData<System>>(*system)?.particulars.provider;
            let operator = order.operator.map(Respondent::Operator);
            let provider = order.providers.then_some(Respondent::Party(provider));
            for question in &order.questions {
                for respondent in [operator, provider].into_iter().flatten() {
                    let key = (items.len() + 1).to_string();
                    items.push(Item { key, question: question.clone(), system: Some(*system), respondent });
                }
            }
        }
        let interval_days = records.interval(order.again, Interval::Confirm)?;
        let InstructionOrder { title, scope, due, .. } = order;
        let draft = InstructionDraft { title, scope, items, due, interval_days };
        Instruction::instruct(draft, by).map_err(|refusal| RecordsError::refused(None, refusal))
    })
}

/// Reports about an item. What the program knows at this moment is part of the report.
///
/// # Errors
/// Refused for the word of somebody else than who was asked, and once it is judged.
pub fn report(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    instruction: InstructionId,
    (item, statement): (String, String),
    documents: &[PathBuf],
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    records.step::<Instruction, _>(
        who,
        call,
        Action::Operate,
        instruction,
        |records, by| {
            let state: Instruction = records.existing(instruction)?;
            let asked = state.draft.items.iter().find(|one| one.key == item);
            let systems = match asked.and_then(|one| one.system) {
                Some(system) => vec![system],
                None => state.draft.scope.clone(),
            };
            let snapshot = records.snapshot(&systems, by.at)?;
            let documents = records.take_in_all(documents, by.at)?;
            let spoken = records.spoken(word, Stream::new(Kind::Instruction, instruction), by)?;
            Ok((ReportDraft { item, snapshot, statement, documents }, spoken))
        },
        |state, (report, spoken), by| state.report(report, spoken, by),
    )
}

/// Asks again because a report is not enough.
///
/// # Errors
/// Refused without a report or a reason.
pub fn ask_again(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    instruction: InstructionId,
    item: String,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Instruction, _>(who, call, Action::Manage, instruction, nothing, |state, (), _| {
        state.ask_again(item, reason)
    })
}

/// Judges an item. What is not fit needs a measure.
///
/// # Errors
/// Refused for who reported it, and where a measure is missing.
pub fn judge(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    instruction: InstructionId,
    (item, fitness): (String, Fitness),
    reason: String,
    action: Option<ActionDraft>,
) -> Result<Done, RecordsError> {
    records.step::<Instruction, _>(who, call, Action::Manage, instruction, nothing, |state, (), by| {
        state.judge(item, fitness, reason, action, by)
    })
}

/// Records that a measure was carried out.
///
/// # Errors
/// Refused if none is open for the item.
pub fn finish_action(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    instruction: InstructionId,
    (item, text): (String, String),
    documents: &[PathBuf],
) -> Result<Done, RecordsError> {
    records.step::<Instruction, _>(
        who,
        call,
        Action::Operate,
        instruction,
        |records, by| records.take_in_all(documents, by.at),
        |state, documents, _| state.finish_action(item, text, documents),
    )
}

/// Closes it. `next`: when it is to be done again; else the day that the interval leads to.
///
/// # Errors
/// Refused with everything that is missing, and for who carried out a measure.
pub fn close(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    instruction: InstructionId,
    next: Option<Date>,
) -> Result<Done, RecordsError> {
    records.step::<Instruction, _>(who, call, Action::Manage, instruction, nothing, |state, (), by| {
        state.close(next.or_else(|| state.proposed_next()), by)
    })
}

/// Gives it up.
///
/// # Errors
/// Refused without a reason.
pub fn cancel(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    instruction: InstructionId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Instruction, _>(who, call, Action::Manage, instruction, nothing, |state, (), _| {
        state.cancel(reason)
    })
}

/// Instructs the same again, on the day that was set when the last one was closed.
///
/// # Errors
/// Refused for one that is not closed or has no next day.
pub fn again(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    instruction: InstructionId,
) -> Result<Done, RecordsError> {
    records.begin::<Instruction>(who, call, Action::Manage, |records, by| {
        let refused = |refusal| RecordsError::refused(None, refusal);
        let last: Instruction = records.existing(instruction)?;
        let missing = || refused(Refusal::new(ReasonCode::NextDateMissing));
        let draft = last.successor().ok_or_else(missing)?;
        Instruction::instruct(draft, by).map_err(refused)
    })
}
