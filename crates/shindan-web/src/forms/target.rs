//! Which command a form is of, and where it stands.

use serde_json::Value;
use shindan_domain::ledger::{Hash, Kind};
use shindan_domain::people::Action;
use shindan_report::words::Words;
use shindan_server::command::Session;
use shindan_server::desk::{self, Sent};
use shindan_server::problem::Problem;
use shindan_server::reply::Reply;

use super::field::{self, Field, Of};
use super::permits;

/// A command with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A step of a record: its kind, what it is called, the command.
    Step(Kind, String, String),
    /// Begins a record.
    New(Kind),
    /// Something that is done to several records.
    Task(String),
}

impl Target {
    /// The target, if there is such a command.
    pub(crate) fn known(self) -> Result<Target, Problem> {
        let known = match &self {
            Target::Step(kind, _, command) => desk::command(*kind, Some(command)).is_some(),
            Target::New(kind) => desk::command(*kind, None).is_some(),
            Target::Task(name) => desk::tasks().iter().any(|task| task.name == name),
        };
        if known { Ok(self) } else { Err(Problem::new("path-unknown", 404)) }
    }

    /// Which form it is.
    pub(crate) fn of(&self) -> Of<'_> {
        match self {
            Target::Step(kind, _, command) => Of { kind: kind.as_str(), command },
            Target::New(kind) => Of { kind: kind.as_str(), command: "new" },
            Target::Task(name) => Of { kind: "task", command: name },
        }
    }

    /// The schema of its body.
    pub(crate) fn schema(&self) -> Value {
        match self {
            Target::Step(kind, _, command) => {
                desk::command(*kind, Some(command)).map(|command| command.form())
            }
            Target::New(kind) => desk::command(*kind, None).map(|command| command.form()),
            Target::Task(name) => desk::tasks().iter().find(|task| task.name == name).map(|task| task.form()),
        }
        .unwrap_or_default()
    }

    /// Its fields.
    pub(crate) fn fields(&self) -> Vec<Field> {
        field::fields(self.of(), &self.schema())
    }

    /// By who may take it; each is enough.
    pub(crate) fn needs(&self) -> &'static [Action] {
        match self {
            Target::Step(kind, _, command) => permits::needed(*kind, Some(command)),
            Target::New(kind) => permits::needed(*kind, None),
            Target::Task(name) => permits::of_task(name),
        }
    }

    /// What kind of file it takes.
    pub(crate) fn sent(&self) -> Sent {
        match (self.of().kind, self.of().command) {
            ("patch", "new" | "replace-file" | "verify") | ("change", "apply" | "run-test") => Sent::Patch,
            ("exchange", _) | ("task", "exchange-import" | "exchange-verification") => Sent::Sealed,
            _ => Sent::Document,
        }
    }

    /// The key of the title: `form-case-approve`.
    pub(crate) fn key(&self) -> String {
        let Of { kind, command } = self.of();
        format!("form-{kind}-{command}")
    }

    /// The title.
    pub(crate) fn title(&self, w: &Words) -> String {
        w.t(&self.key())
    }

    /// Where the form stands.
    pub(crate) fn address(&self) -> String {
        match self {
            Target::Step(kind, called, command) => {
                format!("/records/{kind}/{}/do/{command}", crate::address::encoded(called))
            }
            Target::New(kind) => format!("/records/{kind}/new"),
            Target::Task(name) => format!("/tasks/{name}"),
        }
    }

    /// Runs it once: the same form sent twice is one act.
    pub(crate) fn run(
        &self,
        body: &Value,
        session: &mut Session<'_>,
        once: &str,
        seen: Option<u64>,
    ) -> Result<Reply, Problem> {
        let body = body.to_string().into_bytes();
        let mut asked_for = self.address().into_bytes();
        asked_for.push(b'\n');
        asked_for.extend_from_slice(&body);
        session.call.once = Some((once.to_owned(), Hash::of(&asked_for)));
        session.call.seen = seen;
        let unknown = || Problem::new("path-unknown", 404);
        match self {
            Target::Step(kind, called, command) => {
                desk::command(*kind, Some(command)).ok_or_else(unknown)?.run(&body, session, Some(called))
            }
            Target::New(kind) => desk::command(*kind, None).ok_or_else(unknown)?.run(&body, session, None),
            Target::Task(name) => {
                desk::tasks().iter().find(|task| task.name == name).ok_or_else(unknown)?.run(&body, session)
            }
        }
    }
}
