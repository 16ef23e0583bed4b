//! What may be connected to. Who may permit it is the caller's business.

use std::net::IpAddr;
use std::str::FromStr;

use crate::target::{NotATarget, Scheme, Target};

/// Addresses from one to another, both included: `192.0.2.7`, `192.0.2.0/24`, `192.0.2.5-192.0.2.9`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRange {
    first: IpAddr,
    last: IpAddr,
}

/// The text is no range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an address, a network such as 192.0.2.0/24, or a range such as 192.0.2.5-192.0.2.9")]
pub struct NotAnAddressRange(pub String);

/// An IPv4 address that is written as IPv6 is the same address.
fn number(address: IpAddr) -> (bool, u128) {
    match address.to_canonical() {
        IpAddr::V4(address) => (false, u128::from(u32::from(address))),
        IpAddr::V6(address) => (true, u128::from(address)),
    }
}

impl AddressRange {
    /// True if it holds the address.
    pub fn contains(&self, address: IpAddr) -> bool {
        (number(self.first)..=number(self.last)).contains(&number(address))
    }

    fn network(address: IpAddr, bits: u32) -> Option<Self> {
        match address {
            IpAddr::V4(address) => {
                let host = u32::MAX.checked_shr(bits).unwrap_or(0);
                let first = u32::from(address) & !host;
                (bits <= 32).then(|| AddressRange {
                    first: IpAddr::V4(first.into()),
                    last: IpAddr::V4((first | host).into()),
                })
            }
            IpAddr::V6(address) => {
                let host = u128::MAX.checked_shr(bits).unwrap_or(0);
                let first = u128::from(address) & !host;
                (bits <= 128).then(|| AddressRange {
                    first: IpAddr::V6(first.into()),
                    last: IpAddr::V6((first | host).into()),
                })
            }
        }
    }
}

impl From<IpAddr> for AddressRange {
    fn from(address: IpAddr) -> Self {
        AddressRange { first: address, last: address }
    }
}

impl FromStr for AddressRange {
    type Err = NotAnAddressRange;

    fn from_str(text: &str) -> Result<Self, NotAnAddressRange> {
        let wrong = || NotAnAddressRange(text.chars().take(100).collect());
        let address = |text: &str| text.trim().parse::<IpAddr>().map_err(|_| wrong());
        if let Some((network, bits)) = text.split_once('/') {
            let bits = bits.trim().parse().map_err(|_| wrong())?;
            return Self::network(address(network)?, bits).ok_or_else(wrong);
        }
        let Some((first, last)) = text.split_once('-') else { return Ok(address(text)?.into()) };
        let range = AddressRange { first: address(first)?, last: address(last)? };
        let ordered =
            range.first.is_ipv4() == range.last.is_ipv4() && number(range.first) <= number(range.last);
        if ordered { Ok(range) } else { Err(wrong()) }
    }
}

/// Where permitted addresses of a web application begin: scheme, host, port, and a path up to the end of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlPrefix(Target);

impl FromStr for UrlPrefix {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        text.parse().map(UrlPrefix)
    }
}

impl UrlPrefix {
    /// True if the address begins with it: `/app` permits `/app` and `/app/x`, not `/application`.
    pub fn covers(&self, target: &Target) -> bool {
        let (own, path) = (self.0.bare_path(), target.bare_path());
        let below = match path.strip_prefix(own) {
            Some(rest) => rest.is_empty() || own.ends_with('/') || rest.starts_with('/'),
            None => false,
        };
        below && self.0.scheme == target.scheme && self.0.host == target.host && self.0.port == target.port
    }
}

/// What may be connected to. An address outside of `addresses` is never connected to, whatever else is permitted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permit {
    /// Addresses.
    pub addresses: Vec<AddressRange>,
    /// Web addresses. If none is named, every path of the target's own host is permitted, and no other host.
    pub urls: Vec<UrlPrefix>,
}

impl Permit {
    /// True if the address may be connected to.
    pub fn permits_address(&self, address: IpAddr) -> bool {
        self.addresses.iter().any(|range| range.contains(address))
    }

    /// Where the host of an encrypted target would be spoken to in the clear: the plain address that is named, else the usual port
    /// beside the usual port of HTTPS. `None` if nothing of the kind is permitted.
    pub fn plain_beside(&self, target: &Target) -> Option<Target> {
        if self.urls.is_empty() {
            let usual = target.port == Scheme::Https.default_port();
            let plain = Target { scheme: Scheme::Http, port: Scheme::Http.default_port(), ..target.clone() };
            return usual.then_some(plain);
        }
        let plain = |prefix: &&UrlPrefix| prefix.0.scheme == Scheme::Http && prefix.0.host == target.host;
        self.urls.iter().find(plain).map(|prefix| prefix.0.clone())
    }

    /// True if this web address may be asked for while `target` is looked at. Its addresses are judged apart from it.
    pub fn permits_url(&self, target: &Target, asked: &Target) -> bool {
        if self.urls.is_empty() {
            // From plain to encrypted the port changes; on another port there is another service.
            let same_port = asked.port == target.port
                || (asked.scheme == Scheme::Https && asked.port == Scheme::Https.default_port())
                || (asked.scheme == Scheme::Http && asked.port == Scheme::Http.default_port());
            return asked.host == target.host && same_port;
        }
        self.urls.iter().any(|prefix| prefix.covers(asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_their_ends_and_nothing_beyond() {
        for (range, inside, outside) in [
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.77/24", "192.0.2.255", "192.0.3.0"),
            ("10.0.0.5-10.0.0.9", "10.0.0.9", "10.0.0.10"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("192.0.2.7/32", "::ffff:192.0.2.7", "::192.0.2.7"),
            ("::/0", "::", "127.0.0.1"),
        ] {
            let range: AddressRange = range.parse().unwrap();
            assert!(range.contains(inside.parse().unwrap()), "{range:?} {inside}");
            assert!(!range.contains(outside.parse().unwrap()), "{range:?} {outside}");
        }
        for text in ["", "host", "10.0.0.0/33", "10.0.0.9-10.0.0.5", "10.0.0.1-::1", "::/129", "10.0.0.0/-1"]
        {
            assert!(text.parse::<AddressRange>().is_err(), "{text}");
        }
    }

    #[test]
    fn prefixes_end_at_segments() {
        let target = |text: &str| text.parse::<Target>().unwrap();
        let permit = Permit { urls: vec!["https://host/app".parse().unwrap()], ..Permit::default() };
        for (url, permitted) in [
            ("https://host/app", true),
            ("https://host/app/x?y", true),
            ("https://host/application", false),
            ("https://host/", false),
            ("http://host/app", false),
            ("https://host:8443/app", false),
            ("https://other/app", false),
        ] {
            assert_eq!(permit.permits_url(&target("https://host/app"), &target(url)), permitted, "{url}");
        }
        let any = Permit::default();
        assert!(any.permits_url(&target("http://host/"), &target("https://host/")));
        assert!(!any.permits_url(&target("http://host/"), &target("http://other/")));
        assert!(!any.permits_url(&target("http://host/"), &target("http://host:8080/")));
        assert!(!any.permits_address("127.0.0.1".parse().unwrap()));
    }
}
