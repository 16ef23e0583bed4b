//! One run of a scanner, from order to outcome.

use std::ffi::OsStr;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use jiff::Timestamp;

use super::order::{Order, arguments};
use super::process::{self, Job};
use crate::clock::Clock;
use crate::permit::Permit;

/// How a run came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The scanner ended by itself; its exit code says what it thinks of that.
    ByItself,
    /// Somebody stopped it.
    Cancelled,
    /// Its time was over.
    TimedOut,
    /// It wrote more than permitted.
    TooLarge,
}

/// How far a run has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Since its start.
    pub elapsed: Duration,
    /// The last line that it printed.
    pub last_line: String,
}

/// What came of a run. A report of a run that did not end by itself is unfinished, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub ended: Ended,
    /// Its exit code; absent if it was killed.
    pub exit: Option<i32>,
    /// The end of what it printed.
    pub printed: String,
    /// The end of what it printed as errors.
    pub complained: String,
    /// Its report; empty if it wrote none.
    pub output: Vec<u8>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
}

impl Outcome {
    /// True if somebody stopped it.
    pub fn cancelled(&self) -> bool {
        self.ended == Ended::Cancelled
    }

    /// True if its time was over.
    pub fn timed_out(&self) -> bool {
        self.ended == Ended::TimedOut
    }
}

/// Why a scanner was not started.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The target, or an address that it leads to, is not in the permit.
    #[error("{target} is not permitted{}", address.map(|a| format!(": it leads to {a}")).unwrap_or_default())]
    NotPermitted {
        /// As given.
        target: String,
        /// The address outside of the permit.
        address: Option<IpAddr>,
    },
    /// The name leads nowhere.
    #[error("{host} cannot be resolved ({reason}); check the name")]
    NotResolved {
        /// The name.
        host: String,
        /// Why.
        reason: &'static str,
    },
    /// Neither a name nor an address.
    #[error("\"{0}\" is neither the name nor the address of a host")]
    NotAHost(String),
    /// The folder cannot be used.
    #[error("{path} cannot be used: {reason}", path = path.display())]
    NotAFolder {
        /// As given.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The scanner looks at something else.
    #[error("{0} does not look at targets of this kind; choose another scanner")]
    OtherTarget(String),
    /// The scanner cannot be told ports.
    #[error("{0} cannot be told ports; leave them out")]
    PortsNotTaken(String),
    /// The scanner needs rules.
    #[error("{0} needs a folder of rules; name one")]
    RulesMissing(String),
    /// The program or its folder cannot be used.
    #[error("the scanner cannot be run: {0}")]
    CannotRun(#[from] std::io::Error),
}

/// Most of what is kept of printed text, in characters.
const TAIL: usize = 4000;

/// Runs a scanner on a permitted target until it ends, is cancelled, or its time is over. Nothing that it started is left.
///
/// # Errors
/// [`RunError`] if it was not started; nothing was sent to the target then.
pub fn run(
    order: &Order<'_>,
    permit: &Permit,
    search: &OsStr,
    clock: Clock,
    progress: &mut dyn FnMut(Progress),
    cancel: &AtomicBool,
) -> Result<Outcome, RunError> {
    let folder = process::private_folder()?;
    let arguments = arguments(order, permit, folder.path(), clock, cancel)?;
    let report = order.scanner.output.as_ref().map(|name| folder.path().join(name));
    let job = Job {
        program: &order.program.path,
        arguments,
        folder: folder.path(),
        search,
        environment: &order.scanner.environment,
        report: report.as_deref(),
        most_bytes: order.most_bytes,
        time: order.time.max(Duration::from_secs(1)),
    };
    let started_at = clock.now();
    let mut tell = |elapsed, last_line: String| progress(Progress { elapsed, last_line });
    let ended = process::run(&job, clock, &mut tell, cancel)?;
    let ended_at = clock.now();
    let printed = tail(&String::from_utf8_lossy(&ended.printed));
    let output = if order.scanner.output.is_some() { ended.report } else { ended.printed };
    Ok(Outcome {
        ended: ended.how,
        exit: ended.exit,
        printed,
        complained: tail(&ended.complained),
        output,
        started_at,
        ended_at,
    })
}

fn tail(text: &str) -> String {
    let skip = text.chars().count().saturating_sub(TAIL);
    text.chars().skip(skip).collect()
}
