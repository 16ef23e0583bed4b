//! Schemas `shindan.source-status/1`, `shindan.source-calendar/1`, `shindan.source-proposals/1` and `shindan.sync/1`.

use std::io::Write;

use jiff::Timestamp;
use serde_json::{Error, Value, json};
use shindan_domain::collect::{Cell, DefaultSource, MonthGrid, SourcePack};
use shindan_domain::record_id::SourceId;

use super::{SourceLine, SyncedLine, Trouble};
use crate::json::write_line;

/// Writes sources and whether they are looked at.
///
/// # Errors
/// What writing reports.
pub fn write_status<W: Write>(writer: W, sources: &[SourceLine<'_>], now: Timestamp) -> Result<(), Error> {
    let sources: Vec<Value> = sources.iter().map(source_line).collect();
    write_line(writer, &json!({"schema": "shindan.source-status/1", "as_of": now, "sources": sources}))
}

fn source_line(one: &SourceLine<'_>) -> Value {
    let draft = &one.source.draft;
    let last = one.last.map(|(check, facts)| {
        json!({
            "check": check,
            "ended": facts.ended,
            "result": facts.result,
            "new_items": facts.new_items,
            "failure": facts.failure,
        })
    });
    json!({
        "id": one.id,
        "number": one.number,
        "name": draft.name,
        "title": draft.title,
        "kind": draft.kind,
        "state": one.source.state(),
        "timing": one.timing,
        "interval_hours": draft.interval_hours,
        "responsible": draft.responsible,
        "last": last,
        "last_good": one.last_good,
        "alarms": one.alarms,
        "unconfirmed": one.unconfirmed,
        "troubles": one.troubles().into_iter().map(Trouble::as_str).collect::<Vec<_>>(),
    })
}

/// Writes a month.
///
/// # Errors
/// What writing reports.
pub fn write_calendar<W: Write>(
    writer: W,
    grid: &MonthGrid,
    titles: &[(SourceId, String)],
    now: Timestamp,
) -> Result<(), Error> {
    let title = |id: SourceId| titles.iter().find(|(one, _)| *one == id).map(|(_, title)| title);
    let rows = grid.rows.iter().map(|row| {
        let days: Vec<Value> = row.cells.iter().map(day).collect();
        json!({"id": row.source, "title": title(row.source), "days": days})
    });
    write_line(
        writer,
        &json!({
            "schema": "shindan.source-calendar/1",
            "as_of": now,
            "month": grid.first.strftime("%Y-%m").to_string(),
            "sources": rows.collect::<Vec<_>>(),
        }),
    )
}

pub(super) fn day(cell: &Cell) -> Value {
    let check = |one: &shindan_domain::collect::CheckedOn| json!({"check": one.check, "result": one.result});
    json!({
        "date": cell.date,
        "state": cell.state,
        "new_items": cell.new_items,
        "checks": cell.checks.iter().map(check).collect::<Vec<_>>(),
    })
}

/// Writes the proposals.
///
/// # Errors
/// What writing reports.
pub fn write_proposals<W: Write>(writer: W, pack: &SourcePack) -> Result<(), Error> {
    let sources: Vec<Value> = pack.sources.iter().map(proposal).collect();
    write_line(
        writer,
        &json!({
            "schema": "shindan.source-proposals/1",
            "pack": pack.id,
            "version": pack.version,
            "sources": sources,
        }),
    )
}

fn proposal(one: &DefaultSource) -> Value {
    json!({
        "name": one.name,
        "title": one.title,
        "kind": one.kind,
        "addresses": one.addresses,
        "interval_hours": one.interval_hours,
        "reminder_days": one.reminder_days,
        "confirm_days": one.confirm_days,
        "thresholds": one.thresholds,
        "licence": one.licence,
        "may_leave_out": one.may_leave_out,
        "proposed": one.proposed,
        "unchecked": one.unchecked,
    })
}

/// Writes what a synchronisation brought. `rebuilt`: the knowledge base was built anew with it.
///
/// # Errors
/// What writing reports.
pub fn write_synced<W: Write>(writer: W, sources: &[SyncedLine<'_>], rebuilt: bool) -> Result<(), Error> {
    let sources: Vec<Value> = sources.iter().map(synced_json).collect();
    write_line(writer, &json!({"schema": "shindan.sync/1", "knowledge_rebuilt": rebuilt, "sources": sources}))
}

/// A source that was looked at.
pub(crate) fn synced_json(one: &SyncedLine<'_>) -> Value {
    json!({
        "id": one.id,
        "name": one.name,
        "check": one.check,
        "outcome": one.outcome,
        "alarms": one.alarms,
    })
}
