//! Files of several JSON values: one a line, or one after the other. A line that cannot be read is told; the others are read.

use serde_json::value::RawValue;
use shindan_domain::assessment::{ScanFormat, ScanReport};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::recognise::{self, Known};
use super::value::Value;
use super::{document, filling, nuclei};

/// Most lines that are told as unreadable, one by one.
const MOST_UNREADABLE: usize = 10_000;

/// A line that holds something.
struct Line<'a> {
    number: u64,
    value: Result<&'a RawValue, String>,
}

/// Reads a text that is not one JSON value; `why` says where it ceased to be one.
///
/// # Errors
/// `why`, if it is not several values either, and what [`document`] refuses.
pub(super) fn read(text: &str, path: &str, why: Diagnostic) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    if by_line(text) { of_lines(text, path) } else { of_values(text, path, why) }
}

/// Whether a line is a known report, or a part of one, by itself.
fn by_line(text: &str) -> bool {
    text.lines().filter(|line| line.starts_with('{') && line.len() > 2).take(100).any(|line| {
        serde_json::from_str::<Value<'_>>(line).is_ok_and(|value| recognise::known(&value).is_some())
    })
}

fn of_lines(text: &str, path: &str) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    let mut findings: Vec<(u64, Result<&RawValue, String>)> = Vec::new();
    let (mut reports, mut refused) = (Vec::new(), Vec::new());
    for Line { number, value } in lines(text) {
        let Ok(raw) = value else {
            findings.push((number, value));
            continue;
        };
        match serde_json::from_str::<Value<'_>>(raw.get()) {
            Ok(other) => match recognise::known(&other) {
                Some(Known::Scan(ScanFormat::Nuclei)) => findings.push((number, Ok(raw))),
                Some(_) => match document(&other, path) {
                    Ok(more) => reports.extend(more),
                    Err(diagnostics) => refused.extend(diagnostics.into_iter().map(|mut diagnostic| {
                        diagnostic.place.line = Some(number);
                        diagnostic
                    })),
                },
                None => findings.push((number, Err("not a line of a known report".to_owned()))),
            },
            Err(error) => findings.push((number, Err(filling::reason(&error)))),
        }
    }
    if reports.is_empty() {
        reports.push(nuclei::of_lines(findings, path));
    } else if findings.iter().any(|(_, value)| value.is_ok()) {
        reports.insert(0, nuclei::of_lines(findings, path));
    } else {
        refused.extend(
            findings.into_iter().filter_map(|(number, value)| Some(unreadable(path, number, value.err()?))),
        );
    }
    if let Some(first) = reports.first_mut() {
        first.diagnostics.extend(refused.into_iter().take(MOST_UNREADABLE));
    }
    Ok(reports)
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).map(|(number, line)| {
        let value = serde_json::from_str::<&RawValue>(line).map_err(|error| filling::reason(&error));
        Line { number, value }
    })
}

fn unreadable(path: &str, number: u64, reason: String) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::ScanEntryUnreadable, Place::file(path).at_line(number));
    diagnostic.with("entry", format!("line {number}")).with("reason", reason)
}

/// One value after the other. What stands before the damage is read, and the damage is told.
fn of_values(text: &str, path: &str, why: Diagnostic) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    let (mut reports, mut refused) = (Vec::new(), Vec::new());
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value<'_>>();
    while let Some(value) = values.next() {
        match value.map(|value| document(&value, path)) {
            Ok(Ok(more)) => reports.extend(more),
            Ok(Err(diagnostics)) => refused.extend(diagnostics),
            Err(error) => {
                let place = crate::json::place_of(text, values.byte_offset(), path);
                let diagnostic = Diagnostic::new(Code::JsonInvalid, place);
                refused.push(diagnostic.with("reason", filling::reason(&error)));
                break;
            }
        }
        if refused.len() > MOST_UNREADABLE {
            break;
        }
    }
    match reports.first_mut() {
        Some(first) => {
            first.diagnostics.extend(refused);
            Ok(reports)
        }
        None => Err(vec![why]),
    }
}
