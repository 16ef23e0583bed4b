//! `scheduler`, and the schedule of `serve`: look at sources when they are due.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::progress::Silent;
use shindan_app::records::collect::schedule::{Round, Schedule};
use shindan_app::records::collect::sync::{Reach, SyncDone};
use shindan_app::records::{Records, RecordsError};

use super::acting::{error_text, fail, token};
use super::assess_scan::cancel_on_interrupt;
use super::sync;
use crate::cli::TableOrJson;
use crate::cli::serve::{SchedulerArguments, SchedulerCommand};
use crate::exit::Exit;
use crate::output::{Face, say};
use crate::progress::Bar;

/// Between two rounds.
const MINUTE: Duration = Duration::from_secs(60);

/// How long the wish to stop may go unnoticed.
const STEP: Duration = Duration::from_millis(200);

/// Runs a verb of `scheduler`.
pub fn run(command: SchedulerCommand, face: &Face) -> Exit {
    let SchedulerCommand::Run(arguments) = command;
    let format = arguments.reading.format;
    let folder = DataFolder::new(&arguments.reading.data.data_dir);
    let reach = Reach { proxy: arguments.proxy.clone(), ca_files: arguments.ca_files.clone() };
    let schedule = match Schedule::new(folder, &reach) {
        Ok(schedule) => schedule,
        Err(error) => return fail(&error, None, format, face),
    };
    let stop = cancel_on_interrupt();
    if arguments.once {
        return match once(&schedule, &arguments, face, &stop) {
            Ok(round) => told(round, format, face),
            Err(error) => fail(&error, None, format, face),
        };
    }
    let folder = DataFolder::new(&arguments.reading.data.data_dir);
    let read = || match &arguments.reading.token.token_file {
        Some(path) => token_in(path),
        None => token(&arguments.reading, face),
    };
    go_on(&schedule, &folder, &read, face, &stop);
    Exit::Done
}

fn once(
    schedule: &Schedule,
    arguments: &SchedulerArguments,
    face: &Face,
    stop: &AtomicBool,
) -> Result<Round, RecordsError> {
    let mut records = Records::open(&DataFolder::new(&arguments.reading.data.data_dir))?;
    let now = clock::now();
    let who = records.enter(&token(&arguments.reading, face)?, now)?;
    schedule.round(&mut records, &who, now, &Bar::new(&face.words), stop)
}

fn told(round: Round, format: TableOrJson, face: &Face) -> Exit {
    let trouble = !round.troubles.is_empty();
    tell_troubles(&round, face);
    let exit = sync::tell(&SyncDone { sources: round.sources, built: round.built }, format, face);
    // What is due and was not looked at is no good end either.
    if trouble || round.under_way { exit.and(Exit::Unreadable) } else { exit }
}

fn tell_troubles(round: &Round, face: &Face) {
    for (source, error) in &round.troubles {
        let reason = error_text(error, face);
        let values = [("source", source.as_str().into()), ("reason", reason.as_str().into())];
        say!("{}", face.words.get("cli-schedule-source-trouble", &values));
    }
    if round.under_way {
        say!("{}", face.words.t("cli-schedule-under-way"));
    }
}

/// Looks every minute at what is due on behalf of the person whose token is in the file, until it is told to stop.
pub fn beside(schedule: &Schedule, folder: &DataFolder, token_file: &Path, face: &Face, stop: &AtomicBool) {
    go_on(schedule, folder, &|| token_in(token_file), face, stop);
}

/// Unlike the token of a person who sits before it, one that cannot be read is not told here each time.
fn token_in(path: &Path) -> Result<String, RecordsError> {
    std::fs::read_to_string(path)
        .map_err(|error| RecordsError::Unreadable { path: path.to_owned(), reason: error.to_string() })
}

/// The token is read anew each time: one that was withdrawn or has expired does nothing any more, and a new one is taken up.
fn go_on(
    schedule: &Schedule,
    folder: &DataFolder,
    token: &dyn Fn() -> Result<String, RecordsError>,
    face: &Face,
    stop: &AtomicBool,
) {
    let mut said = String::new();
    while !stop.load(Ordering::Relaxed) {
        let trouble = match minute(schedule, folder, token, face, stop) {
            Ok(()) => String::new(),
            Err(error) => error_text(&error, face),
        };
        // The same trouble is not told every minute.
        if !trouble.is_empty() && trouble != said {
            let values = [("reason", trouble.as_str().into())];
            say!("{}", face.words.get("cli-schedule-trouble", &values));
        }
        said = trouble;
        let mut left = MINUTE;
        while !left.is_zero() && !stop.load(Ordering::Relaxed) {
            std::thread::sleep(STEP);
            left = left.saturating_sub(STEP);
        }
    }
}

fn minute(
    schedule: &Schedule,
    folder: &DataFolder,
    token: &dyn Fn() -> Result<String, RecordsError>,
    face: &Face,
    stop: &AtomicBool,
) -> Result<(), RecordsError> {
    let mut records = Records::open(folder)?;
    let now = clock::now();
    let who = records.enter(&token()?, now)?;
    let round = schedule.round(&mut records, &who, now, &Silent, stop)?;
    tell_troubles(&round, face);
    if !round.sources.is_empty() {
        let lines = sync::lines(&round.sources);
        say!("{}", shindan_report::collect::synced(&lines, &face.words, &face.style(None)).trim_end());
    }
    if let Some(built) = &round.built {
        face.tell(&built.diagnostics);
    }
    Ok(())
}
