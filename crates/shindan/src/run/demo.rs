//! `demo [DIR]`

use std::path::Path;

use jiff::ToSpan;
use shindan_app::clock;
use shindan_app::demo::{self, Demo};
use shindan_report::dates;

use super::acting::fail;
use super::{check, not_written, serve};
use crate::cli::{CheckFormat, DemoArguments, TableOrJson};
use crate::exit::Exit;
use crate::output::{Face, say, write_to};
use crate::progress::Bar;

/// So many days ago ended what the people of the served demo did.
const DAYS_AGO: i64 = 2;

/// Runs the demo: summary on standard output, report as HTML, what to try next.
pub fn run(arguments: &DemoArguments, face: &Face) -> Exit {
    let folder: &Path = &arguments.dir;
    let bar = Bar::new(&face.words);
    // Who opens the pages finds what was done until a few days ago; what is printed is the same on every day.
    let today = clock::day_in_japan(clock::now());
    let last_day = arguments.last_day.unwrap_or_else(|| today.saturating_sub(DAYS_AGO.days()));
    if last_day > today {
        let day = last_day.to_string();
        say!("{}", face.words.get("cli-demo-future", &[("day", (&day).into())]));
        return Exit::Usage;
    }
    let made = match arguments.serve {
        true => demo::run_until(folder, last_day, &bar),
        false => demo::run(folder, &bar),
    };
    let demo = match made {
        Ok(demo) => demo,
        Err(error) => return fail(&error, None, TableOrJson::Table, face),
    };
    face.tell(&demo.built.diagnostics);
    let report = demo.folder.join("report.html");
    let form =
        check::Form { format: CheckFormat::Html, output: Some(&report), max_age: None, exit: Exit::Done };
    if let Err(exit) = check::print(&demo.checked.result, &form, face) {
        return exit;
    }
    let words = &face.words;
    let time = dates::moment(demo.now, words);
    let result = &demo.checked.result;
    let summary = match check::answer_table(result, None, false, face) {
        Ok(summary) => summary,
        Err(exit) => return exit,
    };
    let hit = result.findings.first().map(|f| f.vulnerability.id.clone()).unwrap_or_default();
    let (data, inventory) = (demo.data.root().display(), demo.inventory.display());
    let now = demo.now;
    let program = program();
    let example = demo.inventory.join("devices.csv");
    let next = [
        ("cli-demo-json", format!("{program} check {inventory} --data-dir {data} --now {now} --format json")),
        ("cli-demo-who", format!("{program} who {hit} --data-dir {data} --now {now} {inventory}")),
        ("cli-demo-show", format!("{program} kb show {hit} --data-dir {data}")),
        ("cli-demo-own", format!("{program} check SBOM.json --data-dir {data}")),
    ];
    let records = what_was_recorded(&demo, &program);
    let written = write_to(None, |out| {
        writeln!(out, "{}\n", words.get("cli-demo-intro", &[("time", time.as_str().into())]))?;
        out.write_all(summary.as_bytes())?;
        let report = report.display().to_string();
        writeln!(out, "\n{}", words.get("cli-demo-report", &[("path", report.as_str().into())]))?;
        writeln!(out, "{}", words.t("cli-demo-next"))?;
        for (key, command) in next {
            let example = example.display().to_string();
            let values = [("path", example.as_str().into())];
            writeln!(out, "  # {}\n  {command}", words.get(key, &values))?;
        }
        writeln!(out, "\n{}", words.t("cli-demo-story"))?;
        for (key, command) in records {
            writeln!(out, "  # {}\n  {command}", words.t(key))?;
        }
        Ok(())
    });
    match written {
        Err(error) => not_written(&error, face),
        Ok(()) if demo.built.anything_unreadable() || demo.checked.unreadable => Exit::Unreadable,
        Ok(()) if arguments.serve => serve::serve_demo(&demo, arguments.listen, face),
        Ok(()) => Exit::Done,
    }
}

/// Commands that show what the people of the demo did, each with the key of what it shows.
fn what_was_recorded(demo: &Demo, program: &str) -> Vec<(&'static str, String)> {
    let token = |role: &str| demo.tokens.join(format!("{role}.token")).display().to_string();
    let (auditor, operator) = (token("auditor"), token("operator"));
    let data = demo.data.root().display();
    let (closed, blocked) = (&demo.told.closed, &demo.told.blocked);
    let (sighting, agreement) = (&demo.told.sighting, &demo.told.agreement);
    let (plan, run) = (&demo.told.plan, &demo.told.run);
    // On a later day the agreement and the assessment have passed their dates, whatever these people did.
    let ended = shindan_domain::calendar::day(demo.told.ended);
    let month = ended.strftime("%Y-%m");
    vec![
        (
            "cli-demo-control",
            format!("{program} report control --as-of {ended} --data-dir {data} --token-file {auditor}"),
        ),
        ("cli-demo-cases", format!("{program} case list --all --data-dir {data} --token-file {auditor}")),
        (
            "cli-demo-closed",
            format!("{program} case show {closed} --history --data-dir {data} --token-file {auditor}"),
        ),
        ("cli-demo-refusals", format!("{program} ledger refusals --data-dir {data} --token-file {auditor}")),
        ("cli-demo-ledger", format!("{program} ledger verify --states --data-dir {data}")),
        ("cli-demo-alarms", format!("{program} device alarms --data-dir {data} --token-file {auditor}")),
        (
            "cli-demo-sighting",
            format!("{program} device sightings show {sighting} --data-dir {data} --token-file {auditor}"),
        ),
        (
            "cli-demo-agreement",
            format!("{program} agreement show {agreement} --data-dir {data} --token-file {auditor}"),
        ),
        (
            "cli-demo-gate",
            format!("{program} change gate {blocked} --data-dir {data} --token-file {operator}"),
        ),
        ("cli-demo-plans", format!("{program} assess plan list --data-dir {data} --token-file {auditor}")),
        (
            "cli-demo-findings",
            format!("{program} assess finding list {plan} --all --data-dir {data} --token-file {auditor}"),
        ),
        (
            "cli-demo-retest",
            format!("{program} assess run show {run} --data-dir {data} --token-file {auditor}"),
        ),
        (
            "cli-demo-collection",
            format!("{program} report collection --month {month} --data-dir {data} --token-file {auditor}"),
        ),
        ("cli-demo-notices", format!("{program} notice list --all --data-dir {data} --token-file {auditor}")),
    ]
}

/// How this program was called, so that the commands shown can be copied: `target/release/shindan` behind `cargo run`.
fn program() -> String {
    let called = std::env::args_os().next().map(|name| name.to_string_lossy().into_owned());
    called.filter(|name| name.contains(std::path::is_separator)).unwrap_or_else(|| "shindan".to_owned())
}
