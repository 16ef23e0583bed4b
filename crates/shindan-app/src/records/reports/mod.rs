//! Reports as papers: what the records say, in one language, for page, print and spreadsheet (SPEC.md section 2; UI.md 12).
//!
//! ```text
//! order (kind, period, day, record, language) ─► Desk (records folded up to the day) ─► one function a kind ─► Paper
//! ```
//!
//! To add a report: a variant of [`ReportKind`] with its words (`term-report-kind-…`), what it needs in
//! [`ReportKind::needs`], a function in a module here, its arm in [`make`], and its row in `docs/reports.md`.
//!
//! Invariants, stated as absences: nothing that was not recorded is left blank, it is said; no report without rows is silent
//! about what was looked at; no entry after the day is looked at where the records can be folded, and where they cannot it is a
//! caution.

mod accepted;
mod decisions;
mod desk;
mod device_status;
mod existing;
pub mod oscal;
mod overdue;
mod patches;
mod reviews;
mod works;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::terms;
use shindan_report::Lang;
use shindan_report::paper::Paper;

use super::{Entered, Records, RecordsError};
use desk::Desk;

terms! {
    /// A report.
    pub enum ReportKind ("report-kind") {
        /// 統制実施証跡
        Control = "control",
        /// 処置決定一覧
        Decisions = "decisions",
        /// 期限超過一覧
        Overdue = "overdue",
        /// リスク保有台帳
        Accepted = "accepted",
        /// パッチ検証記録
        Patches = "patches",
        /// 作業計画書
        WorkPlan = "work-plan",
        /// 作業報告書
        WorkReport = "work-report",
        /// 診断実施報告
        Assessments = "assessments",
        /// 収集実施記録
        Collection = "collection",
        /// 役割分担表
        Agreement = "agreement",
        /// 停止機器一覧
        StoppedDevices = "stopped-devices",
        /// 情報機器等状況報告
        DeviceStatus = "device-status",
        /// 見直し記録
        Reviews = "reviews",
    }
}

/// What an order of a report has to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// It tells about a period: [`ReportOrder::from`] and [`ReportOrder::to`] count.
    pub period: Option<Period>,
    /// It can tell how it was at the end of a past day: [`ReportOrder::as_of`] counts.
    pub as_of: bool,
    /// It is about a record of this kind.
    pub about: Option<About>,
}

/// Which periods a report can tell about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Any days.
    Days,
    /// Days of one month; it tells about the whole month.
    Month,
}

/// The record that a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Of this kind.
    pub kind: Kind,
    /// Whether there is no report without it.
    pub required: bool,
}

impl ReportKind {
    /// What an order has to name.
    pub fn needs(self) -> Needs {
        let needs = |period, as_of, about| Needs { period, as_of, about };
        let one = |kind| Some(About { kind, required: true });
        match self {
            ReportKind::Decisions | ReportKind::Accepted | ReportKind::Patches | ReportKind::Reviews => {
                needs(Some(Period::Days), true, None)
            }
            ReportKind::Control | ReportKind::Overdue | ReportKind::DeviceStatus => needs(None, true, None),
            ReportKind::WorkPlan | ReportKind::WorkReport => needs(None, true, one(Kind::Change)),
            ReportKind::Assessments => {
                needs(None, false, Some(About { kind: Kind::System, required: false }))
            }
            ReportKind::Collection => needs(Some(Period::Month), false, None),
            ReportKind::Agreement => needs(None, false, one(Kind::Agreement)),
            ReportKind::StoppedDevices => needs(None, false, None),
        }
    }
}

/// Which report is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportOrder {
    /// Which.
    pub kind: ReportKind,
    /// First day in Japan of the period.
    pub from: Date,
    /// Last day in Japan of the period.
    pub to: Date,
    /// The day in Japan at whose end the records are looked at; `None`: now.
    pub as_of: Option<Date>,
    /// The record that it is about.
    pub about: Option<Stream>,
    /// In which language.
    pub lang: Lang,
}

/// Makes a report.
///
/// # Errors
/// Refused without a role that reads; [`RecordsError::Invalid`] for a day that has not come, a period that ends before it
/// begins, a record that is missing or of another kind; those of reading.
pub fn make(
    records: &Records,
    who: &Entered,
    order: &ReportOrder,
    now: Timestamp,
) -> Result<Paper, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(order.about, refusal))?;
    check(order)?;
    let desk = || Desk::open(records, order, now);
    match order.kind {
        ReportKind::Control => existing::control(records, who, order, now),
        ReportKind::Assessments => existing::assessments(records, who, order, now),
        ReportKind::Collection => existing::collection(records, who, order, now),
        ReportKind::Agreement => existing::agreement(records, who, order, now),
        ReportKind::StoppedDevices => existing::stopped_devices(records, who, order, now),
        ReportKind::Decisions => decisions::paper(&desk()?),
        ReportKind::Overdue => overdue::paper(&desk()?),
        ReportKind::Accepted => accepted::paper(&desk()?),
        ReportKind::Patches => patches::paper(&desk()?),
        ReportKind::WorkPlan => works::plan(&desk()?),
        ReportKind::WorkReport => works::report(&desk()?),
        ReportKind::DeviceStatus => device_status::paper(&desk()?),
        ReportKind::Reviews => reviews::paper(&desk()?),
    }
}

/// Refuses an order that lacks what its kind needs, or that would silently leave out what it names.
fn check(order: &ReportOrder) -> Result<(), RecordsError> {
    let invalid = |field: &str, value: String| Err(RecordsError::Invalid { field: field.to_owned(), value });
    let needs = order.kind.needs();
    let another_month = order.from.first_of_month() != order.to.first_of_month();
    if (needs.period.is_some() && order.to < order.from)
        || (needs.period == Some(Period::Month) && another_month)
    {
        return invalid("--to", order.to.to_string());
    }
    if let (false, Some(day)) = (needs.as_of, order.as_of) {
        return invalid("--as-of", day.to_string());
    }
    match (needs.about, order.about) {
        (Some(About { required: true, kind }), None) => invalid("about", kind.to_string()),
        (Some(About { kind, .. }), Some(about)) if about.kind != kind => {
            invalid("about", about.kind.to_string())
        }
        (None, Some(about)) => invalid("about", about.kind.to_string()),
        _ => Ok(()),
    }
}
