//! By what assets are found and sorted, made once for each register: folding the texts of thousands of assets takes longer than a page.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use shindan_domain::register::{Register, RegisteredAsset};
use shindan_report::order::{self, Part};

/// Texts of all assets of a register.
#[derive(Debug)]
pub(crate) struct Texts {
    of: Arc<Register>,
    /// By the key of the asset.
    texts: BTreeMap<String, Text>,
}

#[derive(Debug)]
struct Text {
    /// What the ledger says, as texts are compared.
    folded: String,
    /// By what its number is sorted.
    number: Vec<Part>,
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
        let text = |(key, asset): (&String, &RegisteredAsset)| {
            let number = order::key(asset.asset.label());
            (key.clone(), Text { folded: folded(asset), number })
        };
        let texts = register.assets.iter().map(text).collect();
        let texts = Arc::new(Texts { of: Arc::clone(register), texts });
        let mut known = known();
        known.truncate(KEPT - 1);
        known.push_front(Arc::clone(&texts));
        texts
    }

    /// Every word stands somewhere in what the ledger says of the asset.
    pub fn hold(&self, asset: &RegisteredAsset, sought: &Sought) -> bool {
        let text = self.texts.get(&asset.key);
        text.is_some_and(|text| sought.0.split_whitespace().all(|word| text.folded.contains(word)))
    }

    /// By what the number of the asset is sorted.
    pub fn number(&self, asset: &RegisteredAsset) -> &[Part] {
        self.texts.get(&asset.key).map_or(&[], |text| &text.number)
    }
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
