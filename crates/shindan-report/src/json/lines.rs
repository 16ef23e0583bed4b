//! `shindan.check-lines/1`: the answer of `check` as JSON Lines, each finding written as soon as it is there.
//!
//! The first line (`begin`) says with which knowledge, the last one (`end`) how much was covered; without the last one the answer is not
//! whole. Between them stands what was found, part by part in the order of inventories and components, with the keys that it has in
//! `shindan.check/1`; of each part findings by urgency, what is denied, and what is open.

use std::io::Write;
use std::sync::{Mutex, OnceLock, PoisonError};

use jiff::Timestamp;
use serde::ser::Error as _;
use serde_json::Error;
use shindan_domain::crosswalk::ControlEvidence;
use shindan_domain::finding::{CheckResult, Finding, NotAffected, Tally, Undetermined};
use shindan_domain::knowledge::KnowledgeSummary;

use super::check::{CoverageView, InputView, Pieces, Reasons, SummaryView, Told};
use super::crosswalk::EvidenceView;
use super::in_order::InOrder;
use super::knowledge::KnowledgeView;
use super::views::DiagnosticView;
use super::{Each, field, raw};

/// Writes the lines. Parts may be put by several threads, in any order. What cannot be written is told at the end; what is found is counted
/// all the same.
#[derive(Debug)]
pub struct Lines<W> {
    written: InOrder<W>,
    told: OnceLock<Told>,
    tally: Mutex<Tally>,
}

impl<W: Write> Lines<W> {
    /// Writes to `out`, and flushes it after each part.
    pub fn new(out: W) -> Self {
        Lines { written: InOrder::new(out, true), told: OnceLock::new(), tally: Mutex::default() }
    }

    /// The first line, before any part. `paths` are those of the inputs, by which findings name them.
    pub fn begin(&self, as_of: Timestamp, knowledge: &KnowledgeSummary, paths: Vec<String>) {
        let made = Told::of(paths).and_then(|told| {
            self.told.get_or_init(|| told);
            first(as_of, knowledge)
        });
        self.written.put(0, made);
    }

    /// What was found in the part of this number, counted from 0.
    pub fn part(
        &self,
        number: usize,
        findings: &[Finding],
        not_affected: &[NotAffected],
        undetermined: &[Undetermined],
    ) {
        let tally = Tally::of(findings, not_affected, undetermined);
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).add(&tally);
        if self.written.has_failed() {
            return;
        }
        let told = self.told.get().ok_or_else(|| Error::custom("a part before the first line"));
        let made = told.and_then(|told| part(told, findings, not_affected, undetermined));
        self.written.put(number + 1, made);
    }

    /// What was found in all parts.
    pub fn tally(&self) -> Tally {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last line. The lists of `result` are not looked at; `evidence` is what the answer shows of the rows of the loaded guideline
    /// packs.
    ///
    /// # Errors
    /// The first one of making or writing any line.
    pub fn end(self, result: &CheckResult, evidence: &[ControlEvidence]) -> Result<(), Error> {
        let summary = self.tally().summary(result.coverage.components);
        let mut out = self.written.end()?;
        raw(&mut out, b"{\"line\":\"end\"")?;
        field(&mut out, "coverage", &CoverageView::from(&result.coverage))?;
        field(&mut out, "summary", &SummaryView::from(&summary))?;
        field(&mut out, "inputs", &Each(result.inputs.iter().map(InputView::from)))?;
        field(&mut out, "evidence", &Each(evidence.iter().map(EvidenceView::from)))?;
        field(&mut out, "remarks", &Each(result.remarks.iter().map(DiagnosticView::from)))?;
        raw(&mut out, b"}\n")?;
        out.flush().map_err(Error::io)
    }
}

/// Writes an answer that is there as a whole.
///
/// # Errors
/// As [`Lines::end`].
pub fn write_check_lines<W: Write>(
    result: &CheckResult,
    evidence: &[ControlEvidence],
    out: W,
) -> Result<(), Error> {
    let lines = Lines::new(out);
    let paths = result.inputs.iter().map(|input| input.path.clone()).collect();
    lines.begin(result.as_of, &result.knowledge, paths);
    lines.part(0, &result.findings, &result.not_affected, &result.undetermined);
    lines.end(result, evidence)
}

fn first(as_of: Timestamp, knowledge: &KnowledgeSummary) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    raw(&mut out, b"{\"line\":\"begin\",\"schema\":\"shindan.check-lines/1\"")?;
    field(&mut out, "as_of", &as_of.to_string())?;
    field(&mut out, "knowledge", &KnowledgeView::from(knowledge))?;
    raw(&mut out, b"}\n")?;
    Ok(out)
}

fn part(
    told: &Told,
    findings: &[Finding],
    not_affected: &[NotAffected],
    undetermined: &[Undetermined],
) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let (mut pieces, mut reasons) = (Pieces::default(), Reasons::default());
    for finding in findings {
        line("finding", &mut out, |out| told.finding(&mut pieces, finding, out))?;
    }
    for denied in not_affected {
        line("not-affected", &mut out, |out| told.denied(&mut pieces, denied, out))?;
    }
    for entry in undetermined {
        line("undetermined", &mut out, |out| told.entry(&mut reasons, entry, out))?;
    }
    Ok(out)
}

/// Appends an object as a line of its own, with what it is as its first key.
fn line(
    kind: &str,
    out: &mut Vec<u8>,
    object: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>,
) -> Result<(), Error> {
    let start = out.len();
    object(out)?;
    // The brace that the object begins with stands in front of the kind.
    out.splice(start..=start, format!("{{\"line\":\"{kind}\",").into_bytes());
    out.push(b'\n');
    Ok(())
}
