//! One record: state, what is missing for the next step, facts, lists, steps that can be taken, and its history.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use shindan_app::records;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Fact, Section, Shown};
use shindan_report::dates;
use shindan_report::records::{Names, RecordPage, Status, row_in_words, shown_text};
use shindan_report::words::Words;
use shindan_server::problem::Problem;

use super::list::area_of;
use super::process::{self, Blocker, Stage};
use super::{agreement, confirmation, policy, system};
use crate::answer::Answer;
#[cfg(test)]
use crate::forms::steps::Waiting;
use crate::forms::steps::{self, Steps};
use crate::frame::{Frame, Link};
use crate::tone;
use crate::visit::{Visit, Web, address, encoded};

#[derive(Template)]
#[template(path = "record.html")]
pub(crate) struct Page {
    frame: Frame,
    number: String,
    status: String,
    tone: &'static str,
    stages: Vec<Stage>,
    next: Vec<Blocker>,
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

/// A value: its text, and where it leads.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub text: String,
    pub address: Option<String>,
}

impl Value {
    /// Whether it is a hash, which is set in lines of equal length.
    pub fn is_hash(&self) -> bool {
        self.text.len() >= 64 && self.text.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// Whether it is an id, which is there for programs and for who tells one token from another.
    pub fn is_id(&self) -> bool {
        // A notice is called by the check that brought it, and its place there.
        let id = self.text.split('#').next().unwrap_or_default();
        id.parse::<uuid::Uuid>().is_ok()
    }
}

/// A list inside a record.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub title: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Vec<Value>>>,
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
    let title = if page.title.is_empty() { w.t("web-untitled") } else { page.title.clone() };
    let mut frame = visit.frame(area_of(stream.kind), title);
    frame.crumbs = vec![Link::new(w.term(stream.kind.term()), format!("/records/{}", stream.kind))];
    let system = match stream.kind {
        Kind::System => Some(system::part(visit, stream)?),
        _ => None,
    };
    let steps = steps::of(visit, stream)?;
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
        next: process::blockers(stream, &page.view.next, &steps, &w),
        steps,
        facts: facts(&page.view.facts, &page.names, &w),
        sections: {
            let mut lists = super::beside::lists(visit, stream)?;
            lists.extend(sections(&page.view.sections, &page.names, &w));
            lists
        },
        history: history(&page, &w),
        frame,
    })
}

/// Facts with their names.
pub(crate) fn facts(facts: &[Fact], names: &Names, w: &Words) -> Vec<(String, Vec<Value>)> {
    facts.iter().map(|fact| (w.label_of(fact.label), values(&fact.value, names, w))).collect()
}

/// Lists with the names of their columns.
pub(crate) fn sections(sections: &[Section], names: &Names, w: &Words) -> Vec<List> {
    let cell = |cell: &Option<Shown>| cell.as_ref().map(|shown| values(shown, names, w)).unwrap_or_default();
    let list = |section: &Section| List {
        title: w.label_of(section.label),
        columns: section.columns.iter().map(|column| w.label_of(*column)).collect(),
        rows: section
            .rows
            .iter()
            .map(|row| row_in_words(section, row, w).iter().map(cell).collect())
            .collect(),
    };
    sections.iter().map(list).collect()
}

/// A value as it is shown; several, one below the other.
pub(crate) fn values(shown: &Shown, names: &Names, w: &Words) -> Vec<Value> {
    if let Shown::List(all) = shown {
        return all.iter().flat_map(|one| values(one, names, w)).collect();
    }
    if let Shown::Text(key) = shown
        && let Some(number) = asset_number(key)
    {
        return vec![Value { text: number.to_owned(), address: Some(format!("/assets/{}", encoded(key))) }];
    }
    let leads = match shown {
        Shown::Record(stream) => Some(address(*stream)),
        Shown::Document(document) => Some(format!("/documents/{}", document.sha256)),
        Shown::Text(text) if names_a_vulnerability(text) => {
            Some(format!("/vulnerabilities/{}", encoded(text)))
        }
        _ => None,
    };
    vec![Value { text: shown_text(shown, names, w), address: leads }]
}

/// The number in a key of the register of assets (`id:vpn-01`), which has a page of its own.
fn asset_number(key: &str) -> Option<&str> {
    key.strip_prefix("id:").filter(|number| !number.is_empty() && !number.contains(char::is_whitespace))
}

/// Whether a text is the identifier of a vulnerability, which has a page of its own.
fn names_a_vulnerability(text: &str) -> bool {
    let whole = !text.contains(char::is_whitespace);
    whole && ["CVE-", "JVNDB-", "GHSA-"].iter().any(|prefix| text.starts_with(prefix))
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
        let list =
            List { title: "list".to_owned(), columns: vec!["column".to_owned()], rows: vec![vec![value()]] };
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
