//! NVD: pages, windows, a growing answer, and every fault on one of several pages.

use shindan_app::knowledge;
use shindan_domain::collect::{CheckOutcome, Failure, SourceKind};
use shindan_domain::record_id::SourceId;
use shindan_mirror::{Fault, Page};

use crate::World;

/// A record: its number in the year, its last change, what it says.
type Record<'a> = (u32, &'a str, &'a str);

fn page(start: usize, total: usize, records: &[Record<'_>]) -> String {
    let record = |(number, modified, text): &Record<'_>| {
        format!(
            "{{\"cve\":{{\"id\":\"CVE-2026-{number}\",\"sourceIdentifier\":\"a@b.example\",\"published\":\"2026-01-01T00:00:00.000\",\
             \"lastModified\":\"{modified}\",\"vulnStatus\":\"Analyzed\",\
             \"descriptions\":[{{\"lang\":\"en\",\"value\":\"{text}\"}}],\"metrics\":{{}},\"references\":[]}}}}"
        )
    };
    let all: Vec<String> = records.iter().map(record).collect();
    format!(
        "{{\"resultsPerPage\":{},\"startIndex\":{start},\"totalResults\":{total},\"format\":\"NVD_CVE\",\"version\":\"2.0\",\
         \"timestamp\":\"2026-11-20T08:41:24.983\",\"vulnerabilities\":[{}]}}",
        records.len(),
        all.join(",")
    )
}

const A: Record<'_> = (1001, "2026-11-01T00:00:00.000", "a");
const B: Record<'_> = (1002, "2026-11-02T00:00:00.000", "b");
const C: Record<'_> = (1003, "2026-11-03T00:00:00.000", "c");

const FIRST: &str = "/cves?startIndex=0";
const SECOND: &str = "/cves?startIndex=2";
/// What is asked for in a window.
const CHANGED: &str = "/cves?resultsPerPage=2000&startIndex=0&lastModStartDate=2026-11-20T07:41:24.000Z";

fn pages() -> Vec<Page> {
    let json = |path: &str, text: String| Page::new(path, text).content_type("application/json");
    vec![json(FIRST, page(0, 3, &[A, B])), json(SECOND, page(2, 3, &[C])), json(CHANGED, page(0, 0, &[]))]
}

fn world(name: &str) -> (World, SourceId) {
    let mut world = World::new(name, pages());
    let source = world.add("nvd", SourceKind::Nvd, "/cves");
    (world, source)
}

fn held(world: &World) -> Vec<String> {
    let folder = world.hospital.root.join("data/sources/nvd");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// What the knowledge base says of a record, of its newest statement.
fn text(world: &World, id: &str) -> String {
    let shown = knowledge::show(&world.folder(), id).unwrap();
    assert_eq!(shown.advisories.len(), 1, "one statement counts");
    serde_json::to_string(&shown.advisories[0]).unwrap()
}

#[test]
fn everything_comes_once_and_then_only_what_changed_the_newest_statement_wins() {
    let (mut world, source) = world("nvd");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 3 });
    assert_eq!(held(&world).len(), 2);
    assert_eq!(world.sync(source), CheckOutcome::NothingNew);
    assert_eq!(held(&world).len(), 2, "an empty window leaves nothing");
    // The record that was there comes again unchanged, one is changed, one new.
    let changed =
        [(1002, "2026-11-20T08:00:00.000", "b, revised"), A, (1004, "2026-11-20T08:10:00.000", "d")];
    world.mirror.put(Page::new(CHANGED, page(0, 3, &changed)));
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 2 });
    assert_eq!(held(&world).len(), 3);
    assert!(text(&world, "CVE-2026-1002").contains("b, revised"));
    assert!(text(&world, "CVE-2026-1001").contains("\"a\""), "what did not change is still there");
    assert!(text(&world, "CVE-2026-1004").contains("\"d\""));
    // An older statement that comes later does not win.
    world.mirror.put(Page::new(CHANGED, page(0, 1, &[(1002, "2026-11-02T00:00:00.000", "b, of old")])));
    world.sync(source);
    assert!(text(&world, "CVE-2026-1002").contains("b, revised"));
    let all = world.mirror.all_seen();
    assert!(all.iter().filter(|seen| seen.target.contains("lastModStartDate")).count() >= 3);
    let (_, last) = world.checks().into_iter().max_by_key(|(_, one)| one.draft.ended).unwrap();
    assert_eq!((last.draft.counts.records, last.draft.counts.changes_only), (None, true));
    assert!(last.draft.alarms.is_empty(), "a window is no source that shrank: {:?}", last.draft.alarms);
}

#[test]
fn what_is_gone_from_the_disk_is_asked_for_anew() {
    let (mut world, source) = world("nvd-gone");
    world.sync(source);
    let name = held(&world).remove(0);
    std::fs::remove_file(world.hospital.root.join("data/sources/nvd").join(name)).unwrap();
    world.sync(source);
    let last = world.mirror.all_seen().pop().unwrap();
    assert!(!last.target.contains("lastMod"), "{}", last.target);
    assert_eq!(held(&world).len(), 2);
}

#[test]
fn pages_that_do_not_follow_are_read_again_and_never_short() {
    let (mut world, source) = world("nvd-grows");
    // The answer grew while it was read: what was added is on the last page.
    let d = (1004, "2026-11-04T00:00:00.000", "d");
    world.mirror.put(Page::new(SECOND, page(2, 4, &[C, d])));
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 4 });
    // Records were taken away: pages of two states do not make one.
    let (mut world, source) = self::world("nvd-shrinks");
    world.mirror.put(Page::new(SECOND, page(2, 2, &[])));
    assert_eq!(world.failure(source), Failure::Incomplete);
    assert_eq!(world.mirror.seen("/cves").len(), 8, "read again three times, not forever");
    assert!(held(&world).is_empty());
    // A page that holds fewer than it says, or none, is no end.
    for wrong in [page(2, 3, &[]), page(2, 3, &[C]).replace("\"resultsPerPage\":1", "\"resultsPerPage\":2")] {
        world.mirror.put(Page::new(SECOND, wrong));
        assert_eq!(world.failure(source), Failure::Unreadable);
    }
    world.mirror.put(Page::new(SECOND, page(2, 3, &[C])));
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 3 });
    // Everything, and nothing in it.
    let (mut world, source) = self::world("nvd-empty");
    world.mirror.put(Page::new(FIRST, page(0, 0, &[])));
    assert_eq!(world.failure(source), Failure::Empty);
}

/// Every fault on one of several pages: the check failed, what was there stays, the next look begins where the last good one ended.
#[test]
fn no_fault_on_a_page_looks_like_nothing_new() {
    let (mut world, source) = world("nvd-faults");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 3 });
    let before = held(&world);
    world.mirror.always("/loop", Fault::Redirect("/loop".to_owned()));
    world.mirror.put(Page::new(CHANGED, page(0, 3, &[A, B])));
    let more = CHANGED.replace("startIndex=0", "startIndex=2");
    let faults = [
        (Fault::Status(500), Failure::Status),
        (Fault::Status(403), Failure::RateLimited),
        (Fault::Unavailable(None), Failure::RateLimited),
        (Fault::TooMany(Some("9999".to_owned())), Failure::RateLimited),
        (Fault::NotModified, Failure::Status),
        (Fault::CutAfter(100), Failure::Cut),
        (Fault::Html, Failure::Html),
        (Fault::Redirect("/loop".to_owned()), Failure::RedirectLoop),
        (Fault::Garbage, Failure::Unreadable),
        (Fault::Slow { piece: 1, rest: std::time::Duration::from_millis(600) }, Failure::Timeout),
    ];
    for (fault, expected) in faults {
        let d = (1004, "2026-11-20T08:10:00.000", "d");
        world.mirror.put(Page::new(&more, page(2, 3, &[d])));
        let shown = format!("{fault:?}");
        world.mirror.always(&more, fault);
        let found = world.failure(source);
        assert_eq!(found, expected, "{shown}");
        assert_eq!(held(&world), before, "{shown}: what was there stays");
        let left = std::fs::read_dir(world.hospital.root.join("data/sources/.fetched/nvd")).unwrap();
        let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".json")), "{shown}: {left:?}");
    }
    // A clock that is wrong by hours is told and does no harm.
    world.mirror.always(&more, Fault::Date("Fri, 20 Nov 2026 06:00:00 GMT".to_owned()));
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 1 });
}

#[test]
fn the_key_is_sent_and_stands_nowhere() {
    let (mut world, source) = world("nvd-key");
    world.client = World::client(&[("nvd", ("apiKey", "secret-key-1".to_owned()))]);
    world.sync(source);
    let seen = world.mirror.seen("/cves");
    assert!(seen.iter().all(|seen| seen.header("apikey") == Some("secret-key-1")), "{seen:?}");
    world.mirror.always("/cves", Fault::Status(404));
    world.failure(source);
    let text = serde_json::to_string(&world.checks().into_iter().map(|(_, one)| one).collect::<Vec<_>>());
    assert!(!text.unwrap().contains("secret-key-1"));
    let marks = world.hospital.root.join("data/sources/.fetched/nvd.json");
    assert!(!std::fs::read_to_string(marks).unwrap().contains("secret-key-1"));
}

#[test]
fn genuine_pages_that_grow() {
    let mut pages = Vec::new();
    for start in [0, 3, 6] {
        let Some(path) = shindan_testdata::path(&format!("nvd/cve-api/increase/{start}-3.json")) else {
            eprintln!("without genuine data this test shows nothing");
            return;
        };
        pages.push(Page::new(&format!("/cves?startIndex={start}"), std::fs::read(path).unwrap()));
    }
    let mut world = World::new("nvd-genuine", pages);
    let source = world.add("nvd", SourceKind::Nvd, "/cves");
    let CheckOutcome::NewItems { count } = world.sync(source) else { panic!("nothing came") };
    let (_, check) = world.checks().pop().unwrap();
    assert_eq!(check.draft.counts.records, Some(count));
    assert!(count > 6, "{count}");
}
