//! What a maker and model may be, ranked.

use shindan_domain::devices::{DeviceDictionary, HardwareRule, Maker};
use shindan_domain::version::VersionClaim;
use shindan_match::index::read::Index;
use shindan_match::names::Dictionary;
use shindan_match::suggest::{Likeness, Suggestion, suggest};

use crate::world::{World, advisory, affects};

fn world() -> World {
    let products = [
        ("Philips", "IntelliVue MX400-MX850"),
        ("Philips", "IntelliVue MX40"),
        ("Phillips", "Patient Information Center iX"),
        ("Philips", "HeartStart MRx"),
        ("Fortinet", "FortiOS"),
        ("Fortinet", "FortiManager"),
        ("Acme", "体外式除細動器 TEC-5600"),
        ("Acme", "サーバー管理ソフトウェア"),
        ("Globex", "Infusomat Space"),
        ("Cisco", "IOS"),
        ("Cisco", "IOS XE"),
        ("オムロム", "血圧計"),
    ];
    let advisories = products.iter().enumerate().flat_map(|(number, (vendor, product))| {
        // FortiOS has more advisories than others.
        let count = if *product == "FortiOS" { 3 } else { 1 };
        (0..count).map(move |n| {
            advisory(&format!("CVE-2024-{number:03}{n}"), vec![affects(vendor, product, VersionClaim::All)])
        })
    });
    let rule = |maker: &str, models: &str, product: &str| HardwareRule {
        maker: maker.into(),
        models: vec![models.into()],
        vendor: maker.into(),
        product: product.into(),
        cpe: None,
    };
    let mut world = World::knowing(advisories.collect());
    world.dictionary = DeviceDictionary {
        makers: vec![Maker {
            name: "Philips".into(),
            aliases: vec!["Phillips".into(), "フィリップス".into()],
        }],
        rules: vec![rule("Fortinet", "FortiGate*", "FortiOS")],
        possible: vec![rule("Cisco", "Catalyst*", "IOS"), rule("Cisco", "Catalyst*", "IOS XE")],
    };
    world
}

fn ask(maker: &str, model: &str, limit: usize) -> Vec<Suggestion> {
    let world = world();
    let bytes = world.index();
    let dictionary = Dictionary::new(&world.dictionary);
    suggest(&Index::open(&bytes).unwrap(), &dictionary, maker, model, limit).unwrap()
}

/// The first suggestion, and why.
fn first(maker: &str, model: &str) -> Option<(String, Vec<Likeness>)> {
    ask(maker, model, 5).into_iter().next().map(|s| (format!("{} / {}", s.vendor, s.product), s.why))
}

#[test]
fn the_likeliest_comes_first_in_japanese_and_latin_spelling() {
    use Likeness::*;
    for (maker, model, product, why) in [
        ("Philips", "HeartStart MRx", "Philips / HeartStart MRx", vec![SameName]),
        ("フィリップス・ジャパン", "IntelliVue MX800", "Philips / IntelliVue MX400-MX850", vec![NameWithin]),
        ("Philips", "Intelivue MX800", "Philips / IntelliVue MX400-MX850", vec![SimilarSpelling]),
        ("Philips", "HeartStart", "Philips / HeartStart MRx", vec![NameWithin]),
        ("Philips", "PIC iX", "Phillips / Patient Information Center iX", vec![SharedWords]),
        ("フォーティネット", "FortiManager 200F", "Fortinet / FortiManager", vec![NameWithin, SimilarMaker]),
        ("Fortinet", "FortiGate-60F", "Fortinet / FortiOS", vec![RunsOnModel]),
        ("Acme", "TEC-5600", "Acme / 体外式除細動器 TEC-5600", vec![NameWithin]),
        ("アクメ", "ｻｰﾊﾞ管理ｿﾌﾄｳｪｱ", "Acme / サーバー管理ソフトウェア", vec![SameName, OtherMaker]),
        ("ビー・ブラウン", "Infusomat Space", "Globex / Infusomat Space", vec![SameName, OtherMaker]),
        ("Cisco", "Catalyst 9300", "Cisco / IOS", vec![MayRunOnModel]),
        ("オムロン", "血圧計 HEM-1", "オムロム / 血圧計", vec![SharedWords, SimilarMaker]),
    ] {
        assert_eq!(first(maker, model), Some((product.to_owned(), why)), "{maker} {model}");
    }
    assert_eq!(first("Acme", "まったく別の物"), None, "nothing is invented");
    assert_eq!(first("", ""), None);
    assert_eq!(first("（）", "-"), None);
}

#[test]
fn answers_are_short_complete_and_the_same_every_time() {
    let all = ask("フィリップス", "IntelliVue MX800", 10);
    assert_eq!(all, ask("フィリップス", "IntelliVue MX800", 10));
    assert!(all.windows(2).all(|pair| pair[0].score >= pair[1].score));
    assert_eq!(ask("フィリップス", "IntelliVue MX800", 1), all[..1]);
    assert!(ask("フィリップス", "IntelliVue MX800", 0).is_empty());
    let fortios = &ask("Fortinet", "FortiGate 60F", 5)[0];
    assert_eq!((fortios.advisories, fortios.score), (3, 990));
    let both: Vec<String> = ask("Cisco", "Catalyst 2960X", 2).into_iter().map(|s| s.product).collect();
    assert_eq!(both, ["IOS", "IOS XE"]);
}

#[test]
fn hostile_names_are_answered_in_time() {
    for text in [
        "a".repeat(100_000),
        "ア".repeat(50_000),
        "a1 ".repeat(30_000),
        "(".repeat(50_000),
        "\u{0}".to_owned(),
    ] {
        assert!(ask(&text, &text, 3).len() <= 3, "{} bytes", text.len());
    }
}
