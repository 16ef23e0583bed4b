use shindan_domain::crosswalk::{CheckFacts, evidence_of_check};
use shindan_domain::finding::{CheckResult, Coverage};
use shindan_domain::knowledge::KnowledgeSummary;

use super::{Options, check};
use crate::sample;
use crate::words::{Lang, Words};

fn html(result: &CheckResult, lang: Lang) -> String {
    let crosswalk = sample::crosswalk().unwrap();
    let evidence = evidence_of_check(&CheckFacts::from_result(result), &crosswalk);
    let options = Options { max_age_days: Some(14), evidence: Some((&crosswalk, &evidence)) };
    check(result, &Words::new(lang), &options).unwrap()
}

/// A result with nothing in it at all.
fn nothing_given() -> CheckResult {
    CheckResult {
        as_of: "2026-11-22T08:40:00Z".parse().unwrap(),
        knowledge: KnowledgeSummary::default(),
        inputs: Vec::new(),
        findings: Vec::new(),
        not_affected: Vec::new(),
        undetermined: Vec::new(),
        coverage: Coverage::default(),
        remarks: Vec::new(),
    }
}

/// Writes the samples where SHINDAN_REPORT_PREVIEW says, to look at them in a browser.
#[test]
fn preview() {
    let Some(folder) = std::env::var_os("SHINDAN_REPORT_PREVIEW") else { return };
    let folder = std::path::PathBuf::from(folder);
    for lang in Lang::ALL {
        for (name, result) in [
            ("hospital", sample::stated()),
            ("nothing", sample::nothing_found()),
            ("many", sample::many(10_000)),
        ] {
            std::fs::write(folder.join(format!("{name}-{lang}.html")), html(&result, lang)).unwrap();
            let book = crate::excel::tests::workbook(&result, lang);
            std::fs::write(folder.join(format!("{name}-{lang}.xlsx")), book).unwrap();
        }
    }
}

#[test]
fn the_page_is_what_it_was() {
    for lang in Lang::ALL {
        let page = html(&sample::hospital(), lang);
        assert!(page.len() < 100_000, "{}", page.len());
        insta::assert_snapshot!(format!("hospital-{lang}"), page);
    }
}

#[test]
fn nothing_found_never_reads_as_safe() {
    let page = html(&sample::nothing_found(), Lang::En);
    assert!(page.contains("No findings among the 203 components and devices judged."));
    assert!(page.contains("13 points could not be judged (13 components or devices)."));
    assert!(page.contains("Some input could not be read."));
    let page = html(&sample::nothing_found(), Lang::Ja);
    assert!(page.contains("判定できた 203 件に、該当は見つかりませんでした。"));
    assert!(page.contains("判定できない点が 13 件残っています"));
    for claim in ["安全です", "問題ありません", "異常なし"] {
        assert!(!page.contains(claim), "{claim}");
    }
}

#[test]
fn nothing_judged_is_not_nothing_found() {
    let page = html(&nothing_given(), Lang::En);
    assert!(page.contains("Nothing could be judged, so whether anything is affected is unknown."));
    assert!(!page.contains("No findings"));
    assert!(page.contains("There are no sources. Load advisories first."));
}

#[test]
fn foreign_text_is_escaped() {
    for lang in Lang::ALL {
        let page = html(&sample::hospital(), lang);
        assert_eq!(page.matches("<script").count(), 1, "our own script only");
        assert!(!page.contains("<b>7</b>"), "the pump's name");
        assert!(page.contains("Infusion &#60;b&#62;7&#60;/b&#62;"));
    }
}

#[test]
fn nothing_is_fetched_and_nothing_leads_outside() {
    for lang in Lang::ALL {
        let page = html(&sample::hospital(), lang);
        for outside in ["http://", "https://", "src=", "url(", "@import", "<link", "<iframe", "fetch("] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert_eq!(page.matches("href=\"").count(), page.matches("href=\"#").count());
    }
}

#[test]
fn every_link_has_its_target_and_every_id_is_unique() {
    for result in [sample::hospital(), sample::nothing_found(), nothing_given()] {
        let page = html(&result, Lang::Ja);
        let values = |start: &str| -> Vec<String> {
            page.split(start).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
        };
        let mut ids = values(" id=\"");
        ids.sort();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "an id occurs twice");
        for target in values("href=\"#") {
            assert!(ids.contains(&target), "#{target} leads nowhere");
        }
        for label in values("aria-labelledby=\"").iter().flat_map(|l| l.split(' ')) {
            assert!(ids.iter().any(|id| id == label), "{label} names nothing");
        }
    }
}

#[test]
fn every_element_is_closed() {
    const VOID: [&str; 5] = ["meta", "input", "rect", "br", "!DOCTYPE"];
    for result in [sample::hospital(), sample::nothing_found(), nothing_given()] {
        let page = html(&result, Lang::Ja);
        let body = page.split("<body>").nth(1).unwrap().split("<script>").next().unwrap();
        let mut open: Vec<&str> = Vec::new();
        for tag in body.split('<').skip(1) {
            let name = tag.split(['>', ' ']).next().unwrap();
            match name.strip_prefix('/') {
                Some(name) if open.is_empty() => assert!(["body", "html"].contains(&name), "{name}"),
                Some(name) => assert_eq!(open.pop(), Some(name), "near {tag}"),
                None if VOID.contains(&name) => {}
                None => open.push(name),
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }
}

#[test]
fn the_language_is_declared_and_no_text_is_missing() {
    for lang in Lang::ALL {
        let page = html(&sample::hospital(), lang);
        assert!(page.contains(&format!("<html lang=\"{lang}\">")));
        // A key without words shows as [key].
        let body = page.split("<body>").nth(1).unwrap().split("<script>").next().unwrap();
        assert!(!body.contains('['), "{:?}", body.split('[').nth(1));
    }
}

#[test]
fn defaults_and_low_confidence_are_marked() {
    let page = html(&sample::hospital(), Lang::En);
    assert!(page.contains("<li class=\"df\">"), "a defaulted step");
    assert!(page.contains("default of the policy"));
    assert!(page.contains("<small>Confidence: low</small>"));
}

#[test]
fn a_stale_source_is_marked_in_words() {
    let page = html(&sample::hospital(), Lang::En);
    assert!(page.contains("2026-11-01 21 days ago (out of date)"));
    assert!(page.contains("date unknown"));
    let result = sample::nothing_found();
    let page = check(&result, &Words::new(Lang::En), &Options::default()).unwrap();
    assert!(page.contains("40 days ago (out of date)"), "the limit comes from the remark");
}

#[test]
fn ten_thousand_findings_are_all_there() {
    let page = html(&sample::many(10_000), Lang::Ja);
    let rows = page.split("<table id=\"rows\">").nth(1).unwrap().split("</table>").next().unwrap();
    assert_eq!(rows.matches("<tr class=").count(), 10_000);
    assert!(page.len() < 13_000_000, "{} bytes", page.len());
}

#[test]
fn evidence_says_what_is_open_and_leaves_no_row_out() {
    let page = html(&sample::hospital(), Lang::Ja);
    let section = page.split("<section id=\"evidence\">").nth(1).unwrap().split("</section>").next().unwrap();
    for number in ["④-1", "④-2", "システム運用編 8"] {
        assert!(section.contains(number), "{number}");
    }
    assert!(section.contains("定期的に行っていることは、一回の調査では示せません。"));
    assert!(section.contains("適合の判定ではありません"));
}

/// WCAG 2.1 AA: 4.5 to 1 for text, in light and dark, on the page, on soft ground and on its own tint.
#[test]
fn every_text_colour_has_enough_contrast() {
    let css = include_str!("../../templates/report.css");
    let themes: Vec<_> = css.split(":root{").skip(1).map(|t| t.split('}').next().unwrap()).collect();
    assert_eq!(themes.len(), 3, "light, dark, print");
    for theme in themes {
        let color = |name: &str| {
            let value = theme.split(';').find_map(|v| v.strip_prefix(&format!("--{name}:#"))).unwrap();
            luminance(value)
        };
        for name in ["red", "orange", "blue", "grey", "violet"] {
            for ground in ["bg", "soft", &format!("{name}b")] {
                let ratio = contrast(color(name), color(ground));
                assert!(ratio >= 4.5, "{name} on {ground}: {ratio:.2}");
            }
        }
        for (name, ground) in
            [("fg", "bg"), ("fg", "redb"), ("fg", "orangeb"), ("mute", "bg"), ("mute", "soft")]
        {
            let ratio = contrast(color(name), color(ground));
            assert!(ratio >= 4.5, "{name} on {ground}: {ratio:.2}");
        }
    }
}

fn contrast(a: f64, b: f64) -> f64 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance of `rrggbb` or `rgb`.
fn luminance(hex: &str) -> f64 {
    let wide: String =
        if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_owned() };
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&wide[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}
