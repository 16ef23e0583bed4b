//! Sources from end to end against a source on loopback that answers with every fault: what came is kept and told, what failed is
//! recorded as failed, and nothing looks like *nothing new* that is not.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

mod bundles;
mod csaf;
mod cve_list;
mod endoflife;
#[path = "../cases/hospital.rs"]
#[allow(dead_code)] // shared with the tests of cases, which use the rest
mod hospital;
mod myjvn;
mod notify;
mod nvd;
mod remarks;
mod schedule;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::knowledge;
use shindan_app::progress::{Progress, Silent, Stage};
use shindan_app::records::collect::sync::{SyncAsked, SyncDone, sync_with};
use shindan_app::records::collect::{self, HandCheck};
use shindan_app::records::{Call, Entered, RecordsError, control, ledger};
use shindan_domain::collect::{
    AlarmKind, CellState, CheckOutcome, Concerns, Failure, HandMeans, Notice, NoticeState, SourceCheck,
    SourceDraft, SourceKind, SourceTiming, Thresholds,
};
use shindan_domain::control::Verdict;
use shindan_domain::ledger::Stream;
use shindan_domain::process::{Process, ReasonCode};
use shindan_domain::record_id::{NoticeId, SourceCheckId, SourceId};
use shindan_fetch::{Client, Settings, Surroundings};
use shindan_mirror::{Fault, Mirror, Page};
use uuid::Uuid;

use crate::hospital::Hospital;

/// A list of news in the shape of JPCERT/CC's: identifier, link, title.
fn feed(items: &[(&str, &str)]) -> String {
    let item = |(id, title): &(&str, &str)| {
        format!(
            "<item rdf:about=\"https://www.jpcert.example/at/{id}.html\"><title>{title}</title>\
             <link>https://www.jpcert.example/at/{id}.html</link><dc:identifier>{id}</dc:identifier>\
             <dc:date>2026-11-20T10:00+09:00</dc:date></item>"
        )
    };
    let all: String = items.iter().map(item).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <channel rdf:about=\"https://www.jpcert.example/\"><title>JPCERT/CC</title></channel>{all}</rdf:RDF>"
    )
}

fn kev(cves: &[&str]) -> String {
    let row = |cve: &&str| {
        format!(
            "{{\"cveID\":\"{cve}\",\"vendorProject\":\"Fortinet\",\"product\":\"FortiOS\",\"vulnerabilityName\":\"x\",\
             \"dateAdded\":\"2024-02-09\",\"shortDescription\":\"x\",\"requiredAction\":\"x\",\"dueDate\":\"2024-02-16\",\
             \"knownRansomwareCampaignUse\":\"Known\",\"notes\":\"\"}}"
        )
    };
    let rows: Vec<String> = cves.iter().map(row).collect();
    format!(
        "{{\"title\":\"CISA Catalog of Known Exploited Vulnerabilities\",\"catalogVersion\":\"2026.11.20\",\
         \"dateReleased\":\"2026-11-20T10:00:00.0000Z\",\"count\":{},\"vulnerabilities\":[{}]}}",
        rows.len(),
        rows.join(",")
    )
}

struct World {
    hospital: Hospital,
    mirror: Mirror,
    client: Client,
}

impl World {
    fn new(name: &str, pages: Vec<Page>) -> World {
        World {
            hospital: Hospital::new(&format!("collect-{name}")),
            mirror: Mirror::start(pages).unwrap(),
            client: World::client(&[]),
        }
    }

    /// A client that does not wait, with these keys.
    fn client(keys: &[(&'static str, (&'static str, String))]) -> Client {
        let settings = Settings {
            attempts: 2,
            pause: Duration::ZERO,
            backoff: Duration::from_millis(1),
            idle_timeout: Duration::from_millis(400),
            keys: keys.iter().cloned().collect(),
            ..Settings::default()
        };
        let surroundings =
            Surroundings { now: Box::new(clock::now), sleep: Box::new(|_| {}), chance: Box::new(|| 0.0) };
        Client::new(settings, surroundings).unwrap()
    }

    fn folder(&self) -> DataFolder {
        DataFolder::new(self.hospital.root.join("data"))
    }

    fn add(&mut self, name: &str, kind: SourceKind, path: &str) -> SourceId {
        let draft = SourceDraft {
            name: name.to_owned(),
            title: name.to_uppercase(),
            kind,
            addresses: if path.is_empty() { Vec::new() } else { vec![self.mirror.url(path)] },
            interval_hours: Some(24),
            responsible: None,
            reminder_days: 1,
            confirm_days: 31,
            thresholds: Thresholds {
                drop_percent: Some(50),
                standstill_days: None,
                unchanged_days: None,
                skew_minutes: None,
            },
            licence: None,
            may_leave_out: false,
        };
        let call = self.hospital.call();
        let who = self.hospital.operator.clone();
        SourceId(collect::add(&mut self.hospital.records, &who, &call, draft).unwrap().stream.id)
    }

    fn sync_as(&mut self, who: &Entered, sources: &[SourceId]) -> Result<SyncDone, RecordsError> {
        let asked = SyncAsked { sources: sources.to_vec(), reason: None, scheduled: false };
        let folder = self.folder();
        let going_on = AtomicBool::new(false);
        sync_with(&mut self.hospital.records, who, (&folder, &self.client), &asked, &Silent, &going_on)
    }

    fn sync(&mut self, source: SourceId) -> CheckOutcome {
        let who = self.hospital.operator.clone();
        let done = self.sync_as(&who, &[source]).unwrap();
        done.sources.into_iter().next().unwrap().outcome
    }

    fn failure(&mut self, source: SourceId) -> Failure {
        match self.sync(source) {
            CheckOutcome::Failed { failure, .. } => failure,
            other => panic!("{other:?}"),
        }
    }

    fn notices(&self) -> Vec<(NoticeId, Notice)> {
        self.states::<Notice>().into_iter().map(|(id, notice)| (NoticeId(id), notice)).collect()
    }

    fn checks(&self) -> Vec<(SourceCheckId, SourceCheck)> {
        self.states::<SourceCheck>().into_iter().map(|(id, one)| (SourceCheckId(id), one)).collect()
    }

    fn states<P: Process>(&self) -> Vec<(Uuid, P)> {
        let mut all = Vec::new();
        let store = self.hospital.records.store();
        let take = &mut |stream: Stream, state: &[u8]| {
            all.push((stream.id, serde_json::from_slice(state).unwrap()));
        };
        store.each_state(P::KIND, take).unwrap();
        all
    }
}

fn refused(outcome: Result<impl std::fmt::Debug, RecordsError>) -> ReasonCode {
    match outcome {
        Err(RecordsError::Refused { refusal, .. }) => refusal.reason.code,
        other => panic!("{other:?}"),
    }
}

/// Keeps what it is told about files that come.
#[derive(Default)]
struct Told(std::sync::Mutex<Vec<(String, u64)>>);

impl Progress for Told {
    fn stage(&self, _: Stage, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn fetching(&self, source: &str, bytes: u64, _: Option<u64>) {
        self.0.lock().unwrap().push((source.to_owned(), bytes));
    }
}

#[test]
fn a_file_that_comes_is_told_up_to_its_end() {
    let text = feed(&[("at260024", "FortiOS")]);
    let size = text.len() as u64;
    let mut world = World::new("progress", vec![Page::new("/jpcert.rdf", text)]);
    let source = world.add("jpcert", SourceKind::JpcertRss, "/jpcert.rdf");
    let (asked, told) = (SyncAsked { sources: vec![source], ..SyncAsked::default() }, Told::default());
    let (who, folder) = (world.hospital.operator.clone(), world.folder());
    let (reach, going_on) = ((&folder, &world.client), AtomicBool::new(false));
    sync_with(&mut world.hospital.records, &who, reach, &asked, &told, &going_on).unwrap();
    assert_eq!(told.0.into_inner().unwrap().last(), Some(&("jpcert".to_owned(), size)));
}

#[test]
fn news_are_taken_in_once_and_judged_again_when_they_change() {
    let first = feed(&[("at260024", "FortiOS CVE-2026-1234 (公開)"), ("at260023", "Word")]);
    let mut world = World::new("news", vec![Page::new("/jpcert.rdf", first)]);
    let source = world.add("jpcert", SourceKind::JpcertRss, "/jpcert.rdf");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 2 });
    assert_eq!(world.sync(source), CheckOutcome::NothingNew);
    let conditional = world.mirror.seen("/jpcert.rdf").into_iter().next_back().unwrap();
    assert!(conditional.header("if-none-match").is_some(), "it was asked whether anything changed");
    let (id, _) = world.notices().into_iter().find(|(_, one)| one.content.id == "at260024").unwrap();
    let who = world.hospital.operator.clone();
    let call = Call::at(clock::now());
    let judged = (Concerns::Us, "the line's FortiGate".to_owned(), BTreeSet::new());
    collect::judge(&mut world.hospital.records, &who, &call, id, judged).unwrap();
    let changed = feed(&[("at260024", "FortiOS CVE-2026-1234 (更新)"), ("at260023", "Word")]);
    world.mirror.put(Page::new("/jpcert.rdf", changed));
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 1 });
    let (_, notice) = world.notices().into_iter().find(|(one, _)| *one == id).unwrap();
    assert_eq!(notice.state(), NoticeState::Updated);
    assert!(notice.content.vulnerabilities.contains("CVE-2026-1234"));
    assert_eq!(world.notices().len(), 2);
    assert_eq!(world.checks().len(), 3, "each look is a record");
}

/// Every fault leads to a failed check, keeps what was there, and the source is asked anew afterwards.
#[test]
fn no_fault_looks_like_nothing_new() {
    let page = feed(&[("at260024", "FortiOS"), ("at260023", "Word")]);
    let mut world = World::new("faults", vec![Page::new("/f.rdf", page.clone())]);
    let source = world.add("jpcert", SourceKind::JpcertRss, "/f.rdf");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 2 });
    let kept = world.hospital.root.join("data/sources/jpcert/00-f.rdf");
    let faults = [
        (Fault::Status(404), Failure::Status),
        (Fault::Status(500), Failure::Status),
        (Fault::TooMany(Some("9999".to_owned())), Failure::RateLimited),
        (Fault::CutAfter(100), Failure::Cut),
        (Fault::Length(9_999), Failure::Cut),
        (Fault::Html, Failure::Html),
        (Fault::Redirect("/f.rdf".to_owned()), Failure::RedirectLoop),
        (Fault::Refuse, Failure::Cut),
    ];
    for (fault, expected) in faults {
        // The tag changes, so that the whole of it is asked for.
        world.mirror.put(Page::new("/f.rdf", page.clone()).etag(Some("\"other\"")));
        let shown = format!("{fault:?}");
        world.mirror.always("/f.rdf", fault);
        let found = world.failure(source);
        let connect = matches!(found, Failure::Connect | Failure::Cut | Failure::Unreadable);
        assert!(found == expected || (shown == "Refuse" && connect), "{shown}: {found:?}");
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), page, "{shown}: what was there stays");
        assert_eq!(world.notices().len(), 2, "{shown}");
        let (_, last) = world.checks().into_iter().max_by_key(|(_, one)| one.draft.ended).unwrap();
        assert_eq!(last.result(), shindan_domain::collect::CheckResult::Failed, "{shown}");
    }
}

#[test]
fn what_cannot_be_read_is_not_in_force_and_is_asked_for_again() {
    let mut world = World::new("unreadable", vec![Page::new("/f.rdf", feed(&[("at260024", "FortiOS")]))]);
    let source = world.add("jpcert", SourceKind::JpcertRss, "/f.rdf");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 1 });
    for (bytes, expected) in [
        ("<rdf:RDF", Failure::Unreadable),
        (feed(&[]).as_str(), Failure::Empty),
        ("{\"a\":1}", Failure::Unreadable),
    ] {
        world.mirror.put(Page::new("/f.rdf", bytes));
        assert_eq!(world.failure(source), expected, "{bytes}");
        // Unchanged and still unreadable: it must not become "not modified, nothing new".
        assert_eq!(world.failure(source), expected, "{bytes}");
    }
    world.mirror.put(Page::new("/f.rdf", feed(&[("at260024", "FortiOS"), ("at260025", "Word")])));
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 1 });
}

#[test]
fn the_knowledge_base_follows_what_is_in_force() {
    let mut world =
        World::new("kev", vec![Page::new("/kev.json", kev(&["CVE-2024-21762", "CVE-2023-27997"]))]);
    let source = world.add("kev", SourceKind::Kev, "/kev.json");
    let who = world.hospital.operator.clone();
    let done = world.sync_as(&who, &[source]).unwrap();
    assert_eq!(done.sources[0].outcome, CheckOutcome::NewItems { count: 2 });
    let rows = |world: &World| {
        let summary = knowledge::status(&world.folder()).unwrap();
        summary.sources.iter().map(|source| (source.documents, source.advisories)).collect::<Vec<_>>()
    };
    assert!(done.built.is_some());
    assert_eq!(rows(&world), [(1, 2)]);
    let again = world.sync_as(&who, &[source]).unwrap();
    assert!(again.built.is_none() && again.sources[0].outcome == CheckOutcome::NothingNew);
    // What the catalogue no longer holds is gone from it, and that half of it vanished is an alarm.
    world.mirror.put(Page::new("/kev.json", kev(&["CVE-2024-21762"])));
    let third = world.sync_as(&who, &[source]).unwrap();
    assert_eq!(third.sources[0].outcome, CheckOutcome::NothingNew);
    assert!(third.sources[0].alarms.iter().any(|alarm| alarm.kind == AlarmKind::RowsDropped));
    assert!(third.built.is_some());
    assert_eq!(rows(&world), [(1, 1)]);
    let checked = ledger::verify(&world.hospital.records, &[], true).unwrap();
    assert!(checked.is_whole() && checked.differences.is_some(), "{checked:?}");
}

#[test]
fn files_that_do_not_match_their_list_are_refused() {
    let old = kev(&["CVE-2024-21762"]);
    let digest = |text: &str| -> String {
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let list = |text: &str| format!("{}  jvndb.json\n", digest(text));
    let pages = vec![Page::new("/feed/checksum.txt", list(&old)), Page::new("/feed/jvndb.json", old.clone())];
    let mut world = World::new("checksum", pages);
    let source = world.add("jvndb", SourceKind::JvndbFeeds, "/feed/checksum.txt");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 1 });
    let new = kev(&["CVE-2024-21762", "CVE-2026-1111"]);
    world.mirror.put(Page::new("/feed/jvndb.json", new.clone()));
    assert_eq!(world.failure(source), Failure::Checksum);
    assert_eq!(world.failure(source), Failure::Checksum, "and again");
    let kept = world.hospital.root.join("data/sources/jvndb/jvndb.json");
    assert_eq!(std::fs::read_to_string(kept).unwrap(), old);
    world.mirror.put(Page::new("/feed/checksum.txt", list(&new)));
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 1 });
}

#[test]
fn nobody_without_the_role_reaches_a_source() {
    let mut world = World::new("roles", vec![Page::new("/f.rdf", feed(&[("at1", "x")]))]);
    let source = world.add("jpcert", SourceKind::JpcertRss, "/f.rdf");
    let auditor = world.hospital.auditor.clone();
    assert_eq!(refused(world.sync_as(&auditor, &[source])), ReasonCode::RoleMissing);
    assert!(world.mirror.all_seen().is_empty());
    let by_hand = world.add("phone", SourceKind::Hand, "");
    let operator = world.hospital.operator.clone();
    assert_eq!(refused(world.sync_as(&operator, &[by_hand])), ReasonCode::SourceKindNotFetched);
}

#[test]
fn the_month_and_the_control_tell_what_was_looked_at() {
    let mut world = World::new("month", vec![Page::new("/f.rdf", feed(&[("at1", "x")]))]);
    let source = world.add("jpcert", SourceKind::JpcertRss, "/f.rdf");
    let phone = world.add("phone", SourceKind::Hand, "");
    let who = world.hospital.operator.clone();
    let made = HandCheck {
        means: HandMeans::Telephone,
        text: "IPA confirmed that there is nothing".to_owned(),
        documents: Vec::new(),
        new_items: 0,
        notices: Vec::new(),
        not_reached: false,
        reason: None,
    };
    let call = world.hospital.call();
    collect::check_by_hand(&mut world.hospital.records, &who, &call, phone, made.clone()).unwrap();
    let silent = HandCheck { text: " ".to_owned(), ..made };
    let call = world.hospital.call();
    let unsaid = collect::check_by_hand(&mut world.hospital.records, &who, &call, phone, silent);
    assert_eq!(refused(unsaid), ReasonCode::TextMissing);
    world.mirror.always("/f.rdf", Fault::Status(500));
    assert_eq!(world.failure(source), Failure::Status);
    let now = clock::now();
    let cells = |world: &World, source: SourceId, now: Timestamp| {
        let today = clock::day_in_japan(now);
        let month = collect::month(&world.hospital.records, &who, today, now).unwrap();
        let row = month.grid.rows.iter().find(|row| row.source == source).unwrap().clone();
        row.cells.into_iter().find(|cell| cell.date == today).unwrap().state
    };
    assert_eq!(cells(&world, source, now), CellState::Failed);
    let standing = collect::standing(&world.hospital.records, &who, now).unwrap();
    let stand = standing.iter().find(|one| one.id == source).unwrap();
    assert!(stand.last_good.is_none() && stand.timing != SourceTiming::InTime, "{stand:?}");
    let control = |world: &World| {
        let today = clock::day_in_japan(clock::now());
        let report = control::report(&world.hospital.records, &who, Some(today), clock::now()).unwrap();
        report.lines.into_iter().map(|line| line.status).find(|one| one.control == "4-2").unwrap()
    };
    let failed = control(&world);
    assert_eq!(failed.verdict, Verdict::Gaps, "{failed:?}");
    assert!(failed.gaps.iter().any(|gap| gap.reason.code == ReasonCode::ControlSourcesFailed), "{failed:?}");
}
