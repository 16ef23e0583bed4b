//! Every event that can happen to these records has words in both languages, and pages show no key.

use std::collections::BTreeSet;

use shindan_app::records::page;
use shindan_domain::case::Treatment;
use shindan_domain::change::ChangeKind;
use shindan_domain::ledger::{Kind, Stream};
use shindan_report::records::record;
use shindan_report::table::Style;
use shindan_report::{Lang, Words};

use crate::works::Works;

/// The variants of the events, from their sources: `patch.registered`.
fn events() -> BTreeSet<String> {
    let sources = [
        ("patch", include_str!("../../../shindan-domain/src/patch/event.rs"), "pub enum PatchEvent {"),
        ("change", include_str!("../../../shindan-domain/src/change/event.rs"), "pub enum ChangeEvent {"),
        ("inquiry", include_str!("../../../shindan-domain/src/inquiry/event.rs"), "pub enum InquiryEvent {"),
        (
            "instruction",
            include_str!("../../../shindan-domain/src/confirmation/event.rs"),
            "pub enum InstructionEvent {",
        ),
        ("review", include_str!("../../../shindan-domain/src/review/event.rs"), "pub enum ReviewEvent {"),
    ];
    let mut events = BTreeSet::new();
    for (kind, source, head) in sources {
        let body = source.split_once(head).unwrap().1;
        let body = body.split_once("\n}").unwrap().0;
        let variants = body.lines().filter_map(|line| {
            let name = line.strip_prefix("    ")?.trim_end_matches([' ', '{', '}', ',']);
            name.starts_with(|c: char| c.is_ascii_uppercase()).then_some(name)
        });
        for variant in variants {
            let variant = variant.split(['(', ' ']).next().unwrap();
            let mut name = String::new();
            for letter in variant.chars() {
                if letter.is_ascii_uppercase() && !name.is_empty() {
                    name.push('-');
                }
                name.push(letter.to_ascii_lowercase());
            }
            events.insert(format!("{kind}.{name}"));
        }
    }
    for kind in ["party", "site", "system", "environment", "asset", "product", "release", "deployment"] {
        events.extend(["registered", "changed", "ended"].map(|name| format!("{kind}.{name}")));
    }
    events.insert("person.party-set".to_owned());
    events
}

#[test]
fn every_event_has_words_in_both_languages() {
    let events = events();
    assert!(events.len() > 65, "{events:?}");
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let without: Vec<&String> = events.iter().filter(|event| words.event(event) == **event).collect();
        assert!(without.is_empty(), "{lang}: {without:#?}");
    }
}

#[test]
fn what_happened_is_among_these_events_and_pages_show_no_key() {
    let mut works = Works::new("pages", Treatment::Patch);
    let patch = works.usable_patch();
    let change = works.plan(ChangeKind::Patch, Some(patch)).unwrap();
    works.prepare(change);
    let file = works.file.clone();
    works.apply(change, Some(file)).unwrap();
    let repaired = works.repaired("after.json");
    works.confirm_after(change, repaired.clone()).unwrap();
    works.refresh(repaired);
    let known = events();
    let others = [Kind::Person, Kind::Case, Kind::Policy, Kind::Control, Kind::Installation];
    for stored in works.hospital.records.store().entries(0, 10_000).unwrap() {
        let entry = &stored.entry;
        assert!(others.contains(&entry.stream.kind) || known.contains(&entry.event), "{}", entry.event);
    }
    let style = Style { color: false, width: Some(140), max_age_days: None };
    for stream in [Stream::new(Kind::Patch, patch), Stream::new(Kind::Change, change)] {
        let page = page(&works.hospital.records, &works.hospital.auditor, stream, true).unwrap();
        assert!(page.history.len() >= 3);
        for lang in Lang::ALL {
            let text = record(&page, &Words::new(lang), &style);
            for key in ["term-", "label-", "reason-", "event-", "{$"] {
                assert!(!text.contains(key), "{lang}: {key} in {text}");
            }
        }
    }
}
