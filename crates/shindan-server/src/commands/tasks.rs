//! What is done to several records at once: comparing, deciding, taking a form in.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use shindan_app::progress::Silent;
use shindan_app::records::cases::{self, Bulk, DecideOrder};
use shindan_app::records::inquiries::{self, SignedBy};
use shindan_app::records::refresh::{RefreshOrder, refresh};
use shindan_app::records::{Done, RecordsError};
use shindan_domain::case::{Subject, Treatment};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::process::Refusal;
use shindan_domain::record_id::{DeploymentId, ReleaseId, SystemId};
use shindan_report::records::reason_json;
use utoipa::ToSchema;

use super::words;
use crate::command::{Session, Task, done_json};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shapes::{CaseDecisionsShape, CaseExpiryShape, CaseRefreshShape, DoneShape};

/// Compares a subject with vulnerability information; its cases follow. Without `system`, `release` and `deployment`, the
/// subject is the register of assets.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshCases {
    /// The system: name or id.
    #[serde(default)]
    system: Option<String>,
    /// The release of a product: version or id.
    #[serde(default)]
    release: Option<String>,
    /// The deployment: id.
    #[serde(default)]
    deployment: Option<String>,
    /// SHA-256 of uploads: lists of software and devices of the subject. A list is known again by the name that it was uploaded
    /// with.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    lists: Vec<Hash>,
    /// Compare assets of the register that belong to the system, too.
    #[serde(default)]
    register: bool,
    /// The lists named now are all there are: what stood in others before is gone.
    #[serde(default)]
    complete: bool,
}

impl RefreshCases {
    fn subject(&self, s: &Session<'_>) -> Result<Subject, RecordsError> {
        match (&self.system, &self.release, &self.deployment) {
            (None, None, None) => Ok(Subject::Register),
            (Some(system), None, None) => Ok(Subject::System(SystemId(s.named(Kind::System, system)?))),
            (None, Some(release), None) => Ok(Subject::Release(ReleaseId(s.named(Kind::Release, release)?))),
            (None, None, Some(deployment)) => {
                Ok(Subject::Deployment(DeploymentId(s.named(Kind::Deployment, deployment)?)))
            }
            _ => {
                let value = "system, release, deployment".to_owned();
                Err(RecordsError::Invalid { field: "subject".to_owned(), value })
            }
        }
    }
}

impl Task for RefreshCases {
    const NAME: &'static str = "case-refresh";
    const SUMMARY: &'static str = "Compare a subject with vulnerability information; its cases follow";
    type Answer = CaseRefreshShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        let order = |s: &Session<'_>| {
            Ok(RefreshOrder {
                subject: self.subject(s)?,
                paths: s.uploads(&self.lists)?,
                register: self.register,
                complete: self.complete,
                as_of: None,
            })
        };
        let order = order(s).map_err(|error| s.problem(error))?;
        let (done, report) =
            refresh(s.records, &s.who, &s.call, &order, &Silent).map_err(|error| s.problem(error))?;
        let report = report.map(|report| {
            let mut text = Vec::new();
            shindan_report::cases::write_case_refresh(&mut text, &report)
                .map_err(|error| Problem::internal(&error))?;
            serde_json::from_slice::<Value>(&text).map_err(|error| Problem::internal(&error))
        });
        Ok(Reply::of(&json!({
            "schema": "shindan.case-refreshed/1",
            "entries": written(&done),
            "repeated": done.repeated,
            "report": report.transpose()?,
        })))
    }
}

fn called(s: &Session<'_>, stream: Stream) -> Value {
    json!({"kind": stream.kind, "id": stream.id, "number": s.records.called(stream)})
}

fn written(done: &Done) -> Option<Value> {
    done.entries.map(|(first, last)| json!({"first": first, "last": last}))
}

/// Decides the same for many cases with one reason, in one act. What one case refuses does not stop the others.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideCases {
    /// The cases: numbers or ids.
    cases: Vec<String>,
    /// The measure.
    #[schema(schema_with = words::treatment)]
    treatment: Treatment,
    /// Why.
    reason: String,
    /// Last day of an acceptance.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    until: Option<jiff::civil::Date>,
}

impl Task for DecideCases {
    const NAME: &'static str = "case-decisions";
    const SUMMARY: &'static str = "Decide the same for many cases";
    type Answer = CaseDecisionsShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        let order = DecideOrder { treatment: self.treatment, reason: self.reason, until: self.until };
        let decided = s
            .cases(&self.cases)
            .and_then(|cases| cases::decide(s.records, &s.who, &s.call, &cases, &order))
            .map_err(|error| s.problem(error))?;
        let Bulk { done, decided, refused } = decided;
        let refusal = |(stream, refusal): &(Stream, Refusal)| {
            json!({
                "record": called(s, *stream),
                "reason": reason_json(&refusal.reason),
                "missing": refusal.missing.iter().map(reason_json).collect::<Vec<_>>(),
            })
        };
        Ok(Reply::of(&json!({
            "schema": "shindan.case-decisions/1",
            "entries": done.as_ref().and_then(written),
            "repeated": done.as_ref().is_some_and(|done| done.repeated),
            "decided": decided.iter().map(|stream| called(s, *stream)).collect::<Vec<_>>(),
            "refused": refused.iter().map(refusal).collect::<Vec<_>>(),
        })))
    }
}

/// Opens every case again of which something ended by itself, and ends exclusions whose last day has passed. For a daily
/// schedule; a second time on the same day does nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpireCases {}

impl Task for ExpireCases {
    const NAME: &'static str = "case-expiry";
    const SUMMARY: &'static str = "Open again what has ended by itself";
    type Answer = CaseExpiryShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        let ended = cases::expire(s.records, &s.who, &s.call).map_err(|error| s.problem(error))?;
        let ended = ended.iter().map(|stream| called(s, *stream)).collect::<Vec<_>>();
        Ok(Reply::of(&json!({"schema": "shindan.case-expiry/1", "ended": ended})))
    }
}

/// Takes answers in from a form that was filled in. Everything is looked at before anything is written; what is wrong is told
/// cell by cell.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportAnswers {
    /// SHA-256 of the upload: the form.
    #[schema(value_type = String)]
    form: Hash,
    /// SHA-256 of the upload: the provider's detached signature over it; with `key`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    signature: Option<Hash>,
    /// SHA-256 of the upload: the provider's key; it counts only if it is pinned.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    key: Option<Hash>,
}

impl ImportAnswers {
    fn import(&self, s: &mut Session<'_>) -> Result<Done, RecordsError> {
        let form = s.upload(&self.form)?;
        let signed = match (&self.signature, &self.key) {
            (Some(signature), Some(key)) => {
                Some(SignedBy { signature: s.upload(signature)?, key: s.upload(key)? })
            }
            (None, None) => None,
            // A signature that nobody looks at proves nothing.
            (signature, _) => {
                let field = if signature.is_some() { "key" } else { "signature" };
                return Err(RecordsError::Invalid { field: field.to_owned(), value: String::new() });
            }
        };
        inquiries::import(s.records, &s.who, &s.call, &form, signed.as_ref())
    }
}

impl Task for ImportAnswers {
    const NAME: &'static str = "inquiry-answers";
    const SUMMARY: &'static str = "Take answers in from a form that was filled in";
    type Answer = DoneShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        let done = self.import(s).map_err(|error| s.problem(error))?;
        let body = done_json(&done, BTreeMap::new());
        Ok(Reply { status: StatusCode::OK, ..Reply::of(&body) })
    }
}
