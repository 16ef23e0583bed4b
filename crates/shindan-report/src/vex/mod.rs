//! The answer as a vulnerability exchange document: CycloneDX 1.6 JSON with components, vulnerabilities and what is
//! known about their effect.
//!
//! Source: ECMA-424 (CycloneDX 1.6), `vulnerabilities`; CISA, "VEX Use Cases".
//!
//! Decisions:
//!
//! - Nobody has judged a finding yet, so its state is `in_triage`, never `exploitable`. What somebody who knows the
//!   product calls not affected or fixed is `not_affected` or `resolved`, with the words of who says so.
//! - A component that its source gave a BOM-Link is referred to by it. The others are listed here, under their package
//!   URL where they have one.
//! - A component about which nothing could be judged is listed with the reason as a property: silence about it must not
//!   read as *not affected*. The end of support is a property, too; it is no vulnerability.
//! - The serial number is made of the content, because the core knows no chance: the same answer has the same number.

mod statements;
mod subjects;
#[cfg(test)]
mod tests;

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};
use shindan_domain::finding::CheckResult;
use shindan_domain::identifier::FindingKind;

use crate::coverage::CoverageLine;
use crate::json::{field, raw};
use crate::record;
use crate::words::Words;

/// A property: a name of ours and a text.
#[derive(Serialize)]
struct Property<'a> {
    name: &'static str,
    value: std::borrow::Cow<'a, str>,
}

impl<'a> Property<'a> {
    fn new(name: &'static str, value: impl Into<std::borrow::Cow<'a, str>>) -> Self {
        Property { name, value: value.into() }
    }
}

/// Writes the answer.
///
/// # Errors
/// Only what `writer` reports.
pub fn check<W: Write>(result: &CheckResult, words: &Words, writer: W) -> Result<(), serde_json::Error> {
    let mut out = Hashed { inner: BufWriter::with_capacity(1 << 16, writer), hash: Sha256::new() };
    let mut subjects = subjects::Subjects::default();
    let statements = statements::Statements::of(result, &mut subjects, words);
    raw(&mut out, b"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1")?;
    field(&mut out, "metadata", &MetadataView::of(result, words))?;
    raw(&mut out, b",\"components\":[")?;
    subjects.write(result, words, &mut out)?;
    raw(&mut out, b"],\"vulnerabilities\":[")?;
    statements.write(&subjects, words, &mut out)?;
    raw(&mut out, b"]")?;
    let serial = serial_number(out.hash.clone());
    field(&mut out, "serialNumber", &serial)?;
    raw(&mut out, b"}\n")?;
    out.flush().map_err(serde_json::Error::io)
}

/// RFC 9562, version 8: made of what the document says.
fn serial_number(hash: Sha256) -> String {
    let digest = hash.finalize();
    let mut number = 0u128;
    for byte in digest.iter().take(16) {
        number = number << 8 | u128::from(*byte);
    }
    number = number & !(0xf << 76) | 0x8 << 76;
    number = number & !(0x3 << 62) | 0x2 << 62;
    let text = format!("{number:032x}");
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!("urn:uuid:{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// A writer that remembers the hash of what passed.
struct Hashed<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[derive(Serialize)]
struct MetadataView<'a> {
    timestamp: String,
    tools: ToolsView,
    properties: Vec<Property<'a>>,
}

#[derive(Serialize)]
struct ToolsView {
    components: [ToolView; 1],
}

#[derive(Serialize)]
struct ToolView {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    version: &'static str,
}

impl<'a> MetadataView<'a> {
    fn of(result: &'a CheckResult, words: &Words) -> Self {
        let coverage = &result.coverage;
        let mut properties = vec![
            Property::new("shindan:coverage", CoverageLine::of(result, words).whole(words)),
            Property::new("shindan:components", coverage.components.to_string()),
            Property::new("shindan:judged", coverage.judged.to_string()),
            Property::new("shindan:undetermined", coverage.undetermined.to_string()),
        ];
        let ended = result.findings.iter().filter(|f| f.vulnerability.kind == FindingKind::EndOfLife).count();
        if ended > 0 {
            properties.push(Property::new("shindan:support-ended", ended.to_string()));
        }
        for trouble in record::troubles(result) {
            let text = words.code(trouble.code, &trouble.params);
            let place = trouble.place.to_string();
            let text = if place.is_empty() { text } else { format!("{place}: {text}") };
            properties.push(Property::new("shindan:remark", text));
        }
        let tool = ToolView { kind: "application", name: "shindan", version: env!("CARGO_PKG_VERSION") };
        MetadataView {
            timestamp: result.as_of.to_string(),
            tools: ToolsView { components: [tool] },
            properties,
        }
    }
}
