//! Zip archives and gzip streams, within limits.
#![cfg_attr(fuzzing, no_main)]

use libfuzzer_sys::fuzz_target;
use shindan_formats::archive::{self, Archive};
use shindan_formats::limits::Limits;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { file_size: 1 << 20, inflated: 4 << 20, entries: 1000, ..Limits::DEFAULT };
    if let Ok(archive) = Archive::open(bytes, "archive.zip", &limits) {
        for index in 0..archive.len() {
            if let Ok(entry) = archive.entry(index) {
                assert!(entry.bytes.len() as u64 <= limits.file_size);
                assert!(!entry.name.starts_with('/') && !entry.name.split('/').any(|part| part == ".."));
            }
        }
    }
    if let Ok(inflated) = archive::gunzip(bytes, "stream.gz", &limits) {
        assert!(inflated.len() as u64 <= limits.file_size);
    }
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
