//! What the rule of ④-2 looks at: sources, checks and notices as they stood at the end of a day.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use shindan_domain::collect::{
    CellState, CheckFacts, CheckResult, Notice, PlanSpan, Source, SourceCheck, SourceState, calendar, timing,
};
use shindan_domain::control::{NoticeFact, SourceFact};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{SourceCheckId, SourceId};
use uuid::Uuid;

use super::facts::AsOf;

/// So many days up to the day are looked at for days on which nobody looked.
const PERIOD_DAYS: i64 = 31;

/// Sources that had not ended.
pub(super) fn sources(all: &AsOf, day: Date, until: Timestamp) -> Vec<SourceFact> {
    let current = all.sources.iter().filter(|(_, source)| source.state() != SourceState::Ended);
    current.map(|(id, source)| fact(all, *id, source, (day, until))).collect()
}

fn fact(all: &AsOf, id: Uuid, source: &Source, (day, until): (Date, Timestamp)) -> SourceFact {
    let own = all.source_checks.iter().filter(|(_, check)| check.draft.source == SourceId(id));
    let mut checks: Vec<(CheckFacts, &SourceCheck)> =
        own.map(|(check, state)| (state.facts(SourceCheckId(*check)), state)).collect();
    checks.sort_by_key(|(facts, _)| (facts.ended, facts.check));
    let plan = source.plan();
    let good = checks.iter().filter(|(facts, _)| facts.succeeded()).map(|(facts, _)| facts.informed()).max();
    let last = checks.last();
    let facts: Vec<CheckFacts> = checks.iter().map(|(facts, _)| facts.clone()).collect();
    SourceFact {
        record: all.reference(Kind::Source, id, || source.draft.name.clone()),
        named_body: source.draft.kind.is_named_body(),
        active: source.state() == SourceState::Active,
        planned: source.draft.interval_hours.is_some(),
        timing: timing(&plan, source.draft.reminder_days, good, until),
        checked: good.is_some(),
        missed_days: missed(SourceId(id), plan, &facts, (day, until)),
        last_failed: last.is_some_and(|(facts, _)| facts.result == CheckResult::Failed),
        suspicious: last
            .is_some_and(|(_, check)| !check.draft.alarms.is_empty() && check.confirmed.is_none()),
        confirmed: checks.iter().any(|(_, check)| confirmed_lately(source, check, day)),
    }
}

/// A person confirmed it within the days that the settings of the source ask for.
fn confirmed_lately(source: &Source, check: &SourceCheck, day: Date) -> bool {
    let since = day.saturating_sub(i64::from(source.draft.confirm_days).days());
    check.confirmed.as_ref().is_some_and(|made| shindan_domain::calendar::day(made.at) >= since)
}

/// Days of the period on which it was due and nobody looked.
fn missed(
    source: SourceId,
    plan: Vec<PlanSpan>,
    checks: &[CheckFacts],
    (day, until): (Date, Timestamp),
) -> u32 {
    let since = day.saturating_sub((PERIOD_DAYS - 1).days());
    let plans = [(source, plan)];
    let mut months = vec![since.first_of_month()];
    while let Some(next) = months.last().and_then(|month| month.checked_add(1.month()).ok()) {
        if next > day {
            break;
        }
        months.push(next);
    }
    let grids = months.into_iter().map(|month| calendar(month, &plans, checks, until));
    let cells = grids.flat_map(|grid| grid.rows).flat_map(|row| row.cells);
    let missed = cells.filter(|cell| (since..=day).contains(&cell.date) && cell.state == CellState::Missed);
    u32::try_from(missed.count()).unwrap_or(u32::MAX)
}

/// What sources told, and whether somebody judged it as it was then.
pub(super) fn notices(all: &AsOf) -> Vec<NoticeFact> {
    let fact = |(id, notice): (&Uuid, &Notice)| NoticeFact {
        record: all.reference(Kind::Notice, *id, || notice.content.title.clone()),
        judged: !notice.is_open(),
    };
    all.notices.iter().map(fact).collect()
}
