//! What the tools of Windows print.

use super::Recognised;
use crate::inventory::{windows_programs, windows_records, windows_systeminfo, windows_updates};

/// What a text is. `head` is its beginning.
pub(super) fn text(text: &str, head: &str) -> Option<Recognised> {
    match windows_programs::recognise_export(text) {
        Some(windows_programs::Export::Programs) => {
            return Some(Recognised::WindowsPrograms(windows_programs::Shape::Registry));
        }
        Some(windows_programs::Export::Other) => return Some(Recognised::unsupported("registry export")),
        None => {}
    }
    let names = windows_records::Names::of(head);
    if let Some(shape) = windows_systeminfo::recognise(head, &names) {
        return Some(Recognised::WindowsSystemInfo(shape));
    }
    if let Some(shape) = windows_updates::recognise(head, &names) {
        return Some(Recognised::WindowsUpdates(shape));
    }
    windows_programs::recognise(head, &names).map(Recognised::WindowsPrograms)
}

/// What ConvertTo-Json makes of objects with these properties.
pub(super) fn json(names: &[String]) -> Option<Recognised> {
    let form = windows_records::Form::Json;
    if windows_updates::is_named(names) {
        return Some(Recognised::WindowsUpdates(windows_updates::Shape::Records(form)));
    }
    if windows_programs::is_named(names) {
        return Some(Recognised::WindowsPrograms(windows_programs::Shape::Records(form)));
    }
    windows_systeminfo::recognise_names(names).map(Recognised::WindowsSystemInfo)
}
