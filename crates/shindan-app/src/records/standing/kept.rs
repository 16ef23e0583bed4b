//! Records that are kept up: agreements, policies, devices, sources, what is sighted, partners, assessments, the organisation.

use shindan_domain::agreement::{Agreement, AgreementStage, Cause, CauseKind, Remark, Stance};
use shindan_domain::approval::Word;
use shindan_domain::assessment::{Assessment, AssessmentPlan, ClinicalNetwork, ScanFinding};
use shindan_domain::collect::{Source, SourceCheck};
use shindan_domain::control::Exclusion;
use shindan_domain::device::{Device, DisconnectionMeans, DisconnectionOrder, StopKind};
use shindan_domain::exchange::{Compared, Exchange};
use shindan_domain::inquiry::Way;
use shindan_domain::interface::Interface;
use shindan_domain::ledger::Kind;
use shindan_domain::organisation::{
    Asset, Deployment, Environment, MasterData, Particulars, Party, Product, Release, Site, System,
};
use shindan_domain::people::Person;
use shindan_domain::policy::Policy;
use shindan_domain::process::ReasonCode;
use shindan_domain::sighting::{Resolution, Sighting};
use shindan_domain::step::Spoken;

use super::{Answers, Asking, any, document, read, said, text, unless_ended};
use crate::records::RecordsError;

pub(super) fn agreement(asking: &Asking<'_>, agreement: &Agreement) -> Result<Answers, RecordsError> {
    let by = &asking.by;
    let between = asking.records.between(agreement.system)?;
    let content = &agreement.content;
    let edit = || unless_ended(agreement.set_dates(content.from, content.review, between));
    let remark = |party: &str| Remark {
        party: party.to_owned(),
        stance: Stance::Agreed,
        comment: text(),
        way: Way::Meeting,
        on: shindan_domain::calendar::day(by.at),
        document: None,
    };
    let duty = content.duties.first().map(|duty| duty.key.clone()).unwrap_or_default();
    let party = content.parties.first().map(|member| member.name.clone()).unwrap_or_default();
    let said_about = || said(agreement.discuss(duty.clone(), remark(&party), by));
    let confirm = |name: &str| {
        let spoken = Spoken { word: Word::Software, giver_party: agreement.bound.get(name).copied() };
        said(agreement.confirm(name.to_owned(), content.hash(), spoken, between, by))
    };
    let confirmed = any(content.signatories().map(|one| confirm(&one.name)), ReasonCode::StepOutOfOrder);
    let cause = Cause { kind: CauseKind::Other, asset: None, text: text() };
    let ended = matches!(agreement.stage, AgreementStage::Ended { .. });
    let taken = if ended { said(agreement.end(text())) } else { Ok(()) };
    let mut answers: Answers = EDITS.iter().map(|name| (*name, edit())).collect();
    answers.extend([
        ("propose", said(agreement.propose(between, by))),
        ("withdraw", said(agreement.withdraw(text()))),
        ("discuss", said_about()),
        ("agree", said_about()),
        ("confirm", confirmed),
        ("revise", said(agreement.revise(content.from, asking.ahead(), text(), by))),
        ("reopen", said(agreement.reopen(cause))),
        ("take", taken),
        ("end", said(agreement.end(text()))),
    ]);
    Ok(answers)
}

/// Commands that write the content of an agreement: what one of them is answered by the stage, each is.
const EDITS: &[&str] =
    &["add-party", "remove-party", "add-duty", "change-duty", "remove-duty", "assign", "dates"];

pub(super) fn policy(asking: &Asking<'_>, policy: &Policy) -> Result<Answers, RecordsError> {
    let by = &asking.by;
    let number = policy
        .proposed()
        .map_or_else(|| policy.versions.last().map_or(0, |version| version.number), |version| version.number);
    Ok(vec![
        ("approve", said(policy.approve(number, Word::Software, by))),
        ("reject", said(policy.reject(number, text()))),
        ("withdraw", said(policy.withdraw(text(), Word::Software))),
    ])
}

pub(super) fn exclusion(asking: &Asking<'_>, exclusion: &Exclusion) -> Result<Answers, RecordsError> {
    Ok(vec![
        ("approve", said(exclusion.approve(Word::Software, &asking.by))),
        ("reject", said(exclusion.reject(text()))),
        ("withdraw", said(exclusion.withdraw(text()))),
    ])
}

/// Commands that write into the dossier of a device.
const DOSSIER: &[&str] =
    &["change", "set-line", "inform", "state-use", "analyse", "plan-updates", "record-update", "write-rule"];

pub(super) fn device(asking: &Asking<'_>, device: &Device) -> Result<Answers, RecordsError> {
    let by = &asking.by;
    let order = DisconnectionOrder {
        means: DisconnectionMeans::CableRemoved,
        how: text(),
        documents: vec![document()],
        checked: by.at,
    };
    let kept = || unless_ended(device.change(device.particulars(), text()));
    let today = shindan_domain::calendar::day(by.at);
    let mut answers: Answers = DOSSIER.iter().map(|name| (*name, kept())).collect();
    answers.extend([
        ("approve-rule", said(device.approve_rule(Word::Software, by))),
        ("send-rule-back", said(device.send_rule_back(text()))),
        ("stop", said(device.stop(StopKind::Stopped, text(), by.at, by))),
        ("confirm-disconnected", said(device.confirm_disconnected(order, Word::Software, by))),
        ("back-in-use", said(device.back_in_use(text()))),
        ("dispose", said(device.dispose(text(), Vec::new(), today, by))),
    ]);
    Ok(answers)
}

pub(super) fn source(source: &Source) -> Result<Answers, RecordsError> {
    let going_on = || unless_ended(source.change(source.draft.clone(), text()));
    Ok(vec![
        ("change", going_on()),
        ("pause", said(source.pause(text()))),
        ("resume", said(source.resume())),
        ("check", going_on()),
        ("end", said(source.end(text()))),
    ])
}

pub(super) fn check(check: &SourceCheck) -> Result<Answers, RecordsError> {
    Ok(vec![("confirm", said(check.confirm(Some(text()))))])
}

pub(super) fn sighting(asking: &Asking<'_>, sighting: &Sighting) -> Result<Answers, RecordsError> {
    let by = &asking.by;
    let device = || Some((text(), text()));
    let closed = any(
        Resolution::ALL.iter().map(|how| said(sighting.resolve(*how, Some(by.at)))),
        ReasonCode::StepOutOfOrder,
    );
    Ok(vec![
        ("explain", said(sighting.explain(text(), asking.ahead(), Vec::new(), by))),
        ("register", said(sighting.register(device()))),
        ("close", closed),
    ])
}

pub(super) fn exchange(asking: &Asking<'_>, exchange: &Exchange) -> Result<Answers, RecordsError> {
    let by = &asking.by;
    let typed = exchange.proposed_key().map(|key| key.card.fingerprint().to_string());
    let confirmed = exchange.confirm(&typed.unwrap_or_default(), Compared::Meeting, Word::Software, by);
    Ok(vec![("confirm", said(confirmed)), ("revoke", said(exchange.revoke(None, text())))])
}

pub(super) fn interface(interface: &Interface) -> Result<Answers, RecordsError> {
    let going_on = || unless_ended(interface.change(interface.draft.clone(), text(), interface.case));
    Ok(vec![("change", going_on()), ("test", going_on()), ("end", said(interface.end(text())))])
}

/// Commands on a plan that goes on.
const PLAN: &[&str] = &["change", "state-deliverable", "drop-deliverable", "trigger", "join", "separate"];

pub(super) fn plan(plan: &AssessmentPlan) -> Result<Answers, RecordsError> {
    let going_on = || unless_ended(plan.change(plan.draft.clone(), text()));
    let mut answers: Answers = PLAN.iter().map(|name| (*name, going_on())).collect();
    answers.push(("end", said(plan.end(text()))));
    Ok(answers)
}

pub(super) fn assessment(asking: &Asking<'_>, run: &Assessment) -> Result<Answers, RecordsError> {
    let (by, ahead) = (&asking.by, asking.ahead());
    let period = (shindan_domain::calendar::day(by.at), ahead);
    let institution = (asking.some_party(), document());
    let reports = run.reports.iter().filter(|report| report.is_flagged());
    let explained =
        reports.map(|report| said(run.explain(report.document.clone(), text(), Word::Software, by)));
    let targets = run.order.targets.iter();
    let targets = targets.map(|target| said(run.explain_target(target.clone(), text(), Word::Software, by)));
    Ok(vec![
        ("ask-exception", said(run.ask_exception(text(), institution, period, by))),
        ("approve-exception", said(run.approve_exception(Word::Software, by))),
        ("start", said(run.startable(by))),
        ("import-reports", said(run.takes_reports())),
        ("explain", any(explained.chain(targets), ReasonCode::ReportNotFlagged)),
        ("close", said(run.close(text(), (None, 0)))),
        ("cancel", said(run.cancel(text()))),
    ])
}

pub(super) fn finding(asking: &Asking<'_>, finding: &ScanFinding) -> Result<Answers, RecordsError> {
    Ok(vec![
        ("approve", said(finding.approve(Word::Software, &asking.by))),
        ("reject", said(finding.reject(text()))),
        ("withdraw", said(finding.withdraw(text()))),
    ])
}

pub(super) fn person(person: &Person) -> Result<Answers, RecordsError> {
    // Whether another administrator is left, the step itself looks up.
    Ok(vec![("deactivate", said(person.deactivate(text(), 1)))])
}

/// What of the organisation is kept by entering, changing and ending.
pub(super) fn organisation(kind: Kind, state: &[u8]) -> Result<Answers, RecordsError> {
    match kind {
        Kind::Party => master::<Party>(state, &["pin-key", "withdraw-key"]),
        Kind::Site => master::<Site>(state, &[]),
        Kind::System => master::<System>(state, &[]),
        Kind::Environment => master::<Environment>(state, &["permit-target"]),
        Kind::Product => master::<Product>(state, &[]),
        Kind::Release => master::<Release>(state, &["add-sbom"]),
        Kind::Deployment => master::<Deployment>(state, &["override"]),
        Kind::Asset => master::<Asset>(state, &[]),
        Kind::ClinicalNetwork => {
            let network: ClinicalNetwork = read(state)?;
            Ok(vec![("unmark", said(network.unmark(text())))])
        }
        _ => Ok(Vec::new()),
    }
}

fn master<T: Particulars>(state: &[u8], more: &[&'static str]) -> Result<Answers, RecordsError> {
    let record: MasterData<T> = read(state)?;
    let current = || unless_ended(record.change(record.particulars.clone(), text()));
    let mut answers: Answers = vec![("change", current()), ("end", said(record.end(text())))];
    answers.extend(more.iter().map(|name| (*name, current())));
    Ok(answers)
}
