//! Secrets of authenticator apps as they are kept: encrypted with a key that is a file of its own (`ledger/keys/accounts.key`), so that
//! who gets the database, or a backup without the keys, has none of them.
//!
//! ```text
//! 1 | nonce (24 bytes) | XChaCha20-Poly1305(secret)      bound to whose it is
//! ```

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use shindan_domain::record_id::PersonId;
use shindan_store::{Store, StoreError};

use super::super::{Records, RecordsError, random};

/// The first byte of what is sealed in this way.
const VERSION: u8 = 1;
/// Bytes of a nonce.
const NONCE: usize = 24;
/// Bytes of a secret as earlier versions of the program kept it, unsealed.
const PLAIN: usize = 20;

/// To whom a secret is bound: moved to another person, it opens no more.
fn bound(person: PersonId) -> Vec<u8> {
    [b"shindan totp 1".as_slice(), person.0.as_bytes()].concat()
}

/// Seals a secret; the first one makes the key.
///
/// # Errors
/// [`RecordsError::Randomness`]; those of reading and writing the key.
pub(super) fn seal(records: &Records, person: PersonId, secret: &[u8]) -> Result<Vec<u8>, RecordsError> {
    sealed_in(&records.store, person, secret)
}

fn sealed_in(store: &Store, person: PersonId, secret: &[u8]) -> Result<Vec<u8>, RecordsError> {
    let key = match store.account_key()? {
        Some(key) => key,
        None => new_key(store)?,
    };
    let nonce: [u8; NONCE] = random::bytes()?;
    let payload = Payload { msg: secret, aad: &bound(person) };
    let cipher = XChaCha20Poly1305::new(Key::from_slice(&key));
    let text = cipher.encrypt(XNonce::from_slice(&nonce), payload).map_err(RecordsError::stored)?;
    Ok([&[VERSION], nonce.as_slice(), text.as_slice()].concat())
}

fn new_key(store: &Store) -> Result<[u8; 32], RecordsError> {
    let key = random::bytes()?;
    match store.set_account_key(&key) {
        Ok(()) => Ok(key),
        // Somebody else made one at the same moment: theirs counts.
        Err(StoreError::KeyPresent) => store.account_key()?.ok_or_else(|| StoreError::KeyDamaged.into()),
        Err(error) => Err(error.into()),
    }
}

/// Opens what is kept; `None`: it cannot be read with the key that is here, or there is none (a backup that was restored without keys).
///
/// # Errors
/// Those of reading the key.
pub(super) fn open(
    records: &Records,
    person: PersonId,
    kept: &[u8],
) -> Result<Option<Vec<u8>>, RecordsError> {
    let Some(key) = records.store.account_key()? else { return Ok(None) };
    let Some((VERSION, rest)) = kept.split_first().map(|(version, rest)| (*version, rest)) else {
        return Ok(None);
    };
    let Some((nonce, text)) = rest.split_at_checked(NONCE) else { return Ok(None) };
    let cipher = XChaCha20Poly1305::new(Key::from_slice(&key));
    let payload = Payload { msg: text, aad: &bound(person) };
    // Another key, another person, or a damaged row: all the same, nothing is told of it.
    Ok(cipher.decrypt(XNonce::from_slice(nonce), payload).ok())
}

/// Seals what earlier versions of the program kept unsealed; nothing is left of it in the file of the database.
///
/// # Errors
/// As [`seal`]; those of writing.
pub(in crate::records) fn seal_all(store: &Store) -> Result<(), RecordsError> {
    let plain = store.secrets_of_length(PLAIN)?;
    if plain.is_empty() {
        return Ok(());
    }
    let mut sealed = Vec::new();
    for secret in plain {
        let kept = sealed_in(store, secret.person, &secret.secret)?;
        sealed.push((secret, kept));
    }
    Ok(store.replace_secrets(&sealed)?)
}
