//! What the rule of ⑤-1 looks at: systems with their devices and agreements as they stood at the end of a day.

use jiff::civil::Date;
use shindan_domain::agreement::{Agreement, Covered, Needing, ServiceFacts, Thing, Version};
use shindan_domain::control::{AgreementFact, RecordRef, ServiceFact};
use shindan_domain::device::{Device, DeviceState, LineConnection};
use shindan_domain::ledger::Kind;
use shindan_domain::organisation::{Asset, MasterData, Patcher, ServiceState, System};
use shindan_domain::record_id::SystemId;
use uuid::Uuid;

use super::facts::AsOf;

/// Systems with devices that need an agreement, with agreements, or with assets and lines that no agreement covers.
pub(super) fn services(all: &AsOf, installation: Uuid, day: Date) -> Vec<ServiceFact> {
    let current = all.systems.iter().filter(|(_, system)| system.ended.is_none());
    let of_systems = current.filter_map(|(id, system)| service(all, *id, system, day));
    of_systems.chain(of_no_system(all, installation)).collect()
}

/// Assets and lines that belong to no system: an agreement is about a system, so that none covers them.
fn of_no_system(all: &AsOf, installation: Uuid) -> Option<ServiceFact> {
    let mut found = nothing(all.reference(Kind::Installation, installation, String::new), false, false);
    covered(all, None, &devices_of(all, None), &[], &mut found);
    let something = !found.patching_not_agreed.is_empty() || !found.line_not_agreed.is_empty();
    something.then_some(found)
}

fn nothing(record: RecordRef, in_service: bool, needs_agreement: bool) -> ServiceFact {
    ServiceFact {
        record,
        in_service,
        needs_agreement,
        agreements: Vec::new(),
        patching_not_agreed: Vec::new(),
        patching_contradicts: Vec::new(),
        line_not_agreed: Vec::new(),
        line_contradicts: Vec::new(),
    }
}

fn devices_of(all: &AsOf, system: Option<SystemId>) -> Vec<(&Uuid, &Device)> {
    all.devices.iter().filter(|(_, device)| device.system == system).collect()
}

fn service(all: &AsOf, id: Uuid, system: &MasterData<System>, day: Date) -> Option<ServiceFact> {
    let devices = devices_of(all, Some(SystemId(id)));
    let needing: Vec<Needing> = devices.iter().filter_map(|(_, device)| Needing::of(device)).collect();
    let agreements: Vec<(&Uuid, &Agreement)> =
        all.agreements.iter().filter(|(_, agreement)| agreement.system == SystemId(id)).collect();
    let System { operator, provider, service, name, .. } = &system.particulars;
    let (operator, provider, service) = (*operator, *provider, *service);
    let needs_agreement = !needing.is_empty();
    let facts = ServiceFacts { operator, provider, service, devices: needing, agreements: Vec::new() };
    let fact = |(id, agreement): &(&Uuid, &Agreement)| AgreementFact {
        record: all.reference(Kind::Agreement, **id, || agreement.content.title.clone()),
        standing: facts.standing(agreement, day),
    };
    let record = all.reference(Kind::System, id, || name.clone());
    let mut found = nothing(record, service == ServiceState::InService, needs_agreement);
    found.agreements = agreements.iter().map(fact).collect();
    let turns = agreements.iter().filter(|(_, agreement)| !agreement.is_ended());
    let turns: Vec<(&Agreement, &Version)> =
        turns.filter_map(|(_, one)| Some((*one, one.version_on(day)?))).collect();
    covered(all, Some(SystemId(id)), &devices, &turns, &mut found);
    let something = needs_agreement
        || !agreements.is_empty()
        || !found.patching_not_agreed.is_empty()
        || !found.line_not_agreed.is_empty();
    something.then_some(found)
}

/// What several agreements say: one that fits is enough, and one that contradicts counts before one that says nothing.
fn best(answers: impl Iterator<Item = Covered>) -> Covered {
    let mut best = Covered::No;
    for answer in answers {
        match answer {
            Covered::AsRecorded => return Covered::AsRecorded,
            Covered::Contradicted { .. } => best = answer,
            Covered::No => {}
        }
    }
    best
}

fn covered(
    all: &AsOf,
    system: Option<SystemId>,
    devices: &[(&Uuid, &Device)],
    turns: &[(&Agreement, &Version)],
    found: &mut ServiceFact,
) {
    let of_system = |asset: &MasterData<Asset>| asset.ended.is_none() && asset.particulars.system == system;
    for (id, asset) in all.assets.iter().filter(|(_, asset)| of_system(asset)) {
        let Asset { key, name, patcher, .. } = &asset.particulars;
        let device = devices.iter().find(|(_, device)| device.asset.0 == *id).map(|(_, device)| *device);
        if device.is_some_and(is_gone) {
            continue;
        }
        let thing = Thing { key, name, category: device.map(|device| device.category) };
        let patcher = match patcher {
            Patcher::Party(party) => Some(*party),
            // Who patches it is to be settled by a day: a gap of its own, and nothing to compare with.
            Patcher::ToBeSettled(_) => None,
        };
        let answer = best(turns.iter().map(|(one, version)| one.patching(version, thing, patcher)));
        let record = all.reference(Kind::Asset, *id, || name.clone());
        file(answer, record, &mut found.patching_not_agreed, &mut found.patching_contradicts);
    }
    for (id, device) in devices.iter().filter(|(_, device)| !is_gone(device)) {
        let line = device.remote_line.as_ref();
        let Some(line) = line.filter(|line| line.connection != LineConnection::Cut) else { continue };
        let thing = Thing { key: &device.key, name: &device.name, category: Some(device.category) };
        let answer = best(turns.iter().map(|(one, version)| one.line(version, thing, line.owner)));
        let record = all.reference(Kind::Device, **id, || device.name.clone());
        file(answer, record, &mut found.line_not_agreed, &mut found.line_contradicts);
    }
}

fn is_gone(device: &Device) -> bool {
    matches!(device.state(), DeviceState::Disconnected | DeviceState::Disposed)
}

fn file(answer: Covered, record: RecordRef, not: &mut Vec<RecordRef>, contradicts: &mut Vec<RecordRef>) {
    match answer {
        Covered::AsRecorded => {}
        Covered::Contradicted { .. } => contradicts.push(record),
        Covered::No => not.push(record),
    }
}
