//! What becomes of a source of each kind, and what its files are called.

use shindan_domain::collect::SourceKind;

/// What becomes of what a source sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Its items are notices that a person judges.
    News,
    /// It goes into the knowledge base.
    Knowledge,
}

/// What becomes of a source of this kind; `None`: it is not fetched, a person brings what it says.
pub(super) fn used(kind: SourceKind) -> Option<Use> {
    match kind {
        SourceKind::JvnRss
        | SourceKind::JpcertRss
        | SourceKind::IpaRss
        | SourceKind::NcoRss
        | SourceKind::Feed
        | SourceKind::MyjvnOka => Some(Use::News),
        SourceKind::JvndbFeeds
        | SourceKind::Kev
        | SourceKind::Epss
        | SourceKind::Osv
        | SourceKind::Nvd
        | SourceKind::Csaf
        | SourceKind::MyjvnHnd
        | SourceKind::CveList
        | SourceKind::Endoflife => Some(Use::Knowledge),
        SourceKind::Mail | SourceKind::Hand => None,
    }
}

/// The last part of an address or path, as a name that every file system takes.
pub(super) fn name_of(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let name: String =
        last.chars().map(|letter| if plain(letter) { letter } else { '_' }).take(100).collect();
    match name.trim_matches('.') {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_stay_in_their_folder() {
        for (url, name) in [
            ("https://a.example/rss/jpcert.rdf", "jpcert.rdf"),
            ("https://a.example/x/..%2f..", "_2f"),
            ("https://a.example/", "file"),
            ("https://a.example/a?b=/../c", "a"),
            ("..\\..\\x", "x"),
        ] {
            let found = name_of(url);
            assert!(!found.contains(['/', '\\']) && !found.starts_with('.'), "{found}");
            if url != "https://a.example/x/..%2f.." {
                assert_eq!(found, name, "{url}");
            }
        }
    }
}
