//! `/assets/{key}`: one asset of the register, and what the records say about it.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use shindan_app::records::assets::{OfAsset, of_register};
use shindan_app::records::kept;
use shindan_app::register;
use shindan_domain::asset_ledger::{LedgerColumn, Unsettled};
use shindan_domain::comparison::KeptPart;
use shindan_domain::people::Action;
use shindan_domain::register::RegisteredAsset;
use shindan_report::asset_list;
use shindan_server::problem::Problem;

use super::import::renew;
use super::rows::{Row, row};
use crate::address::{address, encoded};
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::tone;
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "asset.html")]
pub(crate) struct Page {
    frame: Frame,
    row: Row,
    key: String,
    facts: Vec<(String, String)>,
    unsettled: Vec<String>,
    place: String,
    imports: Vec<Link>,
    /// Record of the asset, system, dossiers.
    records: Vec<(String, Link)>,
    cases: Vec<Case>,
    /// It is not in its ledger any more, and the person may take it off.
    remove: bool,
    missing: bool,
    begin: Option<Link>,
}

struct Case {
    number: String,
    title: String,
    address: String,
    status: String,
    tone: &'static str,
    open: bool,
    due: String,
}

/// `GET /assets/{key}`
pub(crate) async fn show(
    State(web): State<Web>,
    Path(key): Path<String>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, move |visit| page(visit, &key)).await
}

fn find(visit: &Visit<'_, '_>, key: &str) -> Result<RegisteredAsset, Problem> {
    visit.session.may_read()?;
    let register =
        register::shared(visit.desk.folder()).map_err(|error| visit.session.problem(error.into()))?;
    let found = register.assets.get(key).cloned();
    found.ok_or_else(|| Problem::new("record-unknown", 404).with("called", key))
}

fn page(visit: &mut Visit<'_, '_>, key: &str) -> Result<Answer, Problem> {
    let asset = find(visit, key)?;
    let w = visit.w;
    let of = of_register(visit.session.records, &visit.session.who, key);
    let of = of.map_err(|error| visit.session.problem(error))?;
    let today = shindan_app::clock::day_in_japan(visit.session.call.now);
    let row = row(&asset, &of, today, &w);
    let mut frame = visit.frame(Area::Assets, row.number.clone());
    frame.apart();
    frame.lead = [&row.name, &row.product]
        .into_iter()
        .filter(|text| !text.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(" – ");
    frame.crumbs = vec![Link::new(w.t("web-nav-assets"), "/assets")];
    let value = |column: &LedgerColumn| {
        let text = asset_list::value(&asset.asset, *column);
        (!text.is_empty()).then(|| {
            let text = shindan_report::dates::written(text, &w).into_owned();
            (w.label("ledger", column.as_str()), text)
        })
    };
    let may = visit.has(Action::KeepOrganisation.roles());
    let import = |number: u64, key: &str| {
        let text = w.get(key, &[("number", number.into())]);
        Link::new(text, format!("/assets/import/past/{number}"))
    };
    let mut imports = vec![import(asset.seen, "web-assets-seen"), import(asset.since, "web-assets-since")];
    imports.extend(asset.missing_since.map(|number| import(number, "inventory-missing-since")));
    let sheet = asset.sheet.as_deref().unwrap_or(&asset.ledger);
    Answer::page(&Page {
        facts: LedgerColumn::ALL.iter().filter_map(value).collect(),
        unsettled: Unsettled::of(&asset.asset)
            .into_iter()
            .map(|one| w.label("unsettled", one.as_str()))
            .collect(),
        place: w.get("web-assets-row-of", &[("sheet", sheet.into()), ("row", u64::from(asset.row).into())]),
        imports,
        records: records(&of, &w),
        cases: of.cases.iter().rev().map(|case| shown(case, &w)).collect(),
        remove: may && asset.missing_since.is_some(),
        missing: asset.missing_since.is_some(),
        begin: (may && of.asset.is_none()).then(|| {
            Link::new(w.t("web-assets-begin"), format!("/records/asset/new?asset={}", encoded(key)))
        }),
        key: encoded(key),
        row,
        frame,
    })
}

fn records(of: &OfAsset, w: &shindan_report::words::Words) -> Vec<(String, Link)> {
    let mut all = Vec::new();
    if let Some(asset) = of.asset {
        all.push((w.t("web-assets-record"), Link::new(w.t("web-assets-record-open"), address(asset))));
    }
    if let Some((system, name)) = &of.system {
        all.push((w.term(shindan_domain::ledger::Kind::System.term()), Link::new(name, address(*system))));
    }
    let device = |(stream, called): &(shindan_domain::ledger::Stream, String)| {
        (w.t("web-assets-dossier"), Link::new(called, address(*stream)))
    };
    all.extend(of.devices.iter().map(device));
    all
}

fn shown(case: &shindan_store::Row, w: &shindan_report::words::Words) -> Case {
    Case {
        number: case.number.clone().unwrap_or_default(),
        title: case.title.clone(),
        address: address(case.stream),
        status: w.term(case.status),
        tone: tone::of_status(&shindan_report::records::Status::from(case.status)).as_str(),
        open: case.open,
        due: case.due.map(|due| shindan_report::dates::short(due, w)).unwrap_or_default(),
    }
}

/// `POST /assets/{key}/remove`: an asset that its ledger no longer has.
pub(crate) async fn remove(
    State(web): State<Web>,
    Path(key): Path<String>,
    request: Request,
) -> Response<Body> {
    web.change(request, move |visit, form| {
        find(visit, &key)?;
        let reason = form.text("reason").trim().to_owned();
        if reason.is_empty() {
            let problem = Problem::new("value-invalid", 400);
            return Err(problem.with("field", visit.w.t("web-assets-reason")).with("value", ""));
        }
        let (folder, now) = (visit.desk.folder().clone(), visit.session.call.now);
        let session = &mut *visit.session;
        let removed =
            kept::keep(session.records, &session.who, &session.call, KeptPart::Register, |author| {
                register::remove(&folder, &key, &reason, author, now)
            });
        removed.map_err(|error| session.problem(error))?;
        renew(visit)?;
        Ok(Answer::see("/assets?told=assets-removed"))
    })
    .await
}

#[cfg(test)]
impl crate::pages::samples::Sample for Page {
    const NAME: &'static str = "asset";

    fn sample(frame: Frame) -> Page {
        use shindan_report::paper::Tone;
        let text = || "<運用>".to_owned();
        let row = Row {
            address: "/assets/id%3A1".to_owned(),
            number: text(),
            name: text(),
            kind: text(),
            product: text(),
            version: text(),
            patched: (text(), Tone::Undetermined),
            support: (text(), Tone::Late),
            exposure: (text(), Tone::Plain),
            place: text(),
            confirmed: text(),
            cases: 2,
            device: None,
            remarks: vec![(text(), Tone::Quiet)],
        };
        let case = Case {
            number: "CASE-1".to_owned(),
            title: text(),
            address: "/records/case/1".to_owned(),
            status: text(),
            tone: "late",
            open: true,
            due: "2026-11-27".to_owned(),
        };
        Page {
            frame,
            row,
            key: "id%3A1".to_owned(),
            facts: vec![(text(), text())],
            unsettled: vec![text()],
            place: text(),
            imports: vec![Link::new("<運用>", "/assets/import/past/1")],
            records: vec![(text(), Link::new("<運用>", "/records/device/1"))],
            cases: vec![case],
            remove: true,
            missing: true,
            begin: Some(Link::new("<運用>", "/records/asset/new")),
        }
    }
}
