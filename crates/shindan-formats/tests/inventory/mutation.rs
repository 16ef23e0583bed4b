//! Damaged documents: cut off, with bytes changed, with pieces repeated. Nothing may panic, and what was cut off must
//! be noticed. Runs on the stable compiler; `cargo fuzz` goes further by hand.

use shindan_domain::diagnostic::Code;
use shindan_domain::inventory::InventoryKind;

use crate::samples::samples;
use crate::{codes, has_error, read};

/// A generator of numbers that are the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).expect("below a usize")
    }
}

/// JSON or XML that ends too early is always an error, wherever it is cut.
#[test]
fn truncated_documents_are_always_an_error() {
    let mut cuts = 0;
    for path in samples() {
        let bytes = std::fs::read(&path).expect("sample");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let outcome = read(&bytes, &name);
        // Cut behind its first value, this sample is whole.
        if codes(&outcome).contains(&Code::JsonTrailingContent) {
            continue;
        }
        let Ok(whole) = outcome.map(|inventory| inventory.kind) else { continue };
        let last = match whole {
            InventoryKind::CyclonedxJson
            | InventoryKind::PackageLock
            | InventoryKind::PipfileLock
            | InventoryKind::ComposerLock
            | InventoryKind::NugetLock
            | InventoryKind::DotnetDeps
            | InventoryKind::SpdxJson
            | InventoryKind::Spdx3Json => b'}',
            InventoryKind::CyclonedxXml => b'>',
            _ => continue,
        };
        let Some(end) = bytes.iter().rposition(|byte| *byte == last) else { continue };
        for cut in 0..end {
            cuts += 1;
            let outcome = read(&bytes[..cut], &name);
            assert!(has_error(&outcome), "{name} cut at {cut} is taken for whole");
        }
    }
    eprintln!("{cuts} cuts");
    assert!(cuts > 5_000, "{cuts}");
}

/// A list of updates that is cut off must not be taken for a whole one: it is not used, or it is all there. Lists that
/// end as they go on (a table, rows of CSV) can be cut between two lines without a sign of it.
#[test]
fn cut_lists_of_updates_are_not_used() {
    let mut cuts = 0;
    for path in samples() {
        let folder = path.parent().and_then(|samples| samples.parent()).and_then(|p| p.file_name());
        if !folder.is_some_and(|name| name == "windows_systeminfo" || name == "windows_updates") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("sample");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(whole) = read(&bytes, &name) else { continue };
        let wide = bytes.starts_with(&[0xFF, 0xFE]);
        // An odd step meets every position inside a character.
        for cut in (0..bytes.len()).step_by(3) {
            let Ok(part) = read(&bytes[..cut], &name) else { continue };
            let part_text = &bytes[..cut];
            let between_lines = [&b"\n"[..], b"\r"].iter().any(|end| part_text.ends_with(end))
                || (wide && [&b"\n\0"[..], b"\r\0"].iter().any(|end| part_text.ends_with(end)));
            let counted = whole.kind == InventoryKind::WindowsSystemInfo;
            if (between_lines && !counted) || has_error(&Ok(part.clone())) {
                continue;
            }
            cuts += 1;
            for (own, told) in part.components.iter().zip(&whole.components) {
                let used = own.updates.as_ref().is_some_and(|updates| Some(updates) != told.updates.as_ref());
                assert!(!used, "{name} cut at {cut}: {:?}", own.updates);
            }
        }
    }
    eprintln!("{cuts} cuts");
    assert!(cuts > 900, "{cuts}");
}

/// How often a sample is cut or changed. Longer ones are read more slowly, and repeat themselves more.
fn rounds(length: usize, most: usize) -> usize {
    most.min(400_000 / length.max(1)).max(40)
}

/// Every sample, cut at every byte; longer ones at as many bytes as time allows.
#[test]
fn truncated_samples_never_panic() {
    for path in samples() {
        let bytes = std::fs::read(&path).expect("sample");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let step = bytes.len().div_ceil(rounds(bytes.len(), 600)).max(1);
        for cut in (0..bytes.len()).step_by(step) {
            let _ = read(&bytes[..cut], &name);
            let _ = read(&bytes[cut..], &name);
        }
    }
}

/// Every sample, with bytes changed, pieces removed, repeated and exchanged.
#[test]
fn changed_samples_never_panic() {
    let mut numbers = Numbers(2026);
    let odd = b"\"\\{}[],:\n\r\0\xff\xef\x80#@=-";
    for path in samples() {
        let original = std::fs::read(&path).expect("sample");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for _ in 0..rounds(original.len(), 300) {
            let mut bytes = original.clone();
            for _ in 0..=numbers.below(4) {
                change(&mut bytes, &mut numbers, odd);
            }
            let _ = read(&bytes, &name);
        }
    }
}

fn change(bytes: &mut Vec<u8>, numbers: &mut Numbers, odd: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    let at = numbers.below(bytes.len());
    match numbers.below(5) {
        0 => bytes[at] ^= 1 << numbers.below(8),
        1 => bytes[at] = odd[numbers.below(odd.len())],
        2 => bytes.insert(at, odd[numbers.below(odd.len())]),
        3 => {
            let end = (at + numbers.below(40)).min(bytes.len());
            bytes.drain(at..end);
        }
        _ => {
            let end = (at + numbers.below(40)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let target = numbers.below(bytes.len());
            bytes.splice(target..target, piece);
        }
    }
}

/// Genuine documents, cut at about a hundred places each.
#[test]
fn truncated_genuine_documents() {
    let Some(folder) = shindan_testdata::path("sbom/cyclonedx-spec") else { return };
    let mut cuts = 0;
    for version in ["1.3", "1.4", "1.5", "1.6", "1.7"] {
        for entry in std::fs::read_dir(folder.join(version)).expect("folder") {
            let path = entry.expect("entry").path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let bytes = std::fs::read(&path).expect("readable");
            let Some(end) = bytes.iter().rposition(|byte| *byte == b'}') else { continue };
            for cut in (0..end).step_by((end / 97).max(1)) {
                cuts += 1;
                assert!(has_error(&read(&bytes[..cut], "x")), "{} cut at {cut}", path.display());
            }
        }
    }
    eprintln!("{cuts} cuts");
}
