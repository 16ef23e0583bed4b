//! When a scan was made, and what a run has to have looked at: reports that do not tell their time, targets that no report covers, reports
//! of another kind of tool, and what a run that was given up still has to answer.

use std::path::{Path, PathBuf};

use serde_json::Value;
use shindan_app::records::assessments::cases as finding_cases;
use shindan_app::records::assessments::reports::{self, Handed};
use shindan_app::records::assessments::runs::{self, About};
use shindan_app::records::control;
use shindan_app::records::sightings::TakenWhen;
use shindan_app::records::{Done, Entered, RecordsError, WordGiven};
use shindan_domain::assessment::{Assessment, Dated, Presence, ReportRead, RunState, Way};
use shindan_domain::case::Treatment;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::{AssessmentId, CaseId};

use crate::hospital::{Hospital, code, refusal};
use crate::world::{Alert, PORTAL, SITE, World, approver, colleague, manager, operator};

const ALIAS: &str = "https://alias.example";
const LIVE: &str = "https://live.example";

type Who = fn(&Hospital) -> &Entered;
type Read = Result<(Done, Vec<Diagnostic>), RecordsError>;

/// A report of ZAP that does not tell when it was made.
fn undated(world: &mut World, sites: &[(&str, &[Alert<'_>])]) -> PathBuf {
    let path = world.zap(sites);
    let mut report: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    report.as_object_mut().unwrap().remove("@generated").unwrap();
    std::fs::write(&path, report.to_string()).unwrap();
    path
}

fn hand(world: &mut World, who: Who, run: AssessmentId, file: &Path, taken: Option<TakenWhen>) -> Read {
    let files = [file.to_owned()];
    world.by(who, |records, who, call| {
        reports::import(records, who, call, run, Handed { files: &files, taken, ..Handed::default() })
    })
}

fn now(world: &World) -> Option<TakenWhen> {
    Some(TakenWhen::At(world.hospital.now))
}

fn explain_target(
    world: &mut World,
    who: Who,
    run: AssessmentId,
    target: &str,
) -> Result<Done, RecordsError> {
    let about = About::Target(target.parse().unwrap());
    world.by(who, |records, who, call| {
        let said = (about, "電源が切られていた。撤去予定".to_owned());
        runs::explain(records, who, call, run, said, &WordGiven::Software)
    })
}

fn codes(refused: &Refusal) -> Vec<ReasonCode> {
    refused.missing.iter().map(|one| one.code).collect()
}

fn dates(run: &Assessment) -> Vec<Dated> {
    run.reports.iter().map(ReportRead::dated).collect()
}

#[test]
fn the_time_of_a_report_is_stated_by_who_has_no_part_in_the_run() {
    let mut world = World::new("dated");
    let run = world.started();
    let report = undated(&mut world, &[(SITE, &[("40012", "/login", 3)])]);
    for taken in [now(&world), Some(TakenWhen::On("2020-01-01".parse().unwrap()))] {
        assert_eq!(code(hand(&mut world, operator, run, &report, taken)), ReasonCode::ReportTimeByTester);
    }
    let tomorrow = world.hospital.now.checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
    let future = [TakenWhen::At(tomorrow), TakenWhen::On(shindan_domain::calendar::day(tomorrow))];
    for taken in future {
        assert_eq!(code(hand(&mut world, colleague, run, &report, Some(taken))), ReasonCode::DateInFuture);
    }
    let told = world.zap(&[(SITE, &[])]);
    let taken = now(&world);
    assert_eq!(code(hand(&mut world, colleague, run, &told, taken)), ReasonCode::ReportTellsTime);
    assert!(world.run(run).reports.is_empty(), "nothing was written");

    let (_, said) = hand(&mut world, operator, run, &report, None).unwrap();
    assert_eq!(said.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::ScanTimeUntold]);
    assert_eq!(world.finding("40012").1, Presence::Fresh, "what it found counts");
    // Stated afterwards, once; nobody states another time.
    let taken = now(&world);
    assert!(hand(&mut world, colleague, run, &report, taken).unwrap().0.entries.is_some());
    assert_eq!(dates(&world.run(run)), [Dated::Untold, Dated::Stated]);
    assert_eq!(hand(&mut world, colleague, run, &report, taken).unwrap().0.entries, None);
    let other = now(&world);
    assert_eq!(code(hand(&mut world, colleague, run, &report, other)), ReasonCode::ReportTimeStated);
    assert_eq!(hand(&mut world, operator, run, &report, None).unwrap().0.entries, None, "known");
    assert_eq!(world.run(run).reports.len(), 2);
    world.check_ledger();
}

/// The run has nothing but a report with a stated time: for the tester, too, the file is known.
#[test]
fn a_file_that_a_colleague_dated_is_known_to_the_tester() {
    let mut world = World::new("dated-known");
    let run = world.started();
    let report = undated(&mut world, &[(SITE, &[])]);
    let taken = now(&world);
    hand(&mut world, colleague, run, &report, taken).unwrap();
    assert_eq!(dates(&world.run(run)), [Dated::Stated]);
    let (done, said) = hand(&mut world, operator, run, &report, None).unwrap();
    assert_eq!((done.entries, said.len()), (None, 0));
    world.close(run).unwrap();
    assert_eq!(code(hand(&mut world, operator, run, &report, None)), ReasonCode::StepOutOfOrder);
}

fn case_of(world: &mut World, rule: &str) -> CaseId {
    let (plan, named) = (world.plan, vec![world.finding(rule).0]);
    let opened =
        world.by(operator, |records, who, call| finding_cases::open_cases(records, who, call, plan, &named));
    CaseId(opened.unwrap().stream.id)
}

#[test]
fn an_undated_report_is_proof_only_once_a_colleague_dates_it() {
    let mut world = World::new("dated-proof");
    let run = world.started();
    let found = world.zap(&[(SITE, &[("40012", "/login", 3)])]);
    world.import(run, &[found]).unwrap();
    let case = case_of(&mut world, "40012");
    world.hospital.settle(case, Treatment::Patch, None);
    world.hospital.later(1);
    let second = world.started();
    let clean = undated(&mut world, &[(SITE, &[])]);
    world.import(second, std::slice::from_ref(&clean)).unwrap();
    assert_ne!(world.finding("40012").1, Presence::Gone, "it may be from before the repair");
    assert!(!world.hospital.case(case).all_gone());
    let taken = now(&world);
    hand(&mut world, colleague, second, &clean, taken).unwrap();
    assert_eq!(world.finding("40012").1, Presence::Gone);
    assert!(world.hospital.case(case).all_gone());
    let (before, read) = (world.rows(), world.run(second));
    assert_eq!(hand(&mut world, colleague, second, &clean, taken).unwrap().0.entries, None);
    assert_eq!((world.rows(), world.run(second)), (before, read));
    world.close(second).unwrap();
    world.check_ledger();
}

/// A time before the start is stated: the report needs a word, and proves nothing to a case.
#[test]
fn a_stated_time_before_the_start_is_flagged() {
    let mut world = World::new("dated-before");
    let run = world.started();
    let found = world.zap(&[(SITE, &[("40012", "/login", 3)])]);
    world.import(run, &[found]).unwrap();
    let case = case_of(&mut world, "40012");
    let early = now(&world);
    world.hospital.settle(case, Treatment::Patch, None);
    world.hospital.later(1);
    let second = world.started();
    let clean = undated(&mut world, &[(SITE, &[])]);
    hand(&mut world, colleague, second, &clean, early).unwrap();
    assert!(world.run(second).reports[0].before_start);
    assert!(!world.hospital.case(case).all_gone());
    assert!(codes(&refusal(world.close(second))).contains(&ReasonCode::ReportBeforeStart));
}

/// A report from tomorrow's morrow would be newer than any repair: its time counts as none, and somebody says how that came about.
#[test]
fn a_time_that_lies_ahead_is_not_used_and_flagged() {
    let mut world = World::new("dated-ahead");
    let run = world.started();
    let found = world.zap(&[(SITE, &[("40012", "/login", 3)])]);
    world.import(run, &[found]).unwrap();
    let case = case_of(&mut world, "40012");
    world.hospital.settle(case, Treatment::Patch, None);
    world.hospital.later(1);
    let second = world.started();
    let present = world.hospital.now;
    // Within a day a zone that the tool did not tell may be the reason.
    for (hours, ahead) in [(25, true), (23, false)] {
        world.hospital.now = present + jiff::SignedDuration::from_hours(hours);
        let clean = world.zap(&[(SITE, &[])]);
        world.hospital.now = present;
        let run = if ahead { second } else { world.started() };
        world.import(run, &[clean]).unwrap();
        let report: ReportRead = world.run(run).reports[0].clone();
        let unused = report.started.or(report.ended).is_none();
        assert_eq!((report.in_future, unused), (ahead, ahead), "{hours} hours ahead");
        assert_eq!(world.finding("40012").1 == Presence::Gone, !ahead, "{hours} hours ahead");
        if ahead {
            assert_eq!(report.dated(), Dated::Untold);
            assert!(codes(&refusal(world.close(run))).contains(&ReasonCode::ReportFromFuture));
        }
    }
}

#[test]
fn every_target_is_reported_or_somebody_says_why_not() {
    let mut world = World::new("dated-targets");
    let test = world.test;
    world.permit(manager, test, ALIAS).unwrap();
    let asked = world.asked(Some(test), Way::Outside, &[SITE, ALIAS]);
    let run = world.plan_run(operator, asked).unwrap();
    assert_eq!(code(explain_target(&mut world, colleague, run, ALIAS)), ReasonCode::StepOutOfOrder);
    world.start(operator, run).unwrap();
    let report = world.zap(&[(SITE, &[])]);
    world.import(run, &[report]).unwrap();
    let refused = refusal(world.close(run));
    assert_eq!(codes(&refused), [ReasonCode::TargetNotReported], "{refused:?}");
    assert!(format!("{refused:?}").contains("alias.example"), "{refused:?}");
    for (who, target, why) in [
        (operator as Who, ALIAS, ReasonCode::SamePerson),
        (approver as Who, "https://live.example", ReasonCode::ItemUnknown),
        (colleague as Who, SITE, ReasonCode::NothingChanges),
    ] {
        assert_eq!(code(explain_target(&mut world, who, run, target)), why, "{target}");
    }
    explain_target(&mut world, colleague, run, ALIAS).unwrap();
    world.close(run).unwrap();
    assert_eq!(world.run(run).state(), RunState::Closed);
    world.check_ledger();
}

#[test]
fn a_run_of_source_needs_a_report_of_a_tool_that_reads_source() {
    let mut world = World::new("dated-way");
    world.available(PORTAL).unwrap();
    let run = world.source_run();
    let zap = world.zap(&[(SITE, &[])]);
    world.import(run, &[zap]).unwrap();
    let refused = refusal(world.close(run));
    assert!(codes(&refused).contains(&ReasonCode::ReportOfWayMissing), "{refused:?}");
    let sarif = world.sarif("CodeQL", &[&[]]);
    world.import(run, &[sarif]).unwrap();
    let way = codes_at_close(&mut world, run);
    assert!(!way.contains(&ReasonCode::ReportOfWayMissing), "{way:?}");
}

fn codes_at_close(world: &mut World, run: AssessmentId) -> Vec<ReasonCode> {
    match world.close(run) {
        Ok(_) => Vec::new(),
        Err(error) => codes(&refusal::<Done>(Err(error))),
    }
}

/// A run against production that was started on the first of the two days of its exception.
fn on_production(world: &mut World) -> AssessmentId {
    let live = world.live;
    world.permit(manager, live, LIVE).unwrap();
    let asked = world.asked(Some(live), Way::Outside, &[LIVE]);
    let run = world.plan_run(operator, asked).unwrap();
    world.ask_exception(colleague, run, (0, 1)).unwrap();
    let approver = world.hospital.approver.clone();
    world.approve_exception(&approver, run).unwrap();
    world.start(operator, run).unwrap();
    run
}

#[test]
fn production_was_scanned_on_a_day_of_the_exception_or_somebody_says_why_not() {
    let mut world = World::new("dated-exception");
    let run = on_production(&mut world);
    let within = world.zap(&[(LIVE, &[])]);
    world.import(run, &[within]).unwrap();
    assert!(!world.run(run).reports[0].is_flagged());
    world.hospital.later(3);
    let late = world.zap(&[(LIVE, &[("10049", "/", 0)])]);
    world.import(run, std::slice::from_ref(&late)).unwrap();
    assert_eq!(codes_at_close(&mut world, run), [ReasonCode::ReportOutsideException]);
    assert_eq!(code(world.explain(operator, run, &late)), ReasonCode::SamePerson);
    world.explain(colleague, run, &late).unwrap();
    assert_eq!(codes_at_close(&mut world, run), []);
    world.check_ledger();
}

#[test]
fn an_undated_report_about_production_is_dated_or_explained() {
    let mut world = World::new("dated-production");
    let run = on_production(&mut world);
    let report = undated(&mut world, &[(LIVE, &[])]);
    hand(&mut world, operator, run, &report, None).unwrap();
    assert_eq!(codes_at_close(&mut world, run), [ReasonCode::ReportTimeUnknown]);
    let taken = now(&world);
    hand(&mut world, colleague, run, &report, taken).unwrap();
    assert_eq!(codes_at_close(&mut world, run), [], "it was made within the exception");
}

/// What a run touched stays touched, even if it was given up: a gap until somebody else says how it came about.
#[test]
fn a_run_that_was_given_up_is_explained() {
    let mut world = World::new("dated-cancelled");
    let run = world.started();
    let report = world.zap(&[(SITE, &[]), (LIVE, &[("10049", "/", 0)])]);
    world.import(run, std::slice::from_ref(&report)).unwrap();
    let cancel = |world: &mut World| {
        world.by(operator, |records, who, call| {
            runs::cancel(records, who, call, run, "範囲を誤った".to_owned())
        })
    };
    cancel(&mut world).unwrap();
    assert_eq!(world.run(run).state(), RunState::Cancelled);
    let strayed = |world: &World| {
        let (records, now) = (&world.hospital.records, world.hospital.now);
        let report = control::report(records, &world.hospital.auditor, None, now).unwrap();
        let line = report.lines.into_iter().map(|line| line.status).find(|one| one.control == "3-2").unwrap();
        line.gaps.iter().any(|one| one.reason.code == ReasonCode::ControlRunsStrayed)
    };
    assert!(strayed(&world));
    assert_eq!(code(world.explain(operator, run, &report)), ReasonCode::SamePerson, "the tester");
    world.explain(colleague, run, &report).unwrap();
    assert!(!strayed(&world));
    assert_eq!(world.run(run).state(), RunState::Cancelled);
    world.check_ledger();
}
