//! Files that commands name by their SHA-256: sent first, one by one, and kept beside the records for a day.
//!
//! A command never names a file of the server. Each person has a place of their own, so that nobody uses what somebody else
//! sent.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use shindan_domain::ledger::Hash;
use shindan_domain::record_id::PersonId;

use crate::problem::Problem;

/// How long an upload waits for its command.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// The folder of uploads.
#[derive(Debug, Clone)]
pub(crate) struct Uploads {
    folder: PathBuf,
}

/// What was sent.
#[derive(Debug)]
pub(crate) struct Upload {
    pub sha256: Hash,
    pub size: u64,
    pub name: String,
}

/// Names files that are arriving.
static ARRIVING: AtomicU64 = AtomicU64::new(0);

impl Uploads {
    pub(crate) fn new(root: &Path) -> Uploads {
        Uploads { folder: root.join("uploads") }
    }

    fn of(&self, person: PersonId) -> PathBuf {
        self.folder.join(person.to_string())
    }

    /// The file that a person sent.
    pub(crate) fn find(&self, person: PersonId, hash: &Hash) -> Option<PathBuf> {
        let folder = self.of(person).join(hash.to_string());
        fs::read_dir(folder).ok()?.find_map(|entry| entry.ok().map(|entry| entry.path()))
    }

    /// Takes a file in, up to `limit` bytes, as it arrives; no pause is longer than `receiving`.
    pub(crate) async fn take(
        &self,
        person: PersonId,
        name: &str,
        mut body: Body,
        limit: u64,
        receiving: Duration,
    ) -> Result<Upload, Problem> {
        let folder = self.of(person);
        let arriving =
            folder.join(format!("{}-{}", std::process::id(), ARRIVING.fetch_add(1, Ordering::Relaxed)));
        let mut partial = Partial::begin(&folder, arriving)?;
        let too_slow = |_| Problem::new("too-slow", 408);
        while let Some(frame) = tokio::time::timeout(receiving, body.frame()).await.map_err(too_slow)? {
            let frame = frame.map_err(|_| Problem::new("body-incomplete", 400))?;
            if let Ok(bytes) = frame.into_data() {
                tokio::task::block_in_place(|| partial.write(&bytes, limit))?;
            }
        }
        tokio::task::block_in_place(|| partial.finish(&folder, plain_name(name)))
    }

    /// Removes what has waited for longer than a day.
    pub(crate) fn clean(&self, now: Timestamp) {
        let Some(before) = now.checked_sub(KEPT).ok() else { return };
        let entries =
            |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        for person in entries(&self.folder) {
            for upload in entries(&person) {
                // A file whose age cannot be told stays, and is looked at with the next upload.
                let changed = fs::metadata(&upload).and_then(|data| data.modified()).ok();
                if changed.and_then(|at| Timestamp::try_from(at).ok()).is_some_and(|at| at < before) {
                    // What cannot be removed now is looked at with the next upload.
                    let _later = fs::remove_dir_all(&upload).or_else(|_| fs::remove_file(&upload));
                }
            }
        }
    }
}

/// A file that is arriving; it goes if it does not arrive completely.
struct Partial {
    path: PathBuf,
    file: File,
    hasher: Sha256,
    size: u64,
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Renamed by then if it arrived.
        let _renamed = fs::remove_file(&self.path);
    }
}

fn fault(error: std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Problem::new("full", 507),
        _ => Problem::internal(&error),
    }
}

impl Partial {
    fn begin(folder: &Path, path: PathBuf) -> Result<Partial, Problem> {
        fs::create_dir_all(folder).map_err(fault)?;
        let file = File::create(&path).map_err(fault)?;
        Ok(Partial { path, file, hasher: Sha256::new(), size: 0 })
    }

    fn write(&mut self, bytes: &[u8], limit: u64) -> Result<(), Problem> {
        self.size += bytes.len() as u64;
        if self.size > limit {
            return Err(Problem::too_large(limit));
        }
        self.hasher.update(bytes);
        self.file.write_all(bytes).map_err(fault)
    }

    fn finish(mut self, folder: &Path, name: String) -> Result<Upload, Problem> {
        self.file.flush().map_err(fault)?;
        let sha256 = Hash(std::mem::take(&mut self.hasher).finalize().into());
        let place = folder.join(sha256.to_string());
        if place.exists() {
            fs::remove_dir_all(&place).map_err(fault)?;
        }
        fs::create_dir_all(&place).map_err(fault)?;
        fs::rename(&self.path, place.join(&name)).map_err(fault)?;
        Ok(Upload { sha256, size: self.size, name })
    }
}

/// The name without folders and without characters that lead elsewhere.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, ':' | '<' | '>' | '"' | '|' | '?' | '*'))
        .collect();
    let plain: String = plain.trim().chars().take(80).collect();
    if plain.trim_matches('.').is_empty() { "document".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere() {
        assert_eq!(plain_name("C:\\記録\\試験.pdf"), "試験.pdf");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        for odd in ["", "..", "a/..", "/", "\u{0}", "  ", "C:"] {
            let plain = plain_name(odd);
            assert!(plain == "document" || plain == "C", "{odd}: {plain}");
        }
    }
}
