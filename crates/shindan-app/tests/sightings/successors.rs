//! A device that was replaced, and the one that has its place in the register now: neither is taken for the other.

use shindan_app::records::{control, devices, sightings};
use shindan_domain::device::{Device, DeviceState};
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::DeviceId;
use shindan_domain::sighting::{SightingImport, SightingKind, SightingState};

use crate::hospital::code;
use crate::{CT, World};

const KEY: &str = "id:d-001";
const NEW: &str = "00:80:92:11:50:99";

impl World {
    /// The tomograph was replaced: its old dossier, and that of the new one.
    fn replaced(name: &str) -> (World, DeviceId, DeviceId) {
        let mut world = World::new(name);
        let old = world.dossier(KEY);
        world.stop(old);
        let manager = world.hospital.manager.clone();
        world.confirm(old, &manager).unwrap();
        let (call, who) = (world.hospital.call(), world.operator());
        let gone = ("taken back by the maker".to_owned(), None);
        devices::dispose(&mut world.hospital.records, &who, &call, old, gone, &[]).unwrap();
        world.hospital.later(1);
        let asset = world.state::<Device>(old.0).asset;
        let (call, mut order) = (world.hospital.call(), devices::DeviceOrder::default());
        order.category = Some(shindan_domain::device::DeviceCategory::MedicalDevice);
        let new = devices::open(&mut world.hospital.records, &who, &call, asset, &order).unwrap();
        (world, old, DeviceId(new.stream.id))
    }

    fn with_mac(&mut self, id: DeviceId, mac: &str) {
        let (call, who) = (self.hospital.call(), self.operator());
        let order = devices::DeviceOrder { macs: Some(vec![mac.to_owned()]), ..Default::default() };
        let reason = "read off the plate".to_owned();
        devices::change(&mut self.hospital.records, &who, &call, id, &order, reason).unwrap();
    }

    fn unyo_gaps(&self) -> Vec<ReasonCode> {
        let report =
            control::report(&self.hospital.records, &self.operator(), None, self.hospital.now).unwrap();
        let line = report.lines.iter().find(|line| line.status.control == "unyo-8").unwrap();
        line.status.gaps.iter().map(|gap| gap.reason.code).collect()
    }
}

#[test]
fn a_register_that_was_not_kept_up_gives_the_new_device_nothing_of_the_old_one() {
    let (world, old, new) = World::replaced("not-kept-up");
    let network = world.state::<Device>(new.0).network;
    assert!(network.macs.is_empty() && network.serial.is_none(), "{network:?}");
    assert_eq!(
        network.addresses,
        world.state::<Device>(old.0).network.addresses,
        "its place has its address"
    );
}

#[test]
fn the_old_device_is_seen_behind_the_new_one() {
    let (mut world, old, new) = World::replaced("behind");
    world.with_mac(new, NEW);
    world.hospital.later(1);
    world.see(&[(CT.0, NEW)]);
    assert_eq!(world.all().len(), 0, "the new one at the address of the old one");
    // Nothing but the address that both have: the one in use.
    let table = world.hospital.file("by-address.csv", &format!("IP,vendor\n{},x\n", CT.0));
    let order = world.order(vec![table]);
    let done = world.import(&order).unwrap();
    assert_eq!(world.state::<SightingImport>(done.stream.id).compared.unwrap().0.known, 1);
    assert_eq!(world.all().len(), 0);

    world.hospital.later(1);
    world.see(&[("192.168.10.77", CT.1), (CT.0, NEW)]);
    let (id, sighting) = world.only(SightingKind::RetiredSeen);
    let suspect = sighting.found.device.clone().unwrap();
    assert_eq!((suspect.key.as_str(), suspect.stream.unwrap().id), (KEY, old.0));
    assert_eq!(world.state::<Device>(old.0).state(), DeviceState::SeenAgain);
    assert_eq!(world.state::<Device>(new.0).state(), DeviceState::InUse);
    let gaps = world.unyo_gaps();
    assert!(gaps.contains(&ReasonCode::ControlStillConnected), "{gaps:?}");

    // That the new one is in use closes nothing.
    let (call, who) = (world.hospital.call(), world.operator());
    let closed = sightings::close(&mut world.hospital.records, &who, &call, id);
    assert_eq!(code(closed), ReasonCode::SightingNeedsDisconnection);
    world.hospital.later(1);
    let photo = world.hospital.file("port.jpg", "the empty port");
    let (call, manager) = (world.hospital.call(), world.hospital.manager.clone());
    let order = devices::ConfirmOrder {
        means: shindan_domain::device::DisconnectionMeans::CableRemoved,
        how: "found it in the store room".to_owned(),
        checked: None,
        documents: vec![photo],
    };
    let word = shindan_app::records::WordGiven::Software;
    devices::confirm_disconnected(&mut world.hospital.records, &manager, &call, old, order, &word).unwrap();
    assert_eq!(world.only(SightingKind::RetiredSeen).1.state(), SightingState::Resolved);
    assert!(!world.unyo_gaps().contains(&ReasonCode::ControlStillConnected));

    // The new one goes the same way, with a record of its own.
    world.stop(new);
    world.hospital.later(1);
    world.see(&[(CT.0, NEW)]);
    let of_new: Vec<_> =
        world.of(SightingKind::RetiredSeen).into_iter().filter(|(_, one)| one.is_open()).collect();
    assert_eq!(of_new.len(), 1);
    assert_eq!(of_new[0].1.found.device.as_ref().and_then(|device| device.stream).unwrap().id, new.0);
    assert_ne!(of_new[0].0, id);
    assert_eq!(world.state::<Device>(old.0).state(), DeviceState::Disposed);
    world.check();
}

#[test]
fn what_was_open_about_the_old_device_stays_its_own() {
    let mut world = World::new("stays-its-own");
    let old = world.dossier(KEY);
    world.stop(old);
    world.hospital.later(1);
    world.see(&[CT]);
    let (id, before) = world.only(SightingKind::RetiredSeen);
    assert_eq!(before.found.identity, KEY);
    let manager = world.hospital.manager.clone();
    world.hospital.later(1);
    world.confirm(old, &manager).unwrap();
    let (call, who) = (world.hospital.call(), world.operator());
    let gone = ("scrapped".to_owned(), None);
    devices::dispose(&mut world.hospital.records, &who, &call, old, gone, &[]).unwrap();
    let asset = world.state::<Device>(old.0).asset;
    let (call, mut order) = (world.hospital.call(), devices::DeviceOrder::default());
    order.category = Some(shindan_domain::device::DeviceCategory::MedicalDevice);
    devices::open(&mut world.hospital.records, &who, &call, asset, &order).unwrap();
    world.hospital.later(1);
    world.see(&[CT]);
    let (again, sighting) = world.only(SightingKind::RetiredSeen);
    assert_eq!((again, sighting.is_open()), (id, true), "the same record, by its dossier");
    assert_eq!(world.state::<Device>(old.0).state(), DeviceState::SeenAgain);
    world.see(&[STRANGER]);
    assert!(world.only(SightingKind::RetiredSeen).1.is_open(), "not closed because a new device is in use");
    world.check();
}

const STRANGER: (&str, &str) = ("192.168.10.51", NEW);
