//! Inventories: what is there. Components of software and assets (devices, servers, terminals).

use serde::{Deserialize, Serialize};

use crate::advisory::Advisory;
use crate::diagnostic::Diagnostic;
use crate::term::Term;

mod list;
mod packed;

pub use self::list::{Components, SharedComponent};
pub use self::packed::{ComponentRef, PackedComponents, Pointer, Texts};

/// What an inventory was recognised as, from its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InventoryKind {
    /// CycloneDX JSON 1.2 to 1.7.
    CyclonedxJson,
    /// Cargo `Cargo.lock`, versions 1 to 4.
    CargoLock,
    /// npm `package-lock.json` or `npm-shrinkwrap.json`, versions 1 to 3.
    PackageLock,
    /// pip `requirements.txt`.
    Requirements,
    /// Device list (資産台帳) as CSV or Excel.
    DeviceList,
    /// CycloneDX XML 1.2 to 1.7.
    CyclonedxXml,
    /// SPDX 2.2 and 2.3, JSON.
    SpdxJson,
    /// SPDX 2.2 and 2.3, tag-value.
    SpdxTagValue,
    /// SPDX 3.0, JSON-LD.
    Spdx3Json,
    /// `yarn.lock`, version 1 and berry.
    YarnLock,
    /// `pnpm-lock.yaml`.
    PnpmLock,
    /// `poetry.lock`.
    PoetryLock,
    /// `Pipfile.lock`.
    PipfileLock,
    /// `uv.lock`.
    UvLock,
    /// `go.mod`.
    GoMod,
    /// `go.sum`.
    GoSum,
    /// `Gemfile.lock`.
    GemfileLock,
    /// `composer.lock`.
    ComposerLock,
    /// Maven `pom.xml`.
    PomXml,
    /// `gradle.lockfile`.
    GradleLockfile,
    /// NuGet `packages.lock.json`.
    NugetLock,
    /// .NET `*.deps.json`.
    DotnetDeps,
    /// dpkg `status`.
    DpkgStatus,
    /// Output of `rpm -qa`, with or without a query format.
    RpmList,
    /// apk `installed` database.
    ApkInstalled,
    /// Output of `systeminfo`, Japanese or English.
    WindowsSystemInfo,
    /// List of installed updates: `Get-HotFix`, `wmic qfe`.
    WindowsUpdates,
    /// Installed programs: registry export of `Uninstall`, `wmic product`.
    WindowsPrograms,
    /// Output of a network device's own version command.
    NetworkDevice,
    /// The register of assets in the data folder.
    Register,
}

impl InventoryKind {
    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            InventoryKind::CyclonedxJson => "cyclonedx-json",
            InventoryKind::CargoLock => "cargo-lock",
            InventoryKind::PackageLock => "package-lock",
            InventoryKind::Requirements => "requirements",
            InventoryKind::DeviceList => "device-list",
            InventoryKind::CyclonedxXml => "cyclonedx-xml",
            InventoryKind::SpdxJson => "spdx-json",
            InventoryKind::SpdxTagValue => "spdx-tag-value",
            InventoryKind::Spdx3Json => "spdx3-json",
            InventoryKind::YarnLock => "yarn-lock",
            InventoryKind::PnpmLock => "pnpm-lock",
            InventoryKind::PoetryLock => "poetry-lock",
            InventoryKind::PipfileLock => "pipfile-lock",
            InventoryKind::UvLock => "uv-lock",
            InventoryKind::GoMod => "go-mod",
            InventoryKind::GoSum => "go-sum",
            InventoryKind::GemfileLock => "gemfile-lock",
            InventoryKind::ComposerLock => "composer-lock",
            InventoryKind::PomXml => "pom-xml",
            InventoryKind::GradleLockfile => "gradle-lockfile",
            InventoryKind::NugetLock => "nuget-lock",
            InventoryKind::DotnetDeps => "dotnet-deps",
            InventoryKind::DpkgStatus => "dpkg-status",
            InventoryKind::RpmList => "rpm-list",
            InventoryKind::ApkInstalled => "apk-installed",
            InventoryKind::WindowsSystemInfo => "windows-systeminfo",
            InventoryKind::WindowsUpdates => "windows-updates",
            InventoryKind::WindowsPrograms => "windows-programs",
            InventoryKind::NetworkDevice => "network-device",
            InventoryKind::Register => "register",
        }
    }
}

/// Everything one file tells about what is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Inventory {
    /// Path as given.
    pub path: String,
    /// What it was recognised as.
    pub kind: InventoryKind,
    /// Name of the system or application that the file describes, if it tells (CycloneDX `metadata.component`).
    pub subject: Option<String>,
    /// The same as a component, with whatever identifies it; `None` if nothing does. It need not be among
    /// [`Inventory::components`]: what is said of the whole holds for its parts.
    pub about: Option<Box<Component>>,
    /// Components and devices, in the order of the file; the same purl may occur more than once.
    pub components: Components,
    /// Assets that components point to by [`Component::asset`].
    pub assets: Vec<Asset>,
    /// What the inventory itself states about vulnerabilities of its components (CycloneDX `vulnerabilities`): read
    /// as an opinion beside the knowledge base.
    pub opinions: Vec<Advisory>,
    /// What was odd or unreadable.
    pub diagnostics: Vec<Diagnostic>,
}

/// A component of software, or the software identity of a device. 構成部品
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Component {
    /// Name as written; for a device "maker model".
    pub name: String,
    /// Version as written; for a device the firmware.
    pub version: Option<String>,
    /// Package URL as written, percent-encoding kept.
    pub purl: Option<String>,
    /// CPE name as written (2.2 or 2.3).
    pub cpe: Option<String>,
    /// Maker as written, for devices.
    pub maker: Option<String>,
    /// Model as written, for devices.
    pub model: Option<String>,
    /// Firmware as written, for devices.
    pub firmware: Option<String>,
    /// Index into [`Inventory::assets`], for devices.
    pub asset: Option<u32>,
    /// The user's own code (a workspace member, a path dependency): part of the subject itself. No published
    /// advisory names it, so that it carries no identifier on purpose and is not *undetermined* for that.
    #[serde(default)]
    pub own: bool,
    /// BOM-Link of the element (`urn:cdx:serial/version#bom-ref`), so that statements about it find it; `None` where
    /// the document has no serial number, or where the purl says as much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bom_link: Option<String>,
    /// A program that is installed on the asset, not the asset itself: the maker is its publisher, name and model are
    /// its name without version and language.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub program: bool,
    /// Installed updates (`KB5034122`), for an operating system whose list of updates is known; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updates: Option<Vec<String>>,
    /// Where it stands: JSON pointer, or `line 12`.
    pub pointer: String,
}

/// How far an attacker reaches the asset: SSVC `ssvc:EXP:1.0.1`. 公開範囲
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exposure {
    /// Local or highly controlled network.
    Small,
    /// Networked, with access restrictions.
    Controlled,
    /// Internet or another widely accessible network.
    Open,
}

impl Exposure {
    /// The stable text form, as in JSON output and SSVC tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Exposure::Small => "small",
            Exposure::Controlled => "controlled",
            Exposure::Open => "open",
        }
    }

    /// As a term, for views.
    pub fn term(self) -> Term {
        Term { set: "exposure", value: self.as_str() }
    }
}

/// The role of an asset, which decides the effect on patients and on the hospital's work. 種別
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AssetKind {
    /// サーバ
    Server,
    /// 端末
    Terminal,
    /// ネットワーク機器
    NetworkDevice,
    /// 保守回線機器 (remote maintenance, VPN)
    RemoteMaintenance,
    /// 医療機器
    MedicalDevice,
    /// IoT 機器
    IotDevice,
    /// アプリケーション・サービス
    Application,
}

impl AssetKind {
    /// Every kind.
    pub const ALL: [AssetKind; 7] = [
        AssetKind::Server,
        AssetKind::Terminal,
        AssetKind::NetworkDevice,
        AssetKind::RemoteMaintenance,
        AssetKind::MedicalDevice,
        AssetKind::IotDevice,
        AssetKind::Application,
    ];

    /// The stable text form, as in JSON output and policy files.
    pub fn as_str(self) -> &'static str {
        match self {
            AssetKind::Server => "server",
            AssetKind::Terminal => "terminal",
            AssetKind::NetworkDevice => "network-device",
            AssetKind::RemoteMaintenance => "remote-maintenance",
            AssetKind::MedicalDevice => "medical-device",
            AssetKind::IotDevice => "iot-device",
            AssetKind::Application => "application",
        }
    }
}

/// A device, server or terminal as its ledger describes it. 情報機器等
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asset {
    /// 管理番号; empty if the ledger has none.
    pub asset_id: String,
    /// 種別 as written.
    pub kind_text: Option<String>,
    /// 種別 as understood.
    pub kind: Option<AssetKind>,
    /// メーカー
    pub maker: Option<String>,
    /// 型番
    pub model: Option<String>,
    /// 製造番号
    pub serial: Option<String>,
    /// バージョン
    pub firmware: Option<String>,
    /// 設置場所
    pub place: Option<String>,
    /// ネットワーク
    pub zone: Option<String>,
    /// 公開範囲 as written.
    pub exposure_text: Option<String>,
    /// 公開範囲 as understood.
    pub exposure: Option<Exposure>,
    /// 更新責任者; `None` means *to be settled*, and is listed as such.
    pub patched_by: Option<String>,
    /// サポート終了日 as written; `YYYY-MM-DD` if it could be understood.
    pub support_end: Option<String>,
    /// 名称
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// OS as written; also a component of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// IP アドレス as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// MAC アドレス as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// 管理部署, 所有者
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// 状態 (使用中, 停止, 廃棄 …) as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// 最終確認日 as written; `YYYY-MM-DD` if it could be understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<String>,
    /// ホスト名
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// 導入日 as written; `YYYY-MM-DD` if it could be understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introduced: Option<String>,
    /// 備考
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
    /// The ledger says that it is no longer there (廃棄, 返却 …): it is kept and not judged.
    #[serde(default, skip_serializing_if = "is_false")]
    pub retired: bool,
}

impl Asset {
    /// What people call it by: its number, else its host name, else its name, else its serial number. May be empty.
    pub fn label(&self) -> &str {
        let others = [&self.host, &self.name, &self.serial];
        let named = Some(self.asset_id.as_str()).filter(|id| !id.is_empty());
        named.or_else(|| others.into_iter().flatten().map(String::as_str).next()).unwrap_or_default()
    }
}

// serde asks with a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !value
}
