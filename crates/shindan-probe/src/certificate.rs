//! What a server's certificate says about itself (RFC 5280). Whether an authority vouches for it is not judged: hospitals have
//! authorities of their own, and this program knows none of them.

use std::net::IpAddr;

use der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use der::{Decode, Encode};
use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// MD5, SHA-1 with RSA; SHA-1 with DSA and ECDSA.
const WEAK_SIGNATURES: [ObjectIdentifier; 4] = [
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5"),
    ObjectIdentifier::new_unwrap("1.2.840.10040.4.3"),
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.1"),
];
const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");

/// The particulars of a certificate that are judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Particulars {
    /// Its subject, for people.
    pub(crate) subject: String,
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
    pub(crate) self_signed: bool,
    /// Bits of an RSA key.
    pub(crate) rsa_bits: Option<usize>,
    pub(crate) weak_signature: bool,
    names: Vec<String>,
    addresses: Vec<IpAddr>,
}

/// Reads a certificate; `None` if it cannot be read.
pub(crate) fn read(bytes: &[u8]) -> Option<Particulars> {
    let certificate = Certificate::from_der(bytes).ok()?;
    let inner = &certificate.tbs_certificate;
    let time = |time: x509_cert::time::Time| {
        i64::try_from(time.to_unix_duration().as_secs()).ok().and_then(|at| Timestamp::from_second(at).ok())
    };
    let mut names = Vec::new();
    let mut addresses = Vec::new();
    for extension in inner.extensions.iter().flatten().filter(|e| e.extn_id == SUBJECT_ALT_NAME) {
        for name in SubjectAltName::from_der(extension.extn_value.as_bytes()).ok()?.0 {
            match name {
                GeneralName::DnsName(name) => names.push(name.as_str().to_ascii_lowercase()),
                GeneralName::IpAddress(address) => addresses.extend(address_of(address.as_bytes())),
                _ => {}
            }
        }
    }
    let key = &inner.subject_public_key_info;
    let rsa_bits =
        if key.algorithm.oid == RSA { Some(rsa_bits(key.subject_public_key.raw_bytes())?) } else { None };
    Some(Particulars {
        subject: inner.subject.to_string(),
        not_before: time(inner.validity.not_before)?,
        not_after: time(inner.validity.not_after)?,
        self_signed: inner.subject.to_der().ok()? == inner.issuer.to_der().ok()?,
        rsa_bits,
        weak_signature: WEAK_SIGNATURES.contains(&certificate.signature_algorithm.oid),
        names,
        addresses,
    })
}

fn address_of(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => bytes.first_chunk::<4>().map(|four| IpAddr::from(*four)),
        16 => bytes.first_chunk::<16>().map(|sixteen| IpAddr::from(*sixteen)),
        _ => None,
    }
}

fn rsa_bits(bytes: &[u8]) -> Option<usize> {
    let key = AnyRef::from_der(bytes).ok()?;
    let modulus = key.sequence(|reader| {
        let modulus = UintRef::decode(reader)?;
        UintRef::decode(reader)?;
        Ok(modulus)
    });
    let modulus = modulus.ok()?;
    let bytes = modulus.as_bytes();
    let leading = bytes.first()?.leading_zeros();
    Some(bytes.len() * 8 - usize::try_from(leading).ok()?)
}

impl Particulars {
    /// True if it names the host. The common name does not count (RFC 9525, section 2).
    pub(crate) fn names(&self, host: &str) -> bool {
        if let Ok(address) = host.parse::<IpAddr>() {
            return self.addresses.iter().any(|known| known.to_canonical() == address.to_canonical());
        }
        let host = host.strip_suffix('.').unwrap_or(host);
        self.names.iter().any(|name| match name.strip_prefix("*.") {
            Some(domain) => host.split_once('.').is_some_and(|(_, rest)| rest == domain),
            None => name == host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_label() {
        let particulars = |names: &[&str]| Particulars {
            subject: String::new(),
            not_before: Timestamp::UNIX_EPOCH,
            not_after: Timestamp::UNIX_EPOCH,
            self_signed: false,
            rsa_bits: None,
            weak_signature: false,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            addresses: vec!["127.0.0.1".parse().unwrap()],
        };
        let one = particulars(&["portal.example.jp", "*.apps.example.jp"]);
        for (host, named) in [
            ("portal.example.jp", true),
            ("portal.example.jp.", true),
            ("a.apps.example.jp", true),
            ("a.b.apps.example.jp", false),
            ("apps.example.jp", false),
            ("example.jp", false),
            ("127.0.0.1", true),
            ("127.0.0.2", false),
        ] {
            assert_eq!(one.names(host), named, "{host}");
        }
    }

    #[test]
    fn damage_is_unreadable_and_never_a_panic() {
        let bytes = include_bytes!("../tests/weak/expired-rsa1024-sha1.der");
        let whole = read(bytes).unwrap();
        assert_eq!((whole.rsa_bits, whole.weak_signature, whole.self_signed), (Some(1024), true, true));
        for cut in 0..bytes.len() {
            assert!(read(&bytes[..cut]).is_none(), "{cut}");
            let mut flipped = bytes.to_vec();
            flipped[cut] ^= 0x55;
            drop(read(&flipped));
        }
    }
}
