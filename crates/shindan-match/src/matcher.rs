//! One component against the index: what hits, what is in doubt, and by which method it was judged.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use shindan_domain::advisory::Status;
use shindan_domain::cpe::{Attribute, Cpe, Relation};
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::finding::{Confidence, EcosystemCoverage, MatchMethod, NameReading};
use shindan_domain::inventory::Component;
use shindan_domain::purl::Purl;
use shindan_domain::version::Scheme;

use crate::confirmed::ConfirmedIdentities;
use crate::device_lists::DeviceLists;
use crate::index::layout::IndexError;
use crate::index::posting::{Asked, ParticularsReader, StoredStatement, Verdict};
use crate::index::read::{Index, List};
use crate::keys;
use crate::names::Dictionary;

/// A statement that covers the component. Small on purpose: what explains it is read once per statement, not once per
/// component ([`Hit::key`], [`Hit::reader`]).
#[derive(Debug, Clone, Copy)]
pub struct Hit<'a> {
    /// Number of the vulnerability.
    pub vulnerability: u32,
    /// The statement, and the way it was reached.
    pub key: HitKey,
    /// Reads what explains the hit.
    pub reader: ParticularsReader<'a>,
    /// How close the statement's product is to the component.
    kinship: Kinship,
}

/// Two hits of the same key are explained by the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HitKey {
    /// How sure; the surest first.
    pub confidence: std::cmp::Reverse<Confidence>,
    /// How the component was recognised.
    pub method: MatchMethod,
    /// How the advisory's name was read, if it is another one.
    pub reading: Option<NameReading>,
    /// Number of the advisory.
    pub advisory: u32,
    /// Index of the statement inside it.
    pub statement: u32,
    /// The interval that contains the version; `None` for "all versions".
    pub interval: Option<u32>,
}

/// A statement, or the component as a whole, that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Number of the vulnerability, if the doubt is about one.
    pub vulnerability: Option<u32>,
    /// Number of the advisory, if the doubt is about one.
    pub advisory: Option<u32>,
    /// Why.
    pub code: Code,
    /// Particulars.
    pub params: Arc<Params>,
}

/// Everything about one component.
#[derive(Debug, Clone, Default)]
pub struct Judgement<'a> {
    /// What covers it.
    pub hits: Vec<Hit<'a>>,
    /// What is in doubt.
    pub doubts: Vec<Doubt>,
    /// The methods that could be applied; empty if nothing could be judged.
    pub methods: Vec<MatchMethod>,
    /// The ecosystem it was counted under: OSV ecosystem, purl type, `cpe` or `device`.
    pub ecosystem: String,
}

/// Matches components, one after the other. Not shared between threads; make one per thread.
#[derive(Debug)]
pub struct Matcher<'a> {
    pub(crate) index: Index<'a>,
    ecosystems: &'a BTreeMap<String, u64>,
    pub(crate) dictionary: OnceCell<Dictionary>,
    /// What a person said about makers and models.
    pub(crate) confirmed: Option<&'a ConfirmedIdentities>,
    /// What was found about a folded maker and model: a ledger repeats its models.
    pub(crate) devices: FxHashMap<(String, String), Rc<DeviceLists<'a>>>,
    pub(crate) key: Vec<u8>,
    /// Particulars of [`Code::EcosystemNotCovered`] by ecosystem.
    not_covered: FxHashMap<String, Arc<Params>>,
}

/// What is collected while the lists of one component are read.
#[derive(Default)]
pub(crate) struct Collector<'a> {
    hits: Vec<Hit<'a>>,
    /// With how close the statement's product is to the component.
    doubts: Vec<(Doubt, Kinship)>,
    /// (advisory, vulnerability) that an advisory itself calls not affected or fixed for this version, and how close
    /// the product is of which it says so.
    cleared: FxHashMap<(u32, u32), Kinship>,
    /// Statements that do not cover the version; only read if there are doubts to settle.
    not_covered: Vec<ParticularsReader<'a>>,
}

/// How close the product of a statement is to the component. What an advisory says of a similar product must not
/// settle what it says of the very product: "VxWorks Cert: not affected" leaves "VxWorks 6.9: affected" as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kinship {
    /// Its name resembles, or it is one edition of it.
    Similar,
    /// The same.
    Same,
}

/// How the component was recognised, for the statements of one list.
pub(crate) struct Recognised<'c> {
    pub(crate) method: MatchMethod,
    /// At best.
    pub(crate) confidence: Confidence,
    pub(crate) release: Option<&'c str>,
    pub(crate) cpe: Option<&'c Cpe>,
    /// The name only resembles: a hit becomes a doubt.
    pub(crate) ambiguous: bool,
    pub(crate) kinship: Kinship,
    /// How the advisory's name was read, if it is another one.
    pub(crate) reading: Option<NameReading>,
}

impl<'a> Matcher<'a> {
    /// A matcher over `index`; `ecosystems` is [`Meta::ecosystems`](crate::index::build::Meta).
    pub fn new(index: Index<'a>, ecosystems: &'a BTreeMap<String, u64>) -> Self {
        Matcher {
            index,
            ecosystems,
            dictionary: OnceCell::new(),
            confirmed: None,
            devices: FxHashMap::default(),
            key: Vec::with_capacity(128),
            not_covered: FxHashMap::default(),
        }
    }

    /// The same, with what a person said about makers and models.
    #[must_use]
    pub fn with_confirmed(mut self, confirmed: &'a ConfirmedIdentities) -> Self {
        self.confirmed = Some(confirmed);
        self
    }

    /// Judges one component. `present` are the CPE names of everything in the same inventory (platform conditions).
    ///
    /// # Errors
    /// [`IndexError`] if the index is damaged where it is read.
    pub fn judge(
        &mut self,
        component: &Component,
        present: &dyn Fn(&str) -> bool,
    ) -> Result<Judgement<'a>, IndexError> {
        let mut judgement = Judgement::default();
        let mut collector = Collector::default();
        if let Some(text) = &component.purl {
            self.by_purl(text, component, present, &mut judgement, &mut collector)?;
        }
        if let Some(text) = &component.cpe {
            self.by_cpe(text, component, present, &mut judgement, &mut collector)?;
        }
        if component.maker.is_some() || component.model.is_some() {
            self.by_device(component, present, &mut judgement, &mut collector)?;
        }
        let nothing = component.purl.is_none() && component.cpe.is_none() && judgement.ecosystem.is_empty();
        if nothing && component.own {
            // The subject's own parts are not somebody's published package; no advisory could name them.
            judgement.ecosystem = EcosystemCoverage::OWN.to_owned();
        } else if nothing {
            judgement.ecosystem = EcosystemCoverage::NO_IDENTIFIER.to_owned();
            judgement.doubts.push(doubt(Code::IdentifierMissing, &[("name", &component.name)]));
        }
        // A second identity may have judged what the first one could not.
        if !judgement.methods.is_empty() {
            judgement.doubts.retain(|d| {
                !matches!(
                    d.code,
                    Code::EcosystemNotCovered
                        | Code::ProductUnknown
                        | Code::MakerUnknown
                        | Code::ModelUnknown
                )
            });
        }
        collector.settle(&mut judgement)?;
        Ok(judgement)
    }

    fn not_covered(&mut self, ecosystem: &str) -> Doubt {
        let params = match self.not_covered.get(ecosystem) {
            Some(known) => Arc::clone(known),
            None => {
                let made = doubt(Code::EcosystemNotCovered, &[("ecosystem", ecosystem)]).params;
                self.not_covered.insert(ecosystem.to_owned(), Arc::clone(&made));
                made
            }
        };
        Doubt { vulnerability: None, advisory: None, code: Code::EcosystemNotCovered, params }
    }

    fn by_purl(
        &mut self,
        text: &str,
        component: &Component,
        present: &dyn Fn(&str) -> bool,
        judgement: &mut Judgement<'a>,
        collector: &mut Collector<'a>,
    ) -> Result<(), IndexError> {
        let purl = match Purl::parse(text) {
            Ok(purl) => purl,
            Err(error) => {
                judgement.ecosystem = "purl".to_owned();
                let reason = error.to_string();
                judgement.doubts.push(doubt(Code::PurlInvalid, &[("purl", text), ("reason", &reason)]));
                return Ok(());
            }
        };
        let Some(package) = purl.osv_ecosystem() else {
            judgement.ecosystem = purl.kind().to_owned();
            judgement.doubts.push(self.not_covered(purl.kind()));
            return Ok(());
        };
        let full = package.release.as_ref().map(|r| format!("{}:{r}", package.ecosystem));
        let name = full.as_deref().unwrap_or(package.ecosystem);
        judgement.ecosystem = name.to_owned();
        if self.ecosystems.contains_key(name) {
            judgement.methods.push(MatchMethod::Purl);
        } else {
            judgement.doubts.push(self.not_covered(name));
        }
        let version = purl.full_version();
        let version = version.as_deref().or(component.version.as_deref());
        let recognised = Recognised {
            method: MatchMethod::Purl,
            confidence: Confidence::High,
            release: package.release.as_deref(),
            cpe: None,
            ambiguous: false,
            kinship: Kinship::Same,
            reading: None,
        };
        for name in package.names() {
            keys::package(package.ecosystem, name, &mut self.key);
            let Some(list) = self.index.list(&self.key)? else { continue };
            let source = package.source.as_deref() == Some(name);
            let of_source = package.source_version.as_deref().filter(|_| source);
            let named =
                collector.weigh(list, &mut Asked::new(of_source.or(version)), &recognised, present)?;
            if named && judgement.methods.is_empty() {
                // Nobody covers the ecosystem, but somebody names this package of this release.
                judgement.methods.push(MatchMethod::Purl);
            }
        }
        Ok(())
    }

    fn by_cpe(
        &mut self,
        text: &str,
        component: &Component,
        present: &dyn Fn(&str) -> bool,
        judgement: &mut Judgement<'a>,
        collector: &mut Collector<'a>,
    ) -> Result<(), IndexError> {
        if judgement.ecosystem.is_empty() {
            judgement.ecosystem = "cpe".to_owned();
        }
        let cpe = match Cpe::parse(text) {
            Ok(cpe) => cpe,
            Err(error) => {
                let reason = error.to_string();
                judgement.doubts.push(doubt(Code::CpeInvalid, &[("cpe", text), ("reason", &reason)]));
                return Ok(());
            }
        };
        let found = match (cpe.vendor().as_literal(), cpe.product().as_literal()) {
            (Some(vendor), Some(product)) => {
                keys::cpe(vendor, product, &mut self.key);
                self.index.list(&self.key)?
            }
            _ => None,
        };
        let Some(list) = found else {
            judgement.doubts.push(doubt(Code::ProductUnknown, &[("product", text)]));
            return Ok(());
        };
        judgement.methods.push(MatchMethod::Cpe);
        let own = version_of(&cpe);
        let mut asked = Asked::new(component.version.as_deref().or(own.as_deref()));
        let recognised = Recognised {
            method: MatchMethod::Cpe,
            confidence: Confidence::High,
            release: None,
            cpe: Some(&cpe),
            ambiguous: false,
            kinship: Kinship::Same,
            reading: None,
        };
        collector.weigh(list, &mut asked, &recognised, present)?;
        Ok(())
    }
}

impl<'a> Collector<'a> {
    /// Weighs every statement of a list; true if any is about this release.
    pub(crate) fn weigh(
        &mut self,
        list: List<'a>,
        asked: &mut Asked<'_>,
        recognised: &Recognised<'_>,
        present: &dyn Fn(&str) -> bool,
    ) -> Result<bool, IndexError> {
        let mut any = false;
        for statement in list.statements() {
            let statement = statement?;
            if let (Some(theirs), Some(own)) = (statement.release, recognised.release)
                && theirs != own
            {
                continue;
            }
            any = true;
            let (verdict, reader) = statement.judge(asked)?;
            self.take(&statement, verdict, reader, asked, recognised, present)?;
        }
        Ok(any)
    }

    fn take(
        &mut self,
        statement: &StoredStatement<'a>,
        verdict: Verdict,
        reader: ParticularsReader<'a>,
        asked: &Asked<'_>,
        recognised: &Recognised<'_>,
        present: &dyn Fn(&str) -> bool,
    ) -> Result<(), IndexError> {
        // What holds for one release clears nothing of a system whose release is unknown.
        let other_release = statement.release.is_some() && recognised.release.is_none();
        if other_release && matches!(statement.status, Status::NotAffected | Status::Fixed) {
            return Ok(());
        }
        if verdict == Verdict::NotCovered {
            if recognised.kinship == Kinship::Same {
                self.not_covered.push(reader);
            }
            return Ok(());
        }
        let advisory = statement.advisory;
        let (relation, platforms) = match conditions(reader, recognised)? {
            Some(conditions) => conditions,
            None => return Ok(()),
        };
        let edition = matches!(relation, Relation::Subset | Relation::Undefined);
        let kinship = if edition { Kinship::Similar } else { recognised.kinship };
        let reservation = match (verdict, statement.status) {
            (Verdict::NotCovered, _) | (Verdict::Unknown(..), Status::NotAffected | Status::Fixed) => {
                return Ok(());
            }
            (Verdict::Unknown(code, params), _) => Err((code, params)),
            (Verdict::Covered(_), Status::NotAffected | Status::Fixed) => {
                for vulnerability in reader.vulnerabilities()? {
                    let known = self.cleared.entry((advisory, vulnerability?)).or_insert(kinship);
                    *known = kinship.max(*known);
                }
                return Ok(());
            }
            (Verdict::Covered(_), Status::UnderInvestigation) => {
                Err((Code::UnderInvestigation, Params::new()))
            }
            (Verdict::Covered(interval), Status::Affected) => {
                match reservation(statement, reader, recognised, &platforms, present)? {
                    Some(reservation) => Err(reservation),
                    None => Ok(interval.map(|n| n as u32)),
                }
            }
        };
        let interval = match reservation {
            Ok(interval) => interval,
            Err((code, params)) => {
                let params = Arc::new(params);
                for vulnerability in reader.vulnerabilities()? {
                    let (vulnerability, advisory) = (Some(vulnerability?), Some(advisory));
                    let doubt = Doubt { vulnerability, advisory, code, params: Arc::clone(&params) };
                    self.doubts.push((doubt, kinship));
                }
                return Ok(());
            }
        };
        let key = HitKey {
            confidence: std::cmp::Reverse(confidence(recognised, relation, asked)),
            method: recognised.method,
            reading: recognised.reading,
            advisory,
            statement: statement.statement,
            interval,
        };
        for vulnerability in reader.vulnerabilities()? {
            self.hits.push(Hit { vulnerability: vulnerability?, key, reader, kinship });
        }
        Ok(())
    }

    /// What one source leaves open, another may have answered.
    fn settle(mut self, judgement: &mut Judgement<'a>) -> Result<(), IndexError> {
        let cleared = |advisory: u32, vulnerability: u32, kinship: Kinship| {
            self.cleared.get(&(advisory, vulnerability)).is_some_and(|by| *by >= kinship)
        };
        if !self.cleared.is_empty() {
            self.hits.retain(|h| !cleared(h.key.advisory, h.vulnerability, h.kinship));
        }
        if !self.doubts.is_empty() {
            let hit: FxHashSet<u32> = self.hits.iter().map(|h| h.vulnerability).collect();
            let same = self.cleared.iter().filter(|(_, by)| **by == Kinship::Same);
            let mut denied: FxHashSet<u32> = same.map(|(&(_, v), _)| v).collect();
            for reader in std::mem::take(&mut self.not_covered) {
                for vulnerability in reader.vulnerabilities()? {
                    denied.insert(vulnerability?);
                }
            }
            let mut seen = FxHashSet::default();
            for (doubt, kinship) in std::mem::take(&mut self.doubts) {
                let Some(vulnerability) = doubt.vulnerability else { continue };
                let settled = hit.contains(&vulnerability)
                    || doubt.advisory.is_some_and(|a| cleared(a, vulnerability, kinship))
                    || (says_nothing_about_versions(&doubt) && denied.contains(&vulnerability));
                if !settled && seen.insert((vulnerability, doubt.code)) {
                    judgement.doubts.push(doubt);
                }
            }
        }
        judgement.hits = self.hits;
        Ok(())
    }
}

/// How a statement's product relates to the component, and groups of platforms of each of which one must be present.
type Held<'a> = (Relation, Vec<Vec<&'a str>>);

/// Compares the CPE attributes beyond vendor and product, and gives the platforms on which the statement depends;
/// `None` if another edition or platform of the product is meant.
fn conditions<'a>(
    reader: ParticularsReader<'a>,
    recognised: &Recognised<'_>,
) -> Result<Option<Held<'a>>, IndexError> {
    if !reader.has_conditions() {
        return Ok(Some((Relation::Equal, Vec::new())));
    }
    let (theirs, platforms) = reader.conditions()?;
    let relation = match (recognised.cpe, theirs.map(Cpe::parse)) {
        (Some(own), Some(Ok(theirs))) => relation(&theirs, own),
        _ => Relation::Equal,
    };
    Ok((relation != Relation::Disjoint).then_some((relation, platforms)))
}

/// Why a statement that covers the version is a doubt all the same.
fn reservation(
    statement: &StoredStatement<'_>,
    reader: ParticularsReader<'_>,
    recognised: &Recognised<'_>,
    platforms: &[Vec<&str>],
    present: &dyn Fn(&str) -> bool,
) -> Result<Option<(Code, Params)>, IndexError> {
    let (code, name, value) = if recognised.ambiguous {
        (Code::ProductAmbiguous, "product", reader.read(None)?.identifier.to_owned())
    } else if statement.release.is_some() && recognised.release.is_none() {
        (Code::ReleaseUnknown, "name", reader.read(None)?.identifier.to_owned())
    } else if let Some(absent) = platforms.iter().find(|group| !group.iter().any(|p| present(p))) {
        (Code::PlatformUnknown, "platform", absent.join(", "))
    } else {
        return Ok(None);
    };
    Ok(Some((code, Params::from([(name.to_owned(), value)]))))
}

/// Overviews (JVNRSS) name products without versions, and some records give commits or "n/a": such a statement is
/// settled by any other source that does name versions.
fn says_nothing_about_versions(doubt: &Doubt) -> bool {
    match doubt.code {
        Code::RangeGitOnly => true,
        Code::RangeUndetermined => {
            let text = doubt.params.get("text").map(|t| t.trim()).unwrap_or_default();
            ["", "-", "n/a", "unspecified", "unknown"].iter().any(|t| text.eq_ignore_ascii_case(t))
        }
        _ => false,
    }
}

fn confidence(recognised: &Recognised<'_>, relation: Relation, asked: &Asked<'_>) -> Confidence {
    // The advisory means an edition or platform that the component's name leaves open.
    if matches!(relation, Relation::Subset | Relation::Undefined) {
        return Confidence::Low;
    }
    // A version under the generic order was interpreted, not defined by anybody.
    if asked.used(Scheme::Generic) {
        recognised.confidence.min(Confidence::Medium)
    } else {
        recognised.confidence
    }
}

/// How the advisory's CPE name relates to the component's. CISA's own CVE containers write `a` (application) for
/// operating systems of appliances that everybody else calls `o`: that difference alone separates nothing, it only
/// makes the match less certain.
fn relation(theirs: &Cpe, own: &Cpe) -> Relation {
    let found = theirs.matches_except_version(own);
    let parts = [theirs, own].map(|cpe| cpe.get(Attribute::Part).as_literal().map(str::to_owned));
    let software = |part: &Option<String>| part.as_deref().is_some_and(|p| matches!(p, "a" | "o"));
    if found != Relation::Disjoint || parts[0] == parts[1] || !parts.iter().all(software) {
        return found;
    }
    let same_part = own.clone().with(Attribute::Part, theirs.get(Attribute::Part).clone());
    match theirs.matches_except_version(&same_part) {
        Relation::Disjoint => Relation::Disjoint,
        _ => Relation::Undefined,
    }
}

/// Version and update of a CPE name, as one version text.
fn version_of(cpe: &Cpe) -> Option<String> {
    let version = cpe.version().as_literal()?;
    match cpe.get(Attribute::Update).as_literal() {
        Some(update) => Some(format!("{version} {update}")),
        None => Some(version.to_owned()),
    }
}

pub(crate) fn doubt(code: Code, params: &[(&str, &str)]) -> Doubt {
    let params = params.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Doubt { vulnerability: None, advisory: None, code, params: Arc::new(params) }
}
