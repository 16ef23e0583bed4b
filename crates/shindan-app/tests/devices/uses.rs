//! A use other than intended: its case is a real one, in the same act, and the difference stays until that is closed.

use shindan_app::records::cases;
use shindan_app::records::device_lists::{self, Listed};
use shindan_app::records::refresh::RefreshOrder;
use shindan_app::records::{RecordsError, WordGiven};
use shindan_domain::case::{Applicability, CaseState, Subject, Treatment};
use shindan_domain::control::Verdict;
use shindan_domain::device::UseComparison;
use shindan_domain::ledger::Kind;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::CaseId;

use crate::hospital::{DUE_DATES, code};
use crate::ward::{CT, Ward, approver, colleague, operator};

const WEB: &str = "撮影のほか、操作卓で院外のウェブを閲覧";

fn case_of(ward: &Ward) -> CaseId {
    ward.device(ward.ct).difference().unwrap().given.case.unwrap()
}

fn alarms(ward: &Ward) -> Vec<ReasonCode> {
    let (records, who) = (&ward.hospital.records, &ward.hospital.auditor);
    let report = device_lists::list(records, who, Listed::Alarms, ward.hospital.now).unwrap();
    report.lines.iter().flat_map(|line| &line.alarms).map(|reason| reason.code).collect()
}

#[test]
fn a_difference_opens_a_case_in_the_same_act_with_due_dates_of_the_policy() {
    let mut ward = Ward::new("use-opens");
    ward.hospital.approve_policy(DUE_DATES);
    let done = ward.state_use(UseComparison::Differs, WEB).unwrap();
    let (first, last) = done.entries.unwrap();
    assert_eq!(last - first, 1, "the case and the statement, in one act");
    assert_eq!(done.stream.kind, Kind::Device, "the answer is about the device");
    let case = ward.hospital.case(case_of(&ward));
    assert_eq!(case.subject, Subject::System(ward.hospital.system));
    assert_eq!(case.state(), CaseState::Detected);
    assert!(case.due.is_some() && case.places.contains_key(CT) && case.is_stated());
    // The same word again says nothing new, and opens nothing.
    let head = ward.hospital.records.store().head().unwrap();
    assert_eq!(code(ward.state_use(UseComparison::Differs, WEB)), ReasonCode::NothingChanges);
    assert_eq!(ward.hospital.records.store().head().unwrap(), head);
}

#[test]
fn the_difference_is_a_gap_until_its_case_is_closed_with_its_proof() {
    let mut ward = Ward::in_order("use-closing");
    assert_eq!(ward.control().verdict, Verdict::Gaps, "the pump has no dossier");
    ward.state_use(UseComparison::Differs, WEB).unwrap();
    let case = case_of(&ward);
    let differs = |ward: &Ward| {
        let of_control = ward
            .control()
            .gaps
            .iter()
            .any(|gap| gap.reason.code == ReasonCode::ControlDeviceUseDiffers && gap.records.len() == 1);
        assert_eq!(of_control, alarms(ward).contains(&ReasonCode::DeviceUseDiffers));
        of_control
    };
    assert!(differs(&ward));
    // A comparison with vulnerability information finds nothing at the device, and closes nothing.
    ward.hospital.learn(&[("CVE-2026-1001", "ward-viewer", "1.2.0", true)]);
    let order = RefreshOrder {
        subject: Subject::System(ward.hospital.system),
        paths: Vec::new(),
        register: true,
        complete: true,
        as_of: None,
    };
    ward.hospital.try_refresh(&order).unwrap();
    assert!(!ward.hospital.case(case).all_gone(), "no comparison clears a use");
    ward.hospital.settle_use(case);
    assert!(differs(&ward), "approved is not done");
    let (file, at) = (ward.file.clone(), [CT.to_owned()]);
    ward.by(operator, |records, who, call| {
        cases::show_effect(records, who, call, case, &at, (&file, "閲覧ソフトを削除した"))
    })
    .unwrap();
    let review = Some("2027-02-01".parse().unwrap());
    let same = ward.by(operator, |records, who, call| {
        cases::confirm(records, who, call, case, review, &WordGiven::Software)
    });
    assert_eq!(code(same), ReasonCode::SamePerson);
    ward.by(colleague, |records, who, call| {
        cases::confirm(records, who, call, case, review, &WordGiven::Software)
    })
    .unwrap();
    assert!(differs(&ward), "confirmed is not closed");
    ward.by(operator, |records, who, call| cases::close(records, who, call, case)).unwrap();
    assert!(!differs(&ward), "closed with its proof");
    // A further difference is another decision.
    ward.state_use(UseComparison::Differs, "待合室の案内表示にも使用").unwrap();
    assert_ne!(case_of(&ward), case);
    assert!(differs(&ward));
}

impl crate::hospital::Hospital {
    /// Judged, analysed, decided as a configuration change, approved; a patch is refused.
    fn settle_use(&mut self, case: CaseId) {
        self.judge(case, Applicability::Affected).unwrap();
        self.analyse(case).unwrap();
        assert_eq!(code(self.decide(case, Treatment::Patch, None)), ReasonCode::DeviceUseNotPatched);
        self.decide(case, Treatment::ConfigurationChange, None).unwrap();
        let approver = self.approver.clone();
        self.approve_as(&approver, case).unwrap();
    }
}

#[test]
fn a_corrected_use_ends_the_gap_and_the_case_still_asks_for_its_proof() {
    let mut ward = Ward::in_order("use-corrected");
    ward.state_use(UseComparison::Differs, WEB).unwrap();
    let case = case_of(&ward);
    ward.state_use(UseComparison::Same, "X線CT撮影").unwrap();
    assert!(!alarms(&ward).contains(&ReasonCode::DeviceUseDiffers));
    assert_eq!(ward.hospital.case(case).state(), CaseState::Detected, "nobody closed it");
}

#[test]
fn a_use_that_changes_again_begins_what_was_approved_again() {
    let mut ward = Ward::in_order("use-again");
    ward.state_use(UseComparison::Differs, WEB).unwrap();
    let case = case_of(&ward);
    ward.hospital.settle_use(case);
    ward.state_use(UseComparison::Differs, "撮影のほか、待合室の案内表示にも使用").unwrap();
    assert_eq!(case_of(&ward), case, "the same case");
    assert_eq!(ward.hospital.case(case).state(), CaseState::Reopened);
}

#[test]
fn roles_are_asked_and_a_refusal_writes_nothing() {
    let mut ward = Ward::new("use-roles");
    let head = ward.hospital.records.store().head().unwrap();
    let ct = ward.ct;
    let order = shindan_app::records::devices::UseOrder {
        intended: Some("X線CT撮影".to_owned()),
        actual: WEB.to_owned(),
        comparison: UseComparison::Differs,
        reason: " ".to_owned(),
        documents: Vec::new(),
    };
    let by = |ward: &mut Ward, who| {
        ward.by(who, |records, who, call| {
            shindan_app::records::devices::state_use(records, who, call, ct, &order)
        })
    };
    assert_eq!(code(by(&mut ward, approver)), ReasonCode::RoleMissing);
    assert_eq!(code(by(&mut ward, operator)), ReasonCode::TextMissing, "no case for a word without a reason");
    assert_eq!(ward.hospital.records.store().head().unwrap(), head);
    let asset = ward.device(ct).asset;
    assert_eq!(code(ward.open(asset)), ReasonCode::DeviceTwice);
    let unknown = ward.open(shindan_domain::record_id::AssetId(uuid::Uuid::from_u128(5)));
    assert!(matches!(unknown, Err(RecordsError::Unknown(_))), "{unknown:?}");
}
