//! What changed since a moment: `shindan.changes-since/1` and for the terminal.

use std::io::Write;

use serde_json::{Error, Value, json};

use super::{AlarmLine, CaseLine, CaseMove, ChangesSince, FailedLine, NoticeLine};
use crate::dates;
use crate::json::write_line;
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, heading, line, plain, put};
use crate::words::Words;

/// Writes what changed.
///
/// # Errors
/// What writing reports.
pub fn write_changes<W: Write>(writer: W, changes: &ChangesSince) -> Result<(), Error> {
    let missed =
        changes.missed.iter().map(|one| json!({"date": one.date, "source": one.source, "name": one.name}));
    let generations =
        changes.generations.iter().map(|one| json!({"generation": one.generation, "at": one.at}));
    write_line(
        writer,
        &json!({
            "schema": "shindan.changes-since/1",
            "since": changes.since,
            "until": changes.until,
            "entries": {"after": changes.after, "last": changes.last},
            "notices": changes.notices.iter().map(notice_json).collect::<Vec<_>>(),
            "checks": {
                "done": changes.checks_done,
                "failed": changes.failed.iter().map(failed_json).collect::<Vec<_>>(),
                "missed": missed.collect::<Vec<_>>(),
            },
            "alarms": changes.alarms.iter().map(alarm_json).collect::<Vec<_>>(),
            "cases": changes.cases.iter().map(case_json).collect::<Vec<_>>(),
            "generations": generations.collect::<Vec<_>>(),
            "comparisons": changes.comparisons,
        }),
    )
}

fn notice_json(one: &NoticeLine) -> Value {
    json!({
        "id": one.stream.id,
        "number": one.number,
        "source": one.source,
        "title": one.title,
        "link": one.link,
        "class": one.class,
        "received": one.received,
        "updated": one.updated,
        "judged": one.judged,
        "state": one.state,
        "at": one.at,
    })
}

fn failed_json(one: &FailedLine) -> Value {
    json!({"id": one.stream.id, "number": one.number, "source": one.source, "name": one.name,
        "failure": one.failure, "at": one.at})
}

fn alarm_json(one: &AlarmLine) -> Value {
    json!({"id": one.stream.id, "number": one.number, "name": one.name, "alarm": one.alarm, "at": one.at})
}

fn case_json(one: &CaseLine) -> Value {
    let happened = |happened: &CaseMove| {
        let because = match happened {
            CaseMove::Reopened(because) => Some(because.as_str()),
            _ => None,
        };
        json!({"what": happened.as_str(), "because": because})
    };
    json!({
        "id": one.stream.id,
        "number": one.number,
        "title": one.title,
        "priority": one.priority,
        "state": one.state,
        "moves": one.moves.iter().map(happened).collect::<Vec<_>>(),
        "surged": one.surged,
        "at": one.at,
    })
}

/// What changed, for the terminal.
pub fn changes(changes: &ChangesSince, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let span = [dates::moment(changes.since, words), dates::moment(changes.until, words)];
    line(&mut out, &words.get("since-head", &[("since", (&span[0]).into()), ("until", (&span[1]).into())]));
    let counts = [
        ("done", changes.checks_done.into()),
        ("failed", changes.failed.len().into()),
        ("missed", changes.missed.len().into()),
        ("comparisons", changes.comparisons.into()),
        ("generations", changes.generations.len().into()),
    ];
    line(&mut out, &words.get("since-looked", &counts));
    if changes.is_quiet() {
        line(&mut out, &words.t("since-quiet"));
        return out;
    }
    cases(&mut out, changes, words, style);
    notices(&mut out, changes, words, style);
    trouble(&mut out, changes, words, style);
    out
}

fn cases(out: &mut String, changes: &ChangesSince, words: &Words, style: &Style) {
    if changes.cases.is_empty() {
        return;
    }
    heading(out, &words.t("since-cases"));
    let keys =
        ["number", "priority", "state", "title", "event"].map(|key| words.t(&format!("records-col-{key}")));
    let mut table = layout::table(&keys, style);
    for one in &changes.cases {
        let moves: Vec<String> = one.moves.iter().map(|happened| move_text(*happened, one, words)).collect();
        table.add_row(vec![
            plain(one.number.clone().unwrap_or_default()),
            colored(words.label("priority", one.priority.as_str()), Meaning::from(one.priority)),
            plain(words.term(one.state.term())),
            plain(&one.title),
            plain(moves.join("\n")),
        ]);
    }
    put(out, &table);
}

fn move_text(happened: CaseMove, one: &CaseLine, words: &Words) -> String {
    match happened {
        CaseMove::Opened => words.event("case.opened"),
        CaseMove::Reopened(because) => {
            format!("{} ({})", words.event("case.reopened"), words.term(because.term()))
        }
        CaseMove::Surged => {
            let ids = one.surged.join(", ");
            words.get("since-surged", &[("ids", (&ids).into())])
        }
        CaseMove::Changed => words.event("case.refreshed"),
        CaseMove::Closed => words.event("case.closed"),
    }
}

fn notices(out: &mut String, changes: &ChangesSince, words: &Words, style: &Style) {
    if changes.notices.is_empty() {
        return;
    }
    heading(out, &words.t("since-notices"));
    let keys = ["records-col-number", "collect-col-name", "records-col-title", "records-col-state"];
    let mut table = layout::table(&keys.map(|key| words.t(key)), style);
    for one in &changes.notices {
        table.add_row(vec![
            plain(one.number.clone().unwrap_or_default()),
            plain(&one.source),
            plain(&one.title),
            plain(words.term(one.state.term())),
        ]);
    }
    put(out, &table);
}

/// Checks that failed or were missed, and what was suspicious.
fn trouble(out: &mut String, changes: &ChangesSince, words: &Words, style: &Style) {
    if changes.failed.is_empty() && changes.missed.is_empty() && changes.alarms.is_empty() {
        return;
    }
    heading(out, &words.t("since-trouble"));
    let keys = ["collect-col-name", "collect-col-check", "records-col-at", "collect-col-outcome"];
    let mut table = layout::table(&keys.map(|key| words.t(key)), style);
    let number = |number: &Option<String>| plain(number.clone().unwrap_or_else(|| "-".to_owned()));
    for one in &changes.failed {
        table.add_row(vec![
            plain(&one.name),
            number(&one.number),
            plain(dates::moment(one.at, words)),
            colored(words.term(one.failure.term()), Meaning::Immediate),
        ]);
    }
    for one in changes.missed_spans() {
        table.add_row(vec![
            plain(one.name),
            plain("-"),
            plain(one.days(|day| day.to_string())),
            colored(words.t("term-month-cell-missed"), Meaning::Immediate),
        ]);
    }
    for one in &changes.alarms {
        table.add_row(vec![
            plain(&one.name),
            number(&one.number),
            plain(dates::moment(one.at, words)),
            colored(words.reason(&one.alarm.reason()), Meaning::OutOfCycle),
        ]);
    }
    put(out, &table);
}
