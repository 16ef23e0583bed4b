//! A hash table in bytes: key hash → record offset. One probe per lookup; the record itself repeats the key.
//!
//! ```text
//! capacity u64 (a power of two) | slots: hash u64, offset + 1 u64 (0 = free)
//! ```

use xxhash_rust::xxh3::xxh3_64;

use super::layout::{IndexError, u64_at};

const SLOT: usize = 16;

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
    let mut bytes = Vec::with_capacity(8 + capacity * SLOT);
    bytes.extend_from_slice(&(capacity as u64).to_le_bytes());
    for (hash, offset) in slots {
        bytes.extend_from_slice(&hash.to_le_bytes());
        bytes.extend_from_slice(&offset.to_le_bytes());
    }
    bytes
}

/// Reads such a table.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    slots: &'a [u8],
    mask: usize,
}

impl<'a> Table<'a> {
    /// Checks the size.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if the capacity is not a power of two or the slots are cut off.
    pub fn open(bytes: &'a [u8]) -> Result<Self, IndexError> {
        let capacity = usize::try_from(u64_at(bytes, 0)?).map_err(|_| IndexError::Damaged("table size"))?;
        let slots = bytes.get(8..).unwrap_or_default();
        if !capacity.is_power_of_two() || capacity.checked_mul(SLOT) != Some(slots.len()) {
            return Err(IndexError::Damaged("table size"));
        }
        Ok(Table { slots, mask: capacity - 1 })
    }

    /// The offsets filed under `hash`; the caller compares keys.
    pub fn candidates(&self, hash: u64) -> impl Iterator<Item = u64> + 'a {
        let (slots, mask) = (self.slots, self.mask);
        let mut at = hash as usize & mask;
        let mut left = mask + 1;
        std::iter::from_fn(move || {
            while left > 0 {
                left -= 1;
                let start = at * SLOT;
                at = (at + 1) & mask;
                let found = u64_at(slots, start).ok()?;
                let offset = u64_at(slots, start + 8).ok()?;
                if offset == 0 {
                    return None;
                }
                if found == hash {
                    return Some(offset - 1);
                }
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_filed_and_nothing_else() {
        let entries: Vec<(u64, u64)> = (0..1000u64).map(|n| (hash(&n.to_le_bytes()), n * 7)).collect();
        let bytes = write(&entries);
        let table = Table::open(&bytes).unwrap();
        for (hash, offset) in entries {
            assert_eq!(table.candidates(hash).collect::<Vec<_>>(), [offset]);
        }
        assert_eq!(table.candidates(hash(b"absent")).count(), 0);
        let empty = write(&[]);
        assert_eq!(Table::open(&empty).unwrap().candidates(1).count(), 0);
    }
}
