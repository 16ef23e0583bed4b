//! One's own account: language and theme, password, authenticator app, sessions, log-ins; and inviting others.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use shindan_app::records::RecordsError;
use shindan_app::records::accounts::{self, LoginLine, LoginQuery, Must, SecretText, SessionShown};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::PersonId;
use shindan_report::dates;
use shindan_report::words::Lang;
use shindan_server::problem::Problem;

use super::login::{cookie, own};
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::visit::{Asked, Form, LANGUAGE, THEME, Visit, Web};

/// A year, in seconds.
const KEPT: u32 = 31_536_000;
/// Log-ins that are shown.
const LOGINS: u32 = 20;

#[derive(Template)]
#[template(path = "account.html")]
pub(crate) struct Page {
    frame: Frame,
    /// Since when there is a password.
    password: Option<String>,
    totp: Option<String>,
    codes_left: u64,
    sessions: Vec<Open>,
    logins: Vec<Line>,
    /// What must be done before anything else.
    must: Option<String>,
    /// Why the last form was refused.
    refused: Option<String>,
    /// The person's own record, where tokens are.
    record: String,
}

struct Open {
    id: String,
    begun: String,
    seen: String,
    address: String,
    agent: String,
    current: bool,
}

struct Line {
    at: String,
    outcome: String,
    tone: &'static str,
    address: String,
    agent: String,
}

/// What is shown once and never again.
#[derive(Template)]
#[template(path = "given.html")]
pub(crate) struct Given {
    pub frame: Frame,
    pub lead: String,
    pub texts: Vec<String>,
    pub back: Link,
}

#[derive(Template)]
#[template(path = "totp.html")]
pub(crate) struct Enrol {
    frame: Frame,
    secret: String,
    uri: String,
    /// The picture, as SVG of our own making.
    picture: String,
    refused: Option<String>,
}

/// Where a person must go before anything else.
pub(crate) fn first(must: Must) -> &'static str {
    match must {
        Must::ChangePassword => "/account?must=password",
        Must::EnrolTotp => "/account?must=totp",
    }
}

/// `GET /account`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| page(visit, None)).await
}

fn page(visit: &mut Visit<'_, '_>, refused: Option<String>) -> Result<Answer, Problem> {
    let (w, now) = (visit.w, visit.session.call.now);
    let person = visit.session.who.person();
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let read = || -> Result<_, RecordsError> {
        let query = LoginQuery { person: Some(person), limit: LOGINS, ..LoginQuery::default() };
        Ok((
            accounts::standing(records, who, now, person)?,
            accounts::sessions(records, who, now, person)?,
            accounts::login_log(records, who, now, &query)?,
        ))
    };
    let (standing, sessions, logins) = read().map_err(|error| visit.session.problem(error))?;
    let open = |one: &SessionShown| Open {
        id: one.id.to_string(),
        begun: dates::minute(one.begun_at, &w),
        seen: dates::minute(one.seen_at, &w),
        address: one.address.clone(),
        agent: one.agent.clone(),
        current: one.current,
    };
    let line = |one: &LoginLine| Line {
        at: dates::minute(one.at, &w),
        outcome: w.term(one.outcome.term()),
        tone: match one.outcome.as_str() {
            "failed" | "throttled" => "late",
            _ => "plain",
        },
        address: one.address.clone(),
        agent: one.agent.clone(),
    };
    let must = visit.asked.query("must").filter(|must| matches!(must.as_str(), "password" | "totp"));
    let context = Page {
        frame: visit.frame(Area::Settings, w.t("web-nav-account")),
        password: standing.account.password_set_at.map(|at| dates::minute(at, &w)),
        totp: standing.account.totp_since.map(|at| dates::minute(at, &w)),
        codes_left: standing.recovery_codes_left,
        sessions: sessions.iter().map(open).collect(),
        logins: logins.iter().map(line).collect(),
        must: must.map(|must| w.t(&format!("web-must-{must}"))),
        refused,
        record: format!("/records/person/{person}"),
    };
    Answer::page(&context)
}

/// A step on one's own account: done, and back; or the page again with what is wrong.
fn stepped(
    visit: &mut Visit<'_, '_>,
    done: Result<Option<Answer>, RecordsError>,
    told: &str,
) -> Result<Answer, Problem> {
    match done {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Ok(Answer::see(format!("/account?told={told}"))),
        Err(error) => {
            let problem = visit.session.problem(error);
            if problem.status() >= 500 {
                return Err(problem);
            }
            let told = problem.told(visit.asked.lang);
            let missing = told.missing.into_iter().map(|(text, _)| text);
            let text = std::iter::once(told.detail).chain(missing).collect::<Vec<_>>().join(" ");
            page(visit, Some(text))
        }
    }
}

/// `POST /account/password`
pub(crate) async fn password(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, form| {
        let new = SecretText::new(form.text("new"));
        if form.text("new") != form.text("again") {
            let text = visit.w.t("web-password-differs");
            return page(visit, Some(text));
        }
        let old = Some(form.text("old")).filter(|old| !old.is_empty()).map(SecretText::new);
        let session = &mut *visit.session;
        let done = accounts::set_password(session.records, &session.who, &session.call, old.as_ref(), &new);
        stepped(visit, done.map(|_| None), "password")
    })
    .await
}

/// `POST /account/sessions`: ends one, or all others.
pub(crate) async fn end(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, form| {
        let session = &mut *visit.session;
        let (who, call) = (&session.who, &session.call);
        let done = match form.text("session").parse() {
            Ok(one) => accounts::end_session(session.records, who, call, one),
            Err(_) => accounts::end_all_sessions(session.records, who, call, who.person()).map(drop),
        };
        stepped(visit, done.map(|()| None), "session-ended")
    })
    .await
}

fn enrolment(visit: &mut Visit<'_, '_>, refused: Option<String>) -> Result<Answer, Problem> {
    let session = &*visit.session;
    let begun = accounts::begin_totp(session.records, &session.who, &session.call);
    let begun = begun.map_err(|error| session.problem(error))?;
    let frame = visit.frame(Area::Settings, visit.w.t("web-totp"));
    Answer::page(&Enrol { frame, secret: begun.secret, uri: begun.uri, picture: begun.svg, refused })
}

/// `POST /account/totp/begin`
pub(crate) async fn begin_totp(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, _| enrolment(visit, None)).await
}

/// `POST /account/totp`: the code that the app shows.
pub(crate) async fn confirm_totp(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, form| {
        let session = &mut *visit.session;
        let code = form.text("code").trim();
        match accounts::confirm_totp(session.records, &session.who, &session.call, code) {
            Ok((_, codes)) => given(visit, "web-recovery-lead", codes),
            Err(error) => {
                let problem = visit.session.problem(error);
                if problem.status() >= 500 {
                    return Err(problem);
                }
                let text = problem.told(visit.asked.lang).detail;
                enrolment(visit, Some(text))
            }
        }
    })
    .await
}

/// `POST /account/totp/remove`
pub(crate) async fn remove_totp(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, form| {
        let password = SecretText::new(form.text("password"));
        let session = &mut *visit.session;
        let (who, call) = (&session.who, &session.call);
        let done = accounts::remove_totp(session.records, who, call, who.person(), Some(&password));
        stepped(visit, done.map(|_| None), "totp-removed")
    })
    .await
}

/// `POST /account/recovery`
pub(crate) async fn recovery(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, form| {
        let password = SecretText::new(form.text("password"));
        let session = &mut *visit.session;
        let codes = accounts::new_recovery_codes(session.records, &session.who, &session.call, &password);
        match codes {
            Ok((_, codes)) => given(visit, "web-recovery-lead", codes),
            Err(error) => stepped(visit, Err(error), ""),
        }
    })
    .await
}

fn given(visit: &Visit<'_, '_>, lead: &str, texts: Vec<String>) -> Result<Answer, Problem> {
    let w = visit.w;
    let frame = visit.frame(Area::Settings, w.t("web-given"));
    let back = Link::new(w.t("web-nav-account"), "/account");
    Answer::page(&Given { frame, lead: w.t(lead), texts, back })
}

/// `POST /people/{called}/invitation`: a code with which somebody chooses a password.
pub(crate) async fn invite(
    State(web): State<Web>,
    Path(called): Path<String>,
    request: Request,
) -> Response<Body> {
    web.change(request, move |visit, _| {
        let person = visit.find(Kind::Person, &called)?;
        let session = &mut *visit.session;
        let invited = accounts::invite(session.records, &session.who, &session.call, PersonId(person.id));
        let (_, code) = invited.map_err(|error| visit.session.problem(error))?;
        let frame = visit.frame(Area::Settings, visit.w.t("web-given"));
        let back = Link::new(visit.w.t("web-nav-people"), crate::visit::address(person));
        let lead = visit.w.t("web-invite-lead");
        Answer::page(&Given { frame, lead, texts: code.into_iter().collect(), back })
    })
    .await
}

async fn choice(
    web: Web,
    request: Request,
    name: &'static str,
    field: &'static str,
    known: impl Fn(&str) -> bool,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    let form = match Form::read(body).await {
        Ok(form) => form,
        Err(problem) => return super::trouble::page(&problem, &asked),
    };
    let value = form.text(field);
    if !asked.same_origin || !known(value) {
        return super::trouble::page(&Problem::new("form-foreign", 403), &asked);
    }
    // Who is logged in finds it again in every browser.
    if let Some(secret) = asked.session.clone() {
        let (field, value) = (field, value.to_owned());
        let kept = web.desk.enter(secret, move |session, _| {
            let kept = accounts::prefer(session.records, &session.who, field, Some(&value));
            kept.map_err(|error| session.problem(error))
        });
        // Without a session the browser alone remembers it.
        if let Err(problem) = kept.await
            && problem.status() != 401
        {
            return super::trouble::page(&problem, &asked);
        }
    }
    let back = crate::visit::pairs(form.text("back")).into_iter().next().map(|(path, _)| path);
    let back = own(&back.unwrap_or_default());
    Answer::see(back).into_response(&[cookie(&web, name, value, Some(KEPT))], false)
}

/// `POST /language`
pub(crate) async fn language(State(web): State<Web>, request: Request) -> Response<Body> {
    choice(web, request, LANGUAGE, "lang", |lang| lang.parse::<Lang>().is_ok()).await
}

/// `POST /theme`
pub(crate) async fn theme(State(web): State<Web>, request: Request) -> Response<Body> {
    choice(web, request, THEME, "theme", |theme| matches!(theme, "light" | "dark")).await
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "account";

    fn sample(frame: Frame) -> Page {
        let text = || "<運用>".to_owned();
        let open = |current| Open {
            id: text(),
            begun: text(),
            seen: text(),
            address: text(),
            agent: text(),
            current,
        };
        let line = Line { at: text(), outcome: text(), tone: "late", address: text(), agent: text() };
        Page {
            frame,
            password: Some(text()),
            totp: Some(text()),
            codes_left: 3,
            sessions: vec![open(true), open(false)],
            logins: vec![line],
            must: Some(text()),
            refused: Some(text()),
            record: "/records/person/1".to_owned(),
        }
    }
}

#[cfg(test)]
impl super::samples::Sample for Given {
    const NAME: &'static str = "given";

    fn sample(frame: Frame) -> Given {
        Given {
            frame,
            lead: "lead".to_owned(),
            texts: vec!["<運用>".to_owned()],
            back: Link::new("back", "/account"),
        }
    }
}

#[cfg(test)]
impl super::samples::Sample for Enrol {
    const NAME: &'static str = "totp";

    fn sample(frame: Frame) -> Enrol {
        let text = || "<運用>".to_owned();
        Enrol { frame, secret: text(), uri: text(), picture: "<svg></svg>".to_owned(), refused: Some(text()) }
    }
}
