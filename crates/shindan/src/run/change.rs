//! `change`

use std::path::Path;

use shindan_app::clock;
use shindan_app::records::changes::{self, TestDone};
use shindan_app::records::organisation::{asset_of_register, needed};
use shindan_app::records::rollouts::{self, AlternativeGiven, Shown};
use shindan_app::records::{Call, RecordsError};
use shindan_domain::change::{Consent, Gate, Notice, PlanDraft, PlannedTest, TestPlace};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Label, ReasonCode, Refusal};
use shindan_domain::record_id::{CaseId, ChangeId, EnvironmentId, PartyId, PatchId, SystemId};

use super::acting::{Session, enter, fail, list, show, show_stream};
use super::cases::word;
use super::step::{Given, begin, on};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::change::{
    AlternativeArguments, ChangeCommand, ConfirmArguments, PlanArguments, TestArguments,
};
use crate::exit::Exit;
use crate::output::{Face, say};

const CHANGE: (Kind, fn(uuid::Uuid) -> ChangeId) = (Kind::Change, ChangeId);

/// Runs a verb of `change`.
pub fn run(command: ChangeCommand, face: &Face) -> Exit {
    use ChangeCommand as C;
    let request = format!("{command:?}");
    match command {
        C::Plan(arguments) => plan(*arguments, &request, face),
        C::Test(arguments) => test(*arguments, &request, face),
        C::ConfirmAfter(arguments) => confirm_after(*arguments, &request, face),
        C::Gate { record, file, reading } => gate(&record, file.as_deref(), &reading, face),
        C::List(arguments) => list(Kind::Change, &arguments, face),
        C::Show(arguments) => show(Kind::Change, &arguments, face),
        C::Apply { .. }
        | C::Fail { .. }
        | C::LeaveOut { .. }
        | C::RollBack { .. }
        | C::Close { .. }
        | C::CannotApply { .. } => after_the_gate(command, &request, face),
        _ => before_the_gate(command, &request, face),
    }
}

fn before_the_gate(command: ChangeCommand, request: &str, face: &Face) -> Exit {
    use ChangeCommand as C;
    let given = |acting| Given { request, acting };
    match command {
        C::ChoosePatch { record, patch, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                let patch = PatchId(s.id(Kind::Patch, &patch)?);
                changes::choose_patch(&mut s.records, &s.who, call, id, patch)
            })
        }
        C::Impact { record, note, stop_minutes, documents, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                let impact = (note, stop_minutes);
                changes::assess_impact(&mut s.records, &s.who, call, id, impact, &documents)
            })
        }
        C::Tests { record, mandatory, optional, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                let test = |mandatory| {
                    move |(name, expected): (String, String)| PlannedTest { name, expected, mandatory }
                };
                let tests = mandatory.into_iter().map(test(true));
                let tests = tests.chain(optional.into_iter().map(test(false))).collect();
                changes::plan_tests(&mut s.records, &s.who, call, id, tests)
            })
        }
        C::ConfirmTests { record, spoken, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                changes::confirm_results(&mut s.records, &s.who, call, id, &word)
            })
        }
        C::Consent { record, from, end, stop_minutes, roll_back, spoken, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                let consent = Consent { from, until: end, stop_minutes, roll_back };
                changes::consent(&mut s.records, &s.who, call, id, consent, &word)
            })
        }
        C::WithdrawConsent { record, reason, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                changes::withdraw_consent(&mut s.records, &s.who, call, id, reason)
            })
        }
        C::Emergency { record, reason, told, how, told_at, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                let notice = Notice { told, how, at: told_at };
                changes::declare_emergency(&mut s.records, &s.who, call, id, reason, notice)
            })
        }
        C::ApproveEmergency { record, spoken, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                changes::approve_emergency(&mut s.records, &s.who, call, id, &word)
            })
        }
        C::Cancel { record, reason, acting } => on(CHANGE, &record, given(&acting), face, |s, call, id| {
            changes::cancel(&mut s.records, &s.who, call, id, reason)
        }),
        // Answered by `run` and the functions beside this one.
        _ => Exit::Usage,
    }
}

fn after_the_gate(command: ChangeCommand, request: &str, face: &Face) -> Exit {
    use ChangeCommand as C;
    let given = |acting| Given { request, acting };
    match command {
        C::Apply { record, assets, file, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                rollouts::apply(&mut s.records, &s.who, call, id, assets, file.as_deref())
            })
        }
        C::Fail { record, asset, reason, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                rollouts::fail(&mut s.records, &s.who, call, id, asset, reason)
            })
        }
        C::LeaveOut { record, assets, reason, alternative, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                let alternative = given_alternative(alternative);
                rollouts::leave_out(&mut s.records, &s.who, call, id, assets, reason, alternative)
            })
        }
        C::RollBack { record, assets, reason, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                rollouts::roll_back(&mut s.records, &s.who, call, id, assets, reason)
            })
        }
        C::Close { record, acting } => on(CHANGE, &record, given(&acting), face, |s, call, id| {
            rollouts::close(&mut s.records, &s.who, call, id)
        }),
        C::CannotApply { record, reason, alternative, spoken, acting } => {
            on(CHANGE, &record, given(&acting), face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                let alternative = needed(given_alternative(alternative), Label::Alternative)?;
                rollouts::cannot_apply(&mut s.records, &s.who, call, id, reason, alternative, &word)
            })
        }
        // Answered by `run` and the functions beside this one.
        _ => Exit::Usage,
    }
}

fn given_alternative(given: AlternativeArguments) -> Option<AlternativeGiven> {
    let AlternativeArguments { alternative, alternative_until, agreed_in } = given;
    Some(AlternativeGiven { text: alternative?, until: alternative_until?, document: agreed_in })
}

fn plan(arguments: PlanArguments, request: &str, face: &Face) -> Exit {
    let PlanArguments { case, kind, title, description, system, assets, patch, institution, acting } =
        arguments;
    begin(Given { request, acting: &acting }, face, |s, call| {
        let draft = PlanDraft {
            kind,
            title,
            description,
            case: CaseId(s.id(Kind::Case, &case)?),
            system: SystemId(s.id(Kind::System, &system)?),
            assets,
            patch: s.id_if(Kind::Patch, patch.as_ref(), PatchId)?,
            institution: PartyId(s.id(Kind::Party, &institution)?),
        };
        changes::plan(&mut s.records, &s.who, call, draft)
    })
}

fn test(arguments: TestArguments, request: &str, face: &Face) -> Exit {
    let TestArguments { record, test, result, environment, elsewhere, documents, note, file, acting } =
        arguments;
    on(CHANGE, &record, Given { request, acting: &acting }, face, |s, call, id| {
        let environment = s.id_if(Kind::Environment, environment.as_ref(), EnvironmentId)?;
        let place = match environment {
            Some(environment) => TestPlace::Environment(environment),
            None => TestPlace::Elsewhere(needed(elsewhere, Label::Place)?),
        };
        let done = TestDone { test, result, place, documents, note, file };
        changes::run_test(&mut s.records, &s.who, call, id, done)
    })
}

fn confirm_after(arguments: ConfirmArguments, request: &str, face: &Face) -> Exit {
    let given = Given { request, acting: &arguments.acting };
    on(CHANGE, &arguments.record, given, face, |s, call, id| {
        let word = word(&s.records, &arguments.spoken)?;
        let shown = shown(s, &arguments)?;
        rollouts::confirm_after(&mut s.records, &s.who, call, id, arguments.assets.clone(), shown, &word)
    })
}

fn shown(session: &Session, arguments: &ConfirmArguments) -> Result<Shown, RecordsError> {
    let (inventories, register) = (arguments.rematch.clone(), arguments.register);
    let text = || needed(arguments.note.clone(), Label::Note);
    if let Some(file) = &arguments.fixed_build {
        return Ok(Shown::FixedBuild { file: file.clone(), text: text()? });
    }
    if let Some(file) = &arguments.effect {
        let review = needed(arguments.review, Label::ReviewOn)?;
        return Ok(Shown::Effect { file: file.clone(), text: text()?, review });
    }
    if inventories.is_empty() && !register {
        return needed(None, Label::Proof);
    }
    match (&arguments.retired, &arguments.successor) {
        (Some(retired), Some(successor)) => {
            let (successor, _) = asset_of_register(&session.records, successor)?;
            Ok(Shown::Replaced { retired: retired.clone(), successor, inventories, register })
        }
        _ => Ok(Shown::Rematch { inventories, register }),
    }
}

/// Says whether the change may be applied now; every blocker if it may not.
fn gate(record: &str, file: Option<&Path>, reading: &Reading, face: &Face) -> Exit {
    let format = reading.format;
    let asked = enter(reading, face).and_then(|session| {
        let id = ChangeId(session.id(Kind::Change, record)?);
        let gate = changes::gate(&session.records, &session.who, &Call::at(clock::now()), id, file)?;
        Ok((session, Stream::new(Kind::Change, id), gate))
    });
    match asked {
        Ok((session, stream, Gate::Open(path))) => {
            if format == TableOrJson::Table {
                let path = face.words.term(path.term());
                say!("{}", face.words.get("cli-gate-open", &[("path", path.as_str().into())]));
            }
            show_stream(&session, stream, false, format, face)
        }
        Ok((session, stream, Gate::Blocked(blockers))) => {
            let refusal = Refusal::new(ReasonCode::GateBlocked).missing(blockers);
            let refused = RecordsError::Refused { about: Some(stream), refusal };
            fail(&refused, Some(&session.records), format, face)
        }
        Err(error) => fail(&error, None, format, face),
    }
}
