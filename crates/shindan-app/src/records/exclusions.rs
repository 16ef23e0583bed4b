//! Use cases on exclusions: that a control does not apply is proposed with a reason and an end, and approved by another person.

use jiff::civil::Date;
use shindan_domain::control::{CONTROLS, Exclusion, REQUIREMENTS};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{ReasonCode, Refusal};

use super::words_given::WordGiven;
use super::{Call, Done, Entered, Records, RecordsError};

/// Proposes that a control or requirement does not apply.
///
/// # Errors
/// Refused for a control that no catalogue has ([`ReasonCode::ControlUnknown`]), and as [`Exclusion::propose`].
pub fn propose(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    control: &str,
    (reason, until): (&str, Date),
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::Manage, None, |act| {
        let refused = |refusal| RecordsError::refused(None, refusal);
        let control = control.trim().to_owned();
        if !CONTROLS.into_iter().chain(REQUIREMENTS).any(|known| known == control) {
            return Err(refused(Refusal::new(ReasonCode::ControlUnknown).with("value", control)));
        }
        let reason = reason.trim().to_owned();
        let event = Exclusion::propose(control, reason, until, &act.occurrence).map_err(refused)?;
        let id = act.new_id()?;
        act.begin::<Exclusion>(id, &[event], true)?;
        Ok(Stream::new(Kind::Control, id))
    })
}

/// Approves an exclusion.
///
/// # Errors
/// Refused to who proposed it.
pub fn approve(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    stream: Stream,
    given: &WordGiven,
) -> Result<Done, RecordsError> {
    records.act(who, call, given.action(Action::Approve), Some(stream), |act| {
        let word = act.records().word(given, Action::Approve, stream, &act.occurrence)?;
        act.change::<Exclusion>(stream.id, |state, by| Ok(vec![state.approve(word, by)?]))?;
        Ok(stream)
    })
}

/// Does not approve an exclusion, or takes one's own proposal back.
///
/// # Errors
/// Refused without a reason, or if it does not wait.
pub fn reject(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    stream: Stream,
    reason: &str,
) -> Result<Done, RecordsError> {
    let own = records.state::<Exclusion>(stream.id)?.is_some_and(|(_, one)| one.proposed_by == who.person());
    let action = if own { Action::Manage } else { Action::Approve };
    records.act(who, call, action, Some(stream), |act| {
        act.change::<Exclusion>(stream.id, |state, _| Ok(vec![state.reject(reason.trim().to_owned())?]))?;
        Ok(stream)
    })
}

/// Takes an exclusion back: the control applies again.
///
/// # Errors
/// Refused without a reason, or if it is not in force.
pub fn withdraw(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    stream: Stream,
    reason: &str,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::Manage, Some(stream), |act| {
        act.change::<Exclusion>(stream.id, |state, _| Ok(vec![state.withdraw(reason.trim().to_owned())?]))?;
        Ok(stream)
    })
}
