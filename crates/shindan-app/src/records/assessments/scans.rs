//! Scans that this program begins. Nothing here connects to anything: what scans is handed a [`ScanPermit`], and there is no other
//! way to one than through the gates of the run (SPEC.md section 4, ③ "Targets").

use core::net::IpAddr;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use shindan_domain::assessment::{Assessment, Scan, ScanBegun, ScanEnd, ScanTargets, Target, WebTarget};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Reason, ReasonCode};
use shindan_domain::record_id::{AssessmentId, PersonId};
use shindan_domain::sighting::IpRange;

use super::ground::{GroundNow, Resolver};
use super::runs::ground_of;
use crate::records::step::nothing;
use crate::records::{Call, Done, Entered, Records, RecordsError};

/// Most addresses that one start scans.
pub const MOST_AT_ONCE: u16 = 1024;

/// What is to be scanned.
#[derive(Debug, Clone)]
pub enum ToScan {
    /// A target of the run.
    Target(Target),
    /// A folder with source code.
    Folder(PathBuf),
}

/// That one scan may be made now. Only [`begin`] makes one.
#[derive(Debug)]
pub struct ScanPermit {
    tool: String,
    what: ToScan,
    addresses: BTreeSet<IpAddr>,
    plain: Option<Target>,
    run: AssessmentId,
    scan: u32,
}

impl ScanPermit {
    /// Which scanner.
    pub fn tool(&self) -> &str {
        &self.tool
    }

    /// What is scanned.
    pub fn what(&self) -> &ToScan {
        &self.what
    }

    /// Addresses that may be connected to, and no other.
    pub fn addresses(&self) -> &BTreeSet<IpAddr> {
        &self.addresses
    }

    /// Beside an encrypted web address: its host at the usual port of plain HTTP, if that, too, is a target of the run.
    pub fn plain(&self) -> Option<&Target> {
        self.plain.as_ref()
    }
}

/// What came of the request for a scan.
#[derive(Debug)]
pub enum Begun {
    /// It may be made now.
    Now(ScanPermit),
    /// The same request was carried out before, to its end: nothing is scanned again.
    Before(Done),
}

/// Begins a scan: all gates of the run are asked again, and the ledger says who scans what. Each scan that began is ended by
/// [`end`]. The same request (key of the call) after one that ended without a report is a new attempt with its own entry.
///
/// # Errors
/// [`ReasonCode::ScanUnderWay`] if the same request began a scan whose end is not recorded.
/// Refused as for [`super::runs::start`]; for another target than those of the run, a range of more than [`MOST_AT_ONCE`] addresses
/// ([`ReasonCode::RangeTooLarge`]), and a name that cannot be looked up ([`ReasonCode::HostNotResolved`]).
pub fn begin(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    (tool, version): (&str, Option<String>),
    (what, resolver): (ToScan, Resolver<'_>),
) -> Result<Begun, RecordsError> {
    let stream = Stream::new(Kind::Assessment, id);
    let once = call.once.as_ref().map(|(key, _)| key.clone());
    let call = attempt(records, who, call, id)?;
    let mut addresses = BTreeSet::new();
    let (mut place, mut plain) = (0, None);
    let done = records.act(who, &call, Action::Operate, Some(stream), |act| {
        let ground = ground_of(act, id, resolver)?;
        let (target, folder) = match &what {
            ToScan::Target(target) => (Some(target.clone()), None),
            ToScan::Folder(folder) => (None, Some(shown(folder))),
        };
        if let Some(target) = &target {
            addresses = addresses_of(&ground, target, stream)?;
        }
        let scan = Scan { tool: tool.to_owned(), version, target, folder, once: once.clone() };
        act.change::<Assessment>(id, |run, by| Ok(vec![run.begin_scan(scan, ground.ground(), by)?]))?;
        let run = act.state::<Assessment>(id)?;
        let begun = run.scans.len().saturating_sub(1);
        place = u32::try_from(begun).map_err(RecordsError::stored)?;
        if let ToScan::Target(Target::Url(web)) = &what {
            plain = plain_beside(web, &run.order.targets);
        }
        Ok(stream)
    })?;
    if done.repeated {
        return done_before(records, done, id, (who.person(), once.as_deref())).map(Begun::Before);
    }
    Ok(Begun::Now(ScanPermit { tool: tool.to_owned(), what, addresses, plain, run: id, scan: place }))
}

/// The addresses that a target leads to. Those of a range are all permitted: one that holds something protected is refused by the
/// gates of the run.
fn addresses_of(
    ground: &GroundNow,
    target: &Target,
    stream: Stream,
) -> Result<BTreeSet<IpAddr>, RecordsError> {
    let refused = |reason: Reason| RecordsError::refused(Some(stream), reason.into());
    if let Target::Range(range) = target {
        return small(range).map(|range| range.each().collect()).map_err(refused);
    }
    ground.addresses(target).ok_or_else(|| {
        let host = target.host().unwrap_or_default();
        refused(Reason::new(ReasonCode::HostNotResolved).with("value", host))
    })
}

/// The whole host of an encrypted web address at the usual port of plain HTTP, if one of these targets holds it. They were held
/// against the list and what is protected, and the host is the same one.
fn plain_beside(web: &WebTarget, targets: &BTreeSet<Target>) -> Option<Target> {
    if web.scheme != "https" {
        return None;
    }
    let plain = WebTarget { scheme: "http".to_owned(), port: 80, ..web.clone() };
    let plain = Target::Url(plain);
    targets.iter().any(|target| target.encloses(&plain)).then_some(plain)
}

fn small(range: &IpRange) -> Result<&IpRange, Reason> {
    if range.addresses() <= u128::from(MOST_AT_ONCE) {
        return Ok(range);
    }
    Err(Reason::new(ReasonCode::RangeTooLarge).with("target", range).with("most", MOST_AT_ONCE))
}

/// A target address by address, for scanners that look at one at a time: each is a scan of its own with its own entries.
///
/// # Errors
/// [`ReasonCode::RangeTooLarge`].
pub fn one_by_one(target: &Target) -> Result<Vec<Target>, RecordsError> {
    let Target::Range(range) = target else { return Ok(vec![target.clone()]) };
    let range = small(range).map_err(|reason| RecordsError::refused(None, reason.into()))?;
    Ok(range.each().filter_map(|address| IpRange::new(address, address)).map(Target::Range).collect())
}

/// The call for one of several scans that one request asks for. The first has the key of the request, so that this stays its own;
/// after a failure the same request makes only those again that have not been made.
#[must_use]
pub fn call_of_part(call: &Call, part: usize) -> Call {
    let once = match &call.once {
        Some((key, request)) if part > 0 => Some((format!("{key} (part {})", part + 1), *request)),
        once => once.clone(),
    };
    // The others stand on what the first one left behind.
    let seen = call.seen.filter(|_| part == 0);
    Call { once, seen, ..call.clone() }
}

/// Host names that a step about targets asks for: those of every list of permitted targets, and of these targets. Who looks names up
/// can then do so side by side.
///
/// # Errors
/// Those of reading.
pub fn names<'t>(
    records: &Records,
    targets: impl IntoIterator<Item = &'t Target>,
) -> Result<BTreeSet<String>, RecordsError> {
    let name = |target: &Target| {
        let host = target.host().filter(|host| host.parse::<IpAddr>().is_err());
        host.map(str::to_owned)
    };
    let mut all: BTreeSet<String> = targets.into_iter().filter_map(name).collect();
    for (_, list) in records.all::<ScanTargets>()? {
        all.extend(list.targets.iter().filter_map(|one| name(&one.target)));
    }
    Ok(all)
}

/// The call under the key of its attempt: what ended without a report does not hold the caller's key.
fn attempt(records: &Records, who: &Entered, call: &Call, id: AssessmentId) -> Result<Call, RecordsError> {
    let Some((key, request)) = &call.once else { return Ok(call.clone()) };
    // A key stays that of its first request, whatever came of it.
    records.done_before(who, call)?;
    let run = records.existing::<Assessment>(id)?;
    let own = |scan: &&ScanBegun| scan.by == who.person() && scan.scan.once.as_ref() == Some(key);
    let failed = run.scans.iter().filter(own).filter(|scan| scan.has_failed()).count();
    let key = if failed == 0 { key.clone() } else { format!("{key} (attempt {})", failed + 1) };
    Ok(Call { once: Some((key, *request)), ..call.clone() })
}

/// A request that was carried out before: to its end, or nobody knows.
fn done_before(
    records: &Records,
    done: Done,
    id: AssessmentId,
    (by, once): (PersonId, Option<&str>),
) -> Result<Done, RecordsError> {
    let run = records.existing::<Assessment>(id)?;
    let open = |scan: &&ScanBegun| scan.by == by && scan.scan.once.as_deref() == once && scan.ended.is_none();
    match run.scans.iter().find(open) {
        None => Ok(done),
        Some(open) => {
            let reason = Reason::new(ReasonCode::ScanUnderWay).with("value", &open.scan.tool);
            let reason = reason.with("at", open.at);
            Err(RecordsError::refused(Some(Stream::new(Kind::Assessment, id)), reason.into()))
        }
    }
}

/// Says how a scan ended that [`begin`] permitted.
///
/// # Errors
/// Those of the ledger; refused if its end is recorded.
pub fn end(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    permit: &ScanPermit,
    end: ScanEnd,
) -> Result<Done, RecordsError> {
    let (id, scan) = (permit.run, permit.scan);
    records
        .step::<Assessment, _>(who, call, Action::Operate, id, nothing, |run, (), _| run.end_scan(scan, end))
}

/// The name of a folder for the ledger: without the folders above it, which say something about the computer only.
fn shown(folder: &Path) -> String {
    folder.file_name().map_or_else(|| "/".to_owned(), |name| name.to_string_lossy().into_owned())
}
