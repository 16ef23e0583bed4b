use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use shindan_domain::crosswalk::Certainty;
use shindan_domain::crosswalk::wording::UnreadablePart;

use super::*;
use crate::builtin;

/// A page of our own making: a row whose lines come in disorder, a requirement in two wordings, a row that no pack
/// knows, a sentence that stops at the end of the page.
const PAGE: &str = include_str!("page.txt");

fn crosswalk() -> Crosswalk {
    crate::catalog::read_crosswalk(builtin::PACKS).value.unwrap()
}

fn wording(text: &str) -> Wording {
    read(text.as_bytes(), "page.txt", &crosswalk(), &Limits::DEFAULT).unwrap()
}

#[test]
fn a_page_of_our_own() {
    let found = wording(PAGE);
    let controls: Vec<_> = found.controls.iter().map(|c| (c.number.as_str(), c.text.as_deref())).collect();
    assert_eq!(
        controls,
        [
            (
                "②-2",
                Some(
                    "弱点になり得るものが見つかったときは、その結果からリスクを分析し、先に処置の案(パッチや設定の変更など)を選び、記録する。"
                )
            ),
            ("③-2", Some("診断は、動いている本番のサービスではなく、試験環境を用意して行うことが望ましい。")),
        ]
    );
    let [requirement] = &found.requirements[..] else { panic!("{:?}", found.requirements) };
    assert_eq!((requirement.volume.as_str(), requirement.chapter.as_str()), ("システム運用編", "8"));
    assert_eq!(requirement.title.as_deref(), Some("利用機器・サービスに対する安全管理措置"));
    let text = requirement.text.as_deref().unwrap();
    assert!(
        text.starts_with("(1)IoT機器")
            && text.ends_with("運用管理規程に定めて、年に一度は見直すことにする。"),
        "{text}"
    );
    let [variant] = &requirement.variants[..] else { panic!("{:?}", requirement.variants) };
    assert_eq!(variant.replacen("(1) ", "(1)", 1), text);
    assert_eq!(requirement.certainty, Certainty::Read, "each wording shows how the other goes on");
    assert_eq!(found.unknown.iter().map(|u| (u.number.as_str(), u.line)).collect::<Vec<_>>(), [("⑨-9", 19)]);
    let pieces: Vec<&str> = of_part(&found, UnreadablePart::Piece).map(|u| u.text.as_str()).collect();
    assert_eq!(pieces, ["途中で切れた文の"]);
    let missing: Vec<&str> =
        of_part(&found, UnreadablePart::Control).filter_map(|u| u.number.as_deref()).collect();
    assert_eq!(missing, ["②-3", "②-4", "③-1", "③-3", "④-1", "④-2", "⑤-1"]);
}

fn of_part(
    wording: &Wording,
    part: UnreadablePart,
) -> impl Iterator<Item = &shindan_domain::crosswalk::wording::Unreadable> {
    wording.unreadable.iter().filter(move |u| u.part == part)
}

#[test]
fn a_row_without_text_is_unreadable() {
    let found = wording("②-3\n③-2\n");
    assert!(found.controls.iter().all(|c| c.text.is_none() && c.certainty == Certainty::Unreadable));
    assert_eq!(of_part(&found, UnreadablePart::ControlText).count(), 2);
    assert!(found.requirements.is_empty());
}

#[test]
fn what_is_no_page_is_refused() {
    let code = |bytes: &[u8]| read(bytes, "page.txt", &crosswalk(), &Limits::DEFAULT).unwrap_err().code;
    assert_eq!(code(b""), Code::FileEmpty);
    assert_eq!(code("ただの文章である。\n".as_bytes()), Code::AnnexWithoutRows);
    assert_eq!(code(&[0xFF, 0x00, 0x01]), Code::EncodingInvalid);
    let long: String = (0..500).map(|n| format!("断片その{n}である。\n")).collect();
    assert_eq!(code(format!("②-2\n{long}").as_bytes()), Code::AnnexTooLong);
    assert_eq!(code(format!("②-2\n{}", "長".repeat(2_000)).as_bytes()), Code::LineTooLong);
}

/// Every text is made of whole lines of the page.
fn assert_nothing_is_invented(page: &str) {
    let Ok(found) = read(page.as_bytes(), "page.txt", &crosswalk(), &Limits::DEFAULT) else { return };
    let lines: BTreeSet<&str> = page.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let controls = found.controls.iter().flat_map(|c| c.text.iter().chain(&c.risk).chain(&c.variants));
    let requirements = found.requirements.iter().flat_map(|r| r.text.iter().chain(&r.variants));
    for text in controls.chain(requirements).flat_map(|text| text.split('\n')) {
        assert!(is_made_of(text, &lines), "{text}");
    }
}

fn is_made_of(text: &str, lines: &BTreeSet<&str>) -> bool {
    let mut reachable = vec![false; text.len() + 1];
    reachable[0] = true;
    for at in 0..text.len() {
        if reachable[at] {
            for line in lines.iter().filter(|line| text[at..].starts_with(**line)) {
                reachable[at + line.len()] = true;
            }
        }
    }
    reachable[text.len()]
}

#[test]
fn nothing_is_invented_whatever_the_damage() {
    let mut pages = vec![PAGE.to_owned()];
    if let Some(path) = shindan_testdata::path("annex2/annex2-page30.txt") {
        pages.push(std::fs::read_to_string(path).unwrap());
    }
    for page in pages {
        assert_nothing_is_invented(&page);
        let lines: Vec<&str> = page.lines().collect();
        let step = (lines.len() / 5).max(1);
        for start in (0..lines.len()).step_by(step) {
            // A part is missing; the page stops; it begins late; it is upside down.
            let without = [&lines[..start], &lines[(start + step).min(lines.len())..]].concat();
            let mut reversed = lines[start..].to_vec();
            reversed.reverse();
            for damaged in [without, lines[..start].to_vec(), lines[start..].to_vec(), reversed] {
                assert_nothing_is_invented(&damaged.join("\n"));
            }
        }
    }
}

/// The seed page: nine rows and three requirements, each in one more wording. The texts are known by their SHA-256, so
/// that the page itself is not repeated here.
#[test]
fn the_genuine_page() {
    let Some(path) = shindan_testdata::path("annex2/annex2-page30.txt") else { return };
    let found = wording(&std::fs::read_to_string(path).unwrap());
    let short = |text: &str| {
        Sha256::digest(text.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let hash = |text: &Option<String>| text.as_deref().map(short).unwrap_or_default();
    let controls: Vec<String> = found
        .controls
        .iter()
        .map(|c| format!("{} {} {} {}", c.number, c.certainty, hash(&c.text), hash(&c.risk)))
        .collect();
    let requirements: Vec<String> = found
        .requirements
        .iter()
        .map(|r| {
            let variants: Vec<String> = r.variants.iter().map(|v| short(v)).collect();
            let title = hash(&r.title);
            format!("{} {} {title} {} {}", r.number, r.certainty, hash(&r.text), variants.join(","))
        })
        .collect();
    let all = [controls, requirements].concat();
    assert_eq!(all, GENUINE);
    assert!(found.unknown.is_empty());
    assert_eq!(of_part(&found, UnreadablePart::Mark).count(), 9);
    assert_eq!(of_part(&found, UnreadablePart::ItemNumber).count(), 3);
    let titles: Vec<_> =
        of_part(&found, UnreadablePart::SectionTitle).filter_map(|u| u.number.as_deref()).collect();
    assert_eq!(titles, ["②", "⑤"]);
    assert_eq!(of_part(&found, UnreadablePart::Piece).count(), 2, "the page breaks off inside a sentence");
}
/// Number, certainty, then the first six bytes of the hashes: of the text and the risk of a control; of title, text and
/// variants of a requirement.
const GENUINE: &[&str] = &[
    "②-2 inferred 8e7c96fe6d76 ",
    "②-3 inferred c11dfadcf948 ",
    "②-4 read 0ce9d3ef3460 ",
    "③-1 read 98bb16babc41 cab4973e2212",
    "③-2 inferred 5d418a41d70c cab4973e2212",
    "③-3 inferred 2ff11a5fff09 cab4973e2212",
    "④-1 inferred 6780ed66e75a 2ff463acfc0c",
    "④-2 inferred af477fb0df83 2ff463acfc0c",
    "⑤-1 read 2127aed5732f 157ec128f78b",
    "企画管理編 9 inferred 9a1f7d757865 437a6f77a2bd 9aef6067d2a8",
    "企画管理編 15 read 6955ee55aa35 d0c4a059c9de d2d1027ed93a",
    "システム運用編 8 read 9b0af31ac04a 3c3d299085c2 822500e2d28e",
];
