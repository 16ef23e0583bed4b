//! TLS versions and the certificate.

use std::collections::BTreeMap;

use jiff::Timestamp;
use shindan_domain::assessment::OutsideRule as Rule;

use super::record::Record;
use crate::certificate::{self, Particulars};
use crate::connection::{Session, Trouble};
use crate::target::{Scheme, Target};
use crate::tls::client::Encrypted;
use crate::tls::hello::{Offer, Version, offer};

/// So many seconds before its end a certificate should have been renewed: 30 days.
const SOON: i64 = 30 * 86_400;

const VERSIONS: [(Rule, Version); 4] = [
    (Rule::Ssl3, Version::Ssl3),
    (Rule::Tls10, Version::Tls10),
    (Rule::Tls11, Version::Tls11),
    (Rule::NoTls13, Version::Tls13),
];

const CERTIFICATE: [Rule; 7] = [
    Rule::CertificateExpired,
    Rule::CertificateNotYetValid,
    Rule::CertificateExpiresSoon,
    Rule::CertificateSelfSigned,
    Rule::CertificateNameMismatch,
    Rule::CertificateWeakKey,
    Rule::CertificateWeakSignature,
];

pub(super) fn judge(session: &mut Session<'_>, record: &mut Record<'_>, base: &Target) {
    if base.scheme == Scheme::Http {
        for rule in VERSIONS.iter().map(|(rule, _)| *rule).chain([Rule::NoModernTls]).chain(CERTIFICATE) {
            record.does_not_apply(rule);
        }
        return;
    }
    let mut offers: BTreeMap<Version, Offer> = BTreeMap::new();
    for version in Version::ALL {
        offers.insert(version, offer(session, base, version));
    }
    // Who speaks TLS and hangs up means no; who only ever hangs up means nothing.
    let speaks = offers.values().any(|offer| matches!(offer, Offer::Offered(_)));
    let offered = |version: Version| match offers.get(&version) {
        Some(Offer::Offered(_)) => Ok(true),
        Some(Offer::Declined) => Ok(false),
        Some(Offer::HungUp) if speaks => Ok(false),
        Some(Offer::HungUp) | None => Err(Trouble::BrokenOff),
        Some(Offer::Unknown(trouble)) => Err(trouble.clone()),
    };
    for (rule, version) in VERSIONS {
        let wanted = version == Version::Tls13;
        match offered(version) {
            Err(trouble) => record.trouble(rule, &trouble),
            Ok(found) if found == wanted => record.passed(rule),
            Ok(found) => {
                let evidence =
                    format!("{version:?} {}", if found { "is accepted" } else { "is not accepted" });
                record.found(rule, record.host(), &evidence);
            }
        }
    }
    match (offered(Version::Tls12), offered(Version::Tls13)) {
        (Ok(true), _) | (_, Ok(true)) => record.passed(Rule::NoModernTls),
        (Ok(false), Ok(false)) => {
            record.found(Rule::NoModernTls, record.host(), "neither TLS 1.2 nor TLS 1.3 is accepted");
        }
        (Err(trouble), _) | (_, Err(trouble)) => record.trouble(Rule::NoModernTls, &trouble),
    }
    certificates(session, record, base, &offers);
}

/// Every certificate that the server shows as its own: it may have several, for old and new clients.
fn certificates(
    session: &mut Session<'_>,
    record: &mut Record<'_>,
    base: &Target,
    offers: &BTreeMap<Version, Offer>,
) {
    let mut shown: Vec<Vec<u8>> = Vec::new();
    let mut trouble = Trouble::NoCommonTls;
    for offer in offers.values() {
        match offer {
            Offer::Offered(chain) => shown.extend(chain.first().cloned()),
            Offer::Unknown(reason) => trouble = reason.clone(),
            Offer::Declined | Offer::HungUp => {}
        }
    }
    if matches!(offers.get(&Version::Tls13), Some(Offer::Offered(_))) {
        let opened = session.connect(base).and_then(|stream| Encrypted::open(stream, base));
        match opened {
            Ok(encrypted) => shown.extend(encrypted.certificates().first().cloned()),
            Err(reason) => trouble = reason,
        }
    }
    shown.sort();
    shown.dedup();
    if shown.is_empty() {
        for rule in CERTIFICATE {
            record.trouble(rule, &trouble);
        }
        return;
    }
    let now = session.clock.now();
    for certificate in shown {
        match certificate::read(&certificate) {
            Some(read) => judge_one(record, base, &read, now),
            None => {
                for rule in CERTIFICATE {
                    record.trouble(rule, &Trouble::CertificateUnreadable);
                }
            }
        }
    }
}

fn judge_one(record: &mut Record<'_>, base: &Target, certificate: &Particulars, now: Timestamp) {
    let left = certificate.not_after.as_second().saturating_sub(now.as_second());
    let weak_key = certificate.rsa_bits.filter(|bits| *bits < 2048);
    let found = [
        (Rule::CertificateExpired, (left < 0).then(|| format!("valid until {}", certificate.not_after))),
        (
            Rule::CertificateNotYetValid,
            (certificate.not_before > now).then(|| format!("valid from {}", certificate.not_before)),
        ),
        (
            Rule::CertificateExpiresSoon,
            (0..=SOON).contains(&left).then(|| format!("valid until {}", certificate.not_after)),
        ),
        (
            Rule::CertificateSelfSigned,
            certificate.self_signed.then(|| "subject and issuer are the same".to_owned()),
        ),
        (
            Rule::CertificateNameMismatch,
            (!certificate.names(&base.host)).then(|| format!("it does not name {}", base.host)),
        ),
        (Rule::CertificateWeakKey, weak_key.map(|bits| format!("RSA, {bits} bits"))),
        (Rule::CertificateWeakSignature, certificate.weak_signature.then(|| "SHA-1 or MD5".to_owned())),
    ];
    for (rule, evidence) in found {
        let place = record.host();
        record.judged(rule, evidence.map(|text| (place, format!("{}: {text}", certificate.subject))));
    }
}
