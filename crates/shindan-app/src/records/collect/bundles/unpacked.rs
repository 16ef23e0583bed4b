//! The files of a bundle while they are looked at: aside, under names of our own, until all of them proved to be what was signed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use shindan_domain::process::{Reason, ReasonCode};
use shindan_exchange::bundle::OpenedBundle;
use uuid::Uuid;

use crate::progress::Progress;
use crate::records::RecordsError;
use crate::records::exchange::told;

/// The folder in which they are. It goes with this.
pub(super) struct Unpacked {
    folder: PathBuf,
    /// By `SOURCE/PATH`.
    files: BTreeMap<String, PathBuf>,
}

impl Unpacked {
    /// Unpacks all files and checks that nothing follows. `root`: the folder of the collected files.
    pub(super) fn all(
        mut opened: OpenedBundle<'_>,
        (root, id): (&Path, Uuid),
        name: &Path,
        progress: &dyn Progress,
    ) -> Result<Unpacked, RecordsError> {
        // No source is called so: names do not begin with a dot.
        let folder = root.join(format!(".bundle-{id}"));
        fs::create_dir_all(&folder).map_err(|error| RecordsError::unreadable(&folder, &error))?;
        let mut unpacked = Unpacked { folder, files: BTreeMap::new() };
        loop {
            let path = unpacked.folder.join(unpacked.files.len().to_string());
            let failed = |error: std::io::Error| RecordsError::unreadable(&path, &error);
            let mut out = BufWriter::new(File::create(&path).map_err(failed)?);
            let file = opened.next_file(&mut out).map_err(|trouble| told(trouble, name))?.cloned();
            out.flush().map_err(failed)?;
            let Some(file) = file else { break };
            // Files of sources lie beside each other; one in a folder would come into force unseen.
            if file.path.contains('/') {
                let reason = Reason::new(ReasonCode::SealedUnsafeName).with("name", file.name());
                return Err(RecordsError::refused(None, reason.into()));
            }
            unpacked.files.insert(file.name(), path);
            progress.advance(1);
        }
        opened.finish().map_err(|trouble| told(trouble, name))?;
        Ok(unpacked)
    }

    /// Whether the bundle carries a file.
    pub(super) fn holds(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// The bytes of a file that the bundle carries; `None` if it does not.
    pub(super) fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, RecordsError> {
        let Some(path) = self.files.get(name) else { return Ok(None) };
        fs::read(path).map(Some).map_err(|error| RecordsError::unreadable(path, &error))
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // A drop cannot answer an error. What cannot be removed has a name that says what it is, and nothing reads it again.
        fs::remove_dir_all(&self.folder).ok();
    }
}
