//! What the status of システム運用編 8 says, today and as of an earlier day.

use shindan_app::records::devices;
use shindan_domain::control::Verdict;
use shindan_domain::device::{LineConnection, LineKind, RemoteLine, StopKind};
use shindan_domain::process::ReasonCode;

use crate::ward::{Ward, operator};

fn gaps(ward: &Ward) -> Vec<ReasonCode> {
    ward.control().gaps.iter().map(|gap| gap.reason.code).collect()
}

#[test]
fn a_medical_device_of_the_register_without_a_dossier_is_a_gap_and_one_in_order_is_shown() {
    let mut ward = Ward::in_order("status-order");
    assert_eq!(gaps(&ward), [ReasonCode::ControlDeviceWithoutDossier]);
    let shown = ward.control().shown;
    assert_eq!((shown.len(), shown[0].reason.code), (1, ReasonCode::ControlDevicesInOrder));
    let pump = ward.open(ward.pump_asset).unwrap();
    let open = gaps(&ward);
    assert!(!open.contains(&ReasonCode::ControlDeviceWithoutDossier));
    assert!(open.contains(&ReasonCode::ControlDeviceRuleMissing), "{open:?}");
    ward.by(operator, |records, who, call| {
        devices::stop(records, who, call, pump, StopKind::Faulty, ("電源が入らない".to_owned(), None))
    })
    .unwrap();
    assert_eq!(gaps(&ward), [ReasonCode::ControlStillConnected], "a rule is for what is used");
}

#[test]
fn updates_lines_and_support_are_gaps_from_their_day_on() {
    let mut ward = Ward::in_order("status-days");
    let pump = ward.open(ward.pump_asset).unwrap();
    ward.by(operator, |records, who, call| {
        devices::stop(records, who, call, pump, StopKind::Stopped, ("予備機".to_owned(), None))
    })
    .unwrap();
    let ct = ward.ct;
    let line = RemoteLine {
        kind: LineKind::IpsecVpn,
        description: "契約 4711".to_owned(),
        owner: None,
        provider: Some(ward.maker),
        connection: LineConnection::Always,
    };
    ward.by(operator, |records, who, call| {
        devices::set_line(records, who, call, ct, Some(line), "ラックで見つけた".to_owned())
    })
    .unwrap();
    let open = gaps(&ward);
    for code in [
        ReasonCode::ControlDeviceLineWithoutOwner,
        ReasonCode::ControlDeviceAnalysisMissing,
        ReasonCode::ControlDeviceRuleMissing,
    ] {
        assert!(open.contains(&code), "{code:?}: {open:?}");
    }
    assert!(!open.contains(&ReasonCode::ControlDeviceUpdatesOverdue));
    ward.hospital.later(91);
    assert!(gaps(&ward).contains(&ReasonCode::ControlDeviceUpdatesOverdue));
    ward.hospital.later(4 * 365);
    assert!(gaps(&ward).contains(&ReasonCode::ControlSupportEnded));
    // As of the first day nothing of that was so.
    let (records, now) = (&ward.hospital.records, ward.hospital.now);
    let day = Some("2026-11-01".parse().unwrap());
    let report = shindan_app::records::control::report(records, &ward.hospital.auditor, day, now).unwrap();
    let status = report.lines.iter().find(|line| line.status.control == "unyo-8").unwrap();
    assert_eq!(status.status.verdict, Verdict::Undetermined, "{status:?}");
}
