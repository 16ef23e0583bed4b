//! Keys, network, first import: the first person is logged in. And what is left to do, which the first page tells until it is done.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_app::records::collect;
use shindan_app::records::exchange;
use shindan_app::records::first_steps::{FirstSteps, first_steps};
use shindan_domain::people::{Action, Role};
use shindan_report::words::{Lang, Words};
use shindan_server::problem::Problem;

use crate::answer::Answer;
use crate::frame::{Area, Frame};
use crate::visit::{Visit, Web};

/// 4: keys.
#[derive(Template)]
#[template(path = "setup_keys.html")]
pub(crate) struct Keys {
    frame: Frame,
    key: String,
    card: Option<Card>,
    may: bool,
}

struct Card {
    party: String,
    fingerprint: String,
    aloud: String,
}

/// 5: connected or closed network.
#[derive(Template)]
#[template(path = "setup_network.html")]
pub(crate) struct Network {
    frame: Frame,
    sources: Vec<(String, String)>,
    there: bool,
    may: bool,
}

/// 6: the first import, and what is left.
#[derive(Template)]
#[template(path = "setup_next.html")]
pub(crate) struct NextSteps {
    frame: Frame,
    points: Vec<Point>,
}

/// Something that is to be done after the first start.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub text: String,
    pub why: String,
    pub address: &'static str,
    pub done: bool,
}

fn frame(visit: &Visit<'_, '_>, step: u64, key: &str) -> Frame {
    let mut frame = visit.frame(Area::Settings, visit.w.t(key));
    frame.lead = visit.w.get("web-setup-step", &[("step", step.into())]);
    frame
}

/// `GET /setup/keys`
pub(crate) async fn keys(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        visit.session.may_read()?;
        let store = visit.session.records.store();
        let told = |error| visit.session.problem(shindan_app::records::RecordsError::from(error));
        let key = store.public_key().map_err(told)?.to_string();
        let made = store.exchange_identity().map_err(told)?.is_some();
        let may = visit.has(Action::KeepOrganisation.roles());
        let card = if made && may { Some(card(visit)?) } else { None };
        let frame = frame(visit, 4, "web-setup-keys");
        Answer::page(&Keys { frame, key, card, may })
    })
    .await
}

fn own(visit: &mut Visit<'_, '_>) -> Result<exchange::OwnCard, Problem> {
    let session = &mut *visit.session;
    let made = exchange::card(session.records, &session.who, &session.call, None);
    made.map_err(|error| session.problem(error))
}

fn card(visit: &mut Visit<'_, '_>) -> Result<Card, Problem> {
    let card = own(visit)?.card;
    Ok(Card {
        party: card.party.clone(),
        fingerprint: card.fingerprint().to_string(),
        aloud: card.read_aloud(),
    })
}

/// `POST /setup/keys`: makes the card.
pub(crate) async fn make_card(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, _| {
        own(visit)?;
        Ok(Answer::see("/setup/keys"))
    })
    .await
}

/// `GET /setup/card`: the file for the partner.
pub(crate) async fn card_file(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        let bytes = own(visit)?.file;
        let name = "shindan.card".to_owned();
        Ok(Answer::File { media: "application/json", name, bytes, inline: false })
    })
    .await
}

/// `GET /setup/network`
pub(crate) async fn network(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        let steps = steps(visit)?;
        let pack = collect::proposals().map_err(|error| visit.session.problem(error.into()))?;
        let lang = visit.w.lang();
        let shown = pack.sources.iter().filter(|source| source.proposed).map(|source| {
            let text = if lang == Lang::Ja { &source.title.ja } else { &source.title.en };
            (source.name.clone(), text.clone())
        });
        let sources = shown.collect();
        let frame = frame(visit, 5, "web-setup-network");
        let may = visit.has(Action::Operate.roles());
        Answer::page(&Network { frame, sources, there: steps.sources, may })
    })
    .await
}

/// `POST /setup/network`: registers the sources that are proposed.
pub(crate) async fn add_sources(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, _| {
        let lang = visit.w.lang().as_str();
        let session = &mut *visit.session;
        let added = collect::add_proposed(session.records, &session.who, &session.call, (&[], lang), None);
        added.map_err(|error| session.problem(error))?;
        Ok(Answer::see("/setup/network?told=setup-sources"))
    })
    .await
}

/// `GET /setup/next`
pub(crate) async fn next(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        let points = points(steps(visit)?, &visit.w);
        let frame = frame(visit, 6, "web-setup-next");
        Answer::page(&NextSteps { frame, points })
    })
    .await
}

fn steps(visit: &Visit<'_, '_>) -> Result<FirstSteps, Problem> {
    first_steps(visit.session.records, &visit.session.who).map_err(|error| visit.session.problem(error))
}

/// What is left to do, for who sets the installation up; nothing once all is done.
///
/// # Errors
/// Those of reading.
pub(crate) fn left(visit: &Visit<'_, '_>) -> Result<Vec<Point>, Problem> {
    if !visit.has(&[Role::Admin, Role::Manager]) {
        return Ok(Vec::new());
    }
    let steps = steps(visit)?;
    Ok(if steps.done() { Vec::new() } else { points(steps, &visit.w) })
}

fn points(steps: FirstSteps, w: &Words) -> Vec<Point> {
    let point = |(name, address, done): (&str, &'static str, bool)| Point {
        text: w.t(&format!("web-setup-point-{name}")),
        why: w.t(&format!("web-setup-why-{name}")),
        address,
        done,
    };
    let all = [
        ("assets", "/assets/import", steps.assets),
        ("system", "/records/system/new", steps.system),
        ("sources", "/setup/network", steps.sources),
        ("knowledge", "/sources", steps.knowledge),
        ("approver", "/records/person/new", steps.approver),
        ("policy", "/records/policy/new", steps.policy),
    ];
    all.map(point).into()
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::pages::samples::Sample;

    fn text() -> String {
        "<運用>".to_owned()
    }

    impl Sample for Keys {
        const NAME: &'static str = "setup-keys";
        fn sample(frame: Frame) -> Keys {
            let card = Card { party: text(), fingerprint: text(), aloud: text() };
            Keys { frame, key: "00".to_owned(), card: Some(card), may: true }
        }
    }

    impl Sample for Network {
        const NAME: &'static str = "setup-network";
        fn sample(frame: Frame) -> Network {
            Network { frame, sources: vec![(text(), text())], there: false, may: true }
        }
    }

    impl Sample for NextSteps {
        const NAME: &'static str = "setup-next";
        fn sample(frame: Frame) -> NextSteps {
            let point = Point { text: text(), why: text(), address: "/assets/import", done: false };
            NextSteps { frame, points: vec![Point { done: true, ..point.clone() }, point] }
        }
    }
}
