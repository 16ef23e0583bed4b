//! 組織 and 施設.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{MasterData, MasterEvent, Particulars};
use crate::ledger::{Kind, Stream};
use crate::process::{Label, Link, Occurrence, ReasonCode, Refusal, Relation, Shown, View, text_given};
use crate::record_id::{PartyId, PersonId};
use crate::terms;
use crate::verification::Channel;

terms! {
    /// What a party is to the medical information systems.
    pub enum PartyKind ("party-kind") {
        /// 提供事業者
        Provider = "provider",
        /// 医療機関等
        Institution = "institution",
        /// 製造業者
        Manufacturer = "manufacturer",
        /// 販売業者
        Reseller = "reseller",
        /// 委託先・保守業者
        Contractor = "contractor",
    }
}

/// A key whose signatures count as the party's, from when and until when. 登録鍵
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinnedKey {
    /// The whole fingerprint, as the method writes it.
    pub fingerprint: String,
    /// How the fingerprint was learnt: another way than the file that it signs.
    pub channel: Channel,
    /// Who pinned it.
    pub pinned_by: PersonId,
    /// Since when it counts.
    pub from: Timestamp,
    /// Since when it counts no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl PinnedKey {
    /// Whether it counts at this moment.
    pub fn counts(&self, at: Timestamp) -> bool {
        at >= self.from && self.until.is_none_or(|until| at < until)
    }
}

/// 組織: provider, medical institution, manufacturer, reseller, contractor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Name of the organisation.
    pub name: String,
    /// What it is.
    pub kind: PartyKind,
    /// Where it is reached: department, address of a mailbox, telephone. No names of persons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Keys whose signatures count as its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pinned_keys: Vec<PinnedKey>,
}

impl Particulars for Party {
    const KIND: Kind = Kind::Party;

    fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Name.as_str(), &self.name)?;
        self.pinned_keys.iter().try_for_each(|key| text_given(Label::Fingerprint.as_str(), &key.fingerprint))
    }

    fn fixed_field_changed(&self, next: &Self) -> Option<Label> {
        (self.pinned_keys != next.pinned_keys).then_some(Label::PinnedKeys)
    }

    fn title(&self) -> String {
        self.name.clone()
    }

    fn links(&self) -> Vec<Link> {
        Vec::new()
    }

    fn show(&self, view: View) -> View {
        let key = |key: &PinnedKey| -> Vec<Option<Shown>> {
            vec![
                Some((&key.fingerprint).into()),
                Some(key.channel.as_str().into()),
                Some(key.pinned_by.into()),
                Some(key.from.into()),
                key.until.map(Shown::from),
            ]
        };
        let columns = [Label::Fingerprint, Label::Channel, Label::By, Label::Since, Label::Until];
        view.fact(Label::Name, &self.name)
            .fact(Label::Kind, self.kind.term())
            .maybe(Label::Contact, self.contact.as_ref())
            .section(Label::PinnedKeys, &columns, self.pinned_keys.iter().map(key).collect())
    }
}

impl Party {
    /// Fingerprints that count at a moment.
    pub fn keys_at(&self, at: Timestamp) -> impl Iterator<Item = &PinnedKey> {
        self.pinned_keys.iter().filter(move |key| key.counts(at))
    }
}

impl MasterData<Party> {
    /// Lets signatures of a key count as the party's from now on.
    ///
    /// # Errors
    /// [`ReasonCode::TextMissing`], [`ReasonCode::NothingChanges`] for a key that counts already,
    /// [`ReasonCode::RecordEnded`].
    pub fn pin_key(
        &self,
        fingerprint: String,
        channel: Channel,
        reason: String,
        by: &Occurrence,
    ) -> Result<MasterEvent<Party>, Refusal> {
        if self.particulars.keys_at(by.at).any(|key| key.fingerprint == fingerprint) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        let mut party = self.particulars.clone();
        let (pinned_by, from) = (by.actor.person, by.at);
        party.pinned_keys.push(PinnedKey { fingerprint, channel, pinned_by, from, until: None });
        self.replace(party, reason)
    }

    /// Lets signatures of a key count no longer.
    ///
    /// # Errors
    /// [`ReasonCode::ItemUnknown`] for a key that does not count now, [`ReasonCode::TextMissing`],
    /// [`ReasonCode::RecordEnded`].
    pub fn withdraw_key(
        &self,
        fingerprint: &str,
        reason: String,
        by: &Occurrence,
    ) -> Result<MasterEvent<Party>, Refusal> {
        let mut party = self.particulars.clone();
        let pinned =
            party.pinned_keys.iter_mut().find(|key| key.fingerprint == fingerprint && key.counts(by.at));
        let Some(pinned) = pinned else {
            let refusal = Refusal::new(ReasonCode::ItemUnknown).with("value", fingerprint);
            return Err(refusal.with("field", Label::Fingerprint.as_str()));
        };
        pinned.until = Some(by.at);
        self.replace(party, reason)
    }
}

/// 施設 of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Whose site it is.
    pub party: PartyId,
    /// Its name.
    pub name: String,
}

impl Particulars for Site {
    const KIND: Kind = Kind::Site;

    fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Name.as_str(), &self.name)
    }

    fn fixed_field_changed(&self, _next: &Self) -> Option<Label> {
        None
    }

    fn title(&self) -> String {
        self.name.clone()
    }

    fn links(&self) -> Vec<Link> {
        vec![Link::record(Relation::PartOf, Stream::new(Kind::Party, self.party))]
    }

    fn show(&self, view: View) -> View {
        view.fact(Label::Name, &self.name).fact(Label::Party, Stream::new(Kind::Party, self.party))
    }
}
