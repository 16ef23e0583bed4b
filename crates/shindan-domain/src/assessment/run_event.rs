//! What can happen to a run.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::run::RunOrder;
use super::run_parts::{ReportRead, Scan, ScanEnd};
use super::targets::{Resolved, Target};
use crate::approval::Word;
use crate::evidence::Document;
use crate::process::Event;
use crate::record_id::PartyId;

/// What can happen to a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AssessmentEvent {
    /// It was planned.
    Planned(RunOrder),
    /// An exception was asked for.
    ExceptionAsked {
        /// Why.
        reason: String,
        /// Which institution was told.
        institution: PartyId,
        /// The notice.
        notice: Document,
        /// First day.
        from: Date,
        /// Last day.
        until: Date,
    },
    /// It was approved.
    ExceptionApproved {
        /// How.
        word: Word,
    },
    /// It was started.
    Started {
        /// What host names resolved to.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        resolved: Resolved,
    },
    /// A scan was begun by this program.
    ScanBegun {
        /// Which.
        scan: Scan,
    },
    /// Such a scan came to its end.
    ScanEnded {
        /// Which of the run's scans, counted from 0 in the order in which they were begun.
        scan: u32,
        /// How.
        end: ScanEnd,
    },
    /// Reports were read.
    Read {
        /// Which, with what came of them.
        reports: Vec<ReportRead>,
    },
    /// Somebody said how a flagged report came about.
    Explained {
        /// Which.
        report: Document,
        /// How.
        note: String,
        /// Whose word it is.
        word: Word,
    },
    /// Somebody said why a target could not be reached.
    TargetExplained {
        /// Which.
        target: Target,
        /// Why, and what is done about it.
        note: String,
        /// Whose word it is.
        word: Word,
    },
    /// It was closed.
    Closed {
        /// In the words of who closed it.
        note: String,
    },
    /// It does not take place.
    Cancelled {
        /// Why.
        reason: String,
    },
}

impl Event for AssessmentEvent {}
