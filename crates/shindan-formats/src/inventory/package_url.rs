//! Writes the package URL of a package that a lock file names.
//!
//! Source: purl specification, "How to build purl string from its components"; ECMA-427, section 5.

/// `pkg:TYPE/NAMESPACE/NAME@VERSION`, percent-encoded. An empty namespace or version is left out.
pub(super) fn build(kind: &str, namespace: &str, name: &str, version: Option<&str>) -> String {
    let mut purl = String::with_capacity(8 + kind.len() + namespace.len() + name.len() + 24);
    purl.push_str("pkg:");
    purl.push_str(kind);
    purl.push('/');
    if !namespace.is_empty() {
        encode(&mut purl, namespace);
        purl.push('/');
    }
    encode(&mut purl, name);
    if let Some(version) = version.filter(|version| !version.is_empty()) {
        purl.push('@');
        encode(&mut purl, version);
    }
    purl
}

/// Percent-encodes all but letters, digits and `. - _ ~ :`.
fn encode(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b':') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::build;

    #[test]
    fn parts_are_encoded() {
        assert_eq!(build("npm", "@angular", "core", Some("1.0.0")), "pkg:npm/%40angular/core@1.0.0");
        assert_eq!(build("cargo", "", "libc", Some("1.0.0+build")), "pkg:cargo/libc@1.0.0%2Bbuild");
        assert_eq!(build("pypi", "", "a", None), "pkg:pypi/a");
        assert_eq!(build("pypi", "", "診", Some("")), "pkg:pypi/%E8%A8%BA");
    }
}
