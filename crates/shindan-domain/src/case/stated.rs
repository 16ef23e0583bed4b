//! A case about what a person states and no comparison finds: a device that is used otherwise than its maker intends (SPEC.md
//! section 4, ⑤-1), a data exchange in which nothing notices alteration (③-1). The same states and gates as for a vulnerability;
//! no comparison clears it, and no patch remedies it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::event::{Opened, Refreshed};
use super::found::{FoundPlace, Remediation, RemediationKind, VulnerabilityFact};
use super::settle::ReopenReason;
use super::{Case, CaseEvent, CaseState, Due, Subject};
use crate::identifier::FindingKind;
use crate::policy::DuePolicy;
use crate::priority::Decision;

/// What a person states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedFinding {
    /// What it is; one of those that [`FindingKind::is_stated`] names.
    pub kind: FindingKind,
    /// The system that it concerns, else the register.
    pub subject: Subject,
    /// Number or name of the record that says so; it stands where an identifier of a vulnerability would.
    pub identifier: String,
    /// The device's key in the register, or where else it is.
    pub place: String,
    /// What the device or interface is called.
    pub name: String,
    /// What was found, in the words of who found it.
    pub text: String,
    /// By the rules for what is no vulnerability.
    pub priority: Decision,
}

impl StatedFinding {
    fn fact(&self) -> VulnerabilityFact {
        VulnerabilityFact {
            aliases: BTreeSet::from([self.identifier.clone()]),
            title: self.text.clone(),
            title_ja: None,
            kind: self.kind,
            cvss: None,
            kev: None,
            ransomware: false,
            epss: None,
            ssvc: None,
            published: None,
            fixed_versions: BTreeSet::new(),
            advisories: BTreeSet::new(),
        }
    }
}

impl Case {
    /// Opens a case about what was stated. Due dates come from an approved policy, as for any case.
    pub fn open_for_stated(
        difference: &StatedFinding,
        policy: Option<&DuePolicy>,
        at: Timestamp,
    ) -> CaseEvent {
        let StatedFinding { kind, subject, identifier, place, name, priority, .. } = difference.clone();
        let kind = match kind {
            FindingKind::IntegrityUnchecked => RemediationKind::Integrity,
            _ => RemediationKind::Use,
        };
        let found = FoundPlace {
            label: name.clone(),
            components: BTreeMap::new(),
            vulnerabilities: BTreeSet::from([identifier.clone()]),
            priority,
        };
        CaseEvent::Opened(Box::new(Opened {
            subject,
            remediation: Remediation { kind, component: None, target: name },
            vulnerabilities: BTreeMap::from([(identifier, difference.fact())]),
            places: BTreeMap::from([(place, found)]),
            priority,
            due: policy.and_then(|policy| Due::of(policy, priority, at)),
        }))
    }

    /// True if it is about what a person stated and nothing else.
    pub fn is_stated(&self) -> bool {
        self.vulnerabilities.values().all(|fact| fact.kind.is_stated())
    }

    /// What happens to the open case of a device whose use is another one again: what was analysed does not cover it, and
    /// what was approved, accepted or confirmed begins again. Nothing for the same use, and nothing for a closed case: that
    /// difference was dealt with, and the new one opens a case of its own.
    pub fn use_changed(&self, difference: &StatedFinding) -> Vec<CaseEvent> {
        let known = self.vulnerabilities.get(&difference.identifier);
        if self.state() == CaseState::Closed || known.is_none_or(|fact| fact.title == difference.text) {
            return Vec::new();
        }
        let refreshed = Refreshed {
            vulnerabilities: BTreeMap::from([(difference.identifier.clone(), difference.fact())]),
            revised: BTreeSet::from([difference.identifier.clone()]),
            ..Refreshed::default()
        };
        let mut events = vec![CaseEvent::Refreshed(Box::new(refreshed))];
        if self.stage.settled().is_some() {
            let because = ReopenReason::UseChanged;
            events.push(CaseEvent::Reopened { because, note: String::new() });
        }
        events
    }
}
