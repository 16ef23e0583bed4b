//! `exchange`

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;
use shindan_app::clock;
use shindan_app::records::exchange::{self, Limits, SealOrder};
use shindan_app::records::{Asked, Call, RecordsError};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{ExchangeId, PartyId};

use super::acting::{Session, enter, fail, list, list_asked, print, show, show_done};
use super::cases::word;
use super::step::{Given, begin, on};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::exchange::{
    ExchangeCommand, ImportArguments, PartnerCommand, SealArguments, Size, VoidArguments,
};
use crate::exit::Exit;
use crate::output::{Face, say};

const EXCHANGE: (Kind, fn(uuid::Uuid) -> ExchangeId) = (Kind::Exchange, ExchangeId);

/// Runs a verb of `exchange`.
pub fn run(command: ExchangeCommand, face: &Face) -> Exit {
    use ExchangeCommand as C;
    let request = format!("{command:?}");
    match command {
        C::Card { output, name, reading } => card(output.as_deref(), name.as_deref(), &reading, face),
        C::Partner(command) => partner(command, &request, face),
        C::Seal(arguments) => seal(&arguments, &request, face),
        C::Copy { record, number, output, reading } => {
            written(&record, &output, &reading, face, |session, id| {
                exchange::copy_sealed(&session.records, &session.who, id, number, &output, clock::now())?;
                Ok(vec![output.clone()])
            })
        }
        C::Verify { file, size, reading } => verify(&file, size, &reading, face),
        C::Import(arguments) => import(&arguments, &request, face),
        C::Receipt { record, number, output, reading } => {
            written(&record, &output, &reading, face, |session, id| {
                let receipt = exchange::receipt_of(&session.records, &session.who, id, number, clock::now())?;
                write_new(&output, &receipt)?;
                Ok(vec![output.clone()])
            })
        }
        C::Extract { record, number, to, reading } => {
            written(&record, Path::new(""), &reading, face, |session, id| {
                exchange::extract(&session.records, &session.who, id, number, &to, clock::now())
            })
        }
        C::Void(arguments) => void(&arguments, &request, face),
        C::List { unacknowledged: true, list } => {
            let asked = Asked {
                state: Some("waiting".to_owned()),
                text: list.text.clone(),
                after: list.after.clone(),
                ..Asked::new(Kind::Exchange, list.limit)
            };
            list_asked(&asked, &list.reading, list.reading.format, face)
        }
        C::List { unacknowledged: false, list: arguments } => list(Kind::Exchange, &arguments, face),
        C::Show(arguments) => show(Kind::Exchange, &arguments, face),
    }
}

fn partner(command: PartnerCommand, request: &str, face: &Face) -> Exit {
    use PartnerCommand as C;
    match command {
        C::Add { card, party, acting } => begin(Given { request, acting: &acting }, face, |s, call| {
            let party = PartyId(s.id(Kind::Party, &party)?);
            exchange::add_partner(&mut s.records, &s.who, call, party, &card)
        }),
        C::Confirm { record, fingerprint, by, spoken, acting } => {
            on(EXCHANGE, &record, Given { request, acting: &acting }, face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                let compared = (fingerprint.as_str(), by);
                exchange::confirm_partner(&mut s.records, &s.who, call, id, compared, &word)
            })
        }
        C::Revoke { record, fingerprint, reason, acting } => {
            on(EXCHANGE, &record, Given { request, acting: &acting }, face, |s, call, id| {
                let named = fingerprint.as_deref();
                let (done, revoked) =
                    exchange::revoke_partner(&mut s.records, &s.who, call, id, named, reason)?;
                if let Some(revoked) = revoked {
                    let whole = revoked.to_string();
                    say!("{}", face.words.get("cli-exchange-revoked", &[("fingerprint", (&whole).into())]));
                }
                Ok(done)
            })
        }
    }
}

fn void(arguments: &VoidArguments, request: &str, face: &Face) -> Exit {
    let VoidArguments { record, sent, received, reason, acting } = arguments;
    on(EXCHANGE, record, Given { request, acting }, face, |s, call, id| {
        let reason = reason.clone();
        match (sent, received) {
            (Some(number), _) => exchange::void_sent(&mut s.records, &s.who, call, id, *number, reason),
            // One of the two is required; a number that is none is refused.
            (None, through) => {
                let through = through.unwrap_or_default();
                exchange::accept_gap(&mut s.records, &s.who, call, id, through, reason)
            }
        }
    })
}

fn card(output: Option<&Path>, name: Option<&str>, reading: &Reading, face: &Face) -> Exit {
    let format = reading.format;
    let made = free(output.into_iter()).and_then(|()| enter(reading, face)).and_then(|mut session| {
        let call = Call::at(clock::now());
        let card = exchange::card(&mut session.records, &session.who, &call, name)?;
        output.map_or(Ok(()), |path| write_new(path, &card.file))?;
        Ok(card)
    });
    let card = match made {
        Ok(made) => made.card,
        Err(error) => return fail(&error, None, format, face),
    };
    let path = output.map(|path| path.display().to_string());
    print(face, |out| match format {
        TableOrJson::Table => {
            let (groups, whole) = (card.read_aloud(), card.fingerprint().to_string());
            let installation = card.installation.to_string();
            let values = [
                ("party", card.party.as_str().into()),
                ("groups", (&groups).into()),
                ("whole", (&whole).into()),
                ("installation", (&installation).into()),
            ];
            writeln!(out, "{}", face.words.get("cli-exchange-card", &values))?;
            match &path {
                Some(path) => {
                    writeln!(out, "{}", face.words.get("cli-exchange-written", &[("path", path.into())]))
                }
                None => writeln!(out, "{}", face.words.t("cli-exchange-card-not-written")),
            }
        }
        TableOrJson::Json => {
            let answer = json!({
                "schema": "shindan.exchange-card/1",
                "installation": card.installation,
                "party": card.party,
                "key": card.key,
                "recipient": card.recipient,
                "fingerprint": card.fingerprint(),
                "read_aloud": card.read_aloud(),
                "path": path,
            });
            writeln!(out, "{answer}")
        }
    })
}

fn seal(arguments: &SealArguments, request: &str, face: &Face) -> Exit {
    let format = arguments.acting.reading.format;
    let call = arguments.acting.call(&request);
    let order = SealOrder {
        files: arguments.files.clone(),
        content_type: arguments.content_type,
        last_day: arguments.expires,
        encrypt: arguments.encrypt,
        reply_to: arguments.reply_to,
        name: arguments.name.clone(),
    };
    let output = &arguments.output;
    let sealed = free(std::iter::once(output.as_path()))
        .and_then(|()| enter(&arguments.acting.reading, face))
        .and_then(|mut session| {
            let id = ExchangeId(session.id(Kind::Exchange, &arguments.to)?);
            let sealed = exchange::seal(&mut session.records, &session.who, &call, id, &order)?;
            // Sealed before under the same key: `exchange copy` writes it again.
            if let Some(number) = sealed.sequence {
                exchange::copy_sealed(&session.records, &session.who, id, number, output, clock::now())?;
            }
            Ok((session, sealed))
        });
    match sealed {
        Ok((session, sealed)) => {
            let shown = show_done(&session, &sealed.done, format, face);
            if sealed.sequence.is_some() {
                told_written(std::slice::from_ref(output), face);
            }
            shown
        }
        Err(error) => fail(&error, None, format, face),
    }
}

fn limits(size: Size) -> Limits {
    Limits { total: u64::from(size.max_size) << 20, ..Limits::default() }
}

fn import(arguments: &ImportArguments, request: &str, face: &Face) -> Exit {
    let format = arguments.acting.reading.format;
    let call = arguments.acting.call(&request);
    let session = free(arguments.receipt_to.as_deref().into_iter())
        .and_then(|()| enter(&arguments.acting.reading, face));
    let mut session = match session {
        Ok(session) => session,
        Err(error) => return fail(&error, None, format, face),
    };
    let limits = limits(arguments.size);
    let imported = exchange::import(&mut session.records, &session.who, &call, &arguments.file, &limits);
    let imported = match imported {
        Ok(imported) => imported,
        Err(error) => return fail(&error, Some(&session.records), format, face),
    };
    let shown = show_done(&session, &imported.done, format, face);
    let Some(number) = imported.sequence else { return shown };
    match after_import(&session, ExchangeId(imported.done.stream.id), number, arguments) {
        Ok(files) => {
            told_written(&files, face);
            shown
        }
        Err(error) => fail(&error, Some(&session.records), format, face),
    }
}

/// Writes the receipt and the contents; what could not be written can be asked for again.
fn after_import(
    session: &Session,
    id: ExchangeId,
    number: u64,
    arguments: &ImportArguments,
) -> Result<Vec<PathBuf>, RecordsError> {
    let mut files = Vec::new();
    if let Some(path) = &arguments.receipt_to {
        write_new(path, &exchange::receipt_of(&session.records, &session.who, id, number, clock::now())?)?;
        files.push(path.clone());
    }
    if let Some(folder) = &arguments.extract_to {
        files.extend(exchange::extract(&session.records, &session.who, id, number, folder, clock::now())?);
    }
    Ok(files)
}

fn verify(file: &Path, size: Size, reading: &Reading, face: &Face) -> Exit {
    let format = reading.format;
    let examined = enter(reading, face).and_then(|session| {
        exchange::examine(&session.records, &session.who, file, &limits(size), clock::now())
    });
    let page = match examined {
        Ok(page) => page,
        Err(error) => return fail(&error, None, format, face),
    };
    let exit = if page.refused.is_some() { Exit::Refused } else { Exit::Done };
    let written = print(face, |out| match format {
        TableOrJson::Table => {
            let text = shindan_report::exchange::sealed_file(&page, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
        TableOrJson::Json => writeln!(out, "{}", shindan_report::exchange::sealed_file_json(&page)),
    });
    exit.and(written)
}

/// Writes files from a partner's record.
fn written(
    record: &str,
    output: &Path,
    reading: &Reading,
    face: &Face,
    write: impl FnOnce(&Session, ExchangeId) -> Result<Vec<PathBuf>, RecordsError>,
) -> Exit {
    let named = std::iter::once(output).filter(|path| !path.as_os_str().is_empty());
    let files = free(named).and_then(|()| enter(reading, face)).and_then(|session| {
        let id = ExchangeId(session.id(Kind::Exchange, record)?);
        write(&session, id)
    });
    match files {
        Ok(files) => {
            told_written(&files, face);
            Exit::Done
        }
        Err(error) => fail(&error, None, reading.format, face),
    }
}

fn told_written(files: &[PathBuf], face: &Face) {
    for file in files {
        let path = file.display().to_string();
        say!("{}", face.words.get("cli-exchange-written", &[("path", (&path).into())]));
    }
}

/// Refuses files that exist before anything is recorded.
fn free<'p>(mut paths: impl Iterator<Item = &'p Path>) -> Result<(), RecordsError> {
    match paths.find(|path| path.exists()) {
        Some(path) => Err(RecordsError::FilePresent(path.to_owned())),
        None => Ok(()),
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), RecordsError> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => RecordsError::FilePresent(path.to_owned()),
        _ => RecordsError::Unreadable { path: path.to_owned(), reason: error.to_string() },
    };
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)
}
