//! `org`

use clap::Args;
use shindan_app::records::organisation::{self, needed};
use shindan_app::records::{Kept, RecordsError, people};
use shindan_domain::ledger::Kind;
use shindan_domain::organisation::{
    Asset, Deployment, Environment, MasterData, Particulars, Party, Patcher, Product, Release, Site, System,
};
use shindan_domain::process::Label;
use shindan_domain::record_id::{
    CaseId, DeploymentId, EnvironmentId, PartyId, PersonId, ProductId, ReleaseId, SiteId, SystemId,
};
use uuid::Uuid;

use super::acting::{Session, list, show};
use super::step::{Given, begin, on};
use crate::cli::org::{
    AssetFields, DeploymentFields, EnvironmentFields, Keep, OrgCommand, PartyFields, ProductFields,
    ReleaseFields, SiteFields, SystemFields,
};
use crate::exit::Exit;
use crate::output::Face;

/// What the fields of the command line mean for a kind of record.
trait Fields: Args + std::fmt::Debug {
    type Record: Kept;

    /// What is said in a new record.
    fn record(&self, session: &Session) -> Result<Self::Record, RecordsError>;

    /// What is said instead.
    fn edit(&self, session: &Session, record: &mut Self::Record) -> Result<(), RecordsError>;

    /// Enters a new one.
    fn enter(
        session: &mut Session,
        call: &shindan_app::records::Call,
        record: Self::Record,
    ) -> Result<shindan_app::records::Done, RecordsError> {
        organisation::enter(&mut session.records, &session.who, call, record)
    }
}

/// Runs a verb of `org`.
pub fn run(command: OrgCommand, face: &Face) -> Exit {
    use OrgCommand as C;
    let request = format!("{command:?}");
    let given = |acting| Given { request: &request, acting };
    match command {
        C::Party(command) => keep(*command, &request, face),
        C::Site(command) => keep(*command, &request, face),
        C::System(command) => keep(*command, &request, face),
        C::Environment(command) => keep(*command, &request, face),
        C::Product(command) => keep(*command, &request, face),
        C::Release(command) => keep(*command, &request, face),
        C::Deployment(command) => keep(*command, &request, face),
        C::Asset(command) => keep(*command, &request, face),
        C::Pin { record, fingerprint, channel, reason, acting } => {
            on((Kind::Party, PartyId), &record, given(&acting), face, |s, call, id| {
                organisation::pin_key(&mut s.records, &s.who, call, id, &fingerprint, channel, reason)
            })
        }
        C::Unpin { record, fingerprint, reason, acting } => {
            on((Kind::Party, PartyId), &record, given(&acting), face, |s, call, id| {
                organisation::withdraw_key(&mut s.records, &s.who, call, id, &fingerprint, reason)
            })
        }
        C::Sbom { record, file, reason, acting } => {
            on((Kind::Release, ReleaseId), &record, given(&acting), face, |s, call, id| {
                organisation::add_sbom(&mut s.records, &s.who, call, id, &file, reason)
            })
        }
        C::Override { record, case, reason, acting } => {
            on((Kind::Deployment, DeploymentId), &record, given(&acting), face, |s, call, id| {
                let case = CaseId(s.id(Kind::Case, &case)?);
                organisation::override_decision(&mut s.records, &s.who, call, id, case, reason)
            })
        }
        C::Inherit { record, case, reason, acting } => {
            on((Kind::Deployment, DeploymentId), &record, given(&acting), face, |s, call, id| {
                let case = CaseId(s.id(Kind::Case, &case)?);
                organisation::inherit_again(&mut s.records, &s.who, call, id, case, reason)
            })
        }
        C::Assign { person, of, acting } => {
            on((Kind::Person, PersonId), &person, given(&acting), face, |s, call, id| {
                let party = PartyId(s.id(Kind::Party, &of)?);
                people::assign(&mut s.records, &s.who, call, id, party)
            })
        }
    }
}

fn keep<F: Fields>(command: Keep<F>, request: &str, face: &Face) -> Exit {
    let kind = F::Record::KIND;
    match command {
        Keep::Add { fields, acting } => begin(Given { request, acting: &acting }, face, |s, call| {
            let record = fields.record(s)?;
            F::enter(s, call, record)
        }),
        Keep::Change { record, fields, reason, acting } => {
            on((kind, |id| id), &record, Given { request, acting: &acting }, face, |s, call, id| {
                let before: MasterData<F::Record> = organisation::state_of(&s.records, id)?;
                let mut after = before.particulars;
                fields.edit(s, &mut after)?;
                organisation::change(&mut s.records, &s.who, call, id, reason, |now| *now = after)
            })
        }
        Keep::End { record, reason, acting } => {
            on((kind, |id| id), &record, Given { request, acting: &acting }, face, |s, call, id| {
                organisation::end::<F::Record>(&mut s.records, &s.who, call, id, reason)
            })
        }
        Keep::List(arguments) => list(kind, &arguments, face),
        Keep::Show(arguments) => show(kind, &arguments, face),
    }
}

/// Replaces what is named.
fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn of<I>(
    session: &Session,
    kind: Kind,
    called: Option<&String>,
    field: Label,
    wrap: fn(Uuid) -> I,
) -> Result<I, RecordsError> {
    needed(session.id_if(kind, called, wrap)?, field)
}

impl Fields for PartyFields {
    type Record = Party;

    fn record(&self, _: &Session) -> Result<Party, RecordsError> {
        Ok(Party {
            name: needed(self.name.clone(), Label::Name)?,
            kind: needed(self.kind, Label::Kind)?,
            contact: self.contact.clone(),
            pinned_keys: Vec::new(),
        })
    }

    fn edit(&self, _: &Session, party: &mut Party) -> Result<(), RecordsError> {
        set(&mut party.name, self.name.clone());
        set(&mut party.kind, self.kind);
        set(&mut party.contact, self.contact.clone().map(Some));
        Ok(())
    }
}

impl Fields for SiteFields {
    type Record = Site;

    fn record(&self, session: &Session) -> Result<Site, RecordsError> {
        let party = of(session, Kind::Party, self.owner.as_ref(), Label::Owner, PartyId)?;
        Ok(Site { party, name: needed(self.name.clone(), Label::Name)? })
    }

    fn edit(&self, session: &Session, site: &mut Site) -> Result<(), RecordsError> {
        set(&mut site.name, self.name.clone());
        set(&mut site.party, session.id_if(Kind::Party, self.owner.as_ref(), PartyId)?);
        Ok(())
    }
}

impl SystemFields {
    fn sites(&self, session: &Session) -> Result<Vec<SiteId>, RecordsError> {
        self.sites.iter().map(|site| session.id(Kind::Site, site).map(SiteId)).collect()
    }
}

impl Fields for SystemFields {
    type Record = System;

    fn record(&self, session: &Session) -> Result<System, RecordsError> {
        Ok(System {
            name: needed(self.name.clone(), Label::Name)?,
            operator: of(session, Kind::Party, self.operator.as_ref(), Label::Operator, PartyId)?,
            provider: of(session, Kind::Party, self.provider.as_ref(), Label::Provider, PartyId)?,
            sites: self.sites(session)?,
            service: needed(self.service, Label::Service)?,
        })
    }

    fn edit(&self, session: &Session, system: &mut System) -> Result<(), RecordsError> {
        set(&mut system.name, self.name.clone());
        set(&mut system.operator, session.id_if(Kind::Party, self.operator.as_ref(), PartyId)?);
        set(&mut system.provider, session.id_if(Kind::Party, self.provider.as_ref(), PartyId)?);
        set(&mut system.service, self.service);
        if !self.sites.is_empty() {
            system.sites = self.sites(session)?;
        }
        Ok(())
    }
}

impl Fields for EnvironmentFields {
    type Record = Environment;

    fn record(&self, session: &Session) -> Result<Environment, RecordsError> {
        Ok(Environment {
            system: of(session, Kind::System, self.system.as_ref(), Label::System, SystemId)?,
            name: needed(self.name.clone(), Label::Name)?,
            purpose: needed(self.purpose, Label::Purpose)?,
            differences: self.differences.clone(),
        })
    }

    fn edit(&self, session: &Session, environment: &mut Environment) -> Result<(), RecordsError> {
        set(&mut environment.name, self.name.clone());
        set(&mut environment.system, session.id_if(Kind::System, self.system.as_ref(), SystemId)?);
        set(&mut environment.purpose, self.purpose);
        set(&mut environment.differences, self.differences.clone().map(Some));
        Ok(())
    }
}

impl Fields for ProductFields {
    type Record = Product;

    fn record(&self, session: &Session) -> Result<Product, RecordsError> {
        let maker = of(session, Kind::Party, self.maker.as_ref(), Label::Maker, PartyId)?;
        Ok(Product { maker, name: needed(self.name.clone(), Label::Name)? })
    }

    fn edit(&self, session: &Session, product: &mut Product) -> Result<(), RecordsError> {
        set(&mut product.name, self.name.clone());
        set(&mut product.maker, session.id_if(Kind::Party, self.maker.as_ref(), PartyId)?);
        Ok(())
    }
}

impl Fields for ReleaseFields {
    type Record = Release;

    fn record(&self, session: &Session) -> Result<Release, RecordsError> {
        let product = of(session, Kind::Product, self.product.as_ref(), Label::Product, ProductId)?;
        let version = needed(self.release_version.clone(), Label::Version)?;
        Ok(Release { product, version, sboms: Vec::new() })
    }

    fn edit(&self, session: &Session, release: &mut Release) -> Result<(), RecordsError> {
        set(&mut release.product, session.id_if(Kind::Product, self.product.as_ref(), ProductId)?);
        set(&mut release.version, self.release_version.clone());
        Ok(())
    }
}

impl Fields for DeploymentFields {
    type Record = Deployment;

    fn record(&self, session: &Session) -> Result<Deployment, RecordsError> {
        Ok(Deployment {
            release: of(session, Kind::Release, self.release.as_ref(), Label::Release, ReleaseId)?,
            site: of(session, Kind::Site, self.site.as_ref(), Label::Site, SiteId)?,
            system: session.id_if(Kind::System, self.system.as_ref(), SystemId)?,
            overrides: Vec::new(),
        })
    }

    fn edit(&self, session: &Session, deployment: &mut Deployment) -> Result<(), RecordsError> {
        set(&mut deployment.release, session.id_if(Kind::Release, self.release.as_ref(), ReleaseId)?);
        set(&mut deployment.site, session.id_if(Kind::Site, self.site.as_ref(), SiteId)?);
        set(&mut deployment.system, session.id_if(Kind::System, self.system.as_ref(), SystemId)?.map(Some));
        Ok(())
    }
}

impl AssetFields {
    fn patcher(&self, session: &Session) -> Result<Option<Patcher>, RecordsError> {
        let party = session.id_if(Kind::Party, self.patcher.as_ref(), PartyId)?;
        Ok(party.map(Patcher::Party).or_else(|| self.settle_by.map(Patcher::ToBeSettled)))
    }
}

impl Fields for AssetFields {
    type Record = Asset;

    fn record(&self, session: &Session) -> Result<Asset, RecordsError> {
        let wanted = needed(self.asset.as_ref(), Label::Asset)?;
        let (key, label) = organisation::asset_of_register(&session.records, wanted)?;
        Ok(Asset {
            key,
            name: self.name.clone().unwrap_or(label),
            system: session.id_if(Kind::System, self.system.as_ref(), SystemId)?,
            environment: session.id_if(Kind::Environment, self.environment.as_ref(), EnvironmentId)?,
            owner: of(session, Kind::Party, self.owner.as_ref(), Label::Owner, PartyId)?,
            patcher: needed(self.patcher(session)?, Label::Patcher)?,
        })
    }

    fn edit(&self, session: &Session, asset: &mut Asset) -> Result<(), RecordsError> {
        if let Some(wanted) = &self.asset {
            asset.key = organisation::asset_of_register(&session.records, wanted)?.0;
        }
        let environment = session.id_if(Kind::Environment, self.environment.as_ref(), EnvironmentId)?;
        set(&mut asset.name, self.name.clone());
        set(&mut asset.owner, session.id_if(Kind::Party, self.owner.as_ref(), PartyId)?);
        set(&mut asset.patcher, self.patcher(session)?);
        set(&mut asset.system, session.id_if(Kind::System, self.system.as_ref(), SystemId)?.map(Some));
        set(&mut asset.environment, environment.map(Some));
        Ok(())
    }

    fn enter(
        session: &mut Session,
        call: &shindan_app::records::Call,
        asset: Asset,
    ) -> Result<shindan_app::records::Done, RecordsError> {
        organisation::enter_asset(&mut session.records, &session.who, call, asset)
    }
}
