//! Recognition and reading of whole documents, damaged ones included, and the genuine data.

use std::collections::BTreeMap;

use super::*;
use crate::archive::Archive;
use shindan_domain::diagnostic::Severity;
use shindan_domain::version::VersionClaim;

fn code_of(bytes: &[u8]) -> String {
    let reading = read(bytes, "doc", &Limits::DEFAULT);
    match reading.diagnostics.first() {
        Some(diagnostic) => diagnostic.code.to_string(),
        None => reading.format.map_or("nothing", AdvisoryFormat::as_str).to_owned(),
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(content).expect("content");
    writer.finish().expect("stream")
}

const OSV: &str = r#"{"schema_version":"1.6.0","id":"GHSA-aaaa-bbbb-cccc","modified":"2024-05-01T00:00:00Z",
 "aliases":["CVE-2024-1000"],"affected":[{"package":{"ecosystem":"npm","name":"p"},
 "ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.2.3"}]}]}]}"#;
const CVE: &str = r#"{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2024-1000"},
 "containers":{"cna":{"affected":[{"vendor":"V","product":"P","defaultStatus":"unaffected",
 "versions":[{"version":"1.0","lessThan":"2.0","versionType":"custom","status":"affected"}]}]}}}"#;
const KEV: &str = r#"{"catalogVersion":"1","count":1,"vulnerabilities":[
 {"cveID":"CVE-2024-1000","dateAdded":"2024-01-01"}]}"#;
const EPSS: &str =
    "#model_version:v1,score_date:2023-03-07T00:00:00+0000\ncve,epss,percentile\nCVE-2024-1000,5e-05,0.1\n";

#[test]
fn bad_files_have_their_own_codes() {
    let check = |bytes: &[u8], code: &str| assert_eq!(code_of(bytes), code, "{}", bytes.escape_ascii());
    check(b"", "file-empty");
    check(b" \r\n", "file-empty");
    check(b"hello", "format-unknown");
    check(b"{\"a\":1}", "format-unknown");
    check(b"{\"a\":1", "json-invalid");
    check(b"{\"a\":1}{\"a\":1}", "json-trailing-content");
    check(b"[[[[[[", "json-invalid");
    check(b"{\"a\":\"\xFF\"}", "encoding-invalid");
    check(b"PK\x03\x04....", "format-unsupported");
    check(&gzip(b"PK\x03\x04...."), "archive-nested");
    check(&gzip(OSV.as_bytes())[..40], "archive-invalid");
    check(format!("{OSV}\n{OSV}").as_bytes(), "json-trailing-content");
    check(&OSV.replace("GHSA", "GH\\q").into_bytes(), "json-invalid");
    check(&[OSV.as_bytes(), b"\xFF"].concat(), "encoding-invalid");
    check(b"<cvrfdoc xmlns=\"http://www.icasi.org/CVRF/schema/cvrf/1.1\">", "xml-invalid");
    check(b"<cvrfdoc xmlns=\"http://example.com/\">", "format-unsupported");
    check(b"MSCF\0\0\0\0....", "format-unsupported");
    check(b"MSCF\0\0\0\0....package.cab\0", "update-catalogue-refused");
    let small = Limits { file_size: 10, ..Limits::DEFAULT };
    assert_eq!(read(OSV.as_bytes(), "doc", &small).diagnostics[0].code, Code::FileTooLarge);
}

#[test]
fn documents_are_read_in_every_wrapping() {
    let utf16: Vec<u8> =
        [0xFEFF_u16].into_iter().chain(OSV.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [
        OSV.as_bytes().to_vec(),
        [b"\xEF\xBB\xBF", OSV.as_bytes()].concat(),
        utf16,
        gzip(OSV.as_bytes()),
        format!("[{OSV}]").into_bytes(),
    ] {
        let reading = read(&bytes, "any-name.txt", &Limits::DEFAULT);
        assert_eq!(reading.format, Some(AdvisoryFormat::Osv));
        assert_eq!((reading.advisories.len(), reading.diagnostics.len()), (1, 0));
    }
    let reading = read(&gzip(EPSS.as_bytes()), "e", &Limits::DEFAULT);
    assert_eq!((reading.format, reading.enrichments.len()), (Some(AdvisoryFormat::Epss), 1));
}

/// A document that is cut off must never look like a complete one.
fn check_cut_off(document: &str) {
    for length in 0..document.trim_end().len() {
        let Some(part) = document.get(..length) else { continue };
        let reading = read(part.as_bytes(), "doc", &Limits::DEFAULT);
        let error = reading.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
        assert!(error && reading.advisories.is_empty() && reading.enrichments.is_empty(), "{part}");
    }
}

#[test]
fn cut_off_json_is_never_read_as_whole() {
    for document in [OSV, CVE, KEV] {
        assert!(read(document.as_bytes(), "doc", &Limits::DEFAULT).rejected == 0);
        check_cut_off(document);
    }
}

/// A small generator of the same sequence in every run (xorshift).
struct Sequence(u64);

impl Sequence {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap_or_default()
    }
}

/// Flips, removes, repeats and inserts; the result must be read without panic, and say so if nothing came out.
fn mutate(document: &[u8], sequence: &mut Sequence) -> Vec<u8> {
    let mut bytes = document.to_vec();
    for _ in 0..=sequence.next(3) {
        let at = sequence.next(bytes.len());
        let end = (at + 1 + sequence.next(40)).min(bytes.len());
        match sequence.next(6) {
            0 => bytes[at] ^= 1 << sequence.next(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            3 => bytes[at] = b"\"{}[],:\\*0-\xFF\n"[sequence.next(13)],
            4 => bytes.truncate(at),
            _ => drop(bytes.splice(at..at, b"[".repeat(sequence.next(300)))),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

fn check_mutations(document: &[u8], rounds: usize, seed: u64) {
    let mut sequence = Sequence(seed);
    for _ in 0..rounds {
        let bytes = mutate(document, &mut sequence);
        let reading = read(&bytes, "doc", &Limits::DEFAULT);
        let something = !reading.advisories.is_empty() || !reading.enrichments.is_empty();
        assert!(something || !reading.diagnostics.is_empty(), "silence: {}", bytes.escape_ascii());
        for advisory in &reading.advisories {
            assert!(!advisory.vulnerabilities.is_empty() && !advisory.id.is_empty());
        }
    }
}

#[test]
fn mutated_fixtures_never_panic_and_never_vanish() {
    for (seed, document) in [(1, OSV), (2, CVE), (3, KEV), (4, EPSS)] {
        check_mutations(document.as_bytes(), 4_000, seed);
    }
    check_mutations(&gzip(EPSS.as_bytes()), 1_000, 5);
}

/// Reads every member of an archive of the test data; `None` if the data is absent.
fn members(relative: &str, each: impl FnMut(&str, &[u8], Reading)) -> Option<usize> {
    sample(relative, 1, each)
}

/// As [`members`], but only one in `step`.
fn sample(relative: &str, step: usize, mut each: impl FnMut(&str, &[u8], Reading)) -> Option<usize> {
    let path = shindan_testdata::path(relative)?;
    let bytes = std::fs::read(&path).expect("readable");
    let archive = Archive::open(&bytes, relative, &Limits::DEFAULT).expect("opens");
    assert!(archive.diagnostics().is_empty());
    for index in (0..archive.len()).step_by(step) {
        let entry = archive.entry(index).expect("inflates");
        let reading = read(&entry.bytes, &entry.name, &Limits::DEFAULT);
        each(&entry.name, &entry.bytes, reading);
    }
    Some(archive.len())
}

/// How many statements have claims of which kind.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    advisories: usize,
    statements: usize,
    claims: BTreeMap<String, usize>,
    diagnostics: BTreeMap<String, usize>,
}

impl Counts {
    fn add(&mut self, reading: &Reading) {
        for diagnostic in &reading.diagnostics {
            *self.diagnostics.entry(diagnostic.code.to_string()).or_default() += 1;
        }
        for advisory in &reading.advisories {
            self.advisories += 1;
            self.statements += advisory.affected.len();
            for affected in &advisory.affected {
                let kind = match &affected.versions {
                    VersionClaim::All => "all".to_owned(),
                    VersionClaim::Ranged { .. } => "ranged".to_owned(),
                    VersionClaim::Undetermined { code, .. } => code.to_string(),
                };
                *self.claims.entry(format!("{} {kind}", affected.status.as_str())).or_default() += 1;
            }
        }
    }

    fn claim(&self, kind: &str) -> usize {
        self.claims.get(kind).copied().unwrap_or_default()
    }
}

#[test]
fn genuine_osv_archives_are_read_whole() {
    for (relative, expected, ecosystem) in
        [("osv/crates.io/all.zip", 1_206, "crates.io"), ("osv/PyPI/all.zip", 1_459, "PyPI")]
    {
        let mut counts = Counts::default();
        let found = members(relative, |name, _, reading| {
            assert_eq!((reading.format, reading.rejected), (Some(AdvisoryFormat::Osv), 0), "{name}");
            for affected in reading.advisories.iter().flat_map(|advisory| &advisory.affected) {
                assert_eq!(affected.product.ecosystem.as_deref(), Some(ecosystem), "{name}");
            }
            counts.add(&reading);
        });
        let Some(found) = found else { return };
        eprintln!("{relative}: {counts:?}");
        assert_eq!((found, counts.advisories), (expected, expected));
        // One PyPI record names a package and no version at all.
        let silent = if ecosystem == "PyPI" { 1 } else { 0 };
        assert_eq!(counts.claim("affected ranged"), counts.statements - silent);
    }
}

#[test]
fn genuine_bundles_link_and_never_fuse() {
    let mut bundles = 0;
    let mut informational = 0;
    let found = members("osv/crates.io/all.zip", |_, _, reading| {
        for advisory in &reading.advisories {
            let several = advisory.vulnerabilities.len() > 1;
            bundles += usize::from(several);
            for vulnerability in &advisory.vulnerabilities {
                assert!(!several || vulnerability.aliases.is_empty(), "{}", advisory.id);
                assert!(!vulnerability.aliases.iter().any(|alias| alias.starts_with("CVE-")));
            }
            let kind = advisory.vulnerabilities[0].kind;
            informational += usize::from(kind != shindan_domain::identifier::FindingKind::Vulnerability);
        }
    });
    if found.is_some() {
        assert_eq!((bundles, informational), (40, 476));
    }
}

#[test]
fn genuine_debian_notices_are_read() {
    let mut counts = Counts::default();
    let found = members("vendor/debian/osv/all.zip", |_, _, reading| {
        assert!(reading.advisories.iter().all(|advisory| advisory.source == "Debian"));
        assert!(reading.advisories.iter().flat_map(|a| &a.vulnerabilities).all(|v| v.aliases.is_empty()));
        counts.add(&reading);
    });
    if found.is_some() {
        assert_eq!((counts.advisories, counts.claim("affected ranged")), (3, 3), "{counts:?}");
    }
}

#[test]
fn genuine_cve_records_are_read_whole() {
    let mut counts = Counts::default();
    let (mut withdrawn, mut ssvc, mut kev, mut cvss) = (0, 0, 0, 0);
    let found = members("cve5/vulnrichment-half.zip", |name, _, reading| {
        assert_eq!((reading.format, reading.rejected), (Some(AdvisoryFormat::Cve5), 0), "{name}");
        counts.add(&reading);
        kev += reading.enrichments.len();
        for advisory in &reading.advisories {
            withdrawn += usize::from(advisory.withdrawn.is_some());
            ssvc += usize::from(advisory.vulnerabilities[0].ssvc.is_some());
            cvss += advisory.vulnerabilities[0].cvss.len();
        }
    });
    let Some(found) = found else { return };
    eprintln!("cve5: {found} records, {counts:#?}, {cvss} vectors");
    assert_eq!((found, counts.advisories, withdrawn, ssvc, kev), (22_064, 22_064, 56, 22_008, 105));
}

#[test]
fn genuine_records_of_other_generations_are_named() {
    let check = |relative: &str, format: &str| {
        let Some(path) = shindan_testdata::path(relative) else { return };
        let bytes = std::fs::read(&path).expect("readable");
        let reading = read(&bytes, relative, &Limits::DEFAULT);
        assert_eq!(reading.format, None);
        assert_eq!(reading.diagnostics[0].code, Code::FormatUnsupported, "{relative}");
        assert_eq!(reading.diagnostics[0].params["format"], format, "{relative}");
    };
    check("cve5/cve/v4/testdata/fixtures/allitems.xml.gz", "CVE XML");
    check("cve5/cve/cvrf/testdata/fixtures/allitems-cvrf.xml", "CVE XML (CVRF)");
    check("nvd/cpe-api/empty/0-1.json", "NVD API (products)");
    check("jvn/myjvn/examples/hnd/getProductList_hnd.xml", "MyJVN HND Result");
}

#[test]
fn mutated_genuine_records_never_panic_and_never_vanish() {
    for (relative, step) in [("osv/PyPI/all.zip", 50), ("cve5/vulnrichment-half.zip", 400)] {
        let mut seed = 77;
        sample(relative, step, |_, bytes, _| {
            seed += 1;
            check_mutations(bytes, 20, seed);
        });
    }
}

#[test]
fn a_title_without_end_is_cut() {
    let title = "長い".repeat(100_000);
    let record =
        format!(r#"{{"id":"GHSA-1","modified":"2024-01-01T00:00:00Z","summary":"{title}","affected":[]}}"#);
    let reading = read(record.as_bytes(), "long.json", &Limits::DEFAULT);
    let [advisory] = &reading.advisories[..] else { panic!("{:?}", reading.diagnostics) };
    assert!(advisory.title.chars().count() <= 401, "{} characters", advisory.title.chars().count());
    assert!(advisory.title.ends_with('…'));
}
