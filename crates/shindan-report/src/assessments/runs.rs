//! The runs of a plan in the full form of the report.

use jiff::Timestamp;
use shindan_domain::approval::{Given, Word};
use shindan_domain::assessment::run::{Exception, RunStage};
use shindan_domain::assessment::{Completion, Dated, ReportRead, ScanBegun, ScanHow, Target};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Label, Shown};
use shindan_domain::record_id::{PartyId, PersonId};

use super::RunPart;
use super::blocks::{Block, Cell, facts, number, separator, table};
use super::summary::carried_out;
use crate::dates;
use crate::records::{Names, shown_text};
use crate::words::Words;

pub(super) fn person(one: PersonId, names: &Names, words: &Words) -> String {
    shown_text(&Shown::Person(one), names, words)
}

pub(super) fn party(one: PartyId, names: &Names, words: &Words) -> String {
    shown_text(&Shown::Record(Stream::new(Kind::Party, one)), names, words)
}

/// When an exception was approved, or that it was not.
pub(super) fn approved_on(one: &Exception, words: &Words) -> String {
    one.approval
        .as_ref()
        .map_or_else(|| words.t("assessed-not-approved"), |given| dates::day(given.at, words))
}

/// Who gave a word, when and by what means.
fn given_by(given: &Given, names: &Names, words: &Words) -> String {
    let who = match &given.word {
        Word::Software => person(given.recorded_by, names, words),
        Word::PartnerFile { signer, .. } | Word::Paper { signer, .. } => signer.clone(),
    };
    let (at, means) = (dates::minute(given.at, words), words.term(given.word.means().term()));
    format!("{who} {at} ({means})")
}

pub(super) fn blocks(part: &RunPart<'_>, names: &Names, words: &Words) -> Vec<Block> {
    let run = part.run;
    let state = words.term(run.state().term());
    let mut all =
        vec![Block::Part(format!("{} {} ― {state}", part.number, words.term(run.order.way.term())))];
    all.push(order(part, names, words));
    exceptions(part, names, words, &mut all);
    scans(part, names, words, &mut all);
    if run.reports.is_empty() {
        if carried_out(part) || run.start_made().is_some() {
            all.push(Block::Warning(words.t("assessed-run-without-reports")));
        }
        return all;
    }
    all.push(tools(&run.reports, words));
    all.push(counts(&run.reports, words));
    flagged(part, names, words, &mut all);
    all
}

fn order(part: &RunPart<'_>, names: &Names, words: &Words) -> Block {
    let order = &part.run.order;
    let list = |all: Vec<String>| (!all.is_empty()).then(|| all.join(separator(words)));
    let environment = order.environment.map(|_| {
        let purpose = order.purpose.map(|one| words.term(one.term())).unwrap_or_default();
        let name = part.environment.map_or_else(|| words.t("unknown"), str::to_owned);
        format!("{name} ({purpose})")
    });
    // A test says only as much as the two environments are alike.
    let differences = order
        .environment
        .filter(|_| !part.run.is_on_production())
        .map(|_| order.differences.clone().unwrap_or_else(|| words.t("assessed-differences-not-told")));
    let moment =
        |at: Timestamp, by: PersonId| format!("{} ({})", dates::minute(at, words), person(by, names, words));
    let started = part.run.start_made().map(|start| moment(start.at, start.by));
    let (ended, note) = match &part.run.stage {
        RunStage::Closed { by, at, note, .. } => (Some(moment(*at, *by)), Some(note.clone())),
        RunStage::Cancelled { by, at, reason, .. } => (Some(moment(*at, *by)), Some(reason.clone())),
        RunStage::Planned | RunStage::Started(_) => (None, None),
    };
    facts(
        [
            ("assessed-environment", environment),
            ("assessed-differences", differences),
            ("assessed-version", Some(order.version.clone())),
            ("assessed-deliverables", list(order.deliverables.iter().cloned().collect())),
            ("assessed-targets", list(order.targets.iter().map(Target::to_string).collect())),
            ("assessed-tester", Some(person(order.tester, names, words))),
            ("assessed-planned-for", Some(order.planned_for.to_string())),
            ("assessed-started", started),
            ("assessed-ended", ended),
            ("assessed-note", note.filter(|note| !note.is_empty())),
        ],
        words,
    )
}

fn exceptions(part: &RunPart<'_>, names: &Names, words: &Words, all: &mut Vec<Block>) {
    let run = part.run;
    let row = |one: &Exception| -> Vec<Cell> {
        let approval = one.approval.as_ref().map(|given| given_by(given, names, words));
        vec![
            one.reason.as_str().into(),
            format!("{} – {}", one.from, one.until).into(),
            format!("{}\n{}", party(one.institution, names, words), document(&one.notice)).into(),
            approval.unwrap_or_else(|| words.t("assessed-not-approved")).into(),
        ]
    };
    let rows: Vec<Vec<Cell>> = run.former_exceptions.iter().chain(&run.exception).map(row).collect();
    if !rows.is_empty() {
        all.push(Block::Text(words.t("assessed-exceptions-of-run")));
        let keys =
            ["assessed-col-reason", "assessed-col-period", "assessed-col-notice", "assessed-col-approved"];
        all.push(table("exceptions", &keys, rows, words));
    }
}

/// Scans that this program began, each with its end, also those that came to no report.
fn scans(part: &RunPart<'_>, names: &Names, words: &Words, all: &mut Vec<Block>) {
    let row = |one: &ScanBegun| -> Vec<Cell> {
        let scan = &one.scan;
        let tool = scan.version.iter().fold(scan.tool.clone(), |tool, version| format!("{tool} {version}"));
        let target = scan.target.as_ref().map(Target::to_string).or_else(|| scan.folder.clone());
        let (ended, how) = match &one.ended {
            None => (words.t("assessed-not-told"), words.t("assessed-scan-open")),
            Some(ended) => {
                let end = &ended.end;
                let exit = end.exit.map(|exit| format!("exit {exit}"));
                let told = [Some(words.term(end.how.term())), exit, Some(end.detail.clone())];
                let told: Vec<String> = told.into_iter().flatten().filter(|text| !text.is_empty()).collect();
                (dates::minute(ended.at, words), told.join("\n"))
            }
        };
        let begun = format!("{}\n{}", dates::minute(one.at, words), person(one.by, names, words));
        let failed = one.ended.as_ref().is_none_or(|ended| ended.end.how != ScanHow::Finished);
        vec![
            tool.into(),
            target.unwrap_or_default().into(),
            begun.into(),
            ended.into(),
            Cell { class: if failed { "p1" } else { "" }, text: how },
        ]
    };
    if !part.run.scans.is_empty() {
        all.push(Block::Text(words.label_of(Label::ScansBegun)));
        let keys = ["label-tool", "label-target", "label-at", "label-ended-at", "label-scan-how"];
        all.push(table("scans", &keys, part.run.scans.iter().map(row).collect(), words));
    }
}

/// A kept document with its hash, by which anybody can hold the file against it.
pub(super) fn document(one: &shindan_domain::evidence::Document) -> String {
    format!("{}\nSHA-256 {}", one.name, one.sha256)
}

pub(super) fn tool(one: &ReportRead) -> String {
    match &one.tool.version {
        Some(version) => format!("{} {version}", one.tool.name),
        None => one.tool.name.clone(),
    }
}

fn tools(reports: &[ReportRead], words: &Words) -> Block {
    let row = |one: &ReportRead| -> Vec<Cell> {
        let moment = |at: Option<Timestamp>| {
            at.map_or_else(|| words.t("assessed-not-told"), |at| dates::minute(at, words))
        };
        let completion = words.term(one.completion.term());
        let class = if one.completion == Completion::Unfinished { "p1" } else { "" };
        vec![
            tool(one).into(),
            words.term(one.format.term()).into(),
            format!("{}\n– {}\n{}", moment(one.started), moment(one.ended), words.term(one.dated().term()))
                .into(),
            Cell { class, text: completion },
            Cell { class: "h", text: document(&one.document) },
        ]
    };
    let keys = [
        "assessed-col-tool",
        "assessed-col-format",
        "assessed-col-period",
        "assessed-col-completion",
        "assessed-col-original",
    ];
    table("tools", &keys, reports.iter().map(row).collect(), words)
}

fn counts(reports: &[ReportRead], words: &Words) -> Block {
    let row = |one: &ReportRead| -> Vec<Cell> {
        let left_out = one.left_out.iter().map(|(why, count)| format!("{} {count}", words.term(why.term())));
        vec![
            tool(one).into(),
            number(one.touched),
            number(one.findings),
            number(one.counts.fresh),
            number(one.counts.still),
            number(one.counts.back),
            number(one.counts.gone),
            number(one.counts.not_looked_at),
            number(one.unreadable),
            left_out.collect::<Vec<_>>().join("\n").into(),
        ]
    };
    let keys = [
        "assessed-col-tool",
        "assessed-col-touched",
        "assessed-col-findings",
        "assessed-col-fresh",
        "assessed-col-still",
        "assessed-col-back",
        "assessed-col-gone",
        "assessed-col-not-looked-at",
        "assessed-col-unreadable",
        "assessed-col-left-out",
    ];
    table("counts", &keys, reports.iter().map(row).collect(), words)
}

/// Reports that touched others than the targets, or were made before the start, with what was said about them.
fn flagged(part: &RunPart<'_>, names: &Names, words: &Words, all: &mut Vec<Block>) {
    let run = part.run;
    for report in run.reports.iter().filter(|report| report.is_flagged()) {
        let named = report.strayed.iter().take(10).cloned().collect::<Vec<_>>().join(separator(words));
        let said: Vec<String> = run
            .explained
            .iter()
            .filter(|one| one.report.sha256 == report.document.sha256)
            .map(|one| format!("{} ― {}", one.note, given_by(&one.given, names, words)))
            .collect();
        let mut text = Vec::new();
        if report.strayed_count > 0 {
            let values = [
                ("file", report.document.name.as_str().into()),
                ("count", report.strayed_count.into()),
                ("named", (&named).into()),
            ];
            text.push(words.get("assessed-strayed", &values));
        }
        if report.before_start {
            text.push(words.get("assessed-before-start", &[("file", report.document.name.as_str().into())]));
        }
        if report.in_future {
            text.push(words.get("assessed-in-future", &[("file", report.document.name.as_str().into())]));
        }
        if report.outside_exception {
            let file = report.document.name.as_str();
            let key = match report.dated() {
                Dated::Untold => "assessed-time-unknown",
                _ => "assessed-outside-exception",
            };
            text.push(words.get(key, &[("file", file.into())]));
        }
        let explained = !said.is_empty();
        if !explained {
            text.push(words.t("assessed-unexplained"));
        }
        text.extend(
            said.into_iter().map(|said| words.get("assessed-explained", &[("note", (&said).into())])),
        );
        let text = text.join("\n");
        all.push(if explained { Block::Note(text) } else { Block::Warning(text) });
    }
}
