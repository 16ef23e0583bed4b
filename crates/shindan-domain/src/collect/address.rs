//! Addresses of sources: what may stand in a record that is never erased.

use crate::process::{ReasonCode, Refusal};

/// Longer ones nobody writes.
const LONGEST: usize = 2000;
/// What stands for a secret that was left out.
const REDACTED: &str = "REDACTED";
/// Names of query fields whose values are secrets.
const SECRET: [&str; 12] = [
    "apikey",
    "key",
    "token",
    "accesstoken",
    "password",
    "passwd",
    "pwd",
    "secret",
    "clientsecret",
    "auth",
    "signature",
    "sig",
];

/// Why an address cannot be one of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressProblem {
    /// It is no `https://host/…` (`http://` only on this machine), or is too long.
    Invalid,
    /// It carries a user, a password or a key, which belong into the settings and not into a record.
    Secret,
}

/// Checks that an address is one of the web and carries no secret. Clear text is permitted on the machine itself only: what
/// comes over it can be altered by anybody on the way.
///
/// # Errors
/// [`AddressProblem`].
pub fn check_address(address: &str) -> Result<(), AddressProblem> {
    let plain = address.len() <= LONGEST && address.bytes().all(|byte| byte.is_ascii_graphic());
    if !plain || address.contains(['<', '>', '"', '\\', '#']) {
        return Err(AddressProblem::Invalid);
    }
    let (scheme, rest) = address.split_once("://").ok_or(AddressProblem::Invalid)?;
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(AddressProblem::Secret);
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port_is_one = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    let on_this_machine = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
    let permitted = match scheme {
        "https" => is_host(host),
        "http" => on_this_machine,
        _ => false,
    };
    if !permitted || !port_is_one {
        return Err(AddressProblem::Invalid);
    }
    let fields = address.split_once('?').map(|(_, query)| query).unwrap_or_default();
    if fields.split('&').any(|field| secret(field).is_some()) {
        return Err(AddressProblem::Secret);
    }
    Ok(())
}

fn is_host(host: &str) -> bool {
    let name = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<core::net::Ipv6Addr>().is_ok(),
        None => host.len() <= 253 && host.split('.').all(name),
    }
}

/// The name of a query field that holds a secret which was not left out.
fn secret(field: &str) -> Option<&str> {
    let (name, value) = field.split_once('=')?;
    let normal: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    let shown = value.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
    let left_out = value.is_empty() || shown.is_empty() || shown.eq_ignore_ascii_case(REDACTED);
    (!left_out && SECRET.contains(&normal.as_str())).then_some(name)
}

/// The address without user, password, secrets of its query and fragment, for records and messages.
pub fn redacted(address: &str) -> String {
    let address = address.split('#').next().unwrap_or_default();
    let (front, query) = match address.split_once('?') {
        Some((front, query)) => (front, Some(query)),
        None => (address, None),
    };
    let mut text = match front.split_once("://") {
        None => front.to_owned(),
        Some((scheme, rest)) => {
            let (authority, path) = match rest.find('/') {
                Some(at) => rest.split_at(at),
                None => (rest, ""),
            };
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            format!("{scheme}://{host}{path}")
        }
    };
    if let Some(query) = query {
        let fields = query.split('&').map(|field| match secret(field) {
            Some(name) => format!("{name}={REDACTED}"),
            None => field.to_owned(),
        });
        text.push('?');
        text.push_str(&fields.collect::<Vec<_>>().join("&"));
    }
    text
}

/// As [`check_address`], as a refusal with the redacted address.
pub(super) fn permit(address: &str) -> Result<(), Refusal> {
    let code = match check_address(address) {
        Ok(()) => return Ok(()),
        Err(AddressProblem::Invalid) => ReasonCode::SourceAddressInvalid,
        Err(AddressProblem::Secret) => ReasonCode::SourceAddressSecret,
    };
    Err(Refusal::new(code).with("value", redacted(address)))
}
