//! A hospital that is entered over HTTP, with vulnerability information about `ward-viewer`.

use jiff::Timestamp;
use serde_json::{Value, json};
use shindan_app::author::Author;
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::error::AppError;
use shindan_app::knowledge::{self, BuildOptions};
use shindan_app::progress::Silent;
use shindan_app::records::kept::keep;
use shindan_app::records::{Call, Records};
use shindan_domain::comparison::KeptPart;

use crate::client::{Answer, Served};
use crate::evidence::upload;

/// Content of the patch as its maker published it.
pub const PATCH: &[u8] = b"ward-viewer 1.2.0, as published\n";

pub struct Hospital {
    pub served: Served,
    /// 企画管理者
    pub manager: String,
    /// 承認者
    pub approver: String,
}

impl Hospital {
    /// People, parties, a system with a test environment, a policy in force, and a knowledge base.
    pub fn new() -> Hospital {
        let served = Served::new();
        let token = |name: &str, role: &str| {
            let person = served.register(name, &[role]);
            served.token_of(&person, "write")
        };
        let manager = token("企画 花子", "manager");
        let approver = token("承認 三郎", "approver");
        let hospital = Hospital { served, manager, approver };
        hospital.keep("party", json!({"name": "中央病院", "kind": "institution"}));
        hospital.keep("party", json!({"name": "カルテ工業", "kind": "provider", "contact": "保守窓口"}));
        let system = json!({"name": "病棟システム", "operator": "中央病院", "provider": "カルテ工業",
            "sites": [], "service": "in-service"});
        hospital.keep("system", system);
        let environment = json!({"system": "病棟システム", "name": "検証環境", "purpose": "test"});
        hospital.keep("environment", environment);
        let days = json!({"immediate": 2, "out-of-cycle": 7, "scheduled": 30});
        let policy = json!({"title": "対応期限", "reason": "年次の見直し", "due_dates":
            {"decide": days, "done": days, "verify-after-change": 3, "chase-inquiry": 7, "review": 180}});
        let policy = hospital.keep("policy", policy);
        let own = hospital.served.post_as(
            &hospital.manager,
            &format!("/api/v1/policy/{policy}/approve"),
            &[],
            &json!({}),
        );
        assert_eq!((own.status, &own.body["reason"]["code"]), (403, &json!("role-missing")));
        let approved =
            hospital.by(&hospital.approver, &format!("policy/{policy}/approve"), json!({"version": 1}));
        assert_eq!(approved.body["revision"], 2);
        hospital.learn();
        hospital
    }

    /// Enters a record as the manager; answers its id.
    pub fn keep(&self, kind: &str, body: Value) -> String {
        id(&self.by(&self.manager, kind, body))
    }

    /// A command of somebody that must be done.
    pub fn by(&self, token: &str, path: &str, body: Value) -> Answer {
        let answer = self.served.post_as(token, &format!("/api/v1/{path}"), &[], &body);
        assert!(answer.status == 200 || answer.status == 201, "{path} {body}: {answer:?}");
        answer
    }

    /// A command of the first operator that must be done.
    pub fn operate(&self, path: &str, body: Value) -> Answer {
        self.by(&self.served.token, path, body)
    }

    /// Sends a file as the first operator; answers its SHA-256.
    pub fn send(&self, name: &str, bytes: &[u8]) -> String {
        let answer = upload(&self.served, &self.served.token, name, bytes);
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["sha256"].as_str().unwrap().to_owned()
    }

    /// Sends a list of software in CycloneDX with `ward-viewer` in this version.
    pub fn list(&self, name: &str, version: &str) -> String {
        self.list_of(name, &[("ward-viewer", version), ("other", "3.0.0")])
    }

    /// Sends a list of software in CycloneDX: names and versions.
    pub fn list_of(&self, name: &str, components: &[(&str, &str)]) -> String {
        let component = |(name, version): &(&str, &str)| {
            json!({"type": "library", "name": name, "version": version,
                "purl": format!("pkg:npm/{name}@{version}")})
        };
        let components: Vec<Value> = components.iter().map(component).collect();
        let list =
            json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components});
        self.send(name, list.to_string().as_bytes())
    }

    fn learn(&self) {
        let folder = self.served.folder.join("advisories");
        std::fs::create_dir_all(&folder).unwrap();
        for (id, package) in [("CVE-2026-2001", "ward-viewer"), ("CVE-2026-2002", "lab-viewer")] {
            let advisory = json!({
                "id": format!("GHSA-{}", id.replace("CVE", "test")), "aliases": [id],
                "modified": "2026-11-01T00:00:00Z", "published": "2026-10-31T00:00:00Z",
                "summary": format!("{package} can be taken over"),
                "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
                "affected": [{"package": {"ecosystem": "npm", "name": package},
                    "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.0"}]}]}]
            });
            std::fs::write(folder.join(format!("{id}.json")), advisory.to_string()).unwrap();
        }
        let data = DataFolder::new(&self.served.folder);
        let options = BuildOptions { add: false, devices: None };
        self.change_beside(KeptPart::Knowledge, |author, now| {
            knowledge::build(&data, &[folder], options, author, now, &Silent).map(drop)
        });
    }

    /// Changes what lies beside the ledger, as the first operator.
    pub fn change_beside(
        &self,
        part: KeptPart,
        work: impl FnOnce(&Author, Timestamp) -> Result<(), AppError>,
    ) {
        let mut records = Records::open(&DataFolder::new(&self.served.folder)).unwrap();
        let call = Call::at(clock::now());
        let who = records.enter(&self.served.token, call.now).unwrap();
        keep(&mut records, &who, &call, part, |author| work(author, call.now)).unwrap();
    }

    /// A case about `ward-viewer`, from the comparison to the approved decision to patch.
    pub fn approved_case(&self) -> String {
        let list = self.list("live.json", "1.0.0");
        let refreshed = self.operate("case-refresh", json!({"system": "病棟システム", "lists": [list]}));
        let cases = refreshed.body["report"]["cases"].as_array().unwrap().clone();
        assert_eq!(cases.len(), 1, "{:?}", refreshed.body);
        let case = cases[0]["id"].as_str().unwrap().to_owned();
        self.analyse(&case);
        let decision = json!({"cases": [case], "treatment": "patch", "reason": "影響が大きい"});
        let decided = self.operate("case-decisions", decision);
        assert_eq!(decided.body["decided"][0]["id"], json!(case));
        assert_eq!(decided.body["refused"], json!([]));
        self.by(&self.approver, &format!("case/{case}/approve"), json!({}));
        case
    }

    /// Judges a case as affected and analyses it.
    pub fn analyse(&self, case: &str) {
        let judgement = json!({"applicability": "affected", "note": "構成を確認した"});
        self.operate(&format!("case/{case}/judge"), judgement);
        let analysis =
            json!({"patient_safety": "serious", "availability": "critical", "note": "外来が止まる"});
        self.operate(&format!("case/{case}/analyse"), analysis);
    }

    /// Takes a file in as a patch for a case.
    pub fn register(&self, case: &str, file: &str) -> Answer {
        let body = json!({"name": "ward-viewer 1.2.0", "maker": "カルテ工業", "file": file,
            "obtained_from": "保守員の媒体", "cases": [case]});
        self.served.post_as(&self.served.token, "/api/v1/patch", &[], &body)
    }
}

/// The id in an answer.
pub fn id(answer: &Answer) -> String {
    answer.body["record"]["id"].as_str().unwrap().to_owned()
}
