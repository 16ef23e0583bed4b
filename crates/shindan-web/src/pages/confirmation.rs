//! 定期確認と見直し: what was instructed, what was answered on which data, how it was judged, what is done about it (UI.md, page 10). One page
//! for all that is under way, and a part of the page of each record.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_app::records::{self, Asked, organisation::state_of};
use shindan_domain::calendar::day;
use shindan_domain::confirmation::{Fitness, Instruction, Item, ItemStage, Respondent};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::review::{Finding, Review, Reviewed};
use shindan_report::dates;
use shindan_server::problem::Problem;
use shindan_store::Sort;

use super::agreement::{date, document, person, word};
use crate::address::{address, encoded};
use crate::answer::Answer;
use crate::forms::steps::Steps;
use crate::frame::{Area, Frame, Link};
use crate::tone;
use crate::visit::{Visit, Web};

/// So many of each are shown; the lists have them all.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "confirmations.html")]
pub(crate) struct Page {
    frame: Frame,
    instructions: Vec<Going>,
    reviews: Vec<Going>,
    may_begin: bool,
}

/// An instruction or a review that goes on.
struct Going {
    number: String,
    link: Link,
    tone: &'static str,
    state: String,
    due: String,
    late: bool,
    /// How far it is: answered, judged, of how many.
    steps: Vec<(String, String)>,
}

/// What only an instruction shows.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub items: Vec<Row>,
    /// Earlier answers of items that were asked again.
    pub earlier: Vec<Row>,
}

/// An item: instruction, answer, judgement, measure.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub key: String,
    pub question: String,
    pub respondent: String,
    pub tone: &'static str,
    pub place: String,
    pub answer: Option<Step>,
    pub judgement: Option<Step>,
    pub measure: Option<Step>,
    pub links: Vec<Link>,
}

/// What somebody said, and on what.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub text: String,
    pub tone: &'static str,
    pub word: String,
    pub by: String,
    pub facts: String,
    pub documents: Vec<Link>,
}

/// What only a review shows.
#[derive(Debug, Clone)]
pub(crate) struct Rounds {
    pub content: String,
    pub rounds: Vec<Round>,
}

/// A review of the item, and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Round {
    pub due: String,
    pub found: Step,
    pub tone: &'static str,
    pub became: String,
}

/// `GET /confirmations`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let w = visit.w;
    let mut frame = visit.frame(Area::Evidence, w.t("web-nav-confirmations"));
    frame.lead = w.t("web-conf-lead");
    let may_begin = visit.has(shindan_domain::people::Action::Manage.roles());
    if may_begin {
        frame.primary = Some(Link::new(w.t("form-instruction-new"), "/records/instruction/new"));
    }
    Answer::page(&Page {
        frame,
        instructions: going(visit, Kind::Instruction)?,
        reviews: going(visit, Kind::Review)?,
        may_begin,
    })
}

fn going(visit: &Visit<'_, '_>, kind: Kind) -> Result<Vec<Going>, Problem> {
    let (records, who, now) = (&*visit.session.records, &visit.session.who, visit.session.call.now);
    let problem = |error| visit.session.problem(error);
    let asked = Asked { open_only: true, sort: Sort::Due, ..Asked::new(kind, SHOWN) };
    let list = records::list(records, who, &asked, now).map_err(problem)?;
    let mut all = Vec::new();
    for row in list.rows {
        let steps = match kind {
            Kind::Instruction => counted(visit, &state_of(records, row.stream.id).map_err(problem)?),
            _ => Vec::new(),
        };
        all.push(Going {
            number: row.number.clone().unwrap_or_default(),
            link: Link::new(&row.title, address(row.stream)),
            tone: tone::of_status(&row.status).as_str(),
            state: visit.w.t(&format!("term-{}-{}", row.status.set, row.status.value)),
            due: row.due.map(|due| date(due, &visit.w)).unwrap_or_default(),
            late: row.due.is_some_and(|due| due < day(now)),
            steps,
        });
    }
    Ok(all)
}

/// How many items were answered, and how many judged.
fn counted(visit: &Visit<'_, '_>, instruction: &Instruction) -> Vec<(String, String)> {
    let all = instruction.items.len();
    let answered = instruction.items.values().filter(|stage| stage.report().is_some()).count();
    let judged = instruction.items.values().filter(|stage| stage.judgement().is_some()).count();
    let of = |key: &str, number: usize| (visit.w.t(key), format!("{number} / {all}"));
    vec![of("web-conf-answered", answered), of("web-conf-judged", judged)]
}

/// The part of an instruction.
///
/// # Errors
/// Those of reading it.
pub(crate) fn part(visit: &Visit<'_, '_>, stream: Stream, steps: &Steps) -> Result<Part, Problem> {
    let instruction: Instruction =
        state_of(visit.session.records, stream.id).map_err(|error| visit.session.problem(error))?;
    let item = |key: &str| instruction.draft.items.iter().find(|item| item.key == key);
    let links = |key: &str| {
        let link = |command: &str| {
            let place = format!("{}/do/{command}", address(stream));
            let text = visit.w.t(&format!("form-instruction-{command}"));
            steps.offers(&place).is_ok().then(|| Link::new(text, format!("{place}?item={}", encoded(key))))
        };
        instruction
            .items
            .get(key)
            .map(step_of)
            .unwrap_or_default()
            .iter()
            .filter_map(|one| link(one))
            .collect()
    };
    let items = instruction.draft.items.iter().filter_map(|item| {
        let stage = instruction.items.get(&item.key)?;
        Some(Row { links: links(&item.key), ..row(visit, item, stage) })
    });
    let earlier = instruction.earlier.iter().filter_map(|(key, stage)| Some(row(visit, item(key)?, stage)));
    Ok(Part { items: items.collect(), earlier: earlier.collect() })
}

/// The commands that come next for an item as it is.
fn step_of(stage: &ItemStage) -> &'static [&'static str] {
    match stage {
        ItemStage::Asked => &["report"],
        ItemStage::Reported { .. } => &["judge", "ask-again"],
        ItemStage::Judged { .. } if stage.open_action().is_some() => &["finish-action"],
        ItemStage::Judged { .. } => &[],
    }
}

fn respondent(visit: &Visit<'_, '_>, one: &Respondent) -> String {
    match one {
        Respondent::Operator(id) => person(visit, *id),
        Respondent::Party(id) => visit
            .session
            .records
            .called(Stream::new(Kind::Party, *id))
            .unwrap_or_else(|| visit.w.t("unknown")),
    }
}

fn row(visit: &Visit<'_, '_>, item: &Item, stage: &ItemStage) -> Row {
    let w = visit.w;
    let place = match stage {
        ItemStage::Asked => ("late", "web-conf-asked"),
        ItemStage::Reported { .. } => ("scheduled", "web-conf-to-judge"),
        ItemStage::Judged { .. } if stage.open_action().is_some() => ("late", "web-conf-to-do"),
        ItemStage::Judged { .. } => ("proven", "web-conf-done"),
    };
    let answer = stage.report().map(|report| {
        let snapshot = &report.snapshot;
        let facts = [
            ("assets", (snapshot.assets.len() as u64).into()),
            ("open", u64::from(snapshot.open_cases).into()),
            ("overdue", u64::from(snapshot.overdue_cases).into()),
        ];
        Step {
            text: report.statement.clone(),
            tone: "plain",
            word: String::new(),
            by: word(visit, &report.given),
            facts: w.get("web-conf-snapshot", &facts),
            documents: report.documents.iter().map(document).collect(),
        }
    });
    let judgement = stage.judgement().map(|judged| Step {
        text: judged.reason.clone(),
        tone: if judged.fitness == Fitness::Fit { "proven" } else { "immediate" },
        word: w.term(judged.fitness.term()),
        by: format!("{} {}", dates::minute(judged.at, &w), person(visit, judged.by)),
        facts: String::new(),
        documents: Vec::new(),
    });
    let measure = stage.judgement().and_then(|judged| judged.action.as_ref()).map(|action| Step {
        text: action.text.clone(),
        tone: if action.done.is_some() { "proven" } else { "late" },
        word: w.t(if action.done.is_some() { "web-conf-measure-done" } else { "web-conf-measure-open" }),
        by: respondent(visit, &action.responsible),
        facts: action.done.as_ref().map_or_else(
            || w.get("web-conf-until", &[("day", date(action.due, &w).as_str().into())]),
            |done| format!("{} {}", dates::minute(done.at, &w), done.text),
        ),
        documents: action.done.iter().flat_map(|done| &done.documents).map(document).collect(),
    });
    Row {
        key: item.key.clone(),
        question: item.question.clone(),
        respondent: respondent(visit, &item.respondent),
        tone: place.0,
        place: w.t(place.1),
        answer,
        judgement,
        measure,
        links: Vec::new(),
    }
}

/// The part of a review.
///
/// # Errors
/// Those of reading it.
pub(crate) fn rounds(visit: &Visit<'_, '_>, stream: Stream) -> Result<Rounds, Problem> {
    let review: Review =
        state_of(visit.session.records, stream.id).map_err(|error| visit.session.problem(error))?;
    let w = visit.w;
    let round = |reviewed: &Reviewed, tone, became: String| Round {
        due: date(reviewed.due, &w),
        found: found(visit, reviewed),
        tone,
        became,
    };
    let waiting = match &review.stage {
        shindan_domain::review::ReviewStage::Reviewed(reviewed) => {
            Some(round(reviewed, "scheduled", w.t("web-conf-to-approve")))
        }
        _ => None,
    };
    let approved = review.rounds.iter().rev().map(|one| {
        let text = format!("{} {}", w.t("web-conf-approved"), word(visit, &one.approval));
        round(&one.reviewed, "proven", text)
    });
    let back = review
        .sent_back
        .iter()
        .rev()
        .map(|one| round(&one.reviewed, "late", format!("{} {}", w.t("web-conf-sent-back"), one.reason)));
    let rounds = waiting.into_iter().chain(approved).chain(back).collect();
    Ok(Rounds { content: review.item.content.clone(), rounds })
}

fn found(visit: &Visit<'_, '_>, reviewed: &Reviewed) -> Step {
    let (content, reason) = match &reviewed.finding {
        Finding::Changed { content, reason } => (content.clone(), reason),
        Finding::NoChange { reason } => (String::new(), reason),
    };
    Step {
        text: reason.clone(),
        tone: "plain",
        word: visit.w.term(reviewed.finding.result().term()),
        by: format!("{} {}", dates::minute(reviewed.at, &visit.w), person(visit, reviewed.by)),
        facts: content,
        documents: reviewed.documents.iter().map(document).collect(),
    }
}

#[cfg(test)]
mod sampled {
    use super::*;
    use crate::pages::samples::Sample;

    fn text() -> String {
        "<運用>".to_owned()
    }

    fn step() -> Step {
        Step {
            text: text(),
            tone: "late",
            word: text(),
            by: text(),
            facts: text(),
            documents: vec![Link::new("<運用>", "/documents/00")],
        }
    }

    impl Part {
        /// A part as it could be.
        pub(crate) fn sample() -> Part {
            let row = |links| Row {
                key: text(),
                question: text(),
                respondent: text(),
                tone: "late",
                place: text(),
                answer: Some(step()),
                judgement: Some(step()),
                measure: Some(step()),
                links,
            };
            let link = Link::new("<運用>", "/records/instruction/1/do/judge?item=1");
            Part { items: vec![row(vec![link])], earlier: vec![row(Vec::new())] }
        }
    }

    impl Rounds {
        /// A part as it could be.
        pub(crate) fn sample() -> Rounds {
            let round = Round { due: text(), found: step(), tone: "proven", became: text() };
            Rounds { content: text(), rounds: vec![round] }
        }
    }

    impl Sample for Page {
        const NAME: &'static str = "confirmations";

        fn sample(frame: Frame) -> Page {
            let going = |late| Going {
                number: text(),
                link: Link::new("<運用>", "/records/instruction/1"),
                tone: "late",
                state: text(),
                due: text(),
                late,
                steps: vec![(text(), text())],
            };
            Page { frame, instructions: vec![going(true)], reviews: vec![going(false)], may_begin: true }
        }
    }
}
