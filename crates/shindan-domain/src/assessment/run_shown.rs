//! How lists and people see a run.

use super::run::{Assessment, RunStage, RunState};
use super::run_parts::{Exception, Explained, NotReached, ReportRead, ScanBegun, ScanEnd};
use super::targets::Target;
use crate::approval::Given;
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Relation, Shown, View};

pub(super) fn filed(run: &Assessment) -> Filed {
    let open = !matches!(run.state(), RunState::Closed | RunState::Cancelled);
    let title = format!("{} {}", run.order.title, run.order.version);
    let mut filed = Filed::new(run.state().term(), open, title);
    filed.due = open.then_some(run.order.planned_for);
    filed.links = vec![
        Link::record(Relation::PartOf, Stream::new(Kind::AssessmentPlan, run.order.plan)),
        Link::record(Relation::Responsible, Stream::new(Kind::Person, run.order.tester)),
    ];
    let environment = run.order.environment.map(|id| Stream::new(Kind::Environment, id));
    filed.links.extend(environment.map(|stream| Link::record(Relation::Subject, stream)));
    filed.links.sort();
    filed
}

pub(super) fn view(run: &Assessment) -> View {
    let order = &run.order;
    let texts = |all: Vec<String>| -> Vec<Shown> { all.into_iter().map(Shown::from).collect() };
    let targets = texts(order.targets.iter().map(Target::to_string).collect());
    let view = View::new(run.state().term())
        .fact(Label::AssessmentPlan, Stream::new(Kind::AssessmentPlan, order.plan))
        .fact(Label::Way, order.way.term())
        .maybe(Label::Environment, order.environment.map(|id| Stream::new(Kind::Environment, id)))
        .maybe(Label::Purpose, order.purpose.map(|purpose| purpose.term()))
        .maybe(Label::Differences, order.differences.as_ref())
        .fact(Label::Deliverables, texts(order.deliverables.iter().cloned().collect()))
        .maybe(Label::ScanTargets, (!targets.is_empty()).then_some(targets))
        .fact(Label::Version, &order.version)
        .fact(Label::PlannedFor, order.planned_for)
        .fact(Label::Tester, order.tester);
    let columns = [
        Label::Reason,
        Label::Institution,
        Label::Notice,
        Label::From,
        Label::Until,
        Label::By,
        Label::ApprovedBy,
        Label::Means,
    ];
    let exceptions = run.exception.iter().chain(run.former_exceptions.iter().rev()).map(exception).collect();
    let view = stage(view, run).section(Label::Exceptions, &columns, exceptions).section(
        Label::ScansBegun,
        &[
            Label::Tool,
            Label::Version,
            Label::Target,
            Label::By,
            Label::At,
            Label::EndedAt,
            Label::ScanHow,
            Label::ScanDetail,
        ],
        run.scans.iter().map(scan).collect(),
    );
    reports(view, run)
        .section(
            Label::ExplainedReports,
            &[Label::Document, Label::Note, Label::Means, Label::By, Label::At],
            run.explained.iter().map(explained).collect(),
        )
        .section(
            Label::NotReached,
            &[Label::Target, Label::Note, Label::Means, Label::By, Label::At],
            run.not_reached.iter().map(not_reached).collect(),
        )
        .next(run.missing())
}

/// The reports with what came of them.
fn reports(view: View, run: &Assessment) -> View {
    view.section(
        Label::Reports,
        &[Label::Document, Label::Tool, Label::StartedAt, Label::EndedAt, Label::Dated, Label::Completion],
        run.reports.iter().map(report).collect(),
    )
    .section(
        Label::ReportResults,
        &[
            Label::File,
            Label::ScanFindings,
            Label::Fresh,
            Label::Still,
            Label::NoLongerThere,
            Label::Back,
            Label::NotLookedAt,
            Label::Unreadable,
            Label::Strayed,
        ],
        run.reports.iter().map(results).collect(),
    )
}

fn stage(view: View, run: &Assessment) -> View {
    match &run.stage {
        RunStage::Planned => view,
        RunStage::Started(start) => view.fact(Label::StartedAt, start.at).fact(Label::StartedBy, start.by),
        RunStage::Closed { start, by, at, note } => view
            .fact(Label::StartedAt, start.at)
            .fact(Label::StartedBy, start.by)
            .fact(Label::EndedAt, *at)
            .fact(Label::ClosedBy, *by)
            .maybe(Label::Note, (!note.is_empty()).then_some(note)),
        RunStage::Cancelled { start, reason, by, at } => {
            let view = view.maybe(Label::StartedAt, start.as_ref().map(|start| start.at));
            view.fact(Label::EndedAt, *at).fact(Label::By, *by).fact(Label::Reason, reason)
        }
    }
}

fn exception(one: &Exception) -> Vec<Option<Shown>> {
    let approval: Option<&Given> = one.approval.as_ref();
    vec![
        Some((&one.reason).into()),
        Some(Stream::new(Kind::Party, one.institution).into()),
        Some(one.notice.clone().into()),
        Some(one.from.into()),
        Some(one.until.into()),
        Some(one.by.into()),
        approval.map(|given| given.recorded_by.into()),
        approval.map(|given| given.word.means().term().into()),
    ]
}

fn scan(one: &ScanBegun) -> Vec<Option<Shown>> {
    let target = one.scan.target.as_ref().map(Target::to_string).or_else(|| one.scan.folder.clone());
    vec![
        Some((&one.scan.tool).into()),
        one.scan.version.as_ref().map(Shown::from),
        target.map(Shown::from),
        Some(one.by.into()),
        Some(one.at.into()),
        one.ended.as_ref().map(|ended| ended.at.into()),
        one.ended.as_ref().map(|ended| ended.end.how.term().into()),
        one.ended.as_ref().and_then(|ended| detail(&ended.end)),
    ]
}

/// Exit code and words of the scanner; both are its own, so neither is translated.
fn detail(end: &ScanEnd) -> Option<Shown> {
    let exit = end.exit.map(|exit| format!("exit {exit}"));
    let words = (!end.detail.is_empty()).then(|| end.detail.clone());
    let all: Vec<String> = exit.into_iter().chain(words).collect();
    (!all.is_empty()).then(|| all.join(": ").into())
}

fn report(one: &ReportRead) -> Vec<Option<Shown>> {
    let version = one.tool.version.as_deref().unwrap_or_default();
    vec![
        Some(one.document.clone().into()),
        Some(format!("{} {version}", one.tool.name).trim().into()),
        one.started.map(Shown::from),
        one.ended.map(Shown::from),
        Some(one.dated().term().into()),
        Some(one.completion.term().into()),
    ]
}

fn results(one: &ReportRead) -> Vec<Option<Shown>> {
    let number = |count: u64| Some(Shown::Number(i64::try_from(count).unwrap_or(i64::MAX)));
    let strayed: Vec<Shown> = one.strayed.iter().take(10).map(|text| text.clone().into()).collect();
    vec![
        Some((&one.document.name).into()),
        number(one.findings),
        number(one.counts.fresh),
        number(one.counts.still),
        number(one.counts.gone),
        number(one.counts.back),
        number(one.counts.not_looked_at),
        number(one.unreadable),
        (!strayed.is_empty()).then_some(strayed.into()),
    ]
}

fn explained(one: &Explained) -> Vec<Option<Shown>> {
    vec![
        Some(one.report.clone().into()),
        Some((&one.note).into()),
        Some(one.given.word.means().term().into()),
        Some(one.given.recorded_by.into()),
        Some(one.given.at.into()),
    ]
}

fn not_reached(one: &NotReached) -> Vec<Option<Shown>> {
    vec![
        Some(one.target.to_string().into()),
        Some((&one.note).into()),
        Some(one.given.word.means().term().into()),
        Some(one.given.recorded_by.into()),
        Some(one.given.at.into()),
    ]
}
