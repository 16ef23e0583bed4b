//! `sync`: fetch sources, record what came of it, and bring the knowledge base up to date.

use shindan_app::data_folder::DataFolder;
use shindan_app::records::RecordsError;
use shindan_app::records::collect::sync::{self, Reach, SyncAsked, SyncDone, Synced};
use shindan_domain::collect::CheckResult;
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::SourceId;
use shindan_report::collect::{SyncedLine, write_synced};

use super::acting::{Session, enter, fail, print};
use super::assess_scan::cancel_on_interrupt;
use super::following::after_build;
use crate::cli::TableOrJson;
use crate::cli::sources::SyncArguments;
use crate::exit::Exit;
use crate::output::{Face, say};
use crate::progress::Bar;

/// Looks at sources now.
pub fn run(arguments: SyncArguments, face: &Face) -> Exit {
    let format = arguments.reading.format;
    let mut session = match enter(&arguments.reading, face) {
        Ok(session) => session,
        Err(error) => return fail(&error, None, format, face),
    };
    match synced(&mut session, arguments, face) {
        Ok(done) => {
            let told = tell(&done, format, face);
            // Cases follow what the knowledge base holds now.
            if done.built.is_some() { told.and(after_build(&mut session, format, face)) } else { told }
        }
        Err(error) => fail(&error, Some(&session.records), format, face),
    }
}

fn synced(session: &mut Session, arguments: SyncArguments, face: &Face) -> Result<SyncDone, RecordsError> {
    let named = arguments.sources.iter().map(|source| session.id(Kind::Source, source).map(SourceId));
    let sources: Vec<SourceId> = named.collect::<Result<_, _>>()?;
    let asked = SyncAsked { sources, reason: arguments.reason, scheduled: false };
    let reach =
        Reach { proxy: arguments.proxy, ca_files: arguments.ca_files, nvd_key_file: arguments.nvd_key_file };
    let folder = DataFolder::new(&arguments.reading.data.data_dir);
    // What is under way when the person presses Ctrl-C is recorded as stopped by a person, not left open.
    let cancelled = cancel_on_interrupt();
    let bar = Bar::new(&face.words);
    sync::sync(&mut session.records, &session.who, (&folder, &reach), &asked, &bar, &cancelled)
}

/// As they are shown.
pub(super) fn lines(sources: &[Synced]) -> Vec<SyncedLine<'_>> {
    let mut lines = Vec::new();
    for one in sources {
        lines.push(SyncedLine {
            id: one.source,
            name: &one.name,
            check: one.check.as_deref(),
            outcome: &one.outcome,
            alarms: &one.alarms,
        });
    }
    lines
}

/// What came; a source that failed makes the answer incomplete.
pub(super) fn tell(done: &SyncDone, format: TableOrJson, face: &Face) -> Exit {
    let lines = lines(&done.sources);
    let printed = print(face, |out| match format {
        TableOrJson::Table => {
            let text = shindan_report::collect::synced(&lines, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
        TableOrJson::Json => write_synced(out, &lines, done.built.is_some()).map_err(Into::into),
    });
    for one in &done.sources {
        for alarm in &one.alarms {
            let text = face.words.reason(&alarm.reason());
            say!("{}: {}: {text}", face.words.t("cli-warning"), one.name);
        }
    }
    for one in &done.sources {
        face.tell(&one.told);
    }
    let mut incomplete = done.sources.iter().any(|one| one.outcome.result() == CheckResult::Failed);
    if let Some(built) = &done.built {
        face.tell(&built.diagnostics);
        incomplete |= built.anything_unreadable();
    }
    if incomplete { printed.and(Exit::Unreadable) } else { printed }
}
