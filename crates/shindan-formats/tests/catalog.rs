//! The packs of `catalog/`, and what happens to bad ones.

#![allow(clippy::expect_used, clippy::panic)] // helpers outside #[test] functions may fail a test, too

use shindan_domain::crosswalk::{
    Certainty, CheckFacts, Crosswalk, Entry, EvidenceCode, EvidenceStatus, Mark, SourceFacts,
    evidence_of_check,
};
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_formats::catalog::{read_catalog, read_crosswalk};
use shindan_formats::catalog_writer::write_catalog;

const ANNEX: (&str, &[u8]) = (
    "catalog/mic-meti-provider-1.1-annex2-p30.toml",
    include_bytes!("../../../catalog/mic-meti-provider-1.1-annex2-p30.toml"),
);
const MHLW: (&str, &[u8]) = ("catalog/mhlw-6.0.toml", include_bytes!("../../../catalog/mhlw-6.0.toml"));

fn ours() -> Crosswalk {
    let reading = read_crosswalk([ANNEX, MHLW]);
    assert!(reading.diagnostics.is_empty(), "{:#?}", reading.diagnostics);
    reading.value.expect("packs")
}

/// Row, mark, certainty of the risk scenario, links of its 小項目.
#[test]
fn every_row_of_the_page_is_there_with_its_links() {
    use Certainty::{Inferred, Read, Unreadable};
    const ALL: &[&str] = &["mhlw-6.0/kikaku-9", "mhlw-6.0/kikaku-15", "mhlw-6.0/unyo-8"];
    const TWO: &[&str] = &["mhlw-6.0/kikaku-15", "mhlw-6.0/unyo-8"];
    let expected = [
        ("②-2", "2-2", Mark::DoubleCircle, Unreadable, TWO),
        ("②-3", "2-3", Mark::DoubleCircle, Unreadable, TWO),
        ("②-4", "2-4", Mark::DoubleCircle, Unreadable, TWO),
        ("③-1", "3-1", Mark::DoubleCircle, Read, ALL),
        ("③-2", "3-2", Mark::Circle, Inferred, ALL),
        ("③-3", "3-3", Mark::Circle, Inferred, ALL),
        ("④-1", "4-1", Mark::DoubleCircle, Read, ALL),
        ("④-2", "4-2", Mark::DoubleCircle, Inferred, ALL),
        ("⑤-1", "5-1", Mark::DoubleCircle, Read, &["mhlw-6.0/unyo-8"]),
    ];
    let crosswalk = ours();
    assert_eq!(crosswalk.controls().count(), expected.len());
    for ((catalog, control), (number, id, mark, risk, links)) in crosswalk.controls().zip(expected) {
        assert_eq!((control.number.as_str(), control.id.as_str()), (number, id));
        assert_eq!((control.mark.value(), control.mark.certainty()), (Some(&mark), Inferred), "{number}");
        assert_eq!(control.risk.certainty(), risk, "{number}");
        assert_eq!(control.risk.value().is_none(), risk == Unreadable, "{number}");
        assert_eq!((control.page.value(), control.page.certainty()), (Some(&30), Read));
        assert_eq!(control.text.certainty(), Read);
        let found: Vec<&str> =
            crosswalk.links(catalog, control).iter().map(|link| link.requirement.as_str()).collect();
        assert_eq!(found, links, "{number}");
    }
    let sections: Vec<_> = crosswalk.catalogs()[0]
        .sections
        .iter()
        .map(|section| (section.number.as_str(), section.title.certainty(), section.heading.certainty()))
        .collect();
    assert_eq!(
        sections,
        [
            ("②", Unreadable, Inferred),
            ("③", Read, Inferred),
            ("④", Read, Inferred),
            ("⑤", Inferred, Inferred)
        ]
    );
}

#[test]
fn the_three_requirements_have_one_variant_each_and_no_item_number() {
    let crosswalk = ours();
    let numbers: Vec<&str> = crosswalk.requirements().map(|(_, entry)| entry.number.as_str()).collect();
    assert_eq!(numbers, ["企画管理編 9", "企画管理編 15", "システム運用編 8"]);
    for (_, requirement) in crosswalk.requirements() {
        assert_eq!(requirement.variants.len(), 1, "{}", requirement.number);
        assert_eq!((requirement.item.value(), requirement.item.certainty()), (None, Certainty::Unreadable));
    }
    let linked = |target: &str| crosswalk.controls_for(target).len();
    assert_eq!((linked("mhlw-6.0/kikaku-9"), linked("mhlw-6.0/kikaku-15")), (5, 8));
    assert_eq!(linked("mhlw-6.0/unyo-8"), 9);
}

#[test]
fn provenance_is_complete() {
    let crosswalk = ours();
    let provenance = &crosswalk.catalogs()[0].provenance;
    assert_eq!(provenance.published, "2023-07-07");
    assert_eq!(provenance.version, "1.1");
    assert_eq!(provenance.page.as_deref(), Some("30/39"));
    assert!(provenance.url.as_deref().is_some_and(|url| url.starts_with("https://www.soumu.go.jp/")));
    assert!(crosswalk.catalogs().iter().all(|catalog| !catalog.gaps.is_empty()));
}

#[test]
fn entries_are_found_by_printed_number_and_by_id() {
    let crosswalk = ours();
    for name in ["④-1", "4-1", "mic-meti-provider-1.1-annex2-p30/4-1", "mic-meti-provider-1.1-annex2-p30/④-1"]
    {
        let found = crosswalk.find(name);
        assert!(matches!(found[..], [Entry::Control(_, control)] if control.id == "4-1"), "{name}");
    }
    let found = crosswalk.find("企画管理編 15");
    assert!(matches!(found[..], [Entry::Requirement(_, entry)] if entry.id == "kikaku-15"));
    assert!(crosswalk.find("4-9").is_empty());
    assert!(crosswalk.find("mhlw-6.0/4-1").is_empty());
}

/// The packs must not repeat the guideline: no run of 16 characters stands in the official text (titles apart).
#[test]
fn texts_are_in_our_own_words() {
    let Some(path) = shindan_testdata::path("annex2/annex2-page30.txt") else { return };
    let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let official = squeeze(&std::fs::read_to_string(path).expect("text"));
    assert!(official.contains("試験結果を確認してから実施する"), "the official text could not be squeezed");
    let crosswalk = ours();
    let controls = crosswalk.controls().flat_map(|(_, control)| [control.text.value(), control.risk.value()]);
    let requirements = crosswalk.requirements().map(|(_, requirement)| requirement.text.value());
    for text in controls.chain(requirements).flatten() {
        let characters: Vec<char> = squeeze(&text.ja).chars().collect();
        for run in characters.windows(16) {
            let run: String = run.iter().collect();
            assert!(!official.contains(&run), "copied: {run}");
        }
    }
}

#[test]
fn packs_round_trip() {
    for (path, bytes) in [ANNEX, MHLW] {
        let catalog = read_catalog(path, bytes).value.expect(path);
        let again = read_catalog(path, write_catalog(&catalog).as_bytes());
        assert!(again.diagnostics.is_empty(), "{:#?}", again.diagnostics);
        assert_eq!(again.value, Some(catalog));
    }
}

const SMALL: &str = r#"schema = "shindan.catalog/1"
id = "own-1"
version = "1"
title = { ja = "自院", en = "own" }
[provenance]
version = "1"
published = "2026"
document = { ja = "文書", en = "document" }
issuer = { ja = "当院", en = "us" }
[[control]]
number = "A-1"
id = "a-1"
text = { ja = "確認する\t\"\\", en = "check" }
links = [ { to = "mhlw-6.0/unyo-8", certainty = "read" } ]
check_evidence = ["devices-judged"]
certainty = { page = "unreadable", text = "read", mark = "unreadable", risk = "unreadable" }
"#;

#[test]
fn packs_of_users_are_merged_with_ours() {
    let reading = read_crosswalk([ANNEX, MHLW, ("own.toml", SMALL.as_bytes())]);
    assert!(reading.diagnostics.is_empty(), "{:#?}", reading.diagnostics);
    let crosswalk = reading.value.expect("crosswalk");
    assert_eq!(crosswalk.controls_for("mhlw-6.0/unyo-8").len(), 10);
    assert!(matches!(crosswalk.find("own-1/a-1")[..], [Entry::Control(_, _)]));
    let own = crosswalk.catalogs()[2].clone();
    assert_eq!(read_catalog("own.toml", write_catalog(&own).as_bytes()).value, Some(own));
}

#[test]
fn bad_packs_are_refused_with_line_and_field() {
    // (text to replace, replacement, code, line, field)
    let cases: &[(&str, &str, Code, u64, &str)] = &[
        ("id = \"own-1\"", "id = \"Own 1\"", Code::CatalogConflict, 1, "Own 1"),
        ("shindan.catalog/1", "shindan.catalog/9", Code::FieldInvalid, 1, "schema"),
        ("version = \"1\"\ntitle", "title", Code::FieldMissing, 1, "version"),
        ("en = \"own\"", "en = \"\"", Code::FieldInvalid, 4, "title.en"),
        (", en = \"own\"", "", Code::FieldMissing, 4, "title.en"),
        ("\"2026\"", "\"26-1\"", Code::FieldInvalid, 7, "provenance.published"),
        ("\"2026\"", "\"2026-13\"", Code::FieldInvalid, 7, "provenance.published"),
        ("\"2026\"", "2026", Code::FieldInvalid, 7, "provenance.published"),
        ("number = \"A-1\"", "nummer = \"A-1\"", Code::FieldUnknown, 11, "control[0].nummer"),
        ("number = \"A-1\"", "nummer = \"A-1\"", Code::FieldMissing, 10, "control[0].number"),
        ("devices-judged", "all-good", Code::FieldInvalid, 15, "control[0].check_evidence"),
        ("text = \"read\"", "text = \"sure\"", Code::FieldInvalid, 16, "control[0].certainty.text"),
        ("text = \"read\"", "text = \"unreadable\"", Code::FieldInvalid, 13, "control[0].text"),
        ("mark = \"unreadable\"", "mark = \"read\"", Code::FieldMissing, 10, "control[0].mark"),
        (", risk = \"unreadable\"", "", Code::FieldMissing, 16, "control[0].certainty.risk"),
        ("\"read\" } ]", "\"unreadable\" } ]", Code::FieldInvalid, 14, "control[0].links[0].certainty"),
        ("id = \"a-1\"", "id = \"a-1\"\nsection = \"b\"", Code::CatalogConflict, 10, "a-1"),
        ("id = \"a-1\"", "id = \"a-1\"\npage = 0", Code::FieldInvalid, 13, "control[0].page"),
        ("[provenance]", "[provenance", Code::TomlInvalid, 5, ""),
        ("id = \"a-1\"", "id = \"a-1\"\nid = \"a-2\"", Code::TomlInvalid, 13, ""),
    ];
    for (from, to, code, line, field) in cases {
        let text = SMALL.replace(from, to);
        assert_ne!(text, SMALL, "the case changes nothing: {from}");
        let reading = read_catalog("own.toml", text.as_bytes());
        assert!(reading.value.is_none(), "accepted: {to}");
        let expected = |diagnostic: &Diagnostic| {
            let place = &diagnostic.place;
            diagnostic.code == *code
                && place.path == "own.toml"
                && place.line == Some(*line)
                && place.field.as_deref().unwrap_or("") == *field
        };
        assert!(reading.diagnostics.iter().any(expected), "{to}: {:#?}", reading.diagnostics);
    }
}

#[test]
fn contradicting_packs_give_no_crosswalk() {
    let conflicts = |packs: &[(&'static str, &'static [u8])]| {
        let reading = read_crosswalk(packs.iter().copied());
        assert!(reading.value.is_none());
        let taken = |d: Diagnostic| (d.code, d.place.path, d.params["reason"].clone());
        reading.diagnostics.into_iter().map(taken).collect::<Vec<_>>()
    };
    let dangling = conflicts(&[("own.toml", SMALL.as_bytes())]);
    assert!(matches!(&dangling[..], [(Code::CatalogConflict, path, reason)]
        if path == "own.toml" && reason.contains("mhlw-6.0/unyo-8")));
    let twice = conflicts(&[MHLW, ("own.toml", SMALL.as_bytes()), ("copy.toml", SMALL.as_bytes())]);
    assert!(matches!(&twice[..], [(Code::CatalogConflict, path, reason)]
        if path == "copy.toml" && reason.contains("loaded twice")));
    let again = format!("{SMALL}\n{}", &SMALL[SMALL.find("[[control]]").expect("control")..]);
    let reading = read_catalog("own.toml", again.as_bytes());
    assert!(reading.diagnostics.iter().any(|d| d.code == Code::CatalogConflict && d.place.line == Some(18)));
}

#[test]
fn a_file_of_another_kind_gives_one_clear_message() {
    let (path, policy) = shindan_formats::builtin::POLICY;
    let reading = read_catalog(path, policy);
    assert!(reading.value.is_none());
    assert!(matches!(&reading.diagnostics[..], [one] if one.code == Code::FieldInvalid
        && one.params["value"] == "shindan.policy/1" && one.params["expected"] == "shindan.catalog/1"));
}

#[test]
fn unreadable_bytes_are_named() {
    let code = |bytes: &[u8]| {
        let reading = read_catalog("own.toml", bytes);
        assert!(reading.value.is_none());
        reading.diagnostics[0].code
    };
    assert_eq!(code(b""), Code::FileEmpty);
    assert_eq!(code(b"title = \"\x8f\x8a\""), Code::EncodingInvalid);
    assert_eq!(code(&vec![b'#'; (4 << 20) + 1]), Code::FileTooLarge);
    assert_eq!(code(format!("a = {}1", "[".repeat(100_000)).as_bytes()), Code::TomlInvalid);
    let marked = [b"\xef\xbb\xbf", SMALL.as_bytes()].concat();
    assert!(read_catalog("own.toml", &marked).value.is_some(), "a byte order mark is no error");
}

fn facts() -> CheckFacts {
    CheckFacts {
        components: 883,
        judged: 880,
        undetermined: 3,
        findings: 51,
        by_priority: [1, 10, 30, 10],
        devices: 12,
        devices_undetermined: 2,
        patched_by_unsettled: 1,
        documents: 100,
        newest: Some("2026-08-01T00:00:00Z".parse().expect("time")),
        rejected: 0,
        sources: vec![SourceFacts { name: "RustSec".into(), advisories: 1206, newest: None }],
    }
}

fn partial_rows(facts: &CheckFacts) -> Vec<String> {
    let answer = evidence_of_check(facts, &ours());
    assert_eq!(answer.len(), 12, "every row and requirement is in the answer");
    for entry in &answer {
        assert!(!entry.open.is_empty(), "{}: nothing is ever proven completely", entry.number);
        assert_eq!(entry.shown.is_empty(), entry.status == EvidenceStatus::None);
    }
    let partial = answer.into_iter().filter(|entry| entry.status == EvidenceStatus::Partial);
    partial.map(|entry| entry.number).collect()
}

#[test]
fn a_check_run_is_partial_evidence_for_four_rows_and_none_for_the_others() {
    assert_eq!(partial_rows(&facts()), ["②-2", "④-1", "④-2", "システム運用編 8"]);
    let answer = evidence_of_check(&facts(), &ours());
    let entry = |number: &str| answer.iter().find(|entry| entry.number == number).expect("row");
    let open = |number: &str| entry(number).open.iter().map(|item| item.code).collect::<Vec<_>>();
    let compared = &entry("④-1").shown[0];
    assert_eq!(compared.code, EvidenceCode::ComponentsCompared);
    assert_eq!(compared.params["judged"], "880");
    assert_eq!(compared.params["undetermined"], "3");
    assert_eq!(compared.params["data_as_of"], "2026-08-01");
    assert_eq!(open("④-1"), [EvidenceCode::UndeterminedRemain, EvidenceCode::PromptActionNotShown]);
    assert_eq!(open("④-2"), [EvidenceCode::RegularityNotShown]);
    assert_eq!(open("②-2"), [EvidenceCode::UndeterminedRemain, EvidenceCode::DecisionNotTaken]);
    assert!(open("システム運用編 8").contains(&EvidenceCode::PatchedByUnsettled));
    assert_eq!(open("③-1"), [EvidenceCode::NoEvidenceFromCheck]);
}

#[test]
fn an_empty_run_evidences_nothing() {
    assert!(partial_rows(&CheckFacts::default()).is_empty());
    let unjudged = CheckFacts { judged: 0, findings: 0, devices: 2, devices_undetermined: 2, ..facts() };
    assert_eq!(partial_rows(&unjudged), ["④-2"], "sources were consulted, and nothing was judged");
    let clean = CheckFacts { findings: 0, by_priority: [0; 4], devices: 0, ..facts() };
    assert_eq!(partial_rows(&clean), ["④-1", "④-2"]);
}
