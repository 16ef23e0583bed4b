//! Steps by name: refusals say which one was asked for, and which one stands against it because the same person took it.

use crate::approval::Word;
use crate::process::{Occurrence, ReasonCode, Refusal};
use crate::record_id::{PartyId, PersonId};
use crate::term::Term;
use crate::terms;

terms! {
    /// What somebody asked for or did: `step` of [`ReasonCode::StepOutOfOrder`], `first` and `second` of
    /// [`ReasonCode::SamePerson`]. The values differ from those of the steps of cases, which share the set.
    pub enum Step ("step") {
        /// Plan a change.
        PlanChange = "plan-change",
        /// Verify a patch.
        VerifyPatch = "verify-patch",
        /// Propose an alternative to a proof.
        ProposeAlternative = "propose-alternative",
        /// Approve or reject it.
        DecideAlternative = "decide-alternative",
        /// Show that the weakness is gone.
        ProveEffect = "prove-effect",
        /// Confirm a stated effect.
        ConfirmEffect = "confirm-effect",
        /// Choose the patch of a change.
        ChoosePatch = "choose-patch",
        /// Assess the impact.
        AssessImpact = "assess-impact",
        /// Plan tests.
        PlanTests = "plan-tests",
        /// Record a test.
        RunTest = "run-test",
        /// Confirm the results of tests.
        ConfirmResults = "confirm-results",
        /// Record the institution's consent.
        Consent = "consent",
        /// Withdraw it.
        WithdrawConsent = "withdraw-consent",
        /// Declare an emergency.
        DeclareEmergency = "declare-emergency",
        /// Approve an emergency.
        ApproveEmergency = "approve-emergency",
        /// Apply.
        Apply = "apply",
        /// Record that it failed.
        Fail = "fail",
        /// Leave an asset out.
        LeaveOut = "leave-out",
        /// Confirm after the application.
        ConfirmAfter = "confirm-after",
        /// Take back.
        RollBack = "roll-back",
        /// Record that it cannot be applied.
        CannotApply = "cannot-apply",
        /// Give up.
        Cancel = "cancel",
        /// Close.
        Close = "finish",
        /// Send an inquiry.
        Send = "send",
        /// Record an answer.
        Answer = "answer",
        /// Chase an answer.
        Chase = "chase",
        /// Judge answers or reports.
        Judge = "judge-answers",
        /// Report.
        Report = "report",
        /// Record that a measure was carried out.
        FinishAction = "finish-action",
        /// Review.
        Review = "review",
        /// Approve a review.
        Approve = "approve-review",
        /// Ask again, send back.
        Reject = "send-back",
        // ---- devices
        /// Record that a device is no longer used.
        DeviceStop = "stop-device",
        /// Confirm that it is disconnected.
        DeviceConfirmDisconnected = "confirm-disconnected",
        /// Record that it is used again.
        DeviceBackInUse = "take-back-into-use",
        /// Record that it is disposed of.
        DeviceDispose = "dispose",
        /// Analyse the risk of a device.
        DeviceAnalyse = "analyse-device",
        /// Write its operating rule.
        DeviceWriteRule = "write-rule",
        /// Approve its operating rule.
        DeviceApproveRule = "approve-rule",

        // ---- sightings
        /// Explain a discrepancy.
        ExplainSighting = "explain-sighting",
        /// Say which registered device it is.
        RegisterSighting = "register-sighting",
        /// Close it.
        CloseSighting = "close-sighting",

        // ---- agreements
        /// Change the content of an agreement.
        EditAgreement = "edit-agreement",
        /// Propose an agreement.
        ProposeAgreement = "propose-agreement",
        /// Take the proposal of an agreement back.
        WithdrawProposal = "withdraw-proposal",
        /// Record what was said about a duty.
        DiscussDuty = "discuss-duty",
        /// Confirm an agreement.
        ConfirmAgreement = "confirm-agreement",
        /// Begin a further version of an agreement.
        ReviseAgreement = "revise-agreement",

        // ---- exchange
        /// Take a partner's card in.
        AddCard = "add-card",
        /// Confirm its fingerprint.
        ConfirmCard = "confirm-card",
        /// Revoke it.
        RevokeKey = "revoke-key",

        // ---- collecting
        /// Stop looking at a source for a time.
        PauseSource = "pause-source",
        /// Look at it again.
        ResumeSource = "resume-source",
    }
}

/// A refusal because a step does not follow the state. `set` names the set of the state, so that there are words for it.
pub fn out_of_order(state: Term, step: Step) -> Refusal {
    Refusal::out_of_order(state.value, step).with("set", state.set)
}

/// A refusal because the record has ended. `set` names the set of the state.
pub fn ended(state: Term) -> Refusal {
    Refusal::new(ReasonCode::RecordEnded).with("state", state.value).with("set", state.set)
}

/// A person's word as it reaches a command, with what the caller looked up about who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The word.
    pub word: Word,
    /// The party for which the giver works, if they are a person known here (their `party`, or the operator of this
    /// installation); not looked at for a partner's file.
    pub giver_party: Option<PartyId>,
}

impl Spoken {
    /// Checks that the word is that of `party`. On a paper whose signer is not known here, nobody can tell; the
    /// signer's name is kept and shown.
    ///
    /// # Errors
    /// [`ReasonCode::OtherParty`], and those of [`Word::check`].
    pub fn check_party(&self, party: PartyId) -> Result<(), Refusal> {
        self.word.check()?;
        let speaks_for = match &self.word {
            Word::PartnerFile { party, .. } => Some(*party),
            Word::Paper { person: None, .. } => return Ok(()),
            Word::Software | Word::Paper { .. } => self.giver_party,
        };
        if speaks_for == Some(party) {
            return Ok(());
        }
        Err(Refusal::new(ReasonCode::OtherParty))
    }
}

/// Checks that a word is given by somebody who did not do `first`.
///
/// # Errors
/// Those of [`Word::check_apart`].
pub fn apart(
    word: &Word,
    by: &Occurrence,
    doers: impl IntoIterator<Item = PersonId>,
    first: Step,
    second: Step,
) -> Result<(), Refusal> {
    word.check_apart(by, doers, first.as_str(), second.as_str())
}
