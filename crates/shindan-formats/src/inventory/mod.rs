//! Inventories of every format, recognised from their content.
//!
//! One folder per format, with its samples beside it. To add a format: a folder with a `read` function, a variant of
//! [`InventoryKind`](shindan_domain::inventory::InventoryKind), a line in `recognise`, and samples with what is
//! expected of them.

mod apk_installed;
mod cargo_lock;
pub(crate) mod collector;
mod composer_lock;
pub(crate) mod cyclonedx;
mod defects;
mod device_list;
mod dotnet_deps;
mod dpkg_status;
mod gemfile_lock;
mod go_mod;
mod go_sum;
mod gradle_lockfile;
mod json_entries;
mod lenient;
mod line_numbers;
mod network_device;
mod npm_address;
mod nuget_lock;
mod package_lock;
mod package_url;
mod pipfile_lock;
mod pnpm_lock;
mod poetry_lock;
mod pom_xml;
mod recognise;
mod requirements;
mod rpm_list;
mod spdx;
mod toml_packages;
mod uv_lock;
mod windows_banner;
mod windows_columns;
mod windows_programs;
mod windows_records;
mod windows_systeminfo;
mod windows_updates;
mod yarn_lock;

use std::borrow::Cow;

use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::inventory::Inventory;

use self::collector::Collector;
use self::recognise::Recognised;
use crate::limits::Limits;
use crate::text::{self, Legacy};
use crate::xml;

/// Reads the inventory that `bytes` hold. `path` is used in diagnostics; its file name decides only where the content
/// leaves two possibilities.
///
/// An inventory that could be read in part is `Ok`: what is wrong with the rest stands in its diagnostics, with
/// severity error. An inventory that lists nothing is `Ok` with `inventory-empty`.
///
/// # Errors
/// `file-empty`, `file-too-large`, `encoding-invalid`, `line-too-long`, `format-unknown`, `format-unsupported` (known,
/// and not read yet), or what made a recognised format unreadable as a whole. Each has severity error.
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Result<Inventory, Vec<Diagnostic>> {
    read_by(bytes, path, limits, None)
}

/// A piece of work that may be done beside others.
pub type Work<'w> = Box<dyn FnOnce() + Send + 'w>;

/// Makes pieces of work and hands each of them over.
pub type Make<'m, 'w> = dyn FnMut(&mut dyn FnMut(Work<'w>)) + Send + 'm;

/// Calls what makes pieces of work, does each of them, at once or beside the others and the making, the first ones first
/// where it can, and returns when all of it is done.
pub type Beside<'b> = dyn for<'m, 'w> Fn(&mut Make<'m, 'w>) + 'b;

/// As [`read`]; `beside` says how parts of a long file are read. The answer is the same.
///
/// # Errors
/// As [`read`].
pub fn read_beside(
    bytes: &[u8],
    path: &str,
    limits: &Limits,
    beside: &Beside<'_>,
) -> Result<Inventory, Vec<Diagnostic>> {
    read_by(bytes, path, limits, Some(beside))
}

fn read_by(
    bytes: &[u8],
    path: &str,
    limits: &Limits,
    beside: Option<&Beside<'_>>,
) -> Result<Inventory, Vec<Diagnostic>> {
    let refused = |code: Code| Diagnostic::new(code, Place::file(path));
    if bytes.trim_ascii().is_empty() {
        return Err(vec![refused(Code::FileEmpty)]);
    }
    let size = bytes.len() as u64;
    if size > limits.file_size {
        let diagnostic = refused(Code::FileTooLarge).with("size", size).with("limit", limits.file_size);
        return Err(vec![diagnostic]);
    }
    if crate::sheet::workbook_kind(bytes).is_some() {
        return listed(device_list::read_workbook(bytes, Collector::new(path), limits)?, path);
    }
    if let Some(format) = recognise::binary(bytes) {
        return Err(vec![refused(Code::FormatUnsupported).with("format", format).with("version", "")]);
    }
    if recognise::is_binary(bytes) {
        let hint = "binary, or UTF-16 without a byte order mark";
        return Err(vec![refused(Code::FormatUnknown).with("hint", hint)]);
    }
    let text = decode(bytes, path).map_err(|diagnostic| vec![diagnostic])?;
    let text = text.as_ref();
    if text.trim().is_empty() {
        return Err(vec![refused(Code::FileEmpty)]);
    }
    listed(dispatch(text, path, limits, beside)?, path)
}

/// An inventory that lists nothing says so.
fn listed(mut inventory: Inventory, path: &str) -> Result<Inventory, Vec<Diagnostic>> {
    if inventory.components.is_empty() {
        inventory.diagnostics.push(Diagnostic::new(Code::InventoryEmpty, Place::file(path)));
    }
    Ok(inventory)
}

fn decode<'a>(bytes: &'a [u8], path: &str) -> Result<Cow<'a, str>, Diagnostic> {
    // XML declares its encoding.
    if bytes.trim_ascii_start().starts_with(b"<") {
        return xml::decode(bytes, path);
    }
    let legacy = if recognise::may_be_cp932(bytes) { Legacy::Cp932 } else { Legacy::Refused };
    text::decode(bytes, legacy, path).map(|decoded| decoded.text)
}

fn dispatch(
    text: &str,
    path: &str,
    limits: &Limits,
    beside: Option<&Beside<'_>>,
) -> Result<Inventory, Vec<Diagnostic>> {
    let found = Collector::new(path);
    let recognised = recognise::text(text, path, limits).map_err(|diagnostic| vec![*diagnostic])?;
    if recognised.is_line_oriented()
        && let Some(line) = longer_than(text, limits.line)
    {
        return Err(vec![found.at_line(Code::LineTooLong, line).with("limit", limits.line)]);
    }
    match recognised {
        Recognised::Cyclonedx => cyclonedx::read(text, found, limits, beside),
        Recognised::SpdxJson => spdx::read_json(text, found, limits),
        Recognised::Spdx3Json => spdx::read_version_3(text, found, limits),
        Recognised::SpdxTagValue => Ok(spdx::read_tag_value(text, found)),
        Recognised::CargoLock => cargo_lock::read(text, found),
        Recognised::PackageLock => package_lock::read(text, found, limits),
        Recognised::YarnClassic => yarn_lock::read_classic(text, found),
        Recognised::YarnBerry => yarn_lock::read_berry(text, found, limits),
        Recognised::PnpmLock => pnpm_lock::read(text, found, limits),
        Recognised::Requirements => requirements::read(text, found, limits),
        Recognised::PoetryLock => poetry_lock::read(text, found),
        Recognised::PipfileLock => pipfile_lock::read(text, found, limits),
        Recognised::UvLock => uv_lock::read(text, found),
        Recognised::GoMod => go_mod::read(text, found),
        Recognised::GoSum => go_sum::read(text, found),
        Recognised::GemfileLock => gemfile_lock::read(text, found),
        Recognised::ComposerLock => composer_lock::read(text, found, limits),
        Recognised::PomXml => pom_xml::read(text, found, limits),
        Recognised::GradleLockfile => gradle_lockfile::read(text, found),
        Recognised::NugetLock => nuget_lock::read(text, found, limits),
        Recognised::DotnetDeps => dotnet_deps::read(text, found, limits),
        Recognised::DeviceList(shape) => device_list::read(text, shape, found),
        Recognised::DpkgStatus => Ok(dpkg_status::read(text, found)),
        Recognised::RpmList => Ok(rpm_list::read(text, found)),
        Recognised::ApkInstalled => Ok(apk_installed::read(text, found)),
        Recognised::NetworkDevice => Ok(network_device::read(text, found)),
        Recognised::WindowsSystemInfo(shape) => windows_systeminfo::read(text, shape, found, limits),
        Recognised::WindowsUpdates(shape) => windows_updates::read(text, shape, found, limits),
        Recognised::WindowsPrograms(shape) => windows_programs::read(text, shape, found, limits),
        Recognised::Unsupported { format, version } => {
            let diagnostic = Diagnostic::new(Code::FormatUnsupported, found.place());
            Err(vec![diagnostic.with("format", format).with("version", version)])
        }
        Recognised::Unknown { hint } => {
            Err(vec![Diagnostic::new(Code::FormatUnknown, found.place()).with("hint", hint)])
        }
    }
}

/// Number of the first line (from 1) with more than `limit` bytes.
fn longer_than(text: &str, limit: usize) -> Option<u64> {
    if text.len() <= limit {
        return None;
    }
    let mut start = 0;
    for (line, end) in (1..).zip(memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()])) {
        if end - start > limit {
            return Some(line);
        }
        start = end + 1;
    }
    None
}
