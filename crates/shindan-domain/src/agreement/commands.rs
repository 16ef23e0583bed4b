//! What can be asked of an agreement: propose, discuss, confirm, revise, re-open, end. What changes the content stands in
//! `edits`.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::content::{Content, Duty, unknown_item};
use super::{Agreement, AgreementEvent, AgreementStage, AgreementState, Cause, Remark, Stance};
use crate::approval::{Given, Word};
use crate::calendar::{day, in_future};
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::{PartyId, SystemId};
use crate::step::{Spoken, Step, ended, out_of_order};

/// What a new agreement begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The system here.
    pub system: SystemId,
    /// Which party here each name means.
    pub bound: BTreeMap<String, PartyId>,
    /// What it says.
    pub content: Content,
    /// The file of the other party that it is taken from.
    pub document: Option<Document>,
}

/// Between whom it must be: who runs the system and who supplies it. The caller has looked them up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Between {
    /// Who runs it.
    pub operator: PartyId,
    /// Who supplies it.
    pub provider: PartyId,
}

impl Agreement {
    /// Begins a draft. Operator and provider of the system are parties and sign.
    ///
    /// # Errors
    /// Those of [`Content::check`]; [`ReasonCode::AgreementPartyMissing`] without operator or provider among who signs,
    /// [`ReasonCode::AgreementPartyTwice`] if two names mean the same party; [`ReasonCode::DocumentMissing`].
    pub fn draft(draft: Draft, between: Between) -> Result<AgreementEvent, Refusal> {
        let Draft { system, bound, content, document } = draft;
        document.iter().try_for_each(Document::check)?;
        checked(&content, &bound, between)?;
        Ok(AgreementEvent::Drafted { system, bound, content, document })
    }

    /// Proposes the content to the other parties; it is discussed from now on.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`]; [`ReasonCode::AgreementIncomplete`] with everything that is missing.
    pub fn propose(&self, between: Between, by: &Occurrence) -> Result<AgreementEvent, Refusal> {
        if self.stage != AgreementStage::Draft {
            return Err(self.refused(Step::ProposeAgreement));
        }
        checked(&self.content, &self.bound, between)?;
        let blockers = self.content_blockers(day(by.at));
        if !blockers.is_empty() {
            return Err(Refusal::new(ReasonCode::AgreementIncomplete).missing(blockers));
        }
        Ok(AgreementEvent::Proposed { hash: self.content.hash() })
    }

    /// Takes the proposal back; confirmations count no longer.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`] without a reason.
    pub fn withdraw(&self, reason: String) -> Result<AgreementEvent, Refusal> {
        if !matches!(self.stage, AgreementStage::Proposed { .. }) {
            return Err(self.refused(Step::WithdrawProposal));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(AgreementEvent::Withdrawn { reason })
    }

    /// Records what a party said about a duty of the proposal.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::ItemUnknown`], [`ReasonCode::TextMissing`] for a party that does not
    /// agree and does not say why, [`ReasonCode::DateInFuture`], [`ReasonCode::DocumentMissing`] for an empty one.
    pub fn discuss(&self, duty: String, remark: Remark, by: &Occurrence) -> Result<AgreementEvent, Refusal> {
        if !matches!(self.stage, AgreementStage::Proposed { .. }) {
            return Err(self.refused(Step::DiscussDuty));
        }
        if self.content.duty(&duty).is_none() {
            return Err(unknown_item(Label::Duty, &duty));
        }
        if self.content.party(&remark.party).is_none() {
            return Err(unknown_item(Label::Party, &remark.party));
        }
        if remark.stance == Stance::Open {
            text_given(Label::Comment.as_str(), &remark.comment)?;
        }
        if remark.on > day(by.at) {
            let refusal = Refusal::new(ReasonCode::DateInFuture).with("date", remark.on);
            return Err(refusal.with("field", Label::Date.as_str()));
        }
        remark.document.iter().try_for_each(Document::check)?;
        Ok(AgreementEvent::Discussed { duty, remark })
    }

    /// Records that a party confirms the content that it saw. With the last party it is in force.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`]; [`ReasonCode::AgreementContentDiffers`] if it saw another content than the present one;
    /// [`ReasonCode::ItemUnknown`] for who does not sign; [`ReasonCode::NothingChanges`] if it has confirmed this content;
    /// [`ReasonCode::AgreementIncomplete`] with everything that is missing; those of [`Spoken::check_party`];
    /// [`ReasonCode::SamePerson`] for who confirmed for another party.
    pub fn confirm(
        &self,
        party: String,
        seen: Hash,
        spoken: Spoken,
        between: Between,
        by: &Occurrence,
    ) -> Result<AgreementEvent, Refusal> {
        let AgreementStage::Proposed { confirmed, .. } = &self.stage else {
            return Err(self.refused(Step::ConfirmAgreement));
        };
        let hash = self.content.hash();
        if seen != hash {
            let refusal = Refusal::new(ReasonCode::AgreementContentDiffers);
            return Err(refusal.with("expected", hash).with("found", seen));
        }
        let signs = self.content.signatories().any(|member| member.name == party);
        let bound = self.bound.get(&party).filter(|_| signs);
        let Some(bound) = bound else { return Err(unknown_item(Label::Party, &party)) };
        if confirmed.contains_key(&party) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        checked(&self.content, &self.bound, between)?;
        let blockers: Vec<Reason> =
            self.content_blockers(day(by.at)).into_iter().chain(self.not_agreed()).collect();
        if !blockers.is_empty() {
            return Err(Refusal::new(ReasonCode::AgreementIncomplete).missing(blockers));
        }
        spoken.check_party(*bound)?;
        if confirmed.values().any(|other| is_same_giver(&other.given, &spoken.word, by)) {
            let refusal = Refusal::new(ReasonCode::SamePerson).with("first", Step::ConfirmAgreement);
            return Err(refusal.with("second", Step::ConfirmAgreement));
        }
        Ok(AgreementEvent::Confirmed { party, hash, word: spoken.word })
    }

    /// Begins a further version with the content of the last one. The last one stays valid until the next is in force.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`] without a reason, [`ReasonCode::DateNotInFuture`] for the
    /// day of review, [`ReasonCode::AgreementDaysReversed`].
    pub fn revise(
        &self,
        from: Date,
        review: Date,
        reason: String,
        by: &Occurrence,
    ) -> Result<AgreementEvent, Refusal> {
        if self.stage != AgreementStage::InForce {
            return Err(self.refused(Step::ReviseAgreement));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        in_future(Label::ValidUntil, review, by)?;
        Content { from, review, ..self.content.clone() }.check()?;
        Ok(AgreementEvent::Revised { from, review, reason })
    }

    /// Takes over the other party's file: the content that is discussed, or the next version.
    ///
    /// # Errors
    /// [`ReasonCode::NothingChanges`] for the content that is there; [`ReasonCode::AgreementVersionInvalid`] for another
    /// version than the one that is worked on, or the next after the one in force; those of [`Agreement::draft`].
    pub fn take(
        &self,
        content: Content,
        bound: BTreeMap<String, PartyId>,
        document: Document,
        between: Between,
    ) -> Result<AgreementEvent, Refusal> {
        let expected = match self.stage {
            AgreementStage::Draft | AgreementStage::Proposed { .. } => self.content.version,
            AgreementStage::InForce => self.content.version.saturating_add(1),
            AgreementStage::Ended { .. } => return Err(ended(self.state().term())),
        };
        if content == self.content {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        if content.version != expected {
            let refusal = Refusal::new(ReasonCode::AgreementVersionInvalid);
            return Err(refusal.with("expected", expected).with("found", content.version));
        }
        document.check()?;
        bound.iter().try_for_each(|(name, party)| self.same_meaning(name, *party))?;
        checked(&content, &bound, between)?;
        Ok(AgreementEvent::Taken { content, bound, document })
    }

    /// Records that something changed on which it rests: it counts no longer for what is put in service, until a version is
    /// confirmed after this.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`]; [`ReasonCode::NothingChanges`] for a draft that nobody was shown, or for the same cause
    /// that is open already; [`ReasonCode::TextMissing`] for another cause without words.
    pub fn reopen(&self, cause: Cause) -> Result<AgreementEvent, Refusal> {
        match self.stage {
            AgreementStage::Ended { .. } => return Err(ended(self.state().term())),
            AgreementStage::Draft if self.versions.is_empty() => {
                return Err(Refusal::new(ReasonCode::NothingChanges));
            }
            _ => {}
        }
        if cause.kind == super::CauseKind::Other {
            text_given(Label::Reason.as_str(), &cause.text)?;
        }
        let confirmed = self.confirmed().is_some_and(|confirmed| !confirmed.is_empty());
        if !confirmed && self.open_reopenings().any(|open| open.cause == cause) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(AgreementEvent::Reopened { cause })
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`] without a reason.
    pub fn end(&self, reason: String) -> Result<AgreementEvent, Refusal> {
        if let AgreementStage::Ended { .. } = self.stage {
            return Err(ended(self.state().term()));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(AgreementEvent::Ended { reason })
    }

    pub(super) fn refused(&self, step: Step) -> Refusal {
        out_of_order(self.state().term(), step).missing(self.missing())
    }

    /// What is missing for the next step.
    pub(super) fn missing(&self) -> Vec<Reason> {
        let reason = Reason::new;
        match &self.stage {
            AgreementStage::Draft => {
                let blockers = self.content.blockers();
                if blockers.is_empty() { vec![reason(ReasonCode::AgreementNotProposed)] } else { blockers }
            }
            AgreementStage::Proposed { confirmed, .. } => {
                let blockers: Vec<Reason> =
                    self.content.blockers().into_iter().chain(self.not_agreed()).collect();
                if !blockers.is_empty() {
                    return blockers;
                }
                let waits = self.content.signatories().filter(|one| !confirmed.contains_key(&one.name));
                waits.map(|one| reason(ReasonCode::AgreementNotConfirmed).with("party", &one.name)).collect()
            }
            AgreementStage::InForce => self
                .open_reopenings()
                .map(|open| {
                    let cause = reason(ReasonCode::AgreementToBeRenewed).with("cause", open.cause.kind);
                    cause.with("asset", open.cause.asset.as_deref().unwrap_or(&open.cause.text))
                })
                .collect(),
            AgreementStage::Ended { .. } => Vec::new(),
        }
    }

    /// Duties on which not every party that signs agrees.
    fn not_agreed(&self) -> Vec<Reason> {
        let signing: Vec<&str> = self.content.signatories().map(|one| one.name.as_str()).collect();
        let open = |key: &str, name: &str| {
            self.discussion.get(key).is_none_or(|discussion| !discussion.agreed.contains(name))
        };
        // One line for everything that the same parties have not agreed to.
        let mut missing: BTreeMap<Vec<&str>, Vec<&Duty>> = BTreeMap::new();
        for duty in &self.content.duties {
            let waits: Vec<&str> = signing.iter().copied().filter(|name| open(&duty.key, name)).collect();
            if !waits.is_empty() {
                missing.entry(waits).or_default().push(duty);
            }
        }
        let reason = |(waits, duties): (Vec<&str>, Vec<&Duty>)| {
            let keys: Vec<&str> = duties.iter().map(|duty| duty.key.as_str()).collect();
            let mut topics: Vec<&str> = duties.iter().map(|duty| duty.topic.as_str()).collect();
            topics.dedup();
            let reason = Reason::new(ReasonCode::DutyNotAgreed).with("count", duties.len());
            let reason = reason.with("duties", keys.join(", ")).with("topics", topics.join(", "));
            reason.with("parties", waits.join(", "))
        };
        missing.into_iter().map(reason).collect()
    }

    /// What stands against the content, and that its day of review must lie ahead.
    fn content_blockers(&self, today: Date) -> Vec<Reason> {
        let mut blockers = self.content.blockers();
        if self.content.review <= today {
            let reason = Reason::new(ReasonCode::DateNotInFuture).with("field", Label::ValidUntil.as_str());
            blockers.push(reason.with("date", self.content.review));
        }
        if let Some(last) = self.versions.last()
            && self.content.from < last.content.from
        {
            let reason = Reason::new(ReasonCode::AgreementBeforeLast);
            blockers.push(reason.with("date", self.content.from).with("since", last.content.from));
        }
        blockers
    }
}

impl AgreementState {
    /// True while the content can be changed.
    pub fn is_open(self) -> bool {
        matches!(self, AgreementState::Draft | AgreementState::Proposed)
    }
}

/// The content, and that its names mean parties here, each once, with operator and provider among those who sign.
pub(super) fn checked(
    content: &Content,
    bound: &BTreeMap<String, PartyId>,
    between: Between,
) -> Result<(), Refusal> {
    content.check()?;
    let mut meant = std::collections::BTreeSet::new();
    for member in &content.parties {
        let Some(party) = bound.get(&member.name) else {
            return Err(unknown_item(Label::Party, &member.name));
        };
        if !meant.insert(*party) {
            return Err(Refusal::new(ReasonCode::AgreementPartyTwice).with("party", &member.name));
        }
    }
    let signing =
        |party: PartyId| content.signatories().any(|member| bound.get(&member.name) == Some(&party));
    for (party, field) in [(between.operator, Label::Operator), (between.provider, Label::Provider)] {
        if !signing(party) {
            let refusal = Refusal::new(ReasonCode::AgreementPartyMissing);
            return Err(refusal.with("field", field.as_str()));
        }
    }
    Ok(())
}

/// Whether a word is that of a person who has given one already: the same person, or the same name on paper or in a file.
fn is_same_giver(given: &Given, word: &Word, by: &Occurrence) -> bool {
    let person = word.giver(by.actor.person);
    let name = |word: &Word| match word {
        Word::Paper { signer, .. } | Word::PartnerFile { signer, .. } => {
            Some(signer.split_whitespace().collect::<String>().to_lowercase())
        }
        Word::Software => None,
    };
    (person.is_some() && person == given.giver())
        || name(word).is_some_and(|name_of| name(&given.word) == Some(name_of))
}
