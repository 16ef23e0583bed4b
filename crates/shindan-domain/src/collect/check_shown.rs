//! How lists and people see a check of a source.

use super::{Alarm, CheckOutcome, FetchMade, SourceCheck};
use crate::calendar::day;
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Reason, ReasonCode, Relation, Shown, View};

pub(super) fn filed(check: &SourceCheck) -> Filed {
    let title = format!("{} {}", check.draft.name, day(check.draft.ended));
    let mut filed = Filed::new(check.result().term(), !check.missing().is_empty(), title);
    filed.links = vec![Link::record(Relation::PartOf, Stream::new(Kind::Source, check.draft.source))];
    filed
}

pub(super) fn view(check: &SourceCheck) -> View {
    let draft = &check.draft;
    let (count, failure) = match &draft.outcome {
        CheckOutcome::NewItems { count } => (Some(number(*count)), None),
        CheckOutcome::NothingNew => (None, None),
        CheckOutcome::Failed { failure, params } => {
            let mut reason = Reason::new(ReasonCode::CheckFailedBecause);
            reason.params.clone_from(params);
            (None, Some(reason.with("failure", failure)))
        }
    };
    let hand = draft.by_hand.as_ref();
    let documents: Option<Vec<Shown>> =
        hand.map(|hand| hand.documents.iter().cloned().map(Shown::from).collect());
    let view = View::new(check.result().term())
        .fact(Label::Source, Stream::new(Kind::Source, draft.source))
        .fact(Label::CheckBy, draft.by.term())
        .maybe(Label::AdHocReason, draft.reason.as_ref())
        .fact(Label::StartedAt, draft.started)
        .fact(Label::CheckEnded, draft.ended)
        .maybe(Label::NewItems, count)
        .maybe(Label::Reason, failure)
        .maybe(Label::Means, hand.map(|hand| hand.means.term()))
        .maybe(Label::Statement, hand.map(|hand| &hand.text))
        .maybe(Label::Documents, documents.filter(|documents| !documents.is_empty()))
        .maybe(Label::SourceRows, draft.counts.records.map(number))
        .maybe(Label::Newest, draft.counts.newest)
        .maybe(Label::Format, draft.counts.format.as_ref())
        .maybe(Label::ClockSkew, draft.counts.clock_skew_seconds)
        .maybe(Label::BundleNumber, draft.carried.as_ref().map(|carried| number(carried.sequence)))
        .maybe(Label::PartnerInstallation, draft.carried.as_ref().map(|carried| carried.from.to_string()))
        .maybe(Label::SenderLooked, draft.carried.as_ref().and_then(|carried| carried.as_of))
        .fact(Label::By, check.recorded_by)
        .section(
            Label::Fetches,
            &[
                Label::SourceAddress,
                Label::HttpStatus,
                Label::Sha256,
                Label::Bytes,
                Label::Etag,
                Label::NotModified,
                Label::At,
            ],
            draft.fetches.iter().map(fetch).collect(),
        )
        .section(Label::Alarms, &[Label::Kind, Label::Statement], draft.alarms.iter().map(alarm).collect());
    match &check.confirmed {
        None => view.next(check.missing()),
        Some(confirmed) => view
            .fact(Label::ConfirmedBy, confirmed.by)
            .fact(Label::ConfirmedAt, confirmed.at)
            .maybe(Label::Note, confirmed.note.as_ref()),
    }
}

/// More than there are numbers is shown as the largest.
fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn fetch(made: &FetchMade) -> Vec<Option<Shown>> {
    vec![
        Some((&made.url).into()),
        made.status.map(|status| i64::from(status).into()),
        made.sha256.map(|hash| hash.to_string().into()),
        made.bytes.map(|bytes| number(bytes).into()),
        made.etag.as_ref().map(Shown::from),
        Some(made.not_modified.into()),
        Some(made.fetched_at.into()),
    ]
}

fn alarm(alarm: &Alarm) -> Vec<Option<Shown>> {
    vec![Some(alarm.kind.term().into()), Some(alarm.reason().into())]
}
