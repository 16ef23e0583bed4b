//! `kb build | status | show | export`

use shindan_app::author::Author;
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::knowledge::{self, BuildOptions};
use shindan_app::memory;
use shindan_domain::comparison::KeptPart;
use shindan_report::{json, table};

use super::acting::enter;
use super::following::after_build;
use super::keeping::keep;
use super::{fail, not_written};
use crate::cli::acting::{Keeping, Reading, Token};
use crate::cli::{KnowledgeCommand, TableOrJson};
use crate::exit::Exit;
use crate::output::{Face, write_to};
use crate::progress::Bar;

/// Runs a verb of `kb`.
pub fn run(command: KnowledgeCommand, face: &Face) -> Exit {
    let done = match command {
        KnowledgeCommand::Build { keeping, paths, add, devices } => {
            build(keeping, &paths, add, devices.as_deref(), face)
        }
        KnowledgeCommand::Status { data, format } => status(&DataFolder::new(data.data_dir), format, face),
        KnowledgeCommand::Show { id, data, format } => {
            show(&DataFolder::new(data.data_dir), &id, format, face)
        }
        KnowledgeCommand::Export { data, format: _ } => export(&DataFolder::new(data.data_dir), face),
    };
    done.unwrap_or_else(|exit| exit)
}

fn build(
    keeping: Keeping,
    paths: &[std::path::PathBuf],
    add: bool,
    devices: Option<&std::path::Path>,
    face: &Face,
) -> Result<Exit, Exit> {
    memory::take_in_large_pieces();
    let devices = devices.map(knowledge::read_devices).transpose().map_err(|error| fail(&error, face))?;
    let bar = Bar::new(&face.words);
    let now = clock::now();
    let Keeping { data, token } = keeping;
    let reading = Reading { data, token, format: TableOrJson::Table };
    let keeping = Keeping {
        data: crate::cli::DataFolder { data_dir: reading.data.data_dir.clone() },
        token: Token { token_file: reading.token.token_file.clone() },
    };
    let built = keep(keeping, None, KeptPart::Knowledge, face, |folder, author| {
        knowledge::build(folder, paths, BuildOptions { add, devices }, author, now, &bar)
    })?;
    face.tell(&built.diagnostics);
    let text = table::kb_status(&built.summary, now, &face.words, &face.style(None));
    write_to(None, |out| out.write_all(text.as_bytes())).map_err(|error| not_written(&error, face))?;
    let followed = followed(&reading, face);
    let exit = if built.anything_unreadable() { followed.and(Exit::Unreadable) } else { followed };
    // The process ends here; taking apart what was read would only delay that.
    std::mem::forget(built);
    Ok(exit)
}

/// Cases follow what the knowledge base holds now. Before an installation is set up there are none.
fn followed(reading: &Reading, face: &Face) -> Exit {
    if Author::before_setup(&DataFolder::new(&reading.data.data_dir), "").is_ok() {
        return Exit::Done;
    }
    match enter(reading, face) {
        Ok(mut session) => after_build(&mut session, reading.format, face),
        Err(error) => super::acting::fail(&error, None, reading.format, face),
    }
}

fn status(folder: &DataFolder, format: TableOrJson, face: &Face) -> Result<Exit, Exit> {
    let summary = knowledge::status(folder).map_err(|e| fail(&e, face))?;
    let written = write_to(None, |out| match format {
        TableOrJson::Json => Ok(json::write_kb_status(&summary, out)?),
        TableOrJson::Table => {
            let text = table::kb_status(&summary, clock::now(), &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
    });
    written.map(|()| Exit::Done).map_err(|e| not_written(&e, face))
}

fn show(folder: &DataFolder, id: &str, format: TableOrJson, face: &Face) -> Result<Exit, Exit> {
    let shown = knowledge::show(folder, id).map_err(|e| fail(&e, face))?;
    let written = write_to(None, |out| match format {
        TableOrJson::Json => Ok(json::write_kb_show(&shown.facts, shown.opinions(), out)?),
        TableOrJson::Table => {
            let text = table::kb_show(&shown.facts, shown.opinions(), &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
    });
    written.map(|()| Exit::Done).map_err(|e| not_written(&e, face))
}

fn export(folder: &DataFolder, face: &Face) -> Result<Exit, Exit> {
    let mut failed = None;
    let written = write_to(None, |out| {
        let exported = knowledge::export(folder, |shown| {
            Ok(json::write_kb_show(&shown.facts, shown.opinions(), &mut *out)?)
        });
        match exported {
            Err(shindan_app::error::AppError::Io { error, .. }) => Err(error),
            Err(error) => {
                failed = Some(error);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    });
    if let Some(error) = failed {
        return Err(fail(&error, face));
    }
    written.map(|()| Exit::Done).map_err(|e| not_written(&e, face))
}
