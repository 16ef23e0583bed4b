//! 設定: organisation, people and roles, policies, keys, who is told, backup, and what this program is (UI.md, page 14).

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_app::knowledge;
use shindan_app::records::{self, Asked, exchange, ledger};
use shindan_domain::ledger::Kind;
use shindan_domain::people::{Action, Role};
use shindan_domain::process::Label;
use shindan_report::dates;
use shindan_report::records::shown_text;
use shindan_report::words::{Words, grouped};
use shindan_server::problem::Problem;
use shindan_store::Sort;

use crate::address::address;
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::jobs::{Ended, Line};
use crate::tone;
use crate::visit::{Visit, Web};

/// So many people and policies are shown; the lists have them all.
const SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "settings.html")]
pub(crate) struct Page {
    frame: Frame,
    cards: Vec<(Link, String)>,
    policies: Vec<Policy>,
    key: String,
    card: Option<Card>,
    may_keep: bool,
    may_administer: bool,
    about: Vec<(String, String)>,
    licences: &'static [(&'static str, &'static str)],
}

struct Policy {
    link: Link,
    number: String,
    tone: &'static str,
    state: String,
    changed: String,
}

/// The card of this installation, for partners.
struct Card {
    read_aloud: String,
    fingerprint: String,
}

#[derive(Template)]
#[template(path = "roles.html")]
pub(crate) struct RolesPage {
    frame: Frame,
    roles: Vec<String>,
    rows: Vec<(String, Vec<bool>)>,
    apart: Vec<String>,
    people: Vec<(Link, String)>,
}

/// Works of others inside this program that ask to be named.
const LICENCES: &[(&str, &str)] =
    &[("htmx", "0BSD"), ("BIZ UDPGothic", "SIL OFL 1.1"), ("Typst", "Apache-2.0")];

/// `GET /settings`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

/// `GET /settings/roles`
pub(crate) async fn roles(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, roles_page).await
}

/// `GET /settings/card`: the signed file for partners.
pub(crate) async fn card(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        let session = &visit.session;
        let made = exchange::card_made(session.records, &session.who, None);
        let made = made.map_err(|error| session.problem(error))?;
        let made = made.ok_or_else(|| Problem::new("record-unknown", 404).with("called", "shindan.card"))?;
        let name = "shindan.card".to_owned();
        Ok(Answer::File { media: "application/json", name, bytes: made.file, inline: false })
    })
    .await
}

/// `POST /settings/backup`: makes one, to be saved when it is done.
pub(crate) async fn backup(State(web): State<Web>, request: Request) -> Response<Body> {
    let jobs = web.jobs.clone();
    web.change(request, move |visit, form| {
        let session = &visit.session;
        let permitted = session.who.permit(Action::Administer);
        permitted
            .map_err(|refusal| session.problem(records::RecordsError::Refused { about: None, refusal }))?;
        let with_key = form.text("key") == "yes";
        let w = visit.w;
        // Among this person's uploads, which are removed after a day.
        let folder = visit.desk.folder().root().join("uploads").join(session.who.person().to_string());
        Ok(Answer::see(jobs.begin(
            visit.desk,
            visit.by(),
            ("web-set-backup", "/settings"),
            move |session, _| {
                let now = session.call.now;
                std::fs::create_dir_all(&folder).map_err(|error| Problem::internal(&error))?;
                let path = folder.join(format!("backup-{}", now.as_nanosecond()));
                let made = ledger::backup(session.records, &session.who, &path, with_key, now);
                let made = made.map_err(|error| session.problem(error))?;
                let name = format!("shindan-{}.backup", shindan_domain::calendar::day(now));
                Ok(Ended { lines: backed_up(&made, &w), file: Some((name, path)) })
            },
        )))
    })
    .await
}

fn backed_up(made: &shindan_store::BackedUp, w: &Words) -> Vec<Line> {
    let line = |key: &str, tone, text: String| Line { what: w.t(key), tone, text, address: None };
    let mut lines = vec![
        line("web-set-backup-entries", "plain", grouped(made.last.sequence)),
        line("web-set-backup-documents", "plain", grouped(made.documents)),
        line("web-set-backup-size", "plain", grouped(made.size)),
        line("web-set-backup-key", "plain", w.t(if made.key { "web-set-yes" } else { "web-set-no" })),
    ];
    if !made.faults.is_empty() {
        let count = grouped(made.faults.len() as u64);
        lines.push(line("web-set-backup-faults", "immediate", count));
    }
    lines
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let w = visit.w;
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let problem = |error| visit.session.problem(error);
    let asked = Asked { open_only: false, sort: Sort::Changed, ..Asked::new(Kind::Policy, SHOWN) };
    let policies = records::list(records, who, &asked, visit.session.call.now).map_err(problem)?;
    let policies = policies.rows.iter().map(|row| Policy {
        link: Link::new(&row.title, address(row.stream)),
        number: row.number.clone().unwrap_or_default(),
        tone: tone::of_status(&row.status).as_str(),
        state: w.t(&format!("term-{}-{}", row.status.set, row.status.value)),
        changed: dates::minute(row.changed, &w),
    });
    let may_keep = who.permit(Action::KeepOrganisation).is_ok();
    let card = if may_keep { exchange::card_made(records, who, None).map_err(problem)? } else { None };
    let key = records.store().public_key().map(|key| key.to_string());
    let card_text = |key: &str, address: &str, hint: &str| (Link::new(w.t(key), address), w.t(hint));
    let mut frame = visit.frame(Area::Settings, w.t("web-nav-settings"));
    frame.lead = w.t("web-set-lead");
    Answer::page(&Page {
        cards: vec![
            card_text("web-nav-parties", "/records/party", "web-set-parties"),
            card_text("web-set-sites-title", "/records/site", "web-set-sites"),
            card_text("web-nav-people", "/records/person", "web-set-people"),
            card_text("web-set-roles-title", "/settings/roles", "web-set-roles"),
            card_text("web-nav-sources", "/sources", "web-set-sources"),
            card_text("web-nav-exchange", "/records/exchange", "web-set-exchange"),
            card_text("web-set-told-title", "/records/subscription", "web-set-told"),
            card_text("web-nav-account", "/account", "web-set-account"),
        ],
        policies: policies.collect(),
        // A backup that was restored without its key has none.
        key: key.unwrap_or_else(|_| w.t("web-set-no-key")),
        card: card.map(|made| Card {
            read_aloud: made.card.read_aloud(),
            fingerprint: made.card.fingerprint().to_string(),
        }),
        may_keep,
        may_administer: who.permit(Action::Administer).is_ok(),
        about: about(visit),
        licences: LICENCES,
        frame,
    })
}

/// What this program is, and what it knows.
fn about(visit: &Visit<'_, '_>) -> Vec<(String, String)> {
    let w = visit.w;
    let installation = visit.session.records.store().installation();
    let mut about = vec![
        (w.t("web-set-version"), env!("CARGO_PKG_VERSION").to_owned()),
        (w.t("web-set-installation"), format!("{} {}", installation.prefix, installation.id)),
    ];
    match knowledge::status(visit.desk.folder()) {
        Ok(known) => {
            about.push((w.t("web-set-generation"), known.generation.to_string()));
            let date = |at: Option<_>| at.map_or_else(|| w.t("unknown"), |at| dates::minute(at, &w));
            about.push((w.t("web-set-built"), date(known.built_at)));
            about.push((w.t("web-set-newest"), date(known.newest)));
            about.push((w.t("web-set-vulnerabilities"), grouped(known.vulnerabilities)));
        }
        Err(_) => about.push((w.t("web-set-generation"), w.t("web-set-no-knowledge"))),
    }
    about
}

fn roles_page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let w = visit.w;
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let problem = |error| visit.session.problem(error);
    let row = |action: &Action| {
        let held = Role::ALL.iter().map(|role| action.roles().contains(role));
        (w.term(action.term()), held.collect())
    };
    let asked = Asked { sort: Sort::Title, ..Asked::new(Kind::Person, SHOWN) };
    let list = records::list(records, who, &asked, visit.session.call.now).map_err(problem)?;
    let mut people = Vec::new();
    for row in &list.rows {
        let page = records::page(records, who, row.stream, false).map_err(problem)?;
        let roles = page.view.facts.iter().find(|fact| fact.label == Label::Roles);
        let roles = roles.map(|fact| shown_text(&fact.value, &page.names, &w)).unwrap_or_default();
        let name = records.called(row.stream).unwrap_or_else(|| w.t("records-name-erased"));
        people.push((Link::new(name, address(row.stream)), roles));
    }
    let mut frame = visit.frame(Area::Settings, w.t("web-set-roles-title"));
    frame.lead = w.t("web-set-roles-lead");
    frame.crumbs = vec![Link::new(w.t("web-nav-settings"), "/settings")];
    Answer::page(&RolesPage {
        frame,
        roles: Role::ALL.iter().map(|role| w.term(role.term())).collect(),
        rows: Action::ALL.iter().map(row).collect(),
        apart: [
            "web-set-apart-approve",
            "web-set-apart-confirm",
            "web-set-apart-admin",
            "web-set-apart-audit",
        ]
        .map(|key| w.t(key))
        .into(),
        people,
    })
}

#[cfg(test)]
mod sampled {
    use super::*;
    use crate::pages::samples::Sample;

    impl Sample for Page {
        const NAME: &'static str = "settings";

        fn sample(frame: Frame) -> Page {
            let policy = Policy {
                link: Link::new("<運用>", "/records/policy/1"),
                number: "POL-1".to_owned(),
                tone: "late",
                state: "proposed".to_owned(),
                changed: "09:00".to_owned(),
            };
            Page {
                frame,
                cards: vec![(Link::new("people", "/records/person"), "who".to_owned())],
                policies: vec![policy],
                key: "00ff".to_owned(),
                card: Some(Card { read_aloud: "1234 5678".to_owned(), fingerprint: "00ff".to_owned() }),
                may_keep: true,
                may_administer: true,
                about: vec![("version".to_owned(), "0.1.0".to_owned())],
                licences: LICENCES,
            }
        }
    }

    impl Sample for RolesPage {
        const NAME: &'static str = "roles";

        fn sample(frame: Frame) -> RolesPage {
            RolesPage {
                frame,
                roles: vec!["admin".to_owned(), "operator".to_owned()],
                rows: vec![("approve".to_owned(), vec![true, false])],
                apart: vec!["apart".to_owned()],
                people: vec![(Link::new("<運用>", "/records/person/1"), "admin".to_owned())],
            }
        }
    }
}
