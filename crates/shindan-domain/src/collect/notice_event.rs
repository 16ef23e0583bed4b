//! What can happen to a notice.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Concerns, NoticeContent};
use crate::process::Event;
use crate::record_id::{CaseId, SourceCheckId, SourceId};

/// What can happen to a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeEvent {
    /// A source told it.
    Received {
        /// Which source.
        source: SourceId,
        /// Which check brought it.
        check: SourceCheckId,
        /// What it says.
        content: Box<NoticeContent>,
    },
    /// It says something else now.
    Updated {
        /// Which check brought that.
        check: SourceCheckId,
        /// What it says now, as a whole.
        content: Box<NoticeContent>,
    },
    /// A person judged whether it concerns us.
    Judged {
        /// Whom it concerns.
        concerns: Concerns,
        /// Why.
        because: String,
        /// Cases in which it is dealt with.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        cases: BTreeSet<CaseId>,
    },
}

impl Event for NoticeEvent {}
