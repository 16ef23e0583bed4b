//! The list of all reasons. What is to be said with them stands in [`super::Reason`].

use serde::{Deserialize, Serialize};

use super::reason_code_accounts::with_reasons_about_accounts;
use super::reason_code_assessments::with_reasons_about_assessments;
use super::reason_code_collect::with_reasons_about_collecting;
use super::reason_code_devices::with_reasons_about_devices;

macro_rules! reason_codes {
    ($($(#[$meta:meta])* $name:ident = $text:literal;)*) => {
        /// Every reason for a refusal and every thing that can block a step. Stable: scripts depend on the text form. Words
        /// stand under `reason-<text>`; a test names what lacks them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ReasonCode {
            $($(#[$meta])* #[serde(rename = $text)] $name,)*
        }

        impl ReasonCode {
            /// All, in the order of their definition.
            pub const ALL: &'static [ReasonCode] = &[$(ReasonCode::$name,)*];

            /// The stable text form, as in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(ReasonCode::$name => $text,)* }
            }
        }
    };
}

with_reasons_about_devices! { reason_codes {
    // ---- any record --------------------------------------------------------------------------------
    /// The step does not follow the state. Params: `state`, `step` (terms), `set` (set of the state).
    StepOutOfOrder = "step-out-of-order";
    /// The record has ended; nothing can be changed any more. Params: `state`, `set` (set of the state).
    RecordEnded = "record-ended";
    /// A text that must not be blank is. Params: `field`.
    TextMissing = "text-missing";
    /// A date that must lie in the future does not. Params: `field`, `date`.
    DateNotInFuture = "date-not-in-future";
    /// A date that must not lie in the future does. Params: `field`, `date`.
    DateInFuture = "date-in-future";
    /// The state would not change.
    NothingChanges = "nothing-changes";
    /// There is no such item in the record. Params: `field`, `value`.
    ItemUnknown = "item-unknown";

    // ---- people, roles, separation of duties ---------------------------------------------------------
    /// The person's roles do not permit the step. Params: `roles` (that would), `action`.
    RoleMissing = "role-missing";
    /// The token permits reading only.
    TokenReadsOnly = "token-reads-only";
    /// The person is no longer active.
    PersonInactive = "person-inactive";
    /// The same person may not do both. Params: `first`, `second` (what was done, what is asked).
    SamePerson = "same-person";
    /// The last active administrator cannot lose that role.
    LastAdministrator = "last-administrator";
    /// The person has the role already, or does not have it. Params: `role`.
    RoleUnchanged = "role-unchanged";

    // ---- approval ------------------------------------------------------------------------------------
    /// A paper or a file without a kept document proves nothing.
    DocumentMissing = "document-missing";
    /// Who signed the paper or the file is not named.
    SignerMissing = "signer-missing";

    // ---- organisation, patch, change, inquiry, confirmation, review
    /// What makes the record what it is cannot be changed, or only by a step of its own. Params: `field`.
    FieldFixed = "field-fixed";
    /// Nobody is named who patches the asset. Params: `date` (until when it is to be settled).
    PatcherNotSettled = "patcher-not-settled";
    /// The word is not that of the party that is asked.
    OtherParty = "other-party";
    /// No key is pinned for the party, so that no signature counts as its own. Params: `party`.
    NoPinnedKey = "no-pinned-key";
    /// The signature does not show that the party signed the file. Params: `result` (a term of verify-outcome).
    PartnerFileNotProven = "partner-file-not-proven";
    /// The partner's file does not name the record that it is given for. Params: `record` (number).
    PartnerFileOtherRecord = "partner-file-other-record";
    /// The partner's file was given for this record before. Params: `record` (number).
    PartnerFileUsed = "partner-file-used";
    /// What is approved in the house alone is not approved by another organisation's file.
    PartnerFileNotHere = "partner-file-not-here";
    /// Who records a partner's file pinned the key that signed it. Params: `party`.
    KeyPinnedByRecorder = "key-pinned-by-recorder";
    /// The name on the paper is that of another person than the one who is named beside it. Params: `signer`.
    SignerIsAnother = "signer-is-another";
    /// The case is about another system than the change.
    SystemNotOfCase = "system-not-of-case";
    /// The institution does not run the system, so that its consent means nothing.
    InstitutionNotConcerned = "institution-not-concerned";
    /// No case says what the patch or change is to remedy, so that nothing can be matched for it.
    RematchWithoutCase = "rematch-without-case";
    /// An inventory could not be read completely. Params: `file`.
    RematchUnreadable = "rematch-unreadable";
    /// The inventory does not name what is to be repaired, so that its silence proves nothing. Params: `place`.
    RematchAbsent = "rematch-absent";
    /// It could not be judged whether the weakness is gone. Params: `place`, `count`.
    RematchUndetermined = "rematch-undetermined";
    /// The approved treatment of the case is another one, or none is approved. Params: `case`, `state`, `kind`
    /// (change-kind).
    CaseAsksOtherwise = "case-asks-otherwise";
    /// The file is no form of this installation, or its hidden sheet was changed.
    FormNotOurs = "form-not-ours";
    /// What is asked in a row is not what was asked. Params: `cell`, `question`.
    FormRowChanged = "form-row-changed";
    /// The cell holds none of the words that can be chosen. Params: `cell`, `value`.
    FormWordUnknown = "form-word-unknown";
    /// The cell must hold a day. Params: `cell`, `value`.
    FormDayInvalid = "form-day-invalid";
    /// The cell must not be empty. Params: `cell`.
    FormCellMissing = "form-cell-missing";
    /// The result does not follow from its checks.
    VerdictInconsistent = "verdict-inconsistent";
    /// The file is not the one that was registered. Params: `expected`, `found` (SHA-256).
    FileDifferent = "file-different";
    /// What the file was compared with came the same way as the file, or nobody said how it came.
    ChannelMissing = "channel-missing";
    /// A patch names neither a case nor a vulnerability.
    PatchForNothing = "patch-for-nothing";
    /// The change applies a patch and none is at hand.
    PatchMissing = "patch-missing";
    /// The patch at hand is not the one of the plan. Params: `patch`.
    OtherPatch = "other-patch";
    /// A change of this kind applies no patch. Params: `kind` (change-kind).
    PatchNotExpected = "patch-not-expected";
    /// The patch is not registered for the case of this change. Params: `patch`.
    PatchForOtherCase = "patch-for-other-case";
    /// The patch was not verified. Params: `patch`.
    PatchNotVerified = "patch-not-verified";
    /// What was given to verify the patch could not be read. Params: `patch`.
    PatchUnreadable = "patch-unreadable";
    /// The patch is signed with a key that does not count. Params: `patch`.
    PatchKeyNotAcceptable = "patch-key-not-acceptable";
    /// There is no means to verify the patch and no approved alternative. Params: `patch`.
    PatchWithoutMeans = "patch-without-means";
    /// The alternative to a verification waits for approval. Params: `patch`.
    PatchAlternativeNotApproved = "patch-alternative-not-approved";
    /// The patch was tampered with and stands in quarantine. Params: `patch`.
    PatchQuarantined = "patch-quarantined";
    /// The patch was withdrawn. Params: `patch`.
    PatchWithdrawn = "patch-withdrawn";
    /// Nobody has shown that the weakness is gone with the patch. Params: `patch`.
    PatchEffectNotProven = "patch-effect-not-proven";
    /// A stated effect waits for a second person. Params: `patch`.
    PatchEffectNotConfirmed = "patch-effect-not-confirmed";
    /// The weakness is still there with the patch. Params: `patch`.
    PatchNotEffective = "patch-not-effective";
    /// It was not run in a recorded test environment of the system that is in use.
    TestEnvironmentNeeded = "test-environment-needed";
    /// The patch's file could not be hashed at this moment.
    FileNotHashed = "file-not-hashed";
    /// No asset is named.
    AssetsMissing = "assets-missing";
    /// The impact is not assessed.
    ImpactNotAssessed = "impact-not-assessed";
    /// No tests are planned.
    TestsNotPlanned = "tests-not-planned";
    /// None of the tests is mandatory.
    NoMandatoryTest = "no-mandatory-test";
    /// Two tests have the same name. Params: `test`.
    TestTwice = "test-twice";
    /// A test that was planned when tests began cannot be left out or changed. Params: `test`.
    TestDropped = "test-dropped";
    /// A mandatory test was not run. Params: `test`.
    TestNotRun = "test-not-run";
    /// A mandatory test did not pass. Params: `test`.
    TestFailed = "test-failed";
    /// A mandatory test was run with another file. Params: `test`.
    TestOfOtherFile = "test-of-other-file";
    /// Nobody but the testers has confirmed the results.
    TestsNotConfirmed = "tests-not-confirmed";
    /// The institution has not consented.
    ConsentMissing = "consent-missing";
    /// The institution withdrew its consent.
    ConsentIsWithdrawn = "consent-is-withdrawn";
    /// The institution consented to another time. Params: `from`, `until`.
    OutsideConsent = "outside-consent";
    /// The emergency is not approved.
    EmergencyNotApproved = "emergency-not-approved";
    /// The gate is closed; everything that is missing is listed.
    GateBlocked = "gate-blocked";
    /// The asset has not come as far as the step needs, or farther. Params: `asset`, `progress` (asset-
    /// progress).
    AssetNotInState = "asset-not-in-state";
    /// Something is left to be done about an asset. Params: `asset`, `progress` (asset-progress).
    AssetNotSettled = "asset-not-settled";
    /// The proof is not the one that the measure asks for. Params: `kind` (change-kind), `basis` (proof-
    /// basis).
    ProofOfOtherKind = "proof-of-other-kind";
    /// The proof is older than the application. Params: `applied`, `date`.
    ProofTooOld = "proof-too-old";
    /// Findings are left. Params: `remaining`.
    WeaknessRemains = "weakness-remains";
    /// Everything is ready; it is not applied.
    NotYetApplied = "not-yet-applied";
    /// Everything is done; it is not closed.
    NotYetClosed = "not-yet-closed";
    /// Nothing is asked.
    QuestionsMissing = "questions-missing";
    /// A question stands there twice. Params: `question`.
    QuestionTwice = "question-twice";
    /// The answer belongs to no question of this inquiry. Params: `question`.
    QuestionUnknown = "question-unknown";
    /// The reply holds no answer.
    AnswersMissing = "answers-missing";
    /// Answers lack something; each row is listed.
    AnswersDefective = "answers-defective";
    /// The provider is affected and says that no patch is needed, without more. Params: `question`.
    AnswerContradictory = "answer-contradictory";
    /// The patch may not be applied and no alternative is offered. Params: `question`.
    AlternativeMissing = "alternative-missing";
    /// *Not affected* without a reason. Params: `question`.
    JustificationMissing = "justification-missing";
    /// *Under investigation* without the day of the next answer. Params: `question`.
    NextAnswerMissing = "next-answer-missing";
    /// The inquiry is not sent.
    NotSent = "not-sent";
    /// A question is not answered. Params: `question`, `what` (its text).
    NotAnswered = "not-answered";
    /// The answers are not judged.
    NotJudged = "not-judged";
    /// The provider was not reminded.
    NotReminded = "not-reminded";
    /// The answer is not overdue.
    NotOverdue = "not-overdue";
    /// No system is named.
    ScopeMissing = "scope-missing";
    /// The report is not the word of the operator who was asked.
    OtherRespondent = "other-respondent";
    /// An item is not reported. Params: `item`, `what` (its text).
    NotReported = "not-reported";
    /// An item is not judged. Params: `item`, `what` (its text).
    ItemNotJudged = "item-not-judged";
    /// Not fit, and no measure is ordered.
    ActionMissing = "action-missing";
    /// A measure is not carried out. Params: `item`, `what` (its text).
    ActionNotDone = "action-not-done";
    /// The day of the next time is not set.
    NextDateMissing = "next-date-missing";
    /// The item is to be reviewed. Params: `date`.
    NotReviewed = "not-reviewed";
    /// The review waits for approval.
    ReviewNotApproved = "review-not-approved";
    // ---- cases, policy, control ----------------------------------------------------------------------
    /// No version of the policy is in force. Params: `kind`, `state` (terms).
    PolicyNotApproved = "policy-not-approved";
    /// A proposed version waits for approval. Params: `version`.
    PolicyAwaitsApproval = "policy-awaits-approval";
    /// A value of the policy makes no sense. Params: `field`, `value`.
    PolicyContentInvalid = "policy-content-invalid";
    /// A further version must be about the same. Params: `expected`, `found` (terms).
    PolicyKindDiffers = "policy-kind-differs";
    /// A justification belongs to *not affected* only. Params: `applicability`.
    JustificationNotNeeded = "justification-not-needed";
    /// The inputs of the analysis leave something out. Params: `value`.
    AnalysisIncomplete = "analysis-incomplete";
    /// Findings were revised, surged or joined after judgement and analysis. Params: `since` (date).
    AnalysisOutdated = "analysis-outdated";
    /// An acceptance needs a last day.
    AcceptWithoutEnd = "accept-without-end";
    /// A date belongs to an acceptance, or to a measure that is reviewed, only. Params: `treatment`.
    EndNotNeeded = "end-not-needed";
    /// An accepted risk is never closed. Params: `until` (date).
    AcceptedNeverCloses = "accepted-never-closes";
    /// Nothing is decided that could be proven. Params: `state`.
    DecisionMissing = "decision-missing";
    /// Proof is missing; every piece is named. Params: `count`.
    ProofMissing = "proof-missing";
    /// Patch: no verified change is recorded for the place. Params: `place`.
    ProofOfPatchMissing = "proof-of-patch-missing";
    /// Fixed already: neither a re-match nor evidence of the fixed build. Params: `place`.
    ProofOfFixMissing = "proof-of-fix-missing";
    /// Configuration change, mitigation, isolation: no evidence of effect. Params: `place`.
    ProofOfEffectMissing = "proof-of-effect-missing";
    /// Replacement: the old asset is not retired, or the new one not judged. Params: `place`.
    ProofOfReplacementMissing = "proof-of-replacement-missing";
    /// Something still hits the place, so that a re-match proves nothing. Params: `place`.
    StillMatched = "still-matched";
    /// The re-match is older than the change. Params: `place`.
    RematchTooOld = "rematch-too-old";
    /// The asset that took the place is hit itself. Params: `place`.
    SuccessorIsPlace = "successor-is-place";
    /// A measure that is no patch and no replacement needs a date of review.
    ReviewDateMissing = "review-date-missing";
    /// The end of an acceptance or the review of a measure lies later than the policy permits. Params: `field`, `date`,
    /// `latest`.
    ReviewTooLate = "review-too-late";
    /// Another treatment was approved. Params: `treatment`, `step`.
    OtherTreatment = "other-treatment";
    /// Only a deployment's case inherits, and only from a release's. Params: `subject`, `from` (terms).
    InheritanceSubject = "inheritance-subject";
    /// Nothing is approved in the provider's case. Params: `state`.
    InheritanceUnsettled = "inheritance-unsettled";
    /// The provider did not decide on it. Params: `vulnerability`.
    InheritanceNotCovered = "inheritance-not-covered";
    /// The site decided for itself.
    InheritanceOverridden = "inheritance-overridden";
    /// The decision was not inherited.
    NotInherited = "not-inherited";
    /// Next: judge whether it applies.
    ToBeJudged = "to-be-judged";
    /// Next: analyse the risk.
    ToBeAnalysed = "to-be-analysed";
    /// Next: decide the measure.
    ToBeDecided = "to-be-decided";
    /// Next: a second person approves.
    ToBeApproved = "to-be-approved";
    /// Next: a second person confirms the treatment.
    ToBeConfirmed = "to-be-confirmed";
    /// Next: close.
    ToBeClosed = "to-be-closed";
    /// No due date: no policy about due dates was in force. The record is open.
    DueNotSet = "due-not-set";
    /// What was found is no longer found: close with proof.
    AllGone = "all-gone";
    /// The exclusion of a control waits for approval. Params: `control`.
    ExclusionAwaitsApproval = "exclusion-awaits-approval";
    /// The exclusion of a control is to be reviewed. Params: `date`.
    ExclusionReviewDue = "exclusion-review-due";
    /// Nothing is recorded that could tell.
    ControlNothingRecorded = "control-nothing-recorded";
    /// This version of the program keeps no records about it. Params: `topic`.
    ControlNotCovered = "control-not-covered";
    /// Nothing was found that had to be decided, and no comparison is recorded that would have found it.
    ControlNeverJudged = "control-never-judged";
    /// The last comparison is older than the approved interval. Params: `last`, `days`.
    ControlJudgedTooLongAgo = "control-judged-too-long-ago";
    /// No approved policy says how often. Params: `kind` (a term).
    ControlPolicyMissing = "control-policy-missing";
    /// Cases without an approved decision after their date. Params: `count`.
    ControlCasesUndecided = "control-cases-undecided";
    /// Cases that are not done after their date. Params: `count`.
    ControlCasesOverdue = "control-cases-overdue";
    /// Open cases without a due date. Params: `count`.
    ControlCasesWithoutDue = "control-cases-without-due";
    /// Accepted risks whose last day has passed. Params: `count`.
    ControlAcceptanceEnded = "control-acceptance-ended";
    /// Cases were decided in time. Params: `count`.
    ControlCasesDecided = "control-cases-decided";
    /// Cases were closed with proof. Params: `count`.
    ControlCasesClosed = "control-cases-closed";
    /// Comparisons with vulnerability information. Params: `count`, `last`.
    ControlJudgedRegularly = "control-judged-regularly";
    /// Components or assets that could not be judged by the last comparison. Params: `count`.
    ControlUndeterminedRemain = "control-undetermined-remain";
    /// Patches that were applied without proof that they are genuine. Params: `count`.
    ControlPatchesUnverified = "control-patches-unverified";
    /// Patches whose effect was not tested before application. Params: `count`.
    ControlEffectUntested = "control-effect-untested";
    /// Patches that were proven genuine and effective before application. Params: `count`.
    ControlPatchesVerified = "control-patches-verified";
    /// Changes that were applied before their impact was assessed. Params: `count`.
    ControlImpactMissing = "control-impact-missing";
    /// Changes that were applied before their tests were confirmed. Params: `count`.
    ControlTestsUnconfirmed = "control-tests-unconfirmed";
    /// Emergency changes whose tests are still outstanding. Params: `count`.
    ControlEmergencyTests = "control-emergency-tests";
    /// Changes that were assessed, tested and confirmed before application. Params: `count`.
    ControlChangesTested = "control-changes-tested";
    /// Confirmations that were not answered or judged in time. Params: `count`.
    ControlConfirmationOverdue = "control-confirmation-overdue";
    /// Assets that were judged unfit and for which nothing was done. Params: `count`.
    ControlUnfitOpen = "control-unfit-open";
    /// The last confirmation is older than the approved interval. Params: `last`, `days`.
    ControlConfirmedTooLongAgo = "control-confirmed-too-long-ago";
    /// Confirmations were instructed, reported and judged. Params: `count`, `last`.
    ControlConfirmed = "control-confirmed";
    /// Reviews that are overdue. Params: `count`.
    ControlReviewOverdue = "control-review-overdue";
    /// The last review is older than the approved interval. Params: `last`, `days`.
    ControlReviewedTooLongAgo = "control-reviewed-too-long-ago";
    /// Reviews were approved. Params: `count`, `last`.
    ControlReviewed = "control-reviewed";
    /// Assets for which nobody is named who patches them. Params: `count`.
    ControlNobodyPatches = "control-nobody-patches";
    /// Assets in use whose maker's support has ended. Params: `count`.
    ControlSupportEnded = "control-support-ended";
    /// Stopped or retired assets for which nobody confirmed that they are disconnected. Params: `count`.
    ControlStillConnected = "control-still-connected";
    /// Inquiries that the provider did not answer in time. Params: `count`.
    ControlInquiriesOverdue = "control-inquiries-overdue";
    /// A person decided that it does not apply. Params: `reason` (as written).
    ControlExcluded = "control-excluded";
    // ---- organisation, patch, change, inquiry, confirmation, review
    /// *Not affected* without a reason. Params: `question`.
    AnswerWithoutReason = "answer-without-reason";

    // ---- use cases on cases, policies and controls
    /// No catalogue has this control. Params: `value`.
    ControlUnknown = "control-unknown";
    /// Lists of software belong to a system, release or deployment, and none is named.
    SubjectNeeded = "subject-needed";
    /// A release or deployment is compared by its lists of software, and none is named.
    ListsNeeded = "lists-needed";

    // ---- tokens of people who need a second factor
    /// The person's role needs a second factor, and the token was made without one, or the app was taken away since.
    TokenWithoutSecondFactor = "token-without-second-factor";
    /// A token for such a person is only made in a session that was begun with an authenticator app, once the person has one.
    TokenNeedsSecondFactor = "token-needs-second-factor";
}}
