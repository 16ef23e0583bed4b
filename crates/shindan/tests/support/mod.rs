//! The repository as text, for tests of rules: source files without their tests, and documents.
#![allow(clippy::expect_used, clippy::panic, dead_code)] // helpers of tests; each test file uses some of them

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates that must be pure.
pub const CORE: [&str; 5] =
    ["shindan-domain", "shindan-match", "shindan-formats", "shindan-report", "shindan-exchange"];

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below `folder` with this extension, `target` left out.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("folder is readable") {
            let path = entry.expect("entry is readable").path();
            if path.is_dir() {
                if !path.ends_with("target") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A source file without comments and without tests.
pub struct Source {
    /// Below the workspace.
    pub name: String,
    /// Number (from 1) and text of each line that is code.
    pub lines: Vec<(usize, String)>,
}

impl Source {
    /// `file:line: text` of each line for which `wanted` holds.
    pub fn places(&self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let lines = self.lines.iter().filter(|(_, line)| wanted(line));
        lines.map(|(number, line)| format!("{}:{number}: {}", self.name, line.trim())).collect()
    }
}

/// What ships of a crate: `src` without modules under `#[cfg(test)]`, without test modules at the end of a file, without
/// comments.
pub fn shipped(package: &str) -> Vec<Source> {
    let folder = root().join("crates").join(package).join("src");
    let all = files(&folder, "rs");
    let tests: BTreeSet<PathBuf> = all.iter().flat_map(|file| test_modules(file)).collect();
    let ships = |file: &&PathBuf| !tests.iter().any(|test| file.starts_with(test));
    let sources: Vec<Source> = all.iter().filter(ships).map(|file| source(file)).collect();
    assert!(!sources.is_empty(), "{package} has sources");
    sources
}

fn source(file: &Path) -> Source {
    let text = std::fs::read_to_string(file).expect("source is readable");
    let code = text.find("#[cfg(test)]\nmod tests {").map_or(text.as_str(), |tests| &text[..tests]);
    let lines = code.lines().enumerate().map(|(index, line)| (index + 1, line.to_owned()));
    let name = file.strip_prefix(root()).unwrap_or(file).display().to_string();
    Source { name, lines: lines.filter(|(_, line)| !line.trim_start().starts_with("//")).collect() }
}

/// Files and folders of the modules that `file` declares under `#[cfg(test)]`.
fn test_modules(file: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(file).expect("source is readable");
    let parent = file.parent().expect("a folder");
    let stem = file.file_stem().expect("a name");
    let own =
        if ["mod", "lib", "main"].iter().any(|s| stem == *s) { parent.to_owned() } else { parent.join(stem) };
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            continue;
        }
        let mut next = lines.next().unwrap_or_default().trim();
        if let Some(path) = next.strip_prefix("#[path = \"").and_then(|rest| rest.strip_suffix("\"]")) {
            found.push(parent.join(path));
            next = "";
        }
        let words: Vec<&str> = next.split_whitespace().collect();
        if let Some(place) = words.iter().position(|word| *word == "mod")
            && let Some(name) = words.get(place + 1).and_then(|name| name.strip_suffix(';'))
        {
            found.push(own.join(format!("{name}.rs")));
            found.push(own.join(name));
        }
    }
    found
}

/// The crates of the workspace.
pub fn packages() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("crates")).expect("folder is readable");
    let folders = entries.map(|entry| entry.expect("entry is readable").path()).filter(|path| path.is_dir());
    let mut names: Vec<String> =
        folders.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    names.sort();
    assert!(names.len() >= 7, "the whole workspace was looked at");
    names
}

/// What git knows of, below the workspace; `None` with a line that says why, if this is no checkout.
pub fn committed() -> Option<Vec<String>> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    match listed {
        Ok(listed) if listed.status.success() => {
            let names = String::from_utf8_lossy(&listed.stdout).into_owned();
            Some(names.split('\0').filter(|n| !n.is_empty()).map(str::to_owned).collect())
        }
        Ok(_) => {
            eprintln!("SKIPPED: not a git checkout");
            None
        }
        Err(error) => {
            eprintln!("SKIPPED: git cannot be started: {error}");
            None
        }
    }
}

/// Asserts that nothing was found.
pub fn none(rule: &str, places: &[String]) {
    assert!(places.is_empty(), "{rule}:\n{}", places.join("\n"));
}
