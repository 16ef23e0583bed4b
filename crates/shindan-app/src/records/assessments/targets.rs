//! Use cases on what may be scanned, and what never is.

use shindan_domain::assessment::{ClinicalNetwork, ScanTargets, Target};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Environment, MasterData};
use shindan_domain::people::Action;
use shindan_domain::record_id::{ClinicalNetworkId, EnvironmentId};
use shindan_domain::sighting::IpRange;

use super::ground::{self, Resolver};
use crate::records::step::nothing;
use crate::records::{Call, Done, Entered, Records, RecordsError};

/// Permits a target of an environment.
///
/// # Errors
/// Refused without a note, for a range that is too wide, and for what would reach a medical device or a clinical network.
pub fn permit(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    environment: EnvironmentId,
    (target, note): (Target, String),
    resolver: Resolver<'_>,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::ScanTargets, environment);
    records.act(who, call, Action::Manage, Some(stream), |act| {
        act.is_as_seen(stream)?;
        let title = act.records().existing::<MasterData<Environment>>(environment)?.particulars.name;
        let known = act.records().state::<ScanTargets>(environment)?;
        let protected = ground::protected(act.records(), act.occurrence.at)?;
        let resolved = ground::resolve([&target], resolver);
        let list = known.as_ref().map(|(_, list)| list);
        let event = ScanTargets::permit(list, (environment, &title), (target, note), &protected, &resolved)
            .map_err(|refusal| RecordsError::refused(Some(stream), refusal))?;
        act.note::<ScanTargets>(environment, &[event])?;
        Ok(stream)
    })
}

/// Removes a target.
///
/// # Errors
/// Refused without a reason, and for what is not on the list.
pub fn remove(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    environment: EnvironmentId,
    (target, reason): (Target, String),
) -> Result<Done, RecordsError> {
    records.step::<ScanTargets, _>(who, call, Action::Manage, environment, nothing, |list, (), _| {
        list.remove(target, reason)
    })
}

/// Marks a clinical network: nothing on it is ever scanned.
///
/// # Errors
/// Refused without name and note.
pub fn mark_clinical(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    (name, range, note): (String, IpRange, String),
) -> Result<Done, RecordsError> {
    records.begin::<ClinicalNetwork>(who, call, Action::Manage, |_, _| {
        ClinicalNetwork::mark(name, range, note).map_err(|refusal| RecordsError::refused(None, refusal))
    })
}

/// Takes the mark away.
///
/// # Errors
/// Refused without a reason.
pub fn unmark_clinical(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: ClinicalNetworkId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<ClinicalNetwork, _>(who, call, Action::Approve, id, nothing, |network, (), _| {
        network.unmark(reason)
    })
}
