//! The list of changes beside OSV's archives: `modified_id.csv`, of all ecosystems or of one.
//!
//! Source: OSV's documentation of its data dumps: rows `<time>,<ecosystem>/<id>` or `<time>,<id>`, the newest first, without
//! a heading.

use std::collections::BTreeMap;

use jiff::Timestamp;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::{locations, refuse_page, rows};
use crate::limits::Limits;
use crate::text::{self, Legacy, shorten};

/// A record of an ecosystem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Record {
    /// The ecosystem, such as `PyPI`; `None` in the list of one ecosystem.
    pub ecosystem: Option<String>,
    /// The record's id. Fit for an address and for the name of a file.
    pub id: String,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// When each record was changed last.
    pub records: BTreeMap<Record, Timestamp>,
    /// The time of the newest change.
    pub newest: Timestamp,
}

impl Changes {
    /// The records that were changed at this time or later. A record of the very second that was read last comes again
    /// rather than never.
    pub fn since(&self, time: Timestamp) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |(_, changed)| **changed >= time).map(|(record, _)| record)
    }
}

/// Reads the list.
///
/// # Errors
/// `file-empty` also for a list without records, `page-instead-of-data`, `encoding-invalid`, `line-too-long`,
/// `list-too-long`; `field-invalid` for a row that is damaged: which change it stands for is not known, so that none
/// of the list is used.
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Result<Changes, Diagnostic> {
    refuse_page(bytes, path)?;
    let decoded = text::decode(bytes, Legacy::Refused, path)?;
    let mut records: BTreeMap<Record, Timestamp> = BTreeMap::new();
    for (number, line) in rows(&decoded.text, path, limits.line)? {
        let place = Place::file(path).at_line(number);
        let (changed, record) = row(line).ok_or_else(|| {
            let told = Diagnostic::new(Code::FieldInvalid, place.clone()).with("field", "row");
            told.with("value", shorten(line, 100)).with("expected", "a time and a record")
        })?;
        let known = records.entry(record).or_insert(changed);
        *known = (*known).max(changed);
        if records.len() > limits.entries {
            return Err(Diagnostic::new(Code::ListTooLong, place).with("limit", limits.entries));
        }
    }
    let newest = records.values().max().copied();
    let newest = newest.ok_or_else(|| Diagnostic::new(Code::FileEmpty, Place::file(path)))?;
    Ok(Changes { records, newest })
}

fn row(line: &str) -> Option<(Timestamp, Record)> {
    let (time, record) = line.split_once(',')?;
    let changed: Timestamp = time.trim().parse().ok()?;
    let (ecosystem, id) = match record.trim().rsplit_once('/') {
        Some((ecosystem, id)) => (Some(ecosystem), id),
        None => (None, record.trim()),
    };
    // openSUSE and Red Hat have a colon in their ids.
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    let named = id.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric()) && id.bytes().all(sign);
    let ecosystem = match ecosystem {
        Some(ecosystem) if !locations::is_below(&ecosystem.replace(':', "-")) || ecosystem.contains('/') => {
            return None;
        }
        ecosystem => ecosystem.map(str::to_owned),
    };
    (named && id.len() <= 200).then(|| (changed, Record { ecosystem, id: id.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Changes, Diagnostic> {
        read(text.as_bytes(), "modified_id.csv", &Limits::DEFAULT)
    }

    #[test]
    fn lists_of_all_ecosystems_and_of_one() {
        let text = "2026-10-08T19:59:30.12345Z,Red Hat:enterprise_linux:9/RHSA-2026:1234\n\
                    2026-10-08T19:00:00Z,PyPI/PYSEC-2026-1\r\n2026-10-07T00:00:00Z,PyPI/PYSEC-2026-1\n\
                    2026-10-06T00:00:00Z,GHSA-43w2-9j62-hq99";
        let list = read_text(text).expect("reads");
        assert_eq!(list.newest.to_string(), "2026-10-08T19:59:30.12345Z");
        let since = list.since("2026-10-08T19:00:00Z".parse().expect("a time"));
        let ids: Vec<&str> = since.map(|record| record.id.as_str()).collect();
        assert_eq!(
            ids,
            ["PYSEC-2026-1", "RHSA-2026:1234"],
            "the time itself is included, the newest time counts"
        );
        assert_eq!(list.records.len(), 3);
        let alone = Record { ecosystem: None, id: "GHSA-43w2-9j62-hq99".to_owned() };
        assert!(list.records.contains_key(&alone));
    }

    #[test]
    fn damaged_lists_are_used_in_no_part() {
        let good = "2026-10-08T19:00:00Z,PyPI/PYSEC-2026-1\n";
        for row in [
            "2026-10-08T19:00:00Z",
            "2026-10-08T19:00:00Z,",
            "yesterday,PyPI/PYSEC-2026-1",
            "2026-10-08T19:00:00Z,PyPI/",
            "2026-10-08T19:00:00Z,../PYSEC-2026-1",
            "2026-10-08T19:00:00Z,PyPI/..",
            "2026-10-08T19:00:00Z,a/b/c",
            "2026-10-08T19:00:00Z,PyPI/a b",
            "2026-10-08T19:00:00Z,/PYSEC-1",
            "2026-10-08T19:00:00Z,%2e%2e/PYSEC-1",
        ] {
            let error = read_text(&format!("{good}{row}\n")).expect_err("must be refused");
            assert_eq!((error.code, error.place.line), (Code::FieldInvalid, Some(2)), "{row}");
        }
        assert_eq!(read_text("\n").expect_err("empty").code, Code::FileEmpty);
        assert_eq!(read_text("<html>").expect_err("a page").code, Code::PageInsteadOfData);
        let few = Limits { entries: 1, ..Limits::DEFAULT };
        let two = format!("{good}2026-10-08T19:00:00Z,PyPI/PYSEC-2026-2");
        assert_eq!(read(two.as_bytes(), "f", &few).expect_err("too many").code, Code::ListTooLong);
    }
}
