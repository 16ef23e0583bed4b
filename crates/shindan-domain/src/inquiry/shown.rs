//! How lists and people see an inquiry.

use super::{Correspondence, Inquiry, InquiryStage, InquiryState, Judgement, Question, Reply, Sending};
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Reason, ReasonCode, Relation, Shown, View};

pub(super) fn filed(inquiry: &Inquiry) -> Filed {
    let state = inquiry.state();
    let open = matches!(state, InquiryState::Drafted | InquiryState::Sent | InquiryState::Answered);
    let draft = &inquiry.draft;
    let mut filed = Filed::new(state.term(), open, &draft.title);
    filed.due = inquiry.correspondence().and_then(Correspondence::due).filter(|_| open);
    filed.links = vec![
        Link::record(Relation::Case, Stream::new(Kind::Case, draft.case)),
        Link::record(Relation::Subject, Stream::new(Kind::System, draft.system)),
        Link::record(Relation::Party, Stream::new(Kind::Party, draft.provider)),
    ];
    let vulnerabilities = draft.questions.iter().flat_map(|question| &question.vulnerabilities);
    filed.links.extend(vulnerabilities.map(|id| Link::to(Relation::Vulnerability, id)));
    filed.links.sort();
    filed.links.dedup();
    filed
}

pub(super) fn view(inquiry: &Inquiry) -> View {
    let draft = &inquiry.draft;
    let view = View::new(inquiry.state().term())
        .fact(Label::Title, &draft.title)
        .fact(Label::Case, Stream::new(Kind::Case, draft.case))
        .fact(Label::System, Stream::new(Kind::System, draft.system))
        .fact(Label::Provider, Stream::new(Kind::Party, draft.provider))
        .maybe(Label::Due, inquiry.correspondence().and_then(Correspondence::due));
    let columns = [
        Label::Question,
        Label::Subject,
        Label::Vulnerabilities,
        Label::Affected,
        Label::MayPatch,
        Label::Substitute,
        Label::AlternativeUntil,
        Label::Until,
        Label::Note,
    ];
    let rows = draft.questions.iter().map(|question| question_row(inquiry, question)).collect();
    let view = view.section(Label::Questions, &columns, rows);
    let view = match inquiry.correspondence() {
        Some(correspondence) => exchanged(view, correspondence),
        None => view,
    };
    let view = match &inquiry.stage {
        InquiryStage::Judged { judgement, .. } | InquiryStage::NoAnswer { judgement, .. } => {
            view.fact(Label::Judgement, &judgement.text).fact(Label::JudgedBy, judgement.by)
        }
        InquiryStage::Cancelled { reason } => view.fact(Label::Reason, reason),
        _ => view,
    };
    view.next(next(inquiry))
}

fn question_row(inquiry: &Inquiry, question: &Question) -> Vec<Option<Shown>> {
    let answers = inquiry.correspondence().map(|correspondence| &correspondence.answers);
    let answer = answers.and_then(|answers| answers.get(&question.key));
    let alternative = answer.and_then(|answer| answer.alternative.as_ref());
    let vulnerabilities: Vec<Shown> = question.vulnerabilities.iter().map(Shown::from).collect();
    vec![
        Some((&question.key).into()),
        Some((&question.subject).into()),
        (!vulnerabilities.is_empty()).then_some(vulnerabilities.into()),
        answer.map(|answer| answer.affected.term().into()),
        answer.map(|answer| answer.may_patch.term().into()),
        alternative.map(|alternative| (&alternative.text).into()),
        alternative.map(|alternative| alternative.until.into()),
        answer.and_then(|answer| answer.until).map(Shown::from),
        answer.filter(|answer| !answer.text.is_empty()).map(|answer| (&answer.text).into()),
    ]
}

fn exchanged(view: View, correspondence: &Correspondence) -> View {
    let sending = |sending: &Sending| -> Vec<Option<Shown>> {
        vec![
            Some(sending.way.term().into()),
            Some(sending.by.into()),
            Some(sending.at.into()),
            Some(sending.due.into()),
            sending.document.clone().map(Shown::from),
            (!sending.note.is_empty()).then(|| (&sending.note).into()),
        ]
    };
    let reply = |reply: &Reply| -> Vec<Option<Shown>> {
        vec![
            Some((&reply.answered_by).into()),
            Some(reply.way.term().into()),
            Some(reply.recorded_by.into()),
            Some(reply.at.into()),
            reply.document.clone().map(Shown::from),
        ]
    };
    let judgement = |judgement: &Judgement| -> Vec<Option<Shown>> {
        vec![Some((&judgement.text).into()), Some(judgement.by.into()), Some(judgement.at.into())]
    };
    view.section(
        Label::Sendings,
        &[Label::Way, Label::By, Label::At, Label::Due, Label::Document, Label::Note],
        correspondence.sendings.iter().map(sending).collect(),
    )
    .section(
        Label::Replies,
        &[Label::AnsweredBy, Label::Way, Label::By, Label::At, Label::Document],
        correspondence.replies.iter().map(reply).collect(),
    )
    .section(
        Label::Insufficient,
        &[Label::Judgement, Label::By, Label::At],
        correspondence.insufficient.iter().map(judgement).collect(),
    )
}

fn next(inquiry: &Inquiry) -> Vec<Reason> {
    match inquiry.state() {
        InquiryState::Drafted => vec![Reason::new(ReasonCode::NotSent)],
        InquiryState::Sent => inquiry.unanswered(),
        InquiryState::Answered => vec![Reason::new(ReasonCode::NotJudged)],
        InquiryState::Judged | InquiryState::NoAnswer | InquiryState::Cancelled => Vec::new(),
    }
}
