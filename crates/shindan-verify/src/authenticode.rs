//! Authenticode: the signature inside a PE file ("Windows Authenticode Portable Executable Signature Format", 2008).
//!
//! The digest leaves out the checksum, the directory entry of the certificate table, and that table. What Authenticode
//! does not protect is held against the format instead: the checksum must be right or zero, the table must stand at the
//! end and hold one signature and nothing else.

use std::io::{self, Read, SeekFrom};

use cms::signed_data::SignerInfo;
use der::asn1::ObjectIdentifier;
use der::{Any, Decode, Reader, SliceReader, Tag, Tagged};
use shindan_domain::verification::VerificationCode;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::artefact::{Artefact, Content};
use crate::cms::{Anchors, Message};
use crate::digest::{Algorithm, Hasher, hex, pump};
use crate::public_key;
use crate::refusal::{Refusal, Signed};
use crate::x509::{self, Path};

const INDIRECT_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.2.1.4");
/// The largest certificate table that is read, in bytes.
const LARGEST_TABLE: u32 = 16 << 20;
/// The largest header in front of the sections, in bytes.
const LARGEST_HEADER: u64 = 1 << 20;

/// Verifies the signature inside a PE file.
pub(crate) fn verify(artefact: &mut Artefact<'_>, anchors: Anchors<'_>) -> Result<Signed, Refusal> {
    let size = artefact.size().map_err(|e| Refusal::io(&e))?;
    let content = artefact.rewound().map_err(|e| Refusal::io(&e))?;
    let layout = Layout::read(content, size)?;
    let table = layout.table(content)?;
    let message = Message::read(signature(&table)?)?;
    let (info, algorithm) = message.signer()?;
    let signed = signed_digest(&message)?;
    let (content_digest, file_algorithm, expected) =
        (algorithm.of(&signed.content), signed.algorithm, signed.digest);
    let certificate = message.verify(info, algorithm, INDIRECT_DATA, &content_digest)?;
    let by = x509::subject(certificate);
    let computed = layout.digest(artefact, file_algorithm)?;
    if expected != computed {
        let refusal = Refusal::mismatch(VerificationCode::DigestDifferent).by(by);
        return Err(refusal.comparing(hex(&expected), hex(&computed)));
    }
    layout.checksum_holds(artefact)?;
    let time = time(&message, info, anchors)?;
    let path = Path {
        anchors: anchors.certificates,
        between: &message.certificates,
        at: time.unwrap_or(anchors.at),
        purpose: x509::CODE_SIGNING,
    };
    path.from(certificate)?;
    x509::pinned(certificate, anchors.pins)?;
    let digest = Some(hex(&computed));
    Ok(Signed { signer: Some(by), at: time, expected: digest.clone(), computed: digest, ..Signed::default() })
}

fn time(
    message: &Message,
    info: &SignerInfo,
    anchors: Anchors<'_>,
) -> Result<Option<jiff::Timestamp>, Refusal> {
    message.trusted_time(info, anchors)
}

fn malformed(reason: &str) -> Refusal {
    Refusal::unreadable(VerificationCode::FileMalformed).with("format", "PE").with("reason", reason)
}

/// Where things stand in the file.
struct Layout {
    /// Offset of the four bytes of the checksum.
    checksum: u64,
    /// Offset of the eight bytes of the certificate table's directory entry.
    entry: u64,
    /// Offset and size of the certificate table.
    table: (u64, u32),
    size: u64,
}

impl Layout {
    fn read(content: &mut dyn Content, size: u64) -> Result<Layout, Refusal> {
        let mut header = Vec::new();
        content.take(LARGEST_HEADER).read_to_end(&mut header).map_err(|e| Refusal::io(&e))?;
        let short = |at: u64| number::<2>(&header, at).map(u16::from_le_bytes);
        let long = |at: u64| number::<4>(&header, at).map(u32::from_le_bytes);
        let truncated = || malformed("ends too early");
        if !header.starts_with(b"MZ") {
            return Err(malformed("not a PE file"));
        }
        let pe = u64::from(long(0x3c).ok_or_else(truncated)?);
        if number::<4>(&header, pe) != Some(*b"PE\0\0") {
            return Err(malformed("not a PE file"));
        }
        let optional = pe + 24;
        let (directories, entries_at) = match short(optional).ok_or_else(truncated)? {
            0x10b => (optional + 92, optional + 96),
            0x20b => (optional + 108, optional + 112),
            _ => return Err(malformed("optional header")),
        };
        let optional_size = u64::from(short(pe + 20).ok_or_else(truncated)?);
        let entry = entries_at + 4 * 8;
        if long(directories).ok_or_else(truncated)? < 5 || optional_size < entry + 8 - optional {
            return Err(Refusal::not_covered(VerificationCode::NotSigned));
        }
        let offset = u64::from(long(entry).ok_or_else(truncated)?);
        let length = long(entry + 4).ok_or_else(truncated)?;
        if length == 0 {
            return Err(Refusal::not_covered(VerificationCode::NotSigned));
        }
        // What stands behind the table would be hashed by some readers and not by others.
        if offset + u64::from(length) != size
            || offset < entry + 8
            || length > LARGEST_TABLE
            || !offset.is_multiple_of(8)
        {
            return Err(malformed("certificate table is not at the end"));
        }
        Ok(Layout { checksum: optional + 64, entry, table: (offset, length), size })
    }

    fn table(&self, content: &mut dyn Content) -> Result<Vec<u8>, Refusal> {
        let (offset, length) = self.table;
        content.seek(SeekFrom::Start(offset)).map_err(|e| Refusal::io(&e))?;
        let mut table = vec![0; length as usize];
        content.read_exact(&mut table).map_err(|e| Refusal::io(&e))?;
        Ok(table)
    }

    fn digest(&self, artefact: &mut Artefact<'_>, algorithm: Algorithm) -> Result<Vec<u8>, Refusal> {
        let parts = [(0, self.checksum), (self.checksum + 4, self.entry), (self.entry + 8, self.table.0)];
        let mut hasher = Hasher::new(algorithm);
        let content = artefact.rewound().map_err(|e| Refusal::io(&e))?;
        for (from, to) in parts {
            let mut read = || -> io::Result<u64> {
                content.seek(SeekFrom::Start(from))?;
                pump(&mut content.take(to - from), |piece| hasher.update(piece))
            };
            if read().map_err(|e| Refusal::io(&e))? != to - from {
                return Err(malformed("ends too early"));
            }
        }
        Ok(hasher.finish())
    }

    /// The checksum of the file is not signed. Zero means that there is none; any other value must be right.
    fn checksum_holds(&self, artefact: &mut Artefact<'_>) -> Result<(), Refusal> {
        let content = artefact.rewound().map_err(|e| Refusal::io(&e))?;
        let (mut sum, mut position, mut low) = (0u64, 0u64, None);
        let mut stored = [0u8; 4];
        let mut add = |word: u64| {
            sum += word;
            sum = (sum & 0xffff) + (sum >> 16);
        };
        let counted = pump(content, |piece| {
            for byte in piece {
                let in_field = position.checked_sub(self.checksum).and_then(|at| usize::try_from(at).ok());
                let byte = match in_field.and_then(|at| stored.get_mut(at)) {
                    Some(place) => {
                        *place = *byte;
                        0
                    }
                    None => u64::from(*byte),
                };
                position += 1;
                match low.take() {
                    None => low = Some(byte),
                    Some(first) => add(first | byte << 8),
                }
            }
        });
        counted.map_err(|e| Refusal::io(&e))?;
        if let Some(last) = low {
            add(last);
        }
        let computed = (sum & 0xffff) + (sum >> 16) + self.size;
        let stored = u64::from(u32::from_le_bytes(stored));
        if stored == 0 || stored == computed & 0xffff_ffff {
            return Ok(());
        }
        Err(Refusal::mismatch(VerificationCode::PartNotCovered)
            .with("reason", "checksum of the PE file is wrong"))
    }
}

fn number<const N: usize>(bytes: &[u8], at: u64) -> Option<[u8; N]> {
    let at = usize::try_from(at).ok()?;
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// The one PKCS#7 signature of a certificate table; only zeros may follow it, up to the next multiple of eight.
fn signature(table: &[u8]) -> Result<&[u8], Refusal> {
    let length =
        number::<4>(table, 0).map(u32::from_le_bytes).ok_or_else(|| malformed("certificate table"))?;
    let revision = number::<2>(table, 4).map(u16::from_le_bytes);
    let kind = number::<2>(table, 6).map(u16::from_le_bytes);
    let length = length as usize;
    if length < 9 || length > table.len() || table.len() - length >= 8 {
        return Err(Refusal::unsupported("PE file with several certificates"));
    }
    if revision != Some(0x200) || kind != Some(2) {
        return Err(Refusal::unsupported("certificate of a PE file that is no PKCS#7"));
    }
    let body = table.get(8..).unwrap_or_default();
    let mut reader = SliceReader::new(body).map_err(|_| malformed("certificate table"))?;
    let der = reader.tlv_bytes().map_err(|_| malformed("signature"))?;
    let rest = body.get(der.len()..).unwrap_or_default();
    if rest.len() >= 8 || rest.iter().any(|byte| *byte != 0) {
        return Err(malformed("data behind the signature"));
    }
    Ok(der)
}

struct SignedDigest {
    /// The signed bytes: the content of the `SpcIndirectDataContent` sequence, without tag and length.
    content: Vec<u8>,
    algorithm: Algorithm,
    digest: Vec<u8>,
}

fn signed_digest(message: &Message) -> Result<SignedDigest, Refusal> {
    let content = &message.content;
    let any = content
        .econtent
        .as_ref()
        .filter(|any| content.econtent_type == INDIRECT_DATA && any.tag() == Tag::Sequence);
    let any = any.ok_or_else(|| malformed("signature of something else"))?;
    let read = || -> der::Result<(AlgorithmIdentifierOwned, Vec<u8>)> {
        let mut reader = SliceReader::new(any.value())?;
        Any::decode(&mut reader)?;
        let found = reader.sequence(|info| {
            let algorithm = AlgorithmIdentifierOwned::decode(info)?;
            let digest = Any::decode(info)?;
            digest.tag().assert_eq(Tag::OctetString)?;
            Ok((algorithm, digest.value().to_vec()))
        })?;
        reader.finish(found)
    };
    let (algorithm, digest) = read().map_err(|_| malformed("signed digest"))?;
    Ok(SignedDigest {
        content: any.value().to_vec(),
        algorithm: public_key::digest_algorithm(&algorithm.oid)?,
        digest,
    })
}
