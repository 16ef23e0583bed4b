//! The form of a command: what it does, the record in short, its fields; and what came of it.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Response, StatusCode};
use shindan_app::records;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Role;
use shindan_report::records::{RecordPage, Status};
use shindan_report::words::Words;
use shindan_server::problem::{Problem, Told};
use shindan_server::reply::Reply;
use uuid::Uuid;

use super::go_on::{self, Next};
use super::list::area_of;
use super::process::{self, Blocker};
use super::record::{self, Line};
use super::value::{self, Value};
use crate::address::address;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::forms::body::{self, Wrong};
use crate::forms::choices::{self, Choices};
use crate::forms::field::Field;
use crate::forms::given::{self, Given};
use crate::forms::intake::{self, Came};
use crate::forms::parts::{Making, Part, Widget, words_of};
use crate::forms::present::{self, Present};
use crate::forms::target::Target;
use crate::forms::typed::Typed;
use crate::forms::{permits, steps};
use crate::frame::{Area, Frame, Link};
use crate::jobs::Jobs;
use crate::tone;
use crate::visit::{Visit, Web, answered, once};

/// Facts of the record that stand beside the form.
const FACTS: usize = 8;

#[derive(Template)]
#[template(path = "form.html")]
pub(crate) struct Page {
    frame: Frame,
    action: String,
    /// Whether it takes files.
    files: bool,
    /// The revision of the record as it is shown.
    seen: String,
    once: String,
    parts: Vec<Part>,
    lists: Vec<(String, Vec<(String, String)>)>,
    submit: String,
    danger: bool,
    cancel: String,
    /// What happens next.
    after: String,
    about: Option<About>,
    /// Which roles it needs, if the person has none of them.
    needs: Option<String>,
    refused: Option<Refused>,
}

/// The record that a step is about, in short.
struct About {
    name: String,
    status: String,
    tone: &'static str,
    next: Vec<Blocker>,
    facts: Vec<(String, Vec<Value>)>,
}

/// Why it was not done.
struct Refused {
    title: String,
    detail: String,
    missing: Vec<String>,
    /// Fields that are wrong: where they stand, what they are called, what is wrong.
    fields: Vec<(String, String, String)>,
    /// Who changed the record meanwhile.
    meanwhile: Vec<Line>,
}

#[derive(Template)]
#[template(path = "result.html")]
pub(crate) struct ResultPage {
    frame: Frame,
    given: Given,
    go_on: Vec<Next>,
    back: Link,
}

/// `GET /records/{kind}/{called}/do/{command}`
pub(crate) async fn step(
    State(web): State<Web>,
    Path((kind, called, command)): Path<(String, String, String)>,
    request: Request,
) -> Response<Body> {
    show(web, step_of(&kind, called, command), request).await
}

/// `POST /records/{kind}/{called}/do/{command}`
pub(crate) async fn take_step(
    State(web): State<Web>,
    Path((kind, called, command)): Path<(String, String, String)>,
    request: Request,
) -> Response<Body> {
    take(web, step_of(&kind, called, command), request).await
}

/// `GET /records/{kind}/new`
pub(crate) async fn new(
    State(web): State<Web>,
    Path(kind): Path<String>,
    request: Request,
) -> Response<Body> {
    show(web, new_of(&kind), request).await
}

/// `POST /records/{kind}/new`
pub(crate) async fn begin(
    State(web): State<Web>,
    Path(kind): Path<String>,
    request: Request,
) -> Response<Body> {
    take(web, new_of(&kind), request).await
}

/// `GET /tasks/{name}`
pub(crate) async fn task(
    State(web): State<Web>,
    Path(name): Path<String>,
    request: Request,
) -> Response<Body> {
    show(web, Target::Task(name).known(), request).await
}

/// `POST /tasks/{name}`
pub(crate) async fn do_task(
    State(web): State<Web>,
    Path(name): Path<String>,
    request: Request,
) -> Response<Body> {
    take(web, Target::Task(name).known(), request).await
}

fn kind_of(kind: &str) -> Result<Kind, Problem> {
    kind.parse().map_err(|_| Problem::new("path-unknown", 404))
}

fn step_of(kind: &str, called: String, command: String) -> Result<Target, Problem> {
    Target::Step(kind_of(kind)?, called, command).known()
}

fn new_of(kind: &str) -> Result<Target, Problem> {
    Target::New(kind_of(kind)?).known()
}

async fn show(web: Web, target: Result<Target, Problem>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, move |visit| {
        // Fields can be filled in by the address, so that other pages can lead here.
        let typed = Typed::of(crate::address::pairs(visit.asked.uri.query().unwrap_or_default()));
        let mut made = Draft::new(visit, target?, typed, None)?;
        if made.target == Target::New(Kind::Policy) {
            present::further(visit, &made.fields, &made.choices, &mut made.typed)?;
        }
        if let Some(present) = &made.present {
            made.typed = present.opened(&made.fields, &made.typed);
        }
        made.page(visit, StatusCode::OK, &[], None)
    })
    .await
}

async fn take(web: Web, target: Result<Target, Problem>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    let target = match target {
        Ok(target) => target,
        Err(problem) => return answered(Err(problem), &asked),
    };
    if asked.session.is_none() {
        return answered(Err(Problem::new("token-missing", 401)), &asked);
    }
    match intake::take(&web, &parts, body, target.sent()).await {
        Ok(came) => {
            let jobs = web.jobs.clone();
            web.visit(&parts, move |visit| sent(visit, (target, came), &jobs)).await
        }
        Err(problem) => answered(Err(problem), &asked),
    }
}

/// Carries out what was sent, or shows the form again with what is missing.
fn sent(visit: &mut Visit<'_, '_>, (target, came): (Target, Came), jobs: &Jobs) -> Result<Answer, Problem> {
    let Came { typed, refused } = came;
    let (key, seen) = (typed.text("once").to_owned(), typed.text("seen").parse().ok());
    let made = Draft::new(visit, target, typed, seen)?;
    if made.typed.pressed("add").is_some() {
        return made.page(visit, StatusCode::OK, &[], None);
    }
    if !refused.is_empty() {
        let wrong =
            refused.iter().map(|(path, problem)| (path.clone(), problem.told(visit.asked.lang).detail));
        let status = refused.first().map_or(413, |(_, problem)| problem.status());
        return made.wrong(visit, status, wrong.collect());
    }
    let body = match made.body() {
        Ok(body) => body,
        Err(wrong) => {
            let wrong: Vec<Wrong> = wrong;
            return made.wrong(visit, 422, words_of(&wrong, &visit.w));
        }
    };
    if made.target == Target::Task("sync".to_owned()) {
        // It takes as long as the sources take to answer.
        return looking(visit, &body, jobs).or_else(|problem| made.refused(visit, &problem));
    }
    let key = if key.len() > 100 || !key.starts_with("web-") { once(visit) } else { key };
    match made.target.run(&body, visit.session, &key, seen) {
        Ok(reply) => done(visit, &made.target, &reply),
        Err(problem) if matches!(problem.status(), 401 | 500 | 503) => Err(problem),
        Err(problem) => made.refused(visit, &problem),
    }
}

/// Begins to look at sources. What names none of them is told before.
fn looking(visit: &Visit<'_, '_>, body: &serde_json::Value, jobs: &Jobs) -> Result<Answer, Problem> {
    let named = body["sources"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
    for source in named {
        visit.find(Kind::Source, source)?;
    }
    super::sources::begin_look(visit, jobs, body)
}

/// Back to the record, or what was given.
fn done(visit: &Visit<'_, '_>, target: &Target, reply: &Reply) -> Result<Answer, Problem> {
    let answer: serde_json::Value =
        serde_json::from_slice(&reply.body).map_err(|error| Problem::internal(&error))?;
    let record = answer["record"]["kind"].as_str().zip(answer["record"]["id"].as_str());
    let place = record.map(|(kind, id)| format!("/records/{kind}/{id}"));
    if let Some(given) = given::given(&answer, &visit.w) {
        let area = target_kind(target).map_or(Area::Today, area_of);
        let mut frame = visit.frame(area, target.title(&visit.w));
        frame.apart();
        frame.told = Some(visit.w.t(if given.repeated { "web-told-repeated" } else { "web-told-done" }));
        let back = Link::new(visit.w.t("web-form-back"), place.unwrap_or_else(|| "/".to_owned()));
        let stream =
            record.and_then(|(kind, id)| Some(Stream::new(kind.parse().ok()?, id.parse::<Uuid>().ok()?)));
        let go_on = stream.map(|stream| go_on::after(visit, stream)).transpose()?.unwrap_or_default();
        return Answer::page(&ResultPage { frame, given, go_on, back });
    }
    let told = if answer["repeated"] == true { "repeated" } else { "done" };
    Ok(Answer::see(format!("{}?told={told}", place.unwrap_or_else(|| "/".to_owned()))))
}

fn target_kind(target: &Target) -> Option<Kind> {
    match target {
        Target::Step(kind, ..) | Target::New(kind) => Some(*kind),
        Target::Task(_) => None,
    }
}

/// A form that is being made.
struct Draft {
    target: Target,
    fields: Vec<Field>,
    typed: Typed,
    choices: Choices,
    about: Option<(Stream, RecordPage)>,
    /// What is stored, if the form changes it.
    present: Option<Present>,
}

impl Draft {
    fn new(visit: &Visit<'_, '_>, target: Target, typed: Typed, seen: Option<u64>) -> Result<Draft, Problem> {
        let fields = target.fields();
        let mut choices = choices::choices(visit, &fields)?;
        let (mut about, mut present) = (None, None);
        if let Target::Step(kind, called, _) = &target {
            let stream = visit.find(*kind, called)?;
            let session = &visit.session;
            let page = records::page(session.records, &session.who, stream, true);
            let page = page.map_err(|error| session.problem(error))?;
            choices.inside = choices::inside(&page.view.sections, &page.names, &visit.w);
            let what = (stream, fields.as_slice(), &target.schema());
            let seen = seen.filter(|seen| *seen != page.revision);
            present = Present::read(visit, target.of(), what, (&choices, &typed, seen))?;
            about = Some((stream, page));
        }
        Ok(Draft { target, fields, typed, choices, about, present })
    }

    fn body(&self) -> Result<serde_json::Value, Vec<Wrong>> {
        match &self.present {
            Some(present) => present.body(&self.fields, &self.typed),
            None => body::body(&self.fields, &self.typed),
        }
    }

    /// The form again: these fields are wrong.
    fn wrong(
        &self,
        visit: &Visit<'_, '_>,
        status: u16,
        wrong: BTreeMap<String, String>,
    ) -> Result<Answer, Problem> {
        let w = &visit.w;
        let refused = Refused {
            title: w.t("web-form-incomplete"),
            detail: String::new(),
            missing: Vec::new(),
            fields: Vec::new(),
            meanwhile: self.meanwhile(&visit.w),
        };
        let wrong: Vec<(String, String)> = wrong.into_iter().collect();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        self.page(visit, status, &wrong, Some(refused))
    }

    /// The form again: the command was refused.
    fn refused(&self, visit: &Visit<'_, '_>, problem: &Problem) -> Result<Answer, Problem> {
        let Told { title, detail, missing, .. } = problem.told(visit.asked.lang);
        let meanwhile = self.meanwhile(&visit.w);
        let missing = missing.into_iter().map(|(text, _)| text).collect();
        let wrong = problem.field().and_then(|field| self.path_of(field)).map(|path| (path, detail.clone()));
        let refused = Refused { title, detail, missing, fields: Vec::new(), meanwhile };
        let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        self.page(visit, status, &wrong.into_iter().collect::<Vec<_>>(), Some(refused))
    }

    /// The path of the field that a refused value stood in.
    fn path_of(&self, field: &str) -> Option<String> {
        let last = field.rsplit('.').next().unwrap_or(field).replace('-', "_");
        let of_form = self.fields.iter().find(|known| known.path == field || known.name == last);
        of_form.map(|known| known.path.clone()).or_else(|| field.contains('.').then(|| field.to_owned()))
    }

    /// What was done to the record since the form was shown.
    fn meanwhile(&self, w: &Words) -> Vec<Line> {
        let Some((_, page)) = &self.about else { return Vec::new() };
        let seen: usize = self.typed.text("seen").parse().unwrap_or(page.history.len());
        let mut lines = record::history(page, w);
        lines.truncate(page.history.len().saturating_sub(seen));
        lines
    }

    fn page(
        &self,
        visit: &Visit<'_, '_>,
        status: StatusCode,
        wrong: &[(String, String)],
        refused: Option<Refused>,
    ) -> Result<Answer, Problem> {
        let w = &visit.w;
        let by_path: BTreeMap<String, String> = wrong.iter().cloned().collect();
        // What somebody else changed meanwhile is in the form that is shown again, so that sending it does not undo that.
        let rebased = self.present.as_ref().map(|present| present.rebased(&self.fields, &self.typed));
        let typed = rebased.as_ref().unwrap_or(&self.typed);
        let mut making = Making::new((w, self.target.of()), typed, &self.choices, &by_path);
        making.more = self.typed.pressed("add");
        making.present = self.present.as_ref();
        if let Some(present) = &self.present {
            making.meanwhile = present.meanwhile(&self.fields, typed, w);
        }
        let parts = making.parts(&self.fields);
        let refused = refused.map(|refused| Refused { fields: wrong_fields(&parts), ..refused });
        let roles = permits::roles(self.target.needs());
        let key = self.target.key();
        let cancel = match (&self.about, &self.target) {
            (Some((stream, _)), _) => address(*stream),
            (None, Target::New(kind)) => format!("/records/{kind}"),
            (None, _) => "/".to_owned(),
        };
        let page = Page {
            frame: self.frame(visit),
            action: self.target.address(),
            files: self.fields.iter().any(|field| field.shape.takes_files()),
            seen: self.about.as_ref().map(|(_, page)| page.revision.to_string()).unwrap_or_default(),
            once: once(visit),
            parts,
            lists: self.lists(),
            submit: w.known(&format!("{key}-submit")).unwrap_or_else(|| self.target.title(w)),
            danger: dangerous(&self.target),
            cancel,
            after: w.known(&format!("{key}-after")).unwrap_or_default(),
            about: self.about.as_ref().map(|(stream, page)| about(visit, *stream, page)).transpose()?,
            needs: (!visit.has(&roles))
                .then(|| w.get("web-form-needs", &[("roles", roles_text(&roles, w).as_str().into())])),
            refused,
        };
        let Answer::Page(_, text) = Answer::page(&page)? else { return Err(Problem::internal(&"no page")) };
        Ok(Answer::Page(status, text))
    }

    fn frame(&self, visit: &Visit<'_, '_>) -> Frame {
        let w = &visit.w;
        let area = target_kind(&self.target).map_or(Area::Today, area_of);
        let mut frame = visit.frame(area, self.target.title(w));
        frame.apart();
        frame.lead = w.known(&format!("{}-lead", self.target.key())).unwrap_or_default();
        if let Some(kind) = target_kind(&self.target) {
            frame.crumbs.push(Link::new(w.term(kind.term()), format!("/records/{kind}")));
        }
        if let Some((stream, page)) = &self.about {
            frame.crumbs.push(Link::new(called(page, w), address(*stream)));
        }
        frame
    }

    /// The lists of suggestions.
    fn lists(&self) -> Vec<(String, Vec<(String, String)>)> {
        let of_kind = |(kind, all): (&Kind, &Vec<choices::Choice>)| {
            let all = all.iter().map(|choice| (choice.called.clone(), choice.text.clone()));
            (format!("known-{kind}"), all.collect())
        };
        let mut lists: Vec<_> = self.choices.records.iter().map(of_kind).collect();
        if !self.choices.inside.is_empty() {
            let inside = self.choices.inside.iter().map(|text| (text.clone(), String::new()));
            lists.push(("known-inside".to_owned(), inside.collect()));
        }
        lists
    }
}

fn wrong_fields(parts: &[Part]) -> Vec<(String, String, String)> {
    let wrong = parts.iter().filter_map(|part| match part {
        Part::Field(shown) if !shown.wrong.is_empty() => Some(shown),
        _ => None,
    });
    wrong.map(|shown| (shown.id.clone(), shown.label.clone(), shown.wrong.clone())).collect()
}

fn called(page: &RecordPage, w: &Words) -> String {
    let title = if page.title.is_empty() { w.t("web-untitled") } else { page.title.clone() };
    page.number.as_ref().map_or_else(|| title.clone(), |number| format!("{number} {title}"))
}

fn about(visit: &Visit<'_, '_>, stream: Stream, page: &RecordPage) -> Result<About, Problem> {
    let (w, steps) = (&visit.w, steps::of(visit, stream)?);
    let facts = page.view.facts.get(..FACTS).unwrap_or(&page.view.facts);
    Ok(About {
        name: called(page, w),
        status: w.term(page.view.status),
        tone: tone::of_status(&Status::from(page.view.status)).as_str(),
        next: process::blockers(stream, &page.view.next, &steps, w),
        facts: value::facts(facts, &page.names, w),
    })
}

fn roles_text(roles: &[Role], w: &Words) -> String {
    let roles = roles.iter().map(|role| w.term(role.term()));
    roles.collect::<Vec<_>>().join(" / ")
}

/// Steps that end something for good.
fn dangerous(target: &Target) -> bool {
    matches!(
        target.of().command,
        "cancel"
            | "cannot-apply"
            | "deactivate"
            | "dispose"
            | "end"
            | "erase-name"
            | "give-up"
            | "revoke"
            | "void-sent"
            | "withdraw"
            | "withdraw-key"
            | "withdraw-token"
    )
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "form";

    fn sample(frame: Frame) -> Page {
        let typed = || "<運用>".to_owned();
        let of = [
            ("change", "run-test"),
            ("case", "judge"),
            ("case", "approve"),
            ("device", "new"),
            ("agreement", "add-duty"),
        ];
        let mut parts = Vec::new();
        for (kind, command) in of {
            let target = match command {
                "new" => Target::New(kind.parse().unwrap()),
                command => Target::Step(kind.parse().unwrap(), "1".to_owned(), command.to_owned()),
            };
            let fields = target.fields();
            let values = fields.iter().map(|field| (field.path.clone(), typed())).collect();
            let wrong = fields.iter().map(|field| (field.path.clone(), typed())).collect();
            let (values, choices) = (Typed::of(values), Choices::default());
            parts.extend(Making::new((&frame.w, target.of()), &values, &choices, &wrong).parts(&fields));
        }
        let value = vec![Value { text: typed(), address: None }];
        let line = Line { at: typed(), who: typed(), what: typed(), sequence: 1 };
        Page {
            action: "/records/case/1/do/approve".to_owned(),
            files: true,
            seen: "3".to_owned(),
            once: "web-A1".to_owned(),
            parts,
            lists: vec![("known-case".to_owned(), vec![(typed(), typed())])],
            submit: typed(),
            danger: true,
            cancel: "/records/case/1".to_owned(),
            after: typed(),
            about: Some(About {
                name: typed(),
                status: typed(),
                tone: "late",
                next: vec![Blocker { text: typed(), step: None, why: typed() }],
                facts: vec![(typed(), value)],
            }),
            needs: Some(typed()),
            refused: Some(Refused {
                title: typed(),
                detail: typed(),
                missing: vec![typed()],
                fields: vec![("f-1".to_owned(), typed(), typed())],
                meanwhile: vec![line],
            }),
            frame,
        }
    }
}

#[cfg(test)]
impl super::samples::Sample for ResultPage {
    const NAME: &'static str = "result";

    fn sample(frame: Frame) -> ResultPage {
        let answer = serde_json::json!({
            "token": "<運用>", "number": 7, "sealed": "00", "verdict": "genuine", "accepted": true, "checks": {},
            "decided": [{"kind": "case", "id": "1", "number": "<運用>"}], "refused": [],
        });
        let given = given::given(&answer, &frame.w).unwrap();
        ResultPage { frame, given, go_on: go_on::sample(), back: Link::new("back", "/records/case/1") }
    }
}
