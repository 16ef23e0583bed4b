//! A sealed file goes over HTTP from one server to another, and its receipt comes back.

use serde_json::json;
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::{Call, Records, exchange};

use crate::hospital::{Hospital, id};

/// The card of a side, and what is read aloud.
fn card(side: &Hospital, name: &str) -> (Vec<u8>, String) {
    let mut records = Records::open(&DataFolder::new(&side.served.folder)).unwrap();
    let who = records.enter(&side.manager, clock::now()).unwrap();
    let card = exchange::card(&mut records, &who, &Call::at(clock::now()), Some(name)).unwrap();
    (card.file, card.card.read_aloud())
}

/// One side takes the other's card in, and another person confirms it.
fn knows(side: &Hospital, party: &str, (card, digits): &(Vec<u8>, String)) -> String {
    let card = side.send("their.card", card);
    let partner = id(&side.operate("exchange", json!({"party": party, "card": card})));
    let confirm = json!({"fingerprint": digits, "by": "voice"});
    let path = format!("/api/v1/exchange/{partner}/confirm");
    let own = side.served.post(&path, &confirm);
    assert_eq!((own.status, &own.body["reason"]["code"]), (422, &json!("same-person")));
    side.by(&side.manager, &format!("exchange/{partner}/confirm"), confirm);
    partner
}

#[test]
fn a_sealed_file_goes_over_and_its_receipt_comes_back() {
    let (provider, hospital) = (Hospital::new(), Hospital::new());
    let cards = (card(&provider, "カルテ工業"), card(&hospital, "中央病院"));
    let to = knows(&provider, "中央病院", &cards.1);
    knows(&hospital, "カルテ工業", &cards.0);
    let list = provider.list("sbom.json", "1.2.0");
    let sealed = provider.operate(&format!("exchange/{to}/seal"), json!({"files": [list], "encrypt": true}));
    let hash = sealed.body["sealed"].as_str().unwrap().to_owned();
    let (status, _, bytes) = provider.served.bytes(&format!("/api/v1/documents/{hash}"));
    assert_eq!(status, 200);

    let import = |side: &Hospital, name: &str, bytes: &[u8]| {
        let file = side.send(name, bytes);
        side.served.post("/api/v1/exchange-import", &json!({"file": file}))
    };
    let mut changed = bytes.clone();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    let refused = import(&hospital, "changed.shindan", &changed);
    assert_eq!((refused.status, &refused.body["reason"]["code"]), (422, &json!("sealed-cannot-decrypt")));
    let accepted = import(&hospital, "1.shindan", &bytes);
    assert_eq!((accepted.status, &accepted.body["number"]), (200, &json!(1)), "{accepted:?}");
    let again = import(&hospital, "1.shindan", &bytes);
    assert_eq!((again.status, &again.body["reason"]["code"]), (422, &json!("sealed-replay")));

    let receipt = accepted.body["receipt"].as_str().unwrap();
    assert_eq!(import(&provider, "1.receipt", receipt.as_bytes()).status, 200);
    let shown = provider.served.get(&format!("/api/v1/exchange/{to}"));
    assert_eq!(shown.body["state"], "confirmed", "nothing is outstanding: {}", shown.body);
    let void = json!({"number": 1, "reason": "too late"});
    let settled = provider.served.post(&format!("/api/v1/exchange/{to}/void-sent"), &void);
    assert_eq!((settled.status, &settled.body["reason"]["code"]), (422, &json!("file-settled")));
}
