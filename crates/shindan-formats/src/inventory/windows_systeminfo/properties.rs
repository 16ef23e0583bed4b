//! Properties by name: `Get-ComputerInfo`, `Get-CimInstance Win32_OperatingSystem` (and `wmic os`), the registry key
//! `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion` by `Get-ItemProperty` or `reg query`.

use super::{System, Updates};
use crate::inventory::collector::Collector;
use crate::inventory::windows_records::{self, Form, Names};
use crate::limits::Limits;
use crate::text::shorten;

/// Sets of names of which one shows the format.
const TELLING: [&[&str]; 4] = [
    &["OsName", "OsVersion"],
    &["WindowsProductName", "OsVersion"],
    &["ProductName", "CurrentBuild"],
    &["Caption", "Version", "OSArchitecture"],
];
/// How many lines are looked at for the output of `reg query`.
const LOOKED_AT: usize = 400;

/// How the properties are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::inventory) enum Shape {
    /// Records.
    Records(Form),
    /// `    UBR    REG_DWORD    0x15c8`
    RegistryQuery,
}

/// The shape of a text with properties of a system.
pub(super) fn recognise(text: &str, names: &Names<'_>) -> Option<Shape> {
    let query = text.lines().take(LOOKED_AT).filter_map(queried).any(|(name, _)| name == "CurrentBuild");
    if query {
        return Some(Shape::RegistryQuery);
    }
    TELLING.iter().find_map(|telling| names.form(telling)).map(Shape::Records)
}

/// The shape of JSON with records of these names.
pub(super) fn recognise_names(names: &[String]) -> Option<Shape> {
    let has = |wanted: &&str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    TELLING.iter().any(|wanted| wanted.iter().all(has)).then_some(Shape::Records(Form::Json))
}

/// Reads one system for each record.
pub(super) fn read(text: &str, shape: Shape, limits: &Limits, found: &mut Collector<'_>) -> Vec<System> {
    match shape {
        Shape::Records(form) => {
            let records = windows_records::read(text, form, limits, found);
            records.iter().map(|record| system(record.line.unwrap_or(1), |name| record.get(name))).collect()
        }
        Shape::RegistryQuery => {
            let values: Vec<(&str, &str)> = text.lines().filter_map(queried).collect();
            let get = |name: &str| values.iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
            vec![system(1, get)]
        }
    }
}

/// Name and value of a line that `reg query` prints.
fn queried(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.trim().split_once("    REG_")?;
    let (_, value) = rest.split_once("    ")?;
    (line.starts_with(' ') && !name.contains("    ")).then_some((name.trim(), value.trim()))
}

fn system<'v>(line: u64, get: impl Fn(&str) -> Option<&'v str>) -> System {
    let first = |names: &[&str]| names.iter().find_map(|name| get(name));
    let text = |names: &[&str]| first(names).map(|value| shorten(value, 200));
    System {
        host: text(&["CsDNSHostName", "CsName", "CsCaption", "CSName", "PSComputerName", "__SERVER", "Node"]),
        name: text(&["OsName", "WindowsProductName", "ProductName", "Caption"]),
        version: version(&get),
        configuration: text(&["CsDomainRole"]).or_else(|| text(&["InstallationType"])),
        maker: text(&["CsManufacturer"]),
        model: text(&["CsModel"]),
        architecture: text(&["OsArchitecture", "CsSystemType"]),
        updates: get("OsHotFixes").map_or(Updates::Elsewhere, updates),
        ..System::at(line)
    }
}

/// The version with its revision, where the properties tell it.
fn version<'v>(get: &impl Fn(&str) -> Option<&'v str>) -> Option<String> {
    let number = |name: &str| get(name).and_then(integer);
    let told = get("OsVersion").or_else(|| get("Version")).map(str::to_owned);
    let registry = || {
        let build = number("CurrentBuild").or_else(|| number("CurrentBuildNumber"))?;
        // The registry of Windows 10 and later calls itself 6.3 for the sake of old programs.
        Some(match (number("CurrentMajorVersionNumber"), number("CurrentMinorVersionNumber")) {
            (Some(major), Some(minor)) => format!("{major}.{minor}.{build}"),
            _ if build >= 10_240 => format!("10.0.{build}"),
            _ => format!("{}.{build}", get("CurrentVersion")?),
        })
    };
    let version = told.or_else(registry)?;
    let revision = number("WindowsUBR").or_else(|| number("UBR"));
    Some(match revision.filter(|_| version.split('.').count() == 3) {
        Some(revision) => format!("{version}.{revision}"),
        None => version,
    })
}

/// `5576`, `0x15c8`
fn integer(text: &str) -> Option<u32> {
    match text.trim().strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.trim().parse().ok(),
    }
}

/// `{KB5034624, KB5005112}`; PowerShell shows four of them, and `...` for the others.
fn updates(value: &str) -> Updates {
    let list = value.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let entries: Vec<String> = list
        .unwrap_or_default()
        .split(',')
        .map(|entry| shorten(entry, 80))
        .filter(|entry| !entry.is_empty())
        .collect();
    if list.is_none() || entries.iter().any(|entry| entry.ends_with("...") || entry.ends_with('…')) {
        return Updates::Unknown;
    }
    Updates::List { stated: Some(entries.len()), entries, at_end: false }
}
