//! SPDX 2.2 and 2.3 (JSON, tag-value) and 3.0 (JSON-LD).
//!
//! Source: SPDX specification 2.2.2 and 2.3, clauses 6 to 11 and annexes D to F; SPDX 3.0.1, profiles Core and Software.
//!
//! Decisions:
//!
//! - Packages are components; files and snippets are not. A package keeps its place also without version or identifier:
//!   the matcher says that it could not be judged.
//! - `NOASSERTION` and `NONE` stand for absent.
//! - Of several package URLs or CPE names the first one counts, a CPE 2.3 name before one of 2.2. Further CPE names are
//!   guesses of the same product as a rule; they are reported where nothing else identifies the package.
//! - The package URL stays as written, but for the source package of a distribution's package, which is added where
//!   `sourceInfo` tells it as Trivy does: advisories of distributions name source packages.
//! - The one package that the document describes is its subject. Without identifier, and with other packages beside it,
//!   it is the user's own. Where several are described, none is: a list of other people's packages may be described
//!   as well.
//! - What is defined in another document is not there; a note says to how many documents this one refers.

mod json;
mod tag_value;
mod version3;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Component, Inventory, InventoryKind, PackedComponents, Texts};

pub(super) use self::json::read as read_json;
pub(super) use self::tag_value::read as read_tag_value;
pub(super) use self::version3::read as read_version_3;
use super::collector::Collector;
use super::{defects, package_url};
use crate::text::shorten;

/// The version that this part of the program knows.
const VERSIONS: [&str; 2] = ["SPDX-2.2", "SPDX-2.3"];

/// A package as its notation gives it.
#[derive(Debug, Default)]
struct Package {
    id: Option<String>,
    name: Option<String>,
    version: Option<String>,
    purls: Vec<String>,
    /// Free text about where it comes from.
    source_info: Option<String>,
    /// CPE 2.3 names.
    cpes: Vec<String>,
    /// CPE 2.2 names.
    old_cpes: Vec<String>,
}

impl Package {
    /// Takes note of an external reference, if it identifies the package. The type may be a name or a URI.
    fn refer(&mut self, kind: &str, locator: &str) {
        let Some(locator) = given(Some(locator)) else { return };
        match kind.rsplit(['/', '#']).next().unwrap_or(kind) {
            "purl" | "packageUrl" => self.purls.push(locator),
            "cpe23Type" | "cpe23" => self.cpes.push(locator),
            "cpe22Type" | "cpe22" => self.old_cpes.push(locator),
            _ => {}
        }
    }
}

/// A text that says something: `NOASSERTION` and `NONE` do not.
fn given(text: Option<&str>) -> Option<String> {
    let text = text?.trim();
    (!matches!(text, "" | "NOASSERTION" | "NONE")).then(|| text.to_owned())
}

/// What has been read so far.
struct Document<'p> {
    found: Collector<'p>,
    /// How places are given: as JSON pointers, else as lines.
    by_pointer: bool,
    version: Option<String>,
    name: Option<String>,
    components: PackedComponents,
    /// Identifiers of the packages, in their order.
    ids: Vec<Option<String>>,
    /// Fingerprints of the identifiers of all elements.
    elements: BTreeSet<u64>,
    /// Both ends of each relationship inside the document, with its place.
    relationships: Vec<(u64, u64, u64)>,
    /// Identifiers of what the document describes.
    described: Vec<String>,
    /// How many other documents this one refers to.
    elsewhere: u64,
    /// How many vulnerabilities it states, which are not read.
    vulnerabilities: u64,
}

impl<'p> Document<'p> {
    fn new(found: Collector<'p>, by_pointer: bool) -> Self {
        Document {
            found,
            by_pointer,
            version: None,
            name: None,
            components: PackedComponents::default(),
            ids: Vec::new(),
            elements: BTreeSet::new(),
            relationships: Vec::new(),
            described: Vec::new(),
            elsewhere: 0,
            vulnerabilities: 0,
        }
    }

    /// A diagnostic at a JSON pointer, or at a line.
    fn at(&self, code: Code, place: &str) -> Diagnostic {
        at(&self.found, self.by_pointer, code, place)
    }

    /// A violation of the specification at a JSON pointer, or at a line.
    fn violation(&mut self, rule: &'static str, place: &str, value: &str) {
        match place.strip_prefix("line ").and_then(|line| line.parse().ok()) {
            Some(line) if !self.by_pointer => {
                self.found.set_line(Some(line));
                self.found.violation(rule, "", value);
                self.found.set_line(None);
            }
            _ => self.found.violation(rule, place, value),
        }
    }

    /// Takes note of an element that relationships may name.
    fn element(&mut self, id: &str, place: &str) {
        if !self.elements.insert(fingerprint(id)) {
            let diagnostic = self.at(Code::DuplicateIdentifier, place);
            self.found.push(diagnostic.with("field", "SPDXID").with("value", shorten(id, 200)));
        }
    }

    /// Takes a package over. `place` is a JSON pointer or `line 12`.
    fn package(&mut self, package: Package, place: String) {
        let Package { id, name, version, purls, source_info, mut cpes, old_cpes } = package;
        cpes.extend(old_cpes);
        if let Some(id) = &id {
            self.element(id, &place);
        } else {
            self.found.push(self.at(Code::FieldMissing, &place).with("field", "SPDXID"));
        }
        if name.is_none() {
            self.found.push(self.at(Code::FieldMissing, &place).with("field", "name"));
        }
        if purls.len() > 1 {
            self.repeated("purl", &purls, &place);
        } else if purls.is_empty() && distinct_products(&cpes) > 1 {
            self.repeated("cpe", &cpes, &place);
        }
        let (purl, cpe) = (purls.into_iter().next(), cpes.into_iter().next());
        let by_pointer = self.by_pointer;
        defects::report(&mut self.found, purl.as_deref(), cpe.as_deref(), |found, code| {
            at(found, by_pointer, code, &place)
        });
        let completed = purl.as_deref().and_then(|purl| with_source(purl, source_info.as_deref()?));
        let purl = completed.or(purl);
        // Nothing could be said about it.
        let (purl, cpe) = (purl.as_deref(), cpe.as_deref());
        let Some(name) = name.as_deref().or(purl).or(cpe).or(id.as_deref()) else { return };
        let number = self.components.begin(&place);
        self.components.set(number, Texts { name, version: version.as_deref(), purl, cpe });
        self.ids.push(id);
    }

    /// Says that the first of several identifiers counts.
    fn repeated(&mut self, field: &str, values: &[String], place: &str) {
        let Some(second) = values.iter().skip(1).find(|value| Some(*value) != values.first()) else { return };
        let diagnostic = self.at(Code::DuplicateIdentifier, place);
        self.found.push(diagnostic.with("field", field).with("value", shorten(second, 200)));
    }

    /// Takes note of a relationship of SPDX 2. `number` is its index or line.
    fn relationship(&mut self, from: &str, kind: &str, to: &str, number: u64) {
        match kind {
            "DESCRIBES" => self.described.push(to.to_owned()),
            "DESCRIBED_BY" => self.described.push(from.to_owned()),
            _ => {}
        }
        let local = |id: &str| !id.contains(':') && !matches!(id, "NOASSERTION" | "NONE");
        if local(from) && local(to) {
            self.relationships.push((fingerprint(from), fingerprint(to), number));
        }
    }

    /// Everything that needs the whole document.
    fn finish(mut self, kind: InventoryKind) -> Inventory {
        self.check_relationships();
        let about = self.subject();
        if self.elsewhere > 0 {
            let diagnostic = Diagnostic::new(Code::ReferencedDocumentsNotRead, self.found.place());
            self.found.push(diagnostic.with("count", self.elsewhere));
        }
        if self.vulnerabilities > 0 {
            let diagnostic = Diagnostic::new(Code::EmbeddedVulnerabilitiesIgnored, self.found.place());
            self.found.push(diagnostic.with("count", self.vulnerabilities));
        }
        Inventory {
            path: self.found.path().to_owned(),
            kind,
            subject: about.as_ref().map(|about| about.name.clone()).or(self.name),
            about: about.map(Box::new),
            components: self.components.into(),
            assets: Vec::new(),
            opinions: Vec::new(),
            diagnostics: self.found.finish(),
        }
    }

    fn check_version(&mut self, field: &str) {
        match self.version.take() {
            Some(version) if VERSIONS.contains(&version.as_str()) => {}
            other => {
                let place = if self.by_pointer { format!("/{field}") } else { "line 1".to_owned() };
                let diagnostic = self.at(Code::FieldTolerated, &place).with("field", field);
                let value = shorten(&other.unwrap_or_default(), 100);
                self.found.push(diagnostic.with("value", value).with("expected", VERSIONS.join(", ")));
            }
        }
    }

    /// Relationships to what is defined nowhere: they have no effect on matching.
    fn check_relationships(&mut self) {
        for (from, to, number) in std::mem::take(&mut self.relationships) {
            if !self.elements.contains(&from) || !self.elements.contains(&to) {
                let place = if self.by_pointer {
                    format!("/relationships/{number}")
                } else {
                    format!("line {number}")
                };
                self.violation("relationship-dangling", &place, "");
            }
        }
    }

    /// The one package that is described; it is marked as the user's own where nothing identifies it.
    fn subject(&mut self) -> Option<Component> {
        self.described.sort_unstable();
        self.described.dedup();
        let described = &self.described;
        let mut numbers = (0..self.components.len()).filter(|number| {
            let id = self.ids.get(*number).and_then(Option::as_ref);
            id.is_some_and(|id| described.binary_search(id).is_ok())
        });
        let (number, None) = (numbers.next()?, numbers.next()) else { return None };
        let several = self.components.len() > 1;
        let mut component = self.components.get(number)?;
        component.own = several && component.purl.is_none() && component.cpe.is_none();
        if component.own {
            self.components.replace(number, component.clone());
        }
        Some(component)
    }
}

/// The package URL with the source package, which Trivy tells as `built package from: gcc-14 14.2.0-19`.
fn with_source(purl: &str, source_info: &str) -> Option<String> {
    let mut parts = source_info.trim().strip_prefix("built package from:")?.split_whitespace();
    package_url::with_source(purl, parts.next()?, parts.next())
}

fn at(found: &Collector<'_>, by_pointer: bool, code: Code, place: &str) -> Diagnostic {
    let line = place.strip_prefix("line ").and_then(|line| line.parse().ok());
    match line {
        Some(line) if !by_pointer => found.at_line(code, line),
        _ => found.at_field(code, place),
    }
}

/// How many products CPE names speak of, versions aside.
fn distinct_products(cpes: &[String]) -> usize {
    let product = |cpe: &str| {
        let rest = cpe.strip_prefix("cpe:2.3:").or_else(|| cpe.strip_prefix("cpe:/")).unwrap_or(cpe);
        rest.splitn(4, ':').take(3).collect::<Vec<_>>().join(":")
    };
    cpes.iter().map(|cpe| product(cpe)).collect::<BTreeSet<_>>().len()
}

/// Identifiers are compared by a fingerprint; all that hangs on it is a remark about the specification.
fn fingerprint(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
