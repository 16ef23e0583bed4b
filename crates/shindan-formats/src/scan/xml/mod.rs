//! Reports in XML. Which tool wrote one is known by its root element.
//!
//! Entities are never declared, fetched or expanded. nmap and Nikto write a DOCTYPE that declares nothing; it is passed over, and
//! what a system identifier names is never fetched. Any internal subset is refused.

mod cyclonedx;
mod dependency_check;
pub(super) mod nessus;
mod nikto;
mod nmap;
mod openscap;
mod openvas;
mod wapiti;
mod zap;

use std::borrow::Cow;

use shindan_domain::assessment::ScanReport;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::collected::Collected;
use crate::limits::Limits;
use crate::text::shorten;
use crate::xml::{self, Element, XmlReader};

/// Reads the children of the root into the report.
type Reader = fn(&mut XmlReader<'_>, &mut Collected) -> Result<(), Diagnostic>;

/// Reads a report in XML.
///
/// # Errors
/// `format-unknown`, `format-unsupported`, `scan-read-elsewhere`, and those of XML.
pub(super) fn read(bytes: &[u8], path: &str, limits: &Limits) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    read_one(bytes, path, limits).map(|report| vec![report])
}

fn read_one(bytes: &[u8], path: &str, limits: &Limits) -> Result<ScanReport, Vec<Diagnostic>> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    let text = xml::decode(bytes, path).map_err(one)?;
    let text = without_empty_doctype(&text);
    let mut reader = XmlReader::open(&text, path, limits).map_err(one)?;
    let (mut found, read) = recognised(reader.root(), path).map_err(one)?;
    if let Err(diagnostic) = read(&mut reader, &mut found) {
        // What was read before the text stops being XML is kept, and the error is told with it.
        if found.report.results.is_empty() {
            return Err(one(diagnostic));
        }
        let line = diagnostic.place.line.unwrap_or(1);
        found.report.diagnostics.push(diagnostic);
        found.unfinished(line, "the report is cut off or damaged");
    }
    if found.report.format == shindan_domain::assessment::ScanFormat::CyclonedxVdr
        && found.report.results.is_empty()
    {
        let refused = Diagnostic::new(Code::ScanReadElsewhere, Place::file(path));
        return Err(one(refused.with("format", "CycloneDX").with("verb", "check")));
    }
    Ok(found.finish())
}

/// By the root, which tool wrote the report.
fn recognised(root: &Element, path: &str) -> Result<(Collected, Reader), Diagnostic> {
    let name = root.name.local.as_str();
    let namespace = root.name.namespace.as_str();
    let wapiti = root.attribute("type") == Some("security");
    Ok(match name {
        "OWASPZAPReport" => (zap::new(path), zap::read as Reader),
        "report" if wapiti => (wapiti::new(path), wapiti::read as Reader),
        "report" | "get_reports_response" | "get_results_response" => {
            (openvas::new(path), openvas::read as Reader)
        }
        "nmaprun" => (nmap::new(path), nmap::read as Reader),
        "NessusClientData_v2" => (nessus::new(path), nessus::read as Reader),
        "niktoscan" | "niktoscans" => (nikto::new(path), nikto::read as Reader),
        "analysis" if namespace.contains("DependencyCheck") => {
            (dependency_check::new(path), dependency_check::read as Reader)
        }
        "bom" if namespace.starts_with("http://cyclonedx.org/schema/bom/") => {
            (cyclonedx::new(path), cyclonedx::read as Reader)
        }
        "Benchmark" | "TestResult" | "asset-report-collection" => {
            (openscap::new(path), openscap::read as Reader)
        }
        "NessusClientData" => {
            let refused = Diagnostic::new(Code::FormatUnsupported, Place::file(path).at_line(root.line));
            return Err(refused.with("format", "Nessus").with("version", "1"));
        }
        _ => {
            let refused = Diagnostic::new(Code::FormatUnknown, Place::file(path).at_line(root.line));
            return Err(refused.with("hint", shorten(name, 80)));
        }
    })
}

/// The text without a DOCTYPE that declares nothing: `<!DOCTYPE nmaprun>`, `<!DOCTYPE niktoscan SYSTEM "docs/nikto.dtd">`. Any
/// other one is left for the reader to refuse.
fn without_empty_doctype(text: &str) -> Cow<'_, str> {
    const SIGN: &str = "<!DOCTYPE";
    let empty = || {
        // It stands in front of the root, hence near the beginning.
        let mut end = text.len().min(4_096);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let begin = text.get(..end)?.find(SIGN)?;
        let length = text.get(begin..)?.find('>')? + 1;
        let inner = text.get(begin + SIGN.len()..begin + length - 1)?;
        let declares = inner.contains(['[', '&', '%', '<']);
        let known = ["nmaprun", "niktoscan"].contains(&inner.split_whitespace().next()?);
        (known && !declares && only_prolog(text.get(..begin)?)).then_some((begin, length))
    };
    match empty() {
        Some((begin, length)) => {
            let mut text = text.to_owned();
            // Line ends are kept, so that diagnostics name the right line.
            let blank: String = text
                .get(begin..begin + length)
                .unwrap_or_default()
                .chars()
                .map(|c| if c == '\n' { '\n' } else { ' ' })
                .collect();
            text.replace_range(begin..begin + length, &blank);
            text.into()
        }
        None => text.into(),
    }
}

/// True if nothing but the XML declaration, comments and instructions stand there.
fn only_prolog(text: &str) -> bool {
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let close = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else {
            return false;
        };
        rest = match rest.split_once(close) {
            Some((_, behind)) => behind.trim_start(),
            None => return false,
        };
    }
    true
}

#[cfg(test)]
mod tests;
