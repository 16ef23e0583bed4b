//! The status of controls as one self-contained page: no network, no script, readable and printable as it is.

use askama::Template;
use shindan_domain::control::{RecordRef, Statement, Verdict};

use super::{ControlReport, text_of};
use crate::dates;
use crate::words::Words;

/// So many records are named per statement; the rest is counted.
const NAMED: usize = 200;

#[derive(Template)]
#[template(path = "control.html")]
struct Page<'a> {
    w: &'a Words,
    style: &'static str,
    day: String,
    meta: Vec<String>,
    cards: Vec<Card>,
    rows: Vec<Row>,
}

struct Card {
    class: &'static str,
    label: String,
    count: usize,
}

struct Row {
    id: String,
    number: String,
    text: String,
    class: &'static str,
    verdict: String,
    statements: Vec<StatementView>,
}

struct StatementView {
    class: &'static str,
    label: String,
    text: String,
    records: Vec<RecordView>,
    more: Option<String>,
}

struct RecordView {
    number: String,
    kind: String,
    id: String,
}

/// The status of every control as one HTML file.
///
/// # Errors
/// Only what formatting into a string can report, which does not happen with the views of this crate.
pub fn control_html(report: &ControlReport, words: &Words) -> Result<String, askama::Error> {
    page(report, words).render()
}

fn page<'a>(report: &ControlReport, words: &'a Words) -> Page<'a> {
    let count = |verdict: Verdict| report.lines.iter().filter(|line| line.status.verdict == verdict).count();
    let cards = [Verdict::Gaps, Verdict::Undetermined, Verdict::Met, Verdict::NotApplicable].map(|verdict| {
        Card { class: class(verdict), label: words.term(verdict.term()), count: count(verdict) }
    });
    let rows = report.lines.iter().map(|line| {
        let status = &line.status;
        let mut statements = Vec::new();
        for (key, class, all) in [
            ("control-gap", "p0", &status.gaps),
            ("control-open", "un", &status.undetermined),
            ("control-shown", "p2", &status.shown),
        ] {
            statements.extend(all.iter().map(|statement| statement_view(statement, (key, class), words)));
        }
        Row {
            id: status.control.clone(),
            number: line.number.clone(),
            text: text_of(line, words),
            class: class(status.verdict),
            verdict: words.term(status.verdict.term()),
            statements,
        }
    });
    Page {
        w: words,
        style: include_str!("../../templates/report.css"),
        day: report.as_of.to_string(),
        meta: meta(report, words),
        cards: cards.into(),
        rows: rows.collect(),
    }
}

fn meta(report: &ControlReport, words: &Words) -> Vec<String> {
    let until = dates::moment(report.until, words);
    let made = dates::moment(report.made, words);
    let installation = report.installation.to_string();
    vec![
        words.get("control-entries", &[("entries", report.entries.into()), ("until", (&until).into())]),
        words.get("control-made", &[("made", (&made).into()), ("installation", (&installation).into())]),
    ]
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Gaps => "p0",
        Verdict::Undetermined => "un",
        Verdict::Met => "p2",
        Verdict::NotApplicable => "p3",
    }
}

fn statement_view(statement: &Statement, (key, class): (&str, &'static str), words: &Words) -> StatementView {
    let record = |record: &RecordRef| RecordView {
        number: record.number.clone(),
        kind: words.term(record.stream.kind.term()),
        id: record.stream.id.to_string(),
    };
    let rest = statement.records.len().saturating_sub(NAMED);
    StatementView {
        class,
        label: words.t(key),
        text: words.reason(&statement.reason),
        records: statement.records.iter().take(NAMED).map(record).collect(),
        more: (rest > 0).then(|| words.get("refresh-more", &[("count", rest.into())])),
    }
}
