//! An inventory and how it stands, as bytes.
//!
//! ```text
//! component record: component as JSON | standing as JSON | what is told as JSON, empty if nothing | keys, u64 each
//! keys: blocks of entries in ascending order, each: hash of the key u64, number of the component u32
//! ```

use serde::Serialize;
use shindan_domain::inventory::Inventory;

use super::read::{Stored, StoredComponent};
use super::{Head, Standing, State, Whole};
use crate::index::layout::{Encode, FileWriter, IndexError, SectionId, push_record};
use crate::prepared::Prepared;

/// So many entries of the list of keys are verified together.
const BLOCK: usize = 1024;

/// Bytes of an entry in the list of keys.
pub(super) const KEY_ENTRY: usize = 12;

/// The base layer: everything of an inventory. `standings` as [`super::stand`] tells them, in the order of the components; `whole` as
/// [`super::stand_whole`] does.
///
/// # Errors
/// Only if a value cannot be written as JSON, which would be a defect of this program.
pub fn base(
    prepared: &Prepared<'_>,
    standings: &[Standing],
    whole: Whole,
) -> Result<Vec<u8>, serde_json::Error> {
    let inventory = prepared.inventory();
    let mut file = FileWriter::default();
    let head = Head {
        path: inventory.path.clone(),
        kind: inventory.kind,
        subject: inventory.subject.clone(),
        about: inventory.about.clone(),
        unlisted: prepared.unlisted_whole().is_some(),
        opinions: inventory.opinions.clone(),
        diagnostics: inventory.diagnostics.clone(),
        dated: inventory.assets.iter().any(|asset| asset.support_end.is_some()),
    };
    file.add(SectionId::ListHead, true, serde_json::to_vec(&head)?);
    let mut state = State { unsettled: prepared.unsettled_assets(), whole, ..State::default() };
    let mut layer = Layer::default();
    let part = 0..standings.len();
    inventory.components.visit(part, |number, component| {
        let Some(standing) = standings.get(number) else { return Ok(()) };
        state.add(standing);
        layer.push(number as u32, &serde_json::to_vec(component)?, standing)
    })?;
    write_assets(inventory, &mut file)?;
    layer.write(&state, None, &mut file)?;
    Ok(file.finish())
}

/// A top layer over the base of `stored`: these components, in ascending order, stand as told now; what stood in the top layer before
/// and is not among them stays. `whole` as [`super::stand_whole`] tells it.
///
/// # Errors
/// [`IndexError`] if what is stored is damaged.
pub fn top(stored: &Stored<'_>, anew: &[(u32, Standing)], whole: Whole) -> Result<Vec<u8>, IndexError> {
    let mut positions: Vec<u32> = stored.top_positions()?;
    positions.extend(anew.iter().map(|(number, _)| *number));
    positions.sort_unstable();
    positions.dedup();
    let (layer, state) = renewed(stored, &positions, anew, whole)?;
    let mut file = FileWriter::default();
    layer.write(&state, Some(&positions), &mut file).map_err(unwritable)?;
    Ok(file.finish())
}

/// A new base of everything that is stored: these components stand as told now, all others as before. Nothing is judged.
///
/// # Errors
/// [`IndexError`] if what is stored is damaged.
pub fn folded(stored: &Stored<'_>, anew: &[(u32, Standing)], whole: Whole) -> Result<Vec<u8>, IndexError> {
    let all: Vec<u32> = (0..stored.count() as u32).collect();
    let (layer, state) = renewed(stored, &all, anew, whole)?;
    let mut file = FileWriter::default();
    file.add(SectionId::ListHead, true, json(stored.head()).map_err(unwritable)?);
    let (offsets, assets) = stored.asset_sections();
    file.add(SectionId::ListAssetOffsets, false, one(offsets));
    file.add(SectionId::ListAssets, false, assets.to_vec());
    layer.write(&state, None, &mut file).map_err(unwritable)?;
    Ok(file.finish())
}

fn unwritable(_: serde_json::Error) -> IndexError {
    IndexError::Stored("standing unwritable")
}

/// The components at these positions, in ascending order, as they stand now, and the state of the whole list.
fn renewed(
    stored: &Stored<'_>,
    positions: &[u32],
    anew: &[(u32, Standing)],
    whole: Whole,
) -> Result<(Layer, State), IndexError> {
    let mut state = State { whole, ..stored.state().clone() };
    let (mut doubtful, mut telling) = (stored.doubtful()?, stored.telling()?);
    let mut layer = Layer::default();
    for &number in positions {
        let known = stored.component_record(number)?;
        // One that is not found was not judged again: what is known of it stands.
        let again = anew.binary_search_by_key(&number, |(number, _)| *number).ok();
        match again.and_then(|at| anew.get(at)) {
            Some((_, standing)) => {
                state.remove(&known.standing()?);
                state.add(standing);
                layer.push(number, known.json(), standing).map_err(unwritable)?;
            }
            None => {
                let flags = [&doubtful, &telling].map(|list| list.binary_search(&number).is_ok());
                layer.push_known(number, &known, flags)?;
            }
        }
    }
    for (list, own) in [(&mut doubtful, &mut layer.doubtful), (&mut telling, &mut layer.telling)] {
        list.retain(|number| positions.binary_search(number).is_err());
        list.append(own);
        list.sort_unstable();
        std::mem::swap(list, own);
    }
    Ok((layer, state))
}

/// Components on their way into a file.
#[derive(Default)]
struct Layer {
    records: Vec<u8>,
    offsets: Vec<u8>,
    doubtful: Vec<u32>,
    telling: Vec<u32>,
    keys: Vec<(u64, u32)>,
}

impl Layer {
    fn push(&mut self, number: u32, json: &[u8], standing: &Standing) -> Result<(), serde_json::Error> {
        let mut body = Vec::with_capacity(json.len() + 64);
        body.put_bytes(json);
        body.put_bytes(&serde_json::to_vec(standing)?);
        let told = if standing.told.is_empty() { Vec::new() } else { serde_json::to_vec(&standing.told)? };
        body.put_bytes(&told);
        for key in &standing.keys {
            body.extend_from_slice(&key.to_le_bytes());
            self.keys.push((*key, number));
        }
        self.offsets.extend_from_slice(&push_record(&mut self.records, &body).to_le_bytes());
        if !standing.doubts.is_empty() {
            self.doubtful.push(number);
        }
        if !standing.told.is_empty() {
            self.telling.push(number);
        }
        Ok(())
    }

    /// A component as it was stored before; whether something could not be judged about it as a whole, and whether something is told.
    fn push_known(
        &mut self,
        number: u32,
        known: &StoredComponent<'_>,
        [doubtful, telling]: [bool; 2],
    ) -> Result<(), IndexError> {
        self.keys.extend(known.keys()?.into_iter().map(|key| (key, number)));
        self.offsets.extend_from_slice(&push_record(&mut self.records, known.body()).to_le_bytes());
        self.doubtful.extend(doubtful.then_some(number));
        self.telling.extend(telling.then_some(number));
        Ok(())
    }

    fn write(
        mut self,
        state: &State,
        positions: Option<&[u32]>,
        file: &mut FileWriter,
    ) -> Result<(), serde_json::Error> {
        self.keys.sort_unstable();
        let (mut blocks, mut starts) = (Vec::new(), Vec::new());
        for block in self.keys.chunks(BLOCK) {
            let mut body = Vec::with_capacity(block.len() * KEY_ENTRY);
            for (key, number) in block {
                body.extend_from_slice(&key.to_le_bytes());
                body.extend_from_slice(&number.to_le_bytes());
            }
            let first = block.first().map_or(0, |(key, _)| *key);
            starts.extend_from_slice(&first.to_le_bytes());
            starts.extend_from_slice(&push_record(&mut blocks, &body).to_le_bytes());
        }
        file.add(SectionId::ListState, true, json(state)?);
        file.add(SectionId::ListOffsets, false, one(&self.offsets));
        file.add(SectionId::ListRecords, false, self.records);
        file.add(SectionId::ListDoubtful, false, one(&numbers(&self.doubtful)));
        file.add(SectionId::ListTelling, false, one(&numbers(&self.telling)));
        file.add(SectionId::ListKeyStarts, false, one(&starts));
        file.add(SectionId::ListKeys, false, blocks);
        if let Some(positions) = positions {
            file.add(SectionId::ListPositions, false, one(&numbers(positions)));
        }
        Ok(())
    }
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(value)
}

fn write_assets(inventory: &Inventory, file: &mut FileWriter) -> Result<(), serde_json::Error> {
    let (mut records, mut offsets) = (Vec::new(), Vec::new());
    for asset in &inventory.assets {
        offsets.extend_from_slice(&push_record(&mut records, &json(asset)?).to_le_bytes());
    }
    file.add(SectionId::ListAssetOffsets, false, one(&offsets));
    file.add(SectionId::ListAssets, false, records);
    Ok(())
}

/// A section of one record.
fn one(body: &[u8]) -> Vec<u8> {
    let mut section = Vec::with_capacity(body.len() + 16);
    push_record(&mut section, body);
    section
}

fn numbers(all: &[u32]) -> Vec<u8> {
    all.iter().flat_map(|number| number.to_le_bytes()).collect()
}
