//! DSSE, Dead Simple Signing Envelope, v1.0.2: <https://github.com/secure-systems-lab/dsse>.
//!
//! Narrower than the specification allows, so that no byte of an envelope is free: exactly one signature (Ed25519, RFC 8032,
//! verified strictly), standard base64 with padding, the envelope itself in RFC 8785 form, `keyid` = the key.

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};
use shindan_domain::ledger::canonical;
use shindan_domain::process::{Reason, ReasonCode};

use crate::Limits;
use crate::statement::Statement;

/// A statement could not be written: a defect of this program.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotSealed(pub(crate) String);

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<EnvelopeSignature>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvelopeSignature {
    keyid: String,
    sig: String,
}

/// A statement with the envelope that it came in; the signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<S> {
    /// What is said.
    pub statement: S,
    /// The exact bytes that were signed.
    pub payload: Vec<u8>,
}

/// Pre-authentication encoding: what is signed. `DSSEv1 SP LEN(type) SP type SP LEN(body) SP body`.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// The payload of a statement, and the bytes that its signature is made over.
///
/// # Errors
/// [`NotSealed`] for a statement that has no RFC 8785 form.
pub fn to_sign<S: Statement>(statement: &S) -> Result<(Vec<u8>, Vec<u8>), NotSealed> {
    let payload = canonical(statement).map_err(|error| NotSealed(error.to_string()))?;
    let bytes = pae(S::TYPE, &payload);
    Ok((payload, bytes))
}

/// The envelope around a payload that was signed with `key` (64 hexadecimal digits).
///
/// # Errors
/// [`NotSealed`], which is a defect.
pub fn enclose<S: Statement>(payload: &[u8], key: &str, signature: &[u8; 64]) -> Result<Vec<u8>, NotSealed> {
    envelope(S::TYPE, payload, key, signature)
}

fn envelope(payload_type: &str, payload: &[u8], key: &str, signature: &[u8]) -> Result<Vec<u8>, NotSealed> {
    let envelope = Envelope {
        payload: Base64::encode_string(payload),
        payload_type: payload_type.to_owned(),
        signatures: vec![EnvelopeSignature { keyid: key.to_owned(), sig: Base64::encode_string(signature) }],
    };
    canonical(&envelope).map_err(|error| NotSealed(error.to_string()))
}

/// The type of the payload, if these bytes look like an envelope.
pub(crate) fn payload_type(bytes: &[u8]) -> Option<String> {
    serde_json::from_slice::<Envelope>(bytes).ok().map(|envelope| envelope.payload_type)
}

/// Reads a statement whose signature holds, made with the key that the statement itself names. Whether that key counts is
/// for the caller to know.
///
/// # Errors
/// [`ReasonCode::SealedOversize`], [`ReasonCode::SealedUnrecognised`] for what is no such envelope,
/// [`ReasonCode::SealedNewerFormat`], [`ReasonCode::SealedTampered`].
pub fn read_signed<S: Statement>(bytes: &[u8], limits: &Limits) -> Result<Signed<S>, Reason> {
    if bytes.len() as u64 > limits.envelope {
        let reason = Reason::new(ReasonCode::SealedOversize).with("part", "envelope");
        return Err(reason.with("limit", limits.envelope));
    }
    let unrecognised = || Reason::new(ReasonCode::SealedUnrecognised);
    let tampered = || Reason::new(ReasonCode::SealedTampered).with("part", "envelope");
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(|_| unrecognised())?;
    if envelope.payload_type != S::TYPE {
        return Err(unrecognised());
    }
    let payload = Base64::decode_vec(&envelope.payload).map_err(|_| tampered())?;
    let [signed] = envelope.signatures.as_slice() else { return Err(tampered()) };
    let signature: [u8; 64] =
        Base64::decode_vec(&signed.sig).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(tampered)?;
    // The same bytes again, or some of them were free.
    let again = self::envelope(S::TYPE, &payload, &signed.keyid, &signature).map_err(|_| tampered())?;
    if again != bytes {
        return Err(tampered());
    }
    let statement: S = read_payload(&payload)?;
    let key = verifying_key(statement.key()).ok_or_else(tampered)?;
    let holds = key.verify_strict(&pae(S::TYPE, &payload), &Signature::from_bytes(&signature)).is_ok();
    if signed.keyid != statement.key() || !holds {
        return Err(tampered());
    }
    Ok(Signed { statement, payload })
}

fn read_payload<S: Statement>(payload: &[u8]) -> Result<S, Reason> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let tampered = || Reason::new(ReasonCode::SealedTampered).with("part", "manifest");
    let Format { format } = serde_json::from_slice(payload).map_err(|_| tampered())?;
    if format > S::FORMAT {
        let reason = Reason::new(ReasonCode::SealedNewerFormat).with("found", format);
        return Err(reason.with("known", S::FORMAT));
    }
    let statement: S = serde_json::from_slice(payload).map_err(|_| tampered())?;
    match canonical(&statement) {
        Ok(again) if again == payload && format == S::FORMAT => Ok(statement),
        _ => Err(tampered()),
    }
}

fn verifying_key(text: &str) -> Option<VerifyingKey> {
    // The digits of a key are those of a hash: 64, lower case (a second form would be a second name for the same key).
    let key: shindan_domain::ledger::Hash = text.parse().ok()?;
    if key.to_string() != text {
        return None;
    }
    VerifyingKey::from_bytes(&key.0).ok()
}
