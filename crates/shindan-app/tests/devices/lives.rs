//! From use to disposal: who may say what, with which proof, and what lists show on the way.

use shindan_app::records::device_lists::{self, Listed};
use shindan_app::records::devices::{self, ConfirmOrder};
use shindan_app::records::{Done, Entered, RecordsError, WordGiven, ledger, organisation};
use shindan_domain::device::{Device, DeviceState, DisconnectionMeans, Seen, StopKind};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, Patcher, ServiceState, System};
use shindan_domain::people::Action;
use shindan_domain::process::ReasonCode;

use crate::hospital::{Hospital, code, refusal};
use crate::ward::{PUMP, Ward, approver, colleague, operator};

fn confirm(
    ward: &mut Ward,
    who: fn(&Hospital) -> &Entered,
    document: bool,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    let (ct, documents) = (ward.ct, document.then(|| ward.file.clone()).into_iter().collect());
    let (means, how) = (DisconnectionMeans::CableRemoved, "接続表で確かめた".to_owned());
    let order = ConfirmOrder { means, how, checked: None, documents };
    ward.by(who, |records, who, call| devices::confirm_disconnected(records, who, call, ct, order, word))
}

fn stop(ward: &mut Ward) {
    let ct = ward.ct;
    ward.by(operator, |records, who, call| {
        devices::stop(records, who, call, ct, StopKind::Stopped, ("更改した".to_owned(), None))
    })
    .unwrap();
}

fn dispose(ward: &mut Ward) -> Result<Done, RecordsError> {
    let ct = ward.ct;
    ward.by(operator, |records, who, call| {
        devices::dispose(records, who, call, ct, ("消去して返却".to_owned(), None), &[])
    })
}

fn still_connected(ward: &Ward) -> usize {
    let (records, who) = (&ward.hospital.records, &ward.hospital.auditor);
    device_lists::list(records, who, Listed::StillConnected, ward.hospital.now).unwrap().lines.len()
}

#[test]
fn a_stopped_device_is_listed_until_somebody_confirmed_that_it_is_disconnected() {
    let mut ward = Ward::new("life");
    assert_eq!(refusal(dispose(&mut ward)).reason.code, ReasonCode::StepOutOfOrder);
    stop(&mut ward);
    assert_eq!(still_connected(&ward), 1);
    let early = refusal(dispose(&mut ward));
    assert_eq!(early.missing[0].code, ReasonCode::DeviceDisconnectionOpen);
    assert_eq!(
        code(confirm(&mut ward, operator, false, &WordGiven::Software)),
        ReasonCode::DeviceNeedsDocument
    );
    confirm(&mut ward, colleague, false, &WordGiven::Software).unwrap();
    assert_eq!(still_connected(&ward), 0);
    dispose(&mut ward).unwrap();
    assert_eq!(ward.device(ward.ct).state(), DeviceState::Disposed);
    assert_eq!(code(ward.inform()), ReasonCode::RecordEnded);
    // The asset may get a new dossier now.
    let asset = ward.device(ward.ct).asset;
    ward.open(asset).unwrap();
}

#[test]
fn one_person_alone_confirms_with_a_document_and_others_on_paper() {
    let mut ward = Ward::new("life-alone");
    stop(&mut ward);
    confirm(&mut ward, operator, true, &WordGiven::Software).unwrap();
    let ct = ward.ct;
    ward.by(operator, |records, who, call| {
        devices::back_in_use(records, who, call, ct, "修理した".to_owned())
    })
    .unwrap();
    stop(&mut ward);
    let scan = ward.file.clone();
    let paper = WordGiven::Paper { scan, signer: "保守員".to_owned(), person: None };
    confirm(&mut ward, operator, false, &paper).unwrap();
    let page = ward.hospital.page(Stream::new(Kind::Device, ct));
    let text = format!("{:?}", page.view);
    assert!(text.contains("paper"), "marked as paper: {text}");
}

#[test]
fn a_sighting_after_the_confirmation_is_an_alarm_until_somebody_looks_again() {
    let mut ward = Ward::new("life-seen");
    stop(&mut ward);
    confirm(&mut ward, colleague, false, &WordGiven::Software).unwrap();
    dispose(&mut ward).unwrap();
    let (ct, at) = (ward.ct, ward.hospital.now);
    let seen = Seen { at, by_what: "00:1b:78:aa:bb:cc".to_owned(), sighting: None, document: None };
    ward.by(operator, |records, who, call| {
        let about = Stream::new(Kind::Device, ct);
        records.act(who, call, Action::Operate, Some(about), |act| {
            act.change::<Device>(ct, |state, by| Ok(vec![state.seen_again(seen, by)?]))?;
            Ok(about)
        })
    })
    .unwrap();
    assert_eq!(still_connected(&ward), 1, "disposed of, and seen");
    assert_eq!(
        code(confirm(&mut ward, colleague, false, &WordGiven::Software)),
        ReasonCode::DeviceNeedsDocument,
        "whose word was refuted needs more than another word"
    );
    confirm(&mut ward, approver, false, &WordGiven::Software).unwrap();
    assert_eq!((still_connected(&ward), ward.device(ct).state()), (0, DeviceState::Disposed));
    let checked = ledger::verify(&ward.hospital.records, &[], true).unwrap();
    assert!(checked.is_whole() && checked.differences.is_some(), "{checked:?}");
}

/// The pump is an IoT device of the register, and nobody keeps its dossier.
#[test]
fn a_device_without_a_dossier_needs_an_agreement_like_any_other() {
    let mut ward = Ward::new("undescribed");
    stop(&mut ward);
    confirm(&mut ward, colleague, false, &WordGiven::Software).unwrap();
    let system = ward.hospital.system;
    let serve = |ward: &mut Ward, service| {
        ward.by(
            |hospital| &hospital.manager,
            |records, who, call| {
                let reason = "運用開始".to_owned();
                organisation::change(records, who, call, system.0, reason, |system: &mut System| {
                    system.service = service;
                })
            },
        )
    };
    let refused = refusal(serve(&mut ward, ServiceState::InService));
    assert_eq!(refused.reason.code, ReasonCode::ServiceNeedsAgreement);
    let needing: Vec<&String> =
        refused.missing.iter().filter_map(|reason| reason.params.get("asset")).collect();
    assert_eq!(needing, ["輸液ポンプ"], "the tomograph is disconnected");
    // Without the pump it may; and then the pump does not come in by being entered.
    let pump = ward.pump_asset;
    ward.by(
        |hospital| &hospital.manager,
        |records, who, call| organisation::end::<Asset>(records, who, call, pump.0, "誤り".to_owned()),
    )
    .unwrap();
    serve(&mut ward, ServiceState::InService).unwrap();
    let asset = Asset {
        key: PUMP.to_owned(),
        name: "輸液ポンプ".to_owned(),
        system: Some(system),
        environment: None,
        owner: ward.maker,
        patcher: Patcher::Party(ward.maker),
    };
    let entered = ward.by(
        |hospital| &hospital.manager,
        |records, who, call| organisation::enter_asset(records, who, call, asset),
    );
    assert_eq!(code(entered), ReasonCode::ServiceNeedsAgreement);
}
