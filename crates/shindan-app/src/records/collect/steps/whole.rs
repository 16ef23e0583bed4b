//! Sources whose files hold everything each time: lists of news, catalogues, and lists of digests that name the files.

use shindan_domain::collect::{SourceDraft, SourceKind};
use shindan_domain::diagnostic::Diagnostic;
use shindan_formats::collect::{checksums, eol_list};
use shindan_formats::limits::Limits;

use super::super::plan::{self, Use, name_of};
use super::{Rest, Role, Step, Steps, Unseen, Wanted, unread};

/// Everything of endoflife.date in one answer, below the address of its API.
const EVERYTHING: &str = "/v1/products/full";

/// See the module.
pub(super) struct Whole {
    kind: SourceKind,
    first: Vec<Wanted>,
}

impl Whole {
    pub(super) fn new(draft: &SourceDraft) -> Whole {
        Whole { kind: draft.kind, first: first(draft) }
    }
}

impl Steps for Whole {
    fn first(&mut self) -> Vec<Wanted> {
        std::mem::take(&mut self.first)
    }

    fn came(&mut self, wanted: &Wanted, bytes: &[u8]) -> Result<Step, Unseen> {
        let next = match (self.kind, wanted.role) {
            (SourceKind::Endoflife, Role::List) => products(wanted, bytes),
            (_, Role::List) => listed(wanted, bytes),
            // The answer says how many products there are: it is whole, or refused.
            (SourceKind::Endoflife, _) if wanted.url.ends_with(EVERYTHING) => {
                eol_list::read(bytes, &wanted.url, &Limits::DEFAULT).map(|_| Vec::new())
            }
            _ => Ok(Vec::new()),
        };
        next.map(Step::then).map_err(|problem| unread(&problem, &wanted.url))
    }

    fn end(&mut self) -> Result<Rest, Unseen> {
        Ok(Rest::default())
    }
}

/// The files that are fetched first.
fn first(draft: &SourceDraft) -> Vec<Wanted> {
    let wanted = |(number, address): (usize, &String)| {
        let folder = address.trim_end_matches('/');
        let url = match draft.kind {
            SourceKind::Osv => format!("{folder}/all.zip"),
            SourceKind::Endoflife if !address.ends_with(".json") => format!("{folder}{EVERYTHING}"),
            _ => address.clone(),
        };
        let role = match (draft.kind, plan::used(draft.kind)) {
            (SourceKind::JvndbFeeds, _) => Role::List,
            (SourceKind::Endoflife, _) if address.ends_with(".json") => Role::List,
            (_, Some(Use::News)) => Role::News,
            _ => Role::Knowledge,
        };
        // The number keeps files of equal names apart and orders them.
        let file = format!("{number:02}-{}", name_of(&url));
        Wanted { url, file, sha256: None, role }
    };
    draft.addresses.iter().enumerate().map(wanted).collect()
}

/// The products that the older API of endoflife.date lists (`/api/all.json`): a file each, beside the list. The name of the file
/// tells which product it is about.
fn products(list: &Wanted, bytes: &[u8]) -> Result<Vec<Wanted>, Diagnostic> {
    let names = eol_list::read(bytes, &list.url, &Limits::DEFAULT)?;
    let folder = list.url.rsplit_once('/').map_or("", |(folder, _)| folder);
    let wanted = |name: String| {
        let url = format!("{folder}/{name}.json");
        Wanted { url, file: format!("{name}.json"), sha256: None, role: Role::Knowledge }
    };
    Ok(names.into_iter().map(wanted).collect())
}

/// The files that a list of digests names: beside the list, each once.
fn listed(list: &Wanted, bytes: &[u8]) -> Result<Vec<Wanted>, Diagnostic> {
    let read = checksums::read(bytes, &list.url, &Limits::DEFAULT)?;
    let folder = list.url.rsplit_once('/').map_or("", |(folder, _)| folder);
    let wanted = |(name, listed): (&String, &checksums::Listed)| Wanted {
        url: listed.url.clone().unwrap_or_else(|| format!("{folder}/{}", name_of(name))),
        file: name_of(name),
        sha256: Some(listed.sha256.clone()),
        role: Role::Knowledge,
    };
    Ok(read.files.iter().map(wanted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_digests_names_files_beside_it() {
        let list = Wanted {
            url: "https://a.example/feed/checksum.txt".to_owned(),
            file: "00-checksum.txt".to_owned(),
            sha256: None,
            role: Role::List,
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
