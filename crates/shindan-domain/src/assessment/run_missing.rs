//! What a run still lacks before it can be closed.

use jiff::Timestamp;

use super::checks::Way;
use super::report::Dated;
use super::run::{Assessment, RunStage};
use super::run_parts::ReportRead;
use super::targets::Target;
use crate::calendar::day;
use crate::ledger::Hash;
use crate::process::{Reason, ReasonCode};

impl Assessment {
    /// What is missing before it could be closed, besides decisions about findings.
    pub(super) fn missing(&self) -> Vec<Reason> {
        match self.stage {
            RunStage::Planned if self.lacks_exception() => {
                return vec![Reason::new(ReasonCode::ExceptionMissing)];
            }
            RunStage::Started(_) => {}
            RunStage::Cancelled { .. } => return self.unexplained().flat_map(flags).collect(),
            _ => return Vec::new(),
        }
        let mut missing = Vec::new();
        let mut whole = self.reports.iter().filter(|one| one.is_whole()).peekable();
        if self.reports.is_empty() {
            missing.push(Reason::new(ReasonCode::ReportMissing));
        } else if whole.peek().is_none() {
            missing.push(Reason::new(ReasonCode::ReportsUnfinished));
        } else if !whole.any(|one| self.is_of_way(one)) {
            missing.push(Reason::new(ReasonCode::ReportOfWayMissing).with("way", self.order.way));
        }
        missing.extend(
            self.unreported().map(|target| Reason::new(ReasonCode::TargetNotReported).with("value", target)),
        );
        missing.extend(self.unexplained().flat_map(flags));
        missing
    }

    /// True if the tool of a report can have looked in the way of the run. Settings and documents are looked at with tools of every kind.
    fn is_of_way(&self, report: &ReportRead) -> bool {
        match self.order.way {
            Way::Source => report.format.looks_at_source(),
            Way::Outside => report.format.looks_from_outside(),
            Way::Configuration => true,
        }
    }

    pub(super) fn is_covered(&self, target: &Target) -> bool {
        self.reports.iter().any(|one| one.covered.contains(target))
    }

    /// Targets that no report covers, and of which nobody said why: their scan broke off, or was never made. Only runs from outside
    /// have targets that have to be reached.
    fn unreported(&self) -> impl Iterator<Item = &Target> {
        let explained = |target: &Target| self.not_reached.iter().any(|one| one.target == *target);
        let targets = self.order.targets.iter().filter(|_| self.order.way == Way::Outside);
        targets.filter(move |target| !self.is_covered(target) && !explained(target))
    }

    /// Reports of which somebody still has to say how they came about.
    pub fn unexplained(&self) -> impl Iterator<Item = &ReportRead> {
        self.reports
            .iter()
            .filter(|one| one.is_flagged() && !self.is_explained(one) && !self.is_dated_since(one))
    }

    /// True for a report whose time was not known and was stated later: what is to be said is said about it as it was read then.
    fn is_dated_since(&self, report: &ReportRead) -> bool {
        report.dated() == Dated::Untold && self.stated_time(&report.document.sha256).is_some()
    }

    fn is_explained(&self, report: &ReportRead) -> bool {
        self.explained.iter().any(|one| one.report.sha256 == report.document.sha256)
    }

    /// True if it is against production and one of these moments of a scan lies on no day of the approved exception, or nobody knows any
    /// of them.
    pub fn is_outside_exception(&self, moments: impl IntoIterator<Item = Timestamp>) -> bool {
        let exception = self.exception.as_ref().filter(|one| one.approval.is_some());
        let within = |at: Timestamp| exception.is_some_and(|one| (one.from..=one.until).contains(&day(at)));
        let mut moments = moments.into_iter().peekable();
        self.is_on_production() && (moments.peek().is_none() || moments.any(|at| !within(at)))
    }

    /// The time that somebody stated for this file, if it was read so.
    pub fn stated_time(&self, file: &Hash) -> Option<Timestamp> {
        let of_file = |one: &&ReportRead| one.document.sha256 == *file && one.dated() == Dated::Stated;
        self.reports.iter().find(of_file).and_then(|one| one.started)
    }
}

/// Why somebody has to say how a report came about.
fn flags(one: &ReportRead) -> Vec<Reason> {
    let about = |code| Reason::new(code).with("file", &one.document.name);
    let mut all = Vec::new();
    if one.strayed_count > 0 {
        let first = one.strayed.first().cloned().unwrap_or_default();
        all.push(about(ReasonCode::ReportFlagged).with("count", one.strayed_count).with("first", first));
    }
    if one.before_start {
        all.push(about(ReasonCode::ReportBeforeStart));
    }
    if one.in_future {
        all.push(about(ReasonCode::ReportFromFuture));
    }
    if one.outside_exception {
        all.push(about(match one.dated() {
            Dated::Untold => ReasonCode::ReportTimeUnknown,
            _ => ReasonCode::ReportOutsideException,
        }));
    }
    all
}
