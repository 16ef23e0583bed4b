//! `shindan.patch-verify/1`: whether a patch is genuine, and by which checks.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;
use shindan_domain::diagnostic::Params;
use shindan_domain::verification::{Channel, Check, Verdict};

use super::write_line;
use crate::words::{EnglishText, verification_text};

/// Writes what came of verifying a file at a time.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_patch_verify<W: Write>(
    path: &str,
    verdict: &Verdict,
    at: Timestamp,
    writer: W,
) -> Result<(), serde_json::Error> {
    let view = VerdictView {
        schema: "shindan.patch-verify/1",
        path,
        size: verdict.size,
        sha256: &verdict.sha256,
        at,
        outcome: verdict.outcome.as_str(),
        checks: verdict.checks.iter().map(CheckView::from).collect(),
    };
    write_line(writer, &view)
}

#[derive(Serialize)]
struct VerdictView<'a> {
    schema: &'static str,
    path: &'a str,
    size: u64,
    sha256: &'a str,
    at: Timestamp,
    outcome: &'static str,
    checks: Vec<CheckView<'a>>,
}

#[derive(Serialize)]
struct CheckView<'a> {
    method: &'static str,
    outcome: &'static str,
    strength: &'static str,
    code: &'static str,
    params: &'a Params,
    text: EnglishText<'a>,
    expected: Option<&'a str>,
    computed: Option<&'a str>,
    signer: Option<&'a str>,
    signed_at: Option<Timestamp>,
    channel: Option<&'a str>,
}

impl<'a> From<&'a Check> for CheckView<'a> {
    fn from(check: &'a Check) -> Self {
        CheckView {
            method: check.method.as_str(),
            outcome: check.outcome.as_str(),
            strength: check.strength.as_str(),
            code: check.code.as_str(),
            params: &check.params,
            text: verification_text(check),
            expected: check.expected.as_deref(),
            computed: check.computed.as_deref(),
            signer: check.signer.as_deref(),
            signed_at: check.signed_at,
            channel: check.channel.as_ref().map(Channel::as_str),
        }
    }
}
