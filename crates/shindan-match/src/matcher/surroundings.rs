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
    /// Type, namespace and name → package URLs, with the versions that stand beside them.
    purls: FxHashMap<String, Vec<(Purl<'static>, Versions)>>,
    cpes: Vec<(Cpe, Versions)>,
    /// BOM-Links, and those of their documents.
    links: FxHashSet<String>,
    /// Folded product name or model → who bears it.
    names: FxHashMap<String, Vec<Bearer>>,
}

/// Somebody who bears a name.
#[derive(Debug, Default)]
struct Bearer {
    /// Folded; `None` where the maker is not stated.
    maker: Option<String>,
    versions: Versions,
}

/// The version and firmware of a component, as far as they are stated.
#[derive(Debug, Clone, Default)]
struct Versions([Option<String>; 2]);

impl Versions {
    fn of(component: &Component) -> Self {
        Versions([&component.version, &component.firmware].map(|text| text.as_deref().map(plain_version)))
    }

    /// True if the wanted version is one of these, or none is wanted. A version that is not stated is not the wanted
    /// one: what holds in one version only holds where that version is shown.
    fn are(&self, wanted: &str) -> bool {
        let wanted = plain_version(wanted);
        wanted.is_empty() || self.0.iter().flatten().any(|own| *own == wanted)
    }
}

/// A version without what differs between two hands that write the same.
fn plain_version(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    match lower.strip_prefix('v') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest.to_owned(),
        _ => lower,
    }
}

impl<'i> Surroundings<'i> {
    /// Those of a component of `inventory`.
    pub fn new(inventory: &'i Inventory) -> Self {
        Surroundings { inventory, platforms: OnceCell::new(), products: OnceCell::new() }
    }

    /// True if something depended on what the inventory holds.
    pub(crate) fn was_asked(&self) -> bool {
        self.platforms.get().is_some() || self.products.get().is_some()
    }

    /// True if something that may be this platform (a CPE name) is listed.
    pub fn has_platform(&self, platform: &str) -> bool {
        let names = self.platforms.get_or_init(|| {
            let texts = self.inventory.components.views().filter_map(|c| c.cpe);
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
        let mut programs = false;
        self.inventory.components.visit_all(|_, component| programs |= component.program);
        programs || names.iter().any(line)
    }

    /// True if the product is the inventory's subject or one of its components, in the version that the source names if
    /// it names one. Names decide only where the source gives no identifier; its BOM-Link is that of its own document and
    /// need not be known here.
    pub fn hold(&self, wanted: &Container<'_>) -> bool {
        let products = self.products.get_or_init(|| Products::of(self.inventory));
        if !wanted.bom_link.is_empty() && products.links.contains(wanted.bom_link) {
            return true;
        }
        if Purl::parse(wanted.purl).is_ok_and(|purl| products.has_package(&purl, wanted.version)) {
            return true;
        }
        let mut cpes = wanted.cpes.iter().filter_map(|text| Cpe::parse(text).ok());
        if cpes.any(|cpe| products.has_cpe(&cpe, wanted.version)) {
            return true;
        }
        let identified = !wanted.purl.is_empty() || !wanted.cpes.is_empty();
        !identified && products.has_name(wanted)
    }
}

impl Products {
    fn of(inventory: &Inventory) -> Self {
        let mut products = Products::default();
        if let Some(about) = inventory.about.as_deref() {
            products.add(about);
        }
        inventory.components.visit_all(|_, component| products.add(component));
        if let Some(subject) = &inventory.subject {
            // Beside what tells its version, the bare name adds nothing.
            if inventory.about.as_deref().is_none_or(|about| about.name != *subject) {
                products.names.entry(fold_product(subject)).or_default().push(Bearer::default());
            }
        }
        products
    }

    fn add(&mut self, component: &Component) {
        let versions = Versions::of(component);
        if let Some(purl) = component.purl.as_deref().and_then(|text| Purl::parse(text).ok()) {
            let known = self.purls.entry(package_of(&purl)).or_default();
            known.push((purl.into_owned(), versions.clone()));
        }
        if let Some(cpe) = component.cpe.as_deref().and_then(|text| Cpe::parse(text).ok()) {
            self.cpes.push((cpe, versions.clone()));
        }
        if let Some(link) = component.bom_link.as_deref() {
            self.links.insert(link.to_owned());
            self.links.extend(link.split_once('#').map(|(document, _)| document.to_owned()));
        }
        let maker = component.maker.as_deref().map(fold_maker);
        for name in [component.model.as_deref(), Some(&*component.name)].into_iter().flatten() {
            let bearer = Bearer { maker: maker.clone(), versions: versions.clone() };
            self.names.entry(fold_product(name)).or_default().push(bearer);
        }
    }

    /// The package, in the version if one is named, with every qualifier that is named.
    fn has_package(&self, wanted: &Purl<'_>, beside: &str) -> bool {
        let meant = |(purl, versions): &(Purl<'_>, Versions)| {
            let version = match wanted.version() {
                Some(version) => purl.version() == Some(version),
                None => {
                    beside.is_empty() || purl.version().map_or(versions.are(beside), |own| same(own, beside))
                }
            };
            version
                && wanted
                    .qualifiers()
                    .all(|(name, value)| purl.qualifier(&name).is_some_and(|own| own == value))
        };
        self.purls.get(&package_of(wanted)).is_some_and(|purls| purls.iter().any(meant))
    }

    /// A name that leaves open whether it is the product does not show it.
    fn has_cpe(&self, wanted: &Cpe, beside: &str) -> bool {
        let named = wanted.version().as_literal().is_some();
        self.cpes.iter().any(|(own, versions)| {
            let version = match own.version().as_literal() {
                _ if named => true,
                Some(own) => beside.is_empty() || same(own, beside) || versions.are(beside),
                None => versions.are(beside),
            };
            version && matches!(wanted.matches(own), Relation::Equal | Relation::Superset)
        })
    }

    fn has_name(&self, wanted: &Container<'_>) -> bool {
        let maker = fold_maker(wanted.vendor);
        let bears = |name: &str| -> Vec<&Bearer> {
            let bearers = self.names.get(name).map(Vec::as_slice).unwrap_or_default();
            bearers.iter().filter(|bearer| bearer.versions.are(wanted.version)).collect()
        };
        let names = wanted.models.iter().chain(std::iter::once(&wanted.product));
        names.filter(|name| !name.trim().is_empty()).any(|name| {
            let name = fold_product(name);
            let alone = bears(&name);
            let nobody = alone.iter().all(|bearer| bearer.maker.is_none());
            let fits = maker.is_empty()
                || nobody
                || alone.iter().any(|bearer| bearer.maker.as_ref() == Some(&maker));
            (!alone.is_empty() && fits) || (!maker.is_empty() && !bears(&format!("{maker}{name}")).is_empty())
        })
    }
}

fn same(own: &str, wanted: &str) -> bool {
    plain_version(own) == plain_version(wanted)
}

fn package_of(purl: &Purl<'_>) -> String {
    format!("{}/{}/{}", purl.kind(), purl.namespace().unwrap_or_default(), purl.name())
}
