//! 所見の現況: all findings of a plan, as its reports show them. It is derived: the reports are kept, and reading them again in the same
//! order gives the same (SPEC.md section 4, ③: idempotent, stable identity).
//!
//! ```text
//! not known ─► present ─► gone ─► back (present, and it had been gone)
//! ```
//!
//! A finding is *gone* only if a later report of the same kind of tool looked where it was, came to its end, could be read as a whole,
//! carried out the rule and did no less than the scan that found it. A report that did not look says nothing, and neither does one of which nobody knows when it was made: it may be
//! from before the finding came.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::coverage::Coverage;
use super::fingerprint::basis;
use super::profile::Profile;
use super::report::{Completion, ScanReport, ScanResult};
use super::run_parts::Counts;
use super::{Fingerprint, IdentityBasis};
use crate::calendar::day;
use crate::diagnostic::Severity;
use crate::ledger::Hash;
use crate::record_id::{AssessmentId, EnvironmentId};
use crate::terms;

terms! {
    /// Whether a finding is there.
    pub enum Presence ("finding-presence") {
        /// 新規: the last report that looked found it for the first time.
        Fresh = "fresh",
        /// 継続
        Still = "still",
        /// 再発: it had been gone.
        Back = "back",
        /// 解消
        Gone = "gone",
    }
}

/// When and by which run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenBy {
    /// The run.
    pub run: AssessmentId,
    /// On which day.
    pub on: Date,
}

/// A finding as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Kind of tool.
    pub tool: String,
    /// As the last report that found it tells it.
    pub result: ScanResult,
    /// In which environment it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<EnvironmentId>,
    /// Deliverables that the run covered.
    pub deliverables: BTreeSet<String>,
    /// First.
    pub first: SeenBy,
    /// Last.
    pub last: SeenBy,
    /// Every run that found it: each of them is closed only once it is decided.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub runs: BTreeSet<AssessmentId>,
    /// When the scan took place that found it last, if its report tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scanned: Option<Timestamp>,
    /// Files, folders or images that its report looked at and that it rests on.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub looked_in: BTreeSet<String>,
    /// How much the scan did that found it last, if its report tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Since when it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<SeenBy>,
    /// Whether it is there.
    pub presence: Presence,
}

/// All findings of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// By identity.
    pub findings: BTreeMap<Fingerprint, Known>,
    /// Reports that went in: SHA-256 of the originals, with the run.
    pub reports: BTreeSet<(Hash, AssessmentId)>,
}

/// The run to which reports belong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunScope {
    /// Which.
    pub seen: SeenBy,
    /// In which environment.
    pub environment: Option<EnvironmentId>,
    /// Deliverables that it covers.
    pub deliverables: BTreeSet<String>,
}

/// What a report changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// How many.
    pub counts: Counts,
    /// Findings of the report.
    pub seen: BTreeSet<Fingerprint>,
    /// Findings that are gone by it.
    pub gone: BTreeSet<Fingerprint>,
}

impl Standing {
    /// True if this report of this run went in before.
    pub fn has_read(&self, original: Hash, run: AssessmentId) -> bool {
        self.reports.contains(&(original, run))
    }

    /// Takes a report in. `original`: the file that it stands in. Taking the same one in again changes nothing but the counts.
    pub fn take(&mut self, report: &ScanReport, original: Hash, scope: &RunScope) -> Change {
        let mut change = self.see(report, scope);
        self.look_for_gone(report, scope, &mut change);
        self.reports.insert((original, scope.seen.run));
        change
    }

    /// Takes several reports of one run in, each with the file that it stands in. What one of them found is not gone by another: a file may
    /// hold several reports of one tool, each about a part.
    pub fn take_all(&mut self, reports: &[(Hash, ScanReport)], scope: &RunScope) -> Vec<Change> {
        let mut changes: Vec<Change> = reports.iter().map(|(_, report)| self.see(report, scope)).collect();
        for ((original, report), change) in reports.iter().zip(&mut changes) {
            self.look_for_gone(report, scope, change);
            self.reports.insert((*original, scope.seen.run));
        }
        changes
    }

    fn see(&mut self, report: &ScanReport, scope: &RunScope) -> Change {
        let mut change = Change::default();
        let coverage = Coverage::of(report);
        for (fingerprint, result) in identified(report) {
            change.seen.insert(fingerprint);
            match self.findings.get_mut(&fingerprint) {
                None => {
                    change.counts.fresh += 1;
                    self.findings.insert(fingerprint, known(report, result, scope, &coverage));
                }
                Some(known) => {
                    // What one report of this run did not find and another one did was there all the time.
                    let by_this_run = known.gone.is_some_and(|gone| gone.run == scope.seen.run);
                    // Within one run, a finding that is named again stays what it became there.
                    if known.presence == Presence::Gone && !by_this_run {
                        known.presence = Presence::Back;
                        change.counts.back += 1;
                    } else {
                        if known.last.run != scope.seen.run {
                            known.presence = Presence::Still;
                        }
                        change.counts.still += 1;
                    }
                    known.gone = None;
                    known.scanned = known.found_until(report);
                    known.profile = known.found_with(report, scope);
                    known.last = scope.seen;
                    known.runs.insert(scope.seen.run);
                    known.looked_in = coverage.rests_on(result);
                    known.result.clone_from(result);
                    known.environment = scope.environment;
                    known.deliverables.extend(scope.deliverables.iter().cloned());
                }
            }
        }
        change
    }

    fn look_for_gone(&mut self, report: &ScanReport, scope: &RunScope, change: &mut Change) {
        let whole = report.completion != Completion::Unfinished
            && report.diagnostics.iter().all(|one| one.severity() != Severity::Error);
        let coverage = Coverage::of(report);
        for (fingerprint, known) in &mut self.findings {
            let same_tool = known.tool == report.tool.key;
            if !same_tool || known.presence == Presence::Gone || change.seen.contains(fingerprint) {
                continue;
            }
            // Another report of the same run found it: the run as a whole found it.
            if known.last.run == scope.seen.run {
                continue;
            }
            if whole && known.was_found_before(report) && looked(known, report, scope, &coverage) {
                known.presence = Presence::Gone;
                known.gone = Some(scope.seen);
                change.gone.insert(*fingerprint);
                change.counts.gone += 1;
            } else {
                change.counts.not_looked_at += 1;
            }
        }
    }
}

impl Known {
    /// True if the report is of a later scan than those that found it: one from before cannot tell that it went. A scan that told no time
    /// took place on the day on which its report was read, at the latest.
    fn was_found_before(&self, report: &ScanReport) -> bool {
        report.taken().is_some_and(|taken| match self.scanned {
            Some(found) => taken >= found,
            None => day(taken) >= self.last.on,
        })
    }

    /// With which profile it was found last. Of several in one run the one that is first in order counts, whichever was read first.
    fn found_with(&self, report: &ScanReport, scope: &RunScope) -> Option<Profile> {
        let this = &report.profile;
        if self.last.run == scope.seen.run { this.min(&self.profile).clone() } else { this.clone() }
    }

    /// When the newest scan took place that found it, this report included; `None` if nobody knows.
    fn found_until(&self, report: &ScanReport) -> Option<Timestamp> {
        let taken = report.taken()?;
        match self.scanned {
            Some(before) => Some(before.max(taken)),
            None => (day(taken) >= self.last.on).then_some(taken),
        }
    }
}

fn known(report: &ScanReport, result: &ScanResult, scope: &RunScope, coverage: &Coverage) -> Known {
    Known {
        tool: report.tool.key.clone(),
        result: result.clone(),
        environment: scope.environment,
        deliverables: scope.deliverables.clone(),
        first: scope.seen,
        last: scope.seen,
        runs: BTreeSet::from([scope.seen.run]),
        scanned: report.taken(),
        looked_in: coverage.rests_on(result),
        profile: report.profile.clone(),
        gone: None,
        presence: Presence::Fresh,
    }
}

/// True if the report would have named the finding, were it still there.
fn looked(known: &Known, report: &ScanReport, scope: &RunScope, coverage: &Coverage) -> bool {
    if report.rules.as_ref().is_some_and(|rules| !rules.contains(&known.result.rule)) {
        return false;
    }
    if !Profile::covers(report.profile.as_ref(), known.profile.as_ref()) {
        return false;
    }
    match basis(&known.result) {
        IdentityBasis::Web | IdentityBasis::Host => coverage.reaches(&known.result.place),
        IdentityBasis::Component | IdentityBasis::Source | IdentityBasis::Target => {
            known.environment == scope.environment
                && known.deliverables.iter().all(|name| scope.deliverables.contains(name))
                && (known.result.place.host.is_none() || coverage.reaches(&known.result.place))
                && coverage.holds(&known.looked_in)
        }
    }
}

/// Findings of a report with their identities: those that are otherwise alike are numbered in the order of their lines.
pub fn identified(report: &ScanReport) -> Vec<(Fingerprint, &ScanResult)> {
    let mut alike: BTreeMap<Fingerprint, Vec<&ScanResult>> = BTreeMap::new();
    let mut order = Vec::new();
    for result in &report.results {
        let fingerprint = Fingerprint::of(&report.tool.key, result);
        let group = alike.entry(fingerprint).or_default();
        if group.is_empty() {
            order.push(fingerprint);
        }
        group.push(result);
    }
    let mut all = Vec::with_capacity(report.results.len());
    for first in order {
        let Some(mut group) = alike.remove(&first) else { continue };
        // The order of the report says nothing, not even for those in one line.
        group.sort_by(|one, other| told(one).cmp(&told(other)));
        for (nth, result) in (0..).zip(group) {
            let fingerprint =
                if nth == 0 { first } else { Fingerprint::numbered(&report.tool.key, result, nth) };
            all.push((fingerprint, result));
        }
    }
    all
}

fn told(result: &ScanResult) -> (Option<u32>, &str, &str, &str) {
    (result.place.line, &result.title, &result.evidence, &result.text)
}
