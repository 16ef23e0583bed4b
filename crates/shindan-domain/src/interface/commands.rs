//! What can be asked of an interface, and what follows from what happened.

use super::{
    FormerInterface, IntegrityTest, Interface, InterfaceDraft, InterfaceEnd, InterfaceEvent, InterfaceState,
    TestMade,
};
use crate::calendar::{day, in_future};
use crate::evidence::Document;
use crate::process::{Label, Occurrence, OutOfOrder, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::CaseId;
use crate::step::ended;

impl Interface {
    /// Enters an interface. One without a mechanism can be entered: it is there, is a gap, and needs a case.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`], [`ReasonCode::InterfaceCaseMissing`] without a mechanism and without a case.
    pub fn register(draft: InterfaceDraft, case: Option<CaseId>) -> Result<InterfaceEvent, Refusal> {
        draft.check()?;
        draft.is_dealt_with(case)?;
        Ok(InterfaceEvent::Registered { draft, case })
    }

    /// Changes how it is operated. If that changes what was tested, it is untested.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::FieldFixed`] for system and counterpart, [`ReasonCode::NothingChanges`],
    /// [`ReasonCode::TextMissing`].
    pub fn change(
        &self,
        draft: InterfaceDraft,
        reason: String,
        case: Option<CaseId>,
    ) -> Result<InterfaceEvent, Refusal> {
        self.operated()?;
        let fixed = [
            (self.draft.system != draft.system, Label::System),
            (self.draft.counterpart != draft.counterpart, Label::Party),
        ];
        if let Some((_, field)) = fixed.into_iter().find(|(changed, _)| *changed) {
            return Err(Refusal::new(ReasonCode::FieldFixed).with("field", field.as_str()));
        }
        if draft == self.draft {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        draft.check()?;
        draft.is_dealt_with(case.or(self.case))?;
        Ok(InterfaceEvent::Changed { draft, reason, case })
    }

    /// Records that altered data was sent on purpose, and what came of it.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::InterfaceWithoutMechanism`], [`ReasonCode::TextMissing`],
    /// [`ReasonCode::DocumentMissing`], [`ReasonCode::DateInFuture`] for the test, [`ReasonCode::DateNotInFuture`] for the
    /// next one.
    pub fn test(&self, test: IntegrityTest, by: &Occurrence) -> Result<InterfaceEvent, Refusal> {
        self.operated()?;
        if self.draft.mechanism.is_none() {
            return Err(Refusal::new(ReasonCode::InterfaceWithoutMechanism));
        }
        text_given(Label::Method.as_str(), &test.method)?;
        Document::check_some(&test.documents)?;
        if test.on > day(by.at) {
            let refusal = Refusal::new(ReasonCode::DateInFuture).with("field", Label::Date.as_str());
            return Err(refusal.with("date", test.on));
        }
        in_future(Label::Next, test.next, by)?;
        Ok(InterfaceEvent::Tested(test))
    }

    /// Ends it: it is no longer operated.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`] without a reason.
    pub fn end(&self, reason: String) -> Result<InterfaceEvent, Refusal> {
        self.operated()?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(InterfaceEvent::Ended { reason })
    }

    /// What is missing for the proof that altered data is noticed.
    pub(super) fn missing(&self) -> Vec<Reason> {
        let code = match self.state() {
            InterfaceState::WithoutMechanism => ReasonCode::InterfaceWithoutMechanism,
            InterfaceState::Untested => ReasonCode::InterfaceUntested,
            InterfaceState::Failed => ReasonCode::InterfaceTestFailed,
            InterfaceState::Tested | InterfaceState::Ended => return Vec::new(),
        };
        vec![Reason::new(code)]
    }

    fn operated(&self) -> Result<(), Refusal> {
        match self.ended {
            None => Ok(()),
            Some(_) => Err(ended(self.state().term())),
        }
    }

    pub(super) fn changed(mut self, event: &InterfaceEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let (by, at) = (when.actor.person, when.at);
        if self.ended.is_some() {
            return Err(OutOfOrder::new(event, self.state()));
        }
        match event {
            InterfaceEvent::Changed { draft, reason, case } => {
                self.case = case.or(self.case);
                let former = std::mem::replace(&mut self.draft, draft.clone());
                if !former.is_tested_alike(&self.draft) {
                    self.former_tests.append(&mut self.tests);
                }
                self.history.push(FormerInterface { draft: former, until: at, by, reason: reason.clone() });
            }
            InterfaceEvent::Tested(test) => {
                let Some(mechanism) = self.draft.mechanism else {
                    return Err(OutOfOrder::new(event, self.state()));
                };
                self.tests.push(TestMade { test: test.clone(), mechanism, by, at });
            }
            InterfaceEvent::Ended { reason } => {
                self.ended = Some(InterfaceEnd { reason: reason.clone(), by, at });
            }
            InterfaceEvent::Registered { .. } => return Err(OutOfOrder::new(event, self.state())),
        }
        Ok(self)
    }
}

impl InterfaceDraft {
    fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Name.as_str(), &self.name)?;
        text_given(Label::ExchangedData.as_str(), &self.data)?;
        text_given(Label::Protocol.as_str(), &self.protocol)
    }

    fn is_dealt_with(&self, case: Option<CaseId>) -> Result<(), Refusal> {
        match (self.mechanism, case) {
            (None, None) => Err(Refusal::new(ReasonCode::InterfaceCaseMissing)),
            _ => Ok(()),
        }
    }
}
