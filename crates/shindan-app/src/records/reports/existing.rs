//! Reports that have forms of their own besides the paper: the same data, as `report control` and its neighbours show it.

use jiff::Timestamp;
use shindan_domain::case::Subject;
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{AgreementId, SystemId};
use shindan_report::Words;
use shindan_report::assessments::{Form, assessment_paper};
use shindan_report::collect::collection_paper;
use shindan_report::control::control_paper;
use shindan_report::devices::stopped_paper;
use shindan_report::paper::Paper;

use super::super::assessments::told::{self, ReportAsked};
use super::super::device_lists::{self, Listed};
use super::super::{Entered, Records, RecordsError, agreement_files, collect, control as status, ledger};
use super::ReportOrder;

type Made = Result<Paper, RecordsError>;

pub(super) fn control(records: &Records, who: &Entered, order: &ReportOrder, now: Timestamp) -> Made {
    Ok(control_paper(&status::report(records, who, order.as_of, now)?, &Words::new(order.lang)))
}

/// Of one system, or of all plans.
pub(super) fn assessments(records: &Records, who: &Entered, order: &ReportOrder, now: Timestamp) -> Made {
    let words = Words::new(order.lang);
    let service = match order.about {
        Some(system) => records.called(system).ok_or_else(|| RecordsError::unknown(system))?,
        None => words.t("assessed-all-services"),
    };
    let subject = order.about.map(|system| Subject::System(SystemId(system.id)));
    // Looking at a report changes nothing: a checkpoint is made where it is issued, or on the page of the ledger.
    let checkpoint = ledger::standing_checkpoint(records, who)?;
    let asked = ReportAsked { subject, service: &service, checkpoint: checkpoint.as_ref(), now };
    let paper = told::report(records, who, asked, |report| assessment_paper(report, Form::Full, &words))?;
    let mut paper = of_the_present(paper, &words);
    if checkpoint.is_none() {
        paper.cautions.push(words.t("report-caution-checkpoint"));
    }
    Ok(paper)
}

/// Of the month of the period.
pub(super) fn collection(records: &Records, who: &Entered, order: &ReportOrder, now: Timestamp) -> Made {
    let report = collect::collection(records, who, order.from, now)?;
    Ok(collection_paper(&report, &Words::new(order.lang)))
}

pub(super) fn agreement(records: &Records, who: &Entered, order: &ReportOrder, now: Timestamp) -> Made {
    let invalid = || RecordsError::Invalid { field: "about".to_owned(), value: Kind::Agreement.to_string() };
    let id = AgreementId(order.about.ok_or_else(invalid)?.id);
    let words = Words::new(order.lang);
    Ok(of_the_present(agreement_files::paper(records, who, id, &words, now)?, &words))
}

pub(super) fn stopped_devices(records: &Records, who: &Entered, order: &ReportOrder, now: Timestamp) -> Made {
    let report = device_lists::list(records, who, Listed::StillConnected, now)?;
    let words = Words::new(order.lang);
    Ok(of_the_present(stopped_paper(&report, &words), &words))
}

/// Says that it cannot be made for a past day.
fn of_the_present(mut paper: Paper, words: &Words) -> Paper {
    paper.cautions.push(words.t("report-caution-present"));
    paper
}
