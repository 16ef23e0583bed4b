//! `confirm` and `review`

use shindan_app::records::RecordsError;
use shindan_app::records::confirmations::{self, Again, InstructionOrder};
use shindan_app::records::organisation::needed;
use shindan_app::records::reviews;
use shindan_domain::confirmation::{ActionDraft, Fitness, Respondent};
use shindan_domain::ledger::Kind;
use shindan_domain::process::Label;
use shindan_domain::record_id::{InstructionId, PartyId, PersonId, ReviewId, SystemId};
use shindan_domain::review::{Finding, ReviewItem};

use super::acting::{Session, list, show};
use super::cases::word;
use super::step::{Given, begin, on};
use crate::cli::confirm::{
    AgainArguments, ConfirmCommand, InstructArguments, JudgeArguments, PlanReviewArguments, ReviewCommand,
};
use crate::exit::Exit;
use crate::output::Face;

const INSTRUCTION: (Kind, fn(uuid::Uuid) -> InstructionId) = (Kind::Instruction, InstructionId);
const REVIEW: (Kind, fn(uuid::Uuid) -> ReviewId) = (Kind::Review, ReviewId);

/// Runs a verb of `confirm`.
pub fn confirm(command: ConfirmCommand, face: &Face) -> Exit {
    use ConfirmCommand as C;
    let request = format!("{command:?}");
    let given = |acting| Given { request: &request, acting };
    match command {
        C::Instruct(arguments) => instruct(*arguments, &request, face),
        C::Judge(arguments) => judge(*arguments, &request, face),
        C::List(arguments) => list(Kind::Instruction, &arguments, face),
        C::Show(arguments) => show(Kind::Instruction, &arguments, face),
        C::Report { record, item, statement, documents, spoken, acting } => {
            on(INSTRUCTION, &record, given(&acting), face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                let report = (item, statement);
                confirmations::report(&mut s.records, &s.who, call, id, report, &documents, &word)
            })
        }
        C::AskAgain { record, item, reason, acting } => {
            on(INSTRUCTION, &record, given(&acting), face, |s, call, id| {
                confirmations::ask_again(&mut s.records, &s.who, call, id, item, reason)
            })
        }
        C::Act { record, item, note, documents, acting } => {
            on(INSTRUCTION, &record, given(&acting), face, |s, call, id| {
                confirmations::finish_action(&mut s.records, &s.who, call, id, (item, note), &documents)
            })
        }
        C::Close { record, next, acting } => on(INSTRUCTION, &record, given(&acting), face, |s, call, id| {
            confirmations::close(&mut s.records, &s.who, call, id, next)
        }),
        C::Cancel { record, reason, acting } => {
            on(INSTRUCTION, &record, given(&acting), face, |s, call, id| {
                confirmations::cancel(&mut s.records, &s.who, call, id, reason)
            })
        }
        C::Again { record, acting } => on(INSTRUCTION, &record, given(&acting), face, |s, call, id| {
            confirmations::again(&mut s.records, &s.who, call, id)
        }),
    }
}

fn again(arguments: &AgainArguments) -> Again {
    match arguments {
        AgainArguments { by_policy: true, .. } => Again::Policy,
        AgainArguments { every: Some(days), .. } => Again::Days(*days),
        AgainArguments { .. } => Again::Never,
    }
}

fn instruct(arguments: InstructArguments, request: &str, face: &Face) -> Exit {
    begin(Given { request, acting: &arguments.acting }, face, |s, call| {
        let scope = arguments.systems.iter().map(|system| s.id(Kind::System, system).map(SystemId));
        let order = InstructionOrder {
            title: arguments.title.clone(),
            scope: scope.collect::<Result<_, _>>()?,
            questions: arguments.questions.clone(),
            operator: s.id_if(Kind::Person, arguments.operator.as_ref(), PersonId)?,
            providers: arguments.providers,
            due: arguments.due,
            again: again(&arguments.again),
        };
        confirmations::instruct(&mut s.records, &s.who, call, order)
    })
}

fn judge(arguments: JudgeArguments, request: &str, face: &Face) -> Exit {
    on(INSTRUCTION, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        let fitness = if arguments.fit { Fitness::Fit } else { Fitness::NotFit };
        let action = action(s, &arguments)?;
        let judged = (arguments.item.clone(), fitness);
        confirmations::judge(&mut s.records, &s.who, call, id, judged, arguments.reason.clone(), action)
    })
}

fn action(session: &Session, arguments: &JudgeArguments) -> Result<Option<ActionDraft>, RecordsError> {
    let Some((text, due)) = arguments.action.clone().zip(arguments.action_due) else { return Ok(None) };
    let person = session.id_if(Kind::Person, arguments.responsible.as_ref(), PersonId)?;
    let party = session.id_if(Kind::Party, arguments.responsible_party.as_ref(), PartyId)?;
    let responsible = person.map(Respondent::Operator).or(party.map(Respondent::Party));
    Ok(Some(ActionDraft { text, responsible: needed(responsible, Label::Responsible)?, due }))
}

/// Runs a verb of `review`.
pub fn review(command: ReviewCommand, face: &Face) -> Exit {
    use ReviewCommand as C;
    let request = format!("{command:?}");
    let given = |acting| Given { request: &request, acting };
    match command {
        C::Plan(arguments) => plan(*arguments, &request, face),
        C::List(arguments) => list(Kind::Review, &arguments, face),
        C::Show(arguments) => show(Kind::Review, &arguments, face),
        C::Record { record, change, no_change: _, reason, documents, acting } => {
            on(REVIEW, &record, given(&acting), face, |s, call, id| {
                let finding = match change {
                    Some(content) => Finding::Changed { content, reason },
                    None => Finding::NoChange { reason },
                };
                reviews::review(&mut s.records, &s.who, call, id, finding, &documents)
            })
        }
        C::Approve { record, next, spoken, acting } => {
            on(REVIEW, &record, given(&acting), face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                reviews::approve(&mut s.records, &s.who, call, id, next, &word)
            })
        }
        C::SendBack { record, reason, acting } => on(REVIEW, &record, given(&acting), face, |s, call, id| {
            reviews::send_back(&mut s.records, &s.who, call, id, reason)
        }),
        C::End { record, reason, acting } => on(REVIEW, &record, given(&acting), face, |s, call, id| {
            reviews::end(&mut s.records, &s.who, call, id, reason)
        }),
    }
}

fn plan(arguments: PlanReviewArguments, request: &str, face: &Face) -> Exit {
    begin(Given { request, acting: &arguments.acting }, face, |s, call| {
        let item = ReviewItem {
            title: arguments.title.clone(),
            content: arguments.content.clone(),
            requirements: arguments.requirements.clone(),
            system: s.id_if(Kind::System, arguments.system.as_ref(), SystemId)?,
            responsible: PersonId(s.id(Kind::Person, &arguments.responsible)?),
            interval_days: None,
        };
        let again = again(&arguments.again);
        reviews::plan(&mut s.records, &s.who, call, item, arguments.due, again)
    })
}
