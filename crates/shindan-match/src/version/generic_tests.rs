use std::cmp::Ordering;

use proptest::prelude::*;
use shindan_domain::version::Scheme;

use crate::version::{compare, key};

/// Facts: one ascending line per chain; `=` joins spellings of one version.
const ASCENDING: &str = "
0 = 0.0 = v0 < 0.0.1 < 1
1.2 = 1.2.0 = v1.2 = V1.2.0.0 = Ver.1.2 = Ver. 1.2 = version 1.2 = Rev.1.2 = R1.2 = バージョン 1.2 = ファームウェアバージョン 1.2 = Ｖ１．２ = firmware ver.1.2 = FW1.2 = ﾊﾞｰｼﾞｮﾝ1.2
1.05 = 1.5 = V01.05 < 1.05a < 1.05b < 1.05z < 1.05.1 < 1.6 < 1.10
2.4 < 2.4b < 2.4c
core 2.0-beta9 = 2.0-beta9 = 2.0beta9 = 2.0 Beta 9 = 2.0~beta9 < 2.0-rc1 < 2.0 < 2.12.1 < 2.15.0
2.0-alpha < 2.0-alpha.1 < 2.0-beta < 2.0-M1 = 2.0.M1 = 2.0-milestone1 < 2.0-M10 < 2.0-pre1 = 2.0-preview1 < 2.0-rc < 2.0-rc2 < 2.0 = 2.0-final = 2.0 GA = 2.0-RELEASE < 2.0 build 1 < 2.0 HF1 < 2.0 patch 1 = 2.0p1 = 2.0 PL1 < 2.0 update 1 = 2.0u1 < 2.0 rev 1 = 2.0r1 = 2.0 release 1 < 2.0 SP1 = 2.0 Service Pack 1 < 2.0.1
7.0.0 < 7.0.0,build0157 = v7.0.0 (build 0157) = V7.0.0-build157 = 7.0.0（ビルド0157） = ７．０．０　ビルド　１５７ < 7.0.0,build0304 < 7.0.1
15.0 < 15.0 SP1 = 15.0 サービスパック 1 < 15.0 SP1 Update 3 < 15.0 SP2
14.0 < 14.0 Update 2 < 14.0 Update 3 = 14.0_upd3
5.8 (Build 1299) < 5.8 (Build 1575) < 5.8 (Build 1577) < 6.0 (Build 1284)
9.8(1) < 9.8(2)8 = 9.8.2.8 < 9.8(2)10 < 9.8(3)
V3.0.2 < V3.0.3 < V3.0.10
v6 R3 < v6 R4 = V6R4 < v6 R10 < v7
K < L < M2 < M10
V8.20 < V8.20 rev.A < V8.20 rev.B = V8.20 Rev B < V8.21
R5 < R6
10.0.19045.3693 < 10.0.19045.3803 < 10.0.22621.1
20.4R1 < 20.4R3 < 20.4R3-S1 < 20.4R3-S2 < 20.4R3-S10 < 21.1R1
10.1.6 < 10.1.6-h3 < 10.1.6-h10 < 10.1.7
10.1.13 < 10.1.13-h1 < 10.1.14 < 10.1.14-h9 = 10.1.14 h9 = 10.1.14.h9 < 10.1.14-h11 < 10.1.15
13.1-48.47 < 13.1-49.15 < 13.1-50.1 < 14.1-4.42
9.1R8 < 9.1R11.4 < 9.1R11.5 < 9.1R12
5.4.6 < 5.4.12 < 5.6.3 < 6.0.0 < 6.0.4
Rev.15.02.17 < Rev.15.02.20 < Rev.15.04.01
2023-09-30 < 2023-10-01 = 2023/10/1 < 2023-10-02
20230930 < 20231001
8u202 < 8u361
V13 SP2 < V13 SP2 Update 2 < V13 SP3
V4.4 SP3 HF4 < V4.4 SP3 HF5
5.36 Patch 2 < 5.37 Patch 1 = 5.37patch1
1.07b01 < 1.11B02 < 2.13B01 BETA < 2.13B01
3.10.0-957.1.1 < 3.10.0-1160.2.1
11.2.4 < 11.2.4_fix_pack_2
12.0(1) < 12.0(1a) < 12.0(1b)
9.1.2u.6165_b20211012 < 9.1.2u.6269_b20230201
10.1.0-M1 < 10.1.0-M17 < 10.1.0 < 10.1.1
15.3(3)M < 15.3(3)M2 < 15.3(3)M5
7.3\\(8\\)D1\\(1\\) = 7.3(8)D1(1) < 7.3(8)D1(2)
6.0(2)A6(2a) < 6.0(2)A8(1) < 6.0(2)A8(11)
99999999999999999998 < 99999999999999999999 < 100000000000000000000
";

/// What has no order, one a line.
const UNORDERABLE: &str = r"
cesne
january
sentinel 4
publication
n/a
all versions
9.0 LTS
3.0.1aS
15.1(2)SG6a
QCA6574A
L2CN34WW/L3CN34WW
ver
version
バージョン
1.2 以前
7.3\8
Patch 5.2.10.094
Build 1575
beta9
2.0a1
2.0-b2
1.0b10
*
6.6.*
2.x
2.X
9.3.x.x
6.4.xxx
2.3x
1 | 2
1.00 | 1.04
9.0, 9.1
6.8,6.9
7 8
V4 V16.03.34.06
1.0/1.1
2.3.1;2.3.2
1.2 final 3
1.0 - 1.3
12.2.3-12.2.9
1.0.0-2.3.1
8.5-8.6
12.0-14.0
2014-2016
V175-V189
V1.81.01 - V1.81.03
Rev B-M
< 1.38
>= 2.0
<=10.4
1.0 to 1.3.7
2.3+
1.2-
1.0〜1.2
1.0～1.2
5.7.18 and prior
before 88
1da177e4c3f4
5063e0484563
9f3be61f55d4
f51849833705
1.2-3e24fbd37e72
0:3.7.6
2:1.0
1..2
.5
-
.
()
1.2(3
1.2)
1.0.0.C
1²
２②
";

fn lines(table: &str) -> impl Iterator<Item = &str> {
    table.lines().map(str::trim).filter(|line| !line.is_empty())
}

#[test]
fn facts_are_in_order() {
    let mut pairs = 0;
    for line in lines(ASCENDING) {
        let chain: Vec<Vec<&str>> =
            line.split(" < ").map(|same| same.split(" = ").map(str::trim).collect()).collect();
        for (index, same) in chain.iter().enumerate() {
            for a in same {
                for (other, group) in chain.iter().enumerate() {
                    for b in group {
                        let order = compare(Scheme::Generic, a, b).expect("orderable");
                        assert_eq!(order, index.cmp(&other), "{a} and {b}");
                        pairs += 1;
                    }
                }
            }
        }
    }
    assert!(pairs > 300, "{pairs}");
}

#[test]
fn what_is_not_understood_is_refused() {
    for version in lines(UNORDERABLE) {
        assert!(key(Scheme::Generic, version).is_err(), "{version} must have no order");
    }
    for version in ["", " ", "\u{3000}", "\u{0}", "1.2\u{0}", "1\n2"] {
        assert!(key(Scheme::Generic, version).is_err(), "{version:?} must have no order");
    }
}

/// A version as its meaning: numbers, then words with numbers.
#[derive(Debug, Clone)]
struct Meaning {
    numbers: Vec<u32>,
    words: Vec<(usize, Vec<u32>)>,
}

/// Words from low to high with their spellings; index 5 is the plain release.
const WORDS: [&[&str]; 14] = [
    &["alpha", "Alpha", "ALPHA"],
    &["beta", "BETA"],
    &["milestone"],
    &["pre", "preview"],
    &["rc", "RC"],
    &[],
    &["d", "D"],
    &["s", "S"],
    &["build", "Build"],
    &["hotfix", "HF", "hot fix"],
    &["patch", "p", "PL"],
    &["update", "Upd", "u"],
    &["rev", "r", "release"],
    &["sp", "SP", "service pack"],
];

/// The order said directly: numbers padded with zeros, then the next word.
fn direct(a: &Meaning, b: &Meaning) -> Ordering {
    let numbers = |a: &[u32], b: &[u32]| {
        let length = a.len().max(b.len());
        let at = |numbers: &[u32], i: usize| numbers.get(i).copied().unwrap_or(0);
        (0..length).map(|i| at(a, i).cmp(&at(b, i))).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    };
    let mut order = numbers(&a.numbers, &b.numbers);
    for i in 0..a.words.len().max(b.words.len()) {
        if order.is_ne() {
            return order;
        }
        let word = |m: &Meaning| m.words.get(i).map_or(5, |word| word.0);
        order = word(a).cmp(&word(b)).then_with(|| match (a.words.get(i), b.words.get(i)) {
            (Some(a), Some(b)) => numbers(&a.1, &b.1),
            _ => Ordering::Equal,
        });
    }
    order
}

fn spell(meaning: &Meaning, style: u8) -> String {
    let pick = |n: usize| usize::from(style >> 2) % n;
    let dotted = |numbers: &[u32]| {
        let width = if style & 1 == 1 { 2 } else { 0 };
        let parts: Vec<String> = numbers.iter().map(|n| format!("{n:0width$}")).collect();
        parts.join(if style & 64 == 64 { "_" } else { "." })
    };
    let mut text = ["", "v", "Ver. ", "バージョン", "Firmware "][pick(5)].to_owned();
    text += &dotted(&meaning.numbers);
    text += if style & 2 == 2 { ".0" } else { "" };
    for (word, numbers) in &meaning.words {
        let spellings = WORDS[*word];
        text += ["", "-", " ", "_"][pick(4)];
        text += spellings[pick(spellings.len())];
        text += &dotted(numbers);
    }
    text
}

/// Mixtures such as `0000d1` look like commit ids, which is an error by rule; any other error fails.
fn key_unless_commit(version: &str) -> Option<Vec<u8>> {
    match key(Scheme::Generic, version) {
        Ok(key) => Some(key),
        Err(error) => {
            assert_eq!(error.reason, super::COMMIT, "{version}");
            None
        }
    }
}

fn meaning() -> impl Strategy<Value = Meaning> {
    let number = prop_oneof![4 => 0u32..3, 1 => 0u32..30, 1 => any::<u32>()];
    let word = prop_oneof![0usize..5, 6usize..14];
    let words = proptest::collection::vec((word, proptest::collection::vec(number.clone(), 1..3)), 0..3);
    (proptest::collection::vec(number, 1..5), words).prop_map(|(numbers, words)| Meaning { numbers, words })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn keys_order_as_the_rules_say(a in meaning(), b in meaning(), style in any::<u8>(), other in any::<u8>()) {
        let (left, right) = (spell(&a, style), spell(&b, other));
        if let (Some(x), Some(y)) = (key_unless_commit(&left), key_unless_commit(&right)) {
            prop_assert_eq!(x.cmp(&y), direct(&a, &b), "{} and {}", left, right);
        }
    }

    #[test]
    fn spellings_of_one_version_have_one_key(a in meaning(), style in any::<u8>(), other in any::<u8>()) {
        let (left, right) = (spell(&a, style), spell(&a, other));
        if let (Some(x), Some(y)) = (key_unless_commit(&left), key_unless_commit(&right)) {
            prop_assert_eq!(x, y, "{} and {}", left, right);
        }
    }

    /// Hotfixes of PAN-OS: above the release that they mend, below the next one.
    #[test]
    fn hotfixes_stand_between_releases(
        a in (0u32..20, 0u32..20, 0u32..20, 0u32..40),
        b in (0u32..20, 0u32..20, 0u32..20, 0u32..40),
        separator in prop::sample::select(vec!["-h", " h", "-H"]),
    ) {
        let spell = |(major, minor, patch, hotfix): (u32, u32, u32, u32)| match hotfix {
            0 => format!("{major}.{minor}.{patch}"),
            _ => format!("{major}.{minor}.{patch}{separator}{hotfix}"),
        };
        let order = compare(Scheme::Generic, &spell(a), &spell(b));
        prop_assert_eq!(order.ok(), Some(a.cmp(&b)), "{} and {}", spell(a), spell(b));
    }

    #[test]
    fn dotted_numbers_always_have_a_key(numbers in proptest::collection::vec(any::<u64>(), 1..8)) {
        let text = numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
        prop_assert!(key(Scheme::Generic, &text).is_ok());
    }
}

super::super::test_support::no_panic_tests!(Scheme::Generic, "[ 0-9a-dprvxSP.()_+,:/~-]{0,24}");
