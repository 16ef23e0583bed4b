//! Products and their parts: every identifier that the document gives.
//!
//! Source: OpenVEX 0.2.0, "Product Data Structure", "Component Fields".

use serde_json::Value;
use shindan_domain::advisory::ProductRef;
use shindan_domain::diagnostic::Code;

use super::super::identified::{self, Identified};
use super::super::walk::text;
use crate::inventory::collector::Collector;
use crate::text::shorten;

/// A product or part, once for each identifier that it can be found by.
pub(super) struct Component {
    pub(super) names: Vec<Identified>,
    /// All of its identifiers in one, with their versions: what a part is within.
    pub(super) whole: ProductRef,
}

impl Component {
    /// True if nothing of it can be matched: it has a name of its own, or hashes only.
    pub(super) fn is_nameless(&self) -> bool {
        self.names.iter().all(|name| {
            let product = &name.product;
            product.purl.is_none() && product.cpes.is_empty() && product.bom_link.is_none()
        })
    }
}

/// Reads a component: a text (0.0.x) or an object.
pub(super) fn read(value: &Value, pointer: &str, found: &mut Collector<'_>) -> Component {
    let mut component = Component { names: Vec::new(), whole: ProductRef::default() };
    if let Some(id) = value.as_str().or_else(|| text(value, "@id")) {
        component.add(id.trim(), pointer, found);
    }
    if let Some(identifiers) = value.get("identifiers") {
        // The schema of 0.2.0 has `@cpe22`, its text `cpe22`.
        for key in ["purl", "cpe23", "cpe22", "@cpe23", "@cpe22"] {
            if let Some(id) = text(identifiers, key) {
                component.add(id, &format!("{pointer}/identifiers/{key}"), found);
            }
        }
    }
    component
}

impl Component {
    fn add(&mut self, id: &str, pointer: &str, found: &mut Collector<'_>) {
        let start = id.get(..4).unwrap_or_default().to_ascii_lowercase();
        let read = match start.as_str() {
            "pkg:" => identified::by_purl(id).map_err(|reason| (Code::PurlInvalid, "purl", reason)),
            "cpe:" => identified::by_cpe(id).map_err(|reason| (Code::CpeInvalid, "cpe", reason)),
            _ => Ok(other(id)),
        };
        match read {
            Ok(name) => {
                self.unite(id, &name);
                if !self.names.contains(&name) {
                    self.names.push(name);
                }
            }
            Err((code, field, reason)) => {
                let diagnostic = found.at_field(code, pointer).with(field, shorten(id, 200));
                found.push(diagnostic.with("reason", reason));
            }
        }
    }

    fn unite(&mut self, id: &str, name: &Identified) {
        let whole = &mut self.whole;
        let product = &name.product;
        if product.purl.is_some() && whole.purl.is_none() {
            whole.purl = Some(id.to_owned());
        }
        whole
            .cpes
            .extend(product.cpes.iter().filter(|cpe| !whole.cpes.contains(cpe)).cloned().collect::<Vec<_>>());
        whole.bom_link = whole.bom_link.take().or_else(|| product.bom_link.clone());
        whole.product = whole.product.take().or_else(|| product.product.clone());
    }
}

/// A BOM-Link, or a name that only its maker understands; it is kept because a person will ask.
fn other(id: &str) -> Identified {
    let link = id.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("urn:cdx:"));
    let product = if link {
        ProductRef { bom_link: Some(crate::bom_link::normalise(id)), ..ProductRef::default() }
    } else {
        ProductRef { product: Some(shorten(id, 400)), ..ProductRef::default() }
    };
    Identified { product, version: None }
}
