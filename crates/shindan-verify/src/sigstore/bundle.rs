//! The JSON of a bundle (`sigstore_bundle.proto`). Unknown fields are refused: they could change the meaning of others.

use base64ct::{Base64, Encoding};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

use super::invalid;
use crate::refusal::Refusal;

/// The largest bundle, in bytes.
const LIMIT: usize = 16 << 20;

/// Bytes in canonical base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = String::deserialize(deserializer)?;
        // Some tools break the lines.
        text.retain(|c| c != '\n' && c != '\r');
        Base64::decode_vec(&text).map(Bytes).map_err(|_| D::Error::custom("not base64"))
    }
}

/// A number that is not negative, as JSON's number or as a text (protobuf's `int64`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number(pub(super) u64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Number;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number that is not negative")
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Number, E> {
                if value > i64::MAX as u64 { Err(E::custom("too large")) } else { Ok(Number(value)) }
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Number, E> {
                let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
                let number = if digits { value.parse::<i64>().ok() } else { None };
                let number = number.and_then(|n| u64::try_from(n).ok());
                number.map(Number).ok_or_else(|| E::custom("no number"))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Raw {
    media_type: String,
    verification_material: Material,
    message_signature: Option<MessageSignature>,
    dsse_envelope: Option<Envelope>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Material {
    certificate: Option<RawBytes>,
    x509_certificate_chain: Option<Chain>,
    public_key: Option<KeyHint>,
    #[serde(default)]
    tlog_entries: Vec<Entry>,
    timestamp_verification_data: Option<TimeStamps>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RawBytes {
    pub(super) raw_bytes: Bytes,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chain {
    certificates: Vec<RawBytes>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyHint {
    /// Unsigned, and not needed: the caller gives the key.
    #[serde(rename = "hint")]
    _hint: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TimeStamps {
    #[serde(default)]
    rfc3161_timestamps: Vec<TimeStamp>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TimeStamp {
    signed_timestamp: Bytes,
}

/// An entry of a transparency log.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) log_index: Number,
    pub(super) log_id: LogId,
    pub(super) kind_version: KindVersion,
    pub(super) integrated_time: Option<Number>,
    pub(super) inclusion_promise: Option<Promise>,
    pub(super) inclusion_proof: Option<Proof>,
    pub(super) canonicalized_body: Bytes,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LogId {
    pub(super) key_id: Bytes,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindVersion {
    pub(super) kind: String,
    pub(super) version: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Promise {
    pub(super) signed_entry_timestamp: Bytes,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Proof {
    pub(super) log_index: Number,
    pub(super) root_hash: Bytes,
    pub(super) tree_size: Number,
    #[serde(default)]
    pub(super) hashes: Vec<Bytes>,
    pub(super) checkpoint: Option<Checkpoint>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Checkpoint {
    pub(super) envelope: String,
}

/// A signature over the file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MessageSignature {
    pub(super) message_digest: Option<MessageDigest>,
    pub(super) signature: Bytes,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageDigest {
    pub(super) algorithm: String,
    pub(super) digest: Bytes,
}

/// A signed statement about files (DSSE).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Envelope {
    pub(super) payload: Bytes,
    pub(super) payload_type: String,
    pub(super) signatures: Vec<EnvelopeSignature>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EnvelopeSignature {
    pub(super) sig: Bytes,
    /// Unsigned, and not needed.
    #[serde(rename = "keyid")]
    _keyid: Option<String>,
}

/// Versions of the form, as far as their rules differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// 0.1: a promise of inclusion is required.
    V1,
    /// 0.2: a proof of inclusion is required.
    V2,
    /// 0.3: as 0.2, with one certificate instead of a chain.
    V3,
}

/// What is signed.
pub(super) enum Subject {
    Message(MessageSignature),
    Statement(Envelope),
}

/// A bundle whose form is right.
pub(super) struct Bundle {
    pub(super) version: Version,
    pub(super) subject: Subject,
    material: Material,
}

impl Bundle {
    pub(super) fn read(json: &[u8]) -> Result<Bundle, Refusal> {
        if json.len() > LIMIT {
            return Err(invalid("larger than 16 MiB"));
        }
        let raw: Raw = serde_json::from_slice(json).map_err(|e| invalid(&e.to_string()))?;
        let version = match raw.media_type.as_str() {
            "application/vnd.dev.sigstore.bundle+json;version=0.1" => Version::V1,
            "application/vnd.dev.sigstore.bundle+json;version=0.2" => Version::V2,
            "application/vnd.dev.sigstore.bundle+json;version=0.3"
            | "application/vnd.dev.sigstore.bundle.v0.3+json" => Version::V3,
            other => return Err(Refusal::unsupported(other)),
        };
        let subject = match (raw.message_signature, raw.dsse_envelope) {
            (Some(message), None) => Subject::Message(message),
            (None, Some(envelope)) => Subject::Statement(envelope),
            _ => return Err(invalid("neither one signature nor one statement")),
        };
        let bundle = Bundle { version, subject, material: raw.verification_material };
        let material = &bundle.material;
        let keys = [
            material.certificate.is_some(),
            material.x509_certificate_chain.is_some(),
            material.public_key.is_some(),
        ];
        if keys.iter().filter(|given| **given).count() != 1
            || (version == Version::V3 && material.x509_certificate_chain.is_some())
            || (version != Version::V3 && material.certificate.is_some())
        {
            return Err(invalid("verification material"));
        }
        Ok(bundle)
    }

    /// DER of the signer's certificate; `None` if the bundle names a key.
    pub(super) fn certificate(&self) -> Result<Option<&[u8]>, Refusal> {
        if let Some(certificate) = &self.material.certificate {
            return Ok(Some(&certificate.raw_bytes.0));
        }
        let Some(chain) = &self.material.x509_certificate_chain else { return Ok(None) };
        // Certificates of authorities come from the trust root; a bundle must not bring a root of its own.
        match chain.certificates.as_slice() {
            [one] => Ok(Some(&one.raw_bytes.0)),
            [] => Err(invalid("empty chain of certificates")),
            _ => Err(Refusal::unsupported("bundle with more than the signer's certificate")),
        }
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.material.tlog_entries
    }

    /// Answers of time stamp authorities.
    pub(super) fn time_stamps(&self) -> impl Iterator<Item = &[u8]> {
        let stamps = self.material.timestamp_verification_data.iter();
        stamps.flat_map(|data| &data.rfc3161_timestamps).map(|stamp| stamp.signed_timestamp.0.as_slice())
    }
}
