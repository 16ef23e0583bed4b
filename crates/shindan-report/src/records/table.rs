//! Records on the terminal.

use shindan_domain::priority::Decision;
use shindan_domain::process::{Section, Shown};

use super::shown::{row_in_words, text};
use super::{RecordList, RecordPage, RecordRow, RefusalPage};
use crate::dates;
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, heading, line, paint, plain, put};
use crate::words::Words;

/// One record: what it is, its values, its lists, what is missing for the next step, its history.
pub fn record(page: &RecordPage, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let called = page.number.clone().unwrap_or_else(|| page.stream.id.to_string());
    let kind = words.term(page.stream.kind.term());
    let status = words.term(page.view.status);
    line(&mut out, format!("{called}  {kind}  〔{status}〕  {}", page.title).trim_end());
    facts(&mut out, page, words, style);
    for section in &page.view.sections {
        list(&mut out, section, page, words, style);
    }
    if !page.view.next.is_empty() {
        heading(&mut out, &words.t("records-next"));
        for reason in &page.view.next {
            line(&mut out, &format!("・{}", words.reason(reason)));
        }
    }
    history(&mut out, page, words, style);
    out
}

fn facts(out: &mut String, page: &RecordPage, words: &Words, style: &Style) {
    if page.view.facts.is_empty() {
        return;
    }
    let head = [words.t("records-col-item"), words.t("records-col-value")];
    let mut table = layout::table(&head, style);
    for fact in &page.view.facts {
        table.add_row(vec![plain(words.label_of(fact.label)), plain(text(&fact.value, &page.names, words))]);
    }
    layout::widen(&mut table, 1, 60);
    put(out, &table);
}

fn list(out: &mut String, section: &Section, page: &RecordPage, words: &Words, style: &Style) {
    heading(out, &words.label_of(section.label));
    let used = |index: usize| section.rows.iter().any(|row| row.get(index).is_some_and(Option::is_some));
    let columns: Vec<usize> = (0..section.columns.len()).filter(|index| used(*index)).collect();
    let head: Vec<String> = columns
        .iter()
        .filter_map(|index| section.columns.get(*index))
        .map(|label| words.label_of(*label))
        .collect();
    let mut table = layout::table(&head, style);
    for row in &section.rows {
        let row = row_in_words(section, row, words);
        let cell = |index: &usize| {
            let value: Option<&Shown> = row.get(*index).and_then(Option::as_ref);
            plain(value.map(|value| text(value, &page.names, words)).unwrap_or_default())
        };
        table.add_row(columns.iter().map(cell).collect::<Vec<_>>());
    }
    put(out, &table);
}

fn history(out: &mut String, page: &RecordPage, words: &Words, style: &Style) {
    if page.history.is_empty() {
        return;
    }
    heading(out, &words.t("records-history"));
    let head = ["records-col-sequence", "records-col-at", "records-col-person", "records-col-event"];
    let mut table = layout::table(&head.map(|key| words.t(key)), style);
    for entry in &page.history {
        let person = text(&Shown::Person(entry.person), &page.names, words);
        table.add_row(vec![
            plain(entry.sequence.to_string()),
            plain(dates::minute(entry.at, words)),
            plain(person),
            plain(words.event(&entry.event)),
        ]);
    }
    put(out, &table);
}

/// A list of records.
pub fn records(list: &RecordList, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    if list.rows.is_empty() {
        line(&mut out, &words.t("records-none"));
        return out;
    }
    let with_priority = list.rows.iter().any(|row| row.priority.is_some());
    let mut keys = vec!["records-col-number", "records-col-state"];
    if with_priority {
        keys.push("records-col-priority");
    }
    keys.extend(["records-col-due", "records-col-title", "records-col-changed"]);
    let head: Vec<String> = keys.iter().map(|key| words.t(key)).collect();
    let mut table = layout::table(&head, style);
    for row in &list.rows {
        let mut cells = vec![plain(called(row)), plain(status(row, words))];
        if with_priority {
            cells.push(priority(row, words));
        }
        cells.extend([due(row, list, words), plain(&row.title), plain(dates::day(row.changed, words))]);
        table.add_row(cells);
    }
    put(&mut out, &table);
    if let Some(next) = &list.next {
        line(&mut out, &words.get("records-more", &[("cursor", next.into())]));
    }
    out
}

fn called(row: &RecordRow) -> String {
    row.number.clone().unwrap_or_else(|| row.stream.id.to_string())
}

fn status(row: &RecordRow, words: &Words) -> String {
    words.label(&format!("term-{}", row.status.set), &row.status.value)
}

fn priority(row: &RecordRow, words: &Words) -> comfy_table::Cell {
    let decision = row.priority.and_then(|rank| Decision::ALL.get(usize::from(rank)).copied());
    match decision {
        Some(decision) => colored(words.label("priority", decision.as_str()), Meaning::from(decision)),
        None => plain(""),
    }
}

fn due(row: &RecordRow, list: &RecordList, words: &Words) -> comfy_table::Cell {
    match row.due {
        Some(due) if row.open && due < list.today => {
            let values = [("day", &due.to_string())];
            colored(words.get("records-overdue", &values.map(|(k, v)| (k, v.into()))), Meaning::Immediate)
        }
        Some(due) => plain(due.to_string()),
        None => plain(""),
    }
}

/// A refused step: why, and everything that is missing for it.
pub fn refusal(page: &RefusalPage<'_>, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let reason = words.reason(page.reason);
    let text = match page.record {
        Some(record) => {
            words.get("records-refused-record", &[("record", record.into()), ("reason", (&reason).into())])
        }
        None => words.get("records-refused", &[("reason", (&reason).into())]),
    };
    out.push_str(&paint(&layout::clean(&text), Meaning::Immediate, style));
    out.push('\n');
    if !page.missing.is_empty() {
        line(&mut out, &words.t("records-missing"));
        for missing in page.missing {
            line(&mut out, &format!("・{}", words.reason(missing)));
        }
    }
    out
}
