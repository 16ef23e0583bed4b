//! Sightings from end to end, on files made by this test: what is written, what is refused, and that dossier and sighting are
//! never apart.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

#[path = "../cases/hospital.rs"]
#[allow(dead_code)] // shared with the tests of cases, which use the rest
mod hospital;

mod successors;
mod words;

use std::path::PathBuf;

use jiff::Timestamp;
use shindan_app::data_folder::DataFolder;
use shindan_app::error::AppError;
use shindan_app::records::devices::{self, ConfirmOrder, DeviceOrder};
use shindan_app::records::kept::keep;
use shindan_app::records::sightings::{self, ImportOrder, TakenWhen};
use shindan_app::records::{Done, Entered, RecordsError, WordGiven, control, ledger};
use shindan_app::register::{self, ImportOptions};
use shindan_domain::comparison::KeptPart;
use shindan_domain::device::{Device, DeviceCategory, DeviceState, DisconnectionMeans, StopKind};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, Patcher};
use shindan_domain::process::{Process, ReasonCode};
use shindan_domain::record_id::{AssetId, DeviceId, PartyId, SightingId};
use shindan_domain::sighting::{Sighting, SightingImport, SightingKind, SightingState};
use uuid::Uuid;

use crate::hospital::{Hospital, code};

const LEDGER: &str = "管理番号,種別,メーカー,型番,製造番号,バージョン,ネットワーク,ホスト名,IPアドレス,MACアドレス,状態\n\
    D-001,医療機器,Example,CT-9,SN1,V3.1.2,ward,ct-01,192.168.10.50,00:80:92:11:50:10,使用中\n\
    D-002,サーバ,Dell,R640,SN2,,ward,pacs01,192.168.10.35,00:0c:29:5e:10:35,廃棄\n\
    D-003,端末,Dell,OptiPlex,SN3,,lab,lab-pc,DHCP,00:0c:29:5e:30:02,使用中\n";

struct World {
    hospital: Hospital,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl World {
    fn new(name: &str) -> World {
        let mut hospital = Hospital::new(&format!("sightings-{name}"));
        let ledger = hospital.file("ledger.csv", LEDGER);
        let data = DataFolder::new(hospital.records.root());
        let (call, who) = (hospital.call(), hospital.operator.clone());
        keep(&mut hospital.records, &who, &call, KeptPart::Register, |author| {
            register::import(&data, &ledger, &ImportOptions::default(), Some(author), call.now)
        })
        .unwrap();
        World { hospital }
    }

    fn operator(&self) -> Entered {
        self.hospital.operator.clone()
    }

    /// An ARP table of these addresses, taken now.
    fn arp(&self, name: &str, entries: &[(&str, &str)]) -> PathBuf {
        let lines: Vec<String> = entries
            .iter()
            .map(|(address, mac)| format!("{address} dev eth0 lladdr {mac} REACHABLE\n"))
            .collect();
        self.hospital.file(name, &lines.concat())
    }

    fn order(&self, files: Vec<PathBuf>) -> ImportOrder {
        ImportOrder {
            files,
            network: Some("ward".to_owned()),
            ranges: Vec::new(),
            taken: Some(TakenWhen::At(self.hospital.now)),
            absent_days: None,
        }
    }

    fn import(&mut self, order: &ImportOrder) -> Result<Done, RecordsError> {
        let (call, who) = (self.hospital.call(), self.operator());
        sightings::import(&mut self.hospital.records, &who, &call, order).map(|(done, _)| done)
    }

    fn see(&mut self, entries: &[(&str, &str)]) -> Done {
        let name = format!("{}.txt", self.hospital.now.as_second());
        let file = self.arp(&name, entries);
        let order = self.order(vec![file]);
        self.import(&order).unwrap()
    }

    fn state<P: Process>(&self, id: Uuid) -> P {
        let record = self.hospital.records.store().record(Stream::new(P::KIND, id)).unwrap().unwrap();
        serde_json::from_slice(&record.state).unwrap()
    }

    fn all(&self) -> Vec<(SightingId, Sighting)> {
        let mut all = Vec::new();
        let mut take = |stream: Stream, state: &[u8]| {
            all.push((SightingId(stream.id), serde_json::from_slice(state).unwrap()));
        };
        self.hospital.records.store().each_state(Kind::Sighting, &mut take).unwrap();
        all
    }

    fn of(&self, kind: SightingKind) -> Vec<(SightingId, Sighting)> {
        self.all().into_iter().filter(|(_, one)| one.found.kind == kind).collect()
    }

    fn only(&self, kind: SightingKind) -> (SightingId, Sighting) {
        let mut all = self.of(kind);
        assert_eq!(all.len(), 1, "{kind}");
        all.remove(0)
    }

    /// A dossier of a registered device.
    fn dossier(&mut self, key: &str) -> DeviceId {
        let party = PartyId(Uuid::from_u128(1));
        let asset = AssetId(self.hospital.keep(Asset {
            key: key.to_owned(),
            name: key.to_uppercase(),
            system: None,
            environment: None,
            owner: party,
            patcher: Patcher::Party(party),
        }));
        let (call, who) = (self.hospital.call(), self.operator());
        let order = DeviceOrder {
            category: Some(DeviceCategory::MedicalDevice),
            name: None,
            macs: None,
            addresses: None,
            host_names: None,
            serial: None,
            firmware: None,
            support_ends: None,
        };
        DeviceId(devices::open(&mut self.hospital.records, &who, &call, asset, &order).unwrap().stream.id)
    }

    fn stop(&mut self, id: DeviceId) {
        let (call, who) = (self.hospital.call(), self.operator());
        let reason = ("replaced".to_owned(), None);
        devices::stop(&mut self.hospital.records, &who, &call, id, StopKind::Stopped, reason).unwrap();
    }

    fn confirm(&mut self, id: DeviceId, who: &Entered) -> Result<Done, RecordsError> {
        self.confirm_as_of(id, who, None)
    }

    fn confirm_as_of(
        &mut self,
        id: DeviceId,
        who: &Entered,
        checked: Option<Timestamp>,
    ) -> Result<Done, RecordsError> {
        let call = self.hospital.call();
        let order = ConfirmOrder {
            means: DisconnectionMeans::CableRemoved,
            how: "looked at the port".to_owned(),
            checked,
            documents: Vec::new(),
        };
        devices::confirm_disconnected(&mut self.hospital.records, who, &call, id, order, &WordGiven::Software)
    }

    /// The ledger holds, and leads to the states that there are.
    fn check(self) {
        let checked = ledger::verify(&self.hospital.records, &[], true).unwrap();
        assert!(checked.is_whole(), "{checked:?}");
    }
}

const CT: (&str, &str) = ("192.168.10.50", "00:80:92:11:50:10");
const GUEST: (&str, &str) = ("192.168.10.99", "00:0c:29:77:77:77");

#[test]
fn the_same_file_again_writes_nothing_and_only_operators_import() {
    let mut world = World::new("again");
    let file = world.arp(
        "a.txt",
        &[CT, GUEST, ("192.168.10.35", "00:0c:29:5e:10:35"), ("224.0.0.1", "01:00:5e:00:00:01")],
    );
    let order = world.order(vec![file.clone()]);
    let (call, auditor) = (world.hospital.call(), world.hospital.auditor.clone());
    assert_eq!(
        code(sightings::import(&mut world.hospital.records, &auditor, &call, &order)),
        ReasonCode::RoleMissing
    );
    assert_eq!(world.all().len(), 0);

    let done = world.import(&order).unwrap();
    let import: SightingImport = world.state(done.stream.id);
    let (counts, by, _) = import.compared.clone().unwrap();
    assert_eq!((counts.seen, counts.known, counts.opened.len(), by), (3, 2, 2, world.operator().person()));
    assert_eq!((import.files[0].observed, import.files[0].skipped, import.files[0].unreadable), (3, 1, 0));
    assert!(world.hospital.records.store().has_document(&import.files[0].document.sha256).unwrap());
    world.only(SightingKind::UnknownDevice);
    let (_, retired) = world.only(SightingKind::RetiredSeen);
    assert_eq!(retired.found.identity, "id:d-002");

    let again = world.import(&order).unwrap();
    assert_eq!((again.stream, again.entries), (done.stream, None));
    // The same table under another name, twice in one import: it is known by its content.
    let copy = world.hospital.file("copy.txt", &std::fs::read_to_string(&file).unwrap());
    let twice = ImportOrder { files: vec![copy, file], ..order.clone() };
    assert_eq!(world.import(&twice).unwrap().entries, None);
    // At another time it is another look at the network.
    let later = world.order(twice.files);
    assert_ne!(world.import(&later).unwrap().stream, done.stream);
    assert_eq!(world.all().len(), 2);
    world.check();
}

#[test]
fn what_cannot_be_read_or_dated_writes_nothing() {
    let mut world = World::new("unreadable");
    let good = world.arp("good.txt", &[CT]);
    let bad = world.hospital.file("bad.txt", "nothing of the kind\n");
    let empty = world.hospital.file("empty.csv", "MAC,IP\n");
    for file in [bad, empty] {
        let order = world.order(vec![good.clone(), file]);
        let answer = world.import(&order);
        assert!(matches!(answer, Err(RecordsError::App(AppError::FilesUnreadable(_)))), "{answer:?}");
    }
    let undated = ImportOrder { taken: None, ..world.order(vec![good.clone()]) };
    assert_eq!(code(world.import(&undated)), ReasonCode::SightingTakenMissing);
    for taken in [TakenWhen::At(at("2030-01-01T00:00:00Z")), TakenWhen::On("2030-01-01".parse().unwrap())] {
        let future = ImportOrder { taken: Some(taken), ..world.order(vec![good.clone()]) };
        assert_eq!(code(world.import(&future)), ReasonCode::DateInFuture);
    }
    let (call, who) = (world.hospital.call(), world.operator());
    let nothing = sightings::compare(&mut world.hospital.records, &who, &call, None);
    assert_eq!(code(nothing), ReasonCode::SightingNothingImported);
    let mut imports = 0;
    world.hospital.records.store().each_state(Kind::SightingImport, &mut |_, _| imports += 1).unwrap();
    assert_eq!(imports, 0);
    // A register in which nothing can be recognised: everything would be unknown.
    let mut bare = World { hospital: Hospital::new("sightings-bare") };
    let file = bare.arp("a.txt", &[CT]);
    let order = bare.order(vec![file]);
    assert_eq!(code(bare.import(&order)), ReasonCode::SightingRegisterEmpty);
}

#[test]
fn a_retired_device_that_is_seen_is_closed_by_nothing_but_a_later_disconnection() {
    let mut world = World::new("retired");
    let device = world.dossier("id:d-001");
    world.see(&[CT]);
    assert_eq!(world.all().len(), 0, "it is in use");
    world.stop(device);
    world.hospital.later(1);
    world.see(&[CT]);
    let (id, sighting) = world.only(SightingKind::RetiredSeen);
    assert!(sighting.is_open());
    let (call, who) = (world.hospital.call(), world.operator());
    let until = ("spare part".to_owned(), "2026-12-31".parse().unwrap());
    let explained = sightings::explain(&mut world.hospital.records, &who, &call, id, until, &[]);
    assert_eq!(code(explained), ReasonCode::SightingNeedsDisconnection);
    let call = world.hospital.call();
    let closed = sightings::close(&mut world.hospital.records, &who, &call, id);
    assert_eq!(code(closed), ReasonCode::SightingNeedsDisconnection);

    let (colleague, manager) = (world.hospital.colleague.clone(), world.hospital.manager.clone());
    // Who looked before it was seen saw nothing that counts.
    let early = world.hospital.now.checked_sub(jiff::SignedDuration::from_hours(12)).unwrap();
    let refused = world.confirm_as_of(device, &colleague, Some(early));
    assert_eq!(code(refused), ReasonCode::SightingNeedsDisconnection);
    assert_eq!(world.state::<Device>(device.0).state(), DeviceState::Stopped);
    world.confirm(device, &colleague).unwrap();
    assert_eq!(world.only(SightingKind::RetiredSeen).1.state(), SightingState::Resolved, "in the same act");
    assert_eq!(world.state::<Device>(device.0).state(), DeviceState::Disconnected);

    // A file from before the look is no news; one from after it is an alarm of both records, in one act.
    let old = world.arp("old.txt", &[CT, GUEST]);
    let order =
        ImportOrder { taken: Some(TakenWhen::At(at("2026-11-02T00:00:30Z"))), ..world.order(vec![old]) };
    world.import(&order).unwrap();
    assert_eq!(world.state::<Device>(device.0).state(), DeviceState::Disconnected);
    world.hospital.later(3);
    let done = world.see(&[CT]);
    assert!(world.only(SightingKind::RetiredSeen).1.is_open());
    assert_eq!(world.state::<Device>(device.0).state(), DeviceState::SeenAgain);
    let import: SightingImport = world.state(done.stream.id);
    assert_eq!(import.compared.unwrap().0.reopened, [id]);
    let report = control::report(&world.hospital.records, &who, None, world.hospital.now).unwrap();
    let line = report.lines.iter().find(|line| line.status.control == "unyo-8").unwrap();
    let gaps: Vec<ReasonCode> = line.status.gaps.iter().map(|gap| gap.reason.code).collect();
    assert!(gaps.contains(&ReasonCode::ControlRetiredSeen), "{gaps:?}");
    assert!(gaps.contains(&ReasonCode::ControlUnknownDevices), "{gaps:?}");

    world.hospital.later(1);
    world.confirm(device, &manager).unwrap();
    assert!(!world.only(SightingKind::RetiredSeen).1.is_open());
    world.check();
}

#[test]
fn an_unknown_device_is_registered_or_explained_until_a_day() {
    let mut world = World::new("unknown");
    let other = ("192.168.10.98", "00:0c:29:77:77:78");
    world.see(&[CT, GUEST, other]);
    let all = world.of(SightingKind::UnknownDevice);
    assert_eq!(all.len(), 2);
    let find = |world: &World, mac: &str| {
        let identity = format!("mac:{mac}");
        world.all().into_iter().find(|(_, one)| one.found.identity == identity).unwrap()
    };
    let (guest, second) = (find(&world, GUEST.1).0, find(&world, other.1).0);
    let (call, who) = (world.hospital.call(), world.operator());
    let absent = sightings::register(&mut world.hospital.records, &who, &call, guest, Some("D-999"));
    assert_eq!(code(absent), ReasonCode::SightingAssetUnknown);
    let call = world.hospital.call();
    let nobody = sightings::register(&mut world.hospital.records, &who, &call, guest, None);
    assert_eq!(code(nobody), ReasonCode::SightingAssetUnknown);
    let call = world.hospital.call();
    sightings::register(&mut world.hospital.records, &who, &call, guest, Some("D-003")).unwrap();
    let call = world.hospital.call();
    let until = ("guest of the director".to_owned(), "2026-11-10".parse().unwrap());
    sightings::explain(&mut world.hospital.records, &who, &call, second, until, &[]).unwrap();

    world.hospital.later(2);
    let done = world.see(&[CT, GUEST, other]);
    let import: SightingImport = world.state(done.stream.id);
    let counts = import.compared.unwrap().0;
    assert_eq!((counts.known, counts.found), (2, 1), "what was registered is known from then on");
    assert_eq!(find(&world, GUEST.1).1.state(), SightingState::Registered);
    assert_eq!(find(&world, other.1).1.state(), SightingState::Explained);

    world.hospital.later(10);
    world.see(&[CT, GUEST, other]);
    assert_eq!(find(&world, other.1).1.state(), SightingState::Open, "the explanation counted until its day");
    assert_eq!(find(&world, GUEST.1).1.state(), SightingState::Registered);
    assert_eq!(world.all().len(), 2);
    world.check();
}

#[test]
fn missing_is_what_a_watched_network_did_not_show() {
    let mut world = World::new("missing");
    world.see(&[GUEST]);
    world.hospital.later(20);
    world.see(&[GUEST]);
    let compare = |world: &mut World, days| {
        let (call, who) = (world.hospital.call(), world.operator());
        sightings::compare(&mut world.hospital.records, &who, &call, Some(days)).unwrap()
    };
    let done = compare(&mut world, 30);
    assert_eq!(world.of(SightingKind::NotSeen).len(), 0, "the network has not been watched for thirty days");
    let import: SightingImport = world.state(done.stream.id);
    let doubts = import.compared.unwrap().0.doubts;
    let about =
        |code| doubts.iter().find(|doubt| doubt.code == code).map(|doubt| doubt.params["examples"].clone());
    assert_eq!(about(ReasonCode::SightingWatchedTooShort).as_deref(), Some("D-001"));
    assert_eq!(
        about(ReasonCode::SightingNotWatched).as_deref(),
        Some("D-003"),
        "the lab was never looked at"
    );

    world.hospital.later(15);
    let file = world.arp("third.txt", &[GUEST]);
    let order = ImportOrder { absent_days: Some(30), ..world.order(vec![file]) };
    world.import(&order).unwrap();
    assert_eq!(world.only(SightingKind::NotSeen).1.found.identity, "id:d-001");
    assert_eq!(compare(&mut world, 30).entries, None, "nothing new");

    world.hospital.later(1);
    world.see(&[CT]);
    assert_eq!(world.only(SightingKind::NotSeen).1.state(), SightingState::Resolved);
    // Twenty days later it was seen in the last thirty days, in an earlier file.
    world.hospital.later(20);
    let file = world.arp("fourth.txt", &[GUEST]);
    let order = ImportOrder { absent_days: Some(30), ..world.order(vec![file]) };
    world.import(&order).unwrap();
    assert_eq!(world.only(SightingKind::NotSeen).1.state(), SightingState::Resolved);
    world.check();
}

#[test]
fn a_version_that_was_seen_is_recorded_in_the_dossier() {
    let mut world = World::new("version");
    let table = |version: &str| format!("MAC,IP,firmware\n{},{},{version}\n", CT.1, CT.0);
    let file = world.hospital.file("v.csv", &table("V3.1.2"));
    let order = world.order(vec![file]);
    world.import(&order).unwrap();
    assert_eq!(world.all().len(), 0);
    let file = world.hospital.file("w.csv", &table("V3.2.0"));
    let order = world.order(vec![file]);
    world.import(&order).unwrap();
    let (id, sighting) = world.only(SightingKind::FirmwareChanged);
    assert_eq!(sighting.found.registered.as_deref(), Some("V3.1.2"));
    let (call, who) = (world.hospital.call(), world.operator());
    let reason = "updated by the maker";
    let without = sightings::accept_version(&mut world.hospital.records, &who, &call, id, reason);
    assert_eq!(code(without), ReasonCode::SightingNoDossier);
    let device = world.dossier("id:d-001");
    let call = world.hospital.call();
    sightings::accept_version(&mut world.hospital.records, &who, &call, id, reason).unwrap();
    assert_eq!(world.state::<Device>(device.0).network.firmware.as_deref(), Some("V3.2.0"));
    assert_eq!(world.state::<Sighting>(id.0).state(), SightingState::Resolved);
    world.import(&order).unwrap();
    assert_eq!(world.only(SightingKind::FirmwareChanged).1.state(), SightingState::Resolved);
    world.check();
}
