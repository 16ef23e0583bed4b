//! What stands on the page of a record beside what the record itself says: the checks of a source.

use shindan_app::records::{self, Asked};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::Relation;
use shindan_report::dates;
use shindan_server::problem::Problem;
use shindan_store::Sort;

use super::value::{List, Value};
use crate::address::address;
use crate::visit::Visit;

/// So many checks of a source are shown; the list has them all.
const CHECKS: u32 = 31;

/// Lists that come before those of the record.
pub(crate) fn lists(visit: &Visit<'_, '_>, stream: Stream) -> Result<Vec<List>, Problem> {
    match stream.kind {
        Kind::Source => checks(visit, stream).map(|list| vec![list]),
        _ => Ok(Vec::new()),
    }
}

fn text(text: impl Into<String>) -> Vec<Value> {
    vec![Value { text: text.into(), address: None }]
}

fn checks(visit: &Visit<'_, '_>, source: Stream) -> Result<List, Problem> {
    let w = visit.w;
    let asked = Asked {
        open_only: false,
        linked: Some((Relation::PartOf, source.id.hyphenated().to_string())),
        sort: Sort::Opened,
        ..Asked::new(Kind::SourceCheck, CHECKS)
    };
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let list = records::list(records, who, &asked, visit.session.call.now);
    let list = list.map_err(|error| visit.session.problem(error))?;
    let row = |row: &shindan_report::records::RecordRow| {
        // A check has no number: its time says which one it is.
        let at = dates::minute(row.changed, &w);
        vec![
            vec![Value { text: at, address: Some(address(row.stream)) }],
            text(w.t(&format!("term-{}-{}", row.status.set, row.status.value))),
            text(&row.title),
        ]
    };
    let columns = ["web-ledger-at", "web-col-state", "web-col-title"];
    Ok(List {
        title: w.t("web-src-checks"),
        columns: columns.map(|key| w.t(key)).into(),
        rows: list.rows.iter().map(row).collect(),
        files: None,
    })
}
