//! Writing a bundle: first its files are packed, then the manifest that states what they are packed in is signed.

use std::io::{Read, Write};

use sha2::{Digest, Sha256};
use shindan_domain::ledger::Hash;

use super::{BUNDLE_MAGIC, BundleFile, Packed, VERSION};
use crate::Trouble;
use crate::head::{oversize, tampered};
use crate::sealed::copy_checked;

/// How hard zstd tries. Fixed, so that the same files give the same bytes.
const LEVEL: i32 = 9;

/// Gives the bytes of a file.
pub type Part<'a, 'p> = dyn FnMut(&BundleFile) -> Result<Box<dyn Read + 'p>, Trouble> + 'a;

/// Packs files in their order. `part` gives the bytes of one.
///
/// # Errors
/// [`Trouble::Io`]; [`ReasonCode::SealedTampered`](shindan_domain::process::ReasonCode::SealedTampered) and
/// [`ReasonCode::SealedTruncated`](shindan_domain::process::ReasonCode::SealedTruncated) if a file is not what is listed.
pub fn pack<'p>(
    files: &[BundleFile],
    part: &mut Part<'_, 'p>,
    out: &mut dyn Write,
) -> Result<Packed, Trouble> {
    let mut encoder = zstd::stream::write::Encoder::new(Counted::new(out), LEVEL)?;
    encoder.include_checksum(true)?;
    for file in files {
        let mut bytes = part(file)?;
        copy_checked(&mut bytes, (&file.name(), file.size, &file.sha256), &mut encoder)?;
        // What is longer than listed changed meanwhile.
        if bytes.read(&mut [0])? != 0 {
            return Err(tampered(&file.name()).into());
        }
    }
    let counted = encoder.finish()?;
    counted.out.flush()?;
    Ok(Packed { sha256: Hash(counted.digest.finalize().into()), size: counted.size })
}

/// Writes a bundle: `envelope` holds the signed manifest, `stream` gives what [`pack`] wrote.
///
/// # Errors
/// [`Trouble::Io`]; as [`pack`] if the stream is not what the manifest states.
pub fn write_bundle(
    envelope: &[u8],
    packed: &Packed,
    stream: &mut dyn Read,
    out: &mut dyn Write,
) -> Result<(), Trouble> {
    let length = u32::try_from(envelope.len()).map_err(|_| oversize("envelope", u64::from(u32::MAX)))?;
    out.write_all(&BUNDLE_MAGIC)?;
    out.write_all(&VERSION.to_be_bytes())?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(envelope)?;
    copy_checked(stream, ("packed", packed.size, &packed.sha256), out)?;
    out.flush()?;
    Ok(())
}

/// Counts and hashes what passes.
struct Counted<'w> {
    out: &'w mut dyn Write,
    digest: Sha256,
    size: u64,
}

impl<'w> Counted<'w> {
    fn new(out: &'w mut dyn Write) -> Self {
        Counted { out, digest: Sha256::new(), size: 0 }
    }
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or_default());
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
