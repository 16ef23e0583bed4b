//! How lists and people see a source.

use super::{FormerSource, Pause, Source, SourceState};
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Relation, Shown, View};

pub(super) fn filed(source: &Source) -> Filed {
    let open = source.state() == SourceState::Active;
    let mut filed = Filed::new(source.state().term(), open, &source.draft.title);
    let responsible = source.draft.responsible.map(|person| Stream::new(Kind::Person, person));
    filed.links.extend(responsible.map(|person| Link::record(Relation::Responsible, person)));
    filed
}

pub(super) fn view(source: &Source) -> View {
    let draft = &source.draft;
    let addresses: Vec<Shown> = draft.addresses.iter().map(Shown::from).collect();
    let thresholds = &draft.thresholds;
    let view = View::new(source.state().term())
        .fact(Label::Name, &draft.name)
        .fact(Label::Title, &draft.title)
        .fact(Label::Kind, draft.kind.term())
        .maybe(Label::SourceAddresses, (!addresses.is_empty()).then_some(addresses))
        .maybe(Label::IntervalHours, draft.interval_hours.map(i64::from))
        .maybe(Label::Responsible, draft.responsible)
        .fact(Label::ReminderDays, i64::from(draft.reminder_days))
        .fact(Label::ConfirmWithin, i64::from(draft.confirm_days))
        .maybe(Label::DropPercent, thresholds.drop_percent.map(i64::from))
        .maybe(Label::StandstillDays, thresholds.standstill_days.map(i64::from))
        .maybe(Label::UnchangedDays, thresholds.unchanged_days.map(i64::from))
        .maybe(Label::SkewMinutes, thresholds.skew_minutes.map(i64::from))
        .maybe(Label::Licence, draft.licence.as_ref())
        .fact(Label::MayLeaveOut, draft.may_leave_out)
        .section(
            Label::Pauses,
            &[Label::Since, Label::Until, Label::By, Label::Reason],
            source.pauses.iter().rev().map(pause).collect(),
        )
        .section(
            Label::History,
            &[Label::IntervalHours, Label::SourceAddresses, Label::Until, Label::By, Label::Reason],
            source.history.iter().rev().map(former).collect(),
        )
        .next(source.missing());
    match &source.ended {
        None => view,
        Some(end) => {
            view.fact(Label::EndedAt, end.at).fact(Label::By, end.by).fact(Label::Reason, &end.reason)
        }
    }
}

fn pause(pause: &Pause) -> Vec<Option<Shown>> {
    vec![
        Some(pause.from.into()),
        pause.until.map(Shown::from),
        Some(pause.by.into()),
        Some((&pause.reason).into()),
    ]
}

fn former(former: &FormerSource) -> Vec<Option<Shown>> {
    let addresses: Vec<Shown> = former.draft.addresses.iter().map(Shown::from).collect();
    vec![
        former.draft.interval_hours.map(|hours| i64::from(hours).into()),
        (!addresses.is_empty()).then_some(addresses.into()),
        Some(former.until.into()),
        Some(former.by.into()),
        Some((&former.reason).into()),
    ]
}
