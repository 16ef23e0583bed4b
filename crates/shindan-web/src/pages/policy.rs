//! 方針: its versions, who proposed and approved them, and in what two versions differ that the reader chooses (UI.md, page 14). It
//! stands on the page of the record.

use serde_json::Value;
use shindan_app::records::state_after;
use shindan_domain::ledger::Stream;
use shindan_domain::policy::{Content, Policy, PolicyVersion};
use shindan_report::dates;
use shindan_report::records::Status;
use shindan_report::words::Words;
use shindan_server::problem::Problem;

use super::agreement::word;
use crate::address::address;
use crate::forms::field::{self, Field, Of, Shape};
use crate::forms::parts::label;
use crate::forms::target::Target;
use crate::tone;
use crate::visit::Visit;

/// Lines of a table that are shown where two versions differ.
const LINES: usize = 60;

/// What only a policy shows.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub action: String,
    pub versions: Vec<Version>,
    pub from: u32,
    pub to: u32,
    /// What it is about, before, after; all of it, so that what stayed is seen, too.
    pub rows: Vec<Row>,
}

/// A version.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub number: u32,
    pub tone: &'static str,
    pub state: String,
    pub reason: String,
    pub proposed: String,
    pub approved: String,
    pub from: bool,
    pub to: bool,
}

/// A value in two versions.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub what: String,
    pub before: String,
    pub after: String,
    pub changed: bool,
}

/// The part of a policy.
///
/// # Errors
/// Those of reading it.
pub(crate) fn part(visit: &Visit<'_, '_>, stream: Stream) -> Result<Part, Problem> {
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let state = state_after(records, who, stream, None).map_err(|error| visit.session.problem(error))?;
    let policy: Policy = serde_json::from_value(state).map_err(|error| Problem::internal(&error))?;
    let last = policy.versions.last().map_or(0, |version| version.number);
    let asked = |name: &str, unless: u32| {
        let asked = visit.asked.query(name).and_then(|text| text.parse::<u32>().ok());
        asked.filter(|number| policy.version(*number).is_some()).unwrap_or(unless)
    };
    let in_force = policy.in_force().map_or(last.saturating_sub(1).max(1), |version| version.number);
    let before = if in_force == last { last.saturating_sub(1).max(1) } else { in_force };
    let (from, to) = (asked("from", before), asked("to", last));
    let rows = match (policy.version(from), policy.version(to)) {
        (Some(before), Some(after)) => compared(&before.content, &after.content, &visit.w),
        _ => Vec::new(),
    };
    let version = |one: &PolicyVersion| {
        let name = visit.session.records.name(one.proposed_by);
        let name = name.unwrap_or_else(|| visit.w.t("records-name-erased"));
        Version {
            number: one.number,
            tone: tone::of_status(&Status::from(one.state.term())).as_str(),
            state: visit.w.term(one.state.term()),
            reason: one.reason.clone(),
            proposed: format!("{} {name}", dates::minute(one.proposed_at, &visit.w)),
            approved: one.approval.as_ref().map(|given| word(visit, given)).unwrap_or_default(),
            from: one.number == from,
            to: one.number == to,
        }
    };
    let versions = policy.versions.iter().rev().map(version).collect();
    Ok(Part { action: address(stream), versions, from, to, rows })
}

/// Every value of two contents, in the words of the form that states them.
fn compared(before: &Content, after: &Content, w: &Words) -> Vec<Row> {
    if let (Content::DecisionTable(before), Content::DecisionTable(after)) = (before, after) {
        let mut rows = vec![
            row(
                w.t("web-policy-rules"),
                format!("{} {}", before.rules_id, before.rules_version),
                format!("{} {}", after.rules_id, after.rules_version),
            ),
            row(w.t("web-policy-table"), before.table_id.clone(), after.table_id.clone()),
            row(
                w.t("web-policy-surge"),
                before.surge_epss.clone().unwrap_or_default(),
                after.surge_epss.clone().unwrap_or_default(),
            ),
        ];
        rows.extend(lines(&before.rules_text, &after.rules_text, &w.t("web-policy-rules")));
        rows.extend(lines(&before.table_text, &after.table_text, &w.t("web-policy-table")));
        return rows;
    }
    let target = Target::New(shindan_domain::ledger::Kind::Policy);
    let fields = field::fields(target.of(), &target.schema());
    let (before, after) = (json(before), json(after));
    let about = after["kind"].as_str().unwrap_or_default().replace('-', "_");
    let mut rows = Vec::new();
    if let Some(Shape::Group(inner)) =
        fields.iter().find(|field| field.name == about).map(|field| &field.shape)
    {
        values((target.of(), inner), "", (&before["says"], &after["says"]), w, &mut rows);
    }
    rows
}

fn json(content: &Content) -> Value {
    // A content always has a JSON form: it was read from one.
    serde_json::to_value(content).unwrap_or_default()
}

fn row(what: String, before: String, after: String) -> Row {
    Row { changed: before != after, what, before, after }
}

fn values(
    (of, fields): (Of<'_>, &[Field]),
    above: &str,
    (before, after): (&Value, &Value),
    w: &Words,
    rows: &mut Vec<Row>,
) {
    for field in fields {
        let what = label(w, of, field);
        let what = if above.is_empty() { what } else { format!("{above} – {what}") };
        let (before, after) = (&before[&field.name], &after[&field.name]);
        match &field.shape {
            Shape::Group(inner) => values((of, inner), &what, (before, after), w, rows),
            _ => {
                let days = |value: &Value| {
                    if let (Some(all), Shape::Choices(set, _)) = (value.as_array(), &field.shape) {
                        let terms = all.iter().filter_map(Value::as_str);
                        let terms = terms.map(|one| w.t(&format!("term-{set}-{one}")));
                        return terms.collect::<Vec<_>>().join(" / ");
                    }
                    value
                        .as_u64()
                        .map_or_else(String::new, |days| w.get("web-policy-days", &[("days", days.into())]))
                };
                rows.push(row(what, days(before), days(after)));
            }
        }
    }
}

/// Lines that only one of two texts has.
fn lines(before: &str, after: &str, what: &str) -> Vec<Row> {
    let only = |one: &str, other: &str| -> Vec<String> {
        let other: std::collections::BTreeSet<&str> = other.lines().map(str::trim).collect();
        let lines = one.lines().map(str::trim).filter(|line| !line.is_empty() && !other.contains(line));
        lines.map(str::to_owned).collect()
    };
    let gone = only(before, after).into_iter().map(|line| row(what.to_owned(), line, String::new()));
    let new = only(after, before).into_iter().map(|line| row(what.to_owned(), String::new(), line));
    gone.chain(new).take(LINES).collect()
}

#[cfg(test)]
impl Part {
    /// A part as it could be.
    pub(crate) fn sample() -> Part {
        let text = || "<運用>".to_owned();
        let version = |number, from| Version {
            number,
            tone: "scheduled",
            state: text(),
            reason: text(),
            proposed: text(),
            approved: text(),
            from,
            to: !from,
        };
        Part {
            action: "/records/policy/1".to_owned(),
            versions: vec![version(2, false), version(1, true)],
            from: 1,
            to: 2,
            rows: vec![row(text(), text(), String::new())],
        }
    }
}

#[cfg(test)]
mod tests {
    use shindan_domain::policy::ConfirmationInterval;
    use shindan_report::words::Lang;

    use super::*;

    #[test]
    fn what_changed_between_two_versions_is_told_by_the_words_of_the_form() {
        let days =
            |confirm| Content::ConfirmationInterval(ConfirmationInterval { confirm, review: 365, judge: 14 });
        let rows = compared(&days(90), &days(30), &Words::new(Lang::En));
        let changed: Vec<_> = rows.iter().filter(|row| row.changed).collect();
        assert_eq!((rows.len(), changed.len()), (3, 1));
        assert!(changed[0].before.contains("90") && changed[0].after.contains("30"), "{changed:?}");
        assert!(lines("a\nb", "b\nc", "x").len() == 2);
    }
}
