//! The operating rule: printed from the dossier in both languages, kept, approved by somebody else, out of date by a change.

use shindan_app::records::devices::{self, DeviceOrder};
use shindan_app::records::{RecordsError, StoreError, device_rules, organisation};
use shindan_domain::device::{MacAddress, RuleState};
use shindan_domain::organisation::Asset;
use shindan_domain::process::ReasonCode;
use shindan_report::Lang;

use crate::hospital::{code, refusal};
use crate::ward::{Ward, approver, colleague, operator};

fn printed(ward: &Ward, version: Option<u32>, lang: Lang) -> Result<String, RecordsError> {
    let (records, who) = (&ward.hospital.records, &ward.hospital.auditor);
    device_rules::print(records, who, ward.ct, version, lang).map(|page| String::from_utf8(page).unwrap())
}

#[test]
fn the_dossier_begins_with_what_the_register_knows_and_with_nothing_that_it_cannot_read() {
    let mut ward = Ward::new("rule-register");
    let ct = ward.device(ward.ct);
    let mac: MacAddress = "00:1b:78:aa:bb:cc".parse().unwrap();
    assert!(ct.network.macs.contains(&mac) && ct.network.addresses.contains(&"192.0.2.10".parse().unwrap()));
    assert_eq!((ct.network.serial.as_deref(), ct.network.firmware.as_deref()), (Some("S-1"), Some("1.0")));
    assert_eq!(ct.support_end(), Some("2030-03-31".parse().unwrap()));
    assert_eq!(ct.system, Some(ward.hospital.system));
    let pump = ward.open(ward.pump_asset).unwrap();
    let pump = ward.device(pump);
    assert!(
        pump.network.macs.is_empty() && pump.network.addresses.is_empty() && pump.support_ends.is_empty()
    );
    assert_eq!(pump.network.serial.as_deref(), Some("S-2"), "one bad cell does not lose the others");
}

#[test]
fn a_rule_is_printed_kept_and_approved_by_somebody_else() {
    let mut ward = Ward::new("rule-approved");
    let early = refusal(ward.write_rule());
    assert_eq!((early.reason.code, early.missing.len()), (ReasonCode::DeviceDossierIncomplete, 4));
    ward.inform().unwrap();
    ward.state_use(shindan_domain::device::UseComparison::Same, "X線CT撮影").unwrap();
    ward.analyse().unwrap();
    ward.plan_updates().unwrap();
    assert!(printed(&ward, None, Lang::Ja).is_err(), "there is none");
    ward.write_rule().unwrap();
    assert_eq!(code(ward.approve_rule(colleague)), ReasonCode::RoleMissing);
    ward.approve_rule(approver).unwrap();
    assert_eq!(ward.device(ward.ct).rule_state(), RuleState::InForce);
    for (lang, wanted) in [
        (Lang::Ja, ["運用管理規程", "放射線科", "2026年"]),
        (Lang::En, ["Operating rule", "放射線科", "2026-11"]),
    ] {
        let page = printed(&ward, None, lang).unwrap();
        for text in wanted.into_iter().chain(["CT 1号機", "192.0.2.10", "Example Medical", "MED-2026-0001-1"])
        {
            assert!(page.contains(text), "{lang}: {text}");
        }
        assert!(!page.contains("<script>") && page.contains("@page{size:A4"), "what people write is escaped");
        for name in ["運用 一郎", "運用 二郎", "承認 三郎"] {
            assert!(!page.contains(name), "no names of persons in what is kept for ever");
        }
        assert!(!page.contains("[rule-") && !page.contains("{$"), "{page}");
    }
    assert_eq!(code(printed(&ward, Some(2), Lang::Ja)), ReasonCode::DeviceNoRule);
}

#[test]
fn a_change_makes_the_rule_out_of_date_and_the_old_version_stays() {
    let mut ward = Ward::in_order("rule-outdated");
    let before = printed(&ward, Some(1), Lang::Ja).unwrap();
    let ct = ward.ct;
    let order = DeviceOrder { addresses: Some(vec!["dhcp".to_owned()]), ..DeviceOrder::default() };
    ward.by(operator, |records, who, call| {
        devices::change(records, who, call, ct, &order, "DHCPに変更".to_owned())
    })
    .unwrap();
    assert_eq!(ward.device(ct).rule_state(), RuleState::OutOfDate);
    assert_eq!(refusal(ward.write_rule()).missing[0].code, ReasonCode::DeviceAnalysisOutdated);
    ward.analyse().unwrap();
    ward.write_rule().unwrap();
    ward.approve_rule(approver).unwrap();
    assert_eq!(printed(&ward, Some(1), Lang::Ja).unwrap(), before);
    assert!(printed(&ward, None, Lang::Ja).unwrap().contains("MED-2026-0001-2"), "the newest approved one");
}

#[test]
fn the_dossier_follows_its_asset_to_another_system() {
    let mut ward = Ward::in_order("rule-moved");
    let (ct, asset) = (ward.ct, ward.device(ward.ct).asset);
    let change = |ward: &mut Ward, edit: fn(&mut Asset)| {
        ward.by(operator, |records, who, call| {
            organisation::change::<Asset>(records, who, call, asset.0, "移設".to_owned(), edit)
        })
        .unwrap()
    };
    let named = change(&mut ward, |asset| asset.name = "CT".to_owned()).entries.unwrap();
    assert_eq!(named.0, named.1, "a new name of the asset says nothing about the device");
    assert_eq!(ward.device(ct).rule_state(), RuleState::InForce);
    let moved = change(&mut ward, |asset| asset.system = None).entries.unwrap();
    assert_eq!(moved.1 - moved.0, 1, "asset and dossier, in one act");
    assert_eq!((ward.device(ct).system, ward.device(ct).rule_state()), (None, RuleState::OutOfDate));
}

#[test]
fn a_page_that_was_altered_on_the_disk_is_not_printed() {
    let ward = Ward::in_order("rule-altered");
    let document = ward.device(ward.ct).rules[0].documents[0].clone();
    let text = document.sha256.to_string();
    let mut folders = vec![ward.hospital.root.join("data")];
    let mut altered = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if text.ends_with(&name) || name.contains(&text) {
                make_writable(&path);
                std::fs::write(&path, "another rule").unwrap();
                altered += 1;
            }
        }
    }
    assert_eq!(altered, 1);
    let refused = printed(&ward, None, Lang::Ja);
    assert!(matches!(refused, Err(RecordsError::Store(StoreError::DocumentDamaged(_)))), "{refused:?}");
}

#[allow(clippy::permissions_set_readonly_false)] // a file of this test
fn make_writable(path: &std::path::Path) {
    let mut permissions = std::fs::metadata(path).unwrap().permissions();
    permissions.set_readonly(false);
    std::fs::set_permissions(path, permissions).unwrap();
}
