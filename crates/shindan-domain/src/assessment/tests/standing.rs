//! 所見の現況: what is there, gone and back, over random series of reports.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::decision::{Proposal, ScanFindingEvent};
use super::super::report::{Completion, ScanReport, ScanResult};
use super::super::severity::{Bands, Level, Scale, SeverityTable, combinations};
use super::super::standing::identified;
use super::super::{
    Decided, FindingRef, FindingVerdict, Fingerprint, Presence, Profile, ScanFinding, Standing, overview,
};
use super::{component, original, plan, report, scope, source, web};
use crate::approval::Word;
use crate::calendar::day;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::localised::Localised;
use crate::model::{by, id, minute};
use crate::priority::Decision;
use crate::process::Process;
use crate::record_id::{AssessmentPlanId, ScanFindingId};

const TOOLS: [&str; 2] = ["zap", "nikto"];
const HOSTS: [&str; 3] = ["a.example", "b.example", "10.0.0.7"];
const FINDINGS: u8 = 12;

/// One report as it is told by numbers.
#[derive(Debug, Clone)]
struct Told {
    tool: usize,
    /// Bits: which of its findings it names.
    found: u16,
    /// Bits: which hosts it looked at, besides those of its findings.
    looked: u8,
    whole: u8,
    /// It belongs to the run of the report before.
    same_run: bool,
    edition: u8,
    shuffle: u8,
}

fn told() -> impl Strategy<Value = Vec<Told>> {
    let one = (0..2_usize, any::<u16>(), any::<u8>(), 0..8_u8, 0..4_u8, any::<u8>(), any::<u8>()).prop_map(
        |(tool, found, looked, whole, same_run, edition, shuffle)| Told {
            tool,
            found,
            looked,
            whole,
            same_run: same_run == 0,
            edition,
            shuffle,
        },
    );
    proptest::collection::vec(one, 1..14)
}

/// Finding `number` of its tool, on one of the hosts; words, severity and version of the tool differ from report to report.
fn result(number: u8, edition: u8) -> ScanResult {
    let host = HOSTS[usize::from(number) % HOSTS.len()];
    let mut result = web(&format!("rule-{}", number % 4), host, &format!("/{number}"));
    result.severity = ["High", "Low", "3"][usize::from(edition) % 3].to_owned();
    result.title = format!("in the words of edition {edition}");
    result.text = result.title.clone();
    result
}

impl Told {
    fn names(&self, number: u8) -> bool {
        usize::from(number) % TOOLS.len() == self.tool && (self.found >> number) & 1 == 1
    }

    fn looked_at(&self, number: u8) -> bool {
        let host = |number: u8| usize::from(number) % HOSTS.len();
        let named = (0..FINDINGS).any(|other| self.names(other) && host(other) == host(number));
        let rule = self.whole != 1 || number % 4 < 2;
        let complete = self.whole != 2 && self.whole != 3;
        complete && rule && (named || (self.looked >> host(number)) & 1 == 1)
    }

    fn report(&self, shuffle: u8) -> ScanReport {
        let mut results: Vec<ScanResult> =
            (0..FINDINGS).filter(|number| self.names(*number)).map(|one| result(one, self.edition)).collect();
        let turn = usize::from(shuffle) % results.len().max(1);
        results.rotate_left(turn);
        if shuffle % 2 == 1 {
            results.reverse();
        }
        let looked = |(at, host): (usize, &&'static str)| ((self.looked >> at) & 1 == 1).then_some(*host);
        let mut hosts: BTreeSet<&str> = HOSTS.iter().enumerate().filter_map(looked).collect();
        let of_findings: Vec<String> =
            results.iter().filter_map(|result| result.place.host.clone()).collect();
        hosts.extend(of_findings.iter().map(String::as_str));
        let hosts: Vec<&str> = hosts.into_iter().collect();
        let mut report = report(TOOLS[self.tool], &hosts, results);
        report.tool.version = Some(self.edition.to_string());
        match self.whole {
            1 => report.rules = Some(super::names(&["rule-0", "rule-1"])),
            2 => report.completion = Completion::Unfinished,
            3 => {
                report.diagnostics.push(Diagnostic::new(Code::FileEmpty, Place::file("zap.json")));
            }
            4 => report.completion = Completion::NotTold,
            _ => {}
        }
        report
    }
}

/// What an observer expects, run by run: found by any report of a run is there; gone only if none of the run found it and one looked.
fn expected(runs: &[Vec<Told>]) -> BTreeMap<u8, Presence> {
    let mut known: BTreeMap<u8, Presence> = BTreeMap::new();
    for run in runs {
        for number in 0..FINDINGS {
            let of_tool = |told: &&Told| told.tool == usize::from(number) % TOOLS.len();
            let before = known.get(&number).copied();
            if run.iter().any(|told| told.names(number)) {
                let now = match before {
                    None => Presence::Fresh,
                    Some(Presence::Gone) => Presence::Back,
                    Some(_) => Presence::Still,
                };
                known.insert(number, now);
            } else if before.is_some() && run.iter().filter(of_tool).any(|told| told.looked_at(number)) {
                known.insert(number, Presence::Gone);
            }
        }
    }
    known
}

fn in_runs(all: Vec<Told>) -> Vec<Vec<Told>> {
    let mut runs: Vec<Vec<Told>> = Vec::new();
    for told in all {
        match runs.last_mut() {
            Some(run) if told.same_run => run.push(told),
            _ => runs.push(vec![told]),
        }
    }
    runs
}

fn take(standing: &mut Standing, runs: &[Vec<Told>], shuffled: bool) {
    let mut file = 0;
    for (run, reports) in (0..).zip(runs) {
        for told in reports {
            file += 1;
            let shuffle = if shuffled { told.shuffle } else { 0 };
            standing.take(&told.report(shuffle), original(file), &scope(run));
        }
    }
}

fn fingerprint(number: u8) -> Fingerprint {
    Fingerprint::of(TOOLS[usize::from(number) % TOOLS.len()], &result(number, 0))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_there_and_gone_is_what_an_observer_says(all in told()) {
        let runs = in_runs(all);
        let mut standing = Standing::default();
        take(&mut standing, &runs, false);
        let presence: BTreeMap<Fingerprint, Presence> =
            standing.findings.iter().map(|(one, known)| (*one, known.presence)).collect();
        let wanted: BTreeMap<Fingerprint, Presence> =
            expected(&runs).into_iter().map(|(number, presence)| (fingerprint(number), presence)).collect();
        prop_assert_eq!(presence, wanted);
        for known in standing.findings.values() {
            prop_assert_eq!(known.gone.is_some(), known.presence == Presence::Gone);
        }
    }

    #[test]
    fn neither_the_order_of_findings_nor_a_second_reading_matters(all in told()) {
        let runs = in_runs(all);
        let (mut straight, mut shuffled) = (Standing::default(), Standing::default());
        take(&mut straight, &runs, false);
        take(&mut shuffled, &runs, true);
        prop_assert_eq!(&straight, &shuffled);
        let (number, last) = (runs.len() as u8 - 1, runs.last().unwrap().last().unwrap());
        let read = original(runs.iter().map(Vec::len).sum::<usize>() as u8);
        let again = shuffled.take(&last.report(0), read, &scope(number));
        prop_assert_eq!(&straight, &shuffled);
        prop_assert_eq!((again.counts.fresh, again.counts.back, again.counts.gone), (0, 0, 0));
    }

    /// The reports of one run in any order, at once or one after the other, say the same.
    #[test]
    fn reports_of_one_run_say_the_same_in_any_order(before in told(), run in told()) {
        let of_run = |reports: Vec<&Told>, at_once: bool| {
            let mut standing = Standing::default();
            take(&mut standing, &in_runs(before.clone()), false);
            let reports: Vec<_> = reports.iter().map(|told| (original(200), told.report(0))).collect();
            if at_once {
                standing.take_all(&reports, &scope(99));
            } else {
                reports.iter().for_each(|(file, report)| drop(standing.take(report, *file, &scope(99))));
            }
            standing.findings.into_iter().map(|(one, known)| (one, known.presence)).collect::<BTreeMap<_, _>>()
        };
        let straight = of_run(run.iter().collect(), false);
        prop_assert_eq!(&straight, &of_run(run.iter().rev().collect(), false));
        prop_assert_eq!(&straight, &of_run(run.iter().collect(), true));
    }

    /// Lines move, spaces change, the tool gets a new version and other words: the finding is the same one.
    #[test]
    fn identity_survives_what_changes_from_version_to_version(
        line in 1..5000_u32, down in 0..500_u32, indent in "[ \t]{0,8}", severity in "[A-Z]{0,6}", purl in "[a-z0-9.]{0,8}"
    ) {
        let before = source("sql-injection", "src/login.php", line, "query($name);");
        let mut after = source("sql-injection", "src/login.php", line + down, &format!("{indent}query($name);"));
        after.severity.clone_from(&severity);
        after.title = format!("{severity} title");
        after.cwe.insert(89);
        prop_assert_eq!(Fingerprint::of("semgrep", &before), Fingerprint::of("semgrep", &after));
        let library = component("CVE-2026-0001", "openssl", "Cargo.lock");
        let mut newer = library.clone();
        newer.place.version = Some(purl.clone());
        newer.place.purl = Some(purl);
        newer.fixed_version = Some(severity);
        prop_assert_eq!(Fingerprint::of("trivy", &library), Fingerprint::of("trivy", &newer));
        let other = source("sql-injection", "src/other.php", line, "query($name);");
        prop_assert_ne!(Fingerprint::of("semgrep", &before), Fingerprint::of("semgrep", &other));
        prop_assert_ne!(Fingerprint::of("semgrep", &before), Fingerprint::of("bandit", &before));
    }
}

/// A file may hold several reports of one tool (SARIF has one run for each language): what one found is not gone by the next.
#[test]
fn a_file_with_two_reports_of_one_tool_makes_nothing_gone() {
    let parts = || {
        let of = |rule, file| report("codeql", &["src"], vec![source(rule, file, 1, "x")]);
        vec![(original(1), of("a", "a.java")), (original(1), of("b", "b.js"))]
    };
    let mut standing = Standing::default();
    standing.take_all(&parts(), &scope(1));
    let later = standing.take_all(&parts(), &scope(2));
    assert!(later.iter().all(|change| change.gone.is_empty() && change.counts.still == 1), "{later:?}");
    assert!(standing.findings.values().all(|known| known.presence == Presence::Still));
}

/// An older scan that is read later cannot tell that something went.
#[test]
fn an_older_scan_makes_nothing_gone() {
    let began = |minutes, results| {
        let mut report = report("zap", &["a.example"], results);
        report.started = Some(minute(minutes));
        report
    };
    let found = vec![web("csp", "a.example", "/")];
    let mut standing = Standing::default();
    standing.take(&began(500, found.clone()), original(1), &scope(1));
    let older = standing.take(&began(499, Vec::new()), original(2), &scope(2));
    assert_eq!((older.counts.gone, older.counts.not_looked_at), (0, 1));
    let newer = standing.take(&began(501, Vec::new()), original(3), &scope(3));
    assert_eq!(newer.counts.gone, 1);
    standing.take(&began(502, found), original(4), &scope(4));
    assert_eq!(standing.findings.values().next().unwrap().presence, Presence::Back);
}

/// Two alike in one file are two, wherever they stand in the report, and the place of one of them does not change with the order.
#[test]
fn findings_that_are_alike_are_numbered_by_their_place() {
    let [mut first, mut second] = [10, 20].map(|line| source("eval", "a.js", line, "eval(x)"));
    first.evidence = "one".to_owned();
    second.evidence = "two".to_owned();
    let mut third = second.clone();
    third.evidence = "three".to_owned();
    let all = [first, second, third];
    let mut seen = BTreeSet::new();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let report = report("semgrep", &[], order.map(|at| all[at].clone()).to_vec());
        let told: BTreeMap<Fingerprint, String> =
            identified(&report).into_iter().map(|(one, result)| (one, result.evidence.clone())).collect();
        assert_eq!(told.len(), 3);
        seen.insert(told);
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
}

fn table() -> SeverityTable {
    let head = ("t".to_owned(), "1".to_owned(), Localised::new("表", "table"));
    let bands = Scale::ALL.map(|scale| (scale, Bands::new([(40, Level::Medium)]))).into();
    let priorities: Vec<_> = combinations().map(|one| (one, Decision::Scheduled)).collect();
    SeverityTable::new(head, bands, BTreeMap::new(), priorities).unwrap()
}

#[test]
fn a_decision_survives_a_new_version_of_the_tool_and_ends_on_its_day() {
    let (plan, table) = (plan(&[]), table());
    let mut standing = Standing::default();
    let first = result(0, 1);
    standing.take(&report("zap", &["a.example"], vec![first.clone()]), original(1), &scope(1));
    let fingerprint = Fingerprint::of("zap", &first);
    let finding = FindingRef {
        plan: AssessmentPlanId(id(60)),
        fingerprint,
        tool: "zap".to_owned(),
        rule: first.rule.clone(),
        title: first.title,
        place: "a.example".to_owned(),
        level: None,
    };
    let on = |days: i64| day(minute(days * 24 * 60));
    let verdict = FindingVerdict::FalsePositive;
    let proposal =
        Proposal { verdict, reason: "a page for tests".to_owned(), until: on(30), documents: Vec::new() };
    let proposed = ScanFinding::propose(None, finding, proposal, &by(1, 0)).unwrap();
    let state = ScanFinding::apply(None, &proposed, &by(1, 0)).unwrap();
    assert_eq!(state.decided(on(0)), Decided::Nothing, "what is only proposed counts for nothing");
    assert!(state.approve(Word::Software, &by(1, 0)).is_err(), "who proposed it does not approve it");
    let approved: ScanFindingEvent = state.approve(Word::Software, &by(2, 0)).unwrap();
    let state = ScanFinding::apply(Some(state), &approved, &by(2, 0)).unwrap();
    let mut newer = report("zap", &["a.example"], vec![result(0, 9)]);
    newer.tool.version = Some("9".to_owned());
    standing.take(&newer, original(2), &scope(2));
    let decisions = [(ScanFindingId(id(61)), state)];
    for (days, open) in [(1, false), (30, false), (31, true)] {
        let rows = overview(&plan, &standing, &decisions, &table, on(days));
        assert_eq!((rows.len(), rows[0].is_open()), (1, open), "day {days}");
    }
}

/// Every run that found something waits for the decision, also if a later run found it again.
#[test]
fn each_run_that_found_it_waits_for_the_decision() {
    let (plan, table) = (plan(&[]), table());
    let mut standing = Standing::default();
    for number in [1, 2] {
        let found = report("zap", &["a.example"], vec![result(0, 1)]);
        standing.take(&found, original(number), &scope(number));
    }
    let rows = overview(&plan, &standing, &[], &table, day(minute(0)));
    let open = |number| super::super::overview::undecided(&rows, super::run(number)).1;
    assert_eq!((open(1), open(2), open(3)), (1, 1, 0));
}

/// Nobody knows whether it is from before the flaw or after it: what it finds counts, what it does not find says nothing.
#[test]
fn an_undated_report_makes_nothing_gone() {
    let undated = |results| {
        let mut report = report("zap", &["a.example"], results);
        report.started = None;
        report
    };
    let found = vec![web("csp", "a.example", "/")];
    let mut standing = Standing::default();
    standing.take(&undated(found), original(1), &scope(1));
    let clean = standing.take(&undated(Vec::new()), original(2), &scope(2));
    assert_eq!((clean.counts.gone, clean.counts.not_looked_at), (0, 1));
    // The finding was there on the day on which its report was read, at the latest.
    let dated = |minutes| {
        let mut report = undated(Vec::new());
        report.started = Some(minute(minutes));
        report
    };
    let older = standing.take(&dated(0), original(3), &scope(3));
    assert_eq!((older.counts.gone, older.counts.not_looked_at), (0, 1));
    let newer = standing.take(&dated(3 * 24 * 60), original(4), &scope(4));
    assert_eq!(newer.counts.gone, 1);
}

/// A smaller scan with the same tool shows nothing about what only the larger one looks for.
#[test]
fn a_smaller_scan_makes_nothing_gone() {
    let told = |carried_out: &[&str], settings: &[&str]| {
        Some(Profile { carried_out: super::names(carried_out), settings: super::names(settings) })
    };
    let scan = |profile: Option<Profile>, results: &[ScanResult]| {
        let mut report = report("nmap", &["a.example"], results.to_vec());
        report.profile = profile;
        report
    };
    let found = vec![web("vulners", "a.example", "/")];
    let (large, small) = (told(&["-sV", "script=vulners"], &[]), told(&["-sV"], &[]));
    let larger = told(&["-sV", "script=vulners", "script=ssl"], &[]);
    let limited = told(&["-sV", "script=vulners"], &["--host-timeout=1m"]);
    for (before, after, gone) in [
        (&large, &large, 1),
        (&large, &larger, 1),
        (&large, &small, 0),
        (&large, &limited, 0),
        (&limited, &large, 0),
        (&large, &None, 0),
        (&None, &large, 0),
        (&None, &None, 1),
    ] {
        let mut standing = Standing::default();
        standing.take(&scan(before.clone(), &found), original(1), &scope(1));
        let change = standing.take(&scan(after.clone(), &[]), original(2), &scope(2));
        assert_eq!(
            (change.counts.gone, change.counts.not_looked_at),
            (gone, 1 - gone),
            "{before:?} {after:?}"
        );
    }
    // Which report of a run was read first makes no difference; found again by a smaller scan, a smaller one shows that it went.
    for order in [[&large, &small], [&small, &large]] {
        let mut standing = Standing::default();
        for (number, profile) in (1..).zip(order) {
            standing.take(&scan(profile.clone(), &found), original(number), &scope(1));
        }
        let change = standing.take(&scan(small.clone(), &[]), original(3), &scope(2));
        assert_eq!(change.counts.gone, 1);
    }
}
