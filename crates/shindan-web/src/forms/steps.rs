//! The steps of a record: what the person can do, and what needs another role. Rare ones stand behind a fold.

use shindan_domain::ledger::Stream;
use shindan_server::desk;

use super::permits;
use crate::frame::Link;
use crate::visit::{Visit, address};

/// The steps of a record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Steps {
    /// What the person can do now.
    pub own: Vec<Link>,
    /// What can be done seldom: corrections, endings.
    pub rare: Vec<Link>,
    /// What others do: the step, and the roles that it needs.
    pub others: Vec<(String, String)>,
}

impl Steps {
    /// Whether there is nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.own.is_empty() && self.rare.is_empty() && self.others.is_empty()
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
pub(crate) fn of(visit: &Visit<'_, '_>, stream: Stream) -> Steps {
    let mut steps = Steps::default();
    for command in desk::commands().iter().filter(|command| command.kind == stream.kind) {
        let Some(name) = command.name else { continue };
        let text = visit.w.t(&format!("form-{}-{name}", stream.kind));
        let roles = permits::roles(permits::needed(stream.kind, Some(name)));
        if visit.has(&roles) {
            let link = Link::new(text, format!("{}/do/{name}", address(stream)));
            if RARE.contains(&name) { steps.rare.push(link) } else { steps.own.push(link) }
        } else {
            let roles = roles.iter().map(|role| visit.w.term(role.term())).collect::<Vec<_>>();
            let roles = roles.join(" / ");
            steps.others.push((text, visit.w.get("web-steps-needs", &[("roles", roles.as_str().into())])));
        }
    }
    steps
}
