//! Which step needs which role, so that a page can say so before a person tries. The use cases decide; a test holds this against them.

use shindan_domain::ledger::Kind;
use shindan_domain::people::{Action, Role};

/// What a command is, by who may take it; of several, each is enough.
pub(crate) fn needed(kind: Kind, command: Option<&str>) -> &'static [Action] {
    use Action::{Administer, Approve, Confirm, KeepOrganisation, Manage, Operate, ProposePolicy, Read};
    use Kind as K;
    match (kind, command.unwrap_or("new")) {
        // One's own tokens are one's own affair; those of others are the administrator's.
        (K::Person, "issue-token" | "withdraw-token") => &[Read],
        (K::Person, _) => &[Administer],
        (K::Deployment, "override" | "inherit") => &[Operate],
        (K::Environment, "permit-target" | "remove-target") | (K::ClinicalNetwork, _) => &[Manage],
        (
            K::Party
            | K::Site
            | K::System
            | K::Environment
            | K::Product
            | K::Release
            | K::Deployment
            | K::Asset,
            _,
        ) => &[KeepOrganisation],
        (K::Exchange, "new" | "confirm" | "revoke") => &[KeepOrganisation],
        (K::Exchange, "give-up") => &[Approve],
        (K::Policy, "approve" | "withdraw") => &[Approve],
        (K::Policy, "reject") => &[ProposePolicy, Approve],
        (K::Policy, _) => &[ProposePolicy],
        (K::Control, "approve") => &[Approve],
        (K::Control, "reject") => &[Manage, Approve],
        (K::Control, _) => &[Manage],
        (K::Case, "reject") => &[Operate, Approve],
        (K::Change, "consent") => &[Confirm, Operate],
        (K::Instruction, "report" | "finish-action") => &[Operate],
        (K::Review, "review") => &[Operate],
        (K::Review, "approve" | "send-back") => &[Approve],
        (K::Instruction | K::Review, _) => &[Manage],
        (K::Inquiry, "judge" | "find-insufficient" | "give-up-waiting") => &[Manage],
        (K::Agreement, "confirm") => &[Approve],
        (K::Agreement, "end") | (K::Source, "end") | (K::Assessment, "close") => &[Manage],
        (K::AssessmentPlan, "new" | "change" | "end") => &[Manage],
        (K::Patch, "reject-effect") | (K::Change, "withdraw-consent" | "cannot-apply") => &[Confirm],
        (K::Patch, "reject-alternative") | (K::Device, "send-rule-back") => &[Approve],
        (K::ScanFinding, "approve" | "reject") => &[Approve],
        (
            _,
            "approve" | "approve-alternative" | "approve-emergency" | "approve-exception" | "approve-rule",
        ) => &[Approve],
        (_, "confirm" | "confirm-after" | "confirm-disconnected" | "confirm-effect" | "confirm-tests") => {
            &[Confirm]
        }
        (K::Assessment, "explain") => &[Confirm],
        _ => &[Operate],
    }
}

/// What a task is, by who may do it.
pub(crate) fn of_task(task: &str) -> &'static [Action] {
    match task {
        "exchange-verification" => &[Action::Read],
        "exchange-card" => &[Action::KeepOrganisation],
        _ => &[Action::Operate],
    }
}

/// The roles of which each is enough.
pub(crate) fn roles(actions: &[Action]) -> Vec<Role> {
    let mut roles: Vec<Role> = actions.iter().flat_map(|action| action.roles()).copied().collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}
