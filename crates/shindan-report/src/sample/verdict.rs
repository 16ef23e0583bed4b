//! The verdict about a patch, with a check of every outcome.

use jiff::Timestamp;
use shindan_domain::verification::{Check, CheckOutcome, Method, Verdict, VerificationCode};

const SHA256: &str = "f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2";

/// When the sample verdict was made.
pub fn verified_at() -> Timestamp {
    Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(1_790_000_000)
}

/// A patch of which one check passes, one is weak, and the others fail each in its own way.
pub fn verdict() -> Verdict {
    let mut equal = Check::new(Method::Sha256, CheckOutcome::Passed, VerificationCode::DigestEqual);
    equal.expected = Some(SHA256.to_owned());
    equal.computed = Some(SHA256.to_owned());
    equal.channel = "メーカーのサイト（HTTPS）".parse().ok();
    let weak = Check::new(Method::Sha1, CheckOutcome::Passed, VerificationCode::DigestWeak)
        .with("algorithm", "SHA-1");
    let mut signed =
        Check::new(Method::OpenPgpDetached, CheckOutcome::Passed, VerificationCode::SignatureGood);
    signed.signer = Some("0123456789ABCDEF0123456789ABCDEF01234567".to_owned());
    signed.signed_at = Some(verified_at());
    let mut differs = Check::new(Method::Cms, CheckOutcome::Mismatch, VerificationCode::DigestDifferent);
    differs.expected = Some("00".repeat(32));
    differs.computed = Some(SHA256.to_owned());
    let revoked = Check::new(Method::Minisign, CheckOutcome::KeyNotAcceptable, VerificationCode::KeyRevoked)
        .with("fingerprint", "0123456789ABCDEF");
    let unlisted =
        Check::new(Method::OpenPgpList, CheckOutcome::NotCovered, VerificationCode::ListWithoutFile)
            .with("file", "patch.bin")
            .with("entries", 12);
    let unread = Check::new(Method::Rpm, CheckOutcome::Unreadable, VerificationCode::FileMalformed)
        .with("format", "RPM")
        .with("reason", "lead");
    let checks = vec![equal, weak, signed, differs, revoked, unlisted, unread];
    Verdict::conclude(checks, SHA256.to_owned(), 5_600)
}
