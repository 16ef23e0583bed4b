//! One entry.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::canonical::{Order, order};
use super::{NotCanonical, canonical};
use crate::record_id::{PersonId, TokenId};
use crate::terms;

terms! {
    /// What kind of record an entry is about. SPEC section 3.
    pub enum Kind ("record-kind") {
        /// This installation itself.
        Installation = "installation",
        /// 人
        Person = "person",
        /// 組織
        Party = "party",
        /// 施設
        Site = "site",
        /// 医療情報システム・サービス
        System = "system",
        /// 環境
        Environment = "environment",
        /// 情報機器等
        Asset = "asset",
        /// 製品
        Product = "product",
        /// 版
        Release = "release",
        /// 導入
        Deployment = "deployment",
        /// 方針
        Policy = "policy",
        /// 対応案件
        Case = "case",
        /// 修正パッチ
        Patch = "patch",
        /// 適用作業
        Change = "change",
        /// 照会
        Inquiry = "inquiry",
        /// 定期確認の指示
        Instruction = "instruction",
        /// 見直し
        Review = "review",
        /// 対策項目の適用
        Control = "control",
        // ---- devices
        /// 機器情報台帳
        Device = "device",

        // ---- sightings
        /// 検知: a discrepancy between the network and the register.
        Sighting = "sighting",
        /// 検知の取込: files of sightings that were read.
        SightingImport = "sighting-import",

        // ---- agreements
        /// 役割分担合意
        Agreement = "agreement",

        // ---- exchange
        /// 相手方との交換
        Exchange = "exchange",

        // ---- interfaces
        /// 接続
        Interface = "interface",

        // ---- assessments
        /// 脆弱性診断計画
        AssessmentPlan = "assessment-plan",
        /// 脆弱性診断の実施
        Assessment = "assessment",
        /// 診断対象の許可一覧 of an environment.
        ScanTargets = "scan-targets",
        /// 診療系ネットワーク: is never scanned.
        ClinicalNetwork = "clinical-network",
        /// 所見 about which something is decided.
        ScanFinding = "scan-finding",

        // ---- collecting
        /// 情報源
        Source = "source",
        /// 収集記録
        SourceCheck = "source-check",
        /// 注意喚起等
        Notice = "notice",
        /// 通知設定
        Subscription = "subscription",
    }
}

/// The record that an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stream {
    /// Which one. (Fields stand in the order in which they are hashed.)
    pub id: Uuid,
    /// What it is.
    pub kind: Kind,
}

impl Stream {
    /// The record of this kind with this id.
    pub fn new(kind: Kind, id: impl Into<Uuid>) -> Self {
        Stream { kind, id: id.into() }
    }
}

/// By what means a person acted in the software.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Through {
    /// The first person, while the installation was set up.
    Setup,
    /// A personal token.
    Token(TokenId),
    /// A session in the browser.
    Session,
    /// A code with which an administrator invited the person to choose a password.
    Invitation,
    /// The program itself, on behalf of the person who set the schedule.
    Schedule,
}

/// Who acted. None acts as another person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// How they were known.
    pub through: Through,
}

/// One entry, as it is hashed: the fields stand in the order of RFC 8785.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Who acted.
    pub actor: Actor,
    /// When: UTC, milliseconds. The order is given by `sequence`, not by time.
    pub at: Timestamp,
    /// The display number that the record got with its first entry (`MED-2026-0042`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What happened, in the form of `type` and `version`.
    pub payload: Value,
    /// Which entry of its record, from 1.
    pub revision: u64,
    /// Its place in the ledger, from 1, without gaps.
    pub sequence: u64,
    /// The record it is about.
    pub stream: Stream,
    /// What happened: `case.opened`.
    #[serde(rename = "type")]
    pub event: String,
    /// Version of the form of `payload`.
    pub version: u16,
}

/// The stored bytes are no entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an entry: {0}")]
pub struct EntryError(pub String);

impl Entry {
    /// The bytes that are hashed and stored.
    ///
    /// # Errors
    /// [`NotCanonical`] if the payload holds a fraction or a number that cannot be carried exactly.
    pub fn to_bytes(&self) -> Result<Vec<u8>, NotCanonical> {
        // The fields stand in canonical order; only the payload takes a look.
        match order(&self.payload)? {
            Order::Canonical => Ok(serde_json::to_vec(self)?),
            Order::Other => canonical(self),
        }
    }

    /// Reads stored bytes. They are not written anew for verification.
    ///
    /// # Errors
    /// [`EntryError`] if they are not an entry.
    pub fn from_bytes(bytes: &[u8]) -> Result<Entry, EntryError> {
        serde_json::from_slice(bytes).map_err(|error| EntryError(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_bytes_are_canonical_and_are_read_back() {
        for through in [Through::Setup, Through::Token(TokenId(Uuid::from_u128(9)))] {
            for number in [None, Some("MED-2026-0042".to_owned())] {
                let entry = Entry {
                    actor: Actor { person: PersonId(Uuid::from_u128(7)), through },
                    at: "2026-11-26T01:02:03.004Z".parse().unwrap(),
                    number,
                    payload: json!({"until": null, "reason": "理由\u{7}"}),
                    revision: 2,
                    sequence: 3,
                    stream: Stream::new(Kind::Case, Uuid::from_u128(8)),
                    event: "case.opened".to_owned(),
                    version: 1,
                };
                let bytes = entry.to_bytes().unwrap();
                assert_eq!(bytes, serde_json_canonicalizer::to_vec(&entry).unwrap());
                assert_eq!(Entry::from_bytes(&bytes), Ok(entry));
            }
        }
        let mut entry = Entry::from_bytes(br#"{"actor":{"person":"00000000-0000-0000-0000-000000000007","through":"setup"},"at":"2026-11-26T01:02:03Z","payload":{},"revision":1,"sequence":1,"stream":{"id":"00000000-0000-0000-0000-000000000008","kind":"case"},"type":"case.opened","version":1}"#).unwrap();
        entry.payload = json!({"score": 7.5});
        assert!(entry.to_bytes().is_err(), "no floating point");
    }
}
