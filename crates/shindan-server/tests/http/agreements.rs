//! An agreement on roles from its draft to the service, with nothing but requests.

use serde_json::{Value, json};
use shindan_app::data_folder::DataFolder;
use shindan_app::register::{self, ImportOptions};
use shindan_domain::comparison::KeptPart;

use crate::hospital::{Hospital, id};

const LEDGER: &str = "管理番号,種別,メーカー,型番,バージョン\nMON-01,医療機器,Example,BM-100,1.0\n";

fn refused(hospital: &Hospital, token: &str, path: &str, body: &Value) -> (u16, Value, Value) {
    let answer = hospital.served.post_as(token, &format!("/api/v1/{path}"), &[], body);
    let missing = answer.body["missing"].as_array().cloned().unwrap_or_default();
    let codes = missing.iter().map(|reason| reason["code"].clone()).collect();
    (answer.status, answer.body["reason"]["code"].clone(), codes)
}

#[test]
fn a_service_with_a_medical_device_waits_for_both_confirmations() {
    let hospital = Hospital::new();
    let operator = hospital.served.token.clone();
    let manager = hospital.manager.clone();
    let system = hospital.served.get("/api/v1/system").body["records"][0]["id"].as_str().unwrap().to_owned();
    let serve = |state: &str| json!({"service": state, "reason": "決定"});
    let change = format!("system/{system}/change");
    hospital.by(&manager, &change, serve("stopped"));
    let ledger = hospital.served.folder.join("ledger.csv");
    std::fs::write(&ledger, LEDGER).unwrap();
    let data = DataFolder::new(&hospital.served.folder);
    hospital.change_beside(KeptPart::Register, |author, now| {
        register::import(&data, &ledger, &ImportOptions::default(), Some(author), now).map(drop)
    });
    let asset =
        json!({"asset": "MON-01", "owner": "中央病院", "patcher": "カルテ工業", "system": "病棟システム"});
    hospital.keep("asset", asset);
    hospital.operate("device", json!({"asset": "MON-01", "addresses": ["dhcp"]}));
    let (status, code, missing) = refused(&hospital, &manager, &change, &serve("in-service"));
    assert_eq!((status, code), (422, json!("service-needs-agreement")));
    assert_eq!(missing, json!(["device-needs-agreement", "agreement-absent"]));

    let new =
        json!({"system": "病棟システム", "title": "役割分担合意書", "review": "2037-03-31", "blank": true});
    let agreement = id(&hospital.operate("agreement", new));
    let path = |command: &str| format!("agreement/{agreement}/{command}");
    let duty = json!({"duty": "patch", "topic": "patching", "text": "適用する",
        "covers": [{"covers": "patching-of-all"}], "involvement": {"カルテ工業": "does", "中央病院": "approves"}});
    hospital.operate(&path("add-duty"), duty);
    let second = json!({"duty": "logs", "topic": "logs", "text": "記録を確認する"});
    hospital.operate(&path("add-duty"), second);
    let (_, code, missing) = refused(&hospital, &operator, &path("propose"), &json!({}));
    assert_eq!((code, missing), (json!("agreement-incomplete"), json!(["accountable-missing"])));
    let does = json!({"party": "中央病院", "duties": ["logs"], "involvement": "does"});
    hospital.operate(&path("assign"), does);
    hospital.operate(&path("propose"), json!({}));
    let open = json!({"party": "中央病院", "duties": ["logs"], "comment": "月に一度でよい"});
    hospital.operate(&path("discuss"), open);
    hospital.operate(&path("change-duty"), json!({"duty": "logs", "text": "月に一度、記録を確認する"}));
    for party in ["中央病院", "カルテ工業"] {
        hospital.operate(&path("agree"), json!({"party": party}));
    }
    let shown = hospital.served.get(&format!("/api/v1/agreement/{agreement}")).body;
    let hash = shown["facts"]["content-hash"].as_str().unwrap().to_owned();
    let scan = hospital.send("signed.pdf", b"signed");
    let confirm = |party: &str, content: &str| json!({"party": party, "content": content, "paper": {"scan": scan, "signer": format!("{party} 代表")}});
    let same = |party: &str, content: &str| json!({"party": party, "content": content, "paper": {"scan": scan, "signer": "中央病院 代表"}});
    let (_, code, _) = refused(&hospital, &operator, &path("confirm"), &confirm("中央病院", &"0".repeat(16)));
    assert_eq!(code, json!("agreement-content-differs"));
    hospital.operate(&path("confirm"), confirm("中央病院", &hash[..16]));
    let (_, code, missing) = refused(&hospital, &manager, &change, &serve("in-service"));
    assert_eq!(code, json!("service-needs-agreement"), "one is not both: {missing}");
    let (_, code, _) = refused(&hospital, &operator, &path("confirm"), &same("カルテ工業", &hash));
    assert_eq!(code, json!("same-person"), "one name is not both sides");
    hospital.operate(&path("confirm"), confirm("カルテ工業", &hash));
    hospital.by(&manager, &change, serve("in-service"));
    let cause = json!({"cause": "device-use", "asset": "MON-01", "reason": "転用"});
    hospital.operate(&path("reopen"), cause);
    let shown = hospital.served.get(&format!("/api/v1/agreement/{agreement}")).body;
    assert_eq!(shown["state"], "reopened");
    let revise = json!({"review": "2038-03-31", "reason": "転用"});
    hospital.operate(&path("revise"), revise);
    let (_, code, _) = refused(&hospital, &operator, &path("end"), &json!({"reason": "終了"}));
    assert_eq!(code, json!("role-missing"), "who instructs ends it");
    hospital.by(&manager, &path("end"), json!({"reason": "サービス終了"}));
}
