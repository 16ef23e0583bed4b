//! `assess run scan` and `assess scanners`: the permit of the use case, then the scanner, then its report back to the use case.

use std::ffi::OsString;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::ProgressBar;
use shindan_app::clock;
use shindan_app::embedded;
use shindan_app::records::assessments::scans::{self, Begun, ScanPermit, ToScan};
use shindan_app::records::assessments::{disclosed, reports};
use shindan_app::records::{Call, Done, Records, RecordsError};
use shindan_domain::assessment::{ScanEnd, ScanHow, Target};
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::process::{ReasonCode, Refusal};
use shindan_domain::record_id::AssessmentId;
use shindan_probe::outside::{self, TOOL_KEY};
use shindan_probe::scanners::{self, Ended, Found, Order, ScanTarget, Scanner, TargetKind};
use shindan_probe::{AddressRange, Clock, Limits, Permit};

use super::acting::{Session, fail, print};
use super::assess::names;
use super::assess_runs::RUN;
use super::step::{Given, on};
use crate::cli::TableOrJson;
use crate::cli::assess_runs::ScanArguments;
use crate::exit::Exit;
use crate::output::Face;

/// The largest report of a scanner that is started here, in bytes.
const MOST_BYTES: u64 = 256 << 20;

pub(super) const CLOCK: Clock = Clock { timestamp: clock::now, instant: clock::instant };

/// Where programs are looked for.
fn search() -> OsString {
    std::env::var_os("PATH").unwrap_or_default()
}

fn failed(tool: &str, reason: impl std::fmt::Display) -> RecordsError {
    let refusal = Refusal::new(ReasonCode::ScanFailed).with("value", tool).with("reason", reason);
    RecordsError::Refused { about: None, refusal }
}

/// Starts a scanner on a target of a run, and reads its report. A range is one start: in one run of a scanner that takes several
/// addresses, else address by address.
pub fn scan(arguments: &ScanArguments, request: &str, face: &Face) -> Exit {
    let mut told: Vec<Diagnostic> = Vec::new();
    // Before anything is started: what is started is stopped with this program.
    let cancel = cancel_on_interrupt();
    let exit =
        on(RUN, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
            let scanner = Chosen::of(&arguments.tool, &cancel)?;
            let parts = scanner.parts(arguments)?;
            let mut start = Start { scanner, orders: (arguments, &cancel), id, face, told: &mut told };
            start.each(s, call, parts)
        });
    face.tell(&told);
    let lost = told.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
    if lost { exit.and(Exit::Unreadable) } else { exit }
}

/// One start, of one scan or of several one after the other.
struct Start<'a> {
    scanner: Chosen,
    orders: (&'a ScanArguments, &'a AtomicBool),
    id: AssessmentId,
    face: &'a Face,
    told: &'a mut Vec<Diagnostic>,
}

/// What became of one of several scans.
enum Part {
    Made(Done),
    /// The others can still be made.
    Failed(RecordsError),
    /// So would all others.
    Refused(RecordsError),
}

impl Start<'_> {
    /// Makes the scans. One that fails does not hide the others: each is told with its target, and the answer is the first failure.
    fn each(&mut self, s: &mut Session, call: &Call, parts: Vec<ToScan>) -> Result<Done, RecordsError> {
        let (all, words) = (parts.len(), &self.face.words);
        let mut done: Option<Done> = None;
        let mut failed: Vec<RecordsError> = Vec::new();
        let mut made = 0_usize;
        for (nth, what) in parts.into_iter().enumerate() {
            let target = shown(&what);
            if all > 1 {
                let (nth, all) = (nth as u64 + 1, all as u64);
                let values = [("nth", nth.into()), ("all", all.into()), ("target", (&target).into())];
                crate::output::say!("{}", words.get("assess-scan-part", &values));
            }
            let part = scans::call_of_part(call, nth);
            match self.one(s, &part, what) {
                Part::Made(one) => {
                    made += 1;
                    done = Some(done.map_or_else(|| one.clone(), |before| joined(&before, &one)));
                }
                Part::Failed(error) if all > 1 => {
                    fail(&error, Some(&s.records), TableOrJson::Table, self.face);
                    failed.push(error);
                }
                Part::Failed(error) | Part::Refused(error) => {
                    failed.push(error);
                    break;
                }
            }
            if self.orders.1.load(Ordering::SeqCst) {
                break;
            }
        }
        if all > 1 && made < all {
            let values = [("made", (made as u64).into()), ("all", (all as u64).into())];
            crate::output::say!("{}", words.get("assess-scan-parts-missing", &values));
        }
        match (failed.into_iter().next(), done) {
            (Some(error), _) => Err(error),
            (None, Some(done)) if made == all => Ok(done),
            (None, _) => {
                let refusal = Refusal::new(ReasonCode::ScanCancelled).with("value", &self.orders.0.tool);
                Err(RecordsError::Refused { about: None, refusal })
            }
        }
    }

    fn one(&mut self, s: &mut Session, call: &Call, what: ToScan) -> Part {
        let version = self.scanner.version();
        let tool = (self.orders.0.tool.as_str(), version);
        let names = match names(&s.records, []) {
            Ok(names) => names,
            Err(error) => return Part::Refused(error),
        };
        let resolver = |host: &str| names.get(host);
        let begun = scans::begin(&mut s.records, &s.who, call, self.id, tool, (what, &resolver));
        let permit = match begun {
            Ok(Begun::Now(permit)) => permit,
            Ok(Begun::Before(done)) => return Part::Made(done),
            // What one scan left open says nothing about the others; a gate that is shut is shut for all of them.
            Err(error) if is(&error, ReasonCode::ScanUnderWay) => return Part::Failed(error),
            Err(error) => return Part::Refused(error),
        };
        match carry_out(s, &self.scanner, &permit, self.orders, (self.id, self.face)) {
            Ok((done, diagnostics)) => {
                self.told.extend(diagnostics);
                Part::Made(done)
            }
            Err(error) => Part::Failed(error),
        }
    }
}

fn is(error: &RecordsError, code: ReasonCode) -> bool {
    matches!(error, RecordsError::Refused { refusal, .. } if refusal.reason.code == code)
}

/// Two acts on the same record as one.
fn joined(before: &Done, after: &Done) -> Done {
    let entries = match (before.entries, after.entries) {
        (Some((first, _)), Some((_, last))) => Some((first, last)),
        (before, after) => after.or(before),
    };
    Done { entries, repeated: before.repeated && after.repeated, ..after.clone() }
}

fn shown(what: &ToScan) -> String {
    match what {
        ToScan::Target(target) => target.to_string(),
        ToScan::Folder(folder) => folder.display().to_string(),
    }
}

/// Makes a scan that may be made, reads its report, and records how it ended: whatever came of it, its end is recorded.
fn carry_out(
    session: &mut Session,
    scanner: &Chosen,
    permit: &ScanPermit,
    orders: (&ScanArguments, &AtomicBool),
    (id, face): (AssessmentId, &Face),
) -> Result<(Done, Vec<Diagnostic>), RecordsError> {
    // What was read belongs to the state that the scan left behind, not to the one that the caller saw.
    let after = || Call::at(clock::now());
    let made = scanner.scan(&session.records, permit, orders, face).and_then(|report| {
        let file = (report.name.as_str(), report.bytes);
        let read = reports::import_made(&mut session.records, &session.who, &after(), id, file);
        read.map(|read| (read, report.exit)).map_err(Unmade::from)
    });
    let (answer, end) = match made {
        Ok((read, exit)) => (Ok(read), ScanEnd { how: ScanHow::Finished, exit, detail: String::new() }),
        Err(unmade) => (Err(unmade.error), unmade.end),
    };
    match (scans::end(&mut session.records, &session.who, &after(), permit, end), answer) {
        (Ok(done), Ok((_, diagnostics))) => Ok((done, diagnostics)),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
        (Err(unrecorded), Err(error)) => {
            // Both are told: neither stands for the other.
            crate::output::say!("{unrecorded}");
            Err(error)
        }
    }
}

/// A scan that came to no report: what the caller is told, and what the ledger is.
struct Unmade {
    error: RecordsError,
    end: ScanEnd,
}

impl Unmade {
    fn new(how: ScanHow, exit: Option<i32>, detail: impl Into<String>, error: RecordsError) -> Self {
        Unmade { error, end: ScanEnd { how, exit, detail: detail.into() } }
    }
}

impl From<RecordsError> for Unmade {
    fn from(error: RecordsError) -> Self {
        Unmade::new(ScanHow::Failed, None, error.to_string(), error)
    }
}

struct Report {
    exit: Option<i32>,
    name: String,
    bytes: Vec<u8>,
}

/// What scans.
enum Chosen {
    /// The outside check of this program.
    Outside,
    /// A scanner that is installed.
    Installed(Box<(Scanner, Found)>),
}

impl Chosen {
    fn of(tool: &str, cancel: &AtomicBool) -> Result<Self, RecordsError> {
        if tool == TOOL_KEY || tool == "outside" {
            return Ok(Chosen::Outside);
        }
        let refused = |refusal| RecordsError::Refused { about: None, refusal };
        let known = scanners::known().map_err(|error| failed(tool, error))?;
        let Some(scanner) = known.iter().find(|one| one.key == tool) else {
            let mut keys: Vec<&str> = known.iter().map(|one| one.key.as_str()).collect();
            keys.insert(0, "outside");
            let refusal = Refusal::new(ReasonCode::ScannerUnknown).with("value", tool);
            return Err(refused(refusal.with("known", keys.join(", "))));
        };
        let found = scanners::installed(std::slice::from_ref(scanner), &search(), CLOCK, cancel);
        match found.into_iter().next() {
            Some(found) => Ok(Chosen::Installed(Box::new((scanner.clone(), found)))),
            None => Err(refused(Refusal::new(ReasonCode::ScannerNotInstalled).with("value", &scanner.name))),
        }
    }

    /// What is scanned, each in a scan of its own.
    fn parts(&self, arguments: &ScanArguments) -> Result<Vec<ToScan>, RecordsError> {
        let what = match (&arguments.target, &arguments.folder) {
            (Some(target), _) => ToScan::Target(target.clone()),
            (None, folder) => ToScan::Folder(folder.clone().unwrap_or_default()),
        };
        self.takes(&what)?;
        match (self, what) {
            (Chosen::Installed(both), ToScan::Target(target)) if !both.0.takes_several() => {
                Ok(scans::one_by_one(&target)?.into_iter().map(ToScan::Target).collect())
            }
            (_, what) => Ok(vec![what]),
        }
    }

    /// Refuses what it cannot look at, before anything is begun.
    fn takes(&self, what: &ToScan) -> Result<(), RecordsError> {
        let (name, kind) = match self {
            Chosen::Outside => (TOOL_KEY, TargetKind::Url),
            Chosen::Installed(both) => (both.0.name.as_str(), both.0.target),
        };
        let fits = match (what, kind) {
            (ToScan::Folder(_), kind) => kind == TargetKind::Folder,
            (ToScan::Target(Target::Url(_)), kind) => matches!(kind, TargetKind::Url | TargetKind::HttpsUrl),
            (ToScan::Target(_), kind) => kind == TargetKind::Host,
        };
        if fits {
            return Ok(());
        }
        let refusal = Refusal::new(ReasonCode::ScannerTargetKind).with("value", name);
        Err(RecordsError::Refused { about: None, refusal: refusal.with("target", shown(what)) })
    }

    fn version(&self) -> Option<String> {
        match self {
            Chosen::Outside => Some(env!("CARGO_PKG_VERSION").to_owned()),
            Chosen::Installed(both) => both.1.version.clone(),
        }
    }

    fn scan(
        &self,
        records: &Records,
        permit: &ScanPermit,
        (arguments, cancel): (&ScanArguments, &AtomicBool),
        face: &Face,
    ) -> Result<Report, Unmade> {
        let bar = bar(face, permit.tool());
        let made = match self {
            Chosen::Outside => outside((records, permit), &bar, cancel),
            Chosen::Installed(both) => installed(both, permit, arguments, (&bar, cancel)),
        };
        bar.finish_and_clear();
        made
    }
}

/// What the permit of the use case allows, for what connects.
fn allowed(permit: &ScanPermit) -> Permit {
    let addresses = permit.addresses().iter().copied().map(AddressRange::from).collect();
    let urls = match permit.what() {
        ToScan::Target(target @ Target::Url(_)) => {
            let named = [Some(target), permit.plain()].into_iter().flatten();
            named.filter_map(|url| url.to_string().parse().ok()).collect()
        }
        _ => Vec::new(),
    };
    Permit { addresses, urls }
}

/// The outside check. Its report keeps rules; their words are chosen for who reads.
fn outside(
    (records, permit): (&Records, &ScanPermit),
    bar: &ProgressBar,
    cancel: &AtomicBool,
) -> Result<Report, Unmade> {
    let ToScan::Target(target @ Target::Url(_)) = permit.what() else {
        let refusal = Refusal::new(ReasonCode::ScannerTargetKind).with("value", permit.tool());
        let refusal = refusal.with("target", shown(permit.what()));
        return Err(RecordsError::Refused { about: None, refusal }.into());
    };
    let target = target.to_string().parse().map_err(|error| failed(permit.tool(), error))?;
    let rules = embedded::outside_rules().map_err(RecordsError::from)?;
    let mut step = |step: outside::Step| {
        bar.set_length(u64::from(step.of));
        bar.set_position(u64::from(step.done));
    };
    let mut report =
        outside::check(&target, &allowed(permit), &rules, &Limits::default(), CLOCK, &mut step, cancel);
    if cancel.load(Ordering::SeqCst) {
        let refusal = Refusal::new(ReasonCode::ScanCancelled).with("value", permit.tool());
        let error = RecordsError::Refused { about: None, refusal };
        return Err(Unmade::new(ScanHow::Cancelled, None, "", error));
    }
    disclosed::hold_against_knowledge(records, &mut report, clock::now())?;
    let bytes = reports::write_outside(&report).map_err(|error| failed(permit.tool(), error))?;
    Ok(Report { exit: None, name: "outside-check.json".to_owned(), bytes })
}

fn installed(
    (scanner, program): &(Scanner, Found),
    permit: &ScanPermit,
    arguments: &ScanArguments,
    (bar, cancel): (&ProgressBar, &AtomicBool),
) -> Result<Report, Unmade> {
    let order = Order {
        scanner,
        program,
        target: target_for(scanner, permit)?,
        ports: arguments.ports.clone(),
        rules: arguments.rules.clone(),
        time: Duration::from_secs(arguments.minutes * 60),
        most_bytes: MOST_BYTES,
    };
    let mut progress = |progress: scanners::Progress| bar.set_message(progress.last_line);
    let outcome = scanners::run(&order, &allowed(permit), &search(), CLOCK, &mut progress, cancel)
        .map_err(|error| failed(&scanner.name, error))?;
    // Without an exit code it was killed: what it wrote is a part.
    if outcome.ended == Ended::ByItself && !outcome.output.is_empty() && outcome.exit.is_some() {
        let name = scanner.output.clone().unwrap_or_else(|| format!("{}-report", scanner.key));
        return Ok(Report { exit: outcome.exit, name, bytes: outcome.output });
    }
    let refused = |refusal: Refusal| RecordsError::Refused {
        about: None,
        refusal: refusal.with("value", &scanner.name),
    };
    let (how, detail, error) = match outcome.ended {
        Ended::Cancelled => {
            (ScanHow::Cancelled, String::new(), refused(Refusal::new(ReasonCode::ScanCancelled)))
        }
        Ended::TimedOut => {
            let refusal = Refusal::new(ReasonCode::ScanTimedOut).with("minutes", arguments.minutes);
            (ScanHow::TimedOut, format!("{} min", arguments.minutes), refused(refusal))
        }
        Ended::TooLarge => {
            let detail = format!("> {MOST_BYTES} bytes");
            (ScanHow::Failed, detail.clone(), failed(&scanner.name, detail))
        }
        Ended::ByItself => {
            let last = last_line(&outcome.complained).to_owned();
            let told = format!("{} {last}", exit_text(outcome.exit));
            (ScanHow::Failed, last, failed(&scanner.name, told.trim()))
        }
    };
    Err(Unmade::new(how, outcome.exit, detail, error))
}

fn exit_text(exit: Option<i32>) -> String {
    exit.map_or_else(|| "killed".to_owned(), |exit| format!("exit {exit}"))
}

fn last_line(text: &str) -> &str {
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default()
}

fn target_for(scanner: &Scanner, permit: &ScanPermit) -> Result<ScanTarget, RecordsError> {
    let wrong = |shown: String| {
        let refusal = Refusal::new(ReasonCode::ScannerTargetKind).with("value", &scanner.name);
        RecordsError::Refused { about: None, refusal: refusal.with("target", shown) }
    };
    match (permit.what(), scanner.target) {
        (ToScan::Folder(folder), TargetKind::Folder) => Ok(ScanTarget::Folder(folder.clone())),
        (ToScan::Target(target), TargetKind::Host) => match target {
            Target::Range(range) if range.addresses() == 1 => Ok(ScanTarget::Host(range.first().to_string())),
            Target::Range(_) => Ok(ScanTarget::Addresses(permit.addresses().clone())),
            Target::Host(host) => Ok(ScanTarget::Host(host.clone())),
            Target::Url(_) => Err(wrong(target.to_string())),
        },
        (ToScan::Target(target @ Target::Url(_)), TargetKind::Url | TargetKind::HttpsUrl) => {
            target.to_string().parse().map(ScanTarget::Url).map_err(|_| wrong(target.to_string()))
        }
        (ToScan::Target(target), _) => Err(wrong(target.to_string())),
        (ToScan::Folder(folder), _) => Err(wrong(folder.display().to_string())),
    }
}

fn bar(face: &Face, tool: &str) -> ProgressBar {
    use std::io::IsTerminal;
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(200));
    bar.set_message(face.words.get("assess-scanning", &[("tool", tool.into())]));
    bar
}

/// Becomes true when the person presses Ctrl-C: what is under way (a scanner with everything that it started, a download) is stopped,
/// and nothing of it is read.
pub(super) fn cancel_on_interrupt() -> Arc<AtomicBool> {
    let cancel = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&cancel);
    // Without it, Ctrl-C ends this program; a scanner would go on, and nobody would record the end.
    if let Err(error) = ctrlc::set_handler(move || seen.store(true, Ordering::SeqCst)) {
        crate::output::say!("{error}");
    }
    cancel
}

/// Scanners that are known, and those that are installed here.
pub fn scanners(format: TableOrJson, face: &Face) -> Exit {
    let known = match scanners::known() {
        Ok(known) => known,
        Err(error) => {
            crate::output::say!("{error}");
            return Exit::Unreadable;
        }
    };
    let found = scanners::installed(&known, &search(), CLOCK, &AtomicBool::new(false));
    let lines: Vec<shindan_report::assessments::ScannerLine> = known
        .iter()
        .map(|scanner| {
            let here = found.iter().find(|one| one.key == scanner.key);
            shindan_report::assessments::ScannerLine {
                key: scanner.key.clone(),
                name: scanner.name.clone(),
                target: match scanner.target {
                    TargetKind::Host => "host",
                    TargetKind::Url | TargetKind::HttpsUrl => "url",
                    TargetKind::Folder => "folder",
                    TargetKind::ThisComputer => "this-computer",
                },
                path: here.map(|one| one.path.display().to_string()),
                version: here.and_then(|one| one.version.clone()),
            }
        })
        .collect();
    print(face, |out| match format {
        TableOrJson::Table => {
            let text = shindan_report::assessments::scanners(&lines, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
        TableOrJson::Json => shindan_report::assessments::write_scanners(out, &lines).map_err(Into::into),
    })
}
