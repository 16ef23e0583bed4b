//! Reports: read twice, damaged, of other hosts, before the start.

use shindan_app::records::RecordsError;
use shindan_app::records::assessments::reports;
use shindan_domain::assessment::{Presence, RunState, Way};
use shindan_domain::people::Role;
use shindan_domain::process::ReasonCode;

use crate::hospital::{code, refusal};
use crate::world::{PORTAL, SITE, World, approver, colleague, operator};

#[test]
fn the_same_report_twice_writes_nothing() {
    let mut world = World::new("twice");
    let run = world.started();
    let report = world.zap(&[(SITE, &[("40012", "/login", 3)])]);
    let first = world.import(run, &[report.clone(), report.clone()]).unwrap();
    assert!(first.entries.is_some());
    assert_eq!(world.run(run).reports.len(), 1, "named twice in one call");
    let before = world.hospital.records.store().last_until(world.hospital.now).unwrap();
    let again = world.import(run, std::slice::from_ref(&report)).unwrap();
    assert_eq!(again.entries, None, "nothing was written");
    let after = world.hospital.records.store().last_until(world.hospital.now).unwrap();
    assert_eq!(before, after);
    // In another run it is a report of its own.
    let other = world.started();
    assert!(world.import(other, &[report]).unwrap().entries.is_some());
    assert_eq!(world.finding("40012").1, Presence::Still);
    assert_eq!(world.run(other).reports[0].counts.still, 1);
    world.check_ledger();
}

#[test]
fn a_report_of_another_host_is_flagged_until_somebody_else_explains() {
    let mut world = World::new("strayed");
    let run = world.started();
    let report = world.zap(&[(SITE, &[]), ("https://live.example", &[("10049", "/", 0)])]);
    world.import(run, std::slice::from_ref(&report)).unwrap();
    let read = world.run(run).reports.remove(0);
    assert!(read.is_flagged() && read.strayed.iter().any(|one| one.contains("live.example")), "{read:?}");
    let refused = refusal(world.close(run));
    assert_eq!(refused.missing[0].code, ReasonCode::ReportFlagged, "{refused:?}");
    assert_eq!(code(world.explain(operator, run, &report)), ReasonCode::SamePerson, "the tester");
    let blank = world.by(colleague, |records, who, call| {
        let word = shindan_app::records::WordGiven::Software;
        shindan_app::records::assessments::runs::explain(
            records,
            who,
            call,
            run,
            (shindan_app::records::assessments::runs::About::Report(String::new()), "?".to_owned()),
            &word,
        )
    });
    assert_eq!(code(blank), ReasonCode::ItemUnknown, "no name means no report");
    world.explain(colleague, run, &report).unwrap();
    world.close(run).unwrap();
    assert_eq!(world.run(run).state(), RunState::Closed);
    world.check_ledger();
}

#[test]
fn reports_are_read_only_while_the_run_is_under_way() {
    let mut world = World::new("when");
    let asked = world.asked(Some(world.test), Way::Outside, &[SITE]);
    let run = world.plan_run(operator, asked).unwrap();
    let report = world.zap(&[(SITE, &[("40012", "/login", 3)])]);
    assert_eq!(code(world.import(run, std::slice::from_ref(&report))), ReasonCode::StepOutOfOrder);
    world.start(operator, run).unwrap();
    assert_eq!(code(world.import_as(approver, run, std::slice::from_ref(&report))), ReasonCode::RoleMissing);
    assert_eq!(refusal(world.close(run)).missing[0].code, ReasonCode::ReportMissing);
    let clean = world.zap(&[(SITE, &[])]);
    world.import(run, std::slice::from_ref(&clean)).unwrap();
    world.close(run).unwrap();
    for late in [report, clean] {
        assert_eq!(code(world.import(run, &[late])), ReasonCode::StepOutOfOrder);
    }
}

/// One bad file among good ones: nothing is written, and every bad one is named.
#[test]
fn a_file_that_is_no_report_stops_the_whole_call() {
    let mut world = World::new("damaged");
    let run = world.started();
    let good = world.zap(&[(SITE, &[("40012", "/login", 3)])]);
    let bad = [
        "",
        "{",
        "\u{feff}<a>",
        "hello",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><OWASPZAPReport>&b;</OWASPZAPReport>",
    ];
    let mut files = vec![good.clone()];
    for (number, text) in bad.iter().enumerate() {
        files.push(world.hospital.file(&format!("bad-{number}.xml"), text));
    }
    let refused = world.import(run, &files);
    match refused {
        Err(RecordsError::App(error)) => {
            let text = format!("{error:?}");
            for number in [0, 1, 3] {
                assert!(text.contains(&format!("bad-{number}.xml")), "{number}: {text}");
            }
        }
        other => panic!("{other:?}"),
    }
    assert!(world.run(run).reports.is_empty() && world.rows().is_empty());
    let absent = world.hospital.root.join("absent.json");
    world.import(run, &[absent]).unwrap_err();
    world.import(run, &[good]).unwrap();
}

/// One file with two reports of one tool (SARIF has one for each language): read in a later run, all of it is still there.
#[test]
fn two_reports_of_one_tool_in_a_file_make_nothing_gone() {
    let mut world = World::new("two-in-one");
    world.available(PORTAL).unwrap();
    let file = |world: &mut World| {
        world.sarif("CodeQL", &[&[("java-sql", "a.java", "query(x)")], &[("js-xss", "b.js", "write(x)")]])
    };
    for presence in [Presence::Fresh, Presence::Still] {
        let run = world.source_run();
        let report = file(&mut world);
        world.import(run, &[report]).unwrap();
        let all: Vec<Presence> = world.rows().into_iter().map(|row| row.2).collect();
        assert_eq!(all, [presence; 2]);
        assert!(world.run(run).reports.iter().all(|read| read.counts.gone == 0 && read.counts.back == 0));
    }
}

/// Lists of findings and reports tell nothing to who may not read.
#[test]
fn findings_are_shown_to_who_may_read() {
    let mut world = World::new("read");
    let run = world.started();
    let report = world.zap(&[(SITE, &[("40012", "/login", 3)])]);
    let tolerated = world
        .by(operator, |records, who, call| {
            reports::import(
                records,
                who,
                call,
                run,
                reports::Handed { files: &[report], ..Default::default() },
            )
        })
        .unwrap()
        .1;
    assert!(tolerated.is_empty(), "{tolerated:?}");
    let partner = world.person("委託先", &[Role::Partner]);
    let (records, plan) = (&world.hospital.records, world.plan);
    let today = shindan_domain::calendar::day(world.hospital.now);
    let list =
        shindan_app::records::assessments::findings::list(records, &partner, plan, today, |_, rows| {
            rows.len()
        });
    assert_eq!(code(list), ReasonCode::RoleMissing);
}
