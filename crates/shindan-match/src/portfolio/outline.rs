//! What of a stored list is kept in memory by who asks again and again: enough to tell, without touching the list, that what is asked
//! does not concern it.

use std::collections::BTreeMap;

use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::finding::Coverage;
use shindan_domain::inventory::InventoryKind;

use super::judge::coverage;
use super::read::Stored;
use super::{Head, State};
use crate::index::layout::IndexError;

/// The outline of a list.
#[derive(Debug)]
pub struct Outline {
    head: Head,
    state: State,
    /// It has something to tell whatever is asked.
    always: bool,
    keys: KeyFilter,
}

impl Outline {
    /// Reads the keys of a list.
    ///
    /// # Errors
    /// [`IndexError::Stored`] if it is damaged.
    pub(super) fn of(stored: &Stored<'_>) -> Result<Outline, IndexError> {
        let keys = stored.consulted()?;
        let mut head = stored.head().clone();
        // As in `answer`: what is told without a key that concerns it.
        let tells = !stored.doubtful()?.is_empty() || (head.unlisted && head.about.is_some());
        let always = tells || stored.states_itself();
        // They may be large, and are read where the list is.
        head.opinions = Vec::new();
        Ok(Outline { head, state: stored.state().clone(), always, keys: KeyFilter::of(&keys) })
    }

    /// False if an answer about these keys (hashes) tells nothing of this list. True is no promise.
    pub fn may_concern(&self, keys: &[u64]) -> bool {
        self.always || keys.iter().any(|key| self.keys.may_hold(*key))
    }

    /// How much of the list any answer covers, by how many advisories there are for each ecosystem.
    pub fn coverage(&self, ecosystems: &BTreeMap<String, u64>) -> Coverage {
        coverage(&self.state, ecosystems)
    }

    /// Path as given.
    pub fn path(&self) -> &str {
        &self.head.path
    }

    /// What it was recognised as.
    pub fn kind(&self) -> InventoryKind {
        self.head.kind
    }

    /// The system that the list describes, if it tells.
    pub fn subject(&self) -> Option<&str> {
        self.head.subject.as_deref()
    }

    /// How many components there are.
    pub fn count(&self) -> usize {
        self.state.components
    }

    /// What was odd or unreadable when it was read.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.head.diagnostics
    }
}

/// Bits for each key: one of ten thousand other keys is taken for one of them, which costs a look at the list. A vulnerability may be
/// asked for by hundreds of keys.
const BITS: usize = 20;
/// So many bits are set for each key.
const SET: u64 = 12;

/// A Bloom filter over hashes, which are uniform already.
#[derive(Debug)]
struct KeyFilter(Vec<u64>);

impl KeyFilter {
    fn of(keys: &[u64]) -> KeyFilter {
        let mut filter = KeyFilter(vec![0; (keys.len() * BITS).div_ceil(64).max(1)]);
        for key in keys {
            for (word, bit) in filter.places(*key) {
                if let Some(word) = filter.0.get_mut(word) {
                    *word |= bit;
                }
            }
        }
        filter
    }

    fn may_hold(&self, key: u64) -> bool {
        self.places(key).all(|(word, bit)| self.0.get(word).is_some_and(|word| word & bit != 0))
    }

    /// Word and bit of each place, by double hashing.
    fn places(&self, key: u64) -> impl Iterator<Item = (usize, u64)> + use<> {
        let bits = self.0.len() as u64 * 64;
        let step = key.rotate_left(32) | 1;
        (0..SET).map(move |turn| {
            // As large a share of the bits as the hash is of all: no division.
            let hash = key.wrapping_add(turn.wrapping_mul(step));
            let place = ((u128::from(hash) * u128::from(bits)) >> 64) as u64;
            ((place / 64) as usize, 1 << (place % 64))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SplitMix64: as uniform as the hashes that are filtered.
    fn hashes(count: usize, mut seed: u64) -> Vec<u64> {
        let next = || {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    #[test]
    fn no_key_is_missed_and_few_others_are_taken_for_one() {
        for count in [0, 1, 2, 100, 3_000] {
            let held = hashes(count, 1);
            let filter = KeyFilter::of(&held);
            assert!(held.iter().all(|key| filter.may_hold(*key)));
            let others = hashes(10_000, 2);
            let wrong = others.iter().filter(|key| filter.may_hold(**key)).count();
            assert!(wrong < 20, "{count}: {wrong} of 10,000");
        }
    }
}
