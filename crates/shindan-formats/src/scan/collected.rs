//! A report that is being put together by one of the readers, whatever its form.

use std::collections::BTreeSet;

use jiff::Timestamp;
use shindan_domain::assessment::{Completion, LONGEST_TEXT, LeftOut, ScanFormat, ScanReport, ScanResult};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::{MOST_RESULTS, times};
use crate::text::shorten;

/// So many unreadable entries are named; the others are counted in one more diagnostic.
const MOST_NAMED: usize = 100;

/// Where in a file something stands: its line, or a place that is already known (a pointer into JSON).
pub(super) trait At {
    /// The place in the file of this name.
    fn within(self, path: &str) -> Place;
}

impl At for u64 {
    fn within(self, path: &str) -> Place {
        Place::file(path).at_line(self)
    }
}

impl At for Place {
    fn within(self, _: &str) -> Place {
        self
    }
}

/// What has been read so far.
pub(super) struct Collected {
    pub(super) report: ScanReport,
    path: String,
    /// So many findings are read; more are told.
    most: usize,
    /// Fields whose times had no zone, or could not be read: each is told once.
    told: BTreeSet<String>,
    named: usize,
    unnamed: u64,
    full: bool,
}

impl Collected {
    pub(super) fn new(format: ScanFormat, name: &str, key: &str, path: &str) -> Self {
        Collected {
            report: ScanReport::new(format, name, key),
            path: path.to_owned(),
            most: MOST_RESULTS,
            told: BTreeSet::new(),
            named: 0,
            unnamed: 0,
            full: false,
        }
    }

    /// The name of the file.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Takes a finding over, up to the limit. One without a rule could not be recognised again, and is told as unreadable.
    pub(super) fn add(&mut self, result: ScanResult, at: impl At) {
        if result.rule.trim().is_empty() {
            return self.unreadable(at, &result.title, "there is no rule");
        }
        if self.report.results.len() < self.most {
            self.report.results.push(result);
        } else if !self.full {
            self.full = true;
            let diagnostic = Diagnostic::new(Code::ScanTooMany, at.within(&self.path));
            self.report.diagnostics.push(diagnostic.with("limit", self.most));
        }
    }

    /// An entry whose finding is missing here.
    pub(super) fn unreadable(&mut self, at: impl At, entry: &str, reason: &str) {
        let diagnostic = Diagnostic::new(Code::ScanEntryUnreadable, at.within(&self.path));
        self.name(diagnostic.with("entry", shorten(entry, 120)).with("reason", shorten(reason, 200)));
    }

    /// The scan, or a part of it, was not carried out.
    pub(super) fn unfinished(&mut self, at: impl At, reason: &str) {
        self.report.completion = Completion::Unfinished;
        let diagnostic = Diagnostic::new(Code::ScanUnfinished, at.within(&self.path));
        let diagnostic = diagnostic.with("reason", shorten(reason, 200));
        if !self.report.diagnostics.contains(&diagnostic) {
            self.name(diagnostic);
        }
    }

    /// Names what is missing, up to the limit; a file of nothing but damage must not fill the memory.
    fn name(&mut self, diagnostic: Diagnostic) {
        if self.named >= MOST_NAMED {
            self.unnamed += 1;
            return;
        }
        self.named += 1;
        self.report.diagnostics.push(diagnostic);
    }

    /// The report says that the scan came to its end. What was left out before stays left out.
    pub(super) fn finished(&mut self) {
        if self.report.completion == Completion::NotTold {
            self.report.completion = Completion::Finished;
        }
    }

    /// A value outside its definition, which is not taken over.
    pub(super) fn tolerated(&mut self, field: &str, value: &str, expected: &str, at: impl At) {
        if self.told.insert(field.to_owned()) {
            let diagnostic = Diagnostic::new(Code::FieldTolerated, at.within(&self.path))
                .with("field", field)
                .with("value", shorten(value, 80))
                .with("expected", expected);
            self.report.diagnostics.push(diagnostic);
        }
    }

    /// A time; one without a zone is taken as Japan's, and that is told once for each field.
    pub(super) fn time(&mut self, field: &str, value: &str, at: impl At) -> Option<Timestamp> {
        if value.trim().is_empty() {
            return None;
        }
        let told = times::time(value);
        let code = match told {
            Some(told) if !told.without_zone => return Some(told.at),
            Some(_) => Code::ScanTimeWithoutZone,
            None => Code::DateInvalid,
        };
        if self.told.insert(field.to_owned()) {
            let diagnostic = Diagnostic::new(code, at.within(&self.path)).with("field", field);
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

    /// A host or an address that was looked at. Names of hosts are brought to lower case; paths are not.
    pub(super) fn touch(&mut self, target: &str) {
        let target = target.trim();
        let begin = target.find("://").map_or(0, |at| at + 3);
        let end = target
            .get(begin..)
            .and_then(|rest| rest.find(['/', '?', '#']))
            .map_or(target.len(), |at| begin + at);
        let (host, rest) = target.split_at(end);
        self.touch_local(&format!("{}{rest}", host.to_ascii_lowercase()));
    }

    /// Whatever was looked at, as written: a folder, a file, an image.
    pub(super) fn touch_local(&mut self, what: &str) {
        let what = without_secrets(what.trim());
        if !what.is_empty() {
            self.report.touched.insert(shorten(&what, 500));
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

/// A web address without what can hold secrets: name and password, query, fragment. Anything else as it is.
fn without_secrets(what: &str) -> String {
    let Some((scheme, rest)) = what.split_once("://") else { return what.to_owned() };
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    format!("{scheme}://{authority}{path}")
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
    fn more_findings_than_are_read_are_told_once() {
        use shindan_domain::assessment::ScanPlace;
        use shindan_domain::identifier::FindingKind;

        let mut found = Collected::new(ScanFormat::ZapXml, "ZAP", "zap", "r.xml");
        found.most = 2;
        for line in 1..=4 {
            found.add(ScanResult::new("1", "t", FindingKind::Vulnerability, ScanPlace::default()), line);
        }
        let report = found.finish();
        assert_eq!(report.results.len(), 2);
        let told: Vec<&Diagnostic> =
            report.diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::ScanTooMany).collect();
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].params["limit"].as_str(), told[0].place.line), ("2", Some(3)));
    }

    #[test]
    fn a_finding_without_a_rule_is_told_as_unreadable() {
        use shindan_domain::assessment::ScanPlace;
        use shindan_domain::identifier::FindingKind;

        let mut found = Collected::new(ScanFormat::NmapXml, "nmap", "nmap", "r.xml");
        found.add(ScanResult::new(" ", "t", FindingKind::Vulnerability, ScanPlace::default()), 7);
        let report = found.finish();
        assert!(report.results.is_empty());
        assert_eq!(report.diagnostics[0].code, Code::ScanEntryUnreadable);
    }

    #[test]
    fn hosts_have_one_spelling_and_paths_keep_theirs() {
        let mut found = Collected::new(ScanFormat::ZapXml, "ZAP", "zap", "r.xml");
        found.touch(" HTTPS://App.Example:8443/Login?A=B ");
        found.touch("App.Example");
        found.touch_local("Src/Main");
        let expected = ["https://app.example:8443/Login", "app.example", "Src/Main"];
        assert_eq!(found.finish().touched, expected.map(str::to_owned).into());
    }

    #[test]
    fn a_scan_that_was_broken_off_stays_so() {
        let mut found = Collected::new(ScanFormat::ZapXml, "ZAP", "zap", "r.xml");
        found.unfinished(1, "host a");
        found.finished();
        assert_eq!(found.report.completion, Completion::Unfinished);
    }
}
