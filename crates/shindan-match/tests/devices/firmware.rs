//! Firmware as makers print it and ledgers copy it, against ranges as advisories write them. Facts of the pairs are from
//! published records; what has no order must be said to have none.

use shindan_domain::devices::{DeviceDictionary, HardwareRule};
use shindan_domain::diagnostic::Code;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use crate::world::{World, advisory, affects, device, doubts};

/// What must come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Affected,
    Clear,
    Unknown,
}

/// `>=7.0.0 <=7.0.13`; a version alone is exactly that one.
fn range(text: &str) -> VersionRange {
    let mut range = VersionRange::all(Scheme::Generic);
    for part in text.split(" & ") {
        let (sign, version) = part.split_at(part.find(|c| !"<>=".contains(c)).unwrap());
        let version = version.to_owned();
        match sign {
            ">=" => range.lower = Bound::Inclusive(version),
            ">" => range.lower = Bound::Exclusive(version),
            "<=" => range.upper = Bound::Inclusive(version),
            "<" => range.upper = Bound::Exclusive(version),
            _ => range = VersionRange::exactly(Scheme::Generic, version),
        }
    }
    range
}

/// How a device with this firmware is judged against this range.
fn judged(firmware: &str, text: &str) -> Is {
    let claim = VersionClaim::ranged(vec![range(text)]);
    let mut world = World::knowing(vec![advisory("CVE-2024-0001", vec![affects("Acme", "AcmeOS", claim)])]);
    world.dictionary = DeviceDictionary {
        possible: vec![],
        makers: vec![],
        rules: vec![HardwareRule {
            maker: "Acme".into(),
            models: vec!["Gate*".into()],
            vendor: "Acme".into(),
            product: "AcmeOS".into(),
            cpe: None,
        }],
    };
    world.components = vec![device("Acme", "Gate 1", firmware)];
    let mut outcome = world.ask();
    match (outcome.take_findings().len(), doubts(&outcome).as_slice()) {
        (1, []) => Is::Affected,
        (0, []) => Is::Clear,
        (0, [Code::OrderUnknown]) => {
            let params = &outcome.undetermined[0].params;
            assert_eq!(params["version"], firmware, "as written, so that a person finds it");
            Is::Unknown
        }
        other => panic!("{firmware} {text}: {other:?}"),
    }
}

#[test]
fn ugly_firmware_is_ordered_or_said_to_have_no_order() {
    use Is::{Affected, Clear, Unknown};
    let table = [
        // FortiOS: the build is no step of the version.
        ("v7.0.13 build0566", ">=7.0.0 & <=7.0.13", Affected),
        ("v7.0.13,build0566,230831 (GA.M)", ">=7.0.0 & <=7.0.13", Affected),
        ("v7.0.13 build0566", "7.0.13", Affected),
        ("v7.0.13 build0566", "<7.0.13", Clear),
        ("v7.0.13 build0566", ">7.0.13", Clear),
        ("v7.0.14,build0601", ">=7.0.0 & <=7.0.13", Clear),
        ("v7.0.13 build0566", "<7.0.13 build0600", Affected),
        ("v7.0.13 build0601", "<7.0.13 build0600", Clear),
        ("AcmeOS v7.0.13 build0566", "<=7.0.13", Affected),
        ("ＡｃｍｅＯＳ　ｖ７．０．１３", "<=7.0.13", Affected),
        // SonicOS, Ivanti, Junos, PAN-OS.
        ("7.0.1-5035", "<=7.0.1-5035", Affected),
        ("7.0.1-5051", "<=7.0.1-5035", Clear),
        ("6.5.4.4-44n", "<=6.5.4.12-101n", Affected),
        ("9.1R14", "<9.1R14.4", Affected),
        ("9.1R14 (build 16847)", "<=9.1R14", Affected),
        ("9.1R14.4", "<9.1R14.4", Clear),
        ("20.4R3-S2", "<20.4R3-S3", Affected),
        ("10.1.3-h1", "<10.1.3-h3", Affected),
        ("10.1.3-h1", "<10.1.3", Clear),
        // Cisco.
        ("15.2(7)E3", "15.2(7)E3", Affected),
        ("15.2(7)E3, RELEASE SOFTWARE (fc3)", "15.2(7)E3", Affected),
        ("15.2(7)E4", "15.2(7)E3", Clear),
        ("9.8(4)", "<9.8(4)20", Affected),
        ("9.8.4", "<9.8(4)20", Affected),
        // Yamaha, Philips, others with letters in front.
        ("Rev.14.01.38", "<=Rev.14.01.38", Affected),
        ("Rev.14.01.40", "<=Rev.14.01.38", Clear),
        ("C.02", "<=C.03", Affected),
        ("N.00.00", "<=N", Affected),
        ("P.01", "<=N", Clear),
        ("2.0", "<=N", Unknown),
        ("C.02", "<=2.3", Unknown),
        // Citrix: as the device prints it, against what its maker writes.
        ("NS13.1: Build 49.13", "<13.1-49.15", Affected),
        ("NS13.1: Build 49.13.nc, Date: Jul 10 2023", "<13.1-49.13", Clear),
        ("NetScaler NS13.1 Build 48.47.nc", "<13.1-49.13", Affected),
        ("NS13.1: Build 48.47.nc", ">=13.1 & <13.1-49.13", Affected),
        ("NS13.1: Build 49.13.nc", ">=13.1 & <13.1-49.13", Clear),
        ("NS14.1: Build 8.50.nc", ">=13.1 & <13.1-49.13", Clear),
        ("NS13.0: Build 91.12.nc", ">=13.1 & <13.1-49.13", Clear),
        ("13.1-48.47", ">=13.1 & <13.1-49.13", Affected),
        ("13.1-49.13", ">=13.1 & <13.1-49.13", Clear),
        // Days: among days only.
        ("2023-10-01", "<2023-10-15", Affected),
        ("2023/10/1", "<=2023-09-30", Clear),
        ("2023-10-01", "<=1.2.3", Unknown),
        ("20230116", "<20230120", Affected),
        ("20230116", "<1.2.3", Unknown),
        ("1.2.3", "<20230116", Unknown),
        ("2021.1", "<2022.2", Affected),
        // What nobody can order.
        ("iDRAC9 4.10.10.10", "<4.20.20.20", Unknown),
        ("RTX1210 Rev.14.01.38", "<=Rev.14.01.38", Unknown),
        ("VB40A", "<VB50", Unknown),
        ("YA.16.10.0012", "<16.10.0025", Unknown),
        ("第3版", "<4.0", Unknown),
        ("最新", "<4.0", Unknown),
        ("不明", "<4.0", Unknown),
        ("2021年10月1日", "<4.0", Unknown),
        ("1.0 / 2.0", "<1.5", Unknown),
        ("1.2系", "<1.5", Unknown),
        ("5.x", "<5.5", Unknown),
        ("V4.0〜V4.2", "<4.1", Unknown),
        ("16.12.4 (Amsterdam)", "<16.12.5", Unknown),
        ("b7a3c1f9e2", "<1.0", Unknown),
        ("1.0.0b3", "<1.0.0", Unknown),
    ];
    let wrong: Vec<_> = table
        .into_iter()
        .map(|(firmware, text, expected)| (firmware, text, expected, judged(firmware, text)))
        .filter(|(_, _, expected, is)| expected != is)
        .collect();
    assert!(wrong.is_empty(), "firmware, range, expected, judged: {wrong:#?}");
}

#[test]
fn revisions_and_steps_in_words() {
    // `rev.B` is a step behind the number, and the step is a letter: B is above A, and the plain number below both.
    assert_eq!(judged("V8.20 rev.B", "<=V8.20 rev.B"), Is::Affected);
    assert_eq!(judged("V8.20 rev.A", "<V8.20 rev.B"), Is::Affected);
    assert_eq!(judged("V8.20 rev.C", "<=V8.20 rev.B"), Is::Clear);
    assert_eq!(judged("V8.20", "<V8.20 rev.B"), Is::Affected);
}
