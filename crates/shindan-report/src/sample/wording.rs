//! A sample of imported wording, in words of our own.

use shindan_domain::crosswalk::wording::{
    UnknownEntry, Unreadable, UnreadablePart, WordedControl, WordedRequirement, Wording, WordingRecord,
};
use shindan_domain::crosswalk::{Certainty, Crosswalk};

/// The first control and requirement of the sample packs with a wording, and one of each thing that goes wrong.
pub fn wording(packs: &Crosswalk) -> WordingRecord {
    let of_pack = |fits: fn(&&shindan_domain::crosswalk::Catalog) -> bool| {
        packs.catalogs().iter().find(fits).map(|catalog| catalog.id.clone()).unwrap_or_default()
    };
    let control = packs.controls().next().map(|(_, control)| control.number.clone()).unwrap_or_default();
    let requirements = packs.catalogs().iter().flat_map(|catalog| &catalog.requirements);
    let requirement = requirements.map(|r| r.number.clone()).next().unwrap_or_default();
    let (volume, chapter) = requirement.rsplit_once(' ').unwrap_or(("", &requirement));
    let worded = WordedControl {
        catalog: of_pack(|catalog| !catalog.controls.is_empty()),
        number: control.clone(),
        text: Some("ページにある行をつないだ文。".to_owned()),
        certainty: Certainty::Inferred,
        variants: Vec::new(),
        risk: Some("リスクの例。".to_owned()),
        lines: vec![3, 5],
    };
    let unworded = WordedControl { number: "⑦-7".to_owned(), text: None, risk: None, ..worded.clone() };
    let unreadable = |part, number: Option<&str>, text: &str, lines: &[u32]| Unreadable {
        part,
        number: number.map(str::to_owned),
        text: text.to_owned(),
        lines: lines.to_vec(),
    };
    WordingRecord {
        path: "annex2.txt".to_owned(),
        sha256: "0".repeat(64),
        imported_at: super::time("2026-11-22T01:02:03Z"),
        wording: Wording {
            requirements: vec![WordedRequirement {
                catalog: of_pack(|catalog| !catalog.requirements.is_empty()),
                volume: volume.to_owned(),
                chapter: chapter.to_owned(),
                number: requirement.clone(),
                title: Some("見出し".to_owned()),
                text: Some("求めること。".to_owned()),
                certainty: Certainty::Read,
                variants: vec!["求められること。".to_owned()],
                lines: vec![7],
            }],
            controls: vec![
                worded,
                WordedControl { certainty: Certainty::Unreadable, lines: Vec::new(), ..unworded },
            ],
            unreadable: vec![
                unreadable(UnreadablePart::Mark, Some(&control), "", &[]),
                unreadable(UnreadablePart::Piece, None, "途中で切れた", &[9]),
            ],
            unknown: vec![UnknownEntry { number: "⑨-9".to_owned(), line: 8 }],
        },
    }
}
