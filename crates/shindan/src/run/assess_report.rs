//! `report assessments` and `assess plan due`

use std::path::Path;

use shindan_app::clock;
use shindan_app::records::assessments::timing;
use shindan_app::records::assessments::told::{self, ReportAsked};
use shindan_app::records::{Call, RecordsError, ledger};
use shindan_domain::calendar::day;
use shindan_domain::case::Subject;
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::SystemId;
use shindan_report::assessments::{
    AssessmentReport, Form, PlanLine, assessment_html, assessment_paper, assessment_table, plans_table,
    write_assessment_report, write_plans,
};

use super::acting::{Session, enter, fail, print};
use super::not_written;
use super::papers::{self, PaperForm, refuse_terminal};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::policy::ReportFormat;
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// 診断実施報告, in full or in the form to hand out.
pub fn report(
    reading: &Reading,
    (system, short): (Option<&str>, bool),
    format: ReportFormat,
    output: Option<&Path>,
    face: &Face,
) -> Exit {
    if let Err(exit) = refuse_terminal(format.of_paper(), output, face) {
        return exit;
    }
    let session = match enter(reading, face) {
        Ok(session) => session,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    match written(&session, (system, short), format, output, face) {
        Ok(exit) => exit,
        Err(error) => fail(&error, Some(&session.records), reading.format, face),
    }
}

fn written(
    session: &Session,
    (system, short): (Option<&str>, bool),
    format: ReportFormat,
    output: Option<&Path>,
    face: &Face,
) -> Result<Exit, RecordsError> {
    let subject = match system {
        Some(system) => Some(Subject::System(SystemId(session.id(Kind::System, system)?))),
        None => None,
    };
    let now = clock::now();
    let checkpoint = ledger::checkpoint(&session.records, &session.who, &Call::at(now))?;
    let all = face.words.t("assessed-all-services");
    let asked = ReportAsked { subject, service: system.unwrap_or(&all), checkpoint: Some(&checkpoint), now };
    let form = if short { Form::Short } else { Form::Full };
    told::report(&session.records, &session.who, asked, |report| {
        let written = write_to(output, |out| write_form(out, report, (form, format), output.is_some(), face));
        written.map_or_else(|error| not_written(&error, face), |()| Exit::Done)
    })
}

fn write_form(
    out: &mut dyn std::io::Write,
    report: &AssessmentReport<'_>,
    (form, format): (Form, ReportFormat),
    to_file: bool,
    face: &Face,
) -> std::io::Result<()> {
    match format {
        ReportFormat::Json => write_assessment_report(out, report).map_err(Into::into),
        ReportFormat::Html => {
            let page = assessment_html(report, form, &face.words).map_err(std::io::Error::other)?;
            out.write_all(page.as_bytes())
        }
        ReportFormat::Pdf | ReportFormat::Xlsx => {
            let form_of_paper = if format == ReportFormat::Pdf { PaperForm::Pdf } else { PaperForm::Xlsx };
            let paper = assessment_paper(report, form, &face.words);
            papers::write(out, &paper, form_of_paper, report.made, face)
        }
        ReportFormat::Table => {
            let mut style = face.style(None);
            style.color &= !to_file;
            out.write_all(assessment_table(report, &face.words, &style).as_bytes())
        }
    }
}

/// Plans by the day on which they are due.
pub fn due(reading: &Reading, face: &Face) -> Exit {
    let today = day(clock::now());
    let found = enter(reading, face).and_then(|session| timing::plans(&session.records, &session.who, today));
    let plans = match found {
        Ok(plans) => plans,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    let called: Vec<String> =
        plans.iter().map(|plan| plan.called.clone().unwrap_or_else(|| plan.id.to_string())).collect();
    let lines: Vec<PlanLine<'_>> = plans
        .iter()
        .zip(&called)
        .map(|(plan, number)| PlanLine { id: plan.id, number, plan: &plan.plan })
        .collect();
    print(face, |out| match reading.format {
        TableOrJson::Table => {
            out.write_all(plans_table(&lines, today, &face.words, &face.style(None)).as_bytes())
        }
        TableOrJson::Json => write_plans(out, &lines, today).map_err(Into::into),
    })
}
