//! Looking a device up in the index, by every name under which advisories may mean it.

use shindan_domain::cpe::Cpe;
use shindan_domain::finding::MatchMethod;

use crate::closeness::{Closeness, closeness};
use crate::index::layout::IndexError;
use crate::index::read::{Index, List};
use crate::keys;
use crate::names::Dictionary;

/// What the index holds about a device.
pub(crate) struct DeviceLists<'a> {
    /// True if some advisory or rule names the maker.
    pub maker_known: bool,
    /// Statements about products that are, or may be, the device.
    pub lists: Vec<(MatchMethod, Closeness, List<'a>)>,
}

/// Finds the statements about a device: by the software it runs, its product name, its model number, and names that
/// resemble it.
pub(crate) fn find_device<'a>(
    index: &Index<'a>,
    key: &mut Vec<u8>,
    dictionary: &Dictionary,
    maker: &str,
    model_text: &str,
    words: &[String],
) -> Result<DeviceLists<'a>, IndexError> {
    let mut found = find_named(index, key, maker, words)?;
    let mut lists = Vec::new();
    for rule in dictionary.software_of(maker, model_text) {
        found.maker_known = true;
        let vendor = dictionary.maker(&rule.vendor);
        keys::product(&vendor, &dictionary.product(&vendor, &rule.product), key);
        if let Some(list) = index.list(key)? {
            lists.push((MatchMethod::HardwareSoftware, Closeness::Equal, list));
        }
        let cpe = rule.cpe.as_deref().and_then(|text| Cpe::parse(text).ok());
        if let Some(cpe) = &cpe
            && let (Some(vendor), Some(product)) = (cpe.vendor().as_literal(), cpe.product().as_literal())
        {
            keys::cpe(vendor, product, key);
            if let Some(list) = index.list(key)? {
                lists.push((MatchMethod::HardwareSoftware, Closeness::Equal, list));
            }
        }
    }
    lists.append(&mut found.lists);
    Ok(DeviceLists { lists, ..found })
}

/// Finds the statements about a maker's product of this name or model number, and of names that resemble it.
pub(crate) fn find_named<'a>(
    index: &Index<'a>,
    key: &mut Vec<u8>,
    maker: &str,
    words: &[String],
) -> Result<DeviceLists<'a>, IndexError> {
    let mut lists = Vec::new();
    let mut maker_known = false;
    let folded = words.concat();
    keys::product(maker, &folded, key);
    if let Some(list) = index.list(key)? {
        lists.push((MatchMethod::DeviceProduct, Closeness::Equal, list));
    }
    keys::model(maker, &folded, key);
    if let Some(list) = index.list(key)? {
        lists.push((MatchMethod::DeviceModel, Closeness::Equal, list));
    }
    keys::maker(maker, key);
    if let Some(products) = index.list(key)? {
        maker_known = true;
        for product in products.texts() {
            let product: Vec<&str> = product?.split(' ').collect();
            let Some(closeness) = closeness(words, &product) else { continue };
            keys::product(maker, &product.concat(), key);
            if let Some(list) = index.list(key)? {
                lists.push((MatchMethod::DeviceProduct, closeness, list));
            }
        }
    }
    Ok(DeviceLists { maker_known, lists })
}
