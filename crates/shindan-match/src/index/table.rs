//! A hash table in bytes: key hash → record offset. One probe per lookup; the record itself repeats the key. A block of slots is verified
//! when it is looked at: a damaged one could hide an entry.
//!
//! ```text
//! numbers (`numbers`): of each block 7 slots: hash, offset + 1 (0 = free); 0. As many slots as a power of two
//! ```

use xxhash_rust::xxh3::xxh3_64;

use super::layout::{IndexError, u64_at};
use super::numbers::{self, BLOCK, Numbers};

/// Slots in a block.
const SLOTS: usize = BLOCK / 2;

/// The hash under which a key is filed.
pub fn hash(key: &[u8]) -> u64 {
    xxh3_64(key)
}

/// Builds a table from (hash, offset) pairs.
pub fn write(entries: &[(u64, u64)]) -> Vec<u8> {
    let capacity = (entries.len() * 3 / 2 + 1).next_power_of_two();
    let mut slots = vec![(0u64, 0u64); capacity];
    for &(hash, offset) in entries {
        let mut at = hash as usize & (capacity - 1);
        while slots[at].1 != 0 {
            at = (at + 1) & (capacity - 1);
        }
        slots[at] = (hash, offset + 1);
    }
    let mut words = Vec::with_capacity(capacity.div_ceil(SLOTS) * BLOCK);
    for block in slots.chunks(SLOTS) {
        words.extend(block.iter().flat_map(|&(hash, offset)| [hash, offset]));
        if block.len() == SLOTS {
            words.push(0);
        }
    }
    numbers::write(&words)
}

/// Reads such a table.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    words: Numbers<'a>,
    mask: usize,
}

impl<'a> Table<'a> {
    /// Checks the size.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if there are not as many slots as a power of two, or if they are cut off.
    pub fn open(bytes: &'a [u8]) -> Result<Self, IndexError> {
        let words = Numbers::open(bytes)?;
        let capacity = words.len() / BLOCK * SLOTS + words.len() % BLOCK / 2;
        if !capacity.is_power_of_two() {
            return Err(IndexError::Damaged("table size"));
        }
        Ok(Table { words, mask: capacity - 1 })
    }

    /// Verifies all slots.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if a checksum does not fit.
    pub fn verify(&self) -> Result<(), IndexError> {
        self.words.verify()
    }

    /// The offsets filed under `hash`; the caller compares keys. An error ends them.
    pub fn candidates(&self, hash: u64) -> Candidates<'a> {
        let at = hash as usize & self.mask;
        Candidates { table: *self, hash, at, left: self.mask + 1, block: None }
    }
}

/// The offsets filed under a hash.
#[derive(Debug)]
pub struct Candidates<'a> {
    table: Table<'a>,
    hash: u64,
    /// The slot that is looked at next.
    at: usize,
    left: usize,
    /// The block that was looked at last, verified.
    block: Option<(usize, &'a [u8])>,
}

impl<'a> Candidates<'a> {
    /// What is filed under which hash in the next slot; `None` behind the last one and if it is free.
    fn slot(&mut self) -> Result<Option<(u64, u64)>, IndexError> {
        if self.left == 0 {
            return Ok(None);
        }
        let (number, slot) = (self.at / SLOTS, self.at % SLOTS);
        let block = match self.block {
            Some((of, block)) if of == number => block,
            _ => self.block.insert((number, self.table.words.block(number)?)).1,
        };
        (self.at, self.left) = ((self.at + 1) & self.table.mask, self.left - 1);
        let (found, offset) = (u64_at(block, slot * 16)?, u64_at(block, slot * 16 + 8)?);
        Ok(offset.checked_sub(1).map(|offset| (found, offset)))
    }
}

impl Iterator for Candidates<'_> {
    type Item = Result<u64, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.slot() {
                Ok(Some((found, offset))) if found == self.hash => return Some(Ok(offset)),
                Ok(Some(_)) => {}
                Ok(None) => {
                    self.left = 0;
                    return None;
                }
                Err(error) => {
                    self.left = 0;
                    return Some(Err(error));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_filed_and_nothing_else() {
        for count in [1_u64, 4, 5, 1000] {
            let entries: Vec<(u64, u64)> = (0..count).map(|n| (hash(&n.to_le_bytes()), n * 7)).collect();
            let bytes = write(&entries);
            let table = Table::open(&bytes).unwrap();
            for (hash, offset) in entries {
                assert_eq!(table.candidates(hash).collect::<Vec<_>>(), [Ok(offset)]);
            }
            assert_eq!(table.candidates(hash(b"absent")).count(), 0);
        }
        let empty = write(&[]);
        assert_eq!(Table::open(&empty).unwrap().candidates(1).count(), 0);
    }

    #[test]
    fn equal_hashes_are_all_told_and_a_full_table_ends() {
        let table = write(&[(6, 1), (6, 2), (7, 3)]);
        let found: Vec<_> = Table::open(&table).unwrap().candidates(6).collect();
        assert_eq!(found, [Ok(1), Ok(2)]);
        let full = numbers::write(&[0, 9, 0, 9, 0, 9, 0, 9]);
        assert_eq!(Table::open(&full).unwrap().candidates(3).count(), 0);
        assert!(Table::open(&numbers::write(&[0; 6])).is_err(), "three slots");
        assert!(Table::open(&numbers::write(&[])).is_err(), "none");
    }

    #[test]
    fn a_damaged_block_hides_nothing() {
        let entries: Vec<(u64, u64)> = (0..50u64).map(|n| (hash(&n.to_le_bytes()), n)).collect();
        let bytes = write(&entries);
        let mut noticed = 0;
        for at in 24..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x40;
            let table = Table::open(&damaged).unwrap();
            for (hash, offset) in &entries {
                let found: Vec<_> = table.candidates(*hash).collect();
                let failed = found.iter().any(Result::is_err);
                assert!(failed || found == [Ok(*offset)], "byte {at}: {found:?}");
                noticed += usize::from(failed);
            }
        }
        // Each entry stands in one block of 128 bytes at least.
        assert!(noticed >= entries.len() * 128, "{noticed}");
    }
}
