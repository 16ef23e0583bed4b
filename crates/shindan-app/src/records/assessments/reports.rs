//! Reports of scanners are read, kept, and held against what was permitted; what they found joins what is known.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::{SignedDuration, Timestamp};
use shindan_domain::assessment::standing::Change;
use shindan_domain::assessment::{
    Assessment, AssessmentPlan, Completion, Dated, PlanEvent, ReportRead, RunScope, ScanReport, SeenBy,
    Standing, Way, targets,
};
use shindan_domain::calendar::{day, start_of};
use shindan_domain::diagnostic::{Code, Diagnostic, Place, Severity};
use shindan_domain::evidence::Document;
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, Reason, ReasonCode, Refusal};
use shindan_domain::record_id::AssessmentId;
use shindan_formats::limits::Limits;
use shindan_formats::scan;
pub use shindan_formats::scan::{Mapping, write_outside};

use super::cases::{Said, follow};
use crate::error::AppError;
use crate::records::sightings::TakenWhen;
use crate::records::{Act, Call, DOCUMENT_LIMIT, Done, Entered, Records, RecordsError};

/// So many strayed targets are named; all are counted.
const MOST_NAMED: usize = 100;
/// The name under which what is known is kept.
const STANDING: &str = "findings.json.gz";
/// The largest list of findings that is read, inflated, in bytes.
const STANDING_LIMIT: u64 = 2 << 30;
/// Most characters of a text that the list keeps; the report holds all of it.
const KEPT_TEXT: usize = 400;

/// Files that are read into a run, and what people say about them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Handed<'a> {
    /// The files.
    pub files: &'a [PathBuf],
    /// What the columns of a table hold.
    pub mapping: Option<&'a Mapping>,
    /// When the scans were made, for reports that do not tell: only of somebody who neither tests, started the run nor scanned.
    pub taken: Option<TakenWhen>,
}

/// Reads reports into a run. The second value: what could not be read in them, and what was read with a tolerance. The same file
/// twice writes nothing, unless its time is stated only now: then it counts as made at that time.
///
/// # Errors
/// Refused before the run was started and after it was closed; for a stated time as [`Assessment::read`], for a report that tells its
/// own ([`ReasonCode::ReportTellsTime`]) and for another time than was stated before ([`ReasonCode::ReportTimeStated`]); [`AppError::FilesUnreadable`] for a file that is no report, or holds
/// nothing: nothing is written then.
pub fn import(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: AssessmentId,
    handed: Handed<'_>,
) -> Result<(Done, Vec<Diagnostic>), RecordsError> {
    let mut given = Vec::new();
    for path in handed.files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        given.push(Given { shown: path.display().to_string(), name, bytes: bytes(path)? });
    }
    read_in(records, who, call, id, (given, handed.mapping), Time::Stated(handed.taken))
}

/// A file that was handed in.
struct Given {
    /// As it is named to people.
    shown: String,
    /// Its name, without folders.
    name: String,
    bytes: Vec<u8>,
}

/// Where the time of reports comes from that do not tell one.
#[derive(Debug, Clone, Copy)]
enum Time {
    /// From who hands them in, if they state it.
    Stated(Option<TakenWhen>),
    /// From the scan that this program began.
    MadeHere,
}

impl Time {
    /// The moment, and how it is known.
    fn known(self, run: &Assessment, act: &Act<'_>) -> Result<Option<(Timestamp, Dated)>, RecordsError> {
        match self {
            Time::Stated(None) => Ok(None),
            Time::Stated(Some(when)) => Ok(Some((beginning(when, run, act)?, Dated::Stated))),
            Time::MadeHere => {
                let own = run.scans.iter().rev().find(|scan| scan.by == act.occurrence.actor.person);
                Ok(own.map(|scan| (scan.at, Dated::MadeHere)))
            }
        }
    }
}

/// A day counts from its beginning, so that no scan seems newer than it may be; the day on which the run was started counts from
/// then.
fn beginning(when: TakenWhen, run: &Assessment, act: &Act<'_>) -> Result<Timestamp, RecordsError> {
    match when {
        TakenWhen::At(at) => Ok(at),
        TakenWhen::On(date) if date > day(act.occurrence.at) => {
            let reason = Reason::new(ReasonCode::DateInFuture).with("field", Label::StartedAt.as_str());
            Err(RecordsError::refused(None, reason.with("date", date).into()))
        }
        TakenWhen::On(date) => {
            let started = run.start_made().map(|start| start.at).filter(|at| day(*at) == date);
            Ok(started.unwrap_or_else(|| start_of(date)))
        }
    }
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
    time: Time,
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
        let told = take_in(act, id, read, time)?;
        diagnostics.extend(told);
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
    read_in(records, who, call, id, (vec![given], None), Time::MadeHere)
}

/// Takes reports into a run and its plan. Gives back what is to be told about reports of which nobody knows when they were made.
fn take_in(
    act: &mut Act<'_>,
    id: AssessmentId,
    files: Vec<Report>,
    time: Time,
) -> Result<Vec<Diagnostic>, RecordsError> {
    let run = act.state::<Assessment>(id)?;
    let plan_id = run.order.plan;
    let plan = act.state::<AssessmentPlan>(plan_id)?;
    let at = act.occurrence.at;
    let known_time = time.known(&run, act)?;
    let scope = RunScope {
        seen: SeenBy { run: id, on: day(at) },
        environment: run.order.environment,
        deliverables: run.order.deliverables.clone(),
    };
    let mut standing = read_standing(act.records(), plan.standing.as_ref())?;
    let mut read = Taken::default();
    let mut known = false;
    for mut file in files {
        let mut ahead: Vec<bool> = file.reports.iter_mut().map(|one| forget_future(one, at)).collect();
        let again = standing.has_read(file.original, id);
        if !due(&run, &mut file, known_time, again).map_err(|refusal| refused(id, refusal))? {
            known = true;
            continue;
        }
        if again {
            // It was flagged when it came first; now somebody else states its time.
            ahead = vec![false; file.reports.len()];
        }
        let document = act.records().take_in_bytes(&file.given.bytes, &file.given.name, at)?;
        let dated: Vec<Dated> = file.reports.iter_mut().map(|one| date(one, known_time)).collect();
        let short: Vec<_> = file.reports.iter().map(|one| (file.original, one.for_list(KEPT_TEXT))).collect();
        let changes = standing.take_all(&short, &scope);
        for (((report, change), dated), in_future) in file.reports.iter().zip(changes).zip(dated).zip(ahead) {
            read.entries.push(ReportRead { in_future, ..entry(&run, (report, dated), &document, &change) });
            read.undated.extend((dated == Dated::Untold).then(|| untold(report, &file.given)));
            let start = run.start_made().map_or(at, |start| start.at);
            // One that had ended before the run was started did not begin with it.
            let ended = report.ended.filter(|ended| *ended < start);
            let began = report.started.or(ended).unwrap_or(start);
            read.said.push(Said { change, began, document: document.clone() });
        }
    }
    if read.entries.is_empty() {
        // Whether the run takes reports at all is asked all the same.
        let taken = if known { run.takes_reports() } else { run.read(Vec::new(), &act.occurrence).map(drop) };
        return taken.map(|()| Vec::new()).map_err(|refusal| refused(id, refusal));
    }
    let Taken { entries, said, undated } = read;
    act.change::<Assessment>(id, |run, by| Ok(vec![run.read(entries, by)?]))?;
    let kept = keep_standing(act.records(), &standing, at)?;
    act.change::<AssessmentPlan>(plan_id, |_, _| Ok(vec![PlanEvent::Known { standing: kept }]))?;
    follow(act, plan_id, id, &said)?;
    Ok(undated)
}

/// What came of files.
#[derive(Default)]
struct Taken {
    entries: Vec<ReportRead>,
    said: Vec<Said>,
    undated: Vec<Diagnostic>,
}

fn refused(id: AssessmentId, refusal: Refusal) -> RecordsError {
    RecordsError::refused(Some(Stream::new(Kind::Assessment, id)), refusal)
}

/// True if the file is to be taken in: it was not, or its time is stated only now. Then only those of its reports are left that tell none.
fn due(
    run: &Assessment,
    file: &mut Report,
    known_time: Option<(Timestamp, Dated)>,
    again: bool,
) -> Result<bool, Refusal> {
    let Some((stated, Dated::Stated)) = known_time else { return Ok(!again) };
    if file.reports.iter().all(|one| one.taken().is_some()) {
        return Err(Refusal::new(ReasonCode::ReportTellsTime).with("file", &file.given.name));
    }
    match run.stated_time(&file.original) {
        Some(before) if before == stated => return Ok(false),
        Some(before) => {
            let reason = Reason::new(ReasonCode::ReportTimeStated).with("file", &file.given.name);
            return Err(reason.with("date", before).into());
        }
        None if again => file.reports.retain(|one| one.taken().is_none()),
        None => {}
    }
    Ok(true)
}

/// Takes a time that lies ahead away from a report: what is not yet cannot be newer than a repair.
fn forget_future(report: &mut ScanReport, at: Timestamp) -> bool {
    // A clock that is wrong, or a zone that the tool did not tell, is forgiven for a day.
    let latest = at.saturating_add(SignedDuration::from_hours(24)).unwrap_or(at);
    let ahead = report.started.max(report.ended).is_some_and(|told| told > latest);
    if ahead {
        (report.started, report.ended) = (None, None);
    }
    ahead
}

/// Gives a report that tells no time the one that is known, and says how it is known.
fn date(report: &mut ScanReport, known_time: Option<(Timestamp, Dated)>) -> Dated {
    match (report.taken(), known_time) {
        (Some(_), _) => Dated::Told,
        (None, Some((at, how))) => {
            report.started = Some(at);
            how
        }
        (None, None) => Dated::Untold,
    }
}

fn untold(report: &ScanReport, given: &Given) -> Diagnostic {
    Diagnostic::new(Code::ScanTimeUntold, Place::file(&given.shown)).with("tool", &report.tool.name)
}

/// What is recorded of a report.
fn entry(
    run: &Assessment,
    (report, dated): (&ScanReport, Dated),
    document: &Document,
    change: &Change,
) -> ReportRead {
    let network = run.order.way == Way::Outside;
    let start = run.start_made();
    let none = targets::Resolved::new();
    let resolved = start.map_or(&none, |start| &start.resolved);
    let strayed = targets::strayed(&report.touched, &run.order.targets, resolved, network);
    let unreadable = report.diagnostics.iter().filter(|one| one.severity() == Severity::Error).count();
    let covered = match report.completion {
        Completion::Unfinished => BTreeSet::new(),
        _ => {
            let host_is_enough = !report.format.is_of_ports();
            targets::covered(&report.touched, &run.order.targets, resolved, host_is_enough)
        }
    };
    ReportRead {
        document: document.clone(),
        format: report.format,
        tool: report.tool.clone(),
        started: report.started,
        dated: Some(dated),
        ended: report.ended,
        completion: report.completion,
        findings: report.results.len() as u64,
        counts: change.counts,
        left_out: report.left_out.clone(),
        unreadable: unreadable as u64,
        touched: report.touched.len() as u64,
        strayed_count: strayed.len() as u64,
        strayed: strayed.into_iter().take(MOST_NAMED).collect(),
        before_start: start.zip(report.taken()).is_some_and(|(start, taken)| taken < start.at),
        outside_exception: run.is_outside_exception(report.started.into_iter().chain(report.ended)),
        in_future: false,
        covered,
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
