//! Names of packages: OSV ecosystems, package URLs, package collections.

use shindan_domain::purl::Purl;
use shindan_domain::version::Scheme;

/// The package URL without version of a package of an OSV ecosystem, as far as it can be derived.
///
/// Source: purl specification, types; OSV schema, "Defined ecosystems".
pub(crate) fn derive_purl(ecosystem: &str, name: &str) -> Option<String> {
    let base = ecosystem.split(':').next().unwrap_or(ecosystem);
    let (kind, path) = match base {
        "crates.io" => ("cargo", encode(name)),
        "PyPI" => ("pypi", encode(&name.to_lowercase().replace('_', "-"))),
        "npm" => ("npm", segments(name)),
        "Go" => ("golang", segments(name)),
        "Maven" => ("maven", segments(&name.replacen(':', "/", 1))),
        "RubyGems" => ("gem", encode(name)),
        "Packagist" => ("composer", segments(&name.to_lowercase())),
        "NuGet" => ("nuget", encode(name)),
        "Pub" => ("pub", encode(&name.to_lowercase())),
        "CRAN" => ("cran", encode(name)),
        "Hackage" => ("hackage", encode(name)),
        "Hex" => ("hex", segments(&name.to_lowercase())),
        "Debian" => ("deb/debian", encode(name)),
        "Ubuntu" => ("deb/ubuntu", encode(name)),
        "Alpine" => ("apk/alpine", encode(name)),
        "Wolfi" => ("apk/wolfi", encode(name)),
        "Chainguard" => ("apk/chainguard", encode(name)),
        "Red Hat" => ("rpm/redhat", encode(name)),
        "Rocky Linux" => ("rpm/rocky", encode(name)),
        "AlmaLinux" => ("rpm/almalinux", encode(name)),
        _ => return None,
    };
    (!path.is_empty()).then(|| format!("pkg:{kind}/{path}"))
}

/// A package URL as given, with `@version` and everything behind it taken off.
pub(crate) fn without_version(purl: &str) -> String {
    let path_end = purl.find(['?', '#']).unwrap_or(purl.len());
    let path = purl.get(..path_end).unwrap_or(purl);
    // An unescaped `@` behind the last slash begins the version; scopes are written `%40scope`, some write `@scope`.
    match path.rfind('@') {
        Some(at) if at > path.rfind('/').unwrap_or(0) + 1 => path.get(..at).unwrap_or(path).to_owned(),
        _ => path.to_owned(),
    }
}

/// The ecosystem and name behind a package URL, as far as OSV has an ecosystem for its type.
pub(crate) fn from_purl(purl: &str) -> Option<(&'static str, String)> {
    let purl = Purl::parse(purl).ok()?;
    let key = purl.osv_ecosystem()?;
    // A distribution's package needs its release, which the key keeps apart.
    key.release.is_none().then(|| (key.ecosystem, key.name.into_owned()))
}

/// The OSV ecosystem of a package collection (CVE 5 `collectionURL`), recognised by a label of its host.
///
/// Whole host names are not compared: each collection has several and they change.
pub(crate) fn of_collection(url: &str) -> Option<&'static str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?']).next().unwrap_or(rest).to_ascii_lowercase();
    if host.starts_with("pkg.go.") {
        return Some("Go");
    }
    for label in host.split('.') {
        let ecosystem = match label {
            "crates" => "crates.io",
            "npmjs" | "npm" => "npm",
            "pypi" => "PyPI",
            "rubygems" => "RubyGems",
            "packagist" => "Packagist",
            "nuget" => "NuGet",
            "maven" | "maven2" | "mvnrepository" => "Maven",
            "hackage" => "Hackage",
            "hex" => "Hex",
            _ => continue,
        };
        return Some(ecosystem);
    }
    None
}

/// The scheme for a range that its source declares to be semantic versioning, inside an ecosystem.
pub(crate) fn scheme_of(ecosystem: &str, declared_semver: bool) -> Option<Scheme> {
    Scheme::of_ecosystem(ecosystem).or(declared_semver.then_some(Scheme::Semver))
}

fn segments(path: &str) -> String {
    path.split('/').map(encode).collect::<Vec<_>>().join("/")
}

/// Percent-encodes everything but what the purl specification leaves as it is.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b':') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purls_are_derived() {
        let check = |ecosystem, name, expected: &str| {
            assert_eq!(derive_purl(ecosystem, name).as_deref().unwrap_or("-"), expected);
        };
        check("crates.io", "tokio", "pkg:cargo/tokio");
        check("PyPI", "Flask_Cors", "pkg:pypi/flask-cors");
        check("npm", "@angular/core", "pkg:npm/%40angular/core");
        check(
            "Maven",
            "org.apache.logging.log4j:log4j-core",
            "pkg:maven/org.apache.logging.log4j/log4j-core",
        );
        check("Go", "github.com/a/b", "pkg:golang/github.com/a/b");
        check("Debian:12", "g++", "pkg:deb/debian/g%2B%2B");
        check("Nowhere", "a", "-");
    }

    #[test]
    fn purls_lose_their_version_only() {
        assert_eq!(without_version("pkg:npm/%40a/b@1.0?x=y"), "pkg:npm/%40a/b");
        assert_eq!(without_version("pkg:npm/@a/b"), "pkg:npm/@a/b");
        assert_eq!(without_version("pkg:cargo/a@1#b"), "pkg:cargo/a");
        assert_eq!(from_purl("pkg:npm/%40a/b@1.0"), Some(("npm", "@a/b".to_owned())));
        assert_eq!(from_purl("pkg:maven/g/a"), Some(("Maven", "g:a".to_owned())));
        assert_eq!(from_purl("pkg:generic/a"), None);
        assert_eq!(from_purl("npm/a"), None);
    }

    #[test]
    fn collections_are_known_by_a_label_of_their_host() {
        assert_eq!(of_collection("https://www.npmjs.example/package/a"), Some("npm"));
        assert_eq!(of_collection("https://repo.maven.example/maven2/"), Some("Maven"));
        assert_eq!(of_collection("https://pypi.example:443"), Some("PyPI"));
        assert_eq!(of_collection("https://crates.example/crates/a"), Some("crates.io"));
        assert_eq!(of_collection("https://wordpress.example/plugins/npm"), None);
        assert_eq!(of_collection(""), None);
    }
}
