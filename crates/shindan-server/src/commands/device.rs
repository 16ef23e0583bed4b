//! Commands on devices: the dossier, the operating rule, the life (システム運用編 8, ⑤-1).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use shindan_app::records::devices::{
    self, ConfirmOrder, DeviceOrder, InformationOrder, RiskLevels, UpdatedOrder, UseOrder,
};
use shindan_app::records::{RecordsError, device_rules};
use shindan_domain::device::{
    DeviceCategory, DisconnectionMeans, LineConnection, LineKind, MakerInformationKind, RemoteLine,
    RiskLevel, RuleText, StopKind, SupportEnd, UpdateMethod, UpdateResult, UseComparison,
};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::record_id::{DeviceId, PartyId};
use utoipa::ToSchema;

use super::clear::{Clear, Clearing};
use super::given::{Paper, PartnerFile, commands};
use crate::command::{Command, Outcome, Session};

/// Closed sets of words in these bodies.
mod sets {
    use super::*;
    use crate::commands::words::one_of;
    use utoipa::openapi::schema::Object;

    pub(super) fn category() -> Object {
        one_of(DeviceCategory::terms())
    }

    pub(super) fn information() -> Object {
        one_of(MakerInformationKind::terms())
    }

    pub(super) fn comparison() -> Object {
        one_of(UseComparison::terms())
    }

    pub(super) fn level() -> Object {
        one_of(RiskLevel::terms())
    }

    pub(super) fn line() -> Object {
        one_of(LineKind::terms())
    }

    pub(super) fn connection() -> Object {
        one_of(LineConnection::terms())
    }

    pub(super) fn result() -> Object {
        one_of(UpdateResult::terms())
    }

    pub(super) fn stop() -> Object {
        one_of(StopKind::terms())
    }

    pub(super) fn means() -> Object {
        one_of(DisconnectionMeans::terms())
    }
}

/// Opens the dossier of an asset. What is not given comes from the register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenDossier {
    /// The asset: name or id, else its number or key in the register.
    asset: String,
    /// What it is called.
    #[serde(default)]
    name: Option<String>,
    /// What it is.
    #[serde(default)]
    #[schema(schema_with = sets::category)]
    category: Option<DeviceCategory>,
    /// MAC addresses.
    #[serde(default)]
    macs: Option<Vec<String>>,
    /// Fixed IP addresses, or `dhcp`.
    #[serde(default)]
    addresses: Option<Vec<String>>,
    /// Host names.
    #[serde(default)]
    host_names: Option<Vec<String>>,
    /// Serial number.
    #[serde(default)]
    serial: Option<String>,
    /// Version of firmware or software.
    #[serde(default)]
    firmware: Option<String>,
    /// When support ends: `until` (a day in Japan), `what`.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    support_ends: Option<Vec<SupportEnd>>,
}

impl Command for OpenDossier {
    const KIND: Kind = Kind::Device;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Open the dossier of an asset";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let asset = devices::asset_called(s.records, &self.asset)?;
        let order = DeviceOrder {
            name: self.name,
            category: self.category,
            macs: self.macs,
            addresses: self.addresses,
            host_names: self.host_names,
            serial: self.serial,
            firmware: self.firmware,
            support_ends: self.support_ends,
        };
        devices::open(s.records, &s.who, &s.call, asset, &order).map(Into::into)
    }
}

/// A line by which somebody reaches the device from outside.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenLine {
    /// What kind it is.
    #[schema(schema_with = sets::line)]
    kind: LineKind,
    /// What it is called.
    description: String,
    /// Whose it is: id or name of a party.
    #[serde(default)]
    owner: Option<String>,
    /// Who maintains by it: id or name of a party.
    #[serde(default)]
    provider: Option<String>,
    /// When it is connected.
    #[schema(schema_with = sets::connection)]
    connection: LineConnection,
}

impl Clearing for ChangeDevice {
    const FIELDS: &'static [&'static str] = &["serial", "firmware"];
}

commands! {
    Device, DeviceId;

    /// Changes what the device is. What is not named stays as it is; lists that are named replace the old ones.
    ChangeDevice ("change", "Change what a device is") {
        /// What it is called.
        #[serde(default)]
        name: Option<String>,
        /// What it is.
        #[serde(default)]
        #[schema(schema_with = sets::category)]
        category: Option<DeviceCategory>,
        /// MAC addresses.
        #[serde(default)]
        macs: Option<Vec<String>>,
        /// Fixed IP addresses, or `dhcp`.
        #[serde(default)]
        addresses: Option<Vec<String>>,
        /// Host names.
        #[serde(default)]
        host_names: Option<Vec<String>>,
        /// Serial number.
        #[serde(default)]
        serial: Option<String>,
        /// Version of firmware or software.
        #[serde(default)]
        firmware: Option<String>,
        /// When support ends: `until` (a day in Japan), `what`.
        #[serde(default)]
        #[schema(value_type = Option<Vec<Object>>)]
        support_ends: Option<Vec<SupportEnd>>,
        /// What holds nothing from now on. A list holds nothing once an empty one is named.
        #[serde(default)]
        #[schema(schema_with = Clear::<ChangeDevice>::form)]
        clear: Clear<ChangeDevice>,
        /// Why.
        reason: String,
    }
    |b, s, device| {
        let order = DeviceOrder {
            name: b.name,
            category: b.category,
            macs: b.macs,
            addresses: b.addresses,
            host_names: b.host_names,
            serial: b.clear.of("serial", b.serial)?.map(Option::unwrap_or_default),
            firmware: b.clear.of("firmware", b.firmware)?.map(Option::unwrap_or_default),
            support_ends: b.support_ends,
        };
        devices::change(s.records, &s.who, &s.call, device, &order, b.reason)
    };

    /// Files information of the maker.
    InformDevice ("inform", "File information of the maker") {
        /// What it is.
        #[schema(schema_with = sets::information)]
        kind: MakerInformationKind,
        /// Edition or version, as it stands there.
        #[serde(default)]
        edition: Option<String>,
        /// The day that stands there.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        dated: Option<Date>,
        /// What it says that matters here.
        content: String,
        /// SHA-256 of the upload.
        #[schema(value_type = String)]
        file: Hash,
    }
    |b, s, device| {
        let file = s.upload(&b.file)?;
        let order =
            InformationOrder { kind: b.kind, edition: b.edition, dated: b.dated, content: b.content, file };
        devices::inform(s.records, &s.who, &s.call, device, order)
    };

    /// States how the device is used, compared with what its maker intends. A difference opens a case.
    StateUse ("state-use", "State how a device is used") {
        /// What it is for, as the maker states; as stated before unless given.
        #[serde(default)]
        intended: Option<String>,
        /// What it is used for.
        actual: String,
        /// Whether that is the same.
        #[schema(schema_with = sets::comparison)]
        comparison: UseComparison,
        /// Why.
        reason: String,
        /// SHA-256 of uploads that it rests on.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
    }
    |b, s, device| {
        let documents = s.uploads(&b.documents)?;
        let order = UseOrder {
            intended: b.intended,
            actual: b.actual,
            comparison: b.comparison,
            reason: b.reason,
            documents,
        };
        devices::state_use(s.records, &s.who, &s.call, device, &order)
    };

    /// Records the risk analysis from the maker's information and the use.
    AnalyseDevice ("analyse", "Record the risk analysis of a device") {
        /// What could happen.
        risk: String,
        /// What is done about it.
        measures: String,
        /// How likely it is.
        #[schema(schema_with = sets::level)]
        likelihood: RiskLevel,
        /// How bad for patients.
        #[schema(schema_with = sets::level)]
        patient_safety: RiskLevel,
        /// How bad for the work.
        #[schema(schema_with = sets::level)]
        availability: RiskLevel,
        /// How bad for what is confidential.
        #[schema(schema_with = sets::level)]
        confidentiality: RiskLevel,
        /// SHA-256 of uploads that it rests on.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
    }
    |b, s, device| {
        let documents = s.uploads(&b.documents)?;
        let levels = RiskLevels {
            likelihood: b.likelihood,
            patient_safety: b.patient_safety,
            availability: b.availability,
            confidentiality: b.confidentiality,
        };
        let texts = (b.risk, b.measures);
        devices::analyse(s.records, &s.who, &s.call, device, texts, levels, &documents)
    };

    /// Writes the next version of the operating rule from the dossier; it is printed in both languages and kept.
    WriteRule ("write-rule", "Write the operating rule of a device") {
        /// Which department answers for the device. No names of persons.
        department: String,
        /// What is to be observed.
        provisions: String,
    }
    |b, s, device| {
        let text = RuleText { department: b.department, provisions: b.provisions };
        device_rules::write(s.records, &s.who, &s.call, device, text)
    };

    /// Approves the operating rule that waits.
    ApproveRule ("approve-rule", "Approve the operating rule of a device") {
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, device| {
        let word = s.word(b.paper, b.partner_file)?;
        device_rules::approve(s.records, &s.who, &s.call, device, &word)
    };

    /// Sends the operating rule that waits back.
    SendRuleBack ("send-rule-back", "Send the operating rule of a device back") {
        /// Why.
        reason: String,
    }
    |b, s, device| device_rules::send_back(s.records, &s.who, &s.call, device, b.reason);

    /// Says by which line the device is maintained from outside.
    SetLine ("set-line", "Say by which line a device is maintained") {
        /// The line; none unless given.
        #[serde(default)]
        line: Option<GivenLine>,
        /// Why.
        reason: String,
    }
    |b, s, device| {
        let line = match b.line {
            Some(line) => Some(RemoteLine {
                kind: line.kind,
                description: line.description,
                owner: s.named_if(Kind::Party, line.owner.as_ref(), PartyId)?,
                provider: s.named_if(Kind::Party, line.provider.as_ref(), PartyId)?,
                connection: line.connection,
            }),
            None => None,
        };
        devices::set_line(s.records, &s.who, &s.call, device, line, b.reason)
    };

    /// Lays down how and how often the device is updated.
    PlanUpdates ("plan-updates", "Lay down how a device is updated") {
        /// How, and how critical updates come in time.
        how: String,
        /// After how many days somebody looks again.
        every_days: u16,
        /// Who updates it: id or name of a party; who patches the asset unless given.
        #[serde(default)]
        responsible: Option<String>,
        /// When somebody looks first, a day in Japan; after the interval unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        next: Option<Date>,
    }
    |b, s, device| {
        let responsible = s.named_if(Kind::Party, b.responsible.as_ref(), PartyId)?;
        let method = UpdateMethod { responsible, how: b.how, interval_days: b.every_days };
        devices::plan_updates(s.records, &s.who, &s.call, device, method, b.next)
    };

    /// Records that somebody looked for updates, or applied one.
    RecordUpdate ("record-update", "Record that somebody looked for updates") {
        /// What it came to.
        #[schema(schema_with = sets::result)]
        result: UpdateResult,
        /// What was done.
        note: String,
        /// The version that runs since.
        #[serde(default)]
        firmware: Option<String>,
        /// On which day in Japan; today unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        on: Option<Date>,
        /// When somebody looks again, a day in Japan; after the interval unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        next: Option<Date>,
        /// SHA-256 of uploads that show it.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
    }
    |b, s, device| {
        let documents = s.uploads(&b.documents)?;
        let order =
            UpdatedOrder { on: b.on, result: b.result, firmware: b.firmware, note: b.note, next: b.next };
        devices::updated(s.records, &s.who, &s.call, device, order, &documents)
    };

    /// Records that the device is no longer used. Its disconnection is to be confirmed from now on.
    StopDevice ("stop", "Record that a device is no longer used") {
        /// Taken out of use, or broken.
        #[schema(schema_with = sets::stop)]
        kind: StopKind,
        /// Why.
        reason: String,
        /// Since when; now unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        since: Option<Timestamp>,
    }
    |b, s, device| devices::stop(s.records, &s.who, &s.call, device, b.kind, (b.reason, b.since));

    /// Confirms that the device is disconnected. Who reported the stop needs a document for that.
    ConfirmDisconnected ("confirm-disconnected", "Confirm that a device is disconnected") {
        /// How it was disconnected.
        #[schema(schema_with = sets::means)]
        means: DisconnectionMeans,
        /// How it was confirmed.
        how: String,
        /// When somebody looked; now unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        checked: Option<Timestamp>,
        /// SHA-256 of uploads that show it.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, device| {
        let documents = s.uploads(&b.documents)?;
        let word = s.word(b.paper, b.partner_file)?;
        let order = ConfirmOrder { means: b.means, how: b.how, checked: b.checked, documents };
        devices::confirm_disconnected(s.records, &s.who, &s.call, device, order, &word)
    };

    /// Records that the device is used again.
    TakeBackIntoUse ("back-in-use", "Record that a device is used again") {
        /// Why.
        reason: String,
    }
    |b, s, device| devices::back_in_use(s.records, &s.who, &s.call, device, b.reason);

    /// Records that the device is gone for good. Its disconnection was confirmed before.
    DisposeOfDevice ("dispose", "Record that a device is gone for good") {
        /// How, and what became of the data on it.
        how: String,
        /// On which day in Japan; today unless given.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        on: Option<Date>,
        /// SHA-256 of uploads that show it.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
    }
    |b, s, device| {
        let documents = s.uploads(&b.documents)?;
        devices::dispose(s.records, &s.who, &s.call, device, (b.how, b.on), &documents)
    };
}
