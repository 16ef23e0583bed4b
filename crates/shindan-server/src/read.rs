//! Reading: lists, records, their entries, the ledger.

use jiff::civil::Date;
use shindan_app::records::device_lists::{self, Listed};
use shindan_app::records::kept::KeptDifference;
use shindan_app::records::{self, Asked, RecordsError, changes, control, ledger};
use shindan_domain::change::Gate;
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::process::Relation;
use shindan_domain::record_id::ChangeId;
use shindan_store::{Sort, StoreError, Stored};

use crate::command::Session;
use crate::document::Document;
use crate::problem::Problem;
use crate::query::{Pairs, invalid};
use crate::reply::Reply;
use crate::uploads::Upload;

/// Rows of a page, unless the client says otherwise.
pub(crate) const ROWS: u32 = 50;
/// Rows of a page at most.
pub(crate) const MOST_ROWS: u32 = 1000;

/// Names in the address of a list.
pub(crate) const LIST: &[&str] = &["open", "state", "text", "relation", "target", "sort", "limit", "cursor"];
/// Names in the address of a record.
pub(crate) const RECORD: &[&str] = &["history"];
/// Names in the address of entries.
pub(crate) const ENTRIES: &[&str] = &["after", "limit"];
/// Names in the address of a verification.
pub(crate) const VERIFY: &[&str] = &["states"];
/// Names in the address of refusals.
pub(crate) const REFUSALS: &[&str] = &["limit"];

/// Names in the address of an upload.
pub(crate) const UPLOAD: &[&str] = &["name", "patch", "sealed"];

/// Names in the address of the status of controls.
pub(crate) const STATUS: &[&str] = &["as-of"];

/// Names in the address of what is open about devices.
pub(crate) const DEVICE_ALARMS: &[&str] = &["only"];

/// Names in the address of a gate.
pub(crate) const GATE: &[&str] = &["file"];

/// Text forms of the orders of lists.
pub(crate) const SORTS: &[(&str, Sort)] = &[
    ("urgency", Sort::Urgency),
    ("due", Sort::Due),
    ("changed", Sort::Changed),
    ("opened", Sort::Opened),
    ("title", Sort::Title),
];

/// `GET /api/v1/{kind}`
pub(crate) fn list(session: &mut Session<'_>, kind: Kind, query: &Pairs) -> Result<Reply, Problem> {
    let sort = query.text("sort").unwrap_or("urgency");
    let sort = SORTS.iter().find(|(name, _)| *name == sort).ok_or_else(|| invalid("sort", sort))?.1;
    let linked = match (query.text("relation"), query.text("target")) {
        (None, None) => None,
        (Some(relation), Some(target)) => {
            let relation: Relation = relation.parse().map_err(|_| invalid("relation", relation))?;
            Some((relation, target.to_owned()))
        }
        (relation, _) => return Err(invalid("target", relation.unwrap_or_default())),
    };
    let asked = Asked {
        open_only: query.parsed("open", true)?,
        state: query.text("state").map(str::to_owned),
        text: query.text("text").map(str::to_owned),
        linked,
        sort,
        after: query.text("cursor").map(str::to_owned),
        ..Asked::new(kind, query.limit(ROWS, MOST_ROWS)?)
    };
    let list = records::list(session.records, &session.who, &asked, session.call.now)
        .map_err(|error| session.problem(error))?;
    let mut body = Vec::new();
    shindan_report::records::write_records(&mut body, &list).map_err(|error| Problem::internal(&error))?;
    Ok(Reply::new(body))
}

/// `GET /api/v1/{kind}/{record}`
pub(crate) fn record(session: &mut Session<'_>, stream: Stream, query: &Pairs) -> Result<Reply, Problem> {
    let history = query.parsed("history", false)?;
    let page = records::page(session.records, &session.who, stream, history)
        .map_err(|error| session.problem(error))?;
    let body = shindan_report::records::record_json(&page);
    Ok(Reply { revision: Some(page.revision), ..Reply::of(&body) })
}

/// `GET /api/v1/{kind}/{record}/entries`
pub(crate) fn entries_of(session: &mut Session<'_>, stream: Stream) -> Result<Reply, Problem> {
    let entries =
        ledger::entries_of(session.records, &session.who, stream).map_err(|error| session.problem(error))?;
    Ok(entries_reply(&entries, None))
}

/// `GET /api/v1/ledger/entries`
pub(crate) fn entries(session: &mut Session<'_>, query: &Pairs) -> Result<Reply, Problem> {
    let limit = query.limit(ROWS, MOST_ROWS)?;
    let entries = ledger::entries(session.records, &session.who, query.parsed("after", 0)?, limit as usize)
        .map_err(|error| session.problem(error))?;
    let next = entries.last().filter(|_| entries.len() == limit as usize).map(|last| last.entry.sequence);
    Ok(entries_reply(&entries, next))
}

fn entries_reply(entries: &[Stored], next: Option<u64>) -> Reply {
    let entry = |stored: &Stored| serde_json::json!({"entry": stored.entry, "hash": stored.hash});
    let entries: Vec<_> = entries.iter().map(entry).collect();
    Reply::of(&serde_json::json!({"schema": "shindan.entries/1", "entries": entries, "next": next}))
}

/// `GET /api/v1/ledger/verification`
pub(crate) fn verify(session: &mut Session<'_>, query: &Pairs) -> Result<Reply, Problem> {
    session.may_read()?;
    let checked = ledger::verify(session.records, &[], query.parsed("states", false)?)
        .map_err(|error| session.problem(error))?;
    let verified = &checked.verified;
    let problem = |problem: &shindan_store::Problem| serde_json::json!({"code": problem.code(), "sequence": problem.sequence(), "text": problem.to_string()});
    let difference = |difference: &shindan_store::Difference| {
        let (kind, id) = (difference.stream.map(|s| s.kind), difference.stream.map(|s| s.id));
        serde_json::json!({"kind": kind, "id": id, "what": difference.what})
    };
    let beside = |kept: &KeptDifference| serde_json::json!({"part": kept.part, "noted": kept.noted, "found": kept.found});
    Ok(Reply::of(&serde_json::json!({
        "schema": "shindan.verification/1",
        "whole": checked.is_whole(),
        "entries": verified.entries,
        "last": {"sequence": verified.last.sequence, "hash": verified.last.hash},
        "covered": verified.covered,
        "checkpoints": verified.checkpoints,
        "problems": verified.problems.iter().map(problem).collect::<Vec<_>>(),
        "differences": checked.differences.map(|all| all.iter().map(difference).collect::<Vec<_>>()),
        "beside": checked.kept.iter().map(beside).collect::<Vec<_>>(),
    })))
}

/// `POST /api/v1/ledger/checkpoints`
pub(crate) fn checkpoint(session: &mut Session<'_>) -> Result<Reply, Problem> {
    let checkpoint = ledger::checkpoint(session.records, &session.who, &session.call)
        .map_err(|error| session.problem(error))?;
    let body = serde_json::json!({
        "schema": "shindan.checkpoint/1",
        "checkpoint": checkpoint,
        "text": checkpoint.to_text(),
    });
    Ok(Reply { status: axum::http::StatusCode::CREATED, ..Reply::of(&body) })
}

/// `GET /api/v1/ledger/refusals`
pub(crate) fn refusals(session: &mut Session<'_>, query: &Pairs) -> Result<Reply, Problem> {
    let limit = query.limit(ROWS, MOST_ROWS)?;
    let refusals = ledger::refusals(session.records, &session.who, limit as usize)
        .map_err(|error| session.problem(error))?;
    let refusal = |refused: &shindan_store::Refused| {
        let step = &refused.step;
        serde_json::json!({
            "at": step.at,
            "person": step.person,
            "action": step.action,
            "kind": step.stream.map(|stream| stream.kind),
            "id": step.stream.map(|stream| stream.id),
            "reason": shindan_report::records::reason_json(&step.refusal.reason),
            "missing": step.refusal.missing.iter().map(shindan_report::records::reason_json).collect::<Vec<_>>(),
        })
    };
    let refusals: Vec<_> = refusals.iter().map(refusal).collect();
    Ok(Reply::of(&serde_json::json!({"schema": "shindan.refusals/1", "refusals": refusals})))
}

/// `GET /api/v1/me`
pub(crate) fn me(session: &mut Session<'_>) -> Result<Reply, Problem> {
    let who = &session.who;
    Ok(Reply::of(&serde_json::json!({
        "schema": "shindan.me/1",
        "person": who.person(),
        "name": session.records.name(who.person()),
        "roles": who.roles,
        "scope": who.scope,
    })))
}

/// `GET /api/v1/control-status`
pub(crate) fn control_status(session: &mut Session<'_>, query: &Pairs) -> Result<Reply, Problem> {
    let day = query.text("as-of");
    let as_of: Option<Date> = day.map(|text| text.parse().map_err(|_| invalid("as-of", text))).transpose()?;
    let report = control::report(session.records, &session.who, as_of, session.call.now);
    let report = report.map_err(|error| match error {
        // A day that has not come.
        RecordsError::Invalid { value, .. } => invalid("as-of", &value),
        other => session.problem(other),
    })?;
    let mut body = Vec::new();
    shindan_report::control::write_control(&mut body, &report).map_err(|error| Problem::internal(&error))?;
    Ok(Reply::new(body))
}

/// `GET /api/v1/device-alarms`
pub(crate) fn device_alarms(session: &mut Session<'_>, query: &Pairs) -> Result<Reply, Problem> {
    let listed = match query.text("only") {
        None => Listed::Alarms,
        Some("still-connected") => Listed::StillConnected,
        Some(other) => return Err(invalid("only", other)),
    };
    let report = device_lists::list(session.records, &session.who, listed, session.call.now)
        .map_err(|error| session.problem(error))?;
    let mut body = Vec::new();
    shindan_report::devices::write_devices(&mut body, &report).map_err(|error| Problem::internal(&error))?;
    Ok(Reply::new(body))
}

/// `GET /api/v1/change/{record}/gate`
pub(crate) fn gate(session: &mut Session<'_>, change: Stream, query: &Pairs) -> Result<Reply, Problem> {
    let file = query.text("file");
    let file: Option<Hash> = file.map(|text| text.parse().map_err(|_| invalid("file", text))).transpose()?;
    let file = file.map(|hash| session.upload(&hash)).transpose();
    let gate = file.and_then(|file| {
        changes::gate(session.records, &session.who, &session.call, ChangeId(change.id), file.as_deref())
    });
    let (path, missing) = match gate.map_err(|error| session.problem(error))? {
        Gate::Open(path) => (Some(path), Vec::new()),
        Gate::Blocked(missing) => (None, missing),
    };
    Ok(Reply::of(&serde_json::json!({
        "schema": "shindan.gate/1",
        "open": path.is_some(),
        "path": path,
        "missing": missing.iter().map(shindan_report::records::reason_json).collect::<Vec<_>>(),
    })))
}

/// `GET /api/v1/documents/{sha256}`
pub(crate) fn document(session: &mut Session<'_>, called: &str) -> Result<Document, Problem> {
    session.may_read()?;
    let unknown = || Problem::new("record-unknown", 404).with("called", called);
    let sha256: Hash = called.parse().map_err(|_| unknown())?;
    let file = match session.records.store().open_document(&sha256) {
        Err(StoreError::NoDocument(_)) => return Err(unknown()),
        opened => opened.map_err(|error| session.problem(error.into()))?,
    };
    Document::new(file, sha256.to_string()).map_err(|error| Problem::internal(&error))
}

/// `POST /api/v1/uploads`
pub(crate) fn uploaded(upload: &Upload) -> Reply {
    let body = serde_json::json!({
        "schema": "shindan.upload/1",
        "sha256": upload.sha256,
        "size": upload.size,
        "name": upload.name,
    });
    Reply { status: axum::http::StatusCode::CREATED, ..Reply::of(&body) }
}
