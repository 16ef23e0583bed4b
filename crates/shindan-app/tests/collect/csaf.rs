//! Providers of CSAF: digests, signatures, feeds and folders.

use sha2::{Digest, Sha256, Sha512};
use shindan_app::knowledge;
use shindan_domain::collect::{CheckOutcome, Failure, SourceKind};
use shindan_domain::diagnostic::Code;
use shindan_domain::record_id::SourceId;
use shindan_mirror::{Fault, Mirror, Page};

use crate::World;

// Written and signed for these tests; the key exists nowhere any more.
const DOCUMENTS: [(&str, &[u8], &[u8]); 2] = [
    (
        "exa-2026-0001.json",
        include_bytes!("data/exa-2026-0001.json"),
        include_bytes!("data/exa-2026-0001.json.asc"),
    ),
    (
        "exa-2026-0002.json",
        include_bytes!("data/exa-2026-0002.json"),
        include_bytes!("data/exa-2026-0002.json.asc"),
    ),
];
const KEY: &[u8] = include_bytes!("data/key.asc");
const FINGERPRINT: &str = include_str!("data/fingerprint.txt");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn metadata(mirror: &Mirror, role: &str, distributions: &str) -> Page {
    let text = format!(
        "{{\"canonical_url\":\"{0}\",\"publisher\":{{\"name\":\"Example Medical\"}},\"role\":\"{role}\",\
         \"public_openpgp_keys\":[{{\"fingerprint\":\"{1}\",\"url\":\"{2}\"}}],\"distributions\":[{distributions}]}}",
        mirror.url("/csaf/provider-metadata.json"),
        FINGERPRINT.trim(),
        mirror.url("/csaf/key.asc"),
    );
    Page::new("/csaf/provider-metadata.json", text)
}

fn rolie_at(mirror: &Mirror, path: &str, tlp: &str) -> String {
    format!("{{\"rolie\":{{\"feeds\":[{{\"url\":\"{}\",\"tlp_label\":\"{tlp}\"}}]}}}}", mirror.url(path))
}

/// A feed of the first `count` documents, the first one changed at this time.
fn feed(mirror: &Mirror, count: usize, changed: &str) -> Page {
    let entry = |(number, (name, _, _)): (usize, &(&str, &[u8], &[u8]))| {
        let url = mirror.url(&format!("/csaf/white/2026/{name}"));
        let updated = if number == 0 { changed } else { "2026-11-20T10:00:00Z" };
        let link = |rel: &str, end: &str| format!("{{\"rel\":\"{rel}\",\"href\":\"{url}{end}\"}}");
        format!(
            "{{\"id\":\"{name}\",\"title\":\"{name}\",\"updated\":\"{updated}\",\"content\":{{\"src\":\"{url}\"}},\"link\":[{},{},{},{}]}}",
            link("self", ""),
            link("hash", ".sha256"),
            link("hash", ".sha512"),
            link("signature", ".asc")
        )
    };
    let entries: Vec<String> = DOCUMENTS.iter().take(count).enumerate().map(entry).collect();
    Page::new("/csaf/white.json", format!("{{\"feed\":{{\"entry\":[{}]}}}}", entries.join(",")))
}

fn put_documents(mirror: &Mirror) {
    mirror.put(Page::new("/csaf/key.asc", KEY));
    for (name, bytes, signature) in DOCUMENTS {
        let path = format!("/csaf/white/2026/{name}");
        mirror.put(Page::new(&path, bytes));
        mirror
            .put(Page::new(&format!("{path}.sha256"), format!("{}  {name}\n", hex(&Sha256::digest(bytes)))));
        mirror
            .put(Page::new(&format!("{path}.sha512"), format!("{}  {name}\n", hex(&Sha512::digest(bytes)))));
        mirror.put(Page::new(&format!("{path}.asc"), signature));
    }
}

/// A trusted provider with one feed of two documents.
fn provider(name: &str) -> (World, SourceId) {
    let mut world = World::new(name, Vec::new());
    let mirror = &world.mirror;
    put_documents(mirror);
    mirror.put(feed(mirror, 2, "2026-11-20T10:00:00Z"));
    mirror.put(metadata(mirror, "csaf_trusted_provider", &rolie_at(mirror, "/csaf/white.json", "WHITE")));
    let source = world.add("csaf-example", SourceKind::Csaf, "/csaf/provider-metadata.json");
    (world, source)
}

fn known(world: &World, id: &str) -> bool {
    knowledge::show(&world.folder(), id).is_ok()
}

#[test]
fn documents_with_digest_and_signature_come_and_then_only_those_that_changed() {
    let (mut world, source) = provider("csaf");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 2 });
    assert!(known(&world, "CVE-2026-10001") && known(&world, "CVE-2026-10002"));
    let (_, check) = world.checks().pop().unwrap();
    assert_eq!(check.draft.counts.records, Some(2), "what the feed lists");
    assert_eq!(world.sync(source), CheckOutcome::NothingNew);
    let document = "/csaf/white/2026/exa-2026-0001.json";
    assert_eq!(world.mirror.seen(document).len(), 1, "what did not change is not asked for");
    // The list says that it changed: it is asked for, with what proves it, and it is the same.
    let changed = feed(&world.mirror, 2, "2026-11-21T10:00:00Z");
    world.mirror.put(changed);
    assert_eq!(world.sync(source), CheckOutcome::NothingNew);
    assert_eq!(world.mirror.seen(document).len(), 2);
    assert_eq!(world.mirror.seen("/csaf/white/2026/exa-2026-0002.json").len(), 1);
}

#[test]
fn a_document_that_is_not_what_its_digest_or_signature_says_is_not_taken() {
    let document = "/csaf/white/2026/exa-2026-0001.json";
    let (_, bytes, signature) = DOCUMENTS[0];
    let forged = String::from_utf8(bytes.to_owned()).unwrap().replace("Example Pump", "Example Lamp");
    let digest = |bytes: &[u8]| format!("{}  exa-2026-0001.json\n", hex(&Sha256::digest(bytes)));
    let longer = |bytes: &[u8]| format!("{}  exa-2026-0001.json\n", hex(&Sha512::digest(bytes)));
    let (sha256, sha512) = (format!("{document}.sha256"), format!("{document}.sha512"));
    let asc = format!("{document}.asc");
    let cases: [(&str, Vec<Page>, Failure); 6] = [
        ("altered on the way", vec![Page::new(document, forged.clone())], Failure::Checksum),
        (
            "altered with its digests",
            vec![
                Page::new(document, forged.clone()),
                Page::new(&sha256, digest(forged.as_bytes())),
                Page::new(&sha512, longer(forged.as_bytes())),
            ],
            Failure::Signature,
        ),
        ("another digest", vec![Page::new(&sha512, longer(b"other"))], Failure::Checksum),
        ("no digest", vec![Page::new(&sha256, "soon\n")], Failure::Checksum),
        ("the signature of another one", vec![Page::new(&asc, DOCUMENTS[1].2)], Failure::Signature),
        ("no signature", vec![Page::new(&asc, "soon\n")], Failure::Signature),
    ];
    for (what, pages, expected) in cases {
        let (mut world, source) = provider("csaf-forged");
        pages.into_iter().for_each(|page| world.mirror.put(page));
        assert_eq!(world.failure(source), expected, "{what}");
        assert!(!known(&world, "CVE-2026-10001"), "{what}: it is not taken");
        assert!(known(&world, "CVE-2026-10002"), "{what}: the other one is proven and used");
        // Once it is right, only what did not come is asked for.
        put_documents(&world.mirror);
        assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 1 }, "{what}");
        assert!(known(&world, "CVE-2026-10001"), "{what}");
        assert_eq!(world.mirror.seen("/csaf/white/2026/exa-2026-0002.json").len(), 1, "{what}");
    }
    // A signature that is not there: the list promised one.
    let (mut world, source) = provider("csaf-unsigned");
    world.mirror.always(&asc, Fault::Status(404));
    assert_eq!(world.failure(source), Failure::Status);
    assert!(!known(&world, "CVE-2026-10001") && !signature.is_empty());
}

#[test]
fn a_trusted_provider_without_signatures_fails_and_another_one_is_told() {
    for (role, fails) in [("csaf_trusted_provider", true), ("csaf_provider", false)] {
        let (mut world, source) = provider("csaf-role");
        let mirror = &world.mirror;
        let bare = "/csaf/white/2026/exa-2026-0001.json";
        let text = format!(
            "{{\"feed\":{{\"entry\":[{{\"id\":\"a\",\"updated\":\"2026-11-20T10:00:00Z\",\"content\":{{\"src\":\"{}\"}},\"link\":[]}}]}}}}",
            mirror.url(bare)
        );
        mirror.put(Page::new("/csaf/white.json", text));
        mirror.put(metadata(mirror, role, &rolie_at(mirror, "/csaf/white.json", "WHITE")));
        if fails {
            assert_eq!(world.failure(source), Failure::Checksum);
            assert!(!known(&world, "CVE-2026-10001"));
            continue;
        }
        let who = world.hospital.operator.clone();
        let done = world.sync_as(&who, &[source]).unwrap();
        assert_eq!(done.sources[0].outcome, CheckOutcome::NewItems { count: 1 });
        let told: Vec<Code> = done.sources[0].told.iter().map(|one| one.code).collect();
        assert_eq!(told, [Code::DocumentsUnproven]);
    }
}

#[test]
fn folders_are_read_where_there_is_no_feed_for_everybody() {
    let (mut world, source) = provider("csaf-folder");
    let mirror = &world.mirror;
    let folder = format!("{{\"directory_url\":\"{}\"}}", mirror.url("/csaf/white"));
    let both = format!("{folder},{}", rolie_at(mirror, "/csaf/amber.json", "AMBER"));
    mirror.put(metadata(mirror, "csaf_trusted_provider", &both));
    let changes = "\"2026/exa-2026-0001.json\",\"2026-11-20T10:00:00Z\"\n2026/exa-2026-0002.json,2026-11-20T10:00:00Z\n";
    mirror.put(Page::new("/csaf/white/changes.csv", changes));
    let who = world.hospital.operator.clone();
    let done = world.sync_as(&who, &[source]).unwrap();
    assert_eq!(done.sources[0].outcome, CheckOutcome::NewItems { count: 2 });
    assert_eq!(
        done.sources[0].told.iter().map(|one| one.code).collect::<Vec<_>>(),
        [Code::AdvisoriesRestricted]
    );
    assert!(world.mirror.seen("/csaf/amber.json").is_empty(), "what needs a permission is not asked for");
    // A path that leads out of the folder is refused, and nothing is passed over in silence.
    world.mirror.put(Page::new(
        "/csaf/white/changes.csv",
        "../x.json,2026-11-20T10:00:00Z\n2026/exa-2026-0002.json,2026-11-20T10:00:00Z\n",
    ));
    assert_eq!(world.failure(source), Failure::AddressRefused);
}

#[test]
fn no_fault_of_a_provider_looks_like_nothing_new() {
    for path in [
        "/csaf/provider-metadata.json",
        "/csaf/key.asc",
        "/csaf/white.json",
        "/csaf/white/2026/exa-2026-0002.json",
    ] {
        for (fault, expected) in [
            (Fault::Status(500), Failure::Status),
            (Fault::CutAfter(10), Failure::Cut),
            (Fault::Html, Failure::Html),
            (Fault::TooMany(None), Failure::RateLimited),
        ] {
            let (mut world, source) = provider("csaf-faults");
            let shown = format!("{path} {fault:?}");
            world.mirror.always(path, fault);
            assert_eq!(world.failure(source), expected, "{shown}");
            assert!(!known(&world, "CVE-2026-10002"), "{shown}");
        }
    }
    let (mut world, source) = provider("csaf-empty");
    world.mirror.put(Page::new("/csaf/white.json", "{\"feed\":{\"entry\":[]}}"));
    assert_eq!(world.failure(source), Failure::Empty);
    let elsewhere =
        "{\"feed\":{\"entry\":[{\"id\":\"a\",\"content\":{\"src\":\"https://evil.example/a.json\"}}]}}";
    world.mirror.put(Page::new("/csaf/white.json", elsewhere));
    assert_eq!(world.failure(source), Failure::AddressRefused);
}

/// Genuine advisories of CISA in the folder of a provider that is played here.
#[test]
fn genuine_advisories_in_a_folder() {
    let Some(path) = shindan_testdata::path("csaf/cisa-2017-2021.zip") else {
        eprintln!("without genuine data this test shows nothing");
        return;
    };
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut world = World::new("csaf-genuine", Vec::new());
    let mut changes = String::new();
    for number in 0..25 {
        let mut entry = archive.by_index(number).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        world.mirror.put(Page::new(&format!("/csaf/{name}"), bytes));
        changes.push_str(&format!("{name},2026-11-20T10:00:00Z\n"));
    }
    world.mirror.put(Page::new("/csaf/changes.csv", changes));
    world.mirror.put(Page::new("/csaf/key.asc", KEY));
    let folder = format!("{{\"directory_url\":\"{}\"}}", world.mirror.url("/csaf"));
    let metadata = metadata(&world.mirror, "csaf_provider", &folder);
    world.mirror.put(metadata);
    let source = world.add("csaf-cisa", SourceKind::Csaf, "/csaf/provider-metadata.json");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 25 });
    assert_eq!(world.sync(source), CheckOutcome::NothingNew);
}
