//! Who changes what lies beside the ledger: the register of assets, the knowledge base, the wording of guidelines.
//!
//! As soon as an installation has a ledger, every changing command needs a personal token (SPEC.md section 5). A use case that
//! changes such files asks for an [`Author`]; there are two ways to one: nobody has set the installation up yet, or
//! [`crate::records::kept::keep`] has looked the token up, asked for the role, and notes the change in the ledger.

use shindan_domain::record_id::PersonId;
use shindan_store::Store;

use crate::data_folder::DataFolder;
use crate::error::AppError;

/// Begins what is recorded of a person of the installation; what follows is their id.
const PERSON: &str = "person:";

/// Who does something that is recorded, and may do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    name: String,
}

impl Author {
    /// Somebody at a data folder that has no ledger, by the name they give.
    ///
    /// # Errors
    /// [`AppError::TokenNeeded`] if there is a ledger: then only a token says who acts.
    pub fn before_setup(folder: &DataFolder, name: &str) -> Result<Author, AppError> {
        if Store::exists(folder.root()) {
            return Err(AppError::TokenNeeded(folder.root().to_owned()));
        }
        Ok(Author { name: name.to_owned() })
    }

    /// A person of the installation, whose token and role were looked at.
    pub(crate) fn person(person: PersonId) -> Author {
        Author { name: format!("{PERSON}{person}") }
    }

    /// What is recorded: the name, or `person:` and the id.
    pub fn recorded(&self) -> &str {
        &self.name
    }
}

/// The person that a recorded author is, if they are one of the installation.
pub fn person_recorded(recorded: &str) -> Option<PersonId> {
    // No id: it is a name that somebody gave before the installation was set up.
    recorded.strip_prefix(PERSON)?.parse().ok()
}
