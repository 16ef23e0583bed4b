//! Zip archives and gzip streams from bytes, with limits on what they may become.
//!
//! Headers are claims, not facts: an entry is cut off by what really comes out of it, whatever size it declares.

use std::cell::RefCell;
use std::io::{Cursor, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use flate2::{Crc, Decompress, FlushDecompress, Status};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use zip::read::ZipFile;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::limits::Limits;
use crate::text::{self, Legacy};

/// Below this size the ratio of inflated to deflated bytes is not judged.
const RATIO_FREE: u64 = 1 << 20;

/// An opened zip archive. Entries are inflated independently of each other, from any number of threads.
pub struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// The whole archive.
    all: &'a [u8],
    path: String,
    limits: Limits,
    /// Positions of the entries that are files; directories are left out.
    files: Vec<usize>,
    /// What was inflated so far, in bytes, over all entries.
    inflated: AtomicU64,
    diagnostics: Vec<Diagnostic>,
}

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, with `/` between folders.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl<'a> Archive<'a> {
    /// Reads the central directory. `path` names the archive in diagnostics.
    ///
    /// # Errors
    /// `archive-invalid` if there is none (truncated, not a zip), `archive-too-many-entries`, `archive-bomb` if the
    /// declared sizes already add up to more than the limit.
    pub fn open(bytes: &'a [u8], path: &str, limits: &Limits) -> Result<Archive<'a>, Diagnostic> {
        let place = Place::file(path);
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| invalid(&error, place.clone()))?;
        if zip.len() > limits.entries {
            return Err(Diagnostic::new(Code::ArchiveTooManyEntries, place).with("limit", limits.entries));
        }
        let mut files = Vec::with_capacity(zip.len());
        let mut declared = 0_u64;
        for index in 0..zip.len() {
            let entry = zip.by_index_data(index).map_err(|error| invalid(&error, place.clone()))?;
            declared = declared.saturating_add(entry.size());
            if !entry.name_raw().ends_with(b"/") {
                files.push(index);
            }
        }
        if declared > limits.inflated {
            return Err(Diagnostic::new(Code::ArchiveBomb, place).with("limit", limits.inflated));
        }
        let mut diagnostics = Vec::new();
        if zip.has_duplicate_names() {
            let reason = "two entries have the same name, so one of them cannot be read";
            diagnostics.push(Diagnostic::new(Code::ArchiveInvalid, place).with("reason", reason));
        }
        let (path, limits, inflated) = (path.to_owned(), *limits, AtomicU64::new(0));
        Ok(Archive { zip, all: bytes, path, limits, files, inflated, diagnostics })
    }

    /// How many files it holds; folders are not counted.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// True if it holds no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The position (from 0, below [`Archive::len`]) of the file with this name, in whatever case: the formats that
    /// use zip as a package do not distinguish it.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.files.iter().position(|position| {
            let entry = self.zip.by_index_data(*position);
            entry.is_ok_and(|entry| entry_name(entry.name_raw()).eq_ignore_ascii_case(name))
        })
    }

    /// What is wrong with the archive as a whole, although its entries can be read.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Inflates the file at `index` (from 0, below [`Archive::len`]).
    ///
    /// # Errors
    /// `archive-path-traversal`, `archive-nested`, `archive-bomb`, and `archive-invalid` (damaged, encrypted,
    /// compressed in a way that is not read, wrong checksum). Each concerns this entry only.
    pub fn entry(&self, index: usize) -> Result<Entry, Diagnostic> {
        let entry = self.inflated(index)?;
        if packed_kind(&entry.bytes).is_some() {
            let place = Place { member: Some(entry.name.clone()), ..Place::file(&self.path) };
            return Err(Diagnostic::new(Code::ArchiveNested, place).with("name", &entry.name));
        }
        Ok(entry)
    }

    /// The archive that this one holds and nothing else; `None` for any other one. What it holds in turn is not looked at.
    ///
    /// # Errors
    /// As [`Archive::entry`], but for `archive-nested`.
    pub fn inner(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        if self.len() != 1 {
            return Ok(None);
        }
        let entry = self.inflated(0)?;
        Ok(is_zip(&entry.bytes).then_some(entry.bytes))
    }

    fn inflated(&self, index: usize) -> Result<Entry, Diagnostic> {
        let whole = || Place::file(&self.path);
        let Some(position) = self.files.get(index) else {
            let reason = format!("there is no entry {index}");
            return Err(Diagnostic::new(Code::ArchiveInvalid, whole()).with("reason", reason));
        };
        // A clone shares the directory and has its own position in the bytes.
        let mut zip = self.zip.clone();
        let name = match zip.by_index_data(*position) {
            Ok(entry) => entry_name(entry.name_raw()),
            Err(error) => return Err(invalid(&error, whole())),
        };
        let place = Place { member: Some(name.clone()), ..whole() };
        if leaves_the_archive(&name) {
            return Err(Diagnostic::new(Code::ArchivePathTraversal, place).with("name", &name));
        }
        let file = zip.by_index_raw(*position).map_err(|error| invalid(&error, place.clone()))?;
        if file.is_symlink() {
            let reason = "a symbolic link, which is not followed";
            return Err(Diagnostic::new(Code::ArchiveInvalid, place).with("reason", reason));
        }
        let bytes = self.content(&file, &place)?;
        let total = self.inflated.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        if total.saturating_add(bytes.len() as u64) > self.limits.inflated {
            return Err(Diagnostic::new(Code::ArchiveBomb, place).with("limit", self.limits.inflated));
        }
        Ok(Entry { name, bytes })
    }

    /// What is packed in the file, which must have the checksum that is stated for it.
    fn content(&self, file: &ZipFile<'_, Cursor<&'a [u8]>>, place: &Place) -> Result<Vec<u8>, Diagnostic> {
        let broken = |reason: &str| damaged(reason, place.clone());
        if file.encrypted() {
            return Err(broken("it is encrypted"));
        }
        let packed = file.data_start().and_then(|start| {
            let (start, size) = (usize::try_from(start).ok()?, usize::try_from(file.compressed_size()).ok()?);
            self.all.get(start..start.checked_add(size)?)
        });
        let packed = packed.ok_or_else(|| broken("it ends before its content does"))?;
        let limit = limit(packed.len() as u64, &self.limits);
        let bytes = match file.compression() {
            CompressionMethod::Stored if packed.len() as u64 > limit => Err(bomb(limit, place)),
            CompressionMethod::Stored => Ok(packed.to_vec()),
            CompressionMethod::Deflated => inflate(packed, file.size(), limit, place),
            other => Err(broken(&format!("its way of compression is not read: {other}"))),
        }?;
        if crc32(&bytes) != file.crc32() {
            return Err(broken("its checksum is another one"));
        }
        Ok(bytes)
    }
}

/// True if the bytes begin like a zip archive (an empty one included).
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// True if the bytes begin like a gzip stream.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1F, 0x8B])
}

/// What kind of archive or compressed stream the bytes begin like, if any.
pub fn packed_kind(bytes: &[u8]) -> Option<&'static str> {
    if is_zip(bytes) {
        return Some("zip");
    }
    if is_gzip(bytes) {
        return Some("gzip");
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some("tar");
    }
    let kinds: [(&[u8], &str); 6] = [
        (b"MSCF\0\0\0\0", "cab"),
        (b"\x28\xB5\x2F\xFD", "zstd"),
        (b"\xFD7zXZ\0", "xz"),
        (b"7z\xBC\xAF\x27\x1C", "7z"),
        (b"Rar!\x1A\x07", "rar"),
        (b"BZh", "bzip2"),
    ];
    kinds.into_iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| kind)
}

/// Inflates a gzip stream (all its members).
///
/// # Errors
/// `archive-invalid` if it is damaged or cut off, `archive-bomb` beyond the limits.
pub fn gunzip(bytes: &[u8], path: &str, limits: &Limits) -> Result<Vec<u8>, Diagnostic> {
    let (place, limit) = (Place::file(path), limit(bytes.len() as u64, limits));
    let mut inflated = Vec::new();
    let reader = MultiGzDecoder::new(bytes);
    let read = reader.take(limit.saturating_add(1)).read_to_end(&mut inflated);
    if inflated.len() as u64 > limit {
        return Err(bomb(limit, &place));
    }
    match read {
        Ok(_) => Ok(inflated),
        Err(error) => Err(damaged(&error.to_string(), place)),
    }
}

/// How many bytes may come out of so many.
fn limit(deflated: u64, limits: &Limits) -> u64 {
    limits.file_size.min(deflated.saturating_mul(limits.ratio).max(RATIO_FREE))
}

thread_local! {
    /// Setting one up costs more than inflating a small advisory.
    static INFLATER: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

/// Inflates to the end of the stream, but never beyond the limit. `declared` is only a hint of how much room to make.
fn inflate(deflated: &[u8], declared: u64, limit: u64, place: &Place) -> Result<Vec<u8>, Diagnostic> {
    // One byte more than there should be, so that its end is seen in one go.
    let room = declared.min(limit).min(RATIO_FREE).saturating_add(1);
    let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
    INFLATER.with_borrow_mut(|inflater| {
        inflater.reset(false);
        loop {
            let taken = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
            let rest = deflated.get(taken..).unwrap_or_default();
            let before = (inflater.total_in(), inflater.total_out());
            let status = inflater
                .decompress_vec(rest, &mut bytes, FlushDecompress::None)
                .map_err(|error| damaged(&error.to_string(), place.clone()))?;
            if bytes.len() as u64 > limit {
                return Err(bomb(limit, place));
            }
            if status == Status::StreamEnd {
                return Ok(bytes);
            }
            if bytes.len() < bytes.capacity() && before == (inflater.total_in(), inflater.total_out()) {
                return Err(damaged("it ends before its content does", place.clone()));
            }
            if bytes.len() == bytes.capacity() {
                // Twice as much room, but no more than shows that the limit is passed.
                let left = limit.saturating_add(1).saturating_sub(bytes.len() as u64);
                let left = usize::try_from(left).unwrap_or(usize::MAX);
                bytes.reserve_exact(bytes.len().max(4096).min(left));
            }
        }
    })
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(bytes);
    sum.sum()
}

fn entry_name(raw: &[u8]) -> String {
    // Archives made on Japanese Windows carry CP932 names without saying so.
    match text::decode(raw, Legacy::Cp932, "") {
        Ok(decoded) => decoded.text.replace('\\', "/"),
        Err(_) => raw.escape_ascii().to_string().replace('\\', "/"),
    }
}

fn leaves_the_archive(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':');
    drive || name.starts_with('/') || name.contains('\0') || name.split('/').any(|part| part == "..")
}

fn invalid(error: &ZipError, place: Place) -> Diagnostic {
    damaged(&error.to_string(), place)
}

fn bomb(limit: u64, place: &Place) -> Diagnostic {
    Diagnostic::new(Code::ArchiveBomb, place.clone()).with("limit", limit)
}

fn damaged(reason: &str, place: Place) -> Diagnostic {
    Diagnostic::new(Code::ArchiveInvalid, place).with("reason", text::shorten(reason, 200))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            if name.ends_with('/') {
                writer.add_directory(*name, SimpleFileOptions::default()).expect("folder");
                continue;
            }
            let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
            writer.start_file(*name, options).expect("file");
            writer.write_all(content).expect("content");
        }
        writer.finish().expect("archive").into_inner()
    }

    fn gzip_of(content: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        writer.write_all(content).expect("content");
        writer.finish().expect("stream")
    }

    fn refused(bytes: &[u8], index: usize, limits: &Limits) -> Code {
        let archive = Archive::open(bytes, "a.zip", limits).expect("opens");
        archive.entry(index).expect_err("must be refused").code
    }

    #[test]
    fn files_are_read_in_any_order_from_any_thread() {
        let bytes = zip_of(&[("d/", b""), ("d/a.json", b"{}"), ("診断.json", b"[]")]);
        let archive = Archive::open(&bytes, "a.zip", &Limits::DEFAULT).expect("opens");
        assert_eq!((archive.len(), archive.is_empty()), (2, false));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    assert_eq!(archive.entry(1).expect("reads").name, "診断.json");
                    assert_eq!(archive.entry(0).expect("reads").bytes, b"{}");
                });
            }
        });
        assert_eq!(archive.entry(2).expect_err("no such").code, Code::ArchiveInvalid);
    }

    #[test]
    fn names_that_leave_the_archive_are_refused() {
        for name in ["../a", "a/../../b", "/etc/a", "C:/a", "..\\a", "a\\..\\..\\b"] {
            let bytes = zip_of(&[(name, b"x")]);
            assert_eq!(refused(&bytes, 0, &Limits::DEFAULT), Code::ArchivePathTraversal, "{name}");
        }
        let bytes = zip_of(&[("a..b/c", b"x")]);
        assert!(Archive::open(&bytes, "a", &Limits::DEFAULT).expect("opens").entry(0).is_ok());
    }

    #[test]
    fn bombs_are_cut_off_whatever_they_declare() {
        let limits = Limits { ratio: 100, ..Limits::DEFAULT };
        let mut bytes = zip_of(&[("a", &vec![0; 8 << 20])]);
        assert_eq!(refused(&bytes, 0, &limits), Code::ArchiveBomb);
        // The same archive, declaring in both headers that the entry inflates to one byte.
        let size = (8_u32 << 20).to_le_bytes();
        while let Some(at) = memchr::memmem::find(&bytes, &size) {
            bytes[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
        }
        assert!(matches!(refused(&bytes, 0, &limits), Code::ArchiveBomb | Code::ArchiveInvalid));
        let limits = Limits { file_size: 10, ..Limits::DEFAULT };
        assert_eq!(refused(&zip_of(&[("a", b"0123456789a")]), 0, &limits), Code::ArchiveBomb);
        let stream = gzip_of(&vec![0; 8 << 20]);
        let limits = Limits { ratio: 100, ..Limits::DEFAULT };
        assert_eq!(gunzip(&stream, "a", &limits).expect_err("bomb").code, Code::ArchiveBomb);
    }

    #[test]
    fn sums_and_counts_are_limited() {
        let bytes = zip_of(&[("a", b"01234"), ("b", b"56789")]);
        let few = Limits { entries: 1, ..Limits::DEFAULT };
        assert_eq!(
            Archive::open(&bytes, "a", &few).err().expect("refused").code,
            Code::ArchiveTooManyEntries
        );
        let small = Limits { inflated: 9, ..Limits::DEFAULT };
        assert_eq!(Archive::open(&bytes, "a", &small).err().expect("refused").code, Code::ArchiveBomb);
        // One entry that is read twice counts twice.
        let enough = Limits { inflated: 10, ..Limits::DEFAULT };
        let archive = Archive::open(&bytes, "a", &enough).expect("opens");
        assert!(archive.entry(0).is_ok() && archive.entry(0).is_ok());
        assert_eq!(archive.entry(1).expect_err("too much").code, Code::ArchiveBomb);
    }

    #[test]
    fn archives_inside_archives_are_not_opened() {
        let inner = zip_of(&[("a", b"x")]);
        for content in [inner.clone(), gzip_of(b"x"), b"PK\x05\x06".to_vec()] {
            let bytes = zip_of(&[("inner.json", &content)]);
            assert_eq!(refused(&bytes, 0, &Limits::DEFAULT), Code::ArchiveNested);
        }
    }

    #[test]
    fn encrypted_and_damaged_entries_are_reported_alone() {
        let mut bytes = zip_of(&[("a", b"aaaaaaaaaaaaaaaa"), ("b", b"b")]);
        // Bit 0 of the flags in both headers of the first entry: encrypted.
        bytes[6] |= 1;
        let directory = memchr::memmem::find(&bytes, b"PK\x01\x02").expect("directory");
        bytes[directory + 8] |= 1;
        assert_eq!(refused(&bytes, 0, &Limits::DEFAULT), Code::ArchiveInvalid);
        let archive = Archive::open(&bytes, "a", &Limits::DEFAULT).expect("opens");
        assert_eq!(archive.entry(1).expect("reads").bytes, b"b");
    }

    #[test]
    fn truncated_archives_and_streams_are_refused() {
        let bytes = zip_of(&[("a", b"some content"), ("b", b"more content")]);
        for length in 0..bytes.len() {
            assert!(Archive::open(&bytes[..length], "a", &Limits::DEFAULT).is_err(), "{length}");
        }
        let stream = gzip_of(b"some content");
        for length in 0..stream.len() {
            if length > 0 {
                assert!(gunzip(&stream[..length], "a", &Limits::DEFAULT).is_err(), "{length}");
            }
        }
        assert_eq!(gunzip(&stream, "a", &Limits::DEFAULT).expect("reads"), b"some content");
    }

    #[test]
    fn no_flipped_byte_panics_or_changes_content_unnoticed() {
        let bytes = zip_of(&[("a", b"some content that deflates, deflates"), ("b", b"more")]);
        for at in 0..bytes.len() {
            for bit in [0x01, 0x80] {
                let mut damaged = bytes.clone();
                damaged[at] ^= bit;
                let Ok(archive) = Archive::open(&damaged, "a", &Limits::DEFAULT) else { continue };
                for index in 0..archive.len() {
                    if let Ok(entry) = archive.entry(index) {
                        assert!(
                            [b"some content that deflates, deflates".as_slice(), b"more"]
                                .contains(&&*entry.bytes),
                            "byte {at}: {entry:?}"
                        );
                    }
                }
            }
        }
    }
}
