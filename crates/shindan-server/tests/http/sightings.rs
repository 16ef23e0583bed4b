//! What is on a network, with nothing but requests.

use serde_json::{Value, json};
use shindan_app::data_folder::DataFolder;
use shindan_app::register::{self, ImportOptions};
use shindan_domain::comparison::KeptPart;

use crate::hospital::Hospital;

const LEDGER: &str = "管理番号,種別,メーカー,型番,IPアドレス,MACアドレス,状態\n\
    CT-01,医療機器,Example,Tomo 64,192.168.10.50,00:80:92:11:50:10,使用中\n\
    PC-09,端末,Example,Desk 3,192.168.10.60,00:80:92:11:50:60,廃棄\n";

const TABLE: &str = "192.168.10.50 dev eth0 lladdr 00:80:92:11:50:10 REACHABLE\n\
    192.168.10.60 dev eth0 lladdr 00:80:92:11:50:60 STALE\n\
    192.168.10.70 dev eth0 lladdr 00:0c:29:11:50:70 STALE\n";

fn listed(hospital: &Hospital) -> Vec<(String, String)> {
    let list = hospital.served.get("/api/v1/sighting").body;
    let row = |row: &Value| {
        let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
        (text("state"), text("id"))
    };
    list["records"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn a_table_is_compared_once_and_a_retired_device_is_not_explained_away() {
    let hospital = Hospital::new();
    let ledger = hospital.served.folder.join("ledger.csv");
    std::fs::write(&ledger, LEDGER).unwrap();
    let data = DataFolder::new(&hospital.served.folder);
    hospital.change_beside(KeptPart::Register, |author, now| {
        register::import(&data, &ledger, &ImportOptions::default(), Some(author), now).map(drop)
    });
    let file = hospital.send("neigh.txt", TABLE.as_bytes());
    let post = |path: &str, body: Value| hospital.served.post(&format!("/api/v1/{path}"), &body);

    let undated = post("sighting-import", json!({"files": [file]}));
    assert_eq!((undated.status, &undated.body["reason"]["code"]), (422, &json!("sighting-taken-missing")));
    let wrong = post("sighting-import", json!({"files": [file], "taken": "yesterday"}));
    assert_eq!((wrong.status, &wrong.body["params"]["field"]), (400, &json!("taken")), "{:?}", wrong.body);
    let body = json!({"files": [file], "network": "ward", "taken": "2026-11-01T09:00:00+09:00", "ranges": ["192.168.10.0/24"]});
    let done = post("sighting-import", body.clone());
    assert_eq!(done.status, 200, "{:?}", done.body);
    assert_eq!(done.body["record"]["kind"], json!("sighting-import"));
    let again = post("sighting-import", body);
    assert_eq!((&again.body["entries"], &again.body["record"]), (&Value::Null, &done.body["record"]));

    let listed = listed(&hospital);
    let states: Vec<&str> = listed.iter().map(|(state, _)| state.as_str()).collect();
    assert_eq!(states, ["retired-seen", "unknown-device"], "the most urgent first");
    let (retired, unknown) = (&listed[0].1, &listed[1].1);
    let explanation = json!({"reason": "spare part", "until": "2099-01-01"});
    let refused = post(&format!("sighting/{retired}/explain"), explanation.clone());
    assert_eq!(
        (refused.status, &refused.body["reason"]["code"]),
        (422, &json!("sighting-needs-disconnection"))
    );
    let refused = post(&format!("sighting/{retired}/close"), json!({}));
    assert_eq!(refused.body["reason"]["code"], json!("sighting-needs-disconnection"));
    let refused = post(&format!("sighting/{retired}/accept-version"), json!({"reason": "x"}));
    assert_eq!(refused.status, 422);
    hospital.operate(&format!("sighting/{unknown}/explain"), explanation);
    let refused = post(&format!("sighting/{unknown}/register"), json!({"asset": "CT-01"}));
    assert_eq!(refused.body["reason"]["code"], json!("step-out-of-order"));
    let compared = post("sighting-comparison", json!({}));
    assert_eq!(compared.status, 200, "{:?}", compared.body);

    let junk = hospital.send("junk.txt", b"nothing of the kind");
    let unreadable = post("sighting-import", json!({"files": [junk], "taken": "2026-11-01"}));
    assert_eq!((unreadable.status, &unreadable.body["code"]), (422, &json!("file-unreadable")));
    let verified = hospital.served.get("/api/v1/ledger/verification?states=true");
    assert_eq!((&verified.body["whole"], &verified.body["differences"]), (&json!(true), &json!([])));
}
