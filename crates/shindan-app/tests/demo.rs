//! The demo finds what follows from the facts in `demo/README.md`: no more, no less, and it says what it cannot judge.
//!
//! The oracle `demo/expected.json` was worked out by hand from the facts, not written down from a run.

#![allow(clippy::expect_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::ToSpan;
use jiff::civil::date;
use serde::Deserialize;
use shindan_app::demo::{self, Demo};
use shindan_app::progress::Silent;
use shindan_app::records::assessments::findings;
use shindan_app::records::{Records, collect, find, ledger};
use shindan_domain::assessment::{Decided, FindingRow, PlanTiming};
use shindan_domain::calendar::day;
use shindan_domain::diagnostic::Severity;
use shindan_domain::finding::{Finding, Undetermined};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{Asset, Component};
use shindan_domain::ledger::Kind;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::AssessmentPlanId;
use shindan_store::Query;

/// A folder for one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("shindan-demo-test-{}-{name}", std::process::id()));
        // A test that was killed may have left one behind under a process number that is used again.
        let _ = std::fs::remove_dir_all(&path);
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Failing to clean up must not hide why a test failed.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    schema: String,
    #[serde(rename = "about")]
    _about: String,
    must_find: Vec<Case>,
    must_not_find: Vec<Case>,
    clean: Vec<Case>,
    undetermined: Vec<Case>,
}

/// A device by its number, or a component by name and version, with what is said about it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    asset: Option<String>,
    component: Option<String>,
    version: Option<String>,
    vulnerability: Option<String>,
    kind: Option<FindingKind>,
    /// Any of these reasons will do.
    #[serde(default)]
    codes: Vec<String>,
}

impl Case {
    fn is_about(&self, component: &Component, asset: Option<&Asset>) -> bool {
        match (&self.asset, &self.component) {
            (Some(id), None) => asset.is_some_and(|a| a.asset_id == *id),
            (None, Some(name)) => {
                asset.is_none()
                    && component.name == *name
                    && self.version.as_ref().is_none_or(|v| component.version.as_ref() == Some(v))
            }
            _ => panic!("a case names either an asset or a component: {self:?}"),
        }
    }

    fn found(&self, finding: &Finding) -> bool {
        self.is_about(&finding.component, finding.asset.as_deref())
            && self.vulnerability.as_ref().is_none_or(|v| finding.vulnerability.aliases.contains(v))
            && self.kind.is_none_or(|kind| finding.vulnerability.kind == kind)
    }

    fn doubted(&self, entry: &Undetermined) -> bool {
        let vulnerability = entry.vulnerability.as_deref();
        self.is_about(&entry.component, entry.asset.as_deref())
            && self
                .vulnerability
                .as_ref()
                .is_none_or(|v| vulnerability.is_some_and(|f| f.aliases.contains(v)))
            && (self.codes.is_empty() || self.codes.iter().any(|code| code == entry.code.as_str()))
    }
}

fn expected() -> Expected {
    let expected: Expected =
        serde_json::from_str(include_str!("../demo/expected.json")).expect("the oracle is valid");
    assert_eq!(expected.schema, "shindan.demo-expected/1");
    expected
}

fn run(folder: &Folder) -> Demo {
    demo::run(&folder.0, &Silent).expect("the demo runs")
}

/// Findings of vulnerabilities and of unmaintained or unsound components; the end of support comes from the ledger
/// and the clock, not from the facts.
fn matched(demo: &Demo) -> Vec<&Finding> {
    let all = demo.checked.result.findings.iter();
    all.filter(|finding| finding.vulnerability.kind != FindingKind::EndOfLife).collect()
}

fn name(component: &Component, asset: Option<&Asset>) -> String {
    match asset {
        Some(asset) => asset.asset_id.clone(),
        None => format!("{} {}", component.name, component.version.as_deref().unwrap_or("-")),
    }
}

#[test]
fn finds_what_follows_from_the_facts_and_nothing_else() {
    let folder = Folder::new("findings");
    let demo = run(&folder);
    let (expected, findings) = (expected(), matched(&demo));
    let mut wrong = Vec::new();
    for case in &expected.must_find {
        match findings.iter().filter(|finding| case.found(finding)).count() {
            1 => {}
            0 => wrong.push(format!("not found: {case:?}")),
            n => wrong.push(format!("found {n} times: {case:?}")),
        }
    }
    for finding in &findings {
        let who = name(&finding.component, finding.asset.as_deref());
        if !expected.must_find.iter().any(|case| case.found(finding)) {
            wrong.push(format!("not expected: {who}: {}", finding.vulnerability.id));
        }
        if let Some(case) =
            expected.must_not_find.iter().chain(&expected.clean).find(|case| case.found(finding))
        {
            wrong.push(format!("must not be found: {case:?}: {}", finding.vulnerability.id));
        }
        if finding.bases().is_empty() {
            wrong.push(format!("without a basis: {who}: {}", finding.vulnerability.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn says_what_it_could_not_judge_and_why() {
    let folder = Folder::new("undetermined");
    let demo = run(&folder);
    let (expected, entries) = (expected(), &demo.checked.result.undetermined);
    let mut wrong = Vec::new();
    for case in &expected.undetermined {
        if !entries.iter().any(|entry| case.doubted(entry)) {
            wrong.push(format!("not listed as undetermined: {case:?}"));
        }
    }
    for entry in entries {
        let listed = expected.undetermined.iter().any(|case| case.doubted(entry));
        let clean = expected.clean.iter().any(|case| case.is_about(&entry.component, entry.asset.as_deref()));
        if clean || !listed {
            let who = name(&entry.component, entry.asset.as_deref());
            let about = entry.vulnerability.as_deref().map_or("-", |v| v.id.as_str());
            wrong.push(format!("not expected: {who}: {} ({about}) {:?}", entry.code, entry.params));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn reads_every_file_and_rejects_nothing() {
    let folder = Folder::new("inputs");
    let demo = run(&folder);
    let summary = &demo.built.summary;
    assert_eq!(summary.rejected, 0, "{:?}", demo.built.diagnostics);
    let odd: Vec<_> = demo.built.diagnostics.iter().filter(|d| d.severity() != Severity::Note).collect();
    assert!(odd.is_empty(), "the advisories are valid in their formats: {odd:#?}");
    let read: u64 = summary.sources.iter().map(|source| source.documents).sum();
    assert_eq!(read, count(&folder.0.join("advisories")), "every advisory file is a document of some source");
    let formats: BTreeSet<&str> =
        summary.sources.iter().flat_map(|source| source.formats.iter().map(String::as_str)).collect();
    assert_eq!(formats, BTreeSet::from(["csaf", "cve5", "epss", "kev", "osv", "vuldef"]));

    let inputs = &demo.checked.result.inputs;
    assert_eq!(inputs.len() as u64, count(&demo.inventory), "every inventory file is an input");
    for input in inputs {
        assert!(input.kind.is_some() && input.components > 0, "{input:?}");
        let odd: Vec<_> = input.diagnostics.iter().filter(|d| d.severity() != Severity::Note).collect();
        assert!(odd.is_empty(), "{}: {odd:#?}", input.path);
    }
    assert!(!demo.checked.unreadable && !demo.checked.stale);
    let coverage = &demo.checked.result.coverage;
    assert_eq!(coverage.patched_by_unsettled, 1, "VPN-03 has no one who patches it");
}

/// What KEV, EPSS and CISA's SSVC points say reaches the findings.
#[test]
fn facts_about_exploitation_reach_the_findings() {
    let folder = Folder::new("exploitation");
    let demo = run(&folder);
    let of = |asset: &str, id: &str| {
        let mut all = demo.checked.result.findings.iter();
        let found =
            all.find(|f| f.vulnerability.id == id && f.asset.as_deref().is_some_and(|a| a.asset_id == asset));
        found.unwrap_or_else(|| panic!("{asset} {id}"))
    };
    let kev = of("VPN-01", "CVE-2018-13379").vulnerability.kev.as_ref().expect("in KEV");
    assert_eq!((kev.date_added.as_str(), kev.ransomware), ("2021-11-03", true));
    let epss = of("LB-01", "CVE-2020-5902").vulnerability.epss.as_ref().expect("in EPSS");
    assert_eq!((epss.score.as_str(), epss.date.as_str()), ("0.97567", "2023-03-07"));
    let ssvc = of("SV-02", "CVE-2023-40159").vulnerability.ssvc.as_ref().expect("has SSVC points");
    assert_eq!((ssvc.exploitation.as_deref(), ssvc.automatable.as_deref()), (Some("none"), Some("yes")));
    assert_eq!(of("VPN-02", "CVE-2024-21762").fixed_versions().len(), 3);
    // A gateway that anybody can reach, with a weakness in use by attackers, comes before everything else.
    let first = demo.checked.result.findings.first().expect("there are findings");
    assert!(first.vulnerability.kev.is_some(), "{}", first.vulnerability.id);
}

/// The log4j finding rests on two sources of two formats.
#[test]
fn two_sources_are_two_bases_of_one_finding() {
    let folder = Folder::new("bases");
    let demo = run(&folder);
    let log4j =
        demo.checked.result.findings.iter().find(|f| f.vulnerability.id == "CVE-2021-44228").expect("found");
    assert_eq!(log4j.advisories(), ["GHSA-jfh8-c2jp-5v3q", "JVNDB-2021-005429"]);
    assert!(log4j.vulnerability.aliases.contains(&"GHSA-jfh8-c2jp-5v3q".to_owned()));
    assert!(!log4j.vulnerability.aliases.contains(&"JVNDB-2021-005429".to_owned()), "a document is no alias");
}

/// What scanners found in the portal, and what came of it: the story is told by records, not by words.
#[test]
fn the_portal_was_assessed_and_assessed_again() {
    let folder = Folder::new("assessed");
    let demo = run(&folder);
    let records = Records::open(&demo.data).expect("there are records");
    let token = std::fs::read_to_string(demo.tokens.join("auditor.token")).expect("a token");
    let auditor = records.enter(token.trim(), demo.told.ended).expect("the auditor");
    let plan = find(&records, Kind::AssessmentPlan, &demo.told.plan).expect("the plan");
    let today = day(demo.told.ended);
    let told = findings::list(&records, &auditor, AssessmentPlanId(plan.id), today, |plan, rows| {
        assert_eq!(plan.timing(today), Some(PlanTiming::InTime));
        let decided = |row: &FindingRow<'_>| match row.decided {
            Decided::Nothing => "nothing",
            Decided::Verdict(verdict, _) => verdict.as_str(),
            Decided::Case(_) => "case",
        };
        let one =
            |row: &FindingRow<'_>| (row.known.result.rule.clone(), row.known.presence.as_str(), decided(row));
        rows.iter().map(one).collect::<BTreeSet<_>>()
    });
    let expected = [
        ("10038", "fresh", "nothing"),
        ("10202", "still", "false-positive"),
        ("40018", "gone", "case"),
        ("ssl-poodle", "fresh", "case"),
    ];
    let expected = expected.map(|(rule, presence, decided)| (rule.to_owned(), presence, decided));
    assert_eq!(told.expect("the auditor may read"), BTreeSet::from(expected));

    let refused = ledger::refusals(&records, &auditor, 50).expect("the auditor may read");
    for code in [ReasonCode::ExceptionMissing, ReasonCode::TargetProtected] {
        assert!(refused.iter().any(|one| one.step.refusal.reason.code == code), "{code:?} was not refused");
    }
    let page = records.store().list(&Query { kind: Some(Kind::Case), limit: 100, ..Query::default() });
    let cases = page.expect("a list").rows;
    let of =
        |title: &str| cases.iter().find(|row| row.title.ends_with(&format!("({title})"))).expect("a case");
    assert!(!of("zap:40018").open && of("nmap:ssl-poodle").open, "{cases:#?}");
    let page =
        records.store().list(&Query { kind: Some(Kind::AssessmentPlan), limit: 9, ..Query::default() });
    let overdue = page.expect("a list").rows.into_iter().filter(|row| row.due.is_some_and(|due| due < today));
    assert_eq!(overdue.map(|row| row.title).collect::<Vec<_>>(), ["保守回線の装置"]);
}

/// The week of looking at sources: what failed and what was missed stands beside what was done.
#[test]
fn sources_were_looked_at_for_a_week() {
    let folder = Folder::new("collected");
    let demo = run(&folder);
    let records = Records::open(&demo.data).expect("there are records");
    let token = std::fs::read_to_string(demo.tokens.join("auditor.token")).expect("a token");
    let auditor = records.enter(token.trim(), demo.told.ended).expect("the auditor");
    let ended = demo.told.ended;
    let report = collect::collection(&records, &auditor, day(ended), ended).expect("the auditor may read");
    let [circulars, alerts] = &report.sources[..] else { panic!("{:?}", report.sources) };
    let tally = report.tally(alerts.id);
    assert_eq!((tally.new, tally.nothing, tally.failed, tally.missed), (1, 3, 1, 1), "{tally:?}");
    assert_eq!(tally.unconfirmed, 1, "nobody said what was done about the failed day");
    assert_eq!(report.tally(circulars.id).failed, 0);
    assert_eq!((report.notices.len(), report.unjudged()), (2, 1));
    assert!(report.checks.iter().any(|one| one.confirmed_by.is_some()), "a person confirmed what was new");
}

/// Who opens the pages finds a hospital at work: most is done or in time, little is overdue, one decision waits for approval. What is
/// published keeps its days.
#[test]
fn moved_to_the_present_the_story_shows_a_hospital_at_work() {
    for last in [date(2026, 11, 25), date(2026, 1, 5)] {
        let folder = Folder::new(&format!("moved-{last}"));
        let demo = demo::run_until(&folder.0, last, &Silent).expect("the demo runs");
        assert_eq!(day(demo.told.ended), last);
        let records = Records::open(&demo.data).expect("there are records");
        let query = Query { kind: Some(Kind::Case), limit: 1_000, ..Query::default() };
        let cases = records.store().list(&query).expect("a list").rows;
        let today = last.saturating_add(2.days());
        let (open, done): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.open);
        let (late, in_time): (Vec<_>, Vec<_>) =
            open.iter().partition(|case| case.due.is_some_and(|due| due < today));
        let told = |rows: &[&&shindan_store::Row]| {
            rows.iter()
                .map(|row| format!("{} {} {:?}", row.title, row.status.value, row.due))
                .collect::<Vec<_>>()
        };
        assert!((1..=4).contains(&late.len()), "{last}: {:#?}", told(&late));
        assert!(done.len() >= 3 && in_time.len() >= 3, "{last}: {} {:#?}", done.len(), told(&in_time));
        let waits = open.iter().filter(|case| case.status.value == "decided").count();
        assert_eq!(waits, 1, "{last}: {:#?}", told(&in_time));
    }
    let (moved, written) = (Folder::new("moved"), Folder::new("written"));
    demo::run_until(&moved.0, date(2026, 11, 25), &Silent).expect("the demo runs");
    run(&written);
    let file = |folder: &Folder, name: &str| std::fs::read(folder.0.join(name)).expect(name);
    let published = "advisories/kev/kev.json";
    assert_eq!(file(&moved, published), file(&written, published));
    assert_ne!(file(&moved, "assessments/zap.json"), file(&written, "assessments/zap.json"));
}

/// A second run into the same folder gives the same answer; a folder with other things in it is refused.
#[test]
fn runs_again_and_leaves_foreign_folders_alone() {
    let folder = Folder::new("again");
    let (first, second) = (run(&folder), run(&folder));
    assert_eq!(first.checked.result.findings, second.checked.result.findings);
    assert_eq!(first.checked.result.undetermined, second.checked.result.undetermined);
    let foreign = Folder::new("foreign");
    std::fs::create_dir_all(&foreign.0).expect("a folder");
    std::fs::write(foreign.0.join("letter.txt"), "mine").expect("a file");
    assert!(demo::run(&foreign.0, &Silent).is_err());
    assert_eq!(std::fs::read_dir(&foreign.0).expect("still there").count(), 1);
}

/// The demo cannot reach a network: nothing that it is made of opens a connection, and no crate is linked into it that could.
/// (The executable also holds the server, which only listens; the use cases do not depend on it.)
#[test]
fn takes_no_network() {
    let linked = linked_into("shindan-app");
    // The lock file does not tell what is for tests only: the source on loopback is. One crate fetches, one module of the use cases asks it to, and the demo does not use that module.
    assert!(linked.contains("shindan-fetch"), "the crate that fetches has another name: look at this test");
    let linked = linked_without("shindan-app", &["shindan-fetch", "shindan-mirror"]);
    assert!(linked.contains("shindan-domain") && linked.contains("serde"), "the lock file was read");
    let clients = [
        "reqwest",
        "ureq",
        "curl",
        "attohttpc",
        "isahc",
        "surf",
        "minreq",
        "hyper",
        "tokio",
        "mio",
        "socket2",
    ];
    for client in clients {
        assert!(
            !linked.contains(client),
            "{client} is linked into the use cases: prove anew that the demo takes no network"
        );
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let fetching = naming("shindan_fetch", &source);
    let expected = ["files.rs", "look.rs", "schedule.rs", "sync.rs"]
        .map(|file| source.join("records/collect").join(file));
    assert_eq!(fetching, expected, "who asks for something over the network");
    let syncing = naming("collect::sync", &source);
    // What is carried in builds the knowledge base as a synchronisation does, and says what came; it asks nobody.
    let carried = source.join("records/collect/bundles/taking.rs");
    assert_eq!(syncing, std::slice::from_ref(&carried), "the use cases look at sources on their own");
    let taking = std::fs::read_to_string(&carried).expect("a source");
    assert!(taking.contains("collect::sync::{Synced, bring_up_to_date}"), "look at what it takes from there");
    assert!(!taking.contains("sync_with") && !taking.contains("look_at"), "it asks a source");
    let scheduling = naming("schedule::Schedule", &source);
    assert!(scheduling.is_empty(), "the use cases begin a schedule on their own: {scheduling:?}");
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("crates");
    let own = linked.iter().filter(|name| name.starts_with("shindan-"));
    for source in own.map(|name| crates.join(name).join("src")).filter(|source| source.exists()) {
        let found = sockets(&source);
        assert!(found.is_empty(), "sockets in {found:?}");
    }
}

/// The sources below a folder that name something, sorted.
fn naming(what: &str, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(naming(what, &path));
        } else if std::fs::read_to_string(&path).expect("a source").contains(what) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every package that is needed by a package, by name, as the lock file says.
fn linked_into(package: &str) -> BTreeSet<String> {
    linked_without(package, &[])
}

/// As [`linked_into`], without some packages and what is needed through them alone.
fn linked_without(package: &str, left_out: &[&str]) -> BTreeSet<String> {
    let lock = include_str!("../../../Cargo.lock");
    let mut needs: std::collections::BTreeMap<&str, BTreeSet<&str>> = std::collections::BTreeMap::new();
    let mut current = "";
    for line in lock.lines() {
        if let Some(name) = line.strip_prefix("name = \"").and_then(|rest| rest.strip_suffix('"')) {
            current = name;
        } else if let Some(needed) = line.strip_prefix(" \"").and_then(|rest| rest.strip_suffix("\",")) {
            // ` "sha2 0.10.9",` where there are several versions.
            needs.entry(current).or_default().extend(needed.split(' ').next());
        }
    }
    let mut found = BTreeSet::new();
    let mut open = vec![package];
    while let Some(name) = open.pop() {
        if !left_out.contains(&name) && found.insert(name.to_owned()) {
            open.extend(needs.get(name).into_iter().flatten());
        }
    }
    found
}

/// Source files in which a socket is named.
fn sockets(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sockets(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source file");
            let named = ["TcpStream", "TcpListener", "ToSocketAddrs", "UdpSocket", "UnixStream"]
                .iter()
                .any(|name| text.contains(name));
            found.extend(named.then_some(path));
        }
    }
    found
}

fn count(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            if path.is_dir() { count(&path) } else { 1 }
        })
        .sum()
}
