//! CycloneDX, versions 1.2 to 1.7, JSON and XML.
//!
//! Source: CycloneDX specification, `bom-1.2.schema.json` to `bom-1.7.schema.json`; ECMA-424.
//!
//! The file is read in one pass without building a tree, the lists of a long one in parts ([`beside`]); XML goes through the same reader ([`xml`]). Decisions:
//!
//! - `metadata.component` is the subject. It is also a component if it carries a purl or a CPE, because an advisory
//!   may name the product itself; without them it is listed only if the document lists nothing else.
//! - A component without name, purl, CPE and `bom-ref` is reported and not listed: nothing could be said about it.
//! - Nested components (assemblies) are listed like others. Components inside `pedigree`, `evidence` and `formulation`
//!   are not there, and are not listed.
//! - The package URL stays as written, but for the source package of a distribution's package, which is added where a
//!   property tells it: advisories of distributions name source packages.
//! - Services are not used here, and a note says how many there were.
//! - What the document states about vulnerabilities (VEX, VDR) becomes an opinion beside the knowledge base: see
//!   [`opinions`].
//! - A component's BOM-Link is kept only where the document has a serial number and the reference says more than the
//!   package URL; that of the subject is always kept, so that the document is known by it.
//! - A reference of the dependency graph that is defined nowhere is reported as a violation of the specification: it
//!   has no effect on matching.

mod beside;
mod component;
mod dependencies;
mod document;
mod graph;
mod licences;
mod metadata;
mod named;
mod opinions;
mod outline;
mod properties;
mod rules;
mod shape;
pub(crate) mod stated;
mod vulnerability;
mod xml;

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;
use shindan_domain::advisory::{Advisory, ProductRef};
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind, PackedComponents};

use self::document::Document;
use self::graph::{Reference, References};
use self::opinions::{Context, Subject};
use self::outline::Sizes;
use self::vulnerability::Vulnerability;
use super::Beside;
use super::collector::Collector;
use crate::bom_link;
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;

/// Versions that are known.
const VERSIONS: [&str; 6] = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// Reads a CycloneDX document, JSON or XML. What was read before the text stops being such is kept.
///
/// # Errors
/// As [`json::parse_into`], if not one component could be read before.
pub(super) fn read(
    text: &str,
    found: Collector<'_>,
    limits: &Limits,
    beside: Option<&Beside<'_>>,
) -> Result<Inventory, Vec<Diagnostic>> {
    if let Some(beside) = beside.filter(|_| json::is_unlimited(limits))
        && let Some(whole) = beside::read(text, Sizes::DEFAULT, found.path(), beside)
    {
        return Ok(whole.inventory);
    }
    read_whole(text, found, limits).map(|whole| whole.inventory)
}

/// A document with what only some of its readers want to know.
struct Whole {
    inventory: Inventory,
    publisher: String,
    timestamp: Option<Timestamp>,
    /// Entries of `vulnerabilities` that could not be read.
    rejected: u64,
    subject: Option<Described>,
}

/// The subject of a document, as a product of its own and as what its parts are within.
struct Described {
    product: ProductRef,
    container: ProductRef,
    /// True if nothing tells which version of it the document is about.
    versionless: bool,
}

fn read_whole(text: &str, found: Collector<'_>, limits: &Limits) -> Result<Whole, Vec<Diagnostic>> {
    if text.trim_start().starts_with('<') {
        return xml::read(text, found, limits);
    }
    let path = found.path();
    let mut state = State { is_text: true, ..State::new(found) };
    if let Err(diagnostic) = json::parse_into(Document(&mut state), text, path, limits) {
        state.found.push(diagnostic);
        state.drop_unfinished();
        if state.components.is_empty() {
            return Err(state.found.finish());
        }
    }
    Ok(state.finish(InventoryKind::CyclonedxJson))
}

/// What has been read so far.
struct State<'p, 'de> {
    found: Collector<'p>,
    /// It is read from the text itself, not from a tree.
    is_text: bool,
    right_licences: licences::Right<'de>,
    /// Lists that were read already.
    lists: beside::Lists<'p, 'de>,
    /// JSON pointer of the component that is being read.
    pointer: String,
    bom_format: Option<Cow<'de, str>>,
    spec_version: Option<Cow<'de, str>>,
    /// Minor version of the specification; the newest known one until it is read.
    minor: u32,
    subject: Option<String>,
    /// The subject, if it was not listed for want of an identifier.
    unlisted_subject: Option<Component>,
    components: PackedComponents,
    /// The components that are being read, outermost first.
    unfinished: Vec<Started>,
    /// Every `bom-ref`, with the number of its component ([`NO_COMPONENT`] for services and the like).
    references: Vec<Reference<'de>>,
    dependencies: Vec<Dependency<'de>>,
    /// Targets of all dependencies, one after the other.
    targets: Vec<Cow<'de, str>>,
    services: u64,
    vulnerabilities: Vec<Vulnerability>,
    /// How many entries of `vulnerabilities` there were.
    vulnerability_count: u64,
    /// How many vulnerabilities an extension states that is not read.
    ignored_vulnerabilities: u64,
    /// UUID of the serial number.
    serial: Option<String>,
    /// Version of the document.
    version: u64,
    timestamp: Option<Timestamp>,
    /// Who publishes the document, from the best field so far.
    publisher: Option<(Publisher, String)>,
    /// `metadata.component`
    about: Option<Subject>,
    /// Makers of components that have neither package URL nor CPE, by their number.
    makers: Vec<(u32, String)>,
}

/// Fields of `metadata` that tell who publishes the document, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Publisher {
    Manufacturer,
    Supplier,
    Manufacture,
    Authors,
    Tools,
}

impl Publisher {
    fn of_field(field: &str) -> Option<Publisher> {
        Some(match field {
            "manufacturer" => Publisher::Manufacturer,
            "supplier" => Publisher::Supplier,
            "manufacture" => Publisher::Manufacture,
            "authors" => Publisher::Authors,
            "tools" => Publisher::Tools,
            _ => return None,
        })
    }
}

/// Where things stood when a component began.
#[derive(Debug, Clone, Copy)]
struct Started {
    /// Number of the component.
    number: usize,
    /// How many references there were. Those of components inside it come behind.
    references: usize,
}

/// Pointer of the subject.
const SUBJECT: &str = "/metadata/component";

/// Owner of a `bom-ref` that is not a component.
const NO_COMPONENT: u32 = u32::MAX;

/// One entry of `dependencies`.
struct Dependency<'de> {
    from: Cow<'de, str>,
    /// Where its targets end in [`State::targets`].
    end: usize,
}

impl<'p, 'de> State<'p, 'de> {
    fn new(found: Collector<'p>) -> Self {
        State {
            found,
            is_text: false,
            right_licences: licences::Right::default(),
            lists: beside::Lists::default(),
            pointer: String::new(),
            bom_format: None,
            spec_version: None,
            minor: 7,
            subject: None,
            unlisted_subject: None,
            components: PackedComponents::default(),
            unfinished: Vec::new(),
            references: Vec::new(),
            dependencies: Vec::new(),
            targets: Vec::new(),
            services: 0,
            vulnerabilities: Vec::new(),
            vulnerability_count: 0,
            ignored_vulnerabilities: 0,
            serial: None,
            version: 1,
            timestamp: None,
            publisher: None,
            about: None,
            makers: Vec::new(),
        }
    }

    /// A violation of the specification in `field` of what is being read.
    fn violation(&mut self, rule: &'static str, field: &str, value: &str) {
        let place = self.pointer_to(field);
        self.found.violation(rule, &place, value);
    }

    /// JSON pointer of a field of what is being read; of that itself, if the field has no name.
    fn pointer_to(&self, field: &str) -> String {
        if field.is_empty() { self.pointer.clone() } else { format!("{}/{field}", self.pointer) }
    }

    fn refuse(&mut self, field: &str, value: &str, expected: &str) {
        let pointer = self.pointer_to(field);
        let diagnostic = self.found.at_field(Code::FieldInvalid, &pointer);
        self.found.push(
            diagnostic.with("field", &pointer).with("value", shorten(value, 100)).with("expected", expected),
        );
    }

    fn tolerate(&mut self, field: &str, value: &str, expected: &str) {
        let pointer = self.pointer_to(field);
        let diagnostic = self.found.at_field(Code::FieldTolerated, &pointer);
        self.found.push(
            diagnostic.with("field", field).with("value", shorten(value, 100)).with("expected", expected),
        );
    }

    fn published_by(&mut self, field: Publisher, name: Option<String>) {
        if let Some(name) = name
            && self.publisher.as_ref().is_none_or(|(known, _)| field < *known)
        {
            self.publisher = Some((field, shorten(&name, 200)));
        }
    }

    /// Everything that needs the whole document.
    fn finish(mut self, kind: InventoryKind) -> Whole {
        self.check_document();
        let references = self.check_graph();
        self.link(&references);
        let publisher = self.publisher.take().map_or_else(|| "unknown".to_owned(), |(_, name)| name);
        let opinions = self.opinions(&references, &publisher);
        let about = opinions::whole(self.about.as_ref(), self.serial.as_deref(), self.version);
        let subject = self.about.map(|about| Described {
            product: about.product(self.serial.as_deref(), self.version),
            container: about.container(self.serial.as_deref(), self.version),
            versionless: about.is_versionless(),
        });
        if self.components.is_empty()
            && let Some(mut listed) = self.unlisted_subject.take()
        {
            // Without a serial number the reference is all by which what the document states of it is found.
            let link = about.as_ref().and_then(|about| about.bom_link.clone());
            listed.bom_link = listed.bom_link.or(link.filter(|_| !opinions.is_empty()));
            self.components.push(listed);
        }
        if self.services > 0 {
            let diagnostic = self.found.at_field(Code::ServicesNotMatched, "/services");
            self.found.push(diagnostic.with("count", self.services));
        }
        if self.ignored_vulnerabilities > 0 {
            let diagnostic = Diagnostic::new(Code::EmbeddedVulnerabilitiesIgnored, self.found.place());
            self.found.push(diagnostic.with("count", self.ignored_vulnerabilities));
        }
        let rejected = self.vulnerability_count.saturating_sub(opinions.len() as u64);
        let inventory = Inventory {
            path: self.found.path().to_owned(),
            kind,
            subject: self.subject,
            about: about.map(Box::new),
            components: self.components.into(),
            assets: Vec::new(),
            opinions,
            diagnostics: self.found.finish(),
        };
        Whole { inventory, publisher, timestamp: self.timestamp, rejected, subject }
    }

    /// Sets the BOM-Links. The serial number may stand behind the components.
    fn link(&mut self, references: &References<'_>) {
        let Some(serial) = self.serial.as_deref() else { return };
        for (reference, owner) in references.all() {
            let number = owner as usize;
            if let Some(component) = self.components.view(number)
                && (component.pointer.is(SUBJECT) || !says_as_much(component.purl, reference))
            {
                let link = bom_link::to_element(serial, self.version, reference);
                self.components.set_link(number, link);
            }
        }
        let about = self.about.as_ref().and_then(|about| about.reference.as_deref());
        if let (Some(component), Some(reference)) = (&mut self.unlisted_subject, about) {
            component.bom_link = Some(bom_link::to_element(serial, self.version, reference));
        }
    }

    fn opinions(&mut self, references: &References<'_>, publisher: &str) -> Vec<Advisory> {
        let entries = std::mem::take(&mut self.vulnerabilities);
        if entries.is_empty() {
            return Vec::new();
        }
        let context = Context {
            path: self.found.path(),
            serial: self.serial.as_deref(),
            version: self.version,
            publisher,
            timestamp: self.timestamp,
            components: &self.components,
            references,
            makers: &self.makers.iter().map(|(owner, maker)| (*owner, maker.as_str())).collect(),
            subject: self.about.as_ref(),
        };
        let mut local = Vec::new();
        let opinions = opinions::build(entries, &context, &mut self.found, |owner, reference| {
            local.push((owner, format!("#{reference}")));
        });
        for (owner, link) in local {
            self.components.set_link(owner as usize, link);
        }
        opinions
    }

    fn specification(&mut self, version: Option<Cow<'de, str>>) {
        let minor = version.as_deref().and_then(|version| version.strip_prefix("1."));
        self.minor = minor.and_then(|minor| minor.parse().ok()).unwrap_or(7);
        self.right_licences.clear();
        self.spec_version = version;
    }

    fn serial_number(&mut self, number: Option<&str>) {
        let Some(number) = number else { return };
        if !rules::is_serial_number(number) {
            self.violation("serial-number", "serialNumber", number);
        }
        // Links carry the UUID alone, in lower case; what is no UUID at all makes no links.
        let lower = number.trim().to_ascii_lowercase();
        let lower = if lower.starts_with("urn:uuid:") { lower } else { format!("urn:uuid:{lower}") };
        if rules::is_serial_number(&lower) {
            self.serial = lower.strip_prefix("urn:uuid:").map(str::to_owned);
        }
    }

    fn document_version(&mut self, version: &str) {
        match version.trim().parse() {
            Ok(version) => self.version = version,
            Err(_) => self.violation("document-version", "version", version),
        }
    }

    fn vulnerability(&mut self, entry: &Value) {
        let pointer = format!("/vulnerabilities/{}", self.vulnerability_count);
        self.vulnerability_count += 1;
        let read = Vulnerability::read(entry, pointer, &mut self.found);
        self.vulnerabilities.extend(read);
    }

    /// Takes note of a `bom-ref`.
    fn refer(&mut self, reference: Cow<'de, str>, owner: u32) {
        if reference.is_empty() {
            self.violation("bom-ref-empty", "bom-ref", "");
        } else {
            self.references.push((graph::hash(&reference), reference, owner));
        }
    }

    fn check_document(&mut self) {
        self.pointer.clear();
        match self.bom_format.take() {
            Some(format) if format == "CycloneDX" => {}
            other => self.tolerate("bomFormat", &other.unwrap_or_default(), "CycloneDX"),
        }
        match self.spec_version.take() {
            Some(version) if VERSIONS.contains(&&*version) => {}
            other => self.tolerate("specVersion", &other.unwrap_or_default(), &VERSIONS.join(", ")),
        }
    }

    /// Resolves the dependency graph: references defined twice or never, circles.
    fn check_graph(&mut self) -> References<'de> {
        let mut duplicates = Vec::new();
        let references = References::new(std::mem::take(&mut self.references), |text, owner| {
            duplicates.push((text.to_owned(), owner));
        });
        duplicates.sort_by_key(|(_, owner)| *owner);
        for (text, owner) in duplicates {
            let owner = self.components.view(owner as usize);
            let pointer = owner.map(|component| component.pointer.to_string()).unwrap_or_default();
            let diagnostic = self.found.at_field(Code::DuplicateIdentifier, &pointer);
            self.found.push(diagnostic.with("field", "bom-ref").with("value", shorten(&text, 200)));
        }
        let mut edges = Vec::with_capacity(self.targets.len());
        let mut start = 0;
        for (index, dependency) in self.dependencies.iter().enumerate() {
            let from = references.find(&dependency.from);
            let place = || format!("/dependencies/{index}");
            if from.is_none() && is_local(&dependency.from) {
                self.found.violation("dependency-dangling", &place(), &dependency.from);
            }
            for target in self.targets.get(start..dependency.end).unwrap_or_default() {
                match (from, references.find(target)) {
                    (Some(from), Some(to)) => edges.push((from, to)),
                    (None, Some(_)) => {}
                    (_, None) if !is_local(target) => {}
                    (_, None) => self.found.violation("dependency-dangling", &place(), target),
                }
            }
            start = dependency.end;
        }
        let found = &mut self.found;
        graph::circles(references.len(), &mut edges, |node, length| {
            found.push(
                found
                    .at_field(Code::ReferenceCycle, "/dependencies")
                    .with("value", shorten(references.text(node), 200))
                    .with("length", length),
            );
        });
        references
    }
}

/// True if the package URL says what the reference says. Some producers use it as the reference, with a mark of their
/// own behind it (`pkg:npm/a@1?package-id=5f1e`): a link to each of a hundred thousand components would cost as much
/// as the components.
fn says_as_much(purl: Option<&str>, reference: &str) -> bool {
    let Some(purl) = purl else { return false };
    let marked =
        reference.strip_prefix(purl).is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '&']));
    // The source package may have been added to the package URL.
    let completed = purl
        .strip_prefix(reference)
        .is_some_and(|rest| rest.get(1..).is_some_and(|rest| rest.starts_with("upstream=")));
    marked || completed
}

/// False for a BOM-Link, which points into another document.
fn is_local(reference: &str) -> bool {
    !bom_link::is_link(reference)
}
