//! Reports of assessments: nothing is a key, nothing reads as safe, the short form names nothing that helps an attacker, JSON follows
//! its schemas.

use shindan_domain::assessment::{AssessmentPlan, FindingRow, Level, PlanTiming, Presence};

use super::summary::{Counted, Handling, RunShare};
use super::*;
use crate::sample::assessments::{AS_OF, PRIVATE, Sample, sample};
use crate::table::Style;
use crate::words::{Lang, Words};

const CLAIMS: [&str; 6] = ["安全です", "問題ありません", "異常なし", " safe", "no problems", "compliant"];

fn style() -> Style {
    Style { color: false, width: Some(200), max_age_days: None }
}

fn lines<'a>(plans: &'a [AssessmentPlan]) -> Vec<PlanLine<'a>> {
    let line = |(number, plan)| PlanLine {
        id: AssessmentPlanId(uuid::Uuid::from_u128(number)),
        number: "MED-2026-0011",
        plan,
    };
    (10..).zip(plans).map(line).collect()
}

fn sound(text: &str) {
    assert!(!text.contains("[assessed-") && !text.contains("[un") && !text.contains("{$"), "{text}");
    assert!(!text.contains("[label") && !text.contains("[term"), "{text}");
    for claim in CLAIMS {
        assert!(!text.contains(claim), "{claim}: {text}");
    }
}

/// Writes the pages where SHINDAN_REPORT_PREVIEW says, to look at them in a browser.
#[test]
fn preview() {
    let Some(folder) = std::env::var_os("SHINDAN_REPORT_PREVIEW") else { return };
    let folder = std::path::PathBuf::from(folder);
    let sample = sample();
    let rows = sample.rows();
    let report = sample.report(&rows);
    for lang in Lang::ALL {
        let words = Words::new(lang);
        for (name, form) in [("full", Form::Full), ("short", Form::Short)] {
            let page = assessment_html(&report, form, &words).unwrap();
            std::fs::write(folder.join(format!("assessment-{name}-{lang}.html")), page).unwrap();
        }
        let all: Vec<&FindingRow<'_>> = rows[0].iter().collect();
        let mut text = findings(&sample.plans[0].0, &rows[0], (&all, 8), &words, &style());
        text.push_str(&assessment_table(&report, &words, &style()));
        let plans: Vec<AssessmentPlan> = sample.plans.iter().map(|(plan, ..)| plan.clone()).collect();
        text.push_str(&plans_table(&lines(&plans), AS_OF, &words, &style()));
        std::fs::write(folder.join(format!("assessment-{lang}.txt")), text).unwrap();
    }
}

#[test]
fn the_pages_are_what_they_were() {
    let sample = sample();
    let rows = sample.rows();
    let report = sample.report(&rows);
    for lang in Lang::ALL {
        for (name, form) in [("full", Form::Full), ("short", Form::Short)] {
            let page = assessment_html(&report, form, &Words::new(lang)).unwrap();
            sound(&page);
            assert!(page.contains("@page{size:A4") && page.contains(&format!("lang=\"{lang}\"")));
            assert!(
                !page.contains("<script") && page.contains("&#60;外来&#62;"),
                "what people wrote is escaped"
            );
            insta::assert_snapshot!(format!("assessment-{name}-{lang}"), page);
        }
    }
}

#[test]
fn the_short_form_names_no_host_path_evidence_or_person() {
    let sample = sample();
    let rows = sample.rows();
    let report = sample.report(&rows);
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let full = assessment_html(&report, Form::Full, &words).unwrap();
        let short = assessment_html(&report, Form::Short, &words).unwrap();
        for private in PRIVATE.into_iter().filter(|text| *text != "root:x:0:0") {
            assert!(full.contains(private), "{lang}: the full form tells {private}");
        }
        for private in PRIVATE {
            assert!(!short.contains(private), "{lang}: the short form tells {private}");
        }
        for (row, _) in rows[0].iter().zip(0..) {
            assert!(!short.contains(&row.known.result.title), "{lang}: titles of findings stay inside");
            assert!(!short.contains(&row.fingerprint.to_string()[..8]));
        }
        assert!(short.contains("ZAP 2.16.1") && short.contains("2026-05-11"), "{lang}: tools and days");
        assert!(short.contains(&words.get("assessed-point-grave", &[("count", 2usize.into())])), "{short}");
    }
}

#[test]
fn the_full_form_tells_what_strayed_who_explained_and_what_is_not_explained() {
    let sample = sample();
    let rows = sample.rows();
    let report = sample.report(&rows);
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let page = assessment_html(&report, Form::Full, &words).unwrap();
        for text in [
            "192.168.7.9".to_owned(),
            "試験環境の負荷分散装置".to_owned(),
            "通知書.pdf".to_owned(),
            words.t("assessed-unexplained"),
            words.t("assessed-not-stated"),
            words.t("assessed-checks-not-tied"),
            words.t("records-name-erased"),
            "web-of-an-older-list".to_owned(),
            sample.runs[0].reports[0].document.sha256.to_string(),
            sample.checkpoint.hash.to_string(),
        ] {
            assert!(page.contains(&text), "{lang}: {text}");
        }
        assert!(!page.contains("web-not-chosen") && !page.contains("Not chosen"), "only checks of the plan");
    }
}

#[test]
fn every_finding_is_counted_once() {
    let sample = sample();
    let rows = sample.rows();
    let counted = Counted::of(&rows[0]);
    let handled = Handling::ALL.map(|handling| counted.handled(handling));
    assert_eq!(
        handled,
        [3, 1, 1, 1, 1, 1],
        "open (one is only proposed), case, accepted, false, noted, gone"
    );
    assert_eq!((counted.total(), counted.decided()), (8, 3));
    assert_eq!(counted.present(Some(Level::Low)), 1, "what is gone is not there");
    assert_eq!(counted.present(None), 1, "an unknown word is unknown, not informational");
    let share = RunShare::of(&sample.report(&rows));
    let expected = RunShare { in_test: 1, on_production: 1, elsewhere: 0, of_source: 0 };
    assert_eq!(share, expected, "what was given up was not carried out");
}

#[test]
fn lists_say_what_is_not_known() {
    let sample = sample();
    let rows = sample.rows();
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let plan = |index: usize| &sample.plans[index].0;
        let asked: Vec<&FindingRow<'_>> = rows[0].iter().collect();
        let all = findings(plan(0), &rows[0], (&asked, 8), &words, &style());
        sound(&all);
        for presence in Presence::ALL {
            assert!(all.contains(&words.term(presence.term())), "{presence}");
        }
        assert!(all.contains(&words.label("priority", "immediate")), "{all}");
        let never = findings(plan(1), &rows[1], (&[], 0), &words, &style());
        assert_eq!(never.trim_end(), words.t("assess-nothing-imported"));
        let report = sample.report(&rows);
        let text = assessment_table(&report, &words, &style());
        sound(&text);
        let name = [("name", "輸液ポンプ管理".into()), ("number", "MED-2026-0012".into())];
        assert!(
            assessment_html(&report, Form::Full, &words)
                .unwrap()
                .contains(&words.get("assessed-nothing-imported", &name))
        );
        assert!(text.contains("58"), "days late: {text}");
        let nothing = AssessmentReport { plans: Vec::new(), ..report };
        for text in [
            assessment_table(&nothing, &words, &style()),
            assessment_html(&nothing, Form::Full, &words).unwrap(),
            assessment_html(&nothing, Form::Short, &words).unwrap(),
            plans_table(&[], AS_OF, &words, &style()),
        ] {
            assert!(text.contains(&words.t("assessed-no-plans")), "{text}");
        }
    }
}

#[test]
fn plans_are_listed_with_their_timing_and_ways() {
    let sample = sample();
    let mut plans: Vec<AssessmentPlan> = sample.plans.iter().map(|(plan, ..)| plan.clone()).collect();
    let ended = AssessmentPlan { ended: Some("更改".to_owned()), ..plans[0].clone() };
    plans.push(ended);
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let text = plans_table(&lines(&plans), AS_OF, &words, &style());
        sound(&text);
        assert!(text.contains(&words.term(PlanTiming::Overdue.term())), "{text}");
        assert!(text.contains("2026-05-20") && text.contains(&words.t("assessed-never")), "{text}");
        assert!(text.contains(&words.t("assessed-not-stated")), "{text}");
        assert!(text.contains(&words.term(shindan_domain::assessment::plan::PlanState::Ended.term())));
    }
}

fn follows(schema: &str, write: impl FnOnce(&mut Vec<u8>)) -> serde_json::Value {
    let mut bytes = Vec::new();
    write(&mut bytes);
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    for key in value.as_object().unwrap().keys() {
        let mut less = value.clone();
        less.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&less), "{key} is required");
    }
    value
}

#[test]
fn json_follows_its_schemas() {
    let sample = sample();
    let rows = sample.rows();
    let plans: Vec<AssessmentPlan> = sample.plans.iter().map(|(plan, ..)| plan.clone()).collect();
    let listed = include_str!("../../../../docs/schemas/assessment-plans-1.json");
    let listed = follows(listed, |out| write_plans(out, &lines(&plans), AS_OF).unwrap());
    assert_eq!(listed["plans"][1]["timing"], "overdue");
    assert!(listed["plans"][1]["last_assessed"].is_null());
    let report = include_str!("../../../../docs/schemas/assessment-report-1.json");
    let report = follows(report, |out| write_assessment_report(out, &sample.report(&rows)).unwrap());
    assert_eq!((&report["runs"]["in_test"], &report["runs"]["with_environment"]), (&1.into(), &2.into()));
    assert_eq!(report["overdue"].as_array().map(Vec::len), Some(2));
    assert_eq!(report["exceptions"][0]["run"], "MED-2026-0102");
    assert_eq!(report["plans"][1]["imported"], false);
}
