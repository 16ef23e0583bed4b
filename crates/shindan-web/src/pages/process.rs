//! The way of a record through its process: steps that are done, the one that is next, those ahead; and what is missing, with the
//! form that removes it (UI.md, pages 5 to 7). The order is that of the process; which step is permitted, the use case says.

use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Reason, ReasonCode};
use shindan_report::dates;
use shindan_report::records::RecordPage;
use shindan_report::words::Words;

use crate::address::address;
use crate::forms::steps::Steps;
use crate::frame::Link;

/// A step of the way.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub text: String,
    /// `done`, `here`, `ahead`.
    pub place: &'static str,
    /// When and by whom it was done.
    pub done: Option<(String, String)>,
    /// Its form, if it is next and the person can take it.
    pub form: Option<String>,
    /// Why it is not offered, though it is next.
    pub why: String,
}

/// Something that is missing.
#[derive(Debug, Clone)]
pub(crate) struct Blocker {
    pub text: String,
    /// The step that removes it, if the person can take it.
    pub step: Option<Link>,
    /// Why that is not offered.
    pub why: String,
}

/// Event that ends a step, and the command that takes it.
type Way = &'static [(&'static str, Option<&'static str>)];

const CASE: Way = &[
    ("case.opened", None),
    ("case.judged", Some("judge")),
    ("case.analysed", Some("analyse")),
    ("case.decided", Some("decide")),
    ("case.approved", Some("approve")),
    ("case.confirmed", Some("confirm")),
    ("case.closed", Some("close")),
];
const CHANGE: Way = &[
    ("change.planned", None),
    ("change.patch-chosen", Some("choose-patch")),
    ("change.impact-assessed", Some("assess-impact")),
    ("change.tests-planned", Some("plan-tests")),
    ("change.test-run", Some("run-test")),
    ("change.results-confirmed", Some("confirm-tests")),
    ("change.consented", Some("consent")),
    ("change.applied", Some("apply")),
    ("change.confirmed-after", Some("confirm-after")),
    ("change.closed", Some("close")),
];
const PATCH: Way = &[
    ("patch.registered", None),
    ("patch.verified", Some("verify")),
    ("patch.effect-tested", Some("show-effect")),
    ("patch.effect-confirmed", Some("confirm-effect")),
];

/// Events after which the way begins again behind the first step.
const AGAIN: &[&str] = &["case.reopened", "patch.file-replaced"];

fn way(kind: Kind) -> Way {
    match kind {
        Kind::Case => CASE,
        Kind::Change => CHANGE,
        Kind::Patch => PATCH,
        _ => &[],
    }
}

/// The way of a record; empty for kinds that have none.
pub(crate) fn stages(page: &RecordPage, steps: &Steps, w: &Words) -> Vec<Stage> {
    let way = way(page.stream.kind);
    let name = |person| page.names.people.get(&person).cloned().unwrap_or_else(|| w.t("records-name-erased"));
    let again = page.history.iter().rposition(|line| AGAIN.contains(&line.event.as_str()));
    let done = |at: usize, event: &str| {
        let from = if at == 0 { 0 } else { again.unwrap_or(0) };
        let last = page.history.iter().skip(from).rev().find(|line| line.event == event)?;
        Some((dates::minute(last.at, w), name(last.person)))
    };
    let all: Vec<_> = way.iter().enumerate().map(|(at, (event, _))| done(at, event)).collect();
    // What was left out on the way (an inherited decision, a repair by setting) is behind, too; where the record says what it
    // waits for, that step is next.
    let reached = all.iter().rposition(Option::is_some).map_or(0, |at| at + 1);
    let waits = page.view.next.iter().find_map(|reason| removes(page.stream.kind, reason));
    let next = waits.and_then(|command| way.iter().position(|(_, known)| *known == Some(command)));
    let next = next.unwrap_or(reached);
    let ended = page.view.next.is_empty();
    let stage = |at: usize, event: &str, command: Option<&str>, done: Option<(String, String)>| {
        let form = command
            // The step that the record waits for; where something else is missing first, that stands at the gate.
            .filter(|name| at == next && !ended && waits == Some(*name))
            .filter(|name| shindan_server::desk::command(page.stream.kind, Some(name)).is_some())
            .map(|name| form(page.stream, name));
        let (form, why) = offered(form, steps);
        Stage {
            text: w.event(event),
            place: match at {
                _ if at == next && !ended => "here",
                _ if at < next || done.is_some() => "done",
                _ => "ahead",
            },
            form,
            why,
            done,
        }
    };
    let steps = way.iter().zip(all).enumerate();
    steps.map(|(at, ((event, command), done))| stage(at, event, *command, done)).collect()
}

/// A form that the person can use, or why they cannot.
fn offered(form: Option<String>, steps: &Steps) -> (Option<String>, String) {
    match form.map(|form| (steps.offers(&form), form)) {
        Some((Ok(()), form)) => (Some(form), String::new()),
        Some((Err(why), _)) => (None, why),
        None => (None, String::new()),
    }
}

fn form(stream: Stream, command: &str) -> String {
    format!("{}/do/{command}", address(stream))
}

/// What is missing, each with the step that removes it where one does.
pub(crate) fn blockers(stream: Stream, missing: &[Reason], steps: &Steps, w: &Words) -> Vec<Blocker> {
    let blocker = |reason: &Reason| {
        let command = removes(stream.kind, reason);
        let command = command.filter(|name| shindan_server::desk::command(stream.kind, Some(name)).is_some());
        let (form, why) = offered(command.map(|name| form(stream, name)), steps);
        let step = form.zip(command);
        let step = step.map(|(form, name)| Link::new(w.t(&format!("form-{}-{name}", stream.kind)), form));
        Blocker { text: w.reason(reason), step, why }
    };
    missing.iter().map(blocker).collect()
}

/// The command that removes what is missing.
fn removes(kind: Kind, reason: &Reason) -> Option<&'static str> {
    use ReasonCode as R;
    let command = match (kind, reason.code) {
        // An asset waits for its application, or for what comes after it.
        (Kind::Change, R::AssetNotSettled) => match reason.params.get("progress").map(String::as_str) {
            Some("applied") => "confirm-after",
            Some("pending") => "apply",
            _ => return None,
        },
        (Kind::Case, R::ToBeJudged) => "judge",
        (Kind::Case, R::ToBeAnalysed | R::AnalysisOutdated) => "analyse",
        (Kind::Case, R::ToBeDecided) => "decide",
        (Kind::Case, R::ToBeApproved) => "approve",
        (Kind::Case, R::ToBeConfirmed) => "confirm",
        (Kind::Case, R::ToBeClosed) => "close",
        (Kind::Case, R::DueNotSet) => "set-due",
        (Kind::Case, R::ProofOfEffectMissing) => "show-effect",
        (Kind::Case, R::ProofOfFixMissing | R::ProofOfPatchMissing) => "prove-fixed",
        (Kind::Case, R::ProofOfReplacementMissing) => "replace",
        (Kind::Change, R::PatchMissing) => "choose-patch",
        (Kind::Change, R::ImpactNotAssessed) => "assess-impact",
        (Kind::Change, R::TestsNotPlanned | R::NoMandatoryTest) => "plan-tests",
        (Kind::Change, R::TestNotRun | R::TestFailed) => "run-test",
        (Kind::Change, R::TestsNotConfirmed) => "confirm-tests",
        (Kind::Change, R::ConsentMissing | R::ConsentIsWithdrawn) => "consent",
        (Kind::Change, R::EmergencyNotApproved) => "approve-emergency",
        (Kind::Change, R::NotYetApplied) => "apply",
        (Kind::Change, R::NotYetClosed) => "close",
        (Kind::Patch, R::PatchNotVerified | R::PatchUnreadable | R::PatchKeyNotAcceptable) => "verify",
        (Kind::Patch, R::PatchWithoutMeans) => "propose-alternative",
        (Kind::Patch, R::PatchAlternativeNotApproved) => "approve-alternative",
        (Kind::Patch, R::PatchEffectNotProven) => "show-effect",
        (Kind::Patch, R::PatchEffectNotConfirmed) => "confirm-effect",
        (Kind::Patch, R::PatchQuarantined) => "replace-file",
        _ => return None,
    };
    Some(command)
}
