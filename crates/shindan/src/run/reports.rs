//! Reports that are papers, and OSCAL.

use std::io::{self, Write};

use jiff::civil::Date;
use shindan_app::clock;
use shindan_app::records::reports::{self, ReportKind, ReportOrder, make};
use shindan_app::records::{self, RecordsError};
use shindan_domain::calendar::day;
use shindan_domain::ledger::{Kind, Stream};
use shindan_report::paper::{self, Paper};

use super::acting::{Session, enter, fail};
use super::not_written;
use super::papers::{self, PaperForm, refuse_terminal};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::reports::{
    DayArguments, OscalArguments, PaperCommand, PaperFormat, PeriodArguments, WorkArguments,
};
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// Runs a verb of `report` that makes a paper.
pub fn run(command: PaperCommand, face: &Face) -> Exit {
    match command {
        PaperCommand::Decisions(arguments) => of_period(ReportKind::Decisions, arguments, face),
        PaperCommand::Accepted(arguments) => of_period(ReportKind::Accepted, arguments, face),
        PaperCommand::Patches(arguments) => of_period(ReportKind::Patches, arguments, face),
        PaperCommand::Reviews(arguments) => of_period(ReportKind::Reviews, arguments, face),
        PaperCommand::Overdue(arguments) => of_day(ReportKind::Overdue, arguments, face),
        PaperCommand::DeviceStatus(arguments) => of_day(ReportKind::DeviceStatus, arguments, face),
        PaperCommand::WorkPlan(arguments) => of_work(ReportKind::WorkPlan, arguments, face),
        PaperCommand::WorkReport(arguments) => of_work(ReportKind::WorkReport, arguments, face),
        PaperCommand::Oscal(arguments) => oscal(arguments, face),
    }
}

/// A report about a period: by default from the first of the month to the day of the report.
fn of_period(kind: ReportKind, arguments: PeriodArguments, face: &Face) -> Exit {
    let PeriodArguments { from, to, day: arguments } = arguments;
    let today = day(clock::now());
    let to = to.or(arguments.as_of).unwrap_or(today);
    let from = from.unwrap_or_else(|| to.first_of_month());
    write(kind, (from, to), arguments, |_| Ok(None), face)
}

/// A report about a day.
fn of_day(kind: ReportKind, arguments: DayArguments, face: &Face) -> Exit {
    let today = day(clock::now());
    write(kind, (today, today), arguments, |_| Ok(None), face)
}

/// A report about a change.
fn of_work(kind: ReportKind, arguments: WorkArguments, face: &Face) -> Exit {
    let WorkArguments { change, day: arguments } = arguments;
    let today = day(clock::now());
    let about = |session: &Session| records::find(&session.records, Kind::Change, &change).map(Some);
    write(kind, (today, today), arguments, about, face)
}

fn write(
    kind: ReportKind,
    (from, to): (Date, Date),
    arguments: DayArguments,
    about: impl FnOnce(&Session) -> Result<Option<Stream>, RecordsError>,
    face: &Face,
) -> Exit {
    let DayArguments { as_of, format, output, data, token } = arguments;
    if let Err(exit) = refuse_terminal(format.of_paper(), output.as_deref(), face) {
        return exit;
    }
    let reading = Reading { data, token, format: format.of_refusals() };
    let now = clock::now();
    let made = enter(&reading, face).and_then(|session| {
        let about = about(&session)?;
        let order = ReportOrder { kind, from, to, as_of, about, lang: face.words.lang() };
        make(&session.records, &session.who, &order, now)
    });
    let paper = match made {
        Ok(paper) => paper,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    let to_file = output.is_some();
    let written = write_to(output.as_deref(), |out| form(out, &paper, (format, to_file), now, face));
    written.map_or_else(|error| not_written(&error, face), |()| Exit::Done)
}

fn form(
    out: &mut dyn Write,
    paper: &Paper,
    (format, to_file): (PaperFormat, bool),
    now: jiff::Timestamp,
    face: &Face,
) -> io::Result<()> {
    let words = &face.words;
    match format {
        PaperFormat::Json => paper::write_json(out, paper, words).map_err(Into::into),
        PaperFormat::Html => out.write_all(paper::html::page(paper, words).as_bytes()),
        PaperFormat::Pdf => papers::write(out, paper, PaperForm::Pdf, now, face),
        PaperFormat::Xlsx => papers::write(out, paper, PaperForm::Xlsx, now, face),
        PaperFormat::Csv => paper::csv(paper, words, out),
        PaperFormat::Table => {
            let mut style = face.style(None);
            style.color &= !to_file;
            out.write_all(paper::paper_table(paper, &style).as_bytes())
        }
    }
}

/// The status of controls as OSCAL assessment results.
fn oscal(arguments: OscalArguments, face: &Face) -> Exit {
    let OscalArguments { as_of, output, data, token } = arguments;
    let reading = Reading { data, token, format: TableOrJson::Json };
    let made = enter(&reading, face)
        .and_then(|session| reports::oscal::make(&session.records, &session.who, as_of, clock::now()));
    let results = match made {
        Ok(results) => results,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    let written = write_to(output.as_deref(), |out| {
        serde_json::to_writer_pretty(&mut *out, &results)?;
        writeln!(out)
    });
    written.map_or_else(|error| not_written(&error, face), |()| Exit::Done)
}
