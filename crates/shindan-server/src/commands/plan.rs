//! Commands that begin instructions (企画管理編 9) and reviews (企画管理編 15).

use jiff::civil::Date;
use serde::Deserialize;
use shindan_app::records::confirmations::{self, Again, InstructionOrder};
use shindan_app::records::{RecordsError, reviews};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::record_id::{InstructionId, PersonId, SystemId};
use shindan_domain::review::ReviewItem;
use utoipa::ToSchema;

use super::given::commands;
use crate::command::{Command, Outcome, Session};

/// When something is done again.
fn again(every_days: Option<u16>, by_policy: bool) -> Result<Again, RecordsError> {
    match (every_days, by_policy) {
        (None, false) => Ok(Again::Never),
        (Some(days), false) => Ok(Again::Days(days)),
        (None, true) => Ok(Again::Policy),
        (Some(days), true) => {
            Err(RecordsError::Invalid { field: "every_days".to_owned(), value: days.to_string() })
        }
    }
}

/// Instructs: one item for each system, question and who is to report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Instruct {
    /// What it is called in lists.
    title: String,
    /// Which systems: names or ids.
    systems: Vec<String>,
    /// What is asked about each of them.
    questions: Vec<String>,
    /// The operator who reports: id or name.
    #[serde(default)]
    operator: Option<String>,
    /// The provider of each system reports, too.
    #[serde(default)]
    providers: bool,
    /// Until when, a day in Japan.
    #[schema(value_type = String)]
    due: Date,
    /// After how many days it is done again.
    #[serde(default)]
    every_days: Option<u16>,
    /// It is done again after the interval of the approved policy.
    #[serde(default)]
    by_policy: bool,
}

impl Command for Instruct {
    const KIND: Kind = Kind::Instruction;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Instruct a confirmation";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let scope = self.systems.iter().map(|system| s.named(Kind::System, system).map(SystemId));
        let order = InstructionOrder {
            title: self.title,
            scope: scope.collect::<Result<_, _>>()?,
            questions: self.questions,
            operator: s.named_if(Kind::Person, self.operator.as_ref(), PersonId)?,
            providers: self.providers,
            due: self.due,
            again: again(self.every_days, self.by_policy)?,
        };
        confirmations::instruct(s.records, &s.who, &s.call, order).map(Into::into)
    }
}

commands! {
    Instruction, InstructionId;

    /// Instructs the same again, on the day that was set when it was closed; the answer names the new instruction.
    InstructAgain ("again", "Instruct the same again") {}
    |_body, s, instruction| confirmations::again(s.records, &s.who, &s.call, instruction);
}

/// Enters an operational item that is reviewed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanReview {
    /// What is reviewed.
    title: String,
    /// What it says now: rule, setting, way of working.
    content: String,
    /// Items of the guideline that it serves, as the catalogue names them.
    #[serde(default)]
    requirements: Vec<String>,
    /// The system that it concerns: name or id; all unless given.
    #[serde(default)]
    system: Option<String>,
    /// Who is responsible for it: id or name of a person.
    responsible: String,
    /// First day on which it is reviewed, a day in Japan.
    #[schema(value_type = String)]
    due: Date,
    /// After how many days it is reviewed again.
    #[serde(default)]
    every_days: Option<u16>,
    /// It is reviewed again after the interval of the approved policy.
    #[serde(default)]
    by_policy: bool,
}

impl Command for PlanReview {
    const KIND: Kind = Kind::Review;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Enter an operational item that is reviewed";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let item = ReviewItem {
            title: self.title,
            content: self.content,
            requirements: self.requirements,
            system: s.named_if(Kind::System, self.system.as_ref(), SystemId)?,
            responsible: PersonId(s.named(Kind::Person, &self.responsible)?),
            interval_days: None,
        };
        let again = again(self.every_days, self.by_policy)?;
        reviews::plan(s.records, &s.who, &s.call, item, self.due, again).map(Into::into)
    }
}
