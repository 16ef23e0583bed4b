//! What is agreed: parties, duties and days. Two installations that hold the same content compute the same hash, because
//! nothing in it is an id of one of them: parties, systems and assets stand there by name or key.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::device::DeviceCategory;
use crate::ledger::{Hash, canonical};
use crate::organisation::PartyKind;
use crate::process::{Label, Reason, ReasonCode, Refusal, text_given};
use crate::terms;

/// Before the canonical bytes, so that no other hash of this program is one of an agreement.
const MARK: &[u8] = b"shindan agreement 1\n";

terms! {
    /// What a party has to do with a duty.
    pub enum Involvement ("involvement") {
        /// 実施: carries it out and answers for it. Exactly one party.
        Does = "does",
        /// 支援
        Supports = "supports",
        /// 報告を受ける
        IsInformed = "is-informed",
        /// 承認
        Approves = "approves",
    }
}

terms! {
    /// What a duty is about.
    pub enum DutyTopic ("duty-topic") {
        /// 脆弱性情報の収集・通知
        VulnerabilityInformation = "vulnerability-information",
        /// 修正プログラムの適用
        Patching = "patching",
        /// リモート保守回線
        RemoteLine = "remote-line",
        /// ネットワーク接続
        Network = "network",
        /// 利用者と権限
        Accounts = "accounts",
        /// 記録の取得・確認
        Logs = "logs",
        /// バックアップ
        Backup = "backup",
        /// インシデント対応
        Incident = "incident",
        /// 機器の管理・使用条件
        DeviceUse = "device-use",
        /// 停止・切離し
        Disconnection = "disconnection",
        /// 廃棄
        Disposal = "disposal",
        /// 委託先
        Contractors = "contractors",
        /// 文書・教育
        Documents = "documents",
        /// その他
        Other = "other",
    }
}

/// What a duty covers besides its text, so that it can be compared with the records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "covers", rename_all = "kebab-case")]
pub enum Coverage {
    /// Patching of every asset of the system.
    PatchingOfAll,
    /// Patching of the assets of a category of devices.
    PatchingOfCategory {
        /// The category.
        category: DeviceCategory,
    },
    /// Patching of one asset.
    PatchingOfAsset {
        /// Its key in the register, or its name.
        asset: String,
    },
    /// Every remote-maintenance line.
    EveryLine,
    /// The remote-maintenance line of one device.
    LineOf {
        /// Key or name of the asset.
        asset: String,
    },
}

/// 分担項目
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Its key, unique in the agreement: the row of the table.
    pub key: String,
    /// What it is about.
    pub topic: DutyTopic,
    /// What is to be done, in the words of the parties.
    pub text: String,
    /// What it covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<Coverage>,
    /// What each party has to do with it, by name; who is not named has nothing to do with it.
    #[serde(default)]
    pub involvement: BTreeMap<String, Involvement>,
}

/// A party to the agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its name, as the agreement writes it; unique.
    pub name: String,
    /// As what it takes part.
    pub part: PartyKind,
    /// It confirms the agreement. Who does not sign cannot be accountable.
    pub signs: bool,
}

/// What is agreed: what both sides confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What it is called.
    pub title: String,
    /// Name of the system that it is about.
    pub system: String,
    /// Which version, from 1.
    pub version: u32,
    /// First day on which it is in force, a day in Japan.
    pub from: Date,
    /// Last day on which it is valid: until then it is reviewed.
    pub review: Date,
    /// The parties.
    pub parties: Vec<Member>,
    /// The duties, in the order of the table.
    pub duties: Vec<Duty>,
}

/// Sets or clears what a party has to do with a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Key of the duty.
    pub duty: String,
    /// Name of the party.
    pub party: String,
    /// `None`: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub involvement: Option<Involvement>,
}

impl Duty {
    /// The parties with this involvement.
    pub fn parties(&self, involvement: Involvement) -> impl Iterator<Item = &str> {
        self.involvement.iter().filter(move |(_, one)| **one == involvement).map(|(name, _)| name.as_str())
    }

    /// The one party that answers for it; `None` if there is none or more than one.
    pub fn accountable(&self) -> Option<&str> {
        let mut doing = self.parties(Involvement::Does);
        match (doing.next(), doing.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    }
}

impl Content {
    /// SHA-256 over a mark and the RFC 8785 form: what is confirmed.
    pub fn hash(&self) -> Hash {
        let bytes = match canonical(self) {
            Ok(bytes) => bytes,
            // Texts, days and a small number always have that form. If they ever had not, the hash still belongs to this
            // content and no other.
            Err(_) => format!("{self:?}").into_bytes(),
        };
        Hash::of(&[MARK, &bytes].concat())
    }

    /// Who confirms it.
    pub fn signatories(&self) -> impl Iterator<Item = &Member> {
        self.parties.iter().filter(|member| member.signs)
    }

    /// A duty by its key.
    pub fn duty(&self, key: &str) -> Option<&Duty> {
        self.duties.iter().find(|duty| duty.key == key)
    }

    /// A party by its name.
    pub fn party(&self, name: &str) -> Option<&Member> {
        self.parties.iter().find(|member| member.name == name)
    }

    /// Refuses what no draft may be: blank texts, names and keys that stand there twice, unknown parties, days in the wrong
    /// order.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`], [`ReasonCode::AgreementNameTwice`], [`ReasonCode::ItemUnknown`],
    /// [`ReasonCode::AgreementDaysReversed`], [`ReasonCode::AgreementVersionInvalid`].
    pub fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Title.as_str(), &self.title)?;
        text_given(Label::System.as_str(), &self.system)?;
        if self.version == 0 {
            return Err(Refusal::new(ReasonCode::AgreementVersionInvalid).with("found", self.version));
        }
        if self.review <= self.from {
            let refusal = Refusal::new(ReasonCode::AgreementDaysReversed);
            return Err(refusal.with("since", self.from).with("date", self.review));
        }
        let twice = |field: Label, value: &str| {
            let refusal = Refusal::new(ReasonCode::AgreementNameTwice).with("field", field.as_str());
            Err(refusal.with("value", value))
        };
        let (mut names, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for member in &self.parties {
            text_given(Label::Party.as_str(), &member.name)?;
            if !names.insert(member.name.as_str()) {
                return twice(Label::Party, &member.name);
            }
        }
        for duty in &self.duties {
            text_given(Label::Duty.as_str(), &duty.key)?;
            text_given(Label::Content.as_str(), &duty.text)?;
            if !keys.insert(duty.key.as_str()) {
                return twice(Label::Duty, &duty.key);
            }
            if let Some(unknown) = duty.involvement.keys().find(|name| !names.contains(name.as_str())) {
                return Err(unknown_item(Label::Party, unknown));
            }
        }
        Ok(())
    }

    /// Everything that stands against proposing and confirming it: exactly one accountable party per duty, which signs, and
    /// at least two parties that sign.
    pub fn blockers(&self) -> Vec<Reason> {
        let mut blockers = Vec::new();
        if self.signatories().count() < 2 {
            blockers.push(Reason::new(ReasonCode::AgreementPartiesMissing));
        }
        if self.duties.is_empty() {
            blockers.push(Reason::new(ReasonCode::AgreementDutiesMissing));
        }
        for duty in &self.duties {
            let about = |code| Reason::new(code).with("duty", &duty.key).with("what", &duty.text);
            let doing: Vec<&str> = duty.parties(Involvement::Does).collect();
            match doing.as_slice() {
                [] => blockers.push(about(ReasonCode::AccountableMissing)),
                [one] if self.party(one).is_some_and(|member| !member.signs) => {
                    blockers.push(about(ReasonCode::AccountableDoesNotSign).with("party", one));
                }
                [_] => {}
                several => {
                    blockers.push(about(ReasonCode::AccountableTwice).with("parties", several.join(", ")));
                }
            }
        }
        blockers
    }
}

/// A refusal because there is no such duty or party.
pub(super) fn unknown_item(field: Label, value: &str) -> Refusal {
    Refusal::new(ReasonCode::ItemUnknown).with("field", field.as_str()).with("value", value)
}
