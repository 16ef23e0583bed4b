//! Reading: how sources stand, the month, the record of collection, what is proposed.

use jiff::civil::Date;
use shindan_app::records::RecordsError;
use shindan_app::records::collect::{self, SourceStanding};
use shindan_domain::calendar::day;
use shindan_report::collect::{SourceLine, write_calendar, write_collection, write_proposals, write_status};

use crate::command::Session;
use crate::problem::Problem;
use crate::query::{Pairs, invalid};
use crate::reply::Reply;

/// Names in the address of how sources stand, and of what is proposed: none.
pub(crate) const NONE: &[&str] = &[];
/// Names in the address of a month.
pub(crate) const MONTH: &[&str] = &["month"];

/// `GET /api/v1/source-status`
pub(crate) fn status(session: &mut Session<'_>) -> Result<Reply, Problem> {
    let now = session.call.now;
    let sources =
        collect::standing(session.records, &session.who, now).map_err(|error| session.problem(error))?;
    let called: Vec<String> =
        sources.iter().map(|one| one.called.clone().unwrap_or_else(|| one.id.0.to_string())).collect();
    let lines: Vec<SourceLine<'_>> =
        sources.iter().zip(&called).map(|(one, number)| line(one, number)).collect();
    let mut body = Vec::new();
    write_status(&mut body, &lines, now).map_err(|error| Problem::internal(&error))?;
    Ok(Reply::new(body))
}

fn line<'a>(one: &'a SourceStanding, number: &'a str) -> SourceLine<'a> {
    SourceLine {
        id: one.id,
        number,
        source: &one.source,
        timing: one.timing,
        last: one.last.as_ref().map(|(check, facts)| (*check, facts)),
        last_good: one.last_good,
        alarms: &one.alarms,
        unconfirmed: one.unconfirmed,
    }
}

/// The month that is asked for; the present one unless given.
fn month(session: &Session<'_>, query: &Pairs) -> Result<Date, Problem> {
    match query.text("month") {
        None => Ok(day(session.call.now).first_of_month()),
        Some(text) => {
            let first: Result<Date, _> = format!("{text}-01").parse();
            first.ok().filter(|_| text.len() == 7).ok_or_else(|| invalid("month", text))
        }
    }
}

/// `GET /api/v1/source-calendar`
pub(crate) fn calendar(session: &mut Session<'_>, query: &Pairs) -> Result<Reply, Problem> {
    let (month, now) = (month(session, query)?, session.call.now);
    let found =
        collect::month(session.records, &session.who, month, now).map_err(|error| session.problem(error))?;
    let mut body = Vec::new();
    write_calendar(&mut body, &found.grid, &found.sources, now).map_err(|error| Problem::internal(&error))?;
    Ok(Reply::new(body))
}

/// `GET /api/v1/collection`
pub(crate) fn collection(session: &mut Session<'_>, query: &Pairs) -> Result<Reply, Problem> {
    let month = month(session, query)?;
    let report = collect::collection(session.records, &session.who, month, session.call.now);
    let report = report.map_err(|error| match error {
        // A month that has not begun.
        RecordsError::Invalid { value, .. } => invalid("month", &value),
        other => session.problem(other),
    })?;
    let mut body = Vec::new();
    write_collection(&mut body, &report).map_err(|error| Problem::internal(&error))?;
    Ok(Reply::new(body))
}

/// `GET /api/v1/source-proposals`
pub(crate) fn proposals(session: &mut Session<'_>) -> Result<Reply, Problem> {
    session.may_read()?;
    let pack = collect::proposals().map_err(|error| session.problem(error.into()))?;
    let mut body = Vec::new();
    write_proposals(&mut body, &pack).map_err(|error| Problem::internal(&error))?;
    Ok(Reply::new(body))
}
