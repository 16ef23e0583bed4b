//! Use case `report control`: what the records of a day show about each control and requirement.

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::control::{ControlStatus, evaluate_all};
use shindan_domain::crosswalk::{Crosswalk, Link};
use shindan_domain::people::Action;
use shindan_report::control::{ControlLine, ControlReport, LinkedRequirement, Place};

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
    Ok(statuses.into_iter().map(|status| line(&crosswalk, status)).collect())
}

fn line(crosswalk: &Crosswalk, status: ControlStatus) -> ControlLine {
    if let Some((catalog, control)) = crosswalk.controls().find(|(_, row)| row.id == status.control) {
        let section = crosswalk.section(catalog, control);
        let place = Place {
            catalog: catalog.title.clone(),
            section: section.map(|one| (one.number.clone(), one.heading.value().cloned())),
            title: None,
            requirements: crosswalk
                .links(catalog, control)
                .into_iter()
                .map(|link| linked(crosswalk, link))
                .collect(),
        };
        let (number, text) = (control.number.clone(), control.text.value().cloned());
        return ControlLine { number, text, place: Some(place), status };
    }
    let found = crosswalk.requirements().find(|(_, row)| row.id == status.control);
    let Some((catalog, requirement)) = found else {
        return ControlLine { number: status.control.clone(), text: None, place: None, status };
    };
    let place = Place {
        catalog: catalog.title.clone(),
        section: None,
        title: requirement.title.value().cloned(),
        requirements: Vec::new(),
    };
    let (number, text) = (requirement.number.clone(), requirement.text.value().cloned());
    ControlLine { number, text, place: Some(place), status }
}

fn linked(crosswalk: &Crosswalk, link: &Link) -> LinkedRequirement {
    let found = crosswalk.requirement(&link.requirement).map(|(_, requirement)| requirement);
    LinkedRequirement {
        number: found.map_or_else(|| link.requirement.clone(), |one| one.number.clone()),
        title: found.and_then(|one| one.title.value().cloned()),
        certainty: link.certainty,
    }
}
