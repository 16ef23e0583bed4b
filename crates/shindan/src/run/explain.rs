//! `check --explain`

use std::path::{Path, PathBuf};

use shindan_app::data_folder::DataFolder;
use shindan_app::explain::{self, ExplainedAnswer};
use shindan_domain::explanation::ExplainedComponent;
use shindan_report::{json, table};

use super::checking::options;
use super::{fail, not_written};
use crate::cli::{CheckFormat, Conditions, FailOn};
use crate::exit::Exit;
use crate::output::{Face, say, write_to};

/// What is asked, and how it is to be answered.
pub struct Asked<'a> {
    pub name: &'a str,
    pub paths: &'a [PathBuf],
    pub register: bool,
    pub format: CheckFormat,
    pub output: Option<&'a Path>,
}

/// Explains.
pub fn run(folder: &DataFolder, asked: &Asked<'_>, conditions: &Conditions, face: &Face) -> Exit {
    if !matches!(asked.format, CheckFormat::Table | CheckFormat::Json) {
        say!("{}: {}", face.words.t("cli-error"), face.words.t("usage-explain-format"));
        return Exit::Usage;
    }
    let options = options(conditions, None, asked.register || asked.paths.is_empty());
    let answer = match explain::run(folder, asked.paths, asked.name, &options) {
        Ok(answer) => answer,
        Err(error) => return fail(&error, face),
    };
    let explanation = &answer.explanation;
    let mut style = face.style(conditions.max_age);
    style.color &= asked.output.is_none();
    let written = write_to(asked.output, |out| match asked.format {
        CheckFormat::Json => Ok(json::write_explain(explanation, out)?),
        _ => out.write_all(table::explain(explanation, &face.words, &style).as_bytes()),
    });
    if let Err(error) = written {
        return not_written(&error, face);
    }
    for input in &explanation.inputs {
        face.tell(&input.diagnostics);
    }
    face.tell(&explanation.remarks);
    exit(&answer, &conditions.fail_on)
}

/// As `check` ends, by what was explained.
fn exit(answer: &ExplainedAnswer, fail_on: &[FailOn]) -> Exit {
    let met = |it: &ExplainedComponent| {
        fail_on.iter().any(|condition| match condition {
            FailOn::Priority(priority) => it.findings.iter().any(|f| f.priority() <= *priority),
            FailOn::Undetermined => !it.undetermined.is_empty(),
        })
    };
    let mut exit = Exit::Done;
    if answer.explanation.components.iter().any(met) {
        exit = exit.and(Exit::FailOn);
    }
    if answer.unreadable {
        exit = exit.and(Exit::Unreadable);
    }
    if answer.stale {
        exit = exit.and(Exit::Knowledge);
    }
    exit
}
