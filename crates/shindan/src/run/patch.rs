//! `patch verify`

use shindan_app::clock;
use shindan_app::patch_verification::{self, DigestKind, VerificationRequest};
use shindan_app::records::patches::{self, EffectShown, Registration, expected_value};
use shindan_app::records::{RecordsError, organisation::needed};
use shindan_domain::ledger::Kind;
use shindan_domain::patch::{ExpectedValue, PatchParticulars};
use shindan_domain::process::Label;
use shindan_domain::record_id::{CaseId, EnvironmentId, PartyId, PatchId};
use shindan_domain::verification::{Channel, Outcome, Verdict};
use shindan_report::{json, table};

use super::acting::{Session, enter, list, show, show_done};
use super::cases::word;
use super::step::{Given, begin, on};
use super::{fail, not_written};
use crate::cli::acting::{Acting, Reading};
use crate::cli::patch::{EffectArguments, PatchCommand, VerifyArguments};
use crate::cli::{DataFolder, TableOrJson};
use crate::exit::Exit;
use crate::output::{Face, write_to};

const PATCH: (Kind, fn(uuid::Uuid) -> PatchId) = (Kind::Patch, PatchId);

/// Runs a verb of `patch`.
pub fn run(command: PatchCommand, face: &Face) -> Exit {
    use PatchCommand as C;
    let request = format!("{command:?}");
    let given = |acting| Given { request: &request, acting };
    match command {
        C::Verify(arguments) => verify(*arguments, face),
        C::Effect(arguments) => effect(&arguments, &request, face),
        C::List(arguments) => list(Kind::Patch, &arguments, face),
        C::Show(arguments) => show(Kind::Patch, &arguments, face),
        C::Register { .. } | C::Correct { .. } => described(command, &request, face),
        C::ConfirmEffect { record, spoken, acting } => {
            on(PATCH, &record, given(&acting), face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                patches::confirm_effect(&mut s.records, &s.who, call, id, &word)
            })
        }
        C::RejectEffect { record, reason, acting } => {
            on(PATCH, &record, given(&acting), face, |s, call, id| {
                patches::reject_effect(&mut s.records, &s.who, call, id, reason)
            })
        }
        C::Alternative { record, note, documents, acting } => {
            on(PATCH, &record, given(&acting), face, |s, call, id| {
                patches::propose_alternative(&mut s.records, &s.who, call, id, note, &documents)
            })
        }
        C::ApproveAlternative { record, spoken, acting } => {
            on(PATCH, &record, given(&acting), face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                patches::approve_alternative(&mut s.records, &s.who, call, id, &word)
            })
        }
        C::RejectAlternative { record, reason, acting } => {
            on(PATCH, &record, given(&acting), face, |s, call, id| {
                patches::reject_alternative(&mut s.records, &s.who, call, id, reason)
            })
        }
        C::ReplaceFile { record, file, obtained_from, reason, acting } => {
            on(PATCH, &record, given(&acting), face, |s, call, id| {
                patches::replace_file(&mut s.records, &s.who, call, id, &file, obtained_from, reason)
            })
        }
        C::Withdraw { record, reason, acting } => on(PATCH, &record, given(&acting), face, |s, call, id| {
            patches::withdraw(&mut s.records, &s.who, call, id, reason)
        }),
    }
}

/// The steps that say what a patch is.
fn described(command: PatchCommand, request: &str, face: &Face) -> Exit {
    use PatchCommand as C;
    match command {
        C::Register { file, name, maker, obtained_from, cases, vulnerabilities, expect, channel, acting } => {
            begin(Given { request, acting: &acting }, face, |s, call| {
                let particulars = PatchParticulars {
                    name,
                    maker: PartyId(s.id(Kind::Party, &maker)?),
                    cases: cases_of(s, &cases)?,
                    vulnerabilities,
                    expected: expected(&expect, channel.as_ref())?,
                };
                let registration = Registration { particulars, file, obtained_from };
                patches::register(&mut s.records, &s.who, call, registration)
            })
        }
        C::Correct { record, name, cases, vulnerabilities, expect, channel, reason, acting } => {
            on(PATCH, &record, Given { request, acting: &acting }, face, |s, call, id| {
                let cases = cases_of(s, &cases)?;
                let expected = expected(&expect, channel.as_ref())?;
                patches::correct(&mut s.records, &s.who, call, id, reason, |particulars| {
                    particulars.name = name.unwrap_or_else(|| std::mem::take(&mut particulars.name));
                    particulars.cases.extend(cases);
                    particulars.vulnerabilities.extend(vulnerabilities);
                    particulars.expected.extend(expected);
                })
            })
        }
        // Answered by `run`.
        _ => Exit::Usage,
    }
}

fn cases_of(session: &Session, called: &[String]) -> Result<Vec<CaseId>, RecordsError> {
    called.iter().map(|case| session.id(Kind::Case, case).map(CaseId)).collect()
}

fn expected(texts: &[String], channel: Option<&Channel>) -> Result<Vec<ExpectedValue>, RecordsError> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let channel = needed(channel, Label::Channel)?;
    texts.iter().map(|text| expected_value(text, channel)).collect()
}

fn effect(arguments: &EffectArguments, request: &str, face: &Face) -> Exit {
    let given = Given { request, acting: &arguments.acting };
    on(PATCH, &arguments.record, given, face, |s, call, id| {
        let environment = s.id_if(Kind::Environment, arguments.environment.as_ref(), EnvironmentId)?;
        let shown = match (&arguments.rematch, &arguments.scan, &arguments.statement) {
            (Some(inventory), ..) => EffectShown::Rematch {
                environment: needed(environment, Label::Environment)?,
                inventory: inventory.clone(),
            },
            (None, Some(scan), _) => EffectShown::Scan {
                environment: needed(environment, Label::Environment)?,
                file: scan.clone(),
                remaining: needed(arguments.remaining, Label::Remaining)?,
            },
            (None, None, statement) => EffectShown::Statement {
                text: needed(arguments.note.clone(), Label::Note)?,
                file: needed(statement.clone(), Label::Document)?,
            },
        };
        patches::show_effect(&mut s.records, &s.who, call, id, shown)
    })
}

fn verify(arguments: VerifyArguments, face: &Face) -> Exit {
    let at = arguments.now.unwrap_or_else(clock::now);
    let format = arguments.format;
    let path = arguments.file.display().to_string();
    if arguments.record.is_some() {
        return verify_record(arguments, &path, face);
    }
    let verdict = match patch_verification::verify(&request(arguments), at) {
        Ok(verdict) => verdict,
        Err(error) => return fail(&error, face),
    };
    show_verdict(&path, &verdict, at, format, face)
}

fn show_verdict(
    path: &str,
    verdict: &Verdict,
    at: jiff::Timestamp,
    format: TableOrJson,
    face: &Face,
) -> Exit {
    let written = write_to(None, |out| match format {
        TableOrJson::Json => Ok(json::write_patch_verify(path, verdict, at, out)?),
        TableOrJson::Table => {
            out.write_all(table::patch_verify(path, verdict, &face.words, &face.style(None)).as_bytes())
        }
    });
    if let Err(error) = written {
        return not_written(&error, face);
    }
    match verdict.outcome {
        Outcome::Genuine => Exit::Done,
        Outcome::Tampered => Exit::Tampered,
        Outcome::NoMeans => Exit::NoMeans,
        Outcome::KeyNotAcceptable => Exit::KeyNotAcceptable,
        Outcome::Unreadable => Exit::Unreadable,
    }
}

/// Verifies and records what came of it. The exit code is that of the verdict.
fn verify_record(mut arguments: VerifyArguments, path: &str, face: &Face) -> Exit {
    let called = arguments.record.take().unwrap_or_default();
    let request_text = format!("{arguments:?} {called}");
    let format = arguments.format;
    let reading = Reading {
        data: DataFolder { data_dir: arguments.data_dir.take().unwrap_or_default() },
        token: crate::cli::acting::Token { token_file: arguments.token.token_file.take() },
        format,
    };
    let acting = Acting { reading, once: arguments.once.take(), seen: arguments.seen };
    let call = acting.call(&request_text);
    let verified = enter(&acting.reading, face).and_then(|mut s| {
        let id = PatchId(s.id(Kind::Patch, &called)?);
        let (done, verdict) =
            patches::verify(&mut s.records, &s.who, &call, id, request(arguments), call.now)?;
        Ok((s, done, verdict))
    });
    match verified {
        Ok((session, done, verdict)) => {
            let shown = match format {
                TableOrJson::Table => show_done(&session, &done, format, face),
                TableOrJson::Json => Exit::Done,
            };
            shown.and(show_verdict(path, &verdict, call.now, format, face))
        }
        Err(error) => super::acting::fail(&error, None, format, face),
    }
}

fn request(arguments: VerifyArguments) -> VerificationRequest {
    let digests = [
        (DigestKind::Sha256, arguments.sha256),
        (DigestKind::Sha384, arguments.sha384),
        (DigestKind::Sha512, arguments.sha512),
        (DigestKind::Sha1, arguments.sha1),
        (DigestKind::Md5, arguments.md5),
    ];
    let digests = digests.into_iter().flat_map(|(kind, values)| values.into_iter().map(move |v| (kind, v)));
    let mut signatures = arguments.signature;
    signatures.extend(arguments.minisign);
    VerificationRequest {
        file: arguments.file,
        name: arguments.name,
        digests: digests.collect(),
        checksums: arguments.checksums,
        checksums_signature: arguments.checksums_signature,
        signatures,
        keys: arguments.key,
        minisign_keys: arguments.minisign_key,
        sigstore: arguments.sigstore,
        trust_root: arguments.trust_root,
        identity: arguments.identity,
        issuer: arguments.issuer,
        cms: arguments.cms,
        certificates: arguments.ca,
        authenticode: arguments.authenticode,
        release: arguments.release,
        release_signature: arguments.release_signature,
        packages: arguments.packages,
        rpm: arguments.rpm,
        pins: arguments.pinned,
        channel: arguments.channel,
    }
}
