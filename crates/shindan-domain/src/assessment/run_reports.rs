//! Reports of a run: who reads them, who states their times, who says how they came about.

use super::report::Dated;
use super::run::{Assessment, RunStage, RunStep};
use super::run_event::AssessmentEvent;
use super::run_parts::{ReportRead, Start};
use super::targets::Target;
use crate::approval::Word;
use crate::calendar::not_in_future;
use crate::evidence::Document;
use crate::process::{Label, Occurrence, ReasonCode, Refusal, text_given};
use crate::record_id::PersonId;

impl Assessment {
    /// Reads reports.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] before it was started or after it was closed, [`ReasonCode::ReportMissing`] for none;
    /// for a stated time [`ReasonCode::DateInFuture`], and [`ReasonCode::ReportTimeByTester`] for who tests, started it or scanned.
    pub fn read(&self, reports: Vec<ReportRead>, by: &Occurrence) -> Result<AssessmentEvent, Refusal> {
        let start = self.started(RunStep::ReadReport)?;
        if reports.is_empty() {
            return Err(Refusal::new(ReasonCode::ReportMissing));
        }
        for one in reports.iter().filter(|one| one.dated() == Dated::Stated) {
            if self.carried_out_by(start).any(|person| person == by.actor.person) {
                return Err(Refusal::new(ReasonCode::ReportTimeByTester).with("file", &one.document.name));
            }
            for at in one.started.iter().chain(&one.ended) {
                not_in_future(Label::StartedAt, *at, by)?;
            }
        }
        Ok(AssessmentEvent::Read { reports })
    }

    /// Whether it takes reports now.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`] before it was started or after it ended.
    pub fn takes_reports(&self) -> Result<(), Refusal> {
        self.started(RunStep::ReadReport).map(drop)
    }

    /// Whose interest it is that the run goes well: the tester, who started it, and who began scans in it.
    fn carried_out_by(&self, start: &Start) -> impl Iterator<Item = PersonId> {
        let scanned = self.scans.iter().map(|scan| scan.by);
        [self.order.tester, start.by].into_iter().chain(scanned)
    }

    /// Says how a flagged report came about, also of a run that was given up: what it touched stays touched.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::ReportNotFlagged`], [`ReasonCode::TextMissing`], [`ReasonCode::SamePerson`]
    /// for the tester and who started it.
    pub fn explain(
        &self,
        report: Document,
        note: String,
        word: Word,
        by: &Occurrence,
    ) -> Result<AssessmentEvent, Refusal> {
        let start = match &self.stage {
            RunStage::Started(start) | RunStage::Cancelled { start: Some(start), .. } => start,
            _ => return Err(Refusal::out_of_order(self.state(), RunStep::ExplainReport)),
        };
        text_given(Label::Note.as_str(), &note)?;
        let known = self.reports.iter().any(|one| one.document.sha256 == report.sha256 && one.is_flagged());
        if !known {
            return Err(Refusal::new(ReasonCode::ReportNotFlagged));
        }
        self.apart(start, &word, by)?;
        Ok(AssessmentEvent::Explained { report, note, word })
    }

    /// Says why a target of the run could not be reached, so that no report covers it.
    ///
    /// # Errors
    /// [`ReasonCode::StepOutOfOrder`], [`ReasonCode::TextMissing`], [`ReasonCode::ItemUnknown`] for what is no target of the run,
    /// [`ReasonCode::NothingChanges`] for one that a report covers, [`ReasonCode::SamePerson`] as for [`Self::explain`].
    pub fn explain_target(
        &self,
        target: Target,
        note: String,
        word: Word,
        by: &Occurrence,
    ) -> Result<AssessmentEvent, Refusal> {
        let start = self.started(RunStep::ExplainReport)?;
        text_given(Label::Note.as_str(), &note)?;
        if !self.order.targets.contains(&target) {
            return Err(Refusal::new(ReasonCode::ItemUnknown).with("value", target));
        }
        if self.is_covered(&target) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        self.apart(start, &word, by)?;
        Ok(AssessmentEvent::TargetExplained { target, note, word })
    }

    /// The word is of somebody who neither tests, started it, scanned nor read its reports.
    fn apart(&self, start: &Start, word: &Word, by: &Occurrence) -> Result<(), Refusal> {
        let others = self.carried_out_by(start).chain(self.readers.iter().copied());
        word.check_apart(by, others, RunStep::Scan.as_str(), RunStep::ExplainReport.as_str())
    }
}
