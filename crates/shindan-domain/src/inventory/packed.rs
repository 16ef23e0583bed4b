//! Components as a list of a hundred thousand keeps them. An SBOM says four texts of each and where they stand; as
//! [`Component`]s these would cost twice what the file does. Here the texts stand one behind the other in blocks, and
//! a pointer is what it shares with its neighbours and a number.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Component;

/// Size of a block of texts, in bytes. The first ones are smaller: most documents are.
const BLOCK: usize = 1 << 16;
/// Stands for what is absent.
const NONE: u32 = u32::MAX;
/// With how many of the last stems a new one is compared. A document that changes between more of them costs more.
const LOOK_BACK: usize = 4;

/// What an SBOM says of most components.
#[derive(Debug, Clone, Copy, Default)]
pub struct Texts<'t> {
    /// [`Component::name`]
    pub name: &'t str,
    /// [`Component::version`]
    pub version: Option<&'t str>,
    /// [`Component::purl`]
    pub purl: Option<&'t str>,
    /// [`Component::cpe`]
    pub cpe: Option<&'t str>,
}

/// A component where it is kept: what is printed of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComponentRef<'c> {
    /// [`Component::name`]
    pub name: &'c str,
    /// [`Component::version`]
    pub version: Option<&'c str>,
    /// [`Component::purl`]
    pub purl: Option<&'c str>,
    /// [`Component::cpe`]
    pub cpe: Option<&'c str>,
    /// [`Component::maker`]
    pub maker: Option<&'c str>,
    /// [`Component::model`]
    pub model: Option<&'c str>,
    /// [`Component::firmware`]
    pub firmware: Option<&'c str>,
    /// [`Component::pointer`]
    pub pointer: Pointer<'c>,
}

/// A place as it is kept; written out it is [`Component::pointer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer<'c> {
    stem: &'c str,
    number: Option<u32>,
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.stem)?;
        self.number.map_or(Ok(()), |number| f.write_str(itoa::Buffer::new().format(number)))
    }
}

impl Serialize for Pointer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'c> Pointer<'c> {
    /// The text in front and the number at its end.
    pub fn parts(self) -> (&'c str, Option<u32>) {
        (self.stem, self.number)
    }

    /// True if it is this place.
    pub fn is(self, place: &str) -> bool {
        if self.number.is_none() { self.stem == place } else { self == Pointer::of(place) }
    }

    /// Parts a number off that is written the way it will be written again.
    fn of(text: &'c str) -> Self {
        let stem = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = text.get(stem.len()..).unwrap_or_default();
        let plain = !digits.starts_with('0') || digits == "0";
        match digits.parse() {
            Ok(number) if plain && number != NONE => Pointer { stem, number: Some(number) },
            _ => Pointer { stem: text, number: None },
        }
    }
}

impl<'c> From<&'c Component> for ComponentRef<'c> {
    fn from(component: &'c Component) -> Self {
        ComponentRef {
            name: &component.name,
            version: component.version.as_deref(),
            purl: component.purl.as_deref(),
            cpe: component.cpe.as_deref(),
            maker: component.maker.as_deref(),
            model: component.model.as_deref(),
            firmware: component.firmware.as_deref(),
            pointer: Pointer { stem: &component.pointer, number: None },
        }
    }
}

/// Where the texts of a component stand, and how long each of them is ([`NONE`]: absent).
#[derive(Debug, Clone, Copy)]
struct Row {
    block: u32,
    start: u32,
    name: u32,
    version: u32,
    purl: u32,
    cpe: u32,
    stem: u32,
    number: u32,
    /// Index into [`PackedComponents::whole`], for a component that is more than its texts.
    whole: u32,
}

/// Components with little beside name, version, package URL and CPE name.
#[derive(Debug, Clone, Default)]
pub struct PackedComponents {
    rows: Vec<Row>,
    blocks: Vec<String>,
    /// What pointers begin with.
    stems: Vec<Box<str>>,
    /// Components that are more than their texts.
    whole: Vec<Component>,
    /// BOM-Links by the number of the component, as far as there are any.
    links: Vec<Option<Box<str>>>,
}

impl PackedComponents {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a component of which nothing is known yet but its place; returns its number.
    pub fn begin(&mut self, pointer: &str) -> usize {
        let Pointer { stem, number } = Pointer::of(pointer);
        let stem = self.stem(stem);
        let number = number.unwrap_or(NONE);
        self.rows.push(Row {
            block: 0,
            start: 0,
            name: 0,
            version: NONE,
            purl: NONE,
            cpe: NONE,
            stem,
            number,
            whole: NONE,
        });
        self.rows.len() - 1
    }

    /// Sets the texts of a component; what else was known of it, but for its place, is gone. One that is not there stays
    /// away.
    pub fn set(&mut self, number: usize, texts: Texts<'_>) {
        let Texts { name, version, purl, cpe } = texts;
        let all = [Some(name), version, purl, cpe];
        let mut lengths = [NONE; 4];
        for (length, text) in lengths.iter_mut().zip(all) {
            let Some(text) = text else { continue };
            match u32::try_from(text.len()) {
                Ok(measured) if measured != NONE => *length = measured,
                // Longer than any file that is read.
                _ => return self.set_whole(number, &texts),
            }
        }
        if number >= self.rows.len() {
            return;
        }
        let (block, start) = self.store(all);
        if let Some(row) = self.rows.get_mut(number) {
            let [name, version, purl, cpe] = lengths;
            *row = Row { block, start, name, version, purl, cpe, whole: NONE, ..*row };
        }
    }

    fn set_whole(&mut self, number: usize, texts: &Texts<'_>) {
        let Some(mut component) = self.get(number) else { return };
        texts.name.clone_into(&mut component.name);
        component.version = texts.version.map(str::to_owned);
        component.purl = texts.purl.map(str::to_owned);
        component.cpe = texts.cpe.map(str::to_owned);
        self.replace(number, component);
    }

    /// Adds a component.
    pub fn push(&mut self, component: Component) {
        let number = self.begin(&component.pointer);
        let Component { name, version, purl, cpe, .. } = &component;
        let texts = Texts { name, version: version.as_deref(), purl: purl.as_deref(), cpe: cpe.as_deref() };
        self.set(number, texts);
        if self.get(number).as_ref() != Some(&component) {
            self.replace(number, component);
        }
    }

    /// Puts a component in the place of another one.
    pub fn replace(&mut self, number: usize, component: Component) {
        let Some(row) = self.rows.get_mut(number) else { return };
        if let Some(known) = self.whole.get_mut(row.whole as usize) {
            *known = component;
        } else if let Ok(whole) = u32::try_from(self.whole.len()) {
            row.whole = whole;
            self.whole.push(component);
        }
    }

    /// Takes a component out; those behind it move up.
    pub fn remove(&mut self, number: usize) -> Option<Component> {
        let removed = self.get(number)?;
        self.rows.remove(number);
        if number < self.links.len() {
            self.links.remove(number);
        }
        Some(removed)
    }

    /// Sets the BOM-Link of a component.
    pub fn set_link(&mut self, number: usize, link: String) {
        let Some(row) = self.rows.get(number) else { return };
        if let Some(whole) = self.whole.get_mut(row.whole as usize) {
            whole.bom_link = Some(link);
            return;
        }
        if self.links.len() <= number {
            self.links.resize(self.rows.len(), None);
        }
        if let Some(slot) = self.links.get_mut(number) {
            *slot = Some(link.into_boxed_str());
        }
    }

    /// What is printed of a component.
    pub fn view(&self, number: usize) -> Option<ComponentRef<'_>> {
        let row = self.rows.get(number)?;
        if let Some(whole) = self.whole.get(row.whole as usize) {
            return Some(whole.into());
        }
        let block = self.blocks.get(row.block as usize).map_or("", String::as_str);
        let mut at = row.start as usize;
        let mut next = |length: u32| {
            let start = at;
            at += if length == NONE { 0 } else { length as usize };
            (length != NONE).then(|| block.get(start..at).unwrap_or_default())
        };
        let (name, version, purl, cpe) =
            (next(row.name).unwrap_or_default(), next(row.version), next(row.purl), next(row.cpe));
        let stem = self.stems.get(row.stem as usize).map_or("", |stem| stem);
        let pointer = Pointer { stem, number: (row.number != NONE).then_some(row.number) };
        Some(ComponentRef { name, version, purl, cpe, maker: None, model: None, firmware: None, pointer })
    }

    /// A component of its own.
    pub fn get(&self, number: usize) -> Option<Component> {
        let mut component = Component::default();
        self.fill(number, &mut component).then_some(component)
    }

    /// Makes `into` the component, with the memory that it has already; false if there is none of this number.
    pub fn fill(&self, number: usize, into: &mut Component) -> bool {
        let Some(row) = self.rows.get(number) else { return false };
        if let Some(whole) = self.whole.get(row.whole as usize) {
            into.clone_from(whole);
            return true;
        }
        let Some(view) = self.view(number) else { return false };
        let mut bare = Component {
            name: std::mem::take(&mut into.name),
            version: refill(into.version.take(), view.version),
            purl: refill(into.purl.take(), view.purl),
            cpe: refill(into.cpe.take(), view.cpe),
            bom_link: self.links.get(number).and_then(Option::as_deref).map(str::to_owned),
            pointer: std::mem::take(&mut into.pointer),
            ..Component::default()
        };
        view.name.clone_into(&mut bare.name);
        view.pointer.stem.clone_into(&mut bare.pointer);
        if let Some(number) = view.pointer.number {
            bare.pointer.push_str(itoa::Buffer::new().format(number));
        }
        *into = bare;
        true
    }

    /// Adds the components of another list behind these. The longer one stays where it is.
    pub fn append(&mut self, mut other: PackedComponents) {
        let moved = |number: u32, by: usize| match u32::try_from(by) {
            Ok(by) if number != NONE => number.saturating_add(by),
            _ => number,
        };
        let (blocks, whole, rows) = (self.blocks.len(), self.whole.len(), self.rows.len());
        let stems: Vec<u32> = other.stems.iter().map(|stem| self.stem(stem)).collect();
        self.blocks.append(&mut other.blocks);
        self.whole.append(&mut other.whole);
        for row in &mut other.rows {
            row.block = moved(row.block, blocks);
            row.whole = moved(row.whole, whole);
            row.stem = stems.get(row.stem as usize).copied().unwrap_or(NONE);
        }
        if rows < other.rows.len() {
            other.rows.splice(0..0, self.rows.drain(..));
            self.rows = other.rows;
        } else {
            self.rows.append(&mut other.rows);
        }
        if !other.links.is_empty() {
            self.links.resize(rows, None);
            self.links.append(&mut other.links);
        }
    }

    /// Gives back memory that only growing needs.
    pub fn shrink(&mut self) {
        self.rows.shrink_to_fit();
        if let Some(last) = self.blocks.last_mut() {
            last.shrink_to_fit();
        }
    }

    /// The number of a stem, which is stored if it is none of the last ones.
    fn stem(&mut self, text: &str) -> u32 {
        let known = self.stems.iter().enumerate().rev().take(LOOK_BACK).find(|(_, known)| ***known == *text);
        let number = known.map_or(self.stems.len(), |(number, _)| number);
        if number == self.stems.len() {
            self.stems.push(text.into());
        }
        // There are no more stems than rows, and no more rows than bytes in a file.
        u32::try_from(number).unwrap_or(NONE)
    }

    /// Writes texts one behind the other; returns the block and where they begin in it.
    fn store(&mut self, texts: [Option<&str>; 4]) -> (u32, u32) {
        let length: usize = texts.iter().flatten().map(|text| text.len()).sum();
        if self.blocks.last().is_none_or(|block| block.capacity().saturating_sub(block.len()) < length) {
            let size = BLOCK >> 4usize.saturating_sub(self.blocks.len());
            self.blocks.push(String::with_capacity(length.max(size)));
        }
        let number = self.blocks.len().saturating_sub(1);
        let Some(block) = self.blocks.last_mut() else { return (NONE, 0) };
        let start = block.len();
        for text in texts.into_iter().flatten() {
            block.push_str(text);
        }
        // A block is filled up to its size only; one that is larger begins with the text that made it so.
        (u32::try_from(number).unwrap_or(NONE), u32::try_from(start).unwrap_or(NONE))
    }
}

/// The text in the memory of another one.
fn refill(old: Option<String>, text: Option<&str>) -> Option<String> {
    let text = text?;
    let mut new = old.unwrap_or_default();
    text.clone_into(&mut new);
    Some(new)
}
