//! JVN iPedia: VULDEF (detail) and JVNRSS (overview), as the MyJVN API and the bulk feeds deliver them.
//!
//! Source: MyJVN API v3.2 "HND", `vuldef_3.2.xsd`, `jvnrss_3.2.xsd`, `mod_sec_3.0.xsd`, `status_3.3.xsd`. JVNRSS has two
//! dialects that differ in the namespace of `sec:`; both are read.

mod entry;
mod lines;
pub(super) mod oka;
mod rss;
mod vuldef;

#[cfg(test)]
mod tests;

use shindan_domain::advisory::AdvisoryFormat;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::Reading;
use crate::limits::Limits;
use crate::xml::{self, Element, XmlReader};

const SOURCE: &str = "JVN iPedia";
const VULDEF: &str = "http://jvn.jp/vuldef/";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RSS: &str = "http://purl.org/rss/1.0/";
const SEC: [&str; 2] = ["http://jvn.jp/rss/mod_sec/3.0/", "http://jvn.jp/rss/mod_sec/"];
const STATUS: &str = "http://jvndb.jvn.jp/myjvn/Status";

/// Reads a JVN document. What stands in front of a damaged place is kept, with a diagnostic about the rest.
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Reading {
    let text = match xml::decode(bytes, path) {
        Ok(text) => text,
        Err(diagnostic) => return Reading::refused(diagnostic),
    };
    let mut reader = match XmlReader::open(&text, path, limits) {
        Ok(reader) => reader,
        Err(diagnostic) => return Reading::refused(diagnostic),
    };
    let root = reader.root().clone();
    if root.is(VULDEF, "VULDEF-Document") {
        return feed(&mut reader, AdvisoryFormat::Vuldef, path);
    }
    if root.is(RDF, "RDF") {
        return feed(&mut reader, AdvisoryFormat::Jvnrss, path);
    }
    other(&mut reader, path)
}

/// What the document says about itself besides its records.
#[derive(Default)]
struct Frame {
    /// Records seen, readable or not.
    records: u64,
    /// Set once a status element was seen: the number of records it announces.
    announced: Option<u64>,
    /// Set if the status reports an error.
    failed: bool,
}

fn feed(reader: &mut XmlReader<'_>, format: AdvisoryFormat, path: &str) -> Reading {
    let mut reading = Reading::of(format, SOURCE);
    let mut frame = Frame::default();
    let language = entry::language(reader.root());
    loop {
        let element = match reader.next_child() {
            Ok(Some(element)) => element,
            Ok(None) => break,
            Err(diagnostic) => {
                reading.reject(diagnostic);
                return reading;
            }
        };
        if element.is(STATUS, "Status") {
            status(&element, path, &mut frame, &mut reading);
        } else if format == AdvisoryFormat::Vuldef && element.is(VULDEF, "Vulinfo") {
            frame.records += 1;
            vuldef::read(&element, frame.records, language.as_deref(), path, &mut reading);
        } else if format == AdvisoryFormat::Jvnrss && element.is(RSS, "item") {
            frame.records += 1;
            rss::item(&element, frame.records, language.as_deref(), path, &mut reading);
        } else if format == AdvisoryFormat::Jvnrss && element.is(RSS, "channel") {
            rss::channel(&element, path, &mut reading);
        }
    }
    complete(&frame, format, path, &mut reading);
    reading
}

/// Compares what was announced with what came: a short feed must not look like a quiet week.
fn complete(frame: &Frame, format: AdvisoryFormat, path: &str, reading: &mut Reading) {
    if frame.failed {
        return;
    }
    let place = Place::file(path);
    match frame.announced {
        Some(announced) if announced != frame.records => reading.diagnostics.push(
            Diagnostic::new(Code::SpecViolation, place)
                .with("rule", "totalResRet")
                .with("announced", announced)
                .with("found", frame.records),
        ),
        Some(0) => reading.diagnostics.push(Diagnostic::new(Code::SourcePlaceholder, place)),
        None if frame.records == 0 => {
            let field = match format {
                AdvisoryFormat::Vuldef => "Vulinfo",
                AdvisoryFormat::Oka => "entry",
                _ => "item",
            };
            reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", field));
        }
        _ => {}
    }
}

/// `retCd` is 0 for success; `errCd` is empty then. Errors are told here, never in the HTTP status.
fn status(element: &Element, path: &str, frame: &mut Frame, reading: &mut Reading) {
    let value = |name: &str| element.attribute(name).unwrap_or_default().trim();
    let (code, error) = (value("retCd"), value("errCd"));
    if !matches!(code, "0" | "") || !matches!(error, "0" | "") {
        frame.failed = true;
        let shown = if error.is_empty() { code } else { error };
        reading.reject(
            Diagnostic::new(Code::SourceReportedError, Place::file(path).at_line(element.line))
                .with("code", crate::text::shorten(shown, 40))
                .with("message", crate::text::shorten(value("errMsg"), 200)),
        );
        return;
    }
    let announced = value("totalResRet");
    match announced.parse() {
        Ok(count) => frame.announced = Some(count),
        // Feeds may leave it empty; anything else means that completeness cannot be told, and that is said.
        Err(_) if announced.is_empty() => {}
        Err(_) => reading.diagnostics.push(
            Diagnostic::new(Code::FieldTolerated, Place::file(path).at_line(element.line))
                .with("field", "totalResRet")
                .with("value", crate::text::shorten(announced, 40))
                .with("expected", "a number"),
        ),
    }
}

/// Lists of alerts, products, vendors and statistics are MyJVN documents, but no advisories.
fn other(reader: &mut XmlReader<'_>, path: &str) -> Reading {
    let root = reader.root().clone();
    let mut reading = Reading { source: "unknown".to_owned(), ..Reading::default() };
    let mut method = String::new();
    loop {
        match reader.next_child() {
            Ok(Some(element)) if element.is(STATUS, "Status") => {
                reading.source = SOURCE.to_owned();
                method = element.attribute("method").unwrap_or_default().to_owned();
                status(&element, path, &mut Frame::default(), &mut reading);
            }
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(diagnostic) => {
                reading.reject(diagnostic);
                return reading;
            }
        }
    }
    if reading.diagnostics.is_empty() {
        let format = match (root.name.local.as_str(), method.is_empty()) {
            ("Result", _) => "MyJVN HND Result",
            (_, false) => "MyJVN HND",
            (local, true) => local,
        };
        reading.reject(unsupported(format, &method, path, root.line));
    }
    reading
}

fn unsupported(format: &str, version: &str, path: &str, line: u64) -> Diagnostic {
    Diagnostic::new(Code::FormatUnsupported, Place::file(path).at_line(line))
        .with("format", crate::text::shorten(format, 60))
        .with("version", crate::text::shorten(version, 40))
}

/// Source: links of the JVN iPedia feeds, `…/ja/contents/2022/JVNDB-2022-000097.html`.
fn own_page(id: &str, language: Option<&str>) -> Option<String> {
    let year = id.strip_prefix("JVNDB-")?.get(..4)?;
    let folder = if language.is_some_and(|l| l.starts_with("en")) { "en" } else { "ja" };
    let plain = year.bytes().all(|b| b.is_ascii_digit())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then(|| format!("https://jvndb.jvn.jp/{folder}/contents/{year}/{id}.html"))
}
