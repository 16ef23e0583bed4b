//! Every kind of record by its process: rebuilding states from the ledger, and showing a state of which only the kind is known.

use shindan_domain::agreement::Agreement;
use shindan_domain::assessment::{Assessment, AssessmentPlan, ClinicalNetwork, ScanFinding, ScanTargets};
use shindan_domain::case::Case;
use shindan_domain::change::Change;
use shindan_domain::collect::{Notice, Source, SourceCheck};
use shindan_domain::comparison::Comparisons;
use shindan_domain::confirmation::Instruction;
use shindan_domain::control::Exclusion;
use shindan_domain::device::Device;
use shindan_domain::exchange::Exchange;
use shindan_domain::inquiry::Inquiry;
use shindan_domain::interface::Interface;
use shindan_domain::ledger::{Entry, Kind, Stream};
use shindan_domain::notify::Subscription;
use shindan_domain::organisation::{
    Asset, Deployment, Environment, MasterData, Party, Product, Release, Site, System,
};
use shindan_domain::patch::Patch;
use shindan_domain::people::Person;
use shindan_domain::policy::Policy;
use shindan_domain::process::{Filed, Occurrence, Process, View, decode};
use shindan_domain::review::Review;
use shindan_domain::sighting::{Sighting, SightingImport};

/// Calls `$call::<P>` with the process of `$kind`; the one list of all kinds.
macro_rules! with_process {
    ($kind:expr, $call:ident ( $($argument:expr),* )) => {
        match $kind {
            Kind::Person => $call::<Person>($($argument),*),
            Kind::Party => $call::<MasterData<Party>>($($argument),*),
            Kind::Site => $call::<MasterData<Site>>($($argument),*),
            Kind::System => $call::<MasterData<System>>($($argument),*),
            Kind::Environment => $call::<MasterData<Environment>>($($argument),*),
            Kind::Asset => $call::<MasterData<Asset>>($($argument),*),
            Kind::Product => $call::<MasterData<Product>>($($argument),*),
            Kind::Release => $call::<MasterData<Release>>($($argument),*),
            Kind::Deployment => $call::<MasterData<Deployment>>($($argument),*),
            Kind::Policy => $call::<Policy>($($argument),*),
            Kind::Case => $call::<Case>($($argument),*),
            Kind::Patch => $call::<Patch>($($argument),*),
            Kind::Change => $call::<Change>($($argument),*),
            Kind::Inquiry => $call::<Inquiry>($($argument),*),
            Kind::Instruction => $call::<Instruction>($($argument),*),
            Kind::Review => $call::<Review>($($argument),*),
            Kind::Control => $call::<Exclusion>($($argument),*),
            Kind::Installation => $call::<Comparisons>($($argument),*),
            // ---- devices
            Kind::Device => $call::<Device>($($argument),*),

            // ---- sightings
            Kind::Sighting => $call::<Sighting>($($argument),*),
            Kind::SightingImport => $call::<SightingImport>($($argument),*),

            // ---- agreements
            Kind::Agreement => $call::<Agreement>($($argument),*),

            // ---- exchange
            Kind::Exchange => $call::<Exchange>($($argument),*),

            // ---- interfaces
            Kind::Interface => $call::<Interface>($($argument),*),

            // ---- assessments
            Kind::AssessmentPlan => $call::<AssessmentPlan>($($argument),*),
            Kind::Assessment => $call::<Assessment>($($argument),*),
            Kind::ScanTargets => $call::<ScanTargets>($($argument),*),
            Kind::ClinicalNetwork => $call::<ClinicalNetwork>($($argument),*),
            Kind::ScanFinding => $call::<ScanFinding>($($argument),*),

            // ---- collecting
            Kind::Source => $call::<Source>($($argument),*),
            Kind::SourceCheck => $call::<SourceCheck>($($argument),*),
            Kind::Notice => $call::<Notice>($($argument),*),
            Kind::Subscription => $call::<Subscription>($($argument),*),
        }
    };
}

/// The state after all entries of a record, and its columns; for rebuilding and comparing.
///
/// # Errors
/// In words for the log: entries that this program cannot have written.
pub(super) fn fold_entries(stream: Stream, entries: &[Entry]) -> Result<(Vec<u8>, Filed), String> {
    with_process!(stream.kind, fold_all(entries))
}

/// What is shown of a stored state.
///
/// # Errors
/// In words for the log: a state that this program cannot have written.
pub(super) fn view(kind: Kind, state: &[u8]) -> Result<View, String> {
    with_process!(kind, view_one(state))
}

fn fold_all<P: Process>(entries: &[Entry]) -> Result<(Vec<u8>, Filed), String> {
    let mut state: Option<P> = None;
    for entry in entries {
        let words = |error: &dyn std::fmt::Display| format!("entry {}: {error}", entry.sequence);
        let event =
            decode::<P>(&entry.event, entry.version, &entry.payload).map_err(|error| words(&error))?;
        let occurrence = Occurrence { at: entry.at, actor: entry.actor };
        state = Some(P::apply(state, &event, &occurrence).map_err(|error| words(&error))?);
    }
    let state = state.ok_or_else(|| "a record without entries".to_owned())?;
    let bytes = serde_json::to_vec(&state).map_err(|error| error.to_string())?;
    Ok((bytes, state.filed()))
}

fn view_one<P: Process>(state: &[u8]) -> Result<View, String> {
    serde_json::from_slice::<P>(state).map(|state| state.view()).map_err(|error| error.to_string())
}
