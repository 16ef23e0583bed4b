//! How lists and people see a notice.

use super::{Notice, NoticeContent, NoticeJudgement};
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Relation, Shown, View};

pub(super) fn filed(notice: &Notice) -> Filed {
    let content = &notice.content;
    let mut filed = Filed::new(notice.state().term(), notice.is_open(), &content.title);
    filed.links = vec![
        Link::record(Relation::PartOf, Stream::new(Kind::Source, notice.source)),
        Link::record(Relation::PartOf, Stream::new(Kind::SourceCheck, notice.check)),
        Link::record(Relation::PartOf, Stream::new(Kind::SourceCheck, notice.last_check)),
    ];
    let named = content.vulnerabilities.iter().map(|id| Link::to(Relation::Vulnerability, id));
    filed.links.extend(named);
    let cases = notice.judgement.iter().flat_map(|made| &made.cases);
    filed.links.extend(cases.map(|case| Link::record(Relation::Case, Stream::new(Kind::Case, *case))));
    filed.links.sort();
    filed.links.dedup();
    filed
}

pub(super) fn view(notice: &Notice) -> View {
    let content = &notice.content;
    let judgement = notice.judgement.as_ref();
    View::new(notice.state().term())
        .fact(Label::Title, &content.title)
        .fact(Label::Kind, content.class.term())
        .fact(Label::Number, &content.id)
        .maybe(Label::SourceAddress, content.link.as_ref())
        .maybe(Label::Published, content.published)
        .maybe(Label::UpdatedAt, content.updated)
        .maybe(Label::Content, content.text.as_ref())
        .maybe(Label::Vulnerabilities, list(content.vulnerabilities.iter().map(Shown::from)))
        .fact(Label::Source, Stream::new(Kind::Source, notice.source))
        .fact(Label::SourceCheck, Stream::new(Kind::SourceCheck, notice.last_check))
        .fact(Label::ReceivedAt, notice.received)
        .maybe(Label::Judgement, judgement.map(|made| made.concerns.term()))
        .maybe(Label::Reason, judgement.map(|made| &made.because))
        .maybe(Label::Cases, judgement.and_then(cases))
        .maybe(Label::JudgedBy, judgement.map(|made| made.by))
        .maybe(Label::At, judgement.map(|made| made.at))
        .section(
            Label::Past,
            &[Label::Judgement, Label::Reason, Label::Cases, Label::JudgedBy, Label::At],
            notice.past.iter().rev().map(judged).collect(),
        )
        .section(
            Label::History,
            &[Label::Title, Label::UpdatedAt, Label::Vulnerabilities],
            notice.former.iter().rev().map(former).collect(),
        )
        .next(notice.missing())
}

fn list(items: impl Iterator<Item = Shown>) -> Option<Vec<Shown>> {
    let items: Vec<Shown> = items.collect();
    (!items.is_empty()).then_some(items)
}

fn cases(made: &NoticeJudgement) -> Option<Vec<Shown>> {
    list(made.cases.iter().map(|case| Stream::new(Kind::Case, *case).into()))
}

fn judged(made: &NoticeJudgement) -> Vec<Option<Shown>> {
    vec![
        Some(made.concerns.term().into()),
        Some((&made.because).into()),
        cases(made).map(Shown::from),
        Some(made.by.into()),
        Some(made.at.into()),
    ]
}

fn former(content: &NoticeContent) -> Vec<Option<Shown>> {
    vec![
        Some((&content.title).into()),
        content.updated.map(Shown::from),
        list(content.vulnerabilities.iter().map(Shown::from)).map(Shown::from),
    ]
}
