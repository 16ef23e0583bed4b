//! `agreement`

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use shindan_app::clock;
use shindan_app::records::agreement_files::{self, Taking};
use shindan_app::records::agreements::{self, NewAgreement};
use shindan_app::records::{RecordsError, form_signature, organisation};
use shindan_domain::agreement::{
    Agreement, Assignment, Cause, Difference, Duty, Involvement, Remark, Stance,
};
use shindan_domain::calendar;
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{AgreementId, PartyId, SystemId};
use shindan_report::agreement::{difference_json, difference_table};

use super::acting::{Session, enter, fail, list, print, show};
use super::cases::word;
use super::not_written;
use super::papers::{self, PaperForm};
use super::step::{Given, begin, on};
use crate::cli::acting::Reading;
use crate::cli::agreement::{
    AddDutyArguments, AgreementCommand, ChangeDutyArguments, ConfirmArguments, DutyCommand, NewArguments,
    OutArguments, PartyCommand, PrintFormat, Said,
};
use crate::cli::{Language, TableOrJson};
use crate::exit::Exit;
use crate::output::{Face, say};

const AGREEMENT: (Kind, fn(uuid::Uuid) -> AgreementId) = (Kind::Agreement, AgreementId);

/// Runs a verb of `agreement`.
pub fn run(command: AgreementCommand, face: &Face) -> Exit {
    use AgreementCommand as C;
    let request = format!("{command:?}");
    let given = |acting| Given { request: &request, acting };
    match command {
        C::New(arguments) => new(*arguments, &request, face),
        C::Party(command) => party(command, &request, face),
        C::Duty(command) => duty(command, &request, face),
        C::Assign { record, party, involvement, duties, acting } => {
            on(AGREEMENT, &record, given(&acting), face, |s, call, id| {
                let party = named(s, id, &party)?;
                let one = |duty| Assignment { duty, party: party.clone(), involvement: involvement.0 };
                let assignments = duties.into_iter().map(one).collect();
                agreements::assign(&mut s.records, &s.who, call, id, assignments)
            })
        }
        C::Dates { record, from, review, acting } => {
            on(AGREEMENT, &record, given(&acting), face, |s, call, id| {
                agreements::set_dates(&mut s.records, &s.who, call, id, from, review)
            })
        }
        C::Propose { record, acting } => on(AGREEMENT, &record, given(&acting), face, |s, call, id| {
            agreements::propose(&mut s.records, &s.who, call, id)
        }),
        C::Withdraw { record, reason, acting } => {
            on(AGREEMENT, &record, given(&acting), face, |s, call, id| {
                agreements::withdraw(&mut s.records, &s.who, call, id, reason)
            })
        }
        C::Discuss(arguments) => said(arguments.said, (Stance::Open, arguments.comment), &request, face),
        C::Agree(arguments) => said(arguments.said, (Stance::Agreed, arguments.comment), &request, face),
        C::Confirm(arguments) => confirm(*arguments, &request, face),
        C::Revise { record, from, review, reason, acting } => {
            on(AGREEMENT, &record, given(&acting), face, |s, call, id| {
                let from = from.unwrap_or_else(|| calendar::day(call.now));
                agreements::revise(&mut s.records, &s.who, call, id, from, review, reason)
            })
        }
        C::Reopen { record, cause, asset, reason, acting } => {
            on(AGREEMENT, &record, given(&acting), face, |s, call, id| {
                let cause = Cause { kind: cause, asset, text: reason };
                agreements::reopen(&mut s.records, &s.who, call, id, cause)
            })
        }
        C::End { record, reason, acting } => on(AGREEMENT, &record, given(&acting), face, |s, call, id| {
            agreements::end(&mut s.records, &s.who, call, id, reason)
        }),
        C::Diff { record, from_version, to_version, reading } => {
            diff(&record, (from_version, to_version), &reading, face)
        }
        C::Print { out, paper } => print_to(&out, paper, face),
        C::Export { out, signature_to } => write(&out, signature_to.as_deref(), face, |s, id| {
            agreement_files::export(&s.records, &s.who, id, clock::now())
        }),
        C::Import { file, into, system, parties, acting } => begin(given(&acting), face, |s, call| {
            let taking = Taking {
                agreement: s.id_if(Kind::Agreement, into.as_ref(), AgreementId)?,
                system: s.id_if(Kind::System, system.as_ref(), SystemId)?,
                parties: bound(s, &parties)?,
            };
            agreement_files::import(&mut s.records, &s.who, call, &file, &taking)
        }),
        C::List(arguments) => list(Kind::Agreement, &arguments, face),
        C::Show(arguments) => show(Kind::Agreement, &arguments, face),
    }
}

/// Writes an agreement to be printed and signed.
fn print_to(out: &OutArguments, format: PrintFormat, face: &Face) -> Exit {
    let (now, words) = (clock::now(), &face.words);
    write(out, None, face, |s, id| {
        let form = match format {
            PrintFormat::Html => {
                return agreement_files::print(&s.records, &s.who, id, words, now).map(String::into_bytes);
            }
            PrintFormat::Pdf => PaperForm::Pdf,
            PrintFormat::Xlsx => PaperForm::Xlsx,
        };
        let paper = agreement_files::paper(&s.records, &s.who, id, words, now)?;
        papers::bytes(&paper, form, now, face)
            .map_err(|error| RecordsError::Unreadable { path: out.output.clone(), reason: error.to_string() })
    })
}

/// The name under which an agreement has a party.
fn named(session: &Session, id: AgreementId, called: &str) -> Result<String, RecordsError> {
    let agreement: Agreement = organisation::state_of(&session.records, id.0)?;
    session.records.party_of_agreement(&agreement, called)
}

fn bound(session: &Session, parties: &[(String, String)]) -> Result<BTreeMap<String, PartyId>, RecordsError> {
    let one = |(name, party): &(String, String)| {
        session.id(Kind::Party, party).map(|id| (name.clone(), PartyId(id)))
    };
    parties.iter().map(one).collect()
}

fn new(arguments: NewArguments, request: &str, face: &Face) -> Exit {
    begin(Given { request, acting: &arguments.acting }, face, |s, call| {
        let parties = |called: &[String], signs| -> Result<Vec<(PartyId, bool)>, RecordsError> {
            called.iter().map(|one| Ok((PartyId(s.id(Kind::Party, one)?), signs))).collect()
        };
        let mut further = parties(&arguments.parties, true)?;
        further.extend(parties(&arguments.unsigned, false)?);
        let template = match arguments.blank {
            true => None,
            false => Some(agreement_files::template(arguments.template.as_deref())?),
        };
        let language = match arguments.text {
            Some(Language::Ja) => "ja",
            Some(Language::En) => "en",
            None => face.words.lang().as_str(),
        };
        let new = NewAgreement {
            system: SystemId(s.id(Kind::System, &arguments.system)?),
            title: arguments.title.clone(),
            further,
            from: arguments.from.unwrap_or_else(|| calendar::day(call.now)),
            review: arguments.review,
            template,
            language,
        };
        agreements::new(&mut s.records, &s.who, call, new)
    })
}

fn party(command: PartyCommand, request: &str, face: &Face) -> Exit {
    let given = |acting| Given { request, acting };
    match command {
        PartyCommand::Add { record, party, without_signature, acting } => {
            on(AGREEMENT, &record, given(&acting), face, |s, call, id| {
                let party = PartyId(s.id(Kind::Party, &party)?);
                agreements::add_party(&mut s.records, &s.who, call, id, party, !without_signature)
            })
        }
        PartyCommand::Remove { record, party, acting } => {
            on(AGREEMENT, &record, given(&acting), face, |s, call, id| {
                let party = named(s, id, &party)?;
                agreements::remove_party(&mut s.records, &s.who, call, id, party)
            })
        }
    }
}

fn duty(command: DutyCommand, request: &str, face: &Face) -> Exit {
    let given = |acting| Given { request, acting };
    match command {
        DutyCommand::Add(arguments) => {
            on(AGREEMENT, &arguments.record, given(&arguments.acting), face, |s, call, id| {
                let duty = added(s, id, &arguments)?;
                agreements::add_duty(&mut s.records, &s.who, call, id, duty)
            })
        }
        DutyCommand::Change(arguments) => {
            let ChangeDutyArguments { record, duty, topic, text, covers, covers_nothing, acting } =
                *arguments;
            on(AGREEMENT, &record, given(&acting), face, |s, call, id| {
                agreements::change_duty(&mut s.records, &s.who, call, id, &duty, |duty| {
                    duty.topic = topic.unwrap_or(duty.topic);
                    duty.text = text.unwrap_or_else(|| std::mem::take(&mut duty.text));
                    if covers_nothing || !covers.is_empty() {
                        duty.covers = covers;
                    }
                })
            })
        }
        DutyCommand::Remove { record, duty, reason, acting } => {
            on(AGREEMENT, &record, given(&acting), face, |s, call, id| {
                agreements::remove_duty(&mut s.records, &s.who, call, id, duty, reason)
            })
        }
    }
}

fn added(session: &Session, id: AgreementId, arguments: &AddDutyArguments) -> Result<Duty, RecordsError> {
    let mut involvement = BTreeMap::new();
    let does: Vec<String> = arguments.does.iter().cloned().collect();
    for (called, one) in [
        (&arguments.approves, Involvement::Approves),
        (&arguments.informed, Involvement::IsInformed),
        (&arguments.supports, Involvement::Supports),
        (&does, Involvement::Does),
    ] {
        for party in called {
            involvement.insert(named(session, id, party)?, one);
        }
    }
    Ok(Duty {
        key: arguments.duty.clone(),
        topic: arguments.topic,
        text: arguments.text.clone(),
        covers: arguments.covers.clone(),
        involvement,
    })
}

fn said(said: Said, (stance, comment): (Stance, String), request: &str, face: &Face) -> Exit {
    let Said { record, party, duties, all: _, way, on: day, document, acting } = said;
    on(AGREEMENT, &record, Given { request, acting: &acting }, face, |s, call, id| {
        let party = named(s, id, &party)?;
        let on = day.unwrap_or_else(|| calendar::day(call.now));
        let remark = Remark { party, stance, comment, way, on, document: None };
        agreements::discuss(&mut s.records, &s.who, call, id, duties, remark, document)
    })
}

fn confirm(arguments: ConfirmArguments, request: &str, face: &Face) -> Exit {
    let ConfirmArguments { record, confirming, content, spoken, acting } = arguments;
    on(AGREEMENT, &record, Given { request, acting: &acting }, face, |s, call, id| {
        let party = named(s, id, &confirming)?;
        let word = word(&s.records, &spoken)?;
        agreements::confirm(&mut s.records, &s.who, call, id, party, content.as_deref(), &word)
    })
}

fn found<T>(
    record: &str,
    reading: &Reading,
    face: &Face,
    work: impl FnOnce(&Session, AgreementId) -> Result<T, RecordsError>,
) -> Result<T, Exit> {
    let session = enter(reading, face).map_err(|error| fail(&error, None, reading.format, face))?;
    let done = session.id(Kind::Agreement, record).map(AgreementId).and_then(|id| work(&session, id));
    done.map_err(|error| fail(&error, Some(&session.records), reading.format, face))
}

fn diff(record: &str, versions: (Option<u32>, Option<u32>), reading: &Reading, face: &Face) -> Exit {
    let all = found(record, reading, face, |s, id| {
        agreement_files::diff(&s.records, &s.who, id, versions.0, versions.1)
    });
    let (from, to, all): (u32, u32, Vec<Difference>) = match all {
        Ok(all) => all,
        Err(exit) => return exit,
    };
    print(face, |out| match reading.format {
        TableOrJson::Table => {
            let text = difference_table((from, to), &all, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
        TableOrJson::Json => {
            serde_json::to_writer_pretty(&mut *out, &difference_json((from, to), &all))?;
            writeln!(out)
        }
    })
}

/// Writes what is made of an agreement to a file that does not exist yet, and the installation's signature over it.
fn write(
    arguments: &OutArguments,
    signature_to: Option<&Path>,
    face: &Face,
    make: impl FnOnce(&Session, AgreementId) -> Result<Vec<u8>, RecordsError>,
) -> Exit {
    let OutArguments { record, output, reading } = arguments;
    let files = std::iter::once(output.as_path()).chain(signature_to);
    if let Some(present) = files.into_iter().find(|path| path.exists()) {
        return fail(&RecordsError::FilePresent(present.to_owned()), None, reading.format, face);
    }
    let made = found(record, reading, face, |session, id| {
        let bytes = make(session, id)?;
        let name = output.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let signed = signature_to.map(|path| {
            form_signature::sign(&session.records, &bytes, &name).map(|signature| (path, signature))
        });
        Ok((bytes, signed.transpose()?))
    });
    let (bytes, signed) = match made {
        Ok(made) => made,
        Err(exit) => return exit,
    };
    if let Err(error) = write_new(output, &bytes) {
        return not_written(&error, face);
    }
    let path = output.display().to_string();
    say!("{}", face.words.get("cli-file-written", &[("path", path.as_str().into())]));
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
