//! Language, organisation, first administrator: before there are records.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use shindan_app::clock;
use shindan_app::records::accounts::{self, Attempt, LogIn, SecretText};
use shindan_app::records::people::TokenWanted;
use shindan_app::records::setup::{self, Draft, First};
use shindan_app::records::{Call, Records};
use shindan_domain::organisation::{Party, PartyKind};
use shindan_domain::people::{Role, Scope};
use shindan_server::problem::Problem;

use super::door::{self, Code};
use crate::answer::Answer;
use crate::asked::Asked;
use crate::frame::{Area, Frame};
use crate::guard;
use crate::pages::{login, trouble};
use crate::visit::{Form, Web};

/// Prefix of numbers, if nothing else is wanted.
const PREFIX: &str = "MED";

/// Nobody goes on without the code.
#[derive(Template)]
#[template(path = "setup_locked.html")]
pub(crate) struct Locked {
    frame: Frame,
}

/// 1: the language.
#[derive(Template)]
#[template(path = "setup_language.html")]
pub(crate) struct Language {
    frame: Frame,
    back: String,
}

/// 2: the organisation.
#[derive(Template)]
#[template(path = "setup_organisation.html")]
pub(crate) struct Organisation {
    frame: Frame,
    name: String,
    prefix: String,
    /// `institution`, `provider`, `both`.
    kind: &'static str,
    provides_as: String,
    wrong: Wrong,
}

/// What is wrong with which field.
type Wrong = BTreeMap<&'static str, String>;

/// 3: the first administrator.
#[derive(Template)]
#[template(path = "setup_administrator.html")]
pub(crate) struct Administrator {
    frame: Frame,
    name: String,
    roles: Vec<(&'static str, String, String, bool)>,
    wrong: BTreeMap<&'static str, Vec<String>>,
}

fn frame(web: &Web, asked: &Asked, step: u64, key: &str) -> Frame {
    let w = asked.words();
    let mut frame = Frame::new(asked, Area::Today, w.t(key));
    frame.lead = w.get("web-setup-step", &[("step", step.into())]);
    frame.csrf = door::csrf(web);
    frame
}

fn shown(page: &impl Template, status: StatusCode, cookies: &[String], asked: &Asked) -> Response<Body> {
    match page.render() {
        Ok(text) => Answer::Page(status, text).into_response(cookies, false),
        Err(error) => trouble::page(&Problem::internal(&error), asked),
    }
}

fn locked(asked: &Asked) -> Response<Body> {
    let frame = Frame::new(asked, Area::Today, asked.words().t("web-setup-locked"));
    shown(&Locked { frame }, StatusCode::FORBIDDEN, &[], asked)
}

/// `GET /setup`
pub(crate) async fn language(State(web): State<Web>, request: Request) -> Response<Body> {
    let asked = Asked::of(&request.into_parts().0);
    match door::code(&web, &asked) {
        Code::Missing => locked(&asked),
        // The code does not stay in the address bar.
        Code::Address => Answer::see("/setup").into_response(&[door::cookie(&web)], false),
        Code::Cookie => {
            let frame = frame(&web, &asked, 1, "web-setup-language");
            let back = crate::address::encoded("/setup/organisation");
            shown(&Language { frame, back }, StatusCode::OK, &[], &asked)
        }
    }
}

async fn draft(web: &Web) -> Result<Draft, Problem> {
    web.desk.before_setup(|folder, _| Draft::load(folder)).await
}

/// `GET /setup/organisation`
pub(crate) async fn organisation(State(web): State<Web>, request: Request) -> Response<Body> {
    let asked = Asked::of(&request.into_parts().0);
    if door::code(&web, &asked) == Code::Missing {
        return locked(&asked);
    }
    match draft(&web).await {
        Ok(draft) => organisation_page(&web, &asked, &draft, Wrong::new()),
        Err(problem) => trouble::page(&problem, &asked),
    }
}

fn organisation_page(web: &Web, asked: &Asked, draft: &Draft, wrong: Wrong) -> Response<Body> {
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let prefix = if draft.prefix.is_empty() { PREFIX } else { &draft.prefix };
    let page = Organisation {
        frame: frame(web, asked, 2, "web-setup-organisation"),
        name: draft.organisation.clone(),
        prefix: prefix.to_owned(),
        kind: match draft.kind {
            Some(PartyKind::Provider) => "provider",
            _ if !draft.provides_as.is_empty() => "both",
            _ => "institution",
        },
        provides_as: draft.provides_as.clone(),
        wrong,
    };
    shown(&page, status, &[], asked)
}

/// What was sent by a page of the first start.
async fn sent(web: &Web, request: Request) -> Result<(Asked, Form), Response<Body>> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    if door::code(web, &asked) == Code::Missing {
        return Err(locked(&asked));
    }
    let form = Form::read(body).await.map_err(|problem| trouble::page(&problem, &asked))?;
    if !asked.same_origin || !guard::same_secret(form.text("csrf"), &door::csrf(web)) {
        return Err(trouble::page(&Problem::new("form-foreign", 403), &asked));
    }
    Ok((asked, form))
}

/// `POST /setup/organisation`
pub(crate) async fn keep_organisation(State(web): State<Web>, request: Request) -> Response<Body> {
    let (asked, form) = match sent(&web, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let kind = if form.text("kind") == "provider" { PartyKind::Provider } else { PartyKind::Institution };
    let draft = Draft {
        organisation: form.text("name").trim().to_owned(),
        kind: Some(kind),
        provides_as: match form.text("kind") {
            "both" => provides_as(&form, &asked),
            _ => String::new(),
        },
        prefix: form.text("prefix").trim().to_ascii_uppercase(),
    };
    let good = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let mut wrong = Wrong::new();
    let mut tell = |field, key: &str| drop(wrong.insert(field, asked.words().t(key)));
    if draft.organisation.is_empty() {
        tell("name", "web-setup-name-missing");
    }
    if !draft.provides_as.is_empty() && draft.provides_as == draft.organisation {
        tell("provides_as", "web-setup-provides-same");
    }
    if draft.prefix.is_empty() || draft.prefix.len() > 8 || !draft.prefix.chars().all(good) {
        tell("prefix", "web-setup-prefix-wrong");
    }
    if !wrong.is_empty() {
        return organisation_page(&web, &asked, &draft, wrong);
    }
    match web.desk.before_setup(move |folder, _| draft.keep(folder)).await {
        Ok(()) => Answer::see("/setup/administrator").into_response(&[], false),
        Err(problem) => trouble::page(&problem, &asked),
    }
}

/// What the providing part of an institution is called: as it was typed, else after the institution.
fn provides_as(form: &Form, asked: &Asked) -> String {
    let (typed, name) = (form.text("provides_as").trim(), form.text("name").trim());
    match typed.is_empty() {
        true => asked.words().get("web-setup-provides-default", &[("name", name.into())]),
        false => typed.to_owned(),
    }
}

/// The roles that the first person may have beside administrator.
const ROLES: [Role; 3] = [Role::Manager, Role::Operator, Role::Approver];

/// `GET /setup/administrator`
pub(crate) async fn administrator(State(web): State<Web>, request: Request) -> Response<Body> {
    let asked = Asked::of(&request.into_parts().0);
    if door::code(&web, &asked) == Code::Missing {
        return locked(&asked);
    }
    match draft(&web).await {
        Ok(draft) if draft.organisation.is_empty() => {
            Answer::see("/setup/organisation").into_response(&[], false)
        }
        Ok(_) => {
            let roles = BTreeSet::from([Role::Manager, Role::Operator]);
            administrator_page(&web, &asked, "", &roles, BTreeMap::new())
        }
        Err(problem) => trouble::page(&problem, &asked),
    }
}

fn administrator_page(
    web: &Web,
    asked: &Asked,
    name: &str,
    chosen: &BTreeSet<Role>,
    wrong: BTreeMap<&'static str, Vec<String>>,
) -> Response<Body> {
    let w = asked.words();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let role = |role: Role| {
        let hint = w.t(&format!("web-setup-role-{}", role.as_str()));
        (role.as_str(), w.term(role.term()), hint, chosen.contains(&role))
    };
    let page = Administrator {
        frame: frame(web, asked, 3, "web-setup-administrator"),
        name: name.to_owned(),
        roles: ROLES.map(role).into(),
        wrong,
    };
    shown(&page, status, &[], asked)
}

/// `POST /setup/administrator`: here the records begin.
pub(crate) async fn set_up(State(web): State<Web>, request: Request) -> Response<Body> {
    let (asked, form) = match sent(&web, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let name = form.text("name").trim().to_owned();
    let roles: BTreeSet<Role> = ROLES
        .into_iter()
        .filter(|role| form.0.contains(&("role".to_owned(), role.as_str().to_owned())))
        .collect();
    if form.text("password") != form.text("again") {
        let wrong = BTreeMap::from([("again", vec![asked.words().t("web-setup-passwords-differ")])]);
        return administrator_page(&web, &asked, &name, &roles, wrong);
    }
    match began(&web, &name, &roles, form.text("password")).await {
        Ok(()) => log_in(&web, &asked, &name, form.text("password")).await,
        // What is wrong with name or password is said where it was typed.
        Err(problem) if problem.status() == 422 => {
            let told = problem.told(asked.lang);
            let missing = told.missing.into_iter().map(|(text, _)| text);
            let wrong = std::iter::once(told.detail).chain(missing).collect();
            let field = if name.is_empty() { "name" } else { "password" };
            let wrong = BTreeMap::from([(field, wrong)]);
            administrator_page(&web, &asked, &name, &roles, wrong)
        }
        Err(problem) => trouble::page(&problem, &asked),
    }
}

async fn began(web: &Web, name: &str, roles: &BTreeSet<Role>, password: &str) -> Result<(), Problem> {
    let draft = draft(web).await?;
    let place = web.desk.place_to_hash().await?;
    let first = First {
        prefix: draft.prefix,
        name: name.to_owned(),
        roles: roles.clone(),
        // Nobody is told it: who works at a terminal makes one for it.
        token: TokenWanted { purpose: "first start".to_owned(), scope: Scope::Read, days: 1 },
        password: Some(SecretText::new(password)),
    };
    let party = |name, kind| Party { name, kind, contact: None, pinned_keys: Vec::new() };
    let mut parties = vec![party(draft.organisation, draft.kind.unwrap_or(PartyKind::Institution))];
    if !draft.provides_as.is_empty() {
        parties.push(party(draft.provides_as, PartyKind::Provider));
    }
    let work = move |folder: &shindan_app::data_folder::DataFolder, now| {
        let _until_done = place;
        let began = setup::set_up_for(folder, &Call::at(now), first, parties)?;
        drop(began);
        Draft::forget(folder);
        Ok(())
    };
    web.desk.before_setup(work).await
}

/// The first person is in, and goes on.
async fn log_in(web: &Web, asked: &Asked, name: &str, password: &str) -> Response<Body> {
    let attempt = Attempt {
        name: name.to_owned(),
        password: SecretText::new(password),
        code: None,
        address: asked.address,
        device: None,
        agent: asked.agent.clone(),
    };
    let came = async {
        let place = web.desk.place_to_hash().await?;
        let log_in = move |records: &mut Records| {
            let _until_done = place;
            accounts::log_in(records, &Call::at(clock::now()), &attempt)
        };
        web.desk.records(log_in).await
    };
    let mut cookies = vec![door::no_cookie(web)];
    match came.await {
        Ok(Ok(LogIn::In { session, .. })) => {
            cookies.push(login::cookie(web, &asked.session_name, &session, None));
            Answer::see("/setup/keys").into_response(&cookies, false)
        }
        // All is set up; they log in by hand.
        _ => Answer::see("/login?next=%2Fsetup%2Fkeys").into_response(&cookies, false),
    }
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::pages::samples::Sample;

    impl Sample for Locked {
        const NAME: &'static str = "setup-locked";
        fn sample(frame: Frame) -> Locked {
            Locked { frame }
        }
    }

    impl Sample for Language {
        const NAME: &'static str = "setup-language";
        fn sample(frame: Frame) -> Language {
            Language { frame, back: "%2Fsetup%2Forganisation".to_owned() }
        }
    }

    impl Sample for Organisation {
        const NAME: &'static str = "setup-organisation";
        fn sample(frame: Frame) -> Organisation {
            let text = || "<運用>".to_owned();
            let wrong = ["name", "prefix", "provides_as"].map(|field| (field, text())).into();
            Organisation {
                frame,
                name: text(),
                prefix: "MED".to_owned(),
                kind: "both",
                provides_as: text(),
                wrong,
            }
        }
    }

    impl Sample for Administrator {
        const NAME: &'static str = "setup-administrator";
        fn sample(frame: Frame) -> Administrator {
            let text = || "<運用>".to_owned();
            Administrator {
                frame,
                name: text(),
                roles: vec![("manager", text(), text(), true)],
                wrong: [("name", vec![text()]), ("password", vec![text()]), ("again", vec![text()])].into(),
            }
        }
    }
}
