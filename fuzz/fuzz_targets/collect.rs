//! Answers of sources: no reader panics, whatever comes, and none takes an address that leads elsewhere.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_formats::collect::csaf_provider::{self, Distribution};
use shindan_formats::collect::{
    Emptiness, checksums, cve_delta, eol_list, feed, mail, myjvn_list, nvd_page, osv_changes,
};
use shindan_formats::limits::Limits;

/// Small enough that a refusal because of a limit is found, too.
const LIMITS: Limits =
    Limits { file_size: 1 << 20, depth: 32, line: 1 << 16, entries: 64, inflated: 1 << 20, ratio: 100 };
const HOSTS: [&str; 1] = ["example.org"];

fn stays(url: &str) {
    let path = url.split('?').next().unwrap_or_default();
    assert!(url.to_ascii_lowercase().starts_with("https://example.org"), "{url}");
    assert!(path.split('/').all(|step| step != ".."), "{url}");
}

fuzz_target!(|input: (u8, &[u8])| {
    let (reader, bytes) = input;
    match reader % 14 {
        0 => drop(checksums::read(bytes, "f", &LIMITS)),
        1 => {
            for way in
                csaf_provider::provider(bytes, "f", &HOSTS, &LIMITS).iter().flat_map(|one| &one.distributions)
            {
                match way {
                    Distribution::Directory { url } | Distribution::Rolie { url, .. } => stays(url),
                }
            }
        }
        2 => {
            let feed = csaf_provider::rolie(bytes, "f", &HOSTS, Emptiness::MayBeEmpty, &LIMITS);
            feed.iter().flat_map(|feed| &feed.entries).for_each(|entry| stays(&entry.url));
        }
        3 => {
            let files = csaf_provider::changes(bytes, "f", "https://example.org/csaf", &LIMITS);
            files.iter().flat_map(|files| files.files.keys()).for_each(|url| stays(url));
        }
        4 => {
            let files = csaf_provider::index(bytes, "f", "https://example.org/csaf", &LIMITS);
            files.iter().flat_map(|files| files.files.keys()).for_each(|url| stays(url));
        }
        5 => drop(csaf_provider::tlp(bytes, "f", &LIMITS)),
        6 => drop(cve_delta::read(bytes, "f", &LIMITS)),
        7 => {
            let assets = cve_delta::assets(bytes, "f", &HOSTS, &LIMITS);
            assets.iter().flat_map(|assets| assets.values()).for_each(|url| stays(url));
        }
        8 => drop(eol_list::read(bytes, "f", &LIMITS)),
        9 => drop(feed::read(bytes, "f", Emptiness::MayBeEmpty, &LIMITS)),
        10 => drop(mail::read(bytes, "f", &LIMITS)),
        11 => drop(myjvn_list::alerts(bytes, "f", &LIMITS)),
        12 => {
            if let Ok(page) = nvd_page::read(bytes, "f", &LIMITS) {
                // Who pages does not turn in a circle.
                assert!(page.next().is_none_or(|next| next > page.start));
            }
            if let Ok(page) = myjvn_list::page(bytes, "f", &LIMITS) {
                assert!(page.next().is_none_or(|next| next > page.first));
            }
        }
        _ => drop(osv_changes::read(bytes, "f", &LIMITS)),
    }
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
