//! OSV records as the peers' databases and the generators need them: packages, intervals, enumerated versions. This is
//! deliberately not the product's reader: a benchmark that compares answers must not share code with one side.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use serde_json::Value;
use zip::write::SimpleFileOptions;

use crate::Failure;

/// One record.
#[derive(Debug, Clone)]
pub struct Record {
    /// The record's id.
    pub id: String,
    /// The record.
    pub json: Value,
}

/// One package of a record.
#[derive(Debug)]
pub struct Affected {
    /// OSV ecosystem.
    pub ecosystem: String,
    /// Name of the package.
    pub package: String,
    /// Intervals in the record's order; git ranges are left out.
    pub intervals: Vec<Interval>,
    /// Enumerated versions.
    pub versions: Vec<String>,
    /// RustSec's kind of a record that is not a vulnerability.
    pub informational: Option<String>,
}

/// From `introduced` up to an end.
#[derive(Debug, PartialEq, Eq)]
pub struct Interval {
    /// First version; `None` from the beginning.
    pub introduced: Option<String>,
    /// Where it ends.
    pub end: End,
}

/// The end of an interval.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// There is none.
    Open,
    /// This version is the first one outside.
    Fixed(String),
    /// This version is the last one inside.
    Last(String),
}

impl Record {
    /// True if its source took it back.
    pub fn withdrawn(&self) -> bool {
        self.json["withdrawn"].is_string()
    }

    /// The packages.
    pub fn affected(&self) -> Vec<Affected> {
        let all = self.json["affected"].as_array().map_or(&[][..], Vec::as_slice);
        all.iter().map(affected).collect()
    }
}

fn affected(json: &Value) -> Affected {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let array = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let ranges = array(&json["ranges"]);
    let ordered = ranges.iter().filter(|range| range["type"] != "GIT");
    Affected {
        ecosystem: text(&json["package"]["ecosystem"]),
        package: text(&json["package"]["name"]),
        intervals: ordered.flat_map(|range| intervals(&array(&range["events"]))).collect(),
        versions: array(&json["versions"]).iter().map(text).collect(),
        informational: json["database_specific"]["informational"].as_str().map(str::to_owned),
    }
}

fn intervals(events: &[Value]) -> Vec<Interval> {
    let mut intervals: Vec<Interval> = Vec::new();
    for event in events {
        if let Some(introduced) = event["introduced"].as_str() {
            let introduced = (!matches!(introduced, "0" | "0.0.0-0")).then(|| introduced.to_owned());
            intervals.push(Interval { introduced, end: End::Open });
        } else if let Some(last) = intervals.last_mut() {
            if let Some(fixed) = event["fixed"].as_str() {
                last.end = End::Fixed(fixed.to_owned());
            } else if let Some(affected) = event["last_affected"].as_str() {
                last.end = End::Last(affected.to_owned());
            }
        }
    }
    intervals
}

/// The records of an archive, by id.
///
/// # Errors
/// When the archive or a record cannot be read: a benchmark over a part of the data would mislead.
pub fn read(archive: &Path) -> Result<Vec<Record>, Failure> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", archive.display());
    let file = File::open(archive).map_err(|e| named(&e))?;
    let mut zip = zip::ZipArchive::new(file).map_err(|e| named(&e))?;
    let mut records = Vec::with_capacity(zip.len());
    for number in 0..zip.len() {
        let mut entry = zip.by_index(number)?;
        if !entry.name()?.ends_with(".json") {
            continue;
        }
        let mut text = String::new();
        entry.read_to_string(&mut text)?;
        let json: Value = serde_json::from_str(&text).map_err(|e| named(&e))?;
        let id = json["id"].as_str().ok_or_else(|| named(&"record without id"))?.to_owned();
        records.push(Record { id, json });
    }
    records.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(records)
}

/// `copies` of every record with new ids and new CVE numbers (first copy: unchanged), so that none merges with another.
pub fn multiplied(records: &[Record], copies: usize) -> Vec<Record> {
    let mut all = records.to_vec();
    for copy in 1..copies {
        all.extend(records.iter().map(|record| {
            let id = renumbered(&record.id, copy);
            let mut json = record.json.clone();
            let aliases = json["aliases"].as_array().cloned().unwrap_or_default();
            let cves = aliases.iter().filter_map(Value::as_str).filter(|alias| alias.starts_with("CVE-"));
            json["aliases"] = cves.map(|cve| renumbered(cve, copy)).collect();
            json["related"] = Value::Array(Vec::new());
            json["id"] = Value::String(id.clone());
            Record { id, json }
        }));
    }
    all
}

/// `RUSTSEC-2021-0056`, copy 7 → `RUSTSEC-2021-1070000056`: unique, and no larger than the 32 bits that peers keep.
fn renumbered(id: &str, copy: usize) -> String {
    match id.rsplit_once('-') {
        Some((start, number)) => format!("{start}-1{copy:02}{number:0>7}"),
        None => format!("{id}-1{copy:02}"),
    }
}

/// Writes an archive as OSV publishes it.
///
/// # Errors
/// When it cannot be written.
pub fn write(archive: &Path, records: &[Record]) -> Result<(), Failure> {
    let mut zip = zip::ZipWriter::new(File::create(archive)?);
    let options = SimpleFileOptions::default().compression_level(Some(1));
    for record in records {
        zip.start_file(format!("{}.json", record.id), options)?;
        zip.write_all(&serde_json::to_vec(&record.json)?)?;
    }
    zip.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_become_intervals() {
        let events = [
            json!({"introduced": "0.0.0-0"}),
            json!({"fixed": "1.2.0"}),
            json!({"introduced": "2.0.0"}),
            json!({"last_affected": "2.4.0"}),
            json!({"introduced": "3.0.0"}),
        ];
        let interval =
            |introduced: Option<&str>, end| Interval { introduced: introduced.map(str::to_owned), end };
        assert_eq!(
            intervals(&events),
            [
                interval(None, End::Fixed("1.2.0".into())),
                interval(Some("2.0.0"), End::Last("2.4.0".into())),
                interval(Some("3.0.0"), End::Open),
            ]
        );
    }

    #[test]
    fn copies_have_ids_of_their_own() {
        let json = json!({"id": "RUSTSEC-2021-0056", "aliases": ["CVE-2021-3450", "GHSA-8hfj-xrj2-pm22"]});
        let record = Record { id: "RUSTSEC-2021-0056".into(), json };
        let copies = multiplied(&[record], 3);
        let ids: Vec<&str> = copies.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["RUSTSEC-2021-0056", "RUSTSEC-2021-1010000056", "RUSTSEC-2021-1020000056"]);
        assert_eq!(copies[2].json["aliases"], json!(["CVE-2021-1020003450"]));
    }
}
