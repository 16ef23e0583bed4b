//! A hospital with a computed tomograph and an infusion pump, registered and entered as assets.

use std::path::PathBuf;

use shindan_app::data_folder::DataFolder;
use shindan_app::records::devices::{self, DeviceOrder, InformationOrder, RiskLevels, UseOrder};
use shindan_app::records::{
    Call, Done, Entered, Records, RecordsError, WordGiven, device_rules, organisation,
};
use shindan_app::register::{self, ImportOptions};
use shindan_domain::control::ControlStatus;
use shindan_domain::device::{
    Device, MakerInformationKind, RiskLevel, RuleText, UpdateMethod, UseComparison,
};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, Party, PartyKind, Patcher, ServiceState, System};
use shindan_domain::record_id::{AssetId, DeviceId, PartyId};

use crate::hospital::Hospital;

pub const CT: &str = "id:ct-01";
pub const PUMP: &str = "id:pump-01";

pub struct Ward {
    pub hospital: Hospital,
    pub maker: PartyId,
    pub ct: DeviceId,
    pub pump_asset: AssetId,
    pub file: PathBuf,
}

impl Ward {
    /// The tomograph has a dossier, the pump none yet.
    pub fn new(name: &str) -> Ward {
        let mut hospital = Hospital::new(&format!("devices-{name}"));
        let ledger = hospital.file(
            "ledger.csv",
            "管理番号,種別,メーカー,型番,製造番号,バージョン,IPアドレス,MACアドレス,サポート終了日\n\
             CT-01,医療機器,Example,Tomo 64,S-1,1.0,192.0.2.10,00:1B:78:AA:BB:CC,2030-03-31\n\
             PUMP-01,IoT機器,Example,Pump 8,S-2,8.0,no address,none,unknown\n",
        );
        let folder = DataFolder::new(hospital.root.join("data"));
        register::import(&folder, &ledger, &import_options(), hospital.now).unwrap();
        let kind = PartyKind::Manufacturer;
        let party =
            |name: &str, kind| Party { name: name.to_owned(), kind, contact: None, pinned_keys: Vec::new() };
        let maker = PartyId(hospital.keep(party("Example Medical", kind)));
        let owner = PartyId(hospital.keep(party("中央病院", PartyKind::Institution)));
        let system = hospital.system;
        let mut asset = |key: &str, name: &str| {
            AssetId(hospital.keep(Asset {
                key: key.to_owned(),
                name: name.to_owned(),
                system: Some(system),
                environment: None,
                owner,
                patcher: Patcher::Party(maker),
            }))
        };
        let (ct, pump_asset) = (asset(CT, "CT 1号機"), asset(PUMP, "輸液ポンプ"));
        let file = hospital.file("mds.pdf", "MDS 5.0");
        let mut ward = Ward { hospital, maker, ct: DeviceId(uuid::Uuid::nil()), pump_asset, file };
        // In service it would need an agreement on roles first; this is about the dossier.
        ward.by(operator, |records, who, call| {
            let edit = |now: &mut System| now.service = ServiceState::Stopped;
            organisation::change(records, who, call, system.0, "更新のため停止".to_owned(), edit)
        })
        .unwrap();
        ward.ct = ward.open(ct).unwrap();
        ward
    }

    pub fn by<T>(
        &mut self,
        who: fn(&Hospital) -> &Entered,
        step: impl FnOnce(&mut Records, &Entered, &Call) -> T,
    ) -> T {
        let call = self.hospital.call();
        let who = who(&self.hospital).clone();
        step(&mut self.hospital.records, &who, &call)
    }

    pub fn open(&mut self, asset: AssetId) -> Result<DeviceId, RecordsError> {
        let order = DeviceOrder::default();
        self.by(operator, |records, who, call| devices::open(records, who, call, asset, &order))
            .map(|done| DeviceId(done.stream.id))
    }

    pub fn device(&self, id: DeviceId) -> Device {
        let record = self.hospital.records.store().record(Stream::new(Kind::Device, id)).unwrap().unwrap();
        serde_json::from_slice(&record.state).unwrap()
    }

    pub fn inform(&mut self) -> Result<Done, RecordsError> {
        let (id, file) = (self.ct, self.file.clone());
        let order = InformationOrder {
            kind: MakerInformationKind::Mds,
            edition: Some("5.0".to_owned()),
            dated: None,
            content: "ウイルス対策ソフトは導入できない".to_owned(),
            file,
        };
        self.by(operator, |records, who, call| devices::inform(records, who, call, id, order))
    }

    pub fn state_use(&mut self, comparison: UseComparison, actual: &str) -> Result<Done, RecordsError> {
        let id = self.ct;
        let order = UseOrder {
            intended: Some("X線CT撮影".to_owned()),
            actual: actual.to_owned(),
            comparison,
            reason: "現場で確かめた".to_owned(),
            documents: Vec::new(),
        };
        self.by(operator, |records, who, call| devices::state_use(records, who, call, id, &order))
    }

    pub fn analyse(&mut self) -> Result<Done, RecordsError> {
        let id = self.ct;
        let levels = RiskLevels {
            likelihood: RiskLevel::Medium,
            patient_safety: RiskLevel::High,
            availability: RiskLevel::High,
            confidentiality: RiskLevel::Low,
        };
        let texts = ("保守回線からの侵入".to_owned(), "保守時のみ接続する".to_owned());
        self.by(operator, |records, who, call| devices::analyse(records, who, call, id, texts, levels, &[]))
    }

    pub fn plan_updates(&mut self) -> Result<Done, RecordsError> {
        let id = self.ct;
        let method = UpdateMethod { responsible: None, how: "定期点検時".to_owned(), interval_days: 90 };
        self.by(operator, |records, who, call| devices::plan_updates(records, who, call, id, method, None))
    }

    pub fn write_rule(&mut self) -> Result<Done, RecordsError> {
        let id = self.ct;
        let text = RuleText {
            department: "放射線科".to_owned(),
            provisions: "私物の媒体を接続しない。\n<script>alert(1)</script>".to_owned(),
        };
        self.by(colleague, |records, who, call| device_rules::write(records, who, call, id, text))
    }

    pub fn approve_rule(&mut self, who: fn(&Hospital) -> &Entered) -> Result<Done, RecordsError> {
        let id = self.ct;
        self.by(who, |records, who, call| device_rules::approve(records, who, call, id, &WordGiven::Software))
    }

    /// With everything that システム運用編 8 asks of the tomograph.
    pub fn in_order(name: &str) -> Ward {
        let mut ward = Ward::new(name);
        ward.inform().unwrap();
        ward.state_use(UseComparison::Same, "X線CT撮影").unwrap();
        ward.analyse().unwrap();
        ward.plan_updates().unwrap();
        ward.write_rule().unwrap();
        ward.approve_rule(approver).unwrap();
        ward
    }

    /// What the records up to now show about システム運用編 8.
    pub fn control(&self) -> ControlStatus {
        let (records, now) = (&self.hospital.records, self.hospital.now);
        let report =
            shindan_app::records::control::report(records, &self.hospital.auditor, None, now).unwrap();
        report.lines.into_iter().map(|line| line.status).find(|status| status.control == "unyo-8").unwrap()
    }
}

fn import_options() -> ImportOptions {
    ImportOptions::default()
}

pub fn operator(hospital: &Hospital) -> &Entered {
    &hospital.operator
}

pub fn colleague(hospital: &Hospital) -> &Entered {
    &hospital.colleague
}

pub fn approver(hospital: &Hospital) -> &Entered {
    &hospital.approver
}
