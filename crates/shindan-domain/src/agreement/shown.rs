//! How lists and people see an agreement.

use super::difference::covers;
use super::{Agreement, AgreementStage, AgreementState, Duty, Involvement, Reopening, Version};
use crate::approval::Given;
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Relation, Shown, View};

pub(super) fn filed(agreement: &Agreement) -> Filed {
    let state = agreement.state();
    let open = state != AgreementState::Ended;
    let mut filed = Filed::new(state.term(), open, &agreement.content.title);
    filed.due =
        open.then(|| agreement.versions.last().map_or(agreement.content.review, |v| v.content.review));
    filed.links = vec![Link::record(Relation::Subject, Stream::new(Kind::System, agreement.system))];
    let parties = agreement.bound.values();
    filed.links.extend(parties.map(|party| Link::record(Relation::Party, Stream::new(Kind::Party, *party))));
    filed.links.sort();
    filed.links.dedup();
    filed
}

pub(super) fn view(agreement: &Agreement) -> View {
    let content = &agreement.content;
    let mut view = View::new(agreement.state().term())
        .fact(Label::Title, &content.title)
        .fact(Label::System, Stream::new(Kind::System, agreement.system))
        .fact(Label::Version, i64::from(content.version))
        .fact(Label::From, content.from)
        .fact(Label::ValidUntil, content.review)
        .fact(Label::ContentHash, content.hash().to_string());
    if let AgreementStage::Ended { reason, by, at } = &agreement.stage {
        view = view.fact(Label::Reason, reason).fact(Label::By, *by).fact(Label::EndedAt, *at);
    }
    let view = parties(agreement, view);
    let duty = |duty: &Duty| -> Vec<Option<Shown>> {
        vec![
            Some((&duty.key).into()),
            Some(duty.topic.term().into()),
            Some((&duty.text).into()),
            covers(duty),
        ]
    };
    let columns = [Label::Duty, Label::Topic, Label::Content, Label::Covers];
    let view = view.section(Label::Duties, &columns, content.duties.iter().map(duty).collect());
    let columns = [
        Label::Duty,
        Label::Accountable,
        Label::SupportingParties,
        Label::InformedParties,
        Label::ApprovingParties,
        Label::FirstChecked,
        Label::NotAgreed,
        Label::Completed,
    ];
    let roles = content.duties.iter().map(|duty| row(agreement, duty)).collect();
    history(agreement, discussed(agreement, view.section(Label::DutyRoles, &columns, roles)))
        .next(agreement.missing())
}

fn parties(agreement: &Agreement, view: View) -> View {
    let member = |member: &super::Member| -> Vec<Option<Shown>> {
        let party = agreement.bound.get(&member.name).map(|party| Stream::new(Kind::Party, *party).into());
        vec![Some((&member.name).into()), party, Some(member.part.term().into()), Some(member.signs.into())]
    };
    let rows = agreement.content.parties.iter().map(member).collect();
    let columns = [Label::Name, Label::Party, Label::Part, Label::Signs];
    let view = view.section(Label::Parties, &columns, rows);
    let confirmed = agreement.confirmed().into_iter().flatten();
    let rows = confirmed.map(|(name, one)| given(name, &one.given)).collect();
    view.section(Label::Confirmations, &given_columns(), rows)
}

fn given_columns() -> Vec<Label> {
    std::iter::once(Label::Party).chain(Given::COLUMNS).collect()
}

fn given(name: &str, given: &Given) -> Vec<Option<Shown>> {
    std::iter::once(Some(name.into())).chain(given.row()).collect()
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Option<Shown> {
    let names: Vec<Shown> = names.map(Shown::from).collect();
    (!names.is_empty()).then_some(Shown::List(names))
}

fn row(agreement: &Agreement, duty: &Duty) -> Vec<Option<Shown>> {
    let discussion = agreement.discussion.get(&duty.key);
    let agreed = |name: &str| discussion.is_some_and(|discussion| discussion.agreed.contains(name));
    // In a draft nobody was asked yet.
    let asked = agreement.state() != AgreementState::Draft;
    let open = agreement.content.signatories().map(|one| one.name.as_str()).filter(|name| !agreed(name));
    let of = |involvement| names(duty.parties(involvement));
    vec![
        Some((&duty.key).into()),
        of(Involvement::Does),
        of(Involvement::Supports),
        of(Involvement::IsInformed),
        of(Involvement::Approves),
        discussion.and_then(|discussion| discussion.first).map(Shown::from),
        names(open.filter(|_| asked)),
        discussion.and_then(|discussion| discussion.completed).map(Shown::from),
    ]
}

fn discussed(agreement: &Agreement, view: View) -> View {
    let mut rows = Vec::new();
    for duty in &agreement.content.duties {
        let recorded = agreement.discussion.get(&duty.key).map(|one| one.remarks.as_slice());
        for one in recorded.unwrap_or_default() {
            let remark = &one.remark;
            rows.push(vec![
                Some((&duty.key).into()),
                Some((&remark.party).into()),
                Some(remark.stance.term().into()),
                (!remark.comment.is_empty()).then(|| (&remark.comment).into()),
                Some(remark.way.term().into()),
                Some(remark.on.into()),
                Some(one.by.into()),
                remark.document.clone().map(Shown::from),
            ]);
        }
    }
    let columns = [
        Label::Duty,
        Label::Party,
        Label::Stance,
        Label::Comment,
        Label::Way,
        Label::Date,
        Label::By,
        Label::Document,
    ];
    view.section(Label::Discussion, &columns, rows)
}

fn history(agreement: &Agreement, view: View) -> View {
    let version = |version: &Version| -> Vec<Option<Shown>> {
        vec![
            Some(i64::from(version.content.version).into()),
            Some(version.content.from.into()),
            Some(version.content.review.into()),
            names(version.confirmed.keys().map(String::as_str)),
            Some(version.at.into()),
            Some(version.hash.to_string().into()),
        ]
    };
    let reopening = |one: &Reopening| -> Vec<Option<Shown>> {
        vec![
            Some(one.cause.kind.term().into()),
            one.cause.asset.as_ref().map(Shown::from),
            (!one.cause.text.is_empty()).then(|| (&one.cause.text).into()),
            Some(one.by.into()),
            Some(one.at.into()),
            one.renewed_by.map(|version| i64::from(version).into()),
        ]
    };
    let columns =
        [Label::Version, Label::From, Label::ValidUntil, Label::Confirmations, Label::At, Label::ContentHash];
    let view = view.section(Label::Versions, &columns, agreement.versions.iter().map(version).collect());
    let columns = [Label::Cause, Label::Asset, Label::Reason, Label::By, Label::At, Label::RenewedBy];
    let view = view.section(Label::Reopenings, &columns, agreement.reopened.iter().map(reopening).collect());
    let mut rows = Vec::new();
    for version in &agreement.versions {
        rows.extend(version.confirmed.iter().map(|(name, one)| {
            let mut row = vec![Some(i64::from(version.content.version).into())];
            row.extend(given(name, one));
            row
        }));
    }
    let columns: Vec<Label> = std::iter::once(Label::Version).chain(given_columns()).collect();
    let view = view.section(Label::PastConfirmations, &columns, rows);
    let rows = agreement.voided.iter().map(|one| {
        let mut row = given(&one.party, &one.confirmation.given);
        row.push(Some(one.at.into()));
        row
    });
    let columns: Vec<Label> = given_columns().into_iter().chain([Label::Until]).collect();
    view.section(Label::Voided, &columns, rows.collect())
}
