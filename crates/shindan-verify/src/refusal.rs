//! Why a check did not pass, on its way to becoming a [`Check`].

use std::fmt;

use jiff::Timestamp;
use shindan_domain::diagnostic::Params;
use shindan_domain::verification::{Check, CheckOutcome, Method, VerificationCode};

/// A check that did not pass. Boxed: it is rare, and results that carry it stay small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    outcome: CheckOutcome,
    code: VerificationCode,
    params: Params,
    expected: Option<String>,
    computed: Option<String>,
    signer: Option<String>,
}

impl Refusal {
    fn new(outcome: CheckOutcome, code: VerificationCode) -> Self {
        let params = Params::new();
        Refusal(Box::new(Inner { outcome, code, params, expected: None, computed: None, signer: None }))
    }

    /// The content is another one than was published or signed.
    pub(crate) fn mismatch(code: VerificationCode) -> Self {
        Refusal::new(CheckOutcome::Mismatch, code)
    }

    /// The signer does not count.
    pub(crate) fn key(code: VerificationCode) -> Self {
        Refusal::new(CheckOutcome::KeyNotAcceptable, code)
    }

    /// What was given says nothing about the file.
    pub(crate) fn not_covered(code: VerificationCode) -> Self {
        Refusal::new(CheckOutcome::NotCovered, code)
    }

    /// What was given cannot be read.
    pub(crate) fn unreadable(code: VerificationCode) -> Self {
        Refusal::new(CheckOutcome::Unreadable, code)
    }

    /// An algorithm or form that is not verified here.
    pub(crate) fn unsupported(what: impl fmt::Display) -> Self {
        Refusal::unreadable(VerificationCode::NotSupported).with("what", what)
    }

    /// The content could not be read.
    pub(crate) fn io(error: &std::io::Error) -> Self {
        Refusal::unreadable(VerificationCode::FileMalformed).with("format", "file").with("reason", error)
    }

    /// Adds a parameter; texts from foreign files are cut to what a person can read.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        let mut text = value.to_string();
        if text.chars().count() > 300 {
            text = text.chars().take(300).chain(['…']).collect();
        }
        text.retain(|c| !c.is_control());
        self.0.params.insert(name.to_owned(), text);
        self
    }

    /// Names both values of a comparison.
    #[must_use]
    pub(crate) fn comparing(mut self, expected: impl Into<String>, computed: impl Into<String>) -> Self {
        self.0.expected = Some(expected.into());
        self.0.computed = Some(computed.into());
        self
    }

    /// Names the signer.
    #[must_use]
    pub(crate) fn by(mut self, signer: impl Into<String>) -> Self {
        self.0.signer = Some(signer.into());
        self
    }

    pub(crate) fn outcome(&self) -> CheckOutcome {
        self.0.outcome
    }

    pub(crate) fn code(&self) -> VerificationCode {
        self.0.code
    }

    fn into_check(self, method: Method) -> Check {
        let inner = *self.0;
        let mut check = Check::new(method, inner.outcome, inner.code);
        check.params = inner.params;
        check.expected = inner.expected;
        check.computed = inner.computed;
        check.signer = inner.signer;
        check
    }
}

/// A signature that counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Signed {
    /// Who signed: fingerprint, key id, subject, identity.
    pub(crate) signer: Option<String>,
    /// When, as the signature or the log says.
    pub(crate) at: Option<Timestamp>,
    /// Digest that was signed.
    pub(crate) expected: Option<String>,
    /// Digest that was computed.
    pub(crate) computed: Option<String>,
    /// More that the reader should know.
    pub(crate) params: Params,
}

/// What a person may read of a text in a foreign file: no control characters, at most 300 characters.
pub(crate) fn readable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// The check that a result leads to.
pub(crate) fn check(method: Method, result: Result<Signed, Refusal>) -> Check {
    match result {
        Ok(signed) => {
            let mut check = Check::new(method, CheckOutcome::Passed, VerificationCode::SignatureGood);
            check.signer = signed.signer;
            check.signed_at = signed.at;
            check.expected = signed.expected;
            check.computed = signed.computed;
            check.params = signed.params;
            check
        }
        Err(refusal) => refusal.into_check(method),
    }
}
