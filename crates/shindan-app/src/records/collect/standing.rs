//! How sources stand, and the month grid. Derived from plans and checks, never recorded.

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::collect::{
    Alarm, CheckFacts, MonthGrid, PlanSpan, Source, SourceCheck, SourceState, SourceTiming, alarms, calendar,
    timing,
};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::record_id::{SourceCheckId, SourceId};

use super::checks;
use crate::records::{Entered, Records, RecordsError};

/// A source as it stands.
#[derive(Debug, Clone)]
pub struct SourceStanding {
    /// Which.
    pub id: SourceId,
    /// What it is called.
    pub called: Option<String>,
    /// The source.
    pub source: Source,
    /// Whether it is looked at in time.
    pub timing: SourceTiming,
    /// Its last check.
    pub last: Option<(SourceCheckId, CheckFacts)>,
    /// When the last check ended that did not fail; for one that a bundle brought, when its sender had looked.
    pub last_good: Option<Timestamp>,
    /// What is suspicious about it now.
    pub alarms: Vec<Alarm>,
    /// Checks that a person still has to look at.
    pub unconfirmed: u64,
}

/// The sources that have not ended, by name.
///
/// # Errors
/// Refused if the person may not read.
pub fn standing(
    records: &Records,
    who: &Entered,
    now: Timestamp,
) -> Result<Vec<SourceStanding>, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let checks = checks::all(records)?;
    let mut sources = records.all::<Source>()?;
    sources.retain(|(_, source)| source.state() != SourceState::Ended);
    sources.sort_by(|(_, one), (_, other)| one.draft.name.cmp(&other.draft.name));
    let stand = |(id, source)| {
        let called = records.called(Stream::new(Kind::Source, id));
        stand(SourceId(id), called, source, &checks, now)
    };
    Ok(sources.into_iter().map(stand).collect())
}

fn stand(
    id: SourceId,
    called: Option<String>,
    source: Source,
    checks: &[(SourceCheck, CheckFacts)],
    now: Timestamp,
) -> SourceStanding {
    let own = || checks.iter().filter(|(check, _)| check.draft.source == id);
    let history: Vec<CheckFacts> = own().map(|(_, facts)| facts.clone()).collect();
    let last_good = history.iter().filter(|check| check.succeeded()).map(CheckFacts::informed).max();
    SourceStanding {
        id,
        called,
        timing: timing(&source.plan(), source.draft.reminder_days, last_good, now),
        last: history.last().map(|facts| (facts.check, facts.clone())),
        last_good,
        alarms: alarms(&history, &source.draft.thresholds, now),
        unconfirmed: own().filter(|(check, _)| check.is_to_be_confirmed()).count() as u64,
        source,
    }
}

/// The checks of a source, oldest first.
pub(super) fn history(records: &Records, source: SourceId) -> Result<Vec<CheckFacts>, RecordsError> {
    let all = checks::all(records)?.into_iter().map(|(_, facts)| facts);
    Ok(all.filter(|facts| facts.source == source).collect())
}

/// A month of checks.
#[derive(Debug, Clone)]
pub struct Month {
    /// The grid.
    pub grid: MonthGrid,
    /// The sources in the order of its rows, with what they are called.
    pub sources: Vec<(SourceId, String)>,
}

/// The month grid: each source and each day. A source that ended before the month is left out.
///
/// # Errors
/// Refused if the person may not read.
pub fn month(records: &Records, who: &Entered, month: Date, now: Timestamp) -> Result<Month, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let begin = shindan_domain::calendar::start_of(month.first_of_month());
    let mut sources = records.all::<Source>()?;
    sources.retain(|(_, source)| source.ended.as_ref().is_none_or(|end| end.at >= begin));
    sources.sort_by(|(_, one), (_, other)| one.draft.name.cmp(&other.draft.name));
    let plans: Vec<(SourceId, Vec<PlanSpan>)> =
        sources.iter().map(|(id, source)| (SourceId(*id), source.plan())).collect();
    let facts: Vec<CheckFacts> = checks::all(records)?.into_iter().map(|(_, facts)| facts).collect();
    let titles = sources.into_iter().map(|(id, source)| (SourceId(id), source.draft.title)).collect();
    Ok(Month { grid: calendar(month, &plans, &facts, now), sources: titles })
}
