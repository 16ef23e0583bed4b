//! Damaged samples: cut off at every byte, with bits and bytes changed. Nothing may panic, and what was cut off must be noticed.

use std::path::PathBuf;

use shindan_domain::diagnostic::Severity;

use crate::limits::Limits;
use crate::scan;

fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/scan/json/samples");
    let paths = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<(String, Vec<u8>)> = paths
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    all.sort();
    assert!(all.len() >= 22, "{} samples", all.len());
    all
}

/// Reads damaged bytes; whether they are refused, or an error is told.
fn is_noticed(bytes: &[u8], name: &str) -> bool {
    let is_error = |severity| severity == Severity::Error;
    match scan::read(bytes, name, None, &Limits::DEFAULT) {
        Ok(reports) => {
            assert!(!reports.is_empty(), "{name}: silence");
            reports.iter().flat_map(|one| &one.diagnostics).any(|one| is_error(one.severity()))
        }
        Err(all) => {
            assert!(all.iter().any(|one| is_error(one.severity())), "{name}: no reason");
            true
        }
    }
}

#[test]
fn what_is_cut_off_is_noticed() {
    for (name, bytes) in samples() {
        let end = bytes.iter().rposition(|byte| matches!(byte, b'}' | b']')).expect("JSON");
        for cut in 0..end {
            assert!(is_noticed(&bytes[..cut], &name), "{name} cut at {cut} is taken for whole");
        }
    }
}

#[test]
fn damage_never_panics() {
    // Numbers that are the same in every run.
    let mut state = 7_u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound.max(1)
    };
    let odd = b"\"\\{}[],:-0\n\0\xff\xc3n";
    let (mut noticed, mut rounds) = (0, 0);
    for (name, original) in samples() {
        for _ in 0..300 {
            let mut bytes = original.clone();
            for _ in 0..=below(3) {
                let at = below(bytes.len());
                match below(4) {
                    0 => bytes[at] ^= 1 << below(8),
                    1 => bytes[at] = odd[below(odd.len())],
                    2 => bytes.insert(at, odd[below(odd.len())]),
                    _ => drop(bytes.drain(at..(at + 1 + below(20)).min(bytes.len()))),
                }
            }
            rounds += 1;
            noticed += usize::from(is_noticed(&bytes, &name));
        }
    }
    // Damage inside a text is no damage of the document.
    assert!(noticed * 4 > rounds, "{noticed} of {rounds} noticed");
}
