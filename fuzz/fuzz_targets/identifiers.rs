//! Package URLs, CPE names and vers ranges: what is read can be written and read again.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_domain::cpe::{self, Cpe};
use shindan_domain::identifier;
use shindan_domain::purl::Purl;
use shindan_domain::vers::Vers;

fuzz_target!(|text: &str| {
    if let Ok(purl) = Purl::parse(text) {
        let written = purl.to_string();
        assert_eq!(Purl::parse(&written).map(|p| p.to_string()).as_deref(), Ok(written.as_str()));
        let _ = purl.osv_ecosystem();
        let _ = purl.full_version();
    }
    if let Ok(name) = Cpe::parse(text) {
        assert_eq!(Cpe::parse(&name.to_string()).as_ref(), Ok(&name));
        let _ = Cpe::parse(&name.to_uri());
    }
    let _ = cpe::vendor_product(text);
    if let Ok(vers) = Vers::parse(text) {
        let written = vers.to_string();
        assert_eq!(Vers::parse(&written).map(|v| v.to_string()).as_deref(), Ok(written.as_str()));
        let _ = shindan_match::vers::contains(&vers, "1.5.0");
        let _ = shindan_match::vers::claim(&vers);
        let _ = shindan_match::vers::validate(&vers);
        let _ = shindan_match::vers::sorted(&vers);
    }
    let _ = identifier::family(text);
    let _ = identifier::is_cve(text);
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
