//! Use cases of `inventory map`: what makers and models are, said once by a person and recorded.

use std::collections::BTreeMap;

use jiff::Timestamp;
use shindan_domain::cpe::Cpe;
use shindan_domain::devices::{Confirmation, ConfirmedIdentity, PublishedProduct};
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::finding::Undetermined;
use shindan_domain::register::{RegisterEvent, SuggestedProduct, UnresolvedModel};
use shindan_match::confirmed::ConfirmedIdentities;
use shindan_match::index::read::Index;
use shindan_match::names::Dictionary;
use shindan_match::suggest::suggest;

use super::store;
use crate::author::Author;
use crate::check::{self, CheckOptions};
use crate::data_folder::{DataFolder, MappedIndex};
use crate::error::AppError;

/// How many products a model may be at most.
const SUGGESTED: usize = 5;
/// How many assets of a model are named.
const EXAMPLES: usize = 5;

/// Reads `Vendor/Product` or a CPE name. `None` if it is neither.
pub fn parse_product(text: &str) -> Option<PublishedProduct> {
    let text = text.trim();
    if text.starts_with("cpe:") {
        let cpe = Cpe::parse(text).ok()?;
        let named = cpe.vendor().as_literal().is_some() && cpe.product().as_literal().is_some();
        return named.then(|| PublishedProduct::Cpe { cpe: text.to_owned() });
    }
    let (vendor, product) = text.split_once('/')?;
    let (vendor, product) = (vendor.trim(), product.trim());
    let whole = !vendor.is_empty() && !product.is_empty();
    whole.then(|| PublishedProduct::Named { vendor: vendor.to_owned(), product: product.to_owned() })
}

/// Records what a maker and model are; what was said before about the same maker and model no longer counts.
///
/// # Errors
/// Those of reading and writing the register.
pub fn confirm(
    folder: &DataFolder,
    maker: &str,
    model: &str,
    identity: ConfirmedIdentity,
    by: &Author,
    now: Timestamp,
) -> Result<u64, AppError> {
    store::load(folder)?;
    let lock = store::lock(folder)?;
    let mut records = store::load(folder)?;
    let confirmation = Confirmation {
        maker: maker.trim().to_owned(),
        model: model.trim().to_owned(),
        identity,
        rejected: Vec::new(),
    };
    let event = RegisterEvent::IdentityConfirmed { version: 1, confirmation };
    store::append(folder, &lock, &mut records, event, by, now)
}

/// Takes back what was said about a maker and model.
///
/// # Errors
/// [`AppError::IdentityUnknown`] if nothing was said; those of reading and writing the register.
pub fn withdraw(
    folder: &DataFolder,
    maker: &str,
    model: &str,
    by: &Author,
    now: Timestamp,
) -> Result<u64, AppError> {
    let known = |records: &store::Records| {
        let register = records.register();
        let said = register.identities.into_iter().map(|entry| entry.confirmation);
        said.into_iter().any(|said| said.maker == maker.trim() && said.model == model.trim())
    };
    let unknown = || AppError::IdentityUnknown { maker: maker.to_owned(), model: model.to_owned() };
    if !known(&store::load(folder)?) {
        return Err(unknown());
    }
    let lock = store::lock(folder)?;
    let mut records = store::load(folder)?;
    if !known(&records) {
        return Err(unknown());
    }
    let event = RegisterEvent::IdentityWithdrawn {
        version: 1,
        maker: maker.trim().to_owned(),
        model: model.trim().to_owned(),
    };
    store::append(folder, &lock, &mut records, event, by, now)
}

/// What was said about makers and models, ready for `check`, and what of it cannot be used.
///
/// # Errors
/// Those of reading the register and the knowledge base.
pub(crate) fn confirmed(
    folder: &DataFolder,
    mapped: &MappedIndex,
    index: &Index<'_>,
) -> Result<(ConfirmedIdentities, Vec<Diagnostic>), AppError> {
    let said = super::load(folder)?.identities;
    // The dictionary costs time that nobody needs who has said nothing.
    if said.is_empty() {
        return Ok(Default::default());
    }
    let dictionary = Dictionary::new(&index.devices().map_err(|e| mapped.error(e))?);
    let confirmations: Vec<Confirmation> = said.into_iter().map(|entry| entry.confirmation).collect();
    Ok(ConfirmedIdentities::new(&dictionary, &confirmations))
}

/// Makers and models of the register for which the knowledge base has nothing of that name, most assets first.
///
/// # Errors
/// Those of `check`, and of reading the register.
pub fn unresolved(folder: &DataFolder, now: Timestamp) -> Result<Vec<UnresolvedModel>, AppError> {
    let options = CheckOptions { now, max_age_days: None, allow_stale: true, only: None, register: true };
    let checked = check::check(folder, &[], &options)?;
    let mut groups: BTreeMap<(String, String), UnresolvedModel> = BTreeMap::new();
    for entry in checked.result.undetermined.iter().filter(|entry| is_about_the_name(entry)) {
        let component = &entry.component;
        let (Some(maker), Some(model)) = (&component.maker, &component.model) else { continue };
        let model = groups.entry((maker.clone(), model.clone())).or_insert_with(|| UnresolvedModel {
            maker: maker.clone(),
            model: model.clone(),
            assets: 0,
            examples: Vec::new(),
            suggestions: Vec::new(),
        });
        model.assets += 1;
        let named = entry.asset.as_ref().map(|asset| asset.label()).filter(|label| !label.is_empty());
        if let Some(label) = named.filter(|_| model.examples.len() < EXAMPLES) {
            model.examples.push(label.to_owned());
        }
    }
    let mut models: Vec<UnresolvedModel> = groups.into_values().collect();
    suggest_products(folder, &mut models)?;
    models.sort_by(|a, b| {
        b.assets.cmp(&a.assets).then_with(|| (&a.maker, &a.model).cmp(&(&b.maker, &b.model)))
    });
    Ok(models)
}

/// Adds what each model may be.
fn suggest_products(folder: &DataFolder, models: &mut [UnresolvedModel]) -> Result<(), AppError> {
    let mapped = folder.map()?;
    let (index, _) = mapped.open()?;
    let dictionary = Dictionary::new(&index.devices().map_err(|e| mapped.error(e))?);
    for model in models {
        let found = suggest(&index, &dictionary, &model.maker, &model.model, SUGGESTED);
        model.suggestions = found
            .map_err(|e| mapped.error(e))?
            .into_iter()
            .map(|suggested| SuggestedProduct {
                vendor: suggested.vendor,
                product: suggested.product,
                advisories: suggested.advisories,
                why: suggested.why.into_iter().map(|why| why.as_str()).collect(),
            })
            .collect();
    }
    Ok(())
}

/// True if a name is what keeps the device from being judged.
fn is_about_the_name(entry: &Undetermined) -> bool {
    let names =
        [Code::MakerUnknown, Code::ModelUnknown, Code::ConfirmedProductUnknown, Code::SoftwareUnsettled];
    names.contains(&entry.code)
}
