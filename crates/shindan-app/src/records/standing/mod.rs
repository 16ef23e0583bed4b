//! Which steps a record's state lets a person take now, and what stands against the others. The processes say so: each command is asked
//! what it would answer, and its answer is thrown away. No rule of a state and none of separation of duties stands here.

mod kept;
mod treated;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use shindan_domain::calendar::day;
use shindan_domain::evidence::Document;
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Occurrence, ReasonCode, Refusal};

use shindan_domain::record_id::PartyId;

use super::{Entered, Records, RecordsError};

/// What stands against a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// Another person has to take it: this one did what comes before.
    Person(Refusal),
    /// The record is not there yet, or is beyond it.
    State(Refusal),
}

/// Commands of a record by their names in the address, with what each would answer. A command that is not among them is not known here:
/// nothing is said about it.
pub(super) type Answers = Vec<(&'static str, Result<(), Refusal>)>;

/// Whom a command is asked for, and what people give with it: texts, days and documents that would do.
pub(super) struct Asking<'a> {
    pub records: &'a Records,
    pub who: &'a Entered,
    pub by: Occurrence,
}

impl Asking<'_> {
    /// Some party, where any will do.
    fn some_party(&self) -> PartyId {
        PartyId(self.who.person().0)
    }

    /// A day that lies ahead.
    fn ahead(&self) -> Date {
        let today = day(self.by.at);
        // The last day that there is has none after it.
        today.tomorrow().unwrap_or(today)
    }
}

/// A text that says something.
fn text() -> String {
    "-".to_owned()
}

/// A document that holds something.
fn document() -> Document {
    Document { sha256: Hash::of(b"-"), size: 1, name: text() }
}

fn read<T: DeserializeOwned>(state: &[u8]) -> Result<T, RecordsError> {
    serde_json::from_slice(state).map_err(RecordsError::stored)
}

/// What an answer says, without what it would have recorded.
fn said<T>(answer: Result<T, Refusal>) -> Result<(), Refusal> {
    answer.map(drop)
}

/// The answer of a command that changes what a record says to being told what it says already: only whether it can be changed at all.
fn unless_ended<T>(answer: Result<T, Refusal>) -> Result<(), Refusal> {
    match answer {
        Err(refusal) if refusal.reason.code != ReasonCode::NothingChanges => Err(refusal),
        _ => Ok(()),
    }
}

/// Of one step for each of several things: open if it is for one of them.
fn any(answers: impl IntoIterator<Item = Result<(), Refusal>>, none: ReasonCode) -> Result<(), Refusal> {
    let mut last = Err(Refusal::new(none));
    for answer in answers {
        match answer {
            Ok(()) => return Ok(()),
            // One's own work is the more telling reason than that another thing is not there yet.
            Err(refusal) if matches!(&last, Err(told) if told.reason.code != ReasonCode::SamePerson) => {
                last = Err(refusal);
            }
            // Otherwise the first reason stays: it stands nearest to what is asked.
            Err(_) => {}
        }
    }
    last
}

/// What stands against the steps of a record, by the name of the command; `None`: nothing, as far as its state says.
///
/// # Errors
/// Refused if the person may not read; [`RecordsError::Unknown`]; those of reading.
pub fn standing(
    records: &Records,
    who: &Entered,
    stream: Stream,
    now: Timestamp,
) -> Result<BTreeMap<&'static str, Option<Against>>, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
    let record = records.store.record(stream)?.ok_or_else(|| RecordsError::unknown(stream))?;
    let asking = Asking { records, who, by: Occurrence { at: now, actor: who.actor } };
    let answers = answers(&asking, stream, &record.state)?;
    Ok(answers.into_iter().map(|(command, answer)| (command, against(answer))).collect())
}

fn answers(asking: &Asking<'_>, stream: Stream, state: &[u8]) -> Result<Answers, RecordsError> {
    match stream.kind {
        Kind::Case => treated::case(asking, stream, &read(state)?),
        Kind::Change => treated::change(asking, stream, &read(state)?),
        Kind::Patch => treated::patch(asking, &read(state)?),
        Kind::Inquiry => treated::inquiry(asking, &read(state)?),
        Kind::Instruction => treated::instruction(asking, &read(state)?),
        Kind::Review => treated::review(asking, &read(state)?),
        Kind::Agreement => kept::agreement(asking, &read(state)?),
        Kind::Policy => kept::policy(asking, &read(state)?),
        Kind::Control => kept::exclusion(asking, &read(state)?),
        Kind::Device => kept::device(asking, &read(state)?),
        Kind::Source => kept::source(&read(state)?),
        Kind::SourceCheck => kept::check(&read(state)?),
        Kind::Sighting => kept::sighting(asking, &read(state)?),
        Kind::Exchange => kept::exchange(asking, &read(state)?),
        Kind::Interface => kept::interface(&read(state)?),
        Kind::AssessmentPlan => kept::plan(&read(state)?),
        Kind::Assessment => kept::assessment(asking, &read(state)?),
        Kind::ScanFinding => kept::finding(asking, &read(state)?),
        Kind::Person => kept::person(&read(state)?),
        kind => kept::organisation(kind, state),
    }
}

/// A refusal for who asks, or because of the state. What people give with the step (a text, a day, a file) is not missing yet, and what
/// only the step itself can look up is asked by the step.
fn against(answer: Result<(), Refusal>) -> Option<Against> {
    use ReasonCode as R;
    let refusal = answer.err()?;
    match refusal.reason.code {
        R::SamePerson => Some(Against::Person(refusal)),
        R::StepOutOfOrder
        | R::RecordEnded
        | R::NothingChanges
        | R::OtherTreatment
        | R::ProofMissing
        | R::AnalysisOutdated
        | R::AcceptedNeverCloses
        | R::InheritanceSubject
        | R::InheritanceOverridden
        | R::GateBlocked
        | R::PatchNotExpected
        | R::PatchQuarantined
        | R::AssetNotInState
        | R::AssetsMissing
        | R::NotReminded
        | R::NotOverdue
        | R::AgreementIncomplete
        | R::CheckConfirmedAlready
        | R::DeviceNoRuleWaits
        | R::DeviceRuleOutOfDate
        | R::ExceptionMissing
        | R::ExceptionNotNeeded
        | R::FindingInCase
        | R::KeyWasRevoked
        | R::RevokeNamesNone
        | R::ReportNotFlagged
        | R::SightingNotUnknown
        | R::SightingNotRetired
        | R::SightingNeedsDisconnection => Some(Against::State(refusal)),
        _ => None,
    }
}
