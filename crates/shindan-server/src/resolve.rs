//! Host names of targets, looked up as the system of this server does it.
//!
//! A permitted host name counts with the addresses that it has when a step is asked for: behind a harmless name may stand a
//! medical device. The domain has no network, so the names are looked up here and handed to the use case. It looks them up only
//! after it has permitted the step, so that nobody without the role makes this server ask for names; and before anything is
//! written, so that a slow name server keeps nobody else waiting.

use core::net::IpAddr;
use std::collections::BTreeSet;

use shindan_app::clock;
use shindan_probe::Clock;

/// The addresses of a host name. `None`: where the name leads is not known here.
pub(crate) fn look_up(host: &str) -> Option<BTreeSet<IpAddr>> {
    shindan_probe::look_up(host, Clock { timestamp: clock::now, instant: clock::instant })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_addresses_that_the_system_knows() {
        assert!(look_up("localhost").unwrap().iter().all(IpAddr::is_loopback));
        // No name at all; asks no name server.
        assert_eq!(look_up("a..b"), None);
    }
}
