//! What the dossier says: whose word the maker gave, what the device is for and is used for, what could happen, how it is
//! updated, whose line leads to it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::NetworkIdentity;
use crate::evidence::Document;
use crate::process::{Label, Refusal, text_given};
use crate::record_id::{AssetId, CaseId, PartyId, PersonId, SystemId};
use crate::terms;

terms! {
    /// What a device is (SPEC.md section 3, Asset).
    pub enum DeviceCategory ("device-category") {
        /// 医療機器
        MedicalDevice = "medical-device",
        /// IoT機器
        IotDevice = "iot-device",
        /// ネットワーク機器
        NetworkDevice = "network-device",
        /// 保守回線機器: VPN equipment of a maintenance line.
        RemoteMaintenance = "remote-maintenance",
        /// サーバ
        Server = "server",
        /// 端末
        Terminal = "terminal",
        /// アプリケーション
        Application = "application",
    }
}

terms! {
    /// What the maker gave.
    pub enum MakerInformationKind ("maker-information") {
        /// 製造業者による医療情報セキュリティ開示書 (MDS)
        Mds = "mds",
        /// サービス事業者による医療情報セキュリティ開示書 (SDS)
        Sds = "sds",
        /// Manufacturer Disclosure Statement for Medical Device Security (ANSI/NEMA HN 1)
        Mds2 = "mds2",
        /// List of software.
        Sbom = "sbom",
        /// Notice about security.
        Notice = "notice",
        /// Something else: manual, contract.
        Other = "other",
        /// The maker gives none: the document is the request and what was answered.
        NotObtainable = "not-obtainable",
    }
}

terms! {
    /// How likely or how bad, as the analyst judges it.
    pub enum RiskLevel ("risk-level") {
        /// 低
        Low = "low",
        /// 中
        Medium = "medium",
        /// 高
        High = "high",
    }
}

terms! {
    /// Whether a device is used as its maker intends.
    pub enum UseComparison ("use-comparison") {
        /// As intended.
        Same = "same",
        /// Otherwise.
        Differs = "differs",
    }
}

terms! {
    /// What kind of line a maintenance line is.
    pub enum LineKind ("line-kind") {
        /// IPsec over the internet.
        IpsecVpn = "ipsec-vpn",
        /// SSL or TLS over the internet.
        TlsVpn = "tls-vpn",
        /// A closed network of a carrier.
        ClosedNetwork = "closed-network",
        /// Mobile network.
        Mobile = "mobile",
        /// Telephone line.
        DialUp = "dial-up",
        /// A service on the internet that the device itself connects to.
        Cloud = "cloud",
        /// Another one.
        Other = "other",
    }
}

terms! {
    /// When a line is connected.
    pub enum LineConnection ("line-connection") {
        /// Always.
        Always = "always",
        /// Only for the time of a maintenance.
        OnDemand = "on-demand",
        /// It is cut.
        Cut = "cut",
    }
}

terms! {
    /// What looking for updates came to.
    pub enum UpdateResult ("update-result") {
        /// An update was applied.
        Applied = "applied",
        /// There was none.
        NothingNew = "nothing-new",
        /// There is one, and it cannot be applied yet.
        NotPossible = "not-possible",
    }
}

/// リモート保守回線: a line by which somebody reaches the device from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteLine {
    /// What kind it is.
    pub kind: LineKind,
    /// What it is called: number of the contract, name of the equipment.
    pub description: String,
    /// Whose line it is; nobody: a gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PartyId>,
    /// Who maintains by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<PartyId>,
    /// When it is connected.
    pub connection: LineConnection,
}

impl RemoteLine {
    /// True if it leads to the device and nobody is named whose it is.
    pub fn lacks_owner(&self) -> bool {
        self.owner.is_none() && self.connection != LineConnection::Cut
    }
}

/// The end of the maker's support.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SupportEnd {
    /// Last day.
    pub until: Date,
    /// Of what: the device, its operating system.
    pub what: String,
}

/// What the device is, as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceParticulars {
    /// The asset of the organisation: whose it is and who patches it. Fixed.
    pub asset: AssetId,
    /// The asset's key in the register, by which the imported ledger knows it. Fixed.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// To which system it belongs, as its asset says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemId>,
    /// What it is.
    pub category: DeviceCategory,
    /// By what it is known on the network.
    #[serde(default)]
    pub network: NetworkIdentity,
    /// The line by which it is maintained from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_line: Option<RemoteLine>,
    /// When its support ends, the first end first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub support_ends: Vec<SupportEnd>,
}

impl DeviceParticulars {
    /// Refuses blank names.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`](crate::process::ReasonCode::TextMissing) with the field.
    pub fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Asset.as_str(), &self.key)?;
        text_given(Label::Name.as_str(), &self.name)?;
        if let Some(line) = &self.remote_line {
            text_given(Label::Description.as_str(), &line.description)?;
        }
        self.support_ends.iter().try_for_each(|end| text_given(Label::SupportEnd.as_str(), &end.what))
    }
}

/// What the maker gave, as it is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InformationGiven {
    /// What it is.
    pub kind: MakerInformationKind,
    /// Edition or version, as it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// The day that stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated: Option<Date>,
    /// What it says that matters here.
    pub content: String,
    /// The file.
    pub document: Document,
}

/// How a device is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseStatement {
    /// What it is for, as the maker states.
    pub intended: String,
    /// What it is used for.
    pub actual: String,
    /// Whether that is the same, by the word of a person.
    pub comparison: UseComparison,
    /// Why.
    pub reason: String,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// The case that treats the difference; there exactly if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
}

/// The risk analysis, as it is entered. リスク分析
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnalysisGiven {
    /// What could happen, by the maker's information and the use.
    pub content: String,
    /// What is done about it.
    pub measures: String,
    /// How likely it is.
    pub likelihood: RiskLevel,
    /// How bad for patients.
    pub patient_safety: RiskLevel,
    /// How bad for the work.
    pub availability: RiskLevel,
    /// How bad for what is confidential.
    pub confidentiality: RiskLevel,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

/// How the device is updated. 更新方法
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateMethod {
    /// Who updates it; nobody named: who patches the asset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<PartyId>,
    /// How, and how critical updates come in time.
    pub how: String,
    /// After how many days somebody looks again.
    pub interval_days: u16,
}

/// That somebody looked for updates, or applied one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateDone {
    /// On which day in Japan.
    pub on: Date,
    /// What it came to.
    pub result: UpdateResult,
    /// The version that runs since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<String>,
    /// In the words of who did it.
    pub note: String,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

/// The update method with its calendar. 更新計画
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateCalendar {
    /// The method.
    pub method: UpdateMethod,
    /// When somebody looks again.
    pub next: Date,
    /// What was done, oldest first.
    pub done: Vec<Dated<UpdateDone>>,
}

/// What a person entered, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated<T> {
    /// What.
    pub given: T,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}
