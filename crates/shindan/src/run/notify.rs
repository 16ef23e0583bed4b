//! `notify`: who hears of what changed; and telling them, by mail and webhook.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use shindan_app::clock;
use shindan_app::records::notify::{self, Told};
use shindan_domain::ledger::Kind;
use shindan_domain::notify::{SubscriptionDraft, Topic};
use shindan_domain::record_id::{PersonId, SubscriptionId};
use uuid::Uuid;

use super::acting::{enter, fail, list, print, show};
use super::assess_scan::cancel_on_interrupt;
use super::deliver::Sender;
use super::step::{Given, begin, on};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::notify::{AddReceiverArguments, NotifyCommand};
use crate::exit::Exit;
use crate::output::{Face, say};

const RECEIVER: (Kind, fn(Uuid) -> SubscriptionId) = (Kind::Subscription, SubscriptionId);

/// Runs a verb of `notify`.
pub fn run(command: NotifyCommand, face: &Face) -> Exit {
    let request = format!("{command:?}");
    match command {
        NotifyCommand::Add(arguments) => add(&arguments, &request, face),
        NotifyCommand::End { record, reason, acting } => {
            let given = Given { request: &request, acting: &acting };
            on(RECEIVER, &record, given, face, |s, call, id| {
                notify::end(&mut s.records, &s.who, call, id, reason)
            })
        }
        NotifyCommand::List(arguments) => list(Kind::Subscription, &arguments, face),
        NotifyCommand::Show(arguments) => show(Kind::Subscription, &arguments, face),
        NotifyCommand::Send { settings, reading } => send(&settings, &reading, face),
    }
}

fn add(arguments: &AddReceiverArguments, request: &str, face: &Face) -> Exit {
    begin(Given { request, acting: &arguments.acting }, face, |s, call| {
        let person = s.id_if(Kind::Person, arguments.person.as_ref(), PersonId)?;
        let topics = match arguments.topic.as_slice() {
            [] => Topic::ALL.iter().copied().collect(),
            named => named.iter().copied().collect(),
        };
        let draft = SubscriptionDraft {
            name: arguments.name.clone(),
            person,
            topics,
            least: arguments.least,
            interval_hours: arguments.interval,
            language: arguments.language,
        };
        notify::begin(&mut s.records, &s.who, call, draft)
    })
}

fn send(settings: &Path, reading: &Reading, face: &Face) -> Exit {
    let stop = cancel_on_interrupt();
    let Some(sender) = sender(settings, &stop, face) else { return Exit::Usage };
    let told = enter(reading, face).and_then(|mut session| {
        let now = clock::now();
        notify::tell(&mut session.records, &session.who, &sender, now)
    });
    match told {
        Ok(told) => tell(&told, reading.format, face),
        Err(error) => fail(&error, None, reading.format, face),
    }
}

/// What can send, or why it cannot, told.
pub(super) fn sender(settings: &Path, stop: &Arc<AtomicBool>, face: &Face) -> Option<Sender> {
    match Sender::read(settings, stop) {
        Ok(sender) => Some(sender),
        Err(reason) => {
            let path = settings.display().to_string();
            let values = [("path", (&path).into()), ("reason", (&reason).into())];
            say!("{}", face.words.get("cli-notify-settings", &values));
            None
        }
    }
}

fn tell(told: &[Told], format: TableOrJson, face: &Face) -> Exit {
    let lines: Vec<String> = told.iter().map(|one| line(one, face)).collect();
    let printed = print(face, |out| match format {
        TableOrJson::Table if lines.is_empty() => writeln!(out, "{}", face.words.t("notify-nothing")),
        TableOrJson::Table => writeln!(out, "{}", lines.join("\n")),
        TableOrJson::Json => {
            let told = told.iter().map(|one| {
                serde_json::json!({
                    "receiver": one.name,
                    "items": one.items,
                    "urgent": one.urgency == shindan_domain::notify::Urgency::Urgent,
                    "failure": one.failure.map(|failure| failure.as_str()),
                })
            });
            let answer = serde_json::json!({
                "schema": "shindan.notified/1",
                "told": told.collect::<Vec<_>>(),
            });
            writeln!(out, "{answer}")
        }
    });
    let failed = told.iter().any(|one| one.failure.is_some());
    if failed { printed.and(Exit::Unreadable) } else { printed }
}

/// What became of one receiver, in a line.
pub(super) fn line(one: &Told, face: &Face) -> String {
    match one.failure {
        None => {
            let values = [("name", (&one.name).into()), ("count", one.items.into())];
            face.words.get("notify-told", &values)
        }
        Some(failure) => {
            let reason = face.words.term(failure.term());
            let values = [("name", (&one.name).into()), ("reason", (&reason).into())];
            face.words.get("notify-not-told", &values)
        }
    }
}
