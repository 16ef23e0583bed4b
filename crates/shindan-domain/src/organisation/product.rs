//! 製品, 版, 導入 and 情報機器等.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{MasterData, MasterEvent, Override, Particulars};
use crate::evidence::Document;
use crate::ledger::{Kind, Stream};
use crate::process::{
    Label, Link, Occurrence, Reason, ReasonCode, Refusal, Relation, Shown, View, text_given,
};
use crate::record_id::{CaseId, EnvironmentId, PartyId, ProductId, ReleaseId, SiteId, SystemId};

/// 製品 of a maker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Who makes it.
    pub maker: PartyId,
    /// Its name.
    pub name: String,
}

impl Particulars for Product {
    const KIND: Kind = Kind::Product;

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
        vec![Link::record(Relation::Party, Stream::new(Kind::Party, self.maker))]
    }

    fn show(&self, view: View) -> View {
        view.fact(Label::Name, &self.name).fact(Label::Maker, Stream::new(Kind::Party, self.maker))
    }
}

/// A list of components of a release, as it was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SbomVersion {
    /// The file.
    pub document: Document,
    /// When it was taken in.
    pub at: Timestamp,
    /// Its format, as it was recognised: `cyclonedx 1.6`.
    pub format: String,
}

/// 版 of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Of which product. Fixed.
    pub product: ProductId,
    /// Which version. Fixed: another version is another release.
    pub version: String,
    /// Its lists of components, oldest first; the last one counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sboms: Vec<SbomVersion>,
}

impl Particulars for Release {
    const KIND: Kind = Kind::Release;

    fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Version.as_str(), &self.version)?;
        self.sboms.iter().try_for_each(|sbom| sbom.document.check())
    }

    fn fixed_field_changed(&self, next: &Self) -> Option<Label> {
        if self.product != next.product {
            return Some(Label::Product);
        }
        if self.version != next.version {
            return Some(Label::Version);
        }
        (self.sboms != next.sboms).then_some(Label::Sboms)
    }

    fn title(&self) -> String {
        self.version.clone()
    }

    fn links(&self) -> Vec<Link> {
        vec![Link::record(Relation::PartOf, Stream::new(Kind::Product, self.product))]
    }

    fn show(&self, view: View) -> View {
        let sbom = |sbom: &SbomVersion| -> Vec<Option<Shown>> {
            vec![Some(sbom.document.clone().into()), Some(sbom.at.into()), Some((&sbom.format).into())]
        };
        view.fact(Label::Product, Stream::new(Kind::Product, self.product))
            .fact(Label::Version, &self.version)
            .section(
                Label::Sboms,
                &[Label::Document, Label::At, Label::Format],
                self.sboms.iter().map(sbom).collect(),
            )
    }
}

impl MasterData<Release> {
    /// Adds a list of components; it counts from now on.
    ///
    /// # Errors
    /// [`ReasonCode::NothingChanges`] if the last list is this file, [`ReasonCode::DocumentMissing`],
    /// [`ReasonCode::TextMissing`], [`ReasonCode::RecordEnded`].
    pub fn add_sbom(
        &self,
        document: Document,
        format: String,
        reason: String,
        by: &Occurrence,
    ) -> Result<MasterEvent<Release>, Refusal> {
        let last = self.particulars.sboms.last();
        if last.is_some_and(|last| last.document.sha256 == document.sha256) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        let mut release = self.particulars.clone();
        release.sboms.push(SbomVersion { document, at: by.at, format });
        self.replace(release, reason)
    }
}

/// 導入: a release at a site, as part of a system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// Which release runs there.
    pub release: ReleaseId,
    /// Where. Fixed.
    pub site: SiteId,
    /// As part of which system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemId>,
    /// Decisions of the release that do not hold here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

impl Particulars for Deployment {
    const KIND: Kind = Kind::Deployment;

    fn check(&self) -> Result<(), Refusal> {
        self.overrides.iter().try_for_each(|item| text_given(Label::Reason.as_str(), &item.reason))
    }

    fn fixed_field_changed(&self, next: &Self) -> Option<Label> {
        if self.site != next.site {
            return Some(Label::Site);
        }
        (self.overrides != next.overrides).then_some(Label::Overrides)
    }

    fn title(&self) -> String {
        self.site.to_string()
    }

    fn links(&self) -> Vec<Link> {
        let mut links = vec![
            Link::record(Relation::PartOf, Stream::new(Kind::Release, self.release)),
            Link::record(Relation::PartOf, Stream::new(Kind::Site, self.site)),
        ];
        let system = self.system.map(|system| Stream::new(Kind::System, system));
        links.extend(system.map(|system| Link::record(Relation::PartOf, system)));
        let case = |item: &Override| Link::record(Relation::Case, Stream::new(Kind::Case, item.case));
        links.extend(self.overrides.iter().map(case));
        links
    }

    fn show(&self, view: View) -> View {
        view.fact(Label::Release, Stream::new(Kind::Release, self.release))
            .fact(Label::Site, Stream::new(Kind::Site, self.site))
            .maybe(Label::System, self.system.map(|system| Stream::new(Kind::System, system)))
            .section(
                Label::Overrides,
                &[Label::Case, Label::Reason, Label::By, Label::At],
                self.overrides.iter().map(Override::row).collect(),
            )
    }
}

impl MasterData<Deployment> {
    /// Lets a decision that was made for the release not hold here: the site decides for itself.
    ///
    /// # Errors
    /// [`ReasonCode::NothingChanges`] if it does not hold here already, [`ReasonCode::TextMissing`] without a reason,
    /// [`ReasonCode::RecordEnded`].
    pub fn override_decision(
        &self,
        case: CaseId,
        reason: String,
        by: &Occurrence,
    ) -> Result<MasterEvent<Deployment>, Refusal> {
        if self.particulars.overrides.iter().any(|item| item.case == case) {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        let mut deployment = self.particulars.clone();
        let (at, person) = (by.at, by.actor.person);
        deployment.overrides.push(Override { case, reason: reason.clone(), at, by: person });
        self.replace(deployment, reason)
    }

    /// Lets a decision of the release hold here again.
    ///
    /// # Errors
    /// [`ReasonCode::ItemUnknown`] if it was not overridden, [`ReasonCode::TextMissing`], [`ReasonCode::RecordEnded`].
    pub fn inherit_again(&self, case: CaseId, reason: String) -> Result<MasterEvent<Deployment>, Refusal> {
        let mut deployment = self.particulars.clone();
        deployment.overrides.retain(|item| item.case != case);
        if deployment.overrides.len() == self.particulars.overrides.len() {
            let refusal = Refusal::new(ReasonCode::ItemUnknown).with("value", case);
            return Err(refusal.with("field", Label::Case.as_str()));
        }
        self.replace(deployment, reason)
    }
}

/// Who patches an asset: never nobody (SPEC.md section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Patcher {
    /// This party.
    Party(PartyId),
    /// To be settled until this day in Japan; it stands in the list of what is due.
    ToBeSettled(Date),
}

/// 情報機器等: what the register of assets does not tell – whose it is and who patches it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Its key in the register. Fixed.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// To which system it belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemId>,
    /// In which environment it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<EnvironmentId>,
    /// Whose it is.
    pub owner: PartyId,
    /// Who patches it.
    pub patcher: Patcher,
}

impl Particulars for Asset {
    const KIND: Kind = Kind::Asset;

    fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Asset.as_str(), &self.key)?;
        text_given(Label::Name.as_str(), &self.name)
    }

    /// To which system it belongs has a command of its own, with a gate: `change_placed` (module `agreement`).
    fn fixed_field_changed(&self, next: &Self) -> Option<Label> {
        if self.key != next.key {
            return Some(Label::Asset);
        }
        (self.system != next.system).then_some(Label::System)
    }

    fn title(&self) -> String {
        self.name.clone()
    }

    fn links(&self) -> Vec<Link> {
        let mut links = vec![
            Link::to(Relation::Asset, &self.key),
            Link::record(Relation::Party, Stream::new(Kind::Party, self.owner)),
        ];
        if let Patcher::Party(party) = self.patcher {
            links.push(Link::record(Relation::Party, Stream::new(Kind::Party, party)));
        }
        let system = self.system.map(|system| Stream::new(Kind::System, system));
        let environment = self.environment.map(|environment| Stream::new(Kind::Environment, environment));
        links
            .extend(system.into_iter().chain(environment).map(|whole| Link::record(Relation::PartOf, whole)));
        links
    }

    fn show(&self, view: View) -> View {
        let patcher = match self.patcher {
            Patcher::Party(party) => Some(Stream::new(Kind::Party, party)),
            Patcher::ToBeSettled(_) => None,
        };
        view.fact(Label::Name, &self.name)
            .fact(Label::Asset, &self.key)
            .maybe(Label::System, self.system.map(|system| Stream::new(Kind::System, system)))
            .maybe(
                Label::Environment,
                self.environment.map(|environment| Stream::new(Kind::Environment, environment)),
            )
            .fact(Label::Owner, Stream::new(Kind::Party, self.owner))
            .maybe(Label::Patcher, patcher)
            .maybe(Label::Due, self.due())
    }

    fn due(&self) -> Option<Date> {
        match self.patcher {
            Patcher::Party(_) => None,
            Patcher::ToBeSettled(day) => Some(day),
        }
    }

    fn lacks(&self) -> Vec<Reason> {
        let lack = |day| Reason::new(ReasonCode::PatcherNotSettled).with("date", day);
        self.due().map(lack).into_iter().collect()
    }
}
