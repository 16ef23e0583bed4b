//! How lists and people see the review of an item.

use super::{Approved, Review, ReviewStage, ReviewState, Reviewed, SentBack};
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Relation, Shown, View};

pub(super) fn filed(review: &Review) -> Filed {
    let open = review.state() != ReviewState::Ended;
    let mut filed = Filed::new(review.state().term(), open, &review.item.title);
    filed.due = review.due();
    filed.links =
        vec![Link::record(Relation::Responsible, Stream::new(Kind::Person, review.item.responsible))];
    let system = review.item.system.map(|system| Stream::new(Kind::System, system));
    filed.links.extend(system.map(|system| Link::record(Relation::Subject, system)));
    filed.links.sort();
    filed
}

pub(super) fn view(review: &Review) -> View {
    let item = &review.item;
    let requirements: Vec<Shown> = item.requirements.iter().map(Shown::from).collect();
    let view = View::new(review.state().term())
        .fact(Label::Title, &item.title)
        .fact(Label::Content, &item.content)
        .maybe(Label::Requirements, (!requirements.is_empty()).then_some(requirements))
        .maybe(Label::System, item.system.map(|system| Stream::new(Kind::System, system)))
        .fact(Label::Responsible, item.responsible)
        .maybe(Label::IntervalDays, item.interval_days.map(i64::from))
        .maybe(Label::Due, review.due());
    let columns = [Label::Result, Label::Reason, Label::By, Label::At, Label::Due, Label::Documents];
    let view = match &review.stage {
        ReviewStage::Planned { .. } => view,
        ReviewStage::Reviewed(reviewed) => view.section(Label::Reviewed, &columns, vec![row(reviewed)]),
        ReviewStage::Ended { reason, by, at } => {
            view.fact(Label::Reason, reason).fact(Label::By, *by).fact(Label::EndedAt, *at)
        }
    };
    let round = |round: &Approved| -> Vec<Option<Shown>> {
        let approval = &round.approval;
        let mut row = row(&round.reviewed);
        row.extend([Some(approval.recorded_by.into()), Some(approval.word.means().term().into())]);
        row
    };
    let back = |back: &SentBack| -> Vec<Option<Shown>> {
        vec![
            Some(back.reviewed.finding.result().term().into()),
            Some(back.reviewed.by.into()),
            Some(back.by.into()),
            Some(back.at.into()),
            Some((&back.reason).into()),
        ]
    };
    let [result, reason, by, at, due, documents] = columns;
    view.section(
        Label::Rounds,
        &[result, reason, by, at, due, documents, Label::ApprovedBy, Label::Means],
        review.rounds.iter().map(round).collect(),
    )
    .section(
        Label::SentBack,
        &[Label::Result, Label::ReviewedBy, Label::By, Label::At, Label::Reason],
        review.sent_back.iter().map(back).collect(),
    )
    .next(review.missing())
}

fn row(reviewed: &Reviewed) -> Vec<Option<Shown>> {
    let documents: Vec<Shown> = reviewed.documents.iter().cloned().map(Shown::from).collect();
    vec![
        Some(reviewed.finding.result().term().into()),
        Some(reviewed.finding.reason().into()),
        Some(reviewed.by.into()),
        Some(reviewed.at.into()),
        Some(reviewed.due.into()),
        (!documents.is_empty()).then_some(documents.into()),
    ]
}
