//! The commands, by kind of record. Each calls the use case that the command line calls, too.

mod agreement;
mod assessment;
mod assessment_run;
mod case;
mod change;
mod clear;
pub(crate) mod collect;
mod confirm;
mod device;
mod exchange;
pub(crate) mod given;
mod inquiry;
mod interfaces;
mod organisation;
mod patch;
mod person;
mod plan;
mod policy;
mod sighting;
mod tasks;
mod words;

pub(crate) use assessment_run::TableMapping;
pub(crate) use change::Alternative;
pub(crate) use collect::GivenThresholds;
pub(crate) use device::GivenLine;
pub(crate) use inquiry::GivenAnswer;
pub(crate) use policy::{SecondFactorGiven, TableGiven};

use crate::command::{Listed, ListedTask, listed, task};

/// Everything that is done to several records at once.
pub(crate) fn tasks() -> &'static [ListedTask] {
    static TASKS: &[ListedTask] = &[
        task::<tasks::RefreshCases>(),
        task::<tasks::DecideCases>(),
        task::<tasks::ExpireCases>(),
        task::<tasks::ImportAnswers>(),
        task::<sighting::ImportSightings>(),
        task::<sighting::CompareSightings>(),
        task::<agreement::ImportAgreement>(),
        task::<exchange::ImportSealed>(),
        task::<exchange::VerifySealed>(),
        task::<exchange::MakeCard>(),
        task::<collect::AddProposed>(),
        task::<collect::LookNow>(),
    ];
    TASKS
}

/// Every command.
pub(crate) fn all() -> &'static [Listed] {
    ALL
}

static ALL: &[Listed] = &[
    listed::<person::RegisterPerson>(),
    listed::<person::GrantRole>(),
    listed::<person::RevokeRole>(),
    listed::<person::Deactivate>(),
    listed::<person::Rename>(),
    listed::<person::EraseName>(),
    listed::<person::IssueToken>(),
    listed::<person::WithdrawToken>(),
    listed::<case::JudgeCase>(),
    listed::<case::AnalyseCase>(),
    listed::<case::DecideCase>(),
    listed::<case::ApproveCase>(),
    listed::<case::RejectCase>(),
    listed::<case::ShowCaseEffect>(),
    listed::<case::ProveCaseFixed>(),
    listed::<case::ReplaceAsset>(),
    listed::<case::ConfirmCase>(),
    listed::<case::CloseCase>(),
    listed::<case::ReopenCase>(),
    listed::<case::InheritCase>(),
    listed::<case::OverrideCase>(),
    listed::<case::SetCaseDue>(),
    listed::<change::PlanChange>(),
    listed::<change::ChoosePatch>(),
    listed::<change::AssessImpact>(),
    listed::<change::PlanTests>(),
    listed::<change::RunTest>(),
    listed::<change::ConfirmTests>(),
    listed::<change::ConsentToChange>(),
    listed::<change::WithdrawConsent>(),
    listed::<change::DeclareEmergency>(),
    listed::<change::ApproveEmergency>(),
    listed::<change::CancelChange>(),
    listed::<change::ApplyChange>(),
    listed::<change::FailChange>(),
    listed::<change::LeaveOut>(),
    listed::<change::ConfirmAfter>(),
    listed::<change::RollBack>(),
    listed::<change::CloseChange>(),
    listed::<change::CannotApply>(),
    listed::<confirm::ReportItem>(),
    listed::<confirm::AskItemAgain>(),
    listed::<confirm::JudgeItem>(),
    listed::<confirm::FinishAction>(),
    listed::<confirm::CloseInstruction>(),
    listed::<confirm::CancelInstruction>(),
    listed::<confirm::ReviewNow>(),
    listed::<confirm::ApproveReview>(),
    listed::<confirm::SendReviewBack>(),
    listed::<confirm::EndReview>(),
    listed::<organisation::EnterParty>(),
    listed::<organisation::ChangeParty>(),
    listed::<organisation::EndParty>(),
    listed::<organisation::EnterSite>(),
    listed::<organisation::ChangeSite>(),
    listed::<organisation::EndSite>(),
    listed::<organisation::EnterSystem>(),
    listed::<organisation::ChangeSystem>(),
    listed::<organisation::EndSystem>(),
    listed::<organisation::EnterEnvironment>(),
    listed::<organisation::ChangeEnvironment>(),
    listed::<organisation::EndEnvironment>(),
    listed::<organisation::EnterProduct>(),
    listed::<organisation::ChangeProduct>(),
    listed::<organisation::EndProduct>(),
    listed::<organisation::EnterRelease>(),
    listed::<organisation::ChangeRelease>(),
    listed::<organisation::EndRelease>(),
    listed::<organisation::EnterDeployment>(),
    listed::<organisation::ChangeDeployment>(),
    listed::<organisation::EndDeployment>(),
    listed::<organisation::EnterAsset>(),
    listed::<organisation::ChangeAsset>(),
    listed::<organisation::EndAsset>(),
    listed::<organisation::PinKey>(),
    listed::<organisation::WithdrawKey>(),
    listed::<organisation::AddSbom>(),
    listed::<organisation::OverrideDecision>(),
    listed::<organisation::InheritAgain>(),
    listed::<organisation::AssignParty>(),
    listed::<collect::AddSource>(),
    listed::<collect::ChangeSource>(),
    listed::<collect::PauseSource>(),
    listed::<collect::ResumeSource>(),
    listed::<collect::EndSource>(),
    listed::<collect::CheckSource>(),
    listed::<collect::ConfirmCheck>(),
    listed::<collect::JudgeNotice>(),
    listed::<policy::ProposePolicy>(),
    listed::<policy::ApprovePolicy>(),
    listed::<policy::RejectPolicy>(),
    listed::<policy::WithdrawPolicy>(),
    listed::<policy::ProposeExclusion>(),
    listed::<policy::ApproveExclusion>(),
    listed::<policy::RejectExclusion>(),
    listed::<policy::WithdrawExclusion>(),
    listed::<patch::RegisterPatch>(),
    listed::<patch::CorrectPatch>(),
    listed::<patch::VerifyPatch>(),
    listed::<patch::ShowPatchEffect>(),
    listed::<patch::ConfirmEffect>(),
    listed::<patch::RejectEffect>(),
    listed::<patch::ProposeAlternative>(),
    listed::<patch::ApproveAlternative>(),
    listed::<patch::RejectAlternative>(),
    listed::<patch::ReplaceFile>(),
    listed::<patch::WithdrawPatch>(),
    listed::<inquiry::SendInquiry>(),
    listed::<inquiry::AnswerInquiry>(),
    listed::<inquiry::ChaseInquiry>(),
    listed::<inquiry::JudgeInquiry>(),
    listed::<inquiry::FindInsufficient>(),
    listed::<inquiry::GiveUpWaiting>(),
    listed::<inquiry::CancelInquiry>(),
    listed::<plan::Instruct>(),
    listed::<plan::InstructAgain>(),
    listed::<plan::PlanReview>(),
    // ---- devices
    listed::<device::OpenDossier>(),
    listed::<device::ChangeDevice>(),
    listed::<device::InformDevice>(),
    listed::<device::StateUse>(),
    listed::<device::AnalyseDevice>(),
    listed::<device::WriteRule>(),
    listed::<device::ApproveRule>(),
    listed::<device::SendRuleBack>(),
    listed::<device::SetLine>(),
    listed::<device::PlanUpdates>(),
    listed::<device::RecordUpdate>(),
    listed::<device::StopDevice>(),
    listed::<device::ConfirmDisconnected>(),
    listed::<device::TakeBackIntoUse>(),
    listed::<device::DisposeOfDevice>(),
    // ---- sightings
    listed::<sighting::ExplainSighting>(),
    listed::<sighting::RegisterSighting>(),
    listed::<sighting::AcceptSeenVersion>(),
    listed::<sighting::CloseSighting>(),
    // ---- agreements
    listed::<agreement::NewAgreementGiven>(),
    listed::<agreement::AddAgreementParty>(),
    listed::<agreement::RemoveAgreementParty>(),
    listed::<agreement::AddDuty>(),
    listed::<agreement::ChangeDuty>(),
    listed::<agreement::RemoveDuty>(),
    listed::<agreement::AssignDuties>(),
    listed::<agreement::SetAgreementDates>(),
    listed::<agreement::ProposeAgreement>(),
    listed::<agreement::WithdrawAgreement>(),
    listed::<agreement::DiscussDuties>(),
    listed::<agreement::AgreeToDuties>(),
    listed::<agreement::ConfirmAgreement>(),
    listed::<agreement::ReviseAgreement>(),
    listed::<agreement::ReopenAgreement>(),
    listed::<agreement::TakeAgreement>(),
    listed::<agreement::EndAgreement>(),
    // ---- exchange
    listed::<exchange::AddPartner>(),
    listed::<exchange::ConfirmPartner>(),
    listed::<exchange::RevokePartner>(),
    listed::<exchange::SealFiles>(),
    listed::<exchange::VoidSent>(),
    listed::<exchange::GiveUpReceived>(),
    // ---- interfaces
    listed::<interfaces::EnterInterface>(),
    listed::<interfaces::ChangeInterface>(),
    listed::<interfaces::TestInterface>(),
    listed::<interfaces::EndInterface>(),
    // ---- assessments
    listed::<assessment::LayAssessmentPlan>(),
    listed::<assessment::ChangeAssessmentPlan>(),
    listed::<assessment::StateDeliverable>(),
    listed::<assessment::DropDeliverable>(),
    listed::<assessment::TriggerAssessment>(),
    listed::<assessment::EndAssessmentPlan>(),
    listed::<assessment::PermitTarget>(),
    listed::<assessment::RemoveTarget>(),
    listed::<assessment::MarkClinicalNetwork>(),
    listed::<assessment::UnmarkClinicalNetwork>(),
    listed::<assessment_run::PlanAssessmentRun>(),
    listed::<assessment_run::AskScanException>(),
    listed::<assessment_run::ApproveScanException>(),
    listed::<assessment_run::StartAssessmentRun>(),
    listed::<assessment_run::ImportScanReports>(),
    listed::<assessment_run::ExplainScanReport>(),
    listed::<assessment_run::CloseAssessmentRun>(),
    listed::<assessment_run::CancelAssessmentRun>(),
    listed::<assessment::ProposeVerdict>(),
    listed::<assessment::OpenCases>(),
    listed::<assessment::JoinFindings>(),
    listed::<assessment::SeparateFindings>(),
    listed::<assessment::ApproveVerdict>(),
    listed::<assessment::RejectVerdict>(),
    listed::<assessment::WithdrawVerdict>(),
];
