//! Kept lists: `who` over all of them, and cases that follow a change of knowledge, each against the plain way of reading and judging
//! everything.

use std::path::{Path, PathBuf};

use shindan_app::author::Author;
use shindan_app::check::{self, CheckOptions};
use shindan_app::data_folder::DataFolder;
use shindan_app::error::AppError;
use shindan_app::portfolio::{self, Lists};
use shindan_app::progress::Silent;
use shindan_app::records::changes_since::{Since, changes_since};
use shindan_app::records::kept::{differences, keep};
use shindan_app::records::refresh::{
    AfterChange, RefreshOrder, after_knowledge_change, refresh, refresh_all,
};
use shindan_app::register;
use shindan_domain::case::{Case, Subject, Treatment};
use shindan_domain::comparison::{Comparisons, KeptPart};
use shindan_domain::finding::CheckResult;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{ServiceState, System};
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::{CaseId, PartyId, SystemId};
use shindan_report::since::CaseMove;

use super::hospital::{Hospital, code};

const LEDGER: &str =
    "管理番号,メーカー,型番,ファームウェア\nA-1,Acme,bed-monitor,1.0.0\nA-2,Nobody,thing,2\n";

fn folder(hospital: &Hospital) -> DataFolder {
    DataFolder::new(hospital.root.join("data"))
}

fn second_system(hospital: &mut Hospital) -> Subject {
    let party = PartyId(uuid::Uuid::from_u128(1));
    Subject::System(SystemId(hospital.keep(System {
        name: "画像".to_owned(),
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

/// Changes what is kept, and notes it.
fn keeping<T>(hospital: &mut Hospital, work: impl FnOnce(&Author) -> Result<T, AppError>) -> T {
    let (call, who) = (hospital.call(), hospital.operator.clone());
    keep(&mut hospital.records, &who, &call, KeptPart::Portfolio, work).unwrap()
}

/// All that an answer tells, but for the assets of inputs.
fn told(mut result: CheckResult) -> String {
    for input in &mut result.inputs {
        input.assets.clear();
    }
    format!("{result:#?}")
}

fn asked(hospital: &Hospital, id: &str) -> CheckOptions {
    CheckOptions {
        now: hospital.now,
        max_age_days: None,
        allow_stale: false,
        only: Some(id.to_owned()),
        register: true,
    }
}

/// `who` from what is kept, and from the files themselves.
fn assert_same_who(hospital: &Hospital, paths: &[PathBuf], ids: &[&str]) {
    for id in ids {
        let options = asked(hospital, id);
        let full = check::check(&folder(hospital), paths, &options).unwrap();
        let kept = portfolio::who(&folder(hospital), &options).unwrap();
        assert_eq!(told(kept.result), told(full.result.clone()), "{id}");
        assert_eq!((kept.unreadable, kept.stale), (full.unreadable, full.stale));
        // A server asks again and again: the second answer leaves alone the lists that are not concerned.
        for _ in 0..2 {
            let (again, _) = portfolio::who_and_looked_at(&folder(hospital), id, &options).unwrap();
            assert_eq!(told(again.result), told(full.result.clone()), "{id}");
        }
    }
}

#[test]
fn who_over_what_is_kept_is_who_over_everything() {
    let mut hospital = Hospital::new("portfolio-who");
    hospital
        .learn(&[("CVE-2026-0001", "bed-plan", "2.0.0", false), ("CVE-2026-0002", "viewer", "3.0.0", true)]);
    let one = hospital.list("karte.json", &[("bed-plan", "1.0.0"), ("calm", "1.0.0")]);
    let other = hospital.list("image.json", &[("viewer", "1.0.0"), ("bed-plan", "1.5.0")]);
    let broken = hospital.file("broken.json", "{\"bomFormat\": \"CycloneDX\", ");
    let second = second_system(&mut hospital);
    let mut subjects = [(Subject::System(hospital.system), vec![one]), (second, vec![other, broken])];
    subjects.sort_by_key(|(subject, _)| *subject);
    for (subject, paths) in &subjects {
        compare(&mut hospital, *subject, paths);
    }
    import(&mut hospital);
    let paths: Vec<PathBuf> = subjects.iter().flat_map(|(_, paths)| paths.clone()).collect();
    let ids = ["CVE-2026-0001", "cve-2026-0002", "GHSA-test-2026-0001"];
    assert_same_who(&hospital, &paths, &ids);
    let status = portfolio::status(&folder(&hospital)).unwrap();
    assert!(!status.current && status.knowledge.is_none(), "{status:?}");
    let renewed = portfolio::renew(&folder(&hospital), false, &Silent).unwrap();
    assert_eq!((renewed.before, renewed.groups.len()), (None, 3));
    assert_same_who(&hospital, &paths, &ids);
    assert!(portfolio::status(&folder(&hospital)).unwrap().current);
    // Other knowledge: behind at first, then only what is concerned is judged again.
    hospital
        .learn(&[("CVE-2026-0001", "bed-plan", "2.0.0", true), ("CVE-2026-0002", "viewer", "3.0.0", true)]);
    assert!(!portfolio::status(&folder(&hospital)).unwrap().current);
    assert_same_who(&hospital, &paths, &ids);
    let renewed = portfolio::renew(&folder(&hospital), false, &Silent).unwrap();
    assert_eq!((renewed.changed_keys, renewed.components()), (Some(1), 2), "{renewed:?}");
    assert_same_who(&hospital, &paths, &ids);
    let again = portfolio::renew(&folder(&hospital), false, &Silent).unwrap();
    assert_eq!((again.changed_keys, again.components()), (Some(0), 0));
    assert!(differences(&hospital.records).unwrap().is_empty(), "the ledger knows what is kept");
    let unknown = portfolio::who(&folder(&hospital), &asked(&hospital, "CVE-1999-0001"));
    assert!(matches!(unknown, Err(AppError::NotFound(_))), "{unknown:?}");
}

#[test]
fn what_is_damaged_is_told_and_never_an_empty_answer() {
    let mut hospital = Hospital::new("portfolio-damage");
    hospital.learn(&[("CVE-2026-0001", "bed-plan", "2.0.0", false)]);
    let list = hospital.list("karte.json", &[("bed-plan", "1.0.0")]);
    let subject = Subject::System(hospital.system);
    compare(&mut hospital, subject, &[list]);
    let data = folder(&hospital);
    portfolio::renew(&data, false, &Silent).unwrap();
    let root = hospital.root.join("data/portfolio");
    let stored = root.join("standing-000001.sl");
    let good = std::fs::read(&stored).unwrap();
    let options = asked(&hospital, "CVE-2026-0001");
    for cut in [0, 10, good.len() / 2, good.len() - 1] {
        std::fs::write(&stored, &good[..cut]).unwrap();
        let answer = portfolio::who(&data, &options);
        assert!(answer.as_ref().is_err_and(|error| error.diagnostic().is_some()), "{cut}: {answer:?}");
        let answer = portfolio::who_and_looked_at(&data, "CVE-2026-0001", &options);
        assert!(answer.is_err_and(|error| error.diagnostic().is_some()), "{cut}");
    }
    // The next change derives anew what cannot be read.
    portfolio::renew(&data, false, &Silent).unwrap();
    assert_eq!(portfolio::who(&data, &options).unwrap().result.findings.len(), 1);
    assert!(!stored.exists(), "what is damaged is of no use");
    let stored = root.join("standing-000002.sl");
    std::fs::write(root.join("standing-000009.sl"), "{").unwrap();
    assert!(matches!(portfolio::who(&data, &options), Err(AppError::Index { .. })));
    portfolio::renew(&data, true, &Silent).unwrap();
    assert!(!stored.exists() && root.join("standing-000010.sl").exists());
    // Nothing is derived: the originals are read.
    std::fs::remove_file(root.join("standing-000010.sl")).unwrap();
    assert_eq!(portfolio::who(&data, &options).unwrap().result.findings.len(), 1);
    let original = std::fs::read_dir(root.join("originals")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&original, "{}").unwrap();
    assert!(matches!(portfolio::who(&data, &options), Err(AppError::Portfolio { .. })));
    std::fs::write(root.join("LISTS"), "{\"number\":9,\"holdings\":[]}").unwrap();
    let told = differences(&hospital.records).unwrap();
    assert!(told.iter().any(|one| one.part == KeptPart::Portfolio), "{told:?}");
}

#[test]
fn lists_are_kept_by_name_and_released() {
    let mut hospital = Hospital::new("portfolio-lists");
    hospital.learn(&[("CVE-2026-0001", "bed-plan", "2.0.0", false)]);
    let subject = Subject::System(hospital.system);
    let (one, other) =
        (hospital.list("a.json", &[("bed-plan", "1.0.0")]), hospital.list("b.json", &[("calm", "1")]));
    compare(&mut hospital, subject, &[one.clone(), other.clone()]);
    let data = folder(&hospital);
    let names = |data: &DataFolder| -> Vec<String> {
        Lists::load(data).unwrap().of(subject).iter().map(portfolio::KeptList::name).collect()
    };
    assert_eq!(names(&data), ["a.json", "b.json"]);
    hospital.list("a.json", &[("bed-plan", "1.1.0")]);
    compare(&mut hospital, subject, std::slice::from_ref(&one));
    assert_eq!(names(&data), ["b.json", "a.json"]);
    let same = keeping(&mut hospital, |author| {
        portfolio::hold(&data, subject, std::slice::from_ref(&one), false, author)
    });
    assert!(!same.changed);
    let absent = [Path::new("absent.json").to_owned()];
    let missing = keeping(&mut hospital, |author| portfolio::hold(&data, subject, &absent, true, author));
    assert_eq!((missing.changed, missing.unread.len()), (false, 1));
    let named = ["b.json".to_owned()];
    assert!(keeping(&mut hospital, |author| portfolio::release(&data, subject, &named, author)));
    assert_eq!(names(&data), ["a.json"]);
    let originals = std::fs::read_dir(hospital.root.join("data/portfolio/originals")).unwrap().count();
    assert_eq!(originals, 1);
    assert!(keeping(&mut hospital, |author| portfolio::release(&data, subject, &[], author)));
    assert!(Lists::load(&data).unwrap().holdings.is_empty());
}

/// The cases of an installation, without what differs between two of them.
fn cases(hospital: &Hospital) -> Vec<String> {
    let mut all = Vec::new();
    hospital
        .records
        .store()
        .each_state(Kind::Case, &mut |_, state| {
            let case: Case = serde_json::from_slice(state).unwrap();
            let places: Vec<_> =
                case.places.iter().map(|(key, place)| (key, &place.found.components)).collect();
            let facts: Vec<_> = case.vulnerabilities.values().collect();
            all.push(format!(
                "{} {} {:?} {:?} {places:?} {facts:?}",
                case.title(),
                case.state(),
                case.priority,
                case.due
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
    let mut all: Vec<String> = all
        .last
        .iter()
        .map(|one| {
            let c = &one.compared;
            format!(
                "{:?} {:?} {} {} {} {} {}",
                c.subject.kind(),
                c.lists,
                c.knowledge,
                c.as_of,
                c.components,
                c.findings,
                c.undetermined
            )
        })
        .collect();
    all.sort();
    all
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
        hospital.list("karte.json", &[("bed-plan", "1.0.0"), ("calm", "1.0.0")]),
        hospital.list("image.json", &[("viewer", "1.0.0"), ("quiet", "2.0.0")]),
        hospital.list("meal.json", &[("menu", "1.0.0")]),
    ];
    let second = second_system(&mut hospital);
    let third = second_system(&mut hospital);
    import(&mut hospital);
    for (subject, list) in [Subject::System(hospital.system), second, third].into_iter().zip(lists) {
        compare(&mut hospital, subject, &[list]);
    }
    hospital
}

#[test]
fn cases_follow_a_change_as_if_everything_was_compared() {
    let (mut one, mut other) = (world("portfolio-follow"), world("portfolio-observer"));
    assert_eq!(cases(&one), cases(&other));
    // The first time nothing is derived yet.
    assert!(follow(&mut one, false).unchanged.is_empty());
    follow(&mut other, true);
    let packages = ["bed-plan", "viewer", "menu", "calm", "elsewhere"];
    let (mut unchanged, mut numbers) = (0, 88_172_645_463_325_252_u64);
    let mut known = vec![("CVE-2026-0001", "bed-plan", "2.0.0", false)];
    let ids = ["CVE-2026-0001", "CVE-2026-0002", "CVE-2026-0003", "CVE-2026-0004"];
    for round in 0..14 {
        numbers ^= numbers << 13;
        numbers ^= numbers >> 7;
        numbers ^= numbers << 17;
        let (id, package) = (ids[(numbers % 4) as usize], packages[(numbers / 7 % 5) as usize]);
        let made =
            (id, package, if numbers / 64 % 2 == 0 { "1.5.0" } else { "0.9.0" }, numbers / 128 % 3 == 0);
        known.retain(|(known, ..)| *known != id);
        known.push(made);
        for hospital in [&mut one, &mut other] {
            if round == 6 {
                hospital.later(40);
            }
            hospital.learn(&known);
        }
        let followed = follow(&mut one, false);
        assert!(followed.failed.is_empty(), "{followed:?}");
        unchanged += followed.unchanged.len();
        follow(&mut other, true);
        assert_eq!(cases(&one), cases(&other), "round {round}: {made:?}");
        assert_eq!(comparisons(&one), comparisons(&other), "round {round}: {made:?}");
        // Somebody accepts a risk for a month in both: a surge, or its end, opens it again.
        if round == 3 {
            for hospital in [&mut one, &mut other] {
                accept_first(hospital);
            }
        }
    }
    assert!(unchanged >= 8, "only {unchanged} subjects were spared: the test tests little");
}

fn accept_first(hospital: &mut Hospital) {
    let query = shindan_store::Query { kind: Some(Kind::Case), limit: 1000, ..Default::default() };
    let mut rows = hospital.records.store().list(&query).unwrap().rows;
    rows.retain(|row| row.open);
    rows.sort_by(|one, other| one.title.cmp(&other.title));
    if let Some(row) = rows.first() {
        let until = hospital.now.checked_add(jiff::SignedDuration::from_hours(24 * 30)).unwrap();
        let until = until.to_string()[..10].to_owned();
        hospital.settle(CaseId(row.stream.id), Treatment::Accept, Some(&until));
    }
}

#[test]
fn a_surge_is_told_by_what_changed_since() {
    let mut hospital = world("portfolio-since");
    follow(&mut hospital, false);
    let case = hospital.case_of("bed-plan");
    let until = hospital.now.checked_add(jiff::SignedDuration::from_hours(24 * 30)).unwrap().to_string();
    hospital.settle(case, Treatment::Accept, Some(&until[..10]));
    let auditor = hospital.auditor.clone();
    let before =
        changes_since(&hospital.records, &auditor, Since::Day("2026-11-01".parse().unwrap()), hospital.now)
            .unwrap();
    assert_eq!(before.cases.len(), 1, "{before:#?}");
    assert_eq!(before.cases_with(CaseMove::Opened).count(), 1);
    let since = Since::Entry { sequence: before.last, at: hospital.now };
    hospital.learn(&[("CVE-2026-0001", "bed-plan", "2.0.0", true)]);
    let followed = follow(&mut hospital, false);
    assert_eq!((followed.refreshed.len(), followed.unchanged.len()), (1, 2), "{followed:?}");
    let told = changes_since(&hospital.records, &auditor, since, hospital.now).unwrap();
    assert_eq!(told.cases.len(), 1, "{told:#?}");
    assert_eq!(told.cases[0].surged, ["CVE-2026-0001"]);
    assert!(told.cases[0].moves.contains(&CaseMove::Surged), "{told:#?}");
    assert!(told.cases[0].moves.iter().any(|one| matches!(one, CaseMove::Reopened(_))), "{told:#?}");
    assert_eq!((told.generations.len(), told.comparisons), (1, 3));
    let nothing = changes_since(
        &hospital.records,
        &auditor,
        Since::Entry { sequence: told.last, at: hospital.now },
        hospital.now,
    );
    assert!(nothing.unwrap().is_quiet());
    let tomorrow = hospital.now.checked_add(jiff::SignedDuration::from_hours(48)).unwrap().to_string();
    let future = Since::Day(tomorrow[..10].parse().unwrap());
    assert!(changes_since(&hospital.records, &auditor, future, hospital.now).is_err());
}

#[test]
fn who_may_not_operate_lets_nothing_follow() {
    let mut hospital = world("portfolio-roles");
    let (call, who) = (hospital.call(), hospital.auditor.clone());
    let answer = after_knowledge_change(&mut hospital.records, &who, &call, &Silent);
    assert_eq!(code(answer), ReasonCode::RoleMissing);
    let order = RefreshOrder {
        subject: Subject::System(hospital.system),
        paths: Vec::new(),
        register: false,
        complete: false,
        as_of: None,
    };
    assert!(refresh(&mut hospital.records, &who, &call, &order, &Silent).is_err());
}
