//! 収集実施記録 on the terminal.

use super::{CollectionReport, Line, SUMMARY, checks, notices, summary};
use crate::collect::calendar;
use crate::dates;
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, heading, line, plain, put};
use crate::words::Words;

/// The record of a month for the terminal.
pub fn collection_table(report: &CollectionReport, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    for text in head(report, words) {
        line(&mut out, &text);
    }
    if report.sources.is_empty() {
        line(&mut out, &words.t("collect-no-sources"));
        return out;
    }
    out.push('\n');
    out.push_str(&calendar(&report.grid, &report.titles(), words, style));
    heading(&mut out, &words.t("collection-sources"));
    let mut table = layout::table(&SUMMARY.map(|key| words.t(key)), style);
    for one in &report.sources {
        let (texts, counts) = summary(report, one, words);
        let mut cells: Vec<_> = texts.into_iter().map(plain).collect();
        cells.extend(counts.map(|count| plain(count.to_string())));
        table.add_row(cells);
    }
    put(&mut out, &table);
    part(&mut out, "collection-checks", &checks(report, words), words, style);
    part(&mut out, "collection-notices", &notices(report, words), words, style);
    out
}

/// What it is about, and how much is in it.
pub(crate) fn head(report: &CollectionReport, words: &Words) -> [String; 2] {
    let (month, at) = (report.month_text(), dates::minute(report.made, words));
    let values = [
        ("month", (&month).into()),
        ("at", (&at).into()),
        ("prefix", (&report.prefix).into()),
        ("entries", report.entries.into()),
    ];
    let counts = [
        ("sources", report.sources.len().into()),
        ("looks", report.checks.len().into()),
        ("failed", report.total(|tally| tally.failed).into()),
        ("missed", report.total(|tally| tally.missed).into()),
        ("unconfirmed", report.total(|tally| tally.unconfirmed).into()),
        ("notices", report.notices.len().into()),
        ("open", report.unjudged().into()),
    ];
    [words.get("collection-head", &values), words.get("collection-counts", &counts)]
}

/// Two things stand in one column, one below the other, so that a narrow terminal shows whole words.
fn part(out: &mut String, title: &str, lines: &[Line], words: &Words, style: &Style) {
    heading(out, &words.t(title));
    if lines.is_empty() {
        line(out, &words.t("collection-none"));
        return;
    }
    let pairs: [&[&str]; 5] = [
        &["collection-col-when", "collection-col-number"],
        &["collection-col-source", "collection-col-what"],
        &["collection-col-outcome", "collection-col-by"],
        &["collection-col-said", "collection-col-alarms"],
        &["collection-col-confirmed-by", "collection-col-confirmed-at", "collection-col-note"],
    ];
    let head = pairs.map(|keys| keys.iter().map(|key| words.t(key)).collect::<Vec<_>>().join("\n"));
    let mut table = layout::table(&head, style);
    for one in lines {
        let outcome = below(&[&one.outcome, &one.by]);
        let confirmed = below(&[&one.confirmed_by, &one.confirmed_at, &one.note]);
        table.add_row(vec![
            plain(below(&[&one.when, &one.number])),
            plain(below(&[&one.source, &one.what])),
            if one.is_grave { colored(outcome, Meaning::Immediate) } else { plain(outcome) },
            plain(below(&[&one.said, &one.alarms])),
            if one.is_open { colored(confirmed, Meaning::OutOfCycle) } else { plain(confirmed) },
        ]);
    }
    put(out, &table);
}

fn below(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}
