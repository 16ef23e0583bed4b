//! How mail is sent.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A password or an address that is one. It shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret, without the line ends that files have.
    #[must_use]
    pub fn new(text: &str) -> Secret {
        Secret(text.trim_end_matches(['\r', '\n']).to_owned())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How the connection to a mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the start; usually port 465.
    Tls,
    /// `STARTTLS`, and nothing without it; usually port 587.
    StartTls,
    /// None. Only to this computer.
    ClearText,
}

/// How mail is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// The mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub security: Security,
    /// User and password, where the server asks for them.
    pub login: Option<(String, Secret)>,
    /// The address from which the mail comes.
    pub from: String,
    /// Certificates in PEM that are trusted besides the built-in ones.
    pub ca_files: Vec<PathBuf>,
    /// For connecting, and for each answer of the server.
    pub timeout: Duration,
}

/// Why no mail can be sent with these settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The name of the server cannot be one.
    #[error("{host}: this is not the name of a mail server")]
    Host {
        /// What was given.
        host: String,
    },
    /// Clear text to another computer.
    #[error("{host}: mail is sent in clear text to this computer only; choose TLS or STARTTLS")]
    ClearText {
        /// The server.
        host: String,
    },
    /// The address from which the mail comes is none.
    #[error("{address}: this is not a mail address")]
    From {
        /// What was given.
        address: String,
    },
    /// A file of certificates cannot be opened.
    #[error("{file}: cannot be read ({kind})", file = path.display())]
    CaUnreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        kind: std::io::ErrorKind,
    },
    /// A file of certificates holds none, or something that is no PEM.
    #[error("{file}: no certificates in PEM", file = path.display())]
    CaEmpty {
        /// The file.
        path: PathBuf,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up for {host}")]
    Tls {
        /// The server.
        host: String,
    },
    /// A time of zero.
    #[error("the time for an answer must not be 0")]
    Timeout,
}

impl SettingsError {
    /// A code for words.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            SettingsError::Host { .. } => "mail-host",
            SettingsError::ClearText { .. } => "mail-clear-text",
            SettingsError::From { .. } => "mail-from",
            SettingsError::CaUnreadable { .. } => "ca-unreadable",
            SettingsError::CaEmpty { .. } => "ca-empty",
            SettingsError::Tls { .. } => "mail-tls",
            SettingsError::Timeout => "zero",
        }
    }
}

/// Whether a name means this computer, whatever a name server says.
pub(crate) fn is_this_computer(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
