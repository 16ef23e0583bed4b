//! An end of support is a finding from its day on, whether an advisory or the ledger says so.

use jiff::civil::{Date, date};
use shindan_domain::diagnostic::Code;
use shindan_domain::finding::MatchMethod;
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{Asset, Component};
use shindan_domain::version::{Scheme, VersionClaim, VersionRange};

use crate::world::{TODAY, World, affects, device, doubts, end_of_life, found};

fn before(version: &str) -> VersionClaim {
    VersionClaim::ranged(vec![VersionRange::before(Scheme::Generic, version)])
}

#[test]
fn an_advisory_counts_from_its_day_on() {
    let says = |id: &str, day| end_of_life(id, day, vec![affects("Acme", "Pump", before("2.0"))]);
    let mut world = World::knowing(vec![says("EOL:pump:1", Some("2026-09-30")), says("EOL:pump:0", None)]);
    world.components = vec![device("Acme", "Pump", "1.5"), device("Acme", "Pump", "2.0")];
    let ask = |today: Date| {
        let mut outcome = world.ask_on(today);
        let findings = outcome.take_findings();
        let names: Vec<String> = findings.iter().map(|f| f.vulnerability.id.clone()).collect();
        (names, outcome.notes.into_iter().map(|(_, note)| note).collect::<Vec<_>>())
    };
    assert_eq!(ask(date(2026, 9, 30)), (vec!["EOL:pump:0".to_owned(), "EOL:pump:1".to_owned()], vec![]));
    let (names, notes) = ask(date(2026, 9, 29));
    assert_eq!(names, ["EOL:pump:0"], "a source without a day says that it has ended");
    assert_eq!(notes.len(), 1);
    assert_eq!((notes[0].code, notes[0].params["days"].as_str()), (Code::SupportEndsSoon, "1"));
    assert_eq!(ask(date(2026, 7, 2)).1.len(), 1, "90 days before");
    assert_eq!(ask(date(2026, 7, 1)).1.len(), 0, "91 days before");
}

#[test]
fn a_day_that_cannot_be_read_is_undetermined() {
    let mut world = World::knowing(vec![end_of_life(
        "EOL:pump:1",
        Some("soon"),
        vec![affects("Acme", "Pump", VersionClaim::All)],
    )]);
    world.components = vec![device("Acme", "Pump", "1.5")];
    let mut outcome = world.ask();
    assert!(outcome.take_findings().is_empty());
    assert_eq!(doubts(&outcome), [Code::SupportEndUnreadable]);
}

#[test]
fn doubts_about_an_end_that_is_far_are_not_asked() {
    let says = |day| end_of_life("EOL:pump:1", Some(day), vec![affects("Acme", "Pump", before("2.0"))]);
    for (day, expected) in [
        ("2026-07-02", vec![Code::OrderUnknown]),
        ("2026-08-01", vec![Code::OrderUnknown]),
        ("2030-01-01", vec![]),
    ] {
        let mut world = World::knowing(vec![says(day)]);
        world.components = vec![device("Acme", "Pump", "K")];
        assert_eq!(doubts(&world.ask()), expected, "{day}");
    }
}

/// A ledger of three rows with the dates given.
fn ledger(dates: [&str; 3]) -> World {
    let mut world = World::knowing(vec![]);
    for (number, day) in dates.into_iter().enumerate() {
        world.assets.push(Asset {
            asset_id: format!("PC-{number}"),
            maker: Some("Acme".to_owned()),
            model: Some("Terminal".to_owned()),
            support_end: Some(day.to_owned()).filter(|d| !d.is_empty()),
            ..Asset::default()
        });
        let component = Component {
            asset: Some(number as u32),
            pointer: format!("line {}", number + 2),
            ..device("Acme", "Terminal", "1")
        };
        // Two components of one asset, as a device and its operating system.
        world.components.push(component.clone());
        world.components.push(Component { name: "OS".to_owned(), maker: None, model: None, ..component });
    }
    world
}

#[test]
fn the_date_of_a_ledger_is_the_last_day_with_support() {
    let mut outcome = ledger(["2026-07-01", "2026-07-02", ""]).ask_on(date(2026, 7, 2));
    let findings = outcome.take_findings();
    assert_eq!(found(&findings), [("Acme Terminal", "EOL:PC-0")], "once for an asset");
    let finding = &findings[0];
    assert_eq!(finding.vulnerability.kind, FindingKind::EndOfLife);
    assert_eq!(finding.vulnerability.support_end.as_deref(), Some("2026-07-02"));
    assert_eq!(finding.asset.as_deref().map(|a| a.asset_id.as_str()), Some("PC-0"));
    assert_eq!(finding.bases()[0].method, MatchMethod::SupportEnd);
    assert_eq!(finding.bases()[0].place, "ledger.csv#line 2");
    assert_eq!(outcome.notes.len(), 1);
    let note = &outcome.notes[0].1;
    assert_eq!(note.place.to_string(), "ledger.csv:3");
    assert_eq!((note.params["date"].as_str(), note.params["days"].as_str()), ("2026-07-03", "1"));
}

#[test]
fn an_asset_without_number_is_named_by_maker_and_model() {
    let mut world = ledger(["2020-01-01", "", ""]);
    world.assets[0].asset_id.clear();
    assert_eq!(found(&world.ask().take_findings()), [("Acme Terminal", "EOL:Acme/Terminal")]);
    world.components.clear();
    assert_eq!(found(&world.ask().take_findings()), [("Acme Terminal", "EOL:Acme/Terminal")], "nor lost");
}

#[test]
fn a_date_of_the_ledger_that_cannot_be_read_is_undetermined() {
    let mut outcome = ledger(["31-3-2027", "", "2027年度末"]).ask();
    assert!(outcome.take_findings().is_empty());
    let told: Vec<_> = outcome.undetermined.iter().filter(|u| u.code == Code::SupportEndUnreadable).collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].params["value"], "31-3-2027");
    assert_eq!(told[1].asset.as_deref().map(|a| a.asset_id.as_str()), Some("PC-2"));
}

#[test]
fn parts_do_not_change_the_answer() {
    let mut world = ledger(["2020-01-01", "2021-01-01", "2022-01-01"]);
    world.assets.push(Asset {
        support_end: Some("2019-01-01".to_owned()),
        asset_id: "X".to_owned(),
        ..Asset::default()
    });
    let ask = |parts: Vec<std::ops::Range<usize>>| {
        let findings = world.ask_parts(TODAY, parts, None).take_findings();
        findings.into_iter().map(|f| f.vulnerability.id.clone()).collect::<Vec<_>>()
    };
    let whole = ask(world.whole());
    assert_eq!(whole, ["EOL:X", "EOL:PC-0", "EOL:PC-1", "EOL:PC-2"]);
    assert_eq!(ask(vec![0..1, 1..3, 3..6]), whole);
    // Who asks about one published vulnerability gets no end of support of a ledger.
    assert!(world.ask_parts(TODAY, world.whole(), Some(&[])).take_findings().is_empty());
}
