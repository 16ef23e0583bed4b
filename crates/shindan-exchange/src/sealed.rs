//! The container: how manifest and files stand in one file. Read as a stream, in the order in which it is written.

use std::io::{self, Cursor, Read, Write};

use sha2::{Digest, Sha256};
use shindan_domain::exchange::{Arrival, Content};
use shindan_domain::ledger::Hash;
use shindan_domain::process::{Reason, ReasonCode};

use crate::dsse::payload_type;
use crate::head::{exactly, oversize, read_head, tampered, up_to};
use crate::names::check_names;
use crate::statement::{CardStatement, Manifest, ReceiptStatement, Statement};
use crate::{Limits, Trouble, encryption};

/// How a sealed file begins: not text, and damaged by whatever changes line ends.
pub const MAGIC: [u8; 8] = *b"\x89SHIN\r\n\x1a";
/// The container's version.
const VERSION: u16 = 1;

/// What a file is, by how it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// A sealed file.
    Sealed,
    /// An encrypted file, perhaps a sealed one.
    Encrypted,
    /// A card.
    Card,
    /// A receipt.
    Receipt,
}

/// What a file is, from its first bytes (for cards and receipts: all of them).
///
/// # Errors
/// [`ReasonCode::SealedUnrecognised`], [`ReasonCode::SealedTruncated`] for what begins as a sealed file and ends at once.
pub fn recognise(beginning: &[u8]) -> Result<Recognised, Reason> {
    if beginning.starts_with(&MAGIC) {
        return Ok(Recognised::Sealed);
    }
    if beginning.starts_with(encryption::BEGINNING) {
        return Ok(Recognised::Encrypted);
    }
    if !beginning.is_empty() && MAGIC.starts_with(beginning) {
        return Err(Reason::new(ReasonCode::SealedTruncated));
    }
    match payload_type(beginning).as_deref() {
        Some(CardStatement::TYPE) => Ok(Recognised::Card),
        Some(ReceiptStatement::TYPE) => Ok(Recognised::Receipt),
        _ => Err(Reason::new(ReasonCode::SealedUnrecognised)),
    }
}

/// Writes a sealed file: `envelope` holds the signed manifest, `parts` gives its files in their order.
///
/// # Errors
/// [`Trouble::Io`]; [`ReasonCode::SealedTampered`] if a file is not what the manifest lists.
pub fn write_sealed(
    envelope: &[u8],
    contents: &[Content],
    parts: &mut [Box<dyn Read + '_>],
    out: &mut dyn Write,
) -> Result<(), Trouble> {
    let length = u32::try_from(envelope.len()).map_err(|_| oversize("envelope", u64::from(u32::MAX)))?;
    out.write_all(&MAGIC)?;
    out.write_all(&VERSION.to_be_bytes())?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(envelope)?;
    if parts.len() != contents.len() {
        return Err(tampered("contents").into());
    }
    for (part, content) in parts.iter_mut().zip(contents) {
        copy_checked(part, (&content.path, content.size, &content.sha256), out)?;
    }
    out.flush()?;
    Ok(())
}

/// Copies exactly the listed bytes.
pub(crate) fn copy_checked(
    from: &mut dyn Read,
    (name, size, sha256): (&str, u64, &Hash),
    to: &mut dyn Write,
) -> Result<(), Trouble> {
    let mut hasher = Sha256::new();
    let mut left = size;
    let mut buffer = vec![0; 64 << 10];
    while left > 0 {
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let read = from.read(buffer.get_mut(..wanted).unwrap_or_default())?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            return Err(Reason::new(ReasonCode::SealedTruncated).into());
        }
        hasher.update(bytes);
        to.write_all(bytes)?;
        left -= bytes.len() as u64;
    }
    if Hash(hasher.finalize().into()) != *sha256 {
        return Err(tampered(name).into());
    }
    Ok(())
}

/// A sealed file whose manifest's signature holds. Its files are read one after another, and count only after
/// [`Opened::finish`].
pub struct Opened<'r> {
    /// The manifest.
    pub manifest: Manifest,
    /// The exact bytes of the manifest that were signed.
    pub payload: Vec<u8>,
    /// Whether it was encrypted.
    pub encrypted: bool,
    reader: Box<dyn Read + 'r>,
    read: usize,
}

impl std::fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened")
            .field("manifest", &self.manifest)
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}

/// Opens a sealed file. `identity`: the secret for an encrypted one.
///
/// # Errors
/// [`ReasonCode::SealedUnrecognised`], [`ReasonCode::SealedNewerFormat`], [`ReasonCode::SealedTruncated`],
/// [`ReasonCode::SealedTampered`], [`ReasonCode::SealedOversize`], [`ReasonCode::SealedUnsafeName`],
/// [`ReasonCode::SealedCannotDecrypt`]; [`Trouble::Io`].
pub fn open<'r>(
    reader: impl Read + 'r,
    identity: Option<&str>,
    limits: &Limits,
) -> Result<Opened<'r>, Trouble> {
    opened(Box::new(reader), identity, limits).map_err(damaged)
}

/// What is encrypted and damaged is told as such.
fn damaged(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
            Reason::new(ReasonCode::SealedCannotDecrypt).into()
        }
        other => other,
    }
}

fn opened<'r>(
    mut reader: Box<dyn Read + 'r>,
    identity: Option<&str>,
    limits: &Limits,
) -> Result<Opened<'r>, Trouble> {
    let mut beginning = up_to(&mut reader, encryption::BEGINNING.len() as u64)?;
    let encrypted = beginning.starts_with(encryption::BEGINNING);
    reader = Box::new(Cursor::new(beginning.clone()).chain(reader));
    if encrypted {
        reader = encryption::decrypt(reader, identity)?;
        beginning = up_to(&mut reader, MAGIC.len() as u64)?;
        reader = Box::new(Cursor::new(beginning.clone()).chain(reader));
    }
    beginning.truncate(MAGIC.len());
    if recognise(&beginning)? != Recognised::Sealed {
        return Err(Reason::new(ReasonCode::SealedUnrecognised).into());
    }
    exactly::<8>(&mut reader)?;
    let read = read_head::<Manifest>(&mut reader, (VERSION, ReasonCode::SealedUnrecognised), limits)?;
    check_listed(&read.statement, limits)?;
    Ok(Opened { manifest: read.statement, payload: read.payload, encrypted, reader, read: 0 })
}

fn check_listed(manifest: &Manifest, limits: &Limits) -> Result<(), Reason> {
    if manifest.contents.len() > limits.contents || manifest.void.len() > limits.contents {
        return Err(oversize("contents", limits.contents as u64));
    }
    check_names(manifest.contents.iter().map(|content| content.path.as_str()))?;
    let total = manifest.contents.iter().try_fold(0_u64, |sum, content| sum.checked_add(content.size));
    match total {
        Some(total) if total <= limits.total => Ok(()),
        _ => Err(oversize("total", limits.total)),
    }
}

impl Opened<'_> {
    /// What is judged of it.
    pub fn arrival(&self) -> Arrival {
        self.manifest.arrival(&self.payload)
    }

    /// Writes the next file; `None` after the last one.
    ///
    /// # Errors
    /// [`ReasonCode::SealedTruncated`], [`ReasonCode::SealedTampered`], [`ReasonCode::SealedCannotDecrypt`];
    /// [`Trouble::Io`]. What was written then is worth nothing.
    pub fn next_file(&mut self, to: &mut dyn Write) -> Result<Option<&Content>, Trouble> {
        let Some(content) = self.manifest.contents.get(self.read) else { return Ok(None) };
        let listed = (content.path.as_str(), content.size, &content.sha256);
        copy_checked(&mut self.reader, listed, to).map_err(damaged)?;
        self.read += 1;
        Ok(Some(content))
    }

    /// Reads all that is left and checks that nothing follows.
    ///
    /// # Errors
    /// As [`Opened::next_file`]; [`ReasonCode::SealedTampered`] if something follows.
    pub fn finish(mut self) -> Result<Manifest, Trouble> {
        while self.next_file(&mut io::sink())?.is_some() {}
        let rest = up_to(&mut self.reader, 1).map_err(damaged)?;
        if rest.is_empty() { Ok(self.manifest) } else { Err(tampered("end").into()) }
    }
}
