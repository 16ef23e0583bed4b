//! The chain of hashes over the stored bytes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

/// A SHA-256 value; 64 lower-case hexadecimal digits as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What the first entry follows: 32 zero bytes.
    pub const NONE: Hash = Hash([0; 32]);

    /// SHA-256 of bytes.
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(Sha256::digest(bytes).into())
    }

    /// The hash of an entry with these bytes that follows the entry with the hash `self`.
    #[must_use]
    pub fn then(self, bytes: &[u8]) -> Hash {
        let mut hasher = Sha256::new();
        hasher.update(b"shindan ledger 1\n");
        hasher.update(self.0);
        hasher.update(bytes);
        Hash(hasher.finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a SHA-256 value of 64 hexadecimal digits")]
pub struct NotAHash(pub String);

impl FromStr for Hash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotAHash(text.to_owned());
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != 32 || !rest.is_empty() {
            return Err(wrong());
        }
        let mut hash = [0; 32];
        for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
            *byte = digit(*high).ok_or_else(wrong)? << 4 | digit(*low).ok_or_else(wrong)?;
        }
        Ok(Hash(hash))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Where the stored entries are no unbroken chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// A number is missing or comes twice: an entry was removed, inserted or moved.
    #[error("entry {expected} should come next, and {found} does")]
    Sequence {
        /// The number that should come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// The bytes do not give the stored hash: this entry, or the hash of the one before it, was changed.
    #[error("entry {sequence}: the bytes do not give the stored hash")]
    Hash {
        /// The entry.
        sequence: u64,
    },
}

/// Follows a chain entry by entry. 連鎖
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Number of the last entry; 0 before the first.
    pub sequence: u64,
    /// Its hash.
    pub hash: Hash,
}

impl Chain {
    /// A chain of no entry.
    pub const EMPTY: Chain = Chain { sequence: 0, hash: Hash::NONE };

    /// Takes the next stored entry.
    ///
    /// # Errors
    /// [`Break`] if it is not the next, or its bytes do not give its hash; the chain stays where it was.
    pub fn follow(&mut self, sequence: u64, bytes: &[u8], stored: Hash) -> Result<(), Break> {
        let expected = self.sequence + 1;
        if sequence != expected {
            return Err(Break::Sequence { expected, found: sequence });
        }
        if self.hash.then(bytes) != stored {
            return Err(Break::Hash { sequence });
        }
        *self = Chain { sequence, hash: stored };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored entries as a ledger has them.
    fn stored(texts: &[&str]) -> Vec<(u64, Vec<u8>, Hash)> {
        let mut hash = Hash::NONE;
        let entry = |(i, text): (usize, &&str)| {
            hash = hash.then(text.as_bytes());
            (i as u64 + 1, text.as_bytes().to_vec(), hash)
        };
        texts.iter().enumerate().map(entry).collect()
    }

    fn verify(entries: &[(u64, Vec<u8>, Hash)]) -> Result<Chain, Break> {
        let mut chain = Chain::EMPTY;
        entries.iter().try_for_each(|(sequence, bytes, hash)| chain.follow(*sequence, bytes, *hash))?;
        Ok(chain)
    }

    #[test]
    fn a_whole_chain_is_followed_and_each_kind_of_break_is_found() {
        let whole = stored(&["a", "b", "c", "d"]);
        assert_eq!(verify(&whole).unwrap().sequence, 4);

        let mut edited = whole.clone();
        edited[1].1 = b"B".to_vec();
        assert_eq!(verify(&edited), Err(Break::Hash { sequence: 2 }));

        let mut rehashed = edited;
        rehashed[1].2 = rehashed[0].2.then(b"B");
        assert_eq!(verify(&rehashed), Err(Break::Hash { sequence: 3 }));

        let mut removed = whole.clone();
        removed.remove(1);
        assert_eq!(verify(&removed), Err(Break::Sequence { expected: 2, found: 3 }));

        let mut swapped = whole.clone();
        swapped.swap(1, 2);
        assert_eq!(verify(&swapped), Err(Break::Sequence { expected: 2, found: 3 }));
        (swapped[1].0, swapped[2].0) = (2, 3);
        assert_eq!(verify(&swapped), Err(Break::Hash { sequence: 2 }));
    }

    #[test]
    fn a_hash_round_trips_as_text() {
        let hash = Hash::of(b"shindan");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert!("00".parse::<Hash>().is_err());
        assert!("zz".repeat(32).parse::<Hash>().is_err());
        assert!("+1".repeat(32).parse::<Hash>().is_err(), "a sign is no digit");
    }
}
