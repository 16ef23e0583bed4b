//! `check` and `who`

use std::path::{Path, PathBuf};

use shindan_app::check::{self, CheckOptions, Checked};
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_domain::finding::CheckResult;
use shindan_report::{html, json, table};

use super::{crosswalk, fail, not_written};
use crate::cli::{CheckArguments, CheckFormat, Conditions, FailOn, TableOrJson, WhoArguments};
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// Runs `check`.
pub fn check(arguments: CheckArguments, face: &Face) -> Exit {
    let CheckArguments { paths, data, format, output, conditions } = arguments;
    answer(&DataFolder::new(data.data_dir), &paths, None, &conditions, face, |checked| {
        print(&checked.result, format, output.as_deref(), conditions.max_age, face)
    })
}

/// Runs `who`.
pub fn who(arguments: WhoArguments, face: &Face) -> Exit {
    let WhoArguments { id, paths, data, format, conditions } = arguments;
    let format = match format {
        TableOrJson::Table => CheckFormat::Table,
        TableOrJson::Json => CheckFormat::Json,
    };
    answer(&DataFolder::new(data.data_dir), &paths, Some(id), &conditions, face, |checked| {
        print(&checked.result, format, None, conditions.max_age, face)
    })
}

fn answer(
    folder: &DataFolder,
    paths: &[PathBuf],
    only: Option<String>,
    conditions: &Conditions,
    face: &Face,
    print: impl FnOnce(&Checked) -> Result<(), Exit>,
) -> Exit {
    let options = CheckOptions {
        now: conditions.now.unwrap_or_else(clock::now),
        max_age_days: conditions.max_age,
        allow_stale: conditions.allow_stale,
        only,
    };
    let checked = match check::check(folder, paths, &options) {
        Ok(checked) => checked,
        Err(error) => return fail(&error, face),
    };
    if let Err(exit) = print(&checked) {
        return exit;
    }
    // Tables and pages say it too; on standard error it reaches whoever pipes the output elsewhere.
    for input in &checked.result.inputs {
        face.tell(&input.diagnostics);
    }
    face.tell(&checked.result.remarks);
    let exit = exit(&checked, &conditions.fail_on);
    // The process ends here; taking a large answer apart piece by piece would only delay that.
    std::mem::forget(checked);
    exit
}

fn exit(checked: &Checked, fail_on: &[FailOn]) -> Exit {
    let mut exit = Exit::Done;
    if fail_on.iter().any(|condition| is_met(&checked.result, *condition)) {
        exit = exit.and(Exit::FailOn);
    }
    if checked.unreadable {
        exit = exit.and(Exit::Unreadable);
    }
    if checked.stale {
        exit = exit.and(Exit::Knowledge);
    }
    exit
}

fn is_met(result: &CheckResult, condition: FailOn) -> bool {
    match condition {
        FailOn::Priority(priority) => result.findings.iter().any(|f| f.priority() <= priority),
        FailOn::Undetermined => !result.undetermined.is_empty(),
    }
}

/// Prints the answer in one of its forms. Also used by `demo`.
pub fn print(
    result: &CheckResult,
    format: CheckFormat,
    output: Option<&Path>,
    max_age: Option<u32>,
    face: &Face,
) -> Result<(), Exit> {
    let (packs, evidence) = crosswalk::evidence(result).map_err(|e| fail(&e, face))?;
    let page = match format {
        CheckFormat::Html => {
            let max_age_days = max_age.map(u64::from);
            let options = html::Options { max_age_days, evidence: Some((&packs, &evidence)) };
            let page = html::check(result, &face.words, &options);
            Some(page.map_err(|error| not_written(&std::io::Error::other(error), face))?)
        }
        CheckFormat::Table => {
            let mut style = face.style(max_age);
            style.color &= output.is_none();
            Some(table::check(result, &face.words, &style))
        }
        CheckFormat::Json => None,
    };
    let written = write_to(output, |out| match &page {
        Some(page) => out.write_all(page.as_bytes()),
        None => Ok(json::write_check(result, &evidence, out)?),
    });
    written.map_err(|e| not_written(&e, face))
}
