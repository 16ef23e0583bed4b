//! A ward with monitors, between a hospital and its vendor.

use jiff::civil::{Date, date};
use shindan_app::records::agreement_files;
use shindan_app::records::agreements::{self, NewAgreement};
use shindan_app::records::{Call, Done, Entered, Records, RecordsError, WordGiven, organisation};
use shindan_domain::agreement::{Agreement, Remark, Stance, Standing};
use shindan_domain::calendar::day;
use shindan_domain::device::{Device, DeviceCategory, DeviceParticulars, NetworkIdentity};
use shindan_domain::inquiry::Way;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, MasterData, Party, PartyKind, Patcher, ServiceState, System};
use shindan_domain::people::{Action, Person};
use shindan_domain::process::{Process, ReasonCode};
use shindan_domain::record_id::{AgreementId, AssetId, DeviceId, PartyId, SystemId};
use uuid::Uuid;

use crate::hospital::Hospital;

pub const HOSPITAL: &str = "中央病院";
pub const VENDOR: &str = "医療情報サービス";
pub const REVIEW: Date = date(2027, 3, 31);

pub struct Ward {
    pub hospital: Hospital,
    pub institution: PartyId,
    pub provider: PartyId,
    pub system: SystemId,
}

pub fn code<T: std::fmt::Debug>(answer: Result<T, RecordsError>) -> ReasonCode {
    match answer.unwrap_err() {
        RecordsError::Refused { refusal, .. } => refusal.reason.code,
        other => panic!("not a refusal: {other}"),
    }
}

pub fn operator(hospital: &Hospital) -> &Entered {
    &hospital.operator
}

pub fn manager(hospital: &Hospital) -> &Entered {
    &hospital.manager
}

pub fn approver(hospital: &Hospital) -> &Entered {
    &hospital.approver
}

impl Ward {
    pub fn new(name: &str) -> Ward {
        let mut hospital = Hospital::new(&format!("agreements-{name}"));
        let party =
            |name: &str, kind| Party { name: name.to_owned(), kind, contact: None, pinned_keys: Vec::new() };
        let institution = PartyId(hospital.keep(party(HOSPITAL, PartyKind::Institution)));
        let provider = PartyId(hospital.keep(party(VENDOR, PartyKind::Provider)));
        let system = SystemId(hospital.keep(System {
            name: "生体情報モニタ".to_owned(),
            operator: institution,
            provider,
            sites: Vec::new(),
            service: ServiceState::Preparing,
        }));
        let mut ward = Ward { hospital, institution, provider, system };
        let person = ward.hospital.approver.person();
        let assign = |records: &mut Records, who: &Entered, call: &Call| {
            records.act(who, call, Action::KeepOrganisation, None, |act| {
                act.change::<Person>(person, |state, _| Ok(vec![state.set_party(institution)?]))?;
                Ok(Stream::new(Kind::Person, person))
            })
        };
        ward.by(manager, assign).unwrap();
        ward
    }

    /// A step by somebody, a minute after the last one.
    pub fn by<T>(
        &mut self,
        who: fn(&Hospital) -> &Entered,
        step: impl FnOnce(&mut Records, &Entered, &Call) -> T,
    ) -> T {
        let call = self.hospital.call();
        let who = who(&self.hospital).clone();
        step(&mut self.hospital.records, &who, &call)
    }

    pub fn state<P: Process>(&self, id: Uuid) -> P {
        let record = self.hospital.records.store().record(Stream::new(P::KIND, id)).unwrap().unwrap();
        serde_json::from_slice(&record.state).unwrap()
    }

    pub fn today(&self) -> Date {
        day(self.hospital.now)
    }

    pub fn asset(&mut self, key: &str, system: Option<SystemId>, patcher: PartyId) -> AssetId {
        let owner = self.institution;
        let (key, name) = (key.to_owned(), format!("モニタ {key}"));
        let patcher = Patcher::Party(patcher);
        AssetId(self.hospital.keep(Asset { key, name, system, environment: None, owner, patcher }))
    }

    /// A dossier, by an act of its own: whatever use case opens one, the gate is that of the act.
    pub fn device(&mut self, asset: AssetId, category: DeviceCategory) -> Result<DeviceId, RecordsError> {
        let kept: MasterData<Asset> = self.state(asset.0);
        let particulars = DeviceParticulars {
            asset,
            key: kept.particulars.key.clone(),
            name: kept.particulars.name.clone(),
            system: kept.particulars.system,
            category,
            network: NetworkIdentity::default(),
            remote_line: None,
            support_ends: Vec::new(),
        };
        let done = self.by(operator, |records, who, call| {
            records.act(who, call, Action::Operate, None, |act| {
                let id = act.new_id()?;
                act.begin::<Device>(id, &[Device::register(particulars).unwrap()], true)?;
                Ok(Stream::new(Kind::Device, id))
            })
        })?;
        Ok(DeviceId(done.stream.id))
    }

    /// A further version, with the same duties, confirmed by both.
    pub fn renew(&mut self, id: AgreementId) {
        let from = self.today();
        self.by(operator, |records, who, call| {
            agreements::revise(records, who, call, id, from, REVIEW, "機器が変わった".to_owned())
        })
        .unwrap();
        self.propose(id).unwrap();
        self.all_agree(id);
        self.both_confirm(id);
    }

    pub fn monitor(&mut self, key: &str) -> (AssetId, DeviceId) {
        let asset = self.asset(key, Some(self.system), self.provider);
        (asset, self.device(asset, DeviceCategory::MedicalDevice).unwrap())
    }

    pub fn serve(&mut self, service: ServiceState) -> Result<Done, RecordsError> {
        let system = self.system.0;
        self.by(manager, |records, who, call| {
            organisation::change(records, who, call, system, "決定".to_owned(), |now: &mut System| {
                now.service = service;
            })
        })
    }

    pub fn draft(&mut self) -> AgreementId {
        let new = NewAgreement {
            system: self.system,
            title: "役割分担合意書".to_owned(),
            further: Vec::new(),
            from: self.today(),
            review: REVIEW,
            template: Some(agreement_files::template(None).unwrap()),
            language: "ja",
        };
        let done = self.by(operator, |records, who, call| agreements::new(records, who, call, new));
        AgreementId(done.unwrap().stream.id)
    }

    pub fn propose(&mut self, id: AgreementId) -> Result<Done, RecordsError> {
        self.by(operator, |records, who, call| agreements::propose(records, who, call, id))
    }

    pub fn all_agree(&mut self, id: AgreementId) {
        for name in [HOSPITAL, VENDOR] {
            let on = self.today();
            let (party, comment) = (name.to_owned(), String::new());
            let remark =
                Remark { party, stance: Stance::Agreed, comment, way: Way::Meeting, on, document: None };
            self.by(operator, |records, who, call| {
                agreements::discuss(records, who, call, id, Vec::new(), remark, None)
            })
            .unwrap();
        }
    }

    pub fn hash(&self, id: AgreementId) -> String {
        self.state::<Agreement>(id.0).content.hash().to_string()
    }

    pub fn confirm(
        &mut self,
        id: AgreementId,
        who: fn(&Hospital) -> &Entered,
        (party, seen): (&str, Option<&str>),
        word: &WordGiven,
    ) -> Result<Done, RecordsError> {
        let party = party.to_owned();
        self.by(who, |records, who, call| agreements::confirm(records, who, call, id, party, seen, word))
    }

    /// The hospital in the software, the vendor on paper.
    pub fn both_confirm(&mut self, id: AgreementId) {
        let hash = self.hash(id);
        let seen = Some(&hash[..16]);
        self.confirm(id, approver, (HOSPITAL, seen), &WordGiven::Software).unwrap();
        let scan = self.hospital.file("signed.pdf", "署名した合意書");
        let word = WordGiven::Paper { scan, signer: "提供 五郎".to_owned(), person: None };
        self.confirm(id, operator, (VENDOR, seen), &word).unwrap();
    }

    pub fn in_force(&mut self) -> AgreementId {
        let id = self.draft();
        self.propose(id).unwrap();
        self.all_agree(id);
        self.both_confirm(id);
        id
    }

    pub fn standing(&self, id: AgreementId) -> Standing {
        self.state::<Agreement>(id.0).standing(self.today())
    }

    /// Nothing is broken in the ledger, and what is derived from it is what a rebuild gives.
    pub fn is_whole(&self) {
        let checked = shindan_app::records::ledger::verify(&self.hospital.records, &[], true).unwrap();
        assert!(checked.verified.is_whole(), "{:?}", checked.verified.problems);
        assert_eq!(checked.differences, Some(Vec::new()));
    }
}
