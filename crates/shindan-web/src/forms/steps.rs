//! The steps of a record: what the person can do now, and of the others why they cannot – another role, another person, the state. What
//! stands against a step, the process says (`records::standing`). Rare ones stand behind a fold.

use shindan_app::records::standing::{self, Against};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Reason, ReasonCode, Refusal};
use shindan_report::words::Words;
use shindan_server::desk;
use shindan_server::problem::Problem;

use super::permits;
use crate::address::address;
use crate::frame::Link;
use crate::visit::Visit;

/// The steps of a record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Steps {
    /// What the person can do now.
    pub own: Vec<Link>,
    /// What can be done seldom: corrections, endings.
    pub rare: Vec<Link>,
    /// What others do.
    pub others: Vec<Waiting>,
    /// What the state does not let anybody do now.
    pub later: Vec<Waiting>,
}

/// A step that is not offered, and why.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub text: String,
    /// Where its form stands.
    pub form: String,
    pub why: String,
    /// What would have to be there before.
    pub missing: Vec<String>,
    /// The form, where the word of somebody else can be recorded there.
    pub on_paper: Option<Link>,
}

impl Steps {
    /// Whether there is nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.own.is_empty() && self.rare.is_empty() && self.others.is_empty() && self.later.is_empty()
    }
}

impl Steps {
    /// Whether the step with this form is offered; else why not, if that is known.
    pub(crate) fn offers(&self, form: &str) -> Result<(), String> {
        if self.own.iter().chain(&self.rare).any(|link| link.address == form) {
            return Ok(());
        }
        let waiting = self.others.iter().chain(&self.later).find(|step| step.form == form);
        Err(waiting.map(|step| step.why.clone()).unwrap_or_default())
    }
}

/// Steps that are seldom taken, though nothing is wrong with them.
const RARE: &[&str] = &[
    "cancel",
    "cannot-apply",
    "change",
    "correct",
    "deactivate",
    "drop-deliverable",
    "end",
    "erase-name",
    "give-up",
    "give-up-waiting",
    "inherit",
    "override",
    "pause",
    "remove-duty",
    "remove-party",
    "remove-target",
    "rename",
    "reopen",
    "replace-file",
    "revoke",
    "roll-back",
    "separate",
    "set-due",
    "unmark",
    "void-sent",
    "withdraw",
    "withdraw-consent",
    "withdraw-key",
    "withdraw-token",
];

/// The steps of this record, in the order of its life.
///
/// # Errors
/// Those of reading the record.
pub(crate) fn of(visit: &Visit<'_, '_>, stream: Stream) -> Result<Steps, Problem> {
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let standing = standing::standing(records, who, stream, visit.session.call.now);
    let mut standing = standing.map_err(|error| visit.session.problem(error))?;
    let mut steps = Steps::default();
    for command in desk::commands().iter().filter(|command| command.kind == stream.kind) {
        let Some(name) = command.name else { continue };
        let link = Link::new(
            visit.w.t(&format!("form-{}-{name}", stream.kind)),
            format!("{}/do/{name}", address(stream)),
        );
        let against = standing.remove(name).flatten();
        let needed = permits::needed(stream.kind, Some(name));
        let roles = permits::roles(needed);
        if let Some(Against::State(refusal)) = &against {
            steps.later.push(Waiting::told(link, refusal, &visit.w));
        } else if !visit.has(&roles) {
            let roles = roles.iter().map(|role| visit.w.term(role.term())).collect::<Vec<_>>();
            let why = visit.w.get("web-steps-needs", &[("roles", roles.join(" / ").as_str().into())]);
            steps.others.push(Waiting::of(link, why));
        } else if !may(visit, needed) {
            let why = visit.w.reason(&Reason::new(ReasonCode::TokenReadsOnly));
            steps.others.push(Waiting::of(link, why));
        } else if let Some(Against::Person(refusal)) = &against {
            let paper = command.form()["properties"]["paper"].is_object();
            let mut waiting = Waiting::told(link.clone(), refusal, &visit.w);
            waiting.on_paper = paper.then(|| Link::new(visit.w.t("web-steps-on-paper"), link.address));
            steps.others.push(waiting);
        } else if RARE.contains(&name) {
            steps.rare.push(link);
        } else {
            steps.own.push(link);
        }
    }
    // What the record can begin anew stands among its steps.
    if stream.kind == Kind::Policy && visit.has(&permits::roles(permits::needed(stream.kind, None))) {
        let text = visit.w.t("web-steps-further-version");
        steps.own.push(Link::new(text, format!("/records/policy/new?from={}", stream.id)));
    }
    Ok(steps)
}

/// Whether the way in which the person came permits one of these.
fn may(visit: &Visit<'_, '_>, needed: &[Action]) -> bool {
    needed.iter().any(|action| visit.session.who.permit(*action).is_ok())
}

impl Waiting {
    fn of(link: Link, why: String) -> Waiting {
        Waiting { text: link.text, form: link.address, why, missing: Vec::new(), on_paper: None }
    }

    fn told(link: Link, refusal: &Refusal, w: &Words) -> Waiting {
        let missing = refusal.missing.iter().map(|reason| w.reason(reason)).collect();
        Waiting { missing, ..Waiting::of(link, w.reason(&refusal.reason)) }
    }
}
