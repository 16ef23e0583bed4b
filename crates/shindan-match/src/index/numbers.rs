//! A long row of numbers that is read here and there. Each block of it carries its checksum, so that reading one number verifies the
//! block it stands in, and opening the row costs nothing, however long it is.
//!
//! ```text
//! count u64 | mark u64 | checksum of both u64 | blocks of 128 bytes: 15 numbers u64 (0 behind the last one), checksum u64
//! ```
//!
//! The mark is a hash of all numbers. A block's checksum begins with the mark and the block's number: a block of another place, another
//! row or another file, as a copy that broke off leaves it, is damage like any other.

use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_64_with_seed};

use super::layout::{IndexError, u64_at};

const HEAD: usize = 24;
/// Numbers in a block.
pub(super) const BLOCK: usize = 15;
const BLOCK_BYTES: usize = (BLOCK + 1) * 8;

/// The bytes of a row of numbers.
pub fn write(numbers: &[u64]) -> Vec<u8> {
    let mut hash = Xxh3::new();
    numbers.iter().for_each(|number| hash.update(&number.to_le_bytes()));
    let mark = hash.digest();
    let mut bytes = Vec::with_capacity(HEAD + numbers.len().div_ceil(BLOCK) * BLOCK_BYTES);
    bytes.extend_from_slice(&(numbers.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&mark.to_le_bytes());
    bytes.extend_from_slice(&xxh3_64(&bytes).to_le_bytes());
    for (number, block) in numbers.chunks(BLOCK).enumerate() {
        let start = bytes.len();
        bytes.extend(block.iter().flat_map(|number| number.to_le_bytes()));
        bytes.resize(start + BLOCK * 8, 0);
        let checksum = checksum(bytes.get(start..).unwrap_or_default(), mark, number);
        bytes.extend_from_slice(&checksum.to_le_bytes());
    }
    bytes
}

fn checksum(block: &[u8], mark: u64, number: usize) -> u64 {
    xxh3_64_with_seed(block, mark.wrapping_add(number as u64))
}

/// Reads such a row.
#[derive(Debug, Clone, Copy)]
pub struct Numbers<'a> {
    count: usize,
    mark: u64,
    blocks: &'a [u8],
}

impl<'a> Numbers<'a> {
    /// Verifies how many there are.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if that is not what was written, or if blocks are cut off.
    pub fn open(bytes: &'a [u8]) -> Result<Self, IndexError> {
        let (count, mark) = (u64_at(bytes, 0)?, u64_at(bytes, 8)?);
        if xxh3_64(bytes.get(..16).unwrap_or_default()) != u64_at(bytes, 16)? {
            return Err(IndexError::Damaged("count of numbers"));
        }
        let count = usize::try_from(count).map_err(|_| IndexError::Damaged("too many numbers"))?;
        let blocks = bytes.get(HEAD..).unwrap_or_default();
        if count.div_ceil(BLOCK).checked_mul(BLOCK_BYTES) != Some(blocks.len()) {
            return Err(IndexError::Damaged("numbers cut off"));
        }
        Ok(Numbers { count, mark, blocks })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The number at this place.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] beyond the end, or if the block's checksum does not fit.
    pub fn get(&self, at: usize) -> Result<u64, IndexError> {
        if at >= self.count {
            return Err(IndexError::Damaged("no such number"));
        }
        u64_at(self.block(at / BLOCK)?, at % BLOCK * 8)
    }

    /// All of them, in order.
    pub fn iter(self) -> impl Iterator<Item = Result<u64, IndexError>> + 'a {
        (0..self.count).map(move |at| self.get(at))
    }

    /// Verifies all blocks.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if a checksum does not fit.
    pub fn verify(&self) -> Result<(), IndexError> {
        (0..self.count.div_ceil(BLOCK)).try_for_each(|number| self.block(number).map(drop))
    }

    /// The bytes of the numbers of a block.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if there is no such block or its checksum does not fit.
    pub(super) fn block(&self, number: usize) -> Result<&'a [u8], IndexError> {
        let start = number.checked_mul(BLOCK_BYTES).ok_or(IndexError::Damaged("no such block"))?;
        let block = self.blocks.get(start..).and_then(|rest| rest.get(..BLOCK_BYTES));
        let (body, expected) = block
            .and_then(|block| block.split_last_chunk::<8>())
            .ok_or(IndexError::Damaged("no such block"))?;
        if checksum(body, self.mark, number) != u64::from_le_bytes(*expected) {
            return Err(IndexError::Damaged("checksum of numbers"));
        }
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        for count in [0_u64, 1, 14, 15, 16, 1000] {
            let written: Vec<u64> = (0..count).map(|n| n * n + 1).collect();
            let bytes = write(&written);
            let numbers = Numbers::open(&bytes).unwrap();
            assert_eq!((numbers.len(), numbers.is_empty()), (written.len(), count == 0));
            numbers.verify().unwrap();
            assert_eq!(numbers.iter().collect::<Result<Vec<_>, _>>().unwrap(), written);
            assert!(numbers.get(written.len()).is_err());
            assert!(numbers.get(usize::MAX).is_err());
        }
    }

    /// A block that is right in itself, and stands where it does not belong.
    #[test]
    fn no_block_of_another_place_or_row_is_read() {
        let written: Vec<u64> = (0..60).map(|n| n / 30).collect();
        let bytes = write(&written);
        let other = write(&[&written[..59], &[7]].concat());
        assert_eq!(bytes.len(), other.len());
        let at = |block: usize| HEAD + block * BLOCK_BYTES..HEAD + (block + 1) * BLOCK_BYTES;
        for one in 0..4 {
            let mut stale = bytes.clone();
            stale[at(one)].copy_from_slice(&other[at(one)]);
            assert!(Numbers::open(&stale).unwrap().get(one * BLOCK).is_err(), "of another row: {one}");
            for two in (0..4).filter(|two| *two != one) {
                let mut doubled = bytes.clone();
                doubled.copy_within(at(two), at(one).start);
                assert!(
                    Numbers::open(&doubled).unwrap().get(one * BLOCK).is_err(),
                    "{two} in place of {one}"
                );
            }
        }
    }

    #[test]
    fn no_changed_bit_is_read_as_a_number() {
        let written: Vec<u64> = (0..40).collect();
        let bytes = write(&written);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            let read = Numbers::open(&damaged).and_then(|n| n.iter().collect::<Result<Vec<_>, _>>());
            let verified = Numbers::open(&damaged).and_then(|numbers| numbers.verify());
            assert!(verified.is_err(), "byte {at}");
            assert!(matches!(read, Err(IndexError::Damaged(_))), "byte {at}: {read:?}");
            assert!(Numbers::open(&bytes[..at]).is_err(), "cut off at {at}");
        }
    }
}
