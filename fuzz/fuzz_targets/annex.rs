//! Extracted text of the annex.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_formats::limits::Limits;
use shindan_formats::{annex, builtin, catalog};

fuzz_target!(|bytes: &[u8]| {
    let Some(packs) = catalog::read_crosswalk(builtin::PACKS).value else { return };
    if let Ok(found) = annex::read(bytes, "page.txt", &packs, &Limits::DEFAULT) {
        assert!(!found.controls.is_empty() || !found.unknown.is_empty(), "silence");
    }
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
