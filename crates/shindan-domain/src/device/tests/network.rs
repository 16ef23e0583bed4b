//! By what a device is known: hostile and sloppy texts.

use proptest::prelude::*;

use super::*;

#[test]
fn addresses_are_read_as_people_write_them() {
    let expected = "00:1b:78:aa:bb:cc".parse::<MacAddress>().unwrap();
    for text in ["00-1B-78-AA-BB-CC", "001b.78aa.bbcc", " 001B78AABBCC ", "00:1B:78:aa:bb:cc"] {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
    for text in
        ["", "00:1b:78:aa:bb", "00:1b:78:aa:bb:cg", "00:1b:78:aa:bb:cc:dd", "００1b78aabbcc", "+01b78aabbcc"]
    {
        assert!(text.parse::<MacAddress>().is_err(), "{text}");
    }
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let read =
        NetworkIdentity::read(&[], &texts(&["DHCP", "192.0.2.7", "2001:DB8::7"]), &texts(&["CT01.Local."]));
    let read = read.unwrap();
    assert!(read.dhcp && read.addresses.len() == 2 && read.host_names.contains("ct01.local"));
    assert_eq!(
        code(NetworkIdentity::read(&[], &texts(&["192.0.2.256"]), &[])),
        ReasonCode::DeviceNetworkInvalid
    );
    assert_eq!(
        code(NetworkIdentity::read(&[], &[], &texts(&["two words"]))),
        ReasonCode::DeviceNetworkInvalid
    );
}

proptest! {
    #[test]
    fn a_mac_address_survives_its_text(bytes in any::<[u8; 6]>(), noise in ".{0,20}") {
        let text = bytes.map(|byte| format!("{byte:02x}")).join(":");
        let mac: MacAddress = text.parse().unwrap();
        prop_assert_eq!(mac.bytes(), bytes);
        prop_assert_eq!(mac.to_string(), text);
        if let Ok(other) = noise.parse::<MacAddress>() {
            prop_assert_eq!(other.to_string().parse(), Ok(other));
        }
    }
}
