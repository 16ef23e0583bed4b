//! How a request becomes a page: cookies, language, address, the session; then the work with open records, then the answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use axum::http::request::Parts;
use jiff::Timestamp;
use shindan_app::records::figures::CaseTimes;
use shindan_app::records::of_system::OfSystem;
use shindan_app::records::{Entered, accounts, today};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Role;
use shindan_domain::record_id::PersonId;
use shindan_report::words::{Calendar, Words};
use shindan_server::command::Session;
use shindan_server::desk::Desk;
use shindan_server::problem::Problem;

use crate::address::pairs;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::frame::{Area, Frame, Signed};
use crate::scope::{OfPage, Turn};
use crate::{guard, pages, scope};

/// How pages are served.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Whether clients come by TLS: cookies are then only sent by it.
    pub secure: bool,
    /// The code by which somebody may set the server up while there are no records; `None`: nobody may, by pages.
    pub setup: Option<String>,
}

/// How cases went, as far as the ledger was read: each visit reads on from where the last one stopped.
pub(crate) type CaseHistory = Arc<Mutex<CaseTimes>>;

/// What all visits share.
#[derive(Debug, Clone)]
pub(crate) struct Web {
    pub desk: Desk,
    pub options: Options,
    pub history: CaseHistory,
    /// Long work that goes on while nobody looks.
    pub jobs: crate::jobs::Jobs,
}

/// A visit of a person who is known.
pub(crate) struct Visit<'v, 'r> {
    /// Records, person, call, uploads.
    pub session: &'v mut Session<'r>,
    /// What was asked for.
    pub asked: &'v Asked,
    /// Words of the language.
    pub w: Words,
    /// The token of the session for forms.
    pub csrf: String,
    /// The desk, for the data folder.
    pub desk: &'v Desk,
    /// What a page does that can show one system alone ([`Visit::one_system`]).
    pub of_page: Option<OfPage>,
    /// How the person wants pages, by name (`shindan_app::records::accounts::prefer`).
    pub prefers: BTreeMap<String, String>,
}

/// What a preference is called that says how days are written.
pub(crate) const CALENDAR: &str = "calendar";
/// Its value for the years of eras.
pub(crate) const ERA: &str = "era";

impl Visit<'_, '_> {
    /// The frame of a page.
    pub(crate) fn frame(&self, area: Area, title: impl Into<String>) -> Frame {
        let who = &self.session.who;
        let person = Signed {
            name: self.session.records.name(who.person()).unwrap_or_default(),
            roles: who.roles.iter().map(|role| self.w.term(role.term())).collect::<Vec<_>>().join(", "),
        };
        let mut frame = Frame::new(self.asked, area, title.into());
        frame.person = Some(person);
        frame.w = self.w;
        frame.csrf.clone_from(&self.csrf);
        let at = shindan_report::dates::minute(self.session.call.now, &self.w);
        frame.made = self.w.get("web-zone", &[("at", (&at).into())]);
        let kept = scope::kept_with_all(self.session, self.asked, self.of_page.as_ref());
        let page = self.of_page.as_ref();
        // A page is not held up by its frame: what cannot be read was written to the log, and the page's own words still hold.
        let kept = kept.unwrap_or_default();
        let switch = scope::switch(self.session, self.asked, (page, kept.as_ref()), &self.w);
        frame.switch = switch.unwrap_or_default();
        let here = page.map_or(kept.as_ref(), |page| page.chosen.as_ref());
        frame.counts = self.counts(here.map(|chosen| &chosen.of));
        if area == Area::Settings {
            frame.apart();
        }
        frame
    }

    /// What waits in the areas. A number that cannot be told is none: the page itself is not held up by it.
    fn counts(&self, of: Option<&OfSystem>) -> [u64; 6] {
        let (records, who) = (&*self.session.records, &self.session.who);
        let Ok(found) = today::counts(records, who, self.session.call.now, of) else { return [0; 6] };
        let mut counts = [found.today.records, 0, 0, 0, 0, 0];
        counts.iter_mut().skip(1).zip(found.areas).for_each(|(count, area)| *count = area.records);
        counts
    }

    /// For a page that can show one system alone: which, or where it leads first. `says`: the key of the words that say so.
    ///
    /// # Errors
    /// Status 404 if the address names a system that there is not; those of reading.
    pub(crate) fn one_system(&mut self, says: &'static str) -> Result<Turn, Problem> {
        self.session.may_read()?;
        let turn = scope::of_page(self.session, self.asked)?;
        if let Turn::Show(chosen) = &turn {
            self.of_page = Some(OfPage { chosen: chosen.clone(), says });
        }
        Ok(turn)
    }

    /// Who does something now.
    pub(crate) fn by(&self) -> (Entered, Timestamp) {
        (self.session.who.clone(), self.session.call.now)
    }

    /// Whether the person has one of these roles.
    pub(crate) fn has(&self, roles: &[Role]) -> bool {
        self.session.who.roles.iter().any(|role| roles.contains(role))
    }

    /// The record that the address means.
    pub(crate) fn find(&self, kind: Kind, called: &str) -> Result<Stream, Problem> {
        self.session.find(kind, called)
    }
}

/// A key for a form: sent twice, it is done once. It need not be a secret.
pub(crate) fn once(visit: &Visit<'_, '_>) -> String {
    let now = visit.session.call.now.as_nanosecond();
    let seed = format!("{now} {} {}", visit.session.who.person(), visit.asked.here());
    format!("web-{}", Hash::of(seed.as_bytes()).to_string().get(..32).unwrap_or_default())
}

impl Web {
    /// Answers a person who is known with a page; others are shown the log-in.
    pub(crate) async fn visit(
        &self,
        parts: &Parts,
        work: impl FnOnce(&mut Visit<'_, '_>) -> Result<Answer, Problem> + Send + 'static,
    ) -> Response<Body> {
        let asked = Asked::of(parts);
        let Some(secret) = asked.session.clone() else { return pages::first::log_in(&asked) };
        let (desk, of_visit) = (self.desk.clone(), asked.clone());
        let answer = self
            .desk
            .enter(secret, move |session, entered| {
                if let Some(must) = entered.must.filter(|_| !of_visit.uri.path().starts_with("/account")) {
                    return Ok(Answer::see(pages::first::own_account(must)));
                }
                let prefers = accounts::preferences(session.records, &session.who);
                let prefers = prefers.map_err(|error| session.problem(error))?;
                let w = match prefers.get(CALENDAR).map(String::as_str) {
                    Some(ERA) => of_visit.words().dated(Calendar::Era),
                    _ => of_visit.words(),
                };
                let csrf = entered.csrf.clone();
                work(&mut Visit { session, asked: &of_visit, w, csrf, desk: &desk, of_page: None, prefers })
            })
            .await;
        answered(answer, &asked)
    }

    /// Carries out a form: only if a page of this server asks, with the token of the session.
    pub(crate) async fn change(
        &self,
        request: Request,
        work: impl FnOnce(&mut Visit<'_, '_>, &Form) -> Result<Answer, Problem> + Send + 'static,
    ) -> Response<Body> {
        self.changed(request, false, work).await
    }

    /// As [`Web::change`], with a password that is looked at or chosen, for which there are few places.
    pub(crate) async fn change_by_password(
        &self,
        request: Request,
        work: impl FnOnce(&mut Visit<'_, '_>, &Form) -> Result<Answer, Problem> + Send + 'static,
    ) -> Response<Body> {
        self.changed(request, true, work).await
    }

    async fn changed(
        &self,
        request: Request,
        hashes: bool,
        work: impl FnOnce(&mut Visit<'_, '_>, &Form) -> Result<Answer, Problem> + Send + 'static,
    ) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let asked = Asked::of(&parts);
        let form = match Form::read(body).await {
            Ok(form) => form,
            Err(problem) => return answered(Err(problem), &asked),
        };
        let place = match hashes {
            true => self.desk.place_to_hash().await.map(Some),
            false => Ok(None),
        };
        let place = match place {
            Ok(place) => place,
            Err(problem) => return answered(Err(problem), &asked),
        };
        self.visit(&parts, move |visit| {
            let _until_done = place;
            if !visit.asked.same_origin || !guard::same_secret(form.text("csrf"), &visit.csrf) {
                return Err(Problem::new("form-foreign", 403));
            }
            work(visit, &form)
        })
        .await
    }
}

/// Who sends a form, before it is read.
#[derive(Debug)]
pub(crate) struct Door {
    pub person: PersonId,
    /// The session's token of forms.
    pub csrf: String,
    /// Whether they may send files.
    pub may_send: Result<(), Problem>,
}

impl Web {
    /// Who sends a form.
    ///
    /// # Errors
    /// Status 401 if nobody is logged in.
    pub(crate) async fn door(&self, asked: &Asked) -> Result<Door, Problem> {
        let secret = asked.session.clone().ok_or_else(|| Problem::new("token-missing", 401))?;
        let door = self.desk.enter(secret, |session, entered| {
            let may_send = session.before_uploads();
            Ok(Door { person: session.who.person(), csrf: entered.csrf.clone(), may_send })
        });
        door.await
    }
}

pub(crate) fn answered(answer: Result<Answer, Problem>, asked: &Asked) -> Response<Body> {
    match answer {
        Ok(answer) => answer.into_response(&[], asked.htmx),
        Err(problem) if problem.status() == 401 => pages::first::log_in(asked),
        Err(problem) => pages::trouble::page(&problem, asked),
    }
}

/// Fields of a form, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form(pub Vec<(String, String)>);

impl Form {
    /// Bytes of a form at most; files come another way.
    const LIMIT: usize = 1 << 20;

    pub(crate) async fn read(body: Body) -> Result<Form, Problem> {
        let too_large = || Problem::new("body-too-large", 413).with("limit", Form::LIMIT.to_string());
        let bytes = axum::body::to_bytes(body, Form::LIMIT).await.map_err(|_| too_large())?;
        Ok(Form(pairs(&String::from_utf8_lossy(&bytes))))
    }

    /// A field; empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
}
