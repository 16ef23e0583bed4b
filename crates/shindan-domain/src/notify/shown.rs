//! How lists and people see a subscription.

use super::Subscription;
use crate::case::priority_term;
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Relation, Shown, View};

pub(super) fn filed(subscription: &Subscription) -> Filed {
    let open = subscription.ended.is_none();
    let mut filed = Filed::new(subscription.state().term(), open, &subscription.draft.name);
    let person = subscription.draft.person.map(|person| Stream::new(Kind::Person, person));
    filed.links.extend(person.map(|person| Link::record(Relation::Responsible, person)));
    filed
}

pub(super) fn view(subscription: &Subscription) -> View {
    let draft = &subscription.draft;
    let topics: Vec<Shown> = draft.topics.iter().map(|topic| topic.term().into()).collect();
    let entry = i64::try_from(subscription.told_up_to).unwrap_or(i64::MAX);
    let messages = i64::try_from(subscription.messages).unwrap_or(i64::MAX);
    View::new(subscription.state().term())
        .fact(Label::Name, &draft.name)
        .maybe(Label::Responsible, draft.person)
        .fact(Label::Topics, topics)
        .fact(Label::Priority, priority_term(draft.least))
        .fact(Label::IntervalHours, i64::from(draft.interval_hours))
        .fact(Label::Language, draft.language.term())
        .fact(Label::Messages, messages)
        .fact(Label::ToldUpTo, entry)
        .fact(Label::ToldAt, subscription.told_at)
        .maybe(Label::Reason, subscription.ended.as_ref())
        .next(subscription.missing())
}
