//! CVSS vectors of every version.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_domain::cvss;

fuzz_target!(|text: &str| {
    if let Ok(scores) = cvss::score(text) {
        assert!(scores.score_x10 <= 100);
        assert!(cvss::vector_points(text).is_ok());
    }
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
