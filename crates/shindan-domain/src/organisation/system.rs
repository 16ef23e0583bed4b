//! 医療情報システム・サービス and 環境.

use serde::{Deserialize, Serialize};

use super::Particulars;
use crate::ledger::{Kind, Stream};
use crate::process::{Label, Link, Refusal, Relation, Shown, View, text_given};
use crate::record_id::{PartyId, SiteId, SystemId};
use crate::terms;

terms! {
    /// Whether a system is in service.
    pub enum ServiceState ("service-state") {
        /// 準備中
        Preparing = "preparing",
        /// 稼働中
        InService = "in-service",
        /// 停止中
        Stopped = "stopped",
        /// 廃止
        Retired = "retired",
    }
}

terms! {
    /// What an environment is for.
    pub enum Purpose ("environment-purpose") {
        /// 本番: patients' data and care depend on it.
        Production = "production",
        /// 試験: nothing that care depends on.
        Test = "test",
    }
}

/// 医療情報システム・サービス
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    /// Its name.
    pub name: String,
    /// Who runs it, usually the institution.
    pub operator: PartyId,
    /// Who supplies it and answers for it.
    pub provider: PartyId,
    /// Where it is used.
    #[serde(default)]
    pub sites: Vec<SiteId>,
    /// Whether it is in service.
    pub service: ServiceState,
}

impl Particulars for System {
    const KIND: Kind = Kind::System;

    fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Name.as_str(), &self.name)
    }

    /// Whether it is in service has a command of its own, with a gate: `set_service` (module `agreement`).
    fn fixed_field_changed(&self, next: &Self) -> Option<Label> {
        (self.service != next.service).then_some(Label::Service)
    }

    fn title(&self) -> String {
        self.name.clone()
    }

    fn links(&self) -> Vec<Link> {
        let parties = [self.operator, self.provider];
        let parties = parties.map(|party| Link::record(Relation::Party, Stream::new(Kind::Party, party)));
        let site = |site: &SiteId| Link::record(Relation::PartOf, Stream::new(Kind::Site, *site));
        parties.into_iter().chain(self.sites.iter().map(site)).collect()
    }

    fn show(&self, view: View) -> View {
        let sites: Vec<Shown> = self.sites.iter().map(|site| Stream::new(Kind::Site, *site).into()).collect();
        view.fact(Label::Name, &self.name)
            .fact(Label::Operator, Stream::new(Kind::Party, self.operator))
            .fact(Label::Provider, Stream::new(Kind::Party, self.provider))
            .fact(Label::Service, self.service.term())
            .maybe(Label::Sites, (!sites.is_empty()).then_some(sites))
    }
}

/// 環境 of a system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// Of which system. Fixed.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// What it is for. Fixed: a test environment that becomes the live one is another environment.
    pub purpose: Purpose,
    /// In what a test environment differs from the live one; a test says only as much as the two are alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differences: Option<String>,
}

impl Particulars for Environment {
    const KIND: Kind = Kind::Environment;

    fn check(&self) -> Result<(), Refusal> {
        text_given(Label::Name.as_str(), &self.name)
    }

    fn fixed_field_changed(&self, next: &Self) -> Option<Label> {
        if self.system != next.system {
            return Some(Label::System);
        }
        (self.purpose != next.purpose).then_some(Label::Purpose)
    }

    fn title(&self) -> String {
        self.name.clone()
    }

    fn links(&self) -> Vec<Link> {
        vec![Link::record(Relation::PartOf, Stream::new(Kind::System, self.system))]
    }

    fn show(&self, view: View) -> View {
        view.fact(Label::Name, &self.name)
            .fact(Label::System, Stream::new(Kind::System, self.system))
            .fact(Label::Purpose, self.purpose.term())
            .maybe(Label::Differences, self.differences.as_ref())
    }
}
