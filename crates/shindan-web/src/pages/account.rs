//! One's own account: language and theme, password, authenticator app, sessions, log-ins; and inviting others.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use shindan_app::records::RecordsError;
use shindan_app::records::accounts::{self, LoginLine, LoginQuery, SecretText, SessionShown};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::PersonId;
use shindan_report::dates;
use shindan_report::paper::Tone;
use shindan_report::words::{Lang, Words};
use shindan_server::problem::Problem;

use super::login::{cookie, own};
use crate::answer::Answer;
use crate::asked::{Asked, LANGUAGE, THEME};
use crate::frame::{Area, Frame, Link};
use crate::listing::{self, Cell, Column, Columns, Format, Listing};
use crate::visit::{CALENDAR, ERA, Form, Visit, Web};

/// A year, in seconds.
const KEPT: u32 = 31_536_000;
/// Log-ins that are shown.
const LOGINS: u32 = 20;
/// Log-ins that are read at once for a file.
const AT_ONCE: u32 = 1_000;
/// What their list is called in addresses.
const LIST: &str = "log-ins";

#[derive(Template)]
#[template(path = "account.html")]
pub(crate) struct Page {
    frame: Frame,
    /// Since when there is a password.
    password: Option<String>,
    totp: Option<String>,
    codes_left: u64,
    sessions: Vec<Open>,
    logins: Listing,
    /// How days are written: the years of eras.
    era: bool,
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

/// `GET /account`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| page(visit, None)).await
}

fn page(visit: &mut Visit<'_, '_>, refused: Option<String>) -> Result<Answer, Problem> {
    let (w, now) = (visit.w, visit.session.call.now);
    let person = visit.session.who.person();
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let columns = login_columns(visit)?;
    if let Some(format) = listing::wanted(visit.asked, LIST)? {
        return login_file(visit, format, columns);
    }
    let read = || -> Result<_, RecordsError> {
        let query = LoginQuery { person: Some(person), limit: LOGINS, ..LoginQuery::default() };
        Ok((
            accounts::standing(records, who, now, person)?,
            accounts::sessions(records, who, now, person)?,
            accounts::login_log(records, who, now, &query)?,
        ))
    };
    let (standing, sessions, logins) = read().map_err(|error| visit.session.problem(error))?;
    let logins = logins.iter().map(|line| login_cells(&columns, line, &w)).collect();
    let open = |one: &SessionShown| Open {
        id: one.id.to_string(),
        begun: dates::minute(one.begun_at, &w),
        seen: dates::minute(one.seen_at, &w),
        address: one.address.clone(),
        agent: one.agent.clone(),
        current: one.current,
    };
    let must = visit.asked.query("must").filter(|must| matches!(must.as_str(), "password" | "totp"));
    let context = Page {
        frame: visit.frame(Area::Settings, w.t("web-nav-account")),
        password: standing.account.password_set_at.map(|at| dates::minute(at, &w)),
        totp: standing.account.totp_since.map(|at| dates::minute(at, &w)),
        codes_left: standing.recovery_codes_left,
        sessions: sessions.iter().map(open).collect(),
        logins: Listing::new(visit.asked, w.t("web-logins"), columns, logins).or_else(w.t("web-logins-none")),
        era: visit.prefers.get(CALENDAR).is_some_and(|value| value == ERA),
        must: must.map(|must| w.t(&format!("web-must-{must}"))),
        refused,
        record: format!("/records/person/{person}"),
    };
    Answer::page(&context)
}

fn login_columns(visit: &Visit<'_, '_>) -> Result<Columns, Problem> {
    let of = |id, key: &str, class, share| Column::new(id, visit.w.t(key), class, share);
    let all = vec![
        of("at", "web-login-at", "day", 3),
        of("outcome", "web-login-outcome", "", 3),
        of("address", "web-session-address", "", 4),
        of("agent", "web-session-agent", "", 6),
    ];
    Columns::of(visit, LIST, all)
}

fn login_cells(columns: &Columns, one: &LoginLine, w: &Words) -> Vec<Cell> {
    let tone = match one.outcome.as_str() {
        "failed" | "throttled" => Tone::Late,
        _ => Tone::Plain,
    };
    columns.row(|id| match id {
        "at" => Cell::minute(one.at, w),
        "outcome" => Cell::toned(w.term(one.outcome.term()), tone),
        "address" => Cell::text(one.address.clone()),
        _ => Cell::text(one.agent.clone()),
    })
}

/// One's log-ins, all that are kept, as a file.
fn login_file(visit: &Visit<'_, '_>, format: Format, columns: Columns) -> Result<Answer, Problem> {
    let (w, person) = (visit.w, visit.session.who.person());
    let mut query = LoginQuery { person: Some(person), limit: AT_ONCE, ..LoginQuery::default() };
    let mut rows = Vec::new();
    loop {
        let (records, who) = (&*visit.session.records, &visit.session.who);
        let lines = accounts::login_log(records, who, visit.session.call.now, &query);
        let lines = lines.map_err(|error| visit.session.problem(error))?;
        rows.extend(lines.iter().map(|line| login_cells(&columns, line, &w)));
        listing::room(rows.len())?;
        match lines.last() {
            Some(last) => query.before = Some(last.id),
            None => break,
        }
    }
    let list = Listing::new(visit.asked, w.t("web-logins"), columns, rows).or_else(w.t("web-logins-none"));
    listing::written(visit, format, &[list], &[visit.session.records.name(person).unwrap_or_default()])
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
    web.change_by_password(request, |visit, form| {
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
    web.change_by_password(request, |visit, form| {
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
    web.change_by_password(request, |visit, form| {
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
        let back = Link::new(visit.w.t("web-nav-people"), crate::address::address(person));
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
    let back = crate::address::pairs(form.text("back")).into_iter().next().map(|(path, _)| path);
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
        Page {
            frame,
            password: Some(text()),
            totp: Some(text()),
            codes_left: 3,
            sessions: vec![open(true), open(false)],
            logins: listing::sample(),
            era: true,
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
