//! Suggestions for rows of a ledger, against everything at hand: the product a person would choose is among the first.

use shindan_match::names::Dictionary;
use shindan_match::suggest::suggest;

use crate::workbench::everything;

/// Maker and model as a ledger writes them, and a product that must be among the first five.
const WANTED: [(&str, &str, &str); 14] = [
    ("フィリップス・ジャパン", "IntelliVue MX800", "IntelliVue patient monitor MX400-MX850"),
    ("フイリップス", "患者情報センター PIC iX", "Patient Information Center iX (PICiX)"),
    ("Philps", "IntelliVue MX40", "IntelliVue MX40 Patient Worn Monitor (WLAN only)"),
    ("フォーティネット", "FortiGate-60F", "FortiOS"),
    ("ソフトバンク", "FortiGate 60F", "FortiOS"),
    ("日本ベクトン・ディッキンソン", "Alaris PC unit 8015", "Alaris 8015 PC unit"),
    ("バクスター", "Sigma Spectrum", "Sigma Spectrum LVP"),
    ("ビー・ブラウン", "Infusomat Space", "SpaceCom"),
    ("シスコ", "Catalyst 2960X", "IOS"),
    ("シーメンス", "SCALANCE X308-2M", "SCALANCE X308-2M"),
    ("GEヘルスケア", "CARESCAPE B650", "B650"),
    ("オムロン", "CX-Programer", "CX-Programmer"),
    ("三菱電機", "MELSEC iQ-R R04CPU", "MELSEC iQ-R Series R04CPU"),
    ("デル", "PowerEdge R740", "poweredge_r740_firmware"),
];

#[test]
fn a_person_finds_the_product_among_the_first() {
    let Some(bench) = everything() else { return };
    let mapped = bench.folder().map().unwrap();
    let (index, _) = mapped.open().unwrap();
    let dictionary = Dictionary::new(&index.devices().unwrap());
    let mut missing = Vec::new();
    for (maker, model, wanted) in WANTED {
        let answers = suggest(&index, &dictionary, maker, model, 5).unwrap();
        println!("suggestions for {maker} {model}:");
        for s in &answers {
            let why: Vec<&str> = s.why.iter().map(|w| w.as_str()).collect();
            println!(
                "  {} {} / {} ({} advisories) {}",
                s.score,
                s.vendor,
                s.product,
                s.advisories,
                why.join(", ")
            );
        }
        if !answers.iter().any(|s| s.product.contains(wanted)) {
            missing.push(format!("{maker} {model}: no {wanted}"));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
