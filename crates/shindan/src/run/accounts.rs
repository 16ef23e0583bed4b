//! `user password | sessions | end-session | logins | totp remove`

use std::io::{BufRead, Read};

use shindan_app::clock;
use shindan_app::records::accounts::{self, LoginLine, LoginQuery, SecretText, SessionShown};
use shindan_app::records::{Call, RecordsError};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{PersonId, SessionId};
use shindan_report::accounts::{LoginRow, SessionRow};

use super::acting::{Session, enter, fail, print, show_done};
use crate::cli::TableOrJson;
use crate::cli::accounts::{
    EndSessionArguments, LoginsArguments, PasswordArguments, SessionsArguments, TotpCommand,
};
use crate::cli::acting::{Acting, Reading};
use crate::exit::Exit;
use crate::output::{Face, say};

/// A password is no longer than this line, in bytes.
const LONGEST: u64 = 4_096;

/// Sets one's own password, or invites somebody.
pub fn password(arguments: &PasswordArguments, face: &Face) -> Exit {
    let acting = &arguments.acting;
    match &arguments.person {
        Some(person) => invite(person, acting, face),
        None => own_password(arguments.password_stdin, acting, face),
    }
}

fn own_password(from_stdin: bool, acting: &Acting, face: &Face) -> Exit {
    with_session(&acting.reading, face, |mut session| {
        let format = acting.reading.format;
        let now = clock::now();
        let standing = accounts::standing(&session.records, &session.who, now, session.who.person());
        let has_one = match standing {
            Ok(standing) => standing.account.password_set_at.is_some(),
            Err(error) => return fail(&error, Some(&session.records), format, face),
        };
        let (old, new) = match old_and_new(has_one, from_stdin, face) {
            Ok(both) => both,
            Err(exit) => return exit,
        };
        // The request is told apart by who asks, not by the password, of which nothing may be kept.
        let call = acting.call(&("user password", session.who.person()));
        match accounts::set_password(&mut session.records, &session.who, &call, old.as_ref(), &new) {
            Ok(done) => show_done(&session, &done, format, face),
            Err(error) => fail(&error, Some(&session.records), format, face),
        }
    })
}

fn invite(person: &str, acting: &Acting, face: &Face) -> Exit {
    let format = acting.reading.format;
    with_session(&acting.reading, face, |mut session| {
        let call = acting.call(&("user password", person));
        let invited = meant(&session, Some(person))
            .and_then(|id| accounts::invite(&mut session.records, &session.who, &call, id));
        let (done, code) = match invited {
            Ok(invited) => invited,
            Err(error) => return fail(&error, Some(&session.records), format, face),
        };
        // The record goes first, so that the code is the last thing on the screen.
        let shown = match format {
            TableOrJson::Table => show_done(&session, &done, format, face),
            TableOrJson::Json => Exit::Done,
        };
        let Some(code) = code else {
            say!("{}", face.words.t("cli-invitation-repeated"));
            return shown;
        };
        if format == TableOrJson::Table {
            say!("{}", face.words.t("cli-invitation-once"));
        }
        shown.and(print(face, |out| match format {
            TableOrJson::Table => writeln!(out, "{code}"),
            TableOrJson::Json => writeln!(out, "{{\"schema\":\"shindan.invitation/1\",\"code\":\"{code}\"}}"),
        }))
    })
}

/// Lists sessions.
pub fn sessions(arguments: &SessionsArguments, face: &Face) -> Exit {
    let format = arguments.reading.format;
    with_session(&arguments.reading, face, |session| {
        let listed = meant(&session, arguments.person.as_deref()).and_then(|person| {
            let sessions = accounts::sessions(&session.records, &session.who, clock::now(), person)?;
            Ok((person, sessions.into_iter().map(session_row).collect::<Vec<_>>()))
        });
        let (person, rows) = match listed {
            Ok(listed) => listed,
            Err(error) => return fail(&error, Some(&session.records), format, face),
        };
        print(face, |out| match format {
            TableOrJson::Table => {
                let text = shindan_report::accounts::sessions(&rows, &face.words, &face.style(None));
                out.write_all(text.as_bytes())
            }
            TableOrJson::Json => {
                shindan_report::accounts::write_sessions(&mut *out, person, &rows)?;
                writeln!(out)
            }
        })
    })
}

/// Ends one session, or all of a person.
pub fn end_session(arguments: &EndSessionArguments, face: &Face) -> Exit {
    let format = arguments.reading.format;
    with_session(&arguments.reading, face, |session| {
        let call = Call::at(clock::now());
        let ended = match (&arguments.session, &arguments.all_of) {
            (Some(text), _) => text
                .parse::<SessionId>()
                .map_err(|_| RecordsError::Unknown(text.clone()))
                .and_then(|id| accounts::end_session(&session.records, &session.who, &call, id))
                .map(|()| face.words.t("cli-session-ended")),
            (None, person) => meant(&session, person.as_deref())
                .and_then(|id| accounts::end_all_sessions(&session.records, &session.who, &call, id))
                .map(|count| face.words.get("cli-sessions-ended", &[("count", count.into())])),
        };
        match ended {
            Ok(text) => {
                say!("{text}");
                Exit::Done
            }
            Err(error) => fail(&error, Some(&session.records), format, face),
        }
    })
}

/// Lists who logged in.
pub fn logins(arguments: &LoginsArguments, face: &Face) -> Exit {
    let format = arguments.reading.format;
    with_session(&arguments.reading, face, |session| {
        let person = match (&arguments.person, arguments.own) {
            (None, false) => Ok(None),
            (person, _) => meant(&session, person.as_deref()).map(Some),
        };
        let listed = person.and_then(|person| {
            // One more than is shown says whether there are more.
            let query = LoginQuery {
                person,
                outcome: arguments.outcome,
                before: arguments.before,
                limit: arguments.limit + 1,
            };
            accounts::login_log(&session.records, &session.who, clock::now(), &query)
        });
        let mut lines = match listed {
            Ok(lines) => lines,
            Err(error) => return fail(&error, Some(&session.records), format, face),
        };
        let limit = arguments.limit as usize;
        let more = lines.len() > limit;
        lines.truncate(limit);
        let rows: Vec<LoginRow> = lines.into_iter().map(login_row).collect();
        print(face, |out| match format {
            TableOrJson::Table => {
                let text = shindan_report::accounts::logins(&rows, more, &face.words, &face.style(None));
                out.write_all(text.as_bytes())
            }
            TableOrJson::Json => {
                shindan_report::accounts::write_logins(&mut *out, &rows, more)?;
                writeln!(out)
            }
        })
    })
}

/// Runs a verb of `user totp`.
pub fn totp(command: &TotpCommand, face: &Face) -> Exit {
    let TotpCommand::Remove { person, password_stdin, acting } = command;
    let format = acting.reading.format;
    with_session(&acting.reading, face, |mut session| {
        let id = match meant(&session, person.as_deref()) {
            Ok(id) => id,
            Err(error) => return fail(&error, Some(&session.records), format, face),
        };
        let password = match id == session.who.person() {
            true => match one(*password_stdin, face) {
                Ok(password) => Some(password),
                Err(exit) => return exit,
            },
            false => None,
        };
        let call = acting.call(&("user totp remove", person));
        let who = &session.who;
        match accounts::remove_totp(&mut session.records, who, &call, id, password.as_ref()) {
            Ok(done) => show_done(&session, &done, format, face),
            Err(error) => fail(&error, Some(&session.records), format, face),
        }
    })
}

fn with_session(reading: &Reading, face: &Face, work: impl FnOnce(Session) -> Exit) -> Exit {
    match enter(reading, face) {
        Ok(session) => work(session),
        Err(error) => fail(&error, None, reading.format, face),
    }
}

/// Who is meant; whoever asks, if nobody is named.
fn meant(session: &Session, person: Option<&str>) -> Result<PersonId, RecordsError> {
    match person {
        Some(person) => session.id(Kind::Person, person).map(PersonId),
        None => Ok(session.who.person()),
    }
}

/// The present password, if there is one, and the new one.
fn old_and_new(
    has_one: bool,
    from_stdin: bool,
    face: &Face,
) -> Result<(Option<SecretText>, SecretText), Exit> {
    if from_stdin {
        let mut lines = std::io::stdin().lock();
        let old = if has_one { Some(line(&mut lines, face)?) } else { None };
        return Ok((old, line(&mut lines, face)?));
    }
    let old = if has_one { Some(asked("cli-password-old", face)?) } else { None };
    let new = asked("cli-password-new", face)?;
    let again = asked("cli-password-again", face)?;
    if !new.is_same(&again) {
        say!("{}", face.words.t("cli-password-differs"));
        return Err(Exit::Usage);
    }
    Ok((old, new))
}

/// One password.
fn one(from_stdin: bool, face: &Face) -> Result<SecretText, Exit> {
    if from_stdin { first_line(face) } else { asked("cli-password-old", face) }
}

/// The password on the first line of standard input.
///
/// # Errors
/// What was said is wrong.
pub(super) fn first_line(face: &Face) -> Result<SecretText, Exit> {
    line(&mut std::io::stdin().lock(), face)
}

/// Asks at the terminal, without echo.
fn asked(key: &str, face: &Face) -> Result<SecretText, Exit> {
    rpassword::prompt_password(face.words.t(key)).map(SecretText::new).map_err(|error| {
        let reason = error.to_string();
        say!("{}", face.words.get("cli-password-no-terminal", &[("reason", (&reason).into())]));
        Exit::Usage
    })
}

/// One line of standard input, no longer than a password may be.
fn line(input: &mut impl BufRead, face: &Face) -> Result<SecretText, Exit> {
    let mut text = String::new();
    let read = input.take(LONGEST).read_line(&mut text);
    let password = SecretText::new(text.trim_end_matches(['\n', '\r']));
    if read.is_ok() && !password.is_empty() {
        return Ok(password);
    }
    say!("{}", face.words.t("cli-password-stdin"));
    Err(Exit::Usage)
}

fn session_row(shown: SessionShown) -> SessionRow {
    SessionRow {
        id: shown.id,
        begun_at: shown.begun_at,
        seen_at: shown.seen_at,
        expires: shown.expires,
        address: shown.address,
        agent: shown.agent,
    }
}

fn login_row(line: LoginLine) -> LoginRow {
    LoginRow {
        number: line.id,
        at: line.at,
        outcome: line.outcome,
        person: line.person,
        name: line.name,
        address: line.address,
        agent: line.agent,
    }
}
