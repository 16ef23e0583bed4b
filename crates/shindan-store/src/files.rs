//! Files that are whole or not there: written beside, synced, renamed.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use crate::StoreError;

/// Removes a file that may not be there.
pub(crate) fn remove_if_there(file: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(file)(error)),
        _ => Ok(()),
    }
}

/// Renames a synced file and syncs the folder, so that the new name survives loss of power.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    std::fs::rename(from, to).map_err(StoreError::io(to))?;
    to.parent().map_or(Ok(()), sync_folder)
}

/// Makes names in a folder survive loss of power. Windows keeps them by itself and cannot open folders this way.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        // The folder of a bare file name is the one that the program was started in.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let opened = File::open(folder).map_err(StoreError::io(folder))?;
        opened.sync_all().map_err(StoreError::io(folder))?;
    }
    Ok(())
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(file: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    remove_if_there(file)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut opened = options.open(file).map_err(StoreError::io(file))?;
    opened.write_all(bytes).map_err(StoreError::io(file))?;
    opened.sync_all().map_err(StoreError::io(file))
}
