//! Reading what assessments have besides their records: checks, what is due, findings of a plan.

use std::str::FromStr;

use jiff::civil::Date;
use serde_json::{Value, json};
use shindan_app::clock;
use shindan_app::embedded;
use shindan_app::records::assessments::{findings, timing};
use shindan_domain::assessment::overview::place_after;
use shindan_domain::assessment::{
    ApplicationKind, AssessmentPlan, FindingRow, Fingerprint, Level, PlanTiming, Presence,
};
use shindan_domain::ledger::Stream;
use shindan_domain::record_id::AssessmentPlanId;
use shindan_report::assessments::finding_holds;

use crate::command::Session;
use crate::problem::Problem;
use crate::query::{Pairs, invalid};
use crate::read::{MOST_ROWS, ROWS};
use crate::reply::Reply;

/// Names in the address of checks.
pub(crate) const CHECKS: &[&str] = &["kind"];
/// Names in the address of what is due.
pub(crate) const TIMING: &[&str] = &["timing"];
/// Names in the address of findings.
pub(crate) const FINDINGS: &[&str] = &["open", "level", "presence", "tool", "text", "limit", "cursor"];

/// `GET /api/v1/assessment-checks`
pub(crate) fn checks(session: &mut Session<'_>, query: &Pairs) -> Result<Reply, Problem> {
    session.may_read()?;
    let kind = query.text("kind");
    let kind: Option<ApplicationKind> =
        kind.map(|text| text.parse().map_err(|_| invalid("kind", text))).transpose()?;
    let pack = embedded::assessment_checks().map_err(|error| session.problem(error.into()))?;
    let mut body = Vec::new();
    shindan_report::assessments::write_checks(&mut body, &pack, kind)
        .map_err(|error| Problem::internal(&error))?;
    Ok(Reply::new(body))
}

/// `GET /api/v1/assessment-timing`
pub(crate) fn timing(session: &mut Session<'_>, query: &Pairs) -> Result<Reply, Problem> {
    let wanted: Vec<PlanTiming> = several(query, "timing")?;
    let today = clock::day_in_japan(session.call.now);
    let all = timing::plans(session.records, &session.who, today).map_err(|error| session.problem(error))?;
    let fits = all.iter().filter(|one| wanted.is_empty() || wanted.contains(&one.timing));
    let plans: Vec<Value> = fits.map(timed).collect();
    Ok(Reply::of(&json!({
        "schema": "shindan.assessment-timing/1",
        "as_of": today,
        "counting": all.len(),
        "plans": plans,
    })))
}

fn timed(one: &timing::PlanTimed) -> Value {
    let never =
        |(name, way): (&str, shindan_domain::assessment::Way)| json!({"deliverable": name, "way": way});
    let plan = &one.plan;
    json!({
        "id": one.id,
        "number": one.called,
        "name": plan.draft.name,
        "kind": plan.draft.application,
        "timing": one.timing,
        "due": one.due,
        "release": plan.trigger.as_ref().map(|trigger| &trigger.release),
        "responsible": plan.draft.responsible,
        // Nothing was said to be delivered: what has to be assessed is not known.
        "deliverables": plan.deliverables.len(),
        "never_assessed": plan.never_assessed().into_iter().map(never).collect::<Vec<_>>(),
    })
}

/// `GET /api/v1/assessment-plan/{record}/findings`
pub(crate) fn findings_of(session: &mut Session<'_>, plan: Stream, query: &Pairs) -> Result<Reply, Problem> {
    let wanted = Wanted::of(query)?;
    let limit = query.limit(ROWS, MOST_ROWS)? as usize;
    let cursor = query.text("cursor").map(Cursor::of).transpose()?;
    let today: Date = clock::day_in_japan(session.call.now);
    let id = AssessmentPlanId(plan.id);
    let page = findings::list(session.records, &session.who, id, today, |plan, rows| {
        page(plan, rows, &wanted, (limit, cursor))
    });
    page.map_err(|error| session.problem(error))?.map(|body| Reply::of(&body))
}

fn page(
    plan: &AssessmentPlan,
    rows: &[FindingRow<'_>],
    wanted: &Wanted,
    (limit, cursor): (usize, Option<Cursor>),
) -> Result<Value, Problem> {
    let begin = match cursor {
        None => 0,
        Some(Cursor { shown, was_open }) => {
            let unknown = || invalid("cursor", &Cursor { shown, was_open }.to_string());
            place_after(rows, shown, was_open).ok_or_else(unknown)?
        }
    };
    let fits = rows.iter().filter(|row| wanted.fits(row)).count();
    let mut left = rows.iter().skip(begin).filter(|row| wanted.fits(row));
    let shown: Vec<&FindingRow<'_>> = left.by_ref().take(limit).collect();
    let next = left.next().and(shown.last()).map(|last| Cursor::after(last).to_string());
    let findings: Vec<Value> = shown.into_iter().map(shindan_report::assessments::finding).collect();
    Ok(json!({
        "schema": "shindan.findings/1",
        "plan": plan.draft.name,
        "reports_read": plan.standing.is_some(),
        "all": rows.len(),
        "open": rows.iter().filter(|row| row.is_open()).count(),
        "fitting": fits,
        "findings": findings,
        "next": next,
    }))
}

/// Which findings are asked for.
#[derive(Debug)]
struct Wanted {
    open_only: bool,
    levels: Vec<Level>,
    presence: Vec<Presence>,
    tool: Option<String>,
    /// In lower case.
    text: Option<String>,
}

impl Wanted {
    fn of(query: &Pairs) -> Result<Wanted, Problem> {
        let presence = several(query, "presence")?;
        Ok(Wanted {
            // Who asks for what is gone wants to see it.
            open_only: query.parsed("open", presence.is_empty())?,
            levels: several(query, "level")?,
            presence,
            tool: query.text("tool").map(str::to_owned),
            text: query.text("text").map(str::to_lowercase),
        })
    }

    fn fits(&self, row: &FindingRow<'_>) -> bool {
        (!self.open_only || row.is_open())
            && (self.levels.is_empty() || row.rated.level.is_some_and(|one| self.levels.contains(&one)))
            && (self.presence.is_empty() || self.presence.contains(&row.known.presence))
            && self.tool.as_ref().is_none_or(|tool| row.known.tool == *tool)
            && self.text.as_ref().is_none_or(|text| finding_holds(row, text))
    }
}

/// Values of a name in the address, with commas between them.
fn several<T: FromStr>(query: &Pairs, name: &str) -> Result<Vec<T>, Problem> {
    let Some(text) = query.text(name) else { return Ok(Vec::new()) };
    text.split(',').map(|one| one.trim().parse().map_err(|_| invalid(name, text))).collect()
}

/// The last finding of a page, as it was shown: `open-0f3c…`, `done-0f3c…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cursor {
    shown: Fingerprint,
    was_open: bool,
}

impl Cursor {
    fn after(row: &FindingRow<'_>) -> Cursor {
        Cursor { shown: row.fingerprint, was_open: row.is_open() }
    }

    fn of(text: &str) -> Result<Cursor, Problem> {
        let wrong = || invalid("cursor", text);
        let (state, shown) = text.split_once('-').ok_or_else(wrong)?;
        let was_open = match state {
            "open" => true,
            "done" => false,
            _ => return Err(wrong()),
        };
        Ok(Cursor { shown: shown.parse().map_err(|_| wrong())?, was_open })
    }
}

impl core::fmt::Display for Cursor {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}-{}", if self.was_open { "open" } else { "done" }, self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_or_refused() {
        let shown: Fingerprint = "00112233445566778899aabb".parse().unwrap();
        for was_open in [true, false] {
            let cursor = Cursor { shown, was_open };
            assert_eq!(Cursor::of(&cursor.to_string()).unwrap(), cursor);
        }
        for wrong in
            ["", "open", "open-", "open-12", "shut-00112233445566778899aabb", "00112233445566778899aabb"]
        {
            assert_eq!(Cursor::of(wrong).unwrap_err().code(), "query-invalid", "{wrong}");
        }
    }
}
