//! A device from its dossier to its disposal, with nothing but requests.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::register::{self, ImportOptions};

use crate::client::Answer;
use crate::hospital::{Hospital, id};

const LEDGER: &str = "管理番号,種別,メーカー,型番,製造番号\nCT-01,医療機器,Example,Tomo 64,S-1\n";

/// A tomograph of the register with a dossier.
fn ward() -> (Hospital, String) {
    let hospital = Hospital::new();
    let ledger = hospital.served.folder.join("ledger.csv");
    std::fs::write(&ledger, LEDGER).unwrap();
    let data = DataFolder::new(&hospital.served.folder);
    register::import(&data, &ledger, &ImportOptions::default(), clock::now()).unwrap();
    let asset =
        json!({"asset": "CT-01", "owner": "中央病院", "patcher": "カルテ工業", "system": "病棟システム"});
    hospital.keep("asset", asset);
    // In service it would need an agreement on roles first; this is about the dossier.
    let system = hospital.served.get("/api/v1/system").body["records"][0]["id"].clone();
    let stopped = json!({"service": "stopped", "reason": "更新のため"});
    hospital.by(&hospital.manager, &format!("system/{}/change", system.as_str().unwrap()), stopped);
    let device = id(&hospital.operate("device", json!({"asset": "CT-01", "addresses": ["dhcp"]})));
    (hospital, device)
}

fn refused(hospital: &Hospital, token: &str, path: &str, body: Value) -> (u16, String, BTreeSet<String>) {
    let answer: Answer = hospital.served.post_as(token, &format!("/api/v1/{path}"), &[], &body);
    let codes = |list: &Value| -> BTreeSet<String> {
        let all = list.as_array().cloned().unwrap_or_default();
        all.iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
    };
    let code = answer.body["reason"]["code"].as_str().unwrap_or_default().to_owned();
    (answer.status, code, codes(&answer.body["missing"]))
}

fn alarms(hospital: &Hospital, query: &str) -> Value {
    hospital.served.get(&format!("/api/v1/device-alarms{query}")).body
}

#[test]
fn a_dossier_is_kept_until_its_rule_is_in_force() {
    let (hospital, device) = ward();
    let path = |command: &str| format!("device/{device}/{command}");
    let operator = hospital.served.token.clone();
    let rule = json!({"department": "放射線科", "provisions": "私物の媒体を接続しない。"});
    let (status, code, missing) = refused(&hospital, &operator, &path("write-rule"), rule.clone());
    assert_eq!((status, code.as_str(), missing.len()), (422, "device-dossier-incomplete", 4));
    let file = hospital.send("mds.pdf", b"MDS");
    hospital.operate(&path("inform"), json!({"kind": "mds", "content": "更新は製造業者", "file": file}));
    let differs = json!({"intended": "X線CT撮影", "actual": "撮影とウェブ閲覧", "comparison": "differs",
        "reason": "現場で確かめた"});
    hospital.operate(&path("state-use"), differs);
    let cases = hospital.served.get("/api/v1/case");
    assert_eq!(cases.body["records"].as_array().map(Vec::len), Some(1), "{:?}", cases.body);
    let line = json!({"kind": "ipsec-vpn", "description": "契約 4711", "provider": "カルテ工業",
        "connection": "always"});
    hospital.operate(&path("set-line"), json!({"line": line, "reason": "ラックで見つけた"}));
    let analysis = json!({"risk": "回線からの侵入", "measures": "保守時のみ接続", "likelihood": "medium",
        "patient_safety": "high", "availability": "high", "confidentiality": "low"});
    hospital.operate(&path("analyse"), analysis);
    hospital.operate(&path("plan-updates"), json!({"how": "定期点検時", "every_days": 90}));
    hospital.operate(&path("record-update"), json!({"result": "nothing-new", "note": "確認した"}));
    hospital.operate(&path("write-rule"), rule);
    let (status, code, _) = refused(&hospital, &operator, &path("approve-rule"), json!({}));
    assert_eq!((status, code.as_str()), (403, "role-missing"));
    hospital.by(&hospital.approver, &path("approve-rule"), json!({}));
    let open = alarms(&hospital, "");
    let codes: BTreeSet<&str> = open["devices"][0]["alarms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, BTreeSet::from(["device-use-differs", "device-line-without-owner"]), "{open}");
    let again = hospital.served.post("/api/v1/device", &json!({"asset": "CT-01"}));
    assert_eq!((again.status, &again.body["reason"]["code"]), (422, &json!("device-twice")));
}

#[test]
fn no_shortcut_leads_to_disposal() {
    let (hospital, device) = ward();
    let path = |command: &str| format!("device/{device}/{command}");
    let operator = hospital.served.token.clone();
    hospital.operate(&path("stop"), json!({"kind": "faulty", "reason": "電源が入らない"}));
    assert_eq!(alarms(&hospital, "?only=still-connected")["devices"].as_array().map(Vec::len), Some(1));
    let wrong = hospital.served.get("/api/v1/device-alarms?only=nothing");
    assert_eq!((wrong.status, &wrong.body["code"]), (400, &json!("query-invalid")));
    let (status, code, missing) = refused(&hospital, &operator, &path("dispose"), json!({"how": "返却"}));
    assert_eq!((status, code.as_str()), (422, "step-out-of-order"));
    assert_eq!(missing, BTreeSet::from(["device-disconnection-open".to_owned()]));
    let confirmed = json!({"means": "cable-removed", "how": "接続表で確かめた"});
    let (_, code, _) = refused(&hospital, &operator, &path("confirm-disconnected"), confirmed.clone());
    assert_eq!(code, "device-needs-document", "one's own word alone");
    hospital.by(&hospital.approver, &path("confirm-disconnected"), confirmed);
    assert_eq!(alarms(&hospital, "?only=still-connected")["devices"], json!([]));
    hospital.operate(&path("dispose"), json!({"how": "消去して返却"}));
    let (_, code, _) = refused(&hospital, &operator, &path("back-in-use"), json!({"reason": "まだ使える"}));
    assert_eq!(code, "record-ended");
    let verified = hospital.served.get("/api/v1/ledger/verification?states=true");
    assert_eq!((&verified.body["whole"], &verified.body["differences"]), (&json!(true), &json!([])));
}
