//! Compound files: the container that Excel 97 to 2003 and encrypted workbooks are in.
//!
//! Source: MS-CFB. Chains of sectors are followed at most as far as the file is long, so that a circle ends.

use std::borrow::Cow;

/// First bytes of a compound file.
const SIGNATURE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Streams below this size are kept in the mini stream.
const MINI_CUTOFF: u64 = 4096;
/// Size of a sector of the mini stream.
const MINI_SECTOR: usize = 64;
/// Sector numbers from here on are marks (end of chain, free).
const LAST_SECTOR: u32 = 0xFFFF_FFFA;

/// True if the bytes begin like a compound file.
pub(in crate::sheet) fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(&SIGNATURE)
}

/// An opened compound file.
pub(super) struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    kind: u8,
    start: u32,
    size: u64,
}

impl<'b> Compound<'b> {
    /// Reads the tables and the directory.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Compound<'b>, &'static str> {
        let shift = word(bytes, 30).ok_or("the header is cut off")?;
        let sector = match shift {
            9 => 512,
            12 => 4096,
            _ => return Err("the sectors have a size that is not defined"),
        };
        let mut file = Compound {
            bytes,
            sector,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        file.fat = file.allocation_table()?;
        let first = double(bytes, 48).ok_or("the header is cut off")?;
        let directory = file.chain(first)?;
        file.entries = directory.chunks_exact(128).filter_map(|entry| file.entry(entry)).collect();
        let mini = double(bytes, 60).ok_or("the header is cut off")?;
        if mini < LAST_SECTOR {
            file.mini_fat = doubles(&file.chain(mini)?).collect();
        }
        let root = file.entries.iter().find(|entry| entry.kind == 5).map(|entry| entry.start);
        if let Some(start) = root.filter(|start| *start < LAST_SECTOR) {
            file.mini_stream = file.chain(start)?;
        }
        Ok(file)
    }

    /// True if there is a stream of this name, in whatever case.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream; `None` if there is none of this name.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, &'static str> {
        let wanted = |entry: &&Entry| entry.kind == 2 && entry.name.eq_ignore_ascii_case(name);
        let Some(entry) = self.entries.iter().find(wanted) else { return Ok(None) };
        let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
        let mut stream =
            if entry.size < MINI_CUTOFF { self.mini_chain(entry.start)? } else { self.chain(entry.start)? };
        if stream.len() < size {
            return Err("a stream is shorter than its directory says");
        }
        stream.truncate(size);
        Ok(Some(stream))
    }

    /// A sector; the last one may be cut off.
    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let start = usize::try_from(number).ok()?.checked_add(1)?.checked_mul(self.sector)?;
        let end = start.saturating_add(self.sector).min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector
    }

    fn allocation_table(&self) -> Result<Vec<u32>, &'static str> {
        let mut sectors: Vec<u32> =
            doubles(self.bytes.get(76..512).ok_or("the header is cut off")?).collect();
        let mut next = double(self.bytes, 68).unwrap_or(u32::MAX);
        let mut steps = 0;
        while next < LAST_SECTOR {
            steps += 1;
            let table = self.sector(next).ok_or("a table of sectors lies outside the file")?;
            if steps > self.sectors() {
                return Err("the tables of sectors form a circle");
            }
            let mut numbers: Vec<u32> = doubles(table).collect();
            next = numbers.pop().unwrap_or(u32::MAX);
            sectors.extend(numbers);
        }
        let mut fat = Vec::new();
        for number in sectors.into_iter().filter(|number| *number < LAST_SECTOR) {
            if fat.len() > self.sectors().saturating_add(self.sector) {
                break;
            }
            fat.extend(doubles(self.sector(number).ok_or("a table of sectors lies outside the file")?));
        }
        Ok(fat)
    }

    fn chain(&self, first: u32) -> Result<Vec<u8>, &'static str> {
        let mut out = Vec::new();
        let mut next = first;
        let mut steps = 0;
        while next < LAST_SECTOR {
            steps += 1;
            if steps > self.sectors() + 1 {
                return Err("sectors form a circle");
            }
            out.extend_from_slice(self.sector(next).ok_or("a sector lies outside the file")?);
            next = self.next(&self.fat, next)?;
        }
        Ok(out)
    }

    fn mini_chain(&self, first: u32) -> Result<Vec<u8>, &'static str> {
        let mut out = Vec::new();
        let mut next = first;
        while next < LAST_SECTOR {
            if out.len() as u64 > MINI_CUTOFF {
                return Err("sectors form a circle");
            }
            let start = usize::try_from(next).unwrap_or(usize::MAX).saturating_mul(MINI_SECTOR);
            let end = start.saturating_add(MINI_SECTOR).min(self.mini_stream.len());
            let sector = self.mini_stream.get(start..end).filter(|sector| !sector.is_empty());
            out.extend_from_slice(sector.ok_or("a sector lies outside the file")?);
            next = self.next(&self.mini_fat, next)?;
        }
        Ok(out)
    }

    fn next(&self, table: &[u32], number: u32) -> Result<u32, &'static str> {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        table.get(index).copied().ok_or("a sector lies outside the tables")
    }

    fn entry(&self, bytes: &[u8]) -> Option<Entry> {
        let kind = *bytes.get(66)?;
        if kind == 0 {
            return None;
        }
        let length = usize::from(word(bytes, 64)?).saturating_sub(2).min(62);
        let units = words(bytes.get(..length)?);
        let name = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
        let low = u64::from(double(bytes, 120)?);
        // Version 3 leaves the upper half undefined.
        let high = if self.sector == 512 { 0 } else { u64::from(double(bytes, 124)?) };
        Some(Entry { name, kind, start: double(bytes, 116)?, size: low | high << 32 })
    }
}

/// Two bytes, little endian.
pub(super) fn word(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(pair.try_into().ok()?))
}

/// Four bytes, little endian.
pub(super) fn double(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// A number of eight bytes, little endian.
pub(super) fn float(bytes: &[u8], at: usize) -> Option<f64> {
    let eight = bytes.get(at..at.checked_add(8)?)?;
    Some(f64::from_le_bytes(eight.try_into().ok()?))
}

/// Pairs of bytes.
pub(super) fn words(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
}

fn doubles(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// The text of bytes that are one half of UTF-16 each.
pub(super) fn narrow(bytes: &[u8]) -> Cow<'_, str> {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}
