//! Tables of text and ranges, in the notation of `VersionRange`'s `Display`; properties; genuine texts when present.

use proptest::prelude::*;
use shindan_domain::version::{Scheme, VersionClaim};

use super::{ParsedText, parse};

/// `all`, `?` (undetermined) or the ranges joined by ` | `, exceptions after ` except `.
fn shown(parsed: &ParsedText) -> String {
    match &parsed.claim {
        VersionClaim::All => "all".to_owned(),
        VersionClaim::Undetermined { .. } => "?".to_owned(),
        VersionClaim::Ranged { ranges, except } => {
            let join = |list: &[shindan_domain::version::VersionRange]| {
                list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
            };
            let mut out = join(ranges);
            if !except.is_empty() {
                out.push_str(" except ");
                out.push_str(&join(except));
            }
            out
        }
    }
}

fn check(table: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let got = shown(&parse(text, Scheme::Generic));
        if got != *expected {
            wrong.push(format!("{text:?}\n  expected {expected}\n  got      {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn japanese() {
    check(&[
        ("7.3.7 より前のバージョン", "<7.3.7"),
        ("7.6.2より前のバージョン", "<7.6.2"),
        ("7.3.7 よりも前のバージョン", "<7.3.7"),
        ("7.3.7 よりまえのバージョン", "<7.3.7"),
        ("2.13.0 から 2.15.0 より前のバージョン", ">=2.13.0 <2.15.0"),
        ("2.13.0 から 2.15.0 未満", ">=2.13.0 <2.15.0"),
        ("core 2.0-beta9 から 2.12.1 より前のバージョン", ">=2.0-beta9 <2.12.1"),
        ("1.05およびそれ以前", "<=1.05"),
        ("ファームウェアバージョン 1.05およびそれ以前", "<=1.05"),
        ("ファームウェア 1.05 及びそれ以前", "<=1.05"),
        ("1.5.62 未満", "<1.5.62"),
        ("v6 R4 およびそれ以前のバージョン", "<=v6 R4"),
        ("for Windows 5.8 (Build 1575) 未満", "<5.8 (Build 1575)"),
        ("Ver.1.4.2より前のバージョン（CVE-2025-0354、CVE-2025-0355）", "<1.4.2"),
        ("8.1", "=8.1"),
        ("バージョン [例] 4.0.0", "=4.0.0"),
        ("バージョン 7", "=7"),
        ("5.0.0 から 5.0.5 まで、および 6.0.0 から 6.0.2 まで", ">=5.0.0 <=5.0.5 | >=6.0.0 <=6.0.2"),
        ("5.0.0 から 5.0.5 まで\n6.0.0 から 6.0.2 まで", ">=5.0.0 <=5.0.5 | >=6.0.0 <=6.0.2"),
        ("5.0.0 から 5.0.5 まで / 6.0.0 から 6.0.2 まで", ">=5.0.0 <=5.0.5 | >=6.0.0 <=6.0.2"),
        ("1.2 以降", ">=1.2"),
        ("1.2 およびそれ以降のバージョン", ">=1.2"),
        ("1.2 以上 1.5 以下", ">=1.2 <=1.5"),
        ("1.2 以上、1.5 未満", ">=1.2 <1.5"),
        ("1.2 以降 1.5 より前のバージョン", ">=1.2 <1.5"),
        ("1.2 〜 1.5", ">=1.2 <=1.5"),
        ("1.2～1.5", ">=1.2 <=1.5"),
        ("１．２～１．５未満", ">=1.2 <1.5"),
        ("〜 1.5", "<=1.5"),
        ("1.2 から 1.5 までのバージョン", ">=1.2 <=1.5"),
        ("1.2 から", ">=1.2"),
        ("1.5 以前", "<=1.5"),
        ("1.5 以前のバージョン", "<=1.5"),
        ("1.5 まで", "<=1.5"),
        ("1.5 より後のバージョン", ">1.5"),
        ("全てのバージョン", "all"),
        ("すべてのバージョン", "all"),
        ("全バージョン", "all"),
        ("ファームウェア 全バージョン", "all"),
        ("6.0 系 全バージョン", ">=6.0 <6.1"),
        ("6.2 の全てのバージョン", ">=6.2 <6.3"),
        ("1.x 系", ">=1 <2"),
        ("2.4 系", ">=2.4 <2.5"),
        ("2.4 系 2.4.10 より前", ">=2.4 <2.4.10"),
        ("2.4 系の 2.4.10 より前のバージョン", ">=2.4 <2.4.10"),
        ("2.4 系 2.4.10 より前、2.6 系 2.6.3 より前", ">=2.4 <2.4.10 | >=2.6 <2.6.3"),
        ("2.0 から 2.15.0 より前（2.3.1 および 2.12.2 を除く）", ">=2.0 <2.15.0 except =2.3.1 | =2.12.2"),
        ("5.8 ビルド 1575 未満", "<5.8 Build 1575"),
        ("10 サービスパック 2 以前", "<=10 SP 2"),
        ("Ver1.0.3 以前", "<=1.0.3"),
        ("V1.0.3以前", "<=V1.0.3"),
        ("Windows 版 1.2 以前", "<=1.2"),
        ("7.7、8.0、8.1", "=7.7 | =8.0 | =8.1"),
    ]);
}

#[test]
fn japanese_that_is_not_understood() {
    check(&[
        ("", "?"),
        ("   ", "?"),
        ("最新版", "?"),
        ("不明", "?"),
        ("ベンダ情報を参照", "?"),
        ("1.2 より以前", "?"),
        ("1.2 以前の一部のバージョン", "?"),
        ("2023年4月以前に出荷された製品", "?"),
        ("シリアル番号 1234 以前", "?"),
        ("U-Boot 1.2 未満のすべてのバージョン", "?"),
        ("5.0.5 以前、6.0.2 以前", "?"),
        ("5.0 から 3.0 まで", "?"),
        ("1.2 以前（CVE-2025-0001）、1.5 以前（CVE-2025-0002）", "?"),
        ("1.2 以前および", "?"),
        ("全製品", "?"),
    ]);
}

#[test]
fn english() {
    check(&[
        ("vers:all/*", "all"),
        ("vers:all/<V3.0.3", "<V3.0.3"),
        ("vers:all/<V5.1 SP1 HF8", "<V5.1 SP1 HF8"),
        ("*", "all"),
        ("All versions", "all"),
        ("All Versions", "all"),
        ("< 2.0.1", "<2.0.1"),
        (" <1.000.HW00.9.20180510", "<1.000.HW00.9.20180510"),
        ("<= 2.0.1", "<=2.0.1"),
        ("<=2.0.1", "<=2.0.1"),
        ("=< 2.0.1", "<=2.0.1"),
        (">= 4.4 | <= 4.12", ">=4.4 <=4.12"),
        (">=5.3|<=6.4", ">=5.3 <=6.4"),
        (">= 8.10 | < 12.0.17", ">=8.10 <12.0.17"),
        ("<= K", "<=K"),
        ("All versions < V05.30", "<V05.30"),
        ("All versions < V 4.01", "<4.01"),
        ("All versions >= V2.0 and < V2.5", ">=V2.0 <V2.5"),
        ("All versions >V1.1 and <V2.0.1", ">V1.1 <V2.0.1"),
        ("< 15.0 SP1", "<15.0 SP1"),
        ("< V14 SP1 Upd 6", "<V14 SP1 Upd 6"),
        ("< V13 SP2 Update 2", "<V13 SP2 Update 2"),
        ("<= 3.3.8 Build 16102416", "<=3.3.8 Build 16102416"),
        ("<= 3.1 Service Pack 1A", "<=3.1 SP1A"),
        ("< 02.07.07(10)", "<02.07.07(10)"),
        ("< 15.2(6)E2a", "<15.2(6)E2a"),
        ("< 5.7.4 (96)", "<5.7.4 (96)"),
        (">= V2.0 < V2.1.6", ">=V2.0 <V2.1.6"),
        ("All versions between V2.5 (including) and V2.7 (excluding)", ">=V2.5 <V2.7"),
        ("2.0.3.00.016 (including) and 2.0.6 (excluding)", ">=2.0.3.00.016 <2.0.6"),
        ("1.1 | 1.2.3 | 2.0", "=1.1 | =1.2.3 | =2.0"),
        ("7 | 7.20 | 7.30", "=7 | =7.20 | =7.30"),
        ("V15, V15.1 and V16", "=V15 | =V15.1 | =V16"),
        ("2.x", ">=2 <3"),
        ("12.4.X", ">=12.4 <12.5"),
        ("12.0.*", ">=12.0 <12.1"),
        ("<= 12.2.x.x", "<12.3"),
        (">= 4.0.x | <= 4.6.4", ">=4.0 <=4.6.4"),
        ("2.7 | >= 4.0.x | <= 4.6.4 | 4.7.2", "=2.7 | >=4.0 <=4.6.4 | =4.7.2"),
        ("1.2 and below", "<=1.2"),
        ("2.3.6 and  below", "<=2.3.6"),
        ("Version 2.1 and prior", "<=2.1"),
        ("2.1 and all prior versions", "<=2.1"),
        ("versions prior to 2.1", "<2.1"),
        ("before 2.1", "<2.1"),
        ("2.0.0 before 2.1.3", ">=2.0.0 <2.1.3"),
        ("2.x before 2.1.3", ">=2 <2.1.3"),
        ("2.0.0 through 2.1.3", ">=2.0.0 <=2.1.3"),
        ("from 2.0.0 through 2.1.3", ">=2.0.0 <=2.1.3"),
        ("from 2.0.0 before 2.1.3", ">=2.0.0 <2.1.3"),
        ("Versions 2.00 to 6.11", ">=2.00 <=6.11"),
        ("up to and including 3.2", "<=3.2"),
        ("3.2 and later", ">=3.2"),
        ("3.2 or newer", ">=3.2"),
        ("7.0 all versions", ">=7.0 <7.1"),
        ("3.0 - 3.5", ">=3.0 <=3.5"),
        ("V1.81.01 - V1.81.03", ">=V1.81.01 <=V1.81.03"),
        ("1.0-2.0", ">=1.0 <=2.0"),
        ("2.0-beta9", "=2.0-beta9"),
        ("2.2.5 <= 2.2.5.1", ">=2.2.5 <=2.2.5.1"),
        ("Versions V7.1 < V7.1 Upd3", ">=V7.1 <V7.1 Upd3"),
        ("<= 9.6 (excluding 9.4.2.6 and 9.5.3.2)", "<=9.6 except =9.4.2.6 | =9.5.3.2"),
        ("1.x (formerly Power Manager)", ">=1 <2"),
        ("13.1.0 (Only affected by CVE-2020-26989 CVE-2020-26990)", "=13.1.0"),
        ("FW 01", "=01"),
        ("<=(R4.10)", "<=R4.10"),
        ("<= 1.21X", "<=1.21X"),
        ("< R15A", "<R15A"),
        ("8.0.27 and prior", "<=8.0.27"),
        ("12.1.1-12.1.3", ">=12.1.1 <=12.1.3"),
        ("versions V4.16 through V5.38", ">=V4.16 <=V5.38"),
        (">= 15.0-rc-1, < 15.5.4", ">=15.0-rc-1 <15.5.4"),
        ("16 <= 20", ">=16 <=20"),
        ("All BIOS versions < V1.4.0", "<V1.4.0"),
        ("V04.00.02 and all versions >= V04.00.15 < 04.00.18", "=V04.00.02 | >=V04.00.15 <04.00.18"),
    ]);
}

#[test]
fn english_that_is_not_understood() {
    check(&[
        ("No version", "?"),
        ("n/a", "?"),
        ("-", "?"),
        ("unknown", "?"),
        ("All versions with U-Boot < V2016.05RS09", "?"),
        ("All versions with OIS Extension Module", "?"),
        ("All versions <= V2.2.2 and Function State (FS) <= 10", "?"),
        ("<=the_first_5_digits_of_serial_number_20153", "?"),
        ("<= January 2019", "?"),
        ("< 2021-8-13", "?"),
        ("distributed  < april 1, 2018", "?"),
        ("< V3.X.17", "?"),
        (">= 7.4x | <= 8.0x", "?"),
        ("10-2", "?"),
        ("3.4.5-100", "?"),
        ("2014-2016", "?"),
        ("1766-L32BXB", "?"),
        ("V175-V189", "?"),
        ("HEN04103", "?"),
        ("7100", "?"),
        ("24950 | 24952", "?"),
        ("1812 | 1909", "?"),
        ("< 1.99 | 2.20 | 2.40", "?"),
        ("<= 4.2.21 | <= 5.0.27", "?"),
        (">= 4.5.0 | =< 3.5.20304.x", "?"),
        ("SP3", "?"),
        ("< SP3 Update 6", "?"),
        ("V5.00.204, V5.00.260, and", "?"),
        ("3.0 and <", "?"),
        ("* (with option G28)", "?"),
        ("1.0 *", "?"),
        ("<= 70044_update_05032019-482", "?"),
        ("< 2.1.0 (Windows and Linux)", "?"),
        ("between 1.0 and 2.0", "?"),
        ("GEH-1.1", "?"),
        ("NMC2 <= 6.9.6", "?"),
        ("2.02 | 2.51 2.52 | 2.54", "?"),
        ("2017 8.1 | 2017 8.1 SP1", "?"),
        ("2.3X", "?"),
        ("< c4f81d9616d40c60584e36abb15300853a66e489", "?"),
        ("6.3V1 | R202", "?"),
    ]);
}

#[test]
fn scope_and_hint_are_kept() {
    let parsed = parse("Ver.1.4.2より前のバージョン（CVE-2025-0354、CVE-2025-0355）", Scheme::Generic);
    assert_eq!(parsed.scope, ["CVE-2025-0354", "CVE-2025-0355"]);
    assert_eq!(parsed.product_hint, None);
    let hint = |text: &str| parse(text, Scheme::Generic).product_hint;
    assert_eq!(hint("for Windows 5.8 (Build 1575) 未満").as_deref(), Some("for Windows"));
    assert_eq!(hint("for EMC Celerra 5.8 (Build 1577) 未満").as_deref(), Some("for EMC Celerra"));
    assert_eq!(hint("core 2.0-beta9 から 2.12.1 より前").as_deref(), Some("core"));
    assert_eq!(hint("BIOS < V20.01.10").as_deref(), Some("BIOS"));
    assert_eq!(hint("1.2"), None);
}

#[test]
fn the_original_text_stays_with_an_undetermined_claim() {
    let text = "２０２３年 以前（※）";
    assert_eq!(parse(text, Scheme::Generic).claim, VersionClaim::undetermined_text(text));
}

const UNDERSTOOD: [&str; 8] = [
    "7.3.7 より前のバージョン",
    "5.0.0 から 5.0.5 まで 、 および 6.0.0 から 6.0.2 まで",
    "1.05 およびそれ以前",
    "全てのバージョン",
    "All versions < V05.30",
    ">= 4.4 | <= 4.12",
    "1.1 | 1.2.3 | 2.0",
    "Version 2.1 and prior",
];

const UNKNOWN: [&str; 8] =
    ["出荷された", "シリアル番号", "ただし", "serial", "Function State", "with", "january", "など"];

proptest! {
    #[test]
    fn never_panics(text in "\\PC{0,60}") {
        parse(&text, Scheme::Generic);
    }

    #[test]
    fn never_panics_on_mixtures(parts in prop::collection::vec(
        prop::sample::select(vec!["1.0", "V2", "2.x", "から", "より前", "以前", "、", "<=", ">", "|", "(", ")", "を除く",
            "CVE-2025-0001", "全バージョン", "all", "between", "including", "and", "系", "for", "core", "-", "~", "*",
            "99999999999999999999999.x", "SP1", "(Build 3)", "\n"]), 0..12)) {
        let text = parts.join(" ");
        parse(&text, Scheme::Generic);
        parse(&parts.concat(), Scheme::Generic);
    }

    #[test]
    fn one_unknown_word_makes_it_undetermined(
        base in prop::sample::select(UNDERSTOOD.to_vec()),
        word in prop::sample::select(UNKNOWN.to_vec()),
        position in 0usize..12,
    ) {
        let mut words: Vec<&str> = base.split(' ').collect();
        let position = position.min(words.len());
        words.insert(position, word);
        let text = words.join(" ");
        let parsed = parse(&text, Scheme::Generic);
        prop_assert_eq!(parsed.claim, VersionClaim::undetermined_text(&text));
    }
}
