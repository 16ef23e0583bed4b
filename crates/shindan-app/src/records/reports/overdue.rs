//! 期限超過一覧: everything whose day has passed – cases, works, inquiries, confirmations, acceptances, agreements, reviews,
//! assessments, sources, devices. One list, so that nobody has to look in ten.

use jiff::civil::Date;
use shindan_domain::calendar::{after, day};
use shindan_domain::case::{Case, Stage};
use shindan_domain::change::{AssetProgress, Change};
use shindan_domain::collect::{SourceTiming, due_at};
use shindan_domain::confirmation::InstructionEnd;
use shindan_domain::device::{Device, DeviceStage};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::Patcher;
use shindan_domain::process::{Filed, Label, Process, Relation};
use shindan_domain::record_id::{SourceCheckId, SourceId};
use shindan_domain::term::Term;
use shindan_report::paper::{Block, Cell, Column, Layout, Paper, Tone};
use uuid::Uuid;

use super::super::RecordsError;
use super::super::collect_facts;
use super::super::policies::InForce;
use super::desk::{Desk, late};

/// Something whose day has passed.
struct Late {
    stream: Stream,
    title: String,
    /// What should have been done: the end of a key of words.
    what: &'static str,
    /// Its last day; `None` where nothing sets one.
    due: Option<Date>,
    state: Term,
    who: Vec<String>,
}

/// What is found, and what was looked at.
#[derive(Default)]
struct Found {
    late: Vec<Late>,
    looked_at: usize,
    without_due: usize,
}

pub(super) fn paper(desk: &Desk<'_>) -> Result<Paper, RecordsError> {
    let mut found = Found::default();
    cases(desk, &mut found);
    changes(desk, &mut found);
    confirmations(desk, &mut found);
    devices(desk, &mut found);
    sources(desk, &mut found);
    simple(desk, &mut found);
    found.late.sort_by_key(|late| (late.due.is_none(), late.due, desk.number(late.stream), late.what));
    let subject = desk.get("report-overdue-subject", &[("count", found.late.len().into())]);
    let mut paper = desk.paper(subject, Layout::Landscape);
    if found.without_due > 0 {
        let count = [("count", found.without_due.into())];
        paper.cautions.push(desk.get("report-overdue-without-due", &count));
    }
    if in_force(desk).due.is_none() {
        paper.cautions.push(desk.t("report-overdue-no-policy"));
    }
    paper.push(Block::Text(desk.t("report-overdue-text")));
    let mut columns = vec![Column::text(desk.label(Label::Kind), 9)];
    columns.extend(desk.columns(&[(Label::Number, 12), (Label::Title, 26)]));
    columns.push(Column::text(desk.t("report-overdue-what"), 18));
    columns.push(Column::text(desk.label(Label::Due), 10));
    columns.push(Column::number(desk.t("report-overdue-days"), 6));
    columns.push(Column::text(desk.label(Label::State), 12));
    columns.push(Column::text(desk.t("report-overdue-who"), 14));
    let rows = found.late.iter().map(|late| row(desk, late)).collect();
    let looked_at = [("records", found.looked_at.into())];
    paper.push(desk.table(
        "report-overdue-table",
        columns,
        rows,
        desk.get("report-overdue-empty", &looked_at),
    ));
    Ok(paper)
}

fn row(desk: &Desk<'_>, late_one: &Late) -> Vec<Cell> {
    let (due, days) = match late_one.due {
        Some(due) => (desk.date(due).into(), Cell::toned(late(due, desk.day).to_string(), Tone::Late)),
        None => (
            Cell::toned(desk.t("report-no-due-date"), Tone::Undetermined),
            Cell::toned(desk.t("report-not-applicable"), Tone::Undetermined),
        ),
    };
    vec![
        desk.term(late_one.stream.kind.term()).into(),
        desk.number(late_one.stream).into(),
        desk.text(&late_one.title),
        Cell::toned(desk.t(&format!("report-overdue-{}", late_one.what)), Tone::Late),
        due,
        days,
        desk.term(late_one.state).into(),
        desk.lines(late_one.who.clone()),
    ]
}

fn in_force(desk: &Desk<'_>) -> InForce {
    let policies: Vec<_> = desk.all.policies.iter().map(|(id, policy)| (*id, policy.clone())).collect();
    InForce::of(&policies)
}

/// Who is responsible or concerned, as the record names them.
fn who(desk: &Desk<'_>, filed: &Filed) -> Vec<String> {
    let named = |relation: Relation, kind: Kind| {
        let links = filed.links.iter().filter(move |link| link.relation == relation);
        links.filter_map(move |link| link.target.parse::<Uuid>().ok()).map(move |id| Stream::new(kind, id))
    };
    let people = named(Relation::Responsible, Kind::Person);
    people.chain(named(Relation::Party, Kind::Party)).map(|stream| desk.number_or_name(stream)).collect()
}

impl Found {
    fn push(&mut self, desk: &Desk<'_>, stream: Stream, filed: Filed, what: &'static str, due: Option<Date>) {
        let who = who(desk, &filed);
        self.late.push(Late { stream, title: filed.title, what, due, state: filed.status, who });
    }

    /// Adds it if its day has passed.
    fn check(
        &mut self,
        desk: &Desk<'_>,
        stream: Stream,
        filed: &Filed,
        what: &'static str,
        due: Option<Date>,
    ) {
        if due.is_some_and(|due| due < desk.day) {
            self.push(desk, stream, filed.clone(), what, due);
        }
    }
}

fn cases(desk: &Desk<'_>, found: &mut Found) {
    for (id, case) in &desk.all.cases {
        found.looked_at += 1;
        let (stream, filed) = (Stream::new(Kind::Case, *id), case.filed());
        let alternative = case.alternative.as_ref().map(|alternative| alternative.until);
        match &case.stage {
            Stage::Closed { review, .. } => found.check(desk, stream, &filed, "case-review", *review),
            Stage::Accepted { until, .. } => {
                found.check(desk, stream, &filed, "case-acceptance", Some(*until));
            }
            stage => {
                let settled = stage.settled().is_some();
                let (what, due) = match case.due {
                    Some(due) if settled => ("case-done", Some(due.done)),
                    Some(due) => ("case-decide", Some(due.decide)),
                    None => ("case-decide", None),
                };
                found.without_due += usize::from(due.is_none());
                found.check(desk, stream, &filed, what, due);
                found.check(desk, stream, &filed, "case-alternative", alternative);
                measure_review(desk, found, stream, case);
            }
        }
    }
}

/// A confirmed measure that is to be looked at again although its case is not closed yet.
fn measure_review(desk: &Desk<'_>, found: &mut Found, stream: Stream, case: &Case) {
    found.check(desk, stream, &case.filed(), "case-review", case.stage.review());
}

/// Consents that ran out before anything was applied, applications that nobody confirmed, emergencies that were not made up for.
fn changes(desk: &Desk<'_>, found: &mut Found) {
    let confirm_within = in_force(desk).due.map(|due| due.days().verify_after_change);
    for (id, change) in &desk.all.changes {
        found.looked_at += 1;
        let (stream, filed) = (Stream::new(Kind::Change, *id), change.filed());
        if matches!(change.stage, shindan_domain::change::Stage::Ended(_)) {
            continue;
        }
        found.check(desk, stream, &filed, "change-consent", filed.due);
        let first = first_unconfirmed(change);
        if let (Some(first), Some(days)) = (first, confirm_within) {
            found.check(desk, stream, &filed, "change-confirm", Some(after(first, days)));
        }
        if change.is_emergency() && first.is_none() && !change.closing_blockers().is_empty() {
            found.push(desk, stream, filed, "change-emergency", None);
        }
    }
}

/// The day of the oldest application that was not confirmed.
fn first_unconfirmed(change: &Change) -> Option<Date> {
    let assets = change.rollout()?.assets.values();
    let waiting = assets.filter(|progress| matches!(progress, AssetProgress::Applied(_)));
    waiting.filter_map(AssetProgress::applied).map(|applied| day(applied.at)).min()
}

/// Instructions that were not answered or judged, and those that nobody gave anew.
fn confirmations(desk: &Desk<'_>, found: &mut Found) {
    for (id, one) in &desk.all.instructions {
        found.looked_at += 1;
        let (stream, filed) = (Stream::new(Kind::Instruction, *id), one.filed());
        match &one.end {
            Some(InstructionEnd::Cancelled { .. }) => {}
            Some(InstructionEnd::Closed { next: Some(next), at, .. }) => {
                let again = |other: &shindan_domain::confirmation::Instruction| {
                    other.draft.title == one.draft.title && other.at >= *at
                };
                if !desk.all.instructions.values().any(again) {
                    found.check(desk, stream, &filed, "instruction-next", Some(*next));
                }
            }
            Some(InstructionEnd::Closed { next: None, .. }) => {}
            None => found.check(desk, stream, &filed, "instruction", one.due()),
        }
    }
}

fn devices(desk: &Desk<'_>, found: &mut Found) {
    for (id, device) in &desk.all.devices {
        found.looked_at += 1;
        device_days(desk, found, Stream::new(Kind::Device, *id), device);
    }
    for (id, asset) in &desk.all.assets {
        found.looked_at += 1;
        if let (None, Patcher::ToBeSettled(until)) = (&asset.ended, asset.particulars.patcher) {
            let stream = Stream::new(Kind::Asset, *id);
            found.check(desk, stream, &asset.filed(), "asset-patcher", Some(until));
        }
    }
}

fn device_days(desk: &Desk<'_>, found: &mut Found, stream: Stream, device: &Device) {
    let filed = device.filed();
    let open = device.stage.disconnection_open().map(day);
    found.check(desk, stream, &filed, "device-disconnection", open);
    if matches!(device.stage, DeviceStage::InUse { .. }) {
        let next = device.updates.as_ref().map(|calendar| calendar.next);
        found.check(desk, stream, &filed, "device-update", next);
        found.check(desk, stream, &filed, "device-support", device.support_end());
    }
}

/// Sources that were not looked at in time.
fn sources(desk: &Desk<'_>, found: &mut Found) {
    for fact in collect_facts::sources(&desk.all, desk.day, desk.until) {
        found.looked_at += 1;
        let Some(source) = desk.all.sources.get(&fact.record.stream.id) else { continue };
        if fact.timing != SourceTiming::Overdue {
            continue;
        }
        let own = desk
            .all
            .source_checks
            .iter()
            .filter(|(_, check)| check.draft.source == SourceId(fact.record.stream.id));
        let facts = own.map(|(id, check)| check.facts(SourceCheckId(*id)));
        let good = facts.filter(|facts| facts.succeeded()).map(|facts| facts.informed()).max();
        let plan = source.plan();
        let span = plan.iter().rev().find(|span| span.holds(desk.until));
        let due = span.and_then(|span| due_at(&plan, span, good)).map(day);
        found.push(desk, fact.record.stream, source.filed(), "source", due);
    }
}

/// What has one day: that of its list, while something is to be done.
fn simple(desk: &Desk<'_>, found: &mut Found) {
    let all = &desk.all;
    each(desk, found, "inquiry", &all.inquiries);
    each(desk, found, "review", &all.reviews);
    each(desk, found, "agreement", &all.agreements);
    each(desk, found, "interface", &all.interfaces);
    each(desk, found, "assessment-plan", &all.assessment_plans);
    each(desk, found, "assessment", &all.assessments);
    each(desk, found, "sighting", &all.sightings);
    each(desk, found, "exchange", &all.exchanges);
    for (id, finding) in &all.scan_findings {
        found.looked_at += 1;
        // Only an approved verdict has a last day, and its record is at rest until then.
        let filed = finding.filed();
        found.check(desk, Stream::new(Kind::ScanFinding, *id), &filed, "scan-finding", filed.due);
    }
}

fn each<P: Process>(
    desk: &Desk<'_>,
    found: &mut Found,
    what: &'static str,
    records: &std::collections::BTreeMap<Uuid, P>,
) {
    for (id, record) in records {
        found.looked_at += 1;
        let filed = record.filed();
        if filed.open || P::KIND == Kind::Sighting {
            found.check(desk, Stream::new(P::KIND, *id), &filed, what, filed.due);
        }
    }
}
