//! A report that is being put together by one of the readers of XML or lines.

use std::collections::BTreeSet;

use jiff::Timestamp;
use shindan_domain::assessment::{Completion, LONGEST_TEXT, LeftOut, ScanFormat, ScanReport, ScanResult};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::{MOST_RESULTS, times};
use crate::text::shorten;

/// So many unreadable entries are named; the others are counted in one more diagnostic.
const MOST_NAMED: usize = 100;

/// What has been read so far.
pub(super) struct Collected {
    pub(super) report: ScanReport,
    path: String,
    /// Fields whose times had no zone, or could not be read: each is told once.
    told: BTreeSet<&'static str>,
    named: usize,
    unnamed: u64,
    full: bool,
}

impl Collected {
    pub(super) fn new(format: ScanFormat, name: &str, key: &str, path: &str) -> Self {
        Collected {
            report: ScanReport::new(format, name, key),
            path: path.to_owned(),
            told: BTreeSet::new(),
            named: 0,
            unnamed: 0,
            full: false,
        }
    }

    pub(super) fn place(&self, line: u64) -> Place {
        Place::file(&self.path).at_line(line)
    }

    /// Takes a finding over, up to the limit.
    pub(super) fn add(&mut self, result: ScanResult, line: u64) {
        if self.report.results.len() < MOST_RESULTS {
            self.report.results.push(result);
        } else if !self.full {
            self.full = true;
            let diagnostic = Diagnostic::new(Code::ScanTooMany, self.place(line)).with("limit", MOST_RESULTS);
            self.report.diagnostics.push(diagnostic);
        }
    }

    /// An entry whose finding is missing here.
    pub(super) fn unreadable(&mut self, line: u64, entry: &str, reason: &str) {
        if self.named >= MOST_NAMED {
            self.unnamed += 1;
            return;
        }
        self.named += 1;
        let diagnostic = Diagnostic::new(Code::ScanEntryUnreadable, self.place(line))
            .with("entry", shorten(entry, 120))
            .with("reason", shorten(reason, 200));
        self.report.diagnostics.push(diagnostic);
    }

    /// The scan, or a part of it, was not carried out.
    pub(super) fn unfinished(&mut self, line: u64, reason: &str) {
        self.report.completion = Completion::Unfinished;
        if self.named >= MOST_NAMED {
            self.unnamed += 1;
            return;
        }
        self.named += 1;
        let diagnostic = Diagnostic::new(Code::ScanUnfinished, self.place(line));
        self.report.diagnostics.push(diagnostic.with("reason", shorten(reason, 200)));
    }

    /// The report says that the scan came to its end. What was left out before stays left out.
    pub(super) fn finished(&mut self) {
        if self.report.completion == Completion::NotTold {
            self.report.completion = Completion::Finished;
        }
    }

    /// A value outside its definition, which is not taken over.
    pub(super) fn tolerated(&mut self, field: &'static str, value: &str, expected: &str, line: u64) {
        if self.told.insert(field) {
            let diagnostic = Diagnostic::new(Code::FieldTolerated, self.place(line))
                .with("field", field)
                .with("value", shorten(value, 80))
                .with("expected", expected);
            self.report.diagnostics.push(diagnostic);
        }
    }

    /// A time; one without a zone is taken as Japan's, and that is told once for each field.
    pub(super) fn time(&mut self, field: &'static str, value: &str, line: u64) -> Option<Timestamp> {
        if value.trim().is_empty() {
            return None;
        }
        let told = times::time(value);
        let code = match told {
            Some(told) if !told.without_zone => return Some(told.at),
            Some(_) => Code::ScanTimeWithoutZone,
            None => Code::DateInvalid,
        };
        if self.told.insert(field) {
            let diagnostic = Diagnostic::new(code, self.place(line)).with("field", field);
            self.report.diagnostics.push(diagnostic.with("value", shorten(value, 80)));
        }
        told.map(|told| told.at)
    }

    /// The scan began at the earliest of these times.
    pub(super) fn started(&mut self, at: Option<Timestamp>) {
        self.report.started = match (self.report.started, at) {
            (Some(known), Some(at)) => Some(known.min(at)),
            (known, at) => known.or(at),
        };
    }

    /// The scan ended at the latest of these times.
    pub(super) fn ended(&mut self, at: Option<Timestamp>) {
        self.report.ended = self.report.ended.max(at);
    }

    /// Something that was looked at.
    pub(super) fn touch(&mut self, target: &str) {
        let target = target.trim();
        if !target.is_empty() {
            self.report.touched.insert(shorten(&target.to_ascii_lowercase(), 500));
        }
    }

    pub(super) fn leave_out(&mut self, why: LeftOut) {
        self.report.leave_out(why);
    }

    pub(super) fn version(&mut self, version: Option<&str>) {
        let version = version.map(str::trim).filter(|version| !version.is_empty());
        if let (None, Some(version)) = (&self.report.tool.version, version) {
            self.report.tool.version = Some(shorten(version, 80));
        }
    }

    /// The report, with what could only be known at its end.
    pub(super) fn finish(mut self) -> ScanReport {
        if self.unnamed > 0 {
            let reason = format!("{} more entries, which are not named one by one", self.unnamed);
            let diagnostic = Diagnostic::new(Code::ScanEntryUnreadable, Place::file(&self.path));
            self.report.diagnostics.push(diagnostic.with("entry", "-").with("reason", reason));
        }
        if self.report.tool.version.is_none() {
            let diagnostic = Diagnostic::new(Code::ScanToolVersionMissing, Place::file(&self.path));
            self.report.diagnostics.push(diagnostic.with("tool", &self.report.tool.name));
        }
        self.report
    }
}

/// A text of a finding: white space folded, cut at [`LONGEST_TEXT`].
pub(super) fn short(text: &str) -> String {
    // The sign that shows the cut is one character, too.
    shorten(text, LONGEST_TEXT - 1)
}

/// One line of a finding.
pub(super) fn line(text: &str) -> String {
    shorten(text, 300)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_never_exceeds_its_limit() {
        assert_eq!(short(&"診".repeat(5_000)).chars().count(), LONGEST_TEXT);
        assert_eq!(short(" a\n b "), "a b");
    }

    #[test]
    fn unreadable_entries_are_named_up_to_a_limit_and_counted_beyond() {
        let mut found = Collected::new(ScanFormat::ZapXml, "ZAP", "zap", "r.xml");
        for line in 0..150 {
            found.unreadable(line, "entry", "no rule");
        }
        let report = found.finish();
        let unreadable = |diagnostic: &&Diagnostic| diagnostic.code == Code::ScanEntryUnreadable;
        assert_eq!(report.diagnostics.iter().filter(unreadable).count(), MOST_NAMED + 1);
        assert!(report.diagnostics.iter().any(|d| d.params.values().any(|value| value.contains("50 more"))));
    }

    #[test]
    fn a_scan_that_was_broken_off_stays_so() {
        let mut found = Collected::new(ScanFormat::ZapXml, "ZAP", "zap", "r.xml");
        found.unfinished(1, "host a");
        found.finished();
        assert_eq!(found.report.completion, Completion::Unfinished);
    }
}
