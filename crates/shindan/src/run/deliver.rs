//! Hands messages to the mail server and the webhooks that a settings file names.
//!
//! ```toml
//! [mail]
//! host = "mail.hospital.example"
//! port = 587                      # by security: 465, 587, 25
//! security = "starttls"           # tls, starttls, clear-text (this computer only)
//! from = "shindan@hospital.example"
//! user = "shindan"
//! password-file = "/etc/shindan/mail-password"    # or password-env = "NAME"
//! ca = ["/etc/shindan/hospital-ca.pem"]
//!
//! [to.tanto]
//! mail = "tanto@hospital.example"
//!
//! [to.chat]
//! webhook-file = "/etc/shindan/chat-address"      # or webhook-env = "NAME": such an address is a secret
//! ```
//!
//! No password stands in the file, and no address in the ledger.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde::Deserialize;
use shindan_app::records::collect::sync::surroundings;
use shindan_app::records::notify::{Deliver, Message};
use shindan_domain::notify::DeliveryFailure;
use shindan_notify::{Client, MailSettings, Mailer, NotifyError, Secret, Security, Webhook, web_client};

/// The largest settings file.
const LARGEST: u64 = 1 << 20;

/// For connecting to a mail server, and for each of its answers.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    mail: Option<Mail>,
    /// For webhooks.
    proxy: Option<String>,
    /// For webhooks.
    #[serde(default)]
    ca: Vec<PathBuf>,
    #[serde(default)]
    to: BTreeMap<String, To>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Mail {
    host: String,
    port: Option<u16>,
    security: Secured,
    from: String,
    user: Option<String>,
    password_file: Option<PathBuf>,
    password_env: Option<String>,
    #[serde(default)]
    ca: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Secured {
    Tls,
    Starttls,
    ClearText,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct To {
    mail: Option<String>,
    webhook_file: Option<PathBuf>,
    webhook_env: Option<String>,
}

/// Where a receiver is reached.
#[derive(Debug)]
enum Way {
    Mail(String),
    Webhook(Secret),
}

/// Sends messages as the settings file says.
#[derive(Debug)]
pub struct Sender {
    mailer: Option<Mailer>,
    client: Client,
    ways: BTreeMap<String, Way>,
    stop: Arc<AtomicBool>,
}

impl Sender {
    /// Reads the settings file. Nothing is connected to yet.
    ///
    /// # Errors
    /// In words for the administrator: what is wrong with the file, or with one that it names.
    pub fn read(path: &Path, stop: &Arc<AtomicBool>) -> Result<Sender, String> {
        let text = read(path)?;
        // The library would show the line that it cannot read, and somebody may have written a password there.
        let file: File = toml::from_str(&text).map_err(|error| error.message().to_owned())?;
        let mailer = file.mail.map(mailer).transpose()?;
        let mut ways = BTreeMap::new();
        for (name, to) in file.to {
            let way = way(&to).map_err(|reason| format!("to.{name}: {reason}"))?;
            if matches!(way, Way::Mail(_)) && mailer.is_none() {
                return Err(format!("to.{name}: mail needs a mail server ([mail])"));
            }
            ways.insert(name, way);
        }
        let client = web_client(file.proxy, file.ca, surroundings()).map_err(|error| error.to_string())?;
        Ok(Sender { mailer, client, ways, stop: Arc::clone(stop) })
    }
}

impl Deliver for Sender {
    fn deliver(&self, to: &str, message: &Message) -> Result<(), DeliveryFailure> {
        let message = shindan_notify::Message {
            id: message.id.clone(),
            at: message.at,
            subject: message.subject.clone(),
            text: message.text.clone(),
        };
        let sent = match (self.ways.get(to), &self.mailer) {
            (Some(Way::Mail(address)), Some(mailer)) => mailer.send(&message, std::slice::from_ref(address)),
            (Some(Way::Webhook(url)), _) => {
                Webhook::new(&self.client, url.clone()).send(&message, &self.stop)
            }
            (Some(Way::Mail(_)), None) | (None, _) => return Err(DeliveryFailure::Settings),
        };
        sent.map_err(|error| failure(&error))
    }
}

fn mailer(mail: Mail) -> Result<Mailer, String> {
    let (security, usual) = match mail.security {
        Secured::Tls => (Security::Tls, 465),
        Secured::Starttls => (Security::StartTls, 587),
        Secured::ClearText => (Security::ClearText, 25),
    };
    let password = secret(mail.password_file.as_deref(), mail.password_env.as_deref())
        .map_err(|reason| format!("mail: {reason}"))?;
    let login = match (mail.user, password) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        (Some(_), None) => return Err("mail: user needs password-file or password-env".to_owned()),
        (None, Some(_)) => return Err("mail: a password needs a user".to_owned()),
    };
    let settings = MailSettings {
        host: mail.host,
        port: mail.port.unwrap_or(usual),
        security,
        login,
        from: mail.from,
        ca_files: mail.ca,
        timeout: PATIENCE,
    };
    Mailer::new(settings).map_err(|error| error.to_string())
}

fn way(to: &To) -> Result<Way, String> {
    let webhook = secret(to.webhook_file.as_deref(), to.webhook_env.as_deref())?;
    match (&to.mail, webhook) {
        (Some(address), None) => Ok(Way::Mail(address.clone())),
        (None, Some(url)) => Ok(Way::Webhook(url)),
        _ => Err("give exactly one of mail, webhook-file, webhook-env".to_owned()),
    }
}

/// From a file or an environment variable; `None` if neither is named.
fn secret(file: Option<&Path>, variable: Option<&str>) -> Result<Option<Secret>, String> {
    let text = match (file, variable) {
        (None, None) => return Ok(None),
        (Some(path), None) => read(path).map_err(|reason| format!("{}: {reason}", path.display()))?,
        (None, Some(name)) => std::env::var(name).map_err(|_| format!("${name} is not set"))?,
        (Some(_), Some(_)) => return Err("give a file or an environment variable, not both".to_owned()),
    };
    let text = text.trim();
    if text.is_empty() { Err("the secret is empty".to_owned()) } else { Ok(Some(Secret::new(text))) }
}

fn read(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > LARGEST {
        return Err("the file is too large".to_owned());
    }
    std::fs::read_to_string(path).map_err(|error| error.to_string())
}

/// As it is recorded.
fn failure(error: &NotifyError) -> DeliveryFailure {
    match error {
        NotifyError::Recipient | NotifyError::NoRecipient => DeliveryFailure::Recipient,
        NotifyError::Connect => DeliveryFailure::Connect,
        NotifyError::Timeout => DeliveryFailure::Timeout,
        NotifyError::Cut => DeliveryFailure::Cut,
        NotifyError::Tls => DeliveryFailure::Tls,
        NotifyError::Login => DeliveryFailure::Login,
        NotifyError::Later { .. } => DeliveryFailure::Later,
        NotifyError::Refused { .. } => DeliveryFailure::Refused,
        NotifyError::Web(_) => match error.code() {
            "timeout" => DeliveryFailure::Timeout,
            "dns" | "connect" | "proxy" => DeliveryFailure::Connect,
            "cut" => DeliveryFailure::Cut,
            "tls" => DeliveryFailure::Tls,
            "rate-limited" => DeliveryFailure::Later,
            "status" if error.passes() => DeliveryFailure::Later,
            "status" => DeliveryFailure::Refused,
            "cancelled" => DeliveryFailure::Cancelled,
            code if code.starts_with("address-") => DeliveryFailure::Settings,
            _ => DeliveryFailure::Protocol,
        },
        // Subject and number are ours; a message that is none is refused like one that a server refuses.
        NotifyError::Subject | NotifyError::Id => DeliveryFailure::Refused,
        _ => DeliveryFailure::Protocol,
    }
}
