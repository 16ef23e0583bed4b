//! A report while it is being filled: entries that cannot be read are told, and the rest is still read.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use shindan_domain::assessment::{LeftOut, ScanFormat, ScanReport, ScanResult};
use shindan_domain::diagnostic::Place;

use super::value::{Object, Value};
use crate::scan::MOST_RESULTS;
use crate::scan::collected::{self, Collected};
use crate::text::shorten;

/// Longest title of a finding, in characters.
const TITLE: usize = 200;

/// A report while it is being filled.
pub(super) struct Filling<'p> {
    /// The report so far.
    pub(super) found: Collected,
    path: &'p str,
    line: Option<u64>,
}

impl<'p> Filling<'p> {
    /// An empty report.
    pub(super) fn new(path: &'p str, format: ScanFormat, name: &str, key: &str) -> Self {
        Filling { found: Collected::new(format, name, key, path), path, line: None }
    }

    /// The line of the file (from 1) that is read now.
    pub(super) fn at_line(&mut self, line: u64) {
        self.line = Some(line);
    }

    /// The place of a value in the file.
    pub(super) fn place(&self, pointer: &str) -> Place {
        let mut place = Place::file(self.path);
        place.line = self.line;
        if pointer.is_empty() { place } else { place.at_field(pointer) }
    }

    /// An entry cannot be read.
    pub(super) fn unreadable(&mut self, pointer: &str, reason: &str) {
        let entry = match (pointer, self.line) {
            ("", Some(line)) => format!("line {line}"),
            ("", None) => "/".to_owned(),
            (pointer, _) => pointer.to_owned(),
        };
        self.found.unreadable(self.place(pointer), &entry, reason);
    }

    /// Adds a finding, unless there are too many already.
    pub(super) fn push(&mut self, result: ScanResult) {
        self.found.add(result, self.place(""));
    }

    /// Counts an entry that is no finding.
    pub(super) fn leave_out(&mut self, why: LeftOut) {
        self.found.leave_out(why);
    }

    /// The scan did not come to its end, or left something out.
    pub(super) fn unfinished(&mut self, reason: &str) {
        self.found.unfinished(Place::file(self.path), reason);
    }

    /// It was looked at.
    pub(super) fn touched(&mut self, what: &str) {
        self.found.touch_local(what);
    }

    /// Reads a time; one without a zone, and one that is none, is told.
    pub(super) fn time(&mut self, field: &str, text: Option<&str>) -> Option<Timestamp> {
        self.found.time(field, text?, self.place(field))
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
    pub(super) fn finish(self) -> ScanReport {
        self.found.finish()
    }
}

/// What is wrong, without the place inside the entry: the entry itself is named.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason).to_owned()
}

/// A text of a finding, of bounded length.
pub(super) fn text(text: &str) -> String {
    collected::short(text)
}

/// The first line of a text, short enough for a title.
pub(super) fn title(text: &str) -> String {
    shorten(text.trim().lines().next().unwrap_or_default(), TITLE)
}
