//! Every event that can happen to a device has words in both languages, and pages and lists show no key.

use std::collections::BTreeSet;

use shindan_app::records::device_lists::{self, Listed};
use shindan_domain::device::UseComparison;
use shindan_domain::ledger::{Kind, Stream};
use shindan_report::devices::{alarms_table, stopped_html, stopped_table};
use shindan_report::records::record;
use shindan_report::table::Style;
use shindan_report::{Lang, Words};

use crate::ward::Ward;

/// The variants of the events, from their source: `device.registered`.
fn events() -> BTreeSet<String> {
    let source = include_str!("../../../shindan-domain/src/device/event.rs");
    let body = source.split_once("pub enum DeviceEvent {").unwrap().1.split_once("\n}").unwrap().0;
    let variants = body.lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?.trim_end_matches([' ', '{', '}', ',']);
        name.starts_with(|c: char| c.is_ascii_uppercase()).then_some(name)
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
        events.insert(format!("device.{name}"));
    }
    events
}

#[test]
fn every_event_has_words_in_both_languages() {
    let events = events();
    assert_eq!(events.len(), 15, "{events:?}");
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let without: Vec<&String> = events.iter().filter(|event| words.event(event) == **event).collect();
        assert!(without.is_empty(), "{lang}: {without:#?}");
    }
}

#[test]
fn pages_and_lists_show_no_key() {
    let mut ward = Ward::in_order("words");
    ward.state_use(UseComparison::Differs, "ほかの用途").unwrap();
    ward.open(ward.pump_asset).unwrap();
    let style = Style { color: false, width: Some(140), max_age_days: None };
    let page = ward.hospital.page(Stream::new(Kind::Device, ward.ct));
    assert!(page.history.len() >= 8);
    let (records, who, now) = (&ward.hospital.records, &ward.hospital.auditor, ward.hospital.now);
    let alarms = device_lists::list(records, who, Listed::Alarms, now).unwrap();
    assert_eq!(alarms.lines.len(), 2);
    let stopped = device_lists::list(records, who, Listed::StillConnected, now).unwrap();
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let texts = [
            record(&page, &words, &style),
            alarms_table(&alarms, &words, &style),
            stopped_table(&stopped, &words, &style),
            stopped_html(&stopped, &words).unwrap(),
        ];
        for text in texts {
            for key in ["term-", "label-", "reason-", "event-", "{$", "[device-"] {
                assert!(!text.contains(key), "{lang}: {key} in {text}");
            }
        }
    }
}
