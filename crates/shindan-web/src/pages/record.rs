//! One record: state, what is missing for the next step, facts, lists, steps that can be taken, and its history.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use shindan_app::records;
use shindan_domain::ledger::{Kind, Stream};
use shindan_report::dates;
use shindan_report::records::{RecordPage, Status};
use shindan_report::words::Words;
use shindan_server::problem::Problem;

use super::go_on::{self, Next};
use super::list::area_of;
use super::process::{self, Blocker, Stage};
use super::value::{self, List, Value, facts, sections};
use super::{agreement, confirmation, policy, system};
use crate::answer::Answer;
#[cfg(test)]
use crate::forms::steps::Waiting;
use crate::forms::steps::{self, Steps};
use crate::frame::{Frame, Link};
use crate::listing;
use crate::tone;
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "record.html")]
pub(crate) struct Page {
    frame: Frame,
    number: String,
    status: String,
    tone: &'static str,
    stages: Vec<Stage>,
    next: Vec<Blocker>,
    /// What comes next, here and in the records that it belongs with.
    go_on: Vec<Next>,
    steps: Steps,
    facts: Vec<(String, Vec<Value>)>,
    sections: Vec<List>,
    history: Vec<Line>,
    /// What only a system shows; an agreement, an instruction, a review, a policy.
    system: Option<system::Part>,
    agreement: Option<agreement::Part>,
    instruction: Option<confirmation::Part>,
    review: Option<confirmation::Rounds>,
    policy: Option<policy::Part>,
    /// The lists of the record stand behind a fold, because the part says the same better.
    folded: bool,
}

/// An entry of the history.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub at: String,
    pub who: String,
    pub what: String,
    pub sequence: u64,
}

/// `GET /records/{kind}/{called}`
pub(crate) async fn show(
    State(web): State<Web>,
    Path((kind, called)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, move |visit| {
        let kind: Kind = kind.parse().map_err(|_| Problem::new("path-unknown", 404))?;
        let stream = visit.find(kind, &called)?;
        page(visit, stream)
    })
    .await
}

fn page(visit: &mut Visit<'_, '_>, stream: Stream) -> Result<Answer, Problem> {
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let page = records::page(records, who, stream, true).map_err(|error| visit.session.problem(error))?;
    let w = visit.w;
    if let Some(file) = file(visit, &page)? {
        return Ok(file);
    }
    let title = if page.title.is_empty() { w.t("web-untitled") } else { page.title.clone() };
    let mut frame = visit.frame(area_of(stream.kind), title);
    frame.apart();
    frame.crumbs = vec![Link::new(w.term(stream.kind.term()), format!("/records/{}", stream.kind))];
    let system = match stream.kind {
        Kind::System => Some(system::part(visit, stream)?),
        _ => None,
    };
    let steps = steps::of(visit, stream)?;
    let next = process::blockers(stream, &page.view.next, &steps, &w);
    // The next step of the record itself stands on its page anyway; after a step it is offered first.
    let own = visit.asked.query("told").map(|_| next.as_slice());
    let go_on = go_on::next(visit, stream, own)?;
    let kind = stream.kind;
    Answer::page(&Page {
        agreement: match kind {
            Kind::Agreement => Some(agreement::part(visit, stream, &page.names, &steps)?),
            _ => None,
        },
        instruction: match kind {
            Kind::Instruction => Some(confirmation::part(visit, stream, &steps)?),
            _ => None,
        },
        review: match kind {
            Kind::Review => Some(confirmation::rounds(visit, stream)?),
            _ => None,
        },
        policy: match kind {
            Kind::Policy => Some(policy::part(visit, stream)?),
            _ => None,
        },
        folded: matches!(kind, Kind::Agreement | Kind::Instruction | Kind::Review | Kind::Policy)
            && !page.view.sections.is_empty(),
        system,
        number: page.number.clone().unwrap_or_default(),
        status: w.term(page.view.status),
        tone: tone::of_status(&Status::from(page.view.status)).as_str(),
        stages: process::stages(&page, &steps, &w),
        next,
        go_on,
        steps,
        facts: facts(&page.view.facts, &page.names, &w),
        sections: {
            let mut lists = super::beside::lists(visit, stream)?;
            lists.extend(sections(stream, &page.view.sections, &page.names, &w));
            lists
        },
        history: history(&page, &w),
        frame,
    })
}

/// A list of the record as a file, if the address asks for one.
fn file(visit: &Visit<'_, '_>, page: &RecordPage) -> Result<Option<Answer>, Problem> {
    let Some(named) = visit.asked.query("list") else { return Ok(None) };
    let Some(format) = listing::wanted(visit.asked, &named)? else { return Ok(None) };
    let section = page.view.sections.iter().find(|section| section.label.as_str() == named);
    let section = section
        .ok_or_else(|| Problem::new("query-invalid", 400).with("name", "list").with("value", &named))?;
    let list = value::listing(section, &page.names, visit.asked, &visit.w);
    let called = [page.number.clone().unwrap_or_default(), page.title.clone()].join(" ");
    listing::written(visit, format, &[list], &[called.trim().to_owned()]).map(Some)
}

/// The history, the newest first.
pub(crate) fn history(page: &RecordPage, w: &Words) -> Vec<Line> {
    let name = |person| page.names.people.get(&person).cloned().unwrap_or_else(|| w.t("records-name-erased"));
    let line = |line: &shindan_report::records::HistoryLine| Line {
        at: dates::minute(line.at, w),
        who: name(line.person),
        what: w.event(&line.event),
        sequence: line.sequence,
    };
    page.history.iter().rev().map(line).collect()
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "record";

    fn sample(frame: Frame) -> Page {
        let value =
            || vec![Value { text: "<運用>".to_owned(), address: Some("/records/case/1".to_owned()) }];
        let list = List {
            title: "list".to_owned(),
            columns: vec!["column".to_owned()],
            rows: vec![vec![value()]],
            files: Some(
                ["/records/case/1?list=a&as=csv", "/records/case/1?list=a&as=xlsx"].map(str::to_owned),
            ),
        };
        let line =
            Line { at: "09:00".to_owned(), who: "who".to_owned(), what: "what".to_owned(), sequence: 7 };
        Page {
            frame,
            number: "CASE-1".to_owned(),
            status: "state".to_owned(),
            tone: "late",
            stages: vec![Stage {
                text: "stage".to_owned(),
                place: "here",
                done: Some(("09:00".to_owned(), "<運用>".to_owned())),
                form: Some("/records/case/1/do/judge".to_owned()),
                why: "<運用>".to_owned(),
            }],
            next: vec![Blocker {
                text: "<運用>".to_owned(),
                step: Some(Link::new("step", "/records/case/1/do/judge")),
                why: "<運用>".to_owned(),
            }],
            go_on: go_on::sample(),
            steps: Steps {
                own: vec![Link::new("step", "/records/case/1/do/close")],
                rare: vec![Link::new("rare", "/records/case/1/do/reopen")],
                others: vec![Waiting {
                    text: "<運用>".to_owned(),
                    form: "/records/case/1/do/approve".to_owned(),
                    why: "<運用>".to_owned(),
                    missing: Vec::new(),
                    on_paper: Some(Link::new("<運用>", "/records/case/1/do/approve")),
                }],
                later: vec![Waiting {
                    text: "<運用>".to_owned(),
                    form: "/records/case/1/do/approve".to_owned(),
                    why: "<運用>".to_owned(),
                    missing: vec!["<運用>".to_owned()],
                    on_paper: None,
                }],
            },
            facts: vec![("fact".to_owned(), value())],
            sections: vec![list],
            history: vec![line],
            system: Some(system::Part::sample()),
            agreement: Some(agreement::Part::sample()),
            instruction: Some(confirmation::Part::sample()),
            review: Some(confirmation::Rounds::sample()),
            policy: Some(policy::Part::sample()),
            folded: true,
        }
    }
}
