//! The bytes of an index file: header, sections, records with checksums, and a cursor that never panics.
//!
//! ```text
//! magic "SHINDAN\n" | format version u32 | section count u32 | checksum of the table u64 | sections …
//! section entry: id u32 | flags u32 | offset u64 | length u64 | checksum u64
//! record: length u64 | checksum u32 | body
//! ```
//!
//! All numbers are little-endian. Sections flagged `WHOLE` are verified when the file is opened (they are small, and
//! damage there would hide entries); records elsewhere are verified when they are read, tables and rows of offsets
//! block by block when they are looked at (`numbers`). So a damaged file leads to an error, never to a missing finding,
//! and opening costs the same for a small file and a large one.

use thiserror::Error;
use xxhash_rust::xxh3::xxh3_64;

/// First bytes of every index file.
pub const MAGIC: &[u8; 8] = b"SHINDAN\n";
/// Raised whenever the layout changes; a reader refuses every other version.
pub const FORMAT_VERSION: u32 = 12;

const HEADER: usize = 24;
const ENTRY: usize = 32;
const WHOLE: u32 = 1;

/// The parts of an index file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum SectionId {
    /// JSON: `KnowledgeSummary` and the counts per ecosystem.
    Meta = 1,
    /// Hash table: product key → posting list.
    Keys = 2,
    /// Records: posting lists.
    Postings = 3,
    /// Hash table: identifier → vulnerability and advisory numbers.
    Identifiers = 4,
    /// Numbers: offsets of the vulnerability records.
    VulnerabilityOffsets = 5,
    /// Records: facts of vulnerabilities.
    Vulnerabilities = 6,
    /// Numbers: offsets of the advisory records.
    AdvisoryOffsets = 7,
    /// Records: advisories, as `told` writes them.
    Advisories = 8,
    /// Records: source documents, each its own, as `told` writes them.
    Documents = 9,
    /// One record: KEV and EPSS rows, as `told` writes them.
    Enrichments = 10,
    /// One record, JSON: makers, their products, aliases and the hardware → software dictionary.
    Devices = 11,
    /// Records: identifier entries that the identifier table points to.
    IdentifierEntries = 12,
    /// Hash table: name of an update → its number.
    UpdateNames = 13,
    /// Numbers: offsets of the update records.
    UpdateOffsets = 14,
    /// Records: an update and what it replaces.
    Updates = 15,
    /// One record: a print of what is filed under each key.
    KeyPrints = 16,
    /// Records: identifiers and titles of vulnerabilities, to be searched by words. Absent in an index that was built before there was
    /// such a section.
    VulnerabilityWords = 17,
    /// Records: names of products, to be searched by words. Absent as the one before.
    ProductWords = 18,
    /// Numbers: offsets of the source documents.
    DocumentOffsets = 19,
    /// Of a stored list, JSON: what it holds beside components and assets.
    ListHead = 32,
    /// JSON: how it stands as a whole.
    ListState = 33,
    /// One record: u64 offsets of the components.
    ListOffsets = 34,
    /// Records: components.
    ListRecords = 35,
    /// One record: u64 offsets of the assets.
    ListAssetOffsets = 36,
    /// Records: assets as JSON.
    ListAssets = 37,
    /// One record: numbers of the components in a top layer.
    ListPositions = 38,
    /// One record: numbers of the components that could not be judged as a whole.
    ListDoubtful = 39,
    /// One record: first key and offset of each block of keys.
    ListKeyStarts = 40,
    /// Records: blocks of keys with the components for which they are consulted.
    ListKeys = 41,
    /// One record: numbers of the components of which an answer tells something.
    ListTelling = 42,
}

/// The file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IndexError {
    /// Not an index file, cut off, or a checksum does not fit.
    #[error("the knowledge index is damaged ({0}); run `shindan kb build` again")]
    Damaged(&'static str),
    /// Written by another version of this program.
    #[error(
        "the knowledge index has format {found}, this program reads {expected}; run `shindan kb build` again"
    )]
    Version {
        /// In the file.
        found: u32,
        /// Of this program.
        expected: u32,
    },
    /// A stored list is not what it was written as.
    #[error("a stored list is damaged ({0}); run `shindan portfolio rebuild`")]
    Stored(&'static str),
}

/// Collects sections and writes the file.
#[derive(Debug, Default)]
pub struct FileWriter {
    sections: Vec<(SectionId, bool, Vec<u8>)>,
}

impl FileWriter {
    /// Adds a section; `whole` sections are verified at opening.
    pub fn add(&mut self, id: SectionId, whole: bool, bytes: Vec<u8>) {
        self.sections.push((id, whole, bytes));
    }

    /// Adds the sections of another one after its own.
    pub fn append(&mut self, other: FileWriter) {
        self.sections.extend(other.sections);
    }

    /// The bytes of the file, put together.
    pub fn finish(self) -> Vec<u8> {
        self.assemble().slices().collect::<Vec<_>>().concat()
    }

    /// The file, whose sections stay where they are.
    pub fn assemble(self) -> IndexFile {
        let table = self.sections.len() * ENTRY;
        let mut head = Vec::with_capacity(HEADER + table);
        let mut entries = Vec::with_capacity(table);
        let mut offset = (HEADER + table) as u64;
        for (id, whole, bytes) in &self.sections {
            offset = offset.next_multiple_of(8);
            entries.extend_from_slice(&(*id as u32).to_le_bytes());
            entries.extend_from_slice(&(if *whole { WHOLE } else { 0 }).to_le_bytes());
            entries.extend_from_slice(&offset.to_le_bytes());
            entries.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            entries.extend_from_slice(&(if *whole { xxh3_64(bytes) } else { 0 }).to_le_bytes());
            offset += bytes.len() as u64;
        }
        head.extend_from_slice(MAGIC);
        head.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        head.extend_from_slice(&(self.sections.len() as u32).to_le_bytes());
        head.extend_from_slice(&xxh3_64(&entries).to_le_bytes());
        head.extend_from_slice(&entries);
        IndexFile { head, sections: self.sections.into_iter().map(|(_, _, bytes)| bytes).collect() }
    }
}

/// A file that is not in one piece: it may be large, and who writes it needs it only piece by piece.
#[derive(Debug)]
pub struct IndexFile {
    head: Vec<u8>,
    sections: Vec<Vec<u8>>,
}

impl IndexFile {
    /// The pieces, in order.
    pub fn slices(&self) -> impl Iterator<Item = &[u8]> {
        static PADDING: [u8; 8] = [0; 8];
        let last = self.sections.len().saturating_sub(1);
        let behind = self.sections.iter().enumerate().flat_map(move |(number, bytes)| {
            // Each section begins at a multiple of eight; so does the first one, right behind the head.
            let missing = if number == last { 0 } else { bytes.len().next_multiple_of(8) - bytes.len() };
            [bytes.as_slice(), PADDING.get(..missing).unwrap_or_default()]
        });
        std::iter::once(self.head.as_slice()).chain(behind)
    }
}

/// The section table of a file whose header and `WHOLE` sections have been verified.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    bytes: &'a [u8],
    entries: &'a [u8],
}

impl<'a> File<'a> {
    /// Verifies header, table and the sections that are verified whole.
    ///
    /// # Errors
    /// [`IndexError`] if the file is cut off, damaged or of another version.
    pub fn open(bytes: &'a [u8]) -> Result<Self, IndexError> {
        let file = File::open_again(bytes)?;
        for entry in file.entries.chunks_exact(ENTRY) {
            let body = file.body(entry)?;
            if u32_at(entry, 4)? & WHOLE != 0 && xxh3_64(body) != u64_at(entry, 24)? {
                return Err(IndexError::Damaged("section checksum"));
            }
        }
        Ok(file)
    }

    /// As [`File::open`], of bytes whose sections were verified before and have not changed since.
    ///
    /// # Errors
    /// As [`File::open`], but for the sections.
    pub fn open_again(bytes: &'a [u8]) -> Result<Self, IndexError> {
        if bytes.get(..8) != Some(MAGIC.as_slice()) {
            return Err(IndexError::Damaged("no index header"));
        }
        let found = u32_at(bytes, 8)?;
        if found != FORMAT_VERSION {
            return Err(IndexError::Version { found, expected: FORMAT_VERSION });
        }
        let count = u32_at(bytes, 12)? as usize;
        let end = count.checked_mul(ENTRY).and_then(|n| n.checked_add(HEADER));
        let entries =
            end.and_then(|end| bytes.get(HEADER..end)).ok_or(IndexError::Damaged("section table cut off"))?;
        if u64_at(bytes, 16)? != xxh3_64(entries) {
            return Err(IndexError::Damaged("section table checksum"));
        }
        let file = File { bytes, entries };
        // Every section lies within the file.
        entries.chunks_exact(ENTRY).try_for_each(|entry| file.body(entry).map(drop))?;
        Ok(file)
    }

    fn body(&self, entry: &[u8]) -> Result<&'a [u8], IndexError> {
        let (offset, length) = (u64_at(entry, 8)?, u64_at(entry, 16)?);
        let range = usize::try_from(offset)
            .ok()
            .and_then(|o| usize::try_from(length).ok().and_then(|l| o.checked_add(l)).map(|end| o..end));
        range.and_then(|r| self.bytes.get(r)).ok_or(IndexError::Damaged("section cut off"))
    }

    /// Whether the file has the section at all.
    pub fn has(&self, id: SectionId) -> bool {
        self.entries.chunks_exact(ENTRY).any(|entry| u32_at(entry, 0) == Ok(id as u32))
    }

    /// The bytes of a section.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if the section is not there.
    pub fn section(&self, id: SectionId) -> Result<&'a [u8], IndexError> {
        for entry in self.entries.chunks_exact(ENTRY) {
            if u32_at(entry, 0)? == id as u32 {
                return self.body(entry);
            }
        }
        Err(IndexError::Damaged("section missing"))
    }
}

/// Reads a `u32` at a byte offset.
///
/// # Errors
/// [`IndexError::Damaged`] beyond the end.
pub fn u32_at(bytes: &[u8], at: usize) -> Result<u32, IndexError> {
    bytes
        .get(at..)
        .and_then(|b| b.first_chunk::<4>())
        .map(|b| u32::from_le_bytes(*b))
        .ok_or(IndexError::Damaged("number cut off"))
}

/// Reads a `u64` at a byte offset.
///
/// # Errors
/// [`IndexError::Damaged`] beyond the end.
pub fn u64_at(bytes: &[u8], at: usize) -> Result<u64, IndexError> {
    bytes
        .get(at..)
        .and_then(|b| b.first_chunk::<8>())
        .map(|b| u64::from_le_bytes(*b))
        .ok_or(IndexError::Damaged("number cut off"))
}

/// Bytes in front of the body of a record: its length and checksum.
pub const RECORD_HEAD: usize = 12;

/// Appends a record and returns its offset.
pub fn push_record(section: &mut Vec<u8>, body: &[u8]) -> u64 {
    let offset = section.len() as u64;
    section.extend_from_slice(&record_head(body));
    section.extend_from_slice(body);
    offset
}

/// What stands in front of a body: its length and its checksum.
fn record_head(body: &[u8]) -> [u8; RECORD_HEAD] {
    let mut head = [0; RECORD_HEAD];
    let (length, checksum) = head.split_at_mut(8);
    length.copy_from_slice(&(body.len() as u64).to_le_bytes());
    checksum.copy_from_slice(&(xxh3_64(body) as u32).to_le_bytes());
    head
}

/// Appends a record whose body `write` appends in place, and returns its offset. On an error the section is lost with it.
///
/// # Panics
/// If `write` takes away what was there, which no input can make it do.
///
/// # Errors
/// Those of `write`.
pub(super) fn write_record<E>(
    mut section: Vec<u8>,
    write: impl FnOnce(Vec<u8>) -> Result<Vec<u8>, E>,
) -> Result<(Vec<u8>, u64), E> {
    let offset = section.len();
    section.extend_from_slice(&[0; RECORD_HEAD]);
    let mut section = write(section)?;
    // What was there stays: the head is of the record that begins at the offset.
    let (_, record) = section.split_at_mut(offset);
    let (head, body) = record.split_at_mut(RECORD_HEAD);
    head.copy_from_slice(&record_head(body));
    Ok((section, offset as u64))
}

/// Reads and verifies the record at `offset`.
///
/// # Errors
/// [`IndexError::Damaged`] if it is cut off or its checksum does not fit.
pub fn record(section: &[u8], offset: u64) -> Result<&[u8], IndexError> {
    let start = usize::try_from(offset).map_err(|_| IndexError::Damaged("offset too large"))?;
    let length = u64_at(section, start)?;
    let head = start.checked_add(RECORD_HEAD).ok_or(IndexError::Damaged("offset too large"))?;
    let checksum = u32_at(section, head - 4)?;
    let body = usize::try_from(length)
        .ok()
        .and_then(|length| head.checked_add(length))
        .and_then(|end| section.get(head..end))
        .ok_or(IndexError::Damaged("record cut off"))?;
    if xxh3_64(body) as u32 != checksum {
        return Err(IndexError::Damaged("record checksum"));
    }
    Ok(body)
}

/// Appends numbers and strings to a record body.
pub trait Encode {
    /// LEB128.
    fn put_number(&mut self, value: u64);
    /// Length, then the bytes.
    fn put_bytes(&mut self, value: &[u8]);
    /// Length, then the UTF-8 bytes.
    fn put_text(&mut self, value: &str) {
        self.put_bytes(value.as_bytes());
    }
}

impl Encode for Vec<u8> {
    fn put_number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.push((value as u8) | 0x80);
            value >>= 7;
        }
        self.push(value as u8);
    }

    fn put_bytes(&mut self, value: &[u8]) {
        self.put_number(value.len() as u64);
        self.extend_from_slice(value);
    }
}

/// Reads a record body from front to back.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    /// At the start of `body`.
    pub fn new(body: &'a [u8]) -> Self {
        Cursor { rest: body }
    }

    /// True at the end.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// One byte.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] at the end.
    pub fn byte(&mut self) -> Result<u8, IndexError> {
        let (first, rest) = self.rest.split_first().ok_or(IndexError::Damaged("record too short"))?;
        self.rest = rest;
        Ok(*first)
    }

    /// LEB128.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] at the end or above 64 bits.
    pub fn number(&mut self) -> Result<u64, IndexError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(IndexError::Damaged("number too long"))
    }

    /// A number that counts things in memory.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] as [`Cursor::number`], or if it is larger than the rest of the record.
    pub fn count(&mut self) -> Result<usize, IndexError> {
        let n = self.number()?;
        // Everything counted takes at least one byte; a larger count is damage and must not allocate.
        if n > self.rest.len() as u64 {
            return Err(IndexError::Damaged("count too large"));
        }
        Ok(n as usize)
    }

    /// Length-prefixed bytes.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if cut off.
    pub fn bytes(&mut self) -> Result<&'a [u8], IndexError> {
        let length = self.count()?;
        let (head, rest) =
            self.rest.split_at_checked(length).ok_or(IndexError::Damaged("record too short"))?;
        self.rest = rest;
        Ok(head)
    }

    /// Length-prefixed UTF-8.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if cut off or not UTF-8.
    pub fn text(&mut self) -> Result<&'a str, IndexError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| IndexError::Damaged("text is not UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_byte_of_a_verified_part_is_an_error() {
        let mut records = Vec::new();
        let offset = push_record(&mut records, b"hello");
        let mut writer = FileWriter::default();
        writer.add(SectionId::Keys, true, vec![1, 2, 3, 4, 5]);
        writer.add(SectionId::Postings, false, records);
        let file = writer.finish();
        let read = |bytes: &[u8]| -> Result<Vec<u8>, IndexError> {
            let file = File::open(bytes)?;
            let mut all = file.section(SectionId::Keys)?.to_vec();
            all.extend_from_slice(record(file.section(SectionId::Postings)?, offset)?);
            Ok(all)
        };
        assert_eq!(read(&file).unwrap(), b"\x01\x02\x03\x04\x05hello");
        let good = read(&file).unwrap();
        for at in 0..file.len() {
            let mut bad = file.clone();
            bad[at] ^= 0x40;
            // Padding between sections carries nothing; everything else must be noticed.
            if let Ok(same) = read(&bad) {
                assert_eq!(same, good, "byte {at} was changed unnoticed");
            }
            assert!(read(&file[..at]).is_err(), "cut at {at} was not noticed");
        }
    }

    #[test]
    fn numbers_survive() {
        for n in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut body = Vec::new();
            body.put_number(n);
            assert_eq!(Cursor::new(&body).number().unwrap(), n);
        }
    }
}
