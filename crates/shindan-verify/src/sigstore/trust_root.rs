//! `trusted_root.json`: the authorities, logs and time stamp authorities that count, and when they were in use.

use der::Decode;
use jiff::Timestamp;
use serde::Deserialize;
use shindan_domain::verification::VerificationCode;
use x509_cert::Certificate;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::bundle::{Bytes, RawBytes};
use crate::refusal::Refusal;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    media_type: String,
    #[serde(default)]
    tlogs: Vec<RawLog>,
    #[serde(default)]
    certificate_authorities: Vec<RawAuthority>,
    #[serde(default)]
    ctlogs: Vec<RawLog>,
    #[serde(default)]
    timestamp_authorities: Vec<RawAuthority>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawLog {
    public_key: RawKey,
    log_id: RawLogId,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawKey {
    raw_bytes: Bytes,
    valid_for: Period,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawLogId {
    key_id: Bytes,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAuthority {
    cert_chain: RawChain,
    valid_for: Period,
}

#[derive(Debug, Deserialize)]
struct RawChain {
    certificates: Vec<RawBytes>,
}

/// When something was in use; both ends belong to the period. The beginning must be given.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Period {
    start: Timestamp,
    end: Option<Timestamp>,
}

impl Period {
    pub(super) fn contains(&self, time: Timestamp) -> bool {
        self.start <= time && self.end.is_none_or(|end| time <= end)
    }
}

/// A log: of signatures, or of certificates.
pub(super) struct Log {
    pub(super) id: Vec<u8>,
    pub(super) key: SubjectPublicKeyInfoOwned,
    pub(super) valid_for: Period,
}

/// An authority: its certificates from the issuing one to the root.
pub(super) struct Authority {
    pub(super) certificates: Vec<Certificate>,
    pub(super) valid_for: Period,
}

/// What counts.
pub(super) struct TrustRoot {
    logs: Vec<Log>,
    pub(super) authorities: Vec<Authority>,
    pub(super) certificate_logs: Vec<Log>,
    pub(super) time_stamp_authorities: Vec<Authority>,
}

impl TrustRoot {
    pub(super) fn read(json: &[u8]) -> Result<TrustRoot, Refusal> {
        let raw: Raw = serde_json::from_slice(json).map_err(|e| bad(&e.to_string()))?;
        if !raw.media_type.starts_with("application/vnd.dev.sigstore.trustedroot") {
            return Err(bad(&raw.media_type));
        }
        Ok(TrustRoot {
            logs: raw.tlogs.iter().filter_map(log).collect(),
            authorities: raw.certificate_authorities.iter().map(authority).collect::<Result<_, _>>()?,
            certificate_logs: raw.ctlogs.iter().filter_map(log).collect(),
            time_stamp_authorities: raw
                .timestamp_authorities
                .iter()
                .map(authority)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The log of signatures with this id.
    pub(super) fn log(&self, id: &[u8]) -> Option<&Log> {
        self.logs.iter().find(|log| log.id == id)
    }
}

fn bad(reason: &str) -> Refusal {
    Refusal::unreadable(VerificationCode::KeyUnreadable).with("reason", format!("trust root: {reason}"))
}

/// A log whose key is of a form that is not read counts for nothing: what stands in it is refused as unknown.
fn log(raw: &RawLog) -> Option<Log> {
    let key = SubjectPublicKeyInfoOwned::from_der(&raw.public_key.raw_bytes.0).ok()?;
    Some(Log { id: raw.log_id.key_id.0.clone(), key, valid_for: raw.public_key.valid_for })
}

fn authority(raw: &RawAuthority) -> Result<Authority, Refusal> {
    let read = |raw: &RawBytes| Certificate::from_der(&raw.raw_bytes.0).map_err(|_| bad("certificate"));
    let certificates = raw.cert_chain.certificates.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Authority { certificates, valid_for: raw.valid_for })
}
