//! End of support within a check: what is due makes a finding, what is to come is noted.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::finding::{Decided, Finding, Undetermined, VulnerabilityFacts};
use shindan_domain::inventory::{Asset, Component, Inventory, SharedComponent};

use super::{Run, urgency};
use crate::support::{self, OfLedger, Support};

/// Where in the list of components the date of each asset is looked at: at the first component of it.
pub(crate) struct DatedAssets {
    first: FxHashSet<usize>,
    /// Numbers of assets that no component stands for.
    alone: Vec<usize>,
}

impl DatedAssets {
    pub(crate) fn of(inventory: &Inventory) -> Self {
        let mut dated = DatedAssets { first: FxHashSet::default(), alone: Vec::new() };
        if inventory.assets.iter().all(|asset| asset.support_end.is_none()) {
            return dated;
        }
        let mut seen = FxHashSet::default();
        inventory.components.visit_all(|position, component| {
            if let Some(asset) = component.asset
                && seen.insert(asset as usize)
            {
                dated.first.insert(position);
            }
        });
        dated.alone = (0..inventory.assets.len()).filter(|number| !seen.contains(number)).collect();
        dated
    }
}

impl DatedAssets {
    /// Where a date is looked at, in no order.
    pub(crate) fn positions(&self) -> impl Iterator<Item = usize> {
        self.first.iter().copied()
    }
}

impl Run<'_> {
    /// Looks at the dates of assets that no component stands for.
    pub(crate) fn support_of_lone_assets(&mut self, dated: &DatedAssets, assets: &[Arc<Asset>]) {
        for asset in dated.alone.iter().filter_map(|&number| assets.get(number)) {
            let names: Vec<&str> =
                [&asset.maker, &asset.model].into_iter().flatten().map(String::as_str).collect();
            let name = if names.is_empty() { asset.asset_id.clone() } else { names.join(" ") };
            let component = Component {
                name,
                version: asset.firmware.clone(),
                maker: asset.maker.clone(),
                model: asset.model.clone(),
                firmware: asset.firmware.clone(),
                ..Component::default()
            };
            self.support_of_asset(&component, asset);
        }
    }

    /// Looks at the date that the ledger gives for an asset, if `position` is where that is done.
    pub(crate) fn support_at(
        &mut self,
        dated: &DatedAssets,
        position: usize,
        component: &Component,
        asset: Option<&Arc<Asset>>,
    ) {
        if let Some(asset) = asset.filter(|_| dated.first.contains(&position)) {
            self.support_of_asset(component, asset);
        }
    }

    fn support_of_asset(&mut self, component: &Component, asset: &Arc<Asset>) {
        // Who asks about one published vulnerability does not ask about this.
        if self.question.only.is_some() {
            return;
        }
        match support::of_ledger(self.inventory, component, asset, self.question.today) {
            None => {}
            Some(OfLedger::Soon(note)) => self.outcome.notes.push((self.input, note)),
            Some(OfLedger::Unreadable(params)) => {
                self.unreadable_support_end(&component.clone().into(), Some(asset), None, params);
            }
            Some(OfLedger::Ended(facts, grounds)) => {
                let decided: Decided = (self.question.prioritise)(&facts, Some(asset));
                let finding = Finding {
                    vulnerability: facts,
                    component: component.clone().into(),
                    asset: Some(Arc::clone(asset)),
                    input: self.input,
                    grounds,
                    decided: Arc::new(decided),
                };
                self.outcome.findings.push(urgency(&finding), finding);
            }
        }
    }

    /// False for an end of support that is still to come; one that comes soon is noted.
    pub(super) fn is_due(
        &mut self,
        facts: &Arc<VulnerabilityFacts>,
        component: &SharedComponent,
        asset: Option<&Arc<Asset>>,
    ) -> bool {
        let first_without = facts.support_end.as_deref().unwrap_or_default();
        match support::of_facts(facts, self.question.today) {
            None | Some(Support::Ended) => return true,
            Some(Support::Goes) => {}
            Some(Support::EndsSoon(days)) => {
                let note = support::ends_soon(self.inventory, component, first_without, days);
                self.outcome.notes.push((self.input, note));
            }
            Some(Support::Unreadable) => {
                let params = Params::from([("value".to_owned(), first_without.to_owned())]);
                self.unreadable_support_end(component, asset, Some(facts), params);
            }
        }
        false
    }

    /// True for a doubt about an end of support that is still far.
    pub(super) fn is_far(&self, facts: Option<&Arc<VulnerabilityFacts>>) -> bool {
        facts.is_some_and(|f| support::of_facts(f, self.question.today) == Some(Support::Goes))
    }

    fn unreadable_support_end(
        &mut self,
        component: &SharedComponent,
        asset: Option<&Arc<Asset>>,
        facts: Option<&Arc<VulnerabilityFacts>>,
        params: Params,
    ) {
        self.outcome.undetermined.push(Undetermined {
            component: component.clone(),
            asset: asset.cloned(),
            input: self.input,
            vulnerability: facts.cloned(),
            advisory: None,
            code: Code::SupportEndUnreadable,
            params: Arc::new(params),
        });
    }
}
