//! The last days of each source, read from the latest check backwards: no more of them than the days need.

use jiff::{Timestamp, ToSpan};
use shindan_domain::calendar::{day, start_of};
use shindan_domain::collect::{
    Cell, CheckFacts, PlanSpan, Source, SourceCheck, SourceState, SourceTiming, calendar, timing,
};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::Relation;
use shindan_domain::record_id::{SourceCheckId, SourceId};
use shindan_report::figure::{SourceDays, SourceRow};

use crate::records::{Entered, Records, RecordsError};

/// So many checks of a source are looked at. Of a source that is looked at more often, fewer days are told.
const CHECKS: usize = 400;

/// The last `days` days of each source that has not ended, by name; today is the last one.
///
/// # Errors
/// Refused if the person may not read; those of reading.
pub fn freshness(
    records: &Records,
    who: &Entered,
    days: i64,
    now: Timestamp,
) -> Result<SourceDays, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let mut sources = records.all::<Source>()?;
    sources.retain(|(_, source)| source.state() != SourceState::Ended);
    sources.sort_by(|(_, one), (_, other)| one.draft.name.cmp(&other.draft.name));
    let mut rows = Vec::with_capacity(sources.len());
    for (id, source) in sources {
        rows.push(row(records, SourceId(id), &source, days, now)?);
    }
    // The same days for every source: those that could be told of each.
    let told = rows.iter().map(|row| row.days.len()).min().unwrap_or(0);
    for row in &mut rows {
        row.days.drain(..row.days.len().saturating_sub(told));
    }
    Ok(SourceDays { as_of: now, rows })
}

fn row(
    records: &Records,
    id: SourceId,
    source: &Source,
    days: i64,
    now: Timestamp,
) -> Result<SourceRow, RecordsError> {
    let today = day(now);
    let first = today.checked_sub((days.max(1) - 1).days()).unwrap_or(today);
    let checks = checks_back_to(records, id, start_of(first))?;
    // What was not looked at is not told.
    let first = match checks.len() {
        CHECKS => checks
            .first()
            .and_then(|check| day(check.ended).tomorrow().ok())
            .map_or(first, |next| next.clamp(first, today)),
        _ => first,
    };
    let plan: Vec<PlanSpan> = source.plan();
    let mut cells: Vec<Cell> = Vec::new();
    let mut month = first.first_of_month();
    while month <= today {
        let grid = calendar(month, &[(id, plan.clone())], &checks, now);
        let own = grid.rows.into_iter().flat_map(|row| row.cells);
        cells.extend(own.filter(|cell| cell.date >= first && cell.date <= today));
        let Ok(next) = month.checked_add(1.month()) else { break };
        month = next;
    }
    let last = checks.iter().filter(|check| check.succeeded()).map(CheckFacts::informed).max();
    let failed = checks.last().is_some_and(|check| !check.succeeded());
    let timing = timing(&plan, source.draft.reminder_days, last, now);
    Ok(SourceRow {
        title: source.draft.title.clone(),
        days: cells,
        last,
        late: failed || timing == SourceTiming::Overdue,
    })
}

/// Checks of a source, the oldest first: back to the last good one before `begin`.
fn checks_back_to(
    records: &Records,
    id: SourceId,
    begin: Timestamp,
) -> Result<Vec<CheckFacts>, RecordsError> {
    let target = Stream::new(Kind::Source, id).id.hyphenated().to_string();
    let (mut found, mut failed) = (Vec::new(), None);
    records.store().latest_linked_states(
        Kind::SourceCheck,
        (Relation::PartOf, &target),
        &mut |stream, state| match serde_json::from_slice::<SourceCheck>(state) {
            Ok(check) => {
                let facts = check.facts(SourceCheckId(stream.id));
                let enough = facts.succeeded() && facts.ended < begin;
                found.push(facts);
                !enough && found.len() < CHECKS
            }
            Err(error) => {
                failed = Some(RecordsError::stored(error));
                false
            }
        },
    )?;
    if let Some(error) = failed {
        return Err(error);
    }
    found.reverse();
    found.sort_by_key(|check| check.ended);
    Ok(found)
}
