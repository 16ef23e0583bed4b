//! Values of the command line that several verbs share.

use jiff::civil::Date;
use shindan_domain::change::{ChangeKind, TestResult};
use shindan_domain::exchange::{Compared, ContentType};
use shindan_domain::inquiry::{Affected, MayPatch, Way};
use shindan_domain::organisation::{PartyKind, Purpose, ServiceState};
use shindan_domain::verification::Channel;

use crate::help::WrongValue;

macro_rules! one_of {
    ($($name:ident: $type:ident;)+) => {$(
        /// One of the terms of the set.
        pub fn $name(text: &str) -> Result<$type, WrongValue> {
            let known = || $type::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(" ");
            text.parse().map_err(|_| WrongValue { expected: "usage-expected-one-of", known: known() })
        }
    )+};
}

one_of! {
    party_kind: PartyKind;
    service: ServiceState;
    purpose: Purpose;
    change_kind: ChangeKind;
    test_result: TestResult;
    way: Way;
    affected: Affected;
    may_patch: MayPatch;
    compared: Compared;
    content_type: ContentType;
}

/// A day such as 2027-03-31.
pub fn day(text: &str) -> Result<Date, WrongValue> {
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-day", known: String::new() })
}

/// Where something came from.
pub fn channel(text: &str) -> Result<Channel, WrongValue> {
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-channel", known: String::new() })
}

/// A test and what has to come out: `NAME=EXPECTED`.
pub fn test(text: &str) -> Result<(String, String), WrongValue> {
    let parts = text.split_once('=').map(|(name, expected)| (name.trim(), expected.trim()));
    let parts = parts.filter(|(name, expected)| !name.is_empty() && !expected.is_empty());
    let wrong = || WrongValue { expected: "usage-expected-test", known: String::new() };
    parts.map(|(name, expected)| (name.to_owned(), expected.to_owned())).ok_or_else(wrong)
}
