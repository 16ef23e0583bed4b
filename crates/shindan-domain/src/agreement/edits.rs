//! What changes the content of a draft or a proposal. A change after a confirmation voids it.

use jiff::civil::Date;

use super::commands::{Between, checked};
use super::content::{Assignment, Content, Duty, Member, unknown_item};
use super::{Agreement, AgreementEvent};
use crate::process::{Label, ReasonCode, Refusal, text_given};
use crate::record_id::PartyId;
use crate::step::Step;

impl Agreement {
    /// Adds a party.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::AgreementNameTwice`], [`ReasonCode::AgreementPartyTwice`],
    /// [`ReasonCode::TextMissing`].
    pub fn add_party(
        &self,
        member: Member,
        party: PartyId,
        between: Between,
    ) -> Result<AgreementEvent, Refusal> {
        self.edited(AgreementEvent::PartyAdded { member, party }, between)
    }

    /// Removes a party, from every duty, too.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::ItemUnknown`], [`ReasonCode::AgreementPartyMissing`] for operator and
    /// provider.
    pub fn remove_party(&self, name: String, between: Between) -> Result<AgreementEvent, Refusal> {
        if self.content.party(&name).is_none() {
            return Err(unknown_item(Label::Party, &name));
        }
        self.edited(AgreementEvent::PartyRemoved { name }, between)
    }

    /// Adds a duty.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::AgreementNameTwice`], [`ReasonCode::TextMissing`],
    /// [`ReasonCode::ItemUnknown`] for a party that is none.
    pub fn add_duty(&self, duty: Duty, between: Between) -> Result<AgreementEvent, Refusal> {
        self.edited(AgreementEvent::DutyAdded { duty }, between)
    }

    /// Changes a duty; nobody has agreed to what it says now.
    ///
    /// # Errors
    /// As [`Agreement::add_duty`]; [`ReasonCode::NothingChanges`].
    pub fn change_duty(&self, duty: Duty, between: Between) -> Result<AgreementEvent, Refusal> {
        if self.content.duty(&duty.key).is_none() {
            return Err(unknown_item(Label::Duty, &duty.key));
        }
        self.edited(AgreementEvent::DutyChanged { duty }, between)
    }

    /// Removes a duty.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::ItemUnknown`], [`ReasonCode::TextMissing`] without a reason.
    pub fn remove_duty(
        &self,
        duty: String,
        reason: String,
        between: Between,
    ) -> Result<AgreementEvent, Refusal> {
        if self.content.duty(&duty).is_none() {
            return Err(unknown_item(Label::Duty, &duty));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        self.edited(AgreementEvent::DutyRemoved { duty, reason }, between)
    }

    /// Sets what parties have to do with duties. Nobody has agreed to a duty that changes by it.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::ItemUnknown`], [`ReasonCode::NothingChanges`].
    pub fn assign(&self, assignments: Vec<Assignment>, between: Between) -> Result<AgreementEvent, Refusal> {
        for one in &assignments {
            if self.content.duty(&one.duty).is_none() {
                return Err(unknown_item(Label::Duty, &one.duty));
            }
        }
        self.edited(AgreementEvent::Assigned { assignments }, between)
    }

    /// Sets other days.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::AgreementDaysReversed`], [`ReasonCode::NothingChanges`].
    pub fn set_dates(&self, from: Date, review: Date, between: Between) -> Result<AgreementEvent, Refusal> {
        self.edited(AgreementEvent::DatesSet { from, review }, between)
    }

    /// A name means the same party in every version, else an earlier confirmation would become another party's.
    pub(super) fn same_meaning(&self, name: &str, party: PartyId) -> Result<(), Refusal> {
        if self.bound.get(name).is_none_or(|known| *known == party) {
            return Ok(());
        }
        let refusal = Refusal::new(ReasonCode::AgreementNameTwice).with("field", Label::Party.as_str());
        Err(refusal.with("value", name))
    }

    fn edited(&self, event: AgreementEvent, between: Between) -> Result<AgreementEvent, Refusal> {
        if !self.state().is_open() {
            return Err(self.refused(Step::EditAgreement));
        }
        let next = self.content.after(&event);
        if next == self.content {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        let mut bound = self.bound.clone();
        if let AgreementEvent::PartyAdded { member, party } = &event {
            self.same_meaning(&member.name, *party)?;
            bound.insert(member.name.clone(), *party);
        }
        checked(&next, &bound, between)?;
        Ok(event)
    }
}

impl Content {
    /// What it says after an event that changes it; the same after any other.
    pub(super) fn after(&self, event: &AgreementEvent) -> Content {
        let mut next = self.clone();
        match event {
            AgreementEvent::PartyAdded { member, .. } => next.parties.push(member.clone()),
            AgreementEvent::PartyRemoved { name } => {
                next.parties.retain(|member| member.name != *name);
                for duty in &mut next.duties {
                    duty.involvement.remove(name);
                }
            }
            AgreementEvent::DutyAdded { duty } => next.duties.push(duty.clone()),
            AgreementEvent::DutyChanged { duty } => {
                if let Some(old) = next.duties.iter_mut().find(|old| old.key == duty.key) {
                    *old = duty.clone();
                }
            }
            AgreementEvent::DutyRemoved { duty, .. } => next.duties.retain(|one| one.key != *duty),
            AgreementEvent::Assigned { assignments } => {
                for one in assignments {
                    let Some(duty) = next.duties.iter_mut().find(|duty| duty.key == one.duty) else {
                        continue;
                    };
                    match one.involvement {
                        Some(involvement) => duty.involvement.insert(one.party.clone(), involvement),
                        None => duty.involvement.remove(&one.party),
                    };
                }
            }
            AgreementEvent::DatesSet { from, review } => (next.from, next.review) = (*from, *review),
            AgreementEvent::Revised { from, review, .. } => {
                (next.from, next.review) = (*from, *review);
                next.version = next.version.saturating_add(1);
            }
            AgreementEvent::Taken { content, .. } => next = content.clone(),
            AgreementEvent::Drafted { .. }
            | AgreementEvent::Proposed { .. }
            | AgreementEvent::Withdrawn { .. }
            | AgreementEvent::Discussed { .. }
            | AgreementEvent::Confirmed { .. }
            | AgreementEvent::Reopened { .. }
            | AgreementEvent::Ended { .. } => {}
        }
        next
    }
}
