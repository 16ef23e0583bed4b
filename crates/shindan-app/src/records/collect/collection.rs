//! Use case `report collection`: 収集実施記録 of a month, from plans, checks and notices.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::calendar::{day, start_of};
use shindan_domain::collect::{Notice, Source, SourceCheck};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::record_id::{NoticeId, PersonId, SourceCheckId, SourceId};
use shindan_report::collect::{
    CollectedCheck, CollectedNotice, CollectedSource, CollectionReport, NamedPerson,
};
use uuid::Uuid;

use super::standing;
use crate::records::{Entered, Records, RecordsError};

/// What was looked at in a month in Japan; `now` is the time for which it holds.
///
/// # Errors
/// Refused if the person may not read; [`RecordsError::Invalid`] for a month that has not begun.
pub fn collection(
    records: &Records,
    who: &Entered,
    month: Date,
    now: Timestamp,
) -> Result<CollectionReport, RecordsError> {
    let month = month.first_of_month();
    if start_of(month) > now {
        let value = month.strftime("%Y-%m").to_string();
        return Err(RecordsError::Invalid { field: "--month".to_owned(), value });
    }
    let mut grid = standing::month(records, who, month, now)?.grid;
    let all: Vec<(Uuid, Source)> = records.all::<Source>()?;
    let find = |id: SourceId| all.iter().find(|(one, _)| *one == id.0).map(|(_, source)| source);
    // One that was added later was not looked at in this month, and is no gap of it.
    grid.rows.retain(|row| find(row.source).is_some_and(|source| day(source.added) <= month.last_of_month()));
    let sources = grid.rows.iter().filter_map(|row| {
        let source = find(row.source)?.clone();
        Some(CollectedSource {
            id: row.source,
            number: number(records, Kind::Source, row.source.0),
            responsible: source.draft.responsible.map(|person| named(records, person)),
            source,
        })
    });
    let installation = records.store().installation();
    Ok(CollectionReport {
        month,
        made: now,
        prefix: installation.prefix.clone(),
        installation: installation.id,
        entries: records.store().last_until(now)?,
        sources: sources.collect(),
        grid,
        checks: checks(records, month, now)?,
        notices: notices(records, month, now)?,
    })
}

/// A day of the month, and not after the time for which the report holds.
fn is_in(month: Date, at: Timestamp, now: Timestamp) -> bool {
    day(at).first_of_month() == month && at <= now
}

fn checks(records: &Records, month: Date, now: Timestamp) -> Result<Vec<CollectedCheck>, RecordsError> {
    let mut all: Vec<(Uuid, SourceCheck)> = records.all::<SourceCheck>()?;
    all.retain(|(_, check)| is_in(month, check.draft.ended, now));
    all.sort_by_key(|(id, check)| (check.draft.ended, *id));
    let collected = |(id, check): (Uuid, SourceCheck)| CollectedCheck {
        id: SourceCheckId(id),
        number: number(records, Kind::SourceCheck, id),
        recorded_by: named(records, check.recorded_by),
        confirmed_by: check.confirmed.as_ref().map(|made| named(records, made.by)),
        check,
    };
    Ok(all.into_iter().map(collected).collect())
}

/// What was received, changed or judged in the month, and what was there before and is to be judged.
fn notices(records: &Records, month: Date, now: Timestamp) -> Result<Vec<CollectedNotice>, RecordsError> {
    let of_month: BTreeSet<Uuid> = {
        let all = records.all::<SourceCheck>()?.into_iter();
        all.filter(|(_, check)| is_in(month, check.draft.ended, now)).map(|(id, _)| id).collect()
    };
    let mut all: Vec<(Uuid, Notice)> = records.all::<Notice>()?;
    all.retain(|(_, notice)| {
        let judged = notice.judgement.iter().chain(&notice.past).any(|made| is_in(month, made.at, now));
        let changed = of_month.contains(&notice.check.0) || of_month.contains(&notice.last_check.0);
        let waits = notice.is_open() && day(notice.received) <= month.last_of_month();
        is_in(month, notice.received, now) || changed || judged || waits
    });
    all.sort_by_key(|(id, notice)| (notice.received, *id));
    let collected = |(id, notice): (Uuid, Notice)| {
        let judgement = notice.judgement.as_ref();
        let cases = judgement.into_iter().flat_map(|made| &made.cases);
        CollectedNotice {
            id: NoticeId(id),
            number: number(records, Kind::Notice, id),
            judged_by: judgement.map(|made| named(records, made.by)),
            cases: cases.map(|case| number(records, Kind::Case, case.0)).collect(),
            notice,
        }
    };
    Ok(all.into_iter().map(collected).collect())
}

fn number(records: &Records, kind: Kind, id: Uuid) -> String {
    records.called(Stream::new(kind, id)).unwrap_or_else(|| id.to_string())
}

fn named(records: &Records, person: PersonId) -> NamedPerson {
    NamedPerson { id: person, name: records.name(person) }
}
