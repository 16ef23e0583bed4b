//! What is still to be done after the first start, until an installation works: told on the first page until it is done.

use shindan_domain::ledger::Kind;
use shindan_domain::people::{Action, Person, Role};

use super::{Entered, Records, RecordsError};
use crate::data_folder::DataFolder;
use crate::register;

/// What was done of what an installation needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FirstSteps {
    /// A ledger of assets was imported.
    pub assets: bool,
    /// A system is registered.
    pub system: bool,
    /// Sources are registered.
    pub sources: bool,
    /// There is a knowledge base.
    pub knowledge: bool,
    /// Somebody may approve who is not the only person.
    pub approver: bool,
    /// A policy was approved.
    pub policy: bool,
}

impl FirstSteps {
    /// True if nothing is left.
    pub fn done(self) -> bool {
        self.assets && self.system && self.sources && self.knowledge && self.approver && self.policy
    }
}

/// What was done so far.
///
/// # Errors
/// Refused if the person may not read; those of reading.
pub fn first_steps(records: &Records, who: &Entered) -> Result<FirstSteps, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let folder = DataFolder::new(records.root());
    let any = |kind: Kind| {
        Ok::<_, RecordsError>(records.store().counts(Some(kind))?.iter().any(|one| one.records > 0))
    };
    let people: Vec<Person> = records.all::<Person>()?.into_iter().map(|(_, person)| person).collect();
    let approves = |person: &Person| person.roles.contains(&Role::Approver);
    let policies = records.store().counts(Some(Kind::Policy))?;
    Ok(FirstSteps {
        assets: register::is_imported(&folder)?,
        system: any(Kind::System)?,
        sources: any(Kind::Source)?,
        knowledge: folder.current()?.is_some(),
        approver: people.len() > 1 && people.iter().any(approves),
        policy: policies.iter().any(|one| one.status.value == "approved" && one.records > 0),
    })
}
