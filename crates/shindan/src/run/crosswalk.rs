//! `crosswalk show`, and what a check evidences.

use std::path::PathBuf;

use shindan_app::embedded;
use shindan_app::error::AppError;
use shindan_domain::crosswalk::{CheckFacts, ControlEvidence, Crosswalk, evidence_of_check};
use shindan_domain::finding::CheckResult;
use shindan_report::{json, table};

use super::{fail, not_written};
use crate::cli::{CrosswalkCommand, CrosswalkFormat};
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// Runs a verb of `crosswalk`.
pub fn run(command: CrosswalkCommand, face: &Face) -> Exit {
    let CrosswalkCommand::Show { format, pack } = command;
    let crosswalk = match read(&pack) {
        Ok(crosswalk) => crosswalk,
        Err(error) => return fail(&error, face),
    };
    let written = write_to(None, |out| match format {
        CrosswalkFormat::Json => Ok(json::write_crosswalk(&crosswalk, out)?),
        CrosswalkFormat::Csv => out.write_all(table::crosswalk_csv(&crosswalk, &face.words).as_bytes()),
        CrosswalkFormat::Table => {
            out.write_all(table::crosswalk(&crosswalk, &face.words, &face.style(None)).as_bytes())
        }
    });
    written.map_or_else(|e| not_written(&e, face), |()| Exit::Done)
}

fn read(packs: &[PathBuf]) -> Result<Crosswalk, AppError> {
    let own: Vec<(String, Vec<u8>)> = packs
        .iter()
        .map(|path| Ok((path.display().to_string(), std::fs::read(path).map_err(AppError::io(path))?)))
        .collect::<Result<_, AppError>>()?;
    embedded::crosswalk(&own)
}

/// What the answer evidences of the guidelines that ship with the program.
pub fn evidence(result: &CheckResult) -> Result<(Crosswalk, Vec<ControlEvidence>), AppError> {
    let crosswalk = embedded::crosswalk(&[])?;
    let evidence = evidence_of_check(&CheckFacts::from_result(result), &crosswalk);
    Ok((crosswalk, evidence))
}
