//! The answer as SARIF 2.1.0, for result management systems and editors.
//!
//! Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0 plus Errata 01; sections are named
//! where they decide something.
//!
//! Decisions:
//!
//! - A rule (§3.49) is a vulnerability, or a reason why nothing could be judged (`undetermined/maker-unknown`).
//! - A finding is `fail` with a level by its priority: *immediate* and *out-of-cycle* are errors, *scheduled* is a
//!   warning, *defer* a note. What could not be judged is `review` where a person can decide it by reading, else `open`;
//!   §3.27.10 then allows no level but `none`.
//! - A finding that somebody who knows the product calls not affected or fixed stays, with an external suppression
//!   (§3.35) that says who and why.
//! - What could not be read, and the coverage line before everything else, are notifications of the invocation (§3.20.21).
//! - Fingerprints (§3.27.17) are made of the rule, the component with its version, the asset and the input: not of lines,
//!   order or time, so that the same problem keeps its fingerprint from run to run.

mod notes;
mod places;
mod results;
mod rules;
#[cfg(test)]
mod tests;

use std::io::{BufWriter, Write};

use serde::Serialize;
use shindan_domain::finding::CheckResult;

use crate::json::{field, raw};
use crate::words::Words;

/// An identifier of the schema, as other tools write it; nothing is fetched from there.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A message (§3.11).
#[derive(Serialize)]
struct Message<T> {
    text: T,
}

/// Writes the answer. `exit_code` is how the process is going to end.
///
/// # Errors
/// Only what `writer` reports.
pub fn check<W: Write>(
    result: &CheckResult,
    words: &Words,
    exit_code: u8,
    writer: W,
) -> Result<(), serde_json::Error> {
    let mut writer = BufWriter::with_capacity(1 << 16, writer);
    let out = &mut writer;
    let rules = rules::Rules::of(result);
    raw(out, b"{\"version\":\"2.1.0\"")?;
    field(out, "$schema", &SCHEMA)?;
    raw(out, b",\"runs\":[{\"invocations\":[")?;
    notes::write_invocation(result, words, exit_code, out)?;
    raw(out, b"],\"tool\":{\"driver\":{\"name\":\"shindan\"")?;
    field(out, "semanticVersion", &env!("CARGO_PKG_VERSION"))?;
    field(out, "language", &words.lang().as_str())?;
    raw(out, b",\"rules\":[")?;
    rules.write(words, out)?;
    raw(out, b"]}},\"artifacts\":[")?;
    places::write_artifacts(result, words, out)?;
    raw(out, b"],\"results\":[")?;
    results::write(result, &rules, words, out)?;
    raw(out, b"]")?;
    field(out, "properties", &notes::RunView::of(result, words))?;
    raw(out, b"}]}\n")?;
    out.flush().map_err(serde_json::Error::io)
}
