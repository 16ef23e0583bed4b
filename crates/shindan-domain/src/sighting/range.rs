//! Ranges of addresses: what was looked at as a whole.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Addresses of one family from the first to the last, both included. Written `10.1.2.0/24` where that says the same, else
/// `10.1.2.10-10.1.2.99`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpRange {
    first: IpAddr,
    last: IpAddr,
}

/// The text is no range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a range of addresses")]
pub struct NotARange(pub String);

impl IpRange {
    /// `None` if the ends are of different families or the wrong way round.
    pub fn new(first: IpAddr, last: IpAddr) -> Option<Self> {
        (first.is_ipv4() == last.is_ipv4() && first <= last).then_some(IpRange { first, last })
    }

    /// The network of this many leading bits.
    pub fn network(address: IpAddr, bits: u8) -> Option<Self> {
        let (first, last) = match address {
            IpAddr::V4(address) => {
                let rest = u32::MAX.checked_shr(u32::from(bits)).unwrap_or(0);
                let base = u32::from(address) & !rest;
                (bits <= 32).then(|| (Ipv4Addr::from(base).into(), Ipv4Addr::from(base | rest).into()))?
            }
            IpAddr::V6(address) => {
                let rest = u128::MAX.checked_shr(u32::from(bits)).unwrap_or(0);
                let base = u128::from(address) & !rest;
                (bits <= 128).then(|| (Ipv6Addr::from(base).into(), Ipv6Addr::from(base | rest).into()))?
            }
        };
        IpRange::new(first, last)
    }

    /// True if the address lies within.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.first.is_ipv4() == address.is_ipv4() && self.first <= address && address <= self.last
    }

    /// The first address.
    pub fn first(&self) -> IpAddr {
        self.first
    }

    /// The last address.
    pub fn last(&self) -> IpAddr {
        self.last
    }

    /// True if an address lies in both.
    pub fn overlaps(&self, other: &IpRange) -> bool {
        self.first.is_ipv4() == other.first.is_ipv4() && self.first <= other.last && other.first <= self.last
    }

    /// True if every address of the other lies within.
    pub fn encloses(&self, other: &IpRange) -> bool {
        self.contains(other.first) && self.contains(other.last)
    }

    /// How many addresses; the greatest number if there are more.
    pub fn addresses(&self) -> u128 {
        let number = |address: IpAddr| match address {
            IpAddr::V4(address) => u128::from(u32::from(address)),
            IpAddr::V6(address) => u128::from(address),
        };
        (number(self.last) - number(self.first)).saturating_add(1)
    }

    /// Each of its addresses, from the first to the last.
    pub fn each(&self) -> impl Iterator<Item = IpAddr> + use<> {
        let last = self.last;
        let next = move |address: &IpAddr| match (*address < last, address) {
            (false, _) => None,
            (true, IpAddr::V4(address)) => {
                u32::from(*address).checked_add(1).map(|next| Ipv4Addr::from(next).into())
            }
            (true, IpAddr::V6(address)) => {
                u128::from(*address).checked_add(1).map(|next| Ipv6Addr::from(next).into())
            }
        };
        core::iter::successors(Some(self.first), next)
    }

    /// Leading bits that all have in common, if they are all there are with them.
    fn bits(&self) -> Option<u8> {
        let whole = if self.first.is_ipv4() { 32 } else { 128 };
        (0..=whole).find(|bits| IpRange::network(self.first, *bits) == Some(*self))
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bits() {
            Some(bits) => write!(f, "{}/{bits}", self.first),
            None => write!(f, "{}-{}", self.first, self.last),
        }
    }
}

impl FromStr for IpRange {
    type Err = NotARange;

    /// Reads `10.1.2.3`, `10.1.2.0/24`, `10.1.2.10-10.1.2.99` and, as nmap writes it, `10.1.2.10-99`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        range(text).ok_or_else(|| NotARange(text.chars().take(80).collect()))
    }
}

fn range(text: &str) -> Option<IpRange> {
    if let Some((address, bits)) = text.split_once('/') {
        return IpRange::network(address.parse().ok()?, bits.parse().ok()?);
    }
    if let Some((first, last)) = text.split_once('-') {
        let first: IpAddr = first.trim().parse().ok()?;
        let last = last.trim();
        if let (IpAddr::V4(begin), Ok(octet)) = (first, last.parse::<u8>()) {
            let [a, b, c, _] = begin.octets();
            return IpRange::new(first, Ipv4Addr::new(a, b, c, octet).into());
        }
        return IpRange::new(first, last.parse().ok()?);
    }
    let address: IpAddr = text.parse().ok()?;
    IpRange::new(address, address)
}

impl Serialize for IpRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for IpRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_a_range_is_told_once() {
        let each = |text: &str| {
            text.parse::<IpRange>().unwrap().each().map(|one| one.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(each("10.0.0.255-10.0.1.1"), ["10.0.0.255", "10.0.1.0", "10.0.1.1"]);
        assert_eq!(each("255.255.255.254/31"), ["255.255.255.254", "255.255.255.255"]);
        assert_eq!(
            each("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]
        );
    }

    #[test]
    fn ranges_are_written_as_they_are_read() {
        for text in
            ["10.1.2.0/24", "10.1.2.10-10.1.2.99", "10.1.2.3/32", "0.0.0.0/0", "2001:db8::/32", "::/0"]
        {
            assert_eq!(text.parse::<IpRange>().unwrap().to_string(), text);
        }
        assert_eq!("10.1.2.77/24".parse::<IpRange>().unwrap().to_string(), "10.1.2.0/24");
        assert_eq!("10.1.2.10-99".parse::<IpRange>().unwrap().to_string(), "10.1.2.10-10.1.2.99");
        assert_eq!("10.1.2.3".parse::<IpRange>().unwrap().to_string(), "10.1.2.3/32");
        for text in
            ["", "ward-1", "10.1.2.0/33", "10.1.2.9-3", "10.0.0.1-::1", "10.1.*.1", "::/129", "10.0.0.0/-1"]
        {
            assert!(text.parse::<IpRange>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_ends_belong_to_it() {
        let range: IpRange = "192.168.1.0/25".parse().unwrap();
        let within = |text: &str| range.contains(text.parse().unwrap());
        assert!(within("192.168.1.0") && within("192.168.1.127"));
        assert!(!within("192.168.1.128") && !within("192.168.0.255") && !within("::ffff:192.168.1.1"));
    }
}
