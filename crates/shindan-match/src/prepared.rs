//! An inventory with everything that is made once for all its parts.

use std::sync::Arc;

use shindan_domain::inventory::{Asset, Component, ComponentRef, Inventory};

use crate::index::layout::IndexError;
use crate::index::own::OwnStatements;
use crate::index::read::Index;
use crate::known::Known;

/// One inventory, ready to be judged in parts.
#[derive(Debug)]
pub struct Prepared<'i> {
    inventory: &'i Inventory,
    assets: Vec<Arc<Asset>>,
    /// What it states itself; `None` if nothing.
    own: Option<OwnStatements<'i>>,
}

impl<'i> Prepared<'i> {
    /// Files what the inventory states itself.
    ///
    /// # Errors
    /// [`IndexError`] if the index is damaged where it is read.
    pub fn new(inventory: &'i Inventory, index: &Index<'_>) -> Result<Self, IndexError> {
        let own = match inventory.opinions.as_slice() {
            [] => None,
            opinions => Some(OwnStatements::new(&inventory.path, opinions, index)?),
        };
        let assets = inventory.assets.iter().cloned().map(Arc::new).collect();
        Ok(Prepared { inventory, assets, own })
    }

    /// Numbers of the vulnerabilities that only the inventory knows, under this identifier in any case.
    pub fn find(&self, identifier: &str) -> Vec<u32> {
        self.own.as_ref().map(|own| own.find(identifier)).unwrap_or_default()
    }

    /// The inventory.
    pub fn inventory(&self) -> &'i Inventory {
        self.inventory
    }

    /// All that is known about it.
    pub(crate) fn known<'a>(&'a self, index: Index<'a>) -> Known<'a> {
        Known { index, own: self.own.as_ref() }
    }

    /// Every asset, in the order of the inventory.
    pub(crate) fn assets(&self) -> &[Arc<Asset>] {
        &self.assets
    }

    pub(crate) fn asset(&self, component: &Component) -> Option<&Arc<Asset>> {
        component.asset.and_then(|n| self.assets.get(n as usize))
    }

    /// How many assets with components nobody is named to patch. A host with two hundred programs is one.
    pub(crate) fn unsettled_assets(&self) -> usize {
        let mut meant = vec![false; self.assets.len()];
        if meant.is_empty() {
            return 0;
        }
        self.inventory.components.visit_all(|_, component| {
            if let Some(meant) = component.asset.and_then(|number| meant.get_mut(number as usize)) {
                *meant = true;
            }
        });
        let open = |(asset, meant): (&Arc<Asset>, bool)| meant && asset.patched_by.is_none();
        self.assets.iter().zip(meant).filter(|pair| open(*pair)).count()
    }

    /// What the inventory describes, if it is not among its components.
    pub(crate) fn unlisted_whole(&self) -> Option<&'i Component> {
        let whole = self.inventory.about.as_deref()?;
        let listed = |c: ComponentRef<'_>| c.name == whole.name && c.pointer.is(&whole.pointer);
        (!self.inventory.components.views().any(listed)).then_some(whole)
    }
}
