//! 台帳: the state of the chain, entries by person, kind, event and day, one entry with its hash, verification, checkpoints, refused
//! steps (UI.md, page 13).

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use jiff::ToSpan;
use shindan_app::records::ledger::{self, Checked};
use shindan_domain::ledger::{Checkpoint, Kind};
use shindan_domain::record_id::PersonId;
use shindan_report::paper::Tone;
use shindan_report::words::{Words, grouped};
use shindan_report::{dates, order};
use shindan_server::problem::Problem;
use shindan_store::{Sought, Stored};

use super::crosswalk::{day_of, invalid};
use crate::address::{address, address_with};
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::listing::{self, Cell, Column, Columns, Format, Listing, Piece};
use crate::visit::{Visit, Web};

/// Entries of a page.
const ROWS: usize = 50;
/// Refused steps that are shown.
const REFUSED: usize = 30;
/// Entries that are read at once for a file.
const AT_ONCE: usize = 1_000;
/// What the lists are called in addresses.
const LIST: &str = "ledger";
const REFUSALS: &str = "refusals";

/// Something that can be chosen: its value, its name, and whether it is.
type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "ledger.html")]
pub(crate) struct Page {
    frame: Frame,
    last: String,
    last_hash: String,
    checkpoint: Option<(String, String)>,
    uncovered: u64,
    kinds: Vec<(String, String, bool)>,
    people: Vec<(String, String, bool)>,
    /// By kind of record: the code, its words, whether it is sought.
    events: Vec<(String, Vec<Choice>)>,
    /// The code that is sought.
    event: String,
    day: String,
    list: Listing,
    older: Option<String>,
}

struct Row {
    sequence: u64,
    at: jiff::Timestamp,
    who: String,
    event: String,
    code: String,
    record: Link,
    kind: String,
}

#[derive(Template)]
#[template(path = "entry.html")]
pub(crate) struct EntryPage {
    frame: Frame,
    facts: Vec<(String, Option<String>, String)>,
    /// The event as programs call it.
    code: String,
    hash: String,
    previous: String,
    json: String,
    before: Option<u64>,
    after: Option<u64>,
}

#[derive(Template)]
#[template(path = "verified.html")]
pub(crate) struct VerifiedPage {
    frame: Frame,
    whole: bool,
    told: Vec<String>,
    problems: Vec<String>,
}

#[derive(Template)]
#[template(path = "refusals.html")]
pub(crate) struct RefusalsPage {
    frame: Frame,
    list: Listing,
}

/// `GET /ledger`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

/// `GET /ledger/{sequence}`
pub(crate) async fn entry(
    State(web): State<Web>,
    Path(sequence): Path<String>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, move |visit| {
        let unknown = || Problem::new("record-unknown", 404).with("called", &sequence);
        let number: u64 = sequence.parse().map_err(|_| unknown())?;
        entry_page(visit, number)?.ok_or_else(unknown)
    })
    .await
}

/// `GET /ledger/refusals`
pub(crate) async fn refusals(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        let w = visit.w;
        let of = |id, key: &str, class, share| Column::new(id, w.t(key), class, share);
        let all = vec![
            of("at", "web-ledger-at", "day", 3),
            of("who", "web-ledger-who", "", 3),
            of("record", "web-ledger-record", "", 4),
            of("reason", "web-ledger-why", "", 6),
            of("missing", "web-ledger-missing", "", 6),
        ];
        let columns = Columns::of(visit, REFUSALS, all)?;
        let format = listing::wanted(visit.asked, REFUSALS)?;
        let most = if format.is_some() { listing::MOST.saturating_add(1) } else { REFUSED };
        let (records, who) = (&*visit.session.records, &visit.session.who);
        let found = ledger::refusals(records, who, most).map_err(|error| visit.session.problem(error))?;
        let rows = found.iter().map(|one| refused(visit, &columns, one)).collect();
        let list = Listing::new(visit.asked, w.t("web-ledger-refusals"), columns, rows);
        let list = list.or_else(w.t("web-ledger-none-refused"));
        if let Some(format) = format {
            return listing::written(visit, format, &[list], &[]);
        }
        let mut frame = visit.frame(Area::Evidence, w.t("web-ledger-refusals"));
        frame.crumbs = vec![Link::new(w.t("web-nav-ledger"), "/ledger")];
        frame.lead = w.t("web-ledger-refusals-lead");
        Answer::page(&RefusalsPage { frame, list })
    })
    .await
}

fn refused(visit: &Visit<'_, '_>, columns: &Columns, one: &shindan_store::Refused) -> Vec<Cell> {
    let (w, step) = (visit.w, &one.step);
    let called = |stream| visit.session.records.called(stream).unwrap_or_else(|| w.t("web-untitled"));
    columns.row(|id| match id {
        "at" => Cell::minute(step.at, &w),
        "who" => Cell::text(step.person.map(|person| name(visit, person)).unwrap_or_default()),
        "record" => match step.stream {
            Some(stream) => Cell::link(called(stream), address(stream)),
            None => Cell::default(),
        },
        "reason" => Cell::text(w.reason(&step.refusal.reason)),
        _ => {
            let missing =
                step.refusal.missing.iter().map(|reason| Piece::toned(w.reason(reason), Tone::Plain));
            missing.fold(Cell::default(), Cell::with)
        }
    })
}

/// `GET /ledger/verification`: verifies now.
pub(crate) async fn verification(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, |visit| {
        let (records, who) = (&*visit.session.records, &visit.session.who);
        let problem = |error| visit.session.problem(error);
        // Who may not read is not told what is wrong.
        ledger::entries(records, who, 0, 1).map_err(problem)?;
        let checked = ledger::verify(records, &[], true).map_err(problem)?;
        let w = visit.w;
        let mut frame = visit.frame(Area::Evidence, w.t("web-ledger-verified"));
        frame.crumbs = vec![Link::new(w.t("web-nav-ledger"), "/ledger")];
        let (told, problems) = told(visit, &checked);
        Answer::page(&VerifiedPage { frame, whole: checked.is_whole(), told, problems })
    })
    .await
}

/// `POST /ledger/checkpoints`: makes one and gives it to keep elsewhere.
pub(crate) async fn checkpoint(State(web): State<Web>, request: Request) -> Response<Body> {
    web.change(request, |visit, _| {
        let session = &visit.session;
        let made = ledger::checkpoint(session.records, &session.who, &session.call);
        let made = made.map_err(|error| session.problem(error))?;
        Ok(Answer::File {
            media: "text/plain; charset=utf-8",
            name: format!("checkpoint-{}.txt", made.sequence),
            bytes: made.to_text().into_bytes(),
            inline: false,
        })
    })
    .await
}

/// `GET /documents/{sha256}`: for those who may read.
pub(crate) async fn document(
    State(web): State<Web>,
    Path(sha256): Path<String>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, move |visit| shindan_server::desk::document(visit.session, &sha256).map(Answer::Stream))
        .await
}

fn name(visit: &Visit<'_, '_>, person: PersonId) -> String {
    visit.session.records.name(person).unwrap_or_else(|| visit.w.t("records-name-erased"))
}

/// What the address asks for.
fn sought(visit: &Visit<'_, '_>) -> Result<Sought, Problem> {
    let asked = visit.asked;
    let kind = asked.query("kind");
    let kind = kind.map(|kind| kind.parse::<Kind>().map_err(|_| invalid("kind", &kind))).transpose()?;
    let person = asked.query("person");
    let person =
        person.map(|text| text.parse().map(PersonId).map_err(|_| invalid("person", &text))).transpose()?;
    let number = |name: &str| {
        let text = asked.query(name);
        text.map(|text| text.parse::<u64>().map_err(|_| invalid(name, &text))).transpose()
    };
    let day = day_of(visit, "day")?;
    // `from`: the entry that a record's history leads to comes first.
    let before = number("before")?.or(number("from")?.map(|from| from.saturating_add(1)));
    Ok(Sought {
        kind,
        event: asked.query("event"),
        person,
        from: day.map(shindan_domain::calendar::start_of),
        until: day.map(|day| shindan_domain::calendar::start_of(day.saturating_add(1.day()))),
        before,
    })
}

fn columns(visit: &Visit<'_, '_>) -> Result<Columns, Problem> {
    let of = |id, key: &str, class, share| Column::new(id, visit.w.t(key), class, share);
    let all = vec![
        of("number", "web-col-number", "number", 2),
        of("at", "web-ledger-at", "day", 3),
        of("who", "web-ledger-who", "", 3),
        of("what", "web-ledger-what", "", 5),
        of("event", "web-ledger-code", "", 3).aside(),
        of("kind", "web-ledger-kind", "", 3),
        of("record", "web-ledger-record", "", 4),
    ];
    Columns::of(visit, LIST, all)
}

fn cells(visit: &Visit<'_, '_>, columns: &Columns, stored: &Stored) -> Vec<Cell> {
    let row = row(visit, stored);
    columns.row(|id| match id {
        "number" => Cell::link(format!("#{}", row.sequence), format!("/ledger/{}", row.sequence)),
        "at" => Cell::minute(row.at, &visit.w),
        "who" => Cell::text(row.who.clone()),
        "what" => Cell::text(row.event.clone()),
        "event" => Cell::text(row.code.clone()),
        "kind" => Cell::text(row.kind.clone()),
        _ => Cell::link(row.record.text.clone(), row.record.address.clone()),
    })
}

/// All entries that are sought, as a file.
fn file(
    visit: &Visit<'_, '_>,
    format: Format,
    mut sought: Sought,
    columns: Columns,
) -> Result<Answer, Problem> {
    let w = visit.w;
    let filter = [
        sought.kind.map(|kind| w.term(kind.term())),
        sought.person.map(|person| name(visit, person)),
        day_of(visit, "day")?.map(|day| dates::short(day, &w)),
        sought.event.as_deref().map(|event| w.event(event)),
        Some(w.t("web-ledger-newest-first")),
    ];
    // All of them, not from where the page begins.
    sought.before = None;
    let mut rows = Vec::new();
    loop {
        let (records, who) = (&*visit.session.records, &visit.session.who);
        let found =
            ledger::search(records, who, &sought, AT_ONCE).map_err(|error| visit.session.problem(error))?;
        rows.extend(found.entries.iter().map(|stored| cells(visit, &columns, stored)));
        listing::room(rows.len())?;
        match found.before {
            Some(before) => sought.before = Some(before),
            None => break,
        }
    }
    let list = Listing::new(visit.asked, w.t("web-nav-ledger"), columns, rows);
    let filter: Vec<String> = filter.into_iter().flatten().collect();
    listing::written(visit, format, &[list.or_else(w.t("web-ledger-nothing"))], &filter)
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let w = visit.w;
    let (sought, columns) = (sought(visit)?, columns(visit)?);
    if let Some(format) = listing::wanted(visit.asked, LIST)? {
        return file(visit, format, sought, columns);
    }
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let problem = |error| visit.session.problem(error);
    let found = ledger::search(records, who, &sought, ROWS).map_err(problem)?;
    let head = records.store().head().map_err(|error| problem(error.into()))?;
    let checkpoints = records.store().checkpoints().map_err(|error| problem(error.into()))?;
    let last: Option<&Checkpoint> = checkpoints.last();
    let names = records.store().names().map_err(|error| problem(error.into()))?;
    let chosen = |id: &PersonId| sought.person == Some(*id);
    let mut people: Vec<_> =
        names.iter().map(|(id, name)| (id.0.to_string(), name.clone(), chosen(id))).collect();
    people.sort_by_cached_key(|(_, name, _)| order::key(name));
    let mut kinds: Vec<_> = Kind::ALL
        .iter()
        .map(|kind| (kind.as_str().to_owned(), w.term(kind.term()), sought.kind == Some(*kind)))
        .collect();
    kinds.sort_by_cached_key(|(_, name, _)| order::key(name));
    let kept = |before: u64| {
        let before = before.to_string();
        address_with(&visit.asked.here(), &["from", "as", "told"], &[("before", &before)])
    };
    let mut frame = visit.frame(Area::Evidence, w.t("web-ledger-title"));
    frame.lead = w.t("web-ledger-lead");
    frame.primary = Some(Link::new(w.t("web-ledger-verify"), "/ledger/verification"));
    let rows = found.entries.iter().map(|stored| cells(visit, &columns, stored)).collect();
    let list = Listing::new(visit.asked, w.t("web-nav-ledger"), columns, rows);
    Answer::page(&Page {
        last: grouped(head.sequence),
        last_hash: head.hash.to_string(),
        checkpoint: last.map(|one| (dates::minute(one.at, &w), grouped(one.sequence))),
        uncovered: head.sequence.saturating_sub(last.map_or(0, |one| one.sequence)),
        kinds,
        people,
        events: events(&sought, &w),
        event: sought.event.clone().unwrap_or_default(),
        day: visit.asked.query("day").unwrap_or_default(),
        list: list.or_else(w.t("web-ledger-nothing")),
        older: found.before.map(kept),
        frame,
    })
}

/// What can be sought: the events of the kind that is sought, else of all; one that nobody knows stands as it was given.
fn events(sought: &Sought, w: &Words) -> Vec<(String, Vec<Choice>)> {
    let mut groups: BTreeMap<Kind, Vec<(String, String, bool)>> = BTreeMap::new();
    for (kind, code) in w.events() {
        if sought.kind.is_none_or(|wanted| wanted == kind) {
            let here = sought.event.as_ref() == Some(&code);
            groups.entry(kind).or_default().push((code.clone(), w.event(&code), here));
        }
    }
    let mut all: Vec<_> = groups.into_iter().map(|(kind, events)| (w.term(kind.term()), events)).collect();
    all.sort_by_cached_key(|(name, _)| order::key(name));
    for (_, events) in &mut all {
        events.sort_by_cached_key(|(_, name, _)| order::key(name));
    }
    let chosen = all.iter().flat_map(|(_, events)| events).any(|(_, _, here)| *here);
    if let Some(code) = sought.event.as_ref().filter(|_| !chosen) {
        all.insert(0, (w.t("web-ledger-event"), vec![(code.clone(), w.event(code), true)]));
    }
    all
}

fn row(visit: &Visit<'_, '_>, stored: &Stored) -> Row {
    let (w, entry) = (visit.w, &stored.entry);
    let called = visit.session.records.called(entry.stream);
    let kind = w.term(entry.stream.kind.term());
    Row {
        sequence: entry.sequence,
        at: entry.at,
        who: name(visit, entry.actor.person),
        event: w.event(&entry.event),
        code: entry.event.clone(),
        record: Link::new(called.unwrap_or_else(|| kind.clone()), address(entry.stream)),
        kind,
    }
}

fn entry_page(visit: &mut Visit<'_, '_>, number: u64) -> Result<Option<Answer>, Problem> {
    let (records, who) = (&*visit.session.records, &visit.session.who);
    // The one before gives the hash that this one's goes on from.
    let after = number.saturating_sub(2);
    let found = ledger::entries(records, who, after, 3).map_err(|error| visit.session.problem(error))?;
    let at = |sequence: u64| found.iter().find(|stored| stored.entry.sequence == sequence);
    let Some(stored) = at(number) else { return Ok(None) };
    let (w, entry) = (visit.w, &stored.entry);
    let row = row(visit, stored);
    let text = |key: &str, value: String| (w.t(key), None, value);
    let facts = vec![
        text("web-ledger-at", format!("{} ({})", dates::moment(entry.at, &w), entry.at)),
        text("web-ledger-who", row.who),
        text("web-ledger-what", row.event),
        (row.kind, Some(row.record.address), row.record.text),
        text("web-ledger-revision", entry.revision.to_string()),
    ];
    let mut frame =
        visit.frame(Area::Evidence, w.get("web-ledger-entry", &[("number", entry.sequence.into())]));
    frame.crumbs = vec![Link::new(w.t("web-nav-ledger"), "/ledger")];
    frame.lead = w.t("web-ledger-entry-lead");
    let bytes = entry.to_bytes().map_err(|error| Problem::internal(&error))?;
    let page = EntryPage {
        frame,
        facts,
        code: row.code,
        hash: stored.hash.to_string(),
        previous: at(number.saturating_sub(1)).map(|one| one.hash.to_string()).unwrap_or_default(),
        json: String::from_utf8_lossy(&bytes).into_owned(),
        before: at(number.saturating_sub(1)).map(|one| one.entry.sequence),
        after: at(number.saturating_add(1)).map(|one| one.entry.sequence),
    };
    Answer::page(&page).map(Some)
}

/// What verifying found, in words: what holds, and what does not.
fn told(visit: &Visit<'_, '_>, checked: &Checked) -> (Vec<String>, Vec<String>) {
    let (w, verified) = (&visit.w, &checked.verified);
    let mut told = Vec::new();
    if let Some((_, last)) = verified.times.filter(|_| verified.is_whole()) {
        let (at, hash) = (dates::minute(last, w), verified.last.hash.to_string());
        let values = [("entries", verified.entries.into()), ("at", (&at).into()), ("hash", (&hash).into())];
        told.push(w.get("cli-ledger-whole", &values));
    }
    told.push(match verified.checkpoints {
        0 => w.t("cli-ledger-checkpoints-none"),
        count => {
            let values = [("count", count.into()), ("covered", verified.covered.into())];
            w.get("cli-ledger-checkpoints", &values)
        }
    });
    let mut problems: Vec<String> =
        verified.problems.iter().map(|problem| problem_text(problem, w)).collect();
    match &checked.differences {
        Some(differences) if differences.is_empty() => told.push(w.t("cli-ledger-states-same")),
        Some(differences) => {
            let called = |difference: &shindan_store::Difference| match difference.stream {
                Some(stream) => visit.session.records.called(stream).unwrap_or_else(|| stream.id.to_string()),
                None => difference.what.to_owned(),
            };
            let records = differences.iter().map(called).collect::<Vec<_>>().join(", ");
            problems.push(w.get("cli-ledger-states-differ", &[("records", (&records).into())]));
        }
        None => {}
    }
    problems.extend(checked.kept.iter().map(|kept| {
        let part = w.term(kept.part.term());
        let found = kept.found.as_ref().map_or_else(|| w.t("cli-kept-nothing"), |one| one.number.to_string());
        let noted = kept.noted.number;
        w.get(
            "cli-kept-differs",
            &[("part", (&part).into()), ("noted", noted.into()), ("found", (&found).into())],
        )
    }));
    (told, problems)
}

fn problem_text(problem: &shindan_store::Problem, w: &Words) -> String {
    let params = problem.params();
    let values: Vec<_> = params.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
    w.get(&format!("ledger-problem-{}", problem.code()), &values)
}

#[cfg(test)]
mod sampled {
    use super::*;
    use crate::pages::samples::Sample;

    impl Sample for Page {
        const NAME: &'static str = "ledger";

        fn sample(frame: Frame) -> Page {
            let choice = || ("value".to_owned(), "<運用>".to_owned(), true);
            Page {
                frame,
                last: "1,234".to_owned(),
                last_hash: "00ff".to_owned(),
                checkpoint: Some(("09:00".to_owned(), "1,200".to_owned())),
                uncovered: 34,
                kinds: vec![choice()],
                people: vec![choice()],
                events: vec![("<運用>".to_owned(), vec![choice()])],
                event: "<運用>".to_owned(),
                day: "2026-11-27".to_owned(),
                list: listing::sample(),
                older: Some("/ledger?before=7".to_owned()),
            }
        }
    }

    impl Sample for EntryPage {
        const NAME: &'static str = "entry";

        fn sample(frame: Frame) -> EntryPage {
            EntryPage {
                frame,
                facts: vec![("who".to_owned(), Some("/records/case/1".to_owned()), "<運用>".to_owned())],
                code: "<運用>".to_owned(),
                hash: "00ff".to_owned(),
                previous: "ff00".to_owned(),
                json: "{\"reason\":\"<運用>\"}".to_owned(),
                before: Some(6),
                after: Some(8),
            }
        }
    }

    impl Sample for VerifiedPage {
        const NAME: &'static str = "verified";

        fn sample(frame: Frame) -> VerifiedPage {
            let problems = vec!["<運用>".to_owned()];
            VerifiedPage { frame, whole: false, told: vec!["told".to_owned()], problems }
        }
    }

    impl Sample for RefusalsPage {
        const NAME: &'static str = "refusals";

        fn sample(frame: Frame) -> RefusalsPage {
            RefusalsPage { frame, list: listing::sample() }
        }
    }
}
