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
    place.url = Some(url.to_owned());
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

/// A file of a source tree: `/` between folders, without `file://`, `./` and the letter of a drive's root left as it is.
pub(super) fn file(text: &str) -> Option<String> {
    let text = text.trim().replace('\\', "/");
    let text = text.strip_prefix("file://").unwrap_or(&text);
    let mut text = text;
    while let Some(rest) = text.strip_prefix("./") {
        text = rest;
    }
    (!text.is_empty()).then(|| text.to_owned())
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
        assert_eq!(file("  "), None);
    }
}
