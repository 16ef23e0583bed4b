//! Inventories of every format. The first byte chooses the file name, which decides where content leaves a choice.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_domain::diagnostic::Severity;
use shindan_domain::same_host;
use shindan_formats::inventory;
use shindan_formats::limits::Limits;

const NAMES: [&str; 5] = ["bom.json", "Cargo.lock", "package-lock.json", "requirements.txt", "devices.csv"];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    match inventory::read(bytes, name, &Limits::DEFAULT) {
        Ok(mut read) => {
            let error = read.diagnostics.iter().any(|d| d.severity() == Severity::Error);
            assert!(!read.components.is_empty() || error, "silence");
            let before = read.components.len();
            same_host::join(&mut [&mut read]);
            assert!(read.components.len() <= before, "made up");
        }
        Err(diagnostics) => assert!(!diagnostics.is_empty(), "no reason"),
    }
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
