//! Why nothing was fetched, as codes with particulars; words are chosen by the caller.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use crate::address::RedactedUrl;

/// What is wrong with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressFault {
    /// It is no address with a host.
    Unreadable,
    /// It is neither http nor https.
    Scheme,
    /// It holds a user name or a password.
    Credentials,
    /// It is http, and the host is neither this computer nor named in the settings.
    ClearText,
}

/// What is wrong with a certificate or with TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateTrouble {
    /// It has expired (or our clock is wrong).
    Expired,
    /// It is not valid yet (or our clock is wrong).
    NotYetValid,
    /// Nobody whom we trust vouches for it: often a proxy that looks into TLS and whose certificate is not in the settings.
    UnknownIssuer,
    /// It is for another host.
    OtherName,
    /// It was revoked.
    Revoked,
    /// Something else about the certificate.
    Certificate,
    /// No common version or cipher, or a fault in the protocol.
    Handshake,
}

/// What was being done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileStep {
    /// Opening or making it.
    Open,
    /// Reading it.
    Read,
    /// Writing it.
    Write,
    /// Putting it in the place of the old one.
    Replace,
}

/// Why nothing was fetched. The old file stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The address cannot be used.
    #[error("{url}: this address cannot be used ({fault:?})")]
    Address {
        /// The address.
        url: RedactedUrl,
        /// Why.
        fault: AddressFault,
    },
    /// A header cannot be sent. Its value is not repeated.
    #[error("the header {name} cannot be sent")]
    Header {
        /// Its name.
        name: String,
    },
    /// Nothing came in time.
    #[error("{url}: no answer in time")]
    Timeout {
        /// The address.
        url: RedactedUrl,
    },
    /// The name of the host is not known.
    #[error("{url}: the name of the host cannot be resolved")]
    Dns {
        /// The address.
        url: RedactedUrl,
    },
    /// There is no connection to the host.
    #[error("{url}: no connection ({kind})")]
    Connect {
        /// The address.
        url: RedactedUrl,
        /// What the operating system says.
        kind: ErrorKind,
    },
    /// The proxy does not let us through.
    #[error("{url}: the proxy refuses")]
    Proxy {
        /// The address.
        url: RedactedUrl,
    },
    /// TLS failed.
    #[error("{url}: TLS failed ({trouble:?})")]
    Tls {
        /// The address.
        url: RedactedUrl,
        /// Why.
        trouble: CertificateTrouble,
    },
    /// An answer that is none: 4xx, 5xx, or one that was not asked for.
    #[error("{url}: status {status}")]
    Status {
        /// The address.
        url: RedactedUrl,
        /// The status.
        status: u16,
        /// How long the source wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// The source has had enough of us (429).
    #[error("{url}: too many requests")]
    RateLimited {
        /// The address.
        url: RedactedUrl,
        /// How long the source wants to be left alone, if it says.
        retry_after: Option<Duration>,
    },
    /// A redirect leads to where we were.
    #[error("{url}: redirects in a circle")]
    RedirectLoop {
        /// The address.
        url: RedactedUrl,
    },
    /// More redirects than are followed.
    #[error("{url}: too many redirects")]
    TooManyRedirects {
        /// The address.
        url: RedactedUrl,
    },
    /// A redirect without a readable address.
    #[error("{url}: a redirect leads nowhere")]
    RedirectUnreadable {
        /// The address.
        url: RedactedUrl,
    },
    /// A redirect from https to http.
    #[error("{url}: a redirect leads from https to http")]
    RedirectInsecure {
        /// The address that redirects.
        url: RedactedUrl,
    },
    /// More bytes than are allowed.
    #[error("{url}: larger than {limit} bytes")]
    TooLarge {
        /// The address.
        url: RedactedUrl,
        /// The limit.
        limit: u64,
    },
    /// The connection ended before the file did.
    #[error("{url}: cut after {bytes} bytes")]
    Cut {
        /// The address.
        url: RedactedUrl,
        /// What came.
        bytes: u64,
        /// What should have come, where that was said.
        expected: Option<u64>,
    },
    /// A part that does not fit the part we have.
    #[error("{url}: another part than the one that was asked for")]
    OtherPart {
        /// The address.
        url: RedactedUrl,
    },
    /// A web page where data was expected.
    #[error("{url}: a web page in place of data")]
    Html {
        /// The address.
        url: RedactedUrl,
    },
    /// Nothing where data was expected.
    #[error("{url}: an empty answer")]
    Empty {
        /// The address.
        url: RedactedUrl,
    },
    /// Something that is not HTTP.
    #[error("{url}: the answer is not HTTP")]
    Protocol {
        /// The address.
        url: RedactedUrl,
    },
    /// Somebody wants us to stop.
    #[error("cancelled")]
    Cancelled,
    /// A file of ours cannot be read or written.
    #[error("{file}: {step:?} failed ({kind})", file = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What was being done.
        step: FileStep,
        /// What the operating system says.
        kind: ErrorKind,
    },
}

impl FetchError {
    /// Every code there is, so that whoever has the words can check that none is missing.
    pub const CODES: &'static [&'static str] = &[
        "address-unreadable",
        "address-scheme",
        "address-credentials",
        "address-clear-text",
        "header",
        "timeout",
        "dns",
        "connect",
        "proxy",
        "tls",
        "status",
        "rate-limited",
        "redirect-loop",
        "too-many-redirects",
        "redirect-unreadable",
        "redirect-insecure",
        "too-large",
        "cut",
        "other-part",
        "html",
        "empty",
        "protocol",
        "cancelled",
        "file",
    ];

    /// A code for words and records.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            FetchError::Address { fault: AddressFault::Unreadable, .. } => "address-unreadable",
            FetchError::Address { fault: AddressFault::Scheme, .. } => "address-scheme",
            FetchError::Address { fault: AddressFault::Credentials, .. } => "address-credentials",
            FetchError::Address { fault: AddressFault::ClearText, .. } => "address-clear-text",
            FetchError::Header { .. } => "header",
            FetchError::Timeout { .. } => "timeout",
            FetchError::Dns { .. } => "dns",
            FetchError::Connect { .. } => "connect",
            FetchError::Proxy { .. } => "proxy",
            FetchError::Tls { .. } => "tls",
            FetchError::Status { .. } => "status",
            FetchError::RateLimited { .. } => "rate-limited",
            FetchError::RedirectLoop { .. } => "redirect-loop",
            FetchError::TooManyRedirects { .. } => "too-many-redirects",
            FetchError::RedirectUnreadable { .. } => "redirect-unreadable",
            FetchError::RedirectInsecure { .. } => "redirect-insecure",
            FetchError::TooLarge { .. } => "too-large",
            FetchError::Cut { .. } => "cut",
            FetchError::OtherPart { .. } => "other-part",
            FetchError::Html { .. } => "html",
            FetchError::Empty { .. } => "empty",
            FetchError::Protocol { .. } => "protocol",
            FetchError::Cancelled => "cancelled",
            FetchError::File { .. } => "file",
        }
    }

    /// Whether the same request may succeed a little later. What is wrong with us or with the address stays wrong.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            FetchError::Timeout { .. }
            | FetchError::Dns { .. }
            | FetchError::Connect { .. }
            | FetchError::RateLimited { .. }
            | FetchError::Cut { .. }
            | FetchError::OtherPart { .. } => true,
            FetchError::Status { status, .. } => (500..600).contains(status),
            _ => false,
        }
    }

    /// How long the source wants to be left alone, if it says.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            FetchError::RateLimited { retry_after, .. } | FetchError::Status { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }

    pub(crate) fn file(path: &std::path::Path, step: FileStep, error: &std::io::Error) -> FetchError {
        FetchError::File { path: path.to_owned(), step, kind: error.kind() }
    }
}

/// What the HTTP library says, in our terms. `bytes` came before.
pub(crate) fn from_library(error: ureq::Error, url: &RedactedUrl, bytes: u64) -> FetchError {
    let url = url.clone();
    match error {
        ureq::Error::Timeout(_) => FetchError::Timeout { url },
        ureq::Error::HostNotFound => FetchError::Dns { url },
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => FetchError::Proxy { url },
        ureq::Error::Rustls(error) => FetchError::Tls { url, trouble: trouble(&error) },
        ureq::Error::Tls(_) | ureq::Error::TlsRequired | ureq::Error::Pem(_) => {
            FetchError::Tls { url, trouble: CertificateTrouble::Handshake }
        }
        ureq::Error::BadUri(_) => FetchError::Address { url, fault: AddressFault::Unreadable },
        ureq::Error::ConnectionFailed => FetchError::Connect { url, kind: ErrorKind::Other },
        ureq::Error::BodyStalled => FetchError::Cut { url, bytes, expected: None },
        ureq::Error::Io(error) => from_io(&error, url, bytes),
        _ => FetchError::Protocol { url },
    }
}

fn from_io(error: &std::io::Error, url: RedactedUrl, bytes: u64) -> FetchError {
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return FetchError::Tls { url, trouble: trouble(error) };
    }
    match error.kind() {
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe => FetchError::Cut { url, bytes, expected: None },
        ErrorKind::TimedOut | ErrorKind::WouldBlock => FetchError::Timeout { url },
        ErrorKind::InvalidData => FetchError::Protocol { url },
        kind => FetchError::Connect { url, kind },
    }
}

fn trouble(error: &rustls::Error) -> CertificateTrouble {
    use rustls::CertificateError as C;
    let rustls::Error::InvalidCertificate(error) = error else { return CertificateTrouble::Handshake };
    match error {
        C::Expired | C::ExpiredContext { .. } => CertificateTrouble::Expired,
        C::NotValidYet | C::NotValidYetContext { .. } => CertificateTrouble::NotYetValid,
        C::UnknownIssuer => CertificateTrouble::UnknownIssuer,
        C::NotValidForName | C::NotValidForNameContext { .. } => CertificateTrouble::OtherName,
        C::Revoked => CertificateTrouble::Revoked,
        _ => CertificateTrouble::Certificate,
    }
}

#[cfg(test)]
mod tests {
    use super::FetchError;

    /// Read off this file, so that a new error cannot be left out of the list.
    #[test]
    fn every_code_is_listed_once() {
        let (_, rest) = include_str!("error.rs").split_once("pub fn code(").unwrap();
        let (body, _) = rest.split_once("pub fn passes(").unwrap();
        let given: Vec<&str> =
            body.split("=> \"").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
        assert!(given.len() > 20, "{given:?}");
        assert_eq!(given, FetchError::CODES);
        let distinct: std::collections::BTreeSet<&str> = given.iter().copied().collect();
        assert_eq!(distinct.len(), given.len());
    }
}
