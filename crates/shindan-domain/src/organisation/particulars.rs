//! What the kinds of records of the organisation have in common.

use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ledger::Kind;
use crate::process::{Label, Link, Reason, Refusal, View};

/// What a record of the organisation says.
pub trait Particulars: Clone + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned {
    /// The kind of record.
    const KIND: Kind;

    /// Refuses what cannot be: blank names, empty documents.
    ///
    /// # Errors
    /// A [`Refusal`] that names the field.
    fn check(&self) -> Result<(), Refusal>;

    /// The first field that makes the record what it is (or that only a command of its own changes) and differs in
    /// `next`: such a change is another record, or another command.
    fn fixed_field_changed(&self, next: &Self) -> Option<Label>;

    /// What it is called in lists.
    fn title(&self) -> String;

    /// Other records that it belongs to.
    fn links(&self) -> Vec<Link>;

    /// Adds what it says to a view.
    fn show(&self, view: View) -> View;

    /// When something about it is to be settled.
    fn due(&self) -> Option<Date> {
        None
    }

    /// What is still to be settled.
    fn lacks(&self) -> Vec<Reason> {
        Vec::new()
    }
}
