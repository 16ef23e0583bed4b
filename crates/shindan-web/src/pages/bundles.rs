//! Bundles for closed networks: make one and save it; send one, look at what it says, and take it in (UI.md, page 2).

use std::collections::BTreeSet;

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::collect::bundles::{self, BundleGiven, BundleLooked, BundleOrder, BundleTaken};
use shindan_app::records::collect::{self, sync::Synced};
use shindan_app::records::refresh::after_knowledge_change;
use shindan_app::records::{self, Call};
use shindan_domain::collect::CheckOutcome;
use shindan_domain::ledger::Hash;
use shindan_domain::record_id::SourceId;
use shindan_report::dates;
use shindan_report::words::{Words, grouped};
use shindan_server::desk::Sent;
use shindan_server::problem::Problem;

use super::crosswalk::invalid;
use crate::address::encoded;
use crate::answer::Answer;
use crate::forms::intake;
use crate::frame::{Area, Frame, Link};
use crate::jobs::{Ended, Line};
use crate::visit::{Visit, Web, answered};

/// For so many days a bundle can be taken in, unless somebody says otherwise.
const DAYS: u16 = 30;

#[derive(Template)]
#[template(path = "bundles.html")]
pub(crate) struct Page {
    frame: Frame,
    may_operate: bool,
    days: u16,
    unclear: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "bundle.html")]
pub(crate) struct LookedPage {
    frame: Frame,
    file: String,
    facts: Vec<(String, String)>,
    sources: Vec<(String, String, String)>,
    refused: Option<String>,
    expired: Option<String>,
}

/// `GET /sources/bundles`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        let (records, who) = (&*visit.session.records, &visit.session.who);
        let standing = collect::standing(records, who, visit.session.call.now);
        let standing = standing.map_err(|error| visit.session.problem(error))?;
        let unclear = standing.iter().filter(|one| one.source.draft.may_leave_out);
        let unclear = unclear.map(|one| (one.id.0.to_string(), one.source.draft.title.clone())).collect();
        let may_operate = records::may_operate(who).is_ok();
        Answer::page(&Page { frame: frame(visit), may_operate, days: DAYS, unclear })
    })
    .await
}

fn frame(visit: &Visit<'_, '_>) -> Frame {
    let mut frame = visit.frame(Area::Vulnerabilities, visit.w.t("web-src-bundles"));
    frame.apart();
    frame.lead = visit.w.t("web-src-bundles-hint");
    frame.crumbs = vec![Link::new(visit.w.t("web-nav-sources"), "/sources")];
    frame
}

/// `POST /sources/bundles/export`
pub(crate) async fn export(State(web): State<Web>, request: Request) -> Response<Body> {
    let jobs = web.jobs.clone();
    web.change(request, move |visit, form| {
        records::may_operate(&visit.session.who).map_err(|error| visit.session.problem(error))?;
        let number = |name: &str| {
            let text = form.text(name).trim();
            (!text.is_empty()).then(|| text.parse::<u64>().map_err(|_| invalid(name, text))).transpose()
        };
        let days =
            number("days")?.map(|days| u16::try_from(days).map_err(|_| invalid("days", &days.to_string())));
        let (days, since) = (days.transpose()?.unwrap_or(DAYS), number("since")?);
        let left_out = form.0.iter().filter(|(name, _)| name == "leave_out");
        let left_out = left_out.map(|(name, id)| id.parse().map(SourceId).map_err(|_| invalid(name, id)));
        let leave_out = left_out.collect::<Result<BTreeSet<_>, _>>()?;
        // Among this person's uploads, which are removed after a day.
        let root = visit.desk.folder().root().to_owned();
        let folder = root.join("uploads").join(visit.session.who.person().to_string());
        let w = visit.w;
        Ok(Answer::see(jobs.begin(
            visit.desk,
            visit.by(),
            ("web-src-export", "/sources"),
            move |session, progress| {
                let call = Call::at(session.call.now);
                std::fs::create_dir_all(&folder).map_err(|error| Problem::internal(&error))?;
                let out = folder.join(format!("bundle-{}", call.now.as_nanosecond()));
                let order = BundleOrder { out: out.clone(), since, leave_out, days, name: None };
                let data = DataFolder::new(&root);
                let made = bundles::export(session.records, (&session.who, &call), &data, &order, progress);
                let made = made.map_err(|error| session.problem(error))?;
                let line =
                    |key: &str, text: String| Line { what: w.t(key), tone: "plain", text, address: None };
                let lines = vec![
                    line("web-src-bundle-number", made.manifest.sequence.to_string()),
                    line("web-src-bundle-expires", dates::minute(made.manifest.expires, &w)),
                    line("web-src-bundle-files", made.manifest.files.len().to_string()),
                    line("web-set-backup-size", grouped(made.bytes)),
                ];
                let name = format!("{:06}.shindan-bundle", made.manifest.sequence);
                Ok(Ended { lines, file: Some((name, out)) })
            },
        )))
    })
    .await
}

/// `POST /sources/bundles/look`: takes the file in beside the records and shows what an import would say.
pub(crate) async fn look(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let came = intake::take(&web, &parts, body, Sent::Sealed).await;
    let came = match came {
        Ok(came) => came,
        Err(problem) => return answered(Err(problem), &crate::asked::Asked::of(&parts)),
    };
    web.visit(&parts, move |visit| {
        if let Some((_, problem)) = came.refused.into_iter().next() {
            return Err(problem);
        }
        let Some((file, _)) = came.typed.text("bundle").split_once(' ') else {
            return Ok(Answer::see("/sources/bundles?told=src-no-file"));
        };
        let session = &visit.session;
        let path = uploaded(visit, file)?;
        let looked = bundles::examine(session.records, &session.who, &path, session.call.now);
        let looked = looked.map_err(|error| session.problem(error))?;
        Answer::page(&looked_page(visit, file.to_owned(), &looked))
    })
    .await
}

fn uploaded(visit: &Visit<'_, '_>, hash: &str) -> Result<std::path::PathBuf, Problem> {
    let hash: Hash = hash.parse().map_err(|_| invalid("file", hash))?;
    visit.session.upload(&hash).map_err(|error| visit.session.problem(error))
}

/// `POST /sources/bundles/import`
pub(crate) async fn import(State(web): State<Web>, request: Request) -> Response<Body> {
    let jobs = web.jobs.clone();
    web.change(request, move |visit, form| {
        let because = Some(form.text("because").trim().to_owned()).filter(|text| !text.is_empty());
        let given = BundleGiven { file: uploaded(visit, form.text("file"))?, expired_because: because };
        let (root, w) = (visit.desk.folder().root().to_owned(), visit.w);
        Ok(Answer::see(jobs.begin(
            visit.desk,
            visit.by(),
            ("web-src-import", "/sources"),
            move |session, progress| {
                let call = Call::at(session.call.now);
                let data = DataFolder::new(&root);
                let taken = bundles::import(session.records, (&session.who, &call), &data, &given, progress);
                let taken = taken.map_err(|error| session.problem(error))?;
                if taken.built.is_some() {
                    let call = Call::at(session.call.now);
                    let after = after_knowledge_change(session.records, &session.who, &call, progress);
                    let after = after.map_err(|error| session.problem(error))?;
                    if let Some(failed) = after.failed.into_iter().next() {
                        return Err(session.problem(failed.error));
                    }
                }
                Ok(Ended { lines: taken_in(&taken, &w), file: None })
            },
        )))
    })
    .await
}

fn taken_in(taken: &BundleTaken, w: &Words) -> Vec<Line> {
    let source = |one: &Synced| {
        let (tone, text) = match &one.outcome {
            CheckOutcome::Failed { failure, .. } => {
                let why = w.term(failure.term());
                ("immediate", w.get("collect-outcome-failed", &[("why", (&why).into())]))
            }
            outcome => ("quiet", super::sources::result_of(outcome.result(), outcome.new_items(), w)),
        };
        let address = one.check.as_ref().map(|check| format!("/records/source-check/{}", encoded(check)));
        Line { what: one.name.clone(), tone, text, address }
    };
    let mut lines: Vec<Line> = taken.sources.iter().map(source).collect();
    let told = |names: &[String], key: &str| Line {
        what: names.join(", "),
        tone: "plain",
        text: w.t(key),
        address: None,
    };
    if !taken.added.is_empty() {
        lines.push(told(&taken.added, "web-src-bundle-added"));
    }
    if !taken.passed_over.is_empty() {
        lines.push(told(&taken.passed_over, "web-src-bundle-passed-over"));
    }
    lines
}

fn looked_page(visit: &Visit<'_, '_>, file: String, looked: &BundleLooked) -> LookedPage {
    let (w, manifest) = (visit.w, &looked.manifest);
    let facts = [
        ("web-src-bundle-from", manifest.sender.party.clone()),
        ("web-src-bundle-number", manifest.sequence.to_string()),
        ("web-src-bundle-made", dates::minute(manifest.created, &w)),
        ("web-src-bundle-expires", dates::minute(manifest.expires, &w)),
        ("web-src-bundle-files", manifest.files.len().to_string()),
    ];
    let sources = manifest.sources.iter().map(|one| {
        let good = one.last_good.map_or_else(|| w.t("collect-never"), |at| dates::minute(at, &w));
        let left_out = one.left_out.as_ref().map(|_| w.t("web-src-bundle-left-out")).unwrap_or_default();
        (w.term(one.kind.term()), good, left_out)
    });
    LookedPage {
        frame: frame(visit),
        file,
        facts: facts.map(|(key, text)| (w.t(key), text)).into(),
        sources: sources.collect(),
        refused: looked.refused.as_ref().map(|reason| w.reason(reason)),
        expired: looked.expired.as_ref().map(|reason| w.reason(reason)),
    }
}

#[cfg(test)]
mod sampled {
    use super::*;
    use crate::pages::samples::Sample;

    impl Sample for Page {
        const NAME: &'static str = "bundles";

        fn sample(frame: Frame) -> Page {
            let unclear = vec![("1".to_owned(), "<運用>".to_owned())];
            Page { frame, may_operate: true, days: DAYS, unclear }
        }
    }

    impl Sample for LookedPage {
        const NAME: &'static str = "bundle";

        fn sample(frame: Frame) -> LookedPage {
            LookedPage {
                frame,
                file: "00ff".to_owned(),
                facts: vec![("from".to_owned(), "<運用>".to_owned())],
                sources: vec![("kev".to_owned(), "09:00".to_owned(), "left out".to_owned())],
                refused: None,
                expired: Some("<運用>".to_owned()),
            }
        }
    }
}
