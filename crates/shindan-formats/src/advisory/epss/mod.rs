//! FIRST Exploit Prediction Scoring System, CSV in all its header generations.
//!
//! `cve,epss` (2021-04), with `percentile` (2021-09), and with a comment line in front that names the model and the
//! date (2022-02 on). Source: FIRST, "EPSS data and statistics".

use jiff::Timestamp;
use shindan_domain::advisory::{AdvisoryFormat, Enrichment, EpssEntry};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::is_cve;

use super::dates::{self, DateText};
use super::decimal::plain_decimal;
use super::{Reading, line_beyond, more_rejected, no_rows};
use crate::limits::Limits;
use crate::text::shorten;

/// Who publishes the scores.
pub const SOURCE: &str = "FIRST EPSS";
/// Most diagnostics about rows that are kept; all are counted.
const MOST_DIAGNOSTICS: u64 = 100;

/// Which column holds what.
struct Columns {
    cve: usize,
    score: usize,
    percentile: Option<usize>,
    count: usize,
}

/// Reads an EPSS file (inflated).
pub fn read(text: &str, path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::Epss, SOURCE);
    if let Some(line) = line_beyond(text, limits.line) {
        let place = Place::file(path).at_line(line);
        reading.reject(Diagnostic::new(Code::LineTooLong, place).with("limit", limits.line));
        return reading;
    }
    let mut lines = (1_u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let mut header = lines.next();
    let mut date = String::new();
    if let Some((number, comment)) = header.filter(|(_, line)| line.starts_with('#')) {
        let place = Place::file(path).at_line(number);
        let time = score_date(comment, &place, &mut reading.diagnostics);
        date = time.map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
        reading.seen(time);
        header = lines.next();
    }
    let columns = match columns(header, path) {
        Ok(columns) => columns,
        Err(diagnostic) => {
            reading.reject(diagnostic);
            return reading;
        }
    };
    let mut reported = 0;
    for (number, line) in lines {
        match row(line, &columns, &date) {
            Ok(entry) => reading.enrichments.push(Enrichment::Epss(entry)),
            Err(reason) => {
                reading.rejected += 1;
                if reported < MOST_DIAGNOSTICS {
                    reported += 1;
                    let place = Place::file(path).at_line(number);
                    let reason = format!("{reason}: {}", shorten(line, 60));
                    reading.diagnostics.push(Diagnostic::new(Code::CsvInvalid, place).with("reason", reason));
                }
            }
        }
    }
    more_rejected(&mut reading, reported, path);
    no_rows(&mut reading, path);
    reading
}

/// `#model_version:v2023.03.01,score_date:2023-03-07T00:00:00+0000`
fn score_date(comment: &str, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Option<Timestamp> {
    let text = comment
        .trim_start_matches('#')
        .split(',')
        .find_map(|part| part.trim().strip_prefix("score_date:"))?;
    match dates::parse(text) {
        DateText::At(time) => Some(time),
        DateText::Absent | DateText::Unreadable => {
            let diagnostic = Diagnostic::new(Code::DateInvalid, place.clone()).with("field", "score_date");
            diagnostics.push(diagnostic.with("value", shorten(text, 60)));
            None
        }
    }
}

fn columns(header: Option<(u64, &str)>, path: &str) -> Result<Columns, Diagnostic> {
    let (number, header) = header.unwrap_or((1, ""));
    let names: Vec<String> = header.split(',').map(|name| bare(name).to_ascii_lowercase()).collect();
    let column = |wanted: &str| names.iter().position(|name| name == wanted);
    match (column("cve"), column("epss")) {
        (Some(cve), Some(score)) => {
            Ok(Columns { cve, score, percentile: column("percentile"), count: names.len() })
        }
        _ => {
            let diagnostic = Diagnostic::new(Code::FieldMissing, Place::file(path).at_line(number));
            Err(diagnostic.with("field", "cve, epss"))
        }
    }
}

fn row(line: &str, columns: &Columns, date: &str) -> Result<EpssEntry, &'static str> {
    let mut fields = [""; 16];
    let mut count = 0;
    for field in line.split(',') {
        *fields.get_mut(count).ok_or("too many columns")? = bare(field);
        count += 1;
    }
    if count != columns.count {
        return Err("not as many columns as the header");
    }
    let get = |index: usize| fields.get(index).copied().unwrap_or_default();
    let cve = get(columns.cve);
    if !is_cve(cve) {
        return Err("not a CVE number");
    }
    let score = plain_decimal(get(columns.score)).ok_or("the score is not a number from 0 to 1")?;
    let percentile = match columns.percentile {
        None => String::new(),
        Some(index) => plain_decimal(get(index)).ok_or("the percentile is not a number from 0 to 1")?,
    };
    Ok(EpssEntry { cve: cve.to_owned(), score, percentile, date: date.to_owned() })
}

fn bare(field: &str) -> &str {
    let field = field.trim();
    field.strip_prefix('"').and_then(|field| field.strip_suffix('"')).unwrap_or(field)
}

#[cfg(test)]
mod tests;
