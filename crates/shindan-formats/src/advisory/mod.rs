//! Advisories of every format, recognised from their content.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use shindan_domain::advisory::{Advisory, AdvisoryFormat, Enrichment};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::archive;
use crate::json;
use crate::limits::Limits;
use crate::text::{self, Legacy};

pub(crate) mod claims;
mod cpe_name;
pub mod csaf;
pub mod cve5;
mod cve_record;
pub mod cvrf;
pub mod cyclonedx;
pub(crate) mod dates;
pub mod debian;
mod decimal;
pub mod detect;
pub mod end_of_life;
pub mod epss;
pub(crate) mod identified;
mod informational;
pub mod jvn;
pub mod kev;
pub(crate) mod markup;
mod microsoft;
pub mod nvd;
mod one_to_one;
pub mod openvex;
pub mod osv;
pub(crate) mod package;
pub mod palo_alto;
pub mod php;
mod plain_order;
mod requirement;
pub mod ruby;
pub mod rustsec;
mod score;
mod statements;
mod walk;

use detect::Detected;

/// What one document yields. A document may be readable in part: advisories and diagnostics go side by side.
#[derive(Debug, Default)]
pub struct Reading {
    /// What the document was recognised as; `None` if it was not recognised (then there is a diagnostic).
    pub format: Option<AdvisoryFormat>,
    /// Name of the source (`RustSec`, `CISA`, `JVN iPedia` …); `unknown` if the document does not tell.
    pub source: String,
    /// Advisories, with `document` left 0: whoever reads the document sets it.
    pub advisories: Vec<Advisory>,
    /// KEV and EPSS rows.
    pub enrichments: Vec<Enrichment>,
    /// What was odd, rejected or unreadable.
    pub diagnostics: Vec<Diagnostic>,
    /// Records inside the document that were rejected (each has a diagnostic of severity error); 1 for a document that
    /// was refused as a whole.
    pub rejected: u64,
    /// The greatest date that the document tells about itself or its records.
    pub newest: Option<jiff::Timestamp>,
}

impl Reading {
    /// A reading of a recognised document that holds nothing yet.
    fn of(format: AdvisoryFormat, source: &str) -> Reading {
        Reading { format: Some(format), source: source.to_owned(), ..Reading::default() }
    }

    /// A document of no readable format, and why.
    fn refused(diagnostic: Diagnostic) -> Reading {
        let source = "unknown".to_owned();
        Reading { source, diagnostics: vec![diagnostic], rejected: 1, ..Reading::default() }
    }

    /// Counts a record that could not be read, with the reason.
    fn reject(&mut self, diagnostic: Diagnostic) {
        self.rejected += 1;
        self.diagnostics.push(diagnostic);
    }

    /// Keeps the greater date.
    fn seen(&mut self, time: Option<jiff::Timestamp>) {
        self.newest = self.newest.max(time);
    }
}

/// Reads one document: recognises its format from the content, then reads it. A gzip stream is inflated first; a zip
/// archive is refused, because it holds documents (see [`crate::archive::Archive`]).
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Reading {
    let place = || Place::file(path);
    if bytes.len() as u64 > limits.file_size {
        let diagnostic = Diagnostic::new(Code::FileTooLarge, place());
        return Reading::refused(diagnostic.with("size", bytes.len()).with("limit", limits.file_size));
    }
    if archive::is_gzip(bytes) {
        return match archive::gunzip(bytes, path, limits) {
            Ok(inflated) if archive::packed_kind(&inflated).is_some() => {
                Reading::refused(Diagnostic::new(Code::ArchiveNested, place()).with("name", path))
            }
            Ok(inflated) => read_plain(&inflated, path, limits),
            Err(diagnostic) => Reading::refused(diagnostic),
        };
    }
    read_plain(bytes, path, limits)
}

fn read_plain(bytes: &[u8], path: &str, limits: &Limits) -> Reading {
    if bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii().is_empty() {
        return Reading::refused(Diagnostic::new(Code::FileEmpty, Place::file(path)));
    }
    if is_update_catalogue(bytes) {
        return Reading::refused(Diagnostic::new(Code::UpdateCatalogueRefused, Place::file(path)));
    }
    if let Some(kind) = archive::packed_kind(bytes) {
        let diagnostic = Diagnostic::new(Code::FormatUnsupported, Place::file(path));
        return Reading::refused(diagnostic.with("format", kind).with("version", ""));
    }
    // UTF-16 is decoded before it is looked at; everything else is looked at as it is, because XML may declare an
    // encoding of its own.
    let bytes = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => match text::decode(bytes, Legacy::Refused, path) {
            Ok(decoded) => Cow::Owned(decoded.text.into_owned().into_bytes()),
            Err(diagnostic) => return Reading::refused(diagnostic),
        },
        _ => Cow::Borrowed(bytes),
    };
    match detect::sniff(&bytes) {
        Detected::Known(format) => with_short_titles(dispatch(format, &bytes, path, limits)),
        // Lists of MyJVN are no advisories, but an error of the service comes in their shape and must be told.
        Detected::Unsupported { format: "MyJVN HND Result", .. } => jvn::read(&bytes, path, limits),
        Detected::Unsupported { format, version } => Reading::refused(unsupported(format, &version, path)),
        Detected::Unknown { hint } => Reading::refused(unknown(&bytes, &hint, path, limits)),
    }
}

/// True for `wsusscn2.cab`, Windows Update's catalogue for scans without a network: a cabinet of cabinets.
fn is_update_catalogue(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(64 * 1024)).unwrap_or_default();
    archive::packed_kind(bytes) == Some("cab") && memchr::memmem::find(head, b"package.cab").is_some()
}

/// Longest title kept, in characters. Titles are stored several times and shown in tables; none that means well comes
/// near this.
const LONGEST_TITLE: usize = 400;

fn with_short_titles(mut reading: Reading) -> Reading {
    for advisory in &mut reading.advisories {
        if advisory.title.len() > LONGEST_TITLE {
            advisory.title = text::shorten(&advisory.title, LONGEST_TITLE);
        }
    }
    reading
}

fn dispatch(format: AdvisoryFormat, bytes: &[u8], path: &str, limits: &Limits) -> Reading {
    let read_text: fn(&str, &str, &Limits) -> Reading = match format {
        AdvisoryFormat::Csaf => return csaf::read(bytes, path, limits),
        AdvisoryFormat::CyclonedxVex => return cyclonedx::read(bytes, path, limits),
        AdvisoryFormat::Vuldef | AdvisoryFormat::Jvnrss => return jvn::read(bytes, path, limits),
        AdvisoryFormat::Cvrf => return cvrf::read(bytes, path, limits),
        AdvisoryFormat::DebianTracker => debian::read,
        AdvisoryFormat::EndOfLife => end_of_life::read,
        AdvisoryFormat::Osv => osv::read,
        AdvisoryFormat::Cve5 => cve5::read,
        AdvisoryFormat::Kev => kev::read,
        AdvisoryFormat::Epss => epss::read,
        AdvisoryFormat::Nvd => nvd::read,
        AdvisoryFormat::Oka => jvn::oka::read,
        AdvisoryFormat::OpenVex => openvex::read,
        AdvisoryFormat::Rustsec => rustsec::read,
        AdvisoryFormat::RubyAdvisory => ruby::read,
        AdvisoryFormat::PhpAdvisory => php::read,
        AdvisoryFormat::PaloAlto => palo_alto::read,
    };
    match text::decode(bytes, Legacy::Refused, path) {
        Ok(decoded) => read_text(&decoded.text, path, limits),
        Err(diagnostic) => unreadable(format, diagnostic),
    }
}

/// A document whose format is clear and that cannot be read at all.
fn unreadable(format: AdvisoryFormat, diagnostic: Diagnostic) -> Reading {
    let mut reading = Reading::of(format, "unknown");
    reading.reject(diagnostic);
    reading
}

fn unsupported(format: &str, version: &str, path: &str) -> Diagnostic {
    Diagnostic::new(Code::FormatUnsupported, Place::file(path))
        .with("format", format)
        .with("version", version)
}

/// Why a document is of no known format: it is damaged JSON, or something else.
fn unknown(bytes: &[u8], hint: &str, path: &str, limits: &Limits) -> Diagnostic {
    if matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) {
        let checked = text::decode(bytes, Legacy::Refused, path)
            .and_then(|decoded| json::parse::<IgnoredAny>(&decoded.text, path, limits));
        if let Err(diagnostic) = checked {
            return diagnostic;
        }
    }
    Diagnostic::new(Code::FormatUnknown, Place::file(path)).with("hint", hint)
}

/// The number of the first line (from 1) that is longer than `limit` bytes.
fn line_beyond(text: &str, limit: usize) -> Option<u64> {
    (1..).zip(text.split('\n')).find(|(_, line)| line.len() > limit).map(|(number, _)| number)
}

/// Says how many rejected rows have no diagnostic of their own.
fn more_rejected(reading: &mut Reading, reported: u64, path: &str) {
    let more = reading.rejected.saturating_sub(reported);
    if more > 0 && reported > 0 {
        let reason = format!("{more} more rows that cannot be read");
        let diagnostic = Diagnostic::new(Code::CsvInvalid, Place::file(path)).with("reason", reason);
        reading.diagnostics.push(diagnostic);
    }
}

/// An empty feed must not look like a clean one.
fn no_rows(reading: &mut Reading, path: &str) {
    if reading.enrichments.is_empty() && reading.rejected == 0 {
        reading.diagnostics.push(Diagnostic::new(Code::FileEmpty, Place::file(path)));
    }
}

#[cfg(test)]
mod tests;
