//! Places as tools write them, brought into one form.

use shindan_domain::assessment::ScanPlace;

/// A place on the web from an address such as `https://test.example/login?next=/`. A text without a scheme is taken as a path if it
/// begins with `/`, else as a host with an optional port and path.
pub(super) fn web(url: &str) -> ScanPlace {
    let url = url.trim();
    let mut place = ScanPlace::default();
    if url.is_empty() {
        return place;
    }
    place.url = Some(super::secrets::removed(url));
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
        None => (None, url),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let (host, port) = host_and_port(authority);
    place.host = host;
    place.port = port.or(match scheme.as_deref() {
        Some("https" | "wss") => Some(443),
        Some("http" | "ws") => Some(80),
        _ => None,
    });
    let path = tail.split(['?', '#']).next().unwrap_or_default();
    place.path = Some(if path.is_empty() { "/".to_owned() } else { path.to_owned() });
    place
}

/// Host, in lower case, and port of `host`, `host:443`, `user@host`, `[::1]:443`, `::1`.
pub(super) fn host_and_port(authority: &str) -> (Option<String>, Option<u16>) {
    let authority = authority.rsplit('@').next().unwrap_or(authority).trim();
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (host, after) = rest.split_once(']').unwrap_or((rest, ""));
        (host, after.strip_prefix(':'))
    } else if authority.matches(':').count() > 1 {
        (authority, None)
    } else {
        match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        }
    };
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    ((!host.is_empty()).then_some(host), port.and_then(|port| port.parse().ok()))
}

/// A file of a source tree: `/` between folders, without `file://` and `./`. The letter of a drive is left as it is, and stands without
/// the `/` that addresses have in front of it: `file:///C:/a.c` is `C:/a.c`.
pub(super) fn file(text: &str) -> Option<String> {
    let text = text.trim().replace('\\', "/");
    let text = text.strip_prefix("file://").unwrap_or(&text);
    let mut text = match text.strip_prefix('/') {
        Some(rest) if has_drive(rest) => rest,
        _ => text,
    };
    while let Some(rest) = text.strip_prefix("./") {
        text = rest;
    }
    (!text.is_empty()).then(|| text.to_owned())
}

/// `C:/…`
fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}

/// Name, with its group, and version of a package URL.
pub(super) fn of_purl(purl: &str) -> Option<(String, Option<String>)> {
    let rest = purl.strip_prefix("pkg:")?.split(['?', '#']).next()?;
    let (_, path) = rest.split_once('/')?;
    // A version may hold no "/", and names of npm's scopes begin with an "@" that may be written as such.
    let at = path.rfind('@').filter(|at| *at > 0 && !path.get(*at..).unwrap_or_default().contains('/'));
    let (name, version) = match at {
        Some(at) => (path.get(..at)?, path.get(at + 1..).map(str::to_owned)),
        None => (path, None),
    };
    Some((name.replace("%40", "@"), version))
}

/// The names of a query or form, without its values, which may be passwords: `user&password` of `user=a&password=b`.
pub(super) fn parameter_names(text: &str) -> Option<String> {
    let names = text.trim().split('&').map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name));
    let names = names.collect::<Vec<_>>().join("&");
    (!names.is_empty()).then_some(names)
}

/// A file in which a component was found, up to the folder or name that holds its version: `/lib/redis-4.0.2.dist-info/METADATA`
/// is `/lib`. The place of a component is a part of its identity, and its version is not.
pub(super) fn without_version(path: &str, version: &str) -> String {
    let holds = |part: &&str| version.len() >= 3 && part.contains(version);
    match path.split('/').position(|part| holds(&part)) {
        Some(number) => path.split('/').take(number).collect::<Vec<_>>().join("/"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_a_query_are_no_part_of_the_path() {
        let place = web("https://Test.Example:8443/login?user=a&next=/#top");
        assert_eq!(place.host.as_deref(), Some("test.example"));
        assert_eq!((place.port, place.path.as_deref()), (Some(8443), Some("/login")));
        assert_eq!(web("http://a/").port, Some(80));
        assert_eq!(web("/admin").path.as_deref(), Some("/admin"));
        assert_eq!(web("/admin").host, None);
        assert_eq!(web("https://a?x=1").path.as_deref(), Some("/"));
        assert_eq!(web("").path, None);
    }

    #[test]
    fn addresses_of_both_families_have_their_ports() {
        assert_eq!(host_and_port("[2001:db8::1]:443"), (Some("2001:db8::1".into()), Some(443)));
        assert_eq!(host_and_port("2001:db8::1"), (Some("2001:db8::1".into()), None));
        assert_eq!(host_and_port("user:word@host:80"), (Some("host".into()), Some(80)));
        assert_eq!(host_and_port("host:99999"), (Some("host".into()), None));
        assert_eq!(host_and_port(""), (None, None));
    }

    #[test]
    fn files_have_one_form() {
        assert_eq!(file("./src\\a.py").as_deref(), Some("src/a.py"));
        assert_eq!(file("file:///srv/a.py").as_deref(), Some("/srv/a.py"));
        assert_eq!(file("C:\\src\\a.c").as_deref(), Some("C:/src/a.c"));
        assert_eq!(file("file:///C:/src/a.c").as_deref(), Some("C:/src/a.c"));
        assert_eq!(file("/c:").as_deref(), Some("/c:"));
        assert_eq!(file("  "), None);
    }

    #[test]
    fn the_values_of_a_form_are_no_part_of_its_names() {
        assert_eq!(parameter_names("user=a&password=b=c&x").as_deref(), Some("user&password&x"));
        assert_eq!(parameter_names("id").as_deref(), Some("id"));
        assert_eq!(parameter_names(" "), None);
    }

    #[test]
    fn places_of_components_hold_no_version() {
        assert_eq!(without_version("/lib/redis-4.0.2.dist-info/METADATA", "4.0.2"), "/lib");
        assert_eq!(without_version("/app/lib/log4j-2.14.1.jar", "2.14.1"), "/app/lib");
        assert_eq!(without_version("/var/lib/dpkg/status", "1.2"), "/var/lib/dpkg/status");
        assert_eq!(without_version("/lib/1/x", "1"), "/lib/1/x");
    }

    #[test]
    fn a_package_url_tells_name_and_version() {
        let purl = of_purl("pkg:maven/org.apache.logging.log4j/log4j-api@2.12.4?type=jar");
        assert_eq!(purl, Some(("org.apache.logging.log4j/log4j-api".into(), Some("2.12.4".into()))));
        assert_eq!(of_purl("pkg:npm/%40scope/a@1"), Some(("@scope/a".into(), Some("1".into()))));
        assert_eq!(of_purl("pkg:npm/@scope/a"), Some(("@scope/a".into(), None)));
        assert_eq!(of_purl("pkg:npm"), None);
    }
}
