//! TLS, seen from outside: which versions a server offers, and an encrypted connection that trusts nobody.

pub(crate) mod client;
pub(crate) mod hello;

use crate::target::Target;

/// The name for server name indication; addresses have none.
fn server_name(target: &Target) -> Option<&str> {
    if target.host.parse::<std::net::IpAddr>().is_ok() { None } else { Some(&target.host) }
}
