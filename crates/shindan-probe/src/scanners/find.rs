//! Which scanners are installed, and in which version.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::pack::Scanner;
use super::process::{self, Job};
use crate::clock::Clock;

/// A scanner that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its key.
    pub key: String,
    /// Its program.
    pub path: PathBuf,
    /// Its version, if it tells.
    pub version: Option<String>,
}

/// A program tells its version within this time, or it is taken as unknown.
const TIME: Duration = Duration::from_secs(15);

/// Looks for scanners in the folders of a search path (`PATH`). Folders that are not named from the root are passed over: they
/// would depend on where this program was started.
pub fn installed(known: &[Scanner], search: &OsStr, clock: Clock, cancel: &AtomicBool) -> Vec<Found> {
    let folders: Vec<PathBuf> = std::env::split_paths(search).filter(|folder| folder.is_absolute()).collect();
    let mut all = Vec::new();
    for scanner in known {
        let places =
            scanner.executables.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
        if let Some(path) = places.filter_map(|path| process::program(&path)).next() {
            let version = version(scanner, &path, search, clock, cancel);
            all.push(Found { key: scanner.key.clone(), path, version });
        }
    }
    all
}

fn version(
    scanner: &Scanner,
    path: &Path,
    search: &OsStr,
    clock: Clock,
    cancel: &AtomicBool,
) -> Option<String> {
    // Without a folder of its own it could write into the one of whoever started this program: then it is not asked.
    let folder = process::private_folder().ok()?;
    let job = Job {
        program: path,
        arguments: scanner.version.iter().map(Into::into).collect(),
        folder: folder.path(),
        search,
        environment: &[],
        report: None,
        most_bytes: 64 << 10,
        time: TIME,
    };
    let ended = process::run(&job, clock, &mut |_, _| {}, cancel).ok()?;
    let printed = format!("{}\n{}", String::from_utf8_lossy(&ended.printed), ended.complained);
    let told = |after: &str| version_after(&printed, after);
    told(&scanner.version_after).or_else(|| scanner.version_after_too.as_deref().and_then(told))
}

/// The first version that stands behind these words.
fn version_after(printed: &str, after: &str) -> Option<String> {
    let ends = printed.match_indices(after).map(|(at, _)| at + after.len()).take(10_000);
    ends.filter_map(|end| printed.get(end..)).find_map(|rest| {
        let word = rest.trim_start_matches([' ', '\t', 'v']);
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-' | '_');
        let word: String = word.chars().take_while(|c| fits(*c)).take(50).collect();
        (word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.')).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_behind_their_words() {
        for (printed, after, version) in [
            ("Nmap version 7.93 ( https://nmap.org )", "Nmap version ", Some("7.93")),
            ("  Wapiti-3.0.4 (x)\nWapiti 3.0.4\n", "Wapiti ", Some("3.0.4")),
            ("    testssl       3.0.8 from", "testssl ", Some("3.0.8")),
            ("1.50.0\n", "", Some("1.50.0")),
            ("Application: grype\nVersion:    0.74.1\n", "Version: ", Some("0.74.1")),
            ("nothing", "x ", None),
            ("", "", None),
        ] {
            assert_eq!(version_after(printed, after).as_deref(), version, "{printed}");
        }
    }
}
