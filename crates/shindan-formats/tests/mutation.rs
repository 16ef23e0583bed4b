//! Damaged documents of every format through every entry point of the crate, each document also where it does not
//! belong: cut off, with bytes changed, pieces removed, doubled and exchanged. Nothing may panic, and nothing may come
//! out of it in silence.
//!
//! The corpora are the samples of this repository; the formats' own tests go over genuine documents.

#![allow(clippy::expect_used)] // helpers outside #[test] functions may fail a test, too

use std::io::Write;
use std::path::{Path, PathBuf};

use shindan_domain::diagnostic::Severity;
use shindan_domain::version::Scheme;
use shindan_formats::archive::{self, Archive};
use shindan_formats::collect::{
    Emptiness, checksums, csaf_provider, cve_delta, eol_list, feed, mail, myjvn_list, nvd_page, osv_changes,
};
use shindan_formats::limits::Limits;
use shindan_formats::text::{self, Legacy};
use shindan_formats::{advisory, annex, catalog, devices, inventory, policy, range_text, sighting};

/// Numbers that are the same in every run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).expect("below a usize")
    }
}

/// Every sample document of the repository, smaller than a limit so that the test is quick.
fn corpora() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = [
        "crates/shindan-formats/src",
        "crates/shindan-app/demo",
        "crates/shindan/tests/data",
        "catalog/policy",
        "catalog/devices",
    ];
    let mut paths = Vec::new();
    for folder in folders {
        collect(&root.join(folder), &mut paths);
    }
    paths.sort();
    let documents = paths.into_iter().map(|path| {
        let bytes = std::fs::read(&path).expect("readable");
        (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes)
    });
    documents.filter(|(_, bytes)| bytes.len() < 12_000).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_none_or(|e| e != "rs" && e != "expected" && e != "md") {
            paths.push(path);
        }
    }
}

fn changed(original: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let odd = b"\"\\{}[],:<>&;=|\n\r\0\xff\xef\x80#@!-/";
    let mut bytes = original.to_vec();
    for _ in 0..=numbers.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = numbers.below(bytes.len());
        let end = (at + 1 + numbers.below(60)).min(bytes.len());
        match numbers.below(8) {
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes[at] = odd[numbers.below(odd.len())],
            2 => bytes.insert(at, odd[numbers.below(odd.len())]),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                let target = numbers.below(bytes.len());
                bytes.splice(target..target, piece);
            }
            5 => {
                let other = numbers.below(bytes.len());
                bytes.swap(at, other);
            }
            6 => bytes.truncate(at),
            _ => drop(bytes.splice(at..at, b"[".repeat(numbers.below(300)))),
        }
    }
    bytes
}

/// Through everything that reads bytes. What yields nothing must say why.
fn read_everywhere(bytes: &[u8], name: &str) {
    let limits = Limits::DEFAULT;
    let reading = advisory::read(bytes, name, &limits);
    let something = !reading.advisories.is_empty() || !reading.enrichments.is_empty();
    assert!(something || !reading.diagnostics.is_empty(), "{name}: silence: {}", bytes.escape_ascii());
    match inventory::read(bytes, name, &limits) {
        Ok(read) => {
            let error = read.diagnostics.iter().any(|d| d.severity() == Severity::Error);
            assert!(!read.components.is_empty() || error, "{name}: silence: {}", bytes.escape_ascii());
        }
        Err(diagnostics) => {
            assert!(diagnostics.iter().any(|d| d.severity() == Severity::Error), "{name}: no reason");
        }
    }
    match sighting::read(bytes, name, &limits) {
        Ok(read) => assert!(!read.observed.is_empty(), "{name}: silence: {}", bytes.escape_ascii()),
        Err(diagnostics) => {
            assert!(diagnostics.iter().any(|d| d.severity() == Severity::Error), "{name}: no reason");
        }
    }
    collect_everywhere(bytes, name);
    for legacy in [Legacy::Refused, Legacy::Cp932] {
        let _ = text::decode(bytes, legacy, name);
    }
    if name == "page.txt" {
        let packs = catalog::read_crosswalk(shindan_formats::builtin::PACKS).value.expect("packs");
        if let Ok(found) = annex::read(bytes, name, &packs, &limits) {
            let something = !found.controls.is_empty() || !found.unknown.is_empty();
            assert!(something, "{name}: silence: {}", bytes.escape_ascii());
        }
    }
    if name.ends_with(".toml") {
        let catalog = catalog::read_catalog(name, bytes);
        assert!(catalog.value.is_some() || !catalog.diagnostics.is_empty());
        let table = policy::read_decision_table(name, bytes);
        assert!(table.value.is_some() || !table.diagnostics.is_empty());
        let defaults = policy::read_policy(name, bytes);
        assert!(defaults.value.is_some() || !defaults.diagnostics.is_empty());
        if let Ok(text) = std::str::from_utf8(bytes) {
            let _ = devices::read(text, name);
        }
    }
}

/// Through the readers of what sources answer: what is read is something, and what is nothing is an error.
fn collect_everywhere(bytes: &[u8], name: &str) {
    let (limits, hosts, never) = (Limits::DEFAULT, ["example.org"], Emptiness::NeverEmpty);
    let something = [
        feed::read(bytes, name, never, &limits).map(|read| !read.items.is_empty()),
        mail::read(bytes, name, &limits).map(|read| !read.item.id.is_empty()),
        checksums::read(bytes, name, &limits).map(|read| !read.files.is_empty()),
        csaf_provider::provider(bytes, name, &hosts, &limits).map(|read| !read.distributions.is_empty()),
        csaf_provider::rolie(bytes, name, &hosts, never, &limits).map(|read| !read.entries.is_empty()),
        csaf_provider::changes(bytes, name, "https://example.org/", &limits)
            .map(|read| !read.files.is_empty()),
        csaf_provider::index(bytes, name, "https://example.org/", &limits).map(|read| !read.files.is_empty()),
        osv_changes::read(bytes, name, &limits).map(|read| !read.records.is_empty()),
        cve_delta::read(bytes, name, &limits).map(|read| !read.deltas.is_empty()),
        eol_list::read(bytes, name, &limits).map(|read| !read.is_empty()),
        myjvn_list::alerts(bytes, name, &limits).map(|_| true),
        nvd_page::read(bytes, name, &limits).map(|page| page.next().is_none_or(|next| next > page.start)),
    ];
    for (number, read) in something.into_iter().enumerate() {
        match read {
            Ok(something) => assert!(something, "{name}, reader {number}: silence: {}", bytes.escape_ascii()),
            Err(told) => assert_ne!(told.severity(), Severity::Note, "{name}, reader {number}: {told:?}"),
        }
    }
}

#[test]
fn damaged_documents_never_panic_and_never_vanish() {
    let corpora = corpora();
    assert!(corpora.len() > 60, "{}", corpora.len());
    let mut numbers = Numbers(2026);
    for (name, original) in &corpora {
        read_everywhere(original, name);
        for _ in 0..60 {
            read_everywhere(&changed(original, &mut numbers), name);
        }
    }
}

/// One document spliced into another one.
#[test]
fn mixed_documents_never_panic_and_never_vanish() {
    let corpora = corpora();
    let mut numbers = Numbers(4);
    for _ in 0..1_500 {
        let (name, first) = &corpora[numbers.below(corpora.len())];
        let (_, second) = &corpora[numbers.below(corpora.len())];
        let (cut, from) = (numbers.below(first.len()), numbers.below(second.len()));
        read_everywhere(&[&first[..cut], &second[from..]].concat(), name);
    }
}

/// The guideline catalogues are large; a few changes of each.
#[test]
fn damaged_catalogues_are_read_or_explained() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog");
    let mut numbers = Numbers(9);
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        seen += 1;
        let original = std::fs::read(&path).expect("readable");
        assert!(catalog::read_catalog("x.toml", &original).value.is_some());
        for _ in 0..150 {
            let bytes = changed(&original, &mut numbers);
            let reading = catalog::read_crosswalk([("x.toml", bytes.as_slice())]);
            assert!(reading.value.is_some() || !reading.diagnostics.is_empty());
        }
    }
    assert!(seen > 0);
}

#[test]
fn damaged_archives_never_panic() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (number, method) in
        [zip::CompressionMethod::Deflated, zip::CompressionMethod::Stored].into_iter().enumerate()
    {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(format!("文書/{number}.json"), options).expect("entry");
        writer.write_all(&b"{\"id\":\"GHSA\"}".repeat(50)).expect("content");
    }
    let good = writer.finish().expect("archive").into_inner();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&b"cve,epss\n".repeat(50)).expect("content");
    let stream = encoder.finish().expect("stream");
    let limits = Limits { file_size: 1 << 20, inflated: 1 << 22, entries: 1000, ..Limits::DEFAULT };
    let mut numbers = Numbers(11);
    for _ in 0..20_000 {
        let bytes = changed(&good, &mut numbers);
        if let Ok(archive) = Archive::open(&bytes, "a.zip", &limits) {
            for index in 0..archive.len() {
                if let Ok(entry) = archive.entry(index) {
                    assert!(entry.bytes.len() as u64 <= limits.file_size);
                    assert!(!entry.name.split('/').any(|part| part == ".."), "{}", entry.name);
                }
            }
        }
        let bytes = changed(&stream, &mut numbers);
        let _ = archive::gunzip(&bytes, "a.gz", &limits);
        let _ = archive::packed_kind(&bytes);
    }
}

#[test]
fn damaged_version_texts_are_parsed_or_undetermined() {
    let phrases = [
        "7.3.7 より前のバージョン",
        "2.13.0 から 2.15.0 より前",
        "1.05およびそれ以前",
        "1.5.62 未満",
        "v6 R4 およびそれ以前",
        "Ver.1.4.2より前のバージョン（CVE-2025-0354、CVE-2025-0355）",
        "すべてのバージョン",
        "バージョン 1.0 から 1.5 まで、2.0 以上 2.3 未満",
        "All versions prior to 3.2.1 and 4.x before 4.0.5",
        ">= 4.4 | <= 4.12",
        "versions 1.2 through 1.8",
        "vers:all/<V3.0.3",
    ];
    let mut numbers = Numbers(13);
    let mut texts: Vec<String> = phrases.iter().map(|p| (*p).to_owned()).collect();
    for _ in 0..1_200 {
        for phrase in phrases {
            let other = phrases[numbers.below(phrases.len())];
            let chars: Vec<char> = phrase.chars().chain(other.chars()).collect();
            let from = numbers.below(chars.len());
            let to = (from + 1 + numbers.below(chars.len())).min(chars.len());
            texts.push(chars[from..to].iter().collect());
        }
        let bytes = changed(phrases[numbers.below(phrases.len())].as_bytes(), &mut numbers);
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    for (number, text) in texts.iter().enumerate() {
        let _ = range_text::parse(text, Scheme::ALL[number % Scheme::ALL.len()]);
        let _ = range_text::is_japanese(text);
    }
    // Many repetitions must not take more than linear depth or memory.
    for phrase in phrases {
        let _ = range_text::parse(&phrase.repeat(2_000), Scheme::Generic);
    }
}
