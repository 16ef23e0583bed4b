//! Certificates (RFC 5280): reading them, and the path from one to a given anchor at a given time. No system store is
//! consulted; no revocation list is fetched (what that means is said in `docs/patch-verification.md`).

use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use jiff::Timestamp;
use shindan_domain::verification::VerificationCode;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier};

use crate::digest::{Algorithm, hex};
use crate::pem;
use crate::public_key;
use crate::refusal::{Refusal, readable};

macro_rules! oids {
    ($($name:ident = $text:literal;)*) => { $(pub(crate) const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($text);)* };
}

oids! {
    SUBJECT_KEY_ID = "2.5.29.14";
    KEY_USAGE = "2.5.29.15";
    SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    BASIC_CONSTRAINTS = "2.5.29.19";
    NAME_CONSTRAINTS = "2.5.29.30";
    POLICIES = "2.5.29.32";
    EXTENDED_KEY_USAGE = "2.5.29.37";
    ANY_USAGE = "2.5.29.37.0";
    CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
}

/// Longest path, from the signer's certificate to the anchor.
const LONGEST: usize = 8;
/// How many signatures of certificates are verified before a bundle of certificates counts as an attack.
const PATIENCE: usize = 64;

/// Reads certificates: PEM, one or many, or one in DER.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Certificate>, Refusal> {
    let bad = |reason: String| Refusal::unreadable(VerificationCode::KeyUnreadable).with("reason", reason);
    if !bytes.windows(10).any(|window| window == b"-----BEGIN") {
        return Ok(vec![Certificate::from_der(bytes).map_err(|e| bad(e.to_string()))?]);
    }
    let mut certificates = Vec::new();
    let mut rest = bytes;
    while rest.windows(10).any(|window| window == b"-----BEGIN") {
        let (label, der, more) = pem::first(rest).ok_or_else(|| bad("PEM is broken".to_owned()))?;
        if label != "CERTIFICATE" {
            return Err(bad(format!("a certificate is expected, not: {label}")));
        }
        certificates.push(Certificate::from_der(&der).map_err(|e| bad(e.to_string()))?);
        rest = more;
    }
    Ok(certificates)
}

/// The subject as text (RFC 4514), cut to what a person can read.
pub(crate) fn subject(certificate: &Certificate) -> String {
    readable(&certificate.tbs_certificate.subject.to_string())
}

/// SHA-256 of the certificate.
pub(crate) fn fingerprint(certificate: &Certificate) -> Result<Vec<u8>, Refusal> {
    Ok(Algorithm::Sha256.of(&encoded(certificate)?))
}

/// DER.
pub(crate) fn encoded(value: &impl Encode) -> Result<Vec<u8>, Refusal> {
    value.to_der().map_err(|e| Refusal::unreadable(VerificationCode::KeyUnreadable).with("reason", e))
}

/// The extension's content, and whether it is critical. Twice the same extension is refused.
pub(crate) fn extension(
    certificate: &Certificate,
    oid: ObjectIdentifier,
) -> Result<Option<(&[u8], bool)>, Refusal> {
    let mut found = certificate.tbs_certificate.extensions.iter().flatten().filter(|e| e.extn_id == oid);
    let first = found.next();
    if found.next().is_some() {
        return Err(usage(certificate, &format!("extension {oid} twice")));
    }
    Ok(first.map(|extension| (extension.extn_value.as_bytes(), extension.critical)))
}

fn decoded<'a, T: Decode<'a>>(
    certificate: &'a Certificate,
    oid: ObjectIdentifier,
) -> Result<Option<T>, Refusal> {
    match extension(certificate, oid)? {
        None => Ok(None),
        Some((bytes, _)) => T::from_der(bytes)
            .map(Some)
            .map_err(|_| usage(certificate, &format!("extension {oid} unreadable"))),
    }
}

/// The subject key identifier.
pub(crate) fn key_id(certificate: &Certificate) -> Result<Option<SubjectKeyIdentifier>, Refusal> {
    decoded(certificate, SUBJECT_KEY_ID)
}

fn usage(certificate: &Certificate, reason: &str) -> Refusal {
    let subject = subject(certificate);
    Refusal::key(VerificationCode::CertificateUsage)
        .with("reason", reason)
        .with("subject", &subject)
        .by(subject)
}

/// What a path must lead from and to.
pub(crate) struct Path<'a> {
    /// Certificates that are trusted because the caller gave them.
    pub(crate) anchors: &'a [Certificate],
    /// Certificates that may stand in between.
    pub(crate) between: &'a [Certificate],
    /// The time that counts.
    pub(crate) at: Timestamp,
    /// What the first certificate must be for.
    pub(crate) purpose: ObjectIdentifier,
}

impl Path<'_> {
    /// Finds a path from the certificate to an anchor; returns the issuer of the certificate.
    pub(crate) fn from(&self, certificate: &Certificate) -> Result<Certificate, Refusal> {
        leaf_usage(certificate, self.purpose)?;
        known_extensions(certificate)?;
        within_validity(certificate, self.at)?;
        if self.anchors.contains(certificate) {
            return Ok(certificate.clone());
        }
        let mut patience = PATIENCE;
        let mut refusal = None;
        match self.step(certificate, 0, &mut patience, &mut refusal) {
            Some(issuer) => Ok(issuer),
            None => Err(refusal.unwrap_or_else(|| {
                let subject = subject(certificate);
                Refusal::key(VerificationCode::ChainUntrusted).with("subject", &subject).by(subject)
            })),
        }
    }

    /// Depth first. `below` is the number of certification authorities passed already.
    fn step(
        &self,
        certificate: &Certificate,
        below: usize,
        patience: &mut usize,
        refusal: &mut Option<Refusal>,
    ) -> Option<Certificate> {
        if below >= LONGEST {
            return None;
        }
        let trusted = self.anchors.iter().map(|anchor| (anchor, true));
        let candidates = trusted.chain(self.between.iter().map(|between| (between, false)));
        for (issuer, is_anchor) in candidates {
            if issuer.tbs_certificate.subject != certificate.tbs_certificate.issuer || issuer == certificate {
                continue;
            }
            *patience = patience.checked_sub(1)?;
            let allowed = issued(issuer, certificate)
                .and_then(|()| authority_usage(issuer, below, self.purpose, is_anchor))
                .and_then(|()| known_extensions(issuer))
                .and_then(|()| within_validity(issuer, self.at));
            match allowed {
                Err(reason) => {
                    // A candidate of the same name whose key did not sign this is no news.
                    if reason.code() != VerificationCode::SignatureBad {
                        refusal.get_or_insert(reason);
                    }
                }
                Ok(()) if is_anchor => return Some(issuer.clone()),
                Ok(()) => {
                    if self.step(issuer, below + 1, patience, refusal).is_some() {
                        return Some(issuer.clone());
                    }
                }
            }
        }
        None
    }
}

/// Whether the issuer's key signed the certificate.
pub(crate) fn issued(issuer: &Certificate, certificate: &Certificate) -> Result<(), Refusal> {
    if certificate.signature_algorithm != certificate.tbs_certificate.signature {
        return Err(usage(certificate, "two different signature algorithms"));
    }
    let scheme = public_key::scheme(&certificate.signature_algorithm, None)?;
    let signature = certificate.signature.as_bytes().ok_or_else(|| usage(certificate, "signature"))?;
    let key = &issuer.tbs_certificate.subject_public_key_info;
    public_key::verify(key, scheme, &encoded(&certificate.tbs_certificate)?, signature)
}

fn within_validity(certificate: &Certificate, at: Timestamp) -> Result<(), Refusal> {
    let validity = &certificate.tbs_certificate.validity;
    let seconds =
        |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    let (from, until) = (seconds(&validity.not_before), seconds(&validity.not_after));
    // Both bounds belong to the period (RFC 5280, section 4.1.2.5); `at` may have fractions of the last second.
    if (from..=until).contains(&at.as_second()) {
        return Ok(());
    }
    let subject = subject(certificate);
    let show = |seconds| Timestamp::from_second(seconds).map_or_else(|_| "?".to_owned(), |t| t.to_string());
    let refusal = Refusal::key(VerificationCode::CertificateOutsideValidity).with("subject", &subject);
    Err(refusal.with("from", show(from)).with("until", show(until)).with("at", at).by(subject))
}

fn leaf_usage(certificate: &Certificate, purpose: ObjectIdentifier) -> Result<(), Refusal> {
    let extended: Option<ExtendedKeyUsage> = decoded(certificate, EXTENDED_KEY_USAGE)?;
    let Some(extended) = extended else { return Err(usage(certificate, "no extended key usage")) };
    if !extended.0.contains(&purpose) {
        return Err(usage(certificate, "extended key usage"));
    }
    if let Some(key_usage) = decoded::<KeyUsage>(certificate, KEY_USAGE)?
        && !key_usage.digital_signature()
    {
        return Err(usage(certificate, "key usage"));
    }
    Ok(())
}

fn authority_usage(
    certificate: &Certificate,
    below: usize,
    purpose: ObjectIdentifier,
    is_anchor: bool,
) -> Result<(), Refusal> {
    let constraints: Option<BasicConstraints> = decoded(certificate, BASIC_CONSTRAINTS)?;
    let Some(constraints) = constraints.filter(|c| c.ca) else {
        return Err(usage(certificate, "no certification authority"));
    };
    if constraints.path_len_constraint.is_some_and(|longest| below > usize::from(longest)) {
        return Err(usage(certificate, "path length"));
    }
    if decoded::<KeyUsage>(certificate, KEY_USAGE)?.is_some_and(|usage| !usage.key_cert_sign()) {
        return Err(usage(certificate, "key usage"));
    }
    let extended: Option<ExtendedKeyUsage> = decoded(certificate, EXTENDED_KEY_USAGE)?;
    if !is_anchor && extended.is_some_and(|e| !e.0.contains(&purpose) && !e.0.contains(&ANY_USAGE)) {
        return Err(usage(certificate, "extended key usage"));
    }
    Ok(())
}

/// A critical extension that we do not understand, and any constraint on names, is refused.
fn known_extensions(certificate: &Certificate) -> Result<(), Refusal> {
    const KNOWN: [ObjectIdentifier; 5] =
        [KEY_USAGE, SUBJECT_ALTERNATIVE_NAME, BASIC_CONSTRAINTS, POLICIES, EXTENDED_KEY_USAGE];
    for extension in certificate.tbs_certificate.extensions.iter().flatten() {
        let constrains = extension.extn_id == NAME_CONSTRAINTS;
        if constrains || extension.critical && !KNOWN.contains(&extension.extn_id) {
            return Err(Refusal::unsupported(format!("certificate extension {}", extension.extn_id))
                .by(subject(certificate)));
        }
    }
    Ok(())
}

/// Refuses a certificate that is not pinned, if any are.
pub(crate) fn pinned(certificate: &Certificate, pins: &[crate::Pin]) -> Result<(), Refusal> {
    let fingerprint = fingerprint(certificate)?;
    if pins.is_empty() || pins.iter().any(|pin| pin.is_fingerprint(&fingerprint)) {
        return Ok(());
    }
    let refusal = Refusal::key(VerificationCode::KeyNotPinned).by(subject(certificate));
    Err(refusal.with("fingerprint", hex(&fingerprint)).with("pinned", pins.len()))
}
