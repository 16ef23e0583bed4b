//! Small files beside the ledger that a backup takes along: the register of assets and the wording of guidelines. The knowledge
//! base is not among them: it is large and is built anew from its sources.
//!
//! They lie flat in folders of the data folder. Records of the register are only ever added and its pointer is replaced, so that
//! a pointer that is copied first never names a record that is not copied.

use std::path::{Path, PathBuf};

use crate::{BackupFault, StoreError, files};

/// Folders of the data folder whose files belong to a backup.
const FOLDERS: [&str; 2] = ["register", "catalog"];
/// Held while somebody writes; says nothing.
const LOCK: &str = "LOCK";
/// The pointer to the last record of the register: read first, put in place last.
const POINTER: &str = "CURRENT";

/// The files that are there, each by its name in a backup (`register/CURRENT`); pointers come first.
pub(crate) fn present(data_folder: &Path) -> Result<Vec<(String, PathBuf)>, StoreError> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        let path = data_folder.join(folder);
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(StoreError::io(path)(error)),
        };
        for entry in entries {
            let file = entry.map_err(StoreError::io(&path))?.path();
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if is_kept(&name) && file.is_file() {
                found.push((format!("{folder}/{name}"), file));
            }
        }
    }
    found.sort_by_key(|(name, _)| (!is_pointer(name), name.clone()));
    Ok(found)
}

/// Where a file of a backup is unpacked first; `None` if it is none of these.
pub(crate) fn staged(name: &str, staging: &Path) -> Option<PathBuf> {
    let (folder, file) = name.split_once('/')?;
    (FOLDERS.contains(&folder) && is_kept(file)).then(|| staging.join(folder).join(file))
}

/// Puts what was unpacked into the data folder: records first, pointers last. What is there already stays, if it is the same.
///
/// # Errors
/// [`BackupFault::Occupied`] if another file of that name is there.
pub(crate) fn put_in_place(backup: &Path, staging: &Path, data_folder: &Path) -> Result<(), StoreError> {
    let unpacked = present(staging)?;
    for (name, file) in &unpacked {
        let target = data_folder.join(name);
        if target.exists() && read(&target)? != read(file)? {
            return Err(StoreError::backup(backup, BackupFault::Occupied { name: name.clone() }));
        }
    }
    for (name, file) in unpacked.iter().rev() {
        let target = data_folder.join(name);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent).map_err(StoreError::io(parent))?;
        }
        files::rename(file, &target)?;
    }
    for folder in FOLDERS {
        let path = staging.join(folder);
        if path.exists() {
            std::fs::remove_dir_all(&path).map_err(StoreError::io(path))?;
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>, StoreError> {
    std::fs::read(file).map_err(StoreError::io(file))
}

/// Whether a file of a backup says which records count.
pub(crate) fn is_pointer(name: &str) -> bool {
    name.ends_with(&format!("/{POINTER}"))
}

/// A plain name of a file that is kept: no lock, nothing half-written, nothing that leads elsewhere.
fn is_kept(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    name != LOCK
        && !name.starts_with('.')
        && !name.is_empty()
        && name.chars().all(plain)
        && !name.contains(".tmp-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_in_known_folders_are_taken() {
        let staging = Path::new("staging");
        assert!(staged("register/record-000001.json", staging).is_some());
        assert!(staged("catalog/wording-ab.json", staging).is_some());
        for wrong in [
            "register/LOCK",
            "register/..",
            "register/../ledger/shindan.db",
            "register/a/b",
            "register\\CURRENT",
            "register/.hidden",
            "register/",
            "kb/CURRENT",
            "CURRENT",
            "/register/CURRENT",
            "register/record-000001.tmp-77",
        ] {
            assert_eq!(staged(wrong, staging), None, "{wrong}");
        }
    }
}
