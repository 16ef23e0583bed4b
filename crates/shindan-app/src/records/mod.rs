//! Use cases on records: everything that is decided and done, kept in the ledger (SPEC.md sections 3 and 4).
//!
//! Every changing use case goes through [`Records::act`]: *who may → acquire → compute (pure, in the domain) → commit in
//! one transaction*. There a step is refused and the refusal logged; there is no other way to the store. Command line,
//! REST and pages call the same functions, so that a gate cannot be walked around.
//!
//! ```text
//! token ─► enter ─► Entered (person, roles, scope)
//! session ─► accounts: enter_session ─► the same
//! Entered + Call ─► act ─► role permits? ─► Act: begin / change records (domain commands) ─► commit ─► Done
//!                                      └── refusal: logged with who and why, nothing written
//! ```
//!
//! To add a use case: a function here that takes `&mut Records, &Entered, &Call` and what it needs, calls `act` with the
//! [`Action`](shindan_domain::people::Action) that permits it, and answers [`Done`].

mod access;
pub mod accounts;
mod act;
pub mod agreement_files;
pub mod agreements;
pub mod analysis;
mod assessment_facts;
pub mod assessments;
pub mod assets;
mod case_facts;
pub mod cases;
pub mod changes;
pub mod changes_since;
pub mod collect;
mod collect_facts;
pub mod confirmations;
pub mod control;
pub mod device_lists;
pub mod device_rules;
pub mod devices;
mod error;
pub mod exchange;
pub mod exclusions;
mod facts;
pub mod figures;
pub mod first_steps;
mod fold;
pub mod form_signature;
pub mod inquiries;
mod inquiry_form;
pub mod interfaces;
pub mod kept;
pub mod ledger;
mod matched;
pub mod notify;
pub mod of_system;
pub mod organisation;
mod partner;
pub mod patches;
pub mod people;
pub mod policies;
mod random;
mod read;
pub mod refresh;
mod rematch;
pub mod reports;
pub mod reviews;
pub mod rollouts;
mod service_facts;
mod services;
pub mod setup;
pub mod sightings;
mod snapshot;
pub mod standing;
mod step;
pub mod today;
pub mod words_given;

use std::path::{Path, PathBuf};

use shindan_store::Store;
pub use shindan_store::{Difference, Problem, StoreError};

pub use access::{Entered, may_operate};
pub use act::{Act, Call, Done};
pub use error::RecordsError;
pub use read::{Asked, find, list, page, state_after};
pub use services::Kept;
pub use words_given::{DOCUMENT_LIMIT, WordGiven};

use crate::data_folder::DataFolder;

/// The records of an installation.
#[derive(Debug)]
pub struct Records {
    store: Store,
    root: PathBuf,
}

impl Records {
    /// Opens the records in the data folder.
    ///
    /// # Errors
    /// [`RecordsError::Missing`] if the installation was not set up; those of the store.
    pub fn open(folder: &DataFolder) -> Result<Records, RecordsError> {
        let root = folder.root().to_owned();
        let store = Store::open(&root)?;
        accounts::seal_all(&store)?;
        Ok(Records::of(store, root))
    }

    fn of(store: Store, root: PathBuf) -> Records {
        Records { store, root }
    }

    /// The data folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }
}
