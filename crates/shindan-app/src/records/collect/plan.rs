//! Which files are fetched from a source of each kind.

use shindan_domain::collect::{SourceDraft, SourceKind};
use shindan_domain::diagnostic::Diagnostic;
use shindan_formats::collect::checksums;
use shindan_formats::limits::Limits;

/// What becomes of what a source sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Its items are notices that a person judges.
    News,
    /// It goes into the knowledge base.
    Knowledge,
}

/// What becomes of a source of this kind; `None`: this program does not fetch it yet.
pub(super) fn used(kind: SourceKind) -> Option<Use> {
    match kind {
        SourceKind::JvnRss
        | SourceKind::JpcertRss
        | SourceKind::IpaRss
        | SourceKind::NcoRss
        | SourceKind::Feed => Some(Use::News),
        SourceKind::JvndbFeeds | SourceKind::Kev | SourceKind::Epss | SourceKind::Osv => Some(Use::Knowledge),
        SourceKind::MyjvnHnd
        | SourceKind::MyjvnOka
        | SourceKind::CveList
        | SourceKind::Nvd
        | SourceKind::Csaf
        | SourceKind::Endoflife
        | SourceKind::Mail
        | SourceKind::Hand => None,
    }
}

/// A file that is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// From where.
    pub url: String,
    /// Under which name it is kept.
    pub file: String,
    /// The digest that the source publishes for it, 64 digits in lower case.
    pub sha256: Option<String>,
    /// It lists the files that are fetched next, and is none of them.
    pub is_list: bool,
}

/// The files that are fetched first.
pub(super) fn first(draft: &SourceDraft) -> Vec<Wanted> {
    let wanted = |(number, address): (usize, &String)| {
        let url = match draft.kind {
            SourceKind::Osv => format!("{}/all.zip", address.trim_end_matches('/')),
            _ => address.clone(),
        };
        // The number keeps files of equal names apart and orders them.
        let file = format!("{number:02}-{}", name_of(&url));
        Wanted { url, file, sha256: None, is_list: draft.kind == SourceKind::JvndbFeeds }
    };
    draft.addresses.iter().enumerate().map(wanted).collect()
}

/// The files that a list of digests names: beside the list, each once.
///
/// # Errors
/// What is wrong with the list.
pub(super) fn listed(list: &Wanted, bytes: &[u8]) -> Result<Vec<Wanted>, Diagnostic> {
    let read = checksums::read(bytes, &list.url, &Limits::DEFAULT)?;
    let folder = list.url.rsplit_once('/').map_or("", |(folder, _)| folder);
    let wanted = |(name, listed): (&String, &checksums::Listed)| Wanted {
        url: listed.url.clone().unwrap_or_else(|| format!("{folder}/{}", name_of(name))),
        file: name_of(name),
        sha256: Some(listed.sha256.clone()),
        is_list: false,
    };
    Ok(read.files.iter().map(wanted).collect())
}

/// The last part of an address or path, as a name that every file system takes.
fn name_of(url: &str) -> String {
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

    #[test]
    fn a_list_of_digests_names_files_beside_it() {
        let list = Wanted {
            url: "https://a.example/feed/checksum.txt".to_owned(),
            file: "00-checksum.txt".to_owned(),
            sha256: None,
            is_list: true,
        };
        let digest = "a".repeat(64);
        let wanted = listed(&list, format!("{digest}  ../../jvndb_2024.rdf\n").as_bytes());
        match wanted {
            Ok(wanted) => {
                let all: Vec<(&str, &str)> =
                    wanted.iter().map(|one| (one.url.as_str(), one.file.as_str())).collect();
                assert_eq!(all, [("https://a.example/feed/jvndb_2024.rdf", "jvndb_2024.rdf")]);
                assert_eq!(wanted.first().and_then(|one| one.sha256.clone()), Some(digest));
            }
            // A list that names a path outside may be refused as well; it must not lead out.
            Err(problem) => assert!(!problem.place.path.is_empty()),
        }
    }
}
