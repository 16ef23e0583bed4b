//! How a client behaves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How a client behaves. The defaults suit a source that is asked a few times a day.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// Who we say we are: name, version, and where to complain.
    pub user_agent: String,
    /// `http://proxy.example:8080`, with user and password where it asks for them. Never taken from the environment; this
    /// computer itself is always asked directly.
    pub proxy: Option<String>,
    /// Certificates in PEM that are trusted besides the built-in ones: those of a proxy that looks into TLS.
    pub ca_files: Vec<PathBuf>,
    /// Keys of sources by a name that requests use: header and value. They stand in no record, error or address.
    pub keys: BTreeMap<&'static str, (&'static str, String)>,
    /// Hosts that may be asked in clear text besides this computer: a mirror in the hospital's own network.
    pub clear_text_hosts: BTreeSet<String>,
    /// For resolving the name and connecting, TLS included.
    pub connect_timeout: Duration,
    /// For a connection on which nothing arrives.
    pub idle_timeout: Duration,
    /// For one attempt as a whole.
    pub total_timeout: Duration,
    /// Bytes of one answer, unless the request says otherwise.
    pub largest: u64,
    /// How often one request is tried; at least 1.
    pub attempts: u32,
    /// Between two requests to one host, retries and redirects included.
    pub pause: Duration,
    /// The wait before the second attempt; it doubles from then on.
    pub backoff: Duration,
    /// The longest wait before an attempt. A source that wants more time than this gets it: we give up and say until when.
    pub longest_wait: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            user_agent: concat!("shindan/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxy: None,
            ca_files: Vec::new(),
            keys: BTreeMap::new(),
            clear_text_hosts: BTreeSet::new(),
            connect_timeout: Duration::from_secs(20),
            idle_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(3600),
            largest: 2 << 30,
            attempts: 4,
            pause: Duration::from_secs(1),
            backoff: Duration::from_secs(2),
            longest_wait: Duration::from_secs(120),
        }
    }
}

/// Without the proxy's address, which may hold a password, and without the values of keys.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("user_agent", &self.user_agent)
            .field("proxy", &self.proxy.as_ref().map(|_| "…"))
            .field("ca_files", &self.ca_files)
            .field("keys", &self.keys.keys())
            .field("clear_text_hosts", &self.clear_text_hosts)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// Why no client can be made of settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The proxy's address cannot be read. It is not repeated: it may hold a password.
    #[error("the address of the proxy cannot be read")]
    Proxy,
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
    /// The name under which we ask cannot be sent.
    #[error("the user agent is empty or holds characters that cannot be sent")]
    UserAgent,
    /// A key cannot be sent as a header. It is not repeated.
    #[error("the key {name} is empty or holds characters that cannot be sent")]
    Key {
        /// Its name.
        name: &'static str,
    },
    /// A number that must be at least 1 is 0.
    #[error("{setting} must not be 0")]
    Zero {
        /// The name of the setting.
        setting: &'static str,
    },
}

impl SettingsError {
    /// A code for words and exit codes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            SettingsError::Proxy => "proxy-unreadable",
            SettingsError::CaUnreadable { .. } => "ca-unreadable",
            SettingsError::CaEmpty { .. } => "ca-empty",
            SettingsError::UserAgent => "user-agent",
            SettingsError::Key { .. } => "key",
            SettingsError::Zero { .. } => "zero",
        }
    }
}

impl Settings {
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        let sendable = |c: char| c == ' ' || c.is_ascii_graphic();
        if self.user_agent.trim().is_empty() || !self.user_agent.chars().all(sendable) {
            return Err(SettingsError::UserAgent);
        }
        let key =
            |(_, value): &(&str, String)| !value.is_empty() && value.chars().all(|c| c.is_ascii_graphic());
        if let Some((name, _)) = self.keys.iter().find(|(_, one)| !key(one)) {
            return Err(SettingsError::Key { name });
        }
        for (setting, zero) in [
            ("attempts", self.attempts == 0),
            ("largest", self.largest == 0),
            ("connect_timeout", self.connect_timeout.is_zero()),
            ("idle_timeout", self.idle_timeout.is_zero()),
            ("total_timeout", self.total_timeout.is_zero()),
        ] {
            if zero {
                return Err(SettingsError::Zero { setting });
            }
        }
        Ok(())
    }
}
