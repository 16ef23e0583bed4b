use unicode_width::UnicodeWidthStr;

use super::{
    Style, check, crosswalk, crosswalk_csv, explain, kb_show, kb_status, patch_verify, who, wording,
};
use crate::json::tests::two_in_one;
use crate::sample;
use crate::words::{Lang, Words};

const PLAIN: Style = Style { color: false, width: Some(110), max_age_days: Some(14) };

#[test]
fn tables_are_what_they_were() {
    for lang in Lang::ALL {
        let words = Words::new(lang).for_command_line();
        let result = sample::hospital();
        insta::assert_snapshot!(format!("check-{lang}"), check(&result, &words, &PLAIN));
        let mut one = result.clone();
        one.findings.retain(|f| f.vulnerability.id == "CVE-2024-21762");
        one.undetermined.retain(|u| u.vulnerability.is_some());
        insta::assert_snapshot!(format!("who-{lang}"), who("CVE-2024-21762", &one, &words, &PLAIN));
        insta::assert_snapshot!(format!("nothing-{lang}"), check(&sample::nothing_found(), &words, &PLAIN));
        let status = kb_status(&result.knowledge, result.as_of, &words, &PLAIN);
        insta::assert_snapshot!(format!("kb-status-{lang}"), status);
        let facts = &result.findings[0].vulnerability;
        insta::assert_snapshot!(format!("kb-show-{lang}"), kb_show(facts, [&two_in_one()], &words, &PLAIN));
        let explained = explain(&sample::explanation(), &words, &PLAIN);
        insta::assert_snapshot!(format!("explain-{lang}"), explained);
        let verdict = patch_verify("patch.bin", &sample::verdict(), &words, &PLAIN);
        insta::assert_snapshot!(format!("patch-verify-{lang}"), verdict);
        let packs = sample::crosswalk().unwrap();
        insta::assert_snapshot!(format!("crosswalk-{lang}"), crosswalk(&packs, &[], &words, &PLAIN));
        let imported = sample::wording(&packs);
        insta::assert_snapshot!(format!("wording-{lang}"), wording(&imported, &words, &PLAIN));
        let with_wording = crosswalk(&packs, &[imported], &words, &PLAIN);
        assert!(
            with_wording.contains("ページにある行をつないだ文。")
                && with_wording.contains("求められること。")
        );
        insta::assert_snapshot!(format!("crosswalk-csv-{lang}"), crosswalk_csv(&packs, &words));
    }
}

/// Where somebody wants to know everything, no rule may be without its words.
#[test]
fn an_explanation_tells_every_rule_and_no_key() {
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let text = explain(&sample::explanation(), &words, &Style { width: Some(400), ..PLAIN });
        let candidates = &sample::explanation().components[0].candidates;
        for applied in candidates.iter().flat_map(|candidate| &candidate.rules) {
            assert!(text.contains(words.rule(applied).trim()), "{lang}: {}", applied.rule);
        }
        assert!(!text.contains("rule-") && !text.contains("explain-"), "{text}");
    }
}

#[test]
fn colour_only_repeats_what_words_say() {
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let colored = check(&sample::hospital(), &words, &Style { color: true, ..PLAIN });
        let plain = check(&sample::hospital(), &words, &PLAIN);
        let explained = explain(&sample::explanation(), &words, &Style { color: true, ..PLAIN });
        assert_eq!(without_colour(&explained), explain(&sample::explanation(), &words, &PLAIN));
        assert!(!plain.contains('\u{1b}'), "no colour unless asked for");
        assert!(colored.contains("\u{1b}["), "colour if asked for");
        assert_eq!(without_colour(&colored), plain);
    }
}

fn without_colour(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').unwrap().1);
    }
    plain
}

#[test]
fn rows_of_tables_are_aligned_and_fit() {
    for width in [60, 80, 110, 160] {
        for lang in Lang::ALL {
            let style = Style { width: Some(width), ..PLAIN };
            let text = check(&sample::hospital(), &Words::new(lang), &style);
            for rule in text.lines().filter(|l| l.starts_with('─')) {
                assert!(rule.width() <= usize::from(width), "{} > {width}", rule.width());
            }
            let mut current = 0;
            for line in text.lines() {
                if line.starts_with(['─', '═']) {
                    current = line.width();
                } else if line.starts_with(' ') && current > 0 && !line.starts_with("  ") {
                    assert_eq!(line.width(), current, "{line}");
                } else if !line.starts_with(' ') {
                    current = 0;
                }
            }
        }
    }
}

#[test]
fn foreign_text_cannot_steer_the_terminal() {
    let mut result = sample::hospital();
    let mut component = result.findings[0].component.as_ref().clone();
    component.name = "evil\u{1b}[2J\u{1b}]0;title\u{7}\r\u{202e}name".to_owned();
    result.findings[0].component = component.into();
    result.inputs[0].path = "bad\u{1b}[31m.csv".to_owned();
    result.knowledge.sources[0].name = "feed\u{9b}31m".to_owned();
    let text = check(&result, &Words::new(Lang::En), &PLAIN);
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "a control character came through");
    let mut explained = sample::explanation();
    let it = &mut explained.components[0];
    it.component = result.findings[0].component.clone();
    it.identities[0].written = "evil\u{1b}[2J".to_owned();
    it.candidates[0].place = "evil\u{1b}[2J\u{202e}".to_owned();
    it.merges[0].params.insert("first".to_owned(), "evil\u{9b}31m".to_owned());
    let text = explain(&explained, &Words::new(Lang::En), &PLAIN);
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "a control character came through");
    assert!(!text.contains('\u{202e}'), "a reordering mark came through");
    assert!(text.contains("evil\u{fffd}"), "what was there still shows");
}

#[test]
fn thousands_of_undetermined_entries_stay_a_few_lines() {
    let mut result = sample::hospital();
    let seed = result.undetermined[4].clone();
    result.undetermined.extend(std::iter::repeat_n(seed, 5_000));
    let text = check(&result, &Words::new(Lang::Ja), &PLAIN);
    assert!(text.lines().count() < 200, "{}", text.lines().count());
    assert!(text.contains("5,009 件"), "the count says how many there are");
}

#[test]
fn csv_survives_spreadsheets() {
    let csv = crosswalk_csv(&sample::crosswalk().unwrap(), &Words::new(Lang::Ja));
    assert!(csv.starts_with('\u{feff}'), "without the mark Excel takes it for Shift_JIS");
    assert!(csv.ends_with("\r\n"));
    assert!(csv.contains("\"'=脆弱性情報を\"\"定期的に\"\"集める（推定）\""), "{csv}");
    assert!(!csv.contains(",="), "a formula came through");
}

#[test]
fn a_component_with_hundreds_of_vulnerabilities_is_one_short_row() {
    let mut result = sample::many(3_000);
    for (n, finding) in (0..).zip(&mut result.findings) {
        std::sync::Arc::make_mut(&mut finding.grounds).fixed_versions = vec![format!("9.{n}")];
    }
    let text = check(&result, &Words::new(Lang::En), &PLAIN);
    let first = text.split("\u{25a0} ").nth(1).unwrap();
    assert!(first.starts_with("What to do first"));
    assert!(first.lines().count() < 120, "{}", first.lines().count());
    assert!(first.contains("more"), "what is not named is counted");
}

#[test]
fn deferred_findings_are_no_work_but_stay_listed() {
    let mut result = sample::hospital();
    result.findings.retain(|f| f.priority() == shindan_domain::priority::Decision::Defer);
    let text = check(&result, &Words::new(Lang::En), &PLAIN);
    assert!(text.contains("Nothing needs work now or at the next maintenance."));
    assert!(text.contains("RUSTSEC-2021-0139"));
}
