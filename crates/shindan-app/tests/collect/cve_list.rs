//! The CVE List: the archive in an archive, the changes of days and hours.

use std::io::{Cursor, Write as _};

use shindan_app::knowledge;
use shindan_domain::collect::{CheckOutcome, Failure, SourceKind};
use shindan_domain::record_id::SourceId;
use shindan_mirror::{Fault, Page};
use zip::write::SimpleFileOptions;

use crate::World;

fn record(id: &str, updated: &str, text: &str) -> (String, Vec<u8>) {
    let json = format!(
        "{{\"dataType\":\"CVE_RECORD\",\"dataVersion\":\"5.1\",\"cveMetadata\":{{\"cveId\":\"{id}\",\"state\":\"PUBLISHED\",\
         \"assignerOrgId\":\"00000000-0000-4000-9000-000000000000\",\"datePublished\":\"2026-10-01T00:00:00.000Z\",\
         \"dateUpdated\":\"{updated}\"}},\"containers\":{{\"cna\":{{\"providerMetadata\":{{\"orgId\":\"x\"}},\
         \"descriptions\":[{{\"lang\":\"en\",\"value\":\"{text}\"}}],\"affected\":[{{\"vendor\":\"v\",\"product\":\"p\",\
         \"versions\":[{{\"version\":\"1\",\"status\":\"affected\"}}]}}],\"references\":[{{\"url\":\"https://example.org/\"}}]}}}}}}"
    );
    (format!("cves/2026/{id}.json"), json.into_bytes())
}

fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const ALL: &str = "2026-10-08_all_CVEs_at_midnight.zip.zip";
const TWO: &str = "2026-10-08_delta_CVEs_at_0200Z.zip";
const THREE: &str = "2026-10-08_delta_CVEs_at_0300Z.zip";
const DAY: &str = "2026-10-08_delta_CVEs_at_end_of_day.zip";
const NEXT: &str = "2026-10-09_delta_CVEs_at_0100Z.zip";

fn releases(world: &World, names: &[&str]) {
    let asset = |name: &&str| {
        let url = world.mirror.url(&format!("/d/{name}"));
        format!("{{\"name\":\"{name}\",\"browser_download_url\":\"{url}\"}}")
    };
    let assets: Vec<String> = names.iter().map(asset).collect();
    world.mirror.put(Page::new("/releases", format!("[{{\"assets\":[{}]}}]", assets.join(","))));
}

fn list(name: &str) -> (World, SourceId) {
    let mut world = World::new(name, Vec::new());
    let old = "2026-10-07T00:00:00.000Z";
    let log = ("cves/deltaLog.json".to_owned(), b"[]".to_vec());
    let all = zipped(&[record("CVE-2026-1001", old, "one"), record("CVE-2026-1002", old, "two"), log]);
    world.mirror.put(Page::new(&format!("/d/{ALL}"), zipped(&[("cves.zip".to_owned(), all)])));
    for (name, at, text) in [
        (TWO, "2026-10-08T01:00:00.000Z", "two, at two"),
        (THREE, "2026-10-08T02:00:00.000Z", "two, at three"),
        (DAY, "2026-10-08T23:00:00.000Z", "two, of the day"),
        (NEXT, "2026-10-09T00:30:00.000Z", "two, of the next day"),
    ] {
        world.mirror.put(Page::new(&format!("/d/{name}"), zipped(&[record("CVE-2026-1002", at, text)])));
    }
    releases(&world, &[ALL, TWO]);
    let source = world.add("cve-list", SourceKind::CveList, "/releases");
    (world, source)
}

fn held(world: &World) -> Vec<String> {
    let folder = world.hospital.root.join("data/sources/cve-list");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn says(world: &World, text: &str) -> bool {
    let shown = knowledge::show(&world.folder(), "CVE-2026-1002").unwrap();
    serde_json::to_string(&shown.advisories).unwrap().contains(text)
}

#[test]
fn all_records_come_once_and_then_the_changes_of_hours_and_days() {
    let (mut world, source) = list("cve-list");
    let who = world.hospital.operator.clone();
    let done = world.sync_as(&who, &[source]).unwrap();
    // The record of the hour is the newer issue of one of the two: both files are new.
    assert!(matches!(done.sources[0].outcome, CheckOutcome::NewItems { count: 2 | 3 }), "{done:?}");
    assert!(!done.built.unwrap().anything_unreadable(), "a log of changes is no damaged record");
    assert_eq!(held(&world), ["all-2026-10-08.zip", "hour-2026-10-08T02.zip"]);
    assert!(says(&world, "two, at two"));
    assert_eq!(world.sync(source), CheckOutcome::NothingNew);
    assert_eq!(world.mirror.seen(&format!("/d/{ALL}")).len(), 1);
    releases(&world, &[ALL, TWO, THREE]);
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 1 });
    assert_eq!(held(&world), ["all-2026-10-08.zip", "hour-2026-10-08T03.zip"]);
    // The archive of all records is not in the list any more, and not needed.
    releases(&world, &[THREE, DAY, NEXT]);
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 2 });
    assert_eq!(held(&world), ["all-2026-10-08.zip", "day-2026-10-08.zip", "hour-2026-10-09T01.zip"]);
    assert!(says(&world, "two, of the next day"));
    // Days are missing: everything is needed again, and is not there.
    releases(&world, &["2026-10-12_delta_CVEs_at_0100Z.zip"]);
    assert_eq!(world.failure(source), Failure::Incomplete);
    assert_eq!(held(&world).len(), 3, "what was there stays");
}

#[test]
fn no_fault_of_a_release_looks_like_nothing_new() {
    let delta = format!("/d/{TWO}");
    for (fault, expected) in [
        (Fault::Status(404), Failure::Status),
        (Fault::CutAfter(20), Failure::Cut),
        (Fault::Html, Failure::Html),
    ] {
        let (mut world, source) = list("cve-list-faults");
        world.mirror.always(&delta, fault);
        assert_eq!(world.failure(source), expected);
        assert!(held(&world).is_empty());
    }
    let (mut world, source) = list("cve-list-wrong");
    for (text, expected) in [
        ("[]", Failure::Empty),
        ("{\"message\":\"API rate limit exceeded\"}", Failure::Unreadable),
        (
            "[{\"assets\":[{\"name\":\"2026-10-08_all_CVEs_at_midnight.zip.zip\",\"browser_download_url\":\"https://evil.example/a\"}]}]",
            Failure::AddressRefused,
        ),
    ] {
        world.mirror.put(Page::new("/releases", text));
        assert_eq!(world.failure(source), expected, "{text}");
    }
    releases(&world, &[ALL]);
    world.mirror.put(Page::new(&format!("/d/{ALL}"), "no archive"));
    assert_eq!(world.failure(source), Failure::Unreadable);
    assert!(held(&world).is_empty());
}
