//! Version text in Japanese and English.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_domain::version::Scheme;
use shindan_formats::range_text;

fuzz_target!(|input: (u8, &str)| {
    let (number, text) = input;
    let scheme = Scheme::ALL[usize::from(number) % Scheme::ALL.len()];
    let _ = range_text::parse(text, scheme);
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
