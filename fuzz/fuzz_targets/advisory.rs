//! Advisories of every format, recognised from content. What yields nothing must say why.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_formats::advisory;
use shindan_formats::limits::Limits;

fuzz_target!(|bytes: &[u8]| {
    let reading = advisory::read(bytes, "document", &Limits::DEFAULT);
    let something = !reading.advisories.is_empty() || !reading.enrichments.is_empty();
    assert!(something || !reading.diagnostics.is_empty(), "silence");
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
