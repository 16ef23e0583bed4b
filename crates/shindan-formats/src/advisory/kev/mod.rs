//! CISA Known Exploited Vulnerabilities, JSON and CSV. Source: the catalogue's JSON schema.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use shindan_domain::advisory::{AdvisoryFormat, Enrichment, KevEntry};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::is_cve;

use super::{Reading, dates};
use crate::json::{self, Str};
use crate::limits::Limits;
use crate::text::shorten;

/// Who publishes the catalogue.
pub const SOURCE: &str = "CISA KEV";
/// Most diagnostics about rows that are kept; all are counted.
const MOST_DIAGNOSTICS: u64 = 100;

#[derive(Deserialize)]
struct Catalogue<'a> {
    #[serde(rename = "dateReleased", default, borrow)]
    date_released: Option<Str<'a>>,
    #[serde(default)]
    count: Option<u64>,
    #[serde(borrow)]
    vulnerabilities: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(rename = "cveID", borrow)]
    cve: Str<'a>,
    #[serde(rename = "dateAdded", borrow)]
    date_added: Str<'a>,
    #[serde(rename = "dueDate", default, borrow)]
    due_date: Option<Str<'a>>,
    #[serde(rename = "knownRansomwareCampaignUse", default, borrow)]
    ransomware: Option<Str<'a>>,
}

/// Reads the catalogue in either form.
pub fn read(text: &str, path: &str, limits: &Limits) -> Reading {
    let mut rows =
        Rows { reading: Reading::of(AdvisoryFormat::Kev, SOURCE), known: BTreeSet::new(), reported: 0, path };
    if text.trim_start().starts_with('{') {
        read_json(text, path, limits, &mut rows);
    } else {
        read_csv(text, path, limits, &mut rows);
    }
    rows.finish()
}

fn read_json(text: &str, path: &str, limits: &Limits, rows: &mut Rows<'_>) {
    let catalogue = match json::parse::<Catalogue<'_>>(text, path, limits) {
        Ok(catalogue) => catalogue,
        Err(diagnostic) => return rows.reading.reject(diagnostic),
    };
    for (index, raw) in catalogue.vulnerabilities.iter().enumerate() {
        let place = Place::file(path).at_field(format!("/vulnerabilities/{index}"));
        match json::parse::<Row<'_>>(raw.get(), path, limits) {
            Ok(row) => {
                let text = |field: &Option<Str<'_>>| field.as_deref().unwrap_or_default().to_owned();
                rows.add(&row.cve, &row.date_added, &text(&row.due_date), &text(&row.ransomware), place);
            }
            Err(diagnostic) => rows.reject(Diagnostic { place, ..diagnostic }),
        }
    }
    let found = catalogue.vulnerabilities.len() as u64;
    if let Some(count) = catalogue.count.filter(|count| *count != found) {
        let rule = format!("count says {count}, vulnerabilities holds {found}");
        let diagnostic = Diagnostic::new(Code::SpecViolation, Place::file(path)).with("rule", rule);
        rows.reading.diagnostics.push(diagnostic);
    }
    let released = catalogue.date_released.as_deref();
    let time = dates::field(released, "dateReleased", &Place::file(path), &mut rows.reading.diagnostics);
    rows.reading.seen(time);
}

fn read_csv(text: &str, path: &str, limits: &Limits, rows: &mut Rows<'_>) {
    if let Some(line) = super::line_beyond(text, limits.line) {
        let place = Place::file(path).at_line(line);
        return rows.reading.reject(Diagnostic::new(Code::LineTooLong, place).with("limit", limits.line));
    }
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => return rows.reading.reject(csv_error(&error, path)),
    };
    let column = |name: &str| headers.iter().position(|header| header.trim() == name);
    let (Some(cve), Some(added)) = (column("cveID"), column("dateAdded")) else {
        let diagnostic = Diagnostic::new(Code::FieldMissing, Place::file(path).at_line(1));
        return rows.reading.reject(diagnostic.with("field", "cveID, dateAdded"));
    };
    let (due, ransomware) = (column("dueDate"), column("knownRansomwareCampaignUse"));
    let mut lines = LineCounter { text, byte: 0, line: 1 };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map(|position| lines.at(position.byte()));
                let mut diagnostic = csv_error(&error, path);
                diagnostic.place.line = line;
                rows.reject(diagnostic);
                continue;
            }
        };
        let get = |index: Option<usize>| index.and_then(|index| record.get(index)).unwrap_or_default();
        let mut place = Place::file(path);
        place.line = record.position().map(|position| lines.at(position.byte()));
        rows.add(get(Some(cve)), get(Some(added)), get(due), get(ransomware), place);
    }
}

/// Counts lines up to ascending byte positions. The CSV reader's own count is off behind quoted line breaks.
struct LineCounter<'a> {
    text: &'a str,
    byte: usize,
    line: u64,
}

impl LineCounter<'_> {
    /// The line (from 1) of the record that begins at `byte` or at the line break there.
    fn at(&mut self, byte: u64) -> u64 {
        let bytes = self.text.as_bytes();
        let mut end = usize::try_from(byte).unwrap_or(bytes.len()).min(bytes.len());
        while matches!(bytes.get(end), Some(b'\r' | b'\n')) {
            end += 1;
        }
        let passed = bytes.get(self.byte..end).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.byte = end.max(self.byte);
        self.line
    }
}

fn csv_error(error: &csv::Error, path: &str) -> Diagnostic {
    let mut place = Place::file(path);
    place.line = error.position().map(csv::Position::line);
    Diagnostic::new(Code::CsvInvalid, place).with("reason", shorten(&error.to_string(), 200))
}

/// Collects rows and what is wrong with them.
struct Rows<'a> {
    reading: Reading,
    known: BTreeSet<String>,
    reported: u64,
    path: &'a str,
}

impl Rows<'_> {
    fn add(&mut self, cve: &str, added: &str, due: &str, ransomware: &str, place: Place) {
        let cve = cve.trim();
        if !is_cve(cve) {
            return self.reject(
                Diagnostic::new(Code::FieldInvalid, place)
                    .with("field", "cveID")
                    .with("value", shorten(cve, 60))
                    .with("expected", "CVE-YYYY-N"),
            );
        }
        let time = dates::field(Some(added), "dateAdded", &place, &mut self.reading.diagnostics);
        let due_time = dates::field(Some(due), "dueDate", &place, &mut self.reading.diagnostics);
        self.reading.seen(time);
        if !self.known.insert(cve.to_ascii_uppercase()) {
            let diagnostic = Diagnostic::new(Code::DuplicateIdentifier, place).with("field", "cveID");
            self.reading.diagnostics.push(diagnostic.with("value", cve));
            return;
        }
        // What is listed counts as exploited, whatever its dates look like.
        let date = |time: Option<jiff::Timestamp>| {
            time.map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
        };
        self.reading.enrichments.push(Enrichment::Kev(KevEntry {
            cve: cve.to_owned(),
            date_added: date(time),
            due_date: date(due_time),
            ransomware: ransomware.trim().eq_ignore_ascii_case("known"),
        }));
    }

    fn reject(&mut self, diagnostic: Diagnostic) {
        self.reading.rejected += 1;
        if self.reported < MOST_DIAGNOSTICS {
            self.reported += 1;
            self.reading.diagnostics.push(diagnostic);
        }
    }

    fn finish(mut self) -> Reading {
        super::more_rejected(&mut self.reading, self.reported, self.path);
        super::no_rows(&mut self.reading, self.path);
        self.reading
    }
}

#[cfg(test)]
mod tests;
