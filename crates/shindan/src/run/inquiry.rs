//! `inquiry`

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use shindan_app::records::RecordsError;
use shindan_app::records::form_signature;
use shindan_app::records::inquiries::{self, AnswerGiven, InquiryOrder, SentBy, SignedBy};
use shindan_domain::alternative::Alternative;
use shindan_domain::inquiry::{Answer, Way};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{CaseId, InquiryId, PartyId, SystemId};

use super::acting::{Session, enter, fail, list, show, show_done};
use super::not_written;
use super::step::{Given, begin, on};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::inquiry::{AnswerArguments, InquiryCommand, SendArguments};
use crate::exit::Exit;
use crate::output::{Face, say};

const INQUIRY: (Kind, fn(uuid::Uuid) -> InquiryId) = (Kind::Inquiry, InquiryId);

/// Runs a verb of `inquiry`.
pub fn run(command: InquiryCommand, face: &Face) -> Exit {
    use InquiryCommand as C;
    let request = format!("{command:?}");
    let given = |acting| Given { request: &request, acting };
    match command {
        C::Send(arguments) => send(&arguments, &request, face),
        C::Form { record, output, signature_to, reading } => {
            let files = Files { output: &output, signature: signature_to.as_deref() };
            form(&record, files, &reading, face)
        }
        C::Answer(arguments) => answer(*arguments, &request, face),
        C::List(arguments) => list(Kind::Inquiry, &arguments, face),
        C::Show(arguments) => show(Kind::Inquiry, &arguments, face),
        C::Import { file, signature, partner_key, acting } => begin(given(&acting), face, |s, call| {
            let signed = signature.zip(partner_key).map(|(signature, key)| SignedBy { signature, key });
            inquiries::import(&mut s.records, &s.who, call, &file, signed.as_ref())
        }),
        C::Chase { record, way, due, note, acting } => {
            on(INQUIRY, &record, given(&acting), face, |s, call, id| {
                inquiries::chase(&mut s.records, &s.who, call, id, (way, due), note)
            })
        }
        C::Judge { record, note, acting } => on(INQUIRY, &record, given(&acting), face, |s, call, id| {
            inquiries::judge(&mut s.records, &s.who, call, id, note)
        }),
        C::Insufficient { record, note, way, due, acting } => {
            on(INQUIRY, &record, given(&acting), face, |s, call, id| {
                inquiries::find_insufficient(&mut s.records, &s.who, call, id, note, (way, due))
            })
        }
        C::NoAnswer { record, note, acting } => on(INQUIRY, &record, given(&acting), face, |s, call, id| {
            inquiries::give_up_waiting(&mut s.records, &s.who, call, id, note)
        }),
        C::Cancel { record, reason, acting } => on(INQUIRY, &record, given(&acting), face, |s, call, id| {
            inquiries::cancel(&mut s.records, &s.who, call, id, reason)
        }),
    }
}

/// Where a form and the signature over it are written.
#[derive(Clone, Copy)]
struct Files<'a> {
    output: &'a Path,
    signature: Option<&'a Path>,
}

impl Files<'_> {
    /// Refuses files that exist before anything is recorded.
    fn free(self) -> Result<(), RecordsError> {
        match std::iter::once(self.output).chain(self.signature).find(|path| path.exists()) {
            Some(path) => Err(RecordsError::FilePresent(path.to_owned())),
            None => Ok(()),
        }
    }
}

/// Asks, and writes the form. A form that could not be written is kept all the same: `inquiry form` writes it again.
fn send(arguments: &SendArguments, request: &str, face: &Face) -> Exit {
    let format = arguments.acting.reading.format;
    let call = arguments.acting.call(&request);
    let output = arguments.output.as_deref();
    let files = output.map(|output| Files { output, signature: arguments.signature_to.as_deref() });
    let asked = files
        .map_or(Ok(()), Files::free)
        .and_then(|()| enter(&arguments.acting.reading, face))
        .and_then(|mut session| {
            let order = order(&session, arguments)?;
            let sent_by = match files {
                Some(Files { signature: Some(_), .. }) => SentBy::SignedForm(face.words),
                Some(Files { signature: None, .. }) => SentBy::Form(face.words),
                None => SentBy::Otherwise(arguments.way.unwrap_or(Way::Mail), arguments.document.clone()),
            };
            let done = inquiries::send(&mut session.records, &session.who, &call, &order, sent_by)?;
            Ok((session, done))
        });
    let (session, done) = match asked {
        Ok(asked) => asked,
        Err(error) => return fail(&error, None, format, face),
    };
    let shown = show_done(&session, &done, format, face);
    match files {
        Some(files) => shown.and(write_form(&session, InquiryId(done.stream.id), files, format, face)),
        None => shown,
    }
}

fn order(session: &Session, arguments: &SendArguments) -> Result<InquiryOrder, RecordsError> {
    let cases = arguments.cases.iter().map(|case| session.id(Kind::Case, case).map(CaseId));
    Ok(InquiryOrder {
        cases: cases.collect::<Result<_, _>>()?,
        system: session.id_if(Kind::System, arguments.system.as_ref(), SystemId)?,
        provider: PartyId(session.id(Kind::Party, &arguments.to)?),
        due: arguments.due,
        further: arguments.questions.clone(),
        note: arguments.note.clone(),
    })
}

fn form(record: &str, files: Files<'_>, reading: &Reading, face: &Face) -> Exit {
    let found = files.free().and_then(|()| enter(reading, face)).and_then(|session| {
        let id = InquiryId(session.id(Kind::Inquiry, record)?);
        Ok((session, id))
    });
    match found {
        Ok((session, id)) => write_form(&session, id, files, reading.format, face),
        Err(error) => fail(&error, None, reading.format, face),
    }
}

fn write_form(
    session: &Session,
    inquiry: InquiryId,
    files: Files<'_>,
    format: TableOrJson,
    face: &Face,
) -> Exit {
    let made = inquiries::form_of(&session.records, &session.who, inquiry).and_then(|(name, bytes)| {
        let signed = files.signature.map(|path| {
            form_signature::sign(&session.records, &bytes, &name).map(|signature| (path, signature))
        });
        Ok((bytes, signed.transpose()?))
    });
    let (bytes, signed) = match made {
        Ok(made) => made,
        Err(error) => return fail(&error, Some(&session.records), format, face),
    };
    if let Err(error) = write_new(files.output, &bytes) {
        return not_written(&error, face);
    }
    let path = files.output.display().to_string();
    say!("{}", face.words.get("cli-form-written", &[("path", path.as_str().into())]));
    if let Some((path, signature)) = signed {
        if let Err(error) = write_new(path, signature.text.as_bytes()) {
            return not_written(&error, face);
        }
        let values = [("key", signature.public_key.as_str().into())];
        say!("{}", face.words.get("cli-form-signed", &values));
    }
    Exit::Done
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let named =
        |error: std::io::Error| std::io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(named)?;
    file.write_all(bytes).map_err(named)
}

fn answer(arguments: AnswerArguments, request: &str, face: &Face) -> Exit {
    let AnswerArguments { record, acting, alternative, alternative_until, .. } = &arguments;
    let agreed = alternative.clone().zip(*alternative_until);
    let answer = Answer {
        question: arguments.question.clone(),
        affected: arguments.affected,
        may_patch: arguments.may_patch,
        alternative: agreed.map(|(text, until)| Alternative { text, until, document: None }),
        until: arguments.next,
        text: arguments.note.clone(),
    };
    on(INQUIRY, record, Given { request, acting }, face, |s, call, id| {
        let given = AnswerGiven {
            answered_by: arguments.answered_by.clone(),
            way: arguments.way,
            file: arguments.document.clone(),
            answers: vec![answer],
        };
        inquiries::answer(&mut s.records, &s.who, call, id, given)
    })
}
