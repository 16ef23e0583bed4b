//! `portfolio`: which lists are kept for each subject.

use shindan_app::author::Author;
use shindan_app::data_folder::DataFolder;
use shindan_app::error::AppError;
use shindan_app::portfolio::{self, Status};
use shindan_app::records::{Call, Records, RecordsError, kept};
use shindan_domain::case::Subject;
use shindan_domain::comparison::KeptPart;
use shindan_domain::diagnostic::Diagnostic;
use shindan_report::portfolio::{PortfolioLine, PortfolioShown, portfolio as table, write_portfolio};

use super::acting::{Session, enter, fail, print};
use super::cases::named_subject;
use crate::cli::TableOrJson;
use crate::cli::acting::{Acting, Reading};
use crate::cli::cases::SubjectArguments;
use crate::cli::portfolio::PortfolioCommand;
use crate::exit::Exit;
use crate::output::Face;
use crate::progress::Bar;

/// Runs a verb of `portfolio`.
pub fn run(command: PortfolioCommand, face: &Face) -> Exit {
    let request = format!("{command:?}");
    match command {
        PortfolioCommand::Add { paths, complete, subject, acting } => {
            change(&subject, &acting, &request, face, |folder, subject, author| {
                let held = portfolio::hold(folder, subject, &paths, complete, author)?;
                Ok(held.unread)
            })
        }
        PortfolioCommand::Remove { names, subject, acting } => {
            change(&subject, &acting, &request, face, |folder, subject, author| {
                portfolio::release(folder, subject, &names, author).map(|_| Vec::new())
            })
        }
        PortfolioCommand::Status(arguments) => status(&arguments.reading, false, face),
        PortfolioCommand::Rebuild { reading } => status(&reading, true, face),
    }
}

fn change(
    subject: &SubjectArguments,
    acting: &Acting,
    request: &str,
    face: &Face,
    work: impl FnOnce(&DataFolder, Subject, &Author) -> Result<Vec<Diagnostic>, AppError>,
) -> Exit {
    let format = acting.reading.format;
    let mut session = match enter(&acting.reading, face) {
        Ok(session) => session,
        Err(error) => return fail(&error, None, format, face),
    };
    let call = acting.call(&request);
    match changed(&mut session, &call, subject, face, work) {
        Ok(unread) => {
            face.tell(&unread);
            let shown = show(&session.records, format, face);
            if unread.is_empty() { shown } else { shown.and(Exit::Unreadable) }
        }
        Err(error) => fail(&error, Some(&session.records), format, face),
    }
}

fn changed(
    session: &mut Session,
    call: &Call,
    subject: &SubjectArguments,
    face: &Face,
    work: impl FnOnce(&DataFolder, Subject, &Author) -> Result<Vec<Diagnostic>, AppError>,
) -> Result<Vec<Diagnostic>, RecordsError> {
    let folder = DataFolder::new(session.records.root());
    let named = (&subject.system, &subject.release, &subject.deployment);
    let subject = named_subject(&session.records, named)?;
    let unread = kept::keep(&mut session.records, &session.who, call, KeptPart::Portfolio, |author| {
        work(&folder, subject, author)
    })?;
    // Without a knowledge base there is nothing that the lists could stand with yet.
    if folder.current()?.is_some() {
        portfolio::renew(&folder, false, &Bar::new(&face.words))?;
    }
    Ok(unread)
}

fn status(reading: &Reading, rebuild: bool, face: &Face) -> Exit {
    let session = match enter(reading, face) {
        Ok(session) => session,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    if rebuild && let Err(error) = rebuilt(&session, face) {
        return fail(&error, Some(&session.records), reading.format, face);
    }
    show(&session.records, reading.format, face)
}

/// Derives everything anew. That is no change of what is kept, and needs no entry; who may operate may do it.
fn rebuilt(session: &Session, face: &Face) -> Result<(), RecordsError> {
    shindan_app::records::may_operate(&session.who)?;
    let folder = DataFolder::new(session.records.root());
    portfolio::renew(&folder, true, &Bar::new(&face.words))?;
    Ok(())
}

fn show(records: &Records, format: TableOrJson, face: &Face) -> Exit {
    let status = match portfolio::status(&DataFolder::new(records.root())) {
        Ok(status) => status,
        Err(error) => return super::fail(&error, face),
    };
    let shown = shown(records, &status);
    print(face, |out| match format {
        TableOrJson::Json => write_portfolio(out, &shown).map_err(Into::into),
        TableOrJson::Table => out.write_all(table(&shown, &face.words, &face.style(None)).as_bytes()),
    })
}

fn shown(records: &Records, status: &Status) -> PortfolioShown {
    let lines = status.groups.iter().map(|group| {
        let stream = group.subject.and_then(|subject| subject.stream());
        let lists = group.lists.iter().map(|list| (list.path.clone(), list.sha256.to_string()));
        PortfolioLine {
            subject: stream.map(|stream| records.called(stream).unwrap_or_else(|| stream.id.to_string())),
            lists: lists.collect(),
            components: group.components,
            unreadable: group.unreadable,
        }
    });
    PortfolioShown { current: status.current, knowledge: status.knowledge, lines: lines.collect() }
}
