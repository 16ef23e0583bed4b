//! 今日: what needs me, what changed, what is late (UI.md, page 1).

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_app::records::today::{self, Lines, Today, Waiting};
use shindan_report::figure;
use shindan_report::words::Words;
use shindan_server::problem::Problem;

use super::figure::Shown;
use super::list::{Row, shown};
use super::setup::after::{Point, left};
use crate::address::{address, address_with};
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::listing::records::PRIORITIES;
use crate::scope::{Chosen, QUERY, Turn, is_narrowed};
use crate::tone;
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "today.html")]
pub(crate) struct Page {
    frame: Frame,
    /// What is left to do after the first start.
    begin: Vec<Point>,
    /// What must be known before anything else: stale knowledge, and the like.
    cautions: Vec<(String, Link)>,
    waiting: Vec<Wait>,
    groups: Vec<Group>,
    /// In figures: what came since yesterday.
    changed: Vec<(String, u64)>,
    sources: Shown,
}

struct Wait {
    step: String,
    number: String,
    title: String,
    address: String,
    what: Vec<String>,
    priority: String,
    tone: &'static str,
    since: String,
    due: String,
    late: bool,
}

struct Group {
    title: String,
    rows: Vec<Row>,
    /// Where all of them are, and how many there are if that is known.
    all: Link,
}

/// `GET /`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let of = match visit.one_system("web-scope-today")? {
        Turn::Lead(to) => return Ok(Answer::see(to)),
        Turn::Show(of) => of,
    };
    let (w, now) = (visit.w, visit.session.call.now);
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let found = today::today(records, who, now, of.as_ref().map(|chosen| &chosen.of))
        .map_err(|error| visit.session.problem(error))?;
    let mut frame = visit.frame(Area::Today, w.t("web-area-today"));
    frame.lead = match found.counts.today.records {
        0 => w.t("web-today-nothing"),
        count => w.get("web-today-lead", &[("count", count.into())]),
    };
    let begin = left(visit)?;
    let context = Page {
        begin,
        cautions: cautions(&found, &w),
        waiting: found.waiting_for_me.iter().map(|one| wait(one, &found, &w)).collect(),
        groups: groups(&found, of.as_ref(), &w),
        changed: vec![
            (w.t("web-today-opened"), found.changed.opened_count),
            (w.t("web-today-changed"), found.changed.changed_count),
            (w.t("web-today-notices"), found.changed.notices_count),
        ],
        sources: figure::freshness(&found.sources, "fresh", &w).into(),
        frame,
    };
    Answer::page(&context)
}

fn cautions(found: &Today, w: &Words) -> Vec<(String, Link)> {
    let sources = || Link::new(w.t("web-nav-sources"), "/sources");
    let mut all = Vec::new();
    match (found.knowledge.newest, found.knowledge.days) {
        (None, _) => all.push((w.t("web-today-no-knowledge"), sources())),
        (_, Some(days)) if found.knowledge.stale => {
            let days = u64::try_from(days).unwrap_or_default();
            all.push((w.get("web-today-stale", &[("days", days.into())]), sources()));
        }
        _ => {}
    }
    let late = found.sources.rows.iter().filter(|row| row.late).count();
    if late > 0 {
        all.push((w.get("web-today-sources-late", &[("count", late.into())]), sources()));
    }
    all
}

fn wait(one: &Waiting, found: &Today, w: &Words) -> Wait {
    let row = &one.row;
    let today = found.overdue_day();
    let priority = row.priority.and_then(|rank| PRIORITIES.get(usize::from(rank)));
    Wait {
        step: one.step.map_or_else(|| w.term(row.stream.kind.term()), |step| w.term(step)),
        number: row.number.clone().unwrap_or_default(),
        title: if row.title.is_empty() { w.t("web-untitled") } else { row.title.clone() },
        address: address(row.stream),
        what: one.what.iter().map(|reason| w.reason(reason)).collect(),
        priority: priority.map(|name| w.label("priority", name)).unwrap_or_default(),
        tone: row.priority.map_or("plain", |rank| tone::of_priority(rank).as_str()),
        since: shindan_report::dates::minute(one.since, w),
        due: row.due.map(|due| shindan_report::dates::short(due, w)).unwrap_or_default(),
        late: row.due.is_some_and(|due| due < today),
    }
}

fn groups(found: &Today, of: Option<&Chosen>, w: &Words) -> Vec<Group> {
    let today = found.overdue_day();
    let overdue = w.get("web-today-overdue", &[("count", found.overdue_count.into())]);
    let all: [(String, &Lines, &str); 6] = [
        (overdue, &found.overdue, "/cases?sort=due"),
        (w.t("web-today-new-cases"), &found.changed.opened, "/cases?sort=opened"),
        (w.t("web-today-new-notices"), &found.changed.notices, "/records/notice"),
        (w.t("web-today-acceptances"), &found.acceptances_ending, "/cases?state=accepted"),
        (w.t("web-today-agreements"), &found.agreements_expiring, "/records/agreement"),
        (w.t("web-today-seen-again"), &found.seen_again, "/records/sighting"),
    ];
    let shown_ones = all.into_iter().filter(|(_, lines, _)| !lines.rows.is_empty());
    shown_ones
        .map(|(title, lines, path)| Group {
            title,
            rows: lines.rows.iter().map(|row| shown(row, today, w)).collect(),
            all: Link::new(
                w.t(if lines.more { "web-today-more" } else { "web-today-list" }),
                narrowed(path, of),
            ),
        })
        .collect()
}

/// The address of a list, of the same system where it can be of one.
fn narrowed(path: &str, of: Option<&Chosen>) -> String {
    match of.filter(|_| is_narrowed(path.split('?').next().unwrap_or_default())) {
        Some(chosen) => address_with(path, &[], &[(QUERY, &chosen.of.system.id.to_string())]),
        None => path.to_owned(),
    }
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "today";

    fn sample(frame: Frame) -> Page {
        let text = || "<運用>".to_owned();
        let wait = Wait {
            step: text(),
            number: text(),
            title: text(),
            address: "/records/case/1".to_owned(),
            what: vec![text()],
            priority: text(),
            tone: "late",
            since: text(),
            due: text(),
            late: true,
        };
        let group =
            Group { title: text(), rows: vec![super::list::sample_row()], all: Link::new("all", "/cases") };
        let point = Point { text: text(), why: text(), address: "/assets/import", done: false };
        Page {
            frame,
            begin: vec![point],
            cautions: vec![(text(), Link::new("sources", "/sources"))],
            waiting: vec![wait],
            groups: vec![group],
            changed: vec![(text(), 3)],
            sources: super::figure::sample(),
        }
    }
}
