//! A child process with everything that it starts: begun without a shell and with a clean environment, watched, and ended as a
//! whole.

#[cfg(unix)]
#[path = "unix.rs"]
mod system;
#[cfg(not(unix))]
#[path = "other.rs"]
mod system;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::run::Ended;
use crate::clock::Clock;
use crate::connection::TICK;

pub(super) use system::program;

/// What is run, and within which limits.
pub(super) struct Job<'a> {
    pub(super) program: &'a Path,
    pub(super) arguments: Vec<OsString>,
    /// Its working folder and home.
    pub(super) folder: &'a Path,
    /// Its search path.
    pub(super) search: &'a OsStr,
    /// Names of variables that are handed on.
    pub(super) environment: &'a [String],
    /// The file that it writes.
    pub(super) report: Option<&'a Path>,
    pub(super) most_bytes: u64,
    pub(super) time: Duration,
}

/// What came of it.
pub(super) struct Finished {
    pub(super) how: Ended,
    pub(super) exit: Option<i32>,
    pub(super) printed: Vec<u8>,
    pub(super) complained: String,
    pub(super) report: Vec<u8>,
}

/// A folder that nobody else may read; it goes with its value.
pub(super) fn private_folder() -> io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("shindan-scan-");
    system::private(&mut builder);
    builder.tempdir()
}

/// What was printed so far.
#[derive(Default)]
struct Printed {
    bytes: Vec<u8>,
    too_large: bool,
    closed: bool,
}

type Shared = Arc<Mutex<Printed>>;

fn locked(shared: &Shared) -> MutexGuard<'_, Printed> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads a pipe on a thread of its own, up to a limit.
fn read_along(pipe: Option<impl Read + Send + 'static>, most: u64) -> Shared {
    let shared = Shared::default();
    let theirs = shared.clone();
    std::thread::spawn(move || {
        let mut buffer = [0; 8192];
        let Some(mut pipe) = pipe else { return };
        loop {
            match pipe.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => {
                    let mut printed = locked(&theirs);
                    let room =
                        usize::try_from(most).unwrap_or(usize::MAX).saturating_sub(printed.bytes.len());
                    printed.bytes.extend_from_slice(buffer.get(..length.min(room)).unwrap_or_default());
                    printed.too_large |= length > room;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // The process and its pipe are gone.
                Err(_) => break,
            }
        }
        locked(&theirs).closed = true;
    });
    shared
}

fn last_line(shared: &Shared) -> String {
    let printed = locked(shared);
    let from = printed.bytes.len().saturating_sub(500);
    let text = String::from_utf8_lossy(printed.bytes.get(from..).unwrap_or_default()).into_owned();
    let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(200).collect()
}

fn command(job: &Job<'_>) -> Command {
    let mut command = Command::new(job.program);
    command
        .args(&job.arguments)
        .current_dir(job.folder)
        .env_clear()
        .env("PATH", job.search)
        .env("HOME", job.folder)
        .env("TMPDIR", job.folder)
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for name in job.environment {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    system::in_a_group(&mut command);
    command
}

/// Runs it until it ends or has to end. Whatever it started is ended with it.
pub(super) fn run(
    job: &Job<'_>,
    clock: Clock,
    progress: &mut dyn FnMut(Duration, String),
    cancel: &AtomicBool,
) -> io::Result<Finished> {
    let begun = clock.instant();
    let mut child = command(job).spawn()?;
    let printed = read_along(child.stdout.take(), job.most_bytes);
    let complained = read_along(child.stderr.take(), job.most_bytes);
    let mut ticks = 0_u32;
    let how = loop {
        let elapsed = clock.instant().saturating_duration_since(begun);
        if system::has_ended(&mut child)? {
            break Ended::ByItself;
        } else if cancel.load(Ordering::Relaxed) {
            break Ended::Cancelled;
        } else if elapsed >= job.time {
            break Ended::TimedOut;
        } else if is_too_large(job, &printed, &complained) {
            break Ended::TooLarge;
        }
        if ticks.is_multiple_of(10) {
            progress(elapsed, last_line(&printed));
        }
        ticks = ticks.wrapping_add(1);
        std::thread::sleep(TICK);
    };
    let exit = end(&mut child, how)?;
    // What still holds the pipes now is not ours to wait for.
    for _ in 0..10 {
        if locked(&printed).closed && locked(&complained).closed {
            break;
        }
        std::thread::sleep(TICK);
    }
    let how = if how == Ended::ByItself && is_too_large(job, &printed, &complained) {
        Ended::TooLarge
    } else {
        how
    };
    Ok(Finished {
        how,
        exit,
        printed: std::mem::take(&mut locked(&printed).bytes),
        complained: String::from_utf8_lossy(&locked(&complained).bytes).into_owned(),
        report: report(job)?,
    })
}

fn is_too_large(job: &Job<'_>, printed: &Shared, complained: &Shared) -> bool {
    // A report that is not there yet has no size.
    let size = job.report.and_then(|path| std::fs::metadata(path).ok()).map_or(0, |file| file.len());
    size > job.most_bytes || locked(printed).too_large || locked(complained).too_large
}

/// Ends the whole group: politely, and after a moment by force. The exit code is that of the child.
fn end(child: &mut Child, how: Ended) -> io::Result<Option<i32>> {
    if how != Ended::ByItself {
        system::ask_to_end(child);
        for _ in 0..6 {
            if system::has_ended(child)? {
                break;
            }
            std::thread::sleep(TICK);
        }
    }
    // Before the child is waited for: its number stays its own until then.
    system::kill(child);
    let status = child.wait()?;
    Ok(if how == Ended::ByItself { status.code() } else { None })
}

fn report(job: &Job<'_>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let Some(path) = job.report else { return Ok(bytes) };
    match File::open(path) {
        Ok(file) => file.take(job.most_bytes).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error),
    };
    Ok(bytes)
}
