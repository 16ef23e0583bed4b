//! What is known: assets of the register, dossiers of devices, and what people said unknown devices are.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::device::{Device, DeviceStage, Disconnection};
use shindan_domain::inventory::Asset as RegisterAsset;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, MasterData};
use shindan_domain::register::RegisteredAsset;
use shindan_domain::sighting::{KnownDevice, KnownState, MacAddress, Sighting, SightingStage};

use crate::data_folder::DataFolder;
use crate::records::{Records, RecordsError};
use crate::register;

/// Every device that is known, in the order of keys.
pub(super) fn devices(records: &Records) -> Result<Vec<KnownDevice>, RecordsError> {
    let registered = register::load(&DataFolder::new(records.root()))?;
    let mut devices: BTreeMap<String, KnownDevice> =
        registered.assets.iter().map(|(key, known)| (key.clone(), of_register(key, known))).collect();
    for (id, asset) in records.all::<MasterData<Asset>>()? {
        if let Some(device) = devices.get_mut(&asset.particulars.key) {
            device.stream = Some(Stream::new(Kind::Asset, id));
            device.label.clone_from(&asset.particulars.name);
        }
    }
    let mut dossiers = records.all::<Device>()?;
    // Of several dossiers of an asset the last one counts, and one whose device is in use before all.
    dossiers.sort_by_key(|(_, device)| matches!(device.stage, DeviceStage::InUse { .. }));
    for (id, dossier) in dossiers {
        let device = devices.entry(dossier.key.clone()).or_insert_with(|| nothing_known(&dossier.key));
        add_dossier(device, Stream::new(Kind::Device, id), &dossier);
    }
    for (_, sighting) in records.all::<Sighting>()? {
        if let SightingStage::Registered { key, .. } = &sighting.stage
            && let Some(device) = devices.get_mut(key)
        {
            device.is_also(&sighting.found.identity);
        }
    }
    Ok(devices.into_values().collect())
}

/// The device that a person calls so: by its key, its number or its name. `None` if there is none.
///
/// # Errors
/// [`RecordsError::Ambiguous`].
pub(super) fn called(records: &Records, called: &str) -> Result<Option<(String, String)>, RecordsError> {
    let called = called.trim();
    let registered = register::load(&DataFolder::new(records.root()))?;
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (key, known) in &registered.assets {
        let names = [known.asset.asset_id.as_str(), known.asset.label()];
        all.entry(key.clone()).or_default().extend(names.map(str::to_owned));
    }
    for (_, asset) in records.all::<MasterData<Asset>>()? {
        all.entry(asset.particulars.key).or_default().insert(asset.particulars.name);
    }
    for (_, device) in records.all::<Device>()? {
        all.entry(device.key).or_default().insert(device.name);
    }
    let label = |key: &str, names: &BTreeSet<String>| {
        names.iter().find(|name| !name.is_empty()).cloned().unwrap_or_else(|| key.to_owned())
    };
    if let Some(names) = all.get(called) {
        return Ok(Some((called.to_owned(), label(called, names))));
    }
    let mut found = all.iter().filter(|(_, names)| names.contains(called));
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some((key, _)), None) => Ok(Some((key.clone(), called.to_owned()))),
        (Some(first), Some(second)) => {
            let candidates =
                [first, second].into_iter().chain(found).take(8).map(|(key, _)| key.clone()).collect();
            Err(RecordsError::Ambiguous { called: called.to_owned(), candidates })
        }
    }
}

fn nothing_known(key: &str) -> KnownDevice {
    KnownDevice {
        stream: None,
        key: key.to_owned(),
        label: key.to_owned(),
        macs: BTreeSet::new(),
        serial: None,
        addresses: BTreeSet::new(),
        names: BTreeSet::new(),
        network: None,
        firmware: None,
        state: KnownState::InUse,
    }
}

/// What a ledger says. A cell may hold several addresses; what is none (`DHCP`) says nothing about the device.
fn of_register(key: &str, known: &RegisteredAsset) -> KnownDevice {
    let asset: &RegisterAsset = &known.asset;
    let parts = |cell: &Option<String>| -> Vec<String> {
        let cell = cell.clone().unwrap_or_default();
        let split =
            cell.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '、' | '，' | '／'));
        split.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    // A cell that is no address is listed by the import of the ledger; here it identifies nothing.
    let macs = parts(&asset.mac).into_iter().filter_map(|part| part.parse::<MacAddress>().ok());
    let addresses = parts(&asset.address).iter().filter_map(|part| part.parse::<IpAddr>().ok()).collect();
    let label = Some(asset.label()).filter(|label| !label.is_empty()).unwrap_or(key);
    KnownDevice {
        stream: None,
        key: key.to_owned(),
        label: label.to_owned(),
        macs: macs.filter(|mac| mac.is_device()).collect(),
        serial: asset.serial.clone(),
        addresses,
        names: asset.host.iter().cloned().collect(),
        network: asset.zone.clone(),
        firmware: asset.firmware.clone(),
        state: match asset.retired {
            true => KnownState::Retired { since: None, disconnected: None },
            false => KnownState::InUse,
        },
    }
}

/// The dossier adds what it knows, and knows better how the device stands.
fn add_dossier(device: &mut KnownDevice, stream: Stream, dossier: &Device) {
    let identity = &dossier.network;
    device.stream = Some(stream);
    device.label.clone_from(&dossier.name);
    device.macs.extend(&identity.macs);
    if identity.dhcp || !identity.addresses.is_empty() {
        device.addresses.clone_from(&identity.addresses);
    }
    device.names.extend(identity.host_names.iter().cloned());
    device.serial = identity.serial.clone().or(device.serial.take());
    device.firmware = identity.firmware.clone().or(device.firmware.take());
    let is_retired_in_register =
        matches!(device.state, KnownState::Retired { since: None, disconnected: None });
    let looked = |disconnection: &Disconnection| Some(disconnection.checked);
    let (stop, disconnected) = match &dossier.stage {
        // What the register calls retired stays so, even if nobody has told the dossier: it should not be seen.
        DeviceStage::InUse { .. } => {
            if !is_retired_in_register {
                device.state = KnownState::InUse;
            }
            return;
        }
        DeviceStage::Stopped { stop } => (stop, None),
        DeviceStage::Disconnected { stop, disconnection }
        | DeviceStage::Disposed { stop, disconnection, .. } => (stop, looked(disconnection)),
        DeviceStage::SeenAgain { stop, refuted, .. } => (stop, looked(refuted)),
    };
    device.state = KnownState::Retired { since: Some(stop.since), disconnected };
}
