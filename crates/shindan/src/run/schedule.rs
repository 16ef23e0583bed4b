//! `scheduler`, and the schedule of `serve`: look at sources when they are due.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::progress::Silent;
use shindan_app::records::collect::schedule::{Round, Schedule};
use shindan_app::records::collect::sync::{Reach, SyncDone};
use shindan_app::records::{Entered, Records, RecordsError};

use super::acting::{error_text, fail, token};
use super::assess_scan::cancel_on_interrupt;
use super::deliver::Sender;
use super::notify::{line, sender};
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

/// What a minute of the schedule needs besides the present time.
pub struct Beside<'a> {
    /// The schedule.
    pub schedule: &'a Schedule,
    /// Where the records are.
    pub folder: &'a DataFolder,
    /// Who can tell people of changes; `None`: nobody is told.
    pub sender: Option<&'a Sender>,
    /// Where words go.
    pub face: &'a Face,
    /// Becomes true when the schedule is to end.
    pub stop: &'a AtomicBool,
}

/// Runs a verb of `scheduler`.
pub fn run(command: SchedulerCommand, face: &Face) -> Exit {
    let SchedulerCommand::Run(arguments) = command;
    let format = arguments.reading.format;
    let folder = DataFolder::new(&arguments.reading.data.data_dir);
    let reach = Reach {
        proxy: arguments.proxy.clone(),
        ca_files: arguments.ca_files.clone(),
        nvd_key_file: arguments.nvd_key_file.clone(),
    };
    let schedule = match Schedule::new(folder.clone(), &reach) {
        Ok(schedule) => schedule,
        Err(error) => return fail(&error, None, format, face),
    };
    let stop = cancel_on_interrupt();
    let sender = match arguments.notify.as_ref().map(|path| sender(path, &stop, face)) {
        Some(None) => return Exit::Usage,
        sender => sender.flatten(),
    };
    let beside = Beside { schedule: &schedule, folder: &folder, sender: sender.as_ref(), face, stop: &stop };
    if arguments.once {
        return match beside.once(&arguments) {
            Ok((round, unheard)) => told(round, unheard, format, face),
            Err(error) => fail(&error, None, format, face),
        };
    }
    beside.go_on(&|| match &arguments.reading.token.token_file {
        Some(path) => token_in(path),
        None => token(&arguments.reading, face),
    });
    Exit::Done
}

/// `unheard`: somebody was to be told, and could not be.
fn told(round: Round, unheard: bool, format: TableOrJson, face: &Face) -> Exit {
    let behind = round.followed.as_ref().is_some_and(|followed| !followed.failed.is_empty());
    let trouble = unheard || behind || !round.troubles.is_empty();
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
    for failed in round.followed.iter().flat_map(|followed| &followed.failed) {
        let reason = error_text(&failed.error, face);
        let called = failed.called.clone().unwrap_or_else(|| face.words.t("cli-schedule-register"));
        let values = [("source", called.as_str().into()), ("reason", reason.as_str().into())];
        say!("{}", face.words.get("cli-schedule-source-trouble", &values));
    }
    if round.under_way {
        say!("{}", face.words.t("cli-schedule-under-way"));
    }
}

/// Unlike the token of a person who sits before it, one that cannot be read is not told here each time.
pub(super) fn token_in(path: &Path) -> Result<String, RecordsError> {
    std::fs::read_to_string(path)
        .map_err(|error| RecordsError::Unreadable { path: path.to_owned(), reason: error.to_string() })
}

impl Beside<'_> {
    fn once(&self, arguments: &SchedulerArguments) -> Result<(Round, bool), RecordsError> {
        let mut records = Records::open(self.folder)?;
        let now = clock::now();
        let who = records.enter(&token(&arguments.reading, self.face)?, now)?;
        let bar = Bar::new(&self.face.words);
        let round = self.schedule.round(&mut records, &who, now, &bar, self.stop)?;
        let unheard = self.tell(&mut records, &who)?;
        Ok((round, unheard))
    }

    /// Looks every minute at what is due, until it is told to stop. The token is read anew each time: one that was withdrawn or has
    /// expired does nothing any more, and a new one is taken up.
    pub fn go_on(&self, token: &dyn Fn() -> Result<String, RecordsError>) {
        let mut said = String::new();
        while !self.stop.load(Ordering::Relaxed) {
            let trouble = match self.minute(token) {
                Ok(()) => String::new(),
                Err(error) => error_text(&error, self.face),
            };
            // The same trouble is not told every minute.
            if !trouble.is_empty() && trouble != said {
                let values = [("reason", trouble.as_str().into())];
                say!("{}", self.face.words.get("cli-schedule-trouble", &values));
            }
            said = trouble;
            let mut left = MINUTE;
            while !left.is_zero() && !self.stop.load(Ordering::Relaxed) {
                std::thread::sleep(STEP);
                left = left.saturating_sub(STEP);
            }
        }
    }

    fn minute(&self, token: &dyn Fn() -> Result<String, RecordsError>) -> Result<(), RecordsError> {
        let mut records = Records::open(self.folder)?;
        let now = clock::now();
        let who = records.enter(&token()?, now)?;
        let round = self.schedule.round(&mut records, &who, now, &Silent, self.stop);
        // Who is to hear that sources fail must hear it then, too.
        self.tell(&mut records, &who)?;
        let round = round?;
        tell_troubles(&round, self.face);
        if !round.sources.is_empty() {
            let lines = sync::lines(&round.sources);
            let shown = shindan_report::collect::synced(&lines, &self.face.words, &self.face.style(None));
            say!("{}", shown.trim_end());
        }
        if let Some(built) = &round.built {
            self.face.tell(&built.diagnostics);
        }
        Ok(())
    }

    /// Tells whoever is to be told. True if somebody could not be.
    fn tell(&self, records: &mut Records, who: &Entered) -> Result<bool, RecordsError> {
        let Some(sender) = self.sender else { return Ok(false) };
        let told = shindan_app::records::notify::tell(records, who, sender, clock::now())?;
        for one in &told {
            say!("{}", line(one, self.face));
        }
        Ok(told.iter().any(|one| one.failure.is_some()))
    }
}
