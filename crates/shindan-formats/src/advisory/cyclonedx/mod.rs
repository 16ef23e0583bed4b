//! CycloneDX documents that state vulnerabilities (VEX, VDR), JSON and XML, as advisories of their publisher.
//!
//! Source: CycloneDX 1.4 to 1.7, `vulnerabilities`. It is one format, read by one reader: what an entry means is said
//! in `inventory::cyclonedx::opinions`, and what holds inside the document's subject only in
//! `inventory::cyclonedx::stated`. The same file is an inventory if it lists components.

#[cfg(test)]
mod genuine_tests;

use std::borrow::Cow;

use shindan_domain::advisory::AdvisoryFormat;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::Reading;
use crate::inventory::cyclonedx::stated::{self, Stated};
use crate::limits::Limits;
use crate::text::{self, Legacy};
use crate::xml;

/// Reads a document.
pub fn read(bytes: &[u8], path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::CyclonedxVex, "unknown");
    let stated = decode(bytes, path)
        .map_err(|diagnostic| vec![diagnostic])
        .and_then(|text| stated::read(&text, path, limits));
    let Stated { advisories, publisher, timestamp, rejected, diagnostics } = match stated {
        Ok(stated) => stated,
        Err(diagnostics) => {
            reading.rejected = 1;
            reading.diagnostics = diagnostics;
            return reading;
        }
    };
    reading.source = publisher;
    reading.newest = advisories.iter().map(|advisory| advisory.modified).fold(timestamp, Option::max);
    reading.rejected = rejected;
    reading.diagnostics = diagnostics;
    if advisories.is_empty() && rejected == 0 {
        // A plain SBOM beside advisories: it adds nothing to what is known, and that must not go unnoticed.
        let diagnostic = Diagnostic::new(Code::VulnerabilitiesNotStated, Place::file(path));
        reading.diagnostics.push(diagnostic.with("format", "CycloneDX"));
    }
    reading.advisories = advisories;
    reading
}

/// XML declares its encoding.
fn decode<'a>(bytes: &'a [u8], path: &str) -> Result<Cow<'a, str>, Diagnostic> {
    if bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start().starts_with(b"<") {
        return xml::decode(bytes, path);
    }
    text::decode(bytes, Legacy::Refused, path).map(|decoded| decoded.text)
}
