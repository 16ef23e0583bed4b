//! Scans that this program begins. Nothing here connects to anything: what scans is handed a [`ScanPermit`], and there is no other
//! way to one than through the gates of the run (SPEC.md section 4, ③ "Targets").

use core::net::IpAddr;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use shindan_domain::assessment::{Assessment, Scan, Target};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Reason, ReasonCode};
use shindan_domain::record_id::AssessmentId;

use super::ground::Resolver;
use super::runs::ground_of;
use crate::records::{Call, Done, Entered, Records, RecordsError};

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
}

/// Begins a scan: all gates of the run are asked again, and the ledger says who scans what.
///
/// # Errors
/// Refused as for [`super::runs::start`]; for another target than those of the run, a range of several addresses
/// ([`ReasonCode::ScannerTargetKind`]), and a name that cannot be looked up ([`ReasonCode::HostNotResolved`]).
pub fn begin(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    (tool, version): (&str, Option<String>),
    (what, resolver): (ToScan, Resolver<'_>),
) -> Result<(Done, ScanPermit), RecordsError> {
    let stream = Stream::new(Kind::Assessment, id);
    let mut addresses = BTreeSet::new();
    let done = records.act(who, call, Action::Operate, Some(stream), |act| {
        let ground = ground_of(act, id, resolver)?;
        let (target, folder) = match &what {
            ToScan::Target(target) => (Some(target.clone()), None),
            ToScan::Folder(folder) => (None, Some(shown(folder))),
        };
        if let Some(target) = &target {
            let refused = |reason: Reason| RecordsError::refused(Some(stream), reason.into());
            let found = ground.addresses(target);
            addresses = match (found, target) {
                (Some(found), _) => found,
                (None, Target::Range(_)) => {
                    let reason = Reason::new(ReasonCode::ScannerTargetKind).with("value", tool);
                    return Err(refused(reason.with("target", target)));
                }
                (None, _) => {
                    let reason = Reason::new(ReasonCode::HostNotResolved);
                    return Err(refused(reason.with("value", target.host().unwrap_or_default())));
                }
            };
        }
        let scan = Scan { tool: tool.to_owned(), version, target, folder };
        act.change::<Assessment>(id, |run, by| Ok(vec![run.begin_scan(scan, ground.ground(), by)?]))?;
        Ok(stream)
    })?;
    Ok((done, ScanPermit { tool: tool.to_owned(), what, addresses }))
}

/// The name of a folder for the ledger: without the folders above it, which say something about the computer only.
fn shown(folder: &Path) -> String {
    folder.file_name().map_or_else(|| "/".to_owned(), |name| name.to_string_lossy().into_owned())
}
