//! What belongs to one system: what pages show when somebody looks after that system alone.
//!
//! Records of some kinds are always about a system, or can be ([`is_of_a_system`]); those of other kinds – a patch, a notice, a source,
//! a policy – belong to no single one and are never left out because of it.

use std::collections::BTreeSet;

use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::Relation;
use shindan_store::Among;
use uuid::Uuid;

use super::{Entered, Records, RecordsError};

/// A system with everything that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfSystem {
    /// The system.
    pub system: Stream,
    /// Its records: about itself, about its deployments and environments, and cases that concern one of its assets in the register or
    /// that a change or an inquiry of it is about.
    pub records: Among,
    /// Keys of its assets in the register.
    pub assets: BTreeSet<String>,
}

/// Whether records of this kind can belong to a system, so that a list of them can be of one alone.
pub fn is_of_a_system(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Agreement
            | Kind::Asset
            | Kind::Case
            | Kind::Change
            | Kind::Deployment
            | Kind::Device
            | Kind::Environment
            | Kind::Inquiry
            | Kind::Instruction
            | Kind::Interface
            | Kind::Review
    )
}

/// What belongs to this system, by the index of relations alone.
///
/// # Errors
/// Refused if the person may not read; those of reading.
pub fn of_system(records: &Records, who: &Entered, system: Stream) -> Result<OfSystem, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(Some(system), refusal))?;
    let store = records.store();
    let id = system.id.hyphenated().to_string();
    let parts = store.linked(Relation::PartOf, &id)?;
    let mut assets = BTreeSet::new();
    for (kind, relation) in [(Kind::Asset, Relation::PartOf), (Kind::Device, Relation::Subject)] {
        assets.extend(store.targets_of((kind, true), (relation, &id), Relation::Asset)?);
    }
    let mut cases = BTreeSet::new();
    for kind in [Kind::Change, Kind::Inquiry] {
        cases.extend(store.targets_of((kind, false), (Relation::Subject, &id), Relation::Case)?);
    }
    let cases = cases.iter().filter_map(|id| Some(Stream::new(Kind::Case, id.parse::<Uuid>().ok()?)));
    let cases: Vec<Stream> = cases.collect();
    let mut relations = vec![(Relation::PartOf, id.clone()), (Relation::Subject, id)];
    let inside = parts.iter().filter(|row| matches!(row.stream.kind, Kind::Deployment | Kind::Environment));
    for part in inside {
        let id = part.stream.id.hyphenated().to_string();
        relations.push((Relation::PartOf, id.clone()));
        relations.push((Relation::Subject, id));
    }
    relations.extend(assets.iter().map(|key| (Relation::Asset, key.clone())));
    Ok(OfSystem { system, records: store.among(&relations, &cases)?, assets })
}
