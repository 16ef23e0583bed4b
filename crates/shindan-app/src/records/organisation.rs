//! Use cases on parties, sites, systems, environments, products, releases, deployments and assets.

use std::path::Path;

use shindan_domain::case::{Case, CaseState};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, Deployment, MasterData, Particulars, Party, Release};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, Process, Reason, ReasonCode, Relation};
use shindan_domain::record_id::{CaseId, DeploymentId, PartyId, SystemId};
use shindan_domain::verification::Channel;
use shindan_formats::inventory;
use shindan_formats::limits::Limits;
use shindan_store::Query;
use shindan_verify::Pin;
use uuid::Uuid;

use super::step::nothing;
use super::{Act, Call, Done, Entered, Kept, Records, RecordsError};
use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::{ingest, register};

/// Enters a record of the organisation.
///
/// # Errors
/// Refused for blank names; an asset is entered once.
pub fn enter<T: Particulars>(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    particulars: T,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::KeepOrganisation, None, |act| entered(act, particulars))
}

fn entered<T: Particulars>(act: &mut Act<'_>, particulars: T) -> Result<Stream, RecordsError> {
    let event = MasterData::register(particulars).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let stream = Stream::new(T::KIND, act.new_id()?);
    act.begin::<MasterData<T>>(stream.id, &[event], false)?;
    Ok(stream)
}

/// Changes what a record says.
///
/// # Errors
/// Refused without a reason, for a record that has ended, for what makes it what it is; for a system that is put in service, or
/// a device that comes to a system in service, without the agreement on roles that it needs.
pub fn change<T: Kept>(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: Uuid,
    reason: String,
    edit: impl FnOnce(&mut T),
) -> Result<Done, RecordsError> {
    let stream = Stream::new(T::KIND, id);
    records.act(who, call, Action::KeepOrganisation, Some(stream), |act| {
        let mut particulars = act.state::<MasterData<T>>(id)?.particulars;
        edit(&mut particulars);
        T::altered(act, id, particulars, reason)?;
        Ok(stream)
    })
}

/// Ends a record; what refers to it stays readable.
///
/// # Errors
/// Refused without a reason, or if it has ended.
pub fn end<T: Particulars>(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: Uuid,
    reason: String,
) -> Result<Done, RecordsError> {
    let action = Action::KeepOrganisation;
    records.step::<MasterData<T>, _>(who, call, action, id, nothing, |record, (), _| record.end(reason))
}

/// Lets signatures of a key count as a party's from now on. `channel`: how the fingerprint was learnt.
///
/// # Errors
/// [`RecordsError::Invalid`] for what is no full fingerprint; refused if it counts already.
pub fn pin_key(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    party: PartyId,
    fingerprint: &str,
    channel: Channel,
    reason: String,
) -> Result<Done, RecordsError> {
    let fingerprint = whole_fingerprint(fingerprint)?;
    let action = Action::KeepOrganisation;
    records.step::<MasterData<Party>, _>(who, call, action, party, nothing, |record, (), by| {
        record.pin_key(fingerprint, channel, reason, by)
    })
}

/// Lets signatures of a key count no longer.
///
/// # Errors
/// Refused for a key that does not count now.
pub fn withdraw_key(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    party: PartyId,
    fingerprint: &str,
    reason: String,
) -> Result<Done, RecordsError> {
    let fingerprint = whole_fingerprint(fingerprint)?;
    let action = Action::KeepOrganisation;
    records.step::<MasterData<Party>, _>(who, call, action, party, nothing, |record, (), by| {
        record.withdraw_key(&fingerprint, reason, by)
    })
}

/// The fingerprint in one form, so that the same key is not pinned twice.
fn whole_fingerprint(text: &str) -> Result<String, RecordsError> {
    let invalid = |_| RecordsError::Invalid { field: "fingerprint".to_owned(), value: text.to_owned() };
    text.parse::<Pin>().map_err(invalid)?;
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
    // A minisign key is Base64: its letters differ by case.
    Ok(if compact.starts_with("RW") { compact } else { compact.to_ascii_uppercase() })
}

/// Enters an asset of the register: whose it is and who patches it.
///
/// # Errors
/// [`AppError::AssetUnknown`] for what is not in the register; refused if it was entered before.
pub fn enter_asset(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    asset: Asset,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::KeepOrganisation, None, |act| {
        let known = Query {
            kind: Some(Kind::Asset),
            open: Some(true),
            linked: Some((Relation::Asset, asset.key.clone())),
            limit: 1,
            ..Query::default()
        };
        if let Some(row) = act.records().store().list(&known)?.rows.first() {
            let refusal = Reason::new(ReasonCode::NothingChanges).into();
            return Err(RecordsError::refused(Some(row.stream), refusal));
        }
        entered(act, asset)
    })
}

/// Key and name of an asset of the register, by its key or its number.
///
/// # Errors
/// [`AppError::AssetUnknown`]; those of reading the register.
pub fn asset_of_register(records: &Records, wanted: &str) -> Result<(String, String), RecordsError> {
    let register = register::shared(&DataFolder::new(records.root()))?;
    let by_number = || register.assets.values().find(|known| known.asset.asset_id == wanted);
    let known = register.assets.get(wanted).or_else(by_number);
    let known = known.ok_or_else(|| AppError::AssetUnknown(wanted.to_owned()))?;
    let label = known.asset.label();
    let name = if label.is_empty() { known.key.as_str() } else { label };
    Ok((known.key.clone(), name.to_owned()))
}

/// Adds a list of components to a release; it counts from now on. The file is kept.
///
/// # Errors
/// [`AppError::NothingReadable`] for what is no inventory; refused for the list that counts already.
pub fn add_sbom(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    release: shindan_domain::record_id::ReleaseId,
    file: &Path,
    reason: String,
) -> Result<Done, RecordsError> {
    use shindan_domain::organisation::Release;
    let limits = Limits::DEFAULT;
    let unreadable = |diagnostics| RecordsError::App(AppError::NothingReadable(diagnostics));
    let bytes = ingest::read_file(file, &limits).map_err(|diagnostic| unreadable(vec![diagnostic]))?;
    let read = inventory::read(&bytes, &file.display().to_string(), &limits).map_err(unreadable)?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    records.step::<MasterData<Release>, _>(
        who,
        call,
        Action::KeepOrganisation,
        release,
        |records, by| records.take_in_bytes(&bytes, &name, by.at),
        |record, document, by| record.add_sbom(document, read.kind.as_str().to_owned(), reason, by),
    )
}

/// Lets a decision of a release not hold at a deployment: the site decides for itself. A case of the deployment that took
/// the decision over begins again, in the same act.
///
/// # Errors
/// Refused without a reason, or if the decision does not hold there already.
pub fn override_decision(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    deployment: DeploymentId,
    case: CaseId,
    reason: String,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Deployment, deployment);
    records.act(who, call, Action::Operate, Some(stream), |act| {
        act.state::<Case>(case)?;
        act.change::<MasterData<Deployment>>(deployment, |record, by| {
            Ok(vec![record.override_decision(case, reason.clone(), by)?])
        })?;
        for heir in heirs(act.records(), deployment, case)? {
            act.change::<Case>(heir, |state, _| Ok(vec![state.override_inherited(reason.clone())?]))?;
        }
        Ok(stream)
    })
}

/// Cases of the deployment that took over the decision of `case`.
fn heirs(records: &Records, deployment: DeploymentId, case: CaseId) -> Result<Vec<Uuid>, RecordsError> {
    let subject = Stream::new(Kind::Deployment, deployment).id.hyphenated().to_string();
    let mut heirs = Vec::new();
    for row in records.store().linked(Relation::Subject, &subject)? {
        if row.stream.kind != Kind::Case {
            continue;
        }
        let state: Case = records.existing(row.stream.id)?;
        if state.inherited == Some(case) && state.state() != CaseState::Closed {
            heirs.push(row.stream.id);
        }
    }
    Ok(heirs)
}

/// Lets a decision of the release hold at a deployment again.
///
/// # Errors
/// Refused without a reason, or if it was not overridden.
pub fn inherit_again(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    deployment: DeploymentId,
    case: CaseId,
    reason: String,
) -> Result<Done, RecordsError> {
    let action = Action::Operate;
    records.step::<MasterData<Deployment>, _>(who, call, action, deployment, nothing, |record, (), _| {
        record.inherit_again(case, reason)
    })
}

/// Refuses because something that is needed for a new record was not said.
///
/// # Errors
/// [`ReasonCode::TextMissing`] with the field, if there is no value.
pub fn needed<T>(value: Option<T>, field: Label) -> Result<T, RecordsError> {
    value.ok_or_else(|| {
        let reason = Reason::new(ReasonCode::TextMissing).with("field", field.as_str());
        RecordsError::refused(None, reason.into())
    })
}

/// The state of any record, for reading.
///
/// # Errors
/// [`RecordsError::Unknown`].
pub fn state_of<P: Process>(records: &Records, id: Uuid) -> Result<P, RecordsError> {
    records.existing(id)
}

/// The releases that run in a system, by the deployments that are a part of it, with what each is called.
///
/// # Errors
/// Refused if the person may not read; those of reading.
pub fn releases_of(
    records: &Records,
    who: &Entered,
    system: SystemId,
) -> Result<Vec<(String, Release)>, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let target = Stream::new(Kind::System, system).id.hyphenated().to_string();
    let mut found = std::collections::BTreeMap::new();
    for row in records.store().linked(Relation::PartOf, &target)? {
        if row.stream.kind != Kind::Deployment {
            continue;
        }
        let Some((_, deployment)) = records.state::<MasterData<Deployment>>(row.stream.id)? else { continue };
        let release = deployment.particulars.release;
        let Some((_, state)) = records.state::<MasterData<Release>>(release)? else { continue };
        let product = Stream::new(Kind::Product, state.particulars.product);
        let product = records.called(product).unwrap_or_default();
        let called = format!("{product} {}", state.particulars.version).trim().to_owned();
        found.insert(release, (called, state.particulars));
    }
    Ok(found.into_values().collect())
}
