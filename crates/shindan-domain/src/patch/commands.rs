//! What can be asked of a patch, and what follows from what happened.

use super::{
    Effect, EffectProof, FormerFile, Genuineness, Patch, PatchEvent, PatchFile, PatchParticulars, PatchState,
    ProofAlternative, TestedIn, Verified,
};
use crate::approval::Word;
use crate::evidence::Document;
use crate::ledger::Hash;
use crate::process::{Label, Occurrence, OutOfOrder, ReasonCode, Refusal, text_given};
use crate::record_id::PersonId;
use crate::step::{Step, apart, ended, out_of_order};
use crate::verification::{Channel, Verdict};

impl PatchFile {
    pub(super) fn at(document: &Document, obtained_from: &Channel, when: &Occurrence) -> PatchFile {
        PatchFile {
            document: document.clone(),
            obtained_from: obtained_from.clone(),
            registered_by: when.actor.person,
            at: when.at,
        }
    }
}

impl PatchParticulars {
    fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Name.as_str(), &self.name)?;
        if self.cases.is_empty() && self.vulnerabilities.is_empty() {
            return Err(Refusal::new(ReasonCode::PatchForNothing));
        }
        self.expected.iter().try_for_each(|expected| text_given(Label::Expected.as_str(), &expected.value))
    }
}

impl Patch {
    /// Takes a file in. `quarantined`: whether this file stands in quarantine in any record.
    ///
    /// # Errors
    /// [`ReasonCode::PatchQuarantined`], [`ReasonCode::PatchForNothing`] without case and vulnerability,
    /// [`ReasonCode::TextMissing`], [`ReasonCode::DocumentMissing`].
    pub fn register(
        particulars: PatchParticulars,
        document: Document,
        obtained_from: Channel,
        quarantined: bool,
    ) -> Result<PatchEvent, Refusal> {
        particulars.check()?;
        document.check()?;
        if quarantined {
            return Err(Refusal::new(ReasonCode::PatchQuarantined).with("patch", particulars.name));
        }
        Ok(PatchEvent::Registered { particulars, document, obtained_from })
    }

    /// Corrects or extends what it is: cases, vulnerabilities, expected values.
    ///
    /// # Errors
    /// [`ReasonCode::NothingChanges`], [`ReasonCode::TextMissing`], [`ReasonCode::RecordEnded`]; as for registering.
    pub fn change(&self, particulars: PatchParticulars, reason: String) -> Result<PatchEvent, Refusal> {
        self.in_use()?;
        if particulars == self.particulars {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        if particulars.maker != self.particulars.maker {
            return Err(Refusal::new(ReasonCode::FieldFixed).with("field", Label::Maker.as_str()));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        particulars.check()?;
        Ok(PatchEvent::ParticularsChanged { particulars, reason })
    }

    /// Records a verification.
    ///
    /// # Errors
    /// [`ReasonCode::VerdictInconsistent`], [`ReasonCode::FileDifferent`] if it is about another file,
    /// [`ReasonCode::ChannelMissing`] if it rests on values that came the same way as the file,
    /// [`ReasonCode::PatchQuarantined`], [`ReasonCode::RecordEnded`].
    pub fn verify(&self, verdict: Verdict) -> Result<PatchEvent, Refusal> {
        self.verifiable()?;
        super::genuineness::check_verdict(&self.file, &verdict)?;
        Ok(PatchEvent::Verified { verdict })
    }

    /// Proposes an alternative, if the maker gives no means of verification.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] unless the verification came to *no means*; [`ReasonCode::TextMissing`],
    /// [`ReasonCode::DocumentMissing`].
    pub fn propose_alternative(&self, text: String, documents: Vec<Document>) -> Result<PatchEvent, Refusal> {
        self.in_use()?;
        if !matches!(self.genuineness, Genuineness::NoMeans | Genuineness::AlternativeProposed { .. }) {
            return Err(out_of_order(self.state().term(), Step::ProposeAlternative)
                .missing(self.genuineness_blockers()));
        }
        text_given(Label::Substitute.as_str(), &text)?;
        Document::check_some(&documents)?;
        Ok(PatchEvent::AlternativeProposed { text, documents })
    }

    /// Approves the alternative.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::SamePerson`] for who proposed it, verified or registered the file.
    pub fn approve_alternative(&self, word: Word, by: &Occurrence) -> Result<PatchEvent, Refusal> {
        let alternative = self.proposed(Step::DecideAlternative)?;
        apart(&word, by, [alternative.proposed_by], Step::ProposeAlternative, Step::DecideAlternative)?;
        let verifiers = self.verifications.iter().map(|verified| verified.by);
        let verifiers = verifiers.chain([self.file.registered_by]);
        apart(&word, by, verifiers, Step::VerifyPatch, Step::DecideAlternative)?;
        Ok(PatchEvent::AlternativeApproved { word })
    }

    /// Rejects the alternative.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`] without a reason.
    pub fn reject_alternative(&self, reason: String) -> Result<PatchEvent, Refusal> {
        self.proposed(Step::DecideAlternative)?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(PatchEvent::AlternativeRejected { reason })
    }

    /// Records whether the weakness is gone. `tested_in`: the record of the environment that the proof names.
    ///
    /// # Errors
    /// What keeps the file from being believed: nothing unproven is installed, not even for a test.
    /// [`ReasonCode::TestEnvironmentNeeded`], [`ReasonCode::DocumentMissing`], [`ReasonCode::TextMissing`],
    /// [`ReasonCode::DateInFuture`].
    pub fn prove_effect(
        &self,
        proof: EffectProof,
        tested_in: Option<TestedIn<'_>>,
        by: &Occurrence,
    ) -> Result<PatchEvent, Refusal> {
        self.in_use()?;
        let blockers = self.genuineness_blockers();
        if !blockers.is_empty() {
            return Err(out_of_order(self.state().term(), Step::ProveEffect).missing(blockers));
        }
        proof.check(tested_in, by)?;
        Ok(PatchEvent::EffectTested { proof })
    }

    /// Confirms an effect that a person stated.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::SamePerson`] for who stated it.
    pub fn confirm_effect(&self, word: Word, by: &Occurrence) -> Result<PatchEvent, Refusal> {
        let stated_by = self.stated(Step::ConfirmEffect)?;
        apart(&word, by, [stated_by], Step::ProveEffect, Step::ConfirmEffect)?;
        Ok(PatchEvent::EffectConfirmed { word })
    }

    /// Does not confirm it.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`] without a reason.
    pub fn reject_effect(&self, reason: String) -> Result<PatchEvent, Refusal> {
        self.stated(Step::ConfirmEffect)?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(PatchEvent::EffectRejected { reason })
    }

    /// Puts another file in its place. `quarantined`: whether that file stands in quarantine in any record.
    ///
    /// # Errors
    /// [`ReasonCode::PatchQuarantined`], [`ReasonCode::NothingChanges`] for the same file,
    /// [`ReasonCode::DocumentMissing`], [`ReasonCode::TextMissing`], [`ReasonCode::RecordEnded`].
    pub fn replace_file(
        &self,
        document: Document,
        obtained_from: Channel,
        reason: String,
        quarantined: bool,
    ) -> Result<PatchEvent, Refusal> {
        self.in_use()?;
        document.check()?;
        text_given(Label::Reason.as_str(), &reason)?;
        if quarantined || self.holds_in_quarantine(&document.sha256) {
            return Err(Refusal::new(ReasonCode::PatchQuarantined).with("patch", &self.particulars.name));
        }
        if document.sha256 == self.file.document.sha256 {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(PatchEvent::FileReplaced { document, obtained_from, reason })
    }

    /// Withdraws it.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::TextMissing`] without a reason.
    pub fn withdraw(&self, reason: String) -> Result<PatchEvent, Refusal> {
        self.in_use()?;
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(PatchEvent::Withdrawn { reason })
    }

    /// Whether its file can be verified now.
    ///
    /// # Errors
    /// [`ReasonCode::RecordEnded`], [`ReasonCode::PatchQuarantined`].
    pub fn verifiable(&self) -> Result<(), Refusal> {
        self.in_use()?;
        self.not_quarantined()
    }

    fn in_use(&self) -> Result<(), Refusal> {
        match self.withdrawn {
            None => Ok(()),
            Some(_) => Err(ended(PatchState::Withdrawn.term())),
        }
    }

    fn not_quarantined(&self) -> Result<(), Refusal> {
        if self.genuineness == Genuineness::Quarantined {
            return Err(Refusal::new(ReasonCode::PatchQuarantined).with("patch", &self.particulars.name));
        }
        Ok(())
    }

    fn holds_in_quarantine(&self, hash: &Hash) -> bool {
        self.quarantined().any(|document| document.sha256 == *hash)
    }

    fn proposed(&self, step: Step) -> Result<&ProofAlternative, Refusal> {
        self.in_use()?;
        match &self.genuineness {
            Genuineness::AlternativeProposed { alternative } => Ok(alternative),
            _ => Err(out_of_order(self.state().term(), step)),
        }
    }

    fn stated(&self, step: Step) -> Result<PersonId, Refusal> {
        self.in_use()?;
        match &self.effect {
            Effect::Stated { by, .. } if self.genuineness_blockers().is_empty() => Ok(*by),
            _ => Err(out_of_order(self.state().term(), step)),
        }
    }

    pub(super) fn changed(mut self, event: &PatchEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let (by, at) = (when.actor.person, when.at);
        let state = self.state();
        let wrong = || OutOfOrder::new(event, state);
        if state == PatchState::Withdrawn {
            return Err(wrong());
        }
        match event {
            PatchEvent::Registered { .. } => return Err(wrong()),
            PatchEvent::ParticularsChanged { particulars, .. } => {
                let before = std::mem::replace(&mut self.particulars, particulars.clone());
                // What was shown for some vulnerabilities says nothing about others.
                if before.vulnerabilities != particulars.vulnerabilities || before.cases != particulars.cases
                {
                    self.effect = Effect::NotTested;
                }
            }
            PatchEvent::Verified { verdict } => {
                self.genuineness = self.genuineness.after(verdict.outcome);
                self.verifications.push(Verified { verdict: verdict.clone(), by, at });
            }
            PatchEvent::AlternativeProposed { text, documents } => {
                let (text, documents) = (text.clone(), documents.clone());
                let alternative = ProofAlternative { text, documents, proposed_by: by, at };
                self.genuineness = Genuineness::AlternativeProposed { alternative };
            }
            PatchEvent::AlternativeApproved { word } => match self.genuineness {
                Genuineness::AlternativeProposed { alternative } => {
                    let approval = word.clone().given(when);
                    self.genuineness = Genuineness::AlternativeApproved { alternative, approval };
                }
                _ => return Err(wrong()),
            },
            PatchEvent::AlternativeRejected { .. } => self.genuineness = Genuineness::NoMeans,
            PatchEvent::EffectTested { proof } => self.effect = Effect::shown_by(proof.clone(), by, at),
            PatchEvent::EffectConfirmed { word } => match self.effect {
                Effect::Stated { proof, by, at } => {
                    let confirmed = Some(word.clone().given(when));
                    self.effect = Effect::Effective { proof, by, at, confirmed };
                }
                _ => return Err(wrong()),
            },
            PatchEvent::EffectRejected { .. } => self.effect = Effect::NotTested,
            PatchEvent::FileReplaced { document, obtained_from, reason } => {
                return Ok(self.with_file(PatchFile::at(document, obtained_from, when), reason));
            }
            PatchEvent::Withdrawn { reason } => self.withdrawn = Some(reason.clone()),
        }
        Ok(self)
    }

    /// Another file: everything is to be proven anew; what is known of the old one is kept.
    fn with_file(mut self, file: PatchFile, reason: &str) -> Self {
        let until = file.at;
        let file = std::mem::replace(&mut self.file, file);
        let genuineness = std::mem::replace(&mut self.genuineness, Genuineness::NotVerified);
        self.former.push(FormerFile { file, genuineness, reason: reason.to_owned(), until });
        self.verifications.clear();
        self.effect = Effect::NotTested;
        self
    }
}
