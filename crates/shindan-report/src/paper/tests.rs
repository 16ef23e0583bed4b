//! No form of a paper says less than another, and nothing that people wrote is more than text in any of them.

use std::io::{Cursor, Read as _};

use calamine::{Reader as _, Xlsx};
use jiff::Timestamp;

use super::*;
use crate::sample::paper::{HOSTILE, paper};
use crate::words::{Lang, Words};

fn made() -> Timestamp {
    "2026-11-27T01:02:03Z".parse().unwrap()
}

fn json_of(paper: &Paper, words: &Words) -> serde_json::Value {
    let mut bytes = Vec::new();
    write_json(&mut bytes, paper, words).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn rows_of(paper: &Paper, words: &Words) -> Vec<Vec<String>> {
    let mut bytes = Vec::new();
    csv(paper, words, &mut bytes).unwrap();
    assert!(bytes.starts_with("\u{feff}".as_bytes()) && bytes.ends_with(b"\r\n"));
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[3..]);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The texts of every sheet.
fn cells_of(paper: &Paper, words: &Words) -> Vec<String> {
    let bytes = excel(paper, words, made()).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheets = book.worksheets();
    let shown = |cell: &calamine::Data| match cell {
        // The only day of the sample, as Excel counts days.
        calamine::Data::DateTime(day) if day.as_f64() == 46371.0 => "2026-12-15".to_owned(),
        other => other.to_string(),
    };
    sheets.iter().flat_map(|(_, range)| range.cells().map(|(_, _, cell)| shown(cell))).collect()
}

/// Every text of a paper.
fn texts(paper: &Paper) -> Vec<String> {
    let mut all = vec![paper.title.clone(), paper.subject.clone()];
    all.extend(paper.about.iter().chain(&paper.cautions).cloned());
    for block in &paper.blocks {
        match block {
            Block::Heading(_, text) | Block::Text(text) => all.push(text.clone()),
            Block::Notice(said) => all.push(said.text.clone()),
            Block::Facts(facts) => {
                all.extend(facts.iter().flat_map(|(label, value)| [label.clone(), value.text.clone()]));
            }
            Block::Table(table) => {
                all.push(table.title.clone());
                all.extend(table.columns.iter().map(|column| column.title.clone()));
                all.extend(table.rows.iter().flatten().map(|cell| cell.text.clone()));
                if table.rows.is_empty() {
                    all.push(table.empty.clone());
                }
            }
            Block::Signatures(fields) => all.extend(fields.iter().cloned()),
            Block::NewPage => {}
        }
    }
    all
}

/// What a reader of HTML shows.
fn unescaped(html: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(html.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn every_text_stands_in_every_form() {
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let paper = paper(lang, 30);
        let page = unescaped(&html::page(&paper, &words));
        let fragment = unescaped(&html::fragment(&paper, &words));
        let rows: Vec<String> = rows_of(&paper, &words).concat();
        let cells = cells_of(&paper, &words);
        let json = json_of(&paper, &words).to_string();
        for text in texts(&paper) {
            assert!(page.contains(&text) && fragment.contains(&text), "{lang} {text}");
            let said = |cell: &String| {
                cell == &text || cell.trim_start_matches('\'') == text || cell.contains(&text)
            };
            assert!(rows.iter().any(said), "{lang} {text} in {rows:?}");
            assert!(cells.iter().any(said), "{lang} {text} in {cells:?}");
            assert!(json.contains(serde_json::to_string(&text).unwrap().trim_matches('"')), "{lang} {text}");
        }
        for form in [page, rows.join("\n"), cells.join("\n")] {
            assert!(!form.contains("[paper-") && !form.contains("{$"), "{lang}: a word is missing");
        }
    }
}

#[test]
fn what_people_wrote_is_no_markup_and_no_formula() {
    let words = Words::new(Lang::Ja);
    let paper = paper(Lang::Ja, HOSTILE.len());
    let page = html::page(&paper, &words);
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    assert!(page.contains("&amp;amp; &quot;quoted&quot; &#39;single&#39;"));
    assert!(!page.contains("http://") && !page.contains("https://") && page.contains("default-src 'none'"));
    let fragment = html::fragment(&paper, &words);
    assert!(!fragment.contains("style=") && !fragment.contains("<h1") && fragment.contains("<h2"));
    assert!(!html::STYLE.contains("url(") && !html::STYLE.contains("@import") && !html::STYLE.contains('<'));
    assert!(rows_of(&paper, &words).iter().flatten().all(|cell| !cell.starts_with(['=', '@', '+', '-'])));
    let bytes = excel(&paper, &words, made()).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let (name, mut text) = (part.name().unwrap().into_owned(), String::new());
        part.read_to_string(&mut text).unwrap();
        assert!(!text.contains("<f>") && !text.contains("<hyperlink"), "{name}: a formula or a link");
        // Well-formed, by the reader of the other end.
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().check_end_names = true;
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => panic!("{name}: {error}"),
            }
        }
    }
}

#[test]
fn sheets_have_names_that_excel_takes() {
    let words = Words::new(Lang::Ja);
    let mut paper = Paper::new("題", "");
    let titles = [
        "",
        "表紙",
        "a/b:c*[d]?\\",
        "History",
        "'quoted'",
        &"長".repeat(60),
        &"長".repeat(61),
        "Same",
        "SAME",
        "😀".repeat(20).as_str(),
    ]
    .map(str::to_owned);
    for title in &titles {
        let columns = vec![Column::text("列", 1)];
        let rows = vec![vec![Cell::from("値")]];
        paper.push(Block::Table(Table { title: title.clone(), columns, rows, empty: "なし".to_owned() }));
    }
    let bytes = excel(&paper, &words, made()).unwrap();
    let book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    assert_eq!(names.len(), titles.len() + 1);
    let lower: std::collections::BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(lower.len(), names.len(), "{names:?}");
    assert!(names.iter().all(|name| name.encode_utf16().count() <= 31 && !name.is_empty()), "{names:?}");
}

#[test]
fn numbers_and_days_can_be_sorted_in_a_workbook() {
    let words = Words::new(Lang::En);
    let bytes = excel(&paper(Lang::En, 3), &words, made()).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("List").unwrap();
    let row: Vec<_> = range.rows().nth(4).unwrap().to_vec();
    assert!(matches!(row[4], calamine::Data::Float(1.0) | calamine::Data::Int(1)), "{row:?}");
    assert!(matches!(row[5], calamine::Data::DateTime(_)), "{row:?}");
    assert!(matches!(row[0], calamine::Data::String(_)), "{row:?}");
}

#[test]
fn json_follows_its_schema() {
    for lang in Lang::ALL {
        let value = json_of(&paper(lang, 7), &Words::new(lang));
        let schema = include_str!("../../../../docs/schemas/paper-1.json");
        let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        for key in ["lang", "title", "cautions", "blocks"] {
            let mut less = value.clone();
            less.as_object_mut().unwrap().remove(key);
            assert!(!validator.is_valid(&less), "{key} is required");
        }
    }
}

#[test]
fn shares_of_columns_are_never_nothing_and_never_more_than_the_whole() {
    let shares = |all: &[u8]| {
        let columns = all.iter().map(|share| Column::text("", *share)).collect();
        Table { columns, ..Table::default() }.percentages()
    };
    assert_eq!(shares(&[1, 1, 2]), [25, 25, 50]);
    assert_eq!(shares(&[0, 255]), [1, 99]);
    assert_eq!(shares(&[]), [0u8; 0]);
    assert!(shares(&[1; 200]).iter().all(|share| *share >= 1));
}
