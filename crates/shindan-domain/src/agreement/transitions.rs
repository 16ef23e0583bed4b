//! What follows from what happened.

use std::collections::BTreeMap;

use super::content::Content;
use super::discussion::Recorded;
use super::{Agreement, AgreementEvent, AgreementStage, Confirmation, Remark, Reopening, Version, Voided};
use crate::approval::Word;
use crate::calendar::day;
use crate::ledger::Hash;
use crate::process::{Occurrence, OutOfOrder};

impl Agreement {
    pub(super) fn changed(mut self, event: &AgreementEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        use AgreementEvent as E;
        use AgreementStage as S;
        let out_of_order = OutOfOrder::new(event, self.state());
        match (&self.stage, event) {
            (S::Draft | S::Proposed { .. }, event) if is_edit(event) => self.edit(event, when),
            (S::InForce, E::Revised { .. }) => self.next_version(event, when),
            (S::Draft | S::Proposed { .. } | S::InForce, E::Taken { bound, .. }) => {
                let bound = bound.clone();
                self.next_version(event, when);
                self.bound.extend(bound);
            }
            (S::Draft, E::Proposed { .. }) => {
                let (by, at) = (when.actor.person, when.at);
                self.stage = S::Proposed { by, at, confirmed: BTreeMap::new() };
            }
            (S::Proposed { .. }, E::Withdrawn { .. }) => {
                self.void(when);
                self.stage = S::Draft;
            }
            (S::Proposed { .. }, E::Discussed { duty, remark }) => self.said(duty, remark, when),
            (S::Proposed { .. }, E::Confirmed { party, hash, word }) => {
                self.confirmed_by(party, *hash, word, when);
            }
            (S::Draft | S::Proposed { .. } | S::InForce, E::Reopened { cause }) => {
                self.void(when);
                let (by, at) = (when.actor.person, when.at);
                self.reopened.push(Reopening { cause: cause.clone(), by, at, renewed_by: None });
            }
            (S::Draft | S::Proposed { .. } | S::InForce, E::Ended { reason }) => {
                self.void(when);
                self.stage = S::Ended { reason: reason.clone(), by: when.actor.person, at: when.at };
            }
            _ => return Err(out_of_order),
        }
        Ok(self)
    }

    fn edit(&mut self, event: &AgreementEvent, when: &Occurrence) {
        if let AgreementEvent::PartyAdded { member, party } = event {
            self.bound.insert(member.name.clone(), *party);
        }
        let next = self.content.after(event);
        self.becomes(next, when);
    }

    /// A further version, or the same one as the other party wrote it: a draft.
    fn next_version(&mut self, event: &AgreementEvent, when: &Occurrence) {
        let next = self.content.after(event);
        self.becomes(next, when);
        self.stage = AgreementStage::Draft;
    }

    /// The content is another one: nobody has confirmed it, and nobody has agreed to the duties that changed.
    fn becomes(&mut self, next: Content, when: &Occurrence) {
        let before = std::mem::replace(&mut self.content, next);
        if self.content == before {
            return;
        }
        self.void(when);
        let Content { parties, duties, .. } = &self.content;
        let signing: Vec<&str> =
            parties.iter().filter(|member| member.signs).map(|member| member.name.as_str()).collect();
        self.discussion.retain(|key, _| duties.iter().any(|duty| duty.key == *key));
        for (key, discussion) in &mut self.discussion {
            if before.duty(key) != duties.iter().find(|duty| duty.key == *key) {
                discussion.reset();
            }
            discussion.agreed.retain(|name| parties.iter().any(|member| member.name == *name));
            discussion.settle(&signing, day(when.at));
        }
    }

    fn said(&mut self, duty: &str, remark: &Remark, when: &Occurrence) {
        let signing: Vec<&str> = self.content.signatories().map(|member| member.name.as_str()).collect();
        let recorded = Recorded { remark: remark.clone(), by: when.actor.person, at: when.at };
        self.discussion.entry(duty.to_owned()).or_default().said(recorded, &signing);
        let still = self.discussion.get(duty).is_some_and(|discussion| discussion.completed.is_some());
        if !still {
            self.void(when);
        }
    }

    fn confirmed_by(&mut self, party: &str, hash: Hash, word: &Word, when: &Occurrence) {
        let AgreementStage::Proposed { confirmed, .. } = &mut self.stage else { return };
        confirmed.insert(party.to_owned(), Confirmation { hash, given: word.clone().given(when) });
        let all = self.content.signatories().all(|member| confirmed.contains_key(&member.name));
        if !all {
            return;
        }
        let confirmed = std::mem::take(confirmed).into_iter();
        self.versions.push(Version {
            content: self.content.clone(),
            hash,
            confirmed: confirmed.map(|(name, one)| (name, one.given)).collect(),
            at: when.at,
        });
        for open in self.reopened.iter_mut().filter(|one| one.renewed_by.is_none()) {
            open.renewed_by = Some(self.content.version);
        }
        self.stage = AgreementStage::InForce;
    }

    /// Confirmations count no longer.
    fn void(&mut self, when: &Occurrence) {
        let AgreementStage::Proposed { confirmed, .. } = &mut self.stage else { return };
        let voided = std::mem::take(confirmed).into_iter();
        self.voided.extend(voided.map(|(party, confirmation)| Voided { party, confirmation, at: when.at }));
    }
}

fn is_edit(event: &AgreementEvent) -> bool {
    use AgreementEvent as E;
    matches!(
        event,
        E::PartyAdded { .. }
            | E::PartyRemoved { .. }
            | E::DutyAdded { .. }
            | E::DutyChanged { .. }
            | E::DutyRemoved { .. }
            | E::Assigned { .. }
            | E::DatesSet { .. }
    )
}
