use super::*;
use crate::assessment::ScanPlace;
use crate::identifier::FindingKind;

fn bands() -> BTreeMap<Scale, Bands> {
    let three = [(90, Level::Critical), (70, Level::High), (40, Level::Medium), (1, Level::Low)];
    let two = [(70, Level::High), (40, Level::Medium), (0, Level::Low)];
    let of = |scale| match scale {
        Scale::Version(CvssVersion::V2) => Bands::new(two),
        _ => Bands::new(three),
    };
    Scale::ALL.map(|scale| (scale, of(scale))).into()
}

fn words(rows: &[(&str, &str, Option<Level>)]) -> BTreeMap<String, BTreeMap<String, Option<Level>>> {
    let mut words: BTreeMap<String, BTreeMap<String, Option<Level>>> = BTreeMap::new();
    for (tool, word, level) in rows {
        words.entry((*tool).to_owned()).or_default().insert((*word).to_owned(), *level);
    }
    words
}

fn all_scheduled() -> Vec<PriorityRow> {
    combinations().map(|combination| (combination, Decision::Scheduled)).collect()
}

fn build(priorities: Vec<PriorityRow>) -> Result<SeverityTable, SeverityTableError> {
    let head = ("t".to_owned(), "1".to_owned(), Localised::new("表", "table"));
    let words = words(&[
        ("zap", "High", Some(Level::High)),
        ("zap", "3", Some(Level::High)),
        ("linter", "*", Some(Level::Low)),
        ("linter", "Blocker", Some(Level::Critical)),
        ("linter", "unsure", None),
        ("*", "critical", Some(Level::Critical)),
        ("*", "high", Some(Level::Medium)),
    ]);
    SeverityTable::new(head, bands(), words, priorities)
}

fn table() -> SeverityTable {
    // In tests only: the table is whole by construction, and a table that is not fails the test here.
    build(all_scheduled()).unwrap()
}

fn result(severity: &str) -> ScanResult {
    let mut result = ScanResult::new("1", "t", FindingKind::Vulnerability, ScanPlace::default());
    result.severity = severity.to_owned();
    result
}

const CRITICAL: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
const MEDIUM: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N";
const V2_TEN: &str = "AV:N/AC:L/Au:N/C:C/I:C/A:C";
const NOTHING: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N";

fn rate(severity: &str, cvss: &[&str], score_x10: Option<u8>) -> (Option<Level>, RatedBy) {
    let mut result = result(severity);
    result.cvss = cvss.iter().map(|vector| (*vector).to_owned()).collect();
    result.score_x10 = score_x10;
    let rated = table().rate("zap", &result);
    (rated.level, rated.basis)
}

#[test]
fn a_vector_goes_before_a_score_and_a_score_before_a_word() {
    assert_eq!(rate("High", &[CRITICAL], Some(10)), (Some(Level::Critical), RatedBy::Cvss));
    assert_eq!(rate("High", &[MEDIUM, CRITICAL], None), (Some(Level::Critical), RatedBy::Cvss));
    assert_eq!(rate("High", &[V2_TEN], None), (Some(Level::High), RatedBy::Cvss), "v2 has no critical");
    assert_eq!(rate("High", &[], Some(39)), (Some(Level::Low), RatedBy::Score));
    assert_eq!(rate("High", &[], Some(0)), (Some(Level::Informational), RatedBy::Score));
    assert_eq!(rate("High", &[NOTHING], None), (Some(Level::Informational), RatedBy::Cvss));
    assert_eq!(rate("High", &[], None), (Some(Level::High), RatedBy::Table));
    assert_eq!(rate("High", &[], Some(101)), (Some(Level::High), RatedBy::Table), "no such score");
}

#[test]
fn a_vector_that_is_none_is_counted_and_decides_nothing() {
    let mut result = result("3");
    result.cvss = vec!["CVSS:3.1/AV:N".to_owned(), MEDIUM.to_owned()];
    let rated = table().rate("zap", &result);
    assert_eq!((rated.level, rated.basis, rated.unreadable_vectors), (Some(Level::Medium), RatedBy::Cvss, 1));
    result.cvss = vec!["high".to_owned()];
    let rated = table().rate("zap", &result);
    assert_eq!((rated.level, rated.basis, rated.unreadable_vectors), (Some(Level::High), RatedBy::Table, 1));
}

#[test]
fn a_word_is_read_without_case_and_without_its_confidence() {
    for word in ["High", " hIGH ", "High (Medium)", "high (User Confirmed)", "3"] {
        assert_eq!(rate(word, &[], None), (Some(Level::High), RatedBy::Table), "{word}");
    }
    assert_eq!(rate("Critical", &[], None), (Some(Level::Critical), RatedBy::Table), "a row for any tool");
}

#[test]
fn what_nothing_tells_is_unknown_and_never_informational() {
    for word in ["", " ", "*", "4", "severe", "(High)", "Highest"] {
        assert_eq!(rate(word, &[], None), (None, RatedBy::Unknown), "{word}");
    }
    let unsure = table().rate("linter", &result("unsure"));
    assert_eq!((unsure.level, unsure.basis), (None, RatedBy::Unknown), "its row says so");
    assert_eq!(table().rate("linter", &result("")).level, None, "no word is not any word");
    assert_eq!(table().rate("linter", &result("style")).level, Some(Level::Low), "any word");
    assert_eq!(table().rate("LINTER", &result("blocker")).level, Some(Level::Critical));
    assert_eq!(table().rate("linter", &result("high")).level, Some(Level::Low), "its own row goes first");
}

#[test]
fn a_table_has_exactly_one_priority_for_each_combination() {
    assert_eq!(combinations().count(), 36);
    for left_out in 0..36 {
        let mut rows = all_scheduled();
        let (combination, _) = rows.remove(left_out);
        let missing = SeverityTableError::PriorityMissing(name(combination));
        assert_eq!(build(rows), Err(missing));
    }
    let mut rows = all_scheduled();
    rows.push(rows[0]);
    assert!(matches!(build(rows), Err(SeverityTableError::PriorityTwice(_))));
    let deferred = |unknown: bool| {
        let rows = combinations().map(|combination| match combination.0 {
            None if unknown => (combination, Decision::Defer),
            Some(Level::Low) => (combination, Decision::Defer),
            _ => (combination, Decision::OutOfCycle),
        });
        build(rows.collect())
    };
    assert!(matches!(deferred(true), Err(SeverityTableError::UnknownDeferred(_))));
    let table = deferred(false).unwrap();
    assert_eq!(table.priority(Some(Level::Low), Exposure::Open, true), Decision::Defer);
    assert_eq!(table.priority(None, Exposure::Small, false), Decision::OutOfCycle);
}

#[test]
fn bands_are_needed_for_every_version() {
    for scale in Scale::ALL {
        let mut bands = bands();
        bands.remove(&scale);
        let head = ("t".to_owned(), "1".to_owned(), Localised::new("表", "table"));
        let refused = SeverityTable::new(head, bands, BTreeMap::new(), all_scheduled());
        assert_eq!(refused, Err(SeverityTableError::BandsMissing(scale.as_str())));
    }
}
