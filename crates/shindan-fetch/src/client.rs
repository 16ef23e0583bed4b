//! The client: settings become agents, and a request is tried until it succeeds or cannot.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use ureq::config::Config;
use ureq::http::{HeaderName, HeaderValue, Uri};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Proxy};

use crate::address::Address;
use crate::error::FetchError;
use crate::exchange::Exchange;
use crate::partial::Part;
use crate::request::{Fetched, Request};
use crate::retry::backoff;
use crate::settings::{Settings, SettingsError};
use crate::surroundings::{Surroundings, stop_if};

/// Headers that a request must not set: they are what the evidence rests on, or the library's.
const OURS: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "range",
    "transfer-encoding",
    "user-agent",
];

/// Fetches from sources.
#[derive(Debug)]
pub struct Client {
    pub(crate) settings: Settings,
    pub(crate) surroundings: Surroundings,
    agent: Agent,
    /// For this computer, which no proxy knows.
    direct: Agent,
    /// When the next request to a host may be made.
    turns: Mutex<BTreeMap<(String, u16), Timestamp>>,
}

impl Client {
    /// Makes a client.
    ///
    /// # Errors
    /// When the settings name a proxy or certificates that cannot be read, or hold a limit of 0.
    pub fn new(settings: Settings, surroundings: Surroundings) -> Result<Client, SettingsError> {
        settings.check()?;
        let roots = roots(&settings)?;
        let proxy =
            settings.proxy.as_deref().map(Proxy::new).transpose().map_err(|_| SettingsError::Proxy)?;
        let agent = agent_of(&settings, &roots, proxy);
        let direct = agent_of(&settings, &roots, None);
        Ok(Client { settings, surroundings, agent, direct, turns: Mutex::default() })
    }

    /// Fetches one file into `into`. The old file is replaced as a whole, and only by a file that came as a whole;
    /// `progress` is told the bytes so far and, where it is known, how many there will be.
    ///
    /// # Errors
    /// When it could not be fetched; see [`FetchError`]. The old file stands.
    pub fn get(
        &self,
        request: &Request,
        into: &Path,
        progress: &mut dyn FnMut(u64, Option<u64>),
        cancelled: &AtomicBool,
    ) -> Result<Fetched, FetchError> {
        stop_if(cancelled)?;
        let address = Address::read(&request.url, &self.settings.clear_text_hosts)?;
        let key = self.settings.keys.get(request.key.unwrap_or_default());
        let key = key.map(|(name, value)| ((*name).to_owned(), value.clone()));
        let headers = parsed(&request.headers.iter().cloned().chain(key).collect::<Vec<_>>())?;
        let mut part = Part::open(&request.url, request.partial.as_deref(), into)?;
        let mut failed_before = Vec::new();
        loop {
            let exchange = Exchange { client: self, request, headers: &headers, into, cancelled };
            match exchange.run(&address, &mut part, progress) {
                Ok(answer) => return answer.keep(self, part, into, failed_before),
                Err(error) => {
                    failed_before.push(error.code());
                    if let Err(error) = self.before_next(&error, failed_before.len(), cancelled) {
                        return Err(given_up(part, error));
                    }
                }
            }
        }
    }

    /// Waits before the next attempt; an error if there is to be none.
    pub(crate) fn before_next(
        &self,
        error: &FetchError,
        made: usize,
        cancelled: &AtomicBool,
    ) -> Result<(), FetchError> {
        let made = u32::try_from(made).unwrap_or(u32::MAX);
        if !error.passes() || made >= self.settings.attempts {
            return Err(error.clone());
        }
        let own = backoff(&self.settings, made.saturating_add(1), self.surroundings.chance());
        let wait = match error.retry_after() {
            // To come back sooner than asked would be rude, and to sit here for an hour of no use.
            Some(asked) if asked > self.settings.longest_wait => return Err(error.clone()),
            Some(asked) => asked.max(own),
            None => own,
        };
        self.surroundings.wait(wait, cancelled)
    }

    pub(crate) fn agent_for(&self, address: &Address) -> &Agent {
        if address.is_this_computer() { &self.direct } else { &self.agent }
    }

    /// Waits until it is this client's turn to ask the host.
    pub(crate) fn wait_for_turn(
        &self,
        address: &Address,
        pause: Duration,
        cancelled: &AtomicBool,
    ) -> Result<(), FetchError> {
        let pause = pause.max(self.settings.pause);
        let now = self.surroundings.now();
        let wait = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = turns.entry(address.place()).or_insert(now);
            let wait = Duration::try_from(turn.duration_since(now)).unwrap_or_default();
            // A clock that was put back must not make us wait for days.
            let queue = pause.saturating_mul(64);
            let wait = wait.min(queue);
            *turn = now.checked_add(wait.saturating_add(pause)).unwrap_or(now);
            wait
        };
        self.surroundings.wait(wait, cancelled)
    }
}

/// A part that can be taken up is kept; one that proved to be the wrong thing is not. If even that fails, the first error counts.
fn given_up(part: Part, error: FetchError) -> FetchError {
    let wrong = matches!(
        error,
        FetchError::Html { .. }
            | FetchError::Empty { .. }
            | FetchError::TooLarge { .. }
            | FetchError::OtherPart { .. }
            | FetchError::Protocol { .. }
    );
    let left = if wrong { part.discard() } else { part.leave() };
    match left {
        Err(file) if matches!(error, FetchError::Cancelled) => file,
        _ => error,
    }
}

/// Headers as they are sent. The value of one that cannot be sent is not repeated.
pub(crate) fn parsed(given: &[(String, String)]) -> Result<Vec<(HeaderName, HeaderValue)>, FetchError> {
    let read = |(name, value): &(String, String)| {
        let refused = || FetchError::Header { name: name.clone() };
        if OURS.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(refused());
        }
        let sent_name: HeaderName = name.parse().map_err(|_| refused())?;
        let sent_value: HeaderValue = value.parse().map_err(|_| refused())?;
        Ok((sent_name, sent_value))
    };
    given.iter().map(read).collect()
}

fn roots(settings: &Settings) -> Result<RootCerts, SettingsError> {
    let built_in = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    let mut roots: Vec<Certificate<'static>> =
        built_in.map(|der| Certificate::from_der(der.as_ref())).collect();
    for path in &settings.ca_files {
        let text = std::fs::read(path)
            .map_err(|error| SettingsError::CaUnreadable { path: path.clone(), kind: error.kind() })?;
        let before = roots.len();
        for item in ureq::tls::parse_pem(&text) {
            match item {
                Ok(PemItem::Certificate(certificate)) => roots.push(certificate),
                Ok(_) => {}
                Err(_) => return Err(SettingsError::CaEmpty { path: path.clone() }),
            }
        }
        if roots.len() == before {
            return Err(SettingsError::CaEmpty { path: path.clone() });
        }
    }
    Ok(RootCerts::Specific(Arc::new(roots)))
}

/// Redirects and statuses are ours to judge; compression is not asked for, so that what is hashed is what was published.
fn agent_of(settings: &Settings, roots: &RootCerts, proxy: Option<Proxy>) -> Agent {
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(roots.clone())
        .build();
    let config = Config::builder()
        .tls_config(tls)
        .proxy(proxy)
        .user_agent(settings.user_agent.as_str())
        .accept_encoding("identity")
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(settings.total_timeout))
        .timeout_resolve(Some(settings.connect_timeout))
        .timeout_connect(Some(settings.connect_timeout))
        .timeout_recv_response(Some(settings.idle_timeout))
        .timeout_per_read(Some(settings.idle_timeout))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Names(DefaultResolver::default()))
}

/// Tells a name that cannot be resolved from a host that cannot be reached.
#[derive(Debug)]
struct Names(DefaultResolver);

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        match self.0.resolve(uri, config, timeout) {
            Err(ureq::Error::Io(_)) => Err(ureq::Error::HostNotFound),
            other => other,
        }
    }
}
