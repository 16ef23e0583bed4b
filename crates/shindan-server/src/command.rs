//! A command: what it is called, what it takes, which use case it calls.
//!
//! A command is a type that is read from the body of a request (`Command`). Its route and its description are made from
//! that type, so that neither can be forgotten: to add one, write the type in `commands/` and name it in
//! `commands::all`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shindan_app::records::collect::sync::Reach;
use shindan_app::records::{self, Call, Done, Entered, Records, RecordsError};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::{Action, Scope};
use shindan_domain::process::{ReasonCode, Refusal};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::Problem;
use crate::reply::Reply;
use crate::uploads::Uploads;

/// Open records, who uses them, and how they were called.
pub struct Session<'r> {
    /// The records.
    pub records: &'r mut Records,
    /// The person.
    pub who: Entered,
    /// The call.
    pub call: Call,
    /// What was uploaded.
    pub(crate) uploads: &'r Uploads,
    /// How sources are reached.
    pub(crate) network: &'r Network,
}

/// How sources are reached, and whether the server is about to end.
#[derive(Debug, Default)]
pub(crate) struct Network {
    /// Proxy and certificates.
    pub reach: Reach,
    /// Set when the server ends: what is being looked at then is recorded as stopped.
    pub ending: Arc<AtomicBool>,
}

impl Session<'_> {
    /// What an error of a use case is answered with.
    pub fn problem(&self, error: RecordsError) -> Problem {
        Problem::of(error, Some(self.records), self.call.seen.is_some())
    }

    /// The record that a client means.
    ///
    /// # Errors
    /// No or several such records, or the person may not read.
    pub fn find(&self, kind: Kind, called: &str) -> Result<Stream, Problem> {
        // Whether there is such a record is only for those who may read.
        self.may_read()?;
        records::find(self.records, kind, called).map_err(|error| self.problem(error))
    }

    /// Before files are taken in: refuses who can change nothing, and removes uploads that no command asked for.
    ///
    /// # Errors
    /// The person may not read, or only read.
    pub fn before_uploads(&self) -> Result<(), Problem> {
        self.may_upload()?;
        self.uploads.clean(self.call.now);
        Ok(())
    }

    /// The file that this person sent, by its SHA-256; `None` if it was never sent, or has waited for longer than a day.
    pub fn sent_file(&self, hash: &Hash) -> Option<PathBuf> {
        self.uploads.find(self.who.person(), hash)
    }

    /// Refuses who can change nothing.
    ///
    /// # Errors
    /// A token that only reads; those of [`Session::may_read`].
    pub fn may_upload(&self) -> Result<(), Problem> {
        self.may_read()?;
        if self.who.scope == Scope::Read {
            let refusal = Refusal::new(ReasonCode::TokenReadsOnly);
            return Err(self.problem(RecordsError::Refused { about: None, refusal }));
        }
        Ok(())
    }

    /// Refuses who may not read.
    ///
    /// # Errors
    /// A person without a role that reads.
    pub fn may_read(&self) -> Result<(), Problem> {
        let permitted = self.who.permit(Action::Read);
        permitted.map_err(|refusal| self.problem(RecordsError::Refused { about: None, refusal }))
    }
}

/// What a command did; `given` goes to the client once and is kept nowhere, `told` stands in the record, too.
pub(crate) struct Outcome {
    pub done: Done,
    pub given: Option<(&'static str, String)>,
    pub told: Option<(&'static str, Value)>,
}

impl Outcome {
    /// The same, with what came of it.
    pub(crate) fn telling(self, name: &'static str, value: Value) -> Outcome {
        Outcome { told: Some((name, value)), ..self }
    }
}

impl From<Done> for Outcome {
    fn from(done: Done) -> Self {
        Outcome { done, given: None, told: None }
    }
}

/// A command as its body is read.
pub(crate) trait Command: DeserializeOwned + ToSchema {
    /// The kind of record.
    const KIND: Kind;
    /// Its name in the address; `None`: it begins a record (`POST /api/v1/{kind}`).
    const NAME: Option<&'static str>;
    /// What it does, in a line, for the description.
    const SUMMARY: &'static str;

    /// Calls the use case. `about`: the record; where the command begins one, none is given.
    fn run(self, session: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError>;
}

/// Body, session, and what the record is called.
type Run = fn(&[u8], &mut Session<'_>, Option<&str>) -> Result<Reply, Problem>;

/// A command of the list, without its type.
pub struct Listed {
    /// The kind of record.
    pub kind: Kind,
    /// Its name in the address; `None`: it begins a record.
    pub name: Option<&'static str>,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Name and form of the body.
    pub(crate) schema: fn() -> (String, RefOr<Schema>),
    run: Run,
}

/// A command for the list.
pub(crate) const fn listed<C: Command>() -> Listed {
    Listed {
        kind: C::KIND,
        name: C::NAME,
        summary: C::SUMMARY,
        schema: || (C::name().into_owned(), <C as PartialSchema>::schema()),
        run: run::<C>,
    }
}

impl Listed {
    /// The form of its body, as JSON Schema.
    pub fn form(&self) -> Value {
        // Strings, numbers and maps with text keys always have a JSON form.
        serde_json::to_value((self.schema)().1).unwrap_or_default()
    }

    /// Runs it with the body of a request on the record that is called so.
    ///
    /// # Errors
    /// What REST answers instead of a result.
    pub fn run(
        &self,
        body: &[u8],
        session: &mut Session<'_>,
        called: Option<&str>,
    ) -> Result<Reply, Problem> {
        (self.run)(body, session, called)
    }
}

fn run<C: Command>(body: &[u8], session: &mut Session<'_>, called: Option<&str>) -> Result<Reply, Problem> {
    let command: C = read_body(body)?;
    let about = match called {
        Some(called) => Some(session.find(C::KIND, called)?),
        None => None,
    };
    let outcome = command.run(session, about).map_err(|error| session.problem(error))?;
    Ok(reply(outcome, about.is_none()))
}

/// What was done, and what is said besides.
pub(crate) fn done_json(done: &Done, besides: BTreeMap<&'static str, Value>) -> Value {
    let Done { stream, number, revision, entries, repeated, numbers: _ } = done;
    let mut body = json!({
        "schema": "shindan.done/1",
        "record": {"kind": stream.kind, "id": stream.id, "number": number},
        "revision": revision,
        "entries": entries.map(|(first, last)| json!({"first": first, "last": last})),
        "repeated": repeated,
    });
    if let Some(fields) = body.as_object_mut() {
        fields.extend(besides.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    body
}

fn reply(outcome: Outcome, began: bool) -> Reply {
    let Outcome { done, given, told } = outcome;
    // What was given once was given when the request was done first.
    let given = given.map(|(name, value)| (name, if done.repeated { Value::Null } else { json!(value) }));
    let body = done_json(&done, given.into_iter().chain(told).collect());
    Reply {
        status: if began { StatusCode::CREATED } else { StatusCode::OK },
        revision: Some(done.revision),
        location: began.then(|| format!("/api/v1/{}/{}", done.stream.kind, done.stream.id)),
        ..Reply::of(&body)
    }
}

/// What is done to several records at once, as its body is read: `POST /api/v1/{NAME}`.
pub(crate) trait Task: DeserializeOwned + ToSchema {
    /// Its name in the address; none of a kind of record.
    const NAME: &'static str;
    /// What it does, in a line, for the description.
    const SUMMARY: &'static str;
    /// The form of its answer.
    type Answer: ToSchema;

    /// Calls the use case.
    fn run(self, session: &mut Session<'_>) -> Result<Reply, Problem>;
}

/// A task of the list, without its type.
pub struct ListedTask {
    /// Its name in the address.
    pub name: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Name and form of the body.
    pub(crate) schema: fn() -> (String, RefOr<Schema>),
    /// Name of the form of the answer.
    pub(crate) answer: fn() -> String,
    run: fn(&[u8], &mut Session<'_>) -> Result<Reply, Problem>,
}

/// A task for the list.
pub(crate) const fn task<T: Task>() -> ListedTask {
    ListedTask {
        name: T::NAME,
        summary: T::SUMMARY,
        schema: || (T::name().into_owned(), <T as PartialSchema>::schema()),
        answer: || T::Answer::name().into_owned(),
        run: |body, session| read_body::<T>(body)?.run(session),
    }
}

impl ListedTask {
    /// The form of its body, as JSON Schema.
    pub fn form(&self) -> Value {
        // Strings, numbers and maps with text keys always have a JSON form.
        serde_json::to_value((self.schema)().1).unwrap_or_default()
    }

    /// Does it with the body of a request.
    ///
    /// # Errors
    /// What REST answers instead of a result.
    pub fn run(&self, body: &[u8], session: &mut Session<'_>) -> Result<Reply, Problem> {
        (self.run)(body, session)
    }
}

pub(crate) fn read_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let body = if body.is_empty() { b"{}".as_slice() } else { body };
    serde_json::from_slice(body).map_err(|error| Problem::of_json(&error))
}
