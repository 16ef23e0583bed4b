//! What belongs to a run: its exception, its scans, its reports.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::report::{Completion, Dated, LeftOut, ScanFormat, Tool};
use super::targets::{Resolved, Target};
use crate::approval::Given;
use crate::evidence::Document;
use crate::record_id::{PartyId, PersonId};
use crate::terms;

/// A scan that this program begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// Which scanner: `nmap`, `shindan-outside`.
    pub tool: String,
    /// Its version, if it tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What is scanned; `None` for source code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// The folder with source code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The key under which the caller asked for it, so that the same request is carried out once, yet again after a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once: Option<String>,
}

terms! {
    /// How a scan that this program began came to its end.
    pub enum ScanHow ("scan-how") {
        /// 完了: its report was read.
        Finished = "finished",
        /// 失敗: it came to no report, or its report could not be read.
        Failed = "failed",
        /// 中断: a person stopped it.
        Cancelled = "cancelled",
        /// 時間切れ: its time was over.
        TimedOut = "timed-out",
    }
}

/// The end of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanEnd {
    /// How.
    pub how: ScanHow,
    /// Exit code of the scanner; `None` if it has none (killed, never started, the check of this program).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    /// What the scanner, or this program, said about it; at most [`LONGEST_END`] characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// Most characters of what is kept about the end of a scan.
pub const LONGEST_END: usize = 500;

/// The end of a scan with who was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanEnded {
    /// How.
    pub end: ScanEnd,
    /// For whom it ran.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A scan with who began it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanBegun {
    /// Which.
    pub scan: Scan,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// How it ended. `None`: it is under way, or this program was stopped before it could say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<ScanEnded>,
}

impl ScanBegun {
    /// True if it ended without a report.
    pub fn has_failed(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.end.how != ScanHow::Finished)
    }
}

/// An exception: a run against production.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Why production, and how care is protected meanwhile.
    pub reason: String,
    /// Which institution was told.
    pub institution: PartyId,
    /// The notice to it.
    pub notice: Document,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Who asked for it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// The approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Given>,
}

/// How the findings of a report compare with those known before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// 新規
    pub fresh: u64,
    /// 継続
    pub still: u64,
    /// 解消
    pub gone: u64,
    /// 再発
    pub back: u64,
    /// Known ones that this report did not look at: nothing is said about them.
    pub not_looked_at: u64,
}

/// A report that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRead {
    /// The original.
    pub document: Document,
    /// Its form.
    pub format: ScanFormat,
    /// Which tool wrote it.
    pub tool: Tool,
    /// When the scan began, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Timestamp>,
    /// How it is known when the scan took place; absent in entries from before that was recorded ([`Self::dated`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated: Option<Dated>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// Whether it came to its end.
    pub completion: Completion,
    /// Findings in it.
    pub findings: u64,
    /// How they compare with those known before.
    pub counts: Counts,
    /// Entries that are no findings.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<LeftOut, u64>,
    /// Entries that could not be read.
    pub unreadable: u64,
    /// Hosts and addresses that were looked at: how many.
    pub touched: u64,
    /// What was touched outside of the targets; the first hundred.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub strayed: BTreeSet<String>,
    /// How many were.
    pub strayed_count: u64,
    /// The scan began before the run was started here.
    pub before_start: bool,
    /// The scan was against production and lay on a day outside of the approved exception, or nobody knows when it was made.
    #[serde(default, skip_serializing_if = "is_false")]
    pub outside_exception: bool,
    /// It told a time that lies ahead. Such a time counts as none.
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_future: bool,
    /// Targets of the run that it reached, if it was not broken off.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub covered: BTreeSet<Target>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl ReportRead {
    /// True if somebody has to say how that came about.
    pub fn is_flagged(&self) -> bool {
        self.strayed_count > 0 || self.before_start || self.outside_exception || self.in_future
    }

    /// How it is known when the scan took place.
    pub fn dated(&self) -> Dated {
        let told = self.started.is_some() || self.ended.is_some();
        self.dated.unwrap_or(if told { Dated::Told } else { Dated::Untold })
    }

    /// True if it came to its end, as far as anybody can tell.
    pub fn is_whole(&self) -> bool {
        self.completion != Completion::Unfinished
    }
}

/// What was said about a report that is flagged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// Which report.
    pub report: Document,
    /// How that came about, and what was done.
    pub note: String,
    /// The word of somebody other than the tester.
    pub given: Given,
}

/// What was said about a target that no report covers: it was switched off, it does not exist any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotReached {
    /// Which target.
    pub target: Target,
    /// Why it could not be reached, and what is done about it.
    pub note: String,
    /// The word of somebody other than the tester.
    pub given: Given,
}

/// How a run was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// What host names resolved to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub resolved: Resolved,
    /// Who started it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}
