//! Sigstore bundles (versions 0.1 to 0.3), verified offline against a given trust root.
//!
//! What is proven: the signature fits the file; the certificate was issued by the trust root's authority to the demanded
//! identity, and published; the signature stands in a transparency log of the trust root; and a trusted time (of the log
//! or of a time stamp authority) lies within the certificate's short life. Whatever is absent or not understood refuses
//! the bundle. Held against the project's own conformance set.

mod bundle;
mod certificate;
mod content;
mod entry;
mod log;
mod trust_root;

use der::{Decode, Encode};
use jiff::Timestamp;
use shindan_domain::verification::VerificationCode;
use x509_cert::Certificate;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use self::bundle::{Bundle, Entry, Version};
use self::content::SignedContent;
use self::trust_root::TrustRoot;
use crate::artefact::Artefact;
use crate::means::{SigstoreMeans, SigstoreSigner};
use crate::pem;
use crate::refusal::{Refusal, Signed};
use crate::timestamp::{self, Authority};

/// Verifies a bundle over the file.
pub(crate) fn verify(
    artefact: &mut Artefact<'_>,
    means: &SigstoreMeans<'_>,
    at: Timestamp,
) -> Result<Signed, Refusal> {
    if matches!(means.signer, SigstoreSigner::Anybody) {
        return Err(Refusal::key(VerificationCode::IdentityNotDemanded));
    }
    let bundle = Bundle::read(means.bundle)?;
    let root = TrustRoot::read(means.trust_root)?;
    let signer = Signer::of(&bundle, means.signer)?;
    let content = content::verify(artefact, &bundle, &signer.key)?;
    let times = times(&bundle, &root, &signer, &content, at)?;
    let mut signed = Signed {
        at: times.iter().min().copied(),
        expected: Some(content.expected),
        computed: Some(content.computed),
        ..Signed::default()
    };
    if let (Some(certificate), SigstoreSigner::Identity { identity, issuer }) =
        (&signer.certificate, means.signer)
    {
        for time in &times {
            let authority = certificate::issued_by(certificate, &root, *time)?;
            certificate::is_logged(certificate, &authority, &root)?;
        }
        certificate::is_of(certificate, identity, issuer)?;
        signed.signer = Some(identity.to_owned());
        signed.params.insert("issuer".to_owned(), issuer.to_owned());
    } else {
        signed.signer = Some(crate::digest::hex(&crate::digest::Algorithm::Sha256.of(&signer.encoded)));
    }
    Ok(signed)
}

/// Whose key it is said to be. A certificate is not trusted yet.
struct Signer {
    key: SubjectPublicKeyInfoOwned,
    certificate: Option<Certificate>,
    /// DER of the certificate, or of the bare key: what the log must name.
    encoded: Vec<u8>,
}

impl Signer {
    fn of(bundle: &Bundle, demanded: SigstoreSigner<'_>) -> Result<Signer, Refusal> {
        match demanded {
            SigstoreSigner::Key(text) => {
                if bundle.certificate()?.is_some() {
                    return Err(Refusal::key(VerificationCode::KeyUnknown).with("issuer", "certificate"));
                }
                let bad =
                    || Refusal::unreadable(VerificationCode::KeyUnreadable).with("reason", "no public key");
                let (label, der, _) = pem::first(text).ok_or_else(bad)?;
                if label != "PUBLIC KEY" {
                    return Err(bad());
                }
                let key = SubjectPublicKeyInfoOwned::from_der(&der).map_err(|_| bad())?;
                Ok(Signer { key, certificate: None, encoded: der })
            }
            SigstoreSigner::Identity { .. } | SigstoreSigner::Anybody => {
                let der = bundle.certificate()?;
                let der = der
                    .ok_or_else(|| Refusal::key(VerificationCode::KeyMissing).with("issuer", "public key"))?;
                let certificate = Certificate::from_der(der).map_err(|_| invalid("certificate"))?;
                // What is compared with the log must be what is verified.
                if certificate.to_der().ok().as_deref() != Some(der) {
                    return Err(invalid("certificate"));
                }
                let key = certificate.tbs_certificate.subject_public_key_info.clone();
                Ok(Signer { key, certificate: Some(certificate), encoded: der.to_vec() })
            }
        }
    }
}

/// Verifies every log entry and every time stamp; returns the trusted times, of which there is at least one.
fn times(
    bundle: &Bundle,
    root: &TrustRoot,
    signer: &Signer,
    content: &SignedContent,
    at: Timestamp,
) -> Result<Vec<Timestamp>, Refusal> {
    let mut stamped = Vec::new();
    for response in bundle.time_stamps() {
        let token = timestamp::token_of_response(response)?;
        stamped.push(stamped_by(&token, &content.signature, root)?);
    }
    if bundle.entries().is_empty() {
        return Err(unproven_entry("no entry"));
    }
    let mut times = stamped.clone();
    for entry in bundle.entries() {
        times.extend(logged(bundle.version, entry, root, signer, content, &stamped)?);
    }
    if times.is_empty() {
        return Err(
            Refusal::key(VerificationCode::TimeNotProven).with("reason", "neither log nor time stamp")
        );
    }
    if let Some(future) = times.iter().find(|time| **time > at) {
        return Err(Refusal::key(VerificationCode::SignatureFuture).with("made", future));
    }
    Ok(times)
}

/// Verifies one entry; returns the log's own time, if it promised one.
fn logged(
    version: Version,
    entry: &Entry,
    root: &TrustRoot,
    signer: &Signer,
    content: &SignedContent,
    stamped: &[Timestamp],
) -> Result<Option<Timestamp>, Refusal> {
    let log =
        root.log(&entry.log_id.key_id.0).ok_or_else(|| unproven_entry("log is not in the trust root"))?;
    let promised = log::promise(entry, log)?;
    match (&entry.inclusion_proof, promised) {
        (Some(proof), _) => log::inclusion(entry, proof, log)?,
        (None, Some(_)) if version == Version::V1 => {}
        (None, _) => return Err(unproven_entry("no proof of inclusion")),
    }
    if version == Version::V1 && promised.is_none() {
        return Err(unproven_entry("no promise of inclusion"));
    }
    entry::speaks_of(entry, signer, content)?;
    // The log's key must have been in use: when the log says it wrote the entry, or when the signature was stamped.
    let used: Vec<Timestamp> = promised.into_iter().chain(stamped.iter().copied()).collect();
    if used.iter().any(|time| !log.valid_for.contains(*time)) {
        return Err(unproven_entry("key of the log was not in use"));
    }
    Ok(promised)
}

/// The time of a time stamp, by whichever authority of the trust root made it.
fn stamped_by(token: &[u8], message: &[u8], root: &TrustRoot) -> Result<Timestamp, Refusal> {
    let mut refusal = None;
    for authority in &root.time_stamp_authorities {
        let Some(anchor) = authority.certificates.last() else { continue };
        let known = Authority { anchors: std::slice::from_ref(anchor), known: &authority.certificates };
        match timestamp::verify(token, message, &known) {
            Ok(time) if authority.valid_for.contains(time) => return Ok(time),
            Ok(_) => {
                refusal.get_or_insert(
                    Refusal::key(VerificationCode::TimeNotProven).with("reason", "authority was not in use"),
                );
            }
            Err(reason) => {
                refusal.get_or_insert(reason);
            }
        }
    }
    Err(refusal.unwrap_or_else(|| {
        Refusal::key(VerificationCode::TimeNotProven)
            .with("reason", "no time stamp authority in the trust root")
    }))
}

fn invalid(reason: &str) -> Refusal {
    Refusal::unreadable(VerificationCode::BundleInvalid).with("reason", reason)
}

fn unproven_entry(reason: &str) -> Refusal {
    Refusal::key(VerificationCode::LogProofInvalid).with("reason", reason)
}
