//! Use case `case refresh`: a subject is compared with vulnerability information, and its cases follow.
//!
//! *Match → read the cases → compare (pure, in the domain) → one transaction.* What ended by itself (acceptances, agreed
//! alternatives, review dates) opens its case again in the same act. The same answer twice writes nothing but that it was
//! looked at.

mod after;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;
use rayon::prelude::*;
use shindan_domain::case::refresh::{Deferred, Settings, refresh as plan_refresh};
use shindan_domain::case::{self, Case, CaseEvent, Subject};
use shindan_domain::comparison::{Compared, ComparisonEvent, Comparisons, KeptPart};
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::finding::{CheckResult, InputReport};
use shindan_domain::inventory::InventoryKind;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, Deployment, Inheritance, MasterData, inheritance};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, Occurrence, ReasonCode, Refusal, fold};
use shindan_domain::record_id::CaseId;
use shindan_report::cases::{CaseChange, CaseRefresh, RefreshedCase, Spent};
use uuid::Uuid;

use super::matched::{self, Keys};
use super::policies::InForce;
use super::{Act, Call, Done, Entered, Records, RecordsError, kept};
use crate::check::{self, CheckOptions, Checked};
use crate::clock;
use crate::data_folder::DataFolder;
use crate::embedded::Prioritisation;
use crate::progress::{Progress, Stage};
use crate::{portfolio, register};

pub use after::{AfterChange, Failed, Unchanged, after_knowledge_change, refresh_all};

/// What is to be compared.
#[derive(Debug, Clone)]
pub struct RefreshOrder {
    /// Whose cases follow.
    pub subject: Subject,
    /// Lists of software and devices of the subject; none: the register.
    pub paths: Vec<PathBuf>,
    /// The register, too.
    pub register: bool,
    /// The lists named now are all there are: what stood in others before is gone.
    pub complete: bool,
    /// The time for which the answer holds; the present if not given.
    pub as_of: Option<Timestamp>,
}

/// Compares a subject with vulnerability information. The answer is missing if the same request was done before.
///
/// # Errors
/// Refused without the role; those of reading and matching; [`RecordsError::Conflict`] if somebody else changed one of the
/// cases meanwhile. Nothing is written then.
pub fn refresh(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    order: &RefreshOrder,
    progress: &dyn Progress,
) -> Result<(Done, Option<CaseRefresh>), RecordsError> {
    let refreshed = refresh_from(records, who, call, (order, Lists::Named), progress)?;
    // Named lists are kept, so that later changes of knowledge find them; those that cannot be read are told by the answer.
    if refreshed.1.is_some() && !order.paths.is_empty() {
        let folder = DataFolder::new(records.root());
        kept::keep(records, who, &Call::at(call.now), KeptPart::Portfolio, |author| {
            portfolio::hold(&folder, order.subject, &order.paths, order.complete, author).map(drop)
        })?;
    }
    Ok(refreshed)
}

/// Compares a subject by the lists that are kept for it, and by the register as far as it belongs to the subject. Unless `anew`, what
/// was judged before stands as long as no key changed that was consulted for it.
///
/// # Errors
/// As [`refresh`]; [`ReasonCode::ListsNeeded`] for a release or deployment of which no list is kept.
fn refresh_kept(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    (subject, anew): (Subject, bool),
    progress: &dyn Progress,
) -> Result<(Done, Option<CaseRefresh>), RecordsError> {
    let order = RefreshOrder { subject, paths: Vec::new(), register: true, complete: false, as_of: None };
    let lists = if anew { Lists::Kept } else { Lists::Stored };
    refresh_from(records, who, call, (&order, lists), progress)
}

/// Which lists are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lists {
    /// Those of the order.
    Named,
    /// The originals of those that are kept.
    Kept,
    /// What is stored of those that are kept; the originals if that cannot be used.
    Stored,
}

fn refresh_from(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    (order, lists): (&RefreshOrder, Lists),
    progress: &dyn Progress,
) -> Result<(Done, Option<CaseRefresh>), RecordsError> {
    let about = order.subject.stream();
    let mut answer = None;
    let mut began = clock::now();
    let done = records.act(who, call, Action::Operate, about, |act| {
        if lists == Lists::Named {
            order.check(call.now).map_err(|refusal| RecordsError::refused(about, refusal))?;
        }
        let mut report = follow(act, (order, lists), progress)?;
        progress.stage(Stage::Writing, None);
        report.called = report.subject.stream().and_then(|stream| act.records().called(stream));
        answer = Some(report);
        began = clock::now();
        Ok(Stream::new(Kind::Installation, act.records().store().installation().id))
    });
    progress.stage(Stage::Done, None);
    let done = done?;
    let answer = answer.map(|report| {
        let spent = Spent { writing: since(began), ..report.spent };
        let mut report = CaseRefresh { entries: done.entries, spent, ..report };
        for case in report.cases.iter_mut().filter(|case| case.number.is_none()) {
            case.number = done.numbers.get(&case.stream).cloned();
        }
        report
    });
    Ok((done, answer))
}

fn since(began: Timestamp) -> u64 {
    u64::try_from(clock::now().duration_since(began).as_millis()).unwrap_or_default()
}

impl RefreshOrder {
    /// A register is one whole; lists belong to a system, release or deployment, whose cases follow them.
    fn check(&self, now: Timestamp) -> Result<(), Refusal> {
        let software = matches!(self.subject, Subject::Release(_) | Subject::Deployment(_));
        if self.subject == Subject::Register && !self.paths.is_empty() {
            return Err(Refusal::new(ReasonCode::SubjectNeeded));
        }
        if software && self.paths.is_empty() {
            return Err(Refusal::new(ReasonCode::ListsNeeded));
        }
        match self.as_of {
            Some(time) if time > now => {
                let refusal = Refusal::new(ReasonCode::DateInFuture).with("field", Label::Date.as_str());
                Err(refusal.with("date", time))
            }
            _ => Ok(()),
        }
    }
}

/// A case that there is, with what happens to it.
struct Held {
    id: CaseId,
    revision: u64,
    case: Case,
    /// What happened to it in this act, and the case after that; `None`: nothing.
    changed: Option<(Vec<CaseEvent>, Case)>,
}

impl Held {
    fn now(&self) -> &Case {
        self.changed.as_ref().map_or(&self.case, |(_, case)| case)
    }

    fn add(&mut self, events: Vec<CaseEvent>, when: &Occurrence) -> Result<(), RecordsError> {
        let after = fold(Some(self.now().clone()), &events, when).map_err(RecordsError::stored)?;
        let Some(after) = after else { return Ok(()) };
        let mut all = self.changed.take().map(|(events, _)| events).unwrap_or_default();
        all.extend(events);
        self.changed = Some((all, after));
        Ok(())
    }
}

fn follow(
    act: &mut Act<'_>,
    (order, lists): (&RefreshOrder, Lists),
    progress: &dyn Progress,
) -> Result<CaseRefresh, RecordsError> {
    progress.stage(Stage::Comparing, None);
    let began = clock::now();
    let in_force = InForce::read(act.records())?;
    let (prioritisation, rules) = in_force.prioritisation()?;
    let folder = DataFolder::new(act.records().root());
    let (mut result, knowledge) = answer(&folder, (order, lists), &prioritisation, act.occurrence.at)?;
    let registered = register::shared(&folder)?;
    let belongs = Belongs::read(act.records(), order.subject)?;
    let keys = Keys::of(&result, &registered, |key| belongs.holds(key));
    let mut judged = matched::judged(&result, knowledge, &keys);
    let mut compared = compared(&result, &keys, order.subject, knowledge);
    compared.left_out = lists_left_out(act.records(), &compared, order)?;
    judged.components_complete &= !compared.lists.is_empty() && compared.left_out.is_empty();
    let findings = matched::matched(std::mem::take(&mut result.findings), &keys);
    compared.findings = findings.len() as u64;
    let mut spent = Spent { matching: since(began), ..Spent::default() };

    let began = clock::now();
    let mut held = act.records().cases_of(order.subject)?;
    spent.reading = since(began);

    let began = clock::now();
    let when = act.occurrence;
    for one in &mut held {
        by_themselves(one, &in_force, &when)?;
    }
    let existing: Vec<(CaseId, &Case)> = held.iter().map(|one| (one.id, one.now())).collect();
    let settings = Settings { due: in_force.due.as_ref(), surge_epss: in_force.surge() };
    let plan = plan_refresh(order.subject, &existing, &findings, &judged, &settings, when.at);
    let by_id: BTreeMap<CaseId, usize> = held.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
    for (id, events) in plan.change {
        if let Some(one) = by_id.get(&id).and_then(|at| held.get_mut(*at)) {
            one.add(events, &when)?;
        }
    }
    let provider = Provider::of(act.records(), order.subject)?;
    let gone: BTreeSet<CaseId> = plan.gone.into_iter().collect();
    let mut report = Report::default();
    for one in held {
        stage(act, one, &provider, &gone, &mut report)?;
    }
    for event in plan.open {
        open(act, event, &provider, &mut report)?;
    }
    let installation = act.records().store().installation().id;
    act.note::<Comparisons>(installation, &[ComparisonEvent::Compared(compared.clone())])?;
    spent.comparing = since(began);
    let context = Context {
        remarks: result.remarks,
        rules,
        due: in_force.due.as_ref().map(|due| due.reference()),
        spent,
    };
    Ok(report.finish(compared, plan.deferred, context))
}

/// What ended by itself, and due dates of a policy that was approved after the case was opened.
fn by_themselves(one: &mut Held, in_force: &InForce, when: &Occurrence) -> Result<(), RecordsError> {
    // "Nothing has ended" is no reason to stop.
    if let Ok(event) = one.case.expire(when) {
        one.add(vec![event], when)?;
    }
    if let Some(due) = &in_force.due
        && one.now().due.is_none()
        && let Ok(event) = one.now().set_due(due)
    {
        one.add(vec![event], when)?;
    }
    Ok(())
}

/// Matches, and tells with which generation of the knowledge base.
fn answer(
    folder: &DataFolder,
    (order, lists): (&RefreshOrder, Lists),
    prioritisation: &Prioritisation,
    at: Timestamp,
) -> Result<(CheckResult, u64), RecordsError> {
    let options = CheckOptions {
        now: order.as_of.unwrap_or(at),
        max_age_days: None,
        allow_stale: false,
        only: None,
        // A release and a deployment have no assets of their own in the register.
        register: order.paths.is_empty() || order.register && matches!(order.subject, Subject::System(_)),
    };
    loop {
        let before = folder.current()?;
        let checked = match lists {
            Lists::Named => check::check_by(folder, &order.paths, &options, prioritisation)?,
            Lists::Kept => check_kept(folder, order.subject, &options, prioritisation)?,
            Lists::Stored => match portfolio::told(folder, order.subject, &options, prioritisation)? {
                Some(checked) => checked,
                None => check_kept(folder, order.subject, &options, prioritisation)?,
            },
        };
        // A base that was built meanwhile may have been the one that was used.
        let after = folder.current()?;
        if before == after {
            return Ok((checked.result, after.unwrap_or_default()));
        }
    }
}

/// Judges what is kept for a subject.
fn check_kept(
    folder: &DataFolder,
    subject: Subject,
    options: &CheckOptions,
    prioritisation: &Prioritisation,
) -> Result<Checked, RecordsError> {
    let kept = portfolio::Lists::load(folder)?;
    let mut inputs = portfolio::inputs_of(folder, kept.of(subject))?;
    let software = matches!(subject, Subject::Release(_) | Subject::Deployment(_));
    if software && inputs.is_empty() {
        return Err(RecordsError::refused(subject.stream(), Refusal::new(ReasonCode::ListsNeeded)));
    }
    // Without any list there must be a register: nothing to look at is no answer.
    if !software && (inputs.is_empty() || register::pointer(folder)?.is_some()) {
        inputs.extend(check::inputs(folder, &[], &CheckOptions { register: true, ..options.clone() })?.0);
    }
    Ok(check::check_inputs(folder, &folder.map()?, (inputs, None), options, prioritisation)?)
}

fn compared(result: &CheckResult, keys: &Keys, subject: Subject, knowledge: u64) -> Compared {
    let is_list = |input: &&InputReport| input.kind.is_some_and(|kind| kind != InventoryKind::Register);
    let name = |input: &InputReport| {
        let path = std::path::Path::new(&input.path);
        path.file_name().map_or_else(|| input.path.clone(), |name| name.to_string_lossy().into_owned())
    };
    let harmed = |input: &&InputReport| {
        input.kind.is_none() || input.diagnostics.iter().any(|d| d.severity() == Severity::Error)
    };
    let undetermined = result.undetermined.iter().filter(|doubt| keys.is_ours(doubt.input, &doubt.component));
    Compared {
        subject,
        lists: result.inputs.iter().filter(is_list).map(name).collect(),
        left_out: BTreeSet::new(),
        knowledge,
        as_of: result.as_of,
        components: result.coverage.components as u64,
        findings: 0,
        undetermined: undetermined.count() as u64,
        unreadable: result.inputs.iter().filter(harmed).count() as u64,
    }
}

/// Lists of software that were read the last time and are not named now: a forgotten file must not look like a repair.
fn lists_left_out(
    records: &Records,
    compared: &Compared,
    order: &RefreshOrder,
) -> Result<BTreeSet<String>, RecordsError> {
    if order.complete {
        return Ok(BTreeSet::new());
    }
    let last = records.state::<Comparisons>(records.store().installation().id)?;
    let known = |one: &shindan_domain::comparison::Comparison| {
        one.compared.lists.union(&one.compared.left_out).cloned().collect::<BTreeSet<String>>()
    };
    let last = last.and_then(|(_, all)| all.of(order.subject).map(known)).unwrap_or_default();
    Ok(last.difference(&compared.lists).cloned().collect())
}

/// Which assets of the register belong to the subject.
struct Belongs {
    subject: Subject,
    /// Keys of assets that belong to a system, with its id.
    systems: BTreeMap<String, Uuid>,
}

impl Belongs {
    fn read(records: &Records, subject: Subject) -> Result<Self, RecordsError> {
        let assets =
            records.all::<MasterData<Asset>>()?.into_iter().filter(|(_, asset)| asset.ended.is_none());
        let of_system = |(_, asset): (Uuid, MasterData<Asset>)| {
            Some((asset.particulars.key, asset.particulars.system?.0))
        };
        Ok(Belongs { subject, systems: assets.filter_map(of_system).collect() })
    }

    fn holds(&self, key: &str) -> bool {
        match self.subject {
            Subject::Register => !self.systems.contains_key(key),
            Subject::System(system) => self.systems.get(key) == Some(&system.0),
            Subject::Release(_) | Subject::Deployment(_) => false,
        }
    }
}

/// The provider's cases, whose decisions a deployment takes over.
struct Provider(Vec<(CaseId, Case)>);

impl Provider {
    fn of(records: &Records, subject: Subject) -> Result<Self, RecordsError> {
        let Subject::Deployment(id) = subject else { return Ok(Provider(Vec::new())) };
        let Some((_, deployment)) = records.state::<MasterData<Deployment>>(id)? else {
            return Ok(Provider(Vec::new()));
        };
        let release = deployment.particulars.release;
        let cases = records.cases_of(Subject::Release(release))?.into_iter();
        let holds = |one: &Held| matches!(inheritance(one.id, release, &deployment), Inheritance::Inherited);
        Ok(Provider(cases.filter(holds).map(|one| (one.id, one.case)).collect()))
    }

    /// The decision that a case takes over, if one covers it.
    fn decision(&self, case: &Case, when: &Occurrence) -> Option<CaseEvent> {
        let since = match &case.stage {
            case::Stage::Detected => None,
            // What the provider decided before the case was opened again does not settle it.
            case::Stage::Reopened { reopening } => Some(reopening.at),
            _ => return None,
        };
        let newer = |from: &Case| {
            from.stage.approved().is_some_and(|(_, given)| since.is_none_or(|at| given.at > at))
        };
        let same = self.0.iter().filter(|(_, from)| from.remediation == case.remediation && newer(from));
        same.filter_map(|(id, from)| case.inherit(*id, from, when).ok()).next()
    }
}

#[derive(Default)]
struct Report {
    cases: Vec<RefreshedCase>,
    gone: Vec<RefreshedCase>,
    unchanged: u64,
}

fn refreshed(
    stream: Stream,
    number: Option<String>,
    case: &Case,
    events: &[CaseEvent],
    gone: bool,
) -> RefreshedCase {
    RefreshedCase {
        stream,
        number,
        title: case.title(),
        priority: case.priority,
        state: case.state(),
        changes: events.iter().filter_map(CaseChange::of).collect(),
        gone,
    }
}

/// Writes what happened to a case that there was.
fn stage(
    act: &mut Act<'_>,
    mut one: Held,
    provider: &Provider,
    gone: &BTreeSet<CaseId>,
    report: &mut Report,
) -> Result<(), RecordsError> {
    let when = act.occurrence;
    if let Some(event) = provider.decision(one.now(), &when) {
        one.add(vec![event], &when)?;
    }
    let stream = Stream::new(Kind::Case, one.id);
    let is_gone = gone.contains(&one.id);
    let known = is_gone || one.changed.is_some();
    let number = if known { act.records().called(stream) } else { None };
    if is_gone {
        report.gone.push(refreshed(stream, number.clone(), one.now(), &[], true));
    }
    let Some((events, after)) = one.changed else {
        report.unchanged += 1;
        return Ok(());
    };
    report.cases.push(refreshed(stream, number, &after, &events, is_gone));
    act.put::<Case>(one.id, (one.revision, one.case), &events)?;
    Ok(())
}

/// Opens a case.
fn open(
    act: &mut Act<'_>,
    opened: CaseEvent,
    provider: &Provider,
    report: &mut Report,
) -> Result<(), RecordsError> {
    let id = CaseId(act.new_id()?);
    let when = act.occurrence;
    let mut events = vec![opened];
    if !provider.0.is_empty() {
        let case = fold::<Case>(None, &events, &when).map_err(RecordsError::stored)?;
        events.extend(case.and_then(|case| provider.decision(&case, &when)));
    }
    let case = act.begin::<Case>(id, &events, true)?;
    report.cases.push(refreshed(Stream::new(Kind::Case, id), None, &case, &events, false));
    Ok(())
}

struct Context {
    remarks: Vec<Diagnostic>,
    rules: shindan_domain::case::analysis::UsedRules,
    due: Option<shindan_domain::policy::PolicyRef>,
    spent: Spent,
}

impl Report {
    fn finish(self, compared: Compared, deferred: Vec<Deferred>, context: Context) -> CaseRefresh {
        CaseRefresh {
            subject: compared.subject,
            called: None,
            as_of: compared.as_of,
            knowledge: compared.knowledge,
            rules: context.rules,
            due_policy: context.due,
            components: compared.components,
            findings: compared.findings,
            undetermined: compared.undetermined,
            unreadable: compared.unreadable,
            cases: self.cases,
            unchanged: self.unchanged,
            gone: self.gone,
            deferred,
            lists_left_out: compared.left_out,
            remarks: context.remarks,
            entries: None,
            spent: context.spent,
        }
    }
}

impl Records {
    /// Every case of a subject, closed ones included, with its revision.
    fn cases_of(&self, subject: Subject) -> Result<Vec<Held>, RecordsError> {
        let link = subject.link();
        let mut stored: Vec<(Stream, u64, Vec<u8>)> = Vec::new();
        self.store.each_linked_state(
            Kind::Case,
            (link.relation, &link.target),
            &mut |stream, revision, state| {
                stored.push((stream, revision, state.to_vec()));
            },
        )?;
        let read = |(stream, revision, state): (Stream, u64, Vec<u8>)| {
            let case = serde_json::from_slice(&state).map_err(RecordsError::stored)?;
            Ok(Held { id: CaseId(stream.id), revision, case, changed: None })
        };
        stored.into_par_iter().map(read).collect()
    }
}
