use std::io::{Cursor, Read};

use calamine::{Data, DataType, Reader, Xlsx};
use shindan_domain::crosswalk::{CheckFacts, evidence_of_check};
use shindan_domain::finding::CheckResult;

use super::{Options, with_rows};
use crate::sample;
use crate::words::{Lang, Words};

/// The workbook of a result, with the evidence of the sample's packs.
pub(crate) fn workbook(result: &CheckResult, lang: Lang) -> Vec<u8> {
    limited(result, lang, super::ROWS)
}

fn limited(result: &CheckResult, lang: Lang, rows: u32) -> Vec<u8> {
    let packs = sample::crosswalk().unwrap();
    let evidence = evidence_of_check(&CheckFacts::from_result(result), &packs);
    let options = Options { max_age_days: Some(14), evidence: Some((&packs, &evidence)) };
    with_rows(result, &Words::new(lang), &options, rows).unwrap()
}

fn open(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes.to_vec())).unwrap()
}

/// The rows of a sheet as text, from its first row.
fn rows(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<String>> {
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn one_sheet_for_each_question_in_both_languages() {
    let ja = open(&workbook(&sample::stated(), Lang::Ja)).sheet_names();
    assert_eq!(
        ja,
        [
            "概要",
            "まず対応するもの",
            "該当一覧",
            "判定不能",
            "影響なしの表明",
            "情報機器等",
            "サポート終了",
            "情報源",
            "根拠"
        ]
    );
    let en = open(&workbook(&sample::nothing_found(), Lang::En)).sheet_names();
    assert_eq!(
        en,
        [
            "Overview",
            "What to do first",
            "Findings",
            "Undetermined",
            "Stated not affected",
            "Assets",
            "End of support",
            "Sources",
            "Evidence"
        ]
    );
}

#[test]
fn the_overview_opens_with_what_was_covered() {
    let mut book = open(&workbook(&sample::stated(), Lang::Ja));
    let rows = rows(&mut book, "概要");
    assert_eq!(rows[0][0], "脆弱性の影響調査");
    let text: Vec<String> = rows.iter().map(|row| row.join("|")).collect();
    let place =
        |part: &str| text.iter().position(|row| row.contains(part)).unwrap_or_else(|| panic!("{part}"));
    assert!(place("部品・機器 214 件のうち 203 件を判定") < place("203 件を判定し、該当は 7 件です。"));
    assert!(place("読み取れない入力があります") < place("即時|3|"));
    for count in
        ["即時|3|", "臨時|1|", "定期|2|", "見送り|1|", "判定不能|13|", "影響なしの表明|2|", "サポート終了|1|"]
    {
        place(count);
    }
    assert!(place("情報機器等|6|") > place("シートの一覧"));
}

#[test]
fn every_record_is_on_its_sheet() {
    let result = sample::stated();
    let mut book = open(&workbook(&result, Lang::En));
    for (sheet, count) in [
        ("What to do first", 4),
        ("Findings", result.findings.len()),
        ("Undetermined", result.undetermined.len()),
        ("Stated not affected", 2),
        ("Assets", 6),
        ("End of support", 3),
        ("Sources", 5),
        ("Evidence", 3),
    ] {
        assert_eq!(rows(&mut book, sheet).len(), 3 + count, "{sheet}");
    }
    let findings = rows(&mut book, "Findings");
    assert_eq!(findings[2][..5], ["Priority", "Vulnerability", "Title", "Product or component", "Version"]);
    assert_eq!(findings[3][..2], ["Immediate", "CVE-2018-13379"]);
    let stated = rows(&mut book, "Stated not affected");
    assert_eq!(stated[3][..2], ["not affected", "CVE-2022-22965"]);
    assert!(
        stated[3][7].starts_with("株式会社サンプル提供 says \"not affected\": an attacker cannot control"),
        "{}",
        stated[3][7]
    );
    assert_eq!(stated[4][0], "fixed");
    let undetermined = rows(&mut book, "Undetermined");
    assert_eq!(undetermined[3][0], "No identifier to match by", "the most frequent reason comes first");
}

#[test]
fn assets_say_what_is_not_settled() {
    let mut book = open(&workbook(&sample::stated(), Lang::Ja));
    let rows = rows(&mut book, "情報機器等");
    let monitor = rows.iter().find(|row| row[0] == "ME-114").unwrap();
    assert_eq!(monitor[1], "更新責任者、公開範囲");
    assert_eq!((monitor[2].as_str(), monitor[3].as_str()), ("1", "定期"));
    let last = rows.last().unwrap();
    assert_eq!(last[1], "更新責任者、サポート終了日、版、公開範囲、種別、設置場所");
    assert_eq!(last[12], "未定", "what is no date stays as written");
}

#[test]
fn dates_and_numbers_are_such_and_text_is_text() {
    let mut book = open(&workbook(&sample::stated(), Lang::En));
    let support = book.worksheet_range("End of support").unwrap();
    let (day, left) = (support.get_value((3, 1)).unwrap(), support.get_value((3, 2)).unwrap());
    // 2025-10-14, which Excel counts as day 45944.
    assert!(matches!(day, Data::DateTime(day) if day.as_f64() == 45_944.0), "{day:?}");
    assert_eq!(left.as_f64(), Some(-404.0));
    let findings = book.worksheet_range("Findings").unwrap();
    assert_eq!(findings.get_value((3, 9)), Some(&Data::Float(9.8)));
    assert_eq!(findings.get_value((3, 4)), Some(&Data::String("6.0.4".to_owned())));
}

/// Neither formulas nor links nor anything else that makes Excel ask before it opens a file.
#[test]
fn it_opens_without_a_question() {
    let bytes = workbook(&sample::stated(), Lang::Ja);
    let mut book = open(&bytes);
    assert!(rows(&mut book, "情報機器等").iter().any(|row| row[0] == "=HYPERLINK(\"x\")"), "as text");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().to_string();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        for forbidden in ["<f>", "<f ", "<hyperlink", "externalLink", "vbaProject", "TargetMode=\"External\""]
        {
            assert!(!text.contains(forbidden), "{name} has {forbidden}");
        }
    }
}

#[test]
fn sheets_are_made_to_be_read_and_printed() {
    let bytes = workbook(&sample::stated(), Lang::Ja);
    let findings = part(&bytes, "xl/worksheets/sheet3.xml");
    for set in [
        "ySplit=\"3\"",
        "state=\"frozen\"",
        "<autoFilter ref=\"A3:AC10\"/>",
        "paperSize=\"9\"",
        "orientation=\"landscape\"",
        "fitToHeight=\"0\"",
        "<oddFooter>&amp;C&amp;P / &amp;N</oddFooter>",
        "numberStoredAsText=\"1\"",
    ] {
        assert!(findings.contains(set), "{set}");
    }
    let book = part(&bytes, "xl/workbook.xml");
    assert!(book.contains("該当一覧!$3:$3") && book.contains("_xlnm.Print_Titles"), "{book}");
    let styles = part(&bytes, "xl/styles.xml");
    assert!(styles.contains("BIZ UDPGothic") && styles.contains("charset val=\"128\""));
    // 「公開範囲」 needs eight columns, and room for the arrow of the filter.
    let width = |column: usize| -> f64 {
        let mark = format!("<col min=\"{column}\"");
        let from = findings.split(&mark).nth(1).unwrap_or_else(|| panic!("column {column}"));
        let text = from.split("width=\"").nth(1).unwrap().split('"').next().unwrap();
        text.parse().unwrap()
    };
    assert!(width(2) > 15.0, "an identifier fits: {}", width(2));
    assert!((30.0..46.0).contains(&width(3)), "a title is wrapped: {}", width(3));
}

#[test]
fn what_no_sheet_holds_goes_on_on_another() {
    let result = sample::many(25);
    let bytes = limited(&result, Lang::Ja, 13);
    let mut book = open(&bytes);
    let names = book.sheet_names();
    for name in ["該当一覧", "該当一覧 (2)", "該当一覧 (3)"] {
        assert!(names.iter().any(|n| n == name), "{name} of {names:?}");
    }
    // Title, question and head; nine findings; the last row says where it goes on.
    let first = rows(&mut book, "該当一覧");
    assert_eq!(first.len(), 13);
    assert_eq!(first[12][0], "続きはシート「該当一覧 (2)」にあります。");
    let second = rows(&mut book, "該当一覧 (2)");
    assert_eq!(second[1][0], "シート「該当一覧」の続きです。");
    assert_eq!(second[2], first[2], "the same head");
    let all: usize =
        ["該当一覧", "該当一覧 (2)", "該当一覧 (3)"].iter().map(|n| rows(&mut book, n).len() - 3).sum();
    assert_eq!(all, 25 + 2, "all of them, and two lines that say that there are more");
    let overview = rows(&mut book, "概要");
    assert!(overview.iter().any(|row| row[0] == "該当一覧" && row[1] == "25"));
}

#[test]
fn hostile_text_is_cleaned_and_cut() {
    let mut result = sample::stated();
    let mut component = result.findings[0].component.as_ref().clone();
    component.name = format!("a\u{0}\u{1b}[2J\u{202e}{}", "𩸽".repeat(40_000));
    component.purl = Some("=cmd|' /C calc'!A0".to_owned());
    result.findings[0].component = component.into();
    let mut book = open(&workbook(&result, Lang::Ja));
    let rows = rows(&mut book, "該当一覧");
    let name = &rows[3][3];
    assert!(name.starts_with("a\u{fffd}\u{fffd}[2J\u{fffd}𩸽"));
    assert!(name.encode_utf16().count() <= 32_767 && name.ends_with("… [32,767]"));
    assert_eq!(rows[3][26], "=cmd|' /C calc'!A0");
}

/// The clock must not show: the same answer gives the same bytes.
#[test]
fn the_same_answer_gives_the_same_bytes() {
    let first = workbook(&sample::stated(), Lang::Ja);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert!(first == workbook(&sample::stated(), Lang::Ja));
    assert!(part(&first, "docProps/core.xml").contains("2026-11-22T08:40:00Z"));
}

#[test]
fn an_answer_about_nothing_has_sentences_instead_of_rows() {
    let mut result = sample::nothing_found();
    result.undetermined.clear();
    result.inputs.clear();
    result.knowledge.sources.clear();
    let mut book = open(&workbook(&result, Lang::En));
    for (sheet, text) in [
        ("Findings", "No findings among the 203 components and devices judged."),
        ("Undetermined", "Nothing was left undetermined."),
        ("Sources", "There are no sources. Load advisories first."),
        (
            "End of support",
            "The end of support is not known of anything here. That does not mean that support goes on.",
        ),
    ] {
        assert_eq!(rows(&mut book, sheet)[3][0], text, "{sheet}");
    }
}
