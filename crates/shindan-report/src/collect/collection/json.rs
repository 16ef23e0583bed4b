//! Schema `shindan.collection/1`.

use std::io::Write;

use serde_json::{Error, Value, json};

use super::{CollectedCheck, CollectedNotice, CollectedSource, CollectionReport, NamedPerson};
use crate::collect::json::day;
use crate::json::write_line;

/// Writes the record of a month.
///
/// # Errors
/// What writing reports.
pub fn write_collection<W: Write>(writer: W, report: &CollectionReport) -> Result<(), Error> {
    write_line(
        writer,
        &json!({
            "schema": "shindan.collection/1",
            "month": report.month_text(),
            "made": report.made,
            "installation": report.installation,
            "entries": report.entries,
            "sources": report.sources.iter().map(|one| source(report, one)).collect::<Vec<_>>(),
            "checks": report.checks.iter().map(check).collect::<Vec<_>>(),
            "notices": report.notices.iter().map(notice).collect::<Vec<_>>(),
        }),
    )
}

fn person(one: &NamedPerson) -> Value {
    json!({"id": one.id, "name": one.name})
}

fn source(report: &CollectionReport, one: &CollectedSource) -> Value {
    let draft = &one.source.draft;
    let tally = report.tally(one.id);
    let row = report.grid.rows.iter().find(|row| row.source == one.id);
    json!({
        "id": one.id,
        "number": one.number,
        "name": draft.name,
        "title": draft.title,
        "kind": draft.kind,
        "state": one.source.state(),
        "interval_hours": draft.interval_hours,
        "responsible": one.responsible.as_ref().map(person),
        "summary": {
            "new": tally.new,
            "nothing": tally.nothing,
            "failed": tally.failed,
            "missed": tally.missed,
            "alarms": tally.alarms,
            "unconfirmed": tally.unconfirmed,
        },
        "days": row.map(|row| row.cells.iter().map(day).collect::<Vec<_>>()).unwrap_or_default(),
    })
}

fn check(one: &CollectedCheck) -> Value {
    let draft = &one.check.draft;
    let confirmed =
        one.check.confirmed.as_ref().map(
            |made| json!({"by": one.confirmed_by.as_ref().map(person), "at": made.at, "note": made.note}),
        );
    let hand = draft.by_hand.as_ref().map(|hand| {
        let documents = hand.documents.iter().map(|one| json!({"name": one.name, "sha256": one.sha256}));
        json!({"means": hand.means, "text": hand.text, "documents": documents.collect::<Vec<_>>()})
    });
    let fetch = |one: &shindan_domain::collect::FetchMade| {
        json!({
            "url": one.url,
            "status": one.status,
            "etag": one.etag,
            "sha256": one.sha256,
            "bytes": one.bytes,
            "fetched_at": one.fetched_at,
            "not_modified": one.not_modified,
        })
    };
    json!({
        "id": one.id,
        "number": one.number,
        "source": draft.source,
        "name": draft.name,
        "started": draft.started,
        "ended": draft.ended,
        "by": draft.by,
        "recorded_by": person(&one.recorded_by),
        "reason": draft.reason,
        "outcome": draft.outcome,
        "by_hand": hand,
        "records": draft.counts.records,
        "newest": draft.counts.newest,
        "fetches": draft.fetches.iter().map(fetch).collect::<Vec<_>>(),
        "alarms": draft.alarms,
        "to_be_confirmed": one.check.is_to_be_confirmed(),
        "confirmed": confirmed,
    })
}

fn notice(one: &CollectedNotice) -> Value {
    let (notice, content) = (&one.notice, &one.notice.content);
    let judgement = notice.judgement.as_ref().map(|made| {
        json!({
            "concerns": made.concerns,
            "because": made.because,
            "by": one.judged_by.as_ref().map(person),
            "at": made.at,
            "cases": one.cases,
        })
    });
    json!({
        "id": one.id,
        "number": one.number,
        "source": notice.source,
        "named": content.id,
        "title": content.title,
        "link": content.link,
        "class": content.class,
        "published": content.published,
        "received": notice.received,
        "vulnerabilities": content.vulnerabilities,
        "state": notice.state(),
        "judgement": judgement,
    })
}
