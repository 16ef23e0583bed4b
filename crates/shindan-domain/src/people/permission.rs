//! Which role permits which kind of step. Separation of duties between two steps is checked by the processes.

use crate::process::{Reason, ReasonCode, Refusal};
use crate::terms;

terms! {
    /// 役割 in the software.
    pub enum Role ("role") {
        /// Sets up people, tokens and the installation.
        Admin = "admin",
        /// 企画管理者: instructs, judges, reviews, keeps policy and organisation.
        Manager = "manager",
        /// 運用担当者: analyses, verifies, tests, applies.
        Operator = "operator",
        /// Approves: CISO, head of department.
        Approver = "approver",
        /// 監査: reads everything, changes nothing.
        Auditor = "auditor",
        /// The other party: sees only what is shared.
        Partner = "partner",
    }
}

terms! {
    /// Kinds of steps, by who may take them.
    pub enum Action ("action") {
        /// Reads records.
        Read = "read",
        /// People, roles, tokens of others, backup and restore.
        Administer = "administer",
        /// Parties, sites, systems, products and what belongs to them.
        KeepOrganisation = "keep-organisation",
        /// Proposes a policy.
        ProposePolicy = "propose-policy",
        /// Opens and works on cases, patches, changes and inquiries.
        Operate = "operate",
        /// Confirms, as a second person, what somebody else tested or did.
        Confirm = "confirm",
        /// Approves decisions, policies, emergencies and exceptions.
        Approve = "approve",
        /// Instructs, judges, reviews; decides which controls apply.
        Manage = "manage",
        /// One's own password, second factor and sessions.
        OwnAccount = "own-account",
        /// Reads who logged in, when and from where.
        ReadLogins = "read-logins",
    }
}

impl Action {
    /// The roles that permit it.
    pub fn roles(self) -> &'static [Role] {
        use Role::{Admin, Approver, Auditor, Manager, Operator};
        match self {
            Action::Read => &[Admin, Manager, Operator, Approver, Auditor],
            Action::Administer => &[Admin],
            Action::KeepOrganisation => &[Admin, Manager, Operator],
            Action::ProposePolicy | Action::Manage => &[Manager],
            Action::Operate => &[Operator, Manager],
            Action::Confirm => &[Operator, Manager, Approver],
            Action::Approve => &[Approver],
            Action::OwnAccount => Role::ALL,
            Action::ReadLogins => &[Admin, Auditor],
        }
    }

    /// True if nothing is changed by it.
    pub fn only_reads(self) -> bool {
        matches!(self, Action::Read | Action::ReadLogins)
    }
}

/// Permits a step to a person with these roles.
///
/// # Errors
/// [`ReasonCode::RoleMissing`] with the roles that would permit it.
pub fn permit(action: Action, held: impl IntoIterator<Item = Role>) -> Result<(), Refusal> {
    let permitting = action.roles();
    if held.into_iter().any(|role| permitting.contains(&role)) {
        return Ok(());
    }
    let roles: Vec<_> = permitting.iter().map(|role| role.as_str()).collect();
    Err(Reason::new(ReasonCode::RoleMissing).with("action", action).with("roles", roles.join(", ")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_reads_everything_and_changes_nothing() {
        for action in Action::ALL {
            let own = *action == Action::OwnAccount;
            assert_eq!(permit(*action, [Role::Auditor]).is_ok(), own || action.only_reads(), "{action}");
            assert_eq!(
                permit(*action, [Role::Partner]).is_ok(),
                own,
                "a partner sees only what is shared: {action}"
            );
            assert!(permit(*action, []).is_err(), "{action}");
        }
    }

    #[test]
    fn who_works_does_not_approve_and_who_administers_does_not_work() {
        assert!(permit(Action::Approve, [Role::Operator, Role::Manager, Role::Admin]).is_err());
        assert!(permit(Action::Operate, [Role::Admin, Role::Approver]).is_err());
        assert!(permit(Action::Administer, [Role::Manager, Role::Approver]).is_err());
    }
}
