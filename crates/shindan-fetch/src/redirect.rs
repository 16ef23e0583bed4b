//! Where a redirect leads (RFC 3986, 5.2).

use ureq::http::Uri;

/// The address that `location` means, seen from `base`; not yet one that may be asked.
pub(crate) fn resolve(base: &Uri, location: &str) -> Option<String> {
    let location = location.trim().split('#').next().unwrap_or_default();
    let (scheme, authority) = (base.scheme_str()?, base.authority()?);
    if has_scheme(location) {
        return Some(location.to_owned());
    }
    if location.starts_with("//") {
        return Some(format!("{scheme}:{location}"));
    }
    let (path, query) =
        location.split_once('?').map_or((location, None), |(path, query)| (path, Some(query)));
    let path = if path.is_empty() {
        base.path().to_owned()
    } else if path.starts_with('/') {
        without_dots(path)
    } else {
        let folder = base.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        without_dots(&format!("{folder}/{path}"))
    };
    let query = match (location.is_empty(), query) {
        (true, _) => base.query(),
        (false, query) => query,
    };
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{scheme}://{authority}{path}{query}"))
}

/// A scheme ends with the first colon, and no slash, question mark or hash stands before it.
fn has_scheme(location: &str) -> bool {
    location.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for segment in &segments {
        match *segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            other => kept.push(other),
        }
    }
    let folder = segments.last().is_some_and(|last| matches!(*last, "." | ".."));
    let slash = if folder && !kept.is_empty() { "/" } else { "" };
    format!("/{}{slash}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_resolved_as_the_standard_says() {
        let base: Uri = "https://h:8/a/b/c?d=e".parse().unwrap();
        for (location, meant) in [
            ("https://other/x", "https://other/x"),
            ("ftp:x", "ftp:x"),
            ("//other/x", "https://other/x"),
            ("/x?y", "https://h:8/x?y"),
            ("x", "https://h:8/a/b/x"),
            ("./x", "https://h:8/a/b/x"),
            ("../x#f", "https://h:8/a/x"),
            ("../../../../x", "https://h:8/x"),
            ("..", "https://h:8/a/"),
            ("../..", "https://h:8/"),
            ("?y", "https://h:8/a/b/c?y"),
            ("", "https://h:8/a/b/c?d=e"),
            ("x:y/z", "x:y/z"),
            ("x/y:z", "https://h:8/a/b/x/y:z"),
        ] {
            assert_eq!(resolve(&base, location).as_deref(), Some(meant), "{location}");
        }
        let bare: Uri = "https://h".parse().unwrap();
        assert_eq!(resolve(&bare, "x").as_deref(), Some("https://h/x"));
    }
}
