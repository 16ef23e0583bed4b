//! What the served demo's hospital got to before today, so that whoever opens its pages finds a hospital at work: most of what was
//! found is done or decided, one decision waits for approval, and what nobody got to is overdue.
//!
//! The story as it was written down goes without: there, most cases have only just been found.

use jiff::ToSpan;
use shindan_domain::case::{Case, Treatment};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::CaseId;
use shindan_store::{Query, Row};

use super::cast::{colleague, operator};
use super::story::Works;
use crate::clock::day_in_japan;
use crate::records::{RecordsError, WordGiven, cases};

/// What nobody gets to, and stays overdue: the gateway whose maintenance line has no owner.
const LEFT: &str = "FG-80F";
/// What is this urgent, or more, is isolated at once; the others wait for the next regular maintenance.
const ISOLATED: u8 = 1;

impl Works {
    /// Deals with the cases that nobody has judged yet.
    ///
    /// # Errors
    /// Those of the use cases.
    pub(super) fn lately(&mut self) -> Result<(), RecordsError> {
        let query = Query {
            kind: Some(Kind::Case),
            status: Some("detected".to_owned()),
            limit: 1_000,
            ..Query::default()
        };
        let found = self.cast.records.store().list(&query)?.rows;
        let found: Vec<Row> = found.into_iter().filter(|row| !row.title.contains(LEFT)).collect();
        let last = found.len().saturating_sub(1);
        for (place, row) in found.iter().enumerate() {
            let case = CaseId(row.stream.id);
            if row.priority.is_some_and(|priority| priority <= ISOLATED) {
                self.isolated(case)?;
            } else {
                // No patch mends what a device is used for.
                let measure = match self.cast.state::<Case>(case)?.is_stated() {
                    true => (Treatment::Isolation, "使い方を改めるまで、院内の網から切り離す"),
                    false => (Treatment::Patch, "次の定期保守で更新する"),
                };
                self.decide(case, "院内の網からだけ到達できる", measure, None)?;
                // The last decision waits for the approver.
                if place < last {
                    self.approve(case)?;
                }
            }
        }
        Ok(())
    }

    /// Taken off the network, shown, confirmed by a colleague, closed.
    fn isolated(&mut self, case: CaseId) -> Result<(), RecordsError> {
        let note = "更新できるまで、外部からの接続を止める";
        self.decide(case, note, (Treatment::Isolation, "悪用されうるため、更新を待たずに止める"), None)?;
        self.approve(case)?;
        let places: Vec<String> = self.cast.state::<Case>(case)?.places.into_keys().collect();
        let shown = self.cast.document("isolated.txt", "経路設定の控え：外部からの通信を遮断した（例）\n")?;
        self.cast.step(operator, |records, who, call| {
            cases::show_effect(records, who, call, case, &places, (&shown, "遮断後に外部から到達できない"))
        })?;
        // It stays until the update is there; until then somebody looks again.
        let review = day_in_japan(self.cast.now).checked_add(90.days()).map_err(RecordsError::stored)?;
        self.cast.step(colleague, |records, who, call| {
            cases::confirm(records, who, call, case, Some(review), &WordGiven::Software)
        })?;
        self.cast.step(operator, |records, who, call| cases::close(records, who, call, case))?;
        Ok(())
    }
}
