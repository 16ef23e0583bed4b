//! Where the publisher of an identifier shows it. Only addresses that follow from the identifier by the publisher's own
//! rule; whoever has none gets none.

use std::borrow::Cow;

/// A page about an identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// Who publishes it.
    pub publisher: &'static str,
    /// Its address.
    pub url: String,
}

/// The page about an identifier, if its publisher's addresses are made of identifiers.
pub(crate) fn page_of(id: &str) -> Option<Page> {
    // What is no plain identifier would make an address that means something else.
    if id.is_empty()
        || id.len() > 100
        || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
    {
        return None;
    }
    let page = |publisher, url| Some(Page { publisher, url });
    match id.split('-').next()? {
        "CVE" => page("CVE Program", format!("https://www.cve.org/CVERecord?id={id}")),
        "GHSA" => page("GitHub", format!("https://github.com/advisories/{id}")),
        "RUSTSEC" => page("RustSec", format!("https://rustsec.org/advisories/{id}.html")),
        "GO" => page("Go", format!("https://pkg.go.dev/vuln/{id}")),
        "PYSEC" | "OSV" | "MAL" => page("OSV", format!("https://osv.dev/vulnerability/{id}")),
        "JVNDB" => {
            let year = id.split('-').nth(1)?;
            page("JVN iPedia", format!("https://jvndb.jvn.jp/ja/contents/{year}/{id}.html"))
        }
        "ICSA" => {
            page("CISA", format!("https://www.cisa.gov/news-events/ics-advisories/{}", id.to_lowercase()))
        }
        "ICSMA" => page(
            "CISA",
            format!("https://www.cisa.gov/news-events/ics-medical-advisories/{}", id.to_lowercase()),
        ),
        "FG" if id.starts_with("FG-IR-") => {
            page("Fortinet", format!("https://www.fortiguard.com/psirt/{id}"))
        }
        _ => None,
    }
}

/// A path as a reference that RFC 3986 allows: percent-encoded, absolute ones as `file:` addresses.
pub(crate) fn reference_to(path: &str) -> Cow<'_, str> {
    let path: Cow<'_, str> =
        if path.contains('\\') { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) };
    let drive = matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    let prefix = match path.as_bytes() {
        _ if drive => "file:///",
        [b'/', b'/', ..] => "file:",
        [b'/', ..] => "file://",
        // A colon in the first part would be read as the end of a scheme.
        _ if path.split('/').next().is_some_and(|first| first.contains(':')) => "./",
        _ => "",
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte);
    if prefix.is_empty() && path.bytes().all(plain) {
        return path;
    }
    let mut reference = prefix.to_owned();
    for byte in path.bytes() {
        if plain(byte) {
            reference.push(char::from(byte));
        } else {
            reference.push_str(&format!("%{byte:02X}"));
        }
    }
    Cow::Owned(reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_follow_from_identifiers_or_there_are_none() {
        for (id, url) in [
            ("CVE-2024-21762", "https://www.cve.org/CVERecord?id=CVE-2024-21762"),
            ("JVNDB-2021-005429", "https://jvndb.jvn.jp/ja/contents/2021/JVNDB-2021-005429.html"),
            ("ICSMA-20-254-01", "https://www.cisa.gov/news-events/ics-medical-advisories/icsma-20-254-01"),
            ("FG-IR-18-384", "https://www.fortiguard.com/psirt/FG-IR-18-384"),
        ] {
            assert_eq!(page_of(id).unwrap().url, url);
        }
        for id in ["", "end-of-support:SV-020", "CVE-2024-1\"><script>", "CVE-2024-1 2", "院内-1", "JVNDB"]
        {
            assert_eq!(page_of(id), None, "{id}");
        }
    }

    #[test]
    fn paths_become_references() {
        for (path, reference) in [
            ("hospital/devices.csv", "hospital/devices.csv"),
            ("hospital/機器 一覧.csv", "hospital/%E6%A9%9F%E5%99%A8%20%E4%B8%80%E8%A6%A7.csv"),
            ("/srv/sbom#1.json", "file:///srv/sbom%231.json"),
            ("C:\\SBOM\\a b.json", "file:///C:/SBOM/a%20b.json"),
            ("\\\\server\\share\\a.json", "file://server/share/a.json"),
            ("a:b.json", "./a:b.json"),
            ("100%.json", "100%25.json"),
            ("", ""),
        ] {
            assert_eq!(reference_to(path), reference, "{path}");
        }
    }
}
