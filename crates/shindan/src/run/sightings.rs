//! `device sightings`

use shindan_app::records::sightings::{self, ImportOrder};
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::SightingId;

use super::acting::{list, show};
use super::step::{Given, begin, on};
use crate::cli::sightings::{ImportSightingsArguments, SightingsCommand};
use crate::exit::Exit;
use crate::output::Face;

const SIGHTING: (Kind, fn(uuid::Uuid) -> SightingId) = (Kind::Sighting, SightingId);

/// Runs a verb of `device sightings`.
pub fn run(command: SightingsCommand, face: &Face) -> Exit {
    use SightingsCommand as C;
    let request = format!("{command:?}");
    let given = |acting| Given { request: &request, acting };
    match command {
        C::Import(arguments) => import(*arguments, &request, face),
        C::Compare { absent_days, acting } => begin(given(&acting), face, |s, call| {
            sightings::compare(&mut s.records, &s.who, call, absent_days)
        }),
        C::List(arguments) => list(Kind::Sighting, &arguments, face),
        C::Show(arguments) => show(Kind::Sighting, &arguments, face),
        C::Imports(mut arguments) => {
            // An import is never open.
            arguments.all = true;
            list(Kind::SightingImport, &arguments, face)
        }
        C::ShowImport(arguments) => show(Kind::SightingImport, &arguments, face),
        C::Explain { record, reason, until, documents, acting } => {
            on(SIGHTING, &record, given(&acting), face, |s, call, id| {
                sightings::explain(&mut s.records, &s.who, call, id, (reason, until), &documents)
            })
        }
        C::Register { record, asset, acting } => {
            on(SIGHTING, &record, given(&acting), face, |s, call, id| {
                sightings::register(&mut s.records, &s.who, call, id, asset.as_deref())
            })
        }
        C::AcceptVersion { record, reason, acting } => {
            on(SIGHTING, &record, given(&acting), face, |s, call, id| {
                sightings::accept_version(&mut s.records, &s.who, call, id, &reason)
            })
        }
        C::Close { record, acting } => on(SIGHTING, &record, given(&acting), face, |s, call, id| {
            sightings::close(&mut s.records, &s.who, call, id)
        }),
    }
}

fn import(arguments: ImportSightingsArguments, request: &str, face: &Face) -> Exit {
    let ImportSightingsArguments { files, network, ranges, taken, absent_days, acting } = arguments;
    let order = ImportOrder { files, network, ranges, taken, absent_days };
    let mut unreadable: Vec<Diagnostic> = Vec::new();
    let exit = begin(Given { request, acting: &acting }, face, |s, call| {
        let (done, diagnostics) = sightings::import(&mut s.records, &s.who, call, &order)?;
        unreadable = diagnostics;
        Ok(done)
    });
    face.tell(&unreadable);
    let lost = unreadable.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
    if lost { exit.and(Exit::Unreadable) } else { exit }
}
