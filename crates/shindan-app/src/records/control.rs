//! Use case `report control`: what the records of a day show about each control and requirement.

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::control::{ControlStatus, evaluate_all};
use shindan_domain::people::Action;
use shindan_report::control::{ControlLine, ControlReport};

use super::facts::{end_of, facts};
use super::{Entered, Records, RecordsError};
use crate::clock::day_in_japan;
use crate::embedded;

/// The status of every control as of the end of a day in Japan; today as of now.
///
/// # Errors
/// Refused without a role that reads; [`RecordsError::Invalid`] for a day that has not come; those of reading.
pub fn report(
    records: &Records,
    who: &Entered,
    as_of: Option<Date>,
    now: Timestamp,
) -> Result<ControlReport, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let today = day_in_japan(now);
    let day = as_of.unwrap_or(today);
    if day > today {
        return Err(RecordsError::Invalid { field: "--as-of".to_owned(), value: day.to_string() });
    }
    let until = end_of(day, now);
    let facts = facts(records, day, until)?;
    let installation = records.store().installation();
    Ok(ControlReport {
        as_of: day,
        until,
        made: now,
        prefix: installation.prefix.clone(),
        installation: installation.id,
        entries: records.store().last_until(until)?,
        lines: lines(evaluate_all(&facts))?,
    })
}

/// Each status with what the catalogues that ship say about its row, in our words.
fn lines(statuses: Vec<ControlStatus>) -> Result<Vec<ControlLine>, RecordsError> {
    let crosswalk = embedded::crosswalk(&[])?;
    let about = |status: ControlStatus| {
        let controls = crosswalk.catalogs().iter().flat_map(|catalog| &catalog.controls);
        let requirements = crosswalk.catalogs().iter().flat_map(|catalog| &catalog.requirements);
        let row = controls.map(|row| (&row.id, &row.number, &row.text));
        let requirement = requirements.map(|row| (&row.id, &row.number, &row.text));
        let known = row.chain(requirement).find(|(id, _, _)| **id == status.control);
        ControlLine {
            number: known.map_or_else(|| status.control.clone(), |(_, number, _)| number.clone()),
            text: known.and_then(|(_, _, text)| text.value().cloned()),
            status,
        }
    };
    Ok(statuses.into_iter().map(about).collect())
}
