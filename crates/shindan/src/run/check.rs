//! `check` and `who`

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use shindan_app::check::{self, Checked};
use shindan_app::cores;
use shindan_app::data_folder::DataFolder;
use shindan_app::portfolio;
use shindan_domain::finding::CheckResult;
use shindan_report::{csv, excel, html, json, sarif, table, vex};

use super::checking::{exit, options, tell_remarks};
use super::{crosswalk, explain, fail, lines, not_written};
use crate::cli::{CheckArguments, CheckFormat, Conditions, WhoArguments, WhoFormat};
use crate::exit::Exit;
use crate::output::{Face, say, write_to};

/// Runs `check`.
pub fn check(arguments: CheckArguments, face: &Face) -> Exit {
    let CheckArguments { paths, register, data, format, output, explain: name, conditions } = arguments;
    if let Some(name) = name {
        let asked =
            explain::Asked { name: &name, paths: &paths, register, format, output: output.as_deref() };
        return explain::run(&DataFolder::new(data.data_dir), &asked, &conditions, face);
    }
    if format == CheckFormat::Xlsx && output.is_none() && io::stdout().is_terminal() {
        say!("{}: {}", face.words.t("cli-error"), face.words.t("usage-workbook-on-terminal"));
        return Exit::Usage;
    }
    if format == CheckFormat::Jsonl {
        let options = options(&conditions, None, register || paths.is_empty());
        return lines::run(
            &DataFolder::new(data.data_dir),
            &paths,
            &options,
            output.as_deref(),
            &conditions.fail_on,
            face,
        );
    }
    let asked = Asked { paths: &paths, register, only: None };
    answer(&DataFolder::new(data.data_dir), asked, &conditions, face, |checked, exit| {
        let form = Form { format, output: output.as_deref(), max_age: conditions.max_age, exit };
        print(&checked.result, &form, face)
    })
}

/// Runs `who`.
pub fn who(arguments: WhoArguments, face: &Face) -> Exit {
    let WhoArguments { id, paths, register, data, format, conditions } = arguments;
    let asked = Asked { paths: &paths, register, only: Some(id.clone()) };
    answer(&DataFolder::new(data.data_dir), asked, &conditions, face, |checked, _| {
        let result = &checked.result;
        let written = write_to(None, |out| match format {
            WhoFormat::Json => Ok(json::write_check_by(&cores::all, result, &[], out)?),
            WhoFormat::Csv => csv::check(result, &face.words, out),
            WhoFormat::Table => {
                let text = table::who(&id, result, &face.words, &face.style(conditions.max_age));
                out.write_all(text.as_bytes())
            }
        });
        written.map_err(|e| not_written(&e, face))
    })
}

/// What is asked.
struct Asked<'a> {
    paths: &'a [PathBuf],
    register: bool,
    only: Option<String>,
}

fn answer(
    folder: &DataFolder,
    asked: Asked<'_>,
    conditions: &Conditions,
    face: &Face,
    print: impl FnOnce(&Checked, Exit) -> Result<(), Exit>,
) -> Exit {
    let options = options(conditions, asked.only, asked.register || asked.paths.is_empty());
    // Who is hit, without naming files, is asked of everything that is kept.
    let answered = match options.only {
        Some(_) if asked.paths.is_empty() => portfolio::who(folder, &options),
        _ => check::check(folder, asked.paths, &options),
    };
    let checked = match answered {
        Ok(checked) => checked,
        Err(error) => return fail(&error, face),
    };
    let exit = exit(&checked, &checked.result.summary(), &conditions.fail_on);
    if let Err(exit) = print(&checked, exit) {
        return exit;
    }
    tell_remarks(&checked.result, face);
    // The process ends here; taking a large answer apart piece by piece would only delay that.
    std::mem::forget(checked);
    exit
}

/// In which form an answer is printed, and where.
pub struct Form<'a> {
    /// The form.
    pub format: CheckFormat,
    /// The file; standard output if none is given.
    pub output: Option<&'a Path>,
    /// The allowed age of sources in days.
    pub max_age: Option<u32>,
    /// How the process is going to end.
    pub exit: Exit,
}

/// Prints the answer in one of its forms. Also used by `demo`.
pub fn print(result: &CheckResult, form: &Form<'_>, face: &Face) -> Result<(), Exit> {
    let Form { format, output, max_age, exit } = *form;
    let evidence = || crosswalk::packs_and_evidence(result).map_err(|e| fail(&e, face));
    let max_age_days = max_age.map(u64::from);
    let words = &face.words;
    let written = match format {
        CheckFormat::Html => {
            let (packs, evidence) = evidence()?;
            let options = html::Options { max_age_days, evidence: Some((&packs, &evidence)) };
            let page = html::check(result, words, &options)
                .map_err(|error| not_written(&io::Error::other(error), face))?;
            write_to(output, |out| out.write_all(page.as_bytes()))
        }
        CheckFormat::Table => {
            let text = answer_table(result, max_age, output.is_some(), face)?;
            write_to(output, |out| out.write_all(text.as_bytes()))
        }
        CheckFormat::Json => {
            let evidence = crosswalk::evidence(result);
            write_to(output, |out| Ok(json::write_check_by(&cores::all, result, &evidence, out)?))
        }
        CheckFormat::Jsonl => {
            let evidence = crosswalk::evidence(result);
            write_to(output, |out| Ok(json::write_check_lines(result, &evidence, out)?))
        }
        CheckFormat::Csv => write_to(output, |out| csv::check(result, words, out)),
        CheckFormat::Xlsx => {
            let (packs, evidence) = evidence()?;
            let options = excel::Options { max_age_days, evidence: Some((&packs, &evidence)) };
            let workbook = excel::check(result, words, &options)
                .map_err(|error| not_written(&io::Error::other(error), face))?;
            write_to(output, |out| out.write_all(&workbook))
        }
        CheckFormat::Sarif => write_to(output, |out| Ok(sarif::check(result, words, exit.code(), out)?)),
        CheckFormat::CyclonedxVex => write_to(output, |out| Ok(vex::check(result, words, out)?)),
    };
    written.map_err(|e| not_written(&e, face))
}

/// The answer for the terminal, or for a file, which gets no colour unless it is asked for.
pub fn answer_table(
    result: &CheckResult,
    max_age: Option<u32>,
    to_file: bool,
    face: &Face,
) -> Result<String, Exit> {
    let evidence = crosswalk::evidence(result);
    let mut style = face.style(max_age);
    style.color &= !to_file;
    let mut text = table::check(result, &face.words, &style);
    text.push('\n');
    text.push_str(&table::evidence(&evidence, &face.words));
    Ok(text)
}
