//! Digests, computed in one pass over a stream.

use std::io::{self, Read};

use md5::Md5;
use sha1::Sha1;
use sha2_10::digest::Digest;
use sha2_10::{Sha256, Sha384, Sha512};
use shindan_domain::verification::{Method, Strength};

/// Digest algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA-1: broken, shown only.
    Sha1,
    /// MD5: broken, shown only.
    Md5,
}

impl Algorithm {
    /// All.
    pub const ALL: [Algorithm; 5] =
        [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512, Algorithm::Sha1, Algorithm::Md5];

    /// The usual name.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Sha256 => "SHA-256",
            Algorithm::Sha384 => "SHA-384",
            Algorithm::Sha512 => "SHA-512",
            Algorithm::Sha1 => "SHA-1",
            Algorithm::Md5 => "MD5",
        }
    }

    /// Length of a digest in bytes.
    pub fn length(self) -> usize {
        match self {
            Algorithm::Sha256 => 32,
            Algorithm::Sha384 => 48,
            Algorithm::Sha512 => 64,
            Algorithm::Sha1 => 20,
            Algorithm::Md5 => 16,
        }
    }

    /// The algorithm whose digests have this many hexadecimal digits.
    pub fn of_hex_length(length: usize) -> Option<Algorithm> {
        Algorithm::ALL.into_iter().find(|a| a.length() * 2 == length)
    }

    /// The method of a check that compares such digests.
    pub fn method(self) -> Method {
        match self {
            Algorithm::Sha256 => Method::Sha256,
            Algorithm::Sha384 => Method::Sha384,
            Algorithm::Sha512 => Method::Sha512,
            Algorithm::Sha1 => Method::Sha1,
            Algorithm::Md5 => Method::Md5,
        }
    }

    /// Whether it is broken.
    pub fn is_weak(self) -> bool {
        self.method().strength() == Strength::Weak
    }

    /// The digest of bytes in memory.
    pub(crate) fn of(self, bytes: &[u8]) -> Vec<u8> {
        let mut hasher = Hasher::new(self);
        hasher.update(bytes);
        hasher.finish()
    }
}

/// A digest in the making.
#[derive(Clone)]
pub(crate) enum Hasher {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    Sha1(Sha1),
    Md5(Md5),
}

impl Hasher {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Hasher::Sha256(Sha256::new()),
            Algorithm::Sha384 => Hasher::Sha384(Sha384::new()),
            Algorithm::Sha512 => Hasher::Sha512(Sha512::new()),
            Algorithm::Sha1 => Hasher::Sha1(Sha1::new()),
            Algorithm::Md5 => Hasher::Md5(Md5::new()),
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Hasher::Sha256(hasher) => hasher.update(bytes),
            Hasher::Sha384(hasher) => hasher.update(bytes),
            Hasher::Sha512(hasher) => hasher.update(bytes),
            Hasher::Sha1(hasher) => hasher.update(bytes),
            Hasher::Md5(hasher) => hasher.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        match self {
            Hasher::Sha256(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha384(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha512(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha1(hasher) => hasher.finalize().to_vec(),
            Hasher::Md5(hasher) => hasher.finalize().to_vec(),
        }
    }
}

/// Gives every piece of a stream to `take`; returns the number of bytes.
pub(crate) fn pump<R: Read + ?Sized>(reader: &mut R, mut take: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut buffer = vec![0; 1 << 17];
    let mut total = 0u64;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(count) => {
                let piece = buffer.get(..count).unwrap_or_default();
                take(piece);
                total += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS.get(usize::from(value)).copied().unwrap_or(b'0'));
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Bytes of hexadecimal text in either case; `None` if it is anything else.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let value = |byte: &u8| char::from(*byte).to_digit(16);
    let pairs = text.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| match pair {
            [high, low] => u8::try_from(value(high)? * 16 + value(low)?).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of FIPS 180-4's and RFC 1321's examples ("abc").
    #[test]
    fn digests_are_those_of_the_standards() {
        let expected = [
            (Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Algorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (Algorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ];
        for (algorithm, digest) in expected {
            assert_eq!(hex(&algorithm.of(b"abc")), digest, "{}", algorithm.name());
            assert_eq!(from_hex(digest), Some(algorithm.of(b"abc")));
        }
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.of(b"abc").len(), algorithm.length());
            assert_eq!(Algorithm::of_hex_length(algorithm.length() * 2), Some(algorithm));
        }
        assert_eq!(from_hex("0"), None);
        assert_eq!(from_hex("zz"), None);
        assert_eq!(from_hex("é"), None);
    }
}
