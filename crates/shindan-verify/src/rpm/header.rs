//! A header of an RPM package: an index of tags and the data they point to.

use std::io::Read;

use super::{malformed, read};
use crate::artefact::Content;
use crate::refusal::Refusal;

/// rpm's own limits of a header (`hdrblobInit`): 64 Ki entries, 256 MiB of data.
const ENTRIES: u32 = 1 << 16;
const DATA: u32 = 256 << 20;

/// Types of data (rpmtag.h).
const INT16: u32 = 3;
const INT32: u32 = 4;
const INT64: u32 = 5;
const STRING: u32 = 6;
const BINARY: u32 = 7;
const STRING_ARRAY: u32 = 8;
const TRANSLATED: u32 = 9;

/// Tags of the signature header (rpmtag.h).
pub(super) mod signature_tag {
    pub(in super::super) const REGION: u32 = 62;
    pub(in super::super) const DSA_HEADER: u32 = 267;
    pub(in super::super) const RSA_HEADER: u32 = 268;
    pub(in super::super) const SHA1_HEADER: u32 = 269;
    pub(in super::super) const LONG_SIZE: u32 = 270;
    pub(in super::super) const LONG_ARCHIVE_SIZE: u32 = 271;
    pub(in super::super) const SHA256_HEADER: u32 = 273;
    pub(in super::super) const OPENPGP: u32 = 278;
    pub(in super::super) const SIZE: u32 = 1000;
    pub(in super::super) const PGP: u32 = 1002;
    pub(in super::super) const MD5: u32 = 1004;
    pub(in super::super) const GPG: u32 = 1005;
    pub(in super::super) const ARCHIVE_SIZE: u32 = 1007;
    pub(in super::super) const RESERVED: u32 = 1008;
}

/// A header as it stands in the file.
pub(super) struct Header {
    pub(super) raw: Vec<u8>,
    entries: Vec<Entry>,
    data: usize,
}

struct Entry {
    tag: u32,
    kind: u32,
    offset: usize,
    count: usize,
}

impl Header {
    pub(super) fn read(content: &mut dyn Content) -> Result<Header, Refusal> {
        let mut raw = vec![0; 16];
        read(content, &mut raw)?;
        if !raw.starts_with(&[0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0]) {
            return Err(malformed("header"));
        }
        let (entries, data) = (number(&raw, 8).unwrap_or(0), number(&raw, 12).unwrap_or(0));
        if entries == 0 || entries > ENTRIES || data > DATA {
            return Err(malformed("size of header"));
        }
        let rest = entries as usize * 16 + data as usize;
        let got = content.take(rest as u64).read_to_end(&mut raw).map_err(|e| Refusal::io(&e))?;
        if got != rest {
            return Err(malformed("ends too early"));
        }
        let entry = |index: usize| {
            let at = 16 + index * 16;
            Some(Entry {
                tag: number(&raw, at)?,
                kind: number(&raw, at + 4)?,
                offset: number(&raw, at + 8)? as usize,
                count: number(&raw, at + 12)? as usize,
            })
        };
        let entries: Option<Vec<Entry>> = (0..entries as usize).map(entry).collect();
        let entries = entries.ok_or_else(|| malformed("header"))?;
        let data = 16 + entries.len() * 16;
        let header = Header { raw, entries, data };
        header.has_each_tag_once()?;
        Ok(header)
    }

    /// A tag that occurs twice could mean one thing to us and another to rpm.
    fn has_each_tag_once(&self) -> Result<(), Refusal> {
        let mut tags: Vec<u32> = self.entries.iter().map(|entry| entry.tag).collect();
        tags.sort_unstable();
        if tags.windows(2).any(|pair| pair.first() == pair.get(1)) {
            return Err(malformed("a tag occurs twice"));
        }
        Ok(())
    }

    /// The signature header is signed by nothing. It may hold what is known, in the known types, and not a byte more, so
    /// that nothing can be hidden there and nothing that is compared can be made to disappear.
    pub(super) fn is_signature_header(&self) -> Result<(), Refusal> {
        use signature_tag as tag;
        for entry in &self.entries {
            let fits = match entry.tag {
                tag::REGION => entry.kind == BINARY && self.is_region(entry),
                tag::DSA_HEADER | tag::RSA_HEADER | tag::PGP | tag::GPG | tag::RESERVED => {
                    entry.kind == BINARY
                }
                tag::MD5 => entry.kind == BINARY && entry.count == 16,
                tag::SHA1_HEADER | tag::SHA256_HEADER => entry.kind == STRING,
                tag::OPENPGP => entry.kind == STRING_ARRAY && entry.count == 1,
                tag::SIZE | tag::ARCHIVE_SIZE => entry.kind == INT32 && entry.count == 1,
                tag::LONG_SIZE | tag::LONG_ARCHIVE_SIZE => entry.kind == INT64 && entry.count == 1,
                other => return Err(Refusal::unsupported(format!("RPM signature tag {other}"))),
            };
            if !fits {
                return Err(malformed("signature header"));
            }
        }
        if self.is_gapless() { Ok(()) } else { Err(malformed("signature header")) }
    }

    /// The region's trailer repeats the region's own entry, with the negative size of the index as its offset.
    fn is_region(&self, entry: &Entry) -> bool {
        let index = u32::try_from(self.entries.len() * 16).unwrap_or(0);
        let words = [signature_tag::REGION, BINARY, index.wrapping_neg(), 16];
        let trailer: Vec<u8> = words.into_iter().flat_map(u32::to_be_bytes).collect();
        entry.count == 16 && self.data_of(entry).and_then(|data| data.get(..16)) == Some(&trailer)
    }

    /// Whether the entries' data cover the header without overlap; only zeros for alignment may stand between.
    fn is_gapless(&self) -> bool {
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for entry in &self.entries {
            let Some(length) = self.length(entry) else { return false };
            spans.push((entry.offset, length));
        }
        spans.sort_unstable();
        let mut end = 0usize;
        for (offset, length) in spans {
            let gap = offset.checked_sub(end).and_then(|_| self.raw.get(self.data + end..self.data + offset));
            if gap.is_none_or(|gap| gap.len() >= 8 || gap.iter().any(|byte| *byte != 0)) {
                return false;
            }
            end = offset + length;
        }
        self.data + end == self.raw.len()
    }

    /// Length of the data in bytes.
    fn length(&self, entry: &Entry) -> Option<usize> {
        let data = self.data_of(entry)?;
        let length = match entry.kind {
            INT16 => entry.count.checked_mul(2)?,
            INT32 => entry.count.checked_mul(4)?,
            INT64 => entry.count.checked_mul(8)?,
            BINARY => entry.count,
            STRING if entry.count != 1 => return None,
            STRING | STRING_ARRAY | TRANSLATED => {
                let ends = data.iter().enumerate().filter(|(_, byte)| **byte == 0).map(|(at, _)| at + 1);
                ends.take(entry.count).last().unwrap_or(0)
            }
            _ => return None,
        };
        data.get(..length).map(<[u8]>::len)
    }

    fn data_of(&self, entry: &Entry) -> Option<&[u8]> {
        self.raw.get(self.data.checked_add(entry.offset)?..)
    }

    /// The data of a tag, which must be of one of the types.
    fn find(&self, tag: u32, kinds: &[u32]) -> Result<Option<(&Entry, &[u8])>, Refusal> {
        let Some(entry) = self.entries.iter().find(|entry| entry.tag == tag) else { return Ok(None) };
        let data = self.length(entry).and_then(|length| self.data_of(entry)?.get(..length));
        match data.filter(|_| kinds.contains(&entry.kind)) {
            Some(data) => Ok(Some((entry, data))),
            None => Err(malformed(&format!("tag {tag}"))),
        }
    }

    pub(super) fn bytes(&self, tag: u32) -> Result<Option<&[u8]>, Refusal> {
        Ok(self.find(tag, &[BINARY])?.map(|(_, data)| data))
    }

    /// The first text.
    pub(super) fn text(&self, tag: u32) -> Result<Option<String>, Refusal> {
        let Some((_, data)) = self.find(tag, &[STRING, STRING_ARRAY, TRANSLATED])? else { return Ok(None) };
        let text = data.split(|byte| *byte == 0).next().unwrap_or_default();
        let text = std::str::from_utf8(text).map_err(|_| malformed(&format!("tag {tag}")))?;
        Ok(Some(text.to_owned()))
    }

    /// The first 32-bit number.
    pub(super) fn number(&self, tag: u32) -> Result<Option<u32>, Refusal> {
        Ok(self.find(tag, &[INT32])?.and_then(|(_, data)| number(data, 0)))
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
