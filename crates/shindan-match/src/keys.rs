//! The keys under which statements are filed and components are looked up. Both sides use these functions only.

use shindan_domain::purl::Purl;

/// A package of an ecosystem: `P crates.io smallvec`.
pub fn package(ecosystem: &str, name: &str, key: &mut Vec<u8>) {
    make(b'P', ecosystem, name, key);
}

/// A CPE vendor and product: `C fortinet fortios`.
pub fn cpe(vendor: &str, product: &str, key: &mut Vec<u8>) {
    make(b'C', vendor, product, key);
}

/// A maker's product, both folded: `D philips intellivue`.
pub fn product(maker: &str, product: &str, key: &mut Vec<u8>) {
    make(b'D', maker, product, key);
}

/// A maker's model number, both folded: `M philips 865240`.
pub fn model(maker: &str, model: &str, key: &mut Vec<u8>) {
    make(b'M', maker, model, key);
}

/// The list of a maker's products: `W philips`; of the empty name, the list of all makers.
pub fn maker(maker: &str, key: &mut Vec<u8>) {
    make(b'W', maker, "", key);
}

/// True if names of makers or products are filed under the key, not statements.
pub(crate) fn is_names(key: &[u8]) -> bool {
    key.first() == Some(&b'W')
}

/// A package that belongs to no ecosystem with advisories of its own: `G oci acme/app`.
pub fn other_package(purl: &Purl<'_>, key: &mut Vec<u8>) {
    match purl.namespace() {
        Some(namespace) => make(b'G', purl.kind(), &format!("{namespace}/{}", purl.name()), key),
        None => make(b'G', purl.kind(), purl.name(), key),
    }
}

/// An element of a CycloneDX document, by its BOM-Link.
pub fn element(link: &str, key: &mut Vec<u8>) {
    make(b'B', link, "", key);
}

/// What stands for an ecosystem as a whole, for whether it is covered: `Y Debian:12`.
pub fn ecosystem(name: &str, key: &mut Vec<u8>) {
    make(b'Y', name, "", key);
}

/// What stands for an update and what it replaces: `U KB5034122`.
pub fn replaced_by(name: &str, key: &mut Vec<u8>) {
    make(b'U', name, "", key);
}

/// What stands for the device dictionary.
pub fn dictionary(key: &mut Vec<u8>) {
    make(b'Z', "", "", key);
}

/// Turns a key into the one of what was said there and taken back.
pub fn withdrawn(key: &mut Vec<u8>) {
    key.insert(0, b'X');
}

/// The name of an update as it is compared: `kb5034122` and `5034122` are `KB5034122`.
pub fn update(name: &str) -> String {
    let name = name.trim().to_ascii_uppercase();
    let number = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
    if number { format!("KB{name}") } else { name }
}

fn make(kind: u8, first: &str, second: &str, key: &mut Vec<u8>) {
    key.clear();
    key.push(kind);
    key.extend_from_slice(first.as_bytes());
    key.push(0);
    key.extend_from_slice(second.as_bytes());
}
