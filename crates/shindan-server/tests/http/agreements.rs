//! An agreement on roles from its draft to the service, with nothing but requests.

use serde_json::{Value, json};
use shindan_app::data_folder::DataFolder;
use shindan_app::records::{Records, form_signature};
use shindan_app::register::{self, ImportOptions};
use shindan_domain::comparison::KeptPart;

use crate::exchanging::{card, knows, person};
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

/// A proposed agreement on one duty.
fn proposed(side: &Hospital) -> String {
    let new =
        json!({"system": "病棟システム", "title": "役割分担合意書", "review": "2037-03-31", "blank": true});
    let agreement = id(&side.operate("agreement", new));
    let duty = json!({"duty": "logs", "topic": "logs", "text": "記録を<b>確認</b>する",
        "involvement": {"カルテ工業": "does", "中央病院": "approves"}});
    side.operate(&format!("agreement/{agreement}/add-duty"), duty);
    side.operate(&format!("agreement/{agreement}/propose"), json!({}));
    agreement
}

/// Both parties said yes.
fn agreed(side: &Hospital, agreement: &str) {
    for party in ["中央病院", "カルテ工業"] {
        side.operate(&format!("agreement/{agreement}/agree"), json!({"party": party}));
    }
}

#[test]
fn an_agreement_is_printed_exported_compared_and_taken_in() {
    let (hospital, provider) = (Hospital::new(), Hospital::new());
    let agreement = proposed(&hospital);
    let path = |what: &str| format!("/api/v1/agreement/{agreement}/{what}");
    let (status, headers, page) = hospital.served.bytes(&path("print"));
    let page = String::from_utf8(page).unwrap();
    assert_eq!((status, headers["content-type"].as_str()), (200, "text/html; charset=utf-8"));
    assert!(headers["content-security-policy"].starts_with("sandbox; default-src 'none'"));
    assert!(headers["content-disposition"].starts_with("attachment; filename=\"MED-2"), "{headers:?}");
    assert!(page.contains("&lt;b&gt;") || page.contains("&#60;b&#62;"), "what people wrote is no markup");
    assert!(!page.contains("<b>確認"));

    let (_, headers, file) = hospital.served.bytes(&path("export"));
    assert_eq!(headers["content-type"], "application/json");
    let exported: Value = serde_json::from_slice(&file).unwrap();
    assert_eq!(exported["schema"], "shindan.agreement/1");
    let same = hospital.served.get(&path("diff"));
    assert_eq!((&same.body["from"], &same.body["differences"]), (&json!(1), &json!([])));
    for query in ["from=9", "to=9", "from=x", "since=1"] {
        let answer = hospital.served.get(&path(&format!("diff?{query}")));
        assert_eq!((answer.status, &answer.body["code"]), (400, &json!("query-invalid")), "{query}");
    }
    let outsider = person(&hospital, "partner", "write");
    for what in ["print", "export", "diff"] {
        assert_eq!(hospital.served.get_as(&outsider, &path(what)).status, 403, "{what}");
        let other = hospital.served.get(&format!("/api/v1/person/{}/{what}", hospital.served.person));
        assert_eq!((other.status, &other.body["code"]), (404, &json!("path-unknown")), "{what}");
    }

    let import = |token: &str, body: Value| {
        provider.served.post_as(token, "/api/v1/agreement-import", &[("idempotency-key", "take")], &body)
    };
    let operator = provider.served.token.clone();
    let sent = provider.send("agreement.json", &file);
    let auditor = person(&provider, "auditor", "write");
    let foreign = import(&auditor, json!({"file": sent}));
    assert_eq!(foreign.status, 400, "an upload is its sender's alone");
    let own = crate::evidence::upload(&provider.served, &auditor, "agreement.json", &file);
    let forbidden = import(&auditor, json!({"file": own.body["sha256"]}));
    assert_eq!((forbidden.status, &forbidden.body["reason"]["code"]), (403, &json!("role-missing")));
    for (bytes, reason) in [(b"{}".to_vec(), ""), (vec![b' '; (4 << 20) + 1], "file-too-large")] {
        let bad = import(&operator, json!({"file": provider.send("bad.json", &bytes)}));
        assert_eq!((bad.status, &bad.body["code"]), (422, &json!("file-unreadable")), "{bad:?}");
        assert!(bad.body["params"]["reason"].as_str().unwrap().contains(reason), "{bad:?}");
    }
    let changed = String::from_utf8(file).unwrap().replace("確認", "破棄");
    let changed = import(&operator, json!({"file": provider.send("changed.json", changed.as_bytes())}));
    assert_eq!(changed.body["reason"]["code"], json!("agreement-file-changed"));
    let unknown = import(&operator, json!({"file": sent, "system": "外来システム"}));
    assert_eq!((unknown.status, &unknown.body["code"]), (404, &json!("record-unknown")));
    let body = json!({"file": sent, "parties": {"カルテ工業": "カルテ工業"}});
    let taken = import(&operator, body.clone());
    assert_eq!((taken.status, &taken.body["record"]["kind"]), (200, &json!("agreement")), "{taken:?}");
    let again = import(&operator, body);
    assert_eq!((&again.body["repeated"], &again.body["record"]), (&json!(true), &taken.body["record"]));
}

/// The provider's word: its own file with its confirmation, sealed for the hospital, or signed with a key that the hospital
/// pinned.
#[test]
fn a_partners_file_is_its_word() {
    let (hospital, provider) = (Hospital::new(), Hospital::new());
    let cards = (card(&provider, "カルテ工業"), card(&hospital, "中央病院"));
    let to = knows(&provider, "中央病院", &cards.1);
    knows(&hospital, "カルテ工業", &cards.0);
    let agreement = proposed(&hospital);
    agreed(&hospital, &agreement);
    let (_, _, file) = hospital.served.bytes(&format!("/api/v1/agreement/{agreement}/export"));
    let exported: Value = serde_json::from_slice(&file).unwrap();
    let hash = exported["content_hash"].as_str().unwrap().to_owned();

    let sent = provider.send("agreement.json", &file);
    let theirs = id(&provider.operate("agreement-import", json!({"file": sent})));
    agreed(&provider, &theirs);
    let scan = provider.send("signed.pdf", b"signed");
    let paper = json!({"scan": scan, "signer": "カルテ工業 代表"});
    let own = json!({"party": "カルテ工業", "content": hash, "paper": paper});
    provider.operate(&format!("agreement/{theirs}/confirm"), own);
    let (_, _, confirmed) = provider.served.bytes(&format!("/api/v1/agreement/{theirs}/export"));
    let back = provider.send("confirmed.json", &confirmed);
    provider.operate(&format!("exchange/{to}/seal"), json!({"files": [back], "type": "agreement"}));
    let (_, _, sealed) = provider.served.bytes(&format!("/api/v1/exchange/{to}/sent/1"));

    let path = format!("/api/v1/agreement/{agreement}/confirm");
    let confirm = |word: &Value, paper: &Value| {
        let body = json!({"party": "カルテ工業", "content": hash, "partner_file": word, "paper": paper});
        hospital.served.post(&path, &body)
    };
    let none = Value::Null;
    let word = json!({"file": hospital.send("1.shindan", &sealed)});
    let early = confirm(&word, &none);
    assert_eq!((early.status, &early.body["reason"]["code"]), (422, &json!("sealed-not-accepted")));

    let records = Records::open(&DataFolder::new(&provider.served.folder)).unwrap();
    let signed = form_signature::sign(&records, &confirmed, "confirmed.json").unwrap();
    let unpinned = json!({"file": hospital.send("confirmed.json", &confirmed),
        "signature": hospital.send("confirmed.json.minisig", signed.text.as_bytes()),
        "key": hospital.send("key.pub", signed.public_key.as_bytes()),
        "signer": "カルテ工業 代表", "party": "カルテ工業"});
    assert_eq!(confirm(&unpinned, &none).body["reason"]["code"], json!("no-pinned-key"));
    let pin = json!({"fingerprint": signed.public_key, "channel": "phone", "reason": "電話で確認"});
    let pinned = hospital.served.post_as(&hospital.manager, "/api/v1/party/カルテ工業/pin-key", &[], &pin);
    assert_eq!(pinned.status, 200, "{pinned:?}");

    for field in ["signature", "key", "signer", "party"] {
        let mut word = unpinned.clone();
        word.as_object_mut().unwrap().remove(field);
        let half = confirm(&word, &none);
        let named = json!(format!("partner_file.{field}"));
        assert_eq!((half.status, &half.body["params"]["field"]), (400, &named), "{half:?}");
    }
    let scan = hospital.send("scan.pdf", b"scan");
    let twice = confirm(&unpinned, &json!({"scan": scan, "signer": "x"}));
    assert_eq!((twice.status, &twice.body["params"]["field"]), (400, &json!("partner_file")));
    assert_eq!(confirm(&json!({"path": "/etc/passwd"}), &none).body["code"], json!("body-invalid"));
    let mut damaged = confirmed.clone();
    damaged.push(b' ');
    let mut other = unpinned.clone();
    other["file"] = json!(hospital.send("confirmed.json", &damaged));
    assert_eq!(confirm(&other, &none).body["reason"]["code"], json!("partner-file-not-proven"));

    let auditor = person(&hospital, "auditor", "write");
    let mut own = unpinned.clone();
    for (field, bytes) in [
        ("file", confirmed.as_slice()),
        ("signature", signed.text.as_bytes()),
        ("key", signed.public_key.as_bytes()),
    ] {
        own[field] = crate::evidence::upload(&hospital.served, &auditor, field, bytes).body["sha256"].clone();
    }
    let body = json!({"party": "カルテ工業", "content": hash, "partner_file": own});
    let forbidden = hospital.served.post_as(&auditor, &path, &[], &body);
    assert_eq!((forbidden.status, &forbidden.body["reason"]["code"]), (403, &json!("role-missing")));

    let signed = confirm(&unpinned, &none);
    assert_eq!(signed.status, 200, "{signed:?}");
    let shown = hospital.served.get(&format!("/api/v1/agreement/{agreement}")).body;
    assert!(shown.to_string().contains("confirmed.json"), "{shown}");
}

#[test]
fn a_partners_sealed_file_is_its_word() {
    let (hospital, provider) = (Hospital::new(), Hospital::new());
    let cards = (card(&provider, "カルテ工業"), card(&hospital, "中央病院"));
    let to = knows(&provider, "中央病院", &cards.1);
    knows(&hospital, "カルテ工業", &cards.0);
    let agreement = proposed(&hospital);
    agreed(&hospital, &agreement);
    let shown = hospital.served.get(&format!("/api/v1/agreement/{agreement}")).body;
    let hash = shown["facts"]["content-hash"].as_str().unwrap().to_owned();
    let number = shown["number"].as_str().unwrap();
    let said = format!("confirms {number} {hash}");
    let letter = provider.send("word.txt", said.as_bytes());
    provider.operate(&format!("exchange/{to}/seal"), json!({"files": [letter], "type": "confirmation"}));
    let (_, _, sealed) = provider.served.bytes(&format!("/api/v1/exchange/{to}/sent/1"));
    let file = hospital.send("1.shindan", &sealed);
    hospital.operate("exchange-import", json!({"file": file}));
    let path = format!("/api/v1/agreement/{agreement}/confirm");
    let confirm = |token: &str, party: &str| {
        let word = json!({"file": file, "party": party});
        let body = json!({"party": "カルテ工業", "content": hash, "partner_file": word});
        hospital.served.post_as(token, &path, &[], &body)
    };
    let operator = hospital.served.token.clone();
    let other = confirm(&operator, "中央病院");
    assert_eq!(other.body["reason"]["code"], json!("other-party"), "{other:?}");
    let done = confirm(&operator, "カルテ工業");
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(confirm(&operator, "カルテ工業").status, 422, "once");
}
