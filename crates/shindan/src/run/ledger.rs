//! `ledger`, `backup` and `restore`.

use std::fs::OpenOptions;
use std::io::Write;

use serde_json::json;
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::kept::KeptDifference;
use shindan_app::records::ledger::{self, Checked};
use shindan_app::records::{Call, Difference, Problem, Records, RecordsError};
use shindan_report::dates;
use shindan_report::records::reason_json;
use shindan_report::words::Words;

use super::acting::{enter, fail, print};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::ledger::{BackupArguments, LedgerCommand, RestoreArguments};
use crate::exit::Exit;
use crate::output::{Face, say};

/// Entries that are read at a time.
const PARCEL: usize = 1_000;

/// Runs a verb of `ledger`.
pub fn run(command: LedgerCommand, face: &Face) -> Exit {
    match command {
        LedgerCommand::Verify { data, checkpoint, states, format } => {
            let verified = Records::open(&DataFolder::new(&data.data_dir)).and_then(|records| {
                let supplied = checkpoint.iter().map(|path| ledger::read_checkpoint(path)).collect::<Result<
                    Vec<_>,
                    _,
                >>(
                )?;
                Ok((ledger::verify(&records, &supplied, states)?, records))
            });
            match verified {
                Ok((checked, records)) => tell_verified(&checked, &records, format, face),
                Err(error) => fail(&error, None, format, face),
            }
        }
        LedgerCommand::Checkpoint { acting, output } => {
            let format = acting.reading.format;
            let made = enter(&acting.reading, face).and_then(|session| {
                ledger::checkpoint(&session.records, &session.who, &Call::at(clock::now()))
            });
            match made {
                Ok(checkpoint) => match output {
                    None => print(face, |out| out.write_all(checkpoint.to_text().as_bytes())),
                    Some(path) => {
                        let file = OpenOptions::new().write(true).create_new(true).open(&path);
                        match file.and_then(|mut file| file.write_all(checkpoint.to_text().as_bytes())) {
                            Ok(()) => Exit::Done,
                            Err(error) => super::not_written(&error, face),
                        }
                    }
                },
                Err(error) => fail(&error, None, format, face),
            }
        }
        LedgerCommand::Export { reading, after } => export(&reading, after, face),
        LedgerCommand::Rebuild { acting } => {
            let format = acting.reading.format;
            let rebuilt = enter(&acting.reading, face)
                .and_then(|mut session| ledger::rebuild(&mut session.records, &session.who));
            match rebuilt {
                Ok(rebuilt) => {
                    let values = [("records", rebuilt.records.into()), ("entries", rebuilt.entries.into())];
                    say!("{}", face.words.get("cli-ledger-rebuilt", &values));
                    Exit::Done
                }
                Err(error) => fail(&error, None, format, face),
            }
        }
        LedgerCommand::Refusals { reading, limit } => refusals(&reading, limit, face),
    }
}

fn tell_verified(checked: &Checked, records: &Records, format: TableOrJson, face: &Face) -> Exit {
    let exit = if checked.is_whole() { Exit::Done } else { Exit::FailOn };
    let written = match format {
        TableOrJson::Json => print(face, |out| writeln!(out, "{}", verified_json(checked))),
        TableOrJson::Table => {
            print(face, |out| out.write_all(verified_text(checked, records, face).as_bytes()))
        }
    };
    written.and(exit)
}

fn verified_json(checked: &Checked) -> serde_json::Value {
    let verified = &checked.verified;
    let problem = |problem: &Problem| json!({"code": problem.code(), "sequence": problem.sequence(), "text": problem.to_string()});
    let difference = |difference: &Difference| json!({"record": difference.stream, "what": difference.what});
    let beside = |kept: &KeptDifference| json!({"part": kept.part, "noted": kept.noted, "found": kept.found});
    json!({
        "schema": "shindan.ledger-verify/1",
        "whole": checked.is_whole(),
        "entries": verified.entries,
        "last": {"sequence": verified.last.sequence, "hash": verified.last.hash},
        "checkpoints": verified.checkpoints,
        "covered": verified.covered,
        "problems": verified.problems.iter().map(problem).collect::<Vec<_>>(),
        "differences": checked.differences.as_ref().map(|all| all.iter().map(difference).collect::<Vec<_>>()),
        "beside": checked.kept.iter().map(beside).collect::<Vec<_>>(),
    })
}

fn verified_text(checked: &Checked, records: &Records, face: &Face) -> String {
    let (words, verified) = (&face.words, &checked.verified);
    let mut lines = Vec::new();
    match verified.times {
        None if verified.is_whole() => lines.push(words.t("cli-ledger-empty")),
        Some((_, last)) if verified.is_whole() => {
            let (at, hash) = (dates::minute(last, words), verified.last.hash.to_string());
            let values =
                [("entries", verified.entries.into()), ("at", (&at).into()), ("hash", (&hash).into())];
            lines.push(words.get("cli-ledger-whole", &values));
        }
        _ => {
            lines.push(words.t("cli-ledger-problems"));
            lines.extend(verified.problems.iter().map(|problem| {
                face.words.get("cli-bullet", &[("text", (&problem_text(problem, face)).into())])
            }));
        }
    }
    lines.push(match verified.checkpoints {
        0 => words.t("cli-ledger-checkpoints-none"),
        count => {
            let values = [("count", (count as u64).into()), ("covered", verified.covered.into())];
            words.get("cli-ledger-checkpoints", &values)
        }
    });
    match &checked.differences {
        Some(differences) if differences.is_empty() => lines.push(words.t("cli-ledger-states-same")),
        Some(differences) => {
            let called = |difference: &Difference| match difference.stream {
                Some(stream) => records.called(stream).unwrap_or_else(|| stream.id.to_string()),
                None => difference.what.to_owned(),
            };
            let records = differences.iter().map(called).collect::<Vec<_>>().join(", ");
            lines.push(words.get("cli-ledger-states-differ", &[("records", (&records).into())]));
        }
        None => {}
    }
    lines.extend(checked.kept.iter().map(|kept| kept_text(kept, words)));
    lines.join("\n") + "\n"
}

/// What lies beside the ledger and is not as it noted, in words.
fn kept_text(kept: &KeptDifference, words: &Words) -> String {
    let part = words.term(kept.part.term());
    let found =
        kept.found.as_ref().map_or_else(|| words.t("cli-kept-nothing"), |found| found.number.to_string());
    let values = [("part", (&part).into()), ("noted", kept.noted.number.into()), ("found", (&found).into())];
    words.get("cli-kept-differs", &values)
}

/// What is wrong and where, in words.
fn problem_text(problem: &Problem, face: &Face) -> String {
    let key = format!("ledger-problem-{}", problem.code());
    let params = problem.params();
    let values: Vec<_> = params.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
    face.words.get(&key, &values)
}

fn export(reading: &Reading, after: u64, face: &Face) -> Exit {
    let session = match enter(reading, face) {
        Ok(session) => session,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    let mut after = after;
    let mut failed = None;
    let printed = print(face, |out| {
        loop {
            let entries = match ledger::entries(&session.records, &session.who, after, PARCEL) {
                Ok(entries) => entries,
                Err(error) => {
                    failed = Some(error);
                    return Ok(());
                }
            };
            let Some(last) = entries.last() else { return Ok(()) };
            after = last.entry.sequence;
            for stored in &entries {
                writeln!(out, "{}", json!({"hash": stored.hash, "entry": stored.entry}))?;
            }
        }
    });
    match failed {
        Some(error) => fail(&error, Some(&session.records), reading.format, face),
        None => printed,
    }
}

fn refusals(reading: &Reading, limit: u32, face: &Face) -> Exit {
    let read = enter(reading, face).and_then(|session| {
        let refused = ledger::refusals(&session.records, &session.who, limit as usize)?;
        Ok((session, refused))
    });
    let (session, refused) = match read {
        Ok(read) => read,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    let name = |person: Option<shindan_domain::record_id::PersonId>| {
        person
            .and_then(|person| session.records.name(person))
            .unwrap_or_else(|| face.words.t("records-name-erased"))
    };
    let called = |stream: Option<shindan_domain::ledger::Stream>| {
        stream.map(|stream| session.records.called(stream).unwrap_or_else(|| stream.id.to_string()))
    };
    print(face, |out| {
        for one in &refused {
            let step = &one.step;
            let record = called(step.stream);
            match reading.format {
                TableOrJson::Json => {
                    let missing: Vec<_> = step.refusal.missing.iter().map(reason_json).collect();
                    let reason = reason_json(&step.refusal.reason);
                    let person =
                        json!({"id": step.person, "name": step.person.and_then(|p| session.records.name(p))});
                    let value = json!({"at": step.at, "person": person, "action": step.action, "record": record, "reason": reason, "missing": missing});
                    writeln!(out, "{value}")?;
                }
                TableOrJson::Table => {
                    let (at, person) = (dates::minute(step.at, &face.words), name(step.person));
                    let about = record.unwrap_or_default();
                    writeln!(out, "{at}  {person}  {about}  {}", face.words.reason(&step.refusal.reason))?;
                    for missing in &step.refusal.missing {
                        let missing = face.words.reason(missing);
                        writeln!(
                            out,
                            "    {}",
                            face.words.get("cli-bullet", &[("text", (&missing).into())])
                        )?;
                    }
                }
            }
        }
        Ok(())
    })
}

/// Copies everything to one file.
pub fn backup(arguments: BackupArguments, face: &Face) -> Exit {
    let format = arguments.acting.reading.format;
    let done = enter(&arguments.acting.reading, face).and_then(|session| {
        ledger::backup(&session.records, &session.who, &arguments.file, !arguments.without_key, clock::now())
    });
    match done {
        Ok(done) => {
            let path = arguments.file.display().to_string();
            let values = [
                ("path", (&path).into()),
                ("documents", done.documents.into()),
                ("entries", done.last.sequence.into()),
            ];
            say!("{}", face.words.get("cli-backup-done", &values));
            for fault in &done.faults {
                say!(
                    "{}",
                    face.words
                        .get("cli-document-fault", &[("document", (&fault.document().to_string()).into())])
                );
            }
            if done.faults.is_empty() { Exit::Done } else { Exit::Unreadable }
        }
        Err(error) => fail(&error, None, format, face),
    }
}

/// Opens a backup in a folder without records.
pub fn restore(arguments: RestoreArguments, face: &Face) -> Exit {
    let folder = DataFolder::new(&arguments.data.data_dir);
    match ledger::restore(&arguments.file, &folder, &arguments.checkpoint) {
        Ok(restored) => {
            let path = folder.root().display().to_string();
            let values = [
                ("path", (&path).into()),
                ("documents", restored.documents.into()),
                ("entries", restored.last.sequence.into()),
            ];
            say!("{}", face.words.get("cli-restore-done", &values));
            if restored.unreadable_apps > 0 {
                let people = [("people", restored.unreadable_apps.into())];
                say!("{}", face.words.get("cli-restore-apps", &people));
            }
            if restored.left_out.is_empty() { Exit::Done } else { Exit::Unreadable }
        }
        Err(error @ RecordsError::Present(_)) => {
            let path = folder.root().display().to_string();
            say!("{}", face.words.get("cli-folder-not-empty", &[("path", (&path).into())]));
            drop(error);
            Exit::Usage
        }
        Err(error) => fail(&error, None, arguments.format, face),
    }
}
