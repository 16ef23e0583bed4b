//! A report while it is being filled: entries that cannot be read are told, and the rest is still read.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use shindan_domain::assessment::{Completion, LONGEST_TEXT, LeftOut, ScanFormat, ScanReport, ScanResult};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::value::{Object, Value};
use crate::advisory::markup;
use crate::scan::{MOST_RESULTS, times};
use crate::text::shorten;

/// Most entries that are told as unreadable, one by one: a file of nothing but damage must not fill the memory.
const MOST_UNREADABLE: usize = 10_000;
/// Longest piece of a foreign file that is repeated in a diagnostic, in characters.
const QUOTE: usize = 200;

/// A report while it is being filled.
pub(super) struct Filling<'p> {
    /// The report so far.
    pub(super) report: ScanReport,
    path: &'p str,
    line: Option<u64>,
    unreadable: usize,
    full: bool,
}

impl<'p> Filling<'p> {
    /// An empty report.
    pub(super) fn new(path: &'p str, format: ScanFormat, name: &str, key: &str) -> Self {
        let report = ScanReport::new(format, name, key);
        Filling { report, path, line: None, unreadable: 0, full: false }
    }

    /// The line of the file (from 1) that is read now.
    pub(super) fn at_line(&mut self, line: u64) {
        self.line = Some(line);
    }

    fn place(&self, pointer: &str) -> Place {
        let mut place = Place::file(self.path);
        place.line = self.line;
        if pointer.is_empty() { place } else { place.at_field(pointer) }
    }

    /// An entry cannot be read.
    pub(super) fn unreadable(&mut self, pointer: &str, reason: &str) {
        self.unreadable += 1;
        if self.unreadable > MOST_UNREADABLE {
            self.close(MOST_UNREADABLE);
            return;
        }
        let entry = match (pointer, self.line) {
            ("", Some(line)) => format!("line {line}"),
            ("", None) => "/".to_owned(),
            (pointer, _) => shorten(pointer, QUOTE),
        };
        let diagnostic = Diagnostic::new(Code::ScanEntryUnreadable, self.place(pointer));
        self.report.diagnostics.push(diagnostic.with("entry", entry).with("reason", shorten(reason, QUOTE)));
    }

    fn close(&mut self, limit: usize) {
        if !self.full {
            self.full = true;
            let diagnostic = Diagnostic::new(Code::ScanTooMany, Place::file(self.path));
            self.report.diagnostics.push(diagnostic.with("limit", limit));
        }
    }

    /// Adds a finding, unless there are too many already.
    pub(super) fn push(&mut self, result: ScanResult) {
        if self.report.results.len() >= MOST_RESULTS {
            self.close(MOST_RESULTS);
        } else {
            self.report.results.push(result);
        }
    }

    /// Counts an entry that is no finding.
    pub(super) fn leave_out(&mut self, why: LeftOut) {
        self.report.leave_out(why);
    }

    /// The scan did not come to its end, or left something out.
    pub(super) fn unfinished(&mut self, reason: &str) {
        self.report.completion = Completion::Unfinished;
        let diagnostic = Diagnostic::new(Code::ScanUnfinished, Place::file(self.path));
        let diagnostic = diagnostic.with("reason", shorten(reason, QUOTE));
        if !self.report.diagnostics.contains(&diagnostic) {
            self.report.diagnostics.push(diagnostic);
        }
    }

    /// It was looked at.
    pub(super) fn touched(&mut self, what: &str) {
        let what = what.trim();
        if !what.is_empty() && what.len() <= LONGEST_TEXT {
            self.report.touched.insert(what.to_owned());
        }
    }

    /// Reads a time; one without a zone, and one that is none, is told.
    pub(super) fn time(&mut self, field: &str, text: Option<&str>) -> Option<Timestamp> {
        let text = text?.trim();
        let Some(told) = times::time(text) else {
            let diagnostic = Diagnostic::new(Code::DateInvalid, self.place(field));
            let diagnostic = diagnostic.with("field", field).with("value", shorten(text, QUOTE));
            self.report.diagnostics.push(diagnostic);
            return None;
        };
        if told.without_zone {
            let diagnostic = Diagnostic::new(Code::ScanTimeWithoutZone, self.place(field));
            self.report.diagnostics.push(diagnostic.with("field", field).with("value", shorten(text, QUOTE)));
        }
        Some(told.at)
    }

    /// Reads the entries of a list (or of an object, whose keys are then passed over) one by one. What is absent holds none.
    pub(super) fn each<T: DeserializeOwned>(
        &mut self,
        pointer: &str,
        list: Option<&RawValue>,
        mut take: impl FnMut(&mut Self, T, &str),
    ) {
        self.each_named(pointer, list, |filling, _, entry, at| take(filling, entry, at));
    }

    /// As [`Filling::each`], with the key of each entry (its number in a list).
    pub(super) fn each_named<T: DeserializeOwned>(
        &mut self,
        pointer: &str,
        list: Option<&RawValue>,
        mut take: impl FnMut(&mut Self, &str, T, &str),
    ) {
        let Some(list) = list else { return };
        match serde_json::from_str(list.get()) {
            Ok(Value::List(entries)) => {
                for (number, entry) in entries.into_iter().enumerate() {
                    self.entry(pointer, &number.to_string(), entry, &mut take);
                }
            }
            Ok(Value::Object(Object(entries))) => {
                for (key, entry) in entries {
                    self.entry(pointer, &key, entry, &mut take);
                }
            }
            Ok(Value::Other) if list.get() == "null" => {}
            Ok(Value::Other) => self.unreadable(pointer, "neither a list nor an object"),
            Err(error) => self.unreadable(pointer, &error.to_string()),
        }
    }

    /// Reads the entries of a list to which others refer by number: one that cannot be read leaves an empty one in its place.
    pub(super) fn numbered<T: DeserializeOwned + Default>(
        &mut self,
        pointer: &str,
        list: Option<&RawValue>,
    ) -> Vec<T> {
        let mut all: Vec<T> = Vec::new();
        self.each_named(pointer, list, |_, number, entry, _| {
            let number = number.parse().unwrap_or(all.len());
            if all.len() < number && number < MOST_RESULTS {
                all.resize_with(number, T::default);
            }
            all.push(entry);
        });
        all
    }

    fn entry<T: DeserializeOwned>(
        &mut self,
        pointer: &str,
        key: &str,
        entry: &RawValue,
        take: &mut impl FnMut(&mut Self, &str, T, &str),
    ) {
        if self.full {
            return;
        }
        let at = format!("{pointer}/{key}");
        match serde_json::from_str(entry.get()) {
            Ok(read) => take(self, key, read, &at),
            Err(error) => self.unreadable(&at, &reason(&error)),
        }
    }

    /// Reads an object of the report that is no list; `None` if it is absent, or cannot be read, which is told.
    pub(super) fn one<T: DeserializeOwned>(&mut self, pointer: &str, value: Option<&RawValue>) -> Option<T> {
        match serde_json::from_str(value?.get()) {
            Ok(read) => Some(read),
            Err(error) => {
                self.unreadable(pointer, &reason(&error));
                None
            }
        }
    }

    /// The report, with what is to be told of its tool.
    pub(super) fn finish(mut self) -> ScanReport {
        if self.report.tool.version.is_none() {
            let diagnostic = Diagnostic::new(Code::ScanToolVersionMissing, Place::file(self.path));
            let tool = self.report.tool.name.clone();
            self.report.diagnostics.push(diagnostic.with("tool", tool));
        }
        self.report
    }
}

/// What is wrong, without the place inside the entry: the entry itself is named.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason).to_owned()
}

/// A text of a finding, of bounded length.
pub(super) fn text(text: &str) -> String {
    shorten(text, LONGEST_TEXT)
}

/// A text of a finding that may hold HTML, as plain text.
pub(super) fn plain(html: &str) -> String {
    text(&markup::plain(html))
}

/// The first line of a text, short enough for a title.
pub(super) fn title(text: &str) -> String {
    shorten(text.trim().lines().next().unwrap_or_default(), QUOTE)
}
