//! What vulnerabilities affect: components and devices, each once, with the reference by which statements name it.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use shindan_domain::cpe::Cpe;
use shindan_domain::finding::{CheckResult, Undetermined};
use shindan_domain::inventory::{Asset, Component, SharedComponent};
use shindan_domain::purl::Purl;

use super::Property;
use crate::digest;
use crate::json::raw;
use crate::words::Words;

/// A component or device.
struct Subject<'a> {
    reference: String,
    component: &'a Component,
    asset: Option<&'a Asset>,
    input: usize,
    /// Listed in the document; one that another document lists is only referred to.
    listed: bool,
    /// Why nothing could be judged about it.
    questions: Vec<&'a Undetermined>,
    /// The day on which support ended, as its source writes it; empty if it tells none.
    ended: Option<&'a str>,
}

/// What makes two mentions the same thing: the package with its version wherever it is, else the thing on its asset.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Linked(&'a str),
    Package(&'a str, Option<&'a str>),
    Thing { input: usize, asset: &'a str, name: &'a str, version: Option<&'a str>, pointer: &'a str },
}

impl<'a> Identity<'a> {
    fn of(component: &'a Component, asset: Option<&'a Asset>, input: usize) -> Self {
        if let Some(link) = component.bom_link.as_deref().filter(|link| link.starts_with("urn:cdx:")) {
            return Identity::Linked(link);
        }
        let version = digest::version_of(component);
        match component.purl.as_deref() {
            Some(purl) => Identity::Package(purl, version),
            None => Identity::Thing {
                input,
                asset: asset.map_or("", |asset| asset.asset_id.as_str()),
                name: &component.name,
                version,
                pointer: &component.pointer,
            },
        }
    }
}

/// Every subject of the document.
#[derive(Default)]
pub(super) struct Subjects<'a> {
    list: Vec<Subject<'a>>,
    by_identity: FxHashMap<Identity<'a>, usize>,
    by_address: FxHashMap<usize, usize>,
    references: FxHashSet<String>,
}

impl<'a> Subjects<'a> {
    /// The number of a component, which is added if it is new.
    pub fn number(
        &mut self,
        component: &'a SharedComponent,
        asset: Option<&'a Arc<Asset>>,
        input: usize,
    ) -> usize {
        let address = component.address();
        if let Some(number) = self.by_address.get(&address) {
            return *number;
        }
        let asset = asset.map(Arc::as_ref);
        let identity = Identity::of(component, asset, input);
        let number = match self.by_identity.get(&identity) {
            Some(number) => *number,
            None => self.add(identity, component, asset, input),
        };
        self.by_address.insert(address, number);
        number
    }

    fn add(
        &mut self,
        identity: Identity<'a>,
        component: &'a Component,
        asset: Option<&'a Asset>,
        input: usize,
    ) -> usize {
        let listed = !matches!(identity, Identity::Linked(_));
        let wanted = match &identity {
            Identity::Linked(link) => (*link).to_owned(),
            Identity::Package(purl, _) if !purl.is_empty() => (*purl).to_owned(),
            Identity::Package(..) | Identity::Thing { .. } => {
                let asset = asset.map_or("", |asset| asset.asset_id.as_str());
                let parts = [asset, &component.name, digest::version_of(component).unwrap_or_default()];
                let parts = parts.into_iter().filter(|part| !part.is_empty());
                let reference = parts.collect::<Vec<_>>().join("/");
                if reference.is_empty() { "-".to_owned() } else { reference }
            }
        };
        // `urn:cdx:` would be read as a link into another document.
        let wanted = if listed && wanted.starts_with("urn:cdx:") { format!("_{wanted}") } else { wanted };
        let mut reference = wanted.clone();
        let mut times = 1;
        while !self.references.insert(reference.clone()) {
            times += 1;
            reference = format!("{wanted}#{times}");
        }
        let number = self.list.len();
        let subject =
            Subject { reference, component, asset, input, listed, questions: Vec::new(), ended: None };
        self.list.push(subject);
        self.by_identity.insert(identity, number);
        number
    }

    /// Notes that nothing could be judged, and why. The component is listed for that.
    pub fn ask(&mut self, number: usize, entry: &'a Undetermined) {
        if let Some(subject) = self.list.get_mut(number) {
            subject.questions.push(entry);
        }
    }

    /// Notes that support has ended.
    pub fn end(&mut self, number: usize, day: &'a str) {
        if let Some(subject) = self.list.get_mut(number) {
            subject.ended = Some(day);
        }
    }

    /// The reference of a subject.
    pub fn reference(&self, number: usize) -> &str {
        self.list.get(number).map_or("", |subject| subject.reference.as_str())
    }

    /// Writes those that no other document lists, and those of which only this one can say why nothing was judged.
    pub fn write(
        &self,
        result: &CheckResult,
        words: &Words,
        out: &mut impl Write,
    ) -> Result<(), serde_json::Error> {
        let mut separator: &[u8] = b"";
        for subject in &self.list {
            if !subject.listed && subject.questions.is_empty() && subject.ended.is_none() {
                continue;
            }
            raw(out, separator)?;
            separator = b",";
            serde_json::to_writer(&mut *out, &ComponentView::of(subject, result, words))?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct ComponentView<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(rename = "bom-ref")]
    reference: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manufacturer: Option<Organisation<'a>>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpe: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<&'a str>,
    properties: Vec<Property<'a>>,
}

#[derive(Serialize)]
struct Organisation<'a> {
    name: &'a str,
}

impl<'a> ComponentView<'a> {
    fn of(subject: &'a Subject<'a>, result: &'a CheckResult, words: &Words) -> Self {
        let component = subject.component;
        let purl = component.purl.as_deref();
        let valid_purl = purl.filter(|purl| Purl::parse(purl).is_ok());
        let cpe = component.cpe.as_deref().and_then(|cpe| Cpe::parse_lenient(cpe).ok());
        let mut properties = Vec::new();
        let mut add = |name, value: Option<&'a str>| {
            properties.extend(value.filter(|v| !v.is_empty()).map(|value| Property::new(name, value)));
        };
        add("shindan:asset-id", subject.asset.map(|asset| asset.asset_id.as_str()));
        add("shindan:place", subject.asset.and_then(|asset| asset.place.as_deref()));
        add("shindan:input", Some(digest::path_of(result, subject.input)));
        add("shindan:pointer", Some(&component.pointer));
        // A value that its own specification does not allow stays visible.
        add("shindan:purl", purl.filter(|_| valid_purl.is_none()));
        add("shindan:cpe", component.cpe.as_deref().filter(|_| cpe.is_none()));
        add("shindan:element", component.bom_link.as_deref().filter(|_| !subject.listed));
        add("shindan:support-ended", subject.ended);
        for entry in &subject.questions {
            let text = format!("{}: {}", entry.code, words.code(entry.code, &entry.params));
            properties.push(Property::new("shindan:undetermined", text));
        }
        ComponentView {
            kind: match (&component.maker, purl) {
                (Some(_), _) => "device",
                (None, Some(_)) => "library",
                (None, None) => "application",
            },
            // A reference must not look like a link into another document.
            reference: if subject.listed {
                Cow::Borrowed(&subject.reference)
            } else {
                Cow::Owned(format!("_{}", subject.reference))
            },
            manufacturer: component.maker.as_deref().map(|name| Organisation { name }),
            name: component.model.as_deref().unwrap_or(&component.name),
            version: digest::version_of(component),
            cpe: cpe.map(|(cpe, _)| cpe.to_string()),
            purl: valid_purl,
            properties,
        }
    }
}
