//! Use cases on policies: propose from a file, approve, reject, withdraw; and what is in force.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use shindan_domain::case::analysis::UsedRules;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::{Action, Role};
use shindan_domain::policy::{
    ConfirmationInterval, Content, DueDates, DuePolicy, Policy, PolicyKind, PolicyRef, PriorityRules,
    SecondFactor,
};
use shindan_domain::priority::Probability;
use shindan_domain::record_id::PolicyId;
use shindan_formats::policy_proposal::{self, Says, Tables};
use uuid::Uuid;

use super::words_given::WordGiven;
use super::{Call, Done, Entered, Records, RecordsError};
use crate::embedded::{self, Prioritisation};

/// The policies in force.
#[derive(Debug, Default)]
pub(super) struct InForce {
    /// Due dates.
    pub due: Option<DuePolicy>,
    /// Rules for priorities.
    pub rules: Option<(PolicyRef, PriorityRules)>,
    /// Intervals.
    pub intervals: Option<(PolicyRef, ConfirmationInterval)>,
    /// Of whom a second factor is asked.
    pub second_factor: BTreeSet<Role>,
}

impl InForce {
    /// Reads them. Of two policies about the same the one approved last counts, until an approval has settled it.
    pub fn of(policies: &[(Uuid, Policy)]) -> InForce {
        let approved =
            |policy: &Policy| policy.in_force().and_then(|v| v.approval.as_ref().map(|given| given.at));
        let mut sorted: Vec<&(Uuid, Policy)> = policies.iter().collect();
        sorted.sort_by_key(|(_, policy)| approved(policy));
        let mut found = InForce::default();
        for (id, policy) in sorted {
            let id = PolicyId(*id);
            found.due = policy.due_policy(id).or(found.due);
            found.rules = policy.priority_rules(id).map(|(at, rules)| (at, rules.clone())).or(found.rules);
            if let Some(asked) = policy.second_factor() {
                found.second_factor.clone_from(&asked.roles);
            }
            found.intervals = policy.intervals(id).map(|(at, days)| (at, days.clone())).or(found.intervals);
        }
        found
    }

    /// Those of an installation.
    pub fn read(records: &Records) -> Result<InForce, RecordsError> {
        Ok(InForce::of(&records.all::<Policy>()?))
    }

    /// Rules and table, and how an analysis names them. Without an approved policy those that come with the program.
    pub fn prioritisation(&self) -> Result<(Prioritisation, UsedRules), RecordsError> {
        let read = match &self.rules {
            Some((_, rules)) => embedded::read_prioritisation(
                (&rules.rules_id, &rules.rules_text),
                (&rules.table_id, &rules.table_text),
            )?,
            None => embedded::prioritisation()?,
        };
        let used = UsedRules {
            policy: self.rules.as_ref().map(|(policy, _)| *policy),
            rules_id: read.policy.id.clone(),
            rules_version: read.policy.version.clone(),
            table_id: read.table.id().to_owned(),
        };
        Ok((read, used))
    }

    /// From which EPSS on a rise is a surge; only an approved policy says so.
    pub fn surge(&self) -> Option<Probability> {
        self.rules.as_ref()?.1.surge_epss.as_deref()?.parse().ok()
    }
}

/// What is proposed as a policy, where it does not stand in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stated {
    /// 期限
    DueDates(DueDates),
    /// 定期確認の間隔
    ConfirmationInterval(ConfirmationInterval),
    /// 二要素認証
    SecondFactor(SecondFactor),
    /// 優先度の決定表
    DecisionTable {
        /// The file of the rules; `None`: those that come with the program.
        rules: Option<PathBuf>,
        /// The file of the table; `None`: the one that comes with the program.
        table: Option<PathBuf>,
        /// From this EPSS probability on a rise is a surge.
        surge_epss: Option<String>,
    },
}

/// Proposes a policy from its file: a further version if there is a policy about the same.
///
/// # Errors
/// [`RecordsError::Unreadable`] for the file or one that it names; refused for what it says.
pub fn propose(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    file: &Path,
    reason: &str,
) -> Result<Done, RecordsError> {
    propose_content(records, who, call, || read(file), reason)
}

/// Proposes a policy of which title and content are given. No other file is read than those that `stated` names.
///
/// # Errors
/// As [`propose`].
pub fn propose_stated(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    (title, stated): (String, Stated),
    reason: &str,
) -> Result<Done, RecordsError> {
    propose_content(records, who, call, || Ok((title, content(stated)?)), reason)
}

fn propose_content(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    read: impl FnOnce() -> Result<(String, Content), RecordsError>,
    reason: &str,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::ProposePolicy, None, |act| {
        let (title, content) = read()?;
        let reason = reason.trim().to_owned();
        let known = act.records().all::<Policy>()?;
        let same = known.iter().rev().find(|(_, policy)| policy.kind == content.kind());
        if let Some((id, _)) = same {
            act.change::<Policy>(*id, |policy, _| Ok(vec![policy.revise(content, reason)?]))?;
            return Ok(Stream::new(Kind::Policy, *id));
        }
        let refused = |refusal| RecordsError::refused(None, refusal);
        let event = Policy::propose(title, content, reason).map_err(refused)?;
        let id = act.new_id()?;
        act.begin::<Policy>(id, &[event], false)?;
        Ok(Stream::new(Kind::Policy, id))
    })
}

fn read(file: &Path) -> Result<(String, Content), RecordsError> {
    let bytes = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
    let proposal = policy_proposal::read(&bytes).map_err(|error| unreadable(file, &error))?;
    let beside = |name: String| file.parent().unwrap_or(Path::new("")).join(name);
    let stated = match proposal.says {
        Says::DueDates(days) => Stated::DueDates(days),
        Says::ConfirmationInterval(days) => Stated::ConfirmationInterval(days),
        Says::SecondFactor(asked) => Stated::SecondFactor(asked),
        Says::DecisionTable(Tables { rules, table, surge_epss }) => {
            Stated::DecisionTable { rules: rules.map(beside), table: table.map(beside), surge_epss }
        }
    };
    Ok((proposal.title, content(stated)?))
}

fn content(stated: Stated) -> Result<Content, RecordsError> {
    Ok(match stated {
        Stated::DueDates(days) => Content::DueDates(days),
        Stated::ConfirmationInterval(days) => Content::ConfirmationInterval(days),
        Stated::SecondFactor(asked) => Content::SecondFactor(asked),
        Stated::DecisionTable { rules, table, surge_epss } => {
            Content::DecisionTable(tables_of(rules.as_deref(), table.as_deref(), surge_epss)?)
        }
    })
}

fn unreadable(file: &Path, error: &dyn std::fmt::Display) -> RecordsError {
    RecordsError::Unreadable { path: file.to_owned(), reason: error.to_string() }
}

/// Reads rules and table, and holds them against their form before anybody is asked to approve them.
fn tables_of(
    rules: Option<&Path>,
    table: Option<&Path>,
    surge_epss: Option<String>,
) -> Result<PriorityRules, RecordsError> {
    let text = |file: Option<&Path>, shipped: (&str, &str)| -> Result<(String, String), RecordsError> {
        let Some(path) = file else { return Ok((shipped.0.to_owned(), shipped.1.to_owned())) };
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
        Ok((path.display().to_string(), text))
    };
    let rules = text(rules, embedded::RULES)?;
    let table = text(table, embedded::TABLE)?;
    let read = embedded::read_prioritisation((&rules.0, &rules.1), (&table.0, &table.1))?;
    Ok(PriorityRules {
        rules_id: read.policy.id,
        rules_version: read.policy.version,
        table_id: read.table.id().to_owned(),
        rules_text: rules.1,
        table_text: table.1,
        surge_epss,
    })
}

/// Approves the proposed version. In the same act it takes the place of the version in force, and of any other policy
/// about the same.
///
/// # Errors
/// Refused to who proposed it; [`RecordsError::Conflict`].
pub fn approve(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    policy: PolicyId,
    version: Option<u32>,
    given: &WordGiven,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Policy, policy);
    records.act(who, call, given.action(Action::Approve), Some(stream), |act| {
        let word = act.records().word(given, Action::Approve, stream, &act.occurrence)?;
        let state = act.change::<Policy>(policy, |state, by| {
            let proposed = version.or(state.proposed().map(|proposed| proposed.number)).unwrap_or(0);
            Ok(vec![state.approve(proposed, word.clone(), by)?])
        })?;
        let others: Vec<Uuid> = others_in_force(act.records(), state.kind, policy)?;
        for other in others {
            act.change::<Policy>(other, |old, _| Ok(vec![old.withdraw(state.title.clone(), word.clone())?]))?;
        }
        Ok(stream)
    })
}

fn others_in_force(records: &Records, kind: PolicyKind, but: PolicyId) -> Result<Vec<Uuid>, RecordsError> {
    let other =
        |(id, policy): &(Uuid, Policy)| *id != but.0 && policy.kind == kind && policy.in_force().is_some();
    Ok(records.all::<Policy>()?.into_iter().filter(other).map(|(id, _)| id).collect())
}

/// Does not approve the proposed version, or takes one's own proposal back.
///
/// # Errors
/// Refused without a reason, or if none waits.
pub fn reject(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    policy: PolicyId,
    reason: &str,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Policy, policy);
    let own = records.state::<Policy>(policy)?.is_some_and(|(_, state)| {
        state.proposed().is_some_and(|proposed| proposed.proposed_by == who.person())
    });
    let action = if own { Action::ProposePolicy } else { Action::Approve };
    records.act(who, call, action, Some(stream), |act| {
        act.change::<Policy>(policy, |state, _| {
            let proposed = state.proposed().map_or(0, |proposed| proposed.number);
            Ok(vec![state.reject(proposed, reason.trim().to_owned())?])
        })?;
        Ok(stream)
    })
}

/// Ends the version in force without another one.
///
/// # Errors
/// Refused without a reason, or if none is in force.
pub fn withdraw(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    policy: PolicyId,
    reason: &str,
    given: &WordGiven,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Policy, policy);
    records.act(who, call, given.action(Action::Approve), Some(stream), |act| {
        let word = act.records().word(given, Action::Approve, stream, &act.occurrence)?;
        act.change::<Policy>(policy, |state, _| Ok(vec![state.withdraw(reason.trim().to_owned(), word)?]))?;
        Ok(stream)
    })
}
