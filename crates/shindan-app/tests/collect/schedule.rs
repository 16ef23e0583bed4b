//! The schedule looks at what is due, records that it was the schedule, and makes nothing up for the time in which it did not run.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};
use shindan_app::clock;
use shindan_app::progress::Silent;
use shindan_app::records::collect::schedule::{Round, Schedule, due};
use shindan_app::records::{RecordsError, collect};
use shindan_domain::collect::{CellState, CheckBy, CheckOutcome, CheckResult, SourceKind, SourceTiming};
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::SourceId;
use shindan_fetch::{Client, Settings, Surroundings};
use shindan_mirror::{Fault, Page};

use super::{World, feed, refused};

const HOURS: fn(i64) -> SignedDuration = SignedDuration::from_hours;

fn schedule(world: &World) -> Schedule {
    let settings = Settings { attempts: 1, pause: std::time::Duration::ZERO, ..Settings::default() };
    let surroundings =
        Surroundings { now: Box::new(clock::now), sleep: Box::new(|_| {}), chance: Box::new(|| 0.0) };
    Schedule::with(world.folder(), Client::new(settings, surroundings).unwrap())
}

fn round(world: &mut World, now: Timestamp) -> Round {
    let (schedule, who) = (schedule(world), world.hospital.operator.clone());
    let going_on = AtomicBool::new(false);
    schedule.round(&mut world.hospital.records, &who, now, &Silent, &going_on).unwrap()
}

fn names(round: &Round) -> Vec<&str> {
    round.sources.iter().map(|one| one.name.as_str()).collect()
}

#[test]
fn what_is_due_is_looked_at_once_by_the_schedule() {
    let mut world = World::new("schedule", vec![Page::new("/a.rdf", feed(&[("at1", "x")]))]);
    let source = world.add("a", SourceKind::JpcertRss, "/a.rdf");
    world.add("phone", SourceKind::Hand, "");
    let paused = world.add("paused", SourceKind::JpcertRss, "/a.rdf");
    let (who, call) = (world.hospital.operator.clone(), world.hospital.call());
    collect::pause(&mut world.hospital.records, &who, &call, paused, "moving house".to_owned()).unwrap();
    let now = clock::now();
    let first = round(&mut world, now);
    assert_eq!(names(&first), ["a"]);
    assert_eq!(first.sources[0].outcome, CheckOutcome::NewItems { count: 1 });
    let (_, check) = world.checks().pop().unwrap();
    assert_eq!((check.draft.by, check.draft.source), (CheckBy::Schedule, source));
    assert_eq!(check.recorded_by, world.hospital.operator.person());
    // The next minute, and the program begun anew: nothing is due.
    for later in [now + HOURS(0), now + HOURS(1), now + HOURS(23)] {
        assert_eq!(names(&round(&mut world, later)), Vec::<&str>::new(), "{later}");
    }
    assert_eq!(world.checks().len(), 1);
    assert_eq!(names(&round(&mut world, now + HOURS(25))), ["a"]);
    assert_eq!(world.checks().len(), 2);
}

#[test]
fn what_was_missed_is_shown_as_missed_and_looked_at_once() {
    let mut world = World::new("missed", vec![Page::new("/a.rdf", feed(&[("at1", "x")]))]);
    let source = world.add("a", SourceKind::JpcertRss, "/a.rdf");
    let now = clock::now();
    round(&mut world, now);
    let (who, later) = (world.hospital.operator.clone(), now + HOURS(5 * 24));
    let timing = |world: &World| {
        collect::standing(&world.hospital.records, &who, later)
            .unwrap()
            .into_iter()
            .find(|one| one.id == source)
    };
    assert_eq!(timing(&world).unwrap().timing, SourceTiming::Overdue);
    // The round of five days later makes one check; the days between stay empty, because nobody looked.
    assert_eq!(names(&round(&mut world, later)), ["a"]);
    assert_eq!(world.checks().len(), 2);
    let ends: Vec<Timestamp> = world.checks().into_iter().map(|(_, check)| check.draft.ended).collect();
    assert!(ends.iter().all(|end| *end <= clock::now()), "no check is dated otherwise than it was made");
    let cells = |day: Timestamp| {
        let date = clock::day_in_japan(day);
        let month = collect::month(&world.hospital.records, &who, date, later).unwrap();
        let row = month.grid.rows.into_iter().find(|row| row.source == source).unwrap();
        row.cells.into_iter().find(|cell| cell.date == date).unwrap().state
    };
    assert_eq!(cells(now + HOURS(2 * 24)), CellState::Missed);
    assert_eq!(cells(now), CellState::DoneNew);
}

#[test]
fn one_that_fails_waits_and_stops_no_other() {
    let mut world = World::new("fails", vec![Page::new("/b.rdf", feed(&[("at1", "x")]))]);
    world.add("a-broken", SourceKind::JpcertRss, "/a.rdf");
    world.add("b", SourceKind::JpcertRss, "/b.rdf");
    let now = clock::now();
    let first = round(&mut world, now);
    assert_eq!(names(&first), ["a-broken", "b"]);
    assert_eq!(first.sources[0].outcome.result(), CheckResult::Failed);
    assert_eq!(first.sources[1].outcome.result(), CheckResult::NewItems);
    let minutes = SignedDuration::from_mins;
    assert_eq!(
        names(&round(&mut world, now + minutes(5))),
        Vec::<&str>::new(),
        "it is left alone for a while"
    );
    assert_eq!(names(&round(&mut world, now + minutes(20))), ["a-broken"]);
    assert_eq!(
        names(&round(&mut world, now + minutes(25))),
        Vec::<&str>::new(),
        "and longer the second time"
    );
    world.mirror.put(Page::new("/a.rdf", feed(&[("at2", "y")])));
    assert_eq!(names(&round(&mut world, now + minutes(60))), ["a-broken"]);
    assert_eq!(names(&round(&mut world, now + minutes(120))), Vec::<&str>::new());
}

#[test]
fn two_runs_never_look_at_once_and_a_stop_leaves_the_rest_due() {
    let pages = vec![Page::new("/a.rdf", feed(&[("at1", "x")])), Page::new("/b.rdf", feed(&[("at1", "x")]))];
    let mut world = World::new("alone", pages);
    let a = world.add("a", SourceKind::JpcertRss, "/a.rdf");
    world.add("b", SourceKind::JpcertRss, "/b.rdf");
    let lock = std::fs::create_dir_all(world.hospital.root.join("data/sources"))
        .and_then(|()| std::fs::File::create(world.hospital.root.join("data/sources/.LOCK")))
        .unwrap();
    lock.lock().unwrap();
    let now = clock::now();
    let first = round(&mut world, now);
    assert!(first.under_way && first.sources.is_empty());
    let who = world.hospital.operator.clone();
    assert_eq!(refused(world.sync_as(&who, &[a])), ReasonCode::SyncUnderWay);
    assert!(world.mirror.all_seen().is_empty() && world.checks().is_empty());
    lock.unlock().unwrap();
    // Told to stop before it began: nothing is recorded as failed that nobody looked at.
    let stopped = AtomicBool::new(true);
    let schedule = schedule(&world);
    let none = schedule.round(&mut world.hospital.records, &who, now, &Silent, &stopped).unwrap();
    assert!(none.sources.is_empty() && world.checks().is_empty());
    stopped.store(false, Ordering::Relaxed);
    world.mirror.always("/a.rdf", Fault::Status(404));
    assert_eq!(names(&round(&mut world, now)), ["a", "b"]);
}

#[test]
fn nobody_without_the_role_schedules() {
    let mut world = World::new("schedule-role", vec![Page::new("/a.rdf", feed(&[("at1", "x")]))]);
    let source: SourceId = world.add("a", SourceKind::JpcertRss, "/a.rdf");
    let (schedule, auditor) = (schedule(&world), world.hospital.auditor.clone());
    let going_on = AtomicBool::new(false);
    let now = clock::now();
    let round = schedule.round(&mut world.hospital.records, &auditor, now, &Silent, &going_on);
    assert_eq!(refused(round), ReasonCode::RoleMissing);
    assert!(world.mirror.all_seen().is_empty());
    let operator = world.hospital.operator.clone();
    let listed = due(&world.hospital.records, &operator, now).unwrap();
    assert_eq!(listed, [(source, "a".to_owned())]);
    assert!(matches!(due(&world.hospital.records, &auditor, now), Err(RecordsError::Refused { .. })));
}
