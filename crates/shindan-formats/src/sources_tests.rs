use super::*;

const OURS: &str = include_str!("../../../catalog/collect/sources.toml");

fn pack() -> SourcePack {
    let reading = read_sources("sources.toml", OURS.as_bytes());
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    reading.value.unwrap()
}

#[test]
fn the_row_names_bodies_and_they_are_proposed() {
    let pack = pack();
    let of = |kind: SourceKind| pack.sources.iter().find(|source| source.kind == kind);
    for kind in [
        SourceKind::JpcertRss,
        SourceKind::IpaRss,
        SourceKind::JvnRss,
        SourceKind::JvndbFeeds,
        SourceKind::Kev,
    ] {
        let source = of(kind).unwrap_or_else(|| panic!("{kind}"));
        assert!(source.proposed && source.interval_hours.is_some(), "{kind}");
    }
    for kind in SourceKind::ALL {
        assert!(of(*kind).is_some(), "{kind}: every kind has an example");
    }
    let nco = of(SourceKind::NcoRss).unwrap();
    assert!(nco.addresses.is_empty() && !nco.proposed && nco.unchecked.is_some(), "no address is made up");
}

#[test]
fn what_is_proposed_can_be_added_in_both_languages() {
    for source in pack().sources.iter().filter(|source| source.proposed) {
        for language in ["ja", "en"] {
            let draft = source.draft(language, None);
            assert!(Source::add(draft.clone(), []).is_ok(), "{draft:?}");
            assert_eq!(draft.may_leave_out, source.may_leave_out);
            assert!(draft.licence.is_some());
        }
        assert!(source.title.en.is_ascii() && source.licence.en.is_ascii(), "{}", source.name);
        let silent =
            source.thresholds.standstill_days.is_none() && source.thresholds.unchanged_days.is_none();
        assert!(!silent || !source.kind.is_fetched(), "silence must be told: {}", source.name);
    }
}

/// (what stands in ours, what is written instead, where that is told)
const WRONG: &[(&str, &str, &str)] = &[
    ("shindan.sources/1", "shindan.sources/2", "schema"),
    ("name = \"ipa-alerts\"", "name = \"jpcert\"", "source[1].name"),
    ("name = \"jpcert\"", "name = \"JPCERT\"", "source[0].name"),
    ("kind = \"jpcert-rss\"", "kind = \"jpcert\"", "source[0].kind"),
    ("https://www.jpcert.or.jp/rss/jpcert.rdf", "http://www.jpcert.or.jp/rss/jpcert.rdf", "source[0].name"),
    ("addresses = [\"https://www.jpcert.or.jp/rss/jpcert.rdf\"]\n", "", "source[0].addresses"),
    ("interval_hours = 12", "interval_hours = 0", "source[0].interval_hours"),
    ("interval_hours = 12", "interval_hours = \"daily\"", "source[0].interval_hours"),
    ("reminder_days = 1\n", "", "source[0].reminder_days"),
    ("confirm_days = 31", "confirm_days = 70000", "source[0].confirm_days"),
    ("drop_percent = 50", "drop_percent = 500", "source[0].alarms.drop_percent"),
    ("drop_percent = 50", "dropped = 50", "source[0].alarms.dropped"),
    ("\nterms_unclear = true", "\nterms_unclear = \"yes\"", "source[0].terms_unclear"),
    ("proposed = true\n", "", "source[0].proposed"),
    ("interval_hours = 12", "interval = 12", "source[0].interval"),
];

#[test]
fn what_is_wrong_is_told_where_it_stands_and_takes_the_pack_with_it() {
    for (from, to, field) in WRONG {
        let text = OURS.replacen(from, to, 1);
        assert_ne!(text, OURS, "{from}");
        let reading = read_sources("own.toml", text.as_bytes());
        let told: Vec<_> = reading.diagnostics.iter().map(|one| format!("{one:?}")).collect();
        assert!(told.iter().any(|one| one.contains(field)), "{from} -> {to}: {told:?}");
        assert!(reading.value.is_none(), "{from} -> {to}");
    }
}

#[test]
fn no_bytes_bring_the_reader_down() {
    let bytes = OURS.as_bytes();
    for cut in (0..bytes.len()).step_by(97) {
        let _: PackReading<SourcePack> = read_sources("own.toml", &bytes[..cut]);
        let mut flipped = bytes.to_vec();
        flipped[cut] ^= 0x11;
        let _: PackReading<SourcePack> = read_sources("own.toml", &flipped);
    }
    assert!(read_sources("own.toml", b"").value.is_none());
}
