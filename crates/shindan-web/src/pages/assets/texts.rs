//! By what assets are found and sorted, made once for each register: folding the texts of thousands of assets takes longer than a page.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use shindan_domain::register::{Register, RegisteredAsset};
use shindan_report::order::{self, Part};

/// Texts of all assets of a register.
#[derive(Debug)]
pub(crate) struct Texts {
    of: Arc<Register>,
    /// In the order of the register.
    texts: Vec<Text>,
}

/// By what an asset is found, and where it stands among all.
#[derive(Debug)]
pub(crate) struct Text {
    /// What the ledger says, as texts are compared.
    folded: String,
    /// Its place when all are sorted by their numbers.
    pub number: u32,
    /// … by their names.
    pub name: u32,
    /// … by their versions.
    pub version: u32,
}

/// Those of the registers that were asked for last.
static KNOWN: Mutex<VecDeque<Arc<Texts>>> = Mutex::new(VecDeque::new());
/// So many are kept: those of the two sides of the demo.
const KEPT: usize = 2;

/// Words that are looked for.
#[derive(Debug)]
pub(crate) struct Sought(String);

impl Sought {
    /// The words of a text; width and case do not matter.
    pub fn of(text: &str) -> Sought {
        Sought(shindan_store::folded_text(text))
    }
}

impl Texts {
    /// The texts of a register.
    pub fn of(register: &Arc<Register>) -> Arc<Texts> {
        let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().iter().find(|texts| Arc::ptr_eq(&texts.of, register)).map(Arc::clone);
        if let Some(found) = found {
            return found;
        }
        let places = |of: fn(&RegisteredAsset) -> &str| places(register, of);
        let numbers = places(|asset| asset.asset.label());
        let names =
            places(|asset| asset.asset.name.as_deref().or(asset.asset.model.as_deref()).unwrap_or_default());
        let versions =
            places(|asset| asset.asset.firmware.as_deref().or(asset.asset.os.as_deref()).unwrap_or_default());
        let places = numbers.into_iter().zip(names).zip(versions);
        let text = |(asset, ((number, name), version))| Text { folded: folded(asset), number, name, version };
        let texts = register.assets.values().zip(places).map(text).collect();
        let texts = Arc::new(Texts { of: Arc::clone(register), texts });
        let mut known = known();
        known.truncate(KEPT - 1);
        known.push_front(Arc::clone(&texts));
        texts
    }

    /// The assets of the register with their texts, in its order. It is the one that the texts were made of.
    pub fn with<'r>(&self, register: &'r Register) -> impl Iterator<Item = (&'r RegisteredAsset, &Text)> {
        debug_assert!(std::ptr::eq(register, &*self.of), "texts of another register");
        register.assets.values().zip(&self.texts)
    }
}

impl Text {
    /// Every word stands somewhere in what the ledger says of the asset.
    pub fn holds(&self, sought: &Sought) -> bool {
        sought.0.split_whitespace().all(|word| self.folded.contains(word))
    }
}

/// The place of each asset when all are sorted by a text: without one last, equal ones at the same place.
fn places(register: &Register, of: fn(&RegisteredAsset) -> &str) -> Vec<u32> {
    let key = |asset| {
        let text = of(asset);
        (text.is_empty(), order::key(text))
    };
    let keys: Vec<(bool, Vec<Part>)> = register.assets.values().map(key).collect();
    let mut sorted: Vec<usize> = (0..keys.len()).collect();
    sorted.sort_by(|one, other| keys.get(*one).cmp(&keys.get(*other)));
    let mut places = vec![0; keys.len()];
    let (mut place, mut last) = (0, None);
    for number in sorted {
        let key = keys.get(number);
        place += u32::from(last.is_some_and(|last| last != key));
        last = Some(key);
        if let Some(own) = places.get_mut(number) {
            *own = place;
        }
    }
    places
}

fn folded(asset: &RegisteredAsset) -> String {
    let ledger = &asset.asset;
    let parts = [
        &ledger.name,
        &ledger.host,
        &ledger.kind_text,
        &ledger.maker,
        &ledger.model,
        &ledger.serial,
        &ledger.firmware,
        &ledger.os,
        &ledger.address,
        &ledger.mac,
        &ledger.place,
        &ledger.zone,
        &ledger.patched_by,
        &ledger.owner,
        &ledger.state,
        &ledger.remarks,
    ];
    let all: Vec<&str> =
        parts.into_iter().flatten().map(String::as_str).chain([ledger.asset_id.as_str()]).collect();
    shindan_store::folded_text(&all.join("\n"))
}
