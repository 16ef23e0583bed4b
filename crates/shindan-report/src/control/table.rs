//! The status of controls on the terminal.

use shindan_domain::control::{Statement, Verdict};

use super::{ControlLine, ControlReport, text_of};
use crate::dates;
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, heading, line, plain, put};
use crate::words::Words;

/// So many records are named per statement; the rest is counted.
const NAMED: usize = 5;

/// The status of every control for the terminal.
pub fn control_table(report: &ControlReport, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let (day, entries) = (report.as_of.to_string(), report.entries);
    let until = dates::minute(report.until, words);
    let values = [("day", (&day).into()), ("until", (&until).into()), ("entries", entries.into())];
    line(&mut out, &words.get("control-head", &values));
    line(&mut out, &words.t("control-lead"));
    let head =
        ["control-col-number", "control-col-verdict", "control-col-statements"].map(|key| words.t(key));
    let mut table = layout::table(&head, style);
    for one in &report.lines {
        table.add_row(vec![
            plain(&one.number),
            verdict(one.status.verdict, words),
            plain(statements(one, words)),
        ]);
    }
    layout::widen(&mut table, 2, 60);
    put(&mut out, &table);
    heading(&mut out, &words.t("control-asks"));
    for one in &report.lines {
        line(&mut out, &format!("{}  {}", one.number, text_of(one, words)));
    }
    out
}

fn verdict(verdict: Verdict, words: &Words) -> comfy_table::Cell {
    let text = words.term(verdict.term());
    match verdict {
        Verdict::Gaps => colored(text, Meaning::Immediate),
        Verdict::Undetermined => colored(text, Meaning::Undetermined),
        Verdict::Met => colored(text, Meaning::Scheduled),
        Verdict::NotApplicable => plain(text),
    }
}

fn statements(one: &ControlLine, words: &Words) -> String {
    let status = &one.status;
    let marked = [
        ("control-gap", &status.gaps),
        ("control-open", &status.undetermined),
        ("control-shown", &status.shown),
    ];
    let mut lines = Vec::new();
    for (key, all) in marked {
        lines.extend(
            all.iter().map(|statement| format!("[{}] {}", words.t(key), statement_text(statement, words))),
        );
    }
    lines.join("\n")
}

fn statement_text(statement: &Statement, words: &Words) -> String {
    let named: Vec<&str> =
        statement.records.iter().take(NAMED).map(|record| record.number.as_str()).collect();
    let mut text = words.reason(&statement.reason);
    if !named.is_empty() {
        text.push_str(&format!(" ({}", named.join(", ")));
        if statement.records.len() > NAMED {
            text.push_str(" …");
        }
        text.push(')');
    }
    text
}
