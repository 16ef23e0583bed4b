//! Reports of scanners are read, kept, and held against what was permitted; what they found joins what is known.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use shindan_domain::assessment::standing::Change;
use shindan_domain::assessment::{
    Assessment, AssessmentPlan, PlanEvent, ReportRead, RunScope, ScanReport, SeenBy, Standing, Way, targets,
};
use shindan_domain::calendar::day;
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::evidence::Document;
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::record_id::AssessmentId;
use shindan_formats::limits::Limits;
use shindan_formats::scan;
pub use shindan_formats::scan::{Mapping, write_outside};

use super::cases::{Said, follow};
use crate::error::AppError;
use crate::records::{Act, Call, DOCUMENT_LIMIT, Done, Entered, Records, RecordsError};

/// So many strayed targets are named; all are counted.
const MOST_NAMED: usize = 100;
/// The name under which what is known is kept.
const STANDING: &str = "findings.json.gz";
/// The largest list of findings that is read, inflated, in bytes.
const STANDING_LIMIT: u64 = 2 << 30;
/// Most characters of a text that the list keeps; the report holds all of it.
const KEPT_TEXT: usize = 400;

/// Reads reports into a run. The second value: what could not be read in them, and what was read with a tolerance. The same file
/// twice writes nothing.
///
/// # Errors
/// Refused before the run was started and after it was closed; [`AppError::FilesUnreadable`] for a file that is no report, or holds
/// nothing: nothing is written then.
pub fn import(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    (files, mapping): (&[PathBuf], Option<&Mapping>),
) -> Result<(Done, Vec<Diagnostic>), RecordsError> {
    let mut given = Vec::new();
    for path in files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        given.push(Given { shown: path.display().to_string(), name, bytes: bytes(path)? });
    }
    read_in(records, who, call, id, (given, mapping))
}

/// A file that was handed in.
struct Given {
    /// As it is named to people.
    shown: String,
    /// Its name, without folders.
    name: String,
    bytes: Vec<u8>,
}

/// A file with what stands in it.
struct Report {
    original: Hash,
    given: Given,
    reports: Vec<ScanReport>,
}

fn read_in(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    (files, mapping): (Vec<Given>, Option<&Mapping>),
) -> Result<(Done, Vec<Diagnostic>), RecordsError> {
    let mut diagnostics = Vec::new();
    let stream = Stream::new(Kind::Assessment, id);
    let done = records.act(who, call, Action::Operate, Some(stream), |act| {
        let mut unreadable = Vec::new();
        let mut read: Vec<Report> = Vec::new();
        for given in files {
            let original = Hash::of(&given.bytes);
            if read.iter().any(|known| known.original == original) {
                continue;
            }
            match scan::read(&given.bytes, &given.shown, mapping, &limits()) {
                Ok(reports) => read.push(Report { original, given, reports }),
                Err(found) => unreadable.extend(found),
            }
        }
        if !unreadable.is_empty() {
            return Err(AppError::FilesUnreadable(unreadable).into());
        }
        let told = read.iter().flat_map(|one| &one.reports);
        diagnostics.extend(told.flat_map(|report| report.diagnostics.iter().cloned()));
        take_in(act, id, &read)?;
        Ok(stream)
    })?;
    Ok((done, diagnostics))
}

fn limits() -> Limits {
    Limits { file_size: DOCUMENT_LIMIT, ..Limits::DEFAULT }
}

fn bytes(path: &Path) -> Result<Vec<u8>, RecordsError> {
    let unreadable = |error: std::io::Error| RecordsError::unreadable(path, &error);
    let mut bytes = Vec::new();
    // One byte more than is allowed, so that the reader sees that it is too large.
    File::open(path)
        .map_err(unreadable)?
        .take(DOCUMENT_LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}

/// Reads the report of a scan that this program began ([`super::scans::begin`]) into its run.
///
/// # Errors
/// As for [`import`].
pub fn import_made(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    (name, bytes): (&str, Vec<u8>),
) -> Result<(Done, Vec<Diagnostic>), RecordsError> {
    let given = Given { shown: name.to_owned(), name: name.to_owned(), bytes };
    read_in(records, who, call, id, (vec![given], None))
}

/// Takes reports into a run and its plan.
fn take_in(act: &mut Act<'_>, id: AssessmentId, files: &[Report]) -> Result<(), RecordsError> {
    let run = act.state::<Assessment>(id)?;
    let plan_id = run.order.plan;
    let plan = act.state::<AssessmentPlan>(plan_id)?;
    let at = act.occurrence.at;
    let scope = RunScope {
        seen: SeenBy { run: id, on: day(at) },
        environment: run.order.environment,
        deliverables: run.order.deliverables.clone(),
    };
    let mut standing = read_standing(act.records(), plan.standing.as_ref())?;
    let mut entries = Vec::new();
    let mut said = Vec::new();
    for Report { original, given, reports } in files {
        if standing.has_read(*original, id) {
            continue;
        }
        let document = act.records().take_in_bytes(&given.bytes, &given.name, at)?;
        let short: Vec<_> = reports.iter().map(|report| (*original, report.for_list(KEPT_TEXT))).collect();
        for (report, change) in reports.iter().zip(standing.take_all(&short, &scope)) {
            entries.push(entry(&run, report, &document, &change));
            let start = run.start_made().map_or(at, |start| start.at);
            // One that had ended before the run was started did not begin with it.
            let ended = report.ended.filter(|ended| *ended < start);
            let began = report.started.or(ended).unwrap_or(start);
            said.push(Said { change, began, document: document.clone() });
        }
    }
    if entries.is_empty() {
        // Whether the run takes reports at all is asked all the same.
        let known = run.reports.clone();
        let refused = |refusal| RecordsError::refused(Some(Stream::new(Kind::Assessment, id)), refusal);
        return run.read(known).map(drop).map_err(refused);
    }
    act.change::<Assessment>(id, |run, _| Ok(vec![run.read(entries)?]))?;
    let kept = keep_standing(act.records(), &standing, at)?;
    act.change::<AssessmentPlan>(plan_id, |_, _| Ok(vec![PlanEvent::Known { standing: kept }]))?;
    follow(act, plan_id, id, &said)
}

/// What is recorded of a report.
fn entry(run: &Assessment, report: &ScanReport, document: &Document, change: &Change) -> ReportRead {
    let network = run.order.way == Way::Outside;
    let start = run.start_made();
    let none = targets::Resolved::new();
    let resolved = start.map_or(&none, |start| &start.resolved);
    let strayed = targets::strayed(&report.touched, &run.order.targets, resolved, network);
    let unreadable = report.diagnostics.iter().filter(|one| one.severity() == Severity::Error).count();
    ReportRead {
        document: document.clone(),
        format: report.format,
        tool: report.tool.clone(),
        started: report.started,
        ended: report.ended,
        completion: report.completion,
        findings: report.results.len() as u64,
        counts: change.counts,
        left_out: report.left_out.clone(),
        unreadable: unreadable as u64,
        touched: report.touched.len() as u64,
        strayed_count: strayed.len() as u64,
        strayed: strayed.into_iter().take(MOST_NAMED).collect(),
        before_start: network && start.zip(report.taken()).is_some_and(|(start, taken)| taken < start.at),
    }
}

/// Reads what is known of a plan's findings.
///
/// # Errors
/// Those of the store; [`RecordsError::Stored`] if it is damaged.
pub(in crate::records) fn read_standing(
    records: &Records,
    kept: Option<&Document>,
) -> Result<Standing, RecordsError> {
    let Some(kept) = kept else { return Ok(Standing::default()) };
    let file = records.store().open_document(&kept.sha256)?;
    let mut text = Vec::new();
    GzDecoder::new(file).take(STANDING_LIMIT).read_to_end(&mut text).map_err(RecordsError::stored)?;
    serde_json::from_slice(&text).map_err(RecordsError::stored)
}

fn keep_standing(
    records: &Records,
    standing: &Standing,
    at: jiff::Timestamp,
) -> Result<Document, RecordsError> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    serde_json::to_writer(&mut packed, standing).map_err(RecordsError::stored)?;
    let packed = packed.finish().map_err(RecordsError::stored)?;
    records.take_in_bytes(&packed, STANDING, at)
}
