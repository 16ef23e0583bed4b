//! What the verbs on records have in common: open the records, know who acts, answer, tell what went wrong.

use std::fs;

use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::{self, Asked, Call, Done, Entered, Records, RecordsError, StoreError};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_report::records::RefusalPage;

use super::not_written;
use crate::cli::TableOrJson;
use crate::cli::acting::{Acting, ListArguments, Reading, ShowArguments};
use crate::exit::Exit;
use crate::output::{Face, say, write_to};

/// The open records and who uses them.
pub struct Session {
    /// The records.
    pub records: Records,
    /// The person.
    pub who: Entered,
}

/// Opens the records for a person.
///
/// # Errors
/// [`RecordsError`]: no ledger, no token, a token that is not valid.
pub fn enter(reading: &Reading, face: &Face) -> Result<Session, RecordsError> {
    let records = Records::open(&DataFolder::new(&reading.data.data_dir))?;
    let token = token(reading, face)?;
    let who = records.enter(&token, clock::now())?;
    Ok(Session { records, who })
}

/// The token from the file, else from the environment.
pub fn token(reading: &Reading, face: &Face) -> Result<String, RecordsError> {
    if let Some(path) = &reading.token.token_file {
        return fs::read_to_string(path).map_err(|error| {
            let (path, reason) = (path.display().to_string(), error.to_string());
            let values = [("path", path.as_str().into()), ("reason", reason.as_str().into())];
            say!("{}", face.words.get("cli-token-unreadable", &values));
            RecordsError::TokenMissing
        });
    }
    std::env::var("SHINDAN_TOKEN")
        .ok()
        .filter(|token| !token.trim().is_empty())
        .ok_or(RecordsError::TokenMissing)
}

impl Acting {
    /// The call that these options ask for. `request`: what the command does, to tell a repeated key from a reused one.
    pub fn call(&self, request: &impl std::fmt::Debug) -> Call {
        let digest = |key: &String| (key.clone(), Hash::of(format!("{request:?}").as_bytes()));
        Call { now: clock::now(), once: self.once.as_ref().map(digest), seen: self.seen }
    }
}

/// Runs a changing command and shows the record that it was about.
pub fn act(
    acting: &Acting,
    face: &Face,
    work: impl FnOnce(&mut Session) -> Result<Done, RecordsError>,
) -> Exit {
    let mut session = match enter(&acting.reading, face) {
        Ok(session) => session,
        Err(error) => return fail(&error, None, acting.reading.format, face),
    };
    match work(&mut session) {
        Ok(done) => show_done(&session, &done, acting.reading.format, face),
        Err(error) => fail(&error, Some(&session.records), acting.reading.format, face),
    }
}

/// Says what was recorded and shows the record.
pub fn show_done(session: &Session, done: &Done, format: TableOrJson, face: &Face) -> Exit {
    if format == TableOrJson::Table {
        let called = done.number.clone().unwrap_or_else(|| done.stream.id.to_string());
        say!("{}", done_text(done, &called, face));
    }
    show_stream(session, done.stream, false, format, face)
}

fn done_text(done: &Done, called: &str, face: &Face) -> String {
    let words = &face.words;
    match done.entries {
        _ if done.repeated => words.t("cli-done-repeated"),
        None => words.t("cli-done-nothing"),
        Some((first, last)) => {
            let key = if first == last { "cli-done-one" } else { "cli-done" };
            words.get(key, &[("record", called.into()), ("first", first.into()), ("last", last.into())])
        }
    }
}

/// Shows a record.
pub fn show(kind: Kind, arguments: &ShowArguments, face: &Face) -> Exit {
    let format = arguments.reading.format;
    let shown = enter(&arguments.reading, face).and_then(|session| {
        let stream = records::find(&session.records, kind, &arguments.record)?;
        Ok((session, stream))
    });
    match shown {
        Ok((session, stream)) => show_stream(&session, stream, arguments.history, format, face),
        Err(error) => fail(&error, None, format, face),
    }
}

/// Shows the record of a stream.
pub fn show_stream(
    session: &Session,
    stream: Stream,
    history: bool,
    format: TableOrJson,
    face: &Face,
) -> Exit {
    let page = match records::page(&session.records, &session.who, stream, history) {
        Ok(page) => page,
        Err(error) => return fail(&error, Some(&session.records), format, face),
    };
    print(face, |out| match format {
        TableOrJson::Table => {
            let text = shindan_report::records::record(&page, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
        TableOrJson::Json => shindan_report::records::write_record(out, &page).map_err(Into::into),
    })
}

/// Lists records of a kind.
pub fn list(kind: Kind, arguments: &ListArguments, face: &Face) -> Exit {
    let format = arguments.reading.format;
    let asked = Asked {
        open_only: !arguments.all,
        state: arguments.state.clone(),
        text: arguments.text.clone(),
        after: arguments.after.clone(),
        ..Asked::new(kind, arguments.limit)
    };
    list_asked(&asked, &arguments.reading, format, face)
}

/// Lists the records that are asked for.
pub fn list_asked(asked: &Asked, reading: &Reading, format: TableOrJson, face: &Face) -> Exit {
    let listed = enter(reading, face)
        .and_then(|session| records::list(&session.records, &session.who, asked, clock::now()));
    let list = match listed {
        Ok(list) => list,
        Err(error) => return fail(&error, None, format, face),
    };
    print(face, |out| match format {
        TableOrJson::Table => {
            let text = shindan_report::records::records(&list, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
        TableOrJson::Json => shindan_report::records::write_records(out, &list).map_err(Into::into),
    })
}

/// Writes to standard output.
pub fn print(face: &Face, write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> Exit {
    match write_to(None, |out| write(out)) {
        Ok(()) => Exit::Done,
        Err(error) => not_written(&error, face),
    }
}

/// Tells why a command on records was not carried out. With `--format json` a refusal is an answer on standard output.
pub fn fail(error: &RecordsError, records: Option<&Records>, format: TableOrJson, face: &Face) -> Exit {
    match error {
        RecordsError::Refused { about, refusal } => {
            let called = about.and_then(|stream| records.and_then(|records| records.called(stream)));
            let page =
                RefusalPage { record: called.as_deref(), reason: &refusal.reason, missing: &refusal.missing };
            if format == TableOrJson::Json {
                let written =
                    print(face, |out| shindan_report::records::write_refusal(out, &page).map_err(Into::into));
                return Exit::Refused.and(written);
            }
            let text = shindan_report::records::refusal(&page, &face.words, &face.style(None));
            say!("{}", text.trim_end());
        }
        RecordsError::App(error) => return super::fail(error, face),
        _ => say!("{}: {}", face.words.t("cli-error"), told(error, records, face)),
    }
    exit_of(error)
}

/// One line about an error, for a program that runs on and tells nobody in particular.
pub fn error_text(error: &RecordsError, face: &Face) -> String {
    match error {
        RecordsError::Refused { refusal, .. } => face.words.reason(&refusal.reason),
        RecordsError::App(error) => error.to_string(),
        _ => told(error, None, face),
    }
}

fn told(error: &RecordsError, records: Option<&Records>, face: &Face) -> String {
    let words = &face.words;
    match error {
        RecordsError::Missing(path) | RecordsError::Present(path) => {
            let missing = matches!(error, RecordsError::Missing(_));
            let key = if missing { "cli-ledger-missing" } else { "cli-ledger-present" };
            words.get(key, &[("path", (&path.display().to_string()).into())])
        }
        RecordsError::TokenMissing => words.t("cli-token-missing"),
        RecordsError::TokenUnknown => words.t("cli-token-unknown"),
        RecordsError::SessionUnknown => words.t("cli-session-unknown"),
        RecordsError::Conflict { stream, expected, found } => {
            let called =
                records.and_then(|records| records.called(*stream)).unwrap_or_else(|| stream.id.to_string());
            let values =
                [("record", (&called).into()), ("expected", (*expected).into()), ("found", (*found).into())];
            words.get("cli-conflict", &values)
        }
        RecordsError::Unknown(called) => words.get("cli-record-unknown", &[("called", called.into())]),
        RecordsError::Ambiguous { called, candidates } => {
            let candidates = candidates.join(", ");
            words.get(
                "cli-record-ambiguous",
                &[("called", called.into()), ("candidates", (&candidates).into())],
            )
        }
        RecordsError::Invalid { field, value } => {
            words.get("cli-value-invalid", &[("field", field.into()), ("value", value.into())])
        }
        RecordsError::Randomness(reason) => words.get("cli-no-randomness", &[("reason", reason.into())]),
        RecordsError::Stored(reason) => words.get("cli-stored-damaged", &[("reason", reason.into())]),
        RecordsError::Unreadable { path, reason } => {
            let path = path.display().to_string();
            words.get("cli-document-unreadable", &[("path", (&path).into()), ("reason", reason.into())])
        }
        RecordsError::FilePresent(path) => {
            words.get("cli-file-present", &[("path", (&path.display().to_string()).into())])
        }
        RecordsError::Store(trouble) => store_told(trouble, face),
        RecordsError::Refused { refusal, .. } => words.reason(&refusal.reason),
        RecordsError::App(error) => error.to_string(),
    }
}

fn store_told(error: &StoreError, face: &Face) -> String {
    let words = &face.words;
    match error {
        StoreError::Locked => words.t("cli-store-locked"),
        StoreError::Full => words.t("cli-store-full"),
        StoreError::ClockBackwards { last, now } => {
            let (last, now) = (last.to_string(), now.to_string());
            words.get("cli-store-clock", &[("last", (&last).into()), ("now", (&now).into())])
        }
        StoreError::KeyReused { key } => words.get("cli-store-key-reused", &[("key", key.into())]),
        StoreError::Damaged { detail } => words.get("cli-store-damaged", &[("reason", detail.into())]),
        StoreError::Newer { found, known } => {
            let (found, known) = (found.to_string(), known.to_string());
            words.get("cli-store-newer", &[("found", (&found).into()), ("known", (&known).into())])
        }
        other => words.get("cli-store-other", &[("reason", (&other.to_string()).into())]),
    }
}

fn exit_of(error: &RecordsError) -> Exit {
    match error {
        RecordsError::Store(StoreError::KeyReused { .. } | StoreError::Cursor(_)) => Exit::Usage,
        RecordsError::Refused { .. }
        | RecordsError::TokenMissing
        | RecordsError::TokenUnknown
        | RecordsError::SessionUnknown => Exit::Refused,
        RecordsError::Conflict { .. } => Exit::Conflict,
        RecordsError::Missing(_)
        | RecordsError::Present(_)
        | RecordsError::Unknown(_)
        | RecordsError::Ambiguous { .. }
        | RecordsError::FilePresent(_)
        | RecordsError::Invalid { .. } => Exit::Usage,
        RecordsError::Unreadable { .. }
        | RecordsError::Store(_)
        | RecordsError::Stored(_)
        | RecordsError::Randomness(_)
        | RecordsError::App(_) => Exit::Unreadable,
    }
}
