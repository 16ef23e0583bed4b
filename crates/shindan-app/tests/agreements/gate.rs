//! The gate of the service, in every use case.

use shindan_app::records::{RecordsError, WordGiven, agreements, control, organisation};
use shindan_domain::agreement::{Agreement, AgreementState, CauseKind, Standing};
use shindan_domain::control::Verdict;
use shindan_domain::device::{Device, DeviceCategory, LineConnection, LineKind, RemoteLine};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, MasterData, Patcher, ServiceState, System};
use shindan_domain::people::Action;
use shindan_domain::process::ReasonCode;

use crate::ward::{HOSPITAL, VENDOR, Ward, approver, code, manager, operator};

#[test]
fn a_service_with_a_medical_device_waits_for_its_agreement() {
    let mut ward = Ward::new("gate");
    let terminal = ward.asset("PC-1", Some(ward.system), ward.provider);
    ward.device(terminal, DeviceCategory::Terminal).unwrap();
    ward.serve(ServiceState::InService).expect("terminals need no agreement");
    ward.serve(ServiceState::Stopped).unwrap();
    ward.monitor("MON-1");
    let refused = ward.serve(ServiceState::InService).unwrap_err();
    let RecordsError::Refused { refusal, .. } = &refused else { panic!("{refused}") };
    assert_eq!(refusal.reason.code, ReasonCode::ServiceNeedsAgreement);
    let missing: Vec<ReasonCode> = refusal.missing.iter().map(|reason| reason.code).collect();
    assert_eq!(missing, [ReasonCode::DeviceNeedsAgreement, ReasonCode::AgreementAbsent]);
    let id = ward.draft();
    ward.propose(id).unwrap();
    ward.all_agree(id);
    let hash = ward.hash(id);
    ward.confirm(id, approver, (HOSPITAL, Some(&hash)), &WordGiven::Software).unwrap();
    assert_eq!(
        code(ward.serve(ServiceState::InService)),
        ReasonCode::ServiceNeedsAgreement,
        "one is not both"
    );
    let scan = ward.hospital.file("signed.pdf", "署名した合意書");
    let word = WordGiven::Paper { scan, signer: "提供 五郎".to_owned(), person: None };
    ward.confirm(id, operator, (VENDOR, Some(&hash)), &word).unwrap();
    ward.serve(ServiceState::InService).unwrap();
    let system: MasterData<System> = ward.state(ward.system.0);
    assert_eq!(system.particulars.service, ServiceState::InService);
    ward.is_whole();
}

#[test]
fn no_way_of_putting_a_device_in_passes_the_gate() {
    let mut ward = Ward::new("ways");
    ward.serve(ServiceState::InService).unwrap();
    // A dossier of an asset that is in the system already.
    let inside = ward.asset("MON-1", Some(ward.system), ward.provider);
    assert_eq!(code(ward.device(inside, DeviceCategory::IotDevice)), ReasonCode::ServiceNeedsAgreement);
    // A device elsewhere that is moved into it.
    let elsewhere = ward.asset("MON-2", None, ward.provider);
    let moved = ward.device(elsewhere, DeviceCategory::MedicalDevice).unwrap();
    let system = ward.system;
    let place = |ward: &mut Ward| {
        ward.by(manager, |records, who, call| {
            organisation::change(records, who, call, elsewhere.0, "移設".to_owned(), |now: &mut Asset| {
                now.system = Some(system);
            })
        })
    };
    assert_eq!(code(place(&mut ward)), ReasonCode::ServiceNeedsAgreement);
    // A device of another kind that becomes one.
    let terminal = ward.device(inside, DeviceCategory::Terminal).unwrap();
    let becomes = |ward: &mut Ward, category| {
        ward.by(operator, |records, who, call| {
            records.act(who, call, Action::Operate, None, |act| {
                act.change::<Device>(terminal, |device, _| {
                    let mut particulars = device.particulars();
                    particulars.category = category;
                    Ok(vec![device.change(particulars, "確認".to_owned())?])
                })?;
                Ok(Stream::new(Kind::Device, terminal))
            })
        })
    };
    assert_eq!(code(becomes(&mut ward, DeviceCategory::IotDevice)), ReasonCode::ServiceNeedsAgreement);
    // With an agreement all of it goes, and the dossier follows its asset.
    let id = ward.in_force();
    place(&mut ward).unwrap();
    assert_eq!(ward.state::<Device>(moved.0).system, Some(system));
    assert_eq!(ward.standing(id), Standing::Reopened, "it was agreed upon without this device");
    assert_eq!(code(becomes(&mut ward, DeviceCategory::IotDevice)), ReasonCode::ServiceNeedsAgreement);
    ward.renew(id);
    assert_eq!(ward.standing(id), Standing::Valid);
    becomes(&mut ward, DeviceCategory::IotDevice).unwrap();
    assert_eq!(ward.standing(id), Standing::Reopened, "a change of its kind does, too");
    let late = ward.asset("MON-3", Some(system), ward.provider);
    assert_eq!(code(ward.device(late, DeviceCategory::IotDevice)), ReasonCode::ServiceNeedsAgreement);
    ward.serve(ServiceState::Stopped).unwrap();
    ward.device(late, DeviceCategory::IotDevice).expect("out of service it may come");
    assert_eq!(code(ward.serve(ServiceState::InService)), ReasonCode::ServiceNeedsAgreement);
    ward.is_whole();
}

#[test]
fn another_line_reopens_the_agreement_in_the_same_act_and_status_tells() {
    let mut ward = Ward::new("line");
    let (asset, device) = ward.monitor("MON-1");
    let id = ward.in_force();
    ward.serve(ServiceState::InService).unwrap();
    let verdict = |ward: &Ward| {
        let report =
            control::report(&ward.hospital.records, &ward.hospital.auditor, None, ward.hospital.now).unwrap();
        let line = report.lines.into_iter().find(|line| line.status.control == "5-1").unwrap();
        let gaps: Vec<ReasonCode> = line.status.gaps.iter().map(|gap| gap.reason.code).collect();
        (line.status.verdict, gaps)
    };
    assert_eq!(verdict(&ward), (Verdict::Met, Vec::new()));
    // Somebody else patches than was agreed.
    let institution = ward.institution;
    let patched_by = |ward: &mut Ward, party| {
        ward.by(manager, |records, who, call| {
            organisation::change(records, who, call, asset.0, "変更".to_owned(), |now: &mut Asset| {
                now.patcher = Patcher::Party(party);
            })
        })
        .unwrap();
    };
    patched_by(&mut ward, institution);
    assert_eq!(verdict(&ward), (Verdict::Gaps, vec![ReasonCode::ControlPatchingContradicts]));
    let provider = ward.provider;
    patched_by(&mut ward, provider);
    let done = ward.by(operator, |records, who, call| {
        records.act(who, call, Action::Operate, None, |act| {
            act.change::<Device>(device, |device, _| {
                let mut particulars = device.particulars();
                particulars.remote_line = Some(RemoteLine {
                    kind: LineKind::IpsecVpn,
                    description: "保守回線 1".to_owned(),
                    owner: Some(institution),
                    provider: Some(provider),
                    connection: LineConnection::Always,
                });
                Ok(vec![device.change(particulars, "回線を引いた".to_owned())?])
            })?;
            Ok(Stream::new(Kind::Device, device))
        })
    });
    let (first, last) = done.unwrap().entries.unwrap();
    assert_eq!(last - first, 1, "the device and the agreement, in one act");
    assert_eq!(ward.state::<Agreement>(id.0).state(), AgreementState::Reopened);
    let expected = vec![
        ReasonCode::ControlServiceWithoutAgreement,
        ReasonCode::ControlAgreementReopened,
        ReasonCode::ControlLineContradicts,
    ];
    assert_eq!(
        verdict(&ward),
        (Verdict::Gaps, expected),
        "the line is the hospital's, the duty the vendor's"
    );
    // Renewed: a further version that names who keeps this line.
    let (from, review) = (ward.today(), crate::ward::REVIEW);
    ward.by(operator, |records, who, call| {
        agreements::revise(records, who, call, id, from, review, "回線を引いた".to_owned())
    })
    .unwrap();
    let line = shindan_domain::agreement::Duty {
        key: "line-mon-1".to_owned(),
        topic: shindan_domain::agreement::DutyTopic::RemoteLine,
        text: "保守回線 1 を管理する".to_owned(),
        covers: vec!["line-of:MON-1".parse().unwrap()],
        involvement: [(HOSPITAL.to_owned(), shindan_domain::agreement::Involvement::Does)].into(),
    };
    ward.by(operator, |records, who, call| agreements::add_duty(records, who, call, id, line)).unwrap();
    ward.propose(id).unwrap();
    ward.all_agree(id);
    ward.both_confirm(id);
    assert_eq!(verdict(&ward), (Verdict::Met, Vec::new()));
    ward.is_whole();
}

#[test]
fn who_confirms_speaks_for_the_party_has_the_role_and_saw_the_content() {
    let mut ward = Ward::new("confirm");
    let id = ward.draft();
    ward.propose(id).unwrap();
    ward.all_agree(id);
    let hash = ward.hash(id);
    let seen = Some(hash.as_str());
    let software = WordGiven::Software;
    assert_eq!(code(ward.confirm(id, operator, (HOSPITAL, seen), &software)), ReasonCode::RoleMissing);
    assert_eq!(code(ward.confirm(id, approver, (VENDOR, seen), &software)), ReasonCode::OtherParty);
    for other in [None, Some("0123456789abcdef"), Some(&hash[..15]), Some("")] {
        let answer = ward.confirm(id, approver, (HOSPITAL, other), &software);
        assert_eq!(code(answer), ReasonCode::AgreementContentDiffers, "{other:?}");
    }
    let grouped = format!("{} {} {} {}", &hash[..4], &hash[4..8], &hash[8..12], &hash[12..16]).to_uppercase();
    ward.confirm(id, approver, (HOSPITAL, Some(&grouped)), &software).expect("as the paper shows it");
    // What changes afterwards is not what was confirmed.
    ward.by(operator, |records, who, call| {
        agreements::change_duty(records, who, call, id, "backup-make", |duty| duty.text.push_str("（毎日）"))
    })
    .unwrap();
    let agreement: Agreement = ward.state(id.0);
    assert!(agreement.confirmed().unwrap().is_empty() && agreement.voided.len() == 1);
    assert_eq!(
        code(ward.confirm(id, approver, (HOSPITAL, seen), &software)),
        ReasonCode::AgreementContentDiffers
    );
}

#[test]
fn a_device_that_comes_or_leaves_reopens_the_agreement_in_the_same_act() {
    let mut ward = Ward::new("comes");
    let (asset, device) = ward.monitor("MON-1");
    let id = ward.in_force();
    ward.serve(ServiceState::InService).unwrap();
    let open = |ward: &Ward| -> Vec<CauseKind> {
        let agreement: Agreement = ward.state(id.0);
        agreement.open_reopenings().map(|open| open.cause.kind).collect()
    };
    // A terminal is no matter of the agreement.
    let terminal = ward.asset("PC-1", Some(ward.system), ward.provider);
    ward.device(terminal, DeviceCategory::Terminal).unwrap();
    assert_eq!((ward.standing(id), open(&ward)), (Standing::Valid, Vec::new()));
    // A further monitor comes.
    let second = ward.asset("MON-2", Some(ward.system), ward.provider);
    ward.device(second, DeviceCategory::MedicalDevice).expect("it is admitted by the agreement that counts");
    assert_eq!((ward.standing(id), open(&ward)), (Standing::Reopened, vec![CauseKind::DeviceAdded]));
    let third = ward.asset("MON-3", Some(ward.system), ward.provider);
    let refused = ward.device(third, DeviceCategory::MedicalDevice);
    assert_eq!(code(refused), ReasonCode::ServiceNeedsAgreement, "not two upon one agreement");
    ward.renew(id);
    // One is moved elsewhere.
    ward.by(manager, |records, who, call| {
        organisation::change(records, who, call, asset.0, "移設".to_owned(), |now: &mut Asset| {
            now.system = None
        })
    })
    .unwrap();
    assert_eq!(ward.state::<Device>(device.0).system, None);
    assert_eq!((ward.standing(id), open(&ward)), (Standing::Reopened, vec![CauseKind::DeviceRemoved]));
    // Out of service and back: without a valid agreement there is no way, as long as a device is there.
    ward.serve(ServiceState::Stopped).unwrap();
    assert_eq!(code(ward.serve(ServiceState::InService)), ReasonCode::ServiceNeedsAgreement);
    ward.renew(id);
    ward.serve(ServiceState::InService).unwrap();
    ward.is_whole();
}
