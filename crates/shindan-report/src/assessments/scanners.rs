//! Scanners that are known, and those that are installed.

use std::io::Write;

use serde::Serialize;
use serde_json::{Error, json};

use crate::json::write_line;
use crate::table::Style;
use crate::table::layout::{self, plain, put};
use crate::words::Words;

/// One scanner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScannerLine {
    /// Its key: `nmap`.
    pub key: String,
    /// As people call it.
    pub name: String,
    /// What it takes: `host`, `url`, `folder`, `this-computer`.
    pub target: &'static str,
    /// Where it is installed; `None`: it is not.
    pub path: Option<String>,
    /// Its version, if it tells.
    pub version: Option<String>,
}

/// The scanners for the terminal.
pub fn scanners(lines: &[ScannerLine], words: &Words, style: &Style) -> String {
    let keys = ["assess-col-scanner", "assess-col-takes", "assess-col-installed"];
    let head: Vec<String> = keys.iter().map(|key| words.t(key)).collect();
    let mut table = layout::table(&head, style);
    for one in lines {
        let installed = match (&one.path, &one.version) {
            (None, _) => words.t("assess-not-installed"),
            (Some(path), None) => path.clone(),
            (Some(path), Some(version)) => format!("{version}\n{path}"),
        };
        let takes = words.t(&format!("assess-takes-{}", one.target));
        table.add_row(vec![plain(format!("{}\n{}", one.key, one.name)), plain(takes), plain(installed)]);
    }
    let mut out = String::new();
    put(&mut out, &table);
    out
}

/// The scanners as JSON.
///
/// # Errors
/// Those of writing.
pub fn write_scanners(out: &mut dyn Write, lines: &[ScannerLine]) -> Result<(), Error> {
    write_line(out, &json!({ "schema": "shindan.scanners-installed/1", "scanners": lines }))
}
