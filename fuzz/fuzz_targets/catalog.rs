//! Data packs: guideline catalogues, decision table, policy, device dictionary.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shindan_formats::{catalog, devices, policy};

fuzz_target!(|bytes: &[u8]| {
    let crosswalk = catalog::read_crosswalk([("pack.toml", bytes)]);
    assert!(crosswalk.value.is_some() || !crosswalk.diagnostics.is_empty(), "silence");
    let table = policy::read_decision_table("table.toml", bytes);
    assert!(table.value.is_some() || !table.diagnostics.is_empty(), "silence");
    let defaults = policy::read_policy("policy.toml", bytes);
    assert!(defaults.value.is_some() || !defaults.diagnostics.is_empty(), "silence");
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = devices::read(text, "devices.toml");
    }
});
