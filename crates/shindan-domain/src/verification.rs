//! What was checked to learn whether a file (a patch, an update, a firmware image) is the one its maker published, and
//! what came of it (SPEC section 4, row ②-3). Pure values: the checks themselves are made by `shindan-verify`.
//!
//! Two rules hold whatever was checked, and [`Outcome::of`] is the only place that knows them: **no check is no
//! proof** (an empty set of checks, or weak digests alone, is [`Outcome::NoMeans`]), and **one failing check beats any
//! number of passing ones**. Reasons are *code + parameters*; words are added at the edge.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Params;

macro_rules! texts {
    ($(#[$outer:meta])* $type:ident, $($(#[$meta:meta])* $name:ident = $text:literal;)*) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $type {
            $($(#[$meta])* #[serde(rename = $text)] $name,)*
        }

        impl $type {
            /// All, in the order of their definition. The words of each language are tested against this.
            pub const ALL: &'static [$type] = &[$($type::$name,)*];

            /// The stable text form, as in JSON output.
            pub fn as_str(self) -> &'static str {
                match self { $($type::$name => $text,)* }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

texts! {
    /// What all checks of one file come to.
    Outcome,
    /// At least one strong check passed and none failed.
    Genuine = "genuine";
    /// The content differs from what the maker published or signed. The file belongs into quarantine.
    Tampered = "tampered";
    /// Nothing strong enough was checked, or a list does not speak about this file.
    NoMeans = "no-means";
    /// A signature was made with a key or certificate that does not count: unknown, not pinned, expired, revoked, of a
    /// weak algorithm, of another identity.
    KeyNotAcceptable = "key-not-acceptable";
    /// The file, or what was given to check it with, could not be read.
    Unreadable = "unreadable";
}

texts! {
    /// How a check was made.
    Method,
    /// SHA-256 of the file compared with a given value (FIPS 180-4).
    Sha256 = "sha256";
    /// SHA-384 of the file compared with a given value.
    Sha384 = "sha384";
    /// SHA-512 of the file compared with a given value.
    Sha512 = "sha512";
    /// SHA-1 of the file compared with a given value: shown, never sufficient.
    Sha1 = "sha1";
    /// MD5 of the file compared with a given value: shown, never sufficient.
    Md5 = "md5";
    /// A detached OpenPGP signature over the file (RFC 4880, RFC 9580).
    OpenPgpDetached = "openpgp-detached";
    /// An OpenPGP signature over a list of checksums, clear-signed or detached, that names the file.
    OpenPgpList = "openpgp-list";
    /// A minisign signature.
    Minisign = "minisign";
    /// A Sigstore bundle, verified offline against a given trust root.
    Sigstore = "sigstore";
    /// A detached CMS (PKCS#7) signature over the file (RFC 5652).
    Cms = "cms";
    /// Authenticode: the signature inside a PE file.
    Authenticode = "authenticode";
    /// apt: signed Release file, which names the Packages list, which names the package.
    AptRelease = "apt-release";
    /// The signature and the digests inside an RPM package (format 4).
    Rpm = "rpm";
}

texts! {
    /// Whether a check can carry the result alone.
    Strength,
    /// It can.
    Strong = "strong";
    /// It cannot: SHA-1 and MD5 are broken. It is shown because the maker published nothing else.
    Weak = "weak";
}

texts! {
    /// What one check came to.
    CheckOutcome,
    /// It holds.
    Passed = "passed";
    /// The content differs from what was published or signed.
    Mismatch = "mismatch";
    /// Signed with a key or certificate that does not count.
    KeyNotAcceptable = "key-not-acceptable";
    /// What was given does not speak about this file, or lacks the part that would prove it.
    NotCovered = "not-covered";
    /// What was given cannot be read, or uses something that this program does not verify.
    Unreadable = "unreadable";
}

texts! {
    /// Why a check came to what it came to. Stable: scripts depend on the text form.
    VerificationCode,
    // ---- digests and lists of checksums -------------------------------------------------------------
    /// The digest of the file is the expected one. Params: `file`, if a list names it.
    DigestEqual = "digest-equal";
    /// The digest of the file, or its size, is another one. Params: `file`, if a list names it.
    DigestDifferent = "digest-different";
    /// The digest is the expected one, but by an algorithm that is broken: this alone proves nothing. Params:
    /// `algorithm`.
    DigestWeak = "digest-weak";
    /// The expected value is no digest of this algorithm. Params: `algorithm`, `length` (characters given).
    ExpectedInvalid = "expected-invalid";
    /// The list of checksums has no line for the file. Params: `file`, `entries` (lines that the list has).
    ListWithoutFile = "list-without-file";
    /// The list of checksums has different values for the file. Params: `file`.
    ListContradictory = "list-contradictory";
    /// The list cannot be read as a list of checksums. Params: `line` (the first that cannot).
    ListUnreadable = "list-unreadable";

    // ---- signatures of every kind -------------------------------------------------------------------
    /// The signature was made over this content with an acceptable key. Params: what else was signed, such as `file`,
    /// `comment` (minisign), `origin`, `suite`, `codename`, `date` (apt), `name`, `version`, `release`, `arch` (RPM).
    SignatureGood = "signature-good";
    /// The signature was made over other content, or was changed.
    SignatureBad = "signature-bad";
    /// What was given as a signature is none. Params: `reason`.
    SignatureUnreadable = "signature-unreadable";
    /// What was given as a key, certificate or trust root is none. Params: `reason`.
    KeyUnreadable = "key-unreadable";
    /// No key was given for the signature. Params: `issuer` (of the signature, if it says so).
    KeyMissing = "key-missing";
    /// Signed with a key that was not given. Params: `issuer`.
    KeyUnknown = "key-unknown";
    /// Signed with a key that is not pinned for this maker. Params: `fingerprint`, `pinned`.
    KeyNotPinned = "key-not-pinned";
    /// The key had expired. Params: `fingerprint`, `expired` (when).
    KeyExpired = "key-expired";
    /// The key or certificate was not valid yet. Params: `fingerprint`, `from`.
    KeyNotYetValid = "key-not-yet-valid";
    /// The key was revoked by its owner. Params: `fingerprint`.
    KeyRevoked = "key-revoked";
    /// The key is too weak by today's rules, or its self-signature is. Params: `fingerprint`, `reason`.
    KeyWeak = "key-weak";
    /// The key may not sign this. Params: `fingerprint`, `reason`.
    KeyUsage = "key-usage";
    /// The signature rests on a broken digest (SHA-1, MD5). Params: `algorithm`.
    SignatureWeak = "signature-weak";
    /// The signature had expired. Params: `expired`.
    SignatureExpired = "signature-expired";
    /// The signature claims a time that has not come yet. Params: `made`.
    SignatureFuture = "signature-future";
    /// An algorithm or form that this program does not verify. Params: `what`.
    NotSupported = "not-supported";

    // ---- certificates -------------------------------------------------------------------------------
    /// The certificate leads to none of the given anchors. Params: `subject`.
    ChainUntrusted = "chain-untrusted";
    /// A certificate of the chain was not valid at the time that counts. Params: `subject`, `from`, `until`, `at`.
    CertificateOutsideValidity = "certificate-outside-validity";
    /// A certificate of the chain is not allowed to do what it did. Params: `subject`, `reason`.
    CertificateUsage = "certificate-usage";

    // ---- Sigstore -----------------------------------------------------------------------------------
    /// No identity and issuer were demanded, so that anybody's signature would do.
    IdentityNotDemanded = "identity-not-demanded";
    /// Signed by somebody else. Params: `expected`, `found`.
    IdentityDifferent = "identity-different";
    /// The identity was vouched for by another issuer. Params: `expected`, `found`.
    IssuerDifferent = "issuer-different";
    /// The bundle is not built as its specification demands. Params: `reason`.
    BundleInvalid = "bundle-invalid";
    /// The proof that the signature stands in the transparency log is absent or wrong. Params: `reason`.
    LogProofInvalid = "log-proof-invalid";
    /// The log's entry speaks about something else. Params: `reason`.
    LogEntryDifferent = "log-entry-different";
    /// No trusted time at which the certificate was valid. Params: `reason`.
    TimeNotProven = "time-not-proven";
    /// The certificate carries no valid proof of its own publication. Params: `reason`.
    CertificateNotLogged = "certificate-not-logged";

    // ---- packages and executables -------------------------------------------------------------------
    /// The file holds no signature.
    NotSigned = "not-signed";
    /// The signed list does not name the list of packages. Params: `file`.
    ReleaseWithoutList = "release-without-list";
    /// The list of packages is another one than the signed Release file names. Params: `file`.
    ReleaseListDifferent = "release-list-different";
    /// The signed Release file is no longer valid. Params: `until`.
    ReleaseExpired = "release-expired";
    /// The list of packages has no entry for this file. Params: `file`.
    PackageNotListed = "package-not-listed";
    /// Part of the file is covered by no signature or digest. Params: `reason`.
    PartNotCovered = "part-not-covered";
    /// The file is not built as its format demands. Params: `format`, `reason`.
    FileMalformed = "file-malformed";
}

impl Outcome {
    /// What a set of checks comes to. In order: a mismatch, an unacceptable key, something unreadable, something that is
    /// not covered; only then, what passed, and only if it is strong. **No check at all is no proof.**
    #[must_use]
    pub fn of(checks: &[Check]) -> Outcome {
        let any = |outcome| checks.iter().any(|check| check.outcome == outcome);
        if any(CheckOutcome::Mismatch) {
            Outcome::Tampered
        } else if any(CheckOutcome::KeyNotAcceptable) {
            Outcome::KeyNotAcceptable
        } else if any(CheckOutcome::Unreadable) {
            Outcome::Unreadable
        } else if any(CheckOutcome::NotCovered) {
            Outcome::NoMeans
        } else if checks.iter().any(|check| check.strength == Strength::Strong) {
            Outcome::Genuine
        } else {
            Outcome::NoMeans
        }
    }
}

impl Method {
    /// Whether the method can carry the result alone.
    pub fn strength(self) -> Strength {
        match self {
            Method::Sha1 | Method::Md5 => Strength::Weak,
            _ => Strength::Strong,
        }
    }
}

/// Where an expected value or a key came from, in the words of the person who fetched it: "maker's web page over
/// HTTPS", "fax of 2026-10-03". Invariant: 1 to 300 characters, none of them a control character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Channel(String);

/// The text cannot describe a channel: it is empty, longer than 300 characters, or holds control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a channel is described in 1 to 300 characters without control characters")]
pub struct ChannelError;

impl Channel {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Channel {
    type Err = ChannelError;

    fn from_str(text: &str) -> Result<Self, ChannelError> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > 300 || text.chars().any(char::is_control) {
            return Err(ChannelError);
        }
        Ok(Channel(text.to_owned()))
    }
}

impl TryFrom<String> for Channel {
    type Error = ChannelError;

    fn try_from(text: String) -> Result<Self, ChannelError> {
        text.parse()
    }
}

impl From<Channel> for String {
    fn from(channel: Channel) -> String {
        channel.0
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One check of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// How.
    pub method: Method,
    /// What it came to.
    pub outcome: CheckOutcome,
    /// Whether it can carry the result alone.
    pub strength: Strength,
    /// Why.
    pub code: VerificationCode,
    /// With which particulars.
    #[serde(default, skip_serializing_if = "Params::is_empty")]
    pub params: Params,
    /// What the maker published or signed: a digest in lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What this computer computed from the file, in the same form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computed: Option<String>,
    /// Who signed: fingerprint of an OpenPGP key in upper-case hexadecimal, minisign's key id, subject of a certificate,
    /// identity of a Sigstore certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// When it was signed, as the signature (or the log) says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Timestamp>,
    /// Where the expected value or the key came from, in the caller's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
}

impl Check {
    /// A check with the method's strength and no particulars yet.
    pub fn new(method: Method, outcome: CheckOutcome, code: VerificationCode) -> Self {
        Check {
            method,
            outcome,
            strength: method.strength(),
            code,
            params: Params::new(),
            expected: None,
            computed: None,
            signer: None,
            signed_at: None,
            channel: None,
        }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

/// What was found about one file. `outcome` follows from `checks`; who stores a verdict keeps both, and
/// [`Verdict::holds_together`] tells whether they still belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What all checks come to.
    pub outcome: Outcome,
    /// Every check that was made, in the order asked for.
    pub checks: Vec<Check>,
    /// SHA-256 of the file, lower-case hexadecimal; the same file is recognised by it later. Empty if the file could not
    /// be read.
    pub sha256: String,
    /// Size of the file in bytes.
    pub size: u64,
}

impl Verdict {
    /// Draws the conclusion from the checks.
    #[must_use]
    pub fn conclude(checks: Vec<Check>, sha256: String, size: u64) -> Verdict {
        Verdict { outcome: Outcome::of(&checks), checks, sha256, size }
    }

    /// Whether the outcome is the one that the checks lead to, every strength is the method's, and the file was hashed.
    /// A stored verdict that does not hold together was not made by [`Verdict::conclude`].
    pub fn holds_together(&self) -> bool {
        let hashed = self.sha256.len() == 64 && self.sha256.bytes().all(|b| b.is_ascii_hexdigit());
        self.outcome == Outcome::of(&self.checks)
            && self.checks.iter().all(|check| check.strength == check.method.strength())
            && (hashed || self.outcome == Outcome::Unreadable)
    }

    /// Whether the file may be used without an approved alternative.
    pub fn is_genuine(&self) -> bool {
        self.outcome == Outcome::Genuine && self.holds_together()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: Method, outcome: CheckOutcome) -> Check {
        Check::new(method, outcome, VerificationCode::DigestEqual)
    }

    #[test]
    fn no_check_is_no_proof() {
        assert_eq!(Outcome::of(&[]), Outcome::NoMeans);
        assert_eq!(Outcome::of(&[check(Method::Sha1, CheckOutcome::Passed)]), Outcome::NoMeans);
        assert_eq!(
            Outcome::of(&[
                check(Method::Md5, CheckOutcome::Passed),
                check(Method::Sha1, CheckOutcome::Passed)
            ]),
            Outcome::NoMeans
        );
        assert_eq!(Outcome::of(&[check(Method::Sha256, CheckOutcome::Passed)]), Outcome::Genuine);
    }

    #[test]
    fn one_failing_check_beats_any_number_of_passing_ones() {
        let failing = [
            (CheckOutcome::Mismatch, Outcome::Tampered),
            (CheckOutcome::KeyNotAcceptable, Outcome::KeyNotAcceptable),
            (CheckOutcome::Unreadable, Outcome::Unreadable),
            (CheckOutcome::NotCovered, Outcome::NoMeans),
        ];
        for method in Method::ALL {
            for (outcome, expected) in failing {
                let mut checks = vec![check(Method::Sha256, CheckOutcome::Passed); 3];
                checks.insert(1, check(*method, outcome));
                assert_eq!(Outcome::of(&checks), expected, "{method} {outcome}");
            }
        }
        // A mismatch is the gravest, in whatever order.
        let all: Vec<Check> = CheckOutcome::ALL.iter().map(|o| check(Method::Cms, *o)).collect();
        assert_eq!(Outcome::of(&all), Outcome::Tampered);
    }

    #[test]
    fn a_verdict_survives_storage_and_shows_when_it_was_touched() {
        let mut one = check(Method::Sha256, CheckOutcome::Passed).with("file", "a.bin");
        one.channel = "メーカーのサイト".parse().ok();
        let verdict = Verdict::conclude(vec![one], "ab".repeat(32), 7);
        let stored = serde_json::to_string(&verdict).unwrap();
        assert!(stored.contains("\"outcome\":\"genuine\""), "{stored}");
        let back: Verdict = serde_json::from_str(&stored).unwrap();
        assert_eq!(back, verdict);
        assert!(back.is_genuine());
        let touched = stored.replace("\"outcome\":\"passed\"", "\"outcome\":\"mismatch\"");
        let touched: Verdict = serde_json::from_str(&touched).unwrap();
        assert!(!touched.holds_together() && !touched.is_genuine());
        let unhashed = Verdict::conclude(verdict.checks.clone(), String::new(), 7);
        assert!(!unhashed.is_genuine());
    }

    #[test]
    fn a_channel_says_something() {
        assert_eq!("".parse::<Channel>(), Err(ChannelError));
        assert_eq!(" \t".parse::<Channel>(), Err(ChannelError));
        assert_eq!("a\nb".parse::<Channel>(), Err(ChannelError));
        assert_eq!("長".repeat(301).parse::<Channel>(), Err(ChannelError));
        assert!(serde_json::from_str::<Channel>("\"\"").is_err());
        assert_eq!(" fax ".parse::<Channel>().unwrap().as_str(), "fax");
    }
}
