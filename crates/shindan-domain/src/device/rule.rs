//! 運用管理規程: written from the dossier, approved by somebody else, out of date once the dossier says something else.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commands::{dated, incomplete};
use super::{Dated, Device, DeviceEvent};
use crate::approval::{Given, Word};
use crate::evidence::Document;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::PersonId;
use crate::step::{Step, apart};
use crate::terms;

terms! {
    /// How the operating rule of a device stands.
    pub enum RuleState ("rule-state") {
        /// There is none.
        Missing = "missing",
        /// One waits for approval.
        AwaitsApproval = "awaits-approval",
        /// Approved, and what it says is what the dossier says.
        InForce = "in-force",
        /// The dossier says something else since.
        OutOfDate = "out-of-date",
        /// A newer one took its place.
        Superseded = "superseded",
        /// It was sent back.
        SentBack = "sent-back",
    }
}

/// What the writer gives besides the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleText {
    /// Which department answers for the device. No names of persons: the rule is kept with the ledger.
    pub department: String,
    /// What is to be observed: accounts, media, connections, what to do when something happens.
    pub provisions: String,
}

/// One version of the operating rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its number, from 1.
    pub version: u32,
    /// What the writer gave.
    pub text: RuleText,
    /// As it was printed, in both languages.
    pub documents: Vec<Document>,
    /// What the dossier said when it was written ([`Device::edition`]).
    pub edition: u32,
    /// Who wrote it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// The approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Given>,
    /// Why it was sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_back: Option<Dated<String>>,
}

impl Rule {
    fn waits(&self) -> bool {
        self.approval.is_none() && self.sent_back.is_none()
    }
}

impl Device {
    /// The newest approved rule, whether or not it is out of date.
    pub fn approved_rule(&self) -> Option<&Rule> {
        self.rules.iter().rev().find(|rule| rule.approval.is_some())
    }

    /// The rule that waits for approval.
    pub fn waiting_rule(&self) -> Option<&Rule> {
        self.rules.last().filter(|rule| rule.waits())
    }

    /// How the operating rule stands.
    pub fn rule_state(&self) -> RuleState {
        let is_current = |rule: &&Rule| rule.edition == self.edition;
        if self.approved_rule().filter(is_current).is_some() {
            RuleState::InForce
        } else if self.waiting_rule().filter(is_current).is_some() {
            RuleState::AwaitsApproval
        } else if self.approved_rule().or(self.waiting_rule()).is_some() {
            RuleState::OutOfDate
        } else {
            RuleState::Missing
        }
    }

    /// How one version of the rule stands.
    pub(super) fn state_of_rule(&self, rule: &Rule) -> RuleState {
        let in_force = self.approved_rule().is_some_and(|approved| approved.version == rule.version);
        let waits = self.waiting_rule().is_some_and(|waiting| waiting.version == rule.version);
        match rule.edition == self.edition {
            _ if rule.sent_back.is_some() => RuleState::SentBack,
            _ if !in_force && !waits => RuleState::Superseded,
            false => RuleState::OutOfDate,
            true if waits => RuleState::AwaitsApproval,
            true => RuleState::InForce,
        }
    }

    /// Number of the next version of the rule.
    pub fn next_rule(&self) -> u32 {
        self.rules.last().map_or(1, |rule| rule.version.saturating_add(1))
    }

    /// What is missing before a rule can be written.
    pub fn rule_missing(&self) -> Vec<Reason> {
        let mut missing = self.facts_missing();
        missing.extend(self.analysis_missing());
        missing.extend(self.updates.is_none().then(|| Reason::new(ReasonCode::DeviceUpdateMethodMissing)));
        missing
    }

    /// That there is no risk analysis, or that it does not know all facts.
    pub(super) fn analysis_missing(&self) -> Option<Reason> {
        if self.analysis().is_some() {
            return None;
        }
        Some(Reason::new(match self.analyses.is_empty() {
            true => ReasonCode::DeviceAnalysisMissing,
            false => ReasonCode::DeviceAnalysisOutdated,
        }))
    }

    /// Refuses to write a rule about what is not known yet. Asked before the rule is printed.
    ///
    /// # Errors
    /// [`ReasonCode::DeviceDossierIncomplete`] with everything that is missing; [`ReasonCode::TextMissing`];
    /// [`ReasonCode::RecordEnded`].
    pub fn check_rule(&self, text: &RuleText) -> Result<(), Refusal> {
        self.kept()?;
        incomplete(self.rule_missing())?;
        text_given(Label::DeviceDepartment.as_str(), &text.department)?;
        text_given(Label::DeviceProvisions.as_str(), &text.provisions)
    }

    /// Writes the next version of the operating rule; one that waits for approval is replaced by it.
    ///
    /// # Errors
    /// Those of [`Device::check_rule`]; [`ReasonCode::DocumentMissing`] without the printed rule.
    pub fn write_rule(&self, text: RuleText, documents: Vec<Document>) -> Result<DeviceEvent, Refusal> {
        self.check_rule(&text)?;
        Document::check_some(&documents)?;
        Ok(DeviceEvent::RuleWritten { text, documents })
    }

    /// Approves the rule that waits: by somebody who neither wrote it nor analysed the risk.
    ///
    /// # Errors
    /// [`ReasonCode::DeviceNoRuleWaits`]; [`ReasonCode::DeviceRuleOutOfDate`] if the dossier says something else since it
    /// was written; [`ReasonCode::SamePerson`]; [`ReasonCode::RecordEnded`]; those of [`Word::check`].
    pub fn approve_rule(&self, word: Word, by: &Occurrence) -> Result<DeviceEvent, Refusal> {
        self.kept()?;
        let rule = self.waiting_rule().ok_or_else(|| Refusal::new(ReasonCode::DeviceNoRuleWaits))?;
        if rule.edition != self.edition {
            return Err(Refusal::new(ReasonCode::DeviceRuleOutOfDate).with("version", rule.version));
        }
        apart(&word, by, [rule.by], Step::DeviceWriteRule, Step::DeviceApproveRule)?;
        let analyst = self.analysis().map(|analysis| analysis.by);
        apart(&word, by, analyst, Step::DeviceAnalyse, Step::DeviceApproveRule)?;
        Ok(DeviceEvent::RuleApproved { word })
    }

    /// Sends the rule that waits back.
    ///
    /// # Errors
    /// [`ReasonCode::DeviceNoRuleWaits`], [`ReasonCode::TextMissing`] without a reason, [`ReasonCode::RecordEnded`].
    pub fn send_rule_back(&self, reason: String) -> Result<DeviceEvent, Refusal> {
        self.kept()?;
        self.waiting_rule().ok_or_else(|| Refusal::new(ReasonCode::DeviceNoRuleWaits))?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(DeviceEvent::RuleSentBack { reason })
    }

    /// Takes in what happened to the rule; `None` if it cannot happen.
    pub(super) fn ruled(&mut self, event: &DeviceEvent, when: &Occurrence) -> Option<()> {
        if let DeviceEvent::RuleWritten { text, documents } = event {
            self.rules.push(Rule {
                version: self.next_rule(),
                text: text.clone(),
                documents: documents.clone(),
                edition: self.edition,
                by: when.actor.person,
                at: when.at,
                approval: None,
                sent_back: None,
            });
            return Some(());
        }
        let rule = self.rules.last_mut().filter(|rule| rule.waits())?;
        match event {
            DeviceEvent::RuleApproved { word } => rule.approval = Some(word.clone().given(when)),
            DeviceEvent::RuleSentBack { reason } => rule.sent_back = Some(dated(reason, when)),
            _ => return None,
        }
        Some(())
    }
}
