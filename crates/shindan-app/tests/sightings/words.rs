//! Every event has words in both languages, and pages show no key.

use std::collections::BTreeSet;

use shindan_domain::ledger::{Kind, Stream};
use shindan_report::records::record;
use shindan_report::table::Style;
use shindan_report::{Lang, Words};

use crate::{CT, GUEST, World};

/// The variants of the events, from their source: `sighting.seen-again`.
fn events(source: &str, name: &str, kind: Kind) -> BTreeSet<String> {
    let body = source.split_once(&format!("pub enum {name} {{")).unwrap().1.split_once("\n}").unwrap().0;
    let variants = body.lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?;
        name.starts_with(|c: char| c.is_ascii_uppercase())
            .then(|| name.split(['(', ' ', ',']).next().unwrap())
    });
    let mut events = BTreeSet::new();
    for variant in variants {
        let mut name = String::new();
        for letter in variant.chars() {
            if letter.is_ascii_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.push(letter.to_ascii_lowercase());
        }
        events.insert(format!("{kind}.{name}"));
    }
    events
}

#[test]
fn every_event_has_words_in_both_languages() {
    let source = include_str!("../../../shindan-domain/src/sighting/event.rs");
    let mut all = events(source, "SightingEvent", Kind::Sighting);
    let source = include_str!("../../../shindan-domain/src/sighting/import.rs");
    all.extend(events(source, "SightingImportEvent", Kind::SightingImport));
    assert_eq!(all.len(), 8, "{all:?}");
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let without: Vec<&String> = all.iter().filter(|event| words.event(event) == **event).collect();
        assert!(without.is_empty(), "{lang}: {without:#?}");
    }
}

#[test]
fn pages_show_no_key() {
    let mut world = World::new("words");
    let import = world.see(&[
        CT,
        GUEST,
        ("192.168.10.35", "00:0c:29:5e:10:35"),
        ("192.168.10.7", "da:a1:19:00:00:01"),
    ]);
    let mut streams: Vec<Stream> =
        world.all().into_iter().map(|(id, _)| Stream::new(Kind::Sighting, id)).collect();
    assert_eq!(streams.len(), 2);
    streams.push(import.stream);
    let style = Style { color: false, width: Some(140), max_age_days: None };
    for stream in streams {
        let page = world.hospital.page(stream);
        for lang in Lang::ALL {
            let text = record(&page, &Words::new(lang), &style);
            for key in ["term-", "label-", "reason-", "event-", "{$"] {
                assert!(!text.contains(key), "{lang}: {key} in {text}");
            }
        }
    }
}
