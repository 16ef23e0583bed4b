//! CVSS vectors of every version.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shindan_domain::cvss;

fuzz_target!(|text: &str| {
    if let Ok(scores) = cvss::score(text) {
        assert!(scores.score_x10 <= 100);
        assert!(cvss::vector_points(text).is_ok());
    }
});
