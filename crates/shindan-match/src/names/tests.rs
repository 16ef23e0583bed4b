use shindan_domain::devices::Maker;

use super::*;

fn dictionary() -> Dictionary {
    let maker = |name: &str, aliases: &[&str]| Maker {
        name: name.into(),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
    };
    Dictionary::new(&DeviceDictionary {
        makers: vec![
            maker("Philips", &["Phillips", "フィリップス"]),
            maker("Fortinet", &["フォーティネット"]),
            maker("Geutebrück", &[]),
            maker("BD", &["Becton, Dickinson and Company"]),
            maker("Canon", &["キヤノン"]),
            maker("Pilz", &[]),
            maker("Veritas", &["ベリタス"]),
        ],
        rules: vec![HardwareRule {
            maker: "Fortinet".into(),
            models: vec!["FortiGate*".into(), "FG-*".into(), "FortiBox".into()],
            vendor: "Fortinet".into(),
            product: "FortiOS".into(),
            cpe: None,
        }],
        possible: vec![],
    })
}

#[test]
fn one_maker_in_many_spellings() {
    let d = dictionary();
    for (name, spellings) in [
        (
            "philips",
            &[
                "Philips",
                "Phillips ",
                "PHILIPS, Inc.",
                "Philips N.V.",
                "N.V. Philips",
                "Philips Co., Ltd.",
                "Philips Co.,Ltd",
                "株式会社フィリップス",
                "フィリップス株式会社",
                "㈱フィリップス",
                "フィリップス（株）",
                "フィリップス(株)",
                "(株)フィリップス",
                "ﾌｨﾘｯﾌﾟｽ",
                "フイリツプス",
                "ふぃりっぷす",
                "Philips（株）",
                "Ｐｈｉｌｉｐｓ",
                "Philips Japan, Ltd.",
                "Philips Japan K.K.",
                "株式会社フィリップス・ジャパン",
                "日本フィリップス",
                "フィリップス（Philips）",
                "蘭社（フィリップス）",
                "Philips (formerly Magnavox)",
                "Philips®",
            ][..],
        ),
        (
            "fortinet",
            &[
                "フォーティネット",
                "フォ－ティネット",
                "フォティネット",
                "ﾌｫｰﾃｨﾈｯﾄ",
                "フォーティネットジャパン合同会社",
            ],
        ),
        ("geutebruck", &["Geutebrück", "Geutebruck", "GeutebrÃ¼ck GmbH", "GEUTEBRÜCK"]),
        ("bd", &["BD", "Becton, Dickinson and Company (BD)", "Becton, Dickinson & Company"]),
        ("canon", &["Canon", "キヤノン", "キャノン", "キヤノン株式会社", "キャノンホールディングス"]),
        ("pilz", &["Pilz GmbH & Co. KG (Pilz)", "Pilz GmbH & Co. KG"]),
        ("veritas", &["ベリタス", "ヴェリタス", "日本ベリタス株式会社"]),
    ] {
        for text in spellings {
            assert_eq!(d.maker(text), name, "{text}");
        }
    }
}

#[test]
fn legal_forms_go_wherever_they_stand_and_names_stay() {
    for (text, name) in [
        ("B. Braun Melsungen AG", "bbraunmelsungen"),
        ("Esaote S.p.A.", "esaote"),
        ("S.p.A. Esaote", "esaote"),
        ("Innokas YhtymÃ¤ Oy", "innokasyhtyma"),
        (
            "LCDS - LeÃ£o Consultoria e Desenvolvimento de Sistemas LTDA ME",
            "lcdsleaoconsultoriaedesenvolvimentodesistemasme",
        ),
        ("富士通㈱", "富士通"),
        ("日立エナジー (旧 日立ABBパワーグリッド)", "日立エナジ"),
        ("東芝デバイス＆ストレージ株式会社", "東芝デバイスストレジ"),
        ("独立行政法人情報処理推進機構 (IPA)", "情報処理推進機構"),
        ("株式会社", "株式会社"),
        ("(株)", "株"),
        ("Inc.", "inc"),
        ("N.V.", "nv"),
        ("日本電気", "日本電気"),
        ("", ""),
        ("（）", ""),
    ] {
        assert_eq!(fold_maker(text), name, "{text}");
    }
}

#[test]
fn a_vendor_may_name_several_makers() {
    let d = dictionary();
    for (vendor, makers) in [
        ("Philips", &["philips"][..]),
        ("Becton, Dickinson and Company (BD)", &["bd"]),
        ("Automated Logic Corporation (ALC)", &["automatedlogic", "alc"]),
        ("Hangzhou Xiongmai Technology Co, Ltd", &["hangzhouxiongmaitechnology"]),
        ("ICONICS, Mitsubishi Electric", &["iconicsmitsubishielectric", "iconics", "mitsubishielectric"]),
        (
            "Silex Technology and GE Healthcare",
            &["silextechnologygehealthcare", "silextechnology", "gehealthcare"],
        ),
        ("PSI GridConnect GmbH (formerly PSI Nentec GmbH)", &["psigridconnect", "psinentec"]),
        ("Kantech, Phillips Inc.", &["kantechphillips", "kantech", "philips"]),
    ] {
        assert_eq!(d.makers_in(vendor), makers, "{vendor}");
    }
}

#[test]
fn products_lose_the_maker_and_the_word_firmware() {
    let d = dictionary();
    assert_eq!(d.product("philips", "Phillips IntelliVue® MX-800 Firmware"), "intellivuemx800");
    assert_eq!(d.product("philips", "フィリップス IntelliVue MX800"), "intellivuemx800");
    assert_eq!(d.product("qualcomm", "MDM9645 ファームウェア"), "mdm9645");
    assert_eq!(d.product("qualcomm", "MDM9645 ﾌｧｰﾑｳｪｱ"), "mdm9645");
    assert_eq!(d.product("acme", "Acme Pump"), "pump", "of a maker that the dictionary does not know, too");
    assert_eq!(d.product("philips", "Philips"), "philips");
    assert_eq!(d.product("philips", "Philips / "), "philips");
    assert_eq!(d.product("x", "ファームウェア"), "フアムウエア");
}

#[test]
fn spellings_of_one_product_meet() {
    for [a, b] in [
        ["サーバー", "ｻｰﾊﾞ"],
        ["ファイアウォール", "フアイアウオ－ル"],
        ["ヴァイオリン", "バイオリン"],
        ["ヴュー", "ビュー"],
        ["Catalyst 2960-X", "CATALYST2960X"],
        ["MX800シリーズ", "MX800 シリーズ"],
        ["FortiGate－60F", "FortiGate 60F"],
        ["ー60F", "60F"],
    ] {
        let same = fold_product(a) == fold_product(b);
        // ヴュ is ブュ, which nobody writes as ビュ: no rule, a matter of the dictionary.
        assert_eq!(same, a != "ヴュー", "{a} {b}: {} {}", fold_product(a), fold_product(b));
    }
}

#[test]
fn marks_stand_between_words_only() {
    for (text, marked) in [
        ("MX400-MX850", "mx400 - mx850"),
        ("～MX400 ～ MX850～", "mx400 ~ mx850"),
        ("B450, B650, and B850", "b450 / b650 / and b850"),
        ("60F/61F (2台)", "60f / 61f 2 台"),
        ("- / -", ""),
        ("", ""),
    ] {
        assert_eq!(fold::marked_words(text).join(" "), marked, "{text}");
        let plain: Vec<String> =
            marked.split(' ').filter(|t| !mark::is(t) && !t.is_empty()).map(str::to_owned).collect();
        assert_eq!(words(text), plain, "{text}");
    }
}

#[test]
fn hardware_runs_software() {
    let d = dictionary();
    for model in [
        "FortiGate-60F",
        "FORTIGATE 100F",
        "Fortinet FortiGate-60F",
        "フォーティネット FortiGate 60F",
        "FG-60F",
        "FortiBox",
    ] {
        let products: Vec<_> = d.software_of("fortinet", model).map(|r| r.product.as_str()).collect();
        assert_eq!(products, ["FortiOS"], "{model}");
    }
    for model in ["FortiSwitch 124E", "FGA-100", "FG", "FortiBox 2"] {
        assert_eq!(d.software_of("fortinet", model).count(), 0, "{model}");
    }
    assert_eq!(d.software_of("philips", "FortiGate-60F").count(), 0);
}

#[test]
fn a_program_without_publisher_is_not_told_by_two_letters() {
    let d = dictionary();
    let named = |maker, name| d.program(maker, name).count();
    assert_eq!((named(None, "FortiGate Manager"), named(None, "FG-100 Viewer")), (1, 0));
    assert_eq!((named(Some("fortinet"), "FG-100 Viewer"), named(Some("philips"), "FortiGate")), (1, 0));
}

#[test]
fn hostile_names_do_no_harm() {
    let d = dictionary();
    for text in [
        "(".repeat(5000),
        "a,".repeat(5000),
        "ー".repeat(5000),
        "Ã".repeat(5000),
        "N.".repeat(5000),
        "\u{0}\u{FFFF}".to_owned(),
    ] {
        let maker = d.maker(&text);
        assert!(d.product(&maker, &text).len() <= 4 * text.len());
        assert!(d.makers_in(&text).len() <= 10, "{}", &text[..2]);
    }
}
