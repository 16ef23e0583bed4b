//! Devices: what is to be done about them, those that are stopped and not yet disconnected (停止機器一覧), and the operating
//! rule of one (運用管理規程), for the terminal, programs and print.

mod lists;
mod paper;
mod rule;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::device::{DeviceCategory, DeviceState};
use shindan_domain::ledger::Stream;
use shindan_domain::process::Reason;

pub use lists::{alarms_table, stopped_html, stopped_table, write_devices};
pub use paper::stopped_paper;
pub use rule::{RuleSheet, rule_html};

/// Devices about which something is to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceReport {
    /// The day in Japan for which it holds.
    pub as_of: Date,
    /// When it was made.
    pub made: Timestamp,
    /// How many dossiers there are: a short list of no dossiers is no good news.
    pub devices: usize,
    /// The devices.
    pub lines: Vec<DeviceLine>,
}

/// One device.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceLine {
    /// The record.
    pub stream: Stream,
    /// Its display number.
    pub number: String,
    /// What it is called.
    pub name: String,
    /// Its key in the register.
    pub key: String,
    /// What it is.
    pub category: DeviceCategory,
    /// How it stands.
    pub state: DeviceState,
    /// What its system is called.
    pub system: Option<String>,
    /// The day since when its disconnection is to be confirmed.
    pub open_since: Option<Date>,
    /// Why it is not used, or by what it was seen.
    pub why: Option<String>,
    /// What is open.
    pub alarms: Vec<Reason>,
}

impl DeviceLine {
    /// Whole days for which its disconnection has been open.
    pub fn days_open(&self, today: Date) -> Option<i64> {
        let since = self.open_since?;
        // Two days of the calendar are never so far apart that the difference could not be told.
        since.until(today).ok().map(|span| i64::from(span.get_days()))
    }
}
