//! What differs between two lists of components: two versions of the SBOM of a system, the list of last month and that of today.
//!
//! A component is the same in both if its purl is (without version and qualifiers); without a purl, if its name is. A name that
//! occurs with several versions is compared with all of them, so that an order in the file never shows as a change.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::Component;

/// A component of either list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentChange {
    /// Its name, as the newer list writes it.
    pub name: String,
    /// Its versions in the older list; none if it was not there. A component without a version has an empty one.
    pub before: BTreeSet<String>,
    /// Its versions in the newer list; none if it is no longer there.
    pub after: BTreeSet<String>,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InventoryDifference {
    /// In the newer list only.
    pub added: Vec<ComponentChange>,
    /// In both, with other versions.
    pub changed: Vec<ComponentChange>,
    /// In the older list only.
    pub removed: Vec<ComponentChange>,
    /// How many are the same in both.
    pub unchanged: usize,
}

impl InventoryDifference {
    /// Compares two lists.
    pub fn between(before: &[Component], after: &[Component]) -> InventoryDifference {
        let mut all: BTreeMap<String, ComponentChange> = BTreeMap::new();
        for (components, newer) in [(before, false), (after, true)] {
            for component in components {
                let entry = all.entry(identity(component)).or_insert_with(|| ComponentChange {
                    name: component.name.clone(),
                    before: BTreeSet::new(),
                    after: BTreeSet::new(),
                });
                let version = component.version.clone().unwrap_or_default();
                if newer {
                    entry.name.clone_from(&component.name);
                    entry.after.insert(version);
                } else {
                    entry.before.insert(version);
                }
            }
        }
        let mut difference = InventoryDifference::default();
        for change in all.into_values() {
            match (change.before.is_empty(), change.after.is_empty()) {
                (true, _) => difference.added.push(change),
                (_, true) => difference.removed.push(change),
                _ if change.before != change.after => difference.changed.push(change),
                _ => difference.unchanged += 1,
            }
        }
        difference
    }

    /// True if nothing differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// By what a component is known in both lists.
fn identity(component: &Component) -> String {
    match &component.purl {
        Some(purl) => {
            let plain = purl.split(['?', '#']).next().unwrap_or(purl);
            // The last `@` begins the version; that of an npm scope stands before a `/`.
            let plain = match plain.rsplit_once('@') {
                Some((name, version)) if !version.contains('/') => name,
                _ => plain,
            };
            format!("purl {plain}")
        }
        None => format!("name {}", component.name.trim().to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(name: &str, version: &str, purl: Option<&str>) -> Component {
        Component {
            name: name.to_owned(),
            version: (!version.is_empty()).then(|| version.to_owned()),
            purl: purl.map(str::to_owned),
            ..Component::default()
        }
    }

    #[test]
    fn what_came_went_and_changed() {
        let before = [
            component(
                "log4j-core",
                "2.14.1",
                Some("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar"),
            ),
            component("@types/node", "18.0.0", Some("pkg:npm/@types/node@18.0.0")),
            component("left-pad", "1.3.0", Some("pkg:npm/left-pad@1.3.0")),
            component("same", "1", None),
        ];
        let after = [
            component("Same", "1", None),
            component("log4j-core", "2.17.1", Some("pkg:maven/org.apache.logging.log4j/log4j-core@2.17.1")),
            component("@types/node", "18.0.0", Some("pkg:npm/@types/node@18.0.0")),
            component("新しい部品", "", None),
        ];
        let difference = InventoryDifference::between(&before, &after);
        let names = |list: &[ComponentChange]| list.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&difference.added), ["新しい部品"]);
        assert_eq!(names(&difference.removed), ["left-pad"]);
        assert_eq!(names(&difference.changed), ["log4j-core"]);
        assert_eq!(difference.changed[0].before, BTreeSet::from(["2.14.1".to_owned()]));
        assert_eq!(difference.changed[0].after, BTreeSet::from(["2.17.1".to_owned()]));
        assert_eq!(difference.unchanged, 2);
        assert!(!difference.is_empty());
    }

    #[test]
    fn order_and_repetition_are_no_difference() {
        let one = [component("a", "1", None), component("a", "2", None), component("a", "1", None)];
        let other = [component("a", "2", None), component("a", "1", None)];
        let difference = InventoryDifference::between(&one, &other);
        assert!(difference.is_empty());
        assert_eq!(difference.unchanged, 1);
        assert_eq!(InventoryDifference::between(&[], &[]), InventoryDifference::default());
    }
}
