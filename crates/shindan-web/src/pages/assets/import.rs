//! Import: a file is chosen, looked at, and kept.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use shindan_app::portfolio;
use shindan_app::progress::Silent;
use shindan_app::records::kept;
use shindan_app::register::{self, Looked};
use shindan_domain::case::Subject;
use shindan_domain::comparison::KeptPart;
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::record_id::{DeploymentId, ReleaseId, SystemId};
use shindan_server::problem::Problem;

use super::choice::Choice;
use super::preview;
use crate::address::address;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::forms::intake;
use crate::frame::{Area, Frame, Link};
use crate::visit::{Form, Visit, Web, answered};

/// Where a file is chosen.
#[derive(Template)]
#[template(path = "import.html")]
pub(crate) struct Page {
    frame: Frame,
    /// Whether the person may import at all.
    may: bool,
    /// Why the last file cannot be read.
    refused: Vec<String>,
    /// What it is called.
    file: String,
    /// Imports that are in force, the latest first.
    past: Vec<Link>,
}

/// The names of a file on its way: by the person who sent it.
pub(super) fn sent_file(
    visit: &Visit<'_, '_>,
    called: &str,
) -> Result<(std::path::PathBuf, String, Hash), Problem> {
    let gone = || Problem::new("upload-gone", 404);
    let hash: Hash = called.parse().map_err(|_| gone())?;
    let path = visit.session.sent_file(&hash).ok_or_else(gone)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((path, name, hash))
}

fn page(visit: &mut Visit<'_, '_>, file: String, refused: Vec<String>) -> Result<Answer, Problem> {
    visit.session.may_read()?;
    let register =
        register::load(visit.desk.folder()).map_err(|error| visit.session.problem(error.into()))?;
    let mut frame = visit.frame(Area::Assets, visit.w.t("web-assets-import"));
    frame.apart();
    frame.lead = visit.w.t("web-assets-import-lead");
    let in_force = register.imports.iter().rev().filter(|import| import.undone_by.is_none()).take(5);
    let past = in_force.map(|import| {
        let at = shindan_report::dates::minute(import.at, &visit.w);
        Link::new(format!("{at} {}", import.ledger), format!("/assets/import/past/{}", import.number))
    });
    let past = past.collect();
    let may = visit.has(Action::KeepOrganisation.roles());
    Answer::page(&Page { frame, may, refused, file, past })
}

/// `GET /assets/import`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| page(visit, String::new(), Vec::new())).await
}

/// `POST /assets/import`: the file, as it arrives.
pub(crate) async fn take(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    let came = intake::one_file(&web, &parts, body).await;
    answered(
        came.map(|hash| match hash {
            Some(hash) => Answer::see(format!("/assets/import/file/{hash}")),
            None => Answer::see("/assets/import"),
        }),
        &asked,
    )
}

/// `GET /assets/import/file/{hash}`: what it is, and what its import would do.
pub(crate) async fn look(
    State(web): State<Web>,
    Path(called): Path<String>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, move |visit| {
        visit.session.may_read()?;
        let choice = Choice::of(&crate::address::pairs(visit.asked.uri.query().unwrap_or_default()));
        let (path, name, hash) = sent_file(visit, &called)?;
        let (folder, now) = (visit.desk.folder(), visit.session.call.now);
        let looked = register::look(folder, &path, &choice.options(&name), choice.as_ledger, now);
        match looked.map_err(|error| visit.session.problem(error.into()))? {
            Looked::Ledger(looked) => preview::ledger(visit, (&name, &hash), &choice, &looked),
            Looked::List(list) => preview::list(visit, (&name, &hash), &list),
            Looked::Neither(told) => {
                let refused = told.iter().map(|one| visit.w.code(one.code, &one.params)).collect();
                page(visit, name, refused)
            }
        }
    })
    .await
}

/// `POST /assets/import/file/{hash}`: it is imported as it was shown; if something else was chosen meanwhile, it is shown first.
pub(crate) async fn confirm(
    State(web): State<Web>,
    Path(called): Path<String>,
    request: Request,
) -> Response<Body> {
    web.change(request, move |visit, form| {
        if !form.text("whose").is_empty() {
            return keep_list(visit, form, &called);
        }
        let choice = Choice::of(&form.0);
        let here = format!("/assets/import/file/{called}?{}", choice.query());
        if form.text("shown") != choice.query() {
            return Ok(Answer::see(format!("{here}&told=assets-look-again")));
        }
        let (path, name, _) = sent_file(visit, &called)?;
        let (folder, now) = (visit.desk.folder().clone(), visit.session.call.now);
        let session = &mut *visit.session;
        let imported =
            kept::keep(session.records, &session.who, &session.call, KeptPart::Register, |author| {
                register::import(&folder, &path, &choice.options(&name), Some(author), now)
            });
        let report = imported.map_err(|error| session.problem(error))?;
        Ok(Answer::see(match report.record {
            Some(number) => format!("/assets/import/past/{number}?told=assets-imported"),
            None => here,
        }))
    })
    .await
}

/// Keeps a list of software for a subject, and brings up to date who is hit.
fn keep_list(visit: &mut Visit<'_, '_>, form: &Form, called: &str) -> Result<Answer, Problem> {
    let (path, ..) = sent_file(visit, called)?;
    let whose = subject(visit, form.text("whose"))?;
    hold(visit, whose, &path, form.text("complete") == "yes")?;
    let to = whose.stream().map_or_else(|| "/assets".to_owned(), address);
    Ok(Answer::see(format!("{to}?told=assets-list-kept")))
}

/// Keeps a file for a subject through the use case, and brings up to date how it stands.
pub(crate) fn hold(
    visit: &mut Visit<'_, '_>,
    whose: Subject,
    path: &std::path::Path,
    complete: bool,
) -> Result<(), Problem> {
    let folder = visit.desk.folder().clone();
    let session = &mut *visit.session;
    let paths = [path.to_owned()];
    let held = kept::keep(session.records, &session.who, &session.call, KeptPart::Portfolio, |author| {
        portfolio::hold(&folder, whose, &paths, complete, author)
    });
    held.map_err(|error| session.problem(error))?;
    renew(visit)
}

/// Brings up to date who is hit. Without a knowledge base there is nothing that the lists could stand with yet.
pub(crate) fn renew(visit: &Visit<'_, '_>) -> Result<(), Problem> {
    let folder = visit.desk.folder();
    let told = |error: shindan_app::error::AppError| visit.session.problem(error.into());
    if folder.current().map_err(told)?.is_some() {
        portfolio::renew(folder, false, &Silent).map_err(told)?;
    }
    Ok(())
}

/// `system 0198…` as a subject that there is.
fn subject(visit: &Visit<'_, '_>, text: &str) -> Result<Subject, Problem> {
    let unknown = || Problem::new("record-unknown", 404).with("called", text);
    let (kind, called) = text.split_once(' ').ok_or_else(unknown)?;
    let kind: Kind = kind.parse().map_err(|_| unknown())?;
    let Stream { id, .. } = visit.find(kind, called)?;
    match kind {
        Kind::System => Ok(Subject::System(SystemId(id))),
        Kind::Release => Ok(Subject::Release(ReleaseId(id))),
        Kind::Deployment => Ok(Subject::Deployment(DeploymentId(id))),
        _ => Err(unknown()),
    }
}

#[cfg(test)]
impl crate::pages::samples::Sample for Page {
    const NAME: &'static str = "import";

    fn sample(frame: Frame) -> Page {
        Page {
            frame,
            may: true,
            refused: vec!["<運用>".to_owned()],
            file: "<運用>.xlsx".to_owned(),
            past: vec![Link::new("<運用>", "/assets/import/past/1")],
        }
    }
}
