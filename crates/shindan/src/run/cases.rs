//! `case`: compare, judge, analyse, decide, approve, prove, close.

use shindan_app::data_folder::DataFolder;
use shindan_app::portfolio;
use shindan_app::records::analysis::AnalysisOrder;
use shindan_app::records::cases::{self, Bulk, DecideOrder, JudgeOrder};
use shindan_app::records::refresh::{RefreshOrder, refresh};
use shindan_app::records::{self, Asked, Call, Done, Records, RecordsError, WordGiven};
use shindan_domain::case::Subject;
use shindan_domain::ledger::Kind;
use shindan_domain::process::Relation;
use shindan_domain::record_id::{CaseId, DeploymentId, PersonId, ReleaseId, SystemId};

use super::acting::{Session, act, enter, fail, list_asked, print, show, show_done};
use super::following;
use crate::cli::TableOrJson;
use crate::cli::acting::{Acting, ListArguments};
use crate::cli::cases::{CaseCommand, RefreshArguments, Spoken};
use crate::exit::Exit;
use crate::output::{Face, say};
use crate::progress::Bar;

/// Runs a verb of `case`.
pub fn run(command: CaseCommand, face: &Face) -> Exit {
    let request = format!("{command:?}");
    match command {
        CaseCommand::Refresh(arguments) => refreshed(&arguments, &request, face),
        CaseCommand::List { vulnerability, list } => listed(vulnerability, &list, face),
        CaseCommand::Show(arguments) => show(Kind::Case, &arguments, face),
        CaseCommand::Decide { records, treatment, reason, until, acting } => {
            let order = DecideOrder { treatment, reason, until };
            decided(&records, &order, &acting, &acting.call(&request), face)
        }
        CaseCommand::Expire { acting } => expired(&acting, &acting.call(&request), face),
        other => step(other, &request, face),
    }
}

fn expired(acting: &Acting, call: &Call, face: &Face) -> Exit {
    let format = acting.reading.format;
    let mut session = match enter(&acting.reading, face) {
        Ok(session) => session,
        Err(error) => return fail(&error, None, format, face),
    };
    let ended = match cases::expire(&mut session.records, &session.who, call) {
        Ok(ended) => ended,
        Err(error) => return fail(&error, Some(&session.records), format, face),
    };
    let called: Vec<String> =
        ended.iter().map(|stream| session.records.called(*stream).unwrap_or_default()).collect();
    print(face, |out| match format {
        TableOrJson::Json => {
            let answer = serde_json::json!({"schema": "shindan.case-expire/1", "ended": called});
            writeln!(out, "{answer}")
        }
        TableOrJson::Table if called.is_empty() => writeln!(out, "{}", face.words.t("cli-expired-nothing")),
        TableOrJson::Table => {
            let all = called.join(", ");
            writeln!(out, "{}", face.words.get("cli-expired", &[("records", (&all).into())]))
        }
    })
}

fn step(command: CaseCommand, request: &str, face: &Face) -> Exit {
    use CaseCommand as C;
    match command {
        C::Judge { record, applicability, justification, note, documents, acting } => {
            let order = JudgeOrder { applicability, justification, note, documents };
            on(&record, &acting, request, face, |s, call, id| {
                cases::judge(&mut s.records, &s.who, call, id, &order)
            })
        }
        C::Analyse { record, patient_safety, availability, note, priority, departs, acting } => {
            let departs = priority.zip(departs);
            let order = AnalysisOrder { patient_safety, availability, note, departs };
            on(&record, &acting, request, face, |s, call, id| {
                cases::analyse(&mut s.records, &s.who, call, id, &order)
            })
        }
        C::Approve { record, spoken, acting } => on(&record, &acting, request, face, |s, call, id| {
            let word = word(&s.records, &spoken)?;
            cases::approve(&mut s.records, &s.who, call, id, &word)
        }),
        C::Reject { record, reason, spoken, acting } => on(&record, &acting, request, face, |s, call, id| {
            let word = word(&s.records, &spoken)?;
            cases::reject(&mut s.records, &s.who, call, id, &reason, &word)
        }),
        C::Confirm { record, review, spoken, acting } => {
            on(&record, &acting, request, face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                cases::confirm(&mut s.records, &s.who, call, id, review, &word)
            })
        }
        other => proof(other, request, face),
    }
}

fn proof(command: CaseCommand, request: &str, face: &Face) -> Exit {
    use CaseCommand as C;
    match command {
        C::Progress { record, progress, places, acting } => {
            on(&record, &acting, request, face, |s, call, id| {
                cases::progress(&mut s.records, &s.who, call, id, &places, progress)
            })
        }
        C::Effect { record, document, note, places, acting } => {
            on(&record, &acting, request, face, |s, call, id| {
                cases::show_effect(&mut s.records, &s.who, call, id, &places, (&document, &note))
            })
        }
        C::Fixed { record, place, document, acting } => on(&record, &acting, request, face, |s, call, id| {
            cases::prove_fixed(&mut s.records, &s.who, call, id, &place, document.as_ref())
        }),
        C::Replace { record, place, retired, successor, acting } => {
            on(&record, &acting, request, face, |s, call, id| {
                cases::replace(&mut s.records, &s.who, call, id, &place, (&retired, &successor))
            })
        }
        other => ending(other, request, face),
    }
}

fn ending(command: CaseCommand, request: &str, face: &Face) -> Exit {
    use CaseCommand as C;
    match command {
        C::Close { record, acting } => {
            on(&record, &acting, request, face, |s, call, id| cases::close(&mut s.records, &s.who, call, id))
        }
        C::Reopen { record, reason, acting } => on(&record, &acting, request, face, |s, call, id| {
            cases::reopen(&mut s.records, &s.who, call, id, &reason)
        }),
        C::Inherit { record, from, acting } => on(&record, &acting, request, face, |s, call, id| {
            let from = found(&s.records, &from)?;
            cases::inherit(&mut s.records, &s.who, call, id, from)
        }),
        C::Override { record, reason, acting } => on(&record, &acting, request, face, |s, call, id| {
            cases::override_inherited(&mut s.records, &s.who, call, id, &reason)
        }),
        C::Due { record, acting } => on(&record, &acting, request, face, |s, call, id| {
            cases::set_due(&mut s.records, &s.who, call, id)
        }),
        // Answered by `run` and the functions before this one.
        _ => Exit::Usage,
    }
}

fn on(
    record: &str,
    acting: &Acting,
    request: &str,
    face: &Face,
    work: impl FnOnce(&mut Session, &Call, CaseId) -> Result<Done, RecordsError>,
) -> Exit {
    let call = acting.call(&request);
    act(acting, face, |session| {
        let id = found(&session.records, record)?;
        work(session, &call, id)
    })
}

fn found(records: &Records, called: &str) -> Result<CaseId, RecordsError> {
    records::find(records, Kind::Case, called).map(|stream| CaseId(stream.id))
}

/// How a word is given.
pub fn word(records: &Records, spoken: &Spoken) -> Result<WordGiven, RecordsError> {
    if let (Some(scan), Some(signer)) = (&spoken.paper, &spoken.signer) {
        let person = match &spoken.signed_by {
            Some(person) => Some(PersonId(records::find(records, Kind::Person, person)?.id)),
            None => None,
        };
        return Ok(WordGiven::Paper { scan: scan.clone(), signer: signer.clone(), person });
    }
    match (&spoken.partner_file, &spoken.signature, &spoken.partner_key, &spoken.signer, &spoken.party) {
        (Some(file), Some(signature), Some(key), Some(signer), Some(party)) => Ok(WordGiven::PartnerFile {
            file: file.clone(),
            signature: signature.clone(),
            key: key.clone(),
            signer: signer.clone(),
            party: party.clone(),
        }),
        (Some(file), None, ..) => Ok(WordGiven::SealedFile {
            file: file.clone(),
            signer: spoken.signer.clone(),
            party: spoken.party.clone(),
        }),
        _ => Ok(WordGiven::Software),
    }
}

fn listed(vulnerability: Option<String>, list: &ListArguments, face: &Face) -> Exit {
    let asked = Asked {
        open_only: !list.all,
        state: list.state.clone(),
        text: list.text.clone(),
        after: list.after.clone(),
        linked: vulnerability.map(|id| (Relation::Vulnerability, id)),
        ..Asked::new(Kind::Case, list.limit)
    };
    list_asked(&asked, &list.reading, list.reading.format, face)
}

fn decided(called: &[String], order: &DecideOrder, acting: &Acting, call: &Call, face: &Face) -> Exit {
    let format = acting.reading.format;
    let mut session = match enter(&acting.reading, face) {
        Ok(session) => session,
        Err(error) => return fail(&error, None, format, face),
    };
    let found: Result<Vec<CaseId>, RecordsError> =
        called.iter().map(|called| found(&session.records, called)).collect();
    let bulk = found.and_then(|ids| cases::decide(&mut session.records, &session.who, call, &ids, order));
    let bulk = match bulk {
        Ok(bulk) => bulk,
        Err(error) => return fail(&error, Some(&session.records), format, face),
    };
    tell(&session, &bulk, format, face)
}

/// One case as any other record; many as a list of what was decided and what refused.
fn tell(session: &Session, bulk: &Bulk, format: TableOrJson, face: &Face) -> Exit {
    let refusals = bulk
        .refused
        .iter()
        .map(|(stream, refusal)| RecordsError::Refused { about: Some(*stream), refusal: refusal.clone() });
    let called = |stream| session.records.called(stream).unwrap_or_default();
    if format == TableOrJson::Json && bulk.decided.len() + bulk.refused.len() > 1 {
        let refused: Vec<_> = bulk
            .refused
            .iter()
            .map(|(stream, refusal)| {
                serde_json::json!({"record": called(*stream), "reason": shindan_report::records::reason_json(&refusal.reason),
                    "missing": refusal.missing.iter().map(shindan_report::records::reason_json).collect::<Vec<_>>()})
            })
            .collect();
        let decided: Vec<String> = bulk.decided.iter().map(|stream| called(*stream)).collect();
        let answer =
            serde_json::json!({"schema": "shindan.case-decide/1", "decided": decided, "refused": refused});
        let written = print(face, |out| writeln!(out, "{answer}"));
        return if bulk.refused.is_empty() { written } else { Exit::Refused.and(written) };
    }
    let mut exit = Exit::Done;
    if let Some(done) = &bulk.done {
        exit = show_done(session, done, format, face);
    }
    if bulk.decided.len() > 1 {
        let all = bulk.decided.iter().map(|stream| called(*stream)).collect::<Vec<_>>().join(", ");
        say!("{}", face.words.get("cli-decided", &[("cases", (&all).into())]));
    }
    for refusal in refusals {
        exit = exit.and(fail(&refusal, Some(&session.records), format, face));
    }
    exit
}

fn subject(records: &Records, arguments: &RefreshArguments) -> Result<Subject, RecordsError> {
    named_subject(records, (&arguments.system, &arguments.release, &arguments.deployment))
}

/// The system, release or deployment that is named; the register if none is.
///
/// # Errors
/// [`RecordsError::Unknown`], [`RecordsError::Ambiguous`].
pub fn named_subject(
    records: &Records,
    (system, release, deployment): (&Option<String>, &Option<String>, &Option<String>),
) -> Result<Subject, RecordsError> {
    let find = |kind, called: &String| records::find(records, kind, called).map(|stream| stream.id);
    if let Some(system) = system {
        return Ok(Subject::System(SystemId(find(Kind::System, system)?)));
    }
    if let Some(release) = release {
        return Ok(Subject::Release(ReleaseId(find(Kind::Release, release)?)));
    }
    match deployment {
        Some(deployment) => Ok(Subject::Deployment(DeploymentId(find(Kind::Deployment, deployment)?))),
        None => Ok(Subject::Register),
    }
}

fn refreshed(arguments: &RefreshArguments, request: &str, face: &Face) -> Exit {
    let acting = &arguments.acting;
    let format = acting.reading.format;
    let mut session = match enter(&acting.reading, face) {
        Ok(session) => session,
        Err(error) => return fail(&error, None, format, face),
    };
    let call = acting.call(&request);
    if arguments.all || arguments.changed {
        return following::refresh(&mut session, &call, arguments.all, format, face);
    }
    let bar = Bar::new(&face.words);
    let answer = subject(&session.records, arguments).and_then(|subject| {
        let order = RefreshOrder {
            subject,
            paths: arguments.paths.clone(),
            register: arguments.register,
            complete: arguments.complete,
            as_of: arguments.now,
        };
        refresh(&mut session.records, &session.who, &call, &order, &bar)
    });
    let (done, report) = match answer {
        Ok(answer) => answer,
        Err(error) => return fail(&error, Some(&session.records), format, face),
    };
    let Some(report) = report else { return show_done(&session, &done, format, face) };
    // What was kept just now is found by `who` at once.
    let mut kept = Exit::Done;
    if !arguments.paths.is_empty()
        && let Err(error) = portfolio::renew(&DataFolder::new(session.records.root()), false, &bar)
    {
        kept = super::fail(&error, face);
    }
    let written = print(face, |out| match format {
        TableOrJson::Json => shindan_report::cases::write_case_refresh(out, &report).map_err(Into::into),
        TableOrJson::Table => {
            let text = shindan_report::cases::case_refresh(&report, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
    });
    let written = written.and(kept);
    if report.unreadable > 0 { written.and(Exit::Unreadable) } else { written }
}
