//! 報告書: choose report, period and language, look at it here, then save it as Excel, PDF, HTML, CSV or JSON (UI.md, page 12).

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use shindan_app::records::reports::{Needs, Period, ReportKind, ReportOrder, make, oscal};
use shindan_app::records::{self, Asked, RecordsError};
use shindan_domain::ledger::{Kind, Stream};
use shindan_report::paper::{self, Paper};
use shindan_report::words::{Lang, Words};
use shindan_server::problem::{Problem, Told};
use shindan_store::Sort;

use super::crosswalk::{day_of, invalid};
use crate::address::encoded;
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::visit::{Visit, Web};

/// So many records can be chosen from; others by their number in the address.
const CHOICES: u32 = 200;

#[derive(Template)]
#[template(path = "reports.html")]
pub(crate) struct Page {
    frame: Frame,
    kinds: Vec<Choice>,
    chosen: Option<Chosen>,
}

struct Choice {
    link: Link,
    what: String,
    here: bool,
}

/// The report that was chosen.
struct Chosen {
    kind: &'static str,
    title: String,
    what: String,
    days: Option<(String, String)>,
    month: Option<String>,
    as_of: Option<String>,
    today: String,
    about: Option<About>,
    langs: Vec<(&'static str, bool)>,
    files: Vec<Link>,
    /// The paper as HTML; its texts are escaped where it is made.
    preview: String,
    trouble: Option<Told>,
}

/// The record that it is about.
struct About {
    name: String,
    required: bool,
    records: Vec<(String, String, bool)>,
}

/// A form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Excel,
    Pdf,
    Page,
    Csv,
    Json,
    /// OSCAL assessment results.
    Oscal,
}

impl Form {
    const ALL: [Form; 6] = [Form::Excel, Form::Pdf, Form::Page, Form::Csv, Form::Json, Form::Oscal];

    /// Its name in the address, how its file ends, what it is, the key of its words.
    fn names(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Form::Excel => (
                "xlsx",
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "web-evid-as-excel",
            ),
            Form::Pdf => ("pdf", "pdf", "application/pdf", "web-evid-as-pdf"),
            Form::Page => ("html", "html", "text/html; charset=utf-8", "web-evid-as-html"),
            Form::Csv => ("csv", "csv", "text/csv; charset=utf-8", "web-evid-as-csv"),
            Form::Json => ("json", "json", "application/json", "web-evid-as-json"),
            Form::Oscal => ("oscal", "oscal.json", "application/json", "web-evid-as-oscal"),
        }
    }
}

/// `GET /reports`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

/// `GET /reports/file`
pub(crate) async fn file(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        let form = visit.asked.query("form").unwrap_or_default();
        let form =
            Form::ALL.into_iter().find(|one| one.names().0 == form).ok_or_else(|| invalid("form", &form))?;
        let kind = chosen_kind(visit)?.ok_or_else(|| invalid("report", ""))?;
        let order = order(visit, kind)?;
        let bytes = match form {
            Form::Oscal if kind == ReportKind::Control => oscal_of(visit, &order)?,
            Form::Oscal => return Err(invalid("form", "oscal")),
            form => written(&made(visit, &order)?, form, (order.lang, visit.session.call.now))?,
        };
        let (_, ending, media, _) = form.names();
        let day = order.as_of.unwrap_or(order.to);
        Ok(Answer::File { media, name: format!("{kind}-{day}.{ending}"), bytes, inline: false })
    })
    .await
}

fn oscal_of(visit: &Visit<'_, '_>, order: &ReportOrder) -> Result<Vec<u8>, Problem> {
    let session = &visit.session;
    let made = oscal::make(session.records, &session.who, order.as_of, session.call.now);
    let made = made.map_err(|error| told_of(visit, error))?;
    serde_json::to_vec_pretty(&made).map_err(|error| Problem::internal(&error))
}

/// The file of a paper.
fn written(paper: &Paper, form: Form, (lang, now): (Lang, Timestamp)) -> Result<Vec<u8>, Problem> {
    let words = Words::new(lang);
    let mut bytes = Vec::new();
    match form {
        Form::Excel => return paper::excel(paper, &words, now).map_err(|error| Problem::internal(&error)),
        Form::Pdf => return shindan_pdf::pdf(paper, lang, now).map_err(|error| Problem::internal(&error)),
        Form::Page => bytes.extend_from_slice(paper::html::page(paper, &words).as_bytes()),
        Form::Csv => paper::csv(paper, &words, &mut bytes).map_err(|error| Problem::internal(&error))?,
        Form::Json | Form::Oscal => {
            paper::write_json(&mut bytes, paper, &words).map_err(|error| Problem::internal(&error))?;
        }
    }
    Ok(bytes)
}

fn chosen_kind(visit: &Visit<'_, '_>) -> Result<Option<ReportKind>, Problem> {
    let kind = visit.asked.query("report");
    kind.map(|text| text.parse().map_err(|_| invalid("report", &text))).transpose()
}

/// What the address orders; parts that the kind does not take are left out.
fn order(visit: &Visit<'_, '_>, kind: ReportKind) -> Result<ReportOrder, Problem> {
    let needs = kind.needs();
    let today = shindan_domain::calendar::day(visit.session.call.now);
    let as_of = if needs.as_of { day_of(visit, "day")? } else { None };
    let end = as_of.unwrap_or(today);
    let (from, to) = match needs.period {
        Some(Period::Month) => {
            let text = visit.asked.query("month").unwrap_or_else(|| today.strftime("%Y-%m").to_string());
            let first: Result<Date, _> = format!("{text}-01").parse();
            let first = first.ok().filter(|_| text.len() == 7).ok_or_else(|| invalid("month", &text))?;
            (first, first.last_of_month())
        }
        Some(Period::Days) => {
            let to = day_of(visit, "to")?.unwrap_or(end);
            (day_of(visit, "from")?.unwrap_or_else(|| to.saturating_sub(1.month())), to)
        }
        None => (end, end),
    };
    let lang = visit.asked.query("lang");
    let lang = lang.map(|text| text.parse().map_err(|_| invalid("lang", &text))).transpose()?;
    let about = match (needs.about, visit.asked.query("about")) {
        (Some(about), Some(called)) => Some(visit.find(about.kind, &called)?),
        _ => None,
    };
    Ok(ReportOrder { kind, from, to, as_of, about, lang: lang.unwrap_or(visit.asked.lang) })
}

fn made(visit: &Visit<'_, '_>, order: &ReportOrder) -> Result<Paper, Problem> {
    let session = &visit.session;
    let made = make(session.records, &session.who, order, session.call.now);
    made.map_err(|error| told_of(visit, error))
}

/// What is invalid about an order stands in the address here, not in an option.
fn told_of(visit: &Visit<'_, '_>, error: RecordsError) -> Problem {
    match error {
        RecordsError::Invalid { field, value } => {
            let name = match field.as_str() {
                "--to" => "web-evid-period",
                "--as-of" => "web-evid-day",
                _ => "web-evid-about",
            };
            invalid(&visit.w.t(name), &value)
        }
        other => visit.session.problem(other),
    }
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let w = visit.w;
    let kind = chosen_kind(visit)?;
    let chosen = kind.map(|kind| chosen(visit, kind)).transpose()?;
    let choice = |one: &ReportKind| Choice {
        link: Link::new(w.term(one.term()), format!("/reports?report={one}")),
        what: w.t(&format!("web-evid-about-{one}")),
        here: Some(*one) == kind,
    };
    let mut frame = visit.frame(Area::Evidence, w.t("web-nav-reports"));
    frame.apart();
    frame.lead = w.t("web-evid-reports-lead");
    if let Some(chosen) = &chosen {
        frame.title.clone_from(&chosen.title);
        frame.lead.clone_from(&chosen.what);
        frame.crumbs = vec![Link::new(w.t("web-nav-reports"), "/reports")];
    }
    Answer::page(&Page { frame, kinds: ReportKind::ALL.iter().map(choice).collect(), chosen })
}

fn chosen(visit: &Visit<'_, '_>, kind: ReportKind) -> Result<Chosen, Problem> {
    let w = visit.w;
    let order = order(visit, kind)?;
    let needs = kind.needs();
    let about = about(visit, needs, order.about)?;
    // A report that needs a record is not made before one is chosen.
    let waits = about.as_ref().is_some_and(|about| about.required) && order.about.is_none();
    let paper = (!waits).then(|| made(visit, &order));
    let (preview, trouble) = match paper {
        None => (String::new(), None),
        Some(Ok(paper)) => (paper::html::fragment(&paper, &Words::new(order.lang)), None),
        Some(Err(problem)) => (String::new(), Some(problem.told(w.lang()))),
    };
    let month = order.from.strftime("%Y-%m").to_string();
    Ok(Chosen {
        kind: kind.as_str(),
        title: w.term(kind.term()),
        what: w.t(&format!("web-evid-about-{kind}")),
        days: (needs.period == Some(Period::Days)).then(|| (order.from.to_string(), order.to.to_string())),
        month: (needs.period == Some(Period::Month)).then_some(month),
        as_of: needs.as_of.then(|| order.as_of.map(|day| day.to_string()).unwrap_or_default()),
        today: shindan_domain::calendar::day(visit.session.call.now).to_string(),
        about,
        langs: Lang::ALL.iter().map(|lang| (lang.as_str(), *lang == order.lang)).collect(),
        files: if preview.is_empty() { Vec::new() } else { files(&order, &w) },
        preview,
        trouble,
    })
}

/// Exactly what is shown, as files.
fn files(order: &ReportOrder, w: &Words) -> Vec<Link> {
    let mut pairs = vec![("report", order.kind.to_string()), ("lang", order.lang.as_str().to_owned())];
    match order.kind.needs().period {
        Some(Period::Days) => {
            pairs.extend([("from", order.from.to_string()), ("to", order.to.to_string())]);
        }
        Some(Period::Month) => pairs.push(("month", order.from.strftime("%Y-%m").to_string())),
        None => {}
    }
    pairs.extend(order.as_of.map(|day| ("day", day.to_string())));
    pairs.extend(order.about.map(|about| ("about", about.id.to_string())));
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let all = Form::ALL.into_iter().filter(|form| *form != Form::Oscal || order.kind == ReportKind::Control);
    all.map(|form| {
        let (name, _, _, key) = form.names();
        Link::new(w.t(key), format!("/reports/file?{}&form={name}", pairs.join("&")))
    })
    .collect()
}

fn about(visit: &Visit<'_, '_>, needs: Needs, chosen: Option<Stream>) -> Result<Option<About>, Problem> {
    let Some(about) = needs.about else { return Ok(None) };
    let kind: Kind = about.kind;
    let asked = Asked { open_only: false, sort: Sort::Changed, ..Asked::new(kind, CHOICES) };
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let list = records::list(records, who, &asked, visit.session.call.now);
    let list = list.map_err(|error| visit.session.problem(error))?;
    let record = |row: &shindan_report::records::RecordRow| {
        let number = row.number.clone().unwrap_or_default();
        (row.stream.id.to_string(), format!("{number} {}", row.title), chosen == Some(row.stream))
    };
    let records = list.rows.iter().map(record).collect();
    Ok(Some(About { name: visit.w.term(kind.term()), required: about.required, records }))
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "reports";

    fn sample(frame: Frame) -> Page {
        let told = invalid("day", "<運用>").told(frame.w.lang());
        let about = About {
            name: "change".to_owned(),
            required: true,
            records: vec![("1".to_owned(), "<運用>".to_owned(), true)],
        };
        let chosen = Chosen {
            kind: "control",
            title: "<運用>".to_owned(),
            what: "what".to_owned(),
            days: Some(("2026-11-01".to_owned(), "2026-11-27".to_owned())),
            month: Some("2026-11".to_owned()),
            as_of: Some("2026-11-27".to_owned()),
            today: "2026-11-27".to_owned(),
            about: Some(about),
            langs: vec![("ja", true), ("en", false)],
            files: vec![Link::new("PDF", "/reports/file?report=control&form=pdf")],
            preview: "<article class=\"paper\"><h2>paper</h2></article>".to_owned(),
            trouble: Some(told),
        };
        let link = Link::new("control", "/reports?report=control");
        Page {
            frame,
            kinds: vec![Choice { link, what: "what".to_owned(), here: true }],
            chosen: Some(chosen),
        }
    }
}
