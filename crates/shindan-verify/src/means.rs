//! By which means a file can be proven, and the verification by all of them.

use std::io;

use jiff::Timestamp;
use shindan_domain::verification::{
    Channel, Check, CheckOutcome, Method, Strength, Verdict, VerificationCode,
};

use crate::artefact::Artefact;
use crate::cms::Anchors;
use crate::digest::{Algorithm, from_hex};
use crate::openpgp::{Pin, Trust};
use crate::recognise::{Kind, is_clear_signed, kind};
use crate::refusal::{Refusal, Signed, check};
use crate::{apt, authenticode, checksums, cms, minisign, openpgp, rpm, sigstore, x509};

/// One means of proving a file. All bytes are the caller's.
#[derive(Debug, Clone)]
pub enum Means<'a> {
    /// A digest that the maker published, in hexadecimal.
    Digest {
        /// By which algorithm.
        algorithm: Algorithm,
        /// The value.
        expected: &'a str,
    },
    /// A list of checksums, perhaps clear-signed, perhaps with a detached signature over it.
    Checksums {
        /// The list.
        list: &'a [u8],
        /// Signature over the list, unless the list is clear-signed or unsigned.
        signature: Option<&'a [u8]>,
        /// Keys, for a signed list.
        keys: &'a [&'a [u8]],
        /// Whether an unsigned list is refused. Who expects a signed list must not be content with one whose signature
        /// was taken away.
        must_be_signed: bool,
    },
    /// A detached signature; its kind is recognised from its content.
    Signature(SignatureMeans<'a>),
    /// A detached CMS (PKCS#7) signature.
    Cms(CertificateMeans<'a>),
    /// A Sigstore bundle.
    Sigstore(SigstoreMeans<'a>),
    /// The signature inside a PE file. [`CertificateMeans::signature`] is not used.
    Authenticode(CertificateMeans<'a>),
    /// apt's chain.
    Apt(AptChain<'a>),
    /// The signature inside an RPM package.
    Rpm {
        /// OpenPGP keys.
        keys: &'a [&'a [u8]],
    },
}

/// A detached signature with everything that the kinds of signatures need.
#[derive(Debug, Clone)]
pub struct SignatureMeans<'a> {
    /// The signature.
    pub signature: &'a [u8],
    /// OpenPGP certificates and minisign keys.
    pub keys: &'a [&'a [u8]],
    /// Anchors for CMS: certificates in PEM or DER.
    pub anchors: &'a [&'a [u8]],
    /// What a Sigstore bundle needs.
    pub sigstore: Option<SigstoreMeans<'a>>,
}

/// A signature by a certificate.
#[derive(Debug, Clone)]
pub struct CertificateMeans<'a> {
    /// The signature, PEM or DER; empty for Authenticode.
    pub signature: &'a [u8],
    /// Trusted certificates, PEM or DER.
    pub anchors: &'a [&'a [u8]],
}

/// A Sigstore bundle and whose it must be.
#[derive(Debug, Clone)]
pub struct SigstoreMeans<'a> {
    /// The bundle, JSON.
    pub bundle: &'a [u8],
    /// `trusted_root.json`.
    pub trust_root: &'a [u8],
    /// Who must have signed.
    pub signer: SigstoreSigner<'a>,
}

/// Who must have signed a bundle.
#[derive(Debug, Clone, Copy)]
pub enum SigstoreSigner<'a> {
    /// An identity (mail address, URI) that an issuer vouched for. Both are compared letter by letter.
    Identity {
        /// The identity.
        identity: &'a str,
        /// The issuer's address.
        issuer: &'a str,
    },
    /// A key that the maker manages; PEM.
    Key(&'a [u8]),
    /// Nobody was named: refused, because anybody can sign with Sigstore.
    Anybody,
}

/// apt's chain of files.
#[derive(Debug, Clone)]
pub struct AptChain<'a> {
    /// `InRelease`, or `Release` with a signature beside it.
    pub release: &'a [u8],
    /// `Release.gpg`.
    pub release_signature: Option<&'a [u8]>,
    /// Name and content of the list of packages, plain or gzip. Without it, the Release file must name the file itself.
    pub packages: Option<(&'a str, &'a [u8])>,
    /// OpenPGP keys.
    pub keys: &'a [&'a [u8]],
}

/// Makes every check and draws the conclusion. `pins` restrict which of the given keys count (none: all of them); `at` is
/// the time as of which keys, certificates and signatures are judged; `channel` is where the expected values came from.
/// **Without any means the verdict is no-means.**
///
/// # Errors
///
/// Only if the content cannot be read. Anything wrong with lists, signatures and keys is part of the verdict.
pub fn verify(
    artefact: &mut Artefact<'_>,
    means: &[Means<'_>],
    pins: &[Pin],
    at: Timestamp,
    channel: Option<&Channel>,
) -> io::Result<Verdict> {
    artefact.compute(&wanted(means))?;
    let sha256 = artefact.hex_digest(Algorithm::Sha256)?;
    let mut checks = Vec::new();
    for one in means {
        checks.extend(by(artefact, one, pins, at));
    }
    for check in &mut checks {
        check.channel = channel.cloned();
    }
    let size = artefact.size()?;
    Ok(Verdict::conclude(checks, sha256, size))
}

/// Digests that are needed anyhow, so that one pass suffices.
fn wanted(means: &[Means<'_>]) -> Vec<Algorithm> {
    let given = means.iter().filter_map(|one| match one {
        Means::Digest { algorithm, .. } => Some(*algorithm),
        _ => None,
    });
    std::iter::once(Algorithm::Sha256).chain(given).collect()
}

fn by(artefact: &mut Artefact<'_>, means: &Means<'_>, pins: &[Pin], at: Timestamp) -> Vec<Check> {
    match means {
        Means::Digest { algorithm, expected } => vec![compare(artefact, *algorithm, expected)],
        Means::Checksums { list, signature, keys, must_be_signed } => {
            let trust = Trust { keys, pins, at };
            match (is_clear_signed(list), signature) {
                (true, None) => {
                    vec![signed_list(artefact, openpgp::cleartext(list, trust))]
                }
                (_, Some(signature)) => {
                    let signed = openpgp::detached_over(list, signature, trust);
                    vec![signed_list(artefact, signed.map(|signed| (list.to_vec(), signed)))]
                }
                (false, None) if *must_be_signed => {
                    let refusal = Refusal::not_covered(VerificationCode::NotSigned);
                    vec![check(Method::OpenPgpList, Err(refusal))]
                }
                (false, None) => plain_list(artefact, list),
            }
        }
        Means::Signature(signature) => vec![any_signature(artefact, signature, pins, at)],
        Means::Cms(means) => vec![by_cms(artefact, means, pins, at)],
        Means::Sigstore(means) => vec![check(Method::Sigstore, sigstore::verify(artefact, means, at))],
        Means::Authenticode(means) => {
            let result = certificates(means.anchors).and_then(|certificates| {
                authenticode::verify(artefact, Anchors { certificates: &certificates, pins, at })
            });
            vec![check(Method::Authenticode, result)]
        }
        Means::Apt(chain) => {
            vec![check(
                Method::AptRelease,
                apt::verify(artefact, chain, Trust { keys: chain.keys, pins, at }),
            )]
        }
        Means::Rpm { keys } => vec![check(Method::Rpm, rpm::verify(artefact, Trust { keys, pins, at }))],
    }
}

fn compare(artefact: &mut Artefact<'_>, algorithm: Algorithm, expected: &str) -> Check {
    let method = algorithm.method();
    let expected = expected.trim().to_ascii_lowercase();
    if from_hex(&expected).is_none_or(|bytes| bytes.len() != algorithm.length()) {
        let refusal =
            Refusal::unreadable(VerificationCode::ExpectedInvalid).with("algorithm", algorithm.name());
        return check(method, Err(refusal.with("length", expected.chars().count())));
    }
    let computed = match artefact.hex_digest(algorithm) {
        Ok(computed) => computed,
        Err(error) => return check(method, Err(Refusal::io(&error))),
    };
    if computed != expected {
        let refusal = Refusal::mismatch(VerificationCode::DigestDifferent).comparing(expected, computed);
        return check(method, Err(refusal));
    }
    let signed = Signed { expected: Some(expected), computed: Some(computed), ..Signed::default() };
    let mut check = check(method, Ok(signed));
    check.code = VerificationCode::DigestEqual;
    if check.strength == Strength::Weak {
        check.code = VerificationCode::DigestWeak;
        check = check.with("algorithm", algorithm.name());
    }
    check
}

/// One check for each algorithm of the list.
fn plain_list(artefact: &mut Artefact<'_>, list: &[u8]) -> Vec<Check> {
    let name = artefact.name().to_owned();
    match checksums::of_file(list, &name) {
        Err(refusal) => vec![check(Method::Sha256, Err(refusal))],
        Ok(values) => values
            .into_iter()
            .map(|(algorithm, expected)| compare(artefact, algorithm, &expected).with("file", &name))
            .collect(),
    }
}

/// A list whose signature holds proves the file if the list names it with a strong digest, and with no wrong one.
fn signed_list(artefact: &mut Artefact<'_>, list: Result<(Vec<u8>, Signed), Refusal>) -> Check {
    let name = artefact.name().to_owned();
    let proven = list.and_then(|(list, mut signed)| {
        let by = signed.signer.clone().unwrap_or_default();
        let values = checksums::of_file(&list, &name).map_err(|refusal| refusal.by(by.as_str()))?;
        for (algorithm, expected) in &values {
            let compared = compare(artefact, *algorithm, expected);
            if compared.outcome != CheckOutcome::Passed {
                let refusal = Refusal::mismatch(compared.code).by(by.as_str());
                return Err(refusal.comparing(expected, compared.computed.unwrap_or_default()));
            }
            if !algorithm.is_weak() {
                signed.expected = Some(expected.clone());
                signed.computed = compared.computed;
            }
        }
        if signed.computed.is_none() {
            let refusal = Refusal::not_covered(VerificationCode::DigestWeak).by(by.as_str());
            return Err(
                refusal.with("algorithm", values.keys().map(|a| a.name()).collect::<Vec<_>>().join(", "))
            );
        }
        Ok(signed)
    });
    check(Method::OpenPgpList, proven).with("file", name)
}

fn any_signature(
    artefact: &mut Artefact<'_>,
    means: &SignatureMeans<'_>,
    pins: &[Pin],
    at: Timestamp,
) -> Check {
    let trust = Trust { keys: means.keys, pins, at };
    match kind(means.signature) {
        Some(Kind::OpenPgp) => {
            let result = artefact.rewound().map_err(|e| Refusal::io(&e));
            check(
                Method::OpenPgpDetached,
                result.and_then(|content| openpgp::detached(content, means.signature, trust)),
            )
        }
        Some(Kind::OpenPgpCleartext) => signed_list(artefact, openpgp::cleartext(means.signature, trust)),
        Some(Kind::Minisign) => {
            check(Method::Minisign, minisign::verify(artefact, means.signature, means.keys, pins))
        }
        Some(Kind::Cms) => {
            let means = CertificateMeans { signature: means.signature, anchors: means.anchors };
            by_cms(artefact, &means, pins, at)
        }
        Some(Kind::Sigstore) => {
            let result = match &means.sigstore {
                Some(sigstore) => sigstore::verify(artefact, sigstore, at),
                None => Err(Refusal::key(VerificationCode::IdentityNotDemanded)),
            };
            check(Method::Sigstore, result)
        }
        None => {
            let refusal = Refusal::unreadable(VerificationCode::SignatureUnreadable);
            check(Method::OpenPgpDetached, Err(refusal.with("reason", "of no kind that is read")))
        }
    }
}

fn by_cms(artefact: &mut Artefact<'_>, means: &CertificateMeans<'_>, pins: &[Pin], at: Timestamp) -> Check {
    let result = certificates(means.anchors).and_then(|certificates| {
        cms::detached(artefact, means.signature, Anchors { certificates: &certificates, pins, at })
    });
    check(Method::Cms, result)
}

fn certificates(anchors: &[&[u8]]) -> Result<Vec<x509_cert::Certificate>, Refusal> {
    let mut certificates = Vec::new();
    for anchor in anchors {
        certificates.extend(x509::read(anchor)?);
    }
    if certificates.is_empty() {
        return Err(Refusal::key(VerificationCode::KeyMissing).with("issuer", ""));
    }
    Ok(certificates)
}
