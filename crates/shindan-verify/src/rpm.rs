//! RPM packages of format 4: the OpenPGP signature over the header, and the payload's digest inside that header; for
//! packages without such a digest, the signature over header and payload together.
//!
//! The 96 bytes of the lead and the unsigned tags of the signature header are covered by no signature. What can be
//! compared there (sizes, digests, reserved space) is.

mod header;

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use base64ct::{Base64, Encoding};
use shindan_domain::verification::VerificationCode;

use self::header::{Header, signature_tag};
use crate::artefact::{Artefact, Content};
use crate::digest::{Algorithm, Hasher, hex, pump};
use crate::openpgp::{self, Trust};
use crate::refusal::{Refusal, Signed};

const LEAD: u64 = 96;
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
    lead(content)?;
    let signatures = Header::read(content)?;
    signatures.is_signature_header()?;
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
    let found = Found::of(&signatures)?;
    let over_header =
        found.over_header.as_deref().map(|s| openpgp::detached(&mut Cursor::new(&header.raw), s, trust));
    let over_both = match &found.over_both {
        None => None,
        Some(signature) => {
            let mut both = Tail::new(content, start).map_err(|e| Refusal::io(&e))?;
            Some(openpgp::detached(&mut both, signature, trust))
        }
    };
    let mut signed = match (over_header, over_both) {
        (None, None) => return Err(Refusal::not_covered(VerificationCode::NotSigned)),
        // Both must hold, if both are there.
        (Some(header), Some(both)) => both.and(header)?,
        (None, Some(both)) => both?,
        (Some(header), None) if payload_is_named => header?,
        (Some(_), None) => {
            return Err(Refusal::not_covered(VerificationCode::PartNotCovered).with("reason", "payload"));
        }
    };
    let names = [
        ("name", tag::NAME),
        ("version", tag::VERSION),
        ("release", tag::RELEASE),
        ("arch", tag::ARCHITECTURE),
    ];
    for (name, tag) in names {
        if let Some(text) = header.text(tag)? {
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

/// The lead: rpm itself looks at its first bytes only.
fn lead(content: &mut dyn Content) -> Result<(), Refusal> {
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
    Ok(())
}

/// The OpenPGP signatures of a package.
struct Found {
    /// Over the header.
    over_header: Option<Vec<u8>>,
    /// Over header and payload: all that older packages have.
    over_both: Option<Vec<u8>>,
}

impl Found {
    fn of(signatures: &Header) -> Result<Found, Refusal> {
        use signature_tag::{DSA_HEADER, GPG, OPENPGP, PGP, RSA_HEADER};
        let only = |tags: [u32; 2]| -> Result<Option<Vec<u8>>, Refusal> {
            let [one, other] = tags;
            match (signatures.bytes(one)?, signatures.bytes(other)?) {
                (Some(_), Some(_)) => Err(Refusal::unsupported("RPM package with two signatures of a kind")),
                (found, None) | (None, found) => Ok(found.map(<[u8]>::to_vec)),
            }
        };
        let mut over_header = only([RSA_HEADER, DSA_HEADER])?;
        if let Some(text) = signatures.text(OPENPGP)? {
            let signature = Base64::decode_vec(&text).map_err(|_| malformed("signature is not base64"))?;
            if over_header.replace(signature).is_some() {
                return Err(Refusal::unsupported("RPM package with two signatures of a kind"));
            }
        }
        Ok(Found { over_header, over_both: only([PGP, GPG])? })
    }
}

/// Compares the digests of the header that stand beside it. Unsigned, so they prove nothing; but if they differ,
/// something was altered.
fn header_digests(signatures: &Header, header: &Header) -> Result<(), Refusal> {
    let tags =
        [(signature_tag::SHA256_HEADER, Algorithm::Sha256), (signature_tag::SHA1_HEADER, Algorithm::Sha1)];
    for (tag, algorithm) in tags {
        if let Some(expected) = signatures.text(tag)? {
            compare(&expected, &algorithm.of(&header.raw))?;
        }
    }
    if signatures.bytes(signature_tag::RESERVED)?.is_some_and(|bytes| bytes.iter().any(|byte| *byte != 0)) {
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
    let algorithm = match (header.text(tag::PAYLOAD_DIGEST)?, header.number(tag::PAYLOAD_DIGEST_ALGORITHM)?) {
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
    if let (Some(digest), Some(expected)) = (digest, header.text(tag::PAYLOAD_DIGEST)?) {
        compare(&expected, &digest.finish())?;
    }
    if let Some(expected) = signatures.bytes(signature_tag::MD5)? {
        compare(&hex(expected), &md5.finish())?;
    }
    if signatures.number(signature_tag::SIZE)?.is_some_and(|expected| u64::from(expected) != size) {
        return Err(Refusal::mismatch(VerificationCode::DigestDifferent).with("reason", "size"));
    }
    Ok(algorithm.is_some())
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
