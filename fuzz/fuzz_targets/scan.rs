//! Reports of scanners, of every format.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_domain::diagnostic::Severity;
use shindan_formats::limits::Limits;
use shindan_formats::scan;

fuzz_target!(|bytes: &[u8]| {
    match scan::read(bytes, "scan", None, &Limits::DEFAULT) {
        Ok(reports) => assert!(!reports.is_empty(), "silence"),
        Err(all) => assert!(all.iter().any(|d| d.severity() == Severity::Error), "no reason"),
    }
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
