//! Sources of vulnerability information, checks, notices, and looking at sources (④-2).

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use serde::Deserialize;
use shindan_app::data_folder::DataFolder;
use shindan_app::progress::{Progress, Silent};
use shindan_app::records::collect::sync::{self, SyncAsked};
use shindan_app::records::collect::{self, HandCheck, HandNotice, SourceChange};
use shindan_app::records::refresh::after_knowledge_change;
use shindan_app::records::{Call, RecordsError};
use shindan_domain::collect::{Concerns, HandMeans, SourceDraft, SourceKind, Thresholds};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::record_id::{CaseId, NoticeId, PersonId, SourceCheckId, SourceId};
use shindan_report::collect::{SyncedLine, write_synced};
use shindan_report::words::Lang;
use utoipa::ToSchema;

use super::clear::{Clear, Clearing};
use super::given::commands;
use crate::command::{Command, Outcome, Session, Task, done_json};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shapes::{DoneShape, SyncShape};

/// Closed sets of words in these bodies.
mod sets {
    use super::*;
    use crate::commands::words::one_of;
    use utoipa::openapi::schema::Object;

    pub(super) fn kind() -> Object {
        one_of(SourceKind::terms())
    }

    pub(super) fn means() -> Object {
        one_of(HandMeans::terms())
    }

    pub(super) fn concerns() -> Object {
        one_of(Concerns::terms())
    }
}

/// From when on what a source says is suspicious. What is not given raises no alarm.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenThresholds {
    /// So many percent fewer rows or bytes, 1 to 100.
    #[serde(default)]
    drop_percent: Option<u8>,
    /// Newest date so many days old.
    #[serde(default)]
    standstill_days: Option<u16>,
    /// Same content for so many days.
    #[serde(default)]
    unchanged_days: Option<u16>,
    /// Clocks differ by so many minutes.
    #[serde(default)]
    skew_minutes: Option<u16>,
}

impl From<GivenThresholds> for Thresholds {
    fn from(given: GivenThresholds) -> Thresholds {
        let GivenThresholds { drop_percent, standstill_days, unchanged_days, skew_minutes } = given;
        Thresholds { drop_percent, standstill_days, unchanged_days, skew_minutes }
    }
}

/// Adds a source.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddSource {
    /// Short name: `a` to `z`, digits, hyphens.
    name: String,
    /// What people call it.
    title: String,
    /// What it is.
    #[schema(schema_with = sets::kind)]
    kind: SourceKind,
    /// Where it is fetched.
    #[serde(default)]
    addresses: Vec<String>,
    /// After how many hours it is looked at again; only when a person looks unless given.
    #[serde(default)]
    interval_hours: Option<u32>,
    /// Who answers for it: id or name.
    #[serde(default)]
    responsible: Option<String>,
    /// So many days after the interval it is overdue; 1 unless given.
    #[serde(default)]
    reminder_days: Option<u16>,
    /// Within how many days checks are confirmed; 31 unless given.
    #[serde(default)]
    confirm_days: Option<u16>,
    /// When an alarm is raised; half of it gone, or clocks that differ by 10 minutes, unless given.
    #[serde(default)]
    #[schema(value_type = Option<GivenThresholds>)]
    thresholds: Option<GivenThresholds>,
    /// Under which terms its content may be passed on.
    #[serde(default)]
    licence: Option<String>,
    /// Its terms are unclear.
    #[serde(default)]
    may_leave_out: bool,
}

impl Command for AddSource {
    const KIND: Kind = Kind::Source;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Add a source of vulnerability information";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let draft = SourceDraft {
            responsible: s.named_if(Kind::Person, self.responsible.as_ref(), PersonId)?,
            name: self.name,
            title: self.title,
            kind: self.kind,
            addresses: self.addresses,
            interval_hours: self.interval_hours,
            reminder_days: self.reminder_days.unwrap_or(SourceDraft::REMINDER_DAYS),
            confirm_days: self.confirm_days.unwrap_or(SourceDraft::CONFIRM_DAYS),
            thresholds: self.thresholds.map_or(Thresholds::USUAL, Into::into),
            licence: self.licence,
            may_leave_out: self.may_leave_out,
        };
        collect::add(s.records, &s.who, &s.call, draft).map(Into::into)
    }
}

/// Adds sources that ship as proposals (`GET /api/v1/source-proposals`), in one act.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddProposed {
    /// Their short names; all that every installation should look at, unless given.
    #[serde(default)]
    names: Vec<String>,
    /// Who answers for them: id or name.
    #[serde(default)]
    responsible: Option<String>,
    /// In which language they are called: `ja` (unless given) or `en`.
    #[serde(default)]
    language: Option<String>,
}

impl Task for AddProposed {
    const NAME: &'static str = "source-proposals";
    const SUMMARY: &'static str = "Add sources that ship as proposals; the answer names the last one";
    type Answer = DoneShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        let added = (|| {
            let responsible = s.named_if(Kind::Person, self.responsible.as_ref(), PersonId)?;
            let language = self.language.unwrap_or_else(|| Lang::Ja.as_str().to_owned());
            if !Lang::ALL.iter().any(|lang| lang.as_str() == language) {
                return Err(RecordsError::Invalid { field: "language".to_owned(), value: language });
            }
            let wanted = (self.names.as_slice(), language.as_str());
            collect::add_proposed(s.records, &s.who, &s.call, wanted, responsible)
        })();
        let done = added.map_err(|error| s.problem(error))?;
        Ok(Reply { status: StatusCode::OK, ..Reply::of(&done_json(&done, BTreeMap::new())) })
    }
}

/// Looks at sources now, and records what came of it. A source that fails is recorded as failed and keeps no other from being looked
/// at. A repeated request looks again. The way to the internet (proxy, certificates) is a setting of the server.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookNow {
    /// The sources: short names, numbers or ids; all that are looked at and fetched, unless given.
    #[serde(default)]
    sources: Vec<String>,
    /// Why outside of the plan.
    #[serde(default)]
    reason: Option<String>,
}

impl Task for LookNow {
    const NAME: &'static str = "sync";
    const SUMMARY: &'static str = "Look at sources now";
    type Answer = SyncShape;

    fn run(self, s: &mut Session<'_>) -> Result<Reply, Problem> {
        self.look(s, &Silent)
    }
}

impl LookNow {
    /// Looks, and tells how far it is.
    pub(crate) fn look(self, s: &mut Session<'_>, progress: &dyn Progress) -> Result<Reply, Problem> {
        let named = self.sources.iter().map(|source| s.named(Kind::Source, source).map(SourceId));
        let sources = named.collect::<Result<Vec<_>, _>>().map_err(|error| s.problem(error))?;
        let asked = SyncAsked { sources, reason: self.reason, scheduled: false };
        let folder = DataFolder::new(s.records.root());
        let way = (&folder, &s.network.reach);
        let done = sync::sync(s.records, &s.who, way, &asked, progress, &s.network.ending)
            .map_err(|error| s.problem(error))?;
        if done.built.is_some() {
            // Cases follow what the knowledge base holds now. One that does not is told; the sources were looked at all the same.
            let after = after_knowledge_change(s.records, &s.who, &Call::at(s.call.now), progress)
                .map_err(|error| s.problem(error))?;
            if let Some(failed) = after.failed.into_iter().next() {
                return Err(s.problem(failed.error));
            }
        }
        let lines: Vec<SyncedLine<'_>> = done.sources.iter().map(line).collect();
        let mut body = Vec::new();
        write_synced(&mut body, &lines, done.built.is_some()).map_err(|error| Problem::internal(&error))?;
        Ok(Reply::new(body))
    }
}

fn line(one: &sync::Synced) -> SyncedLine<'_> {
    SyncedLine {
        id: one.source,
        name: &one.name,
        check: one.check.as_deref(),
        outcome: &one.outcome,
        alarms: &one.alarms,
    }
}

impl Clearing for ChangeSource {
    const FIELDS: &'static [&'static str] = &["licence"];
}

commands! {
    Source, SourceId;

    /// Changes how a source is looked at. What is not named stays as it is; addresses and thresholds are replaced as a whole.
    ChangeSource ("change", "Change how a source is looked at") {
        /// What people call it.
        #[serde(default)]
        title: Option<String>,
        /// Where it is fetched.
        #[serde(default)]
        addresses: Option<Vec<String>>,
        /// After how many hours it is looked at again.
        #[serde(default)]
        interval_hours: Option<u32>,
        /// Only when a person looks.
        #[serde(default)]
        no_interval: bool,
        /// Who answers for it: id or name.
        #[serde(default)]
        responsible: Option<String>,
        /// Nobody answers for it any more.
        #[serde(default)]
        no_responsible: bool,
        /// So many days after the interval it is overdue.
        #[serde(default)]
        reminder_days: Option<u16>,
        /// Within how many days checks are confirmed.
        #[serde(default)]
        confirm_days: Option<u16>,
        /// When an alarm is raised.
        #[serde(default)]
        #[schema(value_type = Option<GivenThresholds>)]
        thresholds: Option<GivenThresholds>,
        /// Under which terms its content may be passed on.
        #[serde(default)]
        licence: Option<String>,
        /// Whether its terms are unclear.
        #[serde(default)]
        may_leave_out: Option<bool>,
        /// What holds nothing from now on.
        #[serde(default)]
        #[schema(schema_with = Clear::<ChangeSource>::form)]
        clear: Clear<ChangeSource>,
        /// Why.
        reason: String,
    }
    |b, s, source| {
        let responsible = s.named_if(Kind::Person, b.responsible.as_ref(), PersonId)?;
        let wanted = SourceChange {
            title: b.title,
            addresses: b.addresses,
            interval_hours: either("no_interval", b.interval_hours, b.no_interval)?,
            responsible: either("no_responsible", responsible, b.no_responsible)?,
            reminder_days: b.reminder_days,
            confirm_days: b.confirm_days,
            thresholds: b.thresholds.map(Into::into),
            licence: b.clear.of("licence", b.licence)?.map(Option::unwrap_or_default),
            may_leave_out: b.may_leave_out,
        };
        collect::change(s.records, &s.who, &s.call, source, (wanted, b.reason))
    };

    /// Stops looking at a source for a time.
    PauseSource ("pause", "Stop looking at a source for a time") {
        /// Why.
        reason: String,
    }
    |b, s, source| collect::pause(s.records, &s.who, &s.call, source, b.reason);

    /// Looks at a source again.
    ResumeSource ("resume", "Look at a source again") {}
    |_body, s, source| collect::resume(s.records, &s.who, &s.call, source);

    /// Ends a source: it is never looked at again. Its records stay.
    EndSource ("end", "Never look at a source again") {
        /// Why.
        reason: String,
    }
    |b, s, source| collect::end(s.records, &s.who, &s.call, source, b.reason);

    /// Records that a person looked at a source: a telephone call, a mail, a page.
    CheckSource ("check", "Record that a person looked at a source") {
        /// How.
        #[schema(schema_with = sets::means)]
        means: HandMeans,
        /// What was seen or heard.
        text: String,
        /// How many items are new; 0, unless given: nothing is.
        #[serde(default)]
        new_items: u64,
        /// Titles of alerts that were told, each to be judged.
        #[serde(default)]
        notices: Vec<String>,
        /// The source could not be reached; nothing was learned.
        #[serde(default)]
        not_reached: bool,
        /// SHA-256 of uploads that show it.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
        /// Why outside of the plan.
        #[serde(default)]
        reason: Option<String>,
    }
    |b, s, source| {
        let documents = s.uploads(&b.documents)?;
        let made = HandCheck {
            means: b.means,
            text: b.text,
            documents,
            new_items: b.new_items,
            notices: b.notices.into_iter().map(|title| HandNotice { title }).collect(),
            not_reached: b.not_reached,
            reason: b.reason,
        };
        collect::check_by_hand(s.records, &s.who, &s.call, source, made)
    };
}

commands! {
    SourceCheck, SourceCheckId;

    /// Confirms that a person saw what a check brought. One that failed or is suspicious needs a note.
    ConfirmCheck ("confirm", "Confirm that a person saw what a check brought") {
        /// In their own words.
        #[serde(default)]
        note: Option<String>,
    }
    |b, s, check| collect::confirm(s.records, &s.who, &s.call, check, b.note);
}

commands! {
    Notice, NoticeId;

    /// Judges whether a notice concerns us.
    JudgeNotice ("judge", "Judge whether a notice concerns us") {
        /// Whom it concerns.
        #[schema(schema_with = sets::concerns)]
        concerns: Concerns,
        /// Why.
        because: String,
        /// Cases in which it is dealt with: numbers or ids.
        #[serde(default)]
        cases: Vec<String>,
    }
    |b, s, notice| {
        let found = b.cases.iter().map(|case| s.named(Kind::Case, case).map(CaseId));
        let cases: BTreeSet<CaseId> = found.collect::<Result<_, RecordsError>>()?;
        collect::judge(s.records, &s.who, &s.call, notice, (b.concerns, b.because, cases))
    };
}

/// A new value, none at all, or what there was; not two of them.
fn either<T>(field: &str, value: Option<T>, none: bool) -> Result<Option<Option<T>>, RecordsError> {
    match (value, none) {
        (Some(_), true) => Err(RecordsError::Invalid { field: field.to_owned(), value: "true".to_owned() }),
        (Some(value), false) => Ok(Some(Some(value))),
        (None, true) => Ok(Some(None)),
        (None, false) => Ok(None),
    }
}
