//! The bytes of a file that is read as a whole.
//!
//! Memory is handed out by the system in small pages, one interruption each: for a large file that takes longer than copying it. Where
//! the system has large pages, they are asked for.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::ops::Deref;
use std::path::Path;

use memmap2::MmapMut;
use shindan_domain::diagnostic::Diagnostic;
use shindan_formats::limits::Limits;

use crate::ingest;

/// From how many bytes on a file is large: two pages of the large kind.
const LARGE: u64 = 4 << 20;

/// The bytes.
#[derive(Debug)]
pub(crate) enum FileBytes {
    /// As the allocator gives memory.
    Allocated(Vec<u8>),
    /// In pages of their own.
    Pages {
        /// They are longer than the file.
        pages: MmapMut,
        /// Of the file.
        length: usize,
    },
}

impl Deref for FileBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            FileBytes::Allocated(bytes) => bytes,
            FileBytes::Pages { pages, length } => pages.get(..*length).unwrap_or_default(),
        }
    }
}

/// As [`ingest::read_file`].
///
/// # Errors
/// As [`ingest::read_file`].
pub(crate) fn read(path: &Path, limits: &Limits) -> Result<FileBytes, Diagnostic> {
    let size = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let large = (LARGE..=limits.file_size).contains(&size).then(|| in_pages(path, size)).flatten();
    large.map_or_else(|| ingest::read_file(path, limits).map(FileBytes::Allocated), Ok)
}

/// `None` if that cannot be done, or the file is not as long as it was said to be: then it is read as any other, which also tells what is
/// wrong with it.
fn in_pages(path: &Path, size: u64) -> Option<FileBytes> {
    // One byte more than it has, so that its end is seen.
    let mut pages = MmapMut::map_anon(usize::try_from(size).ok()?.checked_add(1)?).ok()?;
    #[cfg(target_os = "linux")]
    {
        // A wish: where it is not granted everything is the same, only slower.
        drop(pages.advise(memmap2::Advice::HugePage));
    }
    let mut file = File::open(path).ok()?;
    let mut length = 0;
    loop {
        match file.read(pages.get_mut(length..)?) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    (u64::try_from(length) == Ok(size)).then_some(FileBytes::Pages { pages, length })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `test` with a path in a folder of its own.
    fn with_path(name: &str, test: impl FnOnce(&Path)) {
        let folder = std::env::temp_dir().join(format!("shindan-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        test(&folder.join("file"));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn small_and_large_files_are_read_as_they_are() {
        with_path("file-bytes", |path| {
            for size in [0, 1, 100_000, 4 << 20, (4 << 20) + 1, 5_000_000] {
                let written: Vec<u8> = (0..size).map(|n: usize| (n % 251) as u8).collect();
                std::fs::write(path, &written).unwrap();
                let read = read(path, &Limits::DEFAULT).unwrap();
                assert!(*read == *written, "{size}");
                assert_eq!(matches!(read, FileBytes::Pages { .. }), size >= 4 << 20, "{size}");
            }
        });
    }

    #[test]
    fn a_file_of_another_size_than_told_is_read_in_the_ordinary_way() {
        with_path("file-of-another-size", |path| {
            std::fs::write(path, vec![7; 6 << 20]).unwrap();
            assert!(in_pages(path, 5 << 20).is_none(), "it grew");
            assert!(in_pages(path, 7 << 20).is_none(), "it shrank");
            assert!(in_pages(&path.with_extension("none"), 1).is_none());
            let limits = Limits { file_size: 5 << 20, ..Limits::DEFAULT };
            assert!(read(path, &limits).is_err(), "larger than allowed");
        });
    }
}
