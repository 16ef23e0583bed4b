//! Whether the bundle's signature fits the file: directly, or through a signed statement that names its digest.

use std::collections::BTreeMap;

use serde::Deserialize;
use shindan_domain::verification::VerificationCode;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::bundle::{Bundle, Envelope, MessageSignature, Subject};
use super::invalid;
use crate::artefact::Artefact;
use crate::digest::{Algorithm, hex};
use crate::public_key::{self, Scheme};
use crate::refusal::Refusal;

const STATEMENT: &str = "application/vnd.in-toto+json";

/// What was signed, as the log and the time stamps must know it.
pub(super) struct SignedContent {
    /// The signature.
    pub(super) signature: Vec<u8>,
    /// Digests of the signed bytes: of the file, or of the envelope's encoding.
    pub(super) digests: BTreeMap<Algorithm, Vec<u8>>,
    /// The payload of a statement.
    pub(super) payload: Option<Vec<u8>>,
    /// Digest of the file as signed, hexadecimal.
    pub(super) expected: String,
    /// Digest of the file as computed.
    pub(super) computed: String,
}

/// Strong algorithms.
const STRONG: [Algorithm; 3] = [Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512];

pub(super) fn verify(
    artefact: &mut Artefact<'_>,
    bundle: &Bundle,
    key: &SubjectPublicKeyInfoOwned,
) -> Result<SignedContent, Refusal> {
    match &bundle.subject {
        Subject::Message(message) => by_signature(artefact, message, key),
        Subject::Statement(envelope) => by_statement(artefact, envelope, key),
    }
}

fn by_signature(
    artefact: &mut Artefact<'_>,
    message: &MessageSignature,
    key: &SubjectPublicKeyInfoOwned,
) -> Result<SignedContent, Refusal> {
    let scheme = public_key::default_scheme(key)?;
    let (Scheme::Ecdsa(algorithm) | Scheme::RsaPkcs1(algorithm)) = scheme else {
        return Err(Refusal::unsupported("Ed25519 over a digest"));
    };
    artefact.compute(&[algorithm]).map_err(|e| Refusal::io(&e))?;
    if let Some(stated) = &message.message_digest {
        let algorithm = match stated.algorithm.as_str() {
            "SHA2_256" => Algorithm::Sha256,
            "SHA2_384" => Algorithm::Sha384,
            "SHA2_512" => Algorithm::Sha512,
            other => return Err(Refusal::unsupported(other)),
        };
        let computed = artefact.digest(algorithm).map_err(|e| Refusal::io(&e))?;
        if stated.digest.0 != computed {
            let refusal = Refusal::mismatch(VerificationCode::DigestDifferent);
            return Err(refusal.comparing(hex(&stated.digest.0), hex(&computed)));
        }
    }
    let digest = artefact.digest(algorithm).map_err(|e| Refusal::io(&e))?;
    public_key::verify_digest(key, scheme, &digest, &message.signature.0)?;
    let mut digests = BTreeMap::from([(algorithm, digest.clone())]);
    let sha256 = artefact.digest(Algorithm::Sha256).map_err(|e| Refusal::io(&e))?;
    digests.insert(Algorithm::Sha256, sha256);
    let digest = hex(&digest);
    Ok(SignedContent {
        signature: message.signature.0.clone(),
        digests,
        payload: None,
        expected: digest.clone(),
        computed: digest,
    })
}

#[derive(Deserialize)]
struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<StatementSubject>,
}

#[derive(Deserialize)]
struct StatementSubject {
    digest: BTreeMap<String, String>,
}

fn by_statement(
    artefact: &mut Artefact<'_>,
    envelope: &Envelope,
    key: &SubjectPublicKeyInfoOwned,
) -> Result<SignedContent, Refusal> {
    if envelope.payload_type != STATEMENT {
        return Err(Refusal::unsupported(&envelope.payload_type));
    }
    let [signature] = envelope.signatures.as_slice() else {
        return Err(Refusal::unsupported("statement with other than one signature"));
    };
    let encoded = pre_authentication_encoding(&envelope.payload_type, &envelope.payload.0);
    public_key::verify(key, public_key::default_scheme(key)?, &encoded, &signature.sig.0)?;
    let statement: Statement =
        serde_json::from_slice(&envelope.payload.0).map_err(|e| invalid(&format!("statement: {e}")))?;
    if !statement.kind.starts_with("https://in-toto.io/Statement/v") {
        return Err(Refusal::unsupported(&statement.kind));
    }
    let (expected, computed) = named(artefact, &statement)?;
    Ok(SignedContent {
        signature: signature.sig.0.clone(),
        digests: STRONG.into_iter().map(|algorithm| (algorithm, algorithm.of(&encoded))).collect(),
        payload: Some(envelope.payload.0.clone()),
        expected,
        computed,
    })
}

/// The digest by which the statement names the file.
fn named(artefact: &mut Artefact<'_>, statement: &Statement) -> Result<(String, String), Refusal> {
    let mut other = None;
    for subject in &statement.subject {
        for (name, algorithm) in
            [("sha256", Algorithm::Sha256), ("sha384", Algorithm::Sha384), ("sha512", Algorithm::Sha512)]
        {
            let Some(expected) = subject.digest.get(name) else { continue };
            let computed = artefact.hex_digest(algorithm).map_err(|e| Refusal::io(&e))?;
            if expected.eq_ignore_ascii_case(&computed) {
                return Ok((computed.clone(), computed));
            }
            other.get_or_insert((crate::refusal::readable(expected), computed));
        }
    }
    match other {
        Some((expected, computed)) => {
            Err(Refusal::mismatch(VerificationCode::DigestDifferent).comparing(expected, computed))
        }
        None => {
            Err(Refusal::not_covered(VerificationCode::BundleInvalid)
                .with("reason", "statement names no digest"))
        }
    }
}

/// DSSE's pre-authentication encoding.
fn pre_authentication_encoding(kind: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len());
    [head.as_bytes(), payload].concat()
}
