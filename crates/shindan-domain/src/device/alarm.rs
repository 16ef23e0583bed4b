//! What is to be done about a device: the same list for a page, for `device alarms` and for the status of controls.

use jiff::civil::Date;

use super::{Device, DeviceStage, RemoteLine, RuleState};
use crate::calendar::day;
use crate::case::CaseState;
use crate::process::{Reason, ReasonCode};

impl Device {
    /// What is open on a day. `case`: how the case of the use stands, if the use is another one than intended; a difference
    /// is open until its case is closed.
    pub fn alarms(&self, today: Date, case: Option<CaseState>) -> Vec<Reason> {
        let mut open: Vec<Reason> = self.lacking(case).collect();
        if matches!(self.stage, DeviceStage::InUse { .. }) {
            let ended = |end: &&super::SupportEnd| end.until < today;
            open.extend(self.support_ends.iter().filter(ended).map(|end| {
                Reason::new(ReasonCode::DeviceSupportEnded).with("date", end.until).with("value", &end.what)
            }));
            let overdue = self.updates.as_ref().filter(|calendar| calendar.next < today);
            open.extend(
                overdue.map(|known| Reason::new(ReasonCode::DeviceUpdateOverdue).with("date", known.next)),
            );
        }
        open
    }

    /// What is open on any day.
    pub(super) fn lacking(&self, case: Option<CaseState>) -> impl Iterator<Item = Reason> {
        let in_use = matches!(self.stage, DeviceStage::InUse { .. });
        let gone = matches!(self.stage, DeviceStage::Disposed { .. });
        let line = self.remote_line.as_ref().filter(|line| line.lacks_owner() && !gone);
        let line = line.map(|RemoteLine { description, .. }| {
            Reason::new(ReasonCode::DeviceLineWithoutOwner).with("value", description)
        });
        let dossier = if in_use { self.dossier_lacks(case) } else { Vec::new() };
        self.disconnection_missing().into_iter().chain(line).chain(dossier)
    }

    fn dossier_lacks(&self, case: Option<CaseState>) -> Vec<Reason> {
        let mut lacks = Vec::new();
        if let Some(differs) = self.difference().filter(|_| case != Some(CaseState::Closed)) {
            lacks.push(Reason::new(ReasonCode::DeviceUseDiffers).with("date", day(differs.at)));
        }
        lacks.extend(self.rule_missing());
        let version = self.rules.last().map(|rule| rule.version).unwrap_or_default();
        let code = match self.rule_state() {
            RuleState::InForce => return lacks,
            RuleState::Missing => return [lacks, vec![Reason::new(ReasonCode::DeviceRuleMissing)]].concat(),
            RuleState::AwaitsApproval => ReasonCode::DeviceRuleNotApproved,
            RuleState::OutOfDate | RuleState::Superseded | RuleState::SentBack => {
                ReasonCode::DeviceRuleOutOfDate
            }
        };
        lacks.push(Reason::new(code).with("version", version));
        lacks
    }
}
