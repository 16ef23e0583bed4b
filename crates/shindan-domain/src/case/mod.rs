//! 対応案件: one decision about all findings of one subject that share a remediation (SPEC.md sections 3 and 4, ②-2).
//!
//! ```text
//! detected ─► judged ─► analysed ─► decided ─► approved ─► in progress ─► confirmed ─► closed
//!                │                                │   └─► accepted until (never closed)
//!                └─ not affected, fixed already ──┴──────────────────────────────────► closed
//! any of them ─► reopened ─► judged …
//! ```
//!
//! Gates, each held by one function: who judged, analysed or decided does not approve ([`Case::approve`]); nothing is
//! closed without the proof that its treatment asks for ([`Case::close`], table in [`proof`]); *accept* is never closed;
//! due dates come from an approved policy only ([`crate::policy::DuePolicy`]).
//!
//! Matching opens and refreshes cases by [`refresh`]; the same answer twice changes nothing. A person opens one by stating
//! that a device is used otherwise than intended ([`Case::open_for_stated`]), or for findings of a security assessment
//! ([`Case::open_for_assessment`]): those change by re-tests ([`Case::retested`]) and never by matching.

pub mod analysis;
pub mod assessed;
mod commands;
mod event;
pub mod found;
pub mod grouping;
mod inherit;
pub mod proof;
pub mod refresh;
pub mod settle;
mod shown;
pub mod stage;
mod stated;
mod step;
pub mod subject;
#[cfg(test)]
mod tests;
mod times;
mod treating;

pub use assessed::{AssessedFinding, assessed_place};
pub use commands::{DecisionOrder, JudgementOrder, decide_all};
pub use event::{CaseEvent, Opened, Refreshed};
pub use settle::{Applicability, Treatment};
pub use shown::priority_term;
pub use stage::{CaseState, Stage};
pub use stated::StatedFinding;
pub use step::Step;
pub use subject::{Subject, SubjectKind};
pub use times::{Due, Times};

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::advisory::Justification;
use crate::ledger::Kind;
use crate::priority::Decision;
use crate::process::{Filed, Occurrence, OutOfOrder, Process, View};
use crate::record_id::CaseId;
use crate::term::Term;
use found::{Place, Remediation, VulnerabilityFact};
use settle::{Alternative, Past};

/// Every term that a case can show, for the test of words.
pub fn terms() -> Vec<Term> {
    let mut all: Vec<Term> = Vec::new();
    all.extend(SubjectKind::terms());
    all.extend(CaseState::terms());
    all.extend(Applicability::terms());
    all.extend(Treatment::terms());
    all.extend(settle::ReopenReason::terms());
    all.extend(found::RemediationKind::terms());
    all.extend(found::Progress::terms());
    all.extend(analysis::Effect::terms());
    all.extend(Step::terms());
    all.extend(Decision::ALL.map(priority_term));
    all.extend(Justification::ALL.map(shown::justification_term));
    all
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// What it is about.
    pub subject: Subject,
    /// What its findings share.
    pub remediation: Remediation,
    /// Vulnerabilities by the identifier that each had when it joined.
    pub vulnerabilities: BTreeMap<String, VulnerabilityFact>,
    /// Places by key.
    pub places: BTreeMap<String, Place>,
    /// The most urgent priority: that of the findings until an analysis settles it, and whatever is more urgent later.
    pub priority: Decision,
    /// When it was noticed.
    pub noticed: Timestamp,
    /// Until when it is to be decided and done, and by which policy.
    pub due: Option<Due>,
    /// How far it has come.
    pub stage: Stage,
    /// The agreed alternative, while it counts.
    pub alternative: Option<Alternative>,
    /// The provider's case from which the decision was inherited.
    pub inherited: Option<CaseId>,
    /// True once the site decided for itself: nothing is inherited any more.
    pub overridden: bool,
    /// Since when findings have been revised or surged and nobody has looked; cleared by the next analysis.
    pub unsettled_since: Option<Timestamp>,
    /// When the decision that counts first was approved.
    pub decided_at: Option<Timestamp>,
    /// Approved decisions that no longer count.
    pub past: Vec<Past>,
}

impl Case {
    /// How far it has come, as a term.
    pub fn state(&self) -> CaseState {
        self.stage.state()
    }

    /// What it is called in lists: component and remediation, or the identifier.
    pub fn title(&self) -> String {
        match &self.remediation.component {
            Some(component) => format!("{component} → {}", self.remediation.target),
            None => self.remediation.target.clone(),
        }
    }

    /// Vulnerabilities that still hit some place.
    pub fn hitting(&self) -> std::collections::BTreeSet<&String> {
        self.places.values().flat_map(|place| &place.found.vulnerabilities).collect()
    }

    /// True if nothing hits any place any more.
    pub fn all_gone(&self) -> bool {
        self.places.values().all(|place| place.gone.is_some())
    }
}

impl Process for Case {
    const KIND: Kind = Kind::Case;
    type Event = CaseEvent;

    fn apply(state: Option<Self>, event: &CaseEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        event::apply(state, event, when)
    }

    fn filed(&self) -> Filed {
        shown::filed(self)
    }

    fn view(&self) -> View {
        shown::view(self)
    }
}
