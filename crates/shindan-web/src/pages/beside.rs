//! What stands on the page of a record beside what the record itself says: the checks of a source, who does what by an agreement
//! and what its last version changed.

use shindan_app::records::{self, Asked, agreement_files};
use shindan_domain::agreement::{Difference, Involvement};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Relation, Shown};
use shindan_domain::record_id::AgreementId;
use shindan_report::agreement::mark;
use shindan_report::dates;
use shindan_report::records::Names;
use shindan_server::problem::Problem;
use shindan_store::Sort;

use super::record::{List, Value, values};
use crate::visit::{Visit, address};

/// So many checks of a source are shown; the list has them all.
const CHECKS: u32 = 31;

/// Lists that come before those of the record.
pub(crate) fn lists(visit: &Visit<'_, '_>, stream: Stream, names: &Names) -> Result<Vec<List>, Problem> {
    match stream.kind {
        Kind::Source => checks(visit, stream).map(|list| vec![list]),
        Kind::Agreement => agreed(visit, AgreementId(stream.id), names),
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
        let number = row.number.clone().unwrap_or_else(|| row.stream.id.to_string());
        vec![
            vec![Value { text: number, address: Some(address(row.stream)) }],
            text(dates::minute(row.changed, &w)),
            text(w.t(&format!("term-{}-{}", row.status.set, row.status.value))),
            text(&row.title),
        ]
    };
    let columns = ["web-col-number", "web-ledger-at", "web-col-state", "web-col-title"];
    Ok(List {
        title: w.t("web-src-checks"),
        columns: columns.map(|key| w.t(key)).into(),
        rows: list.rows.iter().map(row).collect(),
    })
}

/// Duties × parties, and in what the last version differs from the one before.
fn agreed(visit: &Visit<'_, '_>, id: AgreementId, names: &Names) -> Result<Vec<List>, Problem> {
    let w = visit.w;
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let problem = |error| visit.session.problem(error);
    let (agreement, _) = agreement_files::readable(records, who, id).map_err(problem)?;
    let content = &agreement.content;
    let parties: Vec<&str> = content.parties.iter().map(|party| party.name.as_str()).collect();
    let rows = content.duties.iter().map(|duty| {
        let marks =
            |party: &&str| text(duty.involvement.get(*party).map(|one| mark(*one)).unwrap_or_default());
        [text(&duty.key), text(&duty.text)].into_iter().chain(parties.iter().map(marks)).collect()
    });
    let head = [w.t("web-evid-duty"), w.t("web-evid-duty-text")];
    let legend = Involvement::ALL.iter().map(|one| format!("{} {}", mark(*one), w.term(one.term())));
    let legend = legend.collect::<Vec<_>>().join("  ");
    let mut lists = vec![List {
        title: w.get("web-evid-duties", &[("legend", (&legend).into())]),
        columns: head.into_iter().chain(parties.iter().map(|party| (*party).to_owned())).collect(),
        rows: rows.collect(),
    }];
    let (from, to, all) = agreement_files::diff(records, who, id, None, None).map_err(problem)?;
    if !all.is_empty() {
        let cell = |cell: Option<Shown>| cell.map(|shown| values(&shown, names, &w)).unwrap_or_default();
        let row = |one: &Difference| one.row().into_iter().map(cell).collect();
        lists.push(List {
            title: w
                .get("web-evid-differs", &[("from", u64::from(from).into()), ("to", u64::from(to).into())]),
            columns: Difference::COLUMNS.map(|label| w.label_of(label)).into(),
            rows: all.iter().map(row).collect(),
        });
    }
    Ok(lists)
}
