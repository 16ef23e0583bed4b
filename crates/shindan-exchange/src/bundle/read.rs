//! Reading a bundle: the manifest first, then, if it may be taken in, its files one after another.

use std::io::{self, BufReader, Read, Write};

use sha2::{Digest, Sha256};
use shindan_domain::exchange::BundleArrival;
use shindan_domain::ledger::Hash;
use shindan_domain::process::{Reason, ReasonCode};

use super::{BUNDLE_MAGIC, BundleFile, BundleLimits, BundleManifest, Packed, VERSION};
use crate::head::{read_head, tampered, truncated, up_to};
use crate::sealed::copy_checked;
use crate::{Limits, Trouble};

/// Memory that unpacking takes: 2 to this power, in bytes. A frame that asks for more is refused.
const WINDOW: u32 = 23;

/// A bundle whose manifest's signature holds. Its files count only after [`OpenedBundle::finish`].
pub struct OpenedBundle<'r> {
    /// The manifest.
    pub manifest: BundleManifest,
    /// The exact bytes of the manifest that were signed.
    pub payload: Vec<u8>,
    files: zstd::stream::read::Decoder<'static, BufReader<Watched<'r>>>,
    read: usize,
}

impl std::fmt::Debug for OpenedBundle<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenedBundle")
            .field("manifest", &self.manifest)
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}

/// Opens a bundle. Nothing is unpacked yet.
///
/// # Errors
/// [`ReasonCode::BundleUnrecognised`], [`ReasonCode::SealedNewerFormat`], [`ReasonCode::SealedTruncated`],
/// [`ReasonCode::SealedTampered`], [`ReasonCode::SealedOversize`], [`ReasonCode::SealedUnsafeName`]; [`Trouble::Io`].
pub fn open_bundle<'r>(reader: impl Read + 'r, limits: &BundleLimits) -> Result<OpenedBundle<'r>, Trouble> {
    let mut reader: Box<dyn Read + 'r> = Box::new(reader);
    let beginning = up_to(&mut reader, BUNDLE_MAGIC.len() as u64)?;
    if beginning != BUNDLE_MAGIC {
        let cut = !beginning.is_empty() && BUNDLE_MAGIC.starts_with(&beginning);
        return Err(if cut { truncated() } else { Reason::new(ReasonCode::BundleUnrecognised).into() });
    }
    let bounds = Limits { envelope: limits.envelope, ..Limits::default() };
    let read = read_head::<BundleManifest>(&mut reader, (VERSION, ReasonCode::BundleUnrecognised), &bounds)?;
    read.statement.check(limits)?;
    let watched = Watched::new(reader, read.statement.packed);
    let mut files = zstd::stream::read::Decoder::new(watched)?.single_frame();
    files.window_log_max(WINDOW)?;
    Ok(OpenedBundle { manifest: read.statement, payload: read.payload, files, read: 0 })
}

impl OpenedBundle<'_> {
    /// What is judged of it.
    pub fn arrival(&self) -> BundleArrival {
        self.manifest.arrival(&self.payload)
    }

    /// Writes the next file; `None` after the last one.
    ///
    /// # Errors
    /// [`ReasonCode::SealedTruncated`], [`ReasonCode::SealedTampered`]; [`Trouble::Io`]. What was written then is worth nothing.
    pub fn next_file(&mut self, to: &mut dyn Write) -> Result<Option<&BundleFile>, Trouble> {
        let Some(file) = self.manifest.files.get(self.read) else { return Ok(None) };
        let mut written = Failing { to, failed: false };
        let copied = copy_checked(&mut self.files, (&file.name(), file.size, &file.sha256), &mut written);
        let ours = written.failed;
        copied.map_err(|trouble| damaged(trouble, ours, self.files.get_ref().get_ref()))?;
        self.read += 1;
        Ok(Some(file))
    }

    /// Reads all that is left and checks that nothing follows.
    ///
    /// # Errors
    /// As [`OpenedBundle::next_file`].
    pub fn finish(mut self) -> Result<BundleManifest, Trouble> {
        while self.next_file(&mut io::sink())?.is_some() {}
        let surplus = self.files.read(&mut [0]);
        let surplus =
            surplus.map_err(|error| damaged(error.into(), false, self.files.get_ref().get_ref()))?;
        let rest = self.files.finish();
        let behind_the_frame = !rest.buffer().is_empty();
        if surplus > 0 || behind_the_frame {
            return Err(tampered("end").into());
        }
        rest.into_inner().finish()?;
        Ok(self.manifest)
    }
}

/// What cannot be unpacked was damaged, unless reading or writing itself failed.
fn damaged(trouble: Trouble, ours: bool, from: &Watched<'_>) -> Trouble {
    match trouble {
        Trouble::Io(error) if ours || from.failed => Trouble::Io(error),
        Trouble::Io(_) if from.ended_early => truncated(),
        Trouble::Refused(reason) if reason.code == ReasonCode::SealedTruncated && !from.ended_early => {
            tampered("packed").into()
        }
        Trouble::Io(_) => tampered("packed").into(),
        refused => refused,
    }
}

/// The packed bytes, and whether they are what the manifest states.
struct Watched<'r> {
    reader: Box<dyn Read + 'r>,
    packed: Packed,
    left: u64,
    digest: Sha256,
    failed: bool,
    ended_early: bool,
}

impl<'r> Watched<'r> {
    fn new(reader: Box<dyn Read + 'r>, packed: Packed) -> Self {
        let left = packed.size;
        Watched { reader, packed, left, digest: Sha256::new(), failed: false, ended_early: false }
    }

    /// Checks the hash, and that nothing follows.
    fn finish(mut self) -> Result<(), Trouble> {
        if self.left > 0 {
            // The frame ended before what was signed.
            io::copy(&mut self, &mut io::sink())?;
            return Err(if self.ended_early { truncated() } else { tampered("end").into() });
        }
        if Hash(self.digest.finalize().into()) != self.packed.sha256 {
            return Err(tampered("packed").into());
        }
        if self.reader.read(&mut [0])? > 0 { Err(tampered("end").into()) } else { Ok(()) }
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        let into = buffer.get_mut(..most).unwrap_or_default();
        let read = self.reader.read(into).inspect_err(|error| {
            // Is tried again, and so is no failure.
            self.failed |= error.kind() != io::ErrorKind::Interrupted;
        })?;
        self.ended_early |= read == 0;
        self.digest.update(into.get(..read).unwrap_or_default());
        self.left -= read as u64;
        Ok(read)
    }
}

/// Tells a failure of writing from one of unpacking.
struct Failing<'w> {
    to: &'w mut dyn Write,
    failed: bool,
}

impl Write for Failing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes).inspect_err(|_| self.failed = true)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
