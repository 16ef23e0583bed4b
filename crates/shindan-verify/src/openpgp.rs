//! OpenPGP signatures (RFC 4880, RFC 9580): detached over a file, detached over a list, clear-signed lists.
//!
//! The keys are those the caller gives. Beyond what sequoia refuses at the time of the signature, a key that is expired,
//! revoked or too weak *now* is refused, too: who holds such a key can date a signature back.

use std::fmt;
use std::io::{Cursor, Read};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use sequoia::anyhow;
use sequoia::cert::CertParser;
use sequoia::cert::amalgamation::ValidAmalgamation;
use sequoia::packet::Packet;
use sequoia::packet::Signature;
use sequoia::packet::signature::subpacket::SubpacketTag;
use sequoia::parse::stream::{
    DetachedVerifierBuilder, GoodChecksum, MessageLayer, MessageStructure, VerificationError,
    VerificationHelper, VerifierBuilder,
};
use sequoia::parse::{PacketParser, PacketParserResult, Parse};
use sequoia::policy::StandardPolicy;
use sequoia::types::RevocationStatus;
use sequoia::{Cert, Fingerprint, KeyHandle};
use sequoia_openpgp as sequoia;
use shindan_domain::verification::{CheckOutcome, VerificationCode};

use crate::digest::hex;
use crate::recognise::{KeyKind, key_kind};
use crate::refusal::{Refusal, Signed};

/// A key that a person has pinned for a maker: the full fingerprint of an OpenPGP key (40 or 64 hexadecimal digits), the
/// SHA-256 of a certificate (64 digits), or a whole minisign key (56 characters). Short key ids are no pins: they can be
/// made to collide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin(String);

/// The text is no full fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinError;

impl fmt::Display for PinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a pin is a full fingerprint: 40 or 64 hexadecimal digits, or a minisign key of 56 characters",
        )
    }
}

impl std::error::Error for PinError {}

impl FromStr for Pin {
    type Err = PinError;

    fn from_str(text: &str) -> Result<Self, PinError> {
        let compact: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
        let is_hex = compact.bytes().all(|b| b.is_ascii_hexdigit());
        match compact.len() {
            40 | 64 if is_hex => Ok(Pin(compact.to_ascii_uppercase())),
            56 if compact.starts_with("RW") => Ok(Pin(compact)),
            _ => Err(PinError),
        }
    }
}

impl Pin {
    /// Whether the pin is this text, letter by letter (minisign keys).
    pub(crate) fn is_text(&self, text: &str) -> bool {
        self.0 == text
    }

    /// Whether the pin is the fingerprint.
    pub(crate) fn is_fingerprint(&self, bytes: &[u8]) -> bool {
        self.0 == hex(bytes).to_ascii_uppercase()
    }
}

/// What a signature is judged by.
#[derive(Clone, Copy)]
pub(crate) struct Trust<'a> {
    pub(crate) keys: &'a [&'a [u8]],
    pub(crate) pins: &'a [Pin],
    pub(crate) at: Timestamp,
}

/// Verifies a detached signature, armored or binary, over a stream.
pub(crate) fn detached(
    content: &mut (dyn crate::Content + '_),
    signature: &[u8],
    trust: Trust<'_>,
) -> Result<Signed, Refusal> {
    let certs = certificates(trust.keys)?;
    let at = system_time(trust.at);
    let policy = StandardPolicy::at(at);
    let results = Arc::new(Mutex::new(Vec::new()));
    let judge = Judge { certs, pins: trust.pins.to_vec(), at, results: Arc::clone(&results) };
    let verifier =
        DetachedVerifierBuilder::from_bytes(signature).and_then(|b| b.with_policy(&policy, at, judge));
    let mut verifier = verifier.map_err(|e| unreadable(&e))?;
    verifier.verify_reader(content).map_err(|e| unreadable(&e))?;
    conclude(&results)
}

/// Verifies a clear-signed text and returns what was signed.
pub(crate) fn cleartext(message: &[u8], trust: Trust<'_>) -> Result<(Vec<u8>, Signed), Refusal> {
    let certs = certificates(trust.keys)?;
    let at = system_time(trust.at);
    let policy = StandardPolicy::at(at);
    let results = Arc::new(Mutex::new(Vec::new()));
    let judge = Judge { certs, pins: trust.pins.to_vec(), at, results: Arc::clone(&results) };
    let verifier = VerifierBuilder::from_bytes(message).and_then(|b| b.with_policy(&policy, at, judge));
    let mut verifier = verifier.map_err(|e| unreadable(&e))?;
    let mut text = Vec::new();
    verifier
        .read_to_end(&mut text)
        .map_err(|e| Refusal::unreadable(VerificationCode::SignatureUnreadable).with("reason", e))?;
    let signed = conclude(&results)?;
    Ok((text, signed))
}

/// Verifies a detached signature over bytes in memory.
pub(crate) fn detached_over(bytes: &[u8], signature: &[u8], trust: Trust<'_>) -> Result<Signed, Refusal> {
    detached(&mut Cursor::new(bytes), signature, trust)
}

fn unreadable(error: &anyhow::Error) -> Refusal {
    Refusal::unreadable(VerificationCode::SignatureUnreadable).with("reason", format!("{error:#}"))
}

fn system_time(at: Timestamp) -> SystemTime {
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn timestamp(time: SystemTime) -> Option<Timestamp> {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}

fn show(time: SystemTime) -> String {
    timestamp(time).map_or_else(|| "?".to_owned(), |t| t.to_string())
}

/// Reads certificates; a revocation on its own (`gpg --gen-revoke`) is added to the certificate it revokes.
fn certificates(keys: &[&[u8]]) -> Result<Vec<Cert>, Refusal> {
    let bad = |reason: String| Refusal::unreadable(VerificationCode::KeyUnreadable).with("reason", reason);
    let mut certs: Vec<Cert> = Vec::new();
    let mut revocations: Vec<Signature> = Vec::new();
    for key in keys.iter().filter(|key| key_kind(key) == KeyKind::OpenPgp) {
        for block in blocks(key) {
            if let Some(signatures) = only_signatures(block) {
                revocations.extend(signatures);
                continue;
            }
            for cert in CertParser::from_bytes(block).map_err(|e| bad(e.to_string()))? {
                add(&mut certs, cert.map_err(|e| bad(format!("{e:#}")))?).map_err(bad)?;
            }
        }
    }
    for revocation in revocations {
        let issuers = revocation.get_issuers();
        let of = certs.iter_mut().find(|cert| issuers.iter().any(|i| i.aliases(cert.key_handle())));
        let Some(cert) = of else { return Err(bad("a revocation of a key that was not given".to_owned())) };
        let (with, _) = cert.clone().insert_packets([revocation]).map_err(|e| bad(e.to_string()))?;
        *cert = with;
    }
    Ok(certs)
}

fn add(certs: &mut Vec<Cert>, cert: Cert) -> Result<(), String> {
    match certs.iter_mut().find(|known| known.fingerprint() == cert.fingerprint()) {
        Some(known) => {
            *known = known.clone().merge_public(cert).map_err(|e| e.to_string())?;
        }
        None => certs.push(cert),
    }
    Ok(())
}

/// Files of keys are often several armored blocks, one after another.
fn blocks(key: &[u8]) -> Vec<&[u8]> {
    const BEGIN: &[u8] = b"-----BEGIN PGP ";
    let mut starts: Vec<usize> = key
        .windows(BEGIN.len())
        .enumerate()
        .filter(|(_, window)| *window == BEGIN)
        .map(|(at, _)| at)
        .collect();
    if starts.is_empty() {
        return vec![key];
    }
    starts.push(key.len());
    starts.windows(2).filter_map(|pair| key.get(*pair.first()?..*pair.get(1)?)).collect()
}

fn only_signatures(block: &[u8]) -> Option<Vec<Signature>> {
    let mut signatures = Vec::new();
    let mut parsed = PacketParser::from_bytes(block).ok()?;
    while let PacketParserResult::Some(packet) = parsed {
        let (packet, next) = packet.next().ok()?;
        match packet {
            Packet::Signature(signature) => signatures.push(signature),
            _ => return None,
        }
        parsed = next;
    }
    (!signatures.is_empty()).then_some(signatures)
}

type Results = Arc<Mutex<Vec<Result<Signed, Refusal>>>>;

/// Collects what sequoia found, and adds our own rules. It lets every message pass; [`conclude`] decides.
struct Judge {
    certs: Vec<Cert>,
    pins: Vec<Pin>,
    at: SystemTime,
    results: Results,
}

impl VerificationHelper for Judge {
    fn get_certs(&mut self, _: &[KeyHandle]) -> sequoia::Result<Vec<Cert>> {
        Ok(self.certs.clone())
    }

    fn check(&mut self, structure: MessageStructure<'_>) -> sequoia::Result<()> {
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        for layer in structure {
            match layer {
                MessageLayer::SignatureGroup { results: found } => {
                    for result in found {
                        results.push(match result {
                            Ok(good) => self.good(&good),
                            Err(error) => Err(self.bad(&error)),
                        });
                    }
                }
                MessageLayer::Compression { .. } | MessageLayer::Encryption { .. } => {
                    results.push(Err(Refusal::unsupported("compressed or encrypted OpenPGP message")));
                }
            }
        }
        Ok(())
    }
}

/// One good signature is enough, unless another one, by a key that was given, does not fit the content.
fn conclude(results: &Results) -> Result<Signed, Refusal> {
    let results = results.lock().unwrap_or_else(PoisonError::into_inner);
    let refusals = || results.iter().filter_map(|result| result.as_ref().err());
    if let Some(bad) = refusals().find(|refusal| refusal.outcome() == CheckOutcome::Mismatch) {
        return Err(bad.clone());
    }
    if let Some(good) = results.iter().find_map(|result| result.as_ref().ok()) {
        return Ok(good.clone());
    }
    let known = refusals().find(|refusal| {
        !matches!(refusal.code(), VerificationCode::KeyUnknown | VerificationCode::KeyMissing)
    });
    match known.or_else(|| refusals().next()) {
        Some(refusal) => Err(refusal.clone()),
        None => {
            Err(Refusal::unreadable(VerificationCode::SignatureUnreadable).with("reason", "no signature"))
        }
    }
}

impl Judge {
    fn good(&self, good: &GoodChecksum<'_>) -> Result<Signed, Refusal> {
        let key = good.ka.key().fingerprint();
        let cert = good.ka.cert();
        let primary = cert.fingerprint();
        self.is_acceptable_now(cert, &key)?;
        if !self.pins.is_empty()
            && !self
                .pins
                .iter()
                .any(|p| p.is_fingerprint(primary.as_bytes()) || p.is_fingerprint(key.as_bytes()))
        {
            let refusal = Refusal::key(VerificationCode::KeyNotPinned).by(primary.to_hex());
            return Err(refusal.with("fingerprint", primary.to_hex()).with("pinned", self.pins.len()));
        }
        // Neither the hint of the digest nor the unhashed area is protected by the signature. A signature whose hints
        // contradict it was altered.
        let issuers = good.sig.get_issuers();
        let hinted = good.sig.computed_digest().and_then(|digest| digest.get(..2));
        let handle = KeyHandle::from(key.clone());
        if !issuers.iter().all(|issuer| issuer.aliases(&handle))
            || (good.sig.version() < 6 && hinted != Some(good.sig.digest_prefix().as_slice()))
        {
            return Err(Refusal::mismatch(VerificationCode::SignatureBad).by(primary.to_hex()));
        }
        let is_issuer = |tag| matches!(tag, SubpacketTag::Issuer | SubpacketTag::IssuerFingerprint);
        if !good.sig.unhashed_area().iter().all(|part| is_issuer(part.tag()) && !part.critical()) {
            return Err(Refusal::unsupported("unprotected part of the signature").by(primary.to_hex()));
        }
        let mut signed = Signed { signer: Some(primary.to_hex()), ..Signed::default() };
        signed.at = good.sig.signature_creation_time().and_then(timestamp);
        Ok(signed)
    }

    /// sequoia judges a key as of the time of the signature; this judges it as of now.
    fn is_acceptable_now(&self, cert: &Cert, key: &Fingerprint) -> Result<(), Refusal> {
        let policy = StandardPolicy::at(self.at);
        let fingerprint = cert.fingerprint().to_hex();
        let valid = cert.with_policy(&policy, self.at).map_err(|e| self.refused_key(&fingerprint, &e))?;
        if let RevocationStatus::Revoked(_) = valid.revocation_status() {
            return Err(revoked(&fingerprint));
        }
        valid.alive().map_err(|e| self.refused_key(&fingerprint, &e))?;
        let subkey = valid.keys().find(|ka| ka.key().fingerprint() == *key);
        let Some(subkey) = subkey else {
            let refusal = Refusal::key(VerificationCode::KeyUsage).by(fingerprint.as_str());
            return Err(refusal
                .with("fingerprint", fingerprint)
                .with("reason", "no valid binding of the key"));
        };
        if let RevocationStatus::Revoked(_) = subkey.revocation_status() {
            return Err(revoked(&fingerprint));
        }
        subkey.alive().map_err(|e| self.refused_key(&fingerprint, &e))
    }

    fn bad(&self, error: &VerificationError<'_>) -> Refusal {
        match error {
            VerificationError::MissingKey { sig } => {
                let issuer = sig.get_issuers().first().map(ToString::to_string).unwrap_or_default();
                let code = if self.certs.is_empty() {
                    VerificationCode::KeyMissing
                } else {
                    VerificationCode::KeyUnknown
                };
                Refusal::key(code).with("issuer", issuer)
            }
            VerificationError::UnboundKey { cert, error, .. } => {
                self.refused_key(&cert.fingerprint().to_hex(), error)
            }
            VerificationError::BadKey { ka, error, .. } => {
                let fingerprint = ka.cert().fingerprint().to_hex();
                let revocation = [ka.valid_cert().revocation_status(), ka.revocation_status()];
                if revocation.iter().any(|status| matches!(status, RevocationStatus::Revoked(_))) {
                    return revoked(&fingerprint);
                }
                self.refused_key(&fingerprint, error)
            }
            VerificationError::BadSignature { sig, ka, error } => {
                let fingerprint = ka.cert().fingerprint().to_hex();
                let refusal = match error.downcast_ref::<sequoia::Error>() {
                    Some(sequoia::Error::Expired(at)) => {
                        Refusal::key(VerificationCode::SignatureExpired).with("expired", show(*at))
                    }
                    Some(sequoia::Error::NotYetLive(at)) => {
                        Refusal::key(VerificationCode::SignatureFuture).with("made", show(*at))
                    }
                    Some(sequoia::Error::PolicyViolation(..)) => {
                        Refusal::key(VerificationCode::SignatureWeak).with("algorithm", sig.hash_algo())
                    }
                    _ => Refusal::mismatch(VerificationCode::SignatureBad),
                };
                refusal.by(fingerprint)
            }
            VerificationError::MalformedSignature { error, .. } => unreadable(error),
            VerificationError::UnknownSignature { sig } => unreadable(sig.error()),
            _ => Refusal::unreadable(VerificationCode::SignatureUnreadable).with("reason", error),
        }
    }

    fn refused_key(&self, fingerprint: &str, error: &anyhow::Error) -> Refusal {
        // sequoia wraps the reason more than once.
        let reason = error.chain().filter_map(|e| e.downcast_ref::<sequoia::Error>()).next_back();
        let refusal = match reason {
            Some(sequoia::Error::Expired(at)) => {
                Refusal::key(VerificationCode::KeyExpired).with("expired", show(*at))
            }
            Some(sequoia::Error::NotYetLive(at)) => {
                Refusal::key(VerificationCode::KeyNotYetValid).with("from", show(*at))
            }
            Some(sequoia::Error::PolicyViolation(what, _)) => {
                Refusal::key(VerificationCode::KeyWeak).with("reason", what)
            }
            _ => Refusal::key(VerificationCode::KeyUsage).with("reason", format!("{error:#}")),
        };
        refusal.with("fingerprint", fingerprint).by(fingerprint)
    }
}

fn revoked(fingerprint: &str) -> Refusal {
    Refusal::key(VerificationCode::KeyRevoked).with("fingerprint", fingerprint).by(fingerprint)
}
