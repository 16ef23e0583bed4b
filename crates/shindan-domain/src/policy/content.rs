//! What a policy says. The guideline's page gives no numbers, so none stands in code: an institution sets them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::people::Role;
use crate::priority::{Decision, Probability};
use crate::process::{Label, Reason, ReasonCode, Refusal, text_given};
use crate::terms;

terms! {
    /// What a policy is about.
    pub enum PolicyKind ("policy-kind") {
        /// 期限: within how many days a case is decided and done.
        DueDates = "due-dates",
        /// 優先度の決定表: the table and the rules that give a finding its priority.
        DecisionTable = "decision-table",
        /// 定期確認の間隔: how often fitness for use is confirmed and operational items are reviewed.
        ConfirmationInterval = "confirmation-interval",
        /// 二要素認証
        SecondFactor = "second-factor",
    }
}

/// Days per priority. *Defer* has none: it opens no case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DaysByPriority {
    /// 即時
    pub immediate: u16,
    /// 臨時
    pub out_of_cycle: u16,
    /// 定期
    pub scheduled: u16,
}

impl DaysByPriority {
    /// The days for a priority; `None` for *defer*.
    pub fn of(&self, priority: Decision) -> Option<u16> {
        match priority {
            Decision::Immediate => Some(self.immediate),
            Decision::OutOfCycle => Some(self.out_of_cycle),
            Decision::Scheduled => Some(self.scheduled),
            Decision::Defer => None,
        }
    }

    fn check(&self, field: Label) -> Result<(), Refusal> {
        if self.immediate <= self.out_of_cycle && self.out_of_cycle <= self.scheduled {
            return Ok(());
        }
        let value = format!("{} / {} / {}", self.immediate, self.out_of_cycle, self.scheduled);
        Err(Refusal::new(ReasonCode::PolicyContentInvalid).with("field", field.as_str()).with("value", value))
    }
}

/// 期限: whole days, counted from the day in Japan after which the case was noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DueDates {
    /// From noticed to an approved decision.
    pub decide: DaysByPriority,
    /// From noticed to closed.
    pub done: DaysByPriority,
    /// From a change to its confirmation afterwards.
    pub verify_after_change: u16,
    /// From an inquiry to the first reminder, and from one reminder to the next.
    pub chase_inquiry: u16,
    /// From an acceptance, or a measure that is no patch, to the latest review.
    pub review: u16,
}

/// 優先度の決定表: texts as the priority rules read them, checked by the caller before they are proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PriorityRules {
    /// Identifier of the rules, as in the text (`shindan-default`).
    pub rules_id: String,
    /// Their version, as in the text.
    pub rules_version: String,
    /// Identifier of the table (`ssvc:DT_DP:1.0.0`).
    pub table_id: String,
    /// The rules' file (`catalog/policy/default.toml`), as it was checked.
    pub rules_text: String,
    /// The table's file, as it was checked.
    pub table_text: String,
    /// From this EPSS probability on (plain decimal text) a rise is a surge; `None`: only a new KEV entry is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surge_epss: Option<String>,
}

/// 定期確認の間隔, in days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConfirmationInterval {
    /// Between two confirmations that devices are fit for use (企画管理編 9).
    pub confirm: u16,
    /// Between two reviews of operational items (企画管理編 15).
    pub review: u16,
    /// Between two comparisons of the inventory with vulnerability information (④-1).
    pub judge: u16,
}

/// Of whom a code of an authenticator app is asked when they log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SecondFactor {
    /// Who has one of these roles sets an app up before anything else.
    pub roles: BTreeSet<Role>,
}

/// What a policy says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "says", rename_all = "kebab-case")]
pub enum Content {
    /// 期限
    DueDates(DueDates),
    /// 優先度の決定表
    DecisionTable(PriorityRules),
    /// 定期確認の間隔
    ConfirmationInterval(ConfirmationInterval),
    /// 二要素認証
    SecondFactor(SecondFactor),
}

impl Content {
    /// What it is about.
    pub fn kind(&self) -> PolicyKind {
        match self {
            Content::DueDates(_) => PolicyKind::DueDates,
            Content::DecisionTable(_) => PolicyKind::DecisionTable,
            Content::ConfirmationInterval(_) => PolicyKind::ConfirmationInterval,
            Content::SecondFactor(_) => PolicyKind::SecondFactor,
        }
    }

    /// Checks what can be checked without reading other formats.
    ///
    /// # Errors
    /// [`ReasonCode::PolicyContentInvalid`] where more urgent cases would have more time, an interval is 0 or a probability
    /// is none; [`ReasonCode::TextMissing`] for a blank text.
    pub fn check(&self) -> Result<(), Refusal> {
        match self {
            Content::DueDates(days) => {
                days.decide.check(Label::DecideDays)?;
                days.done.check(Label::DoneDays)?;
                let later = [Decision::Immediate, Decision::OutOfCycle, Decision::Scheduled]
                    .into_iter()
                    .all(|priority| days.decide.of(priority) <= days.done.of(priority));
                if !later {
                    return Err(invalid(Label::DoneDays, Label::DecideDays.as_str()));
                }
                positive(Label::ChaseInquiry, days.chase_inquiry)?;
                positive(Label::ReviewDays, days.review)
            }
            Content::DecisionTable(rules) => {
                text_given(Label::Rules.as_str(), &rules.rules_id)?;
                text_given(Label::RulesVersion.as_str(), &rules.rules_version)?;
                text_given(Label::Table.as_str(), &rules.table_id)?;
                text_given(Label::Rules.as_str(), &rules.rules_text)?;
                text_given(Label::Table.as_str(), &rules.table_text)?;
                match &rules.surge_epss {
                    Some(text) if text.parse::<Probability>().is_err() => {
                        Err(invalid(Label::SurgeEpss, text))
                    }
                    _ => Ok(()),
                }
            }
            Content::ConfirmationInterval(days) => {
                positive(Label::ConfirmDays, days.confirm)?;
                positive(Label::ReviewDays, days.review)?;
                positive(Label::JudgeDays, days.judge)
            }
            // Nobody: it is asked of nobody.
            Content::SecondFactor(_) => Ok(()),
        }
    }
}

fn invalid(field: Label, value: &str) -> Refusal {
    Reason::new(ReasonCode::PolicyContentInvalid).with("field", field.as_str()).with("value", value).into()
}

fn positive(field: Label, days: u16) -> Result<(), Refusal> {
    if days == 0 { Err(invalid(field, "0")) } else { Ok(()) }
}
