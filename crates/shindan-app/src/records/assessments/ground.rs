//! What a run is held against: permitted targets, and what is never scanned.

use core::net::IpAddr;
use std::collections::BTreeSet;

use jiff::Timestamp;
use shindan_domain::assessment::{
    AssessmentPlan, ClinicalNetwork, Ground, Protected, ProtectedKind, Resolved, ScanTargets, Target,
};
use shindan_domain::device::{Device, DeviceCategory};
use shindan_domain::inventory::AssetKind;
use shindan_domain::organisation::{Environment, MasterData, Purpose};
use shindan_domain::record_id::EnvironmentId;
use shindan_domain::sighting::IpRange;

use crate::data_folder::DataFolder;
use crate::records::sightings::whereabouts;
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
    production: Vec<Target>,
    resolved: Resolved,
}

impl GroundNow {
    /// Reads it as it is `now`. `targets`: what is to be scanned, to look its names up.
    pub(super) fn read<'t>(
        records: &Records,
        plan: AssessmentPlan,
        environment: Option<EnvironmentId>,
        targets: impl IntoIterator<Item = &'t Target>,
        (resolver, now): (Resolver<'_>, Timestamp),
    ) -> Result<Self, RecordsError> {
        let permitted = match environment {
            Some(environment) => permitted(records, environment)?,
            None => Vec::new(),
        };
        let production = production(records)?;
        let mut resolved = resolve(targets, resolver);
        resolved.extend(resolve(&production, resolver));
        Ok(GroundNow {
            deliverables: plan.deliverables.keys().cloned().collect(),
            plan,
            permitted,
            protected: protected(records, now)?,
            production,
            resolved,
        })
    }

    /// For commands of the domain.
    pub(super) fn ground(&self) -> Ground<'_> {
        Ground {
            application: self.plan.draft.application,
            deliverables: &self.deliverables,
            permitted: &self.permitted,
            protected: &self.protected,
            production: &self.production,
            resolved: &self.resolved,
        }
    }

    /// The first host name of these targets that could not be looked up.
    pub(super) fn unresolved<'t>(&self, targets: &'t BTreeSet<Target>) -> Option<&'t str> {
        let mut names = targets.iter().filter_map(Target::host);
        names.find(|host| host.parse::<IpAddr>().is_err() && !self.resolved.contains_key(*host))
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

/// What may be scanned in environments that are production.
fn production(records: &Records) -> Result<Vec<Target>, RecordsError> {
    let mut all = Vec::new();
    for (_, list) in records.all::<ScanTargets>()? {
        let environment = records.existing::<MasterData<Environment>>(list.environment)?.particulars;
        if environment.purpose == Purpose::Production {
            all.extend(list.targets.into_iter().map(|one| one.target));
        }
    }
    Ok(all)
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
/// protected, too: what is still connected there is a medical device. One that is known by its hardware address is protected where that was
/// seen, last and lately ([`whereabouts`]).
pub(super) fn protected(records: &Records, now: Timestamp) -> Result<Vec<Protected>, RecordsError> {
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
    let mut medical = BTreeSet::new();
    for (_, device) in records.all::<Device>()? {
        if device.category == DeviceCategory::MedicalDevice {
            medical.insert(device.key.clone());
            all.push(Protected {
                kind: ProtectedKind::MedicalDevice,
                ranges: device.network.addresses.iter().copied().filter_map(single).collect(),
                hosts: device.network.host_names.clone(),
                name: device.name,
            });
        }
    }
    let registered = register::load(&DataFolder::new(records.root()))?;
    for (key, known) in &registered.assets {
        let asset = &known.asset;
        if asset.kind != Some(AssetKind::MedicalDevice) {
            continue;
        }
        medical.insert(key.clone());
        all.push(Protected {
            kind: ProtectedKind::MedicalDevice,
            name: asset.label().to_owned(),
            ranges: ranges(asset.address.as_deref().unwrap_or_default()),
            hosts: hosts(asset.host.as_deref().unwrap_or_default()),
        });
    }
    for (name, addresses) in whereabouts(records, |key| medical.contains(key), now)? {
        all.push(Protected {
            kind: ProtectedKind::MedicalDevice,
            name,
            ranges: addresses.into_iter().filter_map(single).collect(),
            hosts: BTreeSet::new(),
        });
    }
    Ok(all)
}

fn words(cell: &str) -> impl Iterator<Item = &str> {
    let between = |letter: char| letter.is_whitespace() || ",;、，；／".contains(letter);
    cell.split(between).filter(|word| !word.is_empty())
}

/// The host names in a cell of the register, as targets are written.
fn hosts(cell: &str) -> BTreeSet<String> {
    let name = |word: &str| match word.parse() {
        Ok(Target::Host(host)) => Some(host),
        _ => None,
    };
    words(cell).filter_map(name).collect()
}

/// The addresses in a cell of the register: single ones, whole networks, an address with the length of its network (only the address is
/// meant), with a port, or several with `/` between them.
fn ranges(cell: &str) -> Vec<IpRange> {
    let single = |word: &str| word.parse().ok().and_then(|address| IpRange::new(address, address));
    let mut all = Vec::new();
    for word in words(cell) {
        let (before, after) = word.split_once('/').unwrap_or((word, ""));
        // A word that is no address says nothing about one: cells hold remarks, too, and a host name is read beside this.
        let range = word.parse::<IpRange>().ok();
        let with_port = || single(word.rsplit_once(':')?.0.trim_matches(['[', ']']));
        match (range, single(before)) {
            (Some(range), Some(address)) if range.first() != address.first() => all.push(address),
            (Some(range), _) => all.push(range),
            (None, Some(address)) => all.extend([Some(address), single(after)].into_iter().flatten()),
            (None, None) => all.extend(with_port()),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_register_are_read_as_people_write_them() {
        for (cell, read) in [
            ("192.0.2.10", "192.0.2.10/32"),
            ("192.0.2.10/24", "192.0.2.10/32"),
            ("192.0.2.0/24", "192.0.2.0/24"),
            ("192.0.2.10:104", "192.0.2.10/32"),
            ("192.0.2.10/192.0.2.11", "192.0.2.10/32 192.0.2.11/32"),
            ("192.0.2.10、 2001:db8::1", "192.0.2.10/32 2001:db8::1/128"),
            ("192.0.2.10-12", "192.0.2.10-192.0.2.12"),
            ("[2001:db8::1]:104", "2001:db8::1/128"),
            ("DHCP", ""),
        ] {
            let ranges: Vec<String> = ranges(cell).iter().map(ToString::to_string).collect();
            assert_eq!(ranges.join(" "), read, "{cell}");
        }
        assert_eq!(hosts("CT-01, 192.0.2.1"), BTreeSet::from(["ct-01".to_owned()]));
    }
}
