//! Commands on runs of assessments: planned, permitted, started, their reports read, closed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use shindan_app::records::RecordsError;
use shindan_app::records::assessments::reports::{self, Handed, Mapping};
use shindan_app::records::assessments::runs::{self, About, ExceptionAsked, RunAsked};
use shindan_domain::assessment::{Target, Way};
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::record_id::{AssessmentId, AssessmentPlanId, EnvironmentId, PartyId, PersonId};
use utoipa::ToSchema;

use super::given::{Paper, commands};
use super::words;
use crate::command::{Command, Outcome, Session};
use crate::resolve::names;

/// Most reports of one import: each may have 256 MiB, and all of them are in memory until they are written.
const MOST_REPORTS: usize = 64;

fn invalid(field: &str, value: &str) -> RecordsError {
    RecordsError::Invalid { field: field.to_owned(), value: value.to_owned() }
}

/// Plans a run. Production is not refused here: it starts only with an approved exception.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanAssessmentRun {
    /// The plan: number, id or name.
    plan: String,
    /// By which way.
    #[schema(schema_with = words::assessment_way)]
    way: Way,
    /// In which environment: id or name; not for source code.
    #[serde(default)]
    environment: Option<String>,
    /// Deliverables that it covers; all that are due by this way unless given.
    #[serde(default)]
    deliverables: BTreeSet<String>,
    /// What is scanned: addresses, ranges, host names, http(s) addresses that the environment's list permits.
    #[serde(default)]
    targets: Vec<String>,
    /// Which version is assessed.
    version: String,
    /// For which day, in Japan.
    #[schema(value_type = String)]
    planned_for: Date,
    /// Who carries it out: id or name; who sends the request unless given.
    #[serde(default)]
    tester: Option<String>,
}

impl Command for PlanAssessmentRun {
    const KIND: Kind = Kind::Assessment;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Plan a run of an assessment";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let target = |text: &String| text.parse::<Target>().map_err(|_| invalid("targets", text));
        let environment = self.environment.map(|called| s.named(Kind::Environment, &called)).transpose()?;
        let tester = self.tester.map(|called| s.named(Kind::Person, &called)).transpose()?;
        let asked = RunAsked {
            plan: AssessmentPlanId(s.named(Kind::AssessmentPlan, &self.plan)?),
            way: self.way,
            environment: environment.map(EnvironmentId),
            deliverables: self.deliverables,
            targets: self.targets.iter().map(target).collect::<Result<_, _>>()?,
            version: self.version,
            planned_for: self.planned_for,
            tester: tester.map(PersonId),
        };
        let names = names(s.records, &asked.targets)?;
        runs::plan(s.records, &s.who, &s.call, asked, &|host| names.get(host)).map(Into::into)
    }
}

/// Which column of a table holds what, for tables that no known tool wrote.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableMapping {
    /// The kind of tool under which findings of the table are recognised again: `own-list`.
    tool: String,
    /// Field of a finding (`rule`, `title`, `severity`, `host` …) to heading.
    columns: BTreeMap<String, String>,
}

commands! {
    Assessment, AssessmentId;

    /// Asks for an exception: production is to be scanned, and the institution was told.
    AskScanException ("ask-exception", "Ask for an exception to scan production") {
        /// Why production, and how care is protected meanwhile.
        reason: String,
        /// Which institution was told: name or id of the party.
        institution: String,
        /// SHA-256 of the upload: the notice to it.
        #[schema(value_type = String)]
        notice: Hash,
        /// First day, in Japan.
        #[schema(value_type = String)]
        from: Date,
        /// Last day, in Japan.
        #[schema(value_type = String)]
        until: Date,
    }
    |b, s, run| {
        let asked = ExceptionAsked {
            institution: PartyId(s.named(Kind::Party, &b.institution)?),
            notice: s.upload(&b.notice)?,
            reason: b.reason,
            from: b.from,
            until: b.until,
        };
        runs::ask_exception(s.records, &s.who, &s.call, run, asked)
    };

    /// Approves the exception. Another person than who asked for it or tests.
    ApproveScanException ("approve-exception", "Approve the exception to scan production") {
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
    }
    |b, s, run| {
        let word = s.word(b.paper, None)?;
        runs::approve_exception(s.records, &s.who, &s.call, run, &word)
    };

    /// Starts a run: from now on scans may be made and reports be read. Targets are held against the lists again.
    StartAssessmentRun ("start", "Start a run of an assessment") {}
    |_body, s, run| {
        let names = names(s.records, [])?;
        runs::start(s.records, &s.who, &s.call, run, &|host| names.get(host))
    };

    /// Reads reports of scanners into a run, all of them or none. The answer's `diagnostics` say what could not be read in them and what
    /// was read with a tolerance. The same files again write nothing.
    ImportScanReports ("import-reports", "Read reports of scanners into a run") {
        /// SHA-256 of uploads, 64 at most.
        #[schema(value_type = Vec<String>)]
        files: Vec<Hash>,
        /// Which column of a table holds what, for tables that no known tool wrote.
        #[serde(default)]
        mapping: Option<TableMapping>,
        /// When they were made, for reports that do not tell: a time with zone, or a day in Japan. Not from who tests, started the run or
        /// scanned.
        #[serde(default)]
        taken: Option<String>,
    }
    |b, s, run| import(b, s, run);

    /// Says how a report came about that is flagged: it touched what was not permitted, or began before the run. Another person than
    /// the tester and who started it.
    ExplainScanReport ("explain", "Say how a flagged report came about") {
        /// The report, by the name of its file or the beginning of its SHA-256. Either this or `target`.
        #[serde(default)]
        report: Option<String>,
        /// A target that could not be reached.
        #[serde(default)]
        target: Option<String>,
        /// How it came about, and what was done.
        note: String,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
    }
    |b, s, run| {
        let word = s.word(b.paper, None)?;
        let about = match (b.report, b.target) {
            (Some(report), None) => About::Report(report),
            (None, Some(text)) => About::Target(text.parse().map_err(|_| invalid("target", &text))?),
            (_, target) => return Err(invalid("report", &target.unwrap_or_default())),
        };
        runs::explain(s.records, &s.who, &s.call, run, (about, b.note), &word)
    };

    /// Closes a run. Refused with everything that is missing: findings without a decision, flagged reports that nobody explained.
    CloseAssessmentRun ("close", "Close a run of an assessment") {
        /// What came of it, in your words.
        note: String,
    }
    |b, s, run| runs::close(s.records, &s.who, &s.call, run, b.note);

    /// Says that a run does not take place, or was broken off.
    CancelAssessmentRun ("cancel", "Cancel a run of an assessment") {
        /// Why.
        reason: String,
    }
    |b, s, run| runs::cancel(s.records, &s.who, &s.call, run, b.reason);
}

fn import(body: ImportScanReports, s: &mut Session<'_>, run: AssessmentId) -> Result<Outcome, RecordsError> {
    if body.files.is_empty() || body.files.len() > MOST_REPORTS {
        return Err(invalid("files", &body.files.len().to_string()));
    }
    let files = s.uploads(&body.files)?;
    let mapping = body.mapping.map(|TableMapping { tool, columns }| Mapping { tool, columns });
    let when = |text: String| text.parse().map_err(|_| invalid("taken", &text));
    let taken = body.taken.map(when).transpose()?;
    let what = Handed { files: &files, mapping: mapping.as_ref(), taken };
    let (done, told) = reports::import(s.records, &s.who, &s.call, run, what)?;
    // A repeated request reads nothing again.
    let told = if done.repeated { Value::Null } else { told.iter().map(diagnostic).collect() };
    Ok(Outcome::from(done).telling("diagnostics", told))
}

/// What is told about a report. Of where it lies, only the name of the file.
fn diagnostic(told: &Diagnostic) -> Value {
    let place = &told.place;
    json!({
        "code": told.code.as_str(),
        "severity": told.severity(),
        "params": told.params,
        "file": crate::problem::file_name(&place.path),
        "member": place.member,
        "line": place.line,
        "column": place.column,
        "field": place.field,
    })
}
