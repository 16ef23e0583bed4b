//! The log-in, the way out, and the first password.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use shindan_app::clock;
use shindan_app::records::accounts::{self, Attempt, LogIn, SecretText};
use shindan_app::records::{Call, Records, RecordsError};
use shindan_report::words::Lang;
use shindan_server::problem::Problem;

use super::first;
use crate::answer::Answer;
use crate::asked::{Asked, LANGUAGE, THEME};
use crate::frame::{Area, Frame};
use crate::visit::{Form, Web};

/// The cookie by which a browser is known in which somebody logged in before.
const DEVICE: &str = "shindan_device";
/// How long a browser is known, in seconds: a year.
const DEVICE_KEPT: u32 = 31_536_000;

#[derive(Template)]
#[template(path = "login.html")]
pub(crate) struct Page {
    frame: Frame,
    /// Where to go afterwards.
    next: String,
    name: String,
    /// Why the last try did not lead in.
    refused: Option<String>,
    /// A code is needed, too.
    code: bool,
}

#[derive(Template)]
#[template(path = "invitation.html")]
pub(crate) struct Invitation {
    frame: Frame,
    name: String,
    refused: Option<String>,
}

struct Tried<'t> {
    next: &'t str,
    name: &'t str,
    refused: Option<String>,
    code: bool,
}

fn page(asked: &Asked, tried: Tried<'_>) -> Response<Body> {
    let frame = Frame::new(asked, Area::Today, asked.words().t("web-login"));
    let status = if tried.refused.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    let Tried { next, name, refused, code } = tried;
    rendered(&Page { frame, next: next.to_owned(), name: name.to_owned(), refused, code }, status, asked)
}

fn rendered(context: &impl Template, status: StatusCode, asked: &Asked) -> Response<Body> {
    match context.render() {
        Ok(text) => Answer::Page(status, text).into_response(&[], false),
        Err(error) => super::trouble::page(&Problem::internal(&error), asked),
    }
}

/// `GET /login`
pub(crate) async fn show(State(_): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let asked = Asked::of(&parts);
    let next = asked.query("next").unwrap_or_default();
    page(&asked, Tried { next: &next, name: "", refused: None, code: false })
}

/// What a guest sent, if a page of this server sent it.
async fn sent(request: Request) -> Result<(Asked, Form), Response<Body>> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    if !asked.same_origin {
        return Err(super::trouble::page(&Problem::new("form-foreign", 403), &asked));
    }
    match Form::read(body).await {
        Ok(form) => Ok((asked, form)),
        Err(problem) => Err(super::trouble::page(&problem, &asked)),
    }
}

/// `POST /login`
pub(crate) async fn enter(State(web): State<Web>, request: Request) -> Response<Body> {
    let (asked, form) = match sent(request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let code = form.text("code").trim();
    let attempt = Attempt {
        name: form.text("name").to_owned(),
        password: SecretText::new(form.text("password")),
        code: Some(code.to_owned()).filter(|code| !code.is_empty()),
        address: asked.address,
        device: asked.cookie(DEVICE).map(str::to_owned),
        agent: asked.agent.clone(),
    };
    let place = match web.desk.place_to_hash().await {
        Ok(place) => place,
        Err(problem) => return super::trouble::page(&problem, &asked),
    };
    let came = web.desk.records(move |records| {
        let _until_done = place;
        let came = accounts::log_in(records, &Call::at(clock::now()), &attempt)?;
        Ok((preferred(records, &came)?, came))
    });
    let came = match came.await {
        Ok(Ok(came)) => came,
        Ok(Err(error)) => return super::trouble::page(&Problem::of(error, None, false), &asked),
        Err(problem) => return super::trouble::page(&problem, &asked),
    };
    let (preferred, came) = came;
    let w = asked.words();
    let again = |refused: String, code: bool| Tried {
        next: form.text("next"),
        name: form.text("name"),
        refused: Some(refused),
        code,
    };
    match came {
        LogIn::In { session, device, must, .. } => {
            let mut cookies = vec![
                cookie(&web, &asked.session_name, &session, None),
                cookie(&web, DEVICE, &device, Some(DEVICE_KEPT)),
                // What was chosen in another session does not hold in this one.
                cookie(&web, &asked.system_name, "", Some(0)),
            ];
            cookies
                .extend(preferred.iter().map(|(name, value)| cookie(&web, name, value, Some(DEVICE_KEPT))));
            let to = must.map_or_else(|| own(form.text("next")), |must| first::own_account(must).to_owned());
            Answer::see(to).into_response(&cookies, false)
        }
        LogIn::CodeNeeded => page(&asked, again(w.t("web-login-code-needed"), true)),
        LogIn::Refused { wait: None } => page(&asked, again(w.t("web-login-refused"), !code.is_empty())),
        LogIn::Refused { wait: Some(wait) } => {
            let minutes = u64::try_from(wait.as_secs()).unwrap_or_default().div_ceil(60).max(1);
            page(&asked, again(w.get("web-login-wait", &[("minutes", minutes.into())]), !code.is_empty()))
        }
    }
}

/// Cookies by which the browser has the language and the colours of the person who comes in.
fn preferred(records: &Records, came: &LogIn) -> Result<Vec<(&'static str, String)>, RecordsError> {
    let LogIn::In { person, .. } = came else { return Ok(Vec::new()) };
    let mut all = records.store().preferences(*person)?;
    let language = all.remove("lang").filter(|lang| lang.parse::<Lang>().is_ok());
    let theme = all.remove("theme").filter(|theme| matches!(theme.as_str(), "light" | "dark"));
    let cookies = [(LANGUAGE, language), (THEME, theme)];
    Ok(cookies.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

/// `POST /logout`
pub(crate) async fn leave(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let asked = Asked::of(&parts);
    if !asked.same_origin {
        return super::trouble::page(&Problem::new("form-foreign", 403), &asked);
    }
    let gone = [&asked.session_name, &asked.system_name].map(|name| cookie(&web, name, "", Some(0)));
    let Some(secret) = asked.session.clone() else {
        return Answer::see("/login").into_response(&gone, false);
    };
    let ended = web.desk.enter(secret, |session, _| {
        accounts::log_out(session.records, &session.who, &session.call)
            .map_err(|error| session.problem(error))
    });
    match ended.await {
        // A session that has ended is what was asked for.
        Ok(_) => Answer::see("/login").into_response(&gone, false),
        Err(problem) if problem.status() == 401 => Answer::see("/login").into_response(&gone, false),
        Err(problem) => super::trouble::page(&problem, &asked),
    }
}

fn invitation_page(asked: &Asked, name: &str, refused: Option<String>) -> Response<Body> {
    let frame = Frame::new(asked, Area::Today, asked.words().t("web-invitation"));
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    rendered(&Invitation { frame, name: name.to_owned(), refused }, status, asked)
}

/// `GET /invitation`
pub(crate) async fn invitation(State(_): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    invitation_page(&Asked::of(&parts), "", None)
}

/// `POST /invitation`
pub(crate) async fn redeem(State(web): State<Web>, request: Request) -> Response<Body> {
    let (asked, form) = match sent(request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let w = asked.words();
    let (name, code) = (form.text("name").to_owned(), form.text("code").trim().to_owned());
    let new = SecretText::new(form.text("new"));
    if form.text("new") != form.text("again") {
        return invitation_page(&asked, &name, Some(w.t("web-password-differs")));
    }
    let place = match web.desk.place_to_hash().await {
        Ok(place) => place,
        Err(problem) => return super::trouble::page(&problem, &asked),
    };
    let given = name.clone();
    let redeemed = web.desk.records(move |records| {
        let _until_done = place;
        accounts::redeem_invitation(records, &Call::at(clock::now()), &given, &code, &new)
            .map_err(|error| Problem::of(error, Some(records), false))
    });
    match redeemed.await.and_then(|redeemed| redeemed) {
        Ok(_) => Answer::see("/login?told=password").into_response(&[], false),
        Err(problem) if problem.status() < 500 => {
            invitation_page(&asked, &name, Some(problem.told(asked.lang).detail))
        }
        Err(problem) => super::trouble::page(&problem, &asked),
    }
}

/// An address of this server, whatever was given.
pub(crate) fn own(next: &str) -> String {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if own { next.to_owned() } else { "/".to_owned() }
}

/// A cookie of this server that no script reads. Without an age it ends with the browser.
pub(crate) fn cookie(web: &Web, name: &str, value: &str, age: Option<u32>) -> String {
    let secure = if web.options.secure { "; Secure" } else { "" };
    let age = age.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "login";

    fn sample(frame: Frame) -> Page {
        let name = "<運用> 太郎".to_owned();
        Page { frame, next: "/cases".to_owned(), name, refused: Some("refused".to_owned()), code: true }
    }
}

#[cfg(test)]
impl super::samples::Sample for Invitation {
    const NAME: &'static str = "invitation";

    fn sample(frame: Frame) -> Invitation {
        Invitation { frame, name: "<運用>".to_owned(), refused: Some("refused".to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn nobody_is_led_elsewhere() {
        assert_eq!(own("/cases?x=1"), "/cases?x=1");
        for elsewhere in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb"] {
            assert_eq!(own(elsewhere), "/", "{elsewhere}");
        }
    }
}
