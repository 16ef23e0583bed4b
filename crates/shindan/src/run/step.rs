//! What verbs on one record have in common: find the record that is meant, take the step, show what came of it.

use shindan_app::records::{self, Call, Done, RecordsError};
use shindan_domain::ledger::Kind;
use uuid::Uuid;

use super::acting::{Session, act};
use crate::cli::acting::Acting;
use crate::exit::Exit;
use crate::output::Face;

impl Session {
    /// The id of the record that a person means.
    ///
    /// # Errors
    /// [`RecordsError::Unknown`], [`RecordsError::Ambiguous`].
    pub fn id(&self, kind: Kind, called: &str) -> Result<Uuid, RecordsError> {
        records::find(&self.records, kind, called).map(|stream| stream.id)
    }

    /// As [`Session::id`], if one is named.
    ///
    /// # Errors
    /// As [`Session::id`].
    pub fn id_if<I>(
        &self,
        kind: Kind,
        called: Option<&String>,
        wrap: fn(Uuid) -> I,
    ) -> Result<Option<I>, RecordsError> {
        called.map(|called| self.id(kind, called).map(wrap)).transpose()
    }
}

/// The command as it was given, to tell a repeated key from a reused one, and how it is to be carried out.
pub struct Given<'a> {
    /// All of the command.
    pub request: &'a str,
    /// Who acts, and what they expect.
    pub acting: &'a Acting,
}

/// Takes a step on a record.
pub fn on<I>(
    (kind, wrap): (Kind, fn(Uuid) -> I),
    record: &str,
    given: Given<'_>,
    face: &Face,
    work: impl FnOnce(&mut Session, &Call, I) -> Result<Done, RecordsError>,
) -> Exit {
    let call = given.acting.call(&given.request);
    act(given.acting, face, |session| {
        let id = wrap(session.id(kind, record)?);
        work(session, &call, id)
    })
}

/// Begins a record.
pub fn begin(
    given: Given<'_>,
    face: &Face,
    work: impl FnOnce(&mut Session, &Call) -> Result<Done, RecordsError>,
) -> Exit {
    let call = given.acting.call(&given.request);
    act(given.acting, face, |session| work(session, &call))
}
