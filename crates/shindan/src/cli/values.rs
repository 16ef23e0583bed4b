//! Values of the command line that several verbs share.

use jiff::civil::Date;
use shindan_app::records::sightings::TakenWhen;
use shindan_domain::agreement::{CauseKind, Coverage, DutyTopic, Involvement};
use shindan_domain::assessment::{ApplicationKind, Level, MergeRule, Presence, Target, Way as AssessmentWay};
use shindan_domain::change::{ChangeKind, TestResult};
use shindan_domain::collect::{HandMeans, SourceKind};
use shindan_domain::device::{
    DeviceCategory, DisconnectionMeans, LineConnection, LineKind, MakerInformationKind, RiskLevel,
    SupportEnd, UpdateResult,
};
use shindan_domain::exchange::{Compared, ContentType};
use shindan_domain::inquiry::{Affected, MayPatch, Way};
use shindan_domain::interface::{Direction, IntegrityResult, Mechanism};
use shindan_domain::inventory::Exposure;
use shindan_domain::notify::{MessageLanguage, Topic};
use shindan_domain::organisation::{PartyKind, Purpose, ServiceState};
use shindan_domain::sighting::IpRange;
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
    direction: Direction;
    mechanism: Mechanism;
    integrity_result: IntegrityResult;
    duty_topic: DutyTopic;
    cause: CauseKind;
    // ---- devices
    device_category: DeviceCategory;
    maker_information: MakerInformationKind;
    risk_level: RiskLevel;
    line_kind: LineKind;
    line_connection: LineConnection;
    update_result: UpdateResult;
    disconnection_means: DisconnectionMeans;
    compared: Compared;
    content_type: ContentType;
    // ---- notifications
    notify_topic: Topic;
    message_language: MessageLanguage;
    // ---- assessments
    application_kind: ApplicationKind;
    assessment_way: AssessmentWay;
    finding_level: Level;
    presence: Presence;
    merge_rule: MergeRule;
    // ---- collecting
    source_kind: SourceKind;
    hand_means: HandMeans;
}

/// What is scanned: an address, a range, a host or a web address.
pub fn target(text: &str) -> Result<Target, WrongValue> {
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-target", known: String::new() })
}

/// `title=Name of the finding`
pub fn column(text: &str) -> Result<(String, String), WrongValue> {
    let wrong = || WrongValue { expected: "usage-expected-column", known: String::new() };
    let (field, heading) = text.split_once('=').ok_or_else(wrong)?;
    let (field, heading) = (field.trim().to_owned(), heading.trim().to_owned());
    if field.is_empty() || heading.is_empty() { Err(wrong()) } else { Ok((field, heading)) }
}

/// From where something can be reached.
pub fn exposure(text: &str) -> Result<Exposure, WrongValue> {
    let all = [Exposure::Small, Exposure::Controlled, Exposure::Open];
    let known = || all.map(Exposure::as_str).join(" ");
    let found = all.into_iter().find(|one| one.as_str() == text);
    found.ok_or_else(|| WrongValue { expected: "usage-expected-one-of", known: known() })
}

/// A day such as 2027-03-31.
pub fn day(text: &str) -> Result<Date, WrongValue> {
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-day", known: String::new() })
}

/// The first day of a month such as 2026-11.
pub fn month(text: &str) -> Result<Date, WrongValue> {
    let wrong = || WrongValue { expected: "usage-expected-month", known: String::new() };
    let digits = |part: &str, long| part.len() == long && part.bytes().all(|byte| byte.is_ascii_digit());
    let (year, month) = text.split_once('-').ok_or_else(wrong)?;
    if !digits(year, 4) || !digits(month, 2) {
        return Err(wrong());
    }
    format!("{year}-{month}-01").parse().map_err(|_| wrong())
}

/// From when on something is suspicious; `None`: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(pub Option<u16>);

/// A number, or none.
pub fn limit(text: &str) -> Result<Limit, WrongValue> {
    if text == "none" {
        return Ok(Limit(None));
    }
    let wrong = |_| WrongValue { expected: "usage-expected-limit", known: String::new() };
    text.parse().map(|limit| Limit(Some(limit))).map_err(wrong)
}

/// When a file was taken: a time with zone, or a day in Japan.
pub fn taken(text: &str) -> Result<TakenWhen, WrongValue> {
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-taken", known: String::new() })
}

/// A range of addresses: `10.1.2.0/24`, `10.1.2.10-10.1.2.99`.
pub fn range(text: &str) -> Result<IpRange, WrongValue> {
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-range", known: String::new() })
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

/// What a party has to do with a duty; `None`: nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvolvementOrNone(pub Option<Involvement>);

/// does, supports, is-informed, approves, or none.
pub fn involvement(text: &str) -> Result<InvolvementOrNone, WrongValue> {
    if text == "none" {
        return Ok(InvolvementOrNone(None));
    }
    let known = || {
        let all = Involvement::ALL.iter().map(|one| one.as_str()).chain(["none"]);
        all.collect::<Vec<_>>().join(" ")
    };
    let wrong = |_| WrongValue { expected: "usage-expected-one-of", known: known() };
    text.parse().map(|one| InvolvementOrNone(Some(one))).map_err(wrong)
}

/// What a duty covers.
pub fn coverage(text: &str) -> Result<Coverage, WrongValue> {
    let known =
        "patching-of-all patching-of-category:CATEGORY patching-of-asset:ASSET every-line line-of:ASSET";
    text.parse().map_err(|_| WrongValue { expected: "usage-expected-one-of", known: known.to_owned() })
}

/// A name in a file and what the party is called here: `NAME=PARTY`.
pub fn named_party(text: &str) -> Result<(String, String), WrongValue> {
    let parts = text.split_once('=').map(|(name, party)| (name.trim(), party.trim()));
    let parts = parts.filter(|(name, party)| !name.is_empty() && !party.is_empty());
    let wrong = || WrongValue { expected: "usage-expected-named-party", known: String::new() };
    parts.map(|(name, party)| (name.to_owned(), party.to_owned())).ok_or_else(wrong)
}

/// Last day of support and of what: `2029-03-31=operating system`.
pub fn support_end(text: &str) -> Result<SupportEnd, WrongValue> {
    let wrong = || WrongValue { expected: "usage-expected-support-end", known: String::new() };
    let (until, what) = text.split_once('=').ok_or_else(wrong)?;
    let (until, what) = (until.trim().parse().map_err(|_| wrong())?, what.trim().to_owned());
    if what.is_empty() { Err(wrong()) } else { Ok(SupportEnd { until, what }) }
}
