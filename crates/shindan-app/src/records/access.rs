//! Who is acting: a personal token leads to a person with roles. None acts as another person.

use jiff::Timestamp;
use shindan_domain::ledger::{Actor, Hash, Kind, Stream, Through};
use shindan_domain::people::{Action, Person, PersonState, Role, Scope, permit};
use shindan_domain::process::{Reason, ReasonCode, Refusal};
use shindan_domain::record_id::{PersonId, SessionId};

use super::{Records, RecordsError};

/// A person who is known to act, with what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// How they stand in the ledger.
    pub actor: Actor,
    /// Their roles.
    pub roles: Vec<Role>,
    /// What the token permits.
    pub scope: Scope,
    /// Their session, if they came with one and not with a token.
    pub session: Option<SessionId>,
    /// True if their role needs a second factor and the token does without: they reach only their own account.
    pub unproven: bool,
}

/// Whether a person may operate.
///
/// # Errors
/// Refused without the role.
pub fn may_operate(who: &Entered) -> Result<(), RecordsError> {
    who.permit(Action::Operate).map_err(|refusal| RecordsError::refused(None, refusal))
}

impl Entered {
    /// The person.
    pub fn person(&self) -> PersonId {
        self.actor.person
    }

    /// Permits a kind of step.
    ///
    /// # Errors
    /// A refusal if the roles do not permit it, the token may only read, or was made without the second factor that a role needs.
    pub fn permit(&self, action: Action) -> Result<(), Refusal> {
        permit(action, self.roles.iter().copied())?;
        // One's own password can still be set, so that a policy locks nobody out who works at the command line.
        if self.unproven && action != Action::OwnAccount {
            return Err(Reason::new(ReasonCode::TokenWithoutSecondFactor).into());
        }
        if !action.only_reads() && self.scope == Scope::Read {
            return Err(Reason::new(ReasonCode::TokenReadsOnly).into());
        }
        Ok(())
    }
}

impl Records {
    /// Looks up who a token belongs to. If a role of theirs needs a second factor and the token was made without one, they are let
    /// in, and [`Entered::permit`] refuses what is more than their own account.
    ///
    /// # Errors
    /// [`RecordsError::TokenUnknown`] if it is nobody's, was withdrawn, has expired, or its person is not active: which
    /// of them is not said to somebody who may be guessing.
    pub fn enter(&self, token: &str, now: Timestamp) -> Result<Entered, RecordsError> {
        let digest = Hash::of(token.trim().as_bytes());
        let person = self.store.person_of_token(&digest)?.ok_or(RecordsError::TokenUnknown)?;
        let (_, state) = self.state::<Person>(person)?.ok_or(RecordsError::TokenUnknown)?;
        let issued = state.token(&digest, now).ok_or(RecordsError::TokenUnknown)?;
        if state.state != PersonState::Active {
            return Err(RecordsError::TokenUnknown);
        }
        let proven = issued.second_factor && state.account.totp_since.is_some();
        Ok(Entered {
            actor: Actor { person, through: Through::Token(issued.id) },
            roles: state.roles.iter().copied().collect(),
            scope: issued.scope,
            session: None,
            unproven: !proven && super::accounts::second_factor_asked(self, &state)?,
        })
    }

    /// How many active administrators there are besides this person.
    pub(super) fn other_administrators(&self, person: PersonId) -> Result<usize, RecordsError> {
        let mut others = 0;
        for (id, state) in self.all::<Person>()? {
            let stream = Stream::new(Kind::Person, id);
            let active = state.state == PersonState::Active && state.roles.contains(&Role::Admin);
            others += usize::from(active && stream.id != person.0);
        }
        Ok(others)
    }
}
