//! A stored list, read from mapped bytes. Whatever is damaged is an error, never a component that is missing.

use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::inventory::{Asset, Component, Components, Inventory, InventoryKind};

use super::outline::Outline;
use super::write::KEY_ENTRY;
use super::{Head, Standing, State};
use crate::check::Told;
use crate::index::layout::{Cursor, File, IndexError, SectionId, record, u32_at, u64_at};

/// An opened list.
#[derive(Debug)]
pub struct Stored<'a> {
    head: Head,
    state: State,
    base: Layer<'a>,
    top: Option<Layer<'a>>,
    asset_offsets: &'a [u8],
    assets: &'a [u8],
}

/// How the bytes of a layer are opened: with or without verifying its tables.
type Opening<'a> = fn(&'a [u8]) -> Result<File<'a>, IndexError>;

/// Components of one file.
#[derive(Debug)]
struct Layer<'a> {
    offsets: &'a [u8],
    records: &'a [u8],
    doubtful: &'a [u8],
    telling: &'a [u8],
    starts: &'a [u8],
    keys: &'a [u8],
    /// Numbers of the components in a top layer.
    positions: &'a [u8],
}

/// One component as it is stored.
pub(super) struct StoredComponent<'a> {
    /// All of it.
    body: &'a [u8],
    component: &'a [u8],
    standing: &'a [u8],
    told: &'a [u8],
    keys: &'a [u8],
}

/// The same error, of a stored list.
pub(super) fn stored(error: IndexError) -> IndexError {
    match error {
        IndexError::Damaged(what) => IndexError::Stored(what),
        IndexError::Version { .. } => IndexError::Stored("written by another version of this program"),
        IndexError::Stored(what) => IndexError::Stored(what),
    }
}

fn layer<'a>(file: &File<'a>, is_top: bool) -> Result<(Layer<'a>, State), IndexError> {
    let only = |id| record(file.section(id)?, 0);
    let state = serde_json::from_slice(file.section(SectionId::ListState)?)
        .map_err(|_| IndexError::Stored("state unreadable"))?;
    let layer = Layer {
        offsets: only(SectionId::ListOffsets)?,
        records: file.section(SectionId::ListRecords)?,
        doubtful: only(SectionId::ListDoubtful)?,
        telling: only(SectionId::ListTelling)?,
        starts: only(SectionId::ListKeyStarts)?,
        keys: file.section(SectionId::ListKeys)?,
        positions: if is_top { only(SectionId::ListPositions)? } else { &[] },
    };
    Ok((layer, state))
}

impl<'a> Stored<'a> {
    /// Opens a list and verifies its tables.
    ///
    /// # Errors
    /// [`IndexError::Stored`] if a file is damaged or of another version, or the top layer is none of this base.
    pub fn open(base: &'a [u8], top: Option<&'a [u8]>) -> Result<Self, IndexError> {
        Self::read(base, top, File::open).map_err(stored)
    }

    /// As [`Stored::open`], of bytes whose tables were verified before and have not changed since.
    ///
    /// # Errors
    /// As [`Stored::open`], but for the tables.
    pub fn open_again(base: &'a [u8], top: Option<&'a [u8]>) -> Result<Self, IndexError> {
        Self::read(base, top, File::open_again).map_err(stored)
    }

    fn read(base: &'a [u8], top: Option<&'a [u8]>, open: Opening<'a>) -> Result<Self, IndexError> {
        let file = open(base)?;
        let head: Head = serde_json::from_slice(file.section(SectionId::ListHead)?)
            .map_err(|_| IndexError::Stored("head unreadable"))?;
        let (base, own) = layer(&file, false)?;
        let (top, state) = match top {
            None => (None, own),
            Some(bytes) => {
                let (top, state) = layer(&open(bytes)?, true)?;
                (Some(top), state)
            }
        };
        let asset_offsets = record(file.section(SectionId::ListAssetOffsets)?, 0)?;
        let assets = file.section(SectionId::ListAssets)?;
        let list = Stored { head, state, base, top, asset_offsets, assets };
        let (count, highest) = (list.count(), list.top_positions()?.last().copied());
        if list.state.components != count || highest.is_some_and(|number| number as usize >= count) {
            return Err(IndexError::Stored("the layers do not belong together"));
        }
        Ok(list)
    }

    /// How many components there are.
    pub fn count(&self) -> usize {
        self.base.offsets.len() / 8
    }

    /// Path as given.
    pub fn path(&self) -> &str {
        &self.head.path
    }

    /// What it was recognised as.
    pub fn kind(&self) -> InventoryKind {
        self.head.kind
    }

    /// The system that the list describes, if it tells.
    pub fn subject(&self) -> Option<&str> {
        self.head.subject.as_deref()
    }

    /// What was odd or unreadable when it was read.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.head.diagnostics
    }

    /// True if it states something about vulnerabilities itself: then any change of knowledge may concern it.
    pub fn states_itself(&self) -> bool {
        !self.head.opinions.is_empty()
    }

    /// True if another day may lead to another answer: an end of support is told by the list or said of a component.
    pub fn is_dated(&self) -> bool {
        self.head.dated || self.state.ending > 0
    }

    /// Components that are in the top layer.
    pub fn renewed(&self) -> usize {
        self.top.as_ref().map_or(0, |top| top.positions.len() / 4)
    }

    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    pub(super) fn state(&self) -> &State {
        &self.state
    }

    pub(super) fn top_positions(&self) -> Result<Vec<u32>, IndexError> {
        self.top.as_ref().map_or(Ok(Vec::new()), |top| numbers(top.positions))
    }

    pub(super) fn doubtful(&self) -> Result<Vec<u32>, IndexError> {
        numbers(self.top.as_ref().unwrap_or(&self.base).doubtful)
    }

    pub(super) fn component_record(&self, number: u32) -> Result<StoredComponent<'a>, IndexError> {
        let in_top = match &self.top {
            Some(top) => place_of(top.positions, number)?.map(|place| (top, place)),
            None => None,
        };
        let (layer, place) = in_top.unwrap_or((&self.base, number as usize));
        let read = || {
            let body = record(layer.records, u64_at(layer.offsets, place * 8)?)?;
            let mut cursor = Cursor::new(body);
            let (component, standing, told) = (cursor.bytes()?, cursor.bytes()?, cursor.bytes()?);
            Ok(StoredComponent { body, component, standing, told, keys: cursor.rest() })
        };
        read().map_err(stored)
    }

    /// Components of which an answer tells something, in ascending order.
    pub(super) fn telling(&self) -> Result<Vec<u32>, IndexError> {
        numbers(self.top.as_ref().unwrap_or(&self.base).telling)
    }

    /// A component, and what an answer tells of it.
    pub(super) fn told(&self, number: u32) -> Result<(Component, Told), IndexError> {
        let record = self.component_record(number)?;
        let component = serde_json::from_slice(record.component)
            .map_err(|_| IndexError::Stored("component unreadable"))?;
        Ok((component, record.told()?))
    }

    /// The assets as they are stored: offsets, and records.
    pub(super) fn asset_sections(&self) -> (&'a [u8], &'a [u8]) {
        (self.asset_offsets, self.assets)
    }

    /// Every asset, in the order of the list.
    ///
    /// # Errors
    /// [`IndexError::Stored`]
    pub fn assets(&self) -> Result<Vec<Asset>, IndexError> {
        let assets = (0..(self.asset_offsets.len() / 8) as u32).map(|number| self.asset(number));
        assets.filter_map(Result::transpose).collect()
    }

    /// A component.
    ///
    /// # Errors
    /// [`IndexError::Stored`]
    pub fn component(&self, number: u32) -> Result<Component, IndexError> {
        serde_json::from_slice(self.component_record(number)?.component)
            .map_err(|_| IndexError::Stored("component unreadable"))
    }

    /// An asset; `None` if there is none of this number.
    ///
    /// # Errors
    /// [`IndexError::Stored`]
    pub fn asset(&self, number: u32) -> Result<Option<Asset>, IndexError> {
        let at = number as usize * 8;
        if at >= self.asset_offsets.len() {
            return Ok(None);
        }
        let body = u64_at(self.asset_offsets, at).and_then(|offset| record(self.assets, offset));
        let read = serde_json::from_slice(body.map_err(stored)?);
        read.map(Some).map_err(|_| IndexError::Stored("asset unreadable"))
    }

    /// The inventory without components and assets.
    pub(super) fn skeleton(&self) -> Inventory {
        let Head { path, kind, subject, about, opinions, diagnostics, .. } = self.head.clone();
        Inventory {
            path,
            kind,
            subject,
            about,
            components: Components::default(),
            assets: Vec::new(),
            opinions,
            diagnostics,
        }
    }

    /// The whole inventory.
    ///
    /// # Errors
    /// [`IndexError::Stored`]
    pub fn inventory(&self) -> Result<Inventory, IndexError> {
        let components =
            (0..self.count() as u32).map(|number| self.component(number)).collect::<Result<_, _>>()?;
        Ok(Inventory { components, assets: self.assets()?, ..self.skeleton() })
    }

    /// What of it can be kept in memory by who asks again and again. All of its keys are read for it.
    ///
    /// # Errors
    /// [`IndexError::Stored`]
    pub fn outline(&self) -> Result<Outline, IndexError> {
        Outline::of(self)
    }

    /// Hashes of the keys that were consulted for any component, or for what the list describes, ascending.
    pub(super) fn consulted(&self) -> Result<Vec<u64>, IndexError> {
        let mut keys = self.state.whole.keys.clone();
        for layer in std::iter::once(&self.base).chain(&self.top) {
            for block in 0..layer.blocks() {
                let (_, offset) = layer.start(block).map_err(stored)?;
                let block = record(layer.keys, offset).map_err(stored)?;
                for entry in block.chunks_exact(KEY_ENTRY) {
                    keys.push(u64_at(entry, 0).map_err(stored)?);
                }
            }
        }
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }

    /// Components for which one of these keys was consulted, in ascending order; all if one was consulted for what the list
    /// describes, or if the list states something about vulnerabilities itself. The keys are hashes in ascending order.
    ///
    /// # Errors
    /// [`IndexError::Stored`]
    pub fn consulting(&self, keys: &[u64]) -> Result<Vec<u32>, IndexError> {
        if self.states_itself() || self.state.whole.keys.iter().any(|key| keys.binary_search(key).is_ok()) {
            return Ok((0..self.count() as u32).collect());
        }
        let mut found = self.base.consulting(keys).map_err(stored)?;
        if let Some(top) = &self.top {
            let renewed = self.top_positions()?;
            found.retain(|number| renewed.binary_search(number).is_err());
            found.extend(top.consulting(keys).map_err(stored)?);
        }
        if found.iter().any(|number| *number as usize >= self.count()) {
            return Err(IndexError::Stored("number of a component too large"));
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

impl<'a> StoredComponent<'a> {
    pub(super) fn body(&self) -> &'a [u8] {
        self.body
    }

    pub(super) fn json(&self) -> &'a [u8] {
        self.component
    }

    /// Without what is told.
    pub(super) fn standing(&self) -> Result<Standing, IndexError> {
        serde_json::from_slice(self.standing).map_err(|_| IndexError::Stored("standing unreadable"))
    }

    pub(super) fn keys(&self) -> Result<Vec<u64>, IndexError> {
        self.keys.chunks_exact(8).map(|key| u64_at(key, 0)).collect()
    }

    fn told(&self) -> Result<Told, IndexError> {
        match self.told {
            [] => Ok(Told::default()),
            told => serde_json::from_slice(told).map_err(|_| IndexError::Stored("what is told unreadable")),
        }
    }
}

impl Layer<'_> {
    fn blocks(&self) -> usize {
        self.starts.len() / 16
    }

    fn start(&self, block: usize) -> Result<(u64, u64), IndexError> {
        Ok((u64_at(self.starts, block * 16)?, u64_at(self.starts, block * 16 + 8)?))
    }

    /// Blocks without any of the keys are not read.
    fn consulting(&self, keys: &[u64]) -> Result<Vec<u32>, IndexError> {
        let mut found = Vec::new();
        for block in 0..self.blocks() {
            let (first, offset) = self.start(block)?;
            // A key may go on in the next block.
            let last = if block + 1 < self.blocks() { self.start(block + 1)?.0 } else { u64::MAX };
            let from = keys.partition_point(|key| *key < first);
            let to = keys.partition_point(|key| *key <= last);
            let wanted = keys.get(from..to).unwrap_or_default();
            if !wanted.is_empty() {
                take(record(self.keys, offset)?, wanted, &mut found)?;
            }
        }
        Ok(found)
    }
}

/// Takes the components out of a block for which one of these keys was consulted. Both are in ascending order.
fn take(block: &[u8], mut keys: &[u64], found: &mut Vec<u32>) -> Result<(), IndexError> {
    let mut entries = block.chunks_exact(KEY_ENTRY);
    if keys.len() < FEW {
        return keys.iter().try_for_each(|key| take_one(block, *key, found));
    }
    while let (Some(entry), Some(mut key)) = (entries.next(), keys.first()) {
        let there = u64_at(entry, 0)?;
        while *key < there {
            keys = keys.get(1..).unwrap_or_default();
            let Some(next) = keys.first() else { return Ok(()) };
            key = next;
        }
        if *key == there {
            found.push(u32_at(entry, 8)?);
        }
    }
    Ok(())
}

/// So few keys are looked up in a block one by one; more are merged with it.
const FEW: usize = 32;

fn take_one(block: &[u8], key: u64, found: &mut Vec<u32>) -> Result<(), IndexError> {
    let (mut low, mut high) = (0, block.len() / KEY_ENTRY);
    while low < high {
        let middle = low + (high - low) / 2;
        if u64_at(block, middle * KEY_ENTRY)? < key { low = middle + 1 } else { high = middle }
    }
    while low < block.len() / KEY_ENTRY && u64_at(block, low * KEY_ENTRY)? == key {
        found.push(u32_at(block, low * KEY_ENTRY + 8)?);
        low += 1;
    }
    Ok(())
}

fn numbers(bytes: &[u8]) -> Result<Vec<u32>, IndexError> {
    bytes.chunks_exact(4).map(|number| u32_at(number, 0).map_err(stored)).collect()
}

fn place_of(positions: &[u8], number: u32) -> Result<Option<usize>, IndexError> {
    let (mut low, mut high) = (0, positions.len() / 4);
    while low < high {
        let middle = low + (high - low) / 2;
        let there = u32_at(positions, middle * 4).map_err(stored)?;
        match there.cmp(&number) {
            std::cmp::Ordering::Equal => return Ok(Some(middle)),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Ok(None)
}
