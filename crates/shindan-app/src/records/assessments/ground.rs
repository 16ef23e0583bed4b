//! What a run is held against: permitted targets, and what is never scanned.

use core::net::IpAddr;
use std::collections::BTreeSet;

use shindan_domain::assessment::{
    AssessmentPlan, ClinicalNetwork, Ground, Protected, ProtectedKind, Resolved, ScanTargets, Target,
};
use shindan_domain::device::{Device, DeviceCategory};
use shindan_domain::inventory::AssetKind;
use shindan_domain::record_id::EnvironmentId;
use shindan_domain::sighting::IpRange;

use crate::data_folder::DataFolder;
use crate::records::{Records, RecordsError};
use crate::register;

/// Looks host names up. `None`: the name is not known here.
pub type Resolver<'a> = &'a dyn Fn(&str) -> Option<BTreeSet<IpAddr>>;

/// What a run is held against, as it is now.
#[derive(Debug)]
pub(super) struct GroundNow {
    plan: AssessmentPlan,
    deliverables: BTreeSet<String>,
    permitted: Vec<Target>,
    protected: Vec<Protected>,
    resolved: Resolved,
}

impl GroundNow {
    /// Reads it. `targets`: what is to be scanned, to look its names up.
    pub(super) fn read<'t>(
        records: &Records,
        plan: AssessmentPlan,
        environment: Option<EnvironmentId>,
        targets: impl IntoIterator<Item = &'t Target>,
        resolver: Resolver<'_>,
    ) -> Result<Self, RecordsError> {
        let permitted = match environment {
            Some(environment) => permitted(records, environment)?,
            None => Vec::new(),
        };
        Ok(GroundNow {
            deliverables: plan.deliverables.keys().cloned().collect(),
            plan,
            permitted,
            protected: protected(records)?,
            resolved: resolve(targets, resolver),
        })
    }

    /// For commands of the domain.
    pub(super) fn ground(&self) -> Ground<'_> {
        Ground {
            application: self.plan.draft.application,
            deliverables: &self.deliverables,
            permitted: &self.permitted,
            protected: &self.protected,
            resolved: &self.resolved,
        }
    }

    /// The addresses of one target; `None` for a name that could not be looked up, and for a range of several.
    pub(super) fn addresses(&self, target: &Target) -> Option<BTreeSet<IpAddr>> {
        match target {
            Target::Range(range) => (range.addresses() == 1).then(|| BTreeSet::from([range.first()])),
            target => {
                let host = target.host()?;
                match host.parse() {
                    Ok(address) => Some(BTreeSet::from([address])),
                    Err(_) => self.resolved.get(host).cloned(),
                }
            }
        }
    }
}

fn permitted(records: &Records, environment: EnvironmentId) -> Result<Vec<Target>, RecordsError> {
    let list = records.state::<ScanTargets>(environment)?;
    Ok(list.map(|(_, list)| list.targets.into_iter().map(|one| one.target).collect()).unwrap_or_default())
}

/// The addresses of the names of targets.
pub(super) fn resolve<'t>(targets: impl IntoIterator<Item = &'t Target>, resolver: Resolver<'_>) -> Resolved {
    let names: BTreeSet<&str> = targets.into_iter().filter_map(Target::host).collect();
    let names = names.into_iter().filter(|host| host.parse::<IpAddr>().is_err());
    names.filter_map(|host| Some((host.to_owned(), resolver(host)?))).collect()
}

/// What is never scanned: clinical networks, and medical devices by dossier and register. One that is stopped or disposed of is
/// protected, too: what is still connected there is a medical device.
pub(super) fn protected(records: &Records) -> Result<Vec<Protected>, RecordsError> {
    let single = |address: IpAddr| IpRange::new(address, address);
    let mut all = Vec::new();
    for (_, network) in records.all::<ClinicalNetwork>()? {
        if network.ended.is_none() {
            all.push(Protected {
                kind: ProtectedKind::ClinicalNetwork,
                name: network.name,
                ranges: vec![network.range],
                hosts: BTreeSet::new(),
            });
        }
    }
    for (_, device) in records.all::<Device>()? {
        if device.category == DeviceCategory::MedicalDevice {
            all.push(Protected {
                kind: ProtectedKind::MedicalDevice,
                ranges: device.network.addresses.iter().copied().filter_map(single).collect(),
                hosts: device.network.host_names.clone(),
                name: device.name,
            });
        }
    }
    let registered = register::load(&DataFolder::new(records.root()))?;
    for known in registered.assets.values() {
        let asset = &known.asset;
        if asset.kind != Some(AssetKind::MedicalDevice) {
            continue;
        }
        let words = asset.address.as_deref().unwrap_or_default();
        let words = words.split(|letter: char| letter.is_whitespace() || ",;、／/".contains(letter));
        all.push(Protected {
            kind: ProtectedKind::MedicalDevice,
            name: asset.label().to_owned(),
            ranges: words.filter_map(|word| word.parse().ok()).filter_map(single).collect(),
            hosts: BTreeSet::new(),
        });
    }
    Ok(all)
}
