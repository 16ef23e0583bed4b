//! Version order of every scheme: total where it is defined, and the same in keys and in comparison.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_domain::version::Scheme;
use shindan_match::version;

fuzz_target!(|input: (u8, &str, &str, &str)| {
    let (number, a, b, c) = input;
    let scheme = Scheme::ALL[usize::from(number) % Scheme::ALL.len()];
    let order = |x: &str, y: &str| version::compare(scheme, x, y).ok();
    let (ab, bc, ac) = (order(a, b), order(b, c), order(a, c));
    assert_eq!(ab, order(b, a).map(std::cmp::Ordering::reverse));
    if ab.is_some() && ab == bc {
        assert_eq!(ac, ab, "not transitive");
    }
    if let (Ok(key_a), Ok(key_b)) = (version::key(scheme, a), version::key(scheme, b)) {
        assert_eq!(Some(key_a.cmp(&key_b)), ab, "keys and comparison differ");
    }
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
