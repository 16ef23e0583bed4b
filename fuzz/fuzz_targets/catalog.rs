//! Data packs: guideline catalogues, decision table, policy, device dictionary, duties; and agreements that another installation
//! wrote.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_formats::{agreement_file, catalog, devices, duties, policy};

fuzz_target!(|bytes: &[u8]| {
    let crosswalk = catalog::read_crosswalk([("pack.toml", bytes)]);
    assert!(crosswalk.value.is_some() || !crosswalk.diagnostics.is_empty(), "silence");
    let table = policy::read_decision_table("table.toml", bytes);
    assert!(table.value.is_some() || !table.diagnostics.is_empty(), "silence");
    let defaults = policy::read_policy("policy.toml", bytes);
    assert!(defaults.value.is_some() || !defaults.diagnostics.is_empty(), "silence");
    let pack = duties::read_duties("duties.toml", bytes);
    assert!(pack.value.is_some() || !pack.diagnostics.is_empty(), "silence");
    // A file or a refusal: both are answers, and what it may not do is panic.
    let _ = agreement_file::read(bytes, "agreement.json");
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = devices::read(text, "devices.toml");
    }
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
