//! The identifier of a DHCPv6 client (RFC 8415, section 11).

use shindan_domain::sighting::MacAddress;

/// The hardware address that an identifier was made of: DUID-LLT (1) and DUID-LL (3) over Ethernet (1). Of a device with
/// several interfaces it may be that of another one; others (DUID-EN, DUID-UUID) have none.
pub(super) fn hardware(duid: &[u8]) -> Option<MacAddress> {
    let octets = match duid {
        [0, 1, 0, 1, _, _, _, _, octets @ ..] | [0, 3, 0, 1, octets @ ..] => octets,
        _ => return None,
    };
    let octets: [u8; 6] = octets.try_into().ok()?;
    let [a, b, c, d, e, f] = octets;
    format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}").parse().ok()
}

/// The octets of `00:01:00:01:…`; `None` if it is not written so.
pub(super) fn octets(text: &str) -> Option<Vec<u8>> {
    let octet = |part: &str| match part.len() {
        2 => u8::from_str_radix(part, 16).ok(),
        _ => None,
    };
    text.split(':').map(octet).collect()
}
