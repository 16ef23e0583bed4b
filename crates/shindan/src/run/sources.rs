//! `sources proposals | add | change | pause | resume | end | list | show | status | calendar | check | mail | confirm | checks | checked`

use jiff::civil::Date;
use shindan_app::clock;
use shindan_app::records::RecordsError;
use shindan_app::records::collect::{self, HandCheck, HandNotice, SourceChange, SourceStanding};
use shindan_domain::calendar::day;
use shindan_domain::collect::{SourceDraft, Thresholds};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{PersonId, SourceCheckId, SourceId};
use shindan_report::collect::{SourceLine, Trouble, write_calendar, write_proposals, write_status};
use uuid::Uuid;

use super::acting::{Session, enter, fail, list, print, show};
use super::step::{Given, begin, on};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::sources::{
    AddSourceArguments, AlarmArguments, ChangeSourceArguments, CheckSourceArguments, SourceCommand,
    SourceTrouble,
};
use crate::cli::values::Limit;
use crate::exit::Exit;
use crate::output::Face;

const SOURCE: (Kind, fn(Uuid) -> SourceId) = (Kind::Source, SourceId);
const CHECK: (Kind, fn(Uuid) -> SourceCheckId) = (Kind::SourceCheck, SourceCheckId);

/// Runs a verb of `sources`.
pub fn run(command: SourceCommand, face: &Face) -> Exit {
    use SourceCommand as C;
    let request = format!("{command:?}");
    let given = |acting| Given { request: &request, acting };
    match command {
        C::Proposals { format } => proposals(format, face),
        C::Add(arguments) => add(&arguments, &request, face),
        C::Change(arguments) => change(&arguments, &request, face),
        C::Pause { record, reason, acting } => on(SOURCE, &record, given(&acting), face, |s, call, id| {
            collect::pause(&mut s.records, &s.who, call, id, reason)
        }),
        C::Resume { record, acting } => on(SOURCE, &record, given(&acting), face, |s, call, id| {
            collect::resume(&mut s.records, &s.who, call, id)
        }),
        C::End { record, reason, acting } => on(SOURCE, &record, given(&acting), face, |s, call, id| {
            collect::end(&mut s.records, &s.who, call, id, reason)
        }),
        C::List(arguments) => list(Kind::Source, &arguments, face),
        C::Show(arguments) => show(Kind::Source, &arguments, face),
        C::Status { fail_on, reading } => status(&fail_on, &reading, face),
        C::Calendar { month, reading } => calendar(month, &reading, face),
        C::Check(arguments) => check(&arguments, &request, face),
        C::Mail(arguments) => on(SOURCE, &arguments.record, given(&arguments.acting), face, |s, call, id| {
            let dropped = (&arguments.mails[..], arguments.reason.clone());
            let (done, told) = collect::drop_in(&mut s.records, &s.who, call, id, dropped)?;
            face.tell(&told);
            Ok(done)
        }),
        C::Confirm { record, note, acting } => on(CHECK, &record, given(&acting), face, |s, call, id| {
            collect::confirm(&mut s.records, &s.who, call, id, note)
        }),
        C::Checks(arguments) => list(Kind::SourceCheck, &arguments, face),
        C::Checked(arguments) => show(Kind::SourceCheck, &arguments, face),
    }
}

fn proposals(format: TableOrJson, face: &Face) -> Exit {
    let pack = match collect::proposals() {
        Ok(pack) => pack,
        Err(error) => return super::fail(&error, face),
    };
    print(face, |out| match format {
        TableOrJson::Table => {
            let text = shindan_report::collect::proposals(&pack, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
        TableOrJson::Json => write_proposals(out, &pack).map_err(Into::into),
    })
}

fn person(session: &Session, named: Option<&String>) -> Result<Option<PersonId>, RecordsError> {
    session.id_if(Kind::Person, named, PersonId)
}

fn add(arguments: &AddSourceArguments, request: &str, face: &Face) -> Exit {
    begin(Given { request, acting: &arguments.acting }, face, |s, call| {
        let responsible = person(s, arguments.responsible.as_ref())?;
        if let Some(names) = &arguments.proposed {
            let language = face.words.lang().as_str();
            return collect::add_proposed(&mut s.records, &s.who, call, (names, language), responsible);
        }
        let draft = draft(arguments, responsible)?;
        collect::add(&mut s.records, &s.who, call, draft)
    })
}

fn draft(arguments: &AddSourceArguments, responsible: Option<PersonId>) -> Result<SourceDraft, RecordsError> {
    // The command line asks for these three where nothing is proposed.
    let missing = |field: &str| RecordsError::Invalid { field: field.to_owned(), value: String::new() };
    Ok(SourceDraft {
        name: arguments.name.clone().ok_or_else(|| missing("name"))?,
        title: arguments.title.clone().ok_or_else(|| missing("title"))?,
        kind: arguments.kind.ok_or_else(|| missing("kind"))?,
        addresses: arguments.addresses.clone(),
        interval_hours: arguments.interval,
        responsible,
        reminder_days: arguments.reminder_days.unwrap_or(SourceDraft::REMINDER_DAYS),
        confirm_days: arguments.confirm_days.unwrap_or(SourceDraft::CONFIRM_DAYS),
        thresholds: thresholds(Thresholds::USUAL, &arguments.alarms)?,
        licence: arguments.licence.clone(),
        may_leave_out: arguments.may_leave_out,
    })
}

/// The thresholds as they were, with those that are named.
fn thresholds(before: Thresholds, named: &AlarmArguments) -> Result<Thresholds, RecordsError> {
    let or = |named: Option<Limit>, before: Option<u16>| named.map_or(before, |Limit(limit)| limit);
    let percent = or(named.drop_percent, before.drop_percent.map(u16::from));
    let percent = percent.map(|percent| {
        let invalid =
            |_| RecordsError::Invalid { field: "drop-percent".to_owned(), value: percent.to_string() };
        u8::try_from(percent).map_err(invalid)
    });
    Ok(Thresholds {
        drop_percent: percent.transpose()?,
        standstill_days: or(named.standstill_days, before.standstill_days),
        unchanged_days: or(named.unchanged_days, before.unchanged_days),
        skew_minutes: or(named.skew_minutes, before.skew_minutes),
    })
}

fn change(arguments: &ChangeSourceArguments, request: &str, face: &Face) -> Exit {
    on(SOURCE, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        let responsible = person(s, arguments.responsible.as_ref())?;
        let wanted = SourceChange {
            title: arguments.title.clone(),
            addresses: (!arguments.addresses.is_empty()).then(|| arguments.addresses.clone()),
            interval_hours: arguments.interval.map(Some).or(arguments.no_interval.then_some(None)),
            responsible: responsible.map(Some).or(arguments.no_responsible.then_some(None)),
            reminder_days: arguments.reminder_days,
            confirm_days: arguments.confirm_days,
            thresholds: changed_thresholds(s, id, arguments)?,
            licence: arguments.licence.clone(),
            may_leave_out: arguments.may_leave_out,
        };
        collect::change(&mut s.records, &s.who, call, id, (wanted, arguments.reason.clone()))
    })
}

/// Thresholds are changed as a whole; those that are not named stay.
fn changed_thresholds(
    session: &Session,
    id: SourceId,
    arguments: &ChangeSourceArguments,
) -> Result<Option<Thresholds>, RecordsError> {
    let AlarmArguments { drop_percent, standstill_days, unchanged_days, skew_minutes } = &arguments.alarms;
    if [drop_percent, standstill_days, unchanged_days, skew_minutes].iter().all(|limit| limit.is_none()) {
        return Ok(None);
    }
    let all = collect::standing(&session.records, &session.who, clock::now())?;
    // One that ended is not among them; its change is refused whatever is wanted.
    let found = all.iter().find(|one| one.id == id);
    found.map(|one| thresholds(one.source.draft.thresholds, &arguments.alarms)).transpose()
}

fn check(arguments: &CheckSourceArguments, request: &str, face: &Face) -> Exit {
    on(SOURCE, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        let made = HandCheck {
            means: arguments.means,
            text: arguments.text.clone(),
            documents: arguments.documents.clone(),
            new_items: arguments.new_items,
            notices: arguments.notices.iter().map(|title| HandNotice { title: title.clone() }).collect(),
            not_reached: arguments.not_reached,
            reason: arguments.reason.clone(),
        };
        collect::check_by_hand(&mut s.records, &s.who, call, id, made)
    })
}

fn status(fail_on: &[SourceTrouble], reading: &Reading, face: &Face) -> Exit {
    let now = clock::now();
    let found =
        enter(reading, face).and_then(|session| collect::standing(&session.records, &session.who, now));
    let sources = match found {
        Ok(sources) => sources,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    let called: Vec<String> =
        sources.iter().map(|one| one.called.clone().unwrap_or_else(|| one.id.0.to_string())).collect();
    let lines: Vec<SourceLine<'_>> =
        sources.iter().zip(&called).map(|(one, number)| source_line(one, number)).collect();
    let printed = print(face, |out| match reading.format {
        TableOrJson::Table => {
            let text = shindan_report::collect::status(&lines, now, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
        TableOrJson::Json => write_status(out, &lines, now).map_err(Into::into),
    });
    let troubled = fail_on.iter().any(|trouble| lines.iter().any(|line| has(line, *trouble)));
    if troubled { printed.and(Exit::FailOn) } else { printed }
}

fn source_line<'a>(one: &'a SourceStanding, number: &'a str) -> SourceLine<'a> {
    SourceLine {
        id: one.id,
        number,
        source: &one.source,
        timing: one.timing,
        last: one.last.as_ref().map(|(check, facts)| (*check, facts)),
        last_good: one.last_good,
        alarms: &one.alarms,
        unconfirmed: one.unconfirmed,
    }
}

fn has(line: &SourceLine<'_>, trouble: SourceTrouble) -> bool {
    let asked = match trouble {
        SourceTrouble::Any => return !line.troubles().is_empty(),
        SourceTrouble::Overdue => Trouble::Overdue,
        SourceTrouble::Never => Trouble::Never,
        SourceTrouble::Failed => Trouble::Failed,
        SourceTrouble::Alarm => Trouble::Alarm,
        SourceTrouble::Unconfirmed => Trouble::Unconfirmed,
    };
    line.has(asked)
}

fn calendar(month: Option<Date>, reading: &Reading, face: &Face) -> Exit {
    let now = clock::now();
    let month = month.unwrap_or_else(|| day(now));
    let found =
        enter(reading, face).and_then(|session| collect::month(&session.records, &session.who, month, now));
    let found = match found {
        Ok(found) => found,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    print(face, |out| match reading.format {
        TableOrJson::Table => {
            let style = face.style(None);
            let text = shindan_report::collect::calendar(&found.grid, &found.sources, &face.words, &style);
            out.write_all(text.as_bytes())
        }
        TableOrJson::Json => write_calendar(out, &found.grid, &found.sources, now).map_err(Into::into),
    })
}
