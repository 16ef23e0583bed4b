//! Commands on policies and on exclusions of controls: proposed by one person, approved by another.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;
use shindan_app::records::policies::{self, Stated};
use shindan_app::records::{RecordsError, exclusions};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Role;
use shindan_domain::policy::{ConfirmationInterval, DueDates, SecondFactor};
use shindan_domain::record_id::PolicyId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::given::{Paper, PartnerFile, commands};
use super::words;
use crate::command::{Command, Outcome, Session};

/// A decision table.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableGiven {
    /// SHA-256 of the upload: the rules; those that come with the program unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    rules: Option<Hash>,
    /// SHA-256 of the upload: the table; the one that comes with the program unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    table: Option<Hash>,
    /// From this EPSS probability on (plain decimal text) a rise is a surge.
    #[serde(default)]
    surge_epss: Option<String>,
}

/// Of whom a second factor is asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondFactorGiven {
    /// Who has one of these roles sets an app up before anything else.
    #[schema(schema_with = words::roles)]
    roles: BTreeSet<Role>,
}

/// Proposes a policy: exactly one of `due_dates`, `decision_table`, `confirmation_interval`, `second_factor`. A further
/// version if there is a policy about the same.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposePolicy {
    /// What people call it.
    title: String,
    /// Why.
    reason: String,
    /// Days: `decide` and `done` by priority (`immediate`, `out-of-cycle`, `scheduled`), `verify-after-change`,
    /// `chase-inquiry`, `review`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    due_dates: Option<DueDates>,
    /// Rules and table.
    #[serde(default)]
    decision_table: Option<TableGiven>,
    /// Days: `confirm`, `review`, `judge`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    confirmation_interval: Option<ConfirmationInterval>,
    /// Of whom a code of an authenticator app is asked when they log in.
    #[serde(default)]
    second_factor: Option<SecondFactorGiven>,
}

impl Command for ProposePolicy {
    const KIND: Kind = Kind::Policy;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Propose a policy, or a further version of one";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let given = (self.due_dates, self.decision_table, self.confirmation_interval, self.second_factor);
        let stated = match given {
            (Some(days), None, None, None) => Stated::DueDates(days),
            (None, None, Some(days), None) => Stated::ConfirmationInterval(days),
            (None, None, None, Some(SecondFactorGiven { roles })) => {
                Stated::SecondFactor(SecondFactor { roles })
            }
            (None, Some(TableGiven { rules, table, surge_epss }), None, None) => {
                let file = |hash: Option<Hash>| hash.map(|hash| s.upload(&hash)).transpose();
                Stated::DecisionTable { rules: file(rules)?, table: file(table)?, surge_epss }
            }
            _ => {
                let value = "due_dates, decision_table, confirmation_interval, second_factor".to_owned();
                return Err(RecordsError::Invalid { field: "policy".to_owned(), value });
            }
        };
        policies::propose_stated(s.records, &s.who, &s.call, (self.title, stated), &self.reason)
            .map(Into::into)
    }
}

commands! {
    Policy, PolicyId;

    /// Approves the proposed version; never who proposed it.
    ApprovePolicy ("approve", "Approve the proposed version") {
        /// The version that was read; the proposed one unless given.
        #[serde(default)]
        version: Option<u32>,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, policy| {
        let word = s.word(b.paper, b.partner_file)?;
        policies::approve(s.records, &s.who, &s.call, policy, b.version, &word)
    };

    /// Does not approve the proposed version, or takes one's own proposal back.
    RejectPolicy ("reject", "Do not approve, or take one's own proposal back") {
        /// Why.
        reason: String,
    }
    |b, s, policy| policies::reject(s.records, &s.who, &s.call, policy, &b.reason);

    /// Ends the version in force without another one.
    WithdrawPolicy ("withdraw", "End the version in force") {
        /// Why.
        reason: String,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, policy| {
        let word = s.word(b.paper, b.partner_file)?;
        policies::withdraw(s.records, &s.who, &s.call, policy, &b.reason, &word)
    };
}

/// Proposes that a control or requirement does not apply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeExclusion {
    /// The control or requirement, as the catalogue names it.
    control: String,
    /// Why it does not apply.
    reason: String,
    /// Last day of the exclusion, a day in Japan.
    #[schema(value_type = String)]
    until: Date,
}

impl Command for ProposeExclusion {
    const KIND: Kind = Kind::Control;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Propose that a control does not apply";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let because = (self.reason.as_str(), self.until);
        exclusions::propose(s.records, &s.who, &s.call, &self.control, because).map(Into::into)
    }
}

fn exclusion(id: Uuid) -> Stream {
    Stream::new(Kind::Control, id)
}

commands! {
    Control, exclusion;

    /// Approves an exclusion; never who proposed it.
    ApproveExclusion ("approve", "Approve an exclusion") {
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, one| {
        let word = s.word(b.paper, b.partner_file)?;
        exclusions::approve(s.records, &s.who, &s.call, one, &word)
    };

    /// Does not approve an exclusion, or takes one's own proposal back.
    RejectExclusion ("reject", "Do not approve, or take one's own proposal back") {
        /// Why.
        reason: String,
    }
    |b, s, one| exclusions::reject(s.records, &s.who, &s.call, one, &b.reason);

    /// Takes an exclusion back: the control applies again.
    WithdrawExclusion ("withdraw", "Take an exclusion back") {
        /// Why.
        reason: String,
    }
    |b, s, one| exclusions::withdraw(s.records, &s.who, &s.call, one, &b.reason);
}
