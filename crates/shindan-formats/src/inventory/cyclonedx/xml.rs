//! CycloneDX XML, versions 1.2 to 1.7: the same document in another notation.
//!
//! Source: CycloneDX specification, `bom-1.2.xsd` to `bom-1.7.xsd`.
//!
//! Each entry of the large lists (components, services, dependencies, vulnerabilities) is read by itself, brought to
//! the shape that it has in JSON ([`super::shape`]), and goes through the very same reader. Places are given as in
//! JSON (`/components/3`), with the line of the entry.

use std::borrow::Cow;

use serde::de::DeserializeSeed;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::InventoryKind;

use super::component::ComponentSeed;
use super::dependencies::OneDependency;
use super::metadata::Metadata;
use super::rules::{self, Check};
use super::shape::{Shape, is_extension_of_vulnerabilities};
use super::{State, Whole};
use crate::inventory::collector::Collector;
use crate::limits::Limits;
use crate::xml::{Element, Piece, XmlReader};

/// What the namespace of every version begins with.
const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

/// Reads a document. What was read before the text stops being XML is kept.
///
/// # Errors
/// As [`XmlReader`], if not one component could be read before; `format-unknown` if it is no CycloneDX document.
pub(super) fn read(text: &str, found: Collector<'_>, limits: &Limits) -> Result<Whole, Vec<Diagnostic>> {
    let path = found.path();
    let mut state = State::new(found);
    let opened = XmlReader::open(text, path, limits);
    let outcome =
        opened.and_then(|reader| Document { state: &mut state, namespace: String::new() }.read(reader));
    state.found.set_line(None);
    if let Err(diagnostic) = outcome {
        state.found.push(diagnostic);
        state.drop_unfinished();
        if state.components.is_empty() {
            return Err(state.found.finish());
        }
    }
    Ok(state.finish(InventoryKind::CyclonedxXml))
}

/// The large lists, whose entries are read one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Components,
    Services,
    Dependencies,
    Vulnerabilities,
}

impl Section {
    fn of(element: &str) -> Option<Section> {
        Some(match element {
            "components" => Section::Components,
            "services" => Section::Services,
            "dependencies" => Section::Dependencies,
            "vulnerabilities" => Section::Vulnerabilities,
            _ => return None,
        })
    }

    /// The name of its entries.
    fn entry(self) -> &'static str {
        match self {
            Section::Components => "component",
            Section::Services => "service",
            Section::Dependencies => "dependency",
            Section::Vulnerabilities => "vulnerability",
        }
    }
}

struct Document<'s, 'p> {
    state: &'s mut State<'p, 'static>,
    /// Namespace of the root. Elements of other namespaces are extensions.
    namespace: String,
}

impl<'p> Document<'_, 'p> {
    fn read(mut self, mut reader: XmlReader<'_>) -> Result<(), Diagnostic> {
        self.root(reader.root())?;
        let namespace = self.namespace.clone();
        let enter = |element: &Element| {
            element.name.namespace == namespace && Section::of(&element.name.local).is_some()
        };
        let mut section = None;
        let mut components = 0_u64;
        loop {
            // Inside a list nothing is entered: a component is read with the components inside it.
            let piece = reader.next_piece(|element| section.is_none() && enter(element))?;
            match piece {
                None => return Ok(()),
                Some(Piece::Entered(element)) => section = Section::of(&element.name.local),
                Some(Piece::Left) => section = None,
                Some(Piece::Whole(element)) => {
                    self.state.found.set_line(Some(element.line));
                    match section {
                        Some(section) => self.entry(section, &element, &mut components)?,
                        None => self.whole(&element)?,
                    }
                    self.state.found.set_line(None);
                }
            }
        }
    }

    /// The root: version of the specification, serial number and version of the document.
    fn root(&mut self, root: &Element) -> Result<(), Diagnostic> {
        let version = root.name.namespace.strip_prefix(NAMESPACE);
        let (Some(version), "bom") = (version, root.name.local.as_str()) else {
            let hint = format!("XML <{} xmlns=\"{}\">", root.name.local, root.name.namespace);
            let diagnostic = Diagnostic::new(Code::FormatUnknown, self.state.found.place());
            return Err(diagnostic.with("hint", crate::text::shorten(&hint, 120)));
        };
        self.state.bom_format = Some(Cow::Borrowed("CycloneDX"));
        self.state.specification(Some(Cow::Owned(version.to_owned())));
        self.namespace.clone_from(&root.name.namespace);
        self.state.found.set_line(Some(root.line));
        self.state.serial_number(root.attribute("serialNumber"));
        if let Some(version) = root.attribute("version") {
            self.state.document_version(version);
        }
        self.state.found.set_line(None);
        Ok(())
    }

    /// An entry of a large list.
    fn entry(&mut self, section: Section, element: &Element, components: &mut u64) -> Result<(), Diagnostic> {
        if element.name.namespace != self.namespace {
            self.extension(element);
            return Ok(());
        }
        if element.name.local != section.entry() {
            self.state.pointer.clear();
            self.state.violation("element-unknown", "", &element.name.local);
            return Ok(());
        }
        if section == Section::Components {
            self.state.pointer = format!("/components/{components}");
            *components += 1;
        } else {
            self.state.pointer.clear();
        }
        self.extension(element);
        let value = self.shape().entry(element);
        let state = &mut *self.state;
        let outcome = match section {
            Section::Components => ComponentSeed { state, subject: false }.deserialize(value),
            Section::Services => {
                state.services += 1;
                Check { state, rule: &rules::ONE_SERVICE, field: "services" }.deserialize(value).map(|_| ())
            }
            Section::Dependencies => OneDependency(state).deserialize(value),
            Section::Vulnerabilities => {
                state.vulnerability(&value);
                Ok(())
            }
        };
        self.unexpected(outcome)
    }

    /// A child of the root that is read as a whole.
    fn whole(&mut self, element: &Element) -> Result<(), Diagnostic> {
        if element.name.namespace != self.namespace {
            self.extension(element);
            return Ok(());
        }
        self.state.pointer.clear();
        match element.name.local.as_str() {
            "metadata" => {
                let value = self.shape().entry(element);
                let outcome = Metadata(self.state).deserialize(value);
                self.unexpected(outcome)
            }
            "citations" => {
                let value = self.shape().list(element);
                let check = Check { state: self.state, rule: &rules::CITATIONS, field: "citations" };
                let outcome = check.deserialize(value).map(|_| ());
                self.unexpected(outcome)
            }
            "components" | "services" | "dependencies" | "vulnerabilities" | "externalReferences"
            | "compositions" | "properties" | "annotations" | "formulation" | "declarations"
            | "definitions" => Ok(()),
            other => {
                self.state.violation("element-unknown", "", other);
                Ok(())
            }
        }
    }

    fn shape(&mut self) -> Shape<'_, 'p, '_> {
        Shape { namespace: &self.namespace, state: self.state }
    }

    /// Counts what the extension of 1.2 and 1.3 states about vulnerabilities: it is not read.
    fn extension(&mut self, element: &Element) {
        self.state.ignored_vulnerabilities += is_extension_of_vulnerabilities(element);
    }

    /// The shape is made to be read: an error here is one of this program, and is told like any other.
    fn unexpected(&mut self, outcome: Result<(), serde_json::Error>) -> Result<(), Diagnostic> {
        outcome.map_err(|error| {
            let diagnostic = self.state.found.at_field(Code::XmlInvalid, &self.state.pointer);
            diagnostic.with("reason", crate::text::shorten(&error.to_string(), 200))
        })
    }
}
