//! Use cases on interfaces: data exchange with other parties and what notices altered data (③-1).

use std::path::PathBuf;

use jiff::civil::Date;
use shindan_domain::case::{Case, CaseState, StatedFinding, Subject};
use shindan_domain::identifier::FindingKind;
use shindan_domain::interface::{
    Direction, IntegrityResult, IntegrityTest, Interface, InterfaceDraft, Mechanism,
};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{MasterData, Party, System};
use shindan_domain::people::Action;
use shindan_domain::record_id::{CaseId, InterfaceId};

use super::analysis::outcome_of_stated;
use super::policies::InForce;
use super::step::nothing;
use super::{Act, Call, Done, Entered, Records, RecordsError};

/// Enters an interface of a system with another party.
///
/// # Errors
/// Refused without name, data and protocol; [`RecordsError::Unknown`] for an unknown system or party.
pub fn register(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    draft: InterfaceDraft,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::Operate, None, |act| {
        act.records().existing::<MasterData<System>>(draft.system)?;
        act.records().existing::<MasterData<Party>>(draft.counterpart)?;
        let stream = Stream::new(Kind::Interface, act.new_id()?);
        let refused = |refusal| RecordsError::refused(None, refusal);
        // What the interface itself refuses is asked first, so that no case is opened for one that cannot be entered.
        Interface::register(draft.clone(), Some(CaseId(stream.id))).map_err(refused)?;
        let case = case_of(act, stream, &draft, None)?;
        let event = Interface::register(draft, case).map_err(refused)?;
        act.begin::<Interface>(stream.id, &[event], true)?;
        Ok(stream)
    })
}

/// The case about an interface in which nothing notices altered data: the open one, or a new one.
fn case_of(
    act: &mut Act<'_>,
    about: Stream,
    draft: &InterfaceDraft,
    known: Option<CaseId>,
) -> Result<Option<CaseId>, RecordsError> {
    if draft.mechanism.is_some() {
        return Ok(None);
    }
    if let Some(case) = known
        && act.state::<Case>(case)?.state() != CaseState::Closed
    {
        return Ok(Some(case));
    }
    let kind = FindingKind::IntegrityUnchecked;
    let in_force = InForce::read(act.records())?;
    let place = format!("interface:{}", about.id);
    let found = StatedFinding {
        kind,
        subject: Subject::System(draft.system),
        identifier: act.records().called(about).unwrap_or_else(|| draft.name.clone()),
        name: draft.name.clone(),
        text: format!("{} / {}", draft.data, draft.protocol),
        priority: outcome_of_stated(act.records(), (kind, &place), &in_force)?,
        place,
    };
    let case = CaseId(act.new_id()?);
    let opened = Case::open_for_stated(&found, in_force.due.as_ref(), act.occurrence.at);
    act.begin::<Case>(case, &[opened], true)?;
    Ok(Some(case))
}

/// What is changed of an interface; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct InterfaceChange {
    /// What it is called.
    pub name: Option<String>,
    /// Which way data goes.
    pub direction: Option<Direction>,
    /// Which data.
    pub data: Option<String>,
    /// Over what.
    pub protocol: Option<String>,
    /// What notices altered data; `Some(None)`: nothing does.
    pub mechanism: Option<Option<Mechanism>>,
    /// How it is set up; empty: nothing is said about it any more.
    pub set_up: Option<String>,
}

/// Changes how an interface is operated; a changed mechanism or protocol is to be tested anew.
///
/// # Errors
/// Refused without a reason, and if nothing changes.
pub fn change(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: InterfaceId,
    wanted: InterfaceChange,
    reason: String,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Interface, id);
    records.act(who, call, Action::Operate, Some(stream), |act| {
        let state = act.state::<Interface>(id)?;
        let now = state.draft.clone();
        let draft = InterfaceDraft {
            name: wanted.name.unwrap_or(now.name),
            direction: wanted.direction.unwrap_or(now.direction),
            data: wanted.data.unwrap_or(now.data),
            protocol: wanted.protocol.unwrap_or(now.protocol),
            mechanism: wanted.mechanism.unwrap_or(now.mechanism),
            set_up: match wanted.set_up {
                Some(set_up) => Some(set_up).filter(|text| !text.trim().is_empty()),
                None => now.set_up,
            },
            system: now.system,
            counterpart: now.counterpart,
        };
        let refused = |refusal| RecordsError::refused(Some(stream), refusal);
        state.change(draft.clone(), reason.clone(), Some(CaseId(id.0))).map_err(refused)?;
        let opened = case_of(act, stream, &draft, state.case)?.filter(|case| Some(*case) != state.case);
        act.change::<Interface>(id, |state, _| Ok(vec![state.change(draft, reason, opened)?]))?;
        Ok(stream)
    })
}

/// A test as it is recorded.
#[derive(Debug, Clone)]
pub struct TestOrder {
    /// On which day, in Japan.
    pub on: Date,
    /// What was altered and how it was sent.
    pub method: String,
    /// What came of it.
    pub result: IntegrityResult,
    /// When it is tested again.
    pub next: Date,
    /// What shows it.
    pub documents: Vec<PathBuf>,
}

/// Records that altered data was sent on purpose, and what came of it.
///
/// # Errors
/// Refused without a mechanism, without evidence, and for a test in the future.
pub fn test(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: InterfaceId,
    order: TestOrder,
) -> Result<Done, RecordsError> {
    let TestOrder { on, method, result, next, documents } = order;
    records.step::<Interface, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, by| records.take_in_all(&documents, by.at),
        |state, documents, by| state.test(IntegrityTest { on, method, result, documents, next }, by),
    )
}

/// Ends it: it is no longer operated.
///
/// # Errors
/// Refused without a reason.
pub fn end(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: InterfaceId,
    reason: String,
) -> Result<Done, RecordsError> {
    records.step::<Interface, _>(who, call, Action::Operate, id, nothing, |state, (), _| state.end(reason))
}
