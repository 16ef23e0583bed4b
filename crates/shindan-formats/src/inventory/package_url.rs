//! Writes the package URL of a package that a lock file names, or completes the one that an SBOM gives.
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

/// The package URL of a distribution's package with the source package that it was built from (qualifier `upstream`),
/// which most advisories of distributions name. `None` if the package URL says it already, is of another kind, or has
/// the name of its source.
pub(super) fn with_source(purl: &str, source: &str, version: Option<&str>) -> Option<String> {
    let (kind, _) = purl.strip_prefix("pkg:")?.split_once('/')?;
    if !matches!(kind, "deb" | "rpm" | "apk") || purl.contains("upstream=") || source.is_empty() {
        return None;
    }
    let (front, subpath) = purl.split_once('#').map_or((purl, None), |(front, rest)| (front, Some(rest)));
    let path = front.split('?').next().unwrap_or(front);
    let name = path.rsplit('/').next().unwrap_or(path).split('@').next().unwrap_or_default();
    let version = version.filter(|version| !version.is_empty());
    if name == source && version.is_none_or(|version| path.contains(version)) {
        return None;
    }
    let mut out = front.to_owned();
    out.push_str(if front.contains('?') { "&upstream=" } else { "?upstream=" });
    encode(&mut out, source);
    if let Some(version) = version {
        out.push_str("%40");
        encode(&mut out, version);
    }
    if let Some(subpath) = subpath {
        out.push('#');
        out.push_str(subpath);
    }
    Some(out)
}

/// The URL of an npm package, `name` or `@scope/name`.
pub(super) fn npm(name: &str, version: Option<&str>) -> String {
    match name.split_once('/') {
        Some((scope, rest)) if scope.starts_with('@') => build("npm", scope, rest, version),
        _ => build("npm", "", name, version),
    }
}

/// The URL of a Python package, its name normalised.
pub(super) fn pypi(name: &str, version: Option<&str>) -> String {
    build("pypi", "", &normalized(name), version)
}

/// PEP 503: lower case, runs of `-`, `_` and `.` become one `-`.
pub(super) fn normalized(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            if !out.ends_with('-') {
                out.push('-');
            }
        } else {
            out.push(c.to_ascii_lowercase());
        }
    }
    out
}

/// The URL of a package whose name is a path: a Go module, a Composer package.
pub(super) fn path(kind: &str, path: &str, version: Option<&str>) -> String {
    let Some((namespace, name)) = path.rsplit_once('/') else { return build(kind, "", path, version) };
    let mut head = String::new();
    for segment in namespace.split('/').filter(|segment| !segment.is_empty()) {
        if !head.is_empty() {
            head.push('/');
        }
        encode(&mut head, segment);
    }
    let mut purl = format!("pkg:{kind}/{head}/");
    if head.is_empty() {
        purl.pop();
    }
    encode(&mut purl, name);
    if let Some(version) = version.filter(|version| !version.is_empty()) {
        purl.push('@');
        encode(&mut purl, version);
    }
    purl
}

/// Appends qualifiers, which must come sorted by their key; empty values are left out.
pub(super) fn qualify(mut purl: String, qualifiers: &[(&str, &str)]) -> String {
    let mut separator = '?';
    for (key, value) in qualifiers.iter().filter(|(_, value)| !value.is_empty()) {
        purl.push(separator);
        purl.push_str(key);
        purl.push('=');
        encode(&mut purl, value);
        separator = '&';
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
    use shindan_domain::purl::Purl;

    use super::{build, npm, path, pypi, qualify, with_source};

    #[test]
    fn sources_are_added_where_they_say_more() {
        let curl = "pkg:deb/debian/libcurl3t64-gnutls@8.14.1-2?arch=amd64&distro=debian-13.1";
        let completed = with_source(curl, "curl", Some("8.14.1-2")).expect("completed");
        assert_eq!(completed, format!("{curl}&upstream=curl%408.14.1-2"));
        let purl = Purl::parse(&completed).expect("purl");
        let key = purl.osv_ecosystem().expect("Debian");
        assert_eq!((key.source.as_deref(), key.source_version.as_deref()), (Some("curl"), Some("8.14.1-2")));
        let expected = Some("pkg:apk/alpine/a@1?upstream=b%402:1%2B1#x".to_owned());
        assert_eq!(with_source("pkg:apk/alpine/a@1#x", "b", Some("2:1+1")), expected);
        for (purl, source, version) in [
            (completed.as_str(), "other", None),
            ("pkg:npm/a@1", "b", None),
            ("pkg:deb/debian/curl@1", "curl", Some("1")),
            ("pkg:deb/debian/curl@1", "curl", None),
            ("pkg:deb/debian/curl@1", "", Some("1")),
            ("pkg:deb", "curl", Some("1")),
            ("curl", "curl", None),
        ] {
            assert_eq!(with_source(purl, source, version), None, "{purl}");
        }
    }

    #[test]
    fn qualifiers_follow() {
        let purl = build("deb", "debian", "libssl3", Some("3.0.11-1"));
        let qualifiers = [("arch", "amd64"), ("distro", ""), ("upstream", "openssl@3.0.11-1")];
        assert_eq!(
            qualify(purl, &qualifiers),
            "pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&upstream=openssl%403.0.11-1"
        );
        assert_eq!(qualify("pkg:rpm/a".to_owned(), &[]), "pkg:rpm/a");
    }

    #[test]
    fn parts_are_encoded() {
        assert_eq!(build("npm", "@angular", "core", Some("1.0.0")), "pkg:npm/%40angular/core@1.0.0");
        assert_eq!(build("cargo", "", "libc", Some("1.0.0+build")), "pkg:cargo/libc@1.0.0%2Bbuild");
        assert_eq!(build("pypi", "", "a", None), "pkg:pypi/a");
        assert_eq!(build("pypi", "", "診", Some("")), "pkg:pypi/%E8%A8%BA");
        assert_eq!(npm("@a/b", Some("1")), "pkg:npm/%40a/b@1");
        assert_eq!(pypi("Zope._Interface", Some("1")), "pkg:pypi/zope-interface@1");
        assert_eq!(path("golang", "a.jp/b c/v2", Some("v2.0.0")), "pkg:golang/a.jp/b%20c/v2@v2.0.0");
        assert_eq!(path("golang", "stdlib", None), "pkg:golang/stdlib");
        assert_eq!(path("golang", "/a", None), "pkg:golang/a");
    }
}
