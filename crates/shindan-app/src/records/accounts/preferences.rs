//! How a person wants pages: one's own, and nobody else's. No entry of the ledger says so, because no record changes.

use std::collections::BTreeMap;

use super::super::{Entered, Records, RecordsError};

/// Names that are kept for one person at most: more than there are lists.
const NAMES: usize = 100;
/// Bytes of a name and of a value at most.
const LONGEST: (usize, usize) = (60, 1_000);

/// What the person who asks wants, by name.
///
/// # Errors
/// Those of the store.
pub fn preferences(records: &Records, who: &Entered) -> Result<BTreeMap<String, String>, RecordsError> {
    Ok(records.store.preferences(who.person())?)
}

/// Keeps what the person who asks wants, or forgets it (`None`).
///
/// # Errors
/// [`RecordsError::Invalid`] if it is too long, or too much is kept; those of writing.
pub fn prefer(records: &Records, who: &Entered, name: &str, value: Option<&str>) -> Result<(), RecordsError> {
    let invalid =
        || RecordsError::Invalid { field: name.to_owned(), value: value.unwrap_or_default().to_owned() };
    if name.len() > LONGEST.0 || value.is_some_and(|value| value.len() > LONGEST.1) {
        return Err(invalid());
    }
    if value.is_some() {
        let known = records.store.preferences(who.person())?;
        if known.len() >= NAMES && !known.contains_key(name) {
            return Err(invalid());
        }
    }
    Ok(records.store.prefer(who.person(), name, value)?)
}
