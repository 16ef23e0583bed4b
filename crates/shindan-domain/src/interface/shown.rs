//! How lists and people see an interface.

use super::{FormerInterface, Interface, TestMade};
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Relation, Shown, View};

pub(super) fn filed(interface: &Interface) -> Filed {
    let open = interface.ended.is_none();
    let mut filed = Filed::new(interface.state().term(), open, &interface.draft.name);
    filed.due = interface.due();
    filed.links = vec![
        Link::record(Relation::Subject, Stream::new(Kind::System, interface.draft.system)),
        Link::record(Relation::Party, Stream::new(Kind::Party, interface.draft.counterpart)),
    ];
    let case = interface.case.map(|case| Link::record(Relation::Case, Stream::new(Kind::Case, case)));
    filed.links.extend(case);
    filed.links.sort();
    filed
}

pub(super) fn view(interface: &Interface) -> View {
    let draft = &interface.draft;
    let tests = |tests: &[TestMade]| tests.iter().rev().map(tested).collect();
    let columns = [
        Label::Date,
        Label::Mechanism,
        Label::Method,
        Label::Result,
        Label::Documents,
        Label::Next,
        Label::By,
    ];
    let view = View::new(interface.state().term())
        .fact(Label::Name, &draft.name)
        .fact(Label::System, Stream::new(Kind::System, draft.system))
        .fact(Label::Party, Stream::new(Kind::Party, draft.counterpart))
        .fact(Label::Direction, draft.direction.term())
        .fact(Label::ExchangedData, &draft.data)
        .fact(Label::Protocol, &draft.protocol)
        .maybe(Label::Mechanism, draft.mechanism.map(|mechanism| mechanism.term()))
        .maybe(Label::SetUp, draft.set_up.as_ref())
        .maybe(Label::Case, interface.case.map(|case| Stream::new(Kind::Case, case)))
        .maybe(Label::Due, interface.due())
        .section(Label::IntegrityTests, &columns, tests(&interface.tests))
        .section(Label::FormerTests, &columns, tests(&interface.former_tests))
        .section(
            Label::History,
            &[Label::Protocol, Label::Mechanism, Label::Until, Label::By, Label::Reason],
            interface.history.iter().map(former).collect(),
        );
    match &interface.ended {
        None => view.next(interface.missing()),
        Some(end) => {
            view.fact(Label::EndedAt, end.at).fact(Label::By, end.by).fact(Label::Reason, &end.reason)
        }
    }
}

fn tested(made: &TestMade) -> Vec<Option<Shown>> {
    let test = &made.test;
    let documents: Vec<Shown> = test.documents.iter().cloned().map(Shown::from).collect();
    vec![
        Some(test.on.into()),
        Some(made.mechanism.term().into()),
        Some((&test.method).into()),
        Some(test.result.term().into()),
        Some(documents.into()),
        Some(test.next.into()),
        Some(made.by.into()),
    ]
}

fn former(former: &FormerInterface) -> Vec<Option<Shown>> {
    vec![
        Some((&former.draft.protocol).into()),
        former.draft.mechanism.map(|mechanism| mechanism.term().into()),
        Some(former.until.into()),
        Some(former.by.into()),
        Some((&former.reason).into()),
    ]
}
