//! `check --format jsonl`: findings are written while the rest is still being judged.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shindan_app::check::{self, CheckOptions, Found, Listener};
use shindan_app::data_folder::DataFolder;
use shindan_domain::knowledge::KnowledgeSummary;
use shindan_report::json::Lines;

use super::checking::{exit, tell_remarks};
use super::{crosswalk, fail, not_written};
use crate::cli::FailOn;
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// Writes what is told.
struct Written<W>(Lines<W>);

impl<W: Write + Send> Listener for Written<W> {
    fn begin(&self, as_of: Timestamp, knowledge: &KnowledgeSummary, paths: Vec<String>) {
        self.0.begin(as_of, knowledge, paths);
    }

    fn part(&self, number: usize, found: Found) {
        let Found { findings, not_affected, undetermined } = found;
        self.0.part(number, &findings, &not_affected, &undetermined);
    }
}

/// Checks, and writes meanwhile.
pub(super) fn run(
    folder: &DataFolder,
    paths: &[PathBuf],
    options: &CheckOptions,
    output: Option<&Path>,
    fail_on: &[FailOn],
    face: &Face,
) -> Exit {
    let (mut done, mut refused) = (None, None);
    let written = write_to(output, |out| {
        let listener = Written(Lines::new(out));
        let checked = check::check_telling(folder, paths, options, &listener).map_err(|error| {
            refused = Some(error);
            // Nothing may be left that looks like an answer.
            io::Error::other("no answer")
        })?;
        let tally = listener.0.tally();
        let evidence = crosswalk::evidence_counted(&checked.result, &tally);
        let ended = listener.0.end(&checked.result, &evidence);
        let summary = tally.summary(checked.result.coverage.components);
        done = Some((checked, summary));
        Ok(ended?)
    });
    if let Some(error) = refused {
        return fail(&error, face);
    }
    if let Err(error) = written {
        return not_written(&error, face);
    }
    // Whoever reads may have gone away: how the process ends does not depend on that.
    let Some((checked, summary)) = done else { return Exit::Done };
    tell_remarks(&checked.result, face);
    let exit = exit(&checked, &summary, fail_on);
    // As with the other forms: the process ends here.
    std::mem::forget(checked);
    exit
}
