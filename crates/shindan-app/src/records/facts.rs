//! What the rules of control status look at: every record as it stood at the end of a day, folded from the entries up to then.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::agreement::Agreement;
use shindan_domain::assessment::{Assessment, AssessmentPlan, ScanFinding};
use shindan_domain::case::{Case, CaseState};
use shindan_domain::change::{AssetProgress, Change};
use shindan_domain::collect::{Notice, Source, SourceCheck};
use shindan_domain::comparison::{Compared, ComparisonEvent, Comparisons};
use shindan_domain::confirmation::{Fitness, Instruction, InstructionEnd, InstructionState};
use shindan_domain::control::{
    AssetFact, CaseFact, ChangeFact, DeviceFact, Exclusion, ExclusionFact, Facts, InquiryFact,
    InstructionFact, InterfaceFact, JudgedFact, PatchFact, RecordRef, RefusedFileFact, ReviewFact,
    SightingFact,
};
use shindan_domain::device::{Device, DeviceStage, RuleState};
use shindan_domain::exchange::{Exchange, SentState};
use shindan_domain::inquiry::{Inquiry, InquiryState};
use shindan_domain::interface::{Interface, InterfaceState, Mechanism};
use shindan_domain::inventory::AssetKind;
use shindan_domain::ledger::{Entry, Kind, Stream};
use shindan_domain::organisation::{Asset, MasterData, Patcher, System};
use shindan_domain::patch::{Effect, Patch};
use shindan_domain::policy::Policy;
use shindan_domain::process::{Occurrence, Process, ReasonCode, decode};
use shindan_domain::record_id::PatchId;
use shindan_domain::register::Register;
use shindan_domain::review::{Review, ReviewState};
use shindan_domain::sighting::Sighting;
use uuid::Uuid;

use super::policies::InForce;
use super::service_facts::services;
use super::{Records, RecordsError};
use super::{assessment_facts, case_facts, collect_facts};
use crate::clock::day_in_japan;
use crate::data_folder::DataFolder;
use crate::register;

/// So many entries are read at a time.
const PART: usize = 4096;

/// Every record as of a time.
#[derive(Debug, Default)]
pub(super) struct AsOf {
    pub(super) systems: BTreeMap<Uuid, MasterData<System>>,
    pub(super) agreements: BTreeMap<Uuid, Agreement>,
    pub(super) cases: BTreeMap<Uuid, Case>,
    pub(super) policies: BTreeMap<Uuid, Policy>,
    pub(super) patches: BTreeMap<Uuid, Patch>,
    pub(super) changes: BTreeMap<Uuid, Change>,
    pub(super) inquiries: BTreeMap<Uuid, Inquiry>,
    pub(super) instructions: BTreeMap<Uuid, Instruction>,
    pub(super) reviews: BTreeMap<Uuid, Review>,
    pub(super) assets: BTreeMap<Uuid, MasterData<Asset>>,
    pub(super) devices: BTreeMap<Uuid, Device>,
    pub(super) sightings: BTreeMap<Uuid, Sighting>,
    pub(super) exclusions: BTreeMap<Uuid, Exclusion>,
    pub(super) interfaces: BTreeMap<Uuid, Interface>,
    pub(super) assessment_plans: BTreeMap<Uuid, AssessmentPlan>,
    pub(super) assessments: BTreeMap<Uuid, Assessment>,
    pub(super) scan_findings: BTreeMap<Uuid, ScanFinding>,
    pub(super) sources: BTreeMap<Uuid, Source>,
    pub(super) source_checks: BTreeMap<Uuid, SourceCheck>,
    pub(super) notices: BTreeMap<Uuid, Notice>,
    pub(super) exchanges: BTreeMap<Uuid, Exchange>,
    compared: Vec<(Timestamp, Compared)>,
    pub(super) numbers: BTreeMap<Stream, String>,
    /// How each patch stood when it was first applied.
    pub(super) applied: BTreeMap<PatchId, (bool, bool)>,
    /// Changes whose application had everything before it.
    tested: BTreeMap<Uuid, (bool, bool)>,
}

impl AsOf {
    /// Folds the entries up to and including those of `until`.
    pub fn read(records: &Records, until: Timestamp) -> Result<AsOf, RecordsError> {
        AsOf::read_kinds(records, records.store().last_until(until)?, Kind::ALL)
    }

    /// Folds the entries up to and including the one with the number `last`, of records of these kinds.
    fn read_kinds(records: &Records, last: u64, kinds: &[Kind]) -> Result<AsOf, RecordsError> {
        let mut all = AsOf::default();
        let mut after = 0;
        while after < last {
            let limit = PART.min(usize::try_from(last - after).unwrap_or(PART));
            let end = records.store().pass_entries(kinds, (after, limit), &mut |passed| {
                if passed.sequence > last { Ok(()) } else { all.take(&passed.entry()?) }
            })?;
            if end == after {
                break;
            }
            after = end;
        }
        Ok(all)
    }

    fn take(&mut self, entry: &Entry) -> Result<(), RecordsError> {
        if let Some(number) = &entry.number {
            self.numbers.insert(entry.stream, number.clone());
        }
        match entry.stream.kind {
            Kind::Case => add(&mut self.cases, entry),
            Kind::Policy => add(&mut self.policies, entry),
            Kind::Patch => add(&mut self.patches, entry),
            Kind::Change => self.change(entry),
            Kind::Inquiry => add(&mut self.inquiries, entry),
            Kind::Instruction => add(&mut self.instructions, entry),
            Kind::Review => add(&mut self.reviews, entry),
            Kind::Asset => add(&mut self.assets, entry),
            Kind::Device => add(&mut self.devices, entry),
            Kind::Agreement => add(&mut self.agreements, entry),
            Kind::System => add(&mut self.systems, entry),
            Kind::Sighting => add(&mut self.sightings, entry),
            Kind::Control => add(&mut self.exclusions, entry),
            Kind::Interface => add(&mut self.interfaces, entry),
            Kind::AssessmentPlan => add(&mut self.assessment_plans, entry),
            Kind::Assessment => add(&mut self.assessments, entry),
            Kind::ScanFinding => add(&mut self.scan_findings, entry),
            Kind::Source => add(&mut self.sources, entry),
            Kind::SourceCheck => add(&mut self.source_checks, entry),
            Kind::Notice => add(&mut self.notices, entry),
            Kind::Exchange => add(&mut self.exchanges, entry),
            Kind::Installation => {
                let event = decode::<Comparisons>(&entry.event, entry.version, &entry.payload);
                match event.map_err(RecordsError::stored)? {
                    ComparisonEvent::Compared(compared) => self.compared.push((entry.at, compared)),
                    ComparisonEvent::Kept(_) | ComparisonEvent::BundleMade { .. } => (),
                }
                Ok(())
            }
            Kind::Person
            | Kind::Party
            | Kind::Site
            | Kind::Environment
            | Kind::Product
            | Kind::Release
            | Kind::Deployment
            | Kind::SightingImport
            | Kind::ScanTargets
            // Not asked for by a control.
            | Kind::Subscription
            | Kind::ClinicalNetwork => Ok(()),
        }
    }

    /// At the first application it is remembered what was there *before*: what is made up later does not count as that.
    fn change(&mut self, entry: &Entry) -> Result<(), RecordsError> {
        let id = entry.stream.id;
        let before = self.changes.get(&id).cloned();
        add(&mut self.changes, entry)?;
        let applied = self.changes.get(&id).is_some_and(was_applied);
        if applied && !self.tested.contains_key(&id) {
            let preparation = before.as_ref().and_then(|change| change.stage.preparation());
            let assessed = preparation.as_ref().is_some_and(|preparation| preparation.assessed().is_some());
            let confirmed = preparation.is_some_and(|p| is_confirmed(&p));
            self.tested.insert(id, (assessed, confirmed));
            let patch = before.and_then(|change| change.plan.patch);
            let known = patch.and_then(|patch| Some((patch, self.patches.get(&patch.0)?)));
            if let Some((patch, state)) = known {
                let genuine = state.genuineness_blockers().is_empty();
                let effective = matches!(state.effect, Effect::Effective { .. });
                self.applied.entry(patch).or_insert((genuine, effective));
            }
        }
        Ok(())
    }

    pub(super) fn reference(&self, kind: Kind, id: Uuid, called: impl FnOnce() -> String) -> RecordRef {
        let stream = Stream::new(kind, id);
        RecordRef { stream, number: self.numbers.get(&stream).cloned().unwrap_or_else(called) }
    }
}

fn add<P: Process>(states: &mut BTreeMap<Uuid, P>, entry: &Entry) -> Result<(), RecordsError> {
    let event = decode::<P>(&entry.event, entry.version, &entry.payload).map_err(RecordsError::stored)?;
    let occurrence = Occurrence { at: entry.at, actor: entry.actor };
    let before = states.remove(&entry.stream.id);
    let after = P::apply(before, &event, &occurrence).map_err(RecordsError::stored)?;
    states.insert(entry.stream.id, after);
    Ok(())
}

fn was_applied(change: &Change) -> bool {
    let touched = |progress: &AssetProgress| {
        !matches!(progress, AssetProgress::Pending | AssetProgress::LeftOut { .. })
    };
    change.rollout().is_some_and(|rollout| rollout.assets.values().any(touched))
}

fn is_confirmed(preparation: &shindan_domain::change::Preparation) -> bool {
    matches!(preparation, shindan_domain::change::Preparation::Confirmed(_))
}

/// The facts of a day.
///
/// # Errors
/// [`RecordsError::Stored`] if an entry cannot have been written by this program; those of reading.
pub(super) fn facts(records: &Records, day: Date, until: Timestamp) -> Result<Facts, RecordsError> {
    let last = records.store().last_until(until)?;
    let others: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Case).collect();
    let all = AsOf::read_kinds(records, last, &others)?;
    let cases = case_facts::read(records, last)?;
    let policies: Vec<(Uuid, Policy)> =
        all.policies.iter().map(|(id, policy)| (*id, policy.clone())).collect();
    let in_force = InForce::of(&policies);
    let mut facts = Facts::none(day);
    facts.intervals = in_force.intervals.map(|(_, days)| days);
    facts.due_policy = in_force.due.is_some();
    facts.judged = judged(&all, records);
    facts.patches = all.patches.iter().map(|(id, patch)| patch_fact(&all, *id, patch)).collect();
    facts.changes = all.changes.iter().map(|(id, change)| change_fact(&all, *id, change)).collect();
    facts.inquiries =
        all.inquiries.iter().filter_map(|(id, inquiry)| inquiry_fact(&all, *id, inquiry)).collect();
    facts.instructions = all.instructions.iter().map(|(id, one)| instruction_fact(&all, *id, one)).collect();
    facts.reviews = all.reviews.iter().flat_map(|(id, review)| review_facts(&all, *id, review)).collect();
    facts.assets = assets(&all, records, until)?;
    facts.refused_files = refused_files(&all, records, until)?;
    facts.interfaces = all.interfaces.iter().filter_map(|(id, one)| interface_fact(&all, *id, one)).collect();
    facts.devices = all.devices.iter().map(|(id, device)| device_fact(&all, &cases, *id, device)).collect();
    facts.devices_recorded = !all.devices.is_empty();
    facts.services = services(&all, records.store().installation().id.into(), day);
    facts.sightings = sightings(&all);
    facts.assessments = assessment_facts::plans(&all, records, day)?;
    facts.assessment_runs = assessment_facts::runs(&all);
    facts.sources_recorded = true;
    facts.sources = collect_facts::sources(&all, day, until);
    facts.notices = collect_facts::notices(&all);
    facts.exclusions = all.exclusions.iter().filter_map(|(id, one)| exclusion(&all, *id, one, day)).collect();
    facts.cases = cases.into_values().collect();
    Ok(facts)
}

fn judged(all: &AsOf, records: &Records) -> Vec<JudgedFact> {
    let installation = records.store().installation().id;
    let own = Stream::new(Kind::Installation, installation);
    let fact = |(at, compared): &(Timestamp, Compared)| {
        let stream = compared.subject.stream().unwrap_or(own);
        let called = || records.called(stream).unwrap_or_else(|| stream.id.to_string());
        let record = match compared.subject.stream() {
            Some(stream) => all.reference(stream.kind, stream.id, called),
            None => RecordRef { stream: own, number: compared.subject.kind().to_string() },
        };
        JudgedFact { record, at: *at, undetermined: compared.undetermined + compared.unreadable }
    };
    all.compared.iter().map(fact).collect()
}

fn patch_fact(all: &AsOf, id: Uuid, patch: &Patch) -> PatchFact {
    let applied = all.applied.get(&PatchId(id));
    PatchFact {
        record: all.reference(Kind::Patch, id, || patch.particulars.name.clone()),
        applied: applied.is_some(),
        genuine: applied.is_some_and(|(genuine, _)| *genuine),
        effective: applied.is_some_and(|(_, effective)| *effective),
    }
}

fn change_fact(all: &AsOf, id: Uuid, change: &Change) -> ChangeFact {
    let before = all.tested.get(&id).copied();
    let now = change.stage.preparation().is_some_and(|preparation| is_confirmed(&preparation));
    ChangeFact {
        record: all.reference(Kind::Change, id, || change.plan.title.clone()),
        applied: before.is_some(),
        impact_assessed: before.is_some_and(|(assessed, _)| assessed),
        tests_confirmed: before.is_some_and(|(_, confirmed)| confirmed),
        emergency: change.is_emergency(),
        tests_made_up: now,
    }
}

/// An inquiry that was never sent, or was given up, is none.
fn inquiry_fact(all: &AsOf, id: Uuid, inquiry: &Inquiry) -> Option<InquiryFact> {
    let due = inquiry.correspondence()?.due();
    Some(InquiryFact {
        record: all.reference(Kind::Inquiry, id, || inquiry.draft.title.clone()),
        due,
        answered: matches!(
            inquiry.state(),
            InquiryState::Answered | InquiryState::Judged | InquiryState::NoAnswer
        ),
    })
}

fn instruction_fact(all: &AsOf, id: Uuid, one: &Instruction) -> InstructionFact {
    let closed = match &one.end {
        Some(InstructionEnd::Closed { at, .. }) => Some(*at),
        _ => None,
    };
    let unfit = |stage: &shindan_domain::confirmation::ItemStage| {
        stage.open_action().is_some()
            || stage
                .judgement()
                .is_some_and(|judged| judged.fitness == Fitness::NotFit && judged.action.is_none())
    };
    let ended = matches!(one.state(), InstructionState::Closed | InstructionState::Cancelled);
    InstructionFact {
        record: all.reference(Kind::Instruction, id, || one.draft.title.clone()),
        due: (one.state() != InstructionState::Cancelled).then_some(one.draft.due),
        closed,
        unfit_open: !ended && one.items.values().any(unfit),
    }
}

/// Each approved round is a fact, and what is due next.
fn review_facts(all: &AsOf, id: Uuid, review: &Review) -> Vec<ReviewFact> {
    let record = all.reference(Kind::Review, id, || review.item.title.clone());
    let mut facts: Vec<ReviewFact> = review
        .rounds
        .iter()
        .map(|round| ReviewFact {
            record: record.clone(),
            due: Some(round.reviewed.due),
            approved: Some(round.approval.at),
        })
        .collect();
    if review.state() != ReviewState::Ended {
        facts.push(ReviewFact { record, due: review.due(), approved: None });
    }
    facts
}

/// Assets of the register as it was, with what the ledger says about who patches them and what their dossiers say. A device
/// that the register does not have stands for its own asset.
fn assets(all: &AsOf, records: &Records, until: Timestamp) -> Result<Vec<AssetFact>, RecordsError> {
    let mut stored = register::load_records(&DataFolder::new(records.root()))?.records;
    stored.retain(|record| record.at <= until);
    let register = Register::of(&stored);
    let by_key: BTreeMap<&str, (Uuid, &MasterData<Asset>)> = all
        .assets
        .iter()
        .filter(|(_, asset)| asset.ended.is_none())
        .map(|(id, asset)| (asset.particulars.key.as_str(), (*id, asset)))
        .collect();
    let dossiers = present_dossiers(all);
    let settled = |key: &str| {
        let kept = by_key.get(key).map(|(_, kept)| kept.particulars.patcher);
        matches!(kept, Some(Patcher::Party(_)))
    };
    let installation = records.store().installation().id;
    let fact = |(key, known): (&String, &shindan_domain::register::RegisteredAsset)| {
        let asset = &known.asset;
        let label = Some(asset.label()).filter(|label| !label.is_empty()).unwrap_or(key).to_owned();
        let stream = by_key
            .get(key.as_str())
            .map_or(Stream::new(Kind::Installation, installation), |(id, _)| Stream::new(Kind::Asset, *id));
        let needs_dossier = matches!(asset.kind, Some(AssetKind::MedicalDevice | AssetKind::IotDevice));
        let fact = AssetFact {
            record: RecordRef { stream, number: label },
            patched_by_known: settled(key) || asset.patched_by.is_some(),
            in_use: !asset.retired,
            support_end: asset.support_end.as_deref().and_then(|text| text.parse().ok()),
            disconnection_open: false,
            dossier_missing: needs_dossier,
        };
        match dossiers.get(key.as_str()) {
            Some((_, device)) => with_dossier(fact, device),
            None => fact,
        }
    };
    let mut facts: Vec<AssetFact> = register.assets.iter().map(fact).collect();
    // One that was replaced stands for itself, too: its disconnection may be open.
    let is_present = |id: &Uuid, key: &str| dossiers.get(key).is_some_and(|(present, _)| *present == id);
    let alone = all
        .devices
        .iter()
        .filter(|(id, device)| !register.assets.contains_key(&device.key) || !is_present(id, &device.key));
    facts.extend(alone.map(|(id, device)| {
        let fact = AssetFact {
            record: all.reference(Kind::Device, *id, || device.name.clone()),
            patched_by_known: settled(&device.key),
            in_use: true,
            support_end: None,
            disconnection_open: false,
            dossier_missing: false,
        };
        with_dossier(fact, device)
    }));
    Ok(facts)
}

/// Of the dossiers of each key of the register the one of the device that has that place: the last one in use, else the last.
fn present_dossiers(all: &AsOf) -> BTreeMap<&str, (&Uuid, &Device)> {
    let mut present: BTreeMap<&str, (&Uuid, &Device)> = BTreeMap::new();
    let in_use = |device: &Device| matches!(device.stage, DeviceStage::InUse { .. });
    for (id, device) in &all.devices {
        let known = present.entry(device.key.as_str()).or_insert((id, device));
        if in_use(device) || !in_use(known.1) {
            *known = (id, device);
        }
    }
    present
}

/// The dossier knows better than the register whether the device is used, and both know when support ends.
fn with_dossier(fact: AssetFact, device: &Device) -> AssetFact {
    AssetFact {
        in_use: fact.in_use && matches!(device.stage, DeviceStage::InUse { .. }),
        support_end: [fact.support_end, device.support_end()].into_iter().flatten().min(),
        disconnection_open: device.stage.disconnection_open().is_some(),
        dossier_missing: false,
        ..fact
    }
}

/// Discrepancies between networks and register that were open.
fn sightings(all: &AsOf) -> Vec<SightingFact> {
    let open = all.sightings.iter().filter(|(_, sighting)| sighting.is_open());
    let fact = |(id, sighting): (&Uuid, &Sighting)| SightingFact {
        record: all.reference(Kind::Sighting, *id, || sighting.title()),
        kind: sighting.found.kind,
    };
    open.map(fact).collect()
}

fn device_fact(all: &AsOf, cases: &BTreeMap<Uuid, CaseFact>, id: Uuid, device: &Device) -> DeviceFact {
    let case = device.difference().and_then(|usage| cases.get(&usage.given.case?.0));
    let treated = case.is_some_and(|case| case.state == CaseState::Closed);
    let gone = matches!(device.stage, DeviceStage::Disposed { .. });
    DeviceFact {
        record: all.reference(Kind::Device, id, || device.name.clone()),
        in_use: matches!(device.stage, DeviceStage::InUse { .. }),
        analysed: device.analysis().is_some(),
        rule_in_force: device.rule_state() == RuleState::InForce,
        update_method: device.updates.is_some(),
        next_update: device.updates.as_ref().map(|calendar| calendar.next),
        use_differs: device.difference().is_some() && !treated,
        line_without_owner: !gone && device.remote_line.as_ref().is_some_and(|line| line.lacks_owner()),
    }
}

/// An interface that has ended is none.
fn interface_fact(all: &AsOf, id: Uuid, one: &Interface) -> Option<InterfaceFact> {
    (one.state() != InterfaceState::Ended).then(|| InterfaceFact {
        record: all.reference(Kind::Interface, id, || one.draft.name.clone()),
        state: one.state(),
        due: one.due(),
        sealed: sealed_with(all, one),
    })
}

/// Exchanges of sealed files with the counterpart of an interface whose mechanism they are. One in which nothing came and
/// nothing was acknowledged shows nothing.
fn sealed_with(all: &AsOf, one: &Interface) -> Vec<RecordRef> {
    if one.draft.mechanism != Some(Mechanism::SealedExchange) {
        return Vec::new();
    }
    let used = |exchange: &Exchange| {
        let acknowledged = exchange.sending.files.iter().any(|file| file.state() == SentState::Acknowledged);
        exchange.party == one.draft.counterpart && (acknowledged || !exchange.receiving.files.is_empty())
    };
    let used = all.exchanges.iter().filter(|(_, exchange)| used(exchange));
    used.map(|(id, _)| all.reference(Kind::Exchange, *id, || one.draft.name.clone())).collect()
}

/// Files that were refused, from the log of refusals: it has those, too, of which nobody can tell whose they are.
fn refused_files(
    all: &AsOf,
    records: &Records,
    until: Timestamp,
) -> Result<Vec<RefusedFileFact>, RecordsError> {
    let from = until.checked_sub(jiff::SignedDuration::from_hours(24 * 91)).unwrap_or(Timestamp::MIN);
    let own = Stream::new(Kind::Installation, records.store().installation().id);
    let (mut facts, mut before) = (Vec::new(), None);
    loop {
        let part = records.store().refusals(before, PART)?;
        let Some(last) = part.last() else { return Ok(facts) };
        before = Some(last.id);
        let is_old = last.step.at < from;
        let lately = part
            .into_iter()
            .map(|refused| refused.step)
            .filter(|step| from <= step.at && step.at <= until && shows_alteration(step.refusal.reason.code));
        facts.extend(lately.map(|step| {
            let stream = step.stream.filter(|stream| stream.kind == Kind::Exchange).unwrap_or(own);
            let called = || records.called(stream).unwrap_or_else(|| stream.id.to_string());
            RefusedFileFact { record: all.reference(stream.kind, stream.id, called), at: step.at }
        }));
        if is_old {
            return Ok(facts);
        }
    }
}

/// Refusals of what somebody may have altered, sent twice or made up. A gap or a last day that has passed is none.
fn shows_alteration(code: ReasonCode) -> bool {
    matches!(
        code,
        ReasonCode::SealedTampered
            | ReasonCode::SealedTruncated
            | ReasonCode::SealedCannotDecrypt
            | ReasonCode::SealedChainDiffers
            | ReasonCode::SealedReplay
            | ReasonCode::SealedUnknownKey
            | ReasonCode::SealedRevokedKey
    )
}

fn exclusion(all: &AsOf, id: Uuid, one: &Exclusion, day: Date) -> Option<ExclusionFact> {
    one.counts_on(day).then(|| ExclusionFact {
        record: all.reference(Kind::Control, id, || one.control.clone()),
        control: one.control.clone(),
        reason: one.reason.clone(),
        until: one.until,
    })
}

/// The last moment of a day in Japan, or the present if the day has not ended.
pub(super) fn end_of(day: Date, now: Timestamp) -> Timestamp {
    if day >= day_in_japan(now) {
        return now;
    }
    let next = day.tomorrow().ok().and_then(|next| {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(9));
        next.to_zoned(zone).ok()
    });
    let last = next.and_then(|next| next.timestamp().checked_sub(jiff::SignedDuration::from_millis(1)).ok());
    last.unwrap_or(now).min(now)
}
