//! A week of looking at sources by hand, as a hospital without a line to the internet does (④-2): something new, nothing new, a day
//! on which the page did not open, a day on which nobody looked. One notice was judged, one waits. The demo takes no network.

use std::collections::BTreeSet;

use jiff::Timestamp;
use shindan_domain::collect::{Concerns, HandMeans, SourceDraft, SourceKind, Thresholds};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{NoticeId, SourceCheckId, SourceId};

use super::cast::{manager, operator};
use super::story::Works;
use crate::records::RecordsError;
use crate::records::collect::{self, HandCheck, HandNotice};

/// What is judged at once.
const JUDGED: &str = "FortiOS の脆弱性（CVE-2024-21762）に関する注意喚起（例）";
/// What was told: the first concerns a device of the hospital, about the second nobody has said anything yet. Invented titles.
const TOLD: [&str; 2] = [JUDGED, "生体情報モニタの脆弱性（CVE-2020-6961）に関する注意喚起（例）"];

/// What came of a day.
enum Day {
    New,
    Nothing,
    NotReached,
    Missed,
}

impl Works {
    /// Six days of one source and two looks at another. Answers when the last one was.
    ///
    /// # Errors
    /// Those of the use cases.
    pub(super) fn collected(&mut self) -> Result<Timestamp, RecordsError> {
        let alerts = self.source("jpcert", "JPCERT/CC 注意喚起（例）", 24)?;
        let circulars = self.source("circular", "都道府県からの通知（例）", 168)?;
        self.look(circulars, HandMeans::Paper, &Day::Nothing)?;
        for day in [Day::New, Day::Nothing, Day::NotReached, Day::Nothing, Day::Missed, Day::Nothing] {
            self.cast.days_later(1);
            if !matches!(day, Day::Missed) {
                self.look(alerts, HandMeans::WebPage, &day)?;
            }
        }
        self.look(circulars, HandMeans::Paper, &Day::Nothing)?;
        Ok(self.cast.now)
    }

    fn source(&mut self, name: &str, title: &str, interval_hours: u32) -> Result<SourceId, RecordsError> {
        let draft = SourceDraft {
            name: name.to_owned(),
            title: title.to_owned(),
            kind: SourceKind::Hand,
            addresses: Vec::new(),
            interval_hours: Some(interval_hours),
            responsible: Some(self.cast.operator.person()),
            reminder_days: SourceDraft::REMINDER_DAYS,
            confirm_days: SourceDraft::CONFIRM_DAYS,
            thresholds: Thresholds::USUAL,
            licence: None,
            may_leave_out: false,
        };
        let done = self.cast.step(operator, |records, who, call| collect::add(records, who, call, draft))?;
        Ok(SourceId(done.stream.id))
    }

    fn look(&mut self, source: SourceId, means: HandMeans, day: &Day) -> Result<(), RecordsError> {
        let (text, notices, not_reached) = match day {
            Day::New => ("注意喚起の一覧を見た。新しいものが二つ", TOLD.to_vec(), false),
            Day::NotReached => ("一覧の画面が開かなかった", Vec::new(), true),
            Day::Nothing | Day::Missed => ("新しいものはない", Vec::new(), false),
        };
        let made = HandCheck {
            means,
            text: text.to_owned(),
            documents: Vec::new(),
            new_items: 0,
            notices: notices.into_iter().map(|title| HandNotice { title: title.to_owned() }).collect(),
            not_reached,
            reason: None,
        };
        let done = self
            .cast
            .step(operator, |records, who, call| collect::check_by_hand(records, who, call, source, made))?;
        if matches!(day, Day::New) {
            self.confirmed_and_judged(SourceCheckId(done.stream.id))?;
        }
        Ok(())
    }

    /// What was new is confirmed, and one of the two notices is judged.
    fn confirmed_and_judged(&mut self, check: SourceCheckId) -> Result<(), RecordsError> {
        let note = Some("一覧と通知を見比べた".to_owned());
        self.cast.step(manager, |records, who, call| collect::confirm(records, who, call, check, note))?;
        let notice = self.notice(JUDGED)?;
        let judged =
            (Concerns::Us, "検査機器の保守回線にある FortiGate が該当する".to_owned(), BTreeSet::new());
        self.cast.step(operator, |records, who, call| collect::judge(records, who, call, notice, judged))?;
        Ok(())
    }

    fn notice(&self, title: &str) -> Result<NoticeId, RecordsError> {
        crate::records::find(&self.cast.records, Kind::Notice, title).map(|stream| NoticeId(stream.id))
    }
}
