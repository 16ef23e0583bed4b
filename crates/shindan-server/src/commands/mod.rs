//! The commands, by kind of record. Each calls the use case that the command line calls, too.

mod person;
mod words;

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
    ];
    ALL
}
