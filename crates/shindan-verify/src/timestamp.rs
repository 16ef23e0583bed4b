//! Time stamps of a trusted authority (RFC 3161).

use der::asn1::ObjectIdentifier;
use der::{Any, Decode, Reader, SliceReader, Tag, Tagged};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use shindan_domain::verification::VerificationCode;
use x509_cert::Certificate;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::cms::{Message, octets, verify_signer};
use crate::public_key;
use crate::refusal::Refusal;
use crate::x509::{self, Path};

const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// Whose time stamps count.
pub(crate) struct Authority<'a> {
    /// Trusted certificates.
    pub(crate) anchors: &'a [Certificate],
    /// Further certificates, if the token encloses none.
    pub(crate) known: &'a [Certificate],
}

/// Verifies a `TimeStampToken` over the message; returns the time, in whole seconds.
pub(crate) fn verify(token: &[u8], message: &[u8], authority: &Authority<'_>) -> Result<Timestamp, Refusal> {
    let token = Message::read(token)?;
    let content = &token.content;
    if content.econtent_type != TST_INFO {
        return Err(unproven("no time stamp"));
    }
    let info = octets(content.econtent.as_ref().ok_or_else(|| unproven("no time stamp"))?)?;
    let stamp = Stamp::read(info).map_err(|_| unproven("time stamp unreadable"))?;
    let algorithm = public_key::digest_algorithm(&stamp.algorithm.oid)?;
    if algorithm.of(message) != stamp.digest {
        return Err(
            Refusal::mismatch(VerificationCode::TimeNotProven).with("reason", "time stamp of something else")
        );
    }
    let (signer, algorithm) = token.signer()?;
    let certificate = token.certificate_of(signer, authority.known)?;
    verify_signer(signer, algorithm, TST_INFO, &algorithm.of(info), certificate)?;
    let between: Vec<Certificate> = token.certificates.iter().chain(authority.known).cloned().collect();
    let path =
        Path { anchors: authority.anchors, between: &between, at: stamp.time, purpose: x509::TIME_STAMPING };
    path.from(certificate)?;
    Ok(stamp.time)
}

/// The token inside a `TimeStampResp` whose status is *granted*.
pub(crate) fn token_of_response(response: &[u8]) -> Result<Vec<u8>, Refusal> {
    let read = || -> der::Result<(u8, Any)> {
        let mut reader = SliceReader::new(response)?;
        let parts = reader.sequence(|inner| {
            let status = inner.sequence(|status| {
                let number = u8::decode(status)?;
                while !status.is_finished() {
                    Any::decode(status)?;
                }
                Ok(number)
            })?;
            Ok((status, Any::decode(inner)?))
        })?;
        reader.finish(parts)
    };
    let (status, token) = read().map_err(|_| unproven("answer of the time stamp authority unreadable"))?;
    // 0 granted, 1 granted with modifications (RFC 3161, section 2.4.2).
    if status > 1 {
        return Err(unproven("the time stamp authority refused"));
    }
    x509::encoded(&token)
}

fn unproven(reason: &str) -> Refusal {
    Refusal::unreadable(VerificationCode::TimeNotProven).with("reason", reason)
}

struct Stamp {
    algorithm: AlgorithmIdentifierOwned,
    digest: Vec<u8>,
    time: Timestamp,
}

impl Stamp {
    /// `TSTInfo`, of which only the imprint and the time matter here.
    fn read(der: &[u8]) -> der::Result<Stamp> {
        let mut reader = SliceReader::new(der)?;
        let stamp = reader.sequence(|inner| {
            let version = u8::decode(inner)?;
            if version != 1 {
                return Err(Tag::Integer.value_error());
            }
            ObjectIdentifier::decode(inner)?;
            let (algorithm, digest) = inner.sequence(|imprint| {
                let algorithm = AlgorithmIdentifierOwned::decode(imprint)?;
                let digest = Any::decode(imprint)?;
                digest.tag().assert_eq(Tag::OctetString)?;
                Ok((algorithm, digest.value().to_vec()))
            })?;
            Any::decode(inner)?.tag().assert_eq(Tag::Integer)?;
            let time = Any::decode(inner)?;
            time.tag().assert_eq(Tag::GeneralizedTime)?;
            let time = generalized_time(time.value()).ok_or_else(|| Tag::GeneralizedTime.value_error())?;
            while !inner.is_finished() {
                Any::decode(inner)?;
            }
            Ok(Stamp { algorithm, digest, time })
        })?;
        reader.finish(stamp)
    }
}

/// `YYYYMMDDhhmmss[.fraction]Z`; the fraction is dropped.
fn generalized_time(bytes: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let number = |from: usize, to: usize| whole.get(from..to)?.parse::<i8>().ok();
    let year = whole.get(..4)?.parse().ok()?;
    let (month, day) = (number(4, 6)?, number(6, 8)?);
    let (hour, minute, second) = (number(8, 10)?, number(10, 12)?, number(12, 14)?);
    let civil = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}
