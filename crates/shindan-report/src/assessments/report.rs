//! 診断実施報告: one self-contained page for print, and what is overdue and excepted on the terminal.

use askama::Template;
use shindan_domain::ledger::Checkpoint;

use super::blocks::{Block, table};
use super::summary::{
    Counted, Handling, RunShare, exceptions, level_meaning, level_word, levels, overdue, share_words,
};
use super::{AssessmentReport, blocks, full, short};
use crate::dates;
use crate::table::layout::{self, Meaning, heading, line, paint, plain, put};
use crate::table::{Style, layout::clean};
use crate::words::Words;

/// How much a report tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Everything, for the own files.
    Full,
    /// To hand out: no hosts, addresses, paths, evidence, or names of persons.
    Short,
}

#[derive(Template)]
#[template(path = "assessment-report.html")]
struct Page<'a> {
    w: &'a Words,
    service: &'a str,
    form: String,
    facts: Vec<(String, String)>,
    blocks: Vec<Block>,
    footer: Vec<String>,
}

/// 診断実施報告 as one HTML file that prints on A4.
///
/// # Errors
/// Only what formatting into a string can report, which does not happen with the views of this crate.
pub fn assessment_html(
    report: &AssessmentReport<'_>,
    form: Form,
    words: &Words,
) -> Result<String, askama::Error> {
    let (form, blocks) = content(report, form, words);
    Page {
        w: words,
        service: report.service,
        form,
        facts: facts(report, words),
        blocks,
        footer: footer(report, words),
    }
    .render()
}

/// What the form is called, and what is in it.
pub(super) fn content(report: &AssessmentReport<'_>, form: Form, words: &Words) -> (String, Vec<Block>) {
    match form {
        Form::Full => (words.t("assessed-form-full"), full::blocks(report, words)),
        Form::Short => (words.t("assessed-form-short"), short::blocks(report, words)),
    }
}

pub(super) fn facts(report: &AssessmentReport<'_>, words: &Words) -> Vec<(String, String)> {
    let (severities, title) = (report.severities, localised(report.severities.title(), words));
    vec![
        (words.t("assessed-service"), report.service.to_owned()),
        (words.t("assessed-as-of"), dates::date(report.as_of, words)),
        (words.t("assessed-made"), dates::moment(report.made, words)),
        (words.t("assessed-plans"), report.plans.len().to_string()),
        (words.t("assessed-share-label"), share_words(RunShare::of(report), words)),
        (words.t("assessed-rated-by"), format!("{title} ({} {})", severities.id(), severities.version())),
    ]
}

/// The text of a data pack in the reader's language.
pub(super) fn localised(text: &shindan_domain::localised::Localised, words: &Words) -> String {
    match words.lang() {
        crate::words::Lang::Ja => text.ja.clone(),
        crate::words::Lang::En => text.en.clone(),
    }
}

pub(super) fn footer(report: &AssessmentReport<'_>, words: &Words) -> Vec<String> {
    let checkpoint = |one: &Checkpoint| {
        let (at, hash) = (dates::moment(one.at, words), one.hash.to_string());
        let values = [("entry", one.sequence.into()), ("at", (&at).into()), ("hash", (&hash).into())];
        words.get("assessed-checkpoint", &values)
    };
    let ledger = report.checkpoint.map_or_else(|| words.t("assessed-checkpoint-none"), checkpoint);
    vec![words.t("assessed-says"), ledger]
}

/// Findings of all plans by severity and how they are dealt with.
pub(super) fn matrix(counted: &Counted, words: &Words) -> Block {
    let row = |level| {
        let class = match level_meaning(level) {
            Meaning::Immediate => "p0",
            Meaning::OutOfCycle => "p1",
            Meaning::Scheduled => "p2",
            Meaning::Defer => "p3",
            Meaning::Undetermined => "un",
        };
        let mut cells = vec![blocks::Cell { class, text: level_word(level, words) }];
        cells.extend(Handling::ALL.map(|handling| blocks::counted(counted.cell(level, handling))));
        cells
    };
    let mut rows: Vec<Vec<blocks::Cell>> = levels().into_iter().map(row).collect();
    let mut sum = vec![blocks::Cell { class: "sum", text: words.t("assessed-sum") }];
    sum.extend(Handling::ALL.map(|handling| blocks::counted(counted.handled(handling))));
    rows.push(sum);
    let mut keys = vec!["assessed-col-severity"];
    keys.extend([
        "assessed-handling-open",
        "assessed-handling-in-case",
        "assessed-handling-accepted",
        "assessed-handling-false-positive",
        "assessed-handling-noted",
        "assessed-handling-gone",
    ]);
    table("matrix", &keys, rows, words)
}

/// Overdue plans, exceptions and the share of runs in test environments on the terminal.
pub fn assessment_table(report: &AssessmentReport<'_>, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let day = report.as_of.to_string();
    let values =
        [("service", report.service.into()), ("day", (&day).into()), ("count", report.plans.len().into())];
    line(&mut out, &words.get("assessed-report-head", &values));
    if report.plans.is_empty() {
        line(&mut out, &words.t("assessed-no-plans"));
        return out;
    }
    heading(&mut out, &words.t("assessed-share-label"));
    line(&mut out, &share_words(RunShare::of(report), words));
    late(&mut out, report, words, style);
    excepted(&mut out, report, words, style);
    heading(&mut out, &words.t("assessed-findings"));
    let keys = ["assessed-col-number", "assessed-col-name", "assessed-col-findings"];
    let mut table = layout::table(&keys.map(|key| words.t(key)), style);
    for part in &report.plans {
        table.add_row(vec![
            plain(part.number),
            plain(&part.plan.draft.name),
            plain(full::findings_said(part, words).join("\n")),
        ]);
    }
    layout::widen(&mut table, 2, 50);
    put(&mut out, &table);
    line(&mut out, &words.t("assessed-says"));
    out
}

fn late(out: &mut String, report: &AssessmentReport<'_>, words: &Words, style: &Style) {
    heading(out, &words.t("assessed-overdue"));
    let mut any = false;
    for (part, due, days) in overdue(report) {
        any = true;
        let text = clean(&late_words(part, (due, days), words)).into_owned();
        out.push_str(&paint(&text, Meaning::Immediate, style));
        out.push('\n');
    }
    if !any {
        line(out, &words.t("assessed-overdue-none"));
    }
}

/// That a plan is overdue, since when.
pub(super) fn late_words(
    part: &super::PlanPart<'_>,
    (due, days): (jiff::civil::Date, i64),
    words: &Words,
) -> String {
    let due = due.to_string();
    let days = u64::try_from(days).unwrap_or_default();
    let values = [
        ("name", part.plan.draft.name.as_str().into()),
        ("number", part.number.into()),
        ("due", (&due).into()),
        ("days", days.into()),
    ];
    words.get("assessed-overdue-line", &values)
}

fn excepted(out: &mut String, report: &AssessmentReport<'_>, words: &Words, style: &Style) {
    heading(out, &words.t("assessed-exceptions"));
    let keys = [
        "assessed-col-run",
        "assessed-col-name",
        "assessed-col-period",
        "assessed-col-institution",
        "assessed-col-approved",
        "assessed-col-reason",
    ];
    let mut table = layout::table(&keys.map(|key| words.t(key)), style);
    let mut any = false;
    for (part, one) in exceptions(report) {
        any = true;
        table.add_row(vec![
            plain(part.number),
            plain(&part.run.order.title),
            plain(format!("{} – {}", one.from, one.until)),
            plain(super::runs::party(one.institution, report.names, words)),
            plain(super::runs::approved_on(one, words)),
            plain(&one.reason),
        ]);
    }
    if any {
        put(out, &table);
    } else {
        line(out, &words.t("assessed-exceptions-none"));
    }
}
