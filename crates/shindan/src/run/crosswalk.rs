//! `crosswalk show` and `crosswalk import`, and what a check evidences.

use std::path::{Path, PathBuf};

use shindan_app::data_folder::DataFolder;
use shindan_app::error::AppError;
use shindan_app::{clock, embedded, wording};
use shindan_domain::comparison::KeptPart;
use shindan_domain::crosswalk::{
    CheckFacts, ControlEvidence, Crosswalk, evidence_of_check, evidence_of_rows,
};
use shindan_domain::finding::{CheckResult, Tally};
use shindan_report::{json, table};

use super::keeping::keep;
use super::{fail, not_written};
use crate::cli::acting::Keeping;
use crate::cli::{CrosswalkCommand, CrosswalkFormat, TableOrJson};
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// Runs a verb of `crosswalk`.
pub fn run(command: CrosswalkCommand, face: &Face) -> Exit {
    let ended = match command {
        CrosswalkCommand::Show { format, pack, data_dir } => show(format, &pack, data_dir, face),
        CrosswalkCommand::Import { file, keeping, pack, format } => {
            return import(&file, keeping, &pack, format, face).unwrap_or_else(|exit| exit);
        }
    };
    ended.unwrap_or_else(|error| fail(&error, face))
}

fn show(
    format: CrosswalkFormat,
    packs: &[PathBuf],
    data_dir: Option<PathBuf>,
    face: &Face,
) -> Result<Exit, AppError> {
    let crosswalk = read(packs)?;
    let records = data_dir.map(|dir| wording::load(&DataFolder::new(dir))).transpose()?.unwrap_or_default();
    let written = write_to(None, |out| match format {
        CrosswalkFormat::Json => Ok(json::write_crosswalk(&crosswalk, &records, out)?),
        CrosswalkFormat::Csv => out.write_all(table::crosswalk_csv(&crosswalk, &face.words).as_bytes()),
        CrosswalkFormat::Table => {
            let text = table::crosswalk(&crosswalk, &records, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
    });
    Ok(written.map_or_else(|e| not_written(&e, face), |()| Exit::Done))
}

fn import(
    file: &Path,
    keeping: Keeping,
    packs: &[PathBuf],
    format: TableOrJson,
    face: &Face,
) -> Result<Exit, Exit> {
    let record = keep(keeping, None, KeptPart::Wording, face, |folder, author| {
        wording::import(folder, file, &read(packs)?, author, clock::now())
    })?;
    let written = write_to(None, |out| match format {
        TableOrJson::Json => Ok(json::write_wording(&record, out)?),
        TableOrJson::Table => {
            let text = table::wording(&record, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
    });
    Ok(written.map_or_else(|e| not_written(&e, face), |()| Exit::Done))
}

fn read(packs: &[PathBuf]) -> Result<Crosswalk, AppError> {
    let own: Vec<(String, Vec<u8>)> = packs
        .iter()
        .map(|path| Ok((path.display().to_string(), std::fs::read(path).map_err(AppError::io(path))?)))
        .collect::<Result<_, AppError>>()?;
    embedded::crosswalk(&own)
}

/// What the answer evidences of the guidelines that ship with the program, without reading them.
pub fn evidence(result: &CheckResult) -> Vec<ControlEvidence> {
    evidence_counted(result, &result.tally())
}

/// As [`evidence`], of an answer whose lists were counted and given away.
pub fn evidence_counted(result: &CheckResult, tally: &Tally) -> Vec<ControlEvidence> {
    evidence_of_rows(&CheckFacts::counted(result, tally), embedded::evidence_rows())
}

/// As [`evidence`], with the guidelines themselves, for who prints their words.
pub fn packs_and_evidence(result: &CheckResult) -> Result<(Crosswalk, Vec<ControlEvidence>), AppError> {
    let crosswalk = embedded::crosswalk(&[])?;
    let evidence = evidence_of_check(&CheckFacts::from_result(result), &crosswalk);
    Ok((crosswalk, evidence))
}
