//! Reports in JSON. Which tool wrote one is known by the names of its fields.
//!
//! ```text
//! text ─► top level, its values not read yet ─► recognise ─► reader of the format ─► Filling ─► ScanReport
//!         or several values, or JSON lines
//! ```
//!
//! Entries are read one by one: one that cannot be read is told (`scan-entry-unreadable`), and the others are still read.

mod bandit;
mod cyclonedx;
mod filling;
mod grype;
mod lines;
mod nikto;
mod njsscan;
mod npm_audit;
mod nuclei;
mod osv_scanner;
mod outside;
mod pip_audit;
mod recognise;
mod sarif;
mod semgrep;
mod ssh_audit;
mod sslyze;
mod testssl;
mod trivy;
mod value;
mod wapiti;
mod zap;

#[cfg(test)]
mod mutation_tests;
#[cfg(test)]
mod tests;

use shindan_domain::assessment::{ScanFormat, ScanReport};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

pub use self::outside::write_outside;
use self::recognise::Known;
use self::value::Value;
use crate::json;
use crate::limits::Limits;
use crate::text::{self, Legacy};

/// Reads a report in JSON, or JSON lines.
///
/// # Errors
/// `format-unknown`, `scan-read-elsewhere`, and those of JSON.
pub(super) fn read(bytes: &[u8], path: &str, limits: &Limits) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    let decoded = text::decode(bytes, Legacy::Refused, path).map_err(|diagnostic| vec![diagnostic])?;
    if outside::is(&decoded.text) {
        return outside::read(&decoded.text, path, limits).map(|one| vec![one]).map_err(|one| vec![one]);
    }
    match json::parse::<Value<'_>>(&decoded.text, path, limits) {
        Ok(value) => document(&value, path),
        Err(diagnostic) if matches!(diagnostic.code, Code::JsonTrailingContent | Code::JsonInvalid) => {
            lines::read(&decoded.text, path, diagnostic)
        }
        Err(diagnostic) => Err(vec![diagnostic]),
    }
}

/// Reads one value.
fn document(value: &Value<'_>, path: &str) -> Result<Vec<ScanReport>, Vec<Diagnostic>> {
    match recognise::known(value) {
        None => Err(vec![Diagnostic::new(Code::FormatUnknown, Place::file(path)).with("hint", "JSON")]),
        Some(Known::Elsewhere { format, verb }) => {
            let diagnostic = Diagnostic::new(Code::ScanReadElsewhere, Place::file(path));
            Err(vec![diagnostic.with("format", format).with("verb", verb)])
        }
        Some(Known::Scan(format)) => Ok(dispatch(format, value, path)),
    }
}

fn dispatch(format: ScanFormat, value: &Value<'_>, path: &str) -> Vec<ScanReport> {
    match (format, value) {
        (ScanFormat::Sarif, Value::Object(object)) => sarif::read(object, path),
        (ScanFormat::ZapJson, Value::Object(object)) => vec![zap::read(object, path)],
        (ScanFormat::Nuclei, value) => vec![nuclei::read(value, path)],
        (ScanFormat::NiktoJson, value) => vec![nikto::read(value, path)],
        (ScanFormat::WapitiJson, Value::Object(object)) => vec![wapiti::read(object, path)],
        (ScanFormat::TestsslJson, value) => vec![testssl::read(value, path)],
        (ScanFormat::SslyzeJson, Value::Object(object)) => vec![sslyze::read(object, path)],
        (ScanFormat::SshAudit, value) => vec![ssh_audit::read(value, path)],
        (ScanFormat::Grype, Value::Object(object)) => vec![grype::read(object, path)],
        (ScanFormat::OsvScanner, Value::Object(object)) => vec![osv_scanner::read(object, path)],
        (ScanFormat::NpmAudit, Value::Object(object)) => vec![npm_audit::read(object, path)],
        (ScanFormat::PipAudit, value) => vec![pip_audit::read(value, path)],
        (ScanFormat::Semgrep, Value::Object(object)) => vec![semgrep::read(object, path)],
        (ScanFormat::Bandit, Value::Object(object)) => vec![bandit::read(object, path)],
        (ScanFormat::Njsscan, Value::Object(object)) => vec![njsscan::read(object, path)],
        (ScanFormat::CyclonedxVdr, Value::Object(object)) => vec![cyclonedx::read(object, path)],
        (_, value) => vec![trivy::read(value, path)],
    }
}
