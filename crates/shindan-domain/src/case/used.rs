//! A case that a person opens because a device is used otherwise than its maker intends (SPEC.md section 4, ⑤-1): the
//! same states and gates as for a vulnerability. No comparison finds or clears it, and no patch remedies it.

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

/// A use other than intended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseDifference {
    /// The system to which the device belongs, else the register.
    pub subject: Subject,
    /// Display number of the dossier; it stands where an identifier of a vulnerability would.
    pub dossier: String,
    /// The device's key in the register.
    pub place: String,
    /// What the device is called.
    pub name: String,
    /// What it is used for, in the words of who found it.
    pub actual: String,
    /// By the rules for what is no vulnerability.
    pub priority: Decision,
}

impl UseDifference {
    fn fact(&self) -> VulnerabilityFact {
        VulnerabilityFact {
            aliases: BTreeSet::from([self.dossier.clone()]),
            title: self.actual.clone(),
            title_ja: None,
            kind: FindingKind::UseDiffers,
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
    /// Opens a case about a use. Due dates come from an approved policy, as for any case.
    pub fn open_for_use(difference: &UseDifference, policy: Option<&DuePolicy>, at: Timestamp) -> CaseEvent {
        let UseDifference { subject, dossier, place, name, priority, .. } = difference.clone();
        let found = FoundPlace {
            label: name.clone(),
            components: BTreeMap::new(),
            vulnerabilities: BTreeSet::from([dossier.clone()]),
            priority,
        };
        CaseEvent::Opened(Box::new(Opened {
            subject,
            remediation: Remediation { kind: RemediationKind::Use, component: None, target: name },
            vulnerabilities: BTreeMap::from([(dossier, difference.fact())]),
            places: BTreeMap::from([(place, found)]),
            priority,
            due: policy.and_then(|policy| Due::of(policy, priority, at)),
        }))
    }

    /// True if it is about the use of a device and nothing else.
    pub fn is_about_use(&self) -> bool {
        self.vulnerabilities.values().all(|fact| fact.kind == FindingKind::UseDiffers)
    }

    /// What happens to the open case of a device whose use is another one again: what was analysed does not cover it, and
    /// what was approved, accepted or confirmed begins again. Nothing for the same use, and nothing for a closed case: that
    /// difference was dealt with, and the new one opens a case of its own.
    pub fn use_changed(&self, difference: &UseDifference) -> Vec<CaseEvent> {
        let known = self.vulnerabilities.get(&difference.dossier);
        if self.state() == CaseState::Closed || known.is_none_or(|fact| fact.title == difference.actual) {
            return Vec::new();
        }
        let refreshed = Refreshed {
            vulnerabilities: BTreeMap::from([(difference.dossier.clone(), difference.fact())]),
            revised: BTreeSet::from([difference.dossier.clone()]),
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
