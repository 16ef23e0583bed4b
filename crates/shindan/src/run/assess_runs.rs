//! `assess run` and `assess finding`

use shindan_app::clock;
use shindan_app::records::assessments::cases;
use shindan_app::records::assessments::findings::{self, VerdictAsked};
use shindan_app::records::assessments::reports::{self, Handed, Mapping};
use shindan_app::records::assessments::runs::{self, About, ExceptionAsked, RunAsked};
use shindan_domain::assessment::{FindingRow, FindingVerdict};
use shindan_domain::calendar::day;
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{
    AssessmentId, AssessmentPlanId, EnvironmentId, PartyId, PersonId, ScanFindingId,
};

use uuid::Uuid;

use super::acting::{enter, fail, list, print, show};
use super::assess::{PLAN, names};
use super::assess_scan;
use super::cases::word;
use super::step::{Given, begin, on};
use crate::cli::TableOrJson;
use crate::cli::assess_runs::{
    CaseOfFindingsArguments, ExceptionArguments, FindingCommand, ImportReportsArguments, JoinArguments,
    ListFindingsArguments, PlanRunArguments, RunCommand, VerdictArguments,
};
use crate::exit::Exit;
use crate::output::Face;

pub(super) const RUN: (Kind, fn(Uuid) -> AssessmentId) = (Kind::Assessment, AssessmentId);
const DECISION: (Kind, fn(Uuid) -> ScanFindingId) = (Kind::ScanFinding, ScanFindingId);

/// Runs a verb of `assess run`.
pub fn run(command: RunCommand, request: &str, face: &Face) -> Exit {
    use RunCommand as C;
    let given = |acting| Given { request, acting };
    match command {
        C::Plan(arguments) => plan(&arguments, request, face),
        C::Exception(arguments) => exception(&arguments, request, face),
        C::ApproveException { record, spoken, acting } => {
            on(RUN, &record, given(&acting), face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                runs::approve_exception(&mut s.records, &s.who, call, id, &word)
            })
        }
        C::Start { record, acting } => on(RUN, &record, given(&acting), face, |s, call, id| {
            let names = names(&s.records, [])?;
            runs::start(&mut s.records, &s.who, call, id, &|host| names.get(host))
        }),
        C::Import(arguments) => import(*arguments, request, face),
        C::Scan(arguments) => assess_scan::scan(&arguments, request, face),
        C::Explain { record, report, target, note, spoken, acting } => {
            on(RUN, &record, given(&acting), face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                let about = match target {
                    Some(target) => About::Target(target),
                    None => About::Report(report.unwrap_or_default()),
                };
                runs::explain(&mut s.records, &s.who, call, id, (about, note), &word)
            })
        }
        C::Close { record, note, acting } => on(RUN, &record, given(&acting), face, |s, call, id| {
            runs::close(&mut s.records, &s.who, call, id, note)
        }),
        C::Cancel { record, reason, acting } => on(RUN, &record, given(&acting), face, |s, call, id| {
            runs::cancel(&mut s.records, &s.who, call, id, reason)
        }),
        C::List(arguments) => list(Kind::Assessment, &arguments, face),
        C::Show(arguments) => show(Kind::Assessment, &arguments, face),
    }
}

fn plan(arguments: &PlanRunArguments, request: &str, face: &Face) -> Exit {
    begin(Given { request, acting: &arguments.acting }, face, |s, call| {
        let asked = RunAsked {
            plan: AssessmentPlanId(s.id(Kind::AssessmentPlan, &arguments.plan)?),
            way: arguments.way,
            environment: s.id_if(Kind::Environment, arguments.environment.as_ref(), EnvironmentId)?,
            deliverables: arguments.deliverables.iter().cloned().collect(),
            targets: arguments.targets.iter().cloned().collect(),
            version: arguments.version.clone(),
            planned_for: arguments.on,
            tester: s.id_if(Kind::Person, arguments.tester.as_ref(), PersonId)?,
        };
        let names = names(&s.records, &asked.targets)?;
        runs::plan(&mut s.records, &s.who, call, asked, &|host| names.get(host))
    })
}

fn exception(arguments: &ExceptionArguments, request: &str, face: &Face) -> Exit {
    on(RUN, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        let asked = ExceptionAsked {
            reason: arguments.reason.clone(),
            institution: PartyId(s.id(Kind::Party, &arguments.institution)?),
            notice: arguments.notice.clone(),
            from: arguments.from,
            until: arguments.until,
        };
        runs::ask_exception(&mut s.records, &s.who, call, id, asked)
    })
}

fn import(arguments: ImportReportsArguments, request: &str, face: &Face) -> Exit {
    let ImportReportsArguments { record, files, columns, tool, taken, acting } = arguments;
    let mapping = (!columns.is_empty()).then(|| Mapping { tool, columns: columns.into_iter().collect() });
    let mut told: Vec<Diagnostic> = Vec::new();
    let exit = on(RUN, &record, Given { request, acting: &acting }, face, |s, call, id| {
        let what = Handed { files: &files, mapping: mapping.as_ref(), taken };
        let (done, diagnostics) = reports::import(&mut s.records, &s.who, call, id, what)?;
        told = diagnostics;
        Ok(done)
    });
    face.tell(&told);
    let lost = told.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
    if lost { exit.and(Exit::Unreadable) } else { exit }
}

/// Runs a verb of `assess finding`.
pub fn finding(command: FindingCommand, request: &str, face: &Face) -> Exit {
    use FindingCommand as C;
    let given = |acting| Given { request, acting };
    match command {
        C::List(arguments) => list_findings(&arguments, face),
        C::FalsePositive(arguments) => propose(FindingVerdict::FalsePositive, *arguments, request, face),
        C::Accept(arguments) => propose(FindingVerdict::Accepted, *arguments, request, face),
        C::Approve { record, spoken, acting } => {
            on(DECISION, &record, given(&acting), face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                findings::approve(&mut s.records, &s.who, call, id, &word)
            })
        }
        C::Reject { record, note, acting } => on(DECISION, &record, given(&acting), face, |s, call, id| {
            findings::reject(&mut s.records, &s.who, call, id, note)
        }),
        C::Withdraw { record, reason, acting } => {
            on(DECISION, &record, given(&acting), face, |s, call, id| {
                findings::withdraw(&mut s.records, &s.who, call, id, reason)
            })
        }
        C::Case(arguments) => open_case(*arguments, request, face),
        C::Join(arguments) => join(*arguments, true, request, face),
        C::Separate(arguments) => join(*arguments, false, request, face),
        C::Decisions(arguments) => list(Kind::ScanFinding, &arguments, face),
        C::Show(arguments) => show(Kind::ScanFinding, &arguments, face),
    }
}

fn propose(verdict: FindingVerdict, arguments: VerdictArguments, request: &str, face: &Face) -> Exit {
    let VerdictArguments { these, reason, until, documents, acting } = arguments;
    let asked = VerdictAsked { findings: these.findings, verdict, reason, until, documents };
    on(PLAN, &these.plan, Given { request, acting: &acting }, face, |s, call, id| {
        findings::propose(&mut s.records, &s.who, call, id, &asked)
    })
}

fn open_case(arguments: CaseOfFindingsArguments, request: &str, face: &Face) -> Exit {
    let CaseOfFindingsArguments { plan, findings, acting } = arguments;
    on(PLAN, &plan, Given { request, acting: &acting }, face, |s, call, id| {
        cases::open_cases(&mut s.records, &s.who, call, id, &findings)
    })
}

fn join(arguments: JoinArguments, same: bool, request: &str, face: &Face) -> Exit {
    let JoinArguments { plan, primary, other, reason, acting } = arguments;
    on(PLAN, &plan, Given { request, acting: &acting }, face, |s, call, id| {
        findings::join(&mut s.records, &s.who, call, id, (&primary, &other), (same, reason))
    })
}

fn list_findings(arguments: &ListFindingsArguments, face: &Face) -> Exit {
    let format = arguments.reading.format;
    let session = match enter(&arguments.reading, face) {
        Ok(session) => session,
        Err(error) => return fail(&error, None, format, face),
    };
    let id = match session.id(Kind::AssessmentPlan, &arguments.plan) {
        Ok(id) => AssessmentPlanId(id),
        Err(error) => return fail(&error, Some(&session.records), format, face),
    };
    let today = day(clock::now());
    let printed = findings::list(&session.records, &session.who, id, today, |plan, rows| {
        let fits = rows.iter().filter(|row| wanted(row, arguments));
        let all: Vec<&FindingRow<'_>> = fits.collect();
        let shown: Vec<&FindingRow<'_>> = all.iter().take(arguments.limit).copied().collect();
        print(face, |out| match format {
            TableOrJson::Table => {
                let style = face.style(None);
                let text = shindan_report::assessments::findings(
                    plan,
                    rows,
                    (&shown, all.len()),
                    &face.words,
                    &style,
                );
                out.write_all(text.as_bytes())
            }
            TableOrJson::Json => {
                shindan_report::assessments::write_findings(out, plan, rows, (&shown, all.len()))
                    .map_err(Into::into)
            }
        })
    });
    match printed {
        Ok(exit) => exit,
        Err(error) => fail(&error, Some(&session.records), format, face),
    }
}

fn wanted(row: &FindingRow<'_>, arguments: &ListFindingsArguments) -> bool {
    let text = arguments.text.as_ref().map(|text| text.to_lowercase());
    let named = !arguments.presence.is_empty() || arguments.all;
    (named || row.is_open())
        && (arguments.levels.is_empty() || row.rated.level.is_some_and(|one| arguments.levels.contains(&one)))
        && (arguments.presence.is_empty() || arguments.presence.contains(&row.known.presence))
        && arguments.tool.as_ref().is_none_or(|tool| row.known.tool == *tool)
        && text.as_ref().is_none_or(|text| shindan_report::assessments::finding_holds(row, text))
}
