//! A long JSON document, its lists read in parts beside each other. The answer is the one of reading it in one go; a
//! document in which anything is not JSON is read again in that way, which says what and where.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::de::{Deserialize, DeserializeSeed};
use serde_json::Deserializer;
use shindan_domain::inventory::InventoryKind;

use super::component::ComponentSeed;
use super::dependencies::OneDependency;
use super::document::Document;
use super::outline::{List, Part, Sizes, cut};
use super::{Dependency, NO_COMPONENT, State, Whole};
use crate::inventory::Beside;
use crate::inventory::collector::Collector;
use crate::inventory::lenient::Text;

/// What was read of the lists that were cut out.
#[derive(Default)]
pub(super) struct Lists<'p, 'de> {
    components: Option<Box<State<'p, 'de>>>,
    dependencies: Option<Box<State<'p, 'de>>>,
}

/// Parts that were read, as far as they follow each other, and those that wait for others in front of them.
#[derive(Default)]
struct Joined<'p, 'de> {
    lists: Lists<'p, 'de>,
    next: usize,
    waiting: BTreeMap<usize, (List, State<'p, 'de>)>,
}

impl<'p, 'de> Joined<'p, 'de> {
    fn add(&mut self, part: &Part<'de>, read: State<'p, 'de>) {
        self.waiting.insert(part.number, (part.list, read));
        while let Some((list, state)) = self.waiting.remove(&self.next) {
            self.next += 1;
            let known = match list {
                List::Components => &mut self.lists.components,
                List::Dependencies => &mut self.lists.dependencies,
            };
            match known {
                Some(before) => before.take(state),
                None => *known = Some(Box::new(state)),
            }
        }
    }
}

/// Reads the document; `None` if it has to be read in one go.
pub(super) fn read(text: &str, sizes: Sizes, path: &str, beside: &Beside<'_>) -> Option<Whole> {
    // The caller starts its threads with the first question: not for a document that is not cut at all.
    if text.len() < sizes.document {
        return None;
    }
    let joined = Mutex::new(Joined::default());
    // What is left once a part could not be read is not looked at: all of it is read again.
    let failed = AtomicBool::new(false);
    let (mut rest, mut parts) = (None, 0);
    beside(&mut |start| {
        rest = cut(text, sizes, &mut |part| {
            parts += 1;
            let (joined, failed) = (&joined, &failed);
            start(Box::new(move || {
                if failed.load(Ordering::Relaxed) {
                    return;
                }
                match read_part(&part, path) {
                    Some(read) => joined.lock().unwrap_or_else(PoisonError::into_inner).add(&part, read),
                    None => failed.store(true, Ordering::Relaxed),
                }
            }));
        });
    });
    let Joined { lists, next, .. } = joined.into_inner().unwrap_or_else(PoisonError::into_inner);
    if next != parts {
        return None;
    }
    let rest = rest?;
    let mut state = State { is_text: true, lists, ..State::new(Collector::new(path)) };
    let mut parser = Deserializer::from_str(&rest);
    Document(&mut state).deserialize(&mut parser).ok()?;
    parser.end().ok()?;
    Some(state.finish(InventoryKind::CyclonedxJson))
}

/// Of which version of the specification the rules are for the components, as the document's own reading says.
fn minor(version: Option<&str>, path: &str) -> Option<u32> {
    let mut state = State::new(Collector::new(path));
    if let Some(version) = version {
        let version = Text::deserialize(&mut Deserializer::from_str(version)).ok()?;
        let version = version.or_fraction().accept("", "", &mut state.found);
        state.specification(version);
    }
    Some(state.minor)
}

fn read_part<'p, 'de>(part: &Part<'de>, path: &'p str) -> Option<State<'p, 'de>> {
    let minor = minor(part.version, path)?;
    let mut state = State { is_text: true, minor, ..State::new(Collector::new(path)) };
    let stem = if part.list == List::Components { "/components/" } else { "" };
    state.pointer.push_str(stem);
    for (entry, number) in part.entries().zip(part.first..) {
        let mut parser = Deserializer::from_str(entry);
        match part.list {
            List::Components => {
                state.pointer.push_str(itoa::Buffer::new().format(number));
                ComponentSeed { state: &mut state, subject: false }.deserialize(&mut parser).ok()?;
                state.pointer.truncate(stem.len());
            }
            List::Dependencies => OneDependency(&mut state).deserialize(&mut parser).ok()?,
        }
        parser.end().ok()?;
    }
    state.components.shrink();
    Some(state)
}

impl<'p, 'de> State<'p, 'de> {
    /// The components that were cut out, where the document names them.
    pub(super) fn take_components(&mut self) {
        if let Some(read) = self.lists.components.take() {
            self.take(*read);
        }
    }

    /// The dependencies that were cut out, where the document names them.
    pub(super) fn take_dependencies(&mut self) {
        if let Some(read) = self.lists.dependencies.take() {
            self.take(*read);
        }
    }

    fn take(&mut self, part: State<'p, 'de>) {
        let base = u32::try_from(self.components.len()).unwrap_or(NO_COMPONENT);
        let moved = |owner: u32| if owner == NO_COMPONENT { owner } else { owner.saturating_add(base) };
        self.components.append(part.components);
        // They are sorted in the end: the many stay where they are.
        let mut references = part.references;
        for (_, _, owner) in references.iter_mut().filter(|_| base > 0) {
            *owner = moved(*owner);
        }
        if self.references.len() < references.len() {
            std::mem::swap(&mut self.references, &mut references);
        }
        self.references.append(&mut references);
        self.makers.extend(part.makers.into_iter().map(|(owner, maker)| (moved(owner), maker)));
        if self.dependencies.is_empty() {
            (self.targets, self.dependencies) = (part.targets, part.dependencies);
        } else {
            let base = self.targets.len();
            self.targets.extend(part.targets);
            let dependencies = part.dependencies.into_iter();
            self.dependencies.extend(dependencies.map(|it| Dependency { end: it.end + base, ..it }));
        }
        self.found.append(part.found);
    }
}

#[cfg(test)]
mod tests {
    use shindan_domain::diagnostic::{Code, Diagnostic};
    use shindan_domain::inventory::Inventory;

    use super::*;
    use crate::inventory::Make;
    use crate::limits::Limits;

    fn in_one_go(text: &str) -> Result<Inventory, Vec<Diagnostic>> {
        super::super::read(text, Collector::new("bom.json"), &Limits::DEFAULT, None)
    }

    /// The last part first, to prove that the order does not matter.
    fn backwards<'w>(make: &mut Make<'_, 'w>) {
        let mut made = Vec::new();
        make(&mut |work| made.push(work));
        made.into_iter().rev().for_each(|work| work());
    }

    fn in_parts(text: &str, part: usize) -> Option<Inventory> {
        let sizes = Sizes { document: 0, part };
        read(text, sizes, "bom.json", &backwards).map(|whole| whole.inventory)
    }

    /// True if the document could be read in parts.
    fn the_same(text: &str, part: usize) -> bool {
        let Some(parted) = in_parts(text, part) else { return false };
        let whole = in_one_go(text).expect("what can be read in parts can be read in one go");
        assert_eq!(format!("{parted:#?}"), format!("{whole:#?}"), "{text}");
        let components = |inventory: &Inventory| inventory.components.clone().into_vec();
        assert_eq!(components(&parted), components(&whole), "{text}");
        true
    }

    const SAMPLES: [&str; 7] = [
        include_str!("samples/bom.json"),
        include_str!("samples/circles.json"),
        include_str!("samples/vex.json"),
        include_str!("samples/identifiers.json"),
        include_str!("samples/names.json"),
        include_str!("samples/late-bom-format.json"),
        include_str!("samples/violations.json"),
    ];

    #[test]
    fn samples_are_read_as_in_one_go() {
        // Who reads files takes the mark at their beginning away.
        for text in SAMPLES.map(|text| text.trim_start_matches('\u{feff}')) {
            assert!([1, 100, 10_000].into_iter().all(|part| the_same(text, part)), "{text}");
        }
    }

    /// Whatever is done to a document: it is read in parts as in one go, or not in parts at all.
    #[test]
    fn damaged_samples_are_read_as_in_one_go_or_left_to_it() {
        let (mut read, mut left) = (0, 0);
        for text in SAMPLES.map(|text| text.trim_start_matches('\u{feff}')) {
            for (at, _) in text.char_indices().step_by(3) {
                let (before, after) = text.split_at(at);
                let without = after.get(1..).unwrap_or_default();
                let damaged = ["", ",", "]", "}", "{", "[", "\"", "0", "\\", "\u{c}"];
                for one in damaged.iter().map(|mark| format!("{before}{mark}{without}")) {
                    if the_same(&one, 50) { read += 1 } else { left += 1 }
                }
            }
        }
        assert!(read > 1000 && left > 1000, "{read} read, {left} left");
    }

    #[test]
    fn what_is_no_white_space_of_json_is_refused() {
        let list = "\"components\":[{\"name\":\"a\"},{\"name\":\"b\"}]";
        for (blank, read) in [(" \n", true), ("\u{c}", false)] {
            let text = format!(
                "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",{list},\"dependencies\":[{blank}]}}"
            );
            assert_eq!(the_same(&text, 10), read, "{text}");
            let told = in_one_go(&text).expect("components").diagnostics;
            assert_eq!(told.iter().any(|it| it.code == Code::JsonInvalid), !read, "{told:?}");
        }
    }

    #[test]
    fn what_is_counted_is_counted_across_parts() {
        // More of a kind than are kept in full, in each part and in all of them; references behind what is taken back.
        let entry = |n: usize| match n % 4 {
            0 => format!("{{\"name\":\"c{n}\",\"purl\":\"npm/{n}\",\"bom-ref\":\"r{n}\"}}"),
            1 => format!(
                "{{\"type\":\"library\",\"components\":[{{\"name\":\"i{n}\",\"bom-ref\":\"i{n}\"}}]}}"
            ),
            2 => format!(
                "{{\"name\":\"c{n}\",\"type\":\"no-such\",\"bom-ref\":\"r{}\",\"publisher\":\"p\"}}",
                n / 3
            ),
            _ => format!("{n}"),
        };
        let entries: Vec<String> = (0..1200).map(entry).collect();
        let edges: Vec<String> = (0..600)
            .map(|n| format!("{{\"ref\":\"r{n}\",\"dependsOn\":[\"i{}\",\"gone\"]}}", n + 1))
            .collect();
        let text = format!(
            "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"serialNumber\":\"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79\",\
             \"components\":[{}],\"dependencies\":[{}]}}",
            entries.join(","),
            edges.join(",")
        );
        assert!([1, 500, 5_000, 50_000].into_iter().all(|part| the_same(&text, part)));
        assert!(
            in_one_go(&text).expect("reads").diagnostics.iter().any(|it| it.params.contains_key("further"))
        );
    }

    #[test]
    fn genuine_documents_are_read_as_in_one_go() {
        let Some(folder) = shindan_testdata::path("sbom") else { return };
        let (mut folders, mut parted) = (vec![folder], 0);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "json")
                    && let Ok(text) = std::fs::read_to_string(&path)
                    && text.contains("CycloneDX")
                {
                    parted += u64::from(the_same(&text, 1_000));
                }
            }
        }
        assert!(parted > 20, "{parted} documents");
    }
}
