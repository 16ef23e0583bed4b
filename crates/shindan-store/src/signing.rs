//! The installation's Ed25519 key (RFC 8032): checkpoints of the ledger and exchange files are signed with it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use shindan_domain::ledger::Checkpoint;

use crate::store::{hash_in, integer, last_entry, milliseconds, time_in, truncated};
use crate::{Store, StoreError, files};

/// An Ed25519 public key; 64 lower-case hexadecimal digits as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

/// An Ed25519 signature; 128 lower-case hexadecimal digits as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature(pub [u8; 64]);

/// The bytes were not signed with this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// The text is no key, or the key is not usable.
    #[error("not an Ed25519 public key of 64 hexadecimal digits")]
    Key,
    /// The text is no signature.
    #[error("not an Ed25519 signature of 128 hexadecimal digits")]
    Signature,
    /// The bytes were changed, or another key signed them.
    #[error("the signature does not hold")]
    Mismatch,
}

fn hexadecimal(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

fn from_hexadecimal<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

impl FromStr for PublicKey {
    type Err = NotSigned;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        from_hexadecimal(text).map(PublicKey).ok_or(NotSigned::Key)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

impl FromStr for Signature {
    type Err = NotSigned;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        from_hexadecimal(text).map(Signature).ok_or(NotSigned::Signature)
    }
}

/// Checks that `bytes` were signed with the key, strictly (no weak keys, no second form of a signature).
///
/// # Errors
/// [`NotSigned`].
pub fn verify_signature(key: &PublicKey, bytes: &[u8], signature: &Signature) -> Result<(), NotSigned> {
    let key = VerifyingKey::from_bytes(&key.0).map_err(|_| NotSigned::Key)?;
    let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
    key.verify_strict(bytes, &signature).map_err(|_| NotSigned::Mismatch)
}

/// Checks the signature of a checkpoint with the key that it names. Whose key that is has to be known from elsewhere.
pub(crate) fn check(checkpoint: &Checkpoint) -> Result<(), NotSigned> {
    verify_signature(&checkpoint.key.parse()?, &checkpoint.signed(), &checkpoint.signature.parse()?)
}

pub(crate) fn key_file(ledger: &Path) -> PathBuf {
    ledger.join("keys").join("installation.key")
}

/// Keeps a key and says in the database which one it is.
pub(crate) fn make_key(
    connection: &Connection,
    ledger: &Path,
    seed: [u8; 32],
    at: Timestamp,
) -> Result<(), StoreError> {
    let file = key_file(ledger);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    }
    let mut text: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
    text.push('\n');
    files::write_private(&file, text.as_bytes())?;
    let public = PublicKey(SigningKey::from_bytes(&seed).verifying_key().to_bytes());
    connection.execute(
        "INSERT INTO signing_key (key, since) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING",
        (public.to_string(), milliseconds(at)),
    )?;
    Ok(())
}

fn read_key(ledger: &Path) -> Result<SigningKey, StoreError> {
    let file = key_file(ledger);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(StoreError::KeyMissing),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => return Err(StoreError::KeyDamaged),
        Err(error) => return Err(StoreError::io(file)(error)),
    };
    let seed = from_hexadecimal(text.trim()).ok_or(StoreError::KeyDamaged)?;
    Ok(SigningKey::from_bytes(&seed))
}

impl Store {
    /// Gives the installation a signing key from 32 random bytes, if it has none (a restored backup without its key).
    ///
    /// # Errors
    /// [`StoreError::KeyPresent`] if there is one: a key is never replaced silently.
    pub fn set_key(&self, seed: [u8; 32], at: Timestamp) -> Result<PublicKey, StoreError> {
        if key_file(&self.folder).exists() {
            return Err(StoreError::KeyPresent);
        }
        make_key(&self.connection, &self.folder, seed, at)?;
        self.public_key()
    }

    /// The public part of the installation's key.
    ///
    /// # Errors
    /// [`StoreError::KeyMissing`], [`StoreError::KeyDamaged`].
    pub fn public_key(&self) -> Result<PublicKey, StoreError> {
        Ok(PublicKey(read_key(&self.folder)?.verifying_key().to_bytes()))
    }

    /// Signs bytes with the installation's key.
    ///
    /// # Errors
    /// [`StoreError::KeyMissing`], [`StoreError::KeyDamaged`].
    pub fn sign(&self, bytes: &[u8]) -> Result<Signature, StoreError> {
        Ok(Signature(read_key(&self.folder)?.sign(bytes).to_bytes()))
    }

    /// States, signed, how far the ledger has come, and keeps the statement.
    ///
    /// # Errors
    /// [`StoreError::KeyMissing`] and those of writing.
    pub fn checkpoint(&self, at: Timestamp) -> Result<Checkpoint, StoreError> {
        let last = last_entry(&self.connection)?;
        let at = last.as_ref().map_or(truncated(at), |(_, last)| truncated(at).max(*last));
        let chain = last.map_or(shindan_domain::ledger::Chain::EMPTY, |(chain, _)| chain);
        let key = read_key(&self.folder)?;
        let mut checkpoint = Checkpoint {
            installation: self.installation().id,
            sequence: chain.sequence,
            hash: chain.hash,
            at,
            key: PublicKey(key.verifying_key().to_bytes()).to_string(),
            signature: String::new(),
        };
        checkpoint.signature = Signature(key.sign(&checkpoint.signed()).to_bytes()).to_string();
        self.connection.execute(
            "INSERT OR REPLACE INTO checkpoint (sequence, at, hash, key, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                integer(checkpoint.sequence),
                milliseconds(at),
                &checkpoint.hash.0,
                &checkpoint.key,
                &checkpoint.signature,
            ),
        )?;
        Ok(checkpoint)
    }

    /// The checkpoints that were made here, the first first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn checkpoints(&self) -> Result<Vec<Checkpoint>, StoreError> {
        let sql = "SELECT sequence, hash, at, key, signature FROM checkpoint ORDER BY sequence, at";
        let mut statement = self.connection.prepare_cached(sql)?;
        let installation = self.installation().id;
        let checkpoints = statement.query_map([], |row| {
            Ok(Checkpoint {
                installation,
                sequence: row.get(0)?,
                hash: hash_in(row, 1)?,
                at: time_in(row, 2)?,
                key: row.get(3)?,
                signature: row.get(4)?,
            })
        })?;
        Ok(checkpoints.collect::<Result<_, _>>()?)
    }

    /// True if the key is or was this installation's.
    pub(crate) fn is_own_key(&self, key: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM signing_key WHERE key = ?1";
        Ok(self.connection.query_row(sql, [key], |_| Ok(())).optional()?.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_example_of_rfc_8032() {
        let seed =
            from_hexadecimal("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let key = SigningKey::from_bytes(&seed);
        let public = PublicKey(key.verifying_key().to_bytes());
        assert_eq!(public.to_string(), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        let signature = Signature(key.sign(b"").to_bytes());
        let expected = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
        assert_eq!(signature.to_string(), expected);
        assert_eq!(verify_signature(&public, b"", &signature), Ok(()));
        assert_eq!(verify_signature(&public, b"x", &signature), Err(NotSigned::Mismatch));
        assert_eq!("+1".repeat(32).parse::<PublicKey>(), Err(NotSigned::Key));
    }
}
