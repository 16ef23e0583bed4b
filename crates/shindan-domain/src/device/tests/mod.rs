//! Dossier, rule, life: each gate by name, and random lives beside an observer.

mod lives;
mod network;
mod rules;

use super::*;
use crate::approval::Word;
use crate::calendar::day;
use crate::case::CaseState;
use crate::model::{History, by, document, id, minute};
use crate::process::{ReasonCode, Refusal};
use crate::record_id::{CaseId, PartyId};

pub(super) fn particulars() -> DeviceParticulars {
    DeviceParticulars {
        asset: AssetId(id(50)),
        key: "id:CT-01".to_owned(),
        name: "CT-01".to_owned(),
        system: None,
        category: DeviceCategory::MedicalDevice,
        network: NetworkIdentity::default(),
        remote_line: None,
        support_ends: Vec::new(),
    }
}

pub(super) fn information() -> InformationGiven {
    InformationGiven {
        kind: MakerInformationKind::Mds,
        edition: Some("5.0".to_owned()),
        dated: None,
        content: "no anti-virus software; updates by the maker".to_owned(),
        document: document(1),
    }
}

pub(super) fn statement(differs: Option<u8>) -> UseStatement {
    UseStatement {
        intended: "computed tomography".to_owned(),
        actual: match differs {
            None => "computed tomography".to_owned(),
            Some(_) => "computed tomography, and the console shows web pages".to_owned(),
        },
        comparison: if differs.is_some() { UseComparison::Differs } else { UseComparison::Same },
        reason: "looked on the spot".to_owned(),
        documents: Vec::new(),
        case: differs.map(|number| CaseId(id(number))),
    }
}

pub(super) fn analysis() -> AnalysisGiven {
    AnalysisGiven {
        content: "malware by the line".to_owned(),
        measures: "line on demand only".to_owned(),
        likelihood: RiskLevel::Medium,
        patient_safety: RiskLevel::High,
        availability: RiskLevel::High,
        confidentiality: RiskLevel::Low,
        documents: Vec::new(),
    }
}

pub(super) fn method() -> UpdateMethod {
    UpdateMethod {
        responsible: None,
        how: "by the maker at the yearly service".to_owned(),
        interval_days: 90,
    }
}

pub(super) fn rule_text() -> RuleText {
    RuleText { department: "radiology".to_owned(), provisions: "no private media".to_owned() }
}

pub(super) fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> ReasonCode {
    answer.unwrap_err().reason.code
}

/// In use, entered by person 0.
pub(super) fn registered() -> History<Device> {
    let mut device = History::new();
    device.record(&Device::register(particulars()).unwrap(), by(0, 0));
    device
}

impl History<Device> {
    pub(super) fn step(&mut self, event: Result<DeviceEvent, Refusal>, who: u8, minutes: i64) {
        let event = event.unwrap_or_else(|refusal| panic!("{refusal} {:?}", refusal.missing));
        self.record(&event, by(who, minutes));
    }
}

/// With everything that a rule needs: analysed by person 1.
pub(super) fn analysed() -> History<Device> {
    let mut device = registered();
    device.step(device.state().inform(information(), &by(0, 1)), 0, 1);
    device.step(device.state().state_use(statement(None)), 0, 2);
    device.step(device.state().analyse(analysis()), 1, 3);
    device.step(device.state().plan_updates(method(), None, &by(0, 4)), 0, 4);
    device
}

fn codes(device: &Device, minutes: i64, case: Option<CaseState>) -> Vec<ReasonCode> {
    device.alarms(day(minute(minutes)), case).into_iter().map(|reason| reason.code).collect()
}

#[test]
fn a_new_dossier_says_everything_that_it_lacks() {
    let device = registered();
    assert_eq!(
        codes(device.state(), 0, None),
        [
            ReasonCode::DeviceInformationMissing,
            ReasonCode::DeviceUseNotStated,
            ReasonCode::DeviceAnalysisMissing,
            ReasonCode::DeviceUpdateMethodMissing,
            ReasonCode::DeviceRuleMissing,
        ]
    );
    let refusal = device.state().analyse(analysis()).unwrap_err();
    assert_eq!(refusal.reason.code, ReasonCode::DeviceDossierIncomplete);
    assert_eq!(refusal.missing.len(), 2, "{refusal:?}");
}

#[test]
fn a_difference_has_a_case_and_stays_until_that_is_closed_or_the_use_is_corrected() {
    let mut device = analysed();
    let without = UseStatement { case: None, ..statement(Some(7)) };
    assert_eq!(code(device.state().state_use(without)), ReasonCode::DeviceUseWithoutCase);
    let needless = UseStatement { case: Some(CaseId(id(7))), ..statement(None) };
    assert_eq!(code(device.state().state_use(needless)), ReasonCode::DeviceCaseNotNeeded);
    let silent = UseStatement { reason: " ".to_owned(), ..statement(None) };
    assert_eq!(
        code(device.state().state_use(silent)),
        ReasonCode::TextMissing,
        "no difference needs a reason"
    );
    device.step(device.state().state_use(statement(Some(7))), 0, 5);
    for state in CaseState::ALL {
        let open = codes(device.state(), 5, Some(*state)).contains(&ReasonCode::DeviceUseDiffers);
        assert_eq!(open, *state != CaseState::Closed, "{state}: accepted is not closed");
    }
    assert!(codes(device.state(), 5, None).contains(&ReasonCode::DeviceUseDiffers));
    device.step(device.state().state_use(statement(None)), 0, 6);
    assert!(!codes(device.state(), 6, None).contains(&ReasonCode::DeviceUseDiffers));
    assert_eq!(device.state().uses.len(), 3, "the history is kept");
}

#[test]
fn updates_are_due_after_the_interval_and_firmware_is_no_new_fact() {
    let mut device = analysed();
    let done = |on| UpdateDone {
        on,
        result: UpdateResult::Applied,
        firmware: Some("2.1".to_owned()),
        note: "by the maker".to_owned(),
        documents: Vec::new(),
    };
    let today = day(minute(10));
    let tomorrow = today.tomorrow().unwrap();
    assert_eq!(code(device.state().updated(done(tomorrow), None, &by(0, 10))), ReasonCode::DateInFuture);
    let edition = device.state().edition;
    device.step(device.state().updated(done(today), None, &by(0, 10)), 0, 10);
    let calendar = device.state().updates.as_ref().unwrap();
    assert_eq!(calendar.next, crate::calendar::after(today, 90));
    assert_eq!(device.state().network.firmware.as_deref(), Some("2.1"));
    assert_eq!(device.state().edition, edition);
    let due = 90 * 24 * 60;
    assert!(
        !codes(device.state(), due, None).contains(&ReasonCode::DeviceUpdateOverdue),
        "due is not overdue"
    );
    assert!(codes(device.state(), due + 24 * 60, None).contains(&ReasonCode::DeviceUpdateOverdue));
    assert_eq!(
        code(device.state().plan_updates(UpdateMethod { interval_days: 0, ..method() }, None, &by(0, 11))),
        ReasonCode::DeviceIntervalInvalid
    );
}

#[test]
fn support_and_lines_are_alarms_while_they_matter() {
    let mut device = registered();
    let today = day(minute(1));
    let line = |owner| RemoteLine {
        kind: LineKind::IpsecVpn,
        description: "contract 4711".to_owned(),
        owner,
        provider: Some(PartyId(id(61))),
        connection: LineConnection::Always,
    };
    let changed = DeviceParticulars {
        remote_line: Some(line(None)),
        support_ends: vec![SupportEnd { until: today, what: "operating system".to_owned() }],
        ..particulars()
    };
    device.step(device.state().change(changed.clone(), "looked".to_owned()), 0, 1);
    assert_eq!(code(device.state().change(changed.clone(), "again".to_owned())), ReasonCode::NothingChanges);
    let other = DeviceParticulars { key: "id:CT-02".to_owned(), ..changed.clone() };
    assert_eq!(code(device.state().change(other, "r".to_owned())), ReasonCode::FieldFixed);
    let now = codes(device.state(), 1, None);
    assert!(now.contains(&ReasonCode::DeviceLineWithoutOwner));
    assert!(!now.contains(&ReasonCode::DeviceSupportEnded), "the last day is a day of support");
    assert!(codes(device.state(), 1 + 24 * 60, None).contains(&ReasonCode::DeviceSupportEnded));
    assert_eq!(device.state().filed().due, Some(today));
    let owned = DeviceParticulars { remote_line: Some(line(Some(PartyId(id(60))))), ..changed };
    device.step(device.state().change(owned, "asked".to_owned()), 0, 2);
    assert!(!codes(device.state(), 2, None).contains(&ReasonCode::DeviceLineWithoutOwner));
}
