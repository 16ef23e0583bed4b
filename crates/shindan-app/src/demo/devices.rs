//! Devices that nobody owned, and who does what about them (⑤-1, システム運用編 8).
//!
//! - A faulty monitor was said to be disconnected; the switch still sees it. The alarm stays open.
//! - A maintenance line that belongs to nobody.
//! - A data exchange in which nothing would notice alteration opens a case.
//! - A service with medical devices is not put in service before both sides have confirmed who does what; the vendor
//!   confirms in an installation of its own, by sealed files.

use jiff::civil::Date;
use shindan_domain::agreement::{Remark, Stance};
use shindan_domain::device::{DisconnectionMeans, LineConnection, LineKind, RemoteLine, StopKind};
use shindan_domain::inquiry::Way;
use shindan_domain::interface::{Direction, InterfaceDraft};
use shindan_domain::ledger::Kind;
use shindan_domain::organisation::{Asset, Patcher, ServiceState, System};
use shindan_domain::record_id::{AgreementId, AssetId, DeviceId, SightingId, SystemId};
use shindan_store::Query;

use super::cast::{Cast, administrator, approver, colleague, manager, operator};
use super::story::{HOSPITAL_NAME, VENDOR_NAME, Works};
use super::vendor::Vendor;
use crate::clock::day_in_japan;
use crate::records::agreement_files;
use crate::records::agreements::{self, NewAgreement};
use crate::records::devices::{self, ConfirmOrder, DeviceOrder};
use crate::records::sightings::{self, ImportOrder, TakenWhen};
use crate::records::{RecordsError, WordGiven, interfaces, organisation, people};

/// The service with monitors.
pub(super) const MONITORS: &str = "生体情報モニタ";

/// What the switch of the monitors' network told: the monitor of the emergency room, the one of intensive care, and a device
/// that nobody knows.
const NEIGHBOURS: &str = "192.0.2.52 dev vlan30 lladdr 00:00:5e:00:53:03 REACHABLE
192.0.2.51 dev vlan30 lladdr 00:00:5e:00:53:02 REACHABLE
192.0.2.77 dev vlan30 lladdr 00:00:5e:00:53:77 STALE
";

/// What can be looked at.
pub(super) struct Roles {
    pub sighting: SightingId,
    pub agreement: AgreementId,
}

impl Works {
    /// What happened about devices and roles.
    ///
    /// # Errors
    /// Those of the use cases; a step that should be refused and is not.
    pub(super) fn devices_and_roles(&mut self) -> Result<Roles, RecordsError> {
        let monitors = SystemId(self.cast.keep(System {
            name: MONITORS.to_owned(),
            operator: self.hospital,
            provider: self.provider,
            sites: Vec::new(),
            service: ServiceState::Preparing,
        })?);
        self.device("MO-02", monitors, Some("00:00:5e:00:53:02"))?;
        let faulty = self.device("MO-03", monitors, Some("00:00:5e:00:53:03"))?;
        self.line_without_an_owner()?;
        let sighting = self.still_seen(faulty)?;
        let agreement = self.agreed(monitors)?;
        self.unprotected_interface()?;
        Ok(Roles { sighting, agreement })
    }

    /// An asset of the register with its dossier.
    fn device(
        &mut self,
        number: &str,
        system: SystemId,
        mac: Option<&str>,
    ) -> Result<DeviceId, RecordsError> {
        let (key, name) = organisation::asset_of_register(&self.cast.records, number)?;
        let (owner, patcher) = (self.hospital, Patcher::Party(self.provider));
        let asset = Asset { key, name, system: Some(system), environment: None, owner, patcher };
        let done = self
            .cast
            .step(manager, |records, who, call| organisation::enter_asset(records, who, call, asset))?;
        let asset = AssetId(done.stream.id);
        let order = DeviceOrder { macs: mac.map(|mac| vec![mac.to_owned()]), ..DeviceOrder::default() };
        let done = self
            .cast
            .step(operator, |records, who, call| devices::open(records, who, call, asset, &order))?;
        Ok(DeviceId(done.stream.id))
    }

    fn line_without_an_owner(&mut self) -> Result<(), RecordsError> {
        let device = self.device("VPN-03", self.line, None)?;
        let line = RemoteLine {
            kind: LineKind::IpsecVpn,
            description: "検査機器の保守回線（契約者不明）".to_owned(),
            owner: None,
            provider: None,
            connection: LineConnection::Always,
        };
        let reason = "棚卸しで見つかった".to_owned();
        self.cast.step(operator, |records, who, call| {
            devices::set_line(records, who, call, device, Some(line), reason)
        })?;
        Ok(())
    }

    /// Faulty, confirmed as disconnected by a colleague, and seen by the switch five days later.
    fn still_seen(&mut self, device: DeviceId) -> Result<SightingId, RecordsError> {
        let reason = ("表示が乱れるため使用をやめた".to_owned(), None);
        self.cast.step(operator, |records, who, call| {
            devices::stop(records, who, call, device, StopKind::Faulty, reason)
        })?;
        let order = ConfirmOrder {
            means: DisconnectionMeans::CableRemoved,
            how: "救急外来で抜線を目視".to_owned(),
            checked: None,
            documents: Vec::new(),
        };
        self.cast.step(colleague, |records, who, call| {
            devices::confirm_disconnected(records, who, call, device, order, &WordGiven::Software)
        })?;
        self.cast.days_later(5);
        let table = self.cast.document("neighbours.txt", NEIGHBOURS)?;
        self.cast.step(operator, |records, who, call| {
            let order = ImportOrder {
                files: vec![table],
                network: Some("モニタ系".to_owned()),
                ranges: Vec::new(),
                taken: Some(TakenWhen::At(call.now)),
                absent_days: None,
            };
            sightings::import(records, who, call, &order)
        })?;
        let known = Query { kind: Some(Kind::Sighting), open: Some(true), limit: 50, ..Query::default() };
        let rows = self.cast.records.store().list(&known)?.rows;
        let of_device = |row: &&shindan_store::Row| row.title.contains("MO-03");
        let row = rows.iter().find(of_device).ok_or_else(|| {
            RecordsError::Stored("a disconnected monitor was seen, and nobody noticed".to_owned())
        })?;
        Ok(SightingId(row.stream.id))
    }

    /// Roles are agreed with the vendor, whose people confirm in their own installation.
    fn agreed(&mut self, monitors: SystemId) -> Result<AgreementId, RecordsError> {
        match self.put_in_service(monitors) {
            Err(RecordsError::Refused { .. }) => {}
            Err(other) => return Err(other),
            Ok(()) => {
                let text = "a service with medical devices was put in service without an agreement";
                return Err(RecordsError::Stored(text.to_owned()));
            }
        }
        let (person, party) = (self.cast.approver.person(), self.hospital);
        self.cast
            .step(administrator, |records, who, call| people::assign(records, who, call, person, party))?;
        let mut vendor = Vendor::open(&self.cast)?;
        vendor.get_acquainted(&mut self.cast, self.provider)?;
        let agreement = propose(&mut self.cast, monitors)?;
        let proposed = vendor.sends_over(&mut self.cast, agreement)?;
        let answered = vendor.confirms(&proposed)?;
        self.cast.now = self.cast.now.max(vendor.cast.now);
        let sealed = vendor.takes_back(&mut self.cast, answered)?;
        let word = WordGiven::SealedFile { file: sealed, signer: None, party: None };
        confirm(&mut self.cast, operator, agreement, VENDOR_NAME, &word)?;
        confirm(&mut self.cast, approver, agreement, HOSPITAL_NAME, &WordGiven::Software)?;
        let confirmed = vendor.sends_over(&mut self.cast, agreement)?;
        vendor.learns(answered, &confirmed)?;
        self.cast.now = self.cast.now.max(vendor.cast.now);
        self.put_in_service(monitors)?;
        Ok(agreement)
    }

    /// Results come from a laboratory, and nothing would notice that one was altered on the way.
    fn unprotected_interface(&mut self) -> Result<(), RecordsError> {
        let draft = InterfaceDraft {
            name: "検査結果の連携".to_owned(),
            system: self.line,
            counterpart: self.provider,
            direction: Direction::Receives,
            data: "検体検査の結果".to_owned(),
            protocol: "HL7 v2（保守回線の VPN 経由）".to_owned(),
            mechanism: None,
            set_up: None,
        };
        self.cast.step(operator, |records, who, call| interfaces::register(records, who, call, draft))?;
        Ok(())
    }

    fn put_in_service(&mut self, system: SystemId) -> Result<(), RecordsError> {
        let reason = "運用開始の決定".to_owned();
        self.cast.step(manager, |records, who, call| {
            organisation::change(records, who, call, system.0, reason, |system: &mut System| {
                system.service = ServiceState::InService;
            })
        })?;
        Ok(())
    }
}

/// Draws the agreement up and proposes it; both sides have been through it, item by item.
fn propose(cast: &mut Cast, system: SystemId) -> Result<AgreementId, RecordsError> {
    let from = day_in_japan(cast.now);
    let review: Date = from.checked_add(jiff::Span::new().years(1)).map_err(RecordsError::stored)?;
    let new = NewAgreement {
        system,
        title: "生体情報モニタの役割分担".to_owned(),
        further: Vec::new(),
        from,
        review,
        template: Some(agreement_files::template(None)?),
        language: "ja",
    };
    let done = cast.step(operator, |records, who, call| agreements::new(records, who, call, new))?;
    let agreement = AgreementId(done.stream.id);
    cast.step(operator, |records, who, call| agreements::propose(records, who, call, agreement))?;
    discuss(cast, agreement)?;
    Ok(agreement)
}

/// Every item is discussed in a meeting, and both agree.
pub(super) fn discuss(cast: &mut Cast, agreement: AgreementId) -> Result<(), RecordsError> {
    for name in [HOSPITAL_NAME, VENDOR_NAME] {
        let remark = Remark {
            party: name.to_owned(),
            stance: Stance::Agreed,
            comment: String::new(),
            way: Way::Meeting,
            on: day_in_japan(cast.now),
            document: None,
        };
        cast.step(operator, |records, who, call| {
            agreements::discuss(records, who, call, agreement, Vec::new(), remark, None)
        })?;
    }
    Ok(())
}

/// A party confirms what the agreement says.
pub(super) fn confirm(
    cast: &mut Cast,
    who: fn(&Cast) -> &crate::records::Entered,
    agreement: AgreementId,
    party: &str,
    word: &WordGiven,
) -> Result<(), RecordsError> {
    let state: shindan_domain::agreement::Agreement = cast.state(agreement)?;
    let hash = state.content.hash().to_string();
    cast.step(who, |records, who, call| {
        agreements::confirm(records, who, call, agreement, party.to_owned(), hash.get(..16), word)
    })?;
    Ok(())
}
