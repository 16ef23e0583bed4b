//! What a person said once about a maker and model, so that it need not be asked again.
//!
//! The decisions are kept in the data folder and handed in; nothing here stores anything. A decision adds to what is
//! found by name, it never takes a product of the same name away; only names that merely *resemble* can be rejected.
//! Source: SPEC section ④-1 "Identity".

use rustc_hash::FxHashMap;
use shindan_domain::cpe::Cpe;
use shindan_domain::devices::{Confirmation, ConfirmedIdentity, PublishedProduct};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::keys;
use crate::names::Dictionary;

/// Every decision, ready for lookup by folded maker and model.
#[derive(Debug, Clone, Default)]
pub struct ConfirmedIdentities {
    known: FxHashMap<(String, String), Known>,
}

/// A decision about one folded maker and model.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// Keys under which the products are filed.
    pub(crate) keys: Vec<Vec<u8>>,
    /// The products, for people.
    pub(crate) names: Vec<String>,
    /// Why no product is named.
    pub(crate) by_hand: Option<String>,
    /// Keys of products that only resemble.
    pub(crate) rejected: Vec<Vec<u8>>,
}

impl ConfirmedIdentities {
    /// Prepares decisions for lookup. If two are about the same maker and model, the later one counts. A CPE name that
    /// cannot be read is reported and left out.
    pub fn new(dictionary: &Dictionary, confirmations: &[Confirmation]) -> (Self, Vec<Diagnostic>) {
        let mut identities = ConfirmedIdentities::default();
        let mut diagnostics = Vec::new();
        for confirmation in confirmations {
            let mut known = Known::default();
            match &confirmation.identity {
                ConfirmedIdentity::Products(products) => {
                    for product in products {
                        known.names.push(product.to_string());
                        known.keys.extend(key(dictionary, product, &mut diagnostics));
                    }
                }
                ConfirmedIdentity::JudgedByHand { reason } => known.by_hand = Some(reason.clone()),
            }
            for product in &confirmation.rejected {
                known.rejected.extend(key(dictionary, product, &mut diagnostics));
            }
            let folded = folded(dictionary, &confirmation.maker, &confirmation.model);
            identities.known.insert(folded, known);
        }
        (identities, diagnostics)
    }

    /// True if nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// True if somebody decided what this maker and model are.
    pub fn knows(&self, dictionary: &Dictionary, maker: &str, model: &str) -> bool {
        !self.is_empty() && self.known.contains_key(&folded(dictionary, maker, model))
    }

    /// The decision about a folded maker and model.
    pub(crate) fn get(&self, maker: &str, model: &str) -> Option<&Known> {
        if self.is_empty() { None } else { self.known.get(&(maker.to_owned(), model.to_owned())) }
    }
}

/// Maker and model so that every spelling of them meets.
fn folded(dictionary: &Dictionary, maker: &str, model: &str) -> (String, String) {
    let maker = dictionary.maker(maker);
    let model = dictionary.product(&maker, model);
    (maker, model)
}

fn key(
    dictionary: &Dictionary,
    product: &PublishedProduct,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<u8>> {
    let mut key = Vec::new();
    match product {
        PublishedProduct::Named { vendor, product } => {
            let (vendor, product) = folded(dictionary, vendor, product);
            keys::product(&vendor, &product, &mut key);
        }
        PublishedProduct::Cpe { cpe } => {
            let reason = match Cpe::parse(cpe) {
                Ok(parsed) => match (parsed.vendor().as_literal(), parsed.product().as_literal()) {
                    (Some(vendor), Some(product)) => {
                        keys::cpe(vendor, product, &mut key);
                        return Some(key);
                    }
                    _ => "vendor and product must be stated".to_owned(),
                },
                Err(error) => error.to_string(),
            };
            let told = Diagnostic::new(Code::CpeInvalid, Place::default());
            diagnostics.push(told.with("cpe", cpe).with("reason", reason));
            return None;
        }
    }
    Some(key)
}
