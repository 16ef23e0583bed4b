//! Files of what is on a network, and discrepancies between them and the register (システム運用編 8).

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jiff::civil::Date;
use serde::Deserialize;
use shindan_app::records::sightings::{self, ImportOrder};
use shindan_app::records::{Done, RecordsError};
use shindan_domain::ledger::Hash;
use shindan_domain::record_id::SightingId;
use utoipa::ToSchema;

use super::given::commands;
use crate::command::{Session, Task, done_json};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shapes::DoneShape;

/// Reads files of what is on a network – scans, address tables, leases –, keeps them and compares them with the register and the
/// dossiers of devices. The answer names the import, which says what was found; the same files again write nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportSightings {
    /// SHA-256 of uploads.
    #[schema(value_type = Vec<String>)]
    files: Vec<Hash>,
    /// On which network they were taken, as the register calls it.
    #[serde(default)]
    network: Option<String>,
    /// Addresses that were looked at as a whole: `10.1.2.0/24`, `10.1.2.10-10.1.2.99`.
    #[serde(default)]
    ranges: Vec<String>,
    /// When they were taken, for files that do not say it themselves: a time with zone, or a day in Japan.
    #[serde(default)]
    taken: Option<String>,
    /// After how many days without a sighting a registered device is missing; not asked unless given.
    #[serde(default)]
    absent_days: Option<u16>,
}

fn invalid(field: &str, value: &str) -> RecordsError {
    RecordsError::Invalid { field: field.to_owned(), value: value.to_owned() }
}

fn absent_days(days: Option<u16>) -> Result<Option<u16>, RecordsError> {
    match days {
        Some(0) => Err(invalid("absent_days", "0")),
        days => Ok(days),
    }
}

impl ImportSightings {
    fn import(&self, s: &mut Session<'_>) -> Result<Done, RecordsError> {
        if self.files.is_empty() {
            return Err(invalid("files", ""));
        }
        let range = |text: &String| text.parse().map_err(|_| invalid("ranges", text));
        let taken = self.taken.as_ref().map(|text| text.parse().map_err(|_| invalid("taken", text)));
        let order = ImportOrder {
            files: s.uploads(&self.files)?,
            network: self.network.clone().filter(|network| !network.trim().is_empty()),
            ranges: self.ranges.iter().map(range).collect::<Result<_, _>>()?,
            taken: taken.transpose()?,
            absent_days: absent_days(self.absent_days)?,
        };
        sightings::import(s.records, &s.who, &s.call, &order).map(|(done, _)| done)
    }
}

fn answer(done: Result<Done, RecordsError>, s: &Session<'_>) -> Result<Reply, Problem> {
    let done = done.map_err(|error| s.problem(error))?;
    let body = done_json(&done, BTreeMap::new());
    Ok(Reply { status: StatusCode::OK, ..Reply::of(&body) })
}

impl Task for ImportSightings {
    const NAME: &'static str = "sighting-import";
    const SUMMARY: &'static str = "Read what is on a network and compare it with the register";
    type Answer = DoneShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        let done = self.import(s);
        answer(done, s)
    }
}

/// Compares the last import of each network again: the register changed, or days went by.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompareSightings {
    /// After how many days without a sighting a registered device is missing; not asked unless given.
    #[serde(default)]
    absent_days: Option<u16>,
}

impl Task for CompareSightings {
    const NAME: &'static str = "sighting-comparison";
    const SUMMARY: &'static str = "Compare the last import of each network again";
    type Answer = DoneShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        let days = absent_days(self.absent_days).map_err(|error| s.problem(error))?;
        let done = sightings::compare(s.records, &s.who, &s.call, days);
        answer(done, s)
    }
}

commands! {
    Sighting, SightingId;

    /// Explains a discrepancy: right as it is, until a day. Not for a retired device.
    ExplainSighting ("explain", "Explain a discrepancy until a day") {
        /// Why.
        reason: String,
        /// Last day on which that counts, a day in Japan.
        #[schema(value_type = String)]
        until: Date,
        /// SHA-256 of uploads that show it.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
    }
    |b, s, sighting| {
        let documents = s.uploads(&b.documents)?;
        sightings::explain(s.records, &s.who, &s.call, sighting, (b.reason, b.until), &documents)
    };

    /// Says which registered device an unknown one is.
    RegisterSighting ("register", "Say which registered device it is") {
        /// Its key in the register, its number or its name; the device whose name it has unless given.
        #[serde(default)]
        asset: Option<String>,
    }
    |b, s, sighting| sightings::register(s.records, &s.who, &s.call, sighting, b.asset.as_deref());

    /// Records the version that was seen in the dossier of the device.
    AcceptSeenVersion ("accept-version", "Record the version that was seen") {
        /// Why it changed.
        reason: String,
    }
    |b, s, sighting| sightings::accept_version(s.records, &s.who, &s.call, sighting, &b.reason);

    /// Closes the sighting of a retired device, if its disconnection was confirmed after it was last seen.
    CloseSighting ("close", "Close the sighting of a retired device") {}
    |_body, s, sighting| sightings::close(s.records, &s.who, &s.call, sighting);
}
