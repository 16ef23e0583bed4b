//! Hardware addresses, in one form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A hardware address of 48 bits (IEEE 802, EUI-48). Written `00:11:22:aa:bb:cc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress([u8; 6]);

/// The text is no hardware address of 48 bits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a hardware address")]
pub struct NotAMacAddress(pub String);

impl MacAddress {
    /// Its six octets.
    pub fn bytes(self) -> [u8; 6] {
        self.0
    }

    /// True if somebody gave it to the interface instead of the maker: bit 1 of the first octet (IEEE 802c, clause 8.4).
    /// Telephones and terminals change such addresses by themselves; virtual machines keep theirs.
    pub fn is_local(self) -> bool {
        self.0[0] & 0b10 != 0
    }

    /// True for addresses of groups, the broadcast address among them: no device has one.
    pub fn is_group(self) -> bool {
        self.0[0] & 0b1 != 0
    }

    /// True for `00:00:00:00:00:00`, which stands for *no answer* in tables.
    pub fn is_zero(self) -> bool {
        self.0 == [0; 6]
    }

    /// True if it can be that of one device.
    pub fn is_device(self) -> bool {
        !self.is_group() && !self.is_zero()
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl FromStr for MacAddress {
    type Err = NotAMacAddress;

    /// Reads `00:11:22:AA:BB:CC`, `00-11-22-aa-bb-cc`, `0:11:22:aa:b:c` (BSD), `0011.22aa.bbcc` (Cisco),
    /// `001122-aabbcc` and `001122aabbcc`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        octets(text).map(MacAddress).ok_or_else(|| NotAMacAddress(text.chars().take(64).collect()))
    }
}

fn octets(text: &str) -> Option<[u8; 6]> {
    if text.len() > 17 || !text.is_ascii() {
        return None;
    }
    let separator = text.bytes().find(|byte| matches!(byte, b':' | b'-' | b'.'));
    let mut digits = String::with_capacity(12);
    match separator {
        None => digits.push_str(text),
        Some(separator) => {
            let parts: Vec<&str> = text.split(char::from(separator)).collect();
            let width = match parts.len() {
                6 => 2,
                3 => 4,
                2 => 6,
                _ => return None,
            };
            for part in parts {
                let short = width == 2 && part.len() == 1;
                if short {
                    digits.push('0');
                } else if part.len() != width {
                    return None;
                }
                digits.push_str(part);
            }
        }
    }
    if digits.len() != 12 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let number = u64::from_str_radix(&digits, 16).ok()?;
    let [_, _, octets @ ..] = number.to_be_bytes();
    Some(octets)
}

impl Serialize for MacAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MacAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_is_one_address() {
        for text in [
            "00:0c:29:AB:cd:0e",
            "00-0C-29-ab-cd-0e",
            "0:c:29:ab:cd:e",
            "000c.29ab.cd0e",
            "000c29abcd0e",
            "000c29-abcd0e",
            " 00:0c:29:ab:cd:0e ",
        ] {
            let mac: MacAddress = text.parse().expect(text);
            assert_eq!(mac.to_string(), "00:0c:29:ab:cd:0e");
        }
        for text in [
            "",
            "0",
            "00:0c:29",
            "00:0c:29:ab:cd:0g",
            "000c.29ab.cd0",
            "10.0.0.1",
            "00:0c:29:ab:cd:0e:00:11",
            "0c:29:ab:cd:e",
            "00:0c-29:ab-cd:0e",
            "００:0c:29:ab:cd:0e",
            "0x0c29abcd0e",
        ] {
            assert!(text.parse::<MacAddress>().is_err(), "{text}");
        }
    }

    #[test]
    fn whose_address_it_is() {
        let mac = |text: &str| text.parse::<MacAddress>().unwrap();
        assert!(mac("da:a1:19:00:00:01").is_local() && mac("da:a1:19:00:00:01").is_device());
        assert!(!mac("00:0c:29:ab:cd:0e").is_local());
        assert!(!mac("ff:ff:ff:ff:ff:ff").is_device() && !mac("01:00:5e:7f:ff:fa").is_device());
        assert!(!mac("00:00:00:00:00:00").is_device());
    }
}
