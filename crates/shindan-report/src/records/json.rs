//! Records for programs: schemas `shindan.record/1`, `shindan.records/1`, `shindan.refusal/1`.

use std::io::Write;

use serde_json::{Error, Map, Value, json};
use shindan_domain::process::{Fact, Reason, Section, Shown};

use super::{HistoryLine, Names, RecordList, RecordPage, RecordRow, RefusalPage};
use crate::json::write_line;
use crate::words::{Lang, Words};

/// Writes one record.
///
/// # Errors
/// What writing reports.
pub fn write_record<W: Write>(writer: W, page: &RecordPage) -> Result<(), Error> {
    write_line(writer, &record_json(page))
}

/// One record as JSON.
pub fn record_json(page: &RecordPage) -> Value {
    let facts: Map<String, Value> = page
        .view
        .facts
        .iter()
        .map(|Fact { label, value }| (label.as_str().to_owned(), shown(value, &page.names)))
        .collect();
    let lists: Map<String, Value> = page
        .view
        .sections
        .iter()
        .map(|section| (section.label.as_str().to_owned(), list(section, &page.names)))
        .collect();
    json!({
        "schema": "shindan.record/1",
        "id": page.stream.id,
        "kind": page.stream.kind,
        "number": page.number,
        "title": page.title,
        "revision": page.revision,
        "state": page.view.status.value,
        "facts": facts,
        "lists": lists,
        "next": page.view.next.iter().map(reason_json).collect::<Vec<_>>(),
        "history": page.history.iter().map(|entry| history(entry, &page.names)).collect::<Vec<_>>(),
    })
}

fn history(entry: &HistoryLine, names: &Names) -> Value {
    json!({
        "sequence": entry.sequence,
        "at": entry.at,
        "person": person(entry.person, names),
        "event": entry.event,
    })
}

fn person(person: shindan_domain::record_id::PersonId, names: &Names) -> Value {
    json!({"id": person, "name": names.people.get(&person)})
}

fn list(section: &Section, names: &Names) -> Value {
    let row = |row: &Vec<Option<Shown>>| -> Value {
        let cells = section.columns.iter().zip(row).map(|(column, cell)| {
            let value = cell.as_ref().map_or(Value::Null, |value| shown(value, names));
            (column.as_str().to_owned(), value)
        });
        Value::Object(cells.collect())
    };
    section.rows.iter().map(row).collect()
}

fn shown(value: &Shown, names: &Names) -> Value {
    match value {
        Shown::Text(text) => json!(text),
        Shown::Term(term) => json!(term.value),
        Shown::Number(number) => json!(number),
        Shown::Flag(flag) => json!(flag),
        Shown::Time(time) => json!(time),
        Shown::Day(day) => json!(day),
        Shown::Person(id) => person(*id, names),
        Shown::Record(stream) => {
            json!({"kind": stream.kind, "id": stream.id, "called": names.records.get(stream)})
        }
        Shown::Reason(reason) => reason_json(reason),
        Shown::Document(document) => {
            json!({"name": document.name, "sha256": document.sha256, "size": document.size})
        }
        Shown::List(values) => values.iter().map(|value| shown(value, names)).collect(),
    }
}

/// A reason as code, parameters and English text.
pub fn reason_json(reason: &Reason) -> Value {
    json!({"code": reason.code, "params": reason.params, "text": Words::new(Lang::En).for_command_line().reason(reason)})
}

/// Writes a list of records.
///
/// # Errors
/// What writing reports.
pub fn write_records<W: Write>(writer: W, list: &RecordList) -> Result<(), Error> {
    let rows: Vec<Value> = list.rows.iter().map(|row| row_json(row, list)).collect();
    write_line(writer, &json!({"schema": "shindan.records/1", "records": rows, "next": list.next}))
}

fn row_json(row: &RecordRow, list: &RecordList) -> Value {
    json!({
        "id": row.stream.id,
        "kind": row.stream.kind,
        "number": row.number,
        "title": row.title,
        "state": row.status.value,
        "open": row.open,
        "priority": row.priority.and_then(|rank| shindan_domain::priority::Decision::ALL.get(usize::from(rank))),
        "due": row.due,
        "overdue": row.open && row.due.is_some_and(|due| due < list.today),
        "revision": row.revision,
        "changed": row.changed,
    })
}

/// Writes a refused step.
///
/// # Errors
/// What writing reports.
pub fn write_refusal<W: Write>(writer: W, page: &RefusalPage<'_>) -> Result<(), Error> {
    write_line(
        writer,
        &json!({
            "schema": "shindan.refusal/1",
            "record": page.record,
            "reason": reason_json(page.reason),
            "missing": page.missing.iter().map(reason_json).collect::<Vec<_>>(),
        }),
    )
}
