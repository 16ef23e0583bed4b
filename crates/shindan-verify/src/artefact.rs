//! The file that is to be proven, as a name and a stream.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};

use crate::digest::{Algorithm, Hasher, hex, pump};

/// The largest file, in bytes, of those formats and old signatures that must be held in memory as a whole (minisign's
/// legacy form). Everything else is read as a stream.
pub const LIMIT_IN_MEMORY: u64 = 512 << 20;

/// What an artefact can be read from: a file, or bytes in a [`std::io::Cursor`].
pub trait Content: Read + Seek + Send + Sync {}

impl<T: Read + Seek + Send + Sync> Content for T {}

/// The file that is to be proven.
pub struct Artefact<'a> {
    name: String,
    content: &'a mut dyn Content,
    known: BTreeMap<Algorithm, Vec<u8>>,
    size: Option<u64>,
}

impl<'a> Artefact<'a> {
    /// A file and the name under which its maker publishes it. Folders in the name do not count.
    pub fn new(name: &str, content: &'a mut dyn Content) -> Self {
        let name = base_name(name).to_owned();
        Artefact { name, content, known: BTreeMap::new(), size: None }
    }

    /// The name without folders.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The content from its start.
    pub(crate) fn rewound(&mut self) -> io::Result<&mut (dyn Content + 'a)> {
        self.content.seek(SeekFrom::Start(0))?;
        Ok(self.content)
    }

    /// Computes the digests that are not known yet, in one pass.
    pub(crate) fn compute(&mut self, wanted: &[Algorithm]) -> io::Result<()> {
        let mut hashers: Vec<(Algorithm, Hasher)> = Vec::new();
        for algorithm in wanted {
            if !self.known.contains_key(algorithm) && !hashers.iter().any(|(a, _)| a == algorithm) {
                hashers.push((*algorithm, Hasher::new(*algorithm)));
            }
        }
        if hashers.is_empty() && self.size.is_some() {
            return Ok(());
        }
        let size =
            pump(self.rewound()?, |piece| hashers.iter_mut().for_each(|(_, hasher)| hasher.update(piece)))?;
        if self.size.is_some_and(|known| known != size) {
            return Err(io::Error::other("the file changed while it was read"));
        }
        self.size = Some(size);
        self.known.extend(hashers.into_iter().map(|(algorithm, hasher)| (algorithm, hasher.finish())));
        Ok(())
    }

    /// The digest, in bytes.
    pub(crate) fn digest(&mut self, algorithm: Algorithm) -> io::Result<Vec<u8>> {
        self.compute(&[algorithm])?;
        self.known.get(&algorithm).cloned().ok_or_else(|| io::Error::other("digest not computed"))
    }

    /// The digest, in lower-case hexadecimal.
    pub(crate) fn hex_digest(&mut self, algorithm: Algorithm) -> io::Result<String> {
        Ok(hex(&self.digest(algorithm)?))
    }

    /// Size in bytes.
    pub(crate) fn size(&mut self) -> io::Result<u64> {
        match self.size {
            Some(size) => Ok(size),
            None => {
                let size = self.content.seek(SeekFrom::End(0))?;
                self.content.seek(SeekFrom::Start(0))?;
                Ok(size)
            }
        }
    }
}

/// The name behind the last `/` or `\`.
pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
