//! How a person logs in to the browser, as far as it may be known: when, never what. Passwords, codes and secrets stand in tables
//! beside the ledger (`shindan-store`, `accounts.rs`), written in the same transaction.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Person, PersonEvent};
use crate::process::{Label, Occurrence, ReasonCode, Refusal};

/// When a person got what they log in with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Since when they have their password, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_set_at: Option<Timestamp>,
    /// Until when an invitation can be used that was not used yet, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_until: Option<Timestamp>,
    /// Since when they are asked for a code of an authenticator app, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp_since: Option<Timestamp>,
    /// Since when they have their recovery codes, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_codes_at: Option<Timestamp>,
}

impl Account {
    /// True if the person cannot log in to the browser and was not invited to.
    pub fn is_none(&self) -> bool {
        *self == Account::default()
    }

    pub(super) fn apply(&mut self, event: &PersonEvent, at: Timestamp) {
        match event {
            PersonEvent::PasswordSet => {
                self.password_set_at = Some(at);
                self.invited_until = None;
            }
            PersonEvent::Invited { until } => self.invited_until = Some(*until),
            PersonEvent::TotpEnrolled => self.totp_since = Some(at),
            PersonEvent::TotpRemoved => {
                self.totp_since = None;
                self.recovery_codes_at = None;
            }
            PersonEvent::RecoveryCodesIssued { .. } => self.recovery_codes_at = Some(at),
            _ => {}
        }
    }
}

impl Person {
    /// Sets a password; whether it is good enough, [`super::password::fits`] says.
    ///
    /// # Errors
    /// [`ReasonCode::PersonInactive`].
    pub fn set_password(&self) -> Result<PersonEvent, Refusal> {
        self.active()?;
        Ok(PersonEvent::PasswordSet)
    }

    /// Gives a code with which the person chooses a password. One that was given before ends.
    ///
    /// # Errors
    /// [`ReasonCode::PersonInactive`], [`ReasonCode::DateNotInFuture`].
    pub fn invite(&self, until: Timestamp, by: &Occurrence) -> Result<PersonEvent, Refusal> {
        self.active()?;
        if until <= by.at {
            let refusal = Refusal::new(ReasonCode::DateNotInFuture);
            return Err(refusal.with("field", Label::InvitedUntil.as_str()).with("date", until));
        }
        Ok(PersonEvent::Invited { until })
    }

    /// Chooses a password with an invitation.
    ///
    /// # Errors
    /// [`ReasonCode::PersonInactive`], [`ReasonCode::InvitationInvalid`] if there is none, or its time is over.
    pub fn accept_invitation(&self, by: &Occurrence) -> Result<PersonEvent, Refusal> {
        self.active()?;
        match self.account.invited_until {
            Some(until) if by.at < until => Ok(PersonEvent::PasswordSet),
            _ => Err(Refusal::new(ReasonCode::InvitationInvalid)),
        }
    }

    /// Asks for a code of an authenticator app from now on, and gives recovery codes for when the app is lost.
    ///
    /// # Errors
    /// [`ReasonCode::PersonInactive`], [`ReasonCode::TotpAlready`], [`ReasonCode::PasswordMissing`]: a second factor needs a first.
    pub fn enrol_totp(&self, recovery_codes: u32) -> Result<Vec<PersonEvent>, Refusal> {
        self.may_enrol_totp()?;
        Ok(vec![PersonEvent::TotpEnrolled, PersonEvent::RecoveryCodesIssued { count: recovery_codes }])
    }

    /// Whether an authenticator app can be set up.
    ///
    /// # Errors
    /// As [`Person::enrol_totp`].
    pub fn may_enrol_totp(&self) -> Result<(), Refusal> {
        self.active()?;
        if self.account.totp_since.is_some() {
            return Err(Refusal::new(ReasonCode::TotpAlready));
        }
        if self.account.password_set_at.is_none() {
            return Err(Refusal::new(ReasonCode::PasswordMissing));
        }
        Ok(())
    }

    /// Does not ask for a code any more.
    ///
    /// # Errors
    /// [`ReasonCode::TotpMissing`].
    pub fn remove_totp(&self) -> Result<PersonEvent, Refusal> {
        match self.account.totp_since {
            Some(_) => Ok(PersonEvent::TotpRemoved),
            None => Err(Refusal::new(ReasonCode::TotpMissing)),
        }
    }

    /// Gives new recovery codes; those before end.
    ///
    /// # Errors
    /// [`ReasonCode::PersonInactive`], [`ReasonCode::TotpMissing`].
    pub fn issue_recovery_codes(&self, count: u32) -> Result<PersonEvent, Refusal> {
        self.active()?;
        self.remove_totp()?;
        Ok(PersonEvent::RecoveryCodesIssued { count })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::Role;
    use super::*;
    use crate::model::by;
    use crate::process::{Process, fold};

    fn after(events: &[PersonEvent]) -> Person {
        let registered = Person::register(None, BTreeSet::from([Role::Operator])).unwrap();
        let events: Vec<_> = std::iter::once(registered).chain(events.iter().cloned()).collect();
        fold(None, &events, &by(7, 1)).unwrap().unwrap()
    }

    fn code(refused: Result<impl std::fmt::Debug, Refusal>) -> ReasonCode {
        refused.unwrap_err().reason.code
    }

    #[test]
    fn an_invitation_is_used_once_and_in_time() {
        let until = by(7, 60).at;
        let invited = after(&[PersonEvent::Invited { until }]);
        assert!(invited.accept_invitation(&by(7, 59)).is_ok());
        assert_eq!(code(invited.accept_invitation(&by(7, 60))), ReasonCode::InvitationInvalid);
        let used = after(&[PersonEvent::Invited { until }, PersonEvent::PasswordSet]);
        assert_eq!(code(used.accept_invitation(&by(7, 2))), ReasonCode::InvitationInvalid);
        assert_eq!(code(used.invite(until, &by(7, 60))), ReasonCode::DateNotInFuture);
    }

    #[test]
    fn a_second_factor_needs_a_first_and_is_set_up_once() {
        assert_eq!(code(after(&[]).enrol_totp(10)), ReasonCode::PasswordMissing);
        let with_password = after(&[PersonEvent::PasswordSet]);
        let enrolled = with_password.enrol_totp(10).unwrap();
        let mut events = vec![PersonEvent::PasswordSet];
        events.extend(enrolled);
        let person = after(&events);
        assert_eq!(code(person.enrol_totp(10)), ReasonCode::TotpAlready);
        assert!(person.issue_recovery_codes(10).is_ok());
        events.push(person.remove_totp().unwrap());
        let without = after(&events);
        assert_eq!(code(without.remove_totp()), ReasonCode::TotpMissing);
        assert_eq!(code(without.issue_recovery_codes(10)), ReasonCode::TotpMissing);
        assert_eq!(without.account.recovery_codes_at, None);
    }

    #[test]
    fn who_is_inactive_cannot_get_an_account() {
        let left = after(&[PersonEvent::PasswordSet, PersonEvent::Deactivated { reason: "left".to_owned() }]);
        assert!(left.account.is_none());
        assert_eq!(code(left.set_password()), ReasonCode::PersonInactive);
        assert_eq!(code(left.invite(by(7, 9).at, &by(7, 2))), ReasonCode::PersonInactive);
    }

    #[test]
    fn the_state_of_a_person_without_account_is_written_as_before() {
        let state = serde_json::to_value(after(&[])).unwrap();
        assert!(state.get("account").is_none(), "older ledgers give the same states");
        let events = [PersonEvent::PasswordSet, PersonEvent::TotpEnrolled];
        for event in &events {
            let encoded = crate::process::encode::<Person>(event).unwrap();
            let again =
                crate::process::decode::<Person>(&encoded.event, encoded.version, &encoded.payload).unwrap();
            assert_eq!(again, *event);
        }
        assert_eq!(Person::KIND.as_str(), "person");
    }
}
