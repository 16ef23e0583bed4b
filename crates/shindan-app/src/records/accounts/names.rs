//! Who is meant by the name that somebody typed.

use shindan_domain::ledger::Hash;
use shindan_domain::people::{Person, PersonState};
use shindan_domain::record_id::PersonId;
use unicode_normalization::UnicodeNormalization;

use super::super::{Records, RecordsError};

/// Namesakes that can log in, each with a password of their own.
const NAMESAKES: usize = 8;
/// Characters of a name that are looked at.
const LONGEST: usize = 200;

/// A person who may be meant.
#[derive(Debug)]
pub(super) struct Candidate {
    pub person: PersonId,
    pub state: Person,
    pub name: String,
}

/// A name as it is compared: NFKC, small letters, without spaces. `管理　花子` and `管理花子` are the same.
pub(super) fn compared(name: &str) -> String {
    let letters = name.nfkc().filter(|letter| !letter.is_whitespace());
    letters.flat_map(char::to_lowercase).take(LONGEST).collect()
}

/// The active people of this name.
pub(super) fn candidates(records: &Records, typed: &str) -> Result<Vec<Candidate>, RecordsError> {
    let wanted = compared(typed);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (person, name) in records.store.names()? {
        if compared(&name) != wanted {
            continue;
        }
        if let Some((_, state)) = records.state::<Person>(person)?
            && state.state == PersonState::Active
            && found.len() < NAMESAKES
        {
            found.push(Candidate { person, state, name });
        }
    }
    Ok(found)
}

/// What stands for a name in the counts of failures. Of a name that nobody has (it may be a password that was typed into the wrong
/// field) eight bits are kept: enough to count, too few to find out what it was.
pub(super) fn counted(typed: &str, candidates: &[Candidate]) -> Vec<u8> {
    let hash = Hash::of(compared(typed).as_bytes()).0;
    if candidates.is_empty() { vec![hash[0]] } else { hash.to_vec() }
}
