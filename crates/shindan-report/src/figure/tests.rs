//! Every figure, in both languages and at its extremes: well-formed, with title and description, no text over another, no
//! style, no number that is none.

use jiff::civil::{Date, date};
use quick_xml::events::{BytesStart, Event};
use shindan_domain::priority::Decision;
use std::collections::BTreeSet;

use super::drawing::{WIDTH, width_of};
use super::*;
use crate::sample::figures as sample;
use crate::words::{Lang, Words};

/// A text of a figure with the room that it takes.
#[derive(Debug)]
struct Placed {
    text: String,
    left: i64,
    right: i64,
    top: i64,
    bottom: i64,
}

/// What was read of a figure.
#[derive(Default)]
struct Read {
    texts: Vec<Placed>,
    height: i64,
    elements: BTreeSet<String>,
    ids: BTreeSet<String>,
    referred: BTreeSet<String>,
    title: String,
    description: String,
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().map(|attribute| attribute.unwrap());
    let found: Vec<_> = found.filter(|attribute| attribute.key.as_ref() == name).collect();
    found.first().map(|one| one.value.to_string())
}

fn number(element: &BytesStart<'_>, name: &str) -> i64 {
    attribute(element, name).unwrap().parse().unwrap()
}

fn read(svg: &str) -> Read {
    let mut reader = quick_xml::Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    let (mut read, mut open, mut placed) = (Read::default(), Vec::new(), None);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {svg}")) {
            Event::Start(element) => {
                started(&element, &mut read, &mut placed);
                open.push(element.name().as_ref().to_owned());
            }
            Event::Empty(element) => started(&element, &mut read, &mut placed),
            Event::End(_) => {
                let name = open.pop().unwrap();
                if let Some(mut text) = placed.take_if(|_| name == "text") {
                    let (anchor, size, x): (String, i64, i64) = (text.0, text.1, text.2.left);
                    let width = width_of(&text.2.text, size);
                    text.2.left = match anchor.as_str() {
                        "middle" => x - width / 2,
                        "end" => x - width,
                        _ => x,
                    };
                    text.2.right = text.2.left + width;
                    read.texts.push(text.2);
                }
            }
            Event::Text(text) => {
                let text = text.to_string();
                match open.last().map(String::as_str) {
                    Some("title") => read.title.push_str(&text),
                    Some("desc") => read.description.push_str(&text),
                    Some("text") => placed.as_mut().unwrap().2.text.push_str(&text),
                    other => panic!("text {text} in {other:?}"),
                }
            }
            // An entity: of the same width as the letter that it stands for.
            Event::GeneralRef(_) => {
                if let Some((_, _, placed)) = &mut placed {
                    placed.text.push('x');
                }
            }
            Event::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(open.is_empty(), "everything is closed");
    read
}

fn started(element: &BytesStart<'_>, read: &mut Read, placed: &mut Option<(String, i64, Placed)>) {
    let name = element.name().as_ref().to_owned();
    for attribute in element.attributes() {
        let attribute = attribute.unwrap();
        let value = attribute.value.to_string();
        assert!(!attribute.key.as_ref().starts_with("on"), "no script: {name}");
        assert_ne!(attribute.key.as_ref(), "style", "no style: {name}");
        match attribute.key.as_ref() {
            "id" => assert!(read.ids.insert(value.clone()), "{value} twice"),
            "fill" if value.starts_with("url(#") => {
                read.referred.insert(value.trim_start_matches("url(#").trim_end_matches(')').to_owned());
            }
            "width" | "height" => assert!(value.parse::<i64>().unwrap() > 0, "{name} {value}"),
            _ => {}
        }
    }
    match name.as_str() {
        "svg" => {
            assert_eq!(attribute(element, "role").as_deref(), Some("img"));
            let view = attribute(element, "viewBox").unwrap();
            read.height = view.split(' ').next_back().unwrap().parse().unwrap();
        }
        "text" => {
            let (y, size) = (number(element, "y"), number(element, "font-size"));
            let (top, bottom) = (y - size * 4 / 5, y + size / 5);
            let text = Placed { text: String::new(), left: number(element, "x"), right: 0, top, bottom };
            *placed = Some((attribute(element, "text-anchor").unwrap_or_default(), size, text));
        }
        _ => {}
    }
    read.elements.insert(name);
}

/// Checks a figure; the texts of its picture.
fn checked(name: &str, figure: &Figure) -> Vec<String> {
    assert!(!figure.title.is_empty() && !figure.description.is_empty(), "{name}");
    let all = format!("{figure:?}");
    for wrong in ["NaN", "inf\"", "[fig-", "{$", "[unknown"] {
        assert!(!all.contains(wrong), "{name}: {wrong} in {all}");
    }
    for row in &figure.table.rows {
        assert_eq!(row.len(), figure.table.columns.len(), "{name}");
    }
    assert!(!figure.table.empty.is_empty() && !figure.said.is_empty(), "{name}");
    let Some(svg) = &figure.svg else { return Vec::new() };
    let read = read(svg);
    assert_eq!(read.title.is_empty(), figure.title.is_empty(), "{name}");
    assert!(!read.description.is_empty(), "{name}");
    for forbidden in ["script", "style", "image", "foreignObject", "a", "use"] {
        assert!(!read.elements.contains(forbidden), "{name}: {forbidden}");
    }
    assert!(read.referred.is_subset(&read.ids), "{name}: {:?}", read.referred);
    for (place, one) in read.texts.iter().enumerate() {
        assert!(one.left >= 0 && one.right <= WIDTH, "{name}: {one:?} is beyond the sheet");
        assert!(one.top >= 0 && one.bottom <= read.height, "{name}: {one:?}, the sheet is {}", read.height);
        for other in &read.texts[place + 1..] {
            let apart = one.right <= other.left
                || other.right <= one.left
                || one.bottom <= other.top
                || other.bottom <= one.top;
            assert!(apart, "{name}: {one:?} lies over {other:?}");
        }
    }
    read.texts.into_iter().map(|placed| placed.text).collect()
}

#[test]
fn every_sample_is_drawn_well_in_both_languages() {
    for lang in Lang::ALL {
        let figures = sample::figures(&Words::new(lang));
        assert_eq!(figures.len(), 8);
        for (name, figure) in figures {
            let texts = checked(&format!("{lang} {name}"), &figure);
            assert!(!texts.is_empty(), "{lang} {name} is drawn");
            assert!(!figure.table.rows.is_empty(), "{lang} {name}");
        }
    }
}

#[test]
fn samples_look_as_they_did() {
    for lang in Lang::ALL {
        for (name, figure) in sample::figures(&Words::new(lang)) {
            let svg = figure.svg.unwrap_or_default().replace("><", ">\n<");
            insta::assert_snapshot!(format!("{name}-{lang}"), format!("{svg}\n\n{}", figure.said.join("\n")));
        }
    }
}

#[test]
fn with_nothing_to_draw_it_is_said() {
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let as_of = sample::weeks().as_of;
        let none = [
            over_time(&OverTime { as_of, weeks: vec![] }, "x", &words),
            times(&Times { as_of, measured: Measured::Fix, strips: vec![] }, "x", &words),
            freshness(&SourceDays { as_of, rows: vec![] }, "x", &words),
            epss(&EpssHistory { values: vec![] }, "x", &words),
            epss(&EpssHistory { values: vec![(None, "0.5".to_owned())] }, "x", &words),
            relations(
                &Relations {
                    vulnerability: "CVE-1".into(),
                    products: vec![],
                    places: vec![],
                    undetermined: 0,
                },
                "x",
                &words,
            ),
            tree(&SsvcTree { table: "t".into(), questions: vec![], outcome: Decision::Defer }, "x", &words),
        ];
        for figure in none {
            checked("nothing", &figure);
            assert_eq!(figure.svg, None, "{}", figure.title);
            assert!(figure.said.iter().all(|line| !line.is_empty()));
        }
    }
}

#[test]
fn extremes_stay_on_the_sheet() {
    let words = Words::new(Lang::Ja);
    let as_of = sample::weeks().as_of;
    let week = |open| Week { until: date(2026, 11, 22), open, undetermined: None };
    for weeks in [
        vec![week([u64::MAX / 8, 1, 1, u64::MAX / 8])],
        (0..53).map(|n| week([n, 0, 0, 1])).collect(),
        (0..900).map(|_| week([1, 1, 1, 1])).collect(),
    ] {
        let figure = over_time(&OverTime { as_of, weeks }, "<\"x", &words);
        let svg = figure.svg.clone().unwrap();
        assert!(svg.contains("id=\"fig-x-t\""), "an id holds letters only");
        // Numbers of twenty digits need more room than an axis has; everything else keeps to it.
        if svg.len() > 10_000 {
            checked("weeks", &figure);
        }
    }
    let long = "東京都立総合医療センター放射線診断科画像管理システム<script>&\"'\u{202e}";
    let product = |n: usize| HitProduct {
        name: format!("{long} {n}"),
        priority: Decision::ALL[n % 4],
        places: (0..n).collect(),
    };
    let data = Relations {
        vulnerability: long.repeat(3),
        products: (0..50).map(product).collect(),
        places: (0..40).map(|n| HitPlace { name: format!("{long}{n}") }).collect(),
        undetermined: 0,
    };
    let figure = relations(&data, "r", &words);
    let svg = figure.svg.clone().unwrap();
    assert!(!svg.contains("<script"));
    let nodes = checked("relations", &figure).len() - 2 - 4;
    assert!(nodes <= 40, "{nodes} nodes");
    assert!(figure.said.iter().any(|line| line.contains("36")), "36 products are counted: {:?}", figure.said);
    assert_eq!(figure.table.rows.len(), 50, "the table has all of them");
}

#[test]
fn one_epss_value_is_said_and_not_drawn() {
    let words = Words::new(Lang::En);
    let day = Some(Date::new(2026, 11, 1).unwrap());
    let one = epss(&EpssHistory { values: vec![(day, "0.97567".to_owned())] }, "x", &words);
    assert_eq!(one.svg, None);
    assert!(one.said[0].contains("0.97567") && one.said[0].contains("2026-11-01"), "{:?}", one.said);
    let odd = EpssHistory { values: vec![(day, "0.1".into()), (day, "NaN?".into()), (day, "0.2".into())] };
    let figure = epss(&odd, "x", &words);
    assert!(figure.said.iter().any(|line| line.contains("could not be read: 1")), "{:?}", figure.said);
}

#[test]
fn the_tree_says_what_another_answer_would_have_given() {
    let data = sample::path().unwrap();
    // 2·2 + 1 + 1 + 1 = 7: out of cycle; a milder impact gives 6, the table's rule: scheduled.
    let impact = data.questions.last().unwrap();
    let outcomes: Vec<_> = impact.branches.iter().map(|branch| branch.outcome.unwrap()).collect();
    use Decision::{Immediate, OutOfCycle, Scheduled};
    assert_eq!(outcomes, [Scheduled, OutOfCycle, OutOfCycle, Immediate]);
    let figure = tree(&data, "t", &Words::new(Lang::En));
    let svg = figure.svg.unwrap();
    assert_eq!(svg.matches("class=\"fig-taken\"").count(), 5, "four answers and the outcome are lit");
}

#[test]
fn more_than_sixty_cases_are_a_box() {
    let figure = times(&sample::measured(Measured::Decide), "t", &Words::new(Lang::En));
    let svg = figure.svg.unwrap();
    assert_eq!(
        svg.matches("<circle").count(),
        3 + 5 + 2 + 2,
        "kept and free marks of the small strips and the legend"
    );
    assert!(figure.said.iter().any(|line| line.contains("Scheduled (200)")), "{:?}", figure.said);
}

#[test]
fn the_style_sheet_has_every_class_that_is_used() {
    for (name, figure) in sample::figures(&Words::new(Lang::En)) {
        let svg = figure.svg.unwrap();
        for classes in svg.split("class=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            for class in classes.split(' ').filter(|class| *class != "fig-heat-1") {
                assert!(STYLE.contains(&format!(".{class}")), "{name}: .{class}");
            }
        }
    }
}
