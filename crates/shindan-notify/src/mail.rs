//! Hands messages to a mail server.

use std::error::Error as _;
use std::io::ErrorKind;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message as Letter};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{Address, SmtpTransport, Transport as _};

use crate::error::NotifyError;
use crate::message::Message;
use crate::settings::{MailSettings, Security, SettingsError, is_this_computer};

/// Hands messages to a mail server.
pub struct Mailer {
    settings: MailSettings,
    from: Address,
    transport: SmtpTransport,
}

/// Without the transport, which holds the password.
impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Mailer {
    /// Makes one. Nothing is connected to yet.
    ///
    /// # Errors
    /// When the settings cannot be used; see [`SettingsError`].
    pub fn new(settings: MailSettings) -> Result<Mailer, SettingsError> {
        let host = settings.host.clone();
        if host.is_empty() || host.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(SettingsError::Host { host });
        }
        if settings.timeout.is_zero() {
            return Err(SettingsError::Timeout);
        }
        let from = address(&settings.from)
            .ok_or_else(|| SettingsError::From { address: settings.from.escape_debug().to_string() })?;
        let tls = match settings.security {
            Security::ClearText if !is_this_computer(&host) => return Err(SettingsError::ClearText { host }),
            Security::ClearText => Tls::None,
            Security::Tls => Tls::Wrapper(parameters(&settings)?),
            Security::StartTls => Tls::Required(parameters(&settings)?),
        };
        let mut transport = SmtpTransport::builder_dangerous(host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(settings.timeout));
        if let Some((user, password)) = &settings.login {
            let credentials = Credentials::new(user.clone(), password.reveal().to_owned());
            transport = transport.credentials(credentials);
        }
        Ok(Mailer { from, transport: transport.build(), settings })
    }

    /// Hands a message to the server for one receiver or several. Several see each other's addresses.
    ///
    /// # Errors
    /// When the server did not say that it took the message. It may have: a connection that is cut after the message looks the
    /// same from here. The message keeps its number (`Message-ID`), so that a mail program can show it once.
    pub fn send(&self, message: &Message, to: &[String]) -> Result<(), NotifyError> {
        let letter = self.letter(message, to)?;
        match self.transport.send(&letter) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.told(&error)),
        }
    }

    fn letter(&self, message: &Message, to: &[String]) -> Result<Letter, NotifyError> {
        if to.is_empty() {
            return Err(NotifyError::NoRecipient);
        }
        if !message.id_is_plain() {
            return Err(NotifyError::Id);
        }
        if !message.subject_is_a_line() {
            return Err(NotifyError::Subject);
        }
        let domain = self.from.domain();
        let mut letter = Letter::builder()
            .from(Mailbox::new(None, self.from.clone()))
            .subject(message.subject.as_str())
            .date(message.at.into())
            .message_id(Some(format!("<{}@{domain}>", message.id)))
            .header(ContentType::TEXT_PLAIN);
        for receiver in to {
            let receiver = address(receiver).ok_or(NotifyError::Recipient)?;
            letter = letter.to(Mailbox::new(None, receiver));
        }
        letter.body(message.text.clone()).map_err(|_| NotifyError::Recipient)
    }

    /// What the library says, in our terms.
    fn told(&self, error: &SmtpError) -> NotifyError {
        if let Some(code) = error.status() {
            let code = u16::from(code);
            return match code {
                // RFC 4954, 6: what a server says about a login.
                432 | 454 | 530 | 534 | 535 | 538 => NotifyError::Login,
                400..500 => NotifyError::Later { code },
                _ => NotifyError::Refused { code },
            };
        }
        if error.is_timeout() {
            return NotifyError::Timeout;
        }
        if error.is_tls() || is_about_tls(error) {
            return NotifyError::Tls;
        }
        if error.is_client() {
            // The server offers no TLS, or none of the logins that we know.
            let no_tls = self.settings.security == Security::StartTls && self.settings.login.is_none();
            let says_tls = error.to_string().contains("STARTTLS");
            return if no_tls || says_tls { NotifyError::Tls } else { NotifyError::Login };
        }
        match kind_of(error) {
            Some(ErrorKind::TimedOut | ErrorKind::WouldBlock) => NotifyError::Timeout,
            Some(
                ErrorKind::UnexpectedEof
                | ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe,
            ) => NotifyError::Cut,
            // An answer that ends before it does. The library has no other sign of it than its words.
            _ if error.is_response() && sources(error).any(|s| s.to_string().contains("incomplete")) => {
                NotifyError::Cut
            }
            _ if error.is_response() => NotifyError::Protocol,
            _ => NotifyError::Connect,
        }
    }
}

/// A mail address, and nothing that would be more than one.
fn address(text: &str) -> Option<Address> {
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>,;\"".contains(c));
    plain.then(|| text.parse().ok()).flatten()
}

fn parameters(settings: &MailSettings) -> Result<TlsParameters, SettingsError> {
    let mut parameters =
        TlsParameters::builder(settings.host.clone()).certificate_store(CertificateStore::WebpkiRoots);
    for path in &settings.ca_files {
        let text = std::fs::read(path)
            .map_err(|error| SettingsError::CaUnreadable { path: path.clone(), kind: error.kind() })?;
        let empty = || SettingsError::CaEmpty { path: path.clone() };
        // The library takes a file without any for one with none too few.
        if !String::from_utf8_lossy(&text).contains("-----BEGIN CERTIFICATE-----") {
            return Err(empty());
        }
        parameters = parameters.add_root_certificate(Certificate::from_pem(&text).map_err(|_| empty())?);
    }
    parameters.build().map_err(|_| SettingsError::Tls { host: settings.host.clone() })
}

fn is_about_tls(error: &SmtpError) -> bool {
    sources(error).any(|source| {
        let inner = source.downcast_ref::<std::io::Error>().and_then(|error| error.get_ref());
        inner.is_some_and(|inner| inner.is::<rustls::Error>()) || source.is::<rustls::Error>()
    })
}

fn kind_of(error: &SmtpError) -> Option<ErrorKind> {
    sources(error).find_map(|source| source.downcast_ref::<std::io::Error>().map(std::io::Error::kind))
}

fn sources(error: &SmtpError) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |&source| source.source())
}
