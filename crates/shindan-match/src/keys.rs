//! The keys under which statements are filed and components are looked up. Both sides use these functions only.

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

fn make(kind: u8, first: &str, second: &str, key: &mut Vec<u8>) {
    key.clear();
    key.push(kind);
    key.extend_from_slice(first.as_bytes());
    key.push(0);
    key.extend_from_slice(second.as_bytes());
}
