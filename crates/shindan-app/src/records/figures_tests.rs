//! What figures know of cases is what the processes know of them.

use shindan_domain::ledger::Stream;
use shindan_domain::process::Process;

use super::*;
use crate::demo;
use crate::progress::Silent;

/// A folder for one test, removed at its end.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // Failing to clean up must not hide why a test failed.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_lives_of_cases_are_those_of_their_records() {
    let folder = std::env::temp_dir().join(format!("shindan-figures-{}", std::process::id()));
    // A test that was killed may have left one behind.
    let _ = std::fs::remove_dir_all(&folder);
    let folder = Folder(folder);
    let demo = demo::run(&folder.0, &Silent).unwrap();
    let records = Records::open(&demo.data).unwrap();
    let token = std::fs::read_to_string(demo.tokens.join("auditor.token")).unwrap();
    let now = demo.told.ended;
    let who = records.enter(token.trim(), now).unwrap();

    let mut whole = CaseTimes::default();
    assert!(whole.go_on(&records, &who, usize::MAX).unwrap());
    let mut parts = CaseTimes::default();
    let mut calls = 0;
    while !parts.go_on(&records, &who, 7).unwrap() {
        calls += 1;
        assert!(parts.as_of(now) < now, "while it reads, it tells of the past");
    }
    assert!(calls > 3, "it was read in parts");
    assert_eq!((parts.after(), &parts.cases, &parts.changes), (whole.after(), &whole.cases, &whole.changes));

    let cases = records.all::<Case>().unwrap();
    assert!(cases.len() > 3 && cases.len() == whole.cases.count());
    let mut open = [0; 4];
    for (id, case) in &cases {
        let (life, times) = (whole.cases.get(*id).unwrap(), case.times());
        let when = |time: Option<jiff::Timestamp>| time.map_or(When::NEVER, When::at);
        let called = records.called(Stream::new(Case::KIND, *id));
        assert_eq!(life.priority, case.priority, "{called:?}");
        assert_eq!(life.noticed, When::at(times.noticed), "{called:?}");
        assert_eq!((life.decided, life.done), (when(times.decided), when(times.done)), "{called:?}");
        assert_eq!(life.due, case.due.map(|due| (due.decide, due.done)), "{called:?}");
        assert_eq!(life.accepted, case.state() == shindan_domain::case::CaseState::Accepted, "{called:?}");
        if case.is_open() {
            open[case.priority.rank()] += 1;
        }
    }
    let weeks = whole.over_time(8, now);
    assert_eq!(weeks.weeks.len(), 8);
    assert_eq!(weeks.weeks.last().unwrap().open, open, "the last week ends now");
    assert_eq!(weeks.weeks.last().unwrap().until, day(now));
    for measured in [Measured::Decide, Measured::Fix] {
        let times = whole.times(&records, measured, now).unwrap();
        let all: u64 = times.strips.iter().map(|strip| strip.taken.len() as u64 + strip.waiting).sum();
        assert!(all > 0 && all <= cases.len() as u64);
        assert!(times.strips.iter().any(|strip| !strip.taken.is_empty()), "{measured:?}");
        assert!(times.strips.iter().any(|strip| strip.limit_days.is_some()), "the demo has a policy");
    }
    let analysed = cases.iter().find(|(_, case)| case.stage.analysis().is_some()).unwrap();
    let tree = case_tree(&records, &who, CaseId(analysed.0)).unwrap().unwrap();
    assert_eq!(tree.outcome, analysed.1.stage.analysis().unwrap().inputs.outcome);
    assert!(tree.questions.iter().all(|question| {
        let taken = question.branches.iter().find(|branch| branch.value == question.taken.value);
        taken.is_some_and(|branch| branch.outcome == Some(tree.outcome))
    }));
}
