//! What a file is, by its content: lists of software, advisories and statements about them are recognised; of anything else
//! people say what it is.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use shindan_domain::advisory::AdvisoryFormat;
use shindan_domain::exchange::ContentType;
use shindan_domain::inventory::InventoryKind;
use shindan_formats::advisory::detect::{Detected, sniff};
use shindan_formats::inventory;
use shindan_formats::limits::Limits;

use crate::records::RecordsError;

/// So much of a file is looked at.
const LOOKED_AT: u64 = 64 << 20;

/// What a file is.
///
/// # Errors
/// [`RecordsError::Unreadable`].
pub(super) fn recognise(path: &Path) -> Result<ContentType, RecordsError> {
    let unreadable = |error: std::io::Error| RecordsError::unreadable(path, &error);
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(LOOKED_AT).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(recognised(&bytes))
}

fn recognised(bytes: &[u8]) -> ContentType {
    let mentions = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    match sniff(bytes) {
        Detected::Known(AdvisoryFormat::Csaf) if mentions(b"\"csaf_vex\"") => return ContentType::Vex,
        Detected::Known(AdvisoryFormat::Csaf) => return ContentType::Csaf,
        Detected::Known(AdvisoryFormat::OpenVex) => return ContentType::Vex,
        Detected::Known(AdvisoryFormat::CyclonedxVex)
            if mentions(b"\"vulnerabilities\"") || mentions(b"<vulnerabilities>") =>
        {
            return ContentType::Vex;
        }
        _ => {}
    }
    let kind = inventory::read(bytes, "", &Limits::default()).map(|inventory| inventory.kind);
    match kind {
        Ok(
            InventoryKind::CyclonedxJson
            | InventoryKind::CyclonedxXml
            | InventoryKind::SpdxJson
            | InventoryKind::SpdxTagValue
            | InventoryKind::Spdx3Json,
        ) => ContentType::Sbom,
        _ => ContentType::Document,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_recognised_is() {
        let sbom = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,
            "components":[{"type":"library","name":"a","version":"1"}]}"#;
        let vex = sbom.replace("\"version\":1,", "\"version\":1,\"vulnerabilities\":[],");
        let csaf = r#"{"document":{"category":"csaf_security_advisory","csaf_version":"2.0","title":"t",
            "publisher":{"category":"vendor","name":"n","namespace":"https://example.com"},
            "tracking":{"id":"1","status":"final","version":"1","current_release_date":"2026-01-01T00:00:00Z",
            "initial_release_date":"2026-01-01T00:00:00Z","revision_history":[]}}}"#;
        let csaf_vex = csaf.replace("csaf_security_advisory", "csaf_vex");
        let openvex =
            r#"{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","author":"a","statements":[]}"#;
        for (text, expected) in [
            (sbom, ContentType::Sbom),
            (&vex, ContentType::Vex),
            (csaf, ContentType::Csaf),
            (&csaf_vex, ContentType::Vex),
            (openvex, ContentType::Vex),
            ("consent to MED-2026-0042", ContentType::Document),
            ("", ContentType::Document),
        ] {
            assert_eq!(recognised(text.as_bytes()), expected, "{text}");
        }
    }
}
