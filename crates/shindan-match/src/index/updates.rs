//! Updates and which of them replace which.
//!
//! ```text
//! record: name | numbers of the updates that it replaces directly | builds of Windows that it brings
//! ```
//!
//! What an update replaces indirectly is followed at query time, each update once ([`brought_by`]): a chain of *n*
//! updates takes *n* steps for a machine, but its closure would take *n²* in the index, and chains come from foreign
//! files.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;
use shindan_domain::advisory::Advisory;

use shindan_domain::windows;

use super::layout::{Encode, FileWriter, IndexError, SectionId, push_record};
use super::prints::{Prints, of_texts};
use super::read::Index;
use super::{numbers, table};
use crate::keys;

/// The updates that advisories name.
#[derive(Debug, Default)]
pub(super) struct Updates {
    numbers: FxHashMap<String, u32>,
    /// By number.
    list: Vec<Update>,
}

#[derive(Debug, Default)]
struct Update {
    name: String,
    /// Numbers of those that it replaces.
    replaced: Vec<u32>,
    builds: Vec<String>,
}

/// Since Windows 10 updates are cumulative: a build contains whatever lower builds of its line contain. Before, updates
/// for security alone raised the build as well.
const CUMULATIVE: &str = "10.0.";

impl Updates {
    /// Gathers them. What an advisory that was taken back says of replacements does not count.
    pub fn of(advisories: &[Advisory]) -> Self {
        let mut updates = Updates::default();
        for advisory in advisories {
            for name in advisory.affected.iter().flat_map(|affected| &affected.updates) {
                updates.add(name);
            }
            if advisory.withdrawn.is_some() {
                continue;
            }
            for affected in &advisory.affected {
                // Of several updates it would not show which one brings the build.
                if let [update] = &affected.updates[..] {
                    updates.add_builds(update, &affected.fixed_versions);
                }
            }
            for pair in &advisory.supersedes {
                let (newer, older) = (updates.add(&pair.newer), updates.add(&pair.older));
                if let Some(update) = updates.list.get_mut(newer as usize) {
                    update.replaced.push(older);
                }
            }
        }
        for update in &mut updates.list {
            update.replaced.sort_unstable();
            update.replaced.dedup();
            update.builds.sort_unstable();
            update.builds.dedup();
        }
        updates
    }

    fn add_builds(&mut self, name: &str, versions: &[String]) {
        let number = self.add(name);
        let builds = versions.iter().filter(|v| v.starts_with(CUMULATIVE) && windows::revision_known(v));
        if let Some(update) = self.list.get_mut(number as usize) {
            update.builds.extend(builds.cloned());
        }
    }

    fn add(&mut self, name: &str) -> u32 {
        let name = keys::update(name);
        if let Some(&known) = self.numbers.get(&name) {
            return known;
        }
        let number = self.list.len() as u32;
        self.list.push(Update { name: name.clone(), ..Update::default() });
        self.numbers.insert(name, number);
        number
    }

    /// The number of an update.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.numbers.get(&keys::update(name)).copied()
    }

    /// Writes the sections.
    pub fn write(&self, prints: &mut Prints, file: &mut FileWriter) {
        let (mut records, mut offsets, mut slots) = (Vec::new(), Vec::new(), Vec::new());
        let mut body = Vec::new();
        for (number, Update { name, replaced, builds }) in self.list.iter().enumerate() {
            body.clear();
            body.put_text(name);
            body.put_number(replaced.len() as u64);
            for &older in replaced {
                body.put_number(u64::from(older));
            }
            body.put_number(builds.len() as u64);
            for build in builds {
                body.put_text(build);
            }
            offsets.push(push_record(&mut records, &body));
            slots.push((table::hash(name.as_bytes()), number as u64));
            let older = replaced.iter().filter_map(|&older| self.list.get(older as usize));
            keys::replaced_by(name, &mut body);
            let texts = older.map(|update| update.name.as_str()).chain(builds.iter().map(String::as_str));
            let mut print = of_texts(texts);
            // That there is one is news, too.
            print.add(of_texts([name.as_str()]));
            prints.add(&body, print);
        }
        file.add(SectionId::UpdateNames, false, table::write(&slots));
        file.add(SectionId::UpdateOffsets, false, numbers::write(&offsets));
        file.add(SectionId::Updates, false, records);
    }
}

/// Everything that these installed updates contain: number of the contained update → index of the installed one that
/// brought it. Circles are walked once. Names that no advisory mentions contain nothing that is asked about.
///
/// # Errors
/// [`IndexError::Damaged`]
pub fn brought_by(index: &Index<'_>, installed: &[String]) -> Result<FxHashMap<u32, u32>, IndexError> {
    let mut brought = FxHashMap::default();
    let mut open = Vec::new();
    // What is installed itself is its own witness, also where another one replaces it.
    for (at, name) in installed.iter().enumerate() {
        if let Some(number) = index.update_number(name)?
            && brought.insert(number, at as u32).is_none()
        {
            open.push((number, at as u32));
        }
    }
    while let Some((number, by)) = open.pop() {
        for older in index.update(number)?.replaced {
            if let Entry::Vacant(vacant) = brought.entry(older) {
                vacant.insert(by);
                open.push((older, by));
            }
        }
    }
    Ok(brought)
}

/// The builds that these updates bring, by which a system that has them is at least of the highest.
///
/// # Errors
/// [`IndexError::Damaged`]
pub fn builds<'a>(index: &Index<'a>, brought: &FxHashMap<u32, u32>) -> Result<Vec<&'a str>, IndexError> {
    let mut builds = Vec::new();
    for number in brought.keys() {
        builds.extend(index.update(*number)?.builds);
    }
    Ok(builds)
}

#[cfg(test)]
mod tests {
    use shindan_domain::advisory::{AdvisoryFormat, Supersedence};

    use super::*;
    use crate::index::build::{Knowledge, build};

    fn contained(pairs: &[(&str, &str)], installed: &[&str]) -> Vec<String> {
        let mut advisory = Advisory::new("A", "test", AdvisoryFormat::Cvrf);
        advisory.supersedes = pairs
            .iter()
            .map(|(newer, older)| Supersedence { newer: (*newer).to_owned(), older: (*older).to_owned() })
            .collect();
        let (bytes, _) = build(&Knowledge { advisories: vec![advisory], ..Knowledge::default() }).unwrap();
        let index = Index::open(&bytes).unwrap();
        let installed: Vec<String> = installed.iter().map(|name| (*name).to_owned()).collect();
        let brought = brought_by(&index, &installed).unwrap();
        let mut names: Vec<String> =
            brought.keys().map(|number| index.update(*number).unwrap().name.to_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn replacements_are_followed_and_only_downwards() {
        let chain = [("KB3", "KB2"), ("KB2", "KB1"), ("KB9", "KB8")];
        assert_eq!(contained(&chain, &["kb3"]), ["KB1", "KB2", "KB3"]);
        assert_eq!(contained(&chain, &["2", " KB8 "]), ["KB1", "KB2", "KB8"]);
        assert_eq!(contained(&chain, &["KB7"]), [""; 0]);
    }

    #[test]
    fn circles_and_long_chains_end() {
        assert_eq!(contained(&[("A", "B"), ("B", "C"), ("C", "A")], &["B"]), ["A", "B", "C"]);
        assert_eq!(contained(&[("A", "A")], &["A"]), ["A"]);
        let names: Vec<String> = (0..50_000).map(|n| format!("KB{n}")).collect();
        let pairs: Vec<(&str, &str)> = names.windows(2).map(|w| (w[0].as_str(), w[1].as_str())).collect();
        assert_eq!(contained(&pairs, &["KB0"]).len(), 50_000);
    }
}
