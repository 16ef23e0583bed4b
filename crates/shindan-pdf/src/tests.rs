//! Nothing of a paper is lost, nothing leaves the page, nothing is read as markup; in both languages.

use shindan_report::paper::{Block, Cell, Column, Layout, Table, Tone};
use shindan_report::sample::paper::{HOSTILE, paper};
use typst::layout::{Abs, Frame, FrameItem, Point};

use super::*;

fn made() -> Timestamp {
    "2026-11-27T01:02:03Z".parse().unwrap()
}

/// A run of text on a page, and where it begins and ends.
struct Run {
    page: usize,
    left: f64,
    right: f64,
    base: f64,
    text: String,
}

struct Set {
    runs: Vec<Run>,
    pages: usize,
    width: f64,
    height: f64,
}

impl Set {
    fn of(paper: &Paper, lang: Lang) -> Set {
        let (document, warnings) = set(paper, lang).unwrap();
        assert!(warnings.is_empty(), "{:?}", told(&warnings));
        let mut runs = Vec::new();
        for (page, one) in document.pages().iter().enumerate() {
            walk(&one.frame, Point::zero(), page, &mut runs);
        }
        let size = document.pages()[0].frame.size();
        Set { runs, pages: document.pages().len(), width: size.x.to_pt(), height: size.y.to_pt() }
    }

    /// All text in reading order, without what lies between lines.
    fn text(&self) -> String {
        let all: String = self.runs.iter().map(|run| run.text.as_str()).collect();
        squeezed(&all)
    }

    fn stays_on_the_page(&self) {
        let margin = 14.0 * 72.0 / 25.4;
        for Run { page, left, right, base, text } in &self.runs {
            assert!(
                *left >= margin - 0.5 && *right <= self.width - margin + 0.5 && *base <= self.height,
                "page {page}: {left} to {right} at {base}: {text}"
            );
        }
    }
}

fn walk(frame: &Frame, at: Point, page: usize, runs: &mut Vec<Run>) {
    for (position, item) in frame.items() {
        let here = at + *position;
        match item {
            FrameItem::Group(group) => {
                let moved = Point::new(group.transform.tx, group.transform.ty);
                walk(&group.frame, here + moved, page, runs);
            }
            FrameItem::Text(item) => {
                assert!(item.glyphs.iter().all(|glyph| glyph.id != 0), "a glyph is missing in {}", item.text);
                let (left, width): (Abs, Abs) = (here.x, item.width());
                // A blank at the end of a line hangs over.
                let blank = item.text.len() - item.text.trim_end().len();
                let right = if blank > 0 { left.to_pt() } else { (left + width).to_pt() };
                runs.push(Run {
                    page,
                    left: left.to_pt(),
                    right,
                    base: here.y.to_pt(),
                    text: item.text.to_string(),
                });
            }
            _ => {}
        }
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|one| !one.is_whitespace()).collect()
}

fn one_table(share: &[u8], rows: Vec<Vec<Cell>>) -> Paper {
    let mut paper = Paper::new("題", "");
    let columns = share.iter().map(|share| Column::text("列", *share)).collect();
    paper.push(Block::Table(Table { title: "表".to_owned(), columns, rows, empty: "なし".to_owned() }));
    paper
}

#[test]
fn every_text_stands_on_a_page_as_it_was_written() {
    for lang in Lang::ALL {
        for layout in [Layout::Portrait, Layout::Landscape] {
            let mut paper = paper(lang, 40);
            paper.layout = layout;
            let set = Set::of(&paper, lang);
            let text = set.text();
            for hostile in HOSTILE {
                assert!(text.contains(&squeezed(hostile)), "{hostile}");
            }
            for row in paper.tables().flat_map(|table| &table.rows).flatten() {
                assert!(text.contains(&squeezed(&row.text)), "{lang} {}", row.text);
            }
            for said in [&paper.title, &paper.subject, &paper.cautions[0], &paper.about[1]] {
                assert!(text.contains(&squeezed(said)), "{said}");
            }
            assert!(set.pages >= 2 && text.contains(&format!("1/{}", set.pages)), "{}", set.pages);
            let heads =
                set.runs.iter().filter(|run| run.text == paper.tables().next().unwrap().columns[0].title);
            assert!(heads.count() >= 2, "the head is repeated");
            set.stays_on_the_page();
        }
    }
}

#[test]
fn what_has_no_place_to_break_stays_in_its_column() {
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let address = format!("https://example.org/very/long/{hash}/{hash}?query={hash}");
    let row = |text: &str| {
        vec![Cell::from("1"), Cell::toned(text, Tone::Immediate), Cell::from(text), Cell::from("終")]
    };
    let texts = [
        hash,
        &address,
        &"W".repeat(200),
        &"ー".repeat(99),
        &"！".repeat(99),
        "SHA-256 の値は「",
        &format!("値は{hash}です。"),
    ];
    let mut paper = one_table(&[1, 4, 20, 1], texts.iter().map(|text| row(text)).collect());
    paper.title = address.clone();
    paper.subject = hash.repeat(3);
    paper.about = vec![address.clone()];
    paper.cautions = vec![address.clone()];
    paper.push(Block::Heading(1, address.clone()));
    paper.push(Block::Text(address.repeat(3)));
    paper.push(Block::Notice(Cell::toned(address.clone(), Tone::Late)));
    paper.push(Block::Facts(vec![(address.clone(), Cell::from(address.as_str()))]));
    paper.push(Block::Signatures(vec![address.clone()]));
    let set = Set::of(&paper, Lang::Ja);
    set.stays_on_the_page();
    let text = set.text();
    for one in texts {
        // A row that is divided between pages mixes its cells.
        assert!(text.contains(&squeezed(one)), "{one}");
    }
    // No text of the second column reaches into the third one.
    let inner = 182.0 * 72.0 / 25.4;
    let (begin, end) = (14.0 * 72.0 / 25.4 + inner / 26.0, 14.0 * 72.0 / 25.4 + inner * 5.0 / 26.0);
    let red =
        set.runs.iter().filter(|run| run.left > begin && run.left < end && run.text.starts_with("9f86"));
    let red: Vec<&Run> = red.collect();
    assert!(!red.is_empty());
    assert!(
        red.iter().all(|run| run.right <= end),
        "{:?}",
        red.iter().map(|run| run.right).collect::<Vec<_>>()
    );
}

#[test]
fn a_row_that_is_higher_than_a_page_is_divided() {
    let lines: Vec<String> = (0..400).map(|line| format!("行{line}終")).collect();
    for (text, least) in [(lines.join("\n"), 5), ("長い文が続きます。".repeat(900), 3)] {
        let paper = one_table(
            &[1, 3],
            vec![vec!["前".into(), "短い".into()], vec!["高い".into(), text.as_str().into()]],
        );
        let set = Set::of(&paper, Lang::Ja);
        assert!(set.pages >= least, "{}", set.pages);
        set.stays_on_the_page();
        let written = set.text();
        let count = |text: &str| text.matches("終").count() + text.matches("続").count();
        assert_eq!(count(&written), count(&text));
    }
}

#[test]
fn what_the_font_lacks_is_told_on_the_paper() {
    let mut paper = one_table(&[1], vec![vec!["患者😀と\u{e000}".into()]]);
    let text = Set::of(&paper, Lang::Ja).text();
    assert!(text.contains("患者〓と〓") && text.contains("U+E000,U+1F600"), "{text}");
    assert!(text.contains(&squeezed(&Words::new(Lang::Ja).t("paper-cautions"))));
    paper.blocks.clear();
    let text = Set::of(&paper, Lang::En).text();
    assert!(!text.contains('〓'));
    // More kinds than are named are counted.
    paper.push(Block::Text(('\u{1f600}'..'\u{1f640}').collect()));
    let text = Set::of(&paper, Lang::En).text();
    assert!(text.contains("and52more"), "{text}");
}

#[test]
fn nothing_at_all_is_a_paper_too() {
    for paper in [
        Paper::default(),
        one_table(&[], Vec::new()),
        one_table(&[], vec![vec![], vec!["多い".into(), "列".into()]]),
    ] {
        let bytes = pdf(&paper, Lang::Ja, made()).unwrap();
        assert!(bytes.starts_with(b"%PDF-1."));
    }
    let text = Set::of(&one_table(&[], vec![vec![], vec!["多い".into(), "列".into()]]), Lang::Ja).text();
    assert!(text.contains("多い列"), "cells without a column are not lost");
    let mut all = Paper::new("題", "");
    for block in [
        Block::Facts(Vec::new()),
        Block::Signatures(Vec::new()),
        Block::NewPage,
        Block::Heading(9, String::new()),
    ] {
        all.push(block);
    }
    pdf(&all, Lang::En, made()).unwrap();
}

#[test]
fn what_is_too_large_for_paper_is_refused_and_not_cut() {
    let row = vec![Cell::from("1"), Cell::from("2")];
    let paper = one_table(&[1, 1], vec![row; MOST_CELLS / 2 + 1]);
    let refused = pdf(&paper, Lang::Ja, made()).unwrap_err();
    assert!(matches!(refused, PdfError::TooLarge { cells } if cells == MOST_CELLS + 2), "{refused}");
}

#[test]
fn the_file_is_made_for_keeping_and_the_same_each_time() {
    let paper = paper(Lang::Ja, 12);
    let one = pdf(&paper, Lang::Ja, made()).unwrap();
    assert_eq!(one, pdf(&paper, Lang::Ja, made()).unwrap(), "same paper, same bytes");
    let text = String::from_utf8_lossy(&one);
    for wanted in [
        "pdfaid:part>2<",
        "pdfaid:conformance>A<",
        "処置決定一覧",
        "2026-11-27T10:02:03+09:00",
        "<rdf:li>ja</rdf:li>",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
    assert!(!text.contains("/JavaScript") && !text.contains("/URI") && !text.contains("/EmbeddedFile"));
    let later = pdf(&paper, Lang::Ja, "2026-11-27T01:02:04Z".parse().unwrap()).unwrap();
    assert_ne!(one, later);
    for far in ["-009999-01-03T00:00:00Z", "9999-12-30T20:00:00Z"] {
        let made: Timestamp = far.parse().unwrap();
        assert_eq!(pdf(&paper, Lang::Ja, made).is_ok(), made.as_second() > 0, "{far}");
    }
}
