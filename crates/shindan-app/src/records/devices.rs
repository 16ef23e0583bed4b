//! Use cases on devices: the dossier, how it is used, its risk, its updates, its life (システム運用編 8, ⑤-1).

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::case::{Case, CaseState, StatedFinding, Subject};
use shindan_domain::device::{
    AnalysisGiven, Device, DeviceCategory, DeviceEvent, DeviceParticulars, DisconnectionMeans,
    DisconnectionOrder, InformationGiven, MakerInformationKind, NetworkIdentity, RemoteLine, RiskLevel,
    StopKind, SupportEnd, UpdateDone, UpdateMethod, UpdateResult, UseComparison, UseStatement,
};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{self, AssetKind};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, MasterData};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, Reason, ReasonCode, Refusal, Relation};
use shindan_domain::record_id::{AssetId, CaseId, DeviceId, PartyId, SystemId};

use super::analysis::outcome_of_stated;
use super::organisation::{asset_of_register, needed};
use super::policies::InForce;
use super::step::nothing;
use super::words_given::WordGiven;
use super::{Act, Call, Done, Entered, Records, RecordsError, find, sightings};
use crate::data_folder::DataFolder;
use crate::register;

/// By what a device is known; what is not given stays as it is, or as the register has it.
#[derive(Debug, Clone, Default)]
pub struct DeviceOrder {
    /// What it is called; the asset's name unless given.
    pub name: Option<String>,
    /// What it is; as the register understands it unless given.
    pub category: Option<DeviceCategory>,
    /// MAC addresses.
    pub macs: Option<Vec<String>>,
    /// IP addresses, or `dhcp`.
    pub addresses: Option<Vec<String>>,
    /// Host names.
    pub host_names: Option<Vec<String>>,
    /// Serial number; empty: none any more.
    pub serial: Option<String>,
    /// Firmware or software version; empty: none any more.
    pub firmware: Option<String>,
    /// When its support ends.
    pub support_ends: Option<Vec<SupportEnd>>,
}

/// How a device is used, by the word of who looked.
#[derive(Debug, Clone)]
pub struct UseOrder {
    /// What it is for, as the maker states; as stated before unless given.
    pub intended: Option<String>,
    /// What it is used for.
    pub actual: String,
    /// Whether that is the same.
    pub comparison: UseComparison,
    /// Why.
    pub reason: String,
    /// Files that it rests on.
    pub documents: Vec<PathBuf>,
}

/// What the maker gave.
#[derive(Debug, Clone)]
pub struct InformationOrder {
    /// What it is.
    pub kind: MakerInformationKind,
    /// Edition or version.
    pub edition: Option<String>,
    /// The day that stands there.
    pub dated: Option<Date>,
    /// What it says that matters here.
    pub content: String,
    /// The file.
    pub file: PathBuf,
}

/// The analyst's levels.
#[derive(Debug, Clone, Copy)]
pub struct RiskLevels {
    /// How likely it is.
    pub likelihood: RiskLevel,
    /// How bad for patients.
    pub patient_safety: RiskLevel,
    /// How bad for the work.
    pub availability: RiskLevel,
    /// How bad for what is confidential.
    pub confidentiality: RiskLevel,
}

/// What looking for updates came to.
#[derive(Debug, Clone)]
pub struct UpdatedOrder {
    /// On which day; today unless given.
    pub on: Option<Date>,
    /// What it came to.
    pub result: UpdateResult,
    /// The version that runs since.
    pub firmware: Option<String>,
    /// In the words of who did it.
    pub note: String,
    /// When somebody looks again; after the interval unless given.
    pub next: Option<Date>,
}

/// How the disconnection was confirmed.
#[derive(Debug, Clone)]
pub struct ConfirmOrder {
    /// How it was disconnected.
    pub means: DisconnectionMeans,
    /// How it was confirmed.
    pub how: String,
    /// When somebody looked; now unless given.
    pub checked: Option<Timestamp>,
    /// Files that show it.
    pub documents: Vec<PathBuf>,
}

fn refused(refusal: Refusal) -> RecordsError {
    RecordsError::refused(None, refusal)
}

fn stream(device: DeviceId) -> Stream {
    Stream::new(Kind::Device, device)
}

/// Opens the dossier of an asset. What is not given comes from the register, as far as it can be read there.
///
/// # Errors
/// Refused for an asset that has a dossier, that has ended, or of which nobody says what it is; [`RecordsError::Unknown`].
pub fn open(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    asset: AssetId,
    order: &DeviceOrder,
) -> Result<Done, RecordsError> {
    records.begin::<Device>(who, call, Action::Operate, |records, _| {
        let kept = records.existing::<MasterData<Asset>>(asset)?;
        if kept.ended.is_some() {
            let ended = Reason::new(ReasonCode::RecordEnded).with("state", kept.state());
            return Err(refused(Refusal::from(ended).with("set", kept.state().term().set)));
        }
        no_other_dossier(records, asset)?;
        let registered = register::shared(&DataFolder::new(records.root()))?;
        let known = registered.assets.get(&kept.particulars.key).map(|known| &known.asset);
        let category = order.category.or_else(|| known.and_then(|known| known.kind).map(category));
        let particulars = DeviceParticulars {
            asset,
            key: kept.particulars.key.clone(),
            name: kept.particulars.name.clone(),
            system: kept.particulars.system,
            category: needed(category, Label::DeviceCategory)?,
            network: sightings::not_of_former(records, &kept.particulars.key, known.map(network_of))?,
            remote_line: None,
            support_ends: known.and_then(support_of).into_iter().collect(),
        };
        Device::register(edited(particulars, order).map_err(refused)?).map_err(refused)
    })
}

/// The asset that a person means: by name or id, else by its number or key in the register.
///
/// # Errors
/// [`RecordsError::Unknown`], [`RecordsError::Ambiguous`]; those of reading the register.
pub fn asset_called(records: &Records, called: &str) -> Result<AssetId, RecordsError> {
    let unknown = match find(records, Kind::Asset, called) {
        Ok(stream) => return Ok(AssetId(stream.id)),
        Err(RecordsError::Unknown(called)) => RecordsError::Unknown(called),
        Err(other) => return Err(other),
    };
    let (key, _) = asset_of_register(records, called)?;
    let linked = records.store().linked(Relation::Asset, &key)?;
    let asset = linked.into_iter().find(|row| row.stream.kind == Kind::Asset && row.open);
    asset.map(|row| AssetId(row.stream.id)).ok_or(unknown)
}

/// One dossier per asset, until its device is gone.
fn no_other_dossier(records: &Records, asset: AssetId) -> Result<(), RecordsError> {
    let asset = Stream::new(Kind::Asset, asset).id.hyphenated().to_string();
    let linked = records.store().linked(Relation::PartOf, &asset)?;
    let Some(other) = linked.into_iter().find(|row| row.stream.kind == Kind::Device && row.open) else {
        return Ok(());
    };
    let number = other.number.unwrap_or(other.title);
    let refusal = Refusal::new(ReasonCode::DeviceTwice).with("record", number);
    Err(RecordsError::refused(Some(other.stream), refusal))
}

fn category(kind: AssetKind) -> DeviceCategory {
    match kind {
        AssetKind::Server => DeviceCategory::Server,
        AssetKind::Terminal => DeviceCategory::Terminal,
        AssetKind::NetworkDevice => DeviceCategory::NetworkDevice,
        AssetKind::RemoteMaintenance => DeviceCategory::RemoteMaintenance,
        AssetKind::MedicalDevice => DeviceCategory::MedicalDevice,
        AssetKind::IotDevice => DeviceCategory::IotDevice,
        AssetKind::Application => DeviceCategory::Application,
    }
}

/// What the register knows of the network. A cell that is no address stays in the register, where it is shown as it was
/// written; the dossier begins without it and a person enters it.
fn network_of(asset: &inventory::Asset) -> NetworkIdentity {
    let cell = |text: &Option<String>| text.iter().cloned().collect::<Vec<_>>();
    let read = |macs: &[String], addresses: &[String], names: &[String]| {
        NetworkIdentity::read(macs, addresses, names).unwrap_or_default()
    };
    NetworkIdentity {
        macs: read(&cell(&asset.mac), &[], &[]).macs,
        host_names: read(&[], &[], &cell(&asset.host)).host_names,
        serial: asset.serial.clone(),
        firmware: asset.firmware.clone(),
        ..read(&[], &cell(&asset.address), &[])
    }
}

/// A support end that the register could read. Another text stays there, and is listed as a bad cell by its import.
fn support_of(asset: &inventory::Asset) -> Option<SupportEnd> {
    let until = asset.support_end.as_deref()?.parse().ok()?;
    let what = asset.model.clone().unwrap_or_else(|| asset.label().to_owned());
    Some(SupportEnd { until, what })
}

fn edited(mut device: DeviceParticulars, order: &DeviceOrder) -> Result<DeviceParticulars, Refusal> {
    let texts = |list: &Option<Vec<String>>| list.clone().unwrap_or_default();
    let read =
        NetworkIdentity::read(&texts(&order.macs), &texts(&order.addresses), &texts(&order.host_names))?;
    if order.macs.is_some() {
        device.network.macs = read.macs;
    }
    if order.addresses.is_some() {
        (device.network.addresses, device.network.dhcp) = (read.addresses, read.dhcp);
    }
    if order.host_names.is_some() {
        device.network.host_names = read.host_names;
    }
    let trimmed = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_owned());
    // An empty text: there is none any more.
    let told = |text: &Option<String>, before| match trimmed(text) {
        Some(text) => Some(text).filter(|text| !text.is_empty()),
        None => before,
    };
    device.network.serial = told(&order.serial, device.network.serial);
    device.network.firmware = told(&order.firmware, device.network.firmware);
    device.name = trimmed(&order.name).unwrap_or(device.name);
    device.category = order.category.unwrap_or(device.category);
    device.support_ends = order.support_ends.clone().unwrap_or(device.support_ends);
    Ok(device)
}

/// Changes what the device is. Its system follows its asset.
///
/// # Errors
/// Refused without a reason, or if nothing changes.
pub fn change(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    order: &DeviceOrder,
    reason: String,
) -> Result<Done, RecordsError> {
    let prepare = |records: &Records| system_of(records, id);
    let edit = |device: &mut DeviceParticulars| {
        *device = edited(device.clone(), order)?;
        Ok(())
    };
    change_as(records, who, call, id, reason, prepare, edit)
}

/// Says by which line the device is maintained from outside; `None`: by none.
///
/// # Errors
/// As [`change`].
pub fn set_line(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    line: Option<RemoteLine>,
    reason: String,
) -> Result<Done, RecordsError> {
    let prepare = |records: &Records| system_of(records, id);
    change_as(records, who, call, id, reason, prepare, |device| {
        device.remote_line = line;
        Ok(())
    })
}

fn change_as(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    reason: String,
    prepare: impl FnOnce(&Records) -> Result<Option<SystemId>, RecordsError>,
    edit: impl FnOnce(&mut DeviceParticulars) -> Result<(), Refusal>,
) -> Result<Done, RecordsError> {
    records.step::<Device, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, _| prepare(records),
        |state, system, _| {
            let mut particulars = state.particulars();
            particulars.system = system;
            edit(&mut particulars)?;
            state.change(particulars, reason)
        },
    )
}

/// The system that the asset of a device says it belongs to.
fn system_of(records: &Records, id: DeviceId) -> Result<Option<SystemId>, RecordsError> {
    let asset = records.existing::<Device>(id)?.asset;
    Ok(records.existing::<MasterData<Asset>>(asset)?.particulars.system)
}

/// Files information of the maker.
///
/// # Errors
/// Refused without its facts; [`RecordsError::Unreadable`] for the file.
pub fn inform(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    order: InformationOrder,
) -> Result<Done, RecordsError> {
    records.step::<Device, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, by| records.take_in(&order.file, by.at),
        |state, document, by| {
            let InformationOrder { kind, edition, dated, content, .. } = order;
            state.inform(InformationGiven { kind, edition, dated, content, document }, by)
        },
    )
}

/// States how the device is used. A difference opens a case about its system, in the same act; the case that is open
/// already begins again if the use is another one than the one that it knows.
///
/// # Errors
/// Refused without a reason, and as [`Device::state_use`].
pub fn state_use(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    order: &UseOrder,
) -> Result<Done, RecordsError> {
    let about = stream(id);
    records.act(who, call, Action::Operate, Some(about), |act| {
        let device = act.state::<Device>(id)?;
        let before = device.usage().map(|usage| usage.given.intended.clone());
        let intended = order.intended.clone().or(before);
        let intended = needed(intended, Label::DeviceIntendedUse).map_err(|error| error.about(about))?;
        let mut statement = UseStatement {
            intended: intended.trim().to_owned(),
            actual: order.actual.trim().to_owned(),
            comparison: order.comparison,
            reason: order.reason.trim().to_owned(),
            documents: act.records().take_in_all(&order.documents, act.occurrence.at)?,
            case: None,
        };
        if statement.comparison == UseComparison::Differs {
            statement.case = Some(case_of(act, about, &device, &statement)?);
        }
        act.change::<Device>(id, |state, _| Ok(vec![state.state_use(statement)?]))?;
        Ok(about)
    })
}

/// The case of a difference: the one that is open, or a new one. What the device itself refuses is asked first, so that no
/// case is opened for a statement that cannot be made.
fn case_of(
    act: &mut Act<'_>,
    about: Stream,
    device: &Device,
    statement: &UseStatement,
) -> Result<CaseId, RecordsError> {
    let known = device.uses.iter().rev().find_map(|usage| usage.given.case);
    let tried = UseStatement { case: Some(known.unwrap_or(CaseId(about.id))), ..statement.clone() };
    device.state_use(tried).map_err(|refusal| RecordsError::refused(Some(about), refusal))?;
    let in_force = InForce::read(act.records())?;
    let difference = StatedFinding {
        subject: device.system.map_or(Subject::Register, Subject::System),
        kind: FindingKind::UseDiffers,
        identifier: act.records().called(about).unwrap_or_else(|| about.id.to_string()),
        place: device.key.clone(),
        name: device.name.clone(),
        text: statement.actual.clone(),
        priority: outcome_of_stated(act.records(), (FindingKind::UseDiffers, &device.key), &in_force)?,
    };
    if let Some(case) = known
        && act.state::<Case>(case)?.state() != CaseState::Closed
    {
        act.change::<Case>(case, |state, _| Ok(state.use_changed(&difference)))?;
        return Ok(case);
    }
    let case = CaseId(act.new_id()?);
    let opened = Case::open_for_stated(&difference, in_force.due.as_ref(), act.occurrence.at);
    act.begin::<Case>(case, &[opened], true)?;
    Ok(case)
}

/// Records the risk analysis: `content`, what could happen; `measures`, what is done about it.
///
/// # Errors
/// Refused without information of the maker and a stated use.
pub fn analyse(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    (content, measures): (String, String),
    levels: RiskLevels,
    documents: &[PathBuf],
) -> Result<Done, RecordsError> {
    records.step::<Device, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, by| records.take_in_all(documents, by.at),
        |state, documents, _| {
            let RiskLevels { likelihood, patient_safety, availability, confidentiality } = levels;
            state.analyse(AnalysisGiven {
                content,
                measures,
                likelihood,
                patient_safety,
                availability,
                confidentiality,
                documents,
            })
        },
    )
}

/// Lays down how and how often the device is updated. `next`: when somebody looks first; after the interval unless given.
///
/// # Errors
/// Refused without saying how; [`RecordsError::Unknown`] for the party.
pub fn plan_updates(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    method: UpdateMethod,
    next: Option<Date>,
) -> Result<Done, RecordsError> {
    let responsible: Option<PartyId> = method.responsible;
    records.step::<Device, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, _| match responsible {
            Some(party) => {
                records.existing::<MasterData<shindan_domain::organisation::Party>>(party).map(drop)
            }
            None => Ok(()),
        },
        |state, (), by| state.plan_updates(method, next, by),
    )
}

/// Records that somebody looked for updates, or applied one.
///
/// # Errors
/// Refused without a laid down method.
pub fn updated(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    order: UpdatedOrder,
    documents: &[PathBuf],
) -> Result<Done, RecordsError> {
    records.step::<Device, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, by| records.take_in_all(documents, by.at),
        |state, documents, by| {
            let UpdatedOrder { on, result, firmware, note, next } = order;
            let on = on.unwrap_or_else(|| shindan_domain::calendar::day(by.at));
            state.updated(UpdateDone { on, result, firmware, note, documents }, next, by)
        },
    )
}

/// Records that the device is no longer used; now unless `since` says otherwise.
///
/// # Errors
/// Refused without a reason, and unless it is in use.
pub fn stop(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    kind: StopKind,
    (reason, since): (String, Option<Timestamp>),
) -> Result<Done, RecordsError> {
    records.step::<Device, _>(who, call, Action::Operate, id, nothing, |state, (), by| {
        state.stop(kind, reason, since.unwrap_or(by.at), by)
    })
}

/// Confirms that the device is disconnected.
///
/// # Errors
/// Refused as [`Device::confirm_disconnected`], and as a word is ([`WordGiven`]).
pub fn confirm_disconnected(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    order: ConfirmOrder,
    word: &WordGiven,
) -> Result<Done, RecordsError> {
    records.act(who, call, word.action(Action::Confirm), Some(stream(id)), |act| {
        let checked = order.checked.unwrap_or(act.occurrence.at);
        act.one::<Device, _>(
            stream(id),
            |records, by| {
                let documents = records.take_in_all(&order.documents, by.at)?;
                Ok((documents, records.disconnection(word, Action::Confirm, stream(id), by)?))
            },
            |state, (documents, word), by| {
                let order = DisconnectionOrder { means: order.means, how: order.how, documents, checked };
                state.confirm_disconnected(order, word, by)
            },
        )?;
        // Sightings of the device from before the look are settled by it.
        sightings::after_disconnection(act, stream(id), checked)?;
        Ok(stream(id))
    })
}

/// Records that the device is used again.
///
/// # Errors
/// Refused without a reason, and for one that was disposed of.
pub fn back_in_use(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    reason: String,
) -> Result<Done, RecordsError> {
    records
        .step::<Device, _>(who, call, Action::Operate, id, nothing, |state, (), _| state.back_in_use(reason))
}

/// Records that the device is gone for good; today unless `on` says otherwise.
///
/// # Errors
/// Refused before its disconnection was confirmed.
pub fn dispose(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: DeviceId,
    (how, on): (String, Option<Date>),
    documents: &[PathBuf],
) -> Result<Done, RecordsError> {
    records.step::<Device, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, by| records.take_in_all(documents, by.at),
        |state, documents, by| -> Result<DeviceEvent, Refusal> {
            let on = on.unwrap_or_else(|| shindan_domain::calendar::day(by.at));
            state.dispose(how, documents, on, by)
        },
    )
}
