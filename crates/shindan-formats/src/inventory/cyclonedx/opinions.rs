//! What a document states about vulnerabilities (VEX, VDR), as advisories.
//!
//! Source: CycloneDX 1.4 to 1.7, `vulnerabilities`; CISA, "VEX Use Cases".
//!
//! Decisions:
//!
//! - One advisory per entry. Its id is that of the document (serial number, else the path) and that of the
//!   vulnerability, because the same vulnerability is often spoken of in several entries and by several documents.
//! - `affects[].versions[].status` says more than `analysis.state`: *unaffected* stays so, *unknown* is under
//!   investigation. *Affected* versions beside a state that clears the product describe the component in general;
//!   the state then holds for the version that is in the document, and for none if there is no such version.
//! - A state that is not known is under investigation, never *not affected*.
//! - What is cleared is cleared in one version: that of `affects[].versions`, else that which the component has, in its
//!   package URL, its CPE name or beside them. A component that has a name only, and no version, is cleared as the very
//!   element that it is: under its name nothing tells which version is meant.
//! - A reference into another document is kept as a BOM-Link. One that names a package URL names the package, too,
//!   but inside that document only.

use std::collections::BTreeMap;

use jiff::Timestamp;
use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, Justification, ProductRef, Remediation, Status,
};
use shindan_domain::cpe::Cpe;
use shindan_domain::diagnostic::Code;
use shindan_domain::identifier::{self, Family};
use shindan_domain::inventory::{Component, PackedComponents};
use shindan_domain::purl::Purl;
use shindan_domain::version::{Scheme, VersionClaim, VersionRange};

use super::graph::References;
use super::vulnerability::{Analysis, Target, TargetVersion, VersionText, Vulnerability};
use crate::advisory::claims::{from_vers, purl_scheme};
use crate::advisory::identified::{by_cpe, unversioned};
use crate::bom_link;
use crate::inventory::collector::Collector;
use crate::text::shorten;

/// What the entries of `vulnerabilities` are read against.
pub(super) struct Context<'a> {
    pub(super) path: &'a str,
    /// UUID of the serial number.
    pub(super) serial: Option<&'a str>,
    /// Version of the document.
    pub(super) version: u64,
    /// Who publishes the document; `unknown` if it does not tell.
    pub(super) publisher: &'a str,
    pub(super) timestamp: Option<Timestamp>,
    pub(super) components: &'a PackedComponents,
    pub(super) references: &'a References<'a>,
    /// Makers of components that have neither package URL nor CPE, by their number.
    pub(super) makers: &'a BTreeMap<u32, &'a str>,
    /// `metadata.component`, listed or not.
    pub(super) subject: Option<&'a Subject>,
}

/// What the document is about.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) component: Component,
    pub(super) reference: Option<String>,
    pub(super) maker: Option<String>,
}

impl Subject {
    /// The subject as a product, its BOM-Link being that of the whole document if it has no reference.
    pub(super) fn product(&self, serial: Option<&str>, version: u64) -> ProductRef {
        product_of(
            &self.component,
            self.maker.as_deref(),
            link_to(self.reference.as_deref(), serial, version),
        )
    }

    /// The subject as what its parts are within: in the very version that the document is about. A subject that has a
    /// name only, and no version, is known by its document alone.
    pub(super) fn container(&self, serial: Option<&str>, version: u64) -> ProductRef {
        let product = self.product(serial, version);
        let stated = version_of(&self.component).map(|(version, _)| version);
        let open = stated.is_none() && is_named_only(&product);
        ProductRef {
            purl: self.component.purl.clone(),
            vendor: product.vendor.clone().filter(|_| !open),
            product: product.product.clone().filter(|_| !open),
            version: stated,
            ..product
        }
    }

    /// True if nothing tells which version of which product the document is about.
    pub(super) fn is_versionless(&self) -> bool {
        version_of(&self.component).is_none() && is_named_only(&self.product(None, 1))
    }
}

/// True for a product that has neither package URL nor CPE name.
fn is_named_only(product: &ProductRef) -> bool {
    product.purl.is_none() && product.cpes.is_empty()
}

/// What the document is about, as a component that opinions can be compared with. Where it does not tell, it is still
/// the one that links to the document mean.
pub(super) fn whole(subject: Option<&Subject>, serial: Option<&str>, version: u64) -> Option<Component> {
    let reference = subject.and_then(|subject| subject.reference.as_deref());
    let bom_link = link_here(reference, serial, version);
    let Some(subject) = subject else {
        return bom_link.map(|link| Component {
            name: link.clone(),
            bom_link: Some(link),
            ..Component::default()
        });
    };
    let identified = subject.component.purl.is_some() || subject.component.cpe.is_some();
    let maker = subject.maker.clone().filter(|_| !identified);
    Some(Component {
        model: maker.as_ref().map(|_| subject.component.name.clone()),
        maker,
        bom_link,
        ..subject.component.clone()
    })
}

/// As [`link_to`], or the reference alone where the document has no serial number: enough inside of it.
fn link_here(reference: Option<&str>, serial: Option<&str>, version: u64) -> Option<String> {
    link_to(reference, serial, version).or_else(|| reference.map(|reference| format!("#{reference}")))
}

fn link_to(reference: Option<&str>, serial: Option<&str>, version: u64) -> Option<String> {
    serial.map(|serial| match reference {
        Some(reference) => bom_link::to_element(serial, version, reference),
        None => bom_link::normalise(&format!("urn:cdx:{serial}/{version}")),
    })
}

/// Turns the entries into advisories. `local` is told the number of each component that can only be found by its bare
/// reference, because the document has no serial number, and the component no identifier by which it is looked up.
pub(super) fn build(
    entries: Vec<Vulnerability>,
    context: &Context<'_>,
    found: &mut Collector<'_>,
    mut local: impl FnMut(u32, &str),
) -> Vec<Advisory> {
    let document = context.serial.unwrap_or(context.path);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut advisories = Vec::with_capacity(entries.len());
    for entry in entries {
        let vulnerabilities = vulnerabilities(&entry);
        let Some(first) = vulnerabilities.first().map(|vulnerability| vulnerability.id.clone()) else {
            found.push(found.at_field(Code::FieldMissing, &entry.pointer).with("field", "id"));
            continue;
        };
        let name = entry.id.clone().unwrap_or(first);
        let times = seen.entry(name.clone()).or_insert(0);
        *times += 1;
        let id =
            if *times == 1 { format!("{document}#{name}") } else { format!("{document}#{name}/{times}") };
        let mut advisory = Advisory::new(id, context.publisher, AdvisoryFormat::CyclonedxVex);
        advisory.title = if entry.summary.is_empty() { name.clone() } else { entry.summary.clone() };
        advisory.published = entry.published;
        advisory.modified = entry.updated.max(context.timestamp);
        advisory.revision = context.serial.map(|_| context.version);
        advisory.withdrawn = entry.rejected;
        advisory.exploitability = entry.analysis.state.is_some();
        let status = state(&entry.analysis, &entry.pointer, found);
        for target in &entry.affects {
            statements(target, status, &entry.analysis, context, found, &mut local, &mut advisory.affected);
        }
        if advisory.affected.is_empty() {
            let diagnostic = found.at_field(Code::AdvisoryWithoutProduct, &entry.pointer);
            found.push(diagnostic.with("id", shorten(&name, 200)));
        }
        advisory.vulnerabilities = vulnerabilities;
        advisory.references = entry.pages;
        advisory.pointer = entry.pointer;
        advisories.push(advisory);
    }
    advisories
}

/// The vulnerabilities of an entry. Equivalents are the same vulnerability, unless they are several CVE numbers:
/// these are linked and never fused.
fn vulnerabilities(entry: &Vulnerability) -> Vec<AdvisedVulnerability> {
    let mut names: Vec<&str> = Vec::new();
    for name in entry.id.as_deref().into_iter().chain(entry.equivalents.iter().map(String::as_str)) {
        if !names.contains(&name) && names.len() < 100 {
            names.push(name);
        }
    }
    let (cves, mut others): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| identifier::family(name) == Family::Cve);
    let own = entry.id.as_deref().or(others.first().copied()).or(entry.reference.as_deref());
    let ids = if cves.is_empty() { own.into_iter().collect() } else { cves };
    others.retain(|name| identifier::family(name) != Family::Document);
    // What names several CVEs is a document, whatever it calls itself.
    let aliases = if ids.len() == 1 { others } else { Vec::new() };
    let details = AdvisedVulnerability {
        summary: entry.summary.clone(),
        cvss: if ids.len() == 1 { entry.cvss.clone() } else { Vec::new() },
        cwe: entry.cwe.clone(),
        remediations: remediations(entry),
        ..AdvisedVulnerability::default()
    };
    ids.into_iter()
        .map(|id| AdvisedVulnerability {
            id: if identifier::is_cve(id) { id.to_ascii_uppercase() } else { id.to_owned() },
            aliases: aliases.iter().filter(|alias| **alias != id).map(|alias| (*alias).to_owned()).collect(),
            ..details.clone()
        })
        .collect()
}

fn remediations(entry: &Vulnerability) -> Vec<Remediation> {
    let of = |category: &str, details: &Option<String>| {
        details.as_ref().map(|details| Remediation {
            category: category.to_owned(),
            details: details.clone(),
            url: None,
        })
    };
    let mut list: Vec<Remediation> = of("vendor_fix", &entry.recommendation)
        .into_iter()
        .chain(of("workaround", &entry.workaround))
        .collect();
    for (response, category) in [("will_not_fix", "no_fix_planned"), ("can_not_fix", "none_available")] {
        // Beside an update, "will not fix" speaks of older versions.
        let only = entry.analysis.responses.iter().all(|given| given == response);
        if only && !entry.analysis.responses.is_empty() {
            list.extend(of(category, &Some(response.to_owned())));
        }
    }
    list
}

/// What `analysis.state` says; without one the vulnerability is stated without reserve.
fn state(analysis: &Analysis, pointer: &str, found: &mut Collector<'_>) -> Status {
    let Some(state) = analysis.state.as_deref() else { return Status::Affected };
    match state {
        "exploitable" => Status::Affected,
        "in_triage" => Status::UnderInvestigation,
        "resolved" | "resolved_with_pedigree" => Status::Fixed,
        "not_affected" | "false_positive" => Status::NotAffected,
        _ => {
            found.push(
                found
                    .at_field(Code::FieldTolerated, &format!("{pointer}/analysis/state"))
                    .with("field", "analysis.state")
                    .with("value", shorten(state, 100))
                    .with("expected", "exploitable, in_triage, resolved, resolved_with_pedigree, not_affected, false_positive"),
            );
            Status::UnderInvestigation
        }
    }
}

/// The nearest of the standard justifications. Source: CycloneDX 1.4, `impactAnalysisJustification`.
fn justification(analysis: &Analysis) -> Option<Justification> {
    Some(match analysis.justification.as_deref()? {
        "code_not_present" => Justification::VulnerableCodeNotPresent,
        "code_not_reachable" => Justification::VulnerableCodeNotInExecutePath,
        "requires_configuration" | "requires_dependency" | "requires_environment" => {
            Justification::VulnerableCodeCannotBeControlledByAdversary
        }
        "protected_by_compiler"
        | "protected_at_runtime"
        | "protected_at_perimeter"
        | "protected_by_mitigating_control" => Justification::InlineMitigationsAlreadyExist,
        _ => return None,
    })
}

/// The words of the analysis, with its own justification where the standard list has only a neighbour of it.
fn impact(analysis: &Analysis) -> String {
    let own = match (analysis.state.as_deref(), analysis.justification.as_deref()) {
        (Some("false_positive"), _) => Some("false_positive"),
        (_, Some("code_not_present" | "code_not_reachable") | None) => None,
        (_, Some(other)) => Some(other),
    };
    match own {
        None => analysis.detail.clone(),
        Some(own) if analysis.detail.is_empty() => shorten(own, 400),
        Some(own) => shorten(&format!("{own}: {}", analysis.detail), 400),
    }
}

/// What a reference points to.
struct Pointed {
    product: ProductRef,
    within: Option<ProductRef>,
    /// The version that is there, with its order.
    version: Option<(String, Scheme)>,
}

/// The statements about one target.
fn statements(
    target: &Target,
    status: Status,
    analysis: &Analysis,
    context: &Context<'_>,
    found: &mut Collector<'_>,
    local: &mut impl FnMut(u32, &str),
    out: &mut Vec<Affected>,
) {
    let Some(pointed) = resolve(&target.reference, context, local) else {
        // Services are told as not matched already.
        if context.references.find(&target.reference).is_some() {
            return;
        }
        let diagnostic = found.at_field(Code::ReferenceDangling, &target.pointer);
        found.push(diagnostic.with("field", "affects").with("value", shorten(&target.reference, 200)));
        return;
    };
    let scheme = match (&pointed.version, pointed.product.purl.as_deref().map(Purl::parse)) {
        (Some((_, scheme)), _) => *scheme,
        (None, Some(Ok(purl))) => purl_scheme(purl.kind()),
        _ => Scheme::Generic,
    };
    let own = || pointed.version.as_ref().map(|(version, scheme)| exactly(version, *scheme));
    let clears = matches!(status, Status::NotAffected | Status::Fixed);
    // Cleared without any version: the very element, and nothing that only bears its name.
    let element_only =
        clears && target.versions.is_empty() && pointed.version.is_none() && is_named_only(&pointed.product);
    let mut claims: Vec<(Status, VersionClaim, String)> = Vec::new();
    if target.versions.is_empty() {
        // Without any version the statement is about the product as such.
        claims.push((status, own().unwrap_or(VersionClaim::All), String::new()));
    }
    for version in &target.versions {
        let said = match version.status.as_deref() {
            Some("unaffected") => Status::NotAffected,
            Some("affected") if clears => match own() {
                Some(claim) => {
                    claims.push((status, claim, String::new()));
                    continue;
                }
                None => Status::UnderInvestigation,
            },
            Some("affected") | None => status,
            Some(_) => Status::UnderInvestigation,
        };
        let (claim, text) = claim(version, scheme);
        claims.push((said, claim, text));
    }
    for (status, versions, text) in merged(claims) {
        let mut statement = Affected::new(pointed.product.clone(), status, versions);
        if element_only {
            // Without its maker a name is looked up by nobody; it stays for whoever reads the statement.
            statement.product.vendor = None;
        }
        statement.within = pointed.within.clone().map(Box::new);
        if status == Status::Fixed
            && let Some((version, _)) = &pointed.version
        {
            statement.fixed_versions = vec![version.clone()];
        }
        statement.text = text;
        statement.justification = justification(analysis).filter(|_| status == Status::NotAffected);
        statement.impact = impact(analysis);
        statement.pointer.clone_from(&target.pointer);
        out.push(statement);
    }
}

/// Puts ranges of the same status into one statement, each text once.
fn merged(claims: Vec<(Status, VersionClaim, String)>) -> Vec<(Status, VersionClaim, String)> {
    let mut list: Vec<(Status, VersionClaim, String)> = Vec::new();
    for (status, claim, text) in claims {
        let known = list.iter_mut().find(|(other, known, _)| {
            *other == status
                && matches!((known, &claim), (VersionClaim::Ranged { except: a, .. }, VersionClaim::Ranged { except: b, .. })
                    if a.is_empty() && b.is_empty())
        });
        match (known, claim) {
            (
                Some((_, VersionClaim::Ranged { ranges: into, .. }, words)),
                VersionClaim::Ranged { ranges, .. },
            ) => {
                if !ranges.iter().all(|range| into.contains(range)) || into.is_empty() {
                    into.extend(ranges);
                    if !text.is_empty() {
                        words.push_str(if words.is_empty() { "" } else { ", " });
                        words.push_str(&text);
                    }
                }
            }
            (_, claim) => list.push((status, claim, text)),
        }
    }
    list
}

fn exactly(version: &str, scheme: Scheme) -> VersionClaim {
    VersionClaim::ranged(vec![VersionRange::exactly(scheme, version)])
}

fn claim(version: &TargetVersion, scheme: Scheme) -> (VersionClaim, String) {
    match &version.text {
        VersionText::One(one) => (exactly(one, scheme), one.clone()),
        VersionText::Range(range) => {
            let claim = from_vers(range).unwrap_or_else(|| VersionClaim::undetermined_text(range));
            (claim, range.clone())
        }
    }
}

fn resolve(reference: &str, context: &Context<'_>, local: &mut impl FnMut(u32, &str)) -> Option<Pointed> {
    if !bom_link::is_link(reference) {
        return within_document(reference, context, local).or_else(|| named_package(reference));
    }
    let link = bom_link::normalise(reference);
    let (document, element) = bom_link::parts(&link);
    let own = context.serial.map(|serial| format!("urn:cdx:{serial}/{}", context.version));
    if own.as_deref() == Some(document) {
        let here = match element {
            // The document as a whole stands for what it is about.
            None => context.subject.map(|subject| of_subject(subject, context)),
            Some(element) => {
                let written = reference.split_once('#').map_or(element, |(_, element)| element);
                within_document(written, context, local).or_else(|| within_document(element, context, local))
            }
        };
        if here.is_some() {
            return here;
        }
    }
    let elsewhere = ProductRef { bom_link: Some(document.to_owned()), ..ProductRef::default() };
    let mut pointed = element.and_then(named_package).unwrap_or(Pointed {
        product: ProductRef::default(),
        within: None,
        version: None,
    });
    pointed.within = pointed.product.purl.is_some().then_some(elsewhere);
    pointed.product.bom_link = Some(link);
    Some(pointed)
}

/// A component of this document.
fn within_document(
    reference: &str,
    context: &Context<'_>,
    local: &mut impl FnMut(u32, &str),
) -> Option<Pointed> {
    if let Some(subject) = context.subject
        && subject.reference.as_deref() == Some(reference)
    {
        if context.serial.is_none()
            && !is_looked_up(&subject.component)
            && let Some(number) = context.references.find(reference)
        {
            local(context.references.owner(number), reference);
        }
        return Some(of_subject(subject, context));
    }
    let owner = context.references.owner(context.references.find(reference)?);
    let component = &context.components.get(owner as usize)?;
    let link = match context.serial {
        Some(serial) => Some(bom_link::to_element(serial, context.version, reference)),
        None if !is_looked_up(component) => {
            local(owner, reference);
            Some(format!("#{reference}"))
        }
        None => None,
    };
    let maker = context.makers.get(&owner).copied();
    Some(Pointed {
        product: product_of(component, maker, link),
        within: None,
        version: version_of(component),
    })
}

fn of_subject(subject: &Subject, context: &Context<'_>) -> Pointed {
    Pointed {
        product: ProductRef {
            bom_link: link_here(subject.reference.as_deref(), context.serial, context.version),
            ..subject.product(context.serial, context.version)
        },
        within: None,
        version: version_of(&subject.component),
    }
}

/// True if statements about the component are looked up by its identifiers. `pkg:generic` and other types without an
/// ecosystem of their own are not, or only in documents made for that.
fn is_looked_up(component: &Component) -> bool {
    let purl = component.purl.as_deref().and_then(|purl| Purl::parse(purl).ok());
    let cpe = component.cpe.as_deref().and_then(|cpe| Cpe::parse_lenient(cpe).ok());
    purl.is_some_and(|purl| purl.osv_ecosystem().is_some())
        || cpe.is_some_and(|(cpe, _)| {
            cpe.vendor().as_literal().is_some() && cpe.product().as_literal().is_some()
        })
}

/// A reference that is a package URL says what it means even where nothing in the document has it.
fn named_package(reference: &str) -> Option<Pointed> {
    let component = Component { purl: Some(reference.to_owned()), ..Component::default() };
    Purl::parse(reference).ok()?;
    Some(Pointed {
        product: product_of(&component, None, None),
        within: None,
        version: version_of(&component),
    })
}

/// The version that is there, in the order that its package URL says. A blank one is none.
fn version_of(component: &Component) -> Option<(String, Scheme)> {
    let purl = component.purl.as_deref().and_then(|purl| Purl::parse(purl).ok());
    let scheme = purl.as_ref().map_or(Scheme::Generic, |purl| purl_scheme(purl.kind()));
    let of_purl = || purl.as_ref().and_then(|purl| purl.full_version().map(|version| version.into_owned()));
    let of_cpe = || by_cpe(component.cpe.as_deref()?).ok()?.version.map(|(version, _)| version);
    let version = of_purl().or_else(|| component.version.clone()).filter(|text| !text.trim().is_empty());
    Some((version.or_else(of_cpe)?, scheme))
}

fn product_of(component: &Component, maker: Option<&str>, bom_link: Option<String>) -> ProductRef {
    let cpe = component.cpe.as_deref().and_then(|cpe| Cpe::parse_lenient(cpe).ok());
    let named = component.purl.is_none() && cpe.is_none();
    ProductRef {
        purl: component.purl.as_deref().map(unversioned),
        cpes: cpe.map(|(cpe, _)| cpe.to_string()).into_iter().collect(),
        vendor: maker.filter(|_| named).map(str::to_owned),
        product: Some(component.name.clone()).filter(|name| named && !name.is_empty()),
        bom_link,
        ..ProductRef::default()
    }
}
