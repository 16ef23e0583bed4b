//! A small bundle, and everything that can be done to it.

use std::collections::BTreeSet;
use std::io::Read;

use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;
use shindan_domain::collect::{CheckResult, Failure, SourceKind};
use shindan_domain::exchange::BundleRef;
use shindan_domain::ledger::Hash;
use shindan_domain::process::{Reason, ReasonCode};
use shindan_domain::record_id::InstallationId;
use uuid::Uuid;

use super::*;
use crate::Trouble;
use crate::{ManifestSender, enclose, to_sign};

const LIMITS: BundleLimits =
    BundleLimits { envelope: 1 << 16, sources: 3, files: 6, packed: 1 << 16, total: 1 << 20, ratio: 50 };
const FILES: [(&str, &str, &[u8]); 3] = [
    ("jpcert", "00-jpcert.rdf", "<rdf>注意喚起</rdf>".as_bytes()),
    ("kev", "00-kev.json", b"{\"vulnerabilities\":[]}"),
    ("kev", "d/empty", b""),
];

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn name_of(key: &SigningKey) -> String {
    Hash(key.verifying_key().to_bytes()).to_string()
}

fn file((source, path, bytes): (&str, &str, &[u8])) -> BundleFile {
    BundleFile {
        path: path.to_owned(),
        sha256: Hash::of(bytes),
        size: bytes.len() as u64,
        source: source.to_owned(),
    }
}

fn source(name: &str, left_out: Option<&str>) -> BundleSource {
    let at = "2026-11-25T00:00:00Z".parse().unwrap();
    BundleSource {
        addresses: vec!["https://www.example.jp/a".to_owned()],
        interval_hours: Some(24),
        kind: SourceKind::Kev,
        last_check: Some(LastCheck { at, failure: Some(Failure::Timeout), result: CheckResult::Failed }),
        last_good: Some(at),
        left_out: left_out.map(str::to_owned),
        licence: Some("CC0".to_owned()),
        may_leave_out: left_out.is_some(),
        name: name.to_owned(),
        newest: None,
        records: Some(3),
        stale: true,
        title: "一覧".to_owned(),
    }
}

fn packed(files: &[(&str, &str, &[u8])]) -> (Packed, Vec<u8>) {
    let listed: Vec<BundleFile> = files.iter().map(|one| file(*one)).collect();
    let mut parts = files.iter();
    let mut out = Vec::new();
    let mut part = |_: &BundleFile| Ok(Box::new(parts.next().unwrap().2) as Box<dyn Read>);
    let packed = pack(&listed, &mut part, &mut out).unwrap();
    (packed, out)
}

fn manifest(files: &[(&str, &str, &[u8])]) -> BundleManifest {
    BundleManifest {
        created: "2026-11-26T01:02:03.004Z".parse().unwrap(),
        expires: "2026-12-26T00:00:00Z".parse().unwrap(),
        files: files.iter().map(|one| file(*one)).collect(),
        format: 1,
        packed: packed(files).0,
        previous: None,
        removed: Vec::new(),
        sender: ManifestSender {
            installation: InstallationId(Uuid::from_u128(1)),
            key: name_of(&key(7)),
            party: "情報部".to_owned(),
        },
        sequence: 1,
        since: None,
        sources: vec![source("jpcert", None), source("kev", None), source("epss", Some("terms"))],
        unchanged: Vec::new(),
    }
}

fn later(files: &[(&str, &str, &[u8])]) -> BundleManifest {
    let before = BundleRef { manifest: Hash::of(b"before"), sequence: 1 };
    BundleManifest {
        previous: Some(before),
        since: Some(before),
        sequence: 2,
        removed: vec![RemovedFile { path: "gone.json".to_owned(), source: "kev".to_owned() }],
        unchanged: vec![file(("jpcert", "old.rdf", b"old"))],
        ..manifest(files)
    }
}

fn sealed(manifest: &BundleManifest, stream: &[u8], key: &SigningKey) -> Vec<u8> {
    let (payload, bytes) = to_sign(manifest).unwrap();
    let signature = key.sign(&bytes).to_bytes();
    let envelope = enclose::<BundleManifest>(&payload, &name_of(key), &signature).unwrap();
    let length = u32::try_from(envelope.len()).unwrap().to_be_bytes();
    [BUNDLE_MAGIC.as_slice(), &[0, 1], &length, &envelope, stream].concat()
}

fn bundle(manifest: &BundleManifest, files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    sealed(manifest, &packed(files).1, &key(7))
}

/// Manifest and files, or what is wrong.
fn read(bytes: &[u8]) -> Result<(BundleManifest, Vec<Vec<u8>>), Reason> {
    let refused = |trouble| match trouble {
        Trouble::Refused(reason) => reason,
        Trouble::Io(error) => panic!("{error}"),
    };
    let mut opened = open_bundle(bytes, &LIMITS).map_err(refused)?;
    let mut files = Vec::new();
    loop {
        let mut file = Vec::new();
        match opened.next_file(&mut file).map_err(refused)? {
            Some(listed) => assert_eq!(Hash::of(&file), listed.sha256),
            None => break,
        }
        files.push(file);
    }
    Ok((opened.finish().map_err(refused)?, files))
}

fn code(bytes: &[u8]) -> ReasonCode {
    read(bytes).unwrap_err().code
}

#[test]
fn what_was_packed_is_what_is_read_and_the_same_files_give_the_same_bytes() {
    for manifest in [manifest(&FILES), later(&FILES)] {
        let bytes = bundle(&manifest, &FILES);
        let (read_back, files) = read(&bytes).unwrap();
        assert_eq!(read_back, manifest);
        assert_eq!(files, FILES.map(|(_, _, bytes)| bytes.to_vec()));
        assert_eq!(bytes, bundle(&manifest, &FILES));
        let (payload, _) = to_sign(&manifest).unwrap();
        let mut written = Vec::new();
        let (packed, stream) = packed(&FILES);
        let (_, signed) = to_sign(&manifest).unwrap();
        let signature = key(7).sign(&signed).to_bytes();
        let envelope = enclose::<BundleManifest>(&payload, &name_of(&key(7)), &signature).unwrap();
        write_bundle(&envelope, &packed, &mut stream.as_slice(), &mut written).unwrap();
        assert_eq!(written, bytes);
    }
    let none = manifest(&[]);
    assert_eq!(read(&bundle(&none, &[])).unwrap().1, Vec::<Vec<u8>>::new());
}

#[test]
fn no_bit_of_a_bundle_is_free() {
    let bytes = bundle(&later(&FILES), &FILES);
    let mut codes = BTreeSet::new();
    for place in 0..bytes.len() {
        for flip in [0x01, 0x20, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[place] ^= flip;
            codes.insert(read(&changed).expect_err(&format!("byte {place} is free")).code);
        }
        let mut removed = bytes.clone();
        removed.remove(place);
        assert!(read(&removed).is_err(), "byte {place} can be left out");
        let mut doubled = bytes.clone();
        doubled.insert(place, bytes[place]);
        assert!(read(&doubled).is_err(), "byte {place} can be doubled");
    }
    let expected = [
        ReasonCode::SealedTampered,
        ReasonCode::SealedTruncated,
        ReasonCode::SealedNewerFormat,
        ReasonCode::BundleUnrecognised,
    ];
    expected.into_iter().for_each(|code| assert!(codes.contains(&code), "{code:?}: {codes:?}"));
}

#[test]
fn half_a_bundle_is_told_as_such_at_every_length_and_nothing_may_follow() {
    let bytes = bundle(&manifest(&FILES), &FILES);
    for length in 0..bytes.len() {
        let expected = if length == 0 { ReasonCode::BundleUnrecognised } else { ReasonCode::SealedTruncated };
        assert_eq!(code(&bytes[..length]), expected, "at {length}");
    }
    assert_eq!(code(&[bytes.as_slice(), b"x"].concat()), ReasonCode::SealedTampered);
    assert_eq!(code(b"{}"), ReasonCode::BundleUnrecognised);
}

#[test]
fn what_is_signed_and_packed_otherwise_than_a_program_does_is_refused() {
    let (_, stream) = packed(&FILES);
    let stated = |bytes: &[u8]| BundleManifest {
        packed: Packed { sha256: Hash::of(bytes), size: bytes.len() as u64 },
        ..manifest(&FILES)
    };
    for (what, stream) in [
        ("a second frame", [stream.as_slice(), &stream].concat()),
        ("something behind the frame", [stream.as_slice(), b"x"].concat()),
        ("no frame", b"plain".to_vec()),
        ("one more file", packed(&[FILES[0], FILES[1], ("kev", "x", b"x")]).1),
        ("one file less", packed(&FILES[..1]).1),
    ] {
        assert_eq!(code(&sealed(&stated(&stream), &stream, &key(7))), ReasonCode::SealedTampered, "{what}");
    }
    let other = sealed(&manifest(&FILES), &stream, &key(8));
    assert_eq!(code(&other), ReasonCode::SealedTampered, "another one's signature");
    let newer = BundleManifest { format: 2, ..manifest(&FILES) };
    assert_eq!(code(&bundle(&newer, &FILES)), ReasonCode::SealedNewerFormat);
}

#[test]
fn a_manifest_that_does_not_fit_together_is_refused() {
    let before = |sequence| Some(BundleRef { manifest: Hash::of(b"before"), sequence });
    let whole = || manifest(&FILES);
    let part = || later(&FILES);
    let expired = whole().created;
    let wrong: [(&str, BundleManifest); 9] = [
        ("no number", BundleManifest { sequence: 0, ..whole() }),
        ("the second without the first", BundleManifest { sequence: 2, ..whole() }),
        ("the first with one before it", BundleManifest { previous: before(1), ..whole() }),
        ("a number left out", BundleManifest { sequence: 4, ..part() }),
        ("since itself", BundleManifest { since: before(2), ..part() }),
        ("everything, and more", BundleManifest { since: None, ..part() }),
        ("expired when it was made", BundleManifest { expires: expired, ..whole() }),
        ("files of no source", BundleManifest { sources: vec![source("kev", None)], ..whole() }),
        (
            "files of a source that is left out",
            BundleManifest { sources: vec![source("jpcert", None), source("kev", Some("x"))], ..whole() },
        ),
    ];
    for (what, manifest) in wrong {
        assert_eq!(code(&bundle(&manifest, &FILES)), ReasonCode::SealedTampered, "{what}");
    }
}

#[test]
fn a_genuine_signature_does_not_make_up_for_limits_and_names() {
    let large = vec![b'x'; 1 << 19];
    let files = [("kev", "large", large.as_slice())];
    let bytes = bundle(&manifest(&files), &files);
    assert_eq!(code(&bytes), ReasonCode::SealedOversize, "half a megabyte from {} bytes", bytes.len());
    let mut sum = manifest(&[]);
    sum.files = vec![file(("kev", "a", b"")), file(("kev", "b", b""))];
    sum.files.iter_mut().for_each(|file| file.size = 1 << 52);
    assert_eq!(code(&bundle(&sum, &[])), ReasonCode::SealedOversize, "before anything is read");
    let names: Vec<String> = (0..7).map(|number| number.to_string()).collect();
    let many: Vec<(&str, &str, &[u8])> =
        names.iter().map(|name| ("kev", name.as_str(), b"x".as_slice())).collect();
    assert_eq!(code(&bundle(&manifest(&many), &many)), ReasonCode::SealedOversize);
    let mut sources = manifest(&FILES);
    sources.sources.push(source("osv", None));
    assert_eq!(code(&bundle(&sources, &FILES)), ReasonCode::SealedOversize);
    for (source, path) in [("kev", "../a"), ("kev", "/a"), ("kev", "a\\b"), ("kev", "NUL"), ("..", "a")] {
        let files = [(source, path, b"x".as_slice())];
        assert_eq!(code(&bundle(&manifest(&files), &files)), ReasonCode::SealedUnsafeName, "{source}/{path}");
    }
    let twice = [("kev", "a", b"x".as_slice()), ("kev", "A", b"x".as_slice())];
    assert_eq!(code(&bundle(&manifest(&twice), &twice)), ReasonCode::SealedUnsafeName);
    let mut both = later(&FILES);
    both.unchanged.push(file(FILES[0]));
    assert_eq!(code(&bundle(&both, &FILES)), ReasonCode::SealedUnsafeName, "brought and unchanged");
}

#[test]
fn a_file_that_changed_while_it_was_packed_is_told() {
    let listed = [file(FILES[1])];
    for bytes in [b"{\"vulnerabilities\":[1]".as_slice(), b"{}", b"{\"vulnerabilities\":[]}\n"] {
        let mut part = |_: &BundleFile| Ok(Box::new(bytes) as Box<dyn Read>);
        assert!(pack(&listed, &mut part, &mut Vec::new()).is_err(), "{}", String::from_utf8_lossy(bytes));
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let begun = [BUNDLE_MAGIC.as_slice(), &[0, 1], &bytes].concat();
        prop_assert!(read(&begun).is_err());
        prop_assert!(read(&bytes).is_err());
    }

    #[test]
    fn any_files_cross(contents in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..2000), 0..6)) {
        let names: Vec<String> = (0..contents.len()).map(|number| format!("f{number}")).collect();
        let files: Vec<(&str, &str, &[u8])> =
            names.iter().zip(&contents).map(|(name, bytes)| ("kev", name.as_str(), bytes.as_slice())).collect();
        let (_, back) = read(&bundle(&manifest(&files), &files)).unwrap();
        prop_assert_eq!(back, contents);
    }
}
