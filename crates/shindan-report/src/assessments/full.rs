//! The full form: everything that the records tell, for the own files.

use shindan_domain::assessment::overview::place;
use shindan_domain::assessment::plan::{Availability, PlanState};
use shindan_domain::assessment::{Check, Completion, FindingRow, Fingerprint, Presence, RunState};
use shindan_domain::process::Shown;

use super::blocks::{Block, Cell, facts, separator, table};
use super::plan_list::last;
use super::report::{late_words, localised, matrix};
use super::runs::{document, person};
use super::summary::{
    Counted, Handling, decided_words, exceptions, level_meaning, level_word, levels, overdue,
};
use super::{AssessmentReport, PlanPart, runs};
use crate::dates;
use crate::records::shown_text;
use crate::table::layout::Meaning;
use crate::words::Words;

pub(super) fn blocks(report: &AssessmentReport<'_>, words: &Words) -> Vec<Block> {
    let mut all = Vec::new();
    if report.plans.is_empty() {
        return vec![Block::Warning(words.t("assessed-no-plans"))];
    }
    let late: Vec<String> =
        overdue(report).map(|(part, due, days)| late_words(part, (due, days), words)).collect();
    if !late.is_empty() {
        all.push(Block::Warning(late.join("\n")));
    }
    all.push(Block::Heading(words.t("assessed-findings")));
    for part in &report.plans {
        all.extend(findings_said(part, words).into_iter().map(Block::Text));
    }
    let rows = report.plans.iter().flat_map(|part| part.rows);
    all.push(matrix(&Counted::of(rows), words));
    let excepted = exceptions(report).count();
    let text = match excepted {
        0 => words.t("assessed-exceptions-none"),
        count => words.get("assessed-exceptions-count", &[("count", count.into())]),
    };
    all.push(Block::Text(text));
    for part in &report.plans {
        plan(report, part, words, &mut all);
    }
    all
}

/// How many findings a plan has and how they stand.
pub(super) fn findings_said(part: &PlanPart<'_>, words: &Words) -> Vec<String> {
    let name = [("name", part.plan.draft.name.as_str().into()), ("number", part.number.into())];
    if part.plan.standing.is_none() {
        return vec![words.get("assessed-nothing-imported", &name)];
    }
    if part.rows.is_empty() {
        return vec![words.get("assessed-no-findings", &name)];
    }
    let counted = Counted::of(part.rows);
    let head = words.get(
        "assessed-findings-line",
        &[
            ("name", part.plan.draft.name.as_str().into()),
            ("number", part.number.into()),
            ("count", counted.total().into()),
            ("open", counted.handled(Handling::Open).into()),
            ("decided", counted.decided().into()),
            ("noted", counted.handled(Handling::Noted).into()),
            ("gone", counted.handled(Handling::Gone).into()),
        ],
    );
    let mut said = vec![head, by_level(&counted, words)];
    if counted.joined > 0 {
        said.push(words.get("assessed-joined", &[("count", counted.joined.into())]));
    }
    said
}

fn plan(report: &AssessmentReport<'_>, part: &PlanPart<'_>, words: &Words, all: &mut Vec<Block>) {
    let plan = part.plan;
    all.push(Block::Plan(format!("{} {}", part.number, plan.draft.name)));
    all.push(particulars(report, part, words));
    all.push(Block::Heading(words.t("assessed-checks")));
    let from = [("from", plan.draft.checks_from.as_str().into()), ("count", plan.draft.checks.len().into())];
    all.push(Block::Text(words.get("assessed-checks-from", &from)));
    all.push(checks(report, part, words));
    all.push(Block::Heading(words.t("assessed-deliverables")));
    if plan.deliverables.is_empty() {
        all.push(Block::Warning(words.t("assessed-not-stated")));
    } else {
        all.push(deliverables(report, part, words));
    }
    all.push(Block::Heading(words.t("assessed-runs")));
    if part.runs.is_empty() {
        all.push(Block::Warning(words.t("assessed-no-runs")));
    }
    for run in &part.runs {
        all.extend(runs::blocks(run, report.names, words));
    }
    all.push(Block::Heading(words.t("assessed-findings")));
    all.extend(findings_said(part, words).into_iter().map(Block::Text));
    if !part.rows.is_empty() {
        all.push(findings(report, part.rows, words));
    }
    all.push(Block::Heading(words.t("assessed-not-looked-at")));
    all.extend(not_looked_at(part, words).into_iter().map(Block::Text));
}

fn particulars(report: &AssessmentReport<'_>, part: &PlanPart<'_>, words: &Words) -> Block {
    let (plan, draft) = (part.plan, &part.plan.draft);
    let flag = |flag: bool| shown_text(&Shown::Flag(flag), report.names, words);
    let due = plan.due().map(|due| dates::date(due, words)).unwrap_or_default();
    let timing = match plan.timing(report.as_of) {
        Some(timing) => format!("{} ({due})", words.term(timing.term())),
        None => words.term(PlanState::Ended.term()),
    };
    let release = plan.trigger.as_ref().map(|one| {
        let until = one.due.to_string();
        words.get("assessed-until", &[("verdict", (&one.release).into()), ("until", (&until).into())])
    });
    facts(
        [
            ("assessed-kind", Some(words.term(draft.application.term()))),
            ("assessed-timing", Some(timing)),
            (
                "assessed-interval",
                Some(words.get("assessed-days", &[("days", u64::from(draft.interval_days).into())])),
            ),
            ("assessed-on-release", Some(flag(draft.on_release))),
            ("assessed-release", release),
            (
                "assessed-last",
                Some(last(plan).map_or_else(|| words.t("assessed-never"), |day| dates::date(day, words))),
            ),
            ("assessed-responsible", Some(person(draft.responsible, report.names, words))),
            ("assessed-exposure", Some(words.label("exposure", draft.exposure.as_str()))),
            ("assessed-care", Some(flag(draft.affects_patients))),
            ("assessed-ended-because", plan.ended.clone()),
        ],
        words,
    )
}

/// Checks by their titles; one that the list of this program does not have stands by its key.
fn checks(report: &AssessmentReport<'_>, part: &PlanPart<'_>, words: &Words) -> Block {
    let chosen = &part.plan.draft.checks;
    let known = report.checks.checks.iter().filter(|check| chosen.contains(&check.key));
    let row = |check: &Check| -> Vec<Cell> {
        let ways: Vec<String> = check.ways.iter().map(|way| words.term(way.term())).collect();
        vec![
            localised(&check.title, words).into(),
            ways.join(separator(words)).into(),
            check.references.join(", ").into(),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = known.map(row).collect();
    let unknown = chosen.iter().filter(|key| report.checks.check(key).is_none());
    rows.extend(unknown.map(|key| vec![key.as_str().into(), words.t("unknown").into(), "".into()]));
    table("checks", &["assessed-col-check", "assessed-col-how", "assessed-col-references"], rows, words)
}

fn deliverables(report: &AssessmentReport<'_>, part: &PlanPart<'_>, words: &Words) -> Block {
    let row = |(name, one): (&String, &shindan_domain::assessment::plan::Deliverable)| -> Vec<Cell> {
        let source = match &one.availability {
            Availability::Available { place } => words.get("assessed-source-at", &[("place", place.into())]),
            Availability::NotObtainable { why, request, answer } => {
                let (request, answer) = (document(request), document(answer));
                let values =
                    [("why", why.into()), ("request", (&request).into()), ("answer", (&answer).into())];
                words.get("assessed-source-not", &values)
            }
        };
        let stated = format!("{} {}", person(one.by, report.names, words), one.on);
        let last = match part.plan.last_assessed(name) {
            Some(day) => Cell::from(day.to_string()),
            None => Cell { class: "p1", text: words.t("assessed-never") },
        };
        vec![
            name.as_str().into(),
            source.into(),
            words.term(part.plan.way_due(one).term()).into(),
            last,
            stated.into(),
        ]
    };
    let keys = [
        "assessed-col-deliverable",
        "assessed-col-source",
        "assessed-col-way",
        "assessed-col-last",
        "assessed-col-stated",
    ];
    table("deliverables", &keys, part.plan.deliverables.iter().map(row).collect(), words)
}

fn findings(report: &AssessmentReport<'_>, rows: &[FindingRow<'_>], words: &Words) -> Block {
    let row = |row: &FindingRow<'_>| -> Vec<Cell> {
        let result = &row.known.result;
        let class = match level_meaning(row.rated.level) {
            Meaning::Immediate => "p0",
            Meaning::OutOfCycle => "p1",
            Meaning::Scheduled => "p2",
            Meaning::Defer => "p3",
            Meaning::Undetermined => "un",
        };
        let gone = row.known.presence == Presence::Gone;
        let priority = if gone { String::new() } else { words.label("priority", row.priority.as_str()) };
        let mut title = format!("{}\n{}", super::findings::title(row, words), place(&result.place));
        let identifiers: Vec<&str> = result.identifiers.iter().map(String::as_str).collect();
        if !identifiers.is_empty() {
            title = format!("{title}\n{}", identifiers.join(", "));
        }
        vec![
            Cell { class, text: level_word(row.rated.level, words) },
            priority.into(),
            words.term(row.known.presence.term()).into(),
            title.into(),
            format!("{}\n{}", row.known.tool, result.rule).into(),
            Cell {
                class: if row.is_open() { "p1" } else { "" },
                text: decided_words(row, report.names, words),
            },
            seen(row).into(),
            Cell { class: "h", text: identity(row) },
        ]
    };
    let keys = [
        "assessed-col-severity",
        "assessed-col-priority",
        "assessed-col-state",
        "assessed-col-finding",
        "assessed-col-rule",
        "assessed-col-decided",
        "assessed-col-seen",
        "assessed-col-identity",
    ];
    table("findings", &keys, rows.iter().map(row).collect(), words)
}

/// What nobody looked at, as far as the records tell; and that they do not tell everything.
pub(super) fn not_looked_at(part: &PlanPart<'_>, words: &Words) -> Vec<String> {
    let mut all = Vec::new();
    for (name, way) in part.plan.never_assessed() {
        let way = words.term(way.term());
        all.push(words.get("assessed-never-by-way", &[("name", name.into()), ("way", (&way).into())]));
    }
    for run in &part.runs {
        let number = ("run", run.number.into());
        if run.run.state() == RunState::Cancelled {
            all.push(words.get("assessed-run-cancelled", &[number]));
        }
        for report in &run.run.reports {
            let tool = runs::tool(report);
            let tool = ("tool", (&tool).into());
            if report.completion == Completion::Unfinished {
                all.push(words.get("assessed-run-unfinished", &[number, tool]));
            }
            for (key, count) in [
                ("assessed-run-not-looked-at", report.counts.not_looked_at),
                ("assessed-run-unreadable", report.unreadable),
            ] {
                if count > 0 {
                    all.push(words.get(key, &[number, tool, ("count", count.into())]));
                }
            }
        }
    }
    all.push(words.t("assessed-checks-not-tied"));
    all
}

/// First and last day; one day if it is the same.
fn seen(row: &FindingRow<'_>) -> String {
    let (first, last) = (row.known.first.on, row.known.last.on);
    if first == last { first.to_string() } else { format!("{first}\n{last}") }
}

/// The beginning of the identity, enough to name it in a command; `= …` names the finding that stands for it.
fn identity(row: &FindingRow<'_>) -> String {
    let short = |one: Fingerprint| one.to_string().chars().take(8).collect::<String>();
    match row.stands_for {
        Some(primary) => format!("{}\n= {}", short(row.fingerprint), short(primary)),
        None => short(row.fingerprint),
    }
}

/// Findings that are there, by level.
fn by_level(counted: &Counted, words: &Words) -> String {
    let told = levels().into_iter().filter(|level| level.is_some() || counted.present(*level) > 0);
    let one = |level| format!("{} {}", level_word(level, words), counted.present(level));
    let levels = told.map(one).collect::<Vec<_>>().join(" / ");
    words.get("assessed-by-level", &[("levels", (&levels).into())])
}
