//! CMS signed data (RFC 5652): detached signatures over a file, and the core that Authenticode and time stamps share.

use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignerIdentifier, SignerInfo};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Any, Decode, Encode, Reader, SliceReader, Tag, TagNumber, Tagged};
use jiff::Timestamp;
use shindan_domain::verification::VerificationCode;
use x509_cert::Certificate;
use x509_cert::attr::Attributes;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::Pin;
use crate::artefact::Artefact;
use crate::digest::{Algorithm, hex};
use crate::pem;
use crate::public_key;
use crate::refusal::{Refusal, Signed};
use crate::timestamp;
use crate::x509::{self, Path};

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const TIME_STAMP_TOKEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
const MICROSOFT_TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.3.3.1");

/// What a CMS signature is judged by.
#[derive(Clone, Copy)]
pub(crate) struct Anchors<'a> {
    pub(crate) certificates: &'a [Certificate],
    pub(crate) pins: &'a [Pin],
    pub(crate) at: Timestamp,
}

/// Verifies a detached signature over the file, PEM or DER.
pub(crate) fn detached(
    artefact: &mut Artefact<'_>,
    signature: &[u8],
    anchors: Anchors<'_>,
) -> Result<Signed, Refusal> {
    let message = Message::read(&without_pem(signature)?)?;
    if message.content.econtent_type != DATA {
        return Err(unreadable("signature of another type of content"));
    }
    if message.content.econtent.is_some() {
        return Err(Refusal::unsupported("CMS signature that contains the content (attached)"));
    }
    let (info, algorithm) = message.signer()?;
    let computed = artefact.digest(algorithm).map_err(|e| Refusal::io(&e))?;
    let certificate = message.verify(info, algorithm, DATA, &computed)?;
    let time = message.trusted_time(info, anchors)?;
    let path = Path {
        anchors: anchors.certificates,
        between: &message.certificates,
        at: time.unwrap_or(anchors.at),
        purpose: x509::CODE_SIGNING,
    };
    path.from(certificate)?;
    x509::pinned(certificate, anchors.pins)?;
    let signer = Some(x509::subject(certificate));
    let digest = Some(hex(&computed));
    Ok(Signed { signer, at: time, expected: digest.clone(), computed: digest, ..Signed::default() })
}

fn without_pem(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    if bytes.first() == Some(&0x30) {
        return Ok(bytes.to_vec());
    }
    let (label, der, rest) = pem::first(bytes).ok_or_else(|| unreadable("PEM is broken"))?;
    if !rest.trim_ascii().is_empty() || !bytes.trim_ascii_start().starts_with(b"-----BEGIN ") {
        return Err(unreadable("more than one PEM block"));
    }
    match label {
        "PKCS7" | "CMS" => Ok(der),
        other => Err(unreadable(other)),
    }
}

pub(crate) fn unreadable(reason: &str) -> Refusal {
    Refusal::unreadable(VerificationCode::SignatureUnreadable).with("reason", reason)
}

/// Signed data (RFC 5652, section 5.1), read by hand: files in the wild have certificates twice, which a `SET OF` may not.
pub(crate) struct Message {
    version: CmsVersion,
    digests: Vec<AlgorithmIdentifierOwned>,
    pub(crate) content: EncapsulatedContentInfo,
    pub(crate) certificates: Vec<Certificate>,
    signers: Vec<SignerInfo>,
}

impl Message {
    /// Reads a `ContentInfo`; nothing may follow it.
    pub(crate) fn read(der: &[u8]) -> Result<Message, Refusal> {
        let info = ContentInfo::from_der(der).map_err(|e| unreadable(&e.to_string()))?;
        if info.content_type != SIGNED_DATA || info.content.tag() != Tag::Sequence {
            return Err(unreadable("no signed data"));
        }
        Message::signed_data(info.content.value()).map_err(|e| unreadable(&e.to_string()))
    }

    fn signed_data(fields: &[u8]) -> der::Result<Message> {
        let certificates_tag = Tag::ContextSpecific { constructed: true, number: TagNumber::N0 };
        let revocations_tag = Tag::ContextSpecific { constructed: true, number: TagNumber::N1 };
        let mut reader = SliceReader::new(fields)?;
        let version = CmsVersion::decode(&mut reader)?;
        let digests = set(Tag::Set, &Any::decode(&mut reader)?)?;
        let content = EncapsulatedContentInfo::decode(&mut reader)?;
        let mut certificates = Vec::new();
        let mut next = Any::decode(&mut reader)?;
        if next.tag() == certificates_tag {
            certificates = set(certificates_tag, &next)?;
            next = Any::decode(&mut reader)?;
        }
        if next.tag() == revocations_tag {
            next = Any::decode(&mut reader)?;
        }
        let signers = set(Tag::Set, &next)?;
        reader.finish(Message { version, digests, content, certificates, signers })
    }

    /// The one signer and the digest algorithm. Several signers are not judged.
    pub(crate) fn signer(&self) -> Result<(&SignerInfo, Algorithm), Refusal> {
        let mut signers = self.signers.iter();
        let (Some(signer), None) = (signers.next(), signers.next()) else {
            return Err(Refusal::unsupported("CMS with other than one signer"));
        };
        self.is_consistent(signer)?;
        Ok((signer, public_key::digest_algorithm(&signer.digest_alg.oid)?))
    }

    /// Versions and the list of digest algorithms are signed by nothing; they must be what the rest demands (RFC 5652,
    /// sections 5.1 and 5.3; PKCS#7 1.5 has version 1 for every type of content).
    fn is_consistent(&self, signer: &SignerInfo) -> Result<(), Refusal> {
        let by_key_id = matches!(signer.sid, SignerIdentifier::SubjectKeyIdentifier(_));
        let expected = if by_key_id { CmsVersion::V3 } else { CmsVersion::V1 };
        let may_be_3 = by_key_id || self.content.econtent_type != DATA;
        let version_fits = match self.version {
            CmsVersion::V1 => !by_key_id,
            CmsVersion::V3 => may_be_3,
            _ => false,
        };
        let mut digests = self.digests.iter();
        let digest_fits = digests.next().is_some_and(|digest| digest.oid == signer.digest_alg.oid)
            && digests.next().is_none();
        if signer.version != expected || !version_fits || !digest_fits {
            return Err(unreadable("version or digest algorithm contradicts the signer"));
        }
        Ok(())
    }

    /// Verifies a signer's signature over content whose digest is given. Returns the signer's certificate, **which is not
    /// trusted yet**.
    pub(crate) fn verify<'a>(
        &'a self,
        signer: &SignerInfo,
        algorithm: Algorithm,
        content_type: ObjectIdentifier,
        digest: &[u8],
    ) -> Result<&'a Certificate, Refusal> {
        let certificate = self.certificate_of(signer, &[])?;
        verify_signer(signer, algorithm, content_type, digest, certificate)?;
        Ok(certificate)
    }

    /// The signer's certificate, among those of the message or the given ones.
    pub(crate) fn certificate_of<'a>(
        &'a self,
        signer: &SignerInfo,
        more: &'a [Certificate],
    ) -> Result<&'a Certificate, Refusal> {
        for certificate in self.certificates.iter().chain(more) {
            let is_it = match &signer.sid {
                SignerIdentifier::IssuerAndSerialNumber(id) => {
                    certificate.tbs_certificate.issuer == id.issuer
                        && certificate.tbs_certificate.serial_number == id.serial_number
                }
                SignerIdentifier::SubjectKeyIdentifier(id) => x509::key_id(certificate)?.as_ref() == Some(id),
            };
            if is_it {
                return Ok(certificate);
            }
        }
        Err(Refusal::key(VerificationCode::KeyUnknown).with("issuer", "certificate not enclosed"))
    }

    /// The time that a trusted authority stamped on the signature. A time stamp that does not hold is refused, never
    /// passed over.
    pub(crate) fn trusted_time(
        &self,
        signer: &SignerInfo,
        anchors: Anchors<'_>,
    ) -> Result<Option<Timestamp>, Refusal> {
        let mut time = None;
        for attribute in signer.unsigned_attrs.iter().flat_map(Attributes::iter) {
            if attribute.oid != TIME_STAMP_TOKEN && attribute.oid != MICROSOFT_TIME_STAMP {
                continue;
            }
            for token in attribute.values.iter() {
                let token = x509::encoded(token)?;
                let authority =
                    timestamp::Authority { anchors: anchors.certificates, known: &self.certificates };
                let stamped = timestamp::verify(&token, signer.signature.as_bytes(), &authority)?;
                if stamped > anchors.at {
                    return Err(Refusal::key(VerificationCode::SignatureFuture).with("made", stamped));
                }
                time = Some(time.map_or(stamped, |earlier: Timestamp| earlier.min(stamped)));
            }
        }
        Ok(time)
    }
}

/// The elements of a set.
fn set<T: for<'a> Decode<'a>>(tag: Tag, any: &Any) -> der::Result<Vec<T>> {
    any.tag().assert_eq(tag)?;
    let mut reader = SliceReader::new(any.value())?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        elements.push(T::decode(&mut reader)?);
    }
    Ok(elements)
}

/// Verifies the signed attributes and the signature over them.
pub(crate) fn verify_signer(
    signer: &SignerInfo,
    algorithm: Algorithm,
    content_type: ObjectIdentifier,
    digest: &[u8],
    certificate: &Certificate,
) -> Result<(), Refusal> {
    let by = x509::subject(certificate);
    let attributes = signer.signed_attrs.as_ref();
    // Without them the signed bytes could be read as either content or attributes (RFC 5652, section 11).
    let attributes =
        attributes.ok_or_else(|| Refusal::unsupported("CMS signature without signed attributes"))?;
    let named: ObjectIdentifier =
        one(attributes, CONTENT_TYPE)?.decode_as().map_err(|e| unreadable(&e.to_string()))?;
    if named != content_type {
        return Err(unreadable("another type of content was signed"));
    }
    let scheme = public_key::scheme(&signer.signature_algorithm, Some(algorithm))?;
    let encoded = attributes.to_der().map_err(|e| unreadable(&e.to_string()))?;
    let key = &certificate.tbs_certificate.subject_public_key_info;
    public_key::verify(key, scheme, &encoded, signer.signature.as_bytes()).map_err(|r| r.by(by.as_str()))?;
    let signed: OctetString =
        one(attributes, MESSAGE_DIGEST)?.decode_as().map_err(|e| unreadable(&e.to_string()))?;
    if signed.as_bytes() != digest {
        let refusal = Refusal::mismatch(VerificationCode::DigestDifferent).by(by);
        return Err(refusal.comparing(hex(signed.as_bytes()), hex(digest)));
    }
    Ok(())
}

/// The one value of an attribute that must stand there once.
fn one(attributes: &Attributes, oid: ObjectIdentifier) -> Result<&Any, Refusal> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    let (Some(attribute), None) = (found.next(), found.next()) else {
        return Err(unreadable("a signed attribute is absent or stands twice"));
    };
    let mut values = attribute.values.iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(unreadable("a signed attribute has several values")),
    }
}

/// The octets of an `OCTET STRING`.
pub(crate) fn octets(any: &Any) -> Result<&[u8], Refusal> {
    if any.tag() != Tag::OctetString {
        return Err(unreadable("no octet string"));
    }
    Ok(any.value())
}
