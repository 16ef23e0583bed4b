//! 所見一覧 of a plan.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Error, Value, json};
use shindan_domain::assessment::overview::place;
use shindan_domain::assessment::{AssessmentPlan, Decided, FindingRow, Level, OutsideRule, Presence};

use crate::json::write_line;
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, line, plain, put};
use crate::words::{Lang, Words};

/// So many digits of an identity tell findings of a plan apart in almost every case; more can be given.
const DIGITS: usize = 8;

/// The findings that were asked for (`shown`, of so many that fit) for the terminal, after what all of them (`rows`) come to.
pub fn findings(
    plan: &AssessmentPlan,
    rows: &[FindingRow<'_>],
    (shown, fitting): (&[&FindingRow<'_>], usize),
    words: &Words,
    style: &Style,
) -> String {
    let mut out = String::new();
    for text in headline(plan, rows, words) {
        line(&mut out, &text);
    }
    if shown.is_empty() {
        return out;
    }
    let mut table = layout::table(&columns(words), style);
    for row in shown {
        table.add_row(cells(row, words));
    }
    layout::widen(&mut table, 3, 40);
    put(&mut out, &table);
    if fitting > shown.len() {
        let values = [("shown", shown.len().into()), ("all", fitting.into())];
        line(&mut out, &words.get("assess-more", &values));
    }
    out
}

/// Two things stand in one column, one below the other, so that a narrow terminal shows whole words.
fn columns(words: &Words) -> Vec<String> {
    let pairs: [&[&str]; 5] = [
        &["assess-col-finding"],
        &["assess-col-level", "assessed-col-priority"],
        &["assess-col-presence", "assess-col-decision"],
        &["assess-col-what", "assess-col-place"],
        &["assess-col-tool", "assess-col-seen"],
    ];
    pairs.map(|keys| keys.iter().map(|key| words.t(key)).collect::<Vec<_>>().join("\n")).into()
}

fn cells(row: &FindingRow<'_>, words: &Words) -> Vec<comfy_table::Cell> {
    let result = &row.known.result;
    let mut what = vec![title(row, words), place(&result.place)];
    if let Some(primary) = row.stands_for {
        let primary: String = primary.to_string().chars().take(DIGITS).collect();
        what.push(words.get("assess-same-as", &[("finding", primary.as_str().into())]));
    }
    if let Some(why) = &result.suppressed {
        what.push(words.get("assess-suppressed", &[("why", why.as_str().into())]));
    }
    what.retain(|line| !line.is_empty());
    let presence = words.term(row.known.presence.term());
    vec![
        plain(row.fingerprint.to_string().chars().take(DIGITS).collect::<String>()),
        colored(level(row, words), meaning(row.rated.level)),
        plain(format!("{presence}\n{}", decided(row, words)).trim_end()),
        plain(what.join("\n")),
        plain(format!("{}\n{}\n{}", row.known.tool, row.known.first.on, row.known.last.on)),
    ]
}

/// What a finding is called. Those of this program's own outside check are kept by their rule and named in the reader's language,
/// whatever language they were scanned in; those of other tools speak as their tool does.
pub(super) fn title(row: &FindingRow<'_>, words: &Words) -> String {
    match OutsideRule::of(&row.known.tool, &row.known.result.rule) {
        Some(rule) => words.term(rule.term()),
        None => row.known.result.title.clone(),
    }
}

/// True if this text, in lower case, stands in its title in any language, its rule or its place.
pub fn finding_holds(row: &FindingRow<'_>, text: &str) -> bool {
    let result = &row.known.result;
    let titles = Lang::ALL.into_iter().map(|lang| title(row, &Words::new(lang)));
    let own = [result.title.clone(), result.rule.clone(), place(&result.place)];
    own.into_iter().chain(titles).any(|own| own.to_lowercase().contains(text))
}

/// What all findings come to. Never "safe": without a report nothing is known.
fn headline(plan: &AssessmentPlan, rows: &[FindingRow<'_>], words: &Words) -> Vec<String> {
    if plan.standing.is_none() {
        return vec![words.t("assess-nothing-imported")];
    }
    let gone = rows.iter().filter(|row| row.known.presence == Presence::Gone).count();
    let open = rows.iter().filter(|row| row.is_open()).count();
    let values = [("all", rows.len().into()), ("open", open.into()), ("gone", gone.into())];
    let mut lines = vec![words.get("assess-headline", &values)];
    let mut levels: BTreeMap<Option<Level>, usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.is_open()) {
        *levels.entry(row.rated.level).or_default() += 1;
    }
    let by = |(level, count): (&Option<Level>, &usize)| format!("{} {count}", level_word(*level, words));
    if !levels.is_empty() {
        lines.push(levels.iter().map(by).collect::<Vec<_>>().join(" / "));
    }
    lines
}

fn level_word(level: Option<Level>, words: &Words) -> String {
    match level {
        Some(level) => words.term(level.term()),
        None => words.t("assess-not-rated"),
    }
}

/// How severe and how urgent. What is gone waits for nobody; by what it was rated, JSON tells.
fn level(row: &FindingRow<'_>, words: &Words) -> String {
    let level = level_word(row.rated.level, words);
    match row.known.presence {
        Presence::Gone => level,
        _ => format!("{level}\n{}", words.label("priority", row.priority.as_str())),
    }
}

fn meaning(level: Option<Level>) -> Meaning {
    match level {
        Some(Level::Critical) => Meaning::Immediate,
        Some(Level::High) => Meaning::OutOfCycle,
        Some(Level::Medium) => Meaning::Scheduled,
        Some(Level::Low | Level::Informational) => Meaning::Defer,
        None => Meaning::Undetermined,
    }
}

fn decided(row: &FindingRow<'_>, words: &Words) -> String {
    match row.decided {
        Decided::Verdict(verdict, until) => {
            let (verdict, until) = (words.term(verdict.term()), until.to_string());
            words.get("assessed-until", &[("verdict", (&verdict).into()), ("until", (&until).into())])
        }
        Decided::Case(_) => words.t("assess-in-case"),
        Decided::Nothing => match row.decision {
            Some((_, state)) => words.term(state.term()),
            None if row.is_open() => words.t("assess-undecided"),
            None => String::new(),
        },
    }
}

/// The findings as JSON.
///
/// # Errors
/// Those of writing.
pub fn write_findings(
    out: &mut dyn Write,
    plan: &AssessmentPlan,
    rows: &[FindingRow<'_>],
    (shown, fitting): (&[&FindingRow<'_>], usize),
) -> Result<(), Error> {
    let open = rows.iter().filter(|row| row.is_open()).count();
    let all: Vec<Value> = shown.iter().map(|row| finding(row)).collect();
    let answer = json!({
        "schema": "shindan.findings/1",
        "plan": plan.draft.name,
        "reports_read": plan.standing.is_some(),
        "all": rows.len(),
        "open": open,
        "fitting": fitting,
        "findings": all,
    });
    write_line(out, &answer)
}

/// One finding as JSON.
pub fn finding(row: &FindingRow<'_>) -> Value {
    let decided = match row.decided {
        Decided::Nothing => Value::Null,
        Decided::Verdict(verdict, until) => {
            json!({ "verdict": verdict.as_str(), "until": until.to_string() })
        }
        Decided::Case(case) => json!({ "case": case.to_string() }),
    };
    let titles: BTreeMap<String, String> =
        Lang::ALL.into_iter().map(|lang| (lang.to_string(), title(row, &Words::new(lang)))).collect();
    json!({
        "finding": row.fingerprint.to_string(),
        "level": row.rated.level.map(Level::as_str),
        "rated_by": row.rated.basis.as_str(),
        "priority": row.priority,
        "presence": row.known.presence.as_str(),
        "open": row.is_open(),
        "decided": decided,
        "decision": row.decision.map(|(id, state)| json!({ "id": id.to_string(), "state": state.as_str() })),
        "same_as": row.stands_for.map(|one| one.to_string()),
        "tool": row.known.tool,
        "rule": row.known.result.rule,
        "titles": titles,
        "place": place(&row.known.result.place),
        "result": row.known.result,
        "first": row.known.first.on.to_string(),
        "last": row.known.last.on.to_string(),
        "gone": row.known.gone.map(|gone| gone.on.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_outside_check_has_its_title_in_both_languages() {
        let pack = include_str!("../../../../catalog/assessment/outside-rules.toml");
        for rule in OutsideRule::ALL {
            let (ja, en) = (Words::new(Lang::Ja).term(rule.term()), Words::new(Lang::En).term(rule.term()));
            // The words are those of the pack.
            assert!(pack.contains(&format!("title = {{ ja = \"{ja}\", en = \"{en}\" }}")), "{ja} {en}");
        }
    }

    #[test]
    fn what_one_person_scanned_is_called_and_found_in_the_language_of_another() {
        let rule = OutsideRule::Tls10;
        for (scanned, kept) in [(Lang::En, "TLS 1.0 is offered"), (Lang::Ja, "日本語で残された題")] {
            let sample = crate::sample::assessments::sample();
            let rows = sample.rows();
            let first = &rows[0][0];
            let mut known = first.known.clone();
            known.tool = "shindan-outside".to_owned();
            known.result.rule = rule.id();
            known.result.title = kept.to_owned();
            let row = FindingRow { known: &known, ..first.clone() };
            for lang in Lang::ALL {
                let words = Words::new(lang);
                assert_eq!(title(&row, &words), words.term(rule.term()), "{scanned} {lang}");
                assert_eq!(finding(&row)["titles"][lang.to_string()], words.term(rule.term()));
                assert!(finding_holds(&row, &words.term(rule.term()).to_lowercase()));
            }
            assert_eq!(finding(&row)["rule"], "outside/tls-1.0");
            assert!(!finding_holds(&row, "no such title"));
            // The same rule of another tool is named as that tool named it.
            known.tool = "other".to_owned();
            let row = FindingRow { known: &known, ..first.clone() };
            assert_eq!(title(&row, &Words::new(Lang::Ja)), kept);
        }
    }
}
