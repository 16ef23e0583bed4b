//! What only the page of a system shows: its lists of software and what differs between two of them, where it runs, its devices,
//! agreement and open cases, and with which knowledge all that was judged (UI.md, page 4).

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use shindan_app::portfolio::{self, Lists};
use shindan_app::records::kept;
use shindan_app::records::organisation::releases_of;
use shindan_domain::case::Subject;
use shindan_domain::comparison::KeptPart;
use shindan_domain::inventory::Components;
use shindan_domain::inventory_difference::{ComponentChange, InventoryDifference};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::Action;
use shindan_domain::process::Relation;
use shindan_domain::record_id::SystemId;
use shindan_report::dates;
use shindan_report::records::Status;
use shindan_server::problem::Problem;

use super::assets::import::{hold, renew};
use crate::address::address;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::forms::intake;
use crate::frame::Link;
use crate::tone;
use crate::visit::{Visit, Web, answered};

/// Components of a difference that are shown; how many more there are is said.
const SHOWN: usize = 300;

/// The part.
pub(crate) struct Part {
    pub action: String,
    pub lists: Vec<List>,
    pub difference: Option<Difference>,
    /// How the kept lists stand.
    pub standing: String,
    pub standing_tone: &'static str,
    pub groups: Vec<Group>,
    pub may: bool,
}

/// A list of software that can be compared.
pub(crate) struct List {
    pub name: String,
    pub hash: String,
    pub what: String,
    pub at: String,
    /// It is kept for the system itself.
    pub kept: bool,
    pub from: bool,
    pub to: bool,
}

/// What differs between two lists.
#[derive(Default)]
pub(crate) struct Difference {
    pub counts: String,
    pub added: Vec<(String, String)>,
    pub changed: Vec<(String, String, String)>,
    pub removed: Vec<(String, String)>,
    pub more: Option<String>,
    /// One of them cannot be read.
    pub refused: Vec<String>,
}

/// Records that belong to the system.
pub(crate) struct Group {
    pub title: String,
    pub rows: Vec<Row>,
    pub empty: String,
}

pub(crate) struct Row {
    pub number: String,
    pub link: Link,
    pub status: String,
    pub tone: &'static str,
    pub due: String,
}

/// The part of the page of a system.
///
/// # Errors
/// Those of reading.
pub(crate) fn part(visit: &Visit<'_, '_>, system: Stream) -> Result<Part, Problem> {
    let folder = visit.desk.folder();
    let told = |error: shindan_app::error::AppError| visit.session.problem(error.into());
    let held = Lists::load(folder).map_err(told)?;
    let subject = Subject::System(SystemId(system.id));
    let (from, to) = (visit.asked.query("from"), visit.asked.query("to"));
    let marked = |list: &mut List| {
        list.from = from.as_deref() == Some(&list.hash);
        list.to = to.as_deref() == Some(&list.hash);
    };
    let mut lists = all_lists(visit, system, held.of(subject))?;
    lists.iter_mut().for_each(marked);
    let difference = match (&from, &to) {
        (Some(from), Some(to)) => Some(difference(visit, &lists, from, to)?),
        _ => None,
    };
    let (standing, standing_tone) = standing(visit)?;
    Ok(Part {
        action: address(system),
        difference,
        standing,
        standing_tone,
        groups: groups(visit, system)?,
        may: visit.has(Action::Operate.roles()),
        lists,
    })
}

/// The lists kept for the system, and those of the releases that run in it.
fn all_lists(
    visit: &Visit<'_, '_>,
    system: Stream,
    held: &[portfolio::KeptList],
) -> Result<Vec<List>, Problem> {
    let w = visit.w;
    let list = |name: String, hash: Hash, what: String, at: String, kept: bool| List {
        name,
        hash: hash.to_string(),
        what,
        at,
        kept,
        from: false,
        to: false,
    };
    let own =
        held.iter().map(|kept| list(kept.name(), kept.sha256, w.t("web-system-kept"), String::new(), true));
    let mut lists: Vec<List> = own.collect();
    let releases = releases_of(visit.session.records, &visit.session.who, SystemId(system.id));
    for (called, release) in releases.map_err(|error| visit.session.problem(error))? {
        for sbom in release.sboms.iter().rev() {
            let at = dates::minute(sbom.at, &w);
            lists.push(list(sbom.document.name.clone(), sbom.document.sha256, called.clone(), at, false));
        }
    }
    Ok(lists)
}

/// Components of one of the lists of this page; nothing else is opened.
fn components(
    visit: &Visit<'_, '_>,
    lists: &[List],
    hash: &str,
) -> Result<Result<Components, Vec<String>>, Problem> {
    let unknown = || Problem::new("record-unknown", 404).with("called", hash);
    let list = lists.iter().find(|list| list.hash == hash).ok_or_else(unknown)?;
    let parsed: Hash = hash.parse().map_err(|_| unknown())?;
    let words = |told: Vec<shindan_domain::diagnostic::Diagnostic>| {
        told.iter()
            .map(|one| format!("{}: {}", list.name, visit.w.code(one.code, &one.params)))
            .collect::<Vec<_>>()
    };
    let bytes = if list.kept {
        let folder = visit.desk.folder();
        let told = |error: shindan_app::error::AppError| visit.session.problem(error.into());
        let held = Lists::load(folder).map_err(told)?;
        let mut all = held.holdings.iter().flat_map(|holding| &holding.lists);
        let kept = all.find(|kept| kept.sha256 == parsed).ok_or_else(unknown)?;
        return Ok(match portfolio::read_kept(folder, kept) {
            Ok(inventory) => Ok(inventory.components),
            Err(shindan_app::error::AppError::FilesUnreadable(told)) => Err(words(told)),
            Err(error) => return Err(visit.session.problem(error.into())),
        });
    } else {
        let file = visit.session.records.store().open_document(&parsed);
        let mut file = file.map_err(|error| visit.session.problem(error.into()))?;
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).map_err(|error| Problem::internal(&error))?;
        bytes
    };
    Ok(portfolio::read_list(&bytes, &list.name).map(|inventory| inventory.components).map_err(words))
}

fn difference(visit: &Visit<'_, '_>, lists: &[List], from: &str, to: &str) -> Result<Difference, Problem> {
    let (before, after) = match (components(visit, lists, from)?, components(visit, lists, to)?) {
        (Ok(before), Ok(after)) => (before, after),
        (before, after) => {
            let refused = [before.err(), after.err()].into_iter().flatten().flatten().collect();
            return Ok(Difference { refused, ..Difference::default() });
        }
    };
    let found = InventoryDifference::between(&before, &after);
    let counts = [
        ("added", found.added.len().into()),
        ("changed", found.changed.len().into()),
        ("removed", found.removed.len().into()),
        ("unchanged", found.unchanged.into()),
    ];
    let versions = |versions: &std::collections::BTreeSet<String>| {
        versions.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    };
    let all = found.added.len() + found.changed.len() + found.removed.len();
    let shown = [&found.added, &found.changed, &found.removed]
        .map(|list| list.len().min(SHOWN))
        .iter()
        .sum::<usize>();
    let new = |one: &ComponentChange| (one.name.clone(), versions(&one.after));
    let gone = |one: &ComponentChange| (one.name.clone(), versions(&one.before));
    let other = |one: &ComponentChange| (one.name.clone(), versions(&one.before), versions(&one.after));
    Ok(Difference {
        counts: visit.w.get("web-system-difference-counts", &counts),
        added: found.added.iter().take(SHOWN).map(new).collect(),
        changed: found.changed.iter().take(SHOWN).map(other).collect(),
        removed: found.removed.iter().take(SHOWN).map(gone).collect(),
        more: (all > shown).then(|| visit.w.get("web-assets-and-more", &[("n", (all - shown).into())])),
        refused: Vec::new(),
    })
}

/// With which knowledge the kept lists were judged.
fn standing(visit: &Visit<'_, '_>) -> Result<(String, &'static str), Problem> {
    let folder = visit.desk.folder();
    let told = |error: shindan_app::error::AppError| visit.session.problem(error.into());
    let w = visit.w;
    if folder.current().map_err(told)?.is_none() {
        return Ok((w.t("web-system-no-knowledge"), "undetermined"));
    }
    let status = portfolio::status(folder).map_err(told)?;
    Ok(match status.knowledge {
        None => (w.t("web-system-not-judged"), "undetermined"),
        Some(knowledge) => {
            let values = [("knowledge", knowledge.into())];
            let (key, tone) = match status.current {
                true => ("web-system-judged", "plain"),
                false => ("web-system-behind", "late"),
            };
            (w.get(key, &values), tone)
        }
    })
}

/// What belongs to the system, in groups.
fn groups(visit: &Visit<'_, '_>, system: Stream) -> Result<Vec<Group>, Problem> {
    let target = system.id.hyphenated().to_string();
    let mut rows = Vec::new();
    for relation in [Relation::Subject, Relation::PartOf] {
        let found = visit.session.records.store().linked(relation, &target);
        rows.extend(found.map_err(|error| visit.session.problem(error.into()))?);
    }
    let w = visit.w;
    let kinds = [
        (Kind::Case, "web-system-no-cases"),
        (Kind::Agreement, "web-system-no-agreement"),
        (Kind::Deployment, "web-system-no-deployments"),
        (Kind::Environment, "web-system-no-environments"),
        (Kind::Device, "web-system-no-devices"),
        (Kind::Asset, "web-system-no-assets"),
    ];
    let group = |(kind, empty): (Kind, &str)| Group {
        title: if kind == Kind::Case { w.t("web-system-open-cases") } else { w.term(kind.term()) },
        rows: rows
            .iter()
            .filter(|row| row.stream.kind == kind && (kind != Kind::Case || row.open))
            .map(|row| Row {
                number: row.number.clone().unwrap_or_default(),
                link: Link::new(
                    if row.title.is_empty() { w.t("web-untitled") } else { row.title.clone() },
                    address(row.stream),
                ),
                status: w.term(row.status),
                tone: tone::of_status(&Status::from(row.status)).as_str(),
                due: row.due.filter(|_| row.open).map(|due| dates::short(due, &w)).unwrap_or_default(),
            })
            .collect(),
        empty: w.t(empty),
    };
    Ok(kinds.map(group).into())
}

/// `POST /records/system/{called}/lists`: a further list, or a newer version of one.
pub(crate) async fn add(
    State(web): State<Web>,
    Path(called): Path<String>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    let hash = match intake::one_file(&web, &parts, body).await {
        Ok(hash) => hash,
        Err(problem) => return answered(Err(problem), &asked),
    };
    // The token of the session came with the file.
    web.visit(&parts, move |visit| {
        let system = visit.find(Kind::System, &called)?;
        let to = address(system);
        let Some(hash) = hash else { return Ok(Answer::see(to)) };
        let path = visit.session.sent_file(&hash).ok_or_else(|| Problem::new("upload-gone", 404))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let bytes = std::fs::read(&path).map_err(|error| Problem::internal(&error))?;
        // What cannot be read is told before it is kept.
        if let Err(told) = portfolio::read_list(&bytes, &name) {
            let reasons: Vec<String> = told.iter().map(|one| visit.w.code(one.code, &one.params)).collect();
            return Err(Problem::new("file-unreadable", 422)
                .with("file", name)
                .with("reason", reasons.join(" ")));
        }
        hold(visit, Subject::System(SystemId(system.id)), &path, false)?;
        Ok(Answer::see(format!("{to}?told=assets-list-kept")))
    })
    .await
}

/// `POST /records/system/{called}/lists/release`: a list is no longer kept.
pub(crate) async fn release(
    State(web): State<Web>,
    Path(called): Path<String>,
    request: Request,
) -> Response<Body> {
    web.change(request, move |visit, form| {
        let system = visit.find(Kind::System, &called)?;
        let subject = Subject::System(SystemId(system.id));
        let names = [form.text("name").to_owned()];
        let folder = visit.desk.folder().clone();
        let session = &mut *visit.session;
        let released =
            kept::keep(session.records, &session.who, &session.call, KeptPart::Portfolio, |author| {
                portfolio::release(&folder, subject, &names, author)
            });
        released.map_err(|error| session.problem(error))?;
        renew(visit)?;
        Ok(Answer::see(format!("{}?told=done", address(system))))
    })
    .await
}

#[cfg(test)]
impl Part {
    /// For the sample of the page of a record.
    pub(crate) fn sample() -> Part {
        let text = || "<運用>".to_owned();
        let list = |kept| List {
            name: text(),
            hash: "00".to_owned(),
            what: text(),
            at: text(),
            kept,
            from: kept,
            to: !kept,
        };
        let row = Row {
            number: text(),
            link: Link::new("<運用>", "/records/case/1"),
            status: text(),
            tone: "late",
            due: text(),
        };
        Part {
            action: "/records/system/1".to_owned(),
            lists: vec![list(true), list(false)],
            difference: Some(Difference {
                counts: text(),
                added: vec![(text(), text())],
                changed: vec![(text(), text(), text())],
                removed: vec![(text(), text())],
                more: Some(text()),
                refused: vec![text()],
            }),
            standing: text(),
            standing_tone: "late",
            groups: vec![Group { title: text(), rows: vec![row], empty: text() }],
            may: true,
        }
    }
}
