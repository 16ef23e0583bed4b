//! What is filed under each key, as one number each, so that two indexes tell which keys differ without reading what is filed.
//!
//! ```text
//! record: entries in ascending order of the key's hash, each: hash u64 | what is said u64 | facts u64
//! ```
//!
//! A print covers the *content*: statements with who says them and where, and the facts of the vulnerabilities that a finding
//! shows. It depends neither on numbers nor on the order in which advisories were read. Besides product keys there are keys of what
//! matching consults otherwise: ecosystems that are covered, updates and what they replace, the device dictionary.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::layout::{Encode, FileWriter, IndexError, SectionId, push_record, record, u64_at};
use super::posting::Statement;
use super::read::Index;
use super::table;

const ENTRY: usize = 24;

/// What is filed under a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Print {
    /// Statements, with who says them.
    pub says: u64,
    /// Facts of the vulnerabilities that they name: scores, exploitation, titles.
    pub facts: u64,
}

impl Print {
    /// Sums do not depend on the order.
    pub fn add(&mut self, other: Print) {
        self.says = self.says.wrapping_add(other.says);
        self.facts = self.facts.wrapping_add(other.facts);
    }

    /// Something without facts.
    pub fn of(content: &[u8]) -> Print {
        Print { says: xxh3_64(content), facts: 0 }
    }
}

/// What advisories and vulnerabilities are, independent of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    /// By number: who says it, and where.
    pub advisories: Vec<u64>,
    /// By number: the id, and all that is known of it.
    pub vulnerabilities: Vec<Print>,
}

impl Identities {
    /// The print of one statement. `said`: its body without numbers; `updates`: the names of those of which any contains the fix;
    /// `content`: room.
    pub fn statement(
        &self,
        statement: &Statement<'_>,
        said: [&[u8]; 3],
        updates: &[String],
        content: &mut Vec<u8>,
    ) -> Print {
        content.clear();
        said.into_iter().for_each(|piece| content.extend_from_slice(piece));
        let advisory = self.advisories.get(statement.advisory as usize).copied().unwrap_or_default();
        content.extend_from_slice(&advisory.to_le_bytes());
        let mut named = Print::default();
        for &number in statement.vulnerabilities {
            named.add(self.vulnerabilities.get(number as usize).copied().unwrap_or_default());
        }
        content.extend_from_slice(&named.says.to_le_bytes());
        let sum = updates.iter().map(|name| xxh3_64(crate::keys::update(name).as_bytes()));
        content.extend_from_slice(&sum.fold(0, u64::wrapping_add).to_le_bytes());
        Print { says: xxh3_64(content), facts: named.facts }
    }
}

/// The prints of an index that is built.
#[derive(Debug, Default)]
pub(super) struct Prints(FxHashMap<u64, Print>);

impl Prints {
    /// Adds what is filed under a key.
    pub fn add(&mut self, key: &[u8], print: Print) {
        // Two keys of the same hash are one entry: whichever changes, both count as changed.
        self.0.entry(table::hash(key)).or_default().add(print);
    }

    /// Writes the section.
    pub fn write(self, file: &mut FileWriter) {
        let mut all: Vec<(u64, Print)> = self.0.into_iter().collect();
        all.sort_unstable_by_key(|(hash, _)| *hash);
        let mut body = Vec::with_capacity(all.len() * ENTRY);
        for (hash, print) in all {
            for number in [hash, print.says, print.facts] {
                body.extend_from_slice(&number.to_le_bytes());
            }
        }
        let mut section = Vec::with_capacity(body.len() + 16);
        push_record(&mut section, &body);
        file.add(SectionId::KeyPrints, false, section);
    }
}

/// The print of a maker's names, of an update: texts that belong together, whatever their order.
pub(super) fn of_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Print {
    let mut print = Print::default();
    for text in texts {
        let mut content = Vec::new();
        content.put_text(text);
        print.add(Print::of(&content));
    }
    print
}

/// Keys whose content differs between two indexes, as hashes in ascending order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangedKeys {
    /// Keys under which something else is said now, or nothing any more.
    pub says: Vec<u64>,
    /// Keys of which only facts changed: a score, known exploitation, a title.
    pub facts: Vec<u64>,
}

impl ChangedKeys {
    /// True if nothing changed.
    pub fn is_empty(&self) -> bool {
        self.says.is_empty() && self.facts.is_empty()
    }

    /// How many keys changed.
    pub fn len(&self) -> usize {
        self.says.len() + self.facts.len()
    }

    /// True if the content of this key changed.
    pub fn contains(&self, key: u64) -> bool {
        self.says.binary_search(&key).is_ok() || self.facts.binary_search(&key).is_ok()
    }

    /// All of them, in ascending order.
    pub fn all(&self) -> Vec<u64> {
        let mut all: Vec<u64> = self.says.iter().chain(&self.facts).copied().collect();
        all.sort_unstable();
        all
    }
}

/// Compares two indexes by one merge over their prints. What has the same print everywhere leads to the same answer for every
/// component, but for the day that an answer holds for.
///
/// # Errors
/// [`IndexError::Damaged`] if the prints of one cannot be read.
pub fn changed_keys(old: &Index<'_>, new: &Index<'_>) -> Result<ChangedKeys, IndexError> {
    let (mut before, mut after) = (entries(old)?, entries(new)?);
    let mut changed = ChangedKeys::default();
    let (mut one, mut other) = (before.next().transpose()?, after.next().transpose()?);
    loop {
        let order = match (&one, &other) {
            (None, None) => return Ok(changed),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((left, _)), Some((right, _))) => left.cmp(right),
        };
        match order {
            Ordering::Less => changed.says.extend(one.map(|(hash, _)| hash)),
            Ordering::Greater => changed.says.extend(other.map(|(hash, _)| hash)),
            Ordering::Equal => {
                if let (Some((hash, left)), Some((_, right))) = (one, other) {
                    if left.says != right.says {
                        changed.says.push(hash);
                    } else if left.facts != right.facts {
                        changed.facts.push(hash);
                    }
                }
            }
        }
        if order != Ordering::Greater {
            one = before.next().transpose()?;
        }
        if order != Ordering::Less {
            other = after.next().transpose()?;
        }
    }
}

fn entries<'a>(
    index: &Index<'a>,
) -> Result<impl Iterator<Item = Result<(u64, Print), IndexError>> + 'a, IndexError> {
    let body = record(index.key_prints()?, 0)?;
    if !body.len().is_multiple_of(ENTRY) {
        return Err(IndexError::Damaged("key prints cut off"));
    }
    let read = |entry: &[u8]| {
        let print = Print { says: u64_at(entry, 8)?, facts: u64_at(entry, 16)? };
        Ok((u64_at(entry, 0)?, print))
    };
    Ok(body.chunks_exact(ENTRY).map(read))
}
