//! Commands on interfaces: data exchange with other parties (③-1).

use jiff::civil::Date;
use serde::Deserialize;
use shindan_app::records::RecordsError;
use shindan_app::records::interfaces::{self, InterfaceChange, TestOrder};
use shindan_domain::interface::{Direction, IntegrityResult, InterfaceDraft, Mechanism};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::record_id::{InterfaceId, PartyId, SystemId};
use utoipa::ToSchema;

use super::clear::{Clear, Clearing};
use super::given::commands;
use super::words;
use crate::command::{Command, Outcome, Session};

/// Enters a data exchange of a system with another party.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnterInterface {
    /// What it is called.
    name: String,
    /// Whose data exchange it is: name or id of the system.
    system: String,
    /// With whom: name or id of the party.
    party: String,
    /// Which way data goes, seen from the system.
    #[schema(schema_with = words::direction)]
    direction: Direction,
    /// Which data.
    data: String,
    /// Over what: `HL7 v2 over IPsec-VPN`.
    protocol: String,
    /// What notices altered data; without it, the interface is a gap.
    #[serde(default)]
    #[schema(schema_with = words::mechanism)]
    mechanism: Option<Mechanism>,
    /// How the mechanism is set up, in words.
    #[serde(default)]
    set_up: Option<String>,
}

impl Command for EnterInterface {
    const KIND: Kind = Kind::Interface;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Enter a data exchange with another party";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let draft = InterfaceDraft {
            name: self.name,
            system: SystemId(s.named(Kind::System, &self.system)?),
            counterpart: PartyId(s.named(Kind::Party, &self.party)?),
            direction: self.direction,
            data: self.data,
            protocol: self.protocol,
            mechanism: self.mechanism,
            set_up: self.set_up,
        };
        interfaces::register(s.records, &s.who, &s.call, draft).map(Into::into)
    }
}

impl Clearing for ChangeInterface {
    const FIELDS: &'static [&'static str] = &["set_up"];
}

commands! {
    Interface, InterfaceId;

    /// Changes how it is operated; what is absent stays. A changed mechanism or protocol is to be tested anew.
    ChangeInterface ("change", "Change how it is operated") {
        /// What it is called.
        #[serde(default)]
        name: Option<String>,
        /// Which way data goes.
        #[serde(default)]
        #[schema(schema_with = words::direction)]
        direction: Option<Direction>,
        /// Which data.
        #[serde(default)]
        data: Option<String>,
        /// Over what.
        #[serde(default)]
        protocol: Option<String>,
        /// What notices altered data.
        #[serde(default)]
        #[schema(schema_with = words::mechanism)]
        mechanism: Option<Mechanism>,
        /// Nothing notices it any more.
        #[serde(default)]
        no_mechanism: bool,
        /// How the mechanism is set up, in words.
        #[serde(default)]
        set_up: Option<String>,
        /// What holds nothing from now on.
        #[serde(default)]
        #[schema(schema_with = Clear::<ChangeInterface>::form)]
        clear: Clear<ChangeInterface>,
        /// Why.
        reason: String,
    }
    |b, s, interface| {
        if b.no_mechanism && b.mechanism.is_some() {
            return Err(RecordsError::Invalid { field: "no_mechanism".to_owned(), value: "true".to_owned() });
        }
        let wanted = InterfaceChange {
            name: b.name,
            direction: b.direction,
            data: b.data,
            protocol: b.protocol,
            mechanism: b.mechanism.map(Some).or(b.no_mechanism.then_some(None)),
            set_up: b.clear.of("set_up", b.set_up)?.map(Option::unwrap_or_default),
        };
        interfaces::change(s.records, &s.who, &s.call, interface, wanted, b.reason)
    };

    /// Records that altered data was sent on purpose, and what came of it.
    TestInterface ("test", "Record a test with altered data") {
        /// On which day, in Japan.
        #[schema(value_type = String)]
        on: Date,
        /// What was altered and how it was sent.
        method: String,
        /// What came of it.
        #[schema(schema_with = words::integrity_result)]
        result: IntegrityResult,
        /// When it is tested again, a day in Japan.
        #[schema(value_type = String)]
        next: Date,
        /// SHA-256 of uploads that show it.
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
    }
    |b, s, interface| {
        let documents = s.uploads(&b.documents)?;
        let order = TestOrder { on: b.on, method: b.method, result: b.result, next: b.next, documents };
        interfaces::test(s.records, &s.who, &s.call, interface, order)
    };

    /// Ends it: it is no longer operated.
    EndInterface ("end", "End it") {
        /// Why.
        reason: String,
    }
    |b, s, interface| interfaces::end(s.records, &s.who, &s.call, interface, b.reason);
}
