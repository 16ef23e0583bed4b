//! The short form, to hand out: counts, tools, days and neutral words. It names no host, address, path or person, shows no
//! evidence, and repeats nothing that people or tools wrote freely except what applications, versions and tools are called.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use shindan_domain::assessment::plan::PlanState;
use shindan_domain::assessment::{
    Completion, Decided, FindingRow, FindingVerdict, Level, Presence, RunState,
};

use super::blocks::{Block, Cell, facts, number, separator, table};
use super::report::matrix;
use super::summary::{Counted, Handling, carried_out, days, exceptions, overdue};
use super::{AssessmentReport, PlanPart, RunPart, runs};
use crate::dates;
use crate::words::Words;

pub(super) fn blocks(report: &AssessmentReport<'_>, words: &Words) -> Vec<Block> {
    if report.plans.is_empty() {
        return vec![Block::Warning(words.t("assessed-no-plans"))];
    }
    let mut all = vec![Block::Text(words.t("assessed-short-lead"))];
    let late = overdue(report).count();
    if late > 0 {
        all.push(Block::Warning(words.get("assessed-short-overdue", &[("count", late.into())])));
    }
    let excepted = exceptions(report).filter(|(_, one)| one.approval.is_some()).count();
    all.push(Block::Text(match excepted {
        0 => words.t("assessed-exceptions-none"),
        count => words.get("assessed-short-exceptions", &[("count", count.into())]),
    }));
    for part in &report.plans {
        plan(report, part, words, &mut all);
    }
    all
}

fn plan(report: &AssessmentReport<'_>, part: &PlanPart<'_>, words: &Words, all: &mut Vec<Block>) {
    let plan = part.plan;
    all.push(Block::Heading(plan.draft.name.clone()));
    let timing = plan
        .timing(report.as_of)
        .map_or_else(|| words.term(PlanState::Ended.term()), |timing| words.term(timing.term()));
    let last = super::plan_list::last(plan);
    all.push(facts(
        [
            ("assessed-kind", Some(words.term(plan.draft.application.term()))),
            ("assessed-timing", Some(timing)),
            ("assessed-due", plan.due().map(|due| dates::date(due, words))),
            (
                "assessed-last",
                Some(last.map_or_else(|| words.t("assessed-never"), |day| dates::date(day, words))),
            ),
            ("assessed-checks", Some(plan.draft.checks_from.clone())),
        ],
        words,
    ));
    let carried: Vec<&RunPart<'_>> = part.runs.iter().filter(|run| carried_out(run)).collect();
    all.push(Block::Part(words.t("assessed-runs")));
    if carried.is_empty() {
        all.push(Block::Warning(words.t("assessed-no-runs")));
    } else {
        all.push(run_table(&carried, words));
    }
    all.push(Block::Part(words.t("assessed-findings")));
    if plan.standing.is_none() {
        all.push(Block::Warning(words.t("assessed-short-nothing-imported")));
        return;
    }
    if part.rows.is_empty() {
        all.push(Block::Text(words.t("assessed-short-no-findings")));
    } else {
        all.push(matrix(&Counted::of(part.rows), words));
        all.push(states(part.rows, words));
    }
    all.push(Block::Part(words.t("assessed-open-points")));
    all.extend(open_points(report, part, words).into_iter().map(Block::Text));
}

fn run_table(carried: &[&RunPart<'_>], words: &Words) -> Block {
    let row = |part: &&RunPart<'_>| -> Vec<Cell> {
        let run = part.run;
        let tools: BTreeSet<String> = run.reports.iter().map(runs::tool).collect();
        let tools: Vec<String> = tools.into_iter().collect();
        let purpose = run
            .order
            .purpose
            .map_or_else(|| words.t("assessed-no-environment"), |one| words.term(one.term()));
        let count =
            |count: fn(&shindan_domain::assessment::ReportRead) -> u64| run.reports.iter().map(count).sum();
        let on = run.start_made().map(|start| dates::day(start.at, words)).unwrap_or_default();
        vec![
            on.into(),
            words.term(run.order.way.term()).into(),
            purpose.into(),
            run.order.version.as_str().into(),
            tools.join(separator(words)).into(),
            number(count(|report| report.counts.fresh)),
            number(count(|report| report.counts.still + report.counts.back)),
            number(count(|report| report.counts.gone)),
            words.term(run.state().term()).into(),
        ]
    };
    let keys = [
        "assessed-col-on",
        "assessed-col-way",
        "assessed-col-environment",
        "assessed-col-version",
        "assessed-col-tools",
        "assessed-col-fresh",
        "assessed-col-still-there",
        "assessed-col-gone",
        "assessed-col-run-state",
    ];
    table("short-runs", &keys, carried.iter().map(row).collect(), words)
}

/// New, still there, back, gone.
fn states(rows: &[FindingRow<'_>], words: &Words) -> Block {
    let states = Presence::ALL.iter().map(|presence| {
        let count = rows.iter().filter(|row| row.known.presence == *presence).count();
        format!("{} {count}", words.term(presence.term()))
    });
    let states = states.collect::<Vec<_>>().join(" / ");
    Block::Text(words.get("assessed-short-states", &[("states", (&states).into())]))
}

/// What is not finished, in words that help nobody to attack.
fn open_points(report: &AssessmentReport<'_>, part: &PlanPart<'_>, words: &Words) -> Vec<String> {
    let mut all = Vec::new();
    let mut say = |key: &str, count: usize| {
        if count > 0 {
            all.push(words.get(key, &[("count", count.into())]));
        }
    };
    let counted = Counted::of(part.rows);
    let urgent = [Some(Level::Critical), Some(Level::High), None];
    let grave = urgent.map(|level| counted.cell(level, Handling::Open)).iter().sum();
    say("assessed-point-grave", grave);
    say("assessed-point-open", counted.handled(Handling::Open) - grave);
    say("assessed-point-in-case", counted.handled(Handling::InCase));
    say("assessed-point-never-by-way", part.plan.never_assessed().len());
    say("assessed-point-not-stated", usize::from(part.plan.deliverables.is_empty()));
    let done = part.runs.iter().filter(|run| carried_out(run));
    let reports = || done.clone().flat_map(|run| &run.run.reports);
    say("assessed-point-flagged", reports().filter(|one| one.is_flagged()).count());
    let unexplained = part.runs.iter().flat_map(|run| run.run.unexplained());
    say("assessed-point-unexplained", unexplained.count());
    say(
        "assessed-point-unfinished",
        reports().filter(|one| one.completion == Completion::Unfinished).count(),
    );
    say("assessed-point-unreadable", reports().filter(|one| one.unreadable > 0).count());
    let cancelled = part.runs.iter().filter(|run| run.run.state() == RunState::Cancelled);
    say("assessed-point-cancelled", cancelled.count());
    for (verdict, (count, until)) in verdicts(part.rows) {
        let (verdict, day) = (words.term(verdict.term()), until.to_string());
        let left = u64::try_from(days(report.as_of, until)).unwrap_or_default();
        let values = [
            ("verdict", (&verdict).into()),
            ("count", count.into()),
            ("until", (&day).into()),
            ("days", left.into()),
        ];
        all.push(words.get("assessed-point-verdict", &values));
    }
    if all.is_empty() {
        all.push(words.t("assessed-point-none"));
    }
    all
}

/// Verdicts that count: how many, and when the first of them ends.
fn verdicts(rows: &[FindingRow<'_>]) -> BTreeMap<FindingVerdict, (usize, Date)> {
    let mut all: BTreeMap<FindingVerdict, (usize, Date)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.known.presence != Presence::Gone) {
        if let Decided::Verdict(verdict, until) = row.decided {
            let known = all.entry(verdict).or_insert((0, until));
            *known = (known.0 + 1, known.1.min(until));
        }
    }
    all
}
