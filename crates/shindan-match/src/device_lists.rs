//! Looking a device up in the index, by every name under which advisories may mean it.

use shindan_domain::cpe::Cpe;
use shindan_domain::finding::MatchMethod;

use crate::closeness::{Closeness, Model, closeness};
use crate::confirmed::Known;
use crate::index::layout::IndexError;
use crate::index::read::{Index, List};
use crate::keys;
use crate::names::{Dictionary, mark};

/// A device as it is asked about.
pub(crate) struct Device<'d> {
    /// Folded, aliases resolved.
    pub maker: &'d str,
    /// As written.
    pub model_text: &'d str,
    /// Folded words of the model, with the marks between them.
    pub words: &'d [String],
    /// The words joined.
    pub folded: &'d str,
    /// What a person said about it.
    pub confirmed: Option<&'d Known>,
}

/// What the index holds about a device.
#[derive(Debug)]
pub(crate) struct DeviceLists<'a> {
    /// True if some advisory or rule names the maker.
    pub maker_known: bool,
    /// Statements about products that are, or may be, the device.
    pub lists: Vec<(MatchMethod, Closeness, List<'a>)>,
    /// Folded names of the software that the dictionary says it runs.
    pub software: Vec<String>,
    /// The software of which it runs one, if the dictionary knows that only: for people.
    pub possible: Option<String>,
    /// Hashes of the keys that were consulted, if that is traced.
    pub consulted: Vec<u64>,
}

/// Finds the statements about a device: what a person said it is, the software it runs, its product name, its model
/// number, and names that resemble it.
pub(crate) fn find_device<'a>(
    index: &Index<'a>,
    key: &mut Vec<u8>,
    dictionary: &Dictionary,
    device: &Device<'_>,
) -> Result<DeviceLists<'a>, IndexError> {
    let mut found = DeviceLists {
        maker_known: false,
        lists: Vec::new(),
        software: Vec::new(),
        possible: None,
        consulted: Vec::new(),
    };
    let (confirmed, rejected) = match device.confirmed {
        Some(known) => (known.keys.as_slice(), known.rejected.as_slice()),
        None => Default::default(),
    };
    for product in confirmed {
        if let Some(list) = index.list(product)? {
            found.lists.push((MatchMethod::ConfirmedIdentity, Closeness::Equal, list));
        }
    }
    by_software(index, key, dictionary, device, &mut found)?;
    let maker = device.maker;
    keys::product(maker, device.folded, key);
    if let Some(list) = index.list(key)? {
        found.lists.push((MatchMethod::DeviceProduct, Closeness::Equal, list));
    }
    keys::model(maker, device.folded, key);
    if let Some(list) = index.list(key)? {
        found.lists.push((MatchMethod::DeviceModel, Closeness::Equal, list));
    }
    // No name at all is the name of another list.
    if maker.is_empty() {
        return Ok(found);
    }
    keys::maker(maker, key);
    let Some(products) = index.list(key)? else { return Ok(found) };
    found.maker_known = true;
    let model = Model::new(device.words);
    // Two spellings of one name may differ in their marks: the closest counts.
    let mut similar: Vec<(Vec<u8>, Closeness)> = Vec::new();
    for product in products.texts() {
        let product = product?;
        if !model.may_be_close(product) {
            continue;
        }
        let product: Vec<&str> = product.split(' ').collect();
        let Some(closeness) = closeness(&model, &product) else { continue };
        let name: String = product.iter().copied().filter(|token| !mark::is(token)).collect();
        keys::product(maker, &name, key);
        // What a person confirmed is asked for already; what they rejected only resembled.
        if confirmed.contains(key) || rejected.contains(key) {
            continue;
        }
        match similar.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = closeness.min(*known),
            None => similar.push((key.clone(), closeness)),
        }
    }
    for (key, closeness) in similar {
        if let Some(list) = index.list(&key)? {
            found.lists.push((MatchMethod::DeviceProduct, closeness, list));
        }
    }
    Ok(found)
}

/// The software that the dictionary says the hardware runs.
fn by_software<'a>(
    index: &Index<'a>,
    key: &mut Vec<u8>,
    dictionary: &Dictionary,
    device: &Device<'_>,
    found: &mut DeviceLists<'a>,
) -> Result<(), IndexError> {
    for rule in dictionary.software_of(device.maker, device.model_text) {
        found.maker_known = true;
        let vendor = dictionary.maker(&rule.vendor);
        let product = dictionary.product(&vendor, &rule.product);
        keys::product(&vendor, &product, key);
        found.software.push(product);
        if let Some(list) = index.list(key)? {
            found.lists.push((MatchMethod::HardwareSoftware, Closeness::Equal, list));
        }
        let cpe = rule.cpe.as_deref().and_then(|text| Cpe::parse(text).ok());
        if let Some(cpe) = &cpe
            && let (Some(vendor), Some(product)) = (cpe.vendor().as_literal(), cpe.product().as_literal())
        {
            keys::cpe(vendor, product, key);
            if let Some(list) = index.list(key)? {
                found.lists.push((MatchMethod::HardwareSoftware, Closeness::Equal, list));
            }
        }
    }
    if found.software.is_empty() {
        let possible = dictionary.possible_software_of(device.maker, device.model_text);
        let names: Vec<String> = possible.map(|rule| format!("{} / {}", rule.vendor, rule.product)).collect();
        found.maker_known |= !names.is_empty();
        found.possible = (!names.is_empty()).then(|| names.join(", "));
    }
    Ok(())
}

/// The statements about a maker's product of exactly this name or model number.
pub(crate) fn find_named<'a>(
    index: &Index<'a>,
    key: &mut Vec<u8>,
    maker: &str,
    words: &[String],
) -> Result<Vec<(MatchMethod, List<'a>)>, IndexError> {
    let mut lists = Vec::new();
    let folded = words.concat();
    keys::product(maker, &folded, key);
    if let Some(list) = index.list(key)? {
        lists.push((MatchMethod::DeviceProduct, list));
    }
    keys::model(maker, &folded, key);
    if let Some(list) = index.list(key)? {
        lists.push((MatchMethod::DeviceModel, list));
    }
    Ok(lists)
}
