//! What is known: assets of the register, dossiers of devices, and what people said unknown devices are.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use shindan_domain::device::{Device, DeviceStage, Disconnection, NetworkIdentity};
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
    let registered = register::shared(&DataFolder::new(records.root()))?;
    let mut devices: BTreeMap<String, KnownDevice> =
        registered.assets.iter().map(|(key, known)| (key.clone(), of_register(key, known))).collect();
    for (id, asset) in records.all::<MasterData<Asset>>()? {
        if let Some(device) = devices.get_mut(&asset.particulars.key) {
            device.stream = Some(Stream::new(Kind::Asset, id));
            device.label.clone_from(&asset.particulars.name);
        }
    }
    let mut dossiers: BTreeMap<String, Vec<(Stream, Device)>> = BTreeMap::new();
    for (id, dossier) in records.all::<Device>()? {
        dossiers.entry(dossier.key.clone()).or_default().push((Stream::new(Kind::Device, id), dossier));
    }
    let mut former: BTreeMap<String, Vec<KnownDevice>> = BTreeMap::new();
    for (key, dossiers) in dossiers {
        let device = devices.entry(key.clone()).or_insert_with(|| nothing_known(&key));
        former.insert(key, add_dossiers(device, dossiers));
    }
    for (_, sighting) in records.all::<Sighting>()? {
        if let SightingStage::Registered { key, at, .. } = &sighting.stage {
            let before = former.get_mut(key).and_then(|former| stood_there(former, *at));
            if let Some(device) = before.or_else(|| devices.get_mut(key)) {
                device.is_also(&sighting.found.identity);
            }
        }
    }
    for device in former.into_values().flatten() {
        devices.insert(device.key.clone(), device);
    }
    Ok(devices.into_values().collect())
}

/// The device that a person calls so: by its key, its number or its name. `None` if there is none.
///
/// # Errors
/// [`RecordsError::Ambiguous`].
pub(super) fn called(records: &Records, called: &str) -> Result<Option<(String, String)>, RecordsError> {
    let called = called.trim();
    let registered = register::shared(&DataFolder::new(records.root()))?;
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

/// Adds the dossiers of one key of the register, oldest first, and gives back the devices that had its place before: those
/// that are gone while another one is in use, else all but the last one. Each is a device of its own, with what its own
/// dossier says; the register speaks of the present one.
fn add_dossiers(device: &mut KnownDevice, dossiers: Vec<(Stream, Device)>) -> Vec<KnownDevice> {
    let (mut present, mut gone): (Vec<_>, Vec<_>) =
        dossiers.into_iter().partition(|(_, dossier)| matches!(dossier.stage, DeviceStage::InUse { .. }));
    if present.is_empty() {
        present.extend(gone.pop());
    }
    let of_dossier = |(stream, dossier): &(Stream, Device)| {
        let mut former = nothing_known(&dossier.key);
        former.key = KnownDevice::former_key(&dossier.key, *stream);
        add_dossier(&mut former, *stream, dossier);
        former
    };
    let former: Vec<KnownDevice> = gone.iter().map(of_dossier).collect();
    // A register that was not kept up shows the old device still: what identifies that one is not the new one's.
    for one in &former {
        device.macs.retain(|mac| !one.macs.contains(mac));
        device.serial.take_if(|serial| one.serial.as_ref().is_some_and(|old| is_same_serial(old, serial)));
    }
    for (stream, dossier) in &present {
        add_dossier(device, *stream, dossier);
    }
    former
}

/// What the register knows of the network, without what identifies a device that had its place before: a register that was
/// not kept up shows that one still, and a sighting of the old device must not count as the new one. A person may enter it.
pub(in crate::records) fn not_of_former(
    records: &Records,
    key: &str,
    of_register: Option<NetworkIdentity>,
) -> Result<NetworkIdentity, RecordsError> {
    let mut network = of_register.unwrap_or_default();
    for (_, former) in records.all::<Device>()?.iter().filter(|(_, device)| device.key == key) {
        network.macs.retain(|mac| !former.network.macs.contains(mac));
        let old = former.network.serial.as_deref();
        network.serial.take_if(|serial| old.is_some_and(|old| is_same_serial(old, serial)));
    }
    Ok(network)
}

/// True if two cells name the same serial number.
fn is_same_serial(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Of devices that had a place in the register, oldest first: the one that was not out of use yet at a time.
fn stood_there(former: &mut [KnownDevice], at: Timestamp) -> Option<&mut KnownDevice> {
    former.iter_mut().find(|device| match device.state {
        KnownState::Retired { since: Some(since), .. } => since >= at,
        KnownState::Retired { since: None, .. } | KnownState::InUse => false,
    })
}

fn nothing_known(key: &str) -> KnownDevice {
    KnownDevice {
        stream: None,
        key: key.to_owned(),
        register_key: key.to_owned(),
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
        register_key: key.to_owned(),
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
