//! A hospital with a system, its people, and vulnerability information that the tests can change.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use shindan_app::data_folder::DataFolder;
use shindan_app::knowledge::{self, BuildOptions};
use shindan_app::progress::Silent;
use shindan_app::records::analysis::AnalysisOrder;
use shindan_app::records::cases::{self, DecideOrder, JudgeOrder};
use shindan_app::records::kept::keep;
use shindan_app::records::people::TokenWanted;
use shindan_app::records::refresh::{RefreshOrder, refresh};
use shindan_app::records::{
    self, Call, Done, Entered, Records, RecordsError, WordGiven, people, policies, setup,
};
use shindan_domain::case::analysis::Effect;
use shindan_domain::case::{Applicability, Case, Subject, Treatment};
use shindan_domain::comparison::KeptPart;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{MasterData, Particulars, ServiceState, System};
use shindan_domain::people::{Action, Role, Scope};
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::{CaseId, PartyId, PersonId, PolicyId, SystemId};
use shindan_report::cases::CaseRefresh;
use uuid::Uuid;

/// The hospital; its folder is removed at the end of the test.
pub struct Hospital {
    pub root: PathBuf,
    pub records: Records,
    pub now: Timestamp,
    #[allow(dead_code)] // only tests of roles act as the administrator
    pub admin: Entered,
    /// 企画管理者: proposes policies.
    pub manager: Entered,
    /// 運用担当者.
    pub operator: Entered,
    /// A second one.
    pub colleague: Entered,
    /// 承認者.
    pub approver: Entered,
    pub auditor: Entered,
    pub system: SystemId,
}

impl Drop for Hospital {
    fn drop(&mut self) {
        // Failing to clean up must not hide why a test failed.
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

impl Hospital {
    pub fn new(name: &str) -> Hospital {
        let root = std::env::temp_dir().join(format!("shindan-cases-test-{}-{name}", std::process::id()));
        // What a killed test left behind; if it stays, setting up below is refused.
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(&root).unwrap();
        let mut now: Timestamp = "2026-11-02T00:00:00Z".parse().unwrap();
        let token = TokenWanted { purpose: "test".to_owned(), scope: Scope::Write, days: 3000 };
        let first = setup::First {
            prefix: "MED".to_owned(),
            name: "管理 太郎".to_owned(),
            roles: BTreeSet::new(),
            token: token.clone(),
            password: None,
        };
        let data = DataFolder::new(root.join("data"));
        let set_up = setup::set_up(&data, &Call::at(now), first).unwrap();
        let mut records = set_up.records;
        let admin = records.enter(&set_up.token, now).unwrap();
        let mut enter = |name: &str, role: Role| {
            now = now.checked_add(SignedDuration::from_secs(1)).unwrap();
            let call = Call::at(now);
            let done = people::register(&mut records, &admin, &call, name, BTreeSet::from([role])).unwrap();
            let person = PersonId(done.stream.id);
            let (_, text) = people::issue_token(&mut records, &admin, &call, person, token.clone()).unwrap();
            records.enter(&text.unwrap(), now).unwrap()
        };
        let [manager, operator, colleague, approver, auditor] = [
            ("企画 花子", Role::Manager),
            ("運用 一郎", Role::Operator),
            ("運用 二郎", Role::Operator),
            ("承認 三郎", Role::Approver),
            ("監査 四郎", Role::Auditor),
        ]
        .map(|(name, role)| enter(name, role));
        let system = SystemId(Uuid::nil());
        let mut hospital =
            Hospital { root, records, now, admin, manager, operator, colleague, approver, auditor, system };
        let party = PartyId(Uuid::from_u128(1));
        hospital.system = SystemId(hospital.keep(System {
            name: "電子カルテ".to_owned(),
            operator: party,
            provider: party,
            sites: Vec::new(),
            service: ServiceState::InService,
        }));
        hospital
    }

    /// Registers master data.
    pub fn keep<T: Particulars>(&mut self, particulars: T) -> Uuid
    where
        MasterData<T>: shindan_domain::process::Process<Event = shindan_domain::organisation::MasterEvent<T>>,
    {
        let call = self.call();
        let who = self.manager.clone();
        let done = self.records.act(&who, &call, Action::KeepOrganisation, None, |act| {
            let id = act.new_id()?;
            let event = MasterData::<T>::register(particulars)
                .map_err(|refusal| RecordsError::Refused { about: None, refusal })?;
            act.begin::<MasterData<T>>(id, &[event], false)?;
            Ok(Stream::new(T::KIND, id))
        });
        done.unwrap().stream.id
    }

    /// The next call: a minute later than the last one.
    pub fn call(&mut self) -> Call {
        self.now = self.now.checked_add(SignedDuration::from_mins(1)).unwrap();
        Call::at(self.now)
    }

    /// Goes on so many days later.
    pub fn later(&mut self, days: i64) {
        self.now = self.now.checked_add(SignedDuration::from_hours(24 * days)).unwrap();
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Replaces the knowledge base by these advisories: id, package, first fixed version, known to be exploited.
    pub fn learn(&mut self, advisories: &[(&str, &str, &str, bool)]) {
        let folder = self.root.join("advisories");
        // Absent the first time.
        let _ = std::fs::remove_dir_all(&folder);
        let mut exploited = Vec::new();
        for (id, package, fixed, kev) in advisories {
            let text = serde_json::json!({
                "id": format!("GHSA-{}", id.replace("CVE-", "test-")), "aliases": [id],
                "modified": "2026-11-01T00:00:00Z", "published": "2026-10-31T00:00:00Z",
                "summary": format!("{package} can be taken over"),
                "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
                "affected": [{"package": {"ecosystem": "npm", "name": package},
                    "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}]
            });
            self.file(&format!("advisories/osv/{id}.json"), &text.to_string());
            if *kev {
                exploited.push(serde_json::json!({"cveID": id, "vendorProject": "x", "product": package,
                    "vulnerabilityName": "x", "dateAdded": "2026-11-01", "shortDescription": "x",
                    "requiredAction": "x", "dueDate": "2026-11-20", "knownRansomwareCampaignUse": "Unknown",
                    "notes": ""}));
            }
        }
        let kev = serde_json::json!({"title": "t", "catalogVersion": "2026.11.01", "count": exploited.len(),
            "dateReleased": "2026-11-01T00:00:00.0000Z", "vulnerabilities": exploited});
        self.file("advisories/kev/kev.json", &kev.to_string());
        let data = DataFolder::new(self.root.join("data"));
        let options = BuildOptions { add: false, devices: None };
        let (call, who) = (self.call(), self.operator.clone());
        keep(&mut self.records, &who, &call, KeptPart::Knowledge, |author| {
            knowledge::build(&data, &[folder], options, author, call.now, &Silent)
        })
        .unwrap();
    }

    /// A list of software in CycloneDX.
    pub fn list(&self, name: &str, components: &[(&str, &str)]) -> PathBuf {
        let components: Vec<_> = components
            .iter()
            .map(|(name, version)| {
                serde_json::json!({"type": "library", "name": name, "version": version,
                    "purl": format!("pkg:npm/{name}@{version}")})
            })
            .collect();
        let text = serde_json::json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "components": components});
        self.file(name, &text.to_string())
    }

    pub fn try_refresh(&mut self, order: &RefreshOrder) -> Result<CaseRefresh, RecordsError> {
        let call = self.call();
        let who = self.operator.clone();
        refresh(&mut self.records, &who, &call, order, &Silent).map(|(_, report)| report.unwrap())
    }

    /// Compares the system with these lists.
    pub fn refresh(&mut self, paths: &[PathBuf]) -> CaseRefresh {
        let order = RefreshOrder {
            subject: Subject::System(self.system),
            paths: paths.to_vec(),
            register: false,
            complete: false,
            as_of: None,
        };
        self.try_refresh(&order).unwrap()
    }

    pub fn case(&self, id: CaseId) -> Case {
        let record = self.records.store().record(Stream::new(Kind::Case, id)).unwrap().unwrap();
        serde_json::from_slice(&record.state).unwrap()
    }

    /// The only case whose title contains this.
    pub fn case_of(&self, title: &str) -> CaseId {
        let query = shindan_store::Query { kind: Some(Kind::Case), limit: 1000, ..Default::default() };
        let rows = self.records.store().list(&query).unwrap().rows;
        let found: Vec<_> = rows.iter().filter(|row| row.title.contains(title)).collect();
        assert_eq!(found.len(), 1, "{title}: {rows:?}");
        CaseId(found[0].stream.id)
    }

    pub fn judge(&mut self, case: CaseId, applicability: Applicability) -> Result<Done, RecordsError> {
        let order = JudgeOrder {
            applicability,
            justification: None,
            note: "構成を確認した".to_owned(),
            documents: Vec::new(),
        };
        let (call, who) = (self.call(), self.operator.clone());
        cases::judge(&mut self.records, &who, &call, case, &order)
    }

    pub fn analyse(&mut self, case: CaseId) -> Result<Done, RecordsError> {
        let order = AnalysisOrder {
            patient_safety: Effect::Serious,
            availability: Effect::Critical,
            note: "外来が止まる".to_owned(),
            departs: None,
        };
        let (call, who) = (self.call(), self.operator.clone());
        cases::analyse(&mut self.records, &who, &call, case, &order)
    }

    pub fn decide(
        &mut self,
        case: CaseId,
        treatment: Treatment,
        until: Option<&str>,
    ) -> Result<Done, RecordsError> {
        let until = until.map(|until| until.parse().unwrap());
        let order = DecideOrder { treatment, reason: "影響が大きい".to_owned(), until };
        let (call, who) = (self.call(), self.operator.clone());
        cases::decide(&mut self.records, &who, &call, &[case], &order).map(|bulk| bulk.done.unwrap())
    }

    pub fn approve_as(&mut self, who: &Entered, case: CaseId) -> Result<Done, RecordsError> {
        let call = self.call();
        cases::approve(&mut self.records, who, &call, case, &WordGiven::Software)
    }

    /// Judged affected, analysed, decided and approved.
    pub fn settle(&mut self, case: CaseId, treatment: Treatment, until: Option<&str>) {
        self.judge(case, Applicability::Affected).unwrap();
        self.analyse(case).unwrap();
        self.decide(case, treatment, until).unwrap();
        let approver = self.approver.clone();
        self.approve_as(&approver, case).unwrap();
    }

    /// Proposes a policy and has it approved.
    pub fn approve_policy(&mut self, text: &str) -> PolicyId {
        let file = self.file("policy.toml", text);
        let (call, who) = (self.call(), self.manager.clone());
        let done = policies::propose(&mut self.records, &who, &call, &file, "年次の見直し").unwrap();
        let id = PolicyId(done.stream.id);
        let (call, who) = (self.call(), self.approver.clone());
        policies::approve(&mut self.records, &who, &call, id, None, &WordGiven::Software).unwrap();
        id
    }

    pub fn page(&self, stream: Stream) -> shindan_report::records::RecordPage {
        records::page(&self.records, &self.auditor, stream, true).unwrap()
    }
}

pub const DUE_DATES: &str = r#"schema = "shindan.policy-proposal/1"
title = "対応期限"

[due-dates]
verify-after-change = 3
chase-inquiry = 7
review = 180
decide = { immediate = 1, out-of-cycle = 7, scheduled = 30 }
done = { immediate = 3, out-of-cycle = 30, scheduled = 90 }
"#;

/// The refusal that a step met.
pub fn refusal<T: std::fmt::Debug>(answer: Result<T, RecordsError>) -> Refusal {
    match answer {
        Err(RecordsError::Refused { refusal, .. }) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

pub fn code<T: std::fmt::Debug>(answer: Result<T, RecordsError>) -> ReasonCode {
    refusal(answer).reason.code
}
