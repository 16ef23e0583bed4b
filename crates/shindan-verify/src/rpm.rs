//! RPM packages of format 4: the OpenPGP signature over the header, and the payload's digest inside that header; for
//! packages without such a digest, the signature over header and payload together.
//!
//! The 96 bytes of the lead and the unsigned tags of the signature header are covered by no signature. What can be
//! compared there (sizes, digests, reserved space) is.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use base64ct::{Base64, Encoding};
use shindan_domain::verification::VerificationCode;

use crate::artefact::{Artefact, Content};
use crate::digest::{Algorithm, Hasher, hex, pump};
use crate::openpgp::{self, Trust};
use crate::refusal::{Refusal, Signed};

const LEAD: u64 = 96;
/// rpm's own limits of a header (`hdrblobInit`): 64 Ki entries, 256 MiB of data.
const ENTRIES: u32 = 1 << 16;
const DATA: u32 = 256 << 20;

/// Tags of the signature header (rpmtag.h).
mod signature_tag {
    pub(super) const SIZE: u32 = 1000;
    pub(super) const PGP: u32 = 1002;
    pub(super) const MD5: u32 = 1004;
    pub(super) const GPG: u32 = 1005;
    pub(super) const RESERVED: u32 = 1008;
    pub(super) const DSA_HEADER: u32 = 267;
    pub(super) const RSA_HEADER: u32 = 268;
    pub(super) const SHA1_HEADER: u32 = 269;
    pub(super) const SHA256_HEADER: u32 = 273;
    pub(super) const OPENPGP: u32 = 278;
}

/// Tags of the main header.
mod tag {
    pub(super) const NAME: u32 = 1000;
    pub(super) const VERSION: u32 = 1001;
    pub(super) const RELEASE: u32 = 1002;
    pub(super) const ARCHITECTURE: u32 = 1022;
    pub(super) const PAYLOAD_DIGEST: u32 = 5092;
    pub(super) const PAYLOAD_DIGEST_ALGORITHM: u32 = 5093;
}

/// Verifies signature and digests.
pub(crate) fn verify(artefact: &mut Artefact<'_>, trust: Trust<'_>) -> Result<Signed, Refusal> {
    let content = artefact.rewound().map_err(|e| Refusal::io(&e))?;
    let mut lead = [0u8; LEAD as usize];
    read(content, &mut lead)?;
    if !lead.starts_with(&[0xed, 0xab, 0xee, 0xdb]) {
        return Err(malformed("not an RPM package"));
    }
    if lead.get(4) != Some(&3)
        || lead.get(78..80) != Some(&[0, 5])
        || lead.get(80..).is_some_and(|r| r.iter().any(|b| *b != 0))
    {
        return Err(malformed("lead"));
    }
    let signatures = Header::read(content)?;
    let padding = signatures.raw.len().wrapping_neg() % 8;
    let mut zeros = vec![0; padding];
    read(content, &mut zeros)?;
    if zeros.iter().any(|byte| *byte != 0) {
        return Err(malformed("padding behind the signature header"));
    }
    let start = LEAD + (signatures.raw.len() + padding) as u64;
    let header = Header::read(content)?;
    header_digests(&signatures, &header)?;
    let payload_is_named = payload(content, &signatures, &header)?;
    let (signature, covers_payload) = signature(&signatures, payload_is_named)?;
    let mut signed = if covers_payload {
        openpgp::detached(&mut Tail::new(content, start).map_err(|e| Refusal::io(&e))?, &signature, trust)?
    } else {
        openpgp::detached(&mut Cursor::new(&header.raw), &signature, trust)?
    };
    let names = [
        ("name", tag::NAME),
        ("version", tag::VERSION),
        ("release", tag::RELEASE),
        ("arch", tag::ARCHITECTURE),
    ];
    for (name, tag) in names {
        if let Some(text) = header.text(tag) {
            signed.params.insert(name.to_owned(), crate::refusal::readable(&text));
        }
    }
    Ok(signed)
}

fn malformed(reason: &str) -> Refusal {
    Refusal::unreadable(VerificationCode::FileMalformed).with("format", "RPM").with("reason", reason)
}

fn read(content: &mut dyn Content, into: &mut [u8]) -> Result<(), Refusal> {
    content.read_exact(into).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => malformed("ends too early"),
        _ => Refusal::io(&error),
    })
}

/// The signature to verify, and whether it is over header and payload. A package whose header does not name its payload
/// needs the latter.
fn signature(signatures: &Header, payload_is_named: bool) -> Result<(Vec<u8>, bool), Refusal> {
    use signature_tag::{DSA_HEADER, GPG, OPENPGP, PGP, RSA_HEADER};
    let over_header = [RSA_HEADER, DSA_HEADER].iter().find_map(|tag| signatures.bytes(*tag));
    let over_both = [PGP, GPG].iter().find_map(|tag| signatures.bytes(*tag));
    if payload_is_named {
        if let Some(signature) = over_header {
            return Ok((signature.to_vec(), false));
        }
        if let Some(text) = signatures.text(OPENPGP) {
            let signature = Base64::decode_vec(&text).map_err(|_| malformed("signature is not base64"))?;
            return Ok((signature, false));
        }
    }
    match over_both {
        Some(signature) => Ok((signature.to_vec(), true)),
        None if over_header.is_some() => {
            Err(Refusal::not_covered(VerificationCode::PartNotCovered).with("reason", "payload"))
        }
        None => Err(Refusal::not_covered(VerificationCode::NotSigned)),
    }
}

/// Compares the digests of the header that stand beside it. Unsigned, so they prove nothing; but if they differ,
/// something was altered.
fn header_digests(signatures: &Header, header: &Header) -> Result<(), Refusal> {
    let tags =
        [(signature_tag::SHA256_HEADER, Algorithm::Sha256), (signature_tag::SHA1_HEADER, Algorithm::Sha1)];
    for (tag, algorithm) in tags {
        if let Some(expected) = signatures.text(tag) {
            compare(&expected, &algorithm.of(&header.raw))?;
        }
    }
    if signatures.bytes(signature_tag::RESERVED).is_some_and(|bytes| bytes.iter().any(|byte| *byte != 0)) {
        return Err(malformed("reserved space is in use"));
    }
    Ok(())
}

fn compare(expected: &str, computed: &[u8]) -> Result<(), Refusal> {
    let computed = hex(computed);
    if expected == computed {
        return Ok(());
    }
    Err(Refusal::mismatch(VerificationCode::DigestDifferent)
        .comparing(crate::refusal::readable(expected), computed))
}

/// Reads the payload to its end and compares it with the header's digest, and with the unsigned size and MD5. Tells
/// whether the header names the payload by a strong digest.
fn payload(content: &mut dyn Content, signatures: &Header, header: &Header) -> Result<bool, Refusal> {
    let algorithm = match (header.text(tag::PAYLOAD_DIGEST), header.number(tag::PAYLOAD_DIGEST_ALGORITHM)) {
        (None, _) => None,
        (Some(_), Some(8)) => Some(Algorithm::Sha256),
        (Some(_), Some(9)) => Some(Algorithm::Sha384),
        (Some(_), Some(10)) => Some(Algorithm::Sha512),
        (Some(_), other) => {
            return Err(Refusal::unsupported(format!("payload digest algorithm {other:?}")));
        }
    };
    let mut digest = algorithm.map(Hasher::new);
    let mut md5 = Hasher::new(Algorithm::Md5);
    md5.update(&header.raw);
    let size = pump(content, |piece| {
        md5.update(piece);
        if let Some(digest) = &mut digest {
            digest.update(piece);
        }
    });
    let size = size.map_err(|e| Refusal::io(&e))? + header.raw.len() as u64;
    if let (Some(digest), Some(expected)) = (digest, header.text(tag::PAYLOAD_DIGEST)) {
        compare(&expected, &digest.finish())?;
    }
    if let Some(expected) = signatures.bytes(signature_tag::MD5) {
        compare(&hex(expected), &md5.finish())?;
    }
    if signatures.number(signature_tag::SIZE).is_some_and(|expected| u64::from(expected) != size) {
        return Err(Refusal::mismatch(VerificationCode::DigestDifferent).with("reason", "size"));
    }
    Ok(algorithm.is_some())
}

/// A header as it stands in the file.
struct Header {
    raw: Vec<u8>,
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
    fn read(content: &mut dyn Content) -> Result<Header, Refusal> {
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
        // A tag that occurs twice could mean one thing to us and another to rpm.
        let mut tags: Vec<u32> = header.entries.iter().map(|entry| entry.tag).collect();
        tags.sort_unstable();
        if tags.windows(2).any(|pair| pair.first() == pair.get(1)) {
            return Err(malformed("a tag occurs twice"));
        }
        Ok(header)
    }

    fn entry(&self, tag: u32, kinds: &[u32]) -> Option<(&Entry, &[u8])> {
        let entry = self.entries.iter().find(|entry| entry.tag == tag && kinds.contains(&entry.kind))?;
        Some((entry, self.raw.get(self.data.checked_add(entry.offset)?..)?))
    }

    /// Type 7: bytes.
    fn bytes(&self, tag: u32) -> Option<&[u8]> {
        let (entry, data) = self.entry(tag, &[7])?;
        data.get(..entry.count)
    }

    /// Types 6, 8 and 9: the first text.
    fn text(&self, tag: u32) -> Option<String> {
        let (_, data) = self.entry(tag, &[6, 8, 9])?;
        let end = data.iter().position(|byte| *byte == 0)?;
        String::from_utf8(data.get(..end)?.to_vec()).ok()
    }

    /// Type 4: the first 32-bit number.
    fn number(&self, tag: u32) -> Option<u32> {
        let (entry, data) = self.entry(tag, &[4])?;
        if entry.count == 0 { None } else { number(data, 0) }
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The content from an offset on.
struct Tail<'a> {
    content: &'a mut dyn Content,
    start: u64,
}

impl<'a> Tail<'a> {
    fn new(content: &'a mut dyn Content, start: u64) -> io::Result<Self> {
        content.seek(SeekFrom::Start(start))?;
        Ok(Tail { content, start })
    }
}

impl Read for Tail<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.content.read(buffer)
    }
}

impl Seek for Tail<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(at) => SeekFrom::Start(at.saturating_add(self.start)),
            other => other,
        };
        Ok(self.content.seek(to)?.saturating_sub(self.start))
    }
}
