//! `setup`, `user` and `token`.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::people::{self, TokenWanted};
use shindan_app::records::{self, Call, Done, Records, RecordsError, setup};
use shindan_domain::ledger::Kind;
use shindan_domain::people::Scope;
use shindan_domain::record_id::{PersonId, TokenId};

use super::accounts;
use super::acting::{Session, act, enter, fail, list, print, show, show_done};
use crate::cli::TableOrJson;
use crate::cli::people::{SetupArguments, TokenCommand, UserCommand};
use crate::exit::Exit;
use crate::output::{Face, say};

/// Sets up the records and shows the first token once.
pub fn set_up(arguments: SetupArguments, face: &Face) -> Exit {
    let format = arguments.format;
    let folder = DataFolder::new(&arguments.data.data_dir);
    let token = TokenWanted { purpose: "setup".to_owned(), scope: Scope::Write, days: 365 };
    if let Err(error) = free(arguments.token_to.as_deref()) {
        return fail(&error, None, format, face);
    }
    let password = match arguments.password_stdin.then(|| accounts::first_line(face)).transpose() {
        Ok(password) => password,
        Err(exit) => return exit,
    };
    let first = setup::First {
        prefix: arguments.prefix,
        name: arguments.name,
        roles: arguments.roles.into_iter().collect(),
        token,
        password,
    };
    let set_up = match setup::set_up(&folder, &Call::at(clock::now()), first) {
        Ok(set_up) => set_up,
        Err(error) => return fail(&error, None, format, face),
    };
    let path = folder.root().display().to_string();
    let id = set_up.installation.to_string();
    say!("{}", face.words.get("cli-setup-done", &[("path", (&path).into()), ("id", (&id).into())]));
    give_token(&set_up.token, arguments.token_to.as_deref(), format, face)
}

/// Refuses a file that exists before anything is recorded, so that no token is lost.
fn free(path: Option<&Path>) -> Result<(), RecordsError> {
    match path {
        Some(path) if path.exists() => Err(RecordsError::FilePresent(path.to_owned())),
        _ => Ok(()),
    }
}

/// Gives a token to its person: to a file that only they can read, or on standard output.
fn give_token(token: &str, path: Option<&Path>, format: TableOrJson, face: &Face) -> Exit {
    let Some(path) = path else {
        if format == TableOrJson::Table {
            say!("{}", face.words.t("cli-token-once"));
        }
        return print(face, |out| match format {
            TableOrJson::Table => writeln!(out, "{token}"),
            TableOrJson::Json => writeln!(out, "{{\"schema\":\"shindan.token/1\",\"token\":\"{token}\"}}"),
        });
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| writeln!(file, "{token}"));
    match written {
        Ok(()) => {
            let path = path.display().to_string();
            say!("{}", face.words.get("cli-token-written", &[("path", (&path).into())]));
            Exit::Done
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            fail(&RecordsError::FilePresent(path.to_owned()), None, format, face)
        }
        Err(error) => super::not_written(&error, face),
    }
}

/// Runs a verb of `user`.
pub fn user(command: UserCommand, face: &Face) -> Exit {
    match command {
        UserCommand::List(arguments) => list(Kind::Person, &arguments, face),
        UserCommand::Show(arguments) => show(Kind::Person, &arguments, face),
        UserCommand::Password(arguments) => accounts::password(&arguments, face),
        UserCommand::Sessions(arguments) => accounts::sessions(&arguments, face),
        UserCommand::EndSession(arguments) => accounts::end_session(&arguments, face),
        UserCommand::Logins(arguments) => accounts::logins(&arguments, face),
        UserCommand::Totp(command) => accounts::totp(&command, face),
        UserCommand::Add { name, roles, acting } => {
            let call = acting.call(&("user add", &name, &roles));
            act(&acting, face, |s| {
                people::register(&mut s.records, &s.who, &call, &name, roles.into_iter().collect())
            })
        }
        UserCommand::Grant { person, role, acting } => {
            let call = acting.call(&("user grant", &person, role));
            on(&person, &acting, face, |s, id| people::grant(&mut s.records, &s.who, &call, id, role))
        }
        UserCommand::Revoke { person, role, acting } => {
            let call = acting.call(&("user revoke", &person, role));
            on(&person, &acting, face, |s, id| people::revoke(&mut s.records, &s.who, &call, id, role))
        }
        UserCommand::Deactivate { person, reason, acting } => {
            let call = acting.call(&("user deactivate", &person, &reason));
            on(&person, &acting, face, |s, id| people::deactivate(&mut s.records, &s.who, &call, id, reason))
        }
        UserCommand::Rename { person, name, erase: _, acting } => {
            let call = acting.call(&("user rename", &person, &name));
            on(&person, &acting, face, |s, id| people::rename(&mut s.records, &s.who, &call, id, name))
        }
    }
}

fn on(
    person: &str,
    acting: &crate::cli::acting::Acting,
    face: &Face,
    work: impl FnOnce(&mut Session, PersonId) -> Result<Done, RecordsError>,
) -> Exit {
    act(acting, face, |session| {
        let id = found(&session.records, person)?;
        work(session, id)
    })
}

fn found(records: &Records, person: &str) -> Result<PersonId, RecordsError> {
    records::find(records, Kind::Person, person).map(|stream| PersonId(stream.id))
}

/// Runs a verb of `token`.
pub fn token(command: TokenCommand, face: &Face) -> Exit {
    match command {
        TokenCommand::Issue { person, purpose, scope, days, token_to, acting } => {
            let format = acting.reading.format;
            let call = acting.call(&("token issue", &person, &purpose, scope, days));
            let wanted = TokenWanted { purpose, scope, days };
            let issued = free(token_to.as_deref()).and_then(|()| enter(&acting.reading, face)).and_then(
                |mut session| {
                    let id = match &person {
                        Some(person) => found(&session.records, person)?,
                        None => session.who.person(),
                    };
                    let issued = people::issue_token(&mut session.records, &session.who, &call, id, wanted)?;
                    Ok((session, issued))
                },
            );
            match issued {
                Ok((session, (done, text))) => {
                    // The record goes first, so that the token is the last thing on the screen.
                    let shown = match format {
                        TableOrJson::Table => show_done(&session, &done, format, face),
                        TableOrJson::Json => Exit::Done,
                    };
                    match text {
                        Some(text) => shown.and(give_token(&text, token_to.as_deref(), format, face)),
                        None => {
                            say!("{}", face.words.t("cli-token-repeated"));
                            shown
                        }
                    }
                }
                Err(error) => fail(&error, None, format, face),
            }
        }
        TokenCommand::Revoke { person, token, acting } => {
            let call = acting.call(&("token revoke", &person, &token));
            on(&person, &acting, face, |session, id| {
                let wrong = |_| RecordsError::Invalid { field: "token".to_owned(), value: token.clone() };
                let token: TokenId = token.parse().map_err(wrong)?;
                people::withdraw_token(&mut session.records, &session.who, &call, id, token)
            })
        }
    }
}
