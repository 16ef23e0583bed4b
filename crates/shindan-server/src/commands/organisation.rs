//! Commands on the organisation: parties, sites, systems, environments, products, releases, deployments, assets, and the keys
//! that count as a party's (SPEC.md section 3).

use jiff::civil::Date;
use serde::Deserialize;
use shindan_app::records::organisation::{self, needed};
use shindan_app::records::{RecordsError, people};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::organisation::{
    Asset, Deployment, Environment, Party, PartyKind, Patcher, Product, Purpose, Release, ServiceState, Site,
    System,
};
use shindan_domain::process::Label;
use shindan_domain::record_id::{
    CaseId, DeploymentId, EnvironmentId, PartyId, PersonId, ProductId, ReleaseId, SiteId, SystemId,
};
use shindan_domain::verification::Channel;
use utoipa::ToSchema;
use uuid::Uuid;

use super::clear::{Clear, Clearing};
use super::given::{commands, id};
use super::words;
use crate::command::{Command, Outcome, Session};

/// Defines entering, changing and ending a kind of record. `must`: what a new record says; `may`: what it can say besides;
/// `new`: what other commands change; `clear`: what it can say besides and can be taken away again, which is all of it. Each field has
/// the name that it has in the record.
macro_rules! kept {
    ($record:ident: $enter:ident $entered:literal, $change:ident $changed:literal, $end:ident $ended:literal;
        must { $( $(#[$must_meta:meta])* $must:ident: $must_type:ty = |$s:ident, $value:ident| $read:expr; )* }
        may { $( $(#[$may_meta:meta])* $may:ident: $may_type:ty = |$t:ident, $other:ident| $see:expr; )* }
        new { $( $new:ident: $begins:expr, )* }
        $( $clear:ident [$( $cleared:ident ),+] )?
    ) => {
        #[doc = $entered]
        #[derive(Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $enter {
            $( $(#[$must_meta])* $must: $must_type, )*
            $( $(#[$may_meta])* #[serde(default)] $may: Option<$may_type>, )*
        }

        impl Command for $enter {
            const KIND: Kind = Kind::$record;
            const NAME: Option<&'static str> = None;
            const SUMMARY: &'static str = $entered;

            fn run(self, session: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
                let record = $record {
                    $( $must: { let ($s, $value) = (&*session, self.$must); $read? }, )*
                    $( $may: match self.$may {
                        Some($other) => { let $t = &*session; Some($see?) }
                        None => None,
                    }, )*
                    $( $new: $begins, )*
                };
                organisation::enter(session.records, &session.who, &session.call, record).map(Into::into)
            }
        }

        #[doc = $changed]
        #[doc = "What is not named stays as it is."]
        #[derive(Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $change {
            $( $(#[$must_meta])* #[serde(default)] $must: Option<$must_type>, )*
            $( $(#[$may_meta])* #[serde(default)] $may: Option<$may_type>, )*
            $(
                /// What holds nothing from now on.
                #[serde(default)]
                #[schema(schema_with = Clear::<$change>::form)]
                $clear: Clear<$change>,
            )?
            /// Why.
            reason: String,
        }

        $( impl Clearing for $change {
            const FIELDS: &'static [&'static str] = &[$( stringify!($cleared) ),+];
        } )?

        impl Command for $change {
            const KIND: Kind = Kind::$record;
            const NAME: Option<&'static str> = Some("change");
            const SUMMARY: &'static str = $changed;

            fn run(self, session: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
                $( let $must = match self.$must {
                    Some($value) => { let $s = &*session; Some($read?) }
                    None => None,
                }; )*
                $( let $may = match self.$may {
                    Some($other) => { let $t = &*session; Some($see?) }
                    None => None,
                }; )*
                $( $( let $cleared = self.$clear.of(stringify!($cleared), $cleared)?; )+ )?
                let edit = |record: &mut $record| {
                    $( if let Some(value) = $must { record.$must = value; } )*
                    $( $( if let Some(value) = $cleared { record.$cleared = value; } )+ )?
                };
                organisation::change(session.records, &session.who, &session.call, id(about)?, self.reason, edit)
                    .map(Into::into)
            }
        }

        ended!($record, $end, $ended);
    };
}

/// Defines ending a kind of record.
macro_rules! ended {
    ($record:ident, $end:ident, $ended:literal) => {
        #[doc = $ended]
        #[doc = "What refers to it stays readable."]
        #[derive(Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $end {
            /// Why.
            reason: String,
        }

        impl Command for $end {
            const KIND: Kind = Kind::$record;
            const NAME: Option<&'static str> = Some("end");
            const SUMMARY: &'static str = $ended;

            fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
                organisation::end::<$record>(s.records, &s.who, &s.call, id(about)?, self.reason)
                    .map(Into::into)
            }
        }
    };
}

/// As it was given.
fn same<T>(value: T) -> Result<T, RecordsError> {
    Ok(value)
}

kept! {
    Party: EnterParty "Enter a party", ChangeParty "Change what a party's record says", EndParty "End a party's record";
    must {
        /// Name of the organisation.
        name: String = |_s, value| same(value);
        /// What it is.
        #[schema(schema_with = words::party_kind)]
        kind: PartyKind = |_s, value| same(value);
    }
    may {
        /// Where it is reached: department, mailbox, telephone. No names of persons.
        contact: String = |_s, value| same(value);
    }
    new { pinned_keys: Vec::new(), }
    clear [contact]
}

kept! {
    Site: EnterSite "Enter a site", ChangeSite "Change what a site's record says", EndSite "End a site's record";
    must {
        /// Whose site it is: name or id of a party.
        party: String = |s, value| s.party(&value);
        /// Its name.
        name: String = |_s, value| same(value);
    }
    may {}
    new {}
}

kept! {
    System: EnterSystem "Enter a system", ChangeSystem "Change what a system's record says", EndSystem "End a system's record";
    must {
        /// Its name.
        name: String = |_s, value| same(value);
        /// Who operates it: name or id of a party.
        operator: String = |s, value| s.party(&value);
        /// Who provides it: name or id of a party.
        provider: String = |s, value| s.party(&value);
        /// Where it is: names or ids of sites.
        sites: Vec<String> = |s, value| value.iter().map(|site| s.named(Kind::Site, site).map(SiteId)).collect::<Result<Vec<_>, _>>();
        /// Whether it is in service.
        #[schema(schema_with = words::service_state)]
        service: ServiceState = |_s, value| same(value);
    }
    may {}
    new {}
}

kept! {
    Environment: EnterEnvironment "Enter an environment", ChangeEnvironment "Change what an environment's record says", EndEnvironment "End an environment's record";
    must {
        /// Of which system: name or id.
        system: String = |s, value| s.named(Kind::System, &value).map(SystemId);
        /// Its name.
        name: String = |_s, value| same(value);
        /// What it is for.
        #[schema(schema_with = words::purpose)]
        purpose: Purpose = |_s, value| same(value);
    }
    may {
        /// In what it differs from production.
        differences: String = |_s, value| same(value);
    }
    new {}
    clear [differences]
}

kept! {
    Product: EnterProduct "Enter a product", ChangeProduct "Change what a product's record says", EndProduct "End a product's record";
    must {
        /// Who makes it: name or id of a party.
        maker: String = |s, value| s.party(&value);
        /// Its name.
        name: String = |_s, value| same(value);
    }
    may {}
    new {}
}

kept! {
    Release: EnterRelease "Enter a release", ChangeRelease "Change what a release's record says", EndRelease "End a release's record";
    must {
        /// Of which product: name or id. Fixed.
        product: String = |s, value| s.named(Kind::Product, &value).map(ProductId);
        /// Which version. Fixed.
        version: String = |_s, value| same(value);
    }
    may {}
    new { sboms: Vec::new(), }
}

kept! {
    Deployment: EnterDeployment "Enter a deployment", ChangeDeployment "Change what a deployment's record says", EndDeployment "End a deployment's record";
    must {
        /// The release: version or id.
        release: String = |s, value| s.named(Kind::Release, &value).map(ReleaseId);
        /// Where: name or id of a site.
        site: String = |s, value| s.named(Kind::Site, &value).map(SiteId);
    }
    may {
        /// As part of which system: name or id.
        system: String = |s, value| s.named(Kind::System, &value).map(SystemId);
    }
    new { overrides: Vec::new(), }
    clear [system]
}

impl Session<'_> {
    /// A party that a body names.
    pub(crate) fn party(&self, called: &str) -> Result<PartyId, RecordsError> {
        self.named(Kind::Party, called).map(PartyId)
    }

    /// A record that a body may name.
    pub(crate) fn named_if<T>(
        &self,
        kind: Kind,
        called: Option<&String>,
        wrap: fn(Uuid) -> T,
    ) -> Result<Option<T>, RecordsError> {
        called.map(|called| self.named(kind, called)).transpose().map(|id| id.map(wrap))
    }

    /// Who patches an asset, or until when that is to be settled.
    fn patcher(
        &self,
        party: Option<&String>,
        settle_by: Option<Date>,
    ) -> Result<Option<Patcher>, RecordsError> {
        let party = self.named_if(Kind::Party, party, PartyId)?;
        Ok(party.map(Patcher::Party).or_else(|| settle_by.map(Patcher::ToBeSettled)))
    }
}

/// Enter an asset of the register: whose it is and who patches it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnterAsset {
    /// Its key or number in the register.
    asset: String,
    /// What it is called; the register's name unless given.
    #[serde(default)]
    name: Option<String>,
    /// Of which system: name or id.
    #[serde(default)]
    system: Option<String>,
    /// In which environment: name or id.
    #[serde(default)]
    environment: Option<String>,
    /// Whose it is: name or id of a party.
    owner: String,
    /// Who patches it: name or id of a party; else `settle_by`.
    #[serde(default)]
    patcher: Option<String>,
    /// Until when it is to be settled who patches it, a day in Japan.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    settle_by: Option<Date>,
}

impl Command for EnterAsset {
    const KIND: Kind = Kind::Asset;
    const NAME: Option<&'static str> = None;
    const SUMMARY: &'static str = "Enter an asset of the register";

    fn run(self, s: &mut Session<'_>, _: Option<Stream>) -> Result<Outcome, RecordsError> {
        let (key, label) = organisation::asset_of_register(s.records, &self.asset)?;
        let asset = Asset {
            key,
            name: self.name.unwrap_or(label),
            system: s.named_if(Kind::System, self.system.as_ref(), SystemId)?,
            environment: s.named_if(Kind::Environment, self.environment.as_ref(), EnvironmentId)?,
            owner: s.party(&self.owner)?,
            patcher: needed(s.patcher(self.patcher.as_ref(), self.settle_by)?, Label::Patcher)?,
        };
        organisation::enter_asset(s.records, &s.who, &s.call, asset).map(Into::into)
    }
}

/// Change what an asset's record says. What is not named stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeAsset {
    /// What it is called.
    #[serde(default)]
    name: Option<String>,
    /// Of which system: name or id.
    #[serde(default)]
    system: Option<String>,
    /// In which environment: name or id.
    #[serde(default)]
    environment: Option<String>,
    /// Whose it is: name or id of a party.
    #[serde(default)]
    owner: Option<String>,
    /// Who patches it: name or id of a party.
    #[serde(default)]
    patcher: Option<String>,
    /// Until when it is to be settled who patches it, a day in Japan.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    settle_by: Option<Date>,
    /// What holds nothing from now on.
    #[serde(default)]
    #[schema(schema_with = Clear::<ChangeAsset>::form)]
    clear: Clear<ChangeAsset>,
    /// Why.
    reason: String,
}

impl Clearing for ChangeAsset {
    const FIELDS: &'static [&'static str] = &["system", "environment"];
}

impl Command for ChangeAsset {
    const KIND: Kind = Kind::Asset;
    const NAME: Option<&'static str> = Some("change");
    const SUMMARY: &'static str = "Change what an asset's record says";

    fn run(self, s: &mut Session<'_>, about: Option<Stream>) -> Result<Outcome, RecordsError> {
        let system = s.named_if(Kind::System, self.system.as_ref(), SystemId)?;
        let environment = s.named_if(Kind::Environment, self.environment.as_ref(), EnvironmentId)?;
        let owner = s.named_if(Kind::Party, self.owner.as_ref(), PartyId)?;
        let patcher = s.patcher(self.patcher.as_ref(), self.settle_by)?;
        let (system, environment) =
            (self.clear.of("system", system)?, self.clear.of("environment", environment)?);
        let name = self.name;
        let edit = |asset: &mut Asset| {
            asset.name = name.unwrap_or_else(|| std::mem::take(&mut asset.name));
            asset.system = system.unwrap_or(asset.system);
            asset.environment = environment.unwrap_or(asset.environment);
            asset.owner = owner.unwrap_or(asset.owner);
            if let Some(patcher) = patcher {
                asset.patcher = patcher;
            }
        };
        organisation::change(s.records, &s.who, &s.call, id(about)?, self.reason, edit).map(Into::into)
    }
}

ended!(Asset, EndAsset, "End an asset's record");

commands! {
    Party, PartyId;

    /// Lets signatures of a key count as the party's from now on.
    PinKey ("pin-key", "Let signatures of a key count as the party's") {
        /// The whole fingerprint, or a minisign key.
        fingerprint: String,
        /// How the fingerprint was learnt: another way than the files that it signs.
        #[schema(value_type = String)]
        channel: Channel,
        /// Why.
        reason: String,
    }
    |b, s, party| organisation::pin_key(s.records, &s.who, &s.call, party, &b.fingerprint, b.channel, b.reason);

    /// Lets signatures of a key count no longer.
    WithdrawKey ("withdraw-key", "Let signatures of a key count no longer") {
        /// The whole fingerprint.
        fingerprint: String,
        /// Why.
        reason: String,
    }
    |b, s, party| organisation::withdraw_key(s.records, &s.who, &s.call, party, &b.fingerprint, b.reason);
}

commands! {
    Release, ReleaseId;

    /// Adds a list of components to a release; it counts from now on.
    AddSbom ("add-sbom", "Add a list of components; it counts from now on") {
        /// SHA-256 of the upload: the list.
        #[schema(value_type = String)]
        document: Hash,
        /// Why.
        reason: String,
    }
    |b, s, release| {
        let file = s.upload(&b.document)?;
        organisation::add_sbom(s.records, &s.who, &s.call, release, &file, b.reason)
    };
}

commands! {
    Deployment, DeploymentId;

    /// Lets a decision of the release not hold here: the site decides for itself.
    OverrideDecision ("override", "Let a decision of the release not hold here") {
        /// The case of the release: number or id.
        case: String,
        /// Why.
        reason: String,
    }
    |b, s, deployment| {
        let case = CaseId(s.named(Kind::Case, &b.case)?);
        organisation::override_decision(s.records, &s.who, &s.call, deployment, case, b.reason)
    };

    /// Lets a decision of the release hold here again.
    InheritAgain ("inherit", "Let a decision of the release hold here again") {
        /// The case of the release: number or id.
        case: String,
        /// Why.
        reason: String,
    }
    |b, s, deployment| {
        let case = CaseId(s.named(Kind::Case, &b.case)?);
        organisation::inherit_again(s.records, &s.who, &s.call, deployment, case, b.reason)
    };
}

commands! {
    Person, PersonId;

    /// Says to which party a person belongs.
    AssignParty ("assign", "Say to which party a person belongs") {
        /// The party: name or id.
        party: String,
    }
    |b, s, person| {
        let party = s.party(&b.party)?;
        people::assign(s.records, &s.who, &s.call, person, party)
    };
}
