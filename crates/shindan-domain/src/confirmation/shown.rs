//! How lists and people see an instruction.

use super::{
    AssetLine, Instruction, InstructionEnd, InstructionState, Item, ItemStage, Respondent, Snapshot,
};
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Reason, ReasonCode, Relation, Shown, View};

pub(super) fn filed(instruction: &Instruction) -> Filed {
    let open = instruction.end.is_none();
    let mut filed = Filed::new(instruction.state().term(), open, &instruction.draft.title);
    filed.due = instruction.due();
    let scope = instruction.draft.scope.iter();
    filed.links =
        scope.map(|system| Link::record(Relation::Subject, Stream::new(Kind::System, *system))).collect();
    let asked = instruction.draft.items.iter().map(|item| match item.respondent {
        Respondent::Party(party) => Link::record(Relation::Party, Stream::new(Kind::Party, party)),
        Respondent::Operator(person) => {
            Link::record(Relation::Responsible, Stream::new(Kind::Person, person))
        }
    });
    filed.links.extend(asked);
    filed.links.sort();
    filed.links.dedup();
    filed
}

pub(super) fn view(instruction: &Instruction) -> View {
    let draft = &instruction.draft;
    let scope: Vec<Shown> =
        draft.scope.iter().map(|system| Stream::new(Kind::System, *system).into()).collect();
    let view = View::new(instruction.state().term())
        .fact(Label::Title, &draft.title)
        .fact(Label::InstructedBy, instruction.instructed_by)
        .fact(Label::At, instruction.at)
        .fact(Label::Scope, scope)
        .fact(Label::Due, draft.due)
        .maybe(Label::IntervalDays, draft.interval_days.map(i64::from));
    let columns = [
        Label::Item,
        Label::Question,
        Label::Respondent,
        Label::Statement,
        Label::ReportedBy,
        Label::At,
        Label::Judgement,
        Label::Reason,
        Label::JudgedBy,
        Label::Action,
        Label::Due,
        Label::Done,
    ];
    let view = view.section(
        Label::Items,
        &columns,
        draft
            .items
            .iter()
            .filter_map(|item| Some(item_row(item, instruction.items.get(&item.key)?)))
            .collect(),
    );
    let view = draft.items.iter().fold(view, |view, item| {
        let report = instruction.items.get(&item.key).and_then(ItemStage::report);
        report.map(|report| &report.snapshot).into_iter().fold(view, snapshot)
    });
    let view = match &instruction.end {
        Some(InstructionEnd::Closed { by, at, next }) => {
            view.fact(Label::ClosedBy, *by).fact(Label::EndedAt, *at).maybe(Label::Next, *next)
        }
        Some(InstructionEnd::Cancelled { reason }) => view.fact(Label::Reason, reason),
        None => view,
    };
    let mut next = instruction.missing();
    if instruction.state() == InstructionState::Ready {
        next.push(Reason::new(ReasonCode::NotYetClosed));
    }
    view.next(next)
}

fn respondent(respondent: Respondent) -> Shown {
    match respondent {
        Respondent::Operator(person) => person.into(),
        Respondent::Party(party) => Stream::new(Kind::Party, party).into(),
    }
}

fn item_row(item: &Item, stage: &ItemStage) -> Vec<Option<Shown>> {
    let report = stage.report();
    let judgement = stage.judgement();
    let action = judgement.and_then(|judgement| judgement.action.as_ref());
    vec![
        Some((&item.key).into()),
        Some((&item.question).into()),
        Some(respondent(item.respondent)),
        report.map(|report| (&report.statement).into()),
        report.map(|report| report.given.recorded_by.into()),
        report.map(|report| report.given.at.into()),
        judgement.map(|judgement| judgement.fitness.term().into()),
        judgement.map(|judgement| (&judgement.reason).into()),
        judgement.map(|judgement| judgement.by.into()),
        action.map(|action| (&action.text).into()),
        action.map(|action| action.due.into()),
        action.and_then(|action| action.done.as_ref()).map(|done| (&done.text).into()),
    ]
}

fn snapshot(view: View, snapshot: &Snapshot) -> View {
    let row = |line: &AssetLine| -> Vec<Option<Shown>> {
        vec![
            Some((&line.asset).into()),
            Some((&line.name).into()),
            line.version.as_ref().map(Shown::from),
            line.support_end.map(Shown::from),
            line.last_seen.map(Shown::from),
            Some(i64::from(line.open_cases).into()),
            Some(i64::from(line.undetermined).into()),
        ]
    };
    let columns = [
        Label::Asset,
        Label::Name,
        Label::Version,
        Label::SupportEnd,
        Label::LastSeen,
        Label::OpenCases,
        Label::Undetermined,
    ];
    view.section(Label::Snapshot, &columns, snapshot.assets.iter().map(row).collect())
}
