//! Identifiers of records: UUIDs of version 7 (RFC 9562), made by the caller, never here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text is no UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an identifier of a record")]
pub struct NotARecordId(pub String);

macro_rules! record_ids {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotARecordId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map($name).map_err(|_| NotARecordId(text.to_owned()))
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
    )+};
}

record_ids! {
    /// This installation of the program (SPEC section 4, exchange).
    InstallationId;
    /// 人: their name stands in a table that can be erased, never in the ledger.
    PersonId;
    /// A personal token.
    TokenId;
    /// 組織
    PartyId;
    /// 施設
    SiteId;
    /// 医療情報システム・サービス
    SystemId;
    /// 環境
    EnvironmentId;
    /// 情報機器等
    AssetId;
    /// 製品
    ProductId;
    /// 版
    ReleaseId;
    /// 導入
    DeploymentId;
    /// 対応案件
    CaseId;
    /// 修正パッチ
    PatchId;
    /// 適用作業
    ChangeId;
    /// 照会
    InquiryId;
    /// 定期確認
    InstructionId;
    /// 見直し
    ReviewId;
    /// 方針
    PolicyId;
    /// 機器情報台帳
    DeviceId;
    /// 検知: what was seen on a network and does not fit the register.
    SightingId;
    /// 検知の取込: files of sightings that were read.
    SightingImportId;
    /// 役割分担合意
    AgreementId;
    /// 相手方との交換: the sealed files that went to and came from another party.
    ExchangeId;
    /// 接続: data exchange with an institution.
    InterfaceId;
    /// 脆弱性診断計画
    AssessmentPlanId;
    /// 脆弱性診断の実施
    AssessmentId;
    /// 診断対象の許可一覧, one for each environment.
    ScanTargetsId;
    /// 診療系ネットワーク: is never scanned.
    ClinicalNetworkId;
    /// 所見 about which something is decided.
    ScanFindingId;
    /// 情報源
    SourceId;
    /// 収集記録
    SourceCheckId;
    /// 注意喚起等
    NoticeId;
    /// 通知設定
    SubscriptionId;
    /// A session in the browser.
    SessionId;
}
