//! A person: roles and tokens over time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Account, IssuedToken, Role, Scope};
use crate::ledger::{Kind, Stream};
use crate::process::{
    Event, Filed, Label, Occurrence, OutOfOrder, Process, ReasonCode, Refusal, Shown, View, text_given,
};
use crate::record_id::{PartyId, TokenId};
use crate::terms;

terms! {
    /// Whether a person can act.
    pub enum PersonState ("person-state") {
        /// Can act.
        Active = "active",
        /// Left, or is not to act any more. Their past acts stay theirs.
        Inactive = "inactive",
    }
}

/// What can happen to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonEvent {
    /// Was entered.
    Registered {
        /// For whom they work; `None`: the operator of this installation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        party: Option<PartyId>,
        /// First roles.
        roles: BTreeSet<Role>,
    },
    /// Got a role.
    RoleGranted {
        /// Which.
        role: Role,
    },
    /// Lost a role.
    RoleRevoked {
        /// Which.
        role: Role,
    },
    /// Got a token.
    TokenIssued {
        /// The token.
        token: IssuedToken,
    },
    /// A token was withdrawn.
    TokenRevoked {
        /// Which.
        token: TokenId,
    },
    /// Works for this party from now on.
    PartySet {
        /// Which.
        party: PartyId,
    },
    /// Is not to act any more; all tokens and sessions end.
    Deactivated {
        /// Why.
        reason: String,
    },
    /// Has a new password; it stands elsewhere.
    PasswordSet,
    /// Got a code with which they choose a password, once.
    Invited {
        /// Until when it can be used, UTC.
        until: Timestamp,
    },
    /// Is asked for a code of an authenticator app from now on.
    TotpEnrolled,
    /// Is not asked for it any more; recovery codes end.
    TotpRemoved,
    /// Got recovery codes; those before end.
    RecoveryCodesIssued {
        /// How many.
        count: u32,
    },
}

impl Event for PersonEvent {}

/// A person. The name stands elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Whether they can act.
    pub state: PersonState,
    /// For whom they work.
    pub party: Option<PartyId>,
    /// What they may do.
    pub roles: BTreeSet<Role>,
    /// Tokens that were not withdrawn; they may have expired.
    pub tokens: BTreeMap<TokenId, IssuedToken>,
    /// How they log in to the browser; nothing secret.
    #[serde(default, skip_serializing_if = "Account::is_none")]
    pub account: Account,
}

impl Person {
    /// Enters a person.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`] without any role: such a person could do nothing.
    pub fn register(party: Option<PartyId>, roles: BTreeSet<Role>) -> Result<PersonEvent, Refusal> {
        if roles.is_empty() {
            return Err(Refusal::new(ReasonCode::TextMissing).with("field", Label::Roles.as_str()));
        }
        Ok(PersonEvent::Registered { party, roles })
    }

    /// Refuses what only somebody who can act may do.
    pub(super) fn active(&self) -> Result<(), Refusal> {
        match self.state {
            PersonState::Active => Ok(()),
            PersonState::Inactive => Err(Refusal::new(ReasonCode::PersonInactive)),
        }
    }

    /// Gives a role.
    ///
    /// # Errors
    /// [`ReasonCode::RoleUnchanged`], [`ReasonCode::PersonInactive`].
    pub fn grant(&self, role: Role) -> Result<PersonEvent, Refusal> {
        self.active()?;
        if self.roles.contains(&role) {
            return Err(Refusal::new(ReasonCode::RoleUnchanged).with("role", role));
        }
        Ok(PersonEvent::RoleGranted { role })
    }

    /// Takes a role. `other_administrators`: how many active administrators there are besides this person.
    ///
    /// # Errors
    /// [`ReasonCode::RoleUnchanged`], [`ReasonCode::LastAdministrator`].
    pub fn revoke(&self, role: Role, other_administrators: usize) -> Result<PersonEvent, Refusal> {
        if !self.roles.contains(&role) {
            return Err(Refusal::new(ReasonCode::RoleUnchanged).with("role", role));
        }
        if role == Role::Admin && other_administrators == 0 {
            return Err(Refusal::new(ReasonCode::LastAdministrator));
        }
        Ok(PersonEvent::RoleRevoked { role })
    }

    /// Says for which party the person works: a consent or a report counts as that party's word.
    ///
    /// # Errors
    /// [`ReasonCode::PersonInactive`], [`ReasonCode::NothingChanges`].
    pub fn set_party(&self, party: PartyId) -> Result<PersonEvent, Refusal> {
        self.active()?;
        if self.party == Some(party) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(PersonEvent::PartySet { party })
    }

    /// Gives a token.
    ///
    /// # Errors
    /// [`ReasonCode::PersonInactive`], [`ReasonCode::DateNotInFuture`] for one that has expired already.
    pub fn issue(&self, token: IssuedToken, by: &Occurrence) -> Result<PersonEvent, Refusal> {
        self.active()?;
        if !token.is_valid(by.at) {
            let refusal = Refusal::new(ReasonCode::DateNotInFuture);
            return Err(refusal.with("field", Label::Expires.as_str()).with("date", token.expires));
        }
        Ok(PersonEvent::TokenIssued { token })
    }

    /// Withdraws a token.
    ///
    /// # Errors
    /// [`ReasonCode::ItemUnknown`].
    pub fn withdraw(&self, token: TokenId) -> Result<PersonEvent, Refusal> {
        if !self.tokens.contains_key(&token) {
            let refusal = Refusal::new(ReasonCode::ItemUnknown);
            return Err(refusal.with("field", Label::Token.as_str()).with("value", token));
        }
        Ok(PersonEvent::TokenRevoked { token })
    }

    /// Ends a person's acting.
    ///
    /// # Errors
    /// [`ReasonCode::PersonInactive`], [`ReasonCode::LastAdministrator`], [`ReasonCode::TextMissing`] without a reason.
    pub fn deactivate(&self, reason: String, other_administrators: usize) -> Result<PersonEvent, Refusal> {
        self.active()?;
        text_given(Label::Reason.as_str(), &reason)?;
        if self.roles.contains(&Role::Admin) && other_administrators == 0 {
            return Err(Refusal::new(ReasonCode::LastAdministrator));
        }
        Ok(PersonEvent::Deactivated { reason })
    }

    fn changed(mut self, event: &PersonEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match event {
            PersonEvent::Registered { .. } => return Err(OutOfOrder::new(event, self.state)),
            PersonEvent::RoleGranted { role } => {
                self.roles.insert(*role);
            }
            PersonEvent::RoleRevoked { role } => {
                self.roles.remove(role);
            }
            PersonEvent::TokenIssued { token } => {
                self.tokens.insert(token.id, token.clone());
            }
            PersonEvent::TokenRevoked { token } => {
                self.tokens.remove(token);
            }
            PersonEvent::PartySet { party } => self.party = Some(*party),
            PersonEvent::Deactivated { .. } => {
                self.state = PersonState::Inactive;
                self.tokens.clear();
                self.account = Account::default();
            }
            PersonEvent::PasswordSet
            | PersonEvent::Invited { .. }
            | PersonEvent::TotpEnrolled
            | PersonEvent::TotpRemoved
            | PersonEvent::RecoveryCodesIssued { .. } => self.account.apply(event, when.at),
        }
        Ok(self)
    }
}

impl Process for Person {
    const KIND: Kind = Kind::Person;
    type Event = PersonEvent;

    fn apply(state: Option<Self>, event: &PersonEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        match (state, event) {
            (Some(person), event) => person.changed(event, when),
            (None, PersonEvent::Registered { party, roles }) => Ok(Person {
                state: PersonState::Active,
                party: *party,
                roles: roles.clone(),
                tokens: BTreeMap::new(),
                account: Account::default(),
            }),
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
        }
    }

    fn filed(&self) -> Filed {
        let roles: Vec<_> = self.roles.iter().map(|role| role.as_str()).collect();
        Filed::new(self.state.term(), self.state == PersonState::Active, roles.join(", "))
    }

    fn view(&self) -> View {
        let roles: Vec<Shown> = self.roles.iter().map(|role| role.term().into()).collect();
        let token = |token: &IssuedToken| -> Vec<Option<Shown>> {
            let id = token.id.to_string();
            vec![
                Some(id.into()),
                Some(token.scope.term().into()),
                Some(token.expires.into()),
                Some((&token.purpose).into()),
            ]
        };
        let party = self.party.map(|party| Stream::new(Kind::Party, party));
        let account = &self.account;
        let view = View::new(self.state.term())
            .fact(Label::Roles, roles)
            .maybe(Label::Party, party)
            .maybe(Label::PasswordSetAt, account.password_set_at)
            .maybe(Label::InvitedUntil, account.invited_until)
            .maybe(Label::TotpSince, account.totp_since)
            .maybe(Label::RecoveryCodesAt, account.recovery_codes_at);
        view.section(
            Label::Tokens,
            &[Label::Token, Label::Scope, Label::Expires, Label::Note],
            self.tokens.values().map(token).collect(),
        )
    }
}

impl Person {
    /// The token with this digest, if it can be used at this time.
    pub fn token(&self, digest: &crate::ledger::Hash, at: Timestamp) -> Option<&IssuedToken> {
        self.tokens.values().find(|token| token.digest == *digest && token.is_valid(at))
    }

    /// True if the scope of `token` permits changes.
    pub fn may_change(token: &IssuedToken) -> bool {
        token.scope == Scope::Write
    }
}
