//! Every command and task has a form in words of both languages, and what is filled in becomes a body that the command accepts.

mod permits;
#[path = "../../../tests/web/served.rs"]
mod served;
mod standing;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shindan_domain::agreement::Coverage;
use shindan_domain::change::{PlannedTest, TestPlace};
use shindan_domain::confirmation::ActionDraft;
use shindan_domain::policy::{ConfirmationInterval, DueDates};
use shindan_report::words::{Lang, Words};
use shindan_server::{desk, openapi};

use crate::forms::body::body;
use crate::forms::choices::Choices;
use crate::forms::field::{Field, Shape};
use crate::forms::folds;
use crate::forms::parts::{self, Making, Part};
use crate::forms::present::is_told;
use crate::forms::target::Target;
use crate::forms::typed::Typed;

fn targets() -> Vec<Target> {
    let command = |command: &shindan_server::command::Listed| match command.name {
        Some(name) => Target::Step(command.kind, "1".to_owned(), name.to_owned()),
        None => Target::New(command.kind),
    };
    let tasks = desk::tasks().iter().map(|task| Target::Task(task.name.to_owned()));
    desk::commands().iter().map(command).chain(tasks).collect()
}

fn schema(target: &Target) -> Value {
    match target {
        Target::Step(kind, _, command) => desk::command(*kind, Some(command)).unwrap().form(),
        Target::New(kind) => desk::command(*kind, None).unwrap().form(),
        Target::Task(name) => desk::tasks().iter().find(|task| task.name == name).unwrap().form(),
    }
}

/// Every field below, however deep.
fn all<'f>(fields: &'f [Field], found: &mut Vec<&'f Field>) {
    for field in fields {
        found.push(field);
        if let Shape::Group(inner) | Shape::Rows(inner) | Shape::Pairs(inner) = &field.shape {
            all(inner, found);
        }
    }
}

#[test]
fn every_command_and_field_has_words_in_both_languages() {
    let mut missing = Vec::new();
    for lang in Lang::ALL {
        let w = Words::new(lang);
        for target in targets() {
            if w.known(&target.key()).is_none() {
                missing.push(format!("{lang}: {}", target.key()));
            }
            let (fields, mut found) = (target.fields(), Vec::new());
            all(&fields, &mut found);
            for field in found {
                let keys = parts::keys("field", target.of(), field);
                if !keys.iter().any(|key| w.known(key).is_some()) {
                    missing.push(format!("{lang}: {}", keys.join(" | ")));
                }
                if let Shape::Choice(set, values) | Shape::Choices(set, values) = &field.shape {
                    let words = values.iter().map(|value| format!("term-{set}-{value}"));
                    missing.extend(
                        words.filter(|key| w.known(key).is_none()).map(|key| format!("{lang}: {key}")),
                    );
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Fills a field in; `whole`: also what is not needed.
fn fill(field: &Field, path: &str, whole: bool, typed: &mut Typed) {
    if !whole && !field.required {
        return;
    }
    let mut add = |text: &str| typed.add(path.to_owned(), text.to_owned());
    match &field.shape {
        Shape::Day => add("2026-12-01"),
        Shape::Moment => add("2026-12-01T09:30"),
        Shape::Number(least) => add(&(*least).max(1).to_string()),
        Shape::Flag | Shape::Change => add("yes"),
        Shape::Choice(_, values) | Shape::Choices(_, values) => add(&values[0]),
        Shape::File | Shape::Files => add(&format!("{} 試験.pdf", "ab".repeat(32))),
        Shape::Id(_) => add("0194c6f0-0000-7000-8000-000000000001"),
        Shape::Lines => add("一行目\r\n\r\n二行目"),
        Shape::Group(fields) => {
            // Of a group in which each can be left out, one is needed.
            let none = fields.iter().all(|field| !field.required);
            for (at, field) in fields.iter().enumerate() {
                let wanted = whole || field.required || (none && at == 0);
                let inner = Field { required: wanted, ..field.clone() };
                fill(&inner, &format!("{path}.{}", field.name), whole, typed);
            }
        }
        Shape::Rows(fields) | Shape::Pairs(fields) => {
            // The first row stays empty, as people leave it.
            fields.iter().for_each(|field| fill(field, &format!("{path}.1.{}", field.name), whole, typed));
        }
        _ => add("病棟"),
    }
}

/// What is needed, filled in; `known` knows better for some fields.
fn fill_with(fields: &[Field], known: &mut dyn FnMut(&Shape) -> Option<String>) -> Typed {
    let mut typed = Typed::default();
    for field in fields.iter().filter(|field| field.required) {
        match known(&field.shape) {
            Some(value) => typed.add(field.name.clone(), value),
            None => fill(field, &field.name, false, &mut typed),
        }
    }
    typed
}

fn filled(fields: &[Field], whole: bool) -> Typed {
    let mut typed = Typed::default();
    fields.iter().for_each(|field| fill(field, &field.name, whole, &mut typed));
    typed
}

#[test]
fn what_is_filled_in_becomes_a_body_that_the_command_accepts() {
    for target in targets() {
        let fields = target.fields();
        let whole = json!({"allOf": [schema(&target)], "components": openapi::document()["components"]});
        let validator = jsonschema::validator_for(&whole).unwrap();
        for whole in [true, false] {
            let body = body(&fields, &filled(&fields, whole))
                .unwrap_or_else(|wrong| panic!("{target:?}: {wrong:?}"));
            let errors: Vec<String> = validator.iter_errors(&body).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{target:?} {body}: {errors:?}");
        }
        // Fields that say that another one holds nothing are told from that one.
        let schema = schema(&target);
        let properties = schema["properties"].as_object().into_iter().flatten();
        let properties = properties.filter(|(name, _)| !is_told(target.of(), name)).count();
        let body = body(&fields, &filled(&fields, true)).unwrap();
        assert_eq!(
            body.as_object().unwrap().len(),
            properties,
            "{target:?}: every field reaches the body: {body}"
        );
    }
}

#[test]
fn nothing_typed_names_every_field_that_is_needed() {
    for target in targets() {
        let fields = target.fields();
        let required = schema(&target)["required"].as_array().cloned().unwrap_or_default();
        let wrong = body(&fields, &Typed::default()).err().unwrap_or_default();
        for name in required.iter().filter_map(Value::as_str) {
            let flag = fields.iter().any(|field| field.name == name && field.shape == Shape::Flag);
            let named = wrong.iter().any(|(path, _)| path == name || path.starts_with(&format!("{name}.")));
            assert!(flag || named, "{target:?}: {name} is missing, {wrong:?}");
        }
    }
}

#[test]
fn every_form_shows_what_was_typed_and_what_is_wrong() {
    let (w, choices) = (Words::new(Lang::Ja), Choices::default());
    for target in targets() {
        let fields = target.fields();
        let typed = filled(&fields, true);
        let wrong: BTreeMap<String, String> =
            fields.iter().map(|field| (field.name.clone(), "誤り".to_owned())).collect();
        let parts = Making::new((&w, target.of()), &typed, &choices, &wrong).parts(&fields);
        let shown =
            parts.iter().filter(|part| matches!(part, Part::Field(shown) if !shown.wrong.is_empty())).count();
        assert_eq!(shown, fields.len(), "{target:?}: each field says what is wrong with it");
        let first = parts.iter().filter(|part| matches!(part, Part::Field(shown) if shown.first)).count();
        assert_eq!(first, usize::from(shown > 0), "{target:?}: the cursor stands in one field");
    }
}

fn typed(pairs: &[(&str, &str)]) -> Typed {
    Typed::of(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn of(kind: &str, command: &str, pairs: &[(&str, &str)]) -> Value {
    let kind = kind.parse().unwrap();
    let target = if command == "new" {
        Target::New(kind)
    } else {
        Target::Step(kind, "1".to_owned(), command.to_owned())
    };
    body(&target.fields(), &typed(pairs)).unwrap()
}

/// What the schema calls an object, read as the domain reads it.
#[test]
fn groups_that_the_schema_does_not_tell_are_what_the_domain_reads() {
    let id = "0194c6f0-0000-7000-8000-000000000001";
    let tests = of(
        "change",
        "plan-tests",
        &[("tests.2.name", "起動"), ("tests.2.expected", "起動する"), ("tests.2.mandatory", "yes")],
    );
    let tests: Vec<PlannedTest> = serde_json::from_value(tests["tests"].clone()).unwrap();
    assert!(tests.len() == 1 && tests[0].mandatory && tests[0].name == "起動");
    let base = [("test", "起動"), ("result", "passed")];
    for (path, value) in [("place.environment", id), ("place.elsewhere", "供給者の検証室")] {
        let pairs = [base[0], base[1], (path, value)];
        let place = of("change", "run-test", &pairs)["place"].clone();
        let place: TestPlace = serde_json::from_value(place).unwrap();
        assert_eq!(matches!(place, TestPlace::Environment(_)), path == "place.environment");
    }
    for responsible in ["action.responsible.operator", "action.responsible.party"] {
        let pairs = [
            ("item", "1"),
            ("fitness", "fit"),
            ("reason", "確認"),
            ("action.text", "更新"),
            ("action.due", "2026-12-01"),
            (responsible, id),
        ];
        let action = of("instruction", "judge", &pairs)["action"].clone();
        serde_json::from_value::<ActionDraft>(action).unwrap();
    }
    let duty = [
        ("duty", "p-1"),
        ("text", "適用"),
        ("topic", "patching"),
        ("covers.0.covers", "every-line"),
        ("covers.1.covers", "line-of"),
        ("covers.1.asset", "E-1"),
        ("involvement.0.key", "中央病院"),
        ("involvement.0.value", "does"),
    ];
    let duty = of("agreement", "add-duty", &duty);
    assert_eq!(serde_json::from_value::<Vec<Coverage>>(duty["covers"].clone()).unwrap().len(), 2);
    assert_eq!(duty["involvement"], json!({"中央病院": "does"}));
    let finding = [("finding.result", "changed"), ("finding.content", "毎月"), ("finding.reason", "改定")];
    let finding = of("review", "review", &finding)["finding"].clone();
    serde_json::from_value::<shindan_domain::review::Finding>(finding).unwrap();
    let days = ["decide", "done"]
        .map(|of| ["immediate", "out-of-cycle", "scheduled"].map(|p| format!("due_dates.{of}.{p}")));
    let mut pairs = vec![
        ("title", "期限"),
        ("reason", "年次"),
        ("due_dates.verify-after-change", "3"),
        ("due_dates.chase-inquiry", "7"),
        ("due_dates.review", "180"),
    ];
    pairs.extend(days.iter().flatten().map(|path| (path.as_str(), "7")));
    serde_json::from_value::<DueDates>(of("policy", "new", &pairs)["due_dates"].clone()).unwrap();
    let pairs = [
        ("title", "間隔"),
        ("reason", "年次"),
        ("confirmation_interval.confirm", "30"),
        ("confirmation_interval.review", "365"),
        ("confirmation_interval.judge", "7"),
    ];
    let interval = of("policy", "new", &pairs)["confirmation_interval"].clone();
    serde_json::from_value::<ConfirmationInterval>(interval).unwrap();
}

#[test]
fn moments_are_those_of_japan_and_days_may_have_slashes() {
    let pairs = [
        ("from", "2026-12-01T09:00"),
        ("until", "2026-12-01 17:00"),
        ("stop_minutes", "30"),
        ("roll_back", "戻す"),
    ];
    let consent = of("change", "consent", &pairs);
    assert_eq!(consent["from"], json!("2026-12-01T00:00:00Z"));
    assert_eq!(consent["until"], json!("2026-12-01T08:00:00Z"));
    let decided =
        of("case", "decide", &[("treatment", "accept"), ("reason", "a\r\nb"), ("until", "2026/12/01")]);
    assert_eq!(decided, json!({"treatment": "accept", "reason": "a\nb", "until": "2026-12-01"}));
    let change = desk::command("change".parse().unwrap(), Some("consent")).unwrap();
    let fields = crate::forms::field::fields(
        crate::forms::field::Of { kind: "change", command: "consent" },
        &change.form(),
    );
    let wrong = body(&fields, &typed(&[("from", "あした"), ("stop_minutes", "-1")])).unwrap_err();
    let keys: Vec<(&str, &str)> = wrong.iter().map(|(path, key)| (path.as_str(), *key)).collect();
    assert!(
        keys.contains(&("from", "web-form-moment")) && keys.contains(&("stop_minutes", "web-form-number")),
        "{keys:?}"
    );
}

#[test]
fn folds_hold_fields_of_their_form_and_say_when_they_are_the_right_ones() {
    let mut folded = 0;
    for target in targets() {
        let fields = target.fields();
        for fold in folds::of(target.of()) {
            folded += 1;
            assert_eq!(fold.among(&fields).len(), fold.fields.len(), "{}: a field of another name", fold.key);
            assert!(
                fold.among(&fields).iter().all(|field| !field.required),
                "{}: never out of sight",
                fold.key
            );
            for lang in Lang::ALL {
                let w = Words::new(lang);
                let key = fold.words(target.of());
                for key in [key.clone(), format!("{key}-hint")] {
                    assert!(w.known(&key).is_some(), "{lang}: {key} has no words");
                }
            }
        }
        // Each field stands in the form once, folded or not.
        let (typed, choices, wrong) = (Typed::default(), Choices::default(), BTreeMap::new());
        let w = Words::new(Lang::Ja);
        let parts = Making::new((&w, target.of()), &typed, &choices, &wrong).parts(&fields);
        for field in fields
            .iter()
            .filter(|field| !matches!(field.shape, Shape::Group(_) | Shape::Rows(_) | Shape::Pairs(_)))
        {
            let shown = |part: &&Part| matches!(part, Part::Field(shown) if shown.path == field.path);
            assert_eq!(parts.iter().filter(shown).count(), 1, "{:?} {}", target, field.path);
        }
    }
    assert!(folded > 0);
}
