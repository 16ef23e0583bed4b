//! After a change of knowledge only the components that it concerns are matched again, and cases are those that judging everything
//! from the originals gives. In a binary of its own: how many components are matched is counted by process.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]
// helpers outside #[test] functions may fail a test, too
// The hospital is shared with the tests of cases, which use the rest of it; here only a part is needed.
#![allow(dead_code)]

#[path = "cases/hospital.rs"]
mod hospital;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use shindan_app::data_folder::DataFolder;
use shindan_app::portfolio;
use shindan_app::progress::Silent;
use shindan_app::records::kept::keep;
use shindan_app::records::refresh::{AfterChange, RefreshOrder, after_knowledge_change, refresh_all};
use shindan_app::register;
use shindan_domain::case::{Case, Subject, Treatment};
use shindan_domain::comparison::{Comparisons, KeptPart};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{ServiceState, System};
use shindan_domain::record_id::{CaseId, PartyId, SystemId};
use shindan_match::matcher::judged_so_far;
use shindan_report::cases::CaseRefresh;

use hospital::{DUE_DATES, Hospital};

/// Dates of support that come within the test.
const LEDGER: &str = "管理番号,メーカー,型番,ファームウェア,サポート終了日\n\
    A-1,Acme,bed-monitor,1.0.0,2026-12-20\nA-2,Nobody,thing,2,2027-01-15\nA-3,Acme,pump,3,\n";

/// One test at a time: they count what the process does.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn folder(hospital: &Hospital) -> DataFolder {
    DataFolder::new(hospital.root.join("data"))
}

fn system(hospital: &mut Hospital, name: &str) -> Subject {
    let party = PartyId(uuid::Uuid::from_u128(1));
    Subject::System(SystemId(hospital.keep(System {
        name: name.to_owned(),
        operator: party,
        provider: party,
        sites: Vec::new(),
        service: ServiceState::InService,
    })))
}

fn compare(hospital: &mut Hospital, subject: Subject, paths: &[PathBuf]) {
    let order =
        RefreshOrder { subject, paths: paths.to_vec(), register: false, complete: false, as_of: None };
    hospital.try_refresh(&order).unwrap();
}

fn import(hospital: &mut Hospital) {
    let path = hospital.file("ledger.csv", LEDGER);
    let data = folder(hospital);
    let (call, who) = (hospital.call(), hospital.manager.clone());
    let options = register::ImportOptions::default();
    keep(&mut hospital.records, &who, &call, KeptPart::Register, |author| {
        register::import(&data, &path, &options, Some(author), call.now)
    })
    .unwrap();
}

/// A list that states something about vulnerabilities itself, and is part of a product.
fn stating(hospital: &Hospital, name: &str) -> PathBuf {
    let text = serde_json::json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": {"type": "application", "name": "meal", "version": "1.0.0",
            "bom-ref": "meal", "purl": "pkg:npm/meal@1.0.0"}},
        "components": [{"type": "library", "name": "menu", "version": "1.0.0", "bom-ref": "menu",
            "purl": "pkg:npm/menu@1.0.0"}],
        "vulnerabilities": [{"id": "CVE-2026-0002", "analysis": {"state": "not_affected",
            "justification": "code_not_reachable"}, "affects": [{"ref": "menu"}]}]});
    hospital.file(name, &text.to_string())
}

fn follow(hospital: &mut Hospital, all: bool) -> AfterChange {
    let (call, who) = (hospital.call(), hospital.operator.clone());
    let work = if all { refresh_all } else { after_knowledge_change };
    work(&mut hospital.records, &who, &call, &Silent).unwrap()
}

fn world(name: &str) -> Hospital {
    let mut hospital = Hospital::new(name);
    hospital.learn(&[("CVE-2026-0001", "bed-plan", "2.0.0", false)]);
    let lists = [
        vec![
            hospital.list("karte.json", &[("bed-plan", "1.0.0"), ("calm", "1.0.0")]),
            hospital.list("karte-2.json", &[("viewer", "1.2.0"), ("shared", "1.0.0")]),
        ],
        vec![hospital.list("image.json", &[("viewer", "1.0.0"), ("quiet", "2.0.0"), ("shared", "1.0.0")])],
        vec![stating(&hospital, "meal.json")],
    ];
    let second = system(&mut hospital, "画像");
    let third = system(&mut hospital, "給食");
    import(&mut hospital);
    compare(&mut hospital, Subject::Register, &[]);
    for (subject, paths) in [Subject::System(hospital.system), second, third].into_iter().zip(lists) {
        compare(&mut hospital, subject, &paths);
    }
    hospital
}

/// The cases of an installation, without what differs between two of them.
fn cases(hospital: &Hospital) -> Vec<String> {
    let mut all = Vec::new();
    hospital
        .records
        .store()
        .each_state(Kind::Case, &mut |_, state| {
            let case: Case = serde_json::from_slice(state).unwrap();
            all.push(format!(
                "{} {} {:?} {:?} {:?} {:?}",
                case.title(),
                case.state(),
                case.priority,
                case.due.map(|due| (due.decide, due.done)),
                case.places,
                case.vulnerabilities
            ));
        })
        .unwrap();
    all.sort();
    all
}

fn comparisons(hospital: &Hospital) -> Vec<String> {
    let id = hospital.records.store().installation().id;
    let record = hospital.records.store().record(Stream::new(Kind::Installation, id)).unwrap().unwrap();
    let all: Comparisons = serde_json::from_slice(&record.state).unwrap();
    let told = |one: &shindan_domain::comparison::Comparison| {
        let c = &one.compared;
        let numbers = [c.knowledge, c.components, c.findings, c.undetermined, c.unreadable];
        format!("{:?} {:?} {:?} {} {numbers:?}", c.subject.kind(), c.lists, c.left_out, c.as_of)
    };
    let mut all: Vec<String> = all.last.iter().map(told).collect();
    all.sort();
    all
}

/// What followed for one subject, without what differs between two installations.
fn told(report: &CaseRefresh) -> String {
    let case = |one: &shindan_report::cases::RefreshedCase| {
        format!("{} {:?} {} {:?} {}", one.title, one.priority, one.state, one.changes, one.gone)
    };
    let mut cases: Vec<String> = report.cases.iter().chain(&report.gone).map(case).collect();
    cases.sort();
    let numbers =
        [report.components, report.findings, report.undetermined, report.unreadable, report.unchanged];
    let rest = (&report.called, report.as_of, report.knowledge, &report.deferred, &report.lists_left_out);
    format!("{rest:?} {numbers:?} {cases:?} {:?}", report.remarks)
}

fn accept_first(hospital: &mut Hospital) {
    let query = shindan_store::Query { kind: Some(Kind::Case), limit: 1000, ..Default::default() };
    let mut rows = hospital.records.store().list(&query).unwrap().rows;
    let hit = |id| hospital.case(CaseId(id)).places.values().any(|place| place.gone.is_none());
    rows.retain(|row| row.open && hit(row.stream.id));
    rows.sort_by(|one, other| one.title.cmp(&other.title));
    if let Some(row) = rows.first() {
        let until = hospital.now.checked_add(jiff::SignedDuration::from_hours(24 * 30)).unwrap();
        let until = until.to_string()[..10].to_owned();
        hospital.settle(CaseId(row.stream.id), Treatment::Accept, Some(&until));
    }
}

/// Numbers that are the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}

type Known = (&'static str, &'static str, &'static str, bool);

fn change(numbers: &mut Numbers, known: &mut Vec<Known>) {
    let ids = ["CVE-2026-0001", "CVE-2026-0002", "CVE-2026-0003", "CVE-2026-0004", "CVE-2026-0005"];
    let packages = ["bed-plan", "viewer", "menu", "meal", "shared", "calm", "elsewhere"];
    for _ in 0..=numbers.below(2) {
        let id = ids[numbers.below(5) as usize];
        known.retain(|(known, ..)| *known != id);
        // Now and then one is taken back.
        if known.is_empty() || numbers.below(5) > 0 {
            let package = packages[numbers.below(7) as usize];
            let fixed = ["1.5.0", "0.9.0", "2.5.0"][numbers.below(3) as usize];
            known.push((id, package, fixed, numbers.below(3) == 0));
        }
    }
}

#[test]
fn cases_are_those_of_judging_everything_whatever_changes() {
    let _alone = alone();
    let (mut refreshed, mut spared, mut changed) = (0, 0, 0);
    for seed in [1_u64, 2, 3] {
        let name = |side: &str| format!("portfolio-change-{side}-{seed}");
        let (mut one, mut other) = (world(&name("one")), world(&name("other")));
        follow(&mut one, false);
        follow(&mut other, true);
        let mut numbers = Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut known: Vec<Known> = vec![("CVE-2026-0001", "bed-plan", "2.0.0", false)];
        for round in 0..9 {
            change(&mut numbers, &mut known);
            for hospital in [&mut one, &mut other] {
                if round == 5 {
                    // An acceptance ends, and so does the support of a device.
                    hospital.later(40);
                }
                if round == 3 {
                    accept_first(hospital);
                }
                if round == 7 {
                    hospital.approve_policy(DUE_DATES);
                }
                hospital.learn(&known);
            }
            let part = follow(&mut one, false);
            let full = follow(&mut other, true);
            assert!(part.failed.is_empty() && full.failed.is_empty(), "{part:?}");
            let place = format!("seed {seed}, round {round}: {known:?}");
            assert_eq!(cases(&one), cases(&other), "{place}");
            assert_eq!(comparisons(&one), comparisons(&other), "{place}");
            let full: Vec<String> = full.refreshed.iter().map(told).collect();
            for report in &part.refreshed {
                let report = told(report);
                assert!(full.contains(&report), "{place}\n{report}\nis none of\n{full:#?}");
            }
            refreshed += part.refreshed.len();
            spared += part.unchanged.len();
            changed += part.refreshed.iter().filter(|report| !report.cases.is_empty()).count();
        }
    }
    assert!(refreshed > 30 && spared > 15 && changed > 15, "{refreshed} {spared} {changed}: it tests little");
}

/// What was matched while this was done.
fn matched<T>(work: impl FnOnce() -> T) -> (u64, T) {
    let before = judged_so_far();
    let done = work();
    (judged_so_far() - before, done)
}

/// Everything that is kept of the originals is taken away: whoever would read them fails.
fn lose_originals(hospital: &Hospital) {
    std::fs::remove_dir_all(hospital.root.join("data/portfolio/originals")).unwrap();
}

#[test]
fn only_components_of_changed_keys_go_through_the_matcher() {
    let _alone = alone();
    let mut hospital = Hospital::new("portfolio-counted");
    hospital.learn(&[("CVE-2026-0001", "package-7", "2.0.0", false)]);
    let names: Vec<String> = (0..40).map(|number| format!("package-{number}")).collect();
    let of = |range: std::ops::Range<usize>| -> Vec<(&str, &str)> {
        names[range].iter().map(|name| (name.as_str(), "1.0.0")).collect()
    };
    let large = hospital.list("large.json", &of(0..40));
    let small = hospital.list("small.json", &of(5..9));
    let apart = hospital.list("apart.json", &of(20..40));
    let (second, third) = (system(&mut hospital, "画像"), system(&mut hospital, "給食"));
    let subjects = [Subject::System(hospital.system), second, third];
    for (subject, path) in subjects.into_iter().zip([large, small, apart]) {
        compare(&mut hospital, subject, &[path]);
    }
    let (count, _) = matched(|| follow(&mut hospital, false));
    // Derived for the first time; subjects are told from what was derived then.
    assert_eq!(count, 64);
    lose_originals(&hospital);

    // One package of two of the lists: one component of each; the small list is written anew for it, without matching it.
    hospital.learn(&[("CVE-2026-0001", "package-7", "3.0.0", true)]);
    let (count, after) = matched(|| follow(&mut hospital, false));
    assert_eq!((count, after.renewed.components()), (2, 2), "{after:?}");
    assert_eq!((after.refreshed.len(), after.unchanged.len(), after.failed.len()), (2, 1, 0), "{after:?}");
    assert!(
        after.refreshed.iter().all(|report| report.cases.len() == 1 && report.findings == 1),
        "{after:?}"
    );
    let numbers: Vec<u64> = after.refreshed.iter().map(|report| report.components).collect();
    assert_eq!(numbers.iter().sum::<u64>(), 44, "all components are told of");

    // Another one of two lists; what was found before stands without being matched.
    hospital.learn(&[
        ("CVE-2026-0001", "package-7", "3.0.0", true),
        ("CVE-2026-0002", "package-30", "2.0.0", false),
    ]);
    let (count, after) = matched(|| follow(&mut hospital, false));
    assert_eq!((count, after.refreshed.len(), after.failed.len()), (2, 2, 0), "{after:?}");
    let mut found: Vec<u64> = after.refreshed.iter().map(|report| report.findings).collect();
    found.sort_unstable();
    assert_eq!(found, [1, 2]);

    // Nothing changed but the day, then a policy: nothing is matched.
    hospital.later(2);
    assert_eq!(matched(|| follow(&mut hospital, false)).0, 0);
    hospital.approve_policy(DUE_DATES);
    let (count, after) = matched(|| follow(&mut hospital, false));
    assert_eq!((count, after.refreshed.len(), after.failed.len()), (0, 3, 0), "{after:?}");
}

#[test]
fn what_is_derived_and_cannot_be_used_is_derived_anew() {
    let _alone = alone();
    let mut hospital = world("portfolio-unusable");
    follow(&mut hospital, false);
    let root = hospital.root.join("data/portfolio");
    let derived = || -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|end| end == "sl")).collect()
    };
    let before = cases(&hospital);
    for damage in 0..4 {
        let newest = derived().into_iter().max().unwrap();
        let mut bytes = std::fs::read(&newest).unwrap();
        let length = bytes.len();
        match damage {
            // In a layer, in the head, of another version, and gone.
            0 => bytes[..length / 2].fill(0x55),
            1 => bytes.truncate(length - 20),
            2 => bytes[length - 1] += 1,
            _ => bytes.clear(),
        }
        match damage {
            3 => std::fs::remove_file(&newest).unwrap(),
            _ => std::fs::write(&newest, bytes).unwrap(),
        }
        // Files of an earlier version of the program are no longer read.
        std::fs::write(root.join("STANDING"), "{}").unwrap();
        std::fs::write(root.join("list-000001.sl"), "earlier").unwrap();
        let after = follow(&mut hospital, false);
        // A list that is whole stays as it stands.
        let anew = after.renewed.groups.values().filter(|group| group.anew).count();
        assert!(after.failed.is_empty() && anew >= 1 && after.refreshed.len() >= anew, "{damage}: {after:?}");
        assert!(damage == 0 || anew == 4, "{damage}: {after:?}");
        assert_eq!(cases(&hospital), before, "{damage}");
        assert!(portfolio::status(&folder(&hospital)).unwrap().current, "{damage}");
        assert!(!root.join("STANDING").exists() && !root.join("list-000001.sl").exists());
    }
}

#[test]
fn changes_here_and_there_leave_few_files() {
    let _alone = alone();
    let mut hospital = Hospital::new("portfolio-files");
    let names: Vec<String> = (0..14).map(|number| format!("package-{number:02}")).collect();
    let ids: Vec<String> = (0..14).map(|number| format!("CVE-2026-10{number:02}")).collect();
    hospital.learn(&[("CVE-2026-0001", "elsewhere", "2.0.0", false)]);
    for name in &names {
        let subject = system(&mut hospital, name);
        let path = hospital.list(&format!("{name}.json"), &[(name.as_str(), "1.0.0")]);
        compare(&mut hospital, subject, &[path]);
    }
    follow(&mut hospital, false);
    lose_originals(&hospital);
    let mut most = 0;
    for round in 1..=names.len() {
        let known: Vec<(&str, &str, &str, bool)> = (ids.iter().zip(&names).take(round))
            .map(|(id, name)| (id.as_str(), name.as_str(), "2.0.0", false))
            .collect();
        hospital.learn(&known);
        let (count, after) = matched(|| follow(&mut hospital, false));
        assert!(after.failed.is_empty() && count == after.renewed.components(), "{round}: {after:?}");
        let entries = std::fs::read_dir(hospital.root.join("data/portfolio")).unwrap();
        let files =
            entries.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".sl"));
        most = files.count().max(most);
    }
    assert!((3..=9).contains(&most), "{most} files");
    assert_eq!(cases(&hospital).len(), names.len());
    let again = portfolio::renew(&folder(&hospital), false, &Silent).unwrap();
    assert_eq!((again.changed_keys, again.components()), (Some(0), 0), "all of it can be read");
}
