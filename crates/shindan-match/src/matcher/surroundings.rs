//! What else an inventory holds, for statements that depend on it: platforms beside which they hold, products inside
//! which alone they hold.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};
use shindan_domain::cpe::{Cpe, Relation};
use shindan_domain::inventory::{Component, Inventory};
use shindan_domain::purl::Purl;

use crate::index::posting::Container;
use crate::names::{fold_maker, fold_product};

/// Windows as such.
const WINDOWS: &str = "cpe:2.3:o:microsoft:windows:*:*:*:*:*:*:*:*";

/// One inventory, read for this as far as it is asked.
#[derive(Debug)]
pub struct Surroundings<'i> {
    inventory: &'i Inventory,
    platforms: OnceCell<Vec<Cpe>>,
    products: OnceCell<Products>,
}

/// The products of an inventory, its subject among them, by the identities that sources use.
#[derive(Debug, Default)]
struct Products {
    /// Type, namespace and name → package URLs.
    purls: FxHashMap<String, Vec<Purl<'static>>>,
    cpes: Vec<Cpe>,
    /// BOM-Links, and those of their documents.
    links: FxHashSet<String>,
    /// Folded product name or model → folded makers; empty where the maker is not stated.
    names: FxHashMap<String, Vec<String>>,
}

impl<'i> Surroundings<'i> {
    /// Those of a component of `inventory`.
    pub fn new(inventory: &'i Inventory) -> Self {
        Surroundings { inventory, platforms: OnceCell::new(), products: OnceCell::new() }
    }

    /// True if something that may be this platform (a CPE name) is listed.
    pub fn has_platform(&self, platform: &str) -> bool {
        let names = self.platforms.get_or_init(|| {
            let texts = self.inventory.components.iter().filter_map(|c| c.cpe.as_deref());
            let mut names: Vec<Cpe> = texts.filter_map(|text| Cpe::parse(text).ok()).collect();
            if self.is_windows(&names) {
                names.extend(Cpe::parse(WINDOWS).ok());
            }
            names
        });
        Cpe::parse(platform)
            .is_ok_and(|wanted| names.iter().any(|name| wanted.matches(name) != Relation::Disjoint))
    }

    /// Programs of Windows, or a Windows of any line: advisories name it without one.
    fn is_windows(&self, names: &[Cpe]) -> bool {
        let line = |cpe: &Cpe| {
            cpe.vendor().as_literal() == Some("microsoft")
                && cpe.product().as_literal().is_some_and(|product| product.starts_with("windows_"))
        };
        self.inventory.components.iter().any(|component| component.program) || names.iter().any(line)
    }

    /// True if the product is the inventory's subject or one of its components. Names decide only where the source
    /// gives no identifier; its BOM-Link is that of its own document and need not be known here.
    pub fn hold(&self, wanted: &Container<'_>) -> bool {
        let products = self.products.get_or_init(|| Products::of(self.inventory));
        if !wanted.bom_link.is_empty() && products.links.contains(wanted.bom_link) {
            return true;
        }
        if Purl::parse(wanted.purl).is_ok_and(|purl| products.has_package(&purl)) {
            return true;
        }
        if wanted.cpes.iter().filter_map(|text| Cpe::parse(text).ok()).any(|cpe| products.has_cpe(&cpe)) {
            return true;
        }
        let identified = !wanted.purl.is_empty() || !wanted.cpes.is_empty();
        !identified && products.has_name(wanted)
    }
}

impl Products {
    fn of(inventory: &Inventory) -> Self {
        let mut products = Products::default();
        for component in inventory.about.as_deref().into_iter().chain(&inventory.components) {
            products.add(component);
        }
        if let Some(subject) = &inventory.subject {
            products.names.entry(fold_product(subject)).or_default();
        }
        products
    }

    fn add(&mut self, component: &Component) {
        if let Some(purl) = component.purl.as_deref().and_then(|text| Purl::parse(text).ok()) {
            self.purls.entry(package_of(&purl)).or_default().push(purl.into_owned());
        }
        self.cpes.extend(component.cpe.as_deref().and_then(|text| Cpe::parse(text).ok()));
        if let Some(link) = component.bom_link.as_deref() {
            self.links.insert(link.to_owned());
            self.links.extend(link.split_once('#').map(|(document, _)| document.to_owned()));
        }
        let maker = component.maker.as_deref().map(fold_maker);
        for name in [component.model.as_deref(), Some(&*component.name)].into_iter().flatten() {
            let makers = self.names.entry(fold_product(name)).or_default();
            makers.extend(maker.clone().filter(|maker| !makers.contains(maker)));
        }
    }

    /// The package, in the version if one is named, with every qualifier that is named.
    fn has_package(&self, wanted: &Purl<'_>) -> bool {
        let same = |purl: &Purl<'_>| {
            wanted.version().is_none_or(|version| purl.version() == Some(version))
                && wanted
                    .qualifiers()
                    .all(|(name, value)| purl.qualifier(&name).is_some_and(|own| own == value))
        };
        self.purls.get(&package_of(wanted)).is_some_and(|purls| purls.iter().any(same))
    }

    /// A name that leaves open whether it is the product does not show it.
    fn has_cpe(&self, wanted: &Cpe) -> bool {
        self.cpes.iter().any(|own| matches!(wanted.matches(own), Relation::Equal | Relation::Superset))
    }

    fn has_name(&self, wanted: &Container<'_>) -> bool {
        let maker = fold_maker(wanted.vendor);
        let names = wanted.models.iter().chain(std::iter::once(&wanted.product));
        names.filter(|name| !name.trim().is_empty()).any(|name| {
            let alone = self.names.get(&fold_product(name));
            let with_maker = self.names.contains_key(&format!("{maker}{}", fold_product(name)));
            let fits =
                |makers: &Vec<String>| maker.is_empty() || makers.is_empty() || makers.contains(&maker);
            alone.is_some_and(fits) || (!maker.is_empty() && with_maker)
        })
    }
}

fn package_of(purl: &Purl<'_>) -> String {
    format!("{}/{}/{}", purl.kind(), purl.namespace().unwrap_or_default(), purl.name())
}
