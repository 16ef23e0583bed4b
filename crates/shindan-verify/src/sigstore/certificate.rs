//! Sigstore's certificates: who issued them, that they were published, and whose they are.

use der::asn1::{ObjectIdentifier, OctetString, Utf8StringRef};
use der::{Decode, Encode};
use jiff::Timestamp;
use shindan_domain::verification::VerificationCode;
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::trust_root::TrustRoot;
use crate::digest::Algorithm;
use crate::public_key::{self, Scheme};
use crate::refusal::{Refusal, readable};
use crate::x509::{self, Path};

/// Certificate timestamps inside a certificate (RFC 6962, section 3.3).
const TIMESTAMPS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.4.2");
/// The issuer of the identity: bare text, and as `UTF8String`.
const ISSUER_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.1");
const ISSUER_2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.8");
/// A user name as an alternative name.
const USER_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.7");

/// The certificate of the trust root's authority that issued this one, valid at the time.
pub(super) fn issued_by(
    certificate: &Certificate,
    root: &TrustRoot,
    at: Timestamp,
) -> Result<Certificate, Refusal> {
    let mut refusal = None;
    for authority in root.authorities.iter().filter(|authority| authority.valid_for.contains(at)) {
        let Some((anchor, between)) = authority.certificates.split_last() else { continue };
        let path = Path { anchors: std::slice::from_ref(anchor), between, at, purpose: x509::CODE_SIGNING };
        match path.from(certificate) {
            Ok(issuer) => return Ok(issuer),
            Err(reason) => {
                let untrusted = reason.code() == VerificationCode::ChainUntrusted;
                if refusal.is_none() || !untrusted {
                    refusal = Some(reason);
                }
            }
        }
    }
    let subject = x509::subject(certificate);
    Err(refusal.unwrap_or_else(|| Refusal::key(VerificationCode::ChainUntrusted).with("subject", subject)))
}

/// Verifies that a log of certificates promised to publish the certificate.
pub(super) fn is_logged(
    certificate: &Certificate,
    issuer: &Certificate,
    root: &TrustRoot,
) -> Result<(), Refusal> {
    let (extension, _) = x509::extension(certificate, TIMESTAMPS)?.ok_or_else(|| not_logged("none"))?;
    let list = OctetString::from_der(extension).map_err(|_| not_logged("unreadable"))?;
    let stamps = CertificateStamp::read_all(list.as_bytes()).ok_or_else(|| not_logged("unreadable"))?;
    let signed = Precertificate::of(certificate, issuer)?;
    let mut reason = "by no log of the trust root";
    for stamp in stamps {
        let Some(log) = root.certificate_logs.iter().find(|log| log.id == stamp.log) else { continue };
        let scheme = public_key::default_scheme(&log.key)?;
        let fits = match stamp.algorithms {
            [4, 3] => matches!(scheme, Scheme::Ecdsa(Algorithm::Sha256)),
            [4, 1] => matches!(scheme, Scheme::RsaPkcs1(Algorithm::Sha256)),
            _ => false,
        };
        let time = i64::try_from(stamp.time).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        if !fits || !time.is_some_and(|time| log.valid_for.contains(time)) {
            reason = "key of the log";
            continue;
        }
        if public_key::verify(&log.key, scheme, &signed.with(&stamp), stamp.signature).is_ok() {
            return Ok(());
        }
        reason = "signature";
    }
    Err(not_logged(reason))
}

fn not_logged(reason: &str) -> Refusal {
    Refusal::key(VerificationCode::CertificateNotLogged).with("reason", reason)
}

/// A signed certificate timestamp, version 1.
struct CertificateStamp<'a> {
    log: &'a [u8],
    time: u64,
    extensions: &'a [u8],
    /// Hash and signature algorithm, as TLS 1.2 numbers them.
    algorithms: [u8; 2],
    signature: &'a [u8],
}

/// Reads fields of fixed and of prefixed length.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn prefixed(&mut self) -> Option<&'a [u8]> {
        let length = u16::from_be_bytes(self.array()?);
        self.take(usize::from(length))
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

impl<'a> CertificateStamp<'a> {
    fn read_all(bytes: &'a [u8]) -> Option<Vec<Self>> {
        let mut whole = Fields(bytes);
        let mut list = Fields(whole.prefixed()?);
        whole.end()?;
        let mut stamps = Vec::new();
        while list.end().is_none() {
            let mut fields = Fields(list.prefixed()?);
            if fields.array::<1>()? != [0] {
                return None;
            }
            let (log, time) = (fields.take(32)?, u64::from_be_bytes(fields.array()?));
            let (extensions, algorithms, signature) =
                (fields.prefixed()?, fields.array()?, fields.prefixed()?);
            fields.end()?;
            stamps.push(CertificateStamp { log, time, extensions, algorithms, signature });
        }
        Some(stamps)
    }
}

/// What the log saw before the timestamps were put into the certificate.
struct Precertificate {
    issuer_key: Vec<u8>,
    certificate: Vec<u8>,
}

impl Precertificate {
    fn of(certificate: &Certificate, issuer: &Certificate) -> Result<Self, Refusal> {
        let mut before = certificate.tbs_certificate.clone();
        if let Some(extensions) = &mut before.extensions {
            extensions.retain(|extension| extension.extn_id != TIMESTAMPS);
        }
        let issuer_key = x509::encoded(&issuer.tbs_certificate.subject_public_key_info)?;
        Ok(Precertificate {
            issuer_key: Algorithm::Sha256.of(&issuer_key),
            certificate: before.to_der().map_err(|_| not_logged("unreadable"))?,
        })
    }

    /// The signed structure (RFC 6962, section 3.2).
    fn with(&self, stamp: &CertificateStamp<'_>) -> Vec<u8> {
        let length = u32::try_from(self.certificate.len()).unwrap_or(u32::MAX).to_be_bytes();
        let extensions = u16::try_from(stamp.extensions.len()).unwrap_or(u16::MAX).to_be_bytes();
        [
            &[0, 0][..],
            &stamp.time.to_be_bytes(),
            &[0, 1],
            &self.issuer_key,
            length.get(1..).unwrap_or_default(),
            &self.certificate,
            &extensions,
            stamp.extensions,
        ]
        .concat()
    }
}

/// Compares identity and issuer, letter by letter.
pub(super) fn is_of(certificate: &Certificate, identity: &str, issuer: &str) -> Result<(), Refusal> {
    let found = identities(certificate)?;
    if !found.iter().any(|name| name == identity) {
        let found = found.join(", ");
        let refusal = Refusal::key(VerificationCode::IdentityDifferent).with("expected", identity);
        return Err(refusal.with("found", &found).by(readable(&found)));
    }
    let vouched = vouched_by(certificate)?;
    if vouched != issuer {
        let refusal = Refusal::key(VerificationCode::IssuerDifferent).with("expected", issuer);
        return Err(refusal.with("found", vouched).by(identity));
    }
    Ok(())
}

fn unreadable_name(certificate: &Certificate) -> Refusal {
    let refusal =
        Refusal::key(VerificationCode::CertificateUsage).with("subject", x509::subject(certificate));
    refusal.with("reason", "identity unreadable")
}

fn identities(certificate: &Certificate) -> Result<Vec<String>, Refusal> {
    let bad = || unreadable_name(certificate);
    let (bytes, _) = x509::extension(certificate, x509::SUBJECT_ALTERNATIVE_NAME)?.ok_or_else(bad)?;
    let names = SubjectAltName::from_der(bytes).map_err(|_| bad())?;
    let mut found = Vec::new();
    for name in names.0 {
        match name {
            GeneralName::Rfc822Name(mail) => found.push(mail.to_string()),
            GeneralName::UniformResourceIdentifier(uri) => found.push(uri.to_string()),
            GeneralName::OtherName(other) if other.type_id == USER_NAME => {
                let text: String = other.value.decode_as().map_err(|_| bad())?;
                found.push(text);
            }
            _ => {}
        }
    }
    Ok(found)
}

fn vouched_by(certificate: &Certificate) -> Result<String, Refusal> {
    let bad = || unreadable_name(certificate);
    if let Some((bytes, _)) = x509::extension(certificate, ISSUER_2)? {
        return Ok(Utf8StringRef::from_der(bytes).map_err(|_| bad())?.as_str().to_owned());
    }
    let (bytes, _) = x509::extension(certificate, ISSUER_1)?.ok_or_else(bad)?;
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| bad())
}
