//! What people can do with a policy.

use super::{Content, Policy, PolicyEvent, PolicyState};
use crate::approval::Word;
use crate::case::Step;
use crate::process::{Label, Occurrence, ReasonCode, Refusal, text_given};

impl Policy {
    /// Proposes a new policy. The caller has checked texts of tables with the reader of their format.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`] for title or reason; those of [`Content::check`].
    pub fn propose(title: String, content: Content, reason: String) -> Result<PolicyEvent, Refusal> {
        text_given(Label::Title.as_str(), &title)?;
        text_given(Label::Reason.as_str(), &reason)?;
        content.check()?;
        Ok(PolicyEvent::Proposed { title, content, reason })
    }

    /// Proposes another version.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] while another proposal waits; [`ReasonCode::PolicyKindDiffers`];
    /// [`ReasonCode::NothingChanges`]; those of [`Content::check`].
    pub fn revise(&self, content: Content, reason: String) -> Result<PolicyEvent, Refusal> {
        text_given(Label::Reason.as_str(), &reason)?;
        content.check()?;
        if self.proposed().is_some() {
            return Err(Refusal::out_of_order(PolicyState::Proposed, Step::Revise));
        }
        if content.kind() != self.kind {
            let refusal = Refusal::new(ReasonCode::PolicyKindDiffers);
            return Err(refusal.with("expected", self.kind).with("found", content.kind()));
        }
        if self.in_force().is_some_and(|version| version.content == content) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(PolicyEvent::Revised { content, reason })
    }

    fn waiting_version(&self, version: u32, step: Step) -> Result<&super::PolicyVersion, Refusal> {
        match self.version(version) {
            None => {
                let refusal = Refusal::new(ReasonCode::ItemUnknown);
                Err(refusal.with("field", Label::Version.as_str()).with("value", version))
            }
            Some(found) if found.state != PolicyState::Proposed => {
                Err(Refusal::out_of_order(found.state, step))
            }
            Some(found) => Ok(found),
        }
    }

    /// Approves the proposed version; it takes the place of the one in force. `version` says what the approver has read.
    ///
    /// # Errors
    /// [`ReasonCode::SamePerson`] for who proposed it; [`ReasonCode::StepOutOfOrder`], [`ReasonCode::ItemUnknown`] for a
    /// version that does not wait.
    pub fn approve(&self, version: u32, word: Word, by: &Occurrence) -> Result<PolicyEvent, Refusal> {
        let proposed = self.waiting_version(version, Step::Approve)?;
        word.check_apart(by, [proposed.proposed_by], Step::Propose.as_str(), Step::Approve.as_str())?;
        Ok(PolicyEvent::Approved { version, word })
    }

    /// Does not approve the proposed version, or takes one's own proposal back.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::ItemUnknown`], [`ReasonCode::TextMissing`] without a reason.
    pub fn reject(&self, version: u32, reason: String) -> Result<PolicyEvent, Refusal> {
        text_given(Label::Reason.as_str(), &reason)?;
        self.waiting_version(version, Step::Reject)?;
        Ok(PolicyEvent::Rejected { version, reason })
    }

    /// Ends the version in force without another one. What followed it keeps its dates.
    ///
    /// # Errors
    /// [`ReasonCode::PolicyNotApproved`] if none is in force; those of [`Word::check`]; [`ReasonCode::TextMissing`].
    pub fn withdraw(&self, reason: String, word: Word) -> Result<PolicyEvent, Refusal> {
        text_given(Label::Reason.as_str(), &reason)?;
        word.check()?;
        let version = self.in_force().ok_or_else(|| {
            Refusal::new(ReasonCode::PolicyNotApproved).with("kind", self.kind).with("state", self.state())
        })?;
        Ok(PolicyEvent::Withdrawn { version: version.number, reason, word })
    }
}
