//! `policy`, `control` and `report`.

use std::path::Path;

use jiff::civil::Date;
use shindan_app::clock;
use shindan_app::records::changes_since::{Since, changes_since};
use shindan_app::records::{self, Records, RecordsError, control, exclusions, policies};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::record_id::PolicyId;
use shindan_report::control::{control_html, control_paper, control_table, write_control};
use shindan_report::since::write_changes;

use super::acting::{act, enter, fail, list, show};
use super::cases::word;
use super::papers::{self, PaperForm, refuse_terminal};
use super::{assess_report, collection, device, not_written, reports};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::policy::{
    ControlCommand, ExcludeCommand, PolicyCommand, ReportCommand, ReportFormat, reading,
};
use crate::exit::Exit;
use crate::output::{Face, write_to};

fn found(records: &Records, called: &str) -> Result<PolicyId, RecordsError> {
    records::find(records, Kind::Policy, called).map(|stream| PolicyId(stream.id))
}

/// Runs a verb of `policy`.
pub fn policy(command: PolicyCommand, face: &Face) -> Exit {
    let request = format!("{command:?}");
    match command {
        PolicyCommand::List(mut arguments) => {
            // A policy in force needs nothing and is what is looked for.
            arguments.all = true;
            list(Kind::Policy, &arguments, face)
        }
        PolicyCommand::Show(arguments) => show(Kind::Policy, &arguments, face),
        PolicyCommand::Propose { file, reason, acting } => {
            let call = acting.call(&request);
            act(&acting, face, |s| policies::propose(&mut s.records, &s.who, &call, &file, &reason))
        }
        PolicyCommand::Approve { record, version_number, spoken, acting } => {
            let call = acting.call(&request);
            act(&acting, face, |s| {
                let (id, word) = (found(&s.records, &record)?, word(&s.records, &spoken)?);
                policies::approve(&mut s.records, &s.who, &call, id, version_number, &word)
            })
        }
        PolicyCommand::Reject { record, reason, acting } => {
            let call = acting.call(&request);
            act(&acting, face, |s| {
                let id = found(&s.records, &record)?;
                policies::reject(&mut s.records, &s.who, &call, id, &reason)
            })
        }
        PolicyCommand::Withdraw { record, reason, spoken, acting } => {
            let call = acting.call(&request);
            act(&acting, face, |s| {
                let (id, word) = (found(&s.records, &record)?, word(&s.records, &spoken)?);
                policies::withdraw(&mut s.records, &s.who, &call, id, &reason, &word)
            })
        }
    }
}

fn exclusion(records: &Records, called: &str) -> Result<Stream, RecordsError> {
    records::find(records, Kind::Control, called)
}

/// Runs a verb of `control`.
pub fn control(command: ControlCommand, face: &Face) -> Exit {
    let request = format!("{command:?}");
    let ControlCommand::Exclude(command) = command;
    match command {
        ExcludeCommand::List(arguments) => list(Kind::Control, &arguments, face),
        ExcludeCommand::Show(arguments) => show(Kind::Control, &arguments, face),
        ExcludeCommand::Propose { control, reason, until, acting } => {
            let call = acting.call(&request);
            act(&acting, face, |s| {
                exclusions::propose(&mut s.records, &s.who, &call, &control, (&reason, until))
            })
        }
        ExcludeCommand::Approve { record, spoken, acting } => {
            let call = acting.call(&request);
            act(&acting, face, |s| {
                let (id, word) = (exclusion(&s.records, &record)?, word(&s.records, &spoken)?);
                exclusions::approve(&mut s.records, &s.who, &call, id, &word)
            })
        }
        ExcludeCommand::Reject { record, reason, acting } => {
            let call = acting.call(&request);
            act(&acting, face, |s| {
                let id = exclusion(&s.records, &record)?;
                exclusions::reject(&mut s.records, &s.who, &call, id, &reason)
            })
        }
        ExcludeCommand::Withdraw { record, reason, acting } => {
            let call = acting.call(&request);
            act(&acting, face, |s| {
                let id = exclusion(&s.records, &record)?;
                exclusions::withdraw(&mut s.records, &s.who, &call, id, &reason)
            })
        }
    }
}

fn changed_since(reading: &Reading, since: Date, output: Option<&Path>, face: &Face) -> Exit {
    let changes = enter(reading, face)
        .and_then(|session| changes_since(&session.records, &session.who, Since::Day(since), clock::now()));
    let changes = match changes {
        Ok(changes) => changes,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    let written = write_to(output, |out| match reading.format {
        TableOrJson::Json => write_changes(out, &changes).map_err(Into::into),
        TableOrJson::Table => {
            let mut style = face.style(None);
            style.color &= output.is_none();
            out.write_all(shindan_report::since::changes(&changes, &face.words, &style).as_bytes())
        }
    });
    written.map_or_else(|error| not_written(&error, face), |()| Exit::Done)
}

/// Runs a verb of `report`.
pub fn report(command: ReportCommand, face: &Face) -> Exit {
    let (as_of, format, output, reading) = match command {
        ReportCommand::Control { as_of, format, output, data, token } => {
            (as_of, format, output, reading(data, token, format))
        }
        // ---- assessments
        ReportCommand::Assessments { system, short, format, output, data, token } => {
            let asked = (system.as_deref(), short);
            return assess_report::report(
                &reading(data, token, format),
                asked,
                format,
                output.as_deref(),
                face,
            );
        }
        // ---- collection
        ReportCommand::Collection(arguments) => return collection::report(arguments, face),
        // ---- collecting
        ReportCommand::Changes { since, output, reading } => {
            return changed_since(&reading, since, output.as_deref(), face);
        }
        ReportCommand::Paper(command) => return reports::run(command, face),
        // ---- devices
        ReportCommand::Devices { format, output, data, token } => {
            return device::report(&reading(data, token, format), format, output.as_deref(), face);
        }
    };
    if let Err(exit) = refuse_terminal(format.of_paper(), output.as_deref(), face) {
        return exit;
    }
    let report = enter(&reading, face)
        .and_then(|session| control::report(&session.records, &session.who, as_of, clock::now()));
    let report = match report {
        Ok(report) => report,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    let words = &face.words;
    let written = write_to(output.as_deref(), |out| match format {
        ReportFormat::Json => write_control(out, &report).map_err(Into::into),
        ReportFormat::Pdf => {
            papers::write(out, &control_paper(&report, words), PaperForm::Pdf, report.made, face)
        }
        ReportFormat::Xlsx => {
            papers::write(out, &control_paper(&report, words), PaperForm::Xlsx, report.made, face)
        }
        ReportFormat::Html => {
            let page = control_html(&report, words).map_err(std::io::Error::other)?;
            out.write_all(page.as_bytes())
        }
        ReportFormat::Table => {
            let mut style = face.style(None);
            style.color &= output.is_none();
            out.write_all(control_table(&report, words, &style).as_bytes())
        }
    });
    written.map_or_else(|error| not_written(&error, face), |()| Exit::Done)
}
