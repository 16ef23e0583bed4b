//! The commands, by kind of record. Each calls the use case that the command line calls, too.

mod case;
mod change;
mod confirm;
pub(crate) mod given;
mod person;
mod words;

pub(crate) use change::Alternative;

use crate::command::{Listed, listed};

/// Every command.
pub(crate) fn all() -> &'static [Listed] {
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
    ];
    ALL
}
